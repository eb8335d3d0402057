//! `add_slot`

use {
    crate::{constants::*, events::SlotAdded, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `add_slot`.
#[derive(Accounts)]
pub struct AddSlot {
    /// The provider's authority; pays the rent, for good.
    #[account(mut, address = provider.authority)]
    pub authority: Signer,
    /// The provider.
    #[account(mut)]
    pub provider: Account<Provider>,
    /// The slot to create; its index is the provider's `slot_count`.
    #[account(
        init,
        payer = authority,
        seeds = [SLOT_SEED, provider.address().as_ref(), &provider.slot_count.get().to_le_bytes()],
        bump
    )]
    pub slot: Account<Slot>,
    /// The config it works under.
    pub config: Account<EscrowConfig>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the authority signs
/// - the slot works under one config for ever; it is never closed
/// - it starts without bond, hence without work
#[inline(never)]
pub fn add_slot(ctx: &mut Context<AddSlot>, model_id: u32, vram_mib: u32, offer: &SlotOffer) -> Result<()> {
    offer.validate()?;
    let a = &mut ctx.accounts;
    let provider_address = *a.provider.address();
    let slot_address = *a.slot.address();
    let held_lamports = a.slot.account().lamports();

    let index = a.provider.slot_count;
    a.provider.slot_count = checked(index.checked_add(1u16))?;
    let slot = &mut *a.slot;
    slot.version = ACCOUNT_VERSION;
    slot.bump = ctx.bumps.slot;
    slot.index = index;
    slot.config_id = a.config.id;
    slot.provider = provider_address;
    slot.model_id = model_id.into();
    slot.vram_mib = vram_mib.into();
    slot.rent_lamports = held_lamports.into();
    slot.apply_offer(offer);
    slot.invariant(held_lamports)?;

    emit!(SlotAdded {
        slot: slot_address,
        provider: provider_address,
        model_id: slot.model_id,
        vram_mib: slot.vram_mib,
        index,
        config_id: slot.config_id,
    });
    Ok(())
}
