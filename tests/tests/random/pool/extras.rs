//! Donations taken in, deposits of one side, quotes, readings of risk.

use {
    super::*, commonweal_interface::twap::read_twap, commonweal_tests::model::pool::Now,
    liquidity_pool::instructions::quote::Quote,
};

pub(super) fn skim(game: &mut Game, play: &mut Play) {
    let (mut pool, _, _) = some_scene(game);
    let held = |game: &Game, pool: usize| {
        let vaults = game.model.pools[pool].vaults;
        vaults.map(|vault| game.model.tokens.atoms(&vault))
    };
    let has_surplus = |game: &Game, pool: usize| {
        let state = &game.model.pools[pool];
        (0..2).any(|side| held(game, pool)[side] > state.reserves[side] + state.owed[side] + state.deferred[side])
    };
    let pools = game.model.pools.len();
    if chance(&mut game.world.rng, 85) {
        let mut others = (0..pools).map(|offset| (pool + offset) % pools);
        pool = others.find(|other| has_surplus(game, *other)).unwrap_or(pool);
    }
    skim_of(game, play, pool, true);
}

pub(super) fn skim_of(game: &mut Game, play: &mut Play, pool: usize, may_spoil: bool) {
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let vaults = state.vaults.map(|vault| game.model.tokens.atoms(&vault));
    play.step(format!(
        "skim of pool {pool} {:?} that holds {vaults:?}",
        state.reserves
    ));
    let mut metas = vec![
        AccountMeta::new(state.address, false),
        AccountMeta::new_readonly(game.model.configs[state.config].address, false),
        AccountMeta::new_readonly(state.vaults[0], false),
        AccountMeta::new_readonly(state.vaults[1], false),
    ];
    let ways = vec![
        Spoil::ReadOnly(0),
        Spoil::Other(2, state.vaults[1], refusal(PoolError::VaultMismatch)),
        Spoil::Other(3, game.wallets[0][state.mint_ids[1]], refusal(PoolError::VaultMismatch)),
    ];
    let spoilt = if may_spoil { spoil(game, &mut metas, ways) } else { None };
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        let config = next.configs[state.config].clone();
        next.pools[pool].skim(&config, &now, vaults)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(11, &[])), 0, prediction);
    if refused.is_none() {
        assert_p3(game, &state);
    }
    play.agreed("skim", refused);
}

pub(super) fn sync_mint_risk(game: &mut Game, play: &mut Play) {
    let (pool, _, _) = some_scene(game);
    let now = game.now();
    let state = game.model.pools[pool].clone();
    play.step(format!("sync_mint_risk of pool {pool}"));
    let mut metas = vec![
        AccountMeta::new(state.address, false),
        AccountMeta::new_readonly(state.mints[0], false),
        AccountMeta::new_readonly(state.mints[1], false),
    ];
    let ways = vec![
        Spoil::ReadOnly(0),
        Spoil::Other(1, state.mints[1], refusal(PoolError::MintMismatch)),
        Spoil::Other(2, state.lp_mint, refusal(PoolError::MintMismatch)),
    ];
    let prediction = match spoil(game, &mut metas, ways) {
        Some(refusal) => Err(refusal),
        None => {
            let mut next = game.model.clone();
            next.pools[pool].risk_checked_ts = now.ts;
            next.pools[pool].sequence += 1;
            Ok(next)
        }
    };
    let flags = |game: &Game| {
        let real: liquidity_pool::state::Pool = game.world.state(&state.address);
        (real.risk_flags_a, real.risk_flags_b)
    };
    let before = flags(game);
    let refused = game.run(&instruction(metas, data(14, &[])), 0, prediction);
    // no mint of the play changes what its authorities can do
    assert_eq!(before, flags(game), "risk flags");
    play.agreed("sync_mint_risk", refused);
}

pub(super) fn deposit_one_side(game: &mut Game, play: &mut Play) {
    let (pool, actor, twist) = some_scene(game);
    let deadline_ts = deadline(&mut game.world);
    let now = game.now();
    let input = usize::from(chance(&mut game.world.rng, 50));
    let state = game.model.pools[pool].clone();
    let config = game.model.configs[state.config].clone();
    let wallet = state.mint_ids[input];
    let held = game.model.tokens.atoms(&game.wallets[actor][wallet]);
    let sold = some_amount(game, &state, input, held / 3, true);
    let done = state
        .clone()
        .deposit_one_side(&game.model.tokens, &config, &now, input, sold);
    let rng = &mut game.world.rng;
    let (most, least) = match (rng.random_range(0..10), &done) {
        (0..6, _) | (_, Err(_)) => (u64::MAX, 0),
        (6..8, Ok((_, sent, shares))) => (*sent, *shares),
        (8, Ok((_, sent, shares))) => (*sent - 1, *shares),
        (_, Ok((_, sent, shares))) => (*sent, *shares + 1),
    };
    let side: u8 = if chance(rng, 2) { 2 } else { input as u8 };
    play.step(format!(
        "deposit_one_side by {actor} into pool {pool} curve {} {:?} side {side}: {sold} sold, at most {most}, at least {least}, \
         {done:?}, deadline {deadline_ts}, {twist:?}",
        state.curve, state.reserves
    ));
    let metas = game.share_metas(pool, actor, true, twist);
    let accounts = user_accounts(&metas, 6);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = refused_early(twist, true) {
            return Err(refusal);
        }
        expired(game, deadline_ts)?;
        if twist == Twist::NoTrailing && game.needs_trailing(pool) {
            return Err(refusal(PoolError::TokenProgramMissing));
        }
        paused(game, state.config, PAUSE[1] | PAUSE[2])?;
        if side > 1 {
            return Err(refusal(PoolError::UnknownQuote));
        }
        let mut next = game.model.clone();
        let owner = game.actors[actor].pubkey();
        let (_, sent, shares) = next.pools[pool].deposit_one_side(&game.model.tokens, &config, &now, input, sold)?;
        if sent > most || shares < least {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        next.tokens
            .transfer(&accounts[input], &state.vaults[input], &owner, sent, now.epoch)?;
        next.tokens.mint_to(&accounts[2], shares)?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        8,
        &[
            &[side],
            &sold.to_le_bytes(),
            &most.to_le_bytes(),
            &least.to_le_bytes(),
            &deadline_ts.to_le_bytes(),
        ],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        assert_p3(game, &state);
        assert_no_cheaper_swap(game, pool, &state, (input, sold, done.unwrap()), &now);
    }
    play.agreed("deposit_one_side", refused);
}

/// Who deposits one side and withdraws at once has at most what the swap alone gives.
fn assert_no_cheaper_swap(
    game: &Game,
    pool: usize,
    before: &Pool,
    (input, _, (_, sent, shares)): (usize, u64, (Trade, u64, u64)),
    now: &Now,
) {
    let config = &game.model.configs[before.config];
    let back = game.model.pools[pool].clone().withdraw(&game.model.tokens, now, shares);
    let Ok(back) = back else { return };
    // as if no mint kept a fee
    let spent = sent.saturating_sub(back.sent[input]);
    let free = commonweal_tests::model::tokens::Tokens::default();
    if let Ok(swap) = before.clone().exact_in(&free, now, config, input, spent) {
        assert!(
            back.sent[1 - input] <= swap.out,
            "a one-sided deposit is a cheaper swap"
        );
    }
}

/// What other programs and clients read as mean price is what the pool's history says.
pub(super) fn read_mean(game: &mut Game, play: &mut Play) {
    let (pool, _, _) = some_scene(game);
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let rng = &mut game.world.rng;
    let age = (now.ts - state.created_ts).clamp(1, 100_000_000) as u64;
    let window = match rng.random_range(0..20) {
        0 => 0,
        1 => u32::MAX,
        2..5 => age as u32,
        _ => magnitude(rng, age.min(10_000)) as u32,
    };
    play.step(format!("mean price of pool {pool} over {window} s"));
    let raw = game.world.raw(&state.address);
    let read = read_twap(&raw.owner, &raw.data, now.ts, window);
    // on the stable curve the price kept with the last change
    let price = if state.is_stable() {
        state.oracle.last
    } else {
        state.price(0)
    };
    let expected = state.oracle.mean(now.ts, price, window);
    let refused = match (read, expected) {
        (Ok(read), Some(expected)) => {
            assert_eq!([read.price_q64, read.capped_q64], expected, "mean price");
            None
        }
        (Err(refused), None) => Some(format!("{refused:?}")),
        (read, expected) => panic!("{read:?}, where {expected:?} is right"),
    };
    play.agreed("read_twap", refused);
}

/// A quote equals what the instruction would do, to the atom, in every mode.
pub(super) fn quote(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let config = game.model.configs[state.config].clone();
    let rng = &mut game.world.rng;
    let mode: u8 = if chance(rng, 3) { 5 } else { rng.random_range(0..5) };
    let side: u8 = if chance(rng, 3) { 2 } else { rng.random_range(0..2) };
    let input = usize::from(side & 1);
    let held = game.model.tokens.atoms(&game.wallets[actor][state.mint_ids[input]]);
    let supply = game.model.tokens.supply[&state.lp_mint];
    let amount = match mode {
        1 => some_amount(game, &state, input, held, false),
        2 | 3 if chance(&mut game.world.rng, 90) => magnitude(&mut game.world.rng, supply / 4).max(1),
        _ => some_amount(game, &state, input, held / 4, true),
    };
    play.step(format!(
        "quote of mode {mode}, side {side}, {amount} of pool {pool} curve {} {:?}",
        state.curve, state.reserves
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let mut metas = vec![
        read(state.address),
        read(config.address),
        read(state.mints[0]),
        read(state.mints[1]),
        read(state.lp_mint),
    ];
    let ways = vec![
        Spoil::Other(2, state.mints[1], refusal(PoolError::MintMismatch)),
        Spoil::Other(3, state.lp_mint, refusal(PoolError::MintMismatch)),
        Spoil::Other(4, state.mints[0], code(CONSTRAINT_ADDRESS)),
    ];
    let spoilt = spoil(game, &mut metas, ways);
    let expected = expected_quote(game, &state, mode, side, amount, &now);
    let prediction = match (spoilt, &expected) {
        (Some(refusal), _) => Err(refusal),
        (None, Err(refusal)) => Err(refusal.clone()),
        (None, Ok(_)) => Ok(game.model.clone()),
    };
    let bytes = data(9, &[&[mode], &[side], &amount.to_le_bytes()]);
    let refused = game.run(&instruction(metas, bytes), 0, prediction);
    if refused.is_none() {
        let mut returned = game.returned.clone();
        // the runtime cuts zeros off the end
        returned.resize(112, 0);
        let quoted: Quote = bytemuck::pod_read_unaligned(&returned);
        assert_eq!(quoted, expected.unwrap(), "quote");
    }
    play.agreed("quote", refused);
}

fn expected_quote(game: &Game, before: &Pool, mode: u8, side: u8, amount: u64, now: &Now) -> Result<Quote, Refusal> {
    let tokens = &game.model.tokens;
    let config = &game.model.configs[before.config];
    let bits = match (mode, side) {
        (0..=4, 0..=1) => [PAUSE[2], PAUSE[2], PAUSE[1], 0, PAUSE[1] | PAUSE[2]][usize::from(mode)],
        _ => return Err(refusal(PoolError::UnknownQuote)),
    };
    paused(game, before.config, bits)?;
    let input = usize::from(side);
    let mut pool = before.clone();
    let (mut sent, mut received, mut trade, mut shares) = ([0; 2], [0; 2], None, 0);
    match mode {
        0 | 1 => {
            let done = if mode == 0 {
                pool.exact_in(tokens, now, config, input, amount)?
            } else {
                pool.exact_out(tokens, now, config, input, amount)?
            };
            (sent[input], sent[1 - input]) = (done.sent, done.out);
            (received[input], received[1 - input]) = (done.received, done.delivered);
            trade = Some(done);
        }
        4 => {
            let (done, all, minted) = pool.deposit_one_side(tokens, config, now, input, amount)?;
            sent[input] = all;
            received[input] = tokens.fee(&pool.mints[input], now.epoch).arriving(all);
            (trade, shares) = (Some(done), minted);
        }
        _ => {
            let legs = if mode == 2 {
                pool.deposit(tokens, now, amount)?
            } else {
                pool.withdraw(tokens, now, amount)?
            };
            (sent, received, shares) = (legs.sent, legs.received, amount);
        }
    }
    let rates = trade.map_or_else(Default::default, |trade| trade.rates);
    Ok(Quote {
        sent_a_atoms: sent[0],
        received_a_atoms: received[0],
        sent_b_atoms: sent[1],
        received_b_atoms: received[1],
        lp_atoms: shares,
        lp_fee_atoms: trade.map_or(0, |trade| trade.lp_fee),
        protocol_fee_atoms: trade.map_or(0, |trade| trade.protocol),
        reserve_a_after_atoms: pool.reserves[0],
        reserve_b_after_atoms: pool.reserves[1],
        lp_supply_after_atoms: pool.recorded_supply,
        quoted_ts: now.ts,
        quoted_slot: now.slot,
        base_fee_ppm: rates.base,
        dynamic_fee_ppm: rates.dynamic,
        launch_fee_ppm: rates.launch,
        mode,
        side,
        reserved: [0; 2],
    })
}
