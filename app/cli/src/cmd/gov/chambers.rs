//! Seats of the chambers and their vetoes.

use {
    super::members::{current_epoch, PROGRAM},
    crate::{
        app::{App, Outcome},
        args::{ChamberName, ChamberVerb},
        output,
    },
    commonweal_client::{
        accounts, governance,
        governance::{Chamber, ChamberSeat, Member},
        pool,
        send::Plan,
        Address, Error,
    },
    commonweal_interface::ids,
    compute_escrow::state::Slot,
    quadratic_governance::constants::{NO_EPOCH, PROVIDER_CHAMBER},
    solana_signer::Signer,
};

fn chamber_of(name: ChamberName) -> Chamber {
    match name {
        ChamberName::Liquidity => Chamber::Liquidity,
        ChamberName::Providers => Chamber::Providers,
    }
}

/// The chamber a lock or slot earns a seat of, and its pool or provider.
async fn evidence(app: &App, address: Address) -> Outcome<(Chamber, Address)> {
    let state = app.rpc.existing(&address, "a lock or a slot").await?;
    if state.owner == ids::LIQUIDITY_POOL {
        let lock = pool::lock(&app.rpc, &address).await?;
        return Ok((Chamber::Liquidity, lock.pool));
    }
    let slot: Slot = accounts::decode(&ids::COMPUTE_ESCROW, &address, &state)?;
    Ok((Chamber::Providers, slot.provider))
}

/// Carries a verb of `gov chamber` out.
pub async fn run(app: &App, verb: ChamberVerb) -> Outcome {
    if let ChamberVerb::List = verb {
        return list(app).await;
    }
    let signer = app.signer()?;
    let realm = app.realm();
    let of = |wallet: Option<Address>| Member::of_wallet(&app.rpc, realm, wallet.unwrap_or(signer.pubkey()));
    let (label, instruction) = match verb {
        ChamberVerb::Enroll { evidence: address } => {
            let (chamber, parent) = evidence(app, address).await?;
            let name = Chamber::name_of(chamber.number());
            let enroll = of(None).await?.enroll_chamber(chamber, address, parent);
            (format!("take a seat of the {name} chamber by {address}"), enroll)
        }
        ChamberVerb::Refresh { wallet } => {
            let address = of(wallet).await?.seat(Chamber::Providers);
            let seat: ChamberSeat = accounts::fetch(&app.rpc, &PROGRAM, &address).await?;
            (
                format!("look at the jobs of seat {address}"),
                governance::refresh_seat(address, &seat),
            )
        }
        ChamberVerb::Leave { chamber, wallet } => {
            let address = of(wallet).await?.seat(chamber_of(chamber));
            let seat: ChamberSeat = accounts::fetch(&app.rpc, &PROGRAM, &address).await?;
            let close = governance::close_seat(signer.pubkey(), address, &seat);
            (format!("close seat {address}"), close)
        }
        ChamberVerb::Veto { proposal, chamber } => {
            let (member, chamber) = (of(None).await?, chamber_of(chamber));
            let address = member.seat(chamber);
            let seat: Option<ChamberSeat> = accounts::find(&app.rpc, &PROGRAM, &address).await?;
            let seat = seat.ok_or_else(|| {
                let expected = format!("your seat in the {} chamber", Chamber::name_of(chamber.number()));
                Error::account(
                    address,
                    expected,
                    "nothing",
                    "Take one: `commonweal gov chamber enroll`",
                )
            })?;
            let at = governance::proposal_address(&realm, proposal);
            let veto = member.veto_as_chamber(chamber, seat.evidence, at);
            (format!("veto proposal {proposal} with seat {address}"), veto)
        }
        ChamberVerb::List => return list(app).await,
    };
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

async fn list(app: &App) -> Outcome {
    let epoch = current_epoch(app).await?;
    let mut rows = Vec::new();
    for (_, seat) in governance::seats(&app.rpc, &app.realm()).await? {
        let person = governance::person(&app.rpc, &seat.person).await?;
        let from = seat.active_from_epoch.get();
        let counts = if from == NO_EPOCH {
            format!("after {} more epochs of work", 2u8.saturating_sub(seat.working_epochs))
        } else if seat.chamber == PROVIDER_CHAMBER && seat.is_idle(epoch) {
            "idle: anybody may close it".to_owned()
        } else {
            format!("from epoch {from} on")
        };
        rows.push(vec![
            Chamber::name_of(seat.chamber).to_owned(),
            person.wallet.to_string(),
            seat.evidence.to_string(),
            counts,
        ]);
    }
    output::list(
        &["chamber", "wallet", "lock or slot", "counts"],
        rows,
        &[],
        app.global.json,
    );
    Ok(())
}
