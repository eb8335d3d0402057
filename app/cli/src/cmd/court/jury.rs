//! The jury: who sits on it.

use {
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{
            self,
            court::{self, jury_address, Bench},
        },
        governance::{self, Member},
        send::Plan,
        Address, Error,
    },
    solana_signer::Signer,
};

/// Opens a config's jury.
pub async fn open(app: &App, config: u16) -> Outcome {
    let signer = app.signer()?;
    let address = escrow::config_address(config);
    let open = court::open_jury(signer.pubkey(), address);
    let label = format!("open the jury {}", jury_address(&address));
    app.execute(Plan::new(label, vec![open], &[&signer])).await?;
    Ok(())
}

/// Puts the signer's person on the jury.
pub async fn enroll(app: &App, config: u16, stake: Option<&str>) -> Outcome {
    let signer = app.signer()?;
    let address = escrow::config_address(config);
    let state = escrow::config(&app.rpc, &address).await?;
    let bench = Bench::fetch(&app.rpc, jury_address(&address)).await?;
    let person = Member::of_wallet(&app.rpc, state.realm, signer.pubkey()).await?.person;
    let lamports = match stake {
        Some(text) => amount::parse(text, amount::SOL_DECIMALS)?,
        None => state.court.juror_stake_lamports.get(),
    };
    let index = bench.free_place();
    let enroll = court::enroll_juror(signer.pubkey(), person, address, index, lamports);
    let label = format!(
        "take place {index} of the jury with a stake of {} SOL",
        amount::sol(lamports)
    );
    app.execute(Plan::new(label, vec![enroll], &[&signer])).await?;
    Ok(())
}

/// Takes a person off the jury.
pub async fn leave(app: &App, config: u16, person: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let address = escrow::config_address(config);
    let state = escrow::config(&app.rpc, &address).await?;
    let bench = Bench::fetch(&app.rpc, jury_address(&address)).await?;
    let person = match person {
        Some(person) => person,
        None => Member::of_wallet(&app.rpc, state.realm, signer.pubkey()).await?.person,
    };
    let juror = bench.juror_of(&person).ok_or_else(|| {
        let remedy = "Look at `court jury`";
        Error::refused(format!("person {person} is not on this jury"), remedy)
    })?;
    let wallet = governance::person(&app.rpc, &person).await?.wallet;
    let leave = court::leave_jury(signer.pubkey(), juror, wallet);
    let label = format!("leave place {} of the jury", juror.index.get());
    app.execute(Plan::new(label, vec![leave], &[&signer])).await?;
    Ok(())
}

/// Shows the court's parameters and the jury.
pub async fn show(app: &App, config: u16) -> Outcome {
    let address = escrow::config_address(config);
    let state = escrow::config(&app.rpc, &address).await?;
    let court = &state.court;
    let bounty = state.crank_bounty_lamports.get();
    let attestors: Vec<String> = court
        .attestors
        .iter()
        .filter(|key| **key != Address::default())
        .map(Address::to_string)
        .collect();
    let sol = |lamports| format!("{} SOL", amount::sol(lamports));
    output::facts(
        &[
            ("jury", jury_address(&address).to_string()),
            ("pay of a seat", sol(court.seat_fee_lamports.get())),
            ("least stake", sol(court.juror_stake_lamports.get())),
            ("bond of a challenge", sol(court.bond_lamports(bounty).unwrap_or(0))),
            (
                "seconds answer/seed/vote/reveal/appeal/ruling",
                format!(
                    "{}/{}/{}/{}/{}/{}",
                    court.answer_seconds.get(),
                    court.seed_seconds.get(),
                    court.vote_seconds.get(),
                    court.reveal_seconds.get(),
                    court.appeal_seconds.get(),
                    court.ruling_seconds.get()
                ),
            ),
            ("attestors", attestors.join(", ")),
        ],
        app.global.json,
    );
    let bench = Bench::fetch(&app.rpc, jury_address(&address)).await?;
    let rows = bench
        .jurors
        .iter()
        .map(|(_, juror)| {
            vec![
                juror.index.get().to_string(),
                juror.person.to_string(),
                amount::sol(juror.stake_lamports.get()),
                amount::sol(juror.held_lamports.get()),
                amount::sol(juror.slashed_lamports.get()),
                juror.seats.get().to_string(),
            ]
        })
        .collect();
    let headings = ["place", "person", "stake", "held", "lost", "seats"];
    output::list(&headings, rows, &[0, 2, 3, 4, 5], app.global.json);
    Ok(())
}
