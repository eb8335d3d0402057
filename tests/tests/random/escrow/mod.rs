//! Random play of the compute escrow.

mod configs;
mod ends;
mod jobs;
mod payouts;
mod providers;

use {
    commonweal_tests::{
        fixtures::escrow::{ix, sha, state_code::*, ConfigParams, Eligibility, EscrowError, JobTerms, SlotOffer},
        model::{
            code,
            escrow::{refusal, Book, Config, Job, Now, Payout, Provider, Slot, Spoil, CONSTRAINT_ADDRESS},
            Refusal,
        },
        play::{
            self, chance,
            escrow::{Game, CLIENTS, HELD_MINTS, PROVIDERS},
            hostile, magnitude, pick, Play, Tally,
        },
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::{error::InstructionError, Instruction},
};
use {configs::*, ends::*, jobs::*, payouts::*, providers::*};

const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 2_000;
const SPOILS: [Spoil; 4] = [Spoil::Unsigned, Spoil::Vault, Spoil::Mint, Spoil::Program];
/// The salt every worker uses.
const SALT: [u8; 32] = [0x5A; 32];

#[test]
fn the_escrow_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("compute-escrow");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        // two rehearsals (their lives are short) and a real one
        for number in 0..3u16 {
            initialize_config(&mut game, &mut play, Some((number, number < 2)));
        }
        for name in PROVIDERS {
            register_provider(&mut game, &mut play, Some(name));
        }
        for _ in 0..6 {
            add_slot(&mut game, &mut play);
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            one_step(&mut game, &mut play);
            if play.steps_played().is_multiple_of(64) {
                game.compare(None);
                game.assert_atoms();
            }
        }
        drain(&mut game, &mut play);
    }
    tally.finish();
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..200) {
        0..2 => initialize_config(game, play, None),
        2..6 => update_config(game, play),
        6..10 => allow_mint(game, play),
        10..14 => disallow_mint(game, play),
        14..16 => register_provider(game, play, None),
        16..19 => rotate_session_key(game, play),
        19..21 => add_slot(game, play),
        21..25 => update_slot(game, play),
        25..33 => deposit_bond(game, play),
        33..39 => withdraw_bond(game, play),
        39..43 => open_payout(game, play),
        43..46 => close_payout(game, play),
        46..66 => post_job(game, play),
        66..86 => claim_job(game, play),
        86..90 => work(game, play, "decline_job", CLAIMED),
        90..106 => work(game, play, "start_job", CLAIMED),
        106..119 => work(game, play, "commit_result", RUNNING),
        119..131 => work(game, play, "reveal_result", COMMITTED),
        131..141 => settle(game, play),
        141..146 => withdraw_payout(game, play),
        146..150 => sweep_fees(game, play),
        150..153 => refund_by_client(game, play, OPEN),
        153..157 => refund_by_client(game, play, REFUNDABLE),
        157..164 => close_job(game, play),
        164..174 => crank(game, play),
        174..178 => donate(game, play),
        178..183 => freeze_or_thaw(game, play),
        _ => let_time_pass(game, play),
    }
}

fn some<T: Clone>(game: &mut Game, items: &[T]) -> Option<T> {
    (!items.is_empty()).then(|| pick(&mut game.world.rng, items).clone())
}

fn some_actor(game: &mut Game) -> Address {
    let all: Vec<Address> = game.keys.keys().copied().collect();
    *pick(&mut game.world.rng, &all)
}

fn some_config(game: &mut Game) -> Config {
    let all: Vec<Config> = game.book.configs.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_slot(game: &mut Game) -> Slot {
    let all: Vec<Slot> = game.book.slots.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_provider(game: &mut Game) -> Provider {
    let all: Vec<Provider> = game.book.providers.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_job(game: &mut Game, wanted: impl Fn(&Job) -> bool) -> Option<Job> {
    let all: Vec<Job> = game.book.jobs.values().filter(|job| wanted(job)).cloned().collect();
    some(game, &all)
}

fn some_spoil(game: &mut Game) -> Spoil {
    if chance(&mut game.world.rng, 93) {
        return Spoil::None;
    }
    *pick(&mut game.world.rng, &SPOILS)
}

fn is_wild(game: &mut Game) -> bool {
    chance(&mut game.world.rng, 18)
}

/// Runs an instruction against what becomes of a copy of the book.
fn attempt(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    early: Option<Refusal>,
    change: impl FnOnce(&mut Book) -> Result<(), Refusal>,
) -> bool {
    let mut next = game.book.clone();
    let prediction = match early {
        Some(refusal) => Err(refusal),
        None => change(&mut next).map(|()| next),
    };
    let refused = game.run(instruction, prediction);
    let is_accepted = refused.is_none();
    play.agreed(action, refused);
    is_accepted
}

fn create(book: &mut Book, payer: &Address, account: &Address, rent: u64) -> Result<(), Refusal> {
    let there = book.lamports.get(account).copied().unwrap_or(0);
    let missing = rent.saturating_sub(there);
    *book.lamports.get_mut(payer).unwrap() -= missing;
    *book.lamports.entry(*account).or_default() += missing;
    Ok(())
}

/// Tokens or lamports sent past the program.
fn donate(game: &mut Game, play: &mut Play) {
    let Some(job) = some_job(game, |_| true) else { return };
    if chance(&mut game.world.rng, 40) {
        let to = *pick(&mut game.world.rng, &[job.address, job.vault]);
        let to = job.slot.filter(|_| chance(&mut game.world.rng, 30)).unwrap_or(to);
        play.step(format!("1,000,000 lamports donated to {to}"));
        game.donate_lamports(&to, 1_000_000);
        return play.agreed("donate", None);
    }
    let from = game.wallet(&job.mint, &job.client);
    let payout = job.slot.map(|slot| game.payout_of(&slot, &job.mint));
    let payout = payout
        .and_then(|payout| game.book.payouts.get(&payout))
        .map(|payout| payout.vault);
    let to = payout.filter(|_| chance(&mut game.world.rng, 40)).unwrap_or(job.vault);
    let is_frozen = |account: &Address| game.book.tokens.holdings[account].is_frozen;
    if game.book.tokens.atoms(&from) < 3 || is_frozen(&from) || is_frozen(&to) {
        return;
    }
    play.step(format!("3 atoms donated to {to}"));
    let mint = game.mints.iter().find(|mint| mint.address == job.mint).unwrap().clone();
    let owner = game.keys[&job.client].insecure_clone();
    game.world.transfer(&mint, &from, &to, &owner, 3);
    game.book.tokens.transfer(&from, &to, &job.client, 3, 0).unwrap();
    play.agreed("donate", None);
}

/// An issuer freezes an account that matters to a job, or lets one go.
fn freeze_or_thaw(game: &mut Game, play: &mut Play) {
    let frozen = game
        .book
        .tokens
        .holdings
        .iter()
        .filter(|(_, holding)| holding.is_frozen);
    let frozen: Vec<Address> = frozen.map(|(address, _)| *address).collect();
    if let Some(account) = some(game, &frozen).filter(|_| chance(&mut game.world.rng, 70)) {
        play.step(format!("{account} thawed"));
        thaw(game, &account);
        return play.agreed("thaw", None);
    }
    let Some(job) = some_job(game, |_| true) else { return };
    let account = if chance(&mut game.world.rng, 75) {
        game.wallet(&job.mint, &job.client)
    } else {
        job.vault
    };
    if game.book.tokens.holdings[&account].is_frozen {
        return;
    }
    play.step(format!("{account} frozen"));
    let mint = game.mints.iter().find(|mint| mint.address == job.mint).unwrap().clone();
    game.world.freeze(&mint, &account);
    game.book.tokens.holdings.get_mut(&account).unwrap().is_frozen = true;
    play.agreed("freeze", None);
}

fn thaw(game: &mut Game, account: &Address) {
    let holding = game.book.tokens.holdings.get_mut(account).unwrap();
    holding.is_frozen = false;
    let mint = holding.mint;
    let mint = game.mints.iter().find(|known| known.address == mint).unwrap().clone();
    game.world.thaw(&mint, account);
}

/// Moments, a halted cluster, slots without seconds, the neighbours of a deadline, days.
fn let_time_pass(game: &mut Game, play: &mut Play) {
    let job = some_job(game, |job| job.deadline().is_some());
    let now = game.now();
    let rng = &mut game.world.rng;
    let (seconds, slots) = match (rng.random_range(0..40), job) {
        (0..2, _) => (rng.random_range(1..200_000), 1),
        (2..5, _) => (0, rng.random_range(1..500)),
        (5, _) => (200_000, 400_000),
        (6..14, Some(job)) => {
            let deadline: Now = job.deadline().unwrap();
            let (seconds, slots) = (deadline.ts - now.ts, deadline.slot.saturating_sub(now.slot));
            (
                (seconds - rng.random_range(0..2)).max(0),
                slots.saturating_sub(rng.random_range(0..2)).max(1),
            )
        }
        _ => (rng.random_range(0..4), rng.random_range(1..8)),
    };
    play.step(format!("{seconds} s and {slots} slots pass"));
    game.world.warp(seconds, slots);
    play.agreed("warp", None);
}

/// Liveness: whatever the state, time and cranks return everything. Nothing held remains but what was burnt.
fn drain(game: &mut Game, play: &mut Play) {
    let frozen = game
        .book
        .tokens
        .holdings
        .iter()
        .filter(|(_, holding)| holding.is_frozen);
    for account in frozen.map(|(address, _)| *address).collect::<Vec<_>>() {
        thaw(game, &account);
    }
    for _ in 0..5_000 {
        let Some(job) = some_job(game, |_| true) else { break };
        reach(game, play, &job);
        match job.state {
            CHALLENGEABLE => settle_job(game, play, &job),
            FINAL => close_job(game, play),
            _ => crank_job(game, play, &job),
        }
    }
    let left = game.book.jobs.len();
    assert_eq!(left, 0, "jobs that time and cranks cannot end");
    for payout in game.book.payouts.values().cloned().collect::<Vec<_>>() {
        let provider = game.book.providers[&payout.provider].clone();
        let (by, program) = (provider.authority, game.program(&payout.mint));
        let to = game.wallet(&payout.mint, &by);
        if payout.provider_atoms[0] > 0 {
            play.step(format!("last withdraw_payout {}", payout.address));
            let instruction = ix::withdraw_payout(by, payout.slot, to, payout.mint, program);
            attempt(game, play, "withdraw_payout", &instruction, None, |book| {
                book.withdraw_payout(&by, &provider.address, &payout.address, &to, Spoil::None)
            });
        }
        if payout.fee_atoms[0] > 0 {
            play.step(format!("last sweep_fees {}", payout.address));
            let config = game.book.configs[&payout.config_id].clone();
            let to = game.wallet(&payout.mint, &config.treasury);
            let instruction = ix::sweep_fees(config.address, payout.slot, to, payout.mint, program);
            attempt(game, play, "sweep_fees", &instruction, None, |book| {
                book.sweep(config.id, &payout.address, &to, Spoil::None)
            });
        }
        while game.book.payouts.contains_key(&payout.address) {
            close_payout_of(game, play, &payout, &provider, by);
        }
    }
    for slot in game.book.slots.values().cloned().collect::<Vec<_>>() {
        assert_eq!((slot.locked, slot.locked_jobs), (0, 0), "a bond is held by no job");
        if slot.bond > 0 {
            let provider = game.book.providers[&slot.provider].clone();
            let by = provider.authority;
            play.step(format!("last withdraw_bond {}", slot.address));
            let instruction = ix::withdraw_bond(by, provider.address, slot.address, slot.bond);
            attempt(game, play, "withdraw_bond", &instruction, None, |book| {
                book.withdraw_bond(&by, &provider.address, &slot.address, slot.bond)
            });
        }
    }
    game.compare(None);
    game.assert_atoms();
}
