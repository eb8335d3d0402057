//! E9: jobs of different people share no account that is written to, as the compiled messages of whole lives say.

use {
    commonweal_tests::{
        fixtures::escrow::{
            ix,
            lives::{shared, written, Cast, Market, Step},
            *,
        },
        world::{derive_keypair, Failure, World},
    },
    solana_address::Address,
    solana_instruction::AccountMeta,
    solana_keypair::Keypair,
    solana_signer::Signer as _,
    std::collections::BTreeSet,
};

/// Jobs whose lives are compiled.
const JOBS: u64 = 1_000;
/// Devices of one provider.
const DEVICES: u16 = 16;

fn market() -> Market {
    Market::of(&Escrow::bare(0))
}

#[test]
fn a_thousand_jobs_of_disjoint_people_share_no_written_account() {
    let market = market();
    let lives: Vec<BTreeSet<Address>> = (0..JOBS)
        .map(|number| written(&Cast::numbered(0, number).everything(&market)))
        .collect();
    assert_eq!(lives.len(), 1_000);
    assert!(shared(&lives).is_empty(), "E9: {:?}", shared(&lives));
    // the same thing as sizes: nothing is counted twice in the union
    let sizes: usize = lives.iter().map(BTreeSet::len).sum();
    assert_eq!(lives.iter().flatten().collect::<BTreeSet<_>>().len(), sizes);
}

#[test]
fn a_life_writes_what_its_people_own_and_nothing_else() {
    let market = market();
    let cast = Cast::numbered(0, 7);
    let (job, slot) = (cast.job(), cast.slot());
    let payout = ix::payout(&slot, &market.mint).0;
    let (client, worker) = ([cast.payer.pubkey(), cast.client_token], cast.worker_payer.pubkey());
    let life = BTreeSet::from([
        client[0],
        client[1],
        job,
        ix::vault(&job).0,
        worker,
        slot,
        payout,
        ix::vault(&payout).0,
        cast.earnings,
        cast.cranker.pubkey(),
    ]);
    assert_eq!(written(&cast.life(&market, 1)), life);
    // beginnings write the provider and its authority as well, a crank pays the client's wallet
    let mut all = life;
    all.extend([cast.provider(), cast.authority.pubkey(), cast.client.pubkey()]);
    assert_eq!(written(&cast.everything(&market)), all);
}

/// Where lamports are burnt.
const INCINERATOR: Address = Address::from_str_const("1nc1nerator11111111111111111111111111111111");
/// Instructions that found or change what all jobs read.
const ADMINISTRATION: [&str; 5] = [
    "initialize_config",
    "update_config",
    "allow_mint",
    "disallow_mint",
    "update_court",
];
/// Instructions of jurors, who have one list in common.
const JURORS: [&str; 3] = ["open_jury", "enroll_juror", "leave_jury"];
/// Instructions of a job that is contested: they may burn.
const CONTESTED: [&str; 19] = [
    "challenge_result",
    "prove_canary",
    "answer_challenge",
    "resolve_challenge",
    "open_dispute",
    "commit_seed",
    "reveal_seed",
    "pin_seed",
    "draw_panel",
    "commit_vote",
    "reveal_vote",
    "report_leak",
    "appeal",
    "link_proposal",
    "rule",
    "crank_dispute",
    "execute_ruling",
    "close_seat",
    "close_dispute",
];

#[test]
fn no_instruction_at_all_writes_what_strangers_write() {
    // each as it succeeds in two worlds whose people, configs and mints differ
    for def in scenarios() {
        let name = def.instruction;
        let sets = [1, 2].map(|seed| {
            let scenario = (def.build)(seed);
            let step = Step {
                name,
                fee_payer: scenario.signers[0].insecure_clone(),
                signers: vec![],
                instruction: scenario.instruction,
            };
            (written(&[step]), seed)
        });
        let common = shared(&sets.clone().map(|(written, _)| written));
        let is_allowed = |address: &Address| *address == INCINERATOR && CONTESTED.contains(&name);
        assert!(common.iter().all(is_allowed), "{name} writes {common:?} for everybody");
        // and what all jobs under one config have in common
        for (written, seed) in sets {
            let config = ix::config(u16::try_from(seed).unwrap()).0;
            let jury = ix::pda(&[b"jury", config.as_ref()]).0;
            let mint = derive_keypair(seed, "money").pubkey();
            assert!(!written.contains(&mint), "{name} writes the mint");
            assert_eq!(
                written.contains(&config),
                ADMINISTRATION.contains(&name),
                "{name} and the config"
            );
            assert_eq!(written.contains(&jury), JURORS.contains(&name), "{name} and the jury");
        }
    }
}

#[test]
fn one_hot_account_would_be_found() {
    let market = market();
    let hot = derive_keypair(0, "a market account").pubkey();
    let lives: Vec<BTreeSet<Address>> = (0..3)
        .map(|number| {
            let mut steps = Cast::numbered(0, number).life(&market, 1);
            let meta = AccountMeta::new(hot, false);
            steps[1].instruction.accounts.push(meta);
            written(&steps)
        })
        .collect();
    assert_eq!(shared(&lives), [hot]);
}

#[test]
fn two_jobs_of_one_client_share_that_clients_own_accounts_alone() {
    let market = market();
    let first = Cast {
        payer: Cast::numbered(0, 0).client,
        ..Cast::numbered(0, 0)
    };
    let second = Cast::of_client(0, 1, &first);
    let own = BTreeSet::from([first.client.pubkey(), first.client_token]);
    for steps in [Cast::everything as fn(&Cast, &Market) -> Vec<Step>, |cast, market| {
        cast.life(market, 1)
    }] {
        let sets = [&first, &second].map(|cast| written(&steps(cast, &market)));
        assert_eq!(shared(&sets).into_iter().collect::<BTreeSet<_>>(), own);
    }
}

#[test]
fn devices_of_one_provider_work_without_a_shared_write() {
    let market = market();
    let provider = Cast::numbered(0, 0);
    let devices: Vec<Cast> = (0..DEVICES)
        .map(|index| Cast::of_provider(0, index, &provider))
        .collect();
    let lives: Vec<_> = devices.iter().map(|cast| written(&cast.life(&market, 1))).collect();
    assert!(shared(&lives).is_empty(), "{:?}", shared(&lives));
    // also offered anew, declined, cranked and refunded on its own
    let more: Vec<_> = devices
        .iter()
        .map(|cast| {
            let mut steps = cast.detours(&market);
            steps.retain(|step| !["rotate", "withdraw bond"].contains(&step.name));
            steps.push(cast.open_payout(&market));
            written(&steps)
        })
        .collect();
    assert!(shared(&more).is_empty(), "{:?}", shared(&more));
    // what they share is written when a device is added or the machines' key replaced, and when bond leaves or enters the wallet
    let offerings: Vec<_> = devices.iter().map(|cast| written(&cast.offering(&market))).collect();
    let both = BTreeSet::from([provider.provider(), provider.authority.pubkey()]);
    assert_eq!(shared(&offerings).into_iter().collect::<BTreeSet<_>>(), both);
}

#[test]
fn fees_are_swept_beside_the_jobs_and_only_the_treasurys_account_is_common() {
    let e = Escrow::bare(0);
    let market = Market::of(&e);
    let treasury_token = derive_keypair(0, "the treasury's tokens").pubkey();
    let sweeps: Vec<_> = (0..3)
        .map(|number| {
            let cast = Cast::numbered(0, number);
            let sweep = ix::sweep_fees(market.config, cast.slot(), treasury_token, market.mint, market.program);
            written(&[cast.step("sweep", &cast.cranker, &[], sweep)])
        })
        .collect();
    assert_eq!(shared(&sweeps), [treasury_token]);
}

/// Funds everybody of a job in a world and sends a step of it; the error if it fails.
fn fund(e: &mut Escrow, cast: &Cast) {
    let payers = [
        &cast.payer,
        &cast.worker_payer,
        &cast.cranker,
        &cast.authority,
        &cast.client,
    ];
    for key in payers.map(|key| key.pubkey()) {
        if e.world.lamports(&key) == 0 {
            e.world.airdrop(&key, 10_000_000_000);
        }
    }
    let mint = e.mint.clone();
    let name = |role: &str| format!("{role} {}", cast.nonce);
    let (client, authority) = (cast.client.pubkey(), cast.authority.pubkey());
    assert_eq!(
        e.world.token_account_named(&mint, &client, &name("client's tokens")),
        cast.client_token
    );
    assert_eq!(
        e.world.token_account_named(&mint, &authority, &name("earnings")),
        cast.earnings
    );
    e.world.mint_into(&mint, &cast.client_token, PRICE);
}

fn send(world: &mut World, step: &Step) -> Option<Failure> {
    let signers: Vec<&Keypair> = step.signers.iter().collect();
    let sent = world.send_paid_by(&step.fee_payer, std::slice::from_ref(&step.instruction), &signers);
    sent.failure().cloned()
}

#[test]
fn the_compiled_lives_are_lives_that_succeed() {
    // step by step side by side: strangers, and two devices of one provider, whose metas are those compiled above
    let mut e = Escrow::configured(0);
    let market = Market::of(&e);
    let stranger = Cast::numbered(0, 100);
    let first = Cast::of_provider(0, 0, &Cast::numbered(0, 0));
    let second = Cast::of_provider(0, 1, &first);
    let casts = [stranger, first, second];
    for (number, cast) in casts.iter().enumerate() {
        fund(&mut e, cast);
        // the second device's provider is registered
        let offering = cast.offering(&market);
        for step in offering.iter().skip(usize::from(number == 2)) {
            assert_eq!(send(&mut e.world, step), None, "{}", step.name);
        }
    }
    e.world.warp(1, 3);
    let created = e.world.clock().slot;
    let lives: Vec<Vec<Step>> = casts.iter().map(|cast| cast.life(&market, created)).collect();
    for place in 0..lives[0].len() {
        for life in &lives {
            let step = &life[place];
            assert_eq!(send(&mut e.world, step), None, "{}", step.name);
        }
        if place == 0 {
            e.world.warp(1, 3);
        }
    }
    for cast in &casts {
        assert!(!e.world.exists(&cast.job()) && !e.world.exists(&ix::vault(&cast.job()).0));
        assert_eq!(e.world.tokens(&cast.earnings), PROVIDER_PART);
        assert_eq!(e.world.tokens(&cast.client_token), 0);
    }
}
