//! Random casts of persons of three cohorts over three proposals; every invariant after each.

use {crate::prelude::*, rand::Rng};

#[test]
fn tallies_and_budgets_hold_under_random_casts() {
    for seed in 0..4 {
        play(seed, 120);
    }
}

fn play(seed: u64, steps: usize) {
    let parameters = RealmParameters {
        cohort_floor_votes: 4,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(seed, 3, parameters);
    for index in 0..6u8 {
        let member = community.register(&format!("member {index}"), &[index % 3]);
        community.stake(member, u64::from(index) * 60_000 + 1);
    }
    community.to_epoch(1);
    let proposals: Vec<Address> = (1..4u8)
        .map(|choices| {
            let proposal = community.create_proposal(0, choices);
            community.submit(proposal);
            proposal
        })
        .collect();
    community.to_epoch(2);
    community.open_all_ballots();
    // the model: votes by member and proposal
    let mut votes = [[0u32; 3]; 6];
    let mut accepted = 0;
    for _ in 0..steps {
        let member = community.world.rng.random_range(0..6usize);
        let place = community.world.rng.random_range(0..3usize);
        let option = community.world.rng.random_range(0..4u8);
        let count = community.world.rng.random_range(0..13u32);
        let offered = option <= u8::try_from(place).unwrap() + 1;
        let budget = 100 + (member as u32 * 60).min(300);
        let others: u32 = (0..3)
            .filter(|other| *other != place)
            .map(|other| votes[member][other].pow(2))
            .sum();
        let expected = if !offered {
            Some(GovernanceError::OptionNotOffered)
        } else if votes[member][place] == 0 && count == 0 {
            Some(GovernanceError::NothingToChange)
        } else if others + count.pow(2) > budget {
            Some(GovernanceError::BudgetExceeded)
        } else {
            None
        };
        match expected {
            Some(refusal) => {
                let (instruction, wallet) = community.cast_instruction(member, proposals[place], option, count);
                community.world.fails_with(instruction, &[&wallet], error(refusal));
            }
            None => {
                community.cast(member, proposals[place], option, count);
                votes[member][place] = count;
                accepted += 1;
            }
        }
    }
    assert!(
        accepted * 10 >= steps * 3,
        "{accepted} of {steps} accepted: the play is vacuous"
    );
}
