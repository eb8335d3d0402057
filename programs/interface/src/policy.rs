//! Which Token-2022 mints the suite accepts: default-deny.
//!
//! An extension is allowed only if it cannot change what a held balance is worth, cannot move it and cannot stop it. What is
//! not on the list is refused, extensions that do not exist yet included. The numbers are those of the Token-2022 program's
//! `ExtensionType`.

use {
    crate::{
        ids,
        token::{MintState, TokenStateError, ACCOUNT_TYPE_OFFSET},
    },
    pinocchio::Address,
};

/// Why a mint is refused. One variant for each named extension, so that a client can say which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MintRefusal {
    /// Not an initialised mint of a token program.
    #[error("not an initialised mint of a token program")]
    NotAMint,
    /// A program of somebody's choice runs in every transfer.
    #[error("a transfer hook runs in every transfer")]
    TransferHook,
    /// Somebody can move every holder's tokens.
    #[error("a permanent delegate can move every holder's tokens")]
    PermanentDelegate,
    /// Somebody can stop every transfer.
    #[error("transfers can be paused")]
    Pausable,
    /// New accounts start frozen.
    #[error("new accounts start frozen")]
    DefaultFrozen,
    /// Amounts may be hidden.
    #[error("amounts may be hidden")]
    Confidential,
    /// The mint can be closed and created again with other properties.
    #[error("the mint can be closed")]
    MintClose,
    /// Holders cannot transfer.
    #[error("holders cannot transfer")]
    NonTransferable,
    /// The displayed amount is not the stored one, by a factor that somebody sets.
    #[error("a factor scales the shown amount")]
    ScaledUiAmount,
    /// The displayed amount grows by an interest rate that somebody sets.
    #[error("interest scales the shown amount")]
    InterestBearing,
    /// Burning needs somebody's permission.
    #[error("burning needs a permission")]
    PermissionedBurn,
    /// Transfers keep a part back, where the caller accepts no such mint.
    #[error("transfers keep a fee")]
    TransferFee,
    /// An extension this list does not know, or data that cannot be read.
    #[error("an extension that is not known")]
    UnknownExtension,
}

/// A transfer fee as Token-2022 keeps it: ⌈amount·bps/10⁴⌉, at most `maximum_atoms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TransferFee {
    /// First epoch in which it holds.
    pub epoch: u64,
    /// The most one transfer pays.
    pub maximum_atoms: u64,
    /// Basis points of the amount.
    pub basis_points: u16,
}

impl TransferFee {
    /// The part of a transfer of `amount_atoms` that does not arrive, rounded up as Token-2022 rounds it. Overflow is `None`.
    pub fn of_atoms(&self, amount_atoms: u64) -> Option<u64> {
        if self.basis_points == 0 || amount_atoms == 0 {
            return Some(0);
        }
        Some(crate::math::mul_div_ceil(amount_atoms, u64::from(self.basis_points), 10_000)?.min(self.maximum_atoms))
    }
}

/// The two fees a Token-2022 mint carries: the newer one counts from its epoch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TransferFees {
    /// In force before `newer.epoch`.
    pub older: TransferFee,
    /// In force from `newer.epoch` on.
    pub newer: TransferFee,
}

impl TransferFees {
    /// The fee in force in `epoch`.
    pub fn at(&self, epoch: u64) -> TransferFee {
        if epoch >= self.newer.epoch {
            self.newer
        } else {
            self.older
        }
    }
}

/// A mint that passed the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedMint {
    /// Its base state.
    pub state: MintState,
    /// Its transfer fees, where the extension is there (even if both are zero: they can be raised).
    pub transfer_fees: Option<TransferFees>,
}

const TRANSFER_FEE_CONFIG_LEN: usize = 108;

fn u16_at(data: &[u8], offset: usize) -> Option<u16> {
    let end = offset.checked_add(2)?;
    Some(u16::from_le_bytes(data.get(offset..end)?.try_into().ok()?))
}

fn u64_at(data: &[u8], offset: usize) -> Option<u64> {
    let end = offset.checked_add(8)?;
    Some(u64::from_le_bytes(data.get(offset..end)?.try_into().ok()?))
}

fn read_fee(data: &[u8], offset: usize) -> Option<TransferFee> {
    Some(TransferFee {
        epoch: u64_at(data, offset)?,
        maximum_atoms: u64_at(data, offset.checked_add(8)?)?,
        basis_points: u16_at(data, offset.checked_add(16)?)?,
    })
}

/// Reads a mint and holds it against the policy.
///
/// `owner` and `data` are the account's; `allow_transfer_fee` says whether this caller credits what arrives (the pool) or
/// needs transfers to be exact (escrow and governance).
///
/// Errors: the [`MintRefusal`] of the first thing found that is not allowed.
pub fn accept_mint(owner: &Address, data: &[u8], allow_transfer_fee: bool) -> Result<AcceptedMint, MintRefusal> {
    let state = MintState::read(owner, data).map_err(|_: TokenStateError| MintRefusal::NotAMint)?;
    let mut accepted = AcceptedMint {
        state,
        transfer_fees: None,
    };
    if owner != &ids::TOKEN_2022 || data.len() <= ACCOUNT_TYPE_OFFSET {
        return Ok(accepted);
    }
    let Some(mut rest) = data.get(ACCOUNT_TYPE_OFFSET.saturating_add(1)..) else {
        return Ok(accepted);
    };
    // Type-length-value entries until a zero type or the end. Fewer than four bytes cannot hold a header: padding.
    while rest.len() >= 4 {
        let (Some(kind), Some(len)) = (u16_at(rest, 0), u16_at(rest, 2)) else {
            return Err(MintRefusal::UnknownExtension);
        };
        if kind == 0 {
            break;
        }
        let end = usize::from(len).saturating_add(4);
        let Some(value) = rest.get(4..end) else {
            return Err(MintRefusal::UnknownExtension);
        };
        match kind {
            // transfer fee config: two authorities (64), withheld amount (8), then the two fees
            1 => {
                if !allow_transfer_fee {
                    return Err(MintRefusal::TransferFee);
                }
                if value.len() != TRANSFER_FEE_CONFIG_LEN {
                    return Err(MintRefusal::UnknownExtension);
                }
                let (Some(older), Some(newer)) = (read_fee(value, 72), read_fee(value, 90)) else {
                    return Err(MintRefusal::UnknownExtension);
                };
                accepted.transfer_fees = Some(TransferFees { older, newer });
            }
            // metadata pointer and metadata, group and member pointers and their data: descriptions only
            18..=23 => {}
            refused => return Err(refusal_of(refused)),
        }
        rest = rest.get(end..).unwrap_or(&[]);
    }
    Ok(accepted)
}

fn refusal_of(kind: u16) -> MintRefusal {
    match kind {
        3 => MintRefusal::MintClose,
        4 | 16 | 24 => MintRefusal::Confidential,
        6 => MintRefusal::DefaultFrozen,
        9 => MintRefusal::NonTransferable,
        10 => MintRefusal::InterestBearing,
        12 => MintRefusal::PermanentDelegate,
        14 => MintRefusal::TransferHook,
        25 => MintRefusal::ScaledUiAmount,
        26 => MintRefusal::Pausable,
        28 => MintRefusal::PermissionedBurn,
        _ => MintRefusal::UnknownExtension,
    }
}
