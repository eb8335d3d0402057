//! What a client orders when it rents by the second.

use {
    super::{checked, is_none, require_step, EscrowConfig, Step},
    crate::{constants::*, errors::EscrowError},
    anchor_lang::{Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// The terms of a lease.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct LeaseTerms {
    /// Price of a second in atoms of the payment mint, fee included.
    pub rate_per_second_atoms: u64,
    /// What is put in at first: at least an interval's price, at most a year's.
    pub deposit_atoms: u64,
    /// Bond the slot must lock, in lamports.
    pub bond_lamports: u64,
    /// Lamports the client gets from that bond when the provider leaves without notice: zero, or at least 1,000,000.
    pub compensation_lamports: u64,
    /// Highest protocol fee the client accepts, in parts per million.
    pub max_fee_ppm: u32,
    /// Posting to expiry while nobody accepts, in seconds.
    pub open_seconds: u32,
    /// A provider's notice to the end, in seconds.
    pub notice_seconds: u32,
    /// How long it may stay empty before it ends, in seconds.
    pub pause_seconds: u32,
    /// Time between vouchers the client intends, in seconds; a top-up pays at least this much time.
    pub interval_seconds: u32,
    /// Key of the client's machine that signs vouchers; it moves nothing else.
    pub voucher_key: Address,
    /// The slot it is for, zero for any.
    pub slot: Address,
    /// Hash of the environment's specification.
    pub spec_hash: [u8; 32],
    /// Model of the GPU, a code of the public list; 0 for any.
    pub model_id: u32,
    /// Least measured score; 0 for any.
    pub min_score: u32,
    /// Least memory of the GPU in GiB.
    pub min_vram_gib: u8,
    /// Whether only providers with a linked person may take it.
    pub persons_only: bool,
}

impl LeaseTerms {
    /// Whether times and rate are within their bounds.
    fn fits(&self, is_rehearsal: bool) -> bool {
        let least = if is_rehearsal {
            MIN_REHEARSAL_SECONDS
        } else {
            MIN_STAGE_SECONDS
        };
        self.rate_per_second_atoms > 0
            && (least..=MAX_OPEN_SECONDS).contains(&self.open_seconds)
            && (least..=MAX_NOTICE_SECONDS).contains(&self.notice_seconds)
            && (least..=MAX_PAUSE_SECONDS).contains(&self.pause_seconds)
            && (1..=MAX_INTERVAL_SECONDS).contains(&self.interval_seconds)
    }

    /// Checks the terms against what the config in force allows; the funding is checked on the lease.
    #[inline(never)]
    pub fn validate(&self, config: &EscrowConfig) -> Step {
        require_step(self.fits(config.is_rehearsal == 1), EscrowError::LeaseOutOfBounds)?;
        require_step(config.fee_ppm.get() <= self.max_fee_ppm, EscrowError::FeeAboveLimit)?;
        require_step(
            self.compensation_lamports == 0 || self.compensation_lamports >= MIN_COMPENSATION_LAMPORTS,
            EscrowError::CompensationTooSmall,
        )?;
        require_step(
            self.bond_lamports >= self.compensation_lamports && self.bond_lamports >= config.min_bond_lamports.get(),
            EscrowError::BondTooSmall,
        )?;
        require_step(!is_none(&self.voucher_key), EscrowError::ZeroAddress)?;
        require_step(self.spec_hash != [0; 32], EscrowError::ZeroHash)
    }
}

/// That `deposit` pays at least an interval beyond `used_seconds`, and at most a year.
pub(super) fn check_funding(deposit: u64, rate: u64, used_seconds: u64, interval_seconds: u32) -> Step {
    let funded = checked(deposit.checked_div(rate))?;
    let ahead = funded.saturating_sub(used_seconds);
    require_step(ahead >= u64::from(interval_seconds), EscrowError::LeaseUnderfunded)?;
    require_step(ahead <= MAX_FUNDED_SECONDS, EscrowError::LeaseOverfunded)
}
