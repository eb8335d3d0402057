//! The substitution matrix: every account of every instruction, replaced by what an attacker would pass.
//!
//! Cells are made from the IDL and from two scenarios of the same instruction with different seeds: the victim's and a
//! stranger's. All of the stranger's accounts are put into the victim's world, so that «another user's» account is a real
//! one in every respect. What must happen is committed under `tests/matrix`; a cell that is missing there fails the test, and
//! so does a committed cell that no account produces any more.

mod cells;
mod mutate;

use {
    crate::{idl::Idl, scenario::ScenarioDef, snapshot},
    serde_json::{Map, Value},
};
pub use {cells::cells_of, mutate::Mutation};

/// How a committed cell begins that cannot be attacked, with the reason after it.
pub const NOT_APPLICABLE: &str = "n/a: ";
/// What an update writes where the substitution was accepted: the test fails until somebody fixes the program or writes
/// down why it is harmless.
pub const ACCEPTED: &str = "ACCEPTED";

/// Runs every cell of a program: `{instruction: {account: {mutation: outcome}}}`.
pub fn run(idl: &Idl, scenarios: &[ScenarioDef]) -> Value {
    let mut instructions = Map::new();
    for instruction in &idl.instructions {
        let scenario = scenarios
            .iter()
            .find(|scenario| scenario.instruction == instruction.name)
            .unwrap_or_else(|| panic!("{} has no scenario", instruction.name));
        instructions.insert(instruction.name.clone(), cells_of(instruction, scenario));
    }
    Value::Object(instructions)
}

/// Holds outcomes against the committed ones of `file`, or writes them when updating (reasons already written are kept).
#[track_caller]
pub fn assert_matches(file: &str, actual: &Value) {
    let committed = snapshot::read(file);
    let mut merged = actual.clone();
    let mut findings = Vec::new();
    for (instruction, account, mutation, outcome) in walk(actual) {
        let expected = committed[&instruction][&account][&mutation].as_str();
        match expected {
            Some(reason) if reason.starts_with(NOT_APPLICABLE) && outcome == ACCEPTED => {
                merged[&instruction][&account][&mutation] = Value::String(reason.into());
            }
            Some(expected) if expected == outcome && outcome != ACCEPTED => {}
            _ => findings.push(format!(
                "{instruction}({account}) {mutation}: {outcome}, expected {}",
                expected.unwrap_or("nothing yet: a new account needs its cells")
            )),
        }
    }
    for (instruction, account, mutation, _) in walk(&committed) {
        if actual[&instruction][&account][&mutation].is_null() {
            findings.push(format!(
                "{instruction}({account}) {mutation} is committed but not produced"
            ));
        }
    }
    if snapshot::updating() {
        snapshot::write(file, &merged);
        findings.retain(|finding| finding.contains(ACCEPTED));
    }
    assert!(findings.is_empty(), "{file}:\n{}", findings.join("\n"));
}

fn walk(value: &Value) -> Vec<(String, String, String, String)> {
    let mut cells = Vec::new();
    for (instruction, accounts) in value.as_object().into_iter().flatten() {
        for (account, mutations) in accounts.as_object().into_iter().flatten() {
            for (mutation, outcome) in mutations.as_object().into_iter().flatten() {
                cells.push((
                    instruction.clone(),
                    account.clone(),
                    mutation.clone(),
                    outcome.as_str().unwrap_or_default().to_string(),
                ));
            }
        }
    }
    cells
}
