//! Configs of the escrow and their courts.

use {
    crate::{
        app::{App, Outcome},
        args::{span, ChangeEscrow, EscrowConfig},
        cmd::gov::court,
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, ConfigParams},
        governance,
        send::Plan,
        Address, Error,
    },
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Carries a verb of `job config` out.
pub async fn run(app: &App, verb: EscrowConfig) -> Outcome {
    if let EscrowConfig::Show { id } = verb {
        return show(app, id).await;
    }
    let signer = app.signer()?;
    let authority = signer.pubkey();
    let (label, instruction) = match verb {
        EscrowConfig::Show { .. } => return Ok(()),
        EscrowConfig::Create {
            id,
            mint,
            fee_ppm,
            bounty,
            min_bond,
            authority: named,
        } => {
            let realm = app.realm();
            let rehearsal = governance::realm(&app.rpc, &realm).await?.is_rehearsal();
            let treasury = governance::treasury_address(&realm, 0);
            let params = ConfigParams {
                fee_ppm,
                crank_bounty_lamports: amount::parse(&bounty, amount::SOL_DECIMALS)?,
                min_bond_lamports: amount::parse(&min_bond, amount::SOL_DECIMALS)?,
                treasury,
            };
            let genesis = app.rpc.genesis_hash().await?.to_bytes();
            let args = escrow::config_args(id, rehearsal, named.unwrap_or(treasury), genesis, params);
            let create = escrow::initialize_config(authority, realm, mint, args);
            let label = format!("create escrow config {id} at {}", escrow::config_address(id));
            (label, create)
        }
        EscrowConfig::Update(change) => {
            let label = format!("change escrow config {}", change.config);
            (label, changed(app, authority, &change).await?)
        }
        EscrowConfig::Court(change) => {
            let label = format!("change the court of escrow config {}", change.config);
            (label, court::change(app, authority, change).await?)
        }
        EscrowConfig::AllowMint { mint, id } => {
            let allow = escrow::allow_mint(escrow::config_address(id), authority, mint);
            (format!("list mint {mint}"), allow)
        }
        EscrowConfig::DisallowMint { mint, id } => {
            let disallow = escrow::disallow_mint(escrow::config_address(id), authority, mint);
            (format!("take mint {mint} off the list"), disallow)
        }
    };
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

fn lamports_or(text: Option<&String>, old: u64) -> Outcome<u64> {
    Ok(match text {
        Some(text) => amount::parse(text, amount::SOL_DECIMALS)?,
        None => old,
    })
}

/// A span of time as the programs count it.
pub fn seconds(span: u64) -> Outcome<u32> {
    Ok(u32::try_from(span).map_err(|_| {
        Error::refused(
            format!("{} are too long a time", span::words(span)),
            "Name less than a century",
        )
    })?)
}

/// Changes a config by its authority; what is not named stays.
pub async fn changed(app: &App, authority: Address, change: &ChangeEscrow) -> Outcome<Instruction> {
    let address = escrow::config_address(change.config);
    let state = escrow::config(&app.rpc, &address).await?;
    let params = ConfigParams {
        fee_ppm: change.fee_ppm.unwrap_or(state.fee_ppm.get()),
        crank_bounty_lamports: lamports_or(change.crank_bounty.as_ref(), state.crank_bounty_lamports.get())?,
        min_bond_lamports: lamports_or(change.min_bond.as_ref(), state.min_bond_lamports.get())?,
        treasury: change.treasury.unwrap_or(state.treasury),
    };
    Ok(escrow::update_config(address, authority, params))
}

async fn show(app: &App, id: u16) -> Outcome {
    let address = escrow::config_address(id);
    let config = escrow::config(&app.rpc, &address).await?;
    let mints: Vec<String> = config
        .payment_mints
        .iter()
        .take(usize::from(config.payment_mint_count))
        .map(|entry| entry.mint.to_string())
        .collect();
    let court = escrow::court_params(&config.court);
    let attestors: Vec<String> = court
        .attestors
        .iter()
        .filter(|key| **key != Address::default())
        .map(ToString::to_string)
        .collect();
    let sol = |lamports| format!("{} SOL", amount::sol(lamports));
    let spans = [
        court.answer_seconds,
        court.seed_seconds,
        court.vote_seconds,
        court.reveal_seconds,
        court.appeal_seconds,
        court.ruling_seconds,
    ]
    .map(|seconds| span::words(u64::from(seconds)));
    let bond = config.court.bond_lamports(config.crank_bounty_lamports.get());
    output::facts(
        &[
            ("config", address.to_string()),
            ("realm", config.realm.to_string()),
            ("authority", config.authority.to_string()),
            ("treasury", config.treasury.to_string()),
            ("rehearsal", (config.is_rehearsal == 1).to_string()),
            ("fee ppm", config.fee_ppm.get().to_string()),
            ("crank bounty", sol(config.crank_bounty_lamports.get())),
            ("least bond", sol(config.min_bond_lamports.get())),
            ("payment mints", mints.join(", ")),
            ("attestors", attestors.join(", ")),
            ("pay of a juror's seat", sol(court.seat_fee_lamports)),
            ("least stake of a juror", sol(court.juror_stake_lamports)),
            ("bond of a challenge", bond.map_or_else(String::new, sol)),
            ("times answer/seed/vote/reveal/appeal/ruling", spans.join("/")),
        ],
        app.global.json,
    );
    Ok(())
}
