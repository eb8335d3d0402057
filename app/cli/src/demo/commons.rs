//! The second vote: a delegate's cast, a revoked person's votes, a payment in tokens, an upgrade of a program, a spammer.

use {
    super::{
        code,
        governance::{close_ballots, close_proposal, member, realm, time_to_draft, VOTE_Q16},
        story::{Story, ONE},
    },
    crate::app::Outcome,
    commonweal_client::{
        deploy, describe,
        governance::{self, standing::leading, upgrade, Action, PersonAct, Proof, Status},
        keys,
        rpc::AccountState,
        send::Plan,
        tokens, Address,
    },
    commonweal_interface::{ids, token::TokenState},
    sha2::{Digest, Sha256},
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// What the old code answers every call with.
const OLD_ANSWER: u32 = 7;
/// The lane that may upgrade the small program.
const CODE_LANE: u8 = 1;
/// The lane that pays.
const PAY_LANE: u8 = 2;
/// The lane that shares with the voters.
const SHARE_LANE: u8 = 3;
/// What each of the two lanes holds, in whole COIN: a twentieth of the first may leave in an epoch.
const PAY_HOLDS: u64 = 100;
/// What lane 3 has to share.
pub const SHARE_HOLDS: u64 = 10;
/// What the vote pays, in whole COIN.
const PAYMENT: u64 = 4;
/// What the vote says a faked person costs, in whole COIN: a dividend stays below a twentieth of it, 3.
const IDENTITY_COST: u64 = 60;
/// Half of everybody's votes, for a quarter of their credits.
const HALF_Q16: u32 = 1 << 15;
/// Seconds for which a revocation that attestors sign themselves can be used.
const SIGNED_SECONDS: i64 = 600;
/// Those who open a ballot in the second vote: Milo has lent his budget to Mona.
pub const VOTERS: [&str; 5] = ["Mia", "Max", "Mona", "Wolf", "Zoe"];
/// A small program and the buffer with its next version.
pub struct Code {
    program: Address,
    buffer: Address,
}

/// The second vote.
pub struct Paper {
    /// Its epoch.
    pub epoch: u32,
    upgrade: Address,
    payment: Address,
    spam: Address,
}

/// A small program is deployed and handed to lane 1, its next version written; lanes 2 and 3 get something to pay and to share.
pub async fn prepare(story: &mut Story<'_>) -> Outcome<Code> {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let funder = story.funder.insecure_clone();
    let key = |name: &str| keys::derive(&funder, &[b"small program", name.as_bytes()]);
    let (program, old, new) = (key("address"), key("old buffer"), key("new buffer"));
    let (realm, who) = (story.at.realm, funder.pubkey());
    for (address, name) in [(program.pubkey(), "the small program"), (new.pubkey(), "the new code")] {
        story.book.name(address, name);
    }
    let bytecode = code::answering(OLD_ANSWER);
    let write = deploy::small::buffer(&rpc, &who, &old.pubkey(), &bytecode).await?;
    story
        .act_with("the funder writes a small program", &[&funder, &old], write)
        .await?;
    let mut install = deploy::small::install(&rpc, &who, &program.pubkey(), &old.pubkey(), bytecode.len()).await?;
    install.push(upgrade::hand_over_program(&program.pubkey(), &who, &realm, CODE_LANE));
    story
        .act_with("it is deployed and handed to lane 1", &[&funder, &program], install)
        .await?;
    let max = story.key("Max");
    let write = deploy::small::buffer(&rpc, &max.pubkey(), &new.pubkey(), &code::answering(0)).await?;
    story
        .act_with("Max writes its next version to a buffer", &[&max, &new], write)
        .await?;
    let coin = story.at.payment_mint;
    for (lane, whole) in [(PAY_LANE, PAY_HOLDS), (SHARE_LANE, SHARE_HOLDS)] {
        let wallet = governance::treasury_address(&realm, lane);
        story.issue(&format!("lane {lane}"), wallet, &[(coin, whole)]).await?;
    }
    let books = [PAY_LANE, SHARE_LANE]
        .map(|lane| governance::open_book(story.wallet("Nora"), realm, lane, coin))
        .to_vec();
    story
        .act("Nora opens the books of lanes 2 and 3", &["Nora"], books)
        .await?;
    let open = member(story, "Mona").open_pool();
    story
        .act("Mona lets others lend her their budgets", &["Mona"], vec![open])
        .await?;
    Ok(Code {
        program: program.pubkey(),
        buffer: new.pubkey(),
    })
}

fn call(code: &Code) -> Vec<Instruction> {
    vec![Instruction {
        program_id: code.program,
        accounts: Vec::new(),
        data: Vec::new(),
    }]
}

/// Milo lends his budget; an upgrade, a payment and spam are proposed, the last is vetoed.
pub async fn propose(story: &mut Story<'_>, code: &Code) -> Outcome<Paper> {
    let epoch = time_to_draft(story).await?.saturating_add(1);
    let join = member(story, "Milo").join_delegate(member(story, "Mona").person, false);
    story
        .act(
            "Milo lends his budget to Mona from the next epoch on",
            &["Milo"],
            vec![join],
        )
        .await?;
    let (max, realm_at) = (member(story, "Max"), story.at.realm);
    let replace = upgrade::upgrade(&realm_at, CODE_LANE, &code.program, &code.buffer, &max.wallet);
    let upgrade = one(
        story,
        "Max",
        "replace the small program's code",
        &[Action::plain(1, CODE_LANE, replace)],
        Some(code),
    )
    .await?;
    let payment = one(
        story,
        "Mia",
        "pay Max 4 COIN, and say what a faked person costs",
        &actions(story)?,
        None,
    )
    .await?;
    let spam = one(story, "Milo", "buy watches", &[], None).await?;
    let veto = governance::veto(story.funder.pubkey(), realm_at, spam, true);
    story
        .act("the guardian vetoes Milo's as spam", &["the funder"], vec![veto])
        .await?;
    let state = governance::proposal(&story.sender.rpc, &upgrade).await?;
    story.check("the second vote is in the next epoch", epoch, state.vote_epoch.get())?;
    rehearse(story, payment).await?;
    let action = governance::action_address(&upgrade, 0);
    let (state, sentence) = governance::action(&story.sender.rpc, action).await?;
    story.note(&format!("Max proposes: {}", describe::action(&state, &sentence)));
    let pinned = upgrade::buffer(&story.sender.rpc, &code.buffer).await?;
    story.check(
        "it is pinned to the buffer's hash",
        true,
        pinned.pinned_hash == state.pinned_hash,
    )?;
    story.check(
        "the buffer is the lane's: nobody can write to it",
        governance::treasury_address(&realm_at, CODE_LANE).to_string(),
        pinned.authority.unwrap_or_default().to_string(),
    )?;
    Ok(Paper {
        epoch,
        upgrade,
        payment,
        spam,
    })
}

/// Before the vote anybody can rehearse what an action would move, as its lane would sign it.
async fn rehearse(story: &mut Story<'_>, proposal: Address) -> Outcome {
    let action = governance::action_address(&proposal, 0);
    let (_, call) = governance::action(&story.sender.rpc, action).await?;
    let nora = story.key("Nora");
    let preview = story
        .sender
        .preview(&Plan::new("rehearse the payment", vec![call], &[&nora]))
        .await?;
    let account = story.tokens("Max", &story.at.payment_mint);
    let held = |state: &Option<AccountState>| {
        let state = state
            .as_ref()
            .and_then(|state| TokenState::read(&state.owner, &state.data).ok());
        state.map_or(0, |state| state.amount_atoms)
    };
    let found = preview.accounts.iter().find(|(address, ..)| *address == account);
    let gained = found.map_or(0, |(_, before, after)| held(after).saturating_sub(held(before)));
    story.check(
        "a rehearsal before the vote shows Max 4 COIN richer",
        PAYMENT.saturating_mul(ONE),
        gained,
    )
}

/// What Mia proposes: a payment in tokens, and the bound without which nothing is shared.
fn actions(story: &Story<'_>) -> Outcome<[Action; 2]> {
    let (realm, coin) = (story.at.realm, story.at.payment_mint);
    let lane = governance::treasury_address(&realm, PAY_LANE);
    let atoms = PAYMENT.saturating_mul(ONE);
    let pay = tokens::transfer(
        &tokens::associated(&lane, &coin, &ids::TOKEN),
        &coin,
        &story.tokens("Max", &coin),
        &lane,
        atoms,
        super::story::DECIMALS,
        &ids::TOKEN,
    )?;
    let book = governance::book_address(&realm, SHARE_LANE, &coin);
    let cost = governance::set_identity_cost(realm, book, IDENTITY_COST.saturating_mul(ONE));
    Ok([
        Action {
            outflow_mint: coin,
            outflow_atoms: atoms,
            ..Action::plain(1, PAY_LANE, pay)
        },
        Action::plain(1, 0, cost),
    ])
}

/// Drafts, arms, pins and submits a proposal in one transaction.
async fn one(
    story: &mut Story<'_>,
    who: &str,
    title: &str,
    actions: &[Action],
    code: Option<&Code>,
) -> Outcome<Address> {
    let index = realm(story).await?.proposal_count.get();
    let proposer = member(story, who);
    let address = governance::proposal_address(&story.at.realm, index);
    let content = Sha256::digest(title.as_bytes()).into();
    let mut instructions = vec![proposer.create_proposal(index, content, 1)];
    for (number, action) in (0u8..).zip(actions) {
        instructions.extend(proposer.add_action(address, number, action));
    }
    if let Some(code) = code {
        let hand_over = upgrade::hand_over_buffer(&code.buffer, &proposer.wallet, &story.at.realm, CODE_LANE);
        let at = upgrade::code_address(&code.program);
        instructions.push(hand_over);
        instructions.push(proposer.pin_upgrade(address, 0, at, code.buffer));
    }
    instructions.push(proposer.submit_proposal(address));
    story
        .act(&format!("{who} proposes: {title}"), &[who], instructions)
        .await?;
    Ok(address)
}

/// Votes, Mona's with what Milo lent her, and a revocation whose votes are taken out in the challenge.
pub async fn vote(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let state = governance::proposal(&story.sender.rpc, &paper.upgrade).await?;
    story
        .wait_until("the second vote", state.voting_starts_ts.get())
        .await?;
    let open = VOTERS
        .into_iter()
        .map(|name| {
            let stakes = matches!(name, "Wolf" | "Mia");
            let open = member(story, name).open_ballot(story.wallet(name), paper.epoch, stakes);
            (format!("{name} opens a ballot"), vec![name], vec![open])
        })
        .collect();
    story.act_at_once(open).await?;
    let milo = member(story, "Milo");
    let own = milo.open_ballot(milo.wallet, paper.epoch, false);
    story
        .refused(
            "Milo, who lends his budget, has no ballot beside it",
            "Milo",
            "PersonDelegates",
            vec![own],
        )
        .await?;
    let mut steps = Vec::new();
    for (name, proposal, option, votes) in [
        ("Mia", paper.upgrade, 1, 9),
        ("Max", paper.upgrade, 1, 9),
        ("Mona", paper.upgrade, 1, 9),
        ("Wolf", paper.upgrade, 0, 20),
        ("Zoe", paper.upgrade, 0, 10),
        ("Mia", paper.payment, 1, 4),
        ("Max", paper.payment, 1, 4),
        ("Mona", paper.payment, 1, 4),
    ] {
        let cast = member(story, name).cast_votes(paper.epoch, proposal, option, votes);
        let what = if proposal == paper.upgrade {
            "the upgrade"
        } else {
            "the payment"
        };
        let option = governance::standing::option_name(option);
        steps.push((
            format!("{name} casts {votes} votes on {what}: {option}"),
            vec![name],
            vec![cast],
        ));
    }
    for (proposal, what) in [(paper.upgrade, "the upgrade"), (paper.payment, "the payment")] {
        let cast = member(story, "Mona").cast_delegated(proposal, 1, HALF_Q16);
        steps.push((
            format!("Mona gives half of the votes lent to her to {what}"),
            vec!["Mona"],
            vec![cast],
        ));
    }
    story.act_at_once(steps).await?;
    tallies(story, paper).await?;
    strip(story, paper).await
}

async fn tallies(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let state = governance::proposal(&story.sender.rpc, &paper.upgrade).await?;
    story.check(
        "27 votes for the upgrade, and 5 of Milo's 10 by his delegate",
        VOTE_Q16.saturating_mul(32),
        state.total_of(1),
    )?;
    story.check("30 against it", VOTE_Q16.saturating_mul(30), state.total_of(0))?;
    story.check(
        "3·9² + 20² + 10² + a quarter of Milo's 100 credits",
        768,
        state.spent_credits.get(),
    )?;
    story.check(
        "32 of 62 are less than 60 %: as it stands it fails",
        false,
        leading(&state).1,
    )
}

/// Two attestors revoke Zoe; in the challenge anybody takes her votes out.
async fn strip(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let zoe = member(story, "Zoe");
    let deadline_ts = story.now().await?.unix_ts.saturating_add(SIGNED_SECONDS);
    let proofs = ["Ada", "Abel"].map(|name| Proof::Signs(story.wallet(name)));
    let revoke = governance::act_on_person(
        zoe.realm,
        zoe.person,
        zoe.wallet,
        &proofs,
        PersonAct::Revoke,
        0,
        deadline_ts,
    )?;
    story
        .act(
            "Ada and Abel revoke Zoe, who is somebody else's second person",
            &["Ada", "Abel"],
            vec![revoke],
        )
        .await?;
    let state = governance::proposal(&rpc, &paper.upgrade).await?;
    let challenge_s = i64::from(state.rules.challenge_s.get());
    let from = state.challenge_end().unwrap_or(i64::MAX).saturating_sub(challenge_s);
    story.wait_until("the challenge", from).await?;
    let strip = governance::strip_votes(zoe.realm, zoe.person, paper.epoch, paper.upgrade);
    story
        .act("Nora takes Zoe's votes out in the challenge", &["Nora"], vec![strip])
        .await?;
    let state = governance::proposal(&rpc, &paper.upgrade).await?;
    story.check(
        "20 votes are left against it",
        VOTE_Q16.saturating_mul(20),
        state.total_of(0),
    )?;
    story.check("32 of 52 are more than 60 %: it passes", true, leading(&state).1)
}

/// Both are finalized and executed; the new code answers.
pub async fn decide(story: &mut Story<'_>, paper: &Paper, code: &Code) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    for (address, what) in [(paper.payment, "the payment"), (paper.upgrade, "the upgrade")] {
        let state = governance::proposal(&rpc, &address).await?;
        let end = state.challenge_end().unwrap_or(i64::MAX);
        story.wait_until("the end of the challenge", end).await?;
        let finalize = governance::finalize(story.at.realm, address);
        story
            .act(&format!("Nora finalizes {what}"), &["Nora"], vec![finalize])
            .await?;
        let state = governance::proposal(&rpc, &address).await?;
        story.check(&format!("{what} has succeeded"), Status::Succeeded as u8, state.status)?;
    }
    let coin = story.at.payment_mint;
    let before = story.book.holding("Max", &coin);
    execute(story, paper.payment, 0, "4 COIN are paid from lane 2").await?;
    let paid = story.book.holding("Max", &coin).saturating_sub(before);
    story.check("Max was paid 4 COIN", PAYMENT.saturating_mul(ONE), paid)?;
    execute(story, paper.payment, 1, "lane 3 learns what a faked person costs").await?;

    story
        .refused_with("the old code answers 7", "Nora", OLD_ANSWER, call(code))
        .await?;
    execute(story, paper.upgrade, 0, "the small program's code is replaced").await?;
    let deployed = deploy::deployed(&rpc, &code.program).await?;
    story.check(
        "the code on chain has the new one's hash",
        deploy::bytecode_hash(&code::answering(0)),
        deployed.map_or_else(String::new, |deployed| deployed.hash()),
    )?;
    let slot = story.now().await?.slot.saturating_add(1);
    story.wait_for("the slot after", |now| now.slot > slot).await?;
    story
        .act("Nora calls the new code, and it answers", &["Nora"], call(code))
        .await?;
    Ok(())
}

async fn execute(story: &mut Story<'_>, proposal: Address, number: u8, what: &str) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let state = governance::proposal(&rpc, &proposal).await?;
    story.wait_until("the timelock", state.executable_from_ts.get()).await?;
    let action = governance::action_address(&proposal, number);
    let execute = governance::execute_action(&rpc, action).await?;
    story
        .act(&format!("Nora executes: {what}"), &["Nora"], vec![execute])
        .await?;
    Ok(())
}

/// Everything of the second vote is closed; the spammer's bond is the treasury's.
pub async fn clean_up(story: &mut Story<'_>, paper: &Paper) -> Outcome {
    close_ballots(story, paper.epoch, &VOTERS).await?;
    for (who, proposal) in [("Max", paper.upgrade), ("Mia", paper.payment)] {
        close_proposal(story, who, proposal, "rent and bond return").await?;
    }
    close_proposal(story, "Milo", paper.spam, "the bond goes to the treasury").await?;
    let milo = member(story, "Milo");
    let state = milo.state(&story.sender.rpc).await?;
    let leave = governance::leave_for(&story.sender.rpc, milo.wallet, milo.person, &state, false).await?;
    story.act("Milo takes his budget back", &["Milo"], vec![leave]).await?;
    let mona = member(story, "Mona");
    story
        .act("Mona closes her pool", &["Mona"], vec![mona.close_pool(mona.wallet)])
        .await?;
    Ok(())
}
