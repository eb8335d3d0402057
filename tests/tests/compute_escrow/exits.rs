//! Every way an order of any kind ends, with what it pays and costs, by hand. No tests: E1 and E2 go through all of them.

use {
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix,
        lease::{ix::Leave, lease_code, *},
        orders::*,
        supply::{attested_terms, spread_terms},
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
/// Jurors of a court here.
const JURORS: u32 = 6;
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

/// The client's account is frozen; it gets its refund elsewhere.
fn refunded_elsewhere(e: &mut Escrow, order: &Order) {
    let mint = e.mint.clone();
    let second = e.world.token_account_named(&mint, &e.key("client"), SECOND);
    e.run(e.claim_refund(order, second), &["client"]);
}

/// Bids are placed and the bidding is over.
fn bid(e: &mut Escrow, order: &Order, bids: &[(&str, u64)]) {
    for (name, price) in bids {
        e.run(e.place_bid(name, order, *price), &[name, "payer"]);
    }
    e.world.warp_seconds(600);
}

/// anna bids least, ben next; both reveal. Who won is not decided yet, though it can be.
fn reveal_bids(e: &mut Escrow, order: &Order) {
    let bids = [("anna", 700_000), ("ben", 800_000)];
    bid(e, order, &bids);
    e.reveal_bids(order, &bids);
    e.world.warp_seconds(300);
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

/// The [`TEAM`] joins.
fn join(e: &mut Escrow, order: &Order, names: &[&str]) {
    for name in names {
        e.run(e.join(name, order), &[name, "payer"]);
    }
}

/// The [`TEAM`] joins, commits and reveals, all but the last, who reveals something else.
fn compare(e: &mut Escrow, order: &Order) {
    join(e, order, &TEAM);
    let results = [RESULT, RESULT, ODD_RESULT];
    for (name, result) in TEAM.iter().zip(&results) {
        e.run(e.commit_part(name, order, result), &[name]);
    }
    for (name, result) in TEAM.iter().zip(&results) {
        e.run(e.reveal_part(name, order, result), &[name]);
    }
    e.run(e.compare(order, &TEAM), &["cranker"]);
    e.world.warp_seconds(3_600);
}

/// A lease's life.
fn lease(donated: u64, accepted: bool, live: impl FnOnce(&mut Escrow, &Rent)) -> Ended {
    life(|e| {
        let rent = e.rent();
        donate(e, rent.vault, donated);
        if accepted {
            e.run(e.accept(&rent), &["session"]);
        }
        live(e, &rent);
        vec![rent.lease, rent.vault]
    })
}

/// A life before the court, from a revealed result on.
fn case(donated: u64, live: impl FnOnce(&mut Court)) -> Ended {
    let mut c = Court::new(0, JURORS);
    let (job, vault) = (c.order.job, c.order.vault);
    let before = Books::of(&c.e, Some(job));
    donate(&mut c.e, vault, donated);
    live(&mut c);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    let challenge = court::ix::challenge_of(&job, &c.key("watcher")).0;
    Ended {
        before,
        after: Books::of(&c.e, None),
        accounts: vec![job, vault, challenge, c.dispute],
        escrow: c.e,
    }
}

/// A challenge, an answer, a panel, its verdict and its execution.
fn judged(c: &mut Court, ppm: u32) {
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    c.draw();
    c.vote_all(ppm);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
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

/// Exits of batch jobs.
pub fn of_batch_jobs() -> Vec<Exit> {
    vec![
        Exit {
            name: "canceled",
            live: |donated| job(&terms(), donated, |e, order| drop(e.run(e.cancel(order), &["client"]))),
            ..NOTHING
        },
        Exit {
            name: "canceled after a refusal",
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    e.drive(order, state_code::CLAIMED);
                    e.run(e.decline(order), &["session"]);
                    e.run(e.cancel(order), &["client"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "not claimed",
            people: RESERVE[0],
            live: |donated| job(&spread_terms(), donated, |e, order| crank(e, order, 600)),
            ..NOTHING
        },
        Exit {
            name: "not claimed, the client frozen",
            people: RESERVE[0],
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    let (mint, account) = (e.mint.clone(), e.client_token);
                    e.world.freeze(&mint, &account);
                    crank(e, order, 600);
                    refunded_elsewhere(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "not started, canceled",
            people: FAULT,
            slashed: 5_020_000,
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    e.drive(order, state_code::CLAIMED);
                    crank(e, order, 120);
                    e.run(e.cancel(order), &["client"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "not committed",
            people: FAULT,
            slashed: BOND,
            burnt: BURN,
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    e.drive(order, state_code::RUNNING);
                    crank(e, order, 300);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "not revealed",
            people: FAULT,
            slashed: BOND,
            burnt: BURN,
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    e.drive(order, state_code::COMMITTED);
                    crank(e, order, 300);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "paid",
            paid: PROVIDER_PART,
            fee: FEE_PART,
            live: |donated| {
                job(&terms(), donated, |e, order| {
                    e.drive(order, state_code::FINAL);
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            // ⌊1,000,003 · 0.2⌋ = 200,000
            name: "one milestone accepted, the rest not committed",
            paid: 196_000,
            fee: 4_000,
            people: FAULT,
            slashed: BOND,
            burnt: BURN,
            live: |donated| {
                job(&milestone_terms(), donated, |e, order| {
                    e.drive(order, state_code::RUNNING);
                    e.run(e.accept_milestone(order, 0), &["client"]);
                    crank(e, order, 300);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "all milestones accepted",
            paid: PROVIDER_PART,
            fee: FEE_PART,
            live: |donated| {
                job(&milestone_terms(), donated, |e, order| {
                    e.drive(order, state_code::RUNNING);
                    for index in 0..3 {
                        e.run(e.accept_milestone(order, index), &["client"]);
                    }
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "not countersigned",
            people: RESERVE[0],
            live: |donated| {
                life(|e| {
                    e.appoint(&["attestor"]);
                    let order = post(e, &attested_terms(), donated);
                    e.drive(&order, state_code::CHALLENGEABLE);
                    crank(e, &order, 3_600);
                    vec![order.job, order.vault]
                })
            },
            ..NOTHING
        },
    ]
}

/// Exits of auctions.
pub fn of_auctions() -> Vec<Exit> {
    vec![
        Exit {
            name: "an auction canceled over a bid",
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    e.run(e.place_bid("anna", order, 1), &["anna", "payer"]);
                    e.run(e.cancel(order), &["client"]);
                    e.run(e.reclaim_bid("anna", order), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "an auction without bids",
            people: RESERVE[0],
            live: |donated| job(&auction_terms(), donated, |e, order| crank(e, order, 600)),
            ..NOTHING
        },
        Exit {
            // the end of the bidding and the refund; two bounties of the bid: one paid, one burnt
            name: "an auction whose bid is not revealed",
            people: &[("cranker", 60_000), ("payer", -40_000)],
            slashed: 40_000,
            burnt: 20_000,
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    bid(e, order, &[("anna", 700_000)]);
                    e.run(e.end_bidding(order), &["cranker"]);
                    e.world.warp_seconds(300);
                    e.run(e.reclaim_bid("anna", order), &["cranker"]);
                    e.run(e.crank(order), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            // 98 % of 700,000
            name: "an auction that is won and paid",
            paid: 686_000,
            fee: 14_000,
            people: RESERVE[0],
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    reveal_bids(e, order);
                    e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
                    e.run(e.take_up("anna", order), &["anna"]);
                    work(e, "anna", order);
                    close(e, order);
                    e.run(e.reclaim_bid("ben", order), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            // 98 % of 800,000
            name: "an auction that passes to the second",
            paid: 784_000,
            fee: 16_000,
            people: &[("client", 5_000_000), ("cranker", 40_000), ("payer", -20_000)],
            slashed: 5_020_000,
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    reveal_bids(e, order);
                    e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
                    e.world.warp_seconds(120);
                    e.run(e.award_to(order, Some("anna"), Some("ben")), &["cranker"]);
                    e.run(e.take_up("ben", order), &["ben"]);
                    work(e, "ben", order);
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "an auction nobody takes up",
            people: &[("client", 10_000_000), ("cranker", 60_000), ("payer", -20_000)],
            slashed: 10_040_000,
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    reveal_bids(e, order);
                    e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
                    e.world.warp_seconds(120);
                    e.run(e.award_to(order, Some("anna"), Some("ben")), &["cranker"]);
                    e.world.warp_seconds(120);
                    e.run(e.award_to(order, Some("ben"), None), &["cranker"]);
                    e.run(e.crank(order), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            // the award and the refund from the reserve, the fault from the bond
            name: "an auction taken up and not started",
            people: &[("client", 5_000_000), ("cranker", 60_000), ("payer", -40_000)],
            slashed: 5_020_000,
            live: |donated| {
                job(&auction_terms(), donated, |e, order| {
                    reveal_bids(e, order);
                    e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
                    e.run(e.take_up("anna", order), &["anna"]);
                    e.run(e.reclaim_bid("ben", order), &["cranker"]);
                    crank(e, order, 120);
                    e.run(e.crank(order), &["cranker"]);
                })
            },
            ..NOTHING
        },
    ]
}

/// Exits of redundant orders.
pub fn of_redundant_orders() -> Vec<Exit> {
    vec![
        Exit {
            name: "a redundant order nobody joins",
            people: RESERVE[0],
            live: |donated| {
                job(&redundant_terms(), donated, |e, order| {
                    e.world.warp_seconds(600);
                    e.run(e.compare(order, &[]), &["cranker"]);
                    e.run(e.crank(order), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a redundant order not all join",
            people: RESERVE[0],
            live: |donated| {
                job(&redundant_terms(), donated, |e, order| {
                    join(e, order, &TEAM[..2]);
                    e.world.warp_seconds(600);
                    e.run(e.compare(order, &[]), &["cranker"]);
                    for name in &TEAM[..2] {
                        e.run(e.settle_unpaid(name, order), &["cranker"]);
                    }
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a redundant order two of three agree on",
            paid: 2 * SHARE_PROVIDER,
            fee: 2 * SHARE_FEE,
            people: RESERVE[0],
            live: |donated| {
                job(&redundant_terms(), donated, |e, order| {
                    compare(e, order);
                    for name in TEAM {
                        e.run(e.settle_part(name, order), &["cranker"]);
                    }
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            // two bonds; one compensation, three bounties, one of them the reserve's
            name: "a redundant order one commits to",
            people: &[("client", 5_000_000), ("cranker", 60_000), ("payer", -20_000)],
            slashed: 100_000_000,
            burnt: 94_960_000,
            live: |donated| {
                job(&redundant_terms(), donated, |e, order| {
                    join(e, order, &TEAM);
                    e.run(e.commit_part("anna", order, &RESULT), &["anna"]);
                    e.world.warp_seconds(300);
                    e.run(e.compare(order, &[]), &["cranker"]);
                    for name in TEAM {
                        e.run(e.settle_unpaid(name, order), &["cranker"]);
                    }
                    close(e, order);
                })
            },
            ..NOTHING
        },
        Exit {
            // the end of the running and the comparison from the reserve; two bonds with one compensation
            name: "a redundant order of which one reveals, one commits and one does nothing",
            people: &[("client", 5_000_000), ("cranker", 80_000), ("payer", -40_000)],
            slashed: 100_000_000,
            burnt: 94_960_000,
            live: |donated| {
                job(&redundant_terms(), donated, |e, order| {
                    join(e, order, &TEAM);
                    for name in &TEAM[..2] {
                        e.run(e.commit_part(name, order, &RESULT), &[name]);
                    }
                    e.world.warp_seconds(300);
                    e.run(e.compare(order, &[]), &["cranker"]);
                    e.run(e.reveal_part("anna", order, &RESULT), &["anna"]);
                    e.world.warp_seconds(300);
                    e.run(e.compare(order, &["anna"]), &["cranker"]);
                    for name in TEAM {
                        e.run(e.settle_unpaid(name, order), &["cranker"]);
                    }
                    close(e, order);
                })
            },
            ..NOTHING
        },
    ]
}

/// Exits of leases.
pub fn of_leases() -> Vec<Exit> {
    vec![
        Exit {
            name: "a lease taken back",
            live: |donated| {
                lease(donated, false, |e, rent| {
                    drop(e.run(e.close_by_client(rent), &["client"]))
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a lease nobody accepts",
            people: RESERVE[0],
            live: |donated| {
                lease(donated, false, |e, rent| {
                    e.world.warp_seconds(OPEN_SECONDS);
                    e.run(e.crank_lease(rent), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            // 50 · 37 = 1,850 atoms; 98 % of them
            name: "a lease the provider leaves without notice",
            paid: 1_813,
            fee: 37,
            people: &[("client", 5_000_000)],
            slashed: 5_000_000,
            live: |donated| {
                lease(donated, true, |e, rent| {
                    e.world.warp_seconds(100);
                    let words = e.words(rent, 50 * RATE, 1);
                    e.redeems(rent, &words);
                    e.run(e.close_by_provider(rent), &["session"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a lease forgotten by all",
            people: RESERVE[1],
            live: |donated| {
                lease(donated, true, |e, rent| {
                    for seconds in [FUNDED, PAUSE, SETTLE] {
                        e.world.warp_seconds(seconds);
                        e.run(e.crank_lease(rent), &["cranker"]);
                    }
                })
            },
            ..NOTHING
        },
        Exit {
            // 100 · 37 = 3,700 atoms; 98 % of them
            name: "a lease the client ends, paid while it settles",
            paid: 3_626,
            fee: 74,
            people: RESERVE[0],
            live: |donated| {
                lease(donated, true, |e, rent| {
                    e.world.warp_seconds(100);
                    e.run(e.close_by_client(rent), &["client"]);
                    e.world.warp_seconds(100);
                    let words = e.words(rent, u64::MAX, 1);
                    e.redeems(rent, &words);
                    e.world.warp_seconds(SETTLE);
                    e.run(e.crank_lease(rent), &["cranker"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a lease under notice, left on time",
            live: |donated| {
                lease(donated, true, |e, rent| {
                    e.run(e.notice(rent), &["session"]);
                    e.world.warp_seconds(NOTICE);
                    e.run(e.close_by_provider(rent), &["session"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a lease whose client is frozen",
            people: RESERVE[0],
            live: |donated| {
                lease(donated, true, |e, rent| {
                    e.run(e.close_by_client(rent), &["client"]);
                    let (mint, account) = (e.mint.clone(), e.client_token);
                    e.world.freeze(&mint, &account);
                    e.world.warp_seconds(SETTLE);
                    e.run(e.crank_lease(rent), &["cranker"]);
                    let second = e.world.token_account_named(&mint, &e.key("client"), SECOND);
                    let refund = Leave {
                        client_token: second,
                        ..e.leave("client", rent)
                    };
                    e.run(refund.close(), &["client"]);
                })
            },
            ..NOTHING
        },
        Exit {
            name: "a lease whose gang does not gather",
            people: RESERVE[0],
            live: |donated| {
                life(|e| {
                    let rent = e.lease_in(lease_code::JOINED);
                    donate(e, rent.vault, donated);
                    e.world.warp_seconds(i64::from(GATHER));
                    e.run(e.crank_lease(&rent), &["cranker"]);
                    let gang = rent.gang.unwrap();
                    e.run(e.close_gang("cranker", gang), &["cranker"]);
                    vec![rent.lease, rent.vault, gang]
                })
            },
            ..NOTHING
        },
    ]
}

/// Exits by way of the court.
pub fn of_cases() -> Vec<Exit> {
    vec![
        Exit {
            name: "a challenge nobody answers",
            people: &[("client", 5_000_000), ("cranker", 20_000), ("watcher", 22_490_000)],
            slashed: BOND,
            burnt: REWARD,
            live: |donated| {
                case(donated, |c| {
                    c.e.run(c.challenge("watcher"), &["watcher"]);
                    c.e.world.warp_seconds(ANSWER_SECONDS);
                    c.win("watcher");
                })
            },
            ..NOTHING
        },
        Exit {
            // ⌊1,000,003 · 0.7⌋ = 700,002; 98 % of them. Three seats of 5,000,000, seven bounties, a fifth of the bond
            name: "a divided verdict for the worker",
            paid: 686_001,
            fee: 14_001,
            people: &[
                ("watcher", -25_600_000),
                ("provider", 5_340_000),
                ("jurors", 15_000_000),
                ("cranker", 140_000),
            ],
            incinerated: COURT_BURN,
            live: |donated| case(donated, |c| judged(c, 700_000)),
            ..NOTHING
        },
        Exit {
            // six bounties are the case's, one is the bond's; the rest of the bond beside compensation and bounty is halved
            name: "a verdict that the result is wrong",
            people: &[
                ("client", 5_000_000),
                ("provider", -25_600_000),
                ("watcher", 27_850_000),
                ("jurors", 15_000_000),
                ("cranker", 140_000),
            ],
            slashed: BOND,
            burnt: REWARD,
            incinerated: COURT_BURN,
            live: |donated| case(donated, |c| judged(c, 0)),
            ..NOTHING
        },
        Exit {
            // ⌊1,000,003 / 2⌋ = 500,001; 98 % of them. Four bounties, a fifth of everybody's bond
            name: "a case nobody judges",
            paid: 490_000,
            fee: 10_001,
            people: &[("watcher", -5_160_000), ("provider", -5_160_000), ("cranker", 80_000)],
            slashed: 10_000_000,
            burnt: 10_000_000,
            incinerated: 2 * COURT_BURN,
            live: |donated| {
                case(donated, |c| {
                    c.e.run(c.challenge("watcher"), &["watcher"]);
                    c.e.run(c.answer("watcher"), &["provider"]);
                    c.e.run(c.open("watcher"), &["cranker"]);
                    c.e.world.warp(0, 1);
                    c.seed();
                    c.e.world.warp_seconds(SEED_SECONDS);
                    c.e.run(c.crank(), &["cranker"]);
                    c.e.run(c.execute(), &["cranker"]);
                    c.clear(&[]);
                })
            },
            ..NOTHING
        },
    ]
}
