//! The compute escrow as its design describes it: one vault per job, bonds on slots, a deadline for every state.

mod cases;
mod challenges;
mod court;
mod leases;
mod metering;
mod orders;
mod reputation;
mod rules;
mod supply;
mod terms;

pub use reputation::Score;
use {
    super::{code, tokens::Tokens, Refusal},
    crate::fixtures::escrow::{sha, state_code::*, CourtParams, EscrowError, JobTerms},
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    solana_address::Address,
    std::collections::BTreeMap,
};
pub use {cases::*, challenges::*, court::*, leases::*, metering::*, orders::*, rules::Hands, supply::*, terms::*};

/// Anchor's code for an address that is not the one wanted.
pub const CONSTRAINT_ADDRESS: u32 = 2_012;
/// Nobody.
const NOBODY: Address = Address::new_from_array([0; 32]);

/// An error of the escrow as a refusal.
pub fn refusal(error: EscrowError) -> Refusal {
    code(8_000 + error as u32)
}

/// All that speaks against an instruction. The chain must name one of them: which it looks at first is its own affair.
#[derive(Clone, Debug)]
pub struct Refusals(pub Vec<Refusal>);

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

/// What the model says of an instruction.
pub type Verdict = Result<(), Refusals>;

/// Gathers what speaks against an instruction.
#[derive(Default)]
pub struct Against(Vec<Refusal>);

impl Against {
    /// The error, unless something holds.
    pub fn unless(&mut self, holds: bool, error: EscrowError) {
        if !holds {
            self.0.push(refusal(error));
        }
    }

    /// A wrong address, unless something holds.
    pub fn unless_address(&mut self, holds: bool) {
        if !holds {
            self.0.push(code(CONSTRAINT_ADDRESS));
        }
    }

    /// Another error, if something holds.
    pub fn when(&mut self, holds: bool, other: Refusal) {
        if holds {
            self.0.push(other);
        }
    }

    /// Whether nothing does.
    pub fn verdict(self) -> Verdict {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refusals(self.0))
        }
    }
}

fn demand(condition: bool, error: EscrowError) -> Result<(), Refusal> {
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

/// A moment by clock and by slots.
#[derive(Clone, Copy, Debug, Default)]
pub struct Now {
    /// Unix seconds.
    pub ts: i64,
    /// Slot number.
    pub slot: u64,
}

/// What is wrong with the accounts of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// Nothing.
    None,
    /// The signer does not sign.
    Unsigned,
    /// Another token account stands where the vault belongs.
    Vault,
    /// Another mint.
    Mint,
    /// Another token program.
    Program,
}

/// A config.
#[derive(Clone)]
pub struct Config {
    /// Its address.
    pub address: Address,
    /// Its number.
    pub id: u16,
    /// Who may change it.
    pub authority: Address,
    /// Whether times of seconds are allowed.
    pub is_rehearsal: bool,
    /// Fee in ppm.
    pub fee_ppm: u32,
    /// What a crank earns.
    pub bounty: u64,
    /// Least bond of a job.
    pub min_bond: u64,
    /// Owner of what fees go to.
    pub treasury: Address,
    /// Mints new jobs may be paid in.
    pub mints: Vec<Address>,
    /// Its realm.
    pub realm: Address,
    /// The court's parameters.
    pub court: CourtParams,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its address.
    pub address: Address,
    /// Who owns it.
    pub authority: Address,
    /// The key of its machines.
    pub session: Address,
    /// Slots so far.
    pub slots: u16,
    /// The key before, and when it was replaced.
    pub previous: Option<(Address, Now)>,
    /// The person behind it.
    pub person: Option<Address>,
    /// The config whose realm registered the person, the end of its registration, the end of its head start.
    pub person_terms: (u16, i64, i64),
    /// The config of its first slot.
    pub config_id: u16,
    /// Folded reputation.
    pub score: Score,
    /// Jobs folded: completed, failed.
    pub folded: [u64; 2],
}

/// A slot.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// Its address.
    pub address: Address,
    /// Its provider.
    pub provider: Address,
    /// Number of its config.
    pub config_id: u16,
    /// Takes no new work.
    pub is_paused: bool,
    /// The live job.
    pub current: Option<Address>,
    /// Lamports of bond.
    pub bond: u64,
    /// Of them held by jobs.
    pub locked: u64,
    /// Jobs that hold them.
    pub locked_jobs: u32,
    /// Lost so far.
    pub slashed: u64,
    /// Lost to nobody.
    pub burnt: u64,
    /// Paid in so far.
    pub deposited: u64,
    /// Taken out so far.
    pub withdrawn: u64,
    /// Slot number of the last deposit.
    pub bonded_slot: u64,
    /// Head of the receipts.
    pub head: [u8; 32],
    /// Number of receipts.
    pub seq: u64,
    /// Jobs paid.
    pub completed: u32,
    /// Jobs failed.
    pub failed: u32,
    /// Reputation.
    pub score: Score,
    /// The part of it that is not folded, and the faults.
    pub unfolded: (u64, u8),
    /// Completed and failed jobs folded.
    pub folded: [u32; 2],
    /// Speed and until when it counts.
    pub measured: (u64, i64),
}

/// A payout.
#[derive(Clone, Debug)]
pub struct Payout {
    /// Its address.
    pub address: Address,
    /// Its token account.
    pub vault: Address,
    /// Its slot.
    pub slot: Address,
    /// The slot's provider.
    pub provider: Address,
    /// The slot's config.
    pub config_id: u16,
    /// Its mint.
    pub mint: Address,
    /// Who gets the rent.
    pub rent_payer: Address,
    /// Due to the provider, ever earned, ever withdrawn.
    pub provider_atoms: [u64; 3],
    /// Due to the treasury, ever credited, ever swept.
    pub fee_atoms: [u64; 3],
}

/// A job.
#[derive(Clone)]
pub struct Job {
    /// Its address.
    pub address: Address,
    /// Its vault.
    pub vault: Address,
    /// Who ordered.
    pub client: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// Its config.
    pub config_id: u16,
    /// Its mint.
    pub mint: Address,
    /// Its terms.
    pub terms: JobTerms,
    /// Fee of its posting.
    pub fee_ppm: u32,
    /// Bounty of its posting.
    pub bounty: u64,
    /// What is left for cranks nobody is to blame for.
    pub reserve: u64,
    /// Its name for ever.
    pub uid: [u8; 32],
    /// State code.
    pub state: u8,
    /// Who works on it.
    pub slot: Option<Address>,
    /// When it was posted.
    pub created: Now,
    /// When its state began.
    pub entered: Now,
    /// Commitment or result.
    pub result: [u8; 32],
    /// The client's number.
    pub nonce: u64,
    /// Price now: of an auction that of the best bid, once one is known.
    pub price: u64,
    /// 4 wrong, 8 attested, 16 compensated, 32 divided.
    pub flags: u8,
    /// Milestones accepted and paid.
    pub accepted: u8,
    /// Commitments (bids placed), reveals, workers joined, workers settled.
    pub counts: [u8; 4],
    /// Challenges not resolved.
    pub challenges: u8,
    /// Revealed bids in the order of their reveals.
    pub bids: Vec<(u64, Address)>,
}

/// Everything the model knows.
#[derive(Clone, Default)]
pub struct Book {
    /// Token accounts.
    pub tokens: Tokens,
    /// Lamports of actors and of the program's accounts.
    pub lamports: BTreeMap<Address, u64>,
    /// Configs by number.
    pub configs: BTreeMap<u16, Config>,
    /// Providers by address.
    pub providers: BTreeMap<Address, Provider>,
    /// Slots by address.
    pub slots: BTreeMap<Address, Slot>,
    /// Payouts by address.
    pub payouts: BTreeMap<Address, Payout>,
    /// Jobs by address.
    pub jobs: BTreeMap<Address, Job>,
    /// Rent of a token account, and of a job.
    pub rents: [u64; 2],
    /// Rent of an account without bytes, and of each byte.
    pub rent_parts: [u64; 2],
    /// Decimals of the mints.
    pub decimals: BTreeMap<Address, u8>,
    /// Persons of governance.
    pub persons: BTreeMap<Address, Person>,
    /// Links by person.
    pub links: BTreeMap<Address, Link>,
    /// Attestations by address.
    pub attestations: BTreeMap<Address, Attestation>,
    /// Bids by address.
    pub bids: BTreeMap<Address, Bid>,
    /// Contributions by address.
    pub parts: BTreeMap<Address, Part>,
    /// Leases by address.
    pub leases: BTreeMap<Address, Lease>,
    /// Gangs by address.
    pub gangs: BTreeMap<Address, Gang>,
    /// Challenges by address.
    pub challenges: BTreeMap<Address, Challenge>,
    /// Juries by config number.
    pub juries: BTreeMap<u16, Jury>,
    /// Jurors by address.
    pub jurors: BTreeMap<Address, Juror>,
    /// Disputes by address.
    pub disputes: BTreeMap<Address, Dispute>,
    /// Seats by address.
    pub seats: BTreeMap<Address, Seat>,
    /// Proposals of governance: realm and whether it can still do something.
    pub proposals: BTreeMap<Address, (Address, bool)>,
}

impl Job {
    /// Seconds of the present state and the moment they count from.
    fn stage(&self) -> Option<(Now, u32)> {
        let t = &self.terms;
        Some(match self.state {
            // from the posting, whatever happened since
            OPEN => (self.created, t.open_seconds),
            CLAIMED => (self.entered, t.start_seconds),
            RUNNING => (self.entered, t.run_seconds),
            COMMITTED | REVEALING => (self.entered, t.reveal_seconds),
            AWARDED => (self.entered, t.start_seconds),
            CHALLENGEABLE => (self.entered, t.challenge_seconds),
            _ => return None,
        })
    }

    /// When the present state is over, by clock and by slots.
    pub fn deadline(&self) -> Option<Now> {
        self.stage().map(|(start, seconds)| after(start, seconds))
    }

    /// Whether clock and slots both say so.
    pub fn is_overdue(&self, now: Now) -> bool {
        self.deadline().is_some_and(|deadline| now.is_at(deadline))
    }

    fn enter(&mut self, state: u8, now: Now) {
        self.state = state;
        self.entered = now.not_before(self.entered);
    }

    /// Atoms that milestones have paid.
    pub fn paid(&self) -> u64 {
        let bps: u64 = (0..8)
            .filter(|at| self.accepted & (1 << at) != 0)
            .map(|at| u64::from(self.terms.milestone_bps[at]))
            .sum();
        part_floor(self.price, bps, 10_000)
    }

    /// Atoms of the price that nobody has got.
    pub fn remaining(&self) -> u64 {
        self.price - self.paid()
    }

    /// The bid that wins now and the one after it: lower first, of equals the earlier.
    pub fn ranking(&self) -> [Option<(u64, Address)>; 2] {
        let mut sorted = self.bids.clone();
        sorted.sort_by_key(|(price, _)| *price);
        [sorted.first().copied(), sorted.get(1).copied()]
    }

    /// What a crank that is nobody's fault earns.
    fn spend(&mut self) -> u64 {
        let spent = self.reserve.min(self.bounty);
        self.reserve -= spent;
        spent
    }
}

/// ⌊whole · part / of⌋.
pub fn part_floor(whole: u64, part: u64, of: u64) -> u64 {
    (BigUint::from(whole) * part / of).to_u64().unwrap()
}

/// A price's parts: the provider's, the fee.
pub fn split(price: u64, fee_ppm: u32) -> [u64; 2] {
    let provider = part_floor(price, u64::from(1_000_000 - fee_ppm), 1_000_000);
    [provider, price - provider]
}

/// ⌈1.25·seconds⌉ slots and `seconds` after a moment.
pub fn after(start: Now, seconds: u32) -> Now {
    Now {
        ts: start.ts + i64::from(seconds),
        slot: start.slot + u64::from(seconds) + u64::from(seconds).div_ceil(4),
    }
}

impl Now {
    /// Whether clock and slots both are at a deadline.
    pub fn is_at(self, deadline: Now) -> bool {
        self.ts >= deadline.ts && self.slot >= deadline.slot
    }

    /// This moment, behind no part of an earlier one.
    pub fn not_before(self, earlier: Now) -> Now {
        Now {
            ts: self.ts.max(earlier.ts),
            slot: self.slot.max(earlier.slot),
        }
    }
}

/// What stands in a receipt.
pub struct Ended<'a> {
    /// Whose: uid, specification, result.
    pub of: [&'a [u8; 32]; 3],
    /// Outcome code.
    pub outcome: u8,
    /// The provider's atoms, the fee, lamports lost.
    pub amounts: [u64; 3],
    /// Decimals of the mint.
    pub decimals: u8,
}

impl Slot {
    fn record(&mut self, ended: &Ended, now: Now) {
        let amounts = ended.amounts.map(u64::to_le_bytes);
        let [uid, spec, result] = ended.of;
        self.head = sha(&[
            b"commonweal:rcp:1",
            &self.head,
            &self.seq.to_le_bytes(),
            uid,
            spec,
            result,
            &[ended.outcome],
            &amounts[0],
            &amounts[1],
            &amounts[2],
        ]);
        self.seq += 1;
        self.gain(ended.amounts[1], ended.decimals, now.ts);
        if [2, 3, 4, 6].contains(&ended.outcome) {
            self.failed += 1;
            self.fault(now.ts);
        } else if [1, 9].contains(&ended.outcome) && ended.amounts[0] > 0 {
            self.completed += 1;
        }
    }

    /// The receipt of a job.
    fn record_job(&mut self, job: &Job, result: &[u8; 32], outcome: u8, amounts: [u64; 3], decimals: u8, now: Now) {
        let ended = Ended {
            of: [&job.uid, &job.terms.spec_hash, result],
            outcome,
            amounts,
            decimals,
        };
        self.record(&ended, now);
    }

    fn lock(&mut self, bond: u64) {
        self.locked += bond;
        self.locked_jobs += 1;
    }

    fn unlock(&mut self, bond: u64) {
        self.locked -= bond;
        self.locked_jobs -= 1;
    }

    /// A bond is no more locked and parts of it are lost: to somebody, to nobody.
    fn lose(&mut self, bond: u64, paid: u64, burnt: u64) {
        self.unlock(bond);
        self.bond -= paid + burnt;
        self.slashed += paid + burnt;
        self.burnt += burnt;
    }
}
