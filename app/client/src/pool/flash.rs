//! Flash loans: what is borrowed at the start of a transaction and repaid later in it.

use {
    super::{calls, instruction, metas, Located, Side},
    crate::Address,
    commonweal_interface::{ids, math::mul_div_ceil},
    solana_program::{instruction::Instruction, sysvar},
};

/// Parts of a million.
const PPM: u64 = 1_000_000;

/// What borrowing `atoms` costs at a rate, rounded up as the program does.
pub fn flash_fee(atoms: u64, fee_ppm: u32) -> Option<u64> {
    mul_div_ceil(atoms, u64::from(fee_ppm), PPM)
}

impl Located {
    fn flash_accounts(&self, borrower: Address) -> metas::FlashLoan {
        metas::FlashLoan {
            borrower,
            pool: self.address,
            config: self.pool.config,
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
            borrower_a: self.account_of(&borrower, Side::A),
            borrower_b: self.account_of(&borrower, Side::B),
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
            instructions: sysvar::instructions::ID,
            token_program: ids::TOKEN,
        }
    }

    /// Borrows both amounts, does what is `between`, and repays with the fee. All of it stands at the top level of one
    /// transaction, or none of it happens.
    pub fn flash(
        &self,
        borrower: Address,
        [a_atoms, b_atoms]: [u64; 2],
        between: Vec<Instruction>,
    ) -> Vec<Instruction> {
        let borrow = instruction(self.flash_accounts(borrower), calls::FlashBorrow { a_atoms, b_atoms });
        let repay = instruction(self.flash_accounts(borrower), calls::FlashRepay {});
        let mut instructions = vec![self.with_token_2022(borrow)];
        instructions.extend(between);
        instructions.push(self.with_token_2022(repay));
        instructions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loans_fee_is_rounded_up() {
        assert_eq!(flash_fee(1_000_000, 900), Some(900));
        assert_eq!(flash_fee(1, 900), Some(1));
        assert_eq!(flash_fee(0, 900), Some(0));
        assert_eq!(flash_fee(u64::MAX, 100_000), Some(1_844_674_407_370_955_162));
    }

    #[test]
    fn a_loan_wraps_what_is_between() {
        let located = Located {
            address: Address::new_from_array([3; 32]),
            pool: bytemuck::Zeroable::zeroed(),
        };
        let between = Instruction::new_with_bytes(ids::SYSTEM, &[7], vec![]);
        let all = located.flash(Address::new_from_array([5; 32]), [1, 2], vec![between.clone()]);
        let programs: Vec<_> = all.iter().map(|instruction| instruction.program_id).collect();
        assert_eq!(programs, vec![ids::LIQUIDITY_POOL, ids::SYSTEM, ids::LIQUIDITY_POOL]);
        let first_bytes: Vec<_> = all
            .iter()
            .map(|instruction| instruction.data.first().copied())
            .collect();
        assert_eq!(first_bytes, vec![Some(12), Some(7), Some(13)]);
    }
}
