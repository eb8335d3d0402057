//! Who takes part, and how a step is taken: sent, entered into the books, printed.

use {
    super::book::{check, Book},
    crate::app::{Failure, Outcome},
    commonweal_client::{
        amount,
        explain::PROGRAM_ERRORS,
        governance, keys,
        rpc::ClusterTime,
        send::{Plan, Receipt, Sender},
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    commonweal_migrations::local::{self, Addresses},
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    std::{path::Path, time::Duration},
    tokio::time::{sleep, Instant},
};

/// Decimal places of every token of the story but the shares.
pub const DECIMALS: u8 = local::MINT_DECIMALS;
/// One whole token.
pub const ONE: u64 = 1_000_000;
/// One SOL.
pub const SOL: u64 = 1_000_000_000;
/// What each wallet gets to begin with.
const POCKET_LAMPORTS: u64 = 2 * SOL;
/// Seconds after which a trade is void.
const DEADLINE_SECONDS: i64 = 60;
/// How long a moment may take to come.
const PATIENCE: Duration = Duration::from_secs(180);

/// Everybody of the story: two providers of liquidity, two traders, four members, one large staker, one who registers alone, three
/// attestors, a client of compute, a provider who works, one who falls silent, somebody who turns cranks, three more providers,
/// and one with a person behind her.
pub const CAST: [&str; 21] = [
    "Lea", "Liam", "Tara", "Theo", "Mia", "Max", "Mona", "Milo", "Wolf", "Zoe", "Ada", "Abel", "Anna", "Cleo", "Gus",
    "Sid", "Nora", "Pia", "Paul", "Pax", "Gia",
];
/// The persons whom attestors register: the first four are members, the last is the largest staker.
pub const PERSONS: [&str; 5] = ["Mia", "Max", "Mona", "Milo", "Wolf"];
/// Those who vouch.
pub const ATTESTORS: [&str; 3] = ["Ada", "Abel", "Anna"];

/// The story so far.
pub struct Story<'a> {
    /// The pipeline.
    pub sender: &'a Sender,
    /// Who owns the network's SOL and the mints.
    pub funder: &'a Keypair,
    /// The network's addresses.
    pub at: Addresses,
    /// One mint of the pool, made for it.
    pub alpha: Keypair,
    /// The other.
    pub beta: Keypair,
    /// The books.
    pub book: Book,
    /// Checks that held.
    pub checks: usize,
    cast: Vec<(&'static str, Keypair)>,
    step: usize,
}

impl<'a> Story<'a> {
    /// Names everybody; nothing is sent yet.
    pub fn begin(sender: &'a Sender, funder: &'a Keypair) -> Self {
        let cast: Vec<_> = CAST
            .iter()
            .map(|name| (*name, keys::derive(funder, &[b"actor", name.as_bytes()])))
            .collect();
        let at = local::addresses(funder);
        let mut book = Book::default();
        book.name(funder.pubkey(), "the funder");
        book.name(at.treasury, "the treasury");
        for lane in 1..governance::LANE_COUNT {
            book.name(governance::treasury_address(&at.realm, lane), format!("lane {lane}"));
        }
        for (name, key) in &cast {
            book.name(key.pubkey(), *name);
        }
        let alpha = local::mint_key(funder, "alpha");
        let beta = local::mint_key(funder, "beta");
        book.asset(alpha.pubkey(), "ALPHA", DECIMALS, true);
        book.asset(beta.pubkey(), "BETA", DECIMALS, true);
        book.asset(at.governing_mint, "VOICE", DECIMALS, true);
        book.asset(at.payment_mint, "COIN", DECIMALS, true);
        Self {
            sender,
            funder,
            at,
            alpha,
            beta,
            book,
            checks: 0,
            cast,
            step: 0,
        }
    }

    /// An actor's keypair.
    pub fn key(&self, name: &str) -> Keypair {
        let found = self.cast.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| self.funder.insecure_clone(), |(_, key)| key.insecure_clone())
    }

    /// An actor's wallet.
    pub fn wallet(&self, name: &str) -> Address {
        self.key(name).pubkey()
    }

    /// An actor's token account of a mint (all of them are SPL Token's).
    pub fn tokens(&self, name: &str, mint: &Address) -> Address {
        tokens::associated(&self.wallet(name), mint, &ids::TOKEN)
    }

    /// Prints a heading.
    pub fn chapter(&self, title: &str) {
        say!("\n{title}");
    }

    /// Prints something that happened off chain.
    pub fn note(&self, text: &str) {
        say!("       {text}");
    }

    /// Requires two values to be equal, and counts it.
    pub fn check<T: PartialEq + ToString>(&mut self, what: &str, expected: T, found: T) -> Outcome {
        check(what, expected, found)?;
        self.checks = self.checks.saturating_add(1);
        self.note(&format!("✓ {what}"));
        Ok(())
    }

    /// Sends a step signed by `who`, enters it and prints it.
    pub async fn act(&mut self, label: &str, who: &[&str], instructions: Vec<Instruction>) -> Outcome<Receipt> {
        let signers: Vec<Keypair> = who.iter().map(|name| self.key(name)).collect();
        self.act_with(label, &signers.iter().collect::<Vec<_>>(), instructions)
            .await
    }

    /// Sends a step signed by these keys, enters it and prints it.
    pub async fn act_with(
        &mut self,
        label: &str,
        signers: &[&Keypair],
        instructions: Vec<Instruction>,
    ) -> Outcome<Receipt> {
        let receipt = self.sender.run(&Plan::new(label, instructions, signers)).await?;
        self.record(&receipt)?;
        Ok(receipt)
    }

    /// Requires a step to be refused with this error of governance; it is rehearsed, and nothing is sent.
    pub async fn refused(&mut self, what: &str, who: &str, error: &str, instructions: Vec<Instruction>) -> Outcome {
        let known = PROGRAM_ERRORS.iter().find(|known| known.name == error);
        let code = known.map_or(0, |known| known.code);
        self.refused_with(what, who, code, instructions).await
    }

    /// Requires a step to be refused with this code.
    pub async fn refused_with(&mut self, what: &str, who: &str, code: u32, instructions: Vec<Instruction>) -> Outcome {
        let key = self.key(who);
        let found = match self.sender.preview(&Plan::new(what, instructions, &[&key])).await {
            Ok(_) => "it would be done".to_owned(),
            Err(Error::Simulation { explained, .. }) if explained.code == Some(code) => code.to_string(),
            Err(error) => error.to_string(),
        };
        self.check(what, code.to_string(), found)
    }

    /// Sends steps that do not depend on each other at once.
    pub async fn act_at_once(&mut self, steps: Vec<(String, Vec<&str>, Vec<Instruction>)>) -> Outcome<Vec<Receipt>> {
        let signers: Vec<Vec<Keypair>> = steps
            .iter()
            .map(|(_, who, _)| who.iter().map(|name| self.key(name)).collect())
            .collect();
        let plans: Vec<Plan<'_>> = steps
            .into_iter()
            .zip(&signers)
            .map(|((label, _, instructions), signers)| {
                Plan::new(label, instructions, &signers.iter().collect::<Vec<_>>())
            })
            .collect();
        let mut receipts = self.sender.run_all(&plans).await?;
        // The books follow the chain's order: by slot, and within one by where the balances join.
        receipts.sort_by_key(|receipt| std::cmp::Reverse(receipt.landed.slot));
        let mut entered = Vec::with_capacity(receipts.len());
        while let Some(last) = receipts.last() {
            let slot = last.landed.slot;
            let next = receipts
                .iter()
                .rposition(|receipt| receipt.landed.slot == slot && self.book.follows(receipt))
                .unwrap_or(receipts.len().saturating_sub(1));
            let receipt = receipts.remove(next);
            self.record(&receipt)?;
            entered.push(receipt);
        }
        Ok(entered)
    }

    fn record(&mut self, receipt: &Receipt) -> Outcome {
        self.book.enter(receipt)?;
        self.step = self.step.saturating_add(1);
        say!(
            "{:>4}. {} · {} · {} CU · fee {} SOL · moved: {}",
            self.step,
            receipt.label,
            receipt.signature,
            receipt.landed.units,
            amount::sol(receipt.landed.fee_lamports),
            self.book.moved(receipt)
        );
        Ok(())
    }

    /// The cluster's time.
    pub async fn now(&self) -> Outcome<ClusterTime> {
        Ok(self.sender.rpc.clock().await?)
    }

    /// The deadline of a trade made now.
    pub async fn deadline(&self) -> Outcome<i64> {
        Ok(self.now().await?.unix_ts.saturating_add(DEADLINE_SECONDS))
    }

    /// Waits until the cluster's clock shows `unix_ts`.
    pub async fn wait_until(&self, what: &str, unix_ts: i64) -> Outcome<ClusterTime> {
        self.wait_for(what, |now| now.unix_ts >= unix_ts).await
    }

    /// Waits until the cluster's time is as wanted.
    pub async fn wait_for(&self, what: &str, is_due: impl Fn(&ClusterTime) -> bool) -> Outcome<ClusterTime> {
        let began = Instant::now();
        let mut now = self.now().await?;
        if !is_due(&now) {
            self.note(&format!("waiting for {what}"));
        }
        while !is_due(&now) {
            if began.elapsed() > PATIENCE {
                return Err(Failure::Mismatch {
                    what: format!("{what} comes"),
                    expected: format!("within {} s", PATIENCE.as_secs()),
                    found: format!("cluster time {} in slot {}", now.unix_ts, now.slot),
                });
            }
            sleep(Duration::from_millis(150)).await;
            now = self.now().await?;
        }
        Ok(now)
    }

    /// Gives everybody SOL, makes the pool's mints, and issues tokens to those who need them.
    pub async fn fund_everybody(&mut self) -> Outcome {
        for names in CAST.chunks(8) {
            let from = self.funder.pubkey();
            let instructions = names
                .iter()
                .map(|name| system::transfer(&from, &self.wallet(name), POCKET_LAMPORTS))
                .collect();
            self.act(&format!("fund {}", names.join(", ")), &["the funder"], instructions)
                .await?;
        }
        for (symbol, mint) in [
            ("ALPHA", self.alpha.insecure_clone()),
            ("BETA", self.beta.insecure_clone()),
        ] {
            let authority = self.funder.pubkey();
            let create = tokens::create_mint(
                &self.sender.rpc,
                &authority,
                &mint.pubkey(),
                &authority,
                DECIMALS,
                &ids::TOKEN,
            )
            .await?;
            let funder = self.funder;
            self.act_with(&format!("create mint {symbol}"), &[funder, &mint], create)
                .await?;
        }
        let (alpha, beta) = (self.alpha.pubkey(), self.beta.pubkey());
        let (voice, coin) = (self.at.governing_mint, self.at.payment_mint);
        for (name, grants) in [
            ("Lea", vec![(alpha, 500_000), (beta, 1_000_000)]),
            ("Liam", vec![(alpha, 250_000), (beta, 500_000)]),
            ("Tara", vec![(alpha, 10_000), (beta, 0)]),
            ("Theo", vec![(alpha, 0), (beta, 10_000)]),
            ("Mia", vec![(voice, 40)]),
            ("Wolf", vec![(voice, 1_000_000)]),
            ("Max", vec![(coin, 0)]),
            ("Cleo", vec![(coin, 1_000)]),
            ("Gus", vec![(coin, 0)]),
        ] {
            self.grant(name, &grants).await?;
        }
        Ok(())
    }

    async fn grant(&mut self, name: &str, grants: &[(Address, u64)]) -> Outcome {
        self.issue(name, self.wallet(name), grants).await
    }

    /// Opens canonical token accounts for a wallet and issues whole tokens into them.
    pub async fn issue(&mut self, name: &str, wallet: Address, grants: &[(Address, u64)]) -> Outcome {
        let payer = self.funder.pubkey();
        let mut instructions = Vec::new();
        for (mint, whole) in grants {
            instructions.push(tokens::create_associated(&payer, &wallet, mint, &ids::TOKEN));
            let atoms = whole.saturating_mul(ONE);
            if atoms > 0 {
                let account = tokens::associated(&wallet, mint, &ids::TOKEN);
                instructions.push(tokens::mint_to(mint, &account, &payer, atoms, &ids::TOKEN)?);
                self.book.issue(*mint, atoms);
            }
        }
        self.act(&format!("issue tokens to {name}"), &["the funder"], instructions)
            .await?;
        Ok(())
    }

    /// Writes everybody's keypair files, for `--keep`.
    pub fn write_keys(&self, folder: &Path) -> Outcome {
        for (name, key) in &self.cast {
            keys::write_new(&folder.join(format!("{}.json", name.to_lowercase())), key)?;
        }
        Ok(())
    }
}
