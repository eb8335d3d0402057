//! Runs 128-bit operations over vectors made from a seed and folds every result into one word.
//!
//! The same [`fold`] runs on the host with the compiler's native operations and in the VM with `commonweal-libcalls`; one
//! wrong bit in one of a million results gives another word. Instruction data: function (1 byte), seed (8), count (8).
// This is the measuring device: it must use the plain operators whose code is under test.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

/// How many functions [`fold`] knows.
pub const FUNCTIONS: u8 = 8;

/// Names of the functions, for messages.
pub const NAMES: [&str; 8] = [
    "unsigned product",
    "unsigned quotient",
    "unsigned remainder",
    "signed quotient",
    "signed remainder",
    "left shift",
    "logical right shift",
    "arithmetic right shift",
];

struct Words(u64);

impl Words {
    /// splitmix64 (Steele, Lea, Flood 2014).
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A 64-bit word that is often at an edge: 0, 1, all ones, a power of two, one beside it, or short.
    fn edgy(&mut self) -> u64 {
        let w = self.word();
        let power = 1u64 << ((w >> 8) & 63);
        match w & 15 {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => power,
            4 => power.wrapping_sub(1),
            5 => !power,
            6 => self.word() >> ((w >> 8) & 63),
            7 => u64::MAX << ((w >> 8) & 63),
            _ => self.word(),
        }
    }

    fn wide(&mut self) -> u128 {
        let low = self.edgy();
        (u128::from(self.edgy()) << 64) | u128::from(low)
    }

    /// Never zero; half of them fit one word.
    fn divisor(&mut self) -> u128 {
        let n = if self.word() & 1 == 0 {
            u128::from(self.edgy())
        } else {
            self.wide()
        };
        if n == 0 {
            3
        } else {
            n
        }
    }
}

/// Folds `count` results of `function` over the vectors of `seed`.
pub fn fold(function: u8, seed: u64, count: u64) -> u64 {
    let mut words = Words(seed);
    let mut folded = 0xcbf2_9ce4_8422_2325u64;
    let mut i = 0;
    while i < count {
        let n = words.wide();
        let d = words.divisor();
        // the numerator beside a multiple of the divisor is where quotient digits are mis-estimated
        let n = if words.word() & 7 == 0 {
            d.wrapping_mul(u128::from(words.edgy()))
                .wrapping_sub(u128::from(words.word() & 3))
        } else {
            n
        };
        let shift = (words.word() & 127) as u32;
        let signed_divisor = if d as i128 == -1 && n as i128 == i128::MIN {
            1
        } else {
            d as i128
        };
        let result = match function {
            0 => n.wrapping_mul(d),
            1 => n / d,
            2 => n % d,
            3 => ((n as i128) / signed_divisor) as u128,
            4 => ((n as i128) % signed_divisor) as u128,
            5 => n << shift,
            6 => n >> shift,
            _ => ((n as i128) >> shift) as u128,
        };
        folded = (folded ^ (result as u64))
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(23);
        folded = (folded ^ ((result >> 64) as u64))
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(41);
        i += 1;
    }
    folded
}

/// The program: returns the folded word.
///
/// # Safety
///
/// Called by the VM only, with the serialised input: no accounts, then the length of the data and the data.
#[cfg(target_os = "solana")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn entrypoint(input: *const u8) -> u64 {
    // SAFETY: with no accounts the data lies at byte 16 of the input, 17 bytes by the caller's contract.
    let (function, seed, count) = unsafe {
        let data = input.add(16);
        (
            *data,
            data.add(1).cast::<u64>().read_unaligned(),
            data.add(9).cast::<u64>().read_unaligned(),
        )
    };
    let result = fold(function, seed, count).to_le_bytes();
    pinocchio::cpi::set_return_data(&result);
    0
}
