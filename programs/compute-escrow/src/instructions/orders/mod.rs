//! Orders of several workers, and orders paid in parts: auctions, redundant orders, milestones.

pub mod accept_milestone;
pub mod award;
pub mod compare_results;
pub mod reclaim_bid;
pub mod settle_contribution;
pub mod take_part;
pub mod work_on_part;

pub use {
    accept_milestone::*, award::*, compare_results::*, reclaim_bid::*, settle_contribution::*, take_part::*,
    work_on_part::*,
};

use {
    super::checks::check_slot,
    crate::{
        calls::pay_lamports,
        events::{log, OrderAdvanced},
        math::slash::Slash,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Moves the lamports a slot has lost, last of all.
#[inline(never)]
fn pay_slash(slot: &Own<Slot>, client: &AccountView, cranker: &AccountView, slash: &Slash) -> Step {
    pay_lamports(slot.account(), client, slash.compensation_lamports)?;
    pay_lamports(slot.account(), cranker, slash.bounty_lamports)?;
    check_slot(slot)
}

/// Says that an order is in another state, and pays whoever moved it out of the job's reserve, last of all.
#[inline(never)]
fn pay_move(job: &Own<Job>, cranker: &AccountView, bounty_lamports: u64) -> Step {
    log(OrderAdvanced {
        uid: job.uid,
        slot: job.slot,
        result: if job.kind == KIND_REDUNDANT {
            job.result
        } else {
            [0; 32]
        },
        price_atoms: job.price_atoms,
        bounty_lamports: bounty_lamports.into(),
        state: job.state,
    });
    pay_lamports(job.account(), cranker, bounty_lamports)
}
