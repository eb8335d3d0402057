//! Farms, their funding, stakes and rewards.

use {
    super::*,
    commonweal_tests::model::pool::{farm_start, Farm, Lane, Position},
};

/// Farms that exist.
fn open_farms(game: &Game) -> Vec<usize> {
    (0..game.model.farms.len())
        .filter(|farm| game.model.farms[*farm].is_open)
        .collect()
}

pub(super) fn create_farm(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let now = game.now();
    let funder = game.actors[actor].pubkey();
    let state = game.model.pools[pool].clone();
    let rng = &mut game.world.rng;
    let mint_id = if chance(rng, 4) {
        rng.random_range(3..5usize)
    } else {
        rng.random_range(0..3usize)
    };
    let mint = game.mints[mint_id].clone();
    let share = *pick(rng, &[0u32, 1, 300_000, 500_000, 900_000, 900_001]);
    let share = if share > 900_000 && !chance(rng, 30) {
        500_000
    } else {
        share
    };
    let multiple = *pick(rng, &[1u16, 2, 10, 1_000]);
    let multiple = if chance(rng, 4) {
        *pick(rng, &[0, 1_001])
    } else {
        multiple
    };
    let start = now.ts + *pick(rng, &[-1_000i64, 0, 0, 0, 1, 50, 3_000]);
    let length = match rng.random_range(0..20) {
        0 => 3_599,
        1 => 5 * 365 * 86_400 + 1_001,
        2..8 => rng.random_range(3_600..20_000),
        _ => rng.random_range(3_600..3_000_000),
    };
    let end = start.max(now.ts) + length;
    let index: u16 = if chance(rng, 10) { 0 } else { rng.random() };
    let [at, stake_vault, reward_vault] = game.farm_addresses(pool, &mint.address, &funder, index);
    play.step(format!(
        "create_farm by {actor} for pool {pool}, mint {mint_id}, share {share}, multiple {multiple}, {start} to {end}, index {index}"
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new(funder, true),
        read(state.address),
        read(game.model.configs[state.config].address),
        read(state.lp_mint),
        read(mint.address),
        write(at),
        write(stake_vault),
        write(reward_vault),
        read(mint.program),
        read(ids::TOKEN),
        read(ids::SYSTEM),
    ];
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(5),
        Spoil::Other(3, mint.address, code(CONSTRAINT_ADDRESS)),
        Spoil::Other(8, ids::SYSTEM, refusal(PoolError::TokenProgramMismatch)),
        Spoil::Other(9, ids::TOKEN_2022, code(CONSTRAINT_ADDRESS)),
    ];
    let spoilt = spoil(game, &mut metas, ways);
    let realm = game.model.configs[state.config].realm;
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let start = farm_start(share, multiple, start, end, now.ts)?;
        let mut next = game.model.clone();
        if next.tokens.fees.contains_key(&mint.address) {
            return Err(refusal(PoolError::MintHasTransferFee));
        }
        let farm = Farm {
            address: at,
            is_open: true,
            pool,
            mint_id,
            mint: mint.address,
            funder,
            realm,
            stake_vault,
            reward_vault,
            share,
            multiple,
            start,
            end,
            released: start,
            open: Lane::default(),
            plural: Lane::default(),
            rewards: 0,
            unspent: 0,
            positions: 0,
            sequence: 1,
        };
        next.create_farm(farm, &game.farm_rents())?;
        Ok(next)
    };
    let prediction = predict();
    let terms = [
        &start.to_le_bytes()[..],
        &end.to_le_bytes(),
        &share.to_le_bytes(),
        &multiple.to_le_bytes(),
    ]
    .concat();
    let refused = game.run(
        &instruction(metas, data(20, &[&index.to_le_bytes(), &terms])),
        actor,
        prediction,
    );
    play.agreed("create_farm", refused);
}

pub(super) fn fund_farm(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let all = open_farms(game);
    let running: Vec<usize> = all
        .iter()
        .copied()
        .filter(|farm| game.model.farms[*farm].end > now.ts)
        .collect();
    let from = if running.is_empty() || chance(&mut game.world.rng, 6) {
        all
    } else {
        running
    };
    if from.is_empty() {
        return;
    }
    let index = *pick(&mut game.world.rng, &from);
    let farm = game.model.farms[index].clone();
    let funder = game
        .actors
        .iter()
        .position(|actor| actor.pubkey() == farm.funder)
        .unwrap();
    let rng = &mut game.world.rng;
    let actor = if chance(rng, 50) {
        funder
    } else {
        rng.random_range(0..game.actors.len())
    };
    let giver = game.actors[actor].pubkey();
    let from = game.wallets[actor][farm.mint_id];
    let held = game.model.tokens.atoms(&from);
    let rng = &mut game.world.rng;
    let amount = if chance(rng, 6) {
        hostile(rng, held)
    } else {
        magnitude(rng, held / 64).max(1)
    };
    let end = match rng.random_range(0..20) {
        0 => farm.end - 1,
        1 => now.ts + 5 * 365 * 86_400 + 1,
        2..6 => farm.end + magnitude(rng, 100_000) as i64,
        _ => farm.end,
    };
    play.step(format!(
        "fund_farm {index} by {actor} with {amount} until {end}: {farm:?}"
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new_readonly(giver, true),
        write(farm.address),
        write(farm.reward_vault),
        read(farm.mint),
        write(from),
        read(game.mints[farm.mint_id].program),
    ];
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::Other(
            2,
            game.wallets[(actor + 1) % 4][farm.mint_id],
            refusal(PoolError::VaultMismatch),
        ),
        Spoil::Other(3, game.model.pools[farm.pool].lp_mint, refusal(PoolError::MintMismatch)),
        Spoil::Other(5, ids::SYSTEM, refusal(PoolError::TokenProgramMismatch)),
    ];
    let spoilt = spoil(game, &mut metas, ways);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        next.farms[index].fund(&giver, amount, end, now.ts)?;
        next.tokens
            .transfer(&from, &farm.reward_vault, &giver, amount, now.epoch)?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(21, &[&amount.to_le_bytes(), &end.to_le_bytes()]);
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    play.agreed("fund_farm", refused);
}

/// The account that stands for a seat, or for none.
fn seat_meta(seat: Option<Address>) -> AccountMeta {
    match seat {
        Some(seat) => AccountMeta::new(seat, false),
        None => AccountMeta::new_readonly(liquidity_pool::ID, false),
    }
}

pub(super) fn stake(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let all = open_farms(game);
    let running: Vec<usize> = all
        .iter()
        .copied()
        .filter(|farm| game.model.farms[*farm].end > now.ts)
        .collect();
    let from = if running.is_empty() || chance(&mut game.world.rng, 6) {
        all
    } else {
        running
    };
    if from.is_empty() {
        return;
    }
    let farm = *pick(&mut game.world.rng, &from);
    let actor = game.world.rng.random_range(0..game.actors.len());
    let actor = some_holder(game, game.model.farms[farm].pool, actor);
    let held = game
        .model
        .tokens
        .atoms(&game.shares_account(actor, game.model.farms[farm].pool));
    let rng = &mut game.world.rng;
    let amount = if chance(rng, 6) {
        hostile(rng, held)
    } else {
        magnitude(rng, held / 2).max(1)
    };
    restake(game, play, farm, actor, amount, true, true);
}

pub(super) fn unstake(game: &mut Game, play: &mut Play) {
    let Some(position) = some_position(game, |position| position.stake > 0) else {
        return;
    };
    let actor = owner_of(game, &position);
    let rng = &mut game.world.rng;
    let amount = if chance(rng, 8) {
        hostile(rng, position.stake)
    } else {
        magnitude(rng, position.stake)
    };
    restake(game, play, position.farm, actor, amount, false, true);
}

pub(super) fn some_position(game: &mut Game, is_wanted: impl Fn(&Position) -> bool) -> Option<Position> {
    let all: Vec<&Position> = game.model.positions.values().collect();
    if all.is_empty() {
        return None;
    }
    let start = game.world.rng.random_range(0..all.len());
    let mut others = (0..all.len()).map(|offset| all[(start + offset) % all.len()]);
    let wanted = others.find(|position| is_wanted(position));
    let wanted = wanted.filter(|_| !chance(&mut game.world.rng, 5));
    Some(wanted.unwrap_or(all[start]).clone())
}

pub(super) fn owner_of(game: &Game, position: &Position) -> usize {
    game.actors
        .iter()
        .position(|actor| actor.pubkey() == position.owner)
        .unwrap()
}

pub(super) fn restake(
    game: &mut Game,
    play: &mut Play,
    index: usize,
    actor: usize,
    amount: u64,
    is_in: bool,
    may_spoil: bool,
) {
    let now = game.now();
    let farm = game.model.farms[index].clone();
    let owner = game.actors[actor].pubkey();
    let at = game.position_address(index, &owner);
    let position = game.model.positions.get(&at).cloned();
    let mut seat = position.as_ref().and_then(|position| position.seat);
    if may_spoil && chance(&mut game.world.rng, 4) {
        // the seat of another position, or none
        let others: Vec<Address> = game
            .model
            .seats
            .keys()
            .copied()
            .filter(|other| Some(*other) != seat)
            .collect();
        seat = if seat.is_some() || others.is_empty() {
            None
        } else {
            Some(*pick(&mut game.world.rng, &others))
        };
    }
    let name = if is_in { "stake" } else { "unstake" };
    play.step(format!(
        "{name} of {amount} in farm {index} by {actor}, seat {seat:?}: {position:?}"
    ));
    let shares = game.shares_account(actor, farm.pool);
    let lp_mint = game.model.pools[farm.pool].lp_mint;
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new(owner, true),
        write(farm.address),
        write(at),
        seat_meta(seat),
        write(farm.stake_vault),
        read(lp_mint),
        write(shares),
        read(ids::TOKEN),
        read(ids::SYSTEM),
    ];
    let stranger = game.shares_account((actor + 1) % 4, farm.pool);
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::ReadOnly(2),
        Spoil::Other(4, stranger, refusal(PoolError::VaultMismatch)),
        Spoil::Other(5, farm.mint, refusal(PoolError::MintMismatch)),
        Spoil::Other(7, ids::TOKEN_2022, code(CONSTRAINT_ADDRESS)),
    ];
    let spoilt = if may_spoil { spoil(game, &mut metas, ways) } else { None };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let rents = game.farm_rents();
        next.restake(index, at, &owner, seat.as_ref(), amount, is_in, &shares, &rents, &now)?;
        Ok(next)
    };
    let prediction = predict();
    let discriminator = if is_in { 22 } else { 23 };
    let bytes = data(discriminator, &[&amount.to_le_bytes()]);
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    play.agreed(name, refused);
}

pub(super) fn harvest(game: &mut Game, play: &mut Play) {
    let position = some_position(game, |position| position.stake > 0 || position.pending > 0);
    if let Some(position) = position {
        harvest_of(game, play, &position, true);
    }
}

pub(super) fn harvest_of(game: &mut Game, play: &mut Play, position: &Position, may_spoil: bool) {
    let now = game.now();
    let farm = game.model.farms[position.farm].clone();
    let actor = owner_of(game, position);
    let attached = position.seat.map(|seat| game.model.seats[&seat].clone());
    let mut person = attached.as_ref().map_or(Address::default(), |seat| seat.person);
    if may_spoil && chance(&mut game.world.rng, 3) {
        person = game.model.persons.first().map_or(person, |person| person.address);
    }
    let to = game.wallets[actor][farm.mint_id];
    play.step(format!(
        "harvest by {actor} of {position:?}, seat {attached:?}, farm {farm:?}"
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new(position.owner, true),
        write(farm.address),
        write(position.address),
        seat_meta(position.seat),
        read(person),
        write(farm.reward_vault),
        read(farm.mint),
        write(to),
        read(game.mints[farm.mint_id].program),
    ];
    let stranger = game.wallets[(actor + 1) % 4][farm.mint_id];
    let ways = vec![
        Spoil::Unsigned(0),
        Spoil::ReadOnly(1),
        Spoil::ReadOnly(2),
        Spoil::Other(5, stranger, refusal(PoolError::VaultMismatch)),
        Spoil::Other(6, game.model.pools[farm.pool].lp_mint, refusal(PoolError::MintMismatch)),
        Spoil::Other(8, ids::SYSTEM, refusal(PoolError::TokenProgramMismatch)),
    ];
    let spoilt = if may_spoil { spoil(game, &mut metas, ways) } else { None };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let rents = game.farm_rents();
        next.harvest(&position.address, position.seat.as_ref(), &person, &to, &rents, &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(24, &[])), actor, prediction);
    play.agreed("harvest", refused);
}

pub(super) fn reclaim_rewards(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let all = open_farms(game);
    if all.is_empty() {
        return;
    }
    let ended = all.iter().copied().find(|farm| {
        let farm = &game.model.farms[*farm];
        let mut released = farm.clone();
        released.release(now.ts);
        farm.end <= now.ts && (released.unspent > 0 || farm.positions == 0)
    });
    let index = match ended {
        Some(ended) if chance(&mut game.world.rng, 90) => ended,
        None if chance(&mut game.world.rng, 85) => return,
        _ => *pick(&mut game.world.rng, &all),
    };
    reclaim(game, play, index, true);
}

pub(super) fn reclaim(game: &mut Game, play: &mut Play, index: usize, is_hostile: bool) {
    let now = game.now();
    let farm = game.model.farms[index].clone();
    let funder = game
        .actors
        .iter()
        .position(|actor| actor.pubkey() == farm.funder)
        .unwrap();
    let payee = if is_hostile && chance(&mut game.world.rng, 5) {
        (funder + 1) % 4
    } else {
        funder
    };
    let to = game.wallets[payee][farm.mint_id];
    play.step(format!("reclaim_rewards of farm {index} to {payee}: {farm:?}"));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let lp_mint = game.model.pools[farm.pool].lp_mint;
    let mut metas = vec![
        write(farm.address),
        write(farm.funder),
        write(farm.stake_vault),
        write(farm.reward_vault),
        read(farm.mint),
        write(lp_mint),
        write(to),
        read(game.mints[farm.mint_id].program),
        read(ids::TOKEN),
    ];
    let ways = vec![
        Spoil::ReadOnly(0),
        Spoil::Other(
            1,
            game.actors[(funder + 1) % 4].pubkey(),
            refusal(PoolError::NotTheOwner),
        ),
        Spoil::Other(4, lp_mint, refusal(PoolError::MintMismatch)),
        Spoil::Other(8, ids::TOKEN_2022, code(CONSTRAINT_ADDRESS)),
    ];
    let spoilt = if is_hostile {
        spoil(game, &mut metas, ways)
    } else {
        None
    };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        next.reclaim(index, &to, &game.farm_rents(), &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(28, &[])), 0, prediction);
    play.agreed("reclaim_rewards", refused);
}
