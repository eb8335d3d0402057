//! The accounts, one to a file: layout, address, what may happen to it and what always holds.

pub mod action;
pub mod attestor;
pub mod ballot;
pub mod chamber_seat;
pub mod delegate_pool;
pub mod dividend;
pub mod own;
pub mod person;
pub mod person_by_wallet;
pub mod phase;
pub mod proposal;
pub mod realm;
pub mod rules;
pub mod stake;
pub mod token_book;

pub use {
    action::*, attestor::*, ballot::*, chamber_seat::*, delegate_pool::*, dividend::*, own::*, person::*,
    person_by_wallet::*, phase::*, proposal::*, realm::*, rules::*, stake::*, token_book::*,
};
