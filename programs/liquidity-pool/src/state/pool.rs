//! One pair's liquidity.

use {
    crate::{
        constants::{LAYOUT_VERSION, LEGS_BOTH, LEG_A, LEG_B, POOL_SEED, RISK_TRANSFER_FEE},
        errors::PoolError,
        math::{
            shares::{ShareSummary, ShareTerms},
            swap::SwapSummary,
        },
        state::{mint, PoolConfig},
    },
    anchor_lang::prelude::*,
    commonweal_interface::{ids, policy::TransferFee},
};

/// One of a pool's two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The token of the smaller mint address.
    A,
    /// The other.
    B,
}

impl Side {
    /// Of an instruction's argument: 0 for token A, 1 for token B.
    pub fn of_number(number: u8) -> Result<Self> {
        match number {
            0 => Ok(Self::A),
            1 => Ok(Self::B),
            _ => Err(PoolError::UnknownQuote.into()),
        }
    }

    /// The other token.
    #[inline(always)]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// One entry of the oracle's ring.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct Observation {
    /// Unix time of the entry.
    pub ts: PodU32,
    /// Σ price · seconds up to it, Q64.64, wrapping.
    pub price_seconds: PodU128,
    /// The same of the capped price.
    pub capped_price_seconds: PodU128,
}

/// Liquidity of one pair under one config. Address: `["pool", config, mint_a, mint_b, creator, index]`.
///
/// No pool of a pair is canonical: creator and index are in the address, so nobody can occupy another's. The pool's address
/// owns both vaults and is the authority of the LP mint; only this program signs for it.
///
/// * P1: vault + flash_owed ≥ reserve + protocol_owed + deferred, for each token, after every instruction.
/// * P2: x·y never falls by a swap, net of fees, and one atom more out would break it.
/// * P3: √(x·y) / S_eff never falls, where S_eff = LP supply + 1000 + vesting shares.
/// * P7: `protocol_owed` leaves only to the config's treasury.
/// * P8: nothing pauses a withdrawal or the treasury's collection.
#[account]
pub struct Pool {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of vault A's address.
    pub vault_a_bump: u8,
    /// Bump of vault B's address.
    pub vault_b_bump: u8,
    /// Bump of the LP mint's address.
    pub lp_mint_bump: u8,
    /// Curve, copied from the config: 0 constant product.
    pub curve: u8,
    /// Decimal places of mint A.
    pub decimals_a: u8,
    /// Decimal places of mint B.
    pub decimals_b: u8,
    /// 1 when mint A belongs to Token-2022, 0 when to SPL Token.
    pub token_2022_a: u8,
    /// 1 when mint B belongs to Token-2022, 0 when to SPL Token.
    pub token_2022_b: u8,
    /// Number in this account's address, chosen by the creator.
    pub index: PodU16,
    /// What mint A's authorities can do to holders, as of `risk_checked_ts` (see `RISK_…`).
    pub risk_flags_a: PodU16,
    /// What mint B's authorities can do to holders, as of `risk_checked_ts`.
    pub risk_flags_b: PodU16,
    /// Terms of this pool. Fixed.
    pub config: Address,
    /// The mint with the smaller address. Fixed.
    pub mint_a: Address,
    /// The other mint. Fixed.
    pub mint_b: Address,
    /// Who created the pool; has no power over it.
    pub creator: Address,
    /// Token account of mint A owned by this pool. Fixed.
    pub vault_a: Address,
    /// Token account of mint B owned by this pool. Fixed.
    pub vault_b: Address,
    /// Mint of the pool's shares, without freeze authority. Fixed.
    pub lp_mint: Address,
    /// The providers' atoms of token A. Donations to the vault are not in it.
    pub reserve_a_atoms: PodU64,
    /// The providers' atoms of token B.
    pub reserve_b_atoms: PodU64,
    /// Atoms of token A owed to the treasury.
    pub protocol_owed_a_atoms: PodU64,
    /// Atoms of token B owed to the treasury.
    pub protocol_owed_b_atoms: PodU64,
    /// Atoms of token A set apart for claims of withdrawals that could not be paid.
    pub deferred_a_atoms: PodU64,
    /// Atoms of token B set apart for such claims.
    pub deferred_b_atoms: PodU64,
    /// Atoms of token A lent within this transaction.
    pub flash_owed_a_atoms: PodU64,
    /// Atoms of token B lent within this transaction.
    pub flash_owed_b_atoms: PodU64,
    /// LP atoms in existence at the last deposit or withdrawal. Holders may burn; the mint has the truth.
    pub lp_supply_atoms: PodU64,
    /// LP atoms locked until a time.
    pub lp_locked_atoms: PodU64,
    /// LP atoms locked for ever.
    pub lp_locked_forever_atoms: PodU64,
    /// Virtual shares that hold back fees not yet vested.
    pub vesting_shares: PodU64,
    /// Slot up to which `vesting_shares` has decayed.
    pub vesting_slot: PodU64,
    /// Slots until the rest has vested.
    pub vesting_remaining_slots: PodU32,
    /// Volatility carried from the last reference, in ppm.
    pub volatility_ppm: PodU32,
    /// Price the volatility is measured from, Q64.64 of B per A.
    pub volatility_price_q64: PodU128,
    /// Unix time of that price.
    pub volatility_ts: PodI64,
    /// Cached invariant D of a stable curve.
    pub stable_invariant: PodU128,
    /// Unix time of creation.
    pub created_ts: PodI64,
    /// Slot of creation.
    pub created_slot: PodU64,
    /// Unix time at which the risk flags were read.
    pub risk_checked_ts: PodI64,
    /// State changes so far: events of one pool are gapless by it.
    pub sequence: PodU64,
    /// Unix time up to which the oracle has accumulated.
    pub oracle_ts: PodI64,
    /// Σ price · seconds, Q64.64, wrapping.
    pub price_seconds: PodU128,
    /// The same of the capped price.
    pub capped_price_seconds: PodU128,
    /// The capped price, Q64.64 of B per A.
    pub capped_price_q64: PodU128,
    /// The price that was last taken in; on a stable curve also kept while reserves move in proportion.
    pub last_price_q64: PodU128,
    /// Entry of the ring written next.
    pub observation_next: PodU16,
    /// Entries of the ring that are written.
    pub observation_count: PodU16,
    /// Most the capped price follows the price each minute, in ppm; copied from the config. Fixed.
    pub oracle_step_ppm: PodU32,
    /// Fee added at creation, decaying to nothing, in ppm; copied from the config. Fixed.
    pub launch_fee_ppm: PodU32,
    /// Seconds in which that fee decays; copied from the config. Fixed.
    pub launch_seconds: PodU32,
    /// Amplification at which `stable_invariant` was solved; 0 while it must be solved again.
    pub stable_amplification: PodU32,
    /// Locks of this pool that exist.
    pub lock_count: PodU32,
    /// Zero.
    pub reserved: [u8; 48],
    /// The oracle's ring.
    pub observations: [Observation; 48],
}

/// Bytes of a `Pool` account.
pub const POOL_SPACE: usize = 8 + core::mem::size_of::<Pool>();

/// What fixes a new pool's identity.
pub struct PoolIdentity<'a> {
    /// Bumps of pool, vault A, vault B and LP mint.
    pub bumps: [u8; 4],
    /// Number chosen by the creator.
    pub index: u16,
    /// The config's address.
    pub config: &'a Address,
    /// Mints A and B.
    pub mints: [&'a Address; 2],
    /// Whether mints A and B belong to Token-2022.
    pub token_2022: [bool; 2],
    /// Decimal places of mints A and B.
    pub decimals: [u8; 2],
    /// Risk flags of mints A and B.
    pub risk_flags: [u16; 2],
    /// Who creates the pool.
    pub creator: &'a Address,
    /// Vaults A and B.
    pub vaults: [&'a Address; 2],
    /// The LP mint.
    pub lp_mint: &'a Address,
}

impl Pool {
    /// Fills a new account; reserves and supply follow by [`Pool::open`].
    #[inline(always)]
    pub fn initialize(&mut self, identity: &PoolIdentity, config: &PoolConfig, now: &Clock) {
        self.version = LAYOUT_VERSION;
        [self.bump, self.vault_a_bump, self.vault_b_bump, self.lp_mint_bump] = identity.bumps;
        self.curve = config.curve;
        [self.decimals_a, self.decimals_b] = identity.decimals;
        [self.token_2022_a, self.token_2022_b] = identity.token_2022.map(u8::from);
        self.index = identity.index.into();
        [self.risk_flags_a, self.risk_flags_b] = identity.risk_flags.map(PodU16::from);
        self.config = *identity.config;
        self.mint_a = *identity.mints[0];
        self.mint_b = *identity.mints[1];
        self.creator = *identity.creator;
        self.vault_a = *identity.vaults[0];
        self.vault_b = *identity.vaults[1];
        self.lp_mint = *identity.lp_mint;
        self.created_ts = now.unix_timestamp.into();
        self.risk_checked_ts = now.unix_timestamp.into();
        self.created_slot = now.slot.into();
        self.launch_fee_ppm = config.launch_fee_ppm;
        self.launch_seconds = config.launch_seconds;
        self.oracle_step_ppm = config.oracle_step_ppm;
    }

    /// Which of the pool's tokens has this mint.
    #[inline(always)]
    pub fn side_of_mint(&self, mint: &Address) -> Result<Side> {
        if anchor_lang::address_eq(mint, &self.mint_a) {
            Ok(Side::A)
        } else if anchor_lang::address_eq(mint, &self.mint_b) {
            Ok(Side::B)
        } else {
            Err(PoolError::MintMismatch.into())
        }
    }

    /// The mint of a side.
    #[inline(always)]
    pub fn mint(&self, side: Side) -> &Address {
        match side {
            Side::A => &self.mint_a,
            Side::B => &self.mint_b,
        }
    }

    /// The vault of a side.
    #[inline(always)]
    pub fn vault(&self, side: Side) -> &Address {
        match side {
            Side::A => &self.vault_a,
            Side::B => &self.vault_b,
        }
    }

    /// Decimal places of a side's mint.
    #[inline(always)]
    pub fn decimals(&self, side: Side) -> u8 {
        match side {
            Side::A => self.decimals_a,
            Side::B => self.decimals_b,
        }
    }

    /// The token program of a side's mint.
    #[inline(always)]
    pub fn token_program(&self, side: Side) -> &'static Address {
        let is_token_2022 = match side {
            Side::A => self.token_2022_a,
            Side::B => self.token_2022_b,
        };
        if is_token_2022 == 0 {
            &ids::TOKEN
        } else {
            &ids::TOKEN_2022
        }
    }

    /// Whether any of the pool's mints belongs to Token-2022.
    #[inline(always)]
    pub fn uses_token_2022(&self) -> bool {
        self.token_2022_a != 0 || self.token_2022_b != 0
    }

    /// Stored reserve of a side.
    #[inline(always)]
    pub fn reserve_atoms(&self, side: Side) -> u64 {
        match side {
            Side::A => self.reserve_a_atoms.get(),
            Side::B => self.reserve_b_atoms.get(),
        }
    }

    /// The transfer fee of a side's mint, whose address the caller has checked.
    ///
    /// Whether a mint has the extension is settled when it is initialised, so the flag of creation decides; rate and maximum
    /// are read from the mint, and the extension policy is held against it once more.
    #[inline(always)]
    pub fn transfer_fee(&self, side: Side, mint: &AccountView, epoch: u64) -> Result<TransferFee> {
        let flags = match side {
            Side::A => self.risk_flags_a,
            Side::B => self.risk_flags_b,
        };
        if flags.get() & RISK_TRANSFER_FEE == 0 {
            return Ok(TransferFee::default());
        }
        mint::accepted_fee(mint, epoch)
    }

    /// What a deposit's or withdrawal's arithmetic needs; `lp_supply_atoms` is the LP mint's own, so that burnt shares
    /// belong to those who stay.
    #[inline(always)]
    pub fn share_terms(&self, lp_supply_atoms: u64, transfer_fees: [TransferFee; 2]) -> ShareTerms {
        let [transfer_fee_a, transfer_fee_b] = transfer_fees;
        ShareTerms {
            reserve_a_atoms: self.reserve_a_atoms.get(),
            reserve_b_atoms: self.reserve_b_atoms.get(),
            lp_supply_atoms,
            vesting_shares: self.vesting_shares.get(),
            transfer_fee_a,
            transfer_fee_b,
        }
    }

    /// The layout is this program's, and no flash loan is out.
    #[inline(always)]
    pub fn validate_version(&self) -> Result<()> {
        require!(self.version == LAYOUT_VERSION, PoolError::LayoutVersionMismatch);
        require!(
            self.flash_owed_a_atoms.get() | self.flash_owed_b_atoms.get() == 0,
            PoolError::FlashLoanActive
        );
        Ok(())
    }

    /// Applies a swap: the reserves of the summary, and the protocol's fee set apart from them.
    #[inline(always)]
    pub fn apply_swap(&mut self, input: Side, summary: &SwapSummary) -> Result<()> {
        let (reserve_in, reserve_out) = (summary.reserve_in_after_atoms, summary.reserve_out_after_atoms);
        let owed = match input {
            Side::A => {
                self.reserve_a_atoms = reserve_in.into();
                self.reserve_b_atoms = reserve_out.into();
                &mut self.protocol_owed_a_atoms
            }
            Side::B => {
                self.reserve_b_atoms = reserve_in.into();
                self.reserve_a_atoms = reserve_out.into();
                &mut self.protocol_owed_b_atoms
            }
        };
        *owed = owed
            .checked_add(summary.protocol_fee_atoms)
            .ok_or(PoolError::Overflow)?;
        self.count()
    }

    /// Applies a deposit or withdrawal; a stable curve has to be solved again afterwards.
    #[inline(always)]
    pub fn apply_shares(&mut self, summary: &ShareSummary) -> Result<()> {
        self.stable_amplification = 0u32.into();
        self.apply_reserves(summary)
    }

    #[inline(always)]
    pub(crate) fn apply_reserves(&mut self, summary: &ShareSummary) -> Result<()> {
        self.reserve_a_atoms = summary.reserve_a_after_atoms.into();
        self.reserve_b_atoms = summary.reserve_b_after_atoms.into();
        self.lp_supply_atoms = summary.lp_supply_after_atoms.into();
        self.count()
    }

    /// What a collection of these legs pays of token A and token B: all that is owed on a chosen side.
    #[inline(always)]
    pub fn validate_collection(&self, legs: u8) -> Result<[u64; 2]> {
        require!(legs != 0 && legs & !LEGS_BOTH == 0, PoolError::UnknownLegs);
        let due = |leg: u8, owed: PodU64| if legs & leg == 0 { 0 } else { owed.get() };
        let collected = [
            due(LEG_A, self.protocol_owed_a_atoms),
            due(LEG_B, self.protocol_owed_b_atoms),
        ];
        require!(collected != [0, 0], PoolError::NothingOwed);
        Ok(collected)
    }

    /// Applies a collection: what is paid is no longer owed. The reserves have no part in it.
    #[inline(always)]
    pub fn apply_collection(&mut self, [collected_a_atoms, collected_b_atoms]: [u64; 2]) -> Result<()> {
        let less = |owed: PodU64, paid: u64| owed.get().checked_sub(paid).ok_or(PoolError::Overflow);
        self.protocol_owed_a_atoms = less(self.protocol_owed_a_atoms, collected_a_atoms)?.into();
        self.protocol_owed_b_atoms = less(self.protocol_owed_b_atoms, collected_b_atoms)?.into();
        self.count()
    }

    /// Applies a reading of both mints.
    #[inline(always)]
    pub fn apply_risk_flags(&mut self, [flags_a, flags_b]: [u16; 2], now_ts: i64) -> Result<()> {
        self.risk_flags_a = flags_a.into();
        self.risk_flags_b = flags_b.into();
        self.risk_checked_ts = now_ts.into();
        self.count()
    }

    /// Counts a change.
    #[inline(always)]
    pub(crate) fn count(&mut self) -> Result<()> {
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }

    /// P1 on the vaults' balances, and reserves that never reach zero.
    #[inline(always)]
    pub fn invariant(&self, vault_a_atoms: u64, vault_b_atoms: u64) -> Result<()> {
        let covered = |vault: u64, flash: PodU64, reserve: PodU64, owed: PodU64, deferred: PodU64| -> Option<bool> {
            let (flash, reserve, owed, deferred) = (flash.get(), reserve.get(), owed.get(), deferred.get());
            // three numbers below 2⁶² have a sum, and the checks of the others cost half of this function
            if (flash | vault | reserve | owed | deferred) >> 62 == 0 {
                return Some(vault.wrapping_add(flash) >= reserve.wrapping_add(owed).wrapping_add(deferred));
            }
            let held = vault.checked_add(flash)?;
            let due = reserve.checked_add(owed)?.checked_add(deferred)?;
            Some(held >= due)
        };
        let is_covered = covered(
            vault_a_atoms,
            self.flash_owed_a_atoms,
            self.reserve_a_atoms,
            self.protocol_owed_a_atoms,
            self.deferred_a_atoms,
        ) == Some(true)
            && covered(
                vault_b_atoms,
                self.flash_owed_b_atoms,
                self.reserve_b_atoms,
                self.protocol_owed_b_atoms,
                self.deferred_b_atoms,
            ) == Some(true);
        require!(is_covered, PoolError::VaultShort);
        require!(
            !self.reserve_a_atoms.is_zero() && !self.reserve_b_atoms.is_zero(),
            PoolError::ReserveEmpty
        );
        Ok(())
    }

    /// The seeds that sign for the pool, but for index and bump, which the caller keeps alive.
    #[inline(always)]
    pub fn seeds<'a>(&'a self, index: &'a [u8; 2], bump: &'a [u8; 1]) -> [&'a [u8]; 7] {
        [
            POOL_SEED,
            self.config.as_ref(),
            self.mint_a.as_ref(),
            self.mint_b.as_ref(),
            self.creator.as_ref(),
            index,
            bump,
        ]
    }
}

/// The size is part of the interface; rent is (128 + size) · 6,960 lamports, and 0.018 SOL is the limit.
const _: () = assert!(POOL_SPACE == 2_304);
const _: () = assert!((128 + POOL_SPACE) * 6_960 <= 18_000_000);
/// Where clients filter pools by config, mints and creator.
const _: () = assert!(core::mem::offset_of!(Pool, config) + 8 == 24);
const _: () = assert!(core::mem::offset_of!(Pool, mint_a) + 8 == 56);
const _: () = assert!(core::mem::offset_of!(Pool, mint_b) + 8 == 88);
const _: () = assert!(core::mem::offset_of!(Pool, creator) + 8 == 120);
const _: () = assert!(core::mem::offset_of!(Pool, reserve_a_atoms) + 8 == 248);
const _: () = assert!(crate::constants::OBSERVATIONS == 48);
