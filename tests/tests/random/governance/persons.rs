//! Persons: their registrations, what attestors do with them, and their wallets.

use super::*;

/// Attestors who can attest now: live ones, with whatever they have left of their part of the epoch.
fn judges(game: &Game, strikes: bool) -> Vec<Address> {
    let (now, epoch) = (game.now(), game.epoch());
    let most = (game.book.counted() / 100).max(1);
    let can = |attestor: &Attestor| {
        let struck = attestor.struck.get(&epoch).copied().unwrap_or(0);
        let signed = attestor.signed.get(&epoch).copied().unwrap_or(0);
        let has_left = if strikes {
            u64::from(struck) < most
        } else {
            signed < attestor.quota
        };
        now < attestor.until_ts && has_left
    };
    let all = game.book.attestors.values();
    all.filter(|attestor| can(attestor))
        .map(|attestor| attestor.key)
        .collect()
}

/// A hearing before as many attestors as needed, mostly able ones; none where there are too few.
fn some_hearing(game: &mut Game, needed: usize, strikes: bool) -> Option<Hearing> {
    let now = game.now();
    let able = judges(game, strikes);
    let all: Vec<Address> = game.book.attestors.keys().copied().collect();
    let from = if able.len() >= needed && !is_wild(game) {
        able
    } else {
        all
    };
    if from.len() < needed || (from.len() == needed && from.is_empty()) {
        return None;
    }
    let rng = &mut game.world.rng;
    let count = if chance(rng, 3) && from.len() > needed {
        needed + 1
    } else {
        needed
    };
    let first = rng.random_range(0..from.len());
    let keys: Vec<Address> = (0..count).map(|n| from[(first + n) % from.len()]).collect();
    let deadline_ts = now
        + match rng.random_range(0..40) {
            0 => -1,
            1 => 7 * 86_400 + 1,
            2 => 7 * 86_400,
            3 => 0,
            _ => rng.random_range(0..600),
        };
    let silent = chance(rng, 2).then(|| *pick(rng, &keys));
    Some(Hearing {
        keys,
        silent,
        deadline_ts,
    })
}

fn needed(game: &Game) -> usize {
    usize::from(game.book.rules_at(game.now()).attestations)
}

/// An end of a registration: mostly far, sometimes soon, sometimes out of bounds.
fn some_expiry(game: &mut Game) -> i64 {
    let now = game.now();
    let epoch_s = i64::from(game.book.rules_at(now).epoch_s);
    let rng = &mut game.world.rng;
    now + match rng.random_range(0..16) {
        0 => *pick(rng, &[0, -1, 730 * 86_400 + 1]),
        1 => 730 * 86_400,
        2..6 => epoch_s * rng.random_range(2..9) + rng.random_range(0..epoch_s),
        _ => 86_400 * 300,
    }
}

/// A wallet without a person.
fn free_wallets(game: &Game) -> Vec<Address> {
    let known: Vec<Address> = game.book.persons.values().map(|person| person.wallet).collect();
    let wallets = game.voters.iter().filter(|wallet| !known.contains(wallet));
    wallets.copied().collect()
}

pub(super) fn register_person(game: &mut Game, play: &mut Play) {
    let now = game.now();
    if game.book.persons.len() >= VOTERS && chance(&mut game.world.rng, 95) {
        return cast_votes(game, play);
    }
    let needed = needed(game);
    let Some(hearing) = some_hearing(game, needed, false) else {
        return add_attestor(game, play);
    };
    let free = free_wallets(game);
    let wild = chance(&mut game.world.rng, 6);
    let wallet = match some(game, &free) {
        Some(wallet) if !wild => wallet,
        _ => *pick(&mut game.world.rng, &game.voters.clone()),
    };
    let payer = if chance(&mut game.world.rng, 50) {
        wallet
    } else {
        game.key("sponsor")
    };
    let expires_ts = some_expiry(game);
    let fresh = game.book.persons.len();
    let number = if chance(&mut game.world.rng, 4) {
        game.world.rng.random_range(0..=fresh)
    } else {
        fresh
    };
    let nullifier = real::hash(&format!("nullifier {number}"));
    let realm = game.book.realm;
    let address = real::person_address(&realm, &nullifier);
    play.step(format!(
        "register_person {address} of {wallet}, payer {payer}, until {expires_ts}, {hearing:?}"
    ));
    let link = real::wallet_address(&realm, &wallet);
    let rents = [game.world.rent(280), game.world.rent(160)];
    let (keys, deadline) = (&hearing.keys, hearing.deadline_ts);
    let mut instruction = real::register_person(&realm, &payer, &wallet, keys, nullifier, expires_ts, deadline);
    silence(&mut instruction, &hearing);
    attempt(game, play, "register_person", instruction, |book| {
        let person = Person {
            address,
            wallet,
            link_payer: payer,
            bucket: 0,
            registered: 0,
            expires_ts,
            revoked_at: None,
            is_counted: false,
            statements: 1,
            rest: None,
            recovery: None,
            ballots: Vec::new(),
            lends: None,
        };
        book.register(person, &hearing, now)?;
        book.create(&payer, &address, rents[0]);
        book.create(&payer, &link, rents[1]);
        Ok(())
    });
}

/// One of the attestors does not sign.
fn silence(instruction: &mut Instruction, hearing: &Hearing) {
    for meta in &mut instruction.accounts {
        meta.is_signer &= hearing.silent != Some(meta.pubkey);
    }
}

fn act(game: &mut Game, play: &mut Play, name: &'static str, person: &Person, act: Act) {
    let now = game.now();
    let needed = if act == Act::Suspend { 1 } else { needed(game) };
    let strikes = matches!(act, Act::Revoke | Act::Suspend);
    let Some(hearing) = some_hearing(game, needed, strikes) else {
        return add_attestor(game, play);
    };
    let wallet = match act {
        Act::Recover(to) => to,
        _ => signer(game, person.wallet),
    };
    let (kind, expires_ts) = match act {
        Act::Renew(until) => (PersonAct::Renew, until),
        Act::Revoke => (PersonAct::Revoke, 0),
        Act::Reinstate => (PersonAct::Reinstate, 0),
        Act::Recover(_) => (PersonAct::Recover, 0),
        Act::Suspend => (PersonAct::Suspend, 0),
    };
    play.step(format!("{act:?} {} with {wallet}, {hearing:?}", person.address));
    let (realm, keys, deadline) = (game.book.realm, &hearing.keys, hearing.deadline_ts);
    let mut instruction = real::act_on_person(&realm, &person.address, &wallet, keys, kind, expires_ts, deadline);
    silence(&mut instruction, &hearing);
    attempt(game, play, name, instruction, |book| {
        book.act(&person.address, &wallet, act, &hearing, now)
    });
}

pub(super) fn renew(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let soon = now + 10 * i64::from(game.book.rules_at(now).epoch_s);
    let is_due = |p: &Person| p.revoked_at.is_none() && p.expires_ts < soon;
    if !game.book.persons.values().any(is_due) && chance(&mut game.world.rng, 70) {
        return open_ballot(game, play);
    }
    let due = some_person(game, is_due);
    let Some(person) = due.or_else(|| some_person(game, |p| p.revoked_at.is_none())) else {
        return let_time_pass(game, play);
    };
    let until = some_expiry(game);
    let until = if until > person.expires_ts || chance(&mut game.world.rng, 10) {
        until
    } else {
        person.expires_ts + game.world.rng.random_range(1..5_000)
    };
    act(game, play, "renew", &person, Act::Renew(until));
}

/// Those whose votes, own or lent, can still be stripped.
pub(super) fn live_voters(game: &Game) -> BTreeSet<Address> {
    let now = game.now();
    let live = game
        .book
        .proposals
        .values()
        .filter(|p| p.is_open(now) || p.is_challenged(now));
    let mut voters = BTreeSet::new();
    for proposal in live {
        voters.extend(proposal.votes.keys().map(|ballot| game.book.ballots[ballot].person));
        let lenders = proposal.shares.values().flat_map(|share| &share.lenders);
        voters.extend(lenders.map(|(person, _, _)| *person));
    }
    voters
}

pub(super) fn revoke(game: &mut Game, play: &mut Play) {
    let standing = game.book.persons.values().filter(|p| p.revoked_at.is_none()).count();
    if standing < 6 && chance(&mut game.world.rng, 95) {
        return reinstate(game, play);
    }
    // those who vote or lend matter most
    let epoch = game.epoch();
    let votes = |p: &Person| p.ballots.contains(&epoch) || p.lends_in(epoch);
    let live = live_voters(game);
    let voter = some_person(game, |p| p.revoked_at.is_none() && live.contains(&p.address));
    let voter = voter.or_else(|| some_person(game, |p| p.revoked_at.is_none() && votes(p)));
    let Some(person) = voter.or_else(|| some_person(game, |p| p.revoked_at.is_none())) else {
        return register_person(game, play);
    };
    act(game, play, "revoke", &person, Act::Revoke);
}

pub(super) fn reinstate(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let can = |p: &Person| match p.revoked_at {
        Some(since) => now < since + 20,
        None => p.rest.is_some_and(|(_, until)| epoch < until),
    };
    if !game.book.persons.values().any(can) && chance(&mut game.world.rng, 92) {
        return suspend(game, play);
    }
    let Some(person) = some_person(game, can) else {
        return register_person(game, play);
    };
    act(game, play, "reinstate", &person, Act::Reinstate);
}

pub(super) fn recover(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let Some(person) = some_person(game, |p| p.is_active(now)) else {
        return register_person(game, play);
    };
    let free = free_wallets(game);
    let Some(to) = some(game, &free) else { return };
    act(game, play, "recover", &person, Act::Recover(to));
}

pub(super) fn suspend(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let can = |p: &Person| p.is_active(now) && p.rest.is_none_or(|(_, until)| epoch >= until + 8);
    if !game.book.persons.values().any(can) && chance(&mut game.world.rng, 90) {
        return let_time_pass(game, play);
    }
    let Some(person) = some_person(game, can) else {
        return register_person(game, play);
    };
    act(game, play, "suspend", &person, Act::Suspend);
}

pub(super) fn retire_person(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_due = |p: &Person| p.is_counted && now >= p.expires_ts;
    if !game.book.persons.values().any(is_due) && chance(&mut game.world.rng, 95) {
        return let_time_pass(game, play);
    }
    let Some(person) = some_person(game, is_due) else {
        return register_person(game, play);
    };
    play.step(format!("retire_person {}", person.address));
    let instruction = real::retire_person(&game.book.realm, &person.address);
    attempt(game, play, "retire_person", instruction, |book| {
        book.retire(&person.address, now)
    });
}

pub(super) fn move_wallet(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_due = |p: &Person| p.is_active(now) && p.recovery.is_some_and(|(_, from)| now >= from);
    let due = some_person(game, is_due);
    let Some(person) = due.or_else(|| some_person(game, |p| p.is_active(now))) else {
        return register_person(game, play);
    };
    let free = free_wallets(game);
    let wild = is_wild(game);
    let others: Vec<Address> = game
        .voters
        .iter()
        .filter(|wallet| **wallet != person.wallet)
        .copied()
        .collect();
    let to = match (person.recovery, some(game, &free)) {
        (Some((to, _)), _) if !wild && to != person.wallet => to,
        (_, Some(to)) if !wild => to,
        _ => *pick(&mut game.world.rng, &others),
    };
    let signs = !is_due(&person) && chance(&mut game.world.rng, 85);
    let sponsor = game.key("sponsor");
    let payer = *pick(&mut game.world.rng, &[to, person.wallet, sponsor]);
    let payer = if signs { payer } else { to };
    play.step(format!(
        "move_wallet of {} from {} to {to}, payer {payer}, old one signs: {signs}",
        person.address, person.wallet
    ));
    let realm = game.book.realm;
    let links = [&person.wallet, &to].map(|wallet| real::wallet_address(&realm, wallet));
    let rent = game.world.rent(160);
    let (at, old, link_payer) = (person.address, person.wallet, person.link_payer);
    let instruction = real::move_wallet(&realm, &payer, &at, &old, &to, &link_payer, signs);
    let is_moved = attempt(game, play, "move_wallet", instruction, |book| {
        book.move_wallet(&at, (&to, &payer), signs, (links, rent), now)
    });
    if is_moved && !signs {
        play.saw("a recovery completed");
    }
}

pub(super) fn cancel_recovery(game: &mut Game, play: &mut Play) {
    if !game.book.persons.values().any(|p| p.recovery.is_some()) && chance(&mut game.world.rng, 95) {
        return recover(game, play);
    }
    let Some(person) = some_person(game, |p| p.recovery.is_some()) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    play.step(format!("cancel_recovery of {} by {by}", person.address));
    let instruction = real::cancel_recovery(&person.address, &by);
    attempt(game, play, "cancel_recovery", instruction, |book| {
        book.cancel_recovery(&by, &person.address)
    });
}
