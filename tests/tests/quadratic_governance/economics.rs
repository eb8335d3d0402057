//! What splitting gains under four rules: the table in the program's `ECONOMICS.md`, worked out here and held equal to it.
//!
//! A thousand persons hold a thousand million atoms by Zipf's law with exponent 1.3. The largest holder, the attacker, splits what it
//! owns over k accounts or persons, every one of which votes all it has for one option. The other 999 vote all they have, half of each
//! cohort for one option and half for the other.

use {
    commonweal_tests::fixtures::governance::{ATOMS_PER_CREDIT, BASE_CREDITS, MAX_BONUS_CREDITS},
    quadratic_governance::math::{credits, tally},
    std::{fmt::Write, path::Path},
};

const PERSONS: u32 = 1_000;
const EXPONENT: f64 = 1.3;
const SUPPLY_ATOMS: f64 = 1e9;
const SPLITS: [u32; 3] = [1, 10, 100];
/// Attestors of the honest persons; all of the attacker's persons are of one more.
const HONEST_COHORTS: u32 = 15;
/// M_min: twenty votes count in full whoever vouches for them.
const FLOOR_VOTES: u32 = 20;

/// What each person holds in atoms, the largest first.
fn wealth_of(persons: u32) -> Vec<f64> {
    let weights: Vec<f64> = (1..=persons).map(|rank| f64::from(rank).powf(-EXPONENT)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| SUPPLY_ATOMS * weight / sum).collect()
}

fn wealth() -> Vec<f64> {
    wealth_of(PERSONS)
}

/// The attacker's part of all votes, if one account of so many atoms has so many votes.
fn share_of_sums(wealth: &[f64], split: u32, votes: impl Fn(f64) -> f64) -> f64 {
    let parts = f64::from(split);
    let attacker = parts * votes(wealth[0] / parts);
    let others: f64 = wealth[1..].iter().map(|atoms| votes(*atoms)).sum();
    attacker / (attacker + others)
}

/// Whole votes of a person who has that stake: ⌊√(b₀ + min(b_max, stake / atoms per credit))⌋.
fn whole_votes(atoms: f64) -> f64 {
    let bonus = (atoms / ATOMS_PER_CREDIT as f64)
        .floor()
        .min(f64::from(MAX_BONUS_CREDITS));
    (f64::from(BASE_CREDITS) + bonus).sqrt().floor()
}

/// x up to the cap, then √(cap · x); the cap a quarter of what the cohort's base budgets give.
fn discounted(votes: f64, persons: f64) -> f64 {
    let cap = (persons * f64::from(BASE_CREDITS).sqrt() / 4.0).max(f64::from(FLOOR_VOTES));
    if votes <= cap {
        votes
    } else {
        (cap * votes).sqrt()
    }
}

/// Votes by honest cohort and option, with the number of the cohort's persons.
fn honest_cohorts(votes: impl Fn(f64) -> f64) -> Vec<([f64; 2], f64)> {
    let mut cohorts = vec![([0.0; 2], 0.0); HONEST_COHORTS as usize];
    for (place, atoms) in wealth()[1..].iter().enumerate() {
        let cohort = &mut cohorts[place % HONEST_COHORTS as usize];
        cohort.0[place / HONEST_COHORTS as usize % 2] += votes(*atoms);
        cohort.1 += 1.0;
    }
    cohorts
}

/// The attacker's part of what counts of all votes, with the cohort discount.
fn share_with_cohorts(split: u32, votes: impl Fn(f64) -> f64, f: impl Fn(f64, f64) -> f64) -> f64 {
    let parts = f64::from(split);
    let attacker = f(parts * votes(wealth()[0] / parts), parts);
    let honest = honest_cohorts(votes);
    let others: f64 = honest
        .iter()
        .map(|(options, persons)| f(options[0], *persons) + f(options[1], *persons))
        .sum();
    attacker / (attacker + others)
}

/// The rows of the table: the rule, and the attacker's part of the votes for each split.
fn rows() -> Vec<(&'static str, Vec<f64>)> {
    let wealth = wealth();
    let each = |share: &dyn Fn(u32) -> f64| SPLITS.iter().map(|split| share(*split)).collect::<Vec<f64>>();
    vec![
        (
            "one token, one vote",
            each(&|split| share_of_sums(&wealth, split, |atoms| atoms)),
        ),
        (
            "√tokens of an account",
            each(&|split| share_of_sums(&wealth, split, f64::sqrt)),
        ),
        (
            "credits of a person",
            each(&|split| share_of_sums(&wealth, split, whole_votes)),
        ),
        (
            "credits with the cohort discount",
            each(&|split| share_with_cohorts(split, whole_votes, discounted)),
        ),
    ]
}

fn document() -> String {
    let mut text = String::from(
        "# What splitting gains\n\n\
         A thousand persons hold all governing tokens by Zipf's law with exponent 1.3. The largest holder splits what it owns over *k*\n\
         accounts, or over *k* persons whom one corrupt attestor vouches for, and all of them vote all they have for one option. The other\n\
         999, of fifteen attestors, vote all they have too, half of each cohort for one option and half for another. The table is the\n\
         attacker's part of the votes that count. b₀ = 100 credits, at most 300 more for stake, M_min = 20 votes.\n\n\
         | rule | k = 1 | k = 10 | k = 100 |\n|---|---|---|---|\n",
    );
    for (rule, shares) in rows() {
        write!(text, "| {rule} |").unwrap();
        for share in shares {
            write!(text, " {:.1} % |", share * 100.0).unwrap();
        }
        text.push('\n');
    }
    text.push_str(
        "\nBy tokens the largest holder needs no split. By roots of tokens a split costs nothing and buys back most of it. With credits a\n\
         split needs as many persons: each must be vouched for, within an attestor's quota and the realm's growth, and can be revoked.\n\
         The discount takes from what so many persons of one attestor and one mind have in common; one person alone is in no cohort's way.\n\n\
         `tests/tests/quadratic_governance/economics.rs` works this out and holds this file equal to it (`UPDATE_SNAPSHOTS=1` writes it).\n",
    );
    text
}

#[test]
fn each_rule_leaves_a_split_less_than_the_one_before() {
    let rows = rows();
    for (rule, shares) in &rows {
        println!(
            "{rule:34} {:5.1} % {:5.1} % {:5.1} %",
            shares[0] * 100.0,
            shares[1] * 100.0,
            shares[2] * 100.0
        );
    }
    // however often it splits, the attacker has less under each rule than under the one before (one person is in no cohort's way)
    for (place, k) in SPLITS.iter().enumerate() {
        assert!(rows[0].1[place] > rows[1].1[place], "√tokens against tokens, k = {k}");
        assert!(
            rows[1].1[place] > 1.5 * rows[2].1[place],
            "credits against √tokens, k = {k}"
        );
    }
    assert!(
        rows[2].1[1] > rows[3].1[1] && rows[2].1[2] > 1.5 * rows[3].1[2],
        "cohorts against credits"
    );
    // a hundredfold split under credits gains more than under √tokens, but of hardly anything, and every part is a person
    assert!(rows[2].1[0] < 0.002 && rows[3].1[2] < 0.08);
}

#[test]
fn roots_of_tokens_alone_are_theatre() {
    // among two thousand holders the largest falls from 27.8 % to 2.6 %, and a hundred accounts bring back 21 %
    let wealth = wealth_of(2_000);
    let percent = |share: f64| (share * 1_000.0).round() / 10.0;
    assert_eq!(percent(share_of_sums(&wealth, 1, |atoms| atoms)), 27.8);
    assert_eq!(percent(share_of_sums(&wealth, 1, f64::sqrt)), 2.6);
    assert_eq!(percent(share_of_sums(&wealth, 100, f64::sqrt)).round(), 21.0);
}

#[test]
fn the_programs_own_numbers_are_the_formulas() {
    for atoms in wealth() {
        let atoms_floor = atoms.floor() as u64;
        let budget = credits::budget_floor(BASE_CREDITS, MAX_BONUS_CREDITS, ATOMS_PER_CREDIT, atoms_floor).unwrap();
        assert_eq!(f64::from(budget.isqrt()), whole_votes(atoms));
    }
    let root = tally::base_root_q16_floor(BASE_CREDITS);
    let by_program = |votes: f64, persons: f64| {
        let cap = tally::cohort_cap_q16_floor(FLOOR_VOTES, persons as u32, root).unwrap();
        tally::discount_floor(tally::votes_q16(votes as u32), cap) as f64 / 65_536.0
    };
    for split in SPLITS {
        let formula = share_with_cohorts(split, whole_votes, discounted);
        let program = share_with_cohorts(split, whole_votes, by_program);
        assert!((formula - program).abs() < 1e-6, "k = {split}: {formula} and {program}");
    }
}

#[test]
fn the_document_is_what_is_computed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs/quadratic-governance/ECONOMICS.md");
    let computed = document();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &computed).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), computed);
}
