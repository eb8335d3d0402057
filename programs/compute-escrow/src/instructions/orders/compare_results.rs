//! `compare_results`

use {
    super::pay_move,
    crate::{errors::EscrowError, state::*},
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Accounts of `compare_results`. Behind them: every revealed contribution, where there are some to compare.
#[derive(Accounts)]
pub struct CompareResults {
    /// Whoever moves the order on; earns the bounty.
    #[account(mut)]
    pub cranker: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}

/// Specification:
/// - the job's reserve pays the bounty: no deadline here is the fault of one worker alone
/// - open, and not all workers have joined in time: the order is void; without any the price goes back
/// - running, and fewer than k have committed in time: void; with k or more the reveal begins
/// - committed, and all committed have revealed or the time is over: the result that k or more share wins and can be challenged;
///   without one the order is void
/// - before those deadlines it is refused
pub fn compare_results(a: &mut CompareResults, parts: &[AccountView]) -> Step {
    a.job.validate_kind(KIND_REDUNDANT)?;
    let now = now()?;
    match a.job.state {
        s if s == JobState::Open as u8 => {
            a.job.validate_overdue(now)?;
            if a.job.joined == 0 {
                a.job.apply_refund_delay(now);
            } else {
                a.job.enter(JobState::Resolving, now);
            }
        }
        s if s == JobState::Running as u8 && a.job.commitments < a.job.redundancy_k => {
            a.job.validate_overdue(now)?;
            a.job.enter(JobState::Resolving, now);
        }
        s if s == JobState::Running as u8 => {
            a.job.begin_reveal(now)?;
        }
        s if s == JobState::Committed as u8 => {
            if a.job.reveals < a.job.commitments {
                a.job.validate_overdue(now)?;
            }
            let result = winning_result(&a.job, parts)?;
            a.job.apply_comparison(&result, now);
        }
        _ => return Err(EscrowError::NothingToCrank.into()),
    }
    let bounty = a.job.take_bounty()?;
    pay_move(&a.job, a.cranker.account(), bounty)
}

/// The result that at least k of the revealed contributions share, or zero. 2k > n: there is at most one.
#[inline(never)]
fn winning_result(job: &Job, parts: &[AccountView]) -> Step<[u8; 32]> {
    require!(
        parts.len() == usize::from(job.reveals),
        EscrowError::ContributionsIncomplete
    );
    let mut winning = [0; 32];
    for part in parts {
        let one = Own::<Contribution>::load(*part)?;
        one.validate(job, PART_REVEALED)?;
        let (mut copies, mut equals) = (0u8, 0u8);
        for other in parts {
            copies = copies.saturating_add(u8::from(same(other.address(), part.address())));
            // the other is checked in its own turn
            let other = Own::<Contribution>::load(*other)?;
            equals = equals.saturating_add(u8::from(other.hash == one.hash));
        }
        require!(copies == 1, EscrowError::ContributionsIncomplete);
        if equals >= job.redundancy_k {
            winning = one.hash;
        }
    }
    Ok(winning)
}
