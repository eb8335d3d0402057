//! Every way an order of any kind ends, with what it pays and costs, by hand. No tests: E1 and E2 go through all of them.

#[path = "exits/batch.rs"]
mod batch;
#[path = "exits/cases.rs"]
mod cases;
#[path = "exits/leases.rs"]
mod leases;
#[path = "exits/orders.rs"]
mod orders;

pub use {
    batch::of_batch_jobs,
    cases::of_cases,
    leases::of_leases,
    orders::{of_auctions, of_redundant_orders},
};

use {
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix,
        orders::*,
        *,
    },
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Everybody who has lamports at stake. All jurors together are one.
const PEOPLE: [&str; 12] = [
    "admin", "client", "payer", "provider", "session", "cranker", "treasury", "stranger", "watcher", "anna", "ben",
    "cleo",
];
/// Most jurors of a court here.
const JURORS: u32 = 16;
/// What a missed commitment or reveal burns of the bond: 50,000,000 − 5,000,000 − 20,000.
const BURN: u64 = 44_980_000;
/// Name of the client's second token account.
pub const SECOND: &str = "second account of the client";

/// What there is, and whose it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Books {
    /// Atoms of the client, in whatever account, those in the vaults of its orders among them.
    client_atoms: u64,
    claimable_atoms: u64,
    fee_atoms: u64,
    /// Atoms in the payouts' token accounts.
    payout_atoms: u64,
    supply_atoms: u64,
    /// By name. What orders hold counts for the payer, who put it there.
    lamports: BTreeMap<&'static str, u64>,
    slot_lamports: u64,
    bond_lamports: u64,
    locked_lamports: u64,
    slashed_lamports: u64,
    burnt_lamports: u64,
    incinerated_lamports: u64,
}

impl Books {
    /// With an order that is there already, or without.
    fn of(e: &Escrow, job: Option<Address>) -> Self {
        let world = &e.world;
        let vaults = job.map(|job| ix::vault(&job).0);
        let client = [Some(e.client_token), Some(e.key(SECOND)), vaults];
        let mut books = Self {
            client_atoms: client.into_iter().flatten().map(|account| world.tokens(&account)).sum(),
            claimable_atoms: 0,
            fee_atoms: 0,
            payout_atoms: 0,
            supply_atoms: world.supply(&e.mint.address),
            lamports: PEOPLE.map(|name| (name, world.lamports(&e.key(name)))).into(),
            slot_lamports: 0,
            bond_lamports: 0,
            locked_lamports: 0,
            slashed_lamports: 0,
            burnt_lamports: 0,
            incinerated_lamports: world.lamports(&INCINERATOR),
        };
        let held: u64 = [job, vaults]
            .into_iter()
            .flatten()
            .map(|account| world.lamports(&account))
            .sum();
        *books.lamports.get_mut("payer").unwrap() += held;
        let jury = (0..JURORS)
            .map(|index| world.lamports(&e.key(&format!("juror {index}"))))
            .sum();
        books.lamports.insert("jurors", jury);
        for address in &e.slots {
            let slot: Slot = world.state(address);
            books.slot_lamports += world.lamports(address);
            books.bond_lamports += slot.bond_lamports.get();
            books.locked_lamports += slot.locked_lamports.get();
            books.slashed_lamports += slot.slashed_lamports.get();
            books.burnt_lamports += slot.burnt_lamports.get();
            let payout = ix::payout(address, &e.mint.address).0;
            if world.exists(&payout) {
                let payout: Payout = world.state(&payout);
                books.claimable_atoms += payout.claimable_atoms.get();
                books.fee_atoms += payout.fee_due_atoms.get();
                books.payout_atoms += world.tokens(&payout.vault);
            }
        }
        books
    }

    /// All lamports of everybody.
    fn lamports(&self) -> u64 {
        self.lamports.values().sum::<u64>() + self.slot_lamports + self.incinerated_lamports
    }
}

/// The books before and after an order's whole life, and every account it had.
pub struct Ended {
    before: Books,
    after: Books,
    escrow: Escrow,
    accounts: Vec<Address>,
}

/// One way to end.
pub struct Exit {
    /// In words.
    pub name: &'static str,
    /// Atoms that workers get.
    paid: u64,
    /// Atoms of fees.
    fee: u64,
    /// Lamports people get (or pay), by name; nobody else's change.
    people: &'static [(&'static str, i64)],
    /// Lamports taken from bonds.
    slashed: u64,
    /// Those of them that stay on the slots for ever.
    burnt: u64,
    /// Lamports the court burns.
    incinerated: u64,
    /// The life, with so many atoms donated to the vault.
    live: fn(u64) -> Ended,
}

impl Exit {
    /// Asserts E1 and E2 of a life.
    pub fn check(&self, donated: u64) {
        let name = self.name;
        let ended = (self.live)(donated);
        let (a, b) = (&ended.before, &ended.after);
        // E1 for the mint
        assert_eq!(b.claimable_atoms - a.claimable_atoms, self.paid, "paid: {name}");
        assert_eq!(b.fee_atoms - a.fee_atoms, self.fee, "fee: {name}");
        assert_eq!(b.payout_atoms - a.payout_atoms, self.paid + self.fee, "held: {name}");
        assert_eq!(
            b.client_atoms + self.paid + self.fee,
            a.client_atoms + donated,
            "refunded: {name}"
        );
        assert_eq!(b.supply_atoms, a.supply_atoms + donated, "supply: {name}");
        // E1 for lamports
        for (who, before) in &a.lamports {
            let due: i64 = self
                .people
                .iter()
                .filter(|(name, _)| name == who)
                .map(|(_, due)| due)
                .sum();
            let got = i64::try_from(b.lamports[who]).unwrap() - i64::try_from(*before).unwrap();
            assert_eq!(got, due, "lamports of {who}: {name}");
        }
        assert_eq!(a.bond_lamports - b.bond_lamports, self.slashed, "bonds: {name}");
        assert_eq!(b.slashed_lamports - a.slashed_lamports, self.slashed, "slashed: {name}");
        assert_eq!(b.burnt_lamports - a.burnt_lamports, self.burnt, "burnt: {name}");
        assert_eq!(
            a.slot_lamports - b.slot_lamports,
            self.slashed - self.burnt,
            "slots: {name}"
        );
        assert_eq!(b.locked_lamports, 0, "locked: {name}");
        assert_eq!(
            b.incinerated_lamports - a.incinerated_lamports,
            self.incinerated,
            "incinerated: {name}"
        );
        // all rent is back
        assert_eq!(a.lamports(), b.lamports(), "all lamports: {name}");
        // E2
        assert!(!ended.accounts.is_empty());
        for account in &ended.accounts {
            assert!(!ended.escrow.world.exists(account), "{account} is left: {name}");
        }
    }
}

/// A life in a world with the default slot and a [`TEAM`], each with a payout.
fn life(live: impl FnOnce(&mut Escrow) -> Vec<Address>) -> Ended {
    let mut escrow = Escrow::ready(0);
    escrow.hire(&TEAM);
    let before = Books::of(&escrow, None);
    let accounts = live(&mut escrow);
    Ended {
        before,
        after: Books::of(&escrow, None),
        escrow,
        accounts,
    }
}

/// Posts and donates.
fn post(e: &mut Escrow, terms: &JobTerms, donated: u64) -> Order {
    let order = e.post_with(terms);
    donate(e, order.vault, donated);
    order
}

fn donate(e: &mut Escrow, vault: Address, donated: u64) {
    if donated > 0 {
        let mint = e.mint.clone();
        e.world.mint_into(&mint, &vault, donated);
    }
}

/// A job's life.
fn job(terms: &JobTerms, donated: u64, live: impl FnOnce(&mut Escrow, &Order)) -> Ended {
    life(|e| {
        let order = post(e, terms, donated);
        live(e, &order);
        let mut accounts = vec![order.job, order.vault];
        for name in TEAM {
            accounts.extend([e.bid_of(name, &order), e.part_of(name, &order)]);
        }
        accounts
    })
}

fn crank(e: &mut Escrow, order: &Order, seconds: i64) {
    e.world.warp_seconds(seconds);
    e.run(e.crank(order), &["cranker"]);
}

fn close(e: &mut Escrow, order: &Order) {
    e.run(e.close_with_surplus(order, e.client_token), &["cranker"]);
}

/// From the start to the settlement by a worker with one slot.
pub fn work(e: &mut Escrow, name: &str, order: &Order) {
    let (key, provider, slot) = (e.key(name), e.provider_of(name), e.slot_of(name));
    let hash = commitment(&RESULT, &SALT, &slot, &order.uid);
    e.run(ix::start_job(key, provider, slot, order.job, &INPUT), &[name]);
    e.run(ix::commit_result(key, provider, slot, order.job, &hash), &[name]);
    e.run(
        ix::reveal_result(key, provider, slot, order.job, &RESULT, &SALT),
        &[name],
    );
    e.world.warp_seconds(3_600);
    e.run(ix::settle(order.job, slot, e.mint.address, e.mint.program), &[]);
}

/// Nobody pays anybody anything.
const NOTHING: Exit = Exit {
    name: "",
    paid: 0,
    fee: 0,
    people: &[],
    slashed: 0,
    burnt: 0,
    incinerated: 0,
    live: |_| unreachable!(),
};
/// The reserve pays one, two, three bounties.
const RESERVE: [&[(&str, i64)]; 2] = [
    &[("cranker", 20_000), ("payer", -20_000)],
    &[("cranker", 40_000), ("payer", -40_000)],
];
/// A fault pays the client and the cranker.
const FAULT: &[(&str, i64)] = &[("client", 5_000_000), ("cranker", 20_000)];
