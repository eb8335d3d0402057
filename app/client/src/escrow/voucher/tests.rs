//! Tests of vouchers.

use {super::*, bytemuck::Zeroable, compute_escrow::state::LeaseState};

fn terms() -> VoucherTerms {
    VoucherTerms {
        genesis_hash: [1; 32],
        uid: [2; 32],
        slot: Address::new_from_array([3; 32]),
        cumulative_atoms: 0x0102_0304,
        usage_root: [4; 32],
        seq: 9,
        expires_ts: 2_000,
    }
}

/// A lease of 10 atoms a second that has run 40 seconds of 100, and its provider.
fn lease_of(client: &Keypair, session: &Keypair) -> (Lease, Provider) {
    let (mut lease, mut provider) = (Lease::zeroed(), Provider::zeroed());
    lease.state = LeaseState::Active as u8;
    (lease.genesis_hash, lease.uid) = ([1; 32], [2; 32]);
    lease.slot = Address::new_from_array([3; 32]);
    lease.rate_per_second_atoms = 10u64.into();
    lease.deposit_atoms = 1_000u64.into();
    lease.fee_ppm = 20_000u32.into();
    lease.entered_ts = 1_000i64.into();
    lease.voucher_key = client.pubkey();
    provider.session_key = session.pubkey();
    (lease, provider)
}

const NOW: Moment = Moment { ts: 1_040, slot: 100 };

fn signed(terms: VoucherTerms, client: &Keypair, session: &Keypair) -> Voucher {
    Voucher::new(Address::new_from_array([7; 32]), terms)
        .sign_for_client(client)
        .sign_for_provider(session)
}

#[test]
fn the_bytes_are_as_the_program_reads_them() {
    let mut by_hand = b"CWL1".to_vec();
    by_hand.extend_from_slice(compute_escrow::ID.as_ref());
    for byte in [1u8, 2, 3] {
        by_hand.extend_from_slice(&[byte; 32]);
    }
    by_hand.extend_from_slice(&[4, 3, 2, 1, 0, 0, 0, 0]);
    by_hand.extend_from_slice(&[4; 32]);
    by_hand.extend_from_slice(&[9, 0, 0, 0, 0, 0, 0, 0]);
    by_hand.extend_from_slice(&[0xd0, 7, 0, 0, 0, 0, 0, 0]);
    assert_eq!(by_hand.len(), 188);
    assert_eq!(terms().to_bytes().as_slice(), by_hand);
    assert_eq!(VoucherTerms::from_bytes(&by_hand), Some(terms()));
    by_hand.push(0);
    assert_eq!(VoucherTerms::from_bytes(&by_hand), None);
    for place in [0usize, 4] {
        let mut other = terms().to_bytes();
        other[place] ^= 1;
        assert_eq!(VoucherTerms::from_bytes(&other), None, "byte {place}");
    }
}

#[test]
fn the_precompile_has_every_part_where_the_program_looks() {
    let (client, session) = (Keypair::new(), Keypair::new());
    let voucher = signed(terms(), &client, &session);
    let data = voucher.precompile_data(&voucher.client.unwrap(), &voucher.provider.unwrap());
    assert_eq!(data.len(), 410);
    assert_eq!(data[..2], [2, 0]);
    let word = |at: usize| u16::from_le_bytes([data[at], data[at + 1]]);
    let words: Vec<u16> = (0..14).map(|number| word(2 + number * 2)).collect();
    let expected = [62, 65_535, 30, 65_535, 222, 188, 65_535];
    assert_eq!(words[..7], expected);
    assert_eq!(words[7..], [158, 65_535, 126, 65_535, 222, 188, 65_535]);
    assert_eq!(data[30..62], *client.pubkey().as_ref());
    assert_eq!(data[126..158], *session.pubkey().as_ref());
    assert_eq!(data[222..], terms().to_bytes());
}

#[test]
fn a_voucher_travels_as_text_and_a_forged_one_does_not() {
    let (client, session) = (Keypair::new(), Keypair::new());
    let voucher = signed(terms(), &client, &session);
    assert_eq!(Voucher::parse(&voucher.to_text()).unwrap(), voucher);
    let half = Voucher {
        provider: None,
        ..voucher
    };
    assert_eq!(Voucher::parse(&half.to_text()).unwrap(), half);
    let swapped = Voucher {
        client: Some((session.pubkey(), voucher.client.unwrap().1)),
        ..voucher
    };
    assert!(Voucher::parse(&swapped.to_text()).is_err());
    let mut more = voucher;
    more.terms.cumulative_atoms += 1;
    assert!(Voucher::parse(&more.to_text()).is_err());
    assert!(Voucher::parse("{}").is_err());
}

#[test]
fn what_it_pays_is_bounded_by_signature_and_time() {
    let (client, session) = (Keypair::new(), Keypair::new());
    let (lease, provider) = lease_of(&client, &session);
    let paid = |cumulative_atoms| {
        let terms = VoucherTerms {
            cumulative_atoms,
            ..terms()
        };
        signed(terms, &client, &session)
            .payable(&lease, &provider, NOW)
            .unwrap()
    };
    // ⌊333 · 98 %⌋ = 326; 40 s at 10 atoms are 400
    let expected = |total_atoms, provider_atoms, fee_atoms| Payable {
        total_atoms,
        provider_atoms,
        fee_atoms,
    };
    assert_eq!(paid(333), expected(333, 326, 7));
    assert_eq!(paid(9_999), expected(400, 392, 8));
}

#[test]
fn each_rule_of_the_program_is_told_by_name() {
    let (client, session) = (Keypair::new(), Keypair::new());
    let (lease, provider) = lease_of(&client, &session);
    let fails = |terms: VoucherTerms, lease: &Lease, name: &str| {
        let voucher = signed(terms, &client, &session);
        let error = voucher.payable(lease, &provider, NOW).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    };
    let old = VoucherTerms {
        expires_ts: 1_039,
        ..terms()
    };
    fails(old, &lease, "VoucherExpired");
    fails(
        VoucherTerms {
            uid: [9; 32],
            ..terms()
        },
        &lease,
        "VoucherOfAnotherLease",
    );
    let mut later = lease;
    later.voucher_seq = 9u64.into();
    fails(terms(), &later, "VoucherStale");
    let mut other = lease;
    other.voucher_key = session.pubkey();
    fails(terms(), &other, "VoucherKeyMismatch");
    let mut paid = lease;
    paid.paid_atoms = 400u64.into();
    fails(terms(), &paid, "NothingDue");
    let mut open = lease;
    open.state = LeaseState::Open as u8;
    fails(terms(), &open, "WrongLeaseState");
}
