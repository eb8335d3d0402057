//! Tables for people, JSON for programs.

use {
    crate::app::Failure,
    base64::{engine::general_purpose::STANDARD, Engine},
    comfy_table::{presets::UTF8_BORDERS_ONLY, CellAlignment, Table},
    commonweal_client::{
        amount,
        rpc::{AccountState, Landed},
        send::{Preview, Receipt, Unsigned},
        Address,
    },
    commonweal_interface::token::TokenState,
    indicatif::{ProgressBar, ProgressStyle},
    serde_json::{json, Value},
    std::{collections::BTreeMap, time::Duration},
};

/// Prints a line. A reader that has gone away (`commonweal … | head`) is no failure of what was done.
macro_rules! say {
    ($($part:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($part)*);
    }};
}

/// A spinner that appears when something takes more than a moment; invisible with `--json`.
pub fn spinner(label: &str, json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(label.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// A bar for work whose amount is known.
pub fn bar(json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:40} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// Prints a JSON value on one line.
pub fn json_line(value: &Value) {
    say!("{value}");
}

/// Prints rows under headings; `right` lists the columns that hold numbers.
pub fn table(headings: &[&str], rows: Vec<Vec<String>>, right: &[usize]) {
    say!("{}", table_text(headings, rows, right));
}

/// The text of a table.
pub fn table_text(headings: &[&str], rows: Vec<Vec<String>>, right: &[usize]) -> String {
    let mut table = Table::new();
    table
        .load_preset(UTF8_BORDERS_ONLY)
        .set_header(headings.iter().copied())
        .add_rows(rows);
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// Facts one below the other, or as one JSON object.
pub fn facts(facts: &[(&str, String)], json: bool) {
    if json {
        let object: serde_json::Map<String, Value> = facts
            .iter()
            .map(|(name, value)| (name.replace(' ', "_"), Value::from(value.clone())))
            .collect();
        json_line(&Value::Object(object));
        return;
    }
    let mut table = Table::new();
    table
        .load_preset(UTF8_BORDERS_ONLY)
        .add_rows(facts.iter().map(|(name, value)| [name, value.as_str()]));
    say!("{table}");
}

/// A list as a table or as a JSON array of objects named by the headings.
pub fn list(headings: &[&str], rows: Vec<Vec<String>>, right: &[usize], json: bool) {
    if !json {
        return table(headings, rows, right);
    }
    let objects: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            Value::Object(
                headings
                    .iter()
                    .zip(row)
                    .map(|(name, value)| (name.replace(' ', "_"), Value::from(value)))
                    .collect(),
            )
        })
        .collect();
    json_line(&Value::Array(objects));
}

/// A change of a balance.
pub struct Moved {
    /// The account.
    pub account: Address,
    /// The mint, or none for SOL.
    pub mint: Option<Address>,
    /// Atoms or lamports, signed.
    pub change: i128,
    /// Decimal places.
    pub decimals: u8,
}

fn change(before: u64, after: u64) -> i128 {
    i128::from(after).saturating_sub(i128::from(before))
}

/// What a landed transaction moved, SOL first.
pub fn moved(landed: &Landed) -> Vec<Moved> {
    let mut moves: Vec<Moved> = landed
        .lamports
        .iter()
        .filter(|(_, before, after)| before != after)
        .map(|(account, before, after)| Moved {
            account: *account,
            mint: None,
            change: change(*before, *after),
            decimals: amount::SOL_DECIMALS,
        })
        .collect();
    let mut tokens: BTreeMap<Address, (Address, u8, u64, u64)> = BTreeMap::new();
    for balance in &landed.tokens_before {
        tokens.insert(balance.account, (balance.mint, balance.decimals, balance.atoms, 0));
    }
    for balance in &landed.tokens_after {
        tokens
            .entry(balance.account)
            .or_insert((balance.mint, balance.decimals, 0, 0))
            .3 = balance.atoms;
    }
    moves.extend(
        tokens
            .into_iter()
            .filter(|(_, (_, _, before, after))| before != after)
            .map(|(account, (mint, decimals, before, after))| Moved {
                account,
                mint: Some(mint),
                change: change(before, after),
                decimals,
            }),
    );
    moves
}

fn preview_moves(preview: &Preview, decimals: &BTreeMap<Address, u8>) -> Vec<Moved> {
    let mut moves = Vec::new();
    let lamports = |state: &Option<AccountState>| state.as_ref().map_or(0, |state| state.lamports);
    let token = |state: &Option<AccountState>| {
        state
            .as_ref()
            .and_then(|state| TokenState::read(&state.owner, &state.data).ok())
    };
    for (account, before, after) in &preview.accounts {
        if lamports(before) != lamports(after) {
            moves.push(Moved {
                account: *account,
                mint: None,
                change: change(lamports(before), lamports(after)),
                decimals: amount::SOL_DECIMALS,
            });
        }
        let (was, is) = (token(before), token(after));
        let (had, has) = (
            was.map_or(0, |state| state.amount_atoms),
            is.map_or(0, |state| state.amount_atoms),
        );
        if let Some(state) = is.or(was).filter(|_| had != has) {
            let decimals = decimals.get(&state.mint).copied().unwrap_or(0);
            moves.push(Moved {
                account: *account,
                mint: Some(state.mint),
                change: change(had, has),
                decimals,
            });
        }
    }
    moves
}

fn moves_json(moves: &[Moved]) -> Vec<Value> {
    moves
        .iter()
        .map(|moved| {
            json!({
                "account": moved.account.to_string(),
                "mint": moved.mint.map(|mint| mint.to_string()),
                "change_atoms": moved.change.to_string(),
            })
        })
        .collect()
}

fn moves_table(moves: &[Moved]) {
    let rows = moves
        .iter()
        .map(|moved| {
            vec![
                moved.account.to_string(),
                moved.mint.map_or_else(|| "SOL".to_owned(), |mint| mint.to_string()),
                amount::format_change(moved.change, moved.decimals),
            ]
        })
        .collect();
    table(&["account", "of", "change"], rows, &[2]);
}

/// Shows what a transaction did.
pub fn receipt(receipt: &Receipt, json: bool) {
    let moves = moved(&receipt.landed);
    if json {
        return json_line(&json!({
            "done": receipt.label,
            "signature": receipt.signature.to_string(),
            "slot": receipt.landed.slot,
            "compute_units": receipt.landed.units,
            "fee_lamports": receipt.landed.fee_lamports,
            "moved": moves_json(&moves),
        }));
    }
    say!("{}", receipt.label);
    say!(
        "signature {}  slot {}  {} CU  fee {} SOL",
        receipt.signature,
        receipt.landed.slot,
        receipt.landed.units,
        amount::sol(receipt.landed.fee_lamports)
    );
    moves_table(&moves);
}

/// The mints whose tokens a preview shows.
pub fn previewed_mints(preview: &Preview) -> Vec<Address> {
    preview_moves(preview, &BTreeMap::new())
        .into_iter()
        .filter_map(|moved| moved.mint)
        .collect()
}

/// Shows what a transaction would do; `decimals` are those of the mints.
pub fn preview(preview: &Preview, decimals: &BTreeMap<Address, u8>, json: bool) {
    let moves = preview_moves(preview, decimals);
    if json {
        return json_line(&json!({
            "would_do": preview.label,
            "compute_units": preview.units,
            "fee_lamports": preview.fee_lamports,
            "would_move": moves_json(&moves),
        }));
    }
    say!("{} (rehearsed, not sent)", preview.label);
    say!(
        "{} CU  fee {} SOL, which the changes include",
        preview.units,
        amount::sol(preview.fee_lamports)
    );
    moves_table(&moves);
}

/// Shows a transaction that others sign.
pub fn unsigned(unsigned: &Unsigned, json: bool) {
    let signers: Vec<String> = unsigned.signers.iter().map(Address::to_string).collect();
    let transaction = STANDARD.encode(&unsigned.bytes);
    if json {
        return json_line(&json!({
            "to_do": unsigned.label,
            "signers": signers,
            "last_valid_block_height": unsigned.last_valid_block_height,
            "transaction": transaction,
        }));
    }
    say!("{} (rehearsed, not signed, not sent)", unsigned.label);
    say!("to be signed by {}", signers.join(", "));
    say!("void after block height {}", unsigned.last_valid_block_height);
    say!("{transaction}");
}

/// Shows why a command failed.
pub fn failure(failure: &Failure, json: bool) {
    if json {
        json_line(&json!({ "error": failure.to_string(), "exit_code": failure.exit_code() }));
        return;
    }
    eprintln!("error: {failure}");
    if let Failure::Client(
        commonweal_client::Error::Simulation { explained, .. } | commonweal_client::Error::OnChain { explained, .. },
    ) = failure
    {
        for line in explained.logs.iter().rev().take(12).rev() {
            eprintln!("  {line}");
        }
    }
}
