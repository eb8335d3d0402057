use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
    solana_address::Address,
};

#[test]
fn the_price_is_in_the_vault_and_the_reserve_on_the_job() {
    let mut e = Escrow::ready(0);
    let (client, payer) = (e.world.lamports(&e.key("client")), e.world.lamports(&e.key("payer")));
    let clock = e.world.clock();
    let order = e.post();
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.kind, job.verification, job.version),
        (state_code::OPEN, 0, 1, 1)
    );
    assert_eq!(
        (job.client, job.rent_payer, job.mint),
        (e.key("client"), e.key("payer"), e.mint.address)
    );
    assert_eq!(
        job.uid, order.uid,
        "computed here from the program, the address and the slot number"
    );
    assert_eq!(
        (job.created_ts.get(), job.created_slot.get()),
        (clock.unix_timestamp, clock.slot)
    );
    assert_eq!(
        (job.entered_ts.get(), job.entered_slot.get()),
        (clock.unix_timestamp, clock.slot)
    );
    assert_eq!((job.price_atoms.get(), job.bond_lamports.get()), (PRICE, BOND));
    assert_eq!(
        (job.compensation_lamports.get(), job.fee_ppm.get()),
        (COMPENSATION, FEE_PPM)
    );
    assert_eq!(
        (
            u64::from(job.crank_reserve_lamports.get()),
            u64::from(job.bounty_lamports.get())
        ),
        (BOUNTY, BOUNTY)
    );
    assert_eq!(
        (job.spec_hash, job.module_hash, job.input_hash),
        ([0x11; 32], [0x12; 32], INPUT)
    );
    assert_eq!(
        (job.result, job.challenges_open, job.decimals, job.flags),
        ([0; 32], 0, 6, 1)
    );

    assert_eq!(e.world.tokens(&order.vault), PRICE);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - PRICE);
    let token = e.world.token_state(&order.vault);
    assert_eq!(
        (token.owner, token.has_delegate, token.has_close_authority),
        (order.job, false, false)
    );
    let rent = e.world.rent(436) + e.world.rent(165);
    assert_eq!(e.world.lamports(&e.key("client")), client);
    assert_eq!(e.world.lamports(&e.key("payer")), payer - rent - BOUNTY);
    assert!(rent <= 6_000_000, "rent of job and vault is {rent}");
}

#[test]
fn clients_filter_jobs_by_fixed_offsets() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    let data = e.world.raw(&order.job).data;
    assert_eq!(data.len(), 436);
    assert_eq!(ix::job_byte(&data, 11), state_code::CLAIMED);
    assert_eq!(&data[16..48], e.key("client").as_ref());
    assert_eq!(&data[48..50], &e.config_id.to_le_bytes());
    assert_eq!(&data[56..88], e.slot.as_ref());
    assert_eq!(&data[88..120], e.mint.address.as_ref());
    assert_eq!(&data[152..184], &order.uid);
}

#[test]
fn a_client_that_pays_its_own_rent_is_one_account_in_two_roles() {
    let mut e = Escrow::ready(0);
    let instruction = ix::with(e.post_job(0, &terms()), 1, e.key("client"));
    let order = e.order(0);
    e.orders.push(order);
    e.run(instruction, &["client"]);
    assert_eq!(e.job(&order).rent_payer, e.key("client"));
}

#[test]
fn a_token_2022_mint_without_harmful_extensions_pays_too() {
    let mut e = Escrow::ready_2022(0);
    let order = e.job_in(state_code::FINAL);
    assert_eq!(e.payout_state().claimable_atoms.get(), PROVIDER_PART);
    e.run(e.close(&order), &[]);
}

#[test]
fn prefunded_addresses_do_not_stop_a_posting() {
    let mut e = Escrow::ready(0);
    let order = e.order(e.next_nonce);
    let payer = e.world.lamports(&e.key("payer"));
    e.world.airdrop(&order.job, 1_000_000);
    e.world.airdrop(&order.vault, 900_000_000);
    let posted = e.post();
    assert_eq!(posted.job, order.job);
    assert_eq!(e.world.lamports(&order.job), e.world.rent(436) + BOUNTY);
    // what was sent to the vault's address beyond its rent returns to the rent's payer at the end
    e.run(e.cancel(&posted), &["client"]);
    assert_eq!(e.world.lamports(&e.key("payer")), payer + 1_000_000 + 900_000_000);
}

/// The valid bump below the canonical one, and its address.
fn lower_bump(seeds: &[&[u8]], canonical: u8) -> (Address, u8) {
    (0..canonical)
        .rev()
        .find_map(|bump| {
            let mut all = seeds.to_vec();
            let bytes = [bump];
            all.push(&bytes);
            Address::create_program_address(&all, &ix::PROGRAM)
                .ok()
                .map(|address| (address, bump))
        })
        .unwrap()
}

#[test]
fn another_bump_makes_another_address_and_is_refused_by_the_runtime() {
    let mut e = Escrow::ready(0);
    let order = e.order(0);
    let client = e.key("client");
    let post = e.post_job(0, &terms());
    let mut wrong = post.clone();
    wrong.data[9] = lower_bump(&[b"job", client.as_ref(), &0u64.to_le_bytes()], post.data[9]).1;
    e.fails_as(wrong, &["client", "payer"], builtin::PrivilegeEscalation);
    let mut wrong = post.clone();
    wrong.data[10] = lower_bump(&[b"vault", order.job.as_ref()], post.data[10]).1;
    e.fails_as(wrong, &["client", "payer"], builtin::PrivilegeEscalation);
    // a bump that makes no address at all ends the program
    let on_curve = (0..post.data[9])
        .rev()
        .find(|bump| {
            Address::create_program_address(&[b"job", client.as_ref(), &0u64.to_le_bytes(), &[*bump]], &ix::PROGRAM)
                .is_err()
        })
        .unwrap();
    let mut wrong = post;
    wrong.data[9] = on_curve;
    e.fails_as(wrong, &["client", "payer"], builtin::ProgramFailedToComplete);
}

#[test]
fn a_job_at_a_lower_bump_is_a_job_of_its_own_with_every_exit() {
    let mut e = Escrow::ready(0);
    let client = e.key("client");
    let canonical = e.post();
    let nonce = canonical.nonce;
    let mut post = e.post_job(nonce, &terms());
    let (job, job_bump) = lower_bump(&[b"job", client.as_ref(), &nonce.to_le_bytes()], post.data[9]);
    let (vault, vault_bump) = ix::vault(&job);
    post.data[9] = job_bump;
    post.data[10] = vault_bump;
    e.run(ix::with(ix::with(post, 3, job), 4, vault), &["client", "payer"]);
    e.world.warp(0, 1);
    let order = Order {
        job,
        vault,
        ..canonical
    };
    e.orders.push(order);
    e.check();
    e.run(e.cancel(&order), &["client"]);
    assert_eq!(
        e.world.tokens(&e.client_token),
        CLIENT_ATOMS - PRICE,
        "the other job is untouched"
    );
    e.run(e.cancel(&canonical), &["client"]);
}

#[test]
fn one_nonce_makes_one_job_at_a_time() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let again = e.post_job(order.nonce, &terms());
    e.fails_as(again, &["client", "payer"], builtin::SYSTEM_IN_USE);
}

#[track_caller]
fn refused(change: impl Fn(&mut JobTerms), error: EscrowError) {
    let mut e = Escrow::ready(0);
    let mut t = terms();
    change(&mut t);
    let instruction = e.post_job(0, &t);
    e.fails(instruction, &["client", "payer"], error);
}

#[test]
fn unknown_kinds_and_verifications_are_refused() {
    refused(|t| t.kind = 3, EscrowError::KindNotAvailable);
    refused(|t| t.kind = 255, EscrowError::KindNotAvailable);
    refused(|t| t.verification = 4, EscrowError::VerificationNotAvailable);
    refused(|t| t.verification = 255, EscrowError::VerificationNotAvailable);
}

#[test]
fn a_price_of_zero_is_refused() {
    refused(|t| t.price_atoms = 0, EscrowError::ZeroAmount);
}

#[test]
fn a_fee_above_what_the_client_accepts_is_refused() {
    refused(|t| t.max_fee_ppm = FEE_PPM - 1, EscrowError::FeeAboveLimit);
}

#[test]
fn times_outside_their_bounds_are_refused() {
    refused(|t| t.open_seconds = 59, EscrowError::TimeOutOfBounds);
    refused(|t| t.open_seconds = 2_592_001, EscrowError::TimeOutOfBounds);
    refused(|t| t.start_seconds = 59, EscrowError::TimeOutOfBounds);
    refused(|t| t.start_seconds = 86_401, EscrowError::TimeOutOfBounds);
    refused(|t| t.run_seconds = 59, EscrowError::TimeOutOfBounds);
    refused(|t| t.run_seconds = 2_592_001, EscrowError::TimeOutOfBounds);
    refused(|t| t.reveal_seconds = 299, EscrowError::TimeOutOfBounds);
    refused(|t| t.reveal_seconds = 86_401, EscrowError::TimeOutOfBounds);
    refused(|t| t.challenge_seconds = 3_599, EscrowError::TimeOutOfBounds);
    refused(|t| t.challenge_seconds = 604_801, EscrowError::TimeOutOfBounds);
}

#[test]
fn a_bond_that_covers_no_fault_is_refused() {
    refused(|t| t.bond_lamports = MIN_BOND - 1, EscrowError::BondTooSmall);
    refused(
        |t| t.compensation_lamports = BOND - BOUNTY + 1,
        EscrowError::BondTooSmall,
    );
    refused(|t| t.compensation_lamports = u64::MAX, EscrowError::MathOverflow);
}

#[test]
fn a_compensation_an_empty_wallet_could_not_hold_is_refused() {
    refused(|t| t.compensation_lamports = 999_999, EscrowError::CompensationTooSmall);
}

#[test]
fn hashes_of_zero_are_refused() {
    refused(|t| t.spec_hash = [0; 32], EscrowError::ZeroHash);
    refused(|t| t.module_hash = [0; 32], EscrowError::ZeroHash);
    refused(|t| t.input_hash = [0; 32], EscrowError::ZeroHash);
}

#[test]
fn a_mint_the_config_does_not_list_is_refused() {
    let mut e = Escrow::ready(0);
    let gold = e.world.mint("gold", 6);
    let instruction = ix::with(e.post_job(0, &terms()), 6, gold.address);
    e.fails(instruction, &["client", "payer"], EscrowError::MintNotAllowed);
}

#[test]
fn the_token_program_must_be_the_mints() {
    let mut e = Escrow::ready(0);
    let instruction = ix::with(e.post_job(0, &terms()), 7, commonweal_interface::ids::TOKEN_2022);
    e.fails(instruction, &["client", "payer"], EscrowError::WrongTokenProgram);
}

#[test]
fn nobody_posts_with_anothers_tokens_or_without_enough() {
    let mut e = Escrow::ready(0);
    let strangers = e.tokens_of("stranger");
    let mint = e.mint.clone();
    e.world.mint_into(&mint, &strangers, PRICE);
    let instruction = ix::with(e.post_job(0, &terms()), 5, strangers);
    e.fails_as(instruction, &["client", "payer"], builtin::TOKEN_OWNER);
    let too_much = JobTerms {
        price_atoms: CLIENT_ATOMS + 1,
        ..terms()
    };
    let instruction = e.post_job(0, &too_much);
    e.fails_as(instruction, &["client", "payer"], builtin::TOKEN_INSUFFICIENT);
    let unsigned = ix::unsigned(e.post_job(0, &terms()), 0);
    e.fails_as(unsigned, &["payer"], builtin::MissingRequiredSignature);
}

#[test]
fn a_frozen_client_account_cannot_pay() {
    let mut e = Escrow::ready(0);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    let instruction = e.post_job(0, &terms());
    e.fails_as(instruction, &["client", "payer"], builtin::TOKEN_FROZEN);
}
