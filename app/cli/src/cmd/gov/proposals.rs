//! What happens to a proposal after it was drafted.

use {
    crate::app::{App, Outcome},
    commonweal_client::{
        accounts, describe,
        governance::{self, standing, Member, Proposal, ProposalAction},
        send::Plan,
        Address, Error,
    },
    commonweal_interface::ids,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// The address of a proposal of the realm.
pub fn address_of(app: &App, index: u32) -> Address {
    governance::proposal_address(&app.realm(), index)
}

/// A proposal of the realm.
pub async fn fetch(app: &App, index: u32) -> Outcome<Proposal> {
    Ok(governance::proposal(&app.rpc, &address_of(app, index)).await?)
}

/// Carries one instruction of the signer out.
async fn once(app: &App, label: String, instruction: Instruction) -> Outcome {
    let signer = app.signer()?;
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

async fn member(app: &App) -> Outcome<Member> {
    Ok(Member::of_wallet(&app.rpc, app.realm(), app.signer()?.pubkey()).await?)
}

/// Freezes a draft.
pub async fn submit(app: &App, index: u32) -> Outcome {
    let submit = member(app).await?.submit_proposal(address_of(app, index));
    once(app, format!("submit proposal {index}"), submit).await
}

/// Withdraws a proposal.
pub async fn cancel(app: &App, index: u32) -> Outcome {
    let cancel = member(app).await?.cancel_proposal(address_of(app, index));
    once(app, format!("cancel proposal {index}"), cancel).await
}

/// Decides a proposal.
pub async fn finalize(app: &App, index: u32) -> Outcome {
    let finalize = governance::finalize(app.realm(), address_of(app, index));
    once(app, format!("finalize proposal {index}"), finalize).await
}

/// Vetoes a proposal, by the guardian.
pub async fn veto(app: &App, index: u32, as_spam: bool) -> Outcome {
    let guardian = app.signer()?.pubkey();
    let veto = governance::veto(guardian, app.realm(), address_of(app, index), as_spam);
    let how = if as_spam { " as spam" } else { "" };
    once(app, format!("veto proposal {index}{how}"), veto).await
}

/// Calls a vote over a veto.
pub async fn override_veto(app: &App, index: u32) -> Outcome {
    let call = member(app).await?.override_veto(address_of(app, index));
    once(app, format!("call a vote over the veto of proposal {index}"), call).await
}

/// Ends the guardian's power.
pub async fn resign_guardian(app: &App) -> Outcome {
    let resign = governance::resign_guardian(app.signer()?.pubkey(), app.realm());
    once(app, "end the guardian's power".to_owned(), resign).await
}

/// The actions of a proposal that still exist, with their addresses.
pub async fn actions(app: &App, proposal: &Address, count: u8) -> Outcome<Vec<(Address, ProposalAction)>> {
    let mut found = Vec::new();
    for number in 0..count {
        let address = governance::action_address(proposal, number);
        if let Some(action) = accounts::find(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await? {
            found.push((address, action));
        }
    }
    Ok(found)
}

/// Executes the winner's next action. With --dry-run before that is possible, every action is rehearsed by itself.
pub async fn execute(app: &App, index: u32) -> Outcome {
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let actions = actions(app, &address, proposal.action_count).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    if app.global.dry_run && proposal.validate_execution(now_ts).is_err() {
        return rehearse(app, index, &actions).await;
    }
    let next = actions
        .into_iter()
        .find(|(_, action)| action.choice == proposal.winner && action.order == proposal.executed_count);
    let (action, state) = next.ok_or_else(|| {
        let found = standing::stage(&proposal, now_ts);
        Error::account(
            address,
            "a proposal with an action left to execute",
            found,
            "See `commonweal gov show`",
        )
    })?;
    let (_, call) = governance::action(&app.rpc, action).await?;
    let what = describe::action(&state, &call);
    let execute = governance::execute_action(&app.rpc, action).await?;
    let label = format!("execute action {} of proposal {index}: {what}", proposal.executed_count);
    once(app, label, execute).await
}

/// Rehearses what a proposal's actions would do now, as their lanes would sign them: the node checks no signature of a rehearsal.
/// What governance itself asks at execution (the vote, the timelock, the lane's caps, the pin) is not part of it.
async fn rehearse(app: &App, index: u32, actions: &[(Address, ProposalAction)]) -> Outcome {
    let signer = app.signer()?;
    let open: Vec<&(Address, ProposalAction)> = actions.iter().filter(|(_, action)| action.executed == 0).collect();
    if open.is_empty() {
        let address = address_of(app, index);
        let remedy = "It would only be remembered";
        return Err(Error::account(address, "a proposal with actions to execute", "none", remedy).into());
    }
    for (address, action) in open {
        let (_, call) = governance::action(&app.rpc, *address).await?;
        let label = format!(
            "action {} of choice {} of proposal {index}, as lane {} would sign it: {}",
            action.order,
            action.choice,
            action.lane,
            describe::action(action, &call)
        );
        app.execute(Plan::new(label, vec![call], &[&signer])).await?;
    }
    Ok(())
}

/// Ends a proposal whose window has passed.
pub async fn expire(app: &App, index: u32) -> Outcome {
    let expire = governance::expire_proposal(address_of(app, index));
    once(app, format!("expire proposal {index}"), expire).await
}

/// Closes a finished proposal with its actions.
pub async fn close(app: &App, index: u32) -> Outcome {
    let signer = app.signer()?;
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let mut instructions: Vec<Instruction> = actions(app, &address, proposal.action_count)
        .await?
        .into_iter()
        .map(|(action, state)| governance::close_action(address, action, state.rent_payer))
        .collect();
    instructions.push(governance::close_proposal(address, &proposal));
    app.execute(Plan::new(format!("close proposal {index}"), instructions, &[&signer]))
        .await?;
    Ok(())
}
