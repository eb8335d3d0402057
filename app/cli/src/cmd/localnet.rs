//! `commonweal localnet`.

use {
    crate::{
        app::{App, Outcome},
        args::{Global, Localnet as Options},
        cmd::deploy,
        output,
    },
    commonweal_client::{
        journal::Journal,
        keys,
        localnet::{find_or_build, usual_port, Localnet, Options as Start},
        paths,
        send::{PriorityFee, Sender},
    },
    commonweal_migrations::ProgramKeys,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{path::PathBuf, sync::Arc},
};

/// The folder, in the ledger's, of keys and journal.
const KEYS_FOLDER: &str = "keys";

/// A local network with the programs on it.
pub struct Started {
    /// The validator.
    pub localnet: Localnet,
    /// A command that speaks to it.
    pub app: App,
    /// The pipeline; its journal lies in the ledger's folder.
    pub sender: Sender,
    /// Who owns the SOL.
    pub funder: Keypair,
    /// Where its key lies.
    pub funder_file: PathBuf,
}

/// Starts a validator; `ledger` keeps its state, keys and journal.
pub async fn start(global: &Global, ledger: Option<PathBuf>, rpc_port: Option<u16>) -> Outcome<Started> {
    let json = global.json;
    let say = |line: &str| {
        if !json {
            eprintln!("{line}");
        }
    };
    let validator = find_or_build(&say).await?;
    let kept = ledger
        .as_ref()
        .map(|folder| folder.join(KEYS_FOLDER).join("funder.json"));
    let funder = match &kept {
        Some(file) => keys::read_or_create(file)?,
        None => Keypair::new(),
    };
    let spinner = output::spinner("starting the validator", json);
    let started = Localnet::start(
        &validator,
        &Start {
            ledger,
            mint: funder.pubkey(),
            rpc_port,
        },
    )
    .await;
    spinner.finish_and_clear();
    let localnet = started?;
    let funder_file = localnet.ledger.join(KEYS_FOLDER).join("funder.json");
    if kept.is_none() {
        keys::write_new(&funder_file, &funder)?;
    }
    let app = App::new(Global {
        url: localnet.rpc_url.clone(),
        keypair: Some(funder_file.clone()),
        ..global.clone()
    });
    let journal = Journal::open(&localnet.ledger.join(KEYS_FOLDER).join("journal.jsonl"))?;
    let sender = Sender::new(Arc::clone(&app.rpc), journal, PriorityFee::default());
    Ok(Started {
        localnet,
        app,
        sender,
        funder,
        funder_file,
    })
}

/// Starts it, deploys, and stays until ctrl-C.
pub async fn run(app: &App, options: Options) -> Outcome {
    let mut started = start(&app.global, options.ledger, options.port.or_else(usual_port)).await?;
    let done = deploy::migrate(
        &started.app,
        &started.sender,
        &started.funder,
        paths::bytecode(),
        ProgramKeys::Committed,
    )
    .await?;
    deploy::show(&done, app.global.json);
    output::facts(
        &[
            ("rpc", started.localnet.rpc_url.clone()),
            ("websocket", started.localnet.ws_url.clone()),
            ("ledger", started.localnet.ledger.display().to_string()),
            ("funded keypair", started.funder_file.display().to_string()),
            ("its address", started.funder.pubkey().to_string()),
        ],
        app.global.json,
    );
    if !app.global.json {
        say!("ctrl-C ends the network");
    }
    started.localnet.wait().await?;
    Ok(())
}
