//! What a person does: stake, open ballots, vote, propose.

use {
    super::{
        action_address, ballot_address, calls, find, instruction, metas, proposal_address, stake_address,
        wallet_address, Action, ActionCall, PROGRAM,
    },
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    commonweal_interface::ids,
    quadratic_governance::{
        constants::STAKE_VAULT_SEED,
        state::{PersonByWallet, Realm},
    },
    solana_program::instruction::Instruction,
};

/// A person with its address and realm.
#[derive(Clone, Copy)]
pub struct Member {
    /// Where the person is.
    pub person: Address,
    /// Its wallet.
    pub wallet: Address,
    /// Its realm.
    pub realm: Address,
    /// The realm's governing mint.
    pub mint: Address,
    /// The mint's program.
    pub token_program: Address,
}

impl Member {
    /// Finds the person that `wallet` acts for.
    pub async fn of_wallet(rpc: &Rpc, realm: Address, wallet: Address) -> Result<Self> {
        let link = wallet_address(&realm, &wallet);
        let link: PersonByWallet = accounts::find(rpc, &PROGRAM, &link).await?.ok_or_else(|| {
            Error::account(
                link,
                format!("a person of wallet {wallet}"),
                "nothing",
                "Register first: `commonweal gov person register`",
            )
        })?;
        let state: Realm = accounts::fetch(rpc, &PROGRAM, &realm).await?;
        let mint = crate::tokens::mint(rpc, &state.governing_mint).await?;
        Ok(Self {
            person: link.person,
            wallet,
            realm,
            mint: mint.address,
            token_program: mint.token_program,
        })
    }

    fn stake(&self) -> Address {
        stake_address(&self.realm, &self.person)
    }

    fn stake_vault(&self) -> Address {
        find(&[STAKE_VAULT_SEED, self.stake().as_ref()])
    }

    fn tokens(&self) -> Address {
        crate::tokens::associated(&self.wallet, &self.mint, &self.token_program)
    }

    /// Opens the stake with its vault.
    pub fn open_stake(&self) -> Instruction {
        let accounts = metas::OpenStake {
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            stake: self.stake(),
            vault: self.stake_vault(),
            governing_mint: self.mint,
            token_program: self.token_program,
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::OpenStake {})
    }

    /// Stakes from the wallet's canonical token account; it counts from the next epoch on.
    pub fn deposit_stake(&self, amount_atoms: u64) -> Instruction {
        let accounts = metas::DepositStake {
            depositor: self.wallet,
            realm: self.realm,
            stake: self.stake(),
            vault: self.stake_vault(),
            source: self.tokens(),
            mint: self.mint,
            token_program: self.token_program,
        };
        instruction(accounts, calls::Stake { amount_atoms })
    }

    /// Takes stake back.
    pub fn withdraw_stake(&self, amount_atoms: u64) -> Instruction {
        let accounts = metas::WithdrawStake {
            depositor: self.wallet,
            realm: self.realm,
            person: self.person,
            stake: self.stake(),
            vault: self.stake_vault(),
            destination: self.tokens(),
            mint: self.mint,
            token_program: self.token_program,
        };
        instruction(accounts, calls::Unstake { amount_atoms })
    }

    /// Closes an empty stake; its rent returns.
    pub fn close_stake(&self) -> Instruction {
        let accounts = metas::CloseStake {
            depositor: self.wallet,
            stake: self.stake(),
            vault: self.stake_vault(),
            destination: self.tokens(),
            mint: self.mint,
            token_program: self.token_program,
        };
        instruction(accounts, calls::CloseStake {})
    }

    /// The person's ballot of an epoch.
    pub fn ballot(&self, epoch: u32) -> Address {
        ballot_address(&self.realm, &self.person, epoch)
    }

    /// Opens the ballot of the current epoch, its rent lent by `payer`; `with_stake` says whether a stake exists and counts.
    pub fn open_ballot(&self, payer: Address, epoch: u32, with_stake: bool) -> Instruction {
        let accounts = metas::OpenBallot {
            payer,
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            stake: with_stake.then(|| self.stake()),
            ballot: self.ballot(epoch),
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::OpenBallot { epoch })
    }

    /// Closes the ballot of an epoch that has ended.
    pub fn close_ballot(&self, epoch: u32, rent_payer: Address) -> Instruction {
        let accounts = metas::CloseBallot {
            closer: self.wallet,
            ballot: self.ballot(epoch),
            rent_payer,
        };
        instruction(accounts, calls::CloseBallot {})
    }

    /// Sets the votes on a proposal.
    pub fn cast_votes(&self, epoch: u32, proposal: Address, option: u8, votes: u32) -> Instruction {
        let accounts = metas::CastVotes {
            voter: self.wallet,
            ballot: self.ballot(epoch),
            proposal,
        };
        instruction(accounts, calls::CastVotes { option, votes })
    }

    /// Drafts the proposal with the realm's next index.
    pub fn create_proposal(&self, index: u32, content_hash: [u8; 32], choices: u8) -> Instruction {
        let accounts = metas::CreateProposal {
            wallet: self.wallet,
            person: self.person,
            realm: self.realm,
            proposal: proposal_address(&self.realm, index),
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::CreateProposal { content_hash, choices })
    }

    /// Binds `call` to a choice of a draft as its action number `index`; nothing may leave the lane but what is declared.
    pub fn add_action(&self, proposal: Address, index: u8, action: &Action) -> Instruction {
        let accounts = metas::AddAction {
            authority: self.wallet,
            realm: self.realm,
            proposal,
            action: action_address(&proposal, index),
            system_program: ids::SYSTEM,
        };
        let call = ActionCall {
            choice: action.choice,
            lane: action.lane,
            program: action.call.program_id.to_bytes(),
            outflow_lamports: action.outflow_lamports,
            outflow_mint: action.outflow_mint.to_bytes(),
            outflow_atoms: action.outflow_atoms,
            accounts: action.accounts(),
            data: action.call.data.clone(),
        };
        instruction(accounts, calls::AddAction { call })
    }

    /// Freezes a draft.
    pub fn submit_proposal(&self, proposal: Address) -> Instruction {
        let accounts = metas::SubmitProposal {
            authority: self.wallet,
            realm: self.realm,
            proposal,
        };
        instruction(accounts, calls::SubmitProposal {})
    }

    /// Withdraws a proposal before its vote.
    pub fn cancel_proposal(&self, proposal: Address) -> Instruction {
        instruction(
            metas::CancelProposal {
                authority: self.wallet,
                proposal,
            },
            calls::CancelProposal {},
        )
    }
}
