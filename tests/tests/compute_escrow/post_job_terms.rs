//! What `post_job` demands of eligibility, redundancy, milestones and verification, and what it sets aside for each kind.

use commonweal_tests::fixtures::escrow::{supply::*, *};

const BATCH: u8 = 0;
const AUCTION: u8 = 1;
const REDUNDANT: u8 = 2;

fn of(kind: u8, k: u8, n: u8) -> JobTerms {
    JobTerms {
        kind,
        redundancy_k: k,
        redundancy_n: n,
        ..terms()
    }
}

#[track_caller]
fn refused(e: &mut Escrow, t: &JobTerms, error: EscrowError) {
    let post = e.post_job(e.next_nonce, t);
    e.fails(post, &["client", "payer"], error);
}

#[test]
fn redundant_orders_have_two_to_seven_workers_of_which_more_than_half_agree() {
    let mut e = Escrow::ready(0);
    for n in 0..=9u8 {
        for k in 0..=10u8 {
            let t = of(REDUNDANT, k, n);
            if (2..=7).contains(&n) && k <= n && 2 * k > n {
                let order = e.post_with(&t);
                let job = e.job(&order);
                assert_eq!((job.kind, job.redundancy_k, job.redundancy_n), (REDUNDANT, k, n));
                e.run(e.cancel(&order), &["client"]);
            } else {
                refused(&mut e, &t, EscrowError::RedundancyOutOfBounds);
            }
        }
    }
    for (k, n) in [(255, 255), (128, 1), (200, 7), (255, 7)] {
        refused(&mut e, &of(REDUNDANT, k, n), EscrowError::RedundancyOutOfBounds);
    }
}

#[test]
fn other_kinds_have_no_redundancy() {
    let mut e = Escrow::ready(0);
    for kind in [BATCH, AUCTION] {
        for (k, n) in [(1, 0), (0, 1), (1, 1), (2, 3)] {
            refused(&mut e, &of(kind, k, n), EscrowError::RedundancyOutOfBounds);
        }
        e.post_with(&of(kind, 0, 0));
    }
}

#[test]
fn every_worker_of_a_redundant_order_earns_an_atom_at_least() {
    let mut e = Escrow::ready(0);
    let priced = |price_atoms| JobTerms {
        price_atoms,
        ..of(REDUNDANT, 3, 5)
    };
    refused(&mut e, &priced(4), EscrowError::ZeroAmount);
    e.post_with(&priced(5));
    let one = JobTerms {
        price_atoms: 1,
        ..terms()
    };
    e.post_with(&one);
}

#[test]
fn as_many_bounties_are_set_aside_as_deadlines_can_pass_without_fault() {
    let mut e = Escrow::ready(0);
    for (t, bounties) in [(of(BATCH, 0, 0), 1), (of(AUCTION, 0, 0), 3), (of(REDUNDANT, 2, 3), 3)] {
        let payer = e.world.lamports(&e.key("payer"));
        let order = e.post_with(&t);
        assert_eq!(u64::from(e.job(&order).crank_reserve_lamports.get()), bounties * BOUNTY);
        let rent = e.world.rent(436) + e.world.rent(165);
        assert_eq!(e.world.lamports(&e.key("payer")), payer - rent - bounties * BOUNTY);
        e.run(e.cancel(&order), &["client"]);
        assert_eq!(e.world.lamports(&e.key("payer")), payer, "all of it comes back");
    }
}

#[test]
fn equal_results_need_no_canary_and_no_attestor() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    for verification in 0..=3u8 {
        let t = JobTerms {
            verification,
            ..of(REDUNDANT, 2, 3)
        };
        if verification <= 1 {
            e.post_with(&t);
        } else {
            refused(&mut e, &t, EscrowError::VerificationNotAvailable);
        }
        for kind in [BATCH, AUCTION] {
            let order = e.post_with(&JobTerms {
                kind,
                verification,
                ..terms()
            });
            assert_eq!(e.job(&order).verification, verification);
        }
    }
}

#[test]
fn nobody_orders_a_countersignature_that_nobody_could_give() {
    let mut e = Escrow::ready(0);
    refused(&mut e, &attested_terms(), EscrowError::VerificationNotAvailable);
    let mut third = court(&[]);
    third.attestors[2] = e.key("attestor");
    e.run(update_court(e.config, e.key("admin"), &third), &["admin"]);
    e.post_with(&attested_terms());
}

#[test]
fn every_verification_needs_its_challenge_time() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    for verification in 1..=3 {
        let t = |challenge_seconds| JobTerms {
            verification,
            challenge_seconds,
            ..terms()
        };
        refused(&mut e, &t(3_599), EscrowError::TimeOutOfBounds);
        e.post_with(&t(3_600));
    }
}

#[test]
fn milestones_of_a_batch_job_make_a_whole_or_are_none() {
    let mut e = Escrow::ready(0);
    let with = |kind, milestone_bps| JobTerms {
        milestone_bps,
        ..of(
            kind,
            if kind == REDUNDANT { 2 } else { 0 },
            if kind == REDUNDANT { 3 } else { 0 },
        )
    };
    let wholes = [
        [10_000, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 10_000],
        [1_250; 8],
        [1, 9_999, 0, 0, 0, 0, 0, 0],
    ];
    for bps in wholes {
        let order = e.post_with(&with(BATCH, bps));
        assert_eq!(e.job(&order).milestone_bps.map(|it| it.get()), bps);
        for kind in [AUCTION, REDUNDANT] {
            refused(&mut e, &with(kind, bps), EscrowError::MilestonesOutOfBounds);
        }
    }
    let broken = [
        [1, 0, 0, 0, 0, 0, 0, 0],
        [9_999, 0, 0, 0, 0, 0, 0, 0],
        [10_001, 0, 0, 0, 0, 0, 0, 0],
        [1_250, 1_250, 1_250, 1_250, 1_250, 1_250, 1_250, 1_251],
        // 75,536 would be 10,000 in sixteen bits
        [65_535, 10_001, 0, 0, 0, 0, 0, 0],
        [65_535; 8],
    ];
    for bps in broken {
        refused(&mut e, &with(BATCH, bps), EscrowError::MilestonesOutOfBounds);
    }
}

#[test]
fn the_circle_doubles_within_sixteen_slots() {
    let mut e = Escrow::ready(0);
    let spread = |spread_slots| {
        terms_for(Eligibility {
            spread_slots,
            ..ANYBODY
        })
    };
    for slots in [17, 255] {
        refused(&mut e, &spread(slots), EscrowError::SpreadOutOfBounds);
    }
    for slots in [0, 1, 16] {
        let order = e.post_with(&spread(slots));
        assert_eq!(e.job(&order).spread_slots, slots);
    }
}

#[test]
fn the_job_keeps_whom_it_is_for() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&terms_for(Eligibility {
        model_id: 0x0102_0304,
        min_score: 0x0506_0708,
        min_vram_gib: 80,
        spread_slots: 9,
        persons_only: true,
    }));
    let job = e.job(&order);
    assert_eq!((job.model_id.get(), job.min_score.get()), (0x0102_0304, 0x0506_0708));
    // bit 0: the mint can be frozen; bit 1: persons only
    assert_eq!((job.min_vram_gib, job.spread_slots, job.flags), (80, 9, 3));
}
