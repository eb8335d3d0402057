//! The driver of random play: seeds, steps, the count of what was tried, and the story of a failure.
//!
//! A play runs the real bytecode beside a model of [`crate::model`]. Every step names its action; when anything panics, the
//! seed, the step and the last actions are printed, so that the failure can be made a test with a name.

pub mod escrow;
pub mod governance;
pub mod pool;

use {
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    std::{
        collections::{BTreeMap, VecDeque},
        ops::Range,
        sync::atomic::{AtomicUsize, Ordering},
        time::Instant,
    },
};

/// How many actions a failure prints.
const REMEMBERED: usize = 20;
/// Least share of accepted tries of each action, in percent: below it the play would say little about the action.
const LEAST_ACCEPTANCE_PERCENT: u64 = 30;

/// The seeds to play: `COMMONWEAL_FUZZ_SEED` (numbers separated by commas, or `first..end`), else the constants.
pub fn seeds(constants: Range<u64>) -> Vec<u64> {
    let Ok(text) = std::env::var("COMMONWEAL_FUZZ_SEED") else {
        return constants.collect();
    };
    let number = |part: &str| part.trim().parse::<u64>().expect("COMMONWEAL_FUZZ_SEED holds numbers");
    match text.split_once("..") {
        Some((first, end)) => (number(first)..number(end)).collect(),
        None => text.split(',').map(number).collect(),
    }
}

/// Steps a seed is played: `COMMONWEAL_FUZZ_STEPS`, else the constant.
pub fn steps(constant: u64) -> u64 {
    std::env::var("COMMONWEAL_FUZZ_STEPS").map_or(constant, |text| {
        text.parse().expect("COMMONWEAL_FUZZ_STEPS is a number")
    })
}

/// Counts over all seeds of one program.
pub struct Tally {
    program: &'static str,
    started: Instant,
    steps: u64,
    /// Action → (tried, accepted).
    actions: BTreeMap<&'static str, (u64, u64)>,
    /// Refusal → how often it was predicted and seen.
    refusals: BTreeMap<String, u64>,
    /// What is worth knowing to have happened → how often it did.
    seen: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(program: &'static str) -> Self {
        Self {
            program,
            started: Instant::now(),
            steps: 0,
            actions: BTreeMap::new(),
            refusals: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// The test fails if one of these never happened, unless the environment asks for a shorter play.
    pub fn assert_seen(&self, wanted: &[&'static str]) {
        if std::env::var("COMMONWEAL_FUZZ_SEED").is_ok() || std::env::var("COMMONWEAL_FUZZ_STEPS").is_ok() {
            return;
        }
        for what in wanted {
            assert!(self.seen.contains_key(what), "never seen: {what}");
        }
    }

    /// Adds what another counted.
    fn add(&mut self, other: Tally) {
        self.steps += other.steps;
        for (action, (tried, accepted)) in other.actions {
            let entry = self.actions.entry(action).or_default();
            entry.0 += tried;
            entry.1 += accepted;
        }
        for (refusal, count) in other.refusals {
            *self.refusals.entry(refusal).or_default() += count;
        }
        for (what, count) in other.seen {
            *self.seen.entry(what).or_default() += count;
        }
    }

    /// The test fails if one of these was accepted less often, unless the environment asks for a shorter play.
    pub fn assert_accepted(&self, actions: &[&'static str], least: u64) {
        if std::env::var("COMMONWEAL_FUZZ_SEED").is_ok() || std::env::var("COMMONWEAL_FUZZ_STEPS").is_ok() {
            return;
        }
        for action in actions {
            let accepted = self.actions.get(action).map_or(0, |(_, accepted)| *accepted);
            assert!(accepted >= least, "{action} is accepted {accepted} times only");
        }
    }

    /// Prints the counts; the test fails if an action was refused too often to mean anything.
    pub fn finish(&self) {
        let seconds = self.started.elapsed().as_secs_f64();
        println!(
            "{}: {} steps in {seconds:.1} s, {:.0} a second",
            self.program,
            self.steps,
            self.steps as f64 / seconds
        );
        for (action, (tried, accepted)) in &self.actions {
            println!(
                "  {action:<22} {tried:>7} tried {accepted:>7} accepted {:>4} %",
                accepted * 100 / tried
            );
        }
        for (refusal, count) in &self.refusals {
            println!("  refused {count:>7} × {refusal}");
        }
        for (what, count) in &self.seen {
            println!("  seen {count:>10} × {what}");
        }
        for (action, (tried, accepted)) in &self.actions {
            assert!(
                accepted * 100 >= tried * LEAST_ACCEPTANCE_PERCENT,
                "{action} is accepted {accepted} times of {tried}: the play is vacuous"
            );
        }
    }
}

/// Plays seeds on all processors, each with a tally of its own, and adds the tallies up.
pub fn in_parallel(program: &'static str, seeds: &[u64], play: impl Fn(&mut Tally, u64) + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(seeds.len());
    let mut total = Tally::new(program);
    std::thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::new(program);
            while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                play(&mut tally, *seed);
            }
            tally
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for handle in handles {
            match handle.join() {
                Ok(tally) => total.add(tally),
                Err(cause) => std::panic::resume_unwind(cause),
            }
        }
    });
    total
}

/// One seed being played.
pub struct Play<'t> {
    tally: &'t mut Tally,
    seed: u64,
    step: u64,
    recent: VecDeque<String>,
    was_refused: bool,
}

impl<'t> Play<'t> {
    /// Begins a seed.
    pub fn new(tally: &'t mut Tally, seed: u64) -> Self {
        Self {
            tally,
            seed,
            step: 0,
            recent: VecDeque::new(),
            was_refused: false,
        }
    }

    /// A step begins; `story` says what is tried, completely enough to do it again.
    pub fn step(&mut self, story: String) {
        self.step += 1;
        self.tally.steps += 1;
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(format!("step {}: {story}", self.step));
    }

    /// The model and the chain agree on what became of `action`; `refusal` is the error, if it was one.
    pub fn agreed(&mut self, action: &'static str, refusal: Option<String>) {
        let entry = self.tally.actions.entry(action).or_default();
        entry.0 += 1;
        self.was_refused = refusal.is_some();
        let verdict = match refusal {
            None => {
                entry.1 += 1;
                "accepted".to_owned()
            }
            Some(refusal) => {
                *self.tally.refusals.entry(format!("{action}: {refusal}")).or_default() += 1;
                refusal
            }
        };
        if let Some(last) = self.recent.back_mut() {
            last.push_str(" → ");
            last.push_str(&verdict);
        }
    }

    /// Whether the last step was refused.
    pub fn was_refused(&self) -> bool {
        self.was_refused
    }

    /// Something worth knowing happened.
    pub fn saw(&mut self, what: &'static str) {
        *self.tally.seen.entry(what).or_default() += 1;
    }

    /// Steps played of this seed.
    pub fn steps_played(&self) -> u64 {
        self.step
    }
}

impl Drop for Play<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "\n{} failed with seed {} at step {}:",
                self.tally.program, self.seed, self.step
            );
            for line in &self.recent {
                eprintln!("  {line}");
            }
        }
    }
}

/// True in `percent` of the cases.
pub fn chance(rng: &mut ChaCha8Rng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

/// One of the items.
pub fn pick<'a, T>(rng: &mut ChaCha8Rng, items: &'a [T]) -> &'a T {
    &items[rng.random_range(0..items.len())]
}

/// A number up to `most`, every order of magnitude alike, its ends more often than others.
pub fn magnitude(rng: &mut ChaCha8Rng, most: u64) -> u64 {
    if most == 0 || chance(rng, 4) {
        return most;
    }
    if chance(rng, 4) {
        return 1;
    }
    let bits = rng.random_range(1..=64 - most.leading_zeros());
    let cap = if bits == 64 { u64::MAX } else { (1u64 << bits) - 1 };
    rng.random_range(1..=cap.min(most))
}

/// An amount a hostile caller would try: nothing, one, everything, and the neighbours of a bound.
pub fn hostile(rng: &mut ChaCha8Rng, bound: u64) -> u64 {
    *pick(
        rng,
        &[
            0,
            1,
            2,
            bound.saturating_sub(1),
            bound,
            bound.saturating_add(1),
            u64::MAX / 2,
            u64::MAX - 1,
            u64::MAX,
        ],
    )
}
