use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn a_listed_mint_pays_jobs() {
    let mut e = Escrow::configured(0);
    let mint = e.world.mint_without_freeze("gold", 9);
    e.run(ix::allow_mint(e.config, e.key("admin"), mint.address), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    assert_eq!(
        (config.payment_mint_count, config.payment_mints[1].mint),
        (2, mint.address)
    );
    assert_eq!(
        (config.payment_mints[1].decimals, config.payment_mints[1].flags),
        (9, 0)
    );
}

#[test]
fn a_mint_is_listed_once() {
    let mut e = Escrow::configured(0);
    e.fails(
        ix::allow_mint(e.config, e.key("admin"), e.mint.address),
        &["admin"],
        EscrowError::MintAlreadyAllowed,
    );
}

#[test]
fn the_ninth_mint_finds_no_place() {
    let mut e = Escrow::configured(0);
    for number in 1..8 {
        let mint = e.world.mint(&format!("mint {number}"), 6);
        e.run(ix::allow_mint(e.config, e.key("admin"), mint.address), &["admin"]);
    }
    let ninth = e.world.mint("ninth", 6);
    e.fails(
        ix::allow_mint(e.config, e.key("admin"), ninth.address),
        &["admin"],
        EscrowError::MintListFull,
    );
}

#[test]
fn only_the_authority_lists_mints() {
    let mut e = Escrow::configured(0);
    let mint = e.world.mint("gold", 9);
    e.fails_as(
        ix::allow_mint(e.config, e.key("stranger"), mint.address),
        &["stranger"],
        builtin::ADDRESS,
    );
}

#[test]
fn a_hooked_mint_is_refused() {
    let mut e = Escrow::configured(0);
    let mint = hooked_mint(&mut e.world, "hooked");
    e.fails(
        ix::allow_mint(e.config, e.key("admin"), mint),
        &["admin"],
        EscrowError::MintRefused,
    );
}
