//! What happens to a proposal after it was drafted.

use {
    crate::app::{App, Outcome},
    commonweal_client::{
        accounts,
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

/// Executes the winner's next action.
pub async fn execute(app: &App, index: u32) -> Outcome {
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let next = actions(app, &address, proposal.action_count)
        .await?
        .into_iter()
        .find(|(_, action)| action.choice == proposal.winner && action.order == proposal.executed_count);
    let (action, state) = next.ok_or_else(|| {
        let found = standing::stage(&proposal, i64::MAX);
        Error::account(
            address,
            "a proposal with an action left to execute",
            found,
            "See `commonweal gov show`",
        )
    })?;
    let (_, call) = governance::action(&app.rpc, action).await?;
    let what = commonweal_client::describe::action(&state, &call);
    let execute = governance::execute_action(&app.rpc, action).await?;
    let label = format!("execute action {} of proposal {index}: {what}", proposal.executed_count);
    once(app, label, execute).await
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
