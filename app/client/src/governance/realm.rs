//! The realm: its creation, and what executed proposals change of it.

use {
    super::{calls, instruction, metas, name_hash, realm_address, treasury_address, ChamberChoice, RealmChoice},
    crate::Address,
    commonweal_interface::ids,
    quadratic_governance::state::{RealmParameters, Rules},
    solana_program::instruction::Instruction,
};

/// Creates a realm; its epoch 0 begins with it. The choice's `cluster` is the genesis hash of the cluster it is created on.
pub fn create_realm(founder: Address, name: &str, governing_mint: Address, choice: RealmChoice) -> Instruction {
    let accounts = metas::CreateRealm {
        founder,
        realm: realm_address(name),
        governing_mint,
        system_program: ids::SYSTEM,
    };
    instruction(
        accounts,
        calls::CreateRealm {
            name_hash: name_hash(name),
            choice,
        },
    )
}

/// Rules as parameters, to propose a change of some of them.
pub fn parameters_of(rules: &Rules, epoch_s: u32) -> RealmParameters {
    RealmParameters {
        epoch_s,
        voting_s: rules.voting_s.get(),
        extension_s: rules.extension_s.get(),
        late_window_s: rules.late_window_s.get(),
        challenge_s: rules.challenge_s.get(),
        review_s: rules.review_s.get(),
        timelock_s: rules.timelock_s.get(),
        upgrade_timelock_s: rules.upgrade_timelock_s.get(),
        execution_window_s: rules.execution_window_s.get(),
        base_credits: rules.base_credits.get(),
        max_bonus_credits: rules.max_bonus_credits.get(),
        stake_atoms_per_credit: rules.stake_atoms_per_credit.get(),
        min_persons: rules.min_persons.get(),
        quorum_persons_ppm: rules.quorum_persons_ppm.get(),
        quorum_credits_ppm: rules.quorum_credits_ppm.get(),
        normal_threshold_ppm: rules.normal_threshold_ppm.get(),
        high_threshold_ppm: rules.high_threshold_ppm.get(),
        cohort_floor_votes: rules.cohort_floor_votes.get(),
        proposal_bond_lamports: rules.proposal_bond_lamports.get(),
        identity_cost_lamports: rules.identity_cost_lamports.get(),
        attestations: rules.attestations,
    }
}

fn by_lane_0(realm: Address) -> metas::SetParameters {
    metas::SetParameters {
        authority: treasury_address(&realm, 0),
        realm,
    }
}

/// Sets parameters from the epoch after next on: an action of lane 0.
pub fn set_parameters(realm: Address, parameters: RealmParameters) -> Instruction {
    instruction(by_lane_0(realm), calls::SetParameters { parameters })
}

/// Sets what earns seats in the chambers: an action of lane 0.
pub fn set_chambers(realm: Address, chambers: ChamberChoice) -> Instruction {
    instruction(by_lane_0(realm), calls::SetChambers { chambers })
}

/// Sets what faking a person costs in atoms of a book's mint: an action of lane 0.
pub fn set_identity_cost(realm: Address, book: Address, identity_cost_atoms: u64) -> Instruction {
    let accounts = metas::SetIdentityCost {
        authority: treasury_address(&realm, 0),
        realm,
        book,
    };
    instruction(accounts, calls::SetIdentityCost { identity_cost_atoms })
}
