//! `collect_protocol_fees`.

use {
    crate::{
        calls,
        errors::PoolError,
        events::{log, ProtocolFeesCollected},
        instructions::require_trailing_program,
        math::Leg,
        state::{own::same, Own, Pool, PoolConfig, Side},
    },
    anchor_lang::{prelude::*, ErrorCode, TryAccounts},
    commonweal_interface::{ids, token::TokenState},
};

/// Accounts of `collect_protocol_fees`. Nobody signs: whoever pays the transaction may collect.
///
/// When a mint belongs to Token-2022, that program follows as one more account.
#[derive(Accounts)]
pub struct CollectProtocolFees {
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's terms, which name the treasury.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// The pool's account of token A.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_a @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_a.address(), &pool.vault_a) @ PoolError::VaultMismatch))]
    pub vault_a: UncheckedAccount,
    /// The pool's account of token B.
    #[cfg_attr(feature = "idl-build", account(mut, address = pool.vault_b @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault_b.address(), &pool.vault_b) @ PoolError::VaultMismatch))]
    pub vault_b: UncheckedAccount,
    /// A token account of token A owned by the treasury; any address if token A is not paid.
    #[account(mut)]
    pub treasury_a: UncheckedAccount,
    /// A token account of token B owned by the treasury; any other address if token B is not paid.
    #[account(mut)]
    pub treasury_b: UncheckedAccount,
    /// Mint of token A.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_a @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_a.address(), &pool.mint_a) @ PoolError::MintMismatch))]
    pub mint_a: UncheckedAccount,
    /// Mint of token B.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_b @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_b.address(), &pool.mint_b) @ PoolError::MintMismatch))]
    pub mint_b: UncheckedAccount,
    /// SPL Token.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - nobody signs and no pause bit is read (P8); of the config only the treasury counts
/// - `legs` is 1 (token A), 2 (token B) or 3 (both), so that an account or vault frozen on one side holds back that side only
/// - all that is owed on a chosen side leaves its vault; a side that owes nothing is skipped, whatever stands for its
///   destination; nothing owed on any chosen side is an error
/// - a paid destination is a token account of the side's mint and owned by the config's treasury (P7)
/// - no extension is read: the mint's transfer fee is the treasury's loss, measured for the event
pub fn handle_collect_protocol_fees(ctx: &mut Context<CollectProtocolFees>, legs: u8) -> Result<()> {
    if ctx.accounts.pool.uses_token_2022() {
        require_trailing_program(CollectProtocolFees::HEADER_SIZE, &ids::TOKEN_2022)?;
    }
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    accounts.config.validate_version()?;
    let collected = accounts.pool.validate_collection(legs)?;
    accounts.validate_destination(Side::A, accounts.treasury_a.account(), collected[0])?;
    accounts.validate_destination(Side::B, accounts.treasury_b.account(), collected[1])?;

    accounts.pool.apply_collection(collected)?;
    let received = accounts.move_tokens(collected)?;
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    accounts.announce(collected, received);
    Ok(())
}

impl CollectProtocolFees {
    /// What is paid goes to the treasury's account of that token; what is not paid goes nowhere.
    #[inline(never)]
    fn validate_destination(&self, side: Side, destination: &AccountView, collected_atoms: u64) -> Result<()> {
        if collected_atoms == 0 {
            return Ok(());
        }
        let program = self.pool.token_program(side);
        require!(destination.owned_by(program), PoolError::NotTheTreasurysAccount);
        let data = destination.try_borrow()?;
        let state = TokenState::read(program, &data).map_err(|_| PoolError::NotTheTreasurysAccount)?;
        require!(
            anchor_lang::address_eq(&state.owner, &self.config.treasury)
                && anchor_lang::address_eq(&state.mint, self.pool.mint(side)),
            PoolError::NotTheTreasurysAccount
        );
        Ok(())
    }

    #[inline(always)]
    fn move_tokens(&self, [collected_a_atoms, collected_b_atoms]: [u64; 2]) -> Result<[u64; 2]> {
        // what arrives is measured
        let leg = |sent_atoms| Leg {
            sent_atoms,
            received_atoms: sent_atoms,
        };
        calls::Transfers {
            mints: [self.mint_a.account(), self.mint_b.account()],
            vaults: [self.vault_a.account(), self.vault_b.account()],
            others: [self.treasury_a.account(), self.treasury_b.account()],
            legs: [leg(collected_a_atoms), leg(collected_b_atoms)],
        }
        .push(&self.pool)
    }

    #[inline(always)]
    fn announce(
        &self,
        [collected_a_atoms, collected_b_atoms]: [u64; 2],
        [received_a_atoms, received_b_atoms]: [u64; 2],
    ) {
        log(ProtocolFeesCollected {
            pool: *self.pool.address(),
            treasury: self.config.treasury,
            sequence: self.pool.sequence.get(),
            collected_a_atoms,
            collected_b_atoms,
            received_a_atoms,
            received_b_atoms,
        });
    }
}
