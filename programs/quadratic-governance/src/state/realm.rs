//! The realm: one community's parameters, epoch clock and totals.

use {
    super::rules::Rules,
    crate::{
        constants::*,
        errors::GovernanceError,
        math::{credits, epoch},
    },
    anchor_lang::prelude::*,
};

/// What left one treasury lane in an epoch.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct LaneBook {
    /// Lamports of the lane before its first outflow of `epoch`.
    pub start_lamports: PodU64,
    /// Lamports that left in `epoch`.
    pub outflow_lamports: PodU64,
    /// The epoch the two count for.
    pub epoch: PodU32,
    /// Zero, for growth.
    pub reserved: [u8; 4],
}

/// How many persons' whole votes decided in an epoch.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct VotedEpoch {
    /// Discounted votes of the epoch's most voted proposal over the root of the largest budget, Q16.
    pub persons_q16: PodU64,
    /// The epoch; `NO_EPOCH` for none.
    pub epoch: PodU32,
}

/// One community: its parameters, epoch clock, totals and treasuries. Never closed.
///
/// Seeds: `realm`, SHA-256 of its name. The first 16 bytes are read by the pool and the escrow (`RealmView`).
#[account]
pub struct Realm {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// 1 for a rehearsal realm; never changes.
    pub rehearsal: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 5],
    /// Mint of the stake.
    pub governing_mint: Address,
    /// Who may add and disable attestors until the founder's sunset.
    pub founder: Address,
    /// Who may disable attestors (later: veto) until the guardian's sunset.
    pub guardian: Address,
    /// SHA-256 of the realm's name; its seed.
    pub name_hash: [u8; 32],
    /// Unix time in seconds from which the founder has no power.
    pub founder_sunset_ts: PodI64,
    /// Unix time in seconds from which the guardian has no power.
    pub guardian_sunset_ts: PodI64,
    /// Start of `base_epoch`, Unix time in seconds.
    pub genesis_ts: PodI64,
    /// Epoch length L in seconds.
    pub epoch_s: PodU32,
    /// Proposals ever created; the index of the next.
    pub proposal_count: PodU32,
    /// Parameters in force.
    pub rules: Rules,
    /// Parameters in force from `next_rules_epoch` on.
    pub next_rules: Rules,
    /// First epoch of `next_rules`; zero while none wait.
    pub next_rules_epoch: PodU32,
    /// Rises with every change of b₀, b_max or γ: what a pool has summed up holds for one version.
    pub budget_version: PodU32,
    /// Scheme the attestors derive nullifiers by; fixed at creation.
    pub nullifier_scheme: u8,
    /// Live attestors.
    pub attestor_count: u8,
    /// Bit g is set while slot g has a live attestor.
    pub attestor_slots: PodU16,
    /// Bumps of the treasury lanes.
    pub treasury_bumps: [u8; 4],
    /// Addresses of the treasury lanes.
    pub treasuries: [Address; 4],
    /// What left each lane in its last epoch of outflow.
    pub lanes: [LaneBook; 4],
    /// The epoch the counters below belong to.
    pub counted_epoch: PodU32,
    /// Registrations in `counted_epoch`.
    pub registered_in_epoch: PodU32,
    /// Ballots opened in `counted_epoch`.
    pub ballots_in_epoch: PodU32,
    /// Ballots opened in the epoch before.
    pub ballots_before: PodU32,
    /// Proposals created in `counted_epoch`.
    pub proposals_in_epoch: PodU32,
    /// Persons who count: registered, not revoked, not retired.
    pub persons: PodU32,
    /// The same at the start of `counted_epoch`.
    pub persons_at_start: PodU32,
    /// Persons who count, by bucket.
    pub bucket_persons: [PodU32; 16],
    /// The same at the start of `counted_epoch`.
    pub bucket_persons_at_start: [PodU32; 16],
    /// Genesis hash of the cluster, as the founder states it; attestors sign it, so that a statement is good on one cluster.
    pub cluster: [u8; 32],
    /// Pool config whose pools' locks earn seats of the liquidity chamber; zero for no chamber.
    pub liquidity_config: Address,
    /// Number of the escrow config whose slots earn seats of the provider chamber, plus one; zero for no chamber.
    pub escrow_config_number: PodU32,
    /// The epoch that begins at `genesis_ts`; above zero once a vote has changed the epoch's length.
    pub base_epoch: PodU32,
    /// Epoch length from `next_rules_epoch` on.
    pub next_epoch_s: PodU32,
    /// Budget version from `next_rules_epoch` on.
    pub next_budget_version: PodU32,
    /// The last two epochs in which proposals were decided, the later first.
    pub voted: [VotedEpoch; 2],
    /// Seats of each chamber.
    pub chamber_seats: [PodU32; 2],
    /// The same at the start of `counted_epoch`.
    pub chamber_seats_at_start: [PodU32; 2],
    /// Dividends funded in `counted_epoch`, for the epoch before.
    pub dividends_in_epoch: u8,
    /// Zero, for growth.
    pub reserved_tail: [u8; 7],
    /// Zero, for growth.
    pub reserved: [u8; 64],
}

/// Bytes of a `Realm` account.
pub const REALM_LEN: usize = 948;
const _: () = assert!(core::mem::size_of::<Realm>() == REALM_LEN - 8);
const _: () = assert!(core::mem::offset_of!(Realm, rehearsal) == 10 - 8);
const _: () = assert!(core::mem::offset_of!(Realm, governing_mint) == 16 - 8);

/// Who asks to change the attestors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestorPower {
    /// The founder before the sunset.
    Founder,
    /// The guardian before the sunset.
    Guardian,
    /// An executed proposal: lane 0 signed.
    Treasury,
}

impl Realm {
    /// Whether delays and minimum counts are those of a rehearsal.
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal == 1
    }

    /// The epoch that changed parameters begin with, if some wait.
    fn next_change(&self) -> Option<u32> {
        Some(self.next_rules_epoch.get()).filter(|epoch| *epoch != 0)
    }

    fn start_by_present_length(&self, of_epoch: u32) -> Result<i64> {
        let epochs = of_epoch.saturating_sub(self.base_epoch.get());
        Ok(epoch::epoch_start(self.genesis_ts.get(), self.epoch_s.get(), epochs)?)
    }

    /// The epoch of a moment.
    #[inline(never)]
    pub fn epoch_at(&self, now_ts: i64) -> Result<u32> {
        let since = epoch::epoch_at(self.genesis_ts.get(), self.epoch_s.get(), now_ts)?;
        let current = epoch::add(self.base_epoch.get(), since)?;
        match self.next_change() {
            Some(change) if current >= change => {
                let start = self.start_by_present_length(change)?;
                let since = epoch::epoch_at(start, self.next_epoch_s.get(), now_ts)?;
                Ok(epoch::add(change, since)?)
            }
            _ => Ok(current),
        }
    }

    /// The first moment of an epoch, of the present one or a later.
    #[inline(never)]
    pub fn epoch_start(&self, of_epoch: u32) -> Result<i64> {
        match self.next_change() {
            Some(change) if of_epoch > change => {
                let start = self.start_by_present_length(change)?;
                let epochs = of_epoch.saturating_sub(change);
                Ok(epoch::epoch_start(start, self.next_epoch_s.get(), epochs)?)
            }
            _ => self.start_by_present_length(of_epoch),
        }
    }

    /// The first moment after an epoch.
    pub fn epoch_end(&self, of_epoch: u32) -> Result<i64> {
        self.epoch_start(epoch::add(of_epoch, 1)?)
    }

    /// The parameters of an epoch, of the present one or a later.
    #[inline(never)]
    pub fn rules_for(&self, of_epoch: u32) -> &Rules {
        match self.next_change() {
            Some(change) if of_epoch >= change => &self.next_rules,
            _ => &self.rules,
        }
    }

    /// The version of budgets in an epoch, of the present one or a later.
    #[inline(never)]
    pub fn budget_version_for(&self, of_epoch: u32) -> u32 {
        match self.next_change() {
            Some(change) if of_epoch >= change => self.next_budget_version.get(),
            _ => self.budget_version.get(),
        }
    }

    /// Sets parameters from the epoch after next on: the next one's proposals may be submitted already (G7).
    pub fn apply_parameters(&mut self, rules: &Rules, epoch_s: u32, current_epoch: u32) -> Result<u32> {
        require!(self.next_change().is_none(), GovernanceError::ParametersPending);
        // a clock that stepped back over an epoch's edge leaves proposals of the later epoch's submission
        let from = epoch::add(current_epoch.max(self.counted_epoch.get()), 2)?;
        let bump = u32::from(!rules.same_budgets(&self.rules));
        self.next_budget_version = epoch::add(self.budget_version.get(), bump)?.into();
        self.next_rules = *rules;
        self.next_epoch_s = epoch_s.into();
        self.next_rules_epoch = from.into();
        Ok(from)
    }

    /// Sets what earns seats in the chambers.
    pub fn apply_chambers(&mut self, choice: &crate::instructions::ChamberChoice) {
        self.liquidity_config = Address::new_from_array(choice.liquidity_config);
        self.escrow_config_number = choice.escrow_config_number.into();
    }

    /// Brings parameters and counters to the current epoch. Epochs without a write in between count as empty.
    #[inline(never)]
    pub fn roll(&mut self, current_epoch: u32) -> Result<()> {
        if let Some(change) = self.next_change().filter(|change| current_epoch >= *change) {
            self.genesis_ts = self.start_by_present_length(change)?.into();
            self.base_epoch = change.into();
            self.epoch_s = self.next_epoch_s;
            self.rules = self.next_rules;
            self.budget_version = self.next_budget_version;
            self.next_rules_epoch = PodU32::ZERO;
        }
        let counted = self.counted_epoch.get();
        if current_epoch <= counted {
            return Ok(());
        }
        self.ballots_before = if counted.checked_add(1) == Some(current_epoch) {
            self.ballots_in_epoch
        } else {
            PodU32::ZERO
        };
        self.ballots_in_epoch = PodU32::ZERO;
        self.registered_in_epoch = PodU32::ZERO;
        self.proposals_in_epoch = PodU32::ZERO;
        self.dividends_in_epoch = 0;
        self.persons_at_start = self.persons;
        self.bucket_persons_at_start = self.bucket_persons;
        self.chamber_seats_at_start = self.chamber_seats;
        self.counted_epoch = current_epoch.into();
        Ok(())
    }

    /// Notes how many persons' whole votes decided a proposal of an epoch; the most voted proposal of the epoch counts. The last two
    /// epochs stay, in whatever order their proposals are decided: nobody chooses the cap by finalizing late.
    #[inline(never)]
    pub fn note_votes(&mut self, of_epoch: u32, persons_q16: u64) {
        let mut noted = VotedEpoch {
            persons_q16: persons_q16.into(),
            epoch: of_epoch.into(),
        };
        for voted in &mut self.voted {
            let epoch = voted.epoch.get();
            if epoch == of_epoch {
                voted.persons_q16 = voted.persons_q16.get().max(noted.persons_q16.get()).into();
                return;
            }
            // what the later place held moves to the earlier one
            if epoch == NO_EPOCH || noted.epoch.get() > epoch {
                core::mem::swap(voted, &mut noted);
            }
        }
    }

    /// The fewer persons of the last two epochs of decisions, Q16; zero before the first.
    #[inline(never)]
    pub fn voting_persons_q16(&self) -> u64 {
        let [last, before] = &self.voted;
        if last.epoch.get() == NO_EPOCH {
            return 0;
        }
        if before.epoch.get() == NO_EPOCH {
            return last.persons_q16.get();
        }
        last.persons_q16.get().min(before.persons_q16.get())
    }

    /// Which power over attestors a signing key has now, if any.
    #[inline(never)]
    pub fn attestor_power(&self, key: &Address, now_ts: i64) -> Option<AttestorPower> {
        if self.treasuries.first() == Some(key) {
            Some(AttestorPower::Treasury)
        } else if key == &self.founder && now_ts < self.founder_sunset_ts.get() {
            Some(AttestorPower::Founder)
        } else if key == &self.guardian && now_ts < self.guardian_sunset_ts.get() {
            Some(AttestorPower::Guardian)
        } else {
            None
        }
    }

    /// Gives a free slot to a new attestor.
    pub fn occupy_slot(&mut self, slot: u8) -> Result<()> {
        let bit = slot_bit(slot)?;
        require!(self.attestor_slots.get() & bit == 0, GovernanceError::SlotTaken);
        self.attestor_slots = (self.attestor_slots.get() | bit).into();
        self.attestor_count = self
            .attestor_count
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Frees the slot of a disabled attestor; its persons keep their bucket.
    pub fn vacate_slot(&mut self, slot: u8) -> Result<()> {
        let bit = slot_bit(slot)?;
        self.attestor_slots = (self.attestor_slots.get() & !bit).into();
        self.attestor_count = self
            .attestor_count
            .checked_sub(1)
            .ok_or(GovernanceError::InvariantViolated)?;
        Ok(())
    }

    /// Counts a registration, within the growth of the epoch.
    pub fn count_registration(&mut self, bucket: u8) -> Result<()> {
        let cap = credits::growth_cap_floor(self.persons_at_start.get(), GROWTH_FLOOR_PERSONS, GROWTH_PPM)?;
        require!(self.registered_in_epoch.get() < cap, GovernanceError::GrowthExhausted);
        self.registered_in_epoch = self
            .registered_in_epoch
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.count_person(bucket)
    }

    /// Takes a person into the counts.
    #[inline(never)]
    pub fn count_person(&mut self, bucket: u8) -> Result<()> {
        let counter = self
            .bucket_persons
            .get_mut(usize::from(bucket))
            .ok_or(GovernanceError::SlotOutOfBounds)?;
        *counter = counter.checked_add(1u32).ok_or(GovernanceError::ArithmeticOverflow)?;
        self.persons = self
            .persons
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Takes a person out of the counts.
    #[inline(never)]
    pub fn discount_person(&mut self, bucket: u8) -> Result<()> {
        let counter = self
            .bucket_persons
            .get_mut(usize::from(bucket))
            .ok_or(GovernanceError::SlotOutOfBounds)?;
        *counter = counter.checked_sub(1u32).ok_or(GovernanceError::InvariantViolated)?;
        self.persons = self
            .persons
            .checked_sub(1u32)
            .ok_or(GovernanceError::InvariantViolated)?;
        Ok(())
    }

    /// Counts a chamber's seat.
    #[inline(never)]
    pub fn count_seat(&mut self, chamber: u8) -> Result<()> {
        let counter = self
            .chamber_seats
            .get_mut(usize::from(chamber))
            .ok_or(GovernanceError::ChamberUnknown)?;
        *counter = counter.checked_add(1u32).ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Takes a chamber's seat out of the count.
    #[inline(never)]
    pub fn discount_seat(&mut self, chamber: u8) -> Result<()> {
        let counter = self
            .chamber_seats
            .get_mut(usize::from(chamber))
            .ok_or(GovernanceError::ChamberUnknown)?;
        *counter = counter.checked_sub(1u32).ok_or(GovernanceError::InvariantViolated)?;
        Ok(())
    }

    /// Counts a ballot of the current epoch.
    pub fn count_ballot(&mut self) -> Result<()> {
        self.ballots_in_epoch = self
            .ballots_in_epoch
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Counts a proposal; its index and bond.
    pub fn count_proposal(&mut self) -> Result<(u32, u64)> {
        let index = self.proposal_count.get();
        let bond = credits::bond(
            self.rules.proposal_bond_lamports.get(),
            self.proposals_in_epoch.get(),
            BOND_STEP_PROPOSALS,
            MAX_BOND_DOUBLINGS,
        )?;
        self.proposal_count = index.checked_add(1).ok_or(GovernanceError::ArithmeticOverflow)?.into();
        self.proposals_in_epoch = self
            .proposals_in_epoch
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok((index, bond))
    }

    /// Opens the lane's book of this epoch with its present balance, if nothing has left in the epoch yet. A clock that steps
    /// back keeps the later epoch's book.
    #[inline(never)]
    pub fn open_lane_book(&mut self, lane: u8, current_epoch: u32, balance_lamports: u64) -> Result<()> {
        let book = self
            .lanes
            .get_mut(usize::from(lane))
            .ok_or(GovernanceError::LaneOutOfBounds)?;
        if current_epoch > book.epoch.get() || book.start_lamports.get() == 0 {
            book.epoch = book.epoch.get().max(current_epoch).into();
            book.start_lamports = balance_lamports.into();
            book.outflow_lamports = PodU64::ZERO;
        }
        Ok(())
    }

    /// Books what left the lane, within the epoch's cap (G6).
    #[inline(never)]
    pub fn book_outflow(&mut self, lane: u8, current_epoch: u32, lamports: u64) -> Result<()> {
        let identity_cost = self.rules_for(current_epoch).identity_cost_lamports.get();
        let by_persons = credits::identity_cap_floor(identity_cost, self.voting_persons_q16());
        let book = self
            .lanes
            .get_mut(usize::from(lane))
            .ok_or(GovernanceError::LaneOutOfBounds)?;
        let outflow = book
            .outflow_lamports
            .checked_add(lamports)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let cap = credits::outflow_cap_floor(book.start_lamports.get(), LANE_OUTFLOW_CAP_PPM)?.min(by_persons);
        // what takes nothing out is no outflow, even where the cap has fallen below what has left already
        require!(
            lamports == 0 || outflow.get() <= cap,
            GovernanceError::OutflowExceedsCap
        );
        book.outflow_lamports = outflow;
        Ok(())
    }

    /// What holds after every instruction: counters of a part never exceed the whole, flags are flags.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        let holds = self.rehearsal <= 1
            && self
                .bucket_persons
                .iter()
                .all(|bucket| bucket.get() <= self.persons.get())
            && self.attestor_slots.get().count_ones() == u32::from(self.attestor_count)
            && self.proposals_in_epoch.get() <= self.proposal_count.get();
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }
}

/// The bit of a slot.
pub fn slot_bit(slot: u8) -> Result<u16> {
    1u16.checked_shl(u32::from(slot))
        .ok_or(GovernanceError::SlotOutOfBounds.into())
}
