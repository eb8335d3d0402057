//! `commonweal job bid`.

use {
    super::{by_anyone, moment, worker},
    crate::{
        app::{App, Outcome},
        args::{order::Bid, Work},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{
            self,
            bid::{bid_address, bids_of, reclaim_bid},
            Job, Order,
        },
        job::salt::SealedPrice,
        send::Plan,
        Address, Error,
    },
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Bid) -> Outcome {
    match verb {
        Bid::Place { work, price } => place(app, &work, &price).await,
        Bid::Reveal(work) => reveal(app, &work).await,
        Bid::Award { job } => {
            let (order, signer) = (Order::fetch(&app.rpc, job).await?, app.signer()?);
            let award = order.award_next(&app.rpc, signer.pubkey()).await?;
            by_anyone(app, job, "move on auction", |_, _| award).await
        }
        Bid::Reclaim { job, provider } => reclaim(app, job, provider).await,
        Bid::List { job } => list(app, job).await,
    }
}

async fn place(app: &App, work: &Work, price: &str) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, &work.worker);
    let order = Order::fetch(&app.rpc, work.job).await?;
    let price_atoms = amount::parse(price, order.job.decimals)?;
    if price_atoms == 0 || price_atoms > order.job.price_atoms.get() {
        let most = amount::format(order.job.price_atoms.get(), order.job.decimals);
        let remedy = "Bid more than nothing and at most that";
        return Err(Error::refused(format!("the highest bid accepted is {most}"), remedy).into());
    }
    let secret = SealedPrice::for_bid(&order.job.uid, &worker.slot, price_atoms)?;
    let place = worker.place_bid(work.job, order.job.uid, price_atoms, &secret.salt);
    let label = format!("bid {price} for job {}, sealed", work.job);
    app.execute(Plan::new(label, vec![place], &[&signer])).await?;
    Ok(())
}

async fn reveal(app: &App, work: &Work) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, &work.worker);
    let order = Order::fetch(&app.rpc, work.job).await?;
    let secret = SealedPrice::read(&order.job.uid, &worker.slot)?;
    let reveal = worker.reveal_bid(work.job, secret.price_atoms, secret.salt);
    let price = amount::format(secret.price_atoms, order.job.decimals);
    let label = format!("reveal the bid of {price} for job {}", work.job);
    app.execute(Plan::new(label, vec![reveal], &[&signer])).await?;
    Ok(())
}

/// The job at an address, if one lives there.
async fn job_at(app: &App, address: Address) -> Outcome<Option<Job>> {
    let known = escrow::jobs(&app.rpc, None).await?;
    Ok(known
        .into_iter()
        .find(|(found, _)| *found == address)
        .map(|(_, job)| job))
}

async fn reclaim(app: &App, job: Address, provider: Option<Address>) -> Outcome {
    let (signer, now) = (app.signer()?, moment(app).await?);
    let living = job_at(app, job).await?;
    let named = provider.map(|authority| bid_address(&job, &escrow::provider_address(&authority)));
    let mut done = 0usize;
    for (address, bid) in bids_of(&app.rpc, &job).await? {
        let same = living.as_ref().filter(|job| job.uid == bid.uid);
        let is_free = same.is_none_or(|job| bid.validate_reclaim(job, now).is_ok());
        // a bid that is named is tried: the program says why it still binds
        if named.map_or(is_free, |named| named == address) {
            let reclaim = reclaim_bid(signer.pubkey(), address, &bid);
            let label = format!("reclaim the bid of slot {}", bid.slot);
            app.execute(Plan::new(label, vec![reclaim], &[&signer])).await?;
            done = done.saturating_add(1);
        }
    }
    if done == 0 {
        let remedy = "Look at `job bid list`; a bid binds until it is beaten twice or the winner has taken the job up";
        return Err(Error::refused(format!("no bid for {job} can be closed now"), remedy).into());
    }
    Ok(())
}

async fn list(app: &App, job: Address) -> Outcome {
    let now = moment(app).await?;
    let living = job_at(app, job).await?;
    let decimals = living.map_or(0, |job| job.decimals);
    let rows = bids_of(&app.rpc, &job)
        .await?
        .iter()
        .map(|(_, bid)| {
            let same = living.as_ref().filter(|job| job.uid == bid.uid);
            let binds = same.is_some_and(|job| bid.validate_reclaim(job, now).is_err());
            let price = match bid.price_atoms.get() {
                0 => "sealed".to_owned(),
                atoms => amount::format(atoms, decimals),
            };
            vec![
                bid.slot.to_string(),
                price,
                amount::sol(bid.bond_lamports.get()),
                if binds { "binds" } else { "can be reclaimed" }.to_owned(),
            ]
        })
        .collect();
    output::list(&["slot", "price", "bond", "state"], rows, &[1, 2], app.global.json);
    Ok(())
}
