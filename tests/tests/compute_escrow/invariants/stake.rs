//! E4 and E8: what a slot answers for, and what it is busy with.

use {
    super::*,
    commonweal_tests::fixtures::escrow::{
        ix,
        lease::{ix::Leave, *},
    },
    solana_instruction::Instruction,
};

#[test]
fn e4_a_stake_is_what_is_free_locked_slashed_and_out_whatever_it_answers_for() {
    // one slot bids, works, takes part and rents out, all at once, and is at fault in all four
    let mut e = hired();
    let auction = e.post_with(&auction_terms());
    for (name, price) in [("anna", 700_000), ("ben", 800_000)] {
        e.run(e.place_bid(name, &auction, price), &[name, "payer"]);
    }
    let batch = e.post();
    let (anna, provider, anna_slot) = (e.key("anna"), e.provider_of("anna"), e.slot_of("anna"));
    let hash = commitment(&RESULT, &SALT, &anna_slot, &batch.uid);
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.run(ix::start_job(anna, provider, anna_slot, batch.job, &INPUT), &["anna"]);
    e.run(
        ix::commit_result(anna, provider, anna_slot, batch.job, &hash),
        &["anna"],
    );
    let redundant = e.joined_order();
    for name in TEAM {
        e.run(e.commit_part(name, &redundant, &RESULT), &[name]);
    }
    let rent = e.rent();
    e.run(e.accept_by("anna", &rent), &["anna"]);

    // 4 · 50,000,000 = 200,000,000: nothing is free
    let state = slot(&e, "anna");
    assert_eq!(
        (state.locked_lamports.get(), state.bond_lamports.get()),
        (DEPOSIT, DEPOSIT)
    );
    let withdraw = |lamports| ix::withdraw_bond(anna, provider, anna_slot, lamports);
    e.fails(withdraw(1), &["anna"], EscrowError::BondLocked);
    let another = e.post_with(&auction_terms());
    let bid = e.place_bid("anna", &another, 1);
    e.fails(bid, &["anna", "payer"], EscrowError::BondNotCovered);

    e.world.warp_seconds(100);
    let leaving = Leave {
        provider: Some(provider),
        ..e.leave("anna", &rent)
    };
    e.run(leaving.close(), &["anna"]);
    for name in ["ben", "cleo"] {
        e.run(e.reveal_part(name, &redundant, &RESULT), &[name]);
    }
    e.world.warp_seconds(300);
    e.run(e.crank(&batch), &["cranker"]);
    e.run(e.compare(&redundant, &["ben", "cleo"]), &["cranker"]);
    e.world.warp_seconds(3_600);
    e.run(e.settle_unpaid("anna", &redundant), &["cranker"]);
    e.reveal_bids(&auction, &[("ben", 800_000)]);
    e.world.warp_seconds(300);
    e.run(e.reclaim_bid("anna", &auction), &["cranker"]);

    // the lease's compensation, two bonds, two bounties of the bid
    let slashed = COMPENSATION + 2 * BOND + 2 * BOUNTY;
    let left = DEPOSIT - slashed;
    e.fails(withdraw(left + 1), &["anna"], EscrowError::BondLocked);
    e.run(withdraw(left), &["anna"]);
    let state = slot(&e, "anna");
    assert_eq!(
        [
            state.deposited_lamports.get(),
            state.bond_lamports.get(),
            state.locked_lamports.get(),
            state.slashed_lamports.get(),
            state.withdrawn_lamports.get(),
        ],
        [DEPOSIT, 0, 0, slashed, left]
    );
    // what is burnt stays: two bonds less compensation and bounty each, and a bounty of the bid
    let burnt = 2 * (BOND - COMPENSATION - BOUNTY) + BOUNTY;
    assert_eq!(state.burnt_lamports.get(), burnt);
    assert_eq!(e.world.lamports(&anna_slot), e.world.rent(336) + burnt);
}

/// Kinds of live work.
const KINDS: [&str; 4] = ["batch", "redundant", "auction", "lease"];

/// Two orders of each kind that anna's slot may take.
struct Offers {
    jobs: [[Order; 2]; 3],
    rents: [Rent; 2],
}

impl Offers {
    fn new(e: &mut Escrow) -> Self {
        let won = [0, 1].map(|_| {
            let order = e.post_with(&auction_terms());
            e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
            order
        });
        e.world.warp_seconds(600);
        for order in &won {
            e.reveal_bids(order, &[("anna", 700_000)]);
        }
        e.world.warp_seconds(300);
        for order in &won {
            e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
        }
        let batch = [0, 1].map(|_| e.post());
        let redundant = [0, 1].map(|_| e.post_with(&redundant_terms()));
        Self {
            jobs: [batch, redundant, won],
            rents: [0, 1].map(|_| e.rent()),
        }
    }

    fn take(&self, e: &Escrow, kind: usize, which: usize) -> Instruction {
        match KINDS[kind] {
            "batch" => e.claim_by("anna", &self.jobs[0][which]),
            "redundant" => e.join("anna", &self.jobs[1][which]),
            "auction" => e.take_up("anna", &self.jobs[2][which]),
            _ => e.accept_by("anna", &self.rents[which]),
        }
    }
}

#[test]
fn e8_a_slot_has_one_live_job_whatever_its_kind() {
    for (held, kind) in KINDS.iter().enumerate() {
        let mut e = hired();
        let offers = Offers::new(&mut e);
        e.run(offers.take(&e, held, 0), &["anna", "payer"]);
        let live = match *kind {
            "lease" => offers.rents[0].lease,
            _ => offers.jobs[held][0].job,
        };
        assert_eq!(slot(&e, "anna").current_job, live);
        for (other, offered) in KINDS.iter().enumerate() {
            println!("{offered} while at {kind}");
            e.fails(offers.take(&e, other, 1), &["anna", "payer"], EscrowError::SlotBusy);
        }
        assert_eq!(slot(&e, "anna").current_job, live);
        // whoever has a slot that is free takes it
        e.run(e.claim(&offers.jobs[0][1]), &["session"]);
    }
}
