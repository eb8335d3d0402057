//! What one slot has earned in one mint, and the fees on it.

use {
    super::{checked, Step},
    crate::{errors::EscrowError, math::price::PriceSplit},
    anchor_lang::{prelude::*, Address},
};

/// Earnings of one slot in one mint, with a token account of its own. Settling credits it; the provider withdraws its part,
/// anyone sweeps the fees to the treasury, independently of each other.
///
/// E1: `earned = withdrawn + claimable`, `fees = swept + fee_due`, and the token account holds at least `claimable + fee_due`.
#[account]
pub struct Payout {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Bump of the token account.
    pub vault_bump: u8,
    /// Decimals of the mint.
    pub decimals: u8,
    /// The config whose treasury the fees belong to.
    pub config_id: PodU16,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// The slot that earns.
    pub slot: Address,
    /// The slot's provider.
    pub provider: Address,
    /// The mint earned.
    pub mint: Address,
    /// The token account, PDA `["vault", payout]`, owned by this payout.
    pub vault: Address,
    /// Who paid the rent of both accounts and gets it back.
    pub rent_payer: Address,
    /// Due to the provider.
    pub claimable_atoms: PodU64,
    /// Due to the treasury.
    pub fee_due_atoms: PodU64,
    /// Ever credited to the provider.
    pub earned_atoms: PodU64,
    /// Ever paid to the provider.
    pub withdrawn_atoms: PodU64,
    /// Ever credited to the treasury.
    pub fees_atoms: PodU64,
    /// Ever paid to the treasury.
    pub swept_atoms: PodU64,
    /// Zero.
    pub reserved: [u8; 32],
}

impl Payout {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Credits a settled price.
    #[inline(never)]
    pub fn apply_settlement(&mut self, split: &PriceSplit) -> Step {
        self.claimable_atoms = checked(self.claimable_atoms.checked_add(split.provider_atoms))?;
        self.earned_atoms = checked(self.earned_atoms.checked_add(split.provider_atoms))?;
        self.fee_due_atoms = checked(self.fee_due_atoms.checked_add(split.fee_atoms))?;
        self.fees_atoms = checked(self.fees_atoms.checked_add(split.fee_atoms))?;
        Ok(())
    }

    /// Takes all that is due to the provider; says how much.
    pub fn apply_withdrawal(&mut self) -> Step<u64> {
        let amount = self.claimable_atoms.get();
        require!(amount > 0, EscrowError::NothingDue);
        self.withdrawn_atoms = checked(self.withdrawn_atoms.checked_add(amount))?;
        self.claimable_atoms = PodU64::ZERO;
        Ok(amount)
    }

    /// Takes all that is due to the treasury; says how much.
    pub fn apply_sweep(&mut self) -> Step<u64> {
        let amount = self.fee_due_atoms.get();
        require!(amount > 0, EscrowError::NothingDue);
        self.swept_atoms = checked(self.swept_atoms.checked_add(amount))?;
        self.fee_due_atoms = PodU64::ZERO;
        Ok(amount)
    }

    /// E1 on the records and on the `held_atoms` of the token account.
    #[inline(never)]
    pub fn invariant(&self, held_atoms: u64) -> Step {
        let earned = checked(self.withdrawn_atoms.checked_add(self.claimable_atoms))?;
        let fees = checked(self.swept_atoms.checked_add(self.fee_due_atoms))?;
        require!(
            earned == self.earned_atoms && fees == self.fees_atoms,
            EscrowError::InvariantViolated
        );
        let owed = checked(self.claimable_atoms.checked_add(self.fee_due_atoms))?;
        require!(held_atoms >= owed.get(), EscrowError::VaultMismatch);
        Ok(())
    }
}

const _: () = assert!(Payout::SIZE == 256);
