//! What comes after the vote: a lock's fees, the oracle's mean, the end of another lock, a position explained by its events.
// wide integers neither overflow nor wrap
#![allow(clippy::arithmetic_side_effects)]

use {
    super::{
        complete::{fetch, Complete, ALPHA, BETA, VIRTUAL},
        pools::{ask, Market},
        story::Story,
    },
    crate::app::Outcome,
    commonweal_client::{
        pool::{
            self,
            position::{performance, Entry},
            Ask,
        },
        tokens, Address,
    },
    commonweal_interface::ids,
    num_bigint::BigUint,
};

/// Seconds of the oracle's window.
const WINDOW: u64 = 20;

/// All of it.
pub async fn settle(story: &mut Story<'_>, complete: &Complete) -> Outcome {
    mean(story, complete.pool).await?;
    claim_fees(story, complete).await?;
    unlock(story, complete.pool).await?;
    position(story, complete.pool).await
}

/// Lea's lock pays its fees in shares; what stays is worth what she locked.
async fn claim_fees(story: &mut Story<'_>, complete: &Complete) -> Outcome {
    let located = fetch(story, complete.pool).await?;
    let (lea, lp_mint) = (story.wallet("Lea"), located.pool.lp_mint);
    let address = pool::lock_address(&complete.pool, &lea, 0);
    let lock = pool::lock(&story.sender.rpc, &address).await?;
    let instructions = vec![
        tokens::create_associated(&lea, &lea, &lp_mint, &ids::TOKEN),
        pool::claim_lock_fees(&located, address, &lock),
    ];
    story
        .act("Lea claims the fees of her lock", &["Lea"], instructions)
        .await?;
    let gained = story.book.holding("Lea", &lp_mint);
    let left = pool::lock(&story.sender.rpc, &address).await?.lp_atoms.get();
    story.check(
        "shares left the lock for her",
        complete.locked,
        left.saturating_add(gained),
    )?;
    story.check("fees were shares", true, gained > 0)?;
    // left·√(xy)/S ≥ locked·√(x₀y₀)/S₀, squared
    let pool = fetch(story, complete.pool).await?.pool;
    let square = |shares: u64, reserves: [u64; 2], other_supply: u64| {
        let [x, y] = reserves;
        BigUint::from(shares).pow(2) * x * y * BigUint::from(other_supply).pow(2)
    };
    let first_supply = complete.locked.saturating_add(VIRTUAL);
    let supply = pool
        .lp_supply_atoms
        .get()
        .saturating_add(VIRTUAL)
        .saturating_add(pool.vesting_shares.get());
    let now = [pool.reserve_a_atoms.get(), pool.reserve_b_atoms.get()];
    story.check(
        "what stays is worth at least what was locked",
        true,
        square(left, now, first_supply) >= square(complete.locked, [ALPHA, BETA], supply),
    )
}

/// Nobody has traded for a while: the oracle's mean is the price of the reserves, to the last bit.
async fn mean(story: &mut Story<'_>, address: Address) -> Outcome {
    let located = fetch(story, address).await?;
    let mean = located.mean(&story.sender.rpc, WINDOW).await?;
    let price = (u128::from(located.pool.reserve_b_atoms.get()) << 64)
        .checked_div(u128::from(located.pool.reserve_a_atoms.get()))
        .unwrap_or(0);
    story.check("the oracle's mean of 20 s is the price", price, mean.twap.price_q64)
}

async fn unlock(story: &mut Story<'_>, address: Address) -> Outcome {
    let located = fetch(story, address).await?;
    let (liam, lp_mint) = (story.wallet("Liam"), located.pool.lp_mint);
    let lock_address = pool::lock_address(&address, &liam, 0);
    let lock = pool::lock(&story.sender.rpc, &lock_address).await?;
    let before = story.book.holding("Liam", &lp_mint);
    let unlock = pool::unlock_liquidity(&located, lock_address, &lock, lock.lp_atoms.get());
    story
        .act(
            "Liam unlocks what he locked; the lock is closed",
            &["Liam"],
            vec![unlock],
        )
        .await?;
    let gained = story.book.holding("Liam", &lp_mint).saturating_sub(before);
    story.check("he has those shares again", lock.lp_atoms.get(), gained)
}

/// Liam's position, from the events of his own transactions.
async fn position(story: &mut Story<'_>, address: Address) -> Outcome {
    let market = Market::fetch(&story.sender.rpc, address).await?;
    let (located, liam, now) = (&market.located, story.wallet("Liam"), story.now().await?.unix_ts);
    let measure = located.liquidity_measure(&market.config, now);
    let flows = located.flows(&story.sender.rpc, &liam, 1_000).await?;
    let entry = Entry::of(&flows, &measure);
    let held = story.book.holding("Liam", &located.pool.lp_mint);
    story.check("his events explain all his shares", held, entry.shares)?;
    let quote = ask(story, located, Ask::Withdraw { shares: held }).await?;
    let price = located.price(&market.config, now).unwrap_or(0);
    let found = performance(&entry, quote.received, price, &measure);
    story.note(&format!(
        "in BETA or ALPHA, as token B is: worth {} atoms, kept {}, impermanent loss {}, fees {}",
        found.worth, found.kept, found.impermanent_loss, found.fees
    ));
    story.check(
        "worth = kept − impermanent loss + fees",
        &found.kept - &found.impermanent_loss + &found.fees,
        found.worth,
    )
}
