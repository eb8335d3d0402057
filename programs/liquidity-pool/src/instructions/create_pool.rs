//! `create_pool`.
// Anchor expands `#[instruction]` arguments into functions that do not all use them.
#![allow(unused_variables)]

use {
    crate::{
        calls,
        constants::{ASSOCIATED_TOKEN, POOL_SEED},
        errors::PoolError,
        events::{log, PoolCreated},
        instructions::clock_before,
        math::shares::ShareSummary,
        state::{mint, own::same, pool::PoolIdentity, Own, Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::{ids, policy::AcceptedMint},
};

/// Arguments of `create_pool`.
#[derive(Clone, Copy, Debug, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct CreatePoolArgs {
    /// Atoms of token A that leave the creator.
    pub amount_a_atoms: u64,
    /// Atoms of token B that leave the creator.
    pub amount_b_atoms: u64,
    /// Unix time after which the instruction fails.
    pub deadline_ts: i64,
    /// Bump of vault A's address.
    pub vault_a_bump: u8,
    /// Bump of vault B's address.
    pub vault_b_bump: u8,
    /// Bump of the LP mint's address.
    pub lp_mint_bump: u8,
}

/// Accounts of `create_pool`.
#[derive(Accounts)]
#[instruction(index: u16)]
pub struct CreatePool {
    /// Creates the pool, pays all rent, makes the first deposit and receives the first shares; has no power afterwards.
    #[account(mut)]
    pub creator: Signer,
    /// Terms of the pool.
    pub config: Own<PoolConfig>,
    /// The mint with the smaller address.
    pub mint_a: UncheckedAccount,
    /// The other mint.
    pub mint_b: UncheckedAccount,
    /// The pool to be.
    // the seeds are for the IDL; `create_state` derives and creates
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [
                POOL_SEED,
                config.address().as_ref(),
                mint_a.address().as_ref(),
                mint_b.address().as_ref(),
                creator.address().as_ref(),
                index.to_le_bytes(),
            ],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub pool: UncheckedAccount,
    /// The pool's token account of mint A to be, at `["vault", pool, mint_a]`.
    #[account(mut)]
    pub vault_a: UncheckedAccount,
    /// The pool's token account of mint B to be, at `["vault", pool, mint_b]`.
    #[account(mut)]
    pub vault_b: UncheckedAccount,
    /// Mint of the pool's shares to be, at `["lp", pool]`.
    #[account(mut)]
    pub lp_mint: UncheckedAccount,
    /// The creator's account of token A.
    #[account(mut)]
    pub creator_a: UncheckedAccount,
    /// The creator's account of token B.
    #[account(mut)]
    pub creator_b: UncheckedAccount,
    /// Receives the first shares, created here: a new key that signs (11,000 CU cheaper), or the creator's associated
    /// account of the LP mint.
    #[account(mut)]
    pub creator_lp: UncheckedAccount,
    /// Token program of mint A.
    #[account(constraint = mint_a.account().owned_by(token_program_a.address()) @ PoolError::TokenProgramMismatch)]
    pub token_program_a: UncheckedAccount,
    /// Token program of mint B.
    #[account(constraint = mint_b.account().owned_by(token_program_b.address()) @ PoolError::TokenProgramMismatch)]
    pub token_program_b: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(lp_token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub lp_token_program: UncheckedAccount,
    /// Creates `creator_lp` where that is the associated account.
    #[cfg_attr(feature = "idl-build", account(address = ASSOCIATED_TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(associated_token_program.address(), &ASSOCIATED_TOKEN) @ ErrorCode::ConstraintAddress))]
    pub associated_token_program: UncheckedAccount,
    /// Creates the other accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - the deadline has not passed and creating is not paused
/// - mint A's address is below mint B's; both pass the extension policy, refused by name
/// - vaults and LP mint stand at their derived addresses (the runtime checks them as they are created)
/// - the first shares go to the creator, into a new account that signs or into the associated one
/// - the reserves are what arrived; shares are ⌊√(a·b)⌋ − 1000 (D − 1000 on the stable curve, in units of the finer decimals),
///   and at least one
/// - launch fee and the oracle's step are copied from the config; the oracle begins with the price of the first reserves
/// - what each mint's authorities could do to holders is stored as risk flags
pub fn handle_create_pool(ctx: &mut Context<CreatePool>, index: u16, args: &CreatePoolArgs) -> Result<()> {
    let accounts = &ctx.accounts;
    let (mut pool, bump) = accounts.create_state(index)?;
    let clock = clock_before(args.deadline_ts)?;
    accounts.validate()?;
    let mints = [
        mint::accept(accounts.mint_a.account())?,
        mint::accept(accounts.mint_b.account())?,
    ];
    let fees = [
        mint::fee_at(&mints[0], clock.epoch),
        mint::fee_at(&mints[1], clock.epoch),
    ];

    accounts.initialize(&mut pool, (index, bump), args, &mints, &clock);
    let sent = [args.amount_a_atoms, args.amount_b_atoms];
    let summary = pool.open(&accounts.config, &clock, sent, &fees)?;

    accounts.create_accounts(args, &mints)?;
    accounts.move_tokens(&pool, &summary)?;
    calls::check_vaults(&pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    announce(&pool, &summary);
    Ok(())
}

impl CreatePool {
    fn validate(&self) -> Result<()> {
        self.config.validate_create()?;
        require!(self.mint_a.address() < self.mint_b.address(), PoolError::WrongMintOrder);
        Ok(())
    }

    fn create_state(&self, index: u16) -> Result<(Own<Pool>, u8)> {
        let seeds: [&[u8]; 6] = [
            POOL_SEED,
            self.config.address().as_ref(),
            self.mint_a.address().as_ref(),
            self.mint_b.address().as_ref(),
            self.creator.address().as_ref(),
            &index.to_le_bytes(),
        ];
        calls::create_state(self.creator.account(), self.pool.account(), &seeds)
    }

    #[inline(never)]
    fn initialize(
        &self,
        pool: &mut Pool,
        (index, bump): (u16, u8),
        args: &CreatePoolArgs,
        mints: &[AcceptedMint; 2],
        now: &Clock,
    ) {
        let identity = PoolIdentity {
            bumps: [bump, args.vault_a_bump, args.vault_b_bump, args.lp_mint_bump],
            index,
            config: self.config.address(),
            mints: [self.mint_a.address(), self.mint_b.address()],
            token_2022: [
                self.token_program_a.address() == &ids::TOKEN_2022,
                self.token_program_b.address() == &ids::TOKEN_2022,
            ],
            decimals: [mints[0].state.decimals, mints[1].state.decimals],
            risk_flags: [mint::risk_flags(&mints[0]), mint::risk_flags(&mints[1])],
            creator: self.creator.address(),
            vaults: [self.vault_a.address(), self.vault_b.address()],
            lp_mint: self.lp_mint.address(),
        };
        pool.initialize(&identity, &self.config, now);
    }

    #[inline(never)]
    fn create_accounts(&self, args: &CreatePoolArgs, mints: &[AcceptedMint; 2]) -> Result<()> {
        let (payer, pool) = (self.creator.account(), self.pool.address());
        calls::NewVault {
            payer,
            vault: self.vault_a.account(),
            mint: self.mint_a.account(),
            token_program: self.token_program_a.address(),
            has_transfer_fee: mints[0].transfer_fees.is_some(),
            pool,
            bump: args.vault_a_bump,
        }
        .create()?;
        calls::NewVault {
            payer,
            vault: self.vault_b.account(),
            mint: self.mint_b.account(),
            token_program: self.token_program_b.address(),
            has_transfer_fee: mints[1].transfer_fees.is_some(),
            pool,
            bump: args.vault_b_bump,
        }
        .create()?;
        calls::create_lp_mint(payer, self.lp_mint.account(), pool, args.lp_mint_bump)?;
        calls::NewShareAccount {
            wallet: payer,
            account: self.creator_lp.account(),
            mint: self.lp_mint.account(),
            system_program: self.system_program.account(),
            token_program: self.lp_token_program.account(),
        }
        .create()
    }

    #[inline(never)]
    fn move_tokens(&self, pool: &Own<Pool>, summary: &ShareSummary) -> Result<()> {
        calls::Transfers {
            mints: [self.mint_a.account(), self.mint_b.account()],
            vaults: [self.vault_a.account(), self.vault_b.account()],
            others: [self.creator_a.account(), self.creator_b.account()],
            legs: [summary.a, summary.b],
        }
        .pull(pool, self.creator.account())?;
        calls::mint_shares(
            pool,
            self.lp_mint.account(),
            self.creator_lp.account(),
            summary.lp_atoms,
        )
    }
}

fn announce(pool: &Own<Pool>, summary: &ShareSummary) {
    log(PoolCreated {
        pool: *pool.address(),
        config: pool.config,
        mint_a: pool.mint_a,
        mint_b: pool.mint_b,
        creator: pool.creator,
        lp_mint: pool.lp_mint,
        sequence: pool.sequence.get(),
        reserve_a_atoms: summary.reserve_a_after_atoms,
        reserve_b_atoms: summary.reserve_b_after_atoms,
        lp_atoms: summary.lp_atoms,
        created_ts: pool.created_ts.get(),
        index: pool.index.get(),
        risk_flags_a: pool.risk_flags_a.get(),
        risk_flags_b: pool.risk_flags_b.get(),
        curve: pool.curve,
        reserved: 0,
    });
}
