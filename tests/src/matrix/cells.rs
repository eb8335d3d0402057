//! The cells of one instruction.

use {
    super::{
        mutate::{needed_signers, Mutation},
        ACCEPTED,
    },
    crate::{
        idl::IdlInstruction,
        scenario::{Scenario, ScenarioDef},
        world::{Failure, Outcome},
    },
    serde_json::{Map, Value},
    solana_instruction::error::InstructionError,
    solana_keypair::Keypair,
};

/// The victim and the stranger are two seeds of the same scenario.
const VICTIM: u64 = 0;
const STRANGER: u64 = 1;

/// Runs all cells of an instruction: `{account: {mutation: outcome}}`.
///
/// Panics where an account would have no cell at all, and where a refused substitution changed an account.
pub fn cells_of(instruction: &IdlInstruction, scenario: &ScenarioDef) -> Value {
    let mut accounts = Map::new();
    let stranger = (scenario.build)(STRANGER);
    for (index, described) in instruction.accounts.iter().enumerate() {
        let mut cells = Map::new();
        for mutation in Mutation::ALL {
            let mut victim = (scenario.build)(VICTIM);
            assert!(
                victim.instruction.accounts.len() >= instruction.accounts.len(),
                "{}: the scenario passes fewer accounts than the IDL describes",
                instruction.name
            );
            if mutation.apply(&mut victim, &stranger, described, index).is_some() {
                let place = format!("{}({}) {}", instruction.name, described.name, mutation.name());
                cells.insert(mutation.name().into(), Value::String(outcome(victim, &place)));
            }
        }
        assert!(
            !cells.is_empty(),
            "{}({}) has no cells",
            instruction.name,
            described.name
        );
        accounts.insert(described.name.clone(), Value::Object(cells));
    }
    Value::Object(accounts)
}

fn outcome(mut scenario: Scenario, place: &str) -> String {
    let signers = needed_signers(&scenario);
    let companions = core::mem::take(&mut scenario.world.companions);
    let signers: Vec<&Keypair> = signers.iter().chain(&companions.signers).collect();
    let instructions = companions.around(&scenario.instruction);
    let before = scenario.world.snapshot(&instructions);
    match scenario.world.send(&instructions, &signers) {
        Outcome::Succeeded(_) => ACCEPTED.into(),
        Outcome::Failed { failure, .. } => {
            assert_eq!(
                before,
                scenario.world.snapshot(&instructions),
                "{place} changed an account"
            );
            name(&failure)
        }
    }
}

/// A custom code by number, a builtin error by name.
fn name(failure: &Failure) -> String {
    match failure {
        Failure::Instruction(InstructionError::Custom(code)) => code.to_string(),
        Failure::Instruction(error) => format!("{error:?}"),
        Failure::Transaction(error) => format!("transaction {error:?}"),
    }
}
