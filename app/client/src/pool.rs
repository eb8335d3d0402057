//! Typed calls of the liquidity pool, and quotes with the very functions the program runs.

mod collection;
pub mod farm;
mod flash;
mod history;
mod liquidity;
mod lock;
pub mod log;
mod oracle;
pub mod position;
pub mod price;
mod quote;

pub use {
    collection::Collection,
    flash::flash_fee,
    history::Whereabouts,
    liquidity::OneSide,
    lock::*,
    oracle::{Entry as Observed, Mean},
    quote::{Ask, FeeParts, Quote},
};

use {
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Error, Result},
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_interface::ids,
    liquidity_pool::{
        accounts as metas,
        constants::{CONFIG_SEED, LP_MINT_SEED, POOL_SEED, VAULT_SEED},
        instruction as calls,
        instructions::CreatePoolArgs,
    },
    solana_program::instruction::{AccountMeta, Instruction},
};

pub use liquidity_pool::state::{Claim, ConfigTerms, ConfigUpdate, LiquidityLock, Pool, PoolConfig, Side};

const PROGRAM: Address = ids::LIQUIDITY_POOL;

/// Where a pool's `config` stands in its bytes, for filters.
const POOL_CONFIG_OFFSET: usize = 24;
/// Where a config's `realm` stands in its bytes, for filters.
const CONFIG_REALM_OFFSET: usize = 24;

fn instruction(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: PROGRAM,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

/// The address of the config with this number.
pub fn config_address(id: u64) -> Address {
    Address::find_program_address(&[CONFIG_SEED, &id.to_le_bytes()], &PROGRAM).0
}

/// The address of a pool.
pub fn pool_address(config: &Address, mint_a: &Address, mint_b: &Address, creator: &Address, index: u16) -> Address {
    let seeds = [
        POOL_SEED,
        config.as_ref(),
        mint_a.as_ref(),
        mint_b.as_ref(),
        creator.as_ref(),
        &index.to_le_bytes(),
    ];
    Address::find_program_address(&seeds, &PROGRAM).0
}

fn vault(pool: &Address, mint: &Address) -> (Address, u8) {
    Address::find_program_address(&[VAULT_SEED, pool.as_ref(), mint.as_ref()], &PROGRAM)
}

fn lp_mint(pool: &Address) -> (Address, u8) {
    Address::find_program_address(&[LP_MINT_SEED, pool.as_ref()], &PROGRAM)
}

/// Where the mint of a pool's shares is.
pub fn lp_mint_address(pool: &Address) -> Address {
    lp_mint(pool).0
}

/// Most the capped oracle of a plain config follows the price each minute: 1 %.
const ORACLE_STEP_PPM: u32 = 10_000;

/// Terms of a constant-product config with everything else off.
pub fn plain_terms(
    rehearsal: bool,
    authority: Address,
    treasury: Address,
    base_fee_ppm: u32,
    max_base_fee_ppm: u32,
    protocol_share_ppm: u32,
    max_protocol_share_ppm: u32,
) -> ConfigTerms {
    ConfigTerms {
        rehearsal,
        curve: 0,
        authority,
        treasury,
        base_fee_ppm,
        max_base_fee_ppm,
        protocol_share_ppm,
        max_protocol_share_ppm,
        dynamic_fee_cap_ppm: 0,
        max_dynamic_fee_cap_ppm: 0,
        dynamic_fee_slope_ppm: 0,
        volatility_threshold_ppm: 0,
        launch_fee_ppm: 0,
        max_launch_fee_ppm: 0,
        launch_seconds: 0,
        flash_fee_ppm: 0,
        max_flash_fee_ppm: 0,
        vesting_slots: 0,
        amplification: 0,
        oracle_step_ppm: ORACLE_STEP_PPM,
    }
}

/// Creates the config with number `id`.
pub fn initialize_config(payer: Address, realm: Address, id: u64, terms: ConfigTerms) -> Instruction {
    let accounts = metas::InitializeConfig {
        payer,
        config: config_address(id),
        realm,
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::InitializeConfig { id, terms })
}

/// Changes a config, by its authority.
pub fn update_config(authority: Address, config: Address, update: ConfigUpdate) -> Instruction {
    instruction(
        metas::UpdateConfig { authority, config },
        calls::UpdateConfig { update },
    )
}

/// Moves a stable config's amplification to `target` by `end_ts`, by its authority; a target of 0 stops the ramp that runs.
pub fn ramp_amplification(authority: Address, config: Address, target: u32, end_ts: i64) -> Instruction {
    instruction(
        metas::UpdateConfig { authority, config },
        calls::RampAmplification { target, end_ts },
    )
}

/// A token of a pool: its mint and the program that owns the mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The mint.
    pub mint: Address,
    /// Its program.
    pub program: Address,
}

impl From<&crate::tokens::Mint> for Token {
    fn from(mint: &crate::tokens::Mint) -> Self {
        Self {
            mint: mint.address,
            program: mint.token_program,
        }
    }
}

/// The tokens in the order pools keep them, and whether they had to be exchanged.
pub fn ordered(one: Token, other: Token) -> ([Token; 2], bool) {
    if one.mint < other.mint {
        ([one, other], false)
    } else {
        ([other, one], true)
    }
}

/// Creates a pool and makes its first deposit from the creator's canonical token accounts.
pub fn create_pool(
    creator: Address,
    config: Address,
    [a, b]: [Token; 2],
    index: u16,
    [amount_a_atoms, amount_b_atoms]: [u64; 2],
    deadline_ts: i64,
) -> Instruction {
    let pool = pool_address(&config, &a.mint, &b.mint, &creator, index);
    let (vault_a, vault_a_bump) = vault(&pool, &a.mint);
    let (vault_b, vault_b_bump) = vault(&pool, &b.mint);
    let (lp_mint, lp_mint_bump) = lp_mint(&pool);
    let accounts = metas::CreatePool {
        creator,
        config,
        mint_a: a.mint,
        mint_b: b.mint,
        pool,
        vault_a,
        vault_b,
        lp_mint,
        creator_a: associated(&creator, &a.mint, &a.program),
        creator_b: associated(&creator, &b.mint, &b.program),
        creator_lp: associated(&creator, &lp_mint, &ids::TOKEN),
        token_program_a: a.program,
        token_program_b: b.program,
        lp_token_program: ids::TOKEN,
        associated_token_program: crate::tokens::ASSOCIATED_TOKEN,
        system_program: ids::SYSTEM,
    };
    let args = CreatePoolArgs {
        amount_a_atoms,
        amount_b_atoms,
        deadline_ts,
        vault_a_bump,
        vault_b_bump,
        lp_mint_bump,
    };
    instruction(accounts, calls::CreatePool { index, args })
}

/// A pool with its address.
#[derive(Clone, Copy)]
pub struct Located {
    /// Where.
    pub address: Address,
    /// What.
    pub pool: Pool,
}

impl Located {
    /// Fetches a pool.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        Ok(Self {
            address,
            pool: accounts::fetch(rpc, &PROGRAM, &address).await?,
        })
    }

    /// The token of a side.
    pub fn token(&self, side: Side) -> Token {
        Token {
            mint: *self.pool.mint(side),
            program: *self.pool.token_program(side),
        }
    }

    fn account_of(&self, wallet: &Address, side: Side) -> Address {
        let token = self.token(side);
        associated(wallet, &token.mint, &token.program)
    }

    /// A wallet's account of the pool's shares.
    pub fn shares_of(&self, wallet: &Address) -> Address {
        associated(wallet, &self.pool.lp_mint, &ids::TOKEN)
    }

    /// The side of a mint.
    pub fn side(&self, mint: &Address) -> Result<Side> {
        self.pool.side_of_mint(mint).map_err(|_| {
            Error::account(
                self.address,
                format!("a pool of mint {mint}"),
                format!("a pool of {} and {}", self.pool.mint_a, self.pool.mint_b),
                "Choose one of the pool's mints",
            )
        })
    }

    fn with_token_2022(&self, mut instruction: Instruction) -> Instruction {
        if self.pool.uses_token_2022() {
            instruction
                .accounts
                .push(AccountMeta::new_readonly(ids::TOKEN_2022, false));
        }
        instruction
    }

    fn swap_accounts(&self, trader: Address, input: Side) -> (metas::Swap, Option<AccountMeta>) {
        let output = input.other();
        let (program_in, program_out) = (*self.pool.token_program(input), *self.pool.token_program(output));
        let accounts = metas::Swap {
            trader,
            pool: self.address,
            config: self.pool.config,
            vault_in: *self.pool.vault(input),
            vault_out: *self.pool.vault(output),
            trader_in: self.account_of(&trader, input),
            trader_out: self.account_of(&trader, output),
            mint_in: *self.pool.mint(input),
            mint_out: *self.pool.mint(output),
            token_program: program_in,
        };
        (
            accounts,
            (program_in != program_out).then(|| AccountMeta::new_readonly(program_out, false)),
        )
    }

    /// Sells exactly `input_atoms` of a side.
    pub fn swap_exact_in(
        &self,
        trader: Address,
        input: Side,
        input_atoms: u64,
        min_output_atoms: u64,
        deadline_ts: i64,
    ) -> Instruction {
        let (accounts, program_out) = self.swap_accounts(trader, input);
        let mut instruction = instruction(
            accounts,
            calls::SwapExactIn {
                input_atoms,
                min_output_atoms,
                deadline_ts,
            },
        );
        instruction.accounts.extend(program_out);
        instruction
    }

    /// Buys exactly `output_atoms`, paying with a side.
    pub fn swap_exact_out(
        &self,
        trader: Address,
        input: Side,
        output_atoms: u64,
        max_input_atoms: u64,
        deadline_ts: i64,
    ) -> Instruction {
        let (accounts, program_out) = self.swap_accounts(trader, input);
        let mut instruction = instruction(
            accounts,
            calls::SwapExactOut {
                output_atoms,
                max_input_atoms,
                deadline_ts,
            },
        );
        instruction.accounts.extend(program_out);
        instruction
    }
}

/// All pools, or those of one config.
pub async fn list(rpc: &Rpc, config: Option<Address>) -> Result<Vec<Located>> {
    let filters: Vec<_> = config
        .iter()
        .map(|config| (POOL_CONFIG_OFFSET, config.as_ref().to_vec()))
        .collect();
    let pools = accounts::list::<Pool>(rpc, &PROGRAM, &filters).await?;
    Ok(pools
        .into_iter()
        .map(|(address, pool)| Located { address, pool })
        .collect())
}

/// The configs of a realm.
pub async fn configs(rpc: &Rpc, realm: Address) -> Result<Vec<(Address, PoolConfig)>> {
    accounts::list::<PoolConfig>(rpc, &PROGRAM, &[(CONFIG_REALM_OFFSET, realm.as_ref().to_vec())]).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
