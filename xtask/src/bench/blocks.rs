//! How many transactions a block carries, by the cost model of Agave (`solana-cost-model` 4.3): what one costs is its signatures,
//! its write locks, its data and its compute units, plus the pages of the accounts it loads.

use super::{bytecode, show, Figures};

/// Units of a block and of the part of it that may write one account, of a signature, a write lock and a page of loaded accounts.
const BLOCK_UNITS: u64 = 60_000_000;
const ACCOUNT_UNITS: u64 = 24_000_000;
const SIGNATURE_UNITS: u64 = 720;
const WRITE_LOCK_UNITS: u64 = 300;
const PAGE_UNITS: u64 = 8;
const PAGE_BYTES: u64 = 32_768;
/// Bytes of instruction data that cost one unit.
const DATA_BYTES_A_UNIT: u64 = 4;
/// The two instructions that set a transaction's limits, without which it would be charged for the most it could use.
const LIMIT_INSTRUCTIONS_UNITS: u64 = 300;
/// Bytes of the accounts a transaction loads beside the program: proposal, ballot or pool, person; job, vault, slot, payout.
const LOADED_BYTES: u64 = 8_192;
/// Five slots of 400 ms.
const BLOCKS_IN_TWO_SECONDS: u64 = 5;
/// The instructions of voting: accounts written, the fee payer among them; bytes of data with the limits'; whether those of
/// different proposals share no written account (a ballot is counted in the realm when it is opened).
const VOTES: [Sent; 4] = [
    sent("open_ballot", 4, 20, false),
    sent("cast_votes", 3, 21, true),
    sent("cast_delegated", 3, 21, true),
    sent("strip_votes", 3, 16, true),
];
/// The transactions of a job's life: none writes what another client's or provider's writes.
const LIFE: [Sent; 8] = [
    sent("post_job", 4, 200, true),
    sent("claim_job", 3, 47, true),
    sent("start_job", 2, 47, true),
    sent("commit_result", 3, 47, true),
    sent("reveal_result", 2, 79, true),
    sent("settle", 6, 15, true),
    sent("withdraw_payout", 4, 15, true),
    sent("close_job: nothing left", 4, 15, true),
];

struct Sent {
    instruction: &'static str,
    write_locks: u64,
    data_bytes: u64,
    is_disjoint: bool,
}

const fn sent(instruction: &'static str, write_locks: u64, data_bytes: u64, is_disjoint: bool) -> Sent {
    Sent {
        instruction,
        write_locks,
        data_bytes,
        is_disjoint,
    }
}

impl Figures {
    /// Votes and jobs: as many as their accounts allow, and as many as if they all wrote one account.
    pub(super) fn blocks(&self) {
        println!(
            "\n{:<44} {:>12} {:>20} {:>22} {:>18} {:>8}",
            "transactions in a block of 60 million CU",
            "cost",
            "disjoint accounts",
            "one account",
            "a second, disjoint",
            "ratio"
        );
        for sent in &VOTES {
            self.row("quadratic_governance", sent);
        }
        let costs: Vec<Option<u64>> = LIFE.iter().map(|sent| self.row("compute_escrow", sent)).collect();
        if let Some(whole) = costs.into_iter().sum() {
            print("a job's whole life", whole, true);
        }
    }

    fn row(&self, program: &str, sent: &Sent) -> Option<u64> {
        let name = format!("{program}.{}", sent.instruction);
        let units = self.figure(&name, "median")?;
        let program_bytes = bytecode(&format!("{program}.so")).unwrap_or(0);
        let pages = program_bytes.saturating_add(LOADED_BYTES).div_ceil(PAGE_BYTES);
        let cost = units
            .saturating_add(SIGNATURE_UNITS)
            .saturating_add(WRITE_LOCK_UNITS.saturating_mul(sent.write_locks))
            .saturating_add(sent.data_bytes / DATA_BYTES_A_UNIT)
            .saturating_add(LIMIT_INSTRUCTIONS_UNITS)
            .saturating_add(PAGE_UNITS.saturating_mul(pages));
        print(&name, cost, sent.is_disjoint);
        Some(cost)
    }
}

fn print(name: &str, cost: u64, is_disjoint: bool) {
    let per_block = |units: u64| units.checked_div(cost).unwrap_or(0);
    let limit = if is_disjoint { BLOCK_UNITS } else { ACCOUNT_UNITS };
    let disjoint = if is_disjoint {
        show(per_block(limit))
    } else {
        "–".into()
    };
    println!(
        "{name:<44} {:>12} {disjoint:>20} {:>22} {:>18} {:>8}",
        show(cost),
        show(per_block(ACCOUNT_UNITS)),
        show(per_block(limit).saturating_mul(BLOCKS_IN_TWO_SECONDS) / 2),
        super::ratio(per_block(limit), per_block(ACCOUNT_UNITS)),
    );
}
