//! Typed calls of the compute escrow.

pub mod bid;
pub mod challenge;
pub mod court;
mod exchange;
mod lease;
pub mod lot;
mod order;
pub mod part;
mod progress;
mod receipts;
mod supply;
pub mod upkeep;
mod voucher;
mod worker;

pub use {
    exchange::{Exchange, Purchase},
    lease::*,
    order::Order,
    progress::{deadline, findings, kind_name, next, state_name, time_left, verification_name},
    receipts::*,
    supply::*,
    voucher::*,
    worker::Worker,
};

use {
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_interface::ids,
    compute_escrow::{accounts as metas, constants::*, instruction as calls, instructions::InitializeConfigArgs},
    solana_program::instruction::Instruction,
};

pub use compute_escrow::{
    hash::result_commitment,
    math::deadline::Moment,
    state::{
        Bid, CaseOutcome, Challenge, ConfigParams, Contribution, Dispute, Eligibility, EscrowConfig, Job, JobState,
        JobTerms, Juror, JurorSeat, Jury, Phase, Slot, SlotOffer,
    },
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

/// Changes a config, by its authority.
pub fn update_config(config: Address, authority: Address, params: ConfigParams) -> Instruction {
    instruction(
        metas::UpdateConfig { config, authority },
        calls::UpdateConfig { params },
    )
}

/// Lists a mint that new jobs may be paid in, by the config's authority.
pub fn allow_mint(config: Address, authority: Address, mint: Address) -> Instruction {
    instruction(
        metas::AllowMint {
            config,
            authority,
            mint,
        },
        calls::AllowMint {},
    )
}

/// Takes a mint off the list, by the config's authority.
pub fn disallow_mint(config: Address, authority: Address, mint: Address) -> Instruction {
    instruction(metas::DisallowMint { config, authority }, calls::DisallowMint { mint })
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
            "Register: `commonweal provider register`",
        )
    })
}

/// Fetches a provider by its own address.
pub async fn provider_at(rpc: &Rpc, address: &Address) -> Result<Provider> {
    accounts::fetch(rpc, &PROGRAM, address).await
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
