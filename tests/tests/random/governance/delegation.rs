//! Delegates, who lends to them, and what they do with it.

use super::*;

pub(super) fn open_pool(game: &mut Game, play: &mut Play) {
    let now = game.now();
    if game.book.pools.len() >= 3 && chance(&mut game.world.rng, 95) {
        return join_delegate(game, play);
    }
    let delegates: Vec<Address> = game.book.pools.values().map(|pool| pool.delegate).collect();
    let Some(person) = some_person(game, |p| p.is_active(now) && !delegates.contains(&p.address)) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    play.step(format!("open_pool of {} by {by}", person.address));
    let realm = game.book.realm;
    let address = real::pool_address(&realm, &person.address);
    let rent = game.world.rent(3_872);
    let instruction = real::open_pool(&realm, &by, &person.address);
    attempt(game, play, "open_pool", instruction, |book| {
        book.open_pool(&by, &address, &person.address, now)?;
        book.create(&by, &address, rent);
        Ok(())
    });
}

fn some_pool(game: &mut Game, wanted: impl Fn(&Pool) -> bool) -> Option<Pool> {
    let wild = is_wild(game);
    let pools = game.book.pools.values();
    let all: Vec<Pool> = pools.filter(|pool| wild || wanted(pool)).cloned().collect();
    some(game, &all)
}

pub(super) fn close_pool(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let is_empty = |pool: &Pool| pool.members.iter().all(|member| member.until <= epoch);
    let Some(pool) = some_pool(game, is_empty) else {
        return leave_delegate(game, play);
    };
    let by = signer(game, game.book.persons[&pool.delegate].wallet);
    play.step(format!("close_pool {} by {by}", pool.address));
    let instruction = real::close_pool(&game.book.realm, &by, &pool.delegate, &pool.rent_payer);
    attempt(game, play, "close_pool", instruction, |book| {
        book.close_pool(&by, &pool.address, now)
    });
}

pub(super) fn join_delegate(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let book = game.book.clone();
    let serves = |pool: &Pool| {
        let delegate = &book.persons[&pool.delegate];
        let votes = pool.epoch == epoch && pool.spent() > 0;
        let counts = votes || pool.version == book.version(epoch);
        let is_stale = counts && !pool.members.is_empty() && pool.version != book.version(epoch + 1);
        delegate.is_active(now) && !delegate.lends_from(epoch) && !is_stale
    };
    let Some(pool) = some_pool(game, serves) else {
        return open_pool(game, play);
    };
    let can = |p: &Person| {
        let is_free = !p.lends_from(epoch) && !p.rests_in(epoch + 1) && p.is_active(now);
        is_free && epoch > p.registered && book.epoch(p.expires_ts) > epoch + 1
    };
    let Some(person) = some_person(game, |p| can(p) && p.address != pool.delegate) else {
        return let_time_pass(game, play);
    };
    if person.address == pool.delegate {
        return;
    }
    let by = signer(game, person.wallet);
    let own = real::stake_address(&game.book.realm, &person.address, &person.wallet);
    let all: Vec<Address> = game.book.stakes.keys().copied().collect();
    let rng = &mut game.world.rng;
    let stake = match rng.random_range(0..20) {
        0 => None,
        1 if !all.is_empty() => Some(*pick(rng, &all)),
        _ => all.contains(&own).then_some(own),
    };
    play.step(format!(
        "join_delegate {} of {} by {by}, stake {stake:?}",
        pool.address, person.address
    ));
    let instruction = real::join_delegate(&game.book.realm, &by, &person.address, stake, &pool.delegate);
    attempt(game, play, "join_delegate", instruction, |book| {
        book.join(&by, &person.address, stake.as_ref(), &pool.address, now)
    });
    if game.book.pools[&pool.address].generation > pool.generation {
        play.saw("everybody out of a pool by other budgets");
    }
}

pub(super) fn extend_delegation(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let book = game.book.clone();
    let can = |p: &Person| {
        let end = (epoch + 9).min(book.epoch(p.expires_ts));
        let lives = |generation| {
            let pool = p.lends.and_then(|lending| book.pool_of(&lending.delegate));
            pool.is_some_and(|pool| pool.generation == generation)
        };
        let fits = p
            .lends
            .is_some_and(|l| epoch < l.until && l.until < end && lives(l.generation));
        p.is_active(now) && fits
    };
    if !book.persons.values().any(can) && chance(&mut game.world.rng, 90) {
        return join_delegate(game, play);
    }
    let Some(person) = some_person(game, can) else { return };
    let theirs = person
        .lends
        .and_then(|lending| book.pool_of(&lending.delegate))
        .cloned();
    let Some(pool) = theirs.filter(|_| !is_wild(game)).or_else(|| some_pool(game, |_| true)) else {
        return;
    };
    let by = signer(game, person.wallet);
    play.step(format!(
        "extend_delegation of {} to {} by {by}",
        person.address, pool.address
    ));
    let instruction = real::extend_delegation(&game.book.realm, &by, &person.address, &pool.delegate);
    attempt(game, play, "extend_delegation", instruction, |book| {
        book.extend(&by, &person.address, &pool.address, now)
    });
}

/// The proposals of a pool's live entries, in their order.
pub(super) fn entries_of(game: &Game, pool: &Pool) -> Vec<Address> {
    if pool.epoch < game.epoch() {
        return Vec::new();
    }
    let entries = pool.entries.iter().flatten();
    entries
        .map(|entry| real::proposal_address(&game.book.realm, entry.index))
        .collect()
}

pub(super) fn leave_delegate(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    // those whom anybody can strip more often
    let lost = some_person(game, |p| p.lends_in(epoch) && p.is_strippable(epoch, now));
    let Some(person) = lost.or_else(|| some_person(game, |p| p.lends.is_some())) else {
        return join_delegate(game, play);
    };
    let Some(lending) = person.lends else {
        return join_delegate(game, play);
    };
    let is_strip = person.is_strippable(epoch, now);
    let mut by = signer(game, person.wallet);
    if is_strip {
        by = game.key("sponsor");
    }
    let address = real::pool_address(&game.book.realm, &lending.delegate);
    let pool = game.book.pools.get(&address).cloned();
    let counts = pool
        .as_ref()
        .is_some_and(|pool| person.lends_in(epoch) && pool.generation == lending.generation);
    let generation = pool.as_ref().map(|pool| pool.generation);
    let mut proposals = pool.map_or(Vec::new(), |pool| entries_of(game, &pool));
    let is_due = |at: &Address| {
        let proposal = game.book.proposals.get(at);
        proposal.is_none_or(|p| p.status != Status::Vetoed && !p.is_open(now))
    };
    let waits = !is_strip && proposals.iter().any(is_due) && chance(&mut game.world.rng, 90);
    let at_epoch_end = waits || chance(&mut game.world.rng, 30);
    if !counts || (at_epoch_end && !is_strip) {
        proposals.clear();
    }
    if proposals.len() > 1 && chance(&mut game.world.rng, 6) {
        proposals.swap(0, 1);
    } else if chance(&mut game.world.rng, 3) {
        proposals.pop();
    }
    play.step(format!(
        "leave_delegate {address} of {} by {by}, at the epoch's end: {at_epoch_end}, stripped: {is_strip}, {proposals:?}",
        person.address
    ));
    let (realm, at, to) = (game.book.realm, person.address, lending.delegate);
    let instruction = real::leave_delegate(&realm, &by, &at, &to, at_epoch_end, &proposals);
    let parts = |game: &Game| -> usize {
        let shares = game.book.proposals.values().filter_map(|p| p.shares.get(&address));
        shares.map(|share| share.lenders.len()).sum()
    };
    let before = parts(game);
    let has_left = attempt(game, play, "leave_delegate", instruction, |book| {
        book.leave(&by, &at, (&address, &to), at_epoch_end, &proposals, now)
    });
    if parts(game) < before {
        play.saw(if is_strip {
            "a revoked lender stripped"
        } else {
            "a lender's part taken out"
        });
    }
    if has_left && person.lends_from(epoch) && generation.is_some_and(|now| now != lending.generation) {
        play.saw("a delegation counted out by other budgets");
    }
}

pub(super) fn cast_delegated(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let open: Vec<Address> = (game.book.proposals.values())
        .filter(|p| p.is_open(now))
        .map(|p| p.address)
        .collect();
    if open.is_empty() && !is_wild(game) {
        return let_time_pass(game, play);
    }
    let Some(proposal) = some_proposal(game, |p| open.contains(&p.address)) else {
        return submit_proposal(game, play);
    };
    let book = game.book.clone();
    let can = |pool: &Pool| {
        let delegate = &book.persons[&pool.delegate];
        let lends = pool.members.iter().any(|m| (m.from..m.until).contains(&epoch));
        lends && delegate.is_active(now) && !delegate.rests_in(epoch) && pool.version == proposal.version
    };
    let Some(pool) = some_pool(game, can) else {
        return join_delegate(game, play);
    };
    let by = signer(game, book.persons[&pool.delegate].wallet);
    let entries: Vec<_> = if pool.epoch == epoch {
        pool.entries.iter().flatten().collect()
    } else {
        Vec::new()
    };
    let own = entries.iter().find(|entry| entry.index == proposal.index);
    let spent: u128 = entries.iter().map(|entry| u128::from(entry.share).pow(2)).sum();
    let free = (1u128 << 32) - spent + own.map_or(0, |entry| u128::from(entry.share).pow(2));
    let most = free.isqrt() as u64;
    // a share gives a vote of the base budget at least
    let least = (1u64 << 32).div_ceil((u64::from(proposal.rules.base_credits) << 32).isqrt());
    if own.is_none() && most < least && chance(&mut game.world.rng, 95) {
        return cast_votes(game, play);
    }
    let rng = &mut game.world.rng;
    let share = match rng.random_range(0..30) {
        0 => most + 1,
        1 => *pick(rng, &[1u64, 65_537, u64::from(u32::MAX)]),
        2 => 0,
        3..=8 => most,
        9 => least - 1,
        _ => rng.random_range(least.min(most)..=most.max(1)),
    } as u32;
    let option = match rng.random_range(0..20) {
        0 => proposal.choices + 1,
        1..3 => 0,
        3..7 => rng.random_range(0..=proposal.choices),
        _ => 1,
    };
    play.step(format!(
        "cast_delegated {share} for {option} of proposal {} with {} by {by}",
        proposal.index, pool.address
    ));
    let (realm, delegate) = (game.book.realm, pool.delegate);
    let instruction = real::cast_delegated(&realm, &by, &delegate, &proposal.address, option, share);
    attempt(game, play, "cast_delegated", instruction, |book| {
        book.cast_share(&by, &pool.address, &proposal.address, (option, share), now)
    });
}
