//! The court, instruction by instruction, and whole cases.

#[path = "court/appeals.rs"]
mod appeals;
#[path = "court/attacks.rs"]
mod attacks;
#[path = "court/cases.rs"]
mod cases;
#[path = "court/challenges.rs"]
mod challenges;
#[path = "court/jury.rs"]
mod jury;
#[path = "court/panels.rs"]
mod panels;
#[path = "court/rulings.rs"]
mod rulings;
#[path = "court/silence.rs"]
mod silence;
