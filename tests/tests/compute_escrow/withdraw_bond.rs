use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn the_free_bond_leaves_and_nothing_else() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::RUNNING);
    let mine = e.world.lamports(&e.key("provider"));
    e.fails(
        e.withdraw_bond(DEPOSIT - BOND + 1),
        &["provider"],
        EscrowError::BondLocked,
    );
    e.run(e.withdraw_bond(DEPOSIT - BOND), &["provider"]);
    assert_eq!(e.world.lamports(&e.key("provider")), mine + DEPOSIT - BOND);
    assert_eq!(e.world.lamports(&e.slot), e.world.rent(336) + BOND);
    e.fails(e.withdraw_bond(1), &["provider"], EscrowError::BondLocked);
}

#[test]
fn the_bond_of_a_committed_job_stays_locked_though_the_slot_is_free() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::COMMITTED);
    assert_eq!(e.slot_state().current_job, solana_address::Address::default());
    e.fails(e.withdraw_bond(DEPOSIT), &["provider"], EscrowError::BondLocked);
}

#[test]
fn after_settling_the_whole_bond_leaves_and_no_admin_is_asked() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    e.run(e.withdraw_bond(DEPOSIT), &["provider"]);
    assert_eq!(e.world.lamports(&e.slot), e.world.rent(336));
    assert_eq!(e.slot_state().withdrawn_lamports.get(), DEPOSIT);
}

#[test]
fn neither_session_key_nor_stranger_nor_admin_takes_it() {
    let mut e = Escrow::ready(0);
    for thief in ["session", "stranger", "admin"] {
        e.fails_as(
            ix::with(e.withdraw_bond(1), 0, e.key(thief)),
            &[thief],
            builtin::ADDRESS,
        );
    }
    let rivals = e.rival("rival");
    e.fails(
        ix::with(e.withdraw_bond(1), 2, rivals),
        &["provider"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails(e.withdraw_bond(0), &["provider"], EscrowError::ZeroAmount);
    e.fails(e.withdraw_bond(u64::MAX), &["provider"], EscrowError::BondLocked);
}
