//! `deposit`.

use {
    crate::{
        calls,
        errors::PoolError,
        events::{log, Deposited},
        instructions::{clock_before, require_trailing_program},
        math::shares::{self, ShareSummary},
        state::{mint, own::same, Own, Pool, PoolConfig, Side},
    },
    anchor_lang::{prelude::*, ErrorCode, TryAccounts},
    commonweal_interface::ids,
};

/// Accounts of `deposit`. When a mint belongs to Token-2022, that program follows as one more account.
#[derive(Accounts)]
pub struct Deposit {
    /// Owns (or is delegate of) the accounts the tokens come from.
    pub provider: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's terms.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// Mint of the pool's shares.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.lp_mint))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(lp_mint.address(), &pool.lp_mint) @ ErrorCode::ConstraintAddress))]
    pub lp_mint: UncheckedAccount,
    /// The pool's account of token A.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_a @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_a.address(), &pool.vault_a) @ PoolError::VaultMismatch))]
    pub vault_a: UncheckedAccount,
    /// The pool's account of token B.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_b @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_b.address(), &pool.vault_b) @ PoolError::VaultMismatch))]
    pub vault_b: UncheckedAccount,
    /// Account of token A that pays.
    #[account(mut)]
    pub provider_a: UncheckedAccount,
    /// Account of token B that pays.
    #[account(mut)]
    pub provider_b: UncheckedAccount,
    /// Account of the LP mint that receives the shares.
    #[account(mut)]
    pub provider_lp: UncheckedAccount,
    /// Mint of token A.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_a @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_a.address(), &pool.mint_a) @ PoolError::MintMismatch))]
    pub mint_a: UncheckedAccount,
    /// Mint of token B.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_b @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_b.address(), &pool.mint_b) @ PoolError::MintMismatch))]
    pub mint_b: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the deadline has not passed and depositing is not paused
/// - exactly `lp_atoms` are minted, for ⌈R·s / S_eff⌉ of each token; the dust is the other providers' (P3, P4)
/// - before that the oracle takes in the price that has held, and fees vest up to this slot
/// - S_eff counts the LP mint's own supply: shares that holders burned belong to those who stay
/// - what leaves the provider, transfer fees included, is at most `max_a_atoms` and `max_b_atoms`
pub fn handle_deposit(
    ctx: &mut Context<Deposit>,
    lp_atoms: u64,
    max_a_atoms: u64,
    max_b_atoms: u64,
    deadline_ts: i64,
) -> Result<()> {
    let clock = clock_before(deadline_ts)?;
    if ctx.accounts.pool.uses_token_2022() {
        require_trailing_program(Deposit::HEADER_SIZE, &ids::TOKEN_2022)?;
    }
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    accounts.config.validate_deposit()?;
    let fees = [
        accounts
            .pool
            .transfer_fee(Side::A, accounts.mint_a.account(), clock.epoch)?,
        accounts
            .pool
            .transfer_fee(Side::B, accounts.mint_b.account(), clock.epoch)?,
    ];
    let supply = mint::supply_atoms(accounts.lp_mint.account())?;
    accounts.pool.accrue_shares(&clock, supply)?;
    let summary = shares::deposit(&accounts.pool.share_terms(supply, fees), lp_atoms)?;
    require!(
        summary.a.sent_atoms <= max_a_atoms && summary.b.sent_atoms <= max_b_atoms,
        PoolError::SlippageExceeded
    );

    accounts.pool.apply_shares(&summary)?;
    accounts.move_tokens(&summary)?;
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    accounts.announce(&summary);
    Ok(())
}

impl Deposit {
    #[inline(always)]
    fn move_tokens(&self, summary: &ShareSummary) -> Result<()> {
        calls::Transfers {
            mints: [self.mint_a.account(), self.mint_b.account()],
            vaults: [self.vault_a.account(), self.vault_b.account()],
            others: [self.provider_a.account(), self.provider_b.account()],
            legs: [summary.a, summary.b],
        }
        .pull(&self.pool, self.provider.account())?;
        calls::mint_shares(
            &self.pool,
            self.lp_mint.account(),
            self.provider_lp.account(),
            summary.lp_atoms,
        )
    }

    #[inline(always)]
    fn announce(&self, summary: &ShareSummary) {
        log(Deposited {
            pool: *self.pool.address(),
            provider: *self.provider.address(),
            sequence: self.pool.sequence.get(),
            lp_atoms: summary.lp_atoms,
            sent_a_atoms: summary.a.sent_atoms,
            sent_b_atoms: summary.b.sent_atoms,
            reserve_a_atoms: summary.reserve_a_after_atoms,
            reserve_b_atoms: summary.reserve_b_after_atoms,
            lp_supply_atoms: summary.lp_supply_after_atoms,
        });
    }
}
