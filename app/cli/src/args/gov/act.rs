//! What a proposal can do: the same verbs bind it to a draft and propose it at once.

use {
    super::{super::ConfigChange, AttestorTerms},
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// An existing draft and one of its choices.
#[derive(Args)]
pub struct Draft {
    /// Index of the draft.
    pub proposal: u32,
    /// The choice.
    #[arg(long, default_value_t = 1)]
    pub choice: u8,
}

/// A new proposal with one choice.
#[derive(Args)]
pub struct Paper {
    /// The text people vote on; its SHA-256 is stored.
    pub text: PathBuf,
    /// Do not submit it yet.
    #[arg(long)]
    pub draft: bool,
}

/// Where an action goes, and what it does.
#[derive(Args)]
pub struct Of<W: Args, T: Args> {
    /// Where it goes.
    #[command(flatten)]
    pub to: W,
    /// What it does.
    #[command(flatten)]
    pub what: T,
}

/// What a proposal can do.
#[derive(Subcommand)]
pub enum Act<W: Args> {
    /// Set the fee of a pool config.
    PoolFee(Of<W, PoolFee>),
    /// Change a pool config inside its ceilings: any of its changeable terms.
    PoolConfig(Of<W, ChangePool>),
    /// Move a stable config's amplification in a straight line.
    PoolRamp(Of<W, PoolRamp>),
    /// Change an escrow config: fee, crank bounty, least bond, treasury. What is not named stays.
    EscrowConfig(Of<W, ChangeEscrow>),
    /// Change the court of an escrow config: fees, stakes, times, attestors. What is not named stays.
    EscrowCourt(Of<W, ChangeCourt>),
    /// Rule on a dispute whose last appeal names this proposal.
    EscrowRule(Of<W, Rule>),
    /// Pay SOL from a lane.
    Pay(Of<W, Pay>),
    /// Pay tokens from a lane's canonical token account; its book is opened where there is none.
    PayTokens(Of<W, PayTokens>),
    /// Change parameters of the realm from the epoch after next on. What is not named stays.
    Parameters(Of<W, Parameters>),
    /// Say what earns seats in the chambers. What is not named stays.
    Chambers(Of<W, Chambers>),
    /// Say what faking a person costs in a mint: it bounds payments and dividends of a lane.
    IdentityCost(Of<W, IdentityCost>),
    /// Add an attestor.
    AddAttestor(Of<W, NewAttestor>),
    /// Disable an attestor.
    DisableAttestor(Of<W, OldAttestor>),
    /// Replace a program's code, whose upgrade authority is a lane: the buffer is handed to the lane and pinned.
    Upgrade(Of<W, Upgrade>),
    /// Any instruction.
    Raw(Of<W, Raw>),
}

/// A pool config's fee.
#[derive(Args)]
pub struct PoolFee {
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u64,
    /// The new fee in parts per million.
    #[arg(long)]
    pub fee_ppm: u32,
}

/// A pool config's terms.
#[derive(Args)]
pub struct ChangePool {
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u64,
    /// What changes.
    #[command(flatten)]
    pub change: ConfigChange,
}

/// A pool config's amplification.
#[derive(Args)]
pub struct PoolRamp {
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u64,
    /// Where it ends, within ten times the value it then has; 0 stops the ramp that runs.
    #[arg(long)]
    pub target: u32,
    /// Unix time of the end, a day to a year after the execution.
    #[arg(long)]
    pub end: i64,
}

/// An escrow config's terms.
#[derive(Args)]
pub struct ChangeEscrow {
    /// Number of the config.
    #[arg(long, visible_alias = "id", default_value_t = 0)]
    pub config: u16,
    /// The part of a job's price that goes to the treasury, in parts per million.
    #[arg(long)]
    pub fee_ppm: Option<u32>,
    /// What a crank earns, in SOL.
    #[arg(long)]
    pub crank_bounty: Option<String>,
    /// The least bond, in SOL.
    #[arg(long)]
    pub min_bond: Option<String>,
    /// Who gets the fees.
    #[arg(long)]
    pub treasury: Option<Pubkey>,
}

/// The court of an escrow config.
#[derive(Args)]
pub struct ChangeCourt {
    /// Number of the config.
    #[arg(long, visible_alias = "id", default_value_t = 0)]
    pub config: u16,
    /// Pay of a juror's seat, in SOL.
    #[arg(long)]
    pub seat_fee: Option<String>,
    /// Least stake of a juror, in SOL.
    #[arg(long)]
    pub juror_stake: Option<String>,
    /// A challenge to its answer.
    #[arg(long)]
    pub answer_seconds: Option<u32>,
    /// Each of the parties' steps, and the drawing.
    #[arg(long)]
    pub seed_seconds: Option<u32>,
    /// Time for jurors to commit.
    #[arg(long)]
    pub vote_seconds: Option<u32>,
    /// Time for jurors to reveal.
    #[arg(long)]
    pub reveal_seconds: Option<u32>,
    /// Time to appeal.
    #[arg(long)]
    pub appeal_seconds: Option<u32>,
    /// Time for the quadratic vote.
    #[arg(long)]
    pub ruling_seconds: Option<u32>,
    /// Who may countersign and measure, up to three; all of them at once.
    #[arg(long = "attestor", conflicts_with = "no_attestors")]
    pub attestors: Vec<Pubkey>,
    /// Nobody may.
    #[arg(long)]
    pub no_attestors: bool,
}

/// A ruling.
#[derive(Args)]
pub struct Rule {
    /// The job before the court.
    pub job: Pubkey,
    /// What the provider gets of the price, in percent: below 50 its result is wrong.
    #[arg(long)]
    pub provider_percent: String,
}

/// A payment in SOL.
#[derive(Args)]
pub struct Pay {
    /// To whom.
    pub recipient: Pubkey,
    /// How much SOL.
    pub amount: String,
    /// The treasury lane.
    #[arg(long, default_value_t = 0)]
    pub lane: u8,
}

/// A payment in tokens.
#[derive(Args)]
pub struct PayTokens {
    /// To whose wallet; its canonical token account must exist when it is executed.
    pub recipient: Pubkey,
    /// How much, such as 12.5.
    pub amount: String,
    /// The mint.
    #[arg(long)]
    pub mint: Pubkey,
    /// The treasury lane.
    #[arg(long, default_value_t = 0)]
    pub lane: u8,
}

/// Parameters of the realm. Floors and ceilings are the program's; see its README.
#[derive(Args)]
pub struct Parameters {
    /// Epoch length in seconds.
    #[arg(long)]
    pub epoch_s: Option<u32>,
    /// Voting time in seconds.
    #[arg(long)]
    pub voting_s: Option<u32>,
    /// Extension after a late swing, in seconds.
    #[arg(long)]
    pub extension_s: Option<u32>,
    /// The last seconds of voting in which a swing is late.
    #[arg(long)]
    pub late_window_s: Option<u32>,
    /// Challenge in seconds.
    #[arg(long)]
    pub challenge_s: Option<u32>,
    /// Review before the vote, in seconds.
    #[arg(long)]
    pub review_s: Option<u32>,
    /// Timelock in seconds.
    #[arg(long)]
    pub timelock_s: Option<u32>,
    /// Timelock of upgrades in seconds.
    #[arg(long)]
    pub upgrade_timelock_s: Option<u32>,
    /// Execution window in seconds.
    #[arg(long)]
    pub execution_window_s: Option<u32>,
    /// Credits of everybody in an epoch. Changing budgets makes everybody who delegates join anew.
    #[arg(long)]
    pub base_credits: Option<u32>,
    /// Most credits stake can add.
    #[arg(long)]
    pub max_bonus_credits: Option<u32>,
    /// Atoms of stake for one credit.
    #[arg(long)]
    pub stake_atoms_per_credit: Option<u64>,
    /// Least voters.
    #[arg(long)]
    pub min_persons: Option<u32>,
    /// Voters needed, in parts per million of the quorum base.
    #[arg(long)]
    pub quorum_persons_ppm: Option<u32>,
    /// Credits needed, in parts per million of the base's budgets.
    #[arg(long)]
    pub quorum_credits_ppm: Option<u32>,
    /// Threshold of payments, in parts per million of (winner + none).
    #[arg(long)]
    pub normal_threshold_ppm: Option<u32>,
    /// Threshold of everything else.
    #[arg(long)]
    pub high_threshold_ppm: Option<u32>,
    /// Votes of one attestor's persons that count in full.
    #[arg(long)]
    pub cohort_floor_votes: Option<u32>,
    /// Bond of a proposal in SOL.
    #[arg(long)]
    pub bond: Option<String>,
    /// What faking a person costs in SOL; rises by a tenth at most.
    #[arg(long)]
    pub identity_cost: Option<String>,
    /// Attestors that must vouch for a person.
    #[arg(long)]
    pub attestations: Option<u8>,
}

/// What earns seats.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct Chambers {
    /// Number of the pool config whose pools' locks earn seats, or `none`.
    #[arg(long)]
    pub pool_config: Option<String>,
    /// Number of the escrow config whose slots earn seats, or `none`.
    #[arg(long)]
    pub escrow_config: Option<String>,
}

/// What faking a person costs in a mint.
#[derive(Args)]
pub struct IdentityCost {
    /// How much, such as 12.5: any at first, then a tenth more at most, once an epoch.
    pub amount: String,
    /// The mint.
    #[arg(long)]
    pub mint: Pubkey,
    /// The lane whose book says so; 3 is the dividends'.
    #[arg(long, default_value_t = 3)]
    pub lane: u8,
}

/// An attestor to add.
#[derive(Args)]
pub struct NewAttestor {
    /// Its key; of an issuer, its credential account at the attestation service.
    pub key: Pubkey,
    /// What it may.
    #[command(flatten)]
    pub terms: AttestorTerms,
}

/// An attestor to disable.
#[derive(Args)]
pub struct OldAttestor {
    /// Its key.
    pub key: Pubkey,
}

/// A program's new code.
#[derive(Args)]
pub struct Upgrade {
    /// The program.
    #[arg(long)]
    pub program: Pubkey,
    /// The buffer with the new code; you are its authority, or the lane is already.
    #[arg(long, required_unless_present = "bytecode")]
    pub buffer: Option<Pubkey>,
    /// The file of the new code, to be written to a buffer first.
    #[arg(long, conflicts_with = "buffer")]
    pub bytecode: Option<PathBuf>,
    /// The lane that is the program's upgrade authority.
    #[arg(long, default_value_t = 0)]
    pub lane: u8,
    /// Who gets the buffer's rent at execution (default: you).
    #[arg(long)]
    pub spill: Option<Pubkey>,
}

/// Any instruction.
#[derive(Args)]
pub struct Raw {
    /// The treasury lane that may sign.
    #[arg(long, default_value_t = 0)]
    pub lane: u8,
    /// The program to call.
    #[arg(long)]
    pub program: Pubkey,
    /// Instruction data in hexadecimal digits; what is too long for one transaction follows in parts.
    #[arg(long, default_value = "")]
    pub data: String,
    /// An account in order: its address, `:w` if it is written, `:s` if the lane signs as it.
    #[arg(long = "account")]
    pub accounts: Vec<String>,
    /// SOL that may leave the lane.
    #[arg(long, default_value = "0")]
    pub outflow: String,
    /// Mint of tokens that may leave the lane's accounts.
    #[arg(long)]
    pub outflow_mint: Option<Pubkey>,
    /// How much of it.
    #[arg(long, default_value = "0")]
    pub outflow_tokens: String,
}
