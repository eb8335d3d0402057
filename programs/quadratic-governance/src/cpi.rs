//! The only file that moves tokens or lamports and calls other programs.

use {
    crate::{constants::*, errors::GovernanceError, state::*},
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    commonweal_interface::{
        cpi::{close_account, create_account, initialize_account3, Call, Role, TransferChecked},
        ids,
        token::{amount_atoms, is_token_program, TokenState, ACCOUNT_LEN},
    },
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as PdaSigner},
        instruction::{InstructionAccount, InstructionView},
    },
};

/// The accounts of a movement of tokens between a vault of this program and somebody's account.
pub struct TokenMove<'a> {
    /// The token program that owns mint and accounts.
    pub token_program: &'a Address,
    /// The mint.
    pub mint: &'a AccountView,
    /// The vault, whose balance must change by exactly what moves.
    pub vault: &'a AccountView,
    /// The other account.
    pub other: &'a AccountView,
    /// Owner of the account that is debited.
    pub authority: &'a AccountView,
}

/// Atoms in a token account of this program.
#[inline(never)]
pub fn vault_atoms(vault: &AccountView) -> Result<u64> {
    amount_atoms(vault).ok_or(GovernanceError::VaultMismatch.into())
}

impl TokenMove<'_> {
    fn send(&self, from: &AccountView, to: &AccountView, atoms: u64, signers: &[PdaSigner]) -> Result<()> {
        // SAFETY: the byte is copied out; nothing else runs meanwhile.
        let decimals = unsafe { self.mint.borrow_unchecked() }.get(44).copied();
        TransferChecked {
            token_program: self.token_program,
            from,
            mint: self.mint,
            to,
            authority: self.authority,
            amount_atoms: atoms,
            decimals: decimals.ok_or(GovernanceError::MintRefused)?,
        }
        .invoke_signed(signers)
    }

    /// From somebody into the vault. The vault must gain exactly the amount. Returns what it holds.
    #[inline(never)]
    pub fn pull(&self, atoms: u64, signers: &[PdaSigner]) -> Result<u64> {
        let before = vault_atoms(self.vault)?;
        self.send(self.other, self.vault, atoms, signers)?;
        let after = vault_atoms(self.vault)?;
        require!(before.checked_add(atoms) == Some(after), GovernanceError::VaultMismatch);
        Ok(after)
    }

    /// From the vault to somebody. The vault must lose exactly the amount. Returns what it holds.
    #[inline(never)]
    pub fn push(&self, atoms: u64, signers: &[PdaSigner]) -> Result<u64> {
        let before = vault_atoms(self.vault)?;
        self.send(self.vault, self.other, atoms, signers)?;
        let after = vault_atoms(self.vault)?;
        require!(before.checked_sub(atoms) == Some(after), GovernanceError::VaultMismatch);
        Ok(after)
    }

    /// Sends what is left in the vault to the other account and closes it, its rent to `rent_payer`; a donation cannot keep it
    /// open. Returns what was left.
    #[inline(never)]
    pub fn empty_and_close(&self, rent_payer: &AccountView, signers: &[PdaSigner]) -> Result<u64> {
        let left = vault_atoms(self.vault)?;
        if left != 0 {
            self.push(left, signers)?;
        }
        close_account(self.token_program, self.vault, rent_payer, self.authority, signers)?;
        Ok(left)
    }
}

/// Seeds of a stake's signature.
pub fn stake_seeds<'a>(stake: &'a Stake, bump: &'a [u8; 1]) -> [Seed<'a>; 5] {
    [
        Seed::from(STAKE_SEED),
        Seed::from(stake.realm.as_array()),
        Seed::from(stake.person.as_array()),
        Seed::from(stake.depositor.as_array()),
        Seed::from(bump),
    ]
}

/// Seeds of a treasury lane's signature.
pub fn lane_seeds<'a>(realm: &'a Address, lane: &'a [u8; 1], bump: &'a [u8; 1]) -> [Seed<'a>; 4] {
    [
        Seed::from(TREASURY_SEED),
        Seed::from(realm.as_array()),
        Seed::from(lane),
        Seed::from(bump),
    ]
}

/// Seeds of an account of this program, its bump included.
const MOST_SEEDS: usize = 6;

/// Creates an account of this program at the address of the seeds, whether or not somebody has sent lamports there before.
/// Returns it with its bump.
///
/// Errors: `ConstraintSeeds` for another address; the system program's own where the account exists.
#[inline(always)]
pub fn create_state<T>(payer: &AccountView, account: &AccountView, seeds: &[&[u8]]) -> Result<(Own<T>, u8)>
where
    T: bytemuck::Pod + Discriminator,
{
    let bump = create_derived(payer, account, seeds, Own::<T>::SIZE as u64, &crate::ID)?;
    write_discriminator(account, Own::<T>::DISCRIMINATOR);
    // SAFETY: the account has just been created; there is no other reference into its data.
    Ok((unsafe { Own::created(*account) }, bump))
}

#[inline(never)]
fn write_discriminator(account: &AccountView, discriminator: u64) {
    let mut created = *account;
    // SAFETY: the account has just been created; there is no reference into its data.
    let data = unsafe { created.borrow_unchecked_mut() };
    if let Some(head) = data.first_chunk_mut::<8>() {
        *head = discriminator.to_le_bytes();
    }
}

/// Creates an account at the address of the seeds for a program. Returns its bump.
///
/// Errors: `ConstraintSeeds` for another address; the system program's own where the account exists.
#[inline(never)]
pub fn create_derived(
    payer: &AccountView,
    account: &AccountView,
    seeds: &[&[u8]],
    space: u64,
    owner: &Address,
) -> Result<u8> {
    let bump = anchor_lang::find_and_verify_program_address(seeds, &crate::ID, account.address())
        .map_err(|_| anchor_lang::ErrorCode::ConstraintSeeds)?;
    let bump_seed = [bump];
    let mut signer: [Seed; MOST_SEEDS] = core::array::from_fn(|_| Seed::from(&[][..]));
    for (to, seed) in signer.iter_mut().zip(seeds.iter().copied().chain([&bump_seed[..]])) {
        *to = Seed::from(seed);
    }
    let used = signer
        .get(..seeds.len().saturating_add(1))
        .ok_or(ProgramError::MaxSeedLengthExceeded)?;
    create_account(payer, account, space, owner, used)?;
    Ok(bump)
}

/// Closes an account of this program; its lamports go to `destination`.
#[inline(never)]
pub fn close_state(account: &AccountView, destination: &AccountView) -> Result<()> {
    let (mut account, mut destination) = (*account, *destination);
    let lamports = destination
        .lamports()
        .checked_add(account.lamports())
        .ok_or(ProgramError::ArithmeticOverflow)?;
    destination.set_lamports(lamports);
    account.set_lamports(0);
    // SAFETY: the caller does not touch the account's data any more.
    unsafe { account.close_unchecked() };
    Ok(())
}

/// Moves lamports out of an account of this program.
#[inline(never)]
pub fn move_lamports(from: &AccountView, to: &AccountView, lamports: u64) -> Result<()> {
    let (mut from, mut to) = (*from, *to);
    let left = from
        .lamports()
        .checked_sub(lamports)
        .ok_or(ProgramError::ArithmeticOverflow)?;
    let grown = to
        .lamports()
        .checked_add(lamports)
        .ok_or(ProgramError::ArithmeticOverflow)?;
    from.set_lamports(left);
    to.set_lamports(grown);
    Ok(())
}

/// Creates a vault at the address of `seed` and its owner: a token account of the mint that `owner` owns. Returns its bump.
#[inline(never)]
pub fn create_vault(
    payer: &AccountView,
    vault: &AccountView,
    seed: &[u8],
    mint: &AccountView,
    token_program: &Address,
    owner: &Address,
) -> Result<u8> {
    let seeds: [&[u8]; 2] = [seed, owner.as_array()];
    let bump = create_derived(payer, vault, &seeds, ACCOUNT_LEN as u64, token_program)?;
    initialize_account3(token_program, vault, mint, owner)?;
    Ok(bump)
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
    Call {
        program: &ids::SYSTEM,
        accounts: &[(payer, Role::WriteSign), (proposal, Role::Write)],
        data: &data,
        signers: &[],
    }
    .invoke()
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

#[inline(never)]
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

impl TreasuryWatch<'_> {
    /// Atoms of a mint in the lane's accounts before the action.
    pub fn atoms_of(&self, mint: &Address) -> u64 {
        self.tokens
            .iter()
            .filter(|held| &held.mint == mint)
            .fold(0u64, |sum, held| sum.saturating_add(held.atoms))
    }
}

/// Holds the accounts given against the message voted on: key by key, in order, writable where voted; none of them a governance
/// account that would be written, unless the action calls this program.
pub fn validate_action_accounts(message: &Message, accounts: &[AccountView], program: &Address) -> Result<()> {
    let is_self_call = same(program, &crate::ID);
    let is_loader_call = same(program, &UPGRADEABLE_LOADER);
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
            // whatever program is called could hand the lane's signature on to the loader
            require!(
                is_loader_call || !view.owned_by(&UPGRADEABLE_LOADER),
                GovernanceError::UpgradeNotPinned
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
    let seeds = lane_seeds(realm, &lane, &bump);
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

/// What an upgrade is pinned to.
pub struct UpgradePin {
    /// Slot of the program's last deployment.
    pub slot: u64,
    /// SHA-256 of the buffer's account data, its header included: authority and code.
    pub hash: [u8; 32],
    /// Bytes of the program's code account that the next is of.
    pub code_len: u32,
    /// SHA-256 of the program's code, cut to 28 bytes. Not the slot: anybody can extend a program, which writes the
    /// slot of the moment.
    pub code_hash: [u8; 28],
}

/// Bytes of the loader's accounts before the code: kind (u32), slot (u64) of deployed code only, authority (one byte says whether
/// there is one).
const BUFFER_HEAD: [u8; 5] = [1, 0, 0, 0, 1];
const CODE_HEAD: [u8; 4] = [3, 0, 0, 0];
/// Where the code begins in the loader's account of it, behind the authority, which may still be handed to the lane.
const CODE_START: usize = 45;

/// Reads what an upgrade is pinned to: the action's own program data and buffer, the lane the buffer's authority. Of code that has
/// been extended since it was pinned, what was there then.
#[inline(never)]
pub fn upgrade_pin(
    action: &Own<ProposalAction>,
    program_data: &AccountView,
    buffer: &AccountView,
) -> Result<UpgradePin> {
    // SAFETY: the bytes are only read, within this function.
    let (action_data, code, bytes) = unsafe {
        (
            action.account().borrow_unchecked(),
            program_data.borrow_unchecked(),
            buffer.borrow_unchecked(),
        )
    };
    let message = Message::read(action_data, action.account_count, action.data_len.get())?;
    let is_named = message.address(0) == Some(program_data.address().as_array())
        && message.address(2) == Some(buffer.address().as_array());
    let is_lanes = buffer.owned_by(&UPGRADEABLE_LOADER)
        && bytes.get(..5) == Some(&BUFFER_HEAD)
        && bytes.get(5..37) == Some(action.treasury.as_array());
    require!(is_named && is_lanes, GovernanceError::BufferMismatch);
    let is_code = program_data.owned_by(&UPGRADEABLE_LOADER) && code.get(..4) == Some(&CODE_HEAD);
    require!(is_code, GovernanceError::BufferMismatch);
    let slot = code
        .get(4..)
        .and_then(|rest| rest.first_chunk::<8>())
        .ok_or(GovernanceError::BufferMismatch)?;
    let code_len = if action.pinned == 0 {
        u32::try_from(code.len()).map_err(|_| GovernanceError::ArithmeticOverflow)?
    } else {
        action.pinned_code_len.get()
    };
    let end = usize::try_from(code_len).map_err(|_| GovernanceError::ArithmeticOverflow)?;
    let pinned = code.get(CODE_START..end).ok_or(GovernanceError::ProgramChanged)?;
    Ok(UpgradePin {
        slot: u64::from_le_bytes(*slot),
        hash: sha256(bytes),
        code_len,
        code_hash: cut(&sha256(pinned)),
    })
}

/// The first 28 bytes of a hash.
fn cut(hash: &[u8; 32]) -> [u8; 28] {
    hash.first_chunk().copied().unwrap_or([0; 28])
}
