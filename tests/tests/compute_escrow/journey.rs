//! Whole lives of jobs, and what holds across instructions.

use commonweal_tests::{
    fixtures::escrow::{ix, *},
    snapshot,
};

#[test]
fn compute_units_stay_within_the_issues_limits() {
    let units = snapshot::measure(&scenarios());
    let median = |name: &str| units[name]["median"].as_u64().unwrap();
    for (instruction, limit) in [("post_job", 8_000), ("settle", 8_000)] {
        assert!(
            median(instruction) <= limit,
            "{instruction} takes {}",
            median(instruction)
        );
    }
    for (instruction, limit) in [("claim_job", 4_000), ("commit_result", 3_000), ("reveal_result", 3_500)] {
        assert!(
            median(instruction) <= limit,
            "{instruction} takes {}",
            median(instruction)
        );
    }
    // the scenario pays out a donated surplus; almost always there is none
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    let closing = e.run(e.close(&order), &[]).compute_units;
    assert!(closing <= 2_700, "close_job takes {closing}");
    if std::env::var_os("PRINT_UNITS").is_some() {
        println!("close_job without surplus: {closing}");
        for scenario in scenarios() {
            println!("{}: {}", scenario.instruction, units[scenario.instruction]);
        }
    }
}

#[test]
fn a_job_leaves_nothing_behind_but_what_was_earned() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let order = e.job_in(state_code::FINAL);
    e.run(e.close(&order), &[]);
    let (provider, treasury) = (e.tokens_of("provider"), e.tokens_of("treasury"));
    e.run(e.withdraw_payout(provider), &["provider"]);
    e.run(e.sweep(treasury), &[]);
    e.run(e.close_payout(provider), &["provider"]);
    e.run(e.withdraw_bond(DEPOSIT), &["provider"]);
    assert_eq!(
        e.world.tokens(&e.client_token) + e.world.tokens(&provider) + e.world.tokens(&treasury),
        CLIENT_ATOMS
    );
    assert_eq!(e.world.supply(&e.mint.address), CLIENT_ATOMS);
    assert_eq!(
        (e.world.tokens(&provider), e.world.tokens(&treasury)),
        (PROVIDER_PART, FEE_PART)
    );
    // all rent is back: the job's, the vault's and, with the payout closed, more than there was before the job
    assert_eq!(
        e.world.lamports(&e.key("payer")),
        payer + e.world.rent(256) + e.world.rent(165)
    );
    assert_eq!(e.world.lamports(&e.slot), e.world.rent(336));
}

#[test]
fn a_rehearsal_plays_a_whole_life_in_seconds() {
    let mut e = Escrow::rehearsal(0);
    let t = JobTerms {
        open_seconds: 2,
        start_seconds: 2,
        run_seconds: 2,
        reveal_seconds: 2,
        challenge_seconds: 2,
        ..terms()
    };
    let order = e.post_with(&t);
    e.drive(&order, state_code::CHALLENGEABLE);
    e.world.warp_seconds(2);
    e.run(e.settle(&order), &[]);
    e.run(e.close(&order), &[]);
    let silent = e.post_with(&t);
    e.world.warp_seconds(2);
    e.run(e.crank(&silent), &["cranker"]);
}

#[test]
fn every_state_has_an_exit_that_needs_no_particular_signature() {
    for state in [
        state_code::OPEN,
        state_code::CLAIMED,
        state_code::RUNNING,
        state_code::COMMITTED,
        state_code::CHALLENGEABLE,
        state_code::FINAL,
    ] {
        let mut e = Escrow::ready(u64::from(state));
        let order = e.job_in(state);
        for _ in 0..4 {
            if !e.world.exists(&order.job) {
                break;
            }
            e.world.warp_seconds(10_000);
            match e.job(&order).state {
                state_code::CHALLENGEABLE => e.run(e.settle(&order), &[]),
                state_code::FINAL => e.run(e.close(&order), &[]),
                _ => e.run(e.crank(&order), &["cranker"]),
            };
        }
        assert!(
            !e.world.exists(&order.job) && !e.world.exists(&order.vault),
            "state {state} has no exit"
        );
        assert_eq!(e.slot_state().locked_lamports.get(), 0);
    }
}

#[test]
fn no_instruction_of_the_admin_touches_what_others_own() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    let harsh = ConfigParams {
        fee_ppm: 50_000,
        crank_bounty_lamports: 10_000_000,
        min_bond_lamports: 10_000_000_000,
        treasury: e.key("admin"),
    };
    e.run(ix::update_config(e.config, e.key("admin"), &harsh), &["admin"]);
    e.run(ix::disallow_mint(e.config, e.key("admin"), e.mint.address), &["admin"]);
    // with everything turned against them, both sides still get their due
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(e.slot_state().slashed_lamports.get(), BOND);
    e.run(e.withdraw_bond(DEPOSIT - BOND), &["provider"]);
}

#[test]
fn the_rent_of_the_cluster_is_asked_for_and_none_is_assumed() {
    let mut e = Escrow::ready(0);
    let mut rent: solana_program::rent::Rent = e.world.svm.get_sysvar();
    rent.lamports_per_byte *= 2;
    e.world.svm.set_sysvar(&rent);
    let payer = e.world.lamports(&e.key("payer"));
    let post = e.post_job(e.next_nonce, &terms());
    let keys = [e.world.keypair("client"), e.world.keypair("payer")];
    e.world.succeeds(post, &[&keys[0], &keys[1]]);
    let paid = payer - e.world.lamports(&e.key("payer"));
    assert_eq!(paid, rent.minimum_balance(436) + rent.minimum_balance(165) + BOUNTY);
}

#[test]
fn many_small_jobs_never_pay_out_more_than_one_large() {
    let mut e = Escrow::ready(0);
    for _ in 0..3 {
        e.next_nonce += 1;
        let order = e.post_with(&JobTerms {
            price_atoms: 33,
            ..terms()
        });
        e.drive(&order, state_code::FINAL);
    }
    let small = e.payout_state().claimable_atoms.get();
    let order = e.post_with(&JobTerms {
        price_atoms: 99,
        ..terms()
    });
    e.drive(&order, state_code::FINAL);
    let large = e.payout_state().claimable_atoms.get() - small;
    // ⌊33·0.98⌋ = 32 three times, ⌊99·0.98⌋ = 97
    assert_eq!((small, large), (96, 97));
}
