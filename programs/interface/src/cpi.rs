//! Calls to SPL Token and Token-2022 as fixed-size stack buffers.
//!
//! The instruction bytes are the same for both programs, so one function serves both: the caller passes the program it has
//! checked. Anchor's token helpers build heap instructions (a naive swap costs 21,000 CU through them). What their typed
//! handles guard is the caller's duty here: no typed borrow of a passed account may be *used* across the call except through
//! zero-copy views, which read the runtime's buffer afresh.

use pinocchio::{
    account::AccountView,
    cpi::{invoke_signed_unchecked, CpiAccount, Signer},
    instruction::{InstructionAccount, InstructionView},
    Address, ProgramResult,
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
    call(
        token_program,
        &[
            InstructionAccount::writable(mint.address()),
            InstructionAccount::writable(to.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ],
        [mint, to, authority],
        &data,
        signers,
    )
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
    call(
        token_program,
        &[
            InstructionAccount::writable(from.address()),
            InstructionAccount::writable(mint.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ],
        [from, mint, authority],
        &data,
        signers,
    )
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
    call(
        token_program,
        &[
            InstructionAccount::writable(account.address()),
            InstructionAccount::writable(destination.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ],
        [account, destination, authority],
        &[9],
        signers,
    )
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
    call(
        token_program,
        &[
            InstructionAccount::writable(account.address()),
            InstructionAccount::readonly(mint.address()),
        ],
        [account, mint],
        &data,
        &[],
    )
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
    call(
        token_program,
        &[InstructionAccount::writable(mint.address())],
        [mint],
        &data,
        &[],
    )
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
