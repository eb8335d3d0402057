//! The entrypoint on chain: from the runtime's bytes to an instruction's handler.
//!
//! Anchor's own dispatch inlines the walk over the accounts into every handler, which is a third of a program of many small
//! instructions. Here the walk, the search for repeated accounts and the parsing of what trails are one body for all of them; the
//! accounts structs still load and validate themselves by what Anchor derives. The table below must say what `#[program]` says
//! (that one makes the IDL and the clients' types); a test calls every instruction by its IDL number.

use {
    crate::{
        errors::{EscrowError, Fault},
        instructions::*,
        state::{ConfigParams, CourtParams, SlotOffer, Step, JOB_TERMS_LEN, LEASE_TERMS_LEN},
    },
    anchor_lang::{prelude::*, AccountBitvec, AccountCursor, AccountView, ErrorCode, TryAccounts},
    core::mem::MaybeUninit,
};

anchor_lang::pinocchio::default_allocator!();
anchor_lang::pinocchio::default_panic_handler!();

/// As many as a transaction can name.
const MAX_ACCOUNTS: usize = 256;

/// What the runtime passed: every account of the instruction, and its data behind the first byte.
struct Call<'a> {
    program_id: &'a Address,
    views: &'a [AccountView],
    /// Which accounts repeat an earlier one.
    repeated: Option<&'a AccountBitvec>,
    data: &'a [u8],
}

/// The accounts listed must be there, and none that is written may be repeated. What is wrong, if anything.
#[inline(never)]
fn admit(call: &Call, listed: usize, written: u64) -> Option<Fault> {
    if call.views.len() < listed {
        return Some(ErrorCode::AccountNotEnoughKeys.into());
    }
    let is_repeated = |repeated: &AccountBitvec| repeated.intersects(&[written, 0, 0, 0]);
    call.repeated
        .is_some_and(is_repeated)
        .then(|| ErrorCode::ConstraintDuplicateMutableAccount.into())
}

/// Reads an instruction's arguments and calls its handler.
type Enter<'a, T> = fn(&mut T, &'a [u8], &[AccountView]) -> Step;

impl<'a> Call<'a> {
    /// Loads and validates the accounts of an instruction and hands them to its handler, with those that trail.
    #[inline(never)]
    fn run<T: TryAccounts>(&self, enter: Enter<'a, T>) -> Step {
        const { assert!(T::MUT_MASK[1] | T::MUT_MASK[2] | T::MUT_MASK[3] == 0) };
        if let Some(fault) = admit(self, T::HEADER_SIZE, T::MUT_MASK[0]) {
            return Err(fault);
        }
        // SAFETY: `admit` has counted them; the loading below reads one after the other without asking again.
        unsafe { core::hint::assert_unchecked(self.views.len() >= T::HEADER_SIZE) };
        let (mut accounts, _, _) = T::validate_accounts(self.program_id, self.views, self.repeated, 0, self.data)?;
        let trailing = self.views.get(T::HEADER_SIZE..).unwrap_or(&[]);
        enter(&mut accounts, self.data, trailing)
    }
}

/// The arguments of an instruction. Bytes behind them are ignored, as Anchor does.
#[inline(always)]
fn read<'a, T>(data: &'a [u8]) -> Step<T>
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
                #[inline(always)]
                pub fn $name(call: &Call) -> Step {
                    call.run::<$accounts>(|context, data, trailing| {
                        let ($($argument,)*): ($($type,)*) = read(data)?;
                        let handle: fn(&mut $accounts, &[AccountView], ($($type,)*)) -> Step = $body;
                        handle(context, trailing, ($($argument,)*))
                    })
                }
            )*
        }

        fn dispatch(number: u8, call: &Call) -> Step {
            match number {
                $($number => handlers::$name(call),)*
                _ => Err(ErrorCode::InstructionFallbackNotFound.into()),
            }
        }
    };
}

instructions! {
    0 initialize_config: InitializeConfig, (args: InitializeConfigArgs)
        => |context, _, (args,)| initialize_config::initialize_config(context, &args);
    1 update_config: UpdateConfig, (params: ConfigParams)
        => |context, _, (params,)| update_config::update_config(context, &params);
    2 allow_mint: AllowMint, () => |context, _, ()| allow_mint::allow_mint(context);
    3 disallow_mint: DisallowMint, (mint: &Address)
        => |context, _, (mint,)| disallow_mint::disallow_mint(context, mint);
    4 register_provider: RegisterProvider, (session_key: &Address, region: u16)
        => |context, _, (session_key, region)| register_provider::register_provider(context, session_key, region);
    5 rotate_session_key: RotateSessionKey, (session_key: &Address)
        => |context, _, (session_key,)| rotate_session_key::rotate_session_key(context, session_key);
    6 add_slot: AddSlot, (model_id: u32, vram_mib: u32, offer: SlotOffer)
        => |context, _, (model_id, vram_mib, offer)| add_slot::add_slot(context, model_id, vram_mib, &offer);
    7 update_slot: UpdateSlot, (offer: SlotOffer) => |context, _, (offer,)| update_slot::update_slot(context, &offer);
    8 deposit_bond: DepositBond, (lamports: u64)
        => |context, _, (lamports,)| deposit_bond::deposit_bond(context, lamports);
    9 withdraw_bond: WithdrawBond, (lamports: u64)
        => |context, _, (lamports,)| withdraw_bond::withdraw_bond(context, lamports);
    10 open_payout: OpenPayout, () => |context, _, ()| open_payout::open_payout(context);
    11 close_payout: ClosePayout, () => |context, _, ()| close_payout::close_payout(context);
    12 post_job: PostJob, (nonce: u64, job_bump: u8, vault_bump: u8, terms: &[u8; JOB_TERMS_LEN])
        => |context, _, (nonce, job_bump, vault_bump, terms)|
            post_job::post_job(context, nonce, job_bump, vault_bump, terms);
    13 claim_job: ClaimJob, (uid: &[u8; 32]) => |context, _, (uid,)| claim_job::claim_job(context, uid);
    14 decline_job: WorkOnJob, () => |context, _, ()| decline_job::decline_job(context);
    15 start_job: WorkOnJob, (input_hash: &[u8; 32])
        => |context, _, (input_hash,)| start_job::start_job(context, input_hash);
    16 commit_result: WorkOnJob, (commitment: &[u8; 32])
        => |context, _, (commitment,)| commit_result::commit_result(context, commitment);
    17 reveal_result: WorkOnJob, (result: &[u8; 32], salt: &[u8; 32])
        => |context, _, (result, salt)| reveal_result::reveal_result(context, result, salt);
    18 settle: Settle, () => |context, _, ()| settle::settle(context);
    19 withdraw_payout: WithdrawPayout, () => |context, _, ()| withdraw_payout::withdraw_payout(context);
    20 sweep_fees: SweepFees, () => |context, _, ()| sweep_fees::sweep_fees(context);
    21 cancel_job: TakeBack, () => |context, _, ()| cancel_job::cancel_job(context);
    22 claim_refund: TakeBack, () => |context, _, ()| claim_refund::claim_refund(context);
    23 close_job: CloseJob, () => |context, _, ()| close_job::close_job(context);
    24 crank: Crank, () => |context, _, ()| crank::crank(context);
    25 update_court: UpdateConfig, (params: CourtParams)
        => |context, _, (params,)| update_court::update_court(context, &params);
    26 link_person: LinkPerson, () => |context, _, ()| link_person::link_person(context);
    27 unlink_person: UnlinkPerson, () => |context, _, ()| link_person::unlink_person(context);
    28 attest_slot: AttestSlot, (claim: AttestationClaim)
        => |context, _, (claim,)| attest_slot::attest_slot(context, &claim);
    29 close_attestation: CloseAttestation, () => |context, _, ()| attest_slot::close_attestation(context);
    30 fold_reputation: FoldReputation, () => |context, _, ()| fold_reputation::fold_reputation(context);
    31 accept_milestone: AcceptMilestone, (index: u8)
        => |context, _, (index,)| accept_milestone::accept_milestone(context, index);
    32 settle_contribution: SettleContribution, ()
        => |context, _, ()| settle_contribution::settle_contribution(context);
    33 place_bid: TakePart, (uid: &[u8; 32], commitment: &[u8; 32])
        => |context, _, (uid, commitment)| take_part::place_bid(context, uid, commitment);
    34 reveal_bid: WorkOnPart, (price_atoms: u64, salt: &[u8; 32])
        => |context, _, (price_atoms, salt)| work_on_part::reveal_bid(context, price_atoms, salt);
    35 award: Award, () => |context, _, ()| award::award(context);
    36 reclaim_bid: ReclaimBid, () => |context, _, ()| reclaim_bid::reclaim_bid(context);
    37 join_job: TakePart, (uid: &[u8; 32]) => |context, _, (uid,)| take_part::join_job(context, uid);
    38 commit_contribution: WorkOnPart, (commitment: &[u8; 32])
        => |context, _, (commitment,)| work_on_part::commit_contribution(context, commitment);
    39 reveal_contribution: WorkOnPart, (result: &[u8; 32], salt: &[u8; 32])
        => |context, _, (result, salt)| work_on_part::reveal_contribution(context, result, salt);
    40 compare_results: CompareResults, () => |context, parts, ()| compare_results::compare_results(context, parts);
    41 challenge_result: ChallengeResult, (uid: &[u8; 32], claimed_result: &[u8; 32], agent: &Address)
        => |context, _, (uid, claimed_result, agent,)| court::claims::challenge_result(context, uid, claimed_result, agent);
    42 prove_canary: ChallengeResult, (uid: &[u8; 32], proof: CanaryProof)
        => |context, _, (uid, proof,)| court::claims::prove_canary(context, uid, &proof);
    43 answer_challenge: AnswerChallenge, (agent: &Address)
        => |context, _, (agent,)| court::claims::answer_challenge(context, agent);
    44 resolve_challenge: ResolveChallenge, ()
        => |context, _, ()| court::resolve::resolve_challenge(context);
    45 open_jury: OpenJury, ()
        => |context, _, ()| court::jurors::open_jury(context);
    46 enroll_juror: EnrollJuror, (index: u32, stake_lamports: u64)
        => |context, _, (index, stake_lamports,)| court::jurors::enroll_juror(context, index, stake_lamports);
    47 leave_jury: LeaveJury, ()
        => |context, _, ()| court::jurors::leave_jury(context);
    48 open_dispute: OpenDispute, ()
        => |context, _, ()| court::case::open_dispute(context);
    49 commit_seed: MoveCase, (commitment: &[u8; 32])
        => |context, _, (commitment,)| court::case::commit_seed(context, commitment);
    50 reveal_seed: MoveCase, (secret: &[u8; 32])
        => |context, _, (secret,)| court::case::reveal_seed(context, secret);
    51 pin_seed: MoveCase, ()
        => |context, _, ()| court::case::pin_seed(context);
    52 draw_panel: DrawPanel, ()
        => |context, _, ()| court::panel::draw_panel(context);
    53 commit_vote: Vote, (commitment: &[u8; 32])
        => |context, _, (commitment,)| court::panel::commit_vote(context, commitment);
    54 reveal_vote: Vote, (ppm: u32, salt: &[u8; 32])
        => |context, _, (ppm, salt,)| court::panel::reveal_vote(context, ppm, salt);
    55 report_leak: EndSeat, (ppm: u32, salt: &[u8; 32])
        => |context, _, (ppm, salt,)| court::panel::report_leak(context, ppm, salt);
    56 appeal: MoveCase, ()
        => |context, _, ()| court::case::appeal(context);
    57 link_proposal: MoveCase, ()
        => |context, _, ()| court::case::link_proposal(context);
    58 rule: MoveCase, (uid: &[u8; 32], provider_ppm: u32)
        => |context, _, (uid, provider_ppm,)| court::case::rule(context, uid, provider_ppm);
    59 crank_dispute: MoveCase, ()
        => |context, _, ()| court::case::crank_dispute(context);
    60 execute_ruling: ExecuteRuling, ()
        => |context, _, ()| court::ruling::execute_ruling(context);
    61 close_seat: EndSeat, ()
        => |context, _, ()| court::panel::close_seat(context);
    62 close_dispute: CloseDispute, ()
        => |context, trailing, ()| court::ruling::close_dispute(context, trailing);
    81 attest_result: AttestResult, (uid: &[u8; 32], evidence_hash: &[u8; 32])
        => |context, _, (uid, evidence_hash)| attest_result::attest_result(context, uid, evidence_hash);
    63 post_lease: PostLease, (nonce: u64, lease_bump: u8, vault_bump: u8, terms: [u8; LEASE_TERMS_LEN])
        => |context, _, (nonce, lease_bump, vault_bump, terms)|
            lease::post_lease(context, nonce, lease_bump, vault_bump, &terms);
    64 accept_lease: WorkOnLease, (uid: &[u8; 32]) => |context, _, (uid,)| lease::accept_lease(context, uid);
    65 start_lease: WorkOnLease, () => |context, _, ()| lease::start_lease(context);
    66 resume_lease: WorkOnLease, () => |context, _, ()| lease::resume_lease(context);
    67 reclaim_notice: WorkOnLease, () => |context, _, ()| lease::reclaim_notice(context);
    68 top_up: TopUp, (uid: &[u8; 32], atoms: u64) => |context, _, (uid, atoms)| lease::top_up(context, uid, atoms);
    69 redeem_voucher: RedeemVoucher, () => |context, _, ()| lease::redeem_voucher(context);
    70 close_lease: LeaveLease, () => |context, _, ()| lease::close_lease(context);
    71 crank_lease: LeaveLease, () => |context, _, ()| lease::crank_lease(context);
    72 open_gang: OpenGang, (nonce: u64, size: u8, gather_seconds: u32)
        => |context, _, (nonce, size, gather_seconds)| lease::open_gang(context, nonce, size, gather_seconds);
    73 close_gang: CloseGang, () => |context, _, ()| lease::close_gang(context);
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
        Err(fault) => fault.0.get(),
    }
}

#[inline(never)]
unsafe fn enter(input: *mut u8, data: *const u8, lookup: *mut AccountView) -> Step {
    // SAFETY: the runtime's layout: eight bytes of length before the data, the program's address behind, the number of accounts
    // first in the input, then as many records; `lookup` has room for all of them.
    unsafe {
        let length = usize::try_from(data.sub(8).cast::<u64>().read()).map_err(|_| EscrowError::MathOverflow)?;
        let bytes = core::slice::from_raw_parts(data, length);
        let program_id = &*data.add(length).cast::<Address>();
        anchor_lang::check_program_id(program_id, &crate::ID)?;
        let (number, data) = bytes.split_first().ok_or(ErrorCode::InstructionFallbackNotFound)?;
        let given = usize::try_from(input.cast::<u64>().read()).map_err(|_| EscrowError::MathOverflow)?;
        let mut cursor = AccountCursor::new(input, lookup);
        let (views, repeated) = cursor.walk_n(given);
        let call = Call {
            program_id,
            views,
            repeated,
            data,
        };
        dispatch(*number, &call)
    }
}
