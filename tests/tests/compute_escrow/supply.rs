//! Every instruction of persons, attestations and reputation alike: signatures, writability, events, cost.

use {
    commonweal_tests::{
        fixtures::escrow::{supply::*, *},
        scenario::Scenario,
        snapshot,
    },
    compute_escrow::{
        events::{AttestationClosed, CourtUpdated, PersonLinked, ReputationFolded, ResultAttested, SlotAttested},
        state::Court,
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer as _,
};

#[test]
fn every_signature_and_every_change_is_asked_for() {
    for def in supply_scenarios() {
        let accounts = (def.build)(0).instruction.accounts.len();
        for at in 0..accounts {
            for takes_signature in [true, false] {
                let Scenario {
                    mut world,
                    mut instruction,
                    signers,
                    ..
                } = (def.build)(0);
                let meta = &mut instruction.accounts[at];
                if takes_signature && meta.is_signer {
                    meta.is_signer = false;
                } else if !takes_signature && meta.is_writable {
                    meta.is_writable = false;
                } else {
                    continue;
                }
                let asked = |key: &&Keypair| {
                    instruction
                        .accounts
                        .iter()
                        .any(|meta| meta.is_signer && meta.pubkey == key.pubkey())
                };
                let keys: Vec<&Keypair> = signers.iter().filter(asked).collect();
                let outcome = world.send(&[instruction.clone()], &keys);
                assert!(outcome.failure().is_some(), "{} takes account {at} so", def.instruction);
            }
        }
    }
}

fn supply_scenarios() -> Vec<commonweal_tests::scenario::ScenarioDef> {
    commonweal_tests::fixtures::escrow::supply::scenarios()
}

#[test]
fn what_this_part_costs() {
    let units = snapshot::measure(&supply_scenarios());
    for (instruction, limit) in [
        ("update_court", 1_000),
        ("link_person", 4_500),
        ("unlink_person", 1_300),
        ("attest_slot", 4_500),
        ("close_attestation", 1_000),
        ("fold_reputation", 1_200),
        ("attest_result", 1_100),
    ] {
        let median = units[instruction]["median"].as_u64().unwrap();
        assert!(median <= limit, "{instruction} takes {median}");
    }
}

#[test]
fn an_empty_place_among_the_attestors_is_nobody() {
    let court: Court = bytemuck::Zeroable::zeroed();
    assert!(!court.is_attestor(&Address::default()));
    assert!(!court.has_attestors());
}

#[test]
fn the_story_of_persons_and_attestations_can_be_read_from_events() {
    let mut e = Escrow::ready(0);
    let attestor = e.world.actor("attestor").pubkey();
    let update = update_court(e.config, e.key("admin"), &court(&[attestor]));
    let event = e.run(update, &["admin"]).events::<CourtUpdated>()[0];
    assert_eq!(
        (event.config, event.attestors[0], event.ruling_seconds.get()),
        (e.config, attestor, 3_000_008)
    );
    assert_eq!(
        (event.seat_fee_lamports.get(), event.juror_stake_lamports.get()),
        (2_000_001, 30_000_002)
    );

    let ann = e.person("ann");
    let event = e.run(e.link("ann", ann), &["ann", "provider"]).events::<PersonLinked>()[0];
    assert_eq!((event.provider, event.person, event.is_linked), (e.provider, ann, 1));
    assert_eq!(event.head_start_until_ts.get(), e.world.now() + 7_776_000);
    let event = e.run(e.unlink("ann", ann), &["ann"]).events::<PersonLinked>()[0];
    assert_eq!(
        (event.person, event.is_linked, event.head_start_until_ts.get()),
        (ann, 0, 0)
    );

    let claim = e.speed(77);
    let event = e
        .run(e.attest("attestor", &claim), &["attestor"])
        .events::<SlotAttested>()[0];
    assert_eq!((event.slot, event.attestor, event.kind), (e.slot, attestor, SPEED));
    assert_eq!(
        (event.score.get(), event.expires_ts.get(), event.evidence_hash),
        (77, claim.expires_ts, EVIDENCE)
    );
    let close = close_attestation(attestor, attestor, e.slot, SPEED);
    let event = e.run(close, &["attestor"]).events::<AttestationClosed>()[0];
    assert_eq!((event.slot, event.attestor, event.kind), (e.slot, attestor, SPEED));

    let order = e.post_with(&attested_terms());
    e.drive(&order, state_code::CHALLENGEABLE);
    let event = e
        .run(e.countersign("attestor", &order), &["attestor"])
        .events::<ResultAttested>()[0];
    assert_eq!(
        (event.uid, event.attestor, event.result, event.evidence_hash),
        (order.uid, attestor, RESULT, EVIDENCE)
    );
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &[]);
    let event = e.run(e.fold(e.slot), &[]).events::<ReputationFolded>()[0];
    assert_eq!((event.provider, event.slot), (e.provider, e.slot));
    assert_eq!(
        (
            event.score_q32.get(),
            event.jobs_completed.get(),
            event.jobs_failed.get()
        ),
        (85_903_640, 1, 0)
    );
}
