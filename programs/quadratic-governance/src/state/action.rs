//! An action: one compiled instruction that a choice of a proposal executes.

use {
    super::proposal::{CLASS_HIGH, CLASS_NORMAL, CLASS_UPGRADE},
    crate::{constants::*, errors::GovernanceError},
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    commonweal_interface::ids,
};

/// Flag of an account the action writes.
pub const FLAG_WRITABLE: u8 = 1;
/// Flag of an account that signs; only the lane's treasury can.
pub const FLAG_SIGNER: u8 = 2;

/// An account of an action, as given when it is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct ActionAccount {
    /// Its address.
    pub address: [u8; 32],
    /// 1 writable, 2 signer, or both.
    pub flags: u8,
}

/// One compiled instruction bound to a choice. Closed when the proposal is finished; rent returns to whoever paid it.
///
/// Seeds: `action`, proposal, index. The header is followed by `account_count` addresses of 32 bytes, as many flag bytes and
/// `data_len` bytes of instruction data.
#[account]
pub struct ProposalAction {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Index in the proposal.
    pub index: u8,
    /// The choice it belongs to.
    pub choice: u8,
    /// Place among the actions of its choice.
    pub order: u8,
    /// Treasury lane that may sign.
    pub lane: u8,
    /// Accounts that follow the header.
    pub account_count: u8,
    /// 1 once executed.
    pub executed: u8,
    /// The proposal.
    pub proposal: Address,
    /// The program called.
    pub program: Address,
    /// Address of the lane's treasury.
    pub treasury: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// Lamports that may leave the lane.
    pub outflow_lamports: PodU64,
    /// Mint of the tokens that may leave the lane's accounts; zero for none.
    pub outflow_mint: Address,
    /// Atoms of that mint that may leave them.
    pub outflow_atoms: PodU64,
    /// Execution, Unix time in seconds; zero before.
    pub executed_ts: PodI64,
    /// Bytes of instruction data.
    pub data_len: PodU16,
    /// Bytes of it written: parts follow until all is there.
    pub data_written: PodU16,
    /// Threshold class of this action.
    pub class: u8,
    /// 1 once an upgrade is pinned.
    pub pinned: u8,
    /// Zero, for growth.
    pub reserved_mid: [u8; 2],
    /// Slot of the program's last deployment when its upgrade was pinned, for readers; zero for other actions.
    pub pinned_slot: PodU64,
    /// SHA-256 of the buffer's account data when the upgrade was pinned, header included; zero for other actions.
    pub pinned_hash: [u8; 32],
    /// Bytes of the program's code account when its upgrade was pinned; zero for other actions.
    pub pinned_code_len: PodU32,
    /// SHA-256 of the code in that many bytes, cut to 28 bytes; zero for other actions.
    pub pinned_code_hash: [u8; 28],
}

/// Bytes of a `ProposalAction` before its message.
pub const ACTION_HEADER_LEN: usize = 280;
const _: () = assert!(core::mem::size_of::<ProposalAction>() == ACTION_HEADER_LEN - 8);

/// Bytes of an action account.
pub fn action_len(accounts: usize, data: usize) -> Result<usize> {
    require!(accounts <= MAX_ACTION_ACCOUNTS, GovernanceError::TooManyActionAccounts);
    require!(data <= MAX_ACTION_DATA, GovernanceError::ActionDataTooLong);
    accounts
        .checked_mul(33)
        .and_then(|len| len.checked_add(data))
        .and_then(|len| len.checked_add(ACTION_HEADER_LEN))
        .ok_or(GovernanceError::ArithmeticOverflow.into())
}

/// Instructions of this program an executed proposal may call; each asks for lane 0's signature.
pub fn is_allowed_self_call(data: &[u8]) -> bool {
    matches!(
        data.first(),
        Some(
            &crate::ADD_ATTESTOR
                | &crate::DISABLE_ATTESTOR
                | &crate::SET_PARAMETERS
                | &crate::SET_CHAMBERS
                | &crate::SET_IDENTITY_COST
        )
    )
}

/// Whether a call replaces the code of a program through the upgradeable loader (`Upgrade`, a 4-byte tag).
pub fn is_upgrade(program: &Address, data: &[u8]) -> bool {
    program == &UPGRADEABLE_LOADER && data.get(..4) == Some(&[3, 0, 0, 0])
}

/// The threshold class of a call. Normal is only what moves a balance out of the treasury within its declared outflow:
/// a system transfer, a token transfer. Everything else may touch authorities, code or parameters.
pub fn class_of(program: &Address, data: &[u8]) -> u8 {
    let pays = if program == &ids::SYSTEM {
        // `Transfer`, a 4-byte tag
        data.get(..4) == Some(&[2, 0, 0, 0])
    } else if commonweal_interface::token::is_token_program(program) {
        // `Transfer`, `TransferChecked`
        matches!(data.first(), Some(3 | 12))
    } else {
        false
    };
    if pays {
        CLASS_NORMAL
    } else if is_upgrade(program, data) {
        CLASS_UPGRADE
    } else {
        CLASS_HIGH
    }
}

/// The chambers whose program a call touches, a bit each: the program itself is called, or it or its code is among the accounts.
pub fn touched_chambers(program: &Address, accounts: &[ActionAccount]) -> u8 {
    let mut touched = 0u8;
    for (chamber, keys) in CHAMBER_PROGRAMS.iter().enumerate() {
        let is_named = keys
            .iter()
            .any(|key| key == program || accounts.iter().any(|account| account.address == *key.as_array()));
        if is_named {
            touched |= 1 << chamber;
        }
    }
    touched
}

/// Holds a message against what an action may be, whoever votes for it.
pub fn validate_message(program: &Address, treasury: &Address, accounts: &[ActionAccount], data: &[u8]) -> Result<()> {
    if program == &crate::ID {
        require!(is_allowed_self_call(data), GovernanceError::SelfCallRefused);
    }
    if is_upgrade(program, data) {
        // program data, program, buffer, spill, rent, clock, authority
        let by_lane = accounts
            .get(6)
            .is_some_and(|authority| authority.address == *treasury.as_array());
        require!(by_lane, GovernanceError::UpgradeNotPinned);
    }
    for account in accounts {
        require!(
            account.flags <= FLAG_WRITABLE | FLAG_SIGNER,
            GovernanceError::ActionFlagUnknown
        );
        let signs = account.flags & FLAG_SIGNER != 0;
        require!(
            !signs || account.address == *treasury.as_array(),
            GovernanceError::ActionSignerRefused
        );
    }
    Ok(())
}

/// The message of an action account, borrowed from its bytes.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Addresses, 32 bytes each.
    addresses: &'a [u8],
    /// Flags, one byte each.
    flags: &'a [u8],
    /// Instruction data.
    pub data: &'a [u8],
}

impl<'a> Message<'a> {
    /// Cuts the message out of an account's bytes.
    pub fn read(account: &'a [u8], account_count: u8, data_len: u16) -> Result<Self> {
        let tail = account
            .get(ACTION_HEADER_LEN..)
            .ok_or(ProgramError::AccountDataTooSmall)?;
        let count = usize::from(account_count);
        let keys_len = count.checked_mul(32).ok_or(GovernanceError::ArithmeticOverflow)?;
        let (addresses, rest) = tail
            .split_at_checked(keys_len)
            .ok_or(ProgramError::AccountDataTooSmall)?;
        let (flags, rest) = rest.split_at_checked(count).ok_or(ProgramError::AccountDataTooSmall)?;
        let data = rest
            .get(..usize::from(data_len))
            .ok_or(ProgramError::AccountDataTooSmall)?;
        Ok(Self { addresses, flags, data })
    }

    /// Address and flags of each account, in order.
    pub fn accounts(&self) -> impl Iterator<Item = (&'a [u8], u8)> {
        self.addresses.chunks_exact(32).zip(self.flags.iter().copied())
    }

    /// Address of one account.
    pub fn address(&self, place: usize) -> Option<&'a [u8; 32]> {
        self.addresses
            .chunks_exact(32)
            .nth(place)
            .and_then(|chunk| chunk.first_chunk())
    }
}

impl ProposalAction {
    /// Writes this header, its discriminator, its accounts and the first part of its data into a created account.
    #[inline(never)]
    pub fn write(&self, account: &AccountView, accounts: &[ActionAccount], part: &[u8]) -> Result<()> {
        let mut view = *account;
        // SAFETY: the account was just created by this instruction; nothing else refers to its bytes.
        let target = unsafe { view.borrow_unchecked_mut() };
        let mut bytes: Vec<u8> = Vec::with_capacity(target.len());
        bytes.extend_from_slice(Self::DISCRIMINATOR);
        bytes.extend_from_slice(bytemuck::bytes_of(self));
        for account in accounts {
            bytes.extend_from_slice(&account.address);
        }
        bytes.extend(accounts.iter().map(|account| account.flags));
        bytes.extend_from_slice(part);
        target
            .get_mut(..bytes.len())
            .ok_or(GovernanceError::PartOutOfBounds)?
            .copy_from_slice(&bytes);
        Ok(())
    }

    /// Writes the next part of the data. Whether it is complete now.
    pub fn apply_part(&mut self, account: &AccountView, part: &[u8]) -> Result<bool> {
        let written = usize::from(self.data_written.get());
        let start = usize::from(self.account_count)
            .checked_mul(33)
            .and_then(|accounts| accounts.checked_add(ACTION_HEADER_LEN))
            .and_then(|data| data.checked_add(written))
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let end = start
            .checked_add(part.len())
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let written = written
            .checked_add(part.len())
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let fits = !part.is_empty() && written <= usize::from(self.data_len.get());
        require!(fits, GovernanceError::PartOutOfBounds);
        let mut view = *account;
        // SAFETY: the part lies behind the header, which the typed reference is to.
        let target = unsafe { view.borrow_unchecked_mut() };
        target
            .get_mut(start..end)
            .ok_or(GovernanceError::PartOutOfBounds)?
            .copy_from_slice(part);
        self.data_written = u16::try_from(written)
            .map_err(|_| GovernanceError::PartOutOfBounds)?
            .into();
        Ok(self.data_written == self.data_len)
    }

    /// This action is the winner's next one.
    pub fn validate_turn(&self, winner: u8, executed_count: u8) -> Result<()> {
        require!(self.choice == winner, GovernanceError::ActionOfOtherChoice);
        require!(self.executed == 0, GovernanceError::ActionExecutedAlready);
        require!(self.order == executed_count, GovernanceError::ActionOutOfOrder);
        Ok(())
    }

    /// Marks the action executed, before the call.
    pub fn apply_execution(&mut self, now_ts: i64) {
        self.executed = 1;
        self.executed_ts = now_ts.into();
    }
}
