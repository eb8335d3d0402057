//! Constant-product liquidity pool that no admin can trap
#![cfg_attr(not(feature = "idl-build"), no_std)]

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

use anchor_lang::prelude::*;

declare_id!("PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE");

#[program]
pub mod liquidity_pool {
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
