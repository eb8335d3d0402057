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

pub mod attestation;
pub mod constants;
// Anchor's `interface` mode makes a module of that name for callers of this program.
#[path = "cpi.rs"]
pub mod calls;
#[cfg(all(target_os = "solana", not(feature = "no-entrypoint")))]
mod entry;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;

pub use instructions::*;
use {crate::state::RealmParameters, anchor_lang::prelude::*};

declare_id!("GoESLczUu9cu54pSsMQiSiCYn5tAgXTBgr6tCmFHkMTQ");

/// Discriminator of `add_attestor`, which executed proposals may call.
pub const ADD_ATTESTOR: u8 = 1;
/// Discriminator of `disable_attestor`, which executed proposals may call.
pub const DISABLE_ATTESTOR: u8 = 2;

/// Discriminator of `set_parameters`, which executed proposals may call.
pub const SET_PARAMETERS: u8 = 20;
/// Discriminator of `set_chambers`, which executed proposals may call.
pub const SET_CHAMBERS: u8 = 21;
/// Discriminator of `set_identity_cost`, which executed proposals may call.
pub const SET_IDENTITY_COST: u8 = 22;

// Discriminators are append-only: 0 create_realm, 1 add_attestor, 2 disable_attestor, 3 register_person, 4 open_stake,
// 5 stake, 6 unstake, 7 close_stake, 8 open_ballot, 9 close_ballot, 10 create_proposal, 11 add_action, 12 submit_proposal,
// 13 cancel_proposal, 14 cast_votes, 15 finalize, 16 execute_action, 17 expire_proposal, 18 close_action, 19 close_proposal,
// 20 set_parameters, 21 set_chambers, 22 set_identity_cost, 23 act_on_person, 24 retire_person, 25 move_wallet, 26 cancel_recovery,
// 27 strip_votes, 28 open_pool, 29 close_pool, 30 join_delegate, 31 extend_delegation, 32 leave_delegate, 33 cast_delegated,
// 34 append_action, 35 pin_upgrade, 36 exclude_bucket, 37 enroll_chamber, 38 refresh_seat, 39 close_seat, 40 veto_as_chamber,
// 41 veto, 42 override_veto, 43 resign_guardian, 44 open_book, 45 fund_dividend, 46 claim_dividend, 47 close_dividend.
// On chain and for callers without dispatch: `entry` does it in a third less bytes. Elsewhere Anchor's own makes the IDL.
#[cfg_attr(any(target_os = "solana", feature = "cpi"), program(interface))]
#[cfg_attr(not(any(target_os = "solana", feature = "cpi")), program)]
pub mod quadratic_governance {
    use super::*;

    /// Creates a realm whose epoch 0 begins now. Its kind, rehearsal or real, never changes.
    #[discrim = 0]
    pub fn create_realm(ctx: &mut Context<CreateRealm>, name_hash: [u8; 32], choice: RealmChoice) -> Result<()> {
        instructions::create_realm::handler(ctx, name_hash, &choice)
    }

    /// Gives a free slot to an attestor's key. Signed by the founder before the sunset, or by lane 0 in an executed proposal.
    #[discrim = 1]
    pub fn add_attestor(ctx: &mut Context<AddAttestor>, key: [u8; 32], choice: AttestorChoice) -> Result<()> {
        instructions::add_attestor::handler(ctx, key, &choice)
    }

    /// Disables an attestor and closes its account. Signed by founder or guardian before their sunsets, by lane 0, or after the
    /// attestor's term by anybody.
    #[discrim = 2]
    pub fn disable_attestor(ctx: &mut Context<DisableAttestor>) -> Result<()> {
        instructions::disable_attestor::handler(ctx)
    }

    /// Registers a person vouched for by the realm's number of distinct attestors. Further attestors follow the accounts in
    /// pairs: the attestor (writable), its proof (its key as signer or verified by the Ed25519 instruction before, or its credential).
    #[discrim = 3]
    pub fn register_person(
        ctx: &mut Context<RegisterPerson>,
        nullifier: [u8; 32],
        expires_ts: i64,
        deadline_ts: i64,
    ) -> Result<()> {
        let further = ctx.remaining_accounts()?;
        instructions::register_person::handler(ctx, &further, nullifier, expires_ts, deadline_ts)
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
        let given = ctx.remaining_accounts()?;
        instructions::execute_action::handler(ctx, &given)
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

    /// Sets the realm's parameters from the epoch after next on. Signed by lane 0 in an executed proposal.
    #[discrim = 20]
    pub fn set_parameters(ctx: &mut Context<SetParameters>, parameters: RealmParameters) -> Result<()> {
        instructions::set_parameters::handler(ctx, &parameters)
    }

    /// Sets what earns seats in the chambers. Signed by lane 0 in an executed proposal.
    #[discrim = 21]
    pub fn set_chambers(ctx: &mut Context<SetParameters>, chambers: ChamberChoice) -> Result<()> {
        instructions::set_parameters::chambers_handler(ctx, &chambers)
    }

    /// Sets what faking a person costs in atoms of a lane's mint. Signed by lane 0 in an executed proposal.
    #[discrim = 22]
    pub fn set_identity_cost(ctx: &mut Context<SetIdentityCost>, identity_cost_atoms: u64) -> Result<()> {
        instructions::set_parameters::cost_handler(ctx, identity_cost_atoms)
    }

    /// Renews, revokes, reinstates, recovers or suspends a person, by the attestors. Further attestors follow the accounts in
    /// pairs, as in `register_person`.
    #[discrim = 23]
    pub fn act_on_person(
        ctx: &mut Context<ActOnPerson>,
        act: PersonAct,
        expires_ts: i64,
        deadline_ts: i64,
    ) -> Result<()> {
        let further = ctx.remaining_accounts()?;
        instructions::act_on_person::handler(ctx, &further, act, expires_ts, deadline_ts)
    }

    /// Takes an expired person out of the realm's counts. Anybody may.
    #[discrim = 24]
    pub fn retire_person(ctx: &mut Context<RetirePerson>) -> Result<()> {
        instructions::retire_person::handler(ctx)
    }

    /// Moves a person to another wallet: both sign, or a recovery is due. The old wallet is dead at once.
    #[discrim = 25]
    pub fn move_wallet(ctx: &mut Context<MoveWallet>) -> Result<()> {
        instructions::move_wallet::handler(ctx)
    }

    /// Cancels a recovery, by the present wallet.
    #[discrim = 26]
    pub fn cancel_recovery(ctx: &mut Context<CancelRecovery>) -> Result<()> {
        instructions::move_wallet::cancel_handler(ctx)
    }

    /// Takes a revoked or expired person's votes out of a proposal, until its challenge ends. Anybody may.
    #[discrim = 27]
    pub fn strip_votes(ctx: &mut Context<StripVotes>) -> Result<()> {
        instructions::strip_votes::handler(ctx)
    }

    /// Opens a delegate's pool.
    #[discrim = 28]
    pub fn open_pool(ctx: &mut Context<OpenPool>) -> Result<()> {
        instructions::delegate_pool::open_handler(ctx)
    }

    /// Closes a pool that nobody lends to; its rent returns.
    #[discrim = 29]
    pub fn close_pool(ctx: &mut Context<ClosePool>) -> Result<()> {
        instructions::delegate_pool::close_handler(ctx)
    }

    /// Lends a person's budget to a delegate from the next epoch on, for eight epochs at most.
    #[discrim = 30]
    pub fn join_delegate(ctx: &mut Context<JoinDelegate>) -> Result<()> {
        instructions::join_delegate::handler(ctx)
    }

    /// Makes a delegation last as long as one given now would.
    #[discrim = 31]
    pub fn extend_delegation(ctx: &mut Context<ExtendDelegation>) -> Result<()> {
        instructions::join_delegate::extend_handler(ctx)
    }

    /// Ends a delegation now, exactly, or with the epoch. Where it counts now, the proposals of the pool's entries follow.
    #[discrim = 32]
    pub fn leave_delegate(ctx: &mut Context<LeaveDelegate>, at_epoch_end: bool) -> Result<()> {
        let proposals = ctx.remaining_accounts()?;
        instructions::leave_delegate::handler(ctx, &proposals, at_epoch_end)
    }

    /// Sets a pool's share on a proposal: s of every lent budget's root; Σ s² stays within one.
    #[discrim = 33]
    pub fn cast_delegated(ctx: &mut Context<CastDelegated>, option: u8, share_q16: u32) -> Result<()> {
        instructions::cast_delegated::handler(ctx, option, share_q16)
    }

    /// Adds the next part of an action's data to a draft.
    #[discrim = 34]
    pub fn append_action(ctx: &mut Context<AppendAction>, part: alloc::vec::Vec<u8>) -> Result<()> {
        instructions::append_action::handler(ctx, &part)
    }

    /// Pins an upgrade to its buffer's hash and to the program's present code.
    #[discrim = 35]
    pub fn pin_upgrade(ctx: &mut Context<PinUpgrade>) -> Result<()> {
        instructions::append_action::pin_handler(ctx)
    }

    /// Leaves a corrupt attestor's bucket out of a decision, in its challenge. By the guardian, or by attestors of other buckets
    /// that follow the accounts in pairs of attestor and key.
    #[discrim = 36]
    pub fn exclude_bucket(ctx: &mut Context<ExcludeBucket>, slot: u8) -> Result<()> {
        let pairs = ctx.remaining_accounts()?;
        instructions::exclude_bucket::handler(ctx, &pairs, slot)
    }

    /// Takes a seat in a chamber, by a lock of liquidity or a working GPU.
    #[discrim = 37]
    pub fn enroll_chamber(ctx: &mut Context<EnrollChamber>, chamber: u8) -> Result<()> {
        instructions::chamber::enroll_handler(ctx, chamber)
    }

    /// Looks at the jobs of a provider's seat. Anybody may.
    #[discrim = 38]
    pub fn refresh_seat(ctx: &mut Context<RefreshSeat>) -> Result<()> {
        instructions::chamber::refresh_handler(ctx)
    }

    /// Gives up a seat; anybody may where it is not earned any more.
    #[discrim = 39]
    pub fn close_seat(ctx: &mut Context<CloseSeat>) -> Result<()> {
        instructions::chamber::close_handler(ctx)
    }

    /// Vetoes a proposal that touches the chamber's program, in its timelock; a third of the seats stop it.
    #[discrim = 40]
    pub fn veto_as_chamber(ctx: &mut Context<VetoAsChamber>) -> Result<()> {
        instructions::chamber::veto_handler(ctx)
    }

    /// Vetoes a proposal, by the guardian before its sunset.
    #[discrim = 41]
    pub fn veto(ctx: &mut Context<Veto>, as_spam: bool) -> Result<()> {
        instructions::veto::handler(ctx, as_spam)
    }

    /// Calls a vote over a veto in the next epoch: three quarters pass it.
    #[discrim = 42]
    pub fn override_veto(ctx: &mut Context<OverrideVeto>) -> Result<()> {
        instructions::veto::override_handler(ctx)
    }

    /// Ends the guardian's power for good.
    #[discrim = 43]
    pub fn resign_guardian(ctx: &mut Context<ResignGuardian>) -> Result<()> {
        instructions::veto::resign_handler(ctx)
    }

    /// Opens the outflow book of a lane and mint. Anybody may.
    #[discrim = 44]
    pub fn open_book(ctx: &mut Context<OpenBook>, lane: u8) -> Result<()> {
        instructions::dividend::book_handler(ctx, lane)
    }

    /// Shares what lane 3 holds of a mint among the voters of the last epoch. Anybody may.
    #[discrim = 45]
    pub fn fund_dividend(ctx: &mut Context<FundDividend>, epoch: u32) -> Result<()> {
        instructions::dividend::fund_handler(ctx, epoch)
    }

    /// Pays a person's share of a dividend.
    #[discrim = 46]
    pub fn claim_dividend(ctx: &mut Context<ClaimDividend>) -> Result<()> {
        instructions::dividend::claim_handler(ctx)
    }

    /// Closes a dividend after its grace; what nobody claimed returns to lane 3. Anybody may.
    #[discrim = 47]
    pub fn close_dividend(ctx: &mut Context<CloseDividend>) -> Result<()> {
        instructions::dividend::close_handler(ctx)
    }
}
