//! Compute units where the worst case is not the scenario of the snapshot.

use crate::prelude::*;

/// A cast that moves votes between two saturated buckets takes four roots.
#[test]
fn a_cast_between_saturated_cohorts_stays_within_four_thousand_units() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..10 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..10 {
        community.cast(member, proposal, 1 + u8::from(member % 2 == 0), 10);
    }
    let receipt = community.cast(0, proposal, 1, 9);
    assert!(receipt.compute_units <= 4_000, "{}", receipt.compute_units);
}

/// The other numbers are in the snapshot; these are the promises.
#[test]
fn the_promised_limits_hold_on_these_keys() {
    let limits = [
        ("cast_votes", 2_500),
        ("execute_action", 5_000),
        ("finalize", 2_500),
        ("open_ballot", 6_000),
        ("create_proposal", 8_000),
        ("add_action", 5_000),
    ];
    for scenario in gov::scenarios() {
        let Some((_, limit)) = limits.iter().find(|(name, _)| *name == scenario.instruction) else {
            continue;
        };
        let mut made = (scenario.build)(3);
        let signers: Vec<&Keypair> = made.signers.iter().collect();
        let payer = made.signers[0].insecure_clone();
        let receipt = made
            .world
            .send_paid_by(&payer, &[made.instruction], &signers)
            .succeeded();
        println!("{}: {} CU", scenario.instruction, receipt.compute_units);
        assert!(
            receipt.compute_units <= *limit,
            "{}: {}",
            scenario.instruction,
            receipt.compute_units
        );
    }
}
