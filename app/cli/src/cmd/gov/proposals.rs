//! Proposals and their actions.

use {
    super::members::hexadecimal,
    crate::{
        app::{App, Outcome},
        args::{Action as Verb, RawAction},
        cmd::pool::wanted,
        output,
    },
    commonweal_client::{
        accounts, amount, describe,
        governance::{self, Action, Member, Proposal, ProposalAction},
        pool::{self, ConfigUpdate},
        send::Plan,
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    sha2::{Digest, Sha256},
    solana_program::instruction::{AccountMeta, Instruction},
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    std::{fs, path::Path},
};

fn address_of(app: &App, index: u32) -> Address {
    governance::proposal_address(&app.realm(), index)
}

async fn fetch(app: &App, index: u32) -> Outcome<Proposal> {
    Ok(governance::proposal(&app.rpc, &address_of(app, index)).await?)
}

/// Drafts a proposal.
pub async fn propose(app: &App, text: &Path, choices: u8) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let content = fs::read(text)
        .map_err(|error| Error::local(format!("the text {}", text.display()), error, "Name a readable file"))?;
    let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
    let index = governance::realm(&app.rpc, &realm).await?.proposal_count.get();
    let create = member.create_proposal(index, Sha256::digest(&content).into(), choices);
    let label = format!(
        "draft proposal {index} at {}",
        governance::proposal_address(&realm, index)
    );
    app.execute(Plan::new(label, vec![create], &[&signer])).await?;
    Ok(())
}

/// Binds an instruction to a choice of a draft.
pub async fn action(app: &App, verb: Verb) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let (index, action) = match verb {
        Verb::PoolFee {
            proposal,
            choice,
            config,
            fee_ppm,
        } => {
            let update = ConfigUpdate {
                base_fee_ppm: Some(fee_ppm),
                ..ConfigUpdate::default()
            };
            let authority = governance::treasury_address(&realm, 0);
            let call = pool::update_config(authority, pool::config_address(config), update);
            (proposal, plain(choice, 0, call, 0))
        }
        Verb::PoolConfig {
            proposal,
            choice,
            config,
            change,
        } => {
            let authority = governance::treasury_address(&realm, 0);
            let call = pool::update_config(authority, pool::config_address(config), wanted(&change));
            (proposal, plain(choice, 0, call, 0))
        }
        Verb::PoolRamp {
            proposal,
            choice,
            config,
            target,
            end,
        } => {
            let authority = governance::treasury_address(&realm, 0);
            let call = pool::ramp_amplification(authority, pool::config_address(config), target, end);
            (proposal, plain(choice, 0, call, 0))
        }
        Verb::Pay {
            proposal,
            choice,
            lane,
            to,
            amount,
        } => {
            let lamports = amount::parse(&amount, amount::SOL_DECIMALS)?;
            let call = system::transfer(&governance::treasury_address(&realm, lane), &to, lamports);
            (proposal, plain(choice, lane, call, lamports))
        }
        Verb::Raw(options) => (options.proposal, raw(app, options).await?),
    };
    let member = Member::of_wallet(&app.rpc, realm, signer.pubkey()).await?;
    let number = fetch(app, index).await?.action_count;
    let add = member.add_action(address_of(app, index), number, &action);
    let label = format!("bind action {number} to choice {} of proposal {index}", action.choice);
    app.execute(Plan::new(label, vec![add], &[&signer])).await?;
    Ok(())
}

fn plain(choice: u8, lane: u8, call: Instruction, outflow_lamports: u64) -> Action {
    Action {
        choice,
        lane,
        call,
        outflow_lamports,
        outflow_mint: Address::default(),
        outflow_atoms: 0,
    }
}

async fn raw(app: &App, options: RawAction) -> Outcome<Action> {
    let accounts = options
        .accounts
        .iter()
        .map(|text| meta(text))
        .collect::<Outcome<Vec<_>>>()?;
    let call = Instruction {
        program_id: options.program,
        accounts,
        data: hexadecimal(&options.data)?,
    };
    let (outflow_mint, outflow_atoms) = match options.outflow_mint {
        None => (Address::default(), 0),
        Some(mint) => {
            let decimals = tokens::mint(&app.rpc, &mint).await?.state.decimals;
            (mint, amount::parse(&options.outflow_tokens, decimals)?)
        }
    };
    Ok(Action {
        choice: options.choice,
        lane: options.lane,
        call,
        outflow_lamports: amount::parse(&options.outflow, amount::SOL_DECIMALS)?,
        outflow_mint,
        outflow_atoms,
    })
}

/// Reads `ADDRESS[:w][:s]`.
fn meta(text: &str) -> Outcome<AccountMeta> {
    let mut parts = text.split(':');
    let refuse = || {
        Error::refused(
            format!("`{text}` is not an account"),
            "Write ADDRESS, ADDRESS:w, ADDRESS:s or ADDRESS:w:s",
        )
    };
    let address = parts.next().and_then(|part| part.parse().ok()).ok_or_else(refuse)?;
    let mut meta = AccountMeta::new_readonly(address, false);
    for flag in parts {
        match flag {
            "w" => meta.is_writable = true,
            "s" => meta.is_signer = true,
            _ => return Err(refuse().into()),
        }
    }
    Ok(meta)
}

/// Freezes a draft.
pub async fn submit(app: &App, index: u32) -> Outcome {
    let signer = app.signer()?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let submit = member.submit_proposal(address_of(app, index));
    app.execute(Plan::new(format!("submit proposal {index}"), vec![submit], &[&signer]))
        .await?;
    Ok(())
}

/// Withdraws a proposal.
pub async fn cancel(app: &App, index: u32) -> Outcome {
    let signer = app.signer()?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let cancel = member.cancel_proposal(address_of(app, index));
    app.execute(Plan::new(format!("cancel proposal {index}"), vec![cancel], &[&signer]))
        .await?;
    Ok(())
}

/// Decides a proposal.
pub async fn finalize(app: &App, index: u32) -> Outcome {
    let signer = app.signer()?;
    let finalize = governance::finalize(address_of(app, index));
    app.execute(Plan::new(
        format!("finalize proposal {index}"),
        vec![finalize],
        &[&signer],
    ))
    .await?;
    Ok(())
}

/// The actions of a proposal that still exist, with their addresses.
async fn actions(app: &App, proposal: &Address, count: u8) -> Outcome<Vec<(Address, ProposalAction)>> {
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
    let signer = app.signer()?;
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let next = actions(app, &address, proposal.action_count)
        .await?
        .into_iter()
        .find(|(_, action)| action.choice == proposal.winner && action.order == proposal.executed_count);
    let (action, _) = next.ok_or_else(|| {
        let found = governance::stage(&proposal, i64::MAX);
        Error::account(
            address,
            "a proposal with an action left to execute",
            found,
            "See `commonweal gov show`",
        )
    })?;
    let execute = governance::execute_action(&app.rpc, action).await?;
    let label = format!("execute action {} of proposal {index}", proposal.executed_count);
    app.execute(Plan::new(label, vec![execute], &[&signer])).await?;
    Ok(())
}

/// Ends a proposal whose window has passed.
pub async fn expire(app: &App, index: u32) -> Outcome {
    let signer = app.signer()?;
    let expire = governance::expire_proposal(address_of(app, index));
    app.execute(Plan::new(format!("expire proposal {index}"), vec![expire], &[&signer]))
        .await?;
    Ok(())
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
    instructions.push(governance::close_proposal(address, proposal.authority));
    app.execute(Plan::new(format!("close proposal {index}"), instructions, &[&signer]))
        .await?;
    Ok(())
}

/// A tally in votes, for people: it is Q16 on chain.
fn votes(q16: u64) -> String {
    let whole = q16 >> 16;
    let hundredths = (q16 & 0xffff).saturating_mul(100) >> 16;
    format!("{whole}.{hundredths:02}")
}

/// Lists the realm's proposals.
pub async fn list(app: &App) -> Outcome {
    let now_ts = app.rpc.clock().await?.unix_ts;
    let rows = governance::proposals(&app.rpc, &app.realm())
        .await?
        .iter()
        .map(|(address, proposal)| {
            let leader = match proposal.leader() {
                quadratic_governance::constants::NO_LEADER => "nobody".to_owned(),
                0 => "none".to_owned(),
                choice => format!("choice {choice}"),
            };
            vec![
                proposal.index.get().to_string(),
                address.to_string(),
                governance::stage(proposal, now_ts).to_owned(),
                leader,
                proposal.voters.get().to_string(),
                proposal.spent_credits.get().to_string(),
            ]
        })
        .collect();
    let headings = ["proposal", "address", "stage", "leads", "voters", "credits"];
    output::list(&headings, rows, &[0, 4, 5], app.global.json);
    Ok(())
}

/// Shows a proposal.
pub async fn show(app: &App, index: u32) -> Outcome {
    let address = address_of(app, index);
    let proposal = fetch(app, index).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let hash = commonweal_client::job::wasm::hex(&proposal.content_hash);
    let needed = if proposal.class == 0 {
        proposal.rules.normal_threshold_ppm.get()
    } else {
        proposal.rules.high_threshold_ppm.get()
    };
    let quorum = format!(
        "{} of {} persons, {} of {} credits",
        proposal.voters.get(),
        proposal.quorum_persons.get(),
        proposal.spent_credits.get(),
        proposal.quorum_credits.get()
    );
    output::facts(
        &[
            ("proposal", address.to_string()),
            ("stage", governance::stage(&proposal, now_ts).to_owned()),
            ("proposer", proposal.authority.to_string()),
            ("sha256 of the text", hash),
            ("vote starts", proposal.voting_starts_ts.get().to_string()),
            ("challenge ends", proposal.challenge_end().unwrap_or(0).to_string()),
            ("executable from", proposal.executable_from_ts.get().to_string()),
            ("expires", proposal.expires_ts.get().to_string()),
            ("quorum", quorum),
            ("threshold ppm", needed.to_string()),
            ("bond", format!("{} SOL", amount::sol(proposal.bond_lamports.get()))),
        ],
        app.global.json,
    );
    let rows = (0..=proposal.choices)
        .map(|option| {
            let name = if option == 0 {
                "none".to_owned()
            } else {
                format!("choice {option}")
            };
            vec![name, votes(proposal.total_of(option))]
        })
        .collect();
    output::list(&["option", "votes"], rows, &[1], app.global.json);
    let mut rows = Vec::new();
    for (action_address, action) in actions(app, &address, proposal.action_count).await? {
        let (_, call) = governance::action(&app.rpc, action_address).await?;
        rows.push(vec![
            action.index.to_string(),
            action.choice.to_string(),
            describe::call(&call.program_id, &call.accounts, &call.data),
            amount::sol(action.outflow_lamports.get()),
            if action.executed == 1 { "yes" } else { "no" }.to_owned(),
        ]);
    }
    if !rows.is_empty() {
        let headings = ["action", "choice", "what it does", "SOL out", "executed"];
        output::list(&headings, rows, &[0, 1, 3], app.global.json);
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_is_shown_in_votes_without_a_float() {
        assert_eq!(votes(36 << 16), "36.00");
        assert_eq!(votes((3 << 16) + (1 << 15)), "3.50");
        assert_eq!(votes(65_535), "0.99");
    }

    #[test]
    fn an_account_of_an_action_says_whether_it_is_written_and_signs() {
        let address = Address::new_unique();
        assert_eq!(
            meta(&format!("{address}")).unwrap(),
            AccountMeta::new_readonly(address, false)
        );
        assert_eq!(meta(&format!("{address}:w")).unwrap(), AccountMeta::new(address, false));
        assert_eq!(
            meta(&format!("{address}:s:w")).unwrap(),
            AccountMeta::new(address, true)
        );
        assert!(meta(&format!("{address}:x")).is_err());
        assert!(meta("nobody").is_err());
    }
}
