//! `commonweal pool create`.

use {
    super::{deadline, shares_text, VALID_SECONDS},
    crate::{
        app::{App, Outcome},
        args::CreatePool,
    },
    commonweal_client::{
        amount,
        pool::{self, LockTime, Token},
        send::Plan,
        tokens::{self, Mint},
        Address, Error,
    },
    commonweal_interface::{ids, token::TokenState},
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Creates a pool, and locks its first shares in the same transaction if wanted.
pub async fn run(app: &App, options: CreatePool) -> Outcome {
    let signer = app.signer()?;
    let creator = signer.pubkey();
    let one = tokens::mint(&app.rpc, &options.mint).await?;
    let other = tokens::mint(&app.rpc, &options.other_mint).await?;
    if one.address == other.address {
        return Err(Error::refused("a pool needs two different mints", "Name another mint").into());
    }
    let amounts = amounts(app, &creator, [&one, &other], [&options.amount, &options.other_amount]).await?;
    let (pair, exchanged) = pool::ordered(Token::from(&one), Token::from(&other));
    let [first, second] = amounts;
    let amounts = if exchanged { [second, first] } else { amounts };
    let config = pool::config_address(options.config);
    let create = pool::create_pool(
        creator,
        config,
        pair,
        options.index,
        amounts,
        deadline(app, VALID_SECONDS).await?,
    );
    let [a, b] = pair;
    let address = pool::pool_address(&config, &a.mint, &b.mint, &creator, options.index);
    let mut label = format!("create pool {address}");
    let mut instructions = vec![create];
    let time = match (options.lock_forever, options.lock_for) {
        (true, _) => Some(LockTime::Forever),
        (false, span) => super::moment(app, span, None).await?.map(LockTime::Until),
    };
    if let Some(time) = time {
        let shares = first_shares(app, &creator, &address, &instructions).await?;
        instructions.push(pool::lock_liquidity(creator, address, config, 0, shares, time));
        label = format!("{label} and lock its {} shares {time}", shares_text(shares));
    }
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// Reads both amounts, which the creator must hold.
async fn amounts(app: &App, creator: &Address, mints: [&Mint; 2], texts: [&str; 2]) -> Outcome<[u64; 2]> {
    let mut amounts = [0; 2];
    for (atoms, (mint, text)) in amounts.iter_mut().zip(mints.into_iter().zip(texts)) {
        *atoms = amount::parse(text, mint.state.decimals)?;
        let account = tokens::associated(creator, &mint.address, &mint.token_program);
        tokens::require(&app.rpc, &account, mint, *atoms).await?;
    }
    Ok(amounts)
}

/// The shares that the creation mints, as a rehearsal finds them: the program computes them, here nobody does.
async fn first_shares(app: &App, creator: &Address, pool: &Address, create: &[Instruction]) -> Outcome<u64> {
    let account = tokens::associated(creator, &pool::lp_mint_address(pool), &ids::TOKEN);
    let signer = app.signer()?;
    let plan = Plan::new(format!("create pool {pool}"), create.to_vec(), &[&signer]);
    let preview = app.sender().await?.preview(&plan).await?;
    let minted = preview
        .accounts
        .iter()
        .find(|(address, _, _)| *address == account)
        .and_then(|(_, _, after)| after.as_ref())
        .and_then(|state| TokenState::read(&state.owner, &state.data).ok())
        .map_or(0, |state| state.amount_atoms);
    super::parse_shares("all", minted)
}
