//! `register_person`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        attestation::{Act, Counting, Hearing, Statement},
        calls::create_state,
        constants::*,
        events::{log, PersonRegistered},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `register_person`, followed by a pair (attestor, proof) for each attestor beyond the first.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(nullifier: [u8; 32]))]
pub struct RegisterPerson {
    /// Pays for the two accounts; may be the wallet or an attestor's key.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The wallet that will act for the person; it agrees by signing.
    pub wallet: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Own<Realm>,
    /// The first attestor; its slot is the person's bucket.
    #[account(mut)]
    pub attestor: UncheckedAccount,
    /// Its proof: its key, which signs here or is verified by the Ed25519 instruction just before, or its credential.
    pub attestor_key: UncheckedAccount,
    /// The person to create.
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [PERSON_SEED, realm.address().as_ref(), &nullifier], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub person: UncheckedAccount,
    /// The wallet's link to create.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [WALLET_SEED, realm.address().as_ref(), wallet.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub person_by_wallet: UncheckedAccount,
    /// The transaction's instructions: the precompile's, and to refuse a durable nonce.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Creates the link from a wallet to its person.
#[inline(never)]
pub(crate) fn create_link(
    payer: &AccountView,
    account: &AccountView,
    realm: &Address,
    wallet: &Address,
    person: &Address,
) -> Result<()> {
    let seeds: [&[u8]; 3] = [WALLET_SEED, realm.as_array(), wallet.as_array()];
    let (mut link, bump): (Own<PersonByWallet>, u8) = create_state(payer, account, &seeds)?;
    link.version = LAYOUT_VERSION;
    link.bump = bump;
    link.realm = *realm;
    link.wallet = *wallet;
    link.person = *person;
    link.rent_payer = *payer.address();
    Ok(())
}

/// Specification:
/// - exactly the realm's number of distinct live attestors of this realm prove the registration, each within its quota: by
///   signing the transaction, by the precompile just before, or by a credential
/// - the wallet signs; nullifier and wallet are new in the realm (their accounts do not exist)
/// - the registration expires within two years; the statement's deadline is at most a week away
/// - the realm's growth of the epoch is not used up
/// - the transaction does not start with a nonce advance
pub(crate) fn handler(
    ctx: &mut Context<RegisterPerson>,
    further: &[AccountView],
    nullifier: [u8; 32],
    expires_ts: i64,
    deadline_ts: i64,
) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    Person::validate_expiry(expires_ts, now)?;
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    let realm = *accounts.realm.address();
    let wallet = *accounts.wallet.address();
    let bucket = bucket_of(accounts.attestor.account())?;
    let slots = Hearing {
        statement: Statement {
            act: Act::Register,
            cluster: &accounts.realm.cluster,
            realm: &realm,
            nullifier: &nullifier,
            wallet: &wallet,
            bucket,
            expires_ts,
            deadline_ts,
            nonce: 1,
        },
        needed: usize::from(accounts.realm.rules.attestations),
        counting: Counting::Registration,
        current_epoch,
        now_ts: now,
        sysvar: accounts.instructions.account(),
    }
    .hear([accounts.attestor.account(), accounts.attestor_key.account()], further)?;
    accounts.realm.count_registration(bucket)?;
    accounts.realm.invariant()?;

    let payer = accounts.payer.account();
    let seeds: [&[u8]; 3] = [PERSON_SEED, realm.as_array(), &nullifier];
    let (mut person, bump): (Own<Person>, u8) = create_state(payer, accounts.person.account(), &seeds)?;
    person.version = LAYOUT_VERSION;
    person.bump = bump;
    person.bucket = bucket;
    person.registered_epoch = current_epoch.into();
    person.realm = realm;
    person.wallet = wallet;
    person.nullifier = nullifier;
    person.expires_ts = expires_ts.into();
    person.last_ballot_epoch = NO_EPOCH.into();
    person.attestor_slots = slots.into();
    person.counted = 1;
    person.nonce = 1u64.into();
    person.rent_payer = *payer.address();
    create_link(
        payer,
        accounts.person_by_wallet.account(),
        &realm,
        &wallet,
        person.address(),
    )?;
    log(PersonRegistered {
        realm,
        person: *person.address(),
        wallet,
        expires_ts: expires_ts.into(),
        registered_epoch: current_epoch.into(),
        attestor_slots: slots.into(),
        bucket,
    });
    Ok(())
}

/// The slot of the first attestor.
fn bucket_of(attestor: &AccountView) -> Result<u8> {
    Ok(<Own<Attestor> as anchor_lang::AnchorAccount>::load(*attestor)?.slot)
}
