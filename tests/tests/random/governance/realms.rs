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
    let mut expected = None;
    let spoil = rng.random_range(0..24);
    match spoil {
        0 => (p.epoch_s, expected) = (7, Some(GovernanceError::DelayOutOfBounds)),
        1 => {
            p.epoch_s = p.voting_s + p.extension_s + p.challenge_s - 1;
            p.review_s = 0;
            expected = Some(GovernanceError::EpochTooShort);
        }
        2 => (p.base_credits, expected) = (0, Some(GovernanceError::CreditsOutOfBounds)),
        3 => {
            p.max_bonus_credits = p.base_credits * 8 + 1;
            expected = Some(GovernanceError::CreditsOutOfBounds);
        }
        4 => (p.quorum_persons_ppm, expected) = (500_001, Some(GovernanceError::QuorumOutOfBounds)),
        5 => (p.normal_threshold_ppm, expected) = (499_999, Some(GovernanceError::ThresholdOutOfBounds)),
        6 => (p.attestations, expected) = (9, Some(GovernanceError::AttestationsOutOfBounds)),
        7 => (choice.founder_sunset_ts, expected) = (now, Some(GovernanceError::SunsetOutOfBounds)),
        8 => (p.late_window_s, expected) = (p.voting_s + 1, Some(GovernanceError::DelayOutOfBounds)),
        9 => (p.proposal_bond_lamports, expected) = (10_000_000_001, Some(GovernanceError::LimitOutOfBounds)),
        _ => {}
    }
    choice.parameters = p;
    play.step(format!("create_realm, spoiled {spoil}, {p:?}"));
    let address = real::realm_address(&name_hash);
    let rent = game.world.rent(1_012);
    let instruction = real::create_realm(&founder, &mint, name_hash, choice);
    attempt(game, play, "create_realm", instruction, |book| {
        if let Some(error) = expected {
            return Err(refusal(error));
        }
        book.create(&founder, &address, rent);
        Ok(())
    });
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
    if (free.is_empty() && !wild) || is_over {
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
    play.step(format!("add_attestor {key} in slot {slot} with quota {quota} by {by}"));
    let realm = game.book.realm;
    let address = real::attestor_address(&realm, &key);
    let rent = game.world.rent(188);
    let instruction = real::add_attestor(&realm, &by, &key, slot, quota);
    attempt(game, play, "add_attestor", instruction, |book| {
        book.add_attestor(&by, &key, slot, quota, now)?;
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
    let key = *pick(&mut game.world.rng, &live);
    let power = *pick(&mut game.world.rng, &game.book.powers.clone());
    if now >= power.1 && chance(&mut game.world.rng, 95) {
        return let_time_pass(game, play);
    }
    let by = signer(game, power.0);
    play.step(format!("disable_attestor {key} by {by}"));
    let realm = game.book.realm;
    let payer = game.book.attestors[&key].rent_payer;
    let address = real::attestor_address(&realm, &key);
    let instruction = real::disable_attestor(&realm, &by, &key, &payer);
    attempt(game, play, "disable_attestor", instruction, |book| {
        book.disable_attestor(&by, &key, &address, now)
    });
}

pub(super) fn register_person(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let need = usize::from(game.book.rules.attestations);
    let live: Vec<Address> = game.book.attestors.keys().copied().collect();
    if live.len() < need {
        return add_attestor(game, play);
    }
    let known: Vec<Address> = game.book.persons.values().map(|person| person.wallet).collect();
    let fresh: Vec<Address> = game
        .voters
        .iter()
        .filter(|voter| !known.contains(voter))
        .copied()
        .collect();
    if fresh.is_empty() && chance(&mut game.world.rng, 90) {
        return cast_votes(game, play);
    }
    let wild = chance(&mut game.world.rng, 8);
    let wallet = match some(game, &fresh) {
        Some(wallet) if !wild => wallet,
        _ => *pick(&mut game.world.rng, &game.voters.clone()),
    };
    let payer = if chance(&mut game.world.rng, 50) {
        wallet
    } else {
        game.key("sponsor")
    };
    let rng = &mut game.world.rng;
    let count = if chance(rng, 4) && live.len() > need {
        need + 1
    } else {
        need
    };
    let first = rng.random_range(0..live.len());
    let keys: Vec<Address> = (0..count).map(|n| live[(first + n) % live.len()]).collect();
    let epoch_s = i64::from(game.book.rules.epoch_s);
    let expires_ts = now
        + match rng.random_range(0..14) {
            0 => *pick(rng, &[0, -1, 730 * 86_400 + 1]),
            1 => 730 * 86_400,
            2 => epoch_s * 6,
            _ => 86_400 * 300,
        };
    let nullifier = real::hash(&format!("nullifier of {wallet}"));
    let realm = game.book.realm;
    let address = real::person_address(&realm, &nullifier);
    play.step(format!(
        "register_person {address} of {wallet} by {keys:?}, payer {payer}, until {expires_ts}"
    ));
    let link = real::wallet_address(&realm, &wallet);
    let rents = [game.world.rent(280), game.world.rent(160)];
    let instruction = real::register_person(&realm, &payer, &wallet, &keys, nullifier, expires_ts);
    attempt(game, play, "register_person", instruction, |book| {
        if book.persons.contains_key(&address) {
            return Err(code(0));
        }
        let person = Person {
            address,
            wallet,
            bucket: 0,
            registered: 0,
            expires_ts,
            ballots: Vec::new(),
        };
        book.register(person, &keys, now)?;
        book.create(&payer, &address, rents[0]);
        book.create(&payer, &link, rents[1]);
        Ok(())
    });
}
