//! Calls of the compute escrow that a vote can make.

use {
    super::{arguments, named},
    crate::amount,
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
    answer_seconds: u32,
    seed_seconds: u32,
    vote_seconds: u32,
    reveal_seconds: u32,
    appeal_seconds: u32,
    ruling_seconds: u32,
    attestors: [[u8; 32]; 3],
}

/// Arguments of the escrow's `rule` (discriminator 58).
#[derive(BorshDeserialize)]
struct Ruling {
    uid: [u8; 32],
    provider_ppm: u32,
}

fn config(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
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

fn court(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let update: CourtUpdate = arguments(data, 25)?;
    let attestors: Vec<String> = update
        .attestors
        .into_iter()
        .filter(|key| *key != [0; 32])
        .map(named)
        .collect();
    let attestors = if attestors.is_empty() {
        "nobody may countersign or measure".to_owned()
    } else {
        format!("countersigning and measuring is for {}", attestors.join(", "))
    };
    Some(format!(
        "court of escrow config {}: a seat pays {} SOL, a juror stakes {} SOL; {} s to answer, {} s for seeds, {} s to vote, {} s \
         to reveal, {} s to appeal, {} s for the quadratic vote; {attestors}",
        accounts.first()?.pubkey,
        amount::sol(update.seat_fee_lamports),
        amount::sol(update.juror_stake_lamports),
        update.answer_seconds,
        update.seed_seconds,
        update.vote_seconds,
        update.reveal_seconds,
        update.appeal_seconds,
        update.ruling_seconds,
    ))
}

fn ruling(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let ruling: Ruling = arguments(data, 58)?;
    let ppm = u64::from(ruling.provider_ppm);
    let finding = if ppm < 500_000 {
        "the result is wrong"
    } else {
        "the result stands"
    };
    Some(format!(
        "rules on dispute {} (job uid {}): {finding}, the provider gets {} % of the price",
        accounts.get(1)?.pubkey,
        crate::job::wasm::hex(&ruling.uid),
        amount::format(ppm, 4)
    ))
}

/// What a call of the escrow does.
pub fn sentence(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    config(accounts, data)
        .or_else(|| court(accounts, data))
        .or_else(|| ruling(accounts, data))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::{describe::call, escrow, Address};

    fn told(instruction: &solana_program::instruction::Instruction) -> String {
        call(&instruction.program_id, &instruction.accounts, &instruction.data)
    }

    #[test]
    fn a_ruling_and_a_change_of_the_court_are_sentences() {
        let at = |byte: u8| Address::from([byte; 32]);
        let rule = escrow::court::rule(at(1), &at(2), [0xcd; 32], at(3), 400_000);
        let found = told(&rule);
        assert!(
            found.contains("the result is wrong") && found.contains("40 % of the price"),
            "{found}"
        );
        assert!(found.contains(&"cd".repeat(32)), "{found}");
        assert!(
            found.contains(&escrow::court::dispute_address(&at(2)).to_string()),
            "{found}"
        );
        let stands = told(&escrow::court::rule(at(1), &at(2), [1; 32], at(3), 500_000));
        assert!(stands.contains("the result stands"), "{stands}");
        let mut params = escrow::CourtParams::initial(false);
        assert!(told(&escrow::court::update_court(at(1), at(2), params)).contains("nobody may countersign"));
        if let Some(first) = params.attestors.first_mut() {
            *first = at(9);
        }
        let found = told(&escrow::court::update_court(at(1), at(2), params));
        assert!(
            found.contains(&at(9).to_string()) && found.contains("86400 s to answer"),
            "{found}"
        );
    }
}
