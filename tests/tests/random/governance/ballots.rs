//! Stakes and ballots.

use super::*;

pub(super) fn open_stake(game: &mut Game, play: &mut Play) {
    let staked: Vec<(Address, Address)> = game.book.stakes.values().map(|s| (s.person, s.depositor)).collect();
    let Some(person) = some_person(game, |person| !staked.contains(&(person.address, person.wallet))) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    play.step(format!("open_stake of {} by {by}", person.address));
    let (realm, mint) = (game.book.realm, game.mint.clone());
    let address = real::stake_address(&realm, &person.address, &by);
    let vault = real::vault_address(&address);
    let rents = [game.world.rent(244), game.world.rent(165)];
    let instruction = real::open_stake(&realm, &by, &person.address, &mint);
    attempt(game, play, "open_stake", instruction, |book| {
        if by != person.wallet {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        if book.stakes.contains_key(&address) {
            return Err(code(0));
        }
        book.stakes.insert(
            address,
            Stake {
                address,
                vault,
                person: person.address,
                depositor: by,
                deposits: Vec::new(),
            },
        );
        book.tokens.open(vault, mint.address, address);
        book.create(&by, &address, rents[0]);
        book.create(&by, &vault, rents[1]);
        Ok(())
    });
}

pub(super) fn stake(game: &mut Game, play: &mut Play) {
    let Some(stake) = some_stake(game, |_| true) else {
        return open_stake(game, play);
    };
    let by = signer(game, stake.depositor);
    let source = game.wallet(&by);
    let held = game.book.tokens.atoms(&source);
    let rng = &mut game.world.rng;
    let atoms = if chance(rng, 10) {
        hostile(rng, held)
    } else {
        magnitude(rng, held / 4)
    };
    play.step(format!("stake {atoms} of {held} into {} by {by}", stake.address));
    let (realm, mint, now) = (game.book.realm, game.mint.clone(), game.now());
    let instruction = real::stake_tokens(&realm, &by, &stake.address, &source, &mint, atoms);
    attempt(game, play, "stake", instruction, |book| {
        book.deposit(&by, &stake.address, &source, atoms, now)
    });
}

pub(super) fn unstake(game: &mut Game, play: &mut Play) {
    let epoch = game.epoch();
    let voting: Vec<Address> = game
        .book
        .persons
        .values()
        .filter(|p| p.ballots.contains(&epoch) || p.lends_from(epoch))
        .map(|p| p.address)
        .collect();
    let Some(stake) = some_stake(game, |s| s.atoms() > 0 && !voting.contains(&s.person)) else {
        return stake(game, play);
    };
    let by = signer(game, stake.depositor);
    let stranger = *pick(&mut game.world.rng, &game.voters.clone());
    let owner = if chance(&mut game.world.rng, 4) { stranger } else { by };
    let to = game.wallet(&owner);
    let held = stake.atoms();
    let rng = &mut game.world.rng;
    let atoms = match rng.random_range(0..10) {
        0 => hostile(rng, held),
        1..4 => held,
        _ => magnitude(rng, held),
    };
    play.step(format!(
        "unstake {atoms} of {held} from {} by {by} to {to}",
        stake.address
    ));
    let (realm, mint, now) = (game.book.realm, game.mint.clone(), game.now());
    let mut instruction = real::unstake_tokens(&realm, &stake.depositor, &stake.person, &to, &mint, atoms);
    instruction.accounts[0].pubkey = by;
    attempt(game, play, "unstake", instruction, |book| {
        book.unstake(&by, &stake.address, &to, atoms, now)
    });
}

pub(super) fn close_stake(game: &mut Game, play: &mut Play) {
    let Some(stake) = some_stake(game, |s| s.atoms() == 0) else {
        return unstake(game, play);
    };
    let by = signer(game, stake.depositor);
    let to = game.wallet(&by);
    play.step(format!("close_stake {} by {by}", stake.address));
    let instruction = real::close_stake(&by, &stake.address, &to, &game.mint.clone());
    attempt(game, play, "close_stake", instruction, |book| {
        book.close_stake(&by, &stake.address, &to)
    });
}

pub(super) fn open_ballot(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let fits = |p: &Person| {
        let is_free = !p.ballots.contains(&epoch) && !p.lends_in(epoch) && !p.rests_in(epoch);
        is_free && epoch >= p.registered + 2 && p.is_active(now)
    };
    let Some(person) = some_person(game, fits) else {
        return let_time_pass(game, play);
    };
    let by = signer(game, person.wallet);
    let payer = if chance(&mut game.world.rng, 50) {
        by
    } else {
        game.key("sponsor")
    };
    let own = real::stake_address(&game.book.realm, &person.address, &person.wallet);
    let all: Vec<Address> = game.book.stakes.keys().copied().collect();
    let rng = &mut game.world.rng;
    let stake = match rng.random_range(0..20) {
        0 => None,
        1 if !all.is_empty() => Some(*pick(rng, &all)),
        _ => all.contains(&own).then_some(own),
    };
    let of = match rng.random_range(0..25) {
        0 => epoch + 1,
        1 => epoch.saturating_sub(1),
        _ => epoch,
    };
    play.step(format!(
        "open_ballot of {} in {of} by {by}, payer {payer}, stake {stake:?}",
        person.address
    ));
    let realm = game.book.realm;
    let address = real::ballot_address(&realm, &person.address, of);
    let rent = game.world.rent(280);
    let instruction = real::open_ballot(&realm, &payer, &by, &person.address, stake, of);
    attempt(game, play, "open_ballot", instruction, |book| {
        let ballot = Ballot {
            address,
            epoch: of,
            person: person.address,
            bucket: 0,
            rent_payer: payer,
            budget: 0,
            counts: None,
            votes: BTreeMap::new(),
        };
        book.open_ballot(&by, ballot, stake.as_ref(), now)?;
        book.create(&payer, &address, rent);
        Ok(())
    });
}

pub(super) fn close_ballot(game: &mut Game, play: &mut Play) {
    let epoch = game.epoch();
    let Some(ballot) = some_ballot(game, |b| b.epoch < epoch) else {
        return;
    };
    let by = signer(game, game.book.persons[&ballot.person].wallet);
    play.step(format!("close_ballot {} of {} by {by}", ballot.address, ballot.epoch));
    let now = game.now();
    let instruction = real::close_ballot(&by, &ballot.person, &ballot.address, &ballot.rent_payer);
    attempt(game, play, "close_ballot", instruction, |book| {
        book.close_ballot(&by, &ballot.address, now)
    });
}
