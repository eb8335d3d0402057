//! The compute chapters.

use {
    super::story::{Story, DECIMALS, ONE, SOL},
    crate::app::Outcome,
    commonweal_client::{
        amount,
        escrow::{self, Eligibility, JobTerms, JobToken, Moment, Order, SlotOffer, Worker},
        job::wasm::{self, MandelbrotArguments},
        tokens, Address,
    },
    commonweal_interface::ids,
    commonweal_migrations::local,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// What a job pays.
const PRICE_ATOMS: u64 = 120 * ONE;
/// What its worker answers with.
const BOND_LAMPORTS: u64 = SOL / 10;
/// The part of it a client gets when the worker fails.
const COMPENSATION_LAMPORTS: u64 = SOL / 50;
/// What a provider puts up.
const DEPOSIT_LAMPORTS: u64 = SOL / 4;
/// Seconds after a reveal in which anybody may compute it again.
const CHALLENGE_SECONDS: u32 = 4;
/// Seconds the silent provider is given.
const SILENT_RUN_SECONDS: u32 = 3;

/// The window of the set that is computed: 96 × 64 points, up to 400 iterations each.
const WINDOW: MandelbrotArguments = MandelbrotArguments {
    width: 96,
    height: 64,
    max_iterations: 400,
    left_q28: -0x2200_0000,
    bottom_q28: -0x1400_0000,
    step_q28: 0x00a0_0000,
};

/// A job's files and terms.
pub struct Assignment {
    /// The module.
    pub module: Vec<u8>,
    /// Its arguments.
    pub arguments: Vec<u8>,
    /// What is ordered.
    pub terms: JobTerms,
}

/// The picture of the story, to be computed in this time.
pub fn assignment(run_seconds: u32) -> Outcome<Assignment> {
    let module = wasm::module_bytes(wasm::MANDELBROT.as_bytes())?;
    let arguments = WINDOW.to_bytes();
    let (module_hash, input_hash) = (wasm::sha256(&module), wasm::sha256(&arguments));
    let specification = wasm::specification(&module_hash);
    let terms = JobTerms {
        kind: 0,
        verification: 1,
        price_atoms: PRICE_ATOMS,
        bond_lamports: BOND_LAMPORTS,
        compensation_lamports: COMPENSATION_LAMPORTS,
        max_fee_ppm: local::ESCROW_FEE_PPM,
        open_seconds: 120,
        start_seconds: 60,
        run_seconds,
        reveal_seconds: 60,
        challenge_seconds: CHALLENGE_SECONDS,
        spec_hash: wasm::sha256(specification.as_bytes()),
        module_hash,
        input_hash,
        eligibility: Eligibility::default(),
        redundancy_k: 0,
        redundancy_n: 0,
        milestone_bps: [0; 8],
    };
    Ok(Assignment {
        module,
        arguments,
        terms,
    })
}

/// The mint that jobs are paid in.
pub fn token(story: &Story<'_>) -> JobToken {
    JobToken {
        mint: story.at.payment_mint,
        program: ids::TOKEN,
    }
}

/// A provider registers, offers a slot and bonds it.
pub async fn enlist(story: &mut Story<'_>, who: &str) -> Outcome<Worker> {
    let wallet = story.wallet(who);
    let worker = Worker::of_authority(wallet, 0);
    let offer = SlotOffer {
        is_paused: false,
        ask_mint: story.at.payment_mint,
        ask_per_second_atoms: ONE,
        off_peak_ask_per_second_atoms: ONE / 2,
        off_peak_mask: [0; 21],
    };
    story.book.name(worker.slot, format!("{who}'s bond"));
    story
        .act(
            &format!("{who} registers"),
            &[who],
            vec![escrow::register_provider(wallet, wallet, 0)],
        )
        .await?;
    let add = worker.add_slot(story.at.escrow_config, 4_090, 24_576, offer);
    story.act(&format!("{who} offers a GPU"), &[who], vec![add]).await?;
    let label = format!("{who} bonds it with {} SOL", amount::sol(DEPOSIT_LAMPORTS));
    story
        .act(&label, &[who], vec![worker.deposit_bond(DEPOSIT_LAMPORTS)])
        .await?;
    Ok(worker)
}

/// Cleo orders it.
pub async fn post(story: &mut Story<'_>, nonce: u64, assignment: &Assignment) -> Outcome<Address> {
    let client = story.wallet("Cleo");
    let job = escrow::job_address(&client, nonce);
    story.book.name(job, format!("job {nonce}"));
    let from = story.tokens("Cleo", &story.at.payment_mint);
    let post = escrow::post_job(
        client,
        client,
        story.at.escrow_config,
        &token(story),
        from,
        nonce,
        assignment.terms,
    );
    let label = format!(
        "Cleo posts job {nonce}: module {}…, {} COIN",
        wasm::hex(&assignment.terms.module_hash).get(..16).unwrap_or(""),
        amount::format(assignment.terms.price_atoms, DECIMALS)
    );
    story.act(&label, &["Cleo"], vec![post]).await?;
    Ok(job)
}

/// Waits until the time of a job's present state is over, by clock and by slots.
pub async fn wait_out(story: &Story<'_>, order: &Order, what: &str) -> Outcome {
    story
        .wait_for(what, |now| {
            order.is_overdue(Moment {
                ts: now.unix_ts,
                slot: now.slot,
            })
        })
        .await?;
    Ok(())
}

/// A job is claimed, computed, committed, revealed, computed again by somebody else, paid and closed.
pub async fn paid(story: &mut Story<'_>) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let worker = enlist(story, "Gus").await?;
    let assignment = assignment(60)?;
    let job = post(story, 1, &assignment).await?;
    let open = escrow::open_payout(worker.key, worker.slot, &token(story));
    story
        .act("Gus opens an account to be paid into", &["Gus"], vec![open])
        .await?;
    story.book.name(
        escrow::payout_address(&worker.slot, &story.at.payment_mint),
        "Gus's payout",
    );

    let order = Order::fetch(&rpc, job).await?;
    story
        .act("Gus claims it", &["Gus"], vec![worker.claim_job(job, order.job.uid)])
        .await?;
    let start = worker.start_job(job, wasm::sha256(&assignment.arguments));
    story.act("Gus starts, having the input", &["Gus"], vec![start]).await?;
    let run = wasm::run(&assignment.module, &order.job.module_hash, &assignment.arguments)?;
    let result = wasm::sha256(&run.result);
    story.note(&format!(
        "Gus runs the module in wasmtime: {} bytes, {} units of fuel, sha256 {}",
        run.result.len(),
        run.fuel,
        wasm::hex(&result)
    ));
    let salt = Keypair::new().pubkey().to_bytes();
    let commit = worker.commit_result(job, &result, &salt, &order.job.uid);
    story.act("Gus commits to the result", &["Gus"], vec![commit]).await?;
    story
        .act(
            "Gus reveals it",
            &["Gus"],
            vec![worker.reveal_result(job, result, salt)],
        )
        .await?;

    let order = Order::fetch(&rpc, job).await?;
    let again = wasm::run(&assignment.module, &order.job.module_hash, &assignment.arguments)?;
    let agreed = wasm::hex(&wasm::sha256(&again.result));
    story.check(
        "Nora computes it again and agrees",
        wasm::hex(&order.job.result),
        agreed,
    )?;
    story.check("with the same fuel", run.fuel, again.fuel)?;
    wait_out(story, &order, "the challenge time").await?;
    story
        .act("Nora settles: anyone may", &["Nora"], vec![order.settle()])
        .await?;
    collect(story, &worker, &order).await
}

/// Provider and treasury are paid, job and vault closed.
async fn collect(story: &mut Story<'_>, worker: &Worker, order: &Order) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let (mint, treasury) = (story.at.payment_mint, story.at.treasury);
    let withdraw = worker.withdraw_payout(&order.token, story.tokens("Gus", &mint));
    story.act("Gus takes his pay", &["Gus"], vec![withdraw]).await?;
    let nora = story.wallet("Nora");
    let treasury_token = tokens::associated(&treasury, &mint, &ids::TOKEN);
    let sweep = vec![
        tokens::create_associated(&nora, &treasury, &mint, &ids::TOKEN),
        escrow::sweep_fees(story.at.escrow_config, worker.slot, &order.token, treasury_token),
    ];
    story
        .act("Nora sweeps the fee to the treasury", &["Nora"], sweep)
        .await?;
    story
        .act("Nora closes the job", &["Nora"], vec![order.close(false)])
        .await?;
    // ⌊120·10⁶ · 98 %⌋ and the rest
    story.check("Gus was paid 117.6 COIN", 117_600_000, story.book.holding("Gus", &mint))?;
    story.check(
        "the treasury got 2.4 COIN",
        2_400_000,
        story.book.holding("the treasury", &mint),
    )?;
    for (what, address) in [
        ("job 1", order.address),
        ("its vault", escrow::vault_address(&order.address)),
    ] {
        let is_left = rpc.account(&address).await?.is_some();
        story.check(&format!("{what} is closed"), false, is_left)?;
    }
    let bond = escrow::slot(&rpc, &worker.slot).await?;
    story.check(
        "Gus's whole bond is free again",
        DEPOSIT_LAMPORTS,
        bond.free_lamports().unwrap_or(0),
    )?;
    let free = worker.withdraw_bond(DEPOSIT_LAMPORTS);
    story.act("Gus takes his bond home", &["Gus"], vec![free]).await?;
    let close = worker.close_payout(&order.token, story.tokens("Gus", &mint), worker.key);
    story.act("Gus closes his payout", &["Gus"], vec![close]).await?;
    Ok(())
}

/// A provider claims, starts and says nothing more; a stranger's crank refunds the client.
pub async fn refunded(story: &mut Story<'_>) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let mint = story.at.payment_mint;
    let worker = enlist(story, "Sid").await?;
    let assignment = assignment(SILENT_RUN_SECONDS)?;
    let before = story.book.holding("Cleo", &mint);
    let job = post(story, 2, &assignment).await?;
    let order = Order::fetch(&rpc, job).await?;
    let take = vec![
        worker.claim_job(job, order.job.uid),
        worker.start_job(job, wasm::sha256(&assignment.arguments)),
    ];
    story
        .act("Sid claims and starts it, and falls silent", &["Sid"], take)
        .await?;
    let order = Order::fetch(&rpc, job).await?;
    wait_out(story, &order, "the run time").await?;
    let (cleo, nora) = (story.wallet("Cleo"), story.wallet("Nora"));
    let crank = story
        .act("Nora turns the crank", &["Nora"], vec![order.crank(nora)])
        .await?;
    let gain = |wallet: &Address| {
        let found = crank.landed.lamports.iter().find(|(address, _, _)| address == wallet);
        found.map_or(0, |(_, before, after)| {
            i128::from(*after).saturating_sub(i128::from(*before))
        })
    };
    let rent: u64 = crank
        .landed
        .lamports
        .iter()
        .filter(|(address, _, _)| *address == job || *address == escrow::vault_address(&job))
        .fold(0, |total, (_, before, _)| total.saturating_add(*before));
    let earned = gain(&nora).saturating_add(i128::from(crank.landed.fee_lamports));
    story.check(
        "Cleo has her whole price back",
        before,
        story.book.holding("Cleo", &mint),
    )?;
    let owed = i128::from(COMPENSATION_LAMPORTS).saturating_add(i128::from(rent));
    story.check(
        "and 0.02 SOL of Sid's bond, and all rent and reserve",
        owed,
        gain(&cleo),
    )?;
    story.check(
        "Nora earned the bounty",
        i128::from(local::CRANK_BOUNTY_LAMPORTS),
        earned,
    )?;
    let slot = escrow::slot(&rpc, &worker.slot).await?;
    story.check(
        "Sid lost the bond of the job",
        BOND_LAMPORTS,
        slot.slashed_lamports.get(),
    )?;
    let is_left = rpc.account(&job).await?.is_some();
    story.check("job 2 is closed", false, is_left)
}
