//! What workers, bidders, parties and jurors must remember between committing and revealing.

use {
    super::{kept, wasm::hex},
    crate::{Address, Error, Result},
    serde::{Deserialize, Serialize},
};

/// The folder of results.
const RESULTS: &str = "results";
/// The folder of bids.
const BIDS: &str = "bids";
/// The folder of parties' seeds.
const SEEDS: &str = "seeds";
/// The folder of votes.
const VOTES: &str = "votes";

/// A result's hash and the salt of its commitment, kept in a file named by the job's uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// SHA-256 of the result.
    pub result: [u8; 32],
    /// The salt.
    pub salt: [u8; 32],
}

fn differs(what: String, kind: &str, name: &str) -> Error {
    Error::refused(
        what,
        format!(
            "Commit to that one, or remove {} if nothing was committed",
            kept::path(kind, name).display()
        ),
    )
}

impl Secret {
    fn kept(name: &str, result: [u8; 32]) -> Result<Self> {
        let salt = kept::random();
        let kept = kept::keep(RESULTS, name, Self { result, salt })?;
        if kept.result == result {
            return Ok(kept);
        }
        let what = format!(
            "this machine has prepared the result {} for this job",
            hex(&kept.result)
        );
        Err(differs(what, RESULTS, name))
    }

    /// The secret for this result, made and synced to disk unless it is there already. Another result for the same job is refused:
    /// what was committed to once must stay revealable.
    pub fn for_result(uid: &[u8; 32], result: [u8; 32]) -> Result<Self> {
        Self::kept(&hex(uid), result)
    }

    /// The same for a slot's part of a redundant order: several workers of one order may share a machine.
    pub fn for_part(uid: &[u8; 32], slot: &Address, result: [u8; 32]) -> Result<Self> {
        Self::kept(&part(uid, slot), result)
    }

    /// The secret of a job.
    pub fn read(uid: &[u8; 32]) -> Result<Self> {
        kept::read(RESULTS, &hex(uid))
    }

    /// The secret of a slot's part.
    pub fn read_part(uid: &[u8; 32], slot: &Address) -> Result<Self> {
        kept::read(RESULTS, &part(uid, slot))
    }
}

fn part(uid: &[u8; 32], slot: &Address) -> String {
    format!("{}-{slot}", hex(uid))
}

/// A bid's price and the salt that seals it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPrice {
    /// Atoms, fee included.
    pub price_atoms: u64,
    /// The salt.
    pub salt: [u8; 32],
}

impl SealedPrice {
    /// The secret of a slot's bid, made unless it is there; another price is refused.
    pub fn for_bid(uid: &[u8; 32], slot: &Address, price_atoms: u64) -> Result<Self> {
        let name = part(uid, slot);
        let salt = kept::random();
        let kept = kept::keep(BIDS, &name, Self { price_atoms, salt })?;
        if kept.price_atoms == price_atoms {
            return Ok(kept);
        }
        let what = format!("this machine has prepared a bid of {} atoms", kept.price_atoms);
        Err(differs(what, BIDS, &name))
    }

    /// The secret of a slot's bid.
    pub fn read(uid: &[u8; 32], slot: &Address) -> Result<Self> {
        kept::read(BIDS, &part(uid, slot))
    }
}

/// Which case a secret of the court belongs to: another job may have a case at the address one day, and nothing of it may serve twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseName {
    /// The job's uid.
    pub uid: [u8; 32],
    /// Slot number of the case's opening.
    pub opened_slot: u64,
    /// The round.
    pub round: u8,
}

impl CaseName {
    fn file(&self, of: impl std::fmt::Display) -> String {
        format!("{}-{}-{}-{of}", hex(&self.uid), self.opened_slot, self.round)
    }

    /// The case that a dispute is.
    pub fn of(dispute: &crate::escrow::Dispute) -> Self {
        Self {
            uid: dispute.uid,
            opened_slot: dispute.opened_slot.get(),
            round: dispute.round,
        }
    }

    /// A party's part of the randomness of this round, made unless it is there.
    pub fn seed(&self, side: u8) -> Result<[u8; 32]> {
        kept::keep(SEEDS, &self.file(side), kept::random())
    }

    /// The one kept.
    pub fn kept_seed(&self, side: u8) -> Result<[u8; 32]> {
        kept::read(SEEDS, &self.file(side))
    }

    /// The secret of a seat's vote, made unless it is there; another vote is refused.
    pub fn vote(&self, seat: &Address, ppm: u32) -> Result<Vote> {
        let name = self.file(seat);
        let salt = kept::random();
        let kept = kept::keep(VOTES, &name, Vote { ppm, salt })?;
        if kept.ppm == ppm {
            return Ok(kept);
        }
        let what = format!("this machine has prepared a vote of {} ppm", kept.ppm);
        Err(differs(what, VOTES, &name))
    }

    /// The one kept.
    pub fn kept_vote(&self, seat: &Address) -> Result<Vote> {
        kept::read(VOTES, &self.file(seat))
    }
}

/// A juror's vote and its salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Parts per million of the price for the provider.
    pub ppm: u32,
    /// The salt.
    pub salt: [u8; 32],
}
