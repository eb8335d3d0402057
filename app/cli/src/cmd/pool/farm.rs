//! `commonweal pool farm`: creating, funding, showing, reclaiming.

use {
    super::{shares_text, stake},
    crate::{
        app::{App, Outcome},
        args::{span, CreateFarm, Farm as Verb, FundFarm},
        output,
    },
    commonweal_client::{
        amount,
        pool::{
            self,
            farm::{FarmTerms, Located as Farm, NewFarm},
            price::percent,
            Located,
        },
        send::Plan,
        tokens, Address, Error,
    },
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Verb) -> Outcome {
    match verb {
        Verb::Create(options) => create(app, options).await,
        Verb::Fund(options) => fund(app, options).await,
        Verb::List { pool } => list(app, pool).await,
        Verb::Show { farm, wallet } => show(app, farm, wallet).await,
        Verb::Stake { farm, shares } => stake::stake(app, farm, &shares).await,
        Verb::Unstake { farm, shares } => stake::unstake(app, farm, &shares).await,
        Verb::Harvest { farm } => stake::harvest(app, farm).await,
        Verb::Seat(verb) => stake::seat(app, verb).await,
        Verb::Reclaim { farm } => reclaim(app, farm).await,
    }
}

async fn create(app: &App, options: CreateFarm) -> Outcome {
    let signer = app.signer()?;
    let funder = signer.pubkey();
    let located = Located::fetch(&app.rpc, options.pool).await?;
    let reward = tokens::mint(&app.rpc, &options.reward).await?;
    let atoms = amount::parse(&options.amount, reward.state.decimals)?;
    let account = tokens::associated(&funder, &reward.address, &reward.token_program);
    tokens::require(&app.rpc, &account, &reward, atoms).await?;
    let now = app.rpc.clock().await?.unix_ts;
    let start_ts = options.start.unwrap_or(now);
    // a span counts from the start
    let span = options
        .span
        .map(|span| start_ts.saturating_add(i64::try_from(span).unwrap_or(i64::MAX)));
    let end_ts = span
        .or(options.until)
        .ok_or_else(|| Error::refused("the farm has no end", "Name it with --for or --until"))?;
    let farm = NewFarm {
        pool: &located,
        reward: (&reward).into(),
        funder,
        index: options.index,
        terms: FarmTerms {
            start_ts,
            end_ts,
            plural_share_ppm: options.plural_share_ppm,
            plural_cap_multiple: options.plural_cap,
        },
    };
    let label = format!("create farm {} and fund it with {}", farm.address(), options.amount);
    let instructions = farm.create(atoms);
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

async fn fund(app: &App, options: FundFarm) -> Outcome {
    let signer = app.signer()?;
    let farm = Farm::fetch(&app.rpc, options.farm).await?;
    let reward = tokens::mint(&app.rpc, &farm.farm.reward_mint).await?;
    let atoms = amount::parse(&options.amount, reward.state.decimals)?;
    let account = tokens::associated(&signer.pubkey(), &reward.address, &reward.token_program);
    tokens::require(&app.rpc, &account, &reward, atoms).await?;
    let end_ts = super::moment(app, options.span, options.until)
        .await?
        .unwrap_or(farm.farm.end_ts.get());
    let label = format!("fund farm {} with {}", options.farm, options.amount);
    let fund = farm.fund(signer.pubkey(), atoms, end_ts);
    app.execute(Plan::new(label, vec![fund], &[&signer])).await?;
    Ok(())
}

/// Where a farm stands in time.
fn phase(farm: &pool::farm::Farm, now: i64) -> String {
    let words = |ts: i64| span::words(u64::try_from(ts.saturating_sub(now)).unwrap_or(0));
    let (start, end) = (farm.start_ts.get(), farm.end_ts.get());
    if now < start {
        format!("starts in {}", words(start))
    } else if now < end {
        format!("ends in {}", words(end))
    } else {
        "ended".to_owned()
    }
}

async fn list(app: &App, pool: Option<Address>) -> Outcome {
    let now = app.rpc.clock().await?.unix_ts;
    let rows = pool::farm::list(&app.rpc, pool)
        .await?
        .iter()
        .map(|found| {
            let farm = &found.farm;
            vec![
                found.address.to_string(),
                farm.pool.to_string(),
                farm.reward_mint.to_string(),
                amount::format(farm.reward_atoms.get(), farm.reward_decimals),
                percent(i128::from(farm.plural_share_ppm.get())),
                shares_text(farm.open.weight.get()),
                phase(farm, now),
            ]
        })
        .collect();
    output::list(
        &["farm", "pool", "reward mint", "holds", "plural lane", "staked", "phase"],
        rows,
        &[3, 4, 5],
        app.global.json,
    );
    Ok(())
}

async fn show(app: &App, address: Address, wallet: Option<Address>) -> Outcome {
    let found = Farm::fetch(&app.rpc, address).await?;
    let now = app.rpc.clock().await?.unix_ts;
    let farm = &found.farm;
    let reward = |atoms: u64| amount::format(atoms, farm.reward_decimals);
    // an hour's pay, rounded down
    let hourly = |lane: &pool::farm::Lane| {
        let atoms = lane.rate_q64.get().saturating_mul(3_600) >> 64u32;
        reward(u64::try_from(atoms).unwrap_or(u64::MAX))
    };
    let mut facts = vec![
        ("farm", address.to_string()),
        ("pool", farm.pool.to_string()),
        ("reward mint", farm.reward_mint.to_string()),
        ("funder", farm.funder.to_string()),
        ("realm", farm.realm.to_string()),
        ("phase", phase(farm, now)),
        ("ends at", farm.end_ts.get().to_string()),
        ("holds", reward(farm.reward_atoms.get())),
        ("staked", shares_text(farm.open.weight.get())),
        ("positions", farm.positions.get().to_string()),
        ("open lane an hour", hourly(&farm.open)),
        ("plural lane an hour", hourly(&farm.plural)),
        ("plural lane's weight", farm.plural.weight.get().to_string()),
        (
            "a seat's pay at most",
            format!(
                "{} times what its stake earns in the open lane",
                farm.plural_cap_multiple.get()
            ),
        ),
        ("unspent", reward(found.at(now)?.unspent_atoms.get())),
    ];
    let wallet = wallet.or_else(|| app.signer().ok().map(|signer| signer.pubkey()));
    if let Some(wallet) = wallet {
        if let Some(held) = found.holding(&app.rpc, &wallet, now).await? {
            facts.push(("your stake", shares_text(held.position.stake_atoms.get())));
            facts.push(("your rewards", reward(held.pending_atoms)));
            if let Some(seat) = &held.seat {
                facts.push(("your seat", held.position.seat.to_string()));
                facts.push(("its person", seat.person.to_string()));
                facts.push(("its rewards, if the person is verified", reward(held.plural_atoms)));
            }
        }
    }
    output::facts(&facts, app.global.json);
    Ok(())
}

async fn reclaim(app: &App, address: Address) -> Outcome {
    let signer = app.signer()?;
    let found = Farm::fetch(&app.rpc, address).await?;
    let reward = found.reward();
    let account = tokens::create_associated(&signer.pubkey(), &found.farm.funder, &reward.mint, &reward.program);
    let label = format!("return to the funder what farm {address} did not spend");
    let instructions = vec![account, found.reclaim()];
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}
