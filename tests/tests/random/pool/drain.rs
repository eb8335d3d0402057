//! The end of a play: everything is paused, everybody leaves with everything, and what remains is accounted to the atom.

use super::*;

/// P8: with everything paused, stakes, rewards, locks, claims and shares all go back to whom they belong, and the treasury is
/// paid. What stays is worth the shares of nobody and of those who locked for ever.
pub(super) fn drain(game: &mut Game, play: &mut Play) {
    pause_all(game, play);
    let locks = game.model.locks.values().filter(|lock| !lock.is_forever);
    let farms = game.model.farms.iter().filter(|farm| farm.is_open);
    let last = locks.map(|lock| lock.unlock_ts).chain(farms.map(|farm| farm.end)).max();
    let wait = last.map_or(0, |last| (last - game.world.now()).max(0));
    play.step(format!(
        "{wait} s pass: every farm and every lock but those for ever has ended"
    ));
    game.world.warp(wait, 10_000);
    play.agreed("warp", None);
    empty_farms(game, play);
    empty_locks(game, play);
    for at in game.model.claims.keys().copied().collect::<Vec<_>>() {
        claim_to(game, play, &at, false);
        assert!(!game.model.claims.contains_key(&at), "a claim is held back");
    }
    for pool in 0..game.model.pools.len() {
        withdraw_all(game, play, pool);
        collect_all(game, play, pool);
        skim_all(game, play, pool);
        assert_accounted(game, pool);
    }
    game.compare(None);
}

fn pause_all(game: &mut Game, play: &mut Play) {
    for config in 0..game.model.configs.len() {
        let all = Update {
            pause: Some(15),
            ..Update::default()
        };
        let authority = game.model.configs[config].authority;
        let mut actors = game.actors.iter();
        let signer = actors.position(|actor| actor.pubkey() == authority).unwrap();
        update_config_to(game, play, config, signer, &all);
    }
}

fn empty_farms(game: &mut Game, play: &mut Play) {
    for at in game.model.positions.keys().copied().collect::<Vec<_>>() {
        let position = game.model.positions[&at].clone();
        let mut actors = game.actors.iter();
        let owner = actors.position(|actor| actor.pubkey() == position.owner).unwrap();
        if position.stake > 0 {
            restake(game, play, position.farm, owner, position.stake, false, false);
        }
        let position = game.model.positions[&at].clone();
        assert_eq!(position.stake, 0, "a stake is held back");
        harvest_of(game, play, &position, false);
        assert!(!game.model.positions.contains_key(&at), "rewards are held back");
    }
    assert!(game.model.seats.is_empty(), "a seat without a position");
    for farm in (0..game.model.farms.len()).collect::<Vec<_>>() {
        if game.model.farms[farm].is_open {
            // each change rounds each lane by less than an atom: all else was paid, or is the funder's by right
            let mut last = game.model.farms[farm].clone();
            last.release(game.world.now());
            assert!(last.rewards - last.unspent <= 2 * last.sequence + 4, "rewards got lost");
            reclaim(game, play, farm, false);
            assert!(!game.model.farms[farm].is_open, "unspent rewards are held back");
        }
    }
}

fn empty_locks(game: &mut Game, play: &mut Play) {
    for at in game.model.locks.keys().copied().collect::<Vec<_>>() {
        let lock = game.model.locks[&at].clone();
        let mut actors = game.actors.iter();
        let owner = actors.position(|actor| actor.pubkey() == lock.owner).unwrap();
        if !lock.is_forever {
            unlock_shares(game, play, &at, owner, lock.shares, false);
            assert!(!game.model.locks.contains_key(&at), "a lock does not open");
        }
    }
}

fn withdraw_all(game: &mut Game, play: &mut Play, pool: usize) {
    for actor in 0..game.actors.len() {
        let shares = game.model.tokens.atoms(&game.shares_account(actor, pool));
        if shares > 0 {
            withdraw_shares(game, play, (pool, actor, Twist::None), shares, [0; 2], (i64::MAX, 3));
        }
        let left = game.model.tokens.atoms(&game.shares_account(actor, pool));
        let mut state = game.model.pools[pool].clone();
        let worth = state.withdraw(&game.model.tokens, &game.now(), left);
        assert!(left == 0 || worth.is_err(), "shares of worth are held back");
    }
}

fn state_of(game: &Game, pool: usize) -> &Pool {
    &game.model.pools[pool]
}

fn skim_all(game: &mut Game, play: &mut Play, pool: usize) {
    let state = &game.model.pools[pool];
    let held = state.vaults.map(|vault| game.model.tokens.atoms(&vault));
    let config = &game.model.configs[state.config];
    let is_takeable = state.clone().skim(config, &game.now(), held).is_ok();
    if held != state.reserves {
        // a donation beyond what a stable curve computes stays where it is, and concerns nobody
        skim_of(game, play, pool, false);
        assert!(
            is_takeable || state_of(game, pool).is_stable(),
            "a donation is held back"
        );
    }
}

/// What the vaults hold is what belongs to shares, and these are those of nobody, those locked for ever, and dust.
fn assert_accounted(game: &Game, pool: usize) {
    let state = &game.model.pools[pool];
    let held = state.vaults.map(|vault| game.world.tokens(&vault));
    let config = &game.model.configs[state.config];
    let is_beyond = state
        .clone()
        .skim(config, &game.now(), held)
        .is_err_and(|refused| refused == refusal(PoolError::Overflow));
    assert!(held == state.reserves || is_beyond, "atoms of nobody in the vaults");
    assert_eq!((state.owed, state.deferred), ([0, 0], [0, 0]));
    assert_eq!(state.locked[0], 0, "shares locked until a time");
    let of_actors = (0..game.actors.len()).map(|actor| game.world.tokens(&game.shares_account(actor, pool)));
    let of_lock_vault = game.world.tokens(&game.lock_vault(pool));
    assert_eq!(of_lock_vault, state.locked[1], "P6");
    assert_eq!(
        game.world.supply(&state.lp_mint),
        of_lock_vault + of_actors.sum::<u64>(),
        "shares that nobody has"
    );
}
