//! The pool's accounts as this program receives them, and as it hands them on.

use {
    alloc::vec::Vec,
    anchor_lang::{
        pinocchio::instruction::InstructionAccount, prelude::*, unchecked_invoke_signed_fixed, CpiContext, CpiHandle,
        Discriminator,
    },
    liquidity_pool::{
        cpi::accounts::{Deposit, Swap, Withdraw},
        instruction::SwapExactIn,
    },
};

/// What a swap needs, in the pool's order, the trader apart.
#[derive(Accounts)]
pub struct PoolSwap {
    /// The called program: without this check a caller could be made to sign for any.
    #[account(address = liquidity_pool::ID)]
    pub pool_program: UncheckedAccount,
    /// The pool.
    #[account(mut)]
    pub pool: UncheckedAccount,
    /// The pool's terms.
    pub config: UncheckedAccount,
    /// The pool's account of the input token.
    #[account(mut)]
    pub vault_in: UncheckedAccount,
    /// The pool's account of the output token.
    #[account(mut)]
    pub vault_out: UncheckedAccount,
    /// Account that pays the input.
    #[account(mut)]
    pub trader_in: UncheckedAccount,
    /// Account that receives the output.
    #[account(mut)]
    pub trader_out: UncheckedAccount,
    /// Mint of the input.
    pub mint_in: UncheckedAccount,
    /// Mint of the output.
    pub mint_out: UncheckedAccount,
    /// Token program of the input.
    pub token_program: UncheckedAccount,
}

impl PoolSwap {
    /// The call of a swap. `extra`: what follows the listed accounts; `seeds`: the derived address that signs, if one does.
    pub(crate) fn call<'a>(
        &'a mut self,
        trader: CpiHandle<'a>,
        extra: &'a mut [AccountView],
        seeds: &'a [&'a [&'a [u8]]],
    ) -> CpiContext<'a, Swap<'a>> {
        let accounts = Swap {
            trader,
            pool: self.pool.cpi_handle_mut(),
            config: self.config.cpi_handle(),
            vault_in: self.vault_in.cpi_handle_mut(),
            vault_out: self.vault_out.cpi_handle_mut(),
            trader_in: self.trader_in.cpi_handle_mut(),
            trader_out: self.trader_out.cpi_handle_mut(),
            mint_in: self.mint_in.cpi_handle(),
            mint_out: self.mint_out.cpi_handle(),
            token_program: self.token_program.cpi_handle(),
        };
        CpiContext::new_with_signer(self.pool_program.address(), accounts, seeds)
            .with_remaining_accounts(handles(extra))
    }

    /// The same call from the stack. Fails as the pool fails; there is nothing to return.
    pub(crate) fn call_lean(&mut self, trader: CpiHandle, input_atoms: u64, min_output_atoms: u64, deadline_ts: i64) {
        let mut data = [0; 25];
        let (discriminator, arguments) = data.split_at_mut(1);
        discriminator.copy_from_slice(SwapExactIn::DISCRIMINATOR);
        for (argument, value) in arguments.chunks_exact_mut(8).zip([
            input_atoms.to_le_bytes(),
            min_output_atoms.to_le_bytes(),
            deadline_ts.to_le_bytes(),
        ]) {
            argument.copy_from_slice(&value);
        }
        let handles = [
            trader,
            self.pool.cpi_handle_mut().into(),
            self.config.cpi_handle(),
            self.vault_in.cpi_handle_mut().into(),
            self.vault_out.cpi_handle_mut().into(),
            self.trader_in.cpi_handle_mut().into(),
            self.trader_out.cpi_handle_mut().into(),
            self.mint_in.cpi_handle(),
            self.mint_out.cpi_handle(),
            self.token_program.cpi_handle(),
        ];
        let metas =
            handles.map(|handle| InstructionAccount::new(handle.address(), handle.is_writable(), handle.is_signer()));
        unchecked_invoke_signed_fixed(self.pool_program.address(), &data, &metas, &handles, &[]);
    }
}

/// What a deposit and a withdrawal need, in the pool's order, the provider apart. A withdrawal leaves the config away.
#[derive(Accounts)]
pub struct PoolShares {
    /// The called program.
    #[account(address = liquidity_pool::ID)]
    pub pool_program: UncheckedAccount,
    /// The pool.
    #[account(mut)]
    pub pool: UncheckedAccount,
    /// The pool's terms.
    pub config: UncheckedAccount,
    /// Mint of the pool's shares.
    #[account(mut)]
    pub lp_mint: UncheckedAccount,
    /// The pool's account of token A.
    #[account(mut)]
    pub vault_a: UncheckedAccount,
    /// The pool's account of token B.
    #[account(mut)]
    pub vault_b: UncheckedAccount,
    /// The provider's account of token A.
    #[account(mut)]
    pub provider_a: UncheckedAccount,
    /// The provider's account of token B.
    #[account(mut)]
    pub provider_b: UncheckedAccount,
    /// The provider's account of shares.
    #[account(mut)]
    pub provider_lp: UncheckedAccount,
    /// Mint of token A.
    pub mint_a: UncheckedAccount,
    /// Mint of token B.
    pub mint_b: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    pub token_program: UncheckedAccount,
}

impl PoolShares {
    /// The call of a deposit.
    pub(crate) fn deposit<'a>(
        &'a mut self,
        provider: CpiHandle<'a>,
        extra: &'a mut [AccountView],
        seeds: &'a [&'a [&'a [u8]]],
    ) -> CpiContext<'a, Deposit<'a>> {
        let accounts = Deposit {
            provider,
            pool: self.pool.cpi_handle_mut(),
            config: self.config.cpi_handle(),
            lp_mint: self.lp_mint.cpi_handle_mut(),
            vault_a: self.vault_a.cpi_handle_mut(),
            vault_b: self.vault_b.cpi_handle_mut(),
            provider_a: self.provider_a.cpi_handle_mut(),
            provider_b: self.provider_b.cpi_handle_mut(),
            provider_lp: self.provider_lp.cpi_handle_mut(),
            mint_a: self.mint_a.cpi_handle(),
            mint_b: self.mint_b.cpi_handle(),
            token_program: self.token_program.cpi_handle(),
        };
        CpiContext::new_with_signer(self.pool_program.address(), accounts, seeds)
            .with_remaining_accounts(handles(extra))
    }

    /// The call of a withdrawal.
    pub(crate) fn withdraw<'a>(
        &'a mut self,
        provider: CpiHandle<'a>,
        extra: &'a mut [AccountView],
        seeds: &'a [&'a [&'a [u8]]],
    ) -> CpiContext<'a, Withdraw<'a>> {
        let accounts = Withdraw {
            provider,
            pool: self.pool.cpi_handle_mut(),
            lp_mint: self.lp_mint.cpi_handle_mut(),
            vault_a: self.vault_a.cpi_handle_mut(),
            vault_b: self.vault_b.cpi_handle_mut(),
            provider_a: self.provider_a.cpi_handle_mut(),
            provider_b: self.provider_b.cpi_handle_mut(),
            provider_lp: self.provider_lp.cpi_handle_mut(),
            mint_a: self.mint_a.cpi_handle(),
            mint_b: self.mint_b.cpi_handle(),
            token_program: self.token_program.cpi_handle(),
        };
        CpiContext::new_with_signer(self.pool_program.address(), accounts, seeds)
            .with_remaining_accounts(handles(extra))
    }
}

/// Accounts to hand on, each as writable and signing as it came.
pub(crate) fn handles(passed: &mut [AccountView]) -> Vec<CpiHandle<'_>> {
    passed
        .iter_mut()
        .map(|account| match account.is_writable() {
            true => CpiHandle::writable(account),
            false => CpiHandle::readonly(account),
        })
        .collect()
}
