//! `commonweal pool swap`, `deposit`, `withdraw` and `claim`: each as the program quotes it, within the slippage allowed.

use {
    super::{ask, at_least, at_most, deadline, shares_text, VALID_SECONDS},
    crate::{
        app::{App, Outcome},
        args::{Deposit, Swap, Withdraw},
    },
    commonweal_client::{
        amount,
        pool::{Ask, Located, OneSide, Side},
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Creates the wallet's account of a side's token unless it is there.
fn account(located: &Located, wallet: &Address, side: Side) -> Instruction {
    let token = located.token(side);
    tokens::create_associated(wallet, wallet, &token.mint, &token.program)
}

/// Creates the wallet's account of the shares unless it is there.
fn share_account(located: &Located, wallet: &Address) -> Instruction {
    tokens::create_associated(wallet, wallet, &located.pool.lp_mint, &ids::TOKEN)
}

/// The wallet must hold what it is to pay.
async fn require(app: &App, located: &Located, wallet: &Address, side: Side, atoms: u64) -> Outcome {
    let mint = tokens::mint(&app.rpc, located.pool.mint(side)).await?;
    let account = tokens::associated(wallet, &mint.address, &mint.token_program);
    Ok(tokens::require(&app.rpc, &account, &mint, atoms).await?)
}

/// Swaps.
pub async fn swap(app: &App, options: Swap) -> Outcome {
    let signer = app.signer()?;
    let trader = signer.pubkey();
    let located = Located::fetch(&app.rpc, options.pool).await?;
    let named = located.side(&options.of)?;
    let input = if options.sell.is_some() { named } else { named.other() };
    let text = options.sell.as_deref().or(options.buy.as_deref()).unwrap_or("0");
    let atoms = amount::parse(text, located.pool.decimals(named))?;
    let is_exact_in = options.sell.is_some();
    let asked = if is_exact_in {
        Ask::ExactIn { input, atoms }
    } else {
        Ask::ExactOut { input, atoms }
    };
    let quote = ask(app, &located, asked).await?;
    let (pays, gets) = (quote.sent_of(input), quote.received_of(input.other()));
    require(app, &located, &trader, input, pays).await?;
    let deadline = deadline(app, options.valid_seconds).await?;
    let swap = if is_exact_in {
        located.swap_exact_in(trader, input, pays, at_least(gets, options.slippage_bps), deadline)
    } else {
        located.swap_exact_out(trader, input, gets, at_most(pays, options.slippage_bps), deadline)
    };
    let text = |side, atoms| amount::format(atoms, located.pool.decimals(side));
    let label = format!(
        "swap {} for {} in pool {}",
        text(input, pays),
        text(input.other(), gets),
        options.pool
    );
    let instructions = vec![account(&located, &trader, input.other()), swap];
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// Deposits both tokens or one.
pub async fn deposit(app: &App, options: Deposit) -> Outcome {
    let located = Located::fetch(&app.rpc, options.pool).await?;
    match (&options.max_a, &options.max_b, &options.one_side, &options.of) {
        (_, _, Some(text), Some(mint)) => one_side(app, &located, text, mint, options.slippage_bps).await,
        (Some(max_a), Some(max_b), _, _) => both(app, &located, [max_a, max_b], options.slippage_bps).await,
        _ => Err(Error::refused(
            "the deposit has no amounts",
            "Name the most of both tokens, or --one-side and --of",
        )
        .into()),
    }
}

async fn both(app: &App, located: &Located, [max_a, max_b]: [&str; 2], slippage_bps: u16) -> Outcome {
    let signer = app.signer()?;
    let provider = signer.pubkey();
    let max = [
        amount::parse(max_a, located.pool.decimals_a)?,
        amount::parse(max_b, located.pool.decimals_b)?,
    ];
    // the price may move, and vesting shares fade, before the deposit is carried out: a share then costs a little more
    let aim = max.map(|atoms| at_least(atoms, slippage_bps));
    let (shares, quote) = located.shares_for(&app.rpc, &provider, aim).await?;
    for side in [Side::A, Side::B] {
        require(app, located, &provider, side, quote.sent_of(side)).await?;
    }
    let deposit = located.deposit(provider, shares, max, deadline(app, VALID_SECONDS).await?);
    let label = format!("deposit for {} shares of pool {}", shares_text(shares), located.address);
    let instructions = vec![share_account(located, &provider), deposit];
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

async fn one_side(app: &App, located: &Located, text: &str, mint: &Address, slippage_bps: u16) -> Outcome {
    let signer = app.signer()?;
    let provider = signer.pubkey();
    let side = located.side(mint)?;
    let atoms = amount::parse(text, located.pool.decimals(side))?;
    // as beside both tokens: what goes with the sold part may cost a little more by then
    let aim = at_least(atoms, slippage_bps);
    let (sold, quote) = located.one_side_for(&app.rpc, &provider, side, aim).await?;
    require(app, located, &provider, side, quote.sent_of(side)).await?;
    let wanted = OneSide {
        side,
        sold,
        most: atoms,
        least_shares: at_least(quote.shares, slippage_bps),
    };
    let deposit = located.deposit_one_side(provider, wanted, deadline(app, VALID_SECONDS).await?);
    let label = format!(
        "deposit {} of {mint} alone for {} shares of pool {}",
        amount::format(quote.sent_of(side), located.pool.decimals(side)),
        shares_text(quote.shares),
        located.address
    );
    let instructions = vec![share_account(located, &provider), deposit];
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// Withdraws; what is not to be paid becomes a claim.
pub async fn withdraw(app: &App, options: Withdraw) -> Outcome {
    let signer = app.signer()?;
    let provider = signer.pubkey();
    let located = Located::fetch(&app.rpc, options.pool).await?;
    let shares = super::wallet_shares(app, &located, &provider, &options.shares).await?;
    let quote = ask(app, &located, Ask::Withdraw { shares }).await?;
    let min = quote.received.map(|atoms| at_least(atoms, options.slippage_bps));
    let legs = options.legs.bits();
    let mut instructions = vec![
        account(&located, &provider, Side::A),
        account(&located, &provider, Side::B),
    ];
    instructions.push(located.withdraw(provider, shares, min, deadline(app, VALID_SECONDS).await?, legs));
    let label = format!("withdraw {} shares of pool {}", shares_text(shares), options.pool);
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// Pays claims out.
pub async fn claim(app: &App, address: Address, of: Option<Address>, to: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let located = Located::fetch(&app.rpc, address).await?;
    let only = of.as_ref().map(|mint| located.side(mint)).transpose()?;
    let mut instructions = Vec::new();
    let mut amounts = Vec::new();
    for side in [Side::A, Side::B] {
        if only.is_some_and(|only| only != side) {
            continue;
        }
        if let Some(claim) = located.claim(&app.rpc, &owner, side).await? {
            amounts.push(format!(
                "{} of {}",
                amount::format(claim.atoms.get(), located.pool.decimals(side)),
                located.pool.mint(side)
            ));
            if to.is_none() {
                instructions.push(account(&located, &owner, side));
            }
            instructions.push(located.claim_deferred(owner, side, claim.rent_payer, to));
        }
    }
    if amounts.is_empty() {
        return Err(Error::refused(
            format!("wallet {owner} has no such claim on pool {address}"),
            "Claims come from withdrawals with --legs",
        )
        .into());
    }
    let label = format!("claim {} from pool {address}", amounts.join(" and "));
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}
