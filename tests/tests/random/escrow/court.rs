//! Challenges, the jury, cases before the court.

use super::*;

/// Anchor's code for one account in two places, one of them writable.
const CONSTRAINT_DUPLICATE: u32 = 2_040;

/// Hashes of a canary job's specification: its body, what the canary should give.
fn canary_words(client: &Address, nonce: u64) -> [[u8; 32]; 3] {
    let number = nonce.to_le_bytes();
    ["body", "expected", "salt"].map(|word| sha(&[word.as_bytes(), client.as_ref(), &number]))
}

fn node(tag: &[u8; 16], parts: &[&[u8]]) -> [u8; 32] {
    let mut all: Vec<&[u8]> = vec![tag];
    all.extend(parts);
    sha(&all)
}

/// The specification of a canary job: the canary is the second of two.
pub(super) fn canary_spec(client: &Address, nonce: u64) -> [u8; 32] {
    let [body, expected, salt] = canary_words(client, nonce);
    let leaf = node(b"commonweal:cnl:1", &[&1u32.to_le_bytes(), &expected, &salt]);
    let root = node(b"commonweal:nod:1", &[&[5; 32], &leaf]);
    node(b"commonweal:can:1", &[&body, &root])
}

/// The result of a batch job or an auction: of a canary job the root of two outputs, the second of them wrong half of the times.
pub(super) fn result_of_job(job: &Job) -> [u8; 32] {
    if job.terms.verification != 2 {
        return sha(&[b"result of", &job.uid]);
    }
    let leaf = node(b"commonweal:out:1", &[&1u32.to_le_bytes(), &output_of(job)]);
    node(b"commonweal:nod:1", &[&[6; 32], &leaf])
}

fn output_of(job: &Job) -> [u8; 32] {
    let [_, expected, _] = canary_words(&job.client, job.nonce);
    if number_of(&[b"lies", &job.uid]).is_multiple_of(2) {
        [7; 32]
    } else {
        expected
    }
}

/// A key that acts for a party: the party, or its friend.
fn agent_of(game: &mut Game) -> Address {
    match game.world.rng.random_range(0..30) {
        0 => Address::default(),
        1..10 => game.key("cranker"),
        _ => some_actor(game),
    }
}

pub(super) fn challenger(game: &mut Game) -> Address {
    let jurors = game.jurors.clone();
    if chance(&mut game.world.rng, 10) {
        *pick(&mut game.world.rng, &jurors)
    } else {
        some_actor(game)
    }
}

pub(super) fn challenge(game: &mut Game, play: &mut Play, job: &Job) {
    let by = challenger(game);
    let config = if chance(&mut game.world.rng, 3) {
        some_config(game).id
    } else {
        job.config_id
    };
    let [_, right, _] = canary_words(&job.client, job.nonce);
    let lies = job.terms.verification == 2 && output_of(job) != right;
    let is_canary = lies && chance(&mut game.world.rng, 80);
    let uid = if chance(&mut game.world.rng, 3) {
        [9; 32]
    } else {
        job.uid
    };
    let at = game.book.configs[&config].address;
    let now = game.now();
    let mut agent = agent_of(game);
    let mut claimed = [3; 32];
    if chance(&mut game.world.rng, 3) {
        claimed = job.result;
    }
    let mut canary = None;
    let instruction = if is_canary || chance(&mut game.world.rng, 2) {
        let [body, expected, salt] = canary_words(&job.client, job.nonce);
        let mut proof = by_hand::Proof {
            index: 1,
            position: 1,
            words: [body, expected, salt, output_of(job)],
            canary_path: vec![[5; 32]],
            output_path: vec![[6; 32]],
        };
        let is_right = !chance(&mut game.world.rng, 5);
        if !is_right {
            proof.words[2] = [1; 32];
        }
        // what the trees bind, and whether the result is the one of these outputs
        let is_of_outputs = job.state == CHALLENGEABLE && job.result == result_of_job(job);
        let differs = output_of(job) != expected;
        let holds = is_right && is_of_outputs && differs && job.terms.spec_hash == canary_spec(&job.client, job.nonce);
        let attestor = match game.world.rng.random_range(0..12) {
            0 => Some(some_actor(game)),
            1..7 => None,
            _ => Some(game.key("attestor")),
        };
        (agent, claimed) = (by, expected);
        canary = Some((holds, attestor));
        by_hand::prove_canary(by, at, job.address, &uid, &proof, attestor)
    } else {
        by_hand::challenge_result(by, at, job.address, &uid, &claimed, agent)
    };
    let action = if canary.is_some() {
        "prove_canary"
    } else {
        "challenge_result"
    };
    play.step(format!("{action} {} by {by} and {agent}, {canary:?}", job.address));
    let challenge = Challenge {
        address: by_hand::challenge_of(&job.address, &by).0,
        job: job.address,
        uid,
        challenger: [by, agent],
        defender: None,
        defender_person: None,
        state: 1,
        claimed,
        created: now,
        terms: CaseTerms {
            bond: 0,
            fee: 0,
            bounty: 0,
            seconds: [0; 6],
        },
    };
    // nobody countersigns his own claim
    let signs_twice = canary.is_some_and(|(_, attestor)| attestor == Some(by));
    let early = signs_twice.then(|| code(CONSTRAINT_DUPLICATE));
    attempt(game, play, action, &instruction, early, |book| {
        book.challenge(challenge, config, canary, now)
    });
}

/// The slot that can defend a job, and its part.
fn defence(game: &mut Game, job: &Job) -> (Option<Slot>, Option<Part>) {
    if job.terms.kind != 2 {
        return (job.slot.map(|slot| game.book.slots[&slot].clone()), None);
    }
    let winners: Vec<Part> = parts_of(game, job, |state| state == 3)
        .into_iter()
        .filter(|part| part.hash == job.result)
        .collect();
    let part = some(game, &winners);
    let slot = part.as_ref().map(|part| game.book.slots[&part.slot].clone());
    (slot, part)
}

pub(super) fn answer(game: &mut Game, play: &mut Play, challenge: &Challenge) {
    let job = game.book.jobs[&challenge.job].clone();
    let (slot, mut part) = defence(game, &job);
    let stranger = some_slot(game);
    let slot = slot.filter(|_| !chance(&mut game.world.rng, 4)).unwrap_or(stranger);
    let hands = hands_of(game, &slot, true);
    let everywhere: Vec<Part> = game.book.parts.values().cloned().collect();
    if chance(&mut game.world.rng, 5) {
        part = some(game, &everywhere);
    }
    let agent = agent_of(game);
    play.step(format!(
        "answer_challenge {} by {hands:?} and {agent}",
        challenge.address
    ));
    let given = part.map(|part| part.address);
    let instruction = by_hand::answer_challenge(
        hands.by,
        hands.provider,
        job.address,
        challenge.address,
        hands.slot,
        given,
        agent,
    );
    let now = game.now();
    attempt(game, play, "answer_challenge", &instruction, None, |book| {
        book.answer(&hands, &job.address, &challenge.address, given.as_ref(), &agent, now)
    });
}

pub(super) fn resolve(game: &mut Game, play: &mut Play, challenge: &Challenge) {
    let job = game.book.jobs[&challenge.job].clone();
    let by = some_actor(game);
    let mut slot = job.slot;
    let mut provider = slot.map(|slot| game.book.slots[&slot].provider);
    let authority = provider.map(|provider| game.book.providers[&provider].authority);
    let answered = challenge.defender.map(|[who, _]| who);
    let mut defender = answered.or(authority).unwrap_or(by);
    match game.world.rng.random_range(0..40) {
        0 => slot = None,
        1 => slot = Some(some_slot(game).address),
        2 => provider = None,
        3 => provider = Some(some_provider(game).address),
        4 => defender = some_actor(game),
        _ => {}
    }
    if job.terms.kind == 2 {
        (slot, provider) = (None, None);
    }
    play.step(format!(
        "resolve_challenge {} of {}, to {defender}",
        challenge.address, job.address
    ));
    let [challenger, _] = challenge.challenger;
    let instruction = by_hand::resolve_challenge(job.address, challenger, defender, slot, provider);
    attempt(game, play, "resolve_challenge", &instruction, None, |book| {
        book.resolve(&challenge.address, &defender, slot.as_ref(), provider.as_ref())
    });
}

pub(super) fn open_jury(game: &mut Game, play: &mut Play, config: u16) {
    let (payer, at) = (game.key("payer"), game.book.configs[&config].address);
    let address = by_hand::jury(&at).0;
    play.step(format!("open_jury of {config}"));
    let instruction = by_hand::open_jury(payer, at);
    attempt(game, play, "open_jury", &instruction, None, |book| {
        book.open_jury(&payer, config, &address)
    });
}

pub(super) fn enroll_juror(game: &mut Game, play: &mut Play) {
    let config = game.book.configs[&0].clone();
    let Some(jury) = game.book.juries.get(&0).cloned() else {
        return open_jury(game, play, 0);
    };
    let wild = is_wild(game);
    let sits = |person: &Address| game.book.links.get(person).is_some_and(|link| link.place.is_some());
    let people: Vec<Person> = (game.book.persons.values())
        .filter(|person| wild || !sits(&person.address))
        .cloned()
        .collect();
    let Some(person) = some(game, &people) else { return };
    let empty = (0..jury.places).find(|place| {
        let mut jurors = game.book.jurors.values();
        !jurors.any(|juror| juror.config_id == 0 && juror.place == *place)
    });
    let mut place = empty.unwrap_or(jury.places);
    if chance(&mut game.world.rng, 4) {
        place = game.world.rng.random_range(0..jury.places + 2);
    }
    let least = config.court.juror_stake_lamports;
    let rng = &mut game.world.rng;
    let stake = if chance(rng, 4) {
        least - 1
    } else {
        least * rng.random_range(1..4)
    };
    let stranger = some_actor(game);
    let wallet = if chance(&mut game.world.rng, 3) {
        stranger
    } else {
        person.wallet
    };
    play.step(format!("enroll_juror {} at {place} with {stake}", person.address));
    let instruction = by_hand::enroll_juror(wallet, 0, person.address, place, stake);
    let juror = Juror {
        address: by_hand::juror(&jury.address, place).0,
        config_id: 0,
        place,
        person: person.address,
        payer: wallet,
        stake,
        held: 0,
        slashed: 0,
        enrolled: 0,
        seats: 0,
    };
    let now = game.now();
    attempt(game, play, "enroll_juror", &instruction, None, |book| {
        book.enroll(&wallet, juror, now)
    });
}

pub(super) fn leave_jury(game: &mut Game, play: &mut Play) {
    let all: Vec<Juror> = game.book.jurors.values().cloned().collect();
    let Some(juror) = some(game, &all) else { return };
    let person = game.book.persons[&juror.person].clone();
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 8) {
        stranger
    } else {
        person.wallet
    };
    let wallet = if chance(&mut game.world.rng, 5) {
        stranger
    } else {
        person.wallet
    };
    let jury = game.book.juries[&juror.config_id].address;
    play.step(format!("leave_jury {} by {by}", juror.address));
    let instruction = by_hand::leave_jury(by, jury, juror.place, juror.person, wallet, juror.payer);
    let now = game.now();
    attempt(game, play, "leave_jury", &instruction, None, |book| {
        book.leave_jury(&by, &juror.address, &wallet, now)
    });
}
