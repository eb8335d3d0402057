//! Exits by way of the court.

use {super::*, solana_instruction::Instruction};

/// A life before the court, from a revealed result on.
fn case(donated: u64, live: impl FnOnce(&mut Court)) -> Ended {
    case_of(Court::new(0, 6), donated, live)
}

/// The same in a court that is there.
fn case_of(mut c: Court, donated: u64, live: impl FnOnce(&mut Court)) -> Ended {
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

/// A challenge, an answer, a dispute.
fn disputed(c: &mut Court) {
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
}

/// A redundant order whose result is challenged, in a court where nothing else is open.
fn redundant_case(donated: u64, live: impl FnOnce(&mut Court)) -> Ended {
    let mut c = Court::new(0, 0);
    c.e.hire(&TEAM);
    c.e.world.warp_seconds(3_600);
    c.e.run(c.e.settle(&c.order), &[]);
    close(&mut c.e, &c.order.clone());
    let before = Books::of(&c.e, None);
    c.order = c.e.compared_order(&[RESULT, RESULT, ODD_RESULT]);
    c.dispute = court::ix::dispute(&c.order.job).0;
    donate(&mut c.e, c.order.vault, donated);
    c.e.run(c.challenge("watcher"), &["watcher"]);
    live(&mut c);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    let challenge = court::ix::challenge_of(&c.order.job, &c.key("watcher")).0;
    let mut accounts = vec![c.order.job, c.order.vault, challenge, c.dispute];
    accounts.extend(TEAM.map(|name| c.e.part_of(name, &c.order)));
    Ended {
        before,
        after: Books::of(&c.e, None),
        accounts,
        escrow: c.e,
    }
}

fn execute_redundant(c: &Court) -> Instruction {
    court::ix::execute_ruling(
        c.key("cranker"),
        c.order.job,
        None,
        c.key("client"),
        c.key("watcher"),
        c.e.mint.address,
        c.e.mint.program,
    )
}

/// A challenge, an answer, a panel, its verdict and its execution.
fn judged(c: &mut Court, ppm: u32) {
    disputed(c);
    c.seed();
    c.draw();
    c.vote_all(ppm);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
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
                    disputed(c);
                    c.seed();
                    c.e.world.warp_seconds(SEED_SECONDS);
                    c.e.run(c.crank(), &["cranker"]);
                    c.e.run(c.execute(), &["cranker"]);
                    c.clear(&[]);
                })
            },
        },
        Exit {
            name: "a false canary that an attestor countersigns",
            people: &[("client", 5_000_000), ("cranker", 20_000), ("watcher", 22_490_000)],
            slashed: BOND,
            burnt: REWARD,
            live: |donated| {
                let (court, proof) = Court::canary(0);
                case_of(court, donated, |c| {
                    c.e.world.actor("attestor");
                    c.list_attestor("attestor");
                    let (watcher, attestor) = (c.key("watcher"), c.key("attestor"));
                    let (job, uid) = (c.order.job, c.order.uid);
                    let prove = court::ix::prove_canary(watcher, c.e.config, job, &uid, &proof, Some(attestor));
                    c.e.run(prove, &["watcher", "attestor"]);
                    c.win("watcher");
                })
            },
            ..NOTHING
        },
        Exit {
            // ten seats, fourteen bounties: 50,280,000. The defender's deposit less a fifth pays 20,480,000 of it, the challenger's
            // 25,600,000, the appellant's 4,200,000. The challenger has its reward
            name: "a verdict turned round by an appeal",
            people: &[
                ("client", 5_000_000),
                ("provider", -25_600_000),
                ("stranger", -4_200_000),
                ("watcher", -3_110_000),
                ("jurors", 50_000_000),
                ("cranker", 300_000),
            ],
            slashed: BOND,
            burnt: REWARD,
            incinerated: COURT_BURN,
            live: |donated| {
                case_of(Court::new(0, JURORS), donated, |c| {
                    disputed(c);
                    c.seed();
                    c.draw();
                    c.vote_all(1_000_000);
                    c.e.run(c.appeal("stranger"), &["stranger"]);
                    c.round(0);
                    c.e.world.warp_seconds(APPEAL_SECONDS);
                    c.e.run(c.crank(), &["cranker"]);
                    c.e.run(c.execute(), &["cranker"]);
                    c.clear(&["stranger"]);
                })
            },
            ..NOTHING
        },
        Exit {
            // two bonds with one compensation; the bounties: comparison, execution, two faults
            name: "a redundant result that nobody defends",
            people: &[
                ("client", 5_000_000),
                ("cranker", 80_000),
                ("payer", -20_000),
                ("watcher", -20_000),
            ],
            slashed: 100_000_000,
            burnt: 94_960_000,
            live: |donated| {
                redundant_case(donated, |c| {
                    c.e.world.warp_seconds(ANSWER_SECONDS);
                    c.e.run(c.open("watcher"), &["cranker"]);
                    c.e.run(execute_redundant(c), &["cranker"]);
                    let (key, cranker) = (c.key("watcher"), c.key("cranker"));
                    c.e.run(court::ix::close_dispute(c.order.job, key, key, cranker, &[]), &[]);
                    for name in TEAM {
                        c.e.run(c.e.settle_unpaid(name, &c.order), &["cranker"]);
                    }
                })
            },
            ..NOTHING
        },
    ]
}
