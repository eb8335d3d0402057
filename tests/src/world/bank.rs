//! A world on a bank: `solana-program-test`, the runtime that validators run, instead of the VM alone.
//!
//! Fixtures and tests call the same [`World`](super::World) methods; the calls block on the bank's own tasks, so such a world
//! needs tokio's multi-threaded runtime.

use {
    super::{
        deploy_dir,
        outcome::{Failure, Outcome, Receipt},
        GENESIS_TS,
    },
    solana_account::{Account, AccountSharedData},
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_program_test::{ProgramTest, ProgramTestContext},
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{collections::BTreeSet, future::Future},
};

/// A running bank with the suite deployed on it.
pub struct Bank {
    context: ProgramTestContext,
    seen: BTreeSet<Signature>,
}

/// Waits for a future from within a task of a multi-threaded runtime.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

impl Bank {
    /// Starts a bank with the programs deployed through the upgradeable loader's accounts.
    pub fn start(programs: &[(Address, &'static str)]) -> Self {
        // where the bank looks for bytecode
        std::env::set_var("SBF_OUT_DIR", deploy_dir());
        let mut test = ProgramTest::default();
        for (id, name) in programs {
            test.add_upgradeable_program_to_genesis(name, id);
        }
        let bank = Self {
            context: wait(test.start_with_context()),
            seen: BTreeSet::new(),
        };
        let mut clock = bank.clock();
        clock.unix_timestamp = GENESIS_TS;
        bank.context.set_sysvar(&clock);
        bank
    }

    /// The account at the address.
    pub fn account(&self, address: &Address) -> Option<Account> {
        wait(self.context.banks_client.get_account(*address)).unwrap()
    }

    /// Puts an account in place by force.
    pub fn set_account(&mut self, address: &Address, account: Account) {
        self.context.set_account(address, &AccountSharedData::from(account));
    }

    /// The bank's clock.
    pub fn clock(&self) -> Clock {
        wait(self.context.banks_client.get_sysvar()).unwrap()
    }

    /// Lets programs see this clock. The bank itself stays where it is: a real warp freezes it while its own task of
    /// registering blockhashes may still write to it.
    pub fn set_clock(&mut self, clock: &Clock) {
        self.context.set_sysvar(clock);
    }

    /// The newest blockhash.
    pub fn latest_blockhash(&mut self) -> Hash {
        wait(self.context.banks_client.get_latest_blockhash()).unwrap()
    }

    /// The next blockhash after the newest one; takes part of a slot.
    pub fn next_blockhash(&mut self) -> Hash {
        let newest = self.latest_blockhash();
        loop {
            wait(tokio::time::sleep(std::time::Duration::from_millis(20)));
            let next = self.latest_blockhash();
            if next != newest {
                return next;
            }
        }
    }

    /// Whether these very bytes were sent before: they would be refused as a replay.
    pub fn has_seen(&self, transaction: &VersionedTransaction) -> bool {
        transaction
            .signatures
            .first()
            .is_some_and(|signature| self.seen.contains(signature))
    }

    /// The rent-exempt minimum of an account with that many bytes of data.
    pub fn rent(&self, bytes: usize) -> u64 {
        wait(self.context.banks_client.get_rent())
            .unwrap()
            .minimum_balance(bytes)
    }

    /// Executes a transaction.
    pub fn send(&mut self, transaction: VersionedTransaction) -> Outcome {
        self.seen.extend(transaction.signatures.first());
        let done = wait(self.context.banks_client.process_transaction_with_metadata(transaction)).unwrap();
        let (logs, compute_units, return_data) = match done.metadata {
            Some(meta) => (
                meta.log_messages,
                meta.compute_units_consumed,
                meta.return_data.map(|data| data.data).unwrap_or_default(),
            ),
            None => Default::default(),
        };
        match done.result {
            Ok(()) => Outcome::Succeeded(Receipt {
                compute_units,
                logs,
                return_data,
            }),
            Err(error) => Outcome::Failed {
                failure: Failure::from(error),
                logs,
            },
        }
    }
}
