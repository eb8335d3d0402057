//! Depositing, withdrawing, claims of what could not be paid, and what anybody may do for a pool.

use {
    super::{calls, instruction, metas, quote::number, Claim, Located, Side, PROGRAM},
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Result},
    commonweal_interface::ids,
    liquidity_pool::constants::{CLAIM_SEED, LEGS_BOTH, LEG_A, LEG_B},
    solana_program::instruction::{AccountMeta, Instruction},
};

/// A deposit of one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSide {
    /// Which.
    pub side: Side,
    /// Atoms of what arrives that are sold for the other token.
    pub sold: u64,
    /// The most that may leave the provider in all.
    pub most: u64,
    /// The fewest shares that are accepted.
    pub least_shares: u64,
}

impl Located {
    fn deposit_accounts(&self, provider: Address) -> metas::Deposit {
        metas::Deposit {
            provider,
            pool: self.address,
            config: self.pool.config,
            lp_mint: self.pool.lp_mint,
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
            provider_a: self.account_of(&provider, Side::A),
            provider_b: self.account_of(&provider, Side::B),
            provider_lp: self.shares_of(&provider),
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
            token_program: ids::TOKEN,
        }
    }

    /// Deposits for exactly `lp_atoms` shares.
    pub fn deposit(&self, provider: Address, lp_atoms: u64, [max_a, max_b]: [u64; 2], deadline_ts: i64) -> Instruction {
        let data = calls::Deposit {
            lp_atoms,
            max_a_atoms: max_a,
            max_b_atoms: max_b,
            deadline_ts,
        };
        self.with_token_2022(instruction(self.deposit_accounts(provider), data))
    }

    /// Withdraws for `lp_atoms` shares. `legs` are the tokens that are paid, 1 for A and 2 for B; the other becomes the
    /// provider's claim, whose account the provider pays for unless it is there.
    pub fn withdraw(
        &self,
        provider: Address,
        lp_atoms: u64,
        [min_a, min_b]: [u64; 2],
        deadline_ts: i64,
        legs: u8,
    ) -> Instruction {
        let accounts = metas::Withdraw {
            provider,
            pool: self.address,
            lp_mint: self.pool.lp_mint,
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
            provider_a: self.account_of(&provider, Side::A),
            provider_b: self.account_of(&provider, Side::B),
            provider_lp: self.shares_of(&provider),
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
            token_program: ids::TOKEN,
        };
        let data = calls::Withdraw {
            lp_atoms,
            min_a_atoms: min_a,
            min_b_atoms: min_b,
            deadline_ts,
            legs,
        };
        let mut withdraw = self.with_token_2022(instruction(accounts, data));
        if legs == LEGS_BOTH {
            return withdraw;
        }
        // the provider pays for claims
        if let Some(meta) = withdraw.accounts.first_mut() {
            meta.is_writable = true;
        }
        let deferred = [(LEG_A, Side::A), (LEG_B, Side::B)]
            .into_iter()
            .filter(|(leg, _)| legs & leg == 0)
            .map(|(_, side)| AccountMeta::new(self.claim_address(&provider, side), false));
        withdraw.accounts.extend(deferred);
        withdraw.accounts.push(AccountMeta::new_readonly(ids::SYSTEM, false));
        withdraw
    }

    /// Deposits one token: of what arrives `sold` are sold with all the fees of a swap, and the rest is deposited beside what
    /// they bought.
    pub fn deposit_one_side(&self, provider: Address, deposit: OneSide, deadline_ts: i64) -> Instruction {
        let data = calls::DepositOneSide {
            side: number(deposit.side),
            swap_atoms: deposit.sold,
            max_total_atoms: deposit.most,
            min_lp_atoms: deposit.least_shares,
            deadline_ts,
        };
        self.with_token_2022(instruction(self.deposit_accounts(provider), data))
    }

    /// Gives the providers what was sent to the vaults. Anybody may.
    pub fn skim(&self) -> Instruction {
        let accounts = metas::Skim {
            pool: self.address,
            config: self.pool.config,
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
        };
        instruction(accounts, calls::Skim {})
    }

    /// Where an owner's claim of a side is.
    pub fn claim_address(&self, owner: &Address, side: Side) -> Address {
        let seeds = [
            CLAIM_SEED,
            self.address.as_ref(),
            owner.as_ref(),
            self.pool.mint(side).as_ref(),
        ];
        Address::find_program_address(&seeds, &PROGRAM).0
    }

    /// An owner's claim of a side, if there is one.
    pub async fn claim(&self, rpc: &Rpc, owner: &Address, side: Side) -> Result<Option<Claim>> {
        accounts::find(rpc, &PROGRAM, &self.claim_address(owner, side)).await
    }

    /// Pays a claim to `to`, or to the owner's canonical account, and closes it.
    pub fn claim_deferred(&self, owner: Address, side: Side, rent_payer: Address, to: Option<Address>) -> Instruction {
        let token = self.token(side);
        let accounts = metas::ClaimDeferred {
            owner,
            pool: self.address,
            claim: self.claim_address(&owner, side),
            vault_a: self.pool.vault_a,
            vault_b: self.pool.vault_b,
            destination: to.unwrap_or_else(|| associated(&owner, &token.mint, &token.program)),
            mint: token.mint,
            rent_payer,
            token_program: token.program,
        };
        instruction(accounts, calls::ClaimDeferred {})
    }

    /// Reads the mints again. Anybody may.
    pub fn sync_mint_risk(&self) -> Instruction {
        let accounts = metas::SyncMintRisk {
            pool: self.address,
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
        };
        instruction(accounts, calls::SyncMintRisk {})
    }
}
