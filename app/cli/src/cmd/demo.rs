//! The story.
use crate::{app::{App, Outcome}, args::Demo};
/// Plays it.
pub async fn run(_app: &App, _options: Demo) -> Outcome { Ok(()) }
