//! The compute escrow as its design describes it: one vault per job, bonds on slots, a deadline for every state.

mod rules;

use {
    super::{code, tokens::Tokens, Refusal},
    crate::fixtures::escrow::{sha, state_code::*, EscrowError, JobTerms},
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Anchor's code for an address that is not the one wanted.
pub const CONSTRAINT_ADDRESS: u32 = 2_012;
/// Nobody.
const NOBODY: Address = Address::new_from_array([0; 32]);

/// An error of the escrow as a refusal.
pub fn refusal(error: EscrowError) -> Refusal {
    code(8_000 + error as u32)
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
#[derive(Clone, Debug)]
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
}

/// What a fault takes of a bond.
struct Fault {
    compensation: u64,
    bounty: u64,
    burnt: u64,
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
            COMMITTED => (self.entered, t.reveal_seconds),
            CHALLENGEABLE => (self.entered, t.challenge_seconds),
            _ => return None,
        })
    }

    /// When the present state is over, by clock and by slots.
    pub fn deadline(&self) -> Option<Now> {
        self.stage().map(|(start, seconds)| Now {
            ts: start.ts + i64::from(seconds),
            // ⌈1.25·seconds⌉
            slot: start.slot + u64::from(seconds) + u64::from(seconds).div_ceil(4),
        })
    }

    /// Whether clock and slots both say so.
    pub fn is_overdue(&self, now: Now) -> bool {
        self.deadline()
            .is_some_and(|deadline| now.ts >= deadline.ts && now.slot >= deadline.slot)
    }

    fn enter(&mut self, state: u8, now: Now) {
        self.state = state;
        self.entered = now;
    }

    /// The provider's part and the fee.
    pub fn split(&self) -> (u64, u64) {
        let kept = BigUint::from(self.terms.price_atoms) * (1_000_000 - self.fee_ppm) / 1_000_000u32;
        let provider = kept.to_u64().unwrap();
        (provider, self.terms.price_atoms - provider)
    }
}

impl Slot {
    fn record(&mut self, job: &Job, outcome: u8, provider: u64, fee: u64, slashed: u64) {
        self.head = sha(&[
            b"commonweal:rcp:1",
            &self.head,
            &self.seq.to_le_bytes(),
            &job.uid,
            &job.terms.spec_hash,
            &job.result,
            &[outcome],
            &provider.to_le_bytes(),
            &fee.to_le_bytes(),
            &slashed.to_le_bytes(),
        ]);
        self.seq += 1;
        if outcome == 1 {
            self.completed += 1;
        } else {
            self.failed += 1;
        }
    }

    fn unlock(&mut self, bond: u64) {
        self.locked -= bond;
        self.locked_jobs -= 1;
    }
}

/// Whether terms are within the bounds of their config; the order is that of the documentation.
fn check_terms(terms: &JobTerms, config: &Config) -> Result<(), Refusal> {
    demand(terms.kind == 0, EscrowError::KindNotAvailable)?;
    demand(terms.verification <= 1, EscrowError::VerificationNotAvailable)?;
    demand(terms.price_atoms > 0, EscrowError::ZeroAmount)?;
    demand(config.fee_ppm <= terms.max_fee_ppm, EscrowError::FeeAboveLimit)?;
    let day = 86_400;
    let least = |real: u32| if config.is_rehearsal { 2 } else { real };
    let no_wait = terms.verification == 0;
    let bounds = [
        (terms.open_seconds, least(60), 30 * day),
        (terms.start_seconds, least(60), day),
        (terms.run_seconds, least(60), 30 * day),
        (terms.reveal_seconds, least(300), day),
        (terms.challenge_seconds, if no_wait { 0 } else { least(3_600) }, 7 * day),
    ];
    let are_within = bounds.iter().all(|(value, low, high)| low <= value && value <= high);
    demand(are_within, EscrowError::TimeOutOfBounds)?;
    let compensation = terms.compensation_lamports;
    demand(
        compensation == 0 || compensation >= 1_000_000,
        EscrowError::CompensationTooSmall,
    )?;
    let cost = compensation
        .checked_add(config.bounty)
        .ok_or_else(|| refusal(EscrowError::MathOverflow))?;
    demand(
        terms.bond_lamports >= cost && terms.bond_lamports >= config.min_bond,
        EscrowError::BondTooSmall,
    )?;
    let hashes = [terms.spec_hash, terms.module_hash, terms.input_hash];
    demand(hashes.iter().all(|hash| *hash != [0; 32]), EscrowError::ZeroHash)
}
