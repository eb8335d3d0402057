use commonweal_tests::fixtures::escrow::{lease::*, *};

#[test]
fn two_transactions_pay_any_duration() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(1_000);
    let words = e.words(&rent, 1_000 * RATE, 7);
    let receipt = e.redeems(&rent, &words);
    // 37,000 atoms: ⌊37,000 · 0.98⌋ = 36,260 and 740
    let payout = e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (36_260, 740)
    );
    assert_eq!(e.world.tokens(&rent.vault), LEASE_DEPOSIT - 37_000);
    assert!(receipt.compute_units <= 8_000, "{} CU", receipt.compute_units);
}
