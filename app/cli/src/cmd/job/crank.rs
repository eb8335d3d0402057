//! `commonweal job crank`: everything whose time has come.

use {
    super::moment,
    crate::app::{App, Outcome},
    commonweal_client::{
        escrow::{
            upkeep::{self, Due},
            Order,
        },
        send::Plan,
        Address, Error,
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Rounds of one command: what a step makes due is done in the next.
const MAX_ROUNDS: usize = 16;

async fn due(app: &App, signer: &Keypair, job: Option<Address>) -> Outcome<Vec<Due>> {
    let now = moment(app).await?;
    let Some(job) = job else {
        return Ok(upkeep::all(&app.rpc, signer.pubkey(), now).await?);
    };
    if app.rpc.account(&job).await?.is_none() {
        return Ok(Vec::new());
    }
    let order = Order::fetch(&app.rpc, job).await?;
    Ok(upkeep::due(&app.rpc, signer.pubkey(), &order, now).await?)
}

/// Does everything that is due, of one job or of all. A step that fails is told and does not stop the others.
pub async fn run(app: &App, job: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let is_rehearsal = app.global.dry_run || app.global.unsigned;
    let (mut done, mut failed) = (0usize, None);
    for _ in 0..MAX_ROUNDS {
        let mut moved = 0usize;
        for step in due(app, &signer, job).await? {
            match app.execute(Plan::new(step.label, step.instructions, &[&signer])).await {
                Ok(_) => moved = moved.saturating_add(1),
                Err(failure) => failed = Some(failure),
            }
        }
        done = done.saturating_add(moved);
        if moved == 0 || is_rehearsal {
            break;
        }
    }
    match failed {
        Some(failure) if done == 0 => Err(failure),
        None if done == 0 => {
            let remedy = "Look at `job show`: a deadline counts by clock and by slots";
            Err(Error::refused("nothing is due", remedy).into())
        }
        _ => Ok(()),
    }
}
