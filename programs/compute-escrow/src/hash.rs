//! The hashes clients and workers compute as well. Each has its own domain tag, so that none can stand for another.

use anchor_lang::{prelude::*, Address};

/// Domain tag of a job's uid.
pub const UID_TAG: &[u8; 16] = b"commonweal:uid:1";
/// Domain tag of a result commitment.
pub const COMMITMENT_TAG: &[u8; 16] = b"commonweal:res:1";
/// Domain tag of a slot's lot.
pub const LOT_TAG: &[u8; 16] = b"commonweal:lot:1";
/// Domain tag of a sealed bid.
pub const BID_TAG: &[u8; 16] = b"commonweal:bid:1";
/// Domain tag of a receipt.
pub const RECEIPT_TAG: &[u8; 16] = b"commonweal:rcp:1";

/// A buffer filled part by part; what does not fit is refused.
struct Preimage<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Preimage<N> {
    #[inline(always)]
    fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    #[inline(always)]
    fn push(mut self, part: &[u8]) -> Self {
        let end = self.len.saturating_add(part.len());
        if let Some(space) = self.bytes.get_mut(self.len..end) {
            space.copy_from_slice(part);
            self.len = end;
        }
        self
    }

    #[inline(always)]
    fn digest(&self) -> [u8; 32] {
        sha256(self.bytes.get(..self.len).unwrap_or(&self.bytes))
    }
}

/// The job's name for ever: H(tag | program | job | created_slot). An address can live twice, a uid cannot.
#[inline(always)]
pub fn job_uid(job: &Address, created_slot: u64) -> [u8; 32] {
    Preimage::<88>::new()
        .push(UID_TAG)
        .push(crate::ID.as_ref())
        .push(job.as_ref())
        .push(&created_slot.to_le_bytes())
        .digest()
}

/// What a worker commits to: H(tag | result | salt | slot | uid). The slot is the worker: a copied commitment cannot be revealed
/// by another.
#[inline(always)]
pub fn result_commitment(result: &[u8; 32], salt: &[u8; 32], slot: &Address, uid: &[u8; 32]) -> [u8; 32] {
    Preimage::<144>::new()
        .push(COMMITMENT_TAG)
        .push(result)
        .push(salt)
        .push(slot.as_ref())
        .push(uid)
        .digest()
}

/// What a bidder commits to: H(tag | price u64 LE | salt | slot | uid). The slot is the bidder: a copied bid cannot be revealed by
/// another.
#[inline(never)]
pub fn bid_commitment(price_atoms: u64, salt: &[u8; 32], slot: &Address, uid: &[u8; 32]) -> [u8; 32] {
    Preimage::<120>::new()
        .push(BID_TAG)
        .push(&price_atoms.to_le_bytes())
        .push(salt)
        .push(slot.as_ref())
        .push(uid)
        .digest()
}

/// A slot's lot for one opening of a job: the first 64 bits, little-endian, of H(tag | seed | slot).
#[inline(never)]
pub fn lot(seed: &[u8; 32], slot: &Address) -> u64 {
    let digest = Preimage::<80>::new()
        .push(LOT_TAG)
        .push(seed)
        .push(slot.as_ref())
        .digest();
    digest
        .first_chunk::<8>()
        .map_or(u64::MAX, |head| u64::from_le_bytes(*head))
}

/// One computation in a slot's receipt chain.
pub struct Receipt<'a> {
    /// The chain's head before it.
    pub head: &'a [u8; 32],
    /// Its number in the chain, from zero.
    pub seq: u64,
    /// The job.
    pub uid: &'a [u8; 32],
    /// The job's specification.
    pub spec_hash: &'a [u8; 32],
    /// The revealed result, the unrevealed commitment, or zero.
    pub result: &'a [u8; 32],
    /// How it ended: the code of [`crate::state::Outcome`].
    pub outcome: u8,
    /// Atoms the provider earned.
    pub provider_atoms: u64,
    /// Atoms of fee paid.
    pub fee_atoms: u64,
    /// Lamports of bond lost.
    pub slashed_lamports: u64,
}

impl Receipt<'_> {
    /// The chain's next head: H(tag | head | seq | uid | spec | result | outcome | amounts).
    #[inline(never)]
    pub fn next_head(&self) -> [u8; 32] {
        Preimage::<177>::new()
            .push(RECEIPT_TAG)
            .push(self.head)
            .push(&self.seq.to_le_bytes())
            .push(self.uid)
            .push(self.spec_hash)
            .push(self.result)
            .push(&[self.outcome])
            .push(&self.provider_atoms.to_le_bytes())
            .push(&self.fee_atoms.to_le_bytes())
            .push(&self.slashed_lamports.to_le_bytes())
            .digest()
    }
}

/// Whether `vault` is the PDA `["vault", parent, bump]` of this program.
///
/// The runtime proved at creation that the address is off the curve, so the hash alone identifies it: 150 CU instead of
/// the 1,500 of a full derivation.
#[inline(never)]
pub fn is_vault_of(vault: &Address, parent: &Address, bump: u8) -> bool {
    let derived = Preimage::<91>::new()
        .push(crate::constants::VAULT_SEED)
        .push(parent.as_ref())
        .push(&[bump])
        .push(crate::ID.as_ref())
        .push(b"ProgramDerivedAddress")
        .digest();
    crate::state::same(vault, &Address::new_from_array(derived))
}

/// Domain tag of a specification with canaries.
pub const CANARY_TAG: &[u8; 16] = b"commonweal:can:1";
/// Domain tag of a canary: a part of the work whose output the client knows.
pub const CANARY_LEAF_TAG: &[u8; 16] = b"commonweal:cnl:1";
/// Domain tag of one output of a canary job's result.
pub const OUTPUT_LEAF_TAG: &[u8; 16] = b"commonweal:out:1";
/// Domain tag of an inner node of either tree.
pub const NODE_TAG: &[u8; 16] = b"commonweal:nod:1";
/// Domain tag of a party's commitment to its part of the randomness.
pub const SEED_TAG: &[u8; 16] = b"commonweal:see:1";
/// Domain tag of a panel's seed.
pub const PANEL_TAG: &[u8; 16] = b"commonweal:pnl:1";
/// Domain tag of one drawing.
pub const DRAW_TAG: &[u8; 16] = b"commonweal:drw:1";
/// Domain tag of a vote.
pub const VOTE_TAG: &[u8; 16] = b"commonweal:vot:1";

/// Most bytes of [`digest_of`]: six words and a tag.
const MOST_BYTES: usize = 208;

/// H(tag | parts).
#[inline(never)]
pub fn digest_of(tag: &[u8; 16], parts: &[&[u8]]) -> [u8; 32] {
    let mut preimage = Preimage::<MOST_BYTES>::new().push(tag);
    for part in parts {
        preimage = preimage.push(part);
    }
    preimage.digest()
}

/// The `spec_hash` of a job with canaries: H(tag | hash of the rest of the specification | root of the canaries).
pub fn canary_spec(body_hash: &[u8; 32], canary_root: &[u8; 32]) -> [u8; 32] {
    digest_of(CANARY_TAG, &[body_hash, canary_root])
}

/// The root that a leaf at `position` makes with its siblings, the lowest first.
#[inline(never)]
pub fn merkle_root<'a>(leaf: [u8; 32], position: u32, siblings: impl Iterator<Item = &'a [u8; 32]>) -> [u8; 32] {
    let mut node = leaf;
    let mut position = position;
    for sibling in siblings {
        node = if position & 1 == 0 {
            digest_of(NODE_TAG, &[&node, sibling])
        } else {
            digest_of(NODE_TAG, &[sibling, &node])
        };
        position >>= 1;
    }
    node
}

/// A party's commitment to its part of a round's randomness: H(tag | secret | uid | round | side).
pub fn seed_commitment(secret: &[u8; 32], uid: &[u8; 32], round: u8, side: u8) -> [u8; 32] {
    digest_of(SEED_TAG, &[secret, uid, &[round, side]])
}

/// A panel's seed: H(tag | the challenger's secret | the defender's | the pinned slot hash).
pub fn panel_seed(secrets: &[[u8; 32]; 2], pinned: &[u8; 32]) -> [u8; 32] {
    let [challenger, defender] = secrets;
    digest_of(PANEL_TAG, &[challenger, defender, pinned])
}

/// The number of drawing `index`: the first 64 bits, little-endian, of H(tag | seed | index).
pub fn drawing(seed: &[u8; 32], index: u32) -> u64 {
    let digest = digest_of(DRAW_TAG, &[seed, &index.to_le_bytes()]);
    digest.first_chunk::<8>().map_or(0, |head| u64::from_le_bytes(*head))
}

/// What a juror commits to: H(tag | parts per million for the provider | salt | seat | uid | round).
pub fn vote_commitment(ppm: u32, salt: &[u8; 32], seat: &Address, uid: &[u8; 32], round: u8) -> [u8; 32] {
    digest_of(VOTE_TAG, &[&ppm.to_le_bytes(), salt, seat.as_ref(), uid, &[round]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_hold_exactly_what_is_pushed() {
        let job = Address::new_from_array([1; 32]);
        let mut all = std::vec::Vec::new();
        all.extend_from_slice(b"commonweal:uid:1");
        all.extend_from_slice(crate::ID.as_ref());
        all.extend_from_slice(&[1; 32]);
        all.extend_from_slice(&7u64.to_le_bytes());
        assert_eq!(all.len(), 88);
        assert_eq!(job_uid(&job, 7), sha256(&all));

        let mut all = b"commonweal:res:1".to_vec();
        for byte in [2u8, 3, 1, 4] {
            all.extend_from_slice(&[byte; 32]);
        }
        assert_eq!(all.len(), 144);
        assert_eq!(result_commitment(&[2; 32], &[3; 32], &job, &[4; 32]), sha256(&all));

        let mut all = b"commonweal:bid:1".to_vec();
        all.extend_from_slice(&7u64.to_le_bytes());
        for byte in [3u8, 1, 4] {
            all.extend_from_slice(&[byte; 32]);
        }
        assert_eq!(all.len(), 120);
        assert_eq!(bid_commitment(7, &[3; 32], &job, &[4; 32]), sha256(&all));

        let mut all = b"commonweal:rcp:1".to_vec();
        all.extend_from_slice(&[5; 32]);
        all.extend_from_slice(&9u64.to_le_bytes());
        for byte in [6u8, 7, 8] {
            all.extend_from_slice(&[byte; 32]);
        }
        all.push(1);
        for amount in [10u64, 11, 12] {
            all.extend_from_slice(&amount.to_le_bytes());
        }
        assert_eq!(all.len(), 177);
        let receipt = Receipt {
            head: &[5; 32],
            seq: 9,
            uid: &[6; 32],
            spec_hash: &[7; 32],
            result: &[8; 32],
            outcome: 1,
            provider_atoms: 10,
            fee_atoms: 11,
            slashed_lamports: 12,
        };
        assert_eq!(receipt.next_head(), sha256(&all));
    }

    #[test]
    fn a_vault_is_recognised_by_its_seeds_alone() {
        let job = Address::new_from_array([9; 32]);
        let (vault, bump) = Address::find_program_address(&[b"vault", job.as_ref()], &crate::ID);
        assert!(is_vault_of(&vault, &job, bump));
        assert!(!is_vault_of(&vault, &job, bump.wrapping_sub(1)));
        assert!(!is_vault_of(&vault, &vault, bump));
    }

    #[test]
    fn the_courts_hashes_hold_exactly_their_parts() {
        let bytes = |parts: &[&[u8]]| parts.concat();
        let seat = Address::new_from_array([6; 32]);
        let vote = bytes(&[
            b"commonweal:vot:1",
            &7u32.to_le_bytes(),
            &[5; 32],
            &[6; 32],
            &[4; 32],
            &[2],
        ]);
        assert_eq!(vote_commitment(7, &[5; 32], &seat, &[4; 32], 2), sha256(&vote));
        let seed = bytes(&[b"commonweal:see:1", &[5; 32], &[4; 32], &[2, 1]]);
        assert_eq!(seed_commitment(&[5; 32], &[4; 32], 2, 1), sha256(&seed));
        let panel = bytes(&[b"commonweal:pnl:1", &[1; 32], &[2; 32], &[3; 32]]);
        assert_eq!(panel_seed(&[[1; 32], [2; 32]], &[3; 32]), sha256(&panel));
        let drawn = sha256(&bytes(&[b"commonweal:drw:1", &[1; 32], &9u32.to_le_bytes()]));
        assert_eq!(drawing(&[1; 32], 9).to_le_bytes(), drawn[..8]);
        let spec = bytes(&[b"commonweal:can:1", &[1; 32], &[2; 32]]);
        assert_eq!(canary_spec(&[1; 32], &[2; 32]), sha256(&spec));
        let left = sha256(&bytes(&[b"commonweal:nod:1", &[1; 32], &[2; 32]]));
        let root = sha256(&bytes(&[b"commonweal:nod:1", &[3; 32], &left]));
        // position two: left at the bottom, right above
        assert_eq!(merkle_root([1; 32], 2, [[2; 32], [3; 32]].iter()), root);
        assert_eq!(merkle_root([1; 32], 0, [].iter()), [1; 32]);
    }
}
