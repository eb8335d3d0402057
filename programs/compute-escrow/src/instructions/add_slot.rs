//! `add_slot`

use {
    crate::{
        calls::create_state,
        constants::*,
        events::{log, SlotAdded},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `add_slot`.
#[derive(Accounts)]
pub struct AddSlot {
    /// The provider's authority; pays the rent, for good.
    #[cfg_attr(feature = "idl-build", account(mut, address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    #[account(mut)]
    pub provider: Own<Provider>,
    /// The slot to create; its index is the provider's `slot_count`.
    #[account(mut)]
    pub slot: UncheckedAccount,
    /// The config it works under.
    pub config: Own<EscrowConfig>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the authority signs
/// - the slot works under one config for ever; it is never closed
/// - the first slot's config is the one whose slots make the provider's reputation
/// - it starts without bond, hence without work
pub fn add_slot(a: &mut AddSlot, model_id: u32, vram_mib: u32, offer: &SlotOffer) -> Step {
    let provider_address = *a.provider.address();
    let index = a.provider.slot_count;
    let seeds: [&[u8]; 3] = [SLOT_SEED, provider_address.as_ref(), &index.get().to_le_bytes()];
    let mut slot: Own<Slot> = create_state(a.authority.account(), a.slot.account(), &seeds)?;
    offer.validate()?;
    let held_lamports = slot.account().lamports();

    a.provider.slot_count = checked(index.checked_add(1u16))?;
    if index.is_zero() {
        a.provider.config_id = a.config.id;
    }
    slot.index = index;
    slot.config_id = a.config.id;
    slot.provider = provider_address;
    slot.model_id = model_id.into();
    slot.vram_mib = vram_mib.into();
    slot.rent_lamports = held_lamports.into();
    slot.apply_offer(offer);
    slot.invariant(held_lamports)?;

    log(SlotAdded {
        slot: *slot.address(),
        provider: provider_address,
        model_id: slot.model_id,
        vram_mib: slot.vram_mib,
        index,
        config_id: slot.config_id,
    });
    Ok(())
}
