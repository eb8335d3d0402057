//! The edges of every kind of order: clocks that jump or step back, frozen accounts, amounts at their bounds, dust.

use commonweal_tests::fixtures::escrow::{ix, orders::*, *};

#[path = "edges/bounds.rs"]
mod bounds;
#[path = "edges/clocks.rs"]
mod clocks;
#[path = "edges/frozen.rs"]
mod frozen;

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
