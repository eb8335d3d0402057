//! The JSON of the RPC's answers, as far as it is read.

use {serde::Deserialize, solana_transaction_error::TransactionError};

#[derive(Deserialize)]
pub(super) struct WithContext<T> {
    pub(super) value: T,
}

#[derive(Deserialize)]
pub(super) struct WireAccount {
    pub(super) lamports: u64,
    pub(super) owner: String,
    pub(super) data: (String, String),
    pub(super) executable: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireSimulation {
    pub(super) err: Option<TransactionError>,
    pub(super) logs: Option<Vec<String>>,
    pub(super) units_consumed: Option<u64>,
    pub(super) accounts: Option<Vec<Option<WireAccount>>>,
    pub(super) return_data: Option<WireReturn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireReturn {
    pub(super) program_id: String,
    pub(super) data: (String, String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireSigned {
    pub(super) signature: String,
    pub(super) slot: u64,
    pub(super) err: Option<TransactionError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireStatus {
    pub(super) slot: u64,
    pub(super) err: Option<TransactionError>,
    pub(super) confirmation_status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireTokenAmount {
    pub(super) amount: String,
    pub(super) decimals: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireTokenBalance {
    pub(super) account_index: usize,
    pub(super) mint: String,
    pub(super) owner: Option<String>,
    pub(super) ui_token_amount: WireTokenAmount,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireMeta {
    pub(super) err: Option<TransactionError>,
    pub(super) fee: u64,
    pub(super) compute_units_consumed: Option<u64>,
    pub(super) log_messages: Option<Vec<String>>,
    pub(super) pre_balances: Vec<u64>,
    pub(super) post_balances: Vec<u64>,
    pub(super) pre_token_balances: Option<Vec<WireTokenBalance>>,
    pub(super) post_token_balances: Option<Vec<WireTokenBalance>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireMessage {
    pub(super) account_keys: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct WireTransaction {
    pub(super) message: WireMessage,
}

#[derive(Deserialize)]
pub(super) struct WireLanded {
    pub(super) slot: u64,
    pub(super) meta: WireMeta,
    pub(super) transaction: WireTransaction,
}

#[derive(Deserialize)]
pub(super) struct WireKeyed {
    pub(super) pubkey: String,
    pub(super) account: WireAccount,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireBlockhash {
    pub(super) blockhash: String,
    pub(super) last_valid_block_height: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireFee {
    pub(super) prioritization_fee: u64,
}
