//! One order and its life.

use {
    super::{checked, is_none, NO_ADDRESS},
    crate::{
        constants::MIN_COMPENSATION_LAMPORTS,
        errors::EscrowError,
        hash,
        math::{
            deadline::{has_passed, Moment},
            terms::Stages,
        },
    },
    anchor_lang::{prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// Kind of an order paid at the end for one result.
pub const KIND_BATCH: u8 = 0;
/// Nobody checks the result before the provider is paid.
pub const VERIFY_NONE: u8 = 0;
/// The result stands unless somebody challenges it in time.
pub const VERIFY_OPTIMISTIC: u8 = 1;

/// Where a job is in its life. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum JobState {
    /// Waits for a worker.
    Open = 1,
    /// A slot has taken it and has not started.
    Claimed = 2,
    /// The worker has the input and computes.
    Running = 3,
    /// The worker has committed to a result; the slot is free for other work, the bond is not.
    Committed = 4,
    /// The result is public and can be challenged.
    Challengeable = 5,
    /// Paid; the accounts wait to be closed.
    Final = 6,
    /// To be refunded, but the client's token account was frozen.
    Refundable = 7,
    /// Refunded and closed; stands in events only, since closing takes the account with it.
    Refunded = 8,
    /// Before the court (not reachable yet).
    Disputed = 9,
    /// Decided by the court (not reachable yet).
    Ruled = 10,
}

/// What a client orders.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct JobTerms {
    /// Kind of order: 0 batch.
    pub kind: u8,
    /// Verification: 0 none, 1 optimistic.
    pub verification: u8,
    /// Price in atoms of the payment mint, fee included.
    pub price_atoms: u64,
    /// Bond the worker must lock, in lamports.
    pub bond_lamports: u64,
    /// Lamports the client gets from that bond when the worker fails: zero, or at least 1,000,000.
    pub compensation_lamports: u64,
    /// Highest protocol fee the client accepts, in parts per million.
    pub max_fee_ppm: u32,
    /// Posting to expiry while unclaimed, in seconds.
    pub open_seconds: u32,
    /// Claim to start, in seconds.
    pub start_seconds: u32,
    /// Start to commit, in seconds.
    pub run_seconds: u32,
    /// Commit to reveal, in seconds.
    pub reveal_seconds: u32,
    /// Reveal to final, in seconds.
    pub challenge_seconds: u32,
    /// Hash of the whole specification (environment, limits, canary root).
    pub spec_hash: [u8; 32],
    /// Hash of the WASM module to run.
    pub module_hash: [u8; 32],
    /// Hash of its arguments, which the worker attests before it starts.
    pub input_hash: [u8; 32],
}

impl JobTerms {
    /// The times of the stages.
    pub fn stages(&self) -> Stages {
        Stages {
            open_seconds: self.open_seconds,
            start_seconds: self.start_seconds,
            run_seconds: self.run_seconds,
            reveal_seconds: self.reveal_seconds,
            challenge_seconds: self.challenge_seconds,
        }
    }

    /// Checks the terms against what the config in force allows.
    #[inline(never)]
    pub fn validate(&self, config: &super::EscrowConfig) -> Result<()> {
        require!(self.kind == KIND_BATCH, EscrowError::KindNotAvailable);
        require!(
            self.verification <= VERIFY_OPTIMISTIC,
            EscrowError::VerificationNotAvailable
        );
        require!(self.price_atoms > 0, EscrowError::ZeroAmount);
        require!(config.fee_ppm.get() <= self.max_fee_ppm, EscrowError::FeeAboveLimit);
        require!(
            self.stages()
                .are_within_bounds(config.is_rehearsal == 1, self.verification == VERIFY_OPTIMISTIC),
            EscrowError::TimeOutOfBounds
        );
        require!(
            self.compensation_lamports == 0 || self.compensation_lamports >= MIN_COMPENSATION_LAMPORTS,
            EscrowError::CompensationTooSmall
        );
        let fault_cost = checked(
            self.compensation_lamports
                .checked_add(config.crank_bounty_lamports.get()),
        )?;
        require!(
            self.bond_lamports >= fault_cost && self.bond_lamports >= config.min_bond_lamports.get(),
            EscrowError::BondTooSmall
        );
        let zero = [0u8; 32];
        require!(
            self.spec_hash != zero && self.module_hash != zero && self.input_hash != zero,
            EscrowError::ZeroHash
        );
        Ok(())
    }
}

/// One order. It holds the crank reserve in lamports; its vault, PDA `["vault", job]`, holds the price and nothing else.
///
/// Its identity is `uid`, not its address: the address can be used again after closing. What settling needs of the config is
/// copied here at posting. Seeds: `["job", client, nonce u64 LE]`.
#[account]
pub struct Job {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Bump of the vault.
    pub vault_bump: u8,
    /// State: 1 open, 2 claimed, 3 running, 4 committed, 5 challengeable, 6 final, 7 refundable.
    pub state: u8,
    /// Kind of order: 0 batch.
    pub kind: u8,
    /// Verification: 0 none, 1 optimistic.
    pub verification: u8,
    /// Bit 0: the mint has a freeze authority, so payments may be delayed.
    pub flags: u8,
    /// Decimals of the mint.
    pub decimals: u8,
    /// Who ordered; refunds go to a token account of this owner.
    pub client: Address,
    /// The config of the posting.
    pub config_id: PodU16,
    /// Zero; equal hashes that win (redundant orders).
    pub redundancy_k: u8,
    /// Zero; workers (redundant orders).
    pub redundancy_n: u8,
    /// Zero; commitments so far (redundant orders).
    pub commitments: u8,
    /// Zero; reveals so far (redundant orders).
    pub reveals: u8,
    /// Unresolved challenges; a job becomes final only at zero.
    pub challenges_open: u8,
    /// Zero; bit i: milestone i is accepted.
    pub milestones_accepted: u8,
    /// The slot that works on it, zero if none.
    pub slot: Address,
    /// The payment mint.
    pub mint: Address,
    /// Who paid the rent of job and vault and gets it back.
    pub rent_payer: Address,
    /// H(tag | program | job | created_slot): stands in every receipt and commitment.
    pub uid: [u8; 32],
    /// Hash of the whole specification.
    pub spec_hash: [u8; 32],
    /// Hash of the WASM module to run.
    pub module_hash: [u8; 32],
    /// Hash of its arguments.
    pub input_hash: [u8; 32],
    /// While committed: the commitment. From the reveal on: the hash of the result.
    pub result: [u8; 32],
    /// The client's number for this order.
    pub nonce: PodU64,
    /// When it was posted, Unix seconds.
    pub created_ts: PodI64,
    /// Slot number of the posting.
    pub created_slot: PodU64,
    /// When the present state began, Unix seconds.
    pub entered_ts: PodI64,
    /// Slot number at which the present state began.
    pub entered_slot: PodU64,
    /// Price in atoms, fee included.
    pub price_atoms: PodU64,
    /// Bond its worker locks, in lamports.
    pub bond_lamports: PodU64,
    /// Part of the bond the client gets when the worker fails.
    pub compensation_lamports: PodU64,
    /// Lamports held here, above the rent, for cranks that are nobody's fault.
    pub crank_reserve_lamports: PodU64,
    /// Lamports a crank earns.
    pub bounty_lamports: PodU32,
    /// Protocol fee at posting, in parts per million.
    pub fee_ppm: PodU32,
    /// Posting to expiry while unclaimed, in seconds.
    pub open_seconds: PodU32,
    /// Claim to start, in seconds.
    pub start_seconds: PodU32,
    /// Start to commit, in seconds.
    pub run_seconds: PodU32,
    /// Commit to reveal, in seconds.
    pub reveal_seconds: PodU32,
    /// Reveal to final, in seconds.
    pub challenge_seconds: PodU32,
    /// Zero; basis points of the milestones.
    pub milestone_bps: [PodU16; 8],
    /// Zero.
    pub reserved: [u8; 8],
}

/// What a posting copies from the config and the mint list.
pub struct Posting<'a> {
    /// The job's address.
    pub job: &'a Address,
    /// Its bump.
    pub bump: u8,
    /// Its vault's bump.
    pub vault_bump: u8,
    /// The client's number.
    pub nonce: u64,
    /// Who orders.
    pub client: &'a Address,
    /// Who pays the rent.
    pub rent_payer: &'a Address,
    /// The payment mint's entry.
    pub mint: &'a super::PaymentMint,
    /// The config's number.
    pub config_id: PodU16,
    /// The fee in force.
    pub fee_ppm: PodU32,
    /// The bounty in force; within [`crate::constants::MAX_CRANK_BOUNTY_LAMPORTS`].
    pub bounty_lamports: u32,
    /// Now.
    pub now: Moment,
}

impl Job {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Fills a new account, which is all zero, as a job in state `Open`.
    #[inline(always)]
    pub fn open(&mut self, posting: &Posting, terms: &JobTerms) {
        let now = posting.now;
        self.version = crate::constants::ACCOUNT_VERSION;
        self.bump = posting.bump;
        self.vault_bump = posting.vault_bump;
        self.state = JobState::Open as u8;
        self.kind = terms.kind;
        self.verification = terms.verification;
        self.flags = posting.mint.flags;
        self.decimals = posting.mint.decimals;
        self.client = *posting.client;
        self.config_id = posting.config_id;
        self.mint = posting.mint.mint;
        self.rent_payer = *posting.rent_payer;
        self.uid = hash::job_uid(posting.job, now.slot);
        self.spec_hash = terms.spec_hash;
        self.module_hash = terms.module_hash;
        self.input_hash = terms.input_hash;
        self.nonce = posting.nonce.into();
        self.created_ts = now.ts.into();
        self.created_slot = now.slot.into();
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
        self.price_atoms = terms.price_atoms.into();
        self.bond_lamports = terms.bond_lamports.into();
        self.compensation_lamports = terms.compensation_lamports.into();
        self.crank_reserve_lamports = u64::from(posting.bounty_lamports).into();
        self.bounty_lamports = posting.bounty_lamports.into();
        self.fee_ppm = posting.fee_ppm;
        self.open_seconds = terms.open_seconds.into();
        self.start_seconds = terms.start_seconds.into();
        self.run_seconds = terms.run_seconds.into();
        self.reveal_seconds = terms.reveal_seconds.into();
        self.challenge_seconds = terms.challenge_seconds.into();
    }

    /// That the job is in `state` (E3).
    #[inline(always)]
    pub fn validate_state(&self, state: JobState) -> Result<()> {
        require!(self.state == state as u8, EscrowError::WrongJobState);
        Ok(())
    }

    /// That the job is the one meant, not another at the same address (E3).
    #[inline(always)]
    pub fn validate_uid(&self, uid: &[u8; 32]) -> Result<()> {
        require!(&self.uid == uid, EscrowError::WrongUid);
        Ok(())
    }

    /// That `slot` is the one that claimed it.
    #[inline(always)]
    pub fn validate_slot(&self, slot: &Address) -> Result<()> {
        require!(
            anchor_lang::address_eq(&self.slot, slot),
            EscrowError::NotTheAssignedSlot
        );
        Ok(())
    }

    /// That it was not posted in this very slot: its uid would live twice if it ended and were posted again in it.
    #[inline(always)]
    pub fn validate_age(&self, now: Moment) -> Result<()> {
        require!(now.slot > self.created_slot.get(), EscrowError::SameSlot);
        Ok(())
    }

    fn entered(&self) -> Moment {
        Moment {
            ts: self.entered_ts.get(),
            slot: self.entered_slot.get(),
        }
    }

    /// Whether the time of the present state is over. The open time counts from the posting, whatever happened since, so that
    /// claiming and declining in turn cannot hold a client's money beyond it.
    #[inline(always)]
    pub fn is_overdue(&self, now: Moment) -> Result<bool> {
        let created = Moment {
            ts: self.created_ts.get(),
            slot: self.created_slot.get(),
        };
        let (start, seconds) = match self.state {
            s if s == JobState::Open as u8 => (created, self.open_seconds),
            s if s == JobState::Claimed as u8 => (self.entered(), self.start_seconds),
            s if s == JobState::Running as u8 => (self.entered(), self.run_seconds),
            s if s == JobState::Committed as u8 => (self.entered(), self.reveal_seconds),
            s if s == JobState::Challengeable as u8 => (self.entered(), self.challenge_seconds),
            _ => return Err(EscrowError::WrongJobState.into()),
        };
        checked(has_passed(start, seconds.get(), now))
    }

    /// That there is still time for the next step.
    #[inline(always)]
    pub fn validate_in_time(&self, now: Moment) -> Result<()> {
        require!(!self.is_overdue(now)?, EscrowError::DeadlinePassed);
        Ok(())
    }

    /// That the time of the present state is over.
    #[inline(always)]
    pub fn validate_overdue(&self, now: Moment) -> Result<()> {
        require!(self.is_overdue(now)?, EscrowError::TooEarly);
        Ok(())
    }

    #[inline(always)]
    fn enter(&mut self, state: JobState, now: Moment) {
        let now = now.not_before(self.entered());
        self.state = state as u8;
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
    }

    /// A slot takes it.
    #[inline(always)]
    pub fn apply_claim(&mut self, slot: &Address, now: Moment) {
        self.slot = *slot;
        self.enter(JobState::Claimed, now);
    }

    /// It waits for a worker again.
    pub fn apply_reopen(&mut self, now: Moment) {
        self.slot = NO_ADDRESS;
        self.enter(JobState::Open, now);
    }

    /// The worker has the input.
    pub fn apply_start(&mut self, now: Moment) {
        self.enter(JobState::Running, now);
    }

    /// The worker has a result and says so.
    #[inline(always)]
    pub fn apply_commit(&mut self, commitment: &[u8; 32], now: Moment) {
        self.result = *commitment;
        self.enter(JobState::Committed, now);
    }

    /// The result is public.
    #[inline(always)]
    pub fn apply_reveal(&mut self, result: &[u8; 32], now: Moment) {
        self.result = *result;
        self.enter(JobState::Challengeable, now);
    }

    /// It is paid.
    #[inline(always)]
    pub fn apply_settlement(&mut self, now: Moment) {
        self.enter(JobState::Final, now);
    }

    /// It is to be refunded as soon as the client can be paid.
    pub fn apply_refund_delay(&mut self, now: Moment) {
        self.enter(JobState::Refundable, now);
    }

    /// Spends the crank reserve; says how much.
    pub fn take_bounty(&mut self) -> Result<u64> {
        let bounty = u64::from(self.bounty_lamports.get());
        self.crank_reserve_lamports = checked(self.crank_reserve_lamports.checked_sub(bounty))?;
        Ok(bounty)
    }

    /// A slot is assigned exactly in the states that have a worker; the fee is within its ceiling (E7); `vault_atoms` hold the
    /// price until it is paid out.
    #[inline(always)]
    pub fn invariant(&self, vault_atoms: u64) -> Result<()> {
        let has_worker = (JobState::Claimed as u8..=JobState::Final as u8).contains(&self.state);
        let is_open = self.state == JobState::Open as u8;
        require!(!has_worker || !is_none(&self.slot), EscrowError::InvariantViolated);
        require!(!is_open || is_none(&self.slot), EscrowError::InvariantViolated);
        require!(
            self.fee_ppm.get() <= crate::constants::MAX_FEE_PPM,
            EscrowError::InvariantViolated
        );
        require!(
            self.state == JobState::Final as u8 || vault_atoms >= self.price_atoms.get(),
            EscrowError::VaultMismatch
        );
        Ok(())
    }
}

const _: () = assert!(Job::SIZE == 436);
