//! Whole lives of leases.
use {
    commonweal_tests::{
        fixtures::escrow::{
            ix,
            lease::{lease_code::*, *},
            *,
        },
        snapshot::measure,
        world::Outcome,
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer as _,
};

#[test]
fn compute_units_of_leases_stay_within_their_limits() {
    let measured = measure(&commonweal_tests::fixtures::escrow::lease::scenarios());
    for (instruction, limit) in [
        ("post_lease", 7_500),
        ("accept_lease", 4_000),
        ("start_lease", 3_000),
        ("resume_lease", 3_000),
        ("reclaim_notice", 3_000),
        ("top_up", 4_000),
        ("redeem_voucher", 8_000),
        ("close_lease", 8_000),
        ("crank_lease", 8_000),
    ] {
        let median = measured[instruction]["median"].as_u64().unwrap();
        println!("{instruction}: {}", measured[instruction]);
        assert!(median <= limit, "{instruction}: {median} CU");
    }
    println!(
        "open_gang: {} close_gang: {}",
        measured["open_gang"], measured["close_gang"]
    );
}

#[test]
fn a_client_rents_for_an_hour_and_pays_what_it_used() {
    let mut e = Escrow::ready(0);
    let (client, payer, provider) = (
        e.world.lamports(&e.key("client")),
        e.world.lamports(&e.key("payer")),
        e.world.lamports(&e.key("provider")),
    );
    let rent = e.rent();
    e.run(e.accept(&rent), &["session"]);
    e.world.warp_seconds(1_800);
    e.run(e.top_up(&rent, 1_800 * RATE), &["client"]);
    e.world.warp_seconds(2_000);
    e.run(e.close_by_client(&rent), &["client"]);
    let words = e.words(&rent, 3_800 * RATE, 64);
    e.redeems(&rent, &words);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    // 140,600 atoms: ⌊140,600 · 0.98⌋ = 137,788 and 2,812
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 140_600);
    let (own, treasurys) = (e.tokens_of("provider"), e.tokens_of("treasury"));
    e.run(e.withdraw_payout(own), &["provider"]);
    e.run(e.sweep(treasurys), &[]);
    assert_eq!((e.world.tokens(&own), e.world.tokens(&treasurys)), (137_788, 2_812));
    // every lamport is back but one bounty
    assert_eq!(e.world.lamports(&e.key("client")), client);
    assert_eq!(e.world.lamports(&e.key("payer")), payer - BOUNTY);
    assert_eq!(e.world.lamports(&e.key("provider")), provider);
    let slot = e.slot_state();
    assert_eq!((slot.jobs_completed.get(), slot.receipt_seq.get()), (1, 1));
}

/// A random step of somebody; most are refused.
fn step(e: &Escrow, rents: &[Rent], pick: u32, number: u64) -> (Vec<Instruction>, Vec<Keypair>) {
    let rent = &rents[pick as usize % rents.len()];
    let name = |name: &str| vec![e.world.keypair(name)];
    let state = if e.world.exists(&rent.lease) {
        e.lease(rent).state
    } else {
        0
    };
    if state == 0 {
        return (Vec::new(), Vec::new());
    }
    let one = |instruction: Instruction, signers: Vec<Keypair>| {
        let asked: Vec<Keypair> = signers
            .into_iter()
            .filter(|key| {
                instruction
                    .accounts
                    .iter()
                    .any(|meta| meta.is_signer && meta.pubkey == key.pubkey())
            })
            .collect();
        (vec![instruction], asked)
    };
    let is_rivals = state != OPEN && e.lease(rent).slot != e.slot;
    let worker = if is_rivals { "rival" } else { "session" };
    match pick / 16 % 12 {
        0 => one(e.accept(rent), name("session")),
        1 => one(e.accept_by("rival", rent), name("rival")),
        2 | 3 => one(e.top_up(rent, 37 * (60 + u64::from(pick % 900))), name("client")),
        4 if state != OPEN => {
            let resume = ix::with(e.resume(rent), 0, e.key(worker));
            one(resume, name(worker))
        }
        5 if state != OPEN => {
            let notice = ix::with(e.notice(rent), 0, e.key(worker));
            one(notice, name(worker))
        }
        6 => one(e.close_by_client(rent), name("client")),
        7 => {
            let provider = if is_rivals {
                ix::provider(&e.key("rival")).0
            } else {
                e.provider
            };
            let leave = lease::ix::Leave {
                provider: Some(provider),
                ..e.leave(worker, rent)
            };
            one(leave.close(), name(worker))
        }
        8 if state != OPEN => one(e.start_lease(rent), name("cranker")),
        9 | 10 if state != OPEN && !is_rivals => {
            let words = e.words(rent, RATE * u64::from(pick % 5_000), number);
            (e.redemption(rent, &words).to_vec(), Vec::new())
        }
        _ => one(e.crank_lease(rent), name("cranker")),
    }
}

/// Ends a lease by cranks and starts alone, whatever state it is in.
fn finish(e: &mut Escrow, rent: &Rent) {
    for _ in 0..6 {
        if !e.world.exists(&rent.lease) {
            return;
        }
        e.world.warp_seconds(31_536_000);
        let is_joined = e.lease(rent).state == JOINED;
        let is_complete = rent.gang.is_some_and(|gang| e.gang(&gang).is_active == 1);
        if is_joined && is_complete {
            e.run(e.start_lease(rent), &["cranker"]);
            continue;
        }
        e.run(e.crank_lease(rent), &["cranker"]);
    }
    assert!(!e.world.exists(&rent.lease), "no exit from {}", e.lease(rent).state);
}

#[test]
fn from_every_state_that_random_play_reaches_cranks_empty_every_vault() {
    let (mut tried, mut accepted) = (0u32, 0u32);
    let mut reached = std::collections::BTreeSet::new();
    for seed in 0..12 {
        let mut e = Escrow::ready(seed);
        e.rival_with_payout("rival");
        let payer = e.world.lamports(&e.key("payer"));
        let gang = e.open_gang(2);
        let terms = LeaseTerms {
            deposit_atoms: 600 * RATE,
            ..lease_terms(&e.world)
        };
        let mut rents = vec![
            e.rent_in(&terms, Some(gang)),
            e.rent_in(&terms, Some(gang)),
            e.rent_with(&terms),
        ];
        rents.push(e.rent_with(&terms));
        for number in 1..=90 {
            let pick: u32 = e.world.rng.random();
            let (instructions, signers) = step(&e, &rents, pick, number);
            if !instructions.is_empty() {
                tried += 1;
                let outcome = e.world.send(&instructions, &signers.iter().collect::<Vec<_>>());
                accepted += u32::from(matches!(outcome, Outcome::Succeeded(_)));
                e.check();
            }
            for rent in &rents {
                if e.world.exists(&rent.lease) {
                    reached.insert(e.lease(rent).state);
                }
            }
            let seconds = i64::from(e.world.rng.random_range(0..80u32));
            e.world.warp_seconds(seconds);
        }
        for rent in &rents {
            finish(&mut e, rent);
        }
        e.run(e.close_gang("cranker", gang), &["cranker"]);
        let rivals = e.slots[1];
        for slot in [e.slot, rivals] {
            let state: Slot = e.world.state(&slot);
            assert_eq!(
                (state.locked_lamports.get(), state.current_job),
                (0, Address::default())
            );
        }
        // conservation: what the client has less, the payouts have more, to the atom
        let held = |slot: &Address| e.world.tokens(&ix::vault(&ix::payout(slot, &e.mint.address).0).0);
        let paid = held(&e.slot) + held(&rivals);
        assert_eq!(e.world.tokens(&e.client_token) + paid, CLIENT_ATOMS);
        let spent = payer - e.world.lamports(&e.key("payer"));
        assert!(
            spent <= 8 * BOUNTY && spent.is_multiple_of(BOUNTY),
            "bounties of four leases: {spent}"
        );
    }
    assert!(accepted * 10 >= tried * 3, "{accepted} of {tried} accepted");
    for state in [OPEN, JOINED, ACTIVE, PAUSED, RECLAIMING, SETTLING] {
        assert!(reached.contains(&state), "state {state} was never reached");
    }
}
