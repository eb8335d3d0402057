//! Random play of quadratic governance.

mod ballots;
mod drafts;
mod realms;
mod votes;

use {ballots::*, drafts::*, realms::*, votes::*};
use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::governance as real,
        model::{
            code,
            governance::{refusal, Action, Ballot, Book, Deed, Person, Proposal, Stake, Status, CONSTRAINT_ADDRESS},
            Refusal,
        },
        play::{self, chance, governance::Game, hostile, magnitude, pick, Play, Tally},
    },
    quadratic_governance::{
        errors::GovernanceError,
        state::{ActionAccount, RealmParameters},
        ActionCall,
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeMap,
};

const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 1_500;

#[test]
fn governance_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("quadratic-governance");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        // some realms begin with a rush, up to the growth of an epoch and beyond
        if seed % 3 == 0 {
            for _ in 0..4 {
                add_attestor(&mut game, &mut play);
            }
            for _ in 0..18 {
                register_person(&mut game, &mut play);
            }
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            one_step(&mut game, &mut play);
            if play.steps_played().is_multiple_of(64) {
                game.compare(None);
            }
        }
        drain(&mut game, &mut play);
    }
    tally.finish();
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..200) {
        0..2 => create_realm(game, play),
        2..6 => add_attestor(game, play),
        6..8 => disable_attestor(game, play),
        8..16 => register_person(game, play),
        16..20 => open_stake(game, play),
        20..27 => stake(game, play),
        27..33 => unstake(game, play),
        33..35 => close_stake(game, play),
        35..52 => open_ballot(game, play),
        52..58 => close_ballot(game, play),
        58..66 => create_proposal(game, play),
        66..74 => add_action(game, play),
        74..82 => submit_proposal(game, play),
        82..84 => cancel_proposal(game, play),
        84..134 => cast_votes(game, play),
        134..146 => finalize(game, play),
        146..158 => execute_action(game, play),
        158..162 => expire_proposal(game, play),
        162..168 => close_action(game, play),
        168..174 => close_proposal(game, play),
        174..176 => donate(game, play),
        _ => let_time_pass(game, play),
    }
}

fn some<T: Clone>(game: &mut Game, items: &[T]) -> Option<T> {
    (!items.is_empty()).then(|| pick(&mut game.world.rng, items).clone())
}

fn some_person(game: &mut Game, wanted: impl Fn(&Person) -> bool) -> Option<Person> {
    let wild = is_wild(game);
    let all: Vec<Person> = game
        .book
        .persons
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_stake(game: &mut Game, wanted: impl Fn(&Stake) -> bool) -> Option<Stake> {
    let wild = is_wild(game);
    let all: Vec<Stake> = game
        .book
        .stakes
        .values()
        .filter(|s| wild || wanted(s))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_ballot(game: &mut Game, wanted: impl Fn(&Ballot) -> bool) -> Option<Ballot> {
    let wild = is_wild(game);
    let all: Vec<Ballot> = game
        .book
        .ballots
        .values()
        .filter(|b| wild || wanted(b))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_proposal(game: &mut Game, wanted: impl Fn(&Proposal) -> bool) -> Option<Proposal> {
    let wild = is_wild(game);
    let all: Vec<Proposal> = game
        .book
        .proposals
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

fn is_wild(game: &mut Game) -> bool {
    chance(&mut game.world.rng, 7)
}

/// The right key, or now and then a stranger's.
fn signer(game: &mut Game, right: Address) -> Address {
    if chance(&mut game.world.rng, 4) {
        return *pick(&mut game.world.rng, &game.voters.clone());
    }
    right
}

/// Runs an instruction against what becomes of a copy of the book.
fn attempt(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: Instruction,
    change: impl FnOnce(&mut Book) -> Result<(), Refusal>,
) -> bool {
    let mut next = game.book.clone();
    let prediction = change(&mut next).map(|()| next);
    let refused = game.run(instruction, prediction);
    let is_accepted = refused.is_none();
    play.agreed(action, refused);
    is_accepted
}

/// Tokens sent to a stake's vault past the program, or lamports to a lane.
fn donate(game: &mut Game, play: &mut Play) {
    let stake = some_stake(game, |_| true);
    let from = *pick(&mut game.world.rng, &game.voters.clone());
    let wallet = game.wallet(&from);
    if let Some(stake) = stake.filter(|_| game.book.tokens.atoms(&wallet) >= 5) {
        play.step(format!("5 atoms donated to {}", stake.vault));
        let (mint, owner) = (game.mint.clone(), game.keys[&from].insecure_clone());
        game.world.transfer(&mint, &wallet, &stake.vault, &owner, 5);
        game.book.tokens.transfer(&wallet, &stake.vault, &from, 5, 0).unwrap();
    } else {
        let lane = *pick(&mut game.world.rng, &game.book.lanes);
        play.step(format!("a lamport donated to {lane}"));
        game.world.svm.expire_blockhash();
        game.world.airdrop(&lane, 1);
        *game.book.lamports.get_mut(&lane).unwrap() += 1;
        game.lamports_in += 1;
    }
    play.agreed("donate", None);
}

/// Moments, boundaries of proposals and their neighbours, the next epoch, many epochs, and slots without seconds.
fn let_time_pass(game: &mut Game, play: &mut Play) {
    let now = game.now();
    // while a vote is open most wait for it
    let is_open = |p: &Proposal| p.status == Status::Submitted && p.starts_ts <= now && now < game.book.ends(p)[1];
    if game.book.proposals.values().any(is_open) && chance(&mut game.world.rng, 75) {
        return cast_votes(game, play);
    }
    // and whoever has won executes in time
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.executable.1;
    if game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 40) {
        return execute_action(game, play);
    }
    let mut moments = vec![game.book.starts(game.epoch() + 1)];
    for proposal in game
        .book
        .proposals
        .values()
        .filter(|p| p.vote_epoch.is_some() && !p.is_finished())
    {
        let ends = game.book.ends(proposal);
        moments.extend([proposal.starts_ts, ends[0] - i64::from(game.book.rules.late_window_s)]);
        moments.extend(ends);
        moments.extend([proposal.executable.0, proposal.executable.1]);
    }
    moments.retain(|moment| *moment > now);
    let nearest = moments.iter().min().copied().unwrap_or(now + 1);
    let rng = &mut game.world.rng;
    let seconds = match rng.random_range(0..40) {
        0..12 => nearest - now,
        12..16 => nearest - now - 1,
        16..18 => *pick(rng, &moments) - now,
        18 => i64::from(game.book.rules.epoch_s) * rng.random_range(1..12),
        19..22 => 0,
        _ => rng.random_range(1..5),
    };
    play.step(format!("{seconds} s pass"));
    game.world.warp(seconds, 1);
    play.agreed("warp", None);
}

/// Liveness: time and cranks end every proposal, and everything held returns to whoever it belongs to.
fn drain(game: &mut Game, play: &mut Play) {
    let farthest = i64::from(game.book.rules.epoch_s) * 12;
    game.world.warp(farthest, 1);
    for proposal in game.book.proposals.values().cloned().collect::<Vec<_>>() {
        let at = proposal.address;
        if proposal.status == Status::Draft {
            play.step(format!("last cancel_proposal {}", proposal.index));
            let (by, now) = (proposal.authority, game.now());
            again(
                game,
                play,
                "cancel_proposal",
                &real::cancel_proposal(&by, &at),
                |book| book.cancel(&by, &at, now),
            );
        }
        if proposal.status == Status::Submitted {
            play.step(format!("last finalize {}", proposal.index));
            let now = game.now();
            again(game, play, "finalize", &real::finalize(&at), |book| {
                book.finalize(&at, now)
            });
        }
        if game.book.proposals[&at].status == Status::Succeeded {
            let end = game.book.proposals[&at].executable.1;
            reach(game, play, end);
            play.step(format!("last expire_proposal {}", proposal.index));
            let now = game.now();
            again(game, play, "expire_proposal", &real::expire_proposal(&at), |book| {
                book.expire(&at, now)
            });
        }
        while let Some(action) = game.book.proposals[&at].actions.first().map(|action| action.address) {
            play.step(format!("last close_action {action}"));
            let close = real::close_action(&at, &action, &proposal.authority);
            again(game, play, "close_action", &close, |book| book.close_action(&at, 0));
        }
        let bond_is_free = game.book.starts(proposal.created_epoch + 1);
        reach(game, play, bond_is_free);
        play.step(format!("last close_proposal {}", proposal.index));
        let now = game.now();
        let close = real::close_proposal(&at, &proposal.authority);
        again(game, play, "close_proposal", &close, |book| {
            book.close_proposal(&at, now)
        });
    }
    for ballot in game.book.ballots.values().cloned().collect::<Vec<_>>() {
        // long after its epoch anybody may
        let (by, at, now) = (game.key("sponsor"), ballot.address, game.now());
        play.step(format!("last close_ballot {at}"));
        let close = real::close_ballot(&by, &at, &ballot.rent_payer);
        again(game, play, "close_ballot", &close, |book| {
            book.close_ballot(&by, &at, now)
        });
    }
    for stake in game.book.stakes.values().cloned().collect::<Vec<_>>() {
        let (by, at, realm, mint) = (stake.depositor, stake.address, game.book.realm, game.mint.clone());
        let (to, atoms, now) = (game.wallet(&by), stake.atoms(), game.now());
        if atoms > 0 {
            play.step(format!("last unstake {atoms} from {at}"));
            let unstake = real::unstake_tokens(&realm, &by, &stake.person, &to, &mint, atoms);
            again(game, play, "unstake", &unstake, |book| {
                book.unstake(&by, &at, &to, atoms, now)
            });
        }
        play.step(format!("last close_stake {at}"));
        let close = real::close_stake(&by, &at, &to, &mint);
        again(game, play, "close_stake", &close, |book| {
            book.close_stake(&by, &at, &to)
        });
    }
    game.compare(None);
    // every atom is back in a wallet, and nothing but what lives for ever holds lamports
    let held: u64 = game.book.tokens.holdings.values().map(|holding| holding.atoms).sum();
    assert_eq!(
        (game.book.tokens.holdings.len(), held),
        (game.voters.len(), game.world.supply(&game.mint.address))
    );
}

/// Runs an instruction until its signer does not forget to sign; it must succeed then.
fn again(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    change: impl Fn(&mut Book) -> Result<(), Refusal>,
) {
    let mut check = game.book.clone();
    assert_eq!(change(&mut check), Ok(()), "an exit is closed");
    while !attempt(game, play, action, instruction.clone(), &change) {}
}
