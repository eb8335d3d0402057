//! What becomes of a job after it was posted.

use {
    super::{calls, instruction, metas, payout_address, vault_address, Job, JobToken, Moment, PROGRAM},
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Result},
    solana_program::instruction::Instruction,
};

/// A job with its address and what its instructions name.
#[derive(Clone, Copy)]
pub struct Order {
    /// Where.
    pub address: Address,
    /// What.
    pub job: Job,
    /// The mint it is paid in.
    pub token: JobToken,
}

impl Order {
    /// Fetches a job.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        let job: Job = accounts::fetch(rpc, &PROGRAM, &address).await?;
        let token = JobToken::fetch(rpc, &job.mint).await?;
        Ok(Self { address, job, token })
    }

    fn vault(&self) -> Address {
        vault_address(&self.address)
    }

    /// The client's canonical token account.
    pub fn client_token(&self) -> Address {
        associated(&self.job.client, &self.token.mint, &self.token.program)
    }

    /// Pays the provider after the challenge time. Anyone may.
    pub fn settle(&self) -> Instruction {
        let payout = payout_address(&self.job.slot, &self.token.mint);
        let accounts = metas::Settle {
            job: self.address,
            vault: self.vault(),
            slot: self.job.slot,
            payout,
            payout_vault: vault_address(&payout),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::Settle {})
    }

    /// Takes an open job back.
    pub fn cancel(&self, destination: Address) -> Instruction {
        let accounts = metas::TakeBack {
            client: self.job.client,
            job: self.address,
            vault: self.vault(),
            destination,
            rent_payer: self.job.rent_payer,
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::CancelJob {})
    }

    /// Pays a delayed refund to an account the client names.
    pub fn claim_refund(&self, destination: Address) -> Instruction {
        let accounts = metas::TakeBack {
            client: self.job.client,
            job: self.address,
            vault: self.vault(),
            destination,
            rent_payer: self.job.rent_payer,
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::ClaimRefund {})
    }

    /// Closes a paid job. Anyone may; `with_surplus` names the client's token account for what strangers sent to the vault.
    pub fn close(&self, with_surplus: bool) -> Instruction {
        let accounts = metas::CloseJob {
            job: self.address,
            vault: self.vault(),
            rent_payer: self.job.rent_payer,
            client_token: with_surplus.then(|| self.client_token()),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::CloseJob {})
    }

    /// Moves a job on whose deadline has passed. Anyone may, for the bounty.
    pub fn crank(&self, cranker: Address) -> Instruction {
        let has_slot = self.job.slot != Address::default();
        let accounts = metas::Crank {
            cranker,
            job: self.address,
            vault: self.vault(),
            client: self.job.client,
            rent_payer: self.job.rent_payer,
            client_token: self.client_token(),
            slot: has_slot.then_some(self.job.slot),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        instruction(accounts, calls::Crank {})
    }

    /// Whether the present state's time is over.
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.job.is_overdue(now).unwrap_or(false)
    }
}
