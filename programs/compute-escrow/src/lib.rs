//! Escrow of GPU jobs: one vault per job, an exit from every state.
//!
//! A client posts a job and its price goes into a vault of that job alone. A provider's slot claims it, locking its bond,
//! starts, commits to a result and reveals it. When the challenge time is over anyone settles: the price goes to the slot's
//! payout, the fee to the treasury's part of it. Every state has a deadline after which anyone may crank the job on and earns
//! the bounty. No key can move what belongs to another.
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

#[cfg(all(test, not(feature = "idl-build")))]
extern crate std;

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

use anchor_lang::{prelude::*, Address};

// Anchor's `interface` mode makes a module of that name for callers of this program.
#[path = "cpi.rs"]
pub mod calls;
pub mod constants;
#[cfg(all(target_os = "solana", not(feature = "no-entrypoint")))]
mod entry;
pub mod errors;
pub mod events;
pub mod hash;
pub mod instructions;
pub mod math;
pub mod state;
pub mod voucher;

use {instructions::*, state::*};

declare_id!("JoASPwhRUkkd7oZtZDSNk5ipoo2Rnc2HohPpPEka3f4");

/// Instructions; the numbers are append-only.
///
/// On chain and for callers without dispatch: `entry` does it in fewer bytes. Elsewhere Anchor's own makes the IDL.
#[cfg_attr(any(target_os = "solana", feature = "cpi"), program(interface))]
#[cfg_attr(not(any(target_os = "solana", feature = "cpi")), program)]
pub mod compute_escrow {
    use super::*;

    /// Creates a config under a governance realm, with its first payment mint.
    #[discrim = 0]
    pub fn initialize_config(ctx: &mut Context<InitializeConfig>, args: InitializeConfigArgs) -> Result<()> {
        Ok(instructions::initialize_config(&mut ctx.accounts, &args)?)
    }

    /// Sets fee, bounty, least bond and treasury within their ceilings. Posted jobs keep theirs.
    #[discrim = 1]
    pub fn update_config(ctx: &mut Context<UpdateConfig>, params: ConfigParams) -> Result<()> {
        Ok(instructions::update_config(&mut ctx.accounts, &params)?)
    }

    /// Lists a mint that new jobs may be paid in.
    #[discrim = 2]
    pub fn allow_mint(ctx: &mut Context<AllowMint>) -> Result<()> {
        Ok(instructions::allow_mint(&mut ctx.accounts)?)
    }

    /// Takes a mint off the list. Posted jobs go on.
    #[discrim = 3]
    pub fn disallow_mint(ctx: &mut Context<DisallowMint>, mint: Address) -> Result<()> {
        Ok(instructions::disallow_mint(&mut ctx.accounts, &mint)?)
    }

    /// Registers the signer as a provider.
    #[discrim = 4]
    pub fn register_provider(ctx: &mut Context<RegisterProvider>, session_key: Address, region: u16) -> Result<()> {
        Ok(instructions::register_provider(
            &mut ctx.accounts,
            &session_key,
            region,
        )?)
    }

    /// Replaces the key of a provider's machines.
    #[discrim = 5]
    pub fn rotate_session_key(ctx: &mut Context<RotateSessionKey>, session_key: Address) -> Result<()> {
        Ok(instructions::rotate_session_key(&mut ctx.accounts, &session_key)?)
    }

    /// Offers one more GPU under a config.
    #[discrim = 6]
    pub fn add_slot(ctx: &mut Context<AddSlot>, model_id: u32, vram_mib: u32, offer: SlotOffer) -> Result<()> {
        Ok(instructions::add_slot(&mut ctx.accounts, model_id, vram_mib, &offer)?)
    }

    /// Changes a slot's asks and off-peak hours, pauses or resumes it.
    #[discrim = 7]
    pub fn update_slot(ctx: &mut Context<UpdateSlot>, offer: SlotOffer) -> Result<()> {
        Ok(instructions::update_slot(&mut ctx.accounts, &offer)?)
    }

    /// Adds lamports to a slot's bond.
    #[discrim = 8]
    pub fn deposit_bond(ctx: &mut Context<DepositBond>, lamports: u64) -> Result<()> {
        Ok(instructions::deposit_bond(&mut ctx.accounts, lamports)?)
    }

    /// Takes free lamports out of a slot's bond.
    #[discrim = 9]
    pub fn withdraw_bond(ctx: &mut Context<WithdrawBond>, lamports: u64) -> Result<()> {
        Ok(instructions::withdraw_bond(&mut ctx.accounts, lamports)?)
    }

    /// Opens the account that a slot is paid into, for one mint. Anyone may.
    #[discrim = 10]
    pub fn open_payout(ctx: &mut Context<OpenPayout>) -> Result<()> {
        Ok(instructions::open_payout(&mut ctx.accounts)?)
    }

    /// Closes an emptied payout; the rent goes back.
    #[discrim = 11]
    pub fn close_payout(ctx: &mut Context<ClosePayout>) -> Result<()> {
        Ok(instructions::close_payout(&mut ctx.accounts)?)
    }

    /// Orders a job and puts its price into a new vault. The bumps are those of the job's and the vault's address.
    #[discrim = 12]
    pub fn post_job(
        ctx: &mut Context<PostJob>,
        nonce: u64,
        job_bump: u8,
        vault_bump: u8,
        terms: JobTerms,
    ) -> Result<()> {
        Ok(instructions::post_job(
            &mut ctx.accounts,
            nonce,
            job_bump,
            vault_bump,
            &terms.to_bytes(),
        )?)
    }

    /// Takes an open job for a slot and locks its bond.
    #[discrim = 13]
    pub fn claim_job(ctx: &mut Context<ClaimJob>, uid: [u8; 32]) -> Result<()> {
        Ok(instructions::claim_job(&mut ctx.accounts, &uid)?)
    }

    /// Gives a claimed job back before starting it; costs nothing.
    #[discrim = 14]
    pub fn decline_job(ctx: &mut Context<WorkOnJob>) -> Result<()> {
        Ok(instructions::decline_job(&mut ctx.accounts)?)
    }

    /// Starts a claimed job, attesting that the worker holds the input.
    #[discrim = 15]
    pub fn start_job(ctx: &mut Context<WorkOnJob>, input_hash: [u8; 32]) -> Result<()> {
        Ok(instructions::start_job(&mut ctx.accounts, &input_hash)?)
    }

    /// Commits to a result without showing it; the slot is free for other work.
    #[discrim = 16]
    pub fn commit_result(ctx: &mut Context<WorkOnJob>, commitment: [u8; 32]) -> Result<()> {
        Ok(instructions::commit_result(&mut ctx.accounts, &commitment)?)
    }

    /// Shows the committed result; the challenge time begins.
    #[discrim = 17]
    pub fn reveal_result(ctx: &mut Context<WorkOnJob>, result: [u8; 32], salt: [u8; 32]) -> Result<()> {
        Ok(instructions::reveal_result(&mut ctx.accounts, &result, &salt)?)
    }

    /// Pays the provider once the challenge time is over. Anyone may.
    #[discrim = 18]
    pub fn settle(ctx: &mut Context<Settle>) -> Result<()> {
        Ok(instructions::settle(&mut ctx.accounts)?)
    }

    /// Pays a provider's earnings to a token account of its choice.
    #[discrim = 19]
    pub fn withdraw_payout(ctx: &mut Context<WithdrawPayout>) -> Result<()> {
        Ok(instructions::withdraw_payout(&mut ctx.accounts)?)
    }

    /// Pays the fees of a payout to the treasury. Anyone may.
    #[discrim = 20]
    pub fn sweep_fees(ctx: &mut Context<SweepFees>) -> Result<()> {
        Ok(instructions::sweep_fees(&mut ctx.accounts)?)
    }

    /// Takes back an open job: price, reserve and rent return at once.
    #[discrim = 21]
    pub fn cancel_job(ctx: &mut Context<TakeBack>) -> Result<()> {
        Ok(instructions::cancel_job(&mut ctx.accounts)?)
    }

    /// Pays a delayed refund to an account the client names.
    #[discrim = 22]
    pub fn claim_refund(ctx: &mut Context<TakeBack>) -> Result<()> {
        Ok(instructions::claim_refund(&mut ctx.accounts)?)
    }

    /// Closes a paid job; rent and reserve go back. Anyone may.
    #[discrim = 23]
    pub fn close_job(ctx: &mut Context<CloseJob>) -> Result<()> {
        Ok(instructions::close_job(&mut ctx.accounts)?)
    }

    /// Moves a job on whose deadline has passed and earns the bounty. Anyone may.
    #[discrim = 24]
    pub fn crank(ctx: &mut Context<Crank>) -> Result<()> {
        Ok(instructions::crank(&mut ctx.accounts)?)
    }

    /// Sets the court's parameters and the attestors within their bounds. Disputes keep theirs.
    #[discrim = 25]
    pub fn update_court(ctx: &mut Context<UpdateConfig>, params: CourtParams) -> Result<()> {
        Ok(instructions::update_court(&mut ctx.accounts, &params)?)
    }

    /// Puts a verified person behind a provider. Both sign.
    #[discrim = 26]
    pub fn link_person(ctx: &mut Context<LinkPerson>) -> Result<()> {
        Ok(instructions::link_person(&mut ctx.accounts)?)
    }

    /// Parts a person and a provider. Either may; anybody where the registration has ended.
    #[discrim = 27]
    pub fn unlink_person(ctx: &mut Context<UnlinkPerson>) -> Result<()> {
        Ok(instructions::unlink_person(&mut ctx.accounts)?)
    }

    /// Says something about a slot, by an attestor of its config: its measured speed becomes its score.
    #[discrim = 28]
    pub fn attest_slot(ctx: &mut Context<AttestSlot>, claim: AttestationClaim) -> Result<()> {
        Ok(instructions::attest_slot(&mut ctx.accounts, &claim)?)
    }

    /// Takes an attestation back, or closes an expired one. Anybody may close an expired one.
    #[discrim = 29]
    pub fn close_attestation(ctx: &mut Context<CloseAttestation>) -> Result<()> {
        Ok(instructions::close_attestation(&mut ctx.accounts)?)
    }

    /// Brings a slot's gains and faults into its provider's reputation. Anybody may.
    #[discrim = 30]
    pub fn fold_reputation(ctx: &mut Context<FoldReputation>) -> Result<()> {
        Ok(instructions::fold_reputation(&mut ctx.accounts)?)
    }

    /// Pays a milestone of a running job at once, by the client.
    #[discrim = 31]
    pub fn accept_milestone(ctx: &mut Context<AcceptMilestone>, index: u8) -> Result<()> {
        Ok(instructions::accept_milestone(&mut ctx.accounts, index)?)
    }

    /// Pays or lets go one worker of a decided redundant order. Anyone may.
    #[discrim = 32]
    pub fn settle_contribution(ctx: &mut Context<SettleContribution>) -> Result<()> {
        Ok(instructions::settle_contribution(&mut ctx.accounts)?)
    }

    /// Bids for an auction, sealed, and locks the slot's bond.
    #[discrim = 33]
    pub fn place_bid(ctx: &mut Context<TakePart>, uid: [u8; 32], commitment: [u8; 32]) -> Result<()> {
        Ok(instructions::place_bid(&mut ctx.accounts, &uid, &commitment)?)
    }

    /// Shows the price of a sealed bid when the bidding is over.
    #[discrim = 34]
    pub fn reveal_bid(ctx: &mut Context<WorkOnPart>, price_atoms: u64, salt: [u8; 32]) -> Result<()> {
        Ok(instructions::reveal_bid(&mut ctx.accounts, price_atoms, &salt)?)
    }

    /// Moves an auction on whose deadline has passed and earns the bounty: to the reveal, to the winner, to the second. Anyone may.
    #[discrim = 35]
    pub fn award(ctx: &mut Context<Award>) -> Result<()> {
        Ok(instructions::award(&mut ctx.accounts)?)
    }

    /// Closes a bid that has not won and releases its bond; one not revealed pays a bounty. Anyone may.
    #[discrim = 36]
    pub fn reclaim_bid(ctx: &mut Context<ReclaimBid>) -> Result<()> {
        Ok(instructions::reclaim_bid(&mut ctx.accounts)?)
    }

    /// Takes part in a redundant order and locks the slot's bond.
    #[discrim = 37]
    pub fn join_job(ctx: &mut Context<TakePart>, uid: [u8; 32]) -> Result<()> {
        Ok(instructions::join_job(&mut ctx.accounts, &uid)?)
    }

    /// Commits to a result of a redundant order without showing it; the slot is free for other work.
    #[discrim = 38]
    pub fn commit_contribution(ctx: &mut Context<WorkOnPart>, commitment: [u8; 32]) -> Result<()> {
        Ok(instructions::commit_contribution(&mut ctx.accounts, &commitment)?)
    }

    /// Shows a committed result of a redundant order.
    #[discrim = 39]
    pub fn reveal_contribution(ctx: &mut Context<WorkOnPart>, result: [u8; 32], salt: [u8; 32]) -> Result<()> {
        Ok(instructions::reveal_contribution(&mut ctx.accounts, &result, &salt)?)
    }

    /// Compares the revealed results of a redundant order, which are given behind the accounts, or moves it on when its deadline
    /// has passed; earns the bounty. Anyone may.
    #[discrim = 40]
    pub fn compare_results(ctx: &mut Context<CompareResults>) -> Result<()> {
        let parts = ctx.remaining_accounts()?;
        Ok(instructions::compare_results(&mut ctx.accounts, &parts)?)
    }

    /// Challenges a revealed result with a bond.
    #[discrim = 41]
    pub fn challenge_result(
        ctx: &mut Context<ChallengeResult>,
        uid: [u8; 32],
        claimed_result: [u8; 32],
        agent: Address,
    ) -> Result<()> {
        Ok(instructions::challenge_result(
            &mut ctx.accounts,
            &uid,
            &claimed_result,
            &agent,
        )?)
    }

    /// Challenges a result by a canary whose output is wrong; countersigned by an attestor it needs no court.
    #[discrim = 42]
    pub fn prove_canary(ctx: &mut Context<ChallengeResult>, uid: [u8; 32], proof: CanaryProof) -> Result<()> {
        Ok(instructions::prove_canary(&mut ctx.accounts, &uid, &proof)?)
    }

    /// Answers a challenge with a deposit as large as its bond.
    #[discrim = 43]
    pub fn answer_challenge(ctx: &mut Context<AnswerChallenge>, agent: Address) -> Result<()> {
        Ok(instructions::answer_challenge(&mut ctx.accounts, &agent)?)
    }

    /// Ends a challenge that nobody answered, or that a verdict has decided. Anyone may.
    #[discrim = 44]
    pub fn resolve_challenge(ctx: &mut Context<ResolveChallenge>) -> Result<()> {
        Ok(instructions::resolve_challenge(&mut ctx.accounts)?)
    }

    /// Opens the jury of a config. Anyone may.
    #[discrim = 45]
    pub fn open_jury(ctx: &mut Context<OpenJury>) -> Result<()> {
        Ok(instructions::open_jury(&mut ctx.accounts)?)
    }

    /// Puts a verified person on the jury, with a stake.
    #[discrim = 46]
    pub fn enroll_juror(ctx: &mut Context<EnrollJuror>, index: u32, stake_lamports: u64) -> Result<()> {
        Ok(instructions::enroll_juror(&mut ctx.accounts, index, stake_lamports)?)
    }

    /// Takes a person off the jury; the stake returns.
    #[discrim = 47]
    pub fn leave_jury(ctx: &mut Context<LeaveJury>) -> Result<()> {
        Ok(instructions::leave_jury(&mut ctx.accounts)?)
    }

    /// Brings an answered challenge before the court. Anyone may.
    #[discrim = 48]
    pub fn open_dispute(ctx: &mut Context<OpenDispute>) -> Result<()> {
        Ok(instructions::open_dispute(&mut ctx.accounts)?)
    }

    /// Commits to a party's part of a panel's randomness.
    #[discrim = 49]
    pub fn commit_seed(ctx: &mut Context<MoveCase>, commitment: [u8; 32]) -> Result<()> {
        Ok(instructions::commit_seed(&mut ctx.accounts, &commitment)?)
    }

    /// Reveals a party's part of a panel's randomness.
    #[discrim = 50]
    pub fn reveal_seed(ctx: &mut Context<MoveCase>, secret: [u8; 32]) -> Result<()> {
        Ok(instructions::reveal_seed(&mut ctx.accounts, &secret)?)
    }

    /// Pins the first slot hash after both commitments. Anyone may.
    #[discrim = 51]
    pub fn pin_seed(ctx: &mut Context<MoveCase>) -> Result<()> {
        Ok(instructions::pin_seed(&mut ctx.accounts)?)
    }

    /// Draws the next place of the jury. Anyone may.
    #[discrim = 52]
    pub fn draw_panel(ctx: &mut Context<DrawPanel>) -> Result<()> {
        Ok(instructions::draw_panel(&mut ctx.accounts)?)
    }

    /// Commits to a vote.
    #[discrim = 53]
    pub fn commit_vote(ctx: &mut Context<Vote>, commitment: [u8; 32]) -> Result<()> {
        Ok(instructions::commit_vote(&mut ctx.accounts, &commitment)?)
    }

    /// Reveals a vote and is paid.
    #[discrim = 54]
    pub fn reveal_vote(ctx: &mut Context<Vote>, ppm: u32, salt: [u8; 32]) -> Result<()> {
        Ok(instructions::reveal_vote(&mut ctx.accounts, ppm, &salt)?)
    }

    /// Shows a vote before its time; its juror loses stake. Anyone may.
    #[discrim = 55]
    pub fn report_leak(ctx: &mut Context<EndSeat>, ppm: u32, salt: [u8; 32]) -> Result<()> {
        Ok(instructions::report_leak(&mut ctx.accounts, ppm, &salt)?)
    }

    /// Appeals for the side a panel decided against. Anyone may.
    #[discrim = 56]
    pub fn appeal(ctx: &mut Context<MoveCase>) -> Result<()> {
        Ok(instructions::appeal(&mut ctx.accounts)?)
    }

    /// Names the proposal of the last appeal.
    #[discrim = 57]
    pub fn link_proposal(ctx: &mut Context<MoveCase>) -> Result<()> {
        Ok(instructions::link_proposal(&mut ctx.accounts)?)
    }

    /// Rules after the last appeal, by the config's authority.
    #[discrim = 58]
    pub fn rule(ctx: &mut Context<MoveCase>, uid: [u8; 32], provider_ppm: u32) -> Result<()> {
        Ok(instructions::rule(&mut ctx.accounts, &uid, provider_ppm)?)
    }

    /// Moves a dispute on whose time has passed and earns the bounty. Anyone may.
    #[discrim = 59]
    pub fn crank_dispute(ctx: &mut Context<MoveCase>) -> Result<()> {
        Ok(instructions::crank_dispute(&mut ctx.accounts)?)
    }

    /// Gives a job what was ruled. Anyone may.
    #[discrim = 60]
    pub fn execute_ruling(ctx: &mut Context<ExecuteRuling>) -> Result<()> {
        Ok(instructions::execute_ruling(&mut ctx.accounts)?)
    }

    /// Closes a seat of an ended dispute; an absent juror loses stake. Anyone may.
    #[discrim = 61]
    pub fn close_seat(ctx: &mut Context<EndSeat>) -> Result<()> {
        Ok(instructions::close_seat(&mut ctx.accounts)?)
    }

    /// Divides the deposits of an ended dispute and closes it. Anyone may.
    #[discrim = 62]
    pub fn close_dispute(ctx: &mut Context<CloseDispute>) -> Result<()> {
        let appellants = ctx.remaining_accounts()?;
        Ok(instructions::close_dispute(&mut ctx.accounts, &appellants)?)
    }

    /// Countersigns the evidence of an attested job's result, by an attestor of the config.
    #[discrim = 81]
    pub fn attest_result(ctx: &mut Context<AttestResult>, uid: [u8; 32], evidence_hash: [u8; 32]) -> Result<()> {
        Ok(instructions::attest_result(&mut ctx.accounts, &uid, &evidence_hash)?)
    }

    /// Rents a slot by the second and puts the deposit into a new vault. The bumps are those of the lease's and the vault's address.
    #[discrim = 63]
    pub fn post_lease(
        ctx: &mut Context<PostLease>,
        nonce: u64,
        lease_bump: u8,
        vault_bump: u8,
        terms: LeaseTerms,
    ) -> Result<()> {
        Ok(instructions::post_lease(
            &mut ctx.accounts,
            nonce,
            lease_bump,
            vault_bump,
            &terms.to_bytes(),
        )?)
    }

    /// Takes an open lease for a slot and locks its bond.
    #[discrim = 64]
    pub fn accept_lease(ctx: &mut Context<WorkOnLease>, uid: [u8; 32]) -> Result<()> {
        Ok(instructions::accept_lease(&mut ctx.accounts, &uid)?)
    }

    /// Starts a lease of a complete gang. Anyone may.
    #[discrim = 65]
    pub fn start_lease(ctx: &mut Context<WorkOnLease>) -> Result<()> {
        Ok(instructions::start_lease(&mut ctx.accounts)?)
    }

    /// Goes on with a paused lease that is funded again.
    #[discrim = 66]
    pub fn resume_lease(ctx: &mut Context<WorkOnLease>) -> Result<()> {
        Ok(instructions::resume_lease(&mut ctx.accounts)?)
    }

    /// Announces that the provider takes its slot back.
    #[discrim = 67]
    pub fn reclaim_notice(ctx: &mut Context<WorkOnLease>) -> Result<()> {
        Ok(instructions::reclaim_notice(&mut ctx.accounts)?)
    }

    /// Puts more into a lease. Anyone may.
    #[discrim = 68]
    pub fn top_up(ctx: &mut Context<TopUp>, uid: [u8; 32], atoms: u64) -> Result<()> {
        Ok(instructions::top_up(&mut ctx.accounts, &uid, atoms)?)
    }

    /// Pays the provider what a co-signed voucher says and time allows. Anyone may.
    #[discrim = 69]
    pub fn redeem_voucher(ctx: &mut Context<RedeemVoucher>) -> Result<()> {
        Ok(instructions::redeem_voucher(&mut ctx.accounts)?)
    }

    /// Ends a lease, by its client or its provider.
    #[discrim = 70]
    pub fn close_lease(ctx: &mut Context<LeaveLease>) -> Result<()> {
        Ok(instructions::close_lease(&mut ctx.accounts)?)
    }

    /// Moves a lease on whose deadline has passed and earns the bounty. Anyone may.
    #[discrim = 71]
    pub fn crank_lease(ctx: &mut Context<LeaveLease>) -> Result<()> {
        Ok(instructions::crank_lease(&mut ctx.accounts)?)
    }

    /// Opens a gang: leases that begin together or not at all.
    #[discrim = 72]
    pub fn open_gang(ctx: &mut Context<OpenGang>, nonce: u64, size: u8, gather_seconds: u32) -> Result<()> {
        Ok(instructions::open_gang(&mut ctx.accounts, nonce, size, gather_seconds)?)
    }

    /// Closes a gang without leases; the rent goes back.
    #[discrim = 73]
    pub fn close_gang(ctx: &mut Context<CloseGang>) -> Result<()> {
        Ok(instructions::close_gang(&mut ctx.accounts)?)
    }
}
