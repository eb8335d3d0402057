//! Random play of quadratic governance.

mod ballots;
mod delegation;
mod drafts;
mod drain;
mod ends;
mod persons;
mod realms;
mod vetoes;
mod votes;

use {ballots::*, delegation::*, drafts::*, drain::*, ends::*, persons::*, realms::*, vetoes::*, votes::*};
use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::governance as real,
        model::{
            code,
            governance::{
                check_parameters, refusal, Act, Action, Attestor, Ballot, Book, Deed, Hearing, Person, Pool, Proposal,
                Stake, Status, CONSTRAINT_ADDRESS,
            },
            Refusal,
        },
        play::{
            self, chance,
            governance::{Game, VOTERS},
            hostile, magnitude, pick, Play, Tally,
        },
    },
    quadratic_governance::{
        errors::GovernanceError,
        state::{ActionAccount, RealmParameters},
        ActionCall, AttestorChoice, PersonAct,
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::{BTreeMap, BTreeSet},
};

/// Each seed is a realm of its own, with parameters of its own.
const SEEDS: std::ops::Range<u64> = 0..36;
const STEPS: u64 = 3_000;

/// What a play must have been through to say something.
const SEEN: [&str; 19] = [
    "a bond forfeited",
    "a bucket left out of a decision",
    "a cohort discounted",
    "a delegation counted out by other budgets",
    "a lender's part taken out",
    "a proposal defeated",
    "a proposal passed",
    "a recovery completed",
    "a revoked lender stripped",
    "a veto overridden by a vote",
    "an extended vote",
    "an identity's cost bounds an outflow",
    "an override defeated",
    "delegated votes in a decision",
    "everybody out of a pool by other budgets",
    "other budgets voted",
    "other parameters in force",
    "votes stripped in a challenge",
    "votes stripped while voting",
];

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
    tally.assert_seen(&SEEN);
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..270) {
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
        84..130 => cast_votes(game, play),
        130..142 => finalize(game, play),
        142..152 | 260..268 => execute_action(game, play),
        152..154 => expire_proposal(game, play),
        154..160 => close_action(game, play),
        160..166 => close_proposal(game, play),
        166..168 => donate(game, play),
        168..173 => renew(game, play),
        173..175 => revoke(game, play),
        175..179 => reinstate(game, play),
        179..181 => recover(game, play),
        181..183 => suspend(game, play),
        183..188 => retire_person(game, play),
        188..191 => move_wallet(game, play),
        191..193 => cancel_recovery(game, play),
        193..196 | 268..270 => strip_votes(game, play),
        196..199 => open_pool(game, play),
        199..200 => close_pool(game, play),
        200..207 => join_delegate(game, play),
        207..210 => extend_delegation(game, play),
        210..214 => leave_delegate(game, play),
        214..226 => cast_delegated(game, play),
        226..229 => append_action(game, play),
        229..231 => veto(game, play),
        231..234 => override_veto(game, play),
        234..237 => exclude_bucket(game, play),
        237 => resign_guardian(game, play),
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
    let is_open = |p: &Proposal| p.is_open(now);
    if game.book.proposals.values().any(is_open) && chance(&mut game.world.rng, 60) {
        return cast_votes(game, play);
    }
    // decisions fall when they can
    let is_due = |p: &Proposal| p.status == Status::Submitted && now >= p.ends()[2];
    if game.book.proposals.values().any(is_due) && chance(&mut game.world.rng, 70) {
        return finalize(game, play);
    }
    // and whoever has won executes in time
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.until_ts;
    if game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 80) {
        return execute_action(game, play);
    }
    let mut moments = vec![game.book.starts(game.epoch() + 1)];
    for proposal in game
        .book
        .proposals
        .values()
        .filter(|p| p.vote_epoch.is_some() && !p.is_finished(now))
    {
        let ends = proposal.ends();
        moments.extend([proposal.starts_ts, ends[0] - i64::from(proposal.rules.late_window_s)]);
        moments.extend(ends);
        moments.extend([proposal.executable_ts, proposal.until_ts]);
    }
    moments.retain(|moment| *moment > now);
    let nearest = moments.iter().min().copied().unwrap_or(now + 1);
    let epoch_s = i64::from(game.book.rules_at(now).epoch_s);
    let rng = &mut game.world.rng;
    let seconds = match rng.random_range(0..40) {
        0..12 => nearest - now,
        12..16 => nearest - now - 1,
        16..18 => *pick(rng, &moments) - now,
        18 if chance(rng, 60) => epoch_s * rng.random_range(1..12),
        19..22 => 0,
        _ => rng.random_range(1..5),
    };
    play.step(format!("{seconds} s pass"));
    game.world.warp(seconds, 1);
    play.agreed("warp", None);
}
