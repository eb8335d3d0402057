//! Many independent transactions at once, timed: what a cluster carries. For measurements on a local network: nothing is
//! rehearsed, nothing is written into the journal.

use {
    super::{
        flight::{program_of, Flight},
        Compute, Plan, CONCURRENCY, MAX_COMPUTE_UNITS,
    },
    crate::{explain, rpc::Rpc, Error, Result},
    futures::{stream, StreamExt},
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
    std::{collections::BTreeMap, time::Duration},
    tokio::time::{sleep, Instant},
};

/// Pace at which the statuses are asked.
const POLL: Duration = Duration::from_millis(25);
/// What has not been seen is sent again after this time.
const REPEAT: Duration = Duration::from_secs(2);
/// How long all of them may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a burst went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Burst {
    /// Transactions, all of which succeeded.
    pub transactions: u64,
    /// From the first send until the node has processed the last.
    pub elapsed: Duration,
    /// How many landed in each slot.
    pub slots: BTreeMap<u64, u64>,
}

impl Burst {
    /// This one and another after it.
    pub fn and(mut self, next: Self) -> Self {
        self.transactions = self.transactions.saturating_add(next.transactions);
        self.elapsed = self.elapsed.saturating_add(next.elapsed);
        for (slot, count) in next.slots {
            let entry = self.slots.entry(slot).or_default();
            *entry = entry.saturating_add(count);
        }
        self
    }

    /// Transactions a second, rounded down.
    pub fn rate(&self) -> u64 {
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        self.transactions.saturating_mul(1_000).checked_div(millis).unwrap_or(0)
    }
}

/// Signs all plans, sends them at once and waits until the node has processed every one. The first that failed is returned as
/// an error.
pub async fn burst(rpc: &Rpc, plans: &[Plan<'_>]) -> Result<Burst> {
    let (blockhash, height) = rpc.latest_blockhash().await?;
    let mut open = Vec::with_capacity(plans.len());
    for plan in plans {
        let units = match plan.compute {
            Compute::Fixed(units) => units,
            Compute::Measured => MAX_COMPUTE_UNITS,
        };
        open.push(Flight::sign(plan, units, 0, blockhash, height)?);
    }
    let mut burst = Burst {
        transactions: u64::try_from(plans.len()).unwrap_or(u64::MAX),
        ..Burst::default()
    };
    let began = Instant::now();
    let mut sent_at = None;
    while let Some(first) = open.first() {
        if began.elapsed() > PATIENCE {
            let signature = first.signature;
            return Err(Error::Unknown {
                label: first.label.clone(),
                signature,
                reason: format!("{} of {} transactions have not been seen", open.len(), plans.len()),
            });
        }
        if sent_at.is_none_or(|at: Instant| at.elapsed() > REPEAT) {
            sent_at = Some(Instant::now());
            send(rpc, &open).await;
        }
        open = look(rpc, open, &mut burst).await?;
        if open.is_empty() {
            burst.elapsed = began.elapsed();
        } else {
            sleep(POLL).await;
        }
    }
    Ok(burst)
}

/// An error proves nothing: what is not seen is sent again.
async fn send(rpc: &Rpc, flights: &[Flight]) {
    stream::iter(flights.iter().map(|flight| async move {
        let _ = rpc.send_bytes(&flight.bytes).await;
    }))
    .buffer_unordered(CONCURRENCY)
    .collect::<Vec<()>>()
    .await;
}

fn failed(flight: Flight, error: &TransactionError) -> Error {
    let sent = wincode::deserialize::<Transaction>(&flight.bytes).ok();
    let explained = explain::transaction_error(error, &[], |index| program_of(&sent.as_ref()?.message, index));
    Error::OnChain {
        label: flight.label,
        signature: flight.signature,
        explained: Box::new(explained),
    }
}

/// Notes what has landed; returns the others.
async fn look(rpc: &Rpc, open: Vec<Flight>, burst: &mut Burst) -> Result<Vec<Flight>> {
    let signatures: Vec<_> = open.iter().map(|flight| flight.signature).collect();
    let statuses = rpc.statuses(&signatures, false).await?;
    let mut left = Vec::new();
    for (flight, status) in open.into_iter().zip(statuses) {
        match status {
            None => left.push(flight),
            Some(status) => {
                if let Some(error) = status.error {
                    return Err(failed(flight, &error));
                }
                let count = burst.slots.entry(status.slot).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_add_up_and_a_rate_is_rounded_down() {
        let of = |transactions, millis, slot| Burst {
            transactions,
            elapsed: Duration::from_millis(millis),
            slots: BTreeMap::from([(slot, transactions)]),
        };
        let sum = of(10, 300, 7).and(of(5, 400, 8)).and(of(1, 0, 8));
        assert_eq!(sum.slots, BTreeMap::from([(7, 10), (8, 6)]));
        // 16 in 700 ms: 22.857…
        assert_eq!((sum.transactions, sum.rate()), (16, 22));
        assert_eq!(Burst::default().rate(), 0);
    }
}
