//! Seeds and bounds. Every bound carries its unit and the reason for its value.

use anchor_lang::Address;

/// Seed of an [`crate::state::EscrowConfig`]: `[CONFIG_SEED, id u16 LE]`.
pub const CONFIG_SEED: &[u8] = b"config";
/// Seed of a [`crate::state::Provider`]: `[PROVIDER_SEED, authority]`.
pub const PROVIDER_SEED: &[u8] = b"provider";
/// Seed of a [`crate::state::Slot`]: `[SLOT_SEED, provider, index u16 LE]`.
pub const SLOT_SEED: &[u8] = b"slot";
/// Seed of a [`crate::state::Job`]: `[JOB_SEED, client, nonce u64 LE]`.
pub const JOB_SEED: &[u8] = b"job";
/// Seed of a token account held for another account: `[VAULT_SEED, job or payout]`.
pub const VAULT_SEED: &[u8] = b"vault";
/// Seed of a [`crate::state::Payout`]: `[PAYOUT_SEED, slot, mint]`.
pub const PAYOUT_SEED: &[u8] = b"payout";

/// Version written into every account this code creates.
pub const ACCOUNT_VERSION: u8 = 1;

/// One whole, in parts per million.
pub const PPM: u64 = 1_000_000;
/// Highest protocol fee: 5 %. A job keeps the fee of its posting, so a later rise cannot reach it (E7).
pub const MAX_FEE_PPM: u32 = 50_000;

/// Smallest crank bounty in lamports: twice the base fee of a one-signature transaction, below which no stranger cranks.
pub const MIN_CRANK_BOUNTY_LAMPORTS: u64 = 10_000;
/// Largest crank bounty in lamports (0.01 SOL): every client locks this much per job, so it stays pocket money.
pub const MAX_CRANK_BOUNTY_LAMPORTS: u64 = 10_000_000;
/// Largest least-bond a config may demand, in lamports (10 SOL): beyond it small providers are shut out.
pub const MAX_MIN_BOND_LAMPORTS: u64 = 10_000_000_000;
/// Smallest non-zero compensation in lamports (0.001 SOL): it is paid to the client's wallet, which may be empty, and a
/// smaller payment would leave it below the rent-exempt minimum (890,880), which the runtime refuses.
pub const MIN_COMPENSATION_LAMPORTS: u64 = 1_000_000;

/// Payment mints one config can list.
pub const MAX_PAYMENT_MINTS: usize = 8;

/// Shortest open, start and run time of a real job, in seconds: shorter ones could pass while a transaction is in flight.
pub const MIN_STAGE_SECONDS: u32 = 60;
/// Shortest reveal time of a real job, in seconds: a provider offline for a few minutes must not lose its bond.
pub const MIN_REVEAL_SECONDS: u32 = 300;
/// Shortest challenge time of an optimistic real job, in seconds: somebody must have time to compute it again.
pub const MIN_CHALLENGE_SECONDS: u32 = 3_600;
/// Shortest time of any stage in a rehearsal, in seconds: a whole life is played in a minute on a real validator.
pub const MIN_REHEARSAL_SECONDS: u32 = 2;
/// Longest open time, in seconds (30 days): a forgotten order returns its money within it.
pub const MAX_OPEN_SECONDS: u32 = 2_592_000;
/// Longest start time, in seconds (1 day).
pub const MAX_START_SECONDS: u32 = 86_400;
/// Longest run time, in seconds (30 days).
pub const MAX_RUN_SECONDS: u32 = 2_592_000;
/// Longest reveal time, in seconds (1 day).
pub const MAX_REVEAL_SECONDS: u32 = 86_400;
/// Longest challenge time, in seconds (7 days): a provider waits no longer for its money.
pub const MAX_CHALLENGE_SECONDS: u32 = 604_800;

/// How long a replaced session key keeps answering for vouchers signed before, in seconds (1 hour, a lease's settling time).
pub const SESSION_KEY_OVERLAP_SECONDS: i64 = 3_600;

/// Hours in a week: bits of an off-peak mask.
pub const HOURS_PER_WEEK: u32 = 168;

/// Most milestones of a job.
pub const MAX_MILESTONES: usize = 8;
/// One whole, in the basis points of milestones.
pub const MILESTONE_WHOLE_BPS: u32 = 10_000;
/// Most workers of a redundant order: their accounts fit one transaction when results are compared.
pub const MAX_REDUNDANCY: u8 = 7;
/// Slowest doubling of the circle of eligible workers, in slots: everybody is eligible after 256 slots, half of what the cluster
/// remembers of slot hashes.
pub const MAX_SPREAD_SLOTS: u8 = 16;
/// Doublings until everybody is eligible: the first circle is one slot in 65,536.
pub const SPREAD_DOUBLINGS: u64 = 16;
/// Doublings that a person new to the network is ahead: four times as likely to be eligible as others.
pub const HEAD_START_DOUBLINGS: u64 = 2;
/// Most slots of a provider that has a head start: it is for those who begin with a few cards, not for a farm behind a new name.
pub const HEAD_START_MAX_SLOTS: u16 = 8;
/// How long a person is new, in seconds from the first link to a provider (90 days); the link is for ever, so it is new once.
pub const HEAD_START_SECONDS: i64 = 7_776_000;

/// Half-life of reputation in seconds (90 days).
pub const REPUTATION_HALF_LIFE_SECONDS: u64 = 7_776_000;
/// Steps of the decay table in one half-life.
pub const REPUTATION_STEPS: u64 = 64;

/// Seed of a [`crate::state::Attestation`]: `[ATTEST_SEED, slot, attestor, kind u8]`.
pub const ATTEST_SEED: &[u8] = b"attest";
/// The SlotHashes sysvar: hashes of the last 512 slots.
pub const SLOT_HASHES: anchor_lang::Address =
    anchor_lang::Address::from_str_const("SysvarS1otHashes111111111111111111111111111");
/// Seed of a [`crate::state::PersonLink`]: `[LINK_SEED, person]`.
pub const LINK_SEED: &[u8] = b"link";

/// Pay of a juror's seat in a new config, in lamports (0.005 SOL).
pub const INITIAL_SEAT_FEE_LAMPORTS: u64 = 5_000_000;
/// Stake of a juror in a new config, in lamports (0.05 SOL).
pub const INITIAL_JUROR_STAKE_LAMPORTS: u64 = 50_000_000;
/// Time for a quadratic vote to rule in a new config, in seconds (120 days).
pub const INITIAL_RULING_SECONDS: u32 = 10_368_000;
/// Smallest pay of a seat, in lamports: it is paid to the juror's wallet, which may be empty and must stay rent-exempt.
pub const MIN_SEAT_FEE_LAMPORTS: u64 = 1_000_000;
/// Largest pay of a seat, in lamports (1 SOL): five of them are the bond of whoever challenges.
pub const MAX_SEAT_FEE_LAMPORTS: u64 = 1_000_000_000;
/// Largest stake of a juror, in lamports (10 SOL): beyond it only the rich judge.
pub const MAX_JUROR_STAKE_LAMPORTS: u64 = 10_000_000_000;
/// Shortest step of a real dispute, in seconds (1 hour): a party offline for some minutes must not lose by it.
pub const MIN_COURT_SECONDS: u32 = 3_600;
/// Longest step of a dispute, in seconds (14 days).
pub const MAX_COURT_SECONDS: u32 = 1_209_600;
/// Shortest time for a quadratic vote to rule on a real dispute, in seconds (30 days).
pub const MIN_RULING_SECONDS: u32 = 2_592_000;
/// Longest time for a quadratic vote to rule, in seconds (1 year); then the default.
pub const MAX_RULING_SECONDS: u32 = 31_536_000;
/// Longest validity of an attestation, in seconds (1 year): hardware ages and changes hands.
pub const MAX_ATTESTATION_SECONDS: i64 = 31_536_000;

// Leases.

/// Seed of a [`crate::state::Lease`]: `[LEASE_SEED, client, nonce u64 LE]`.
pub const LEASE_SEED: &[u8] = b"lease";
/// Seed of a [`crate::state::Gang`]: `[GANG_SEED, client, nonce u64 LE]`.
pub const GANG_SEED: &[u8] = b"gang";
/// Bounties a lease sets aside: one for the first move that is nobody's fault (a pause, an end), one for the refund.
pub const LEASE_BOUNTIES: u8 = 2;
/// How long a closed lease waits for its last voucher before the client is refunded, in seconds (1 hour): as long as a replaced
/// session key answers for its vouchers.
pub const LEASE_SETTLE_SECONDS: u32 = 3_600;
/// Longest notice of a reclaim, in seconds (1 day): a provider waits no longer for its own machine.
pub const MAX_NOTICE_SECONDS: u32 = 86_400;
/// Longest pause of an empty lease, in seconds (7 days): the bond stays locked within it.
pub const MAX_PAUSE_SECONDS: u32 = 604_800;
/// Longest interval between vouchers, in seconds (1 hour): it is what either side can lose when the other stops.
pub const MAX_INTERVAL_SECONDS: u32 = 3_600;
/// Longest time a lease is funded ahead, in seconds (1 year): within it a lease forgotten by all runs empty and ends.
pub const MAX_FUNDED_SECONDS: u64 = 31_536_000;
/// Most leases of a gang: a client can post and end them within a few transactions.
pub const MAX_GANG_SIZE: u8 = 16;
/// Longest gathering of a gang, in seconds (1 day): slots that have joined wait no longer for the others.
pub const MAX_GATHER_SECONDS: u32 = 86_400;
/// The precompile that verifies vouchers.
pub const ED25519_PROGRAM: Address = Address::from_str_const("Ed25519SigVerify111111111111111111111111111");
/// The transaction's instructions, as the runtime shows them.
pub const INSTRUCTIONS_SYSVAR: Address = Address::from_str_const("Sysvar1nstructions1111111111111111111111111");
// Auctions and redundant orders.

/// Seed of a [`crate::state::Bid`]: `[BID_SEED, job, provider]`.
pub const BID_SEED: &[u8] = b"bid";
/// Seed of a [`crate::state::Contribution`]: `[CONTRIBUTION_SEED, job, person or provider]`.
pub const CONTRIBUTION_SEED: &[u8] = b"contribution";

// The court.

/// Seed of a [`crate::state::Challenge`]: `[CHALLENGE_SEED, job, challenger]`.
pub const CHALLENGE_SEED: &[u8] = b"challenge";
/// Seed of a [`crate::state::Jury`]: `[JURY_SEED, config]`.
pub const JURY_SEED: &[u8] = b"jury";
/// Seed of a [`crate::state::Juror`]: `[JUROR_SEED, jury, index u32 LE]`.
pub const JUROR_SEED: &[u8] = b"juror";
/// Seed of a [`crate::state::Dispute`]: `[DISPUTE_SEED, job]`.
pub const DISPUTE_SEED: &[u8] = b"dispute";
/// Seed of a [`crate::state::JurorSeat`]: `[SEAT_SEED, dispute, person]`.
pub const SEAT_SEED: &[u8] = b"seat";
/// Where burnt lamports go: the runtime destroys what this address holds at the end of each slot.
pub const INCINERATOR: anchor_lang::Address =
    anchor_lang::Address::from_str_const("1nc1nerator11111111111111111111111111111111");
/// Deepest tree of canaries or outputs: both paths and the accounts fit one transaction.
pub const MAX_TREE_DEPTH: usize = 8;
/// From this part of a million on a verdict is the defender's; below it, the challenger's.
pub const EVEN_PPM: u32 = 500_000;
/// Slots whose hashes the cluster remembers.
pub const REMEMBERED_SLOTS: u64 = 512;
/// Round of the quadratic vote: three panels come before it.
pub const VOTE_ROUND: u8 = 3;
