//! Auctions: sealed bids, their reveal, the award, what becomes of those that lost.

use {
    super::{calls, find, instruction, metas, Bid, Order, Worker, BID_SEED, PROGRAM},
    crate::{accounts, rpc::Rpc, Address, Result},
    commonweal_interface::ids,
    compute_escrow::hash::bid_commitment,
    solana_program::instruction::Instruction,
};

/// Where the job stands in a bid's bytes, for filters.
const BID_JOB_OFFSET: usize = 16;

/// A provider's bid for a job.
pub fn bid_address(job: &Address, provider: &Address) -> Address {
    find(&[BID_SEED, job.as_ref(), provider.as_ref()]).0
}

/// The bids for a job's address.
pub async fn bids_of(rpc: &Rpc, job: &Address) -> Result<Vec<(Address, Bid)>> {
    accounts::list(rpc, &PROGRAM, &[(BID_JOB_OFFSET, job.as_ref().to_vec())]).await
}

/// All bids.
pub async fn bids(rpc: &Rpc) -> Result<Vec<(Address, Bid)>> {
    accounts::list(rpc, &PROGRAM, &[]).await
}

impl Worker {
    /// Bids for an auction: the price is sealed with `salt`, the job's bond locked. The signer pays the bid's rent.
    pub fn place_bid(&self, job: Address, uid: [u8; 32], price_atoms: u64, salt: &[u8; 32]) -> Instruction {
        let accounts = metas::TakePart {
            worker: self.key,
            payer: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
            part: bid_address(&job, &self.provider),
            system_program: ids::SYSTEM,
        };
        let commitment = bid_commitment(price_atoms, salt, &self.slot, &uid);
        instruction(accounts, calls::PlaceBid { uid, commitment })
    }

    /// Shows the price of the bid when the bidding is over.
    pub fn reveal_bid(&self, job: Address, price_atoms: u64, salt: [u8; 32]) -> Instruction {
        let accounts = metas::WorkOnPart {
            worker: self.key,
            provider: self.provider,
            slot: self.slot,
            job,
            part: bid_address(&job, &self.provider),
        };
        instruction(accounts, calls::RevealBid { price_atoms, salt })
    }
}

impl Order {
    /// Moves an auction on whose deadline has passed. `winner` is the bid that wins by it, where one does: the best when the reveal
    /// ends, the second when its winner has not taken the job up.
    pub fn award(&self, cranker: Address, winner: Option<(Address, Address)>) -> Instruction {
        let has_slot = self.job.slot != Address::default();
        let accounts = metas::Award {
            cranker,
            job: self.address,
            client: self.job.client,
            slot: has_slot.then_some(self.job.slot),
            bid: winner.map(|(bid, _)| bid),
            bid_rent_payer: winner.map(|(_, rent_payer)| rent_payer),
        };
        instruction(accounts, calls::Award {})
    }

    /// The slot whose bid wins when the auction moves on now, if one does.
    pub fn next_winner(&self) -> Option<Address> {
        use super::JobState::{Awarded, Revealing};
        let winner = match self.job.state {
            s if s == Revealing as u8 => self.job.slot,
            s if s == Awarded as u8 && self.job.second_price_atoms() > 0 => self.job.second_slot(),
            _ => return None,
        };
        (winner != Address::default()).then_some(winner)
    }

    /// [`Self::award`], with the winning bid looked up.
    pub async fn award_next(&self, rpc: &Rpc, cranker: Address) -> Result<Instruction> {
        let winner = match self.next_winner() {
            Some(slot) => bids_of(rpc, &self.address)
                .await?
                .into_iter()
                .find(|(_, bid)| bid.slot == slot && bid.uid == self.job.uid)
                .map(|(address, bid)| (address, bid.rent_payer)),
            None => None,
        };
        Ok(self.award(cranker, winner))
    }
}

/// Closes a bid that has not won and releases its bond. Anyone may.
pub fn reclaim_bid(reclaimer: Address, address: Address, bid: &Bid) -> Instruction {
    let accounts = metas::ReclaimBid {
        reclaimer,
        bid: address,
        job: bid.job,
        slot: bid.slot,
        rent_payer: bid.rent_payer,
    };
    instruction(accounts, calls::ReclaimBid {})
}
