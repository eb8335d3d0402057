//! What a person does: stake, open ballots, vote, propose.

use {
    super::{
        ballot_address, calls, find, instruction, metas, person, proposal_address, stake_address, wallet_address,
        PROGRAM,
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
        Self::at(rpc, realm, link.person, wallet).await
    }

    /// A person as `wallet` acts on it: the person's own, or one it had before, to whom its stake still belongs.
    pub async fn at(rpc: &Rpc, realm: Address, person: Address, wallet: Address) -> Result<Self> {
        let state: Realm = accounts::fetch(rpc, &PROGRAM, &realm).await?;
        let mint = crate::tokens::mint(rpc, &state.governing_mint).await?;
        Ok(Self {
            person,
            wallet,
            realm,
            mint: mint.address,
            token_program: mint.token_program,
        })
    }

    /// The stake this wallet has deposited for the person.
    pub fn stake(&self) -> Address {
        stake_address(&self.realm, &self.person, &self.wallet)
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
            person: self.person,
            ballot: self.ballot(epoch),
            rent_payer,
        };
        instruction(accounts, calls::CloseBallot {})
    }

    /// Sets the votes on a proposal.
    pub fn cast_votes(&self, epoch: u32, proposal: Address, option: u8, votes: u32) -> Instruction {
        let accounts = metas::CastVotes {
            voter: self.wallet,
            person: self.person,
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

    /// Freezes a draft.
    pub fn submit_proposal(&self, proposal: Address) -> Instruction {
        let accounts = metas::SubmitProposal {
            authority: self.wallet,
            person: self.person,
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
                person: self.person,
                proposal,
            },
            calls::CancelProposal {},
        )
    }
    /// Moves the person to another wallet: both sign, or a recovery to it is due and only the new one does. `payer` pays for the
    /// new link, `rent_payer` gets the old one's rent.
    pub fn move_wallet(
        &self,
        payer: Address,
        new_wallet: Address,
        rent_payer: Address,
        both_sign: bool,
    ) -> Instruction {
        let accounts = metas::MoveWallet {
            payer,
            wallet: self.wallet,
            new_wallet,
            person: self.person,
            old_link: wallet_address(&self.realm, &self.wallet),
            rent_payer,
            new_link: wallet_address(&self.realm, &new_wallet),
            system_program: ids::SYSTEM,
        };
        let mut made = instruction(accounts, calls::MoveWallet {});
        if both_sign {
            for meta in made.accounts.iter_mut().filter(|meta| meta.pubkey == self.wallet) {
                meta.is_signer = true;
            }
        }
        made
    }

    /// Cancels a recovery.
    pub fn cancel_recovery(&self) -> Instruction {
        let accounts = metas::CancelRecovery {
            wallet: self.wallet,
            person: self.person,
        };
        instruction(accounts, calls::CancelRecovery {})
    }

    /// Who paid for the wallet's link.
    pub async fn link_payer(&self, rpc: &Rpc) -> Result<Address> {
        let link: PersonByWallet = accounts::fetch(rpc, &PROGRAM, &wallet_address(&self.realm, &self.wallet)).await?;
        Ok(link.rent_payer)
    }

    /// The person's account.
    pub async fn state(&self, rpc: &Rpc) -> Result<super::Person> {
        person(rpc, &self.person).await
    }
}
