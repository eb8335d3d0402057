//! Verbs of `gov`.

use {
    super::ConfigChange,
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `gov`.
#[derive(Subcommand)]
pub enum Gov {
    /// The realm: its clock, parameters and totals.
    #[command(subcommand)]
    Realm(Realm),
    /// Who may vouch for persons.
    #[command(subcommand)]
    Attestor(Attestor),
    /// Persons.
    #[command(subcommand)]
    Person(Person),
    /// Stake governing tokens; they count from the next epoch on. The first stake opens its account.
    Stake {
        /// How much, such as 12.5.
        amount: String,
    },
    /// Take stake back, unless a ballot of this epoch counts it; `all` also closes the account.
    Unstake {
        /// How much, or `all`.
        amount: String,
    },
    /// Ballots: one for each person and epoch.
    #[command(subcommand)]
    Ballot(Ballot),
    /// Draft a proposal.
    Propose {
        /// The text people vote on; its SHA-256 is stored.
        text: PathBuf,
        /// Choices besides "none".
        #[arg(long, default_value_t = 1)]
        choices: u8,
    },
    /// Bind an instruction to a choice of a draft.
    #[command(subcommand)]
    Action(Action),
    /// Freeze a draft: its vote is in the next epoch.
    Submit {
        /// Index of the proposal in the realm.
        proposal: u32,
    },
    /// Withdraw a proposal before its vote.
    Cancel {
        /// Index of the proposal.
        proposal: u32,
    },
    /// Set your votes on a proposal; v votes cost v² credits.
    Vote {
        /// Index of the proposal.
        proposal: u32,
        /// The choice, from 1 up; 0 is "none".
        #[arg(long)]
        option: u8,
        /// Votes; 0 takes them back.
        #[arg(long)]
        votes: u32,
    },
    /// Decide a proposal whose challenge is over. Anybody may.
    Finalize {
        /// Index of the proposal.
        proposal: u32,
    },
    /// Execute the winner's next action. Anybody may.
    Execute {
        /// Index of the proposal.
        proposal: u32,
    },
    /// End a proposal whose execution window has passed. Anybody may.
    Expire {
        /// Index of the proposal.
        proposal: u32,
    },
    /// Close a finished proposal with its actions; rent and bond return. Anybody may.
    Close {
        /// Index of the proposal.
        proposal: u32,
    },
    /// List proposals.
    List,
    /// Show a proposal.
    Show {
        /// Index of the proposal.
        proposal: u32,
    },
}

/// Verbs of `gov realm`.
#[derive(Subcommand)]
pub enum Realm {
    /// Show the realm.
    Show,
    /// Found a realm.
    Create(CreateRealm),
}

/// Options of `gov realm create`. The defaults are those of a real realm.
#[derive(Args)]
pub struct CreateRealm {
    /// Its name; its address follows from it.
    pub name: String,
    /// The governing mint.
    #[arg(long)]
    pub mint: Pubkey,
    /// Who may disable attestors until its sunset (default: you).
    #[arg(long)]
    pub guardian: Option<Pubkey>,
    /// Days until founder and guardian lose their power.
    #[arg(long, default_value_t = 180)]
    pub sunset_days: u16,
    /// A rehearsal: times may be seconds. For ever.
    #[arg(long)]
    pub rehearsal: bool,
    /// Epoch length in seconds.
    #[arg(long, default_value_t = 1_209_600)]
    pub epoch_s: u32,
    /// Voting time in seconds.
    #[arg(long, default_value_t = 604_800)]
    pub voting_s: u32,
    /// Extension after a late swing, in seconds.
    #[arg(long, default_value_t = 172_800)]
    pub extension_s: u32,
    /// The last seconds of voting in which a swing is late.
    #[arg(long, default_value_t = 86_400)]
    pub late_window_s: u32,
    /// Challenge in seconds.
    #[arg(long, default_value_t = 172_800)]
    pub challenge_s: u32,
    /// Review before the vote, in seconds.
    #[arg(long, default_value_t = 172_800)]
    pub review_s: u32,
    /// Timelock in seconds.
    #[arg(long, default_value_t = 259_200)]
    pub timelock_s: u32,
    /// Execution window in seconds.
    #[arg(long, default_value_t = 1_209_600)]
    pub execution_window_s: u32,
    /// Credits of everybody in an epoch.
    #[arg(long, default_value_t = 100)]
    pub base_credits: u32,
    /// Most credits stake can add.
    #[arg(long, default_value_t = 300)]
    pub max_bonus_credits: u32,
    /// Atoms of stake for one credit.
    #[arg(long)]
    pub stake_atoms_per_credit: u64,
    /// Least voters.
    #[arg(long, default_value_t = 5)]
    pub min_persons: u32,
    /// Voters needed, in parts per million of the quorum base.
    #[arg(long, default_value_t = 200_000)]
    pub quorum_persons_ppm: u32,
    /// Credits needed, in parts per million of the base's budgets.
    #[arg(long, default_value_t = 50_000)]
    pub quorum_credits_ppm: u32,
    /// Threshold of payments, in parts per million of (winner + none).
    #[arg(long, default_value_t = 500_000)]
    pub normal_threshold_ppm: u32,
    /// Threshold of everything else.
    #[arg(long, default_value_t = 600_000)]
    pub high_threshold_ppm: u32,
    /// Votes of one attestor's persons that count in full.
    #[arg(long, default_value_t = 100)]
    pub cohort_floor_votes: u32,
    /// Bond of a proposal in SOL.
    #[arg(long, default_value = "0.1")]
    pub bond: String,
    /// Attestors that must vouch for a person.
    #[arg(long, default_value_t = 2)]
    pub attestations: u8,
}

/// Verbs of `gov attestor`.
#[derive(Subcommand)]
pub enum Attestor {
    /// Add an attestor, by the founder.
    Add {
        /// Its key.
        key: Pubkey,
        /// A free slot, 0 to 15: the cohort of its persons.
        #[arg(long)]
        slot: u8,
        /// Registrations it may sign in an epoch.
        #[arg(long, default_value_t = 100)]
        quota: u32,
    },
    /// Disable an attestor, by founder or guardian.
    Disable {
        /// Its key.
        key: Pubkey,
    },
}

/// Verbs of `gov person`.
#[derive(Subcommand)]
pub enum Person {
    /// Register a person: `--keypair` pays, the wallet and the attestors sign.
    Register {
        /// Keypair file of the wallet that will act for the person (default: the one that pays).
        #[arg(long)]
        wallet: Option<PathBuf>,
        /// Keypair file of an attestor; as many as the realm demands.
        #[arg(long = "attestor", required = true)]
        attestors: Vec<PathBuf>,
        /// What the attestors derived from the person, 64 hexadecimal digits.
        #[arg(long)]
        nullifier: String,
        /// Days of validity.
        #[arg(long, default_value_t = 365)]
        days: u16,
    },
    /// Show the person of a wallet (default: of `--keypair`).
    Show {
        /// The wallet.
        wallet: Option<Pubkey>,
    },
    /// List the realm's persons.
    List,
}

/// Verbs of `gov ballot`.
#[derive(Subcommand)]
pub enum Ballot {
    /// Open your ballot of the current epoch.
    Open {
        /// Keypair file that lends the rent (default: your own).
        #[arg(long)]
        payer: Option<PathBuf>,
    },
    /// Show your ballot.
    Show {
        /// The epoch (default: the current one).
        #[arg(long)]
        epoch: Option<u32>,
    },
    /// Close your ballot of an epoch that has ended; its rent returns.
    Close {
        /// The epoch.
        #[arg(long)]
        epoch: u32,
    },
}

/// Verbs of `gov action`.
#[derive(Subcommand)]
pub enum Action {
    /// Set the fee of a pool config.
    PoolFee {
        /// Index of the draft.
        proposal: u32,
        /// The choice.
        #[arg(long, default_value_t = 1)]
        choice: u8,
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u64,
        /// The new fee in parts per million.
        #[arg(long)]
        fee_ppm: u32,
    },
    /// Change a pool config inside its ceilings: any of its changeable terms.
    PoolConfig {
        /// Index of the draft.
        proposal: u32,
        /// The choice.
        #[arg(long, default_value_t = 1)]
        choice: u8,
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u64,
        /// What changes.
        #[command(flatten)]
        change: ConfigChange,
    },
    /// Move a stable config's amplification in a straight line.
    PoolRamp {
        /// Index of the draft.
        proposal: u32,
        /// The choice.
        #[arg(long, default_value_t = 1)]
        choice: u8,
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u64,
        /// Where it ends, within ten times the value it then has; 0 stops the ramp that runs.
        #[arg(long)]
        target: u32,
        /// Unix time of the end, a day to a year after the execution.
        #[arg(long)]
        end: i64,
    },
    /// Pay SOL from the treasury.
    Pay {
        /// Index of the draft.
        proposal: u32,
        /// The choice.
        #[arg(long, default_value_t = 1)]
        choice: u8,
        /// The treasury lane.
        #[arg(long, default_value_t = 0)]
        lane: u8,
        /// To whom.
        to: Pubkey,
        /// How much SOL.
        amount: String,
    },
    /// Any instruction.
    Raw(RawAction),
}

/// Options of `gov action raw`.
#[derive(Args)]
pub struct RawAction {
    /// Index of the draft.
    pub proposal: u32,
    /// The choice.
    #[arg(long, default_value_t = 1)]
    pub choice: u8,
    /// The treasury lane that may sign.
    #[arg(long, default_value_t = 0)]
    pub lane: u8,
    /// The program to call.
    #[arg(long)]
    pub program: Pubkey,
    /// Instruction data in hexadecimal digits.
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
