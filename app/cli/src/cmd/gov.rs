//! `commonweal gov`.

mod members;
mod proposals;
mod realm;

use crate::{
    app::{App, Outcome},
    args::Gov,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Gov) -> Outcome {
    match verb {
        Gov::Realm(verb) => realm::run(app, verb).await,
        Gov::Attestor(verb) => realm::attestor(app, verb).await,
        Gov::Person(verb) => members::person(app, verb).await,
        Gov::Stake { amount } => members::stake(app, &amount).await,
        Gov::Unstake { amount } => members::unstake(app, &amount).await,
        Gov::Ballot(verb) => members::ballot(app, verb).await,
        Gov::Vote {
            proposal,
            option,
            votes,
        } => members::vote(app, proposal, option, votes).await,
        Gov::Propose { text, choices } => proposals::propose(app, &text, choices).await,
        Gov::Action(verb) => proposals::action(app, verb).await,
        Gov::Submit { proposal } => proposals::submit(app, proposal).await,
        Gov::Cancel { proposal } => proposals::cancel(app, proposal).await,
        Gov::Finalize { proposal } => proposals::finalize(app, proposal).await,
        Gov::Execute { proposal } => proposals::execute(app, proposal).await,
        Gov::Expire { proposal } => proposals::expire(app, proposal).await,
        Gov::Close { proposal } => proposals::close(app, proposal).await,
        Gov::List => proposals::list(app).await,
        Gov::Show { proposal } => proposals::show(app, proposal).await,
    }
}
