//! The stable pool, its invariant checked by the story's own arithmetic.
// wide integers neither overflow nor wrap, and no difference is of a larger one
#![allow(clippy::arithmetic_side_effects)]

use {
    super::{
        complete::{fetch, named, sell, AMPLIFICATION, STABLE_CONFIG_ID, VIRTUAL},
        pools::alpha_side,
        story::{Story, ONE},
    },
    crate::app::Outcome,
    commonweal_client::pool::{self, Located, Side},
    num_bigint::BigUint,
};

/// The stable curve's invariant by the story's own arithmetic: the greatest D with D³ ≤ 4ab·(Ann·(a+b−D) + D), found by halves.
fn invariant([a, b]: [u64; 2]) -> BigUint {
    let (a, b) = (BigUint::from(a), BigUint::from(b));
    let ann = BigUint::from(AMPLIFICATION) * 2u32;
    let sum = &a + &b;
    let (mut low, mut high) = (BigUint::ZERO, &sum + 1u32);
    // D never exceeds the sum
    while &low + 1u32 < high {
        let middle: BigUint = (&low + &high) >> 1u32;
        let right = (&a * &b * 4u32) * (&ann * (&sum - &middle) + &middle);
        if middle.pow(3) <= right {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Liam opens a stable pool, Tara trades in it.
pub async fn open(story: &mut Story<'_>) -> Outcome {
    let (config, tokens, liam) = (
        pool::config_address(STABLE_CONFIG_ID),
        named(story),
        story.wallet("Liam"),
    );
    let [a, b] = tokens;
    let address = pool::pool_address(&config, &a.mint, &b.mint, &liam, 0);
    story.book.name(address, "the stable pool");
    story.book.asset(pool::lp_mint_address(&address), "LP3", 9, false);
    let amounts = [10_000 * ONE, 10_000 * ONE];
    let create = pool::create_pool(liam, config, tokens, 0, amounts, story.deadline().await?);
    story
        .act(
            "Liam creates a stable pool with 10,000 of each",
            &["Liam"],
            vec![create],
        )
        .await?;
    let before = fetch(story, address).await?;
    let first = BigUint::from(story.book.holding("Liam", &before.pool.lp_mint)) + VIRTUAL;
    let reserves = |located: &Located| [Side::A, Side::B].map(|side| located.pool.reserve_atoms(side));
    story.check("Liam holds D − 1000 shares", invariant(reserves(&before)), first)?;
    let input = alpha_side(story, &before)?;
    sell(
        story,
        &before,
        "Tara",
        input,
        1_000 * ONE,
        "Tara sells 1,000 ALPHA there",
    )
    .await?;
    let after = fetch(story, address).await?;
    story.check(
        "the invariant did not fall",
        true,
        invariant(reserves(&after)) >= invariant(reserves(&before)),
    )
}
