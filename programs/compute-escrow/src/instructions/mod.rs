//! One instruction per file: arguments, accounts, a specification, the handler.

pub mod add_slot;
pub mod allow_mint;
pub mod attest_result;
pub mod attest_slot;
pub mod cancel_job;
pub mod claim_job;
pub mod claim_refund;
pub mod close_job;
pub mod close_payout;
pub mod commit_result;
pub mod court;
pub mod crank;
pub mod decline_job;
pub mod deposit_bond;
pub mod disallow_mint;
pub mod fold_reputation;
pub mod initialize_config;
pub mod lease;
pub mod link_person;
pub mod open_payout;
pub mod orders;
pub mod post_job;
pub mod register_provider;
pub mod reveal_result;
pub mod rotate_session_key;
pub mod settle;
pub mod start_job;
pub mod sweep_fees;
pub mod update_config;
pub mod update_court;
pub mod update_slot;
pub mod withdraw_bond;
pub mod withdraw_payout;
pub mod work_on_job;

pub use add_slot::*;
pub use allow_mint::*;
pub use attest_result::*;
pub use attest_slot::*;
pub use cancel_job::*;
pub use claim_job::*;
pub use claim_refund::*;
pub use close_job::*;
pub use close_payout::*;
pub use commit_result::*;
pub use court::*;
pub use crank::*;
pub use decline_job::*;
pub use deposit_bond::*;
pub use disallow_mint::*;
pub use fold_reputation::*;
pub use initialize_config::*;
pub use lease::*;
pub use link_person::*;
pub use open_payout::*;
pub use orders::*;
pub use post_job::*;
pub use register_provider::*;
pub use reveal_result::*;
pub use rotate_session_key::*;
pub use settle::*;
pub use start_job::*;
pub use sweep_fees::*;
pub use update_config::*;
pub use update_court::*;
pub use update_slot::*;
pub use withdraw_bond::*;
pub use withdraw_payout::*;
pub use work_on_job::*;

pub(crate) mod checks;

use {
    crate::{errors::EscrowError, state::*},
    anchor_lang::prelude::*,
    commonweal_interface::token::TokenState,
};

/// Cause of a refund: the client canceled.
pub const CAUSE_CANCELED: u8 = 1;
/// Cause of a refund: nobody claimed in time.
pub const CAUSE_UNCLAIMED: u8 = 2;
/// Cause of a refund: no commitment in time.
pub const CAUSE_NOT_COMMITTED: u8 = 3;
/// Cause of a refund: no reveal in time.
pub const CAUSE_NOT_REVEALED: u8 = 4;
/// Cause of a refund: no attestor countersigned in time.
pub const CAUSE_NOT_ATTESTED: u8 = 6;
/// Cause of a refund: an earlier refund found the client's token account frozen.
pub const CAUSE_DELAYED: u8 = 5;

/// Reads a token account that must be the client's, for the mint.
#[inline(never)]
pub fn client_account(client: &Address, mint: &Address, account: &AccountView) -> Step<TokenState> {
    let token = read_token_account(account).ok_or(EscrowError::NotTheClientsAccount)?;
    require!(
        same(&token.owner, client) && same(&token.mint, mint),
        EscrowError::NotTheClientsAccount
    );
    Ok(token)
}

/// Whether the client's token account, which it must be, or the vault is frozen.
#[inline(never)]
pub fn any_frozen(client: &Address, mint: &Address, account: &AccountView, vault: &AccountView) -> Step<bool> {
    let token = client_account(client, mint, account)?;
    let vault = read_token_account(vault).ok_or(EscrowError::NotTheVault)?;
    Ok(token.is_frozen || vault.is_frozen)
}
