//! Persons: registering them and what attestors, wallets and anybody do with a registration.

use {
    super::{
        attest::Vouched,
        attestors::nullifier,
        members::{current_epoch, stake_of, PROGRAM},
    },
    crate::{
        app::{App, Outcome},
        args::{span, Person, Vouching, Whom},
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{self, Act, Ballot, Member, Person as PersonState, PersonAct},
        job::wasm::hex,
        keys,
        send::Plan,
        tokens, Address, Error,
    },
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    std::path::PathBuf,
};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// Seconds in which a transaction that attestors sign themselves can be used.
const SIGNED_SECONDS: i64 = 3_600;

/// Carries a verb of `gov person` out.
pub async fn run(app: &App, verb: Person) -> Outcome {
    match verb {
        Person::Register {
            wallet,
            vouching,
            nullifier,
            days,
        } => register(app, wallet, vouching, nullifier, days).await,
        Person::Renew { whom, days } => act(app, PersonAct::Renew, Act::Renew, whom, Some(days)).await,
        Person::Revoke(whom) => act(app, PersonAct::Revoke, Act::Revoke, whom, None).await,
        Person::Reinstate(whom) => act(app, PersonAct::Reinstate, Act::Reinstate, whom, None).await,
        Person::Suspend(whom) => act(app, PersonAct::Suspend, Act::Suspend, whom, None).await,
        Person::Recover { person, vouching } => recover(app, person, vouching).await,
        Person::CancelRecovery => {
            let signer = app.signer()?;
            let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
            let cancel = member.cancel_recovery();
            app.execute(Plan::new("cancel the recovery", vec![cancel], &[&signer]))
                .await?;
            Ok(())
        }
        Person::Move { to, recovered } => move_wallet(app, to, recovered).await,
        Person::Retire { person } => {
            let signer = app.signer()?;
            let retire = governance::retire_person(app.realm(), person);
            let label = format!("take person {person} out of the counts");
            app.execute(Plan::new(label, vec![retire], &[&signer])).await?;
            Ok(())
        }
        Person::Show { wallet } => show(app, wallet).await,
        Person::List => list(app).await,
    }
}

async fn register(app: &App, wallet: Option<PathBuf>, vouching: Vouching, given: Option<String>, days: u16) -> Outcome {
    let payer = app.signer()?;
    let wallet = match wallet {
        Some(path) => keys::read(&path)?,
        None => payer.insecure_clone(),
    };
    let vouched = Vouched::read(app, &vouching, Act::Register, Some(wallet.pubkey())).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let (nullifier, expires_ts, deadline_ts) = match vouched.terms {
        Some(terms) if terms.wallet != wallet.pubkey() => {
            let fact = format!("the statement is about wallet {}", terms.wallet);
            return Err(Error::refused(fact, "Sign with that wallet: --wallet or --keypair").into());
        }
        Some(terms) => (terms.nullifier, terms.expires_ts, terms.deadline_ts),
        None => {
            let text = given.ok_or_else(|| Error::refused("no nullifier is given", "Pass --nullifier"))?;
            let validity = i64::from(days).saturating_mul(DAY_SECONDS);
            (
                nullifier(&text)?,
                now_ts.saturating_add(validity),
                now_ts.saturating_add(SIGNED_SECONDS),
            )
        }
    };
    let register = governance::register_person(
        payer.pubkey(),
        wallet.pubkey(),
        app.realm(),
        &vouched.proofs,
        nullifier,
        expires_ts,
        deadline_ts,
    )?;
    let (instructions, attestors) = vouched.before(register);
    let signers: Vec<&Keypair> = [&payer, &wallet].into_iter().chain(&attestors).collect();
    let label = format!("register the person of wallet {}", wallet.pubkey());
    app.execute(Plan::new(label, instructions, &signers)).await?;
    Ok(())
}

/// The person a statement or a wallet names.
async fn whom_of(app: &App, whom: &Whom, vouched: &Vouched) -> Outcome<(Address, PersonState)> {
    let realm = app.realm();
    let person = match (vouched.terms, whom.wallet) {
        (Some(terms), _) => governance::person_address(&realm, &terms.nullifier),
        (None, Some(wallet)) => Member::of_wallet(&app.rpc, realm, wallet).await?.person,
        (None, None) => {
            let own = app.signer()?.pubkey();
            Member::of_wallet(&app.rpc, realm, own).await?.person
        }
    };
    let state = governance::person(&app.rpc, &person).await?;
    if let Some(terms) = vouched.terms.filter(|terms| terms.nonce != state.next_nonce()) {
        let expected = format!("statement number {}", terms.nonce);
        let found = format!("number {} is the next", state.next_nonce());
        let remedy = "It was used, or another was since: let the attestors sign a fresh one";
        return Err(Error::account(person, expected, found, remedy).into());
    }
    Ok((person, state))
}

async fn act(app: &App, act: PersonAct, said: Act, whom: Whom, days: Option<u16>) -> Outcome {
    let payer = app.signer()?;
    let vouched = Vouched::read(app, &whom.vouching, said, whom.wallet).await?;
    let (person, state) = whom_of(app, &whom, &vouched).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let (expires_ts, deadline_ts) = match (vouched.terms, days) {
        (Some(terms), _) => (terms.expires_ts, terms.deadline_ts),
        (None, Some(days)) => {
            let validity = i64::from(days).saturating_mul(DAY_SECONDS);
            (now_ts.saturating_add(validity), now_ts.saturating_add(SIGNED_SECONDS))
        }
        (None, None) => (0, now_ts.saturating_add(SIGNED_SECONDS)),
    };
    let instruction = governance::act_on_person(
        app.realm(),
        person,
        state.wallet,
        &vouched.proofs,
        act,
        expires_ts,
        deadline_ts,
    )?;
    let (instructions, attestors) = vouched.before(instruction);
    let signers: Vec<&Keypair> = [&payer].into_iter().chain(&attestors).collect();
    let what = match act {
        PersonAct::Renew => "renew",
        PersonAct::Revoke => "revoke",
        PersonAct::Reinstate => "reinstate",
        PersonAct::Recover => "recover",
        PersonAct::Suspend => "suspend",
    };
    app.execute(Plan::new(format!("{what} person {person}"), instructions, &signers))
        .await?;
    Ok(())
}

async fn recover(app: &App, person: Address, vouching: Vouching) -> Outcome {
    let wallet = app.signer()?;
    let vouched = Vouched::read(app, &vouching, Act::Recover, Some(wallet.pubkey())).await?;
    if let Some(terms) = vouched.terms.filter(|terms| terms.wallet != wallet.pubkey()) {
        let fact = format!("the statement is about wallet {}", terms.wallet);
        return Err(Error::refused(fact, "Sign with the wallet it names").into());
    }
    let deadline = app.rpc.clock().await?.unix_ts.saturating_add(SIGNED_SECONDS);
    let (expires_ts, deadline_ts) = vouched
        .terms
        .map_or((0, deadline), |terms| (terms.expires_ts, terms.deadline_ts));
    let instruction = governance::act_on_person(
        app.realm(),
        person,
        wallet.pubkey(),
        &vouched.proofs,
        PersonAct::Recover,
        expires_ts,
        deadline_ts,
    )?;
    let (instructions, attestors) = vouched.before(instruction);
    let signers: Vec<&Keypair> = [&wallet].into_iter().chain(&attestors).collect();
    let label = format!("begin to give person {person} the wallet {}", wallet.pubkey());
    app.execute(Plan::new(label, instructions, &signers)).await?;
    Ok(())
}

async fn move_wallet(app: &App, to: PathBuf, recovered: Option<Address>) -> Outcome {
    let (realm, new) = (app.realm(), keys::read(&to)?);
    let (member, payer) = match recovered {
        Some(person) => {
            let old = governance::person(&app.rpc, &person).await?.wallet;
            (Member::at(&app.rpc, realm, person, old).await?, new.insecure_clone())
        }
        None => {
            let signer = app.signer()?;
            (Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?, signer)
        }
    };
    let rent_payer = member.link_payer(&app.rpc).await?;
    let instruction = member.move_wallet(payer.pubkey(), new.pubkey(), rent_payer, recovered.is_none());
    let label = format!("move person {} to wallet {}", member.person, new.pubkey());
    app.execute(Plan::new(label, vec![instruction], &[&payer, &new]))
        .await?;
    Ok(())
}

/// Takes a revoked or expired person's votes out of this epoch's proposals, and ends its delegation.
pub async fn strip(app: &App, person: Address) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let state = governance::person(&app.rpc, &person).await?;
    let (epoch, now_ts) = (current_epoch(app).await?, app.rpc.clock().await?.unix_ts);
    let mut instructions: Vec<Instruction> = Vec::new();
    if state.is_strippable(now_ts) && state.delegation_lives(epoch) {
        instructions.push(governance::leave_for(&app.rpc, signer.pubkey(), person, &state, false).await?);
    }
    let ballot = governance::ballot_address(&realm, &person, epoch);
    if let Some(ballot) = accounts::find::<Ballot>(&app.rpc, &PROGRAM, &ballot).await? {
        let live = ballot.entries.iter().filter(|entry| entry.votes.get() > 0);
        instructions.extend(live.map(|entry| {
            let proposal = governance::proposal_address(&realm, entry.proposal_index.get());
            governance::strip_votes(realm, person, epoch, proposal)
        }));
    }
    if instructions.is_empty() {
        let found = "neither votes of this epoch nor a delegation";
        return Err(Error::account(person, "votes to take out", found, "There is nothing to do").into());
    }
    let label = format!("take the votes of person {person} out of {} places", instructions.len());
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// How a registration stands, in words.
pub fn standing(person: &PersonState, epoch: u32, now_ts: i64) -> String {
    if person.revoked_at_ts.get() != 0 {
        return format!("revoked at {}", person.revoked_at_ts.get());
    }
    let left = person.expires_ts.get().saturating_sub(now_ts);
    let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else {
        return "expired".to_owned();
    };
    let (from, until) = (person.suspended_from_epoch.get(), person.suspended_until_epoch.get());
    if epoch < until && from < until {
        return format!("suspended from epoch {from} until epoch {until}");
    }
    format!("registered for {}", span::words(left))
}

async fn show(app: &App, wallet: Option<Address>) -> Outcome {
    let wallet = match wallet {
        Some(wallet) => wallet,
        None => app.signer()?.pubkey(),
    };
    let member = Member::of_wallet(&app.rpc, app.realm(), wallet).await?;
    let state = member.state(&app.rpc).await?;
    let stake = stake_of(app, &member).await?;
    let mint = tokens::mint(&app.rpc, &member.mint).await?;
    let (epoch, now_ts) = (current_epoch(app).await?, app.rpc.clock().await?.unix_ts);
    let delegation = if state.delegation_lives(epoch) {
        format!(
            "to person {}, {} votes, from epoch {} until epoch {}",
            state.delegate,
            state.delegate_root.get(),
            state.delegate_from_epoch.get(),
            state.delegate_until_epoch.get()
        )
    } else {
        "none".to_owned()
    };
    let recovery = if state.recovery_wallet == Address::default() {
        "none".to_owned()
    } else {
        let due = state.recovery_from_ts.get();
        format!(
            "to {}, from {due} on; `person cancel-recovery` ends it",
            state.recovery_wallet
        )
    };
    output::facts(
        &[
            ("person", member.person.to_string()),
            ("wallet", wallet.to_string()),
            ("standing", standing(&state, epoch, now_ts)),
            ("nullifier", hex(&state.nullifier)),
            ("registered in epoch", state.registered_epoch.get().to_string()),
            ("expires", state.expires_ts.get().to_string()),
            ("cohort", state.bucket.to_string()),
            ("open proposals", state.open_proposals.to_string()),
            ("delegation", delegation),
            ("recovery", recovery),
            (
                "stake",
                amount::format(stake.map_or(0, |stake| stake.amount_atoms.get()), mint.state.decimals),
            ),
        ],
        app.global.json,
    );
    Ok(())
}

async fn list(app: &App) -> Outcome {
    let (epoch, now_ts) = (current_epoch(app).await?, app.rpc.clock().await?.unix_ts);
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
                standing(person, epoch, now_ts),
            ]
        })
        .collect();
    let headings = ["person", "wallet", "since epoch", "expires", "cohort", "standing"];
    output::list(&headings, rows, &[2, 3, 4], app.global.json);
    Ok(())
}
