//! Collections of protocol fees.

use super::*;

/// Whom a collection is to pay.
#[derive(Clone, Copy, Debug)]
enum Payee {
    /// The treasury.
    Treasury,
    /// The treasury on this side, a user on the other.
    StrangerBeside(usize),
    /// A user.
    Stranger,
    /// The treasury, its accounts exchanged.
    Exchanged,
    /// The treasury's account of this side for both.
    Twice(usize),
    /// Any token accounts that there are: vaults, former treasuries', other mints'.
    Any,
    /// Addresses without accounts.
    Nobody,
    /// The pool's own vaults.
    Vaults,
}

fn some_payee(game: &mut Game) -> Payee {
    let rng = &mut game.world.rng;
    let side = usize::from(chance(rng, 50));
    match rng.random_range(0..100) {
        0..80 => Payee::Treasury,
        80..85 => Payee::StrangerBeside(side),
        85..88 => Payee::Stranger,
        88..90 => Payee::Exchanged,
        90..92 => Payee::Twice(side),
        92..96 => Payee::Any,
        96..98 => Payee::Nobody,
        _ => Payee::Vaults,
    }
}

fn destinations(game: &mut Game, pool: usize, actor: usize, payee: Payee) -> [Address; 2] {
    let right = [0, 1].map(|side| game.treasury_account(pool, side));
    let state = &game.model.pools[pool];
    let strangers = state.mint_ids.map(|mint| game.wallets[actor][mint]);
    match payee {
        Payee::Treasury => right,
        Payee::StrangerBeside(0) => [right[0], strangers[1]],
        Payee::StrangerBeside(_) => [strangers[0], right[1]],
        Payee::Stranger => strangers,
        Payee::Exchanged => [right[1], right[0]],
        Payee::Twice(side) => [right[side]; 2],
        Payee::Any => {
            let all: Vec<Address> = game.model.tokens.holdings.keys().copied().collect();
            [0, 1].map(|_| *pick(&mut game.world.rng, &all))
        }
        Payee::Nobody => [0, 1].map(|_| Address::new_from_array(game.world.rng.random())),
        Payee::Vaults => [state.vaults[1], state.vaults[0]],
    }
}

/// Anybody pays the treasury, or tries to be paid himself.
pub(super) fn collect(game: &mut Game, play: &mut Play) {
    let (mut pool, actor, twist) = some_scene(game);
    // usually a pool that owes something
    let pools = game.model.pools.len();
    let mut others = (0..pools).map(|offset| (pool + offset) % pools);
    let owing = others.find(|other| game.model.pools[*other].owed != [0, 0]);
    if let Some(owing) = owing.filter(|_| chance(&mut game.world.rng, 92)) {
        pool = owing;
    }
    // nobody signs, no shares are named, and strangers are among the payees
    let twist = match twist {
        Twist::Unsigned | Twist::OtherLpMint | Twist::StrangerPays => Twist::None,
        twist => twist,
    };
    let payee = if twist == Twist::None {
        some_payee(game)
    } else {
        Payee::Treasury
    };
    let rng = &mut game.world.rng;
    let legs = match rng.random_range(0..100) {
        0..60 => 3,
        60..92 => rng.random_range(1..=2),
        92..97 => *pick(rng, &[0, 4]),
        _ => rng.random(),
    };
    let at = destinations(game, pool, actor, payee);
    let frozen = some_frozen(game, pool, &at);
    if let Some((account, mint)) = frozen {
        set_frozen(game, &account, mint, true);
    }
    collect_to(
        game,
        play,
        pool,
        legs,
        (payee, at),
        twist,
        frozen.map(|(account, _)| account),
    );
    if let Some((account, mint)) = frozen {
        set_frozen(game, &account, mint, false);
    }
}

/// Now and then a vault or a destination, to be frozen for the instruction; with its mint.
fn some_frozen(game: &mut Game, pool: usize, destinations: &[Address; 2]) -> Option<(Address, usize)> {
    if !chance(&mut game.world.rng, 10) {
        return None;
    }
    let side = usize::from(chance(&mut game.world.rng, 50));
    let state = &game.model.pools[pool];
    let account = *pick(&mut game.world.rng, &[state.vaults[side], destinations[side]]);
    let holding = game.model.tokens.holdings.get(&account)?;
    // nobody can freeze shares
    let mint = game.mints.iter().position(|mint| mint.address == holding.mint)?;
    (!holding.is_frozen).then_some((account, mint))
}

pub(super) fn set_frozen(game: &mut Game, account: &Address, mint: usize, is_frozen: bool) {
    let mint = game.mints[mint].clone();
    if is_frozen {
        game.world.freeze(&mint, account);
    } else {
        game.world.thaw(&mint, account);
    }
    game.model.tokens.holdings.get_mut(account).unwrap().is_frozen = is_frozen;
}

fn collect_to(
    game: &mut Game,
    play: &mut Play,
    pool: usize,
    legs: u8,
    (payee, at): (Payee, [Address; 2]),
    twist: Twist,
    frozen: Option<Address>,
) {
    let epoch = game.epoch();
    let state = game.model.pools[pool].clone();
    let pause = game.model.configs[state.config].pause;
    play.step(format!(
        "collect legs {legs} of pool {pool} that owes {:?}, paying {payee:?} {at:?}, pause {pause}, frozen {frozen:?}, \
         {twist:?}",
        state.owed
    ));
    let metas = game.collect_metas(pool, at, twist);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = refused_early(twist, true) {
            return Err(refusal);
        }
        state.named_once(&at)?;
        if twist == Twist::NoTrailing && game.needs_trailing(pool) {
            return Err(refusal(PoolError::TokenProgramMissing));
        }
        // no pause bit is looked at
        let mut next = game.model.clone();
        next.collect(pool, legs, &at, epoch)?;
        Ok(next)
    };
    let prediction = predict();
    let held = |game: &Game| state.vaults.map(|vault| game.world.tokens(&vault));
    let before = held(game);
    let refused = game.run(&instruction(metas, data(7, &[&[legs]])), 0, prediction);
    let after = held(game);
    if refused.is_none() {
        assert_p3(game, &state);
        for side in [0, 1] {
            // P7: neither more nor less than what is owed on a chosen side, and only to the treasury
            let is_chosen = legs & (1 << side) != 0;
            let due = if is_chosen { state.owed[side] } else { 0 };
            assert_eq!(before[side] - after[side], due, "P7");
            if due > 0 {
                game.assert_of_treasury(pool, side, &at[side]);
            }
        }
    } else {
        assert_eq!(before, after, "P7: a refused collection moved something");
    }
    play.agreed("collect_protocol_fees", refused);
}

/// All that a pool owes is paid, and then it owes nothing more.
pub(super) fn collect_all(game: &mut Game, play: &mut Play, pool: usize) {
    if game.model.pools[pool].owed == [0, 0] {
        return;
    }
    let at = [0, 1].map(|side| game.treasury_account(pool, side));
    collect_to(game, play, pool, 3, (Payee::Treasury, at), Twist::None, None);
    let state = &game.model.pools[pool];
    assert_eq!(state.owed, [0, 0], "protocol fees are held back");
    assert_eq!(state.collected, state.accrued, "P7");
}
