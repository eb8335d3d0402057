//! `commonweal gov status`: where the realm and the signer's person stand, and what is due.

use {
    super::{persons::standing, show::countdown, treasury::yours},
    crate::{
        app::{App, Outcome},
        args::span,
        output,
    },
    commonweal_client::{
        accounts,
        governance::{
            self,
            standing::{epoch_of, is_over, leading, option_name, stage},
            Ballot, Member, Realm,
        },
        Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Shows it.
pub async fn run(app: &App) -> Outcome {
    let address = app.realm();
    let realm = governance::realm(&app.rpc, &address).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let epoch = epoch_of(&address, &realm, now_ts)?;
    let next = realm.epoch_end(epoch).unwrap_or(now_ts).saturating_sub(now_ts);
    let mut facts = vec![
        ("realm", address.to_string()),
        (
            "epoch",
            format!("{epoch}, the next in {}", span::words(u64::try_from(next).unwrap_or(0))),
        ),
        ("persons", realm.persons.get().to_string()),
        (
            "voted",
            if realm.counted_epoch == epoch {
                format!("{} persons in this epoch", realm.ballots_in_epoch.get())
            } else {
                "nobody in this epoch".to_owned()
            },
        ),
    ];
    facts.extend(personal(app, &realm, epoch, now_ts).await?);
    output::facts(&facts, app.global.json);
    let rows: Vec<Vec<String>> = governance::proposals(&app.rpc, &address)
        .await?
        .iter()
        .filter(|(_, proposal)| !is_over(proposal, now_ts))
        .map(|(_, proposal)| {
            let (leader, passes) = leading(proposal);
            vec![
                proposal.index.get().to_string(),
                stage(proposal, now_ts).to_owned(),
                countdown(proposal, now_ts),
                option_name(leader),
                if passes { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() || app.global.json {
        let headings = ["proposal", "stage", "next", "leads", "would pass"];
        output::list(&headings, rows, &[0], app.global.json);
    }
    Ok(())
}

/// How the signer's person stands, if there is a signer and a person.
async fn personal(app: &App, realm: &Realm, epoch: u32, now_ts: i64) -> Outcome<Vec<(&'static str, String)>> {
    let Ok(signer) = app.signer() else {
        return Ok(Vec::new());
    };
    let member = match Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await {
        Ok(member) => member,
        Err(Error::Account { .. }) => {
            return Ok(vec![(
                "you",
                "not registered: `commonweal gov person register`".to_owned(),
            )])
        }
        Err(error) => return Err(error.into()),
    };
    let person = member.state(&app.rpc).await?;
    let ballot: Option<Ballot> = accounts::find(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &member.ballot(epoch)).await?;
    let votes = match ballot {
        Some(ballot) => format!(
            "{} of {} credits left",
            ballot.budget_credits.get().saturating_sub(ballot.spent_credits.get()),
            ballot.budget_credits.get()
        ),
        None if person.delegates_in(epoch) => format!("your delegate votes, person {}", person.delegate),
        None => match person.validate_can_open_ballot(epoch, now_ts) {
            Ok(()) => format!(
                "not opened: {} credits and more for stake, `commonweal gov ballot open`",
                realm.rules_for(epoch).base_credits.get()
            ),
            Err(_) if person.validate_age(epoch).is_err() => {
                let from = person.registered_epoch.get().saturating_add(2);
                format!("not before epoch {from}")
            }
            Err(_) => "none".to_owned(),
        },
    };
    let mut due = 0usize;
    for (_, dividend) in governance::dividends(&app.rpc, &app.realm()).await? {
        if yours(app, Some(&member), &dividend).await? == "to claim" {
            due = due.saturating_add(1);
        }
    }
    let mut facts = vec![
        ("you", standing(&person, epoch, now_ts)),
        ("ballot", votes),
        (
            "dividends",
            match due {
                0 => "none to claim".to_owned(),
                due => format!("{due} to claim: `commonweal gov dividend list`"),
            },
        ),
    ];
    if person.delegation_lives(epoch) && !person.delegates_in(epoch) {
        facts.push((
            "delegation",
            format!("from epoch {} on", person.delegate_from_epoch.get()),
        ));
    }
    if person.recovery_from_ts.get() != 0 {
        let warning = format!(
            "to wallet {}: if you did not ask for it, `commonweal gov person cancel-recovery`",
            person.recovery_wallet
        );
        facts.push(("recovery under way", warning));
    }
    Ok(facts)
}
