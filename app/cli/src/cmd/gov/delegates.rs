//! Lending one's budget, and voting with what was lent.

use {
    super::{
        members::{current_epoch, stake_of, PROGRAM},
        show::votes,
    },
    crate::{
        app::{App, Outcome},
        args::Delegate,
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{self, standing::option_name, DelegatePool, Member},
        send::Plan,
        Address, Error,
    },
    quadratic_governance::constants::WHOLE_SHARES,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Decimal places of a share.
const SHARE_DECIMALS: u8 = 6;
/// A whole share as it is typed.
const WHOLE: u64 = 1_000_000;
/// A whole share as it is stored.
const WHOLE_Q16: u64 = 1 << 16;

/// Carries a verb of `gov delegate` out.
pub async fn run(app: &App, verb: Delegate) -> Outcome {
    if let Delegate::List = verb {
        return list(app).await;
    }
    if let Delegate::Show {
        delegate: Some(delegate),
    } = verb
    {
        return show(app, &Member::of_wallet(&app.rpc, app.realm(), delegate).await?).await;
    }
    let signer = app.signer()?;
    let realm = app.realm();
    let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
    let (label, instruction): (String, Instruction) = match verb {
        Delegate::Open => ("let others lend you their budgets".to_owned(), member.open_pool()),
        Delegate::Close => {
            let pool: DelegatePool = accounts::fetch(&app.rpc, &PROGRAM, &member.pool()).await?;
            ("close your pool".to_owned(), member.close_pool(pool.rent_payer))
        }
        Delegate::Join { delegate } => {
            let to = Member::of_wallet(&app.rpc, realm, delegate).await?;
            if app.rpc.account(&to.pool()).await?.is_none() {
                let expected = format!("the pool of delegate {delegate}");
                let remedy = "The delegate opens it: `commonweal gov delegate open`";
                return Err(Error::account(to.pool(), expected, "nothing", remedy).into());
            }
            let has_stake = stake_of(app, &member).await?.is_some();
            let join = member.join_delegate(to.person, has_stake);
            (format!("lend the budget to {delegate} from the next epoch on"), join)
        }
        Delegate::Extend => {
            let delegate = delegate_of(app, &member).await?;
            ("extend the delegation".to_owned(), member.extend_delegation(delegate))
        }
        Delegate::Leave { at_epoch_end } => {
            delegate_of(app, &member).await?;
            let state = member.state(&app.rpc).await?;
            let leave = governance::leave_for(&app.rpc, signer.pubkey(), member.person, &state, at_epoch_end).await?;
            let when = if at_epoch_end { "with the epoch's end" } else { "now" };
            (format!("take the budget back {when}"), leave)
        }
        Delegate::Cast {
            proposal,
            option,
            share,
        } => return cast(app, &member, proposal, option, &share).await,
        Delegate::Show { .. } | Delegate::List => return show(app, &member).await,
    };
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

async fn delegate_of(app: &App, member: &Member) -> Outcome<Address> {
    let delegate = member.state(&app.rpc).await?.delegate;
    if delegate == Address::default() {
        let remedy = "Lend it first: `commonweal gov delegate join`";
        return Err(Error::account(member.person, "a person who delegates", "nobody to whom", remedy).into());
    }
    Ok(delegate)
}

/// A share such as 0.5 as it is stored.
fn share_q16(text: &str) -> Outcome<u32> {
    let typed = amount::parse(text, SHARE_DECIMALS)?;
    let share = typed.saturating_mul(WHOLE_Q16).checked_div(WHOLE).unwrap_or(0);
    u32::try_from(share)
        .ok()
        .filter(|_| typed <= WHOLE)
        .ok_or_else(|| Error::refused(format!("a share of {text} is more than all"), "Write 0 to 1").into())
}

/// Shares squared as a part of the credits, in percent with one decimal place.
fn credits_percent(square_q32: u64) -> String {
    let ppm = square_q32.checked_div(WHOLE_SHARES.checked_div(1_000_000).unwrap_or(1));
    super::show::percent(ppm.unwrap_or(0).min(1_000_000))
}

async fn cast(app: &App, member: &Member, index: u32, option: u8, text: &str) -> Outcome {
    let signer = app.signer()?;
    let share = share_q16(text)?;
    let proposal = governance::proposal_address(&member.realm, index);
    let cast = member.cast_delegated(proposal, option, share);
    let square = u64::from(share).saturating_mul(u64::from(share));
    let label = format!(
        "give {text} of everybody's votes ({} of their credits) to {} of proposal {index}",
        credits_percent(square),
        option_name(option)
    );
    app.execute(Plan::new(label, vec![cast], &[&signer])).await?;
    if !app.global.unsigned && !app.global.dry_run {
        show(app, member).await?;
    }
    Ok(())
}

/// The pool as it will be after the next write: brought to the epoch.
async fn pool_of(app: &App, address: &Address, epoch: u32) -> Outcome<DelegatePool> {
    let mut pool: DelegatePool = accounts::fetch(&app.rpc, &PROGRAM, address).await?;
    // a cluster's clock can step back; then it is shown as it is
    let _ = pool.roll(epoch);
    Ok(pool)
}

fn sums(cohorts: &[quadratic_governance::state::Cohort; 16]) -> (u32, u64) {
    cohorts.iter().fold((0, 0), |(persons, roots), cohort| {
        (
            persons.saturating_add(cohort.persons.get()),
            roots.saturating_add(cohort.roots.get()),
        )
    })
}

async fn show(app: &App, member: &Member) -> Outcome {
    let epoch = current_epoch(app).await?;
    let pool = pool_of(app, &member.pool(), epoch).await?;
    let ((persons, roots), (joining, more)) = (sums(&pool.lent), sums(&pool.joining));
    output::facts(
        &[
            ("pool", member.pool().to_string()),
            ("delegate", member.wallet.to_string()),
            (
                "lent in this epoch",
                format!("{persons} persons, {roots} votes at most"),
            ),
            ("from the next one on", format!("{joining} persons more, {more} votes")),
            ("credits given", credits_percent(pool.spent_q32.get())),
            (
                "credits left",
                credits_percent(WHOLE_SHARES.saturating_sub(pool.spent_q32.get())),
            ),
        ],
        app.global.json,
    );
    let rows: Vec<Vec<String>> = pool
        .entries
        .iter()
        .filter(|entry| entry.share_q16.get() > 0)
        .map(|entry| {
            let share = u64::from(entry.share_q16.get());
            vec![
                entry.proposal_index.get().to_string(),
                option_name(entry.option),
                votes(share.saturating_mul(roots)),
                credits_percent(share.saturating_mul(share)),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let headings = ["proposal", "option", "votes", "of the credits"];
        output::list(&headings, rows, &[0, 2, 3], app.global.json);
    }
    Ok(())
}

async fn list(app: &App) -> Outcome {
    let mut rows = Vec::new();
    let epoch = current_epoch(app).await?;
    for (address, mut pool) in governance::pools(&app.rpc, &app.realm()).await? {
        let _ = pool.roll(epoch);
        let delegate = governance::person(&app.rpc, &pool.delegate).await?;
        let ((persons, roots), (joining, _)) = (sums(&pool.lent), sums(&pool.joining));
        rows.push(vec![
            delegate.wallet.to_string(),
            address.to_string(),
            persons.to_string(),
            roots.to_string(),
            joining.to_string(),
        ]);
    }
    let headings = ["delegate", "pool", "persons", "votes at most", "joining"];
    output::list(&headings, rows, &[2, 3, 4], app.global.json);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_votes_costs_a_quarter_of_the_credits() {
        let half = share_q16("0.5").unwrap();
        assert_eq!(half, 1 << 15);
        assert_eq!(credits_percent(u64::from(half).saturating_mul(u64::from(half))), "25 %");
        assert_eq!(share_q16("1").unwrap(), 65_536);
        assert!(share_q16("1.000001").is_err());
        assert_eq!(credits_percent(WHOLE_SHARES), "100 %");
    }
}
