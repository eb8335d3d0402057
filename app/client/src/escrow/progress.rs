//! Where a job is, until when, and what is to be done next.

use {
    super::{Job, JobState, Moment},
    crate::Address,
    compute_escrow::{
        math::deadline::slots_ceil,
        state::{FLAG_ATTESTED, FLAG_WRONG, KIND_AUCTION, KIND_BATCH, KIND_REDUNDANT},
    },
};

/// A job's state in a word.
pub fn state_name(state: u8) -> &'static str {
    match state {
        1 => "open",
        2 => "claimed",
        3 => "running",
        4 => "committed",
        5 => "challengeable",
        6 => "final",
        7 => "refundable",
        9 => "disputed",
        10 => "revealing",
        11 => "awarded",
        12 => "resolving",
        _ => "unknown",
    }
}

/// A kind of order in a word.
pub fn kind_name(kind: u8) -> &'static str {
    match kind {
        KIND_BATCH => "batch",
        KIND_AUCTION => "auction",
        KIND_REDUNDANT => "redundant",
        _ => "unknown",
    }
}

/// A verification in a word.
pub fn verification_name(verification: u8) -> &'static str {
    match verification {
        0 => "none",
        1 => "optimistic",
        2 => "canary",
        3 => "attested",
        _ => "unknown",
    }
}

/// When the present state's time is over, by the clock and by slots; none where it has no time.
pub fn deadline(job: &Job) -> Option<Moment> {
    let is = |state: JobState| job.state == state as u8;
    let seconds = match job.state {
        _ if is(JobState::Open) => job.open_seconds,
        _ if is(JobState::Claimed) || is(JobState::Awarded) => job.start_seconds,
        _ if is(JobState::Running) => job.run_seconds,
        _ if is(JobState::Committed) || is(JobState::Revealing) => job.reveal_seconds,
        _ if is(JobState::Challengeable) => job.challenge_seconds,
        _ => return None,
    }
    .get();
    // the open time counts from the posting, whatever happened since
    let (ts, slot) = if is(JobState::Open) {
        (job.created_ts, job.created_slot)
    } else {
        (job.entered_ts, job.entered_slot)
    };
    Some(Moment {
        ts: ts.get().saturating_add(i64::from(seconds)),
        slot: slot.get().saturating_add(slots_ceil(seconds)),
    })
}

/// A deadline in words.
pub fn time_left(deadline: Option<Moment>, now: Moment) -> String {
    let Some(deadline) = deadline else {
        return "no deadline".to_owned();
    };
    let seconds = deadline.ts.saturating_sub(now.ts).max(0);
    let slots = deadline.slot.saturating_sub(now.slot);
    if seconds == 0 && slots == 0 {
        return "over".to_owned();
    }
    format!(
        "{seconds} s and {slots} slots left (Unix time {}, slot {})",
        deadline.ts, deadline.slot
    )
}

/// What is to be done next with a job at `address`.
pub fn next(address: &Address, job: &Job, now: Moment) -> String {
    let is_over = job.is_overdue(now).unwrap_or(false);
    let crank = format!("its time is over; anyone, for the bounty: `commonweal job crank {address}`");
    let is_redundant = job.kind == KIND_REDUNDANT;
    match job.state {
        5 if job.challenges_open > 0 => format!(
            "{} unresolved: answer (`job answer`), open the dispute (`court open`), or when nobody answers in time \
             `commonweal job resolve {address}`",
            job.challenges_open
        ),
        5 if is_over && job.lacks_attestation() => crank,
        5 if is_over && is_redundant => format!("anyone: `commonweal job settle-part {address}`"),
        5 if is_over => format!("anyone: `commonweal job settle {address}`"),
        10 if job.reveals > 0 && is_over => {
            format!("anyone, for the bounty: `commonweal job bid award {address}`")
        }
        _ if is_over => crank,
        1 => match job.kind {
            KIND_AUCTION => format!(
                "bid: `commonweal job bid place {address} --price …` ({} so far)",
                job.commitments
            ),
            KIND_REDUNDANT => format!(
                "take part: `commonweal job join {address}` ({} of {} so far)",
                job.joined, job.redundancy_n
            ),
            _ => format!("claim it: `commonweal job claim {address}`"),
        },
        2 => format!("its worker starts: `commonweal job start {address} --arguments …`"),
        3 => format!("its worker runs the module and commits: `commonweal job commit {address} --result …`"),
        4 => format!("its worker reveals: `commonweal job reveal {address}`"),
        5 if job.lacks_attestation() => {
            format!("an attestor countersigns: `commonweal job attest {address} --evidence …`")
        }
        5 => format!("compute it again; if it is wrong: `commonweal job challenge {address} --result …`"),
        6 => format!("anyone closes it, the rent returns: `commonweal job close {address}`"),
        7 => format!("the client takes the refund: `commonweal job refund {address} --to …`"),
        9 => format!("the court decides: `commonweal court show {address}`"),
        10 => format!(
            "bidders reveal: `commonweal job bid reveal {address}` ({} so far)",
            job.reveals
        ),
        11 => format!("the winner takes it up: `commonweal job claim {address}`"),
        12 => format!(
            "anyone settles the workers: `commonweal job settle-part {address}` ({} of {} done)",
            job.resolved, job.joined
        ),
        _ => "use a client of the program's version".to_owned(),
    }
}

/// What a job's flags say, in words.
pub fn findings(job: &Job) -> String {
    let mut found = Vec::new();
    if job.flags & FLAG_WRONG != 0 {
        found.push("the result was found wrong");
    }
    if job.flags & FLAG_ATTESTED != 0 {
        found.push("an attestor has countersigned");
    }
    if job.flags & compute_escrow::state::FLAG_PERSONS_ONLY != 0 {
        found.push("persons only");
    }
    if job.flags & compute_escrow::state::FLAG_DIVIDED != 0 {
        found.push("divided by default");
    }
    found.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_told_is_the_programs_own() {
        let mut job: Job = bytemuck::Zeroable::zeroed();
        job.created_ts = 100i64.into();
        job.created_slot = 10u64.into();
        job.entered_ts = 200i64.into();
        job.entered_slot = 50u64.into();
        for seconds in [
            &mut job.open_seconds,
            &mut job.start_seconds,
            &mut job.run_seconds,
            &mut job.reveal_seconds,
            &mut job.challenge_seconds,
        ] {
            *seconds = 60u32.into();
        }
        for state in 1..=12u8 {
            job.state = state;
            let Some(end) = deadline(&job) else {
                assert!(
                    job.is_overdue(Moment {
                        ts: i64::MAX,
                        slot: u64::MAX
                    })
                    .is_err(),
                    "state {state}"
                );
                continue;
            };
            assert!(job.is_overdue(end).unwrap(), "state {state}");
            for early in [
                Moment { ts: end.ts - 1, ..end },
                Moment {
                    slot: end.slot - 1,
                    ..end
                },
            ] {
                assert!(!job.is_overdue(early).unwrap(), "state {state}");
            }
        }
    }
}
