//! `commonweal pool config`.

use {
    crate::{
        app::{App, Outcome},
        args::{span, ConfigChange, CreatePoolConfig, PoolConfig as Verb, PAUSABLE},
        output,
    },
    commonweal_client::{
        accounts, governance,
        pool::{self, price::percent, ConfigTerms, ConfigUpdate, PoolConfig},
        send::Plan,
        Address, Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Verb) -> Outcome {
    match verb {
        Verb::Show { id } => show(app, id).await,
        Verb::List => list(app).await,
        Verb::Create(options) => create(app, options).await,
        Verb::Update { id, change } => update(app, id, &change).await,
        Verb::Ramp { id, target, over } => ramp(app, id, target, over).await,
    }
}

async fn fetch(app: &App, id: u64) -> Outcome<(Address, PoolConfig)> {
    let address = pool::config_address(id);
    Ok((
        address,
        accounts::fetch(&app.rpc, &ids::LIQUIDITY_POOL, &address).await?,
    ))
}

/// A rate in its unit and as percentage.
fn rate(ppm: u32) -> String {
    format!("{ppm} ppm ({})", percent(i128::from(ppm)))
}

/// A rate and the highest it can ever be.
fn under(ppm: u32, ceiling: u32) -> String {
    format!("{}, never above {ceiling} ppm", rate(ppm))
}

fn paused(bits: u8) -> String {
    let names: Vec<&str> = PAUSABLE
        .iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// The curve in words, with the amplification now and where it goes.
pub fn curve(config: &PoolConfig, now_ts: i64) -> String {
    if config.curve == liquidity_pool::constants::CURVE_CONSTANT_PRODUCT {
        return "constant product".to_owned();
    }
    let now = config.amplification_at(now_ts);
    let target = config.amplification_to.get();
    if config.ramp_end_ts.get() <= now_ts || now == target {
        return format!("stable, amplification {now}");
    }
    let left = config.ramp_end_ts.get().saturating_sub(now_ts);
    format!(
        "stable, amplification {now}, moving to {target} within {}",
        span::words(u64::try_from(left).unwrap_or(0))
    )
}

async fn show(app: &App, id: u64) -> Outcome {
    let (address, config) = fetch(app, id).await?;
    let now = app.rpc.clock().await?.unix_ts;
    let mut facts = vec![
        ("config", address.to_string()),
        ("realm", config.realm.to_string()),
        ("authority", config.authority.to_string()),
        ("treasury", config.treasury.to_string()),
        ("rehearsal", (config.rehearsal == 1).to_string()),
        ("curve", curve(&config, now)),
        (
            "swap fee",
            under(config.base_fee_ppm.get(), config.max_base_fee_ppm.get()),
        ),
        (
            "treasury's share of it",
            under(config.protocol_share_ppm.get(), config.max_protocol_share_ppm.get()),
        ),
        (
            "volatility fee, at most",
            under(config.dynamic_fee_cap_ppm.get(), config.max_dynamic_fee_cap_ppm.get()),
        ),
    ];
    if config.max_dynamic_fee_cap_ppm.get() > 0 {
        facts.push(("volatility fee's slope", rate(config.dynamic_fee_slope_ppm.get())));
        facts.push(("volatility counts from", rate(config.volatility_threshold_ppm.get())));
    }
    facts.push((
        "launch fee",
        under(config.launch_fee_ppm.get(), config.max_launch_fee_ppm.get()),
    ));
    if config.max_launch_fee_ppm.get() > 0 {
        facts.push(("launch fee lasts", span::words(u64::from(config.launch_seconds.get()))));
    }
    facts.push((
        "flash fee",
        under(config.flash_fee_ppm.get(), config.max_flash_fee_ppm.get()),
    ));
    facts.push(("fees vest in", format!("{} slots", config.vesting_slots.get())));
    facts.push(("oracle follows a minute", rate(config.oracle_step_ppm.get())));
    facts.push(("paused", paused(config.pause_bits)));
    facts.push(("updates", config.sequence.get().to_string()));
    output::facts(&facts, app.global.json);
    Ok(())
}

async fn list(app: &App) -> Outcome {
    let now = app.rpc.clock().await?.unix_ts;
    let mut configs = pool::configs(&app.rpc, app.realm()).await?;
    configs.sort_by_key(|(_, config)| config.id.get());
    let rows = configs
        .iter()
        .map(|(address, config)| {
            vec![
                config.id.get().to_string(),
                address.to_string(),
                curve(config, now),
                config.base_fee_ppm.get().to_string(),
                config.protocol_share_ppm.get().to_string(),
                paused(config.pause_bits),
                config.authority.to_string(),
            ]
        })
        .collect();
    output::list(
        &[
            "id",
            "config",
            "curve",
            "fee ppm",
            "protocol share ppm",
            "paused",
            "authority",
        ],
        rows,
        &[0, 3, 4],
        app.global.json,
    );
    Ok(())
}

async fn create(app: &App, options: CreatePoolConfig) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let state = governance::realm(&app.rpc, &realm).await?;
    let treasury = governance::treasury_address(&realm, 0);
    let launch_seconds = u32::try_from(options.launch_for.unwrap_or(0))
        .map_err(|_| Error::refused("the launch fee lasts at most a day", "Choose --launch-for 24h or less"))?;
    let terms = ConfigTerms {
        rehearsal: state.is_rehearsal(),
        curve: u8::from(options.stable.is_some()),
        authority: options.authority.unwrap_or(treasury),
        treasury,
        base_fee_ppm: options.fee_ppm,
        max_base_fee_ppm: options.max_fee_ppm,
        protocol_share_ppm: options.protocol_share_ppm,
        max_protocol_share_ppm: options.max_protocol_share_ppm,
        dynamic_fee_cap_ppm: options.dynamic_fee_ppm,
        max_dynamic_fee_cap_ppm: options.max_dynamic_fee_ppm.unwrap_or(options.dynamic_fee_ppm),
        dynamic_fee_slope_ppm: options.slope_ppm,
        volatility_threshold_ppm: options.threshold_ppm,
        launch_fee_ppm: options.launch_fee_ppm,
        max_launch_fee_ppm: options.max_launch_fee_ppm.unwrap_or(options.launch_fee_ppm),
        launch_seconds,
        flash_fee_ppm: options.flash_fee_ppm,
        max_flash_fee_ppm: options.max_flash_fee_ppm.unwrap_or(options.flash_fee_ppm),
        vesting_slots: options.vesting_slots,
        amplification: options.stable.unwrap_or(0),
        oracle_step_ppm: options.oracle_step_ppm,
    };
    let create = pool::initialize_config(signer.pubkey(), realm, options.id, terms);
    let label = format!(
        "create pool config {} at {}",
        options.id,
        pool::config_address(options.id)
    );
    app.execute(Plan::new(label, vec![create], &[&signer])).await?;
    Ok(())
}

/// What a change asks of the program.
pub fn wanted(change: &ConfigChange) -> ConfigUpdate {
    ConfigUpdate {
        base_fee_ppm: change.fee_ppm,
        protocol_share_ppm: change.protocol_share_ppm,
        pause_bits: change.pause,
        authority: change.new_authority,
        treasury: change.new_treasury,
        dynamic_fee_cap_ppm: change.dynamic_fee_ppm,
        dynamic_fee_slope_ppm: change.slope_ppm,
        volatility_threshold_ppm: change.threshold_ppm,
        launch_fee_ppm: change.launch_fee_ppm,
        flash_fee_ppm: change.flash_fee_ppm,
    }
}

/// The config's authority must be the one that signs, here or where the printed transaction is taken.
fn require_authority(app: &App, config: &PoolConfig, signer: &Address) -> Outcome {
    if &config.authority == signer || app.global.unsigned {
        return Ok(());
    }
    Err(Error::refused(
        format!("the config's authority is {}", config.authority),
        "Where that is governance, propose it with `gov action pool-config` or `gov action pool-ramp`; for another key or a \
         multisig print the transaction with --unsigned",
    )
    .into())
}

async fn update(app: &App, id: u64, change: &ConfigChange) -> Outcome {
    let signer = app.signer()?;
    let (address, config) = fetch(app, id).await?;
    require_authority(app, &config, &signer.pubkey())?;
    let update = pool::update_config(config.authority, address, wanted(change));
    app.execute(Plan::new(format!("update pool config {id}"), vec![update], &[&signer]))
        .await?;
    Ok(())
}

async fn ramp(app: &App, id: u64, target: u32, over: u64) -> Outcome {
    let signer = app.signer()?;
    let (address, config) = fetch(app, id).await?;
    require_authority(app, &config, &signer.pubkey())?;
    let end = super::moment(app, Some(over), None).await?.unwrap_or_default();
    let ramp = pool::ramp_amplification(config.authority, address, target, end);
    let label = format!("ramp the amplification of pool config {id} to {target}");
    app.execute(Plan::new(label, vec![ramp], &[&signer])).await?;
    Ok(())
}
