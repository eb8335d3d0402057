//! Auctions, redundant orders, milestones and attested results.

use super::*;

pub(super) const EVIDENCE: [u8; 32] = [0xE1; 32];

/// A number that a hash decides.
pub(super) fn number_of(parts: &[&[u8]]) -> u64 {
    u64::from_le_bytes(sha(parts)[..8].try_into().unwrap())
}

/// What a slot bids: mostly within the limit.
fn price_of(job: &Job, slot: &Address) -> u64 {
    let limit = job.terms.price_atoms;
    let number = number_of(&[b"price", &job.uid, slot.as_ref()]);
    match number % 32 {
        0 => 0,
        1 => limit.saturating_add(1),
        2..8 => limit,
        _ => number / 32 % limit + 1,
    }
}

/// What a worker of a redundant order computes: mostly the same.
fn result_of(job: &Job, slot: &Address) -> [u8; 32] {
    let number = number_of(&[b"works", &job.uid, slot.as_ref()]) % 8;
    let group = if number == 0 { slot.as_ref() } else { b"right".as_ref() };
    sha(&[b"result of", &job.uid, group])
}

/// Slot, provider and signer: nearly always ones that belong together.
pub(super) fn hands_of(game: &mut Game, slot: &Slot, only_authority: bool) -> Hands {
    let (provider, by) = scene(game, slot, only_authority);
    Hands {
        by,
        provider: provider.address,
        slot: slot.address,
    }
}

/// The uid, or now and then another.
fn uid_or_not(game: &mut Game, uid: [u8; 32]) -> [u8; 32] {
    if chance(&mut game.world.rng, 3) {
        [9; 32]
    } else {
        uid
    }
}

/// Slots that may take part in an order now; of redundant orders, those at nothing else.
pub(super) fn takers(game: &Game, job: &Job) -> Vec<Slot> {
    let now = game.now();
    let book = &game.book;
    let fits = |slot: &&Slot| {
        let mut against = Against::default();
        book.check_eligible(&slot.address, &slot.provider, job, now, &mut against);
        if job.terms.kind == 0 {
            let lot = book.check_lot(&slot.address, &slot.provider, job, true, now);
            against.when(lot.verdict().is_err(), code(0));
        }
        let is_in = |part: Address| book.bids.contains_key(&part) || book.parts.contains_key(&part);
        slot.config_id == job.config_id
            && !(job.is_overdue(now) && job.state == OPEN)
            && !slot.is_paused
            && (job.terms.kind == 1 || slot.current.is_none())
            && slot.bonded_slot < job.entered.slot
            && slot.bond - slot.locked >= job.terms.bond_lamports
            && against.verdict().is_ok()
            && (job.terms.kind == 0 || !is_in(part_address(game, job, slot)))
    };
    book.slots.values().filter(fits).cloned().collect()
}

fn part_address(game: &Game, job: &Job, slot: &Slot) -> Address {
    if job.terms.kind == 1 {
        return real::bid(&job.address, &slot.provider).0;
    }
    let person = game.book.providers[&slot.provider].person.unwrap_or_default();
    let identity = if job.terms.eligibility.persons_only {
        person
    } else {
        slot.provider
    };
    real::contribution(&job.address, &identity).0
}

pub(super) fn place_bid(game: &mut Game, play: &mut Play, job: &Job, slot: &Slot) {
    let hands = hands_of(game, slot, false);
    let payer = some_actor(game);
    let uid = uid_or_not(game, job.uid);
    let price = price_of(job, &slot.address);
    let mut commitment = real::bid_commitment(price, &SALT, &slot.address, &job.uid);
    if chance(&mut game.world.rng, 2) {
        commitment = [0; 32];
    }
    let address = real::bid(&job.address, &hands.provider).0;
    play.step(format!("place_bid {} of {price} by {hands:?}", job.address));
    let instruction = by_hand::take_part(33, &[&uid, &commitment], &hands, payer, job.address, address);
    let now = game.now();
    let bid = Bid {
        address,
        job: job.address,
        uid: job.uid,
        slot: slot.address,
        payer,
        commitment,
        price: None,
        bond: job.terms.bond_lamports,
    };
    attempt(game, play, "place_bid", &instruction, None, |book| {
        book.place_bid(&hands, bid, &uid, now)
    });
}

pub(super) fn reveal_bid(game: &mut Game, play: &mut Play, job: &Job, bid: &Bid) {
    let slot = game.book.slots[&bid.slot].clone();
    let hands = hands_of(game, &slot, false);
    let mut price = price_of(job, &bid.slot);
    if chance(&mut game.world.rng, 3) {
        price = price.wrapping_add(1);
    }
    play.step(format!("reveal_bid {} for {} at {price}", bid.address, job.address));
    let instruction = by_hand::work_on_part(34, &[&price.to_le_bytes(), &SALT], &hands, job.address, bid.address);
    let now = game.now();
    attempt(game, play, "reveal_bid", &instruction, None, |book| {
        book.reveal_bid(&hands, &job.address, &bid.address, price, &SALT, now)
    });
}

pub(super) fn award(game: &mut Game, play: &mut Play, job: &Job) {
    let by = some_actor(game);
    let [best, second] = job.ranking();
    let is_late = job.state == AWARDED;
    let winner = match job.state {
        REVEALING => best,
        AWARDED => second,
        _ => None,
    };
    let all: Vec<Bid> = game.book.bids.values().cloned().collect();
    let of = |slot: Address| all.iter().find(|bid| bid.uid == job.uid && bid.slot == slot).cloned();
    let mut bid = winner.and_then(|(_, slot)| of(slot));
    let mut slot = job.slot.filter(|_| is_late);
    match game.world.rng.random_range(0..40) {
        0 => bid = None,
        1 => bid = some(game, &all),
        2 => slot = None,
        3 => slot = Some(some_slot(game).address),
        _ => {}
    }
    play.step(format!(
        "award {} in {} to {bid:?}, late {slot:?}",
        job.address, job.state
    ));
    let given = bid.as_ref().map(|bid| (bid.address, bid.payer));
    let instruction = by_hand::award(by, job.address, job.client, slot, given);
    let now = game.now();
    attempt(game, play, "award", &instruction, None, |book| {
        let given = bid.as_ref().map(|bid| &bid.address);
        book.award(&by, &job.address, slot.as_ref(), given, now)
    });
}

pub(super) fn reclaim_bid(game: &mut Game, play: &mut Play, bid: &Bid) {
    let by = some_actor(game);
    play.step(format!("reclaim_bid {} by {by}", bid.address));
    let instruction = by_hand::reclaim_bid(by, bid.address, bid.job, bid.slot, bid.payer);
    let now = game.now();
    attempt(game, play, "reclaim_bid", &instruction, None, |book| {
        book.reclaim_bid(&by, &bid.address, now)
    });
}

pub(super) fn join_job(game: &mut Game, play: &mut Play, job: &Job, slot: &Slot) {
    let hands = hands_of(game, slot, false);
    let payer = some_actor(game);
    let uid = uid_or_not(game, job.uid);
    let given = Slot {
        provider: hands.provider,
        ..slot.clone()
    };
    let address = part_address(game, job, &given);
    play.step(format!("join_job {} by {hands:?}", job.address));
    let instruction = by_hand::take_part(37, &[&uid], &hands, payer, job.address, address);
    let now = game.now();
    let part = Part {
        address,
        job: job.address,
        uid: job.uid,
        slot: slot.address,
        payer,
        state: 1,
        hash: [0; 32],
    };
    attempt(game, play, "join_job", &instruction, None, |book| {
        book.join(&hands, part, &uid, now)
    });
}

pub(super) fn commit_part(game: &mut Game, play: &mut Play, job: &Job, part: &Part) {
    let slot = game.book.slots[&part.slot].clone();
    let hands = hands_of(game, &slot, false);
    let result = result_of(job, &part.slot);
    let mut hash = sha(&[b"commonweal:res:1", &result, &SALT, part.slot.as_ref(), &job.uid]);
    if chance(&mut game.world.rng, 3) {
        hash = [0; 32];
    }
    play.step(format!("commit_contribution {} to {}", part.address, job.address));
    let instruction = by_hand::work_on_part(38, &[&hash], &hands, job.address, part.address);
    let now = game.now();
    attempt(game, play, "commit_contribution", &instruction, None, |book| {
        book.commit_part(&hands, &job.address, &part.address, &hash, now)
    });
}

pub(super) fn reveal_part(game: &mut Game, play: &mut Play, job: &Job, part: &Part) {
    let slot = game.book.slots[&part.slot].clone();
    let hands = hands_of(game, &slot, false);
    let mut shown = [result_of(job, &part.slot), SALT];
    match game.world.rng.random_range(0..50) {
        0 => shown[0] = [0; 32],
        1 => shown[1] = [1; 32],
        _ => {}
    }
    play.step(format!("reveal_contribution {} of {}", part.address, job.address));
    let instruction = by_hand::work_on_part(39, &[&shown[0], &shown[1]], &hands, job.address, part.address);
    let now = game.now();
    attempt(game, play, "reveal_contribution", &instruction, None, |book| {
        book.reveal_part(&hands, &job.address, &part.address, &shown, now)
    });
}

/// The parts of an order in a state.
pub(super) fn parts_of(game: &Game, job: &Job, wanted: impl Fn(u8) -> bool) -> Vec<Part> {
    let parts = game.book.parts.values();
    parts
        .filter(|part| part.job == job.address && wanted(part.state))
        .cloned()
        .collect()
}

pub(super) fn compare_results(game: &mut Game, play: &mut Play, job: &Job) {
    let by = some_actor(game);
    let shown = if job.state == COMMITTED { 3 } else { 9 };
    let mut given: Vec<Address> = parts_of(game, job, |state| state == shown)
        .iter()
        .map(|part| part.address)
        .collect();
    let everywhere: Vec<Address> = game.book.parts.keys().copied().collect();
    match game.world.rng.random_range(0..40) {
        0 => {
            given.pop();
        }
        1 if given.len() > 1 => given[0] = given[1],
        2 => given.extend(some(game, &everywhere)),
        _ => {}
    }
    play.step(format!("compare_results {} in {} of {given:?}", job.address, job.state));
    let instruction = by_hand::compare_results(by, job.address, &given);
    let now = game.now();
    attempt(game, play, "compare_results", &instruction, None, |book| {
        book.compare(&by, &job.address, &given, now)
    });
}

/// The payout of a slot in a mint, opened if it is missing.
pub(super) fn payout_for(game: &mut Game, play: &mut Play, slot: &Address, mint: &Address) -> Address {
    let payout = game.payout_of(slot, mint);
    if !game.book.payouts.contains_key(&payout) {
        let (state, payer, program) = (game.book.slots[slot].clone(), game.key("cranker"), game.program(mint));
        open_payout_of(game, play, &state, payer, *mint, program);
    }
    payout
}

pub(super) fn settle_part(game: &mut Game, play: &mut Play, job: &Job, part: &Part) {
    let by = some_actor(game);
    let own = payout_for(game, play, &part.slot, &job.mint);
    let others: Vec<Address> = game.book.payouts.keys().copied().collect();
    let payout = match game.world.rng.random_range(0..40) {
        0 => None,
        1 => some(game, &others),
        _ => Some(own),
    };
    let spoil = some_spoil(game);
    play.step(format!(
        "settle_contribution {} of {} into {payout:?}, {spoil:?}",
        part.address, job.address
    ));
    let program = game.program(&job.mint);
    let instruction = by_hand::settle_contribution(
        by,
        job.address,
        part.address,
        part.payer,
        job.client,
        part.slot,
        payout,
        job.mint,
        program,
    );
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(9), Some(10)]);
    let now = game.now();
    attempt(game, play, "settle_contribution", &instruction, early, |book| {
        book.settle_part(&by, &job.address, &part.address, payout.as_ref(), spoil, now)
    });
}

pub(super) fn accept_milestone(game: &mut Game, play: &mut Play, job: &Job) {
    let Some(slot) = job.slot else { return };
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 5) {
        stranger
    } else {
        job.client
    };
    let mut payout = payout_for(game, play, &slot, &job.mint);
    let open: Vec<u8> = (0..8u8)
        .filter(|at| job.terms.milestone_bps[usize::from(*at)] > 0 && job.accepted & (1 << at) == 0)
        .collect();
    let index = match game.world.rng.random_range(0..20) {
        0 => game.world.rng.random(),
        _ => some(game, &open).unwrap_or(0),
    };
    if chance(&mut game.world.rng, 3) {
        let others: Vec<Address> = game.book.payouts.keys().copied().collect();
        payout = *pick(&mut game.world.rng, &others);
    }
    let spoil = some_spoil(game);
    play.step(format!(
        "accept_milestone {index} of {} by {by}, {spoil:?}",
        job.address
    ));
    let program = game.program(&job.mint);
    let instruction = by_hand::accept_milestone(by, job.address, slot, payout, job.mint, program, index);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(6), Some(7)]);
    let now = game.now();
    attempt(game, play, "accept_milestone", &instruction, early, |book| {
        book.accept_milestone(&by, &job.address, &payout, index, spoil, now)
    });
}

pub(super) fn attest_result(game: &mut Game, play: &mut Play, job: &Job) {
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 8) {
        stranger
    } else {
        game.key("attestor")
    };
    let config = if chance(&mut game.world.rng, 4) {
        some_config(game)
    } else {
        game.book.configs[&job.config_id].clone()
    };
    let uid = uid_or_not(game, job.uid);
    let evidence = if chance(&mut game.world.rng, 4) {
        [0; 32]
    } else {
        EVIDENCE
    };
    play.step(format!("attest_result {} by {by}", job.address));
    let instruction = by_hand::attest_result(by, config.address, job.address, &uid, &evidence);
    let now = game.now();
    attempt(game, play, "attest_result", &instruction, None, |book| {
        book.attest_result(&by, config.id, &job.address, &uid, evidence != [0; 32], now)
    });
}

/// One of these, with the job at random: mostly one it makes sense for.
pub(super) fn some_order(game: &mut Game, play: &mut Play, action: &str) {
    let wild = is_wild(game);
    let (kind, states): (u8, &[u8]) = match action {
        "place_bid" => (1, &[OPEN]),
        "reveal_bid" => (1, &[OPEN, REVEALING]),
        "award" => (1, &[OPEN, REVEALING, AWARDED]),
        "join_job" => (2, &[OPEN]),
        "commit_contribution" => (2, &[RUNNING]),
        "reveal_contribution" => (2, &[RUNNING, COMMITTED]),
        "compare_results" => (2, &[OPEN, RUNNING, COMMITTED]),
        "settle_contribution" => (2, &[CHALLENGEABLE, RESOLVING]),
        _ => (0, &[RUNNING, COMMITTED, CHALLENGEABLE]),
    };
    let now = game.now();
    let fits = |job: &Job| {
        let needs_time = !matches!(
            action,
            "award" | "compare_results" | "settle_contribution" | "reveal_bid"
        );
        let is_it = job.terms.kind == kind && states.contains(&job.state) && !(needs_time && job.is_overdue(now));
        wild || (is_it && (action != "accept_milestone" || job.terms.milestone_bps[0] > 0))
    };
    let Some(job) = some_job(game, fits) else {
        return post_job(game, play);
    };
    let waits = matches!(action, "award" | "compare_results") || (action == "reveal_bid" && job.state == OPEN);
    if waits && !wild && !job.is_overdue(now) && chance(&mut game.world.rng, 70) {
        reach(game, play, &job);
    }
    let bids: Vec<Bid> = (game.book.bids.values())
        .filter(|bid| wild || bid.job == job.address)
        .cloned()
        .collect();
    let parts: Vec<Part> = (game.book.parts.values())
        .filter(|part| wild || part.job == job.address)
        .cloned()
        .collect();
    let takers = takers(game, &job);
    let taker = if wild || takers.is_empty() {
        wild.then(|| some_slot(game))
    } else {
        some(game, &takers)
    };
    let wanted = |states: &[u8]| -> Vec<Part> {
        let fitting = parts.iter().filter(|part| wild || states.contains(&part.state));
        fitting.cloned().collect()
    };
    match action {
        "place_bid" | "join_job" => {
            let Some(slot) = taker else { return };
            if action == "place_bid" {
                place_bid(game, play, &job, &slot);
            } else {
                join_job(game, play, &job, &slot);
            }
        }
        "reveal_bid" => {
            if let Some(bid) = some(game, &bids) {
                reveal_bid(game, play, &job, &bid);
            }
        }
        "award" => award(game, play, &job),
        "compare_results" => compare_results(game, play, &job),
        "commit_contribution" => {
            if let Some(part) = some(game, &wanted(&[1])) {
                commit_part(game, play, &job, &part);
            }
        }
        "reveal_contribution" => {
            if let Some(part) = some(game, &wanted(&[2])) {
                reveal_part(game, play, &job, &part);
            }
        }
        "settle_contribution" => {
            if let Some(part) = some(game, &parts) {
                settle_part(game, play, &job, &part);
            }
        }
        _ => accept_milestone(game, play, &job),
    }
}

pub(super) fn some_attested(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game) && chance(&mut game.world.rng, 20);
    let now = game.now();
    let waits = |job: &Job| {
        let is_open = job.state == CHALLENGEABLE && !job.is_overdue(now);
        is_open && job.terms.verification == 3 && job.flags & 8 == 0
    };
    if let Some(job) = some_job(game, |job| wild || waits(job)) {
        attest_result(game, play, &job);
    }
}

pub(super) fn some_reclaim(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let wild = is_wild(game);
    let is_free = |bid: &&Bid| {
        let mut book = game.book.clone();
        wild || book.reclaim_bid(&game.actors[0], &bid.address, now).is_ok()
    };
    let free: Vec<Bid> = game.book.bids.values().filter(is_free).cloned().collect();
    if let Some(bid) = some(game, &free) {
        reclaim_bid(game, play, &bid);
    }
}
