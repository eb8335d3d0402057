//! The reverse link from a wallet to its person.

use anchor_lang::prelude::*;

/// Says which person a wallet acts for, so that one wallet is one person (G3).
///
/// Seeds: `wallet`, realm, wallet.
#[account]
pub struct PersonByWallet {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 6],
    /// The realm.
    pub realm: Address,
    /// The wallet.
    pub wallet: Address,
    /// The person.
    pub person: Address,
    /// Who paid for this account and gets its rent when the wallet moves.
    pub rent_payer: Address,
    /// Zero, for growth.
    pub reserved: [u8; 16],
}

/// Bytes of a `PersonByWallet` account.
pub const PERSON_BY_WALLET_LEN: usize = 160;
const _: () = assert!(core::mem::size_of::<PersonByWallet>() == PERSON_BY_WALLET_LEN - 8);
