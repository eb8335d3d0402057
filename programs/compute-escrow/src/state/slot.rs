//! One GPU and its bond.

use {
    super::{checked, is_none, require_step, Job, Provider, Step, FLAG_PERSONS_ONLY, NO_ADDRESS},
    crate::{
        constants::HOURS_PER_WEEK,
        errors::EscrowError,
        hash::Receipt,
        math::{
            price::PriceSplit,
            reputation::{self, after_fault_floor, Score},
            slash::Slash,
        },
    },
    anchor_lang::{prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// Bytes of an off-peak mask: 168 bits.
pub const OFF_PEAK_MASK_BYTES: usize = (HOURS_PER_WEEK as usize).div_ceil(8);

/// What a provider says of a slot and may change at any time.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct SlotOffer {
    /// 1 to take no new work, else 0.
    pub is_paused: bool,
    /// Mint of the asks.
    pub ask_mint: Address,
    /// Asked price per second, in atoms of `ask_mint`.
    pub ask_per_second_atoms: u64,
    /// Asked price per second in off-peak hours; at most the ask.
    pub off_peak_ask_per_second_atoms: u64,
    /// Off-peak hours: bit h of 168 is hour h of the week in UTC, Monday 00:00 first.
    pub off_peak_mask: [u8; OFF_PEAK_MASK_BYTES],
}

impl SlotOffer {
    /// That the prices do not contradict each other.
    pub fn validate(&self) -> Step {
        require!(
            self.off_peak_ask_per_second_atoms <= self.ask_per_second_atoms,
            EscrowError::OffPeakAboveAsk
        );
        Ok(())
    }
}

/// How a job ended for its worker; the code enters the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// Result revealed and paid.
    Paid = 1,
    /// Started, no commitment in time.
    NotCommitted = 2,
    /// Committed, no reveal in time: counts as a wrong result.
    NotRevealed = 3,
    /// Claimed, never started; or an auction won and not taken up.
    NotStarted = 4,
    /// No attestor countersigned in time: unpaid, nothing lost.
    NotAttested = 5,
    /// Found wrong: by a verdict, or because nobody defended it.
    Wrong = 6,
    /// Divided by a verdict or by the default.
    Divided = 7,
    /// A redundant order without k equal results, or void: unpaid, nothing lost.
    Unmatched = 8,
    /// A lease that ended.
    LeaseEnded = 9,
}

impl Outcome {
    /// Whether it is a fault of the worker.
    pub fn is_fault(self) -> bool {
        matches!(
            self,
            Outcome::NotCommitted | Outcome::NotRevealed | Outcome::NotStarted | Outcome::Wrong
        )
    }
}

/// How work ended, for the slot's chain of receipts.
pub struct Ending<'a> {
    /// The job or lease.
    pub uid: &'a [u8; 32],
    /// Its specification.
    pub spec_hash: &'a [u8; 32],
    /// The result, the commitment, or the root of a lease's usage records.
    pub result: &'a [u8; 32],
    /// How.
    pub outcome: Outcome,
    /// What it paid.
    pub paid: PriceSplit,
    /// Bond lost.
    pub slashed_lamports: u64,
    /// Decimals of the mint.
    pub decimals: u8,
}

/// What an order asks of a slot and its provider.
pub struct Asked {
    /// Model of the GPU; 0 for any.
    pub model_id: u32,
    /// Least measured score; 0 for any.
    pub min_score: u32,
    /// Least memory in GiB.
    pub min_vram_gib: u8,
    /// Whether the provider must have a linked person.
    pub persons_only: bool,
    /// The config that person is one of.
    pub config_id: PodU16,
}

/// One GPU. It holds its bond in lamports above its rent and is never closed: burnt lamports stay on it, out of reach.
///
/// E4: `deposited = (free + locked) + slashed + withdrawn`, locked ≤ bond, and the account holds at least rent, bond and burnt
/// lamports. E8: at most one live job (claimed or running), `current_job`.
#[account]
pub struct Slot {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// 1 if it takes no new work, else 0.
    pub is_paused: u8,
    /// Zero.
    pub flags: u8,
    /// Its number among the provider's slots.
    pub index: PodU16,
    /// The config it works under.
    pub config_id: PodU16,
    /// Its provider.
    pub provider: Address,
    /// The live job, zero if none.
    pub current_job: Address,
    /// Mint of the asks.
    pub ask_mint: Address,
    /// Head of the chain of receipts.
    pub receipt_head: [u8; 32],
    /// Receipts in the chain.
    pub receipt_seq: PodU64,
    /// The bond, free and locked, in lamports.
    pub bond_lamports: PodU64,
    /// The part of the bond that jobs hold.
    pub locked_lamports: PodU64,
    /// Bond ever lost.
    pub slashed_lamports: PodU64,
    /// Of it, what nobody received; it stays on this account for ever.
    pub burnt_lamports: PodU64,
    /// Bond ever paid in.
    pub deposited_lamports: PodU64,
    /// Bond ever taken out.
    pub withdrawn_lamports: PodU64,
    /// Lamports the account needed for itself at creation.
    pub rent_lamports: PodU64,
    /// Slot number of the last deposit: older jobs cannot be claimed.
    pub bonded_slot: PodU64,
    /// Asked price per second, in atoms.
    pub ask_per_second_atoms: PodU64,
    /// Asked price per second in off-peak hours, in atoms.
    pub off_peak_ask_per_second_atoms: PodU64,
    /// Speed as an attestor measured it; 0 until then.
    pub measured_score: PodU64,
    /// Reputation, Q32: protocol fees paid in whole tokens, decayed; a fault multiplies it by 2/3.
    pub score_q32: PodU64,
    /// Up to when the reputation is decayed, Unix seconds; it moves by whole steps.
    pub score_ts: PodI64,
    /// Jobs that ended paid.
    pub jobs_completed: PodU32,
    /// Jobs that ended in a fault.
    pub jobs_failed: PodU32,
    /// Jobs whose bond is locked now.
    pub locked_jobs: PodU32,
    /// Model of the GPU, a code of the public list.
    pub model_id: PodU32,
    /// Memory of the GPU, in MiB.
    pub vram_mib: PodU32,
    /// Off-peak hours: bit h of 168 is hour h of the week in UTC, Monday 00:00 first.
    pub off_peak_mask: [u8; OFF_PEAK_MASK_BYTES],
    /// Faults not folded into the provider's reputation yet.
    pub unfolded_faults: u8,
    /// Zero.
    pub reserved_a: [u8; 6],
    /// Gain of reputation not folded into the provider's yet, Q32, decayed up to `score_ts` and cut by faults as the whole is.
    pub unfolded_gain_q32: PodU64,
    /// Completed jobs folded into the provider's count.
    pub folded_completed: PodU32,
    /// Failed jobs folded into the provider's count.
    pub folded_failed: PodU32,
    /// Until when the measured score counts, Unix seconds.
    pub score_until_ts: PodI64,
    /// Zero.
    pub reserved: [u8; 8],
}

impl Slot {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// The part of the bond no job holds.
    pub fn free_lamports(&self) -> Option<u64> {
        self.bond_lamports.get().checked_sub(self.locked_lamports.get())
    }

    /// That this slot belongs to `provider`.
    #[inline(always)]
    pub fn validate_provider(&self, provider: &Address) -> Step {
        require!(
            crate::state::same(&self.provider, provider),
            EscrowError::SlotOfAnotherProvider
        );
        Ok(())
    }

    /// That it may take `job`: same config, not paused, free, bonded before the job was opened and deep enough.
    #[inline(always)]
    pub fn validate_claim(&self, job: &Job) -> Step {
        self.validate_free()?;
        self.validate_bond(job)
    }

    /// That it has no live job (E8).
    #[inline(always)]
    pub fn validate_free(&self) -> Step {
        require!(is_none(&self.current_job), EscrowError::SlotBusy);
        Ok(())
    }

    /// That it may answer for `job` with its bond.
    pub fn validate_bond(&self, job: &Job) -> Step {
        self.validate_bond_for(job.config_id, job.entered_slot.get(), job.bond_lamports.get())
    }

    /// That it may answer for an order of `config_id`, opened at `opened_slot`: not paused, bonded before and deep enough.
    #[inline(never)]
    pub fn validate_bond_for(&self, config_id: PodU16, opened_slot: u64, bond_lamports: u64) -> Step {
        require_step(self.config_id == config_id, EscrowError::ConfigMismatch)?;
        require_step(self.is_paused == 0, EscrowError::SlotPaused)?;
        require_step(self.bonded_slot.get() < opened_slot, EscrowError::BondTooRecent)?;
        let free = checked(self.free_lamports())?;
        require_step(free >= bond_lamports, EscrowError::BondNotCovered)
    }

    /// That it is what the job asks for, and its provider too.
    pub fn validate_eligible(&self, job: &Job, provider: &Provider, now_ts: i64) -> Step {
        let asked = Asked {
            model_id: job.model_id.get(),
            min_score: job.min_score.get(),
            min_vram_gib: job.min_vram_gib,
            persons_only: job.flags & FLAG_PERSONS_ONLY != 0,
            config_id: job.config_id,
        };
        self.validate_asked(&asked, provider, now_ts)
    }

    /// That it is what an order asks for, and its provider too.
    #[inline(never)]
    pub fn validate_asked(&self, asked: &Asked, provider: &Provider, now_ts: i64) -> Step {
        let least_mib = u32::from(asked.min_vram_gib).saturating_mul(1_024);
        let least_score = u64::from(asked.min_score);
        let is_scored = now_ts < self.score_until_ts.get() && self.measured_score.get() >= least_score;
        let fits = (asked.model_id == 0 || asked.model_id == self.model_id.get())
            && self.vram_mib.get() >= least_mib
            && (least_score == 0 || is_scored);
        require_step(fits, EscrowError::SlotNotEligible)?;
        require_step(
            !asked.persons_only || provider.person_under(asked.config_id, now_ts).is_some(),
            EscrowError::PersonRequired,
        )
    }

    /// Decays the reputation to now, and with it the part that is not folded yet: waiting saves it from nothing.
    #[inline(never)]
    fn decay(&mut self, now_ts: i64) {
        let ts = self.score_ts.get();
        let at = |q32: PodU64| Score { q32: q32.get(), ts }.decayed_floor(now_ts);
        let (score, unfolded) = (at(self.score_q32), at(self.unfolded_gain_q32));
        self.score_q32 = score.q32.into();
        self.score_ts = score.ts.into();
        self.unfolded_gain_q32 = unfolded.q32.into();
    }

    /// Adds reputation for a fee paid.
    #[inline(never)]
    pub fn apply_gain(&mut self, fee_atoms: u64, decimals: u8, now_ts: i64) {
        let gain = reputation::gain_q32_floor(fee_atoms, decimals);
        if gain == 0 {
            return;
        }
        self.decay(now_ts);
        self.score_q32 = self.score_q32.get().saturating_add(gain).into();
        self.unfolded_gain_q32 = self.unfolded_gain_q32.get().saturating_add(gain).into();
    }

    /// Takes reputation for a fault, also of what is not folded yet.
    fn apply_fault(&mut self, now_ts: i64) {
        self.decay(now_ts);
        self.score_q32 = after_fault_floor(self.score_q32.get()).into();
        self.unfolded_gain_q32 = after_fault_floor(self.unfolded_gain_q32.get()).into();
        self.unfolded_faults = self.unfolded_faults.saturating_add(1);
    }

    /// Moves what the provider does not know yet into its reputation and counts: the faults cut what it had before, then the gain
    /// is added, which has decayed here and which faults have cut here when it was there before them.
    #[inline(never)]
    pub fn fold_into(&mut self, provider: &mut Provider, now_ts: i64) -> Step {
        self.decay(now_ts);
        let mut score = Score {
            q32: provider.score_q32.get(),
            ts: provider.score_ts.get(),
        }
        .decayed_floor(now_ts);
        for _ in 0..self.unfolded_faults {
            score.q32 = after_fault_floor(score.q32);
        }
        score.q32 = score.q32.saturating_add(self.unfolded_gain_q32.get());
        provider.score_q32 = score.q32.into();
        provider.score_ts = score.ts.into();
        let completed = checked(self.jobs_completed.get().checked_sub(self.folded_completed.get()))?;
        let failed = checked(self.jobs_failed.get().checked_sub(self.folded_failed.get()))?;
        provider.jobs_completed = provider
            .jobs_completed
            .get()
            .saturating_add(u64::from(completed))
            .into();
        provider.jobs_failed = provider.jobs_failed.get().saturating_add(u64::from(failed)).into();
        self.folded_completed = self.jobs_completed;
        self.folded_failed = self.jobs_failed;
        self.unfolded_faults = 0;
        self.unfolded_gain_q32 = PodU64::ZERO;
        Ok(())
    }

    /// Sets what the provider offers.
    #[inline(never)]
    pub fn apply_offer(&mut self, offer: &SlotOffer) {
        self.is_paused = u8::from(offer.is_paused);
        self.ask_mint = offer.ask_mint;
        self.ask_per_second_atoms = offer.ask_per_second_atoms.into();
        self.off_peak_ask_per_second_atoms = offer.off_peak_ask_per_second_atoms.into();
        self.off_peak_mask = offer.off_peak_mask;
    }

    /// Records a deposit.
    #[inline(never)]
    pub fn apply_deposit(&mut self, lamports: u64, now_slot: u64) -> Step {
        self.bond_lamports = checked(self.bond_lamports.checked_add(lamports))?;
        self.deposited_lamports = checked(self.deposited_lamports.checked_add(lamports))?;
        self.bonded_slot = now_slot.into();
        Ok(())
    }

    /// Records a withdrawal of free bond.
    #[inline(never)]
    pub fn apply_withdrawal(&mut self, lamports: u64) -> Step {
        require!(lamports <= checked(self.free_lamports())?, EscrowError::BondLocked);
        self.bond_lamports = checked(self.bond_lamports.checked_sub(lamports))?;
        self.withdrawn_lamports = checked(self.withdrawn_lamports.checked_add(lamports))?;
        Ok(())
    }

    /// Takes a job: its bond is locked until the job ends.
    #[inline(never)]
    pub fn apply_claim(&mut self, job: &Address, bond_lamports: u64) -> Step {
        self.current_job = *job;
        self.locked_lamports = checked(self.locked_lamports.checked_add(bond_lamports))?;
        self.locked_jobs = checked(self.locked_jobs.checked_add(1u32))?;
        Ok(())
    }

    /// Frees the slot for other work; the bond stays locked.
    #[inline(always)]
    pub fn leave_job(&mut self) {
        self.current_job = NO_ADDRESS;
    }

    /// Releases a job's bond.
    #[inline(never)]
    pub fn unlock(&mut self, bond_lamports: u64) -> Step {
        self.locked_lamports = checked(self.locked_lamports.checked_sub(bond_lamports))?;
        self.locked_jobs = checked(self.locked_jobs.checked_sub(1u32))?;
        Ok(())
    }

    /// Unlocks a job's bond and takes from it what a fault costs. The lamports are moved by the caller.
    #[inline(never)]
    pub fn apply_slash(&mut self, bond_lamports: u64, slash: &Slash) -> Step {
        self.unlock(bond_lamports)?;
        let taken = checked(slash.taken_lamports())?;
        require!(taken <= bond_lamports, EscrowError::InvariantViolated);
        self.bond_lamports = checked(self.bond_lamports.checked_sub(taken))?;
        self.slashed_lamports = checked(self.slashed_lamports.checked_add(taken))?;
        self.burnt_lamports = checked(self.burnt_lamports.checked_add(slash.burnt_lamports))?;
        Ok(())
    }

    /// Adds a job's receipt to the chain.
    #[inline(never)]
    pub fn record(&mut self, job: &Job, outcome: Outcome, provider_atoms: u64, fee_atoms: u64, slashed: u64) -> Step {
        self.append(&Ending {
            uid: &job.uid,
            spec_hash: &job.spec_hash,
            result: &job.result,
            outcome,
            paid: PriceSplit {
                provider_atoms,
                fee_atoms,
            },
            slashed_lamports: slashed,
            decimals: job.decimals,
        })
    }

    /// Adds a receipt to the chain, counts the work and weighs it: the fee is a gain of reputation, a fault a loss.
    #[inline(never)]
    pub fn append(&mut self, ending: &Ending) -> Step {
        let receipt = Receipt {
            head: &self.receipt_head,
            seq: self.receipt_seq.get(),
            uid: ending.uid,
            spec_hash: ending.spec_hash,
            result: ending.result,
            outcome: ending.outcome as u8,
            provider_atoms: ending.paid.provider_atoms,
            fee_atoms: ending.paid.fee_atoms,
            slashed_lamports: ending.slashed_lamports,
        };
        self.receipt_head = receipt.next_head();
        self.receipt_seq = checked(self.receipt_seq.checked_add(1u64))?;
        let now_ts = super::now()?.ts;
        self.apply_gain(ending.paid.fee_atoms, ending.decimals, now_ts);
        if ending.outcome.is_fault() {
            self.jobs_failed = self.jobs_failed.saturating_add(1u32);
            self.apply_fault(now_ts);
        } else if matches!(ending.outcome, Outcome::Paid | Outcome::LeaseEnded) && ending.paid.provider_atoms > 0 {
            self.jobs_completed = self.jobs_completed.saturating_add(1u32);
        }
        Ok(())
    }

    /// E4 on the records and on the `held_lamports` of the account.
    #[inline(never)]
    pub fn invariant(&self, held_lamports: u64) -> Step {
        let bond = self.bond_lamports.get();
        require!(self.locked_lamports.get() <= bond, EscrowError::InvariantViolated);
        let accounted = checked(bond.checked_add(self.slashed_lamports.get()))?;
        let accounted = checked(accounted.checked_add(self.withdrawn_lamports.get()))?;
        require!(
            accounted == self.deposited_lamports.get(),
            EscrowError::InvariantViolated
        );
        let owed = checked(self.rent_lamports.get().checked_add(bond))?;
        let owed = checked(owed.checked_add(self.burnt_lamports.get()))?;
        require!(held_lamports >= owed, EscrowError::InvariantViolated);
        Ok(())
    }
}

const _: () = assert!(OFF_PEAK_MASK_BYTES == 21);
const _: () = assert!(Slot::SIZE == 336);
