//! `commonweal demo`: one story on a local validator, every balance checked to the atom.

mod book;
mod code;
mod commons;
mod complete;
mod court;
mod dividend;
mod farm;
mod governance;
mod jobs;
mod leases;
mod orders;
mod persons;
mod pools;
mod settle;
mod stable;
mod story;

use {
    crate::{
        app::{App, Failure, Outcome},
        args::Demo,
        cmd::{deploy, localnet},
        output,
    },
    commonweal_client::{localnet::Localnet, paths},
    commonweal_migrations::ProgramKeys,
    solana_signer::Signer,
    std::time::Instant,
    story::Story,
};

/// Plays the story.
pub async fn run(app: &App, options: Demo) -> Outcome {
    let began = Instant::now();
    let started = localnet::start(&app.global, None, None).await?;
    say!(
        "local network at {} (validator process {:?})",
        started.localnet.rpc_url,
        started.localnet.process_id()
    );
    let done = migrate(&started).await?;
    deploy::show(&done, false);
    let again = migrate(&started).await?;
    if let Some(changed) = again.iter().find(|done| !done.changes.is_empty()) {
        return Err(Failure::Mismatch {
            what: "a second run of the migrations changes nothing".to_owned(),
            expected: "no change".to_owned(),
            found: format!("{} did {:?}", changed.step, changed.changes),
        });
    }
    say!("second run of the migrations: all steps had run before; nothing was changed");

    let localnet::Started {
        localnet,
        sender,
        funder,
        ..
    } = started;
    let mut story = Story::begin(&sender, &funder);
    let told = tell(&mut story).await;
    if let Err(failure) = told {
        eprintln!("the story stopped after {:.0} s", began.elapsed().as_secs_f32());
        return Err(failure);
    }
    let (headings, rows) = story.book.table();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let numbers: Vec<usize> = (1..headings.len()).collect();
    say!("\nBalances. What the story began with and what its accounts hold now:");
    output::table(&headings, rows, &numbers);
    let (transactions, accounts) = story.book.extent();
    say!(
        "{transactions} transactions, {accounts} accounts, {} checks: everything adds up to the atom ({:.0} s)",
        story.checks,
        began.elapsed().as_secs_f32()
    );
    if options.keep {
        return keep(localnet, &story).await;
    }
    localnet.stop().await?;
    Ok(())
}

async fn migrate(started: &localnet::Started) -> Outcome<Vec<commonweal_migrations::Done>> {
    deploy::migrate(
        &started.app,
        &started.sender,
        &started.funder,
        paths::bytecode(),
        ProgramKeys::Committed,
    )
    .await
}

/// The chapters. Persons register first: while their two epochs pass, the pool lives.
async fn tell(story: &mut Story<'_>) -> Outcome {
    story.chapter("Everybody arrives");
    story.fund_everybody().await?;
    story.chapter(
        "Six persons register, one of them alone with a signed statement; stake counts from the next epoch on",
    );
    persons::register(story).await?;
    story.chapter(
        "A small program is handed to lane 1 of the treasury; lanes 2 and 3 get something to pay and to share",
    );
    let code = commons::prepare(story).await?;
    story.chapter("Two providers fund a pool, traders swap both ways");
    let pool = pools::open(story).await?;
    story.chapter("A second pool has everything: fees that move, vest and decay, a lock for ever, flash loans");
    let complete = complete::open(story).await?;
    story.chapter("A farm pays stakers, and a verified person by the root of her stake");
    let farm = farm::open(story, &pool).await?;
    story.chapter("Three proposals compete for one budget of credits each");
    let ballot_paper = governance::propose(story).await?;
    governance::vote(story, &ballot_paper).await?;
    story.chapter("While the challenge and the timelock pass: a job is done and paid");
    jobs::paid(story).await?;
    story.chapter("A second job's provider never answers");
    jobs::refunded(story).await?;
    story.chapter("The vote is decided and executed");
    governance::decide(story, &ballot_paper).await?;
    pools::after_the_vote(story, &pool).await?;
    story.chapter("The second vote: new code, a payment in tokens, spam; Milo lends his budget to Mona");
    let second = commons::propose(story, &code).await?;
    story.chapter("What the pools have earned is taken out");
    farm::harvest(story, &farm).await?;
    settle::settle(story, &complete).await?;
    story.chapter("What was lent for the first vote returns");
    governance::clean_up(story, &ballot_paper).await?;
    story.chapter("A delegate votes, a revoked person's votes are taken out in the challenge");
    commons::vote(story, &second).await?;
    story.chapter("The treasury pays, and a program's code is replaced by vote");
    commons::decide(story, &second, &code).await?;
    story.chapter("Those who voted share what lane 3 has collected");
    dividend::share(story, second.epoch).await?;
    story.chapter("What was lent returns");
    commons::clean_up(story, &second).await?;
    governance::stake_home(story).await?;
    compute(story).await?;
    lease(story).await?;
    story.book.audit(&story.sender.rpc).await?;
    story.checks = story.checks.saturating_add(1);
    Ok(())
}

/// A slot rented by the second.
async fn lease(story: &mut Story<'_>) -> Outcome {
    story.chapter("A person stands behind a provider, an attestor measures her GPU");
    leases::enlist(story).await?;
    story.chapter("It is rented by the second, and paid by vouchers that both sides sign");
    let address = leases::rent(story).await?;
    let last = leases::pay(story, address).await?;
    leases::end(story, address, &last).await
}

/// Orders of all kinds, and one that ends before the court. While its time to appeal passes, the others live.
async fn compute(story: &mut Story<'_>) -> Outcome {
    story.chapter("A provider invents a result; it is challenged, and three persons judge");
    court::seat_jury(story).await?;
    let job = court::accuse(story).await?;
    court::judge(story, job).await?;
    story.chapter("While somebody could appeal: two bid for a job, the lower one does it");
    orders::enlist_workers(story).await?;
    orders::auction(story).await?;
    story.chapter("Three compute the same job; what two agree on is paid");
    orders::redundant(story).await?;
    story.chapter("A job is paid by milestones while it runs");
    orders::milestones(story).await?;
    orders::collect(story).await?;
    story.chapter("The ruling is executed");
    court::sentence(story, job).await
}

async fn keep(localnet: Localnet, story: &Story<'_>) -> Outcome {
    let folder = localnet.ledger.join("keys");
    story.write_keys(&folder)?;
    let at = story.at;
    output::facts(
        &[
            ("rpc", localnet.rpc_url.clone()),
            ("websocket", localnet.ws_url.clone()),
            ("keys", folder.display().to_string()),
            ("funder", story.funder.pubkey().to_string()),
            ("realm", at.realm.to_string()),
            ("treasury", at.treasury.to_string()),
            ("pool config", at.pool_config.to_string()),
            ("escrow config", at.escrow_config.to_string()),
        ],
        false,
    );
    say!("the validator stays up; ctrl-C ends it");
    localnet::stay_up(localnet).await
}
