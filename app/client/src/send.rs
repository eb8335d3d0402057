//! From instructions to a proven outcome.
//!
//! build → rehearse → compute limit from the rehearsal → priority fee from recent ones, under a cap → sign → intent on disk →
//! send → the same bytes again and again → confirmed, failed on chain, proven expired, or honestly unknown.
//!
//! "Expired" is said only when a *finalized* block lies above the last height at which the transaction counts and no history
//! knows its signature. Whatever cannot be proven is "unknown" and stays open in the journal.

mod burst;
mod call;
mod flight;
mod plan;

pub use {
    burst::{burst, Burst},
    call::returned,
    plan::{Compute, Outcome, Plan, Preview, PriorityFee, Receipt, Unsigned},
};

use {
    crate::{
        explain,
        journal::{Entry, Journal, Pending},
        rpc::{AccountState, Rpc},
        Address, Error, Result,
    },
    flight::{build_error, compile, program_of, serialize, Flight, POLL_FIRST},
    futures::{stream, StreamExt},
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{sync::Arc, time::Duration},
    tokio::time::{sleep, Instant},
};

/// The most compute a transaction may ask for (a limit of the runtime).
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;
/// The margin above the rehearsal is a tenth of it, for loops that run a little longer on the state of a slot later, and …
const COMPUTE_MARGIN_DIVISOR: u64 = 10;
/// … two tries of a bump search (1,500 each), for an address derived from such state.
const COMPUTE_MARGIN_UNITS: u64 = 3_000;
/// Requests under way at once.
const CONCURRENCY: usize = 24;
/// How long a node may take to index what it has confirmed.
const INDEXING_PATIENCE: Duration = Duration::from_secs(20);
/// How often an expired transaction is signed anew.
const MAX_SIGNINGS: u32 = 4;

/// Sends, and remembers.
pub struct Sender {
    /// The cluster.
    pub rpc: Arc<Rpc>,
    journal: Journal,
    priority: PriorityFee,
}

impl Sender {
    /// Sends to `rpc`, remembering in `journal`.
    pub fn new(rpc: Arc<Rpc>, journal: Journal, priority: PriorityFee) -> Self {
        Self { rpc, journal, priority }
    }

    /// Writable accounts of the plan, for which fees are compared.
    fn writable(plan: &Plan) -> Vec<Address> {
        let mut writable: Vec<Address> = plan
            .instructions
            .iter()
            .flat_map(|instruction| instruction.accounts.iter().filter(|meta| meta.is_writable))
            .map(|meta| meta.pubkey)
            .collect();
        writable.sort_unstable();
        writable.dedup();
        writable
    }

    /// Rehearses a plan; an error it would meet is explained and nothing is sent.
    async fn rehearse(
        &self,
        plan: &Plan<'_>,
        price: u64,
        watch: &[Address],
    ) -> Result<(u64, Vec<Option<AccountState>>)> {
        let message = compile(plan, MAX_COMPUTE_UNITS, price)?;
        let bytes = serialize(&plan.label, &Transaction::new_unsigned(message.clone()))?;
        let simulated = self.rpc.simulate(&bytes, watch).await?;
        if let Some(error) = simulated.error {
            let explained = explain::transaction_error(&error, &simulated.logs, |index| program_of(&message, index));
            return Err(Error::Simulation {
                label: plan.label.clone(),
                explained: Box::new(explained),
            });
        }
        Ok((simulated.units, simulated.accounts))
    }

    async fn price(&self, plan: &Plan<'_>) -> u64 {
        // A node that does not tell fees is no reason to stop: the transaction then bids nothing.
        let recent = self
            .rpc
            .recent_priority_fees(&Self::writable(plan))
            .await
            .unwrap_or_default();
        self.priority.price(recent)
    }

    /// What `plan` would change, without sending it.
    pub async fn preview(&self, plan: &Plan<'_>) -> Result<Preview> {
        let price = self.price(plan).await;
        let message = compile(plan, MAX_COMPUTE_UNITS, price)?;
        let before = self.rpc.accounts(&message.account_keys).await?;
        let (units, after) = self.rehearse(plan, price, &message.account_keys).await?;
        let limit = u64::from(unit_limit(units));
        let priority_lamports = limit.saturating_mul(price).div_ceil(1_000_000);
        let signatures = u64::from(message.header.num_required_signatures);
        let accounts = message
            .account_keys
            .iter()
            .zip(before.into_iter().zip(after))
            .map(|(address, (before, after))| (*address, before, after))
            .collect();
        Ok(Preview {
            label: plan.label.clone(),
            units,
            fee_lamports: signatures.saturating_mul(5_000).saturating_add(priority_lamports),
            accounts,
        })
    }

    /// The transaction of `plan` for others to sign, rehearsed and priced. It counts only while its blockhash does.
    pub async fn unsigned(&self, plan: &Plan<'_>) -> Result<Unsigned> {
        let (limit, price) = self.measured(plan).await?;
        let (blockhash, last_valid_block_height) = self.rpc.latest_blockhash().await?;
        let mut message = compile(plan, limit, price)?;
        message.recent_blockhash = blockhash;
        let signers = usize::from(message.header.num_required_signatures);
        let signers = message.account_keys.iter().take(signers).copied().collect();
        Ok(Unsigned {
            label: plan.label.clone(),
            signers,
            last_valid_block_height,
            bytes: serialize(&plan.label, &Transaction::new_unsigned(message))?,
        })
    }

    /// Carries one plan to its end and returns what it did. Signs anew only after a proven expiry.
    pub async fn run(&self, plan: &Plan<'_>) -> Result<Receipt> {
        let mut receipts = self.run_many(std::slice::from_ref(plan)).await?;
        let (label, signature) = receipts
            .pop()
            .ok_or_else(|| build_error(&plan.label, "nothing was sent"))?;
        self.receipt(label, signature).await
    }

    /// As [`Sender::run`], for many independent plans at once.
    pub async fn run_all(&self, plans: &[Plan<'_>]) -> Result<Vec<Receipt>> {
        let mut receipts = Vec::with_capacity(plans.len());
        for (label, signature) in self.run_many(plans).await? {
            receipts.push(self.receipt(label, signature).await?);
        }
        Ok(receipts)
    }

    /// Carries many independent plans to their ends at once. The first failure is returned, after all have ended.
    pub async fn run_many(&self, plans: &[Plan<'_>]) -> Result<Vec<(String, Signature)>> {
        let mut done: Vec<Option<Signature>> = vec![None; plans.len()];
        let mut last: Option<Error> = None;
        for _ in 0..MAX_SIGNINGS {
            let open: Vec<usize> = done
                .iter()
                .enumerate()
                .filter(|(_, done)| done.is_none())
                .map(|(index, _)| index)
                .collect();
            if open.is_empty() {
                break;
            }
            let flights = self.prepare(plans, &open).await?;
            last = None;
            for (index, flight) in open.into_iter().zip(self.fly(flights).await?) {
                match self.settle(flight).await {
                    Ok(signature) => {
                        if let Some(slot) = done.get_mut(index) {
                            *slot = Some(signature);
                        }
                    }
                    Err(error @ Error::Expired { .. }) => last = Some(error),
                    Err(error) => return Err(error),
                }
            }
        }
        match last {
            Some(error) => Err(error),
            None => Ok(plans
                .iter()
                .zip(done)
                .filter_map(|(plan, done)| Some((plan.label.clone(), done?)))
                .collect()),
        }
    }

    /// Rehearses, prices and signs the open plans, and writes their intents down.
    ///
    /// An order that is already in the journal, signed on this very blockhash, would be the same transaction and be carried out
    /// once for two. It is told apart by a compute limit that is smaller by one, well within the margin.
    async fn prepare(&self, plans: &[Plan<'_>], open: &[usize]) -> Result<Vec<Flight>> {
        let open: Vec<&Plan<'_>> = open.iter().filter_map(|index| plans.get(*index)).collect();
        let mut limits = Vec::with_capacity(open.len());
        let mut rehearsals = stream::iter(open.iter().map(|plan| self.measured(plan))).buffered(CONCURRENCY);
        while let Some(limit) = rehearsals.next().await {
            limits.push(limit?);
        }
        drop(rehearsals);
        let (blockhash, last_valid_block_height) = self.rpc.latest_blockhash().await?;
        loop {
            let mut flights = Vec::with_capacity(open.len());
            for (plan, (units, price)) in open.iter().zip(&limits) {
                flights.push(Flight::sign(plan, *units, *price, blockhash, last_valid_block_height)?);
            }
            let intents: Vec<Entry> = flights.iter().map(Flight::intent).collect();
            let mut known = self.journal.reserve(&intents)?;
            if known.is_empty() {
                return Ok(flights);
            }
            for (flight, (units, _)) in flights.iter().zip(&mut limits) {
                // of two equal ones in this batch only the first is changed in this round
                if known.remove(&flight.signature.to_string()) {
                    *units = units.saturating_sub(1);
                }
            }
        }
    }

    /// The compute limit and price of a plan.
    async fn measured(&self, plan: &Plan<'_>) -> Result<(u32, u64)> {
        match plan.compute {
            Compute::Fixed(units) => Ok((units, 0)),
            Compute::Measured => {
                let price = self.price(plan).await;
                let (units, _) = self.rehearse(plan, price, &[]).await?;
                Ok((unit_limit(units), price))
            }
        }
    }

    /// What a confirmed transaction did. A node indexes a moment after it confirms.
    async fn receipt(&self, label: String, signature: Signature) -> Result<Receipt> {
        let started = Instant::now();
        loop {
            let reason = match self.rpc.landed(&signature).await {
                Ok(Some(landed)) => {
                    return Ok(Receipt {
                        label,
                        signature,
                        landed,
                    })
                }
                Ok(None) => "the node has not indexed it".to_owned(),
                Err(error) => error.to_string(),
            };
            if started.elapsed() > INDEXING_PATIENCE {
                return Err(Error::Unseen {
                    label,
                    signature,
                    reason,
                });
            }
            sleep(POLL_FIRST).await;
        }
    }

    /// Takes up what an earlier run left open: the same bytes are sent again until their end is proven.
    pub async fn resume(&self) -> Result<Vec<(Pending, Outcome)>> {
        let pending = self.journal.pending()?;
        let flights = pending.iter().map(Flight::resume).collect::<Result<Vec<_>>>()?;
        if flights.is_empty() {
            return Ok(Vec::new());
        }
        let ended = self.fly(flights).await?;
        Ok(pending
            .into_iter()
            .zip(ended)
            .filter_map(|(pending, flight)| Some((pending, flight.outcome?)))
            .collect())
    }
}

/// The compute limit for a transaction whose rehearsal took `units`.
fn unit_limit(units: u64) -> u32 {
    let margin = (units / COMPUTE_MARGIN_DIVISOR).saturating_add(COMPUTE_MARGIN_UNITS);
    u32::try_from(units.saturating_add(margin))
        .unwrap_or(MAX_COMPUTE_UNITS)
        .min(MAX_COMPUTE_UNITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compute_limit_has_a_margin_and_never_passes_the_runtimes() {
        assert_eq!(unit_limit(10_000), 14_000);
        assert_eq!(unit_limit(u64::from(MAX_COMPUTE_UNITS)), MAX_COMPUTE_UNITS);
        assert_eq!(unit_limit(u64::MAX), MAX_COMPUTE_UNITS);
    }
}
