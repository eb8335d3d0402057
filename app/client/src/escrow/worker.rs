//! What a slot's worker does.

use {
    super::{
        calls, instruction, metas, payout_address, provider_address, result_commitment, slot_address, vault_address,
        JobToken, SlotOffer,
    },
    crate::Address,
    commonweal_interface::ids,
    solana_program::instruction::Instruction,
};

/// A slot, as the one who works it addresses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Who signs: the provider's authority, or its session key where no money moves.
    pub key: Address,
    /// The provider.
    pub provider: Address,
    /// The slot.
    pub slot: Address,
}

impl Worker {
    /// The slot `index` of the provider that `authority` owns.
    pub fn of_authority(authority: Address, index: u16) -> Self {
        let provider = provider_address(&authority);
        Self {
            key: authority,
            provider,
            slot: slot_address(&provider, index),
        }
    }

    /// Adds this slot under a config; its index is the provider's next one.
    pub fn add_slot(&self, config: Address, model_id: u32, vram_mib: u32, offer: SlotOffer) -> Instruction {
        let accounts = metas::AddSlot {
            authority: self.key,
            provider: self.provider,
            slot: self.slot,
            config,
            system_program: ids::SYSTEM,
        };
        instruction(
            accounts,
            calls::AddSlot {
                model_id,
                vram_mib,
                offer,
            },
        )
    }

    /// Changes asks, pauses or resumes.
    pub fn update_slot(&self, offer: SlotOffer) -> Instruction {
        let accounts = metas::UpdateSlot {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
        };
        instruction(accounts, calls::UpdateSlot { offer })
    }

    /// Adds to the bond.
    pub fn deposit_bond(&self, lamports: u64) -> Instruction {
        let accounts = metas::DepositBond {
            authority: self.key,
            provider: self.provider,
            slot: self.slot,
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::DepositBond { lamports })
    }

    /// Takes free bond out.
    pub fn withdraw_bond(&self, lamports: u64) -> Instruction {
        let accounts = metas::WithdrawBond {
            authority: self.key,
            provider: self.provider,
            slot: self.slot,
        };
        instruction(accounts, calls::WithdrawBond { lamports })
    }

    /// Takes a job. The slot hashes, by which the lot decides while an order spreads, are always named.
    pub fn claim_job(&self, job: Address, uid: [u8; 32]) -> Instruction {
        let accounts = metas::ClaimJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
            slot_hashes: Some(solana_program::sysvar::slot_hashes::ID),
        };
        instruction(accounts, calls::ClaimJob { uid })
    }

    /// Gives a claimed job back.
    pub fn decline_job(&self, job: Address) -> Instruction {
        let accounts = metas::WorkOnJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::DeclineJob {})
    }

    /// Starts a claimed job, attesting its input.
    pub fn start_job(&self, job: Address, input_hash: [u8; 32]) -> Instruction {
        let accounts = metas::WorkOnJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::StartJob { input_hash })
    }

    /// Commits to the hash of a result.
    pub fn commit_result(&self, job: Address, result: &[u8; 32], salt: &[u8; 32], uid: &[u8; 32]) -> Instruction {
        let accounts = metas::WorkOnJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        let commitment = result_commitment(result, salt, &self.slot, uid);
        instruction(accounts, calls::CommitResult { commitment })
    }

    /// Shows the hash of the result.
    pub fn reveal_result(&self, job: Address, result: [u8; 32], salt: [u8; 32]) -> Instruction {
        let accounts = metas::WorkOnJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::RevealResult { result, salt })
    }

    /// Pays the slot's earnings in `mint` to a token account.
    pub fn withdraw_payout(&self, token: &JobToken, destination: Address) -> Instruction {
        let payout = payout_address(&self.slot, &token.mint);
        let accounts = metas::WithdrawPayout {
            authority: self.key,
            provider: self.provider,
            payout,
            payout_vault: vault_address(&payout),
            destination,
            mint: token.mint,
            token_program: token.program,
        };
        instruction(accounts, calls::WithdrawPayout {})
    }

    /// Closes the emptied payout of a mint.
    pub fn close_payout(&self, token: &JobToken, surplus_token: Address, rent_payer: Address) -> Instruction {
        let payout = payout_address(&self.slot, &token.mint);
        let accounts = metas::ClosePayout {
            authority: self.key,
            provider: self.provider,
            payout,
            payout_vault: vault_address(&payout),
            surplus_token,
            rent_payer,
            mint: token.mint,
            token_program: token.program,
        };
        instruction(accounts, calls::ClosePayout {})
    }
}
