//! `withdraw`.

use {
    crate::{
        calls,
        constants::{LEGS_BOTH, LEG_A, LEG_B},
        errors::PoolError,
        events::{log, Withdrawn},
        instructions::{account_at, claim_deferred::defer, clock_before, require_trailing_program},
        math::{
            shares::{self, ShareSummary},
            Leg,
        },
        state::{mint, own::same, Own, Pool, Side},
    },
    anchor_lang::{prelude::*, ErrorCode, TryAccounts},
    commonweal_interface::{ids, policy::TransferFee},
};

/// Accounts of `withdraw`. The config is not among them, so no switch can stop it (P8).
///
/// When a mint belongs to Token-2022, that program follows as one more account. Then, for each leg that is not paid, A before
/// B, the writable claim `["claim", pool, provider, mint]`, and last the system program; the provider, who pays for a new claim,
/// is writable then.
#[derive(Accounts)]
pub struct Withdraw {
    /// Owns (or is delegate of) the account the shares come from.
    pub provider: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
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
    /// Account that receives token A.
    #[account(mut)]
    pub provider_a: UncheckedAccount,
    /// Account that receives token B.
    #[account(mut)]
    pub provider_b: UncheckedAccount,
    /// Account of the LP mint whose shares are burned.
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
/// - no switch, config or authority takes part; only the holder's own deadline and minima can refuse it
/// - the oracle takes in the price that has held, and fees vest up to this slot; no curve is solved for it
/// - `lp_atoms` are burned for ⌊R·s / S_eff⌋ of each token; the dust is the other providers' (P3, P4)
/// - what reaches the provider is measured, not computed from the mint's extensions: whatever becomes of a mint, its
///   holders leave as long as its tokens move; it is at least `min_a_atoms` and `min_b_atoms`
/// - a leg that rounds to nothing is not transferred; both rounding to nothing is an error
/// - a leg that is not in `legs` is not transferred but set apart for the provider's claim (created if it is missing), so that
///   a frozen vault or destination holds back one token only; its minimum counts what is set apart
pub fn handle_withdraw(
    ctx: &mut Context<Withdraw>,
    lp_atoms: u64,
    min_a_atoms: u64,
    min_b_atoms: u64,
    deadline_ts: i64,
    legs: u8,
) -> Result<()> {
    let clock = clock_before(deadline_ts)?;
    require!(legs & !LEGS_BOTH == 0, PoolError::UnknownLegs);
    let mut listed = Withdraw::HEADER_SIZE;
    if ctx.accounts.pool.uses_token_2022() {
        require_trailing_program(listed, &ids::TOKEN_2022)?;
        listed = listed.saturating_add(1);
    }
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    let supply = mint::supply_atoms(accounts.lp_mint.account())?;
    accounts.pool.accrue_shares(&clock, supply)?;
    let terms = accounts.pool.share_terms(supply, [TransferFee::default(); 2]);
    let summary = shares::withdraw(&terms, lp_atoms)?;

    accounts.pool.apply_shares(&summary)?;
    let deferred = if legs == LEGS_BOTH {
        [0, 0]
    } else {
        accounts.defer(&summary, legs, listed)?
    };
    let received = accounts.move_tokens(&summary, deferred)?;
    // of each leg one of the two is zero
    require!(
        received[0] | deferred[0] >= min_a_atoms && received[1] | deferred[1] >= min_b_atoms,
        PoolError::SlippageExceeded
    );
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    accounts.announce(&summary, received);
    Ok(())
}

impl Withdraw {
    /// Sets the legs apart that are not paid; their claims are the accounts after the `listed` ones.
    #[inline(never)]
    fn defer(&mut self, summary: &ShareSummary, legs: u8, listed: usize) -> Result<[u64; 2]> {
        let provider = self.provider.account();
        let is_a_deferred = legs & LEG_A == 0;
        let is_b_deferred = legs & LEG_B == 0;
        // both are looked for before one is in use
        let claim_b = account_at(listed.saturating_add(usize::from(is_a_deferred)));
        let claim_a = account_at(listed);
        let a_atoms = if is_a_deferred { summary.a.sent_atoms } else { 0 };
        let b_atoms = if is_b_deferred { summary.b.sent_atoms } else { 0 };
        defer(&mut self.pool, Side::A, provider, claim_a, a_atoms)?;
        defer(&mut self.pool, Side::B, provider, claim_b, b_atoms)?;
        Ok([a_atoms, b_atoms])
    }

    #[inline(always)]
    fn move_tokens(&self, summary: &ShareSummary, deferred: [u64; 2]) -> Result<[u64; 2]> {
        // what is deferred is the whole leg
        let leg = |leg: Leg, deferred: u64| if deferred == 0 { leg } else { Leg::default() };
        calls::burn_shares(
            self.lp_mint.account(),
            self.provider_lp.account(),
            self.provider.account(),
            summary.lp_atoms,
        )?;
        calls::Transfers {
            mints: [self.mint_a.account(), self.mint_b.account()],
            vaults: [self.vault_a.account(), self.vault_b.account()],
            others: [self.provider_a.account(), self.provider_b.account()],
            legs: [leg(summary.a, deferred[0]), leg(summary.b, deferred[1])],
        }
        .push(&self.pool)
    }

    #[inline(always)]
    fn announce(&self, summary: &ShareSummary, [received_a_atoms, received_b_atoms]: [u64; 2]) {
        log(Withdrawn {
            pool: *self.pool.address(),
            provider: *self.provider.address(),
            sequence: self.pool.sequence.get(),
            lp_atoms: summary.lp_atoms,
            received_a_atoms,
            received_b_atoms,
            reserve_a_atoms: summary.reserve_a_after_atoms,
            reserve_b_atoms: summary.reserve_b_after_atoms,
            lp_supply_atoms: summary.lp_supply_after_atoms,
        });
    }
}
