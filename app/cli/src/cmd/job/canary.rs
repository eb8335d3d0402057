//! `commonweal job canary`, and results made of outputs.

use {
    super::read,
    crate::{
        app::{App, Outcome},
        args::order::{Canary, ResultArgs},
        output,
    },
    commonweal_client::{
        job::{
            canary::{outputs_tree, Canaries},
            wasm,
        },
        Error,
    },
    std::{
        fs::OpenOptions,
        io::Write,
        path::{Path, PathBuf},
    },
};

/// Carries a verb out.
pub fn run(app: &App, verb: Canary) -> Outcome {
    match verb {
        Canary::New { module, expected, out } => {
            let module_hash = wasm::sha256(&wasm::module_bytes(&read(&module)?)?);
            let expected = expected
                .iter()
                .map(|text| expectation(text))
                .collect::<Outcome<Vec<_>>>()?;
            let canaries = Canaries::new(wasm::specification(&module_hash).as_bytes(), &expected)?;
            write_secret(&out, &canaries.to_text()?)?;
            show(app, &out, &canaries)
        }
        Canary::Show { file } => show(app, &file, &load(&file)?),
        Canary::Outputs { files } => {
            let root = outputs_tree(&hashes(&files)?)?.root();
            output::facts(
                &[("outputs", files.len().to_string()), ("result", wasm::hex(&root))],
                app.global.json,
            );
            Ok(())
        }
    }
}

/// Reads `INDEX=FILE`.
fn expectation(text: &str) -> Outcome<(u32, [u8; 32])> {
    let refuse = || {
        Error::refused(
            format!("`{text}` names no output"),
            "Write INDEX=FILE, such as 3=tile3.bin",
        )
    };
    let (index, file) = text.split_once('=').ok_or_else(refuse)?;
    let index = index.parse().map_err(|_| refuse())?;
    Ok((index, wasm::sha256(&read(Path::new(file))?)))
}

/// Writes what its owner alone may read, never over a file that exists.
fn write_secret(path: &Path, text: &str) -> Outcome {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let fail = |error| Error::local(path.display().to_string(), error, "Name a file that does not exist yet");
    let mut file = options.open(path).map_err(fail)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(fail)?;
    Ok(())
}

/// Reads canaries.
pub fn load(file: &Path) -> Outcome<Canaries> {
    Ok(Canaries::parse(&String::from_utf8_lossy(&read(file)?))?)
}

fn show(app: &App, file: &Path, canaries: &Canaries) -> Outcome {
    let places: Vec<String> = canaries
        .canaries
        .iter()
        .map(|canary| canary.index.to_string())
        .collect();
    output::facts(
        &[
            ("canaries", file.display().to_string()),
            ("outputs known", places.join(", ")),
            ("their root", wasm::hex(&canaries.tree()?.root())),
            ("specification", wasm::hex(&canaries.spec_hash()?)),
        ],
        app.global.json,
    );
    Ok(())
}

/// The hashes of files.
pub fn hashes(files: &[PathBuf]) -> Outcome<Vec<[u8; 32]>> {
    files.iter().map(|file| Ok(wasm::sha256(&read(file)?))).collect()
}

/// The hash of a result, given as a file or as its outputs.
pub fn result_hash(result: &ResultArgs) -> Outcome<[u8; 32]> {
    match &result.result {
        Some(file) => Ok(wasm::sha256(&read(file)?)),
        None => Ok(outputs_tree(&hashes(&result.outputs)?)?.root()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_names_an_index_and_a_file() {
        let file = std::env::temp_dir().join(format!("commonweal-canary-{}", std::process::id()));
        std::fs::write(&file, b"tile").unwrap();
        let text = format!("7={}", file.display());
        assert_eq!(expectation(&text).unwrap(), (7, wasm::sha256(b"tile")));
        std::fs::remove_file(&file).unwrap();
        assert!(expectation(&text).is_err());
        assert!(expectation("seven=file").is_err());
        assert!(expectation("7").is_err());
    }
}
