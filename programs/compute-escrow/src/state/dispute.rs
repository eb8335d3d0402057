//! One case before the court.

use {
    super::{checked, require_step, CourtTerms, Step},
    crate::{
        constants::EVEN_PPM,
        errors::EscrowError,
        hash::panel_seed,
        math::{
            court::{median_floor, BOTH, CHALLENGER, DEFENDER, MAX_DEPOSITS, MAX_PANEL, MAX_REDRAWS, PANELS},
            deadline::{has_passed, Moment},
        },
    },
    anchor_lang::{prelude::*, Address},
};

/// Where a dispute is. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Both parties commit to randomness.
    SeedCommit = 1,
    /// The first slot hash after the commitments is to be pinned.
    Pin = 2,
    /// Both parties reveal.
    SeedReveal = 3,
    /// The panel is being drawn.
    Draw = 4,
    /// Jurors commit to votes.
    VoteCommit = 5,
    /// Jurors reveal them.
    VoteReveal = 6,
    /// A panel has decided; anybody may appeal for the side it went against.
    Appeal = 7,
    /// The last appeal is paid; its proposal is to be named.
    Linking = 8,
    /// The quadratic vote decides.
    Ruling = 9,
    /// Decided; the ruling is to be executed.
    Ended = 10,
    /// The job has what was ruled; seats and deposits are to be closed.
    Executed = 11,
}

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CaseOutcome {
    /// By a panel or the quadratic vote.
    Verdict = 1,
    /// Nobody judged: the price is halved, both sides lose a fifth.
    Default = 2,
    /// The defender did not contribute to the randomness.
    Forfeited = 3,
}

/// One case: a job's result, two parties, their deposits in lamports, and its panels.
///
/// Everything the case pays (seats, bounties) is counted in `costs_lamports` and comes out of the deposits; the account always
/// holds its rent and deposits − costs. Seeds: `["dispute", job]`.
#[account]
pub struct Dispute {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Phase: 1 to 11, see [`Phase`].
    pub phase: u8,
    /// Round: 0 to 2 panels of 3, 7 and 15; 3 the quadratic vote.
    pub round: u8,
    /// Drawings of this round before the present one.
    pub attempt: u8,
    /// Seats of this round's panel.
    pub panel: u8,
    /// Seats drawn in the present drawing.
    pub seated: u8,
    /// Commitments in the present drawing.
    pub committed: u8,
    /// Votes revealed in this round.
    pub revealed: u8,
    /// Bits 0 and 1: the challenger, the defender has committed; bits 2 and 3: has revealed.
    pub seed_steps: u8,
    /// How it ended: 1 verdict, 2 default, 3 forfeited; 0 before.
    pub outcome: u8,
    /// 1 once a panel has decided: that stands if no higher one does.
    pub has_verdict: u8,
    /// The config of the job.
    pub config_id: PodU16,
    /// Seats not closed yet.
    pub seats_open: PodU16,
    /// The job.
    pub job: Address,
    /// The job's name for ever.
    pub uid: [u8; 32],
    /// The jury.
    pub jury: Address,
    /// The realm of its persons.
    pub realm: Address,
    /// The client.
    pub client: Address,
    /// The challenger and the defender, the deposits' owners; the challenger twice where nobody answered.
    pub parties: [Address; 2],
    /// The keys that act for them.
    pub agents: [Address; 2],
    /// The person behind the defending provider, zero if none.
    pub defender_person: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// Commitments of the parties, then their secrets; then the panel's seed in the first place.
    pub seeds: [[u8; 32]; 2],
    /// The pinned slot hash.
    pub pinned: [u8; 32],
    /// The first slot hash after this slot is pinned.
    pub pin_slot: PodU64,
    /// Slot number of the opening: later jurors do not judge.
    pub opened_slot: PodU64,
    /// When the present phase began, Unix seconds.
    pub entered_ts: PodI64,
    /// Slot number at which the present phase began.
    pub entered_slot: PodU64,
    /// Places of the jury at the opening.
    pub places: PodU32,
    /// Number of the next drawing with this round's seed.
    pub next_draw: PodU32,
    /// The verdict: parts per million of the price for the provider.
    pub verdict_ppm: PodU32,
    /// Sides of the deposits: 0 challenger, 1 defender.
    pub sides: [u8; MAX_DEPOSITS],
    /// 1 if the order has many workers, none of whom can lose it for the others by silence.
    pub is_redundant: u8,
    /// Zero.
    pub reserved_a: [u8; 6],
    /// Lamports paid for seats and bounties.
    pub costs_lamports: PodU64,
    /// Deposits: the challenger's, the defender's, then those of appeals.
    pub deposits: [PodU64; MAX_DEPOSITS],
    /// Who paid each appeal, zero where there was none.
    pub appellants: [Address; 3],
    /// Votes revealed in this round.
    pub votes: [PodU32; MAX_PANEL],
    /// The proposal of the last appeal, zero before.
    pub proposal: Address,
    /// The court's terms at the challenge.
    pub terms: CourtTerms,
    /// Zero.
    pub reserved: [u8; 32],
}

impl Dispute {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That it is in a phase.
    pub fn validate_phase(&self, phase: Phase) -> Step {
        require_step(self.phase == phase as u8, EscrowError::WrongPhase)
    }

    /// Whether the time of the present phase is over.
    ///
    /// Errors: [`EscrowError::WrongPhase`] in a phase without a time.
    #[inline(never)]
    pub fn is_overdue(&self, now: Moment) -> Step<bool> {
        let terms = &self.terms;
        let seconds = match self.phase {
            s if s == Phase::SeedCommit as u8 || s == Phase::SeedReveal as u8 || s == Phase::Draw as u8 => {
                terms.seed_seconds
            }
            s if s == Phase::VoteCommit as u8 => terms.vote_seconds,
            s if s == Phase::VoteReveal as u8 => terms.reveal_seconds,
            s if s == Phase::Appeal as u8 || s == Phase::Linking as u8 => terms.appeal_seconds,
            s if s == Phase::Ruling as u8 => terms.ruling_seconds,
            _ => return Err(EscrowError::WrongPhase.into()),
        };
        checked(has_passed(self.entered(), seconds.get(), now))
    }

    /// That it is in a phase whose time is not over.
    #[inline(never)]
    pub fn validate_in_time(&self, phase: Phase, now: Moment) -> Step {
        self.validate_phase(phase)?;
        require_step(!self.is_overdue(now)?, EscrowError::DeadlinePassed)
    }

    fn entered(&self) -> Moment {
        Moment {
            ts: self.entered_ts.get(),
            slot: self.entered_slot.get(),
        }
    }

    /// Enters a phase now, or when the last one began if the clock has stepped back.
    #[inline(never)]
    pub fn enter(&mut self, phase: Phase, now: Moment) {
        let now = now.not_before(self.entered());
        self.phase = phase as u8;
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
    }

    /// Whether a seat belongs to the present drawing.
    pub fn asks(&self, seat: &super::JurorSeat) -> bool {
        seat.round == self.round && seat.attempt == self.attempt
    }

    /// Whether a seat's jurors were never asked: its panel was not complete in time.
    pub fn was_never_asked(&self, seat: &super::JurorSeat) -> bool {
        self.asks(seat) && self.seated < self.seats_needed()
    }

    /// Counts lamports that the case pays. The caller moves them.
    #[inline(never)]
    pub fn charge(&mut self, lamports: u64) -> Step {
        self.costs_lamports = checked(self.costs_lamports.get().checked_add(lamports))?.into();
        Ok(())
    }

    /// The side a key acts for.
    #[inline(never)]
    pub fn side_of(&self, key: &Address) -> Step<u8> {
        [CHALLENGER, DEFENDER]
            .into_iter()
            .find(|side| {
                let place = usize::from(*side);
                let named = [self.parties.get(place), self.agents.get(place)];
                named.into_iter().flatten().any(|one| super::same(one, key))
            })
            .ok_or(EscrowError::NotAParty.into())
    }

    /// Begins a round before a panel: new randomness.
    #[inline(never)]
    pub fn begin_round(&mut self, round: u8, now: Moment) -> Step {
        self.panel = *checked(PANELS.get(usize::from(round)))?;
        self.round = round;
        self.attempt = 0;
        self.revealed = 0;
        self.seed_steps = 0;
        self.next_draw = PodU32::ZERO;
        self.seated = 0;
        self.committed = 0;
        self.enter(Phase::SeedCommit, now);
        Ok(())
    }

    /// Records a party's step with its bytes; says whether both parties have made it. `base` is the first bit of the step.
    #[inline(never)]
    pub fn apply_seed(&mut self, side: u8, base: u8, bytes: &[u8; 32]) -> Step<bool> {
        let bit = checked(1u8.checked_shl(u32::from(base).saturating_add(u32::from(side))))?;
        require_step(self.seed_steps & bit == 0, EscrowError::AlreadyDone)?;
        self.seed_steps |= bit;
        *checked(self.seeds.get_mut(usize::from(side)))? = *bytes;
        let both = checked(3u8.checked_shl(u32::from(base)))?;
        Ok(self.seed_steps & both == both)
    }

    /// Seats the present drawing needs.
    pub fn seats_needed(&self) -> u8 {
        self.panel.saturating_sub(self.revealed)
    }

    /// Records a seat; the last one opens the vote.
    pub fn apply_seat(&mut self, now: Moment) -> Step {
        self.seated = self.seated.saturating_add(1);
        self.seats_open = checked(self.seats_open.get().checked_add(1))?.into();
        if self.seated >= self.seats_needed() {
            self.enter(Phase::VoteCommit, now);
        }
        Ok(())
    }

    /// Records a commitment; the last one opens the reveal.
    pub fn apply_commitment(&mut self, now: Moment) {
        self.committed = self.committed.saturating_add(1);
        if self.committed >= self.seats_needed() {
            self.enter(Phase::VoteReveal, now);
        }
    }

    /// Records a vote; the last one decides.
    pub fn apply_vote(&mut self, ppm: u32, now: Moment) -> Step {
        *checked(self.votes.get_mut(usize::from(self.revealed)))? = ppm.into();
        self.revealed = self.revealed.saturating_add(1);
        if self.revealed >= self.panel {
            self.decide(now)?;
        }
        Ok(())
    }

    /// The panel's median is the verdict, unless somebody appeals.
    fn decide(&mut self, now: Moment) -> Step {
        let mut votes = [0u32; MAX_PANEL];
        for (to, vote) in votes.iter_mut().zip(&self.votes) {
            *to = vote.get();
        }
        let revealed = checked(votes.get(..usize::from(self.revealed)))?;
        self.verdict_ppm = checked(median_floor(revealed))?.into();
        self.has_verdict = 1;
        self.enter(Phase::Appeal, now);
        Ok(())
    }

    /// The time to reveal is over: a majority decides; else the missing seats are drawn again, at most twice.
    fn tally(&mut self, now: Moment) -> Step {
        if self.revealed.saturating_mul(2) > self.panel {
            return self.decide(now);
        }
        if self.attempt < MAX_REDRAWS {
            self.attempt = self.attempt.saturating_add(1);
            self.seated = 0;
            self.committed = 0;
            self.enter(Phase::Draw, now);
        } else {
            self.fail(now);
        }
        Ok(())
    }

    /// This instance gives no verdict: an earlier one stands, else the default.
    fn fail(&mut self, now: Moment) {
        if self.has_verdict == 1 {
            self.end(CaseOutcome::Verdict, now);
        } else {
            self.verdict_ppm = EVEN_PPM.into();
            self.end(CaseOutcome::Default, now);
        }
    }

    /// Ends the case.
    pub fn end(&mut self, outcome: CaseOutcome, now: Moment) {
        self.outcome = outcome as u8;
        self.enter(Phase::Ended, now);
    }

    /// Whether the defender has lost by leaving its step out: that of an order with one worker. A silent challenger decides nothing,
    /// or a worker could end the case of others by a challenge of its own; neither does one worker of many.
    fn is_forfeited(&self, base: u8) -> Step<bool> {
        let steps = checked(self.seed_steps.checked_shr(u32::from(base)))?;
        Ok(steps & 2 == 0 && self.is_redundant == 0)
    }

    fn forfeit(&mut self, now: Moment) {
        self.verdict_ppm = PodU32::ZERO;
        self.end(CaseOutcome::Forfeited, now);
    }

    /// Whether the first half of the present phase is over.
    pub fn is_half_over(&self, seconds: PodU32, now: Moment) -> Step<bool> {
        checked(has_passed(self.entered(), seconds.get() >> 1, now))
    }

    /// Makes the panel's seed; the part of a party that has not revealed is zero.
    #[inline(never)]
    pub fn apply_seeds(&mut self, now: Moment) {
        let mut secrets = self.seeds;
        for (side, secret) in secrets.iter_mut().enumerate() {
            if self.seed_steps & if side == 0 { 4 } else { 8 } == 0 {
                *secret = [0; 32];
            }
        }
        let [seed, _] = &mut self.seeds;
        *seed = panel_seed(&secrets, &self.pinned);
        self.enter(Phase::Draw, now);
    }

    /// Moves an overdue phase on.
    #[inline(never)]
    pub fn advance(&mut self, now: Moment) -> Step {
        match self.phase {
            s if s == Phase::SeedCommit as u8 => {
                if self.is_forfeited(0)? {
                    self.forfeit(now);
                } else {
                    self.pin_slot = now.slot.into();
                    self.enter(Phase::Pin, now);
                }
            }
            s if s == Phase::SeedReveal as u8 => {
                if self.is_forfeited(2)? {
                    self.forfeit(now);
                } else {
                    self.apply_seeds(now);
                }
            }
            s if s == Phase::VoteCommit as u8 => self.enter(Phase::VoteReveal, now),
            s if s == Phase::VoteReveal as u8 => self.tally(now)?,
            _ => self.fail(now),
        }
        Ok(())
    }

    /// The side whose deposits are lost: 0, 1, or 2 for both.
    pub fn loser(&self) -> u8 {
        match self.outcome {
            s if s == CaseOutcome::Default as u8 => BOTH,
            _ => self.losing_side(),
        }
    }

    /// The side the verdict goes against.
    pub fn losing_side(&self) -> u8 {
        if self.verdict_ppm.get() >= EVEN_PPM {
            CHALLENGER
        } else {
            DEFENDER
        }
    }

    /// The deposits as numbers.
    pub fn deposits(&self) -> [u64; MAX_DEPOSITS] {
        let mut deposits = [0; MAX_DEPOSITS];
        for (to, deposit) in deposits.iter_mut().zip(&self.deposits) {
            *to = deposit.get();
        }
        deposits
    }
}

const _: () = assert!(Dispute::SIZE == 844);
