//! `deposit_one_side`.

use {
    crate::{
        calls,
        errors::PoolError,
        events::{log, Deposited, Swapped},
        instructions::{clock_before, require_trailing_program, Deposit},
        state::{
            mint,
            pool_now::{OneSide, OneSideDone},
            Side,
        },
    },
    anchor_lang::{prelude::*, TryAccounts},
    commonweal_interface::ids,
};

/// Specification:
/// - the deadline has not passed; neither depositing nor swapping is paused
/// - of the token of `side` (0 A, 1 B) `swap_atoms` of what arrives are sold as `swap_exact_in` sells them: all its fees, the
///   oracle, volatility and vesting; what they buy stays in the vault
/// - that and as much more of the token as the proportion needs is deposited for ⌊bought·S_eff / R⌋ shares; the dust is the
///   other providers' (P3), so that depositing and withdrawing is never a cheaper swap
/// - one transfer: at most `max_total_atoms` leave the provider, the mint's transfer fee included; at least `min_lp_atoms` are
///   minted; the provider's account of the other token is not touched
pub fn handle_deposit_one_side(
    ctx: &mut Context<Deposit>,
    side: u8,
    swap_atoms: u64,
    max_total_atoms: u64,
    min_lp_atoms: u64,
    deadline_ts: i64,
) -> Result<()> {
    let clock = clock_before(deadline_ts)?;
    if ctx.accounts.pool.uses_token_2022() {
        require_trailing_program(Deposit::HEADER_SIZE, &ids::TOKEN_2022)?;
    }
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    accounts.config.validate_one_side()?;
    let input = Side::of_number(side)?;
    let (mint, vault, from) = match input {
        Side::A => (&accounts.mint_a, &accounts.vault_a, &accounts.provider_a),
        Side::B => (&accounts.mint_b, &accounts.vault_b, &accounts.provider_b),
    };
    let wanted = OneSide {
        input,
        sold_atoms: swap_atoms,
        minted_atoms: mint::supply_atoms(accounts.lp_mint.account())?,
        transfer_fee: accounts.pool.transfer_fee(input, mint.account(), clock.epoch)?,
    };
    let done = accounts.pool.provide_one_side(&accounts.config, &clock, &wanted)?;
    require!(
        done.beside.input.sent_atoms <= max_total_atoms && done.beside.lp_atoms >= min_lp_atoms,
        PoolError::SlippageExceeded
    );

    calls::Transfer {
        side: input,
        mint: mint.account(),
        from: from.account(),
        to: vault.account(),
        leg: done.beside.input,
    }
    .pull(&accounts.pool, accounts.provider.account())?;
    calls::mint_shares(
        &accounts.pool,
        accounts.lp_mint.account(),
        accounts.provider_lp.account(),
        done.beside.lp_atoms,
    )?;
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    accounts.announce_one_side(input, &done)
}

impl Deposit {
    /// The swap, as if its legs had moved, then the deposit of the rest.
    #[inline(always)]
    fn announce_one_side(&self, input: Side, done: &OneSideDone) -> Result<()> {
        let (pool, swap) = (&self.pool, &done.swap);
        let of_sides = |of_input: u64, of_other: u64| match input {
            Side::A => (of_input, of_other),
            Side::B => (of_other, of_input),
        };
        let sequence = pool.sequence.get();
        let (swapped_a, swapped_b) = of_sides(swap.reserve_in_after_atoms, swap.reserve_out_after_atoms);
        log(Swapped {
            pool: *pool.address(),
            trader: *self.provider.address(),
            sequence: sequence.checked_sub(1).ok_or(PoolError::Overflow)?,
            input_sent_atoms: swap.input.sent_atoms,
            input_received_atoms: swap.input.received_atoms,
            output_sent_atoms: swap.output.sent_atoms,
            output_received_atoms: swap.output.received_atoms,
            lp_fee_atoms: swap.lp_fee_atoms,
            protocol_fee_atoms: swap.protocol_fee_atoms,
            reserve_a_atoms: swapped_a,
            reserve_b_atoms: swapped_b,
            vesting_shares: pool.vesting_shares.get(),
            dynamic_fee_ppm: done.rates.dynamic_ppm,
            launch_fee_ppm: done.rates.launch_ppm,
            is_a_to_b: u8::from(input == Side::A),
            reserved: [0; 7],
        });
        let beside = done
            .beside
            .input
            .sent_atoms
            .checked_sub(swap.input.sent_atoms)
            .ok_or(PoolError::Overflow)?;
        let (sent_a_atoms, sent_b_atoms) = of_sides(beside, swap.output.received_atoms);
        log(Deposited {
            pool: *pool.address(),
            provider: *self.provider.address(),
            sequence,
            lp_atoms: done.beside.lp_atoms,
            sent_a_atoms,
            sent_b_atoms,
            reserve_a_atoms: pool.reserve_a_atoms.get(),
            reserve_b_atoms: pool.reserve_b_atoms.get(),
            lp_supply_atoms: pool.lp_supply_atoms.get(),
        });
        Ok(())
    }
}
