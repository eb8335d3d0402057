//! What the persons of one epoch share.

use {crate::errors::GovernanceError, anchor_lang::prelude::*};

/// Equal shares of what lane 3 had collected of one mint, for everybody with a ballot of the epoch. Closed after its grace: what
/// nobody claimed returns to the lane, rent to whoever paid it.
///
/// Seeds: `dividend`, realm, mint, epoch. The vault: `dividend_vault`, dividend. G9: share · claims ≤ funded, one claim a ballot.
#[account]
pub struct Dividend {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Bump of the vault.
    pub vault_bump: u8,
    /// Number among the dividends of its epoch: its bit in a ballot.
    pub index: u8,
    /// The epoch whose voters share.
    pub epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The mint.
    pub mint: Address,
    /// The token account that holds what is not claimed.
    pub vault: Address,
    /// Who paid for this account and the vault and gets their rent.
    pub rent_payer: Address,
    /// Atoms funded: share times persons.
    pub funded_atoms: PodU64,
    /// Atoms of one person.
    pub share_atoms: PodU64,
    /// Ballots of the epoch.
    pub persons: PodU32,
    /// Shares claimed.
    pub claims: PodU32,
    /// Unix time in seconds from which anybody can close it.
    pub closable_from_ts: PodI64,
    /// Zero, for growth.
    pub reserved: [u8; 32],
}

/// Bytes of a `Dividend` account.
pub const DIVIDEND_LEN: usize = 208;
const _: () = assert!(core::mem::size_of::<Dividend>() == DIVIDEND_LEN - 8);

impl Dividend {
    /// Counts a claim.
    pub fn apply_claim(&mut self) -> Result<()> {
        self.claims = self
            .claims
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// G9: the vault holds what can still be claimed, and no more than the persons' shares is claimed.
    pub fn invariant(&self, vault_atoms: u64) -> Result<()> {
        let left = self.persons.get().checked_sub(self.claims.get());
        let due = left.and_then(|left| u64::from(left).checked_mul(self.share_atoms.get()));
        require!(
            due.is_some_and(|due| vault_atoms >= due),
            GovernanceError::InvariantViolated
        );
        Ok(())
    }
}
