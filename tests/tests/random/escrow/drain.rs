//! Liveness: from any state, time and strangers return everything. Nothing held remains but what was burnt.

use super::*;

/// Steps that one live account may cost at most.
const STEPS_EACH: u64 = 40;

fn live(book: &Book) -> usize {
    book.jobs.len()
        + book.leases.len()
        + book.gangs.len()
        + book.bids.len()
        + book.parts.len()
        + book.challenges.len()
        + book.disputes.len()
        + book.seats.len()
}

/// Ends all orders from here, on a copy of the world.
pub(super) fn search(game: &Game, play: &mut Play) {
    let mut copy = game.fork();
    play.step("a copy of the world is drained".to_owned());
    play.agreed("search", None);
    drain(&mut copy, play);
}

/// Ends all orders by time and by instructions that anybody may call, called by a stranger; then owners take what is theirs.
pub(super) fn drain(game: &mut Game, play: &mut Play) {
    thaw_all(game);
    game.only_strangers = true;
    // nothing ends in the slot of its posting
    game.warp(0, 1);
    let bound = play.steps_played() + STEPS_EACH * (live(&game.book) as u64 + 5);
    while live(&game.book) > 0 {
        assert!(
            play.steps_played() < bound,
            "stuck: jobs {:?}, leases {:?}, cases {:?}",
            game.book
                .jobs
                .values()
                .map(|job| (job.address, job.state))
                .collect::<Vec<_>>(),
            game.book
                .leases
                .values()
                .map(|one| (one.address, one.state))
                .collect::<Vec<_>>(),
            game.book
                .disputes
                .values()
                .map(|one| (one.address, one.phase))
                .collect::<Vec<_>>(),
        );
        end_something(game, play);
    }
    game.only_strangers = false;
    empty_payouts(game, play);
    free_bonds(game, play);
    game.compare(None);
    game.assert_atoms();
}

fn thaw_all(game: &mut Game) {
    let holdings = game.book.tokens.holdings.iter();
    let frozen: Vec<Address> = holdings
        .filter(|(_, holding)| holding.is_frozen)
        .map(|(address, _)| *address)
        .collect();
    for account in frozen {
        thaw(game, &account);
    }
}

fn end_something(game: &mut Game, play: &mut Play) {
    if let Some(case) = game.book.disputes.values().next().cloned() {
        return end_case(game, play, &case);
    }
    if let Some(challenge) = game.book.challenges.values().next().cloned() {
        return end_challenge(game, play, &challenge);
    }
    if let Some(job) = some_job(game, |_| true) {
        return end_job(game, play, &job);
    }
    if let Some(bid) = game.book.bids.values().next().cloned() {
        return reclaim_bid(game, play, &bid);
    }
    if let Some(lease) = game.book.leases.values().next().cloned() {
        let gang = lease.gang.and_then(|gang| game.book.gangs.get(&gang));
        if lease.state == lease_code::JOINED && gang.is_some_and(|gang| gang.is_active) {
            return work_on_lease(game, play, "start_lease", &lease);
        }
        reach_lease(game, play, &lease);
        return crank_lease(game, play, &lease);
    }
    if let Some(gang) = game.book.gangs.values().next().cloned() {
        reach_moment(game, play, after(gang.entered, gang.seconds));
        close_gang(game, play, &gang);
    }
}

fn end_case(game: &mut Game, play: &mut Play, case: &Dispute) {
    match case.phase {
        2 => case_step(game, play, case),
        10 => execute(game, play, case),
        11 => {
            if !close_seat(game, play, case) {
                close_dispute(game, play, case);
            }
        }
        _ => {
            reach_case(game, play, case);
            crank_case(game, play, case);
        }
    }
}

fn end_challenge(game: &mut Game, play: &mut Play, challenge: &Challenge) {
    let job = game.book.jobs[&challenge.job].clone();
    if job.state != CHALLENGEABLE {
        return resolve(game, play, challenge);
    }
    if challenge.state == 1 {
        reach_moment(game, play, challenge.deadline(&job));
    }
    open_dispute(game, play, challenge);
}

/// Ends a job without challenges, or brings it nearer to its end.
pub(super) fn end_job(game: &mut Game, play: &mut Play, job: &Job) {
    reach(game, play, job);
    let unattested = job.terms.verification == 3 && job.flags & 8 == 0;
    let part = parts_of(game, job, |_| true).first().cloned();
    match (job.terms.kind, job.state) {
        (_, FINAL) => close_job_of(game, play, job),
        (2, CHALLENGEABLE | RESOLVING) => settle_part(game, play, job, &part.unwrap()),
        (2, OPEN | RUNNING | COMMITTED) => compare_results(game, play, job),
        (_, CHALLENGEABLE) if !unattested => settle_job(game, play, job),
        (1, OPEN) if job.counts[0] > 0 => award(game, play, job),
        (1, REVEALING) if !job.bids.is_empty() => award(game, play, job),
        (1, AWARDED) => award(game, play, job),
        _ => crank_job(game, play, job),
    }
}

fn empty_payouts(game: &mut Game, play: &mut Play) {
    for payout in game.book.payouts.values().cloned().collect::<Vec<_>>() {
        let provider = game.book.providers[&payout.provider].clone();
        let (by, program) = (provider.authority, game.program(&payout.mint));
        let to = game.wallet(&payout.mint, &by);
        if payout.provider_atoms[0] > 0 {
            play.step(format!("last withdraw_payout {}", payout.address));
            let instruction = ix::withdraw_payout(by, payout.slot, to, payout.mint, program);
            attempt(game, play, "withdraw_payout", &instruction, None, |book| {
                book.withdraw_payout(&by, &provider.address, &payout.address, &to, Spoil::None)
            });
        }
        if payout.fee_atoms[0] > 0 {
            play.step(format!("last sweep_fees {}", payout.address));
            let config = game.book.configs[&payout.config_id].clone();
            let to = game.wallet(&payout.mint, &config.treasury);
            let instruction = ix::sweep_fees(config.address, payout.slot, to, payout.mint, program);
            attempt(game, play, "sweep_fees", &instruction, None, |book| {
                book.sweep(config.id, &payout.address, &to, Spoil::None)
            });
        }
        while game.book.payouts.contains_key(&payout.address) {
            close_payout_of(game, play, &payout, &provider, by);
        }
    }
}

fn free_bonds(game: &mut Game, play: &mut Play) {
    for slot in game.book.slots.values().cloned().collect::<Vec<_>>() {
        assert_eq!((slot.locked, slot.locked_jobs), (0, 0), "a bond is held by nothing");
        assert_eq!(slot.current, None, "a slot is at nothing");
        if slot.bond > 0 {
            let provider = game.book.providers[&slot.provider].clone();
            let by = provider.authority;
            play.step(format!("last withdraw_bond {}", slot.address));
            let instruction = ix::withdraw_bond(by, provider.address, slot.address, slot.bond);
            attempt(game, play, "withdraw_bond", &instruction, None, |book| {
                book.withdraw_bond(&by, &provider.address, &slot.address, slot.bond)
            });
        }
    }
    for _ in 0..2_000 {
        if game.book.jurors.is_empty() {
            break;
        }
        leave_jury(game, play);
    }
    assert!(game.book.jurors.is_empty(), "jurors that cannot leave");
}
