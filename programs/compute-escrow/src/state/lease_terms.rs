//! What a client orders when it rents by the second.

use anchor_lang::{Address, AnchorDeserialize, AnchorSerialize, IdlType};

/// Bytes of [`LeaseTerms`] in an instruction, and of the fields of [`super::Lease`] that they fill.
pub const LEASE_TERMS_LEN: usize = 158;

/// The terms of a lease, as clients encode them. The program copies their bytes: [`super::Lease`] has the same fields in the same
/// order.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct LeaseTerms {
    /// The slot it is for, zero for any.
    pub slot: Address,
    /// Price of a second in atoms of the payment mint, fee included.
    pub rate_per_second_atoms: u64,
    /// What is put in at first: at least an interval's price, at most a year's.
    pub deposit_atoms: u64,
    /// Bond the slot must lock, in lamports.
    pub bond_lamports: u64,
    /// Lamports the client gets from that bond when the provider leaves without notice: zero, or at least 1,000,000.
    pub compensation_lamports: u64,
    /// Highest protocol fee the client accepts, in parts per million.
    pub max_fee_ppm: u32,
    /// Posting to expiry while nobody accepts, in seconds.
    pub open_seconds: u32,
    /// A provider's notice to the end, in seconds.
    pub notice_seconds: u32,
    /// How long it may stay empty before it ends, in seconds.
    pub pause_seconds: u32,
    /// Time between vouchers the client intends, in seconds; a top-up pays at least this much time.
    pub interval_seconds: u32,
    /// Key of the client's machine that signs vouchers; it moves nothing else.
    pub voucher_key: Address,
    /// Hash of the environment's specification.
    pub spec_hash: [u8; 32],
    /// Model of the GPU, a code of the public list; 0 for any.
    pub model_id: u32,
    /// Least measured score; 0 for any.
    pub min_score: u32,
    /// Least memory of the GPU in GiB.
    pub min_vram_gib: u8,
    /// Whether only providers with a linked person may take it.
    pub persons_only: bool,
}

impl LeaseTerms {
    /// Their bytes in an instruction.
    pub fn to_bytes(&self) -> [u8; LEASE_TERMS_LEN] {
        let mut bytes = [0; LEASE_TERMS_LEN];
        let parts: [&[u8]; 16] = [
            self.slot.as_array(),
            &self.rate_per_second_atoms.to_le_bytes(),
            &self.deposit_atoms.to_le_bytes(),
            &self.bond_lamports.to_le_bytes(),
            &self.compensation_lamports.to_le_bytes(),
            &self.max_fee_ppm.to_le_bytes(),
            &self.open_seconds.to_le_bytes(),
            &self.notice_seconds.to_le_bytes(),
            &self.pause_seconds.to_le_bytes(),
            &self.interval_seconds.to_le_bytes(),
            self.voucher_key.as_array(),
            &self.spec_hash,
            &self.model_id.to_le_bytes(),
            &self.min_score.to_le_bytes(),
            &[self.min_vram_gib],
            &[u8::from(self.persons_only)],
        ];
        let mut rest = bytes.as_mut_slice();
        for part in parts {
            // the parts are as long as the buffer; tests compare them with the account
            let Some((space, next)) = rest.split_at_mut_checked(part.len()) else {
                break;
            };
            space.copy_from_slice(part);
            rest = next;
        }
        bytes
    }
}
