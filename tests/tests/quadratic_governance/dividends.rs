use {
    crate::prelude::*,
    commonweal_tests::{
        fixtures::pool::{usual_terms, Ground, FIRST_A, FIRST_B},
        world::{Mint, World},
    },
    liquidity_pool::state::Side,
    quadratic_governance::events::{DividendChanged, DividendClaimed},
};

/// Three voters of epoch 2, in epoch 3; lane 3 holds that many atoms to share.
fn with_atoms(atoms: u64) -> (Community, Mint) {
    let mut community = Community::sharing(0, 3);
    let mint = community.mint.clone();
    community.collect(&mint, atoms);
    community.to_epoch(3);
    (community, mint)
}

/// The same with the dividend funded.
fn funded(atoms: u64) -> (Community, Mint) {
    let (mut community, mint) = with_atoms(atoms);
    let (fund, payer) = community.funding(&mint, 2);
    community.world.succeeds(fund, &[&payer]);
    (community, mint)
}

fn claims(community: &mut Community, member: usize, mint: &Mint) -> u64 {
    let (claim, wallet, destination) = community.claim(member, mint, 2);
    community.world.succeeds(claim, &[&wallet]);
    community.world.tokens(&destination)
}

#[track_caller]
fn refuse_funding(community: &mut Community, instruction: Instruction, expected: impl Into<Failure>) {
    let payer = community.world.actor("funder");
    community.world.fails_with(instruction, &[&payer], expected);
}

#[test]
fn what_the_lane_has_collected_is_shared_equally_and_what_is_over_stays() {
    let (mut community, mint) = with_atoms(1_000);
    let source = community.dividend_source(&mint);
    let (fund, payer) = community.funding(&mint, 2);
    let receipt = community.world.succeeds(fund, &[&payer]);
    let state = community.dividend_state(&mint, 2);
    assert_eq!((state.funded_atoms.get(), state.share_atoms.get()), (999, 333));
    assert_eq!((state.persons.get(), state.claims.get(), state.index), (3, 0, 0));
    assert_eq!(state.closable_from_ts.get(), community.epoch_start(11));
    assert_eq!(community.world.tokens(&source), 1);
    assert_eq!(community.world.tokens(&state.vault), 999);
    let event = receipt.events::<DividendChanged>()[0];
    assert_eq!((event.share_atoms.get(), event.epoch.get(), event.open), (333, 2, 1));
}

#[test]
fn everybody_who_voted_claims_once() {
    // G9: three shares are all there is
    let (mut community, mint) = funded(1_000);
    let vault = community.dividend_state(&mint, 2).vault;
    for member in 0..3 {
        assert_eq!(claims(&mut community, member, &mint), 333);
        let (again, wallet, _) = community.claim(member, &mint, 2);
        let twice = error(GovernanceError::DividendClaimedAlready);
        community.world.fails_with(again, &[&wallet], twice);
    }
    assert_eq!(community.world.tokens(&vault), 0);
    assert_eq!(community.dividend_state(&mint, 2).claims.get(), 3);
}

#[test]
fn a_claim_says_who_got_what() {
    let (mut community, mint) = funded(1_000);
    let (claim, wallet, _) = community.claim(1, &mint, 2);
    let receipt = community.world.succeeds(claim, &[&wallet]);
    let event = receipt.events::<DividendClaimed>()[0];
    assert_eq!((event.share_atoms.get(), event.claims.get()), (333, 1));
    assert_eq!(event.person, community.members[1].person);
}

#[test]
fn whoever_did_not_vote_has_no_share() {
    let mut community = Community::sharing(0, 3);
    let mint = community.mint.clone();
    community.collect(&mint, 1_000);
    // registered in epoch 2: votes from epoch 4 on
    let newcomer = community.register("newcomer", &[0]);
    community.to_epoch(3);
    let (fund, payer) = community.funding(&mint, 2);
    community.world.succeeds(fund, &[&payer]);
    assert_eq!(community.dividend_state(&mint, 2).persons.get(), 3);
    let (claim, wallet, _) = community.claim(newcomer, &mint, 2);
    community
        .world
        .fails_with(claim, &[&wallet], InstructionError::AccountDataTooSmall);
}

#[test]
fn a_share_stays_below_a_twentieth_of_an_identity() {
    let (community, mint) = funded(10_000_000);
    let state = community.dividend_state(&mint, 2);
    assert_eq!(gov::IDENTITY_COST_ATOMS / 20, 50_000);
    assert_eq!((state.share_atoms.get(), state.funded_atoms.get()), (49_999, 149_997));
}

#[test]
fn two_mints_of_an_epoch_are_claimed_apart() {
    let mut community = Community::sharing(0, 3);
    let first = community.mint.clone();
    let second = community.world.mint_2022("new tokens", 6, &[]);
    community.bound_dividends(&second);
    let mints = [first, second];
    for mint in &mints {
        community.collect(mint, 600);
    }
    community.to_epoch(4);
    for (index, mint) in (0u8..).zip(&mints) {
        let (fund, payer) = community.funding(mint, 3);
        community.world.succeeds(fund, &[&payer]);
        assert_eq!(community.dividend_state(mint, 3).index, index);
    }
    for mint in mints.iter().rev() {
        let (claim, wallet, destination) = community.claim(0, mint, 3);
        community.world.succeeds(claim.clone(), &[&wallet]);
        assert_eq!(community.world.tokens(&destination), 200);
        let twice = error(GovernanceError::DividendClaimedAlready);
        community.world.fails_with(claim, &[&wallet], twice);
    }
    let ballot: Ballot = community.world.state(&community.ballot_of(0, 3));
    assert_eq!(ballot.dividends_claimed, 0b11);
}

#[test]
fn a_ballot_of_another_epoch_realm_or_person_claims_nothing() {
    let (mut community, mint) = funded(1_000);
    community.open_all_ballots();
    let (claim, wallet, _) = community.claim(0, &mint, 2);
    let mismatch = || error(GovernanceError::DividendMismatch);
    let mut other_epoch = claim.clone();
    other_epoch.accounts[2].pubkey = community.ballot_of(0, 3);
    community.world.fails_with(other_epoch, &[&wallet], mismatch());
    let mut other_person = claim.clone();
    other_person.accounts[2].pubkey = community.ballot_of(1, 2);
    community.world.fails_with(other_person, &[&wallet], ADDRESS);
    let thief = community.wallet(1);
    let mut other_wallet = claim.clone();
    other_wallet.accounts[0].pubkey = thief.pubkey();
    community.world.fails_with(other_wallet, &[&thief], ADDRESS);
    // a dividend of another realm, by force: this one's, moved there
    let other = community.create_second_realm();
    let dividend = gov::dividend_address(&community.realm, &mint.address, 2);
    community.force(dividend, |dividend: &mut Dividend| dividend.realm = other);
    community.world.fails_with(claim, &[&wallet], mismatch());
}

#[test]
fn a_claim_pays_the_wallet_out_of_the_dividends_own_vault() {
    let (mut community, mint) = funded(1_000);
    let (claim, wallet, destination) = community.claim(0, &mint, 2);
    let thief = community.world.actor("thief").pubkey();
    let others = community.world.token_account(&mint, &thief);
    let mut elsewhere = claim.clone();
    elsewhere.accounts[5].pubkey = others;
    let expected = error(GovernanceError::NotTheDepositorsAccount);
    community.world.fails_with(elsewhere, &[&wallet], expected);
    let mut other_vault = claim.clone();
    other_vault.accounts[4].pubkey = community.dividend_source(&mint);
    community.world.fails_with(other_vault, &[&wallet], ADDRESS);
    let other_mint = community.world.mint("other tokens", 6);
    let mut wrong_mint = claim.clone();
    wrong_mint.accounts[6].pubkey = other_mint.address;
    community.world.fails_with(wrong_mint, &[&wallet], ADDRESS);
    let mut wrong_program = claim.clone();
    wrong_program.accounts[7].pubkey = ids::TOKEN_2022;
    community.world.fails_with(wrong_program, &[&wallet], ADDRESS);
    community.world.succeeds(claim, &[&wallet]);
    assert_eq!(community.world.tokens(&destination), 333);
}

#[test]
fn neither_a_revoked_nor_an_expired_person_claims() {
    let (mut community, mint) = funded(1_000);
    let member = &community.members[0];
    let (person, wallet) = (member.person, member.wallet.pubkey());
    let key = community.attestor_key(0);
    let deadline = community.world.now() + 3_600;
    let keys = [key.pubkey()];
    let revoke = gov::act_on_person(
        &community.realm,
        &person,
        &wallet,
        &keys,
        PersonAct::Revoke,
        0,
        deadline,
    );
    community.world.succeeds(revoke, &[&key]);
    let (claim, wallet, _) = community.claim(0, &mint, 2);
    let revoked = error(GovernanceError::PersonRevoked);
    community.world.fails_with(claim, &[&wallet], revoked);
    community.world.warp_seconds(366 * 86_400);
    let (claim, wallet, _) = community.claim(1, &mint, 2);
    let expired = error(GovernanceError::PersonExpired);
    community.world.fails_with(claim, &[&wallet], expired);
}

#[test]
fn a_ballot_closed_before_its_claim_loses_it() {
    let (mut community, mint) = funded(1_000);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let ballot = community.ballot_of(0, 2);
    let close = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &wallet.pubkey());
    community.world.succeeds(close, &[&wallet]);
    let (claim, wallet, _) = community.claim(0, &mint, 2);
    community
        .world
        .fails_with(claim, &[&wallet], InstructionError::AccountDataTooSmall);
}

#[test]
fn what_nobody_claimed_returns_to_the_lane_after_the_grace() {
    let (mut community, mint) = with_atoms(1_000);
    let funder = community.world.actor("funder").pubkey();
    let before = community.world.lamports(&funder);
    let (fund, payer) = community.funding(&mint, 2);
    community.world.succeeds(fund, &[&payer]);
    claims(&mut community, 0, &mint);
    let state = community.dividend_state(&mint, 2);
    let close = community.dividend_closing(&mint, 2);
    community.world.warp_to(state.closable_from_ts.get() - 1);
    let open = error(GovernanceError::DividendOpen);
    community.world.fails_with(close.clone(), &[], open);
    community.world.warp_to(state.closable_from_ts.get());
    let receipt = community.world.succeeds(close, &[]);
    let source = community.dividend_source(&mint);
    assert_eq!(community.world.tokens(&source), 1 + 666);
    assert!(!community.world.exists(&state.vault));
    assert!(!community
        .world
        .exists(&gov::dividend_address(&community.realm, &mint.address, 2)));
    assert_eq!(community.world.lamports(&funder), before);
    let event = receipt.events::<DividendChanged>()[0];
    assert_eq!((event.returned_atoms.get(), event.open), (666, 0));
}

#[test]
fn a_dividend_that_everybody_claimed_closes_with_the_epoch_and_a_donation_returns_to_the_lane() {
    let (mut community, mint) = funded(1_000);
    let vault = community.dividend_state(&mint, 2).vault;
    community.world.mint_into(&mint, &vault, 70);
    for member in 0..2 {
        claims(&mut community, member, &mint);
    }
    community.to_epoch(4);
    let close = community.dividend_closing(&mint, 2);
    let open = error(GovernanceError::DividendOpen);
    community.world.fails_with(close.clone(), &[], open);
    claims(&mut community, 2, &mint);
    community.world.succeeds(close, &[]);
    let source = community.dividend_source(&mint);
    assert_eq!(community.world.tokens(&source), 1 + 70);
}

#[test]
fn an_epoch_is_not_shared_again_when_everybody_has_claimed() {
    let (mut community, mint) = funded(1_000);
    for member in 0..3 {
        claims(&mut community, member, &mint);
    }
    let last = community.epoch_start(4) - 1;
    community.world.warp_to(last);
    let close = community.dividend_closing(&mint, 2);
    let open = error(GovernanceError::DividendOpen);
    community.world.fails_with(close.clone(), &[], open);
    community.to_epoch(4);
    community.world.succeeds(close, &[]);
    community.collect(&mint, 1_000);
    let (again, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, again, error(GovernanceError::EpochIsNotCurrent));
}

#[test]
fn a_dividend_is_closed_into_the_lane_and_its_rent_goes_to_the_funder() {
    let (mut community, mint) = funded(1_000);
    for member in 0..3 {
        claims(&mut community, member, &mint);
    }
    community.to_epoch(4);
    let close = community.dividend_closing(&mint, 2);
    let thief = community.world.actor("thief").pubkey();
    let mut elsewhere = close.clone();
    elsewhere.accounts[3].pubkey = community.world.token_account(&mint, &thief);
    let expected = error(GovernanceError::NotTheDepositorsAccount);
    community.world.fails_with(elsewhere, &[], expected);
    let mut other_lane = close.clone();
    let lane_0 = community.treasury(0);
    other_lane.accounts[3].pubkey = community.world.token_account(&mint, &lane_0);
    let expected = error(GovernanceError::NotTheDepositorsAccount);
    community.world.fails_with(other_lane, &[], expected);
    let mut other_vault = close.clone();
    other_vault.accounts[2].pubkey = community.world.token_account(&mint, &thief);
    community.world.fails_with(other_vault, &[], ADDRESS);
    let mut wrong_mint = close.clone();
    wrong_mint.accounts[5].pubkey = community.world.mint("other tokens", 6).address;
    community.world.fails_with(wrong_mint, &[], ADDRESS);
    let mut wrong_program = close.clone();
    wrong_program.accounts[6].pubkey = ids::TOKEN_2022;
    community.world.fails_with(wrong_program, &[], ADDRESS);
    let mut other_payer = close.clone();
    other_payer.accounts[4].pubkey = thief;
    community.world.fails_with(other_payer, &[], ADDRESS);
    let mut other_realm = close.clone();
    other_realm.accounts[0].pubkey = community.create_second_realm();
    community.world.fails_with(other_realm, &[], ADDRESS);
    community.world.succeeds(close, &[]);
}

#[test]
fn only_the_last_epoch_is_shared() {
    let (mut community, mint) = with_atoms(1_000);
    for epoch in [1, 3, 4] {
        let (fund, _) = community.funding(&mint, epoch);
        refuse_funding(&mut community, fund, error(GovernanceError::EpochIsNotCurrent));
    }
    community.to_epoch(4);
    let (late, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, late, error(GovernanceError::EpochIsNotCurrent));
    // nobody opened a ballot in epoch 3
    let (nobody, _) = community.funding(&mint, 3);
    refuse_funding(&mut community, nobody, error(GovernanceError::NothingToShare));
}

#[test]
fn a_clock_that_steps_back_counts_no_other_epochs_ballots() {
    let (mut community, mint) = with_atoms(1_000);
    // one voter in epoch 3
    community.open_ballot(0);
    community.to_epoch(4);
    community.create_proposal(0, 1);
    community.world.warp(-2, 1);
    assert_eq!(community.epoch(), 3);
    // three voted in epoch 2, and the realm counts the one of epoch 3
    let (fund, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, fund, error(GovernanceError::EpochIsNotCurrent));
}

#[test]
fn too_little_for_an_atom_each_is_not_shared() {
    let (mut community, mint) = with_atoms(2);
    let (fund, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, fund, error(GovernanceError::NothingToShare));
    community.collect(&mint, 1);
    let (fund, payer) = community.funding(&mint, 2);
    community.world.succeeds(fund, &[&payer]);
    assert_eq!(community.dividend_state(&mint, 2).share_atoms.get(), 1);
}

#[test]
fn a_mint_is_shared_once_an_epoch() {
    let (mut community, mint) = funded(1_000);
    community.collect(&mint, 1_000);
    let (again, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, again, InstructionError::Custom(0));
}

#[test]
fn a_crumb_in_another_account_of_the_lane_does_not_take_the_dividends_place() {
    let (mut community, mint) = with_atoms(1_000);
    let lane = community.treasury(DIVIDEND_LANE);
    let crumb = community.world.funded(&mint, &lane, 3);
    let (fund, payer) = community.funding(&mint, 2);
    let mut small = fund.clone();
    small.accounts[4].pubkey = crumb;
    refuse_funding(&mut community, small, anchor_lang::ErrorCode::ConstraintSeeds);
    community.world.succeeds(fund, &[&payer]);
    assert_eq!(community.dividend_state(&mint, 2).share_atoms.get(), 333);
}

#[test]
fn a_vote_sweeps_what_lies_in_other_accounts_of_the_lane_without_any_outflow() {
    let (mut community, mint) = with_atoms(1_000);
    let lane = community.treasury(DIVIDEND_LANE);
    let stray = community.world.funded(&mint, &lane, 7_777);
    let source = community.dividend_source(&mint);
    let sweep = ActionCall {
        outflow_atoms: 0,
        ..community.token_payment(DIVIDEND_LANE, &mint, &stray, &source, 7_777)
    };
    community.enact(vec![sweep]);
    assert_eq!(community.world.tokens(&source), 8_777);
}

#[test]
fn without_an_identity_cost_nothing_is_shared() {
    let mut community = Community::in_vote(0, 3).0;
    let mint = community.mint.clone();
    community.open_book(DIVIDEND_LANE, &mint.address);
    community.collect(&mint, 1_000);
    community.to_epoch(3);
    let (fund, _) = community.funding(&mint, 2);
    refuse_funding(&mut community, fund, error(GovernanceError::DividendUnbounded));
}

#[test]
fn only_lane_3s_own_account_and_book_are_shared_from() {
    let (mut community, mint) = with_atoms(1_000);
    let (fund, payer) = community.funding(&mint, 2);
    let lane_0 = community.treasury(0);
    let held_by_0 = community.world.funded(&mint, &lane_0, 1_000);
    let mut other_source = fund.clone();
    other_source.accounts[4].pubkey = held_by_0;
    refuse_funding(
        &mut community,
        other_source,
        error(GovernanceError::NotTheDepositorsAccount),
    );
    let mut other_lane = fund.clone();
    other_lane.accounts[3].pubkey = lane_0;
    other_lane.accounts[4].pubkey = held_by_0;
    refuse_funding(&mut community, other_lane, ADDRESS);
    let mut other_book = fund.clone();
    other_book.accounts[2].pubkey = community.open_book(0, &mint.address);
    refuse_funding(&mut community, other_book, error(GovernanceError::BookMismatch));
    let other_realm = community.create_second_realm();
    let open = gov::open_book(&other_realm, &payer.pubkey(), DIVIDEND_LANE, &mint.address);
    community.world.succeeds(open, &[&payer]);
    let mut foreign_book = fund.clone();
    foreign_book.accounts[2].pubkey = gov::book_address(&other_realm, DIVIDEND_LANE, &mint.address);
    refuse_funding(&mut community, foreign_book, error(GovernanceError::BookMismatch));
    let other_mint = community.world.mint("other tokens", 6);
    let mut wrong_mint = fund.clone();
    wrong_mint.accounts[5].pubkey = other_mint.address;
    refuse_funding(&mut community, wrong_mint, ADDRESS);
    let mut wrong_program = fund.clone();
    wrong_program.accounts[8].pubkey = ids::TOKEN_2022;
    refuse_funding(&mut community, wrong_program, ADDRESS);
    let seeds = anchor_lang::ErrorCode::ConstraintSeeds;
    let mut elsewhere = fund.clone();
    elsewhere.accounts[6].pubkey = gov::dividend_address(&community.realm, &mint.address, 9);
    refuse_funding(&mut community, elsewhere, seeds);
    community.world.succeeds(fund, &[&payer]);
}

#[test]
fn eight_dividends_are_the_most_of_an_epoch() {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    let mints: Vec<Mint> = (0..9)
        .map(|index| community.world.mint(&format!("mint {index}"), 6))
        .collect();
    for mint in &mints {
        community.open_book(DIVIDEND_LANE, &mint.address);
        community.collect(mint, 300);
    }
    for part in mints.chunks(8) {
        let votes = part
            .iter()
            .map(|mint| community.cost_vote(DIVIDEND_LANE, &mint.address, gov::IDENTITY_COST_ATOMS))
            .collect();
        community.enact(votes);
    }
    let epoch = community.epoch();
    community.to_epoch(epoch + 1);
    for mint in &mints[..8] {
        let (fund, payer) = community.funding(mint, epoch);
        community.world.succeeds(fund, &[&payer]);
    }
    let (ninth, _) = community.funding(&mints[8], epoch);
    refuse_funding(&mut community, ninth, error(GovernanceError::DividendsExhausted));
    let (claim, wallet, _) = community.claim(0, &mints[7], epoch);
    community.world.succeeds(claim, &[&wallet]);
    let ballot: Ballot = community.world.state(&community.ballot_of(0, epoch));
    assert_eq!(ballot.dividends_claimed, 0x80);
    // the next epoch has eight of its own
    community.open_all_ballots();
    community.to_epoch(epoch + 2);
    let (fund, payer) = community.funding(&mints[8], epoch + 1);
    community.world.succeeds(fund, &[&payer]);
    assert_eq!(community.dividend_state(&mints[8], epoch + 1).index, 0);
}

#[test]
fn the_protocol_fees_of_a_pool_are_collected_by_the_lane_and_shared() {
    let mut community = Community::with_members(0, 3);
    let lane = community.treasury(DIVIDEND_LANE);
    let mut world = std::mem::replace(&mut community.world, World::new());
    let (mint_a, mint_b) = world.mint_pair("pair", (6, 9));
    let ground = Ground::with_terms(world, mint_a.clone(), mint_b, |authority, _| {
        usual_terms(authority, lane)
    });
    let mut pool = ground.open(FIRST_A, FIRST_B);
    let creator = pool.creator.clone();
    let swap = pool.swap_in(&creator, Side::A, 77_777_777, 1);
    pool.run(swap, &creator);
    let owed = pool.owed().0;
    assert!(owed > 3);
    // what lane 3 shares from is its associated account; of the other token anything of its own will do
    community.world = std::mem::replace(&mut pool.world, World::new());
    let source = community.dividend_source(&mint_a);
    pool.world = std::mem::replace(&mut community.world, World::new());
    let other = pool.treasury_accounts().1;
    let collect = pool.collect((source, other), 3);
    pool.run_unsigned(collect);
    community.world = pool.world;
    community.to_epoch(1);
    community.bound_dividends(&mint_a);
    community.to_epoch(3);
    let (fund, payer) = community.funding(&mint_a, 2);
    community.world.succeeds(fund, &[&payer]);
    for member in 0..3 {
        assert_eq!(claims(&mut community, member, &mint_a), owed / 3);
    }
    assert_eq!(community.world.tokens(&source), owed % 3);
}
