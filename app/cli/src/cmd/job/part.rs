//! `commonweal job join`, `compare`, `settle-part`, `milestone`.

use {
    super::{by_anyone, require_payout, worker},
    crate::{
        app::{App, Outcome},
        args::{order::Part, Work},
    },
    commonweal_client::{
        escrow::{self, part::contributions, Order, Worker},
        send::Plan,
        Address, Error,
    },
    compute_escrow::state,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Part) -> Outcome {
    match verb {
        Part::Join(work) => join(app, &work).await,
        Part::Compare { job } => {
            let (order, signer) = (Order::fetch(&app.rpc, job).await?, app.signer()?);
            let compare = order.compare(&app.rpc, signer.pubkey()).await?;
            by_anyone(app, job, "compare the results of", |_, _| compare).await
        }
        Part::SettlePart { job, only } => settle(app, job, only.slot).await,
        Part::Milestone { job, index } => {
            let order = Order::fetch(&app.rpc, job).await?;
            require_payout(app, order.job.slot, order.job.mint).await?;
            let what = format!("accept milestone {index} of");
            by_anyone(app, job, &what, |order, _| order.accept_milestone(index)).await
        }
    }
}

/// The state of a worker's provider.
pub async fn provider_of(app: &App, worker: &Worker) -> Outcome<escrow::Provider> {
    let found =
        commonweal_client::accounts::find(&app.rpc, &commonweal_interface::ids::COMPUTE_ESCROW, &worker.provider)
            .await?;
    Ok(found.ok_or_else(|| {
        let remedy = "Register: `commonweal provider register`, or name yours with --provider";
        Error::account(worker.provider, "a provider", "nothing", remedy)
    })?)
}

async fn join(app: &App, work: &Work) -> Outcome {
    let signer: Keypair = app.signer()?;
    let worker = worker(&signer, &work.worker);
    let order = Order::fetch(&app.rpc, work.job).await?;
    let provider = provider_of(app, &worker).await?;
    let join = worker.join_job(&order, &provider);
    app.execute(Plan::new(
        format!("take part in job {}", work.job),
        vec![join],
        &[&signer],
    ))
    .await?;
    Ok(())
}

async fn settle(app: &App, job: Address, only: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let order = Order::fetch(&app.rpc, job).await?;
    let parts: Vec<_> = contributions(&app.rpc, &order.job.uid)
        .await?
        .into_iter()
        .filter(|(_, part)| only.is_none_or(|slot| part.slot == slot))
        .collect();
    if parts.is_empty() {
        let remedy = "Look at `job show`: it is no redundant order, or all are settled";
        return Err(Error::refused(format!("job {job} has no such part"), remedy).into());
    }
    for (address, part) in parts {
        if part.outcome(&order.job) == state::Outcome::Paid {
            require_payout(app, part.slot, order.job.mint).await?;
        }
        let settle = order.settle_contribution(signer.pubkey(), address, &part);
        let label = format!("settle the part of slot {}", part.slot);
        app.execute(Plan::new(label, vec![settle], &[&signer])).await?;
    }
    Ok(())
}
