use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::PartTaken,
    solana_address::Address,
};

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

/// Puts a person behind a worker's provider, as `link_person` writes it.
fn link(e: &mut Escrow, name: &str, person: Address) {
    let address = e.provider_of(name);
    let mut provider: Provider = e.world.state(&address);
    provider.person = person;
    provider.person_config_id = e.config_id.into();
    provider.person_until_ts = i64::MAX.into();
    let mut account = e.world.raw(&address);
    account.data[8..].copy_from_slice(bytemuck::bytes_of(&provider));
    e.world.set_raw(address, account);
}

#[test]
fn joining_takes_the_slot_and_locks_the_bond_and_the_last_starts_the_run() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    let payer = e.world.lamports(&e.key("payer"));
    for (at, name) in TEAM.iter().enumerate() {
        e.world.warp_seconds(10);
        let receipt = e.run(e.join(name, &order), &[name, "payer"]);
        let (part, slot) = (e.part_state(name, &order), e.slot_of(name));
        assert_eq!(
            (part.version, part.bump, part.state),
            (1, contribution(&order.job, &e.provider_of(name)).1, 1)
        );
        assert_eq!(
            (part.uid, part.slot, part.rent_payer, part.hash),
            (order.uid, slot, e.key("payer"), [0; 32])
        );
        let state: Slot = e.world.state(&slot);
        assert_eq!(
            (state.current_job, state.locked_lamports.get(), state.locked_jobs.get()),
            (order.job, BOND, 1)
        );
        let job = e.job(&order);
        let joined = u8::try_from(at).unwrap() + 1;
        assert_eq!(
            (job.joined, job.state, job.slot),
            (
                joined,
                if joined == 3 {
                    state_code::RUNNING
                } else {
                    state_code::OPEN
                },
                Address::default()
            )
        );
        let event = receipt.events::<PartTaken>()[0];
        assert_eq!(
            (event.uid, event.slot, event.bond_lamports.get(), event.joined),
            (order.uid, slot, BOND, joined)
        );
    }
    assert_eq!(e.job(&order).entered_ts.get(), e.world.now());
    assert_eq!(e.world.lamports(&e.key("payer")), payer - 3 * e.world.rent(144));
    e.hire(&["dora"]);
    e.fails(e.join("dora", &order), &["dora", "payer"], EscrowError::WrongJobState);
}

#[test]
fn a_provider_joins_once_with_however_many_slots() {
    let mut e = ready();
    let (anna, provider) = (e.key("anna"), e.provider_of("anna"));
    let second = ix::slot(&provider, 1).0;
    e.run(ix::add_slot(anna, 1, e.config, &offer(e.mint.address)), &["anna"]);
    e.slots.push(second);
    e.run(ix::deposit_bond(anna, provider, second, DEPOSIT), &["anna"]);
    e.world.warp(0, 1);
    let order = e.post_with(&redundant_terms());
    e.run(e.join("anna", &order), &["anna", "payer"]);
    e.fails_as(
        ix::with(e.join("anna", &order), 3, second),
        &["anna", "payer"],
        builtin::SYSTEM_IN_USE,
    );
}

#[test]
fn sock_puppets_of_one_person_take_one_part() {
    let mut e = ready();
    let order = e.post_with(&JobTerms {
        eligibility: Eligibility {
            persons_only: true,
            ..ANYBODY
        },
        ..redundant_terms()
    });
    e.fails(e.join("anna", &order), &["anna", "payer"], EscrowError::PersonRequired);
    let person = e.key("person");
    for name in ["anna", "ben"] {
        link(&mut e, name, person);
    }
    let part = contribution(&order.job, &person).0;
    let join = |e: &Escrow, name: &str| ix::with(e.join(name, &order), 5, part);
    e.fails_as(
        e.join("anna", &order),
        &["anna", "payer"],
        anchor_lang::ErrorCode::ConstraintSeeds,
    );
    e.run(join(&e, "anna"), &["anna", "payer"]);
    e.fails_as(join(&e, "ben"), &["ben", "payer"], builtin::SYSTEM_IN_USE);
    // where anybody may take part, a person makes no difference
    let order = e.post_with(&redundant_terms());
    e.run(e.join("ben", &order), &["ben", "payer"]);
}

#[test]
fn a_late_worker_is_refused() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    e.world.warp(599, 10_000);
    e.run(e.join("anna", &order), &["anna", "payer"]);
    e.world.warp(1, 0);
    e.fails(e.join("ben", &order), &["ben", "payer"], EscrowError::DeadlinePassed);
}

#[test]
fn a_busy_slot_takes_no_part() {
    let mut e = ready();
    let (batch, order) = (e.post(), e.post_with(&redundant_terms()));
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.fails(e.join("anna", &order), &["anna", "payer"], EscrowError::SlotBusy);
    // and a slot that has joined takes no other work
    e.run(e.join("ben", &order), &["ben", "payer"]);
    let batch = e.post();
    e.fails(e.claim_by("ben", &batch), &["ben"], EscrowError::SlotBusy);
}

#[test]
fn only_the_redundant_order_meant_is_joined() {
    let mut e = ready();
    for terms in [terms(), auction_terms()] {
        let order = e.post_with(&terms);
        e.fails(e.join("anna", &order), &["anna", "payer"], EscrowError::WrongKind);
    }
    let old = e.post_with(&redundant_terms());
    e.run(e.cancel(&old), &["client"]);
    e.next_nonce -= 1;
    e.post_with(&redundant_terms());
    e.fails(e.join("anna", &old), &["anna", "payer"], EscrowError::WrongUid);
}

#[test]
fn a_redundant_order_is_not_claimed_and_not_canceled_once_joined() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    e.fails(e.claim_by("anna", &order), &["anna"], EscrowError::WrongKind);
    e.run(e.join("anna", &order), &["anna", "payer"]);
    e.fails(e.cancel(&order), &["client"], EscrowError::WrongJobState);
}

#[test]
fn only_the_provider_joins_with_its_slot() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    let join = e.join("anna", &order);
    e.fails(
        ix::with(join.clone(), 0, e.key("ben")),
        &["ben", "payer"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(join.clone(), 3, e.slot_of("ben")),
        &["anna", "payer"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(ix::unsigned(join, 0), &["payer"], builtin::MissingRequiredSignature);
    let order = e.post_with(&JobTerms {
        bond_lamports: DEPOSIT + 1,
        ..redundant_terms()
    });
    e.fails(e.join("anna", &order), &["anna", "payer"], EscrowError::BondNotCovered);
}
