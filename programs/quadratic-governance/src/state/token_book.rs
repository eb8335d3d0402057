//! What leaves a lane of one token in an epoch.

use {
    super::rules::validate_cost_rise,
    crate::{constants::*, errors::GovernanceError, math::credits},
    anchor_lang::prelude::*,
};

/// The outflow book of one lane and mint (lamports have theirs in the realm). Anybody opens it; it is never closed, like the
/// realm.
///
/// Seeds: `book`, realm, lane, mint. G6: outflow ≤ 5 % of what lay there before the first outflow of the epoch, and at most the
/// identity cost for each person who voted, where a vote has set one.
#[account]
pub struct TokenBook {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// The lane.
    pub lane: u8,
    /// Zero, for growth.
    pub reserved_head: u8,
    /// The epoch the next two are of.
    pub epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The mint.
    pub mint: Address,
    /// Who paid for this account.
    pub rent_payer: Address,
    /// Atoms before the first outflow of `epoch`, in the token accounts that it named.
    pub start_atoms: PodU64,
    /// Atoms that left in `epoch`, as declared.
    pub outflow_atoms: PodU64,
    /// What faking a person costs, in atoms; zero until a vote sets it.
    pub identity_cost_atoms: PodU64,
    /// The epoch of its last change.
    pub cost_epoch: PodU32,
    /// Zero, for growth.
    pub reserved: [u8; 32],
}

/// Bytes of a `TokenBook` account.
pub const TOKEN_BOOK_LEN: usize = 172;
const _: () = assert!(core::mem::size_of::<TokenBook>() == TOKEN_BOOK_LEN - 8);

impl TokenBook {
    /// It is the book of this realm, lane and mint.
    #[inline(never)]
    pub fn validate(&self, realm: &Address, lane: u8, mint: &Address) -> Result<()> {
        let is_it = super::same(&self.realm, realm) && self.lane == lane && super::same(&self.mint, mint);
        require!(is_it, GovernanceError::BookMismatch);
        Ok(())
    }

    /// Books what is declared to leave, within the epoch's cap. A clock that steps back keeps the later epoch's book.
    pub fn book_outflow(&mut self, current_epoch: u32, balance_atoms: u64, atoms: u64, persons_q16: u64) -> Result<()> {
        if current_epoch > self.epoch.get() || self.start_atoms.is_zero() {
            self.epoch = self.epoch.get().max(current_epoch).into();
            self.start_atoms = balance_atoms.into();
            self.outflow_atoms = PodU64::ZERO;
        }
        let outflow = self
            .outflow_atoms
            .checked_add(atoms)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let mut cap = credits::outflow_cap_floor(self.start_atoms.get(), LANE_OUTFLOW_CAP_PPM)?;
        if !self.identity_cost_atoms.is_zero() {
            cap = cap.min(credits::identity_cap_floor(self.identity_cost_atoms.get(), persons_q16));
        }
        require!(outflow.get() <= cap, GovernanceError::OutflowExceedsCap);
        self.outflow_atoms = outflow;
        Ok(())
    }

    /// Sets the identity cost: any at first, then at most a tenth more and once an epoch.
    pub fn apply_identity_cost(&mut self, atoms: u64, current_epoch: u32) -> Result<()> {
        let old = self.identity_cost_atoms.get();
        if old == 0 {
            require!(atoms != 0, GovernanceError::IdentityCostRise);
        } else {
            require!(current_epoch > self.cost_epoch.get(), GovernanceError::IdentityCostRise);
            validate_cost_rise(old, atoms)?;
        }
        self.identity_cost_atoms = atoms.into();
        self.cost_epoch = current_epoch.into();
        Ok(())
    }
}
