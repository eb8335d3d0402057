//! Mints and token accounts of SPL Token and Token-2022: creating, funding, reading.

use {
    crate::{amount, rpc::Rpc, Address, Error, Result},
    commonweal_interface::{
        ids,
        token::{MintState, TokenState, ACCOUNT_LEN, MINT_LEN},
    },
    solana_program::{
        instruction::{AccountMeta, Instruction},
        program_error::ProgramError,
    },
    solana_system_interface::instruction as system,
    spl_token_2022_interface::instruction as token,
};

/// The program that gives a wallet one canonical token account for each mint.
pub const ASSOCIATED_TOKEN: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// Where a wallet's canonical token account of a mint is.
pub fn associated(wallet: &Address, mint: &Address, token_program: &Address) -> Address {
    Address::find_program_address(
        &[wallet.as_ref(), token_program.as_ref(), mint.as_ref()],
        &ASSOCIATED_TOKEN,
    )
    .0
}

/// Creates that account, paid by `payer`, unless it exists.
pub fn create_associated(payer: &Address, wallet: &Address, mint: &Address, token_program: &Address) -> Instruction {
    Instruction {
        program_id: ASSOCIATED_TOKEN,
        accounts: vec![
            AccountMeta::new(*payer, true),
            AccountMeta::new(associated(wallet, mint, token_program), false),
            AccountMeta::new_readonly(*wallet, false),
            AccountMeta::new_readonly(*mint, false),
            AccountMeta::new_readonly(ids::SYSTEM, false),
            AccountMeta::new_readonly(*token_program, false),
        ],
        data: vec![1],
    }
}

fn built(result: std::result::Result<Instruction, ProgramError>) -> Result<Instruction> {
    result.map_err(|error| Error::Build {
        label: "a token instruction".to_owned(),
        reason: error.to_string(),
    })
}

/// Creates a mint at `mint` (which signs) without freeze authority.
pub async fn create_mint(
    rpc: &Rpc,
    payer: &Address,
    mint: &Address,
    authority: &Address,
    decimals: u8,
    token_program: &Address,
) -> Result<Vec<Instruction>> {
    let rent = rpc.rent_lamports(MINT_LEN).await?;
    let space = u64::try_from(MINT_LEN).unwrap_or(u64::MAX);
    Ok(vec![
        system::create_account(payer, mint, rent, space, token_program),
        built(token::initialize_mint2(token_program, mint, authority, None, decimals))?,
    ])
}

/// Makes `atoms` more of a mint.
pub fn mint_to(
    mint: &Address,
    account: &Address,
    authority: &Address,
    atoms: u64,
    token_program: &Address,
) -> Result<Instruction> {
    built(token::mint_to(token_program, mint, account, authority, &[], atoms))
}

/// Moves tokens.
pub fn transfer(
    from: &Address,
    mint: &Address,
    to: &Address,
    owner: &Address,
    atoms: u64,
    decimals: u8,
    token_program: &Address,
) -> Result<Instruction> {
    built(token::transfer_checked(
        token_program,
        from,
        mint,
        to,
        owner,
        &[],
        atoms,
        decimals,
    ))
}

/// Creates a token account that is nobody's canonical one, at `account` (which signs): a treasury lane's, for example.
pub async fn create_account(
    rpc: &Rpc,
    payer: &Address,
    account: &Address,
    mint: &Address,
    owner: &Address,
    token_program: &Address,
) -> Result<Vec<Instruction>> {
    let rent = rpc.rent_lamports(ACCOUNT_LEN).await?;
    let space = u64::try_from(ACCOUNT_LEN).unwrap_or(u64::MAX);
    Ok(vec![
        system::create_account(payer, account, rent, space, token_program),
        built(token::initialize_account3(token_program, account, mint, owner))?,
    ])
}

/// A mint as the cluster holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    /// Where.
    pub address: Address,
    /// Which token program owns it.
    pub token_program: Address,
    /// Its base state.
    pub state: MintState,
}

/// Reads a mint.
pub async fn mint(rpc: &Rpc, address: &Address) -> Result<Mint> {
    let account = rpc.existing(address, "a mint").await?;
    let state = MintState::read(&account.owner, &account.data).map_err(|_| {
        Error::account(
            *address,
            "an initialised mint",
            format!("{} bytes of {}", account.data.len(), account.owner),
            "Pass the address of the mint, not of a token account",
        )
    })?;
    Ok(Mint {
        address: *address,
        token_program: account.owner,
        state,
    })
}

/// Reads a token account.
pub async fn account(rpc: &Rpc, address: &Address) -> Result<TokenState> {
    let account = rpc.existing(address, "a token account").await?;
    TokenState::read(&account.owner, &account.data).map_err(|_| {
        Error::account(
            *address,
            "an initialised token account",
            format!("{} bytes of {}", account.data.len(), account.owner),
            "Pass the address of a token account",
        )
    })
}

/// Requires a token account to be there, unfrozen, and to hold `atoms` at least: said with the account's address before anything is
/// sent, where the token program would only name a code.
pub async fn require(rpc: &Rpc, address: &Address, mint: &Mint, atoms: u64) -> Result<()> {
    let amount = |atoms| {
        format!(
            "{} of mint {}",
            amount::format(atoms, mint.state.decimals),
            mint.address
        )
    };
    let expected = || format!("a token account with at least {}", amount(atoms));
    let Some(state) = rpc.account(address).await? else {
        return Err(Error::account(
            *address,
            expected(),
            "no account",
            "Have tokens of this mint sent to your wallet",
        ));
    };
    match TokenState::read(&state.owner, &state.data) {
        Err(_) => Err(Error::account(
            *address,
            expected(),
            "another kind of account",
            "Check the mint",
        )),
        Ok(state) if state.is_frozen => Err(Error::account(
            *address,
            expected(),
            "a frozen one",
            "Ask the mint's freeze authority",
        )),
        Ok(state) if state.amount_atoms < atoms => Err(Error::account(
            *address,
            expected(),
            amount(state.amount_atoms),
            "Fund it, or use a smaller amount",
        )),
        Ok(_) => Ok(()),
    }
}

/// The atoms in a token account, zero where there is none.
pub async fn balance(rpc: &Rpc, address: &Address) -> Result<u64> {
    match rpc.account(address).await? {
        None => Ok(0),
        Some(state) => Ok(TokenState::read(&state.owner, &state.data).map_or(0, |state| state.amount_atoms)),
    }
}
