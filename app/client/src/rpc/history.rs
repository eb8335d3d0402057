//! What happened to an account: the transactions that name it, oldest first.

use {
    super::{wire::WireSigned, Landed, Rpc},
    crate::Result,
    crate::{Address, Error},
    futures::{stream, StreamExt},
    serde_json::json,
    solana_rpc_client_api::request::RpcRequest,
    solana_signature::Signature,
};

/// The most signatures one request returns (a limit of the RPC).
const MAX_SIGNATURES: usize = 1_000;
/// Requests under way at once.
const CONCURRENCY: usize = 16;

/// A transaction that names an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its signature.
    pub signature: Signature,
    /// The slot it landed in.
    pub slot: u64,
    /// Whether it succeeded.
    pub is_done: bool,
}

impl Rpc {
    /// The transactions that name `address`, oldest first, as far as the node's history reaches.
    ///
    /// Errors: a refusal if there are more than `limit`: a part of a history would be taken for the whole.
    pub async fn signatures(&self, address: &Address, limit: usize) -> Result<Vec<Signed>> {
        let method = "getSignaturesForAddress";
        let mut found: Vec<Signed> = Vec::new();
        loop {
            let before = found.last().map(|signed| signed.signature.to_string());
            let page: Vec<WireSigned> = self
                .ask(
                    RpcRequest::GetSignaturesForAddress,
                    json!([address.to_string(), {
                        "limit": MAX_SIGNATURES, "before": before, "commitment": "confirmed",
                    }]),
                )
                .await?;
            let is_last = page.len() < MAX_SIGNATURES;
            for wire in page {
                found.push(Signed {
                    signature: wire.signature.parse().map_err(|error| self.fail(method, error))?,
                    slot: wire.slot,
                    is_done: wire.err.is_none(),
                });
            }
            if found.len() > limit {
                return Err(Error::refused(
                    format!("account {address} has more than {limit} transactions"),
                    "Ask for more with --limit",
                ));
            }
            if is_last {
                found.reverse();
                return Ok(found);
            }
        }
    }

    /// What the successful transactions that name `address` did, oldest first.
    pub async fn history(&self, address: &Address, limit: usize) -> Result<Vec<(Signature, Landed)>> {
        let signatures: Vec<Signature> = self
            .signatures(address, limit)
            .await?
            .into_iter()
            .filter(|signed| signed.is_done)
            .map(|signed| signed.signature)
            .collect();
        let mut answers = stream::iter(signatures.iter().map(|signature| self.landed(signature))).buffered(CONCURRENCY);
        let mut history = Vec::with_capacity(signatures.len());
        let mut known = signatures.iter();
        while let Some(landed) = answers.next().await {
            // the node names it and does not have it: its record of transactions is shorter than its index
            let signature = known.next().copied().unwrap_or_default();
            let landed = landed?.ok_or_else(|| {
                Error::refused(
                    format!("the node does not have transaction {signature} any more"),
                    "Ask a node that keeps the whole history (--url)",
                )
            })?;
            history.push((signature, landed));
        }
        Ok(history)
    }
}
