//! A signed transaction on its way: the same bytes again and again until its end is proven.

use {
    super::{Outcome, Plan, Sender, CONCURRENCY},
    crate::{
        explain,
        journal::{Entry, Pending, Transition},
        rpc::Status,
        Address, Error, Result,
    },
    base64::{engine::general_purpose::STANDARD, Engine},
    futures::{stream, StreamExt},
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_hash::Hash,
    solana_message::Message,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::time::Duration,
    tokio::time::{sleep, Instant},
};

/// Bytes of the largest transaction.
const MAX_TRANSACTION_BYTES: usize = 1_232;
/// The same bytes are sent again after this time: a leader that dropped them is over after four slots.
const REBROADCAST: Duration = Duration::from_millis(1_600);
/// Statuses are asked at this pace first, for local networks with slots of 50 ms …
pub(super) const POLL_FIRST: Duration = Duration::from_millis(40);
/// … and this one at last.
const POLL_LAST: Duration = Duration::from_millis(500);
/// How long answers may be missing, or the chain stand still, before an outcome is called unknown.
const PATIENCE: Duration = Duration::from_secs(90);

/// A transaction under way.
pub(super) struct Flight {
    pub(super) label: String,
    pub(super) signature: Signature,
    pub(super) bytes: Vec<u8>,
    last_valid_block_height: u64,
    sent_at: Option<Instant>,
    pub(super) outcome: Option<Outcome>,
}

impl Flight {
    /// Takes up one that an earlier run left open.
    pub(super) fn resume(pending: &Pending) -> Result<Self> {
        let bytes = STANDARD
            .decode(&pending.transaction)
            .map_err(|error| Error::local("journal", error, "Repair or move the file away"))?;
        Ok(Self {
            label: pending.label.clone(),
            signature: pending.signature,
            bytes,
            last_valid_block_height: pending.last_valid_block_height,
            sent_at: None,
            outcome: None,
        })
    }

    /// Signs a plan.
    pub(super) fn sign(
        plan: &Plan<'_>,
        unit_limit: u32,
        price: u64,
        blockhash: Hash,
        last_valid_block_height: u64,
    ) -> Result<Self> {
        let transaction = sign(plan, compile(plan, unit_limit, price)?, blockhash)?;
        let bytes = serialize(&plan.label, &transaction)?;
        let signature = *transaction
            .signatures
            .first()
            .ok_or_else(|| build_error(&plan.label, "it has no signature"))?;
        let label = plan.label.clone();
        Ok(Self {
            label,
            signature,
            bytes,
            last_valid_block_height,
            sent_at: None,
            outcome: None,
        })
    }

    /// What is written down before it leaves.
    pub(super) fn intent(&self) -> Entry {
        Entry {
            signature: self.signature.to_string(),
            transition: Transition::Intent {
                label: self.label.clone(),
                transaction: STANDARD.encode(&self.bytes),
                last_valid_block_height: self.last_valid_block_height,
            },
        }
    }
}

pub(super) fn build_error(label: &str, reason: impl ToString) -> Error {
    Error::Build {
        label: label.to_owned(),
        reason: reason.to_string(),
    }
}

pub(super) fn serialize(label: &str, transaction: &Transaction) -> Result<Vec<u8>> {
    let bytes = wincode::serialize(transaction).map_err(|error| build_error(label, error))?;
    if bytes.len() > MAX_TRANSACTION_BYTES {
        return Err(build_error(
            label,
            format!("it has {} bytes of {MAX_TRANSACTION_BYTES}", bytes.len()),
        ));
    }
    Ok(bytes)
}

pub(super) fn compile(plan: &Plan, unit_limit: u32, price_micro_lamports: u64) -> Result<Message> {
    let payer = plan
        .signers
        .first()
        .ok_or_else(|| build_error(&plan.label, "nobody signs it"))?;
    let mut instructions = vec![ComputeBudgetInstruction::set_compute_unit_limit(unit_limit)];
    if price_micro_lamports > 0 {
        instructions.push(ComputeBudgetInstruction::set_compute_unit_price(price_micro_lamports));
    }
    instructions.extend(plan.instructions.iter().cloned());
    Ok(Message::new(&instructions, Some(&payer.pubkey())))
}

fn sign(plan: &Plan, message: Message, blockhash: Hash) -> Result<Transaction> {
    let mut transaction = Transaction::new_unsigned(message);
    transaction
        .try_sign(&plan.signers, blockhash)
        .map_err(|error| build_error(&plan.label, error))?;
    Ok(transaction)
}

/// The program of an instruction by its index in a message.
pub(super) fn program_of(message: &Message, index: usize) -> Option<Address> {
    message.program_id(index).copied()
}

impl Sender {
    /// Sends until each flight has an outcome, which is written down.
    pub(super) async fn fly(&self, mut flights: Vec<Flight>) -> Result<Vec<Flight>> {
        let mut pause = POLL_FIRST;
        let mut answered_at = Instant::now();
        let mut highest = 0u64;
        let mut progress_at = Instant::now();
        loop {
            self.broadcast(&mut flights).await;
            sleep(pause).await;
            pause = pause
                .saturating_mul(3)
                .checked_div(2)
                .unwrap_or(POLL_LAST)
                .min(POLL_LAST);
            match self.observe(&mut flights).await {
                Ok(height) => {
                    answered_at = Instant::now();
                    if height > highest {
                        highest = height;
                        progress_at = Instant::now();
                    }
                }
                Err(error) if answered_at.elapsed() > PATIENCE => give_up(&mut flights, &error.to_string()),
                Err(_) => {}
            }
            if progress_at.elapsed() > PATIENCE {
                give_up(&mut flights, "the cluster finalizes no blocks");
            }
            self.record(&mut flights)?;
            if flights.iter().all(|flight| flight.outcome.is_some()) {
                return Ok(flights);
            }
        }
    }

    /// Sends what was never sent, or not for a while. An error proves nothing: the bytes may have gone on all the same.
    async fn broadcast(&self, flights: &mut [Flight]) {
        let due = flights.iter_mut().filter(|flight| {
            flight.outcome.is_none() && flight.sent_at.is_none_or(|sent_at| sent_at.elapsed() >= REBROADCAST)
        });
        stream::iter(due.map(|flight| async move {
            let _ = self.rpc.send_bytes(&flight.bytes).await;
            flight.sent_at = Some(Instant::now());
        }))
        .buffer_unordered(CONCURRENCY)
        .collect::<Vec<()>>()
        .await;
    }

    /// Asks for the open flights' statuses; returns the finalized block height, by which expiry is proven.
    async fn observe(&self, flights: &mut [Flight]) -> Result<u64> {
        self.look(flights, false).await?;
        // The height is read before history is asked, so that "not there" is said of the past.
        let height = self.rpc.finalized_block_height().await?;
        let is_over = |flight: &Flight| flight.outcome.is_none() && height > flight.last_valid_block_height;
        if flights.iter().any(is_over) {
            let unseen = self.look(flights, true).await?;
            for flight in flights
                .iter_mut()
                .filter(|flight| is_over(flight) && unseen.contains(&flight.signature))
            {
                flight.outcome = Some(Outcome::Expired);
            }
        }
        Ok(height)
    }

    /// Updates outcomes; returns the signatures nobody has seen.
    async fn look(&self, flights: &mut [Flight], search_history: bool) -> Result<Vec<Signature>> {
        let open: Vec<&mut Flight> = flights.iter_mut().filter(|flight| flight.outcome.is_none()).collect();
        let signatures: Vec<Signature> = open.iter().map(|flight| flight.signature).collect();
        let mut unseen = Vec::new();
        for (flight, status) in open
            .into_iter()
            .zip(self.rpc.statuses(&signatures, search_history).await?)
        {
            match status {
                None => unseen.push(flight.signature),
                Some(Status {
                    is_confirmed: false, ..
                }) => {}
                Some(Status { slot, error: None, .. }) => flight.outcome = Some(Outcome::Confirmed { slot }),
                Some(Status {
                    slot,
                    error: Some(error),
                    ..
                }) => flight.outcome = Some(Outcome::Failed { slot, error }),
            }
        }
        Ok(unseen)
    }

    /// Writes new outcomes down, once each.
    fn record(&self, flights: &mut [Flight]) -> Result<()> {
        let mut entries = Vec::new();
        for flight in flights.iter_mut().filter(|flight| flight.sent_at.is_some()) {
            let Some(outcome) = &flight.outcome else { continue };
            let transition = match outcome {
                Outcome::Confirmed { slot } => Transition::Confirmed { slot: *slot },
                Outcome::Failed { slot, error } => Transition::Failed {
                    slot: *slot,
                    error: error.to_string(),
                },
                Outcome::Expired => Transition::Expired,
                Outcome::Unknown { reason } => Transition::Unknown { reason: reason.clone() },
            };
            entries.push(Entry {
                signature: flight.signature.to_string(),
                transition,
            });
            flight.sent_at = None;
        }
        if entries.is_empty() {
            return Ok(());
        }
        self.journal.append(&entries)
    }

    /// The outcome as a result.
    pub(super) async fn settle(&self, flight: Flight) -> Result<Signature> {
        let Flight {
            label,
            signature,
            bytes,
            outcome,
            ..
        } = flight;
        match outcome {
            Some(Outcome::Confirmed { .. }) => Ok(signature),
            Some(Outcome::Expired) => Err(Error::Expired { label, signature }),
            Some(Outcome::Failed { error, .. }) => {
                let logs = self
                    .rpc
                    .landed(&signature)
                    .await
                    .ok()
                    .flatten()
                    .map(|landed| landed.logs);
                let message = wincode::deserialize::<Transaction>(&bytes)
                    .map(|transaction| transaction.message)
                    .ok();
                let explained = explain::transaction_error(&error, &logs.unwrap_or_default(), |index| {
                    message.as_ref().and_then(|message| program_of(message, index))
                });
                Err(Error::OnChain {
                    label,
                    signature,
                    explained: Box::new(explained),
                })
            }
            Some(Outcome::Unknown { reason }) => Err(Error::Unknown {
                label,
                signature,
                reason,
            }),
            None => Err(Error::Unknown {
                label,
                signature,
                reason: "it was not followed to its end".to_owned(),
            }),
        }
    }
}

fn give_up(flights: &mut [Flight], reason: &str) {
    for flight in flights.iter_mut().filter(|flight| flight.outcome.is_none()) {
        flight.outcome = Some(Outcome::Unknown {
            reason: reason.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_keypair::Keypair};

    #[test]
    fn the_same_order_twice_is_two_transactions_and_one_plan_is_one() {
        let payer = Keypair::new();
        let plan = Plan::new("pay", vec![], &[&payer]);
        let sign = |limit| {
            Flight::sign(&plan, limit, 7, Hash::default(), 1)
                .map(|flight| flight.signature)
                .ok()
        };
        assert_eq!(sign(10_000), sign(10_000));
        assert_ne!(sign(10_000), sign(9_999));
    }

    #[test]
    fn giving_up_says_unknown_and_touches_no_known_outcome() {
        let flight = |outcome| Flight {
            label: String::new(),
            signature: Signature::default(),
            bytes: Vec::new(),
            last_valid_block_height: 0,
            sent_at: None,
            outcome,
        };
        let mut flights = vec![flight(None), flight(Some(Outcome::Expired))];
        give_up(&mut flights, "silence");
        let outcomes: Vec<_> = flights.into_iter().map(|flight| flight.outcome).collect();
        assert_eq!(
            outcomes,
            [
                Some(Outcome::Unknown {
                    reason: "silence".to_owned()
                }),
                Some(Outcome::Expired)
            ]
        );
    }
}
