//! Exits of leases.

use {
    super::*,
    commonweal_tests::fixtures::escrow::lease::{ix::Leave, lease_code, *},
};

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
