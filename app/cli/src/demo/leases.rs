//! The lease: a person behind a provider, a measured slot, rented by the second and paid by vouchers that both sides sign.

use {
    super::{
        governance::member,
        jobs::token,
        story::{Story, ONE, SOL},
    },
    crate::app::Outcome,
    commonweal_client::{
        escrow::{
            self, attestation_address, AttestationClaim, ConfigParams, CourtParams, LeaseTerms, Moment, Rental,
            SlotOffer, Tenancy, Voucher, VoucherTerms, Worker, ATTESTED_SCORE,
        },
        explain::PROGRAM_ERRORS,
        job::wasm::sha256,
        keys, tokens, Address,
    },
    commonweal_interface::{ids, math::mul_div_floor},
    commonweal_migrations::local::{self, CRANK_BOUNTY_LAMPORTS, ESCROW_FEE_PPM},
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    std::sync::Arc,
};

/// Number of the config whose attestor measures slots.
const CONFIG: u16 = 1;
/// What Gia puts up, and what the lease holds of it.
const DEPOSIT_LAMPORTS: u64 = SOL / 4;
const BOND_LAMPORTS: u64 = SOL / 10;
/// Price of a second: 1 COIN.
const RATE: u64 = ONE;
/// What Cleo puts in at first, and later: each pays two minutes.
const FUNDS: u64 = 120 * ONE;
/// The measured speed, and the least that Cleo asks for.
const SCORE: u32 = 1_500;
const LEAST_SCORE: u32 = 1_000;
/// Seconds for which what the story signs is good.
const GOOD_SECONDS: i64 = 3_600;

/// The code of an error of the escrow.
fn code(name: &str) -> u32 {
    let known = PROGRAM_ERRORS
        .iter()
        .find(|known| known.program == "compute-escrow" && known.name == name);
    known.map_or(0, |known| known.code)
}

fn worker(story: &Story<'_>) -> Worker {
    Worker::of_authority(story.wallet("Gia"), 0)
}

/// The key of Cleo's machine; it signs vouchers and nothing else.
fn machine(story: &Story<'_>) -> Keypair {
    keys::derive(story.funder, &[b"machine"])
}

async fn now(story: &Story<'_>) -> Outcome<Moment> {
    let now = story.now().await?;
    Ok(Moment {
        ts: now.unix_ts,
        slot: now.slot,
    })
}

async fn rental(story: &Story<'_>, lease: Address) -> Outcome<Rental> {
    Ok(Rental::fetch(&story.sender.rpc, lease).await?)
}

/// A config lists Ada as its attestor; Gia offers a GPU under it, Milo stands behind her, Ada measures it.
pub async fn enlist(story: &mut Story<'_>) -> Outcome {
    let (founder, config) = (story.funder.pubkey(), escrow::config_address(CONFIG));
    let params = ConfigParams {
        fee_ppm: ESCROW_FEE_PPM,
        crank_bounty_lamports: CRANK_BOUNTY_LAMPORTS,
        min_bond_lamports: local::MIN_BOND_LAMPORTS,
        treasury: story.at.treasury,
    };
    let genesis = story.sender.rpc.genesis_hash().await?.to_bytes();
    let args = escrow::config_args(CONFIG, true, founder, genesis, params);
    let mut court = CourtParams::initial(true);
    if let Some(first) = court.attestors.first_mut() {
        *first = story.wallet("Ada");
    }
    let open = vec![
        escrow::initialize_config(founder, story.at.realm, story.at.payment_mint, args),
        escrow::court::update_court(config, founder, court),
    ];
    story
        .act("the founder makes a config with Ada as attestor", &["the funder"], open)
        .await?;
    let (gia, worker, coin) = (story.wallet("Gia"), worker(story), story.at.payment_mint);
    let offer = SlotOffer {
        is_paused: false,
        ask_mint: coin,
        ask_per_second_atoms: RATE,
        off_peak_ask_per_second_atoms: RATE,
        off_peak_mask: [0; 21],
    };
    story.book.name(worker.slot, "Gia's bond");
    story
        .book
        .name(escrow::payout_address(&worker.slot, &coin), "Gia's payout");
    let offers = vec![
        escrow::register_provider(gia, gia, 0),
        worker.add_slot(config, 4_090, 24_576, offer),
        worker.deposit_bond(DEPOSIT_LAMPORTS),
        escrow::open_payout(gia, worker.slot, &token(story)),
    ];
    story
        .act(
            "Gia registers, offers a GPU and bonds it with 0.25 SOL",
            &["Gia"],
            offers,
        )
        .await?;
    vouch(story).await
}

async fn vouch(story: &mut Story<'_>) -> Outcome {
    let rpc = Arc::clone(&story.sender.rpc);
    let (slot, person) = (worker(story).slot, member(story, "Milo").person);
    let link = escrow::link_person(story.wallet("Milo"), story.wallet("Gia"), person, CONFIG);
    story
        .act(
            "Milo, a verified person, stands behind Gia: both sign",
            &["Milo", "Gia"],
            vec![link],
        )
        .await?;
    let gia = escrow::provider(&rpc, &story.wallet("Gia")).await?;
    story.check("her person is Milo", person, gia.person)?;
    let claim = AttestationClaim {
        kind: ATTESTED_SCORE,
        score: SCORE,
        evidence_hash: sha256(b"a benchmark's log"),
        expires_ts: story.now().await?.unix_ts.saturating_add(GOOD_SECONDS),
    };
    let attest = escrow::attest_slot(story.wallet("Ada"), CONFIG, slot, claim);
    story.act("Ada measures Gia's GPU", &["Ada"], vec![attest]).await?;
    let measured = escrow::slot(&rpc, &slot).await?.measured_score.get();
    story.check("its score is what she measured", u64::from(SCORE), measured)
}

/// Cleo rents by the second; Gia takes it.
pub async fn rent(story: &mut Story<'_>) -> Outcome<Address> {
    let (client, worker) = (story.wallet("Cleo"), worker(story));
    let terms = LeaseTerms {
        rate_per_second_atoms: RATE,
        deposit_atoms: FUNDS,
        bond_lamports: BOND_LAMPORTS,
        compensation_lamports: SOL / 50,
        max_fee_ppm: ESCROW_FEE_PPM,
        open_seconds: 120,
        notice_seconds: 30,
        pause_seconds: 30,
        interval_seconds: 10,
        voucher_key: machine(story).pubkey(),
        slot: Address::default(),
        spec_hash: sha256(b"a container image"),
        model_id: 0,
        min_score: LEAST_SCORE,
        min_vram_gib: 24,
        persons_only: true,
    };
    let tenancy = Tenancy {
        client,
        payer: client,
        config: CONFIG,
        token: token(story),
        client_token: story.tokens("Cleo", &story.at.payment_mint),
        gang: None,
    };
    let lease = escrow::lease_address(&client, 1);
    story.book.name(lease, "the lease");
    let post = escrow::post_lease(&tenancy, 1, terms);
    story
        .act(
            "Cleo posts a lease: 1 COIN a second, two minutes put in, for persons' GPUs",
            &["Cleo"],
            vec![post],
        )
        .await?;
    let posted = rental(story, lease).await?;
    let taken_after = posted.lease.entered().slot;
    story.wait_for("the next slot", |now| now.slot > taken_after).await?;
    story
        .act(
            "Gia accepts it; from now on seconds count",
            &["Gia"],
            vec![posted.accept(&worker)],
        )
        .await?;
    Ok(lease)
}

/// A voucher for the seconds counted so far, signed by both sides off chain.
async fn voucher(story: &mut Story<'_>, lease: Address, seq: u64) -> Outcome<Voucher> {
    let rental = rental(story, lease).await?;
    let now = now(story).await?;
    let counted = rental.lease.counted_seconds(now);
    let terms = VoucherTerms {
        genesis_hash: rental.lease.genesis_hash,
        uid: rental.lease.uid,
        slot: rental.lease.slot,
        cumulative_atoms: counted.saturating_mul(RATE),
        usage_root: sha256(&seq.to_le_bytes()),
        seq,
        expires_ts: now.ts.saturating_add(GOOD_SECONDS),
    };
    let voucher = Voucher::new(lease, terms)
        .sign_for_client(&machine(story))
        .sign_for_provider(&story.key("Gia"));
    story.note(&format!(
        "off chain, Cleo's machine and Gia sign voucher {seq}: {counted} COIN for {counted} s"
    ));
    Ok(Voucher::parse(&voucher.to_text())?)
}

async fn redemption(story: &Story<'_>, voucher: &Voucher) -> Outcome<Vec<Instruction>> {
    let rental = rental(story, voucher.lease).await?;
    Ok(voucher.redeem(&rental)?.to_vec())
}

/// Seconds pass; a first voucher is redeemed, once; more is put in.
pub async fn pay(story: &mut Story<'_>, lease: Address) -> Outcome<Voucher> {
    let coin = story.at.payment_mint;
    pass(story, lease, 3).await?;
    let first = voucher(story, lease, 1).await?;
    let provider = escrow::provider(&story.sender.rpc, &story.wallet("Gia")).await?;
    let state = rental(story, lease).await?.lease;
    let payable = first.payable(&state, &provider, now(story).await?)?;
    let redeem = redemption(story, &first).await?;
    story
        .act(
            "Nora redeems it: anyone may, both have signed",
            &["Nora"],
            redeem.clone(),
        )
        .await?;
    let held = story.book.holding("Gia's payout", &coin);
    story.check("Gia's payout has what was signed", first.terms.cumulative_atoms, held)?;
    story.check("the check off chain had said so", payable.total_atoms, held)?;
    let nothing = code("NothingDue");
    story
        .refused_with("the same voucher pays nothing again", "Nora", nothing, redeem)
        .await?;
    let alone = Voucher::new(lease, VoucherTerms { seq: 2, ..first.terms })
        .sign_for_client(&story.key("Gia"))
        .sign_for_provider(&story.key("Gia"));
    let forged = redemption(story, &alone).await?;
    let mismatch = code("VoucherKeyMismatch");
    story
        .refused_with("Gia cannot sign for Cleo", "Gia", mismatch, forged)
        .await?;
    let (cleo, from) = (story.wallet("Cleo"), story.tokens("Cleo", &coin));
    let at = rental(story, lease).await?;
    let dust = code("LeaseUnderfunded");
    story
        .refused_with("dust postpones nothing", "Cleo", dust, vec![at.top_up(cleo, from, 1)])
        .await?;
    story
        .act(
            "Cleo puts as much in again",
            &["Cleo"],
            vec![at.top_up(cleo, from, FUNDS)],
        )
        .await?;
    pass(story, lease, 3).await?;
    voucher(story, lease, 2).await
}

/// Waits until some more seconds are counted.
async fn pass(story: &Story<'_>, lease: Address, seconds: u64) -> Outcome {
    let state = rental(story, lease).await?.lease;
    let until = state.counted_seconds(now(story).await?).saturating_add(seconds);
    story
        .wait_for("some seconds of work", |now| {
            let now = Moment {
                ts: now.unix_ts,
                slot: now.slot,
            };
            state.counted_seconds(now) >= until
        })
        .await?;
    Ok(())
}

/// Cleo closes; Gia redeems her last voucher while it settles; Nora's crank refunds the rest.
pub async fn end(story: &mut Story<'_>, lease: Address, last: &Voucher) -> Outcome {
    let (coin, bounty) = (story.at.payment_mint, i128::from(CRANK_BOUNTY_LAMPORTS));
    let before = story.book.holding("Cleo", &coin);
    let at = rental(story, lease).await?;
    story
        .act(
            "Cleo closes the lease",
            &["Cleo"],
            vec![at.close_by_client(at.client_token())],
        )
        .await?;
    let redeem = redemption(story, last).await?;
    story
        .act("Gia alone redeems the last voucher, as it settles", &["Gia"], redeem)
        .await?;
    let state = rental(story, lease).await?.lease;
    let is_over = |now: &commonweal_client::rpc::ClusterTime| {
        let now = Moment {
            ts: now.unix_ts,
            slot: now.slot,
        };
        state.is_overdue(now).unwrap_or(false)
    };
    story.wait_for("the settling time", is_over).await?;
    let (at, nora) = (rental(story, lease).await?, story.wallet("Nora"));
    let crank = story
        .act("Nora cranks it: Cleo is refunded", &["Nora"], vec![at.crank(nora)])
        .await?;
    let paid = last.terms.cumulative_atoms;
    story.check(
        "Cleo has back what was not used",
        FUNDS.saturating_mul(2).saturating_sub(paid),
        story.book.holding("Cleo", &coin).saturating_sub(before),
    )?;
    story.check(
        "and Gia's payout the rest",
        paid,
        story.book.holding("Gia's payout", &coin),
    )?;
    let found = crank.landed.lamports.iter().find(|(address, _, _)| address == &nora);
    let gain = found.map_or(0, |(_, before, after)| {
        i128::from(*after).saturating_sub(i128::from(*before))
    });
    let earned = gain.saturating_add(i128::from(crank.landed.fee_lamports));
    story.check("Nora earned the bounty", bounty, earned)?;
    for (what, address) in [("the lease", lease), ("its vault", at.vault())] {
        let is_left = story.sender.rpc.account(&address).await?.is_some();
        story.check(&format!("{what} is closed"), false, is_left)?;
    }
    leave(story, paid).await
}

/// Gia is paid, the fee is swept, her reputation is the fee; everything goes home.
async fn leave(story: &mut Story<'_>, paid: u64) -> Outcome {
    let rpc = Arc::clone(&story.sender.rpc);
    let (coin, gia, worker, of) = (story.at.payment_mint, story.wallet("Gia"), worker(story), token(story));
    // ⌈2 %⌉: the fee takes the dust
    let fee = paid.saturating_mul(u64::from(ESCROW_FEE_PPM)).div_ceil(1_000_000);
    let fold = escrow::fold_reputation(worker.provider, worker.slot);
    story
        .act("Nora folds the slot's reputation into Gia's", &["Nora"], vec![fold])
        .await?;
    let state = escrow::provider(&rpc, &gia).await?;
    let gain = mul_div_floor(fee, 1 << 32, ONE).unwrap_or(0);
    story.check("her reputation is the fee in whole COIN", gain, state.score_q32.get())?;
    let slot = escrow::slot(&rpc, &worker.slot).await?;
    story.check("her slot has one receipt", 1, slot.receipt_seq.get())?;
    let (treasury_token, mine) = (
        tokens::associated(&story.at.treasury, &coin, &ids::TOKEN),
        story.tokens("Gia", &coin),
    );
    let before = story.book.holding("the treasury", &coin);
    let take = vec![
        tokens::create_associated(&gia, &gia, &coin, &ids::TOKEN),
        worker.withdraw_payout(&of, mine),
        escrow::sweep_fees(escrow::config_address(CONFIG), worker.slot, &of, treasury_token),
        worker.close_payout(&of, mine, gia),
        worker.withdraw_bond(DEPOSIT_LAMPORTS),
    ];
    story
        .act(
            "Gia takes her pay and her bond, the fee goes to the treasury",
            &["Gia"],
            take,
        )
        .await?;
    story.check(
        "Gia has 98 %",
        paid.saturating_sub(fee),
        story.book.holding("Gia", &coin),
    )?;
    let swept = story.book.holding("the treasury", &coin).saturating_sub(before);
    story.check("the treasury has the rest", fee, swept)?;
    let (ada, milo) = (story.wallet("Ada"), story.wallet("Milo"));
    let address = attestation_address(&worker.slot, &ada, ATTESTED_SCORE);
    let attestation = escrow::attestation(&rpc, &address).await?;
    let close = escrow::close_attestation(ada, address, &attestation);
    story
        .act("Ada takes her attestation back, and its rent", &["Ada"], vec![close])
        .await?;
    let part = escrow::unlink_person(milo, worker.provider, &state);
    story.act("Milo parts from Gia", &["Milo"], vec![part]).await?;
    let left = escrow::provider(&rpc, &gia).await?.person;
    story.check("nobody stands behind her", Address::default(), left)
}
