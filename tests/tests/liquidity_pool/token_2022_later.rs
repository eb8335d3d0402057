//! What the issuers of Token-2022 mints, and the holders of their accounts, change or add once a pool exists.

use {
    super::{
        expect::{bought, fee, share_floor, transfer_fee, TOKEN_FROZEN},
        token_2022::{denied, everything_works, extended, flags, synced, FEE, FIRST, FREEZE, MINT, TAX},
    },
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{Ground, Holder, PoolWorld, FEE_PPM, PROTOCOL_SHARE_PPM},
        world::{Failure, Mint, MintExtension as E},
    },
    liquidity_pool::{errors::PoolError, state::Side},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::{
        error::TokenError,
        extension::{cpi_guard, memo_transfer, transfer_fee as fee_extension, ExtensionType},
        instruction::{self as token, AuthorityType},
    },
};

#[test]
fn no_extension_but_descriptions_can_be_added_to_a_pools_mint() {
    for is_extended in [false, true] {
        let extensions: &[E] = if is_extended { &[E::MetadataPointer] } else { &[] };
        let mut pool = Ground::mixed(0, extensions, true).open(FIRST, FIRST);
        let mint = pool.mint_a.clone();
        let authority = pool.world.mint_authority(&mint);
        let before = pool.world.raw(&mint.address);
        let prior = denied().into_iter().flat_map(|(extensions, _)| extensions);
        for extension in prior.chain([TAX, E::GroupPointer, E::GroupMemberPointer]) {
            if matches!(extension, E::MetadataPointer | E::Metadata) {
                continue;
            }
            // needs nobody's signature while a mint is not finished
            let late = extension.initialize(&mint.program, &mint.address, authority.pubkey());
            match pool.world.send(&[late], &[]).failure() {
                Some(Failure::Instruction(_)) => {}
                other => panic!("{extension:?} on a finished mint: {other:?}"),
            }
        }
        assert_eq!(pool.world.raw(&mint.address), before);
        everything_works(&mut pool, "trader");
    }
}

#[test]
fn descriptions_added_and_changed_after_creation_stop_nothing() {
    let pointers = [E::MetadataPointer, E::GroupPointer, TAX];
    for is_a in [true, false] {
        let mut pool = Ground::mixed(0, &pointers, is_a).open(FIRST, FIRST);
        let before = flags(&pool);
        let mint = extended(&pool, is_a);
        let len = pool.world.raw(&mint.address).data.len();
        pool.world.airdrop(&mint.address, 20_000_000);
        pool.world.describe(&mint, E::Metadata);
        everything_works(&mut pool, "after metadata");
        pool.world.describe(&mint, E::Group);
        everything_works(&mut pool, "after a group");
        let authority = pool.world.mint_authority(&mint);
        let rename = spl_token_metadata_interface::instruction::update_field(
            &mint.program,
            &mint.address,
            &authority.pubkey(),
            spl_token_metadata_interface::state::Field::Key("a key nobody thought of".into()),
            "x".repeat(600),
        );
        pool.world.succeeds(rename, &[&authority]);
        assert!(
            pool.world.raw(&mint.address).data.len() > len + 600,
            "the mint has grown"
        );
        everything_works(&mut pool, "after a long field");
        let nobody = spl_token_metadata_interface::instruction::update_authority(
            &mint.program,
            &mint.address,
            &authority.pubkey(),
            None.try_into().unwrap(),
        );
        pool.world.succeeds(nobody, &[&authority]);
        everything_works(&mut pool, "after the last word");
        assert_eq!(synced(&mut pool), before);
    }
}

fn set_fee(pool: &mut PoolWorld, mint: &Mint, basis_points: u16, maximum_atoms: u64) {
    let authority = pool.world.mint_authority(mint);
    let set = fee_extension::instruction::set_transfer_fee(
        &ids::TOKEN_2022,
        &mint.address,
        &authority.pubkey(),
        &[],
        basis_points,
        maximum_atoms,
    )
    .unwrap();
    pool.world.succeeds(set, &[&authority]);
}

fn next_epoch(pool: &mut PoolWorld) {
    let mut clock = pool.world.clock();
    clock.epoch += 1;
    pool.world.svm.set_sysvar(&clock);
}

/// What a swap of A by `who` has to give: the fee of A's transfers, ours, B's.
fn expected_out(pool: &PoolWorld, sent: u64, bps_a: u16, bps_b: u16) -> u64 {
    let (x, y) = pool.reserves();
    let arrived = sent - transfer_fee(sent, bps_a, u64::MAX);
    let (lp, protocol) = fee(arrived, FEE_PPM, PROTOCOL_SHARE_PPM);
    let out = bought(arrived - lp - protocol, x, y);
    out - transfer_fee(out, bps_b, u64::MAX)
}

#[test]
fn a_raised_transfer_fee_holds_two_epochs_later_for_swaps_deposits_and_exits() {
    let start = E::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::both_2022(0, &[start]).open(FIRST, FIRST);
    let who = pool.holder("holder", 500_000_000, 500_000_000);
    let enter = pool.deposit(&who, 50_000_000, u64::MAX, u64::MAX);
    pool.run(enter, &who);
    let (mint_a, mint_b) = (pool.mint_a.clone(), pool.mint_b.clone());
    set_fee(&mut pool, &mint_a, 2_000, u64::MAX);
    set_fee(&mut pool, &mint_b, 5_000, u64::MAX);
    for epoch in 0..4 {
        let (bps_a, bps_b) = if epoch < 2 { (100, 100) } else { (2_000, 5_000) };
        let expected = expected_out(&pool, 1_000_000, bps_a, bps_b);
        let greedy = pool.swap_in(&who, Side::A, 1_000_000, expected + 1);
        pool.refuses(greedy, &who, PoolError::SlippageExceeded);
        let before = pool.balances(&who).1;
        let swap = pool.swap_in(&who, Side::A, 1_000_000, expected);
        pool.run(swap, &who);
        assert_eq!(pool.balances(&who).1 - before, expected, "epoch {epoch}");
        // the deposit asks for what has to be sent so that the share of the reserve arrives
        let (x, _) = pool.reserves();
        let enter = pool.deposit(&who, 1_000_000, u64::MAX, u64::MAX);
        let sent = pool.balances(&who).0;
        pool.run(enter, &who);
        let sent = sent - pool.balances(&who).0;
        assert_eq!(
            pool.reserves().0 - x,
            sent - transfer_fee(sent, bps_a, u64::MAX),
            "epoch {epoch}"
        );
        // the exit pays the share of the reserve and delivers what the mint lets through
        let (x, y) = pool.reserves();
        let all = pool.pool().lp_supply_atoms.get() + 1_000;
        let before = pool.balances(&who);
        let leave = pool.withdraw(&who, 1_000_000, 0, 0);
        pool.run(leave, &who);
        let after = pool.balances(&who);
        let net = |atoms: u64, bps| atoms - transfer_fee(atoms, bps, u64::MAX);
        assert_eq!(
            after.0 - before.0,
            net(share_floor(x, 1_000_000, all), bps_a),
            "epoch {epoch}"
        );
        assert_eq!(
            after.1 - before.1,
            net(share_floor(y, 1_000_000, all), bps_b),
            "epoch {epoch}"
        );
        next_epoch(&mut pool);
    }
}

#[test]
fn a_transfer_fee_of_everything_delivers_nothing_but_holds_no_share_back() {
    let start = E::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    let mut pool = Ground::mixed(0, &[start], true).open(FIRST, FIRST);
    let who = pool.holder("holder", 100_000_000, 100_000_000);
    let enter = pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX);
    pool.run(enter, &who);
    let mint = pool.mint_a.clone();
    set_fee(&mut pool, &mint, 10_000, u64::MAX);
    next_epoch(&mut pool);
    next_epoch(&mut pool);
    for input in [Side::A, Side::B] {
        let exact = pool.swap_out(&who, input, 1_000, u64::MAX);
        pool.refuses(exact, &who, PoolError::TransferFeeUnbounded);
        let sell = pool.swap_in(&who, input, 1_000_000, 0);
        pool.refuses(sell, &who, PoolError::NothingOut);
    }
    // the issuer keeps all of A on the way out; B is paid in full
    let before = pool.balances(&who);
    let leave = pool.withdraw(&who, 5_000_000, 0, 1);
    pool.run(leave, &who);
    assert_eq!(pool.balances(&who).0, before.0);
    // a maximum bounds it: exact output exists again, and what is asked for arrives
    set_fee(&mut pool, &mint, 10_000, 7);
    next_epoch(&mut pool);
    next_epoch(&mut pool);
    for input in [Side::A, Side::B] {
        let before = pool.balances(&who);
        let exact = pool.swap_out(&who, input, 1_000, u64::MAX);
        pool.run(exact, &who);
        let after = pool.balances(&who);
        let got = if input == Side::A {
            after.1 - before.1
        } else {
            after.0 - before.0
        };
        assert!((1_000..=1_001).contains(&got), "{got} arrived");
    }
}

#[test]
fn fees_withheld_in_a_vault_are_the_issuers_and_their_harvest_touches_no_reserve() {
    let mut pool = Ground::both_2022(0, &[TAX]).open(FIRST, FIRST);
    everything_works(&mut pool, "trader");
    let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
    let before = (pool.vaults(), pool.reserves());
    let data = pool.world.raw(&vault).data;
    let harvest =
        fee_extension::instruction::harvest_withheld_tokens_to_mint(&ids::TOKEN_2022, &mint.address, &[&vault])
            .unwrap();
    pool.world.succeeds(harvest, &[]);
    assert_ne!(pool.world.raw(&vault).data, data, "something was withheld there");
    assert_eq!((pool.vaults(), pool.reserves()), before);
    everything_works(&mut pool, "another");
}

#[test]
fn authorities_revoked_or_handed_on_stop_nothing_and_show_after_a_sync() {
    let mut pool = Ground::mixed(0, &[TAX, E::MetadataPointer], true).open(FIRST, FIRST);
    let mint = pool.mint_a.clone();
    let authority = pool.world.mint_authority(&mint);
    let heir = pool.world.actor("heir");
    // each of them minted, frozen or taxed by somebody else, then by nobody
    for (kind, flags_after) in [
        (AuthorityType::TransferFeeConfig, FREEZE | MINT | FEE),
        (AuthorityType::WithheldWithdraw, FREEZE | MINT | FEE),
        (AuthorityType::MetadataPointer, FREEZE | MINT | FEE),
        (AuthorityType::FreezeAccount, MINT | FEE),
        (AuthorityType::MintTokens, FEE),
    ] {
        let hand = |from: &Address, to: Option<&Address>| {
            token::set_authority(&ids::TOKEN_2022, &mint.address, to, kind.clone(), from, &[]).unwrap()
        };
        let on = hand(&authority.pubkey(), Some(&heir.pubkey()));
        let flags_before = flags(&pool).0;
        pool.world.succeeds(on, &[&authority]);
        assert_eq!(synced(&mut pool).0, flags_before, "somebody has it still");
        let away = hand(&heir.pubkey(), None);
        pool.world.succeeds(away, &[&heir]);
        assert_eq!(flags(&pool).0, flags_before, "nobody has looked yet");
        assert_eq!(synced(&mut pool), (flags_after, FREEZE | MINT));
        if kind != AuthorityType::MintTokens {
            continue;
        }
        // nobody can mint A any more: those who have some trade on
        let creator = pool.creator.clone();
        for step in [
            pool.deposit(&creator, 1_000_000, u64::MAX, u64::MAX),
            pool.swap_in(&creator, Side::A, 1_000_000, 1),
            pool.swap_in(&creator, Side::B, 1_000_000, 1),
            pool.withdraw(&creator, 1_000_000, 1, 1),
        ] {
            pool.run(step, &creator);
        }
    }
}

#[test]
fn a_frozen_vault_stops_its_token_until_it_is_thawed_and_changes_nothing() {
    for is_a in [true, false] {
        let mut pool = Ground::mixed(0, &[E::MetadataPointer], is_a).open(FIRST, FIRST);
        let who = pool.holder("holder", 100_000_000, 100_000_000);
        let enter = pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX);
        pool.run(enter, &who);
        let mint = extended(&pool, is_a);
        let vault = if is_a { pool.at.vault_a.0 } else { pool.at.vault_b.0 };
        pool.world.freeze(&mint, &vault);
        for refused in [
            pool.swap_in(&who, Side::A, 1_000_000, 1),
            pool.swap_in(&who, Side::B, 1_000_000, 1),
            pool.deposit(&who, 1_000_000, u64::MAX, u64::MAX),
            pool.withdraw(&who, 1_000_000, 1, 1),
        ] {
            pool.world
                .fails_with(refused, &[&who.key.insecure_clone()], TOKEN_FROZEN);
        }
        assert_eq!(
            synced(&mut pool),
            (FREEZE | MINT, FREEZE | MINT),
            "a freeze is no change of authorities"
        );
        // the other token leaves at once, this one is set apart for a claim
        let (x, y) = pool.reserves();
        let all = pool.pool().lp_supply_atoms.get() + 1_000;
        let due = (share_floor(x, 5_000_000, all), share_floor(y, 5_000_000, all));
        let before = pool.balances(&who);
        let leave = pool.withdraw_deferring(&who, 5_000_000, due, if is_a { 2 } else { 1 });
        pool.run(leave, &who);
        let paid = if is_a { (0, due.1) } else { (due.0, 0) };
        assert_eq!(
            pool.balances(&who),
            (before.0 + paid.0, before.1 + paid.1, before.2 - 5_000_000)
        );
        let (side, to) = if is_a { (Side::A, who.a) } else { (Side::B, who.b) };
        let claim = pool.claim_deferred(&who, side, to);
        pool.world
            .fails_with(claim.clone(), &[&who.key.insecure_clone()], TOKEN_FROZEN);
        pool.world.thaw(&mint, &vault);
        pool.run(claim, &who);
        assert_eq!(
            pool.balances(&who),
            (before.0 + due.0, before.1 + due.1, before.2 - 5_000_000)
        );
        let leave = pool.withdraw(&who, 5_000_000, 1, 1);
        pool.run(leave, &who);
        everything_works(&mut pool, "trader");
    }
}

#[test]
fn a_frozen_holder_is_the_only_one_who_waits() {
    let mut pool = Ground::mixed(0, &[], true).open(FIRST, FIRST);
    let who = pool.holder("holder", 100_000_000, 100_000_000);
    let enter = pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX);
    pool.run(enter, &who);
    let mint = pool.mint_a.clone();
    pool.world.freeze(&mint, &who.a);
    let leave = pool.withdraw(&who, 10_000_000, 1, 1);
    pool.world.fails_with(leave, &[&who.key.insecure_clone()], TOKEN_FROZEN);
    everything_works(&mut pool, "another");
    // a fresh account of the same owner is not frozen: the exit is open
    let fresh = pool
        .world
        .token_account_named(&mint, &who.key.pubkey(), "a fresh account");
    let elsewhere = Holder { a: fresh, ..who };
    let leave = pool.withdraw(&elsewhere, 10_000_000, 1, 1);
    pool.run(leave, &elsewhere);
}

fn extend_account(pool: &mut PoolWorld, who: &Holder, account: &Address, kind: ExtensionType, enable: Instruction) {
    let grow = token::reallocate(
        &ids::TOKEN_2022,
        account,
        &who.key.pubkey(),
        &who.key.pubkey(),
        &[],
        &[kind],
    )
    .unwrap();
    pool.world.all_succeed(&[grow, enable], &[&who.key]);
}

#[test]
fn a_cpi_guard_on_a_holders_account_refuses_paying_and_lets_receive() {
    let mut pool = Ground::mixed(0, &[], true).open(FIRST, FIRST);
    let who = pool.holder("guarded", 100_000_000, 100_000_000);
    let enter = pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX);
    pool.run(enter, &who);
    let guard = cpi_guard::instruction::enable_cpi_guard(&ids::TOKEN_2022, &who.a, &who.key.pubkey(), &[]).unwrap();
    extend_account(&mut pool, &who, &who.a.clone(), ExtensionType::CpiGuard, guard);
    let key = who.key.insecure_clone();
    for refused in [
        pool.swap_in(&who, Side::A, 1_000_000, 1),
        pool.deposit(&who, 1_000_000, u64::MAX, u64::MAX),
    ] {
        pool.world
            .fails_with(refused, &[&key], TokenError::CpiGuardTransferBlocked as u32);
    }
    for step in [
        pool.swap_in(&who, Side::B, 1_000_000, 1),
        pool.withdraw(&who, 10_000_000, 1, 1),
    ] {
        pool.run(step, &who);
    }
}

#[test]
fn an_account_that_wants_memos_receives_nothing_from_a_pool() {
    let mut pool = Ground::mixed(0, &[], true).open(FIRST, FIRST);
    let who = pool.holder("noted", 100_000_000, 100_000_000);
    let enter = pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX);
    pool.run(enter, &who);
    let memos =
        memo_transfer::instruction::enable_required_transfer_memos(&ids::TOKEN_2022, &who.a, &who.key.pubkey(), &[])
            .unwrap();
    extend_account(&mut pool, &who, &who.a.clone(), ExtensionType::MemoTransfer, memos);
    let key = who.key.insecure_clone();
    for refused in [
        pool.swap_in(&who, Side::B, 1_000_000, 1),
        pool.withdraw(&who, 10_000_000, 1, 1),
    ] {
        pool.world.fails_with(refused, &[&key], TokenError::NoMemo as u32);
    }
    // it pays as any other, and the holder takes the memo's requirement off or names another account
    let sell = pool.swap_in(&who, Side::A, 1_000_000, 1);
    pool.run(sell, &who);
    let off =
        memo_transfer::instruction::disable_required_transfer_memos(&ids::TOKEN_2022, &who.a, &who.key.pubkey(), &[])
            .unwrap();
    pool.world.succeeds(off, &[&key]);
    let leave = pool.withdraw(&who, 10_000_000, 1, 1);
    pool.run(leave, &who);
}
