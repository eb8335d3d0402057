//! Compute units, accounts and bytes of every instruction.

use {
    crate::{
        scenario::ScenarioDef,
        world::{Outcome, World},
    },
    serde_json::{json, Map, Value},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// How many sets of keys an instruction is measured with: odd, so that the median is one of them.
const SEEDS: u64 = 15;

/// Measures every scenario: `{instruction: {median, max, accounts, tx_bytes, bump_tries}}`.
///
/// Units are those of the whole transaction with this one instruction (and its companions, where it cannot stand alone). A searched bump costs 1,500 a try and depends on the
/// keys; the tries are reported beside (median and most) so that a lucky set of keys is not mistaken for progress.
pub fn measure(scenarios: &[ScenarioDef]) -> Value {
    let mut measured = Map::new();
    for scenario in scenarios {
        let mut units = Vec::new();
        let mut tries = Vec::new();
        let (mut accounts, mut bytes) = (0, 0);
        for seed in 0..SEEDS {
            let mut made = (scenario.build)(seed);
            let companions = core::mem::take(&mut made.world.companions);
            let instructions = companions.around(&made.instruction);
            let signers: Vec<&Keypair> = made.signers.iter().chain(&companions.signers).collect();
            let payer = made.signers[0].insecure_clone();
            accounts = made.instruction.accounts.len();
            bytes = wire_bytes(&made.world, &payer, &instructions, &signers);
            let outcome = made.world.send_paid_by(&payer, &instructions, &signers);
            match outcome {
                Outcome::Succeeded(receipt) => units.push(receipt.compute_units),
                Outcome::Failed { failure, logs } => {
                    panic!(
                        "{} with seed {seed}: {failure:?}\n{}",
                        scenario.instruction,
                        logs.join("\n")
                    )
                }
            }
            tries.push(u64::from(made.bump_tries));
        }
        let mut figures = json!({
            "median": median(&mut units),
            "max": units.iter().max(),
            "accounts": accounts,
            "tx_bytes": bytes,
        });
        if tries.iter().any(|&tries| tries > 0) {
            figures["bump_tries"] = json!({ "median": median(&mut tries), "max": tries.iter().max() });
        }
        measured.insert(scenario.instruction.into(), figures);
    }
    Value::Object(measured)
}

/// Bytes of the signed transaction on the wire: count of signatures, signatures, message.
fn wire_bytes(
    world: &World,
    payer: &Keypair,
    instructions: &[solana_instruction::Instruction],
    signers: &[&Keypair],
) -> usize {
    let transaction = world.transaction(payer, instructions, signers);
    assert_eq!(transaction.message.static_account_keys()[0], payer.pubkey());
    1 + 64 * transaction.signatures.len() + transaction.message.serialize().len()
}

fn median(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}
