//! `commonweal provider`.

pub mod attest;
mod person;
mod show;
pub mod slots;

use {
    crate::{
        app::{App, Outcome},
        args::{Provider, WorkerArgs},
    },
    commonweal_client::{
        escrow::{self, Worker},
        send::Plan,
    },
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Provider) -> Outcome {
    match verb {
        Provider::Register { session_key, region } => {
            let signer = app.signer()?;
            let authority = signer.pubkey();
            let register = escrow::register_provider(authority, session_key.unwrap_or(authority), region);
            let label = format!("register provider {}", escrow::provider_address(&authority));
            send(app, &signer, label, register).await
        }
        Provider::RotateKey { session_key } => {
            let signer = app.signer()?;
            let rotate = escrow::rotate_session_key(signer.pubkey(), session_key);
            send(app, &signer, format!("make {session_key} the session key"), rotate).await
        }
        Provider::Show { authority } => show::provider(app, authority).await,
        Provider::List => show::list(app).await,
        Provider::Slot(verb) => slots::run(app, verb).await,
        Provider::Bond(verb) => slots::bond(app, verb).await,
        Provider::Payout(verb) => slots::payouts(app, verb).await,
        Provider::LinkPerson { person, config } => person::link(app, person, config).await,
        Provider::UnlinkPerson { authority } => person::unlink(app, authority).await,
        Provider::Fold { slot } => {
            let signer = app.signer()?;
            let provider = escrow::slot(&app.rpc, &slot).await?.provider;
            let fold = escrow::fold_reputation(provider, slot);
            send(app, &signer, format!("fold the reputation of slot {slot}"), fold).await
        }
        Provider::Earnings { authority } => show::earnings(app, authority).await,
        Provider::Receipts { slot, limit } => show::receipts(app, slot, limit).await,
        Provider::Attest(options) => attest::slot(app, options).await,
        Provider::Attestation(verb) => attest::run(app, verb).await,
    }
}

/// The slot that was named, worked by the signer.
pub fn worker(signer: &Keypair, args: &WorkerArgs) -> Worker {
    let of = Worker::of_authority(args.provider.unwrap_or_else(|| signer.pubkey()), args.index);
    Worker {
        key: signer.pubkey(),
        ..of
    }
}

/// Sends one instruction.
async fn send(app: &App, signer: &Keypair, label: String, instruction: Instruction) -> Outcome {
    app.execute(Plan::new(label, vec![instruction], &[signer])).await?;
    Ok(())
}
