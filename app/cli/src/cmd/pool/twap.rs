//! `commonweal pool twap`: the oracle's mean prices, read as any program would read them.

use {
    crate::{
        app::{App, Outcome},
        args::span,
        output,
    },
    commonweal_client::{
        pool::{
            price::{change_ppm, percent},
            Located, Mean,
        },
        Address,
    },
};

/// Shows the mean prices of a window, and the ring if wanted.
pub async fn run(app: &App, address: Address, window: u64, observations: bool) -> Outcome {
    let located = Located::fetch(&app.rpc, address).await?;
    let mean = located.mean(&app.rpc, window).await?;
    let apart = change_ppm(mean.twap.price_q64, mean.twap.capped_q64).unwrap_or(0);
    output::facts(
        &[
            ("pool", address.to_string()),
            ("window", span::words(window)),
            ("until Unix time", mean.now_ts.to_string()),
            ("mean price, B per A", located.price_text(mean.twap.price_q64)),
            ("mean capped price", located.price_text(mean.twap.capped_q64)),
            ("capped against plain", percent(apart)),
            ("mean price q64", mean.twap.price_q64.to_string()),
            ("mean capped price q64", mean.twap.capped_q64.to_string()),
        ],
        app.global.json,
    );
    if observations {
        ring(app, &located, mean.now_ts);
    }
    Ok(())
}

/// Both means in a line.
pub fn words(located: &Located, mean: &Mean) -> String {
    format!(
        "{} over {}, capped {}",
        located.price_text(mean.twap.price_q64),
        span::words(u64::from(mean.window)),
        located.price_text(mean.twap.capped_q64)
    )
}

fn ring(app: &App, located: &Located, now_ts: i64) {
    let price = |price: Option<u128>| price.map_or_else(String::new, |price| located.price_text(price));
    let rows = located
        .observations()
        .iter()
        .map(|entry| {
            let age = u64::try_from(now_ts.saturating_sub(entry.ts)).unwrap_or(0);
            vec![
                entry.ts.to_string(),
                span::words(age),
                price(entry.mean_q64),
                price(entry.capped_q64),
            ]
        })
        .collect();
    output::list(
        &["unix time", "age", "mean since the one before", "capped"],
        rows,
        &[0, 1, 2, 3],
        app.global.json,
    );
}
