//! Exits of batch jobs.

use {
    super::*,
    commonweal_tests::fixtures::escrow::supply::{attested_terms, spread_terms},
};

/// The client's account is frozen; it gets its refund elsewhere.
fn refunded_elsewhere(e: &mut Escrow, order: &Order) {
    let mint = e.mint.clone();
    let second = e.world.token_account_named(&mint, &e.key("client"), SECOND);
    e.run(e.claim_refund(order, second), &["client"]);
}

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
        Exit {
            name: "countersigned and paid",
            paid: PROVIDER_PART,
            fee: FEE_PART,
            live: |donated| {
                life(|e| {
                    e.appoint(&["attestor"]);
                    let order = post(e, &attested_terms(), donated);
                    e.drive(&order, state_code::CHALLENGEABLE);
                    e.run(e.countersign("attestor", &order), &["attestor"]);
                    e.world.warp_seconds(3_600);
                    e.run(e.settle(&order), &[]);
                    close(e, &order);
                    vec![order.job, order.vault]
                })
            },
            ..NOTHING
        },
        Exit {
            name: "unverified and paid at once",
            paid: PROVIDER_PART,
            fee: FEE_PART,
            live: |donated| {
                let unverified = JobTerms {
                    verification: 0,
                    challenge_seconds: 0,
                    ..terms()
                };
                job(&unverified, donated, |e, order| {
                    e.drive(order, state_code::CHALLENGEABLE);
                    e.run(e.settle(order), &[]);
                    close(e, order);
                })
            },
            ..NOTHING
        },
    ]
}
