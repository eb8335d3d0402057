//! Why an instruction was refused. Append-only: the number of a variant never changes.

use {crate::math::MathError, anchor_lang::prelude::*};

/// Errors of quadratic-governance, from code 7000 on. A variant states the fact, its message the remedy.
#[error_code(offset = 7000)]
pub enum GovernanceError {
    /// 7000
    #[msg("A result left the range of its type; use smaller amounts")]
    ArithmeticOverflow,
    /// 7001
    #[msg("A delay of the parameters is outside its bounds; compare with the floors of this kind of realm")]
    DelayOutOfBounds,
    /// 7002
    #[msg("The epoch is shorter than voting, extension and challenge together; lengthen it")]
    EpochTooShort,
    /// 7003
    #[msg("The base budget, the bonus or the stake per credit is outside its bounds; compare with the constants")]
    CreditsOutOfBounds,
    /// 7004
    #[msg("A quorum is outside its bounds; compare with the floors of this kind of realm and with MAX_QUORUM_PPM")]
    QuorumOutOfBounds,
    /// 7005
    #[msg("A threshold is outside its bounds; 50-67 % for ordinary, 60-67 % for high proposals")]
    ThresholdOutOfBounds,
    /// 7006
    #[msg("The number of attestations is outside its bounds; real realms need at least two")]
    AttestationsOutOfBounds,
    /// 7007
    #[msg("The cohort floor or the bond is outside its bounds; compare with the constants")]
    LimitOutOfBounds,
    /// 7008
    #[msg("A sunset lies in the past or more than a year ahead; choose one within a year")]
    SunsetOutOfBounds,
    /// 7009
    #[msg("The mint has an extension that could change, move or stop stakes; choose a plain mint")]
    MintRefused,
    /// 7010
    #[msg("The mint has a freeze authority that could trap stakes; choose a mint without one")]
    MintFreezable,
    /// 7011
    #[msg("This key may not do this; sign as the founder or guardian before the sunset, or by an executed proposal")]
    NotAuthorized,
    /// 7012
    #[msg("The slot is not one of 0 to 15; choose one of them")]
    SlotOutOfBounds,
    /// 7013
    #[msg("The slot has a live attestor; choose a free one or disable that attestor first")]
    SlotTaken,
    /// 7014
    #[msg("A quota of zero admits nobody; choose at least one registration an epoch")]
    QuotaIsZero,
    /// 7015
    #[msg("The accounts of further attestors are not pairs of attestor and signing key; list exactly what the realm needs")]
    AttestationsMalformed,
    /// 7016
    #[msg("The attestor belongs to another realm; use one of this realm")]
    AttestorOfOtherRealm,
    /// 7017
    #[msg("The attestor's key is another or did not sign; let the attestor sign")]
    AttestorKeyMismatch,
    /// 7018
    #[msg("An attestor is listed twice; use distinct attestors")]
    AttestorRepeated,
    /// 7019
    #[msg("The attestor's quota of this epoch is used up; use another attestor or wait for the next epoch")]
    QuotaExhausted,
    /// 7020
    #[msg("The realm's growth of this epoch is used up; wait for the next epoch")]
    GrowthExhausted,
    /// 7021
    #[msg("The expiry lies in the past or more than two years ahead; choose one within two years")]
    ExpiryOutOfBounds,
    /// 7022
    #[msg("The transaction starts with a nonce advance, so it could have been signed long ago; sign a fresh one")]
    DurableNonceRefused,
    /// 7023
    #[msg("The registration has expired; let the attestors renew it")]
    PersonExpired,
    /// 7024
    #[msg("The registration is revoked; ask the attestors")]
    PersonRevoked,
    /// 7025
    #[msg("The person has delegated; leave the delegate first")]
    PersonDelegates,
    /// 7026
    #[msg("First ballots open two epochs after registration; wait")]
    PersonTooYoung,
    /// 7027
    #[msg("The person has opened the ballot of this epoch already; use it")]
    BallotOpenedAlready,
    /// 7028
    #[msg("The epoch is not the current one; use the current epoch")]
    EpochIsNotCurrent,
    /// 7029
    #[msg("The stake belongs to another person; use the person's own")]
    StakeOfOtherPerson,
    /// 7030
    #[msg("The amount is zero; use at least one atom")]
    AmountIsZero,
    /// 7031
    #[msg("The stake holds less; withdraw at most its amount")]
    StakeTooSmall,
    /// 7032
    #[msg("The stake counts in a ballot of this epoch; wait for the epoch's end")]
    StakeCounts,
    /// 7033
    #[msg("The stake is delegated; leave the delegate first")]
    StakeDelegated,
    /// 7034
    #[msg("The stake is not empty; unstake first")]
    StakeNotEmpty,
    /// 7035
    #[msg("The token account belongs to somebody else; use one of the depositor")]
    NotTheDepositorsAccount,
    /// 7036
    #[msg("The vault did not change by the amount; use a mint whose transfers are exact")]
    VaultMismatch,
    /// 7037
    #[msg("A proposal offers one to eight choices; change their number")]
    ChoicesOutOfBounds,
    /// 7038
    #[msg("The proposal is no draft any more; create another one")]
    ProposalIsNotDraft,
    /// 7039
    #[msg("Eight actions are the most; use another proposal for more")]
    TooManyActions,
    /// 7040
    #[msg("The action's choice is not offered; bind it to a choice from one up")]
    ActionChoiceInvalid,
    /// 7041
    #[msg("The action has too many accounts; 24 are the most")]
    TooManyActionAccounts,
    /// 7042
    #[msg("The action's data is too long; 1,024 bytes are the most")]
    ActionDataTooLong,
    /// 7043
    #[msg("The lane is not one of 0 to 3; choose one of them")]
    LaneOutOfBounds,
    /// 7044
    #[msg("Only the lane's treasury may sign an action; clear the other signer flags")]
    ActionSignerRefused,
    /// 7045
    #[msg("An account flag is unknown; use 1 for writable and 2 for signer")]
    ActionFlagUnknown,
    /// 7046
    #[msg(
        "This instruction of the governance program may not be an action; only attestors can be added or disabled so"
    )]
    SelfCallRefused,
    /// 7047
    #[msg("Too little time remains until the vote; submit earlier in the epoch or in the next one")]
    ReviewTooShort,
    /// 7048
    #[msg("The realm is too young or too small for actions; submit without, or wait")]
    ActionsLocked,
    /// 7049
    #[msg("The vote has started or ended; only before it can a proposal be cancelled")]
    CancelTooLate,
    /// 7050
    #[msg("The ballot is of another realm; use one of the proposal's realm")]
    BallotOfOtherRealm,
    /// 7051
    #[msg("The ballot is of another epoch; use one of the proposal's vote epoch")]
    BallotOfOtherEpoch,
    /// 7052
    #[msg("The proposal is not in its voting time; vote from its start to its end")]
    VotingIsNotOpen,
    /// 7053
    #[msg("The option is not offered; choose none (0) or an offered choice")]
    OptionNotOffered,
    /// 7054
    #[msg("The votes cost more than the ballot's budget; lower these or other votes")]
    BudgetExceeded,
    /// 7055
    #[msg("The ballot's sixteen entries are in use; set another proposal's votes to zero first")]
    BallotFull,
    /// 7056
    #[msg("In the extension the new leader's votes cannot rise; vote for another option")]
    LeaderCannotRise,
    /// 7057
    #[msg("The ballot has no votes on this proposal to take back; use at least one vote")]
    NothingToChange,
    /// 7058
    #[msg("The challenge has not ended; finalize after it")]
    ChallengeNotOver,
    /// 7059
    #[msg("The proposal was not submitted or is decided already; look at its status")]
    NotDecidable,
    /// 7060
    #[msg("The proposal has not succeeded or nothing is left to execute; look at its status")]
    NotExecutable,
    /// 7061
    #[msg("The timelock has not passed; execute after it")]
    TimelockNotOver,
    /// 7062
    #[msg("The execution window has passed; propose again")]
    ExecutionWindowOver,
    /// 7063
    #[msg("The action belongs to another proposal; use one of this proposal")]
    ActionOfOtherProposal,
    /// 7064
    #[msg("The action belongs to a choice that did not win; only the winner's are executed")]
    ActionOfOtherChoice,
    /// 7065
    #[msg("The action has been executed; each is executed once")]
    ActionExecutedAlready,
    /// 7066
    #[msg("An earlier action must be executed first; keep their order")]
    ActionOutOfOrder,
    /// 7067
    #[msg("The accounts are not those that were voted on; list them by key, in order, writable where voted")]
    ActionAccountsMismatch,
    /// 7068
    #[msg("The action would write an account of the governance program; propose something else")]
    GovernanceAccountWritable,
    /// 7069
    #[msg("More left the treasury than the proposal declared; propose again with the true outflow")]
    OutflowExceedsDeclared,
    /// 7070
    #[msg("More would leave the lane than an epoch allows; split the payment over epochs")]
    OutflowExceedsCap,
    /// 7071
    #[msg("The action would give away the treasury or its token accounts; propose something else")]
    TreasuryGivenAway,
    /// 7072
    #[msg("The execution window has not passed; expire the proposal after it")]
    NotExpired,
    /// 7073
    #[msg("The proposal can still change; close it when it is decided, executed, cancelled or expired")]
    ProposalNotFinished,
    /// 7074
    #[msg("The proposal has actions; close them first")]
    ActionsNotClosed,
    /// 7075
    #[msg("The ballot's epoch has not ended; close it afterwards")]
    BallotEpochNotOver,
    /// 7076
    #[msg("Until the grace period is over only the voter can close this ballot; let the voter sign")]
    BallotGraceNotOver,
    /// 7077
    #[msg("An invariant does not hold; nothing was changed, please report it")]
    InvariantViolated,
    /// 7078
    #[msg("An upgrade cannot be pinned to the code that was voted on yet; hand the program's authority over instead")]
    UpgradeNotPinned,
    /// 7079
    #[msg("A cancelled proposal keeps its bond until the epoch of its creation ends; close it afterwards")]
    BondHeld,
}

impl From<MathError> for GovernanceError {
    fn from(error: MathError) -> Self {
        match error {
            MathError::Overflow => Self::ArithmeticOverflow,
            MathError::BudgetExceeded => Self::BudgetExceeded,
        }
    }
}

impl From<MathError> for ProgramError {
    fn from(error: MathError) -> Self {
        GovernanceError::from(error).into()
    }
}
