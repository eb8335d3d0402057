//! `open_jury`, `enroll_juror`, `leave_jury`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base, *,
    },
    compute_escrow::state::PersonLink,
};

#[test]
fn a_config_has_one_jury() {
    let mut c = Court::new(0, 0);
    let jury: Jury = c.e.world.state(&c.jury);
    assert_eq!((jury.config, jury.realm, jury.places.get()), (c.e.config, c.e.realm, 0));
    let again = court::ix::open_jury(c.key("stranger"), c.e.config);
    c.e.fails_as(again.clone(), &["stranger"], builtin::SYSTEM_IN_USE);
    let elsewhere = base::with(again, 2, c.dispute);
    c.e.fails_as(elsewhere, &["stranger"], builtin::InvalidSeeds);
}

#[test]
fn a_juror_stakes_and_is_linked() {
    let mut c = Court::new(0, 1);
    let juror = c.juror_state("juror 0");
    assert_eq!(
        (juror.index.get(), juror.stake_lamports.get(), juror.person),
        (0, STAKE, c.person("juror 0"))
    );
    assert_eq!(c.e.world.lamports(&c.juror("juror 0")), c.e.world.rent(176) + STAKE);
    let link: PersonLink = c.e.world.state(&court::ix::link(&c.person("juror 0")).0);
    assert_eq!(link.juror_index_plus_one.get(), 1);
    // a person sits once
    let wallet = c.key("juror 0");
    let twice = court::ix::enroll_juror(wallet, c.e.config_id, c.person("juror 0"), 1, STAKE);
    c.e.fails(twice, &["juror 0"], EscrowError::AlreadyLinked);
}

#[test]
fn only_an_active_person_of_the_realm_with_stake_enrolls() {
    let mut c = Court::new(0, 0);
    let (now, realm, id) = (c.e.world.now(), c.e.realm, c.e.config_id);
    let other_realm = put_realm(&mut c.e.world, "other realm", false);
    for (name, realm, expires, revoked) in [
        ("expired", realm, now, 0),
        ("revoked", realm, i64::MAX, 1),
        ("foreign", other_realm, i64::MAX, 0),
    ] {
        let person = put_person(&mut c.e.world, name, realm, expires, revoked);
        let enroll = court::ix::enroll_juror(c.key(name), id, person, 0, STAKE);
        c.e.fails(enroll, &[name], EscrowError::PersonRefused);
    }
    let person = put_person(&mut c.e.world, "poor", realm, now + 1, 0);
    let poor = court::ix::enroll_juror(c.key("poor"), id, person, 0, STAKE - 1);
    c.e.fails(poor, &["poor"], EscrowError::StakeTooSmall);
    let thief = court::ix::enroll_juror(c.key("stranger"), id, person, 0, STAKE);
    c.e.fails(thief, &["stranger"], EscrowError::NotThePerson);
    let rich = court::ix::enroll_juror(c.key("poor"), id, person, 0, STAKE);
    c.e.run(rich, &["poor"]);
}

#[test]
fn the_config_is_the_jurys() {
    let mut c = Court::new(0, 0);
    let admin = c.key("admin");
    let other = base::initialize_config(
        admin,
        60_001,
        false,
        admin,
        &params(&c.e.world),
        c.e.realm,
        c.e.mint.address,
    );
    c.e.run(other, &["admin"]);
    let person = put_person(&mut c.e.world, "new", c.e.realm, i64::MAX, 0);
    let enroll = court::ix::enroll_juror(c.key("new"), c.e.config_id, person, 0, STAKE);
    let wrong = base::with(enroll, 1, base::config(60_001).0);
    c.e.fails_as(wrong, &["new"], builtin::ADDRESS);
}

#[test]
fn empty_places_are_taken_before_new_ones() {
    let mut c = Court::new(0, 3);
    let person = put_person(&mut c.e.world, "new", c.e.realm, i64::MAX, 0);
    let enroll = |c: &Court, index| court::ix::enroll_juror(c.key("new"), c.e.config_id, person, index, STAKE);
    // full: only the next place
    for index in [4, 7] {
        c.e.fails(enroll(&c, index), &["new"], EscrowError::JurorPlaceRefused);
    }
    c.e.fails(enroll(&c, 2), &["new"], EscrowError::JurorPlaceRefused);
    c.e.run(c.leave("juror 1"), &["juror 1"]);
    // one empty: not a new place, not a taken one
    c.e.fails(enroll(&c, 3), &["new"], EscrowError::JurorPlaceRefused);
    c.e.fails_as(enroll(&c, 2), &["new"], builtin::SYSTEM_IN_USE);
    c.e.run(enroll(&c, 1), &["new"]);
    let jury: Jury = c.e.world.state(&c.jury);
    assert_eq!((jury.places.get(), jury.jurors.get()), (3, 3));
}

#[test]
fn leaving_returns_stake_and_rent() {
    let mut c = Court::new(0, 2);
    let before = c.lamports("juror 1");
    c.e.run(c.leave("juror 1"), &["juror 1"]);
    assert_eq!(c.lamports("juror 1") - before, c.e.world.rent(176) + STAKE);
    let link: PersonLink = c.e.world.state(&court::ix::link(&c.person("juror 1")).0);
    assert_eq!(link.juror_index_plus_one.get(), 0);
    // and the person may come back
    let again = court::ix::enroll_juror(c.key("juror 1"), c.e.config_id, c.person("juror 1"), 1, STAKE);
    c.e.run(again, &["juror 1"]);
}

#[test]
fn a_stranger_removes_only_a_person_that_is_none_any_more() {
    let mut c = Court::new(0, 2);
    let (stranger, wallet, person) = (c.key("stranger"), c.key("juror 1"), c.person("juror 1"));
    let leave = court::ix::leave_jury(stranger, c.jury, 1, person, wallet, wallet);
    c.e.fails(leave.clone(), &["stranger"], EscrowError::NotThePerson);
    put_person(&mut c.e.world, "juror 1", c.e.realm, i64::MAX, 1);
    // the stake is the person's all the same
    let stolen = base::with(leave.clone(), 5, stranger);
    c.e.fails(stolen, &["stranger"], EscrowError::NotThePerson);
    let rent = base::with(leave.clone(), 6, stranger);
    c.e.fails_as(rent, &["stranger"], builtin::ADDRESS);
    let before = c.lamports("juror 1");
    c.e.run(leave, &["stranger"]);
    assert_eq!(c.lamports("juror 1") - before, c.e.world.rent(176) + STAKE);
}

#[test]
fn leaving_takes_the_jurors_own_accounts() {
    let mut c = Court::new(0, 2);
    let leave = c.leave("juror 1");
    let others_link = court::ix::link(&c.person("juror 0")).0;
    c.e.fails(
        base::with(leave.clone(), 4, others_link),
        &["juror 1"],
        EscrowError::NotLinked,
    );
    c.e.fails_as(
        base::with(leave.clone(), 3, c.person("juror 0")),
        &["juror 1"],
        builtin::ADDRESS,
    );
    // a jury of another config
    let admin = c.key("admin");
    let other = base::initialize_config(
        admin,
        60_001,
        false,
        admin,
        &params(&c.e.world),
        c.e.realm,
        c.e.mint.address,
    );
    c.e.run(other, &["admin"]);
    let config = base::config(60_001).0;
    c.e.run(court::ix::open_jury(c.key("payer"), config), &["payer"]);
    c.e.fails(
        base::with(leave, 1, court::ix::jury(&config).0),
        &["juror 1"],
        EscrowError::WrongCase,
    );
}

#[test]
fn a_seated_juror_does_not_leave() {
    let mut c = Court::drawn(0, 4);
    let name = c.panel()[0].clone();
    c.e.fails(c.leave(&name), &[&name], EscrowError::JurorSeated);
    // nor is a revoked one thrown out before its seats are closed
    put_person(&mut c.e.world, &name, c.e.realm, i64::MAX, 1);
    c.e.fails(c.leave(&name), &[&name], EscrowError::JurorSeated);
}
