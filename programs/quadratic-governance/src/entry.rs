//! The entrypoint on chain: from the runtime's bytes to an instruction's handler.
//!
//! Anchor's own dispatch inlines the walk over the accounts into every handler, which is a third of a program of many small
//! instructions. Here the walk, the search for repeated accounts and the parsing of what trails are one body for all of them; the
//! accounts structs still load and validate themselves by what Anchor derives. The table below must say what `#[program]` says
//! (that one makes the IDL and the clients' types); a test calls every instruction by its IDL number.

use {
    crate::{errors::GovernanceError, instructions::*, state::RealmParameters},
    alloc::vec::Vec,
    anchor_lang::{prelude::*, AccountBitvec, AccountCursor, AccountView, ErrorCode, MutMask, TryAccounts},
    core::mem::MaybeUninit,
};

anchor_lang::pinocchio::default_allocator!();
anchor_lang::pinocchio::default_panic_handler!();

/// As many as a transaction can name.
const MAX_ACCOUNTS: usize = 256;

/// What the runtime passed: the accounts and the instruction's data behind its first byte.
struct Call<'a> {
    program_id: &'a Address,
    cursor: &'a mut AccountCursor,
    /// How many accounts are given.
    given: usize,
    data: &'a [u8],
}

/// Walks every account given. Those listed must be there, and none that is written may be repeated.
#[inline(never)]
fn walk<'a>(
    cursor: &'a mut AccountCursor,
    given: usize,
    listed: usize,
    written: &[u64; 4],
) -> Result<(&'a [AccountView], Option<&'a AccountBitvec>)> {
    require!(given >= listed, ErrorCode::AccountNotEnoughKeys);
    // SAFETY: the runtime has written as many records as it says.
    let (views, repeated) = unsafe { cursor.walk_n(given) };
    require!(
        !repeated.is_some_and(|repeated| repeated.intersects(written)),
        ErrorCode::ConstraintDuplicateMutableAccount
    );
    Ok((views, repeated))
}

impl<'a> Call<'a> {
    /// Loads and validates the accounts of an instruction and hands them to its handler, with those that trail.
    #[inline(always)]
    fn run<T: TryAccounts>(
        self,
        enter: impl FnOnce(&mut Context<'a, T>, &'a [u8], &[AccountView]) -> Result<()>,
    ) -> Result<()> {
        // SAFETY: the cursor stands at the end of the accounts after the walk and is not used again: no handler asks its
        // context for what trails, which are the views behind the listed ones. The views live as long as the instruction.
        let cursor: *mut AccountCursor = self.cursor;
        let (views, repeated) = walk(unsafe { &mut *cursor }, self.given, T::HEADER_SIZE, &T::MUT_MASK)?;
        let (accounts, bumps, _) = T::validate_accounts(self.program_id, views, repeated, 0, self.data)?;
        let trailing = views.get(T::HEADER_SIZE..).unwrap_or(&[]);
        let mut context = Context::new(
            self.program_id,
            accounts,
            bumps,
            unsafe { &mut *cursor },
            0,
            MutMask::Static(&T::MUT_MASK),
        );
        enter(&mut context, self.data, trailing)
    }
}

/// The arguments of an instruction. Bytes behind them are ignored, as Anchor does.
#[inline(always)]
fn read<'a, T>(data: &'a [u8]) -> Result<T>
where
    T: anchor_lang::wincode::SchemaRead<'a, anchor_lang::BorshConfig, Dst = T>,
{
    anchor_lang::wincode::config::deserialize(data, anchor_lang::BORSH_CONFIG)
        .map_err(|_| ErrorCode::InstructionDidNotDeserialize.into())
}

/// One function an instruction: its accounts, its arguments, its handler.
macro_rules! instructions {
    ($($number:literal $name:ident: $accounts:ty, ($($argument:ident: $type:ty),*) => $body:expr;)*) => {
        mod handlers {
            use super::*;
            $(
                #[inline(never)]
                pub fn $name(call: Call) -> Result<()> {
                    call.run::<$accounts>(|context, data, trailing| {
                        let ($($argument,)*): ($($type,)*) = read(data)?;
                        let handle: fn(&mut Context<$accounts>, &[AccountView], ($($type,)*)) -> Result<()> = $body;
                        handle(context, trailing, ($($argument,)*))
                    })
                }
            )*
        }

        fn dispatch(number: u8, call: Call) -> Result<()> {
            match number {
                $($number => handlers::$name(call),)*
                _ => Err(ErrorCode::InstructionFallbackNotFound.into()),
            }
        }
    };
}

instructions! {
    0 create_realm: CreateRealm, (name_hash: [u8; 32], choice: RealmChoice)
        => |context, _, (name_hash, choice)| create_realm::handler(context, name_hash, &choice);
    1 add_attestor: AddAttestor, (key: [u8; 32], choice: AttestorChoice)
        => |context, _, (key, choice)| add_attestor::handler(context, key, &choice);
    2 disable_attestor: DisableAttestor, () => |context, _, ()| disable_attestor::handler(context);
    3 register_person: RegisterPerson, (nullifier: [u8; 32], expires_ts: i64, deadline_ts: i64)
        => |context, further, (nullifier, expires_ts, deadline_ts)|
            register_person::handler(context, further, nullifier, expires_ts, deadline_ts);
    4 open_stake: OpenStake, () => |context, _, ()| open_stake::handler(context);
    5 stake: DepositStake, (amount_atoms: u64) => |context, _, (amount_atoms,)| stake::handler(context, amount_atoms);
    6 unstake: WithdrawStake, (amount_atoms: u64) => |context, _, (amount_atoms,)| unstake::handler(context, amount_atoms);
    7 close_stake: CloseStake, () => |context, _, ()| close_stake::handler(context);
    8 open_ballot: OpenBallot, (epoch: u32) => |context, _, (epoch,)| open_ballot::handler(context, epoch);
    9 close_ballot: CloseBallot, () => |context, _, ()| close_ballot::handler(context);
    10 create_proposal: CreateProposal, (content_hash: [u8; 32], choices: u8)
        => |context, _, (content_hash, choices)| create_proposal::handler(context, content_hash, choices);
    11 add_action: AddAction, (call: ActionCall) => |context, _, (call,)| add_action::handler(context, &call);
    12 submit_proposal: SubmitProposal, () => |context, _, ()| submit_proposal::handler(context);
    13 cancel_proposal: CancelProposal, () => |context, _, ()| cancel_proposal::handler(context);
    14 cast_votes: CastVotes, (option: u8, votes: u32)
        => |context, _, (option, votes)| cast_votes::handler(context, option, votes);
    15 finalize: Finalize, () => |context, _, ()| finalize::handler(context);
    16 execute_action: ExecuteAction, () => |context, given, ()| execute_action::handler(context, given);
    17 expire_proposal: ExpireProposal, () => |context, _, ()| expire_proposal::handler(context);
    18 close_action: CloseAction, () => |context, _, ()| close_action::handler(context);
    19 close_proposal: CloseProposal, () => |context, _, ()| close_proposal::handler(context);
    20 set_parameters: SetParameters, (parameters: RealmParameters)
        => |context, _, (parameters,)| set_parameters::handler(context, &parameters);
    21 set_chambers: SetParameters, (chambers: ChamberChoice)
        => |context, _, (chambers,)| set_parameters::chambers_handler(context, &chambers);
    22 set_identity_cost: SetIdentityCost, (identity_cost_atoms: u64)
        => |context, _, (identity_cost_atoms,)| set_parameters::cost_handler(context, identity_cost_atoms);
    23 act_on_person: ActOnPerson, (act: PersonAct, expires_ts: i64, deadline_ts: i64)
        => |context, further, (act, expires_ts, deadline_ts)|
            act_on_person::handler(context, further, act, expires_ts, deadline_ts);
    24 retire_person: RetirePerson, () => |context, _, ()| retire_person::handler(context);
    25 move_wallet: MoveWallet, () => |context, _, ()| move_wallet::handler(context);
    26 cancel_recovery: CancelRecovery, () => |context, _, ()| move_wallet::cancel_handler(context);
    27 strip_votes: StripVotes, () => |context, _, ()| strip_votes::handler(context);
    28 open_pool: OpenPool, () => |context, _, ()| delegate_pool::open_handler(context);
    29 close_pool: ClosePool, () => |context, _, ()| delegate_pool::close_handler(context);
    30 join_delegate: JoinDelegate, () => |context, _, ()| join_delegate::handler(context);
    31 extend_delegation: ExtendDelegation, () => |context, _, ()| join_delegate::extend_handler(context);
    32 leave_delegate: LeaveDelegate, (at_epoch_end: bool)
        => |context, proposals, (at_epoch_end,)| leave_delegate::handler(context, proposals, at_epoch_end);
    33 cast_delegated: CastDelegated, (option: u8, share_q16: u32)
        => |context, _, (option, share_q16)| cast_delegated::handler(context, option, share_q16);
    34 append_action: AppendAction, (part: Vec<u8>) => |context, _, (part,)| append_action::handler(context, &part);
    35 pin_upgrade: PinUpgrade, () => |context, _, ()| append_action::pin_handler(context);
    36 exclude_bucket: ExcludeBucket, (slot: u8) => |context, pairs, (slot,)| exclude_bucket::handler(context, pairs, slot);
    37 enroll_chamber: EnrollChamber, (chamber: u8) => |context, _, (chamber,)| chamber::enroll_handler(context, chamber);
    38 refresh_seat: RefreshSeat, () => |context, _, ()| chamber::refresh_handler(context);
    39 close_seat: CloseSeat, () => |context, _, ()| chamber::close_handler(context);
    40 veto_as_chamber: VetoAsChamber, () => |context, _, ()| chamber::veto_handler(context);
    41 veto: Veto, (as_spam: bool) => |context, _, (as_spam,)| veto::handler(context, as_spam);
    42 override_veto: OverrideVeto, () => |context, _, ()| veto::override_handler(context);
    43 resign_guardian: ResignGuardian, () => |context, _, ()| veto::resign_handler(context);
    44 open_book: OpenBook, (lane: u8) => |context, _, (lane,)| dividend::book_handler(context, lane);
    45 fund_dividend: FundDividend, (epoch: u32) => |context, _, (epoch,)| dividend::fund_handler(context, epoch);
    46 claim_dividend: ClaimDividend, () => |context, _, ()| dividend::claim_handler(context);
    47 close_dividend: CloseDividend, () => |context, _, ()| dividend::close_handler(context);
}

/// Called by the runtime: `input` are the accounts, `data` the instruction's bytes, with their length before and the program's
/// address behind them (SIMD-0321).
///
/// # Safety
///
/// Only the runtime calls it, with pointers into its input region.
#[no_mangle]
pub unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
    let mut lookup = [const { MaybeUninit::<AccountView>::uninit() }; MAX_ACCOUNTS];
    // SAFETY: the runtime's layout, as the doc says.
    let outcome = unsafe { enter(input, data, lookup.as_mut_ptr().cast()) };
    match outcome {
        Ok(()) => 0,
        Err(error) => error.into(),
    }
}

#[inline(never)]
unsafe fn enter(input: *mut u8, data: *const u8, lookup: *mut AccountView) -> Result<()> {
    // SAFETY: the runtime's layout: eight bytes of length before the data, the program's address behind, the number of accounts
    // first in the input; `lookup` has room for all of them.
    let (bytes, program_id, given, mut cursor) = unsafe {
        let length =
            usize::try_from(data.sub(8).cast::<u64>().read()).map_err(|_| GovernanceError::ArithmeticOverflow)?;
        (
            core::slice::from_raw_parts(data, length),
            &*data.add(length).cast::<Address>(),
            usize::try_from(input.cast::<u64>().read()).map_err(|_| GovernanceError::ArithmeticOverflow)?,
            AccountCursor::new(input, lookup),
        )
    };
    anchor_lang::check_program_id(program_id, &crate::ID)?;
    let (number, data) = bytes.split_first().ok_or(ErrorCode::InstructionFallbackNotFound)?;
    dispatch(
        *number,
        Call {
            program_id,
            cursor: &mut cursor,
            given,
            data,
        },
    )
}
