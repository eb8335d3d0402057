//! A thin layer over Solana's RPC client: what the rest of this crate asks, with errors that say what was asked of whom.

mod history;
mod wire;

pub use history::Signed;

use {
    crate::{Address, Error, Result},
    base64::{engine::general_purpose::STANDARD, Engine},
    serde_json::{json, Value},
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error as ClientError, ErrorKind},
        request::RpcRequest,
    },
    solana_signature::Signature,
    solana_transaction_error::TransactionError,
    std::time::Duration,
    tokio::time::sleep,
    wire::*,
};

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a request is made before the way to the node counts as closed …
const ATTEMPTS: u32 = 4;
/// … and how long the first pause between is; each is three times the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The most signatures or addresses one request may name (a limit of the RPC: 256 and 100).
pub const MAX_STATUSES: usize = 256;
/// See [`MAX_STATUSES`].
pub const MAX_ACCOUNTS: usize = 100;

/// An account as the cluster holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// Its lamports.
    pub lamports: u64,
    /// The program that owns it.
    pub owner: Address,
    /// Its bytes.
    pub data: Vec<u8>,
    /// Whether it is a program.
    pub executable: bool,
}

/// What a rehearsal of a transaction gave.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// Why it failed, if it did.
    pub error: Option<TransactionError>,
    /// Its log.
    pub logs: Vec<String>,
    /// Compute units used.
    pub units: u64,
    /// The accounts asked for, as they would be afterwards (`None`: not existing).
    pub accounts: Vec<Option<AccountState>>,
    /// What the last program returned, and which it was. A node may leave zeros at the end out.
    pub returned: Option<(Address, Vec<u8>)>,
}

/// What the cluster says of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The slot it landed in.
    pub slot: u64,
    /// Its error, if it failed there.
    pub error: Option<TransactionError>,
    /// Whether a supermajority has voted for its block.
    pub is_confirmed: bool,
}

/// A balance of a token account before or after a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenBalance {
    /// The token account.
    pub account: Address,
    /// Its mint.
    pub mint: Address,
    /// Its owner.
    pub owner: Address,
    /// Atoms.
    pub atoms: u64,
    /// The mint's decimals.
    pub decimals: u8,
}

/// What a landed transaction did.
#[derive(Clone, Debug)]
pub struct Landed {
    /// The slot.
    pub slot: u64,
    /// Its error, if it failed.
    pub error: Option<TransactionError>,
    /// The fee paid.
    pub fee_lamports: u64,
    /// Compute units used.
    pub units: u64,
    /// Its log.
    pub logs: Vec<String>,
    /// Each account with its lamports before and after.
    pub lamports: Vec<(Address, u64, u64)>,
    /// Token balances before.
    pub tokens_before: Vec<TokenBalance>,
    /// Token balances after.
    pub tokens_after: Vec<TokenBalance>,
}

/// A cluster, asked at commitment `confirmed` unless a call says otherwise.
pub struct Rpc {
    url: String,
    client: RpcClient,
}

/// The parts of the cluster's clock that deadlines are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterTime {
    /// The slot.
    pub slot: u64,
    /// The cluster's epoch.
    pub epoch: u64,
    /// Seconds since 1970 as programs see them.
    pub unix_ts: i64,
}

/// Whether the request or its answer got lost, rather than being answered with an error.
fn is_transport(error: &ClientError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Io(_) | ErrorKind::Reqwest(_) | ErrorKind::Middleware(_)
    )
}

impl Rpc {
    /// Speaks to the RPC at `url`.
    pub fn new(url: &str) -> Self {
        let client =
            RpcClient::new_with_timeout_and_commitment(url.to_owned(), REQUEST_TIMEOUT, CommitmentConfig::confirmed());
        Self {
            url: url.to_owned(),
            client,
        }
    }

    /// Where it speaks to.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn fail(&self, method: &str, reason: impl ToString) -> Error {
        Error::Rpc {
            url: self.url.clone(),
            method: method.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// Asks, and asks again where the way to the node failed. Every request may be repeated: reading changes nothing, and the
    /// bytes of a transaction are carried out once however often they arrive.
    async fn ask<T: serde::de::DeserializeOwned>(&self, request: RpcRequest, params: Value) -> Result<T> {
        let method = request.to_string();
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.client.send::<T>(request, params.clone()).await {
                Err(error) if is_transport(&error) => sleep(pause).await,
                answer => return answer.map_err(|error| self.fail(&method, error)),
            }
            pause = pause.saturating_mul(3);
        }
        self.client
            .send::<T>(request, params)
            .await
            .map_err(|error| self.fail(&method, error))
    }

    fn address(&self, method: &str, text: &str) -> Result<Address> {
        text.parse()
            .map_err(|_| self.fail(method, format!("`{text}` is not an address")))
    }

    fn account_state(&self, method: &str, wire: WireAccount) -> Result<AccountState> {
        Ok(AccountState {
            lamports: wire.lamports,
            owner: self.address(method, &wire.owner)?,
            data: STANDARD.decode(wire.data.0).map_err(|error| self.fail(method, error))?,
            executable: wire.executable,
        })
    }

    fn returned(&self, wire: WireReturn) -> Result<(Address, Vec<u8>)> {
        let method = "simulateTransaction";
        let bytes = STANDARD.decode(wire.data.0).map_err(|error| self.fail(method, error))?;
        Ok((self.address(method, &wire.program_id)?, bytes))
    }

    /// Whether the node is up and follows its cluster.
    pub async fn is_healthy(&self) -> bool {
        self.client.get_health().await.is_ok()
    }

    /// The hash that names the cluster.
    pub async fn genesis_hash(&self) -> Result<Hash> {
        let text: String = self.ask(RpcRequest::GetGenesisHash, json!([])).await?;
        text.parse().map_err(|error| self.fail("getGenesisHash", error))
    }

    /// The node's software version.
    pub async fn version(&self) -> Result<String> {
        let version = self
            .client
            .get_version()
            .await
            .map_err(|error| self.fail("getVersion", error))?;
        Ok(version.solana_core)
    }

    /// A blockhash to sign with and the last block height at which it counts.
    pub async fn latest_blockhash(&self) -> Result<(Hash, u64)> {
        let answer: WithContext<WireBlockhash> = self
            .ask(RpcRequest::GetLatestBlockhash, json!([{ "commitment": "confirmed" }]))
            .await?;
        let hash = answer
            .value
            .blockhash
            .parse()
            .map_err(|error| self.fail("getLatestBlockhash", error))?;
        Ok((hash, answer.value.last_valid_block_height))
    }

    /// The height of the highest *finalized* block: what lies below it cannot change any more.
    pub async fn finalized_block_height(&self) -> Result<u64> {
        self.ask(RpcRequest::GetBlockHeight, json!([{ "commitment": "finalized" }]))
            .await
    }

    /// The current confirmed slot.
    pub async fn slot(&self) -> Result<u64> {
        self.ask(RpcRequest::GetSlot, json!([{ "commitment": "confirmed" }]))
            .await
    }

    /// The clock as programs see it: the Clock sysvar's slot and unix time.
    pub async fn clock(&self) -> Result<ClusterTime> {
        let state = self.existing(&solana_program::sysvar::clock::ID, "the clock").await?;
        let read =
            |offset: usize| -> Option<[u8; 8]> { state.data.get(offset..offset.checked_add(8)?)?.try_into().ok() };
        match (read(0), read(16), read(32)) {
            (Some(slot), Some(epoch), Some(unix)) => Ok(ClusterTime {
                slot: u64::from_le_bytes(slot),
                epoch: u64::from_le_bytes(epoch),
                unix_ts: i64::from_le_bytes(unix),
            }),
            _ => Err(self.fail("getAccountInfo", "the clock has too few bytes")),
        }
    }

    /// Lamports an account of `space` bytes must hold.
    pub async fn rent_lamports(&self, space: usize) -> Result<u64> {
        self.ask(
            RpcRequest::GetMinimumBalanceForRentExemption,
            json!([space, { "commitment": "confirmed" }]),
        )
        .await
    }

    /// One account, if it exists.
    pub async fn account(&self, address: &Address) -> Result<Option<AccountState>> {
        Ok(self
            .accounts(std::slice::from_ref(address))
            .await?
            .into_iter()
            .next()
            .flatten())
    }

    /// One account that must exist; `kind` names it in the error.
    pub async fn existing(&self, address: &Address, kind: &str) -> Result<AccountState> {
        self.account(address).await?.ok_or_else(|| {
            Error::account(
                *address,
                kind,
                "no account",
                "Check the address and the cluster (--url)",
            )
        })
    }

    /// Many accounts, in the order asked.
    pub async fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<AccountState>>> {
        let mut states = Vec::with_capacity(addresses.len());
        for chunk in addresses.chunks(MAX_ACCOUNTS) {
            let names: Vec<String> = chunk.iter().map(Address::to_string).collect();
            let answer: WithContext<Vec<Option<WireAccount>>> = self
                .ask(
                    RpcRequest::GetMultipleAccounts,
                    json!([names, { "encoding": "base64", "commitment": "confirmed" }]),
                )
                .await?;
            for wire in answer.value {
                states.push(
                    wire.map(|wire| self.account_state("getMultipleAccounts", wire))
                        .transpose()?,
                );
            }
        }
        Ok(states)
    }

    /// All accounts of `program` whose bytes at the given offsets are the given ones.
    pub async fn program_accounts(
        &self,
        program: &Address,
        filters: &[(usize, Vec<u8>)],
    ) -> Result<Vec<(Address, AccountState)>> {
        let filters: Vec<Value> = filters
            .iter()
            .map(|(offset, bytes)| {
                json!({ "memcmp": { "offset": offset, "bytes": STANDARD.encode(bytes), "encoding": "base64" } })
            })
            .collect();
        let answer: Vec<WireKeyed> = self
            .ask(
                RpcRequest::GetProgramAccounts,
                json!([program.to_string(), { "encoding": "base64", "commitment": "confirmed", "filters": filters }]),
            )
            .await?;
        answer
            .into_iter()
            .map(|keyed| {
                Ok((
                    self.address("getProgramAccounts", &keyed.pubkey)?,
                    self.account_state("getProgramAccounts", keyed.account)?,
                ))
            })
            .collect()
    }

    /// Rehearses a transaction (its blockhash is replaced, its signatures are not looked at) and returns `addresses` as they
    /// would be afterwards.
    pub async fn simulate(&self, transaction: &[u8], addresses: &[Address]) -> Result<Simulated> {
        let names: Vec<String> = addresses.iter().map(Address::to_string).collect();
        let answer: WithContext<WireSimulation> = self
            .ask(
                RpcRequest::SimulateTransaction,
                json!([STANDARD.encode(transaction), {
                    "encoding": "base64",
                    "commitment": "confirmed",
                    "sigVerify": false,
                    "replaceRecentBlockhash": true,
                    "accounts": { "encoding": "base64", "addresses": names },
                }]),
            )
            .await?;
        let accounts = answer
            .value
            .accounts
            .unwrap_or_default()
            .into_iter()
            .map(|wire| {
                wire.map(|wire| self.account_state("simulateTransaction", wire))
                    .transpose()
            })
            .collect::<Result<_>>()?;
        let returned = answer.value.return_data.map(|wire| self.returned(wire)).transpose()?;
        Ok(Simulated {
            error: answer.value.err,
            logs: answer.value.logs.unwrap_or_default(),
            units: answer.value.units_consumed.unwrap_or(0),
            accounts,
            returned,
        })
    }

    /// Hands the bytes of a signed transaction to the node. It has been rehearsed: the node need not do it again, nor retry.
    pub async fn send_bytes(&self, transaction: &[u8]) -> Result<()> {
        let _: String = self
            .ask(
                RpcRequest::SendTransaction,
                json!([STANDARD.encode(transaction), { "encoding": "base64", "skipPreflight": true, "maxRetries": 0 }]),
            )
            .await?;
        Ok(())
    }

    /// What is known of each signature; `search_history` also looks beyond the recent ones.
    pub async fn statuses(&self, signatures: &[Signature], search_history: bool) -> Result<Vec<Option<Status>>> {
        let mut statuses = Vec::with_capacity(signatures.len());
        for chunk in signatures.chunks(MAX_STATUSES) {
            let names: Vec<String> = chunk.iter().map(Signature::to_string).collect();
            let answer: WithContext<Vec<Option<WireStatus>>> = self
                .ask(
                    RpcRequest::GetSignatureStatuses,
                    json!([names, { "searchTransactionHistory": search_history }]),
                )
                .await?;
            statuses.extend(answer.value.into_iter().map(|wire| {
                wire.map(|wire| Status {
                    slot: wire.slot,
                    error: wire.err,
                    is_confirmed: matches!(wire.confirmation_status.as_deref(), Some("confirmed" | "finalized")),
                })
            }));
        }
        Ok(statuses)
    }

    /// What a confirmed transaction did, or nothing while the node has not indexed it.
    pub async fn landed(&self, signature: &Signature) -> Result<Option<Landed>> {
        let wire: Option<WireLanded> = self
            .ask(
                RpcRequest::GetTransaction,
                json!([signature.to_string(), {
                    "encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0,
                }]),
            )
            .await?;
        wire.map(|wire| self.read_landed(wire)).transpose()
    }

    fn read_landed(&self, wire: WireLanded) -> Result<Landed> {
        let method = "getTransaction";
        let keys = wire
            .transaction
            .message
            .account_keys
            .iter()
            .map(|key| self.address(method, key))
            .collect::<Result<Vec<_>>>()?;
        let tokens = |balances: Option<Vec<WireTokenBalance>>| -> Result<Vec<TokenBalance>> {
            balances
                .unwrap_or_default()
                .into_iter()
                .map(|balance| {
                    Ok(TokenBalance {
                        account: *keys
                            .get(balance.account_index)
                            .ok_or_else(|| self.fail(method, "a balance names no account"))?,
                        mint: self.address(method, &balance.mint)?,
                        owner: self.address(method, balance.owner.as_deref().unwrap_or_default())?,
                        atoms: balance
                            .ui_token_amount
                            .amount
                            .parse()
                            .map_err(|error| self.fail(method, error))?,
                        decimals: balance.ui_token_amount.decimals,
                    })
                })
                .collect()
        };
        let tokens_before = tokens(wire.meta.pre_token_balances)?;
        let tokens_after = tokens(wire.meta.post_token_balances)?;
        let lamports = keys
            .iter()
            .zip(wire.meta.pre_balances.iter().zip(&wire.meta.post_balances))
            .map(|(key, (before, after))| (*key, *before, *after))
            .collect();
        Ok(Landed {
            slot: wire.slot,
            error: wire.meta.err,
            fee_lamports: wire.meta.fee,
            units: wire.meta.compute_units_consumed.unwrap_or(0),
            logs: wire.meta.log_messages.unwrap_or_default(),
            lamports,
            tokens_before,
            tokens_after,
        })
    }

    /// What others paid lately, in micro-lamports per compute unit, to write these accounts.
    pub async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>> {
        // the RPC takes 128 addresses at most; a transaction has fewer
        let names: Vec<String> = writable.iter().take(128).map(Address::to_string).collect();
        let fees: Vec<WireFee> = self
            .ask(RpcRequest::GetRecentPrioritizationFees, json!([names]))
            .await?;
        Ok(fees.into_iter().map(|fee| fee.prioritization_fee).collect())
    }
}
