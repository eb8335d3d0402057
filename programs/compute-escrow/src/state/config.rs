//! The parameters one community of clients and providers works under.

use {
    super::{checked, is_none},
    crate::{constants::*, errors::EscrowError},
    anchor_lang::{bytemuck, prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// A mint that jobs may be paid in.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
pub struct PaymentMint {
    /// The mint's address; zero where the place is free.
    pub mint: Address,
    /// The mint's decimals.
    pub decimals: u8,
    /// Bit 0: somebody can freeze accounts of this mint, so payments may be delayed.
    pub flags: u8,
    /// Zero.
    pub reserved: [u8; 14],
}

/// Bit of [`PaymentMint::flags`] and [`crate::state::Job::flags`]: the mint has a freeze authority.
pub const FLAG_FREEZABLE: u8 = 1;

/// The parameters that `update_config` sets together.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct ConfigParams {
    /// Protocol fee in parts per million of the price; at most 50,000.
    pub fee_ppm: u32,
    /// Lamports a crank earns; every job sets this much aside.
    pub crank_bounty_lamports: u64,
    /// Least bond a job may demand of its worker, in lamports.
    pub min_bond_lamports: u64,
    /// Owner of the token accounts that fees are swept to.
    pub treasury: Address,
}

/// Parameters of the escrow, owned by governance. Jobs copy what they need at posting: no change reaches them (E7).
#[account]
pub struct EscrowConfig {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// 1 if times may be as short as seconds (for rehearsals of the whole story), else 0.
    pub is_rehearsal: u8,
    /// Mints listed.
    pub payment_mint_count: u8,
    /// Number of this config.
    pub id: PodU16,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// Who may change the parameters: the governance program's treasury lane, or a multisig.
    pub authority: Address,
    /// Owner of the token accounts that fees are swept to.
    pub treasury: Address,
    /// The realm this config belongs to.
    pub realm: Address,
    /// Zero; a later two-step handover of `authority`.
    pub pending_authority: Address,
    /// Genesis hash of the cluster, set once: vouchers of one cluster are void on another.
    pub genesis_hash: [u8; 32],
    /// Protocol fee in parts per million of the price.
    pub fee_ppm: PodU32,
    /// Zero.
    pub reserved_b: [u8; 4],
    /// Lamports a crank earns.
    pub crank_bounty_lamports: PodU64,
    /// Least bond a job may demand of its worker, in lamports.
    pub min_bond_lamports: PodU64,
    /// Mints that jobs may be paid in; the first `payment_mint_count` are set.
    pub payment_mints: [PaymentMint; MAX_PAYMENT_MINTS],
    /// Zero until the court opens: seat fee, panel sizes, commit and reveal windows, epochs.
    pub court_reserved: [u8; 128],
    /// Zero.
    pub reserved: [u8; 48],
}

impl EscrowConfig {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Checks a set of parameters against their ceilings.
    pub fn validate_params(params: &ConfigParams) -> Result<()> {
        require!(params.fee_ppm <= MAX_FEE_PPM, EscrowError::FeeAboveCeiling);
        require!(
            (MIN_CRANK_BOUNTY_LAMPORTS..=MAX_CRANK_BOUNTY_LAMPORTS).contains(&params.crank_bounty_lamports),
            EscrowError::BountyOutOfBounds
        );
        require!(
            params.min_bond_lamports <= MAX_MIN_BOND_LAMPORTS,
            EscrowError::MinBondAboveCeiling
        );
        require!(!is_none(&params.treasury), EscrowError::ZeroAddress);
        Ok(())
    }

    /// Sets a checked set of parameters.
    pub fn apply_params(&mut self, params: &ConfigParams) {
        self.fee_ppm = params.fee_ppm.into();
        self.crank_bounty_lamports = params.crank_bounty_lamports.into();
        self.min_bond_lamports = params.min_bond_lamports.into();
        self.treasury = params.treasury;
    }

    fn listed(&self) -> &[PaymentMint] {
        self.payment_mints
            .get(..usize::from(self.payment_mint_count))
            .unwrap_or(&[])
    }

    /// The entry of a listed mint.
    pub fn payment_mint(&self, mint: &Address) -> Option<&PaymentMint> {
        self.listed()
            .iter()
            .find(|entry| anchor_lang::address_eq(&entry.mint, mint))
    }

    /// Adds a mint that passed the policy.
    pub fn allow_mint(&mut self, entry: PaymentMint) -> Result<()> {
        require!(
            self.payment_mint(&entry.mint).is_none(),
            EscrowError::MintAlreadyAllowed
        );
        let place = self.payment_mints.get_mut(usize::from(self.payment_mint_count));
        *place.ok_or(EscrowError::MintListFull)? = entry;
        self.payment_mint_count = checked(self.payment_mint_count.checked_add(1))?;
        Ok(())
    }

    /// Removes a mint; the last entry takes its place.
    pub fn disallow_mint(&mut self, mint: &Address) -> Result<()> {
        let index = self
            .listed()
            .iter()
            .position(|entry| anchor_lang::address_eq(&entry.mint, mint));
        let index = index.ok_or(EscrowError::MintNotAllowed)?;
        let last = checked(self.payment_mint_count.checked_sub(1))?;
        self.payment_mints.swap(index, usize::from(last));
        if let Some(entry) = self.payment_mints.get_mut(usize::from(last)) {
            *entry = bytemuck::Zeroable::zeroed();
        }
        self.payment_mint_count = last;
        Ok(())
    }

    /// E7: the fee is at most its ceiling; the list is within its bounds.
    pub fn invariant(&self) -> Result<()> {
        require!(self.fee_ppm.get() <= MAX_FEE_PPM, EscrowError::InvariantViolated);
        require!(
            usize::from(self.payment_mint_count) <= MAX_PAYMENT_MINTS,
            EscrowError::InvariantViolated
        );
        Ok(())
    }
}

const _: () = assert!(EscrowConfig::SIZE == 760);
