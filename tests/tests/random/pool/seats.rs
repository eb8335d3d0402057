//! Seats, and persons who come, move and go.

use {
    super::*,
    commonweal_tests::model::pool::{Person, Position},
};

/// A new person of either realm acting through an actor's wallet; or one of those there moves, expires, is revoked.
pub(super) fn change_person(game: &mut Game, play: &mut Play) {
    let now = game.now().ts;
    let actor = game.world.rng.random_range(0..game.actors.len());
    let wallet = game.actors[actor].pubkey();
    let realm = *pick(&mut game.world.rng, &game.realms);
    let rng = &mut game.world.rng;
    let count = game.model.persons.len();
    let is_new = count < 16 || (count < 40 && chance(rng, 20));
    let expires = now + magnitude(rng, 400_000_000).max(rng.random_range(1..10_000_000)) as i64;
    let change = rng.random_range(0..10);
    let place = rng.random_range(0..count.max(1));
    let mut person = if is_new {
        Person {
            address: Address::new_from_array(rng.random()),
            realm,
            wallet,
            expires,
            revoked: 0,
        }
    } else {
        game.model.persons[place]
    };
    if !is_new {
        match change {
            0..4 => person.wallet = wallet,
            4..6 => person.revoked = now,
            6..8 => person.expires = now - i64::from(change) + 6,
            // renewed
            _ => (person.revoked, person.expires) = (0, expires),
        }
    }
    play.step(format!("person {person:?}"));
    game.place_person(&person);
    if is_new {
        game.model.persons.push(person);
    } else {
        game.model.persons[place] = person;
    }
    play.agreed("change_person", None);
}

fn seating_metas(game: &Game, position: &Position, seat: Address, person: Address) -> Vec<AccountMeta> {
    let write = |address: Address| AccountMeta::new(address, false);
    vec![
        AccountMeta::new(position.owner, true),
        write(game.model.farms[position.farm].address),
        write(position.address),
        write(seat),
        AccountMeta::new_readonly(person, false),
        AccountMeta::new_readonly(ids::SYSTEM, false),
    ]
}

pub(super) fn take_seat(game: &mut Game, play: &mut Play) {
    let now = game.now();
    if game.model.persons.is_empty() {
        return;
    }
    let Some(mut position) = some_position(game, |position| position.seat.is_none()) else {
        return;
    };
    let persons = game.model.persons.clone();
    let mut person = *pick(&mut game.world.rng, &persons);
    // usually one who may sit down; where nobody may, mostly nobody tries in vain
    let is_fit = |game: &Game, position: &Position, person: &Person| {
        let farm = &game.model.farms[position.farm];
        position.seat.is_none()
            && person.is_live(&farm.realm, &position.owner, now.ts)
            && !game
                .model
                .seats
                .values()
                .any(|seat| seat.farm == position.farm && seat.person == person.address)
    };
    if chance(&mut game.world.rng, 88) {
        let pairs = game
            .model
            .positions
            .values()
            .flat_map(|position| persons.iter().map(move |person| (position, person)));
        let fit: Vec<(Position, Person)> = pairs
            .filter(|(position, person)| is_fit(game, position, person))
            .map(|(position, person)| (position.clone(), *person))
            .collect();
        if fit.is_empty() {
            if chance(&mut game.world.rng, 95) {
                return;
            }
        } else {
            (position, person) = pick(&mut game.world.rng, &fit).clone();
        }
    } else if chance(&mut game.world.rng, 50) {
        return;
    }
    let actor = owner_of(game, &position);
    let seat = game.seat_address(position.farm, &person.address);
    play.step(format!("take_seat by {actor}: {person:?}, {position:?}"));
    let mut metas = seating_metas(game, &position, seat, person.address);
    let spoilt = spoil(
        game,
        &mut metas,
        vec![Spoil::Unsigned(0), Spoil::ReadOnly(1), Spoil::ReadOnly(2)],
    );
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        next.take_seat(&position.address, seat, &person.address, &game.farm_rents(), &now)?;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, data(25, &[])), actor, prediction);
    play.agreed("take_seat", refused);
}

/// Somebody ends a seat whose person is not live; or the owner leaves it.
pub(super) fn end_seat(game: &mut Game, play: &mut Play, is_sync: bool) {
    let now = game.now();
    let is_dead = |game: &Game, position: &Position| {
        let seat = position.seat.map(|seat| &game.model.seats[&seat]);
        seat.is_some_and(|seat| {
            let person = game
                .model
                .persons
                .iter()
                .find(|person| person.address == seat.person)
                .unwrap();
            !person.is_live(&game.model.farms[position.farm].realm, &position.owner, now.ts)
        })
    };
    let seated: Vec<Position> = game
        .model
        .positions
        .values()
        .filter(|position| position.seat.is_some())
        .cloned()
        .collect();
    if seated.is_empty() {
        return;
    }
    let mut position = pick(&mut game.world.rng, &seated).clone();
    if is_sync {
        // usually one that can be ended
        match seated.iter().find(|position| is_dead(game, position)) {
            Some(dead) => position = dead.clone(),
            None if chance(&mut game.world.rng, 85) => return,
            None => {}
        }
    }
    let actor = owner_of(game, &position);
    let seat = game.model.seats[&position.seat.unwrap()].clone();
    let mut person = seat.person;
    if chance(&mut game.world.rng, 4) {
        person = game.model.persons[0].address;
    }
    let name = if is_sync { "sync_seat" } else { "leave_seat" };
    play.step(format!("{name}: {seat:?}, {position:?}, person {person}"));
    let write = |address: Address| AccountMeta::new(address, false);
    let mut metas = if is_sync {
        vec![
            write(game.model.farms[position.farm].address),
            write(position.address),
            write(seat.address),
            AccountMeta::new_readonly(person, false),
            write(position.owner),
        ]
    } else {
        seating_metas(game, &position, seat.address, person)
    };
    let ways = if is_sync {
        let stranger = game.actors[(actor + 1) % 4].pubkey();
        vec![
            Spoil::ReadOnly(0),
            Spoil::ReadOnly(1),
            Spoil::Other(4, stranger, refusal(PoolError::NotTheOwner)),
        ]
    } else {
        vec![Spoil::Unsigned(0), Spoil::ReadOnly(1), Spoil::ReadOnly(2)]
    };
    let spoilt = spoil(game, &mut metas, ways);
    let predict = || -> Result<Model, Refusal> {
        if let Some(refusal) = spoilt {
            return Err(refusal);
        }
        let mut next = game.model.clone();
        next.end_seat(
            &position.address,
            &seat.address,
            &person,
            is_sync,
            &game.farm_rents(),
            &now,
        )?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(if is_sync { 26 } else { 27 }, &[]);
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    play.agreed(name, refused);
}
