//! Mints of Token-2022, each made by the real program's instructions: every extension there is, allowed and denied.

use {
    commonweal_tests::{
        fixtures::pool::{code, Ground, PoolWorld},
        world::{Mint, MintExtension as E, World},
    },
    liquidity_pool::{errors::PoolError, state::Side},
    solana_address::Address,
    solana_signer::Signer,
    spl_token_2022_interface::extension::{AccountType, ExtensionType},
    std::collections::BTreeSet,
};

pub(super) const FIRST: u64 = 1_000_000_000;
pub(super) const FREEZE: u16 = 1;
pub(super) const MINT: u16 = 2;
pub(super) const FEE: u16 = 16;

pub(super) const TAX: E = E::TransferFee {
    basis_points: 250,
    maximum_atoms: 1_000_000,
};

/// What the design allows, each with what Token-2022 wants beside it.
pub(super) fn allowed() -> Vec<Vec<E>> {
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
pub(super) fn denied() -> Vec<(Vec<E>, PoolError)> {
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

/// The same extensions, a member's group being a mint that is there.
pub(super) fn in_a_group(world: &mut World, extensions: &[E]) -> Vec<E> {
    let is_member = |it: &E| matches!(it, E::GroupMember { .. });
    if !extensions.iter().any(is_member) {
        return extensions.to_vec();
    }
    let group = world.mint_2022("group", 0, &[E::GroupPointer, E::Group]);
    let named = E::GroupMember { of: group.address };
    extensions
        .iter()
        .map(|it| if is_member(it) { named } else { *it })
        .collect()
}

/// A pool of a Token-2022 mint with these extensions, as A or B, and an SPL Token mint; a group for members to be in.
fn ground(extensions: &[E], is_a: bool) -> Ground {
    let is_member = extensions.iter().any(|it| matches!(it, E::GroupMember { .. }));
    if !is_member {
        return Ground::mixed(0, extensions, is_a);
    }
    let mut world = World::new();
    let extensions = in_a_group(&mut world, extensions);
    let extended = world.mint_2022("member", 9, &extensions);
    let plain = (0u32..)
        .map(|attempt| format!("plain {attempt}"))
        .find(|name| (extended.address < world.keypair(name).pubkey()) == is_a)
        .unwrap();
    let plain = world.mint(&plain, 6);
    let (a, b) = if is_a { (extended, plain) } else { (plain, extended) };
    Ground::with_mints(world, a, b)
}

pub(super) fn extended(pool: &PoolWorld, is_a: bool) -> Mint {
    if is_a {
        pool.mint_a.clone()
    } else {
        pool.mint_b.clone()
    }
}

/// Deposits, trades both ways in both modes, collects and withdraws, with every invariant held after each.
#[track_caller]
pub(super) fn everything_works(pool: &mut PoolWorld, name: &str) {
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

pub(super) fn flags(pool: &PoolWorld) -> (u16, u16) {
    let state = pool.pool();
    (state.risk_flags_a.get(), state.risk_flags_b.get())
}

#[track_caller]
pub(super) fn synced(pool: &mut PoolWorld) -> (u16, u16) {
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
