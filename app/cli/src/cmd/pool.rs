//! `commonweal pool`.

mod collect;
mod config;
mod create;
mod farm;
mod flash;
mod lock;
mod position;
mod quote;
mod show;
mod stake;
mod trade;
mod twap;
mod upkeep;

pub use config::wanted;

use {
    crate::{
        app::{App, Outcome},
        args::Pool,
    },
    commonweal_client::{
        amount,
        pool::{Ask, Located, Quote},
        tokens, Address, Error,
    },
    solana_signer::Signer,
};

/// Decimal places of a pool's shares.
const SHARE_DECIMALS: u8 = liquidity_pool::constants::LP_DECIMALS;
/// Seconds after which a deposit or withdrawal is void.
pub const VALID_SECONDS: u32 = 60;
/// Hundredths of a percent in one.
const BPS: u64 = 10_000;

/// Carries a verb out.
pub async fn run(app: &App, verb: Pool) -> Outcome {
    match verb {
        Pool::Config(verb) => config::run(app, verb).await,
        Pool::Create(options) => create::run(app, options).await,
        Pool::List { config } => show::list(app, config).await,
        Pool::Show { pool, window } => show::run(app, pool, window).await,
        Pool::Quote(options) => quote::run(app, options).await,
        Pool::Swap(options) => trade::swap(app, options).await,
        Pool::Deposit(options) => trade::deposit(app, options).await,
        Pool::Withdraw(options) => trade::withdraw(app, options).await,
        Pool::Claim { pool, of, to } => trade::claim(app, pool, of, to).await,
        Pool::Collect { pool, only } => collect::run(app, pool, only).await,
        Pool::Skim { pool } => upkeep::skim(app, pool).await,
        Pool::SyncRisk { pool } => upkeep::sync_risk(app, pool).await,
        Pool::Twap {
            pool,
            window,
            observations,
        } => twap::run(app, pool, window, observations).await,
        Pool::Lock(verb) => lock::run(app, verb).await,
        Pool::Farm(verb) => farm::run(app, verb).await,
        Pool::Flash { pool, a, b } => flash::run(app, pool, &a, &b).await,
        Pool::Position { pool, wallet, limit } => position::run(app, pool, wallet, limit).await,
    }
}

/// The deadline of what is signed now.
pub async fn deadline(app: &App, seconds: u32) -> Outcome<i64> {
    Ok(app.rpc.clock().await?.unix_ts.saturating_add(i64::from(seconds)))
}

/// `atoms` less the slippage, rounded up: against the taker's risk.
fn at_least(atoms: u64, slippage_bps: u16) -> u64 {
    let kept = BPS.saturating_sub(u64::from(slippage_bps));
    commonweal_interface::math::mul_div_ceil(atoms, kept, BPS).unwrap_or(atoms)
}

/// `atoms` and the slippage, rounded down.
pub fn at_most(atoms: u64, slippage_bps: u16) -> u64 {
    let more = BPS.saturating_add(u64::from(slippage_bps));
    commonweal_interface::math::mul_div_floor(atoms, more, BPS).unwrap_or(u64::MAX)
}

/// Shares as text.
fn shares_text(atoms: u64) -> String {
    amount::format(atoms, SHARE_DECIMALS)
}

/// Reads `0.25` or `all` of what there is.
fn parse_shares(text: &str, all: u64) -> Outcome<u64> {
    let shares = match text {
        "all" => all,
        text => amount::parse(text, SHARE_DECIMALS)?,
    };
    if shares == 0 {
        return Err(Error::refused(
            "there are no shares to move",
            "Deposit first, or name an amount above zero",
        )
        .into());
    }
    Ok(shares)
}

/// Reads `0.25` or `all` of the wallet's shares, which must hold as much.
async fn wallet_shares(app: &App, located: &Located, wallet: &Address, text: &str) -> Outcome<u64> {
    let account = located.shares_of(wallet);
    let held = tokens::balance(&app.rpc, &account).await?;
    let shares = parse_shares(text, held)?;
    if shares > held {
        return Err(Error::account(
            account,
            format!("{} shares", shares_text(shares)),
            shares_text(held),
            "Use a smaller amount, or take shares out of farms and locks first",
        )
        .into());
    }
    Ok(shares)
}

/// A moment given as a span from now or as Unix time.
async fn moment(app: &App, span: Option<u64>, until: Option<i64>) -> Outcome<Option<i64>> {
    let Some(span) = span else {
        return Ok(until);
    };
    let now = app.rpc.clock().await?.unix_ts;
    Ok(Some(now.saturating_add(i64::try_from(span).unwrap_or(i64::MAX))))
}

/// In whose name a quote is asked: yours, or the pool's creator's where you have no keypair or no SOL. Nobody pays.
async fn payer(app: &App, located: &Located) -> Outcome<Address> {
    let Ok(signer) = app.signer() else {
        return Ok(located.pool.creator);
    };
    let state = app.rpc.account(&signer.pubkey()).await?;
    Ok(state.map_or(located.pool.creator, |_| signer.pubkey()))
}

/// Asks the program.
pub async fn ask(app: &App, located: &Located, ask: Ask) -> Outcome<Quote> {
    Ok(located.quote(&app.rpc, &payer(app, located).await?, ask).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slippage_is_rounded_against_the_takers_risk() {
        assert_eq!(at_least(10_000, 50), 9_950);
        assert_eq!(at_least(1, 50), 1);
        assert_eq!(at_most(10_000, 50), 10_050);
        assert_eq!(at_most(1, 50), 1);
        assert_eq!(at_least(u64::MAX, 0), u64::MAX);
    }

    #[test]
    fn shares_are_an_amount_or_all_and_never_nothing() {
        assert!(matches!(parse_shares("all", 7), Ok(7)));
        assert!(matches!(parse_shares("0.000000001", 7), Ok(1)));
        assert!(parse_shares("all", 0).is_err());
        assert!(parse_shares("0", 7).is_err());
        assert!(parse_shares("0.0000000001", 7).is_err());
    }
}
