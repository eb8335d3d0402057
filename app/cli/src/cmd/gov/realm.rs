//! Realms and their treasuries.

use {
    crate::{
        app::{App, Outcome},
        args::{CreateRealm, Realm},
        output,
    },
    commonweal_client::{
        amount,
        governance::{self, ChamberChoice, RealmChoice, RealmParameters},
        pool,
        send::Plan,
    },
    quadratic_governance::{constants::LANE_OUTFLOW_CAP_PPM, math::credits},
    solana_signer::Signer,
};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Carries a verb of `gov realm` out.
pub async fn run(app: &App, verb: Realm) -> Outcome {
    match verb {
        Realm::Show => show(app).await,
        Realm::Treasury => treasury(app).await,
        Realm::Create(options) => create(app, *options).await,
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
        cluster: app.rpc.genesis_hash().await?.to_bytes(),
        chambers: ChamberChoice {
            liquidity_config: options
                .pool_config
                .map_or([0; 32], |number| pool::config_address(number).to_bytes()),
            escrow_config_number: options
                .escrow_config
                .map_or(0, |number| u32::from(number).saturating_add(1)),
        },
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
            upgrade_timelock_s: options.upgrade_timelock_s,
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
            identity_cost_lamports: amount::parse(&options.identity_cost, amount::SOL_DECIMALS)?,
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
            ("treasury", "`commonweal gov realm treasury`".to_owned()),
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
            (
                "timelock",
                format!(
                    "{} s, {} s of upgrades",
                    rules.timelock_s.get(),
                    rules.upgrade_timelock_s.get()
                ),
            ),
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
            (
                "a faked person costs",
                format!("{} SOL", amount::sol(rules.identity_cost_lamports.get())),
            ),
            (
                "chambers",
                format!(
                    "{} seats of locked liquidity, {} of GPU providers",
                    realm.chamber_seats.first().map_or(0, |seats| seats.get()),
                    realm.chamber_seats.last().map_or(0, |seats| seats.get())
                ),
            ),
            (
                "parameters that wait",
                match realm.next_rules_epoch.get() {
                    0 => "none".to_owned(),
                    from => format!("from epoch {from} on"),
                },
            ),
        ],
        app.global.json,
    );
    Ok(())
}

/// What each lane holds, and how much of it may leave in this epoch.
async fn treasury(app: &App) -> Outcome {
    let address = app.realm();
    let realm = governance::realm(&app.rpc, &address).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let epoch = realm.epoch_at(now_ts).unwrap_or(0);
    let by_persons = credits::identity_cap_floor(
        realm.rules_for(epoch).identity_cost_lamports.get(),
        realm.voting_persons_q16(),
    );
    let mut rows = Vec::new();
    for (lane, book) in (0u8..).zip(&realm.lanes) {
        let at = governance::treasury_address(&address, lane);
        let held = app.rpc.account(&at).await?.map_or(0, |account| account.lamports);
        // the book of an earlier epoch is opened anew with what is there
        let (start, out) = if book.epoch == epoch && book.start_lamports.get() != 0 {
            (book.start_lamports.get(), book.outflow_lamports.get())
        } else {
            (held, 0)
        };
        let cap = credits::outflow_cap_floor(start, LANE_OUTFLOW_CAP_PPM)
            .unwrap_or(0)
            .min(by_persons);
        rows.push(vec![
            lane.to_string(),
            match lane {
                0 => "governs",
                3 => "shares with the voters",
                _ => "pays",
            }
            .to_owned(),
            at.to_string(),
            amount::sol(held),
            amount::sol(cap.saturating_sub(out)),
        ]);
    }
    let headings = ["lane", "what for", "address", "SOL", "may leave this epoch"];
    output::list(&headings, rows, &[0, 3, 4], app.global.json);
    Ok(())
}
