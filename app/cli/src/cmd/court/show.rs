//! Where disputes are.

use {
    super::moment,
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, court::Case},
        job::wasm,
        Address,
    },
};

/// A part of a million as a percentage.
fn percent(ppm: u32) -> String {
    format!("{} %", amount::format(u64::from(ppm), 4))
}

/// The panel or vote that decides now.
fn instance(round: u8, panel: u8) -> String {
    match round {
        3 => "the quadratic vote".to_owned(),
        round => format!("panel {} of 3, {panel} jurors", round.saturating_add(1)),
    }
}

/// Lists all disputes.
pub async fn list(app: &App) -> Outcome {
    let now = moment(app).await?;
    let rows = Case::all(&app.rpc)
        .await?
        .iter()
        .map(|case| {
            let dispute = &case.dispute;
            let left = match case.deadline() {
                _ if case.is_overdue(now) => "over".to_owned(),
                Some(deadline) => format!("{} s", deadline.ts.saturating_sub(now.ts).max(0)),
                None => String::new(),
            };
            vec![
                dispute.job.to_string(),
                instance(dispute.round, dispute.panel),
                case.phase_name().to_owned(),
                left,
                if dispute.has_verdict == 1 {
                    percent(dispute.verdict_ppm.get())
                } else {
                    String::new()
                },
            ]
        })
        .collect();
    let headings = ["job", "instance", "phase", "time left", "for the provider"];
    output::list(&headings, rows, &[4], app.global.json);
    Ok(())
}

/// Which party has done what with its seed.
fn seeds(steps: u8) -> String {
    let told = |side: u8| {
        let is_set = |bit: u8| steps & 1u8.checked_shl(u32::from(bit)).unwrap_or(0) != 0;
        match (is_set(side), is_set(side.saturating_add(2))) {
            (_, true) => "revealed",
            (true, false) => "committed",
            (false, false) => "nothing yet",
        }
    };
    format!("challenger {}, defender {}", told(0), told(1))
}

/// Shows a job's dispute.
pub async fn show(app: &App, job: Address) -> Outcome {
    let found = Case::of_job(&app.rpc, &job).await?;
    let (dispute, now) = (&found.dispute, moment(app).await?);
    let [challenger, defender] = dispute.parties;
    let deposits: Vec<String> = dispute
        .deposits()
        .iter()
        .zip(dispute.sides)
        .filter(|(lamports, _)| **lamports > 0)
        .map(|(lamports, side)| {
            let side = if side == 0 { "challenger" } else { "defender" };
            format!("{} for the {side}", amount::sol(*lamports))
        })
        .collect();
    let verdict = if dispute.has_verdict == 1 || dispute.outcome != 0 {
        percent(dispute.verdict_ppm.get())
    } else {
        "none yet".to_owned()
    };
    output::facts(
        &[
            ("dispute", found.address.to_string()),
            ("job", job.to_string()),
            ("uid", wasm::hex(&dispute.uid)),
            ("instance", instance(dispute.round, dispute.panel)),
            ("phase", found.phase_name().to_owned()),
            ("time", escrow::time_left(found.deadline(), now)),
            ("next", found.next(now)),
            ("seeds", seeds(dispute.seed_steps)),
            ("seats drawn", format!("{} of {}", dispute.seated, dispute.panel)),
            ("votes committed", dispute.committed.to_string()),
            ("votes revealed", dispute.revealed.to_string()),
            ("verdict for the provider", verdict),
            ("ended", found.outcome_name().to_owned()),
            ("client", dispute.client.to_string()),
            ("challenger", challenger.to_string()),
            ("defender", defender.to_string()),
            ("deposits in SOL", deposits.join(", ")),
            ("costs in SOL", amount::sol(dispute.costs_lamports.get())),
        ],
        app.global.json,
    );
    let rows: Vec<Vec<String>> = found
        .seats(&app.rpc)
        .await?
        .iter()
        .map(|(_, seat)| {
            let state = match seat.state {
                1 => "drawn",
                2 => "committed",
                3 => "revealed",
                4 => "leaked",
                _ => "unknown",
            };
            vec![
                seat.person.to_string(),
                seat.round.to_string(),
                seat.attempt.to_string(),
                state.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        output::list(&["person", "round", "drawing", "vote"], rows, &[1, 2], app.global.json);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parties_steps_are_told_apart() {
        assert_eq!(seeds(0), "challenger nothing yet, defender nothing yet");
        assert_eq!(seeds(0b0011), "challenger committed, defender committed");
        assert_eq!(seeds(0b0111), "challenger revealed, defender committed");
        assert_eq!(percent(125_000), "12.5 %");
    }
}
