//! Typed calls of quadratic governance.

mod member;

pub use member::Member;

use {
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_interface::ids,
    quadratic_governance::{accounts as metas, constants::*, instruction as calls, state::*},
    sha2::{Digest, Sha256},
    solana_program::{
        instruction::{AccountMeta, Instruction},
        sysvar,
    },
};

pub use quadratic_governance::{
    instructions::{ActionCall, RealmChoice},
    state::{ActionAccount, Ballot, Person, Phase, Proposal, ProposalAction, Realm, RealmParameters, Stake, Status},
};

const PROGRAM: Address = ids::QUADRATIC_GOVERNANCE;
/// Where the realm stands in a proposal's bytes, for filters.
const PROPOSAL_REALM_OFFSET: usize = 24;
/// Where the realm stands in a person's bytes, for filters.
const PERSON_REALM_OFFSET: usize = 16;

fn instruction(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: PROGRAM,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

fn find(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &PROGRAM).0
}

/// The hash of a realm's name.
pub fn name_hash(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

/// The address of the realm with this name.
pub fn realm_address(name: &str) -> Address {
    find(&[REALM_SEED, &name_hash(name)])
}

/// The treasury of a lane: owner of what the realm holds, signer of what it executes.
pub fn treasury_address(realm: &Address, lane: u8) -> Address {
    find(&[TREASURY_SEED, realm.as_ref(), &[lane]])
}

/// The account of an attestor's key.
pub fn attestor_address(realm: &Address, key: &Address) -> Address {
    find(&[ATTESTOR_SEED, realm.as_ref(), key.as_ref()])
}

/// The person with this nullifier.
pub fn person_address(realm: &Address, nullifier: &[u8; 32]) -> Address {
    find(&[PERSON_SEED, realm.as_ref(), nullifier])
}

/// The link from a wallet to its person.
pub fn wallet_address(realm: &Address, wallet: &Address) -> Address {
    find(&[WALLET_SEED, realm.as_ref(), wallet.as_ref()])
}

/// A person's stake.
pub fn stake_address(realm: &Address, person: &Address) -> Address {
    find(&[STAKE_SEED, realm.as_ref(), person.as_ref()])
}

/// A person's ballot of an epoch.
pub fn ballot_address(realm: &Address, person: &Address, epoch: u32) -> Address {
    find(&[BALLOT_SEED, realm.as_ref(), person.as_ref(), &epoch.to_le_bytes()])
}

/// The proposal with this index.
pub fn proposal_address(realm: &Address, index: u32) -> Address {
    find(&[PROPOSAL_SEED, realm.as_ref(), &index.to_le_bytes()])
}

/// An action of a proposal.
pub fn action_address(proposal: &Address, index: u8) -> Address {
    find(&[ACTION_SEED, proposal.as_ref(), &[index]])
}

/// Creates a realm; its epoch 0 begins with it.
pub fn create_realm(founder: Address, name: &str, governing_mint: Address, choice: RealmChoice) -> Instruction {
    let accounts = metas::CreateRealm {
        founder,
        realm: realm_address(name),
        governing_mint,
        system_program: ids::SYSTEM,
    };
    instruction(
        accounts,
        calls::CreateRealm {
            name_hash: name_hash(name),
            choice,
        },
    )
}

/// Gives a slot to an attestor's key.
pub fn add_attestor(authority: Address, realm: Address, key: Address, slot: u8, quota_per_epoch: u32) -> Instruction {
    let accounts = metas::AddAttestor {
        authority,
        realm,
        attestor: attestor_address(&realm, &key),
        instructions: sysvar::instructions::ID,
        system_program: ids::SYSTEM,
    };
    instruction(
        accounts,
        calls::AddAttestor {
            key: key.to_bytes(),
            slot,
            quota_per_epoch,
        },
    )
}

/// Disables an attestor.
pub fn disable_attestor(authority: Address, realm: Address, key: Address, rent_payer: Address) -> Instruction {
    let accounts = metas::DisableAttestor {
        authority,
        realm,
        attestor: attestor_address(&realm, &key),
        rent_payer,
        instructions: sysvar::instructions::ID,
    };
    instruction(accounts, calls::DisableAttestor {})
}

/// Registers a person. All `attestor_keys` sign besides payer and wallet; the first one's slot is the person's bucket.
pub fn register_person(
    payer: Address,
    wallet: Address,
    realm: Address,
    attestor_keys: &[Address],
    nullifier: [u8; 32],
    expires_ts: i64,
) -> Result<Instruction> {
    let (first, further) = attestor_keys
        .split_first()
        .ok_or_else(|| Error::refused("nobody vouches for the person", "Name at least one attestor's keypair"))?;
    let accounts = metas::RegisterPerson {
        payer,
        wallet,
        realm,
        attestor: attestor_address(&realm, first),
        attestor_key: *first,
        person: person_address(&realm, &nullifier),
        person_by_wallet: wallet_address(&realm, &wallet),
        instructions: sysvar::instructions::ID,
        system_program: ids::SYSTEM,
    };
    let mut instruction = instruction(accounts, calls::RegisterPerson { nullifier, expires_ts });
    for key in further {
        instruction
            .accounts
            .push(AccountMeta::new(attestor_address(&realm, key), false));
        instruction.accounts.push(AccountMeta::new_readonly(*key, true));
    }
    Ok(instruction)
}

/// An instruction that a choice executes when it wins.
#[derive(Clone, Debug)]
pub struct Action {
    /// The choice it belongs to.
    pub choice: u8,
    /// The lane that signs.
    pub lane: u8,
    /// The instruction.
    pub call: Instruction,
    /// Lamports that may leave the lane.
    pub outflow_lamports: u64,
    /// Mint of tokens that may leave; zero for none.
    pub outflow_mint: Address,
    /// Atoms of it that may leave.
    pub outflow_atoms: u64,
}

impl Action {
    fn accounts(&self) -> Vec<ActionAccount> {
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        self.call
            .accounts
            .iter()
            .map(|meta| ActionAccount {
                address: meta.pubkey.to_bytes(),
                flags: flag(meta.is_writable, FLAG_WRITABLE) | flag(meta.is_signer, FLAG_SIGNER),
            })
            .collect()
    }
}

/// Decides a proposal whose challenge is over. Anybody may.
pub fn finalize(proposal: Address) -> Instruction {
    instruction(metas::Finalize { proposal }, calls::Finalize {})
}

/// An action's account and the instruction it will be.
pub async fn action(rpc: &Rpc, address: Address) -> Result<(ProposalAction, Instruction)> {
    let state = rpc.existing(&address, "an action").await?;
    let action: ProposalAction = accounts::decode(&PROGRAM, &address, &state)?;
    let message = Message::read(&state.data, action.account_count, action.data_len.get()).map_err(|error| {
        let remedy = "Use a client of the program's version";
        Error::account(address, "an action with its message", format!("{error:?}"), remedy)
    })?;
    let accounts = message
        .accounts()
        .map(|(key, flags)| AccountMeta {
            pubkey: Address::from(<[u8; 32]>::try_from(key).unwrap_or_default()),
            is_signer: flags & FLAG_SIGNER != 0,
            is_writable: flags & FLAG_WRITABLE != 0,
        })
        .collect();
    let call = Instruction {
        program_id: action.program,
        accounts,
        data: message.data.to_vec(),
    };
    Ok((action, call))
}

/// Executes an action as it was voted, read from its account.
pub async fn execute_action(rpc: &Rpc, address: Address) -> Result<Instruction> {
    let (action, call) = action(rpc, address).await?;
    let proposal: Proposal = accounts::fetch(rpc, &PROGRAM, &action.proposal).await?;
    let accounts = metas::ExecuteAction {
        realm: proposal.realm,
        proposal: action.proposal,
        action: address,
        treasury: action.treasury,
        program: action.program,
    };
    let mut instruction = instruction(accounts, calls::ExecuteAction {});
    // the lane signs inside, never the executor
    instruction
        .accounts
        .extend(call.accounts.into_iter().map(|meta| AccountMeta {
            is_signer: false,
            ..meta
        }));
    Ok(instruction)
}

/// Ends a proposal whose execution window has passed.
pub fn expire_proposal(proposal: Address) -> Instruction {
    instruction(metas::ExpireProposal { proposal }, calls::ExpireProposal {})
}

/// Closes an action of a finished proposal.
pub fn close_action(proposal: Address, action: Address, rent_payer: Address) -> Instruction {
    instruction(
        metas::CloseAction {
            proposal,
            action,
            rent_payer,
        },
        calls::CloseAction {},
    )
}

/// Closes a finished proposal without actions; rent and bond return.
pub fn close_proposal(proposal: Address, authority: Address) -> Instruction {
    instruction(metas::CloseProposal { proposal, authority }, calls::CloseProposal {})
}

/// Fetches a realm.
pub async fn realm(rpc: &Rpc, address: &Address) -> Result<Realm> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// Fetches a proposal.
pub async fn proposal(rpc: &Rpc, address: &Address) -> Result<Proposal> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// The proposals of a realm, by index.
pub async fn proposals(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, Proposal)>> {
    let mut found =
        accounts::list::<Proposal>(rpc, &PROGRAM, &[(PROPOSAL_REALM_OFFSET, realm.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, proposal)| proposal.index.get());
    Ok(found)
}

/// The persons of a realm.
pub async fn persons(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, Person)>> {
    accounts::list(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await
}

/// Where a proposal is, in a word.
pub fn stage(proposal: &Proposal, now_ts: i64) -> &'static str {
    match proposal.status {
        0 => "draft",
        1 => match proposal.phase(now_ts) {
            Ok(Phase::Review) => "review",
            Ok(Phase::Voting) => "voting",
            Ok(Phase::Extended) => "extended voting",
            Ok(Phase::Challenge) => "challenge",
            Ok(Phase::Over) => "ready to finalize",
            Err(_) => "damaged times",
        },
        2 if now_ts < proposal.executable_from_ts.get() => "timelock",
        2 if now_ts < proposal.expires_ts.get() => "executable",
        2 => "execution window over",
        3 => "defeated",
        4 => "executed",
        5 => "cancelled",
        6 => "vetoed",
        _ => "expired",
    }
}
