//! Vouchers: signed, countersigned, checked, redeemed. A voucher goes to standard output, what it says to standard error.

use {
    super::now,
    crate::{
        app::{App, Outcome},
        args::{span, Voucher as Verb},
        cmd::job::read as read_file,
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, runway, Payable, Rental, Voucher, VoucherTerms},
        job::wasm::{hex, sha256},
        send::Plan,
        Address, Error,
    },
    solana_signer::Signer,
    std::path::{Path, PathBuf},
};

/// Carries a verb of `lease voucher` out.
pub async fn run(app: &App, verb: Verb) -> Outcome {
    match verb {
        Verb::Sign { .. } => sign(app, verb).await,
        Verb::Countersign { voucher, at_least } => countersign(app, &voucher, at_least).await,
        Verb::Check { voucher } => check(app, &voucher).await,
        Verb::Show { voucher } => {
            output::facts(&said(&read(&voucher)?), app.global.json);
            Ok(())
        }
        Verb::Redeem { voucher } => redeem(app, &voucher).await,
    }
}

fn read(path: &Path) -> Outcome<Voucher> {
    Ok(Voucher::parse(&String::from_utf8_lossy(&read_file(path)?))?)
}

fn print(voucher: &Voucher) {
    for (name, value) in said(voucher) {
        eprintln!("{name}: {value}");
    }
    say!("{}", voucher.to_text());
}

fn said(voucher: &Voucher) -> Vec<(&'static str, String)> {
    let terms = &voucher.terms;
    let by = |side: &Option<(Address, _)>| side.map_or_else(|| "nobody yet".to_owned(), |(key, _)| key.to_string());
    vec![
        ("lease", voucher.lease.to_string()),
        ("uid", hex(&terms.uid)),
        ("slot", terms.slot.to_string()),
        ("cumulative atoms", terms.cumulative_atoms.to_string()),
        ("number", terms.seq.to_string()),
        ("redeemable until", terms.expires_ts.to_string()),
        ("usage root", hex(&terms.usage_root)),
        ("cluster", Address::from(terms.genesis_hash).to_string()),
        ("signed for the client by", by(&voucher.client)),
        ("signed for the provider by", by(&voucher.provider)),
    ]
}

async fn sign(app: &App, verb: Verb) -> Outcome {
    let Verb::Sign {
        lease: address,
        amount: text,
        after,
        seq,
        usage,
        valid_for,
    } = verb
    else {
        return Ok(());
    };
    let signer = app.signer()?;
    let rental = Rental::fetch(&app.rpc, address).await?;
    let lease = &rental.lease;
    if lease.voucher_key != signer.pubkey() {
        let fact = format!("vouchers of this lease are signed by {}", lease.voucher_key);
        return Err(Error::refused(fact, "Name that key's file with --keypair").into());
    }
    if !lease.has_slot() {
        let state = escrow::lease_state_name(lease.state);
        let remedy = "Wait until a slot has taken it";
        return Err(Error::account(address, "a lease at a slot", state, remedy).into());
    }
    let now = now(app).await?;
    let before = after.as_deref().map(read).transpose()?;
    let (last_seq, least) = last(&rental, before.as_ref())?;
    let cumulative_atoms = match text {
        Some(text) => amount::parse(&text, lease.decimals)?,
        None => {
            let due = lease.rate_per_second_atoms.get();
            due.saturating_mul(runway(lease, now).counted).max(least)
        }
    };
    if cumulative_atoms < least {
        let fact = format!("the voucher before says {}", amount::format(least, lease.decimals));
        return Err(Error::refused(fact, "A voucher says all that is due: never less than the one before").into());
    }
    let terms = VoucherTerms {
        genesis_hash: lease.genesis_hash,
        uid: lease.uid,
        slot: lease.slot,
        cumulative_atoms,
        usage_root: usage_root(usage)?,
        seq: seq.unwrap_or_else(|| last_seq.saturating_add(1)),
        expires_ts: now.ts.saturating_add_unsigned(valid_for),
    };
    print(&Voucher::new(address, terms).sign_for_client(&signer));
    Ok(())
}

fn usage_root(file: Option<PathBuf>) -> Outcome<[u8; 32]> {
    Ok(match file {
        Some(path) => sha256(&read_file(&path)?),
        None => [0; 32],
    })
}

/// Number and amount of the last voucher: the one redeemed, or the one that was given if it is later.
fn last(rental: &Rental, before: Option<&Voucher>) -> Outcome<(u64, u64)> {
    let lease = &rental.lease;
    let (seq, atoms) = (lease.voucher_seq.get(), lease.cumulative_atoms.get());
    let Some(before) = before else {
        return Ok((seq, atoms));
    };
    if before.terms.uid != lease.uid {
        return Err(Error::refused("the voucher before is of another lease", "Name one of this lease").into());
    }
    Ok((seq.max(before.terms.seq), atoms.max(before.terms.cumulative_atoms)))
}

/// The lease of a voucher, and what redeeming it would pay.
async fn payable(app: &App, voucher: &Voucher) -> Outcome<(Rental, Payable)> {
    let rental = Rental::fetch(&app.rpc, voucher.lease).await?;
    if !rental.lease.has_slot() {
        let state = escrow::lease_state_name(rental.lease.state);
        return Err(Error::account(voucher.lease, "a lease at a slot", state, "Its vouchers pay nothing").into());
    }
    let provider = escrow::provider_at(&app.rpc, &rental.provider).await?;
    let payable = voucher.payable(&rental.lease, &provider, now(app).await?)?;
    Ok((rental, payable))
}

async fn countersign(app: &App, path: &Path, at_least: Option<String>) -> Outcome {
    let signer = app.signer()?;
    let voucher = read(path)?;
    if voucher.client.is_none() {
        return Err(Error::refused("the client has not signed it", "Ask for the client's voucher").into());
    }
    let signed = voucher.sign_for_provider(&signer);
    let (rental, payable) = payable(app, &signed).await?;
    let decimals = rental.lease.decimals;
    if let Some(text) = at_least {
        let least = amount::parse(&text, decimals)?;
        let found = voucher.terms.cumulative_atoms;
        if found < least {
            let fact = format!("it says {} and not {text}", amount::format(found, decimals));
            return Err(Error::refused(fact, "Ask the client for a voucher of what is due, or stop working").into());
        }
    }
    eprintln!("pays now: {}", amount::format(payable.provider_atoms, decimals));
    print(&signed);
    Ok(())
}

async fn check(app: &App, path: &Path) -> Outcome {
    let voucher = read(path)?;
    let (rental, payable) = payable(app, &voucher).await?;
    let atoms = |atoms| amount::format(atoms, rental.lease.decimals);
    let left = voucher.terms.expires_ts.saturating_sub(now(app).await?.ts);
    let mut facts = said(&voucher);
    facts.extend([
        ("it says altogether", atoms(voucher.terms.cumulative_atoms)),
        ("paid after it altogether", atoms(payable.total_atoms)),
        ("it pays the provider", atoms(payable.provider_atoms)),
        ("it pays in fees", atoms(payable.fee_atoms)),
        ("good for", span::words(u64::try_from(left).unwrap_or(0))),
    ]);
    output::facts(&facts, app.global.json);
    Ok(())
}

async fn redeem(app: &App, path: &Path) -> Outcome {
    let signer = app.signer()?;
    let voucher = read(path)?;
    let (rental, payable) = payable(app, &voucher).await?;
    let (slot, mint) = (rental.lease.slot, rental.lease.mint);
    if escrow::payout(&app.rpc, &slot, &mint).await?.is_none() {
        let address = escrow::payout_address(&slot, &mint);
        let remedy = format!("Open it, anyone may: `commonweal provider payout open {slot} {mint}`");
        return Err(Error::account(address, format!("the payout of slot {slot}"), "nothing", remedy).into());
    }
    let label = format!(
        "redeem voucher {} of lease {}: {} to the provider",
        voucher.terms.seq,
        voucher.lease,
        amount::format(payable.provider_atoms, rental.lease.decimals)
    );
    let instructions = voucher.redeem(&rental)?.to_vec();
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}
