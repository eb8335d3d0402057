//! Escrow of GPU jobs: one vault per job, an exit from every state
#![cfg_attr(not(feature = "idl-build"), no_std)]

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

use anchor_lang::prelude::*;

declare_id!("JoASPwhRUkkd7oZtZDSNk5ipoo2Rnc2HohPpPEka3f4");

#[program]
pub mod compute_escrow {
    use super::*;

    /// Placeholder while the house is built.
    #[discrim = 0]
    pub fn ping(ctx: &mut Context<Ping>, a: u64, b: u64, d: u64) -> Result<()> {
        let _ = ctx;
        commonweal_interface::math::mul_div_floor(a, b, d).ok_or(ProgramError::ArithmeticOverflow)?;
        Ok(())
    }
}

/// Nothing but a signer.
#[derive(Accounts)]
pub struct Ping {
    /// Whoever calls.
    #[account(mut)]
    pub caller: Signer,
}
