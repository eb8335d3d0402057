//! Providers and their slots.

use super::*;

pub(super) fn register_provider(game: &mut Game, play: &mut Play, fixed: Option<&str>) {
    let authority = match fixed {
        Some(name) => game.key(name),
        None => some_actor(game),
    };
    let session = match fixed {
        Some(name) => game.key(&format!("{name} session")),
        None if chance(&mut game.world.rng, 10) => Address::default(),
        None => some_actor(game),
    };
    play.step(format!("register_provider {authority} with {session}"));
    let address = ix::provider(&authority).0;
    let early = game.book.providers.contains_key(&address).then(|| code(0));
    let is_zero = session == Address::default();
    let early = early.or(is_zero.then(|| refusal(EscrowError::ZeroAddress)));
    let instruction = ix::register_provider(authority, session, 276);
    let rent = game.world.rent(264);
    attempt(game, play, "register_provider", &instruction, early, |book| {
        book.providers.insert(
            address,
            Provider {
                address,
                authority,
                session,
                slots: 0,
                previous: None,
                person: None,
                person_terms: (0, 0, 0),
                config_id: 0,
                score: Default::default(),
                folded: [0; 2],
            },
        );
        create(book, &authority, &address, rent)
    });
}

pub(super) fn rotate_session_key(game: &mut Game, play: &mut Play) {
    let provider = some_provider(game);
    let stranger = some_actor(game);
    let is_strange = chance(&mut game.world.rng, 10);
    let by = if is_strange { stranger } else { provider.authority };
    let session = if chance(&mut game.world.rng, 10) {
        Address::default()
    } else {
        some_actor(game)
    };
    play.step(format!(
        "rotate_session_key of {} to {session} by {by}",
        provider.address
    ));
    let instruction = ix::rotate_session_key(provider.address, by, session);
    let now = game.now();
    attempt(game, play, "rotate_session_key", &instruction, None, |book| {
        if by != provider.authority {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        if session == Address::default() {
            return Err(refusal(EscrowError::ZeroAddress));
        }
        let p = book.providers.get_mut(&provider.address).unwrap();
        p.previous = Some((p.session, now));
        p.session = session;
        Ok(())
    });
}

pub(super) fn offer(game: &mut Game) -> (SlotOffer, bool) {
    let rng = &mut game.world.rng;
    let ask = magnitude(rng, u64::MAX);
    let is_wrong = chance(rng, 10) && ask < u64::MAX;
    let offer = SlotOffer {
        is_paused: chance(rng, 8),
        ask_mint: game.mints[0].address,
        ask_per_second_atoms: ask,
        off_peak_ask_per_second_atoms: if is_wrong { ask + 1 } else { rng.random_range(0..=ask) },
        off_peak_mask: rng.random(),
    };
    (offer, is_wrong)
}

pub(super) fn add_slot(game: &mut Game, play: &mut Play) {
    let provider = some_provider(game);
    // mostly under the first config, so that jobs and slots meet
    let config = if chance(&mut game.world.rng, 60) {
        game.book.configs[&0].clone()
    } else {
        some_config(game)
    };
    add_slot_to(game, play, &provider, config.id);
}

pub(super) fn add_slot_to(game: &mut Game, play: &mut Play, provider: &Provider, config: u16) {
    let config = game.book.configs[&config].clone();
    let (offer, is_wrong) = offer(game);
    let address = ix::slot(&provider.address, provider.slots).0;
    if chance(&mut game.world.rng, 10) {
        game.donate_lamports(&address, 1_000_000_000);
    }
    play.step(format!(
        "add_slot {} of {} under {}",
        provider.slots, provider.address, config.id
    ));
    let instruction = ix::add_slot(provider.authority, provider.slots, config.address, &offer);
    let early = is_wrong.then(|| refusal(EscrowError::OffPeakAboveAsk));
    let rent = game.world.rent(336);
    attempt(game, play, "add_slot", &instruction, early, |book| {
        let p = book.providers.get_mut(&provider.address).unwrap();
        if p.slots == 0 {
            p.config_id = config.id;
        }
        p.slots += 1;
        book.slots.insert(
            address,
            Slot {
                address,
                provider: provider.address,
                config_id: config.id,
                is_paused: offer.is_paused,
                ..Slot::default()
            },
        );
        create(book, &provider.authority, &address, rent)
    });
}

/// A slot, the provider account and the signer an instruction names: nearly always the right ones.
pub(super) fn scene(game: &mut Game, slot: &Slot, only_authority: bool) -> (Provider, Address) {
    let mut provider = game.book.providers[&slot.provider].clone();
    if chance(&mut game.world.rng, 4) {
        provider = some_provider(game);
    }
    let stranger = some_actor(game);
    let rng = &mut game.world.rng;
    let by = match rng.random_range(0..20) {
        0 => stranger,
        1..10 if !only_authority => provider.session,
        _ => provider.authority,
    };
    (provider, by)
}

pub(super) fn update_slot(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let (provider, by) = scene(game, &slot, false);
    let (offer, is_wrong) = offer(game);
    play.step(format!("update_slot {} by {by}", slot.address));
    let instruction = ix::update_slot(by, provider.address, slot.address, &offer);
    attempt(game, play, "update_slot", &instruction, None, |book| {
        if by != provider.authority && by != provider.session {
            return Err(refusal(EscrowError::NotTheProvider));
        }
        if slot.provider != provider.address {
            return Err(refusal(EscrowError::SlotOfAnotherProvider));
        }
        if is_wrong {
            return Err(refusal(EscrowError::OffPeakAboveAsk));
        }
        book.slots.get_mut(&slot.address).unwrap().is_paused = offer.is_paused;
        Ok(())
    });
}

pub(super) fn deposit_bond(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let (provider, by) = scene(game, &slot, true);
    let rng = &mut game.world.rng;
    let lamports = if chance(rng, 8) {
        hostile(rng, 1 << 30)
    } else {
        rng.random_range(1..3_000_000_000)
    };
    play.step(format!("deposit_bond {lamports} into {} by {by}", slot.address));
    let instruction = ix::deposit_bond(by, provider.address, slot.address, lamports);
    let now = game.now();
    attempt(game, play, "deposit_bond", &instruction, None, |book| {
        book.deposit_bond(&by, &provider.address, &slot.address, lamports, now)
    });
}

/// A deep bond.
pub(super) fn deposit_into(game: &mut Game, play: &mut Play, slot: &Slot) {
    let by = game.book.providers[&slot.provider].authority;
    let lamports = 5_000_000_000;
    play.step(format!("deposit_bond {lamports} into {}", slot.address));
    let instruction = ix::deposit_bond(by, slot.provider, slot.address, lamports);
    let now = game.now();
    attempt(game, play, "deposit_bond", &instruction, None, |book| {
        book.deposit_bond(&by, &slot.provider, &slot.address, lamports, now)
    });
}

pub(super) fn withdraw_bond(game: &mut Game, play: &mut Play) {
    let slots: Vec<Slot> = game
        .book
        .slots
        .values()
        .filter(|slot| slot.bond > slot.locked)
        .cloned()
        .collect();
    let Some(slot) = some(game, &slots) else { return };
    let (provider, by) = scene(game, &slot, true);
    let free = slot.bond - slot.locked;
    let rng = &mut game.world.rng;
    let lamports = if chance(rng, 20) {
        hostile(rng, free)
    } else {
        magnitude(rng, free)
    };
    play.step(format!(
        "withdraw_bond {lamports} of {free} from {} by {by}",
        slot.address
    ));
    let instruction = ix::withdraw_bond(by, provider.address, slot.address, lamports);
    attempt(game, play, "withdraw_bond", &instruction, None, |book| {
        book.withdraw_bond(&by, &provider.address, &slot.address, lamports)
    });
}
