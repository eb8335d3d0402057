//! `commonweal`: the three programs from the command line.

#[macro_use]
mod output;
mod app;
mod args;
mod cmd;
mod demo;

use {clap::Parser, std::process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    let args = args::Args::parse();
    let json = args.global.json;
    // The spawned validator ends with the command (it is killed on drop), also when the command is interrupted.
    let ended = tokio::select! {
        ended = cmd::run(args) => ended,
        () = interrupted() => Err(app::Failure::Interrupted),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure, json);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Waits for ctrl-C or a polite request to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
