//! What `swap_exact_in` and `swap_exact_out` share: the accounts, the checks, the execution.

use {
    crate::{
        calls,
        constants::RISK_TRANSFER_FEE,
        errors::PoolError,
        events::{log, Swapped},
        instructions::{clock_before_inlined, require_trailing_program},
        math::{
            fee::FeeRates,
            swap::{Exact, SwapSummary},
        },
        state::{pool_now::Trade, Pool, PoolConfig, Side},
    },
    anchor_lang::{prelude::*, TryAccounts},
    commonweal_interface::policy::TransferFee,
};

/// Accounts of a swap; the order of mints and vaults says the direction.
///
/// When the mints belong to different token programs, the output's program follows as one more account.
#[derive(Accounts)]
pub struct Swap {
    /// Owns (or is delegate of) the account the input comes from.
    pub trader: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's terms.
    #[account(address = pool.config)]
    pub config: Account<PoolConfig>,
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

/// A swap of exactly `amount_atoms` on one side and at best `bound_atoms` on the other. One body for both instructions.
#[inline(never)]
pub(crate) fn swap(
    accounts: &mut Swap,
    exact: Exact,
    amount_atoms: u64,
    bound_atoms: u64,
    deadline_ts: i64,
) -> Result<()> {
    let clock = clock_before_inlined(deadline_ts)?;
    let trade = prepare(accounts, exact, amount_atoms, clock.epoch)?;
    let (rates, summary) = accounts.pool.trade(&accounts.config, &clock, &trade)?;
    let is_within = match exact {
        Exact::Input => summary.output.received_atoms >= bound_atoms,
        Exact::Output => summary.input.sent_atoms <= bound_atoms,
    };
    require!(is_within, PoolError::SlippageExceeded);
    accounts.execute(trade.input, &rates, &summary)
}

/// Checks a swap's accounts and state; returns what is wanted.
#[inline(always)]
fn prepare(accounts: &Swap, exact: Exact, amount_atoms: u64, epoch: u64) -> Result<Trade> {
    let pool = &accounts.pool;
    pool.validate_version()?;
    accounts.config.validate_swap()?;
    let input = pool.side_of_mint(accounts.mint_in.address())?;
    let output = input.other();
    require!(
        anchor_lang::address_eq(accounts.mint_out.address(), pool.mint(output)),
        PoolError::MintMismatch
    );
    require!(
        anchor_lang::address_eq(accounts.vault_in.address(), pool.vault(input))
            && anchor_lang::address_eq(accounts.vault_out.address(), pool.vault(output)),
        PoolError::VaultMismatch
    );
    // a mint's owner never changes
    require!(
        accounts.mint_in.account().owned_by(accounts.token_program.address()),
        PoolError::TokenProgramMismatch
    );
    let mut transfer_fees = [TransferFee::default(); 2];
    if (pool.risk_flags_a.get() | pool.risk_flags_b.get()) & RISK_TRANSFER_FEE != 0 {
        transfer_fees = accounts.transfer_fees(input, epoch)?;
    }
    if pool.token_2022_a != pool.token_2022_b {
        require_trailing_program(Swap::HEADER_SIZE, pool.token_program(output))?;
    }
    Ok(Trade {
        input,
        exact,
        amount_atoms,
        transfer_fees,
    })
}

impl Swap {
    /// Transfer fees of the input's and the output's mint.
    #[inline(never)]
    fn transfer_fees(&self, input: Side, epoch: u64) -> Result<[TransferFee; 2]> {
        Ok([
            self.pool.transfer_fee(input, self.mint_in.account(), epoch)?,
            self.pool.transfer_fee(input.other(), self.mint_out.account(), epoch)?,
        ])
    }

    /// Moves the tokens of a trade that the pool has made; then invariant and event.
    #[inline(always)]
    fn execute(&self, input: Side, rates: &FeeRates, summary: &SwapSummary) -> Result<()> {
        calls::Transfer {
            side: input,
            mint: self.mint_in.account(),
            from: self.trader_in.account(),
            to: self.vault_in.account(),
            leg: summary.input,
        }
        .pull_inlined(&self.pool, self.trader.account())?;
        calls::Transfer {
            side: input.other(),
            mint: self.mint_out.account(),
            from: self.vault_out.account(),
            to: self.trader_out.account(),
            leg: summary.output,
        }
        .push_inlined(&self.pool)?;
        let (held_in, held_out) = (
            calls::vault_atoms(self.vault_in.account())?,
            calls::vault_atoms(self.vault_out.account())?,
        );
        match input {
            Side::A => self.pool.invariant(held_in, held_out)?,
            Side::B => self.pool.invariant(held_out, held_in)?,
        }
        log(Swapped {
            pool: *self.pool.address(),
            trader: *self.trader.address(),
            sequence: self.pool.sequence.get(),
            input_sent_atoms: summary.input.sent_atoms,
            input_received_atoms: summary.input.received_atoms,
            output_sent_atoms: summary.output.sent_atoms,
            output_received_atoms: summary.output.received_atoms,
            lp_fee_atoms: summary.lp_fee_atoms,
            protocol_fee_atoms: summary.protocol_fee_atoms,
            reserve_a_atoms: self.pool.reserve_a_atoms.get(),
            reserve_b_atoms: self.pool.reserve_b_atoms.get(),
            vesting_shares: self.pool.vesting_shares.get(),
            dynamic_fee_ppm: rates.dynamic_ppm,
            launch_fee_ppm: rates.launch_ppm,
            is_a_to_b: u8::from(input == Side::A),
            reserved: [0; 7],
        });
        Ok(())
    }
}
