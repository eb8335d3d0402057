//! An action: one compiled instruction that a choice of a proposal executes.

use {
    super::proposal::{CLASS_HIGH, CLASS_NORMAL},
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
    /// Bytes of it written; equal to `data_len` until chunked upload is used.
    pub data_written: PodU16,
    /// Threshold class of this action.
    pub class: u8,
    /// Zero, for growth.
    pub reserved_mid: [u8; 3],
    /// Slot an upgrade's buffer is pinned to; zero until used.
    pub pinned_slot: PodU64,
    /// Hash an upgrade's buffer is pinned to; zero until used.
    pub pinned_hash: [u8; 32],
    /// Zero, for growth.
    pub reserved: [u8; 32],
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

/// Instructions of this program an executed proposal may call: `add_attestor` and `disable_attestor`.
pub fn is_allowed_self_call(data: &[u8]) -> bool {
    matches!(data.first(), Some(&crate::ADD_ATTESTOR | &crate::DISABLE_ATTESTOR))
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
    } else {
        CLASS_HIGH
    }
}

/// Holds a message against what an action may be, whoever votes for it.
pub fn validate_message(program: &Address, treasury: &Address, accounts: &[ActionAccount], data: &[u8]) -> Result<()> {
    if program == &crate::ID {
        require!(is_allowed_self_call(data), GovernanceError::SelfCallRefused);
    }
    // whoever holds the buffer until the execution could replace what was voted on
    require!(!is_upgrade(program, data), GovernanceError::UpgradeNotPinned);
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

    /// Writes a message behind the header of a created account.
    pub fn write(target: &mut [u8], accounts: &[ActionAccount], data: &[u8]) -> Result<()> {
        let mut message: Vec<u8> = Vec::with_capacity(target.len());
        for account in accounts {
            message.extend_from_slice(&account.address);
        }
        message.extend(accounts.iter().map(|account| account.flags));
        message.extend_from_slice(data);
        let tail = target
            .get_mut(ACTION_HEADER_LEN..)
            .ok_or(ProgramError::AccountDataTooSmall)?;
        require!(tail.len() == message.len(), GovernanceError::InvariantViolated);
        tail.copy_from_slice(&message);
        Ok(())
    }
}

impl ProposalAction {
    /// Writes this header, its discriminator and its message into a created account.
    pub fn write(&self, account: &AccountView, accounts: &[ActionAccount], data: &[u8]) -> Result<()> {
        let mut view = *account;
        // SAFETY: the account was just created by this instruction; nothing else refers to its bytes.
        let target = unsafe { view.borrow_unchecked_mut() };
        let (head, _) = target
            .split_at_mut_checked(ACTION_HEADER_LEN)
            .ok_or(ProgramError::AccountDataTooSmall)?;
        let (discriminator, body) = head.split_at_mut_checked(8).ok_or(ProgramError::AccountDataTooSmall)?;
        discriminator.copy_from_slice(Self::DISCRIMINATOR);
        body.copy_from_slice(bytemuck::bytes_of(self));
        Message::write(target, accounts, data)
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
