//! The court's parameters, persons, attestations, reputation.

use super::*;

/// Court parameters: attestors stay listed most of the time.
pub(super) fn court_params(game: &mut Game, is_rehearsal: bool) -> CourtParams {
    let keys = [game.key("attestor"), game.key("examiner"), Address::default()];
    let rng = &mut game.world.rng;
    let least = if is_rehearsal { 2 } else { 3_600 };
    let spread = if is_rehearsal { 60 } else { 4_000 };
    let mut seconds = || least + rng.random_range(0..spread);
    let [answer, seed, vote, reveal, appeal] = [(); 5].map(|()| seconds());
    let fee = *pick(rng, &[1_000_000u64, 1_000_001, 5_000_000, 12_345_678]);
    let mut court = CourtParams {
        seat_fee_lamports: fee,
        juror_stake_lamports: fee * rng.random_range(1..12),
        answer_seconds: answer,
        seed_seconds: seed,
        vote_seconds: vote,
        reveal_seconds: reveal,
        appeal_seconds: appeal,
        ruling_seconds: if is_rehearsal { 100 } else { 30 * 86_400 },
        attestors: keys,
    };
    match rng.random_range(0..40) {
        0 => court.answer_seconds = *pick(rng, &[0, least - 1, 1_209_601]),
        1 => court.seed_seconds = *pick(rng, &[0, least - 1, 1_209_601]),
        2 => court.ruling_seconds = *pick(rng, &[0, 1, 31_536_001]),
        3 => court.seat_fee_lamports = *pick(rng, &[0, 999_999, 1_000_000_001]),
        4 => court.juror_stake_lamports = *pick(rng, &[0, fee - 1, 10_000_000_001]),
        5 => court.attestors = [Address::default(); 3],
        6 => court.attestors[0] = Address::default(),
        _ => {}
    }
    court
}

pub(super) fn update_court(game: &mut Game, play: &mut Play, fixed: Option<u16>) {
    let config = match fixed {
        Some(id) => game.book.configs[&id].clone(),
        None => some_config(game),
    };
    let (mut by, early) = authority_or_not(game, &config);
    let mut court = court_params(game, config.is_rehearsal);
    if fixed.is_some() {
        by = config.authority;
        court = first_court(config.is_rehearsal);
        court.attestors[1] = game.key("attestor");
    }
    play.step(format!("update_court {} by {by}", config.id));
    let early = early.filter(|_| fixed.is_none());
    let instruction = real_supply::update_court(config.address, by, &court);
    attempt(game, play, "update_court", &instruction, early, |book| {
        book.update_court(&by, config.id, &court)
    });
}

pub(super) fn link_person(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let provider = some_provider(game);
    let config = if wild {
        some_config(game)
    } else {
        game.book.configs[&0].clone()
    };
    let people: Vec<Person> = game
        .book
        .persons
        .values()
        .filter(|person| wild || person.wallet == provider.authority)
        .cloned()
        .collect();
    let Some(person) = some(game, &people) else { return };
    let stranger = some_actor(game);
    let wallet = if chance(&mut game.world.rng, 5) {
        stranger
    } else {
        person.wallet
    };
    play.step(format!("link_person {} to {}", person.address, provider.address));
    let instruction = real_supply::link_person(wallet, provider.authority, person.address, config.address);
    let now = game.now();
    attempt(game, play, "link_person", &instruction, None, |book| {
        book.link_person(
            &wallet,
            &provider.authority,
            &provider.address,
            &person.address,
            config.id,
            now,
        )
    });
}

pub(super) fn unlink_person(game: &mut Game, play: &mut Play) {
    let linked: Vec<Provider> = (game.book.providers.values())
        .filter(|provider| provider.person.is_some())
        .cloned()
        .collect();
    let Some(provider) = some(game, &linked) else {
        return link_person(game, play);
    };
    let person = provider.person.unwrap();
    let config = if chance(&mut game.world.rng, 10) {
        some_config(game).id
    } else {
        provider.person_terms.0
    };
    let stranger = some_actor(game);
    let by = match game.world.rng.random_range(0..8) {
        0 => stranger,
        1..4 => game.book.persons[&person].wallet,
        _ => provider.authority,
    };
    play.step(format!("unlink_person {person} from {}", provider.address));
    let at = game.book.configs[&config].address;
    let instruction = real_supply::unlink_person(by, provider.address, person, at);
    let now = game.now();
    attempt(game, play, "unlink_person", &instruction, None, |book| {
        book.unlink_person(&by, &provider.address, config, now)
    });
}

/// Governance revokes a person, lets one expire, or takes it back.
pub(super) fn change_person(game: &mut Game, play: &mut Play) {
    let people: Vec<Person> = game.book.persons.values().cloned().collect();
    let now = game.now();
    let gone = people
        .iter()
        .find(|person| person.revoked_ts != 0 || person.expires_ts <= now.ts);
    let mut person = match gone {
        Some(person) if chance(&mut game.world.rng, 80) => person.clone(),
        _ => pick(&mut game.world.rng, &people).clone(),
    };
    if person.revoked_ts != 0 || person.expires_ts <= now.ts {
        (person.revoked_ts, person.expires_ts) = (0, now.ts + 5 * 365 * 86_400);
    } else if chance(&mut game.world.rng, 50) {
        person.revoked_ts = now.ts;
    } else {
        person.expires_ts = now.ts + game.world.rng.random_range(0..60);
    }
    play.step(format!("person {} changes", person.address));
    game.put_person(person);
    play.agreed("change_person", None);
}

pub(super) fn attest_slot(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let now = game.now();
    let stranger = some_actor(game);
    let attestor = match game.world.rng.random_range(0..12) {
        0 => stranger,
        _ => game.key("attestor"),
    };
    let config = if chance(&mut game.world.rng, 4) {
        some_config(game).id
    } else {
        slot.config_id
    };
    let rng = &mut game.world.rng;
    let kind = if chance(rng, 4) {
        rng.random()
    } else {
        rng.random_range(1..4)
    };
    let score = if (kind == 1) != chance(rng, 3) {
        rng.random_range(1..2_000)
    } else {
        0
    };
    let ahead = match rng.random_range(0..20) {
        0 => *pick(rng, &[-1i64, 0, 31_536_000, 31_536_001]),
        _ => rng.random_range(1..20_000_000),
    };
    let evidence = if chance(rng, 3) { [0; 32] } else { EVIDENCE };
    let claim = real_supply::Claim {
        kind,
        score,
        evidence,
        expires_ts: now.ts + ahead,
    };
    play.step(format!("attest_slot {} as {kind} {score} by {attestor}", slot.address));
    let at = game.book.configs[&config].address;
    let instruction = real_supply::attest_slot(attestor, at, slot.address, &claim);
    let said = Attestation {
        address: real_supply::attestation(&slot.address, &attestor, kind).0,
        slot: slot.address,
        attestor,
        kind,
        score,
        expires_ts: claim.expires_ts,
    };
    attempt(game, play, "attest_slot", &instruction, None, |book| {
        book.attest_slot(config, said, evidence != [0; 32], now)
    });
}

pub(super) fn close_attestation(game: &mut Game, play: &mut Play) {
    let all: Vec<Attestation> = game.book.attestations.values().cloned().collect();
    let Some(said) = some(game, &all) else {
        return attest_slot(game, play);
    };
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 20) {
        stranger
    } else {
        said.attestor
    };
    play.step(format!("close_attestation {} by {by}", said.address));
    let instruction = real_supply::close_attestation(by, said.attestor, said.slot, said.kind);
    let now = game.now();
    attempt(game, play, "close_attestation", &instruction, None, |book| {
        book.close_attestation(&by, &said.address, now)
    });
}

pub(super) fn fold_reputation(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let provider = if chance(&mut game.world.rng, 4) {
        some_provider(game).address
    } else {
        slot.provider
    };
    play.step(format!("fold_reputation of {} into {provider}", slot.address));
    let instruction = real_supply::fold_reputation(provider, slot.address);
    let now = game.now();
    attempt(game, play, "fold_reputation", &instruction, None, |book| {
        book.fold(&provider, &slot.address, now)
    });
}
