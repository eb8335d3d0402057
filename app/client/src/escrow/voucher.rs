//! Vouchers: what client and provider of a lease sign for each other off chain.
//!
//! A voucher says how much is due altogether, not how much more: the last one replaces all before it. As a file it is one line of
//! JSON: the signed bytes, the lease's address, and the signatures so far. What is not in the signed bytes is not trusted.

use {
    super::{Lease, Moment, Provider, Rental},
    crate::{explain, governance::statement::unhex, job::wasm::hex, Address, Error, Result},
    compute_escrow::{
        constants::ED25519_PROGRAM,
        math::metering::split_increase,
        voucher::{parse, PRECOMPILE_HEAD, PRECOMPILE_LEN, VOUCHER_LEN, VOUCHER_TAG},
    },
    serde::{Deserialize, Serialize},
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
};

/// What both sides sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherTerms {
    /// Genesis hash of the cluster.
    pub genesis_hash: [u8; 32],
    /// The lease's uid.
    pub uid: [u8; 32],
    /// The lease's slot.
    pub slot: Address,
    /// All that is due up to it, in atoms, fee included.
    pub cumulative_atoms: u64,
    /// Root of the usage records it stands for.
    pub usage_root: [u8; 32],
    /// Its number; it rises.
    pub seq: u64,
    /// Until when it can be redeemed, Unix seconds.
    pub expires_ts: i64,
}

/// Cuts a fixed number of bytes off the front.
fn cut<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

impl VoucherTerms {
    /// The bytes that are signed.
    pub fn to_bytes(&self) -> [u8; VOUCHER_LEN] {
        let parts: [&[u8]; 9] = [
            VOUCHER_TAG,
            compute_escrow::ID.as_ref(),
            &self.genesis_hash,
            &self.uid,
            self.slot.as_ref(),
            &self.cumulative_atoms.to_le_bytes(),
            &self.usage_root,
            &self.seq.to_le_bytes(),
            &self.expires_ts.to_le_bytes(),
        ];
        let mut bytes = [0; VOUCHER_LEN];
        for (to, from) in bytes.iter_mut().zip(parts.concat()) {
            *to = from;
        }
        bytes
    }

    /// Reads signed bytes; none where they are no voucher of this program.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let (tag, program): ([u8; 4], [u8; 32]) = (cut(&mut rest)?, cut(&mut rest)?);
        let terms = Self {
            genesis_hash: cut(&mut rest)?,
            uid: cut(&mut rest)?,
            slot: Address::new_from_array(cut(&mut rest)?),
            cumulative_atoms: u64::from_le_bytes(cut(&mut rest)?),
            usage_root: cut(&mut rest)?,
            seq: u64::from_le_bytes(cut(&mut rest)?),
            expires_ts: i64::from_le_bytes(cut(&mut rest)?),
        };
        let is_ours = &tag == VOUCHER_TAG && program == compute_escrow::ID.to_bytes() && rest.is_empty();
        is_ours.then_some(terms)
    }
}

/// A key and its signature of a voucher.
pub type Signed = (Address, Signature);

/// A voucher with the signatures it has so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Where its lease is; the signed bytes name its uid.
    pub lease: Address,
    /// What is signed.
    pub terms: VoucherTerms,
    /// The client's side.
    pub client: Option<Signed>,
    /// The provider's side.
    pub provider: Option<Signed>,
}

/// What redeeming a voucher would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payable {
    /// Paid altogether after it.
    pub total_atoms: u64,
    /// What it adds for the provider.
    pub provider_atoms: u64,
    /// What it adds for the treasury.
    pub fee_atoms: u64,
}

/// A signature as text.
#[derive(Serialize, Deserialize)]
struct WrittenSignature {
    key: String,
    signature: String,
}

/// A voucher as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    voucher: String,
    lease: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<WrittenSignature>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<WrittenSignature>,
}

fn refuse(what: impl std::fmt::Display) -> Error {
    Error::refused(
        format!("the file is no voucher: {what}"),
        "Let the client make one: `commonweal lease voucher sign`",
    )
}

impl Voucher {
    /// A voucher that nobody has signed yet.
    pub fn new(lease: Address, terms: VoucherTerms) -> Self {
        Self {
            lease,
            terms,
            client: None,
            provider: None,
        }
    }

    fn signed_by(&self, key: &Keypair) -> Option<Signed> {
        Some((key.pubkey(), key.sign_message(&self.terms.to_bytes())))
    }

    /// Signs it for the client, with the lease's voucher key.
    pub fn sign_for_client(self, key: &Keypair) -> Self {
        Self {
            client: self.signed_by(key),
            ..self
        }
    }

    /// Signs it for the provider, with its session key.
    pub fn sign_for_provider(self, key: &Keypair) -> Self {
        Self {
            provider: self.signed_by(key),
            ..self
        }
    }

    /// One line of JSON.
    pub fn to_text(&self) -> String {
        let written = |signed: Option<Signed>| {
            signed.map(|(key, signature)| WrittenSignature {
                key: key.to_string(),
                signature: signature.to_string(),
            })
        };
        let written = Written {
            voucher: hex(&self.terms.to_bytes()),
            lease: self.lease.to_string(),
            client: written(self.client),
            provider: written(self.provider),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Reads that line, and refuses signatures that do not verify.
    pub fn parse(text: &str) -> Result<Self> {
        let written: Written = serde_json::from_str(text.trim()).map_err(refuse)?;
        let bytes = unhex(&written.voucher).ok_or_else(|| refuse("its bytes are not hexadecimal"))?;
        let terms = VoucherTerms::from_bytes(&bytes).ok_or_else(|| refuse("its bytes are none of this program"))?;
        let signed = |side: Option<WrittenSignature>| {
            let Some(side) = side else {
                return Ok(None);
            };
            let key: Address = side.key.parse().map_err(|_| refuse("a key is none"))?;
            let signature: Signature = side.signature.parse().map_err(|_| refuse("a signature is none"))?;
            if !signature.verify(key.as_ref(), &bytes) {
                return Err(refuse(format!("the signature is not of {key}")));
            }
            Ok(Some((key, signature)))
        };
        Ok(Self {
            lease: written.lease.parse().map_err(|_| refuse("the lease is no address"))?,
            terms,
            client: signed(written.client)?,
            provider: signed(written.provider)?,
        })
    }

    /// The data of the Ed25519 precompile in the one shape that the program accepts.
    fn precompile_data(&self, client: &Signed, provider: &Signed) -> Vec<u8> {
        let mut data = Vec::with_capacity(PRECOMPILE_LEN);
        data.extend_from_slice(&PRECOMPILE_HEAD);
        for (key, signature) in [client, provider] {
            data.extend_from_slice(key.as_ref());
            data.extend_from_slice(signature.as_ref());
        }
        data.extend_from_slice(&self.terms.to_bytes());
        data
    }

    /// The precompile's instruction and the redemption, to be sent in this order with nothing between them.
    pub fn redeem(&self, rental: &Rental) -> Result<[Instruction; 2]> {
        let missing = |side: &str| {
            Error::refused(
                format!("the {side} has not signed the voucher"),
                "Let it sign: `commonweal lease voucher countersign`",
            )
        };
        let client = self.client.as_ref().ok_or_else(|| missing("client"))?;
        let provider = self.provider.as_ref().ok_or_else(|| missing("provider"))?;
        let verify = Instruction {
            program_id: ED25519_PROGRAM,
            accounts: Vec::new(),
            data: self.precompile_data(client, provider),
        };
        Ok([verify, rental.redeem()])
    }

    /// What redeeming it now would pay, by the program's own rules; a side that has not signed yet counts as if it had.
    ///
    /// Errors: the program's, with its remedy.
    pub fn payable(&self, lease: &Lease, provider: &Provider, now: Moment) -> Result<Payable> {
        let unsigned = Signature::default();
        let client = self.client.unwrap_or((lease.voucher_key, unsigned));
        let session = self.provider.unwrap_or((provider.session_key, unsigned));
        let data = self.precompile_data(&client, &session);
        let voucher = data
            .first_chunk::<PRECOMPILE_LEN>()
            .and_then(parse)
            .ok_or_else(|| refuse("its precompile is not of the one shape"))?;
        let mut after = *lease;
        let total_atoms = after.apply_voucher(&voucher, provider, now).map_err(|fault| {
            let known = u32::try_from(fault.0.get()).ok().and_then(explain::program_error);
            let (fact, remedy) = known.map_or(
                ("an error this client does not know", "Compare the versions"),
                |error| (error.name, error.remedy),
            );
            Error::refused(format!("redeeming this voucher would fail: {fact}"), remedy)
        })?;
        let split = split_increase(lease.paid_atoms.get(), total_atoms, lease.fee_ppm.get())
            .ok_or_else(|| refuse("its amounts overflow"))?;
        Ok(Payable {
            total_atoms,
            provider_atoms: split.provider_atoms,
            fee_atoms: split.fee_atoms,
        })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]
mod tests;
