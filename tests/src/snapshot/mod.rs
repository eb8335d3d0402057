//! Committed figures, and how today's are held against them.
//!
//! With `UPDATE_SNAPSHOTS=1` (`cargo xtask snapshots`) the measured figures are written instead of compared.

mod golden;
mod layout;
mod units;

use serde_json::Value;
pub use {golden::golden, layout::layouts, units::measure};

/// Whether to write instead of compare.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1")
}

fn path(file: &str) -> String {
    format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// Reads a committed file; an empty object where there is none yet.
pub fn read(file: &str) -> Value {
    std::fs::read_to_string(path(file))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}

/// Writes a file as it is committed.
pub fn write(file: &str, value: &Value) {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    std::fs::write(path(file), text).unwrap();
}

/// Writes the file if updating; otherwise it must hold exactly this.
#[track_caller]
pub fn assert_same(file: &str, actual: &Value) {
    if updating() {
        return write(file, actual);
    }
    let committed = read(file);
    assert_eq!(
        &committed, actual,
        "{file} is not what is measured; if the change is meant, run `cargo xtask snapshots`"
    );
}
