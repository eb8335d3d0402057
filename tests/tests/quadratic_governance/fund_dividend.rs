use {
    crate::{
        dividends::{funded, refuse_funding, with_atoms},
        prelude::*,
    },
    commonweal_tests::world::Mint,
};

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
fn a_mint_that_has_become_another_programs_does_not_get_the_lanes_signature() {
    // a closed mint's key can be made an account of any program; it would be called as the token program, with the lane's
    // signature and an account of the lane that it can sign away
    let (mut community, mint) = with_atoms(1_000);
    let (lane, evil) = (community.treasury(DIVIDEND_LANE), Address::new_from_array([66; 32]));
    let hostile = commonweal_tests::world::program_bytes("hostile_target");
    community.world.svm.add_program(evil, &hostile).unwrap();
    let (mut fund, _) = community.funding(&mint, 2);
    let mut raw = community.world.raw(&mint.address);
    raw.owner = evil;
    community.world.set_raw(mint.address, raw);
    fund.accounts[8].pubkey = evil;
    let seeds = || anchor_lang::ErrorCode::ConstraintSeeds;
    refuse_funding(&mut community, fund.clone(), seeds());
    // another account of the lane, at the address that follows from that program
    let own = [lane.as_ref(), evil.as_ref(), mint.address.as_ref()];
    fund.accounts[4].pubkey = Address::find_program_address(&own, &ASSOCIATED_TOKEN).0;
    refuse_funding(&mut community, fund, error(GovernanceError::NotTheDepositorsAccount));
}
