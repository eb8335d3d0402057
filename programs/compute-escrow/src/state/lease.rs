//! One rented slot, metered by the second.

use {
    super::{checked, is_none, require_step, same, Asked, Provider, Slot, Step, LEASE_TERMS_LEN},
    crate::{
        constants::*,
        errors::EscrowError,
        math::{
            deadline::{has_passed, Moment},
            metering::{elapsed_seconds, payable_atoms},
        },
        voucher::Voucher,
    },
    anchor_lang::{bytemuck, prelude::*, Address},
};

/// Where a lease is in its life. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LeaseState {
    /// Waits for a slot.
    Open = 1,
    /// Has a slot and waits for the others of its gang.
    Joined = 2,
    /// Runs; its seconds count.
    Active = 3,
    /// Ran empty; nothing counts until the provider resumes it.
    Paused = 4,
    /// The provider has given notice; its seconds count.
    Reclaiming = 5,
    /// Over; the last voucher may still be redeemed.
    Settling = 6,
    /// Over and to be refunded, but the client's token account or the vault was frozen.
    Refundable = 7,
}

/// Bit of [`Lease::flags`]: it belongs to a gang.
pub const LEASE_IN_GANG: u8 = 4;
/// Bit of [`Lease::flags`]: a rehearsal's; it settles within seconds.
pub const LEASE_REHEARSAL: u8 = 8;

/// One rented slot. It holds the crank reserve in lamports; its vault, PDA `["vault", lease]`, the deposits.
///
/// E5: what is paid is at most the deposits, the signed cumulative amount and the rate times the seconds counted; each payment is
/// the difference of totals, so no voucher pays twice. Its identity is `uid`, not its address. Seeds: `["lease", client, nonce u64 LE]`.
/// Apart from [`crate::state::Job`]: hardly a field has the same meaning in both.
#[account]
pub struct Lease {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Bump of the vault.
    pub vault_bump: u8,
    /// State: 1 open, 2 joined, 3 active, 4 paused, 5 reclaiming, 6 settling, 7 refundable.
    pub state: u8,
    /// Bit 0: the mint has a freeze authority. Bit 2: it belongs to a gang. Bit 3: a rehearsal's.
    pub flags: u8,
    /// Decimals of the mint.
    pub decimals: u8,
    /// The config of the posting.
    pub config_id: PodU16,
    /// Who rents; refunds go to a token account of this owner.
    pub client: Address,
    /// The payment mint.
    pub mint: Address,
    /// Who paid the rent of lease and vault and gets it back.
    pub rent_payer: Address,
    /// Root of the usage records in the last voucher redeemed.
    pub usage_root: [u8; 32],
    /// The client's number for this lease.
    pub nonce: PodU64,
    /// The client's number for its gang, if it belongs to one.
    pub gang_nonce: PodU64,
    /// When the present state began, Unix seconds. While active or reclaiming: since when seconds count.
    pub entered_ts: PodI64,
    /// Slot number at which the present state began.
    pub entered_slot: PodU64,
    /// Signed for by both sides in the last voucher redeemed.
    pub cumulative_atoms: PodU64,
    /// Paid so far, fee included; the provider's part of it is ⌊paid·(10⁶ − fee)/10⁶⌋.
    pub paid_atoms: PodU64,
    /// Number of the last voucher redeemed.
    pub voucher_seq: PodU64,
    /// Seconds counted before the present state.
    pub active_seconds: PodU64,
    /// Lamports a crank earns.
    pub bounty_lamports: PodU32,
    /// Genesis hash of the cluster: stands in every voucher.
    pub genesis_hash: [u8; 32],
    /// H(tag | program | lease | slot number of the posting): stands in every voucher and receipt.
    pub uid: [u8; 32],
    // the terms from here, in the order of `LeaseTerms`
    /// Its slot; while open the only slot that may accept it, zero for any.
    pub slot: Address,
    /// Price of a second, fee included.
    pub rate_per_second_atoms: PodU64,
    /// All that was ever put in by terms or top-up.
    pub deposit_atoms: PodU64,
    /// Bond its slot locks, in lamports.
    pub bond_lamports: PodU64,
    /// Part of the bond the client gets when the provider leaves without notice.
    pub compensation_lamports: PodU64,
    /// Protocol fee at posting, in parts per million.
    pub fee_ppm: PodU32,
    /// Posting to expiry while nobody accepts, in seconds.
    pub open_seconds: PodU32,
    /// A provider's notice to the end, in seconds.
    pub notice_seconds: PodU32,
    /// How long it may stay empty, in seconds.
    pub pause_seconds: PodU32,
    /// Time a top-up pays at least, in seconds.
    pub interval_seconds: PodU32,
    /// The client's key that signs vouchers.
    pub voucher_key: Address,
    /// Hash of the environment's specification.
    pub spec_hash: [u8; 32],
    /// Model of the GPU asked for; 0 for any.
    pub model_id: PodU32,
    /// Least measured score asked for; 0 for any.
    pub min_score: PodU32,
    /// Least memory of the GPU asked for, in GiB.
    pub min_vram_gib: u8,
    /// 1 if only providers with a linked person may take it, else 0.
    pub persons_only: u8,
    // up to here
    /// Bounties still set aside, held here above the rent.
    pub bounties_left: u8,
    /// Zero.
    pub reserved: u8,
}

/// Where the terms stand in a lease.
pub(super) const TERMS_AT: usize = core::mem::offset_of!(Lease, slot);
const _: () = assert!(core::mem::offset_of!(Lease, bounties_left) == TERMS_AT + LEASE_TERMS_LEN);
/// Where the names stand that every voucher carries: genesis hash, uid, slot.
const NAMES_AT: usize = core::mem::offset_of!(Lease, genesis_hash);
const _: () = assert!(TERMS_AT == NAMES_AT + 64);

impl Lease {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Genesis hash, uid and slot, as every voucher names them.
    pub fn names(&self) -> Option<&[u8; 96]> {
        bytemuck::bytes_of(self).get(NAMES_AT..)?.first_chunk()
    }

    /// Whether it is in `state`.
    #[inline(always)]
    pub fn is(&self, state: LeaseState) -> bool {
        self.state == state as u8
    }

    /// That it is in `state` (E3).
    #[inline(never)]
    pub fn validate_state(&self, state: LeaseState) -> Step {
        require_step(self.is(state), EscrowError::WrongLeaseState)
    }

    /// That it is the one meant, not another at the same address (E3).
    #[inline(never)]
    pub fn validate_uid(&self, uid: &[u8; 32]) -> Step {
        require_step(&self.uid == uid, EscrowError::WrongUid)
    }

    /// Whether it belongs to a gang.
    pub fn is_in_gang(&self) -> bool {
        self.flags & LEASE_IN_GANG != 0
    }

    /// Whether its seconds count.
    pub fn is_running(&self) -> bool {
        self.is(LeaseState::Active) || self.is(LeaseState::Reclaiming)
    }

    /// Whether a slot's bond is locked for it.
    pub fn has_slot(&self) -> bool {
        (LeaseState::Joined as u8..=LeaseState::Settling as u8).contains(&self.state)
    }

    /// When the present state began.
    pub fn entered(&self) -> Moment {
        Moment {
            ts: self.entered_ts.get(),
            slot: self.entered_slot.get(),
        }
    }

    /// Whether the time of the present state is over. An active lease has none but its funds, and a joined one its gang's.
    #[inline(never)]
    pub fn is_overdue(&self, now: Moment) -> Step<bool> {
        let settle_seconds = if self.flags & LEASE_REHEARSAL == 0 {
            LEASE_SETTLE_SECONDS
        } else {
            MIN_REHEARSAL_SECONDS
        };
        let seconds = match self.state {
            s if s == LeaseState::Open as u8 => self.open_seconds.get(),
            s if s == LeaseState::Paused as u8 => self.pause_seconds.get(),
            s if s == LeaseState::Reclaiming as u8 => self.notice_seconds.get(),
            s if s == LeaseState::Settling as u8 => settle_seconds,
            _ => return Err(EscrowError::WrongLeaseState.into()),
        };
        checked(has_passed(self.entered(), seconds, now))
    }

    /// Seconds the deposits pay for.
    fn funded_seconds(&self) -> u64 {
        let rate = self.rate_per_second_atoms.get();
        self.deposit_atoms.get().checked_div(rate).unwrap_or(0)
    }

    /// Seconds counted up to `now`, never more than are paid for.
    #[inline(never)]
    pub fn counted_seconds(&self, now: Moment) -> u64 {
        let running = if self.is_running() {
            elapsed_seconds(self.entered(), now)
        } else {
            0
        };
        let counted = self.active_seconds.get().saturating_add(running);
        counted.min(self.funded_seconds())
    }

    /// Whether it runs and all its funds are used up.
    pub fn has_run_empty(&self, now: Moment) -> bool {
        self.is_running() && self.counted_seconds(now) == self.funded_seconds()
    }

    /// Seconds counted when a session key was replaced: at least those counted now less the time since. Exact while the stint of
    /// that moment is the last one.
    fn counted_at(&self, rotated: Moment, now: Moment) -> u64 {
        let entered = self.entered();
        if rotated.ts >= entered.ts {
            return self.counted_seconds(Moment {
                ts: rotated.ts.min(now.ts),
                slot: rotated.slot.min(now.slot),
            });
        }
        let since = u64::try_from(entered.ts.saturating_sub(rotated.ts)).unwrap_or(0);
        self.active_seconds.get().saturating_sub(since)
    }

    /// Enters a state now, or when the last one began if the clock has stepped back. What ran until now is counted.
    #[inline(never)]
    pub fn enter(&mut self, state: LeaseState, now: Moment) {
        self.active_seconds = self.counted_seconds(now).into();
        let now = now.not_before(self.entered());
        self.state = state as u8;
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
    }

    /// That a slot of a provider is what the client asks for.
    #[inline(never)]
    pub fn validate_offered(&self, address: &Address, slot: &Slot, provider: &Provider, now: Moment) -> Step {
        let is_named = is_none(&self.slot) || same(&self.slot, address);
        require_step(is_named, EscrowError::LeaseForAnotherSlot)?;
        let asked = Asked {
            model_id: self.model_id.get(),
            min_score: self.min_score.get(),
            min_vram_gib: self.min_vram_gib,
            persons_only: self.persons_only != 0,
            config_id: self.config_id,
        };
        slot.validate_asked(&asked, provider, now.ts)
    }

    /// That the deposits pay at least an interval beyond what is counted, and at most a year.
    #[inline(never)]
    pub fn validate_funding(&self, now: Moment) -> Step {
        let ahead = self.funded_seconds().saturating_sub(self.counted_seconds(now));
        let interval = u64::from(self.interval_seconds.get());
        require_step(ahead >= interval, EscrowError::LeaseUnderfunded)?;
        require_step(ahead <= MAX_FUNDED_SECONDS, EscrowError::LeaseOverfunded)
    }

    /// Puts more in. If it has run empty before, it pauses: what comes in pays no time that nobody paid for.
    pub fn apply_top_up(&mut self, atoms: u64, now: Moment) -> Step {
        if self.has_run_empty(now) {
            self.enter(LeaseState::Paused, now);
        }
        let interval = u64::from(self.interval_seconds.get());
        let least = checked(self.rate_per_second_atoms.get().checked_mul(interval))?;
        require_step(atoms >= least, EscrowError::LeaseUnderfunded)?;
        self.deposit_atoms = checked(self.deposit_atoms.checked_add(atoms))?;
        self.validate_funding(now)
    }

    /// That a voucher of this lease has not expired: by now, or by the end of the lease.
    fn validate_expiry(&self, voucher: &Voucher, now: Moment) -> Step {
        let end = if self.is(LeaseState::Settling) {
            self.entered_ts.get().min(now.ts)
        } else {
            now.ts
        };
        require_step(voucher.expires_ts >= end, EscrowError::VoucherExpired)
    }

    /// Takes a voucher in; says up to which total it pays, which is more than was paid.
    ///
    /// The same voucher may come again: it then pays what the time had not covered at first, and never twice. One of the previous
    /// session key pays for the time before the rotation and leaves no trace: whoever stole that key numbers no vouchers.
    #[inline(never)]
    pub fn apply_voucher(&mut self, voucher: &Voucher, provider: &Provider, now: Moment) -> Step<u64> {
        require_step(
            self.has_slot() && !self.is(LeaseState::Joined),
            EscrowError::WrongLeaseState,
        )?;
        voucher.validate_lease(self)?;
        require_step(
            voucher.voucher_key == self.voucher_key.as_array(),
            EscrowError::VoucherKeyMismatch,
        )?;
        let session_key = Address::new_from_array(*voucher.session_key);
        let is_previous = provider
            .validate_voucher_key(&session_key, now.ts)
            .map_err(|_| EscrowError::VoucherKeyMismatch)?;
        self.validate_expiry(voucher, now)?;
        let (seq, cumulative) = (voucher.seq, voucher.cumulative_atoms);
        let is_same = seq == self.voucher_seq.get() && cumulative == self.cumulative_atoms.get();
        let is_next = seq > self.voucher_seq.get() && cumulative >= self.cumulative_atoms.get();
        require_step(is_same || is_next || is_previous, EscrowError::VoucherStale)?;
        let seconds = if is_previous {
            self.counted_at(provider.rotated(), now)
        } else {
            self.cumulative_atoms = cumulative.into();
            self.voucher_seq = seq.into();
            self.usage_root = *voucher.usage_root;
            self.counted_seconds(now)
        };
        let (rate, deposit) = (self.rate_per_second_atoms.get(), self.deposit_atoms.get());
        let total = payable_atoms(cumulative, rate, seconds, deposit);
        require_step(total > self.paid_atoms.get(), EscrowError::NothingDue)?;
        Ok(total)
    }

    /// Spends a bounty of the reserve; says how much. The last one waits for the refund.
    pub fn take_bounty(&mut self, ends: bool) -> u64 {
        let kept = u8::from(!ends);
        if self.bounties_left <= kept {
            return 0;
        }
        self.bounties_left = self.bounties_left.saturating_sub(1);
        u64::from(self.bounty_lamports.get())
    }

    /// What the vault must hold.
    pub fn owed_atoms(&self) -> Step<u64> {
        checked(self.deposit_atoms.get().checked_sub(self.paid_atoms.get()))
    }

    /// E5 and E7 on the records; the vault holds what was put in and not paid out.
    #[inline(never)]
    pub fn invariant(&self, vault_atoms: u64) -> Step {
        require_step(self.fee_ppm.get() <= MAX_FEE_PPM, EscrowError::InvariantViolated)?;
        let is_funded = self.active_seconds.get() <= self.funded_seconds();
        require_step(is_funded, EscrowError::InvariantViolated)?;
        require_step(vault_atoms >= self.owed_atoms()?, EscrowError::VaultMismatch)
    }
}

const _: () = assert!(Lease::SIZE == 436);
