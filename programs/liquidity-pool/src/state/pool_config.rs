//! The terms many pools share, set by governance inside ceilings that can never be raised.

use {
    crate::{
        constants::{
            CURVE_CONSTANT_PRODUCT, CURVE_STABLE, LAYOUT_VERSION, MAX_AMPLIFICATION, MAX_BASE_FEE_PPM,
            MAX_DYNAMIC_FEE_CAP_PPM, MAX_DYNAMIC_FEE_SLOPE_PPM, MAX_FEES_PPM, MAX_FLASH_FEE_PPM, MAX_LAUNCH_FEE_PPM,
            MAX_LAUNCH_SECONDS, MAX_ORACLE_STEP_PPM, MAX_PROTOCOL_SHARE_PPM, MAX_RAMP_FACTOR, MAX_RAMP_SECONDS,
            MAX_VESTING_SLOTS, MAX_VOLATILITY_THRESHOLD_PPM, MIN_RAMP_SECONDS, PAUSE_ALL, PAUSE_CREATE, PAUSE_DEPOSIT,
            PAUSE_FLASH, PAUSE_SWAP, VOLATILITY_RESET_SECONDS,
        },
        errors::PoolError,
        math::stable,
    },
    anchor_lang::prelude::*,
};

/// Fees, switches and owner of every pool created under it. Address: `["config", id]`.
///
/// Its authority cannot touch a pool's tokens: it sets the fee and the protocol's share within the ceilings stored here,
/// and may pause what adds risk (creating, depositing, swapping, lending), never what removes it (P8).
#[account]
pub struct PoolConfig {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// 1 when the realm is a rehearsal one (short times, for practice), else 0.
    pub rehearsal: u8,
    /// Curve of every pool under this config: 0 constant product, 1 stable. Fixed.
    pub curve: u8,
    /// What is paused: 1 creating pools, 2 depositing, 4 swapping, 8 flash loans. Withdrawing has no bit.
    pub pause_bits: u8,
    /// Zero.
    pub reserved_flags: [u8; 3],
    /// Number in this account's address, chosen by whoever created it.
    pub id: PodU64,
    /// Governance realm this config belongs to. Fixed.
    pub realm: Address,
    /// Who may update this config: a treasury lane of governance, or a multisig.
    pub authority: Address,
    /// Owner of the token accounts that protocol fees are paid to.
    pub treasury: Address,
    /// Swap fee, in ppm of what arrives.
    pub base_fee_ppm: PodU32,
    /// Highest base fee this config can ever have, in ppm. Fixed.
    pub max_base_fee_ppm: PodU32,
    /// The protocol's part of each fee, in ppm; the rest is the providers'.
    pub protocol_share_ppm: PodU32,
    /// Highest protocol share this config can ever have, in ppm. Fixed.
    pub max_protocol_share_ppm: PodU32,
    /// Highest fee added for volatility, in ppm; 0 for none.
    pub dynamic_fee_cap_ppm: PodU32,
    /// Highest value `dynamic_fee_cap_ppm` can ever have. Fixed.
    pub max_dynamic_fee_cap_ppm: PodU32,
    /// Fee added per unit of volatility, in ppm; 0 for none.
    pub dynamic_fee_slope_ppm: PodU32,
    /// Least price move that moves the volatility's reference, in ppm; 0 where no dynamic fee can be.
    pub volatility_threshold_ppm: PodU32,
    /// Fee added at a pool's creation, decaying to nothing, in ppm; 0 for none.
    pub launch_fee_ppm: PodU32,
    /// Highest launch fee this config can ever have, in ppm. Fixed.
    pub max_launch_fee_ppm: PodU32,
    /// Seconds in which the launch fee decays; 0 for none. Fixed.
    pub launch_seconds: PodU32,
    /// Seconds without a move after which the volatility's reference follows the price: 3,600.
    pub volatility_reset_seconds: PodU32,
    /// Fee of a flash loan, in ppm.
    pub flash_fee_ppm: PodU32,
    /// Highest flash fee this config can ever have, in ppm. Fixed.
    pub max_flash_fee_ppm: PodU32,
    /// Slots in which a fee vests to the providers; 0 for at once. Fixed.
    pub vesting_slots: PodU32,
    /// Most the capped oracle follows the price each minute, in ppm. Fixed.
    pub oracle_step_ppm: PodU32,
    /// Amplification at the start of the ramp; 0 for a constant product.
    pub amplification_from: PodU32,
    /// Amplification at the end of the ramp; 0 for a constant product.
    pub amplification_to: PodU32,
    /// Unix time at which the amplification's ramp starts.
    pub ramp_start_ts: PodI64,
    /// Unix time at which the amplification's ramp ends.
    pub ramp_end_ts: PodI64,
    /// Number of updates so far: events of one config are gapless by it.
    pub sequence: PodU64,
    /// Zero.
    pub reserved: [u8; 64],
}

/// [`PoolConfig::ramp_mark`] while the amplification moves.
pub const RAMP_RUNNING: i64 = i64::MAX;

/// Bytes of a `PoolConfig` account.
pub const POOL_CONFIG_SPACE: usize = 8 + core::mem::size_of::<PoolConfig>();

/// What a config is created with.
#[derive(Clone, Copy, Debug, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct ConfigTerms {
    /// The realm's rehearsal flag, repeated so that nobody deploys a rehearsal config by mistake.
    pub rehearsal: bool,
    /// Curve: 0 constant product, 1 stable.
    pub curve: u8,
    /// Who may update the config.
    pub authority: Address,
    /// Owner of the token accounts that protocol fees are paid to.
    pub treasury: Address,
    /// Swap fee, in ppm.
    pub base_fee_ppm: u32,
    /// Highest base fee the config can ever have, in ppm; at most 100,000.
    pub max_base_fee_ppm: u32,
    /// The protocol's part of each fee, in ppm.
    pub protocol_share_ppm: u32,
    /// Highest protocol share the config can ever have, in ppm; at most 250,000.
    pub max_protocol_share_ppm: u32,
    /// Highest fee added for volatility, in ppm; 0 for none.
    pub dynamic_fee_cap_ppm: u32,
    /// Highest value of the above, in ppm; at most 100,000; 0 for a config that never has a dynamic fee.
    pub max_dynamic_fee_cap_ppm: u32,
    /// Fee added per unit of volatility, in ppm; at most 1,000,000; 0 where no dynamic fee can be.
    pub dynamic_fee_slope_ppm: u32,
    /// Least price move that moves the volatility's reference, in ppm; 1 to 100,000, 0 where no dynamic fee can be.
    pub volatility_threshold_ppm: u32,
    /// Fee added at a pool's creation, in ppm, all of it the protocol's; 0 for none.
    pub launch_fee_ppm: u32,
    /// Highest launch fee the config can ever have, in ppm; at most 500,000, and 600,000 with the two ceilings above.
    pub max_launch_fee_ppm: u32,
    /// Seconds in which the launch fee decays; 1 to 86,400, 0 where no launch fee can be.
    pub launch_seconds: u32,
    /// Fee of a flash loan, in ppm.
    pub flash_fee_ppm: u32,
    /// Highest flash fee the config can ever have, in ppm; at most 100,000.
    pub max_flash_fee_ppm: u32,
    /// Slots in which a fee vests to the providers; at most 9,000; 0 for at once.
    pub vesting_slots: u32,
    /// Amplification of a stable curve, 1 to 1,000,000; 0 for a constant product.
    pub amplification: u32,
    /// Most the capped oracle follows the price each minute, in ppm; 1 to 100,000.
    pub oracle_step_ppm: u32,
}

/// What an update of a config changes; a field left out stays as it is.
#[derive(Clone, Copy, Debug, Default, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct ConfigUpdate {
    /// New swap fee, in ppm, within the config's ceiling.
    pub base_fee_ppm: Option<u32>,
    /// New protocol share, in ppm, within the config's ceiling.
    pub protocol_share_ppm: Option<u32>,
    /// New pause bits, all of them.
    pub pause_bits: Option<u8>,
    /// New authority; the old one loses its power at once.
    pub authority: Option<Address>,
    /// New owner of the token accounts that protocol fees are paid to.
    pub treasury: Option<Address>,
    /// New cap of the dynamic fee, in ppm, within the config's ceiling.
    pub dynamic_fee_cap_ppm: Option<u32>,
    /// New slope of the dynamic fee, in ppm.
    pub dynamic_fee_slope_ppm: Option<u32>,
    /// New threshold of the volatility's reference, in ppm.
    pub volatility_threshold_ppm: Option<u32>,
    /// New launch fee, in ppm, within the config's ceiling; for pools yet to be created.
    pub launch_fee_ppm: Option<u32>,
    /// New fee of flash loans, in ppm, within the config's ceiling.
    pub flash_fee_ppm: Option<u32>,
}

impl PoolConfig {
    /// Fills a new account; [`PoolConfig::invariant`] then judges the terms.
    pub fn initialize(&mut self, bump: u8, id: u64, realm: Address, terms: &ConfigTerms) {
        self.version = LAYOUT_VERSION;
        self.bump = bump;
        self.rehearsal = u8::from(terms.rehearsal);
        self.curve = terms.curve;
        self.id = id.into();
        self.realm = realm;
        self.authority = terms.authority;
        self.treasury = terms.treasury;
        self.base_fee_ppm = terms.base_fee_ppm.into();
        self.max_base_fee_ppm = terms.max_base_fee_ppm.into();
        self.protocol_share_ppm = terms.protocol_share_ppm.into();
        self.max_protocol_share_ppm = terms.max_protocol_share_ppm.into();
        self.dynamic_fee_cap_ppm = terms.dynamic_fee_cap_ppm.into();
        self.max_dynamic_fee_cap_ppm = terms.max_dynamic_fee_cap_ppm.into();
        self.dynamic_fee_slope_ppm = terms.dynamic_fee_slope_ppm.into();
        self.volatility_threshold_ppm = terms.volatility_threshold_ppm.into();
        self.launch_fee_ppm = terms.launch_fee_ppm.into();
        self.max_launch_fee_ppm = terms.max_launch_fee_ppm.into();
        self.launch_seconds = terms.launch_seconds.into();
        self.volatility_reset_seconds = VOLATILITY_RESET_SECONDS.into();
        self.flash_fee_ppm = terms.flash_fee_ppm.into();
        self.max_flash_fee_ppm = terms.max_flash_fee_ppm.into();
        self.vesting_slots = terms.vesting_slots.into();
        self.oracle_step_ppm = terms.oracle_step_ppm.into();
        self.amplification_from = terms.amplification.into();
        self.amplification_to = terms.amplification.into();
    }

    /// Applies an update; [`PoolConfig::invariant`] then judges the result.
    ///
    /// Errors: [`PoolError::NothingToUpdate`] for one that names no field.
    #[inline(never)]
    pub fn apply(&mut self, update: &ConfigUpdate) -> Result<()> {
        let mut is_changed = false;
        let mut set = |field: &mut PodU32, value: Option<u32>| {
            if let Some(value) = value {
                *field = value.into();
                is_changed = true;
            }
        };
        set(&mut self.base_fee_ppm, update.base_fee_ppm);
        set(&mut self.protocol_share_ppm, update.protocol_share_ppm);
        set(&mut self.dynamic_fee_cap_ppm, update.dynamic_fee_cap_ppm);
        set(&mut self.dynamic_fee_slope_ppm, update.dynamic_fee_slope_ppm);
        set(&mut self.volatility_threshold_ppm, update.volatility_threshold_ppm);
        set(&mut self.launch_fee_ppm, update.launch_fee_ppm);
        set(&mut self.flash_fee_ppm, update.flash_fee_ppm);
        if let Some(bits) = update.pause_bits {
            self.pause_bits = bits;
            is_changed = true;
        }
        for (address, new) in [
            (&mut self.authority, &update.authority),
            (&mut self.treasury, &update.treasury),
        ] {
            if let Some(new) = new {
                *address = *new;
                is_changed = true;
            }
        }
        require!(is_changed, PoolError::NothingToUpdate);
        self.count()
    }

    /// The amplification at Unix time `now_ts`: from one end of the ramp to the other in a straight line, rounded down.
    #[inline(always)]
    pub fn amplification_at(&self, now_ts: i64) -> u32 {
        stable::amplification_at(
            self.amplification_from.get(),
            self.amplification_to.get(),
            self.ramp_start_ts.get(),
            self.ramp_end_ts.get(),
            now_ts,
        )
    }

    /// Under which amplification a worth is taken: the start of the last ramp (0 before the first), [`RAMP_RUNNING`] while one
    /// moves it.
    pub fn ramp_mark(&self, now_ts: i64) -> i64 {
        if now_ts < self.ramp_end_ts.get() {
            RAMP_RUNNING
        } else {
            self.ramp_start_ts.get()
        }
    }

    /// Starts a ramp of the amplification, or stops the one that runs where it stands.
    ///
    /// A ramp that is stopped still counts as running until a day after its start: ramping and stopping by turns is no way
    /// around the factor a day.
    ///
    /// Errors: [`PoolError::NotAStableCurve`], [`PoolError::RampInProgress`], [`PoolError::AmplificationOutOfRange`],
    /// [`PoolError::RampTimeOutOfRange`].
    pub fn ramp(&mut self, target: u32, end_ts: i64, now_ts: i64) -> Result<()> {
        require!(self.curve == CURVE_STABLE, PoolError::NotAStableCurve);
        let present = self.amplification_at(now_ts);
        let (target, start_ts, end_ts) = if now_ts < self.ramp_end_ts.get() {
            require!(target == 0 || target == present, PoolError::RampInProgress);
            let start_ts = self.ramp_start_ts.get();
            (present, start_ts, now_ts.max(start_ts.saturating_add(MIN_RAMP_SECONDS)))
        } else {
            require!(
                (1..=MAX_AMPLIFICATION).contains(&target)
                    && target <= present.saturating_mul(MAX_RAMP_FACTOR)
                    && present <= target.saturating_mul(MAX_RAMP_FACTOR),
                PoolError::AmplificationOutOfRange
            );
            let seconds = end_ts.saturating_sub(now_ts);
            require!(
                (MIN_RAMP_SECONDS..=MAX_RAMP_SECONDS).contains(&seconds),
                PoolError::RampTimeOutOfRange
            );
            (target, now_ts, end_ts)
        };
        self.amplification_from = present.into();
        self.amplification_to = target.into();
        self.ramp_start_ts = start_ts.into();
        self.ramp_end_ts = end_ts.into();
        self.count()
    }

    #[inline(always)]
    fn count(&mut self) -> Result<()> {
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }

    /// Every term is in its range: fees within the config's ceilings, the ceilings within the program's.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        self.validate_ceilings()?;
        require!(self.pause_bits & !PAUSE_ALL == 0, PoolError::UnknownPauseBit);
        require!(
            self.authority != Address::default() && self.treasury != Address::default(),
            PoolError::ZeroAddress
        );
        self.validate_modes()
    }

    #[inline(always)]
    fn validate_ceilings(&self) -> Result<()> {
        let (base, dynamic, launch) = (
            self.max_base_fee_ppm.get(),
            self.max_dynamic_fee_cap_ppm.get(),
            self.max_launch_fee_ppm.get(),
        );
        let flash = self.max_flash_fee_ppm.get();
        let share = self.max_protocol_share_ppm.get();
        require!(
            base <= MAX_BASE_FEE_PPM
                && dynamic <= MAX_DYNAMIC_FEE_CAP_PPM
                && launch <= MAX_LAUNCH_FEE_PPM
                && base.saturating_add(dynamic).saturating_add(launch) <= MAX_FEES_PPM
                && flash <= MAX_FLASH_FEE_PPM
                && share <= MAX_PROTOCOL_SHARE_PPM,
            PoolError::CeilingTooHigh
        );
        require!(
            self.base_fee_ppm.get() <= base
                && self.dynamic_fee_cap_ppm.get() <= dynamic
                && self.launch_fee_ppm.get() <= launch
                && self.flash_fee_ppm.get() <= flash,
            PoolError::FeeAboveCeiling
        );
        require!(
            self.protocol_share_ppm.get() <= share,
            PoolError::ProtocolShareAboveCeiling
        );
        Ok(())
    }

    #[inline(always)]
    fn validate_modes(&self) -> Result<()> {
        require!(
            self.curve == CURVE_CONSTANT_PRODUCT || self.curve == CURVE_STABLE,
            PoolError::CurveNotSupported
        );
        // a mechanism whose ceiling is zero is off for ever, and its other terms are zero too
        let in_range = |value: PodU32, most: u32, is_on: bool| {
            let value = value.get();
            (value != 0) == is_on && value <= most
        };
        require!(
            in_range(self.amplification_to, MAX_AMPLIFICATION, self.curve == CURVE_STABLE),
            PoolError::AmplificationNotSupported
        );
        require!(
            self.vesting_slots.get() <= MAX_VESTING_SLOTS,
            PoolError::VestingNotSupported
        );
        let is_dynamic = !self.max_dynamic_fee_cap_ppm.is_zero();
        let slope = self.dynamic_fee_slope_ppm.get();
        require!(
            in_range(self.volatility_threshold_ppm, MAX_VOLATILITY_THRESHOLD_PPM, is_dynamic)
                && slope <= MAX_DYNAMIC_FEE_SLOPE_PPM
                && (is_dynamic || slope == 0),
            PoolError::DynamicFeeTermsOutOfRange
        );
        require!(
            in_range(
                self.launch_seconds,
                MAX_LAUNCH_SECONDS,
                !self.max_launch_fee_ppm.is_zero()
            ),
            PoolError::LaunchTermsOutOfRange
        );
        require!(
            in_range(self.oracle_step_ppm, MAX_ORACLE_STEP_PPM, true),
            PoolError::OracleStepOutOfRange
        );
        Ok(())
    }

    /// Creating pools is not paused.
    pub fn validate_create(&self) -> Result<()> {
        self.validate_open(PAUSE_CREATE)
    }

    /// Depositing is not paused.
    pub fn validate_deposit(&self) -> Result<()> {
        self.validate_open(PAUSE_DEPOSIT)
    }

    /// Swapping is not paused.
    pub fn validate_swap(&self) -> Result<()> {
        self.validate_open(PAUSE_SWAP)
    }

    /// Neither depositing nor swapping is paused.
    pub fn validate_one_side(&self) -> Result<()> {
        self.validate_open(PAUSE_DEPOSIT | PAUSE_SWAP)
    }

    /// Flash loans are not paused.
    pub fn validate_flash(&self) -> Result<()> {
        self.validate_open(PAUSE_FLASH)
    }

    /// The layout is this program's.
    #[inline(always)]
    pub fn validate_version(&self) -> Result<()> {
        require!(self.version == LAYOUT_VERSION, PoolError::LayoutVersionMismatch);
        Ok(())
    }

    fn validate_open(&self, bit: u8) -> Result<()> {
        self.validate_version()?;
        require!(self.pause_bits & bit == 0, PoolError::Paused);
        Ok(())
    }
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(POOL_CONFIG_SPACE == 280);
/// Where clients filter configs by realm, and where the authority stands.
const _: () = assert!(core::mem::offset_of!(PoolConfig, realm) + 8 == 24);
const _: () = assert!(core::mem::offset_of!(PoolConfig, authority) + 8 == 56);
