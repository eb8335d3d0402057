//! What makes up the supply: persons behind providers, attestations of slots, reputation, the court's parameters.

use {
    super::{calls, config_address, find, instruction, metas, provider_address, PROGRAM},
    crate::{
        accounts::{self, DISCRIMINATOR_LEN},
        rpc::Rpc,
        Address, Result,
    },
    commonweal_interface::ids,
    compute_escrow::{
        constants::{ATTEST_SEED, LINK_SEED},
        math::reputation::Score,
    },
    solana_program::instruction::Instruction,
    std::mem::offset_of,
};

pub use compute_escrow::{
    instructions::AttestationClaim,
    state::{
        Attestation, Court, CourtParams, Payout, PersonLink, Provider, ATTESTED_ENCLAVE, ATTESTED_PLACE, ATTESTED_SCORE,
    },
};

/// Where the provider stands in a payout's bytes, for filters.
const PAYOUT_PROVIDER: usize = DISCRIMINATOR_LEN + offset_of!(Payout, provider);
/// Where the slot stands in an attestation's bytes, for filters.
const ATTESTATION_SLOT: usize = DISCRIMINATOR_LEN + offset_of!(Attestation, slot);
/// Decimal places that a reputation is shown with.
const SCORE_PLACES: u32 = 3;

/// What one attestor says of one kind about a slot.
pub fn attestation_address(slot: &Address, attestor: &Address, kind: u8) -> Address {
    find(&[ATTEST_SEED, slot.as_ref(), attestor.as_ref(), &[kind]]).0
}

/// A person's ties to the escrow.
pub fn link_address(person: &Address) -> Address {
    find(&[LINK_SEED, person.as_ref()]).0
}

/// The court's parameters as they are, to change some of them.
pub fn court_params(court: &Court) -> CourtParams {
    CourtParams {
        seat_fee_lamports: court.seat_fee_lamports.get(),
        juror_stake_lamports: court.juror_stake_lamports.get(),
        answer_seconds: court.answer_seconds.get(),
        seed_seconds: court.seed_seconds.get(),
        vote_seconds: court.vote_seconds.get(),
        reveal_seconds: court.reveal_seconds.get(),
        appeal_seconds: court.appeal_seconds.get(),
        ruling_seconds: court.ruling_seconds.get(),
        attestors: court.attestors,
    }
}

/// Puts a person behind the provider of `authority`; `wallet` is the person's, and pays the link's rent, for good.
pub fn link_person(wallet: Address, authority: Address, person: Address, config: u16) -> Instruction {
    let accounts = metas::LinkPerson {
        wallet,
        authority,
        provider: provider_address(&authority),
        person,
        link: link_address(&person),
        config: config_address(config),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::LinkPerson {})
}

/// Parts a provider and its person: either signs, or anybody where the registration has ended.
pub fn unlink_person(signer: Address, address: Address, provider: &Provider) -> Instruction {
    let accounts = metas::UnlinkPerson {
        signer,
        provider: address,
        person: provider.person,
        link: link_address(&provider.person),
        config: config_address(provider.person_config_id.get()),
    };
    instruction(accounts, calls::UnlinkPerson {})
}

/// Says something about a slot, by an attestor of its config.
pub fn attest_slot(attestor: Address, config: u16, slot: Address, claim: AttestationClaim) -> Instruction {
    let accounts = metas::AttestSlot {
        attestor,
        config: config_address(config),
        slot,
        attestation: attestation_address(&slot, &attestor, claim.kind),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::AttestSlot { claim })
}

/// Takes an attestation back, or closes an expired one.
pub fn close_attestation(signer: Address, address: Address, attestation: &Attestation) -> Instruction {
    let accounts = metas::CloseAttestation {
        signer,
        attestor: attestation.attestor,
        attestation: address,
        slot: attestation.slot,
    };
    instruction(accounts, calls::CloseAttestation {})
}

/// Brings a slot's gains and faults into its provider's reputation. Anyone may; nobody signs.
pub fn fold_reputation(provider: Address, slot: Address) -> Instruction {
    instruction(metas::FoldReputation { provider, slot }, calls::FoldReputation {})
}

/// A reputation as it is at `now_ts`, Q32.
pub fn decayed(score_q32: u64, score_ts: i64, now_ts: i64) -> u64 {
    Score {
        q32: score_q32,
        ts: score_ts,
    }
    .decayed_floor(now_ts)
    .q32
}

/// A reputation in decimals, rounded down: whole tokens of fees.
pub fn score_text(score_q32: u64) -> String {
    let scale = 10u128.saturating_pow(SCORE_PLACES);
    let thousandths = u128::from(score_q32).saturating_mul(scale) >> 32;
    // a number of 32 bits times a thousand
    let thousandths = u64::try_from(thousandths).unwrap_or(u64::MAX);
    crate::amount::format(thousandths, u8::try_from(SCORE_PLACES).unwrap_or(0))
}

/// What an attestation is of, in a word.
pub fn attested_name(kind: u8) -> &'static str {
    match kind {
        ATTESTED_SCORE => "speed",
        ATTESTED_ENCLAVE => "enclave",
        ATTESTED_PLACE => "place",
        _ => "unknown",
    }
}

/// All providers.
pub async fn providers(rpc: &Rpc) -> Result<Vec<(Address, Provider)>> {
    accounts::list(rpc, &PROGRAM, &[]).await
}

/// What all slots of a provider have earned, a line for each slot and mint.
pub async fn payouts(rpc: &Rpc, provider: &Address) -> Result<Vec<(Address, Payout)>> {
    accounts::list(rpc, &PROGRAM, &[(PAYOUT_PROVIDER, provider.as_ref().to_vec())]).await
}

/// What is attested about a slot.
pub async fn attestations(rpc: &Rpc, slot: &Address) -> Result<Vec<(Address, Attestation)>> {
    accounts::list(rpc, &PROGRAM, &[(ATTESTATION_SLOT, slot.as_ref().to_vec())]).await
}

/// Fetches an attestation.
pub async fn attestation(rpc: &Rpc, address: &Address) -> Result<Attestation> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// A person's ties, if it has any.
pub async fn link(rpc: &Rpc, person: &Address) -> Result<Option<PersonLink>> {
    accounts::find(rpc, &PROGRAM, &link_address(person)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reputation_is_told_in_whole_tokens_of_fees() {
        assert_eq!(score_text(0), "0");
        assert_eq!(score_text(1 << 32), "1");
        assert_eq!(score_text(5 << 31), "2.5");
        // 2 % of 120 tokens, as the program rounds it: ⌊2,400,000·2³²/10⁶⌋
        assert_eq!(score_text(10_307_921_510), "2.399");
        assert_eq!(score_text(u64::MAX), "4294967295.999");
    }

    #[test]
    fn a_reputation_halves_in_ninety_days() {
        assert_eq!(decayed(1 << 40, 1_000, 1_000), 1 << 40);
        assert_eq!(decayed(1 << 40, 1_000, 1_000 + 90 * 86_400), 1 << 39);
    }

    #[test]
    fn filters_look_where_the_fields_are() {
        // discriminator, eight bytes of small fields, and for a payout the slot before its provider
        assert_eq!((ATTESTATION_SLOT, PAYOUT_PROVIDER), (16, 48));
    }
}
