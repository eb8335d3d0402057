//! How jobs end.

use super::*;

/// Lets time pass until a job's deadline, exactly.
pub(super) fn reach(game: &mut Game, play: &mut Play, job: &Job) {
    if let Some(deadline) = job.deadline() {
        reach_moment(game, play, deadline);
    }
}

/// Lets time pass until a moment, exactly.
pub(super) fn reach_moment(game: &mut Game, play: &mut Play, due: Now) {
    let now = game.now();
    if now.is_at(due) {
        return;
    }
    let (seconds, slots) = (due.ts - now.ts, due.slot.saturating_sub(now.slot));
    play.step(format!("{seconds} s and {slots} slots, to a deadline"));
    game.warp(seconds.max(0), slots.max(1));
    play.agreed("warp", None);
}

pub(super) fn settle(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| {
        job.slot.is_some() && (wild || (job.state == CHALLENGEABLE && job.challenges == 0 && job.terms.kind != 2))
    }) else {
        return work(game, play, "reveal_result", COMMITTED);
    };
    if !wild {
        reach(game, play, &job);
    }
    settle_job(game, play, &job);
}

pub(super) fn settle_job(game: &mut Game, play: &mut Play, job: &Job) {
    let slot = game.book.slots[&job.slot.unwrap()].clone();
    let mut payout = game.payout_of(&slot.address, &job.mint);
    let program = game.program(&job.mint);
    if !game.book.payouts.contains_key(&payout) {
        let payer = game.key("cranker");
        open_payout_of(game, play, &slot, payer, job.mint, program);
    }
    let now = game.now();
    let mut spoil = some_spoil(game);
    let mut instruction = ix::settle(job.address, slot.address, job.mint, program);
    let wrong = game
        .book
        .payouts
        .values()
        .find(|other| other.address != payout)
        .cloned();
    if let Some(other) = wrong.filter(|_| chance(&mut game.world.rng, 4)) {
        spoil = Spoil::None;
        payout = other.address;
        instruction = ix::with(ix::with(instruction, 3, payout), 4, other.vault);
    }
    play.step(format!("settle {} into {payout}, {spoil:?}", job.address));
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(1), Some(5), Some(6)]);
    attempt(game, play, "settle", &instruction, early, |book| {
        book.settle(&job.address, &slot.address, &payout, spoil, now)
    });
}

pub(super) fn refund_by_client(game: &mut Game, play: &mut Play, from: u8) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| wild || (job.state == from && job.counts[2] == 0)) else {
        return let_time_pass(game, play);
    };
    let stranger = some_actor(game);
    let owner = some_actor(game);
    let rng = &mut game.world.rng;
    let by = if chance(rng, 6) { stranger } else { job.client };
    // to an account of the client, or of anybody the client names
    let to_owner = if chance(rng, 50) { owner } else { job.client };
    let to = game.wallet(&job.mint, &to_owner);
    let spoil = some_spoil(game);
    let (tag, action) = if from == OPEN {
        (21, "cancel_job")
    } else {
        (22, "claim_refund")
    };
    play.step(format!("{action} {} by {by} to {to}, {spoil:?}", job.address));
    let program = game.program(&job.mint);
    let instruction = ix::refund_by_client(tag, by, job.address, to, job.payer, job.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(5), Some(6)]);
    let now = game.now();
    attempt(game, play, action, &instruction, early, |book| {
        book.refund_by_client(&by, &job.address, &to, from, spoil, now)
    });
}

pub(super) fn close_job(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| wild || (job.state == FINAL && job.challenges == 0)) else {
        return;
    };
    close_job_of(game, play, &job);
}

pub(super) fn close_job_of(game: &mut Game, play: &mut Play, job: &Job) {
    let stranger = some_actor(game);
    let client_token = match game.world.rng.random_range(0..10) {
        0..2 => None,
        2 => Some(game.wallet(&job.mint, &stranger)),
        _ => Some(game.wallet(&job.mint, &job.client)),
    };
    let spoil = some_spoil(game);
    play.step(format!("close_job {} with {client_token:?}, {spoil:?}", job.address));
    let program = game.program(&job.mint);
    let instruction = ix::close_job(job.address, job.payer, client_token, job.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(1), Some(4), Some(5)]);
    attempt(game, play, "close_job", &instruction, early, |book| {
        book.close(&job.address, client_token.as_ref(), spoil)
    });
}

pub(super) fn crank(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let is_for_crank = |job: &Job| {
        let lacks = job.terms.verification == 3 && job.flags & 8 == 0 && job.challenges == 0;
        let may = match job.state {
            OPEN => job.terms.kind == 0 || job.counts[0] == 0,
            REVEALING => job.bids.is_empty(),
            CHALLENGEABLE => lacks,
            CLAIMED | RUNNING | COMMITTED | REFUNDABLE => true,
            _ => false,
        };
        wild || (may && (job.terms.kind != 2 || job.state == REFUNDABLE))
    };
    let now = game.now();
    let overdue = some_job(game, |job| is_for_crank(job) && job.is_overdue(now));
    let Some(job) = overdue.or_else(|| some_job(game, is_for_crank)) else {
        return;
    };
    if !wild {
        reach(game, play, &job);
    }
    crank_job(game, play, &job);
}

pub(super) fn crank_job(game: &mut Game, play: &mut Play, job: &Job) {
    let by = some_actor(game);
    let stranger = some_actor(game);
    let other = some_slot(game).address;
    let rng = &mut game.world.rng;
    let slot = match rng.random_range(0..30) {
        0 => None,
        1 => Some(other),
        _ => job.slot,
    };
    let owner = if chance(rng, 4) { stranger } else { job.client };
    let client_token = game.wallet(&job.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!(
        "crank {} in state {} by {by} with slot {slot:?}, token account {client_token}, {spoil:?}",
        job.address, job.state
    ));
    let program = game.program(&job.mint);
    let instruction = ix::crank(
        by,
        job.address,
        job.client,
        job.payer,
        client_token,
        slot,
        job.mint,
        program,
    );
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(7), Some(8)]);
    let now = game.now();
    attempt(game, play, "crank", &instruction, early, |book| {
        book.crank(&by, &job.address, &client_token, slot.as_ref(), spoil, now)
    });
}
