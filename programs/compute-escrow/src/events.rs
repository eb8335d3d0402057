//! What happened, complete enough (with the instructions) to replay the state.

mod court;
mod lease;
mod orders;
mod supply;

pub use court::*;
pub use lease::*;
pub use orders::*;
pub use supply::*;

use {
    anchor_lang::{prelude::*, Address},
    core::mem::{size_of, MaybeUninit},
};

/// Bytes of the longest event.
const MOST_EVENT_BYTES: usize = 320;

/// Writes an event to the log, as the bytes of Anchor's `emit!`, which makes them on the heap.
#[inline(always)]
pub fn log<E: Discriminator + bytemuck::Pod>(event: E) {
    const { assert!(size_of::<E>() <= MOST_EVENT_BYTES && E::DISCRIMINATOR.len() == 8) };
    let discriminator = const {
        match E::DISCRIMINATOR.first_chunk::<8>() {
            Some(head) => u64::from_le_bytes(*head),
            None => 0,
        }
    };
    log_bytes(discriminator, bytemuck::bytes_of(&event));
}

/// One body that puts the two parts of a record together: done where events are made, it would copy each of them once more there.
#[inline(never)]
fn log_bytes(discriminator: u64, event: &[u8]) {
    let mut record = [const { MaybeUninit::<u8>::uninit() }; MOST_EVENT_BYTES + 8];
    let start: *mut u8 = record.as_mut_ptr().cast();
    // SAFETY: `log`, the only caller, admits no event longer than the space behind the eight bytes; what is read was written.
    let bytes = unsafe {
        start.cast::<u64>().write_unaligned(discriminator);
        core::ptr::copy_nonoverlapping(event.as_ptr(), start.add(8), event.len());
        core::slice::from_raw_parts(start, event.len().wrapping_add(8))
    };
    sol_log_data(&[bytes]);
}

/// A config exists.
#[event(bytemuck)]
#[repr(C)]
pub struct ConfigInitialized {
    /// The config.
    pub config: Address,
    /// Who may change it.
    pub authority: Address,
    /// Its realm.
    pub realm: Address,
    /// Owner of the fee accounts.
    pub treasury: Address,
    /// The first payment mint.
    pub mint: Address,
    /// Lamports a crank earns.
    pub crank_bounty_lamports: PodU64,
    /// Least bond in lamports.
    pub min_bond_lamports: PodU64,
    /// Fee in parts per million.
    pub fee_ppm: PodU32,
    /// Its number.
    pub id: PodU16,
    /// 1 for a rehearsal.
    pub is_rehearsal: u8,
}

/// A config's parameters are these from now on; posted jobs keep theirs.
#[event(bytemuck)]
#[repr(C)]
pub struct ConfigUpdated {
    /// The config.
    pub config: Address,
    /// Owner of the fee accounts.
    pub treasury: Address,
    /// Lamports a crank earns.
    pub crank_bounty_lamports: PodU64,
    /// Least bond in lamports.
    pub min_bond_lamports: PodU64,
    /// Fee in parts per million.
    pub fee_ppm: PodU32,
}

/// Jobs may be paid in a mint.
#[event(bytemuck)]
#[repr(C)]
pub struct MintAllowed {
    /// The config.
    pub config: Address,
    /// The mint.
    pub mint: Address,
    /// 1 if its accounts can be frozen.
    pub is_freezable: u8,
}

/// No new jobs may be paid in a mint.
#[event(bytemuck)]
#[repr(C)]
pub struct MintDisallowed {
    /// The config.
    pub config: Address,
    /// The mint.
    pub mint: Address,
}

/// A provider exists.
#[event(bytemuck)]
#[repr(C)]
pub struct ProviderRegistered {
    /// The provider.
    pub provider: Address,
    /// Its owner.
    pub authority: Address,
    /// Key of its machines.
    pub session_key: Address,
    /// Region code.
    pub region: PodU16,
}

/// A provider's machines have a new key.
#[event(bytemuck)]
#[repr(C)]
pub struct SessionKeyRotated {
    /// The provider.
    pub provider: Address,
    /// The new key.
    pub session_key: Address,
    /// The key that works no more jobs.
    pub previous_session_key: Address,
}

/// A GPU is offered.
#[event(bytemuck)]
#[repr(C)]
pub struct SlotAdded {
    /// The slot.
    pub slot: Address,
    /// Its provider.
    pub provider: Address,
    /// Model code.
    pub model_id: PodU32,
    /// Memory in MiB.
    pub vram_mib: PodU32,
    /// Its number at the provider.
    pub index: PodU16,
    /// The config it works under.
    pub config_id: PodU16,
}

/// A slot's offer changed.
#[event(bytemuck)]
#[repr(C)]
pub struct SlotUpdated {
    /// The slot.
    pub slot: Address,
    /// Mint of the asks.
    pub ask_mint: Address,
    /// Ask per second.
    pub ask_per_second_atoms: PodU64,
    /// Ask per second in off-peak hours.
    pub off_peak_ask_per_second_atoms: PodU64,
    /// 1 if it takes no new work.
    pub is_paused: u8,
}

/// A slot's bond grew.
#[event(bytemuck)]
#[repr(C)]
pub struct BondDeposited {
    /// The slot.
    pub slot: Address,
    /// Paid in.
    pub lamports: PodU64,
    /// Bond after it.
    pub bond_lamports: PodU64,
}

/// A slot's free bond shrank.
#[event(bytemuck)]
#[repr(C)]
pub struct BondWithdrawn {
    /// The slot.
    pub slot: Address,
    /// Taken out.
    pub lamports: PodU64,
    /// Bond after it.
    pub bond_lamports: PodU64,
}

/// A slot can be paid in a mint.
#[event(bytemuck)]
#[repr(C)]
pub struct PayoutOpened {
    /// The payout.
    pub payout: Address,
    /// The slot.
    pub slot: Address,
    /// The mint.
    pub mint: Address,
    /// Its token account.
    pub vault: Address,
    /// Who paid the rent.
    pub rent_payer: Address,
}

/// A payout is gone; its rent is back.
#[event(bytemuck)]
#[repr(C)]
pub struct PayoutClosed {
    /// The payout.
    pub payout: Address,
    /// What others had sent to it; the provider has it.
    pub surplus_atoms: PodU64,
}

/// An order is open and its price is in the vault. Its terms and parties are those of the instruction.
#[event(bytemuck)]
#[repr(C)]
pub struct JobPosted {
    /// The job.
    pub job: Address,
    /// Its name for ever.
    pub uid: [u8; 32],
    /// The price, fee included.
    pub price_atoms: PodU64,
    /// Fee in parts per million.
    pub fee_ppm: PodU32,
    /// Lamports a crank earns.
    pub bounty_lamports: PodU32,
}

/// A slot has taken a job.
#[event(bytemuck)]
#[repr(C)]
pub struct JobClaimed {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// Bond locked.
    pub bond_lamports: PodU64,
}

/// A slot gave a job back before starting; it is open again.
#[event(bytemuck)]
#[repr(C)]
pub struct JobDeclined {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
}

/// The worker has the input and computes.
#[event(bytemuck)]
#[repr(C)]
pub struct JobStarted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
}

/// The worker has committed to a result; its slot is free.
#[event(bytemuck)]
#[repr(C)]
pub struct ResultCommitted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The commitment.
    pub commitment: [u8; 32],
}

/// The result is public.
#[event(bytemuck)]
#[repr(C)]
pub struct ResultRevealed {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// Hash of the result.
    pub result: [u8; 32],
}

/// The provider is paid.
#[event(bytemuck)]
#[repr(C)]
pub struct JobSettled {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The payout credited.
    pub payout: Address,
    /// The slot's receipt chain after it.
    pub receipt_head: [u8; 32],
    /// The provider's part.
    pub provider_atoms: PodU64,
    /// The treasury's part.
    pub fee_atoms: PodU64,
    /// Bond released.
    pub released_lamports: PodU64,
}

/// A provider took its earnings.
#[event(bytemuck)]
#[repr(C)]
pub struct PayoutWithdrawn {
    /// The payout.
    pub payout: Address,
    /// The token account paid.
    pub to: Address,
    /// How much.
    pub atoms: PodU64,
}

/// Fees went to the treasury.
#[event(bytemuck)]
#[repr(C)]
pub struct FeesSwept {
    /// The payout.
    pub payout: Address,
    /// The treasury's token account.
    pub to: Address,
    /// How much.
    pub atoms: PodU64,
}

/// A job ended without a paid result; its accounts are closed and the rent is back.
#[event(bytemuck)]
#[repr(C)]
pub struct JobRefunded {
    /// The job.
    pub uid: [u8; 32],
    /// The client's token account.
    pub to: Address,
    /// What the vault held: the price and what others had sent.
    pub refunded_atoms: PodU64,
    /// The price.
    pub price_atoms: PodU64,
    /// Paid to the cranker out of the job's reserve.
    pub bounty_lamports: PodU64,
    /// Why: 1 canceled, 2 nobody claimed, 3 not committed, 4 not revealed, 5 an earlier refund was delayed.
    pub cause: u8,
}

/// The client's token account or the vault is frozen: the refund waits.
#[event(bytemuck)]
#[repr(C)]
pub struct RefundDelayed {
    /// The job.
    pub uid: [u8; 32],
    /// Paid to the cranker out of the job's reserve.
    pub bounty_lamports: PodU64,
    /// Why it is refunded: 2 nobody claimed, 3 not committed, 4 not revealed.
    pub cause: u8,
}

/// A worker missed a deadline and lost bond.
#[event(bytemuck)]
#[repr(C)]
pub struct WorkerFaulted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The slot's receipt chain after it.
    pub receipt_head: [u8; 32],
    /// To the client.
    pub compensation_lamports: PodU64,
    /// To the cranker.
    pub bounty_lamports: PodU64,
    /// To nobody.
    pub burnt_lamports: PodU64,
    /// Free again.
    pub released_lamports: PodU64,
    /// 2 not committed, 3 not revealed, 4 not started.
    pub outcome: u8,
}

/// A paid job's accounts are closed; the rent is back.
#[event(bytemuck)]
#[repr(C)]
pub struct JobClosed {
    /// The job.
    pub uid: [u8; 32],
    /// What others had sent to the vault; the client has it.
    pub surplus_atoms: PodU64,
    /// Crank reserve that returned.
    pub reserve_lamports: PodU64,
}
