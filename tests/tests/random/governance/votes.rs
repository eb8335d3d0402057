//! Votes, decisions, executions and ends.

use super::*;

pub(super) fn cast_votes(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let open: Vec<Address> = (game.book.proposals.values())
        .filter(|p| p.status == Status::Submitted && p.starts_ts <= now && now < game.book.ends(p)[1])
        .map(|p| p.address)
        .collect();
    if open.is_empty() && !is_wild(game) {
        return if chance(&mut game.world.rng, 50) {
            submit_proposal(game, play)
        } else {
            let_time_pass(game, play)
        };
    }
    let Some(proposal) = some_proposal(game, |p| open.contains(&p.address)) else {
        return open_ballot(game, play);
    };
    let Some(ballot) = some_ballot(game, |b| b.epoch == epoch) else {
        return open_ballot(game, play);
    };
    let by = signer(game, ballot.voter);
    let old = ballot.votes.get(&proposal.index).map_or(0, |(_, votes)| *votes);
    let free = ballot.budget - ballot.spent() + u64::from(old).pow(2);
    let most = (0..)
        .take_while(|votes: &u64| votes * votes <= free)
        .last()
        .unwrap_or(0);
    let rng = &mut game.world.rng;
    let votes = match rng.random_range(0..30) {
        0 => most + 1,
        1 => *pick(rng, &[65_535u64, 65_536, u64::from(u32::MAX)]),
        2 => 0,
        3..8 => most,
        _ => magnitude(rng, most.max(1)),
    };
    let votes = votes as u32;
    let option = match rng.random_range(0..20) {
        0 => proposal.choices + 1,
        1..5 => 0,
        5..8 => rng.random_range(0..=proposal.choices),
        _ => 1,
    };
    play.step(format!(
        "cast {votes} for {option} of proposal {} with {} ({} of {} spent) by {by}",
        proposal.index,
        ballot.address,
        ballot.spent(),
        ballot.budget
    ));
    let instruction = real::cast_votes(&by, &ballot.address, &proposal.address, option, votes);
    attempt(game, play, "cast_votes", instruction, |book| {
        book.cast(&by, &ballot.address, &proposal.address, option, votes, now)
    });
}

/// Lets time pass to a moment, if it lies ahead.
pub(super) fn reach(game: &mut Game, play: &mut Play, ts: i64) {
    let seconds = ts - game.now();
    if seconds > 0 {
        play.step(format!("{seconds} s pass"));
        game.world.warp(seconds, 1);
        play.agreed("warp", None);
    }
}

pub(super) fn finalize(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Submitted && p.starts_ts <= now) else {
        return cast_votes(game, play);
    };
    let end = game.book.ends(&proposal)[2];
    if now < end && chance(&mut game.world.rng, 80) {
        return cast_votes(game, play);
    }
    play.step(format!("finalize {}", proposal.index));
    let instruction = real::finalize(&proposal.address);
    attempt(game, play, "finalize", instruction, |book| {
        book.finalize(&proposal.address, now)
    });
}

pub(super) fn execute_action(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.executable.1;
    if !game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 97) {
        return cast_votes(game, play);
    }
    let Some(proposal) = some_proposal(game, is_ready) else {
        return cast_votes(game, play);
    };
    let next = proposal
        .actions
        .iter()
        .position(|a| Some(a.choice) == proposal.winner && !a.is_executed);
    let wild = is_wild(game);
    let index = match next {
        Some(index) if !wild => index,
        _ if proposal.actions.is_empty() => return,
        _ => game.world.rng.random_range(0..proposal.actions.len()),
    };
    if !wild {
        reach(game, play, proposal.executable.0);
    }
    let now = game.now();
    let action = proposal.actions[index].clone();
    play.step(format!(
        "execute_action {} of {}: {:?}",
        action.index, proposal.index, action.deed
    ));
    let realm = game.book.realm;
    let bytes = game.world.raw(&action.address).data;
    let instruction = real::execute_action(&realm, &proposal.address, &action.address, &bytes);
    let attestor = match action.deed {
        Deed::AddAttestor { key, .. } => real::attestor_address(&realm, &key),
        Deed::Pay { to, .. } => to,
    };
    let rent = game.world.rent(188);
    attempt(game, play, "execute_action", instruction, |book| {
        book.execute(&proposal.address, index, &attestor, rent, now)
    });
}

pub(super) fn expire_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Succeeded) else {
        return;
    };
    let end = proposal.executable.1;
    if proposal.status == Status::Succeeded && chance(&mut game.world.rng, 25) {
        reach(game, play, end);
    }
    if game.now() < end && proposal.status == Status::Succeeded && chance(&mut game.world.rng, 90) {
        return execute_action(game, play);
    }
    play.step(format!("expire_proposal {}", proposal.index));
    let now = game.now();
    let instruction = real::expire_proposal(&proposal.address);
    attempt(game, play, "expire_proposal", instruction, |book| {
        book.expire(&proposal.address, now)
    });
}

pub(super) fn close_action(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.is_finished() && !p.actions.is_empty()) else {
        return;
    };
    if proposal.actions.is_empty() {
        return;
    }
    let index = game.world.rng.random_range(0..proposal.actions.len());
    let action = proposal.actions[index].address;
    play.step(format!("close_action {action} of {}", proposal.index));
    let instruction = real::close_action(&proposal.address, &action, &proposal.authority);
    attempt(game, play, "close_action", instruction, |book| {
        book.close_action(&proposal.address, index)
    });
}

pub(super) fn close_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.is_finished() && p.actions.is_empty()) else {
        return;
    };
    play.step(format!("close_proposal {}", proposal.index));
    let now = game.now();
    let instruction = real::close_proposal(&proposal.address, &proposal.authority);
    attempt(game, play, "close_proposal", instruction, |book| {
        book.close_proposal(&proposal.address, now)
    });
}
