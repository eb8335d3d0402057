//! The dividend: what lane 3 has collected, in equal shares to everybody who voted.

use {
    super::{
        commons::{SHARE_HOLDS, VOTERS},
        governance::{epoch_start, member, realm},
        story::{Story, ONE},
    },
    crate::app::Outcome,
    commonweal_client::{
        governance::{self, Share},
        tokens,
    },
    commonweal_interface::ids,
    quadratic_governance::constants::DIVIDEND_LANE,
};

/// Shares of one of the five who opened a ballot, in whole COIN: 10 / 5.
const SHARE: u64 = 2;

/// In the epoch after the vote Nora funds it; those who voted claim, but not who was revoked since.
pub async fn share(story: &mut Story<'_>, epoch: u32) -> Outcome {
    let rpc = std::sync::Arc::clone(&story.sender.rpc);
    let (state, coin) = (realm(story).await?, story.at.payment_mint);
    story
        .wait_until("the epoch after the vote", epoch_start(&state, epoch.saturating_add(1)))
        .await?;
    let mint = tokens::mint(&rpc, &coin).await?;
    let lane = governance::treasury_address(&story.at.realm, DIVIDEND_LANE);
    let of = Share {
        realm: story.at.realm,
        mint: &mint,
        epoch,
        source: tokens::associated(&lane, &coin, &ids::TOKEN),
    };
    let address = governance::dividend_address(&story.at.realm, &coin, epoch);
    story.book.name(address, "the dividend");
    let fund = governance::fund_dividend(story.wallet("Nora"), &of);
    story
        .act("Nora shares what lane 3 holds among the voters", &["Nora"], vec![fund])
        .await?;
    let found = governance::dividends(&rpc, &story.at.realm).await?;
    let Some((_, dividend)) = found.into_iter().find(|(found, _)| *found == address) else {
        return story.check("the dividend is there", true, false);
    };
    story.check(
        "five ballots share 10 COIN: 2 each",
        SHARE.saturating_mul(ONE),
        dividend.share_atoms.get(),
    )?;
    let claims = |story: &Story<'_>, name: &str| {
        let member = member(story, name);
        let wallet = member.wallet;
        let to = story.tokens(name, &coin);
        vec![
            tokens::create_associated(&wallet, &wallet, &coin, &ids::TOKEN),
            member.claim_dividend(address, &dividend, to, &mint),
        ]
    };
    let steps = VOTERS
        .into_iter()
        .filter(|name| *name != "Zoe")
        .map(|name| (format!("{name} claims a share"), vec![name], claims(story, name)))
        .collect();
    story.act_at_once(steps).await?;
    let zoe = claims(story, "Zoe");
    story
        .refused("Zoe, who was revoked, has no share", "Zoe", "PersonRevoked", zoe)
        .await?;
    let left = story.book.holding("the dividend", &coin);
    let claimed = SHARE_HOLDS.saturating_sub(SHARE).saturating_mul(ONE);
    story.check(
        "what is claimed and what is left are what was shared",
        SHARE_HOLDS.saturating_mul(ONE),
        left.saturating_add(claimed),
    )?;
    let again = claims(story, "Mia");
    story
        .refused("Mia cannot claim twice", "Mia", "DividendClaimedAlready", again)
        .await
}
