//! Reading SPL Token and Token-2022 accounts from their bytes.
//!
//! Both programs share the base layouts (SPL Token `state.rs`): a mint is 82 bytes, an account 165. Token-2022 accounts may
//! be longer: byte 165 then names the kind (1 mint, 2 account) and extensions follow as type-length-value entries.

use {
    crate::ids,
    pinocchio::{account::AccountView, Address},
};

/// Bytes of a mint's base state.
pub const MINT_LEN: usize = 82;
/// Bytes of a token account's base state.
pub const ACCOUNT_LEN: usize = 165;
/// Bytes of a multisig. No extended mint or account has this length: the token programs tell the kinds apart by it.
pub const MULTISIG_LEN: usize = 355;
/// Offset of the byte that says whether extended data is a mint or an account.
pub const ACCOUNT_TYPE_OFFSET: usize = 165;
/// Value of that byte for a mint.
pub const ACCOUNT_TYPE_MINT: u8 = 1;
/// Value of that byte for a token account.
pub const ACCOUNT_TYPE_ACCOUNT: u8 = 2;

/// Why bytes are not the token state that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenStateError {
    /// The account is owned by neither token program.
    #[error("the account is owned by neither token program")]
    NotATokenProgramAccount,
    /// The data is not that of an initialised mint.
    #[error("the data is not that of an initialised mint")]
    NotAMint,
    /// The data is not that of an initialised token account.
    #[error("the data is not that of an initialised token account")]
    NotATokenAccount,
}

/// Whether `owner` is SPL Token or Token-2022.
#[inline(always)]
pub fn is_token_program(owner: &Address) -> bool {
    owner == &ids::TOKEN || owner == &ids::TOKEN_2022
}

fn read_u64(data: &[u8], offset: usize) -> Option<u64> {
    let end = offset.checked_add(8)?;
    Some(u64::from_le_bytes(data.get(offset..end)?.try_into().ok()?))
}

fn read_u32(data: &[u8], offset: usize) -> Option<u32> {
    let end = offset.checked_add(4)?;
    Some(u32::from_le_bytes(data.get(offset..end)?.try_into().ok()?))
}

fn read_address(data: &[u8], offset: usize) -> Option<Address> {
    let end = offset.checked_add(32)?;
    let bytes: [u8; 32] = data.get(offset..end)?.try_into().ok()?;
    Some(Address::new_from_array(bytes))
}

/// What a program needs to know of a mint's base state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MintState {
    /// Who may create more of it, if anybody.
    pub mint_authority: Option<Address>,
    /// Atoms in existence.
    pub supply_atoms: u64,
    /// Decimal places of one unit.
    pub decimals: u8,
    /// Who may freeze accounts of it, if anybody.
    pub freeze_authority: Option<Address>,
}

impl MintState {
    /// Reads an initialised mint of either token program.
    ///
    /// Errors: [`TokenStateError::NotATokenProgramAccount`] for a foreign owner, [`TokenStateError::NotAMint`] for anything
    /// that is not an initialised mint, a token account of the same length included.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, TokenStateError> {
        if !is_token_program(owner) {
            return Err(TokenStateError::NotATokenProgramAccount);
        }
        let extended_as_mint = data.len() > ACCOUNT_LEN
            && data.len() != MULTISIG_LEN
            && owner == &ids::TOKEN_2022
            && data.get(ACCOUNT_TYPE_OFFSET) == Some(&ACCOUNT_TYPE_MINT);
        if data.len() != MINT_LEN && !extended_as_mint {
            return Err(TokenStateError::NotAMint);
        }
        Self::parse(data).ok_or(TokenStateError::NotAMint)
    }

    fn parse(data: &[u8]) -> Option<Self> {
        let initialised = *data.get(45)? == 1;
        initialised.then_some(())?;
        Some(Self {
            mint_authority: match read_u32(data, 0)? {
                0 => None,
                _ => Some(read_address(data, 4)?),
            },
            supply_atoms: read_u64(data, 36)?,
            decimals: *data.get(44)?,
            freeze_authority: match read_u32(data, 46)? {
                0 => None,
                _ => Some(read_address(data, 50)?),
            },
        })
    }
}

/// What a program needs to know of a token account's base state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenState {
    /// The mint it holds.
    pub mint: Address,
    /// Who may spend it.
    pub owner: Address,
    /// Atoms held.
    pub amount_atoms: u64,
    /// Whether the mint's freeze authority has frozen it.
    pub is_frozen: bool,
    /// Whether somebody besides the owner may spend from it.
    pub has_delegate: bool,
    /// Whether somebody besides the owner may close it.
    pub has_close_authority: bool,
    /// Whether its atoms are lamports it holds (a wrapped-lamports account).
    pub is_native: bool,
}

impl TokenState {
    /// Reads an initialised token account of either token program.
    ///
    /// Errors: [`TokenStateError::NotATokenProgramAccount`] for a foreign owner, [`TokenStateError::NotATokenAccount`] for
    /// anything that is not an initialised token account.
    pub fn read(owner: &Address, data: &[u8]) -> Result<Self, TokenStateError> {
        if !is_token_program(owner) {
            return Err(TokenStateError::NotATokenProgramAccount);
        }
        let extended_as_account = data.len() > ACCOUNT_LEN
            && data.len() != MULTISIG_LEN
            && owner == &ids::TOKEN_2022
            && data.get(ACCOUNT_TYPE_OFFSET) == Some(&ACCOUNT_TYPE_ACCOUNT);
        if data.len() != ACCOUNT_LEN && !extended_as_account {
            return Err(TokenStateError::NotATokenAccount);
        }
        Self::parse(data).ok_or(TokenStateError::NotATokenAccount)
    }

    fn parse(data: &[u8]) -> Option<Self> {
        let state = *data.get(108)?;
        (state == 1 || state == 2).then_some(())?;
        Some(Self {
            mint: read_address(data, 0)?,
            owner: read_address(data, 32)?,
            amount_atoms: read_u64(data, 64)?,
            is_frozen: state == 2,
            has_delegate: read_u32(data, 72)? != 0,
            has_close_authority: read_u32(data, 129)? != 0,
            is_native: read_u32(data, 109)? != 0,
        })
    }
}

/// The balance of a token account whose address the caller has already checked: one load, no other validation.
#[inline(always)]
pub fn amount_atoms(account: &AccountView) -> Option<u64> {
    if account.data_len() < ACCOUNT_LEN {
        return None;
    }
    // SAFETY: the bytes are only read, and copied out before anything else can run.
    let data = unsafe { account.borrow_unchecked() };
    read_u64(data, 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_account_is_not_a_mint_and_a_mint_is_not_a_token_account() {
        let mut account = [0u8; ACCOUNT_LEN];
        account[45] = 1;
        account[108] = 1;
        assert_eq!(MintState::read(&ids::TOKEN, &account), Err(TokenStateError::NotAMint));
        let mut mint = [0u8; MINT_LEN];
        mint[45] = 1;
        assert_eq!(
            TokenState::read(&ids::TOKEN, &mint),
            Err(TokenStateError::NotATokenAccount)
        );
    }

    #[test]
    fn a_multisig_whose_keys_spell_a_mint_and_an_account_is_neither() {
        for kind in [ACCOUNT_TYPE_MINT, ACCOUNT_TYPE_ACCOUNT] {
            let mut multisig = [0u8; MULTISIG_LEN];
            multisig[..3].copy_from_slice(&[1, 1, 1]);
            multisig[45] = 1;
            multisig[108] = 2;
            multisig[ACCOUNT_TYPE_OFFSET] = kind;
            assert_eq!(
                MintState::read(&ids::TOKEN_2022, &multisig),
                Err(TokenStateError::NotAMint)
            );
            assert_eq!(
                TokenState::read(&ids::TOKEN_2022, &multisig),
                Err(TokenStateError::NotATokenAccount)
            );
        }
    }

    #[test]
    fn an_account_of_another_program_is_neither() {
        let mut mint = [0u8; MINT_LEN];
        mint[45] = 1;
        assert_eq!(
            MintState::read(&ids::SYSTEM, &mint),
            Err(TokenStateError::NotATokenProgramAccount)
        );
    }

    #[test]
    fn an_uninitialised_mint_is_refused() {
        assert_eq!(
            MintState::read(&ids::TOKEN, &[0u8; MINT_LEN]),
            Err(TokenStateError::NotAMint)
        );
    }
}
