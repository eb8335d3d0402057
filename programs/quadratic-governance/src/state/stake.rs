//! A person's stake of governing tokens.

use {crate::errors::GovernanceError, anchor_lang::prelude::*};

/// Governing tokens of one person in a vault of their own. They count from the epoch after their deposit.
///
/// Seeds: `stake`, realm, person. The vault: `stake_vault`, stake.
#[account]
pub struct Stake {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Bump of the vault.
    pub vault_bump: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 5],
    /// The realm.
    pub realm: Address,
    /// The person.
    pub person: Address,
    /// Who deposits, to whom everything returns, and who paid the rent: the person's wallet when the stake was opened.
    pub depositor: Address,
    /// The token account that holds the stake.
    pub vault: Address,
    /// The governing mint.
    pub mint: Address,
    /// Atoms staked.
    pub amount_atoms: PodU64,
    /// The part of them deposited in `pending_epoch`.
    pub pending_atoms: PodU64,
    /// Epoch of the last deposit.
    pub pending_epoch: PodU32,
    /// Zero, for growth.
    pub reserved: [u8; 48],
}

/// Bytes of a `Stake` account.
pub const STAKE_LEN: usize = 244;
const _: () = assert!(core::mem::size_of::<Stake>() == STAKE_LEN - 8);

impl Stake {
    /// Atoms that count in an epoch: those deposited before it.
    #[inline(never)]
    pub fn active_atoms(&self, in_epoch: u32) -> u64 {
        let pending = if self.pending_epoch.get() >= in_epoch {
            self.pending_atoms.get()
        } else {
            0
        };
        self.amount_atoms.get().saturating_sub(pending)
    }

    /// Adds a deposit of the current epoch. After a clock that steps back it waits with the later epoch's deposits.
    pub fn apply_deposit(&mut self, atoms: u64, current_epoch: u32) -> Result<()> {
        if current_epoch > self.pending_epoch.get() {
            self.pending_epoch = current_epoch.into();
            self.pending_atoms = PodU64::ZERO;
        }
        self.pending_atoms = self
            .pending_atoms
            .checked_add(atoms)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.amount_atoms = self
            .amount_atoms
            .checked_add(atoms)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Takes a withdrawal out, the youngest deposit first: it does not count yet.
    pub fn apply_withdrawal(&mut self, atoms: u64) -> Result<()> {
        self.amount_atoms = self
            .amount_atoms
            .checked_sub(atoms)
            .ok_or(GovernanceError::StakeTooSmall)?;
        self.pending_atoms = self.pending_atoms.saturating_sub(atoms);
        Ok(())
    }

    /// The vault covers the stake (donations may exceed it), the pending part never exceeds the whole.
    #[inline(never)]
    pub fn invariant(&self, vault_atoms: u64) -> Result<()> {
        let holds = vault_atoms >= self.amount_atoms.get() && self.pending_atoms.get() <= self.amount_atoms.get();
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }
}
