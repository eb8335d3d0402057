//! Statements that attestors sign off-line, so that a person pays and submits alone.
//!
//! A signed statement is one line of JSON: the signed bytes, the key, the signature. Everything a registration needs is in the
//! bytes; nothing beside them is trusted.

use {
    super::Act,
    crate::{job::wasm::hex, Address, Error, Result},
    quadratic_governance::{
        attestation::{Statement, STATEMENT_LEN},
        constants::{ED25519_PROGRAM, STATEMENT_DOMAIN},
    },
    serde::{Deserialize, Serialize},
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
};

/// What an attestor says about one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What it is about.
    pub act: Act,
    /// Genesis hash of the cluster.
    pub cluster: [u8; 32],
    /// The realm.
    pub realm: Address,
    /// The person's nullifier.
    pub nullifier: [u8; 32],
    /// The person's wallet, or the one to be.
    pub wallet: Address,
    /// The cohort: the slot of the first attestor.
    pub bucket: u8,
    /// End of the registration, Unix time in seconds; zero where the act changes none.
    pub expires_ts: i64,
    /// Until when the statement can be used, Unix time in seconds.
    pub deadline_ts: i64,
    /// The person's counter plus one; 1 for a registration.
    pub nonce: u64,
}

/// Cuts a fixed number of bytes off the front.
fn cut<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

impl Terms {
    /// The bytes that are signed, made by the program's own code.
    pub fn to_bytes(&self) -> [u8; STATEMENT_LEN] {
        Statement {
            act: self.act,
            cluster: &self.cluster,
            realm: &self.realm,
            nullifier: &self.nullifier,
            wallet: &self.wallet,
            bucket: self.bucket,
            expires_ts: self.expires_ts,
            deadline_ts: self.deadline_ts,
            nonce: self.nonce,
        }
        .to_bytes()
    }

    /// Reads signed bytes; none where they are no statement of this program.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let domain: [u8; 16] = cut(&mut rest)?;
        let cluster = cut(&mut rest)?;
        let program: [u8; 32] = cut(&mut rest)?;
        let [act] = cut(&mut rest)?;
        let act = [
            Act::Register,
            Act::Renew,
            Act::Revoke,
            Act::Reinstate,
            Act::Recover,
            Act::Suspend,
        ]
        .into_iter()
        .find(|known| *known as u8 == act)?;
        let realm = Address::from(cut::<32>(&mut rest)?);
        let nullifier = cut(&mut rest)?;
        let wallet = Address::from(cut::<32>(&mut rest)?);
        let [bucket] = cut(&mut rest)?;
        let terms = Self {
            act,
            cluster,
            realm,
            nullifier,
            wallet,
            bucket,
            expires_ts: i64::from_le_bytes(cut(&mut rest)?),
            deadline_ts: i64::from_le_bytes(cut(&mut rest)?),
            nonce: u64::from_le_bytes(cut(&mut rest)?),
        };
        let is_ours = &domain == STATEMENT_DOMAIN && program == quadratic_governance::ID.to_bytes() && rest.is_empty();
        is_ours.then_some(terms)
    }

    /// Signs them.
    pub fn sign(self, attestor: &Keypair) -> Signed {
        Signed {
            terms: self,
            key: attestor.pubkey(),
            signature: attestor.sign_message(&self.to_bytes()),
        }
    }
}

/// A statement with an attestor's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What is said.
    pub terms: Terms,
    /// Who says it.
    pub key: Address,
    /// The signature.
    pub signature: Signature,
}

/// A signed statement as text.
#[derive(Serialize, Deserialize)]
struct Written {
    statement: String,
    attestor: String,
    signature: String,
}

impl Signed {
    /// One line of JSON.
    pub fn to_text(&self) -> String {
        let written = Written {
            statement: hex(&self.terms.to_bytes()),
            attestor: self.key.to_string(),
            signature: self.signature.to_string(),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Reads that line, and refuses a signature that does not verify.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |what: &str| {
            Error::refused(
                format!("the text is no signed statement: {what}"),
                "Let the attestor make one: `commonweal gov attest`",
            )
        };
        let written: Written = serde_json::from_str(text.trim()).map_err(|error| refuse(&error.to_string()))?;
        let bytes = unhex(&written.statement).ok_or_else(|| refuse("its bytes are not hexadecimal"))?;
        let terms = Terms::from_bytes(&bytes).ok_or_else(|| refuse("its bytes are none of this program"))?;
        let key = written.attestor.parse().map_err(|_| refuse("the attestor is no key"))?;
        let signature: Signature = written.signature.parse().map_err(|_| refuse("the signature is none"))?;
        let signed = Self { terms, key, signature };
        if !signature.verify(key.as_ref(), &terms.to_bytes()) {
            return Err(refuse("the signature is not the attestor's of these bytes"));
        }
        Ok(signed)
    }
}

/// Reads hexadecimal digits, two to a byte.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high.wrapping_shl(4) | low),
            _ => None,
        })
        .collect()
}

/// The Ed25519 instruction that verifies one statement by several keys, in the one shape the program accepts: count, a zero, the
/// offsets of each signature, each key and signature, the statement, and nothing after.
pub fn precompile(signed: &[Signed]) -> Result<Instruction> {
    let refuse = |fact: &str| {
        Error::refused(
            fact,
            "Give statements that say the same, each signed by another attestor",
        )
    };
    let first = signed.first().ok_or_else(|| refuse("there is no statement"))?;
    if signed.iter().any(|other| other.terms != first.terms) {
        return Err(refuse("the statements differ"));
    }
    let count = u8::try_from(signed.len()).map_err(|_| refuse("there are too many statements"))?;
    let offset = |offset: usize| u16::try_from(offset).map_err(|_| refuse("there are too many statements"));
    let signed_at = signed.len().saturating_mul(14).saturating_add(2);
    let statement_at = signed.len().saturating_mul(96).saturating_add(signed_at);
    let mut data = vec![count, 0];
    for number in 0..signed.len() {
        let key_at = number.saturating_mul(96).saturating_add(signed_at);
        let words = [
            offset(key_at.saturating_add(32))?,
            u16::MAX,
            offset(key_at)?,
            u16::MAX,
            offset(statement_at)?,
            offset(STATEMENT_LEN)?,
            u16::MAX,
        ];
        data.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }
    for one in signed {
        data.extend_from_slice(one.key.as_ref());
        data.extend_from_slice(one.signature.as_ref());
    }
    data.extend_from_slice(&first.terms.to_bytes());
    Ok(Instruction {
        program_id: ED25519_PROGRAM,
        accounts: Vec::new(),
        data,
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            act: Act::Register,
            cluster: [1; 32],
            realm: Address::from([2; 32]),
            nullifier: [3; 32],
            wallet: Address::from([4; 32]),
            bucket: 5,
            expires_ts: 6,
            deadline_ts: 7,
            nonce: 1,
        }
    }

    #[test]
    fn what_is_signed_can_be_read_again() {
        for act in [
            Act::Register,
            Act::Renew,
            Act::Revoke,
            Act::Reinstate,
            Act::Recover,
            Act::Suspend,
        ] {
            let terms = Terms { act, ..terms() };
            assert_eq!(Terms::from_bytes(&terms.to_bytes()), Some(terms));
        }
    }

    #[test]
    fn bytes_of_another_program_length_or_act_are_no_statement() {
        let bytes = terms().to_bytes();
        assert_eq!(Terms::from_bytes(bytes.get(1..).unwrap()), None);
        for place in [0usize, 48, 80] {
            let mut other = bytes;
            if let Some(byte) = other.get_mut(place) {
                *byte ^= 0x80;
            }
            assert_eq!(Terms::from_bytes(&other), None, "byte {place}");
        }
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert_eq!(Terms::from_bytes(&longer), None);
    }

    #[test]
    fn a_statement_travels_as_text_and_a_forged_one_does_not() {
        let (attestor, other) = (Keypair::new(), Keypair::new());
        let signed = terms().sign(&attestor);
        assert_eq!(Signed::parse(&signed.to_text()).unwrap(), signed);
        let forged = Signed {
            key: other.pubkey(),
            ..signed
        };
        assert!(Signed::parse(&forged.to_text()).is_err());
        let changed = Signed {
            terms: Terms { bucket: 6, ..terms() },
            ..signed
        };
        assert!(Signed::parse(&changed.to_text()).is_err());
        assert!(Signed::parse("{}").is_err());
    }

    #[test]
    fn the_precompile_has_every_offset_where_the_program_looks() {
        let keys = [Keypair::new(), Keypair::new()];
        let signed: Vec<Signed> = keys.iter().map(|key| terms().sign(key)).collect();
        let data = precompile(&signed).unwrap().data;
        assert_eq!(data.len(), 2 + 2 * 14 + 2 * 96 + STATEMENT_LEN);
        let word = |at: usize| u16::from_le_bytes([*data.get(at).unwrap(), *data.get(at + 1).unwrap()]);
        // the second signature's offsets: signature, itself, key, itself, statement, length, itself
        let words: Vec<u16> = (0..7).map(|number| word(16 + number * 2)).collect();
        assert_eq!(words, [158, 65_535, 126, 65_535, 222, 202, 65_535]);
        assert_eq!(data.get(126..158).unwrap(), keys.get(1).unwrap().pubkey().as_ref());
        assert_eq!(data.get(222..).unwrap(), terms().to_bytes());
    }

    #[test]
    fn different_statements_are_not_verified_together() {
        let other = Terms {
            deadline_ts: 8,
            ..terms()
        };
        let signed = [terms().sign(&Keypair::new()), other.sign(&Keypair::new())];
        assert!(precompile(&signed).is_err());
        assert!(precompile(&[]).is_err());
    }
}
