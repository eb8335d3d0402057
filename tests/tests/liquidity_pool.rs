//! scratch
use commonweal_tests::{fixtures::pool, snapshot};
#[test]
fn measure() { println!("{:#}", snapshot::measure(&pool::scenarios())); }
