//! What the rest of a transaction says, read from the instructions sysvar.
//!
//! The runtime writes it: the number of instructions (u16), the offset of each (u16), the instructions, and last the number of
//! the running one (u16). An instruction is the number of its accounts (u16), of each account flags (u8) and address, then the
//! program, the length of the data (u16) and the data. Instructions that programs call are not in it. Every access is checked:
//! bytes of another shape are read as zeros, and nothing counts.

use {
    crate::constants::{FLASH_ACCOUNTS, FLASH_BORROW, FLASH_POOL, FLASH_REPAY},
    anchor_lang::prelude::Address,
};

/// Bytes of an account's entry: flags and address.
const ACCOUNT_LEN: usize = 33;
const ADDRESS_LEN: usize = 32;
const WORD: usize = 2;

/// How often a pool is borrowed from and repaid to by the instructions after the running one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loans {
    /// Instructions that borrow.
    pub borrows: u16,
    /// Instructions that repay.
    pub repays: u16,
}

/// Reads the instructions after the running one.
///
/// An instruction counts when it is `program`'s, its first byte is that of borrowing or repaying, it has all accounts and
/// names `pool` where the pool stands. What counts is executed or fails the transaction.
#[inline(never)]
pub fn loans_ahead(sysvar: &[u8], program: &Address, pool: &Address) -> Loans {
    let mut loans = Loans::default();
    // offsets are 16 bits wide: in a longer one they may have wrapped and point at bytes of somebody's choice
    if sysvar.len() > usize::from(u16::MAX) {
        return loans;
    }
    let count = word_at(sysvar, 0);
    let mut number = word_at(sysvar, sysvar.len().saturating_sub(WORD));
    loop {
        number = number.saturating_add(1);
        if number >= count {
            return loans;
        }
        let start = word_at(sysvar, number.saturating_mul(WORD).saturating_add(WORD));
        match kind_of(sysvar, start, program, pool) {
            FLASH_BORROW => loans.borrows = loans.borrows.saturating_add(1),
            FLASH_REPAY => loans.repays = loans.repays.saturating_add(1),
            _ => {}
        }
    }
}

/// First byte of the data of the instruction that starts there, if it is the program's, has all accounts and names the pool;
/// else zero.
fn kind_of(sysvar: &[u8], start: usize, program: &Address, pool: &Address) -> u8 {
    let accounts = word_at(sysvar, start);
    let first = start.saturating_add(WORD);
    let program_at = accounts.saturating_mul(ACCOUNT_LEN).saturating_add(first);
    let length_at = program_at.saturating_add(ADDRESS_LEN);
    let is_counted = accounts >= FLASH_ACCOUNTS
        && is_at(sysvar, program_at, program)
        && is_at(sysvar, first.saturating_add(POOL_OFFSET), pool)
        && word_at(sysvar, length_at) != 0;
    if !is_counted {
        return 0;
    }
    sysvar.get(length_at.saturating_add(WORD)).copied().unwrap_or(0)
}

/// Where the pool's address stands behind the number of accounts.
const POOL_OFFSET: usize = FLASH_POOL * ACCOUNT_LEN + 1;

/// Zero beyond the end.
#[inline(never)]
fn word_at(data: &[u8], offset: usize) -> usize {
    data.get(offset..)
        .and_then(|rest| rest.first_chunk::<WORD>())
        .map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)))
}

#[inline(never)]
fn is_at(data: &[u8], offset: usize, address: &Address) -> bool {
    data.get(offset..)
        .and_then(|rest| rest.first_chunk::<ADDRESS_LEN>())
        .is_some_and(|bytes| bytes == address.as_array())
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*, std::vec::Vec};

    const PROGRAM: Address = Address::new_from_array([7; 32]);
    const POOL: Address = Address::new_from_array([9; 32]);
    const OTHER: Address = Address::new_from_array([8; 32]);

    struct Ix {
        program: Address,
        accounts: Vec<Address>,
        data: Vec<u8>,
    }

    /// As the runtime writes it.
    fn sysvar(instructions: &[Ix], running: u16) -> Vec<u8> {
        let mut bytes = (instructions.len() as u16).to_le_bytes().to_vec();
        bytes.extend(std::iter::repeat_n(0u8, 2 * instructions.len()));
        for (number, ix) in instructions.iter().enumerate() {
            let start = (bytes.len() as u16).to_le_bytes();
            bytes[2 + 2 * number..4 + 2 * number].copy_from_slice(&start);
            bytes.extend((ix.accounts.len() as u16).to_le_bytes());
            for account in &ix.accounts {
                bytes.push(3);
                bytes.extend(account.as_array());
            }
            bytes.extend(ix.program.as_array());
            bytes.extend((ix.data.len() as u16).to_le_bytes());
            bytes.extend(&ix.data);
        }
        bytes.extend(running.to_le_bytes());
        bytes
    }

    fn ix(data: &[u8]) -> Ix {
        let mut accounts = std::vec![OTHER; FLASH_ACCOUNTS];
        accounts[FLASH_POOL] = POOL;
        Ix {
            program: PROGRAM,
            accounts,
            data: data.to_vec(),
        }
    }

    fn read(instructions: &[Ix], running: u16) -> Loans {
        loans_ahead(&sysvar(instructions, running), &PROGRAM, &POOL)
    }

    fn loans(borrows: u16, repays: u16) -> Loans {
        Loans { borrows, repays }
    }

    #[test]
    fn only_what_follows_the_running_instruction_counts() {
        let all = [ix(&[13]), ix(&[12]), ix(&[5, 1]), ix(&[13]), ix(&[12, 9]), ix(&[13, 0])];
        assert_eq!(read(&all, 1), loans(1, 2));
        assert_eq!(read(&all, 0), loans(2, 2));
        assert_eq!(read(&all, 4), loans(0, 1));
        assert_eq!(read(&all, 5), loans(0, 0));
        assert_eq!(read(&all, u16::MAX), loans(0, 0));
    }

    #[test]
    fn another_program_pool_position_discriminator_or_fewer_accounts_do_not_count() {
        let with = |change: fn(&mut Ix)| {
            let mut repay = ix(&[13]);
            change(&mut repay);
            read(&[ix(&[12]), repay], 0)
        };
        assert_eq!(with(|_| {}), loans(0, 1));
        assert_eq!(with(|it| it.program = OTHER), loans(0, 0));
        assert_eq!(with(|it| it.accounts[FLASH_POOL] = OTHER), loans(0, 0));
        assert_eq!(with(|it| it.accounts.swap(FLASH_POOL, FLASH_POOL + 1)), loans(0, 0));
        assert_eq!(with(|it| it.accounts.truncate(FLASH_ACCOUNTS - 1)), loans(0, 0));
        assert_eq!(with(|it| it.accounts.clear()), loans(0, 0));
        assert_eq!(with(|it| it.data = std::vec![14]), loans(0, 0));
        assert_eq!(with(|it| it.data.clear()), loans(0, 0));
        assert_eq!(with(|it| it.accounts.push(OTHER)), loans(0, 1));
    }

    #[test]
    fn nothing_counts_in_a_sysvar_whose_offsets_may_have_wrapped() {
        let mut bytes = sysvar(&[ix(&[12]), ix(&[13])], 0);
        let running = bytes.split_off(bytes.len() - 2);
        assert_eq!(
            loans_ahead(&[&bytes[..], &running[..]].concat(), &PROGRAM, &POOL).repays,
            1
        );
        bytes.resize(usize::from(u16::MAX), 0);
        bytes.extend(running);
        assert_eq!(loans_ahead(&bytes, &PROGRAM, &POOL), Loans::default());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = loans_ahead(&bytes, &PROGRAM, &POOL);
        }

        #[test]
        fn a_damaged_sysvar_is_read_without_a_panic(
            at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()
        ) {
            let mut bytes = sysvar(&[ix(&[12]), ix(&[13]), ix(&[])], 0);
            let position = at.index(bytes.len());
            bytes[position] = byte;
            bytes.truncate(cut.index(bytes.len()));
            let _ = loans_ahead(&bytes, &PROGRAM, &POOL);
        }
    }
}
