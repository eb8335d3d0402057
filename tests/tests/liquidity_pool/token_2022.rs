//! Mints of Token-2022, each made by the real program's instructions: every extension there is, allowed and denied, and what
//! issuers can change or add once the pool exists.

use {
    super::expect::{bought, fee, share_floor, transfer_fee, TOKEN_FROZEN},
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, Holder, PoolWorld, FEE_PPM, PROTOCOL_SHARE_PPM},
        world::{Failure, Mint, MintExtension, World},
    },
    liquidity_pool::{errors::PoolError, state::Side},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::{
        error::TokenError,
        extension::{cpi_guard, memo_transfer, transfer_fee as fee_extension, AccountType, ExtensionType},
        instruction::{self as token, AuthorityType},
    },
    std::collections::BTreeSet,
};

use MintExtension as E;

const FIRST: u64 = 1_000_000_000;
const FREEZE: u16 = 1;
const MINT: u16 = 2;
const FEE: u16 = 16;

const TAX: E = E::TransferFee {
    basis_points: 250,
    maximum_atoms: 1_000_000,
};

/// What the design allows, each with what Token-2022 wants beside it.
fn allowed() -> Vec<Vec<E>> {
    vec![
        vec![],
        vec![E::MetadataPointer],
        vec![E::MetadataPointer, E::Metadata],
        vec![E::GroupPointer],
        vec![E::GroupPointer, E::Group],
        vec![E::GroupMemberPointer],
        // the member's group is a mint of its own, made in the test
        vec![
            E::GroupMemberPointer,
            E::GroupMember {
                of: Address::new_from_array([0; 32]),
            },
        ],
        vec![TAX],
        vec![
            TAX,
            E::MetadataPointer,
            E::GroupPointer,
            E::GroupMemberPointer,
            E::Metadata,
            E::Group,
        ],
    ]
}

/// What the design denies and the error that names it. Where several are there, the first in the mint is named.
fn denied() -> Vec<(Vec<E>, PoolError)> {
    vec![
        (vec![E::TransferHook], PoolError::MintHasTransferHook),
        (vec![E::PermanentDelegate], PoolError::MintHasPermanentDelegate),
        (vec![E::Pausable], PoolError::MintIsPausable),
        (vec![E::DefaultFrozen], PoolError::MintIsDefaultFrozen),
        // usable today: its authority can make every later account, a claimant's say, start frozen
        (vec![E::DefaultUsable], PoolError::MintIsDefaultFrozen),
        (vec![E::Confidential], PoolError::MintIsConfidential),
        (
            vec![TAX, E::ConfidentialFee, E::Confidential],
            PoolError::MintIsConfidential,
        ),
        (
            vec![E::ConfidentialMintBurn, E::Confidential],
            PoolError::MintIsConfidential,
        ),
        (vec![E::MintClose], PoolError::MintIsClosable),
        (vec![E::NonTransferable], PoolError::MintIsNonTransferable),
        (vec![E::ScaledUiAmount], PoolError::MintHasScaledAmount),
        (vec![E::InterestBearing], PoolError::MintIsInterestBearing),
        (vec![E::PermissionedBurn], PoolError::MintHasPermissionedBurn),
        // an allowed one before it hides nothing
        (vec![E::MetadataPointer, TAX, E::Pausable], PoolError::MintIsPausable),
        (
            vec![E::PermanentDelegate, E::MetadataPointer, E::Metadata],
            PoolError::MintHasPermanentDelegate,
        ),
    ]
}

/// A pool of a Token-2022 mint with these extensions, as A or B, and an SPL Token mint; a group for members to be in.
fn ground(extensions: &[E], is_a: bool) -> Ground {
    let is_member = extensions.iter().any(|it| matches!(it, E::GroupMember { .. }));
    if !is_member {
        return Ground::mixed(0, extensions, is_a);
    }
    let mut world = World::new();
    let group = world.mint_2022("group", 0, &[E::GroupPointer, E::Group]);
    let extensions: Vec<E> = extensions
        .iter()
        .map(|it| match it {
            E::GroupMember { .. } => E::GroupMember { of: group.address },
            other => *other,
        })
        .collect();
    let extended = world.mint_2022("member", 9, &extensions);
    let plain = (0u32..)
        .map(|attempt| format!("plain {attempt}"))
        .find(|name| (extended.address < world.keypair(name).pubkey()) == is_a)
        .unwrap();
    let plain = world.mint(&plain, 6);
    let (a, b) = if is_a { (extended, plain) } else { (plain, extended) };
    Ground::with_mints(world, a, b)
}

fn extended(pool: &PoolWorld, is_a: bool) -> Mint {
    if is_a {
        pool.mint_a.clone()
    } else {
        pool.mint_b.clone()
    }
}

/// Deposits, trades both ways in both modes, collects and withdraws, with every invariant held after each.
#[track_caller]
fn everything_works(pool: &mut PoolWorld, name: &str) {
    let who = pool.holder(name, 100_000_000, 100_000_000);
    let treasury = pool.treasury_accounts();
    let steps = [
        pool.deposit(&who, 10_000_000, u64::MAX, u64::MAX),
        pool.swap_in(&who, Side::A, 1_000_000, 1),
        pool.swap_in(&who, Side::B, 1_000_000, 1),
        pool.swap_out(&who, Side::A, 500_000, u64::MAX),
        pool.swap_out(&who, Side::B, 500_000, u64::MAX),
    ];
    for step in steps {
        pool.run(step, &who);
    }
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect);
    let leave = pool.withdraw(&who, 10_000_000, 1, 1);
    pool.run(leave, &who);
}

fn flags(pool: &PoolWorld) -> (u16, u16) {
    let state = pool.pool();
    (state.risk_flags_a.get(), state.risk_flags_b.get())
}

#[track_caller]
fn synced(pool: &mut PoolWorld) -> (u16, u16) {
    let sync = pool.sync_mint_risk();
    pool.run_unsigned(sync);
    flags(pool)
}

#[test]
fn the_two_lists_name_every_extension_a_mint_can_have() {
    let known: BTreeSet<u16> = (1..=u16::MAX)
        .filter_map(|number| ExtensionType::try_from(number).ok())
        .filter(|kind| kind.get_account_type() == AccountType::Mint)
        .map(u16::from)
        .collect();
    let named: BTreeSet<u16> = allowed()
        .into_iter()
        .chain(denied().into_iter().map(|(extensions, _)| extensions))
        .flatten()
        .map(|extension| u16::from(extension.kind()))
        .collect();
    assert_eq!(named, known);
}

#[test]
fn mints_with_allowed_extensions_trade_on_either_side() {
    for extensions in allowed() {
        for is_a in [true, false] {
            let mut pool = ground(&extensions, is_a).open(FIRST, FIRST);
            let tax = if extensions.contains(&TAX) { FEE } else { 0 };
            let expected = if is_a { (tax, 0) } else { (0, tax) };
            let common = FREEZE | MINT;
            assert_eq!(
                flags(&pool),
                (common | expected.0, common | expected.1),
                "{extensions:?}"
            );
            everything_works(&mut pool, "trader");
            assert_eq!(
                synced(&mut pool),
                (common | expected.0, common | expected.1),
                "{extensions:?}"
            );
        }
    }
}

#[test]
fn mints_with_denied_extensions_make_no_pool_and_the_error_names_them() {
    for (extensions, error) in denied() {
        for is_a in [true, false] {
            let mut ground = Ground::mixed(0, &[], is_a);
            let other = if is_a {
                ground.mint_b.address
            } else {
                ground.mint_a.address
            };
            let name = (0u32..)
                .map(|attempt| format!("denied {attempt}"))
                .find(|name| (ground.world.keypair(name).pubkey() < other) == is_a)
                .unwrap();
            let mint = ground.world.mint_2022(&name, 9, &extensions);
            if is_a {
                ground.mint_a = mint;
            } else {
                ground.mint_b = mint;
            }
            let create = ground.create_pool(FIRST, FIRST);
            let creator = ground.creator.insecure_clone();
            ground.world.fails_with(create, &[&creator], code(error));
        }
    }
}

#[test]
fn extensions_that_do_not_exist_yet_are_refused_wherever_they_stand() {
    // no instruction of today's program makes them: the only accounts here that are put in place by force
    let unknown: [&[u8]; 4] = [
        &[29, 0, 0, 0],
        &[200, 0, 1, 0, 7],
        // an extension of accounts, on a mint
        &[5, 0, 0, 0],
        // a length beyond the end
        &[18, 0, 64, 0, 1, 2],
    ];
    for bytes in unknown {
        for extensions in [vec![], vec![E::MetadataPointer, TAX]] {
            let mut ground = Ground::mixed(0, &extensions, true);
            let address = ground.mint_a.address;
            let mut mint = ground.world.raw(&address);
            if mint.data.len() < 166 {
                mint.data.resize(165, 0);
                mint.data.push(1);
            }
            mint.data.extend_from_slice(bytes);
            mint.lamports = ground.world.rent(mint.data.len());
            ground.world.set_raw(address, mint);
            let create = ground.create_pool(FIRST, FIRST);
            let creator = ground.creator.insecure_clone();
            ground
                .world
                .fails_with(create, &[&creator], code(PoolError::MintHasUnknownExtension));
        }
    }
}

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
        pool.world.thaw(&mint, &vault);
        let leave = pool.withdraw(&who, 10_000_000, 1, 1);
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
