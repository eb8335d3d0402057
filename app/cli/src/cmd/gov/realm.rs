//! Realms and attestors.

use {
    crate::{
        app::{App, Outcome},
        args::{Attestor, CreateRealm, Realm},
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{self, RealmChoice, RealmParameters},
        send::Plan,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Carries a verb of `gov realm` out.
pub async fn run(app: &App, verb: Realm) -> Outcome {
    match verb {
        Realm::Show => show(app).await,
        Realm::Create(options) => create(app, options).await,
    }
}

async fn create(app: &App, options: CreateRealm) -> Outcome {
    let signer = app.signer()?;
    let founder = signer.pubkey();
    let sunset = i64::from(options.sunset_days).saturating_mul(DAY_SECONDS);
    let sunset_ts = app.rpc.clock().await?.unix_ts.saturating_add(sunset);
    let choice = RealmChoice {
        rehearsal: options.rehearsal,
        nullifier_scheme: 0,
        guardian: options.guardian.unwrap_or(founder).to_bytes(),
        founder_sunset_ts: sunset_ts,
        guardian_sunset_ts: sunset_ts,
        parameters: RealmParameters {
            epoch_s: options.epoch_s,
            voting_s: options.voting_s,
            extension_s: options.extension_s,
            late_window_s: options.late_window_s,
            challenge_s: options.challenge_s,
            review_s: options.review_s,
            timelock_s: options.timelock_s,
            execution_window_s: options.execution_window_s,
            base_credits: options.base_credits,
            max_bonus_credits: options.max_bonus_credits,
            stake_atoms_per_credit: options.stake_atoms_per_credit,
            min_persons: options.min_persons,
            quorum_persons_ppm: options.quorum_persons_ppm,
            quorum_credits_ppm: options.quorum_credits_ppm,
            normal_threshold_ppm: options.normal_threshold_ppm,
            high_threshold_ppm: options.high_threshold_ppm,
            cohort_floor_votes: options.cohort_floor_votes,
            proposal_bond_lamports: amount::parse(&options.bond, amount::SOL_DECIMALS)?,
            attestations: options.attestations,
        },
    };
    let create = governance::create_realm(founder, &options.name, options.mint, choice);
    let label = format!(
        "found realm \"{}\" at {}",
        options.name,
        governance::realm_address(&options.name)
    );
    app.execute(Plan::new(label, vec![create], &[&signer])).await?;
    Ok(())
}

async fn show(app: &App) -> Outcome {
    let address = app.realm();
    let realm = governance::realm(&app.rpc, &address).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let epoch = realm.epoch_at(now_ts).unwrap_or(0);
    let next_ts = realm.epoch_end(epoch).unwrap_or(now_ts);
    let treasury = governance::treasury_address(&address, 0);
    let held = app.rpc.account(&treasury).await?.map_or(0, |account| account.lamports);
    let power = |sunset_ts: i64| {
        if now_ts < sunset_ts {
            format!("until {sunset_ts}")
        } else {
            "over".to_owned()
        }
    };
    let rules = &realm.rules;
    output::facts(
        &[
            ("realm", address.to_string()),
            ("rehearsal", realm.is_rehearsal().to_string()),
            ("governing mint", realm.governing_mint.to_string()),
            (
                "founder",
                format!("{}, {}", realm.founder, power(realm.founder_sunset_ts.get())),
            ),
            (
                "guardian",
                format!("{}, {}", realm.guardian, power(realm.guardian_sunset_ts.get())),
            ),
            (
                "epoch",
                format!("{epoch}, the next in {} s", next_ts.saturating_sub(now_ts)),
            ),
            ("persons", realm.persons.get().to_string()),
            ("attestors", realm.attestor_count.to_string()),
            ("proposals", realm.proposal_count.get().to_string()),
            ("treasury", format!("{treasury}, {} SOL", amount::sol(held))),
            (
                "credits",
                format!(
                    "{} + at most {} for stake",
                    rules.base_credits.get(),
                    rules.max_bonus_credits.get()
                ),
            ),
            (
                "voting",
                format!("{} s of {} s", rules.voting_s.get(), realm.epoch_s.get()),
            ),
            ("challenge", format!("{} s", rules.challenge_s.get())),
            ("timelock", format!("{} s", rules.timelock_s.get())),
            (
                "thresholds ppm",
                format!(
                    "{} for payments, {} else",
                    rules.normal_threshold_ppm.get(),
                    rules.high_threshold_ppm.get()
                ),
            ),
            (
                "bond",
                format!("{} SOL", amount::sol(rules.proposal_bond_lamports.get())),
            ),
        ],
        app.global.json,
    );
    Ok(())
}

/// Carries a verb of `gov attestor` out.
pub async fn attestor(app: &App, verb: Attestor) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let plan = match verb {
        Attestor::Add { key, slot, quota } => {
            let add = governance::add_attestor(signer.pubkey(), realm, key, slot, quota);
            Plan::new(format!("add attestor {key} in slot {slot}"), vec![add], &[&signer])
        }
        Attestor::Disable { key } => {
            let address = governance::attestor_address(&realm, &key);
            let state: quadratic_governance::state::Attestor =
                accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
            let disable = governance::disable_attestor(signer.pubkey(), realm, key, state.rent_payer);
            Plan::new(format!("disable attestor {key}"), vec![disable], &[&signer])
        }
    };
    app.execute(plan).await?;
    Ok(())
}
