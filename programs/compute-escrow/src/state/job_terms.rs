//! What a client orders.

use {
    super::{
        checked, require_step, same_bytes, EscrowConfig, Step, KIND_BATCH, KIND_REDUNDANT, VERIFY_ATTESTED,
        VERIFY_NONE, VERIFY_OPTIMISTIC,
    },
    crate::{constants::*, errors::EscrowError, math::terms::Stages},
    anchor_lang::{bytemuck, prelude::*, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// The terms of an order, as clients encode them.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct JobTerms {
    /// Kind of order: 0 batch, 1 auction, 2 redundant.
    pub kind: u8,
    /// Verification: 0 none, 1 optimistic, 2 canary, 3 attested.
    pub verification: u8,
    /// Price in atoms of the payment mint, fee included; of an auction the highest bid accepted, of a redundant order the price
    /// of all workers together.
    pub price_atoms: u64,
    /// Bond the worker must lock, in lamports.
    pub bond_lamports: u64,
    /// Lamports the client gets from that bond when the worker fails: zero, or at least 1,000,000.
    pub compensation_lamports: u64,
    /// Highest protocol fee the client accepts, in parts per million.
    pub max_fee_ppm: u32,
    /// Posting to expiry while unclaimed, in seconds; of an auction, the time of bidding.
    pub open_seconds: u32,
    /// Claim to start, in seconds; of an auction also award to taking up.
    pub start_seconds: u32,
    /// Start to commit, in seconds.
    pub run_seconds: u32,
    /// Commit to reveal, in seconds; of an auction also the time in which bids are revealed.
    pub reveal_seconds: u32,
    /// Reveal to final, in seconds.
    pub challenge_seconds: u32,
    /// Hash of the whole specification (environment, limits); with canaries, [`crate::hash::canary_spec`].
    pub spec_hash: [u8; 32],
    /// Hash of the WASM module to run.
    pub module_hash: [u8; 32],
    /// Hash of its arguments, which the worker attests before it starts.
    pub input_hash: [u8; 32],
    /// Who may take it.
    pub eligibility: Eligibility,
    /// Of a redundant order: equal results that win (k).
    pub redundancy_k: u8,
    /// Of a redundant order: workers (n); 2k > n, at most 7.
    pub redundancy_n: u8,
    /// Basis points of the price of each milestone; they sum to 10,000, or all are zero.
    pub milestone_bps: [u16; MAX_MILESTONES],
}

/// Which slots may take a job, and how fast it opens to all of them.
#[derive(Clone, Copy, Default, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct Eligibility {
    /// Model of the GPU, a code of the public list; 0 for any.
    pub model_id: u32,
    /// Least measured score; 0 for any, also unmeasured. A score counts while its attestation lasts.
    pub min_score: u32,
    /// Least memory of the GPU in GiB.
    pub min_vram_gib: u8,
    /// Slots in which the circle of eligible workers doubles, at most 16; 0: first come, first served. After 16 doublings
    /// everybody is eligible. 16 spreads work over about 100 seconds.
    pub spread_slots: u8,
    /// Whether only providers with a linked person may take it.
    pub persons_only: bool,
}

impl JobTerms {
    /// Their bytes in an instruction.
    pub fn to_bytes(&self) -> [u8; JOB_TERMS_LEN] {
        let raw = RawTerms {
            kind: self.kind,
            verification: self.verification,
            price_atoms: self.price_atoms.into(),
            bond_lamports: self.bond_lamports.into(),
            compensation_lamports: self.compensation_lamports.into(),
            max_fee_ppm: self.max_fee_ppm.into(),
            open_seconds: self.open_seconds.into(),
            start_seconds: self.start_seconds.into(),
            run_seconds: self.run_seconds.into(),
            reveal_seconds: self.reveal_seconds.into(),
            challenge_seconds: self.challenge_seconds.into(),
            spec_hash: self.spec_hash,
            module_hash: self.module_hash,
            input_hash: self.input_hash,
            model_id: self.eligibility.model_id.into(),
            min_score: self.eligibility.min_score.into(),
            min_vram_gib: self.eligibility.min_vram_gib,
            spread_slots: self.eligibility.spread_slots,
            persons_only: u8::from(self.eligibility.persons_only),
            redundancy_k: self.redundancy_k,
            redundancy_n: self.redundancy_n,
            milestone_bps: self.milestone_bps.map(PodU16::from),
        };
        let mut bytes = [0; JOB_TERMS_LEN];
        bytes.copy_from_slice(bytemuck::bytes_of(&raw));
        bytes
    }
}

/// Bytes of [`JobTerms`] in an instruction.
pub const JOB_TERMS_LEN: usize = 175;

/// The bytes of [`JobTerms`], read where they lie in the instruction: the fields in the same order.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct RawTerms {
    pub(crate) kind: u8,
    pub(crate) verification: u8,
    pub(crate) price_atoms: PodU64,
    pub(crate) bond_lamports: PodU64,
    pub(crate) compensation_lamports: PodU64,
    pub(crate) max_fee_ppm: PodU32,
    pub(crate) open_seconds: PodU32,
    pub(crate) start_seconds: PodU32,
    pub(crate) run_seconds: PodU32,
    pub(crate) reveal_seconds: PodU32,
    pub(crate) challenge_seconds: PodU32,
    pub(crate) spec_hash: [u8; 32],
    pub(crate) module_hash: [u8; 32],
    pub(crate) input_hash: [u8; 32],
    pub(crate) model_id: PodU32,
    pub(crate) min_score: PodU32,
    pub(crate) min_vram_gib: u8,
    pub(crate) spread_slots: u8,
    pub(crate) persons_only: u8,
    pub(crate) redundancy_k: u8,
    pub(crate) redundancy_n: u8,
    pub(crate) milestone_bps: [PodU16; MAX_MILESTONES],
}

const _: () = assert!(core::mem::size_of::<RawTerms>() == JOB_TERMS_LEN);

impl RawTerms {
    /// The terms in an instruction's bytes.
    pub(crate) fn of(bytes: &[u8; JOB_TERMS_LEN]) -> &Self {
        const { assert!(core::mem::align_of::<Self>() == 1) };
        // SAFETY: as many bytes, of alignment one, and every pattern of them is one.
        unsafe { &*core::ptr::from_ref(bytes).cast() }
    }

    fn stages(&self) -> Stages {
        Stages {
            open_seconds: self.open_seconds.get(),
            start_seconds: self.start_seconds.get(),
            run_seconds: self.run_seconds.get(),
            reveal_seconds: self.reveal_seconds.get(),
            challenge_seconds: self.challenge_seconds.get(),
        }
    }

    /// What only some kinds of orders say.
    #[inline(always)]
    fn validate_kind(&self) -> Step {
        let is_redundant = self.kind == KIND_REDUNDANT;
        let (k, n) = (self.redundancy_k, self.redundancy_n);
        let fits = if is_redundant {
            n > 1 && n <= MAX_REDUNDANCY && k <= n && k.saturating_mul(2) > n
        } else {
            k | n == 0
        };
        require_step(fits, EscrowError::RedundancyOutOfBounds)?;
        if is_redundant {
            // equal results need no attestor and no canary: workers compute the same
            require_step(
                self.verification <= VERIFY_OPTIMISTIC,
                EscrowError::VerificationNotAvailable,
            )?;
            require_step(self.price_atoms.get() >= u64::from(n), EscrowError::ZeroAmount)?;
        }
        if self.has_milestones() {
            let whole: u32 = self.milestone_bps.iter().map(|bps| u32::from(bps.get())).sum();
            let fits = self.kind == KIND_BATCH && whole == MILESTONE_WHOLE_BPS;
            require_step(fits, EscrowError::MilestonesOutOfBounds)?;
        }
        require_step(self.spread_slots <= MAX_SPREAD_SLOTS, EscrowError::SpreadOutOfBounds)
    }

    /// Whether the price is paid in parts.
    #[inline(always)]
    pub(crate) fn has_milestones(&self) -> bool {
        bytemuck::bytes_of(&self.milestone_bps) != [0; 2 * MAX_MILESTONES]
    }

    /// Checks the terms against what the config in force allows.
    #[inline(always)]
    pub(crate) fn validate(&self, config: &EscrowConfig) -> Step {
        require_step(self.kind <= KIND_REDUNDANT, EscrowError::KindNotAvailable)?;
        require_step(
            self.verification <= VERIFY_ATTESTED,
            EscrowError::VerificationNotAvailable,
        )?;
        require_step(
            self.verification != VERIFY_ATTESTED || config.court.has_attestors(),
            EscrowError::VerificationNotAvailable,
        )?;
        // a flag that is neither yes nor no is no flag
        require_step(self.persons_only <= 1, EscrowError::KindNotAvailable)?;
        self.validate_kind()?;
        require_step(!self.price_atoms.is_zero(), EscrowError::ZeroAmount)?;
        require_step(
            config.fee_ppm.get() <= self.max_fee_ppm.get(),
            EscrowError::FeeAboveLimit,
        )?;
        require_step(
            self.stages()
                .are_within_bounds(config.is_rehearsal == 1, self.verification != VERIFY_NONE),
            EscrowError::TimeOutOfBounds,
        )?;
        let compensation = self.compensation_lamports.get();
        require_step(
            compensation == 0 || compensation >= MIN_COMPENSATION_LAMPORTS,
            EscrowError::CompensationTooSmall,
        )?;
        let fault_cost = checked(compensation.checked_add(config.crank_bounty_lamports.get()))?;
        let bond = self.bond_lamports.get();
        require_step(
            bond >= fault_cost && bond >= config.min_bond_lamports.get(),
            EscrowError::BondTooSmall,
        )?;
        let is_zero = |hash: &[u8; 32]| same_bytes(hash, &[0; 32]);
        require_step(
            !is_zero(&self.spec_hash) && !is_zero(&self.module_hash) && !is_zero(&self.input_hash),
            EscrowError::ZeroHash,
        )
    }
}
