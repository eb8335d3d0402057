//! Who signs vouchers, and how the precompile must show it.
use {
    commonweal_tests::fixtures::{
        escrow::{lease::*, *},
        governance::persons::Precompile,
    },
    solana_instruction::Instruction,
};

#[test]
fn both_sides_must_sign_in_their_order() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let key = |name: &str| e.world.keypair(name);
    let (machine, session, stranger) = (key("machine"), key("session"), key("stranger"));
    let (client, provider) = (key("client"), key("provider"));
    let redeem = e.redeem(&rent);
    for keys in [
        [&session, &machine],
        [&machine, &machine],
        [&session, &session],
        [&stranger, &session],
        [&machine, &stranger],
        [&client, &session],
        [&machine, &provider],
    ] {
        let precompile = words.verified_by(&keys);
        e.redemption_fails(&[precompile, redeem.clone()], err(EscrowError::VoucherKeyMismatch));
    }
    for keys in [&[&machine][..], &[&machine, &session, &stranger]] {
        let precompile = words.verified_by(keys);
        e.redemption_fails(&[precompile, redeem.clone()], err(EscrowError::VoucherMalformed));
    }
}

#[test]
fn the_precompile_stands_just_before_in_the_one_shape() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let [precompile, redeem] = e.redemption(&rent, &words);
    let error = err(EscrowError::VoucherMalformed);
    e.redemption_fails(std::slice::from_ref(&redeem), error.clone());
    e.redemption_fails(&[redeem.clone(), precompile.clone()], error.clone());
    let between = Instruction {
        program_id: Precompile::default().instruction(&[], &[]).program_id,
        accounts: Vec::new(),
        data: vec![0, 0],
    };
    e.redemption_fails(&[precompile.clone(), between, redeem.clone()], error.clone());
    // other bytes verified than those shown: offsets that point into another instruction, a gap, a tail, another padding
    let (machine, session) = (e.world.keypair("machine"), e.world.keypair("session"));
    for shape in [
        Precompile {
            indices: [0, 0xffff, 0xffff],
            ..Precompile::default()
        },
        Precompile {
            indices: [0xffff, 0, 0xffff],
            ..Precompile::default()
        },
        Precompile {
            indices: [0xffff, 0xffff, 0],
            ..Precompile::default()
        },
        Precompile {
            gap: 1,
            ..Precompile::default()
        },
        Precompile {
            tail: 1,
            ..Precompile::default()
        },
        Precompile {
            padding: 1,
            ..Precompile::default()
        },
    ] {
        let precompile = shape.instruction(&[&machine, &session], &words.bytes());
        e.redemption_fails(&[precompile, redeem.clone()], error.clone());
    }
    e.world.all_succeed(&[precompile, redeem], &[]);
}

#[test]
fn words_that_nobody_signed_are_refused_by_the_precompile() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 50 * RATE, 1);
    let [mut precompile, redeem] = e.redemption(&rent, &words);
    // one atom more than was signed
    precompile.data[222 + 132] ^= 1;
    let outcome = e.world.send(&[precompile, redeem], &[]);
    assert!(outcome.failure().is_some());
}
