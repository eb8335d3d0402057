//! The receipts of a slot, as the events of its transactions tell them. The slot's chain of hashes holds all of them for ever; a
//! node's history may not reach back to the first.

use {
    super::PROGRAM,
    crate::{pool::log, rpc::Rpc, Address, Result},
    compute_escrow::{
        events::{ContributionSettled, JobSettled, LeaseEnded, MilestoneAccepted, RulingExecuted, WorkerFaulted},
        math::price::split_price_floor,
        state::{Lease, Outcome},
    },
    solana_signature::Signature,
};

/// How one order ended for its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptTold {
    /// The order's uid.
    pub uid: [u8; 32],
    /// The code of its outcome.
    pub outcome: u8,
    /// What it paid the provider, where the event says so.
    pub provider_atoms: Option<u64>,
    /// The head of the chain after it, where the event says so.
    pub head: Option<[u8; 32]>,
}

/// An outcome in words.
pub fn outcome_name(outcome: u8) -> &'static str {
    match outcome {
        1 => "paid",
        2 => "not committed",
        3 => "not revealed",
        4 => "not started",
        5 => "not attested",
        6 => "wrong",
        7 => "divided",
        8 => "unmatched",
        9 => "lease ended",
        _ => "unknown",
    }
}

/// The receipt that an event tells of `slot`, if it tells one.
fn receipt(slot: &Address, bytes: &[u8]) -> Option<ReceiptTold> {
    let (of, told) = if let Some(event) = log::read::<JobSettled>(bytes) {
        let (head, atoms) = (Some(event.receipt_head), Some(event.provider_atoms.get()));
        (event.slot, told(event.uid, Outcome::Paid as u8, atoms, head))
    } else if let Some(event) = log::read::<WorkerFaulted>(bytes) {
        (
            event.slot,
            told(event.uid, event.outcome, Some(0), Some(event.receipt_head)),
        )
    } else if let Some(event) = log::read::<ContributionSettled>(bytes) {
        let (head, atoms) = (Some(event.receipt_head), Some(event.provider_atoms.get()));
        (event.slot, told(event.uid, event.outcome, atoms, head))
    } else if let Some(event) = log::read::<MilestoneAccepted>(bytes).filter(|event| event.is_last == 1) {
        // the receipt is of all milestones together, the event of the last
        (
            event.slot,
            told(event.uid, Outcome::Paid as u8, None, Some(event.receipt_head)),
        )
    } else if let Some(event) = log::read::<RulingExecuted>(bytes).filter(|event| event.outcome != 0) {
        // it does not say whose: the transactions are those that name the slot
        (*slot, told(event.uid, event.outcome, None, Some(event.receipt_head)))
    } else {
        let event = log::read::<LeaseEnded>(bytes)?;
        (event.slot, told(event.uid, Outcome::LeaseEnded as u8, None, None))
    };
    (&of == slot).then_some(told)
}

fn told(uid: [u8; 32], outcome: u8, provider_atoms: Option<u64>, head: Option<[u8; 32]>) -> ReceiptTold {
    ReceiptTold {
        uid,
        outcome,
        provider_atoms,
        head,
    }
}

/// The receipts of a slot that its transactions tell, oldest first.
///
/// Errors: a refusal if there are more than `limit` transactions, or where a log was cut short.
pub async fn receipts(rpc: &Rpc, slot: &Address, limit: usize) -> Result<Vec<(Signature, ReceiptTold)>> {
    let mut found = Vec::new();
    for (signature, landed) in rpc.history(slot, limit).await? {
        let events = log::events_of(&PROGRAM, &landed.logs)?;
        found.extend(
            events
                .iter()
                .filter_map(|bytes| receipt(slot, bytes))
                .map(|told| (signature, told)),
        );
    }
    Ok(found)
}

/// What a lease has paid so far: the provider's part and the fee.
pub fn lease_paid(lease: &Lease) -> (u64, u64) {
    split_price_floor(lease.paid_atoms.get(), lease.fee_ppm.get())
        .map_or((0, 0), |split| (split.provider_atoms, split.fee_atoms))
}

#[cfg(test)]
mod tests {
    use {super::*, anchor_lang::Discriminator, bytemuck::Zeroable};

    fn bytes<T: bytemuck::Pod + Discriminator>(event: &T) -> Vec<u8> {
        [T::DISCRIMINATOR, bytemuck::bytes_of(event)].concat()
    }

    #[test]
    fn receipts_of_the_slot_itself_are_read() {
        let slot = Address::new_from_array([1; 32]);
        let mut settled = JobSettled::zeroed();
        (settled.slot, settled.uid, settled.receipt_head) = (slot, [2; 32], [3; 32]);
        settled.provider_atoms = 7u64.into();
        let expected = ReceiptTold {
            uid: [2; 32],
            outcome: 1,
            provider_atoms: Some(7),
            head: Some([3; 32]),
        };
        assert_eq!(receipt(&slot, &bytes(&settled)), Some(expected));
        assert_eq!(receipt(&Address::new_from_array([9; 32]), &bytes(&settled)), None);
        let mut ended = LeaseEnded::zeroed();
        (ended.slot, ended.uid) = (slot, [4; 32]);
        assert_eq!(
            receipt(&slot, &bytes(&ended)).map(|told| (told.uid, told.outcome, told.head)),
            Some(([4; 32], 9, None))
        );
    }

    #[test]
    fn a_milestone_is_a_receipt_only_when_it_is_the_last() {
        let mut event = MilestoneAccepted::zeroed();
        assert_eq!(receipt(&Address::default(), &bytes(&event)), None);
        event.is_last = 1;
        assert!(receipt(&Address::default(), &bytes(&event)).is_some());
    }
}
