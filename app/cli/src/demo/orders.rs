//! Orders of other kinds: an auction, one that three compute, one paid by milestones.

use {
    super::{
        jobs::{assignment, enlist, post, token, wait_out, Assignment},
        story::{Story, ONE},
    },
    crate::app::Outcome,
    commonweal_client::{
        escrow::{self, bid, part, JobTerms, Order, Provider, Worker},
        job::{kept::random, wasm},
        rpc::Rpc,
        Address,
    },
    commonweal_interface::ids,
    std::sync::Arc,
};

/// Three providers who came for this.
pub const WORKERS: [&str; 3] = ["Pia", "Paul", "Pax"];
/// The highest bid accepted.
const LIMIT_ATOMS: u64 = 100 * ONE;
/// What three together are paid.
const SHARED_ATOMS: u64 = 90 * ONE;
/// What is paid by milestones.
const STAGED_ATOMS: u64 = 40 * ONE;
/// Seconds of bidding.
const BIDDING_SECONDS: u32 = 4;
/// Seconds of revealing bids, and later the result.
const REVEAL_SECONDS: u32 = 8;

fn rpc_of(story: &Story<'_>) -> Arc<Rpc> {
    Arc::clone(&story.sender.rpc)
}

/// The three register, bond a slot each and open accounts to be paid into.
pub async fn enlist_workers(story: &mut Story<'_>) -> Outcome {
    for who in WORKERS {
        let worker = enlist(story, who).await?;
        let (coin, open) = (
            story.at.payment_mint,
            escrow::open_payout(worker.key, worker.slot, &token(story)),
        );
        story
            .book
            .name(escrow::payout_address(&worker.slot, &coin), format!("{who}'s payout"));
        let label = format!("{who} opens an account to be paid into");
        story.act(&label, &[who], vec![open]).await?;
    }
    Ok(())
}

fn worker(story: &Story<'_>, who: &str) -> Worker {
    Worker::of_authority(story.wallet(who), 0)
}

/// An assignment with other terms.
fn ordered(change: impl FnOnce(&mut JobTerms)) -> Outcome<Assignment> {
    let mut made = assignment(60)?;
    made.terms.challenge_seconds = 2;
    change(&mut made.terms);
    Ok(made)
}

fn result_of(assignment: &Assignment) -> Outcome<[u8; 32]> {
    let run = wasm::run(&assignment.module, &assignment.terms.module_hash, &assignment.arguments)?;
    Ok(wasm::sha256(&run.result))
}

/// Two bid, the lower wins, works and is paid its bid; the rest of the price goes home.
pub async fn auction(story: &mut Story<'_>) -> Outcome {
    let (rpc, coin) = (rpc_of(story), story.at.payment_mint);
    let made = ordered(|terms| {
        terms.kind = 1;
        terms.price_atoms = LIMIT_ATOMS;
        terms.open_seconds = BIDDING_SECONDS;
        terms.reveal_seconds = REVEAL_SECONDS;
    })?;
    let before = story.book.holding("Cleo", &coin);
    let job = post(story, 3, &made).await?;
    let uid = Order::fetch(&rpc, job).await?.job.uid;
    let bids = [("Pia", 80 * ONE, random()), ("Paul", 60 * ONE, random())];
    let place = bids
        .map(|(who, price, salt)| {
            let place = worker(story, who).place_bid(job, uid, price, &salt);
            (format!("{who} bids, sealed"), vec![who], vec![place])
        })
        .to_vec();
    story.act_at_once(place).await?;
    wait_out(story, &Order::fetch(&rpc, job).await?, "the end of the bidding").await?;
    let reveal = bids
        .map(|(who, price, salt)| {
            let reveal = worker(story, who).reveal_bid(job, price, salt);
            (format!("{who} reveals {} COIN", price / ONE), vec![who], vec![reveal])
        })
        .to_vec();
    story.act_at_once(reveal).await?;
    award(story, job, &made).await?;
    let order = Order::fetch(&rpc, job).await?;
    wait_out(story, &order, "the challenge time").await?;
    story
        .act("Nora settles", &["Nora"], vec![order.settle(), order.close(true)])
        .await?;
    // the fee is swept out of the payout later
    let paid = story.book.holding("Paul's payout", &coin);
    story.check("Paul's payout holds his bid, the fee in it", 60 * ONE, paid)?;
    story.check(
        "Cleo pays the bid, not her limit",
        before.saturating_sub(60 * ONE),
        story.book.holding("Cleo", &coin),
    )
}

/// The reveal ends, Paul takes the job up and works, Pia's bond returns.
async fn award(story: &mut Story<'_>, job: Address, made: &Assignment) -> Outcome {
    let rpc = rpc_of(story);
    let order = Order::fetch(&rpc, job).await?;
    story.check("the lower bid is the best", 60 * ONE, order.job.price_atoms.get())?;
    wait_out(story, &order, "the end of the reveal").await?;
    let award = order.award_next(&rpc, story.wallet("Nora")).await?;
    story
        .act("Nora awards the job, for the bounty", &["Nora"], vec![award])
        .await?;
    let paul = worker(story, "Paul");
    let take_up = vec![
        paul.claim_job(job, order.job.uid),
        paul.start_job(job, made.terms.input_hash),
    ];
    story.act("Paul takes it up and starts", &["Paul"], take_up).await?;
    let (result, salt) = (result_of(made)?, random());
    let show = vec![
        paul.commit_result(job, &result, &salt, &order.job.uid),
        paul.reveal_result(job, result, salt),
    ];
    story.act("Paul commits and reveals", &["Paul"], show).await?;
    for (address, lost) in bid::bids_of(&rpc, &job).await? {
        let reclaim = bid::reclaim_bid(story.wallet("Nora"), address, &lost);
        story
            .act("Nora closes Pia's bid: her bond is free", &["Nora"], vec![reclaim])
            .await?;
    }
    let slot = escrow::slot(&rpc, &worker(story, "Pia").slot).await?;
    story.check("Pia answers for nothing any more", 0, slot.locked_lamports.get())
}

async fn provider(rpc: &Rpc, worker: &Worker) -> Outcome<Provider> {
    Ok(commonweal_client::accounts::fetch(rpc, &ids::COMPUTE_ESCROW, &worker.provider).await?)
}

/// Three compute the same; two agree and are paid, the third is not.
pub async fn redundant(story: &mut Story<'_>) -> Outcome {
    let (rpc, coin) = (rpc_of(story), story.at.payment_mint);
    let made = ordered(|terms| {
        terms.kind = 2;
        terms.price_atoms = SHARED_ATOMS;
        terms.redundancy_k = 2;
        terms.redundancy_n = 3;
    })?;
    let before = story.book.holding("Cleo", &coin);
    let paid_before = WORKERS.map(|who| story.book.holding(&format!("{who}'s payout"), &coin));
    let job = post(story, 4, &made).await?;
    let order = Order::fetch(&rpc, job).await?;
    let right = result_of(&made)?;
    let mut parts = Vec::new();
    for who in WORKERS {
        let worker = worker(story, who);
        let result = if who == "Pax" { [0xee; 32] } else { right };
        parts.push((who, worker, provider(&rpc, &worker).await?, result, random()));
    }
    for (what, step) in [("takes part", 0), ("commits to a result", 1), ("reveals it", 2)] {
        let steps = parts
            .iter()
            .map(|(who, worker, provider, result, salt)| {
                let made = match step {
                    0 => worker.join_job(&order, provider),
                    1 => worker.commit_contribution(&order, provider, result, salt),
                    _ => worker.reveal_contribution(&order, provider, *result, *salt),
                };
                (format!("{who} {what}"), vec![*who], vec![made])
            })
            .collect();
        story.act_at_once(steps).await?;
    }
    let compare = order.compare(&rpc, story.wallet("Nora")).await?;
    story
        .act("Nora compares the results, for the bounty", &["Nora"], vec![compare])
        .await?;
    let order = Order::fetch(&rpc, job).await?;
    story.check(
        "what two agree on wins",
        wasm::hex(&right),
        wasm::hex(&order.job.result),
    )?;
    wait_out(story, &order, "the challenge time").await?;
    for (address, part) in part::contributions(&rpc, &order.job.uid).await? {
        let settle = order.settle_contribution(story.wallet("Nora"), address, &part);
        story
            .act("Nora settles a worker's part", &["Nora"], vec![settle])
            .await?;
    }
    story
        .act("Nora closes the job", &["Nora"], vec![order.close(true)])
        .await?;
    for ((who, before), share) in WORKERS.iter().zip(paid_before).zip([30 * ONE, 30 * ONE, 0]) {
        let after = story.book.holding(&format!("{who}'s payout"), &coin);
        story.check(&format!("{who}'s part"), share, after.saturating_sub(before))?;
    }
    story.check(
        "Cleo pays two thirds",
        before.saturating_sub(60 * ONE),
        story.book.holding("Cleo", &coin),
    )
}

/// A job is paid in three parts while it runs.
pub async fn milestones(story: &mut Story<'_>) -> Outcome {
    let (rpc, coin) = (rpc_of(story), story.at.payment_mint);
    let made = ordered(|terms| {
        terms.price_atoms = STAGED_ATOMS;
        terms.milestone_bps = [2_500, 2_500, 5_000, 0, 0, 0, 0, 0];
    })?;
    let before = story.book.holding("Pia's payout", &coin);
    let job = post(story, 5, &made).await?;
    let (pia, order) = (worker(story, "Pia"), Order::fetch(&rpc, job).await?);
    let take = vec![
        pia.claim_job(job, order.job.uid),
        pia.start_job(job, made.terms.input_hash),
    ];
    story.act("Pia claims and starts it", &["Pia"], take).await?;
    let order = Order::fetch(&rpc, job).await?;
    for (index, paid) in [(1u8, 10 * ONE), (0, 20 * ONE), (2, STAGED_ATOMS)] {
        let label = format!("Cleo accepts milestone {index}");
        story
            .act(&label, &["Cleo"], vec![order.accept_milestone(index)])
            .await?;
        let found = story.book.holding("Pia's payout", &coin).saturating_sub(before);
        story.check(&format!("{} COIN are paid", paid / ONE), paid, found)?;
    }
    let slot = escrow::slot(&rpc, &pia.slot).await?;
    story.check("Pia's bond is free", 0, slot.locked_lamports.get())?;
    story.check("and her slot", true, slot.current_job == Address::default())?;
    story
        .act("Nora closes the job", &["Nora"], vec![order.close(false)])
        .await?;
    Ok(())
}

/// The three take what they have earned; the fees go to the treasury.
pub async fn collect(story: &mut Story<'_>) -> Outcome {
    let coin = story.at.payment_mint;
    let treasury_token = commonweal_client::tokens::associated(&story.at.treasury, &coin, &ids::TOKEN);
    let before = story.book.holding("the treasury", &coin);
    for who in ["Pia", "Paul"] {
        let wallet = story.wallet(who);
        let worker = worker(story, who);
        let mine = story.tokens(who, &coin);
        let take = vec![
            commonweal_client::tokens::create_associated(&wallet, &wallet, &coin, &ids::TOKEN),
            worker.withdraw_payout(&token(story), mine),
            escrow::sweep_fees(story.at.escrow_config, worker.slot, &token(story), treasury_token),
        ];
        let label = format!("{who} takes the pay and sweeps the fee");
        story.act(&label, &[who], take).await?;
    }
    // 98 % of 30 + 40 and of 60 + 30, and the rest
    story.check("Pia earned 68.6 COIN", 68_600_000, story.book.holding("Pia", &coin))?;
    story.check("Paul earned 88.2 COIN", 88_200_000, story.book.holding("Paul", &coin))?;
    let fees = story.book.holding("the treasury", &coin).saturating_sub(before);
    story.check("the treasury got 3.2 COIN", 3_200_000, fees)
}
