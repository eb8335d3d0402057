//! `link_person` and `unlink_person`

use {
    crate::{
        calls::create_state,
        constants::*,
        errors::EscrowError,
        events::{log, PersonLinked},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `link_person`.
#[derive(Accounts)]
pub struct LinkPerson {
    /// The person's wallet; pays the rent of a new link, for good.
    #[account(mut, unsafe(dup))]
    pub wallet: Signer,
    /// The provider's authority; may be the same key.
    #[cfg_attr(feature = "idl-build", account(address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    #[account(mut)]
    pub provider: Own<Provider>,
    /// The person, an account of the governance program.
    pub person: UncheckedAccount,
    /// The person's link, PDA `["link", person]`; created by its first use.
    #[account(mut)]
    pub link: UncheckedAccount,
    /// The config whose realm registered the person.
    pub config: Own<EscrowConfig>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Accounts of `unlink_person`.
#[derive(Accounts)]
pub struct UnlinkPerson {
    /// The provider's authority or the person's wallet; anybody where the registration is revoked or expired.
    pub signer: Signer,
    /// The provider.
    #[account(mut)]
    pub provider: Own<Provider>,
    /// Its person.
    #[cfg_attr(feature = "idl-build", account(address = provider.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &provider.person) @ EscrowError::NotLinked))]
    pub person: UncheckedAccount,
    /// The person's link.
    #[account(mut, constraint = same(&link.provider, provider.address()) @ EscrowError::NotLinked)]
    pub link: Own<PersonLink>,
    /// The config whose realm registered the person.
    pub config: Own<EscrowConfig>,
}

/// The link of a person, created if it is not there.
#[inline(never)]
pub(crate) fn open_link(payer: &AccountView, link: &AccountView, person: &Address) -> Step<Own<PersonLink>> {
    if link.owned_by(&crate::ID) {
        // SAFETY: no other reference to the link's state is alive.
        let link = unsafe { <Own<PersonLink> as anchor_lang::AnchorAccount>::load_mut(*link)? };
        require!(same(&link.person, person), EscrowError::NotLinked);
        return Ok(link);
    }
    let seeds: [&[u8]; 2] = [LINK_SEED, person.as_ref()];
    let mut created: Own<PersonLink> = create_state(payer, link, &seeds)?;
    created.person = *person;
    Ok(created)
}

/// Specification:
/// - the provider's authority and the person's wallet sign; the person is an active one of the config's realm
/// - a provider has one person and a person one provider; linking the same two again renews the expiry
/// - the person counts until the expiry its registration has now
/// - the head start counts from the person's first link to any provider, so that nobody is new twice
pub fn link_person(a: &mut LinkPerson) -> Step {
    let now_ts = now()?.ts;
    let person = *a.person.address();
    let view = read_active_person(a.person.account(), &a.config.realm, now_ts)?;
    require!(same(&view.wallet, a.wallet.address()), EscrowError::NotThePerson);
    let mut link = open_link(a.wallet.account(), a.link.account(), &person)?;
    let renews = same(&link.provider, a.provider.address()) && same(&a.provider.person, &person);
    require!(
        renews || (is_none(&link.provider) && is_none(&a.provider.person)),
        EscrowError::AlreadyLinked
    );
    link.provider = *a.provider.address();
    if link.first_linked_ts.is_zero() {
        link.first_linked_ts = now_ts.into();
    }
    let until = checked(link.first_linked_ts.get().checked_add(HEAD_START_SECONDS))?;
    a.provider.person = person;
    a.provider.person_config_id = a.config.id;
    a.provider.person_until_ts = view.expires_ts.into();
    a.provider.head_start_until_ts = until.into();
    log(PersonLinked {
        provider: *a.provider.address(),
        person,
        head_start_until_ts: until.into(),
        is_linked: 1,
    });
    Ok(())
}

/// Specification:
/// - the provider's authority or the person's wallet signs, or the registration is not active any more
/// - both are free for other links; the link's account stays, so that the person is new once
pub fn unlink_person(a: &mut UnlinkPerson) -> Step {
    require!(a.config.id == a.provider.person_config_id, EscrowError::ConfigMismatch);
    let active = read_active_person(a.person.account(), &a.config.realm, now()?.ts);
    let may = same(a.signer.address(), &a.provider.authority)
        || active.map_or(true, |view| same(&view.wallet, a.signer.address()));
    require!(may, EscrowError::NotThePerson);
    let person = a.provider.person;
    a.link.provider = NO_ADDRESS;
    a.provider.person = NO_ADDRESS;
    a.provider.head_start_until_ts = PodI64::ZERO;
    log(PersonLinked {
        provider: *a.provider.address(),
        person,
        head_start_until_ts: PodI64::ZERO,
        is_linked: 0,
    });
    Ok(())
}
