use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::ResultCommitted,
    solana_address::Address,
};

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

#[test]
fn a_commitment_frees_the_slot_and_the_last_one_begins_the_reveal() {
    let mut e = ready();
    let order = e.joined_order();
    for (at, name) in TEAM.iter().enumerate() {
        e.world.warp_seconds(10);
        let receipt = e.run(e.commit_part(name, &order, &RESULT), &[name]);
        let slot = e.slot_of(name);
        let hash = commitment(&RESULT, &SALT, &slot, &order.uid);
        let part = e.part_state(name, &order);
        assert_eq!((part.state, part.hash), (2, hash));
        let state: Slot = e.world.state(&slot);
        assert_eq!(
            (state.current_job, state.locked_lamports.get()),
            (Address::default(), BOND)
        );
        let event = receipt.events::<ResultCommitted>()[0];
        assert_eq!((event.uid, event.slot, event.commitment), (order.uid, slot, hash));
        let job = e.job(&order);
        let expected = if at == 2 {
            state_code::COMMITTED
        } else {
            state_code::RUNNING
        };
        assert_eq!((job.state, usize::from(job.commitments)), (expected, at + 1));
    }
    assert_eq!(e.job(&order).entered_ts.get(), e.world.now());
}

#[test]
fn a_part_is_committed_to_once_and_in_time() {
    let mut e = ready();
    let order = e.joined_order();
    e.fails(
        e.commit_part_hash("anna", &order, &[0; 32]),
        &["anna"],
        EscrowError::ZeroHash,
    );
    e.world.warp(299, 10_000);
    e.run(e.commit_part("anna", &order, &RESULT), &["anna"]);
    e.fails(
        e.commit_part("anna", &order, &ODD_RESULT),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
    e.world.warp(1, 0);
    e.fails(
        e.commit_part("ben", &order, &RESULT),
        &["ben"],
        EscrowError::DeadlinePassed,
    );
}

#[test]
fn nothing_is_committed_before_all_have_joined() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    e.run(e.join("anna", &order), &["anna", "payer"]);
    e.fails(
        e.commit_part("anna", &order, &RESULT),
        &["anna"],
        EscrowError::WrongJobState,
    );
}

#[test]
fn a_worker_commits_to_its_own_part_of_this_order() {
    let mut e = ready();
    let other = e.joined_order();
    for name in TEAM {
        e.run(e.commit_part(name, &other, &RESULT), &[name]);
    }
    let order = e.joined_order();
    let commit = e.commit_part("anna", &order, &RESULT);
    let (bens, elsewhere) = (e.part_of("ben", &order), e.part_of("anna", &other));
    e.fails(
        ix::with(commit.clone(), 4, bens),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
    e.fails(
        ix::with(commit.clone(), 4, elsewhere),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
    let batch = e.post();
    e.fails(
        ix::with(commit.clone(), 3, batch.job),
        &["anna"],
        EscrowError::WrongKind,
    );
    e.fails(
        ix::with(commit.clone(), 0, e.key("ben")),
        &["ben"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(commit.clone(), 2, e.slot_of("ben")),
        &["anna"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(ix::unsigned(commit, 0), &[], builtin::MissingRequiredSignature);
    // nor by the instructions of batch jobs
    let batch_commit = ix::commit_result(
        e.key("anna"),
        e.provider_of("anna"),
        e.slot_of("anna"),
        order.job,
        &[1; 32],
    );
    e.fails(batch_commit, &["anna"], EscrowError::NotTheAssignedSlot);
}

#[test]
fn a_part_of_an_earlier_order_at_the_address_is_not_taken_for_one_of_this() {
    // contributions are settled before their job ends, so only a crafted one can say another uid
    let mut e = ready();
    let order = e.joined_order();
    let address = e.part_of("anna", &order);
    let mut account = e.world.raw(&address);
    account.data[16] ^= 1;
    let old = e.key("old part");
    e.world.set_raw(old, account);
    e.fails(
        ix::with(e.commit_part("anna", &order, &RESULT), 4, old),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
}
