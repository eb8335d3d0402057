//! Bursts of steps that bring one order far: everybody does his part, mostly.

use super::*;

/// A burst for one order, lease or case.
pub(super) fn drive(game: &mut Game, play: &mut Play) {
    if let Some(case) = some_case(game).filter(|_| chance(&mut game.world.rng, 45)) {
        let steps = game.world.rng.random_range(4..60);
        for _ in 0..steps {
            let Some(case) = game.book.disputes.get(&case.address).cloned() else {
                break;
            };
            case_step(game, play, &case);
        }
        return;
    }
    let Some(job) = some_job(game, |_| true) else {
        return post_job(game, play);
    };
    let steps = game.world.rng.random_range(2..20);
    for _ in 0..steps {
        let Some(now) = game.book.jobs.get(&job.address).cloned() else {
            break;
        };
        if now.uid != job.uid {
            break;
        }
        job_step(game, play, &now);
    }
}

fn some_case(game: &mut Game) -> Option<Dispute> {
    let all: Vec<Dispute> = game.book.disputes.values().cloned().collect();
    some(game, &all)
}

fn bids_of(game: &Game, job: &Job, sealed: bool) -> Vec<Bid> {
    let bids = game.book.bids.values();
    bids.filter(|bid| bid.uid == job.uid && bid.price.is_none() == sealed)
        .cloned()
        .collect()
}

/// What comes next in a job.
fn job_step(game: &mut Game, play: &mut Play, job: &Job) {
    let goes_on = !chance(&mut game.world.rng, 4);
    match (job.terms.kind, job.state) {
        (_, CLAIMED) if goes_on => work_on(game, play, "start_job", job),
        (2, RUNNING) if goes_on => match parts_of(game, job, |state| state == 1).first().cloned() {
            Some(part) => commit_part(game, play, job, &part),
            None => end_job(game, play, job),
        },
        (2, COMMITTED) if goes_on => {
            let waiting = parts_of(game, job, |state| state == 2);
            match some(game, &waiting) {
                Some(part) => reveal_part(game, play, job, &part),
                None => compare_results(game, play, job),
            }
        }
        (0, RUNNING | COMMITTED | CHALLENGEABLE)
            if job.terms.milestone_bps[0] > 0 && chance(&mut game.world.rng, 40) =>
        {
            accept_milestone(game, play, job);
        }
        (_, RUNNING) if goes_on => work_on(game, play, "commit_result", job),
        (_, COMMITTED) if goes_on => work_on(game, play, "reveal_result", job),
        (0, OPEN) => {
            let takers = takers(game, job);
            match some(game, &takers) {
                Some(slot) if goes_on => claim_by(game, play, job, &slot),
                _ => let_time_pass(game, play),
            }
        }
        (1, OPEN) => {
            let takers = takers(game, job);
            let enough = job.counts[0] > 0 && chance(&mut game.world.rng, 25);
            match some(game, &takers) {
                Some(slot) if !enough => place_bid(game, play, job, &slot),
                _ if job.counts[0] == 0 => let_time_pass(game, play),
                _ => {
                    reach(game, play, job);
                    award(game, play, job);
                }
            }
        }
        (1, REVEALING) if goes_on => {
            let sealed = bids_of(game, job, true);
            match some(game, &sealed) {
                Some(bid) if chance(&mut game.world.rng, 90) => reveal_bid(game, play, job, &bid),
                _ => end_job(game, play, job),
            }
        }
        (1, AWARDED) if goes_on => {
            let winner = game.book.slots[&job.slot.unwrap()].clone();
            claim_by(game, play, job, &winner);
        }
        (2, OPEN) => {
            let takers = takers(game, job);
            match some(game, &takers) {
                Some(slot) => join_job(game, play, job, &slot),
                None => let_time_pass(game, play),
            }
        }
        (_, CHALLENGEABLE) => challengeable_step(game, play, job),
        (_, DISPUTED) => {
            let address = by_hand::dispute(&job.address).0;
            let case = game.book.disputes[&address].clone();
            case_step(game, play, &case);
        }
        (_, FINAL | RESOLVING) if job.challenges > 0 => {
            if let Some(one) = challenge_of(game, job) {
                resolve(game, play, &one);
            }
        }
        _ => end_job(game, play, job),
    }
}

fn challenge_of(game: &mut Game, job: &Job) -> Option<Challenge> {
    let all: Vec<Challenge> = (game.book.challenges.values())
        .filter(|one| one.job == job.address)
        .cloned()
        .collect();
    some(game, &all)
}

fn challengeable_step(game: &mut Game, play: &mut Play, job: &Job) {
    let is_unattested = job.terms.verification == 3 && job.flags & 8 == 0;
    if is_unattested && chance(&mut game.world.rng, 60) {
        return attest_result(game, play, job);
    }
    if let Some(one) = challenge_of(game, job) {
        return match one.state {
            1 if chance(&mut game.world.rng, 80) => answer(game, play, &one),
            1 => {
                reach_moment(game, play, one.deadline(job));
                resolve(game, play, &one);
            }
            2 => open_dispute(game, play, &one),
            _ => resolve(game, play, &one),
        };
    }
    if job.terms.verification > 0 && !job.is_overdue(game.now()) && chance(&mut game.world.rng, 60) {
        return challenge(game, play, job);
    }
    end_job(game, play, job);
}
