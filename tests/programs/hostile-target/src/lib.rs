//! The program that a community should never vote to call: it turns the treasury's signature and every account it is handed
//! against the realm. Tests vote for it and show that what was not declared still does not happen.
//!
//! The first byte of the data says what it tries.

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

use {
    core::mem::MaybeUninit,
    pinocchio::{
        cpi::invoke_with_bounds,
        error::ProgramError,
        instruction::{InstructionAccount, InstructionView},
        AccountView, Address, ProgramResult,
    },
};

/// Hands all accounts but the first on to the first one, a program, each as writable and signing as it came, with the bytes that
/// follow.
pub const RELAY: u8 = 0;
/// Overwrites the first byte of the first account's data.
pub const WRITE: u8 = 1;
/// Doubles the length of the first account's data.
pub const GROW: u8 = 2;
/// Makes itself the owner of the first account.
pub const ASSIGN: u8 = 3;
/// Takes a lamport from the first account for the second.
pub const TAKE: u8 = 4;

/// Most accounts it hands on.
pub const MOST_ACCOUNTS: usize = 20;

#[cfg(target_os = "solana")]
pinocchio::program_entrypoint!(process, 32);

/// The program.
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let (tag, rest) = data.split_first().ok_or(ProgramError::InvalidInstructionData)?;
    let (first, others) = accounts.split_first_mut().ok_or(ProgramError::NotEnoughAccountKeys)?;
    match *tag {
        RELAY => relay(first.address(), others, rest),
        WRITE => {
            // SAFETY: nothing else refers to the data; whether it may be written is the runtime's to say.
            let bytes = unsafe { first.borrow_unchecked_mut() };
            *bytes.first_mut().ok_or(ProgramError::AccountDataTooSmall)? = 0xff;
            Ok(())
        }
        GROW => {
            let length = u64::try_from(first.data_len()).map_err(|_| ProgramError::ArithmeticOverflow)?;
            // SAFETY: the runtime keeps 10,240 bytes behind the data to grow into, and compares length and owner afterwards.
            unsafe { (*first.account_mut_ptr()).data_len = length.saturating_mul(2) };
            Ok(())
        }
        ASSIGN => {
            // SAFETY: no reference to the owner is alive.
            unsafe { first.assign(program) };
            Ok(())
        }
        TAKE => {
            let second = others.first_mut().ok_or(ProgramError::NotEnoughAccountKeys)?;
            first.set_lamports(first.lamports().saturating_sub(1));
            second.set_lamports(second.lamports().saturating_add(1));
            Ok(())
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn relay(program: &Address, accounts: &[AccountView], data: &[u8]) -> ProgramResult {
    let mut metas = [const { MaybeUninit::<InstructionAccount>::uninit() }; MOST_ACCOUNTS];
    let count = accounts.len().min(MOST_ACCOUNTS);
    for (meta, view) in metas.iter_mut().zip(accounts) {
        meta.write(InstructionAccount::new(
            view.address(),
            view.is_writable(),
            view.is_signer(),
        ));
    }
    // SAFETY: the first `count` were written above.
    let metas = unsafe { core::slice::from_raw_parts(metas.as_ptr().cast(), count) };
    let instruction = InstructionView {
        program_id: program,
        accounts: metas,
        data,
    };
    invoke_with_bounds::<MOST_ACCOUNTS, _>(&instruction, accounts)
}
