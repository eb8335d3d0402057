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
    #[msg("The expiry lies in the past, before the present one, or more than two years ahead; choose one within two years")]
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
        "This instruction of the governance program may not be an action; attestors, parameters, chambers and identity costs can be"
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
    #[msg("Code may be written by the loader alone, signed by the lane; let the action call the loader itself")]
    UpgradeNotPinned,
    /// 7079
    #[msg("A cancelled proposal keeps its bond until the epoch of its creation ends; close it afterwards")]
    BondHeld,
    /// 7080
    #[msg("The instruction before this one does not verify exactly this statement by exactly these keys; build it with the client")]
    StatementMalformed,
    /// 7081
    #[msg("The statement's deadline has passed or lies more than a week ahead; sign a fresh one")]
    StatementExpired,
    /// 7082
    #[msg("The credential is of another kind, issuer, schema, wallet or nullifier, or ends too early; let its issuer attest anew")]
    CredentialRefused,
    /// 7083
    #[msg("A credential can only register or renew; let the attestor sign")]
    CredentialNotForThis,
    /// 7084
    #[msg("The attestor's term has ended; use another")]
    AttestorExpired,
    /// 7085
    #[msg("The attestor's term ends in the past or more than two years ahead; choose one within two years")]
    TermOutOfBounds,
    /// 7086
    #[msg("The attestor's kind is unknown; 0 for a key, 1 for a credential's issuer")]
    AttestorKindUnknown,
    /// 7087
    #[msg(
        "The attestor has revoked or suspended its part of this epoch; use another attestor or wait for the next epoch"
    )]
    RevocationsExhausted,
    /// 7088
    #[msg("The registration is revoked already; nothing is left to revoke")]
    PersonRevokedAlready,
    /// 7089
    #[msg("The registration is neither revoked nor suspended; nothing is left to take back")]
    NothingToReinstate,
    /// 7090
    #[msg("The appeal window has passed; the revocation is final")]
    AppealOver,
    /// 7091
    #[msg("The person is suspended in this epoch; wait for its end or ask the attestors")]
    PersonSuspended,
    /// 7092
    #[msg("The person was suspended in the last epochs; revoke with the other attestors instead")]
    SuspendedRecently,
    /// 7093
    #[msg("The registration has not expired or is not counted any more; nothing is left to retire")]
    PersonNotExpired,
    /// 7094
    #[msg("The wallet is not the one the statement or the recovery names; use that one")]
    WalletMismatch,
    /// 7095
    #[msg("No recovery to this wallet is due; wait an epoch, or let the old wallet sign")]
    RecoveryNotDue,
    /// 7096
    #[msg("No recovery is under way; nothing is left to cancel")]
    NoRecovery,
    /// 7097
    #[msg("The person's registration holds; only a revoked or expired person's votes can be taken out")]
    PersonNotStrippable,
    /// 7098
    #[msg("The ballot has no votes on this proposal; nothing is left to take out")]
    NothingToStrip,
    /// 7099
    #[msg("The person's delegation still counts; leave it or wait for its end")]
    AlreadyDelegates,
    /// 7100
    #[msg("The delegate delegates itself, or is the person; choose another")]
    DelegateInvalid,
    /// 7101
    #[msg("The registration ends before the delegation could count; renew it first")]
    DelegationTooShort,
    /// 7102
    #[msg("The pool counts budgets of other parameters; wait until its votes of this epoch are over, then join anew")]
    PoolIsStale,
    /// 7103
    #[msg("The person does not delegate to this pool; use its own")]
    NotADelegator,
    /// 7104
    #[msg("Votes of the pool are in a challenge; leave with the epoch's end instead")]
    PoolVotesCounted,
    /// 7105
    #[msg("The proposals of the pool's live entries must follow, in their order; list them all")]
    PoolProposalsMismatch,
    /// 7106
    #[msg("The share gives less than one vote to a person with the base budget; raise it or set zero")]
    ShareTooSmall,
    /// 7107
    #[msg("The squares of the pool's shares exceed one; lower these or other shares")]
    SharesExceeded,
    /// 7108
    #[msg("Persons still delegate to the pool; close it when they have left")]
    PoolNotEmpty,
    /// 7109
    #[msg("The pool counts a later epoch; the vote is over")]
    PoolEpochAhead,
    /// 7110
    #[msg("The delegation already lasts as long as it may; wait")]
    DelegationUnchanged,
    /// 7111
    #[msg("An action's data is not complete or its upgrade not pinned; complete the draft first")]
    ActionIncomplete,
    /// 7112
    #[msg("The part does not fit the action's data; add what is missing, in order")]
    PartOutOfBounds,
    /// 7113
    #[msg("The first part must hold the first sixteen bytes of the data; send more")]
    FirstPartTooShort,
    /// 7114
    #[msg("The buffer is none, not the lane's, or its bytes differ from those pinned; hand it to the lane and pin it")]
    BufferMismatch,
    /// 7115
    #[msg("The code to be replaced is not the one that was pinned; propose again")]
    ProgramChanged,
    /// 7116
    #[msg("Other parameters wait for their epoch; change them after it")]
    ParametersPending,
    /// 7117
    #[msg(
        "The cost of an identity is zero or rises by more than a tenth, or was changed in this epoch; use a lower one"
    )]
    IdentityCostRise,
    /// 7118
    #[msg("Tokens leave by the lane's book of their mint; open and pass it")]
    BookMissing,
    /// 7119
    #[msg("The book is of another realm, lane or mint; pass the right one")]
    BookMismatch,
    /// 7120
    #[msg("The chamber is not 0 or 1; choose one of them")]
    ChamberUnknown,
    /// 7121
    #[msg("The lock or slot does not earn this seat; it must be the wallet's own and of the realm's config")]
    SeatRefused,
    /// 7122
    #[msg("The seat does not count for this proposal; it must be enrolled before its submission, and its lock or work must last")]
    SeatNotEligible,
    /// 7123
    #[msg("The seat is its owner's and still earned; only the owner can close it")]
    SeatInUse,
    /// 7124
    #[msg("The seat has vetoed this proposal; once is all")]
    SeatVotedAlready,
    /// 7125
    #[msg("The seat's sixteen vetoes wait for their timelocks; wait for one to end")]
    SeatVetoesFull,
    /// 7126
    #[msg("The proposal does not touch the chamber's program; it cannot be vetoed so")]
    ProposalNotTouching,
    /// 7127
    #[msg("The proposal cannot be vetoed now; before the end of its timelock it could")]
    VetoTooLate,
    /// 7128
    #[msg("A vote has been called over this proposal's veto; it cannot be vetoed again")]
    VetoOverridden,
    /// 7129
    #[msg("The proposal was not vetoed; nothing is left to override")]
    NotVetoed,
    /// 7130
    #[msg("The time to override has passed; propose again")]
    OverrideTooLate,
    /// 7131
    #[msg("The proposal is not in its challenge; buckets are excluded in it alone")]
    NotInChallenge,
    /// 7132
    #[msg("Four buckets are the most a proposal can leave out; veto it instead")]
    ExclusionsExhausted,
    /// 7133
    #[msg("Eight of the person's proposals are not closed; close one first")]
    TooManyOpenProposals,
    /// 7134
    #[msg("The lane holds too little for the persons of the epoch, or nobody took part; wait for more")]
    NothingToShare,
    /// 7135
    #[msg("Eight dividends are the most of an epoch; wait for the next one")]
    DividendsExhausted,
    /// 7136
    #[msg("The lane's book of this mint has no identity cost, so nothing bounds a share; let a vote set it")]
    DividendUnbounded,
    /// 7137
    #[msg("Ballot, dividend and person do not belong together; use the ballot of the dividend's epoch")]
    DividendMismatch,
    /// 7138
    #[msg("The ballot has claimed this dividend; once is all")]
    DividendClaimedAlready,
    /// 7139
    #[msg("The dividend can still be claimed; close it after its grace")]
    DividendOpen,
    /// 7140
    #[msg("The floor of voters is above half of the persons; choose a lower one")]
    QuorumUnreachable,
    /// 7141
    #[msg("More attestations than there are attestors would stop registrations; choose fewer")]
    AttestorsTooFew,
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
