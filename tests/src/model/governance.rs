//! Quadratic governance as its design describes it: what an epoch counts is worked out from the list of everything that ever
//! happened in it, and tallies from the ballots, never from running sums.

mod rules;

use {
    super::{code, greatest, tokens::Tokens, Refusal},
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    quadratic_governance::{errors::GovernanceError, state::RealmParameters},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Anchor's code for an address that is not the one wanted.
pub const CONSTRAINT_ADDRESS: u32 = 2_012;
/// No option leads.
pub const NOBODY_LEADS: u8 = 255;
const ONE: u128 = 1 << 16;
const MILLION: u128 = 1_000_000;

/// An error of governance as a refusal.
pub fn refusal(error: GovernanceError) -> Refusal {
    code(7_000 + error as u32)
}

/// Refuses unless the condition holds.
pub fn demand(condition: bool, error: GovernanceError) -> Result<(), Refusal> {
    if condition {
        Ok(())
    } else {
        Err(refusal(error))
    }
}

fn demand_address(condition: bool) -> Result<(), Refusal> {
    if condition {
        Ok(())
    } else {
        Err(code(CONSTRAINT_ADDRESS))
    }
}

/// ⌊√x⌋ as the greatest number whose square is at most x.
fn root_floor(x: &BigUint) -> u128 {
    greatest(1 << 80, |root| BigUint::from(root) * root <= *x)
}

/// Milestones of a proposal, as the documentation numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Status {
    /// Actions can be added.
    Draft,
    /// Frozen.
    Submitted,
    /// Won.
    Succeeded,
    /// Lost.
    Defeated,
    /// Done.
    Executed,
    /// Withdrawn.
    Cancelled,
    /// Not reachable yet.
    Vetoed,
    /// Won and not executed in time.
    Expired,
}

/// An attestor.
#[derive(Clone, Debug)]
pub struct Attestor {
    /// Its key.
    pub key: Address,
    /// Its slot, the bucket of those whom it signs first.
    pub slot: u8,
    /// Registrations it may sign in an epoch.
    pub quota: u32,
    /// Those it signed, by epoch.
    pub signed: BTreeMap<u32, u32>,
    /// Who gets its rent.
    pub rent_payer: Address,
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its address.
    pub address: Address,
    /// Who acts for it.
    pub wallet: Address,
    /// Its cohort.
    pub bucket: u8,
    /// Epoch of registration.
    pub registered: u32,
    /// End of the registration.
    pub expires_ts: i64,
    /// Epochs whose ballot it opened.
    pub ballots: Vec<u32>,
}

/// A stake.
#[derive(Clone, Debug)]
pub struct Stake {
    /// Its address.
    pub address: Address,
    /// Its token account.
    pub vault: Address,
    /// Its person.
    pub person: Address,
    /// Who gets everything.
    pub depositor: Address,
    /// Deposits that are still in, each with its epoch, oldest first.
    pub deposits: Vec<(u32, u64)>,
}

impl Stake {
    /// Everything staked.
    pub fn atoms(&self) -> u64 {
        self.deposits.iter().map(|(_, atoms)| atoms).sum()
    }

    /// What was deposited before an epoch.
    pub fn active(&self, epoch: u32) -> u64 {
        let before = self.deposits.iter().filter(|(of, _)| *of < epoch);
        before.map(|(_, atoms)| atoms).sum()
    }
}

/// A ballot: proposal → (option, votes).
#[derive(Clone, Debug)]
pub struct Ballot {
    /// Its address.
    pub address: Address,
    /// Its epoch.
    pub epoch: u32,
    /// Its person's cohort.
    pub bucket: u8,
    /// Who casts.
    pub voter: Address,
    /// Who gets the rent.
    pub rent_payer: Address,
    /// Credits.
    pub budget: u64,
    /// Votes.
    pub votes: BTreeMap<u32, (u8, u32)>,
}

impl Ballot {
    /// Σ v².
    pub fn spent(&self) -> u64 {
        self.votes.values().map(|(_, votes)| u64::from(*votes).pow(2)).sum()
    }
}

/// What an action does.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Pays lamports out of the lane.
    Pay {
        /// To whom.
        to: Address,
        /// How many.
        lamports: u64,
    },
    /// Adds an attestor.
    AddAttestor {
        /// Its key.
        key: Address,
        /// Its slot.
        slot: u8,
    },
}

/// An action.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its address.
    pub address: Address,
    /// Number in the proposal.
    pub index: u8,
    /// The choice it belongs to.
    pub choice: u8,
    /// The lane that signs.
    pub lane: u8,
    /// What it may cost.
    pub declared: u64,
    /// What it does.
    pub deed: Deed,
    /// Whether it is done.
    pub is_executed: bool,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its address.
    pub address: Address,
    /// Number in the realm.
    pub index: u32,
    /// Who made it.
    pub authority: Address,
    /// Choices besides "none".
    pub choices: u8,
    /// Milestone.
    pub status: Status,
    /// Epoch in which it was made.
    pub created_epoch: u32,
    /// Lamports held besides the rent.
    pub bond: u64,
    /// Actions not closed yet.
    pub actions: Vec<Action>,
    /// Actions ever added.
    pub action_count: u8,
    /// Epoch of the vote.
    pub vote_epoch: Option<u32>,
    /// Its start.
    pub starts_ts: i64,
    /// M by bucket.
    pub caps: [u128; 16],
    /// Voters and credits needed.
    pub quorum: (u64, u128),
    /// Votes by voter's ballot: (bucket, option, votes).
    pub votes: BTreeMap<Address, (u8, u8, u32)>,
    /// Leader and quorum before the first cast of the late window.
    pub late: Option<(u8, bool)>,
    /// Leader at the first cast of the extension.
    pub extension: Option<u8>,
    /// The choice that won.
    pub winner: Option<u8>,
    /// When it can be executed.
    pub executable: (i64, i64),
}

impl Proposal {
    /// S of an option and bucket in votes.
    pub fn cell(&self, option: u8, bucket: u8) -> u128 {
        let votes = self.votes.values().filter(|(b, o, _)| (*b, *o) == (bucket, option));
        votes.map(|(_, _, votes)| u128::from(*votes)).sum()
    }

    /// T of an option in Q16: each cohort in full up to its bound, by the root above.
    pub fn total(&self, option: u8) -> u128 {
        let discounted = |bucket: u8| {
            let (x, cap) = (self.cell(option, bucket) * ONE, self.caps[usize::from(bucket)]);
            if x <= cap {
                x
            } else {
                root_floor(&(BigUint::from(cap) * x))
            }
        };
        (0..16).map(discounted).sum()
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

    /// Persons and credits that took part.
    pub fn turnout(&self) -> (u64, u128) {
        let spent = self.votes.values().map(|(_, _, votes)| u128::from(*votes).pow(2)).sum();
        (self.votes.len() as u64, spent)
    }

    /// Whether enough took part.
    pub fn has_quorum(&self) -> bool {
        let (persons, credits) = self.turnout();
        persons >= self.quorum.0 && credits >= self.quorum.1
    }

    /// Whether voting lasts longer.
    pub fn is_extended(&self) -> bool {
        self.extension.is_some() || self.late.is_some_and(|late| late != (self.leader(), self.has_quorum()))
    }

    /// Actions of a choice, closed ones included only while executed counts need none.
    pub fn actions_of(&self, choice: u8) -> Vec<&Action> {
        self.actions.iter().filter(|action| action.choice == choice).collect()
    }

    /// Whether nothing can change any more.
    pub fn is_finished(&self) -> bool {
        self.status >= Status::Defeated
    }

    /// Whether any action does more than pay.
    pub fn is_high(&self) -> bool {
        self.actions
            .iter()
            .any(|action| matches!(action.deed, Deed::AddAttestor { .. }))
    }
}

/// Everything the model knows of a realm.
#[derive(Clone)]
pub struct Book {
    /// Its address.
    pub realm: Address,
    /// Its parameters.
    pub rules: RealmParameters,
    /// Start of epoch 0.
    pub genesis: i64,
    /// Founder and guardian, each with the end of its power.
    pub powers: [(Address, i64); 2],
    /// Lanes.
    pub lanes: [Address; 4],
    /// Outflow of each lane: epoch → (balance before, outflow).
    pub outflow: [BTreeMap<u32, (u64, u64)>; 4],
    /// Live attestors by key.
    pub attestors: BTreeMap<Address, Attestor>,
    /// Persons by address.
    pub persons: BTreeMap<Address, Person>,
    /// Stakes by address.
    pub stakes: BTreeMap<Address, Stake>,
    /// Ballots by address.
    pub ballots: BTreeMap<Address, Ballot>,
    /// Proposals not closed, by address.
    pub proposals: BTreeMap<Address, Proposal>,
    /// Epochs in which proposals were made, one entry each.
    pub made: Vec<u32>,
    /// Token accounts.
    pub tokens: Tokens,
    /// Lamports of actors, lanes and the program's accounts.
    pub lamports: BTreeMap<Address, u64>,
}
