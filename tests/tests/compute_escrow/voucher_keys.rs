//! Vouchers of session keys that were replaced.
use {
    commonweal_tests::fixtures::escrow::{ix, lease::*, *},
    solana_instruction::Instruction,
};

fn rotate(e: &mut Escrow) {
    let rotation = ix::rotate_session_key(e.provider, e.key("provider"), e.key("new session"));
    e.run(rotation, &["provider"]);
}

fn signed_by(e: &Escrow, rent: &Rent, words: &Words, session: &str) -> [Instruction; 2] {
    let (machine, session) = (e.world.keypair("machine"), e.world.keypair(session));
    [words.verified_by(&[&machine, &session]), e.redeem(rent)]
}

#[test]
fn a_replaced_session_key_is_good_for_what_was_due_at_the_rotation() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    rotate(&mut e);
    e.world.warp_seconds(200);
    let words = e.words(&rent, 300 * RATE, 9);
    e.redeems(&rent, &words);
    let lease = e.lease(&rent);
    assert_eq!(lease.paid_atoms.get(), 100 * RATE);
    // whoever stole the old key numbers no vouchers
    assert_eq!((lease.voucher_seq.get(), lease.cumulative_atoms.get()), (0, 0));
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    let words = e.words(&rent, 250 * RATE, 1);
    let redemption = signed_by(&e, &rent, &words, "new session");
    e.world.all_succeed(&redemption, &[]);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 250 * RATE);
}

#[test]
fn an_old_key_answers_for_an_hour() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    rotate(&mut e);
    e.world.warp_seconds(3_599);
    let words = e.words(&rent, 100 * RATE, 1);
    e.redeems(&rent, &words);
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    rotate(&mut e);
    e.world.warp_seconds(3_600);
    let words = e.words(&rent, 100 * RATE, 1);
    e.redeem_fails(&rent, &words, EscrowError::VoucherKeyMismatch);
    // and the key before the last never
    let words = e.words(&rent, 100 * RATE, 1);
    let redemption = signed_by(&e, &rent, &words, "stranger");
    e.redemption_fails(&redemption, err(EscrowError::VoucherKeyMismatch));
}

#[test]
fn an_old_key_pays_no_second_of_a_later_stint() {
    // rotated in the first stint; pause and a second stint follow
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        deposit_atoms: 200 * RATE,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    e.run(e.accept(&rent), &["session"]);
    e.world.warp_seconds(150);
    rotate(&mut e);
    e.world.warp_seconds(100);
    e.run(e.crank_lease(&rent), &["cranker"]);
    // 200 seconds counted, 100 passed since the rotation: at least 100 were before
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 100 * RATE);
    e.run(e.top_up(&rent, 500 * RATE), &["client"]);
    let provider = e.key("provider");
    e.run(ix::with(e.resume(&rent), 0, provider), &["provider"]);
    e.world.warp_seconds(300);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    // rotated again: the whole first stint and what the second had counted
    let rotation = ix::rotate_session_key(e.provider, provider, e.key("session"));
    e.run(rotation, &["provider"]);
    e.world.warp_seconds(50);
    let words = e.words(&rent, u64::MAX, 1);
    let redemption = signed_by(&e, &rent, &words, "new session");
    e.world.all_succeed(&redemption, &[]);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 500 * RATE);
}
