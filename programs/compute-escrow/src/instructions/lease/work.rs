//! `accept_lease`, `start_lease`, `resume_lease`, `reclaim_notice`: what a provider's side does with a lease.

use {
    super::log_move,
    crate::{
        errors::EscrowError,
        instructions::checks::{check_slot, check_worker},
        math::deadline::Moment,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of the steps of a provider's side.
#[derive(Accounts)]
pub struct WorkOnLease {
    /// The provider's authority or session key; anybody to start a lease of a complete gang.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// Its slot.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The lease.
    #[account(mut)]
    pub lease: Own<Lease>,
    /// The lease's gang, to accept or start; left out where there is none.
    #[account(mut)]
    pub gang: Option<Own<Gang>>,
}

/// The gang of a lease that belongs to one.
#[inline(never)]
fn gang_of<'a>(gang: &'a mut Option<Own<Gang>>, lease: &Lease) -> Step<&'a mut Own<Gang>> {
    let gang = gang.as_mut().ok_or(EscrowError::GangRequired)?;
    gang.validate_lease(lease)?;
    Ok(gang)
}

/// That the worker acts for the slot that has the lease.
#[inline(never)]
fn check_tenant(a: &WorkOnLease) -> Step<Moment> {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    require!(same(&a.lease.slot, a.slot.address()), EscrowError::NotTheAssignedSlot);
    now()
}

/// Specification:
/// - authority or session key signs; the slot is the provider's, works under the lease's config and is what the client asks for
/// - the lease is the one meant (uid), open, in time, and was not posted in this very slot: no uid lives twice
/// - the slot is not paused, has no live job (E8), was bonded before the lease was posted, and its free bond covers the lease's
/// - the bond is locked until the lease ends (E4); its seconds count from now, those of a gang when all have joined
pub fn accept_lease(a: &mut WorkOnLease, uid: &[u8; 32]) -> Step {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.lease.validate_uid(uid)?;
    a.lease.validate_state(LeaseState::Open)?;
    let now = now()?;
    require!(!a.lease.is_overdue(now)?, EscrowError::DeadlinePassed);
    require!(now.slot > a.lease.entered_slot.get(), EscrowError::SameSlot);
    let (address, lease, bond) = (*a.slot.address(), *a.lease.address(), a.lease.bond_lamports.get());
    a.lease.validate_offered(&address, &a.slot, &a.provider, now)?;
    a.slot.validate_free()?;
    a.slot
        .validate_bond_for(a.lease.config_id, a.lease.entered_slot.get(), bond)?;

    a.slot.apply_claim(&lease, bond)?;
    a.lease.slot = address;
    if a.lease.is_in_gang() {
        gang_of(&mut a.gang, &a.lease)?.apply_join(now)?;
        a.lease.enter(LeaseState::Joined, now);
    } else {
        a.lease.enter(LeaseState::Active, now);
    }
    check_slot(&a.slot)?;
    log_move(&a.lease, 0);
    Ok(())
}

/// Specification:
/// - anybody; the lease waits for its gang and all of that have joined
/// - its seconds count from the moment the last one joined, the same for all
pub fn start_lease(a: &mut WorkOnLease) -> Step {
    a.slot.validate_provider(a.provider.address())?;
    require!(same(&a.lease.slot, a.slot.address()), EscrowError::NotTheAssignedSlot);
    a.lease.validate_state(LeaseState::Joined)?;
    let gang = gang_of(&mut a.gang, &a.lease)?;
    require!(gang.is_active == 1, EscrowError::GangIncomplete);
    let start = gang.entered();
    a.lease.enter(LeaseState::Active, start);
    log_move(&a.lease, 0);
    Ok(())
}

/// Specification:
/// - the slot's provider signs; the lease is paused and its pause is not over
/// - the deposits pay at least one more interval; its seconds count again from now
pub fn resume_lease(a: &mut WorkOnLease) -> Step {
    let now = check_tenant(a)?;
    a.lease.validate_state(LeaseState::Paused)?;
    require!(!a.lease.is_overdue(now)?, EscrowError::DeadlinePassed);
    a.lease.validate_funding(now)?;
    a.lease.enter(LeaseState::Active, now);
    log_move(&a.lease, 0);
    Ok(())
}

/// Specification:
/// - the slot's provider signs; the lease is active
/// - it goes on through the time of the notice; then the provider leaves at no cost, or anybody ends it
pub fn reclaim_notice(a: &mut WorkOnLease) -> Step {
    let now = check_tenant(a)?;
    a.lease.validate_state(LeaseState::Active)?;
    a.lease.enter(LeaseState::Reclaiming, now);
    log_move(&a.lease, 0);
    Ok(())
}
