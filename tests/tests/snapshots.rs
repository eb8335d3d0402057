//! Measured figures against the committed ones.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use {
    commonweal_tests::{
        fixtures::{self, pool::PoolWorld},
        idl, snapshot,
        world::program_bytes,
    },
    serde_json::{json, Map, Value},
    std::sync::LazyLock,
};

/// A rise above this many per cent needs a change of the snapshot.
const TOLERATED_PER_CENT: u64 = 2;

/// Every instruction and its variants, measured once for all tests here.
static MEASURED: LazyLock<Value> = LazyLock::new(|| {
    let mut measured = Map::new();
    for program in idl::PROGRAMS {
        let mut all = fixtures::scenarios(program);
        all.extend(fixtures::variants(program));
        measured.insert(program.into(), snapshot::measure(&all));
    }
    Value::Object(measured)
});

#[test]
fn every_instruction_has_a_scenario() {
    for program in idl::PROGRAMS {
        let scenarios = fixtures::scenarios(program);
        let described: Vec<String> = idl::read(program).instructions.into_iter().map(|it| it.name).collect();
        let mut covered: Vec<String> = scenarios.iter().map(|it| it.instruction.to_string()).collect();
        let mut expected = described.clone();
        covered.sort();
        expected.sort();
        assert_eq!(covered, expected, "{program}");
    }
}

#[test]
fn no_instruction_costs_more_than_its_snapshot() {
    let measured = &*MEASURED;
    if snapshot::updating() {
        return snapshot::write("snapshots/cu.json", measured);
    }
    let committed = snapshot::read("snapshots/cu.json");
    let mut findings = Vec::new();
    for (program, instructions) in measured.as_object().unwrap() {
        for (instruction, now) in instructions.as_object().unwrap() {
            let then = &committed[program][instruction];
            if then.is_null() {
                findings.push(format!("{program}.{instruction} has no snapshot"));
                continue;
            }
            for figure in ["median", "max"] {
                let (now, then) = (now[figure].as_u64().unwrap(), then[figure].as_u64().unwrap());
                if now * 100 > then * (100 + TOLERATED_PER_CENT) {
                    findings.push(format!(
                        "{program}.{instruction}: {figure} rose from {then} to {now} CU"
                    ));
                }
            }
            for figure in ["accounts", "tx_bytes"] {
                if now[figure] != then[figure] {
                    findings.push(format!(
                        "{program}.{instruction}: {figure} was {}, is {}",
                        then[figure], now[figure]
                    ));
                }
            }
        }
    }
    assert!(
        findings.is_empty(),
        "run `cargo xtask snapshots` if this is meant:\n{}",
        findings.join("\n")
    );
}

/// A figure by the name a limit gives it.
fn figure(of: &str, figure: &str) -> Option<u64> {
    match of {
        "liquidity_pool.so" | "quadratic_governance.so" | "compute_escrow.so" => {
            u64::try_from(program_bytes(of.strip_suffix(".so")?).len()).ok()
        }
        "liquidity_pool.Pool" => {
            let pool = PoolWorld::new(0);
            Some(pool.world.lamports(&pool.at.pool.0))
        }
        // at the rent of a cluster, which the VM undercuts: 128 bytes of overhead, 6,960 lamports a byte
        "quadratic_governance.Ballot" => {
            let bytes = u64::try_from(quadratic_governance::state::BALLOT_LEN).ok()?;
            Some((bytes + 128) * 6_960)
        }
        "compute_escrow.Job" => {
            let bytes = u64::try_from(compute_escrow::state::Job::SIZE).ok()?;
            Some((bytes + 128) * 6_960)
        }
        "stable_swap_warm" => snapshot::read("snapshots/stable_cost.json")["warm"][figure].as_u64(),
        _ => {
            let (program, instruction) = of.split_once('.')?;
            MEASURED[program][instruction][figure].as_u64()
        }
    }
}

#[test]
fn figures_stay_within_the_limits() {
    let limits = snapshot::read("snapshots/limits.json");
    let limits = limits["limits"].as_array().unwrap();
    let mut findings = Vec::new();
    for limit in limits {
        let (of, name) = (limit["of"].as_str().unwrap(), limit["figure"].as_str().unwrap());
        let at_most = limit["at_most"].as_u64().unwrap();
        assert!(!limit["reason"].as_str().unwrap().is_empty(), "a limit wants a reason");
        match figure(of, name) {
            None => findings.push(format!("{of} has no {name}")),
            Some(is) if is > at_most => findings.push(format!("{of}: {name} is {is}, at most {at_most} allowed")),
            Some(_) => {}
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn peers_and_limits_are_beside_what_there_is() {
    let known = |name: &str| {
        // the accounts that a pool or a job comes with are no account of ours
        let name = name
            .trim_end_matches(", LP mint and vaults")
            .trim_end_matches(", its vault");
        name.split_once('.').is_some_and(|(program, rest)| {
            MEASURED[program].get(rest).is_some()
                || snapshot::read("snapshots/layout.json")[program].get(rest).is_some()
        })
    };
    let peers = snapshot::read("snapshots/peers.json");
    for kind in ["instructions", "rent"] {
        for peer in peers[kind].as_array().unwrap() {
            for ours in peer["beside"].as_array().unwrap() {
                assert!(known(ours.as_str().unwrap()), "{peer} is beside nothing");
            }
        }
    }
    for life in peers["lives"].as_array().unwrap() {
        for ours in life["ours"].as_array().unwrap() {
            assert!(known(ours.as_str().unwrap()), "{ours} is no instruction");
        }
        for theirs in life["theirs"].as_array().unwrap() {
            let is_it = |other: &&Value| other["peer"] == life["peer"] && other["instruction"] == *theirs;
            assert!(
                peers["instructions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|other| is_it(&other)),
                "{theirs} is not measured"
            );
        }
    }
}

#[test]
fn account_layouts_are_those_of_the_snapshot() {
    let mut layouts = Map::new();
    for program in idl::PROGRAMS {
        layouts.insert(program.into(), snapshot::layouts(&idl::read(program)));
    }
    snapshot::assert_same("snapshots/layout.json", &Value::Object(layouts));
}

#[test]
fn error_codes_are_those_of_the_snapshot_and_never_overlap() {
    let mut errors = Map::new();
    let mut seen = std::collections::BTreeSet::new();
    for program in idl::PROGRAMS {
        let mut codes = Map::new();
        for error in idl::read(program).errors {
            assert!(seen.insert(error.code), "{program}: code {} is used twice", error.code);
            codes.insert(error.name, json!(error.code));
        }
        errors.insert(program.into(), Value::Object(codes));
    }
    snapshot::assert_same("snapshots/errors.json", &Value::Object(errors));
}

#[test]
fn instructions_and_events_are_borsh_byte_for_byte_and_those_of_the_snapshot() {
    let mut all = Map::new();
    for program in idl::PROGRAMS {
        all.insert(
            program.into(),
            snapshot::golden(&idl::read(program), &fixtures::scenarios(program)),
        );
    }
    snapshot::assert_same("snapshots/golden.json", &Value::Object(all));
}
