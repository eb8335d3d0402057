//! Verbs of `court`.

use {
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `court`.
#[derive(Subcommand)]
pub enum Court {
    /// Open the jury of a config. Anybody may.
    OpenJury {
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
    },
    /// Show a jury and the court's parameters.
    Jury {
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
    },
    /// Sit on the jury, as a verified person, with a stake.
    Enroll {
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
        /// The stake in SOL (default: the least).
        #[arg(long)]
        stake: Option<String>,
    },
    /// Leave the jury; the stake returns.
    Leave {
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
        /// A person whose registration has ended (default: you).
        #[arg(long)]
        person: Option<Pubkey>,
    },
    /// Bring an answered challenge before the court. Anybody may, for the bounty.
    Open {
        /// The job.
        job: Pubkey,
        /// Who challenged (default: whose challenge is answered).
        #[arg(long)]
        challenger: Option<Pubkey>,
    },
    /// A party's part of a panel's randomness.
    #[command(subcommand)]
    Seed(Seed),
    /// Pin the slot hash that the panel's seed takes in. Anybody may, for the bounty.
    Pin {
        /// The job.
        job: Pubkey,
    },
    /// Draw the panel. Anybody may, for the bounties.
    Draw {
        /// The job.
        job: Pubkey,
    },
    /// Vote, as a juror who was drawn.
    #[command(subcommand)]
    Vote(CourtVote),
    /// Show a vote that became known before its time; its juror loses stake. Anybody may, for half of that.
    Leak {
        /// The job.
        job: Pubkey,
        /// The juror's person.
        #[arg(long)]
        person: Pubkey,
        /// The vote: what the provider would get, in percent.
        #[arg(long)]
        provider_percent: String,
        /// Its salt in hexadecimal digits.
        #[arg(long)]
        salt: String,
    },
    /// Appeal for the side a panel decided against, with twice the deposit of the instance before.
    Appeal {
        /// The job.
        job: Pubkey,
    },
    /// Name the proposal of the last appeal; its action is `gov action escrow-rule`.
    Link {
        /// The job.
        job: Pubkey,
        /// Index of the proposal.
        proposal: u32,
    },
    /// Move a dispute on whose time has passed. Anybody may, for the bounty.
    Crank {
        /// The job.
        job: Pubkey,
    },
    /// Give the job what was ruled. Anybody may, for the bounty.
    Execute {
        /// The job.
        job: Pubkey,
    },
    /// Close the seats of an executed dispute; silent jurors lose stake. Anybody may.
    CloseSeats {
        /// The job.
        job: Pubkey,
    },
    /// Divide the deposits and close the dispute, its seats before it. Anybody may.
    Close {
        /// The job.
        job: Pubkey,
    },
    /// List disputes.
    List,
    /// Show a job's dispute: where it is, until when, and what to do.
    Show {
        /// The job.
        job: Pubkey,
    },
}

/// Verbs of `court seed`.
#[derive(Subcommand)]
pub enum Seed {
    /// Commit to a secret, which is kept on this machine.
    Commit {
        /// The job.
        job: Pubkey,
    },
    /// Reveal the secret committed to from this machine.
    Reveal {
        /// The job.
        job: Pubkey,
    },
}

/// Verbs of `court vote`.
#[derive(Subcommand)]
pub enum CourtVote {
    /// Commit to a vote, which is kept on this machine.
    Commit {
        /// What.
        #[command(flatten)]
        vote: Ballot,
    },
    /// Reveal the vote committed to from this machine, and be paid.
    Reveal {
        /// The job.
        job: Pubkey,
    },
}

/// A juror's vote.
#[derive(Args)]
pub struct Ballot {
    /// The job.
    pub job: Pubkey,
    /// What the provider should get of the price, in percent: 0 for a wrong result, 100 for a right one.
    #[arg(long)]
    pub provider_percent: String,
}

#[cfg(test)]
mod tests {
    use {crate::args::Args, clap::Parser};

    #[test]
    fn every_step_of_a_case_can_be_typed() {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let accepts = |rest: &str| {
            let line = format!("commonweal court {rest}").replace('@', KEY);
            Args::try_parse_from(line.split_whitespace()).is_ok()
        };
        for rest in [
            "open-jury",
            "jury --config 1",
            "enroll --stake 0.1",
            "leave --person @",
            "open @ --challenger @",
            "seed commit @",
            "seed reveal @",
            "pin @",
            "draw @",
            "vote commit @ --provider-percent 12.5",
            "vote reveal @",
            "leak @ --person @ --provider-percent 50 --salt 00",
            "appeal @",
            "link @ 7",
            "crank @",
            "execute @",
            "close-seats @",
            "close @",
            "list",
            "show @",
        ] {
            assert!(accepts(rest), "{rest} was refused");
        }
        for rest in ["vote commit @", "leak @ --person @", "link @", "show"] {
            assert!(!accepts(rest), "{rest} was accepted");
        }
    }
}
