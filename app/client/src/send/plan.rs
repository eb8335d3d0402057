//! What is to be sent and what came of it.

use {
    crate::{
        rpc::{AccountState, Landed},
        Address,
    },
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signature::Signature,
    solana_transaction_error::TransactionError,
};

/// How much to bid for a place in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorityFee {
    /// Which percentile of the fees lately paid for the same writable accounts.
    pub percentile: u8,
    /// Never more than this, in micro-lamports per compute unit.
    pub cap_micro_lamports: u64,
}

impl Default for PriorityFee {
    /// The upper half's middle, at most 0.0005 SOL for a transaction of 200,000 units.
    fn default() -> Self {
        Self {
            percentile: 75,
            cap_micro_lamports: 2_500_000,
        }
    }
}

impl PriorityFee {
    /// The price for accounts whose recent prices these are.
    pub(super) fn price(&self, mut recent: Vec<u64>) -> u64 {
        recent.sort_unstable();
        let last = recent.len().saturating_sub(1);
        let index = last.saturating_mul(usize::from(self.percentile.min(100))).div_ceil(100);
        recent.get(index).copied().unwrap_or(0).min(self.cap_micro_lamports)
    }
}

/// How the compute limit is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// By a rehearsal, which also finds what would fail before anything is sent.
    Measured,
    /// It is known (the loader's chunks), and no rehearsal is needed.
    Fixed(u32),
}

/// What is to be done.
pub struct Plan<'a> {
    /// In words, for journal and errors.
    pub label: String,
    /// The instructions, without compute budget ones.
    pub instructions: Vec<Instruction>,
    /// Who signs; the first one pays.
    pub signers: Vec<&'a Keypair>,
    /// How the compute limit is found.
    pub compute: Compute,
}

impl<'a> Plan<'a> {
    /// A plan with a measured compute limit.
    pub fn new(label: impl Into<String>, instructions: Vec<Instruction>, signers: &[&'a Keypair]) -> Self {
        Self {
            label: label.into(),
            instructions,
            signers: signers.to_vec(),
            compute: Compute::Measured,
        }
    }
}

/// How a sent transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Confirmed {
        /// Where.
        slot: u64,
    },
    /// On chain, failed; nothing but the fee moved.
    Failed {
        /// Where.
        slot: u64,
        /// Why.
        error: TransactionError,
    },
    /// Proven never to land.
    Expired,
    /// Not known; it may still land.
    Unknown {
        /// Why it is not known.
        reason: String,
    },
}

/// A confirmed transaction and what it did.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// What was done.
    pub label: String,
    /// The transaction.
    pub signature: Signature,
    /// Its effects, as the cluster recorded them.
    pub landed: Landed,
}

/// What a transaction would change.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What would be done.
    pub label: String,
    /// Compute units.
    pub units: u64,
    /// The fee for signatures and priority.
    pub fee_lamports: u64,
    /// Each account with its state before and after; the fee is in it.
    pub accounts: Vec<(Address, Option<AccountState>, Option<AccountState>)>,
}

/// A transaction that others sign and send: a multisig, an offline key.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// What it does.
    pub label: String,
    /// Who must sign; the first one pays.
    pub signers: Vec<Address>,
    /// The last block height at which it counts.
    pub last_valid_block_height: u64,
    /// The transaction, its signatures zeros.
    pub bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_priority_fee_is_a_percentile_of_recent_ones_under_a_cap() {
        let priority = PriorityFee {
            percentile: 75,
            cap_micro_lamports: 50,
        };
        assert_eq!(priority.price(vec![]), 0);
        assert_eq!(priority.price(vec![7]), 7);
        assert_eq!(priority.price(vec![40, 10, 30, 20, 0]), 30);
        assert_eq!(priority.price(vec![1_000_000; 10]), 50);
    }
}
