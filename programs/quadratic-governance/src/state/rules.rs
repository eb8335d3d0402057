//! The parameters of a realm: as instruction argument (`RealmParameters`) and as kept in accounts (`Rules`).

use {
    crate::{constants::*, errors::GovernanceError},
    anchor_lang::prelude::*,
};

/// What the founder chooses for a realm. Every field has bounds; see `Floors` and the constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct RealmParameters {
    /// Epoch length L in seconds; at least voting, extension and challenge together.
    pub epoch_s: u32,
    /// Voting time W in seconds, from the start of the vote epoch.
    pub voting_s: u32,
    /// Extension X in seconds after a late swing.
    pub extension_s: u32,
    /// The last seconds of the voting time in which a swing is late.
    pub late_window_s: u32,
    /// Challenge C in seconds after voting.
    pub challenge_s: u32,
    /// Seconds between submission and the start of the vote, at least.
    pub review_s: u32,
    /// Seconds between the end of the challenge and execution.
    pub timelock_s: u32,
    /// The same where a program is upgraded; at least the timelock.
    pub upgrade_timelock_s: u32,
    /// Seconds in which a succeeded proposal can be executed.
    pub execution_window_s: u32,
    /// Base budget b₀ in credits of every person and epoch.
    pub base_credits: u32,
    /// Largest bonus b_max in credits for stake.
    pub max_bonus_credits: u32,
    /// Atoms of stake for one bonus credit (1/γ).
    pub stake_atoms_per_credit: u64,
    /// Floor of voters for a quorum.
    pub min_persons: u32,
    /// Voters for a quorum in parts per million of the quorum base.
    pub quorum_persons_ppm: u32,
    /// Credits spent for a quorum in parts per million of the quorum base's base budgets.
    pub quorum_credits_ppm: u32,
    /// Share of (winner + none) an ordinary proposal needs, in parts per million.
    pub normal_threshold_ppm: u32,
    /// Share a proposal needs whose actions do more than pay from the treasury, in parts per million.
    pub high_threshold_ppm: u32,
    /// Votes of one attestor's persons that count in full whatever their number (M_min).
    pub cohort_floor_votes: u32,
    /// Bond in lamports of the first proposals of an epoch; returned when the proposal is closed.
    pub proposal_bond_lamports: u64,
    /// What faking one person costs, in lamports: an epoch's outflow of a lane is at most this for each person who voted.
    pub identity_cost_lamports: u64,
    /// Distinct attestors that must sign a registration (k).
    pub attestations: u8,
}

/// The parameters a proposal keeps a frozen copy of.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct Rules {
    /// Voting time W in seconds.
    pub voting_s: PodU32,
    /// Extension X in seconds.
    pub extension_s: PodU32,
    /// Late window in seconds.
    pub late_window_s: PodU32,
    /// Challenge C in seconds.
    pub challenge_s: PodU32,
    /// Review in seconds.
    pub review_s: PodU32,
    /// Timelock in seconds.
    pub timelock_s: PodU32,
    /// Execution window in seconds.
    pub execution_window_s: PodU32,
    /// Base budget b₀ in credits.
    pub base_credits: PodU32,
    /// Largest stake bonus b_max in credits.
    pub max_bonus_credits: PodU32,
    /// Atoms of stake for one bonus credit.
    pub stake_atoms_per_credit: PodU64,
    /// Floor of voters for a quorum.
    pub min_persons: PodU32,
    /// Voters for a quorum in parts per million of the base.
    pub quorum_persons_ppm: PodU32,
    /// Credits for a quorum in parts per million of the base's budgets.
    pub quorum_credits_ppm: PodU32,
    /// Threshold of ordinary proposals in parts per million.
    pub normal_threshold_ppm: PodU32,
    /// Threshold of high proposals in parts per million.
    pub high_threshold_ppm: PodU32,
    /// Cohort floor M_min in votes.
    pub cohort_floor_votes: PodU32,
    /// First bond of an epoch in lamports.
    pub proposal_bond_lamports: PodU64,
    /// Cost of a faked person in lamports.
    pub identity_cost_lamports: PodU64,
    /// Timelock of upgrades in seconds.
    pub upgrade_timelock_s: PodU32,
    /// Distinct attestors a registration needs.
    pub attestations: u8,
    /// Zero, for growth.
    pub reserved: [u8; 3],
}

/// Bytes of `Rules`.
pub const RULES_LEN: usize = 92;
const _: () = assert!(core::mem::size_of::<Rules>() == RULES_LEN);

impl Rules {
    /// Seconds of voting, extension and challenge together.
    pub fn vote_s(&self) -> u32 {
        self.voting_s
            .get()
            .saturating_add(self.extension_s.get())
            .saturating_add(self.challenge_s.get())
    }

    /// Whether ballots of both have the same budgets: a pool's sums hold for one of them only.
    pub fn same_budgets(&self, other: &Self) -> bool {
        self.base_credits == other.base_credits
            && self.max_bonus_credits == other.max_bonus_credits
            && self.stake_atoms_per_credit == other.stake_atoms_per_credit
    }

    /// The largest budget a ballot can have.
    pub fn largest_budget(&self) -> u32 {
        self.base_credits.get().saturating_add(self.max_bonus_credits.get())
    }
}

/// The cost of an identity is not zero and rises by at most a tenth, rounded up: below ten it would never rise again. It may fall
/// to any.
pub fn validate_cost_rise(old: u64, new: u64) -> Result<()> {
    let most = old.saturating_add(old.div_ceil(COST_RISE_DIVISOR));
    require!(new >= 1 && new <= most, GovernanceError::IdentityCostRise);
    Ok(())
}

fn within(value: u32, floor: u32, ceiling: u32) -> bool {
    value >= floor && value <= ceiling
}

impl RealmParameters {
    /// Holds every parameter against the floors of its kind of realm and the common ceilings.
    pub fn validate(&self, rehearsal: bool) -> Result<()> {
        let floors = Floors::of(rehearsal);
        self.validate_delays(floors)?;
        require!(
            self.base_credits >= 1 && self.base_credits <= MAX_BASE_CREDITS,
            GovernanceError::CreditsOutOfBounds
        );
        require!(
            self.max_bonus_credits <= self.base_credits.saturating_mul(MAX_BONUS_MULTIPLE),
            GovernanceError::CreditsOutOfBounds
        );
        require!(self.stake_atoms_per_credit >= 1, GovernanceError::CreditsOutOfBounds);
        let quorum_ok = within(self.min_persons, floors.min_persons, MAX_MIN_PERSONS)
            && within(self.quorum_persons_ppm, floors.quorum_ppm, MAX_QUORUM_PPM)
            && within(self.quorum_credits_ppm, floors.quorum_ppm, MAX_QUORUM_PPM);
        require!(quorum_ok, GovernanceError::QuorumOutOfBounds);
        let thresholds_ok = within(self.normal_threshold_ppm, MIN_NORMAL_THRESHOLD_PPM, MAX_THRESHOLD_PPM)
            && within(self.high_threshold_ppm, MIN_HIGH_THRESHOLD_PPM, MAX_THRESHOLD_PPM);
        require!(thresholds_ok, GovernanceError::ThresholdOutOfBounds);
        let limits_ok = within(self.cohort_floor_votes, 1, MAX_COHORT_FLOOR_VOTES)
            && self.proposal_bond_lamports <= MAX_BOND_LAMPORTS
            && self.identity_cost_lamports >= 1;
        require!(limits_ok, GovernanceError::LimitOutOfBounds);
        require!(
            self.attestations >= floors.attestations && self.attestations <= MAX_ATTESTATIONS,
            GovernanceError::AttestationsOutOfBounds
        );
        Ok(())
    }

    fn validate_delays(&self, floors: &Floors) -> Result<()> {
        let in_bounds = within(self.epoch_s, floors.epoch_s, MAX_DELAY_S)
            && within(self.voting_s, floors.voting_s, MAX_DELAY_S)
            && within(self.extension_s, floors.extension_s, MAX_DELAY_S)
            && within(self.late_window_s, floors.late_window_s, self.voting_s)
            && within(self.challenge_s, floors.challenge_s, MAX_DELAY_S)
            && within(self.timelock_s, floors.timelock_s, MAX_DELAY_S)
            && within(
                self.upgrade_timelock_s,
                floors.upgrade_timelock_s.max(self.timelock_s),
                MAX_DELAY_S,
            )
            && within(self.execution_window_s, floors.execution_window_s, MAX_DELAY_S);
        // a review as long as the epoch could be kept in its first second alone
        require!(
            in_bounds && within(self.review_s, floors.review_s, self.epoch_s / 2),
            GovernanceError::DelayOutOfBounds
        );
        require!(self.epoch_s >= self.vote_s(), GovernanceError::EpochTooShort);
        Ok(())
    }

    /// Seconds of voting, extension and challenge together.
    fn vote_s(&self) -> u32 {
        self.voting_s
            .saturating_add(self.extension_s)
            .saturating_add(self.challenge_s)
    }

    /// Holds a change by vote against what would brick the realm or loosen it at a stroke: the epoch still holds the votes that
    /// are under way, the quorum's floor is within reach, there are attestors enough, and the identity cost rises slowly.
    pub fn validate_change(&self, old: &Rules, persons: u32, attestors: u8, floor_persons: u32) -> Result<()> {
        require!(self.epoch_s >= old.vote_s(), GovernanceError::EpochTooShort);
        require!(
            self.min_persons <= floor_persons.max(persons / 2),
            GovernanceError::QuorumUnreachable
        );
        require!(
            self.attestations <= attestors.max(old.attestations),
            GovernanceError::AttestorsTooFew
        );
        validate_cost_rise(old.identity_cost_lamports.get(), self.identity_cost_lamports)
    }

    /// The same, as accounts keep it.
    pub fn to_rules(&self) -> Rules {
        Rules {
            voting_s: self.voting_s.into(),
            extension_s: self.extension_s.into(),
            late_window_s: self.late_window_s.into(),
            challenge_s: self.challenge_s.into(),
            review_s: self.review_s.into(),
            timelock_s: self.timelock_s.into(),
            execution_window_s: self.execution_window_s.into(),
            base_credits: self.base_credits.into(),
            max_bonus_credits: self.max_bonus_credits.into(),
            stake_atoms_per_credit: self.stake_atoms_per_credit.into(),
            min_persons: self.min_persons.into(),
            quorum_persons_ppm: self.quorum_persons_ppm.into(),
            quorum_credits_ppm: self.quorum_credits_ppm.into(),
            normal_threshold_ppm: self.normal_threshold_ppm.into(),
            high_threshold_ppm: self.high_threshold_ppm.into(),
            cohort_floor_votes: self.cohort_floor_votes.into(),
            proposal_bond_lamports: self.proposal_bond_lamports.into(),
            identity_cost_lamports: self.identity_cost_lamports.into(),
            upgrade_timelock_s: self.upgrade_timelock_s.into(),
            attestations: self.attestations,
            reserved: [0; 3],
        }
    }
}
