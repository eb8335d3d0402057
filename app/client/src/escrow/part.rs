//! Redundant orders: several workers compute the same, and equal results win; and orders paid by milestones.

use {
    super::{
        calls, find, instruction, metas, payout_address, result_commitment, vault_address, Contribution, Order,
        Provider, Worker, CONTRIBUTION_SEED, PROGRAM,
    },
    crate::{accounts, rpc::Rpc, Address, Result},
    commonweal_interface::ids,
    compute_escrow::state::{Outcome, PART_REVEALED},
    solana_program::instruction::{AccountMeta, Instruction},
};

/// Where the job's uid stands in a contribution's bytes, for filters.
const PART_UID_OFFSET: usize = 16;

/// A worker's part in a redundant order, by who the worker is.
pub fn contribution_address(job: &Address, identity: &Address) -> Address {
    find(&[CONTRIBUTION_SEED, job.as_ref(), identity.as_ref()]).0
}

/// The parts of a redundant order.
pub async fn contributions(rpc: &Rpc, uid: &[u8; 32]) -> Result<Vec<(Address, Contribution)>> {
    accounts::list(rpc, &PROGRAM, &[(PART_UID_OFFSET, uid.to_vec())]).await
}

impl Worker {
    /// This worker's part in an order; `provider` is its provider's state.
    pub fn part_of(&self, order: &Order, provider: &Provider) -> Address {
        contribution_address(&order.address, &order.job.identity(&self.provider, provider))
    }

    /// Takes part in a redundant order. The signer pays the part's rent.
    pub fn join_job(&self, order: &Order, provider: &Provider) -> Instruction {
        let accounts = metas::TakePart {
            worker: self.key,
            payer: self.key,
            provider: self.provider,
            slot: self.slot,
            job: order.address,
            part: self.part_of(order, provider),
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::JoinJob { uid: order.job.uid })
    }

    fn on_part(&self, order: &Order, provider: &Provider) -> metas::WorkOnPart {
        metas::WorkOnPart {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job: order.address,
            part: self.part_of(order, provider),
        }
    }

    /// Commits to the hash of a result of a redundant order.
    pub fn commit_contribution(
        &self,
        order: &Order,
        provider: &Provider,
        result: &[u8; 32],
        salt: &[u8; 32],
    ) -> Instruction {
        let commitment = result_commitment(result, salt, &self.slot, &order.job.uid);
        instruction(self.on_part(order, provider), calls::CommitContribution { commitment })
    }

    /// Shows the hash of that result.
    pub fn reveal_contribution(
        &self,
        order: &Order,
        provider: &Provider,
        result: [u8; 32],
        salt: [u8; 32],
    ) -> Instruction {
        instruction(
            self.on_part(order, provider),
            calls::RevealContribution { result, salt },
        )
    }
}

impl Order {
    /// Compares the revealed results of a redundant order, or moves it on whose deadline has passed. `revealed` are all parts whose
    /// results are public; an order that is not in its reveal needs none.
    pub fn compare_results(&self, cranker: Address, revealed: &[Address]) -> Instruction {
        let accounts = metas::CompareResults {
            cranker,
            job: self.address,
        };
        let mut made = instruction(accounts, calls::CompareResults {});
        made.accounts
            .extend(revealed.iter().map(|part| AccountMeta::new_readonly(*part, false)));
        made
    }

    /// [`Self::compare_results`], with the parts looked up.
    pub async fn compare(&self, rpc: &Rpc, cranker: Address) -> Result<Instruction> {
        let parts = contributions(rpc, &self.job.uid).await?;
        let revealed: Vec<Address> = parts
            .into_iter()
            .filter(|(_, part)| part.state == PART_REVEALED)
            .map(|(address, _)| address)
            .collect();
        Ok(self.compare_results(cranker, &revealed))
    }

    /// Pays or lets go one worker of a decided redundant order. Anyone may.
    pub fn settle_contribution(&self, cranker: Address, address: Address, part: &Contribution) -> Instruction {
        let payout = payout_address(&part.slot, &self.token.mint);
        let is_paid = part.outcome(&self.job) == Outcome::Paid;
        let accounts = metas::SettleContribution {
            cranker,
            job: self.address,
            vault: vault_address(&self.address),
            contribution: address,
            rent_payer: part.rent_payer,
            client: self.job.client,
            slot: part.slot,
            payout: is_paid.then_some(payout),
            payout_vault: is_paid.then(|| vault_address(&payout)),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::SettleContribution {})
    }

    /// Pays a milestone of a running job at once, by its client.
    pub fn accept_milestone(&self, index: u8) -> Instruction {
        let payout = payout_address(&self.job.slot, &self.token.mint);
        let accounts = metas::AcceptMilestone {
            client: self.job.client,
            job: self.address,
            vault: vault_address(&self.address),
            slot: self.job.slot,
            payout,
            payout_vault: vault_address(&payout),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::AcceptMilestone { index })
    }
}
