use {
    super::expect::{bought, fee, share_ceil, share_floor},
    commonweal_tests::{
        fixtures::pool::{
            full_terms, stable_terms, usual_terms, Ground, Holder, PoolWorld, FEE_PPM, FIRST_A, FIRST_B,
            PROTOCOL_SHARE_PPM,
        },
        world::MintExtension,
    },
    liquidity_pool::{
        errors::PoolError,
        events::{Deposited, Swapped},
        state::{ConfigTerms, Side},
    },
    solana_address::Address,
};

const SOLD: u64 = 5_000_000;

fn of(side: Side, (a, b): (u64, u64)) -> u64 {
    match side {
        Side::A => a,
        Side::B => b,
    }
}

/// What a holder has of token A and token B.
fn tokens(pool: &PoolWorld, who: &Holder) -> (u64, u64) {
    let (a, b, _) = pool.balances(who);
    (a, b)
}

#[test]
fn it_is_a_swap_with_its_fees_and_a_proportional_deposit() {
    for input in [Side::A, Side::B] {
        let mut pool = PoolWorld::new(0);
        let who = pool.holder("provider", FIRST_A, FIRST_B);
        let (before, reserves) = (pool.balances(&who), pool.reserves());
        let (x, y) = (of(input, reserves), of(input.other(), reserves));
        let supply = pool.pool().lp_supply_atoms.get();
        let deposit = pool.deposit_one_side(&who, input, SOLD, u64::MAX, 1);
        let receipt = pool.run(deposit, &who);
        // the swap
        let (lp_fee, protocol_fee) = fee(SOLD, FEE_PPM, PROTOCOL_SHARE_PPM);
        let out = bought(SOLD - lp_fee - protocol_fee, x, y);
        let (x, y) = (x + SOLD - protocol_fee, y - out);
        // the deposit
        let shares = share_floor(out, supply + 1_000, y);
        let beside = share_ceil(x, shares, supply + 1_000);
        let after = pool.balances(&who);
        assert_eq!(of(input, (before.0 - after.0, before.1 - after.1)), SOLD + beside);
        assert_eq!(
            of(input.other(), (before.0 - after.0, before.1 - after.1)),
            0,
            "the other account is not touched"
        );
        assert_eq!(after.2 - before.2, shares);
        assert_eq!(of(input, pool.reserves()), x + beside);
        assert_eq!(of(input.other(), pool.reserves()), y + out);
        assert_eq!(of(input, pool.owed()), protocol_fee);
        // both events, one after the other
        let (swapped, deposited) = (receipt.events::<Swapped>()[0], receipt.events::<Deposited>()[0]);
        assert_eq!((swapped.sequence, deposited.sequence), (2, 3));
        assert_eq!(pool.pool().sequence.get(), 3);
        assert_eq!((swapped.input_sent_atoms, swapped.output_received_atoms), (SOLD, out));
        assert_eq!(
            (swapped.lp_fee_atoms, swapped.protocol_fee_atoms),
            (lp_fee, protocol_fee)
        );
        assert_eq!(of(input, (swapped.reserve_a_atoms, swapped.reserve_b_atoms)), x);
        assert_eq!(of(input, (deposited.sent_a_atoms, deposited.sent_b_atoms)), beside);
        assert_eq!(
            (deposited.lp_atoms, deposited.lp_supply_atoms),
            (shares, supply + shares)
        );
    }
}

#[test]
fn at_most_the_total_leaves_and_at_least_the_shares_arrive() {
    let mut pool = PoolWorld::new(0);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    let quote = pool.quoted(4, Side::A, SOLD);
    let (total, shares) = (quote.sent_a_atoms, quote.lp_atoms);
    let over = pool.deposit_one_side(&who, Side::A, SOLD, total - 1, 0);
    pool.refuses(over, &who, PoolError::SlippageExceeded);
    let under = pool.deposit_one_side(&who, Side::A, SOLD, total, shares + 1);
    pool.refuses(under, &who, PoolError::SlippageExceeded);
    let exact = pool.deposit_one_side(&who, Side::A, SOLD, total, shares);
    pool.run(exact, &who);
}

#[test]
fn dust_that_buys_nothing_or_no_share_is_refused() {
    let mut pool = PoolWorld::new(0);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    let nothing = pool.deposit_one_side(&who, Side::A, 0, u64::MAX, 0);
    pool.refuses(nothing, &who, PoolError::ZeroAmount);
    for dust in [1, 2] {
        let none = pool.deposit_one_side(&who, Side::B, dust, u64::MAX, 0);
        pool.refuses(none, &who, PoolError::NothingOut);
    }
}

#[test]
fn either_pause_bit_stops_it() {
    let mut pool = PoolWorld::new(0);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    for bits in [2, 4, 6] {
        pool.pause(bits);
        let deposit = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
        pool.refuses(deposit, &who, PoolError::Paused);
    }
    pool.pause(1 | 8);
    let deposit = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
    pool.run(deposit, &who);
}

#[test]
fn a_passed_deadline_and_a_side_without_meaning_are_refused() {
    let mut pool = PoolWorld::new(0);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    let mut late = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
    let past = pool.world.now() - 1;
    let end = late.data.len();
    late.data[end - 8..].copy_from_slice(&past.to_le_bytes());
    pool.refuses(late, &who, PoolError::DeadlineExpired);
    let mut strange = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
    strange.data[1] = 2;
    pool.refuses(strange, &who, PoolError::UnknownQuote);
}

/// The same pool twice: in one a swap, in the other a deposit of one side that is withdrawn at once and of which what is left
/// of the input is sold too. Gains of the other token for the same input.
#[track_caller]
fn compare(open: &dyn Fn() -> PoolWorld, input: Side, sold: u64) {
    let mut other = open();
    let who = other.holder("provider", u64::MAX / 1_000, u64::MAX / 1_000);
    let start = tokens(&other, &who);
    let deposit = other.deposit_one_side(&who, input, sold, u64::MAX, 0);
    if other.world.send(&[deposit], &[&who.key]).failure().is_some() {
        return;
    }
    let shares = other.balances(&who).2;
    let withdraw = other.withdraw(&who, shares, 0, 0);
    other.run(withdraw, &who);
    let end = tokens(&other, &who);
    let spent = of(input, start) - of(input, end);
    let gained = of(input.other(), end) - of(input.other(), start);
    // a swap of what was spent, in an untouched pool
    let mut plain = open();
    let trader: Holder = plain.holder("provider", u64::MAX / 1_000, u64::MAX / 1_000);
    let before = tokens(&plain, &trader);
    let swap = plain.swap_in(&trader, input, spent, 0);
    let swapped = match plain.world.send(&[swap], &[&trader.key]).failure() {
        Some(_) => 0,
        None => of(input.other(), tokens(&plain, &trader)) - of(input.other(), before),
    };
    assert!(
        gained <= swapped,
        "{sold} sold: deposit and withdrawal gave {gained} for {spent}, a swap {swapped}"
    );
}

fn vesting_stable(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        curve: 1,
        amplification: 100,
        ..full_terms(authority, treasury)
    }
}

#[test]
fn one_side_deposit_then_withdraw_is_never_a_cheaper_swap() {
    let product: [fn(Address, Address) -> ConfigTerms; 2] = [usual_terms, full_terms];
    let stable: [fn(Address, Address) -> ConfigTerms; 2] = [stable_terms, vesting_stable];
    for input in [Side::A, Side::B] {
        for sold in [1, 2, 3, 100, 12_345, SOLD, FIRST_A / 3, FIRST_A] {
            for terms in product {
                compare(&|| Ground::under(0, terms).open(FIRST_A, FIRST_B), input, sold);
                compare(&|| Ground::under(0, terms).open(1_500, 2_000), input, sold);
            }
            for terms in stable {
                compare(&|| Ground::under(0, terms).open(FIRST_A, FIRST_A * 1_000), input, sold);
                compare(&|| Ground::under(0, terms).open(FIRST_A, FIRST_A * 100), input, sold);
            }
        }
    }
}

#[test]
fn through_transfer_fees_it_is_never_a_cheaper_swap_either() {
    for (basis_points, maximum_atoms) in [(100, 1_000), (500, u64::MAX)] {
        let fee = MintExtension::TransferFee {
            basis_points,
            maximum_atoms,
        };
        for is_extended_a in [true, false] {
            for input in [Side::A, Side::B] {
                for sold in [3, 12_345, SOLD] {
                    compare(
                        &|| Ground::mixed(0, &[fee], is_extended_a).open(FIRST_A, FIRST_A),
                        input,
                        sold,
                    );
                }
            }
        }
    }
}

#[test]
fn the_providers_fee_is_not_the_depositors_at_once_where_fees_vest() {
    let mut pool = Ground::under(0, full_terms).open(FIRST_A, FIRST_B);
    pool.world.warp_seconds(3_601);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    let deposit = pool.deposit_one_side(&who, Side::A, FIRST_A / 10, u64::MAX, 0);
    pool.run(deposit, &who);
    assert!(pool.pool().vesting_shares.get() > 0);
}

#[test]
fn with_a_token_2022_mint_the_program_follows() {
    let fee = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: 1_000,
    };
    let mut pool = Ground::mixed(0, &[fee], true).open(FIRST_A, FIRST_B);
    let who = pool.holder("provider", FIRST_A, FIRST_B);
    let mut without = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
    without.accounts.pop();
    pool.refuses(without, &who, PoolError::TokenProgramMissing);
    let deposit = pool.deposit_one_side(&who, Side::A, SOLD, u64::MAX, 0);
    pool.run(deposit, &who);
}
