//! `commonweal pool lock`.

use {
    super::{parse_shares, shares_text, wallet_shares},
    crate::{
        app::{App, Outcome},
        args::{span, CreateLock, Lock as Verb},
        output,
    },
    commonweal_client::{
        pool::{self, LiquidityLock, Located, LockTime},
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Verb) -> Outcome {
    match verb {
        Verb::Create(options) => create(app, options).await,
        Verb::List { pool, owner } => list(app, pool, owner).await,
        Verb::Unlock { lock, shares } => unlock(app, lock, &shares).await,
        Verb::ClaimFees { lock } => claim_fees(app, lock).await,
        Verb::Transfer { lock, to } => transfer(app, lock, to).await,
    }
}

async fn create(app: &App, options: CreateLock) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let located = Located::fetch(&app.rpc, options.pool).await?;
    let shares = wallet_shares(app, &located, &owner, &options.shares).await?;
    let time = match super::moment(app, options.span, options.until).await? {
        Some(until) if !options.forever => LockTime::Until(until),
        _ => LockTime::Forever,
    };
    let index = match options.index {
        Some(index) => index,
        None => pool::free_lock_index(&app.rpc, &options.pool, &owner).await?,
    };
    let lock = pool::lock_liquidity(owner, options.pool, located.pool.config, index, shares, time);
    let label = format!(
        "lock {} shares of pool {} {time} at {}",
        shares_text(shares),
        options.pool,
        pool::lock_address(&options.pool, &owner, index)
    );
    app.execute(Plan::new(label, vec![lock], &[&signer])).await?;
    Ok(())
}

/// When a lock opens, in words.
pub fn opens(lock: &LiquidityLock, now_ts: i64) -> String {
    if lock.forever == 1 {
        return "never".to_owned();
    }
    let until = lock.unlock_ts.get();
    match u64::try_from(until.saturating_sub(now_ts)) {
        Ok(left) if left > 0 => format!("in {} (Unix time {until})", span::words(left)),
        _ => "now".to_owned(),
    }
}

async fn list(app: &App, pool: Option<Address>, owner: Option<Address>) -> Outcome {
    let now = app.rpc.clock().await?.unix_ts;
    let mut locks = pool::locks(&app.rpc, pool, owner).await?;
    locks.sort_by_key(|(address, lock)| (lock.unlock_ts.get(), *address));
    let rows = locks
        .iter()
        .map(|(address, lock)| {
            vec![
                address.to_string(),
                lock.pool.to_string(),
                lock.owner.to_string(),
                shares_text(lock.lp_atoms.get()),
                opens(lock, now),
                shares_text(lock.claimed_atoms.get()),
            ]
        })
        .collect();
    output::list(
        &["lock", "pool", "owner", "shares", "opens", "fees claimed"],
        rows,
        &[3, 5],
        app.global.json,
    );
    Ok(())
}

/// The lock, its pool, and a refusal unless the signer owns it.
async fn owned(app: &App, address: Address, owner: &Address) -> Outcome<(LiquidityLock, Located)> {
    let lock = pool::lock(&app.rpc, &address).await?;
    if &lock.owner != owner {
        return Err(Error::account(
            address,
            format!("a lock of {owner}"),
            format!("one of {}", lock.owner),
            "Sign with its owner (--keypair)",
        )
        .into());
    }
    Ok((lock, Located::fetch(&app.rpc, lock.pool).await?))
}

async fn unlock(app: &App, address: Address, shares: &str) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let (lock, located) = owned(app, address, &owner).await?;
    let shares = parse_shares(shares, lock.lp_atoms.get())?;
    let account = tokens::create_associated(&owner, &owner, &located.pool.lp_mint, &ids::TOKEN);
    let unlock = pool::unlock_liquidity(&located, address, &lock, shares);
    let label = format!("unlock {} shares of lock {address}", shares_text(shares));
    app.execute(Plan::new(label, vec![account, unlock], &[&signer])).await?;
    Ok(())
}

async fn claim_fees(app: &App, address: Address) -> Outcome {
    let signer = app.signer()?;
    let owner = signer.pubkey();
    let (lock, located) = owned(app, address, &owner).await?;
    let account = tokens::create_associated(&owner, &owner, &located.pool.lp_mint, &ids::TOKEN);
    let claim = pool::claim_lock_fees(&located, address, &lock);
    let label = format!("claim the fees of lock {address}");
    app.execute(Plan::new(label, vec![account, claim], &[&signer])).await?;
    Ok(())
}

async fn transfer(app: &App, address: Address, to: Address) -> Outcome {
    let signer = app.signer()?;
    let (lock, located) = owned(app, address, &signer.pubkey()).await?;
    let transfer = pool::transfer_lock(&located, address, &lock, to);
    let label = format!("give lock {address} to {to}");
    app.execute(Plan::new(label, vec![transfer], &[&signer])).await?;
    Ok(())
}
