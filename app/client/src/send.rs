//! From instructions to a proven outcome.
//!
//! build → rehearse → compute limit from the rehearsal → priority fee from recent ones, under a cap → sign → intent on disk →
//! send → the same bytes again and again → confirmed, failed on chain, proven expired, or honestly unknown.
//!
//! "Expired" is said only when a *finalized* block lies above the last height at which the transaction counts and no history
//! knows its signature. Whatever cannot be proven is "unknown" and stays open in the journal.

use {
    crate::{
        explain,
        journal::{Entry, Journal, Pending, Transition},
        rpc::{AccountState, Landed, Rpc, Status},
        Address, Error, Result,
    },
    base64::{engine::general_purpose::STANDARD, Engine},
    futures::{stream, StreamExt},
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_hash::Hash,
    solana_keypair::Keypair,
    solana_message::Message,
    solana_program::instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
    std::{sync::Arc, time::Duration},
    tokio::time::{sleep, Instant},
};

/// The most compute a transaction may ask for (a limit of the runtime).
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;
/// The margin above the rehearsal is a tenth of it, for loops that run a little longer on the state of a slot later, and …
const COMPUTE_MARGIN_DIVISOR: u64 = 10;
/// … two tries of a bump search (1,500 each), for an address derived from such state.
const COMPUTE_MARGIN_UNITS: u64 = 3_000;
/// Bytes of the largest transaction.
const MAX_TRANSACTION_BYTES: usize = 1_232;
/// The same bytes are sent again after this time: a leader that dropped them is over after four slots.
const REBROADCAST: Duration = Duration::from_millis(1_600);
/// Statuses are asked at this pace first, for local networks with slots of 50 ms …
const POLL_FIRST: Duration = Duration::from_millis(40);
/// … and this one at last.
const POLL_LAST: Duration = Duration::from_millis(500);
/// How long answers may be missing, or the chain stand still, before an outcome is called unknown.
const PATIENCE: Duration = Duration::from_secs(90);
/// Requests under way at once.
const CONCURRENCY: usize = 24;
/// How often an expired transaction is signed anew.
const MAX_SIGNINGS: u32 = 4;

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
    fn price(&self, mut recent: Vec<u64>) -> u64 {
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

/// Sends, and remembers.
pub struct Sender {
    /// The cluster.
    pub rpc: Arc<Rpc>,
    journal: Journal,
    priority: PriorityFee,
}

/// A transaction under way.
struct Flight {
    label: String,
    signature: Signature,
    bytes: Vec<u8>,
    last_valid_block_height: u64,
    sent_at: Option<Instant>,
    outcome: Option<Outcome>,
}

impl Flight {
    fn sign(
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

    fn intent(&self) -> Entry {
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

fn build_error(label: &str, reason: impl ToString) -> Error {
    Error::Build {
        label: label.to_owned(),
        reason: reason.to_string(),
    }
}

fn serialize(label: &str, transaction: &Transaction) -> Result<Vec<u8>> {
    let bytes = wincode::serialize(transaction).map_err(|error| build_error(label, error))?;
    if bytes.len() > MAX_TRANSACTION_BYTES {
        return Err(build_error(
            label,
            format!("it has {} bytes of {MAX_TRANSACTION_BYTES}", bytes.len()),
        ));
    }
    Ok(bytes)
}

fn compile(plan: &Plan, unit_limit: u32, price_micro_lamports: u64) -> Result<Message> {
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
fn program_of(message: &Message, index: usize) -> Option<Address> {
    message.program_id(index).copied()
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

    /// Sends until each flight has an outcome, which is written down.
    async fn fly(&self, mut flights: Vec<Flight>) -> Result<Vec<Flight>> {
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
    async fn settle(&self, flight: Flight) -> Result<Signature> {
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

    /// What a confirmed transaction did. A node indexes a moment after it confirms.
    async fn receipt(&self, label: String, signature: Signature) -> Result<Receipt> {
        let started = Instant::now();
        loop {
            if let Some(landed) = self.rpc.landed(&signature).await? {
                return Ok(Receipt {
                    label,
                    signature,
                    landed,
                });
            }
            if started.elapsed() > PATIENCE {
                let reason = "it is confirmed, and the node does not show what it did".to_owned();
                return Err(Error::Unknown {
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
        let mut flights = Vec::with_capacity(pending.len());
        for pending in &pending {
            let bytes = STANDARD
                .decode(&pending.transaction)
                .map_err(|error| Error::local("journal", error, "Repair or move the file away"))?;
            flights.push(Flight {
                label: pending.label.clone(),
                signature: pending.signature,
                bytes,
                last_valid_block_height: pending.last_valid_block_height,
                sent_at: None,
                outcome: None,
            });
        }
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

fn give_up(flights: &mut [Flight], reason: &str) {
    for flight in flights.iter_mut().filter(|flight| flight.outcome.is_none()) {
        flight.outcome = Some(Outcome::Unknown {
            reason: reason.to_owned(),
        });
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
