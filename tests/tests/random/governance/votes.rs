//! Votes and decisions.

use super::*;

pub(super) fn cast_votes(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let open: Vec<Address> = (game.book.proposals.values())
        .filter(|p| p.is_open(now))
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
    let active = game.book.persons.values().filter(|person| person.is_active(now));
    let voters: Vec<Address> = active.map(|person| person.address).collect();
    let Some(ballot) = some_ballot(game, |b| b.epoch == epoch && voters.contains(&b.person)) else {
        return open_ballot(game, play);
    };
    let by = signer(game, game.book.persons[&ballot.person].wallet);
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
        3..14 => most,
        _ => magnitude(rng, most.max(1)),
    };
    let votes = votes as u32;
    let option = match rng.random_range(0..20) {
        0 => proposal.choices + 1,
        1..3 => 0,
        3..7 => rng.random_range(0..=proposal.choices),
        _ => 1,
    };
    play.step(format!(
        "cast {votes} for {option} of proposal {} with {} ({} of {} spent) by {by}",
        proposal.index,
        ballot.address,
        ballot.spent(),
        ballot.budget
    ));
    let instruction = real::cast_votes(&by, &ballot.person, &ballot.address, &proposal.address, option, votes);
    attempt(game, play, "cast_votes", instruction, |book| {
        book.cast(&by, &ballot.address, &proposal.address, (option, votes), now)
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
    let has_begun = |p: &Proposal| p.status == Status::Submitted && p.starts_ts <= now;
    let due = some_proposal(game, |p| has_begun(p) && now >= p.ends()[2]);
    let Some(proposal) = due.or_else(|| some_proposal(game, has_begun)) else {
        return cast_votes(game, play);
    };
    let end = proposal.ends()[2];
    if now < end && chance(&mut game.world.rng, 80) {
        return cast_votes(game, play);
    }
    play.step(format!("finalize {}", proposal.index));
    let instruction = real::finalize(&game.book.realm, &proposal.address);
    let is_decided = attempt(game, play, "finalize", instruction, |book| {
        book.finalize(&proposal.address, now)
    });
    if is_decided {
        saw_decision(game, play, &proposal.address);
    }
}

fn saw_decision(game: &Game, play: &mut Play, proposal: &Address) {
    let proposal = &game.book.proposals[proposal];
    play.saw(match (proposal.winner.is_some(), proposal.is_override) {
        (true, false) => "a proposal passed",
        (false, false) => "a proposal defeated",
        (true, true) => "a veto overridden by a vote",
        (false, true) => "an override defeated",
    });
    if proposal.is_extended() {
        play.saw("an extended vote");
    }
    let cells = |option: u8| (0..16).map(|bucket| proposal.cell(option, bucket)).sum::<u128>();
    if proposal.excluded.is_empty() && (0..=proposal.choices).any(|option| cells(option) > proposal.total(option)) {
        play.saw("a cohort discounted");
    }
    let voted = |slot: &u8| (0..=proposal.choices).any(|option| proposal.cell(option, *slot) > 0);
    if proposal.excluded.iter().any(voted) {
        play.saw("a bucket left out of a decision");
    }
    if proposal.shares.values().any(|share| !share.lenders.is_empty()) {
        play.saw("delegated votes in a decision");
    }
}

/// Takes the votes of somebody who is revoked or expired out of a proposal.
pub(super) fn strip_votes(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let live = |p: &Proposal| p.is_open(now) || p.is_challenged(now);
    let strippable = |game: &Game| -> Vec<(Address, Address)> {
        let votes = |p: &Proposal| p.votes.keys().map(|ballot| (*ballot, p.address)).collect::<Vec<_>>();
        let all = game.book.proposals.values().filter(|p| live(p)).flat_map(votes);
        let is_lost = |ballot: &Address| !game.book.persons[&game.book.ballots[ballot].person].is_active(now);
        all.filter(|(ballot, _)| is_lost(ballot)).collect()
    };
    if strippable(game).is_empty() && !live_voters(game).is_empty() {
        revoke(game, play);
    }
    let due = strippable(game);
    let wild = is_wild(game);
    let (ballot, proposal) = match some(game, &due) {
        Some(votes) if !wild => {
            // G8
            let mut check = game.book.clone();
            assert_eq!(check.strip(&votes.0, &votes.1, now), Ok(()), "G8");
            votes
        }
        _ if !wild => return cast_votes(game, play),
        _ => {
            let ballot = some_ballot(game, |_| true).map(|ballot| ballot.address);
            let proposal = some_proposal(game, live).map(|proposal| proposal.address);
            let (Some(ballot), Some(proposal)) = (ballot, proposal) else {
                return;
            };
            (ballot, proposal)
        }
    };
    let person = game.book.ballots[&ballot].person;
    play.step(format!("strip_votes of {person} with {ballot} from {proposal}"));
    let instruction = real::strip_votes(&person, &ballot, &proposal);
    let is_challenged = game.book.proposals[&proposal].is_challenged(now);
    if attempt(game, play, "strip_votes", instruction, |book| {
        book.strip(&ballot, &proposal, now)
    }) {
        play.saw(if is_challenged {
            "votes stripped in a challenge"
        } else {
            "votes stripped while voting"
        });
    }
}
