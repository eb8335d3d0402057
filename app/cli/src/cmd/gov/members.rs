//! Stakes, ballots and votes.

use {
    super::show::countdown,
    crate::{
        app::{App, Outcome},
        args::Ballot,
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{
            self,
            standing::{epoch_of, next_vote, option_name, stage},
            statement::unhex,
            Ballot as BallotState, Member, Stake,
        },
        keys,
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// The governance program.
pub const PROGRAM: Address = ids::QUADRATIC_GOVERNANCE;

/// Reads hexadecimal digits.
pub fn hexadecimal(text: &str) -> Outcome<Vec<u8>> {
    let refuse = || {
        Error::refused(
            format!("`{text}` is not a text of hexadecimal digits, two to a byte"),
            "Check it",
        )
    };
    Ok(unhex(text).ok_or_else(refuse)?)
}

/// A person's stake, as this wallet deposited it.
pub async fn stake_of(app: &App, member: &Member) -> Outcome<Option<Stake>> {
    Ok(accounts::find(&app.rpc, &PROGRAM, &member.stake()).await?)
}

/// Stakes; opens the stake where there is none.
pub async fn stake(app: &App, text: &str) -> Outcome {
    let signer = app.signer()?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let mint = tokens::mint(&app.rpc, &member.mint).await?;
    let atoms = amount::parse(text, mint.state.decimals)?;
    let source = tokens::associated(&signer.pubkey(), &mint.address, &mint.token_program);
    tokens::require(&app.rpc, &source, &mint, atoms).await?;
    let mut instructions = Vec::new();
    if stake_of(app, &member).await?.is_none() {
        instructions.push(member.open_stake());
    }
    instructions.push(member.deposit_stake(atoms));
    app.execute(Plan::new(format!("stake {text}"), instructions, &[&signer]))
        .await?;
    Ok(())
}

/// Takes stake back; with `all` also the account.
pub async fn unstake(app: &App, text: &str, person: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let member = match person {
        Some(person) => Member::at(&app.rpc, app.realm(), person, signer.pubkey()).await?,
        None => Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?,
    };
    let mint = tokens::mint(&app.rpc, &member.mint).await?;
    let account = tokens::create_associated(&signer.pubkey(), &signer.pubkey(), &member.mint, &member.token_program);
    let mut instructions = vec![account];
    let state = stake_of(app, &member).await?.ok_or_else(|| {
        let remedy = "Nothing is left to take back; if the person has moved to another wallet, name it with --person";
        Error::account(member.stake(), "your stake", "nothing", remedy)
    })?;
    if text == "all" {
        let held = state.amount_atoms.get();
        if held > 0 {
            instructions.push(member.withdraw_stake(held));
        }
        instructions.push(member.close_stake());
    } else {
        instructions.push(member.withdraw_stake(amount::parse(text, mint.state.decimals)?));
    }
    app.execute(Plan::new(format!("unstake {text}"), instructions, &[&signer]))
        .await?;
    Ok(())
}

/// The realm's epoch by the cluster's clock.
pub async fn current_epoch(app: &App) -> Outcome<u32> {
    let realm = app.realm();
    let state = governance::realm(&app.rpc, &realm).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    Ok(epoch_of(&realm, &state, now_ts)?)
}

/// Carries a verb of `gov ballot` out.
pub async fn ballot(app: &App, verb: Ballot) -> Outcome {
    let signer = app.signer()?;
    if let Ballot::Close {
        epoch,
        person: Some(person),
    } = verb
    {
        let member = Member::at(&app.rpc, app.realm(), person, signer.pubkey()).await?;
        return close_ballot(app, &member, epoch).await;
    }
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    match verb {
        Ballot::Open { payer } => {
            let payer = match payer {
                Some(path) => keys::read(&path)?,
                None => signer.insecure_clone(),
            };
            let epoch = current_epoch(app).await?;
            let has_stake = stake_of(app, &member).await?.is_some();
            let open = member.open_ballot(payer.pubkey(), epoch, has_stake);
            let label = format!("open the ballot of epoch {epoch}");
            app.execute(Plan::new(label, vec![open], &[&payer, &signer])).await?;
        }
        Ballot::Show { epoch } => {
            let epoch = match epoch {
                Some(epoch) => epoch,
                None => current_epoch(app).await?,
            };
            let state: BallotState = accounts::fetch(&app.rpc, &PROGRAM, &member.ballot(epoch)).await?;
            let budget = state.budget_credits.get();
            let spent = state.spent_credits.get();
            let facts = [
                ("ballot", member.ballot(epoch).to_string()),
                ("epoch", epoch.to_string()),
                ("budget", budget.to_string()),
                ("spent", spent.to_string()),
                ("left", budget.saturating_sub(spent).to_string()),
            ];
            output::facts(&facts, app.global.json);
            let rows = state
                .entries
                .iter()
                .filter(|entry| entry.votes.get() > 0)
                .map(|entry| {
                    let votes = entry.votes.get();
                    vec![
                        entry.proposal_index.get().to_string(),
                        entry.option.to_string(),
                        votes.to_string(),
                        u64::from(votes).saturating_mul(u64::from(votes)).to_string(),
                    ]
                })
                .collect();
            output::list(
                &["proposal", "option", "votes", "credits"],
                rows,
                &[0, 1, 2, 3],
                app.global.json,
            );
        }
        Ballot::Close { epoch, .. } => close_ballot(app, &member, epoch).await?,
    }
    Ok(())
}

async fn close_ballot(app: &App, member: &Member, epoch: u32) -> Outcome {
    let signer = app.signer()?;
    let state: BallotState = accounts::fetch(&app.rpc, &PROGRAM, &member.ballot(epoch)).await?;
    let close = member.close_ballot(epoch, state.rent_payer);
    let label = format!("close the ballot of epoch {epoch}");
    app.execute(Plan::new(label, vec![close], &[&signer])).await?;
    Ok(())
}

/// Sets the votes on a proposal.
pub async fn vote(app: &App, index: u32, option: u8, votes: u32) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
    let address = governance::proposal_address(&realm, index);
    let proposal = governance::proposal(&app.rpc, &address).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    if proposal.validate_voting(now_ts).is_err() {
        let found = format!("{}; next: {}", stage(&proposal, now_ts), countdown(&proposal, now_ts));
        let remedy = "Vote from the start of its vote to the end";
        return Err(Error::account(address, "a proposal that is voted on now", found, remedy).into());
    }
    let epoch = proposal.vote_epoch.get();
    let at = member.ballot(epoch);
    let ballot: Option<BallotState> = accounts::find(&app.rpc, &PROGRAM, &at).await?;
    let ballot = ballot.ok_or_else(|| {
        let expected = format!("your ballot of epoch {epoch}");
        let remedy = "Open it in that epoch: `commonweal gov ballot open`";
        Error::account(at, expected, "nothing", remedy)
    })?;
    let cast = member.cast_votes(epoch, address, option, votes);
    let cost = u64::from(votes).saturating_mul(u64::from(votes));
    let label = format!(
        "cast {votes} votes ({cost} credits) for {} of proposal {index}",
        option_name(option)
    );
    app.execute(Plan::new(label, vec![cast], &[&signer])).await?;
    if app.global.unsigned {
        return Ok(());
    }
    // what a rehearsal would leave is worked out; what was sent is read again
    let (budget, spent) = if app.global.dry_run {
        let before = votes_on(&ballot, index);
        let before = u64::from(before).saturating_mul(u64::from(before));
        let spent = u64::from(ballot.spent_credits.get())
            .saturating_sub(before)
            .saturating_add(cost);
        (ballot.budget_credits.get(), u32::try_from(spent).unwrap_or(u32::MAX))
    } else {
        let ballot: BallotState = accounts::fetch(&app.rpc, &PROGRAM, &at).await?;
        (ballot.budget_credits.get(), ballot.spent_credits.get())
    };
    let next = next_vote(votes, budget.saturating_sub(spent));
    output::facts(
        &[
            (
                "your votes on it",
                format!("{votes} for {}, {cost} credits", option_name(option)),
            ),
            ("the next vote costs", format!("{} credits", next.cost)),
            ("left", format!("{} of {budget} credits", next.left)),
            ("most votes they buy here", next.most.to_string()),
        ],
        app.global.json,
    );
    Ok(())
}

/// The votes a ballot has on a proposal.
pub fn votes_on(ballot: &BallotState, index: u32) -> u32 {
    let entry = ballot
        .entries
        .iter()
        .find(|entry| entry.proposal_index == index && entry.votes.get() > 0);
    entry.map_or(0, |entry| u32::from(entry.votes.get()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_become_bytes_and_nothing_else_does() {
        assert_eq!(hexadecimal("00ff1A").unwrap(), [0, 255, 26]);
        assert!(hexadecimal("").unwrap().is_empty());
        for text in ["0", "0g", "0x00", " 00", "é0"] {
            assert!(hexadecimal(text).is_err(), "{text:?}");
        }
    }
}
