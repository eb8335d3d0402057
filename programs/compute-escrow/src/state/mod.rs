//! One account per file: layout, `validate_*`, `apply`, `invariant()`.

pub mod attestation;
pub mod bid;
pub mod challenge;
pub mod config;
pub mod contribution;
pub mod dispute;
pub mod gang;
pub mod job;
pub mod job_terms;
pub mod jury;
pub mod lease;
pub mod lease_terms;
pub mod own;
pub mod payout;
pub mod person_link;
pub mod provider;
pub mod realm;
pub mod slot;

pub use attestation::*;
pub use bid::*;
pub use challenge::*;
pub use config::*;
pub use contribution::*;
pub use dispute::*;
pub use gang::*;
pub use job::*;
pub use job_terms::*;
pub use jury::*;
pub use lease::*;
pub use lease_terms::*;
pub use own::*;
pub use payout::*;
pub use person_link::*;
pub use provider::*;
pub use realm::*;
pub use slot::*;

use {
    crate::{
        errors::{EscrowError, Fault},
        math::deadline::Moment,
    },
    anchor_lang::{bytemuck::Pod, prelude::*, Address},
    commonweal_interface::token::TokenState,
    pinocchio::sysvars::{clock::Clock, Sysvar},
};

/// The address that stands for "none".
pub const NO_ADDRESS: Address = Address::new_from_array([0; 32]);

/// Whether `address` is the one that stands for "none".
#[inline(never)]
pub fn is_none(address: &Address) -> bool {
    crate::state::same(address, &NO_ADDRESS)
}

/// The cluster's clock now.
#[inline(never)]
pub fn now() -> Step<Moment> {
    let clock = Clock::get()?;
    Ok(Moment {
        ts: clock.unix_timestamp,
        slot: clock.slot,
    })
}

/// What this program's own functions return: the error is one word in a register, where the framework's goes through memory.
pub type Step<T = ()> = core::result::Result<T, Fault>;

/// Unwraps the result of checked arithmetic.
#[inline(always)]
pub fn checked<T>(value: Option<T>) -> Step<T> {
    value.ok_or(EscrowError::MathOverflow.into())
}

/// That something holds.
#[inline(always)]
pub fn require_step(holds: bool, error: EscrowError) -> Step {
    if holds {
        Ok(())
    } else {
        Err(error.into())
    }
}

/// The state of an account that this instruction has just created with exactly its size: discriminator written, all zero.
#[inline(always)]
pub fn new_state<T: Pod + Discriminator>(account: &mut AccountView) -> Step<&mut T> {
    // SAFETY: the account was created in this instruction; no other reference into its data exists while this one lives.
    let data = unsafe { account.borrow_unchecked_mut() };
    let (head, body) = data
        .split_at_mut_checked(T::DISCRIMINATOR.len())
        .ok_or(ProgramError::AccountDataTooSmall)?;
    head.copy_from_slice(T::DISCRIMINATOR);
    anchor_lang::bytemuck::try_from_bytes_mut(body).map_err(|_| ProgramError::InvalidAccountData.into())
}

/// Reads a token account of either token program.
#[inline(never)]
pub fn read_token_account(account: &AccountView) -> Option<TokenState> {
    // SAFETY: the bytes are copied out before anything else can run.
    let data = unsafe { account.borrow_unchecked() };
    TokenState::read(account.owner(), data).ok()
}

/// That the mint is the one stored and that `token_program` is its owner.
#[inline(never)]
pub fn require_token_program(mint: &AccountView, token_program: &AccountView) -> Step {
    require!(mint.owned_by(token_program.address()), EscrowError::WrongTokenProgram);
    Ok(())
}
