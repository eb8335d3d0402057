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
        events::{log, CaseMoved},
        math::{
            court::{burn_ceil, reward_floor},
            deadline::Moment,
            slash::Slash,
        },
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// That burnt lamports go nowhere.
pub(crate) fn check_incinerator(account: &AccountView) -> Step {
    require_step(same(account.address(), &INCINERATOR), EscrowError::IncineratorRequired)
}

/// Says where a dispute is now.
#[inline(never)]
pub(crate) fn log_case(dispute: &Own<Dispute>, actor: &Address, step: u8) {
    log(CaseMoved {
        uid: dispute.uid,
        dispute: *dispute.address(),
        actor: *actor,
        costs_lamports: dispute.costs_lamports,
        verdict_ppm: dispute.verdict_ppm,
        phase: dispute.phase,
        round: dispute.round,
        outcome: dispute.outcome,
        step,
    });
}

/// What a worker's slot loses by a verdict.
pub(crate) struct SlotLoss {
    /// The parts of the bond; the reward is in `bounty_lamports` as well.
    pub slash: Slash,
    /// Lamports to the challenger.
    pub reward_lamports: u64,
    /// Lamports to the cranker.
    pub bounty_lamports: u64,
}

/// Finds the result wrong: the slot's whole bond is lost, and the job is over; what is left of its price is the client's. A
/// redundant order goes on to let its workers go one by one. The caller moves the lamports.
#[inline(never)]
pub(crate) fn find_wrong(job: &mut Job, slot: Option<&mut Own<Slot>>, now: Moment) -> Step<SlotLoss> {
    job.validate_age(now)?;
    job.flags |= FLAG_WRONG;
    if job.kind == KIND_REDUNDANT {
        job.enter(JobState::Resolving, now);
        return Ok(SlotLoss {
            slash: Slash {
                compensation_lamports: 0,
                bounty_lamports: 0,
                burnt_lamports: 0,
                released_lamports: 0,
            },
            reward_lamports: 0,
            bounty_lamports: 0,
        });
    }
    let slot = slot.ok_or(EscrowError::SlotRequired)?;
    job.validate_slot(slot.address())?;
    let bond = job.bond_lamports.get();
    let compensation = job.compensation_lamports.get();
    let bounty = u64::from(job.bounty_lamports.get());
    let (reward, burnt) = checked(reward_floor(bond, compensation, bounty))?;
    let slash = Slash {
        compensation_lamports: compensation,
        bounty_lamports: checked(bounty.checked_add(reward))?,
        burnt_lamports: burnt,
        released_lamports: 0,
    };
    slot.apply_slash(bond, &slash)?;
    slot.record(job, Outcome::Wrong, 0, 0, bond)?;
    job.enter(JobState::Final, now);
    Ok(SlotLoss {
        slash,
        reward_lamports: reward,
        bounty_lamports: bounty,
    })
}

/// What the default takes from a bond: a fifth, rounded up, for nobody.
pub(crate) fn default_slash(bond: u64) -> Step<Slash> {
    let burnt = burn_ceil(bond);
    Ok(Slash {
        compensation_lamports: 0,
        bounty_lamports: 0,
        burnt_lamports: burnt,
        released_lamports: checked(bond.checked_sub(burnt))?,
    })
}
