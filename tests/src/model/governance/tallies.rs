//! A proposal, and what its votes make.

use super::*;

/// What a delegate gives to a proposal.
#[derive(Clone, Debug)]
pub struct Share {
    /// The option.
    pub option: u8,
    /// The part of every lent root, Q16.
    pub share: u32,
    /// Who lends: person, cohort, root of the budget.
    pub lenders: Vec<(Address, u8, u64)>,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its address.
    pub address: Address,
    /// Number in the realm.
    pub index: u32,
    /// The person who made it.
    pub proposer: Address,
    /// The wallet that paid for it.
    pub authority: Address,
    /// Choices besides "none".
    pub choices: u8,
    /// Milestone.
    pub status: Status,
    /// Lamports held besides the rent.
    pub bond: u64,
    /// Actions not closed yet.
    pub actions: Vec<Action>,
    /// Actions ever added.
    pub action_count: u8,
    /// Rules of its submission.
    pub rules: RealmParameters,
    /// Epoch of the vote, and version of its budgets.
    pub vote_epoch: Option<u32>,
    /// Version of the vote epoch's budgets.
    pub version: u32,
    /// Its start.
    pub starts_ts: i64,
    /// M by bucket.
    pub caps: [u128; 16],
    /// Voters and credits needed.
    pub quorum: (u64, u128),
    /// Votes by voter's ballot: (bucket, option, votes).
    pub votes: BTreeMap<Address, (u8, u8, u32)>,
    /// What delegates give, by pool.
    pub shares: BTreeMap<Address, Share>,
    /// Leader and quorum before the first change of the late window.
    pub late: Option<(u8, bool)>,
    /// Whether voting is extended, once that is certain.
    pub extended: Option<bool>,
    /// Leader at the first change in the extension.
    pub extension_leader: Option<u8>,
    /// Buckets left out of the decision.
    pub excluded: BTreeSet<u8>,
    /// Whether it was decided, and the excluded buckets' votes are out.
    pub is_decided: bool,
    /// Whether somebody vetoed it, and as spam.
    pub veto: Option<bool>,
    /// Whether a vote over a veto was called.
    pub is_override: bool,
    /// The choice that won.
    pub winner: Option<u8>,
    /// When it can be executed.
    pub executable_ts: i64,
    /// End of its creation's epoch, of the time to override, or of the execution window.
    pub until_ts: i64,
}

impl Proposal {
    /// Whether the bucket's votes are out.
    fn drops(&self, bucket: u8) -> bool {
        self.is_decided && self.excluded.contains(&bucket)
    }

    /// S of an option and bucket, Q16: Σ v·2¹⁶ + Σ s·R.
    pub fn cell(&self, option: u8, bucket: u8) -> u128 {
        let direct = self.votes.values().filter(|(b, o, _)| (*b, *o) == (bucket, option));
        let direct: u128 = direct.map(|(_, _, votes)| u128::from(*votes) * ONE).sum();
        let lent = |share: &Share| -> u128 {
            let theirs = share.lenders.iter().filter(|(_, b, _)| *b == bucket);
            theirs
                .map(|(_, _, root)| u128::from(*root) * u128::from(share.share))
                .sum()
        };
        let shares = self.shares.values().filter(|share| share.option == option);
        direct + shares.map(lent).sum::<u128>()
    }

    /// T of an option in Q16: each cohort in full up to its bound, by the root above.
    pub fn total(&self, option: u8) -> u128 {
        let discounted = |bucket: u8| {
            let (x, cap) = (self.cell(option, bucket), self.caps[usize::from(bucket)]);
            if x <= cap {
                x
            } else {
                root_floor(&(BigUint::from(cap) * x))
            }
        };
        (0..16).filter(|bucket| !self.drops(*bucket)).map(discounted).sum()
    }

    /// The option with strictly more than every other.
    pub fn leader(&self) -> u8 {
        let totals: Vec<u128> = (0..=self.choices).map(|option| self.total(option)).collect();
        let most = *totals.iter().max().unwrap();
        let first: Vec<usize> = (0..totals.len()).filter(|option| totals[*option] == most).collect();
        match first[..] {
            [only] if most > 0 => only as u8,
            _ => NOBODY_LEADS,
        }
    }

    /// Persons and credits of a bucket that took part: v² of each ballot, ⌊s²·Σ root²⌋ of each pool.
    fn bucket_turnout(&self, bucket: u8) -> (u64, u128) {
        let mut turnout = (0, 0);
        for (_, _, votes) in self.votes.values().filter(|(of, _, _)| *of == bucket) {
            turnout.0 += 1;
            turnout.1 += u128::from(*votes).pow(2);
        }
        for share in self.shares.values() {
            let theirs = share.lenders.iter().filter(|(_, of, _)| *of == bucket);
            let roots: Vec<u128> = theirs.map(|(_, _, root)| u128::from(*root)).collect();
            turnout.0 += roots.len() as u64;
            let squares: BigUint = roots.iter().map(|root| BigUint::from(root * root)).sum();
            let credits: BigUint = (squares * u128::from(share.share).pow(2)) >> 32u32;
            turnout.1 += u128::try_from(credits).unwrap();
        }
        turnout
    }

    /// Persons and credits that took part.
    pub fn turnout(&self) -> (u64, u128) {
        let kept = (0..16).filter(|bucket| !self.drops(*bucket));
        kept.map(|bucket| self.bucket_turnout(bucket))
            .fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }

    /// Whether enough took part.
    pub fn has_quorum(&self) -> bool {
        let (persons, credits) = self.turnout();
        persons >= self.quorum.0 && credits >= self.quorum.1
    }

    /// How many persons with the largest budget could have cast what was cast, Q16, rounded down.
    pub(super) fn whole_persons(&self) -> u128 {
        let votes: u128 = (0..=self.choices).map(|option| self.total(option)).sum();
        let root = root_q16_ceil(u128::from(self.rules.base_credits) + u128::from(self.rules.max_bonus_credits));
        greatest(1 << 60, |persons| persons * root <= votes << 16)
    }

    /// Whether voting lasts longer.
    pub fn is_extended(&self) -> bool {
        self.extended
            .unwrap_or_else(|| self.late.is_some_and(|late| late != (self.leader(), self.has_quorum())))
    }

    /// Ends of voting, of the extension and of the challenge as they stand now.
    pub fn ends(&self) -> [i64; 3] {
        let voting = self.starts_ts + i64::from(self.rules.voting_s);
        let extension = if self.is_extended() {
            i64::from(self.rules.extension_s)
        } else {
            0
        };
        [
            voting,
            voting + extension,
            voting + extension + i64::from(self.rules.challenge_s),
        ]
    }

    /// Whether votes can be cast.
    pub fn is_open(&self, now: i64) -> bool {
        self.status == Status::Submitted && self.starts_ts <= now && now < self.ends()[1]
    }

    /// Whether it is in its challenge.
    pub fn is_challenged(&self, now: i64) -> bool {
        let ends = self.ends();
        self.status == Status::Submitted && ends[1] <= now && now < ends[2]
    }

    /// Before a change of the votes: what the late window, the extension and the challenge need to know.
    pub(super) fn mark(&mut self, now: i64) {
        let ends = self.ends();
        if now >= ends[1] {
            self.extended = Some(self.is_extended());
        } else if now >= ends[0] {
            self.extension_leader = self.extension_leader.or(Some(self.leader()));
            self.extended = Some(true);
        } else if now >= ends[0] - i64::from(self.rules.late_window_s) && self.late.is_none() {
            self.late = Some((self.leader(), self.has_quorum()));
        }
    }

    /// Actions of a choice, closed ones included only while executed counts need none.
    pub fn actions_of(&self, choice: u8) -> Vec<&Action> {
        self.actions.iter().filter(|action| action.choice == choice).collect()
    }

    /// Whether nothing can change any more.
    pub fn is_finished(&self, now: i64) -> bool {
        self.status >= Status::Defeated && !(self.status == Status::Vetoed && now < self.until_ts)
    }

    /// Whether any action does more than pay.
    pub fn is_high(&self) -> bool {
        self.actions
            .iter()
            .any(|action| !matches!(action.deed, Deed::Pay { .. }))
    }
}
