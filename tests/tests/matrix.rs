//! Every account of every instruction, replaced by what an attacker would pass.
#![allow(missing_docs)]

use commonweal_tests::{fixtures, idl, matrix};

#[test]
fn liquidity_pool_refuses_every_substituted_account() {
    check("liquidity_pool");
}

#[test]
fn quadratic_governance_refuses_every_substituted_account() {
    check("quadratic_governance");
}

#[test]
fn compute_escrow_refuses_every_substituted_account() {
    check("compute_escrow");
}

#[track_caller]
fn check(program: &str) {
    let outcomes = matrix::run(&idl::read(program), &fixtures::scenarios(program));
    matrix::assert_matches(&format!("matrix/{program}.json"), &outcomes);
}
