//! Reads the programs' error enums at build time, so that the client's sentences cannot drift from the programs' own.

use std::{env, error::Error, fmt::Write, fs, path::Path};

const PROGRAMS: [&str; 3] = ["liquidity-pool", "quadratic-governance", "compute-escrow"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../programs");
    let mut table = String::from("&[\n");
    for program in PROGRAMS {
        let path = root.join(program).join("src/errors.rs");
        println!("cargo::rerun-if-changed={}", path.display());
        if !path.exists() {
            continue;
        }
        for item in syn::parse_file(&fs::read_to_string(&path)?)?.items {
            if let syn::Item::Enum(item) = item {
                rows(program, &item, &mut table)?;
            }
        }
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("program_errors.rs"), table)?;
    Ok(())
}

/// One row for each variant of an `#[error_code(offset = N)]` enum; other enums are passed over.
fn rows(program: &str, item: &syn::ItemEnum, table: &mut String) -> Result<(), Box<dyn Error>> {
    let Some(attribute) = item
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("error_code"))
    else {
        return Ok(());
    };
    let mut code: u32 = 6000;
    if let syn::Meta::List(_) = attribute.meta {
        let named: syn::MetaNameValue = attribute.parse_args()?;
        code = integer(&named.value)?;
    }
    let offset = code;
    for variant in &item.variants {
        if let Some((_, value)) = &variant.discriminant {
            code = offset.checked_add(integer(value)?).ok_or("an error code overflows")?;
        }
        let mut message = String::new();
        for attribute in &variant.attrs {
            if attribute.path().is_ident("msg") {
                message = attribute.parse_args::<syn::LitStr>()?.value();
            }
        }
        writeln!(
            table,
            "    ProgramError {{ program: {program:?}, code: {code}, name: {:?}, remedy: {message:?} }},",
            variant.ident.to_string()
        )?;
        code = code.checked_add(1).ok_or("an error code overflows")?;
    }
    Ok(())
}

fn integer(expression: &syn::Expr) -> Result<u32, Box<dyn Error>> {
    match expression {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(value),
            ..
        }) => Ok(value.base10_parse()?),
        _ => Err("an error code is an integer literal".into()),
    }
}
