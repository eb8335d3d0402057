//! `commonweal pool quote`: the program computes, nothing is sent.

use {
    super::{ask, at_least, at_most, payer, shares_text, SHARE_DECIMALS},
    crate::{
        app::{App, Outcome},
        args::Quote as Options,
        output,
    },
    commonweal_client::{
        amount,
        pool::{
            price::{change_ppm, percent},
            Ask, Located, Quote, Side,
        },
        Address, Error,
    },
};

/// The amount of a named mint.
fn named(located: &Located, of: Option<&Address>, text: &str) -> Outcome<(Side, u64)> {
    let mint = of.ok_or_else(|| Error::refused("the amount has no mint", "Name it with --of"))?;
    let side = located.side(mint)?;
    Ok((side, amount::parse(text, located.pool.decimals(side))?))
}

/// What was asked.
async fn asked(app: &App, located: &Located, options: &Options) -> Outcome<Ask> {
    let of = options.of.as_ref();
    if let Some(text) = &options.sell {
        let (input, atoms) = named(located, of, text)?;
        return Ok(Ask::ExactIn { input, atoms });
    }
    if let Some(text) = &options.buy {
        let (output, atoms) = named(located, of, text)?;
        return Ok(Ask::ExactOut {
            input: output.other(),
            atoms,
        });
    }
    if let Some(text) = &options.one_side {
        let (side, most) = named(located, of, text)?;
        let payer = payer(app, located).await?;
        let (sold, _) = located.one_side_for(&app.rpc, &payer, side, most).await?;
        return Ok(Ask::OneSide { side, sold });
    }
    if let Some(text) = &options.withdraw {
        let shares = amount::parse(text, SHARE_DECIMALS)?;
        return Ok(Ask::Withdraw { shares });
    }
    let shares = amount::parse(options.deposit.as_deref().unwrap_or("0"), SHARE_DECIMALS)?;
    Ok(Ask::Deposit { shares })
}

/// Shows what the program says it would do.
pub async fn run(app: &App, options: Options) -> Outcome {
    let located = Located::fetch(&app.rpc, options.pool).await?;
    let asked = asked(app, &located, &options).await?;
    let quote = ask(app, &located, asked).await?;
    let mut facts = facts(&located, asked, &quote, options.slippage_bps);
    facts.extend(prices(app, &located, asked, &quote).await?);
    output::facts(&facts, app.global.json);
    Ok(())
}

/// An amount with its mint.
fn of(located: &Located, side: Side, atoms: u64) -> String {
    let pool = &located.pool;
    format!("{} of {}", amount::format(atoms, pool.decimals(side)), pool.mint(side))
}

fn facts(located: &Located, asked: Ask, quote: &Quote, slippage_bps: u16) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for (name, atoms) in [("you pay", quote.sent), ("you get", quote.received)] {
        for (side, atoms) in [Side::A, Side::B].into_iter().zip(atoms) {
            if atoms > 0 {
                facts.push((name_of(name, side, asked), of(located, side, atoms)));
            }
        }
    }
    let decimals = |side| located.pool.decimals(side);
    match asked {
        Ask::ExactIn { input, .. } => {
            let output = input.other();
            let least = at_least(quote.received_of(output), slippage_bps);
            facts.push(("at least", amount::format(least, decimals(output))));
        }
        Ask::ExactOut { input, .. } => {
            let most = at_most(quote.sent_of(input), slippage_bps);
            facts.push(("at most", amount::format(most, decimals(input))));
        }
        Ask::Deposit { .. } => facts.push(("you get shares", shares_text(quote.shares))),
        Ask::OneSide { .. } => {
            facts.push(("you get shares", shares_text(quote.shares)));
            facts.push(("at least", shares_text(at_least(quote.shares, slippage_bps))));
        }
        Ask::Withdraw { .. } => facts.push(("you burn shares", shares_text(quote.shares))),
    }
    if let Some(input) = asked.swapped() {
        let fee = &quote.fee;
        facts.push(("fee", percent(i128::from(fee.total_ppm()))));
        facts.push(("of it base", percent(i128::from(fee.base_ppm))));
        facts.push(("of it for volatility", percent(i128::from(fee.dynamic_ppm))));
        facts.push(("of it for the launch", percent(i128::from(fee.launch_ppm))));
        facts.push(("fee to the providers", of(located, input, fee.lp_atoms)));
        facts.push(("fee to the treasury", of(located, input, fee.protocol_atoms)));
    }
    facts
}

/// The price before and after, by the reserves.
async fn prices(app: &App, located: &Located, asked: Ask, quote: &Quote) -> Outcome<Vec<(&'static str, String)>> {
    let config = located.config(&app.rpc).await?;
    let before = located.price(&config, quote.quoted_ts).unwrap_or(0);
    let mut facts = vec![("price before, B per A", located.price_text(before))];
    if asked.swapped().is_some() {
        let after = located
            .price_of(&config, quote.reserves_after, quote.quoted_ts)
            .unwrap_or(0);
        facts.push(("price after", located.price_text(after)));
        let moved = change_ppm(before, after).unwrap_or(0);
        facts.push(("price impact", percent(moved)));
    }
    Ok(facts)
}

/// Both tokens of a deposit or withdrawal have names of their own, so that JSON has both.
fn name_of(name: &'static str, side: Side, asked: Ask) -> &'static str {
    match (asked, name, side) {
        (Ask::Deposit { .. }, _, Side::A) => "you pay A",
        (Ask::Deposit { .. }, _, Side::B) => "you pay B",
        (Ask::Withdraw { .. }, _, Side::A) => "you get A",
        (Ask::Withdraw { .. }, _, Side::B) => "you get B",
        (_, name, _) => name,
    }
}
