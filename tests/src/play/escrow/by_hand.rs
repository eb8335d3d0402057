//! The instructions of orders for any people, encoded by hand; those of the court are the fixtures'.

pub use crate::fixtures::escrow::court::ix::*;
use {
    crate::{
        fixtures::escrow::ix::{make, r, rs, system, vault, w, ws, PROGRAM},
        model::escrow::Hands,
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

fn maybe_w(address: Option<Address>) -> AccountMeta {
    address.map_or(r(PROGRAM), w)
}

/// `award`; where there is none, none is given.
pub fn award(
    by: Address,
    job: Address,
    client: Address,
    slot: Option<Address>,
    bid: Option<(Address, Address)>,
) -> Instruction {
    let accounts = vec![
        ws(by),
        w(job),
        w(client),
        maybe_w(slot),
        maybe_w(bid.map(|(bid, _)| bid)),
        maybe_w(bid.map(|(_, payer)| payer)),
    ];
    make(35, &[], accounts)
}

/// `place_bid` (33) or `join_job` (37).
pub fn take_part(tag: u8, args: &[&[u8]], hands: &Hands, payer: Address, job: Address, part: Address) -> Instruction {
    let accounts = vec![
        rs(hands.by),
        ws(payer),
        r(hands.provider),
        w(hands.slot),
        w(job),
        w(part),
        system(),
    ];
    make(tag, args, accounts)
}

/// `reveal_bid` (34), `commit_contribution` (38) or `reveal_contribution` (39).
pub fn work_on_part(tag: u8, args: &[&[u8]], hands: &Hands, job: Address, part: Address) -> Instruction {
    let accounts = vec![rs(hands.by), r(hands.provider), w(hands.slot), w(job), w(part)];
    make(tag, args, accounts)
}

/// `reclaim_bid`.
pub fn reclaim_bid(by: Address, bid: Address, job: Address, slot: Address, payer: Address) -> Instruction {
    make(36, &[], vec![ws(by), w(bid), r(job), w(slot), w(payer)])
}

/// `compare_results` of parts.
pub fn compare_results(by: Address, job: Address, parts: &[Address]) -> Instruction {
    let mut accounts = vec![ws(by), w(job)];
    accounts.extend(parts.iter().map(|part| r(*part)));
    make(40, &[], accounts)
}

/// `settle_contribution`; `payer` gets the rent.
#[allow(clippy::too_many_arguments)]
pub fn settle_contribution(
    by: Address,
    job: Address,
    part: Address,
    payer: Address,
    client: Address,
    slot: Address,
    payout: Option<Address>,
    mint: Address,
    token_program: Address,
) -> Instruction {
    make(
        32,
        &[],
        vec![
            ws(by),
            w(job),
            w(vault(&job).0),
            w(part),
            w(payer),
            w(client),
            w(slot),
            maybe_w(payout),
            maybe_w(payout.map(|payout| vault(&payout).0)),
            r(mint),
            r(token_program),
        ],
    )
}

/// `accept_milestone`.
pub fn accept_milestone(
    client: Address,
    job: Address,
    slot: Address,
    payout: Address,
    mint: Address,
    token_program: Address,
    index: u8,
) -> Instruction {
    make(
        31,
        &[&[index]],
        vec![
            rs(client),
            w(job),
            w(vault(&job).0),
            w(slot),
            w(payout),
            w(vault(&payout).0),
            r(mint),
            r(token_program),
        ],
    )
}

/// `attest_result`.
pub fn attest_result(by: Address, config: Address, job: Address, uid: &[u8; 32], evidence: &[u8; 32]) -> Instruction {
    make(81, &[uid, evidence], vec![rs(by), r(config), w(job)])
}
