//! Everything the program itself refuses. Codes start at 8000; the list is append-only.

use anchor_lang::prelude::*;

/// The first error's code.
const FIRST_CODE: u64 = 8_000;

/// Why an instruction was refused, and what to do about it.
#[error_code(offset = 8000)]
pub enum EscrowError {
    /// An arithmetic step left its type.
    #[msg("An amount is too large to compute with; use a smaller one")]
    MathOverflow,
    /// The realm account is not a realm of the governance program.
    #[msg("Pass a Realm account owned by the governance program")]
    NotARealm,
    /// The rehearsal flag is not the realm's.
    #[msg("Pass the same rehearsal flag as the realm's")]
    RehearsalMismatch,
    /// The fee is above the ceiling.
    #[msg("Lower the fee to at most 50,000 ppm (5 %)")]
    FeeAboveCeiling,
    /// The bounty is outside its bounds.
    #[msg("Set the crank bounty between 10,000 and 10,000,000 lamports")]
    BountyOutOfBounds,
    /// The least bond is above its bound.
    #[msg("Lower the least bond to at most 10 SOL")]
    MinBondAboveCeiling,
    /// An address that must be set is zero.
    #[msg("Pass a non-zero address")]
    ZeroAddress,
    /// The mint is not a mint or carries an extension that is not allowed.
    #[msg("Use a mint without transfer fees, hooks, delegates or other extensions that change, move or stop balances")]
    MintRefused,
    /// The mint is already listed.
    #[msg("Nothing to do: the mint is already listed")]
    MintAlreadyAllowed,
    /// The mint is not listed in the config.
    #[msg("Pay in a mint that the config lists")]
    MintNotAllowed,
    /// The config's list of mints is full.
    #[msg("Remove a mint from the config before adding another")]
    MintListFull,
    /// The signer is neither the provider's authority nor its session key.
    #[msg("Sign with the provider's authority or its current session key")]
    NotTheProvider,
    /// The slot belongs to another provider.
    #[msg("Pass a slot of this provider")]
    SlotOfAnotherProvider,
    /// The slot and the job name different configs.
    #[msg("Claim with a slot added under the job's config")]
    ConfigMismatch,
    /// An amount is zero.
    #[msg("Pass an amount above zero")]
    ZeroAmount,
    /// More than the free part of the bond was asked for.
    #[msg("Withdraw at most the free bond; wait until jobs release the locked part")]
    BondLocked,
    /// The off-peak mask is not a mask of 168 bits, or prices are contradictory.
    #[msg("Set the off-peak ask at or below the ask")]
    OffPeakAboveAsk,
    /// There is no such kind of order.
    #[msg("Post a batch job (0), an auction (1) or a redundant order (2)")]
    KindNotAvailable,
    /// There is no such verification, or not for this kind of order.
    #[msg("Use verification none (0), optimistic (1), canary (2) or attested (3, if the config lists attestors); redundant orders 0 or 1")]
    VerificationNotAvailable,
    /// A stage's time is outside its bounds.
    #[msg("Choose times within the bounds of the config's kind (see the README)")]
    TimeOutOfBounds,
    /// The bond does not cover what a fault costs, or is below the config's least.
    #[msg("Raise the bond to the config's least and to compensation plus bounty")]
    BondTooSmall,
    /// The compensation is above zero and below its least.
    #[msg("Set the compensation to zero or to at least 1,000,000 lamports")]
    CompensationTooSmall,
    /// The fee in force is above what the client accepts.
    #[msg("Accept the config's present fee or wait until it is lower")]
    FeeAboveLimit,
    /// A hash that must be given is zero.
    #[msg("Pass the SHA-256 of the content, not zero")]
    ZeroHash,
    /// The job is not in the state this instruction needs.
    #[msg("Read the job's state; this step is not possible in it")]
    WrongJobState,
    /// The job at this address is not the one meant.
    #[msg("Read the job again: another one now lives at its address")]
    WrongUid,
    /// The deadline for this step has passed.
    #[msg("Too late for this step; crank the job")]
    DeadlinePassed,
    /// The deadline has not passed yet, by the clock or by the slot count.
    #[msg("Wait until the deadline has passed by clock and by slots")]
    TooEarly,
    /// The slot takes no work now.
    #[msg("Resume the slot with update_slot first")]
    SlotPaused,
    /// The slot has a live job.
    #[msg("Finish or decline the slot's current job first")]
    SlotBusy,
    /// The slot's free bond is smaller than the job's.
    #[msg("Deposit more bond into the slot")]
    BondNotCovered,
    /// The slot's bond is not older than the job's opening.
    #[msg("Take orders that were opened after the last deposit into the slot")]
    BondTooRecent,
    /// The job is assigned to another slot.
    #[msg("Pass the slot that works on the order")]
    NotTheAssignedSlot,
    /// The attested input is not the job's.
    #[msg("Fetch the input again; its hash is not the one in the job")]
    InputMismatch,
    /// The result, salt and commitment do not belong together.
    #[msg("Reveal exactly the result and salt that were committed")]
    CommitmentMismatch,
    /// A challenge is open.
    #[msg("Wait until every challenge is resolved")]
    ChallengesOpen,
    /// A job cannot end in the slot it was posted in.
    #[msg("Send it again in the next slot")]
    SameSlot,
    /// The token account is not the job's vault.
    #[msg("Pass the job's own vault")]
    NotTheVault,
    /// The payout belongs to another slot or mint.
    #[msg("Pass the payout of the job's slot and mint")]
    PayoutMismatch,
    /// The token program is not the mint's.
    #[msg("Pass the token program that owns the mint")]
    WrongTokenProgram,
    /// The token account is not one of the client for the job's mint.
    #[msg("Pass a token account of the client for the job's mint")]
    NotTheClientsAccount,
    /// The token account is not one of the treasury for the mint.
    #[msg("Pass a token account owned by the config's treasury for this mint")]
    NotTheTreasurysAccount,
    /// The client's token account or the vault is frozen.
    #[msg(
        "Use an account that is not frozen, let the client call claim_refund, or wait until the mint's issuer thaws"
    )]
    ClientAccountFrozen,
    /// The vault holds more than the price and nobody named where it goes.
    #[msg("Pass a token account of the client for the surplus in the vault")]
    SurplusAccountRequired,
    /// The job has a worker and its slot was not passed.
    #[msg("Pass the slot that claimed the job")]
    SlotRequired,
    /// No deadline of this job can be cranked.
    #[msg("Use settle, award, compare_results or close_job; nothing of this job waits for a crank")]
    NothingToCrank,
    /// The payout still owes money.
    #[msg("Withdraw the payout and sweep its fees first")]
    PayoutNotEmpty,
    /// Nothing is due.
    #[msg("Nothing is due now; settle a job or redeem a later voucher first")]
    NothingDue,
    /// A token account holds less than its records say, or did not move as told.
    #[msg("Stop and report: balances and records disagree")]
    VaultMismatch,
    /// The records of an account contradict each other.
    #[msg("Stop and report: an invariant does not hold")]
    InvariantViolated,
    /// Equal results or workers are outside their bounds, or given for another kind of order.
    #[msg("Set k and n of a redundant order with 2k > n, 2 to 7 workers; zero for other kinds")]
    RedundancyOutOfBounds,
    /// The milestones do not make a whole, or the kind has none.
    #[msg("Let the milestones of a batch job sum to 10,000 basis points, or leave all zero")]
    MilestonesOutOfBounds,
    /// The spread is above its bound.
    #[msg("Spread over at most 16 slots a doubling")]
    SpreadOutOfBounds,
    /// The instruction is not for this kind of order or verification.
    #[msg("Use the instruction of the order's kind (see the README)")]
    WrongKind,
    /// The GPU is not what the order asks for.
    #[msg("Claim with a slot whose model, memory and attested score are what the order asks for")]
    SlotNotEligible,
    /// The order is for verified persons only.
    #[msg("Link a verified person to the provider first, or take another order")]
    PersonRequired,
    /// The lot has not fallen on this slot yet.
    #[msg("Wait: the circle of eligible slots doubles until everybody may claim")]
    NotEligibleYet,
    /// The account is not the cluster's slot hashes.
    #[msg("Pass the SlotHashes sysvar")]
    SlotHashesRequired,
    /// The person is not an active one of the config's realm.
    #[msg("Pass a registered person of the realm whose registration is neither revoked nor expired")]
    PersonRefused,
    /// The signer is not the person's wallet.
    #[msg("Sign with the wallet of the person")]
    NotThePerson,
    /// The person or the provider is already linked.
    #[msg("Unlink first: a provider has one person and a person one provider")]
    AlreadyLinked,
    /// Nothing is linked here.
    #[msg("Pass the link of the provider's person")]
    NotLinked,
    /// The key is not one of the config's attestors.
    #[msg("Sign with a key that the config lists as an attestor")]
    NotAnAttestor,
    /// An expiry is in the past or too far away.
    #[msg("Choose an expiry after now and within a year")]
    ExpiryOutOfBounds,
    /// The parameters of the court are outside their bounds.
    #[msg("Keep the court's parameters within their bounds (see the README)")]
    CourtOutOfBounds,
    /// There is no such milestone, or it is accepted already.
    #[msg("Accept a milestone that the job has and that is not accepted yet")]
    MilestoneRefused,
    /// An attestor has not countersigned the result.
    #[msg("Ask an attestor to countersign the evidence, or crank when the time is over")]
    NotAttested,
    /// The lease is not in the state this instruction needs.
    #[msg("Read the lease's state; this step is not possible in it")]
    WrongLeaseState,
    /// The terms of a lease are outside their bounds.
    #[msg("Choose rate, deposit and times within the bounds of leases (see the README)")]
    LeaseOutOfBounds,
    /// The lease is for another slot.
    #[msg("Accept leases that name your slot or none")]
    LeaseForAnotherSlot,
    /// The deposit covers less than an interval.
    #[msg("Put in at least the price of one interval")]
    LeaseUnderfunded,
    /// The lease would be funded further ahead than a year.
    #[msg("Fund a lease for at most a year ahead")]
    LeaseOverfunded,
    /// No Ed25519 instruction of the voucher's one shape stands just before this one.
    #[msg(
        "Put the Ed25519 instruction of the co-signed voucher just before this one, in the one shape (see the README)"
    )]
    VoucherMalformed,
    /// The voucher is for another lease, program or cluster.
    #[msg("Redeem the voucher with the lease it names")]
    VoucherOfAnotherLease,
    /// The keys are not the client's voucher key and the provider's session key.
    #[msg("Let the client's voucher key and the provider's session key sign, in this order")]
    VoucherKeyMismatch,
    /// The voucher is older than one redeemed before.
    #[msg("Redeem the latest voucher; it covers all before it")]
    VoucherStale,
    /// The voucher has expired.
    #[msg("Let both sides sign a voucher that has not expired")]
    VoucherExpired,
    /// The lease belongs to a gang whose account was not passed, or the gang is another's.
    #[msg("Pass the gang of this lease")]
    GangRequired,
    /// The gang is not complete.
    #[msg("Wait until every lease of the gang has a slot")]
    GangIncomplete,
    /// The gang is complete, or its gathering is over.
    #[msg("Open a new gang; this one takes no more")]
    GangClosed,
    /// The gang still has leases, or its gathering is not over.
    #[msg("End every lease of the gang first; strangers wait until its gathering is over")]
    GangInUse,
    /// The bid is not the slot's bid for this job.
    #[msg("Pass the bid of this job and slot")]
    BidMismatch,
    /// The bid is zero or above the posted price.
    #[msg("Bid above zero and at most the posted price")]
    BidOutOfBounds,
    /// The bid may still win, or may still be revealed.
    #[msg("Wait: the bid binds until it is beaten, the winner has taken the job up, or the job is gone")]
    BidStillBinds,
    /// The winning bid was not passed.
    #[msg("Pass the winning bid and who paid its rent")]
    BidRequired,
    /// Nobody, or fewer than it takes, took part in time.
    #[msg("Crank an auction without bids; compare the results of a redundant order")]
    TooFewTookPart,
    /// The contribution is to another job or in another state.
    #[msg("Pass the slot's contribution to this very job, in the state this step needs")]
    ContributionMismatch,
    /// Not every revealed contribution was passed once.
    #[msg("Pass every revealed contribution exactly once")]
    ContributionsIncomplete,
    /// Nothing is gained by claiming the revealed result.
    #[msg("Claim a result other than the revealed one")]
    SameResult,
    /// The job has as many open challenges as it can count.
    #[msg("Wait until an earlier challenge is resolved; one verdict decides them all")]
    TooManyChallenges,
    /// The challenge is answered, proved or decided.
    #[msg("Read the challenge; this step is not possible in its state")]
    WrongChallengeState,
    /// The proof of a wrong canary does not hold.
    #[msg("Prove a canary of the job's specification whose output in the job's result differs")]
    CanaryProofRefused,
    /// The signer has no part in this step.
    #[msg("Sign with the party, the key it named, or the juror's wallet")]
    NotAParty,
    /// Accounts of another case, jury, job or juror.
    #[msg("Pass the accounts that belong to this case")]
    WrongCase,
    /// The dispute is not in the phase this instruction needs.
    #[msg("Read the dispute's phase; this step is not possible in it")]
    WrongPhase,
    /// The step is done already.
    #[msg("Nothing to do: this step is done")]
    AlreadyDone,
    /// The place on the jury is not the one to take.
    #[msg("Take an empty place below the jury's size, or the next one if there is none")]
    JurorPlaceRefused,
    /// The stake is below the config's least.
    #[msg("Stake at least what the config asks of a juror")]
    StakeTooSmall,
    /// The juror sits on panels.
    #[msg("Leave when every seat of the juror is closed")]
    JurorSeated,
    /// A vote is more than the whole.
    #[msg("Vote at most 1,000,000 parts per million for the provider")]
    VoteOutOfBounds,
    /// The proposal cannot decide this case.
    #[msg("Link an undecided proposal of the config's realm")]
    ProposalRefused,
    /// Seats of the dispute are open.
    #[msg("Close every seat of the dispute first")]
    SeatsOpen,
    /// The account burnt lamports go to is another one.
    #[msg("Pass the incinerator, 1nc1nerator11111111111111111111111111111111")]
    IncineratorRequired,
}

/// Why an instruction ends, as the runtime wants it: the code that the entrypoint returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault(pub core::num::NonZeroU64);

/// Custom codes from here on stand for the runtime's own errors on their way out of an account's loading: so every error of it is
/// built alike, and one body turns it back.
const FOLDED: u32 = 0xFFFF_0000;

/// A runtime's error as such a code: the builtin ones are numbers shifted by 32 bits.
#[inline(always)]
pub fn folded(error: ProgramError) -> u32 {
    u32::try_from(u64::from(error) >> 32).map_or(u32::MAX, |number| FOLDED.wrapping_add(number))
}

impl Fault {
    const fn of_code(code: u64) -> Self {
        match core::num::NonZeroU64::new(code) {
            Some(code) => Self(code),
            // no error of the program or the framework has the code zero
            None => Self(core::num::NonZeroU64::MAX),
        }
    }
}

impl From<EscrowError> for Fault {
    #[inline(always)]
    fn from(error: EscrowError) -> Self {
        Self::of_code(FIRST_CODE.saturating_add(error as u64))
    }
}

impl From<ErrorCode> for Fault {
    #[inline(always)]
    fn from(error: ErrorCode) -> Self {
        // a constant wherever the error is one
        match ProgramError::from(error) {
            ProgramError::Custom(code) => Self::of_code(u64::from(code)),
            other => other.into(),
        }
    }
}

impl From<ProgramError> for Fault {
    #[cold]
    #[inline(never)]
    fn from(error: ProgramError) -> Self {
        Self::of_code(match error {
            ProgramError::Custom(code) if code >= FOLDED => u64::from(code.wrapping_sub(FOLDED)) << 32,
            other => other.into(),
        })
    }
}

impl From<Fault> for ProgramError {
    #[cold]
    #[inline(never)]
    fn from(fault: Fault) -> Self {
        Self::from(fault.0.get())
    }
}
