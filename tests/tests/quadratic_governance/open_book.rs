use crate::prelude::*;

#[test]
fn anybody_opens_a_lanes_book_of_a_mint_once() {
    let mut community = Community::with_members(0, 1);
    let mint = community.mint.address;
    let book = community.open_book(2, &mint);
    let payer = community.world.actor("bookkeeper");
    let state: TokenBook = community.world.state(&book);
    assert_eq!((state.version, state.lane, state.realm), (1, 2, community.realm));
    assert_eq!((state.mint, state.rent_payer), (mint, payer.pubkey()));
    let untouched = (
        state.start_atoms.get(),
        state.outflow_atoms.get(),
        state.identity_cost_atoms.get(),
    );
    assert_eq!(untouched, (0, 0, 0));
    assert_eq!(community.world.lamports(&book), community.world.rent(TOKEN_BOOK_LEN));
    // opened again it would forget what has left
    let again = gov::open_book(&community.realm, &payer.pubkey(), 2, &mint);
    community
        .world
        .fails_with(again, &[&payer], InstructionError::Custom(0));
}

#[test]
fn a_book_is_of_a_lane_and_a_mint() {
    let mut community = Community::with_members(0, 1);
    let (realm, mint) = (community.realm, community.mint.address);
    let payer = community.world.actor("bookkeeper");
    let lane = gov::open_book(&realm, &payer.pubkey(), 4, &mint);
    let out_of_bounds = error(GovernanceError::LaneOutOfBounds);
    community.world.fails_with(lane, &[&payer], out_of_bounds);
    for no_mint in [community.wallet(0).pubkey(), realm] {
        let instruction = gov::open_book(&realm, &payer.pubkey(), 0, &no_mint);
        let refused = error(GovernanceError::MintRefused);
        community.world.fails_with(instruction, &[&payer], refused);
    }
    let mut elsewhere = gov::open_book(&realm, &payer.pubkey(), 0, &mint);
    elsewhere.accounts[3].pubkey = gov::book_address(&realm, 1, &mint);
    let seeds = anchor_lang::ErrorCode::ConstraintSeeds;
    community.world.fails_with(elsewhere, &[&payer], seeds);
}

#[test]
fn a_book_of_a_token_2022_mint_opens_too() {
    let mut community = Community::with_members(0, 1);
    let mint = community.world.mint_2022("new tokens", 6, &[]);
    let book = community.open_book(0, &mint.address);
    assert_eq!(community.world.state::<TokenBook>(&book).mint, mint.address);
}
