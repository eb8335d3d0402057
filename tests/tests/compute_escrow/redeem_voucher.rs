use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::*, *},
};

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
    assert_eq!(e.world.tokens(&payout.vault), 37_000);
    assert_eq!(e.world.tokens(&rent.vault), LEASE_DEPOSIT - 37_000);
    let lease = e.lease(&rent);
    assert_eq!((lease.paid_atoms.get(), lease.cumulative_atoms.get()), (37_000, 37_000));
    assert_eq!((lease.voucher_seq.get(), lease.usage_root), (7, USAGE));
    assert!(receipt.compute_units <= 8_000, "{} CU", receipt.compute_units);
    let size = e
        .redemption(&rent, &words)
        .iter()
        .map(|ix| ix.data.len())
        .sum::<usize>();
    assert_eq!(size, 410 + 1);
}

#[test]
fn no_more_is_paid_than_signed_counted_or_put_in() {
    // signed
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(1_000);
    let words = e.words(&rent, 999, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 999);
    // counted: a second more than the chain's
    let words = e.words(&rent, 1_001 * RATE, 2);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 1_000 * RATE);
    // put in: 3,600 whole seconds, and five atoms that pay none
    e.world.warp_seconds(1_000_000);
    let words = e.words(&rent, u64::MAX, 3);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), LEASE_DEPOSIT - 5);
}

#[test]
fn a_voucher_never_pays_twice() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(1_000);
    let words = e.words(&rent, 500 * RATE, 1);
    e.redeems(&rent, &words);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    e.world.warp_seconds(1_000);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    // nor does the same amount under another number
    e.redeem_fails(&rent, &Words { seq: 2, ..words }, EscrowError::NothingDue);
}

#[test]
fn a_voucher_redeemed_too_early_pays_the_rest_later() {
    // a stranger hurries a voucher to the chain before the chain's clock has come so far
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(90);
    let words = e.words(&rent, 100 * RATE, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 90 * RATE);
    e.world.warp_seconds(30);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 100 * RATE);
    assert_eq!(e.payout_state().claimable_atoms.get(), 3_626);
}

#[test]
fn numbers_rise_and_amounts_do_not_fall() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(1_000);
    let words = e.words(&rent, 100 * RATE, 5);
    e.redeems(&rent, &words);
    for (seq, seconds) in [(4, 200), (5, 200), (6, 99), (5, 99), (0, 200)] {
        let other = e.words(&rent, seconds * RATE, seq);
        e.redeem_fails(&rent, &other, EscrowError::VoucherStale);
    }
    let next = e.words(&rent, 200 * RATE, 6);
    e.redeems(&rent, &next);
}

#[test]
fn thousands_of_settlements_pay_what_one_does() {
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        rate_per_second_atoms: 7,
        deposit_atoms: 21_000,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    e.run(e.accept(&rent), &["session"]);
    for second in 1..=2_000 {
        e.world.warp(1, 3);
        let words = e.words(&rent, 7 * second, second);
        let redemption = e.redemption(&rent, &words);
        e.world.all_succeed(&redemption, &[]);
    }
    e.check();
    // 14,000 atoms: ⌊14,000 · 0.98⌋ = 13,720; each alone would have paid 6 of 7
    let payout = e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (13_720, 280)
    );
}

#[test]
fn a_voucher_counts_for_its_program_cluster_lease_and_slot_only() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let error = EscrowError::VoucherOfAnotherLease;
    for wrong in [
        Words {
            tag: *b"CWL2",
            ..words.clone()
        },
        Words {
            program: commonweal_interface::ids::LIQUIDITY_POOL,
            ..words.clone()
        },
        Words {
            genesis: [8; 32],
            ..words.clone()
        },
        Words {
            uid: [1; 32],
            ..words.clone()
        },
        Words {
            slot: e.key("stranger"),
            ..words.clone()
        },
    ] {
        e.redeem_fails(&rent, &wrong, error);
    }
    e.redeems(&rent, &words);
}

#[test]
fn an_old_voucher_is_void_for_a_lease_created_again() {
    let mut e = Escrow::ready(0);
    let first = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&first, 100 * RATE, 1);
    e.run(e.close_by_provider(&first), &["session"]);
    e.next_nonce -= 1;
    let second = e.rent();
    assert_eq!(first.lease, second.lease);
    e.run(e.accept(&second), &["session"]);
    e.world.warp_seconds(100);
    e.redeem_fails(&second, &words, EscrowError::VoucherOfAnotherLease);
}

#[test]
fn a_voucher_expires() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = Words {
        expires_ts: e.world.now() + 10,
        ..e.words(&rent, 50 * RATE, 1)
    };
    e.world.warp_seconds(11);
    e.redeem_fails(&rent, &words, EscrowError::VoucherExpired);
    let at_the_end = Words {
        expires_ts: e.world.now(),
        ..words
    };
    e.redeems(&rent, &at_the_end);
}

#[test]
fn the_last_voucher_is_good_through_the_settling_whatever_its_expiry() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::SETTLING);
    let end = e.lease(&rent).entered_ts.get();
    let words = Words {
        expires_ts: end,
        ..e.words(&rent, 100 * RATE, 1)
    };
    e.world.warp_seconds(SETTLE - 1);
    let expired = Words {
        expires_ts: end - 1,
        ..words.clone()
    };
    e.redeem_fails(&rent, &expired, EscrowError::VoucherExpired);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 100 * RATE);
}

#[test]
fn a_clock_that_stepped_back_prolongs_no_voucher() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::SETTLING);
    let end = e.lease(&rent).entered_ts.get();
    e.world.warp(-50, 10);
    let words = Words {
        expires_ts: end - 50,
        ..e.words(&rent, 50 * RATE, 1)
    };
    // by the clock of now it is good
    e.redeems(&rent, &words);
}

#[test]
fn vouchers_are_redeemed_in_every_state_that_has_run() {
    for state in [
        lease_code::ACTIVE,
        lease_code::PAUSED,
        lease_code::RECLAIMING,
        lease_code::SETTLING,
    ] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.world.warp_seconds(50);
        let words = e.words(&rent, 50 * RATE, 1);
        e.redeems(&rent, &words);
        assert_eq!(e.lease(&rent).paid_atoms.get(), 50 * RATE);
        assert_eq!(e.lease(&rent).state, state);
    }
    for state in [lease_code::JOINED, lease_code::REFUNDABLE] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.world.warp_seconds(50);
        let words = e.words(&rent, 50 * RATE, 1);
        e.redeem_fails(&rent, &words, EscrowError::WrongLeaseState);
    }
    // an open lease that names the slot
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        slot: e.slot,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    let words = e.words(&rent, 50 * RATE, 1);
    e.redeem_fails(&rent, &words, EscrowError::WrongLeaseState);
}

#[test]
fn a_halted_cluster_accrues_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    // a day by the clock, ten slots
    e.world.warp(86_400, 10);
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 8 * RATE);
}

#[test]
fn a_clock_that_steps_back_pays_nothing_and_breaks_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 10_000, 1);
    e.redeems(&rent, &words);
    e.world.warp(-80, 10);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    e.world.warp(-1_000, 10);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    e.world.warp(1_130, 10_000);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 150 * RATE);
}

#[test]
fn the_provider_alone_redeems_the_last_voucher_and_nothing_more() {
    // the client vanishes with its key; what both had signed is paid, not an atom more
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(60);
    let words = e.words(&rent, 60 * RATE, 1);
    e.world.warp_seconds(600);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 60 * RATE);
    let more = e.words(&rent, 600 * RATE, 2);
    let (session, redeem) = (e.world.keypair("session"), e.redeem(&rent));
    let alone = more.verified_by(&[&session, &session]);
    e.redemption_fails(&[alone, redeem], err(EscrowError::VoucherKeyMismatch));
}

#[test]
fn it_pays_the_leases_slot_from_the_leases_vault() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival_with_payout("rival");
    let rivals_provider = ix::provider(&e.key("rival")).0;
    let other = e.rent();
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let [precompile, redeem] = e.redemption(&rent, &words);
    let rivals_payout = ix::payout(&rivals, &e.mint.address).0;
    let second = e.world.mint("second", 6);
    let payout = ix::payout(&e.slot, &second.address).0;
    let open = ix::open_payout(e.key("payer"), e.slot, second.address, second.program);
    e.run(open, &["payer"]);
    let fails =
        |e: &mut Escrow, changes: &[(usize, solana_address::Address)], error: commonweal_tests::world::Failure| {
            let mut wrong = redeem.clone();
            for (index, address) in changes {
                wrong.accounts[*index].pubkey = *address;
            }
            e.redemption_fails(&[precompile.clone(), wrong], error);
        };
    fails(&mut e, &[(1, other.vault)], err(EscrowError::NotTheVault));
    fails(&mut e, &[(2, rivals_provider)], builtin::ADDRESS.into());
    fails(&mut e, &[(2, rivals_provider), (3, rivals)], builtin::ADDRESS.into());
    fails(
        &mut e,
        &[(4, rivals_payout), (5, ix::vault(&rivals_payout).0)],
        err(EscrowError::PayoutMismatch),
    );
    fails(
        &mut e,
        &[(4, payout), (5, ix::vault(&payout).0)],
        err(EscrowError::PayoutMismatch),
    );
    fails(&mut e, &[(5, ix::vault(&rivals_payout).0)], builtin::ADDRESS.into());
    fails(&mut e, &[(6, second.address)], builtin::ADDRESS.into());
    fails(
        &mut e,
        &[(7, commonweal_interface::ids::TOKEN_2022)],
        err(EscrowError::WrongTokenProgram),
    );
    let fake = e.key("stranger");
    fails(&mut e, &[(8, fake)], builtin::ADDRESS.into());
}

#[test]
fn a_frozen_payout_takes_nothing_and_changes_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let (mint, vault) = (e.mint.clone(), e.payout_state().vault);
    e.world.freeze(&mint, &vault);
    let redemption = e.redemption(&rent, &words);
    e.redemption_fails(&redemption, builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &vault);
    e.redeems(&rent, &words);
}

#[test]
fn token_2022_pays_too() {
    let mut e = Escrow::ready_2022(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(1_000);
    let words = e.words(&rent, 1_000 * RATE, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.payout_state().claimable_atoms.get(), 36_260);
}
