//! Random sequences on the bytecode against a model in big integers, written from the design.

use {
    commonweal_tests::fixtures::pool::{
        assert_invariants, Ground, Holder, PoolWorld, ShareValue, FEE_PPM, PROTOCOL_SHARE_PPM,
    },
    liquidity_pool::state::Side,
    num_bigint::BigUint,
    num_traits::{One, ToPrimitive, Zero},
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
};

type Big = BigUint;

/// What the design says a pool is.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    reserves: [Big; 2],
    owed: [Big; 2],
    supply: Big,
    player: [Big; 3],
    treasury: [Big; 2],
}

/// How many kinds of action there are.
const KINDS: usize = 7;

/// An action, with amounts as drawn.
#[derive(Clone, Copy, Debug)]
enum Action {
    SellA(u64, u64),
    SellB(u64, u64),
    BuyB(u64, u64),
    BuyA(u64, u64),
    Deposit(u64, u64, u64),
    Withdraw(u64, u64, u64),
    Collect(u8),
}

fn ceil(a: &Big, d: &Big) -> Big {
    (a + d - 1u32) / d
}

fn fits(n: &Big) -> bool {
    n.to_u64().is_some()
}

impl Model {
    fn read(pool: &PoolWorld, player: &Holder, treasury: (Address, Address)) -> Self {
        let state = pool.pool();
        let (a, b, lp) = pool.balances(player);
        Self {
            reserves: [state.reserve_a_atoms.get().into(), state.reserve_b_atoms.get().into()],
            owed: [
                state.protocol_owed_a_atoms.get().into(),
                state.protocol_owed_b_atoms.get().into(),
            ],
            supply: pool.world.supply(&pool.at.lp_mint.0).into(),
            player: [a.into(), b.into(), lp.into()],
            treasury: [
                pool.world.tokens(&treasury.0).into(),
                pool.world.tokens(&treasury.1).into(),
            ],
        }
    }

    /// The state after the action, or nothing where the design refuses it.
    fn after(&self, action: Action) -> Option<Self> {
        match action {
            Action::SellA(amount, min) => self.sell(0, amount.into(), min.into()),
            Action::SellB(amount, min) => self.sell(1, amount.into(), min.into()),
            Action::BuyB(amount, max) => self.buy(0, amount.into(), max.into()),
            Action::BuyA(amount, max) => self.buy(1, amount.into(), max.into()),
            Action::Deposit(shares, max_a, max_b) => self.deposit(shares.into(), [max_a.into(), max_b.into()]),
            Action::Withdraw(shares, min_a, min_b) => self.withdraw(shares.into(), [min_a.into(), min_b.into()]),
            Action::Collect(legs) => self.collect(legs),
        }
    }

    fn trade(&self, input: usize, gross: Big, out: Big) -> Option<Self> {
        let million = Big::from(1_000_000u32);
        let fee = ceil(&(&gross * FEE_PPM), &million);
        let protocol = &fee * PROTOCOL_SHARE_PPM / &million;
        let mut next = self.clone();
        next.reserves[input] += &gross - &protocol;
        next.reserves[1 - input] -= &out;
        next.owed[input] += protocol;
        if self.player[input] < gross || !fits(&next.reserves[input]) {
            return None;
        }
        next.player[input] -= gross;
        next.player[1 - input] += out;
        Some(next)
    }

    fn sell(&self, input: usize, gross: Big, min: Big) -> Option<Self> {
        let fee = ceil(&(&gross * FEE_PPM), &1_000_000u32.into());
        let net = &gross - fee;
        let (x, y) = (&self.reserves[input], &self.reserves[1 - input]);
        let out = &net * y / (x + &net);
        (!out.is_zero() && out >= min).then_some(())?;
        self.trade(input, gross, out)
    }

    fn buy(&self, input: usize, out: Big, max: Big) -> Option<Self> {
        let (x, y) = (&self.reserves[input], &self.reserves[1 - input]);
        (!out.is_zero() && &out < y).then_some(())?;
        let net = ceil(&(x * &out), &(y - &out));
        let gross = ceil(&(net * 1_000_000u32), &(1_000_000 - FEE_PPM).into());
        (gross <= max).then_some(())?;
        self.trade(input, gross, out)
    }

    fn deposit(&self, shares: Big, max: [Big; 2]) -> Option<Self> {
        (!shares.is_zero()).then_some(())?;
        let all = &self.supply + 1_000u32;
        let mut next = self.clone();
        for (side, most) in max.iter().enumerate() {
            let price = ceil(&(&self.reserves[side] * &shares), &all);
            (price <= *most && price <= self.player[side]).then_some(())?;
            next.reserves[side] += &price;
            next.player[side] -= price;
            fits(&next.reserves[side]).then_some(())?;
        }
        next.supply += &shares;
        next.player[2] += shares;
        fits(&(&next.supply + 1_000u32)).then_some(next)
    }

    fn withdraw(&self, shares: Big, min: [Big; 2]) -> Option<Self> {
        (!shares.is_zero() && shares <= self.player[2]).then_some(())?;
        let all = &self.supply + 1_000u32;
        let mut next = self.clone();
        let mut paid = Big::zero();
        for (side, least) in min.iter().enumerate() {
            let part = &self.reserves[side] * &shares / &all;
            (part >= *least).then_some(())?;
            next.reserves[side] -= &part;
            paid += &part;
            next.player[side] += part;
        }
        next.supply -= &shares;
        next.player[2] -= shares;
        (paid >= Big::one()).then_some(next)
    }

    fn collect(&self, legs: u8) -> Option<Self> {
        let mut next = self.clone();
        let mut paid = Big::zero();
        for side in 0..2 {
            if legs == side as u8 + 1 || legs == 3 {
                paid += &next.owed[side];
                next.treasury[side] += std::mem::take(&mut next.owed[side]);
            }
        }
        (!paid.is_zero()).then_some(next)
    }
}

/// A number of random magnitude up to `most`.
fn magnitude(pool: &mut PoolWorld, most: u64) -> u64 {
    let bits = pool.world.rng.random_range(0..=64 - most.leading_zeros());
    let number: u64 = pool.world.rng.random();
    number.checked_shr(64 - bits).unwrap_or(0).min(most)
}

fn draw(pool: &mut PoolWorld, model: &Model) -> Action {
    let number = |n: &Big| n.to_u64().unwrap();
    let [a, b, lp] = [0, 1, 2].map(|index| number(&model.player[index]));
    let (x, y) = (number(&model.reserves[0]), number(&model.reserves[1]));
    let supply = number(&model.supply);
    let kind = pool.world.rng.random_range(0..KINDS);
    // one action in eight carries a limit that may bite
    let is_tight = pool.world.rng.random_range(0..8) == 0;
    let least = |pool: &mut PoolWorld, most| if is_tight { magnitude(pool, most) } else { 0 };
    let most = |pool: &mut PoolWorld, bound| if is_tight { magnitude(pool, bound) } else { u64::MAX };
    match kind {
        0 => Action::SellA(magnitude(pool, a.saturating_mul(2)), least(pool, y)),
        1 => Action::SellB(magnitude(pool, b.saturating_mul(2)), least(pool, x)),
        2 => Action::BuyB(magnitude(pool, y), most(pool, a)),
        3 => Action::BuyA(magnitude(pool, x), most(pool, b)),
        4 => Action::Deposit(magnitude(pool, supply), most(pool, a), most(pool, b)),
        5 => Action::Withdraw(magnitude(pool, lp.saturating_mul(2)), least(pool, x), least(pool, y)),
        // mostly both sides; sometimes legs that mean nothing
        _ => Action::Collect([0, 1, 2, 3, 3, 3, 3, 4][pool.world.rng.random_range(0..8)]),
    }
}

fn instruction(pool: &PoolWorld, player: &Holder, treasury: (Address, Address), action: Action) -> Instruction {
    match action {
        Action::SellA(amount, min) => pool.swap_in(player, Side::A, amount, min),
        Action::SellB(amount, min) => pool.swap_in(player, Side::B, amount, min),
        Action::BuyB(amount, max) => pool.swap_out(player, Side::A, amount, max),
        Action::BuyA(amount, max) => pool.swap_out(player, Side::B, amount, max),
        Action::Deposit(shares, max_a, max_b) => pool.deposit(player, shares, max_a, max_b),
        Action::Withdraw(shares, min_a, min_b) => pool.withdraw(player, shares, min_a, min_b),
        Action::Collect(legs) => pool.collect(treasury, legs),
    }
}

#[test]
fn random_sequences_equal_the_model_and_keep_every_invariant() {
    let sequences: u64 = std::env::var("POOL_SEQUENCES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(24);
    let mut tried = [0u32; KINDS];
    let mut accepted = [0u32; KINDS];
    for seed in 0..sequences {
        let first = [
            (5_000u64, 3_000u64),
            (1_000_000_000, 7),
            (1_001, 1_001),
            (1 << 40, 1 << 50),
            (1 << 59, 1 << 60),
        ];
        let (a, b) = first[seed as usize % first.len()];
        let mut pool = Ground::new(seed).open(a, b);
        let creator = pool.creator.clone();
        let player = pool.holder("player", a.saturating_mul(3), b.saturating_mul(3));
        let treasury = pool.treasury_accounts();
        for _ in 0..60 {
            let model = Model::read(&pool, &player, treasury);
            let action = draw(&mut pool, &model);
            let kind = match action {
                Action::SellA(..) => 0,
                Action::SellB(..) => 1,
                Action::BuyB(..) => 2,
                Action::BuyA(..) => 3,
                Action::Deposit(..) => 4,
                Action::Withdraw(..) => 5,
                Action::Collect(..) => 6,
            };
            tried[kind] += 1;
            let value = ShareValue::of(&pool.world, &pool.at);
            let send = instruction(&pool, &player, treasury, action);
            let key = player.key.insecure_clone();
            // nobody signs a collection
            let is_signed = send.accounts.iter().any(|meta| meta.is_signer);
            let signers: &[&Keypair] = if is_signed { &[&key] } else { &[] };
            let outcome = pool.world.send(&[send], signers);
            let now = Model::read(&pool, &player, treasury);
            match (model.after(action), outcome.failure()) {
                (Some(expected), None) => {
                    accepted[kind] += 1;
                    assert_eq!(now, expected, "seed {seed}, {action:?}");
                }
                (None, Some(_)) => assert_eq!(now, model, "seed {seed}, {action:?}: refused, yet something changed"),
                (expected, failure) => {
                    panic!("seed {seed}, {action:?} on {model:?}: model {expected:?}, program {failure:?}")
                }
            }
            assert_invariants(&pool.world, &pool.at.pool.0);
            value.assert_kept(&ShareValue::of(&pool.world, &pool.at));
        }
        drain(&mut pool, &[player, creator]);
    }
    for kind in 0..KINDS {
        assert!(
            accepted[kind] * 10 >= tried[kind] * 3,
            "action {kind}: {} of {} accepted; the play is vacuous",
            accepted[kind],
            tried[kind]
        );
    }
}

/// Everything paused, everybody still leaves, the treasury included.
fn drain(pool: &mut PoolWorld, holders: &[Holder]) {
    pool.pause(7);
    for holder in holders {
        let shares = pool.world.tokens(&holder.lp);
        if shares > 0 {
            let withdraw = pool.withdraw(holder, shares, 0, 0);
            let key = holder.key.insecure_clone();
            // shares worth less than an atom of either token have nothing to leave with
            let outcome = pool.world.send(&[withdraw], &[&key]);
            let worth = |reserve: u64| {
                u128::from(reserve) * u128::from(shares) / (u128::from(pool.world.supply(&pool.at.lp_mint.0)) + 1_000)
            };
            assert!(outcome.failure().is_none() || (worth(pool.reserves().0) == 0 && worth(pool.reserves().1) == 0));
            assert_invariants(&pool.world, &pool.at.pool.0);
        }
    }
    if pool.owed() != (0, 0) {
        let treasury = pool.treasury_accounts();
        let collect = pool.collect(treasury, 3);
        pool.run_unsigned(collect);
    }
    assert_eq!(pool.owed(), (0, 0));
}
