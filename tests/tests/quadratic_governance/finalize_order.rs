//! `finalize` in another order than the votes: the outflow caps count the last two epochs all the same.

use crate::prelude::*;

/// Persons of 20 votes, the most there are, in Q16.
fn persons(community: &Community) -> u64 {
    community.realm_state().voting_persons_q16()
}

#[test]
fn nobody_chooses_the_caps_by_finalizing_late() {
    for in_order in [true, false] {
        let mut community = Community::with_members(0, 3);
        community.to_epoch(1);
        let sparse = community.propose(vec![]);
        community.to_epoch(2);
        community.open_missing_ballots(2);
        community.cast(0, sparse, 1, 10);
        let busy = community.propose(vec![]);
        if in_order {
            community.decide(sparse);
            // ten votes of twenty
            assert_eq!(persons(&community), 1 << 15);
        }
        community.carry(busy, 10);
        community.decide(busy);
        if !in_order {
            // thirty votes of twenty
            assert_eq!(persons(&community), 3 << 15);
            community.finalize(sparse);
        }
        assert_eq!(persons(&community), 1 << 15, "the lesser of the two epochs");
    }
}
