//! Quadratic governance as its design describes it: what an epoch counts is worked out from the list of everything that ever
//! happened in it, tallies from the ballots and from the list of who lends to whom, never from running sums.

mod delegation;
mod execution;
mod parameters;
mod persons;
mod proposals;
mod stakes;
mod tallies;
mod time;
mod vetoes;
mod votes;

use {
    super::{code, greatest, least, tokens::Tokens, Refusal},
    num_bigint::BigUint,
    quadratic_governance::{errors::GovernanceError, state::RealmParameters},
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};
pub use {
    delegation::{Entry, Lending, Member, Pool},
    parameters::check_parameters,
    persons::{Act, Hearing},
    tallies::{Proposal, Share},
    time::Era,
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

/// √b in Q16, rounded up.
fn root_q16_ceil(budget: u128) -> u128 {
    least(0, 1 << 40, |root| root * root >= budget << 32).unwrap()
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
    /// Stopped, unless a vote overrides that.
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
    /// End of its term.
    pub until_ts: i64,
    /// Those it registered, by epoch.
    pub signed: BTreeMap<u32, u32>,
    /// Those it revoked or suspended, by epoch.
    pub struck: BTreeMap<u32, u32>,
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
    /// Who paid for the wallet's link.
    pub link_payer: Address,
    /// Its cohort.
    pub bucket: u8,
    /// Epoch of registration.
    pub registered: u32,
    /// End of the registration.
    pub expires_ts: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// Whether the realm counts it.
    pub is_counted: bool,
    /// Statements used.
    pub statements: u64,
    /// The last suspension: from and until which epoch.
    pub rest: Option<(u32, u32)>,
    /// A recovery under way: to which wallet, and from when on.
    pub recovery: Option<(Address, i64)>,
    /// Epochs whose ballot it opened.
    pub ballots: Vec<u32>,
    /// To whom it lends its budget.
    pub lends: Option<Lending>,
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

/// A ballot: proposal → (option, votes).
#[derive(Clone, Debug)]
pub struct Ballot {
    /// Its address.
    pub address: Address,
    /// Its epoch.
    pub epoch: u32,
    /// Its person.
    pub person: Address,
    /// Its person's cohort.
    pub bucket: u8,
    /// Who gets the rent.
    pub rent_payer: Address,
    /// Credits.
    pub budget: u64,
    /// The stake it counts, and how many atoms of it.
    pub counts: Option<(Address, u64)>,
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
        /// End of its term.
        until_ts: i64,
    },
    /// Changes the realm's parameters.
    SetParameters(Box<RealmParameters>),
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
    /// What its data lacks.
    pub rest: Vec<u8>,
    /// Who paid for it.
    pub rent_payer: Address,
    /// Whether it is done.
    pub is_executed: bool,
}

/// Everything the model knows of a realm.
#[derive(Clone)]
pub struct Book {
    /// Its address.
    pub realm: Address,
    /// Parameters by the epoch they begin with, in order; the last ones may lie ahead.
    pub eras: Vec<Era>,
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
    /// Who entered the realm's counts and left them: epoch, cohort, one more or one fewer.
    pub counts: Vec<(u32, u8, i64)>,
    /// Stakes by address.
    pub stakes: BTreeMap<Address, Stake>,
    /// Ballots by address.
    pub ballots: BTreeMap<Address, Ballot>,
    /// Delegates' pools by address.
    pub pools: BTreeMap<Address, Pool>,
    /// Proposals not closed, by address.
    pub proposals: BTreeMap<Address, Proposal>,
    /// Epochs in which proposals were made, one entry each.
    pub made: Vec<u32>,
    /// Decisions: vote epoch, and how many persons' whole votes took part, Q16.
    pub decided: Vec<(u32, u128)>,
    /// Token accounts.
    pub tokens: Tokens,
    /// Lamports of actors, lanes and the program's accounts.
    pub lamports: BTreeMap<Address, u64>,
}

impl Book {
    /// Moves lamports.
    pub fn move_lamports(&mut self, from: &Address, to: &Address, lamports: u64) {
        *self.lamports.get_mut(from).unwrap() -= lamports;
        *self.lamports.entry(*to).or_default() += lamports;
    }

    /// An account is made; the payer fills it up to its rent.
    pub fn create(&mut self, payer: &Address, account: &Address, rent: u64) {
        let there = self.lamports.get(account).copied().unwrap_or(0);
        self.move_lamports(payer, account, rent.saturating_sub(there));
    }

    /// An account closes.
    pub fn close(&mut self, account: &Address, to: &Address) {
        let all = self.lamports[account];
        self.move_lamports(account, to, all);
    }
}
