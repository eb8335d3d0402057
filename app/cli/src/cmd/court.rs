//! `commonweal court`.

mod jury;
mod panel;
mod show;

use {
    super::job::{challenge, moment},
    crate::{
        app::{App, Failure, Outcome},
        args::{
            court::{CourtVote, Seed},
            Court,
        },
    },
    commonweal_client::{
        amount,
        escrow::{self, court::open_dispute, court::Case, Order, Phase},
        governance,
        job::salt::CaseName,
        send::Plan,
        Address, Error,
    },
    compute_escrow::state::CHALLENGE_ANSWERED,
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Court) -> Outcome {
    match verb {
        Court::OpenJury { config } => jury::open(app, config).await,
        Court::Jury { config } => jury::show(app, config).await,
        Court::Enroll { config, stake } => jury::enroll(app, config, stake.as_deref()).await,
        Court::Leave { config, person } => jury::leave(app, config, person).await,
        Court::Open { job, challenger } => open(app, job, challenger).await,
        Court::Seed(Seed::Commit { job }) => commit_seed(app, job).await,
        Court::Seed(Seed::Reveal { job }) => reveal_seed(app, job).await,
        Court::Pin { job } => move_on(app, job, "pin the seed of", Case::pin_seed).await,
        Court::Draw { job } => panel::draw(app, job).await,
        Court::Vote(CourtVote::Commit { vote }) => panel::commit(app, vote.job, &vote.provider_percent).await,
        Court::Vote(CourtVote::Reveal { job }) => panel::reveal(app, job).await,
        Court::Leak {
            job,
            person,
            provider_percent,
            salt,
        } => panel::leak(app, job, person, &provider_percent, &salt).await,
        Court::Appeal { job } => appeal(app, job).await,
        Court::Link { job, proposal } => {
            let proposal = governance::proposal_address(&app.realm(), proposal);
            let link = |case: &Case, actor| case.link_proposal(actor, proposal);
            move_on(app, job, "name the proposal of the last appeal on", link).await
        }
        Court::Crank { job } => move_on(app, job, "move on the dispute of", Case::crank).await,
        Court::Execute { job } => execute(app, job).await,
        Court::CloseSeats { job } => panel::close_seats(app, job).await,
        Court::Close { job } => close(app, job).await,
        Court::List => show::list(app).await,
        Court::Show { job } => show::show(app, job).await,
    }
}

/// The case of a job, and who signs.
async fn case(app: &App, job: Address) -> Outcome<(Keypair, Case)> {
    Ok((app.signer()?, Case::of_job(&app.rpc, &job).await?))
}

/// Makes one step of a case.
async fn move_on(app: &App, job: Address, what: &str, step: impl FnOnce(&Case, Address) -> Instruction) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let step = step(&case, signer.pubkey());
    app.execute(Plan::new(format!("{what} job {job}"), vec![step], &[&signer]))
        .await?;
    Ok(())
}

async fn open(app: &App, job: Address, challenger: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let order = Order::fetch(&app.rpc, job).await?;
    let (_, challenge) = challenge::find(app, &order, challenger, CHALLENGE_ANSWERED).await?;
    let open = open_dispute(signer.pubkey(), &order, &challenge);
    let label = format!("bring the challenge of {} before the court", challenge.challenger);
    app.execute(Plan::new(label, vec![open], &[&signer])).await?;
    Ok(())
}

/// The side that the signer acts for.
fn side(case: &Case, key: &Address) -> Outcome<u8> {
    case.dispute.side_of(key).map_err(|_| {
        let remedy = "Sign with the challenger's or the defender's key, or the one it named";
        Failure::from(Error::refused(format!("{key} is no party of this dispute"), remedy))
    })
}

async fn commit_seed(app: &App, job: Address) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let side = side(&case, &signer.pubkey())?;
    // on disk before anything is sent: without it the case is lost
    let secret = CaseName::of(&case.dispute).seed(side)?;
    let commit = case.commit_seed(signer.pubkey(), side, &secret);
    app.execute(Plan::new(
        format!("commit to a seed for job {job}"),
        vec![commit],
        &[&signer],
    ))
    .await?;
    Ok(())
}

async fn reveal_seed(app: &App, job: Address) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let side = side(&case, &signer.pubkey())?;
    let secret = CaseName::of(&case.dispute).kept_seed(side)?;
    let reveal = case.reveal_seed(signer.pubkey(), secret);
    app.execute(Plan::new(
        format!("reveal the seed for job {job}"),
        vec![reveal],
        &[&signer],
    ))
    .await?;
    Ok(())
}

async fn appeal(app: &App, job: Address) -> Outcome {
    let (_, found) = case(app, job).await?;
    let what = format!("appeal with {} SOL on", amount::sol(found.appeal_lamports()));
    move_on(app, job, &what, Case::appeal).await
}

async fn execute(app: &App, job: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, job).await?;
    let (slot, mint) = (order.job.slot, order.job.mint);
    let has_payout = escrow::payout(&app.rpc, &slot, &mint).await?.is_some();
    let execute = |case: &Case, actor| case.execute_ruling(actor, &order, has_payout);
    move_on(app, job, "execute the ruling on", execute).await
}

async fn close(app: &App, job: Address) -> Outcome {
    let (_, found) = case(app, job).await?;
    if found.is_in(Phase::Executed) && found.dispute.seats_open.get() > 0 {
        panel::close_seats(app, job).await?;
    }
    move_on(app, job, "close the dispute of", |case, _| case.close()).await
}
