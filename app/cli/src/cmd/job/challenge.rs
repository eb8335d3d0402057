//! `commonweal job challenge`, `prove-canary`, `answer`, `resolve`, `attest`.

use {
    super::{canary, moment, part::provider_of, read, worker},
    crate::{
        app::{App, Outcome},
        args::{
            order::{Challenge as Verb, ResultArgs},
            Work,
        },
    },
    commonweal_client::{
        amount,
        escrow::{
            self,
            challenge::{challenge_address, challenges},
            court::convict,
            Challenge, Order,
        },
        job::wasm,
        keys,
        send::Plan,
        Address, Error,
    },
    compute_escrow::state::{CHALLENGE_ANSWERED, CHALLENGE_OPEN, CHALLENGE_PROVED, KIND_REDUNDANT},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::path::{Path, PathBuf},
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Verb) -> Outcome {
    match verb {
        Verb::Challenge { job, result, agent } => challenge(app, job, &result, agent).await,
        Verb::ProveCanary {
            job,
            canaries,
            outputs,
            attestor,
        } => prove(app, job, &canaries, &outputs, attestor.as_deref()).await,
        Verb::Answer {
            work,
            challenger,
            agent,
        } => answer(app, &work, challenger, agent).await,
        Verb::Resolve { job, challenger } => resolve(app, job, challenger).await,
        Verb::Attest { job, evidence } => {
            let (signer, order) = (app.signer()?, Order::fetch(&app.rpc, job).await?);
            let attest = order.attest_result(signer.pubkey(), wasm::sha256(&read(&evidence)?));
            let label = format!("countersign the result of job {job}");
            app.execute(Plan::new(label, vec![attest], &[&signer])).await?;
            Ok(())
        }
    }
}

/// The bond of either party in the first instance, by the config in force.
async fn bond(app: &App, order: &Order) -> Outcome<u64> {
    let config = escrow::config(&app.rpc, &escrow::config_address(order.job.config_id.get())).await?;
    Ok(config
        .court
        .bond_lamports(config.crank_bounty_lamports.get())
        .unwrap_or(0))
}

async fn challenge(app: &App, job: Address, result: &ResultArgs, agent: Option<Address>) -> Outcome {
    let (signer, order) = (app.signer()?, Order::fetch(&app.rpc, job).await?);
    let claimed = canary::result_hash(result)?;
    if claimed == order.job.result {
        let what = format!("your result is the job's own, {}", wasm::hex(&claimed));
        return Err(Error::refused(what, "There is nothing to challenge").into());
    }
    let bond = bond(app, &order).await?;
    let label = format!(
        "challenge the result of job {job} with a bond of {} SOL",
        amount::sol(bond)
    );
    let agent = agent.unwrap_or_else(|| signer.pubkey());
    let challenge = order.challenge_result(signer.pubkey(), claimed, agent);
    app.execute(Plan::new(label, vec![challenge], &[&signer])).await?;
    Ok(())
}

async fn prove(app: &App, job: Address, canaries: &Path, outputs: &[PathBuf], attestor: Option<&Path>) -> Outcome {
    let (signer, order) = (app.signer()?, Order::fetch(&app.rpc, job).await?);
    let canaries = canary::load(canaries)?;
    if canaries.spec_hash()? != order.job.spec_hash {
        let what = format!("job {job} binds other canaries");
        return Err(Error::refused(what, "Name the file that its order was posted with").into());
    }
    let proof = canaries.prove(&canary::hashes(outputs)?, &order.job.result)?;
    let attestor: Option<Keypair> = attestor.map(keys::read).transpose()?;
    let mut signers = vec![&signer];
    signers.extend(attestor.iter());
    let label = format!(
        "prove that output {} of job {job} is wrong{}",
        proof.index,
        if attestor.is_some() { ", countersigned" } else { "" }
    );
    let prove = order.prove_canary(signer.pubkey(), attestor.as_ref().map(Signer::pubkey), proof);
    app.execute(Plan::new(label, vec![prove], &signers)).await?;
    Ok(())
}

/// The challenge that is meant: of the one who is named, or the only one in a state.
pub async fn find(app: &App, order: &Order, challenger: Option<Address>, state: u8) -> Outcome<(Address, Challenge)> {
    let all = challenges(&app.rpc, &order.address).await?;
    let mut found = all.into_iter().filter(|(address, challenge)| match challenger {
        Some(who) => *address == challenge_address(&order.address, &who),
        None => challenge.state == state && challenge.uid == order.job.uid,
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            let what = format!("job {} has no such challenge", order.address);
            Err(Error::refused(what, "Look at `job show`").into())
        }
        (Some(_), Some(_)) => {
            let remedy = "Name whose with --challenger; `job show` lists them";
            Err(Error::refused("there are several challenges", remedy).into())
        }
    }
}

async fn answer(app: &App, work: &Work, challenger: Option<Address>, agent: Option<Address>) -> Outcome {
    let (signer, order) = (app.signer()?, Order::fetch(&app.rpc, work.job).await?);
    let (address, challenge) = find(app, &order, challenger, CHALLENGE_OPEN).await?;
    let worker = worker(&signer, &work.worker);
    let agent = agent.unwrap_or_else(|| signer.pubkey());
    let answer = if order.job.kind == KIND_REDUNDANT {
        let part = worker.part_of(&order, &provider_of(app, &worker).await?);
        order.answer_challenge(&worker, Some(part), address, agent)
    } else {
        order.answer_challenge(&worker, None, address, agent)
    };
    let label = format!(
        "answer the challenge of {} with {} SOL",
        challenge.challenger,
        amount::sol(challenge.terms.bond_lamports.get())
    );
    app.execute(Plan::new(label, vec![answer], &[&signer])).await?;
    Ok(())
}

async fn resolve(app: &App, job: Address, challenger: Option<Address>) -> Outcome {
    let (signer, now) = (app.signer()?, moment(app).await?);
    let all = challenges(&app.rpc, &job).await?;
    let mut done = 0usize;
    for (address, challenge) in all {
        // the job changes with the first one that is resolved
        let order = Order::fetch(&app.rpc, job).await?;
        let is_decided = matches!(order.job.state, 6 | 12);
        let is_unanswered = challenge.state == CHALLENGE_PROVED
            || (challenge.state != CHALLENGE_ANSWERED && challenge.is_overdue(&order.job, now).unwrap_or(false));
        let is_meant = match challenger {
            Some(who) => who == challenge.challenger,
            None => is_decided || is_unanswered,
        };
        if is_meant {
            let instructions = if is_decided {
                vec![order.resolve_challenge(&app.rpc, address, &challenge).await?]
            } else {
                convict(signer.pubkey(), &order, &challenge)
            };
            let label = format!("resolve the challenge of {}", challenge.challenger);
            app.execute(Plan::new(label, instructions, &[&signer])).await?;
            done = done.saturating_add(1);
        }
    }
    if done == 0 {
        let remedy = "Look at `job show`: an answered one goes to the court, an open one has time to be answered";
        return Err(Error::refused(format!("no challenge of {job} can be ended now"), remedy).into());
    }
    Ok(())
}
