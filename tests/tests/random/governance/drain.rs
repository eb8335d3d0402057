//! Liveness: time and cranks end everything, and what was held returns.

use super::*;

/// Time and cranks end every proposal, and everything held returns to whoever it belongs to.
pub(super) fn drain(game: &mut Game, play: &mut Play) {
    let longest = game.book.eras.iter().map(|era| era.rules.epoch_s).max().unwrap();
    game.world.warp(i64::from(longest) * 13, 1);
    for proposal in game.book.proposals.values().cloned().collect::<Vec<_>>() {
        end_proposal(game, play, &proposal);
    }
    for ballot in game.book.ballots.values().cloned().collect::<Vec<_>>() {
        // long after its epoch anybody may
        let (by, at, now) = (game.key("sponsor"), ballot.address, game.now());
        play.step(format!("last close_ballot {at}"));
        let close = real::close_ballot(&by, &ballot.person, &at, &ballot.rent_payer);
        again(game, play, "close_ballot", &close, |book| {
            book.close_ballot(&by, &at, now)
        });
    }
    for pool in game.book.pools.values().cloned().collect::<Vec<_>>() {
        // every delegation has ended by itself
        let (at, now) = (pool.address, game.now());
        let by = game.book.persons[&pool.delegate].wallet;
        play.step(format!("last close_pool {at}"));
        let close = real::close_pool(&game.book.realm, &by, &pool.delegate, &pool.rent_payer);
        again(game, play, "close_pool", &close, |book| book.close_pool(&by, &at, now));
    }
    for stake in game.book.stakes.values().cloned().collect::<Vec<_>>() {
        end_stake(game, play, &stake);
    }
    game.compare(None);
    // every atom is back in a wallet, and nothing but what lives for ever holds lamports
    let held: u64 = game.book.tokens.holdings.values().map(|holding| holding.atoms).sum();
    assert_eq!(
        (game.book.tokens.holdings.len(), held),
        (game.voters.len(), game.world.supply(&game.mint.address))
    );
}

fn end_proposal(game: &mut Game, play: &mut Play, proposal: &Proposal) {
    let (at, realm, person) = (proposal.address, game.book.realm, proposal.proposer);
    if proposal.status == Status::Draft {
        play.step(format!("last cancel_proposal {}", proposal.index));
        let (by, now) = (game.book.persons[&person].wallet, game.now());
        let cancel = real::cancel_proposal(&by, &person, &at);
        again(game, play, "cancel_proposal", &cancel, |book| {
            book.cancel(&by, &at, now)
        });
    }
    if proposal.status == Status::Submitted {
        play.step(format!("last finalize {}", proposal.index));
        let now = game.now();
        let finalize = real::finalize(&realm, &at);
        again(game, play, "finalize", &finalize, |book| book.finalize(&at, now));
    }
    if game.book.proposals[&at].status == Status::Succeeded {
        let end = game.book.proposals[&at].until_ts;
        reach(game, play, end);
        play.step(format!("last expire_proposal {}", proposal.index));
        let now = game.now();
        let expire = real::expire_proposal(&at);
        again(game, play, "expire_proposal", &expire, |book| book.expire(&at, now));
    }
    let end = game.book.proposals[&at].until_ts;
    if matches!(game.book.proposals[&at].status, Status::Vetoed | Status::Cancelled) {
        reach(game, play, end);
    }
    let now = game.now();
    while let Some(action) = game.book.proposals[&at].actions.first().cloned() {
        play.step(format!("last close_action {}", action.address));
        let close = real::close_action(&at, &action.address, &action.rent_payer);
        again(game, play, "close_action", &close, |book| {
            book.close_action(&at, 0, now)
        });
    }
    play.step(format!("last close_proposal {}", proposal.index));
    let close = real::close_proposal(&realm, &at, &person, &proposal.authority);
    again(game, play, "close_proposal", &close, |book| {
        book.close_proposal(&at, now)
    });
}

fn end_stake(game: &mut Game, play: &mut Play, stake: &Stake) {
    let (by, at, realm, mint) = (stake.depositor, stake.address, game.book.realm, game.mint.clone());
    let (to, atoms, now) = (game.wallet(&by), stake.atoms(), game.now());
    if atoms > 0 {
        play.step(format!("last unstake {atoms} from {at}"));
        let unstake = real::unstake_tokens(&realm, &by, &stake.person, &to, &mint, atoms);
        again(game, play, "unstake", &unstake, |book| {
            book.unstake(&by, &at, &to, atoms, now)
        });
    }
    play.step(format!("last close_stake {at}"));
    let close = real::close_stake(&by, &at, &to, &mint);
    again(game, play, "close_stake", &close, |book| {
        book.close_stake(&by, &at, &to)
    });
}

/// Runs an instruction until its signer does not forget to sign; it must succeed then.
fn again(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    change: impl Fn(&mut Book) -> Result<(), Refusal>,
) {
    let mut check = game.book.clone();
    assert_eq!(change(&mut check), Ok(()), "an exit is closed");
    while !attempt(game, play, action, instruction.clone(), &change) {}
}
