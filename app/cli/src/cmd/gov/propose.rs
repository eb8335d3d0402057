//! Drafting proposals and binding actions to them.

use {
    super::{
        actions::{make, Made},
        proposals::{address_of, fetch},
    },
    crate::{
        app::{App, Outcome},
        args::{Act, Draft, Propose},
    },
    commonweal_client::{
        governance::{
            self,
            upgrade::{code_address, hand_over_program},
            Member, PART_BYTES,
        },
        send::Plan,
        Address, Error,
    },
    sha2::{Digest, Sha256},
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    std::{fs, path::Path},
};

/// Drafts a proposal; with an action also binds and submits it.
pub async fn run(app: &App, options: Propose) -> Outcome {
    let signer = app.signer()?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    match (options.act, options.text) {
        (Some(act), _) => {
            let (paper, made) = make(app, &signer, act).await?;
            let (index, create) = draft(app, &member, &paper.text, 1).await?;
            let address = address_of(app, index);
            let steps = bound(&member, address, 0, 1, made)?;
            let mut last = vec![create];
            let mut plans = Vec::new();
            for step in steps {
                if !step.joins {
                    plans.push(std::mem::take(&mut last));
                }
                last.extend(step.instructions);
            }
            if !paper.draft {
                last.push(member.submit_proposal(address));
            }
            plans.push(last);
            let what = if paper.draft { "draft" } else { "propose" };
            in_order(app, &signer, &format!("{what} proposal {index} at {address}"), plans).await
        }
        (None, Some(text)) => {
            let (index, create) = draft(app, &member, &text, options.choices).await?;
            let label = format!("draft proposal {index} at {}", address_of(app, index));
            app.execute(Plan::new(label, vec![create], &[&signer])).await?;
            Ok(())
        }
        (None, None) => Err(Error::refused("no text is named", "Name the file of the text people vote on").into()),
    }
}

/// The next index and the instruction that drafts there.
async fn draft(app: &App, member: &Member, text: &Path, choices: u8) -> Outcome<(u32, Instruction)> {
    let content = fs::read(text)
        .map_err(|error| Error::local(format!("the text {}", text.display()), error, "Name a readable file"))?;
    let index = governance::realm(&app.rpc, &app.realm()).await?.proposal_count.get();
    let create = member.create_proposal(index, Sha256::digest(&content).into(), choices);
    Ok((index, create))
}

/// Instructions that go together.
struct Step {
    /// Whether they fit the transaction before.
    joins: bool,
    instructions: Vec<Instruction>,
}

/// The steps that bind an action to a draft and complete it.
fn bound(member: &Member, proposal: Address, number: u8, choice: u8, made: Made) -> Outcome<Vec<Step>> {
    let Made {
        mut action,
        before,
        pin,
    } = made;
    action.choice = choice;
    let mut add = member.add_action(proposal, number, &action).into_iter();
    let mut first = before;
    first.extend(add.next());
    if let Some((code, buffer)) = pin {
        first.push(member.pin_upgrade(proposal, number, code, buffer));
    }
    let mut steps = vec![Step {
        joins: true,
        instructions: first,
    }];
    steps.extend(add.map(|part| Step {
        joins: false,
        instructions: vec![part],
    }));
    Ok(steps)
}

/// Carries transactions out one after the other; only a single one can be rehearsed or printed.
async fn in_order(app: &App, signer: &Keypair, label: &str, plans: Vec<Vec<Instruction>>) -> Outcome {
    let count = plans.len();
    if count > 1 && (app.global.dry_run || app.global.unsigned) {
        let fact = format!("the action's data needs {count} transactions that build on each other");
        return Err(Error::refused(fact, "Run it without --dry-run or --unsigned").into());
    }
    for (number, instructions) in (1usize..).zip(plans) {
        let label = if count == 1 {
            label.to_owned()
        } else {
            format!("{label}, part {number} of {count}")
        };
        app.execute(Plan::new(label, instructions, &[signer])).await?;
    }
    Ok(())
}

/// Binds an instruction to a choice of a draft.
pub async fn bind(app: &App, act: Act<Draft>) -> Outcome {
    let signer = app.signer()?;
    let (draft, made) = make(app, &signer, act).await?;
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let number = fetch(app, draft.proposal).await?.action_count;
    let steps = bound(&member, address_of(app, draft.proposal), number, draft.choice, made)?;
    let label = format!(
        "bind action {number} to choice {} of proposal {}",
        draft.choice, draft.proposal
    );
    let plans = steps.into_iter().map(|step| step.instructions).collect();
    in_order(app, &signer, &label, plans).await
}

/// Goes on with an action's data where an upload was interrupted.
pub async fn append(app: &App, index: u32, number: u8, file: &Path) -> Outcome {
    let signer = app.signer()?;
    let data = fs::read(file)
        .map_err(|error| Error::local(format!("the data {}", file.display()), error, "Name a readable file"))?;
    let proposal = address_of(app, index);
    let address = governance::action_address(&proposal, number);
    let (state, call) = governance::action(&app.rpc, address).await?;
    let written = usize::from(state.data_written.get());
    let is_it = data.len() == usize::from(state.data_len.get()) && data.get(..written) == call.data.get(..written);
    let Some(rest) = data.get(written..).filter(|rest| is_it && !rest.is_empty()) else {
        let expected = format!("an action whose {written} first bytes are those of the file, and more to come");
        let found = format!("{written} of {} bytes written", state.data_len.get());
        return Err(Error::account(address, expected, found, "Compare the file with what was proposed").into());
    };
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let plans = rest
        .chunks(PART_BYTES)
        .map(|part| vec![member.append_action(proposal, number, part.to_vec())])
        .collect();
    in_order(
        app,
        &signer,
        &format!("complete action {number} of proposal {index}"),
        plans,
    )
    .await
}

/// Pins an upgrade of a draft.
pub async fn pin(app: &App, index: u32, number: u8) -> Outcome {
    let signer = app.signer()?;
    let proposal = address_of(app, index);
    let address = governance::action_address(&proposal, number);
    let (_, call) = governance::action(&app.rpc, address).await?;
    // code, program, buffer
    let [program, buffer] = [1usize, 2].map(|place| call.accounts.get(place).map(|meta| meta.pubkey));
    let (Some(program), Some(buffer)) = (program, buffer) else {
        let remedy = "Only upgrades are pinned";
        return Err(Error::account(address, "an upgrade", "another instruction", remedy).into());
    };
    let member = Member::of_wallet(&app.rpc, app.realm(), signer.pubkey()).await?;
    let pin = member.pin_upgrade(proposal, number, code_address(&program), buffer);
    let label = format!("pin action {number} of proposal {index} to buffer {buffer}");
    app.execute(Plan::new(label, vec![pin], &[&signer])).await?;
    Ok(())
}

/// Hands the power to upgrade a program to a lane.
pub async fn hand_over(app: &App, program: Address, lane: u8) -> Outcome {
    if lane >= governance::LANE_COUNT {
        return Err(Error::refused(format!("there is no lane {lane}"), "Lanes are 0 to 3").into());
    }
    let signer = app.signer()?;
    let hand_over = hand_over_program(&program, &signer.pubkey(), &app.realm(), lane);
    let label = format!("hand program {program} to lane {lane} of the realm");
    app.execute(Plan::new(label, vec![hand_over], &[&signer])).await?;
    Ok(())
}
