//! Bursts of steps that bring one order far: everybody does his part, mostly.

use super::*;

/// A burst for one order, lease, gang or case.
pub(super) fn drive(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..100) {
        0..45 => match some_case(game) {
            Some(case) => drive_case(game, play, &case),
            None => drive_job(game, play, true),
        },
        45..70 => drive_job(game, play, false),
        70..92 => drive_lease(game, play),
        _ => drive_gang(game, play),
    }
}

fn drive_case(game: &mut Game, play: &mut Play, case: &Dispute) {
    let steps = game.world.rng.random_range(20..200);
    for _ in 0..steps {
        let Some(now) = game.book.disputes.get(&case.address).cloned() else {
            break;
        };
        case_step(game, play, &now);
        if play.was_refused() && chance(&mut game.world.rng, 20) {
            break;
        }
    }
}

fn drive_job(game: &mut Game, play: &mut Play, for_court: bool) {
    let may = |job: &Job| {
        let state = job.state;
        (CLAIMED..=CHALLENGEABLE).contains(&state) && job.terms.verification > 0
    };
    let job = some_job(game, may).filter(|_| for_court);
    let Some(job) = job.or_else(|| some_job(game, |_| true)) else {
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
        if play.was_refused() && chance(&mut game.world.rng, 40) {
            break;
        }
    }
}

fn drive_lease(game: &mut Game, play: &mut Play) {
    let all: Vec<Lease> = game.book.leases.values().cloned().collect();
    let Some(lease) = some(game, &all) else {
        return post_lease(game, play);
    };
    let steps = game.world.rng.random_range(2..16);
    for _ in 0..steps {
        let Some(now) = game.book.leases.get(&lease.address).cloned() else {
            break;
        };
        if now.uid != lease.uid {
            break;
        }
        lease_step(game, play, &now);
    }
}

/// A gang is opened, filled and started.
fn drive_gang(game: &mut Game, play: &mut Play) {
    open_gang(game, play);
    let count = game.world.rng.random_range(2..6);
    for _ in 0..count {
        post_lease(game, play);
    }
    game.warp(0, 1);
    let open = |lease: &&Lease| lease.gang.is_some() && lease.state == lease_code::OPEN;
    let waiting: Vec<Lease> = game.book.leases.values().filter(open).cloned().collect();
    for lease in waiting {
        let takers = lease_takers(game, &lease);
        if let Some(slot) = some(game, &takers) {
            accept_lease(game, play, &lease, &slot);
        }
    }
    let joined = |lease: &&Lease| lease.state == lease_code::JOINED;
    let ready: Vec<Lease> = game.book.leases.values().filter(joined).cloned().collect();
    for lease in ready {
        if !game.book.gangs[&lease.gang.unwrap()].is_active && !chance(&mut game.world.rng, 3) {
            continue;
        }
        work_on_lease(game, play, "start_lease", &lease);
    }
}

/// What may come next in a lease.
fn lease_step(game: &mut Game, play: &mut Play, lease: &Lease) {
    let now = game.now();
    let dice = game.world.rng.random_range(0..100);
    match lease.state {
        lease_code::OPEN if !lease.is_overdue(now) => {
            if now.slot <= lease.entered.slot {
                game.warp(0, 1);
            }
            let takers = lease_takers(game, lease);
            match some(game, &takers) {
                Some(slot) => accept_lease(game, play, lease, &slot),
                None => let_time_pass(game, play),
            }
        }
        lease_code::JOINED => {
            let gang = lease.gang.map(|gang| game.book.gangs[&gang].clone());
            match gang.filter(|gang| !gang.is_active) {
                None => work_on_lease(game, play, "start_lease", lease),
                Some(_) if dice < 40 => {
                    reach_lease(game, play, lease);
                    crank_lease(game, play, lease);
                }
                Some(_) => some_leasing(game, play),
            }
        }
        lease_code::ACTIVE | lease_code::RECLAIMING | lease_code::SETTLING if dice < 70 => {
            let (seconds, slots) = (game.world.rng.random_range(1..9), game.world.rng.random_range(1..25));
            if dice < 30 {
                play.step(format!("{seconds} s and {slots} slots pass"));
                game.warp(seconds, slots);
                return play.agreed("warp", None);
            }
            match dice {
                30..60 => {
                    if lease.counted(now) * lease.terms.rate_per_second_atoms <= lease.paid {
                        game.warp(2, 3);
                    }
                    redeem_voucher(game, play, lease);
                }
                60..66 if lease.state != lease_code::SETTLING => top_up(game, play, lease),
                66..70 if lease.state == lease_code::ACTIVE => work_on_lease(game, play, "reclaim_notice", lease),
                _ => rotate_session_key(game, play),
            }
        }
        lease_code::PAUSED if dice < 80 && !lease.is_overdue(now) => {
            if lease.funded() < lease.seconds + u64::from(lease.terms.interval_seconds) {
                top_up(game, play, lease);
            } else {
                work_on_lease(game, play, "resume_lease", lease);
            }
        }
        lease_code::ACTIVE | lease_code::RECLAIMING | lease_code::SETTLING if dice < 76 => {
            close_lease(game, play, lease, lease.state == lease_code::SETTLING || dice < 73);
        }
        _ => {
            reach_lease(game, play, lease);
            crank_lease(game, play, lease);
        }
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
    let is_over = job.is_overdue(game.now()) && job.state != CHALLENGEABLE;
    if is_over && chance(&mut game.world.rng, 85) {
        return end_job(game, play, job);
    }
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
    if is_unattested && !job.is_overdue(game.now()) && chance(&mut game.world.rng, 70) {
        return attest_result(game, play, job);
    }
    let may_add = job.challenges < 3 && job.terms.verification > 0 && !job.is_overdue(game.now());
    if may_add && job.challenges > 0 && chance(&mut game.world.rng, 35) {
        return challenge(game, play, job);
    }
    if let Some(one) = challenge_of(game, job) {
        return match one.state {
            1 if !game.now().is_at(one.deadline(job)) && chance(&mut game.world.rng, 85) => answer(game, play, &one),
            1 => {
                reach_moment(game, play, one.deadline(job));
                open_dispute(game, play, &one);
            }
            _ => open_dispute(game, play, &one),
        };
    }
    if job.terms.verification > 0 && !job.is_overdue(game.now()) && chance(&mut game.world.rng, 60) {
        return challenge(game, play, job);
    }
    end_job(game, play, job);
}
