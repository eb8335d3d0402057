use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::ix as lease_ix, lease::*, *},
    solana_address::Address,
};

#[test]
fn a_lease_is_open_and_its_vault_holds_the_deposit() {
    let mut e = Escrow::ready(0);
    let (client, payer) = (e.world.lamports(&e.key("client")), e.world.lamports(&e.key("payer")));
    let (ts, slot) = (e.world.now(), e.world.clock().slot);
    let rent = e.rent();
    let lease = e.lease(&rent);
    assert_eq!(e.world.tokens(&rent.vault), LEASE_DEPOSIT);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - LEASE_DEPOSIT);
    assert_eq!(lease.uid, rent.uid);
    assert_eq!((lease.state, lease.flags, lease.decimals), (lease_code::OPEN, 1, 6));
    assert_eq!(lease.genesis_hash, GENESIS);
    assert_eq!(lease.client, e.key("client"));
    assert_eq!(lease.rent_payer, e.key("payer"));
    assert_eq!(lease.voucher_key, e.key("machine"));
    assert_eq!(lease.mint, e.mint.address);
    assert_eq!(lease.slot, Address::default());
    assert_eq!(lease.spec_hash, [0x11; 32]);
    assert_eq!((lease.entered_ts.get(), lease.entered_slot.get()), (ts, slot));
    assert_eq!(
        (
            lease.rate_per_second_atoms.get(),
            lease.deposit_atoms.get(),
            lease.bond_lamports.get(),
            lease.compensation_lamports.get()
        ),
        (RATE, LEASE_DEPOSIT, BOND, COMPENSATION)
    );
    assert_eq!(
        [
            lease.fee_ppm.get(),
            lease.open_seconds.get(),
            lease.notice_seconds.get(),
            lease.pause_seconds.get(),
            lease.interval_seconds.get()
        ],
        [FEE_PPM, 600, 300, 900, 60]
    );
    assert_eq!(
        [
            lease.cumulative_atoms.get(),
            lease.paid_atoms.get(),
            lease.voucher_seq.get(),
            lease.active_seconds.get()
        ],
        [0; 4]
    );
    // the payer has paid both rents and two bounties, all of which return
    let cost = e.world.rent(436) + e.world.rent(165) + 2 * BOUNTY;
    assert_eq!(e.world.lamports(&e.key("payer")), payer - cost);
    assert_eq!(e.world.lamports(&e.key("client")), client);
    assert!(e.world.rent(436) + e.world.rent(165) <= 6_000_000);
}

#[test]
fn what_the_client_asks_for_is_kept() {
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        slot: e.slot,
        model_id: 4_090,
        min_score: 77,
        min_vram_gib: 24,
        persons_only: true,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    let lease = e.lease(&rent);
    assert_eq!(lease.slot, e.slot);
    assert_eq!((lease.model_id.get(), lease.min_score.get()), (4_090, 77));
    assert_eq!((lease.min_vram_gib, lease.persons_only), (24, 1));
}

#[test]
fn terms_at_their_bounds_are_accepted() {
    let mut e = Escrow::ready(0);
    let terms = lease_terms(&e.world);
    let least = LeaseTerms {
        rate_per_second_atoms: 1,
        deposit_atoms: 1,
        bond_lamports: MIN_BOND,
        compensation_lamports: 0,
        open_seconds: 60,
        notice_seconds: 60,
        pause_seconds: 60,
        interval_seconds: 1,
        ..terms
    };
    let most = LeaseTerms {
        rate_per_second_atoms: 1,
        deposit_atoms: 31_536_000,
        compensation_lamports: BOND,
        open_seconds: 2_592_000,
        notice_seconds: 86_400,
        pause_seconds: 604_800,
        interval_seconds: 3_600,
        ..terms
    };
    e.rent_with(&least);
    e.rent_with(&most);
    e.rent_with(&LeaseTerms {
        compensation_lamports: 1_000_000,
        ..terms
    });
}

#[track_caller]
fn refused(e: &mut Escrow, error: EscrowError, change: impl Fn(&mut LeaseTerms)) {
    let mut terms = lease_terms(&e.world);
    change(&mut terms);
    let post = e.post_lease(e.next_nonce, &terms, None);
    e.fails(post, &["client", "payer"], error);
}

#[test]
fn terms_beyond_their_bounds_are_refused() {
    let mut e = Escrow::ready(0);
    let out = EscrowError::LeaseOutOfBounds;
    refused(&mut e, out, |t| t.rate_per_second_atoms = 0);
    refused(&mut e, out, |t| t.open_seconds = 59);
    refused(&mut e, out, |t| t.open_seconds = 2_592_001);
    refused(&mut e, out, |t| t.notice_seconds = 59);
    refused(&mut e, out, |t| t.notice_seconds = 86_401);
    refused(&mut e, out, |t| t.pause_seconds = 59);
    refused(&mut e, out, |t| t.pause_seconds = 604_801);
    refused(&mut e, out, |t| t.interval_seconds = 0);
    refused(&mut e, out, |t| t.interval_seconds = 3_601);
    refused(&mut e, EscrowError::FeeAboveLimit, |t| t.max_fee_ppm = FEE_PPM - 1);
    refused(&mut e, EscrowError::CompensationTooSmall, |t| {
        t.compensation_lamports = 999_999;
    });
    refused(&mut e, EscrowError::BondTooSmall, |t| {
        t.compensation_lamports = BOND + 1
    });
    refused(&mut e, EscrowError::BondTooSmall, |t| t.bond_lamports = MIN_BOND - 1);
    refused(&mut e, EscrowError::ZeroAddress, |t| t.voucher_key = [0; 32].into());
    refused(&mut e, EscrowError::ZeroHash, |t| t.spec_hash = [0; 32]);
    // 60 seconds cost 2,220
    refused(&mut e, EscrowError::LeaseUnderfunded, |t| t.deposit_atoms = 2_219);
    refused(&mut e, EscrowError::LeaseOverfunded, |t| {
        (t.rate_per_second_atoms, t.deposit_atoms) = (1, 31_536_001);
    });
}

#[test]
fn a_rehearsal_begins_at_two_seconds() {
    let mut e = Escrow::rehearsal(0);
    let terms = LeaseTerms {
        open_seconds: 2,
        notice_seconds: 2,
        pause_seconds: 2,
        interval_seconds: 1,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    assert_eq!(e.lease(&rent).flags, 1 | 8);
    let post = e.post_lease(
        e.next_nonce,
        &LeaseTerms {
            open_seconds: 1,
            ..terms
        },
        None,
    );
    e.fails(post, &["client", "payer"], EscrowError::LeaseOutOfBounds);
}

#[test]
fn only_listed_mints_and_their_program_pay() {
    let mut e = Escrow::ready(0);
    let other = e.world.mint("other", 6).address;
    let post = e.post_lease(e.next_nonce, &lease_terms(&e.world), None);
    e.fails(
        ix::with(post.clone(), 7, other),
        &["client", "payer"],
        EscrowError::MintNotAllowed,
    );
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(
        ix::with(post, 8, token_2022),
        &["client", "payer"],
        EscrowError::WrongTokenProgram,
    );
}

#[test]
fn only_the_client_opens_leases_in_its_name_with_its_own_money() {
    let mut e = Escrow::ready(0);
    // a number whose bump makes addresses of the stranger's too: others end with another error
    let client = e.key("client");
    let stranger = e.key("stranger");
    let is_good = |owner: &Address, nonce: u64, bump: u8| {
        let seeds: [&[u8]; 4] = [b"lease", owner.as_ref(), &nonce.to_le_bytes(), &[bump]];
        Address::create_program_address(&seeds, &ix::PROGRAM).is_ok()
    };
    let nonce = (0..)
        .find(|nonce| {
            let bump = lease_ix::lease(&client, *nonce).1;
            is_good(&stranger, *nonce, bump)
        })
        .unwrap();
    let post = e.post_lease(nonce, &lease_terms(&e.world), None);
    e.fails_as(
        ix::unsigned(post.clone(), 0),
        &["payer"],
        builtin::MissingRequiredSignature,
    );
    e.fails_as(
        ix::unsigned(post.clone(), 1),
        &["client"],
        builtin::MissingRequiredSignature,
    );
    let mint = e.mint.clone();
    let strangers = e.world.funded(&mint, &stranger, LEASE_DEPOSIT);
    e.fails_as(
        ix::with(post.clone(), 0, stranger),
        &["stranger", "payer"],
        builtin::PrivilegeEscalation,
    );
    e.fails_as(
        ix::with(post.clone(), 5, strangers),
        &["client", "payer"],
        builtin::TOKEN_OWNER,
    );
    let other = lease_ix::lease(&e.key("client"), nonce + 1).0;
    e.fails_as(
        ix::with(post, 3, other),
        &["client", "payer"],
        builtin::PrivilegeEscalation,
    );
    let rich = LeaseTerms {
        rate_per_second_atoms: CLIENT_ATOMS,
        deposit_atoms: 61 * CLIENT_ATOMS,
        ..lease_terms(&e.world)
    };
    let post = e.post_lease(nonce, &rich, None);
    e.fails_as(post, &["client", "payer"], builtin::TOKEN_INSUFFICIENT);
}

#[test]
fn prefunded_addresses_do_not_stop_a_posting() {
    let mut e = Escrow::ready(0);
    let before = e.world.lamports(&e.key("payer"));
    let expected = e.rent_of(e.next_nonce, None);
    e.world.airdrop(&expected.lease, 1_000_000);
    e.world.airdrop(&expected.vault, 900_000_000);
    let rent = e.rent();
    e.run(e.close_by_client(&rent), &["client"]);
    assert_eq!(e.world.lamports(&e.key("payer")), before + 901_000_000);
}

#[test]
fn an_address_can_live_twice_a_uid_cannot() {
    let mut e = Escrow::ready(0);
    let first = e.rent();
    e.run(e.close_by_client(&first), &["client"]);
    e.next_nonce -= 1;
    let second = e.rent();
    assert_eq!(first.lease, second.lease);
    assert_ne!(first.uid, second.uid);
    e.fails(
        lease_ix::accept_lease(e.key("session"), e.provider, e.slot, second.lease, None, &first.uid),
        &["session"],
        EscrowError::WrongUid,
    );
}

#[test]
fn a_lease_cannot_be_posted_and_taken_back_in_one_slot() {
    let mut e = Escrow::ready(0);
    let rent = e.rent_of(e.next_nonce, None);
    e.leases.push(rent.lease);
    let post = e.post_lease(e.next_nonce, &lease_terms(&e.world), None);
    e.run(post, &["client", "payer"]);
    e.fails(e.close_by_client(&rent), &["client"], EscrowError::SameSlot);
    e.fails(e.accept(&rent), &["session"], EscrowError::SameSlot);
    e.world.warp(0, 1);
    e.run(e.accept(&rent), &["session"]);
}

#[test]
fn a_gang_takes_its_clients_leases_while_it_gathers_and_has_a_place() {
    let mut e = Escrow::ready(0);
    let gang = e.open_gang(2);
    let terms = lease_terms(&e.world);
    let rents = [e.rent_in(&terms, Some(gang)), e.rent_in(&terms, Some(gang))];
    assert_eq!(e.gang(&gang).leases, 2);
    assert_eq!(e.lease(&rents[0]).flags, 1 | 4);
    let third = e.post_lease(e.next_nonce, &terms, Some(gang));
    e.fails(third.clone(), &["client", "payer"], EscrowError::GangClosed);
    // a place becomes free
    e.run(e.close_by_client(&rents[0]), &["client"]);
    assert_eq!(e.gang(&gang).leases, 1);
    e.world.warp_seconds(i64::from(GATHER) - 2);
    e.rent_in(&terms, Some(gang));

    let late = e.open_gang(2);
    e.world.warp_seconds(i64::from(GATHER));
    let post = e.post_lease(e.next_nonce, &terms, Some(late));
    e.fails(post, &["client", "payer"], EscrowError::GangClosed);
    // another client's
    let stranger = e.key("stranger");
    let open = lease_ix::open_gang(stranger, stranger, e.config, 7, 2, GATHER);
    e.run(open, &["stranger"]);
    let theirs = lease_ix::gang(&stranger, 7).0;
    let post = e.post_lease(e.next_nonce, &terms, Some(theirs));
    e.fails(post, &["client", "payer"], EscrowError::GangRequired);
}
