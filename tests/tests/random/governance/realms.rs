//! The realm, its attestors and its persons.

use super::*;

/// A second realm with parameters at and beyond their bounds; it is not played on.
pub(super) fn create_realm(game: &mut Game, play: &mut Play) {
    let founder = game.key("founder");
    let now = game.now();
    let mint = game.mint.address;
    let rng = &mut game.world.rng;
    let name_hash: [u8; 32] = rng.random();
    let mut choice = game.choice;
    let mut p: RealmParameters = play::governance::parameters(rng);
    (choice.founder_sunset_ts, choice.guardian_sunset_ts) = (now + 1, now + 365 * 86_400);
    let spoil = rng.random_range(0..24);
    match spoil {
        0 => p.epoch_s = 7,
        1 => (p.epoch_s, p.review_s) = (p.voting_s + p.extension_s + p.challenge_s - 1, 0),
        2 => p.base_credits = 0,
        3 => p.max_bonus_credits = p.base_credits * 8 + 1,
        4 => p.quorum_persons_ppm = 500_001,
        5 => p.normal_threshold_ppm = 499_999,
        6 => p.attestations = 9,
        7 => choice.founder_sunset_ts = now,
        8 => p.late_window_s = p.voting_s + 1,
        9 => p.proposal_bond_lamports = 10_000_000_001,
        10 => p.upgrade_timelock_s = p.timelock_s - 1,
        11 => p.identity_cost_lamports = 0,
        _ => {}
    }
    choice.parameters = p;
    play.step(format!("create_realm, spoiled {spoil}, {p:?}"));
    let address = real::realm_address(&name_hash);
    let rent = game.world.rent(948);
    let instruction = real::create_realm(&founder, &mint, name_hash, choice);
    attempt(game, play, "create_realm", instruction, |book| {
        check_parameters(&p)?;
        if choice.founder_sunset_ts <= now {
            return Err(refusal(GovernanceError::SunsetOutOfBounds));
        }
        book.create(&founder, &address, rent);
        Ok(())
    });
}

/// What an attestor is.
pub(super) fn attestor_choice(slot: u8, quota_per_epoch: u32, enabled_until_ts: i64) -> AttestorChoice {
    AttestorChoice {
        slot,
        kind: 0,
        quota_per_epoch,
        enabled_until_ts,
        schema: [0; 32],
        label: [7; 32],
    }
}

pub(super) fn add_attestor(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let founder = game.key("founder");
    let free: Vec<Address> = game.attestor_keys.clone();
    let free: Vec<Address> = free
        .into_iter()
        .filter(|key| !game.book.attestors.contains_key(key))
        .collect();
    let wild = chance(&mut game.world.rng, 10);
    let key = match some(game, &free) {
        Some(key) if !wild => key,
        _ => *pick(&mut game.world.rng, &game.attestor_keys.clone()),
    };
    let is_over = now >= game.book.powers[0].1 && chance(&mut game.world.rng, 97);
    // some are left for votes to add
    if (free.len() < 3 && !wild) || is_over {
        return let_time_pass(game, play);
    }
    let by = signer(game, founder);
    let taken: Vec<u8> = game.book.attestors.values().map(|attestor| attestor.slot).collect();
    let rng = &mut game.world.rng;
    let slot = match rng.random_range(0..20) {
        0 => rng.random_range(0..=255),
        1..3 => rng.random_range(0..16),
        _ => (0..16).find(|slot| !taken.contains(slot)).unwrap(),
    };
    let quota = *pick(rng, &[0u32, 1, 3, 100, 100, 100, 100]);
    let epoch_s = i64::from(game.book.rules_at(now).epoch_s);
    let rng = &mut game.world.rng;
    let until_ts = now
        + match rng.random_range(0..20) {
            0 => *pick(rng, &[0, -1, 730 * 86_400 + 1]),
            1..4 => epoch_s * rng.random_range(2..30),
            _ => 730 * 86_400,
        };
    play.step(format!(
        "add_attestor {key} in slot {slot} with quota {quota} until {until_ts} by {by}"
    ));
    let realm = game.book.realm;
    let address = real::attestor_address(&realm, &key);
    let rent = game.world.rent(220);
    let instruction = real::add_attestor(&realm, &by, &key, attestor_choice(slot, quota, until_ts));
    attempt(game, play, "add_attestor", instruction, |book| {
        let attestor = Attestor {
            key,
            slot,
            quota,
            until_ts,
            signed: BTreeMap::new(),
            struck: BTreeMap::new(),
            rent_payer: by,
        };
        book.add_attestor(attestor, now)?;
        book.create(&by, &address, rent);
        Ok(())
    });
}

pub(super) fn disable_attestor(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let live: Vec<Address> = game.book.attestors.keys().copied().collect();
    if live.len() < 3 {
        return add_attestor(game, play);
    }
    let over: Vec<Address> = live
        .iter()
        .copied()
        .filter(|key| now >= game.book.attestors[key].until_ts)
        .collect();
    let over = some(game, &over);
    let key = over.unwrap_or(*pick(&mut game.world.rng, &live));
    let power = *pick(&mut game.world.rng, &game.book.powers.clone());
    if over.is_none() && now >= power.1 && chance(&mut game.world.rng, 95) {
        return let_time_pass(game, play);
    }
    let right = if over.is_some() || !game.keys.contains_key(&power.0) {
        *pick(&mut game.world.rng, &game.voters.clone())
    } else {
        power.0
    };
    let by = signer(game, right);
    play.step(format!("disable_attestor {key} by {by}"));
    let realm = game.book.realm;
    let payer = game.book.attestors[&key].rent_payer;
    let address = real::attestor_address(&realm, &key);
    let instruction = real::disable_attestor(&realm, &by, &key, &payer);
    attempt(game, play, "disable_attestor", instruction, |book| {
        book.disable_attestor(&by, &key, &address, now)
    });
}
