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
    // A verb that stays up until it is told to end hears of it first, and ends well.
    let ended = tokio::select! {
        biased;
        ended = cmd::run(args) => ended,
        () = app::interrupted() => Err(app::Failure::Interrupted),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure, json);
            ExitCode::from(failure.exit_code())
        }
    }
}
