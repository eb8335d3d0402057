//! Typed calls of the compute escrow.

use {
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Error, Result},
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_interface::ids,
    compute_escrow::{accounts as metas, constants::*, instruction as calls, instructions::InitializeConfigArgs},
    solana_program::instruction::Instruction,
};

pub use compute_escrow::{
    hash::result_commitment,
    math::deadline::Moment,
    state::{ConfigParams, EscrowConfig, Job, JobState, JobTerms, Payout, Provider, Slot, SlotOffer},
};

const PROGRAM: Address = ids::COMPUTE_ESCROW;
/// Where the state stands in a job's bytes, for filters.
const JOB_STATE_OFFSET: usize = 11;
/// Where the provider stands in a slot's bytes, for filters.
const SLOT_PROVIDER_OFFSET: usize = 16;

fn instruction(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: PROGRAM,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

fn find(seeds: &[&[u8]]) -> (Address, u8) {
    Address::find_program_address(seeds, &PROGRAM)
}

/// The config with this number.
pub fn config_address(id: u16) -> Address {
    find(&[CONFIG_SEED, &id.to_le_bytes()]).0
}

/// The provider of an authority.
pub fn provider_address(authority: &Address) -> Address {
    find(&[PROVIDER_SEED, authority.as_ref()]).0
}

/// A provider's slot.
pub fn slot_address(provider: &Address, index: u16) -> Address {
    find(&[SLOT_SEED, provider.as_ref(), &index.to_le_bytes()]).0
}

/// A client's job.
pub fn job_address(client: &Address, nonce: u64) -> Address {
    find(&[JOB_SEED, client.as_ref(), &nonce.to_le_bytes()]).0
}

/// The vault of a job or payout.
pub fn vault_address(parent: &Address) -> Address {
    find(&[VAULT_SEED, parent.as_ref()]).0
}

/// What a slot has earned in a mint.
pub fn payout_address(slot: &Address, mint: &Address) -> Address {
    find(&[PAYOUT_SEED, slot.as_ref(), mint.as_ref()]).0
}

/// Creates a config with its first payment mint.
pub fn initialize_config(payer: Address, realm: Address, mint: Address, args: InitializeConfigArgs) -> Instruction {
    let accounts = metas::InitializeConfig {
        payer,
        config: config_address(args.id),
        realm,
        mint,
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::InitializeConfig { args })
}

/// The arguments of [`initialize_config`].
pub fn config_args(
    id: u16,
    is_rehearsal: bool,
    authority: Address,
    genesis_hash: [u8; 32],
    params: ConfigParams,
) -> InitializeConfigArgs {
    InitializeConfigArgs {
        id,
        is_rehearsal,
        authority,
        genesis_hash,
        params,
    }
}

/// Registers the signer as a provider.
pub fn register_provider(authority: Address, session_key: Address, region: u16) -> Instruction {
    let accounts = metas::RegisterProvider {
        authority,
        provider: provider_address(&authority),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::RegisterProvider { session_key, region })
}

/// Replaces a provider's session key.
pub fn rotate_session_key(authority: Address, session_key: Address) -> Instruction {
    let accounts = metas::RotateSessionKey {
        provider: provider_address(&authority),
        authority,
    };
    instruction(accounts, calls::RotateSessionKey { session_key })
}

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

    /// Takes a job.
    pub fn claim_job(&self, job: Address, uid: [u8; 32]) -> Instruction {
        let accounts = metas::ClaimJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::ClaimJob { uid })
    }

    /// Gives a claimed job back.
    pub fn decline_job(&self, job: Address) -> Instruction {
        let accounts = metas::DeclineJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::DeclineJob {})
    }

    /// Starts a claimed job, attesting its input.
    pub fn start_job(&self, job: Address, input_hash: [u8; 32]) -> Instruction {
        let accounts = metas::StartJob {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
        };
        instruction(accounts, calls::StartJob { input_hash })
    }

    /// Commits to the hash of a result.
    pub fn commit_result(&self, job: Address, result: &[u8; 32], salt: &[u8; 32], uid: &[u8; 32]) -> Instruction {
        let accounts = metas::CommitResult {
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
        let accounts = metas::RevealResult {
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

/// The mint a job is paid in, with its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobToken {
    /// The mint.
    pub mint: Address,
    /// Its program.
    pub program: Address,
}

impl JobToken {
    /// Reads it.
    pub async fn fetch(rpc: &Rpc, mint: &Address) -> Result<Self> {
        let mint = crate::tokens::mint(rpc, mint).await?;
        Ok(Self {
            mint: mint.address,
            program: mint.token_program,
        })
    }
}

/// Opens the account that a slot is paid into. Anyone may.
pub fn open_payout(payer: Address, slot: Address, token: &JobToken) -> Instruction {
    let payout = payout_address(&slot, &token.mint);
    let accounts = metas::OpenPayout {
        payer,
        slot,
        mint: token.mint,
        payout,
        payout_vault: vault_address(&payout),
        token_program: token.program,
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::OpenPayout {})
}

/// Orders a job; `client` pays the price, `payer` rent and reserve.
pub fn post_job(
    client: Address,
    payer: Address,
    config: Address,
    token: &JobToken,
    client_token: Address,
    nonce: u64,
    terms: JobTerms,
) -> Instruction {
    let (job, job_bump) = find(&[JOB_SEED, client.as_ref(), &nonce.to_le_bytes()]);
    let (vault, vault_bump) = find(&[VAULT_SEED, job.as_ref()]);
    let accounts = metas::PostJob {
        client,
        payer,
        config,
        job,
        vault,
        client_token,
        mint: token.mint,
        token_program: token.program,
        system_program: ids::SYSTEM,
    };
    instruction(
        accounts,
        calls::PostJob {
            nonce,
            job_bump,
            vault_bump,
            terms,
        },
    )
}

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
        let accounts = metas::CancelJob {
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
        let accounts = metas::ClaimRefund {
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

/// Pays a payout's fees to a token account of the treasury. Anyone may.
pub fn sweep_fees(config: Address, slot: Address, token: &JobToken, treasury_token: Address) -> Instruction {
    let payout = payout_address(&slot, &token.mint);
    let accounts = metas::SweepFees {
        config,
        payout,
        payout_vault: vault_address(&payout),
        treasury_token,
        mint: token.mint,
        token_program: token.program,
    };
    instruction(accounts, calls::SweepFees {})
}

/// A job's state in a word.
pub fn state_name(state: u8) -> &'static str {
    match state {
        1 => "open",
        2 => "claimed",
        3 => "running",
        4 => "committed",
        5 => "challengeable",
        6 => "final",
        7 => "refundable",
        _ => "unknown",
    }
}

/// All jobs, or those in one state.
pub async fn jobs(rpc: &Rpc, state: Option<JobState>) -> Result<Vec<(Address, Job)>> {
    let filters: Vec<_> = state
        .iter()
        .map(|state| (JOB_STATE_OFFSET, vec![*state as u8]))
        .collect();
    accounts::list(rpc, &PROGRAM, &filters).await
}

/// The slots of a provider, by index.
pub async fn slots(rpc: &Rpc, provider: &Address) -> Result<Vec<(Address, Slot)>> {
    let mut found =
        accounts::list::<Slot>(rpc, &PROGRAM, &[(SLOT_PROVIDER_OFFSET, provider.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, slot)| slot.index.get());
    Ok(found)
}

/// Fetches a provider, or says how to become one.
pub async fn provider(rpc: &Rpc, authority: &Address) -> Result<Provider> {
    let address = provider_address(authority);
    accounts::find(rpc, &PROGRAM, &address).await?.ok_or_else(|| {
        Error::account(
            address,
            format!("the provider of {authority}"),
            "nothing",
            "Register: `commonweal job provider`",
        )
    })
}

/// Fetches a config.
pub async fn config(rpc: &Rpc, address: &Address) -> Result<EscrowConfig> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// Fetches a slot.
pub async fn slot(rpc: &Rpc, address: &Address) -> Result<Slot> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// Fetches a payout.
pub async fn payout(rpc: &Rpc, slot: &Address, mint: &Address) -> Result<Option<Payout>> {
    accounts::find(rpc, &PROGRAM, &payout_address(slot, mint)).await
}
