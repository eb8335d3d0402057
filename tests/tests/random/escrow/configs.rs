//! Configs and their mints.

use super::*;

pub(super) fn params(game: &mut Game) -> (ConfigParams, Option<EscrowError>) {
    let treasury = some_actor(game);
    let rng = &mut game.world.rng;
    let mut params = ConfigParams {
        fee_ppm: *pick(rng, &[0u32, 1, 333, 20_000, 49_999, 50_000]),
        crank_bounty_lamports: *pick(rng, &[10_000u64, 10_001, 77_777, 10_000_000]),
        min_bond_lamports: *pick(rng, &[0u64, 1, 1_000_000, 50_000_000]),
        treasury,
    };
    let expected = match rng.random_range(0..24) {
        0 => {
            params.fee_ppm = 50_001;
            Some(EscrowError::FeeAboveCeiling)
        }
        1 => {
            params.crank_bounty_lamports = *pick(rng, &[0, 9_999, 10_000_001, u64::MAX]);
            Some(EscrowError::BountyOutOfBounds)
        }
        2 => {
            params.min_bond_lamports = 10_000_000_001;
            Some(EscrowError::MinBondAboveCeiling)
        }
        3 => {
            params.treasury = Address::default();
            Some(EscrowError::ZeroAddress)
        }
        _ => None,
    };
    (params, expected)
}

pub(super) fn initialize_config(game: &mut Game, play: &mut Play, fixed: Option<(u16, bool)>) {
    let (payer, admin) = (game.key("payer"), game.key("admin"));
    let (mut params, mut expected) = params(game);
    let rng = &mut game.world.rng;
    let ids = if chance(rng, 30) { 4 } else { u16::MAX };
    let id = rng.random_range(0..ids);
    let is_rehearsal = chance(rng, 50);
    let mut mint = game.mints[rng.random_range(0..HELD_MINTS)].address;
    let mut realm = game.realms[usize::from(is_rehearsal)];
    let mut authority = admin;
    let (mut id, mut is_rehearsal) = (id, is_rehearsal);
    let spoil = rng.random_range(0..12);
    if let Some((number, rehearsal)) = fixed {
        (id, is_rehearsal, expected) = (number, rehearsal, None);
        realm = game.realms[usize::from(rehearsal)];
        params = ConfigParams {
            fee_ppm: 20_000,
            crank_bounty_lamports: 10_000,
            min_bond_lamports: 1_000_000,
            treasury: game.key("treasurer"),
        };
    } else {
        match spoil {
            0 => {
                authority = Address::default();
                expected = Some(EscrowError::ZeroAddress);
            }
            1 => {
                mint = game.refused_mint.address;
                expected = expected.or(Some(EscrowError::MintRefused));
            }
            2 => {
                realm = game.realms[usize::from(!is_rehearsal)];
                expected = Some(EscrowError::RehearsalMismatch);
            }
            3 => {
                realm = mint;
                expected = Some(EscrowError::NotARealm);
            }
            _ => {}
        }
    }
    play.step(format!(
        "initialize_config {id}, rehearsal {is_rehearsal}, spoiled {spoil}, to fail {}",
        expected.is_some()
    ));
    let taken = game.book.configs.contains_key(&id).then(|| code(0));
    let early = taken.or(expected.map(refusal));
    let instruction = ix::initialize_config(payer, id, is_rehearsal, authority, &params, realm, mint);
    let rent = game.world.rent(760);
    attempt(game, play, "initialize_config", &instruction, early, |book| {
        let address = ix::config(id).0;
        book.configs.insert(
            id,
            Config {
                address,
                id,
                authority,
                is_rehearsal,
                fee_ppm: params.fee_ppm,
                bounty: params.crank_bounty_lamports,
                min_bond: params.min_bond_lamports,
                treasury: params.treasury,
                mints: vec![mint],
                realm,
                court: first_court(is_rehearsal),
            },
        );
        create(book, &payer, &address, rent)
    });
}

/// The config's authority, or now and then somebody else.
pub(super) fn authority_or_not(game: &mut Game, config: &Config) -> (Address, Option<Refusal>) {
    let stranger = some_actor(game);
    if chance(&mut game.world.rng, 6) && stranger != config.authority {
        return (stranger, Some(code(CONSTRAINT_ADDRESS)));
    }
    (config.authority, None)
}

pub(super) fn update_config(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let (params, expected) = params(game);
    play.step(format!(
        "update_config {} by {by}, fee {}, to fail {}",
        config.id,
        params.fee_ppm,
        expected.is_some()
    ));
    let instruction = ix::update_config(config.address, by, &params);
    let early = early.or(expected.map(refusal));
    attempt(game, play, "update_config", &instruction, early, |book| {
        let config = book.configs.get_mut(&config.id).unwrap();
        config.fee_ppm = params.fee_ppm;
        config.bounty = params.crank_bounty_lamports;
        config.min_bond = params.min_bond_lamports;
        config.treasury = params.treasury;
        Ok::<(), Refusal>(())
    });
}

pub(super) fn allow_mint(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let rng = &mut game.world.rng;
    let index = rng.random_range(0..game.mints.len());
    // usually the first that is missing
    let missing = game
        .mints
        .iter()
        .map(|mint| mint.address)
        .find(|mint| !config.mints.contains(mint));
    let mint = match rng.random_range(0..10) {
        0 => game.refused_mint.address,
        1..3 => game.mints[index].address,
        _ => missing.unwrap(),
    };
    play.step(format!("allow_mint {mint} in {} by {by}", config.id));
    let instruction = ix::allow_mint(config.address, by, mint);
    let refused = game.refused_mint.address;
    attempt(game, play, "allow_mint", &instruction, early, |book| {
        let mints = &mut book.configs.get_mut(&config.id).unwrap().mints;
        if mint == refused {
            return Err(refusal(EscrowError::MintRefused));
        }
        if mints.contains(&mint) {
            return Err(refusal(EscrowError::MintAlreadyAllowed));
        }
        if mints.len() == 8 {
            return Err(refusal(EscrowError::MintListFull));
        }
        mints.push(mint);
        Ok(())
    });
}

pub(super) fn disallow_mint(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let rng = &mut game.world.rng;
    let index = rng.random_range(0..game.mints.len());
    let mint = match rng.random_range(0..10) {
        0 => game.mints[index].address,
        1 if !config.mints.is_empty() => *pick(rng, &config.mints),
        // the mints that jobs are paid in mostly stay
        _ => {
            let coins = game.mints[HELD_MINTS..].iter().map(|mint| mint.address);
            let mut listed = coins.filter(|coin| config.mints.contains(coin));
            let Some(coin) = listed.next() else { return };
            coin
        }
    };
    play.step(format!("disallow_mint {mint} in {} by {by}", config.id));
    let instruction = ix::disallow_mint(config.address, by, mint);
    attempt(game, play, "disallow_mint", &instruction, early, |book| {
        let mints = &mut book.configs.get_mut(&config.id).unwrap().mints;
        let index = mints.iter().position(|known| *known == mint);
        let index = index.ok_or_else(|| refusal(EscrowError::MintNotAllowed))?;
        mints.remove(index);
        Ok::<(), Refusal>(())
    });
}
