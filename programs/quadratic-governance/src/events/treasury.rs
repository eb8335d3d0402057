//! What happened to the realm's own rules, its books and dividends, and to drafts and decisions.

use {crate::state::Rules, anchor_lang::prelude::*};

/// Parameters were set for a later epoch.
#[event(bytemuck)]
#[repr(C)]
pub struct ParametersSet {
    /// The realm.
    pub realm: Address,
    /// What will be in force.
    pub rules: Rules,
    /// Epoch length then, in seconds.
    pub epoch_s: PodU32,
    /// The first epoch of it.
    pub from_epoch: PodU32,
    /// Version of budgets then.
    pub budget_version: PodU32,
}

/// What earns seats was set.
#[event(bytemuck)]
#[repr(C)]
pub struct ChambersSet {
    /// The realm.
    pub realm: Address,
    /// Pool config of the liquidity chamber; zero for none.
    pub liquidity_config: Address,
    /// Number of the escrow config of the provider chamber, plus one; zero for none.
    pub escrow_config_number: PodU32,
}

/// The identity cost of a lane's mint was set.
#[event(bytemuck)]
#[repr(C)]
pub struct IdentityCostSet {
    /// The realm.
    pub realm: Address,
    /// The book.
    pub book: Address,
    /// The mint.
    pub mint: Address,
    /// What faking a person costs, in atoms.
    pub identity_cost_atoms: PodU64,
    /// The lane.
    pub lane: u8,
}

/// A book was opened.
#[event(bytemuck)]
#[repr(C)]
pub struct BookOpened {
    /// The realm.
    pub realm: Address,
    /// The book.
    pub book: Address,
    /// Its mint.
    pub mint: Address,
    /// Its lane.
    pub lane: u8,
}

/// The guardian resigned.
#[event(bytemuck)]
#[repr(C)]
pub struct GuardianResigned {
    /// The realm.
    pub realm: Address,
    /// Who was its guardian.
    pub guardian: Address,
}

/// A dividend was funded or closed.
#[event(bytemuck)]
#[repr(C)]
pub struct DividendChanged {
    /// The realm.
    pub realm: Address,
    /// The dividend.
    pub dividend: Address,
    /// Its mint.
    pub mint: Address,
    /// Atoms funded.
    pub funded_atoms: PodU64,
    /// Atoms of one person.
    pub share_atoms: PodU64,
    /// Atoms that returned to the lane at the close.
    pub returned_atoms: PodU64,
    /// The epoch whose voters share.
    pub epoch: PodU32,
    /// How many they are.
    pub persons: PodU32,
    /// Shares claimed.
    pub claims: PodU32,
    /// Number among the epoch's dividends.
    pub index: u8,
    /// 1 when funded, 0 when closed.
    pub open: u8,
}

/// A share of a dividend was paid.
#[event(bytemuck)]
#[repr(C)]
pub struct DividendClaimed {
    /// The dividend.
    pub dividend: Address,
    /// The person.
    pub person: Address,
    /// Atoms paid.
    pub share_atoms: PodU64,
    /// Shares claimed so far.
    pub claims: PodU32,
}

/// A bucket was left out of a decision.
#[event(bytemuck)]
#[repr(C)]
pub struct BucketExcluded {
    /// The proposal.
    pub proposal: Address,
    /// Buckets left out so far.
    pub excluded_mask: PodU16,
    /// The bucket.
    pub slot: u8,
    /// 1 if the guardian did it.
    pub by_guardian: u8,
}

/// Data was added to an action of a draft, or its upgrade pinned.
#[event(bytemuck)]
#[repr(C)]
pub struct ActionCompleted {
    /// The proposal.
    pub proposal: Address,
    /// The action.
    pub action: Address,
    /// Hash of the pinned buffer; zero without one.
    pub pinned_hash: [u8; 32],
    /// Slot of the pinned program's last deployment.
    pub pinned_slot: PodU64,
    /// Bytes of the action's data that are there.
    pub data_written: PodU16,
    /// What the proposal still lacks.
    pub actions_incomplete: u8,
}
