//! `challenge_result`, `prove_canary`, `answer_challenge`

use {
    super::{log_step, Marks},
    crate::{
        calls::{create_state, transfer_lamports},
        constants::*,
        errors::EscrowError,
        hash::{canary_spec, digest_of, merkle_root, CANARY_LEAF_TAG, OUTPUT_LEAF_TAG},
        state::*,
    },
    anchor_lang::{prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// Accounts of `challenge_result` and `prove_canary`.
#[derive(Accounts)]
pub struct ChallengeResult {
    /// Who challenges; pays rent and bond.
    #[account(mut)]
    pub challenger: Signer,
    /// The config of the job.
    pub config: Own<EscrowConfig>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The challenge to create, PDA `["challenge", job, challenger]`.
    #[account(mut)]
    pub challenge: UncheckedAccount,
    /// An attestor of the config that countersigns a wrong canary; left out otherwise.
    pub attestor: Option<Signer>,
    /// Creates the account and moves the bond.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// Accounts of `answer_challenge`.
#[derive(Accounts)]
pub struct AnswerChallenge {
    /// Authority of the provider; pays the deposit.
    #[cfg_attr(feature = "idl-build", account(mut, address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider that worked.
    pub provider: Own<Provider>,
    /// The job.
    pub job: Own<Job>,
    /// The challenge.
    #[account(mut)]
    pub challenge: Own<Challenge>,
    /// The slot that worked.
    pub slot: Own<Slot>,
    /// Its part in a redundant order, which must have won; left out otherwise.
    pub contribution: Option<Own<Contribution>>,
    /// Moves the deposit.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// A canary of the specification whose output in the result is another: leaves and paths of both trees.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct CanaryProof {
    /// Which output of the result it is: its place in the tree of outputs.
    pub index: u32,
    /// The canary's place in the tree of canaries.
    pub position: u32,
    /// Hash of the rest of the specification.
    pub body_hash: [u8; 32],
    /// Hash of the output the canary should have.
    pub expected: [u8; 32],
    /// The canary's salt.
    pub salt: [u8; 32],
    /// Hash of the output in the result.
    pub output: [u8; 32],
    /// Siblings of the canary, the lowest first.
    pub canary_path: [[u8; 32]; MAX_TREE_DEPTH],
    /// Siblings of the output, the lowest first.
    pub output_path: [[u8; 32]; MAX_TREE_DEPTH],
    /// How many of `canary_path` count.
    pub canary_depth: u8,
    /// How many of `output_path` count.
    pub output_depth: u8,
}

impl CanaryProof {
    /// That it holds for a job.
    #[inline(never)]
    fn validate(&self, job: &Job) -> Step {
        let index = self.index.to_le_bytes();
        let canary = digest_of(CANARY_LEAF_TAG, &[&index, &self.expected, &self.salt]);
        let siblings = self.canary_path.iter().take(usize::from(self.canary_depth));
        let canaries = merkle_root(canary, self.position, siblings);
        let output = digest_of(OUTPUT_LEAF_TAG, &[&index, &self.output]);
        let siblings = self.output_path.iter().take(usize::from(self.output_depth));
        let outputs = merkle_root(output, self.index, siblings);
        // a place beyond the tree would stand for another output at the same leaf
        let is_within = u64::from(self.index) >> self.output_depth.min(63) == 0;
        let holds = job.spec_hash == canary_spec(&self.body_hash, &canaries)
            && job.result == outputs
            && self.output != self.expected
            && is_within;
        require_step(holds, EscrowError::CanaryProofRefused)
    }
}

/// Opens a challenge whose claim the caller has checked.
#[inline(never)]
fn open(a: &mut ChallengeResult, claimed: &[u8; 32], agent: &Address, state: u8, has_canary: bool) -> Step {
    let now = now()?;
    a.job.validate_state(JobState::Challengeable)?;
    a.job.validate_in_time(now)?;
    require!(a.job.verification != VERIFY_NONE, EscrowError::WrongKind);
    require!(a.job.config_id == a.config.id, EscrowError::ConfigMismatch);
    require!(!is_none(agent), EscrowError::ZeroAddress);
    let terms = CourtTerms::of(&a.config.court, a.config.crank_bounty_lamports.get())?;
    let (payer, account) = (a.challenger.account(), a.challenge.account());
    let seeds: [&[u8]; 3] = [
        CHALLENGE_SEED,
        a.job.address().as_array(),
        a.challenger.address().as_array(),
    ];
    let mut challenge: Own<Challenge> = create_state(payer, account, &seeds)?;
    challenge.state = state;
    challenge.has_canary = u8::from(has_canary);
    challenge.config_id = a.job.config_id;
    challenge.job = *a.job.address();
    challenge.uid = a.job.uid;
    challenge.challenger = *a.challenger.address();
    challenge.challenger_agent = *agent;
    challenge.claimed_result = *claimed;
    challenge.created_ts = now.ts.into();
    challenge.created_slot = now.slot.into();
    challenge.terms = terms;
    let count = a.job.challenges_open.checked_add(1);
    a.job.challenges_open = count.ok_or(EscrowError::TooManyChallenges)?;
    transfer_lamports(payer, account, terms.bond_lamports.get());
    log_step(
        &a.job.uid,
        challenge.address(),
        a.challenger.address(),
        terms.bond_lamports.get(),
        Marks {
            step: 41,
            state,
            round: challenge.has_canary,
            ..Marks::default()
        },
    );
    Ok(())
}

/// Specification:
/// - the job is the one meant (uid), its result is public and can be challenged (not of an unverified job), the time is not over
/// - the claimed result is another; one challenge a challenger; at most 255 open ones
/// - the bond of the first instance is paid in: five seat fees and thirty bounties of the config in force
/// - the agent acts for the challenger before the court
/// - a worker who challenges itself gains nothing: its bond is lost, the reward is half of the rest
pub fn challenge_result(a: &mut ChallengeResult, uid: &[u8; 32], claimed_result: &[u8; 32], agent: &Address) -> Step {
    a.job.validate_uid(uid)?;
    require!(*claimed_result != a.job.result, EscrowError::SameResult);
    open(a, claimed_result, agent, CHALLENGE_OPEN, false)
}

/// Specification:
/// - as `challenge_result`, for a job verified by canaries
/// - the canary is in the tree that the specification binds, the output in the tree whose root is the result, at the same index,
///   and they differ
/// - without an attestor's signature it is a challenge like others: a false canary is for the court
/// - with the signature of an attestor of the config nothing can be answered: `open_dispute` opens a case that is decided
pub fn prove_canary(a: &mut ChallengeResult, uid: &[u8; 32], proof: &CanaryProof) -> Step {
    a.job.validate_uid(uid)?;
    require!(a.job.verification == VERIFY_CANARY, EscrowError::WrongKind);
    proof.validate(&a.job)?;
    let state = match &a.attestor {
        Some(attestor) => {
            require!(
                a.config.court.is_attestor(attestor.address()),
                EscrowError::NotAnAttestor
            );
            CHALLENGE_PROVED
        }
        None => CHALLENGE_OPEN,
    };
    let agent = *a.challenger.address();
    open(a, &proof.expected, &agent, state, true)
}

/// That a provider's work is what is challenged.
#[inline(never)]
fn check_work(a: &AnswerChallenge) -> Step {
    a.slot.validate_provider(a.provider.address())?;
    if a.job.kind != KIND_REDUNDANT {
        return a.job.validate_slot(a.slot.address());
    }
    let part = a.contribution.as_ref().ok_or(EscrowError::ContributionMismatch)?;
    part.validate_worker(&a.job, a.slot.address(), PART_REVEALED)?;
    require_step(part.hash == a.job.result, EscrowError::ContributionMismatch)
}

/// Specification:
/// - the authority of the provider that worked (of a redundant order: one whose result won) signs and deposits what the challenger did, before the answer's time is over
/// - the challenge is open: neither answered nor proved; the job is not before the court with another challenge
/// - the agent acts for the defender before the court
pub fn answer_challenge(a: &mut AnswerChallenge, agent: &Address) -> Step {
    a.challenge.validate_job(&a.job)?;
    a.job.validate_state(JobState::Challengeable)?;
    check_work(a)?;
    require!(a.challenge.state == CHALLENGE_OPEN, EscrowError::WrongChallengeState);
    require!(!a.challenge.is_overdue(&a.job, now()?)?, EscrowError::DeadlinePassed);
    require!(!is_none(agent), EscrowError::ZeroAddress);
    a.challenge.state = CHALLENGE_ANSWERED;
    a.challenge.defender = *a.authority.address();
    a.challenge.defender_agent = *agent;
    a.challenge.defender_person = a.provider.person;
    let bond = a.challenge.terms.bond_lamports.get();
    transfer_lamports(a.authority.account(), a.challenge.account(), bond);
    log_step(
        &a.job.uid,
        a.challenge.address(),
        a.authority.address(),
        bond,
        Marks {
            step: 43,
            state: CHALLENGE_ANSWERED,
            ..Marks::default()
        },
    );
    Ok(())
}
