//! A job whose result is wrong goes through the court, with three persons of the story on the panel.

use {
    super::{
        governance::member,
        jobs::{assignment, post},
        story::{Story, ONE, SOL},
    },
    crate::app::Outcome,
    commonweal_client::{
        escrow::{
            self,
            challenge::{challenge_address, challenges},
            court::{self, juror_address, jury_address, Case},
            upkeep, Moment, Order, Phase, Worker,
        },
        job::{kept::random, wasm},
        rpc::Rpc,
        send::Receipt,
        Address,
    },
    commonweal_migrations::local::CRANK_BOUNTY_LAMPORTS,
    std::sync::Arc,
};

/// Who sits on the jury.
const JURORS: [&str; 3] = ["Mia", "Max", "Mona"];
/// What they find the provider should get, in parts per million: the median is nothing.
const VOTES: [u32; 3] = [0, 0, 300_000];
/// Stake and pay of a juror in a new config.
const STAKE_LAMPORTS: u64 = SOL / 20;
const SEAT_LAMPORTS: u64 = SOL / 200;
/// Either party's bond: five seats and thirty bounties.
const BOND_LAMPORTS: u64 = 5 * SEAT_LAMPORTS + 30 * CRANK_BOUNTY_LAMPORTS;
/// The case's costs: opened, pinned, three drawn, three paid, moved on once.
const COSTS_LAMPORTS: u64 = 6 * CRANK_BOUNTY_LAMPORTS + 3 * SEAT_LAMPORTS;
/// What the challenged job pays.
const PRICE_ATOMS: u64 = 20 * ONE;
/// What its client gets of the bond.
const COMPENSATION_LAMPORTS: u64 = SOL / 50;
/// The bond its worker has locked.
const WORK_BOND_LAMPORTS: u64 = SOL / 10;

fn rpc_of(story: &Story<'_>) -> Arc<Rpc> {
    Arc::clone(&story.sender.rpc)
}

/// Lamports a step gave a wallet, its fee apart where it paid it.
fn gained(receipt: &Receipt, wallet: &Address) -> i128 {
    let mut lines = receipt.landed.lamports.iter();
    let is_payer = lines.next().is_some_and(|(first, _, _)| first == wallet);
    let found = receipt.landed.lamports.iter().find(|(address, _, _)| address == wallet);
    let change = found.map_or(0, |(_, before, after)| {
        i128::from(*after).saturating_sub(i128::from(*before))
    });
    let fee = if is_payer { receipt.landed.fee_lamports } else { 0 };
    change.saturating_add(i128::from(fee))
}

/// A jury is opened; three persons put a stake on their judgement.
pub async fn seat_jury(story: &mut Story<'_>) -> Outcome {
    let config = story.at.escrow_config;
    let open = court::open_jury(story.wallet("Nora"), config);
    story.act("Nora opens a jury", &["Nora"], vec![open]).await?;
    for (index, who) in (0u32..).zip(JURORS) {
        let person = member(story, who).person;
        let enroll = court::enroll_juror(story.wallet(who), person, config, index, STAKE_LAMPORTS);
        story.book.name(
            juror_address(&jury_address(&config), index),
            format!("{who}'s stake as a juror"),
        );
        let label = format!("{who} takes place {index} with a stake of 0.05 SOL");
        story.act(&label, &[who], vec![enroll]).await?;
    }
    Ok(())
}

/// Sid invents a result, Nora challenges it, Sid insists, and the parties make the panel's randomness.
pub async fn accuse(story: &mut Story<'_>) -> Outcome<Address> {
    let rpc = rpc_of(story);
    let mut made = assignment(60)?;
    made.terms.price_atoms = PRICE_ATOMS;
    made.terms.challenge_seconds = 30;
    let job = post(story, 6, &made).await?;
    let (sid, order) = (
        Worker::of_authority(story.wallet("Sid"), 0),
        Order::fetch(&rpc, job).await?,
    );
    let (invented, salt) = ([0xba; 32], random());
    let take = vec![
        sid.claim_job(job, order.job.uid),
        sid.start_job(job, made.terms.input_hash),
    ];
    story.act("Sid claims and starts it", &["Sid"], take).await?;
    let show = vec![
        sid.commit_result(job, &invented, &salt, &order.job.uid),
        sid.reveal_result(job, invented, salt),
    ];
    story
        .act("Sid computes nothing and reveals what he invented", &["Sid"], show)
        .await?;
    let run = wasm::run(&made.module, &made.terms.module_hash, &made.arguments)?;
    let right = wasm::sha256(&run.result);
    let (nora, order) = (story.wallet("Nora"), Order::fetch(&rpc, job).await?);
    let challenge = challenge_address(&job, &nora);
    story.book.name(challenge, "a challenge");
    story.book.name(court::dispute_address(&job), "the case");
    story
        .act(
            "Nora computes it and challenges the result with 0.028 SOL",
            &["Nora"],
            vec![order.challenge_result(nora, right, nora)],
        )
        .await?;
    let answer = order.answer_challenge(&sid, None, challenge, sid.key);
    story
        .act("Sid answers with as much: he insists", &["Sid"], vec![answer])
        .await?;
    for (_, one) in challenges(&rpc, &job).await? {
        let open = court::open_dispute(story.wallet("Gus"), &order, &one);
        story
            .act("Gus brings it before the court, for the bounty", &["Gus"], vec![open])
            .await?;
    }
    Ok(job)
}

/// The panel is drawn by what neither party could choose alone, and votes.
pub async fn judge(story: &mut Story<'_>, job: Address) -> Outcome {
    let rpc = rpc_of(story);
    let parties = [("Nora", 0u8, random()), ("Sid", 1, random())];
    let case = Case::of_job(&rpc, &job).await?;
    let commits = parties
        .iter()
        .map(|(who, side, secret)| {
            let commit = case.commit_seed(story.wallet(who), *side, secret);
            (format!("{who} commits to a seed"), vec![*who], vec![commit])
        })
        .collect();
    story.act_at_once(commits).await?;
    let case = Case::of_job(&rpc, &job).await?;
    let pinned = case.dispute.pin_slot.get();
    story
        .wait_for("the next slot", |now| now.slot > pinned.saturating_add(1))
        .await?;
    story
        .act(
            "Gus pins the next slot's hash",
            &["Gus"],
            vec![case.pin_seed(story.wallet("Gus"))],
        )
        .await?;
    for (who, _, secret) in parties {
        let reveal = case.reveal_seed(story.wallet(who), secret);
        story
            .act(&format!("{who} reveals the seed"), &[who], vec![reveal])
            .await?;
    }
    draw(story, job).await?;
    vote(story, job).await
}

async fn draw(story: &mut Story<'_>, job: Address) -> Outcome {
    let rpc = rpc_of(story);
    loop {
        let case = Case::of_job(&rpc, &job).await?;
        let step = if case.is_in(Phase::Draw) {
            upkeep::draw(&rpc, story.wallet("Gus"), &case).await?
        } else {
            None
        };
        let Some(step) = step else {
            return story.check("three jurors are drawn", 3, case.dispute.seated);
        };
        story
            .act("Gus draws places of the jury", &["Gus"], step.instructions)
            .await?;
    }
}

async fn vote(story: &mut Story<'_>, job: Address) -> Outcome {
    let rpc = rpc_of(story);
    let case = Case::of_job(&rpc, &job).await?;
    let votes: Vec<(&str, u32, [u8; 32])> = JURORS
        .into_iter()
        .zip(VOTES)
        .map(|(who, ppm)| (who, ppm, random()))
        .collect();
    let commits = votes
        .iter()
        .map(|(who, ppm, salt)| {
            let commit = case.commit_vote(story.wallet(who), member(story, who).person, *ppm, salt);
            (format!("{who} commits to a vote"), vec![*who], vec![commit])
        })
        .collect();
    story.act_at_once(commits).await?;
    for (who, ppm, salt) in votes {
        let wallet = story.wallet(who);
        let reveal = case.reveal_vote(wallet, member(story, who).person, ppm, salt);
        let label = format!("{who} reveals {} % for Sid", ppm / 10_000);
        let paid = story.act(&label, &[who], vec![reveal]).await?;
        story.check(
            &format!("{who} is paid for the seat"),
            i128::from(SEAT_LAMPORTS),
            gained(&paid, &wallet),
        )?;
    }
    let case = Case::of_job(&rpc, &job).await?;
    story.check("the median gives Sid nothing", 0, case.dispute.verdict_ppm.get())
}

/// Nobody appeals; the ruling is executed, the deposits divided, everything closed.
pub async fn sentence(story: &mut Story<'_>, job: Address) -> Outcome {
    let rpc = rpc_of(story);
    let gus = story.wallet("Gus");
    let case = Case::of_job(&rpc, &job).await?;
    story
        .wait_for("the end of the time to appeal", |now| {
            case.is_overdue(Moment {
                ts: now.unix_ts,
                slot: now.slot,
            })
        })
        .await?;
    story
        .act(
            "Gus moves the case on: nobody has appealed",
            &["Gus"],
            vec![case.crank(gus)],
        )
        .await?;
    let (case, order) = (Case::of_job(&rpc, &job).await?, Order::fetch(&rpc, job).await?);
    let executed = story
        .act(
            "Gus executes the ruling",
            &["Gus"],
            vec![case.execute_ruling(gus, &order, false)],
        )
        .await?;
    // the bond less compensation and bounty: half to Nora, half to nobody
    let reward = WORK_BOND_LAMPORTS
        .saturating_sub(COMPENSATION_LAMPORTS)
        .saturating_sub(CRANK_BOUNTY_LAMPORTS)
        / 2;
    for (what, who, lamports) in [
        ("Cleo has the compensation", "Cleo", COMPENSATION_LAMPORTS),
        ("Nora has half of the rest of Sid's bond", "Nora", reward),
        ("Gus has the bounty", "Gus", CRANK_BOUNTY_LAMPORTS),
    ] {
        let found = gained(&executed, &story.wallet(who));
        story.check(what, i128::from(lamports), found)?;
    }
    close(story, job).await
}

async fn close(story: &mut Story<'_>, job: Address) -> Outcome {
    let rpc = rpc_of(story);
    let (gus, coin) = (story.wallet("Gus"), story.at.payment_mint);
    let case = Case::of_job(&rpc, &job).await?;
    let seats = case.seats(&rpc).await?;
    let close = seats.iter().map(|(_, seat)| case.close_seat(gus, seat)).collect();
    story.act("Gus closes the seats", &["Gus"], close).await?;
    let case = Case::of_job(&rpc, &job).await?;
    let closed = story
        .act(
            "Max divides the deposits and closes the case",
            &["Max"],
            vec![case.close()],
        )
        .await?;
    // a fifth of Sid's is burnt, the costs come out of his rest, what is left is Nora's
    let burnt = BOND_LAMPORTS.div_ceil(5);
    let left = BOND_LAMPORTS.saturating_sub(burnt).saturating_sub(COSTS_LAMPORTS);
    story.check(
        "Nora has her deposit and what is left of Sid's",
        i128::from(BOND_LAMPORTS.saturating_add(left)),
        gained(&closed, &story.wallet("Nora")),
    )?;
    story.check("Sid has nothing of it", 0, gained(&closed, &story.wallet("Sid")))?;
    let before = story.book.holding("Cleo", &coin);
    let order = Order::fetch(&rpc, job).await?;
    story
        .act(
            "Nora closes the job: its price goes home",
            &["Nora"],
            vec![order.close(true)],
        )
        .await?;
    story.check(
        "Cleo has the whole price",
        before.saturating_add(PRICE_ATOMS),
        story.book.holding("Cleo", &coin),
    )?;
    for who in JURORS {
        let person = member(story, who).person;
        let bench = court::Bench::fetch(&rpc, jury_address(&story.at.escrow_config)).await?;
        let Some(juror) = bench.juror_of(&person) else {
            continue;
        };
        let wallet = story.wallet(who);
        let leave = court::leave_jury(wallet, juror, wallet);
        story
            .act(&format!("{who} leaves the jury with the stake"), &[who], vec![leave])
            .await?;
    }
    let left = escrow::court::Bench::fetch(&rpc, jury_address(&story.at.escrow_config)).await?;
    story.check("nobody is on the jury any more", 0, left.jury.jurors.get())
}
