//! Asking a program: a rehearsal for the sake of what it returns. Nothing is sent, nobody signs.

use {
    super::flight::{build_error, program_of, serialize},
    crate::{explain, rpc::Rpc, Address, Error, Result},
    solana_message::Message,
    solana_program::instruction::Instruction,
    solana_transaction::Transaction,
};

/// What `instruction` returns, were it carried out now. `payer` is an account that could pay a fee; it pays none.
///
/// A node may cut zeros off the end of what a program returns: at least `len` bytes come back, zeros where it did.
pub async fn returned(
    rpc: &Rpc,
    label: &str,
    payer: &Address,
    instruction: &Instruction,
    len: usize,
) -> Result<Vec<u8>> {
    let message = Message::new(std::slice::from_ref(instruction), Some(payer));
    let bytes = serialize(label, &Transaction::new_unsigned(message.clone()))?;
    let simulated = rpc.simulate(&bytes, &[]).await?;
    if let Some(error) = simulated.error {
        let explained = explain::transaction_error(&error, &simulated.logs, |index| program_of(&message, index));
        return Err(Error::Simulation {
            label: label.to_owned(),
            explained: Box::new(explained),
        });
    }
    match simulated.returned {
        Some((program, mut bytes)) if program == instruction.program_id => {
            bytes.resize(bytes.len().max(len), 0);
            Ok(bytes)
        }
        _ => Err(build_error(label, "the program returned nothing")),
    }
}
