//! Measured figures: written by the tests that measure them, shown beside those of peers.

use {
    crate::{
        build,
        error::{at, Error, Result},
        paths,
        run::{cargo, claim, lock, run},
        toolchain,
    },
    serde_json::Value,
};

/// Runs the measuring tests so that they write instead of compare.
pub fn write() -> Result<()> {
    toolchain::ensure_native_tools()?;
    build::all()?;
    build::for_tests()?;
    let _lock = lock(&paths::cache().join("target-host.lock"))?;
    claim(&paths::host_target())?;
    run(cargo("test")
        .env("CARGO_TARGET_DIR", paths::host_target())
        .env("COMMONWEAL_DEPLOY_DIR", paths::deploy())
        .env("UPDATE_SNAPSHOTS", "1")
        .args([
            "--quiet",
            "--locked",
            "--package",
            "commonweal-tests",
            "--test",
            "snapshots",
        ]))
}

/// Prints each measured instruction and, where a peer has a counterpart, the peer's figure and the ratio.
pub fn bench() -> Result<()> {
    let measured = read("tests/snapshots/cu.json")?;
    let peers = read("tests/baselines.json")?;
    println!(
        "{:<44} {:>9} {:>9} {:>8} {:>8}   peer",
        "instruction", "median CU", "max CU", "accounts", "bytes"
    );
    for (program, instructions) in entries(&measured) {
        for (instruction, figures) in entries(instructions) {
            let name = format!("{program}.{instruction}");
            let figure = |key: &str| figures.get(key).and_then(Value::as_u64).unwrap_or(0);
            print!(
                "{name:<44} {:>9} {:>9} {:>8} {:>8}",
                figure("median"),
                figure("max"),
                figure("accounts"),
                figure("tx_bytes")
            );
            for peer in peers.get(&name).and_then(Value::as_array).into_iter().flatten() {
                let units = peer.get("cu").and_then(Value::as_u64).unwrap_or(0);
                let label = peer.get("peer").and_then(Value::as_str).unwrap_or("?");
                print!("   {label} {units} ({})", ratio(units, figure("median")));
            }
            println!();
        }
    }
    Ok(())
}

/// `a / b` with one decimal place, in integers.
fn ratio(a: u64, b: u64) -> String {
    match a.saturating_mul(10).checked_div(b) {
        Some(tenths) => format!("{}.{}×", tenths.saturating_div(10), tenths.checked_rem(10).unwrap_or(0)),
        None => "–".into(),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn read(relative: &str) -> Result<Value> {
    let path = paths::root().join(relative);
    let text = at(&path, std::fs::read_to_string(&path))?;
    serde_json::from_str(&text).map_err(|error| Error::Check(format!("{}: {error}", path.display())))
}
