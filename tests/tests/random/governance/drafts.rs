//! Proposals before their vote.

use super::*;

pub(super) fn create_proposal(game: &mut Game, play: &mut Play) {
    let now = game.now();
    // few at a time, so that votes meet
    let live = game
        .book
        .proposals
        .values()
        .filter(|p| p.status <= Status::Submitted)
        .count();
    if live >= 4 && chance(&mut game.world.rng, 95) {
        return cast_votes(game, play);
    }
    let book = game.book.clone();
    let open = |person: &Person| book.open_proposals(&person.address);
    let Some(person) = some_person(game, |p| p.is_active(now) && open(p) < 8) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    let choices = if chance(&mut game.world.rng, 8) {
        *pick(&mut game.world.rng, &[0, 8, 9, 255])
    } else {
        game.world.rng.random_range(1..4)
    };
    let realm = game.book.realm;
    let index = game.book.made.len() as u32;
    let address = real::proposal_address(&realm, index);
    play.step(format!("create_proposal {index} with {choices} choices by {by}"));
    let rent = game.world.rent(1_980);
    let instruction = real::create_proposal(&realm, &by, &person.address, index, [7; 32], choices);
    let rules = game.book.rules_at(now);
    attempt(game, play, "create_proposal", instruction, |book| {
        let proposal = Proposal {
            address,
            index,
            proposer: person.address,
            authority: by,
            choices,
            status: Status::Draft,
            bond: 0,
            actions: Vec::new(),
            action_count: 0,
            rules,
            vote_epoch: None,
            version: 0,
            starts_ts: 0,
            caps: [0; 16],
            quorum: (0, 0),
            votes: BTreeMap::new(),
            shares: BTreeMap::new(),
            late: None,
            extended: None,
            extension_leader: None,
            excluded: BTreeSet::new(),
            is_decided: false,
            veto: None,
            is_override: false,
            winner: None,
            executable_ts: 0,
            until_ts: 0,
        };
        let bond = book.propose(proposal, now)?;
        book.create(&by, &address, rent);
        book.move_lamports(&by, &address, bond);
        Ok(())
    });
}

/// A call of this program by lane 0.
fn self_call(choice: u8, declared: u64, instruction: &Instruction) -> ActionCall {
    let accounts = instruction.accounts.iter().map(|meta| ActionAccount {
        address: meta.pubkey.to_bytes(),
        flags: u8::from(meta.is_writable) | (u8::from(meta.is_signer) << 1),
    });
    ActionCall {
        choice,
        lane: 0,
        program: quadratic_governance::ID.to_bytes(),
        outflow_lamports: declared,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        data_len: instruction.data.len() as u16,
        accounts: accounts.collect(),
        data: instruction.data.clone(),
    }
}

/// Other parameters than those of now, mostly such as a vote may set.
fn some_parameters(game: &mut Game) -> RealmParameters {
    let old = game.book.rules_at(game.now());
    let rng = &mut game.world.rng;
    let mut new = play::governance::parameters(rng);
    new.identity_cost_lamports = *pick(rng, &[old.identity_cost_lamports, old.identity_cost_lamports / 10 * 11]);
    if chance(rng, 3) {
        new.identity_cost_lamports = old.identity_cost_lamports / 10 * 11 + 10;
    }
    if chance(rng, 92) {
        let vote = old.voting_s + old.extension_s + old.challenge_s;
        new.epoch_s = new.epoch_s.max(vote);
        (new.min_persons, new.attestations) = (1, old.attestations);
    }
    if chance(rng, 50) {
        // the same budgets, so that pools stay
        new.base_credits = old.base_credits;
        new.max_bonus_credits = old.max_bonus_credits;
        new.stake_atoms_per_credit = old.stake_atoms_per_credit;
    }
    if chance(rng, 2) {
        new.late_window_s = new.voting_s + 1;
    }
    new
}

fn some_addition(game: &mut Game, choice: u8) -> (ActionCall, Deed) {
    let all = game.attestor_keys.clone();
    let fresh = all.iter().copied().find(|key| !game.book.attestors.contains_key(key));
    let key = fresh.unwrap_or(*pick(&mut game.world.rng, &all));
    let is_free = |slot: &u8| game.book.attestors.values().all(|attestor| attestor.slot != *slot);
    let free: Vec<u8> = (0..16).filter(is_free).collect();
    let rng = &mut game.world.rng;
    let slot = if chance(rng, 90) {
        *pick(rng, &free)
    } else {
        rng.random_range(0..16)
    };
    let declared = game.world.rent(220);
    let terms = attestor_choice(slot, 9, game.now() + 600 * 86_400);
    let instruction = real::add_attestor(&game.book.realm, &game.book.lanes[0], &key, terms);
    let until_ts = terms.enabled_until_ts;
    (
        self_call(choice, declared, &instruction),
        Deed::AddAttestor { key, slot, until_ts },
    )
}

/// A payment of lamports (sometimes of more than it declares), an attestor's addition, or other parameters.
pub(super) fn some_call(game: &mut Game, choice: u8) -> (ActionCall, Deed) {
    let lane = game.world.rng.random_range(0..4u8);
    // some realms are always about to change
    let is_restless = game.world.seed % 3 == 1;
    match game.world.rng.random_range(0..100) {
        0..8 if game.book.attestors.len() < game.attestor_keys.len() => return some_addition(game, choice),
        roll @ 8..70 if roll < 20 || is_restless => {
            let new = some_parameters(game);
            let instruction = real::set_parameters(&game.book.realm, &game.book.lanes[0], new);
            return (self_call(choice, 0, &instruction), Deed::SetParameters(Box::new(new)));
        }
        _ => {}
    }
    let to = *pick(&mut game.world.rng, &game.voters.clone());
    // mostly what a few voters would cost to fake
    let most = (game.book.rules_at(game.now()).identity_cost_lamports / 4).min(2_000_000_000);
    let rng = &mut game.world.rng;
    let lamports: u64 = if chance(rng, 3) {
        rng.random_range(1 << 33..1 << 36)
    } else {
        rng.random_range(1..most)
    };
    let declared = if chance(rng, 3) {
        lamports - 1
    } else {
        lamports + rng.random_range(0..2)
    };
    let mut data = vec![2, 0, 0, 0];
    data.extend_from_slice(&lamports.to_le_bytes());
    let account = |address: Address, flags| ActionAccount {
        address: address.to_bytes(),
        flags,
    };
    let call = ActionCall {
        choice,
        lane,
        program: ids::SYSTEM.to_bytes(),
        outflow_lamports: declared,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        data_len: data.len() as u16,
        accounts: vec![account(game.book.lanes[usize::from(lane)], 3), account(to, 1)],
        data,
    };
    (call, Deed::Pay { to, lamports })
}

/// Spoils a call's message now and then; the error to expect then.
fn spoil_call(game: &mut Game, call: &mut ActionCall) -> Option<GovernanceError> {
    Some(match game.world.rng.random_range(0..50) {
        0 => {
            call.lane = 4;
            GovernanceError::LaneOutOfBounds
        }
        1 => {
            call.accounts[1].flags = 4;
            GovernanceError::ActionFlagUnknown
        }
        2 => {
            call.accounts[1].flags = 3;
            GovernanceError::ActionSignerRefused
        }
        3 => {
            call.program = quadratic_governance::ID.to_bytes();
            (call.data, call.data_len) = (vec![16], 1);
            GovernanceError::SelfCallRefused
        }
        4 => {
            call.data_len = call.data.len() as u16 - 1;
            GovernanceError::PartOutOfBounds
        }
        5 => {
            call.data.truncate(11);
            GovernanceError::FirstPartTooShort
        }
        _ => return None,
    })
}

pub(super) fn add_action(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft && p.action_count < 8) else {
        return create_proposal(game, play);
    };
    let by = signer(game, game.book.persons[&proposal.proposer].wallet);
    let choice = if chance(&mut game.world.rng, 80) {
        1
    } else {
        game.world.rng.random_range(0..=proposal.choices + 1)
    };
    let (mut call, deed) = some_call(game, choice);
    let expected = spoil_call(game, &mut call);
    let mut rest = Vec::new();
    if expected.is_none() && call.data.len() > 16 && chance(&mut game.world.rng, 40) {
        let first = game.world.rng.random_range(16..call.data.len());
        rest = call.data.split_off(first);
    }
    play.step(format!(
        "add_action to {} for {choice} by {by}, spoiled {:?}, {} bytes to follow: {deed:?}",
        proposal.index,
        expected.map(|error| error as u32),
        rest.len()
    ));
    let realm = game.book.realm;
    let address = real::action_address(&proposal.address, proposal.action_count);
    let rent = game
        .world
        .rent(280 + 33 * call.accounts.len() + usize::from(call.data_len));
    let action = Action {
        address,
        index: proposal.action_count,
        choice,
        lane: call.lane,
        declared: call.outflow_lamports,
        deed,
        rest,
        rent_payer: by,
        is_executed: false,
    };
    let (person, index) = (proposal.proposer, proposal.action_count);
    let instruction = real::add_action(&realm, &by, &person, &proposal.address, index, call);
    attempt(game, play, "add_action", instruction, |book| {
        book.add_action(&by, &proposal.address, action, expected)?;
        book.create(&by, &address, rent);
        Ok(())
    });
}

pub(super) fn append_action(game: &mut Game, play: &mut Play) {
    let lacks = |p: &Proposal| p.actions.iter().any(|action| !action.rest.is_empty());
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft && lacks(p)) else {
        return add_action(game, play);
    };
    if proposal.actions.is_empty() {
        return;
    }
    let by = signer(game, game.book.persons[&proposal.proposer].wallet);
    let index = proposal.actions.iter().position(|action| !action.rest.is_empty());
    let index = index.unwrap_or(0);
    let action = proposal.actions[index].clone();
    let rng = &mut game.world.rng;
    let mut part = action.rest.clone();
    match rng.random_range(0..20) {
        0 => part.push(0),
        1 => part.clear(),
        2..9 if !part.is_empty() => part.truncate(rng.random_range(1..=part.len())),
        _ => {}
    }
    play.step(format!(
        "append_action {} of {}: {} bytes of {} by {by}",
        action.index,
        proposal.index,
        part.len(),
        action.rest.len()
    ));
    let instruction = real::append_action(&by, &proposal.proposer, &proposal.address, action.index, part.clone());
    attempt(game, play, "append_action", instruction, |book| {
        book.append_action(&by, &proposal.address, index, &part)
    });
}

pub(super) fn submit_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft) else {
        return create_proposal(game, play);
    };
    if proposal.action_count == 0 && chance(&mut game.world.rng, 85) {
        return add_action(game, play);
    }
    if proposal.actions.iter().any(|action| !action.rest.is_empty()) && chance(&mut game.world.rng, 90) {
        return append_action(game, play);
    }
    let by = signer(game, game.book.persons[&proposal.proposer].wallet);
    play.step(format!("submit_proposal {} by {by}", proposal.index));
    let (realm, now) = (game.book.realm, game.now());
    let instruction = real::submit_proposal(&realm, &by, &proposal.proposer, &proposal.address);
    attempt(game, play, "submit_proposal", instruction, |book| {
        book.submit(&by, &proposal.address, now)
    });
}

pub(super) fn cancel_proposal(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_before = |p: &Proposal| p.status == Status::Draft || (p.status == Status::Submitted && now < p.starts_ts);
    let Some(proposal) = some_proposal(game, is_before) else {
        return;
    };
    let by = signer(game, game.book.persons[&proposal.proposer].wallet);
    play.step(format!("cancel_proposal {} by {by}", proposal.index));
    let instruction = real::cancel_proposal(&by, &proposal.proposer, &proposal.address);
    attempt(game, play, "cancel_proposal", instruction, |book| {
        book.cancel(&by, &proposal.address, now)
    });
}
