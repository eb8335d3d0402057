//! `commonweal localnet`.

use {
    crate::{
        app::{App, Outcome},
        args::{Global, Localnet as Options},
        cmd::deploy,
        output,
    },
    commonweal_client::{
        keys,
        localnet::{find_or_build, Localnet, Options as Start},
        paths,
    },
    commonweal_migrations::ProgramKeys,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::path::PathBuf,
};

/// The key file of the account that owns a local network's SOL, in the ledger's folder.
const FUNDER_FILE: &str = "keys/funder.json";

/// A local network with the programs on it.
pub struct Started {
    /// The validator.
    pub localnet: Localnet,
    /// A command that speaks to it.
    pub app: App,
    /// Who owns the SOL.
    pub funder: Keypair,
    /// Where that key lies.
    pub funder_file: PathBuf,
}

/// Starts a validator; `ledger` keeps its state and keys.
pub async fn start(global: &Global, ledger: Option<PathBuf>, rpc_port: Option<u16>) -> Outcome<Started> {
    let json = global.json;
    let say = |line: &str| {
        if !json {
            eprintln!("{line}");
        }
    };
    let validator = find_or_build(&say).await?;
    let (funder, funder_file) = match &ledger {
        Some(folder) => {
            let file = folder.join(FUNDER_FILE);
            (keys::read_or_create(&file)?, file)
        }
        None => {
            let keypair = Keypair::new();
            let file = paths::state().join(format!("localnet/{}.json", keypair.pubkey()));
            keys::write_new(&file, &keypair)?;
            (keypair, file)
        }
    };
    let spinner = output::spinner("starting the validator", json);
    let started = Localnet::start(&validator, &Start { ledger, mint: funder.pubkey(), rpc_port }).await;
    spinner.finish_and_clear();
    let localnet = started?;
    let global = Global { url: localnet.rpc_url.clone(), keypair: Some(funder_file.clone()), ..global.clone() };
    Ok(Started { localnet, app: App::new(global), funder, funder_file })
}

/// Starts it, deploys, and stays until ctrl-C.
pub async fn run(app: &App, options: Options) -> Outcome {
    let mut started = start(&app.global, options.ledger, options.port).await?;
    let sender = started.app.sender().await?;
    let done =
        deploy::migrate(&started.app, &sender, &started.funder, paths::bytecode(), ProgramKeys::Committed).await?;
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
        println!("ctrl-C ends the network");
    }
    started.localnet.wait().await?;
    Ok(())
}
