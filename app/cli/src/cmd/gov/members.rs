//! Persons, stakes, ballots and votes.

use {
    crate::{
        app::{App, Outcome},
        args::{Ballot, Person},
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{self, Ballot as BallotState, Member, Person as PersonState, Stake},
        keys,
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const PROGRAM: Address = ids::QUADRATIC_GOVERNANCE;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Reads hexadecimal digits.
pub fn hexadecimal(text: &str) -> Outcome<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    let refuse = || {
        Error::refused(
            format!("`{text}` is not a text of hexadecimal digits, two to a byte"),
            "Check it",
        )
    };
    let digits = digits.ok_or_else(refuse)?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high.wrapping_shl(4) | low),
        _ => None,
    });
    Ok(pairs.collect::<Option<Vec<u8>>>().ok_or_else(refuse)?)
}

/// Carries a verb of `gov person` out.
pub async fn person(app: &App, verb: Person) -> Outcome {
    match verb {
        Person::Register {
            wallet,
            attestors,
            nullifier,
            days,
        } => {
            let payer = app.signer()?;
            let wallet = match wallet {
                Some(path) => keys::read(&path)?,
                None => payer.insecure_clone(),
            };
            let attestors: Vec<Keypair> = attestors
                .iter()
                .map(|path| keys::read(path))
                .collect::<Result<_, _>>()?;
            let bytes = hexadecimal(&nullifier)?;
            let nullifier: [u8; 32] = bytes
                .try_into()
                .map_err(|_| Error::refused("a nullifier has 32 bytes", "Write 64 hexadecimal digits"))?;
            let validity = i64::from(days).saturating_mul(DAY_SECONDS);
            let expires_ts = app.rpc.clock().await?.unix_ts.saturating_add(validity);
            let vouching: Vec<Address> = attestors.iter().map(Keypair::pubkey).collect();
            let register = governance::register_person(
                payer.pubkey(),
                wallet.pubkey(),
                app.realm(),
                &vouching,
                nullifier,
                expires_ts,
            )?;
            let signers: Vec<&Keypair> = [&payer, &wallet].into_iter().chain(&attestors).collect();
            let label = format!("register the person of wallet {}", wallet.pubkey());
            app.execute(Plan::new(label, vec![register], &signers)).await?;
            Ok(())
        }
        Person::Show { wallet } => {
            let wallet = match wallet {
                Some(wallet) => wallet,
                None => app.signer()?.pubkey(),
            };
            let member = Member::of_wallet(&app.rpc, app.realm(), wallet).await?;
            let state: PersonState = accounts::fetch(&app.rpc, &PROGRAM, &member.person).await?;
            let stake = stake_of(app, &member).await?;
            let mint = tokens::mint(&app.rpc, &member.mint).await?;
            output::facts(
                &[
                    ("person", member.person.to_string()),
                    ("wallet", wallet.to_string()),
                    ("registered in epoch", state.registered_epoch.get().to_string()),
                    ("expires", state.expires_ts.get().to_string()),
                    ("cohort", state.bucket.to_string()),
                    (
                        "stake",
                        amount::format(stake.map_or(0, |stake| stake.amount_atoms.get()), mint.state.decimals),
                    ),
                ],
                app.global.json,
            );
            Ok(())
        }
        Person::List => {
            let persons = governance::persons(&app.rpc, &app.realm()).await?;
            let rows = persons
                .iter()
                .map(|(address, person)| {
                    vec![
                        address.to_string(),
                        person.wallet.to_string(),
                        person.registered_epoch.get().to_string(),
                        person.expires_ts.get().to_string(),
                        person.bucket.to_string(),
                    ]
                })
                .collect();
            let headings = ["person", "wallet", "since epoch", "expires", "cohort"];
            output::list(&headings, rows, &[2, 3, 4], app.global.json);
            Ok(())
        }
    }
}

async fn stake_of(app: &App, member: &Member) -> Outcome<Option<Stake>> {
    let address = governance::stake_address(&member.realm, &member.person);
    Ok(accounts::find(&app.rpc, &PROGRAM, &address).await?)
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
pub async fn unstake(app: &App, text: &str) -> Outcome {
    let signer = app.signer()?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let mint = tokens::mint(&app.rpc, &member.mint).await?;
    let account = tokens::create_associated(&signer.pubkey(), &signer.pubkey(), &member.mint, &member.token_program);
    let mut instructions = vec![account];
    let state = stake_of(app, &member).await?.ok_or_else(|| {
        let address = governance::stake_address(&member.realm, &member.person);
        Error::account(address, "your stake", "nothing", "There is nothing to take back")
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

async fn current_epoch(app: &App) -> Outcome<u32> {
    let realm = app.realm();
    let state = governance::realm(&app.rpc, &realm).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    Ok(state.epoch_at(now_ts).map_err(|_| {
        Error::account(
            realm,
            "a realm whose epoch 0 has begun",
            format!("cluster time {now_ts}"),
            "Wait a moment",
        )
    })?)
}

/// Carries a verb of `gov ballot` out.
pub async fn ballot(app: &App, verb: Ballot) -> Outcome {
    let signer = app.signer()?;
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
        Ballot::Close { epoch } => {
            let state: BallotState = accounts::fetch(&app.rpc, &PROGRAM, &member.ballot(epoch)).await?;
            let close = member.close_ballot(epoch, state.rent_payer);
            app.execute(Plan::new(
                format!("close the ballot of epoch {epoch}"),
                vec![close],
                &[&signer],
            ))
            .await?;
        }
    }
    Ok(())
}

/// Sets the votes on a proposal.
pub async fn vote(app: &App, index: u32, option: u8, votes: u32) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
    let address = governance::proposal_address(&realm, index);
    let proposal = governance::proposal(&app.rpc, &address).await?;
    let epoch = proposal.vote_epoch.get();
    if epoch == quadratic_governance::constants::NO_EPOCH {
        return Err(Error::account(address, "a submitted proposal", "a draft", "Wait until it is submitted").into());
    }
    let ballot = member.ballot(epoch);
    if app.rpc.account(&ballot).await?.is_none() {
        let expected = format!("your ballot of epoch {epoch}");
        let remedy = "Open it in that epoch: `commonweal gov ballot open`";
        return Err(Error::account(ballot, expected, "nothing", remedy).into());
    }
    let cast = member.cast_votes(epoch, address, option, votes);
    let cost = u64::from(votes).saturating_mul(u64::from(votes));
    let label = format!("cast {votes} votes ({cost} credits) for option {option} of proposal {index}");
    app.execute(Plan::new(label, vec![cast], &[&signer])).await?;
    Ok(())
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
