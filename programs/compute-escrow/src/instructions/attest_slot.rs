//! `attest_slot` and `close_attestation`

use {
    crate::{
        calls::{close_state, create_state},
        constants::*,
        errors::EscrowError,
        events::{log, AttestationClosed, SlotAttested},
        state::*,
    },
    anchor_lang::{prelude::*, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// What an attestor says about a slot.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct AttestationClaim {
    /// 1 speed, 2 trusted execution environment, 3 place.
    pub kind: u8,
    /// Measured speed; zero for other kinds.
    pub score: u32,
    /// SHA-256 of the evidence.
    pub evidence_hash: [u8; 32],
    /// Until when it counts, Unix seconds.
    pub expires_ts: i64,
}

/// Accounts of `attest_slot`.
#[derive(Accounts)]
pub struct AttestSlot {
    /// An attestor of the config; pays the rent and gets it back.
    #[account(mut)]
    pub attestor: Signer,
    /// The slot's config.
    #[account(constraint = config.id == slot.config_id @ EscrowError::ConfigMismatch)]
    pub config: Own<EscrowConfig>,
    /// The slot.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The attestation, PDA `["attest", slot, attestor, kind u8]`; created, or renewed.
    #[account(mut)]
    pub attestation: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Accounts of `close_attestation`.
#[derive(Accounts)]
pub struct CloseAttestation {
    /// The attestor, or anybody when it has expired.
    pub signer: Signer,
    /// Gets the rent it paid.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = attestation.attestor))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(attestor.address(), &attestation.attestor) @ ErrorCode::ConstraintAddress))]
    pub attestor: UncheckedAccount,
    /// The attestation.
    #[account(mut)]
    pub attestation: Own<Attestation>,
    /// Its slot.
    #[cfg_attr(feature = "idl-build", account(mut, address = attestation.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(slot.address(), &attestation.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
}

/// Specification:
/// - the signer is an attestor the slot's config lists; the expiry is after now and within a year
/// - a measured speed becomes the slot's score until then; a later measurement replaces it
pub fn attest_slot(a: &mut AttestSlot, claim: &AttestationClaim) -> Step {
    let attestor = *a.attestor.address();
    require!(a.config.court.is_attestor(&attestor), EscrowError::NotAnAttestor);
    let known = (ATTESTED_SCORE..=ATTESTED_PLACE).contains(&claim.kind);
    require!(
        known && (claim.kind == ATTESTED_SCORE) == (claim.score != 0),
        EscrowError::WrongKind
    );
    require!(claim.evidence_hash != [0; 32], EscrowError::ZeroHash);
    let now_ts = now()?.ts;
    let ahead = claim.expires_ts.saturating_sub(now_ts);
    require!(
        ahead > 0 && ahead <= MAX_ATTESTATION_SECONDS,
        EscrowError::ExpiryOutOfBounds
    );
    let slot = *a.slot.address();
    let mut attestation = if a.attestation.account().owned_by(&crate::ID) {
        // SAFETY: no other reference to the attestation's state is alive.
        let known = unsafe { <Own<Attestation> as anchor_lang::AnchorAccount>::load_mut(*a.attestation.account())? };
        let is_it = same(&known.slot, &slot) && same(&known.attestor, &attestor) && known.kind == claim.kind;
        require!(is_it, ErrorCode::ConstraintSeeds);
        known
    } else {
        let seeds: [&[u8]; 4] = [ATTEST_SEED, slot.as_ref(), attestor.as_ref(), &[claim.kind]];
        let mut created: Own<Attestation> = create_state(a.attestor.account(), a.attestation.account(), &seeds)?;
        created.kind = claim.kind;
        created.slot = slot;
        created.attestor = attestor;
        created
    };
    attestation.evidence_hash = claim.evidence_hash;
    attestation.score = u64::from(claim.score).into();
    attestation.expires_ts = claim.expires_ts.into();
    if claim.kind == ATTESTED_SCORE {
        a.slot.measured_score = attestation.score;
        a.slot.score_until_ts = attestation.expires_ts;
    }
    log(SlotAttested {
        slot,
        attestor,
        evidence_hash: claim.evidence_hash,
        score: attestation.score,
        expires_ts: attestation.expires_ts,
        kind: claim.kind,
    });
    Ok(())
}

/// Specification:
/// - the attestor takes it back at any time; anybody closes it when it has expired; the rent returns
/// - a score it gave counts no more
pub fn close_attestation(a: &mut CloseAttestation) -> Step {
    let is_over = now()?.ts >= a.attestation.expires_ts.get();
    require!(
        is_over || same(a.signer.address(), &a.attestation.attestor),
        EscrowError::NotAnAttestor
    );
    let is_the_score = a.attestation.kind == ATTESTED_SCORE
        && a.slot.score_until_ts == a.attestation.expires_ts
        && a.slot.measured_score == a.attestation.score;
    if is_the_score {
        a.slot.measured_score = PodU64::ZERO;
        a.slot.score_until_ts = PodI64::ZERO;
    }
    log(AttestationClosed {
        slot: a.attestation.slot,
        attestor: a.attestation.attestor,
        kind: a.attestation.kind,
    });
    close_state(a.attestation.account(), a.attestor.account())
}
