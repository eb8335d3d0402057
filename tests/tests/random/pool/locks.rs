//! Locks, their fees and their owners; claims of deferred legs.

use {
    super::*,
    commonweal_tests::{model::pool::Lock, play::pool::FOREVER},
};

/// Somebody's lock, mostly one of the signer's own and, if `ready`, one that `is_ready`.
fn some_lock(game: &mut Game, is_ready: impl Fn(&Game, &Lock) -> bool) -> Option<(Address, usize)> {
    let all: Vec<Address> = game.model.locks.keys().copied().collect();
    if all.is_empty() {
        return None;
    }
    let mut at = *pick(&mut game.world.rng, &all);
    if chance(&mut game.world.rng, 80) {
        let start = game.world.rng.random_range(0..all.len());
        let mut others = (0..all.len()).map(|offset| all[(start + offset) % all.len()]);
        at = others
            .find(|lock| is_ready(game, &game.model.locks[lock]))
            .unwrap_or(at);
    }
    let owner = game.model.locks[&at].owner;
    let actor = game.actors.iter().position(|actor| actor.pubkey() == owner);
    let actor = actor.filter(|_| !chance(&mut game.world.rng, 6));
    let actor = actor.unwrap_or_else(|| game.world.rng.random_range(0..game.actors.len()));
    Some((at, actor))
}

pub(super) fn lock_liquidity(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let actor = some_holder(game, pool, actor);
    let now = game.now();
    let held = game.model.tokens.atoms(&game.shares_account(actor, pool));
    let owner = game.actors[actor].pubkey();
    let taken = game
        .model
        .locks
        .values()
        .find(|lock| lock.seed_owner == owner && lock.pool == pool);
    let taken = taken.map(|lock| lock.index);
    let rng = &mut game.world.rng;
    let shares = if chance(rng, 8) {
        hostile(rng, held)
    } else {
        magnitude(rng, held / 4).max(1)
    };
    let unlock_ts = match rng.random_range(0..100) {
        0..35 => FOREVER,
        35..38 => now.ts,
        38..41 => now.ts + 3_153_600_001,
        41..43 => i64::MIN,
        43..46 => now.ts + 3_153_600_000,
        46..50 => now.ts + 1,
        _ => now.ts + magnitude(rng, 1_000_000) as i64,
    };
    let index = match taken {
        Some(index) if chance(rng, 4) => index,
        _ => rng.random(),
    };
    let at = game.lock_address(pool, &owner, index);
    let vault = game.lock_vault(pool);
    let state = game.model.pools[pool].clone();
    play.step(format!(
        "lock by {actor} in pool {pool}: {shares} of {held} until {unlock_ts}, index {index}"
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new(owner, true),
        write(state.address),
        read(game.model.configs[state.config].address),
        read(state.lp_mint),
        write(game.shares_account(actor, pool)),
        write(at),
        write(vault),
        read(ids::TOKEN),
        read(ids::SYSTEM),
    ];
    let elsewhere = game.lock_address(pool, &owner, index ^ 1);
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::Other(3, state.mints[0], code(CONSTRAINT_ADDRESS)),
        Spoil::Other(5, elsewhere, invalid_seeds()),
        Spoil::Other(7, ids::TOKEN_2022, code(CONSTRAINT_ADDRESS)),
    ];
    let is_wrong_address = |refusal: &Refusal| *refusal == invalid_seeds();
    let spoilt = spoil(game, &mut metas, ways);
    let lock = Lock {
        address: at,
        pool,
        seed_owner: owner,
        index,
        owner,
        rent_payer: owner,
        is_forever: unlock_ts == FOREVER,
        shares,
        unlock_ts,
        value: 0,
        mark: None,
        claimed: 0,
        sequence: 1,
    };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt.clone().filter(|refusal| !is_wrong_address(refusal)) {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let done = next.lock(lock, vault, game.rents(), &now);
        // what is looked at before the address is derived
        match (done, spoilt) {
            (Err(early), _)
                if early == refusal(PoolError::ZeroAmount) || early == refusal(PoolError::LockTimeOutOfRange) =>
            {
                return Err(early)
            }
            (_, Some(wrong)) => return Err(wrong),
            (done, None) => done?,
        };
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        15,
        &[&index.to_le_bytes(), &shares.to_le_bytes(), &unlock_ts.to_le_bytes()],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    play.agreed("lock_liquidity", refused);
}

/// The accounts of `unlock_liquidity` and `claim_lock_fees`.
fn release_metas(game: &Game, at: &Address, actor: usize) -> Vec<AccountMeta> {
    let lock = &game.model.locks[at];
    let state = &game.model.pools[lock.pool];
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    vec![
        AccountMeta::new_readonly(game.actors[actor].pubkey(), true),
        write(state.address),
        read(game.model.configs[state.config].address),
        read(state.lp_mint),
        write(game.shares_account(actor, lock.pool)),
        write(*at),
        write(game.lock_vault(lock.pool)),
        write(lock.rent_payer),
        read(ids::TOKEN),
    ]
}

fn release_ways(game: &Game, at: &Address, actor: usize) -> Vec<Spoil> {
    let lock = &game.model.locks[at];
    let state = &game.model.pools[lock.pool];
    let other_pool = (0..game.model.pools.len()).find(|pool| *pool != lock.pool).unwrap();
    vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::ReadOnly(5),
        Spoil::Other(1, game.model.pools[other_pool].address, code(CONSTRAINT_ADDRESS)),
        Spoil::Other(3, state.mints[1], code(CONSTRAINT_ADDRESS)),
        Spoil::Other(
            6,
            game.shares_account((actor + 1) % 4, lock.pool),
            code(CONSTRAINT_ADDRESS),
        ),
        Spoil::Other(8, ids::TOKEN_2022, code(CONSTRAINT_ADDRESS)),
    ]
}

pub(super) fn unlock_liquidity(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_ready = |_: &Game, lock: &Lock| !lock.is_forever && lock.unlock_ts <= now.ts;
    let Some((at, actor)) = some_lock(game, is_ready) else {
        return;
    };
    let rng = &mut game.world.rng;
    let held = game.model.locks[&at].shares;
    let shares = if chance(rng, 10) {
        hostile(rng, held)
    } else {
        magnitude(rng, held)
    };
    unlock_shares(game, play, &at, actor, shares, true);
}

pub(super) fn unlock_shares(
    game: &mut Game,
    play: &mut Play,
    at: &Address,
    actor: usize,
    shares: u64,
    may_spoil: bool,
) {
    let now = game.now();
    let lock = game.model.locks[at].clone();
    play.step(format!("unlock by {actor} of {shares}: {lock:?}"));
    let mut metas = release_metas(game, at, actor);
    let (to, vault) = (metas[4].pubkey, metas[6].pubkey);
    let ways = release_ways(game, at, actor);
    let spoilt = if may_spoil { spoil(game, &mut metas, ways) } else { None };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let owner = game.actors[actor].pubkey();
        next.unlock(at, shares, &owner, [&to, &vault], game.rents()[0], &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(
        &instruction(metas, data(16, &[&shares.to_le_bytes()])),
        actor,
        prediction,
    );
    play.agreed("unlock_liquidity", refused);
}

pub(super) fn claim_lock_fees(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let has_earned = |game: &Game, lock: &Lock| {
        let mut state = game.model.pools[lock.pool].clone();
        state.settle_shares(&game.model.tokens, &now);
        let value = state.value_of_share(&game.model.configs[state.config], now.ts, false);
        lock.is_forever && value.is_ok_and(|value| lock.earned(value) > 0)
    };
    let Some((at, actor)) = some_lock(game, has_earned) else {
        return;
    };
    let lock = game.model.locks[&at].clone();
    play.step(format!("lock fees claimed by {actor}: {lock:?}"));
    let mut metas = release_metas(game, &at, actor);
    let (to, vault) = (metas[4].pubkey, metas[6].pubkey);
    let ways = release_ways(game, &at, actor);
    let spoilt = spoil(game, &mut metas, ways);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let owner = game.actors[actor].pubkey();
        next.claim_lock_fees(&at, &owner, [&to, &vault], game.rents()[0], &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(17, &[])), actor, prediction);
    if refused.is_none() {
        // what stays is worth what was locked: s·q has not fallen
        let after = &game.model.locks[&at];
        let worth = |shares: u64, value: u128| num_bigint::BigUint::from(value) * shares;
        assert!(
            worth(after.shares, after.value) >= worth(lock.shares, lock.value),
            "a lock for ever lost"
        );
    }
    play.agreed("claim_lock_fees", refused);
}

pub(super) fn transfer_lock(game: &mut Game, play: &mut Play) {
    let Some((at, actor)) = some_lock(game, |_, _| true) else {
        return;
    };
    let heir = game.world.rng.random_range(0..game.actors.len());
    let heir = if chance(&mut game.world.rng, 6) {
        Address::default()
    } else {
        game.actors[heir].pubkey()
    };
    play.step(format!("lock {at} given to {heir} by {actor}"));
    let owner = game.actors[actor].pubkey();
    let mut metas = release_metas(game, &at, actor);
    let ways = release_ways(game, &at, actor);
    let spoilt = spoil(game, &mut metas, ways);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        next.transfer_lock(&at, &owner, heir)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(18, &[heir.as_ref()])), actor, prediction);
    play.agreed("transfer_lock", refused);
}

pub(super) fn claim_deferred(game: &mut Game, play: &mut Play) {
    let all: Vec<Address> = game.model.claims.keys().copied().collect();
    if all.is_empty() {
        return;
    }
    let at = *pick(&mut game.world.rng, &all);
    claim_to(game, play, &at, true);
}

pub(super) fn claim_to(game: &mut Game, play: &mut Play, at: &Address, is_hostile: bool) {
    let now = game.now();
    let claim = game.model.claims[at].clone();
    let state = game.model.pools[claim.pool].clone();
    let owner = game
        .actors
        .iter()
        .position(|actor| actor.pubkey() == claim.owner)
        .unwrap();
    let rng = &mut game.world.rng;
    let stranger = rng.random_range(0..game.actors.len());
    let actor = if is_hostile && chance(rng, 6) { stranger } else { owner };
    let payee = if is_hostile && chance(rng, 20) { stranger } else { owner };
    let to = game.wallets[payee][state.mint_ids[claim.side]];
    let is_frozen = is_hostile && chance(&mut game.world.rng, 15);
    play.step(format!(
        "claim of {} paid to {payee}, signed by {actor}, frozen {is_frozen}",
        claim.atoms
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new_readonly(game.actors[actor].pubkey(), true),
        write(state.address),
        write(*at),
        write(state.vaults[0]),
        write(state.vaults[1]),
        write(to),
        read(state.mints[claim.side]),
        write(claim.rent_payer),
        read(game.mints[state.mint_ids[claim.side]].program),
    ];
    let other_pool = (0..game.model.pools.len()).find(|pool| *pool != claim.pool).unwrap();
    let other_pool = game.model.pools[other_pool].address;
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::ReadOnly(2),
        Spoil::Other(1, other_pool, refusal(PoolError::VaultMismatch)),
        Spoil::Other(6, state.mints[1 - claim.side], refusal(PoolError::MintMismatch)),
        Spoil::Other(7, game.mints[0].address, code(CONSTRAINT_ADDRESS)),
        Spoil::Other(8, ids::SYSTEM, refusal(PoolError::TokenProgramMismatch)),
    ];
    let spoilt = if is_hostile {
        spoil(game, &mut metas, ways)
    } else {
        None
    };
    let frozen = *pick(&mut game.world.rng, &[to, state.vaults[claim.side]]);
    if is_frozen {
        set_frozen(game, &frozen, state.mint_ids[claim.side], true);
    }
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let signer = game.actors[actor].pubkey();
        next.claim_deferred(at, &signer, &to, game.rents()[1], &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(19, &[])), actor, prediction);
    if is_frozen {
        set_frozen(game, &frozen, state.mint_ids[claim.side], false);
    }
    play.agreed("claim_deferred", refused);
}
