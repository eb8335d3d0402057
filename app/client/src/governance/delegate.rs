//! Lending one's budget to a delegate, and voting with what was lent.

use {
    super::{calls, instruction, metas, pool_address, Member},
    crate::Address,
    commonweal_interface::ids,
    solana_program::instruction::Instruction,
};

impl Member {
    /// The pool of what is lent to this person.
    pub fn pool(&self) -> Address {
        pool_address(&self.realm, &self.person)
    }

    /// Opens the pool of what is lent to this person.
    pub fn open_pool(&self) -> Instruction {
        let accounts = metas::OpenPool {
            wallet: self.wallet,
            realm: self.realm,
            delegate: self.person,
            pool: self.pool(),
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::OpenPool {})
    }

    /// Closes the pool, when nobody lends any more.
    pub fn close_pool(&self, rent_payer: Address) -> Instruction {
        let accounts = metas::ClosePool {
            wallet: self.wallet,
            realm: self.realm,
            delegate: self.person,
            pool: self.pool(),
            rent_payer,
        };
        instruction(accounts, calls::ClosePool {})
    }

    /// Lends the budget to a delegate's person, from the next epoch on; `with_stake` says whether a stake exists and counts.
    pub fn join_delegate(&self, delegate: Address, with_stake: bool) -> Instruction {
        let accounts = metas::JoinDelegate {
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            stake: with_stake.then(|| self.stake()),
            delegate,
            pool: pool_address(&self.realm, &delegate),
        };
        instruction(accounts, calls::JoinDelegate {})
    }

    /// Makes a delegation last as long as one given now would.
    pub fn extend_delegation(&self, delegate: Address) -> Instruction {
        let accounts = metas::ExtendDelegation {
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            pool: pool_address(&self.realm, &delegate),
        };
        instruction(accounts, calls::ExtendDelegation {})
    }

    /// Sets what the pool gives to a proposal: a share of every lent root, 65,536 for the whole.
    pub fn cast_delegated(&self, proposal: Address, option: u8, share_q16: u32) -> Instruction {
        let accounts = metas::CastDelegated {
            wallet: self.wallet,
            delegate: self.person,
            pool: self.pool(),
            proposal,
        };
        instruction(accounts, calls::CastDelegated { option, share_q16 })
    }
}
