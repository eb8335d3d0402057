//! Legs of withdrawals that could not be paid.

use solana_address::Address;

/// What a pool owes somebody of one token.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its address.
    pub address: Address,
    /// Index of the pool.
    pub pool: usize,
    /// Whose it is.
    pub owner: Address,
    /// 0 token A, 1 token B.
    pub side: usize,
    /// How much.
    pub atoms: u64,
    /// Who has paid for the account.
    pub rent_payer: Address,
    /// Changes so far.
    pub sequence: u64,
}
