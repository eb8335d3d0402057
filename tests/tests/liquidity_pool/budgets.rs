//! The promised compute units, with every mechanism on.

use {
    commonweal_tests::{
        fixtures::pool::{full_stable_terms, pool_scenario_under, scenarios},
        scenario::Scenario,
    },
    liquidity_pool::state::Side,
    solana_keypair::Keypair,
};

/// Units of a scenario on one set of keys.
fn units(mut made: Scenario) -> u64 {
    let signers: Vec<&Keypair> = made.signers.iter().collect();
    let payer = made.signers[0].insecure_clone();
    let sent = made.world.send_paid_by(&payer, &[made.instruction], &signers);
    sent.succeeded().compute_units
}

/// Middle of the units over several sets of keys.
fn median(build: impl Fn(u64) -> Scenario) -> u64 {
    let mut all: Vec<u64> = (0..7).map(|seed| units(build(seed))).collect();
    all.sort_unstable();
    all[3]
}

#[test]
fn the_promised_limits_hold() {
    let limits = [
        ("swap_exact_in", 4_800),
        ("deposit", 6_500),
        ("withdraw", 6_500),
        ("create_pool", 28_000),
    ];
    for scenario in scenarios() {
        let Some((_, limit)) = limits.iter().find(|(name, _)| *name == scenario.instruction) else {
            continue;
        };
        let units = median(scenario.build);
        println!("{}: {units}", scenario.instruction);
        assert!(units <= *limit, "{}: {units}", scenario.instruction);
    }
}

/// Warm: the invariant is the one the last swap left.
#[test]
fn a_stable_swap_stays_within_twelve_thousand_units() {
    let reserves = (1_000_000_000_000, 1_100_000_000_000_000);
    let sell = median(|seed| {
        pool_scenario_under(seed, full_stable_terms, reserves, |pool, holder| {
            pool.swap_in(holder, Side::A, 1_234_567_890, 1)
        })
    });
    println!("stable swap_exact_in: {sell}");
    assert!(sell <= 12_000, "{sell}");
}
