//! quadratic-governance in the VM: one file an instruction, then whole lives, incidents and random play.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[path = "quadratic_governance/act_on_person.rs"]
mod act_on_person;
#[path = "quadratic_governance/add_action.rs"]
mod add_action;
#[path = "quadratic_governance/add_attestor.rs"]
mod add_attestor;
#[path = "quadratic_governance/append_action.rs"]
mod append_action;
#[path = "quadratic_governance/audit.rs"]
mod audit;
#[path = "quadratic_governance/budgets.rs"]
mod budgets;
#[path = "quadratic_governance/cancel_proposal.rs"]
mod cancel_proposal;
#[path = "quadratic_governance/cast_delegated.rs"]
mod cast_delegated;
#[path = "quadratic_governance/cast_votes.rs"]
mod cast_votes;
#[path = "quadratic_governance/chamber.rs"]
mod chamber;
#[path = "quadratic_governance/close_action.rs"]
mod close_action;
#[path = "quadratic_governance/close_ballot.rs"]
mod close_ballot;
#[path = "quadratic_governance/close_proposal.rs"]
mod close_proposal;
#[path = "quadratic_governance/close_stake.rs"]
mod close_stake;
#[path = "quadratic_governance/create_proposal.rs"]
mod create_proposal;
#[path = "quadratic_governance/create_realm.rs"]
mod create_realm;
#[path = "quadratic_governance/credentials.rs"]
mod credentials;
#[path = "quadratic_governance/disable_attestor.rs"]
mod disable_attestor;
#[path = "quadratic_governance/dividends.rs"]
mod dividends;
#[path = "quadratic_governance/economics.rs"]
mod economics;
#[path = "quadratic_governance/epoch_length.rs"]
mod epoch_length;
#[path = "quadratic_governance/escrow_vote.rs"]
mod escrow_vote;
#[path = "quadratic_governance/exclude_bucket.rs"]
mod exclude_bucket;
#[path = "quadratic_governance/execute_action.rs"]
mod execute_action;
#[path = "quadratic_governance/expire_proposal.rs"]
mod expire_proposal;
#[path = "quadratic_governance/finalize.rs"]
mod finalize;
#[path = "quadratic_governance/finalize_order.rs"]
mod finalize_order;
#[path = "quadratic_governance/fund_dividend.rs"]
mod fund_dividend;
#[path = "quadratic_governance/hostile.rs"]
mod hostile;
#[path = "quadratic_governance/incidents.rs"]
mod incidents;
#[path = "quadratic_governance/incidents_of_votes.rs"]
mod incidents_of_votes;
#[path = "quadratic_governance/invariants.rs"]
mod invariants;
#[path = "quadratic_governance/join_delegate.rs"]
mod join_delegate;
#[path = "quadratic_governance/known_attacks.rs"]
mod known_attacks;
#[path = "quadratic_governance/late_swing.rs"]
mod late_swing;
#[path = "quadratic_governance/leave_delegate.rs"]
mod leave_delegate;
#[path = "quadratic_governance/move_wallet.rs"]
mod move_wallet;
#[path = "quadratic_governance/open_ballot.rs"]
mod open_ballot;
#[path = "quadratic_governance/open_book.rs"]
mod open_book;
#[path = "quadratic_governance/open_pool.rs"]
mod open_pool;
#[path = "quadratic_governance/open_stake.rs"]
mod open_stake;
#[path = "quadratic_governance/outflow.rs"]
mod outflow;
#[path = "quadratic_governance/override_of_old_rules.rs"]
mod override_of_old_rules;
#[path = "quadratic_governance/pin_upgrade.rs"]
mod pin_upgrade;
#[path = "quadratic_governance/pool_budgets.rs"]
mod pool_budgets;
#[path = "quadratic_governance/pool_vote.rs"]
mod pool_vote;
#[path = "quadratic_governance/real_life.rs"]
mod real_life;
#[path = "quadratic_governance/register_person.rs"]
mod register_person;
#[path = "quadratic_governance/retire_person.rs"]
mod retire_person;
#[path = "quadratic_governance/scale.rs"]
mod scale;
#[path = "quadratic_governance/set_parameters.rs"]
mod set_parameters;
#[path = "quadratic_governance/stake.rs"]
mod stake;
#[path = "quadratic_governance/strip_lent.rs"]
mod strip_lent;
#[path = "quadratic_governance/strip_votes.rs"]
mod strip_votes;
#[path = "quadratic_governance/submit_proposal.rs"]
mod submit_proposal;
#[path = "quadratic_governance/unstake.rs"]
mod unstake;
#[path = "quadratic_governance/upgrades.rs"]
mod upgrades;
#[path = "quadratic_governance/veto.rs"]
mod veto;
#[path = "quadratic_governance/views.rs"]
mod views;

/// What most tests use.
mod prelude {
    pub use {
        commonweal_interface::ids,
        commonweal_tests::{
            fixtures::governance::{self as gov, hash, rehearsal_parameters, Community},
            world::{Failure, MintExtension},
        },
        quadratic_governance::{constants::*, errors::GovernanceError, state::*, ActionCall, PersonAct},
        solana_address::Address,
        solana_instruction::{error::InstructionError, AccountMeta, Instruction},
        solana_keypair::Keypair,
        solana_signer::Signer,
    };

    /// The failure that an error of the program is.
    pub fn error(error: GovernanceError) -> Failure {
        anchor_lang::Error::from(error).into()
    }

    /// A failed `address = …` constraint.
    pub const ADDRESS: u32 = 2012;
    /// A writable account was passed read-only.
    pub const NOT_WRITABLE: u32 = 2000;
    /// A writable account was passed twice.
    pub const DUPLICATE: u32 = 2040;
}
