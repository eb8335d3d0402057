//! The invariants of the design, E1 to E9, each by its number, over all kinds of orders.

use {
    crate::exits::{self, Exit},
    commonweal_tests::fixtures::escrow::{
        ix,
        lives::{shared, written, Cast, Market},
        orders::*,
        *,
    },
    solana_address::Address,
};

#[path = "invariants/identity.rs"]
mod identity;
#[path = "invariants/money.rs"]
mod money;
#[path = "invariants/stake.rs"]
mod stake;

fn hired() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn payout(e: &Escrow, name: &str) -> (u64, u64) {
    let payout: Payout = e.world.state(&ix::payout(&e.slot_of(name), &e.mint.address).0);
    (payout.claimable_atoms.get(), payout.fee_due_atoms.get())
}

fn default_payout(e: &Escrow) -> (u64, u64) {
    let payout = e.payout_state();
    (payout.claimable_atoms.get(), payout.fee_due_atoms.get())
}

fn slot(e: &Escrow, name: &str) -> Slot {
    e.world.state(&e.slot_of(name))
}

/// Goes through exits, with and without a gift to the vault.
fn through(exits: Vec<Exit>, donated: u64) {
    for exit in exits {
        exit.check(donated);
    }
}

#[test]
fn e1_what_goes_in_comes_out_by_mint_and_by_lamports_at_every_exit() {
    through(exits::of_batch_jobs(), 0);
    through(exits::of_auctions(), 0);
    through(exits::of_redundant_orders(), 0);
    through(exits::of_leases(), 0);
}

#[test]
fn e1_what_goes_in_comes_out_by_mint_and_by_lamports_at_every_exit_of_the_court() {
    through(exits::of_cases(), 0);
}

#[test]
fn e2_whatever_has_ended_is_closed_its_donations_are_the_clients_and_rent_returns_to_who_paid_it() {
    through(exits::of_batch_jobs(), 3);
    through(exits::of_auctions(), 3);
    through(exits::of_redundant_orders(), 3);
    through(exits::of_leases(), 3);
}

#[test]
fn e2_whatever_the_court_has_ended_is_closed_too() {
    through(exits::of_cases(), 3);
}

#[test]
fn e9_orders_of_different_people_share_no_written_account() {
    // a thousand of them, concurrency and the counterexample: independence.rs
    let market = Market::of(&Escrow::bare(0));
    let lives: Vec<_> = (0..16)
        .map(|number| written(&Cast::numbered(0, number).everything(&market)))
        .collect();
    assert!(lives.iter().all(|life| life.len() >= 10));
    assert_eq!(shared(&lives), Vec::<Address>::new());
}
