//! What can go wrong: variants state the fact, messages the remedy. Append only; the numbers are the interface.

use {crate::math::MathError, anchor_lang::prelude::*, commonweal_interface::policy::MintRefusal};

/// Errors of the liquidity pool, from 6000.
#[error_code(offset = 6000)]
pub enum PoolError {
    /// The mints are equal or in the wrong order.
    #[msg("Pass the mint with the smaller address (compared as bytes) as mint A; the two must differ")]
    WrongMintOrder,
    /// An amount that must be positive is zero.
    #[msg("Pass an amount above zero")]
    ZeroAmount,
    /// The deadline lies in the past.
    #[msg("Quote again and send the transaction with a later deadline")]
    DeadlineExpired,
    /// The price moved beyond what the caller allows.
    #[msg("Quote again, or allow more slippage")]
    SlippageExceeded,
    /// Governance has paused this kind of instruction.
    #[msg("Wait until governance lifts the pause; withdrawing is never paused")]
    Paused,
    /// The config's curve is not one this program computes.
    #[msg("Use curve 0 (constant product) or 1 (stable)")]
    CurveNotSupported,
    /// The amplification is not one the curve has.
    #[msg("Set the amplification to 0 for curve 0 and to 1 to 1000000 for curve 1")]
    AmplificationNotSupported,
    /// Fees would vest too slowly.
    #[msg("Set the vesting slots to at most 9000")]
    VestingNotSupported,
    /// Dynamic fees are not available. No longer returned.
    #[msg("Use a client and program of the same version")]
    DynamicFeeNotSupported,
    /// Launch fees are not available. No longer returned.
    #[msg("Use a client and program of the same version")]
    LaunchFeeNotSupported,
    /// Flash loans are not available. No longer returned.
    #[msg("Use a client and program of the same version")]
    FlashFeeNotSupported,
    /// A ceiling is above what any config may set.
    #[msg(
        "Choose ceilings of at most 100000 ppm (base, dynamic, flash), 500000 (launch), 600000 (base, dynamic and launch \
         together) and 250000 (protocol share)"
    )]
    CeilingTooHigh,
    /// The fee is above the config's own ceiling.
    #[msg("Choose fees within the config's ceilings, which can never be raised")]
    FeeAboveCeiling,
    /// The protocol's share is above the config's own ceiling.
    #[msg("Choose a protocol share within the config's ceiling, which can never be raised")]
    ProtocolShareAboveCeiling,
    /// A pause bit without a meaning is set.
    #[msg("Use only the bits 1 (create), 2 (deposit), 4 (swap) and 8 (flash loans)")]
    UnknownPauseBit,
    /// An address that must be usable is the zero address.
    #[msg("Pass the address of an account somebody controls")]
    ZeroAddress,
    /// The account given as realm is not one of governance's.
    #[msg("Pass a realm created by the quadratic-governance program")]
    NotARealm,
    /// The rehearsal flag differs from the realm's.
    #[msg("Pass the rehearsal flag of the realm")]
    RehearsalMismatch,
    /// The signer is not the config's authority.
    #[msg("Sign with the config's authority: governance, through a proposal that passed")]
    NotTheAuthority,
    /// The update changes nothing.
    #[msg("Set at least one field of the update")]
    NothingToUpdate,
    /// The mint is not an initialised mint of a token program.
    #[msg("Pass a mint of SPL Token or Token-2022")]
    NotAMint,
    /// The mint runs a foreign program in every transfer.
    #[msg("Use a mint without transfer hook")]
    MintHasTransferHook,
    /// Somebody can move every holder's tokens.
    #[msg("Use a mint without permanent delegate")]
    MintHasPermanentDelegate,
    /// Somebody can stop every transfer.
    #[msg("Use a mint that cannot be paused")]
    MintIsPausable,
    /// New accounts of the mint start frozen.
    #[msg("Use a mint whose accounts do not start frozen")]
    MintIsDefaultFrozen,
    /// The mint's amounts may be hidden.
    #[msg("Use a mint without confidential transfers")]
    MintIsConfidential,
    /// The mint can be closed and made anew with other properties.
    #[msg("Use a mint without close authority")]
    MintIsClosable,
    /// Holders cannot transfer the mint.
    #[msg("Use a transferable mint")]
    MintIsNonTransferable,
    /// The displayed amount is a multiple that somebody sets.
    #[msg("Use a mint without scaled display amount")]
    MintHasScaledAmount,
    /// The displayed amount grows by a rate that somebody sets.
    #[msg("Use a mint without interest-bearing display amount")]
    MintIsInterestBearing,
    /// Burning the mint needs somebody's permission.
    #[msg("Use a mint that holders can burn freely")]
    MintHasPermissionedBurn,
    /// Transfers of the mint keep a part back where no such mint is accepted.
    #[msg("Use a mint without transfer fee")]
    MintHasTransferFee,
    /// The mint has an extension this program does not know.
    #[msg("Use a mint whose extensions are all on the list of the README")]
    MintHasUnknownExtension,
    /// The token program is not the one that owns the mint.
    #[msg("Pass the program that owns the mint")]
    TokenProgramMismatch,
    /// The second token program is missing.
    #[msg("Append the other mint's token program after the listed accounts")]
    TokenProgramMissing,
    /// The mint is not the pool's.
    #[msg("Pass the pool's own two mints, input first")]
    MintMismatch,
    /// The vault is not the pool's for that mint.
    #[msg("Pass the pool's vault of the input mint, then that of the output mint")]
    VaultMismatch,
    /// A sum or product left its range.
    #[msg("Use a smaller amount")]
    Overflow,
    /// The trade is too small to give anything.
    #[msg("Trade or burn a larger amount")]
    NothingOut,
    /// The trade asks for the whole reserve or more.
    #[msg("Ask for less than the pool holds")]
    InsufficientLiquidity,
    /// The first deposit yields no share beyond those that belong to nobody.
    #[msg("Deposit more: the square root of amount A times amount B must exceed 1000")]
    FirstDepositTooSmall,
    /// A transfer fee takes everything.
    #[msg("Use exact input: no finite amount delivers the wanted one through this mint's transfer fee")]
    TransferFeeUnbounded,
    /// The legs are not ones this program pays.
    #[msg("Pass legs 3 (both)")]
    LegsNotSupported,
    /// x·y would have fallen.
    #[msg("Report this: the program refused to break its own invariant P2")]
    ProductFell,
    /// A vault holds less than the pool owes.
    #[msg("Report this: the program refused to break its own invariant P1")]
    VaultShort,
    /// A reserve would have become zero.
    #[msg("Report this: the program refused to empty a reserve")]
    ReserveEmpty,
    /// The account's layout is another version's.
    #[msg("Use a client and program of the same version")]
    LayoutVersionMismatch,
    /// What reached the vault is not what the mint's transfer fee leaves.
    #[msg("Withdraw your liquidity: this mint's transfers keep back something its extensions do not say")]
    ArrivalMismatch,
    /// The legs name no token of the pool.
    #[msg("Pass legs 1 (token A), 2 (token B) or 3 (both)")]
    UnknownLegs,
    /// The chosen sides owe the treasury nothing.
    #[msg("Wait until swaps have paid a fee, or choose the side that owes something")]
    NothingOwed,
    /// The token account is not one of the treasury for the mint.
    #[msg("Pass a token account owned by the config's treasury for this mint")]
    NotTheTreasurysAccount,
    /// A term of the dynamic fee is out of range.
    #[msg(
        "Choose a slope of at most 1000000 ppm and a threshold of 1 to 100000 ppm, or set every dynamic-fee term to 0"
    )]
    DynamicFeeTermsOutOfRange,
    /// The launch fee's time is out of range.
    #[msg("Choose 1 to 86400 launch seconds with a launch fee, 0 without")]
    LaunchTermsOutOfRange,
    /// The capped oracle's step is out of range.
    #[msg("Choose an oracle step of 1 to 100000 ppm a minute")]
    OracleStepOutOfRange,
    /// A flash loan of this pool is not yet repaid.
    #[msg("Put the instruction before the loan or after its repayment")]
    FlashLoanActive,
    /// No flash loan is out.
    #[msg("Borrow first, in the same transaction")]
    NoFlashLoan,
    /// The transaction does not repay the loan exactly once, after it.
    #[msg("Put exactly one flash_repay of the same pool after the loan, at the top level")]
    FlashRepayMissing,
    /// The transaction borrows twice from one pool.
    #[msg("Borrow once, both tokens if need be")]
    FlashLoanNested,
    /// A program called what only a transaction may.
    #[msg("Put the instruction at the top level of the transaction")]
    TopLevelOnly,
    /// Flash loans are not made of mints that keep transfer fees.
    #[msg("Borrow from a pool whose mints have no transfer fee")]
    FlashMintHasTransferFee,
    /// The curve has no amplification to ramp.
    #[msg("Ramp only configs of curve 1")]
    NotAStableCurve,
    /// The amplification's target is out of range.
    #[msg("Choose a target of 1 to 1000000 within ten times the present value either way")]
    AmplificationOutOfRange,
    /// The ramp is too short or too long.
    #[msg("End the ramp at least a day and at most a year from now")]
    RampTimeOutOfRange,
    /// A ramp is running.
    #[msg("Wait until it ends, or stop it by a ramp to 0 or to the present value")]
    RampInProgress,
    /// The stable curve's equation has no solution within the allowed steps.
    #[msg("Trade a smaller amount; withdrawing is always possible")]
    CurveNotConverged,
    /// The decimals of the mints are too far apart for a stable curve.
    #[msg("Use mints whose decimals differ by at most 12")]
    DecimalsTooFarApart,
    /// The reserves are too large for a stable curve.
    #[msg("Deposit less: the scaled sum of both reserves must stay within 2^63")]
    StableReservesTooLarge,
    /// The vaults hold nothing beyond what the pool accounts for.
    #[msg("Nothing to do: nobody has sent tokens to the vaults")]
    NothingToSkim,
    /// The quote's mode or side has no meaning.
    #[msg("Pass a mode of 0 to 4 and a side of 0 (token A) or 1 (token B)")]
    UnknownQuote,
    /// The signer does not own the account.
    #[msg("Sign with the owner's key")]
    NotTheOwner,
    /// The account belongs to another pool.
    #[msg("Pass the account of this pool")]
    PoolMismatch,
    /// The time of a lock lies in the past or too far ahead.
    #[msg("Lock until a time in the future, at most 100 years ahead, or for ever")]
    LockTimeOutOfRange,
    /// The lock has not expired.
    #[msg("Wait until the lock's time; locks for ever pay their fees by claim_lock_fees")]
    LockNotExpired,
    /// The lock holds less than that.
    #[msg("Unlock at most what the lock holds")]
    LockTooSmall,
    /// The lock is not one for ever.
    #[msg("Unlock it after its time; fees stay in its shares")]
    NotLockedForever,
    /// The lock has earned nothing that rounds to a share.
    #[msg("Wait until the pool has earned more fees")]
    NoLockFees,
    /// The account is not the claim of that leg.
    #[msg("Pass the claim account of pool, provider and mint for each deferred leg, then the system program")]
    ClaimMismatch,
    /// The claim is empty.
    #[msg("Nothing to do: the claim has been paid")]
    NothingToClaim,
    /// A farm's lanes are out of range.
    #[msg("Give the plural lane at most 900000 ppm and a cap of 1 to 1000 times the open lane's pay")]
    LanesOutOfRange,
    /// A farm's time is out of range.
    #[msg("Let the farm last at least an hour and end at most five years from now")]
    FarmTimeOutOfRange,
    /// The farm's end has passed.
    #[msg("Create a new farm")]
    FarmEnded,
    /// The farm has not ended.
    #[msg("Wait until the farm's end")]
    FarmNotEnded,
    /// Funding may not lower what the farm pays.
    #[msg("Fund more, or extend the end by less")]
    RateWouldFall,
    /// The account belongs to another farm.
    #[msg("Pass the account of this farm")]
    FarmMismatch,
    /// The position holds less than that.
    #[msg("Unstake at most what the position holds")]
    StakeTooSmall,
    /// The position's seat is missing or another's.
    #[msg("Pass the seat stored in the position")]
    SeatMismatch,
    /// The position has a seat already.
    #[msg("Leave the seat first")]
    SeatTaken,
    /// The person is not verified for this farm: another realm or wallet, expired or revoked.
    #[msg("Register with the farm's governance realm and act with the registered wallet")]
    PersonNotLive,
    /// The seat's person is verified.
    #[msg("Nothing to do: the seat is live")]
    SeatIsLive,
    /// The position has nothing to pay.
    #[msg("Wait until rewards have accrued")]
    NothingToHarvest,
    /// The farm has nothing to return.
    #[msg("Nothing to do until rewards go unspent or everybody has left")]
    NothingToReclaim,
    /// The farm would owe more than its reward vault holds.
    #[msg("Report this: the program refused to break its own invariant P5")]
    RewardVaultShort,
    /// The lock vault would hold less than the locks say.
    #[msg("Report this: the program refused to break its own invariant P6")]
    LockVaultShort,
    /// The stable invariant would have fallen.
    #[msg("Report this: the program refused to break its own invariant P2")]
    InvariantFell,
    /// The token account is not one of the farm's funder for the reward mint.
    #[msg("Pass a token account of the reward mint owned by the farm's funder")]
    NotTheFundersAccount,
    /// The farm's stake vault would hold less than the positions say.
    #[msg("Report this: the program refused to pay out shares that somebody has staked")]
    StakeVaultShort,
}

impl From<MathError> for PoolError {
    #[cold]
    fn from(error: MathError) -> Self {
        match error {
            MathError::Overflow => Self::Overflow,
            MathError::ZeroAmount => Self::ZeroAmount,
            MathError::NothingOut => Self::NothingOut,
            MathError::InsufficientLiquidity => Self::InsufficientLiquidity,
            MathError::FirstDepositTooSmall => Self::FirstDepositTooSmall,
            MathError::TransferFeeUnbounded => Self::TransferFeeUnbounded,
            MathError::ProductFell => Self::ProductFell,
            MathError::InvariantFell => Self::InvariantFell,
            MathError::NotConverged => Self::CurveNotConverged,
            MathError::DecimalsTooFarApart => Self::DecimalsTooFarApart,
            MathError::StableReservesTooLarge => Self::StableReservesTooLarge,
        }
    }
}

impl From<MathError> for ProgramError {
    #[cold]
    fn from(error: MathError) -> Self {
        PoolError::from(error).into()
    }
}

impl From<MintRefusal> for PoolError {
    #[cold]
    fn from(refusal: MintRefusal) -> Self {
        match refusal {
            MintRefusal::NotAMint => Self::NotAMint,
            MintRefusal::TransferHook => Self::MintHasTransferHook,
            MintRefusal::PermanentDelegate => Self::MintHasPermanentDelegate,
            MintRefusal::Pausable => Self::MintIsPausable,
            MintRefusal::DefaultFrozen => Self::MintIsDefaultFrozen,
            MintRefusal::Confidential => Self::MintIsConfidential,
            MintRefusal::MintClose => Self::MintIsClosable,
            MintRefusal::NonTransferable => Self::MintIsNonTransferable,
            MintRefusal::ScaledUiAmount => Self::MintHasScaledAmount,
            MintRefusal::InterestBearing => Self::MintIsInterestBearing,
            MintRefusal::PermissionedBurn => Self::MintHasPermissionedBurn,
            MintRefusal::TransferFee => Self::MintHasTransferFee,
            MintRefusal::UnknownExtension => Self::MintHasUnknownExtension,
        }
    }
}
