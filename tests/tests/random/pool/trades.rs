//! Swaps.

use super::*;

pub(super) fn refused_swap(game: &Game, pool: usize, twist: Twist, deadline_ts: i64) -> Result<(), Refusal> {
    if let Some(refusal) = refused_early(twist, false) {
        return Err(refusal);
    }
    expired(game, deadline_ts)?;
    paused(game, game.model.pools[pool].config, PAUSE[2])?;
    match twist {
        Twist::WrongMint => Err(refusal(PoolError::MintMismatch)),
        Twist::ForeignVault => Err(refusal(PoolError::VaultMismatch)),
        Twist::WrongProgram => Err(refusal(PoolError::TokenProgramMismatch)),
        Twist::NoTrailing if game.is_mixed(pool) => Err(refusal(PoolError::TokenProgramMissing)),
        _ => Ok(()),
    }
}

pub(super) fn swap(game: &mut Game, play: &mut Play, is_exact_in: bool) {
    let (pool, actor, twist) = some_scene(game);
    let deadline_ts = deadline(&mut game.world);
    let now = game.now();
    let input = usize::from(chance(&mut game.world.rng, 50));
    let state = game.model.pools[pool].clone();
    let config = game.model.configs[state.config].clone();
    let held = game.model.tokens.atoms(&game.wallets[actor][state.mint_ids[input]]);
    let amount = some_amount(game, &state, input, held, is_exact_in);
    let mut tried = state.clone();
    let trade = if is_exact_in {
        tried.exact_in(&game.model.tokens, &now, &config, input, amount)
    } else {
        tried.exact_out(&game.model.tokens, &now, &config, input, amount)
    };
    let limit = match (game.world.rng.random_range(0..10), is_exact_in, &trade) {
        (0..6, true, _) => 0,
        (0..6, false, _) => u64::MAX,
        (6..9, true, Ok(trade)) => trade.delivered,
        (6..9, false, Ok(trade)) => trade.sent,
        (_, true, Ok(trade)) => trade.delivered.saturating_add(1),
        (_, false, Ok(trade)) => trade.sent - 1,
        (_, _, Err(_)) => 1,
    };
    let name = if is_exact_in { "swap_exact_in" } else { "swap_exact_out" };
    play.step(format!(
        "{name} by {actor} in pool {pool} curve {} {:?} side {input}: {amount}, limit {limit}, share {}, {trade:?}, \
         deadline {deadline_ts}, {twist:?}",
        state.curve, state.reserves, config.share
    ));
    let metas = game.swap_metas(pool, actor, input, twist);
    let accounts = [metas[5].pubkey, metas[6].pubkey];
    let predict = || -> Result<Model, Refusal> {
        refused_swap(game, pool, twist, deadline_ts)?;
        let mut next = game.model.clone();
        next.trade(
            pool,
            input,
            (is_exact_in, amount, limit),
            accounts.each_ref(),
            &game.actors[actor].pubkey(),
            &now,
        )?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        if is_exact_in { 5 } else { 6 },
        &[&amount.to_le_bytes(), &limit.to_le_bytes(), &deadline_ts.to_le_bytes()],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        assert_traded(game, &state, input, &trade.unwrap(), is_exact_in);
    }
    play.agreed(name, refused);
}

/// An amount to sell or to buy: what the trader can afford, near a bound, or anything.
pub(super) fn some_amount(game: &mut Game, state: &Pool, input: usize, held: u64, is_exact_in: bool) -> u64 {
    let (x, y) = (state.reserves[input], state.reserves[1 - input]);
    let rng = &mut game.world.rng;
    let bound = if is_exact_in {
        held.min(x.saturating_mul(3))
    } else {
        // what the purse can buy at most, without fees
        let out = u128::from(y) * u128::from(held) / (u128::from(x) + u128::from(held)).max(1);
        (out as u64).min(y - 1)
    };
    match rng.random_range(0..100) {
        0..4 => hostile(rng, if is_exact_in { held } else { y }),
        4..8 => hostile(rng, bound),
        8..40 => (bound / 4).max(1),
        _ => magnitude(rng, bound).max(1),
    }
}

/// P2, P3 and P7 between the state before a trade and the one now.
fn assert_traded(game: &Game, before: &Pool, input: usize, trade: &Trade, is_exact_in: bool) {
    assert_p3(game, before);
    let pool = pool_of(game, before);
    // P2 on the stored reserves, the providers' fee taken out; and one atom more out would have broken it
    let net = u128::from(trade.received - trade.lp_fee - trade.protocol);
    let out = u128::from(before.reserves[1 - input] - pool.reserves[1 - input]);
    if before.is_stable() {
        let mut fair = pool.clone();
        fair.reserves[input] -= trade.lp_fee;
        let a = game.model.configs[before.config].amplification_at(game.now().ts);
        assert!(fair.stable_invariant(a) >= before.stable_invariant(a), "P2");
        if is_exact_in {
            assert!(
                before.is_nearly_most(input, net, trade.out, a),
                "P2: a larger output was possible"
            );
        }
    } else {
        assert!(before.keeps_product(input, net, out), "P2");
        if is_exact_in {
            assert!(
                !before.keeps_product(input, net, out + 1),
                "P2: a larger output was possible"
            );
        }
    }
    // P7: what is owed to the treasury never leaves by a swap
    assert!((0..2).all(|i| pool.owed[i] >= before.owed[i]), "P7");
}
