//! Quadratic governance by verified persons, owner of parameters and treasury.
//!
//! A realm's persons are registered by attestors. In each epoch a person opens one ballot with a budget of credits and
//! spends them on that epoch's proposals: v votes cost v² credits. A proposal that leads, reaches its threshold and its quorum
//! waits its timelock; then anybody executes its actions, exactly as voted, signed by a treasury of the realm.
#![cfg_attr(not(feature = "idl-build"), no_std)]
// tests stop where they stand; the strict lints hold for what runs on chain
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

extern crate alloc;
#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

pub mod constants;
pub mod cpi;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;

use anchor_lang::prelude::*;
pub use instructions::*;

declare_id!("GoESLczUu9cu54pSsMQiSiCYn5tAgXTBgr6tCmFHkMTQ");

/// Discriminator of `add_attestor`, which executed proposals may call.
pub const ADD_ATTESTOR: u8 = 1;
/// Discriminator of `disable_attestor`, which executed proposals may call.
pub const DISABLE_ATTESTOR: u8 = 2;

// Discriminators are append-only: 0 create_realm, 1 add_attestor, 2 disable_attestor, 3 register_person, 4 open_stake,
// 5 stake, 6 unstake, 7 close_stake, 8 open_ballot, 9 close_ballot, 10 create_proposal, 11 add_action, 12 submit_proposal,
// 13 cancel_proposal, 14 cast_votes, 15 finalize, 16 execute_action, 17 expire_proposal, 18 close_action, 19 close_proposal.
#[program]
pub mod quadratic_governance {
    use super::*;

    /// Creates a realm whose epoch 0 begins now. Its kind, rehearsal or real, never changes.
    #[discrim = 0]
    pub fn create_realm(ctx: &mut Context<CreateRealm>, name_hash: [u8; 32], choice: RealmChoice) -> Result<()> {
        instructions::create_realm::handler(ctx, name_hash, &choice)
    }

    /// Gives a free slot to an attestor's key. Signed by the founder before the sunset, or by lane 0 in an executed proposal.
    #[discrim = 1]
    pub fn add_attestor(ctx: &mut Context<AddAttestor>, key: [u8; 32], slot: u8, quota_per_epoch: u32) -> Result<()> {
        instructions::add_attestor::handler(ctx, key, slot, quota_per_epoch)
    }

    /// Disables an attestor and closes its account. Signed by founder or guardian before their sunsets, or by lane 0.
    #[discrim = 2]
    pub fn disable_attestor(ctx: &mut Context<DisableAttestor>) -> Result<()> {
        instructions::disable_attestor::handler(ctx)
    }

    /// Registers a person vouched for by the realm's number of distinct attestors. Further attestors follow the accounts in
    /// pairs: the attestor (writable), its key (signer).
    #[discrim = 3]
    pub fn register_person(ctx: &mut Context<RegisterPerson>, nullifier: [u8; 32], expires_ts: i64) -> Result<()> {
        instructions::register_person::handler(ctx, nullifier, expires_ts)
    }

    /// Opens a person's stake with a vault of its own.
    #[discrim = 4]
    pub fn open_stake(ctx: &mut Context<OpenStake>) -> Result<()> {
        instructions::open_stake::handler(ctx)
    }

    /// Deposits governing tokens; they count from the next epoch on.
    #[discrim = 5]
    pub fn stake(ctx: &mut Context<DepositStake>, amount_atoms: u64) -> Result<()> {
        instructions::stake::handler(ctx, amount_atoms)
    }

    /// Withdraws staked tokens to the depositor, unless a ballot of this epoch counts them.
    #[discrim = 6]
    pub fn unstake(ctx: &mut Context<WithdrawStake>, amount_atoms: u64) -> Result<()> {
        instructions::unstake::handler(ctx, amount_atoms)
    }

    /// Closes an empty stake and its vault; rent and donations return to the depositor.
    #[discrim = 7]
    pub fn close_stake(ctx: &mut Context<CloseStake>) -> Result<()> {
        instructions::close_stake::handler(ctx)
    }

    /// Opens a person's one ballot of the current epoch with its budget of credits.
    #[discrim = 8]
    pub fn open_ballot(ctx: &mut Context<OpenBallot>, epoch: u32) -> Result<()> {
        instructions::open_ballot::handler(ctx, epoch)
    }

    /// Closes a ballot after its epoch; its rent returns to whoever paid it.
    #[discrim = 9]
    pub fn close_ballot(ctx: &mut Context<CloseBallot>) -> Result<()> {
        instructions::close_ballot::handler(ctx)
    }

    /// Drafts a proposal with one to eight choices besides "none".
    #[discrim = 10]
    pub fn create_proposal(ctx: &mut Context<CreateProposal>, content_hash: [u8; 32], choices: u8) -> Result<()> {
        instructions::create_proposal::handler(ctx, content_hash, choices)
    }

    /// Binds an instruction to a choice of a draft.
    #[discrim = 11]
    pub fn add_action(ctx: &mut Context<AddAction>, call: ActionCall) -> Result<()> {
        instructions::add_action::handler(ctx, &call)
    }

    /// Freezes a draft: its vote is in the next epoch, under the rules of now.
    #[discrim = 12]
    pub fn submit_proposal(ctx: &mut Context<SubmitProposal>) -> Result<()> {
        instructions::submit_proposal::handler(ctx)
    }

    /// Withdraws a proposal before its vote starts.
    #[discrim = 13]
    pub fn cancel_proposal(ctx: &mut Context<CancelProposal>) -> Result<()> {
        instructions::cancel_proposal::handler(ctx)
    }

    /// Sets a ballot's votes on a proposal: v votes cost v² credits; they can be changed while voting lasts.
    #[discrim = 14]
    pub fn cast_votes(ctx: &mut Context<CastVotes>, option: u8, votes: u32) -> Result<()> {
        instructions::cast_votes::handler(ctx, option, votes)
    }

    /// Decides a proposal after its challenge. Anybody may.
    #[discrim = 15]
    pub fn finalize(ctx: &mut Context<Finalize>) -> Result<()> {
        instructions::finalize::handler(ctx)
    }

    /// Executes the winner's next action. Anybody may; the action's accounts follow in the order voted on.
    #[discrim = 16]
    pub fn execute_action(ctx: &mut Context<ExecuteAction>) -> Result<()> {
        instructions::execute_action::handler(ctx)
    }

    /// Ends a proposal whose execution window has passed. Anybody may.
    #[discrim = 17]
    pub fn expire_proposal(ctx: &mut Context<ExpireProposal>) -> Result<()> {
        instructions::expire_proposal::handler(ctx)
    }

    /// Closes an action of a finished proposal; its rent returns to whoever paid it. Anybody may.
    #[discrim = 18]
    pub fn close_action(ctx: &mut Context<CloseAction>) -> Result<()> {
        instructions::close_action::handler(ctx)
    }

    /// Closes a finished proposal without actions; rent and bond return to the proposer. Anybody may.
    #[discrim = 19]
    pub fn close_proposal(ctx: &mut Context<CloseProposal>) -> Result<()> {
        instructions::close_proposal::handler(ctx)
    }
}
