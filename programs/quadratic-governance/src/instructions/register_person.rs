//! `register_person`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        constants::*, cpi::refuse_durable_nonce, errors::GovernanceError, events::PersonRegistered,
        instructions::now_ts, state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `register_person`, followed by a pair (attestor, key) for each attestor beyond the first.
#[derive(Accounts)]
#[instruction(nullifier: [u8; 32])]
pub struct RegisterPerson {
    /// Pays for the two accounts; may be the wallet or an attestor's key.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The wallet that will act for the person; it agrees by signing.
    pub wallet: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Account<Realm>,
    /// The first attestor; its slot is the person's bucket.
    #[account(
        mut,
        constraint = attestor.realm == *realm.address() @ GovernanceError::AttestorOfOtherRealm
    )]
    pub attestor: Account<Attestor>,
    /// The first attestor's key.
    #[account(constraint = attestor.key == *attestor_key.address() @ GovernanceError::AttestorKeyMismatch)]
    pub attestor_key: Signer,
    /// The person to create.
    #[account(init, payer = payer, seeds = [PERSON_SEED, realm.address().as_ref(), &nullifier], bump)]
    pub person: Account<Person>,
    /// The wallet's link to create.
    #[account(
        init,
        payer = payer,
        seeds = [WALLET_SEED, realm.address().as_ref(), wallet.address().as_ref()],
        bump
    )]
    pub person_by_wallet: Account<PersonByWallet>,
    /// The transaction's instructions, to refuse a durable nonce.
    pub instructions: Sysvar<SysvarInstructions>,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Counts the signatures of the attestors beyond the first. Returns the slots of all.
fn count_further_attestors(
    further: &[AccountView],
    realm: &Address,
    first_slot: u8,
    current_epoch: u32,
    now: i64,
) -> Result<u16> {
    let mut slots = slot_bit(first_slot)?;
    for pair in further.chunks(ACCOUNTS_PER_ATTESTATION) {
        let [attestor, key] = pair else {
            return Err(GovernanceError::AttestationsMalformed.into());
        };
        require!(attestor.is_writable(), ErrorCode::ConstraintMut);
        // SAFETY: the first attestor cannot be listed again (the context refuses aliases of its mutable accounts), and each
        // wrapper made here is dropped before the next is made, so no two live at once.
        let mut attestor = unsafe { Account::<Attestor>::load_mut(*attestor)? };
        require!(&attestor.realm == realm, GovernanceError::AttestorOfOtherRealm);
        let signed = key.is_signer() && &attestor.key == key.address();
        require!(signed, GovernanceError::AttestorKeyMismatch);
        let bit = slot_bit(attestor.slot)?;
        require!(slots & bit == 0, GovernanceError::AttestorRepeated);
        slots |= bit;
        attestor.count_attestation(current_epoch, now)?;
    }
    Ok(slots)
}

fn slot_bit(slot: u8) -> Result<u16> {
    1u16.checked_shl(u32::from(slot))
        .ok_or(GovernanceError::SlotOutOfBounds.into())
}

/// Specification:
/// - exactly the realm's number of distinct live attestors of this realm sign, each within its quota
/// - the wallet signs; nullifier and wallet are new in the realm (their accounts do not exist)
/// - the registration expires within two years
/// - the realm's growth of the epoch is not used up
/// - the transaction does not start with a nonce advance
pub(crate) fn handler(ctx: &mut Context<RegisterPerson>, nullifier: [u8; 32], expires_ts: i64) -> Result<()> {
    let now = now_ts()?;
    let further = ctx.remaining_accounts()?;
    refuse_durable_nonce(&ctx.accounts.instructions)?;
    let in_bounds = expires_ts > now && expires_ts.saturating_sub(now) <= MAX_PERSON_VALIDITY_S;
    require!(in_bounds, GovernanceError::ExpiryOutOfBounds);
    let current_epoch = ctx.accounts.realm.epoch_at(now)?;
    let attestations = usize::from(ctx.accounts.realm.rules.attestations);
    let expected = attestations.saturating_sub(1).saturating_mul(ACCOUNTS_PER_ATTESTATION);
    require!(further.len() == expected, GovernanceError::AttestationsMalformed);

    let realm_address = *ctx.accounts.realm.address();
    let bucket = ctx.accounts.attestor.slot;
    ctx.accounts.attestor.count_attestation(current_epoch, now)?;
    let attestor_slots = count_further_attestors(&further, &realm_address, bucket, current_epoch, now)?;
    ctx.accounts.realm.roll(current_epoch);
    ctx.accounts.realm.count_registration(bucket)?;

    let payer = *ctx.accounts.payer.address();
    let wallet = *ctx.accounts.wallet.address();
    let person_address = *ctx.accounts.person.address();
    let person = &mut *ctx.accounts.person;
    person.version = LAYOUT_VERSION;
    person.bump = ctx.bumps.person;
    person.bucket = bucket;
    person.registered_epoch = current_epoch.into();
    person.realm = realm_address;
    person.wallet = wallet;
    person.nullifier = nullifier;
    person.expires_ts = expires_ts.into();
    person.last_ballot_epoch = NO_EPOCH.into();
    person.attestor_slots = attestor_slots.into();
    person.rent_payer = payer;
    let link = &mut *ctx.accounts.person_by_wallet;
    link.version = LAYOUT_VERSION;
    link.bump = ctx.bumps.person_by_wallet;
    link.realm = realm_address;
    link.wallet = wallet;
    link.person = person_address;
    link.rent_payer = payer;
    ctx.accounts.realm.invariant()?;
    emit!(PersonRegistered {
        realm: realm_address,
        person: person_address,
        wallet,
        expires_ts: expires_ts.into(),
        registered_epoch: current_epoch.into(),
        attestor_slots: attestor_slots.into(),
        bucket,
    });
    Ok(())
}
