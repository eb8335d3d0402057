//! Every bound of the program, with its unit and the reason for its value.
//!
//! Floors exist twice: for real realms, and for rehearsal realms, whose delays are seconds so that a whole life can be
//! played on a validator whose clock cannot be warped. The flag is fixed when the realm is created, both sets are constants of
//! the same bytecode, and real pool and escrow configs refuse a rehearsal realm.

use {anchor_lang::prelude::*, commonweal_interface::ids};

/// The loader through which a program's code is replaced.
pub const UPGRADEABLE_LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// Address of the liquidity pool's code: the loader's account of it. A test derives it again.
pub const LIQUIDITY_POOL_CODE: Address = Address::from_str_const("5CyAhPu1fG7xBfxzBj4BztAzyd1JZFQ1AkV7ApgoNt4n");
/// Address of the compute escrow's code, likewise.
pub const COMPUTE_ESCROW_CODE: Address = Address::from_str_const("GcZwJLXegL4XyoaJqiLrpkFvyBP9ZGJhmoZ28spZGgMa");
/// What an action of a chamber's program names: the program, its code.
pub const CHAMBER_PROGRAMS: [[Address; 2]; CHAMBERS] = [
    [ids::LIQUIDITY_POOL, LIQUIDITY_POOL_CODE],
    [ids::COMPUTE_ESCROW, COMPUTE_ESCROW_CODE],
];

/// Seed of a `Realm`: this, the hash of its name.
#[constant]
pub const REALM_SEED: &[u8] = b"realm";
/// Seed of an `Attestor`: this, the realm, the attestor's key.
#[constant]
pub const ATTESTOR_SEED: &[u8] = b"attestor";
/// Seed of a `Person`: this, the realm, the nullifier.
#[constant]
pub const PERSON_SEED: &[u8] = b"person";
/// Seed of a `PersonByWallet`: this, the realm, the wallet.
#[constant]
pub const WALLET_SEED: &[u8] = b"wallet";
/// Seed of a `Stake`: this, the realm, the person, the depositor.
#[constant]
pub const STAKE_SEED: &[u8] = b"stake";
/// Seed of a stake's own token vault: this, the stake.
#[constant]
pub const STAKE_VAULT_SEED: &[u8] = b"stake_vault";
/// Seed of a `Ballot`: this, the realm, the person, the epoch (4 bytes, little-endian).
#[constant]
pub const BALLOT_SEED: &[u8] = b"ballot";
/// Seed of a `Proposal`: this, the realm, its index (4 bytes, little-endian).
#[constant]
pub const PROPOSAL_SEED: &[u8] = b"proposal";
/// Seed of a `ProposalAction`: this, the proposal, its index (1 byte).
#[constant]
pub const ACTION_SEED: &[u8] = b"action";
/// Seed of a treasury: this, the realm, the lane (1 byte). System-owned, without data; it signs executed actions.
#[constant]
pub const TREASURY_SEED: &[u8] = b"treasury";

/// Seed of a `DelegatePool`: this, the realm, the delegate's person.
#[constant]
pub const POOL_SEED: &[u8] = b"pool";
/// Seed of a `ChamberSeat`: this, the realm, the chamber (1 byte), the person.
#[constant]
pub const CHAMBER_SEED: &[u8] = b"chamber";
/// Seed of a `TokenBook`: this, the realm, the lane (1 byte), the mint.
#[constant]
pub const BOOK_SEED: &[u8] = b"book";
/// Seed of a `Dividend`: this, the realm, the mint, the epoch (4 bytes, little-endian).
#[constant]
pub const DIVIDEND_SEED: &[u8] = b"dividend";
/// Seed of a dividend's own token vault: this, the dividend.
#[constant]
pub const DIVIDEND_VAULT_SEED: &[u8] = b"dividend_vault";

/// The Solana Attestation Service, whose credentials can stand for an attestor's signature.
pub const ATTESTATION_SERVICE: Address = Address::from_str_const("22zoJMtdu4tQc2PzL74ZUT7FrwgB1Udec8DdW4yw4BdG");
/// The program whose account for a wallet and a mint is the one of them that can be found.
pub const ASSOCIATED_TOKEN: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// The program that verifies Ed25519 signatures before a transaction's instructions run.
pub const ED25519_PROGRAM: Address = Address::from_str_const("Ed25519SigVerify111111111111111111111111111");
/// First bytes of every statement attestors sign, so that no signature made for something else can be one.
pub const STATEMENT_DOMAIN: &[u8; 16] = b"commonweal/gov/1";

/// Version written into every account this bytecode creates.
pub const LAYOUT_VERSION: u8 = 1;

/// Buckets of a tally, one for each attestor slot. A tally row of 16 u64 is 128 bytes; more would double every proposal.
pub const BUCKETS: usize = 16;
/// Rows of a tally: "none" and eight choices.
pub const MAX_OPTIONS: usize = 9;
/// Choices a proposal may offer besides "none".
pub const MAX_CHOICES: u8 = 8;
/// Option 0 of every proposal: to vote against is to vote for it.
pub const NONE_OPTION: u8 = 0;
/// Stands for "no option leads": a tie, or no votes.
pub const NO_LEADER: u8 = 255;
/// Stands for "never" in epoch fields.
pub const NO_EPOCH: u32 = u32::MAX;
/// Entries of a ballot: proposals one person can vote on in one epoch. 16 × 12 bytes keep the ballot under 0.003 SOL of rent.
pub const BALLOT_ENTRIES: usize = 16;
/// Actions of one proposal, all choices together.
pub const MAX_ACTIONS: u8 = 8;
/// Accounts of one action, its program apart: 24 keys and their data still fit one transaction with a lookup table.
pub const MAX_ACTION_ACCOUNTS: usize = 24;
/// Bytes of instruction data of one action: what one transaction can carry.
pub const MAX_ACTION_DATA: usize = 1_024;
/// Treasuries of a realm. Each has an outflow book of its own, so that one purpose cannot drain another's.
pub const LANES: usize = 4;
/// Attestors that can sign one registration: half of the slots.
pub const MAX_ATTESTATIONS: u8 = 8;
/// Accounts a registration lists beyond its struct, two for each further attestor.
pub const ACCOUNTS_PER_ATTESTATION: usize = 2;

/// Parts per million that make a whole.
pub const PPM: u64 = 1_000_000;
/// Fractional bits of tallies: one vote is 2^16.
pub const Q16_BITS: u32 = 16;

/// Persons that may register in an epoch whatever the realm's size (a new realm must be able to start).
pub const GROWTH_FLOOR_PERSONS: u32 = 10;
/// Growth of a larger realm in one epoch: 5 %, so that capturing attestors shows before it can carry a vote.
pub const GROWTH_PPM: u64 = 50_000;
/// Epochs between registering and the first ballot, so that a bought registration cannot answer a proposal it has read.
pub const EPOCHS_BEFORE_FIRST_BALLOT: u32 = 2;
/// Longest validity of a registration in seconds: two years, after which attestors look again.
pub const MAX_PERSON_VALIDITY_S: i64 = 2 * 365 * 86_400;
/// Divisor κ⁻¹ of the cohort bound: a bucket counts in full up to a quarter of what its persons' base budgets could give.
pub const COHORT_DIVISOR: u64 = 4;
/// The quorum base is never below this fraction of the persons: a quarter.
pub const QUORUM_BASE_DIVISOR: u32 = 4;
/// An identity cost rises by at most a tenth with one change, and changes at most once an epoch: what a faked person costs does
/// not double in a week.
pub const COST_RISE_DIVISOR: u64 = 10;
/// The dividend of a person stays below this fraction of what faking one costs: a twentieth, so that farming persons does not pay
/// within twenty epochs of undetected life.
pub const DIVIDEND_DIVISOR: u64 = 20;
/// The lane whose token accounts collect what persons share.
pub const DIVIDEND_LANE: u8 = 3;
/// Dividends of one epoch: one bit each in a ballot.
pub const MAX_DIVIDENDS: u8 = 8;
/// Most that one attestor may revoke or suspend in an epoch: 1 % of the persons, at least one.
pub const REVOCATIONS_DIVISOR: u32 = 100;
/// Epochs a lone attestor's suspension lasts: time for the others to look, then it ends by itself.
pub const SUSPENSION_EPOCHS: u32 = 2;
/// Epochs after a suspension in which nobody can suspend the person again, so that a lone attestor cannot silence for good.
pub const SUSPENSION_COOLDOWN_EPOCHS: u32 = 8;
/// Longest an attestor's statement can wait to be used: a week, so that old signatures die.
pub const MAX_STATEMENT_S: i64 = 7 * 86_400;
/// Longest term of an attestor in seconds: two years, as long as the longest registration.
pub const MAX_ATTESTOR_TERM_S: i64 = MAX_PERSON_VALIDITY_S;
/// Buckets one proposal can leave out: a quarter. More corrupt attestors than that are not an accident but another realm.
pub const MAX_EXCLUDED_BUCKETS: u32 = 4;

/// Epochs a delegation counts at most: eight, then it is given again.
pub const DELEGATION_EPOCHS: u32 = 8;
/// Rows of a pool's table of ends: one for each epoch in which a living delegation can end.
pub const EXPIRY_ROWS: usize = 9;
/// Entries of a delegate's pool, as many as a ballot has.
pub const POOL_ENTRIES: usize = 16;
/// Σ s² of a pool's entries is at most this: the shares are Q16, a whole budget is 1.
pub const WHOLE_SHARES: u64 = 1 << 32;

/// Chambers: providers of liquidity and providers of GPUs.
pub const CHAMBERS: usize = 2;
/// The chamber of locked liquidity; it can veto what touches the liquidity pool.
pub const LIQUIDITY_CHAMBER: u8 = 0;
/// The chamber of working GPU providers; it can veto what touches the compute escrow.
pub const PROVIDER_CHAMBER: u8 = 1;
/// A veto needs this fraction of a chamber's seats: a third.
pub const VETO_DIVISOR: u32 = 3;
/// Proposals whose vetoes one seat remembers until their timelocks end.
pub const SEAT_VETOES: usize = 16;
/// Epochs in a row in which a provider must have finished jobs before its seat counts.
pub const WORKING_EPOCHS: u8 = 2;
/// Epochs without a finished job after which anybody can close a provider's seat.
pub const IDLE_EPOCHS: u32 = 3;
/// Threshold at which a vote overrides a veto: 75 %.
pub const OVERRIDE_THRESHOLD_PPM: u32 = 750_000;
/// Proposals of one person that are not closed yet: enough for a busy proposer, too few to fill an epoch's ballots.
pub const MAX_OPEN_PROPOSALS: u8 = 8;

/// Bytes of an action's data that its first part must hold (or all, if there are fewer): what the checks of a message read.
pub const FIRST_PART_BYTES: usize = 16;

/// Largest part of a lane's lamports at its first outflow of an epoch that may leave in that epoch: 5 %.
pub const LANE_OUTFLOW_CAP_PPM: u64 = 50_000;
/// Proposals of an epoch after which the bond doubles.
pub const BOND_STEP_PROPOSALS: u32 = 16;
/// The bond doubles at most this often: 2^20 times any bond is out of reach.
pub const MAX_BOND_DOUBLINGS: u32 = 20;
/// Epochs after a ballot's own in which only its voter can close it (the dividend's claim bit lives there).
pub const BALLOT_GRACE_EPOCHS: u32 = 8;

/// Largest base budget in credits: its root times the votes of 2^32 persons still fits a tally.
pub const MAX_BASE_CREDITS: u32 = 1_000_000;
/// The stake bonus is at most this many times the base: a whale has at most √9 = 3 times a member's votes.
pub const MAX_BONUS_MULTIPLE: u32 = 8;
/// Highest quorum of either kind: above half, ordinary apathy would brick a realm.
pub const MAX_QUORUM_PPM: u32 = 500_000;
/// Highest floor of voters, for the same reason.
pub const MAX_MIN_PERSONS: u32 = 10_000;
/// Lowest threshold of ordinary proposals: a majority of (winner + none).
pub const MIN_NORMAL_THRESHOLD_PPM: u32 = 500_000;
/// Lowest threshold of proposals that touch more than the treasury's own balance.
pub const MIN_HIGH_THRESHOLD_PPM: u32 = 600_000;
/// Highest threshold of either class: beyond 67 % a third could block everything for ever.
pub const MAX_THRESHOLD_PPM: u32 = 670_000;
/// Largest cohort floor in votes.
pub const MAX_COHORT_FLOOR_VOTES: u32 = 1_000_000;
/// Largest first bond in lamports: 10 SOL.
pub const MAX_BOND_LAMPORTS: u64 = 10_000_000_000;
/// Longest any delay or epoch may be, in seconds: 90 days. Longer ones would brick the realm.
pub const MAX_DELAY_S: u32 = 90 * 86_400;
/// Longest term of the founder and of the guardian, in seconds: one year; a hard sunset.
pub const MAX_SUNSET_S: i64 = 365 * 86_400;

/// The lower bounds that differ between real and rehearsal realms. Delays are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floors {
    /// Epoch length.
    pub epoch_s: u32,
    /// Voting time.
    pub voting_s: u32,
    /// Extension after a late swing.
    pub extension_s: u32,
    /// The part of the voting time in which a swing is late.
    pub late_window_s: u32,
    /// Challenge after voting, in which votes of revoked persons are stripped.
    pub challenge_s: u32,
    /// Between submission and voting, for reading.
    pub review_s: u32,
    /// Between the end of the challenge and execution, for leaving.
    pub timelock_s: u32,
    /// In which actions can be executed.
    pub execution_window_s: u32,
    /// Attestors that must sign a registration.
    pub attestations: u8,
    /// Floor of voters of a quorum.
    pub min_persons: u32,
    /// Quorum fraction of either kind.
    pub quorum_ppm: u32,
    /// First vote epoch in which proposals may carry actions.
    pub action_epoch: u32,
    /// Persons a realm needs before proposals may carry actions.
    pub action_persons: u32,
    /// Between the end of the challenge and the execution of an upgrade.
    pub upgrade_timelock_s: u32,
    /// In which attestors can take a revocation back.
    pub appeal_s: u32,
    /// Seats a veto needs whatever the chamber's size.
    pub chamber_seats: u32,
}

/// Floors of real realms.
pub const REAL_FLOORS: Floors = Floors {
    epoch_s: 7 * 86_400,
    voting_s: 3 * 86_400,
    extension_s: 86_400,
    late_window_s: 86_400,
    challenge_s: 86_400,
    review_s: 86_400,
    timelock_s: 2 * 86_400,
    execution_window_s: 14 * 86_400,
    attestations: 2,
    min_persons: 5,
    quorum_ppm: 10_000,
    action_epoch: 3,
    action_persons: 50,
    upgrade_timelock_s: 7 * 86_400,
    appeal_s: 14 * 86_400,
    chamber_seats: 5,
};

/// Floors of rehearsal realms: a life of register, two epochs, vote, finalize, timelock, execute takes about half a minute.
pub const REHEARSAL_FLOORS: Floors = Floors {
    epoch_s: 8,
    voting_s: 4,
    extension_s: 1,
    late_window_s: 1,
    challenge_s: 1,
    review_s: 0,
    timelock_s: 1,
    execution_window_s: 5,
    attestations: 1,
    min_persons: 1,
    quorum_ppm: 0,
    action_epoch: 0,
    action_persons: 1,
    upgrade_timelock_s: 2,
    appeal_s: 20,
    chamber_seats: 1,
};

impl Floors {
    /// The floors of a realm with this flag.
    pub const fn of(rehearsal: bool) -> &'static Self {
        if rehearsal {
            &REHEARSAL_FLOORS
        } else {
            &REAL_FLOORS
        }
    }
}
