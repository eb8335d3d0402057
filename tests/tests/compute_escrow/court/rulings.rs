//! `execute_ruling`, `close_dispute`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base,
        supply::attested_terms,
        *,
    },
};

/// Lamports of everybody who can gain or lose by a case, and what is burnt.
fn all(c: &Court) -> u64 {
    let names = [
        "watcher", "provider", "client", "cranker", "stranger", "payer", "session",
    ];
    let jurors = c
        .jurors
        .iter()
        .map(|name| c.lamports(name) + c.e.world.lamports(&c.juror(name)));
    let seats = c.jurors.iter().map(|name| c.e.world.lamports(&c.seat(name)));
    names.iter().map(|name| c.lamports(name)).sum::<u64>()
        + jurors.sum::<u64>()
        + seats.sum::<u64>()
        + c.e.world.lamports(&c.dispute)
        + c.e.world.lamports(&c.e.slot)
        + c.e.world.lamports(&c.order.job)
        + c.burnt()
}

#[test]
fn a_result_that_stands_is_paid_in_full_and_the_challenger_pays_the_case() {
    let mut c = Court::ended(0, 6, 1_000_000);
    let sum = all(&c);
    let cranker = c.lamports("cranker");
    c.e.run(c.execute(), &["cranker"]);
    assert_eq!(c.lamports("cranker") - cranker, BOUNTY);
    let (payout, slot, job) = (c.e.payout_state(), c.e.slot_state(), c.e.job(&c.order));
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (PROVIDER_PART, FEE_PART)
    );
    assert_eq!(
        (
            slot.locked_lamports.get(),
            slot.bond_lamports.get(),
            slot.jobs_completed.get()
        ),
        (0, DEPOSIT, 1)
    );
    assert_eq!((job.state, job.flags & 36), (state_code::FINAL, 0));
    c.e.fails(c.execute(), &["cranker"], EscrowError::WrongPhase);
    let (watcher, provider, burnt) = (c.lamports("watcher"), c.lamports("provider"), c.burnt());
    c.clear(&[]);
    // three seats; opening, pin, three drawings, the end of the appeal time, the execution
    let costs = 3 * SEAT_FEE + 7 * BOUNTY;
    assert_eq!(c.lamports("watcher"), watcher);
    assert_eq!(c.burnt() - burnt, COURT_BURN);
    assert_eq!(c.lamports("provider") - provider, 2 * COURT_BOND - COURT_BURN - costs);
    assert_eq!(all(&c), sum);
    assert!(!c.e.world.exists(&c.dispute));
    c.e.run(c.e.close(&c.order), &["cranker"]);
}

#[test]
fn a_wrong_result_costs_the_slot_its_bond_and_the_defender_the_case() {
    let mut c = Court::ended(0, 6, 0);
    let sum = all(&c);
    let before = ["client", "watcher", "cranker"].map(|name| c.lamports(name));
    c.e.run(c.execute(), &["cranker"]);
    let after = ["client", "watcher", "cranker"].map(|name| c.lamports(name));
    assert_eq!(
        [after[0] - before[0], after[1] - before[1], after[2] - before[2]],
        [COMPENSATION, REWARD, BOUNTY]
    );
    let (slot, job) = (c.e.slot_state(), c.e.job(&c.order));
    assert_eq!(
        (
            slot.slashed_lamports.get(),
            slot.burnt_lamports.get(),
            slot.jobs_failed.get()
        ),
        (BOND, REWARD, 1)
    );
    assert_eq!((job.state, job.flags & 4), (state_code::FINAL, 4));
    let (watcher, provider, burnt) = (c.lamports("watcher"), c.lamports("provider"), c.burnt());
    c.clear(&[]);
    // three seats; opening, pin, three drawings, the end of the appeal time; the execution came from the slot's bond
    let costs = 3 * SEAT_FEE + 6 * BOUNTY;
    assert_eq!(c.lamports("provider"), provider);
    assert_eq!(c.lamports("watcher") - watcher, 2 * COURT_BOND - COURT_BURN - costs);
    assert_eq!(c.burnt() - burnt, COURT_BURN);
    assert_eq!(all(&c), sum);
    let held = c.e.world.tokens(&c.e.client_token);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    assert_eq!(c.e.world.tokens(&c.e.client_token) - held, PRICE);
}

#[test]
fn a_divided_verdict_pays_its_part_rounded_down() {
    let mut c = Court::ended(0, 6, 700_000);
    c.e.run(c.execute(), &["cranker"]);
    // ⌊1,000,003 · 0.7⌋ = 700,002; ⌊700,002 · 0.98⌋ = 686,001
    let payout = c.e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (686_001, 14_001)
    );
    assert_eq!(c.e.world.tokens(&c.order.vault), PRICE - 700_002);
    let slot = c.e.slot_state();
    assert_eq!((slot.locked_lamports.get(), slot.bond_lamports.get()), (0, DEPOSIT));
    let held = c.e.world.tokens(&c.e.client_token);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    assert_eq!(c.e.world.tokens(&c.e.client_token) - held, 300_001);
}

#[test]
fn a_verdict_just_below_one_half_pays_its_part_and_slashes() {
    let mut c = Court::ended(0, 6, 499_999);
    c.e.run(c.execute(), &["cranker"]);
    // ⌊1,000,003 · 0.499999⌋ = 500,000; ⌊500,000 · 0.98⌋ = 490,000
    let payout = c.e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (490_000, 10_000)
    );
    assert_eq!(c.e.slot_state().slashed_lamports.get(), BOND);
}

/// A case nobody judges.
fn defaulted() -> Court {
    let mut c = Court::seeded(0, 2);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c
}

#[test]
fn the_default_halves_the_price_and_both_sides_lose_a_fifth() {
    let mut c = defaulted();
    let sum = all(&c);
    c.e.run(c.execute(), &["cranker"]);
    // ⌊1,000,003 / 2⌋ = 500,001; ⌊500,001 · 0.98⌋ = 490,000
    let (payout, slot, job) = (c.e.payout_state(), c.e.slot_state(), c.e.job(&c.order));
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (490_000, 10_001)
    );
    assert_eq!(
        (
            slot.slashed_lamports.get(),
            slot.burnt_lamports.get(),
            slot.jobs_failed.get()
        ),
        (BOND / 5, BOND / 5, 0)
    );
    assert_eq!((job.state, job.flags & 36), (state_code::FINAL, 32));
    let (watcher, provider, burnt) = (c.lamports("watcher"), c.lamports("provider"), c.burnt());
    c.clear(&[]);
    // opening, pin, the end of the drawing, the execution
    assert_eq!(c.lamports("watcher") - watcher, COURT_BOND - COURT_BURN - 2 * BOUNTY);
    assert_eq!(c.lamports("provider") - provider, COURT_BOND - COURT_BURN - 2 * BOUNTY);
    assert_eq!(c.burnt() - burnt, 2 * COURT_BURN);
    assert_eq!(all(&c), sum);
}

#[test]
fn challenges_that_rode_along_are_resolved_as_the_verdict_says() {
    // what the stranger's unanswered challenge and the payer's answered one get: right, wrong, default
    for (ppm, stranger_gets, payer_gets, provider_gets) in [
        (Some(1_000_000), 0, 0, 3 * COURT_BOND - 2 * COURT_BURN),
        (Some(0), COURT_BOND, 2 * COURT_BOND - COURT_BURN, 0),
        (None, COURT_BOND, COURT_BOND, COURT_BOND),
    ] {
        let mut c = Court::answered(0, if ppm.is_some() { 6 } else { 2 });
        c.e.run(c.challenge("stranger"), &["stranger"]);
        c.e.run(c.challenge("payer"), &["payer"]);
        c.e.run(c.answer("payer"), &["provider"]);
        c.e.run(c.open("watcher"), &["cranker"]);
        c.e.world.warp(0, 1);
        c.seed();
        if let Some(ppm) = ppm {
            c.draw();
            c.vote_all(ppm);
            c.e.world.warp_seconds(APPEAL_SECONDS);
        } else {
            c.e.world.warp_seconds(SEED_SECONDS);
        }
        c.e.run(c.crank(), &["cranker"]);
        c.e.run(c.execute(), &["cranker"]);
        c.e.fails(c.e.close(&c.order), &[], EscrowError::ChallengesOpen);
        let before = ["stranger", "payer", "provider"].map(|name| c.lamports(name));
        let thief = base::with(c.resolve("stranger"), 3, c.key("cranker"));
        if ppm == Some(1_000_000) {
            c.e.fails(thief, &[], EscrowError::NotAParty);
            let without = base::with(c.resolve("stranger"), 5, base::PROGRAM);
            c.e.fails(without, &[], EscrowError::NotAParty);
            let without = base::with(c.resolve("stranger"), 4, base::PROGRAM);
            c.e.fails(without, &[], EscrowError::SlotRequired);
            let thief = base::with(c.resolve("payer"), 3, c.key("cranker"));
            c.e.fails(thief, &[], EscrowError::NotAParty);
        }
        let rent = c.e.world.rent(368);
        let sum = all(&c);
        c.e.run(c.resolve("stranger"), &[]);
        c.e.run(c.resolve("payer"), &[]);
        let after = ["stranger", "payer", "provider"].map(|name| c.lamports(name));
        assert_eq!(after[0] - before[0], rent + stranger_gets, "{ppm:?}");
        assert_eq!(after[1] - before[1], rent + payer_gets, "{ppm:?}");
        assert_eq!(after[2] - before[2], provider_gets, "{ppm:?}");
        assert_eq!(all(&c) - sum, 2 * rent + 3 * COURT_BOND, "{ppm:?}");
        assert_eq!(c.e.job(&c.order).challenges_open, 0);
        let account = c.e.client_token;
        c.e.run(c.e.close_with_surplus(&c.order, account), &["cranker"]);
    }
}

/// A case that the panel has decided, of an attested job with an attestor's countersignature or without.
fn attested(is_countersigned: bool, ppm: u32) -> Court {
    let mut c = Court::with_terms(0, 6, &attested_terms());
    if is_countersigned {
        c.e.run(c.e.countersign("attestor", &c.order), &["attestor"]);
    }
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    c.judge(ppm);
    c
}

#[test]
fn an_attested_result_without_a_countersignature_is_not_paid_whatever_was_ruled() {
    for (ppm, slashed) in [(1_000_000, 0), (700_000, 0), (499_999, BOND)] {
        let mut c = attested(false, ppm);
        // nobody is due any part of the price: neither payout nor its accounts are asked for
        let execute = [5, 6]
            .into_iter()
            .fold(c.execute(), |execute, place| base::with(execute, place, base::PROGRAM));
        c.e.run(execute, &["cranker"]);
        let (slot, payout) = (c.e.slot_state(), c.e.payout_state());
        assert_eq!(
            (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
            (0, 0),
            "{ppm}"
        );
        assert_eq!(
            (
                slot.locked_lamports.get(),
                slot.slashed_lamports.get(),
                slot.jobs_completed.get()
            ),
            (0, slashed, 0),
            "{ppm}"
        );
        let held = c.e.world.tokens(&c.e.client_token);
        c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
        assert_eq!(c.e.world.tokens(&c.e.client_token) - held, PRICE, "{ppm}");
    }
}

#[test]
fn a_countersigned_result_is_paid_as_it_was_ruled() {
    let mut c = attested(true, 1_000_000);
    c.e.run(c.execute(), &["cranker"]);
    let payout = c.e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (PROVIDER_PART, FEE_PART)
    );
    assert_eq!(c.e.slot_state().jobs_completed.get(), 1);
}

#[test]
fn a_proved_canary_has_its_bond_back_whatever_another_case_says() {
    // right, wrong, default: a case about something else
    for ppm in [Some(1_000_000), Some(0), None] {
        let (mut c, proof) = Court::canary_with_jury(0, if ppm.is_some() { 6 } else { 2 });
        c.e.world.actor("attestor");
        c.list_attestor("attestor");
        c.e.run(c.challenge("watcher"), &["watcher"]);
        c.e.run(c.answer("watcher"), &["provider"]);
        let (stranger, attestor) = (c.key("stranger"), c.key("attestor"));
        let prove = court::ix::prove_canary(stranger, c.e.config, c.order.job, &c.order.uid, &proof, Some(attestor));
        c.e.run(prove, &["stranger", "attestor"]);
        c.e.run(c.open("watcher"), &["cranker"]);
        c.e.world.warp(0, 1);
        c.seed();
        if let Some(ppm) = ppm {
            c.judge(ppm);
        } else {
            c.e.world.warp_seconds(SEED_SECONDS);
            c.e.run(c.crank(), &["cranker"]);
        }
        c.e.run(c.execute(), &["cranker"]);
        let before = ["stranger", "provider"].map(|name| c.lamports(name));
        let burnt = c.burnt();
        c.e.run(c.resolve("stranger"), &[]);
        let after = ["stranger", "provider"].map(|name| c.lamports(name));
        assert_eq!(after[0] - before[0], c.e.world.rent(368) + COURT_BOND, "{ppm:?}");
        assert_eq!((after[1] - before[1], c.burnt() - burnt), (0, 0), "{ppm:?}");
    }
}

#[test]
fn appeals_are_paid_by_those_who_were_wrong() {
    // the challenger loses before the first panel, the stranger appeals for it and wins: the defender pays what it deposited, the
    // winner the rest
    let mut c = Court::decided(0, 16, 1_000_000);
    c.e.run(c.appeal("stranger"), &["stranger"]);
    c.round(0);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.execute(), &["cranker"]);
    let before = ["watcher", "stranger", "provider"].map(|name| c.lamports(name));
    let burnt = c.burnt();
    for name in c.seated() {
        c.e.run(c.close_seat(&name), &["cranker"]);
    }
    c.e.fails(c.close_dispute(&[]), &[], EscrowError::WrongCase);
    c.e.fails(c.close_dispute(&["watcher"]), &[], EscrowError::WrongCase);
    c.e.fails_as(
        base::with(c.close_dispute(&["stranger"]), 1, c.key("stranger")),
        &[],
        builtin::ADDRESS,
    );
    c.e.fails_as(
        base::with(c.close_dispute(&["stranger"]), 2, c.key("stranger")),
        &[],
        builtin::ADDRESS,
    );
    c.e.fails_as(
        base::with(c.close_dispute(&["stranger"]), 3, c.key("stranger")),
        &[],
        builtin::ADDRESS,
    );
    c.e.fails(
        base::with(c.close_dispute(&["stranger"]), 4, c.key("payer")),
        &[],
        EscrowError::IncineratorRequired,
    );
    c.e.run(c.close_dispute(&["stranger"]), &[]);
    let after = ["watcher", "stranger", "provider"].map(|name| c.lamports(name));
    // ten seats; opening, two pins, ten drawings, the end of the appeal time: 50,000,000 + 14 · 20,000 = 50,280,000. The
    // defender's 25,600,000 less the fifth are 20,480,000; 29,800,000 are left for the winners: the challenger's whole deposit
    // and 4,200,000 of the appeal's
    assert_eq!(after[0] - before[0], 0);
    assert_eq!(after[1] - before[1], 2 * COURT_BOND - 4_200_000);
    assert_eq!(after[2], before[2]);
    assert_eq!(c.burnt() - burnt, COURT_BURN);
}

#[test]
fn the_whole_way_up_is_covered_by_the_deposits() {
    let mut c = Court::ruling(0);
    let sum = all(&c);
    c.e.run(c.rule(1_000_000), &["admin"]);
    c.e.run(c.execute(), &["cranker"]);
    let before = ["watcher", "provider"].map(|name| c.lamports(name));
    let burnt = c.burnt();
    c.clear(&["provider", "provider", "provider"]);
    // 25 seats; opening, three pins, 25 drawings, the execution: 125,000,000 + 30 · 20,000 = 125,600,000; the challenger's deposit
    // less a fifth pays 20,480,000 of it, the defender 105,120,000 of its 15 bonds (384,000,000)
    assert_eq!(c.lamports("watcher"), before[0]);
    assert_eq!(c.lamports("provider") - before[1], 384_000_000 - 105_120_000);
    assert_eq!(c.burnt() - burnt, COURT_BURN);
    assert_eq!(all(&c), sum);
}

#[test]
fn the_ruling_reaches_its_own_job_only() {
    let mut c = Court::ended(0, 6, 700_000);
    let other = c.e.job_in(state_code::CHALLENGEABLE);
    let execute = c.execute();
    for place in [2, 7, 8, 9] {
        let wrong = if place == 2 { other.job } else { c.key("stranger") };
        c.e.fails_as(
            base::with(execute.clone(), place, wrong),
            &["cranker"],
            builtin::ADDRESS,
        );
    }
    c.e.fails(
        base::with(execute.clone(), 3, other.vault),
        &["cranker"],
        EscrowError::NotTheVault,
    );
    let rivals = c.e.rival("rival");
    c.e.fails(
        base::with(execute.clone(), 4, rivals),
        &["cranker"],
        EscrowError::NotTheAssignedSlot,
    );
    c.e.fails(
        base::with(execute.clone(), 4, base::PROGRAM),
        &["cranker"],
        EscrowError::SlotRequired,
    );
    c.e.run(
        base::open_payout(c.key("payer"), rivals, c.e.mint.address, c.e.mint.program),
        &["payer"],
    );
    let theirs = base::payout(&rivals, &c.e.mint.address).0;
    let to_rival = base::with(base::with(execute.clone(), 5, theirs), 6, base::vault(&theirs).0);
    c.e.fails(to_rival, &["cranker"], EscrowError::PayoutMismatch);
    let client_token = c.e.client_token;
    c.e.fails(
        base::with(execute.clone(), 6, client_token),
        &["cranker"],
        EscrowError::PayoutMismatch,
    );
    for place in [5, 6] {
        c.e.fails(
            base::with(execute.clone(), place, base::PROGRAM),
            &["cranker"],
            EscrowError::PayoutMismatch,
        );
    }
    c.e.fails(
        base::with(execute.clone(), 10, commonweal_interface::ids::TOKEN_2022),
        &["cranker"],
        EscrowError::WrongTokenProgram,
    );
    c.e.run(execute, &["cranker"]);
}

#[test]
fn a_running_case_executes_nothing() {
    let mut c = Court::decided(0, 6, 0);
    c.e.fails(c.execute(), &["cranker"], EscrowError::WrongPhase);
}

#[test]
fn a_job_at_the_same_address_has_nothing_of_an_old_ruling() {
    let mut c = Court::ended(0, 6, 0);
    let mut job = c.e.world.raw(&c.order.job);
    let at = job.data.windows(32).position(|bytes| bytes == c.order.uid).unwrap();
    job.data[at] ^= 1;
    c.e.world.set_raw(c.order.job, job);
    c.e.fails(c.execute(), &["cranker"], EscrowError::WrongUid);
}

#[test]
fn a_donation_to_a_case_blocks_nothing() {
    let mut c = Court::ended(0, 6, 0);
    c.e.world.airdrop(&c.dispute.clone(), 12_345);
    let mint = c.e.mint.clone();
    c.e.world.mint_into(&mint, &c.order.vault.clone(), 7);
    c.e.run(c.execute(), &["cranker"]);
    let cranker = c.lamports("cranker");
    let rents = c.e.world.rent(844) + 3 * c.e.world.rent(176);
    c.clear(&[]);
    // with the rent it goes to who paid that
    assert_eq!(c.lamports("cranker") - cranker, rents + 12_345);
    let held = c.e.world.tokens(&c.e.client_token);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    assert_eq!(c.e.world.tokens(&c.e.client_token) - held, PRICE + 7);
}
