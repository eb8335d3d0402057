//! How a vote stands now: tallies, quorum, threshold, what comes next, and what the next vote costs.

use {
    super::{Phase, Proposal, Realm, Status},
    crate::{Address, Error, Result},
    quadratic_governance::{
        constants::NO_LEADER,
        math::{outcome, tally},
    },
};

/// The epoch of a moment.
pub fn epoch_of(address: &Address, realm: &Realm, now_ts: i64) -> Result<u32> {
    realm.epoch_at(now_ts).map_err(|_| {
        Error::account(
            *address,
            "a realm whose epoch 0 has begun",
            format!("cluster time {now_ts}"),
            "Wait a moment",
        )
    })
}

/// One option of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number; 0 is "none".
    pub option: u8,
    /// Votes as they were cast, Q16.
    pub cast_q16: u64,
    /// Votes after the cohort discount, Q16: those that decide.
    pub counted_q16: u64,
}

/// The options of a proposal, "none" first. Buckets that are left out do not count.
pub fn rows(proposal: &Proposal) -> Vec<Row> {
    let mask = proposal.excluded_mask.get();
    let is_decided = proposal.finalized_ts.get() != 0;
    proposal
        .buckets_q16
        .iter()
        .zip(0..=proposal.choices)
        .map(|(row, option)| {
            let cast = |is_out: bool| {
                (0u32..)
                    .zip(row)
                    .filter(move |(bucket, _)| (mask & 1u16.wrapping_shl(*bucket) != 0) == is_out)
            };
            let cast_q16 = cast(false).fold(0u64, |sum, (_, votes)| sum.saturating_add(votes.get()));
            // the decision takes excluded buckets out of the totals; before it they are still in
            let out_q16 = cast(true).fold(0u64, |sum, (bucket, votes)| {
                let cap = usize::try_from(bucket)
                    .ok()
                    .and_then(|bucket| proposal.caps_q16.get(bucket));
                sum.saturating_add(tally::discount_floor(votes.get(), cap.map_or(0, |cap| cap.get())))
            });
            let total = proposal.total_of(option);
            Row {
                option,
                cast_q16,
                counted_q16: if is_decided {
                    total
                } else {
                    total.saturating_sub(out_q16)
                },
            }
        })
        .collect()
}

/// Voters and credits that count for the quorum.
pub fn turnout(proposal: &Proposal) -> (u32, u64) {
    let (mut voters, mut credits) = (proposal.voters.get(), proposal.spent_credits.get());
    if proposal.finalized_ts.get() == 0 {
        let mask = proposal.excluded_mask.get();
        for ((bucket, persons), spent) in (0u32..).zip(&proposal.bucket_voters).zip(&proposal.bucket_credits) {
            if mask & 1u16.wrapping_shl(bucket) != 0 {
                voters = voters.saturating_sub(persons.get());
                credits = credits.saturating_sub(spent.get());
            }
        }
    }
    (voters, credits)
}

/// The option that leads and whether it would pass, were it decided now.
pub fn leading(proposal: &Proposal) -> (u8, bool) {
    let rows = rows(proposal);
    let leader = outcome::leader(rows.iter().map(|row| row.counted_q16));
    let of = |option: u8| {
        rows.iter()
            .find(|row| row.option == option)
            .map_or(0, |row| row.counted_q16)
    };
    let (voters, credits) = turnout(proposal);
    let quorum = voters >= proposal.quorum_persons.get() && credits >= proposal.quorum_credits.get();
    let passes = outcome::passes(leader, of(leader), of(0), proposal.threshold_ppm(), quorum);
    (leader, passes)
}

/// The name of an option, for people.
pub fn option_name(option: u8) -> String {
    match option {
        NO_LEADER => "nobody".to_owned(),
        0 => "none".to_owned(),
        choice => format!("choice {choice}"),
    }
}

/// Where a proposal is, in a word.
pub fn stage(proposal: &Proposal, now_ts: i64) -> &'static str {
    match proposal.status {
        0 => "draft",
        1 => match proposal.phase(now_ts) {
            Ok(Phase::Review) => "review",
            Ok(Phase::Voting) => "voting",
            Ok(Phase::Extended) => "extended voting",
            Ok(Phase::Challenge) => "challenge",
            Ok(Phase::Over) => "ready to finalize",
            Err(_) => "damaged times",
        },
        2 if now_ts < proposal.executable_from_ts.get() => "timelock",
        2 if now_ts < proposal.expires_ts.get() => "executable",
        2 => "execution window over",
        3 => "defeated",
        4 => "executed",
        5 => "cancelled",
        6 if now_ts < proposal.expires_ts.get() => "vetoed, can be overridden",
        6 => "vetoed",
        _ => "expired",
    }
}

/// What comes next, and when: a phrase and the Unix time; none where nothing does by itself.
pub fn next(proposal: &Proposal, now_ts: i64) -> Option<(&'static str, i64)> {
    let rules = &proposal.rules;
    let regular = proposal
        .voting_starts_ts
        .get()
        .saturating_add(i64::from(rules.voting_s.get()));
    let extended = regular.saturating_add(i64::from(rules.extension_s.get()));
    let next = match proposal.status {
        1 => match proposal.phase(now_ts).ok()? {
            Phase::Review => ("voting starts", proposal.voting_starts_ts.get()),
            Phase::Voting if proposal.is_extended() => ("voting ends, extended by a late swing", extended),
            Phase::Voting => ("voting ends", regular),
            Phase::Extended => ("extended voting ends", extended),
            Phase::Challenge => ("the challenge ends", proposal.challenge_end().ok()?),
            Phase::Over => return None,
        },
        2 if now_ts < proposal.executable_from_ts.get() => ("the timelock ends", proposal.executable_from_ts.get()),
        2 if now_ts < proposal.expires_ts.get() => ("the execution window ends", proposal.expires_ts.get()),
        6 if now_ts < proposal.expires_ts.get() => ("the time to override the veto ends", proposal.expires_ts.get()),
        _ => return None,
    };
    Some(next)
}

/// Whether a proposal is done with: nothing but closing is left.
pub fn is_over(proposal: &Proposal, now_ts: i64) -> bool {
    proposal.status >= Status::Defeated as u8 && proposal.is_finished(now_ts)
}

/// What voting costs from here: for `votes` on a proposal and `left` credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextVote {
    /// Credits one more vote costs: (v + 1)² − v².
    pub cost: u64,
    /// Credits left.
    pub left: u64,
    /// The most votes the rest buys on this proposal, those there included.
    pub most: u64,
}

/// Works out what the next vote costs.
pub fn next_vote(votes: u32, left: u32) -> NextVote {
    let votes = u64::from(votes);
    let spent = votes.saturating_mul(votes);
    NextVote {
        cost: votes.saturating_mul(2).saturating_add(1),
        left: u64::from(left),
        most: spent.saturating_add(u64::from(left)).isqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_vote_costs_nineteen_credits_of_a_hundred() {
        // nine votes cost 81 of 100; the tenth 19, which is all that is left
        assert_eq!(
            next_vote(9, 19),
            NextVote {
                cost: 19,
                left: 19,
                most: 10
            }
        );
        assert_eq!(
            next_vote(0, 100),
            NextVote {
                cost: 1,
                left: 100,
                most: 10
            }
        );
    }

    fn proposal() -> Proposal {
        let mut proposal: Proposal = bytemuck::Zeroable::zeroed();
        proposal.choices = 2;
        proposal.status = 1;
        for cap in proposal.caps_q16.iter_mut() {
            *cap = (20u64 << 16).into();
        }
        // cohort 0 casts 80 votes for choice 1, which count √(20·80) = 40; cohort 1 casts 15 for none
        if let [none, first, ..] = proposal.buckets_q16.as_mut_slice() {
            if let [zero, _, ..] = first.as_mut_slice() {
                *zero = (80u64 << 16).into();
            }
            if let [_, one, ..] = none.as_mut_slice() {
                *one = (15u64 << 16).into();
            }
        }
        if let [none, first, ..] = proposal.totals_q16.as_mut_slice() {
            *none = (15u64 << 16).into();
            *first = (40u64 << 16).into();
        }
        proposal.rules.high_threshold_ppm = 600_000u32.into();
        proposal.rules.normal_threshold_ppm = 500_000u32.into();
        proposal
    }

    #[test]
    fn votes_are_shown_as_cast_and_as_counted() {
        let shown: Vec<(u64, u64)> = rows(&proposal())
            .iter()
            .map(|row| (row.cast_q16 >> 16, row.counted_q16 >> 16))
            .collect();
        assert_eq!(shown, [(15, 15), (80, 40), (0, 0)]);
        assert_eq!(leading(&proposal()), (1, true));
    }

    #[test]
    fn an_excluded_cohort_is_shown_out_before_the_decision_takes_it_out() {
        let mut proposal = proposal();
        proposal.excluded_mask = 1u16.into();
        let counted: Vec<u64> = rows(&proposal).iter().map(|row| row.counted_q16 >> 16).collect();
        assert_eq!(counted, [15, 0, 0]);
        assert_eq!(leading(&proposal), (0, false));
    }

    #[test]
    fn a_missed_quorum_is_told_before_the_decision() {
        let mut proposal = proposal();
        proposal.quorum_persons = 3u32.into();
        assert_eq!(leading(&proposal), (1, false));
        proposal.voters = 3u32.into();
        assert_eq!(leading(&proposal), (1, true));
    }
}
