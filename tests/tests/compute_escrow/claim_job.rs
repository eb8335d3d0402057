use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn a_claim_locks_the_bond_and_takes_the_slot() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.world.warp_seconds(10);
    e.run(e.claim(&order), &["session"]);
    let (job, slot) = (e.job(&order), e.slot_state());
    assert_eq!((job.state, job.slot), (state_code::CLAIMED, e.slot));
    assert_eq!(
        (job.entered_ts.get(), job.entered_slot.get()),
        (e.world.now(), e.world.clock().slot)
    );
    assert_eq!(
        (slot.current_job, slot.locked_lamports.get(), slot.locked_jobs.get()),
        (order.job, BOND, 1)
    );
    assert_eq!(slot.bond_lamports.get(), DEPOSIT);
}

#[test]
fn a_taken_job_cannot_be_claimed() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let order = e.job_in(state_code::CLAIMED);
    e.fails(e.claim_by("rival", &order), &["rival"], EscrowError::WrongJobState);
    e.fails(e.claim(&order), &["session"], EscrowError::WrongJobState);
}

#[test]
fn a_slot_has_at_most_one_live_job() {
    let mut e = Escrow::ready(0);
    let (first, second) = (e.post(), e.post());
    e.run(e.claim(&first), &["session"]);
    e.fails(e.claim(&second), &["session"], EscrowError::SlotBusy);
    e.run(e.start(&first), &["session"]);
    e.fails(e.claim(&second), &["session"], EscrowError::SlotBusy);
    // a commit frees the slot for other work; both bonds are locked
    e.run(e.commit(&first), &["session"]);
    e.run(e.claim(&second), &["session"]);
    assert_eq!(e.slot_state().locked_lamports.get(), 2 * BOND);
}

#[test]
fn a_late_claim_is_refused_and_cancels_nothing() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.world.warp_seconds(600);
    e.fails(e.claim(&order), &["session"], EscrowError::DeadlinePassed);
    assert_eq!(e.job(&order).state, state_code::OPEN);
    assert_eq!(e.world.tokens(&order.vault), PRICE);
}

#[test]
fn a_claim_in_the_last_second_counts() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.world.warp(599, 10_000);
    e.run(e.claim(&order), &["session"]);
}

#[test]
fn a_slot_bonded_after_the_opening_claims_nothing_of_it() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.run(e.deposit_bond(1), &["provider"]);
    e.fails(e.claim(&order), &["session"], EscrowError::BondTooRecent);
    // nor a job opened in the same slot as the deposit
    let same = e.post();
    e.fails(e.claim(&same), &["session"], EscrowError::BondTooRecent);
    let later = e.post();
    e.run(e.claim(&later), &["session"]);
}

#[test]
fn the_free_bond_must_cover_the_job() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&JobTerms {
        bond_lamports: DEPOSIT + 1,
        ..terms()
    });
    e.fails(e.claim(&order), &["session"], EscrowError::BondNotCovered);
    let exact = e.post_with(&JobTerms {
        bond_lamports: DEPOSIT,
        ..terms()
    });
    e.run(e.claim(&exact), &["session"]);
}

#[test]
fn an_older_order_at_the_same_address_is_not_claimed_by_mistake() {
    let mut e = Escrow::ready(0);
    let old = e.post();
    e.run(e.cancel(&old), &["client"]);
    e.next_nonce -= 1;
    e.world.warp(0, 1);
    let new = e.post_with(&JobTerms {
        run_seconds: 60,
        ..terms()
    });
    assert_eq!(
        (old.job, old.uid == new.uid),
        (new.job, false),
        "an address lives twice, a uid does not"
    );
    e.fails(e.claim(&old), &["session"], EscrowError::WrongUid);
    e.run(e.claim(&new), &["session"]);
}

#[test]
fn only_the_provider_claims_for_its_slot() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.post();
    e.fails(
        ix::with(e.claim(&order), 0, e.key("stranger")),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(e.claim(&order), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(ix::unsigned(e.claim(&order), 0), &[], builtin::MissingRequiredSignature);
    let mut read_only = e.claim(&order);
    read_only.accounts[3].is_writable = false;
    e.fails_as(read_only, &["session"], builtin::MUT);
}

#[test]
fn a_slot_of_another_config_is_refused() {
    let mut e = Escrow::ready(0);
    let admin = e.key("admin");
    let other = ix::initialize_config(admin, 777, false, admin, &params(&e.world), e.realm, e.mint.address);
    e.run(other, &["admin"]);
    let mut post = e.post_job(5, &terms());
    post = ix::with(post, 2, ix::config(777).0);
    let order = e.order(5);
    e.orders.push(order);
    e.run(post, &["client", "payer"]);
    e.fails(e.claim(&order), &["session"], EscrowError::ConfigMismatch);
}

#[test]
fn accounts_of_other_types_and_programs_are_refused() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    // a payout's 256 bytes are too few for a job
    e.fails_as(
        ix::with(e.claim(&order), 3, e.payout),
        &["session"],
        builtin::AccountDataTooSmall,
    );
    e.fails_as(
        ix::with(e.claim(&order), 3, e.config),
        &["session"],
        builtin::InvalidAccountData,
    );
    e.fails_as(
        ix::with(e.claim(&order), 3, e.client_token),
        &["session"],
        builtin::AccountDataTooSmall,
    );
    // a whole job, but of another program
    let mut account = e.world.raw(&order.job);
    account.owner = e.key("stranger");
    let look_alike = e.key("look-alike");
    e.world.set_raw(look_alike, account);
    e.fails_as(
        ix::with(e.claim(&order), 3, look_alike),
        &["session"],
        builtin::IllegalOwner,
    );
}
