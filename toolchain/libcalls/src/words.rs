//! 128-bit multiplication and division on 64-bit words.
//!
//! Division is by Knuth's algorithm D with 32-bit digits on the machine's 64-bit divide (TAOCP vol. 2, 4.3.1; Warren,
//! *Hacker's Delight*, 2nd ed., 9-4 and 9-5). The common case on chain is a 64-bit divisor: at most two machine divisions
//! and their corrections. All arithmetic is explicitly wrapping: the algorithm relies on it where it says so.
// Shifts and digit arithmetic are bounded by construction; checked forms would cost what this module exists to save.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

/// An unsigned 128-bit integer as (low, high) words.
pub type Words = (u64, u64);

const LOW: u64 = 0xffff_ffff;

/// Splits an integer into words.
#[inline(always)]
pub fn split(n: u128) -> Words {
    (n as u64, (n >> 64) as u64)
}

/// Joins words into an integer.
#[inline(always)]
pub fn join(w: Words) -> u128 {
    u128::from(w.0) | (u128::from(w.1) << 64)
}

/// Full product of two words.
#[inline(always)]
pub fn mul_wide(a: u64, b: u64) -> Words {
    let (a_lo, a_hi, b_lo, b_hi) = (a & LOW, a >> 32, b & LOW, b >> 32);
    let ll = a_lo.wrapping_mul(b_lo);
    // (2³² − 1)² + 2³² − 1 < 2⁶⁴: neither sum can wrap
    let middle = a_hi.wrapping_mul(b_lo).wrapping_add(ll >> 32);
    let rest = a_lo.wrapping_mul(b_hi).wrapping_add(middle & LOW);
    let hi = a_hi
        .wrapping_mul(b_hi)
        .wrapping_add(middle >> 32)
        .wrapping_add(rest >> 32);
    // a·b would do for the low word, but LLVM knows the high word alone and would call `__multi3`, which is this
    ((ll & LOW) | (rest << 32), hi)
}

/// Low 128 bits of a product.
#[inline(always)]
pub fn mul(a: Words, b: Words) -> Words {
    let (lo, hi) = mul_wide(a.0, b.0);
    (
        lo,
        hi.wrapping_add(a.0.wrapping_mul(b.1))
            .wrapping_add(a.1.wrapping_mul(b.0)),
    )
}

/// Leading zeros of a word that is not zero. The VM has no instruction for it; `leading_zeros` would be a longer sequence.
#[inline(always)]
pub fn leading_zeros(mut x: u64) -> u32 {
    // each step without a branch: the compiler would make selects of branches, and they are longer
    let mut n = 0u64;
    for (below, step) in [(32, 5), (48, 4), (56, 3), (60, 2), (62, 1)] {
        let shift = u64::from(x >> below == 0) << step;
        x <<= shift;
        n += shift;
    }
    (n + (!x >> 63)) as u32
}

/// One digit of algorithm D: the estimate from the divisor's top half, corrected at most twice.
#[inline(always)]
fn quotient_digit(numerator: u64, next: u64, top: u64, bottom: u64) -> u64 {
    const BASE: u64 = 1 << 32;
    let mut digit = numerator / top;
    let mut rest = numerator.wrapping_sub(digit.wrapping_mul(top));
    while digit >= BASE || digit.wrapping_mul(bottom) > (rest << 32).wrapping_add(next) {
        digit = digit.wrapping_sub(1);
        rest = rest.wrapping_add(top);
        if rest >= BASE {
            break;
        }
    }
    digit
}

/// (hi:lo) / v and its remainder, for hi < v: the quotient fits a word.
///
/// The caller holds hi < v; otherwise the result means nothing, and v = 0 traps.
#[inline(always)]
pub fn div_wide(hi: u64, lo: u64, v: u64) -> (u64, u64) {
    if v >> 48 == 0 {
        return div_wide_short(hi, lo, v);
    }
    let shift = leading_zeros(v);
    let v = v << shift;
    let (top, bottom) = (v >> 32, v & LOW);
    let head = if shift == 0 {
        hi
    } else {
        (hi << shift) | (lo >> (64 - shift))
    };
    let tail = lo << shift;
    let (tail_hi, tail_lo) = (tail >> 32, tail & LOW);
    let q1 = quotient_digit(head, tail_hi, top, bottom);
    // wraps by design: the true value fits, its parts do not
    let rest = (head << 32).wrapping_add(tail_hi).wrapping_sub(q1.wrapping_mul(v));
    let q0 = quotient_digit(rest, tail_lo, top, bottom);
    let remainder = (rest << 32).wrapping_add(tail_lo).wrapping_sub(q0.wrapping_mul(v)) >> shift;
    ((q1 << 32).wrapping_add(q0), remainder)
}

/// [`div_wide`] for a divisor of at most 48 bits: sixteen bits at a time no remainder leaves a word, and four divisions
/// of one instruction each need no normalisation. A third of the other way's cost.
#[inline(always)]
fn div_wide_short(hi: u64, lo: u64, v: u64) -> (u64, u64) {
    let digit = |rest: u64, next: u64| {
        let numerator = (rest << 16) | next;
        let digit = numerator / v;
        (digit, numerator.wrapping_sub(digit.wrapping_mul(v)))
    };
    let (q3, rest) = digit(hi, lo >> 48);
    let (q2, rest) = digit(rest, (lo >> 32) & 0xffff);
    let (q1, rest) = digit(rest, (lo >> 16) & 0xffff);
    let (q0, rest) = digit(rest, lo & 0xffff);
    ((q3 << 48) | (q2 << 32) | (q1 << 16) | q0, rest)
}

/// [`div_wide`] out of line.
#[inline(never)]
pub fn div_wide_shared(hi: u64, lo: u64, v: u64) -> (u64, u64) {
    div_wide(hi, lo, v)
}

/// Quotient and remainder. A zero divisor traps in the VM's own divide, as it does for 64-bit integers.
// one body for the four libcalls: each alone is 2,800 bytes
#[inline(never)]
pub fn div_rem(n: Words, d: Words) -> (Words, Words) {
    let ((n_lo, n_hi), (d_lo, d_hi)) = (n, d);
    if d_hi == 0 {
        if n_hi == 0 {
            return ((n_lo / d_lo, 0), (n_lo % d_lo, 0));
        }
        let (q_hi, rest) = if n_hi < d_lo {
            (0, n_hi)
        } else {
            let q = n_hi / d_lo;
            (q, n_hi.wrapping_sub(q.wrapping_mul(d_lo)))
        };
        let (q_lo, remainder) = div_wide_shared(rest, n_lo, d_lo);
        return ((q_lo, q_hi), (remainder, 0));
    }
    // The quotient fits a word. Halving the numerator makes its head smaller than the normalised divisor's; the estimate is
    // then right or one too large, so one is taken off and added back where the remainder asks for it.
    let shift = leading_zeros(d_hi);
    let top = if shift == 0 {
        d_hi
    } else {
        (d_hi << shift) | (d_lo >> (64 - shift))
    };
    let (estimate, _) = div_wide_shared(n_hi >> 1, (n_lo >> 1) | (n_hi << 63), top);
    let mut q = estimate >> (63 - shift);
    q = q.saturating_sub(1);
    let (p_lo, p_hi) = mul_wide(q, d_lo);
    let p_hi = p_hi.wrapping_add(q.wrapping_mul(d_hi));
    let (mut r_lo, borrow) = n_lo.overflowing_sub(p_lo);
    let mut r_hi = n_hi.wrapping_sub(p_hi).wrapping_sub(u64::from(borrow));
    if r_hi > d_hi || (r_hi == d_hi && r_lo >= d_lo) {
        q = q.wrapping_add(1);
        let (lo, borrow) = r_lo.overflowing_sub(d_lo);
        r_lo = lo;
        r_hi = r_hi.wrapping_sub(d_hi).wrapping_sub(u64::from(borrow));
    }
    ((q, 0), (r_lo, r_hi))
}

/// Signed quotient, truncated towards zero; `i128::MIN / -1` wraps, as the machine operation does.
#[inline(always)]
pub fn div_signed(n: i128, d: i128) -> i128 {
    let q = join(div_rem(split(n.unsigned_abs()), split(d.unsigned_abs())).0) as i128;
    if (n ^ d) < 0 {
        q.wrapping_neg()
    } else {
        q
    }
}

/// Signed remainder, with the sign of the numerator.
#[inline(always)]
pub fn rem_signed(n: i128, d: i128) -> i128 {
    let r = join(div_rem(split(n.unsigned_abs()), split(d.unsigned_abs())).1) as i128;
    if n < 0 {
        r.wrapping_neg()
    } else {
        r
    }
}
