//! What swaps on the stable curve cost: Newton's method takes as many steps as the pool's balance asks for, so one figure
//! would say little. A distribution over random pools and amounts does.

use {
    commonweal_tests::{
        fixtures::pool::{full_terms, ramp_amplification, Ground, Holder, PoolWorld},
        snapshot,
        world::World,
    },
    liquidity_pool::state::{ConfigTerms, Side},
    rand::Rng,
    serde_json::{json, Value},
    solana_signer::Signer,
};

const POOLS: u64 = 40;
/// Swaps on each pool that find the invariant as the last one left it.
const WARM: usize = 10;
const _: () = assert!(POOLS as usize * WARM >= 300);
/// Swaps on each pool while its amplification moves: each solves the invariant again.
const RAMPING: usize = 5;
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

/// A swap of up to a tenth of the reserve, after up to so many seconds.
fn swap(pool: &mut PoolWorld, trader: &Holder, most_seconds: i64) -> u64 {
    let seconds = pool.world.rng.random_range(0..most_seconds);
    pool.world.warp_seconds(seconds);
    let input = if pool.world.rng.random_bool(0.5) {
        Side::A
    } else {
        Side::B
    };
    let (a, b) = pool.reserves();
    let reserve = if input == Side::A { a } else { b };
    let amount = spread(&mut pool.world, (reserve / 1_000_000).max(1_000), reserve / 10);
    let swap = pool.swap_in(trader, input, amount, 1);
    pool.run(swap, trader).compute_units
}

#[test]
fn swaps_on_the_stable_curve_cost_what_the_snapshot_says() {
    let (mut warm, mut ramping) = (Vec::new(), Vec::new());
    for seed in 0..POOLS {
        let mut pool = random_pool(seed);
        let trader = pool.holder("trader", u64::MAX / 4, u64::MAX / 4);
        // every second observation is due
        warm.extend((0..WARM).map(|_| swap(&mut pool, &trader, 120)));
        let target = pool.config().amplification_to.get() * 3;
        let end_ts = pool.world.now() + 100_000;
        let ramp = ramp_amplification(&pool.authority.pubkey(), &pool.config, target, end_ts);
        let authority = pool.authority.insecure_clone();
        pool.world.succeeds(ramp, &[&authority]);
        ramping.extend((0..RAMPING).map(|_| swap(&mut pool, &trader, 20_000)));
    }
    let measured = json!({ "warm": distribution(warm), "ramping": distribution(ramping) });
    println!("{}", serde_json::to_string_pretty(&measured).unwrap());
    if snapshot::updating() {
        return snapshot::write("snapshots/stable_cost.json", &measured);
    }
    let committed = snapshot::read("snapshots/stable_cost.json");
    for kind in ["warm", "ramping"] {
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
