//! Read-only views of governance accounts that the other programs look at.
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
    /// The account is of another kind, or shorter than the view.
    WrongKind,
}

fn checked<'a>(owner: &Address, data: &'a [u8], discriminator: &[u8; 8]) -> Result<&'a [u8], ViewError> {
    if owner != &ids::QUADRATIC_GOVERNANCE {
        return Err(ViewError::NotOwnedByGovernance);
    }
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
