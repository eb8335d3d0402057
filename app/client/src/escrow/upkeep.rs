//! What anybody can do for a job now: deadlines that have passed, verdicts that wait, rent that can return.

use {
    super::{
        bid::{bids, bids_of, reclaim_bid},
        challenge::challenges,
        court::{convict, dispute_address, open_dispute, Case},
        part::contributions,
        payout, Bid, Job, JobState, Moment, Order, Phase, PROGRAM,
    },
    crate::{accounts, rpc::Rpc, Address, Result},
    compute_escrow::state::{Outcome, CHALLENGE_ANSWERED, CHALLENGE_PROVED, KIND_AUCTION, KIND_REDUNDANT},
    solana_program::instruction::Instruction,
};

/// Drawings in one transaction: six accounts each, most of them other ones.
const DRAWINGS_AT_ONCE: usize = 4;

/// One step that is due.
pub struct Due {
    /// In words.
    pub label: String,
    /// The transaction.
    pub instructions: Vec<Instruction>,
}

impl Due {
    fn one(label: impl Into<String>, instruction: Instruction) -> Self {
        Self {
            label: label.into(),
            instructions: vec![instruction],
        }
    }
}

/// Everything that is due of a job and of what hangs on it, in an order in which it can be done. After a step the rest may have
/// changed: ask again.
pub async fn due(rpc: &Rpc, cranker: Address, order: &Order, now: Moment) -> Result<Vec<Due>> {
    let job = &order.job;
    let mut made = Vec::new();
    for (address, challenge) in challenges(rpc, &order.address).await? {
        if challenge.uid != job.uid {
            continue;
        }
        let is = |state: JobState| job.state == state as u8;
        let who = challenge.challenger;
        let is_answered = challenge.state == CHALLENGE_ANSWERED;
        let is_unanswered =
            challenge.state == CHALLENGE_PROVED || (!is_answered && challenge.is_overdue(job, now).unwrap_or(false));
        if is(JobState::Final) || is(JobState::Resolving) {
            let resolve = order.resolve_challenge(rpc, address, &challenge).await?;
            made.push(Due::one(format!("resolve the challenge of {who}"), resolve));
        } else if is(JobState::Challengeable) && is_unanswered {
            made.push(Due {
                label: format!("convict by the challenge of {who}"),
                instructions: convict(cranker, order, &challenge),
            });
        } else if is(JobState::Challengeable) && is_answered {
            let open = open_dispute(cranker, order, &challenge);
            made.push(Due::one(format!("bring the challenge of {who} before the court"), open));
        }
    }
    // before the job: a bid not revealed in time pays only while its job is there
    made.extend(of_bids(cranker, Some(job), bids_of(rpc, &order.address).await?, now));
    if made.is_empty() {
        made.extend(of_job(rpc, cranker, order, now).await?);
    }
    let dispute = accounts::find(rpc, &PROGRAM, &dispute_address(&order.address)).await?;
    if let Some(dispute) = dispute {
        let case = Case {
            address: dispute_address(&order.address),
            dispute,
        };
        made.extend(of_case(rpc, cranker, &case, Some(order), now).await?);
    }
    Ok(made)
}

/// What is due of the job alone.
async fn of_job(rpc: &Rpc, cranker: Address, order: &Order, now: Moment) -> Result<Option<Due>> {
    let job = &order.job;
    let is_over = order.is_overdue(now);
    let is = |state: JobState| job.state == state as u8;
    let address = order.address;
    let crank = || Due::one(format!("crank job {address}"), order.crank(cranker));
    Ok(match job.kind {
        _ if is(JobState::Refundable) => is_payable(rpc, order).await?.then(crank),
        _ if is(JobState::Final) => {
            let has_surplus = crate::tokens::balance(rpc, &super::vault_address(&address)).await? > 0;
            (!has_surplus || is_payable(rpc, order).await?)
                .then(|| Due::one(format!("close job {address}"), order.close(has_surplus)))
        }
        KIND_REDUNDANT if is(JobState::Resolving) || (is_over && is(JobState::Challengeable)) => {
            settle_parts(rpc, cranker, order).await?.into_iter().next()
        }
        KIND_REDUNDANT if is_over || (is(JobState::Committed) && job.reveals == job.commitments) => Some(Due::one(
            format!("move the redundant job {address} on"),
            order.compare(rpc, cranker).await?,
        )),
        _ if !is_over => None,
        KIND_AUCTION if is(JobState::Awarded) || job.reveals > 0 && is(JobState::Revealing) => {
            let award = order.award_next(rpc, cranker).await?;
            Some(Due::one(format!("award auction {address}"), award))
        }
        KIND_AUCTION if is(JobState::Open) && job.has_bids() => Some(Due::one(
            format!("end the bidding of {address}"),
            order.award(cranker, None),
        )),
        _ if is(JobState::Challengeable) && !job.lacks_attestation() => {
            let is_open = payout(rpc, &job.slot, &job.mint).await?.is_some();
            is_open.then(|| Due::one(format!("settle job {address}"), order.settle()))
        }
        _ => Some(crank()),
    })
}

/// Whether the client's canonical token account can be paid.
async fn is_payable(rpc: &Rpc, order: &Order) -> Result<bool> {
    let state = rpc.account(&order.client_token()).await?;
    // byte 108 of a token account is its state: 1 open, 2 frozen
    Ok(state.is_some_and(|state| state.data.get(108) == Some(&1)))
}

/// Settling of each worker of a decided redundant order whose payout, where it is paid, is open.
pub async fn settle_parts(rpc: &Rpc, cranker: Address, order: &Order) -> Result<Vec<Due>> {
    let mut made = Vec::new();
    for (address, part) in contributions(rpc, &order.job.uid).await? {
        let is_paid = part.outcome(&order.job) == Outcome::Paid;
        if is_paid && payout(rpc, &part.slot, &order.job.mint).await?.is_none() {
            continue;
        }
        let settle = order.settle_contribution(cranker, address, &part);
        made.push(Due::one(format!("settle the part of slot {}", part.slot), settle));
    }
    Ok(made)
}

/// Bids that can be closed: their job has passed them, is gone, or another lives at its address.
fn of_bids(reclaimer: Address, job: Option<&Job>, bids: Vec<(Address, Bid)>, now: Moment) -> Vec<Due> {
    let is_free = |bid: &Bid| match job.filter(|job| job.uid == bid.uid) {
        Some(job) => bid.validate_reclaim(job, now).is_ok(),
        None => true,
    };
    bids.iter()
        .filter(|(_, bid)| is_free(bid))
        .map(|(address, bid)| {
            let label = format!("reclaim the bid of slot {}", bid.slot);
            Due::one(label, reclaim_bid(reclaimer, *address, bid))
        })
        .collect()
}

/// What is due of a dispute; `order` is its job, where that still lives.
pub async fn of_case(rpc: &Rpc, cranker: Address, case: &Case, order: Option<&Order>, now: Moment) -> Result<Vec<Due>> {
    let job = case.dispute.job;
    if case.is_overdue(now) {
        return Ok(vec![Due::one(
            format!("move the dispute of {job} on"),
            case.crank(cranker),
        )]);
    }
    if case.is_in(Phase::Pin) && now.slot > case.dispute.pin_slot.get() {
        return Ok(vec![Due::one(format!("pin the seed of {job}"), case.pin_seed(cranker))]);
    }
    if case.is_in(Phase::Draw) {
        return Ok(draw(rpc, cranker, case).await?.into_iter().collect());
    }
    if let (true, Some(order)) = (case.is_in(Phase::Ended), order) {
        let has_payout = payout(rpc, &order.job.slot, &order.job.mint).await?.is_some();
        let execute = case.execute_ruling(cranker, order, has_payout);
        return Ok(vec![Due::one(format!("execute the ruling on {job}"), execute)]);
    }
    if !case.is_in(Phase::Executed) {
        return Ok(Vec::new());
    }
    let mut made: Vec<Due> = case
        .seats(rpc)
        .await?
        .iter()
        .map(|(_, seat)| {
            let label = format!("close the seat of person {}", seat.person);
            Due::one(label, case.close_seat(cranker, seat))
        })
        .collect();
    if made.is_empty() {
        made.push(Due::one(format!("close the dispute of {job}"), case.close()));
    }
    Ok(made)
}

/// The next drawings of a panel, as many as one transaction takes.
pub async fn draw(rpc: &Rpc, cranker: Address, case: &Case) -> Result<Option<Due>> {
    let candidates = case.drawings(rpc).await?;
    if !candidates.iter().any(|one| one.may_sit) {
        // nobody is left who may judge: the drawing ends by its time
        return Ok(None);
    }
    let next = candidates.get(..DRAWINGS_AT_ONCE).unwrap_or(&candidates);
    let seats = next.iter().filter(|one| one.may_sit).count();
    Ok(Some(Due {
        label: format!(
            "draw {} of the jury's places for job {}: {seats} seats",
            next.len(),
            case.dispute.job
        ),
        instructions: next.iter().map(|one| case.draw_panel(cranker, one)).collect(),
    }))
}

/// What is due anywhere: of jobs, of disputes and bids whose jobs are gone.
pub async fn all(rpc: &Rpc, cranker: Address, now: Moment) -> Result<Vec<Due>> {
    let mut made = Vec::new();
    let jobs = super::jobs(rpc, None).await?;
    for (address, _) in &jobs {
        let order = Order::fetch(rpc, *address).await?;
        made.extend(due(rpc, cranker, &order, now).await?);
    }
    let lives = |address: &Address| jobs.iter().any(|(job, _)| job == address);
    for case in Case::all(rpc).await?.iter().filter(|case| !lives(&case.dispute.job)) {
        made.extend(of_case(rpc, cranker, case, None, now).await?);
    }
    let orphans = bids(rpc).await?.into_iter().filter(|(_, bid)| !lives(&bid.job));
    made.extend(of_bids(cranker, None, orphans.collect(), now));
    Ok(made)
}
