//! Jobs, from posting to reveal.

use super::*;

pub(super) fn terms(game: &mut Game, config: &Config, purse: u64) -> JobTerms {
    let rng = &mut game.world.rng;
    let kind = *pick(rng, &[0u8, 0, 0, 0, 1, 1, 2, 2]);
    let verification = if kind == 2 {
        rng.random_range(0..2)
    } else {
        *pick(rng, &[0u8, 0, 1, 1, 1, 2, 2, 3])
    };
    let (least, spread) = if config.is_rehearsal {
        ([2u32; 5], 40)
    } else {
        ([60, 60, 60, 300, 3_600], 4_000)
    };
    let mut seconds = least.map(|low| low + rng.random_range(0..spread));
    if verification == 0 && chance(rng, 50) {
        seconds[4] = rng.random_range(0..3);
    }
    let compensation = *pick(rng, &[0u64, 1_000_000, 1_000_001, 5_000_000]);
    let needed = config.min_bond.max(compensation + config.bounty);
    let mut terms = JobTerms {
        kind,
        verification,
        price_atoms: magnitude(rng, purse / 16).max(1),
        bond_lamports: needed
            + if chance(rng, 50) {
                0
            } else {
                rng.random_range(0..50_000_000)
            },
        compensation_lamports: compensation,
        max_fee_ppm: if chance(rng, 50) { config.fee_ppm } else { 50_000 },
        open_seconds: seconds[0],
        start_seconds: seconds[1],
        run_seconds: seconds[2],
        reveal_seconds: seconds[3],
        challenge_seconds: seconds[4],
        spec_hash: rng.random(),
        module_hash: rng.random(),
        input_hash: rng.random(),
        eligibility: Eligibility::default(),
        redundancy_k: 0,
        redundancy_n: 0,
        milestone_bps: [0; 8],
    };
    if kind == 2 {
        let most = if chance(rng, 70) { 3 } else { 7 };
        let n = rng.random_range(2..=most);
        terms.redundancy_n = n;
        terms.redundancy_k = rng.random_range(n / 2 + 1..=n);
        terms.price_atoms = terms.price_atoms.max(u64::from(n));
    }
    if kind == 0 && chance(rng, 35) {
        terms.milestone_bps = *pick(
            rng,
            &[
                [2_000, 3_000, 5_000, 0, 0, 0, 0, 0],
                [1, 1, 1, 1, 1, 1, 1, 9_993],
                [10_000, 0, 0, 0, 0, 0, 0, 0],
                [3_333, 0, 3_333, 0, 3_334, 0, 0, 0],
            ],
        );
    }
    if kind == 0 && chance(rng, 20) {
        terms.eligibility.spread_slots = rng.random_range(0..3);
    }
    match rng.random_range(0..30) {
        0 => terms.eligibility.persons_only = true,
        1 => terms.eligibility.min_score = rng.random_range(1..600),
        2 => terms.eligibility.min_vram_gib = rng.random_range(1..26),
        3 => terms.eligibility.model_id = 4_090 + u32::from(chance(rng, 20)),
        _ => {}
    }
    match rng.random_range(0..100) {
        17 => terms.redundancy_k = rng.random_range(0..9),
        18 => terms.redundancy_n = rng.random_range(0..9),
        19 => terms.milestone_bps[3] = rng.random(),
        20 => terms.eligibility.spread_slots = rng.random(),
        0 => terms.kind = rng.random_range(1..=255),
        1 => terms.verification = rng.random_range(2..=255),
        2 => terms.price_atoms = 0,
        3 => terms.price_atoms = hostile(rng, purse),
        4 => terms.max_fee_ppm = config.fee_ppm.saturating_sub(1),
        5 => terms.open_seconds = *pick(rng, &[0, least[0] - 1, 2_592_000, 2_592_001, u32::MAX]),
        6 => terms.start_seconds = *pick(rng, &[0, least[1] - 1, 86_400, 86_401, u32::MAX]),
        7 => terms.run_seconds = *pick(rng, &[0, least[2] - 1, 2_592_000, 2_592_001, u32::MAX]),
        8 => terms.reveal_seconds = *pick(rng, &[0, least[3] - 1, 86_400, 86_401, u32::MAX]),
        9 => terms.challenge_seconds = *pick(rng, &[0, least[4] - 1, 604_800, 604_801, u32::MAX]),
        10 => terms.compensation_lamports = *pick(rng, &[1, 999_999]),
        11 => terms.compensation_lamports = *pick(rng, &[u64::MAX, u64::MAX - 10_000]),
        12 => terms.bond_lamports = needed.saturating_sub(1),
        13 => terms.bond_lamports = 0,
        14 => terms.spec_hash = [0; 32],
        15 => terms.module_hash = [0; 32],
        16 => terms.input_hash = [0; 32],
        _ => {}
    }
    terms
}

pub(super) fn post_job(game: &mut Game, play: &mut Play) {
    let who = game.world.rng.random_range(0..2usize);
    let client = game.key(CLIENTS[who]);
    let payer = if chance(&mut game.world.rng, 30) {
        client
    } else {
        game.key("payer")
    };
    let config = if chance(&mut game.world.rng, 60) {
        game.book.configs[&0].clone()
    } else {
        some_config(game)
    };
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
    let mut terms = terms(game, &config, purse);
    // an address whose job is over may live again, under another uid
    let old: Vec<u64> = game
        .old_nonces
        .iter()
        .filter(|(owner, _)| *owner == who)
        .map(|(_, nonce)| *nonce)
        .collect();
    let nonce = match game.world.rng.random_range(0..20) {
        0 => game.nonces[who].saturating_sub(1),
        1..5 => some(game, &old).unwrap_or(game.nonces[who]),
        _ => game.nonces[who],
    };
    if terms.verification == 2 && terms.spec_hash != [0; 32] {
        terms.spec_hash = canary_spec(&client, nonce);
    }
    let address = ix::job(&client, nonce).0;
    let vault = ix::vault(&address).0;
    if !game.book.jobs.contains_key(&address) && chance(&mut game.world.rng, 8) {
        let lamports = *pick(&mut game.world.rng, &[1u64, 890_880, 2_000_000, 50_000_000]);
        let to = if chance(&mut game.world.rng, 50) {
            address
        } else {
            vault
        };
        game.donate_lamports(&to, lamports.max(1_000_000));
    }
    let spoil = match some_spoil(game) {
        Spoil::Vault | Spoil::Mint => Spoil::None,
        other => other,
    };
    play.step(format!(
        "post_job {address} (nonce {nonce}) by {client}, payer {payer}, config {}, mint {mint}, price {}, bond {}, \
         compensation {}, times {:?}, {spoil:?}",
        config.id,
        terms.price_atoms,
        terms.bond_lamports,
        terms.compensation_lamports,
        [
            terms.open_seconds,
            terms.start_seconds,
            terms.run_seconds,
            terms.reveal_seconds,
            terms.challenge_seconds
        ]
    ));
    let program = game.program(&mint);
    let instruction = ix::post_job(client, payer, config.address, from, mint, program, nonce, &terms);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), None, None, Some(7)]);
    let now = game.now();
    let job = Job {
        address,
        vault,
        client,
        payer,
        config_id: config.id,
        mint,
        terms,
        fee_ppm: 0,
        bounty: 0,
        reserve: 0,
        uid: [0; 32],
        state: OPEN,
        slot: None,
        created: now,
        entered: now,
        result: [0; 32],
        nonce,
        price: terms.price_atoms,
        flags: 0,
        accepted: 0,
        counts: [0; 4],
        challenges: 0,
        bids: Vec::new(),
    };
    if attempt(game, play, "post_job", &instruction, early, |book| {
        book.post(job, &from, spoil, now)
    }) {
        game.nonces[who] = game.nonces[who].max(nonce + 1);
        game.old_nonces.retain(|old| *old != (who, nonce));
        game.nonce_of.insert(address, (who, nonce));
        game.ghosts.retain(|ghost| *ghost != address);
    }
}

pub(super) fn claim_job(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let may = |job: &&Job| {
        let is_open = job.state == OPEN && job.terms.kind == 0;
        (is_open || job.state == AWARDED) && !job.is_overdue(now)
    };
    let winner = |game: &Game, job: &Job| {
        let winner = job.slot.map(|slot| game.book.slots[&slot].clone());
        winner.filter(|slot| slot.current.is_none()).into_iter().collect()
    };
    let pairs: Vec<(Job, Slot)> = (game.book.jobs.values())
        .filter(may)
        .flat_map(|job| {
            let slots = if job.state == AWARDED {
                winner(game, job)
            } else {
                takers(game, job)
            };
            slots.into_iter().map(move |slot| (job.clone(), slot))
        })
        .collect();
    let wild = is_wild(game);
    let (job, slot) = match some(game, &pairs) {
        Some(pair) if !wild => pair,
        _ if wild => {
            let slot = some_slot(game);
            let Some(job) = some_job(game, |job| job.state == OPEN).or_else(|| some_job(game, |_| true)) else {
                return;
            };
            (job, slot)
        }
        // orders that nobody can take yet are not piled up
        _ if game.book.jobs.len() < 12 => return post_job(game, play),
        _ => return crank(game, play),
    };
    claim_by(game, play, &job, &slot);
}

pub(super) fn claim_by(game: &mut Game, play: &mut Play, job: &Job, slot: &Slot) {
    let now = game.now();
    let hands = hands_of(game, slot, false);
    let uid = if chance(&mut game.world.rng, 3) {
        [9; 32]
    } else {
        job.uid
    };
    let shows = !chance(&mut game.world.rng, 5);
    let sysvar = if shows { by_hand::SLOT_HASHES } else { ix::PROGRAM };
    play.step(format!("claim_job {} by {hands:?}", job.address));
    let mut instruction = ix::claim_job_by_lot(hands.by, hands.provider, hands.slot, job.address, &uid, sysvar);
    let mut early = None;
    if let Some(ghost) = some(game, &game.ghosts.clone()).filter(|_| chance(&mut game.world.rng, 2)) {
        // closed: the address is empty
        instruction = ix::with(instruction, 3, ghost);
        early = Some(Refusal::Instruction(InstructionError::AccountDataTooSmall));
    }
    attempt(game, play, "claim_job", &instruction, early, |book| {
        book.claim(&hands, &job.address, &uid, shows, now)
    });
}

/// What a worker does with a claimed, running or committed job.
pub(super) fn work(game: &mut Game, play: &mut Play, action: &'static str, from: u8) {
    let now = game.now();
    let wild = is_wild(game);
    let is_for_it = |job: &Job| {
        let fits = job.terms.kind == 0 || (job.terms.kind == 1 && action != "decline_job");
        wild || (fits && job.state == from && !job.is_overdue(now))
    };
    let Some(job) = some_job(game, is_for_it) else {
        return claim_job(game, play);
    };
    work_at(game, play, action, &job, wild);
}

/// [`work`] at this job, by its own slot.
pub(super) fn work_on(game: &mut Game, play: &mut Play, action: &'static str, job: &Job) {
    work_at(game, play, action, job, false);
}

fn work_at(game: &mut Game, play: &mut Play, action: &'static str, job: &Job, wild: bool) {
    let now = game.now();
    let slot = match job.slot {
        Some(slot) if !wild || chance(&mut game.world.rng, 60) => game.book.slots[&slot].clone(),
        _ => some_slot(game),
    };
    let (provider, by) = scene(game, &slot, false);
    let is_wrong = chance(&mut game.world.rng, 5);
    play.step(format!(
        "{action} {} by slot {}, signed by {by}, wrong {is_wrong}",
        job.address, slot.address
    ));
    let (at, own, p) = (job.address, slot.address, provider.address);
    let result = result_of_job(job);
    let right = sha(&[b"commonweal:res:1", &result, &SALT, own.as_ref(), &job.uid]);
    match action {
        "decline_job" => {
            let instruction = ix::decline_job(by, p, own, at);
            attempt(game, play, action, &instruction, None, |book| {
                book.decline(&by, &p, &own, &at, now)
            });
        }
        "start_job" => {
            let input = if is_wrong { [1; 32] } else { job.terms.input_hash };
            let instruction = ix::start_job(by, p, own, at, &input);
            attempt(game, play, action, &instruction, None, |book| {
                book.start(&by, &p, &own, &at, &input, now)
            });
        }
        "commit_result" => {
            let hash = if is_wrong {
                *pick(&mut game.world.rng, &[[0; 32], [3; 32]])
            } else {
                right
            };
            let instruction = ix::commit_result(by, p, own, at, &hash);
            attempt(game, play, action, &instruction, None, |book| {
                book.commit(&by, &p, &own, &at, &hash, now)
            });
        }
        _ => {
            let parts = [if is_wrong { [4; 32] } else { result }, SALT];
            let instruction = ix::reveal_result(by, p, own, at, &parts[0], &parts[1]);
            attempt(game, play, action, &instruction, None, |book| {
                book.reveal(&by, &p, &own, &at, &parts, now)
            });
        }
    }
}
