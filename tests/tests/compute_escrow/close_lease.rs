use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        ix,
        lease::ix::Leave,
        lease::{lease_code::*, *},
        *,
    },
    solana_address::Address,
};

#[test]
fn an_open_lease_returns_at_once() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let rent = e.rent();
    e.run(e.close_by_client(&rent), &["client"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(e.world.lamports(&e.key("payer")), payer);
    assert!(!e.world.exists(&rent.lease) && !e.world.exists(&rent.vault));
}

#[test]
fn an_open_lease_returns_to_any_account_the_client_names() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    let account = e.tokens_of("stranger");
    let (mint, own) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &own);
    let close = e.close_by_client(&rent);
    e.fails_as(close.clone(), &["client"], builtin::TOKEN_FROZEN);
    e.run(ix::with(close, 5, account), &["client"]);
    assert_eq!(e.world.tokens(&account), LEASE_DEPOSIT);
}

#[test]
fn a_client_ends_a_running_lease_and_is_refunded_after_the_settling() {
    for state in [ACTIVE, PAUSED, RECLAIMING] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.world.warp_seconds(100);
        let counted = if state == PAUSED { 3_600 } else { 100 };
        e.run(e.close_by_client(&rent), &["client"]);
        let (lease, slot) = (e.lease(&rent), e.slot_state());
        assert_eq!((lease.state, lease.active_seconds.get()), (SETTLING, counted));
        assert_eq!(
            (slot.current_job, slot.locked_lamports.get()),
            (Address::default(), BOND)
        );
        // nothing counts any more
        e.world.warp_seconds(1_000);
        let words = e.words(&rent, u64::MAX, 1);
        e.redeems(&rent, &words);
        assert_eq!(e.lease(&rent).paid_atoms.get(), counted * RATE);
        e.fails(e.close_by_client(&rent), &["client"], EscrowError::WrongLeaseState);
    }
}

#[test]
fn a_slot_works_on_while_its_last_lease_settles() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(SETTLING);
    let next = e.lease_in(ACTIVE);
    assert_eq!(e.slot_state().locked_lamports.get(), 2 * BOND);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    let slot = e.slot_state();
    assert_eq!((slot.current_job, slot.locked_lamports.get()), (next.lease, BOND));
}

#[test]
fn the_same_address_rented_again_is_not_freed_by_the_end_of_the_first() {
    // the first has ended for good before its address can live again
    let mut e = Escrow::ready(0);
    let first = e.lease_in(SETTLING);
    e.next_nonce -= 1;
    let again = e.post_lease(e.next_nonce, &lease_terms(&e.world), None);
    e.fails_as(again, &["client", "payer"], builtin::SYSTEM_IN_USE);
    e.next_nonce += 1;
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&first), &["cranker"]);
    e.next_nonce -= 1;
    let second = e.rent();
    e.run(e.accept(&second), &["session"]);
    assert_eq!(e.slot_state().current_job, second.lease);
}

#[test]
fn a_provider_that_leaves_without_notice_pays_the_compensation() {
    for notice in [false, true] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(ACTIVE);
        e.world.warp_seconds(100);
        if notice {
            // given, but its time has not passed
            e.run(e.notice(&rent), &["session"]);
            e.world.warp(NOTICE, 375 - 1);
        }
        let (client, payer) = (e.world.lamports(&e.key("client")), e.world.lamports(&e.key("payer")));
        let words = e.words(&rent, 100 * RATE, 1);
        e.redeems(&rent, &words);
        e.run(e.close_by_provider(&rent), &["session"]);
        assert_eq!(e.world.lamports(&e.key("client")), client + COMPENSATION);
        let cost = e.world.rent(436) + e.world.rent(165) + 2 * BOUNTY;
        assert_eq!(e.world.lamports(&e.key("payer")), payer + cost);
        assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 100 * RATE);
        let slot = e.slot_state();
        assert_eq!(slot.bond_lamports.get(), DEPOSIT - COMPENSATION);
        assert_eq!(
            (slot.slashed_lamports.get(), slot.burnt_lamports.get()),
            (COMPENSATION, 0)
        );
        assert_eq!((slot.locked_lamports.get(), slot.current_job), (0, Address::default()));
        // 3,700 atoms: ⌊3,700 · 0.98⌋ = 3,626 and 74
        let receipt = sha(&[
            b"commonweal:rcp:1",
            &[0; 32],
            &0u64.to_le_bytes(),
            &rent.uid,
            &[0x11; 32],
            &USAGE,
            &[9],
            &3_626u64.to_le_bytes(),
            &74u64.to_le_bytes(),
            &COMPENSATION.to_le_bytes(),
        ]);
        assert_eq!(slot.receipt_head, receipt);
        assert!(!e.world.exists(&rent.lease) && !e.world.exists(&rent.vault));
    }
}

#[test]
fn leaving_after_the_notice_or_an_empty_settling_or_paused_lease_is_free() {
    for state in [RECLAIMING, PAUSED, SETTLING, ACTIVE] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        match state {
            RECLAIMING => e.world.warp(NOTICE, 375),
            ACTIVE => e.world.warp_seconds(FUNDED),
            _ => {}
        }
        let client = e.world.lamports(&e.key("client"));
        e.run(e.close_by_provider(&rent), &["session"]);
        assert_eq!(e.world.lamports(&e.key("client")), client);
        assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
        let slot = e.slot_state();
        assert_eq!(
            (
                slot.bond_lamports.get(),
                slot.locked_lamports.get(),
                slot.jobs_failed.get()
            ),
            (DEPOSIT, 0, 0)
        );
        assert!(!e.world.exists(&rent.lease) && !e.world.exists(&rent.vault));
    }
}

#[test]
fn an_empty_lease_under_notice_may_be_left_at_once() {
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        deposit_atoms: 60 * RATE,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    e.run(e.accept(&rent), &["session"]);
    e.run(e.notice(&rent), &["session"]);
    e.world.warp_seconds(60);
    e.run(e.close_by_provider(&rent), &["session"]);
    assert_eq!(e.slot_state().bond_lamports.get(), DEPOSIT);
}

#[test]
fn a_provider_has_nothing_to_close_before_it_runs_or_after_it_is_over() {
    for state in [OPEN, JOINED, REFUNDABLE] {
        let mut e = Escrow::ready(0);
        let terms = LeaseTerms {
            slot: e.slot,
            ..lease_terms(&e.world)
        };
        let rent = if state == OPEN {
            e.rent_with(&terms)
        } else {
            e.lease_in(state)
        };
        let close = Leave {
            provider: Some(e.provider),
            slot: Some(e.slot),
            ..e.leave("session", &rent)
        }
        .close();
        e.fails(close, &["session"], EscrowError::WrongLeaseState);
    }
}

#[test]
fn strangers_close_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    let close = e.close_by_client(&rent);
    let stranger = e.key("stranger");
    e.fails_as(ix::with(close.clone(), 0, stranger), &["stranger"], builtin::ADDRESS);
    let session = e.key("session");
    e.fails_as(ix::with(close.clone(), 0, session), &["session"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(close, 0), &[], builtin::MissingRequiredSignature);
    let close = e.close_by_provider(&rent);
    e.fails(
        ix::with(close.clone(), 0, stranger),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    // a client cannot speak for the provider to get the compensation
    let client = e.key("client");
    e.fails(
        ix::with(close.clone(), 0, client),
        &["client"],
        EscrowError::NotTheProvider,
    );
    let rivals = e.rival("rival");
    let rival = ix::provider(&e.key("rival")).0;
    e.fails(
        Leave {
            signer: e.key("rival"),
            provider: Some(rival),
            ..e.leave("session", &rent)
        }
        .close(),
        &["rival"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails(
        ix::with(close, 7, rivals),
        &["session"],
        EscrowError::NotTheAssignedSlot,
    );
}

#[test]
fn a_joined_lease_waits_for_its_gang() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(JOINED);
    e.fails(e.close_by_client(&rent), &["client"], EscrowError::WrongLeaseState);
}

#[test]
fn a_lease_with_a_slot_needs_it() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    let without = Leave {
        slot: None,
        ..e.leave("client", &rent)
    };
    e.fails(without.close(), &["client"], EscrowError::SlotRequired);
    let without = Leave {
        provider: Some(e.provider),
        slot: None,
        ..e.leave("session", &rent)
    };
    e.fails(without.close(), &["session"], EscrowError::SlotRequired);
    let second = e.second_slot();
    let wrong = Leave {
        slot: Some(second),
        ..e.leave("client", &rent)
    };
    e.fails(wrong.close(), &["client"], EscrowError::NotTheAssignedSlot);
}

#[test]
fn a_frozen_client_holds_no_slot_when_the_provider_leaves() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    let client = e.world.lamports(&e.key("client"));
    e.run(e.close_by_provider(&rent), &["session"]);
    assert_eq!(e.lease(&rent).state, REFUNDABLE);
    assert_eq!(e.world.lamports(&e.key("client")), client + COMPENSATION);
    let slot = e.slot_state();
    assert_eq!((slot.locked_lamports.get(), slot.current_job), (0, Address::default()));
    // the client names another account
    let second = e
        .world
        .token_account_named(&mint, &e.key("client"), "second account of the client");
    let refund = ix::with(e.close_by_client(&rent), 5, second);
    e.run(refund, &["client"]);
    assert_eq!(e.world.tokens(&second), LEASE_DEPOSIT);
    assert!(!e.world.exists(&rent.lease));
    assert_eq!(e.slot_state().receipt_seq.get(), 1, "one receipt");
}

#[test]
fn a_provider_sends_the_refund_to_the_client_only() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    let (strangers, providers) = (e.tokens_of("stranger"), e.tokens_of("provider"));
    let close = e.close_by_provider(&rent);
    for account in [strangers, providers, e.key("nobody")] {
        e.fails(
            ix::with(close.clone(), 5, account),
            &["session"],
            EscrowError::NotTheClientsAccount,
        );
    }
    let second = e.world.mint("second", 6);
    let other_mint = e.world.token_account(&second, &e.key("client"));
    e.fails(
        ix::with(close.clone(), 5, other_mint),
        &["session"],
        EscrowError::NotTheClientsAccount,
    );
    let stranger = e.key("stranger");
    e.fails_as(ix::with(close.clone(), 3, stranger), &["session"], builtin::ADDRESS);
    e.fails_as(ix::with(close.clone(), 4, stranger), &["session"], builtin::ADDRESS);
    e.fails_as(
        ix::with(close.clone(), 9, second.address),
        &["session"],
        builtin::ADDRESS,
    );
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(
        ix::with(close.clone(), 10, token_2022),
        &["session"],
        EscrowError::WrongTokenProgram,
    );
    let other = e.rent();
    e.fails(ix::with(close, 2, other.vault), &["session"], EscrowError::NotTheVault);
}

#[test]
fn donations_go_to_the_client() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    let mint = e.mint.clone();
    e.world.mint_into(&mint, &rent.vault, 3);
    e.run(e.close_by_provider(&rent), &["session"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS + 3);
}

#[test]
fn one_person_on_both_sides_closes_as_either() {
    let mut e = Escrow::ready(0);
    let provider = e.key("provider");
    let (mint, nonce) = (e.mint.clone(), 4);
    let account = e.world.funded(&mint, &provider, LEASE_DEPOSIT);
    let post = commonweal_tests::fixtures::escrow::lease::ix::post_lease(
        provider,
        provider,
        e.config,
        account,
        None,
        mint.address,
        mint.program,
        nonce,
        &lease_terms(&e.world),
    );
    let lease = commonweal_tests::fixtures::escrow::lease::ix::lease(&provider, nonce).0;
    e.leases.push(lease);
    e.run(post, &["provider"]);
    e.world.warp(0, 1);
    let rent = Rent {
        lease,
        vault: ix::vault(&lease).0,
        gang: None,
        nonce,
        uid: e.world.state::<Lease>(&lease).uid,
    };
    e.run(e.accept(&rent), &["session"]);
    let leave = Leave {
        signer: provider,
        client: provider,
        rent_payer: provider,
        client_token: account,
        ..e.leave("provider", &rent)
    };
    let before = e.world.lamports(&provider) + e.world.lamports(&e.slot);
    let rent_held = e.world.lamports(&lease) + e.world.lamports(&rent.vault);
    e.run(
        Leave {
            provider: Some(e.provider),
            ..leave
        }
        .close(),
        &["provider"],
    );
    let after = e.world.lamports(&provider) + e.world.lamports(&e.slot);
    assert_eq!(after, before + rent_held);
    assert_eq!(e.world.tokens(&account), LEASE_DEPOSIT);
}
