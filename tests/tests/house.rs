//! What holds of the suite as a whole.
#![allow(missing_docs, clippy::unwrap_used)]

use commonweal_tests::world::{MintExtension, World};

#[test]
fn the_interface_names_the_ids_the_programs_declare() {
    assert_eq!(commonweal_interface::ids::LIQUIDITY_POOL, liquidity_pool::ID);
    assert_eq!(
        commonweal_interface::ids::QUADRATIC_GOVERNANCE,
        quadratic_governance::ID
    );
    assert_eq!(commonweal_interface::ids::COMPUTE_ESCROW, compute_escrow::ID);
}

#[test]
fn a_world_of_the_same_seed_has_the_same_keys() {
    use solana_signer::Signer;
    let (a, b, c) = (World::seeded(7), World::seeded(7), World::seeded(8));
    assert_eq!(a.keypair("alice").pubkey(), b.keypair("alice").pubkey());
    assert_ne!(a.keypair("alice").pubkey(), c.keypair("alice").pubkey());
}

#[test]
fn tokens_of_both_programs_are_minted_moved_and_frozen_by_real_instructions() {
    use solana_signer::Signer;
    let mut world = World::new();
    let (alice, bob) = (world.actor("alice"), world.actor("bob"));
    let classic = world.mint("classic", 6);
    let taxed = world.mint_2022(
        "taxed",
        9,
        &[MintExtension::TransferFee {
            basis_points: 100,
            maximum_atoms: 5,
        }],
    );
    for (mint, arrived) in [(classic, 1_000), (taxed, 995)] {
        let from = world.funded(&mint, &alice.pubkey(), 1_000);
        let to = world.token_account(&mint, &bob.pubkey());
        world.transfer(&mint, &from, &to, &alice, 1_000);
        assert_eq!((world.tokens(&from), world.tokens(&to)), (0, arrived));
        world.freeze(&mint, &to);
        assert!(world.token_state(&to).is_frozen);
        world.thaw(&mint, &to);
        assert!(!world.token_state(&to).is_frozen);
    }
}

#[test]
fn time_passes_in_seconds_and_slots() {
    let mut world = World::new();
    let before = world.clock();
    world.warp_seconds(100);
    let after = world.clock();
    assert_eq!(after.unix_timestamp - before.unix_timestamp, 100);
    assert_eq!(after.slot - before.slot, 251);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_world_runs_on_a_bank() {
    use solana_signer::Signer;
    let mut world = World::on_a_bank(3);
    let (alice, bob) = (world.actor("alice"), world.actor("bob"));
    let mint = world.mint("coin", 6);
    let from = world.funded(&mint, &alice.pubkey(), 1_000);
    let to = world.token_account(&mint, &bob.pubkey());
    world.transfer(&mint, &from, &to, &alice, 400);
    assert_eq!((world.tokens(&from), world.tokens(&to)), (600, 400));
    let before = world.now();
    world.warp_seconds(100);
    assert_eq!(world.now() - before, 100);
    world.transfer(&mint, &from, &to, &alice, 400);
    assert_eq!(world.tokens(&to), 800);
}
