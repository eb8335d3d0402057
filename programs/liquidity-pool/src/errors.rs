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
    #[msg("Use curve 0 (constant product)")]
    CurveNotSupported,
    /// Amplification was given for a curve that has none.
    #[msg("Set the amplification to 0")]
    AmplificationNotSupported,
    /// Fee vesting is not available.
    #[msg("Set the vesting slots to 0")]
    VestingNotSupported,
    /// Dynamic fees are not available.
    #[msg("Set every dynamic-fee term to 0")]
    DynamicFeeNotSupported,
    /// Launch fees are not available.
    #[msg("Set every launch-fee term to 0")]
    LaunchFeeNotSupported,
    /// Flash loans are not available.
    #[msg("Set every flash-fee term to 0")]
    FlashFeeNotSupported,
    /// A ceiling is above what any config may set.
    #[msg("Choose a base-fee ceiling of at most 100000 ppm and a protocol-share ceiling of at most 250000 ppm")]
    CeilingTooHigh,
    /// The fee is above the config's own ceiling.
    #[msg("Choose a base fee within the config's ceiling, which can never be raised")]
    FeeAboveCeiling,
    /// The protocol's share is above the config's own ceiling.
    #[msg("Choose a protocol share within the config's ceiling, which can never be raised")]
    ProtocolShareAboveCeiling,
    /// A pause bit without a meaning is set.
    #[msg("Use only the bits 1 (create), 2 (deposit) and 4 (swap)")]
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
