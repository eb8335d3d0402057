//! Exits of auctions and redundant orders.

use super::*;

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
