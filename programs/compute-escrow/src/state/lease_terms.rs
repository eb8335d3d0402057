//! What a client orders when it rents by the second, and how a lease opens.

use {
    super::{
        is_none, lease::TERMS_AT, require_step, EscrowConfig, Lease, LeaseState, PaymentMint, Step, LEASE_IN_GANG,
        LEASE_REHEARSAL,
    },
    crate::{constants::*, errors::EscrowError, hash, math::deadline::Moment},
    anchor_lang::{bytemuck, prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// Bytes of [`LeaseTerms`] in an instruction, and of the fields of [`super::Lease`] that they fill.
pub const LEASE_TERMS_LEN: usize = 158;

/// The terms of a lease, as clients encode them. The program copies their bytes: [`super::Lease`] has the same fields in the same
/// order.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct LeaseTerms {
    /// The slot it is for, zero for any.
    pub slot: Address,
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
    /// Their bytes in an instruction.
    pub fn to_bytes(&self) -> [u8; LEASE_TERMS_LEN] {
        let mut bytes = [0; LEASE_TERMS_LEN];
        let parts: [&[u8]; 16] = [
            self.slot.as_array(),
            &self.rate_per_second_atoms.to_le_bytes(),
            &self.deposit_atoms.to_le_bytes(),
            &self.bond_lamports.to_le_bytes(),
            &self.compensation_lamports.to_le_bytes(),
            &self.max_fee_ppm.to_le_bytes(),
            &self.open_seconds.to_le_bytes(),
            &self.notice_seconds.to_le_bytes(),
            &self.pause_seconds.to_le_bytes(),
            &self.interval_seconds.to_le_bytes(),
            self.voucher_key.as_array(),
            &self.spec_hash,
            &self.model_id.to_le_bytes(),
            &self.min_score.to_le_bytes(),
            &[self.min_vram_gib],
            &[u8::from(self.persons_only)],
        ];
        let mut rest = bytes.as_mut_slice();
        for part in parts {
            // the parts are as long as the buffer; tests compare them with the account
            let Some((space, next)) = rest.split_at_mut_checked(part.len()) else {
                break;
            };
            space.copy_from_slice(part);
            rest = next;
        }
        bytes
    }
}

/// What a posting copies from the config and the mint list.
pub struct LeasePosting<'a> {
    /// The lease's address.
    pub lease: &'a Address,
    /// Its bump.
    pub bump: u8,
    /// Its vault's bump.
    pub vault_bump: u8,
    /// The client's number.
    pub nonce: u64,
    /// Who rents.
    pub client: &'a Address,
    /// Who pays the rent.
    pub rent_payer: &'a Address,
    /// The payment mint's entry.
    pub mint: &'a PaymentMint,
    /// The config.
    pub config: &'a EscrowConfig,
    /// The bounty in force.
    pub bounty_lamports: u32,
    /// The gang's number, if it belongs to one.
    pub gang_nonce: Option<PodU64>,
    /// Now.
    pub now: Moment,
}

impl Lease {
    /// Fills a new account, which is all zero, as a lease in state `Open`, and checks its terms.
    #[inline(never)]
    pub fn open(&mut self, posting: &LeasePosting, terms: &[u8; LEASE_TERMS_LEN]) -> Step {
        let (now, config) = (posting.now, posting.config);
        let bytes = bytemuck::bytes_of_mut(self);
        if let Some(to) = bytes.get_mut(TERMS_AT..).and_then(|rest| rest.first_chunk_mut()) {
            *to = *terms;
        }
        self.validate_terms(config)?;
        self.fee_ppm = config.fee_ppm;
        self.version = ACCOUNT_VERSION;
        self.bump = posting.bump;
        self.vault_bump = posting.vault_bump;
        self.state = LeaseState::Open as u8;
        self.flags = posting.mint.flags;
        self.flags |= if config.is_rehearsal == 1 { LEASE_REHEARSAL } else { 0 };
        if let Some(nonce) = posting.gang_nonce {
            self.flags |= LEASE_IN_GANG;
            self.gang_nonce = nonce;
        }
        self.decimals = posting.mint.decimals;
        self.config_id = config.id;
        self.client = *posting.client;
        self.mint = posting.mint.mint;
        self.rent_payer = *posting.rent_payer;
        self.uid = hash::job_uid(posting.lease, now.slot);
        self.genesis_hash = config.genesis_hash;
        self.nonce = posting.nonce.into();
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
        self.bounty_lamports = posting.bounty_lamports.into();
        self.bounties_left = LEASE_BOUNTIES;
        self.validate_funding(now)
    }

    /// Checks the terms against what the config in force allows; `fee_ppm` still is the highest the client accepts.
    fn validate_terms(&self, config: &EscrowConfig) -> Step {
        let least = if config.is_rehearsal == 1 {
            MIN_REHEARSAL_SECONDS
        } else {
            MIN_STAGE_SECONDS
        };
        let fits = !self.rate_per_second_atoms.is_zero()
            && (least..=MAX_OPEN_SECONDS).contains(&self.open_seconds.get())
            && (least..=MAX_NOTICE_SECONDS).contains(&self.notice_seconds.get())
            && (least..=MAX_PAUSE_SECONDS).contains(&self.pause_seconds.get())
            && (1..=MAX_INTERVAL_SECONDS).contains(&self.interval_seconds.get());
        require_step(fits, EscrowError::LeaseOutOfBounds)?;
        require_step(config.fee_ppm.get() <= self.fee_ppm.get(), EscrowError::FeeAboveLimit)?;
        let (bond, compensation) = (self.bond_lamports.get(), self.compensation_lamports.get());
        require_step(
            compensation == 0 || compensation >= MIN_COMPENSATION_LAMPORTS,
            EscrowError::CompensationTooSmall,
        )?;
        require_step(
            bond >= compensation && bond >= config.min_bond_lamports.get(),
            EscrowError::BondTooSmall,
        )?;
        require_step(!is_none(&self.voucher_key), EscrowError::ZeroAddress)?;
        require_step(self.spec_hash != [0; 32], EscrowError::ZeroHash)
    }
}
