//! What is generated from the programs: their IDLs.

use {
    crate::{
        error::{at, Error, Result},
        paths::{self, Program, PROGRAMS},
        run::{claim, lock},
    },
    anchor_lang_idl::build::IdlBuilder,
};

/// Writes every IDL.
pub fn write() -> Result<()> {
    at(&paths::idl(), std::fs::create_dir_all(paths::idl()))?;
    for program in &PROGRAMS {
        let path = paths::idl().join(format!("{}.json", program.lib));
        let text = idl(program)?;
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            at(&path, std::fs::write(&path, text))?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

/// Compares every IDL with the committed one.
///
/// Errors: [`Error::Check`] where one differs.
pub fn check() -> Result<()> {
    for program in &PROGRAMS {
        let path = paths::idl().join(format!("{}.json", program.lib));
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&idl(program)?) {
            return Err(Error::Check(format!(
                "{} is not what the program says; run `cargo xtask gen` and commit it",
                path.display()
            )));
        }
        println!("{} is up to date", path.display());
    }
    Ok(())
}

fn idl(program: &Program) -> Result<String> {
    let _lock = lock(&paths::cache().join("target-idl.lock"))?;
    claim(&paths::idl_target())?;
    // The builder calls cargo itself. The toolchain is the one of rust-toolchain.toml; its own handling of this variable
    // passes a literal `+{toolchain}`.
    std::env::remove_var("RUSTUP_TOOLCHAIN");
    let target = std::env::var_os("CARGO_TARGET_DIR");
    std::env::set_var("CARGO_TARGET_DIR", paths::idl_target());
    let built = IdlBuilder::new()
        .program_path(paths::root().join("programs").join(program.package))
        .skip_lint(true)
        .cargo_args(
            ["--ignore-rust-version", "--lib", "--locked"]
                .map(String::from)
                .to_vec(),
        )
        .build();
    match target {
        Some(target) => std::env::set_var("CARGO_TARGET_DIR", target),
        None => std::env::remove_var("CARGO_TARGET_DIR"),
    }
    let idl = built.map_err(|error| Error::Check(format!("the IDL of {}: {error}", program.package)))?;
    let mut text = serde_json::to_string_pretty(&idl)
        .map_err(|error| Error::Check(format!("the IDL of {}: {error}", program.package)))?;
    text.push('\n');
    Ok(text)
}
