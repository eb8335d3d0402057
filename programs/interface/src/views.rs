//! Read-only views of accounts that one program of the suite looks at in another.
//!
//! A view reads fixed offsets of an account whose owner and discriminator it has checked. A test equates each with the
//! struct of the program that owns the account.

use {crate::ids, pinocchio::Address};

/// First eight bytes of SHA-256 of `account:Realm`.
pub const REALM_DISCRIMINATOR: [u8; 8] = [0xc5, 0xec, 0xa4, 0x9b, 0x78, 0x38, 0x98, 0x38];
/// First eight bytes of SHA-256 of `account:Person`.
pub const PERSON_DISCRIMINATOR: [u8; 8] = [0x10, 0xf2, 0x2c, 0x18, 0x79, 0x0b, 0x00, 0xb7];

/// Why an account is not what a view reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewError {
    /// The governance program does not own the account.
    NotOwnedByGovernance,
    /// The liquidity pool does not own the account.
    NotOwnedByPool,
    /// The compute escrow does not own the account.
    NotOwnedByEscrow,
    /// The account is of another kind, or shorter than the view.
    WrongKind,
}

fn checked<'a>(owner: &Address, data: &'a [u8], discriminator: &[u8; 8]) -> Result<&'a [u8], ViewError> {
    if owner != &ids::QUADRATIC_GOVERNANCE {
        return Err(ViewError::NotOwnedByGovernance);
    }
    of_kind(data, discriminator)
}

fn of_kind<'a>(data: &'a [u8], discriminator: &[u8; 8]) -> Result<&'a [u8], ViewError> {
    if data.get(..8) != Some(discriminator.as_slice()) {
        return Err(ViewError::WrongKind);
    }
    Ok(data)
}

fn bytes<const N: usize>(data: &[u8], offset: usize) -> Result<[u8; N], ViewError> {
    let end = offset.checked_add(N).ok_or(ViewError::WrongKind)?;
    data.get(offset..end)
        .and_then(|part| part.try_into().ok())
        .ok_or(ViewError::WrongKind)
}

/// What other programs know of a `Realm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealmView {
    /// Layout version.
    pub version: u8,
    /// Whether its delays are seconds; configs of real money refuse such a realm.
    pub is_rehearsal: bool,
}

impl RealmView {
    /// Reads a realm.
    ///
    /// Errors: [`ViewError`] for an account of another owner, kind or flag value.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, ViewError> {
        let data = checked(owner, data, &REALM_DISCRIMINATOR)?;
        let [version] = bytes(data, 8)?;
        let is_rehearsal = match bytes(data, 10)? {
            [0] => false,
            [1] => true,
            _ => return Err(ViewError::WrongKind),
        };
        Ok(Self { version, is_rehearsal })
    }
}

/// What other programs know of a `Person`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// Cohort bucket.
    pub bucket: u8,
    /// Epoch of the registration.
    pub registered_epoch: u32,
    /// The realm.
    pub realm: Address,
    /// The wallet that acts for the person.
    pub wallet: Address,
    /// Unix time in seconds from which the registration is void.
    pub expires_ts: i64,
    /// Unix time in seconds of the revocation; zero while there is none.
    pub revoked_at_ts: i64,
}

impl PersonView {
    /// Reads a person.
    ///
    /// Errors: [`ViewError`] for an account of another owner or kind.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, ViewError> {
        let data = checked(owner, data, &PERSON_DISCRIMINATOR)?;
        let [bucket] = bytes(data, 10)?;
        Ok(Self {
            bucket,
            registered_epoch: u32::from_le_bytes(bytes(data, 12)?),
            realm: Address::new_from_array(bytes(data, 16)?),
            wallet: Address::new_from_array(bytes(data, 48)?),
            expires_ts: i64::from_le_bytes(bytes(data, 112)?),
            revoked_at_ts: i64::from_le_bytes(bytes(data, 120)?),
        })
    }

    /// Whether the registration holds at a moment.
    pub fn is_active(&self, now_ts: i64) -> bool {
        self.revoked_at_ts == 0 && now_ts < self.expires_ts
    }
}

/// First eight bytes of SHA-256 of `account:Proposal`.
pub const PROPOSAL_DISCRIMINATOR: [u8; 8] = [0x1a, 0x5e, 0xbd, 0xbb, 0x74, 0x88, 0x35, 0x21];

/// What the escrow knows of a `Proposal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalView {
    /// Milestone: 0 draft, 1 submitted, 2 succeeded, 3 defeated, 4 executed, 5 cancelled, 6 vetoed, 7 expired.
    pub status: u8,
    /// The realm.
    pub realm: Address,
}

impl ProposalView {
    /// Reads a proposal.
    ///
    /// Errors: [`ViewError`] for an account of another owner or kind.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, ViewError> {
        let data = checked(owner, data, &PROPOSAL_DISCRIMINATOR)?;
        let [status] = bytes(data, 10)?;
        Ok(Self {
            status,
            realm: Address::new_from_array(bytes(data, 24)?),
        })
    }

    /// Whether it can do nothing any more. A veto can be overridden, so it is no end.
    pub fn is_finished(&self) -> bool {
        matches!(self.status, 3 | 4 | 5 | 7)
    }
}

/// First eight bytes of SHA-256 of `account:LiquidityLock`.
pub const LIQUIDITY_LOCK_DISCRIMINATOR: [u8; 8] = [0x9a, 0xd2, 0x40, 0x95, 0x02, 0x3c, 0x04, 0x4e];
/// First eight bytes of SHA-256 of `account:Pool`.
pub const POOL_DISCRIMINATOR: [u8; 8] = [0xf1, 0x9a, 0x6d, 0x04, 0x11, 0xb1, 0x6d, 0xbc];
/// First eight bytes of SHA-256 of `account:Slot`.
pub const SLOT_DISCRIMINATOR: [u8; 8] = [0x8c, 0x36, 0x03, 0xbb, 0x35, 0xbd, 0xfa, 0xe6];
/// First eight bytes of SHA-256 of `account:Provider`.
pub const PROVIDER_DISCRIMINATOR: [u8; 8] = [0xa4, 0xb4, 0x47, 0x11, 0x4b, 0xd8, 0x50, 0xc3];

/// What governance knows of a `LiquidityLock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockView {
    /// The pool whose shares are locked.
    pub pool: Address,
    /// Who may unlock them.
    pub owner: Address,
    /// Shares still locked, in atoms.
    pub lp_atoms: u64,
    /// Unix time in seconds from which they can be unlocked; the largest number for ever.
    pub unlock_ts: i64,
}

impl LockView {
    /// Reads a lock.
    ///
    /// Errors: [`ViewError`] for an account of another owner or kind.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, ViewError> {
        if owner != &ids::LIQUIDITY_POOL {
            return Err(ViewError::NotOwnedByPool);
        }
        let data = of_kind(data, &LIQUIDITY_LOCK_DISCRIMINATOR)?;
        Ok(Self {
            pool: Address::new_from_array(bytes(data, 16)?),
            owner: Address::new_from_array(bytes(data, 80)?),
            lp_atoms: u64::from_le_bytes(bytes(data, 176)?),
            unlock_ts: i64::from_le_bytes(bytes(data, 184)?),
        })
    }
}

/// What governance knows of a `Pool`: its config.
///
/// Errors: [`ViewError`] for an account of another owner or kind.
pub fn pool_config(owner: &Address, data: &[u8]) -> Result<Address, ViewError> {
    if owner != &ids::LIQUIDITY_POOL {
        return Err(ViewError::NotOwnedByPool);
    }
    let data = of_kind(data, &POOL_DISCRIMINATOR)?;
    Ok(Address::new_from_array(bytes(data, 24)?))
}

/// What governance knows of a `Slot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotView {
    /// Number of the config it works under.
    pub config_id: u16,
    /// Its provider.
    pub provider: Address,
    /// Jobs that ended paid.
    pub jobs_completed: u32,
}

impl SlotView {
    /// Reads a slot.
    ///
    /// Errors: [`ViewError`] for an account of another owner or kind.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, ViewError> {
        if owner != &ids::COMPUTE_ESCROW {
            return Err(ViewError::NotOwnedByEscrow);
        }
        let data = of_kind(data, &SLOT_DISCRIMINATOR)?;
        Ok(Self {
            config_id: u16::from_le_bytes(bytes(data, 14)?),
            provider: Address::new_from_array(bytes(data, 16)?),
            jobs_completed: u32::from_le_bytes(bytes(data, 256)?),
        })
    }
}

/// What governance knows of a `Provider`: its authority.
///
/// Errors: [`ViewError`] for an account of another owner or kind.
pub fn provider_authority(owner: &Address, data: &[u8]) -> Result<Address, ViewError> {
    if owner != &ids::COMPUTE_ESCROW {
        return Err(ViewError::NotOwnedByEscrow);
    }
    let data = of_kind(data, &PROVIDER_DISCRIMINATOR)?;
    Ok(Address::new_from_array(bytes(data, 16)?))
}
