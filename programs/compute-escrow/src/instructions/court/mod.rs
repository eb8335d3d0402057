//! Challenges, the jury, disputes and their end.

pub mod case;
pub mod claims;
pub mod jurors;
pub mod panel;
pub mod resolve;
pub mod ruling;

pub use {case::*, claims::*, jurors::*, panel::*, resolve::*, ruling::*};

use {
    crate::{
        constants::INCINERATOR,
        errors::EscrowError,
        events::{log, CourtMoved},
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// That burnt lamports go nowhere.
#[inline(never)]
pub(crate) fn check_incinerator(account: &AccountView) -> Step {
    require_step(same(account.address(), &INCINERATOR), EscrowError::IncineratorRequired)
}

/// Numbers of a step in its event.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks {
    /// The vote or verdict.
    pub ppm: u32,
    /// Number of the instruction.
    pub step: u8,
    /// State or phase after it.
    pub state: u8,
    /// Round, or 1 with a wrong canary.
    pub round: u8,
    /// How a dispute ended.
    pub outcome: u8,
}

/// Says that a step was made.
#[inline(never)]
pub(crate) fn log_step(subject: &[u8; 32], account: &Address, actor: &Address, lamports: u64, marks: Marks) {
    log(CourtMoved {
        subject: *subject,
        account: *account,
        actor: *actor,
        lamports: lamports.into(),
        ppm: marks.ppm.into(),
        step: marks.step,
        state: marks.state,
        round: marks.round,
        outcome: marks.outcome,
    });
}

/// Says where a dispute is now.
#[inline(never)]
pub(crate) fn log_case(dispute: &Own<Dispute>, actor: &Address, step: u8) {
    log_step(
        &dispute.uid,
        dispute.address(),
        actor,
        dispute.costs_lamports.get(),
        Marks {
            ppm: dispute.verdict_ppm.get(),
            step,
            state: dispute.phase,
            round: dispute.round,
            outcome: dispute.outcome,
        },
    );
}
