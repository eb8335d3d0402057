//! `update_slot`

use {
    super::checks::check_worker,
    crate::{
        events::{log, SlotUpdated},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `update_slot`.
#[derive(Accounts)]
pub struct UpdateSlot {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot.
    #[account(mut)]
    pub slot: Own<Slot>,
}

/// Specification:
/// - authority or session key signs
/// - pausing stops new claims only; a live job goes on
pub fn update_slot(a: &mut UpdateSlot, offer: &SlotOffer) -> Step {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    offer.validate()?;
    let address = *a.slot.address();
    let slot = &mut *a.slot;
    slot.apply_offer(offer);
    log(SlotUpdated {
        slot: address,
        ask_mint: slot.ask_mint,
        ask_per_second_atoms: slot.ask_per_second_atoms,
        off_peak_ask_per_second_atoms: slot.off_peak_ask_per_second_atoms,
        is_paused: slot.is_paused,
    });
    Ok(())
}
