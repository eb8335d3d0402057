//! Verbs about the realm.

use {
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `gov realm`.
#[derive(Subcommand)]
pub enum Realm {
    /// Show the realm.
    Show,
    /// Show the treasury: what each lane holds, and how much may leave it in this epoch.
    Treasury,
    /// Found a realm.
    Create(Box<CreateRealm>),
}

/// Options of `gov realm create`. The defaults are those of a real realm.
#[derive(Args)]
pub struct CreateRealm {
    /// Its name; its address follows from it.
    pub name: String,
    /// The governing mint.
    #[arg(long)]
    pub mint: Pubkey,
    /// Who may veto and disable attestors until its sunset (default: you).
    #[arg(long)]
    pub guardian: Option<Pubkey>,
    /// Days until founder and guardian lose their power.
    #[arg(long, default_value_t = 180)]
    pub sunset_days: u16,
    /// A rehearsal: times may be seconds. For ever.
    #[arg(long)]
    pub rehearsal: bool,
    /// Number of the pool config whose pools' locks earn seats of the liquidity chamber.
    #[arg(long)]
    pub pool_config: Option<u64>,
    /// Number of the escrow config whose slots earn seats of the provider chamber.
    #[arg(long)]
    pub escrow_config: Option<u16>,
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
    /// Timelock of upgrades in seconds: ten days, so that whoever was away for a week can still leave before new code runs.
    #[arg(long, default_value_t = 864_000)]
    pub upgrade_timelock_s: u32,
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
    /// What faking a person costs in SOL: a lane pays at most this for each person who voted, in an epoch. Low on purpose: a vote
    /// can lower it at once, but raise it by a tenth an epoch only.
    #[arg(long, default_value = "0.1")]
    pub identity_cost: String,
    /// Attestors that must vouch for a person.
    #[arg(long, default_value_t = 2)]
    pub attestations: u8,
}
