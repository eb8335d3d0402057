//! `commonweal deploy`.

use {
    crate::{
        app::{App, Outcome},
        args::Deploy,
        output,
    },
    commonweal_client::{deploy::require_local, paths, send::Sender, Error},
    commonweal_migrations::{Context, Done, ProgramKeys},
    serde_json::{json, Value},
    solana_keypair::Keypair,
    std::path::PathBuf,
};

/// Deploys and migrates.
pub async fn run(app: &App, options: Deploy) -> Outcome {
    let program_keys = options.program_keys.map_or(ProgramKeys::Committed, ProgramKeys::Folder);
    if app.global.dry_run || app.global.unsigned {
        return Err(Error::refused(
            "a deployment is many transactions that build on each other and cannot be rehearsed or signed as one",
            "Run it on a local network first: `commonweal localnet`",
        )
        .into());
    }
    if program_keys == ProgramKeys::Committed {
        require_local(&app.rpc).await?;
    }
    let payer = app.signer()?;
    let sender = app.sender().await?;
    let bytecode = options.bytecode.unwrap_or_else(paths::bytecode);
    let done = migrate(app, &sender, &payer, bytecode, program_keys).await?;
    show(&done, app.global.json);
    Ok(())
}

/// Runs the migrations with a progress bar.
pub async fn migrate(
    app: &App,
    sender: &Sender,
    payer: &Keypair,
    bytecode: PathBuf,
    program_keys: ProgramKeys,
) -> Outcome<Vec<Done>> {
    let bar = output::bar(app.global.json);
    let progress = |what: &str, done: usize, all: usize| {
        bar.set_message(what.to_owned());
        bar.set_length(u64::try_from(all).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    };
    let is_local = app.is_local().await?;
    let context = Context {
        sender,
        payer,
        bytecode,
        program_keys,
        is_local,
        progress: &progress,
    };
    let done = commonweal_migrations::run(&context).await;
    bar.finish_and_clear();
    Ok(done?)
}

/// Shows what the migrations did.
pub fn show(done: &[Done], json: bool) {
    if json {
        let steps: Vec<Value> = done
            .iter()
            .map(|done| json!({ "step": done.step, "changes": done.changes }))
            .collect();
        return output::json_line(&Value::Array(steps));
    }
    for done in done {
        if done.changes.is_empty() {
            say!("{}: nothing to do", done.step);
        }
        for change in &done.changes {
            say!("{}: {change}", done.step);
        }
    }
    if done.iter().all(|done| done.changes.is_empty()) {
        say!("all steps had run before; nothing was changed");
    }
}
