//! `veto_as_chamber`: who may veto what, and when

use {
    super::{act, expire, with},
    crate::prelude::*,
    commonweal_tests::fixtures::{governance::Chambers, pool::DAY},
    liquidity_pool::constants::FOREVER_TS,
};

#[track_caller]
pub(super) fn refuses(all: &mut Chambers, member: usize, chamber: u8, proposal: Address, expected: GovernanceError) {
    let (veto, wallet) = all.seat_veto(member, chamber, proposal);
    all.community.world.fails_with(veto, &[&wallet], error(expected));
}

#[track_caller]
pub(super) fn assert_status(all: &Chambers, proposal: Address, status: Status) {
    assert_eq!(all.community.proposal_state(proposal).status, status as u8);
}

#[test]
fn each_seat_vetoes_a_proposal_once() {
    let (mut all, proposal) = Chambers::in_timelock(0, 4);
    all.veto_by_seat(0, LIQUIDITY_CHAMBER, proposal);
    all.community.world.warp_seconds(1);
    refuses(
        &mut all,
        0,
        LIQUIDITY_CHAMBER,
        proposal,
        GovernanceError::SeatVotedAlready,
    );
    // nor by giving the seat up and taking it again: the new one is too young
    let wallet = all.community.wallet(0);
    let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &wallet.pubkey());
    all.community.world.succeeds(close, &[&wallet]);
    let lock = all.lock(0, 1, FOREVER_TS);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, lock);
    all.community.world.succeeds(enroll, &[&wallet]);
    refuses(
        &mut all,
        0,
        LIQUIDITY_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
}

#[test]
fn a_veto_is_for_the_timelock_alone() {
    let mut all = Chambers::new(0, 4);
    for member in 0..4 {
        all.enroll_lock(member);
    }
    all.community.to_epoch(1);
    let call = all.pool_call();
    let proposal = all.community.create_proposal(0, 1);
    all.community.add_action(proposal, call);
    refuses(&mut all, 0, LIQUIDITY_CHAMBER, proposal, GovernanceError::VetoTooLate);
    all.community.submit(proposal);
    refuses(&mut all, 0, LIQUIDITY_CHAMBER, proposal, GovernanceError::VetoTooLate);
    all.community.to_epoch(2);
    all.community.open_all_ballots();
    for member in 0..4 {
        all.community.cast(member, proposal, 1, 4);
    }
    for second in [39, 49, 50] {
        all.community.to_vote_second(second);
        refuses(&mut all, 0, LIQUIDITY_CHAMBER, proposal, GovernanceError::VetoTooLate);
    }
    all.community.finalize(proposal);
    all.community.to_vote_second(69);
    all.veto_by_seat(0, LIQUIDITY_CHAMBER, proposal);
    all.community.to_vote_second(70);
    refuses(&mut all, 1, LIQUIDITY_CHAMBER, proposal, GovernanceError::VetoTooLate);
}

#[test]
fn the_lock_must_outlast_the_timelock_and_still_be_the_wallets() {
    let mut all = Chambers::new(0, 5);
    let end = all.community.epoch_start(2) + 70;
    for (member, unlock_ts) in [
        (0, end),
        (1, end + 1),
        (2, FOREVER_TS),
        (3, FOREVER_TS),
        (4, FOREVER_TS),
    ] {
        let lock = all.lock(member, 0, unlock_ts);
        let (enroll, wallet) = all.enrollment(member, LIQUIDITY_CHAMBER, lock);
        all.community.world.succeeds(enroll, &[&wallet]);
    }
    all.community.to_epoch(1);
    let call = all.pool_call();
    let proposal = all.submitted(call);
    all.win(&[proposal]);
    refuses(
        &mut all,
        0,
        LIQUIDITY_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
    all.veto_by_seat(1, LIQUIDITY_CHAMBER, proposal);
    let heir = all.community.wallet(0).pubkey();
    all.give_lock(2, 0, heir);
    refuses(
        &mut all,
        2,
        LIQUIDITY_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
    // another lock than the seat's, though the wallet's own
    let (veto, wallet) = all.seat_veto(3, LIQUIDITY_CHAMBER, proposal);
    let second = all.lock(3, 1, FOREVER_TS);
    all.community
        .world
        .fails_with(with(veto, 4, second), &[&wallet], ADDRESS);
}

#[test]
fn only_an_active_person_vetoes() {
    let (mut all, proposal) = Chambers::in_timelock(0, 4);
    act(&mut all.community, 1, PersonAct::Revoke, 0);
    refuses(&mut all, 1, LIQUIDITY_CHAMBER, proposal, GovernanceError::PersonRevoked);
    expire(&mut all.community, 2);
    refuses(&mut all, 2, LIQUIDITY_CHAMBER, proposal, GovernanceError::PersonExpired);
}

#[test]
fn a_veto_names_wallet_realm_and_person_of_the_seat() {
    let (mut all, proposal) = Chambers::in_timelock(0, 4);
    let (veto, wallet) = all.seat_veto(0, LIQUIDITY_CHAMBER, proposal);
    let (other, other_person) = (all.community.wallet(1), all.community.members[1].person);
    let other_realm = all.community.create_second_realm();
    let world = &mut all.community.world;
    world.fails_with(with(veto.clone(), 0, other.pubkey()), &[&other], ADDRESS);
    world.fails_with(with(veto.clone(), 1, other_realm), &[&wallet], ADDRESS);
    world.fails_with(with(veto.clone(), 2, other_person), &[&wallet], ADDRESS);
    // the person of the other wallet does not lend it the seat
    let both = with(with(veto.clone(), 2, other_person), 0, other.pubkey());
    world.fails_with(both, &[&other], ADDRESS);
    let mut unsigned = veto;
    unsigned.accounts[0].is_signer = false;
    world.fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn a_seat_of_another_realm_vetoes_nothing_here() {
    let mut all = Chambers::new(0, 4);
    let lock = all.enroll_lock(0);
    // the same wallet is a person of another realm with the same chambers, and its lock earns a seat there too
    let other_realm = all.community.create_second_realm();
    let (founder, key) = (all.community.founder.insecure_clone(), all.community.attestor_key(0));
    let choice = all.community.attestor_choice(0, 10);
    let add = gov::add_attestor(&other_realm, &founder.pubkey(), &key.pubkey(), choice);
    let (wallet, nullifier) = (all.community.wallet(0), all.community.members[0].nullifier);
    let now = all.community.world.now();
    let from = wallet.pubkey();
    let register = gov::register_person(
        &other_realm,
        &from,
        &from,
        &[key.pubkey()],
        nullifier,
        now + 30 * DAY,
        now + 60,
    );
    let person = gov::person_address(&other_realm, &nullifier);
    let seat = gov::seat_address(&other_realm, LIQUIDITY_CHAMBER, &person);
    let pool = all.pool.at.pool.0;
    let enroll = gov::enroll_chamber(&other_realm, &from, &person, LIQUIDITY_CHAMBER, &lock, &pool);
    let world = &mut all.community.world;
    world.succeeds(add, &[&founder]);
    world.succeeds(register, &[&wallet, &key]);
    world.succeeds(enroll, &[&wallet]);
    all.community.to_epoch(1);
    let call = all.pool_call();
    let proposal = all.submitted(call);
    all.win(&[proposal]);
    let veto = gov::veto_as_chamber(&all.community.realm, &from, &person, &seat, &lock, &proposal);
    all.community
        .world
        .fails_with(veto, &[&wallet], error(GovernanceError::SeatNotEligible));
    all.veto_by_seat(0, LIQUIDITY_CHAMBER, proposal);
}

#[test]
fn the_code_of_pool_and_escrow_is_derived_from_their_ids() {
    let code = |id: Address| Address::find_program_address(&[id.as_ref()], &UPGRADEABLE_LOADER).0;
    assert_eq!(LIQUIDITY_POOL_CODE, code(ids::LIQUIDITY_POOL));
    assert_eq!(COMPUTE_ESCROW_CODE, code(ids::COMPUTE_ESCROW));
}

#[test]
fn what_names_a_program_or_its_code_touches_its_chamber_and_nothing_else_does() {
    let mut all = Chambers::new(0, 2);
    all.enroll_lock(0);
    all.community.to_epoch(1);
    let payee = all.community.world.actor("payee").pubkey();
    let payment = all.community.payment(0, &payee, 1_000);
    let named = |address: Address| {
        let mut call = payment.clone();
        call.accounts.push(ActionAccount {
            address: address.to_bytes(),
            flags: 0,
        });
        call
    };
    let calls = [
        (payment.clone(), 0),
        (all.pool_call(), 1),
        (all.escrow_call(), 2),
        (named(ids::LIQUIDITY_POOL), 1),
        (named(LIQUIDITY_POOL_CODE), 1),
        (named(ids::COMPUTE_ESCROW), 2),
        (named(COMPUTE_ESCROW_CODE), 2),
    ];
    for (call, touches) in calls {
        let proposal = all.community.create_proposal(0, 1);
        all.community.add_action(proposal, call);
        assert_eq!(all.community.proposal_state(proposal).touches, touches);
        let (cancel, wallet) = all.community.cancellation(proposal);
        all.community.world.succeeds(cancel, &[&wallet]);
        let close_action = gov::close_action(&proposal, &gov::action_address(&proposal, 0), &wallet.pubkey());
        let close = all.community.closing(proposal);
        all.community.world.succeeds(close_action, &[]);
        all.community.world.succeeds(close, &[]);
    }
    // both of them together
    let (pool, escrow) = (all.pool_call(), all.escrow_call());
    let both = all.community.create_proposal(0, 1);
    all.community.add_action(both, pool);
    all.community.add_action(both, escrow);
    assert_eq!(all.community.proposal_state(both).touches, 3);
}

#[test]
fn what_does_not_touch_the_pool_is_not_for_its_chamber_to_veto() {
    let mut all = Chambers::new(0, 2);
    all.enroll_lock(0);
    all.community.to_epoch(1);
    let payee = all.community.world.actor("payee").pubkey();
    let (payment, escrow) = (all.community.payment(0, &payee, 1_000), all.escrow_call());
    let proposals = [all.submitted(payment), all.submitted(escrow)];
    all.win(&proposals);
    for proposal in proposals {
        refuses(
            &mut all,
            0,
            LIQUIDITY_CHAMBER,
            proposal,
            GovernanceError::ProposalNotTouching,
        );
    }
}

#[test]
fn a_seat_remembers_sixteen_vetoes_until_their_timelocks_end() {
    // one vote is enough to pass: seventeen proposals fit into the budgets
    let parameters = RealmParameters {
        quorum_credits_ppm: 0,
        quorum_persons_ppm: 0,
        ..rehearsal_parameters()
    };
    let mut all = Chambers::under(0, parameters, true);
    all.community.add_attestor(0, 1_000);
    for member in 0..4 {
        all.community.register(&format!("member {member}"), &[0]);
        all.enroll_lock(member);
    }
    all.community.to_epoch(1);
    let submit = |all: &mut Chambers, number: usize| {
        let call = all.pool_call();
        // nobody may have more than eight open proposals
        let proposal = all.community.create_proposal(number / 8, 1);
        all.community.add_action(proposal, call);
        all.community.submit(proposal);
        proposal
    };
    let proposals: Vec<Address> = (0..17).map(|number| submit(&mut all, number)).collect();
    all.community.to_epoch(2);
    all.community.open_all_ballots();
    let late = submit(&mut all, 24);
    for (number, proposal) in proposals.iter().enumerate() {
        all.community.cast(number % 4, *proposal, 1, 1);
    }
    all.community.to_vote_second(50);
    for proposal in &proposals {
        all.community.finalize(*proposal);
    }
    for proposal in &proposals[..16] {
        all.veto_by_seat(0, LIQUIDITY_CHAMBER, *proposal);
    }
    refuses(
        &mut all,
        0,
        LIQUIDITY_CHAMBER,
        proposals[16],
        GovernanceError::SeatVetoesFull,
    );
    refuses(
        &mut all,
        0,
        LIQUIDITY_CHAMBER,
        proposals[15],
        GovernanceError::SeatVotedAlready,
    );
    // the timelocks have ended: the places are free
    all.win(&[late]);
    all.veto_by_seat(0, LIQUIDITY_CHAMBER, late);
    let vetoes = all.seat_state(0, LIQUIDITY_CHAMBER).vetoes;
    assert_eq!(vetoes[0].proposal_index.get(), 17);
    assert_eq!(vetoes[1].proposal_index.get(), 1);
    refuses(&mut all, 0, LIQUIDITY_CHAMBER, late, GovernanceError::SeatVotedAlready);
}
