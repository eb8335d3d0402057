//! The pool's arithmetic: numbers in, a summary or a [`MathError`] out.
//!
//! No accounts, no clock, no Anchor: a client links this module and quotes with the very functions the program executes, so
//! quotes cannot drift. [`swap::exact_in`], [`swap::exact_out`], [`shares::first_deposit`], [`shares::deposit`],
//! [`shares::withdraw`] and [`one_side::deposit`] are the quotes; everything else serves them.
//!
//! Every result rounds against the caller. Amounts are atoms (u64), products 128 or 256 bits wide, rates parts per million,
//! prices Q64.64 of B atoms per A atom.

pub mod constant_product;
pub mod farm;
pub mod fee;
pub mod gift;
pub mod lock;
pub mod one_side;
pub mod oracle;
pub mod shares;
pub mod stable;
pub mod swap;
pub mod transfer_fee;
pub mod vesting;
pub mod volatility;
pub mod wide;

/// Why a computation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MathError {
    /// A value left its range.
    #[error("a value left its range")]
    Overflow,
    /// An amount that must be positive is zero.
    #[error("an amount that must be positive is zero")]
    ZeroAmount,
    /// Rounding leaves nothing for the caller.
    #[error("rounding leaves nothing for the caller")]
    NothingOut,
    /// The whole reserve or more was asked for.
    #[error("the whole reserve or more was asked for")]
    InsufficientLiquidity,
    /// √(a·b) does not exceed the shares that belong to nobody.
    #[error("the first deposit makes no share beyond those that belong to nobody")]
    FirstDepositTooSmall,
    /// No finite transfer delivers the amount through the mint's transfer fee.
    #[error("no finite transfer delivers the amount through the mint's transfer fee")]
    TransferFeeUnbounded,
    /// x·y after a swap is below x·y before it.
    #[error("the product of the reserves would fall")]
    ProductFell,
    /// D after a stable swap is below D before it.
    #[error("the stable invariant would fall")]
    InvariantFell,
    /// The stable curve's equation has no solution within the allowed steps.
    #[error("the stable curve's equation has no solution within the allowed steps")]
    NotConverged,
    /// The mints' decimals are too far apart for a stable curve.
    #[error("the decimals of the mints are too far apart for a stable curve")]
    DecimalsTooFarApart,
    /// The first reserves are too large for a stable curve.
    #[error("the reserves are too large for a stable curve")]
    StableReservesTooLarge,
}

/// How two reserves price each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// x·y = k.
    ConstantProduct,
    /// The stable curve of two assets.
    Stable(stable::StableTerms),
}

/// A result or the reason for its absence.
pub type MathResult<T> = Result<T, MathError>;

/// Both ends of one token transfer; they differ by the mint's transfer fee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// Atoms debited from the source.
    pub sent_atoms: u64,
    /// Atoms credited to the destination.
    pub received_atoms: u64,
}

#[cfg(test)]
mod testing;
