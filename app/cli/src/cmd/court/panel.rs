//! A panel: drawing it, voting in it, closing it.

use {
    super::case,
    crate::{
        app::{App, Failure, Outcome},
        cmd::{gov::hexadecimal, job::post::ppm},
        output,
    },
    commonweal_client::{
        escrow::{
            court::{juror_seat_address, Case},
            upkeep, JurorSeat, Phase,
        },
        governance::Member,
        job::{salt::CaseName, wasm},
        send::Plan,
        Address, Error,
    },
    solana_signer::Signer,
};

/// Transactions of one drawing: a place each in the worst case, and a jury of many strangers is met early.
const MAX_TRANSACTIONS: usize = 64;

/// Draws until the panel is complete.
pub async fn draw(app: &App, job: Address) -> Outcome {
    for number in 0..MAX_TRANSACTIONS {
        let (signer, case) = case(app, job).await?;
        if !case.is_in(Phase::Draw) {
            if number > 0 {
                return Ok(());
            }
            let remedy = "Look at `court show`";
            return Err(Error::refused(format!("no panel is being drawn: {}", case.phase_name()), remedy).into());
        }
        let step = upkeep::draw(&app.rpc, signer.pubkey(), &case).await?.ok_or_else(|| {
            let remedy = "Let more persons enroll for later cases; when the time is over, `court crank`";
            Failure::from(Error::refused("nobody is left who may judge", remedy))
        })?;
        let sent = app
            .execute(Plan::new(step.label, step.instructions, &[&signer]))
            .await?;
        if sent.is_none() {
            return Ok(());
        }
    }
    Ok(())
}

/// The person that the signer's wallet acts for, with its seat.
async fn seat(app: &App, case: &Case, wallet: Address) -> Outcome<(Address, Address)> {
    let person = Member::of_wallet(&app.rpc, case.dispute.realm, wallet).await?.person;
    let seat = juror_seat_address(&case.address, &person);
    let is_seated = app.rpc.account(&seat).await?.is_some();
    if is_seated {
        return Ok((person, seat));
    }
    let remedy = "Jurors vote who were drawn: `court show`";
    Err(Error::refused(format!("person {person} has no seat in this dispute"), remedy).into())
}

/// Commits to a vote.
pub async fn commit(app: &App, job: Address, percent: &str) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let (person, seat) = seat(app, &case, signer.pubkey()).await?;
    // on disk before anything is sent: without it the seat's pay and stake are lost
    let vote = CaseName::of(&case.dispute).vote(&seat, ppm(percent)?)?;
    let commit = case.commit_vote(signer.pubkey(), person, vote.ppm, &vote.salt);
    app.execute(Plan::new(
        format!("commit to a vote on job {job}"),
        vec![commit],
        &[&signer],
    ))
    .await?;
    if !app.global.json {
        output::facts(
            &[
                ("your vote", format!("{percent} % for the provider")),
                (
                    "its salt",
                    "kept on this machine; whoever learns it can take a seat's fee of your stake".to_owned(),
                ),
            ],
            false,
        );
    }
    Ok(())
}

/// Reveals a vote.
pub async fn reveal(app: &App, job: Address) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let (person, seat) = seat(app, &case, signer.pubkey()).await?;
    let vote = CaseName::of(&case.dispute).kept_vote(&seat)?;
    let reveal = case.reveal_vote(signer.pubkey(), person, vote.ppm, vote.salt);
    app.execute(Plan::new(
        format!("reveal the vote on job {job}"),
        vec![reveal],
        &[&signer],
    ))
    .await?;
    Ok(())
}

/// Shows a vote before its time.
pub async fn leak(app: &App, job: Address, person: Address, percent: &str, salt: &str) -> Outcome {
    let (signer, case) = case(app, job).await?;
    let salt: [u8; 32] = hexadecimal(salt)?.try_into().map_err(|found: Vec<u8>| {
        let what = format!("a salt has 32 bytes, this has {}", found.len());
        Failure::from(Error::refused(what, "Write 64 hexadecimal digits"))
    })?;
    let seats = case.seats(&app.rpc).await?;
    let seat = seats
        .iter()
        .find(|(_, seat)| seat.person == person)
        .map(|(_, seat)| seat);
    let seat: &JurorSeat = seat.ok_or_else(|| {
        let remedy = "Look at `court show`";
        Error::refused(format!("person {person} has no seat in this dispute"), remedy)
    })?;
    let report = case.report_leak(signer.pubkey(), seat, ppm(percent)?, salt);
    let label = format!(
        "show the vote of {person} with salt {}…",
        wasm::hex(salt.get(..4).unwrap_or(&[]))
    );
    app.execute(Plan::new(label, vec![report], &[&signer])).await?;
    Ok(())
}

/// Closes all seats.
pub async fn close_seats(app: &App, job: Address) -> Outcome {
    let (signer, case) = case(app, job).await?;
    for (_, seat) in case.seats(&app.rpc).await? {
        let close = case.close_seat(signer.pubkey(), &seat);
        let label = format!("close the seat of person {}", seat.person);
        app.execute(Plan::new(label, vec![close], &[&signer])).await?;
    }
    Ok(())
}
