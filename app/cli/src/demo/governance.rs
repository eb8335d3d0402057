//! The governance chapters.

use {
    super::story::{Story, ONE, PERSONS, SOL},
    crate::app::Outcome,
    commonweal_client::{
        describe,
        governance::{self, Action, Ballot, Member, Proposal, Realm, Status},
        pool::{self, ConfigUpdate},
        rpc::Rpc,
        tokens, Address,
    },
    commonweal_interface::ids,
    commonweal_migrations::local::EPOCH_SECONDS,
    sha2::{Digest, Sha256},
    solana_program::instruction::Instruction,
    solana_system_interface::instruction as system,
};

/// The fee the vote decides on, in parts per million.
pub const NEW_FEE_PPM: u32 = 2_500;
/// Seconds an epoch must still have for three proposals to be drafted and submitted in it.
const DRAFTING_SECONDS: i64 = 14;
/// One vote in a tally.
pub const VOTE_Q16: u64 = 1 << 16;
/// What the losing payment would have sent.
const PAYMENT_LAMPORTS: u64 = SOL / 100;

/// The three proposals and their epoch.
pub struct Paper {
    /// The epoch of the vote.
    pub epoch: u32,
    /// Lower the pool's fee.
    pub fee: Address,
    /// Pay the developers.
    pub payment: Address,
    /// Which of two names.
    pub name: Address,
}

/// What attestors derive from somebody of the story.
pub fn nullifier(name: &str) -> [u8; 32] {
    Sha256::digest(format!("nullifier of {name}").as_bytes()).into()
}

/// A person of the story.
pub fn member(story: &Story<'_>, name: &str) -> Member {
    Member {
        person: governance::person_address(&story.at.realm, &nullifier(name)),
        wallet: story.wallet(name),
        realm: story.at.realm,
        mint: story.at.governing_mint,
        token_program: ids::TOKEN,
    }
}

/// The realm as it is now.
pub async fn realm(story: &Story<'_>) -> Outcome<Realm> {
    Ok(governance::realm(&story.sender.rpc, &story.at.realm).await?)
}

/// Reads what the program keeps; its times are never damaged in accounts it wrote.
pub fn epoch_at(realm: &Realm, unix_ts: i64) -> u32 {
    realm.epoch_at(unix_ts).unwrap_or(u32::MAX)
}

/// The first moment of an epoch.
pub fn epoch_start(realm: &Realm, epoch: u32) -> i64 {
    realm.epoch_start(epoch).unwrap_or(i64::MAX)
}

/// Waits for an epoch with enough time left to draft in; which one.
pub async fn time_to_draft(story: &mut Story<'_>) -> Outcome<u32> {
    let (state, now_ts) = (realm(story).await?, story.now().await?.unix_ts);
    let current = epoch_at(&state, now_ts);
    let next = epoch_start(&state, current.saturating_add(1));
    if next.saturating_sub(now_ts) >= DRAFTING_SECONDS {
        return Ok(current);
    }
    story.wait_until("a whole epoch for drafting", next).await?;
    Ok(current.saturating_add(1))
}

/// Drafts, arms and submits three proposals in one epoch, for the vote of the next.
pub async fn propose(story: &mut Story<'_>) -> Outcome<Paper> {
    let state = realm(story).await?;
    // The persons must be two epochs old at the vote, so that the proposals belong to the epoch before it or a later one.
    let registered = state.counted_epoch.get();
    story
        .wait_until("the next epoch", epoch_start(&state, registered.saturating_add(1)))
        .await?;
    let epoch = time_to_draft(story).await?.saturating_add(1);

    let update = pool::update_config(
        story.at.treasury,
        story.at.pool_config,
        ConfigUpdate {
            base_fee_ppm: Some(NEW_FEE_PPM),
            ..ConfigUpdate::default()
        },
    );
    let lower = Action::plain(1, 0, update);
    let transfer = system::transfer(&story.at.treasury, &story.wallet("Max"), PAYMENT_LAMPORTS);
    let pay = Action::paying(1, 0, transfer, PAYMENT_LAMPORTS);
    let fee = draft(story, "Mia", "lower the pool's fee to 0.25 %", 1, Some(lower)).await?;
    let payment = draft(story, "Max", "pay Max 0.01 SOL from the treasury", 1, Some(pay)).await?;
    let name = draft(story, "Mona", "choose between two names", 2, None).await?;
    let submitted = governance::proposal(&story.sender.rpc, &fee).await?;
    story.check("the vote is in the next epoch", epoch, submitted.vote_epoch.get())?;
    Ok(Paper {
        epoch,
        fee,
        payment,
        name,
    })
}

async fn draft(story: &mut Story<'_>, who: &str, title: &str, choices: u8, action: Option<Action>) -> Outcome<Address> {
    let index = realm(story).await?.proposal_count.get();
    let proposer = member(story, who);
    let address = governance::proposal_address(&story.at.realm, index);
    let content = Sha256::digest(title.as_bytes()).into();
    let create = proposer.create_proposal(index, content, choices);
    story
        .act(&format!("{who} drafts: {title}"), &[who], vec![create])
        .await?;
    if let Some(action) = action {
        let add = proposer.add_action(address, 0, &action);
        story
            .act(&format!("{who} binds the instruction to it"), &[who], add)
            .await?;
    }
    story
        .act(
            &format!("{who} submits it"),
            &[who],
            vec![proposer.submit_proposal(address)],
        )
        .await?;
    Ok(address)
}

/// Ballots are opened and credits spent: members on the fee, the staker against it.
pub async fn vote(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let starts_ts = governance::proposal(&story.sender.rpc, &paper.fee)
        .await?
        .voting_starts_ts
        .get();
    story.wait_until("the vote", starts_ts).await?;
    let open = PERSONS
        .into_iter()
        .map(|name| {
            let stakes = matches!(name, "Wolf" | "Mia");
            let open = member(story, name).open_ballot(story.wallet(name), paper.epoch, stakes);
            (format!("{name} opens a ballot"), vec![name], vec![open])
        })
        .collect();
    story.act_at_once(open).await?;
    // 9² = 81 of a member's 100 credits leave 19 for the others; Wolf's stake is capped at 300 credits more, 20² = 400
    let casts: [(&str, Address, u8, u32); 11] = [
        ("Mia", paper.fee, 1, 9),
        ("Max", paper.fee, 1, 9),
        ("Mona", paper.fee, 1, 9),
        ("Milo", paper.fee, 1, 9),
        ("Wolf", paper.fee, 0, 20),
        ("Max", paper.payment, 1, 4),
        ("Milo", paper.payment, 1, 2),
        ("Mona", paper.name, 1, 4),
        ("Mia", paper.name, 2, 4),
        ("Milo", paper.name, 1, 1),
        ("Max", paper.name, 2, 1),
    ];
    let steps = casts
        .iter()
        .map(|(name, proposal, option, votes)| {
            let cast = member(story, name).cast_votes(paper.epoch, *proposal, *option, *votes);
            let what = if *proposal == paper.fee {
                "the fee"
            } else if *proposal == paper.payment {
                "the payment"
            } else {
                "the name"
            };
            let option = if *option == 0 {
                "none".to_owned()
            } else {
                format!("choice {option}")
            };
            (
                format!("{name} casts {votes} votes on {what}: {option}"),
                vec![*name],
                vec![cast],
            )
        })
        .collect();
    story.act_at_once(steps).await?;
    tallies(story, paper).await
}

async fn ballot(rpc: &Rpc, story: &Story<'_>, name: &str, epoch: u32) -> Outcome<Ballot> {
    let address = member(story, name).ballot(epoch);
    Ok(commonweal_client::accounts::fetch(rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?)
}

async fn tallies(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let state = governance::proposal(&rpc, &paper.fee).await?;
    story.check(
        "36 votes for the lower fee",
        VOTE_Q16.saturating_mul(36),
        state.total_of(1),
    )?;
    story.check(
        "20 votes of the largest staker against it",
        VOTE_Q16.saturating_mul(20),
        state.total_of(0),
    )?;
    story.check("it cost 4·9² + 20² credits", 724, state.spent_credits.get())?;
    let wolf = ballot(&rpc, story, "Wolf", paper.epoch).await?;
    story.check(
        "a million tokens buy 300 credits beside everybody's 100",
        400,
        wolf.budget_credits.get(),
    )?;
    let max = ballot(&rpc, story, "Max", paper.epoch).await?;
    story.check("Max spent 9² + 4² + 1² of 100", 98, max.spent_credits.get())
}

/// Finalizes all three; executes the winner's action.
pub async fn decide(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    for (address, what, expected) in [
        (paper.fee, "the fee", Status::Succeeded),
        (paper.payment, "the payment", Status::Defeated),
        (paper.name, "the name", Status::Defeated),
    ] {
        let state = governance::proposal(&rpc, &address).await?;
        let end = state.challenge_end().unwrap_or(i64::MAX);
        story.wait_until("the end of the challenge", end).await?;
        story
            .act(
                &format!("Nora finalizes {what}"),
                &["Nora"],
                vec![governance::finalize(story.at.realm, address)],
            )
            .await?;
        let state = governance::proposal(&rpc, &address).await?;
        story.check(
            &format!("{what} is {expected:?}").to_lowercase(),
            expected as u8,
            state.status,
        )?;
    }
    let state = governance::proposal(&rpc, &paper.fee).await?;
    story.wait_until("the timelock", state.executable_from_ts.get()).await?;
    let action = governance::action_address(&paper.fee, 0);
    let (_, call) = governance::action(&rpc, action).await?;
    story.note(&format!(
        "the action: {}",
        describe::call(&call.program_id, &call.accounts, &call.data)
    ));
    let execute = governance::execute_action(&rpc, action).await?;
    story
        .act("Nora executes it: governance calls the pool", &["Nora"], vec![execute])
        .await?;
    let state = governance::proposal(&rpc, &paper.fee).await?;
    story.check("the proposal is executed", Status::Executed as u8, state.status)
}

/// Ballots, actions and proposals are closed.
pub async fn clean_up(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    close_ballots(story, paper.epoch, &PERSONS).await?;
    for (who, proposal) in [("Mia", paper.fee), ("Max", paper.payment), ("Mona", paper.name)] {
        close_proposal(story, who, proposal, "rent and bond return").await?;
    }
    let left: Option<Proposal> =
        commonweal_client::accounts::find(&story.sender.rpc, &ids::QUADRATIC_GOVERNANCE, &paper.fee).await?;
    story.check("no account of the vote is left", false, left.is_some())
}

/// Everybody closes the ballot of an epoch, after its end.
pub async fn close_ballots(story: &mut Story<'_>, epoch: u32, names: &[&'static str]) -> Outcome {
    let state = realm(story).await?;
    let over = epoch_start(&state, epoch).saturating_add(i64::from(EPOCH_SECONDS));
    story.wait_until("the end of the epoch", over).await?;
    let close = names
        .iter()
        .map(|name| {
            let close = member(story, name).close_ballot(epoch, story.wallet(name));
            (format!("{name} closes the ballot"), vec![*name], vec![close])
        })
        .collect();
    story.act_at_once(close).await?;
    Ok(())
}

/// Nora closes a finished proposal with its actions.
pub async fn close_proposal(story: &mut Story<'_>, who: &str, address: Address, what: &str) -> Outcome {
    let state = governance::proposal(&story.sender.rpc, &address).await?;
    let mut instructions: Vec<Instruction> = (0..state.action_count)
        .map(|number| {
            let action = governance::action_address(&address, number);
            governance::close_action(address, action, story.wallet(who))
        })
        .collect();
    instructions.push(governance::close_proposal(address, &state));
    story
        .act(&format!("{who}'s proposal is closed: {what}"), &["Nora"], instructions)
        .await?;
    Ok(())
}

/// The stake of the largest staker goes home.
pub async fn stake_home(story: &mut Story<'_>) -> Outcome {
    let wolf = member(story, "Wolf");
    let all = 1_000_000u64.saturating_mul(ONE);
    let home = vec![wolf.withdraw_stake(all), wolf.close_stake()];
    story.act("Wolf takes the stake home", &["Wolf"], home).await?;
    let held = tokens::balance(&story.sender.rpc, &story.tokens("Wolf", &story.at.governing_mint)).await?;
    story.check("Wolf has all of it again", all, held)
}
