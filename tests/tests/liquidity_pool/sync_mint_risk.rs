use {
    super::expect::ANCHOR_NOT_WRITABLE,
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{Ground, PoolWorld, FIRST_A, FIRST_B},
        world::{Mint, MintExtension},
    },
    liquidity_pool::{constants::RISK_REFUSED, errors::PoolError, events::MintRiskSynced, state::Side},
    solana_instruction::{error::InstructionError, AccountMeta, Instruction},
    solana_signer::Signer,
};

const FREEZE: u16 = 1;
const MINT: u16 = 2;
const TRANSFER_FEE: u16 = 16;

fn flags(pool: &PoolWorld) -> (u16, u16) {
    let state = pool.pool();
    (state.risk_flags_a.get(), state.risk_flags_b.get())
}

#[track_caller]
fn sync(pool: &mut PoolWorld) -> MintRiskSynced {
    let instruction = pool.sync_mint_risk();
    let receipt = pool.run_unsigned(instruction);
    receipt.events::<MintRiskSynced>()[0]
}

/// Takes an authority from a mint, as the token program's `SetAuthority` does.
fn revoke(pool: &mut PoolWorld, mint: &Mint, kind: u8) {
    let authority = pool.world.mint_authority(mint);
    let instruction = Instruction {
        program_id: mint.program,
        accounts: vec![
            AccountMeta::new(mint.address, false),
            AccountMeta::new_readonly(authority.pubkey(), true),
        ],
        // tag, kind (0 mint tokens, 1 freeze), no new authority
        data: vec![6, kind, 0],
    };
    pool.world.succeeds(instruction, &[&authority]);
}

#[test]
fn revoked_authorities_are_seen_and_dated() {
    let mut pool = PoolWorld::new(0);
    assert_eq!(flags(&pool), (FREEZE | MINT, FREEZE | MINT));
    let (mint_a, mint_b) = (pool.mint_a.clone(), pool.mint_b.clone());
    revoke(&mut pool, &mint_a, 1);
    revoke(&mut pool, &mint_b, 0);
    assert_eq!(flags(&pool), (FREEZE | MINT, FREEZE | MINT), "nobody has looked yet");
    pool.world.warp_seconds(1_000);
    let now = pool.world.now();
    let mut expected = pool.pool();
    let event = sync(&mut pool);
    expected.risk_flags_a = MINT.into();
    expected.risk_flags_b = FREEZE.into();
    expected.risk_checked_ts = now.into();
    expected.sequence = 2u64.into();
    assert_eq!(bytemuck::bytes_of(&pool.pool()), bytemuck::bytes_of(&expected));
    assert_eq!((event.pool, event.sequence, event.checked_ts), (pool.at.pool.0, 2, now));
    assert_eq!(
        [
            event.old_flags_a,
            event.old_flags_b,
            event.risk_flags_a,
            event.risk_flags_b
        ],
        [FREEZE | MINT, FREEZE | MINT, MINT, FREEZE]
    );
    revoke(&mut pool, &mint_a, 0);
    sync(&mut pool);
    assert_eq!(flags(&pool), (0, FREEZE));
}

#[test]
fn a_transfer_fee_is_still_seen() {
    let fee = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: 1_000,
    };
    let mut pool = Ground::mixed(0, &[fee], true).open(FIRST_A, FIRST_B);
    let before = flags(&pool);
    assert_eq!(before, (FREEZE | MINT | TRANSFER_FEE, FREEZE | MINT));
    sync(&mut pool);
    assert_eq!(flags(&pool), before);
    // and a pool that did not know of it learns it
    let mut state = pool.pool();
    state.risk_flags_a = 0u16.into();
    let mut raw = pool.world.raw(&pool.at.pool.0);
    raw.data[8..].copy_from_slice(bytemuck::bytes_of(&state));
    pool.world.set_raw(pool.at.pool.0, raw);
    sync(&mut pool);
    assert_eq!(flags(&pool), before);
}

#[test]
fn a_mint_that_has_gone_or_changed_beyond_the_policy_is_flagged_as_refused() {
    let fee = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: 1_000,
    };
    let mut pool = Ground::mixed(0, &[fee], true).open(FIRST_A, FIRST_B);
    let (at_a, at_b) = (pool.mint_a.address, pool.mint_b.address);
    let (genuine_a, genuine_b) = (pool.world.raw(&at_a), pool.world.raw(&at_b));
    // an extension that nobody knows, in place of the transfer fee
    let mut strange = genuine_a.clone();
    strange.data[166..168].copy_from_slice(&900u16.to_le_bytes());
    let mut closed = genuine_b.clone();
    (closed.owner, closed.data) = (ids::SYSTEM, vec![]);
    pool.world.set_raw(at_a, strange);
    pool.world.set_raw(at_b, closed);
    let event = sync(&mut pool);
    assert_eq!(
        (event.risk_flags_a, event.risk_flags_b),
        (RISK_REFUSED | TRANSFER_FEE, RISK_REFUSED),
        "a fee, once there, goes on being looked for"
    );
    assert_eq!(flags(&pool), (RISK_REFUSED | TRANSFER_FEE, RISK_REFUSED));
    // a swap is refused in the mint's own words
    let trader = pool.creator.clone();
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 1);
    pool.refuses(swap, &trader, PoolError::MintHasUnknownExtension);
    // and the flag goes when the mint is again what it was
    pool.world.set_raw(at_a, genuine_a);
    pool.world.set_raw(at_b, genuine_b);
    sync(&mut pool);
    assert_eq!(flags(&pool), (FREEZE | MINT | TRANSFER_FEE, FREEZE | MINT));
}

#[test]
fn no_pause_stops_it() {
    let mut pool = PoolWorld::new(0);
    pool.pause(15);
    sync(&mut pool);
}

#[test]
fn only_the_pools_own_mints_are_read() {
    let mut pool = PoolWorld::new(0);
    let stranger = pool.world.mint("stranger's", 6).address;
    for place in [1, 2] {
        let mut instruction = pool.sync_mint_risk();
        instruction.accounts[place].pubkey = stranger;
        pool.refuses_unsigned(instruction, PoolError::MintMismatch);
    }
    let mut exchanged = pool.sync_mint_risk();
    exchanged.accounts.swap(1, 2);
    pool.refuses_unsigned(exchanged, PoolError::MintMismatch);
}

#[test]
fn a_pool_that_is_read_only_or_none_is_refused() {
    let mut pool = PoolWorld::new(0);
    let mut read_only = pool.sync_mint_risk();
    read_only.accounts[0].is_writable = false;
    pool.world.fails_with(read_only, &[], ANCHOR_NOT_WRITABLE);
    let mut other_kind = pool.sync_mint_risk();
    other_kind.accounts[0].pubkey = pool.config;
    pool.world
        .fails_with(other_kind, &[], InstructionError::AccountDataTooSmall);
}
