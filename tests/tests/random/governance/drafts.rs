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
    let Some(person) = some_person(game, |p| now < p.expires_ts) else {
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
    let rent = game.world.rent(1_836);
    let instruction = real::create_proposal(&realm, &by, &person.address, index, [7; 32], choices);
    let created_epoch = game.epoch();
    attempt(game, play, "create_proposal", instruction, |book| {
        let proposal = Proposal {
            address,
            index,
            authority: by,
            choices,
            status: Status::Draft,
            created_epoch,
            bond: 0,
            actions: Vec::new(),
            action_count: 0,
            vote_epoch: None,
            starts_ts: 0,
            caps: [0; 16],
            quorum: (0, 0),
            votes: BTreeMap::new(),
            late: None,
            extension: None,
            winner: None,
            executable: (0, 0),
        };
        let bond = book.propose(proposal, &person.address, now)?;
        book.create(&by, &address, rent);
        book.move_lamports(&by, &address, bond);
        Ok(())
    });
}

/// A payment of lamports (sometimes of more than it declares), or an attestor's addition.
pub(super) fn some_call(game: &mut Game, choice: u8) -> (ActionCall, Deed) {
    let lane = game.world.rng.random_range(0..4u8);
    let realm = game.book.realm;
    if chance(&mut game.world.rng, 12) {
        let live: Vec<Address> = game.book.attestors.keys().copied().collect();
        let all = game.attestor_keys.clone();
        let fresh = all
            .iter()
            .copied()
            .find(|key| !live.contains(key) && chance(&mut game.world.rng, 80));
        let key = fresh.unwrap_or(*pick(&mut game.world.rng, &all));
        let slot = game.world.rng.random_range(0..16);
        let declared = game.world.rent(188);
        let instruction = real::add_attestor(&realm, &game.book.lanes[0], &key, slot, 9);
        let accounts = instruction.accounts.iter().map(|meta| ActionAccount {
            address: meta.pubkey.to_bytes(),
            flags: u8::from(meta.is_writable) | (u8::from(meta.is_signer) << 1),
        });
        let call = ActionCall {
            choice,
            lane: 0,
            program: quadratic_governance::ID.to_bytes(),
            outflow_lamports: declared,
            outflow_mint: [0; 32],
            outflow_atoms: 0,
            accounts: accounts.collect(),
            data: instruction.data.clone(),
        };
        return (call, Deed::AddAttestor { key, slot });
    }
    let to = *pick(&mut game.world.rng, &game.voters.clone());
    let rng = &mut game.world.rng;
    let lamports: u64 = if chance(rng, 3) {
        rng.random_range(1 << 33..1 << 36)
    } else {
        rng.random_range(1..4_000_000_000)
    };
    let declared = if chance(rng, 3) {
        lamports - 1
    } else {
        lamports + rng.random_range(0..2)
    };
    let mut data = vec![2, 0, 0, 0];
    data.extend_from_slice(&lamports.to_le_bytes());
    let call = ActionCall {
        choice,
        lane,
        program: ids::SYSTEM.to_bytes(),
        outflow_lamports: declared,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        accounts: vec![
            ActionAccount {
                address: game.book.lanes[usize::from(lane)].to_bytes(),
                flags: 3,
            },
            ActionAccount {
                address: to.to_bytes(),
                flags: 1,
            },
        ],
        data,
    };
    (call, Deed::Pay { to, lamports })
}

pub(super) fn add_action(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft && p.action_count < 8) else {
        return create_proposal(game, play);
    };
    let by = signer(game, proposal.authority);
    let choice = if chance(&mut game.world.rng, 80) {
        1
    } else {
        game.world.rng.random_range(0..=proposal.choices + 1)
    };
    let (mut call, deed) = some_call(game, choice);
    let spoil = game.world.rng.random_range(0..40);
    let mut expected = None;
    match spoil {
        0 => (call.lane, expected) = (4, Some(GovernanceError::LaneOutOfBounds)),
        1 => {
            call.accounts[1].flags = 4;
            expected = Some(GovernanceError::ActionFlagUnknown);
        }
        2 => {
            call.accounts[1].flags = 3;
            expected = Some(GovernanceError::ActionSignerRefused);
        }
        3 => {
            call.program = quadratic_governance::ID.to_bytes();
            call.data = vec![16];
            expected = Some(GovernanceError::SelfCallRefused);
        }
        _ => {}
    }
    play.step(format!(
        "add_action to {} for {choice} by {by}, spoiled {spoil}: {deed:?}",
        proposal.index
    ));
    let realm = game.book.realm;
    let address = real::action_address(&proposal.address, proposal.action_count);
    let rent = game.world.rent(280 + 33 * call.accounts.len() + call.data.len());
    let (lane, declared) = (call.lane, call.outflow_lamports);
    let instruction = real::add_action(&realm, &by, &proposal.address, proposal.action_count, call);
    attempt(game, play, "add_action", instruction, |book| {
        let state = book.proposals.get_mut(&proposal.address).unwrap();
        if by != state.authority {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        if let Some(error) = expected {
            return Err(refusal(error));
        }
        if state.status != Status::Draft {
            return Err(refusal(GovernanceError::ProposalIsNotDraft));
        }
        if state.action_count == 8 {
            return Err(refusal(GovernanceError::TooManyActions));
        }
        if choice == 0 || choice > state.choices {
            return Err(refusal(GovernanceError::ActionChoiceInvalid));
        }
        state.actions.push(Action {
            address,
            index: state.action_count,
            choice,
            lane,
            declared,
            deed,
            is_executed: false,
        });
        state.action_count += 1;
        book.create(&by, &address, rent);
        Ok(())
    });
}

pub(super) fn submit_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft) else {
        return create_proposal(game, play);
    };
    if proposal.action_count == 0 && chance(&mut game.world.rng, 75) {
        return add_action(game, play);
    }
    let by = signer(game, proposal.authority);
    play.step(format!("submit_proposal {} by {by}", proposal.index));
    let (realm, now) = (game.book.realm, game.now());
    let instruction = real::submit_proposal(&realm, &by, &proposal.address);
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
    let by = signer(game, proposal.authority);
    play.step(format!("cancel_proposal {} by {by}", proposal.index));
    let instruction = real::cancel_proposal(&by, &proposal.address);
    attempt(game, play, "cancel_proposal", instruction, |book| {
        book.cancel(&by, &proposal.address, now)
    });
}
