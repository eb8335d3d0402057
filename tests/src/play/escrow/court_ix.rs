//! The court's and the orders' instructions for any people, encoded by hand.

use {
    crate::model::escrow::Hands,
    crate::fixtures::escrow::ix::{config, make, payout, pda, r, rs, system, vault, w, ws, PROGRAM},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// The runtime burns what this address holds.
pub const INCINERATOR: Address = Address::from_str_const("1nc1nerator11111111111111111111111111111111");
/// Hashes of the last slots.
pub const SLOT_HASHES: Address = Address::from_str_const("SysvarS1otHashes111111111111111111111111111");

/// `["challenge", job, challenger]`.
pub fn challenge_of(job: &Address, challenger: &Address) -> (Address, u8) {
    pda(&[b"challenge", job.as_ref(), challenger.as_ref()])
}
/// `["jury", config]`.
pub fn jury(config: &Address) -> (Address, u8) {
    pda(&[b"jury", config.as_ref()])
}
/// `["juror", jury, index]`.
pub fn juror(jury: &Address, index: u32) -> (Address, u8) {
    pda(&[b"juror", jury.as_ref(), &index.to_le_bytes()])
}
/// `["link", person]`.
pub fn link(person: &Address) -> (Address, u8) {
    pda(&[b"link", person.as_ref()])
}
/// `["dispute", job]`.
pub fn dispute(job: &Address) -> (Address, u8) {
    pda(&[b"dispute", job.as_ref()])
}
/// `["seat", dispute, person]`.
pub fn seat(dispute: &Address, person: &Address) -> (Address, u8) {
    pda(&[b"seat", dispute.as_ref(), person.as_ref()])
}

fn maybe_w(address: Option<Address>) -> AccountMeta {
    address.map_or(r(PROGRAM), w)
}
fn maybe_r(address: Option<Address>) -> AccountMeta {
    address.map_or(r(PROGRAM), r)
}

fn challenging(
    tag: u8,
    args: &[&[u8]],
    challenger: Address,
    config: Address,
    job: Address,
    attestor: Option<Address>,
) -> Instruction {
    make(
        tag,
        args,
        vec![
            ws(challenger),
            r(config),
            w(job),
            w(challenge_of(&job, &challenger).0),
            attestor.map_or(r(PROGRAM), rs),
            system(),
        ],
    )
}

/// `challenge_result`.
pub fn challenge_result(
    challenger: Address,
    config: Address,
    job: Address,
    uid: &[u8; 32],
    claimed: &[u8; 32],
    agent: Address,
) -> Instruction {
    let args: [&[u8]; 3] = [uid, claimed, agent.as_ref()];
    challenging(41, &args, challenger, config, job, None)
}

/// What `prove_canary` is given.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Place among the outputs.
    pub index: u32,
    /// Place among the canaries.
    pub position: u32,
    /// Body, expected output, salt, output.
    pub words: [[u8; 32]; 4],
    /// Siblings of the canary.
    pub canary_path: Vec<[u8; 32]>,
    /// Siblings of the output.
    pub output_path: Vec<[u8; 32]>,
}

/// `prove_canary`.
pub fn prove_canary(
    challenger: Address,
    config: Address,
    job: Address,
    uid: &[u8; 32],
    proof: &Proof,
    attestor: Option<Address>,
) -> Instruction {
    let mut bytes = uid.to_vec();
    bytes.extend_from_slice(&proof.index.to_le_bytes());
    bytes.extend_from_slice(&proof.position.to_le_bytes());
    for word in &proof.words {
        bytes.extend_from_slice(word);
    }
    for path in [&proof.canary_path, &proof.output_path] {
        let mut full = path.clone();
        full.resize(8, [0; 32]);
        bytes.extend(full.iter().flatten());
    }
    bytes.push(proof.canary_path.len() as u8);
    bytes.push(proof.output_path.len() as u8);
    challenging(42, &[&bytes], challenger, config, job, attestor)
}

/// `answer_challenge`; with the slot's contribution to a redundant order.
pub fn answer_challenge(
    authority: Address,
    provider: Address,
    job: Address,
    challenge: Address,
    slot: Address,
    contribution: Option<Address>,
    agent: Address,
) -> Instruction {
    make(
        43,
        &[agent.as_ref()],
        vec![
            ws(authority),
            r(provider),
            r(job),
            w(challenge),
            r(contribution.unwrap_or(slot)),
            system(),
        ],
    )
}

/// `resolve_challenge`.
pub fn resolve_challenge(
    job: Address,
    challenger: Address,
    defender: Address,
    slot: Option<Address>,
    provider: Option<Address>,
) -> Instruction {
    make(
        44,
        &[],
        vec![
            w(job),
            w(challenge_of(&job, &challenger).0),
            w(challenger),
            w(defender),
            maybe_r(slot),
            maybe_r(provider),
            w(INCINERATOR),
        ],
    )
}

/// `open_jury`.
pub fn open_jury(payer: Address, config: Address) -> Instruction {
    make(45, &[], vec![ws(payer), r(config), w(jury(&config).0), system()])
}

/// `enroll_juror`.
pub fn enroll_juror(wallet: Address, config_id: u16, person: Address, index: u32, stake: u64) -> Instruction {
    let config = config(config_id).0;
    let jury = jury(&config).0;
    make(
        46,
        &[&index.to_le_bytes(), &stake.to_le_bytes()],
        vec![
            ws(wallet),
            r(config),
            w(jury),
            r(person),
            w(link(&person).0),
            w(juror(&jury, index).0),
            system(),
        ],
    )
}

/// `leave_jury`.
pub fn leave_jury(
    signer: Address,
    jury: Address,
    index: u32,
    person: Address,
    wallet: Address,
    rent_payer: Address,
) -> Instruction {
    make(
        47,
        &[],
        vec![
            rs(signer),
            w(jury),
            w(juror(&jury, index).0),
            r(person),
            w(link(&person).0),
            w(wallet),
            w(rent_payer),
        ],
    )
}

/// `open_dispute`.
pub fn open_dispute(payer: Address, job: Address, challenger: Address, jury: Address) -> Instruction {
    make(
        48,
        &[],
        vec![
            ws(payer),
            w(job),
            w(challenge_of(&job, &challenger).0),
            w(challenger),
            w(dispute(&job).0),
            r(jury),
            system(),
        ],
    )
}

/// Any of the steps that move a dispute: 49 to 51 and 56 to 59.
pub fn move_case(tag: u8, args: &[&[u8]], actor: Address, dispute: Address, aux: Option<Address>) -> Instruction {
    make(tag, args, vec![ws(actor), w(dispute), maybe_r(aux)])
}

/// `draw_panel`.
pub fn draw_panel(cranker: Address, dispute: Address, juror: Address, person: Address) -> Instruction {
    make(
        52,
        &[],
        vec![
            ws(cranker),
            w(dispute),
            w(juror),
            r(person),
            w(seat(&dispute, &person).0),
            system(),
        ],
    )
}

/// `commit_vote` (53) or `reveal_vote` (54).
pub fn vote(tag: u8, args: &[&[u8]], wallet: Address, dispute: Address, person: Address) -> Instruction {
    make(
        tag,
        args,
        vec![ws(wallet), w(dispute), w(seat(&dispute, &person).0), r(person)],
    )
}

/// `report_leak` (55) or `close_seat` (61).
pub fn end_seat(
    tag: u8,
    args: &[&[u8]],
    actor: Address,
    dispute: Address,
    person: Address,
    juror: Address,
    rent_payer: Address,
) -> Instruction {
    make(
        tag,
        args,
        vec![
            ws(actor),
            w(dispute),
            w(seat(&dispute, &person).0),
            w(juror),
            w(rent_payer),
            w(INCINERATOR),
        ],
    )
}

/// `execute_ruling`; without a slot for a redundant order.
pub fn execute_ruling(
    cranker: Address,
    job: Address,
    slot: Option<Address>,
    client: Address,
    challenger: Address,
    mint: Address,
    token_program: Address,
) -> Instruction {
    let payout = slot.map(|slot| payout(&slot, &mint).0);
    make(
        60,
        &[],
        vec![
            ws(cranker),
            w(dispute(&job).0),
            w(job),
            w(vault(&job).0),
            maybe_w(slot),
            maybe_w(payout),
            maybe_w(payout.map(|payout| vault(&payout).0)),
            w(client),
            w(challenger),
            r(mint),
            r(token_program),
        ],
    )
}

/// `close_dispute`.
pub fn close_dispute(
    job: Address,
    challenger: Address,
    defender: Address,
    rent_payer: Address,
    appellants: &[Address],
) -> Instruction {
    let mut accounts = vec![
        w(dispute(&job).0),
        w(challenger),
        w(defender),
        w(rent_payer),
        w(INCINERATOR),
    ];
    accounts.extend(appellants.iter().map(|owner| w(*owner)));
    make(62, &[], accounts)
}

/// `update_court` with encoded parameters.
pub fn update_court(config: Address, authority: Address, params: &[u8]) -> Instruction {
    make(25, &[params], vec![w(config), rs(authority)])
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
