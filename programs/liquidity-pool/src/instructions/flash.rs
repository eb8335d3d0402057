//! What borrowing and repaying share.

use {
    crate::{
        calls,
        constants::{FLASH_ACCOUNTS, INSTRUCTIONS_SYSVAR},
        errors::PoolError,
        instructions::require_trailing_program,
        math::Leg,
        state::{own::same, Own, Pool, PoolConfig, Side},
    },
    anchor_lang::{prelude::*, ErrorCode, TryAccounts},
    commonweal_interface::ids,
};

/// Accounts of `flash_borrow` and `flash_repay`.
///
/// When a mint belongs to Token-2022, that program follows as one more account.
#[derive(Accounts)]
pub struct FlashLoan {
    /// Borrows; or repays, owning (or being delegate of) the accounts the repayment comes from. They may be two.
    pub borrower: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's config.
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
    /// Account that receives or repays token A; any other address where none is lent.
    #[account(mut)]
    pub borrower_a: UncheckedAccount,
    /// Account that receives or repays token B; any other address where none is lent.
    #[account(mut)]
    pub borrower_b: UncheckedAccount,
    /// Mint of token A.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_a @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_a.address(), &pool.mint_a) @ PoolError::MintMismatch))]
    pub mint_a: UncheckedAccount,
    /// Mint of token B.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_b @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_b.address(), &pool.mint_b) @ PoolError::MintMismatch))]
    pub mint_b: UncheckedAccount,
    /// The runtime's list of the transaction's instructions.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
    /// SPL Token.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Where introspection looks for the pool, and how many accounts it asks for.
const _: () = assert!(FlashLoan::HEADER_SIZE == FLASH_ACCOUNTS);

impl FlashLoan {
    /// The transaction itself calls, and names the second token program where one is needed.
    #[inline(never)]
    pub(crate) fn validate_call(&self) -> Result<()> {
        require!(stack_height() == 1, PoolError::TopLevelOnly);
        if self.pool.uses_token_2022() {
            require_trailing_program(Self::HEADER_SIZE, &ids::TOKEN_2022)?;
        }
        Ok(())
    }

    /// Moves these atoms of token A and token B, out of the vaults or into them, and holds P1.
    #[inline(never)]
    pub(crate) fn move_tokens(&self, atoms: [u64; 2], is_repayment: bool) -> Result<()> {
        let sides = [
            (Side::A, &self.mint_a, &self.vault_a, &self.borrower_a),
            (Side::B, &self.mint_b, &self.vault_b, &self.borrower_b),
        ];
        for ((side, mint, vault, theirs), atoms) in sides.into_iter().zip(atoms) {
            if atoms == 0 {
                continue;
            }
            let (from, to) = if is_repayment { (theirs, vault) } else { (vault, theirs) };
            let transfer = calls::Transfer {
                side,
                mint: mint.account(),
                from: from.account(),
                to: to.account(),
                leg: Leg {
                    sent_atoms: atoms,
                    received_atoms: atoms,
                },
            };
            if is_repayment {
                transfer.pull(&self.pool, self.borrower.account())?;
            } else {
                transfer.push(&self.pool)?;
            }
        }
        calls::check_vaults(&self.pool, self.vault_a.account(), self.vault_b.account())
    }
}

/// 1 for an instruction of the transaction, more for one that a program called.
#[cfg(target_os = "solana")]
fn stack_height() -> u64 {
    // SAFETY: the call takes nothing and returns a number.
    unsafe { pinocchio::syscalls::sol_get_stack_height() }
}

#[cfg(not(target_os = "solana"))]
fn stack_height() -> u64 {
    0
}
