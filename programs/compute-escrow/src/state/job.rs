//! One order and its life.

use {
    super::{checked, is_none, require_step, RawTerms, Step, NO_ADDRESS},
    crate::{
        constants::{MAX_MILESTONES, MILESTONE_WHOLE_BPS},
        errors::EscrowError,
        hash,
        math::deadline::{has_passed, Moment},
    },
    anchor_lang::{prelude::*, Address},
    commonweal_interface::math::mul_div_floor,
};

/// Kind of an order that one slot takes at the client's price.
pub const KIND_BATCH: u8 = 0;
/// Kind of an order whose price the lowest of sealed bids makes.
pub const KIND_AUCTION: u8 = 1;
/// Kind of an order that n slots compute; k equal results win.
pub const KIND_REDUNDANT: u8 = 2;
/// Nobody checks the result before the provider is paid.
pub const VERIFY_NONE: u8 = 0;
/// The result stands unless somebody challenges it in time.
pub const VERIFY_OPTIMISTIC: u8 = 1;
/// As optimistic; besides, `spec_hash` binds the root of canaries: parts of the work whose results the client knows.
pub const VERIFY_CANARY: u8 = 2;
/// The result is paid only if an attestor of the config countersigns its evidence in time.
pub const VERIFY_ATTESTED: u8 = 3;

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
    /// Before the court.
    Disputed = 9,
    /// An auction whose bids are being revealed.
    Revealing = 10,
    /// An auction is won; the winner has not taken the job up.
    Awarded = 11,
    /// A redundant order is decided; its workers are being paid or let go one by one.
    Resolving = 12,
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
    /// State: 1 open, 2 claimed, 3 running, 4 committed, 5 challengeable, 6 final, 7 refundable, 9 disputed, 10 revealing,
    /// 11 awarded, 12 resolving.
    pub state: u8,
    /// Kind of order: 0 batch, 1 auction, 2 redundant.
    pub kind: u8,
    /// Verification: 0 none, 1 optimistic, 2 canary, 3 attested.
    pub verification: u8,
    /// Bit 0: the mint has a freeze authority, so payments may be delayed. Bit 1: only providers with a linked person. Bit 2: the
    /// result was found wrong. Bit 3: an attestor has countersigned the result. Bit 4: the client of a redundant order has its
    /// compensation. Bit 5: the price was divided by default.
    pub flags: u8,
    /// Decimals of the mint.
    pub decimals: u8,
    /// Who ordered; refunds go to a token account of this owner.
    pub client: Address,
    /// The config of the posting.
    pub config_id: PodU16,
    /// Equal results that win (redundant orders).
    pub redundancy_k: u8,
    /// Workers (redundant orders).
    pub redundancy_n: u8,
    /// Commitments so far (redundant orders); bids placed (auctions, at most 255 are counted).
    pub commitments: u8,
    /// Reveals so far (redundant orders); bids revealed (auctions, at most 255 are counted).
    pub reveals: u8,
    /// Unresolved challenges; a job is paid and closed only at zero.
    pub challenges_open: u8,
    /// Bit i: milestone i is accepted and paid.
    pub milestones_accepted: u8,
    /// The slot that works on it, zero if none. Of an auction being revealed: the best bid's slot; awarded: the winner.
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
    /// While committed: the commitment. From the reveal on: the hash of the result. Of an auction up to its taking up: the slot
    /// of the second bid, zero if none.
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
    pub crank_reserve_lamports: PodU32,
    /// Model of the GPU asked for; 0 for any.
    pub model_id: PodU32,
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
    /// Basis points of the milestones. Of an auction up to its taking up: the second bid's price in atoms, as a little-endian
    /// u64, then zeros ([`Job::second_price_atoms`]); the best bid's is `price_atoms` once one is revealed.
    pub milestone_bps: [PodU16; MAX_MILESTONES],
    /// Least measured score asked for; 0 for any.
    pub min_score: PodU32,
    /// Least memory of the GPU asked for, in GiB.
    pub min_vram_gib: u8,
    /// Slots in which the circle of eligible workers doubles; 0: everybody at once.
    pub spread_slots: u8,
    /// Workers that have joined (redundant orders).
    pub joined: u8,
    /// Workers paid or let go (redundant orders).
    pub resolved: u8,
}

/// Bit of [`Job::flags`]: only providers with a linked person may take it.
pub const FLAG_PERSONS_ONLY: u8 = 2;
/// Bit of [`Job::flags`]: the result was found wrong, by a verdict or because nobody defended it.
pub const FLAG_WRONG: u8 = 4;
/// Bit of [`Job::flags`]: an attestor has countersigned the result.
pub const FLAG_ATTESTED: u8 = 8;

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
    /// Bounties set aside: one for each crank that may be nobody's fault.
    pub reserve_lamports: u32,
    /// Now.
    pub now: Moment,
}

impl Job {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Fills a new account, which is all zero, as a job in state `Open`.
    #[inline(always)]
    pub(crate) fn open(&mut self, posting: &Posting, terms: &RawTerms) {
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
        self.price_atoms = terms.price_atoms;
        self.bond_lamports = terms.bond_lamports;
        self.compensation_lamports = terms.compensation_lamports;
        self.crank_reserve_lamports = posting.reserve_lamports.into();
        self.bounty_lamports = posting.bounty_lamports.into();
        self.fee_ppm = posting.fee_ppm;
        self.open_seconds = terms.open_seconds;
        self.start_seconds = terms.start_seconds;
        self.run_seconds = terms.run_seconds;
        self.reveal_seconds = terms.reveal_seconds;
        self.challenge_seconds = terms.challenge_seconds;
        self.model_id = terms.model_id;
        self.min_score = terms.min_score;
        self.min_vram_gib = terms.min_vram_gib;
        self.spread_slots = terms.spread_slots;
        self.flags |= if terms.persons_only != 0 { FLAG_PERSONS_ONLY } else { 0 };
        self.redundancy_k = terms.redundancy_k;
        self.redundancy_n = terms.redundancy_n;
        if terms.has_milestones() {
            self.milestone_bps = terms.milestone_bps;
        }
    }

    /// That the order is of a kind.
    #[inline(always)]
    pub fn validate_kind(&self, kind: u8) -> Step {
        require_step(self.kind == kind, EscrowError::WrongKind)
    }

    /// That the job is in `state` (E3).
    #[inline(always)]
    pub fn validate_state(&self, state: JobState) -> Step {
        require!(self.state == state as u8, EscrowError::WrongJobState);
        Ok(())
    }

    /// That the job is the one meant, not another at the same address (E3).
    #[inline(always)]
    pub fn validate_uid(&self, uid: &[u8; 32]) -> Step {
        require!(super::same_bytes(&self.uid, uid), EscrowError::WrongUid);
        Ok(())
    }

    /// That `slot` is the one that claimed it.
    #[inline(never)]
    pub fn validate_slot(&self, slot: &Address) -> Step {
        require!(crate::state::same(&self.slot, slot), EscrowError::NotTheAssignedSlot);
        Ok(())
    }

    /// That it was not posted in this very slot: its uid would live twice if it ended and were posted again in it.
    #[inline(never)]
    pub fn validate_age(&self, now: Moment) -> Step {
        require!(now.slot > self.created_slot.get(), EscrowError::SameSlot);
        Ok(())
    }

    /// When the present state began.
    pub fn entered(&self) -> Moment {
        Moment {
            ts: self.entered_ts.get(),
            slot: self.entered_slot.get(),
        }
    }

    /// Whether the time of the present state is over. The open time counts from the posting, whatever happened since, so that
    /// claiming and declining in turn cannot hold a client's money beyond it.
    #[inline(never)]
    pub fn is_overdue(&self, now: Moment) -> Step<bool> {
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
            s if s == JobState::Revealing as u8 => (self.entered(), self.reveal_seconds),
            s if s == JobState::Awarded as u8 => (self.entered(), self.start_seconds),
            _ => return Err(EscrowError::WrongJobState.into()),
        };
        checked(has_passed(start, seconds.get(), now))
    }

    /// Atoms of the price that accepted milestones have paid, rounded down as a total: their order changes nothing.
    #[inline(never)]
    pub fn paid_atoms(&self) -> Step<u64> {
        if self.milestones_accepted == 0 {
            return Ok(0);
        }
        let accepted: u64 = self
            .milestone_bps
            .iter()
            .enumerate()
            .filter(|(at, _)| self.milestones_accepted & (1 << at) != 0)
            .map(|(_, bps)| u64::from(bps.get()))
            .sum();
        let whole = u64::from(MILESTONE_WHOLE_BPS);
        checked(mul_div_floor(self.price_atoms.get(), accepted, whole))
    }

    /// Atoms of the price that nobody has been paid yet.
    #[inline(always)]
    pub fn remaining_atoms(&self) -> Step<u64> {
        checked(self.price_atoms.get().checked_sub(self.paid_atoms()?))
    }

    /// Takes up an auction that its slot has won.
    pub fn apply_taking_up(&mut self, now: Moment) {
        self.result = [0; 32];
        self.milestone_bps = Default::default();
        self.enter(JobState::Claimed, now);
    }

    /// Whether an auction has bids that may be revealed.
    pub fn has_bids(&self) -> bool {
        self.kind == KIND_AUCTION && self.commitments != 0
    }

    /// Whether it waits for an attestor's countersignature.
    pub fn lacks_attestation(&self) -> bool {
        self.verification == VERIFY_ATTESTED && self.flags & FLAG_ATTESTED == 0
    }

    /// That there is still time for the next step.
    #[inline(never)]
    pub fn validate_in_time(&self, now: Moment) -> Step {
        require!(!self.is_overdue(now)?, EscrowError::DeadlinePassed);
        Ok(())
    }

    /// That the time of the present state is over.
    #[inline(never)]
    pub fn validate_overdue(&self, now: Moment) -> Step {
        require!(self.is_overdue(now)?, EscrowError::TooEarly);
        Ok(())
    }

    /// Enters a state now, or when the last one began if the clock has stepped back.
    #[inline(never)]
    pub fn enter(&mut self, state: JobState, now: Moment) {
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
        // the bids of an auction are used up: it waits for its refund
        self.commitments = 0;
        self.reveals = 0;
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
    pub fn take_bounty(&mut self) -> Step<u64> {
        // a reserve that is spent leaves the next crank to whoever has an interest in it; it blocks nothing
        let bounty = self.bounty_lamports.get().min(self.crank_reserve_lamports.get());
        self.crank_reserve_lamports = checked(self.crank_reserve_lamports.checked_sub(bounty))?;
        Ok(u64::from(bounty))
    }

    /// A slot is assigned exactly in the states that have a worker; the fee is within its ceiling (E7); `vault_atoms` hold the
    /// price until it is paid out.
    #[inline(never)]
    pub fn invariant(&self, vault_atoms: u64) -> Step {
        let has_worker = self.kind != KIND_REDUNDANT
            && (JobState::Claimed as u8..=JobState::Challengeable as u8).contains(&self.state);
        let is_open = self.state == JobState::Open as u8;
        require!(!has_worker || !is_none(&self.slot), EscrowError::InvariantViolated);
        require!(!is_open || is_none(&self.slot), EscrowError::InvariantViolated);
        require!(
            self.fee_ppm.get() <= crate::constants::MAX_FEE_PPM,
            EscrowError::InvariantViolated
        );
        require!(
            self.state == JobState::Final as u8 || vault_atoms >= self.remaining_atoms()?,
            EscrowError::VaultMismatch
        );
        Ok(())
    }
}

const _: () = assert!(Job::SIZE == 436);
