//! What swaps on the stable curve cost: Newton's method takes as many steps as the pool's balance asks for, so one figure
//! would say little. A distribution over random pools and amounts does.

use {
    commonweal_tests::{
        fixtures::pool::{full_terms, Ground, PoolWorld},
        snapshot,
        world::World,
    },
    liquidity_pool::state::{ConfigTerms, Side},
    rand::Rng,
    serde_json::{json, Value},
};

const POOLS: u64 = 40;
/// Swaps on each pool after the first, which finds the invariant unknown.
const WARM: usize = 10;
const _: () = assert!(POOLS as usize * WARM >= 300);
/// A rise above this many per cent needs a change of the snapshot.
const TOLERATED_PER_CENT: u64 = 2;

/// A number between `low` and `high` whose logarithm is spread evenly.
fn spread(world: &mut World, low: u64, high: u64) -> u64 {
    let (low, high) = ((low as f64).ln(), (high as f64).ln());
    world.rng.random_range(low..high).exp() as u64
}

/// A pool of random amplification, decimals, size and balance, with every mechanism on.
fn random_pool(seed: u64) -> PoolWorld {
    let mut world = World::seeded(1_000 + seed);
    let decimals = (world.rng.random_range(5..10), world.rng.random_range(5..10));
    let amplification = spread(&mut world, 10, 5_000) as u32;
    let units = spread(&mut world, 1_000, 10_000_000);
    // one side has up to ten times the other
    let tenths = spread(&mut world, 10, 100);
    let is_a_short = world.rng.random_bool(0.5);
    let atoms = |decimals: u8, is_short: bool| {
        let all = units * 10u64.pow(u32::from(decimals));
        if is_short {
            all / tenths * 10
        } else {
            all
        }
    };
    let (a, b) = (atoms(decimals.0, is_a_short), atoms(decimals.1, !is_a_short));
    let (mint_a, mint_b) = world.mint_pair("pair", decimals);
    let terms = |authority, treasury| ConfigTerms {
        curve: 1,
        amplification,
        ..full_terms(authority, treasury)
    };
    Ground::with_terms(world, mint_a, mint_b, terms).open(a, b)
}

fn distribution(mut units: Vec<u64>) -> Value {
    units.sort_unstable();
    // the smallest that at least so many per cent do not exceed
    let at = |per_cent: usize| units[(units.len() * per_cent).div_ceil(100) - 1];
    json!({
        "samples": units.len(),
        "min": units[0],
        "median": at(50),
        "p90": at(90),
        "p99": at(99),
        "max": units[units.len() - 1],
    })
}

#[test]
fn warm_and_cold_swaps_on_the_stable_curve_cost_what_the_snapshot_says() {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for seed in 0..POOLS {
        let mut pool = random_pool(seed);
        let trader = pool.holder("trader", u64::MAX / 4, u64::MAX / 4);
        let mut done = 0;
        while done <= WARM {
            let seconds = pool.world.rng.random_range(0..90);
            pool.world.warp_seconds(seconds);
            let input = if pool.world.rng.random_bool(0.5) {
                Side::A
            } else {
                Side::B
            };
            let (a, b) = pool.reserves();
            let reserve = if input == Side::A { a } else { b };
            let amount = spread(&mut pool.world, (reserve / 1_000_000).max(1_000), reserve / 10);
            let swap = pool.swap_in(&trader, input, amount, 1);
            let units = pool.run(swap, &trader).compute_units;
            if done == 0 {
                cold.push(units)
            } else {
                warm.push(units)
            }
            done += 1;
        }
    }
    let measured = json!({ "warm": distribution(warm), "cold": distribution(cold) });
    println!("{}", serde_json::to_string_pretty(&measured).unwrap());
    if snapshot::updating() {
        return snapshot::write("snapshots/stable_cost.json", &measured);
    }
    let committed = snapshot::read("snapshots/stable_cost.json");
    for kind in ["warm", "cold"] {
        for figure in ["median", "p99"] {
            let (now, then) = (
                measured[kind][figure].as_u64().unwrap(),
                committed[kind][figure].as_u64(),
            );
            assert!(
                then.is_some_and(|then| now * 100 <= then * (100 + TOLERATED_PER_CENT)),
                "{kind} {figure} rose from {then:?} to {now} CU; run `cargo xtask snapshots` if this is meant"
            );
        }
    }
}
