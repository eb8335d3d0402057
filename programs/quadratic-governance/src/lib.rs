//! Quadratic governance by verified persons, owner of parameters and treasury
#![cfg_attr(not(feature = "idl-build"), no_std)]

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

use anchor_lang::prelude::*;

declare_id!("GoESLczUu9cu54pSsMQiSiCYn5tAgXTBgr6tCmFHkMTQ");

#[program]
pub mod quadratic_governance {
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
