//! `commonweal job post`: an order of any kind.

use {
    super::{canary, read},
    crate::{
        app::{App, Outcome},
        args::{
            order::{Kind, Terms, Verification},
            Post,
        },
        cmd::pool,
        output,
    },
    commonweal_client::{
        amount,
        escrow::{
            self,
            challenge::{deterring_bond_ceil, deterring_inspection_ppm_ceil},
            Eligibility, Exchange, JobTerms, JobToken, Purchase,
        },
        job::wasm,
        pool::{Ask, Located},
        send::Plan,
        tokens, Error,
    },
    solana_signer::Signer,
};

/// Decimal places of a percentage in parts per million.
const PERCENT_DECIMALS: u8 = 4;
/// Decimal places of a percentage in basis points.
const BPS_DECIMALS: u8 = 2;

/// Reads a percentage as parts per million.
pub fn ppm(text: &str) -> Outcome<u32> {
    let parsed = amount::parse(text, PERCENT_DECIMALS)?;
    let refuse = || Error::refused(format!("`{text}` is no percentage"), "Write 0 to 100");
    let ppm = u32::try_from(parsed).ok().filter(|ppm| *ppm <= 1_000_000);
    Ok(ppm.ok_or_else(refuse)?)
}

fn milestones(texts: &[String]) -> Outcome<[u16; 8]> {
    let mut bps = [0u16; 8];
    for (space, text) in bps.iter_mut().zip(texts) {
        *space = u16::try_from(amount::parse(text, BPS_DECIMALS)?)
            .map_err(|_| Error::refused(format!("`{text}` is no percentage"), "Write 0 to 100"))?;
    }
    let whole: u32 = bps.iter().map(|bps| u32::from(*bps)).sum();
    if !texts.is_empty() && whole != 10_000 {
        let what = format!(
            "the milestones make {} %",
            amount::format(u64::from(whole), BPS_DECIMALS)
        );
        return Err(Error::refused(what, "Let them make 100").into());
    }
    Ok(bps)
}

fn kind(kind: Kind) -> u8 {
    match kind {
        Kind::Batch => 0,
        Kind::Auction => 1,
        Kind::Redundant => 2,
    }
}

fn verification(options: &Post) -> u8 {
    match options.terms.verification {
        _ if options.unverified => 0,
        Verification::None => 0,
        Verification::Optimistic => 1,
        Verification::Canary => 2,
        Verification::Attested => 3,
    }
}

/// What binds the environment, and of a canary job the canaries as well.
fn spec_hash(terms: &Terms, module_hash: &[u8; 32]) -> Outcome<[u8; 32]> {
    let body = wasm::specification(module_hash);
    let is_canary = terms.verification == Verification::Canary;
    let Some(file) = terms.canaries.as_ref().filter(|_| is_canary) else {
        if is_canary || terms.canaries.is_some() {
            let remedy = "Pass both `--verification canary` and `--canaries FILE`, which `job canary new` writes";
            return Err(Error::refused("canaries and their verification go together", remedy).into());
        }
        return Ok(wasm::sha256(body.as_bytes()));
    };
    let canaries = canary::load(file)?;
    if canaries.body_hash != wasm::sha256(body.as_bytes()) {
        let what = format!("the canaries of {} are for another module", file.display());
        return Err(Error::refused(what, "Choose them for this one: `job canary new`").into());
    }
    Ok(canaries.spec_hash()?)
}

/// What a worker who does not compute could gain, and what stands against it.
fn deterrence(terms: &Terms, price: (u64, u8), bond_lamports: u64) -> Outcome<Vec<(&'static str, String)>> {
    let (price_atoms, decimals) = price;
    let share = terms
        .workers
        .filter(|_| terms.kind == Kind::Redundant)
        .map_or(1, u64::from);
    let gain = price_atoms.checked_div(share.max(1)).unwrap_or(price_atoms);
    let inspected = ppm(&terms.inspection_percent)?;
    let needed = deterring_bond_ceil(gain, inspected);
    let of_price = needed.map_or_else(
        || "no bond deters where nobody inspects".to_owned(),
        |atoms| {
            format!(
                "worth {} of the price's token at {} % inspection: gain·(1 − p)/p",
                amount::format(atoms, decimals),
                terms.inspection_percent
            )
        },
    );
    let mut facts = vec![
        (
            "a cheat could gain",
            format!("{}, the price", amount::format(gain, decimals)),
        ),
        ("a bond that deters", of_price),
    ];
    if let Some(text) = &terms.sol_per_token {
        let one = amount::parse(text, amount::SOL_DECIMALS)?;
        let whole = 10u128.saturating_pow(u32::from(decimals));
        let worth = u128::from(gain).saturating_mul(u128::from(one)).checked_div(whole);
        let worth = u64::try_from(worth.unwrap_or(0)).unwrap_or(u64::MAX);
        let from = deterring_inspection_ppm_ceil(worth, bond_lamports).unwrap_or(1_000_000);
        facts.push((
            "the bond of this order deters",
            format!(
                "from {} % inspection on: {} SOL against a gain of {} SOL",
                amount::format(u64::from(from), PERCENT_DECIMALS),
                amount::sol(bond_lamports),
                amount::sol(worth)
            ),
        ));
    }
    Ok(facts)
}

/// Orders a job.
pub async fn post(app: &App, options: Post) -> Outcome {
    let signer = app.signer()?;
    let client = signer.pubkey();
    let config_address = escrow::config_address(options.config);
    let config = escrow::config(&app.rpc, &config_address).await?;
    let mint = tokens::mint(&app.rpc, &options.mint).await?;
    let token = JobToken {
        mint: mint.address,
        program: mint.token_program,
    };
    let module_hash = wasm::sha256(&wasm::module_bytes(&read(&options.module)?)?);
    let nonce = match options.nonce {
        Some(nonce) => nonce,
        None => u64::try_from(app.rpc.clock().await?.unix_ts).unwrap_or(0),
    };
    let verification = verification(&options);
    let asked = &options.terms;
    let terms = JobTerms {
        kind: kind(asked.kind),
        verification,
        price_atoms: amount::parse(&options.price, mint.state.decimals)?,
        bond_lamports: amount::parse(&options.bond, amount::SOL_DECIMALS)?,
        compensation_lamports: amount::parse(&options.compensation, amount::SOL_DECIMALS)?,
        // what is in force now and no more: a rise between now and then refuses the order
        max_fee_ppm: config.fee_ppm.get(),
        open_seconds: options.open_seconds,
        start_seconds: options.start_seconds,
        run_seconds: options.run_seconds,
        reveal_seconds: options.reveal_seconds,
        challenge_seconds: if verification == 0 {
            0
        } else {
            options.challenge_seconds
        },
        spec_hash: spec_hash(asked, &module_hash)?,
        module_hash,
        input_hash: wasm::sha256(&read(&options.arguments)?),
        eligibility: Eligibility {
            model_id: asked.model,
            min_score: asked.min_score,
            min_vram_gib: asked.min_vram_gib,
            spread_slots: asked.spread_slots,
            persons_only: asked.persons_only,
        },
        redundancy_k: asked.agree.unwrap_or(0),
        redundancy_n: asked.workers.unwrap_or(0),
        milestone_bps: milestones(&asked.milestones)?,
    };
    let facts = deterrence(asked, (terms.price_atoms, mint.state.decimals), terms.bond_lamports)?;
    if !app.global.json {
        output::facts(&facts, false);
    }
    let mut label = format!("post job {}", escrow::job_address(&client, nonce));
    let instructions = if let (Some(pays), Some(pool)) = (options.pay_with, options.pool) {
        let located = Located::fetch(&app.rpc, pool).await?;
        let exchange = Exchange::new(&located, &pays, &mint.address)?;
        let (purchase, cost) = purchase(app, &located, &exchange, &options, &terms).await?;
        label = format!("{label}, {cost} of {pays}");
        let bound = (purchase, pool::deadline(app, pool::VALID_SECONDS).await?);
        exchange.post_job(bound, client, client, config_address, nonce, terms)
    } else {
        let from = tokens::associated(&client, &token.mint, &token.program);
        tokens::require(&app.rpc, &from, &mint, terms.price_atoms).await?;
        vec![escrow::post_job(
            client,
            client,
            config_address,
            &token,
            from,
            nonce,
            terms,
        )]
    };
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// How the price is bought in a pool, and that in words; the wallet must have as much.
async fn purchase(
    app: &App,
    located: &Located,
    exchange: &Exchange<'_>,
    options: &Post,
    terms: &JobTerms,
) -> Outcome<(Purchase, String)> {
    let input = exchange.input();
    let sold = located.token(input);
    let mint = tokens::mint(&app.rpc, &sold.mint).await?;
    let text = |atoms| amount::format(atoms, mint.state.decimals);
    let atoms = terms.price_atoms;
    let (purchase, needed, cost) = if let Some(sell) = &options.sell {
        let input_atoms = amount::parse(sell, mint.state.decimals)?;
        let cost = format!("selling {}", text(input_atoms));
        (Purchase::Sell { input_atoms }, input_atoms, cost)
    } else {
        let quote = pool::ask(app, located, Ask::ExactOut { input, atoms }).await?;
        let quoted = quote.sent_of(input);
        let max_input_atoms = pool::at_most(quoted, options.slippage_bps);
        let cost = format!("for {} and at most {}", text(quoted), text(max_input_atoms));
        (Purchase::Buy { max_input_atoms }, quoted, cost)
    };
    let account = tokens::associated(&app.signer()?.pubkey(), &sold.mint, &sold.program);
    tokens::require(&app.rpc, &account, &mint, needed).await?;
    Ok((purchase, cost))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_exactly_and_within_bounds() {
        assert_eq!(ppm("12.5").unwrap(), 125_000);
        assert_eq!(ppm("100").unwrap(), 1_000_000);
        assert_eq!(ppm("0.0001").unwrap(), 1);
        assert!(ppm("100.0001").is_err());
        assert!(ppm("0.00001").is_err());
    }

    #[test]
    fn milestones_make_the_whole_price() {
        let texts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        assert_eq!(milestones(&[]).unwrap(), [0; 8]);
        assert_eq!(
            milestones(&texts(&["33.33", "33.33", "33.34"])).unwrap(),
            [3_333, 3_333, 3_334, 0, 0, 0, 0, 0]
        );
        assert!(milestones(&texts(&["50", "49.99"])).is_err());
        assert!(milestones(&texts(&["700", "-600"])).is_err());
    }
}
