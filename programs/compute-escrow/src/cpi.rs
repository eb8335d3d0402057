//! The only file that moves tokens or lamports, or calls another program.

use {
    crate::{
        constants::{ACCOUNT_VERSION, JOB_SEED, LEASE_SEED, PAYOUT_SEED, VAULT_SEED},
        errors::EscrowError,
        hash::is_vault_of,
        state::{checked, require_token_program, shape_of, Job, JobState, Kind, Lease, Own, Payout, Step},
    },
    anchor_lang::{bytemuck, prelude::*, Address},
    commonweal_interface::{
        cpi::{close_account, create_account, initialize_account3, TransferChecked},
        ids,
        token::{amount_atoms, ACCOUNT_LEN},
    },
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
        sysvars::{rent::Rent, Sysvar},
    },
};

/// Number of SPL Token's `InitializeAccount3`.
const INITIALIZE_ACCOUNT3: u8 = 18;

#[inline(always)]
fn call<const N: usize>(
    program_id: &Address,
    metas: &[InstructionAccount; N],
    accounts: [&AccountView; N],
    data: &[u8],
    signers: &[CpiSigner],
) {
    let cpi_accounts: [CpiAccount; N] = accounts.map(CpiAccount::from);
    let instruction = InstructionView {
        program_id,
        accounts: metas,
        data,
    };
    // SAFETY: accounts are in the order of the metas; no reference into their data is used across the call.
    unsafe { invoke_signed_unchecked(&instruction, &cpi_accounts, signers) };
}

/// Moves lamports of a signer of this transaction.
#[inline(never)]
pub fn transfer_lamports(from: &AccountView, to: &AccountView, lamports: u64) {
    let mut data = [0u8; 12];
    let (tag, amount) = data.split_at_mut(4);
    tag.copy_from_slice(&2u32.to_le_bytes());
    amount.copy_from_slice(&lamports.to_le_bytes());
    call(
        &ids::SYSTEM,
        &[
            InstructionAccount::writable_signer(from.address()),
            InstructionAccount::writable(to.address()),
        ],
        [from, to],
        &data,
        &[],
    );
}

#[inline(always)]
fn create_data(lamports: u64, space: u64, owner: &Address) -> [u8; 52] {
    let mut data = [0u8; 52];
    let (head, owner_part) = data.split_at_mut(20);
    owner_part.copy_from_slice(owner.as_ref());
    let (tag_and_lamports, space_part) = head.split_at_mut(12);
    space_part.copy_from_slice(&space.to_le_bytes());
    let (_, lamports_part) = tag_and_lamports.split_at_mut(4);
    lamports_part.copy_from_slice(&lamports.to_le_bytes());
    data
}

/// Creates a PDA with `space` bytes that holds its rent and `extra_lamports`. `seeds` include the bump; the runtime checks
/// that they make the address. An address that somebody has already sent lamports to is created all the same.
#[inline(never)]
pub fn create_pda(
    payer: &AccountView,
    account: &AccountView,
    space: usize,
    owner: &Address,
    rent: &Rent,
    extra_lamports: u64,
    seeds: &[Seed],
) -> Step {
    let lamports = checked(rent.try_minimum_balance(space)?.checked_add(extra_lamports))?;
    let space = checked(u64::try_from(space).ok())?;
    if account.lamports() == 0 {
        call(
            &ids::SYSTEM,
            &[
                InstructionAccount::writable_signer(payer.address()),
                InstructionAccount::writable_signer(account.address()),
            ],
            [payer, account],
            &create_data(lamports, space, owner),
            &[CpiSigner::from(seeds)],
        );
        return Ok(());
    }
    create_prefunded(payer, account, lamports, space, owner, seeds)
}

#[cold]
#[inline(never)]
fn create_prefunded(
    payer: &AccountView,
    account: &AccountView,
    lamports: u64,
    space: u64,
    owner: &Address,
    seeds: &[Seed],
) -> Step {
    let missing = lamports.saturating_sub(account.lamports());
    if missing > 0 {
        transfer_lamports(payer, account, missing);
    }
    Ok(create_account(payer, account, space, owner, seeds)?)
}

/// Seeds of an account of this program, its bump included.
const MOST_SEEDS: usize = 6;

/// Creates an account of this program at the address of the seeds, whether or not somebody has sent lamports there before, with its
/// discriminator, version and bump.
///
/// Errors: `ConstraintSeeds` for another address; the system program's own where the account exists.
#[inline(always)]
pub fn create_state<T: Kind>(payer: &AccountView, account: &AccountView, seeds: &[&[u8]]) -> Step<Own<T>> {
    create_kind(payer, account, seeds, T::KIND)?;
    // SAFETY: the account has just been created; there is no other reference into its data.
    Ok(unsafe { Own::created(*account) })
}

#[inline(never)]
fn create_kind(payer: &AccountView, account: &AccountView, seeds: &[&[u8]], kind: usize) -> Step {
    let (discriminator, size) = shape_of(kind);
    let bump = create_derived(payer, account, seeds, size as u64, &crate::ID)?;
    let mut created = *account;
    // SAFETY: the account has just been created; there is no reference into its data.
    let data = unsafe { created.borrow_unchecked_mut() };
    if let Some(head) = data.first_chunk_mut::<10>() {
        let (start, rest) = head.split_at_mut(8);
        start.copy_from_slice(&discriminator.to_le_bytes());
        // every account begins with its version and its bump
        rest.copy_from_slice(&[ACCOUNT_VERSION, bump]);
    }
    Ok(())
}

/// Creates an account at the address of the seeds for a program. Returns its bump.
///
/// Errors: `ConstraintSeeds` for another address; the system program's own where the account exists.
#[inline(never)]
pub fn create_derived(
    payer: &AccountView,
    account: &AccountView,
    seeds: &[&[u8]],
    space: u64,
    owner: &Address,
) -> Step<u8> {
    let bump = anchor_lang::find_and_verify_program_address(seeds, &crate::ID, account.address())
        .map_err(|_| ErrorCode::ConstraintSeeds)?;
    let bump_seed = [bump];
    let mut signer: [Seed; MOST_SEEDS] = core::array::from_fn(|_| Seed::from(&[][..]));
    for (to, seed) in signer.iter_mut().zip(seeds.iter().copied().chain([&bump_seed[..]])) {
        *to = Seed::from(seed);
    }
    let used = signer
        .get(..seeds.len().saturating_add(1))
        .ok_or(ProgramError::MaxSeedLengthExceeded)?;
    create_account(payer, account, space, owner, used)?;
    Ok(bump)
}

/// Creates the token account `["vault", parent]` of `mint`, owned by `parent`, where the caller does not know its bump.
/// Returns it.
#[inline(never)]
pub fn create_found_vault(
    payer: &AccountView,
    vault: &AccountView,
    parent: &Address,
    mint: &AccountView,
    token_program: &Address,
) -> Step<u8> {
    let seeds: [&[u8]; 2] = [VAULT_SEED, parent.as_array()];
    let bump = create_derived(payer, vault, &seeds, ACCOUNT_LEN as u64, token_program)?;
    initialize_account3(token_program, vault, mint, parent)?;
    Ok(bump)
}

/// Closes an account of this program; its lamports go to `destination`.
#[inline(never)]
pub fn close_state(account: &AccountView, destination: &AccountView) -> Step {
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

/// The rent the cluster asks now. Nothing in this program assumes one.
#[inline(always)]
pub fn rent() -> Step<Rent> {
    Ok(Rent::get()?)
}

/// Creates the token account `["vault", parent]` of `mint`, owned by `parent`.
#[inline(never)]
pub fn create_vault(
    payer: &AccountView,
    vault: &AccountView,
    parent: &Address,
    vault_bump: u8,
    mint: &AccountView,
    token_program: &Address,
    rent: &Rent,
) -> Step {
    let bump = [vault_bump];
    let seeds = [
        Seed::from(VAULT_SEED),
        Seed::from(parent.as_ref()),
        Seed::from(bump.as_slice()),
    ];
    // the policy refuses every extension that would make the account longer
    create_pda(payer, vault, ACCOUNT_LEN, token_program, rent, 0, &seeds)?;
    let mut data = [0u8; 33];
    let (tag, owner) = data.split_at_mut(1);
    tag.copy_from_slice(&[INITIALIZE_ACCOUNT3]);
    owner.copy_from_slice(parent.as_ref());
    call(
        token_program,
        &[
            InstructionAccount::writable(vault.address()),
            InstructionAccount::readonly(mint.address()),
        ],
        [vault, mint],
        &data,
        &[],
    );
    Ok(())
}

/// The balance of a token account that was identified before.
#[inline(never)]
pub fn held_atoms(account: &AccountView) -> Step<u64> {
    amount_atoms(account).ok_or_else(|| EscrowError::VaultMismatch.into())
}

/// Transfers tokens: one body for all.
#[inline(never)]
fn transfer(transfer: &TransferChecked, signers: &[CpiSigner]) -> Step {
    transfer.invoke_signed(signers)?;
    Ok(())
}

/// Moves the price from the client, who has signed, into the vault and checks that all of it arrived.
#[inline(never)]
pub fn deposit_price(
    token_program: &Address,
    client_token: &AccountView,
    mint: &AccountView,
    vault: &AccountView,
    client: &AccountView,
    price_atoms: u64,
    decimals: u8,
) -> Step<u64> {
    transfer(
        &TransferChecked {
            token_program,
            from: client_token,
            mint,
            to: vault,
            authority: client,
            amount_atoms: price_atoms,
            decimals,
        },
        &[],
    )?;
    let held = held_atoms(vault)?;
    require!(held >= price_atoms, EscrowError::VaultMismatch);
    Ok(held)
}

/// A token account of a PDA of this program: one body for all payments out of one.
pub struct Held<'a> {
    authority: &'a AccountView,
    vault: &'a AccountView,
    mint: &'a AccountView,
    token_program: &'a AccountView,
    /// Tag, owner, number and bump of the authority.
    seeds: [&'a [u8]; 4],
    decimals: u8,
}

impl Held<'_> {
    /// Pays `amount_atoms` out of the vault and checks both ends.
    #[inline(never)]
    pub fn pay(&self, to: &AccountView, amount_atoms: u64) -> Step {
        let before = held_atoms(self.vault)?;
        let to_before = amount_atoms_of(to);
        let seeds = self.seeds.map(Seed::from);
        transfer(
            &TransferChecked {
                token_program: self.token_program.address(),
                from: self.vault,
                mint: self.mint,
                to,
                authority: self.authority,
                amount_atoms,
                decimals: self.decimals,
            },
            &[CpiSigner::from(&seeds)],
        )?;
        require!(
            before.checked_sub(amount_atoms) == Some(held_atoms(self.vault)?)
                && to_before.checked_add(amount_atoms) == Some(amount_atoms_of(to)),
            EscrowError::VaultMismatch
        );
        Ok(())
    }

    /// Closes the empty vault; its rent goes to its authority, which is closed after it.
    ///
    /// Not to the rent payer: the runtime shows a caller no lamports that a call pays to a program's account, and a sponsor
    /// that deploys a program at its key would hold the client's money by it.
    #[inline(never)]
    fn close(&self) -> Step {
        let seeds = self.seeds.map(Seed::from);
        Ok(close_account(
            self.token_program.address(),
            self.vault,
            self.authority,
            self.authority,
            &[CpiSigner::from(&seeds)],
        )?)
    }

    /// Pays everything to `to`, at least what is owed, closes the vault, and says how much that was.
    #[inline(never)]
    pub fn pay_all_and_close(&self, owed_atoms: u64, to: &AccountView) -> Step<u64> {
        let amount = held_atoms(self.vault)?;
        require!(amount >= owed_atoms, EscrowError::VaultMismatch);
        self.pay(to, amount)?;
        self.close()?;
        Ok(amount)
    }
}

/// The balance of the receiving end; what is no token account is the token program's to refuse.
fn amount_atoms_of(account: &AccountView) -> u64 {
    amount_atoms(account).unwrap_or(0)
}

/// The accounts through which a job pays.
pub struct JobVault<'a> {
    /// The job, authority of its vault.
    pub job: &'a AccountView,
    /// Its vault.
    pub vault: &'a AccountView,
    /// Its mint.
    pub mint: &'a AccountView,
    /// The token program of the mint.
    pub token_program: &'a AccountView,
}

impl JobVault<'_> {
    #[inline(never)]
    fn held<'a>(&'a self, state: &'a Job) -> Held<'a> {
        Held {
            authority: self.job,
            vault: self.vault,
            mint: self.mint,
            token_program: self.token_program,
            seeds: [
                JOB_SEED,
                state.client.as_ref(),
                bytemuck::bytes_of(&state.nonce),
                core::slice::from_ref(&state.bump),
            ],
            decimals: state.decimals,
        }
    }

    /// Pays `amount_atoms` out of the vault and checks both ends.
    #[inline(never)]
    pub fn pay(&self, state: &Job, to: &AccountView, amount_atoms: u64) -> Step {
        self.held(state).pay(to, amount_atoms)
    }

    /// Closes the empty vault; its rent goes to the job, which is closed after it.
    #[inline(never)]
    pub fn close(&self, state: &Job) -> Step {
        self.held(state).close()
    }

    /// Pays everything the vault holds to `to`, closes it, and says how much that was.
    #[inline(never)]
    pub fn pay_all_and_close(&self, state: &Job, to: &AccountView) -> Step<u64> {
        let is_final = state.state == JobState::Final as u8;
        let owed_atoms = if is_final { 0 } else { state.remaining_atoms()? };
        self.held(state).pay_all_and_close(owed_atoms, to)
    }
}

/// The vault of a lease, checked to be its own; `token_program` to be the mint's.
#[inline(never)]
pub fn lease_vault<'a>(
    lease: &'a Own<Lease>,
    vault: &'a AccountView,
    mint: &'a AccountView,
    token_program: &'a AccountView,
) -> Step<Held<'a>> {
    let is_vault = is_vault_of(vault.address(), lease.address(), lease.vault_bump);
    require!(is_vault, EscrowError::NotTheVault);
    require_token_program(mint, token_program)?;
    Ok(Held {
        authority: lease.account(),
        vault,
        mint,
        token_program,
        seeds: [
            LEASE_SEED,
            lease.client.as_ref(),
            bytemuck::bytes_of(&lease.nonce),
            core::slice::from_ref(&lease.bump),
        ],
        decimals: lease.decimals,
    })
}

/// The accounts through which a payout pays.
pub struct PayoutVault<'a> {
    /// The payout, authority of its token account.
    pub payout: &'a AccountView,
    /// Its token account.
    pub vault: &'a AccountView,
    /// Its mint.
    pub mint: &'a AccountView,
    /// The token program of the mint.
    pub token_program: &'a AccountView,
}

impl PayoutVault<'_> {
    #[inline(never)]
    fn held<'a>(&'a self, state: &'a Payout) -> Held<'a> {
        Held {
            authority: self.payout,
            vault: self.vault,
            mint: self.mint,
            token_program: self.token_program,
            seeds: [
                PAYOUT_SEED,
                state.slot.as_ref(),
                state.mint.as_ref(),
                core::slice::from_ref(&state.bump),
            ],
            decimals: state.decimals,
        }
    }

    /// Pays `amount_atoms` out and checks both ends.
    #[inline(never)]
    pub fn pay(&self, state: &Payout, to: &AccountView, amount_atoms: u64) -> Step {
        self.held(state).pay(to, amount_atoms)
    }

    /// Closes the empty token account; its rent goes to the payout, which is closed after it.
    #[inline(never)]
    pub fn close(&self, state: &Payout) -> Step {
        self.held(state).close()
    }
}

/// Moves lamports off an account this program owns. Call it after every other call of the instruction: the runtime compares
/// the sums of what it is shown.
#[inline(never)]
pub fn pay_lamports(from: &AccountView, to: &AccountView, lamports: u64) -> Step {
    if lamports == 0 || crate::state::same(from.address(), to.address()) {
        return Ok(());
    }
    let (mut from, mut to) = (*from, *to);
    let left = checked(from.lamports().checked_sub(lamports))?;
    let received = checked(to.lamports().checked_add(lamports))?;
    from.set_lamports(left);
    to.set_lamports(received);
    Ok(())
}

/// Moves lamports to an account that may not be able to hold them: what would leave it below its rent, or what the runtime credits
/// to no program, goes to `fallback`. So no emptied wallet blocks what others are due.
#[inline(never)]
pub fn pay_lamports_or(from: &AccountView, to: &AccountView, fallback: &AccountView, lamports: u64) -> Step {
    let least = rent()?.try_minimum_balance(to.data_len())?;
    let holds = !to.executable() && to.lamports().saturating_add(lamports) >= least;
    pay_lamports(from, if holds { to } else { fallback }, lamports)
}
