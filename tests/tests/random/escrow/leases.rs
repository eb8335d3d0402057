//! Leases, vouchers, gangs.

use super::*;

fn some_lease(game: &mut Game, wanted: impl Fn(&Lease) -> bool) -> Option<Lease> {
    let all: Vec<Lease> = game.book.leases.values().filter(|l| wanted(l)).cloned().collect();
    some(game, &all)
}

fn lease_terms(game: &mut Game, config: &Config, purse: u64) -> LeaseTerms {
    let machine = game.key("machine");
    let slot = some_slot(game).address;
    let rng = &mut game.world.rng;
    let (least, spread) = if config.is_rehearsal { (2, 30) } else { (60, 900) };
    let mut seconds = || least + rng.random_range(0..spread);
    let [open, notice, pause] = [(); 3].map(|()| seconds());
    let interval = rng.random_range(1..12);
    let rate = magnitude(rng, 1 << 24);
    let ahead = u64::from(interval) * rng.random_range(1..12) + rng.random_range(0..3);
    let compensation = *pick(rng, &[0u64, 1_000_000, 4_000_000]);
    let mut terms = LeaseTerms {
        rate_per_second_atoms: rate,
        deposit_atoms: rate.saturating_mul(ahead) + rng.random_range(0..rate.max(1)),
        bond_lamports: config.min_bond.max(compensation) + rng.random_range(0..20_000_000),
        compensation_lamports: compensation,
        max_fee_ppm: if chance(rng, 50) { config.fee_ppm } else { 50_000 },
        open_seconds: open,
        notice_seconds: notice,
        pause_seconds: pause,
        interval_seconds: interval,
        voucher_key: machine,
        slot: if chance(rng, 10) { slot } else { Address::default() },
        spec_hash: rng.random(),
        model_id: 0,
        min_score: 0,
        min_vram_gib: 0,
        persons_only: chance(rng, 5),
    };
    match rng.random_range(0..70) {
        0 => terms.rate_per_second_atoms = 0,
        1 => terms.deposit_atoms = rate * u64::from(interval) - 1,
        2 => terms.deposit_atoms = hostile(rng, purse),
        3 => terms.open_seconds = *pick(rng, &[0, least - 1, 2_592_001]),
        4 => terms.notice_seconds = *pick(rng, &[0, least - 1, 86_401]),
        5 => terms.pause_seconds = *pick(rng, &[0, least - 1, 604_801]),
        6 => terms.interval_seconds = *pick(rng, &[0, 3_601]),
        7 => terms.bond_lamports = config.min_bond.saturating_sub(1),
        8 => terms.compensation_lamports = *pick(rng, &[1, 999_999, u64::MAX]),
        9 => terms.max_fee_ppm = config.fee_ppm.saturating_sub(1),
        10 => terms.voucher_key = Address::default(),
        11 => terms.spec_hash = [0; 32],
        _ => {}
    }
    terms
}

pub(super) fn post_lease(game: &mut Game, play: &mut Play) {
    let who = game.world.rng.random_range(0..2usize);
    let client = game.key(CLIENTS[who]);
    let payer = if chance(&mut game.world.rng, 30) {
        client
    } else {
        game.key("payer")
    };
    let config = game.book.configs[&(if chance(&mut game.world.rng, 85) { 0 } else { 2 })].clone();
    let held: Vec<Address> = game.mints[..HELD_MINTS].iter().map(|mint| mint.address).collect();
    let listed: Vec<Address> = held
        .iter()
        .filter(|mint| config.mints.contains(mint))
        .copied()
        .collect();
    let wild = chance(&mut game.world.rng, 4) || listed.is_empty();
    let mint = *pick(&mut game.world.rng, if wild { &held } else { &listed });
    let from = game.wallet(&mint, &client);
    let purse = game.book.tokens.atoms(&from);
    let terms = lease_terms(game, &config, purse);
    let now = game.now();
    let wild = chance(&mut game.world.rng, 10);
    let gathering: Vec<Address> = (game.book.gangs.values())
        .filter(|gang| {
            wild || (gang.client == client && gang.leases < gang.size && !gang.is_active && !gang.has_failed(now))
        })
        .map(|gang| gang.address)
        .collect();
    let gang = some(game, &gathering).filter(|_| chance(&mut game.world.rng, 60));
    let nonce = if chance(&mut game.world.rng, 6) {
        game.lease_nonces[who].saturating_sub(1)
    } else {
        game.lease_nonces[who]
    };
    let address = lease_ix::lease(&client, nonce).0;
    let vault = ix::vault(&address).0;
    let spoil = match some_spoil(game) {
        Spoil::Vault | Spoil::Mint => Spoil::None,
        other => other,
    };
    play.step(format!("post_lease {address} by {client}, gang {gang:?}, {spoil:?}"));
    let program = game.program(&mint);
    let instruction = lease_ix::post_lease(client, payer, config.address, from, gang, mint, program, nonce, &terms);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), None, None, Some(8)]);
    let lease = Lease {
        address,
        vault,
        client,
        payer,
        config_id: config.id,
        mint,
        terms,
        fee_ppm: 0,
        bounty: 0,
        bounties: 0,
        uid: [0; 32],
        state: 0,
        slot: None,
        gang,
        nonce,
        is_rehearsal: false,
        entered: now,
        deposit: terms.deposit_atoms,
        paid: 0,
        voucher: (0, 0),
        usage: [0; 32],
        seconds: 0,
    };
    if attempt(game, play, "post_lease", &instruction, early, |book| {
        book.post_lease(lease, &from, spoil, now)
    }) {
        game.lease_nonces[who] = game.lease_nonces[who].max(nonce + 1);
    }
}

pub(super) fn lease_takers(game: &Game, lease: &Lease) -> Vec<Slot> {
    let t = &lease.terms;
    let now = game.now();
    let asked = Asked {
        model_id: t.model_id,
        min_score: t.min_score,
        min_vram_gib: t.min_vram_gib,
        persons_only: t.persons_only,
        config_id: lease.config_id,
    };
    let fits = |slot: &&Slot| {
        let mut against = Against::default();
        let book = &game.book;
        book.check_asked(&slot.address, &slot.provider, &asked, now, &mut against);
        slot.config_id == lease.config_id
            && (t.slot == Address::default() || t.slot == slot.address)
            && !slot.is_paused
            && slot.current.is_none()
            && slot.bonded_slot < lease.entered.slot
            && slot.bond - slot.locked >= t.bond_lamports
            && against.verdict().is_ok()
    };
    game.book.slots.values().filter(fits).cloned().collect()
}

pub(super) fn accept_lease(game: &mut Game, play: &mut Play, lease: &Lease, slot: &Slot) {
    let hands = hands_of(game, slot, false);
    let uid = if chance(&mut game.world.rng, 3) {
        [9; 32]
    } else {
        lease.uid
    };
    let gangs: Vec<Address> = game.book.gangs.keys().copied().collect();
    let mut gang = lease.gang.filter(|gang| game.book.gangs.contains_key(gang));
    match game.world.rng.random_range(0..30) {
        0 => gang = None,
        1 => gang = some(game, &gangs),
        _ => {}
    }
    play.step(format!("accept_lease {} by {hands:?}, gang {gang:?}", lease.address));
    let instruction = lease_ix::accept_lease(hands.by, hands.provider, hands.slot, lease.address, gang, &uid);
    let now = game.now();
    attempt(game, play, "accept_lease", &instruction, None, |book| {
        book.accept_lease(&hands, &lease.address, gang.as_ref(), &uid, now)
    });
}

/// `start_lease`, `resume_lease` or `reclaim_notice`.
pub(super) fn work_on_lease(game: &mut Game, play: &mut Play, action: &'static str, lease: &Lease) {
    let tag = match action {
        "start_lease" => 65,
        "resume_lease" => 66,
        _ => 67,
    };
    let stranger = some_slot(game);
    let slot = match lease.slot {
        Some(slot) if !chance(&mut game.world.rng, 4) => game.book.slots[&slot].clone(),
        _ => stranger,
    };
    let mut hands = hands_of(game, &slot, false);
    if tag == 65 {
        hands.by = some_actor(game);
    }
    play.step(format!("{action} {} by {hands:?}", lease.address));
    // a lease that waits for its refund has left its gang, which may be closed
    let gang = lease.gang.filter(|gang| game.book.gangs.contains_key(gang));
    let instruction = lease_ix::work_on_lease(tag, hands.by, hands.provider, hands.slot, lease.address, gang);
    let now = game.now();
    attempt(game, play, action, &instruction, None, |book| match tag {
        65 => book.start_lease(&hands, &lease.address, gang.as_ref()),
        66 => book.resume_lease(&hands, &lease.address, now),
        _ => book.reclaim_notice(&hands, &lease.address, now),
    });
}

pub(super) fn top_up(game: &mut Game, play: &mut Play, lease: &Lease) {
    let who = game.world.rng.random_range(0..2usize);
    let by = game.key(CLIENTS[who]);
    let from = game.wallet(&lease.mint, &by);
    let t = lease.terms;
    let least = t.rate_per_second_atoms * u64::from(t.interval_seconds);
    let rng = &mut game.world.rng;
    let atoms = match rng.random_range(0..20) {
        0 => least - 1,
        1 => hostile(rng, least),
        _ => least + magnitude(rng, least * 8),
    };
    let uid = if chance(rng, 3) { [9; 32] } else { lease.uid };
    let spoil = some_spoil(game);
    play.step(format!("top_up {} by {atoms} of {by}, {spoil:?}", lease.address));
    let program = game.program(&lease.mint);
    let instruction = lease_ix::top_up(by, from, lease.address, lease.mint, program, &uid, atoms);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(4), Some(5)]);
    let now = game.now();
    attempt(game, play, "top_up", &instruction, early, |book| {
        book.top_up(&by, &from, &lease.address, &uid, atoms, spoil, now)
    });
}

pub(super) fn redeem_voucher(game: &mut Game, play: &mut Play, lease: &Lease) {
    let Some(slot) = lease.slot else { return };
    let provider = game.book.providers[&game.book.slots[&slot].provider].clone();
    let payout = payout_for(game, play, &slot, &lease.mint);
    let now = game.now();
    let due = lease.counted(now) * lease.terms.rate_per_second_atoms;
    let stranger = some_actor(game);
    let rng = &mut game.world.rng;
    let cumulative_atoms = match rng.random_range(0..12) {
        0 => lease.voucher.0.saturating_sub(1),
        1 => magnitude(rng, lease.deposit),
        2 => u64::MAX,
        3 => lease.voucher.0,
        4..6 => due.max(lease.voucher.0) / 2 + lease.voucher.0 / 2,
        _ => due.max(lease.voucher.0),
    };
    let seq = match rng.random_range(0..12) {
        0 => lease.voucher.1,
        1 => rng.random_range(0..=lease.voucher.1),
        _ => lease.voucher.1 + rng.random_range(1..4),
    };
    let mut words = Words {
        tag: *b"CWL1",
        program: ix::PROGRAM,
        genesis: [7; 32],
        uid: lease.uid,
        slot,
        cumulative_atoms,
        usage_root: rng.random(),
        seq,
        expires_ts: now.ts + rng.random_range(0..3_600),
    };
    match rng.random_range(0..40) {
        0 => words.tag = *b"CWL2",
        1 => words.genesis = [8; 32],
        2 => words.uid = [9; 32],
        3 => words.slot = stranger,
        4 => words.expires_ts = now.ts - 1,
        5 => words.expires_ts = lease.entered.ts - 1,
        _ => {}
    }
    let mut keys = [lease.terms.voucher_key, provider.session];
    match rng.random_range(0..40) {
        0 => keys[0] = stranger,
        1 => keys[1] = stranger,
        2 => keys.swap(0, 1),
        3..9 => keys[1] = provider.previous.map_or(keys[1], |(key, _)| key),
        _ => {}
    }
    play.step(format!(
        "redeem_voucher {} for {cumulative_atoms} as {seq} until {}, signed by {keys:?}",
        lease.address, words.expires_ts
    ));
    let program = game.program(&lease.mint);
    let signers: Vec<_> = keys.iter().map(|key| game.keys[key].insecure_clone()).collect();
    let precompile = words.verified_by(&signers.iter().collect::<Vec<_>>());
    let instruction = lease_ix::redeem_voucher(lease.address, provider.address, slot, lease.mint, program);
    let mut next = game.book.clone();
    let prediction = next.redeem(&lease.address, &words, keys, &payout, now).map(|()| next);
    let refused = game.run(Some(&precompile), &instruction, prediction);
    play.agreed("redeem_voucher", refused);
}

/// The accounts with which a lease is left; `provider` where its side closes.
fn leaving(game: &mut Game, lease: &Lease, by: Address, provider: Option<Address>) -> Leaving {
    let stranger = some_actor(game);
    let owner = if chance(&mut game.world.rng, 3) {
        stranger
    } else {
        lease.client
    };
    let token = game.wallet(&lease.mint, &owner);
    let mut slot = lease.slot;
    let other = some_slot(game).address;
    match game.world.rng.random_range(0..50) {
        0 => slot = None,
        1 => slot = Some(other),
        _ => {}
    }
    // a lease that waits for its refund has left its gang, which may be closed
    let gang = lease.gang.filter(|gang| game.book.gangs.contains_key(gang));
    let gang = gang.filter(|_| !chance(&mut game.world.rng, 3));
    Leaving {
        by,
        lease: lease.address,
        token,
        provider,
        slot,
        gang,
        spoil: some_spoil(game),
    }
}

fn leave(game: &mut Game, lease: &Lease, leaving: &Leaving) -> lease_ix::Leave {
    lease_ix::Leave {
        signer: leaving.by,
        lease: lease.address,
        client: lease.client,
        rent_payer: lease.payer,
        client_token: leaving.token,
        provider: leaving.provider,
        slot: leaving.slot,
        gang: leaving.gang,
        mint: lease.mint,
        token_program: game.program(&lease.mint),
    }
}

const LEAVE_SPOILED: [Option<usize>; 4] = [Some(0), Some(2), Some(9), Some(10)];

pub(super) fn close_lease(game: &mut Game, play: &mut Play, lease: &Lease, by_provider: bool) {
    let slot = lease.slot.map(|slot| game.book.slots[&slot].clone());
    let (by, provider) = match slot.filter(|_| by_provider) {
        Some(slot) => {
            let hands = hands_of(game, &slot, false);
            (hands.by, Some(hands.provider))
        }
        None => {
            let stranger = some_actor(game);
            let by = if chance(&mut game.world.rng, 6) {
                stranger
            } else {
                lease.client
            };
            (by, None)
        }
    };
    let leaving = leaving(game, lease, by, provider);
    play.step(format!("close_lease {leaving:?}"));
    let instruction = leave(game, lease, &leaving).close();
    let (instruction, early) = game.spoil(instruction, leaving.spoil, LEAVE_SPOILED);
    let now = game.now();
    attempt(game, play, "close_lease", &instruction, early, |book| {
        book.close_lease(&leaving, now)
    });
}

pub(super) fn crank_lease(game: &mut Game, play: &mut Play, lease: &Lease) {
    let by = some_actor(game);
    let leaving = leaving(game, lease, by, None);
    play.step(format!("crank_lease {leaving:?}"));
    let instruction = leave(game, lease, &leaving).crank();
    let (instruction, early) = game.spoil(instruction, leaving.spoil, LEAVE_SPOILED);
    let now = game.now();
    attempt(game, play, "crank_lease", &instruction, early, |book| {
        book.crank_lease(&leaving, now)
    });
}

/// Lets time pass until a lease can be cranked.
pub(super) fn reach_lease(game: &mut Game, play: &mut Play, lease: &Lease) {
    let now = game.now();
    let gang = lease.gang.and_then(|gang| game.book.gangs.get(&gang));
    let due = match lease.state {
        lease_code::JOINED => gang.map(|gang| after(gang.entered, gang.seconds)),
        lease_code::ACTIVE => {
            let left = lease.funded() - lease.counted(now);
            Some(Now {
                ts: now.ts + left as i64 + 1,
                slot: now.slot + left * 5 / 4 + 2,
            })
        }
        _ => lease.deadline(),
    };
    if let Some(due) = due {
        reach_moment(game, play, due);
    }
}

pub(super) fn open_gang(game: &mut Game, play: &mut Play) {
    let who = game.world.rng.random_range(0..2usize);
    let (client, payer) = (game.key(CLIENTS[who]), some_actor(game));
    let nonce = game.lease_nonces[who];
    let config = game.book.configs[&0].clone();
    let rng = &mut game.world.rng;
    let size = if chance(rng, 8) {
        *pick(rng, &[0, 1, 16, 17])
    } else {
        rng.random_range(2..4)
    };
    let seconds = if chance(rng, 5) {
        *pick(rng, &[0, 1, 86_401])
    } else {
        rng.random_range(2..60)
    };
    let address = lease_ix::gang(&client, nonce).0;
    play.step(format!("open_gang {address} of {size} in {seconds} s"));
    let instruction = lease_ix::open_gang(client, payer, config.address, nonce, size, seconds);
    let gang = Gang {
        address,
        client,
        payer,
        size,
        leases: 0,
        joined: 0,
        is_active: false,
        entered: game.now(),
        seconds,
    };
    if attempt(game, play, "open_gang", &instruction, None, |book| {
        book.open_gang(gang, config.id)
    }) {
        game.lease_nonces[who] += 1;
    }
}

pub(super) fn close_gang(game: &mut Game, play: &mut Play, gang: &Gang) {
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 50) {
        stranger
    } else {
        gang.client
    };
    play.step(format!("close_gang {} by {by}", gang.address));
    let instruction = lease_ix::close_gang(by, gang.address, gang.payer);
    let now = game.now();
    attempt(game, play, "close_gang", &instruction, None, |book| {
        book.close_gang(&by, &gang.address, now)
    });
}

/// Something with leases at random: mostly one it makes sense for.
pub(super) fn some_leasing(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let now = game.now();
    match game.world.rng.random_range(0..100) {
        0..14 => post_lease(game, play),
        14..32 => {
            let pairs: Vec<(Lease, Slot)> = (game.book.leases.values())
                .filter(|lease| lease.state == lease_code::OPEN && !lease.is_overdue(now))
                .flat_map(|lease| {
                    lease_takers(game, lease)
                        .into_iter()
                        .map(move |slot| (lease.clone(), slot))
                })
                .collect();
            match some(game, &pairs) {
                Some((lease, slot)) if !wild => accept_lease(game, play, &lease, &slot),
                _ => {
                    let slot = some_slot(game);
                    match some_lease(game, |_| true).filter(|_| wild) {
                        Some(lease) => accept_lease(game, play, &lease, &slot),
                        None => post_lease(game, play),
                    }
                }
            }
        }
        32..38 => {
            let wild = wild && chance(&mut game.world.rng, 15);
            let waits = |lease: &Lease| {
                let gang = lease.gang.and_then(|gang| game.book.gangs.get(&gang));
                lease.state == lease_code::JOINED && gang.is_some_and(|gang| gang.is_active)
            };
            let ready: Vec<Lease> = (game.book.leases.values())
                .filter(|lease| {
                    waits(lease) || (wild && lease.gang.is_none_or(|gang| game.book.gangs.contains_key(&gang)))
                })
                .cloned()
                .collect();
            if let Some(lease) = some(game, &ready) {
                work_on_lease(game, play, "start_lease", &lease);
            }
        }
        38..44 => {
            let paused = |lease: &Lease| lease.state == lease_code::PAUSED && !lease.is_overdue(now);
            if let Some(lease) = some_lease(game, |lease| wild || paused(lease)) {
                if !wild && lease.funded() < lease.seconds + u64::from(lease.terms.interval_seconds) {
                    top_up(game, play, &lease);
                }
                work_on_lease(game, play, "resume_lease", &lease);
            }
        }
        44..48 => {
            if let Some(lease) = some_lease(game, |lease| wild || lease.state == lease_code::ACTIVE) {
                work_on_lease(game, play, "reclaim_notice", &lease);
            }
        }
        48..58 => {
            if let Some(lease) = some_lease(game, |lease| wild || lease.state < lease_code::SETTLING) {
                top_up(game, play, &lease);
            }
        }
        58..76 => {
            let redeems = |lease: &Lease| {
                let is_due = lease.counted(now) * lease.terms.rate_per_second_atoms > lease.paid;
                lease.has_slot() && lease.state != lease_code::JOINED && is_due
            };
            if let Some(lease) = some_lease(game, |lease| wild || redeems(lease)) {
                redeem_voucher(game, play, &lease);
            }
        }
        76..82 => {
            let by_provider = chance(&mut game.world.rng, 40);
            let may = |lease: &Lease| {
                let is_at = lease.has_slot() && lease.state != lease_code::JOINED;
                if by_provider {
                    is_at
                } else {
                    lease.state != lease_code::JOINED && lease.state != lease_code::SETTLING
                }
            };
            if let Some(lease) = some_lease(game, |lease| wild || may(lease)) {
                close_lease(game, play, &lease, by_provider);
            }
        }
        82..94 => {
            if let Some(lease) = some_lease(game, |_| true) {
                let gang = lease.gang.and_then(|gang| game.book.gangs.get(&gang));
                let is_stuck = lease.state == lease_code::JOINED && gang.is_some_and(|gang| gang.is_active);
                if !wild && !is_stuck {
                    reach_lease(game, play, &lease);
                }
                if wild || !is_stuck {
                    crank_lease(game, play, &lease);
                }
            }
        }
        94..97 => open_gang(game, play),
        _ => {
            let gangs: Vec<Gang> = (game.book.gangs.values())
                .filter(|gang| wild || gang.leases == 0)
                .cloned()
                .collect();
            if let Some(gang) = some(game, &gangs) {
                close_gang(game, play, &gang);
            }
        }
    }
}
