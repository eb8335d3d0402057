//! What a proposal can do to the court: its parameters, and the ruling after the last appeal.

use {
    crate::{
        app::{App, Outcome},
        args::{ChangeCourt, Rule},
        cmd::job::post::ppm,
    },
    commonweal_client::{
        amount,
        escrow::{self, court, court::Case, CourtParams},
        Address, Error,
    },
    solana_program::instruction::Instruction,
};

/// Changes what is named of a config's court.
pub async fn change(app: &App, authority: Address, options: ChangeCourt) -> Outcome<Instruction> {
    let address = escrow::config_address(options.config);
    let old = escrow::config(&app.rpc, &address).await?.court;
    let sol = |text: Option<String>, old: u64| match text {
        Some(text) => amount::parse(&text, amount::SOL_DECIMALS),
        None => Ok(old),
    };
    if options.attestors.len() > old.attestors.len() {
        let what = format!("{} attestors are too many", options.attestors.len());
        return Err(Error::refused(what, format!("Name at most {}", old.attestors.len())).into());
    }
    let mut attestors = old.attestors;
    if options.no_attestors || !options.attestors.is_empty() {
        attestors = Default::default();
        for (place, key) in attestors.iter_mut().zip(options.attestors) {
            *place = key;
        }
    }
    let params = CourtParams {
        seat_fee_lamports: sol(options.seat_fee, old.seat_fee_lamports.get())?,
        juror_stake_lamports: sol(options.juror_stake, old.juror_stake_lamports.get())?,
        answer_seconds: options.answer_seconds.unwrap_or(old.answer_seconds.get()),
        seed_seconds: options.seed_seconds.unwrap_or(old.seed_seconds.get()),
        vote_seconds: options.vote_seconds.unwrap_or(old.vote_seconds.get()),
        reveal_seconds: options.reveal_seconds.unwrap_or(old.reveal_seconds.get()),
        appeal_seconds: options.appeal_seconds.unwrap_or(old.appeal_seconds.get()),
        ruling_seconds: options.ruling_seconds.unwrap_or(old.ruling_seconds.get()),
        attestors,
    };
    Ok(court::update_court(address, authority, params))
}

/// Rules on a job's dispute.
pub async fn rule(app: &App, authority: Address, options: Rule) -> Outcome<Instruction> {
    let dispute = Case::of_job(&app.rpc, &options.job).await?.dispute;
    let config = escrow::config_address(dispute.config_id.get());
    let provider_ppm = ppm(&options.provider_percent)?;
    Ok(court::rule(authority, &options.job, dispute.uid, config, provider_ppm))
}
