//! `redeem_voucher`

use {
    super::check_lease,
    crate::{
        calls::lease_vault,
        constants::INSTRUCTIONS_SYSVAR,
        errors::EscrowError,
        events::{log, VoucherRedeemed},
        instructions::checks::check_payout,
        math::metering::split_increase,
        state::*,
        voucher::Voucher,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `redeem_voucher`. Nobody signs: both sides have signed the voucher.
#[derive(Accounts)]
pub struct RedeemVoucher {
    /// The lease.
    #[account(mut)]
    pub lease: Own<Lease>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The slot's provider.
    #[cfg_attr(feature = "idl-build", account(address = slot.provider))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(provider.address(), &slot.provider) @ ErrorCode::ConstraintAddress))]
    pub provider: Own<Provider>,
    /// The lease's slot.
    #[cfg_attr(feature = "idl-build", account(address = lease.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(slot.address(), &lease.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
    /// The slot's payout in the lease's mint.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[cfg_attr(feature = "idl-build", account(mut, address = payout.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(payout_vault.address(), &payout.vault) @ ErrorCode::ConstraintAddress))]
    pub payout_vault: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = lease.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &lease.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
    /// The transaction's instructions; the Ed25519 precompile's is just before this one.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
}

/// Specification:
/// - the precompile just before verified this voucher by two keys, in the one shape: the client's voucher key and the provider's
///   session key, or its last one for the time before the rotation
/// - the voucher names this program, cluster, lease and slot; it has not expired by now or by the lease's end
/// - its number is above the last one's and its amount not below it, or it is the last one again
/// - paid is min(signed, rate · seconds counted, deposits) less what was paid (E5); provider's part and fee are differences of
///   divided totals (E6)
pub fn redeem_voucher(a: &mut RedeemVoucher) -> Step {
    let is_payout = same(&a.payout.slot, &a.lease.slot) && same(&a.payout.mint, &a.lease.mint);
    require!(is_payout, EscrowError::PayoutMismatch);
    let voucher = Voucher::read(a.instructions.account())?;
    let now = now()?;
    let total = a.lease.apply_voucher(&voucher, &a.provider, now)?;
    let paid = a.lease.paid_atoms.get();
    let split = checked(split_increase(paid, total, a.lease.fee_ppm.get()))?;
    a.lease.paid_atoms = total.into();
    a.payout.apply_settlement(&split)?;

    let vault = lease_vault(&a.lease, a.vault.account(), a.mint.account(), a.token_program.account())?;
    vault.pay(a.payout_vault.account(), checked(total.checked_sub(paid))?)?;
    check_lease(&a.lease, a.vault.account())?;
    check_payout(&a.payout, a.payout_vault.account())?;
    log(VoucherRedeemed {
        uid: a.lease.uid,
        slot: a.lease.slot,
        payout: *a.payout.address(),
        usage_root: *voucher.usage_root,
        cumulative_atoms: voucher.cumulative_atoms.into(),
        paid_atoms: a.lease.paid_atoms,
        provider_atoms: split.provider_atoms.into(),
        fee_atoms: split.fee_atoms.into(),
        seq: voucher.seq.into(),
    });
    Ok(())
}
