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
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use {super::*, bytemuck::Zeroable, compute_escrow::state::LeaseState};

    fn terms() -> VoucherTerms {
        VoucherTerms {
            genesis_hash: [1; 32],
            uid: [2; 32],
            slot: Address::new_from_array([3; 32]),
            cumulative_atoms: 0x0102_0304,
            usage_root: [4; 32],
            seq: 9,
            expires_ts: 2_000,
        }
    }

    /// A lease of 10 atoms a second that has run 40 seconds of 100, and its provider.
    fn lease_of(client: &Keypair, session: &Keypair) -> (Lease, Provider) {
        let (mut lease, mut provider) = (Lease::zeroed(), Provider::zeroed());
        lease.state = LeaseState::Active as u8;
        (lease.genesis_hash, lease.uid) = ([1; 32], [2; 32]);
        lease.slot = Address::new_from_array([3; 32]);
        lease.rate_per_second_atoms = 10u64.into();
        lease.deposit_atoms = 1_000u64.into();
        lease.fee_ppm = 20_000u32.into();
        lease.entered_ts = 1_000i64.into();
        lease.voucher_key = client.pubkey();
        provider.session_key = session.pubkey();
        (lease, provider)
    }

    const NOW: Moment = Moment { ts: 1_040, slot: 100 };

    fn signed(terms: VoucherTerms, client: &Keypair, session: &Keypair) -> Voucher {
        Voucher::new(Address::new_from_array([7; 32]), terms)
            .sign_for_client(client)
            .sign_for_provider(session)
    }

    #[test]
    fn the_bytes_are_as_the_program_reads_them() {
        let mut by_hand = b"CWL1".to_vec();
        by_hand.extend_from_slice(compute_escrow::ID.as_ref());
        for byte in [1u8, 2, 3] {
            by_hand.extend_from_slice(&[byte; 32]);
        }
        by_hand.extend_from_slice(&[4, 3, 2, 1, 0, 0, 0, 0]);
        by_hand.extend_from_slice(&[4; 32]);
        by_hand.extend_from_slice(&[9, 0, 0, 0, 0, 0, 0, 0]);
        by_hand.extend_from_slice(&[0xd0, 7, 0, 0, 0, 0, 0, 0]);
        assert_eq!(by_hand.len(), 188);
        assert_eq!(terms().to_bytes().as_slice(), by_hand);
        assert_eq!(VoucherTerms::from_bytes(&by_hand), Some(terms()));
        by_hand.push(0);
        assert_eq!(VoucherTerms::from_bytes(&by_hand), None);
        for place in [0usize, 4] {
            let mut other = terms().to_bytes();
            other[place] ^= 1;
            assert_eq!(VoucherTerms::from_bytes(&other), None, "byte {place}");
        }
    }

    #[test]
    fn the_precompile_has_every_part_where_the_program_looks() {
        let (client, session) = (Keypair::new(), Keypair::new());
        let voucher = signed(terms(), &client, &session);
        let data = voucher.precompile_data(&voucher.client.unwrap(), &voucher.provider.unwrap());
        assert_eq!(data.len(), 410);
        assert_eq!(data[..2], [2, 0]);
        let word = |at: usize| u16::from_le_bytes([data[at], data[at + 1]]);
        let words: Vec<u16> = (0..14).map(|number| word(2 + number * 2)).collect();
        let expected = [62, 65_535, 30, 65_535, 222, 188, 65_535];
        assert_eq!(words[..7], expected);
        assert_eq!(words[7..], [158, 65_535, 126, 65_535, 222, 188, 65_535]);
        assert_eq!(data[30..62], *client.pubkey().as_ref());
        assert_eq!(data[126..158], *session.pubkey().as_ref());
        assert_eq!(data[222..], terms().to_bytes());
    }

    #[test]
    fn a_voucher_travels_as_text_and_a_forged_one_does_not() {
        let (client, session) = (Keypair::new(), Keypair::new());
        let voucher = signed(terms(), &client, &session);
        assert_eq!(Voucher::parse(&voucher.to_text()).unwrap(), voucher);
        let half = Voucher {
            provider: None,
            ..voucher
        };
        assert_eq!(Voucher::parse(&half.to_text()).unwrap(), half);
        let swapped = Voucher {
            client: Some((session.pubkey(), voucher.client.unwrap().1)),
            ..voucher
        };
        assert!(Voucher::parse(&swapped.to_text()).is_err());
        let mut more = voucher;
        more.terms.cumulative_atoms += 1;
        assert!(Voucher::parse(&more.to_text()).is_err());
        assert!(Voucher::parse("{}").is_err());
    }

    #[test]
    fn what_it_pays_is_bounded_by_signature_and_time() {
        let (client, session) = (Keypair::new(), Keypair::new());
        let (lease, provider) = lease_of(&client, &session);
        let paid = |cumulative_atoms| {
            let terms = VoucherTerms {
                cumulative_atoms,
                ..terms()
            };
            signed(terms, &client, &session)
                .payable(&lease, &provider, NOW)
                .unwrap()
        };
        // ⌊333 · 98 %⌋ = 326; 40 s at 10 atoms are 400
        let expected = |total_atoms, provider_atoms, fee_atoms| Payable {
            total_atoms,
            provider_atoms,
            fee_atoms,
        };
        assert_eq!(paid(333), expected(333, 326, 7));
        assert_eq!(paid(9_999), expected(400, 392, 8));
    }

    #[test]
    fn each_rule_of_the_program_is_told_by_name() {
        let (client, session) = (Keypair::new(), Keypair::new());
        let (lease, provider) = lease_of(&client, &session);
        let fails = |terms: VoucherTerms, lease: &Lease, name: &str| {
            let voucher = signed(terms, &client, &session);
            let error = voucher.payable(lease, &provider, NOW).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        };
        let old = VoucherTerms {
            expires_ts: 1_039,
            ..terms()
        };
        fails(old, &lease, "VoucherExpired");
        fails(
            VoucherTerms {
                uid: [9; 32],
                ..terms()
            },
            &lease,
            "VoucherOfAnotherLease",
        );
        let mut later = lease;
        later.voucher_seq = 9u64.into();
        fails(terms(), &later, "VoucherStale");
        let mut other = lease;
        other.voucher_key = session.pubkey();
        fails(terms(), &other, "VoucherKeyMismatch");
        let mut paid = lease;
        paid.paid_atoms = 400u64.into();
        fails(terms(), &paid, "NothingDue");
        let mut open = lease;
        open.state = LeaseState::Open as u8;
        fails(terms(), &open, "WrongLeaseState");
    }
}
