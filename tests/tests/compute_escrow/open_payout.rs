use {
    crate::builtin,
    commonweal_tests::{
        fixtures::escrow::{ix, *},
        world::MintExtension,
    },
};

#[test]
fn anyone_opens_a_payout_and_it_belongs_to_the_slot() {
    let mut e = Escrow::ready(4);
    let mint = e.world.mint("gold", 9);
    let before = e.world.lamports(&e.key("stranger"));
    e.run(
        ix::open_payout(e.key("stranger"), e.slot, mint.address, mint.program),
        &["stranger"],
    );
    let payout: Payout = e.world.state(&ix::payout(&e.slot, &mint.address).0);
    assert_eq!(
        (payout.slot, payout.provider, payout.mint),
        (e.slot, e.provider, mint.address)
    );
    assert_eq!(
        (payout.rent_payer, payout.config_id.get(), payout.decimals),
        (e.key("stranger"), 4, 9)
    );
    let token = e.world.token_state(&payout.vault);
    assert_eq!(
        (token.owner, token.mint),
        (ix::payout(&e.slot, &mint.address).0, mint.address)
    );
    assert_eq!(
        e.world.lamports(&e.key("stranger")),
        before - e.world.rent(256) - e.world.rent(165)
    );
}

#[test]
fn prefunded_addresses_do_not_stop_it() {
    let mut e = Escrow::ready(0);
    let mint = e.world.mint("gold", 9);
    let payout = ix::payout(&e.slot, &mint.address).0;
    e.world.airdrop(&payout, 1_000_000);
    e.world.airdrop(&ix::vault(&payout).0, 5_000_000);
    e.run(
        ix::open_payout(e.key("payer"), e.slot, mint.address, mint.program),
        &["payer"],
    );
}

#[test]
fn a_payout_is_opened_once_and_only_at_its_address() {
    let mut e = Escrow::ready(0);
    e.fails_as(e.open_payout(), &["payer"], builtin::SYSTEM_IN_USE);
    let mint = e.world.mint("gold", 9);
    let open = ix::open_payout(e.key("payer"), e.slot, mint.address, mint.program);
    e.fails_as(
        ix::with(open.clone(), 3, e.key("elsewhere")),
        &["payer"],
        builtin::InvalidSeeds,
    );
    e.fails_as(
        ix::with(open.clone(), 4, e.key("elsewhere")),
        &["payer"],
        builtin::InvalidSeeds,
    );
    e.fails(
        ix::with(open, 5, commonweal_interface::ids::TOKEN_2022),
        &["payer"],
        EscrowError::WrongTokenProgram,
    );
}

#[test]
fn a_mint_with_a_transfer_fee_is_refused() {
    let mut e = Escrow::ready(0);
    let mint = e.world.mint_2022(
        "fee money",
        6,
        &[MintExtension::TransferFee {
            basis_points: 1,
            maximum_atoms: 9,
        }],
    );
    let open = ix::open_payout(e.key("payer"), e.slot, mint.address, mint.program);
    e.fails(open, &["payer"], EscrowError::MintRefused);
}
