//! Shares locked until a time, or for ever.

use {super::big, num_traits::ToPrimitive, solana_address::Address};

/// A lock.
#[derive(Clone, Debug)]
pub struct Lock {
    /// Its address.
    pub address: Address,
    /// Index of the pool.
    pub pool: usize,
    /// First owner, who is in the address.
    pub seed_owner: Address,
    /// Number in the address.
    pub index: u16,
    /// Whose it is.
    pub owner: Address,
    /// Who has paid for the account.
    pub rent_payer: Address,
    /// Whether it never opens.
    pub is_forever: bool,
    /// Shares in it.
    pub shares: u64,
    /// When it opens.
    pub unlock_ts: i64,
    /// What a share was worth when fees were last taken out, rounded up.
    pub value: u128,
    /// Under which amplification that was; none while it moved.
    pub mark: Option<i64>,
    /// Fees taken out so far, in shares.
    pub claimed: u64,
    /// Changes so far.
    pub sequence: u64,
}

impl Lock {
    /// Shares that are not needed to keep the lock's value at `value`: s − ⌈s·q₀/q₁⌉.
    pub fn earned(&self, value: u128) -> u64 {
        if value <= self.value {
            return 0;
        }
        let kept = (big(self.shares.into()) * self.value + (value - 1)) / value;
        self.shares - kept.to_u64().unwrap()
    }
}
