//! `commonweal pool show` and `list`.

use {
    super::{ask, shares_text, twap},
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{
        amount,
        pool::{self, price::percent, Ask, Located, Pool, PoolConfig, Side},
        rpc::ClusterTime,
        tokens, Address,
    },
    liquidity_pool::constants as c,
    solana_signer::Signer,
};

/// What the authorities of a mint can do to its holders, in words.
const RISKS: [(u16, &str, &str); 7] = [
    (c::RISK_FREEZE_AUTHORITY, "freeze", "somebody can freeze accounts"),
    (c::RISK_MINT_AUTHORITY, "mint", "somebody can create more"),
    (
        c::RISK_PERMANENT_DELEGATE,
        "delegate",
        "somebody can move every holder's tokens",
    ),
    (
        c::RISK_TRANSFER_HOOK,
        "hook",
        "a program of somebody's choice runs in every transfer",
    ),
    (
        c::RISK_TRANSFER_FEE,
        "transfer fee",
        "transfers keep a part back, and somebody may raise it",
    ),
    (c::RISK_CLOSE_AUTHORITY, "close", "somebody can close the mint"),
    (
        c::RISK_REFUSED,
        "refused",
        "the mint no longer passes the policy of a pool's creation",
    ),
];

/// Risks by their short names.
pub fn risks(flags: u16) -> String {
    let found: Vec<&str> = RISKS
        .iter()
        .filter(|(flag, _, _)| flags & flag != 0)
        .map(|(_, name, _)| *name)
        .collect();
    if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    }
}

/// Risks in sentences.
fn risk_words(flags: u16) -> String {
    let found: Vec<&str> = RISKS
        .iter()
        .filter(|(flag, _, _)| flags & flag != 0)
        .map(|(_, _, words)| *words)
        .collect();
    if found.is_empty() {
        "nobody can do anything to holders".to_owned()
    } else {
        found.join("; ")
    }
}

/// Lists pools.
pub async fn list(app: &App, config: Option<u64>) -> Outcome {
    let pools = pool::list(&app.rpc, config.map(pool::config_address)).await?;
    let rows = pools
        .iter()
        .map(|located| {
            let pool = &located.pool;
            let curve = if pool.curve == c::CURVE_STABLE {
                "stable"
            } else {
                "product"
            };
            vec![
                located.address.to_string(),
                curve.to_owned(),
                pool.mint_a.to_string(),
                amount::format(pool.reserve_a_atoms.get(), pool.decimals_a),
                pool.mint_b.to_string(),
                amount::format(pool.reserve_b_atoms.get(), pool.decimals_b),
                locked_part(pool),
                risks(pool.risk_flags_a.get() | pool.risk_flags_b.get()),
            ]
        })
        .collect();
    output::list(
        &[
            "pool",
            "curve",
            "mint A",
            "reserve A",
            "mint B",
            "reserve B",
            "locked",
            "mint risks",
        ],
        rows,
        &[3, 5, 6],
        app.global.json,
    );
    Ok(())
}

/// The part of the shares that is locked, until a time or for ever.
fn locked_part(pool: &Pool) -> String {
    let locked = u128::from(pool.lp_locked_atoms.get()).saturating_add(u128::from(pool.lp_locked_forever_atoms.get()));
    let part = locked
        .saturating_mul(1_000_000)
        .checked_div(u128::from(pool.lp_supply_atoms.get()))
        .unwrap_or(0);
    percent(i128::try_from(part).unwrap_or(i128::MAX))
}

/// Shows a pool.
pub async fn run(app: &App, address: Address, window: u64) -> Outcome {
    let located = Located::fetch(&app.rpc, address).await?;
    let pool = &located.pool;
    let config = located.config(&app.rpc).await?;
    let now = app.rpc.clock().await?;
    let mut facts = vec![
        ("pool", address.to_string()),
        ("config", pool.config.to_string()),
        ("creator", pool.creator.to_string()),
        ("curve", super::config::curve(&config, now.unix_ts)),
    ];
    facts.extend(sides(pool));
    let price = located.price(&config, now.unix_ts);
    facts.push((
        "price, B per A",
        price.map_or_else(String::new, |price| located.price_text(price)),
    ));
    facts.push(("fee now", fee_now(app, &located).await));
    facts.push(("fees vest", vesting(pool, &config, &now)));
    facts.push((
        "oracle",
        match located.mean(&app.rpc, window).await {
            Ok(mean) => twap::words(&located, &mean),
            Err(failure) => failure.to_string(),
        },
    ));
    facts.extend(supply(pool));
    if let Ok(signer) = app.signer() {
        facts.extend(yours(app, &located, &signer.pubkey()).await?);
    }
    output::facts(&facts, app.global.json);
    Ok(())
}

fn sides(pool: &Pool) -> Vec<(&'static str, String)> {
    let a = |atoms: u64| amount::format(atoms, pool.decimals_a);
    let b = |atoms: u64| amount::format(atoms, pool.decimals_b);
    let mut facts = vec![
        ("mint A", pool.mint_a.to_string()),
        ("reserve A", a(pool.reserve_a_atoms.get())),
        ("owed to the treasury A", a(pool.protocol_owed_a_atoms.get())),
    ];
    if pool.deferred_a_atoms.get() > 0 {
        facts.push(("deferred claims A", a(pool.deferred_a_atoms.get())));
    }
    facts.push(("mint risks A", risk_words(pool.risk_flags_a.get())));
    facts.push(("mint B", pool.mint_b.to_string()));
    facts.push(("reserve B", b(pool.reserve_b_atoms.get())));
    facts.push(("owed to the treasury B", b(pool.protocol_owed_b_atoms.get())));
    if pool.deferred_b_atoms.get() > 0 {
        facts.push(("deferred claims B", b(pool.deferred_b_atoms.get())));
    }
    facts.push(("mint risks B", risk_words(pool.risk_flags_b.get())));
    facts.push(("risks read at", pool.risk_checked_ts.get().to_string()));
    facts
}

/// The fee with its parts, as the program would charge a small sale now; why not, where it would not.
async fn fee_now(app: &App, located: &Located) -> String {
    let atoms = (located.pool.reserve_a_atoms.get() / 1_000).max(1);
    let asked = Ask::ExactIn { input: Side::A, atoms };
    let fee = match ask(app, located, asked).await {
        Ok(quote) => quote.fee,
        Err(failure) => return failure.to_string(),
    };
    format!(
        "{} = {} base + {} for volatility + {} for the launch",
        percent(i128::from(fee.total_ppm())),
        percent(i128::from(fee.base_ppm)),
        percent(i128::from(fee.dynamic_ppm)),
        percent(i128::from(fee.launch_ppm)),
    )
}

/// How much of the fees is held back from whoever came for one trade, and for how long.
fn vesting(pool: &Pool, config: &PoolConfig, now: &ClusterTime) -> String {
    let slots = config.vesting_slots.get();
    if slots == 0 {
        return "at once".to_owned();
    }
    let mut held = pool.vesting();
    held.decay(now.slot);
    if held.shares == 0 {
        return format!("within {slots} slots; nothing is held back now");
    }
    let effective = u128::from(pool.lp_supply_atoms.get())
        .saturating_add(u128::from(c::VIRTUAL_SHARES))
        .saturating_add(u128::from(held.shares));
    let part = u128::from(held.shares)
        .saturating_mul(1_000_000)
        .checked_div(effective)
        .unwrap_or(0);
    format!(
        "within {slots} slots; {} virtual shares hold back {} of the reserves, fading over the next {} slots",
        shares_text(held.shares),
        percent(i128::try_from(part).unwrap_or(i128::MAX)),
        held.remaining_slots
    )
}

/// Whose the shares are free to move, and whose not: all of it from the pool's one account.
fn supply(pool: &Pool) -> Vec<(&'static str, String)> {
    let supply = pool.lp_supply_atoms.get();
    let (locked, forever) = (pool.lp_locked_atoms.get(), pool.lp_locked_forever_atoms.get());
    let circulating = supply.saturating_sub(locked).saturating_sub(forever);
    vec![
        ("LP mint", pool.lp_mint.to_string()),
        ("shares", shares_text(supply)),
        ("shares circulating", shares_text(circulating)),
        ("shares locked until a time", shares_text(locked)),
        ("shares locked for ever", shares_text(forever)),
        ("locks", pool.lock_count.get().to_string()),
    ]
}

async fn yours(app: &App, located: &Located, wallet: &Address) -> Outcome<Vec<(&'static str, String)>> {
    let held = tokens::balance(&app.rpc, &located.shares_of(wallet)).await?;
    let mut facts = vec![("your shares", shares_text(held))];
    if held > 0 {
        let worth = ask(app, located, Ask::Withdraw { shares: held }).await?;
        facts.push((
            "worth A",
            amount::format(worth.received_of(Side::A), located.pool.decimals_a),
        ));
        facts.push((
            "worth B",
            amount::format(worth.received_of(Side::B), located.pool.decimals_b),
        ));
    }
    for (name, side) in [("your claim A", Side::A), ("your claim B", Side::B)] {
        if let Some(claim) = located.claim(&app.rpc, wallet, side).await? {
            facts.push((name, amount::format(claim.atoms.get(), located.pool.decimals(side))));
        }
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_risk_has_its_words() {
        assert_eq!(risks(0), "none");
        assert_eq!(risks(c::RISK_FREEZE_AUTHORITY | c::RISK_MINT_AUTHORITY), "freeze, mint");
        assert_eq!(risk_words(0), "nobody can do anything to holders");
        assert!(risk_words(c::RISK_REFUSED).contains("no longer passes"));
    }
}
