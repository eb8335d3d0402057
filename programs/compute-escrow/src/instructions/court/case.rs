//! `open_dispute`, and what moves a dispute: `commit_seed`, `reveal_seed`, `pin_seed`, `appeal`, `link_proposal`, `rule`,
//! `crank_dispute`

use {
    super::log_case,
    crate::{
        calls::{close_state, create_state, pay_lamports, transfer_lamports},
        constants::*,
        errors::EscrowError,
        hash::seed_commitment,
        math::{
            court::{CHALLENGER, DEFENDER},
            deadline::Moment,
            lot::first_hash_after,
        },
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `open_dispute`.
#[derive(Accounts)]
pub struct OpenDispute {
    /// Pays the dispute's rent and gets it back; earns the bounty.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The challenge, closed by this.
    #[account(mut)]
    pub challenge: Own<Challenge>,
    /// The challenger; gets the challenge's rent.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = challenge.challenger))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(challenger.address(), &challenge.challenger) @ ErrorCode::ConstraintAddress))]
    pub challenger: UncheckedAccount,
    /// The dispute to create, PDA `["dispute", job]`.
    #[account(mut)]
    pub dispute: UncheckedAccount,
    /// The jury of the job's config.
    pub jury: Own<Jury>,
    /// Creates the account.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// Accounts of every step that moves a dispute.
#[derive(Accounts)]
pub struct MoveCase {
    /// Who makes the step: a party or the key it named; who appeals and pays the deposit; the appellant who names the proposal;
    /// the config's authority who rules; whoever pins or cranks and earns the bounty.
    #[account(mut)]
    pub actor: Signer,
    /// The dispute.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// What the step reads: the SlotHashes sysvar to pin; the system program to appeal; the proposal to link it or to show that it
    /// has ended; the config to rule. Otherwise left out.
    pub aux: Option<UncheckedAccount>,
}

/// Specification:
/// - the job is challengeable and the challenge answered; or nobody answered in time, or an attestor countersigned its proof: then
///   the case is decided as it opens, the result being wrong
/// - anybody opens it and earns the bounty (not of a decided one); the deposits move from the challenge to the dispute; the challenge
///   is closed, its rent is the challenger's
/// - the job is before the court: nothing else of it moves until the ruling is executed
/// - the jury is the one of the job's config; its places of now are drawn from
pub fn open_dispute(a: &mut OpenDispute) -> Step {
    a.challenge.validate_job(&a.job)?;
    a.job.validate_state(JobState::Challengeable)?;
    require!(a.jury.config_id == a.job.config_id, EscrowError::WrongCase);
    let now = now()?;
    let is_answered = a.challenge.state == CHALLENGE_ANSWERED;
    let may = is_answered || a.challenge.state == CHALLENGE_PROVED || a.challenge.is_overdue(&a.job, now)?;
    require!(may, EscrowError::TooEarly);
    let seeds: [&[u8]; 2] = [DISPUTE_SEED, a.job.address().as_array()];
    let mut dispute: Own<Dispute> = create_state(a.payer.account(), a.dispute.account(), &seeds)?;
    fill(&mut dispute, a, now);
    a.job.enter(JobState::Disputed, now);
    a.job.challenges_open = checked(a.job.challenges_open.checked_sub(1))?;
    let mut bounty = 0;
    if is_answered {
        bounty = a.challenge.terms.bounty_lamports.get();
        dispute.parties[1] = a.challenge.defender;
        dispute.deposits[1] = dispute.deposits[0];
        dispute.charge(bounty)?;
        dispute.begin_round(0, now)?;
    } else {
        dispute.end(CaseOutcome::Verdict, now);
    }
    log_case(&dispute, a.payer.address(), 48);
    let [challenger, defender, ..] = dispute.deposits();
    let account = a.dispute.account();
    pay_lamports(
        a.challenge.account(),
        account,
        checked(challenger.checked_add(defender))?,
    )?;
    pay_lamports(account, a.payer.account(), bounty)?;
    close_state(a.challenge.account(), a.challenger.account())
}

/// Fills a new dispute in which nobody has answered.
#[inline(never)]
fn fill(dispute: &mut Dispute, a: &OpenDispute, now: Moment) {
    let challenge = &a.challenge;
    dispute.config_id = a.job.config_id;
    dispute.job = *a.job.address();
    dispute.uid = a.job.uid;
    dispute.jury = *a.jury.address();
    dispute.realm = a.jury.realm;
    dispute.client = a.job.client;
    dispute.parties = [challenge.challenger, challenge.challenger];
    dispute.agents = [challenge.challenger_agent, challenge.defender_agent];
    dispute.defender_person = challenge.defender_person;
    dispute.rent_payer = *a.payer.address();
    dispute.opened_slot = now.slot.into();
    dispute.places = a.jury.places;
    dispute.sides[1] = DEFENDER;
    dispute.is_redundant = u8::from(a.job.kind == KIND_REDUNDANT);
    dispute.deposits[0] = challenge.terms.bond_lamports;
    dispute.terms = challenge.terms;
}

/// The account a step reads.
fn aux(a: &MoveCase) -> Step<&AccountView> {
    let aux = a.aux.as_ref().map(|aux| aux.account());
    aux.ok_or(EscrowError::WrongCase.into())
}

/// Pays the bounty out of the case, last of all.
#[inline(never)]
fn pay_bounty(a: &mut MoveCase, step: u8) -> Step {
    let bounty = a.dispute.terms.bounty_lamports.get();
    a.dispute.charge(bounty)?;
    log_case(&a.dispute, a.actor.address(), step);
    pay_lamports(a.dispute.account(), a.actor.account(), bounty)
}

/// Specification:
/// - a party, or the key it named, commits once a round, in time
/// - the second commitment ends the phase: the first slot hash after it will be pinned
pub fn commit_seed(a: &mut MoveCase, commitment: &[u8; 32]) -> Step {
    let now = now()?;
    a.dispute.validate_in_time(Phase::SeedCommit, now)?;
    let side = a.dispute.side_of(a.actor.address())?;
    if a.dispute.apply_seed(side, 0, commitment)? {
        a.dispute.pin_slot = now.slot.into();
        a.dispute.enter(Phase::Pin, now);
    }
    log_case(&a.dispute, a.actor.address(), 49);
    Ok(())
}

/// Specification:
/// - a party, or the key it named, reveals in time what it committed to: [`crate::hash::seed_commitment`]
/// - the challenger in the first half of the time, the defender after the challenger's reveal or in the second half: whoever reveals
///   last loses by silence, so that nobody chooses between two panels
/// - the defender's reveal makes the panel's seed, which neither party nor a leader could choose alone
pub fn reveal_seed(a: &mut MoveCase, secret: &[u8; 32]) -> Step {
    let now = now()?;
    let dispute = &mut a.dispute;
    dispute.validate_in_time(Phase::SeedReveal, now)?;
    let side = dispute.side_of(a.actor.address())?;
    let place = usize::from(side);
    let is_first = dispute.seed_steps & 4u8.wrapping_shl(u32::from(side)) == 0;
    require!(is_first, EscrowError::AlreadyDone);
    let is_half_over = dispute.is_half_over(dispute.terms.seed_seconds, now)?;
    let challenger_is_done = is_half_over || dispute.seed_steps & 4 != 0;
    if side == CHALLENGER {
        require!(!is_half_over, EscrowError::DeadlinePassed);
    } else {
        require!(challenger_is_done, EscrowError::TooEarly);
    }
    let commitment = seed_commitment(secret, &dispute.uid, dispute.round, side);
    require!(
        dispute.seeds.get(place) == Some(&commitment),
        EscrowError::CommitmentMismatch
    );
    dispute.apply_seed(side, 2, secret)?;
    if side == DEFENDER {
        dispute.apply_seeds(now);
    }
    log_case(dispute, a.actor.address(), 50);
    Ok(())
}

/// Specification:
/// - both parties have committed; anybody pins the first slot hash after that and earns the bounty
/// - a hash the cluster has forgotten is replaced by the first one after now, without bounty: nobody has revealed yet
pub fn pin_seed(a: &mut MoveCase) -> Step {
    a.dispute.validate_phase(Phase::Pin)?;
    let sysvar = aux(a)?;
    require!(same(sysvar.address(), &SLOT_HASHES), EscrowError::SlotHashesRequired);
    // SAFETY: the runtime's bytes are only read.
    let bytes = unsafe { sysvar.borrow_unchecked() };
    let now = now()?;
    let pin_slot = a.dispute.pin_slot.get();
    if now.slot.saturating_sub(pin_slot) > REMEMBERED_SLOTS {
        a.dispute.pin_slot = now.slot.into();
        log_case(&a.dispute, a.actor.address(), 51);
        return Ok(());
    }
    let hash = first_hash_after(bytes, pin_slot).ok_or(EscrowError::TooEarly)?;
    a.dispute.pinned = *hash;
    a.dispute.enter(Phase::SeedReveal, now);
    pay_bounty(a, 51)
}

/// Specification:
/// - a panel has decided and its appeal time is not over
/// - anybody appeals for the side that lost, with a deposit of its own: twice the bond of the instance before
/// - the next panel is more than twice as large, with new randomness; after the third the quadratic vote decides, whose proposal the
///   appellant names next
pub fn appeal(a: &mut MoveCase) -> Step {
    let now = now()?;
    let dispute = &mut a.dispute;
    dispute.validate_in_time(Phase::Appeal, now)?;
    let place = usize::from(dispute.round);
    let round = checked(dispute.round.checked_add(1))?;
    let bond = dispute.terms.bond_lamports.get();
    let deposit = checked(bond.checked_mul(1u64.wrapping_shl(u32::from(round))))?;
    let (side, actor) = (dispute.losing_side(), *a.actor.address());
    *checked(dispute.appellants.get_mut(place))? = actor;
    let place = checked(place.checked_add(2))?;
    *checked(dispute.deposits.get_mut(place))? = deposit.into();
    *checked(dispute.sides.get_mut(place))? = side;
    if round < VOTE_ROUND {
        dispute.begin_round(round, now)?;
    } else {
        dispute.round = round;
        dispute.enter(Phase::Linking, now);
    }
    log_case(dispute, &actor, 56);
    transfer_lamports(a.actor.account(), a.dispute.account(), deposit);
    Ok(())
}

/// Specification:
/// - the last appellant names, in time, a proposal of the realm that can still decide something
pub fn link_proposal(a: &mut MoveCase) -> Step {
    let now = now()?;
    a.dispute.validate_in_time(Phase::Linking, now)?;
    require!(
        a.dispute.appellants.last() == Some(a.actor.address()),
        EscrowError::NotAParty
    );
    let proposal = aux(a)?;
    require!(
        is_proposal_live(proposal, &a.dispute.realm),
        EscrowError::ProposalRefused
    );
    a.dispute.proposal = *proposal.address();
    a.dispute.enter(Phase::Ruling, now);
    log_case(&a.dispute, a.actor.address(), 57);
    Ok(())
}

/// Specification:
/// - the authority of the case's config signs, once, while the quadratic vote decides; the case is the one meant (uid)
pub fn rule(a: &mut MoveCase, uid: &[u8; 32], provider_ppm: u32) -> Step {
    a.dispute.validate_phase(Phase::Ruling)?;
    require!(*uid == a.dispute.uid, EscrowError::WrongUid);
    require!(u64::from(provider_ppm) <= PPM, EscrowError::VoteOutOfBounds);
    let config = <Own<EscrowConfig> as anchor_lang::AnchorAccount>::load(*aux(a)?)?;
    require!(config.id == a.dispute.config_id, EscrowError::ConfigMismatch);
    require!(same(a.actor.address(), &config.authority), EscrowError::NotAParty);
    a.dispute.verdict_ppm = provider_ppm.into();
    a.dispute.end(CaseOutcome::Verdict, now()?);
    log_case(&a.dispute, a.actor.address(), 58);
    Ok(())
}

/// Specification:
/// - the time of the present phase is over by clock and slots, or the proposal of the last appeal has ended without a ruling
/// - a defender without commitment or reveal forfeits an order with one worker; the part of any other silent party is zero
/// - a panel that is not complete, or of which no majority has revealed after two redraws, gives no verdict: an earlier verdict
///   stands, else the default
/// - no appeal, no proposal, no ruling: the verdict stands
/// - the bounty comes out of the case
pub fn crank_dispute(a: &mut MoveCase) -> Step {
    let now = now()?;
    let is_overdue = a.dispute.is_overdue(now)? || has_proposal_ended(a);
    require!(is_overdue, EscrowError::TooEarly);
    a.dispute.advance(now)?;
    pay_bounty(a, 59)
}

fn has_proposal_ended(a: &MoveCase) -> bool {
    a.dispute.phase == Phase::Ruling as u8
        && a.aux.as_ref().is_some_and(|aux| {
            same(aux.address(), &a.dispute.proposal) && !is_proposal_live(aux.account(), &a.dispute.realm)
        })
}

/// The side that challenges; named here for the deposits' order.
const _: () = assert!(CHALLENGER == 0 && DEFENDER == 1);
