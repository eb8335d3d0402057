//! Books of what leaves a lane, and the dividend.

use {
    super::{book_address, calls, dividend_address, find, instruction, metas, treasury_address, Dividend, Member},
    crate::{tokens::Mint, Address},
    commonweal_interface::ids,
    quadratic_governance::constants::{DIVIDEND_LANE, DIVIDEND_VAULT_SEED},
    solana_program::instruction::Instruction,
};

/// A dividend's own token account.
pub fn dividend_vault_address(dividend: &Address) -> Address {
    find(&[DIVIDEND_VAULT_SEED, dividend.as_ref()])
}

/// Opens the outflow book of a lane and mint. Anybody may.
pub fn open_book(payer: Address, realm: Address, lane: u8, mint: Address) -> Instruction {
    let accounts = metas::OpenBook {
        payer,
        realm,
        mint,
        book: book_address(&realm, lane, &mint),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::OpenBook { lane })
}

/// A dividend to fund: of which mint, for the voters of which epoch.
#[derive(Clone, Copy)]
pub struct Share<'a> {
    /// The realm.
    pub realm: Address,
    /// The mint.
    pub mint: &'a Mint,
    /// The epoch: the last one.
    pub epoch: u32,
    /// The token account of lane 3 that is shared.
    pub source: Address,
}

/// Shares what lane 3 holds among the voters of the last epoch. Anybody may.
pub fn fund_dividend(payer: Address, share: &Share<'_>) -> Instruction {
    let (realm, mint) = (share.realm, share.mint.address);
    let dividend = dividend_address(&realm, &mint, share.epoch);
    let accounts = metas::FundDividend {
        payer,
        realm,
        book: book_address(&realm, DIVIDEND_LANE, &mint),
        treasury: treasury_address(&realm, DIVIDEND_LANE),
        source: share.source,
        mint,
        dividend,
        vault: dividend_vault_address(&dividend),
        token_program: share.mint.token_program,
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::FundDividend { epoch: share.epoch })
}

/// Closes a dividend after its grace, or when everybody has claimed. Anybody may.
pub fn close_dividend(address: Address, dividend: &Dividend, destination: Address, mint: &Mint) -> Instruction {
    let accounts = metas::CloseDividend {
        realm: dividend.realm,
        dividend: address,
        vault: dividend.vault,
        destination,
        rent_payer: dividend.rent_payer,
        mint: dividend.mint,
        token_program: mint.token_program,
    };
    instruction(accounts, calls::CloseDividend {})
}

impl Member {
    /// Claims this person's share of a dividend, into a token account of the wallet.
    pub fn claim_dividend(&self, address: Address, dividend: &Dividend, to: Address, mint: &Mint) -> Instruction {
        let accounts = metas::ClaimDividend {
            wallet: self.wallet,
            person: self.person,
            ballot: self.ballot(dividend.epoch.get()),
            dividend: address,
            vault: dividend.vault,
            destination: to,
            mint: dividend.mint,
            token_program: mint.token_program,
        };
        instruction(accounts, calls::ClaimDividend {})
    }
}
