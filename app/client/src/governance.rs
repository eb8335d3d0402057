//! Typed calls of quadratic governance.

mod action;
mod attestor;
mod chamber;
mod delegate;
mod lifecycle;
mod member;
mod realm;
pub mod standing;
pub mod statement;
mod treasury;
pub mod upgrade;

pub use {
    action::{action, execute_action, Action, PART_BYTES},
    attestor::{
        act_on_person, add_attestor, credential_address, disable_attestor, exclude_bucket, leave_for, register_person,
        retire_person, strip_votes, Proof,
    },
    chamber::{close_seat, refresh_seat, Chamber},
    lifecycle::{close_action, close_proposal, expire_proposal, finalize, resign_guardian, veto},
    member::Member,
    realm::{create_realm, parameters_of, set_chambers, set_identity_cost, set_parameters},
    treasury::{close_dividend, dividend_vault_address, fund_dividend, open_book, Share},
};

use {
    crate::{accounts, rpc::Rpc, Address, Result},
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_interface::ids,
    quadratic_governance::{accounts as metas, constants::*, instruction as calls},
    sha2::{Digest, Sha256},
    solana_program::instruction::Instruction,
};

pub use quadratic_governance::{
    attestation::Act,
    instructions::{ActionCall, AttestorChoice, ChamberChoice, PersonAct, RealmChoice},
    state::{
        ActionAccount, Attestor, AttestorKind, Ballot, ChamberSeat, DelegatePool, Dividend, Person, Phase, Proposal,
        ProposalAction, Realm, RealmParameters, Stake, Status, TokenBook,
    },
};

const PROGRAM: Address = ids::QUADRATIC_GOVERNANCE;
/// Where the realm stands in a proposal's bytes, for filters.
const PROPOSAL_REALM_OFFSET: usize = 24;
/// Where the realm stands in the bytes of a person, an attestor, a seat, a pool and a dividend, for filters.
const PERSON_REALM_OFFSET: usize = 16;
/// Where the realm stands in a book's bytes.
const BOOK_REALM_OFFSET: usize = 16;

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

/// A person's stake, of what one depositor staked.
pub fn stake_address(realm: &Address, person: &Address, depositor: &Address) -> Address {
    find(&[STAKE_SEED, realm.as_ref(), person.as_ref(), depositor.as_ref()])
}

/// A person's ballot of an epoch.
pub fn ballot_address(realm: &Address, person: &Address, epoch: u32) -> Address {
    find(&[BALLOT_SEED, realm.as_ref(), person.as_ref(), &epoch.to_le_bytes()])
}

/// The proposal with this index.
pub fn proposal_address(realm: &Address, index: u32) -> Address {
    find(&[PROPOSAL_SEED, realm.as_ref(), &index.to_le_bytes()])
}

/// What is lent to a delegate.
pub fn pool_address(realm: &Address, delegate: &Address) -> Address {
    find(&[POOL_SEED, realm.as_ref(), delegate.as_ref()])
}

/// A person's seat in a chamber.
pub fn seat_address(realm: &Address, chamber: u8, person: &Address) -> Address {
    find(&[CHAMBER_SEED, realm.as_ref(), &[chamber], person.as_ref()])
}

/// The book of what leaves a lane of one mint.
pub fn book_address(realm: &Address, lane: u8, mint: &Address) -> Address {
    find(&[BOOK_SEED, realm.as_ref(), &[lane], mint.as_ref()])
}

/// What the voters of an epoch share of a mint.
pub fn dividend_address(realm: &Address, mint: &Address, epoch: u32) -> Address {
    find(&[DIVIDEND_SEED, realm.as_ref(), mint.as_ref(), &epoch.to_le_bytes()])
}

/// An action of a proposal.
pub fn action_address(proposal: &Address, index: u8) -> Address {
    find(&[ACTION_SEED, proposal.as_ref(), &[index]])
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

/// The attestors of a realm, by slot.
pub async fn attestors(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, Attestor)>> {
    let mut found =
        accounts::list::<Attestor>(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, attestor)| attestor.slot);
    Ok(found)
}

/// The dividends of a realm, by epoch.
pub async fn dividends(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, Dividend)>> {
    let mut found =
        accounts::list::<Dividend>(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, dividend)| (dividend.epoch.get(), dividend.index));
    Ok(found)
}

/// The outflow books of a realm's lanes.
pub async fn books(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, TokenBook)>> {
    let mut found = accounts::list::<TokenBook>(rpc, &PROGRAM, &[(BOOK_REALM_OFFSET, realm.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, book)| (book.lane, book.mint));
    Ok(found)
}

/// The seats of a realm's chambers.
pub async fn seats(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, ChamberSeat)>> {
    let mut found =
        accounts::list::<ChamberSeat>(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await?;
    found.sort_unstable_by_key(|(_, seat)| (seat.chamber, seat.person));
    Ok(found)
}

/// The pools of a realm's delegates.
pub async fn pools(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, DelegatePool)>> {
    accounts::list(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await
}

/// Lanes of a realm's treasury: lane 0 governs, lane 3 shares with the voters, the others are for payments.
pub const LANE_COUNT: u8 = 4;

/// Fetches a person.
pub async fn person(rpc: &Rpc, address: &Address) -> Result<Person> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// The persons of a realm.
pub async fn persons(rpc: &Rpc, realm: &Address) -> Result<Vec<(Address, Person)>> {
    accounts::list(rpc, &PROGRAM, &[(PERSON_REALM_OFFSET, realm.as_ref().to_vec())]).await
}
