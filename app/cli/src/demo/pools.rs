//! The pool's chapter.

use {
    super::story::{Story, ONE},
    crate::app::Outcome,
    commonweal_client::{
        accounts,
        pool::{self, Ask, Located, PoolConfig, Quote, Side, Token},
        rpc::Rpc,
        tokens, Address,
    },
    commonweal_interface::ids,
    liquidity_pool::constants::LEGS_BOTH,
    solana_signer::Signer,
};

/// Parts of a million.
const PPM: u128 = 1_000_000;

/// A pool at a moment, with its terms and the shares that its mint has issued.
pub struct Market {
    /// The pool.
    pub located: Located,
    /// Its terms.
    pub config: PoolConfig,
    /// Shares in existence.
    pub lp_supply_atoms: u64,
}

impl Market {
    /// Fetches it.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Outcome<Self> {
        let located = Located::fetch(rpc, address).await?;
        Ok(Self {
            config: accounts::fetch(rpc, &ids::LIQUIDITY_POOL, &located.pool.config).await?,
            lp_supply_atoms: tokens::mint(rpc, &located.pool.lp_mint).await?.state.supply_atoms,
            located,
        })
    }
}

/// What the program itself says it would do now.
pub async fn ask(story: &Story<'_>, located: &Located, asked: Ask) -> Outcome<Quote> {
    Ok(located.quote(&story.sender.rpc, &story.funder.pubkey(), asked).await?)
}

/// A pool as the story's own arithmetic sees it, in numbers wide enough never to overflow.
#[derive(Clone, Copy)]
pub struct Expected {
    /// Reserve of what comes in.
    pub reserve_in: u128,
    /// Reserve of what goes out.
    pub reserve_out: u128,
    /// The whole fee.
    pub fee_ppm: u128,
    /// The treasury's part of it.
    pub share_ppm: u128,
}

/// What a trade should give.
pub struct Trade {
    /// What is paid.
    pub input: u128,
    /// What is got.
    pub output: u128,
    /// The treasury's part.
    pub protocol: u128,
}

fn div_ceil(dividend: u128, divisor: u128) -> u128 {
    dividend.div_ceil(divisor)
}

impl Expected {
    /// The pool before a trade.
    pub fn of(market: &Market, input: Side) -> Self {
        let pool = &market.located.pool;
        Self {
            reserve_in: u128::from(pool.reserve_atoms(input)),
            reserve_out: u128::from(pool.reserve_atoms(input.other())),
            fee_ppm: u128::from(market.config.base_fee_ppm.get()),
            share_ppm: u128::from(market.config.protocol_share_ppm.get()),
        }
    }

    fn protocol(&self, input: u128) -> (u128, u128) {
        let fee = div_ceil(input.saturating_mul(self.fee_ppm), PPM);
        (fee, fee.saturating_mul(self.share_ppm).checked_div(PPM).unwrap_or(0))
    }

    /// ⌊net·y / (x + net)⌋ with net = input − ⌈input·fee⌉.
    pub fn exact_in(&self, input: u128) -> Trade {
        let (fee, protocol) = self.protocol(input);
        let net = input.saturating_sub(fee);
        let output = net
            .saturating_mul(self.reserve_out)
            .checked_div(self.reserve_in.saturating_add(net));
        Trade {
            input,
            output: output.unwrap_or(0),
            protocol,
        }
    }

    /// ⌈⌈x·Δy / (y − Δy)⌉ / (1 − fee)⌉.
    fn exact_out(&self, output: u128) -> Trade {
        let net = div_ceil(
            self.reserve_in.saturating_mul(output),
            self.reserve_out.saturating_sub(output),
        );
        let input = div_ceil(net.saturating_mul(PPM), PPM.saturating_sub(self.fee_ppm));
        Trade {
            input,
            output,
            protocol: self.protocol(input).1,
        }
    }
}

fn square_root_floor(value: u128) -> u128 {
    value.isqrt()
}

/// The side of ALPHA.
pub fn alpha_side(story: &Story<'_>, located: &Located) -> Outcome<Side> {
    Ok(located.side(&story.alpha.pubkey())?)
}

/// Creates the pool, funds it twice, trades both ways; returns its address.
pub async fn open(story: &mut Story<'_>) -> Outcome<Address> {
    let token = |mint| Token {
        mint,
        program: ids::TOKEN,
    };
    let (tokens, swapped) = pool::ordered(token(story.alpha.pubkey()), token(story.beta.pubkey()));
    let (alpha, beta) = (400_000 * ONE, 800_000 * ONE);
    let amounts = if swapped { [beta, alpha] } else { [alpha, beta] };
    let creator = story.wallet("Lea");
    let config = story.at.pool_config;
    let create = pool::create_pool(creator, config, tokens, 0, amounts, story.deadline().await?);
    let [a, b] = tokens;
    let address = pool::pool_address(&config, &a.mint, &b.mint, &creator, 0);
    story.book.name(address, "the pool");
    story.book.asset(pool::lp_mint_address(&address), "LP", 9, false);
    story
        .act(
            "Lea creates the pool with 400,000 ALPHA and 800,000 BETA",
            &["Lea"],
            vec![create],
        )
        .await?;
    let located = Located::fetch(&story.sender.rpc, address).await?;
    let minted = square_root_floor(u128::from(alpha).saturating_mul(u128::from(beta))).saturating_sub(1_000);
    let held = story.book.holding("Lea", &located.pool.lp_mint);
    story.check("Lea holds √(a·b) − 1000 shares", minted, u128::from(held))?;

    deposit(story, address).await?;
    sell(story, address, "Tara", "ALPHA", 5_000 * ONE).await?;
    sell(story, address, "Theo", "BETA", 7_500 * ONE).await?;
    buy(story, address).await?;
    withdraw(story, address).await?;
    Ok(address)
}

/// Liam adds in the pool's proportion.
async fn deposit(story: &mut Story<'_>, address: Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let max = if alpha_side(story, &market.located)? == Side::A {
        [200_000 * ONE, 400_000 * ONE]
    } else {
        [400_000 * ONE, 200_000 * ONE]
    };
    let payer = story.funder.pubkey();
    let (shares, _) = market.located.shares_for(&story.sender.rpc, &payer, max).await?;
    let provider = story.wallet("Liam");
    let account = tokens::create_associated(&provider, &provider, &market.located.pool.lp_mint, &ids::TOKEN);
    let deposit = market.located.deposit(provider, shares, max, story.deadline().await?);
    story
        .act("Liam deposits beside her", &["Liam"], vec![account, deposit])
        .await?;
    // ⌈R·s / S⌉ of each, by the story's own arithmetic
    let total = u128::from(market.lp_supply_atoms).saturating_add(1_000);
    let cost = |reserve: u64| div_ceil(u128::from(reserve).saturating_mul(u128::from(shares)), total);
    let after = Located::fetch(&story.sender.rpc, address).await?.pool;
    for (side, reserve) in [
        (Side::A, market.located.pool.reserve_a_atoms.get()),
        (Side::B, market.located.pool.reserve_b_atoms.get()),
    ] {
        let expected = u128::from(reserve).saturating_add(cost(reserve));
        story.check(
            &format!("reserve {side:?} grew by ⌈R·s/S⌉"),
            expected,
            u128::from(after.reserve_atoms(side)),
        )?;
    }
    Ok(())
}

/// Somebody sells an exact amount; the output is checked against wide integers.
async fn sell(story: &mut Story<'_>, address: Address, who: &str, symbol: &str, atoms: u64) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let alpha = alpha_side(story, &market.located)?;
    let input = if symbol == "ALPHA" { alpha } else { alpha.other() };
    let expected = Expected::of(&market, input).exact_in(u128::from(atoms));
    let quoted = ask(story, &market.located, Ask::ExactIn { input, atoms })
        .await?
        .received_of(input.other());
    let output_mint = *market.located.pool.mint(input.other());
    let before = story.book.holding(who, &output_mint);
    let swap = market
        .located
        .swap_exact_in(story.wallet(who), input, atoms, quoted, story.deadline().await?);
    let label = format!(
        "{who} sells {} {symbol} at {} ppm",
        commonweal_client::amount::format(atoms, super::story::DECIMALS),
        market.config.base_fee_ppm.get()
    );
    story.act(&label, &[who], vec![swap]).await?;
    let gained = story.book.holding(who, &output_mint).saturating_sub(before);
    story.check("output = ⌊net·y/(x+net)⌋", expected.output, u128::from(gained))?;
    check_owed(story, &market, input, &expected).await
}

/// Tara buys an exact amount of ALPHA back.
async fn buy(story: &mut Story<'_>, address: Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let input = alpha_side(story, &market.located)?.other();
    let wanted = 1_000 * ONE;
    let expected = Expected::of(&market, input).exact_out(u128::from(wanted));
    let asked = Ask::ExactOut { input, atoms: wanted };
    let quoted = ask(story, &market.located, asked).await?.sent_of(input);
    let beta = story.beta.pubkey();
    let before = story.book.holding("Tara", &beta);
    let swap = market
        .located
        .swap_exact_out(story.wallet("Tara"), input, wanted, quoted, story.deadline().await?);
    story
        .act("Tara buys exactly 1,000 ALPHA back", &["Tara"], vec![swap])
        .await?;
    let paid = before.saturating_sub(story.book.holding("Tara", &beta));
    story.check("input = ⌈⌈x·Δy/(y−Δy)⌉/(1−fee)⌉", expected.input, u128::from(paid))?;
    check_owed(story, &market, input, &expected).await
}

/// The protocol's part of the fee is set apart, and the vault covers reserve and debt exactly.
async fn check_owed(story: &mut Story<'_>, before: &Market, input: Side, expected: &Trade) -> Outcome {
    let located = Located::fetch(&story.sender.rpc, before.located.address).await?;
    let owed = |pool: &pool::Pool| match input {
        Side::A => u128::from(pool.protocol_owed_a_atoms.get()),
        Side::B => u128::from(pool.protocol_owed_b_atoms.get()),
    };
    let grown = owed(&located.pool).saturating_sub(owed(&before.located.pool));
    story.check("the treasury is owed its part of the fee", expected.protocol, grown)?;
    let vault = tokens::balance(&story.sender.rpc, located.pool.vault(input)).await?;
    let covered = u128::from(located.pool.reserve_atoms(input)).saturating_add(owed(&located.pool));
    story.check("vault = reserve + owed", covered, u128::from(vault))
}

/// Liam takes half of his shares out.
async fn withdraw(story: &mut Story<'_>, address: Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let lp_mint = market.located.pool.lp_mint;
    let shares = story.book.holding("Liam", &lp_mint) / 2;
    let min = ask(story, &market.located, Ask::Withdraw { shares }).await?.received;
    let provider = story.wallet("Liam");
    let withdraw = market
        .located
        .withdraw(provider, shares, min, story.deadline().await?, LEGS_BOTH);
    story
        .act("Liam withdraws half of his shares", &["Liam"], vec![withdraw])
        .await?;
    let total = u128::from(market.lp_supply_atoms).saturating_add(1_000);
    let after = Located::fetch(&story.sender.rpc, address).await?.pool;
    for side in [Side::A, Side::B] {
        let reserve = u128::from(market.located.pool.reserve_atoms(side));
        let paid = reserve
            .saturating_mul(u128::from(shares))
            .checked_div(total)
            .unwrap_or(0);
        let expected = reserve.saturating_sub(paid);
        story.check(
            &format!("reserve {side:?} fell by ⌊R·s/S⌋"),
            expected,
            u128::from(after.reserve_atoms(side)),
        )?;
    }
    Ok(())
}

/// A trade pays what the vote decided.
pub async fn after_the_vote(story: &mut Story<'_>, address: &Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, *address).await?;
    story.check(
        "the vote made it 2,500 ppm",
        super::governance::NEW_FEE_PPM,
        market.config.base_fee_ppm.get(),
    )?;
    sell(story, *address, "Theo", "BETA", 1_000 * ONE).await
}
