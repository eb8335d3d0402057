//! Cases before the court, step by step.

use super::*;

pub(super) fn open_dispute(game: &mut Game, play: &mut Play, challenge: &Challenge) {
    let job = game.book.jobs[&challenge.job].clone();
    let mut config = job.config_id;
    if chance(&mut game.world.rng, 3) {
        let all: Vec<u16> = game.book.juries.keys().copied().collect();
        config = some(game, &all).unwrap_or(config);
    }
    if !game.book.juries.contains_key(&config) {
        open_jury(game, play, config);
    }
    let by = some_actor(game);
    let jury = game.book.juries[&config].address;
    play.step(format!("open_dispute of {} by {by}", challenge.address));
    let instruction = by_hand::open_dispute(by, job.address, challenge.challenger[0], jury);
    let address = by_hand::dispute(&job.address).0;
    let now = game.now();
    attempt(game, play, "open_dispute", &instruction, None, |book| {
        book.open_dispute(&by, &challenge.address, config, &address, now)
    });
}

/// The secret of a party in a round.
fn secret_of(case: &Dispute, side: usize) -> [u8; 32] {
    sha(&[b"secret", &case.uid, case.address.as_ref(), &[case.round, side as u8]])
}

/// A key of a side, or now and then a stranger's.
fn actor_for(game: &mut Game, case: &Dispute, side: usize) -> Address {
    if chance(&mut game.world.rng, 4) {
        return some_actor(game);
    }
    if chance(&mut game.world.rng, 40) {
        case.agents[side]
    } else {
        case.parties[side]
    }
}

pub(super) fn seed_step(game: &mut Game, play: &mut Play, case: &Dispute) {
    let reveals = case.phase == 3;
    let done = if reveals { &case.shown } else { &case.sealed };
    let open: Vec<usize> = (0..2).filter(|side| done[*side].is_none()).collect();
    // the challenger reveals first
    let first = open
        .first()
        .copied()
        .filter(|_| reveals && chance(&mut game.world.rng, 90));
    let side = first.or_else(|| some(game, &open)).unwrap_or(0);
    let half = after(case.entered, case.terms.seconds[1] / 2);
    if reveals && side == 0 && (case.sealed[0].is_none() || game.now().is_at(half)) {
        reach_moment(game, play, half);
        return seed_step_of(game, play, case, 1);
    }
    seed_step_of(game, play, case, side);
}

fn seed_step_of(game: &mut Game, play: &mut Play, case: &Dispute, side: usize) {
    let reveals = case.phase == 3;
    let by = actor_for(game, case, side);
    let side = case.side_of(&by).unwrap_or(side);
    let mut words = secret_of(case, side);
    if reveals && chance(&mut game.world.rng, 3) {
        words = [1; 32];
    }
    if !reveals {
        words = sha(&[b"commonweal:see:1", &words, &case.uid, &[case.round, side as u8]]);
    }
    let (tag, action) = if reveals {
        (50, "reveal_seed")
    } else {
        (49, "commit_seed")
    };
    play.step(format!("{action} of {} by {by} for {side}", case.address));
    let instruction = by_hand::move_case(tag, &[&words], by, case.address, None);
    let now = game.now();
    attempt(game, play, action, &instruction, None, |book| {
        if reveals {
            book.reveal_seed(&by, &case.address, &words, now)
        } else {
            book.commit_seed(&by, &case.address, &words, now)
        }
    });
}

pub(super) fn pin_seed(game: &mut Game, play: &mut Play, case: &Dispute) {
    let by = some_actor(game);
    let shows = !chance(&mut game.world.rng, 4);
    let aux = if shows { by_hand::SLOT_HASHES } else { case.job };
    play.step(format!("pin_seed of {} by {by}", case.address));
    let instruction = by_hand::move_case(51, &[], by, case.address, Some(aux));
    let now = game.now();
    attempt(game, play, "pin_seed", &instruction, None, |book| {
        book.pin_seed(&by, &case.address, shows, now)
    });
}

pub(super) fn draw_panel(game: &mut Game, play: &mut Play, case: &Dispute) {
    let by = some_actor(game);
    let jury = game.book.juries[&case.config_id].address;
    let place = game.book.next_place(&case.address).unwrap_or(0);
    let juror = by_hand::juror(&jury, place).0;
    let known = game.book.jurors.get(&juror).map(|juror| juror.person);
    let person = known.unwrap_or(by_hand::SLOT_HASHES);
    let seat = by_hand::seat(&case.address, &person).0;
    play.step(format!("draw_panel of {}: place {place}, {known:?}", case.address));
    let instruction = by_hand::draw_panel(by, case.address, juror, person);
    let now = game.now();
    attempt(game, play, "draw_panel", &instruction, None, |book| {
        book.draw(&by, &case.address, &seat, now)
    });
}

/// What a seat votes.
fn vote_of(seat: &Seat) -> u32 {
    let number = number_of(&[b"vote", seat.address.as_ref()]);
    [
        0u32, 0, 200_000, 499_999, 500_000, 700_001, 999_999, 1_000_000, 1_000_000, 1_000_001,
    ][(number % 9) as usize + usize::from(number.is_multiple_of(101))]
}

fn vote_hash(case: &Dispute, seat: &Seat) -> [u8; 32] {
    sha(&[
        b"commonweal:vot:1",
        &vote_of(seat).to_le_bytes(),
        &SALT,
        seat.address.as_ref(),
        &case.uid,
        &[seat.drawn.0],
    ])
}

/// The seats of a case in a state, of the present drawing.
fn seats_of(game: &Game, case: &Dispute, wanted: impl Fn(&Seat) -> bool) -> Vec<Seat> {
    let mine = game.book.seats.values().filter(|seat| seat.dispute == case.address);
    mine.filter(|seat| wanted(seat)).cloned().collect()
}

pub(super) fn vote_step(game: &mut Game, play: &mut Play, case: &Dispute) {
    let reveals = case.phase == 6;
    let wild = chance(&mut game.world.rng, 5);
    let state = if reveals { 2 } else { 1 };
    let drawn = (case.round, case.attempt);
    let all = seats_of(game, case, |seat| wild || (seat.state == state && seat.drawn == drawn));
    let Some(seat) = some(game, &all) else {
        reach_case(game, play, case);
        return crank_case(game, play, case);
    };
    let stranger = some_actor(game);
    let wallet = game.book.persons[&seat.person].wallet;
    let by = if chance(&mut game.world.rng, 3) {
        stranger
    } else {
        wallet
    };
    let now = game.now();
    if reveals {
        let ppm = vote_of(&seat);
        let salt = if chance(&mut game.world.rng, 3) { [1; 32] } else { SALT };
        play.step(format!("reveal_vote {} of {ppm} by {by}", seat.address));
        let args: [&[u8]; 2] = [&ppm.to_le_bytes(), &salt];
        let instruction = by_hand::vote(54, &args, by, case.address, seat.person);
        attempt(game, play, "reveal_vote", &instruction, None, |book| {
            book.reveal_vote(&by, &seat.address, ppm, &salt, now)
        });
        return;
    }
    let hash = vote_hash(case, &seat);
    play.step(format!("commit_vote {} by {by}", seat.address));
    let instruction = by_hand::vote(53, &[&hash], by, case.address, seat.person);
    attempt(game, play, "commit_vote", &instruction, None, |book| {
        book.commit_vote(&by, &seat.address, &hash, now)
    });
}

pub(super) fn report_leak(game: &mut Game, play: &mut Play, case: &Dispute) {
    let wild = is_wild(game);
    let all = seats_of(game, case, |seat| wild || seat.state == 2);
    let Some(seat) = some(game, &all) else {
        return vote_step(game, play, case);
    };
    let by = some_actor(game);
    let ppm = vote_of(&seat) + u32::from(chance(&mut game.world.rng, 5));
    play.step(format!("report_leak {} by {by}", seat.address));
    let args: [&[u8]; 2] = [&ppm.to_le_bytes(), &SALT];
    let instruction = by_hand::end_seat(55, &args, by, case.address, seat.person, seat.juror, seat.payer);
    attempt(game, play, "report_leak", &instruction, None, |book| {
        book.report_leak(&by, &seat.address, ppm, &SALT)
    });
}

pub(super) fn appeal(game: &mut Game, play: &mut Play, case: &Dispute) {
    let by = challenger(game);
    play.step(format!("appeal {} in round {} by {by}", case.address, case.round));
    let system = commonweal_interface::ids::SYSTEM;
    let instruction = by_hand::move_case(56, &[], by, case.address, Some(system));
    let now = game.now();
    attempt(game, play, "appeal", &instruction, None, |book| {
        book.appeal(&by, &case.address, now)
    });
}

pub(super) fn link_proposal(game: &mut Game, play: &mut Play, case: &Dispute) {
    let stranger = some_actor(game);
    let owner = case.deposits.last().map_or(stranger, |(owner, ..)| *owner);
    let by = if chance(&mut game.world.rng, 5) {
        stranger
    } else {
        owner
    };
    let mut realm = game.book.configs[&case.config_id].realm;
    if chance(&mut game.world.rng, 5) {
        realm = game.realms[0];
    }
    game.proposals += 1;
    let number = game.proposals.to_le_bytes();
    let address = Address::new_from_array(sha(&[b"proposal", &number]));
    let status = game.world.rng.random_range(0..8);
    let status = if chance(&mut game.world.rng, 80) { 1 } else { status };
    game.put_proposal(address, realm, status);
    play.step(format!("link_proposal {address} to {} by {by}", case.address));
    let instruction = by_hand::move_case(57, &[], by, case.address, Some(address));
    let now = game.now();
    attempt(game, play, "link_proposal", &instruction, None, |book| {
        book.link_proposal(&by, &case.address, &address, now)
    });
}

pub(super) fn rule(game: &mut Game, play: &mut Play, case: &Dispute) {
    let mut config = game.book.configs[&case.config_id].clone();
    if chance(&mut game.world.rng, 4) {
        config = some_config(game);
    }
    let stranger = some_actor(game);
    let by = if chance(&mut game.world.rng, 4) {
        stranger
    } else {
        config.authority
    };
    let uid = if chance(&mut game.world.rng, 4) {
        [9; 32]
    } else {
        case.uid
    };
    let rng = &mut game.world.rng;
    let ppm = *pick(
        rng,
        &[0u32, 1, 333_333, 499_999, 500_000, 800_000, 1_000_000, 1_000_001],
    );
    play.step(format!("rule {ppm} in {} by {by}", case.address));
    let args: [&[u8]; 2] = [&uid, &ppm.to_le_bytes()];
    let instruction = by_hand::move_case(58, &args, by, case.address, Some(config.address));
    let now = game.now();
    attempt(game, play, "rule", &instruction, None, |book| {
        book.rule(&by, &case.address, config.id, &uid, ppm, now)
    });
}

pub(super) fn crank_case(game: &mut Game, play: &mut Play, case: &Dispute) {
    let by = some_actor(game);
    let shown = case.proposal.filter(|_| case.phase == 9);
    if let Some(proposal) = shown.filter(|_| chance(&mut game.world.rng, 30)) {
        let realm = game.book.proposals[&proposal].0;
        game.put_proposal(proposal, realm, 3);
    }
    play.step(format!(
        "crank_dispute {} in phase {} by {by}",
        case.address, case.phase
    ));
    let instruction = by_hand::move_case(59, &[], by, case.address, shown);
    let now = game.now();
    attempt(game, play, "crank_dispute", &instruction, None, |book| {
        book.crank_dispute(&by, &case.address, shown.as_ref(), now)
    });
}

pub(super) fn execute(game: &mut Game, play: &mut Play, case: &Dispute) {
    // after the ruling the job may be closed before its case
    let Some(job) = game.book.jobs.get(&case.job).cloned() else {
        return;
    };
    let by = some_actor(game);
    let mut slot = job.slot;
    let mut payout = slot.map(|slot| payout_for(game, play, &slot, &job.mint));
    match game.world.rng.random_range(0..40) {
        0 => (slot, payout) = (None, None),
        1 => {
            let other = some_slot(game).address;
            slot = Some(other);
            payout = Some(payout_for(game, play, &other, &job.mint));
        }
        _ => {}
    }
    let spoil = some_spoil(game);
    play.step(format!("execute_ruling {} of {}, {spoil:?}", case.address, job.address));
    let program = game.program(&job.mint);
    let challenger = case.parties[0];
    let instruction = by_hand::execute_ruling(by, job.address, slot, job.client, challenger, job.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(9), Some(10)]);
    let now = game.now();
    let is_done = attempt(game, play, "execute_ruling", &instruction, early, |book| {
        book.execute(&by, &case.address, slot.as_ref(), payout.as_ref(), spoil, now)
    });
    if is_done {
        play.saw(match (case.outcome, case.round) {
            (2, _) => "a case that nobody judged",
            (3, _) => "a forfeited case",
            (_, 3) => "a verdict after the last appeal",
            (_, 0) if case.panel == 0 => "a case that nobody defended",
            (_, 0) => "a verdict of the first panel",
            _ => "a verdict of a higher panel",
        });
    }
}

pub(super) fn close_seat(game: &mut Game, play: &mut Play, case: &Dispute) -> bool {
    let all = seats_of(game, case, |_| true);
    let Some(seat) = some(game, &all) else { return false };
    let by = some_actor(game);
    play.step(format!("close_seat {} by {by}", seat.address));
    let instruction = by_hand::end_seat(61, &[], by, case.address, seat.person, seat.juror, seat.payer);
    attempt(game, play, "close_seat", &instruction, None, |book| {
        book.close_seat(&by, &seat.address)
    })
}

pub(super) fn close_dispute(game: &mut Game, play: &mut Play, case: &Dispute) {
    let mut owners: Vec<Address> = case.deposits[2..].iter().map(|(owner, ..)| *owner).collect();
    if chance(&mut game.world.rng, 4) {
        owners.pop();
    }
    play.step(format!("close_dispute {} to {owners:?}", case.address));
    let [challenger, defender] = case.parties;
    let instruction = by_hand::close_dispute(case.job, challenger, defender, case.payer, &owners);
    attempt(game, play, "close_dispute", &instruction, None, |book| {
        book.close_dispute(&case.address, &owners)
    });
}

/// Lets time pass until a case's phase is over.
pub(super) fn reach_case(game: &mut Game, play: &mut Play, case: &Dispute) {
    if let Some(deadline) = case.deadline() {
        reach_moment(game, play, deadline);
    }
}

/// What comes next in a case, if everybody does his part; now and then somebody does not.
pub(super) fn case_step(game: &mut Game, play: &mut Play, case: &Dispute) {
    let is_over = case.is_overdue(game.now()) && chance(&mut game.world.rng, 85);
    let is_hopeless = case.phase == 4 && case.places == 0;
    if is_over || is_hopeless || (case.deadline().is_some() && game.world.rng.random_range(0..120) == 0) {
        reach_case(game, play, case);
        return crank_case(game, play, case);
    }
    match case.phase {
        1 | 3 => seed_step(game, play, case),
        2 => {
            if game.now().slot <= case.pin_slot + 2 {
                reach_moment(
                    game,
                    play,
                    Now {
                        ts: 0,
                        slot: case.pin_slot + 3,
                    },
                );
            }
            pin_seed(game, play, case);
        }
        4 => draw_panel(game, play, case),
        5 if case.committed > 0 && chance(&mut game.world.rng, 6) => report_leak(game, play, case),
        5 | 6 => vote_step(game, play, case),
        7 if chance(&mut game.world.rng, if case.round == 0 { 85 } else { 94 }) => appeal(game, play, case),
        7 => {
            reach_case(game, play, case);
            crank_case(game, play, case);
        }
        8 => link_proposal(game, play, case),
        9 if chance(&mut game.world.rng, 80) => rule(game, play, case),
        9 => crank_case(game, play, case),
        10 => execute(game, play, case),
        _ => {
            if !close_seat(game, play, case) {
                close_dispute(game, play, case);
            }
        }
    }
}

/// Something of the court at random.
pub(super) fn some_court(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let challenges: Vec<Challenge> = game.book.challenges.values().cloned().collect();
    let cases: Vec<Dispute> = game.book.disputes.values().cloned().collect();
    match game.world.rng.random_range(0..100) {
        0..16 => {
            let now = game.now();
            let fits = |job: &Job| job.state == CHALLENGEABLE && job.terms.verification > 0 && !job.is_overdue(now);
            if let Some(job) = some_job(game, |job| wild || fits(job)) {
                challenge(game, play, &job);
            }
        }
        16..26 => {
            let open: Vec<Challenge> = challenges.into_iter().filter(|c| wild || c.state == 1).collect();
            if let Some(one) = some(game, &open) {
                answer(game, play, &one);
            }
        }
        26..34 => {
            let open: Vec<Challenge> = challenges
                .into_iter()
                .filter(|c| {
                    let state = game.book.jobs[&c.job].state;
                    wild || [FINAL, RESOLVING].contains(&state)
                })
                .collect();
            if let Some(one) = some(game, &open) {
                resolve(game, play, &one);
            }
        }
        34..42 => {
            let may = |c: &Challenge| game.book.jobs[&c.job].state == CHALLENGEABLE;
            let open: Vec<Challenge> = challenges.into_iter().filter(|c| wild || may(c)).collect();
            if let Some(one) = some(game, &open) {
                let job = game.book.jobs[&one.job].clone();
                if !wild && one.state == 1 {
                    reach_moment(game, play, one.deadline(&job));
                }
                open_dispute(game, play, &one);
            }
        }
        42..50 => enroll_juror(game, play),
        50..52 => leave_jury(game, play),
        52..54 => {
            let config = some_config(game).id;
            open_jury(game, play, config);
        }
        54..60 => {
            // any step in any phase
            if let Some(case) = some(game, &cases) {
                match game.world.rng.random_range(0..10) {
                    0 => seed_step(game, play, &case),
                    1 => pin_seed(game, play, &case),
                    2 => draw_panel(game, play, &case),
                    3 => vote_step(game, play, &case),
                    4 => report_leak(game, play, &case),
                    5 => appeal(game, play, &case),
                    6 => rule(game, play, &case),
                    7 => crank_case(game, play, &case),
                    8 => execute(game, play, &case),
                    _ => {
                        close_seat(game, play, &case);
                    }
                }
            }
        }
        _ => {
            if let Some(case) = some(game, &cases) {
                case_step(game, play, &case);
            }
        }
    }
}
