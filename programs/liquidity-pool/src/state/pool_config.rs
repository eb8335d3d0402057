//! The terms many pools share, set by governance inside ceilings that can never be raised.

use {
    crate::{
        constants::{
            CURVE_CONSTANT_PRODUCT, LAYOUT_VERSION, MAX_BASE_FEE_PPM, MAX_PROTOCOL_SHARE_PPM, PAUSE_ALL, PAUSE_CREATE,
            PAUSE_DEPOSIT, PAUSE_FLASH, PAUSE_SWAP,
        },
        errors::PoolError,
    },
    anchor_lang::prelude::*,
};

/// Fees, switches and owner of every pool created under it. Address: `["config", id]`.
///
/// Its authority cannot touch a pool's tokens: it sets the fee and the protocol's share within the ceilings stored here,
/// and may pause what adds risk (creating, depositing, swapping), never what removes it (P8).
#[account]
pub struct PoolConfig {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// 1 when the realm is a rehearsal one (short times, for practice), else 0.
    pub rehearsal: u8,
    /// Curve of every pool under this config: 0 constant product. Fixed.
    pub curve: u8,
    /// What is paused: 1 creating pools, 2 depositing, 4 swapping. Withdrawing has no bit.
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
    /// Least price move that moves the volatility's reference, in ppm; 0 while there is no dynamic fee.
    pub volatility_threshold_ppm: PodU32,
    /// Fee added at a pool's creation, decaying to nothing, in ppm; 0 for none.
    pub launch_fee_ppm: PodU32,
    /// Highest launch fee this config can ever have, in ppm. Fixed.
    pub max_launch_fee_ppm: PodU32,
    /// Seconds in which the launch fee decays; 0 for none.
    pub launch_seconds: PodU32,
    /// Seconds without a move after which the volatility's reference follows the price; 0 while there is no dynamic fee.
    pub volatility_reset_seconds: PodU32,
    /// Fee of a flash loan, in ppm; 0 while there are none.
    pub flash_fee_ppm: PodU32,
    /// Highest flash fee this config can ever have, in ppm. Fixed.
    pub max_flash_fee_ppm: PodU32,
    /// Slots in which a fee vests to the providers; 0 for at once. Fixed.
    pub vesting_slots: PodU32,
    /// Most the capped oracle follows the price each minute, in ppm; 0 while there is no oracle.
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

/// Bytes of a `PoolConfig` account.
pub const POOL_CONFIG_SPACE: usize = 8 + core::mem::size_of::<PoolConfig>();

/// What a config is created with.
#[derive(Clone, Copy, Debug, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct ConfigTerms {
    /// The realm's rehearsal flag, repeated so that nobody deploys a rehearsal config by mistake.
    pub rehearsal: bool,
    /// Curve: 0 constant product.
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
    /// Highest fee added for volatility, in ppm; 0.
    pub dynamic_fee_cap_ppm: u32,
    /// Highest value of the above; 0.
    pub max_dynamic_fee_cap_ppm: u32,
    /// Fee added per unit of volatility, in ppm; 0.
    pub dynamic_fee_slope_ppm: u32,
    /// Least price move that moves the volatility's reference, in ppm; 0.
    pub volatility_threshold_ppm: u32,
    /// Fee added at a pool's creation, in ppm; 0.
    pub launch_fee_ppm: u32,
    /// Highest launch fee the config can ever have, in ppm; 0.
    pub max_launch_fee_ppm: u32,
    /// Seconds in which the launch fee decays; 0.
    pub launch_seconds: u32,
    /// Fee of a flash loan, in ppm; 0.
    pub flash_fee_ppm: u32,
    /// Highest flash fee the config can ever have, in ppm; 0.
    pub max_flash_fee_ppm: u32,
    /// Slots in which a fee vests to the providers; 0.
    pub vesting_slots: u32,
    /// Amplification of a stable curve; 0.
    pub amplification: u32,
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
}

impl ConfigTerms {
    /// Refuses terms beyond the ceilings and terms whose mechanism this program does not have.
    pub fn validate(&self) -> Result<()> {
        require!(self.max_base_fee_ppm <= MAX_BASE_FEE_PPM, PoolError::CeilingTooHigh);
        require!(
            self.max_protocol_share_ppm <= MAX_PROTOCOL_SHARE_PPM,
            PoolError::CeilingTooHigh
        );
        require!(self.base_fee_ppm <= self.max_base_fee_ppm, PoolError::FeeAboveCeiling);
        require!(
            self.protocol_share_ppm <= self.max_protocol_share_ppm,
            PoolError::ProtocolShareAboveCeiling
        );
        validate_address(&self.authority)?;
        validate_address(&self.treasury)?;
        require!(self.curve == CURVE_CONSTANT_PRODUCT, PoolError::CurveNotSupported);
        require!(self.amplification == 0, PoolError::AmplificationNotSupported);
        require!(self.vesting_slots == 0, PoolError::VestingNotSupported);
        require!(
            self.dynamic_fee_cap_ppm == 0
                && self.max_dynamic_fee_cap_ppm == 0
                && self.dynamic_fee_slope_ppm == 0
                && self.volatility_threshold_ppm == 0,
            PoolError::DynamicFeeNotSupported
        );
        require!(
            self.launch_fee_ppm == 0 && self.max_launch_fee_ppm == 0 && self.launch_seconds == 0,
            PoolError::LaunchFeeNotSupported
        );
        require!(
            self.flash_fee_ppm == 0 && self.max_flash_fee_ppm == 0,
            PoolError::FlashFeeNotSupported
        );
        Ok(())
    }
}

fn validate_address(address: &Address) -> Result<()> {
    require!(address != &Address::default(), PoolError::ZeroAddress);
    Ok(())
}

impl PoolConfig {
    /// Fills a new account with validated terms. What has no term yet stays zero.
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
    }

    /// Refuses an update that changes nothing or leaves the ceilings.
    pub fn validate_update(&self, update: &ConfigUpdate) -> Result<()> {
        let ConfigUpdate {
            base_fee_ppm,
            protocol_share_ppm,
            pause_bits,
            authority,
            treasury,
        } = update;
        require!(
            base_fee_ppm.is_some()
                || protocol_share_ppm.is_some()
                || pause_bits.is_some()
                || authority.is_some()
                || treasury.is_some(),
            PoolError::NothingToUpdate
        );
        if let Some(fee) = base_fee_ppm {
            require!(*fee <= self.max_base_fee_ppm.get(), PoolError::FeeAboveCeiling);
        }
        if let Some(share) = protocol_share_ppm {
            require!(
                *share <= self.max_protocol_share_ppm.get(),
                PoolError::ProtocolShareAboveCeiling
            );
        }
        if let Some(bits) = pause_bits {
            require!(bits & !PAUSE_ALL == 0, PoolError::UnknownPauseBit);
        }
        authority.iter().chain(treasury.iter()).try_for_each(validate_address)
    }

    /// Applies a validated update.
    pub fn apply(&mut self, update: &ConfigUpdate) -> Result<()> {
        if let Some(fee) = update.base_fee_ppm {
            self.base_fee_ppm = fee.into();
        }
        if let Some(share) = update.protocol_share_ppm {
            self.protocol_share_ppm = share.into();
        }
        if let Some(bits) = update.pause_bits {
            self.pause_bits = bits;
        }
        if let Some(authority) = update.authority {
            self.authority = authority;
        }
        if let Some(treasury) = update.treasury {
            self.treasury = treasury;
        }
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }

    /// Fees and shares stay within the ceilings, and the ceilings within the program's.
    pub fn invariant(&self) -> Result<()> {
        require!(self.base_fee_ppm <= self.max_base_fee_ppm, PoolError::FeeAboveCeiling);
        require!(
            self.protocol_share_ppm <= self.max_protocol_share_ppm,
            PoolError::ProtocolShareAboveCeiling
        );
        require!(self.max_base_fee_ppm <= MAX_BASE_FEE_PPM, PoolError::CeilingTooHigh);
        require!(
            self.max_protocol_share_ppm <= MAX_PROTOCOL_SHARE_PPM,
            PoolError::CeilingTooHigh
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

    /// Lending is not paused.
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
