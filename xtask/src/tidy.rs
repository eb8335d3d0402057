//! Rules of the house that no compiler checks.

use {
    crate::{
        error::{at, Error, Result},
        paths::{self, PROGRAMS},
    },
    serde_json::Value,
    std::path::Path,
};

/// The longest a source file may be. The house aims at 400 lines; this is where a file must be split.
const MAX_LINES: usize = 600;

/// Checks everything and reports all that is wrong at once.
///
/// Errors: [`Error::Check`] with one line a finding.
pub fn check() -> Result<()> {
    let mut findings = Vec::new();
    for program in &PROGRAMS {
        let path = paths::idl().join(format!("{}.json", program.lib));
        let text = at(&path, std::fs::read_to_string(&path))?;
        let idl: Value = serde_json::from_str(&text).map_err(|error| Error::Check(error.to_string()))?;
        documentation(program.lib, &idl, &mut findings);
        ids(program.package, program.lib, &idl, &mut findings)?;
    }
    for folder in ["programs", "tests", "app", "migrations", "xtask", "toolchain"] {
        sources(&paths::root().join(folder), &mut findings)?;
    }
    if findings.is_empty() {
        println!("tidy");
        return Ok(());
    }
    Err(Error::Check(findings.join("\n")))
}

/// Every instruction, account, argument, type, field, event and error says what it is.
fn documentation(lib: &str, idl: &Value, findings: &mut Vec<String>) {
    for instruction in list(idl, "instructions") {
        let name = format!("{lib}.{}", text(instruction, "name"));
        require_docs(&name, instruction, findings);
        for account in list(instruction, "accounts") {
            require_docs(&format!("{name}({})", text(account, "name")), account, findings);
        }
    }
    for kind in list(idl, "types") {
        // aliases such as PodU64 are the framework's
        if kind.pointer("/type/kind").and_then(Value::as_str) == Some("type") {
            continue;
        }
        let name = format!("{lib}.{}", text(kind, "name"));
        require_docs(&name, kind, findings);
        let shape = kind.get("type").unwrap_or(&Value::Null);
        for field in list(shape, "fields").filter(|field| field.is_object()) {
            require_docs(&format!("{name}.{}", text(field, "name")), field, findings);
        }
    }
    for error in list(idl, "errors") {
        if text(error, "msg").is_empty() {
            findings.push(format!("{lib}: error {} has no message", text(error, "name")));
        }
    }
}

fn require_docs(name: &str, value: &Value, findings: &mut Vec<String>) {
    let documented = list(value, "docs").any(|line| line.as_str().is_some_and(|line| !line.trim().is_empty()));
    if !documented {
        findings.push(format!("{name} has no documentation in the IDL"));
    }
}

/// One id per program, the same in its source, in the interface, in Anchor.toml and in the IDL.
fn ids(package: &str, lib: &str, idl: &Value, findings: &mut Vec<String>) -> Result<()> {
    let id = text(idl, "address");
    for file in [
        "Anchor.toml",
        "programs/interface/src/ids.rs",
        &format!("programs/{package}/src/lib.rs"),
    ] {
        let path = paths::root().join(file);
        if !at(&path, std::fs::read_to_string(&path))?.contains(id) {
            findings.push(format!("{file} does not name {lib}'s id {id}"));
        }
    }
    Ok(())
}

/// Source files stay readable, and none reads like a note to oneself.
fn sources(folder: &Path, findings: &mut Vec<String>) -> Result<()> {
    for entry in at(folder, std::fs::read_dir(folder))? {
        let path = at(folder, entry)?.path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                sources(&path, findings)?;
            }
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let content = at(&path, std::fs::read_to_string(&path))?;
        if content.lines().count() > MAX_LINES {
            findings.push(format!("{} has more than {MAX_LINES} lines: split it", path.display()));
        }
        for word in ["todo!(", "unimplemented!(", concat!("TO", "DO"), concat!("FIX", "ME")] {
            if content.contains(word) && !path.ends_with("tidy.rs") {
                findings.push(format!("{} contains {word}", path.display()));
            }
        }
    }
    Ok(())
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
