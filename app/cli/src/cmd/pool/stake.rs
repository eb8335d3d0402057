//! `commonweal pool farm stake`, `unstake`, `harvest` and `seat`.

use {
    super::{parse_shares, shares_text, wallet_shares},
    crate::{
        app::{App, Outcome},
        args::Seat,
    },
    commonweal_client::{
        governance::Member,
        pool::{
            farm::{seat_of, FarmPosition, Located as Farm},
            Located,
        },
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// A wallet's position, which must be there.
async fn position(app: &App, farm: &Farm, wallet: &Address) -> Outcome<FarmPosition> {
    farm.position(&app.rpc, wallet).await?.ok_or_else(|| {
        Error::account(
            farm.position_address(wallet),
            format!("a position of {wallet} in farm {}", farm.address),
            "nothing",
            "Stake first: `commonweal pool farm stake`",
        )
        .into()
    })
}

/// Stakes shares of the wallet.
pub async fn stake(app: &App, address: Address, shares: &str) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let farm = Farm::fetch(&app.rpc, address).await?;
    let located = Located::fetch(&app.rpc, farm.farm.pool).await?;
    let shares = wallet_shares(app, &located, &owner, shares).await?;
    let seat = farm.position(&app.rpc, &owner).await?.and_then(|held| seat_of(&held));
    let label = format!("stake {} shares in farm {address}", shares_text(shares));
    let stake = farm.stake(owner, shares, seat);
    app.execute(Plan::new(label, vec![stake], &[&signer])).await?;
    Ok(())
}

/// Takes staked shares back.
pub async fn unstake(app: &App, address: Address, shares: &str) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let farm = Farm::fetch(&app.rpc, address).await?;
    let held = position(app, &farm, &owner).await?;
    let shares = parse_shares(shares, held.stake_atoms.get())?;
    let account = tokens::create_associated(&owner, &owner, &farm.farm.lp_mint, &ids::TOKEN);
    let unstake = farm.unstake(owner, shares, seat_of(&held));
    let label = format!("unstake {} shares from farm {address}", shares_text(shares));
    app.execute(Plan::new(label, vec![account, unstake], &[&signer]))
        .await?;
    Ok(())
}

/// The seat of a position with the person whose seat it is.
async fn seated(app: &App, farm: &Farm, held: &FarmPosition) -> Outcome<Option<(Address, Address)>> {
    let Some(seat) = seat_of(held) else {
        return Ok(None);
    };
    let person = farm.seat(&app.rpc, &seat).await?.person;
    Ok(Some((seat, person)))
}

/// Pays what has accrued.
pub async fn harvest(app: &App, address: Address) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let farm = Farm::fetch(&app.rpc, address).await?;
    let held = position(app, &farm, &owner).await?;
    let reward = farm.reward();
    let account = tokens::create_associated(&owner, &owner, &reward.mint, &reward.program);
    let harvest = farm.harvest(owner, seated(app, &farm, &held).await?);
    let label = format!("harvest farm {address}");
    app.execute(Plan::new(label, vec![account, harvest], &[&signer]))
        .await?;
    Ok(())
}

/// Carries a verb of `pool farm seat` out.
pub async fn seat(app: &App, verb: Seat) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let (label, instruction) = match verb {
        Seat::Take { farm } => {
            let found = Farm::fetch(&app.rpc, farm).await?;
            position(app, &found, &owner).await?;
            let person = Member::of_wallet(&app.rpc, found.farm.realm, owner).await?.person;
            (
                format!("take the seat of person {person} in farm {farm}"),
                found.take_seat(owner, person),
            )
        }
        Seat::Leave { farm } => {
            let found = Farm::fetch(&app.rpc, farm).await?;
            let person = whose(app, &found, &owner).await?;
            (
                format!("leave the seat in farm {farm}"),
                found.leave_seat(owner, person),
            )
        }
        Seat::Sync { farm, wallet } => {
            let found = Farm::fetch(&app.rpc, farm).await?;
            let person = whose(app, &found, &wallet).await?;
            (
                format!("close the seat of {wallet} in farm {farm}, whose person is no longer verified"),
                found.sync_seat(wallet, person),
            )
        }
    };
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

/// The person whose seat a wallet's position has.
async fn whose(app: &App, farm: &Farm, wallet: &Address) -> Outcome<Address> {
    let held = position(app, farm, wallet).await?;
    let (_, person) = seated(app, farm, &held).await?.ok_or_else(|| {
        Error::account(
            farm.position_address(wallet),
            "a position with a seat",
            "one without",
            "Take a seat first: `commonweal pool farm seat take`",
        )
    })?;
    Ok(person)
}
