//! `enroll_chamber`; what becomes of a seat and how it vetoes have files of their own

use {
    crate::prelude::*,
    commonweal_tests::fixtures::{
        escrow::ix,
        governance::{Chambers, LOCKED},
    },
    liquidity_pool::constants::FOREVER_TS,
    quadratic_governance::events::SeatChanged,
};

#[path = "chamber_seats.rs"]
mod chamber_seats;
#[path = "chamber_thirds.rs"]
mod chamber_thirds;
#[path = "chamber_veto.rs"]
mod chamber_veto;

/// What attestor 0 does to a member.
pub(crate) fn act(community: &mut Community, member: usize, act: PersonAct, expires_ts: i64) {
    let key = community.attestor_key(0);
    let member = &community.members[member];
    let deadline_ts = community.world.now() + 60;
    let instruction = gov::act_on_person(
        &community.realm,
        &member.person,
        &member.wallet.pubkey(),
        &[key.pubkey()],
        act,
        expires_ts,
        deadline_ts,
    );
    community.world.succeeds(instruction, &[&key]);
}

/// Ends a member's registration: the clock alone would end everybody's, and no renewal shortens one.
pub(crate) fn expire(community: &mut Community, member: usize) {
    let now = community.world.now();
    let person = community.members[member].person;
    community.force::<Person>(person, |person| person.expires_ts = now.into());
}

/// The advance of a nonce account of an authority: a transaction that starts with it could have been signed long ago.
pub(crate) fn advance_of(community: &mut Community, authority: &Keypair) -> Instruction {
    use solana_system_interface::instruction as system;
    let nonce = community.world.keypair("nonce");
    let payer = community.world.actor("nonce payer");
    let rent = community.world.rent(80);
    let create = system::create_nonce_account(&payer.pubkey(), &nonce.pubkey(), &authority.pubkey(), rent);
    community.world.all_succeed(&create, &[&payer, &nonce]);
    community.world.warp_seconds(1);
    system::advance_nonce_account(&nonce.pubkey(), &authority.pubkey())
}

fn counted(all: &Chambers) -> [u32; 2] {
    all.community.realm_state().chamber_seats.map(|count| count.get())
}

fn with(mut instruction: Instruction, place: usize, address: Address) -> Instruction {
    instruction.accounts[place].pubkey = address;
    instruction
}

#[track_caller]
fn refuses_enrollment(all: &mut Chambers, member: usize, chamber: u8, evidence: Address, expected: GovernanceError) {
    let (enroll, wallet) = all.enrollment(member, chamber, evidence);
    all.community.world.fails_with(enroll, &[&wallet], error(expected));
}

#[test]
fn a_lock_earns_a_seat_that_counts_from_the_next_epoch() {
    let mut all = Chambers::new(0, 1);
    all.community.to_epoch(4);
    let lock = all.lock(0, 0, all.community.world.now() + 1);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, lock);
    let before = all.community.world.lamports(&wallet.pubkey());
    let receipt = all.community.world.succeeds(enroll, &[&wallet]);
    let (seat, address) = (all.seat_state(0, LIQUIDITY_CHAMBER), all.seat(0, LIQUIDITY_CHAMBER));
    assert_eq!(
        (seat.version, seat.chamber, seat.active_from_epoch.get()),
        (1, LIQUIDITY_CHAMBER, 5)
    );
    assert_eq!(
        (seat.realm, seat.person),
        (all.community.realm, all.community.members[0].person)
    );
    assert_eq!((seat.evidence, seat.rent_payer), (lock, wallet.pubkey()));
    assert_eq!(
        (seat.jobs_seen.get(), seat.work_epoch.get(), seat.working_epochs),
        (0, 4, 0)
    );
    assert!(seat.vetoes.iter().all(|veto| veto.until_ts.get() == 0));
    let rent = all.community.world.rent(360);
    assert_eq!(all.community.world.lamports(&address), rent);
    assert_eq!(before - all.community.world.lamports(&wallet.pubkey()), rent);
    assert_eq!(counted(&all), [1, 0]);
    // what was counted when the epoch began stays until the next
    assert_eq!(
        all.community
            .realm_state()
            .chamber_seats_at_start
            .map(|count| count.get()),
        [0, 0]
    );
    let event = receipt.events::<SeatChanged>()[0];
    assert_eq!((event.seat, event.person, event.evidence), (address, seat.person, lock));
    assert_eq!((event.active_from_epoch.get(), event.chamber, event.open), (5, 0, 1));
}

#[test]
fn a_slot_earns_a_seat_that_does_not_count_yet() {
    let mut all = Chambers::new(0, 1);
    let slot = all.slot(0);
    all.work(0);
    let (enroll, wallet) = all.enrollment(0, PROVIDER_CHAMBER, slot);
    all.community.world.succeeds(enroll, &[&wallet]);
    let seat = all.seat_state(0, PROVIDER_CHAMBER);
    assert_eq!(
        (seat.chamber, seat.evidence, seat.active_from_epoch.get()),
        (PROVIDER_CHAMBER, slot, NO_EPOCH)
    );
    // the job finished before does not count as new later
    assert_eq!(
        (seat.jobs_seen.get(), seat.work_epoch.get(), seat.working_epochs),
        (1, 0, 0)
    );
    assert_eq!(counted(&all), [0, 0]);
}

#[test]
fn there_are_two_chambers() {
    let mut all = Chambers::new(0, 1);
    let lock = all.lock(0, 0, FOREVER_TS);
    for chamber in [2, 255] {
        refuses_enrollment(&mut all, 0, chamber, lock, GovernanceError::ChamberUnknown);
    }
}

#[test]
fn nobody_takes_two_seats_in_a_chamber_but_one_in_each() {
    let mut all = Chambers::new(0, 1);
    all.enroll_lock(0);
    all.enroll_slot(0);
    let second = all.lock(0, 1, FOREVER_TS);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, second);
    // the system program: already in use
    all.community.world.fails_with(enroll, &[&wallet], 0u32);
    assert_eq!(counted(&all), [1, 0]);
}

#[test]
fn only_an_active_person_takes_a_seat() {
    let mut all = Chambers::new(0, 2);
    let (first, second) = (all.lock(0, 0, FOREVER_TS), all.lock(1, 0, FOREVER_TS));
    act(&mut all.community, 0, PersonAct::Revoke, 0);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, first, GovernanceError::PersonRevoked);
    expire(&mut all.community, 1);
    refuses_enrollment(&mut all, 1, LIQUIDITY_CHAMBER, second, GovernanceError::PersonExpired);
}

#[test]
fn enrolling_names_wallet_realm_and_seat_of_the_person() {
    let mut all = Chambers::new(0, 2);
    let lock = all.lock(0, 0, FOREVER_TS);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, lock);
    let stranger = all.community.wallet(1);
    let other_realm = all.community.create_second_realm();
    let world = &mut all.community.world;
    world.fails_with(with(enroll.clone(), 0, stranger.pubkey()), &[&stranger], ADDRESS);
    world.fails_with(with(enroll.clone(), 1, other_realm), &[&wallet], ADDRESS);
    let other_seat = gov::seat_address(&all.community.realm, PROVIDER_CHAMBER, &all.community.members[0].person);
    let world = &mut all.community.world;
    world.fails_with(
        with(enroll.clone(), 3, other_seat),
        &[&wallet],
        InstructionError::InvalidSeeds,
    );
    let mut unsigned = enroll;
    unsigned.accounts[0].is_signer = false;
    world.fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn anothers_lock_earns_nothing_until_it_is_given() {
    let mut all = Chambers::new(0, 2);
    let lock = all.lock(0, 0, FOREVER_TS);
    refuses_enrollment(&mut all, 1, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    let heir = all.community.wallet(1).pubkey();
    all.give_lock(0, 0, heir);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    let (enroll, wallet) = all.enrollment(1, LIQUIDITY_CHAMBER, lock);
    all.community.world.succeeds(enroll, &[&wallet]);
}

#[test]
fn a_lock_that_is_over_or_empty_earns_nothing() {
    let mut all = Chambers::new(0, 1);
    let unlock_ts = all.community.world.now() + 50;
    let lock = all.lock(0, 0, unlock_ts);
    all.community.world.warp_to(unlock_ts);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    all.community.world.warp(-1, 1);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, lock);
    all.community.world.succeeds(enroll, &[&wallet]);
    let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &wallet.pubkey());
    all.community.world.succeeds(close, &[&wallet]);
    // an emptied lock is closed
    all.community.world.warp_to(unlock_ts);
    all.unlock(0, 0, LOCKED);
    assert!(!all.community.world.exists(&lock));
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    // the pool keeps no empty lock that still runs: one by force
    let forever = all.lock(0, 1, FOREVER_TS);
    all.community
        .force::<liquidity_pool::state::LiquidityLock>(forever, |lock| lock.lp_atoms = 0u64.into());
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, forever, GovernanceError::SeatRefused);
}

#[test]
fn lock_and_pool_must_be_those_of_the_liquidity_pool() {
    let mut all = Chambers::new(0, 1);
    let lock = all.lock(0, 0, FOREVER_TS);
    let slot = all.slot(0);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, lock);
    let (pool, config) = (all.pool.at.pool.0, all.pool.config);
    let nobody = all.community.world.keypair("nobody").pubkey();
    let refused = [
        // no locks
        with(enroll.clone(), 4, pool),
        with(enroll.clone(), 4, slot),
        with(enroll.clone(), 4, nobody),
        // no pools
        with(enroll.clone(), 5, lock),
        with(enroll.clone(), 5, config),
        with(enroll.clone(), 5, slot),
        with(enroll, 5, nobody),
    ];
    for instruction in refused {
        all.community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::SeatRefused));
    }
    // the same bytes in another program's account
    let mut forged = all.community.world.raw(&lock);
    forged.owner = ids::COMPUTE_ESCROW;
    let address = all.community.world.keypair("forged").pubkey();
    all.community.world.set_raw(address, forged);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, address, GovernanceError::SeatRefused);
}

#[test]
fn a_lock_in_a_pool_of_another_config_earns_nothing_whatever_pool_is_named() {
    let mut all = Chambers::new(0, 1);
    let own = all.lock(0, 0, FOREVER_TS);
    let mut other = all.other_pool();
    std::mem::swap(&mut all.pool, &mut other);
    let foreign = all.lock(0, 0, FOREVER_TS);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, foreign, GovernanceError::SeatRefused);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, own, GovernanceError::SeatRefused);
    std::mem::swap(&mut all.pool, &mut other);
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, foreign, GovernanceError::SeatRefused);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, own);
    all.community.world.succeeds(enroll, &[&wallet]);
}

#[test]
fn slot_and_provider_must_be_those_of_the_escrow_and_the_wallets_own() {
    let mut all = Chambers::new(0, 2);
    let (own, others) = (all.slot(0), all.slot(1));
    let lock = all.lock(0, 0, FOREVER_TS);
    let (enroll, wallet) = all.enrollment(0, PROVIDER_CHAMBER, own);
    let (provider, other_provider) = (all.provider(0), all.provider(1));
    let nobody = all.community.world.keypair("nobody").pubkey();
    let both_others = with(with(enroll.clone(), 4, others), 5, other_provider);
    let refused = [
        // another's slot, with its provider or the own one, and the own slot with another's provider
        both_others,
        with(enroll.clone(), 4, others),
        with(enroll.clone(), 5, other_provider),
        // neither slots nor providers
        with(enroll.clone(), 4, provider),
        with(enroll.clone(), 4, lock),
        with(enroll.clone(), 5, own),
        with(enroll, 5, nobody),
    ];
    for instruction in refused {
        all.community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::SeatRefused));
    }
}

#[test]
fn a_realm_without_chambers_gives_no_seats() {
    let mut all = Chambers::new(0, 1);
    let (lock, slot) = (all.lock(0, 0, FOREVER_TS), all.slot(0));
    all.community.force::<Realm>(all.community.realm, |realm| {
        realm.liquidity_config = Address::default();
        realm.escrow_config_number = 0u32.into();
    });
    refuses_enrollment(&mut all, 0, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    refuses_enrollment(&mut all, 0, PROVIDER_CHAMBER, slot, GovernanceError::SeatRefused);
}

#[test]
fn when_a_vote_sets_other_configs_seats_stay_and_new_ones_are_earned_elsewhere() {
    let mut all = Chambers::new(0, 2);
    all.enroll_lock(0);
    let (lock, slot) = (all.lock(1, 0, FOREVER_TS), all.slot(1));
    all.community.to_epoch(1);
    let chambers = quadratic_governance::ChamberChoice {
        liquidity_config: [7; 32],
        escrow_config_number: u32::from(all.escrow.config_id) + 2,
    };
    let lane = all.community.treasury(0);
    let call = all.call(gov::set_chambers(&all.community.realm, &lane, chambers));
    let proposal = all.submitted(call);
    all.win(&[proposal]);
    all.community.to_vote_second(70);
    let execution = all.community.execution(proposal, 0);
    all.community.world.succeeds(execution, &[]);
    refuses_enrollment(&mut all, 1, LIQUIDITY_CHAMBER, lock, GovernanceError::SeatRefused);
    refuses_enrollment(&mut all, 1, PROVIDER_CHAMBER, slot, GovernanceError::SeatRefused);
    assert_eq!(counted(&all), [1, 0]);
    let stranger = all.community.wallet(1);
    let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &stranger.pubkey());
    all.community
        .world
        .fails_with(close, &[&stranger], error(GovernanceError::SeatInUse));
}

#[test]
fn a_slot_of_the_other_config_number_is_not_this_realms() {
    let mut all = Chambers::new(0, 1);
    let slot = all.slot(0);
    let provider: commonweal_tests::fixtures::escrow::Provider = all.community.world.state(&all.provider(0));
    assert_eq!(provider.authority, all.community.wallet(0).pubkey());
    assert_eq!(slot, ix::slot(&all.provider(0), 0).0);
    for number in [0u32, 2] {
        let number = u32::from(all.escrow.config_id) + number;
        all.community
            .force::<Realm>(all.community.realm, |realm| realm.escrow_config_number = number.into());
        refuses_enrollment(&mut all, 0, PROVIDER_CHAMBER, slot, GovernanceError::SeatRefused);
    }
}
