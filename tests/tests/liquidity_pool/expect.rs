//! The design's formulas, written again in wide integers: nothing here calls the program's arithmetic.

use num_bigint::BigUint;

/// Errors of the token programs that tests expect.
pub const TOKEN_INSUFFICIENT_FUNDS: u32 = 1;
pub const TOKEN_MINT_MISMATCH: u32 = 3;
pub const TOKEN_OWNER_MISMATCH: u32 = 4;
pub const TOKEN_FROZEN: u32 = 17;

/// Anchor's codes.
pub const ANCHOR_NOT_WRITABLE: u32 = 2_000;
pub const ANCHOR_WRONG_ADDRESS: u32 = 2_012;
pub const ANCHOR_DUPLICATE: u32 = 2_040;

/// A fee and its parts: ⌈gross·ppm/10⁶⌉, of which ⌊fee·share/10⁶⌋ is the protocol's.
pub fn fee(gross: u64, ppm: u32, share_ppm: u32) -> (u64, u64) {
    let total = (u128::from(gross) * u128::from(ppm)).div_ceil(1_000_000);
    let protocol = total * u128::from(share_ppm) / 1_000_000;
    ((total - protocol) as u64, protocol as u64)
}

/// ⌊Δx·y/(x+Δx)⌋.
pub fn bought(net: u64, x: u64, y: u64) -> u64 {
    (u128::from(net) * u128::from(y) / (u128::from(x) + u128::from(net))) as u64
}

/// ⌈x·Δy/(y−Δy)⌉.
pub fn cost(out: u64, x: u64, y: u64) -> u64 {
    (u128::from(x) * u128::from(out)).div_ceil(u128::from(y - out)) as u64
}

/// ⌈net·10⁶/(10⁶−ppm)⌉.
pub fn gross(net: u64, ppm: u32) -> u64 {
    (u128::from(net) * 1_000_000).div_ceil(1_000_000 - u128::from(ppm)) as u64
}

/// min(⌈amount·bps/10⁴⌉, maximum): Token-2022's transfer fee.
pub fn transfer_fee(amount: u64, bps: u16, maximum: u64) -> u64 {
    ((u128::from(amount) * u128::from(bps)).div_ceil(10_000) as u64).min(maximum)
}

/// ⌈R·s/S⌉.
pub fn share_ceil(reserve: u64, shares: u64, all: u64) -> u64 {
    (u128::from(reserve) * u128::from(shares)).div_ceil(u128::from(all)) as u64
}

/// ⌊R·s/S⌋.
pub fn share_floor(reserve: u64, shares: u64, all: u64) -> u64 {
    (u128::from(reserve) * u128::from(shares) / u128::from(all)) as u64
}

/// ⌊weight·⌊released·2⁶⁴/all⌋/2⁶⁴⌋: what a lane pays a weight of what it has released in one go.
pub fn lane_pay(released: u64, weight: u64, all: u64) -> u64 {
    let each = (BigUint::from(released) << 64u32) / all;
    ((each * weight) >> 64u32).try_into().unwrap()
}
