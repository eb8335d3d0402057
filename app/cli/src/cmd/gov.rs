//! `commonweal gov`.

mod actions;
mod attest;
mod attestors;
mod chambers;
pub mod court;
mod delegates;
mod members;
mod persons;
mod proposals;
mod propose;
mod realm;
mod show;
mod status;
mod treasury;

pub use members::hexadecimal;

use crate::{
    app::{App, Outcome},
    args::Gov,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Gov) -> Outcome {
    match verb {
        Gov::Status => status::run(app).await,
        Gov::Realm(verb) => realm::run(app, verb).await,
        Gov::Attestor(verb) => attestors::run(app, verb).await,
        Gov::Attest(verb) => attest::run(app, verb).await,
        Gov::Person(verb) => persons::run(app, verb).await,
        Gov::Stake { amount } => members::stake(app, &amount).await,
        Gov::Unstake { amount, person } => members::unstake(app, &amount, person).await,
        Gov::Ballot(verb) => members::ballot(app, verb).await,
        Gov::Delegate(verb) => delegates::run(app, verb).await,
        Gov::Vote {
            proposal,
            option,
            votes,
        } => members::vote(app, proposal, option, votes).await,
        Gov::Propose(options) => propose::run(app, options).await,
        Gov::Action(act) => propose::bind(app, act).await,
        Gov::Append { proposal, action, data } => propose::append(app, proposal, action, &data).await,
        Gov::Pin { proposal, action } => propose::pin(app, proposal, action).await,
        Gov::HandOver { program, lane } => propose::hand_over(app, program, lane).await,
        Gov::Submit { proposal } => proposals::submit(app, proposal).await,
        Gov::Cancel { proposal } => proposals::cancel(app, proposal).await,
        Gov::Strip { person } => persons::strip(app, person).await,
        Gov::Exclude {
            proposal,
            slot,
            attestors,
        } => attestors::exclude(app, proposal, slot, &attestors).await,
        Gov::Finalize { proposal } => proposals::finalize(app, proposal).await,
        Gov::Veto { proposal, spam } => proposals::veto(app, proposal, spam).await,
        Gov::Override { proposal } => proposals::override_veto(app, proposal).await,
        Gov::ResignGuardian => proposals::resign_guardian(app).await,
        Gov::Chamber(verb) => chambers::run(app, verb).await,
        Gov::Execute { proposal } => proposals::execute(app, proposal).await,
        Gov::Expire { proposal } => proposals::expire(app, proposal).await,
        Gov::Close { proposal } => proposals::close(app, proposal).await,
        Gov::Book(verb) => treasury::book(app, verb).await,
        Gov::Dividend(verb) => treasury::dividend(app, verb).await,
        Gov::List => show::list(app).await,
        Gov::Show { proposal } => show::show(app, proposal).await,
    }
}
