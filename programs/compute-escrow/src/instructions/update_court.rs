//! `update_court`

use {
    super::UpdateConfig,
    crate::{
        events::{log, CourtUpdated},
        state::*,
    },
};

/// Specification:
/// - the config's authority signs
/// - every parameter is within its bounds
/// - disputes keep the parameters of their opening; no money moves
pub fn update_court(a: &mut UpdateConfig, params: &CourtParams) -> Step {
    let config = &mut a.config;
    params.validate(config.is_rehearsal == 1)?;
    config.court.apply(params);
    let court = &config.court;
    log(CourtUpdated {
        config: *config.address(),
        attestors: court.attestors,
        seat_fee_lamports: court.seat_fee_lamports,
        juror_stake_lamports: court.juror_stake_lamports,
        answer_seconds: court.answer_seconds,
        seed_seconds: court.seed_seconds,
        vote_seconds: court.vote_seconds,
        reveal_seconds: court.reveal_seconds,
        appeal_seconds: court.appeal_seconds,
        ruling_seconds: court.ruling_seconds,
    });
    Ok(())
}
