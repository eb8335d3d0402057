//! What a pool reads of mints.

use {
    crate::{
        constants::{RISK_FREEZE_AUTHORITY, RISK_MINT_AUTHORITY, RISK_REFUSED, RISK_TRANSFER_FEE},
        errors::PoolError,
    },
    anchor_lang::prelude::*,
    commonweal_interface::{
        ids,
        policy::{accept_mint, AcceptedMint, TransferFee},
    },
};

const SUPPLY_OFFSET: usize = 36;

/// Holds a mint against the extension policy; transfer fees are accepted.
///
/// Errors: the [`PoolError`] that names what is refused.
#[inline(never)]
pub fn accept(mint: &AccountView) -> Result<AcceptedMint> {
    let owner = if mint.owned_by(&ids::TOKEN) {
        &ids::TOKEN
    } else if mint.owned_by(&ids::TOKEN_2022) {
        &ids::TOKEN_2022
    } else {
        return Err(PoolError::NotAMint.into());
    };
    let data = mint.try_borrow()?;
    accept_mint(owner, &data, true).map_err(|refusal| PoolError::from(refusal).into())
}

/// The mint-risk flags of an accepted mint: what its authorities can do to holders.
pub fn risk_flags(mint: &AcceptedMint) -> u16 {
    let flag = |is_set: bool, bit: u16| if is_set { bit } else { 0 };
    flag(mint.state.freeze_authority.is_some(), RISK_FREEZE_AUTHORITY)
        | flag(mint.state.mint_authority.is_some(), RISK_MINT_AUTHORITY)
        | flag(mint.transfer_fees.is_some(), RISK_TRANSFER_FEE)
}

/// The mint-risk flags of a mint that was accepted before and then had the flags `old`.
#[inline(never)]
pub fn risk_flags_now(mint: &AccountView, old: u16) -> u16 {
    accept(mint).map_or((old & RISK_TRANSFER_FEE) | RISK_REFUSED, |accepted| {
        risk_flags(&accepted)
    })
}

/// The transfer fee in force in `epoch`; zero for a mint without that extension.
pub fn fee_at(mint: &AcceptedMint, epoch: u64) -> TransferFee {
    mint.transfer_fees.map(|fees| fees.at(epoch)).unwrap_or_default()
}

/// The transfer fee in force in `epoch` of a mint that is held against the extension policy once more.
#[inline(never)]
pub fn accepted_fee(mint: &AccountView, epoch: u64) -> Result<TransferFee> {
    Ok(fee_at(&accept(mint)?, epoch))
}

/// Atoms in existence of a mint whose address the caller has already checked.
#[inline(never)]
pub fn supply_atoms(mint: &AccountView) -> Result<u64> {
    let data = mint.try_borrow()?;
    data.get(SUPPLY_OFFSET..)
        .and_then(|rest| rest.first_chunk::<8>())
        .map(|bytes| u64::from_le_bytes(*bytes))
        .ok_or_else(|| PoolError::NotAMint.into())
}
