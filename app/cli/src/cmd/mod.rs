//! One module for each group of verbs.

mod court;
pub mod deploy;
mod fund;
mod gov;
mod job;
mod key;
mod lease;
pub mod localnet;
mod pool;
mod provider;
mod status;
mod throughput;

use crate::{
    app::{App, Outcome},
    args::{Args, Verb},
};

/// Carries out what was typed.
pub async fn run(args: Args) -> Outcome {
    let app = App::new(args.global);
    match args.verb {
        Verb::Localnet(options) => localnet::run(&app, options).await,
        Verb::Deploy(options) => deploy::run(&app, options).await,
        Verb::Status => status::run(&app).await,
        Verb::Pool(verb) => pool::run(&app, verb).await,
        Verb::Gov(verb) => gov::run(&app, verb).await,
        Verb::Job(verb) => job::run(&app, verb).await,
        Verb::Lease(verb) => lease::run(&app, verb).await,
        Verb::Provider(verb) => provider::run(&app, verb).await,
        Verb::Court(verb) => court::run(&app, verb).await,
        Verb::Fund(options) => fund::run(&app, options).await,
        Verb::Key(verb) => key::run(&app, verb),
        Verb::Throughput(options) => throughput::run(&app, options).await,
        Verb::Demo(options) => crate::demo::run(&app, options).await,
    }
}
