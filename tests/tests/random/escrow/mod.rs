//! Random play of the compute escrow.

mod cases;
mod configs;
mod court;
mod drain;
mod drive;
mod ends;
mod jobs;
mod leases;
mod orders;
mod payouts;
mod providers;
mod supply;

use {
    cases::*, configs::*, court::*, drain::*, drive::*, ends::*, jobs::*, leases::*, orders::*, payouts::*,
    providers::*, supply::*,
};
use {
    commonweal_tests::{
        fixtures::escrow::{
            ix, lease::ix as lease_ix, orders as real, sha, state_code::*, supply as real_supply, ConfigParams,
            CourtParams, Eligibility, EscrowError, JobTerms, SlotOffer,
        },
        model::{
            code,
            escrow::{
                after, first_court, lease_code, refusal, Against, Asked, Attestation, Bid, Book, CaseTerms, Challenge,
                Config, Dispute, Gang, Hands, Job, Juror, Lease, LeaseTerms, Leaving, Now, Part, Payout, Person,
                Provider, Refusals, Seat, Slot, Spoil, Words, CONSTRAINT_ADDRESS,
            },
            Refusal,
        },
        play::{
            self, chance,
            escrow::{by_hand, Game, CLIENTS, HELD_MINTS, PROVIDERS},
            hostile, magnitude, pick, Play, Tally,
        },
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::{error::InstructionError, Instruction},
};

const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 3_500;
/// A copy of the world is drained every so many steps.
const SEARCH_EVERY: u64 = 700;
/// How often every instruction is accepted at least in the default play.
const LEAST_ACCEPTED: u64 = 12;
/// What a play must have been through to say something.
const SEEN: [&str; 6] = [
    "a case that nobody defended",
    "a case that nobody judged",
    "a forfeited case",
    "a verdict after the last appeal",
    "a verdict of a higher panel",
    "a verdict of the first panel",
];
const SPOILS: [Spoil; 4] = [Spoil::Unsigned, Spoil::Vault, Spoil::Mint, Spoil::Program];
/// The salt every worker uses.
const SALT: [u8; 32] = [0x5A; 32];

/// Every instruction of the program.
const INSTRUCTIONS: [&str; 75] = [
    "initialize_config",
    "update_config",
    "allow_mint",
    "disallow_mint",
    "register_provider",
    "rotate_session_key",
    "add_slot",
    "update_slot",
    "deposit_bond",
    "withdraw_bond",
    "open_payout",
    "close_payout",
    "post_job",
    "claim_job",
    "decline_job",
    "start_job",
    "commit_result",
    "reveal_result",
    "settle",
    "withdraw_payout",
    "sweep_fees",
    "cancel_job",
    "claim_refund",
    "close_job",
    "crank",
    "update_court",
    "link_person",
    "unlink_person",
    "attest_slot",
    "close_attestation",
    "fold_reputation",
    "accept_milestone",
    "settle_contribution",
    "place_bid",
    "reveal_bid",
    "award",
    "reclaim_bid",
    "join_job",
    "commit_contribution",
    "reveal_contribution",
    "compare_results",
    "challenge_result",
    "prove_canary",
    "answer_challenge",
    "resolve_challenge",
    "open_jury",
    "enroll_juror",
    "leave_jury",
    "open_dispute",
    "commit_seed",
    "reveal_seed",
    "pin_seed",
    "draw_panel",
    "commit_vote",
    "reveal_vote",
    "report_leak",
    "appeal",
    "link_proposal",
    "rule",
    "crank_dispute",
    "execute_ruling",
    "close_seat",
    "close_dispute",
    "post_lease",
    "accept_lease",
    "start_lease",
    "resume_lease",
    "reclaim_notice",
    "top_up",
    "redeem_voucher",
    "close_lease",
    "crank_lease",
    "open_gang",
    "close_gang",
    "attest_result",
];

#[test]
fn the_escrow_does_what_its_model_says_whatever_is_played() {
    let tally = play::in_parallel("compute-escrow", &play::seeds(SEEDS), play_seed);
    tally.finish();
    tally.assert_accepted(&INSTRUCTIONS, LEAST_ACCEPTED);
    tally.assert_seen(&SEEN);
}

fn play_seed(tally: &mut Tally, seed: u64) {
    let mut game = Game::new(seed);
    let mut play = Play::new(tally, seed);
    set_up(&mut game, &mut play);
    for step in 1..=play::steps(STEPS) {
        one_step(&mut game, &mut play);
        if step % 64 == 0 {
            game.compare(None);
            game.assert_atoms();
        }
        if step % SEARCH_EVERY == 0 {
            search(&game, &mut play);
        }
    }
    drain(&mut game, &mut play);
}

/// Two rehearsals (their lives are short) and a real config, providers with bonded slots, a jury: large, small or none.
fn set_up(game: &mut Game, play: &mut Play) {
    for number in 0..3u16 {
        initialize_config(game, play, Some((number, number < 2)));
        update_court(game, play, Some(number));
    }
    for _ in 0..8 {
        allow_mint(game, play);
    }
    for name in PROVIDERS {
        register_provider(game, play, Some(name));
    }
    for name in PROVIDERS {
        let provider = game.book.providers[&ix::provider(&game.key(name)).0].clone();
        for _ in 0..2 {
            let provider = game.book.providers[&provider.address].clone();
            add_slot_to(game, play, &provider, 0);
        }
    }
    for _ in 0..4 {
        add_slot(game, play);
    }
    for slot in game.book.slots.values().cloned().collect::<Vec<_>>() {
        deposit_into(game, play, &slot);
    }
    let jurors = [60, 6, 60][(game.world.seed % 3) as usize];
    for _ in 0..jurors {
        enroll_juror(game, play);
    }
    game.warp(1, 3);
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..330) {
        0..2 => initialize_config(game, play, None),
        2..5 => update_config(game, play),
        5..8 => allow_mint(game, play),
        8..11 => disallow_mint(game, play),
        11..12 => register_provider(game, play, None),
        12..15 => rotate_session_key(game, play),
        15..16 => add_slot(game, play),
        16..19 => update_slot(game, play),
        19..27 => deposit_bond(game, play),
        27..30 => withdraw_bond(game, play),
        30..34 => open_payout(game, play),
        34..37 => close_payout(game, play),
        37..55 => post_job(game, play),
        55..72 => claim_job(game, play),
        72..75 => work(game, play, "decline_job", CLAIMED),
        75..88 => work(game, play, "start_job", CLAIMED),
        88..98 => work(game, play, "commit_result", RUNNING),
        98..108 => work(game, play, "reveal_result", COMMITTED),
        108..116 => settle(game, play),
        116..121 => withdraw_payout(game, play),
        121..125 => sweep_fees(game, play),
        125..128 => refund_by_client(game, play, OPEN),
        128..132 => refund_by_client(game, play, REFUNDABLE),
        132..138 => close_job(game, play),
        138..146 => crank(game, play),
        146..150 => donate(game, play),
        150..154 => freeze_or_thaw(game, play),
        154..157 => update_court(game, play, None),
        157..160 => link_person(game, play),
        160..162 => unlink_person(game, play),
        162..164 => change_person(game, play),
        164..167 => attest_slot(game, play),
        167..169 => close_attestation(game, play),
        169..171 => fold_reputation(game, play),
        171..178 => some_order(game, play, "place_bid"),
        178..184 => some_order(game, play, "reveal_bid"),
        184..188 => some_order(game, play, "award"),
        188..191 => some_reclaim(game, play),
        191..201 => some_order(game, play, "join_job"),
        201..207 => some_order(game, play, "commit_contribution"),
        207..212 => some_order(game, play, "reveal_contribution"),
        212..216 => some_order(game, play, "compare_results"),
        216..220 => some_order(game, play, "settle_contribution"),
        220..224 => some_order(game, play, "accept_milestone"),
        224..226 => some_attested(game, play),
        226..262 => some_leasing(game, play),
        262..284 => some_court(game, play),
        284..314 => drive(game, play),
        _ => let_time_pass(game, play),
    }
}

fn some<T: Clone>(game: &mut Game, items: &[T]) -> Option<T> {
    (!items.is_empty()).then(|| pick(&mut game.world.rng, items).clone())
}

fn some_actor(game: &mut Game) -> Address {
    if game.only_strangers {
        return game.key("stranger");
    }
    *pick(&mut game.world.rng, &game.actors)
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
fn attempt<E: Into<Refusals>>(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    early: Option<Refusal>,
    change: impl FnOnce(&mut Book) -> Result<(), E>,
) -> bool {
    let mut next = game.book.clone();
    let prediction = match early {
        Some(refusal) => Err(refusal.into()),
        None => change(&mut next).map(|()| next).map_err(Into::into),
    };
    let refused = game.run(None, instruction, prediction);
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
    if chance(&mut game.world.rng, 25) {
        return donate_elsewhere(game, play);
    }
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

/// Lamports or tokens to what is not a job's: leases, cases, challenges, bids, seats.
fn donate_elsewhere(game: &mut Game, play: &mut Play) {
    let book = &game.book;
    let all: Vec<Address> = (book.leases.keys().chain(book.disputes.keys()))
        .chain(book.challenges.keys().chain(book.bids.keys()))
        .chain(book.parts.keys().chain(book.seats.keys()).chain(book.jurors.keys()))
        .copied()
        .collect();
    let Some(to) = some(game, &all) else { return };
    play.step(format!("1,000,000 lamports donated to {to}"));
    game.donate_lamports(&to, 1_000_000);
    play.agreed("donate", None);
    let leases: Vec<Lease> = game.book.leases.values().cloned().collect();
    let Some(lease) = some(game, &leases) else { return };
    let from = game.wallet(&lease.mint, &lease.client);
    let is_frozen = |account: &Address| game.book.tokens.holdings[account].is_frozen;
    if game.book.tokens.atoms(&from) < 3 || is_frozen(&from) || is_frozen(&lease.vault) {
        return;
    }
    play.step(format!("3 atoms donated to {}", lease.vault));
    let mint = game
        .mints
        .iter()
        .find(|mint| mint.address == lease.mint)
        .unwrap()
        .clone();
    let owner = game.keys[&lease.client].insecure_clone();
    game.world.transfer(&mint, &from, &lease.vault, &owner, 3);
    let moved = game.book.tokens.transfer(&from, &lease.vault, &lease.client, 3, 0);
    moved.unwrap();
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
    let jobs = game.book.jobs.values().map(|job| (job.mint, job.client, job.vault));
    let leases = game
        .book
        .leases
        .values()
        .map(|lease| (lease.mint, lease.client, lease.vault));
    let all: Vec<(Address, Address, Address)> = jobs.chain(leases).collect();
    let Some((mint, client, vault)) = some(game, &all) else {
        return;
    };
    let account = if chance(&mut game.world.rng, 75) {
        game.wallet(&mint, &client)
    } else {
        vault
    };
    if game.book.tokens.holdings[&account].is_frozen {
        return;
    }
    play.step(format!("{account} frozen"));
    let mint = game.mints.iter().find(|known| known.address == mint).unwrap().clone();
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
        // the clock steps back
        (0, _) => (-rng.random_range(1..30), 1),
        (1, _) => (rng.random_range(1..200_000), 1),
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
    game.warp(seconds, slots);
    play.agreed("warp", None);
}
