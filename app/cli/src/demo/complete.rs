//! The second pool's chapters: every fee, a lock for ever, one-sided deposits, flash loans, donations, claims.

use {
    super::{
        pools::{alpha_side, ask, Expected, Market},
        stable,
        story::{Story, ONE},
    },
    crate::app::{Failure, Outcome},
    commonweal_client::{
        pool::{self, log, Ask, ConfigTerms, Located, LockTime, OneSide, Quote, Side, Token},
        send::Receipt,
        tokens, Address,
    },
    commonweal_interface::{ids, math::mul_div_floor},
    commonweal_migrations::local,
    liquidity_pool::constants::LEG_A,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Numbers of the two configs.
const CONFIG_ID: u64 = 1;
/// See [`CONFIG_ID`].
pub const STABLE_CONFIG_ID: u64 = 2;
/// Amplification of the stable pool.
pub const AMPLIFICATION: u32 = 100;
/// Fee of a flash loan.
const FLASH_FEE_PPM: u32 = 900;
/// Slots in which a fee vests: a few seconds of the story's fast network.
const VESTING_SLOTS: u32 = 100;
/// Shares that exist for ever.
pub const VIRTUAL: u64 = 1_000;
/// What the second pool begins with.
pub const ALPHA: u64 = 20_000 * ONE;
/// See [`ALPHA`].
pub const BETA: u64 = 40_000 * ONE;
/// Seconds of Liam's lock.
const LOCK_SECONDS: i64 = 5;
/// The second pool and what is locked of it.
pub struct Complete {
    /// The pool.
    pub pool: Address,
    /// All its first shares, which Lea locked for ever.
    pub locked: u64,
}

/// ALPHA and BETA in the order of pools.
pub fn named(story: &Story<'_>) -> [Token; 2] {
    let token = |mint| Token {
        mint,
        program: ids::TOKEN,
    };
    pool::ordered(token(story.alpha.pubkey()), token(story.beta.pubkey())).0
}

/// Amounts of ALPHA and BETA in the order of a pool.
fn placed(alpha: Side, atoms_alpha: u64, atoms_beta: u64) -> [u64; 2] {
    match alpha {
        Side::A => [atoms_alpha, atoms_beta],
        Side::B => [atoms_beta, atoms_alpha],
    }
}

/// A pool as it is now.
pub async fn fetch(story: &Story<'_>, address: Address) -> Outcome<Located> {
    Ok(Located::fetch(&story.sender.rpc, address).await?)
}

/// Hundredths of an amount.
fn percent(atoms: u64, hundredths: u64) -> u64 {
    mul_div_floor(atoms, hundredths, 100).unwrap_or(atoms)
}

/// What the program returned within a transaction.
fn quoted(receipt: &Receipt, located: &Located) -> Outcome<Quote> {
    let returned = log::returns(&receipt.landed.logs);
    let bytes = returned.first().ok_or_else(|| Failure::Mismatch {
        what: format!("\"{}\" returns a quote", receipt.label),
        expected: "bytes".to_owned(),
        found: "nothing".to_owned(),
    })?;
    Ok(located.read_quote(bytes)?)
}

/// Everything that happens to the second pool before the vote.
pub async fn open(story: &mut Story<'_>) -> Outcome<Complete> {
    configs(story).await?;
    let complete = create(story).await?;
    one_side(story, complete.pool).await?;
    trade(story, complete.pool).await?;
    flash(story, complete.pool).await?;
    donate(story, complete.pool).await?;
    lock_for_a_while(story, complete.pool).await?;
    defer(story, complete.pool).await?;
    stable::open(story).await?;
    Ok(complete)
}

/// One config with every mechanism, one with the stable curve; the treasury is the authority of both.
async fn configs(story: &mut Story<'_>) -> Outcome {
    let treasury = story.at.treasury;
    let plain = pool::plain_terms(
        true,
        treasury,
        treasury,
        local::POOL_FEE_PPM,
        local::POOL_MAX_FEE_PPM,
        local::POOL_PROTOCOL_SHARE_PPM,
        local::POOL_MAX_PROTOCOL_SHARE_PPM,
    );
    let every = ConfigTerms {
        dynamic_fee_cap_ppm: 20_000,
        max_dynamic_fee_cap_ppm: 20_000,
        dynamic_fee_slope_ppm: 100_000,
        volatility_threshold_ppm: 1_000,
        launch_fee_ppm: 10_000,
        max_launch_fee_ppm: 10_000,
        launch_seconds: 600,
        flash_fee_ppm: FLASH_FEE_PPM,
        max_flash_fee_ppm: FLASH_FEE_PPM,
        vesting_slots: VESTING_SLOTS,
        ..plain
    };
    let stable = ConfigTerms {
        curve: liquidity_pool::constants::CURVE_STABLE,
        amplification: AMPLIFICATION,
        base_fee_ppm: 400,
        ..plain
    };
    let payer = story.funder.pubkey();
    let create = [(CONFIG_ID, every), (STABLE_CONFIG_ID, stable)]
        .into_iter()
        .map(|(id, terms)| pool::initialize_config(payer, story.at.realm, id, terms))
        .collect();
    story
        .act("the funder creates two configs of the realm", &["the funder"], create)
        .await?;
    Ok(())
}

/// Lea creates the pool and locks all her shares for ever, in one transaction.
async fn create(story: &mut Story<'_>) -> Outcome<Complete> {
    let (config, tokens, lea) = (pool::config_address(CONFIG_ID), named(story), story.wallet("Lea"));
    let [a, b] = tokens;
    let alpha = if a.mint == story.alpha.pubkey() {
        Side::A
    } else {
        Side::B
    };
    let address = pool::pool_address(&config, &a.mint, &b.mint, &lea, 0);
    story.book.name(address, "the second pool");
    story.book.asset(pool::lp_mint_address(&address), "LP2", 9, false);
    let root = u128::from(ALPHA).saturating_mul(u128::from(BETA)).isqrt();
    let shares = u64::try_from(root).unwrap_or(u64::MAX).saturating_sub(VIRTUAL);
    let amounts = placed(alpha, ALPHA, BETA);
    let instructions = vec![
        pool::create_pool(lea, config, tokens, 0, amounts, story.deadline().await?),
        pool::lock_liquidity(lea, address, config, 0, shares, LockTime::Forever),
    ];
    story
        .act(
            "Lea creates the second pool and locks her shares for ever, at once",
            &["Lea"],
            instructions,
        )
        .await?;
    let pool = fetch(story, address).await?.pool;
    story.check(
        "all shares are locked for ever",
        shares,
        pool.lp_locked_forever_atoms.get(),
    )?;
    story.check("none circulates", shares, pool.lp_supply_atoms.get())?;
    Ok(Complete {
        pool: address,
        locked: shares,
    })
}

/// Liam deposits ALPHA alone; a quote in the same transaction says how many shares he gets.
async fn one_side(story: &mut Story<'_>, address: Address) -> Outcome {
    let located = fetch(story, address).await?;
    let (side, most, liam) = (alpha_side(story, &located)?, 1_000 * ONE, story.wallet("Liam"));
    let lp_mint = located.pool.lp_mint;
    let payer = story.funder.pubkey();
    let (sold, before) = located.one_side_for(&story.sender.rpc, &payer, side, most).await?;
    // the launch fee falls and vesting shares fade until it is carried out: the amounts move a little
    let wanted = OneSide {
        side,
        sold,
        most: percent(most, 101),
        least_shares: percent(before.shares, 99),
    };
    let instructions = vec![
        tokens::create_associated(&liam, &liam, &lp_mint, &ids::TOKEN),
        located.quote_call(Ask::OneSide { side, sold }),
        located.deposit_one_side(liam, wanted, story.deadline().await?),
    ];
    let receipt = story
        .act("Liam deposits about 1,000 ALPHA alone", &["Liam"], instructions)
        .await?;
    let quote = quoted(&receipt, &located)?;
    let held = story.book.holding("Liam", &lp_mint);
    story.check("he got the shares of the quote", quote.shares, held)
}

/// Sells with a quote in the same transaction; returns the quote and what arrived.
pub async fn sell(
    story: &mut Story<'_>,
    located: &Located,
    who: &str,
    input: Side,
    atoms: u64,
    label: &str,
) -> Outcome<Quote> {
    let asked = Ask::ExactIn { input, atoms };
    let output_mint = *located.pool.mint(input.other());
    let least = percent(ask(story, located, asked).await?.received_of(input.other()), 99);
    let before = story.book.holding(who, &output_mint);
    let swap = located.swap_exact_in(story.wallet(who), input, atoms, least, story.deadline().await?);
    let instructions: Vec<Instruction> = vec![located.quote_call(asked), swap];
    let receipt = story.act(label, &[who], instructions).await?;
    let quote = quoted(&receipt, located)?;
    let gained = story.book.holding(who, &output_mint).saturating_sub(before);
    story.check(
        "the swap gave what the quote said",
        quote.received_of(input.other()),
        gained,
    )?;
    Ok(quote)
}

/// Theo trades; his fee has three parts, and the launch's goes wholly to the treasury.
async fn trade(story: &mut Story<'_>, address: Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let input = alpha_side(story, &market.located)?.other();
    let atoms = 1_000 * ONE;
    let label = "Theo sells 1,000 BETA while the launch fee lasts";
    let quote = sell(story, &market.located, "Theo", input, atoms, label).await?;
    let ppm = |rate: u32| u128::from(rate);
    story.note(&format!(
        "his fee: {} ppm base, {} for volatility, {} for the launch",
        quote.fee.base_ppm, quote.fee.dynamic_ppm, quote.fee.launch_ppm
    ));
    let expected = Expected {
        fee_ppm: ppm(quote.fee.total_ppm()),
        ..Expected::of(&market, input)
    };
    let output = u128::from(quote.received_of(input.other()));
    story.check(
        "output = ⌊net·y/(x+net)⌋",
        expected.exact_in(u128::from(atoms)).output,
        output,
    )?;
    // ⌈input·r⌉, of it ⌊·launch/r⌋ and the treasury's share of the rest
    let fee = u128::from(atoms).saturating_mul(expected.fee_ppm).div_ceil(1_000_000);
    let launch = fee
        .saturating_mul(ppm(quote.fee.launch_ppm))
        .checked_div(expected.fee_ppm)
        .unwrap_or(0);
    let share = fee.saturating_sub(launch).saturating_mul(expected.share_ppm) / 1_000_000;
    let owed = |located: &Located| u128::from(located.owed_atoms(input));
    let after = fetch(story, address).await?;
    story.check(
        "the treasury is owed the launch's part and its share of the rest",
        launch.saturating_add(share),
        owed(&after).saturating_sub(owed(&market.located)),
    )
}

/// Tara borrows from both sides and repays within the transaction.
async fn flash(story: &mut Story<'_>, address: Address) -> Outcome {
    let before = fetch(story, address).await?;
    let alpha = alpha_side(story, &before)?;
    let lent = placed(alpha, 5_000 * ONE, 10_000 * ONE);
    let loan = before.flash(story.wallet("Tara"), lent, Vec::new());
    story
        .act(
            "Tara borrows 5,000 ALPHA and 10,000 BETA and repays them at once",
            &["Tara"],
            loan,
        )
        .await?;
    let after = fetch(story, address).await?;
    for (side, lent) in [Side::A, Side::B].into_iter().zip(lent) {
        let fee = u128::from(lent)
            .saturating_mul(u128::from(FLASH_FEE_PPM))
            .div_ceil(1_000_000);
        let grown = after
            .pool
            .reserve_atoms(side)
            .saturating_sub(before.pool.reserve_atoms(side));
        story.check(
            &format!("reserve {side:?} grew by the loan's fee"),
            fee,
            u128::from(grown),
        )?;
    }
    Ok(())
}

/// Theo sends BETA to the vault, which belongs to nobody; Nora gives it to the providers, held back for a while.
async fn donate(story: &mut Story<'_>, address: Address) -> Outcome {
    let before = fetch(story, address).await?;
    let side = alpha_side(story, &before)?.other();
    let (beta, atoms) = (story.beta.pubkey(), 10 * ONE);
    let send = tokens::transfer(
        &story.tokens("Theo", &beta),
        &beta,
        before.pool.vault(side),
        &story.wallet("Theo"),
        atoms,
        super::story::DECIMALS,
        &ids::TOKEN,
    )?;
    story
        .act("Theo sends 10 BETA to the pool's vault", &["Theo"], vec![send])
        .await?;
    let kept = fetch(story, address).await?.pool.reserve_atoms(side);
    story.check("no reserve moved by it", before.pool.reserve_atoms(side), kept)?;
    story
        .act("Nora skims it for the providers", &["Nora"], vec![before.skim()])
        .await?;
    let pool = fetch(story, address).await?.pool;
    story.check(
        "the reserve grew by the donation",
        atoms,
        pool.reserve_atoms(side).saturating_sub(kept),
    )?;
    story.check(
        "virtual shares hold it back at first",
        true,
        pool.vesting_shares.get() > 0,
    )
}

/// Liam locks some shares for a few seconds.
async fn lock_for_a_while(story: &mut Story<'_>, address: Address) -> Outcome {
    let located = fetch(story, address).await?;
    let shares = story.book.holding("Liam", &located.pool.lp_mint) / 4;
    let until = story.now().await?.unix_ts.saturating_add(LOCK_SECONDS);
    let (liam, config) = (story.wallet("Liam"), located.pool.config);
    let lock = pool::lock_liquidity(liam, address, config, 0, shares, LockTime::Until(until));
    story
        .act(
            "Liam locks a quarter of his shares for five seconds",
            &["Liam"],
            vec![lock],
        )
        .await?;
    let pool = fetch(story, address).await?.pool;
    story.check("they are locked until a time", shares, pool.lp_locked_atoms.get())
}

/// Liam withdraws, token A at once and token B as a claim, which he then takes.
async fn defer(story: &mut Story<'_>, address: Address) -> Outcome {
    let located = fetch(story, address).await?;
    let (liam, mint_b) = (story.wallet("Liam"), located.pool.mint_b);
    let shares = story.book.holding("Liam", &located.pool.lp_mint) / 2;
    let withdraw = located.withdraw(liam, shares, [1, 1], story.deadline().await?, LEG_A);
    story
        .act(
            "Liam withdraws half of the rest, token B as a claim",
            &["Liam"],
            vec![withdraw],
        )
        .await?;
    let claim = located.claim(&story.sender.rpc, &liam, Side::B).await?;
    let claimed = claim.map_or(0, |claim| claim.atoms.get());
    let after = fetch(story, address).await?.pool;
    story.check("the pool keeps it apart", claimed, after.deferred_b_atoms.get())?;
    let left = located
        .pool
        .reserve_b_atoms
        .get()
        .saturating_sub(after.reserve_b_atoms.get());
    story.check("it is what left the reserve", left, claimed)?;
    let before = story.book.holding("Liam", &mint_b);
    let take = located.claim_deferred(liam, Side::B, liam, None);
    story.act("Liam takes his claim", &["Liam"], vec![take]).await?;
    let gained = story.book.holding("Liam", &mint_b).saturating_sub(before);
    story.check("he got all of it", claimed, gained)
}
