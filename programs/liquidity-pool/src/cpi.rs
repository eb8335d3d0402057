//! The only file that moves tokens or calls another program.
//!
//! What is `#[inline(never)]` here is shared by all instructions; only the swap takes the inlined forms.

#[path = "cpi/farm.rs"]
pub mod farm;

use {
    crate::{
        constants::{ASSOCIATED_TOKEN, LP_DECIMALS, LP_MINT_SEED, VAULT_SEED},
        errors::PoolError,
        math::Leg,
        state::{Own, Pool, Side},
    },
    anchor_lang::prelude::*,
    commonweal_interface::{
        cpi::{
            burn, create_account, initialize_account3, initialize_mint2, mint_to, token_account_space, Call, Role,
            TransferChecked,
        },
        ids,
        token::{self, ACCOUNT_LEN, MINT_LEN},
    },
    pinocchio::cpi::{Seed, Signer as PdaSigner},
};

/// One token transfer between a vault and somebody's account.
pub struct Transfer<'a> {
    /// The pool's token that moves.
    pub side: Side,
    /// Its mint.
    pub mint: &'a AccountView,
    /// Debited.
    pub from: &'a AccountView,
    /// Credited.
    pub to: &'a AccountView,
    /// Atoms debited and, less the mint's transfer fee, credited.
    pub leg: Leg,
}

impl Transfer<'_> {
    /// From somebody's account into a vault; `owner` signed the transaction.
    ///
    /// The reserves were credited with what the summary says arrives, so exactly that must arrive: the vault's surplus from
    /// donations hides no shortfall.
    #[inline(never)]
    pub fn pull(&self, pool: &Pool, owner: &AccountView) -> Result<()> {
        let before = vault_atoms(self.to)?;
        self.send(pool, owner, &[])?;
        self.arrived(before)
    }

    /// From a vault to somebody's account, and what arrived there, whatever the mint kept back; nothing happens for zero.
    #[inline(never)]
    pub fn push(&self, pool: &Own<Pool>) -> Result<u64> {
        // no token account: the token program says so
        let before = token::amount_atoms(self.to).unwrap_or(0);
        if self.leg.sent_atoms != 0 {
            let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
            let seeds = pool.seeds(&index, &bump).map(Seed::from);
            self.send(pool, pool.account(), &[PdaSigner::from(&seeds)])?;
        }
        let after = token::amount_atoms(self.to).unwrap_or(0);
        Ok(after.saturating_sub(before))
    }

    #[inline(never)]
    fn send(&self, pool: &Pool, authority: &AccountView, signers: &[PdaSigner]) -> Result<()> {
        self.checked(pool, authority).invoke_signed(signers)
    }

    /// [`Self::pull`] for the swap.
    #[inline(always)]
    pub fn pull_inlined(&self, pool: &Pool, owner: &AccountView) -> Result<()> {
        let before = vault_atoms(self.to)?;
        self.checked(pool, owner).invoke_signed(&[])?;
        self.arrived(before)
    }

    /// [`Self::push`] for the swap, which credits the trader by the mint's own rule and measures nothing.
    #[inline(always)]
    pub fn push_inlined(&self, pool: &Account<Pool>) -> Result<()> {
        if self.leg.sent_atoms == 0 {
            return Ok(());
        }
        let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
        let seeds = pool.seeds(&index, &bump).map(Seed::from);
        self.checked(pool, pool.account())
            .invoke_signed(&[PdaSigner::from(&seeds)])
    }

    #[inline(always)]
    fn arrived(&self, before_atoms: u64) -> Result<()> {
        let arrived = vault_atoms(self.to)?.checked_sub(before_atoms);
        require!(arrived == Some(self.leg.received_atoms), PoolError::ArrivalMismatch);
        Ok(())
    }

    #[inline(always)]
    fn checked<'b>(&'b self, pool: &Pool, authority: &'b AccountView) -> TransferChecked<'b> {
        TransferChecked {
            token_program: token_program_of(self.mint),
            from: self.from,
            mint: self.mint,
            to: self.to,
            authority,
            amount_atoms: self.leg.sent_atoms,
            decimals: pool.decimals(self.side),
        }
    }
}

/// The token program of a mint whose address has been checked.
#[inline(always)]
fn token_program_of(mint: &AccountView) -> &Address {
    mint.owner()
}

/// The transfers of both tokens between the vaults and somebody's accounts.
pub struct Transfers<'a> {
    /// Mints A and B.
    pub mints: [&'a AccountView; 2],
    /// The vaults.
    pub vaults: [&'a AccountView; 2],
    /// Somebody's accounts.
    pub others: [&'a AccountView; 2],
    /// What moves.
    pub legs: [Leg; 2],
}

impl<'a> Transfers<'a> {
    fn one(&self, side: Side, is_pull: bool) -> Transfer<'a> {
        let ([mint_a, mint_b], [vault_a, vault_b]) = (self.mints, self.vaults);
        let ([other_a, other_b], [leg_a, leg_b]) = (self.others, self.legs);
        let (mint, vault, other, leg) = match side {
            Side::A => (mint_a, vault_a, other_a, leg_a),
            Side::B => (mint_b, vault_b, other_b, leg_b),
        };
        let (from, to) = if is_pull { (other, vault) } else { (vault, other) };
        Transfer {
            side,
            mint,
            from,
            to,
            leg,
        }
    }

    /// [`Transfer::pull`] of token A, then of token B.
    #[inline(never)]
    pub fn pull(&self, pool: &Pool, owner: &AccountView) -> Result<()> {
        self.one(Side::A, true).pull(pool, owner)?;
        self.one(Side::B, true).pull(pool, owner)
    }

    /// [`Transfer::push`] of token A, then of token B.
    #[inline(never)]
    pub fn push(&self, pool: &Own<Pool>) -> Result<[u64; 2]> {
        let received_a = self.one(Side::A, false).push(pool)?;
        let received_b = self.one(Side::B, false).push(pool)?;
        Ok([received_a, received_b])
    }
}

/// Creates `amount_atoms` of the pool's shares in `to`.
#[inline(never)]
pub fn mint_shares(pool: &Own<Pool>, lp_mint: &AccountView, to: &AccountView, amount_atoms: u64) -> Result<()> {
    let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
    let seeds = pool.seeds(&index, &bump).map(Seed::from);
    mint_to(
        &ids::TOKEN,
        lp_mint,
        to,
        pool.account(),
        amount_atoms,
        &[PdaSigner::from(&seeds)],
    )
}

/// Destroys `amount_atoms` of the pool's shares in `from`; `owner` signed the transaction.
#[inline(never)]
pub fn burn_shares(lp_mint: &AccountView, from: &AccountView, owner: &AccountView, amount_atoms: u64) -> Result<()> {
    burn(&ids::TOKEN, from, lp_mint, owner, amount_atoms, &[])
}

/// Moves `amount_atoms` of the pool's shares; `owner` of `from` signed the transaction.
pub fn send_shares(from: &AccountView, to: &AccountView, owner: &AccountView, amount_atoms: u64) -> Result<()> {
    move_shares(from, to, owner, amount_atoms, &[])
}

/// Moves `amount_atoms` of the pool's shares out of a token account the pool owns.
#[inline(never)]
pub fn release_shares(pool: &Own<Pool>, from: &AccountView, to: &AccountView, amount_atoms: u64) -> Result<()> {
    let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
    let seeds = pool.seeds(&index, &bump).map(Seed::from);
    move_shares(from, to, pool.account(), amount_atoms, &[PdaSigner::from(&seeds)])
}

#[inline(never)]
fn move_shares(
    from: &AccountView,
    to: &AccountView,
    authority: &AccountView,
    amount_atoms: u64,
    signers: &[PdaSigner],
) -> Result<()> {
    // variant 3, transfer: both accounts are of one mint, or SPL Token refuses
    let mut data = [3u8; 9];
    if let Some(amount) = data.last_chunk_mut::<8>() {
        *amount = amount_atoms.to_le_bytes();
    }
    Call {
        program: &ids::TOKEN,
        accounts: &[(from, Role::Write), (to, Role::Write), (authority, Role::Sign)],
        data: &data,
        signers,
    }
    .invoke()
}

/// Creates a token account of shares owned by `owner` at the address the seeds derive, unless it is there.
///
/// Errors: `ConstraintSeeds` for another address.
#[inline(never)]
pub fn open_share_vault(
    payer: &AccountView,
    vault: &AccountView,
    lp_mint: &AccountView,
    owner: &Address,
    seeds: &[&[u8]],
) -> Result<()> {
    let bump = find_bump(vault, seeds)?;
    // only this program signs for the address, and it initialises what it creates
    if vault.owned_by(&ids::TOKEN) {
        return Ok(());
    }
    create_derived(payer, vault, seeds, bump, ACCOUNT_LEN as u64, &ids::TOKEN)?;
    initialize_account3(&ids::TOKEN, vault, lp_mint, owner)
}

/// The balance of a vault whose address has been checked.
#[inline(always)]
pub fn vault_atoms(vault: &AccountView) -> Result<u64> {
    token::amount_atoms(vault).ok_or_else(|| PoolError::VaultMismatch.into())
}

/// Holds the pool's invariant against what the vaults hold. The last step of every instruction but the swap, which has it
/// inlined.
#[inline(never)]
pub fn check_vaults(pool: &Pool, vault_a: &AccountView, vault_b: &AccountView) -> Result<()> {
    pool.invariant(vault_atoms(vault_a)?, vault_atoms(vault_b)?)
}

/// Creates an account of this program at the address the seeds derive (with the first bump that derives one), whether or not
/// somebody has sent lamports there before, and hands it out with its discriminator and otherwise zero; and its bump.
///
/// Errors: `ConstraintSeeds` for another address; the system program's own where the account exists.
#[inline(always)]
pub fn create_state<T>(payer: &AccountView, account: &AccountView, seeds: &[&[u8]]) -> Result<(Own<T>, u8)>
where
    T: bytemuck::Pod + Discriminator,
{
    let bump = create_state_bytes(payer, account, seeds, Own::<T>::SIZE as u64, Own::<T>::DISCRIMINATOR)?;
    // SAFETY: the account has just been created; there is no other reference into its data.
    Ok((unsafe { Own::created(*account) }, bump))
}

/// Seeds of a state account, its bump included.
const MOST_SEEDS: usize = 8;

#[inline(never)]
fn create_state_bytes(
    payer: &AccountView,
    account: &AccountView,
    seeds: &[&[u8]],
    space: u64,
    discriminator: u64,
) -> Result<u8> {
    let bump = find_bump(account, seeds)?;
    create_derived(payer, account, seeds, bump, space, &crate::ID)?;
    let mut created = *account;
    // SAFETY: as above; the account has `space` bytes, which are eight at least.
    let data = unsafe { created.borrow_unchecked_mut() };
    if let Some(head) = data.first_chunk_mut::<8>() {
        *head = discriminator.to_le_bytes();
    }
    Ok(bump)
}

/// The first bump that derives an address from the seeds, which must be the account's.
#[inline(never)]
fn find_bump(account: &AccountView, seeds: &[&[u8]]) -> Result<u8> {
    anchor_lang::find_and_verify_program_address(seeds, &crate::ID, account.address())
        .map_err(|_| anchor_lang::ErrorCode::ConstraintSeeds.into())
}

#[inline(never)]
fn create_derived(
    payer: &AccountView,
    account: &AccountView,
    seeds: &[&[u8]],
    bump: u8,
    space: u64,
    owner: &Address,
) -> Result<()> {
    let bump_seed = [bump];
    let mut signer: [Seed; MOST_SEEDS] = core::array::from_fn(|_| Seed::from(&[][..]));
    for (to, seed) in signer.iter_mut().zip(seeds.iter().copied().chain([&bump_seed[..]])) {
        *to = Seed::from(seed);
    }
    let used = signer
        .get(..seeds.len().saturating_add(1))
        .ok_or(ProgramError::MaxSeedLengthExceeded)?;
    create_account(payer, account, space, owner, used)
}

/// Closes an account of this program; its lamports go to `destination`.
#[inline(never)]
pub fn close_state(account: &AccountView, destination: &AccountView) -> Result<()> {
    let (mut account, mut destination) = (*account, *destination);
    let lamports = destination
        .lamports()
        .checked_add(account.lamports())
        .ok_or(ProgramError::ArithmeticOverflow)?;
    destination.set_lamports(lamports);
    account.set_lamports(0);
    // SAFETY: the caller does not touch the account's data any more.
    unsafe { account.close_unchecked() };
    Ok(())
}

/// What a new vault is made of.
pub struct NewVault<'a> {
    /// Pays the rent.
    pub payer: &'a AccountView,
    /// The vault's address.
    pub vault: &'a AccountView,
    /// Its mint.
    pub mint: &'a AccountView,
    /// The mint's token program.
    pub token_program: &'a Address,
    /// Whether the mint has the transfer-fee extension.
    pub has_transfer_fee: bool,
    /// The pool, its owner and part of its address.
    pub pool: &'a Address,
    /// Bump of its address; the runtime checks the derivation.
    pub bump: u8,
}

impl NewVault<'_> {
    /// Creates the vault, whether or not somebody has sent lamports to its address before.
    #[inline(never)]
    pub fn create(&self) -> Result<()> {
        let bump = [self.bump];
        let seeds = [VAULT_SEED, self.pool.as_ref(), self.mint.address().as_ref(), &bump].map(Seed::from);
        let space = token_account_space(self.token_program, self.has_transfer_fee);
        create_account(self.payer, self.vault, space as u64, self.token_program, &seeds)?;
        initialize_account3(self.token_program, self.vault, self.mint, self.pool)
    }
}

/// Creates the LP mint: nine decimals, the pool its authority, nobody able to freeze.
#[inline(never)]
pub fn create_lp_mint(payer: &AccountView, lp_mint: &AccountView, pool: &Address, bump: u8) -> Result<()> {
    let bump = [bump];
    let seeds = [LP_MINT_SEED, pool.as_ref(), &bump].map(Seed::from);
    create_account(payer, lp_mint, MINT_LEN as u64, &ids::TOKEN, &seeds)?;
    initialize_mint2(&ids::TOKEN, lp_mint, LP_DECIMALS, pool)
}

/// What the account for a creator's first shares is made of.
pub struct NewShareAccount<'a> {
    /// The wallet, which pays the rent too.
    pub wallet: &'a AccountView,
    /// The account to be.
    pub account: &'a AccountView,
    /// The LP mint.
    pub mint: &'a AccountView,
    /// The system program.
    pub system_program: &'a AccountView,
    /// SPL Token.
    pub token_program: &'a AccountView,
}

impl NewShareAccount<'_> {
    /// Creates the account: at its own key if that signed, else as the wallet's associated account, whose address the
    /// associated-token program checks.
    #[inline(never)]
    pub fn create(&self) -> Result<()> {
        if self.account.is_signer() {
            create_account(self.wallet, self.account, ACCOUNT_LEN as u64, &ids::TOKEN, &[])?;
            return initialize_account3(&ids::TOKEN, self.account, self.mint, self.wallet.address());
        }
        Call {
            program: &ASSOCIATED_TOKEN,
            accounts: &[
                (self.wallet, Role::WriteSign),
                (self.account, Role::Write),
                (self.wallet, Role::Read),
                (self.mint, Role::Read),
                (self.system_program, Role::Read),
                (self.token_program, Role::Read),
            ],
            // variant 0: create
            data: &[0],
            signers: &[],
        }
        .invoke()
    }
}
