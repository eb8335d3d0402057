//! Paying a treasury what a pool owes it.

use {
    super::{instruction, Located, PoolConfig, Side, PROGRAM},
    crate::{accounts, rpc::Rpc, tokens::create_associated, Address, Error, Result},
    commonweal_interface::ids,
    liquidity_pool::{
        accounts as metas,
        constants::{LEG_A, LEG_B},
        instruction as calls,
    },
    solana_program::instruction::Instruction,
};

/// A collection of a pool's protocol fees, as of one moment.
pub struct Collection {
    /// The pool.
    pub located: Located,
    /// Who is paid, by the pool's config.
    pub treasury: Address,
    sides: Vec<Side>,
}

impl Collection {
    /// All that the pool owes, or what it owes of one mint: an account frozen on one side holds back that side only.
    pub async fn fetch(rpc: &Rpc, address: Address, only: Option<&Address>) -> Result<Self> {
        let located = Located::fetch(rpc, address).await?;
        let config: PoolConfig = accounts::fetch(rpc, &PROGRAM, &located.pool.config).await?;
        Self::of(located, config.treasury, only)
    }

    fn of(located: Located, treasury: Address, only: Option<&Address>) -> Result<Self> {
        let only = only.map(|mint| located.side(mint)).transpose()?;
        let sides: Vec<Side> = [Side::A, Side::B]
            .into_iter()
            .filter(|side| only.is_none_or(|only| only == *side) && located.owed_atoms(*side) > 0)
            .collect();
        if sides.is_empty() {
            return Err(Error::refused(
                format!("pool {} owes its treasury nothing of this", located.address),
                "Wait for swaps, and for a protocol share above zero",
            ));
        }
        Ok(Self {
            located,
            treasury,
            sides,
        })
    }

    /// The sides that are paid: those chosen that owe something.
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// The treasury's canonical account of a side's token.
    pub fn treasury_account(&self, side: Side) -> Address {
        self.located.account_of(&self.treasury, side)
    }

    /// Creates the treasury's accounts that are paid, unless they exist, at the cost of `payer`, and pays them.
    pub fn instructions(&self, payer: &Address) -> Vec<Instruction> {
        let mut legs = 0;
        let mut instructions = Vec::new();
        for side in &self.sides {
            legs |= match side {
                Side::A => LEG_A,
                Side::B => LEG_B,
            };
            let token = self.located.token(*side);
            instructions.push(create_associated(payer, &self.treasury, &token.mint, &token.program));
        }
        let (treasury_a, treasury_b) = (self.treasury_account(Side::A), self.treasury_account(Side::B));
        instructions.push(self.located.collect_protocol_fees([treasury_a, treasury_b], legs));
        instructions
    }
}

impl Located {
    /// What a side owes the treasury.
    pub fn owed_atoms(&self, side: Side) -> u64 {
        match side {
            Side::A => self.pool.protocol_owed_a_atoms.get(),
            Side::B => self.pool.protocol_owed_b_atoms.get(),
        }
    }

    /// Pays token accounts of the treasury what the sides of `legs` owe. Anyone may.
    pub fn collect_protocol_fees(&self, [treasury_a, treasury_b]: [Address; 2], legs: u8) -> Instruction {
        let accounts = metas::CollectProtocolFees {
            pool: self.address,
            config: self.pool.config,
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
            treasury_a,
            treasury_b,
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
            token_program: ids::TOKEN,
        };
        self.with_token_2022(instruction(accounts, calls::CollectProtocolFees { legs }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn located(owed_a_atoms: u64, owed_b_atoms: u64) -> Located {
        let mut pool: super::super::Pool = bytemuck::Zeroable::zeroed();
        (pool.mint_a, pool.mint_b) = (key(1), key(2));
        pool.protocol_owed_a_atoms = owed_a_atoms.into();
        pool.protocol_owed_b_atoms = owed_b_atoms.into();
        Located { address: key(3), pool }
    }

    fn planned(located: Located, only: Option<&Address>) -> Option<(usize, u8)> {
        let collection = Collection::of(located, key(4), only).ok()?;
        let instructions = collection.instructions(&key(5));
        let legs = *instructions.last()?.data.last()?;
        Some((instructions.len(), legs))
    }

    #[test]
    fn legs_are_the_sides_that_owe_something() {
        assert_eq!(planned(located(7, 9), None), Some((3, 3)));
        assert_eq!(planned(located(7, 0), None), Some((2, 1)));
        assert_eq!(planned(located(0, 9), None), Some((2, 2)));
        assert_eq!(planned(located(0, 0), None), None);
    }

    #[test]
    fn one_mint_may_be_chosen() {
        assert_eq!(planned(located(7, 9), Some(&key(1))), Some((2, 1)));
        assert_eq!(planned(located(7, 9), Some(&key(2))), Some((2, 2)));
        assert_eq!(planned(located(7, 0), Some(&key(2))), None);
        assert_eq!(planned(located(7, 9), Some(&key(9))), None);
    }

    #[test]
    fn nobody_signs_but_who_pays_for_the_accounts() {
        let collection = Collection::of(located(7, 9), key(4), None).unwrap();
        let instructions = collection.instructions(&key(5));
        let [create_a, create_b, collect] = instructions.as_slice() else {
            panic!("two accounts and a collection");
        };
        assert!(collect.accounts.iter().all(|meta| !meta.is_signer));
        let named = |instruction: &Instruction, index: usize| instruction.accounts.get(index).map(|meta| meta.pubkey);
        let accounts = [Side::A, Side::B].map(|side| Some(collection.treasury_account(side)));
        assert_eq!([named(collect, 4), named(collect, 5)], accounts);
        assert_eq!([named(create_a, 1), named(create_b, 1)], accounts);
    }
}
