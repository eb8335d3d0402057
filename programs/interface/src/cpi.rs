//! Calls to SPL Token and Token-2022 as fixed-size stack buffers.
//!
//! The instruction bytes are the same for both programs, so one function serves both: the caller passes the program it has
//! checked. Anchor's token helpers build heap instructions (a naive swap costs 21,000 CU through them). What their typed
//! handles guard is the caller's duty here: no typed borrow of a passed account may be *used* across the call except through
//! zero-copy views, which read the runtime's buffer afresh.

use {
    core::{mem::MaybeUninit, slice::from_raw_parts},
    pinocchio::{
        account::AccountView,
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer},
        error::ProgramError,
        instruction::{InstructionAccount, InstructionView},
        sysvars::{rent::Rent, Sysvar},
        Address, ProgramResult,
    },
};

#[inline(always)]
fn call<const N: usize>(
    program: &Address,
    metas: &[InstructionAccount; N],
    accounts: [&AccountView; N],
    data: &[u8],
    signers: &[Signer],
) -> ProgramResult {
    let cpi_accounts: [CpiAccount; N] = accounts.map(CpiAccount::from);
    let instruction = InstructionView {
        program_id: program,
        accounts: metas,
        data,
    };
    // SAFETY: the accounts are passed in the order of the metas; no reference into their data is alive (module docs).
    unsafe { invoke_signed_unchecked(&instruction, &cpi_accounts, signers) };
    Ok(())
}

/// A checked transfer: the token program compares mint and decimals.
pub struct TransferChecked<'a> {
    /// The token program that owns all three accounts.
    pub token_program: &'a Address,
    /// Debited.
    pub from: &'a AccountView,
    /// Their common mint.
    pub mint: &'a AccountView,
    /// Credited (less a Token-2022 transfer fee).
    pub to: &'a AccountView,
    /// Owner or delegate of `from`.
    pub authority: &'a AccountView,
    /// Atoms debited.
    pub amount_atoms: u64,
    /// The mint's decimals.
    pub decimals: u8,
}

impl TransferChecked<'_> {
    /// Performs it; `signers` are the seeds of a PDA authority, empty when the authority signed the transaction.
    #[inline(always)]
    pub fn invoke_signed(&self, signers: &[Signer]) -> ProgramResult {
        let mut data = [0u8; 10];
        data[0] = 12;
        data[1..9].copy_from_slice(&self.amount_atoms.to_le_bytes());
        data[9] = self.decimals;
        call(
            self.token_program,
            &[
                InstructionAccount::writable(self.from.address()),
                InstructionAccount::readonly(self.mint.address()),
                InstructionAccount::writable(self.to.address()),
                InstructionAccount::readonly_signer(self.authority.address()),
            ],
            [self.from, self.mint, self.to, self.authority],
            &data,
            signers,
        )
    }
}

/// What a call may do with an account.
#[derive(Clone, Copy)]
pub enum Role {
    /// Reads it.
    Read,
    /// Writes it.
    Write,
    /// Reads it and has its signature.
    Sign,
    /// Writes it and has its signature.
    WriteSign,
}

/// The most accounts a [`Call`] passes.
pub const MOST_ACCOUNTS: usize = 6;

/// A call whose building is out of line: one body for all of them, 25 CU per account, and few bytes where it is made.
pub struct Call<'a> {
    /// The program called.
    pub program: &'a Address,
    /// The accounts in the program's order, at most [`MOST_ACCOUNTS`].
    pub accounts: &'a [(&'a AccountView, Role)],
    /// The instruction's bytes.
    pub data: &'a [u8],
    /// Seeds of the PDAs that sign; empty where none does.
    pub signers: &'a [Signer<'a, 'a>],
}

impl Call<'_> {
    /// Performs it.
    ///
    /// Errors: `InvalidArgument` for more than [`MOST_ACCOUNTS`].
    #[inline(never)]
    pub fn invoke(&self) -> ProgramResult {
        let mut metas = [const { MaybeUninit::<InstructionAccount>::uninit() }; MOST_ACCOUNTS];
        let mut views = [const { MaybeUninit::<CpiAccount>::uninit() }; MOST_ACCOUNTS];
        let count = self.accounts.len();
        if count > MOST_ACCOUNTS {
            return Err(ProgramError::InvalidArgument);
        }
        for ((meta, view), (account, role)) in metas.iter_mut().zip(views.iter_mut()).zip(self.accounts) {
            let is_writable = matches!(role, Role::Write | Role::WriteSign);
            let is_signer = matches!(role, Role::Sign | Role::WriteSign);
            meta.write(InstructionAccount::new(account.address(), is_writable, is_signer));
            CpiAccount::init_from_account_view(account, view);
        }
        // SAFETY: the first `count` of each are written, in the same order, and no reference into the accounts' data is
        // alive (module docs).
        unsafe {
            let instruction = InstructionView {
                program_id: self.program,
                accounts: from_raw_parts(metas.as_ptr().cast(), count),
                data: self.data,
            };
            invoke_signed_unchecked(&instruction, from_raw_parts(views.as_ptr().cast(), count), self.signers);
        }
        Ok(())
    }
}

/// Creates `amount_atoms` of `mint` in `to`, by its mint authority.
#[inline(always)]
pub fn mint_to(
    token_program: &Address,
    mint: &AccountView,
    to: &AccountView,
    authority: &AccountView,
    amount_atoms: u64,
    signers: &[Signer],
) -> ProgramResult {
    let mut data = [0u8; 9];
    data[0] = 7;
    data[1..9].copy_from_slice(&amount_atoms.to_le_bytes());
    Call {
        program: token_program,
        accounts: &[(mint, Role::Write), (to, Role::Write), (authority, Role::Sign)],
        data: &data,
        signers,
    }
    .invoke()
}

/// Destroys `amount_atoms` of `mint` held in `from`, by its owner or delegate.
#[inline(always)]
pub fn burn(
    token_program: &Address,
    from: &AccountView,
    mint: &AccountView,
    authority: &AccountView,
    amount_atoms: u64,
    signers: &[Signer],
) -> ProgramResult {
    let mut data = [0u8; 9];
    data[0] = 8;
    data[1..9].copy_from_slice(&amount_atoms.to_le_bytes());
    Call {
        program: token_program,
        accounts: &[(from, Role::Write), (mint, Role::Write), (authority, Role::Sign)],
        data: &data,
        signers,
    }
    .invoke()
}

/// Closes an empty token account; its lamports go to `destination`.
#[inline(always)]
pub fn close_account(
    token_program: &Address,
    account: &AccountView,
    destination: &AccountView,
    authority: &AccountView,
    signers: &[Signer],
) -> ProgramResult {
    Call {
        program: token_program,
        accounts: &[
            (account, Role::Write),
            (destination, Role::Write),
            (authority, Role::Sign),
        ],
        data: &[9],
        signers,
    }
    .invoke()
}

/// Initialises a created account of the token program as a token account of `mint` owned by `owner`.
#[inline(always)]
pub fn initialize_account3(
    token_program: &Address,
    account: &AccountView,
    mint: &AccountView,
    owner: &Address,
) -> ProgramResult {
    let mut data = [0u8; 33];
    data[0] = 18;
    data[1..33].copy_from_slice(owner.as_array());
    Call {
        program: token_program,
        accounts: &[(account, Role::Write), (mint, Role::Read)],
        data: &data,
        signers: &[],
    }
    .invoke()
}

/// Initialises a created account of the token program as a mint without freeze authority.
#[inline(always)]
pub fn initialize_mint2(
    token_program: &Address,
    mint: &AccountView,
    decimals: u8,
    mint_authority: &Address,
) -> ProgramResult {
    let mut data = [0u8; 35];
    data[0] = 20;
    data[1] = decimals;
    data[2..34].copy_from_slice(mint_authority.as_array());
    // data[34] = 0: no freeze authority
    Call {
        program: token_program,
        accounts: &[(mint, Role::Write)],
        data: &data,
        signers: &[],
    }
    .invoke()
}

/// Creates an account of `space` bytes for `owner` at an address `seeds` sign for, whether or not somebody has sent lamports
/// there before; empty seeds for a key that signed the transaction.
///
/// Errors: those of the rent sysvar; the system program's own, an account that exists among them, end the transaction.
#[inline(never)]
pub fn create_account(
    payer: &AccountView,
    account: &AccountView,
    space: u64,
    owner: &Address,
    seeds: &[Seed],
) -> ProgramResult {
    let rent = Rent::get()?.try_minimum_balance(usize::try_from(space).unwrap_or(usize::MAX))?;
    let signers = [Signer::from(seeds)];
    let signers = if seeds.is_empty() { &[][..] } else { &signers[..] };
    let parties = [(payer, Role::WriteSign), (account, Role::WriteSign)];
    let call = |accounts: &[(&AccountView, Role)], data: &[u8]| {
        Call {
            program: &crate::ids::SYSTEM,
            accounts,
            data,
            signers,
        }
        .invoke()
    };
    // create account: lamports, space, owner; the other instructions are parts of it
    let mut data = [0u8; 52];
    data[4..12].copy_from_slice(&rent.to_le_bytes());
    data[12..20].copy_from_slice(&space.to_le_bytes());
    data[20..52].copy_from_slice(owner.as_array());
    let held = account.lamports();
    if held == 0 {
        return call(&parties, &data);
    }
    if held < rent {
        // transfer: lamports
        let mut data = [0u8; 12];
        data[0] = 2;
        data[4..12].copy_from_slice(&rent.saturating_sub(held).to_le_bytes());
        call(&[parties[0], (account, Role::Write)], &data)?;
    }
    // allocate: space
    data[8] = 8;
    data[9..12].fill(0);
    call(&parties[1..], &data[8..20])?;
    // assign: owner
    data[16] = 1;
    data[17..20].fill(0);
    call(&parties[1..], &data[16..52])
}

/// Bytes a token account of `mint` needs.
///
/// SPL Token accounts have 165. A Token-2022 account adds its kind and an entry for each extension its mint demands of it;
/// of those the policy admits, only the transfer fee does (`TransferFeeAmount`: 4 + 8).
#[inline(always)]
pub fn token_account_space(token_program: &Address, has_transfer_fee: bool) -> usize {
    if token_program == &crate::ids::TOKEN_2022 && has_transfer_fee {
        crate::token::ACCOUNT_LEN + 1 + 4 + 8
    } else {
        crate::token::ACCOUNT_LEN
    }
}
