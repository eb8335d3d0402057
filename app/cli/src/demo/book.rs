//! The demo's books: every lamport and atom that any transaction moved, from the cluster's own records.
//!
//! Each receipt must begin where the last one on the same account ended, lose exactly the fee in lamports, and the closing
//! balances must be those on chain and add up to what was there and what was issued. Nothing here is estimated.

use {
    crate::app::{Failure, Outcome},
    commonweal_client::{
        amount,
        rpc::{Rpc, TokenBalance},
        send::Receipt,
        tokens, Address,
    },
    std::collections::{BTreeMap, BTreeSet},
};

/// Whose lamports the runtime destroys at the end of a slot.
const INCINERATOR: Address = compute_escrow::constants::INCINERATOR;
/// Who holds what nobody was named for.
const ACCOUNTS: &str = "rent and bonds in accounts";

/// Who holds what was burnt.
const BURNT: &str = "burnt";

#[derive(Clone, Copy)]
struct Line {
    start: u64,
    now: u64,
}

#[derive(Clone, Copy)]
struct TokenLine {
    mint: Address,
    owner: Address,
    now: u64,
}

/// A token of the story.
#[derive(Clone)]
struct Asset {
    mint: Address,
    symbol: &'static str,
    decimals: u8,
    /// Atoms that the story says exist; none where a program issues them.
    issued: Option<u64>,
}

/// The books.
#[derive(Default)]
pub struct Book {
    names: BTreeMap<Address, String>,
    assets: Vec<Asset>,
    lamports: BTreeMap<Address, Line>,
    tokens: BTreeMap<Address, TokenLine>,
    fees_lamports: u64,
    burnt_lamports: u64,
    transactions: usize,
}

/// Requires two values to be equal.
pub fn check<T: PartialEq + ToString>(what: &str, expected: T, found: T) -> Outcome {
    if expected == found {
        return Ok(());
    }
    Err(Failure::Mismatch {
        what: what.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    })
}

fn sum(values: impl Iterator<Item = u64>) -> u128 {
    values.fold(0u128, |total, value| total.saturating_add(u128::from(value)))
}

impl Book {
    /// Names the holder of an account: a wallet, or the owner of token accounts.
    pub fn name(&mut self, address: Address, name: impl Into<String>) {
        self.names.insert(address, name.into());
    }

    /// Adds a token to the books.
    pub fn asset(&mut self, mint: Address, symbol: &'static str, decimals: u8, is_issued_here: bool) {
        self.assets.push(Asset {
            mint,
            symbol,
            decimals,
            issued: is_issued_here.then_some(0),
        });
    }

    /// Notes that the story issued atoms of a token.
    pub fn issue(&mut self, mint: Address, atoms: u64) {
        for asset in self.assets.iter_mut().filter(|asset| asset.mint == mint) {
            asset.issued = asset.issued.map(|issued| issued.saturating_add(atoms));
        }
    }

    /// The name of an account's holder.
    fn holder(&self, address: &Address) -> String {
        if address == &INCINERATOR {
            return BURNT.to_owned();
        }
        self.names.get(address).cloned().unwrap_or_else(|| ACCOUNTS.to_owned())
    }

    fn asset_of(&self, mint: &Address) -> Option<&Asset> {
        self.assets.iter().find(|asset| &asset.mint == mint)
    }

    /// Whether a receipt begins where the books end. Transactions of one slot are ordered by this.
    pub fn follows(&self, receipt: &Receipt) -> bool {
        let landed = &receipt.landed;
        let lamports_join = landed
            .lamports
            .iter()
            .all(|(address, before, _)| self.lamports.get(address).is_none_or(|line| line.now == *before));
        let tokens_join = landed.tokens_before.iter().all(|balance| {
            let line = self.tokens.get(&balance.account);
            line.is_none_or(|line| line.now == balance.atoms)
        });
        lamports_join && tokens_join
    }

    /// Enters a receipt; an account that does not begin where it ended, or a lamport too many or too few, is a mismatch.
    pub fn enter(&mut self, receipt: &Receipt) -> Outcome {
        let landed = &receipt.landed;
        self.transactions = self.transactions.saturating_add(1);
        self.fees_lamports = self.fees_lamports.saturating_add(landed.fee_lamports);
        for (address, before, after) in &landed.lamports {
            if address == &INCINERATOR {
                // what it gets is gone before long
                let burnt = after.saturating_sub(*before);
                self.burnt_lamports = self.burnt_lamports.saturating_add(burnt);
                continue;
            }
            let line = self.lamports.entry(*address).or_insert(Line {
                start: *before,
                now: *before,
            });
            check(
                &format!("lamports of {address} before \"{}\"", receipt.label),
                line.now,
                *before,
            )?;
            line.now = *after;
        }
        let before = sum(landed.lamports.iter().map(|(_, before, _)| *before));
        let after = sum(landed.lamports.iter().map(|(_, _, after)| *after));
        let kept = after.saturating_add(u128::from(landed.fee_lamports));
        check(
            &format!("lamports of \"{}\" add up with its fee", receipt.label),
            before,
            kept,
        )?;
        for balance in &landed.tokens_before {
            let known = self.tokens.get(&balance.account).map_or(0, |line| line.now);
            check(
                &format!("tokens of {} before \"{}\"", balance.account, receipt.label),
                known,
                balance.atoms,
            )?;
        }
        let touched: BTreeSet<Address> = landed.tokens_before.iter().map(|balance| balance.account).collect();
        for account in &touched {
            if let Some(line) = self.tokens.get_mut(account) {
                line.now = 0;
            }
        }
        for TokenBalance {
            account,
            mint,
            owner,
            atoms,
            ..
        } in &landed.tokens_after
        {
            self.tokens.insert(
                *account,
                TokenLine {
                    mint: *mint,
                    owner: *owner,
                    now: *atoms,
                },
            );
        }
        Ok(())
    }

    /// What a receipt moved, holder by holder; the fee is left to its own column.
    pub fn moved(&self, receipt: &Receipt) -> String {
        let mut changes: BTreeMap<(String, String, u8), i128> = BTreeMap::new();
        let mut add = |holder: String, symbol: &str, decimals: u8, before: u64, after: u64| {
            let entry = changes.entry((holder, symbol.to_owned(), decimals)).or_insert(0);
            *entry = entry
                .saturating_add(i128::from(after))
                .saturating_sub(i128::from(before));
        };
        for (position, (address, before, after)) in receipt.landed.lamports.iter().enumerate() {
            // the first account pays the fee
            let fee = if position == 0 { receipt.landed.fee_lamports } else { 0 };
            add(
                self.holder(address),
                "SOL",
                amount::SOL_DECIMALS,
                before.saturating_sub(fee),
                *after,
            );
        }
        let symbol = |balance: &TokenBalance| self.asset_of(&balance.mint).map_or("?", |asset| asset.symbol);
        for balance in &receipt.landed.tokens_before {
            add(
                self.holder(&balance.owner),
                symbol(balance),
                balance.decimals,
                balance.atoms,
                0,
            );
        }
        for balance in &receipt.landed.tokens_after {
            add(
                self.holder(&balance.owner),
                symbol(balance),
                balance.decimals,
                0,
                balance.atoms,
            );
        }
        let shown: Vec<String> = changes
            .into_iter()
            .filter(|(_, change)| *change != 0)
            .map(|((holder, symbol, decimals), change)| {
                format!("{holder} {} {symbol}", amount::format_change(change, decimals))
            })
            .collect();
        if shown.is_empty() {
            "nothing".to_owned()
        } else {
            shown.join(", ")
        }
    }

    /// Atoms of `mint` that the named holder has, by the books.
    pub fn holding(&self, holder: &str, mint: &Address) -> u64 {
        let held = self
            .tokens
            .values()
            .filter(|line| &line.mint == mint && self.holder(&line.owner) == holder);
        held.fold(0u64, |total, line| total.saturating_add(line.now))
    }

    /// Holds the books against the chain: every balance, every supply, every sum.
    pub async fn audit(&self, rpc: &Rpc) -> Outcome {
        let addresses: Vec<Address> = self.lamports.keys().copied().collect();
        let states = rpc.accounts(&addresses).await?;
        for ((address, line), state) in self.lamports.iter().zip(states) {
            let found = state.map_or(0, |state| state.lamports);
            // The clock and its like are written by the runtime, never by us.
            check(&format!("lamports of {address} on chain"), line.now, found)?;
        }
        for (address, line) in &self.tokens {
            check(
                &format!("tokens of {address} on chain"),
                line.now,
                tokens::balance(rpc, address).await?,
            )?;
        }
        let start = sum(self.lamports.values().map(|line| line.start));
        let end = sum(self.lamports.values().map(|line| line.now));
        let kept = end
            .saturating_add(u128::from(self.fees_lamports))
            .saturating_add(u128::from(self.burnt_lamports));
        check(
            "lamports at the start = lamports at the end + fees + burnt",
            start,
            kept,
        )?;
        let left = rpc.account(&INCINERATOR).await?.map_or(0, |state| state.lamports);
        check("what was burnt is gone", 0, left)?;
        for asset in &self.assets {
            let held = sum(self
                .tokens
                .values()
                .filter(|line| line.mint == asset.mint)
                .map(|line| line.now));
            let supply = tokens::mint(rpc, &asset.mint).await?.state.supply_atoms;
            check(
                &format!("all {} held = its supply", asset.symbol),
                u128::from(supply),
                held,
            )?;
            if let Some(issued) = asset.issued {
                check(
                    &format!("the supply of {} = what was issued", asset.symbol),
                    issued,
                    supply,
                )?;
            }
        }
        Ok(())
    }

    /// The closing table: a row for each holder, and the sums.
    pub fn table(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut headings = vec!["holder".to_owned(), "SOL before".to_owned(), "SOL after".to_owned()];
        headings.extend(self.assets.iter().map(|asset| asset.symbol.to_owned()));
        let mut holders: BTreeSet<String> = self.names.values().cloned().collect();
        holders.insert(ACCOUNTS.to_owned());
        let mut rows = Vec::new();
        for holder in &holders {
            let lines: Vec<&Line> = self
                .lamports
                .iter()
                .filter(|(address, _)| &self.holder(address) == holder)
                .map(|(_, line)| line)
                .collect();
            let mut row = vec![
                holder.clone(),
                sol(sum(lines.iter().map(|line| line.start))),
                sol(sum(lines.iter().map(|line| line.now))),
            ];
            row.extend(self.assets.iter().map(|asset| match self.holding(holder, &asset.mint) {
                0 => String::new(),
                atoms => amount::format(atoms, asset.decimals),
            }));
            if row.iter().skip(1).any(|cell| !cell.is_empty() && cell != "0") {
                rows.push(row);
            }
        }
        for (what, lamports) in [
            ("fees of the network", self.fees_lamports),
            (BURNT, self.burnt_lamports),
        ] {
            let mut row = vec![what.to_owned(), String::new(), amount::sol(lamports)];
            row.resize(headings.len(), String::new());
            rows.push(row);
        }
        let mut total = vec![
            "sum".to_owned(),
            sol(sum(self.lamports.values().map(|line| line.start))),
            sol(sum(self.lamports.values().map(|line| line.now))
                .saturating_add(u128::from(self.fees_lamports))
                .saturating_add(u128::from(self.burnt_lamports))),
        ];
        total.extend(self.assets.iter().map(|asset| {
            let held = sum(self
                .tokens
                .values()
                .filter(|line| line.mint == asset.mint)
                .map(|line| line.now));
            amount::format(u64::try_from(held).unwrap_or(u64::MAX), asset.decimals)
        }));
        rows.push(total);
        (headings, rows)
    }

    /// How many transactions and accounts the books cover.
    pub fn extent(&self) -> (usize, usize) {
        (self.transactions, self.lamports.len())
    }
}

fn sol(lamports: u128) -> String {
    amount::sol(u64::try_from(lamports).unwrap_or(u64::MAX))
}
