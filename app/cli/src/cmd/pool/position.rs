//! `commonweal pool position`.

use {
    super::{ask, shares_text},
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{
        amount,
        pool::{
            position::{known_part, performance, ppm, Entry, Performance},
            price::percent,
            Ask, Located, Side, Whereabouts,
        },
        Address,
    },
    num_bigint::BigInt,
    solana_signer::Signer,
};

/// Shows what became of a wallet's deposits.
pub async fn run(app: &App, address: Address, wallet: Option<Address>, limit: usize) -> Outcome {
    let wallet = match wallet {
        Some(wallet) => wallet,
        None => app.signer()?.pubkey(),
    };
    let located = Located::fetch(&app.rpc, address).await?;
    let config = located.config(&app.rpc).await?;
    let now = app.rpc.clock().await?.unix_ts;
    let flows = located.flows(&app.rpc, &wallet, limit).await?;
    let found = located.whereabouts(&app.rpc, &wallet, now).await?;
    let measure = located.liquidity_measure(&config, now);
    let mut entry = Entry::of(&flows, &measure);
    let held = found.shares();
    // what is neither here nor withdrawn was sent away, with its part of the entry
    entry.keep(held);
    let mut facts = vec![
        ("pool", address.to_string()),
        ("wallet", wallet.to_string()),
        ("shares", shares_text(held)),
        ("in the wallet", shares_text(found.in_wallet)),
    ];
    facts.extend(places(&found, now));
    facts.extend(totals(&located, &entry));
    if held > 0 {
        let quote = ask(app, &located, Ask::Withdraw { shares: held }).await?;
        let price = located.price(&config, now).unwrap_or(0);
        facts.push(("price", located.price_text(price)));
        let [paid_a, paid_b] = quote.received;
        facts.push(("worth A", amount::format(paid_a, located.pool.decimals_a)));
        facts.push(("worth B", amount::format(paid_b, located.pool.decimals_b)));
        if held > entry.shares {
            facts.push((
                "shares of unknown origin",
                shares_text(held.saturating_sub(entry.shares)),
            ));
        }
        if entry.shares > 0 {
            let paid = known_part(quote.received, entry.shares, held);
            facts.extend(compared(&located, &performance(&entry, paid, price, &measure)));
        }
    }
    output::facts(&facts, app.global.json);
    Ok(())
}

fn places(found: &Whereabouts, now: i64) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let staked: Vec<String> = found
        .staked
        .iter()
        .map(|(farm, holding)| {
            let reward = |atoms| amount::format(atoms, farm.farm.reward_decimals);
            let seat = match holding.seat {
                None => String::new(),
                Some(_) => format!(" and {} by its seat", reward(holding.plural_atoms)),
            };
            format!(
                "{} in farm {}, with rewards of {}{seat} of {}",
                shares_text(holding.position.stake_atoms.get()),
                farm.address,
                reward(holding.pending_atoms),
                farm.farm.reward_mint
            )
        })
        .collect();
    let locked: Vec<String> = found
        .locked
        .iter()
        .map(|(address, lock)| {
            format!(
                "{} in lock {address}, opens {}",
                shares_text(lock.lp_atoms.get()),
                super::lock::opens(lock, now)
            )
        })
        .collect();
    for (name, list) in [("staked", staked), ("locked", locked)] {
        if !list.is_empty() {
            facts.push((name, list.join("\n")));
        }
    }
    facts
}

fn totals(located: &Located, entry: &Entry) -> Vec<(&'static str, String)> {
    let pool = &located.pool;
    let wide = |atoms: u128, side: Side| big(&BigInt::from(atoms), pool.decimals(side));
    let [deposited_a, deposited_b] = entry.deposited;
    let [withdrawn_a, withdrawn_b] = entry.withdrawn;
    let [entry_a, entry_b] = entry.atoms;
    vec![
        ("deposits and withdrawals", entry.flows.to_string()),
        ("deposited A", wide(deposited_a, Side::A)),
        ("deposited B", wide(deposited_b, Side::B)),
        ("withdrawn A", wide(withdrawn_a, Side::A)),
        ("withdrawn B", wide(withdrawn_b, Side::B)),
        ("entry A", amount::format(entry_a, pool.decimals_a)),
        ("entry B", amount::format(entry_b, pool.decimals_b)),
    ]
}

/// Atoms of any size as units, with their sign.
fn big(atoms: &BigInt, decimals: u8) -> String {
    let places = usize::from(decimals);
    let digits = format!("{:0>width$}", atoms.magnitude(), width = places.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let fraction = fraction.trim_end_matches('0');
    let sign = if *atoms < BigInt::ZERO { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

fn compared(located: &Located, found: &Performance) -> Vec<(&'static str, String)> {
    let pool = &located.pool;
    let in_b = |value: &BigInt| big(value, pool.decimals_b);
    let with_part = |value: &BigInt| match ppm(value, &found.kept) {
        Some(part) => format!("{} ({})", in_b(value), percent(part)),
        None => in_b(value),
    };
    let [fee_a, fee_b] = &found.fee_atoms;
    vec![
        ("worth now, in B", in_b(&found.worth)),
        ("worth if kept, in B", in_b(&found.kept)),
        ("impermanent loss, in B", with_part(&found.impermanent_loss)),
        ("fees earned, in B", with_part(&found.fees)),
        ("fees earned A", big(fee_a, pool.decimals_a)),
        ("fees earned B", big(fee_b, pool.decimals_b)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_of_any_size_are_told_in_units() {
        assert_eq!(big(&BigInt::from(0), 6), "0");
        assert_eq!(big(&BigInt::from(-1), 6), "-0.000001");
        assert_eq!(big(&BigInt::from(1_500_000), 6), "1.5");
        assert_eq!(big(&BigInt::from(u128::MAX), 0), u128::MAX.to_string());
    }
}
