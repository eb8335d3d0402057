//! What client and provider sign for each other off chain, and how the Ed25519 precompile proves it.
//!
//! The instructions sysvar is read here as the runtime writes it: the number of instructions (u16), the offset of each (u16), the
//! instructions, and last the number of the running one (u16). An instruction is the number of its accounts (u16), 33 bytes of
//! each, the program, the length of the data (u16) and the data. Bytes of another shape prove nothing.

use {
    crate::{
        constants::ED25519_PROGRAM,
        errors::EscrowError,
        state::{require_step, Lease, Step},
    },
    anchor_lang::prelude::*,
};

/// First bytes of a voucher.
pub const VOUCHER_TAG: &[u8; 4] = b"CWL1";
/// Bytes of a voucher: tag (4), program (32), genesis hash (32), uid (32), slot (32), cumulative atoms (8), usage root (32),
/// number (8), expiry (8); numbers little-endian.
pub const VOUCHER_LEN: usize = 188;

const KEY_A: usize = 30;
const KEY_B: usize = 126;
const MESSAGE: usize = 222;
/// Bytes of the precompile's data: count, zero, twice seven words of offsets, twice key and signature, the voucher.
pub const PRECOMPILE_LEN: usize = MESSAGE + VOUCHER_LEN;

/// The only head accepted: two signatures, each with its key, its signature behind it and the voucher at the end, all in this data
/// (index 0xFFFF), so that no other bytes than these were verified.
pub const PRECOMPILE_HEAD: [u8; KEY_A] = precompile_head();

// computed by the compiler, which stops where an index or a number does not fit
#[allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]
const fn precompile_head() -> [u8; KEY_A] {
    let words: [usize; 14] = [
        KEY_A + 32,
        0xFFFF,
        KEY_A,
        0xFFFF,
        MESSAGE,
        VOUCHER_LEN,
        0xFFFF, //
        KEY_B + 32,
        0xFFFF,
        KEY_B,
        0xFFFF,
        MESSAGE,
        VOUCHER_LEN,
        0xFFFF,
    ];
    let mut head = [0u8; KEY_A];
    head[0] = 2;
    let mut word = 0;
    while word < words.len() {
        head[2 * word + 2] = (words[word] & 0xFF) as u8;
        head[2 * word + 3] = (words[word] >> 8) as u8;
        word += 1;
    }
    head
}

/// Where the data stands in the sysvar's record: behind the number of accounts, the program and the length.
const DATA_IN_RECORD: usize = 36;
/// Tag and program of every voucher.
const VOUCHER_HEAD: [u8; 36] = joined(VOUCHER_TAG, crate::ID.as_array());
/// How the precompile's instruction stands in the sysvar: no accounts, the program, the length and head of its data.
const PRECOMPILE_RECORD: [u8; 66] = {
    let [low, high, ..] = PRECOMPILE_LEN.to_le_bytes();
    let length = [low, high];
    let program: [u8; 34] = joined(&[0; 2], ED25519_PROGRAM.as_array());
    let start: [u8; 36] = joined(&program, &length);
    joined(&start, &PRECOMPILE_HEAD)
};

// computed by the compiler, which stops where an index or a number does not fit
#[allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]
const fn joined<const N: usize>(first: &[u8], second: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() {
            first[at]
        } else {
            second[at - first.len()]
        };
        at += 1;
    }
    all
}

/// A voucher that two keys have signed.
pub struct Voucher<'a> {
    /// The first key: the client's.
    pub voucher_key: &'a [u8; 32],
    /// The second key: the provider's.
    pub session_key: &'a [u8; 32],
    /// Tag and program.
    head: &'a [u8; 36],
    /// Genesis hash, uid and slot.
    names: &'a [u8; 96],
    /// All that is due up to it, in atoms, fee included.
    pub cumulative_atoms: u64,
    /// Root of the usage records it stands for.
    pub usage_root: &'a [u8; 32],
    /// Its number.
    pub seq: u64,
    /// Until when it can be redeemed, Unix seconds.
    pub expires_ts: i64,
}

/// Zero beyond the end.
#[inline(never)]
fn word_at(data: &[u8], offset: usize) -> usize {
    data.get(offset..)
        .and_then(|rest| rest.first_chunk::<2>())
        .map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)))
}

fn part_at<const N: usize>(data: &[u8], offset: usize) -> Option<&[u8; N]> {
    data.get(offset..).and_then(|rest| rest.first_chunk::<N>())
}

/// Data of the precompile instruction just before the running one, if it is of the one shape.
fn precompile_before(sysvar: &[u8]) -> Option<&[u8; PRECOMPILE_LEN]> {
    // offsets are 16 bits wide: in a longer one they may have wrapped and point at bytes of somebody's choice
    if sysvar.len() > usize::from(u16::MAX) {
        return None;
    }
    let number = word_at(sysvar, sysvar.len().checked_sub(2)?).checked_sub(1)?;
    let start = word_at(sysvar, number.saturating_mul(2).saturating_add(2));
    if part_at(sysvar, start)? != &PRECOMPILE_RECORD {
        return None;
    }
    part_at(sysvar, start.saturating_add(DATA_IN_RECORD))
}

/// The voucher in data of the one shape.
pub fn parse(data: &[u8; PRECOMPILE_LEN]) -> Option<Voucher<'_>> {
    let message: &[u8; VOUCHER_LEN] = part_at(data, MESSAGE)?;
    Some(Voucher {
        voucher_key: part_at(data, KEY_A)?,
        session_key: part_at(data, KEY_B)?,
        head: part_at(message, 0)?,
        names: part_at(message, 36)?,
        cumulative_atoms: u64::from_le_bytes(*part_at(message, 132)?),
        usage_root: part_at(message, 140)?,
        seq: u64::from_le_bytes(*part_at(message, 172)?),
        expires_ts: i64::from_le_bytes(*part_at(message, 180)?),
    })
}

impl<'a> Voucher<'a> {
    /// The voucher verified just before the running instruction.
    #[inline(never)]
    pub fn read(sysvar: &'a AccountView) -> Step<Self> {
        // SAFETY: the runtime's bytes are only read.
        let bytes = unsafe { sysvar.borrow_unchecked() };
        precompile_before(bytes)
            .and_then(parse)
            .ok_or(EscrowError::VoucherMalformed.into())
    }

    /// That it names this program, this cluster, this lease and its slot.
    #[inline(never)]
    pub fn validate_lease(&self, lease: &Lease) -> Step {
        let fits = self.head == &VOUCHER_HEAD && Some(self.names) == lease.names();
        require_step(fits, EscrowError::VoucherOfAnotherLease)
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::{vec, vec::Vec},
    };

    fn precompile() -> Vec<u8> {
        let mut data = vec![2, 0];
        for key_at in [30u16, 126] {
            for word in [key_at + 32, 0xffff, key_at, 0xffff, 222, 188, 0xffff] {
                data.extend(word.to_le_bytes());
            }
        }
        for key in [7u8, 8] {
            data.extend([key; 32]);
            data.extend([0; 64]);
        }
        data.extend(b"CWL1");
        data.extend([1; 128]);
        data.extend(9u64.to_le_bytes());
        data.extend([2; 32]);
        data.extend(10u64.to_le_bytes());
        data.extend((-11i64).to_le_bytes());
        data
    }

    #[test]
    fn the_one_shape_is_read() {
        let data = precompile();
        assert_eq!(data.len(), 410);
        let sysvar = sysvar(&[(ED25519_PROGRAM.as_array(), &data), (crate::ID.as_array(), &[69])], 1);
        let voucher = parse(precompile_before(&sysvar).unwrap()).unwrap();
        assert_eq!((voucher.voucher_key, voucher.session_key), (&[7; 32], &[8; 32]));
        assert_eq!(&voucher.head[..4], b"CWL1");
        assert_eq!((&voucher.head[4..], voucher.names), (&[1; 32][..], &[1; 96]));
        assert_eq!(
            (voucher.cumulative_atoms, voucher.seq, voucher.expires_ts),
            (9, 10, -11)
        );
        assert_eq!(voucher.usage_root, &[2; 32]);
    }

    #[test]
    fn every_byte_of_the_head_counts_and_the_length_too() {
        let data = precompile();
        let is_read = |data: &[u8]| {
            let ours: (&[u8; 32], &[u8]) = (crate::ID.as_array(), &[69]);
            precompile_before(&sysvar(&[(ED25519_PROGRAM.as_array(), data), ours], 1)).is_some()
        };
        assert!(is_read(&data));
        for at in 0..30 {
            let mut other = data.clone();
            other[at] ^= 1;
            assert!(!is_read(&other), "byte {at}");
        }
        let mut longer = data.clone();
        longer.push(0);
        assert!(!is_read(&longer));
        for length in 0..data.len() {
            assert!(!is_read(&data[..length]));
        }
    }

    /// A sysvar of instructions without accounts.
    fn sysvar(instructions: &[(&[u8; 32], &[u8])], running: u16) -> Vec<u8> {
        let mut bytes = (instructions.len() as u16).to_le_bytes().to_vec();
        let mut at = 2 + 2 * instructions.len();
        for (_, data) in instructions {
            bytes.extend((at as u16).to_le_bytes());
            at += 36 + data.len();
        }
        for (program, data) in instructions {
            bytes.extend([0, 0]);
            bytes.extend(*program);
            bytes.extend((data.len() as u16).to_le_bytes());
            bytes.extend(*data);
        }
        bytes.extend(running.to_le_bytes());
        bytes
    }

    #[test]
    fn only_the_precompile_just_before_counts() {
        let (data, other) = (precompile(), [3u8; 32]);
        let ed25519 = ED25519_PROGRAM.as_array();
        let ours: (&[u8; 32], &[u8]) = (crate::ID.as_array(), &[69]);
        let found = |instructions: &[(&[u8; 32], &[u8])], running| {
            precompile_before(&sysvar(instructions, running)).is_some_and(|found| found[..] == data)
        };
        assert!(found(&[(ed25519, &data), ours], 1));
        assert!(found(&[(&other, &[]), (ed25519, &data), ours], 2));
        assert!(!found(&[(ed25519, &data), (&other, &[]), ours], 2), "not just before");
        assert!(!found(&[ours, (ed25519, &data)], 0), "behind");
        assert!(!found(&[(&other, &data), ours], 1), "another program");
        assert!(precompile_before(&[]).is_none() && precompile_before(&[0]).is_none());
        assert!(precompile_before(&[0xff; 40]).is_none());
    }

    #[test]
    fn a_sysvar_too_long_for_its_offsets_proves_nothing() {
        let data = precompile();
        let filler = vec![0u8; 66_000];
        let ours: (&[u8; 32], &[u8]) = (crate::ID.as_array(), &filler);
        assert!(precompile_before(&sysvar(&[(ED25519_PROGRAM.as_array(), &data), ours], 1)).is_none());
    }
}
