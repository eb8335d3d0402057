//! What happened, complete enough to replay state.

mod members;
mod treasury;

use {anchor_lang::prelude::*, core::mem::size_of};
pub use {members::*, treasury::*};

/// An event as it stands in the log: the bytes of Anchor's `emit!`, which makes them on the heap and copies them twice.
#[repr(C)]
struct Record<E> {
    discriminator: [u8; 8],
    event: E,
}

/// Writes an event to the log.
#[inline(always)]
pub fn log<E: Discriminator + bytemuck::Pod>(event: E) {
    const { assert!(size_of::<Record<E>>() == 8 + size_of::<E>() && E::DISCRIMINATOR.len() == 8) };
    let mut discriminator = [0; 8];
    discriminator.copy_from_slice(E::DISCRIMINATOR);
    let record = Record { discriminator, event };
    // SAFETY: the record is bytes without padding: eight, and those of a Pod, with nothing between (the assertion above).
    log_bytes(unsafe { core::slice::from_raw_parts(core::ptr::from_ref(&record).cast(), size_of::<Record<E>>()) });
}

#[inline(never)]
fn log_bytes(record: &[u8]) {
    sol_log_data(&[record]);
}

/// A realm began.
#[event(bytemuck)]
#[repr(C)]
pub struct RealmCreated {
    /// The realm.
    pub realm: Address,
    /// Its governing mint.
    pub governing_mint: Address,
    /// Its founder.
    pub founder: Address,
    /// Start of epoch 0.
    pub genesis_ts: PodI64,
    /// 1 for a rehearsal.
    pub rehearsal: u8,
}

/// An attestor was added.
#[event(bytemuck)]
#[repr(C)]
pub struct AttestorAdded {
    /// The realm.
    pub realm: Address,
    /// The attestor's key.
    pub key: Address,
    /// Name of its cohort.
    pub label: [u8; 32],
    /// End of its term.
    pub enabled_until_ts: PodI64,
    /// Its registrations an epoch.
    pub quota_per_epoch: PodU32,
    /// Its slot.
    pub slot: u8,
    /// 0 a key, 1 an issuer of credentials.
    pub kind: u8,
}

/// An attestor was disabled and its account closed.
#[event(bytemuck)]
#[repr(C)]
pub struct AttestorDisabled {
    /// The realm.
    pub realm: Address,
    /// The attestor's key.
    pub key: Address,
    /// Its slot, free again.
    pub slot: u8,
}

/// A person was registered.
#[event(bytemuck)]
#[repr(C)]
pub struct PersonRegistered {
    /// The realm.
    pub realm: Address,
    /// The person.
    pub person: Address,
    /// Its wallet.
    pub wallet: Address,
    /// End of the registration.
    pub expires_ts: PodI64,
    /// Epoch of the registration.
    pub registered_epoch: PodU32,
    /// Slots of the attestors that signed.
    pub attestor_slots: PodU16,
    /// Cohort bucket.
    pub bucket: u8,
}

/// A stake was opened or closed.
#[event(bytemuck)]
#[repr(C)]
pub struct StakeOpenedOrClosed {
    /// The stake.
    pub stake: Address,
    /// The person.
    pub person: Address,
    /// The depositor.
    pub depositor: Address,
    /// 1 when opened, 0 when closed.
    pub open: u8,
}

/// A stake changed.
#[event(bytemuck)]
#[repr(C)]
pub struct StakeChanged {
    /// The stake.
    pub stake: Address,
    /// Atoms deposited.
    pub deposited_atoms: PodU64,
    /// Atoms withdrawn.
    pub withdrawn_atoms: PodU64,
    /// Atoms after.
    pub amount_atoms: PodU64,
    /// The epoch.
    pub epoch: PodU32,
}

/// A ballot was opened.
#[event(bytemuck)]
#[repr(C)]
pub struct BallotOpened {
    /// The ballot.
    pub ballot: Address,
    /// The person.
    pub person: Address,
    /// Atoms of stake counted.
    pub stake_atoms: PodU64,
    /// Credits.
    pub budget_credits: PodU32,
    /// The epoch.
    pub epoch: PodU32,
}

/// A ballot was closed.
#[event(bytemuck)]
#[repr(C)]
pub struct BallotClosed {
    /// The ballot.
    pub ballot: Address,
    /// The person.
    pub person: Address,
    /// The epoch.
    pub epoch: PodU32,
}

/// A proposal was created.
#[event(bytemuck)]
#[repr(C)]
pub struct ProposalCreated {
    /// The realm.
    pub realm: Address,
    /// The proposal.
    pub proposal: Address,
    /// The proposer's person.
    pub proposer: Address,
    /// Hash of the text.
    pub content_hash: [u8; 32],
    /// Bond held.
    pub bond_lamports: PodU64,
    /// Index in the realm.
    pub index: PodU32,
    /// Choices besides "none".
    pub choices: u8,
}

/// An action was added to a draft.
#[event(bytemuck)]
#[repr(C)]
pub struct ActionAdded {
    /// The proposal.
    pub proposal: Address,
    /// The action.
    pub action: Address,
    /// The program it calls.
    pub program: Address,
    /// Lamports that may leave the lane.
    pub outflow_lamports: PodU64,
    /// Index in the proposal.
    pub index: u8,
    /// Its choice.
    pub choice: u8,
    /// Its lane.
    pub lane: u8,
    /// Its class.
    pub class: u8,
}

/// A proposal was frozen for its vote.
#[event(bytemuck)]
#[repr(C)]
pub struct ProposalSubmitted {
    /// The proposal.
    pub proposal: Address,
    /// Start of the vote.
    pub voting_starts_ts: PodI64,
    /// Credits needed.
    pub quorum_credits: PodU64,
    /// Persons needed.
    pub quorum_persons: PodU32,
    /// Epoch of the vote.
    pub vote_epoch: PodU32,
    /// Threshold class.
    pub class: u8,
    /// 1 for a vote over a veto.
    pub override_vote: u8,
}

/// A person's votes on a proposal were set.
#[event(bytemuck)]
#[repr(C)]
pub struct VotesCast {
    /// The proposal.
    pub proposal: Address,
    /// The ballot.
    pub ballot: Address,
    /// Votes before.
    pub old_votes: PodU32,
    /// Votes now.
    pub new_votes: PodU32,
    /// Credits the ballot has spent.
    pub spent_credits: PodU32,
    /// Option before.
    pub old_option: u8,
    /// Option now.
    pub new_option: u8,
    /// 1 if cast in the extension.
    pub extended: u8,
}

/// A proposal was decided.
#[event(bytemuck)]
#[repr(C)]
pub struct ProposalFinalized {
    /// The proposal.
    pub proposal: Address,
    /// Discounted votes of the leader, Q16.
    pub winner_q16: PodU64,
    /// Discounted votes of "none", Q16.
    pub none_q16: PodU64,
    /// Credits spent on it.
    pub spent_credits: PodU64,
    /// First moment of execution, zero when defeated.
    pub executable_from_ts: PodI64,
    /// Persons who voted.
    pub voters: PodU32,
    /// Buckets left out of the decision.
    pub excluded_mask: PodU16,
    /// Milestone after.
    pub status: u8,
    /// The winner, 255 for none.
    pub winner: u8,
}

/// An action was executed.
#[event(bytemuck)]
#[repr(C)]
pub struct ActionExecuted {
    /// The proposal.
    pub proposal: Address,
    /// The action.
    pub action: Address,
    /// Lamports that left the lane.
    pub outflow_lamports: PodU64,
    /// Atoms of the declared mint that left the lane's accounts.
    pub outflow_atoms: PodU64,
    /// Actions executed so far.
    pub executed_count: u8,
    /// Milestone of the proposal after.
    pub status: u8,
}

/// A proposal was cancelled, vetoed, expired or closed.
#[event(bytemuck)]
#[repr(C)]
pub struct ProposalEnded {
    /// The proposal.
    pub proposal: Address,
    /// Its milestone.
    pub status: u8,
    /// 0 not vetoed, 1 by the guardian, 2 as spam, 3 by a chamber.
    pub vetoed_by: u8,
    /// 1 when its account was closed.
    pub closed: u8,
}

/// An action account was closed.
#[event(bytemuck)]
#[repr(C)]
pub struct ActionClosed {
    /// The proposal.
    pub proposal: Address,
    /// The action.
    pub action: Address,
}
