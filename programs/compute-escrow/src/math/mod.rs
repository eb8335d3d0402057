//! Numbers in, a summary or nothing out: no Anchor, no accounts, no clock.

pub mod court;
pub mod deadline;
pub mod lot;
pub mod metering;
pub mod price;
pub mod reputation;
pub mod slash;
pub mod terms;
