//! Deposits and withdrawals.

use super::*;

/// Whether the instruction fails before its arithmetic; shared by deposit and withdrawal.
pub(super) fn refused_shares(
    game: &Game,
    pool: usize,
    twist: Twist,
    deadline_ts: i64,
    legs: Option<u8>,
) -> Result<(), Refusal> {
    let early = refused_early(twist, true);
    // withdraw reads no config
    if let Some(refusal) = early.filter(|_| legs.is_none() || twist != Twist::OtherConfig) {
        return Err(refusal);
    }
    expired(game, deadline_ts)?;
    if legs.is_some_and(|legs| legs > 3) {
        return Err(refusal(PoolError::UnknownLegs));
    }
    if twist == Twist::NoTrailing && game.needs_trailing(pool) {
        return Err(refusal(PoolError::TokenProgramMissing));
    }
    if legs.is_none() {
        paused(game, game.model.pools[pool].config, PAUSE[1])?;
    }
    Ok(())
}

/// The accounts of A, B and shares in metas of `deposit` (offset 6) or `withdraw` (offset 5).
pub(super) fn user_accounts(metas: &[AccountMeta], offset: usize) -> [Address; 3] {
    [0, 1, 2].map(|i| metas[offset + i].pubkey)
}

pub(super) fn deposit(game: &mut Game, play: &mut Play) {
    let (pool, actor, twist) = some_scene(game);
    let deadline_ts = deadline(&mut game.world);
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let supply = game.model.tokens.supply[&state.lp_mint];
    // shares that what the actor holds could pay for, roughly
    let affordable = [0, 1].map(|side| {
        let held = game.model.tokens.atoms(&game.wallets[actor][state.mint_ids[side]]);
        u128::from(held) * state.effective_shares(supply) / u128::from(state.reserves[side])
    });
    let affordable = u64::try_from(affordable[0].min(affordable[1]) / 2).unwrap_or(u64::MAX / 2);
    let rng = &mut game.world.rng;
    let shares = if chance(rng, 8) {
        hostile(rng, affordable)
    } else {
        magnitude(rng, affordable.max(1))
    };
    let legs = state.clone().deposit(&game.model.tokens, &now, shares);
    let exact = legs.as_ref().map_or([u64::MAX; 2], |legs| legs.sent);
    let most = match rng.random_range(0..10) {
        0..6 => [u64::MAX; 2],
        6..9 => exact,
        _ => [exact[0], exact[1].saturating_sub(1)],
    };
    play.step(format!(
        "deposit by {actor} into pool {pool} {:?}: {shares} shares of {supply}, at most {most:?}, deadline {deadline_ts}, \
         {twist:?}",
        state.reserves
    ));
    let metas = game.share_metas(pool, actor, true, twist);
    let accounts = user_accounts(&metas, 6);
    let predict = || -> Result<Model, Refusal> {
        refused_shares(game, pool, twist, deadline_ts, None)?;
        let mut next = game.model.clone();
        let owner = game.actors[actor].pubkey();
        next.deposit(pool, (shares, most), accounts.each_ref(), &owner, &now)?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        3,
        &[
            &shares.to_le_bytes(),
            &most[0].to_le_bytes(),
            &most[1].to_le_bytes(),
            &deadline_ts.to_le_bytes(),
        ],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        assert_p3(game, &state);
        // P4: what would be paid for the new shares at once is at most what they cost
        let now_there = &game.model.pools[pool];
        let back = now_there.clone().withdraw(&game.model.tokens, &now, shares);
        let back = back.unwrap_or_default();
        assert!(
            (0..2).all(|i| back.sent[i] <= now_there.reserves[i] - state.reserves[i]),
            "P4"
        );
    }
    play.agreed("deposit", refused);
}

pub(super) fn withdraw(game: &mut Game, play: &mut Play) {
    let (pool, actor, twist) = some_scene(game);
    // usually somebody who has shares
    let actor = some_holder(game, pool, actor);
    let deadline_ts = deadline(&mut game.world);
    let held = game.model.tokens.atoms(&game.shares_account(actor, pool));
    let rng = &mut game.world.rng;
    let shares = if chance(rng, 8) {
        hostile(rng, held)
    } else {
        magnitude(rng, held).max(held.min(1))
    };
    let legs_mask = if chance(rng, 15) { rng.random_range(0..5u8) } else { 3 };
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let legs = state.clone().withdraw(&game.model.tokens, &now, shares);
    let exact = legs.map_or([0; 2], |legs| {
        [0, 1].map(|side| {
            let is_paid = legs_mask & (1 << side) != 0;
            [legs.sent[side], legs.received[side]][usize::from(is_paid)]
        })
    });
    let wanted = match game.world.rng.random_range(0..10) {
        0..6 => [0; 2],
        6..9 => exact,
        _ => [exact[0], exact[1].saturating_add(1)],
    };
    withdraw_shares(
        game,
        play,
        (pool, actor, twist),
        shares,
        wanted,
        (deadline_ts, legs_mask),
    );
}

pub(super) fn withdraw_shares(
    game: &mut Game,
    play: &mut Play,
    (pool, actor, twist): (usize, usize, Twist),
    shares: u64,
    wanted: [u64; 2],
    (deadline_ts, legs_mask): (i64, u8),
) {
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let supply = game.model.tokens.supply[&state.lp_mint];
    play.step(format!(
        "withdraw by {actor} from pool {pool} {:?}: {shares} shares of {supply}, at least {wanted:?}, deadline \
         {deadline_ts}, legs {legs_mask}, {twist:?}",
        state.reserves
    ));
    let owner = game.actors[actor].pubkey();
    let mut metas = game.share_metas(pool, actor, false, twist);
    let accounts = user_accounts(&metas, 5);
    let claims = [0, 1].map(|side| game.claim_address(pool, &owner, side));
    if legs_mask < 3 {
        metas[0].is_writable = true;
        let deferred = (0..2).filter(|side| legs_mask & (1 << side) == 0);
        metas.extend(deferred.map(|side| AccountMeta::new(claims[side], false)));
        metas.push(AccountMeta::new_readonly(ids::SYSTEM, false));
    }
    let predict = || -> Result<Model, Refusal> {
        refused_shares(game, pool, twist, deadline_ts, Some(legs_mask))?;
        let mut next = game.model.clone();
        let terms = (shares, wanted, legs_mask);
        let legs = next.withdraw(pool, terms, accounts.each_ref(), &owner, &now)?;
        for side in (0..2).filter(|side| legs_mask & (1 << side) == 0) {
            next.defer(claims[side], pool, side, &owner, legs.sent[side], game.rents()[1]);
        }
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        4,
        &[
            &shares.to_le_bytes(),
            &wanted[0].to_le_bytes(),
            &wanted[1].to_le_bytes(),
            &deadline_ts.to_le_bytes(),
            &[legs_mask],
        ],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        assert_p3(game, &state);
    }
    play.agreed("withdraw", refused);
}
