//! The only file that moves tokens or lamports and calls other programs.

use {
    crate::{constants::*, errors::GovernanceError, state::*},
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    commonweal_interface::{
        cpi::{close_account, initialize_account3, TransferChecked},
        ids,
        token::{amount_atoms, is_token_program, TokenState, ACCOUNT_LEN},
    },
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as PdaSigner},
        instruction::{InstructionAccount, InstructionView},
    },
};

/// The accounts of a stake's token movements.
pub struct StakeTransfer<'a> {
    /// The token program that owns mint and accounts.
    pub token_program: &'a Address,
    /// The governing mint.
    pub mint: &'a AccountView,
    /// The stake's vault.
    pub vault: &'a AccountView,
    /// The depositor's token account.
    pub depositor_tokens: &'a AccountView,
    /// The depositor, who signed.
    pub depositor: &'a AccountView,
    /// The stake, which owns the vault.
    pub stake: &'a Account<Stake>,
}

fn vault_atoms(vault: &AccountView) -> Result<u64> {
    amount_atoms(vault).ok_or(GovernanceError::VaultMismatch.into())
}

impl StakeTransfer<'_> {
    fn decimals(&self) -> Result<u8> {
        // SAFETY: the byte is copied out; nothing else runs meanwhile.
        let data = unsafe { self.mint.borrow_unchecked() };
        data.get(44).copied().ok_or(GovernanceError::MintRefused.into())
    }

    /// Depositor to vault. The vault must gain exactly the amount.
    pub fn deposit(&self, atoms: u64) -> Result<()> {
        let before = vault_atoms(self.vault)?;
        TransferChecked {
            token_program: self.token_program,
            from: self.depositor_tokens,
            mint: self.mint,
            to: self.vault,
            authority: self.depositor,
            amount_atoms: atoms,
            decimals: self.decimals()?,
        }
        .invoke_signed(&[])?;
        require!(
            before.checked_add(atoms) == Some(vault_atoms(self.vault)?),
            GovernanceError::VaultMismatch
        );
        self.stake.invariant(vault_atoms(self.vault)?)
    }

    /// Vault to depositor. The vault must lose exactly the amount.
    pub fn withdraw(&self, atoms: u64) -> Result<()> {
        let before = vault_atoms(self.vault)?;
        let bump = [self.stake.bump];
        let seeds = self.seeds(&bump);
        TransferChecked {
            token_program: self.token_program,
            from: self.vault,
            mint: self.mint,
            to: self.depositor_tokens,
            authority: self.stake.view(),
            amount_atoms: atoms,
            decimals: self.decimals()?,
        }
        .invoke_signed(&[PdaSigner::from(&seeds)])?;
        require!(
            before.checked_sub(atoms) == Some(vault_atoms(self.vault)?),
            GovernanceError::VaultMismatch
        );
        self.stake.invariant(vault_atoms(self.vault)?)
    }

    /// Sends what strangers put into the vault to the depositor and closes it; a donation cannot keep it open.
    pub fn empty_and_close_vault(&self) -> Result<()> {
        let left = vault_atoms(self.vault)?;
        if left != 0 {
            self.withdraw(left)?;
        }
        let bump = [self.stake.bump];
        let seeds = self.seeds(&bump);
        close_account(
            self.token_program,
            self.vault,
            self.depositor,
            self.stake.view(),
            &[PdaSigner::from(&seeds)],
        )
    }

    fn seeds<'b>(&'b self, bump: &'b [u8; 1]) -> [Seed<'b>; 4] {
        [
            Seed::from(STAKE_SEED),
            Seed::from(self.stake.realm.as_array()),
            Seed::from(self.stake.person.as_array()),
            Seed::from(bump),
        ]
    }
}

/// Creates a stake's vault: a token account of the mint owned by the stake.
pub fn create_stake_vault(
    payer: &AccountView,
    vault: &AccountView,
    vault_bump: u8,
    mint: &AccountView,
    token_program: &Address,
    stake: &Address,
) -> Result<()> {
    let bump = [vault_bump];
    let seeds: [&[u8]; 3] = [STAKE_VAULT_SEED, stake.as_array(), &bump];
    anchor_lang::create_account_signed(payer, vault, ACCOUNT_LEN, token_program, &seeds)?;
    initialize_account3(token_program, vault, mint, stake)
}

/// Moves a bond from its payer, who signed, into the proposal's account.
pub fn hold_bond(payer: &AccountView, proposal: &AccountView, lamports: u64) -> Result<()> {
    if lamports == 0 {
        return Ok(());
    }
    let mut data = [0u8; 12];
    let (tag, amount) = data.split_at_mut(4);
    tag.copy_from_slice(&2u32.to_le_bytes());
    amount.copy_from_slice(&lamports.to_le_bytes());
    let metas = [
        InstructionAccount::writable_signer(payer.address()),
        InstructionAccount::writable(proposal.address()),
    ];
    let accounts = [CpiAccount::from(payer), CpiAccount::from(proposal)];
    let instruction = InstructionView {
        program_id: &ids::SYSTEM,
        accounts: &metas,
        data: &data,
    };
    // SAFETY: accounts in the order of the metas; only their lamports change, which no reference is held to.
    unsafe { invoke_signed_unchecked(&instruction, &accounts, &[]) };
    Ok(())
}

/// A treasury's token account before an action.
struct LaneTokens<'a> {
    view: &'a AccountView,
    mint: Address,
    atoms: u64,
    is_native: bool,
}

impl LaneTokens<'_> {
    /// Lamports on the account that are not its atoms: its rent and whatever was sent to it. Whoever closes the account, or
    /// takes its excess, gets them.
    fn lamports_besides(&self, atoms: u64) -> u64 {
        let wrapped = if self.is_native { atoms } else { 0 };
        self.view.lamports().saturating_sub(wrapped)
    }
}

/// What a lane holds before an action, to be compared afterwards.
pub struct TreasuryWatch<'a> {
    treasury: &'a AccountView,
    lamports: u64,
    tokens: Vec<LaneTokens<'a>>,
}

fn read_tokens(view: &AccountView) -> Option<TokenState> {
    let owner = view.owner();
    if !is_token_program(owner) {
        return None;
    }
    // SAFETY: the fields are copied out; nothing else runs meanwhile.
    TokenState::read(owner, unsafe { view.borrow_unchecked() }).ok()
}

impl<'a> TreasuryWatch<'a> {
    /// Notes every token account of the lane among the action's accounts, and the lamports on them and on the lane. An action
    /// can reach no others.
    pub fn begin(treasury: &'a AccountView, accounts: &'a [AccountView]) -> Self {
        let mut tokens: Vec<LaneTokens> = Vec::new();
        let mut lamports = treasury.lamports();
        for view in accounts {
            let Some(state) = read_tokens(view) else { continue };
            let seen = tokens.iter().any(|known| known.view.address() == view.address());
            if &state.owner == treasury.address() && !seen {
                let held = LaneTokens {
                    view,
                    mint: state.mint,
                    atoms: state.amount_atoms,
                    is_native: state.is_native,
                };
                // the sum of all lamports there are fits 64 bits
                lamports = lamports.saturating_add(held.lamports_besides(held.atoms));
                tokens.push(held);
            }
        }
        Self {
            treasury,
            lamports,
            tokens,
        }
    }

    /// Compares with what the action declared. Returns the lamports and the atoms of the declared mint that left.
    ///
    /// - the lane is still the system program's and without data
    /// - its token accounts are still its own, without delegate and close authority, or closed
    /// - no more left than declared, the lamports on its token accounts included, and nothing of any other mint
    pub fn finish(&self, action: &ProposalAction) -> Result<(u64, u64)> {
        let intact = self.treasury.owned_by(&ids::SYSTEM) && self.treasury.data_len() == 0;
        require!(intact, GovernanceError::TreasuryGivenAway);
        let mut lamports_left = self.treasury.lamports();
        let (mut before, mut after) = (0u64, 0u64);
        for held in &self.tokens {
            let atoms = self.atoms_left(held)?;
            lamports_left = lamports_left.saturating_add(held.lamports_besides(atoms));
            if held.mint == action.outflow_mint {
                before = before
                    .checked_add(held.atoms)
                    .ok_or(GovernanceError::ArithmeticOverflow)?;
                after = after.checked_add(atoms).ok_or(GovernanceError::ArithmeticOverflow)?;
            } else {
                require!(atoms >= held.atoms, GovernanceError::OutflowExceedsDeclared);
            }
        }
        let (lamports, atoms) = (
            self.lamports.saturating_sub(lamports_left),
            before.saturating_sub(after),
        );
        let is_declared = lamports <= action.outflow_lamports.get() && atoms <= action.outflow_atoms.get();
        require!(is_declared, GovernanceError::OutflowExceedsDeclared);
        Ok((lamports, atoms))
    }

    fn atoms_left(&self, held: &LaneTokens) -> Result<u64> {
        if held.view.data_len() == 0 {
            return Ok(0);
        }
        let state = read_tokens(held.view).ok_or(GovernanceError::TreasuryGivenAway)?;
        let own = &state.owner == self.treasury.address()
            && state.mint == held.mint
            && !state.has_delegate
            && !state.has_close_authority;
        require!(own, GovernanceError::TreasuryGivenAway);
        Ok(state.amount_atoms)
    }
}

/// Holds the accounts given against the message voted on: key by key, in order, writable where voted; none of them a governance
/// account that would be written, unless the action calls this program.
pub fn validate_action_accounts(message: &Message, accounts: &[AccountView], is_self_call: bool) -> Result<()> {
    for (view, (address, flags)) in accounts.iter().zip(message.accounts()) {
        require!(
            view.address().as_array().as_slice() == address,
            GovernanceError::ActionAccountsMismatch
        );
        if flags & FLAG_WRITABLE != 0 {
            require!(view.is_writable(), GovernanceError::ActionAccountsMismatch);
            require!(
                is_self_call || !view.owned_by(&crate::ID),
                GovernanceError::GovernanceAccountWritable
            );
        }
    }
    Ok(())
}

/// Calls the action's program. Flags come from the message, never from the executor's transaction, so no signature of the
/// executor reaches the program; the lane's treasury signs where the message says so.
pub fn call_as_treasury(
    action: &ProposalAction,
    realm: &Address,
    bump: u8,
    message: &Message,
    accounts: &[AccountView],
) {
    let mut metas: Vec<InstructionAccount> = Vec::with_capacity(accounts.len());
    let mut infos: Vec<CpiAccount> = Vec::with_capacity(accounts.len());
    for (view, (_, flags)) in accounts.iter().zip(message.accounts()) {
        metas.push(InstructionAccount::new(
            view.address(),
            flags & FLAG_WRITABLE != 0,
            flags & FLAG_SIGNER != 0,
        ));
        infos.push(CpiAccount::from(view));
    }
    let (lane, bump) = ([action.lane], [bump]);
    let seeds = [
        Seed::from(TREASURY_SEED),
        Seed::from(realm.as_array()),
        Seed::from(&lane),
        Seed::from(&bump),
    ];
    let instruction = InstructionView {
        program_id: &action.program,
        accounts: &metas,
        data: message.data,
    };
    // SAFETY: accounts in the order of the metas. Typed accounts this program holds (realm, proposal, action) are views of the
    // runtime's buffer; proposal and action cannot be among `accounts` writable, and the realm only in a self-call, whose
    // writes those views show afterwards.
    unsafe { invoke_signed_unchecked(&instruction, &infos, &[PdaSigner::from(&seeds)]) };
}

/// Refuses a transaction that starts with a nonce advance: it could have been signed long ago.
pub fn refuse_durable_nonce(instructions: &Sysvar<SysvarInstructions>) -> Result<()> {
    let first = instructions.load_instruction_at(0)?;
    let advances =
        first.get_program_id() == &ids::SYSTEM && first.get_instruction_data().get(..4) == Some(&[4, 0, 0, 0]);
    require!(!advances, GovernanceError::DurableNonceRefused);
    Ok(())
}
