use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn a_removed_mint_pays_no_new_job_and_strands_no_old_one() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.run(ix::disallow_mint(e.config, e.key("admin"), e.mint.address), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    assert_eq!(config.payment_mint_count, 0);
    assert_eq!(bytemuck::bytes_of(&config.payment_mints[0]), [0; 48]);

    let post = e.post_job(99, &terms());
    e.fails(post, &["client", "payer"], EscrowError::MintNotAllowed);
    e.run(e.commit(&order), &["session"]);
    e.run(e.reveal(&order), &["session"]);
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &[]);
    e.run(e.close(&order), &[]);
}

#[test]
fn the_last_mint_takes_the_place_of_the_removed_one() {
    let mut e = Escrow::configured(0);
    let (a, b) = (e.world.mint("a", 1), e.world.mint("b", 2));
    for mint in [&a, &b] {
        e.run(ix::allow_mint(e.config, e.key("admin"), mint.address), &["admin"]);
    }
    e.run(ix::disallow_mint(e.config, e.key("admin"), e.mint.address), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    assert_eq!(config.payment_mint_count, 2);
    assert_eq!(
        (config.payment_mints[0].mint, config.payment_mints[1].mint),
        (b.address, a.address)
    );
}

#[test]
fn an_unlisted_mint_cannot_be_removed() {
    let mut e = Escrow::configured(0);
    let stranger = e.key("stranger");
    e.fails(
        ix::disallow_mint(e.config, e.key("admin"), stranger),
        &["admin"],
        EscrowError::MintNotAllowed,
    );
    // zero stands in the free places and is no mint
    let zero = solana_address::Address::default();
    e.fails(
        ix::disallow_mint(e.config, e.key("admin"), zero),
        &["admin"],
        EscrowError::MintNotAllowed,
    );
}

#[test]
fn only_the_authority_removes_mints() {
    let mut e = Escrow::configured(0);
    let instruction = ix::disallow_mint(e.config, e.key("stranger"), e.mint.address);
    e.fails_as(instruction, &["stranger"], builtin::ADDRESS);
}
