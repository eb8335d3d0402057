//! Showing proposals: live tallies, quorum, what they would do, what comes next.

use {
    super::proposals::{actions, address_of, fetch},
    crate::{
        app::{App, Outcome},
        args::span,
        output,
    },
    commonweal_client::{
        accounts, amount, describe,
        governance::{
            self,
            standing::{self, leading, next, option_name, stage, turnout},
            Chamber, Proposal, ProposalAction, Status, TokenBook,
        },
        job::wasm::hex,
        tokens, Address,
    },
    commonweal_interface::{ids, math::mul_div_floor},
    quadratic_governance::state::{CLASS_HIGH, CLASS_NORMAL, VETO_CHAMBER, VETO_GUARDIAN, VETO_SPAM},
    solana_program::instruction::Instruction,
};

/// Milestones as they are stored.
const DRAFT: u8 = Status::Draft as u8;
const SUBMITTED: u8 = Status::Submitted as u8;
const DEFEATED: u8 = Status::Defeated as u8;
const CANCELLED: u8 = Status::Cancelled as u8;
const VETOED: u8 = Status::Vetoed as u8;

/// A tally in votes, for people: it is Q16 on chain.
pub fn votes(q16: u64) -> String {
    let whole = q16 >> 16;
    let hundredths = (q16 & 0xffff).saturating_mul(100) >> 16;
    format!("{whole}.{hundredths:02}")
}

/// Parts per million as percent, such as 66.6.
pub fn percent(ppm: u64) -> String {
    let tenths = ppm.checked_div(1_000).unwrap_or(0);
    let (whole, tenth) = (tenths.checked_div(10).unwrap_or(0), tenths.checked_rem(10).unwrap_or(0));
    if tenth == 0 {
        format!("{whole} %")
    } else {
        format!("{whole}.{tenth} %")
    }
}

/// What comes next, with the time until then.
pub fn countdown(proposal: &Proposal, now_ts: i64) -> String {
    match (next(proposal, now_ts), stage(proposal, now_ts)) {
        (Some((what, unix_ts)), _) => {
            let left = u64::try_from(unix_ts.saturating_sub(now_ts)).unwrap_or(0);
            format!("{what} in {}", span::words(left))
        }
        (None, "draft") => "its proposer submits it".to_owned(),
        (None, "ready to finalize") => "anybody finalizes it".to_owned(),
        (None, "execution window over") => "anybody expires it".to_owned(),
        (None, _) => "nothing; it can be closed".to_owned(),
    }
}

/// Lists the realm's proposals.
pub async fn list(app: &App) -> Outcome {
    let now_ts = app.rpc.clock().await?.unix_ts;
    let rows = governance::proposals(&app.rpc, &app.realm())
        .await?
        .iter()
        .map(|(address, proposal)| {
            vec![
                proposal.index.get().to_string(),
                address.to_string(),
                stage(proposal, now_ts).to_owned(),
                countdown(proposal, now_ts),
                option_name(leading(proposal).0),
                turnout(proposal).0.to_string(),
                turnout(proposal).1.to_string(),
            ]
        })
        .collect();
    let headings = ["proposal", "address", "stage", "next", "leads", "voters", "credits"];
    output::list(&headings, rows, &[0, 5, 6], app.global.json);
    Ok(())
}

fn class(proposal: &Proposal) -> &'static str {
    match proposal.class {
        CLASS_NORMAL => "pays from the treasury, or does nothing",
        CLASS_HIGH => "changes more than a balance",
        _ => "replaces code: a longer timelock",
    }
}

fn veto(proposal: &Proposal) -> String {
    let by = match proposal.vetoed_by {
        VETO_GUARDIAN => "by the guardian",
        VETO_SPAM => "by the guardian as spam: the bond is forfeited unless a vote overrides it",
        VETO_CHAMBER => "by a chamber",
        _ => "none",
    };
    let seats: Vec<String> = (0u8..)
        .zip(proposal.veto_seats.iter().zip(&proposal.chamber_seats))
        .filter(|(chamber, _)| proposal.touches & 1u8.wrapping_shl(u32::from(*chamber)) != 0)
        .map(|(chamber, (vetoes, seats))| {
            format!(
                "the {} chamber may veto it: {} of {} seats have",
                Chamber::name_of(chamber),
                vetoes.get(),
                seats.get()
            )
        })
        .collect();
    let mut parts = vec![by.to_owned()];
    parts.extend(seats);
    if proposal.override_vote != 0 {
        parts.push("a vote over it was called, and nobody can veto again".to_owned());
    }
    parts.join("; ")
}

/// What the leader has of (leader + none), and what it needs.
fn threshold(proposal: &Proposal) -> String {
    let needed = percent(u64::from(proposal.threshold_ppm()));
    let rows = standing::rows(proposal);
    let of = |option: u8| {
        rows.iter()
            .find(|row| row.option == option)
            .map_or(0, |row| row.counted_q16)
    };
    let leader = leading(proposal).0;
    let share = mul_div_floor(of(leader), 1_000_000, of(leader).saturating_add(of(0)));
    match share.filter(|_| leader != 0) {
        Some(share) => format!("{needed} against none; {} has {}", option_name(leader), percent(share)),
        None => format!("{needed} against none"),
    }
}

/// Shows a proposal.
pub async fn show(app: &App, index: u32) -> Outcome {
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    facts(app, address, &proposal, now_ts);
    let rows = standing::rows(&proposal)
        .iter()
        .map(|row| {
            vec![
                option_name(row.option),
                votes(row.counted_q16),
                votes(row.cast_q16),
                proposal
                    .option_actions
                    .get(usize::from(row.option))
                    .map_or_else(String::new, u8::to_string),
            ]
        })
        .collect();
    let headings = ["option", "votes that count", "votes cast", "actions"];
    output::list(&headings, rows, &[1, 2, 3], app.global.json);
    show_actions(app, address, &proposal).await
}

fn facts(app: &App, address: Address, proposal: &Proposal, now_ts: i64) {
    let (voters, credits) = turnout(proposal);
    let quorum = format!(
        "{voters} of {} persons, {credits} of {} credits",
        proposal.quorum_persons.get(),
        proposal.quorum_credits.get()
    );
    let was_submitted = proposal.submitted_ts.get() != 0;
    let outcome = match (proposal.status, leading(proposal)) {
        (DRAFT, _) => "not submitted yet".to_owned(),
        (SUBMITTED, (leader, true)) => format!("{} would pass", option_name(leader)),
        (SUBMITTED, _) => "nothing would pass".to_owned(),
        (CANCELLED, _) => "withdrawn before its vote".to_owned(),
        (VETOED, _) => "vetoed".to_owned(),
        (DEFEATED, _) => "nothing passed".to_owned(),
        _ => format!("{} has won", option_name(proposal.winner)),
    };
    let excluded: Vec<String> = (0..16u32)
        .filter(|bucket| proposal.excluded_mask.get() & 1u16.wrapping_shl(*bucket) != 0)
        .map(|bucket| bucket.to_string())
        .collect();
    let mut facts = vec![
        ("proposal", address.to_string()),
        ("stage", stage(proposal, now_ts).to_owned()),
        ("next", countdown(proposal, now_ts)),
        ("as it stands", outcome),
        ("proposer", proposal.authority.to_string()),
        ("sha256 of the text", hex(&proposal.content_hash)),
        ("kind", class(proposal).to_owned()),
        ("quorum", quorum),
        ("threshold", threshold(proposal)),
        ("veto", veto(proposal)),
        ("bond", format!("{} SOL", amount::sol(proposal.bond_lamports.get()))),
    ];
    if was_submitted {
        facts.push(("vote epoch", proposal.vote_epoch.get().to_string()));
        facts.push(("vote starts", proposal.voting_starts_ts.get().to_string()));
        facts.push(("challenge ends", proposal.challenge_end().unwrap_or(0).to_string()));
    }
    if proposal.executable_from_ts.get() != 0 {
        facts.push(("executable from", proposal.executable_from_ts.get().to_string()));
        facts.push(("expires", proposal.expires_ts.get().to_string()));
    }
    if !excluded.is_empty() {
        facts.push(("cohorts left out", excluded.join(", ")));
    }
    output::facts(&facts, app.global.json);
}

/// What an action does, with what its numbers mean here.
async fn sentence(app: &App, action: &ProposalAction, call: &Instruction) -> Outcome<String> {
    let mut told = describe::action(action, call);
    if call.program_id != ids::QUADRATIC_GOVERNANCE {
        return Ok(told);
    }
    let realm = governance::realm(&app.rpc, &app.realm()).await?;
    let old = governance::parameters_of(&realm.rules, realm.epoch_s.get());
    if let Some(changes) = describe::parameter_changes(&old, &call.data) {
        let changes = if changes.is_empty() {
            "nothing".to_owned()
        } else {
            changes.join(", ")
        };
        told = format!("changes of the parameters in force: {changes}. It {told}");
    }
    if call.data.first() == Some(&quadratic_governance::SET_IDENTITY_COST) {
        if let (Some(book), Some(atoms)) = (
            call.accounts.get(2),
            call.data.get(1..).and_then(|rest| rest.first_chunk()),
        ) {
            let book: TokenBook = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &book.pubkey).await?;
            let decimals = tokens::mint(&app.rpc, &book.mint).await?.state.decimals;
            let cost = amount::format(u64::from_le_bytes(*atoms), decimals);
            told = format!("{told}: {cost} of mint {}, lane {}", book.mint, book.lane);
        }
    }
    Ok(told)
}

async fn show_actions(app: &App, address: Address, proposal: &Proposal) -> Outcome {
    let mut rows = Vec::new();
    for (action_address, action) in actions(app, &address, proposal.action_count).await? {
        let (_, call) = governance::action(&app.rpc, action_address).await?;
        let mut out = vec![format!("{} SOL", amount::sol(action.outflow_lamports.get()))];
        if action.outflow_atoms.get() != 0 {
            let decimals = tokens::mint(&app.rpc, &action.outflow_mint).await?.state.decimals;
            let tokens = amount::format(action.outflow_atoms.get(), decimals);
            out.push(format!("{tokens} of mint {}", action.outflow_mint));
        }
        rows.push(vec![
            action.index.to_string(),
            action.choice.to_string(),
            action.lane.to_string(),
            sentence(app, &action, &call).await?,
            out.join(", "),
            if action.executed == 1 { "yes" } else { "no" }.to_owned(),
        ]);
    }
    if app.global.json {
        if !rows.is_empty() {
            let headings = ["action", "choice", "lane", "what it does", "at most out", "executed"];
            output::list(&headings, rows, &[0, 1, 2], true);
        }
        return Ok(());
    }
    // sentences are too long for a table's column
    for row in rows {
        if let [action, choice, lane, sentence, out, executed] = row.as_slice() {
            let executed = if executed == "yes" { ", executed" } else { "" };
            say!("action {action} of choice {choice}, by lane {lane}{executed}: {sentence}. At most {out} may leave the lane");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_is_shown_in_votes_without_a_float() {
        assert_eq!(votes(36 << 16), "36.00");
        assert_eq!(votes((3 << 16) + (1 << 15)), "3.50");
        assert_eq!(votes(65_535), "0.99");
    }

    #[test]
    fn parts_per_million_are_shown_in_percent() {
        assert_eq!(percent(600_000), "60 %");
        assert_eq!(percent(666_666), "66.6 %");
        assert_eq!(percent(999), "0 %");
    }
}
