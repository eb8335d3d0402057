//! `quote`.

use {
    crate::{
        constants::LAYOUT_VERSION,
        errors::PoolError,
        instructions::clock_before,
        math::{
            fee::FeeRates,
            shares::{self, ShareSummary},
            swap::{Exact, SwapSummary},
            Leg,
        },
        state::{
            mint,
            own::same,
            pool_now::{OneSide, Trade},
            Own, Pool, PoolConfig, Side,
        },
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::policy::TransferFee,
    pinocchio::cpi::set_return_data,
};

/// Accounts of `quote`. Nothing is written.
#[derive(Accounts)]
pub struct GetQuote {
    /// The pool.
    pub pool: Own<Pool>,
    /// The pool's terms.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// Mint of token A.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_a @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_a.address(), &pool.mint_a) @ PoolError::MintMismatch))]
    pub mint_a: UncheckedAccount,
    /// Mint of token B.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_b @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_b.address(), &pool.mint_b) @ PoolError::MintMismatch))]
    pub mint_b: UncheckedAccount,
    /// Mint of the pool's shares.
    #[cfg_attr(feature = "idl-build", account(address = pool.lp_mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(lp_mint.address(), &pool.lp_mint) @ ErrorCode::ConstraintAddress))]
    pub lp_mint: UncheckedAccount,
}

/// What an instruction would do now; the return data of `quote`, fields in order, little-endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Quote {
    /// Atoms of token A debited: from the caller where it comes in, from the vault where it goes out.
    pub sent_a_atoms: u64,
    /// Atoms of token A credited, after the mint's transfer fee.
    pub received_a_atoms: u64,
    /// Atoms of token B debited.
    pub sent_b_atoms: u64,
    /// Atoms of token B credited, after the mint's transfer fee.
    pub received_b_atoms: u64,
    /// Shares minted or burned; 0 of a swap.
    pub lp_atoms: u64,
    /// Part of the swap's fee kept for the providers; 0 where nothing is swapped.
    pub lp_fee_atoms: u64,
    /// Part of the swap's fee owed to the treasury, the launch fee included.
    pub protocol_fee_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_after_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_after_atoms: u64,
    /// Shares in existence afterwards.
    pub lp_supply_after_atoms: u64,
    /// Unix time of the quote: fees that decay are those of this second.
    pub quoted_ts: i64,
    /// Slot of the quote: fees have vested up to it.
    pub quoted_slot: u64,
    /// Base part of the swap's fee, in ppm.
    pub base_fee_ppm: u32,
    /// Part of the swap's fee for volatility, in ppm.
    pub dynamic_fee_ppm: u32,
    /// Part of the swap's fee for a new pool, in ppm.
    pub launch_fee_ppm: u32,
    /// Mode of the quote.
    pub mode: u8,
    /// Token that comes in: 0 A, 1 B.
    pub side: u8,
    /// Zero.
    pub reserved: [u8; 2],
}

/// Part of the interface: return data is these bytes.
const _: () = assert!(core::mem::size_of::<Quote>() == 112);

const SWAP_EXACT_IN: u8 = 0;
const SWAP_EXACT_OUT: u8 = 1;
const DEPOSIT: u8 = 2;
const WITHDRAW: u8 = 3;
const DEPOSIT_ONE_SIDE: u8 = 4;

/// Specification:
/// - `mode` is 0 swap_exact_in, 1 swap_exact_out, 2 deposit, 3 withdraw, 4 deposit_one_side; `side` is the token that comes in
///   (0 A, 1 B; without meaning to 2 and 3); `amount_atoms` is the instruction's first amount
/// - the answer is what that instruction, without bounds, would do in the same slot, to the atom: both make the change with
///   the same functions, this one on a copy
/// - what the instruction would refuse is refused with its code, a pause included; a loan that is out is not
/// - what a withdrawal delivers is computed from the mints' extensions, while the instruction measures it
pub fn handle_quote(ctx: &mut Context<GetQuote>, mode: u8, side: u8, amount_atoms: u64) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &ctx.accounts;
    let (pool, config) = (&accounts.pool, &accounts.config);
    require!(pool.version == LAYOUT_VERSION, PoolError::LayoutVersionMismatch);
    let input = Side::of_number(side)?;
    match mode {
        SWAP_EXACT_IN | SWAP_EXACT_OUT => config.validate_swap()?,
        DEPOSIT => config.validate_deposit()?,
        WITHDRAW => {}
        DEPOSIT_ONE_SIDE => config.validate_one_side()?,
        _ => return Err(PoolError::UnknownQuote.into()),
    }
    let wanted = Wanted {
        mode,
        input,
        amount_atoms,
        minted_atoms: mint::supply_atoms(accounts.lp_mint.account())?,
        transfer_fees: [
            pool.transfer_fee(Side::A, accounts.mint_a.account(), clock.epoch)?,
            pool.transfer_fee(Side::B, accounts.mint_b.account(), clock.epoch)?,
        ],
    };
    let mut quote = Quote {
        quoted_ts: clock.unix_timestamp,
        quoted_slot: clock.slot,
        mode,
        side,
        ..Quote::default()
    };
    wanted.quote(pool, config, &clock, &mut quote)?;
    set_return_data(bytemuck::bytes_of(&quote));
    Ok(())
}

/// What is asked.
struct Wanted {
    mode: u8,
    input: Side,
    amount_atoms: u64,
    minted_atoms: u64,
    /// Of mints A and B.
    transfer_fees: [TransferFee; 2],
}

impl Wanted {
    // a frame of its own: the copy is more than half of one
    #[inline(never)]
    fn quote(&self, pool: &Pool, config: &PoolConfig, now: &Clock, quote: &mut Quote) -> Result<()> {
        let mut pool = *pool;
        let [fee_a, fee_b] = self.transfer_fees;
        let (fee_in, fee_out) = match self.input {
            Side::A => (fee_a, fee_b),
            Side::B => (fee_b, fee_a),
        };
        match self.mode {
            DEPOSIT | WITHDRAW => {
                pool.accrue_shares(now, self.minted_atoms)?;
                let terms = pool.share_terms(self.minted_atoms, self.transfer_fees);
                let summary = match self.mode {
                    DEPOSIT => shares::deposit(&terms, self.amount_atoms)?,
                    _ => shares::withdraw(&terms, self.amount_atoms)?,
                };
                quote.write_shares(&summary);
                pool.apply_shares(&summary)?;
            }
            DEPOSIT_ONE_SIDE => {
                let wanted = OneSide {
                    input: self.input,
                    sold_atoms: self.amount_atoms,
                    minted_atoms: self.minted_atoms,
                    transfer_fee: fee_in,
                };
                let done = pool.provide_one_side(config, now, &wanted)?;
                quote.write_fees(&done.rates, &done.swap);
                quote.write_legs(self.input, done.beside.input, Leg::default());
                quote.lp_atoms = done.beside.lp_atoms;
            }
            _ => {
                let trade = Trade {
                    input: self.input,
                    exact: if self.mode == SWAP_EXACT_IN {
                        Exact::Input
                    } else {
                        Exact::Output
                    },
                    amount_atoms: self.amount_atoms,
                    transfer_fees: [fee_in, fee_out],
                };
                let (rates, summary) = pool.trade(config, now, &trade)?;
                quote.write_fees(&rates, &summary);
                quote.write_legs(self.input, summary.input, summary.output);
            }
        }
        quote.reserve_a_after_atoms = pool.reserve_a_atoms.get();
        quote.reserve_b_after_atoms = pool.reserve_b_atoms.get();
        quote.lp_supply_after_atoms = pool.lp_supply_atoms.get();
        Ok(())
    }
}

impl Quote {
    fn write_legs(&mut self, input: Side, of_input: Leg, of_output: Leg) {
        let (a, b) = match input {
            Side::A => (of_input, of_output),
            Side::B => (of_output, of_input),
        };
        (self.sent_a_atoms, self.received_a_atoms) = (a.sent_atoms, a.received_atoms);
        (self.sent_b_atoms, self.received_b_atoms) = (b.sent_atoms, b.received_atoms);
    }

    fn write_fees(&mut self, rates: &FeeRates, swap: &SwapSummary) {
        self.lp_fee_atoms = swap.lp_fee_atoms;
        self.protocol_fee_atoms = swap.protocol_fee_atoms;
        self.base_fee_ppm = rates.base_ppm;
        self.dynamic_fee_ppm = rates.dynamic_ppm;
        self.launch_fee_ppm = rates.launch_ppm;
    }

    fn write_shares(&mut self, summary: &ShareSummary) {
        self.write_legs(Side::A, summary.a, summary.b);
        self.lp_atoms = summary.lp_atoms;
    }
}
