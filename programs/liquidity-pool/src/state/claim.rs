//! A leg of a withdrawal that could not be paid.

use {
    crate::{
        constants::LAYOUT_VERSION,
        errors::PoolError,
        state::{Pool, Side},
    },
    anchor_lang::prelude::*,
};

/// What withdrawals of one owner have left in the vault of one token. Address: `["claim", pool, owner, mint]`.
///
/// A frozen vault or destination holds back one token; the withdrawal pays the other and sets this one apart. The atoms are no
/// part of the reserves any more: they neither earn nor lose.
///
/// * P1: the pool's `deferred` of a token is the sum of its claims, and the vault covers it.
/// * P8: nothing pauses a claim's payment.
#[account]
pub struct Claim {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// The pool. Fixed.
    pub pool: Address,
    /// Who withdrew and is paid. Fixed.
    pub owner: Address,
    /// The token. Fixed.
    pub mint: Address,
    /// Gets the rent when the claim is paid. Fixed.
    pub rent_payer: Address,
    /// Atoms to be paid.
    pub atoms: PodU64,
    /// Changes of this claim so far.
    pub sequence: PodU64,
    /// Zero.
    pub reserved: [u8; 16],
}

/// Bytes of a `Claim` account.
pub const CLAIM_SPACE: usize = 8 + core::mem::size_of::<Claim>();

impl Claim {
    /// Fills a new account; the atoms follow by [`Claim::add`].
    pub fn initialize(&mut self, bump: u8, pool: &Address, owner: &Address, mint: &Address) {
        self.version = LAYOUT_VERSION;
        self.bump = bump;
        self.pool = *pool;
        self.owner = *owner;
        self.mint = *mint;
        self.rent_payer = *owner;
    }

    /// Adds what a withdrawal deferred.
    pub fn add(&mut self, atoms: u64) -> Result<()> {
        self.atoms = self.atoms.checked_add(atoms).ok_or(PoolError::Overflow)?;
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }
}

impl Pool {
    /// Sets atoms apart that left the reserves and could not be paid. The withdrawal counts the change.
    pub fn apply_deferral(&mut self, side: Side, atoms: u64) -> Result<()> {
        let deferred = self.deferred_mut(side);
        *deferred = deferred.checked_add(atoms).ok_or(PoolError::Overflow)?;
        Ok(())
    }

    /// Applies the payment of a claim.
    pub fn apply_claim(&mut self, side: Side, atoms: u64) -> Result<()> {
        let deferred = self.deferred_mut(side);
        *deferred = deferred.checked_sub(atoms).ok_or(PoolError::Overflow)?;
        self.count()
    }

    fn deferred_mut(&mut self, side: Side) -> &mut PodU64 {
        match side {
            Side::A => &mut self.deferred_a_atoms,
            Side::B => &mut self.deferred_b_atoms,
        }
    }
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(CLAIM_SPACE == 176);
/// Where clients filter claims by pool, owner and mint.
const _: () = assert!(core::mem::offset_of!(Claim, pool) + 8 == 16);
const _: () = assert!(core::mem::offset_of!(Claim, owner) + 8 == 48);
const _: () = assert!(core::mem::offset_of!(Claim, mint) + 8 == 80);
