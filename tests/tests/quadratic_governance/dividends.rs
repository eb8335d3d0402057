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
pub(crate) fn with_atoms(atoms: u64) -> (Community, Mint) {
    let mut community = Community::sharing(0, 3);
    let mint = community.mint.clone();
    community.collect(&mint, atoms);
    community.to_epoch(3);
    (community, mint)
}

/// The same with the dividend funded.
pub(crate) fn funded(atoms: u64) -> (Community, Mint) {
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
pub(crate) fn refuse_funding(community: &mut Community, instruction: Instruction, expected: impl Into<Failure>) {
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
