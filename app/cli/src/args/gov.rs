//! Verbs of `gov`.

mod act;
mod person;
mod realm;

pub use {act::*, person::*, realm::*};

use {
    clap::{Args, Subcommand, ValueEnum},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `gov`.
#[derive(Subcommand)]
pub enum Gov {
    /// Where the realm and you stand: epoch, proposals under way, ballot, delegation, what is due.
    Status,
    /// The realm: its clock, parameters, totals and treasury.
    #[command(subcommand)]
    Realm(Realm),
    /// Who may vouch for persons.
    #[command(subcommand)]
    Attestor(Attestor),
    /// Sign a statement about a person, by an attestor; prints it and sends nothing.
    #[command(subcommand)]
    Attest(Attest),
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
        /// The person it was staked for, where that has moved to another wallet.
        #[arg(long)]
        person: Option<Pubkey>,
    },
    /// Ballots: one for each person and epoch.
    #[command(subcommand)]
    Ballot(Ballot),
    /// Lend your budget to a delegate, or vote with what was lent to you.
    #[command(subcommand)]
    Delegate(Delegate),
    /// Draft a proposal: only its text, or with the instruction that its first choice executes.
    Propose(Propose),
    /// Bind an instruction to a choice of a draft.
    #[command(subcommand)]
    Action(Act<Draft>),
    /// Add the next part of an action's data to a draft, where an upload was interrupted.
    Append {
        /// Index of the draft.
        proposal: u32,
        /// Number of the action.
        #[arg(long, default_value_t = 0)]
        action: u8,
        /// File with all of the action's data.
        data: PathBuf,
    },
    /// Pin an upgrade of a draft to its buffer's hash and the program's last deployment.
    Pin {
        /// Index of the draft.
        proposal: u32,
        /// Number of the action.
        #[arg(long, default_value_t = 0)]
        action: u8,
    },
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
    /// Set your votes on a proposal; v votes cost v² credits. Tells what the next vote costs.
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
    /// Take a revoked or expired person's votes out of this epoch's proposals, and end its delegation. Anybody may.
    Strip {
        /// The person.
        person: Pubkey,
    },
    /// Leave a corrupt attestor's cohort out of a decision, in its challenge: by the guardian, or by attestors of other slots.
    Exclude {
        /// Index of the proposal.
        proposal: u32,
        /// The cohort: the attestor's slot.
        #[arg(long)]
        slot: u8,
        /// Keypair file of an attestor of another slot; as many as the realm demands.
        #[arg(long = "attestor")]
        attestors: Vec<PathBuf>,
    },
    /// Decide a proposal whose challenge is over. Anybody may.
    Finalize {
        /// Index of the proposal.
        proposal: u32,
    },
    /// Veto a proposal, by the guardian.
    Veto {
        /// Index of the proposal.
        proposal: u32,
        /// As spam, before its vote: the bond goes to the treasury.
        #[arg(long)]
        spam: bool,
    },
    /// Call a vote over a veto: it is in the next epoch, and three quarters pass it.
    Override {
        /// Index of the proposal.
        proposal: u32,
    },
    /// End the guardian's power for good, by the guardian.
    ResignGuardian,
    /// Chambers: seats of those with liquidity locked, and of those with GPUs at work.
    #[command(subcommand)]
    Chamber(ChamberVerb),
    /// Execute the winner's next action. Anybody may. With --dry-run print what would move, at any time: before the vote each action
    /// is rehearsed as its lane would sign it.
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
    /// Books of what leaves a lane of one mint.
    #[command(subcommand)]
    Book(Book),
    /// Dividends: what lane 3 shares with an epoch's voters.
    #[command(subcommand)]
    Dividend(Dividend),
    /// Hand the power to upgrade a program to a lane of the realm, by its present upgrade authority.
    HandOver {
        /// The program.
        program: Pubkey,
        /// The lane.
        #[arg(long, default_value_t = 0)]
        lane: u8,
    },
    /// List proposals.
    List,
    /// Show a proposal: tallies, quorum, what it would do, what comes next.
    Show {
        /// Index of the proposal.
        proposal: u32,
    },
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
    /// Close a ballot of an epoch that has ended; its rent returns.
    Close {
        /// The epoch.
        #[arg(long)]
        epoch: u32,
        /// The person (default: you). Eight epochs later anybody may close it.
        #[arg(long)]
        person: Option<Pubkey>,
    },
}

/// Verbs of `gov delegate`.
#[derive(Subcommand)]
pub enum Delegate {
    /// Let others lend you their budgets.
    Open,
    /// Close your pool, when nobody lends any more; its rent returns.
    Close,
    /// Lend your budget to a delegate, from the next epoch on and for eight epochs at most.
    Join {
        /// The delegate's wallet.
        delegate: Pubkey,
    },
    /// Make your delegation last as long as one given now would.
    Extend,
    /// Take your budget back.
    Leave {
        /// With the end of the epoch, whatever the delegate does; else now, while the proposals voted on are still open.
        #[arg(long)]
        at_epoch_end: bool,
    },
    /// Vote with what was lent to you.
    Cast {
        /// Index of the proposal.
        proposal: u32,
        /// The choice, from 1 up; 0 is "none".
        #[arg(long)]
        option: u8,
        /// The part of everybody's votes, 0 to 1, such as 0.5; it costs its square: a quarter of their credits.
        #[arg(long)]
        share: String,
    },
    /// Show what is lent to a delegate, and its votes.
    Show {
        /// The delegate's wallet (default: yours).
        delegate: Option<Pubkey>,
    },
    /// List the realm's delegates.
    List,
}

/// One of the two chambers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChamberName {
    /// Locked liquidity.
    Liquidity,
    /// Working GPU providers.
    Providers,
}

/// Verbs of `gov chamber`.
#[derive(Subcommand)]
pub enum ChamberVerb {
    /// Take a seat: by a lock of yours, or by a slot of your GPUs.
    Enroll {
        /// The lock in the liquidity pool, or the slot in the escrow.
        evidence: Pubkey,
    },
    /// Look at the jobs of a provider's seat; after two epochs in a row with jobs it counts. Anybody may.
    Refresh {
        /// The wallet (default: yours).
        wallet: Option<Pubkey>,
    },
    /// Give your seat up; anybody may close one that is not earned any more.
    Leave {
        /// The chamber.
        #[arg(long)]
        chamber: ChamberName,
        /// The wallet (default: yours).
        wallet: Option<Pubkey>,
    },
    /// Veto a proposal in its timelock; a third of the chamber's seats stop it.
    Veto {
        /// Index of the proposal.
        proposal: u32,
        /// The chamber.
        #[arg(long)]
        chamber: ChamberName,
    },
    /// List the seats.
    List,
}

/// Verbs of `gov book`.
#[derive(Subcommand)]
pub enum Book {
    /// Open the book of a lane and mint, without which no token of it leaves the lane. Anybody may.
    Open {
        /// The mint.
        mint: Pubkey,
        /// The lane.
        #[arg(long, default_value_t = 0)]
        lane: u8,
    },
    /// List the books.
    List,
}

/// Verbs of `gov dividend`.
#[derive(Subcommand)]
pub enum Dividend {
    /// Share what lane 3 holds of a mint among the voters of the last epoch. Anybody may.
    Fund {
        /// The mint.
        mint: Pubkey,
    },
    /// Claim your share.
    Claim {
        /// The mint.
        mint: Pubkey,
        /// The epoch (default: the last one).
        #[arg(long)]
        epoch: Option<u32>,
    },
    /// Close a dividend after its grace, or when everybody has claimed: the rest returns to lane 3. Anybody may.
    Close {
        /// The mint.
        mint: Pubkey,
        /// The epoch.
        #[arg(long)]
        epoch: u32,
    },
    /// List dividends.
    List,
}

/// Options of `gov propose`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Propose {
    /// The text people vote on; its SHA-256 is stored.
    #[arg(required = true)]
    pub text: Option<PathBuf>,
    /// Choices besides "none".
    #[arg(long, default_value_t = 1)]
    pub choices: u8,
    /// What the one choice executes: drafted, bound and submitted in one transaction.
    #[command(subcommand)]
    pub act: Option<Act<Paper>>,
}
