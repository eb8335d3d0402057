//! The only file that moves tokens or calls another program.

use {
    crate::{
        constants::{ASSOCIATED_TOKEN, LP_DECIMALS, LP_MINT_SEED, VAULT_SEED},
        errors::PoolError,
        math::Leg,
        state::{Pool, Side},
    },
    anchor_lang::prelude::*,
    commonweal_interface::{
        cpi::{burn, initialize_account3, initialize_mint2, mint_to, token_account_space, TransferChecked},
        ids,
        token::{self, ACCOUNT_LEN, MINT_LEN},
    },
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as PdaSigner},
        instruction::{InstructionAccount, InstructionView},
    },
};

/// One token transfer between a vault and somebody's account.
pub struct Transfer<'a> {
    /// The pool's token that moves.
    pub side: Side,
    /// Its mint.
    pub mint: &'a AccountView,
    /// Debited.
    pub from: &'a AccountView,
    /// Credited.
    pub to: &'a AccountView,
    /// Atoms debited and, less the mint's transfer fee, credited.
    pub leg: Leg,
}

impl Transfer<'_> {
    /// From somebody's account into a vault; `owner` signed the transaction.
    ///
    /// The reserves were credited with what the summary says arrives, so exactly that must arrive: the vault's surplus from
    /// donations hides no shortfall.
    #[inline(always)]
    pub fn pull(&self, pool: &Pool, owner: &AccountView) -> Result<()> {
        let before = vault_atoms(self.to)?;
        self.checked(pool, owner).invoke_signed(&[])?;
        let arrived = vault_atoms(self.to)?.checked_sub(before);
        require!(arrived == Some(self.leg.received_atoms), PoolError::ArrivalMismatch);
        Ok(())
    }

    /// From a vault to somebody's account; nothing happens for zero.
    #[inline(always)]
    pub fn push(&self, pool: &Account<Pool>) -> Result<()> {
        if self.leg.sent_atoms == 0 {
            return Ok(());
        }
        let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
        let seeds = pool.seeds(&index, &bump).map(Seed::from);
        self.checked(pool, pool.account())
            .invoke_signed(&[PdaSigner::from(&seeds)])
    }

    /// The same, and what arrived, whatever the mint kept back.
    #[inline(always)]
    pub fn push_measured(&self, pool: &Account<Pool>) -> Result<u64> {
        // no token account: the token program says so
        let before = token::amount_atoms(self.to).unwrap_or(0);
        self.push(pool)?;
        let after = token::amount_atoms(self.to).unwrap_or(0);
        Ok(after.saturating_sub(before))
    }

    #[inline(always)]
    fn checked<'b>(&'b self, pool: &Pool, authority: &'b AccountView) -> TransferChecked<'b> {
        TransferChecked {
            token_program: pool.token_program(self.side),
            from: self.from,
            mint: self.mint,
            to: self.to,
            authority,
            amount_atoms: self.leg.sent_atoms,
            decimals: pool.decimals(self.side),
        }
    }
}

/// Creates `amount_atoms` of the pool's shares in `to`.
#[inline(always)]
pub fn mint_shares(pool: &Account<Pool>, lp_mint: &AccountView, to: &AccountView, amount_atoms: u64) -> Result<()> {
    let (index, bump) = (u16::to_le_bytes(pool.index.get()), [pool.bump]);
    let seeds = pool.seeds(&index, &bump).map(Seed::from);
    mint_to(
        &ids::TOKEN,
        lp_mint,
        to,
        pool.account(),
        amount_atoms,
        &[PdaSigner::from(&seeds)],
    )
}

/// Destroys `amount_atoms` of the pool's shares in `from`; `owner` signed the transaction.
#[inline(always)]
pub fn burn_shares(lp_mint: &AccountView, from: &AccountView, owner: &AccountView, amount_atoms: u64) -> Result<()> {
    burn(&ids::TOKEN, from, lp_mint, owner, amount_atoms, &[])
}

/// The balance of a vault whose address has been checked.
#[inline(always)]
pub fn vault_atoms(vault: &AccountView) -> Result<u64> {
    token::amount_atoms(vault).ok_or_else(|| PoolError::VaultMismatch.into())
}

/// What a new vault is made of.
pub struct NewVault<'a> {
    /// Pays the rent.
    pub payer: &'a AccountView,
    /// The vault's address.
    pub vault: &'a AccountView,
    /// Its mint.
    pub mint: &'a AccountView,
    /// The mint's token program.
    pub token_program: &'a Address,
    /// Whether the mint has the transfer-fee extension.
    pub has_transfer_fee: bool,
    /// The pool, its owner and part of its address.
    pub pool: &'a Address,
    /// Bump of its address; the runtime checks the derivation.
    pub bump: u8,
}

impl NewVault<'_> {
    /// Creates the vault, whether or not somebody has sent lamports to its address before.
    #[inline(never)]
    pub fn create(&self) -> Result<()> {
        let seeds: [&[u8]; 4] = [
            VAULT_SEED,
            self.pool.as_ref(),
            self.mint.address().as_ref(),
            &[self.bump],
        ];
        let space = token_account_space(self.token_program, self.has_transfer_fee);
        create_account_signed(self.payer, self.vault, space, self.token_program, &seeds)?;
        initialize_account3(self.token_program, self.vault, self.mint, self.pool)
    }
}

/// Creates the LP mint: nine decimals, the pool its authority, nobody able to freeze.
#[inline(never)]
pub fn create_lp_mint(payer: &AccountView, lp_mint: &AccountView, pool: &Address, bump: u8) -> Result<()> {
    let seeds: [&[u8]; 3] = [LP_MINT_SEED, pool.as_ref(), &[bump]];
    create_account_signed(payer, lp_mint, MINT_LEN, &ids::TOKEN, &seeds)?;
    initialize_mint2(&ids::TOKEN, lp_mint, LP_DECIMALS, pool)
}

/// What the account for a creator's first shares is made of.
pub struct NewShareAccount<'a> {
    /// The wallet, which pays the rent too.
    pub wallet: &'a AccountView,
    /// The account to be.
    pub account: &'a AccountView,
    /// The LP mint.
    pub mint: &'a AccountView,
    /// The system program.
    pub system_program: &'a AccountView,
    /// SPL Token.
    pub token_program: &'a AccountView,
}

impl NewShareAccount<'_> {
    /// Creates the account: at its own key if that signed, else as the wallet's associated account, whose address the
    /// associated-token program checks.
    #[inline(never)]
    pub fn create(&self) -> Result<()> {
        if !self.account.is_signer() {
            return self.create_associated();
        }
        create_account(self.wallet, self.account, ACCOUNT_LEN, &ids::TOKEN)?;
        initialize_account3(&ids::TOKEN, self.account, self.mint, self.wallet.address())
    }

    #[inline(never)]
    fn create_associated(&self) -> Result<()> {
        let metas = [
            InstructionAccount::writable_signer(self.wallet.address()),
            InstructionAccount::writable(self.account.address()),
            InstructionAccount::readonly(self.wallet.address()),
            InstructionAccount::readonly(self.mint.address()),
            InstructionAccount::readonly(self.system_program.address()),
            InstructionAccount::readonly(self.token_program.address()),
        ];
        let accounts = [
            self.wallet,
            self.account,
            self.wallet,
            self.mint,
            self.system_program,
            self.token_program,
        ]
        .map(CpiAccount::from);
        // variant 0: create
        let instruction = InstructionView {
            program_id: &ASSOCIATED_TOKEN,
            accounts: &metas,
            data: &[0],
        };
        // SAFETY: the accounts are in the order of the metas, and no reference into their data is alive.
        unsafe { invoke_signed_unchecked(&instruction, &accounts, &[]) };
        Ok(())
    }
}
