//! Vetoes, votes over them, and buckets left out.

use super::*;

pub(super) fn veto(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let (guardian, sunset) = game.book.powers[1];
    let has_power = now < sunset && game.keys.contains_key(&guardian);
    if !has_power && chance(&mut game.world.rng, 97) {
        return let_time_pass(game, play);
    }
    let can = |p: &Proposal| {
        let in_timelock = p.status == Status::Succeeded && now < p.executable_ts;
        let in_time = p.status == Status::Submitted && now < p.ends()[2] + i64::from(p.rules.timelock_s);
        !p.is_override && (in_timelock || in_time)
    };
    // most proposals should live
    if chance(&mut game.world.rng, 50) || !game.book.proposals.values().any(can) {
        return create_proposal(game, play);
    }
    let Some(proposal) = some_proposal(game, can) else {
        return create_proposal(game, play);
    };
    let right = if has_power { guardian } else { game.key("guardian") };
    let by = signer(game, right);
    let in_review = proposal.status == Status::Submitted && now < proposal.starts_ts;
    let as_spam = chance(&mut game.world.rng, if in_review { 50 } else { 5 });
    play.step(format!("veto {} by {by}, as spam: {as_spam}", proposal.index));
    let instruction = real::veto(&game.book.realm, &by, &proposal.address, as_spam);
    attempt(game, play, "veto", instruction, |book| {
        book.veto(&by, &proposal.address, as_spam, now)
    });
}

pub(super) fn override_veto(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let next = game.book.starts(game.epoch() + 1);
    let can = |p: &Proposal| {
        let in_time = now < p.until_ts && now + i64::from(p.rules.review_s) <= next;
        p.status == Status::Vetoed && in_time
    };
    if !game.book.proposals.values().any(can) && chance(&mut game.world.rng, 95) {
        return veto(game, play);
    }
    let Some(proposal) = some_proposal(game, can) else {
        return create_proposal(game, play);
    };
    let Some(person) = some_person(game, |p| p.is_active(now)) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    play.step(format!(
        "override_veto of {} for {} by {by}",
        proposal.index, person.address
    ));
    let instruction = real::override_veto(&game.book.realm, &by, &person.address, &proposal.address);
    attempt(game, play, "override_veto", instruction, |book| {
        book.override_veto(&by, &person.address, &proposal.address, now)
    });
}

pub(super) fn exclude_bucket(game: &mut Game, play: &mut Play) {
    let now = game.now();
    if !game.book.proposals.values().any(|p| p.is_challenged(now)) && chance(&mut game.world.rng, 95) {
        let ends = game
            .book
            .proposals
            .values()
            .filter(|p| p.is_open(now))
            .map(|p| p.ends()[1]);
        let Some(end) = ends.min().filter(|_| chance(&mut game.world.rng, 12)) else {
            return cast_votes(game, play);
        };
        reach(game, play, end);
    }
    let now = game.now();
    let Some(proposal) = some_proposal(game, |p| p.is_challenged(now)) else {
        return finalize(game, play);
    };
    let slots: Vec<u8> = game.book.persons.values().map(|person| person.bucket).collect();
    let rng = &mut game.world.rng;
    let slot = match rng.random_range(0..12) {
        0 => rng.random_range(0..20),
        _ if slots.is_empty() => 0,
        _ => *pick(rng, &slots),
    };
    let (guardian, sunset) = game.book.powers[1];
    let needed = usize::from(game.book.rules_at(now).attestations);
    let others = game
        .book
        .attestors
        .values()
        .filter(|a| a.slot != slot && now < a.until_ts);
    let others: Vec<Address> = others.map(|attestor| attestor.key).collect();
    let by_guardian = now < sunset && game.keys.contains_key(&guardian) && chance(&mut game.world.rng, 40);
    let mut keys = Vec::new();
    let by = if by_guardian {
        signer(game, guardian)
    } else {
        let live: Vec<Address> = game.book.attestors.keys().copied().collect();
        let from = if is_wild(game) { live } else { others };
        if from.len() < needed {
            return add_attestor(game, play);
        }
        let count = if from.len() > needed && chance(&mut game.world.rng, 5) {
            needed + 1
        } else {
            needed
        };
        keys = from[..count].to_vec();
        game.key("sponsor")
    };
    play.step(format!(
        "exclude_bucket {slot} from {} by {by} and {keys:?}",
        proposal.index
    ));
    let instruction = real::exclude_bucket(&game.book.realm, &by, &proposal.address, &keys, slot);
    attempt(game, play, "exclude_bucket", instruction, |book| {
        book.exclude(&by, &proposal.address, &keys, slot, now)
    });
}

/// The guardian gives up, seldom: a realm plays on without.
pub(super) fn resign_guardian(game: &mut Game, play: &mut Play) {
    let (guardian, _) = game.book.powers[1];
    if !chance(&mut game.world.rng, 3) {
        return let_time_pass(game, play);
    }
    if !game.keys.contains_key(&guardian) {
        return let_time_pass(game, play);
    }
    let by = signer(game, guardian);
    play.step(format!("resign_guardian by {by}"));
    let now = game.now();
    let instruction = real::resign_guardian(&game.book.realm, &by);
    attempt(game, play, "resign_guardian", instruction, |book| book.resign(&by, now));
}
