//! Books of what leaves the lanes, and dividends.

use {
    super::members::{current_epoch, PROGRAM},
    crate::{
        app::{App, Outcome},
        args::{Book, Dividend},
        output,
    },
    commonweal_client::{
        accounts, amount,
        governance::{self, Ballot, Member, Share},
        send::Plan,
        tokens::{self, Mint},
        Address, Error,
    },
    quadratic_governance::constants::DIVIDEND_LANE,
    solana_signer::Signer,
};

/// Carries a verb of `gov book` out.
pub async fn book(app: &App, verb: Book) -> Outcome {
    match verb {
        Book::Open { mint, lane } => {
            let signer = app.signer()?;
            let open = governance::open_book(signer.pubkey(), app.realm(), lane, mint);
            let label = format!("open the book of lane {lane} and mint {mint}");
            app.execute(Plan::new(label, vec![open], &[&signer])).await?;
        }
        Book::List => {
            let epoch = current_epoch(app).await?;
            let mut rows = Vec::new();
            for (address, book) in governance::books(&app.rpc, &app.realm()).await? {
                let decimals = tokens::mint(&app.rpc, &book.mint).await?.state.decimals;
                let out = if book.epoch == epoch {
                    book.outflow_atoms.get()
                } else {
                    0
                };
                let cost = match book.identity_cost_atoms.get() {
                    0 => "not set".to_owned(),
                    atoms => amount::format(atoms, decimals),
                };
                rows.push(vec![
                    book.lane.to_string(),
                    book.mint.to_string(),
                    amount::format(out, decimals),
                    cost,
                    address.to_string(),
                ]);
            }
            let headings = ["lane", "mint", "out this epoch", "a faked person costs", "book"];
            output::list(&headings, rows, &[0, 2, 3], app.global.json);
        }
    }
    Ok(())
}

/// Lane 3's canonical token account of a mint.
fn shared(app: &App, mint: &Mint) -> Address {
    let lane = governance::treasury_address(&app.realm(), DIVIDEND_LANE);
    tokens::associated(&lane, &mint.address, &mint.token_program)
}

/// Carries a verb of `gov dividend` out.
pub async fn dividend(app: &App, verb: Dividend) -> Outcome {
    let realm = app.realm();
    match verb {
        Dividend::Fund { mint } => {
            let (signer, mint) = (app.signer()?, tokens::mint(&app.rpc, &mint).await?);
            let epoch = last_epoch(app).await?;
            let share = Share {
                realm,
                mint: &mint,
                epoch,
                source: shared(app, &mint),
            };
            let fund = governance::fund_dividend(signer.pubkey(), &share);
            let label = format!("share mint {} among the voters of epoch {epoch}", mint.address);
            app.execute(Plan::new(label, vec![fund], &[&signer])).await?;
        }
        Dividend::Claim { mint, epoch } => {
            let (signer, mint) = (app.signer()?, tokens::mint(&app.rpc, &mint).await?);
            let epoch = match epoch {
                Some(epoch) => epoch,
                None => last_epoch(app).await?,
            };
            let (address, state) = fetch(app, &mint.address, epoch).await?;
            let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
            let at = member.ballot(epoch);
            if app.rpc.account(&at).await?.is_none() {
                let expected = format!("your ballot of epoch {epoch}");
                let remedy = "Only those share who opened one, and have not closed it";
                return Err(Error::account(at, expected, "nothing", remedy).into());
            }
            let wallet = signer.pubkey();
            let to = tokens::associated(&wallet, &mint.address, &mint.token_program);
            let instructions = vec![
                tokens::create_associated(&wallet, &wallet, &mint.address, &mint.token_program),
                member.claim_dividend(address, &state, to, &mint),
            ];
            let label = format!("claim the dividend of epoch {epoch}");
            app.execute(Plan::new(label, instructions, &[&signer])).await?;
        }
        Dividend::Close { mint, epoch } => {
            let (signer, mint) = (app.signer()?, tokens::mint(&app.rpc, &mint).await?);
            let (address, state) = fetch(app, &mint.address, epoch).await?;
            let close = governance::close_dividend(address, &state, shared(app, &mint), &mint);
            let label = format!("close the dividend of epoch {epoch}");
            app.execute(Plan::new(label, vec![close], &[&signer])).await?;
        }
        Dividend::List => list(app).await?,
    }
    Ok(())
}

async fn last_epoch(app: &App) -> Outcome<u32> {
    let epoch = current_epoch(app).await?;
    Ok(epoch.checked_sub(1).ok_or_else(|| {
        Error::account(
            app.realm(),
            "a realm with a whole epoch behind it",
            "its first epoch",
            "Wait for the next",
        )
    })?)
}

async fn fetch(app: &App, mint: &Address, epoch: u32) -> Outcome<(Address, governance::Dividend)> {
    let address = governance::dividend_address(&app.realm(), mint, epoch);
    let state: Option<governance::Dividend> = accounts::find(&app.rpc, &PROGRAM, &address).await?;
    let state = state.ok_or_else(|| {
        let expected = format!("the dividend of epoch {epoch} and mint {mint}");
        let remedy = "In the epoch after it anybody funds it: `commonweal gov dividend fund`";
        Error::account(address, expected, "nothing", remedy)
    })?;
    Ok((address, state))
}

async fn list(app: &App) -> Outcome {
    let now_ts = app.rpc.clock().await?.unix_ts;
    let own = match app.signer() {
        Ok(signer) => Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await.ok(),
        Err(_) => None,
    };
    let mut rows = Vec::new();
    for (_, dividend) in governance::dividends(&app.rpc, &app.realm()).await? {
        let decimals = tokens::mint(&app.rpc, &dividend.mint).await?.state.decimals;
        rows.push(vec![
            dividend.epoch.get().to_string(),
            dividend.mint.to_string(),
            amount::format(dividend.share_atoms.get(), decimals),
            format!("{} of {}", dividend.claims.get(), dividend.persons.get()),
            if now_ts < dividend.closable_from_ts.get() {
                dividend.closable_from_ts.get().to_string()
            } else {
                "over".to_owned()
            },
            yours(app, own.as_ref(), &dividend).await?,
        ]);
    }
    let headings = ["epoch", "mint", "share", "claimed", "until", "yours"];
    output::list(&headings, rows, &[0, 2], app.global.json);
    Ok(())
}

/// How a dividend stands for a person.
pub async fn yours(app: &App, member: Option<&Member>, dividend: &governance::Dividend) -> Outcome<String> {
    let Some(member) = member else {
        return Ok("no person".to_owned());
    };
    let ballot: Option<Ballot> = accounts::find(&app.rpc, &PROGRAM, &member.ballot(dividend.epoch.get())).await?;
    Ok(match ballot {
        None => "no ballot",
        Some(ballot) if ballot.dividends_claimed & 1u8.wrapping_shl(u32::from(dividend.index)) != 0 => "claimed",
        Some(_) => "to claim",
    }
    .to_owned())
}
