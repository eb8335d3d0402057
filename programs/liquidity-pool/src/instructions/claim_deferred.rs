//! `claim_deferred`, and the deferring by a withdrawal.

use {
    crate::{
        calls,
        constants::CLAIM_SEED,
        errors::PoolError,
        events::{log, ClaimPaid, WithdrawalDeferred},
        math::Leg,
        state::{own::same, Claim, Own, Pool, Side},
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `claim_deferred`. The config is not among them, so no switch can stop it (P8).
#[derive(Accounts)]
pub struct ClaimDeferred {
    /// Owns the claim.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The claim, closed by this.
    #[account(mut)]
    pub claim: Own<Claim>,
    /// The pool's account of token A.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_a @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_a.address(), &pool.vault_a) @ PoolError::VaultMismatch))]
    pub vault_a: UncheckedAccount,
    /// The pool's account of token B.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_b @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_b.address(), &pool.vault_b) @ PoolError::VaultMismatch))]
    pub vault_b: UncheckedAccount,
    /// Token account of the owner's choice that is paid.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// Mint of the claim's token.
    #[cfg_attr(feature = "idl-build", account(address = claim.mint @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &claim.mint) @ PoolError::MintMismatch))]
    pub mint: UncheckedAccount,
    /// Gets the claim's rent; the owner, as long as claims are made by their owners alone.
    // the same wallet twice is no danger: it is read as a signature and credited last
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = claim.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &claim.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The token program of that mint.
    #[account(constraint = mint.account().owned_by(token_program.address()) @ PoolError::TokenProgramMismatch)]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - by the owner of the claim, to any token account; nothing can pause it (P8); a flash loan must be repaid first
/// - all of the claim leaves the vault; the mint's transfer fee, whatever it has become, is the owner's loss, measured for the
///   event
/// - the claim is closed and its rent goes back to who paid it
pub fn handle_claim_deferred(ctx: &mut Context<ClaimDeferred>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    let claim = &accounts.claim;
    require!(
        anchor_lang::address_eq(&claim.pool, accounts.pool.address()),
        PoolError::PoolMismatch
    );
    require!(
        anchor_lang::address_eq(&claim.owner, accounts.owner.address()),
        PoolError::NotTheOwner
    );
    let side = accounts.pool.side_of_mint(&claim.mint)?;
    let atoms = claim.atoms.get();

    accounts.pool.apply_claim(side, atoms)?;
    let from = match side {
        Side::A => &accounts.vault_a,
        Side::B => &accounts.vault_b,
    };
    let received_atoms = calls::Transfer {
        side,
        mint: accounts.mint.account(),
        from: from.account(),
        to: accounts.destination.account(),
        leg: Leg {
            sent_atoms: atoms,
            received_atoms: atoms,
        },
    }
    .push(&accounts.pool)?;
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    log(ClaimPaid {
        pool: *accounts.pool.address(),
        owner: *accounts.owner.address(),
        mint: *accounts.mint.address(),
        sequence: accounts.pool.sequence.get(),
        paid_atoms: atoms,
        received_atoms,
    });
    calls::close_state(accounts.claim.account(), accounts.rent_payer.account())
}

/// Sets atoms apart that a withdrawal has taken out of the reserves and does not pay: the pool's part, and the owner's claim,
/// which the owner pays for if it is not there. Nothing happens for zero.
#[inline(never)]
pub(crate) fn defer(
    pool: &mut Own<Pool>,
    side: Side,
    owner: &AccountView,
    account: Option<AccountView>,
    atoms: u64,
) -> Result<()> {
    if atoms == 0 {
        return Ok(());
    }
    let account = account.ok_or(PoolError::ClaimMismatch)?;
    let mint = *pool.mint(side);
    let mut claim = open_claim(pool.address(), owner, &mint, &account)?;
    pool.apply_deferral(side, atoms)?;
    claim.add(atoms)?;
    log(WithdrawalDeferred {
        pool: *pool.address(),
        owner: *owner.address(),
        mint,
        sequence: pool.sequence.get(),
        deferred_atoms: atoms,
        claim_atoms: claim.atoms.get(),
    });
    Ok(())
}

fn open_claim(pool: &Address, owner: &AccountView, mint: &Address, account: &AccountView) -> Result<Own<Claim>> {
    if !account.owned_by(&crate::ID) {
        let seeds: [&[u8]; 4] = [CLAIM_SEED, pool.as_ref(), owner.address().as_ref(), mint.as_ref()];
        let (mut claim, bump) = calls::create_state::<Claim>(owner, account, &seeds)?;
        claim.initialize(bump, pool, owner.address(), mint);
        return Ok(claim);
    }
    // SAFETY: the account is none of the listed ones (they are other kinds, and it was not repeated), and this is the only
    // reference into its data.
    let claim = unsafe { Own::<Claim>::load_mut(*account)? };
    let is_theirs = anchor_lang::address_eq(&claim.pool, pool)
        && anchor_lang::address_eq(&claim.owner, owner.address())
        && anchor_lang::address_eq(&claim.mint, mint);
    require!(is_theirs, PoolError::ClaimMismatch);
    Ok(claim)
}
