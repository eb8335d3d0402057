//! What attestors say, and how it is proved: by their signatures on the transaction, by the Ed25519 precompile just before this
//! instruction, or by a credential of the Solana Attestation Service.
//!
//! The instructions sysvar is read here as the runtime writes it: the number of instructions (u16), the offset of each (u16), the
//! instructions, and last the number of the running one (u16). An instruction is the number of its accounts (u16), 33 bytes of
//! each, the program, the length of the data (u16) and the data. Bytes of another shape prove nothing.

use {
    crate::{constants::*, errors::GovernanceError, state::*},
    anchor_lang::prelude::*,
    commonweal_interface::ids,
};

/// Bytes of a statement.
pub const STATEMENT_LEN: usize = 202;

/// What a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Act {
    /// A person is registered.
    Register = 1,
    /// A registration lasts longer.
    Renew = 2,
    /// A registration is revoked.
    Revoke = 3,
    /// A revocation or suspension is taken back.
    Reinstate = 4,
    /// A person gets another wallet after a delay.
    Recover = 5,
    /// A person rests for two epochs; one attestor is enough.
    Suspend = 6,
}

/// What attestors sign: one person, one act, once, on one cluster, before a deadline.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// What it is about.
    pub act: Act,
    /// The cluster's genesis hash, as the realm states it.
    pub cluster: &'a [u8; 32],
    /// The realm.
    pub realm: &'a Address,
    /// The person's nullifier.
    pub nullifier: &'a [u8; 32],
    /// The person's wallet, or the one to be.
    pub wallet: &'a Address,
    /// The cohort bucket.
    pub bucket: u8,
    /// End of the registration, Unix time in seconds; zero where the act changes none.
    pub expires_ts: i64,
    /// Until when the statement can be used, Unix time in seconds.
    pub deadline_ts: i64,
    /// Number of the statement: the person's counter plus one.
    pub nonce: u64,
}

impl Statement<'_> {
    /// The bytes that are signed: domain (16), cluster (32), program (32), act (1), realm (32), nullifier (32), wallet (32),
    /// bucket (1), expiry (8), deadline (8), nonce (8); numbers little-endian.
    pub fn to_bytes(&self) -> [u8; STATEMENT_LEN] {
        let mut bytes = [0u8; STATEMENT_LEN];
        let parts: [&[u8]; 11] = [
            STATEMENT_DOMAIN,
            self.cluster,
            crate::ID.as_array(),
            &[self.act as u8],
            self.realm.as_array(),
            self.nullifier,
            self.wallet.as_array(),
            &[self.bucket],
            &self.expires_ts.to_le_bytes(),
            &self.deadline_ts.to_le_bytes(),
            &self.nonce.to_le_bytes(),
        ];
        let mut rest = bytes.as_mut_slice();
        for part in parts {
            // the parts are as long as the buffer; a test counts them
            let Some((space, next)) = rest.split_at_mut_checked(part.len()) else {
                break;
            };
            space.copy_from_slice(part);
            rest = next;
        }
        bytes
    }

    /// The deadline has not passed and is not far away.
    fn validate_deadline(&self, now_ts: i64) -> Result<()> {
        let in_bounds = now_ts <= self.deadline_ts && self.deadline_ts.saturating_sub(now_ts) <= MAX_STATEMENT_S;
        require!(in_bounds, GovernanceError::StatementExpired);
        Ok(())
    }
}

/// Zero beyond the end.
#[inline(never)]
fn word_at(data: &[u8], offset: usize) -> usize {
    data.get(offset..)
        .and_then(|rest| rest.first_chunk::<2>())
        .map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)))
}

#[inline(never)]
fn key_at(data: &[u8], offset: usize) -> Option<&[u8; 32]> {
    data.get(offset..).and_then(|rest| rest.first_chunk::<32>())
}

/// Program and data of an instruction of the transaction.
fn instruction_at(sysvar: &[u8], number: usize) -> Option<(&[u8; 32], &[u8])> {
    // offsets are 16 bits wide: in a longer one they may have wrapped and point at bytes of somebody's choice
    if sysvar.len() > usize::from(u16::MAX) || number >= word_at(sysvar, 0) {
        return None;
    }
    let start = word_at(sysvar, number.saturating_mul(2).saturating_add(2));
    let program_at = word_at(sysvar, start)
        .saturating_mul(33)
        .saturating_add(start)
        .saturating_add(2);
    let length_at = program_at.saturating_add(32);
    let data_at = length_at.saturating_add(2);
    let data = sysvar.get(data_at..)?.get(..word_at(sysvar, length_at))?;
    Some((key_at(sysvar, program_at)?, data))
}

/// Refuses a transaction that starts with a nonce advance: it could have been signed long ago.
#[inline(never)]
pub fn refuse_durable_nonce(sysvar: &AccountView) -> Result<()> {
    // SAFETY: the runtime's bytes are only read.
    let bytes = unsafe { sysvar.borrow_unchecked() };
    let (program, data) = instruction_at(bytes, 0).ok_or(GovernanceError::StatementMalformed)?;
    let advances = program == ids::SYSTEM.as_array() && data.get(..4) == Some(&[4, 0, 0, 0]);
    require!(!advances, GovernanceError::DurableNonceRefused);
    Ok(())
}

/// Data of the precompile instruction just before the running one.
fn precompile_before(sysvar: &[u8]) -> Option<&[u8]> {
    let running = word_at(sysvar, sysvar.len().checked_sub(2)?);
    let (program, data) = instruction_at(sysvar, running.checked_sub(1)?)?;
    (program == ED25519_PROGRAM.as_array()).then_some(data)
}

const HEADER_LEN: usize = 2;
const OFFSETS_LEN: usize = 14;
const SIGNED_LEN: usize = 96;

/// Whether the precompile's data verifies this statement by this key, and nothing about it is left to chance.
///
/// The one shape accepted: count, a zero, for each signature its offsets, then for each its key and signature, then the
/// statement, and nothing after. All three instruction indices are 0xFFFF (this data), every offset is the one of the shape, so
/// that no other bytes than these were verified.
#[inline(never)]
fn verifies(data: &[u8], key: &[u8; 32], statement: &[u8; STATEMENT_LEN]) -> bool {
    let Some([count, 0]) = data.first_chunk::<HEADER_LEN>() else {
        return false;
    };
    let count = usize::from(*count);
    let signed_at = count.saturating_mul(OFFSETS_LEN).saturating_add(HEADER_LEN);
    let statement_at = count.saturating_mul(SIGNED_LEN).saturating_add(signed_at);
    if data.get(statement_at..) != Some(statement.as_slice()) {
        return false;
    }
    let mut is_signed = false;
    for number in 0..count {
        let key_at = number.saturating_mul(SIGNED_LEN).saturating_add(signed_at);
        let expected = [
            key_at.saturating_add(32),
            usize::from(u16::MAX),
            key_at,
            usize::from(u16::MAX),
            statement_at,
            STATEMENT_LEN,
            usize::from(u16::MAX),
        ];
        let offsets_at = number.saturating_mul(OFFSETS_LEN).saturating_add(HEADER_LEN);
        let mut word = offsets_at;
        for value in expected {
            if word_at(data, word) != value {
                return false;
            }
            word = word.saturating_add(2);
        }
        is_signed |= self::key_at(data, key_at) == Some(key);
    }
    is_signed
}

/// Bytes of an attestation before its data: kind, nonce, credential, schema, length of the data.
const CREDENTIAL_HEAD_LEN: usize = 101;
/// The data of the pinned schema: one field of bytes, which is its length (u32) and the nullifier.
const CREDENTIAL_DATA_LEN: usize = 36;
/// Where the expiry stands behind such data: the issuer's signer is between.
const CREDENTIAL_EXPIRY: usize = CREDENTIAL_HEAD_LEN + CREDENTIAL_DATA_LEN + 32;
/// Bytes of such an attestation: the expiry and the token account follow.
const CREDENTIAL_LEN: usize = CREDENTIAL_EXPIRY + 8 + 32;

/// Whether an account is a credential of this issuer and schema for this wallet and nullifier that does not end before the
/// registration would. Layout of the Solana Attestation Service's `Attestation`: kind 2, nonce (the wallet), credential, schema,
/// data (u32 length first), signer, expiry (0: none), token account.
#[inline(never)]
fn attests(account: &AccountView, attestor: &Attestor, statement: &Statement) -> bool {
    if !account.owned_by(&ATTESTATION_SERVICE) {
        return false;
    }
    // SAFETY: the bytes are only read, within this function.
    let data = unsafe { account.borrow_unchecked() };
    let lengths_fit = data.len() == CREDENTIAL_LEN
        && data.first() == Some(&2)
        && data.get(97..105) == Some(&[36, 0, 0, 0, 32, 0, 0, 0]);
    let names_fit = key_at(data, 1) == Some(statement.wallet.as_array())
        && key_at(data, 33) == Some(attestor.key.as_array())
        && key_at(data, 65) == Some(attestor.schema.as_array())
        && key_at(data, 105) == Some(statement.nullifier);
    let ends = data
        .get(CREDENTIAL_EXPIRY..)
        .and_then(|rest| rest.first_chunk::<8>())
        .map(|bytes| i64::from_le_bytes(*bytes));
    lengths_fit && names_fit && ends.is_some_and(|ends| ends == 0 || ends >= statement.expires_ts)
}

/// What an act counts on its attestors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// One of the attestor's registrations of the epoch.
    Registration,
    /// One of its revocations, of this many persons 1 %.
    Revocation(u32),
    /// Nothing.
    Nothing,
}

/// Who must prove a statement, and when.
pub struct Hearing<'a> {
    /// The statement.
    pub statement: Statement<'a>,
    /// Attestors needed.
    pub needed: usize,
    /// What it counts on each.
    pub counting: Counting,
    /// The current epoch.
    pub current_epoch: u32,
    /// The clock, Unix time in seconds.
    pub now_ts: i64,
    /// The instructions sysvar.
    pub sysvar: &'a AccountView,
}

impl Hearing<'_> {
    /// Hears the attestors: exactly as many distinct ones of the realm as needed, in pairs of the attestor's account (writable)
    /// and its proof: its key, which signed the transaction or is verified by the precompile before, or its credential. Returns
    /// their slots.
    #[inline(never)]
    pub fn hear(&self, first: [&AccountView; 2], further: &[AccountView]) -> Result<u16> {
        self.statement.validate_deadline(self.now_ts)?;
        refuse_durable_nonce(self.sysvar)?;
        let pairs = self.needed.saturating_sub(1);
        require!(
            further.len() == pairs.saturating_mul(ACCOUNTS_PER_ATTESTATION),
            GovernanceError::AttestationsMalformed
        );
        let mut slots = self.hear_one(first)?;
        for pair in further.chunks_exact(ACCOUNTS_PER_ATTESTATION) {
            let [attestor, proof] = pair else {
                return Err(GovernanceError::AttestationsMalformed.into());
            };
            let slot = self.hear_one([attestor, proof])?;
            require!(slots & slot == 0, GovernanceError::AttestorRepeated);
            slots |= slot;
        }
        Ok(slots)
    }

    #[inline(never)]
    fn hear_one(&self, [account, proof]: [&AccountView; 2]) -> Result<u16> {
        // SAFETY: no other wrapper of an attestor is alive: each is dropped before the next is made.
        let mut attestor = unsafe { <Own<Attestor> as anchor_lang::AnchorAccount>::load_mut(*account)? };
        require!(
            same(&attestor.realm, self.statement.realm),
            GovernanceError::AttestorOfOtherRealm
        );
        attestor.validate_term(self.now_ts)?;
        self.prove(&attestor, proof)?;
        match self.counting {
            Counting::Registration => attestor.count_attestation(self.current_epoch)?,
            Counting::Revocation(persons) => attestor.count_revocation(self.current_epoch, persons)?,
            Counting::Nothing => {}
        }
        slot_bit(attestor.slot)
    }

    fn prove(&self, attestor: &Attestor, proof: &AccountView) -> Result<()> {
        if attestor.kind == AttestorKind::Issuer as u8 {
            let may = matches!(self.statement.act, Act::Register | Act::Renew);
            require!(may, GovernanceError::CredentialNotForThis);
            require!(
                attests(proof, attestor, &self.statement),
                GovernanceError::CredentialRefused
            );
            return Ok(());
        }
        require!(
            same(&attestor.key, proof.address()),
            GovernanceError::AttestorKeyMismatch
        );
        if proof.is_signer() {
            return Ok(());
        }
        // SAFETY: the runtime's bytes are only read.
        let sysvar = unsafe { self.sysvar.borrow_unchecked() };
        let data = precompile_before(sysvar).ok_or(GovernanceError::AttestorKeyMismatch)?;
        require!(
            verifies(data, attestor.key.as_array(), &self.statement.to_bytes()),
            GovernanceError::StatementMalformed
        );
        Ok(())
    }
}

/// Attestors of the realm that signed the transaction, in pairs of account and key, for what is no statement about a person.
/// Returns their slots.
#[inline(never)]
pub fn signing_attestors(pairs: &[AccountView], realm: &Address, needed: usize, now_ts: i64) -> Result<u16> {
    require!(
        pairs.len() == needed.saturating_mul(ACCOUNTS_PER_ATTESTATION),
        GovernanceError::AttestationsMalformed
    );
    let mut slots = 0u16;
    for pair in pairs.chunks_exact(ACCOUNTS_PER_ATTESTATION) {
        let [account, key] = pair else {
            return Err(GovernanceError::AttestationsMalformed.into());
        };
        let attestor = <Own<Attestor> as anchor_lang::AnchorAccount>::load(*account)?;
        require!(same(&attestor.realm, realm), GovernanceError::AttestorOfOtherRealm);
        attestor.validate_term(now_ts)?;
        let signed = key.is_signer() && same(&attestor.key, key.address());
        require!(signed, GovernanceError::AttestorKeyMismatch);
        let slot = slot_bit(attestor.slot)?;
        require!(slots & slot == 0, GovernanceError::AttestorRepeated);
        slots |= slot;
    }
    Ok(slots)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        alloc::{vec, vec::Vec},
    };

    fn statement() -> [u8; STATEMENT_LEN] {
        Statement {
            act: Act::Register,
            cluster: &[1; 32],
            realm: &Address::new_from_array([2; 32]),
            nullifier: &[3; 32],
            wallet: &Address::new_from_array([4; 32]),
            bucket: 5,
            expires_ts: 6,
            deadline_ts: 7,
            nonce: 8,
        }
        .to_bytes()
    }

    fn precompile(keys: &[[u8; 32]], statement: &[u8]) -> Vec<u8> {
        let count = keys.len();
        let mut data = vec![count as u8, 0];
        let signed_at = 2 + 14 * count;
        let statement_at = signed_at + 96 * count;
        for number in 0..count {
            let at = signed_at + 96 * number;
            for word in [at + 32, 0xffff, at, 0xffff, statement_at, statement.len(), 0xffff] {
                data.extend((word as u16).to_le_bytes());
            }
        }
        for key in keys {
            data.extend(key);
            data.extend([0; 64]);
        }
        data.extend(statement);
        data
    }

    #[test]
    fn a_statement_fills_its_bytes() {
        let bytes = statement();
        assert_eq!(&bytes[..16], STATEMENT_DOMAIN);
        assert_eq!(bytes[48..80], crate::ID.to_bytes());
        assert_eq!(bytes[80], 1);
        assert_eq!(bytes[177], 5);
        assert_eq!(
            &bytes[178..],
            [6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]
        );
    }

    #[test]
    fn the_one_shape_verifies_each_of_its_keys() {
        let data = precompile(&[[7; 32], [8; 32]], &statement());
        assert!(verifies(&data, &[7; 32], &statement()));
        assert!(verifies(&data, &[8; 32], &statement()));
        assert!(!verifies(&data, &[9; 32], &statement()));
    }

    #[test]
    fn every_byte_of_the_shape_counts() {
        let data = precompile(&[[7; 32]], &statement());
        // all but the signature's own bytes, which the precompile verifies
        for at in (0..data.len()).filter(|at| !(48..112).contains(at)) {
            let mut other = data.clone();
            other[at] ^= 1;
            assert!(!verifies(&other, &[7; 32], &statement()), "byte {at}");
        }
        let mut longer = data.clone();
        longer.push(0);
        assert!(!verifies(&longer, &[7; 32], &statement()));
        for length in 0..data.len() {
            assert!(!verifies(&data[..length], &[7; 32], &statement()));
        }
    }

    #[test]
    fn no_key_verifies_nothing() {
        let data = precompile(&[], &statement());
        assert!(!verifies(&data, &[7; 32], &statement()));
    }
}
