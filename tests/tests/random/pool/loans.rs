//! Flash loans, with something between borrowing and repaying.

use super::*;

/// What stands around a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Borrow, repay.
    Plain,
    /// Borrow, trade in another pool, repay.
    TradeElsewhere,
    /// Borrow, trade in the same pool, repay.
    TradeHere,
    /// Borrow, withdraw from the same pool, repay.
    WithdrawHere,
    /// Borrow.
    NoRepay,
    /// Borrow, repay, repay.
    RepayTwice,
    /// Borrow, borrow, repay.
    BorrowTwice,
    /// Repay.
    RepayOnly,
    /// Repay, borrow.
    Backwards,
    /// Borrow and repay in two pools.
    RepayElsewhere,
    /// Two loans after each other.
    TwoLoans,
}

pub(super) fn flash(game: &mut Game, play: &mut Play) {
    let (mut pool, actor, _) = some_scene(game);
    let is_free = |game: &Game, pool: usize| {
        let state = &game.model.pools[pool];
        state
            .mints
            .iter()
            .all(|mint| !game.model.tokens.fees.contains_key(mint))
            && game.model.configs[state.config].pause & PAUSE[3] == 0
    };
    let pools = game.model.pools.len();
    if chance(&mut game.world.rng, 92) {
        let mut others = (0..pools).map(|offset| (pool + offset) % pools);
        pool = others.find(|other| is_free(game, *other)).unwrap_or(pool);
    }
    let other = (0..pools)
        .map(|offset| (pool + 1 + offset) % pools)
        .find(|other| is_free(game, *other));
    let other = other.filter(|other| *other != pool);
    let shape = match game.world.rng.random_range(0..100) {
        0..45 => Shape::Plain,
        45..65 => Shape::TradeElsewhere,
        65..69 => Shape::TradeHere,
        69..73 => Shape::WithdrawHere,
        73..76 => Shape::NoRepay,
        76..79 => Shape::RepayTwice,
        79..82 => Shape::BorrowTwice,
        82..85 => Shape::RepayOnly,
        85..88 => Shape::Backwards,
        88..92 => Shape::RepayElsewhere,
        _ => Shape::TwoLoans,
    };
    let shape = match (shape, other) {
        (Shape::TradeElsewhere | Shape::RepayElsewhere, None) => Shape::Plain,
        (shape, _) => shape,
    };
    let state = game.model.pools[pool].clone();
    let rng = &mut game.world.rng;
    let amounts = state.reserves.map(|reserve| match rng.random_range(0..20) {
        0..6 => 0,
        6 => hostile(rng, reserve),
        _ => magnitude(rng, reserve),
    });
    run_loan(game, play, pool, actor, shape, amounts, other);
}

fn loan_metas(game: &Game, pool: usize, actor: usize) -> Vec<AccountMeta> {
    let state = &game.model.pools[pool];
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = vec![
        AccountMeta::new_readonly(game.actors[actor].pubkey(), true),
        write(state.address),
        read(game.model.configs[state.config].address),
        write(state.vaults[0]),
        write(state.vaults[1]),
        write(game.wallets[actor][state.mint_ids[0]]),
        write(game.wallets[actor][state.mint_ids[1]]),
        read(state.mints[0]),
        read(state.mints[1]),
        read(INSTRUCTIONS),
        read(ids::TOKEN),
    ];
    if game.needs_trailing(pool) {
        metas.push(read(ids::TOKEN_2022));
    }
    metas
}

fn run_loan(
    game: &mut Game,
    play: &mut Play,
    pool: usize,
    actor: usize,
    shape: Shape,
    amounts: [u64; 2],
    other: Option<usize>,
) {
    let now = game.now();
    let state = game.model.pools[pool].clone();
    let config = game.model.configs[state.config].clone();
    play.step(format!(
        "flash loan of {amounts:?} of pool {pool} {:?} by {actor}, {shape:?}, other pool {other:?}, fee {}",
        state.reserves, config.flash_fee
    ));
    let borrow = |game: &Game, amounts: [u64; 2]| {
        let arguments = amounts.map(u64::to_le_bytes).concat();
        instruction(loan_metas(game, pool, actor), data(12, &[&arguments]))
    };
    let repay = |game: &Game, pool: usize| instruction(loan_metas(game, pool, actor), data(13, &[]));
    // a trade of what the borrower has anyway
    let side = 0;
    let trade_pool = if shape == Shape::TradeElsewhere {
        other.unwrap()
    } else {
        pool
    };
    let trade_mint = game.model.pools[trade_pool].mint_ids[side];
    let purse = game.model.tokens.atoms(&game.wallets[actor][trade_mint]);
    let sold = (purse / 64).min(game.model.pools[trade_pool].reserves[side]).max(1);
    let metas = game.swap_metas(trade_pool, actor, side, Twist::None);
    let accounts = [metas[5].pubkey, metas[6].pubkey];
    let arguments = [sold.to_le_bytes(), 0u64.to_le_bytes(), i64::MAX.to_le_bytes()].concat();
    let trade = instruction(metas, data(5, &[&arguments]));
    let shares = [1u64.to_le_bytes(), [0; 8], [0; 8], i64::MAX.to_le_bytes()].concat();
    let withdraw = instruction(
        game.share_metas(pool, actor, false, Twist::None),
        data(4, &[&shares, &[3]]),
    );
    let lend = borrow(game, amounts);
    let back = repay(game, pool);
    let instructions = match shape {
        Shape::Plain => vec![lend, back],
        Shape::TradeElsewhere | Shape::TradeHere => vec![lend, trade, back],
        Shape::WithdrawHere => vec![lend, withdraw, back],
        Shape::NoRepay => vec![lend],
        Shape::RepayTwice => vec![lend, back.clone(), back],
        Shape::BorrowTwice => vec![lend.clone(), lend, back],
        Shape::RepayOnly => vec![back],
        Shape::Backwards => vec![back, lend],
        Shape::RepayElsewhere => vec![lend, repay(game, other.unwrap())],
        Shape::TwoLoans => vec![lend.clone(), back.clone(), lend, back],
    };
    let owner = game.actors[actor].pubkey();
    let wallets = state.mint_ids.map(|mint| game.wallets[actor][mint]);
    let predict = || -> Result<Model, Refusal> {
        if matches!(shape, Shape::RepayOnly | Shape::Backwards) {
            return Err(refusal(PoolError::NoFlashLoan));
        }
        paused(game, state.config, PAUSE[3])?;
        let mut next = game.model.clone();
        state.may_lend(&next.tokens, amounts)?;
        match shape {
            Shape::NoRepay | Shape::RepayTwice | Shape::RepayElsewhere => {
                return Err(refusal(PoolError::FlashRepayMissing))
            }
            Shape::BorrowTwice | Shape::TwoLoans => return Err(refusal(PoolError::FlashLoanNested)),
            _ => {}
        }
        for side in [0, 1] {
            if amounts[side] > 0 {
                let vault = &state.vaults[side];
                next.tokens
                    .transfer(vault, &wallets[side], &state.address, amounts[side], now.epoch)?;
            }
        }
        match shape {
            Shape::TradeHere | Shape::WithdrawHere => return Err(refusal(PoolError::FlashLoanActive)),
            Shape::TradeElsewhere => {
                paused(game, next.pools[trade_pool].config, PAUSE[2])?;
                next.trade(trade_pool, side, (true, sold, 0), accounts.each_ref(), &owner, &now)?;
            }
            _ => {}
        }
        let paid = next.pools[pool].repay(&config, &now, amounts)?;
        for side in [0, 1] {
            if paid[side] > 0 {
                let vault = &state.vaults[side];
                next.tokens
                    .transfer(&wallets[side], vault, &owner, paid[side], now.epoch)?;
            }
        }
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run_all(&instructions, actor, prediction);
    if refused.is_none() {
        assert_p3(game, &state);
    }
    play.agreed("flash_loan", refused);
}
