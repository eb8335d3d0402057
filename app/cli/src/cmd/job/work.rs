//! What a worker does: claim, start, run, commit, reveal.

use {
    super::{canary::result_hash, moment, part::provider_of, read, worker},
    crate::{
        app::{App, Outcome},
        args::{
            order::{Claim, ResultArgs},
            Work,
        },
        output,
    },
    commonweal_client::{
        escrow::{lot, JobState, Order, Worker},
        job::{salt::Secret, wasm},
        send::Plan,
        Address, Error,
    },
    compute_escrow::state::KIND_REDUNDANT,
    solana_keypair::Keypair,
    std::{fs, path::Path, time::Duration},
};

async fn prepare(app: &App, work: &Work) -> Outcome<(Keypair, Worker, Order)> {
    let signer = app.signer()?;
    let worker = worker(&signer, &work.worker);
    let order = Order::fetch(&app.rpc, work.job).await?;
    Ok((signer, worker, order))
}

/// The least time between two looks at the lot.
const LOT_PATIENCE: Duration = Duration::from_millis(400);

/// Takes an open job, when the lot lets the slot.
pub async fn claim(app: &App, options: Claim) -> Outcome {
    let work = options.work;
    let (signer, worker, order) = prepare(app, &work).await?;
    if order.job.state == JobState::Open as u8 {
        wait_for_lot(app, &worker, &order, options.wait).await?;
    }
    let claim = worker.claim_job(work.job, order.job.uid);
    app.execute(Plan::new(format!("claim job {}", work.job), vec![claim], &[&signer]))
        .await?;
    Ok(())
}

/// Says when the lot lets the slot claim, or waits until then.
async fn wait_for_lot(app: &App, worker: &Worker, order: &Order, waits: bool) -> Outcome {
    let provider = provider_of(app, worker).await?;
    loop {
        let now = moment(app).await?;
        let draw = lot::ask(&app.rpc, &order.job, &provider, &worker.slot, now).await?;
        if draw == lot::Draw::Now {
            return Ok(());
        }
        if !waits {
            let what = match draw {
                lot::Draw::From(slot) => format!(
                    "the lot lets this slot claim from slot number {slot} on, in {} slots",
                    draw.slots_left(now.slot)
                ),
                _ => "the lot is drawn in the next slot".to_owned(),
            };
            return Err(Error::refused(what, "Claim then, or pass --wait").into());
        }
        tokio::time::sleep(LOT_PATIENCE).await;
    }
}

/// Gives a claimed job back.
pub async fn decline(app: &App, work: Work) -> Outcome {
    let (signer, worker, _) = prepare(app, &work).await?;
    let decline = worker.decline_job(work.job);
    app.execute(Plan::new(
        format!("decline job {}", work.job),
        vec![decline],
        &[&signer],
    ))
    .await?;
    Ok(())
}

fn require_arguments(order: &Order, arguments: &[u8]) -> Outcome {
    let (expected, found) = (wasm::hex(&order.job.input_hash), wasm::hex(&wasm::sha256(arguments)));
    if expected == found {
        return Ok(());
    }
    Err(Error::account(
        order.address,
        format!("arguments with sha256 {expected}"),
        format!("a file with {found}"),
        "Fetch the arguments that the client published",
    )
    .into())
}

/// Starts a claimed job, having its input.
pub async fn start(app: &App, work: Work, arguments: &Path) -> Outcome {
    let (signer, worker, order) = prepare(app, &work).await?;
    let arguments = read(arguments)?;
    require_arguments(&order, &arguments)?;
    let start = worker.start_job(work.job, wasm::sha256(&arguments));
    app.execute(Plan::new(format!("start job {}", work.job), vec![start], &[&signer]))
        .await?;
    Ok(())
}

/// Runs a job's module here.
pub async fn run(app: &App, job: Address, module: &Path, arguments: &Path, result: &Path) -> Outcome {
    let order = Order::fetch(&app.rpc, job).await?;
    let module = wasm::module_bytes(&read(module)?)?;
    let arguments = read(arguments)?;
    require_arguments(&order, &arguments)?;
    let spinner = output::spinner("running the module", app.global.json);
    let hash = order.job.module_hash;
    let ran = tokio::task::spawn_blocking(move || wasm::run(&module, &hash, &arguments)).await;
    spinner.finish_and_clear();
    let ran = ran.map_err(|error| Error::local("the runner", error, "Run it again"))??;
    fs::write(result, &ran.result)
        .map_err(|error| Error::local(result.display().to_string(), error, "Name a file that can be written"))?;
    let found = wasm::sha256(&ran.result);
    // from the reveal on, the job holds the hash of its result
    let agrees = match order.job.state {
        5 | 6 | 9 | 12 => (order.job.result == found).to_string(),
        _ => "nothing revealed yet".to_owned(),
    };
    output::facts(
        &[
            ("result", result.display().to_string()),
            ("bytes", ran.result.len().to_string()),
            ("fuel", ran.fuel.to_string()),
            ("sha256", wasm::hex(&found)),
            ("agrees with the job", agrees),
        ],
        app.global.json,
    );
    Ok(())
}

/// Commits to a result. The salt is on disk before anything is sent: without it the result could never be revealed.
pub async fn commit(app: &App, work: Work, result: &ResultArgs) -> Outcome {
    let (signer, worker, order) = prepare(app, &work).await?;
    let (uid, result) = (&order.job.uid, result_hash(result)?);
    let commit = if order.job.kind == KIND_REDUNDANT {
        let secret = Secret::for_part(uid, &worker.slot, result)?;
        let provider = provider_of(app, &worker).await?;
        worker.commit_contribution(&order, &provider, &secret.result, &secret.salt)
    } else {
        let secret = Secret::for_result(uid, result)?;
        worker.commit_result(work.job, &secret.result, &secret.salt, uid)
    };
    app.execute(Plan::new(
        format!("commit to the result of job {}", work.job),
        vec![commit],
        &[&signer],
    ))
    .await?;
    Ok(())
}

/// Reveals what was committed to.
pub async fn reveal(app: &App, work: Work) -> Outcome {
    let (signer, worker, order) = prepare(app, &work).await?;
    let uid = &order.job.uid;
    let reveal = if order.job.kind == KIND_REDUNDANT {
        let secret = Secret::read_part(uid, &worker.slot)?;
        let provider = provider_of(app, &worker).await?;
        worker.reveal_contribution(&order, &provider, secret.result, secret.salt)
    } else {
        let secret = Secret::read(uid)?;
        worker.reveal_result(work.job, secret.result, secret.salt)
    };
    app.execute(Plan::new(
        format!("reveal the result of job {}", work.job),
        vec![reveal],
        &[&signer],
    ))
    .await?;
    Ok(())
}
