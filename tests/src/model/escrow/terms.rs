//! The bounds of terms.

use super::*;

/// Times in seconds and the bounds they have.
type Bounds = (u32, u32, u32);
const DAY: u32 = 86_400;

fn are_within(bounds: &[Bounds]) -> bool {
    bounds.iter().all(|(value, low, high)| low <= value && value <= high)
}

/// What speaks against the terms of an order under a config.
pub fn check_terms(terms: &JobTerms, config: &Config, against: &mut Against) {
    against.unless(terms.kind <= 2, EscrowError::KindNotAvailable);
    let nobody = Address::default();
    let has_attestors = config.court.attestors.iter().any(|key| *key != nobody);
    let is_redundant = terms.kind == 2;
    let most = if is_redundant { 1 } else { 3 };
    against.unless(
        terms.verification <= most && (terms.verification != 3 || has_attestors),
        EscrowError::VerificationNotAvailable,
    );
    let (k, n) = (u32::from(terms.redundancy_k), u32::from(terms.redundancy_n));
    let fits = if is_redundant {
        (2..=7).contains(&n) && k <= n && 2 * k > n
    } else {
        k == 0 && n == 0
    };
    against.unless(fits, EscrowError::RedundancyOutOfBounds);
    let least_price = if is_redundant { u64::from(n.max(1)) } else { 1 };
    against.unless(terms.price_atoms >= least_price, EscrowError::ZeroAmount);
    let whole: u32 = terms.milestone_bps.iter().map(|bps| u32::from(*bps)).sum();
    let has_milestones = whole > 0;
    against.unless(
        !has_milestones || (terms.kind == 0 && whole == 10_000),
        EscrowError::MilestonesOutOfBounds,
    );
    against.unless(terms.eligibility.spread_slots <= 16, EscrowError::SpreadOutOfBounds);
    against.unless(config.fee_ppm <= terms.max_fee_ppm, EscrowError::FeeAboveLimit);
    let least = |real: u32| if config.is_rehearsal { 2 } else { real };
    let waits = terms.verification != 0;
    against.unless(
        are_within(&[
            (terms.open_seconds, least(60), 30 * DAY),
            (terms.start_seconds, least(60), DAY),
            (terms.run_seconds, least(60), 30 * DAY),
            (terms.reveal_seconds, least(300), DAY),
            (terms.challenge_seconds, if waits { least(3_600) } else { 0 }, 7 * DAY),
        ]),
        EscrowError::TimeOutOfBounds,
    );
    let compensation = terms.compensation_lamports;
    against.unless(
        compensation == 0 || compensation >= 1_000_000,
        EscrowError::CompensationTooSmall,
    );
    let cost = compensation.checked_add(config.bounty);
    against.unless(cost.is_some(), EscrowError::MathOverflow);
    against.unless(
        terms.bond_lamports >= cost.unwrap_or(0) && terms.bond_lamports >= config.min_bond,
        EscrowError::BondTooSmall,
    );
    let hashes = [terms.spec_hash, terms.module_hash, terms.input_hash];
    against.unless(hashes.iter().all(|hash| *hash != [0; 32]), EscrowError::ZeroHash);
}

/// What speaks against the court's parameters.
pub fn check_court(court: &CourtParams, is_rehearsal: bool, against: &mut Against) {
    let least = |real: u32| if is_rehearsal { 2 } else { real };
    let steps = [
        court.answer_seconds,
        court.seed_seconds,
        court.vote_seconds,
        court.reveal_seconds,
        court.appeal_seconds,
    ];
    let bounds = steps.map(|seconds| (seconds, least(3_600), 14 * DAY));
    let fits = are_within(&bounds)
        && are_within(&[(court.ruling_seconds, least(30 * DAY), 365 * DAY)])
        && (1_000_000..=1_000_000_000).contains(&court.seat_fee_lamports)
        && (court.seat_fee_lamports..=10_000_000_000).contains(&court.juror_stake_lamports);
    against.unless(fits, EscrowError::CourtOutOfBounds);
}

/// What a new config's court is like.
pub fn first_court(is_rehearsal: bool) -> CourtParams {
    let [answer, seed, vote, reveal, appeal, ruling] = if is_rehearsal {
        [10, 10, 20, 20, 20, 600]
    } else {
        [DAY, DAY / 2, 3 * DAY, DAY, 3 * DAY, 120 * DAY]
    };
    CourtParams {
        seat_fee_lamports: 5_000_000,
        juror_stake_lamports: 50_000_000,
        answer_seconds: answer,
        seed_seconds: seed,
        vote_seconds: vote,
        reveal_seconds: reveal,
        appeal_seconds: appeal,
        ruling_seconds: ruling,
        attestors: [Address::default(); 3],
    }
}
