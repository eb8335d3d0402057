//! Calls of the compute escrow that a vote can make.

use {
    super::{arguments, named},
    crate::{amount, Address},
    borsh::BorshDeserialize,
    solana_program::instruction::AccountMeta,
};

/// Arguments of the escrow's `update_config` (discriminator 1).
#[derive(BorshDeserialize)]
struct EscrowUpdate {
    fee_ppm: u32,
    crank_bounty_lamports: u64,
    min_bond_lamports: u64,
    treasury: [u8; 32],
}

/// Arguments of the escrow's `update_court` (discriminator 25).
#[derive(BorshDeserialize)]
struct CourtUpdate {
    seat_fee_lamports: u64,
    juror_stake_lamports: u64,
    /// Answer, seeds, votes, reveals, appeal, ruling.
    seconds: [u32; 6],
    attestors: [[u8; 32]; 3],
}

fn court(config: &Address, update: &CourtUpdate) -> String {
    let listed: Vec<String> = update
        .attestors
        .iter()
        .filter(|key| **key != [0; 32])
        .map(|key| named(*key))
        .collect();
    let attestors = if listed.is_empty() {
        "lists no attestors".to_owned()
    } else {
        format!("lists the attestors {}", listed.join(", "))
    };
    let [answer, seeds, votes, reveals, appeal, ruling] = update.seconds;
    format!(
        "escrow config {config}: sets a juror's pay to {} SOL and least stake to {} SOL; times in seconds: {answer} to answer, \
         {seeds} for each step of the seeds, {votes} to vote, {reveals} to reveal, {appeal} to appeal, {ruling} to rule; {attestors}",
        amount::sol(update.seat_fee_lamports),
        amount::sol(update.juror_stake_lamports),
    )
}

/// What a call of the escrow does.
pub(super) fn sentence(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    if let Some(update) = arguments(data, 25) {
        return Some(court(&accounts.first()?.pubkey, &update));
    }
    let update: EscrowUpdate = arguments(data, 1)?;
    Some(format!(
        "escrow config {}: sets the fee to {} ppm, the crank bounty to {} SOL, the least bond to {} SOL; fees go to {}",
        accounts.first()?.pubkey,
        update.fee_ppm,
        amount::sol(update.crank_bounty_lamports),
        amount::sol(update.min_bond_lamports),
        named(update.treasury)
    ))
}
