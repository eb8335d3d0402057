//! Executions and ends.

use super::*;

pub(super) fn execute_action(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.until_ts;
    if !game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 97) {
        return cast_votes(game, play);
    }
    let Some(proposal) = some_proposal(game, is_ready) else {
        return cast_votes(game, play);
    };
    let next = proposal
        .actions
        .iter()
        .position(|a| Some(a.choice) == proposal.winner && !a.is_executed);
    let wild = is_wild(game);
    let index = match next {
        Some(index) if !wild => index,
        _ if proposal.actions.is_empty() => return,
        _ => game.world.rng.random_range(0..proposal.actions.len()),
    };
    if !wild {
        reach(game, play, proposal.executable_ts);
    }
    let now = game.now();
    let action = proposal.actions[index].clone();
    let mut check = game.book.clone();
    let realm = game.book.realm;
    let is_refused = check.execute(&proposal.address, index, &realm, 0, now).is_err();
    if is_refused && chance(&mut game.world.rng, 90) {
        return submit_proposal(game, play);
    }
    play.step(format!(
        "execute_action {} of {}: {:?}",
        action.index, proposal.index, action.deed
    ));
    let bytes = game.world.raw(&action.address).data;
    let instruction = real::execute_action(&realm, &proposal.address, &action.address, &bytes);
    let attestor = match action.deed {
        Deed::AddAttestor { key, .. } => real::attestor_address(&realm, &key),
        Deed::Pay { to, .. } => to,
        Deed::SetParameters(_) => realm,
    };
    let rent = game.world.rent(220);
    let (eras, epoch) = (game.book.eras.len(), game.epoch());
    let is_done = attempt(game, play, "execute_action", instruction, |book| {
        book.execute(&proposal.address, index, &attestor, rent, now)
    });
    if game.book.eras.len() > eras {
        let [old, new] = [eras - 1, eras].map(|era| game.book.eras[era].version);
        play.saw("other parameters in force");
        if old != new {
            play.saw("other budgets voted");
        }
    }
    let lane = game.book.outflow[usize::from(action.lane)].get(&epoch).copied();
    let (start, gone) = lane.unwrap_or((game.world.lamports(&game.book.lanes[usize::from(action.lane)]), 0));
    if !is_done && action.declared > 0 && (gone + action.declared) * 20 <= start && now < proposal.until_ts {
        let cost = u128::from(game.book.rules(epoch).identity_cost_lamports) * game.book.voting_persons();
        if u128::from(gone + action.declared) > cost >> 16 {
            play.saw("an identity's cost bounds an outflow");
        }
    }
}

pub(super) fn expire_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Succeeded) else {
        return;
    };
    let end = proposal.until_ts;
    // most are executed in time
    if proposal.status == Status::Succeeded && game.now() < end {
        if chance(&mut game.world.rng, 85) {
            return execute_action(game, play);
        }
        if chance(&mut game.world.rng, 50) {
            reach(game, play, end);
        }
    }
    play.step(format!("expire_proposal {}", proposal.index));
    let now = game.now();
    let instruction = real::expire_proposal(&proposal.address);
    attempt(game, play, "expire_proposal", instruction, |book| {
        book.expire(&proposal.address, now)
    });
}

pub(super) fn close_action(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let Some(proposal) = some_proposal(game, |p| p.is_finished(now) && !p.actions.is_empty()) else {
        return;
    };
    if proposal.actions.is_empty() {
        return;
    }
    let index = game.world.rng.random_range(0..proposal.actions.len());
    let (action, payer) = (proposal.actions[index].address, proposal.actions[index].rent_payer);
    play.step(format!("close_action {action} of {}", proposal.index));
    let instruction = real::close_action(&proposal.address, &action, &payer);
    attempt(game, play, "close_action", instruction, |book| {
        book.close_action(&proposal.address, index, now)
    });
}

pub(super) fn close_proposal(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let Some(proposal) = some_proposal(game, |p| p.is_finished(now) && p.actions.is_empty()) else {
        return;
    };
    play.step(format!("close_proposal {}", proposal.index));
    let (realm, person) = (game.book.realm, proposal.proposer);
    let instruction = real::close_proposal(&realm, &proposal.address, &person, &proposal.authority);
    let is_closed = attempt(game, play, "close_proposal", instruction, |book| {
        book.close_proposal(&proposal.address, now)
    });
    if is_closed && proposal.veto == Some(true) && proposal.winner.is_none() && proposal.bond > 0 {
        play.saw("a bond forfeited");
    }
}
