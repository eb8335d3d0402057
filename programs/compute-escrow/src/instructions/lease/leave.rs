//! `close_lease`, `crank_lease`: how leases end.

use {
    super::{check_lease, log_move},
    crate::{
        calls::{close_state, lease_vault, pay_lamports},
        errors::EscrowError,
        events::{log, LeaseEnded},
        instructions::{
            any_frozen,
            checks::{check_slot, check_worker},
        },
        math::{deadline::Moment, price::split_price_floor, slash::slash_for_not_starting},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `close_lease` and `crank_lease`.
#[derive(Accounts)]
pub struct LeaveLease {
    /// The client, or the provider's authority or session key, to close; whoever cranks, who earns the bounty.
    #[account(mut, unsafe(dup))]
    pub signer: Signer,
    /// The lease.
    #[account(mut)]
    pub lease: Own<Lease>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The client; gets the compensation when the provider leaves without notice.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = lease.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &lease.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// Gets rent and the rest of the crank reserve back when the lease ends.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = lease.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &lease.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// Where the refund goes: a token account of the client; any of the mint where the client signs.
    #[account(mut)]
    pub client_token: UncheckedAccount,
    /// The provider, when its side closes; left out otherwise.
    pub provider: Option<Own<Provider>>,
    /// The lease's slot; left out while there is none.
    #[account(mut)]
    pub slot: Option<Own<Slot>>,
    /// The lease's gang; left out where there is none.
    #[account(mut)]
    pub gang: Option<Own<Gang>>,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = lease.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &lease.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// The lease's slot.
#[inline(never)]
fn tenant<'a>(slot: &'a mut Option<Own<Slot>>, lease: &Lease) -> Step<&'a mut Own<Slot>> {
    let slot = slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    require_step(same(slot.address(), &lease.slot), EscrowError::NotTheAssignedSlot)?;
    Ok(slot)
}

impl LeaveLease {
    /// Frees the slot for other work if it still is at this lease.
    #[inline(never)]
    fn free_slot(&mut self) -> Step {
        let slot = tenant(&mut self.slot, &self.lease)?;
        if same(&slot.current_job, self.lease.address()) {
            slot.leave_job();
        }
        Ok(())
    }

    /// Enters a state that is not the end.
    #[inline(never)]
    fn step(&mut self, state: LeaseState, now: Moment, bounty: u64) -> Step {
        if state == LeaseState::Settling {
            self.free_slot()?;
        }
        self.lease.enter(state, now);
        log_move(&self.lease, bounty);
        check_lease(&self.lease, self.vault.account())?;
        pay_lamports(self.lease.account(), self.signer.account(), bounty)
    }

    /// Lets slot and gang go, with a receipt of all that was paid; `compensation` is taken from the bond.
    #[inline(never)]
    fn release(&mut self, compensation: u64) -> Step {
        if self.lease.has_slot() {
            self.free_slot()?;
            let slot = tenant(&mut self.slot, &self.lease)?;
            let bond = self.lease.bond_lamports.get();
            let slash = checked(slash_for_not_starting(bond, compensation, 0))?;
            slot.apply_slash(bond, &slash)?;
            let lease = &self.lease;
            let paid = checked(split_price_floor(lease.paid_atoms.get(), lease.fee_ppm.get()))?;
            slot.append(&Ending {
                uid: &lease.uid,
                spec_hash: &lease.spec_hash,
                result: &lease.usage_root,
                outcome: Outcome::LeaseEnded,
                paid,
                slashed_lamports: compensation,
                decimals: lease.decimals,
            })?;
        }
        if self.lease.is_in_gang() && !self.lease.is(LeaseState::Refundable) {
            let gang = self.gang.as_mut().ok_or(EscrowError::GangRequired)?;
            gang.validate_lease(&self.lease)?;
            gang.apply_end()?;
        }
        Ok(())
    }

    /// Ends the lease: the vault's rest goes to the client, or, if one of the two is frozen, the lease waits as `Refundable`.
    #[inline(never)]
    fn end(&mut self, now: Moment, bounty: u64, compensation: u64, by_client: bool) -> Step {
        self.release(compensation)?;
        let is_frozen = !by_client
            && any_frozen(
                &self.lease.client,
                &self.lease.mint,
                self.client_token.account(),
                self.vault.account(),
            )?;
        if is_frozen {
            require!(!self.lease.is(LeaseState::Refundable), EscrowError::ClientAccountFrozen);
            self.lease.enter(LeaseState::Refundable, now);
            log_move(&self.lease, bounty);
        } else {
            self.refund(bounty, compensation)?;
        }
        if let Some(slot) = &self.slot {
            pay_lamports(slot.account(), self.client.account(), compensation)?;
            check_slot(slot)?;
        }
        pay_lamports(self.lease.account(), self.signer.account(), bounty)?;
        if is_frozen {
            return check_lease(&self.lease, self.vault.account());
        }
        close_state(self.lease.account(), self.rent_payer.account())
    }

    #[inline(never)]
    fn refund(&mut self, bounty: u64, compensation: u64) -> Step {
        let vault = lease_vault(
            &self.lease,
            self.vault.account(),
            self.mint.account(),
            self.token_program.account(),
        )?;
        let refunded = vault.pay_all_and_close(self.lease.owed_atoms()?, self.client_token.account())?;
        log(LeaseEnded {
            uid: self.lease.uid,
            slot: self.lease.slot,
            to: *self.client_token.address(),
            refunded_atoms: refunded.into(),
            paid_atoms: self.lease.paid_atoms,
            deposit_atoms: self.lease.deposit_atoms,
            bounty_lamports: bounty.into(),
            compensation_lamports: compensation.into(),
        });
        Ok(())
    }
}

/// That the vault is the lease's and the token program the mint's.
#[inline(never)]
fn check_vault(a: &LeaveLease) -> Step {
    lease_vault(&a.lease, a.vault.account(), a.mint.account(), a.token_program.account())?;
    Ok(())
}

/// Specification:
/// - the client: an open lease (not in the slot of its posting) or a delayed refund returns at once, to any account it names; an
///   active, paused or reclaiming lease is over now, its slot free, and the last voucher may still be redeemed before the refund
/// - the provider (its account given): the lease ends at once. Without a notice whose time has passed an active lease costs it the
///   compensation; a paused or settling one costs nothing. Redeem the last voucher first
pub fn close_lease(a: &mut LeaveLease) -> Step {
    check_vault(a)?;
    let now = now()?;
    if a.provider.is_some() {
        return close_by_provider(a, now);
    }
    require!(same(a.signer.address(), &a.lease.client), ErrorCode::ConstraintAddress);
    if a.lease.is(LeaseState::Open) {
        require!(now.slot > a.lease.entered_slot.get(), EscrowError::SameSlot);
        return a.end(now, 0, 0, true);
    }
    if a.lease.is(LeaseState::Refundable) {
        return a.end(now, 0, 0, true);
    }
    let may = a.lease.is_running() || a.lease.is(LeaseState::Paused);
    require!(may, EscrowError::WrongLeaseState);
    a.step(LeaseState::Settling, now, 0)
}

#[inline(never)]
fn close_by_provider(a: &mut LeaveLease, now: Moment) -> Step {
    let provider = a.provider.as_ref().ok_or(EscrowError::NotTheProvider)?;
    let slot = tenant(&mut a.slot, &a.lease)?;
    check_worker(a.signer.address(), provider, slot)?;
    let is_kept = match a.lease.state {
        s if s == LeaseState::Active as u8 => a.lease.has_run_empty(now),
        s if s == LeaseState::Reclaiming as u8 => a.lease.has_run_empty(now) || a.lease.is_overdue(now)?,
        s if s == LeaseState::Paused as u8 || s == LeaseState::Settling as u8 => true,
        _ => return Err(EscrowError::WrongLeaseState.into()),
    };
    let compensation = if is_kept {
        0
    } else {
        a.lease.compensation_lamports.get()
    };
    a.end(now, 0, compensation, false)
}

/// Specification:
/// - a deadline of the lease has passed by clock and by slots; early it is refused
/// - open and not accepted, or joined and the gathering of its gang failed: the deposit and the rent return, the slot is free
/// - active and empty: paused. Paused too long, or the notice over: settling, the slot free
/// - settling and over: the rest goes to the client; a frozen token account, the client's or the vault, makes it `Refundable`
/// - refundable: no bounty; it only pays when neither account is frozen any more
/// - the reserve pays a bounty for the first move and one for the end; moves between are for those who want them
pub fn crank_lease(a: &mut LeaveLease) -> Step {
    check_vault(a)?;
    let now = now()?;
    let next = match a.lease.state {
        s if s == LeaseState::Joined as u8 => {
            let gang = a.gang.as_ref().ok_or(EscrowError::GangRequired)?;
            gang.validate_lease(&a.lease)?;
            require!(gang.has_failed(now)?, EscrowError::TooEarly);
            None
        }
        s if s == LeaseState::Active as u8 => {
            require!(a.lease.has_run_empty(now), EscrowError::TooEarly);
            Some(LeaseState::Paused)
        }
        s if s == LeaseState::Refundable as u8 => return a.end(now, 0, 0, false),
        s => {
            require!(a.lease.is_overdue(now)?, EscrowError::TooEarly);
            let settles = s == LeaseState::Paused as u8 || s == LeaseState::Reclaiming as u8;
            settles.then_some(LeaseState::Settling)
        }
    };
    let bounty = a.lease.take_bounty(next.is_none());
    match next {
        Some(state) => a.step(state, now, bounty),
        None => a.end(now, bounty, 0, false),
    }
}
