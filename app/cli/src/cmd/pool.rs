//! `commonweal pool`.

mod collect;

use {
    crate::{
        app::{App, Outcome},
        args::{CreatePool, CreatePoolConfig, Pool, PoolConfig, Swap},
        output,
    },
    commonweal_client::{
        accounts, amount, governance,
        pool::{self, Market, Side, Token},
        send::Plan,
        tokens::{self, Mint},
        Address, Error,
    },
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Decimal places of a pool's shares.
const SHARE_DECIMALS: u8 = 9;
/// Seconds after which a deposit or withdrawal is void.
const VALID_SECONDS: u32 = 60;
/// Hundredths of a percent in one.
const BPS: u64 = 10_000;

/// Carries a verb out.
pub async fn run(app: &App, verb: Pool) -> Outcome {
    match verb {
        Pool::Config(PoolConfig::Show { id }) => show_config(app, id).await,
        Pool::Config(PoolConfig::Create(options)) => create_config(app, options).await,
        Pool::Create(options) => create(app, options).await,
        Pool::List { config } => list(app, config).await,
        Pool::Show { pool } => show(app, pool).await,
        Pool::Quote(options) => quote(app, options).await,
        Pool::Swap(options) => swap(app, options).await,
        Pool::Deposit { pool, max_a, max_b } => deposit(app, pool, &max_a, &max_b).await,
        Pool::Withdraw {
            pool,
            shares,
            slippage_bps,
        } => withdraw(app, pool, &shares, slippage_bps).await,
        Pool::Collect { pool, only } => collect::run(app, pool, only).await,
    }
}

/// The deadline of what is signed now.
async fn deadline(app: &App, seconds: u32) -> Outcome<i64> {
    Ok(app.rpc.clock().await?.unix_ts.saturating_add(i64::from(seconds)))
}

/// `atoms` less the slippage, rounded up: against the taker's risk.
fn at_least(atoms: u64, slippage_bps: u16) -> u64 {
    let kept = BPS.saturating_sub(u64::from(slippage_bps));
    commonweal_interface::math::mul_div_ceil(atoms, kept, BPS).unwrap_or(atoms)
}

/// `atoms` and the slippage, rounded down.
fn at_most(atoms: u64, slippage_bps: u16) -> u64 {
    let more = BPS.saturating_add(u64::from(slippage_bps));
    commonweal_interface::math::mul_div_floor(atoms, more, BPS).unwrap_or(u64::MAX)
}

async fn show_config(app: &App, id: u64) -> Outcome {
    let address = pool::config_address(id);
    let config: pool::PoolConfig = accounts::fetch(&app.rpc, &ids::LIQUIDITY_POOL, &address).await?;
    let paused = match config.pause_bits {
        0 => "nothing".to_owned(),
        bits => [(1, "creating"), (2, "depositing"), (4, "swapping"), (8, "flash loans")]
            .iter()
            .filter(|(bit, _)| bits & bit != 0)
            .map(|(_, what)| *what)
            .collect::<Vec<_>>()
            .join(", "),
    };
    output::facts(
        &[
            ("config", address.to_string()),
            ("realm", config.realm.to_string()),
            ("authority", config.authority.to_string()),
            ("treasury", config.treasury.to_string()),
            ("rehearsal", (config.rehearsal == 1).to_string()),
            ("fee ppm", config.base_fee_ppm.get().to_string()),
            ("highest fee ppm", config.max_base_fee_ppm.get().to_string()),
            ("protocol share ppm", config.protocol_share_ppm.get().to_string()),
            (
                "highest protocol share ppm",
                config.max_protocol_share_ppm.get().to_string(),
            ),
            ("paused", paused),
        ],
        app.global.json,
    );
    Ok(())
}

async fn create_config(app: &App, options: CreatePoolConfig) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let state = governance::realm(&app.rpc, &realm).await?;
    let treasury = governance::treasury_address(&realm, 0);
    let terms = pool::plain_terms(
        state.is_rehearsal(),
        options.authority.unwrap_or(treasury),
        treasury,
        options.fee_ppm,
        options.max_fee_ppm,
        options.protocol_share_ppm,
        options.max_protocol_share_ppm,
    );
    let create = pool::initialize_config(signer.pubkey(), realm, options.id, terms);
    let label = format!(
        "create pool config {} at {}",
        options.id,
        pool::config_address(options.id)
    );
    app.execute(Plan::new(label, vec![create], &[&signer])).await?;
    Ok(())
}

async fn create(app: &App, options: CreatePool) -> Outcome {
    let signer = app.signer()?;
    let creator = signer.pubkey();
    let one = tokens::mint(&app.rpc, &options.mint).await?;
    let other = tokens::mint(&app.rpc, &options.other_mint).await?;
    if one.address == other.address {
        return Err(Error::refused("a pool needs two different mints", "Name another mint").into());
    }
    let amounts = [
        amount::parse(&options.amount, one.state.decimals)?,
        amount::parse(&options.other_amount, other.state.decimals)?,
    ];
    for (mint, atoms) in [&one, &other].into_iter().zip(amounts) {
        let account = tokens::associated(&creator, &mint.address, &mint.token_program);
        tokens::require(&app.rpc, &account, mint, atoms).await?;
    }
    let (pair, exchanged) = pool::ordered(Token::from(&one), Token::from(&other));
    let [first, second] = amounts;
    let amounts = if exchanged { [second, first] } else { amounts };
    let config = pool::config_address(options.config);
    let deadline = deadline(app, VALID_SECONDS).await?;
    let create = pool::create_pool(creator, config, pair, options.index, amounts, deadline);
    let [a, b] = pair;
    let address = pool::pool_address(&config, &a.mint, &b.mint, &creator, options.index);
    app.execute(Plan::new(format!("create pool {address}"), vec![create], &[&signer]))
        .await?;
    Ok(())
}

async fn list(app: &App, config: Option<u64>) -> Outcome {
    let pools = pool::list(&app.rpc, config.map(pool::config_address)).await?;
    let rows = pools
        .iter()
        .map(|located| {
            let pool = &located.pool;
            vec![
                located.address.to_string(),
                pool.mint_a.to_string(),
                amount::format(pool.reserve_a_atoms.get(), pool.decimals_a),
                pool.mint_b.to_string(),
                amount::format(pool.reserve_b_atoms.get(), pool.decimals_b),
                risks(pool.risk_flags_a.get() | pool.risk_flags_b.get()),
            ]
        })
        .collect();
    output::list(
        &["pool", "mint A", "reserve A", "mint B", "reserve B", "mint risks"],
        rows,
        &[2, 4],
        app.global.json,
    );
    Ok(())
}

/// What the authorities of a mint can do to its holders.
fn risks(flags: u16) -> String {
    use liquidity_pool::constants as c;
    let names = [
        (c::RISK_FREEZE_AUTHORITY, "freeze"),
        (c::RISK_MINT_AUTHORITY, "mint"),
        (c::RISK_PERMANENT_DELEGATE, "delegate"),
        (c::RISK_TRANSFER_HOOK, "hook"),
        (c::RISK_TRANSFER_FEE, "transfer fee"),
        (c::RISK_CLOSE_AUTHORITY, "close"),
    ];
    let found: Vec<&str> = names
        .iter()
        .filter(|(flag, _)| flags & flag != 0)
        .map(|(_, name)| *name)
        .collect();
    if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    }
}

async fn show(app: &App, address: Address) -> Outcome {
    let market = Market::fetch(&app.rpc, address).await?;
    let pool = &market.located.pool;
    let token = |atoms: u64, decimals: u8| amount::format(atoms, decimals);
    let mut facts = vec![
        ("pool", address.to_string()),
        ("config", pool.config.to_string()),
        ("creator", pool.creator.to_string()),
        ("mint A", pool.mint_a.to_string()),
        ("reserve A", token(pool.reserve_a_atoms.get(), pool.decimals_a)),
        (
            "owed to the treasury A",
            token(pool.protocol_owed_a_atoms.get(), pool.decimals_a),
        ),
        ("mint risks A", risks(pool.risk_flags_a.get())),
        ("mint B", pool.mint_b.to_string()),
        ("reserve B", token(pool.reserve_b_atoms.get(), pool.decimals_b)),
        (
            "owed to the treasury B",
            token(pool.protocol_owed_b_atoms.get(), pool.decimals_b),
        ),
        ("mint risks B", risks(pool.risk_flags_b.get())),
        ("fee ppm", market.config.base_fee_ppm.get().to_string()),
        ("LP mint", pool.lp_mint.to_string()),
        ("shares", token(market.lp_supply_atoms, SHARE_DECIMALS)),
    ];
    if let Ok(signer) = app.signer() {
        let held = tokens::balance(&app.rpc, &market.located.shares_of(&signer.pubkey())).await?;
        facts.push(("your shares", token(held, SHARE_DECIMALS)));
        if held > 0 {
            let worth = market.withdraw(held)?;
            facts.push(("worth A", token(worth.a.received_atoms, pool.decimals_a)));
            facts.push(("worth B", token(worth.b.received_atoms, pool.decimals_b)));
        }
    }
    output::facts(&facts, app.global.json);
    Ok(())
}

/// A swap that was asked for, quoted.
struct Quoted {
    market: Market,
    input: Side,
    is_exact_in: bool,
    pays: u64,
    gets: u64,
    input_mint: Mint,
    output_mint: Mint,
}

impl Quoted {
    async fn of(app: &App, options: &Swap) -> Outcome<Self> {
        let market = Market::fetch(&app.rpc, options.pool).await?;
        let named = market.located.side(&options.of)?;
        let is_exact_in = options.sell.is_some();
        let input = if is_exact_in { named } else { named.other() };
        let pool = &market.located.pool;
        let text = options.sell.as_deref().or(options.buy.as_deref()).unwrap_or("0");
        let atoms = amount::parse(text, pool.decimals(named))?;
        let summary = if is_exact_in {
            market.exact_in(input, atoms)?
        } else {
            market.exact_out(input, atoms)?
        };
        let input_mint = tokens::mint(&app.rpc, pool.mint(input)).await?;
        let output_mint = tokens::mint(&app.rpc, pool.mint(input.other())).await?;
        let (pays, gets) = (summary.input.sent_atoms, summary.output.received_atoms);
        Ok(Self {
            market,
            input,
            is_exact_in,
            pays,
            gets,
            input_mint,
            output_mint,
        })
    }

    fn paid(&self) -> String {
        amount::format(self.pays, self.input_mint.state.decimals)
    }

    fn got(&self) -> String {
        amount::format(self.gets, self.output_mint.state.decimals)
    }

    /// How much worse than the price without any trade this one is, in parts per million: fee and price impact together.
    fn impact_ppm(&self) -> u128 {
        let pool = &self.market.located.pool;
        let (reserve_in, reserve_out) = (pool.reserve_atoms(self.input), pool.reserve_atoms(self.input.other()));
        let ideal = u128::from(self.pays).saturating_mul(u128::from(reserve_out));
        let real = u128::from(self.gets).saturating_mul(u128::from(reserve_in));
        let lost = ideal.saturating_sub(real);
        // both products have up to 128 bits; the quotient is formed without overflowing
        let unit = ideal.div_ceil(1_000_000).max(1);
        lost.checked_div(unit).unwrap_or(0)
    }
}

async fn quote(app: &App, options: Swap) -> Outcome {
    let quoted = Quoted::of(app, &options).await?;
    let decimals = (quoted.input_mint.state.decimals, quoted.output_mint.state.decimals);
    let mut facts = vec![
        ("you pay", format!("{} of {}", quoted.paid(), quoted.input_mint.address)),
        ("you get", format!("{} of {}", quoted.got(), quoted.output_mint.address)),
        ("fee and price impact ppm", quoted.impact_ppm().to_string()),
    ];
    if quoted.is_exact_in {
        let least = at_least(quoted.gets, options.slippage_bps);
        facts.push(("at least", amount::format(least, decimals.1)));
    } else {
        let most = at_most(quoted.pays, options.slippage_bps);
        facts.push(("at most", amount::format(most, decimals.0)));
    }
    output::facts(&facts, app.global.json);
    Ok(())
}

async fn swap(app: &App, options: Swap) -> Outcome {
    let signer = app.signer()?;
    let trader = signer.pubkey();
    let quoted = Quoted::of(app, &options).await?;
    let deadline = deadline(app, options.valid_seconds).await?;
    let located = &quoted.market.located;
    let swap = if quoted.is_exact_in {
        let least = at_least(quoted.gets, options.slippage_bps);
        located.swap_exact_in(trader, quoted.input, quoted.pays, least, deadline)
    } else {
        let most = at_most(quoted.pays, options.slippage_bps);
        located.swap_exact_out(trader, quoted.input, quoted.gets, most, deadline)
    };
    let (input, output) = (&quoted.input_mint, &quoted.output_mint);
    let payer = tokens::associated(&trader, &input.address, &input.token_program);
    tokens::require(&app.rpc, &payer, input, quoted.pays).await?;
    let account = tokens::create_associated(&trader, &trader, &output.address, &output.token_program);
    let label = format!("swap {} for {} in pool {}", quoted.paid(), quoted.got(), options.pool);
    app.execute(Plan::new(label, vec![account, swap], &[&signer])).await?;
    Ok(())
}

async fn deposit(app: &App, address: Address, max_a: &str, max_b: &str) -> Outcome {
    let signer = app.signer()?;
    let provider = signer.pubkey();
    let market = Market::fetch(&app.rpc, address).await?;
    let pool = &market.located.pool;
    let max = [
        amount::parse(max_a, pool.decimals_a)?,
        amount::parse(max_b, pool.decimals_b)?,
    ];
    let [a, b] = max;
    let shares = market.shares_for(a, b)?;
    let quote = market.deposit(shares)?;
    for (mint, leg) in [(pool.mint_a, quote.a), (pool.mint_b, quote.b)] {
        let mint = tokens::mint(&app.rpc, &mint).await?;
        let payer = tokens::associated(&provider, &mint.address, &mint.token_program);
        tokens::require(&app.rpc, &payer, &mint, leg.sent_atoms).await?;
    }
    let account = tokens::create_associated(&provider, &provider, &pool.lp_mint, &ids::TOKEN);
    let deposit = market
        .located
        .deposit(provider, shares, max, deadline(app, VALID_SECONDS).await?);
    let label = format!(
        "deposit for {} shares of pool {address}",
        amount::format(shares, SHARE_DECIMALS)
    );
    app.execute(Plan::new(label, vec![account, deposit], &[&signer]))
        .await?;
    Ok(())
}

async fn withdraw(app: &App, address: Address, shares: &str, slippage_bps: u16) -> Outcome {
    let signer = app.signer()?;
    let provider = signer.pubkey();
    // The quote may fail where the market cannot be read; the withdrawal itself reads no config.
    let market = Market::fetch(&app.rpc, address).await?;
    let shares = match shares {
        "all" => tokens::balance(&app.rpc, &market.located.shares_of(&provider)).await?,
        text => amount::parse(text, SHARE_DECIMALS)?,
    };
    let quote = market.withdraw(shares)?;
    let min = [
        at_least(quote.a.received_atoms, slippage_bps),
        at_least(quote.b.received_atoms, slippage_bps),
    ];
    let mut instructions: Vec<_> = [Side::A, Side::B]
        .into_iter()
        .map(|side| market.located.token(side))
        .map(|token| tokens::create_associated(&provider, &provider, &token.mint, &token.program))
        .collect();
    instructions.push(
        market
            .located
            .withdraw(provider, shares, min, deadline(app, VALID_SECONDS).await?),
    );
    let label = format!(
        "withdraw {} shares of pool {address}",
        amount::format(shares, SHARE_DECIMALS)
    );
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
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
}
