//! The farm's chapters: two stakers, one of them a verified person with a seat.

use {
    super::{
        governance::member,
        story::{Story, ONE},
    },
    crate::app::Outcome,
    commonweal_client::{
        pool::{
            farm::{self, FarmTerms, NewFarm},
            log, Located, Token,
        },
        send::Receipt,
        tokens, Address,
    },
    commonweal_interface::{ids, math::mul_div_floor},
    liquidity_pool::events::PositionChanged,
    solana_signer::Signer,
};

/// Seconds the farm pays.
const SECONDS: i64 = 7_200;
/// What it pays in all, half of it in each lane.
const FUNDING: u64 = 7_200 * ONE;
/// A seat is paid at most this many times what its stake earns in the open lane.
const CAP: u16 = 2;
/// Atoms that roundings may keep back: one in the open lane, and with it the cap's two.
const ROUNDINGS: u64 = 3;

/// The farm and since when Mia's stake earns in it.
pub struct Staked {
    farm: Address,
    lp_mint: Address,
    since_ts: i64,
    stake: u64,
}

/// What the last event of a position in a receipt says.
fn position_event(receipt: &Receipt) -> Outcome<PositionChanged> {
    let events = log::events(&receipt.landed.logs)?;
    let found = events
        .iter()
        .rev()
        .find_map(|bytes| log::read::<PositionChanged>(bytes));
    found.ok_or_else(|| crate::app::Failure::Mismatch {
        what: format!("\"{}\" tells of a position", receipt.label),
        expected: "an event".to_owned(),
        found: "none".to_owned(),
    })
}

/// Lea funds a farm; Liam stakes three parts and Mia one, which she was given; Mia takes her seat.
pub async fn open(story: &mut Story<'_>, pool: &Address) -> Outcome<Staked> {
    let located = Located::fetch(&story.sender.rpc, *pool).await?;
    let now = story.now().await?.unix_ts;
    let new = NewFarm {
        pool: &located,
        reward: Token {
            mint: story.beta.pubkey(),
            program: ids::TOKEN,
        },
        funder: story.wallet("Lea"),
        index: 0,
        terms: FarmTerms {
            start_ts: now,
            end_ts: now.saturating_add(SECONDS),
            plural_share_ppm: 500_000,
            plural_cap_multiple: CAP,
        },
    };
    let address = new.address();
    story.book.name(address, "the farm");
    story
        .act(
            "Lea creates a farm and funds it with 7,200 BETA",
            &["Lea"],
            new.create(FUNDING),
        )
        .await?;

    let lp_mint = located.pool.lp_mint;
    let stake = story.book.holding("Liam", &lp_mint) / 8;
    let farm = farm::Located::fetch(&story.sender.rpc, address).await?;
    let (liam, mia) = (story.wallet("Liam"), story.wallet("Mia"));
    let give = vec![
        tokens::create_associated(&liam, &mia, &lp_mint, &ids::TOKEN),
        tokens::transfer(
            &story.tokens("Liam", &lp_mint),
            &lp_mint,
            &story.tokens("Mia", &lp_mint),
            &liam,
            stake,
            liquidity_pool::constants::LP_DECIMALS,
            &ids::TOKEN,
        )?,
        farm.stake(liam, stake.saturating_mul(3), None),
    ];
    story
        .act("Liam stakes three parts and gives Mia one", &["Liam"], give)
        .await?;
    let person = member(story, "Mia").person;
    let seated = vec![farm.stake(mia, stake, None), farm.take_seat(mia, person)];
    let receipt = story
        .act("Mia stakes hers and takes her seat", &["Mia"], seated)
        .await?;
    let event = position_event(&receipt)?;
    story.check(
        "her weight is the root of her stake",
        stake.isqrt(),
        event.plural_weight,
    )?;
    Ok(Staked {
        farm: address,
        lp_mint,
        since_ts: event.released_ts,
        stake,
    })
}

/// Mia is paid a quarter of the open lane, and by her seat twice that; then she leaves.
pub async fn harvest(story: &mut Story<'_>, staked: &Staked) -> Outcome {
    let farm = farm::Located::fetch(&story.sender.rpc, staked.farm).await?;
    let (mia, beta) = (story.wallet("Mia"), story.beta.pubkey());
    let person = member(story, "Mia").person;
    let seat = farm.seat_address(&person);
    let harvest = vec![
        tokens::create_associated(&mia, &mia, &beta, &ids::TOKEN),
        farm.harvest(mia, Some((seat, person))),
    ];
    let receipt = story.act("Mia harvests", &["Mia"], harvest).await?;
    let paid = story.book.holding("Mia", &beta);
    let event = position_event(&receipt)?;
    story.check("she holds what the event says", event.paid_atoms, paid)?;
    let seconds = event.released_ts.saturating_sub(staked.since_ts).unsigned_abs();
    let lasts = farm
        .farm
        .end_ts
        .get()
        .saturating_sub(farm.farm.start_ts.get())
        .unsigned_abs();
    // a quarter of half of the funding, for these seconds of all; and by the cap twice that
    let quarter = mul_div_floor(FUNDING / 8, seconds, lasts).unwrap_or(0);
    let due = quarter.saturating_mul(u64::from(CAP).saturating_add(1));
    story.check(
        &format!("a quarter of the open lane for {seconds} s and twice that by her seat, to {ROUNDINGS} atoms"),
        true,
        due >= paid && due.saturating_sub(paid) <= ROUNDINGS,
    )?;
    let leave = vec![
        farm.leave_seat(mia, person),
        farm.unstake(mia, staked.stake, None),
        farm.harvest(mia, None),
    ];
    story
        .act(
            "Mia leaves her seat and the farm; her accounts are closed",
            &["Mia"],
            leave,
        )
        .await?;
    story.check(
        "she has her shares again",
        staked.stake,
        story.book.holding("Mia", &staked.lp_mint),
    )?;
    let left = farm.position(&story.sender.rpc, &mia).await?;
    story.check("her position is gone", false, left.is_some())
}
