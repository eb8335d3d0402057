//! Verbs of `provider`.

use {
    super::span,
    clap::{Args, Subcommand, ValueEnum},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `provider`.
#[derive(Subcommand)]
pub enum Provider {
    /// Become a provider.
    Register {
        /// Key of your machines (default: your own).
        #[arg(long)]
        session_key: Option<Pubkey>,
        /// Region, ISO 3166-1 numeric.
        #[arg(long, default_value_t = 0)]
        region: u16,
    },
    /// Replace the key of your machines; vouchers of the old one are good for an hour more, for the time before.
    #[command(alias = "rotate")]
    RotateKey {
        /// The new key.
        session_key: Pubkey,
    },
    /// Show a provider with reputation, person and slots (default: you).
    Show {
        /// Its authority.
        authority: Option<Pubkey>,
    },
    /// List providers, the best reputation first.
    List,
    /// Your GPUs.
    #[command(subcommand)]
    Slot(Slot),
    /// A slot's bond.
    #[command(subcommand)]
    Bond(Bond),
    /// Accounts that slots are paid into.
    #[command(subcommand)]
    Payout(PayoutVerb),
    /// Put a verified person behind your provider; both sign.
    LinkPerson {
        /// Keypair file of the person's wallet (default: --keypair, which then is both).
        #[arg(long)]
        person: Option<PathBuf>,
        /// Number of the config whose realm registered the person.
        #[arg(long, default_value_t = 0)]
        config: u16,
    },
    /// Part a provider and its person: either may, anybody where the registration has ended.
    UnlinkPerson {
        /// Authority of the provider (default: you).
        authority: Option<Pubkey>,
    },
    /// Bring a slot's gains and faults into its provider's reputation. Anybody may.
    Fold {
        /// The slot.
        slot: Pubkey,
    },
    /// What a provider has earned, by mint (default: you).
    Earnings {
        /// Its authority.
        authority: Option<Pubkey>,
    },
    /// The receipts of a slot: the head of its chain, and what its transactions tell.
    Receipts {
        /// The slot.
        slot: Pubkey,
        /// The most transactions to read.
        #[arg(long, default_value_t = 1_000)]
        limit: usize,
    },
    /// Say something about a slot, as an attestor of its config.
    Attest(AttestSlot),
    /// What attestors have said.
    #[command(subcommand)]
    Attestation(AttestationVerb),
}

/// Verbs of `provider slot`.
#[derive(Subcommand)]
pub enum Slot {
    /// Offer one more GPU.
    Add {
        /// Code of its model.
        #[arg(long)]
        model: u32,
        /// Its memory in MiB.
        #[arg(long)]
        vram_mib: u32,
        /// Number of the config it works under.
        #[arg(long, default_value_t = 0)]
        config: u16,
        /// What it asks.
        #[command(flatten)]
        ask: Ask,
    },
    /// Change what a slot asks, pause it or resume it.
    Update {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// What it asks.
        #[command(flatten)]
        ask: Ask,
        /// Take no new work.
        #[arg(long)]
        pause: bool,
    },
    /// Take no new work; what is asked stays.
    Pause(WorkerArgs),
    /// Take new work again.
    Resume(WorkerArgs),
    /// Take no new work and the free bond out; again, when the last order has ended, for the rest.
    Drain(WorkerArgs),
    /// Add SOL to a slot's bond.
    Bond {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL.
        amount: String,
    },
    /// Take free SOL out of a slot's bond.
    Unbond {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL, or `all` that is free.
        amount: String,
    },
    /// Open the account that a slot is paid into. Anybody may.
    OpenPayout {
        /// The slot.
        slot: Pubkey,
        /// The mint.
        mint: Pubkey,
    },
    /// Close an emptied payout; its rent returns.
    ClosePayout {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// The mint.
        mint: Pubkey,
    },
    /// Show a slot: work, bond, asks, score, reputation.
    Show {
        /// The slot.
        slot: Pubkey,
    },
}

/// Verbs of `provider bond`.
#[derive(Subcommand)]
pub enum Bond {
    /// Add SOL to a slot's bond.
    Deposit {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL.
        amount: String,
    },
    /// Take free SOL out of a slot's bond.
    Withdraw {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL, or `all` that is free.
        amount: String,
    },
}

/// Verbs of `provider payout`.
#[derive(Subcommand)]
pub enum PayoutVerb {
    /// Open the account that a slot is paid into. Anybody may.
    Open {
        /// The slot.
        slot: Pubkey,
        /// The mint.
        mint: Pubkey,
    },
    /// Take a slot's earnings out.
    Withdraw {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// The mint.
        mint: Pubkey,
    },
    /// Close an emptied payout; its rent returns.
    Close {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// The mint.
        mint: Pubkey,
    },
}

/// What is attested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Attested {
    /// Its speed, which becomes its score.
    Speed,
    /// That it is a trusted execution environment.
    Enclave,
    /// Where it stands.
    Place,
}

/// Options of `provider attest`.
#[derive(Args)]
pub struct AttestSlot {
    /// The slot.
    pub slot: Pubkey,
    /// Of what.
    #[arg(long, value_enum, default_value = "speed")]
    pub kind: Attested,
    /// The measured speed; with `--kind speed`, and only there.
    #[arg(long)]
    pub score: Option<u32>,
    /// The file of the evidence; its SHA-256 is stored.
    #[arg(long)]
    pub evidence: PathBuf,
    /// How long it counts, at most a year.
    #[arg(long = "for", value_parser = span::seconds, default_value = "90d")]
    pub valid_for: u64,
}

/// Verbs of `provider attestation`.
#[derive(Subcommand)]
pub enum AttestationVerb {
    /// List what is attested about a slot.
    List {
        /// The slot.
        slot: Pubkey,
    },
    /// Take yours back; anybody closes an expired one.
    Close {
        /// The attestation.
        attestation: Pubkey,
    },
}

/// What a slot asks.
#[derive(Args)]
pub struct Ask {
    /// Mint of the ask.
    #[arg(long)]
    pub ask_mint: Pubkey,
    /// Price per second, such as 0.01.
    #[arg(long)]
    pub ask: String,
    /// Price per second in off-peak hours (default: the same).
    #[arg(long)]
    pub off_peak_ask: Option<String>,
    /// Off-peak hours of the week in UTC, Monday 00:00 is 0: such as 0-6,24-30,120-167 (default: as they are).
    #[arg(long, value_parser = hours)]
    pub off_peak_hours: Option<[u8; 21]>,
}

/// Hours of a week as a mask of 168 bits.
fn hours(text: &str) -> Result<[u8; 21], String> {
    let refuse = || format!("`{text}` are no hours: write numbers from 0 to 167 and ranges, such as 0-6,24-30");
    let mut mask = [0u8; 21];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let hour = |text: &str| text.parse::<usize>().ok().filter(|hour| *hour < 168);
        let (first, last) = (hour(first).ok_or_else(refuse)?, hour(last).ok_or_else(refuse)?);
        if first > last {
            return Err(refuse());
        }
        for hour in first..=last {
            if let Some(byte) = mask.get_mut(hour / 8) {
                *byte |= 1u8.wrapping_shl(u32::try_from(hour % 8).unwrap_or(0));
            }
        }
    }
    Ok(mask)
}

/// Which slot, and whose.
#[derive(Args)]
pub struct WorkerArgs {
    /// Authority of the provider (default: `--keypair` itself; name it when you sign with a session key).
    #[arg(long)]
    pub provider: Option<Pubkey>,
    /// Index of the slot.
    #[arg(long, default_value_t = 0)]
    pub index: u16,
}

#[cfg(test)]
mod tests {
    use {super::hours, crate::args::Args, clap::Parser};

    #[test]
    fn hours_of_the_week_are_bits() {
        let mut expected = [0u8; 21];
        (expected[0], expected[3], expected[20]) = (0b0111_1111, 0b0000_0001, 0b1000_0000);
        assert_eq!(hours("0-6,24,167"), Ok(expected));
        assert_eq!(hours("0-167"), Ok([255; 21]));
        for text in ["", "168", "6-0", "a", "1-", "0--1", "1,,2"] {
            assert!(hours(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn a_speed_has_a_score_and_the_old_places_of_verbs_still_are() {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let accepts = |line: &str| {
            let line = format!("commonweal {line}").replace('@', KEY);
            Args::try_parse_from(line.split(' ')).is_ok()
        };
        for line in [
            "provider attest @ --score 5 --evidence f --for 30d",
            "provider attest @ --kind place --evidence f",
            "provider rotate-key @",
            "provider bond withdraw all --index 2",
            "provider slot add --model 1 --vram-mib 2 --ask-mint @ --ask 0.1 --off-peak-hours 0-6",
            "provider slot drain",
            "job provider register",
            "job provider rotate @",
            "job slot bond 0.3",
            "job slot unbond 0.3",
            "job slot open-payout @ @",
            "job config court --attestor @ --seat-fee 0.01",
            "job attest @ --evidence f",
        ] {
            assert!(accepts(line), "{line} was refused");
        }
        for line in ["provider attest @ --score 5", "provider slot add --model 1"] {
            assert!(!accepts(line), "{line} was accepted");
        }
    }
}
