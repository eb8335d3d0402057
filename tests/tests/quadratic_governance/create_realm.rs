use {
    crate::prelude::*,
    quadratic_governance::{ChamberChoice, RealmChoice},
};

fn refuse(change: impl FnOnce(&mut RealmParameters), rehearsal: bool, expected: GovernanceError) {
    let mut community = Community::with_attestors(0, 0);
    community.rehearsal = rehearsal;
    community.parameters = if rehearsal {
        rehearsal_parameters()
    } else {
        gov::real_parameters()
    };
    change(&mut community.parameters);
    community.name_hash = hash("refused");
    let founder = community.founder.insecure_clone();
    let instruction = community.create_realm_instruction();
    community.world.fails_with(instruction, &[&founder], error(expected));
}

#[test]
fn a_rehearsal_realm_keeps_its_parameters_and_starts_its_clock_now() {
    let community = Community::with_attestors(0, 0);
    let realm = community.realm_state();
    assert_eq!(realm.rehearsal, 1);
    assert_eq!(realm.genesis_ts.get(), community.world.now());
    assert_eq!(realm.epoch_s.get(), 100);
    assert_eq!(realm.rules.voting_s.get(), 40);
    assert_eq!(realm.governing_mint, community.mint.address);
    assert_eq!(realm.founder, community.founder.pubkey());
    assert_eq!(realm.guardian, community.guardian.pubkey());
    assert_eq!((realm.nullifier_scheme, realm.cluster), (1, hash("a test cluster")));
    assert_eq!(
        (
            realm.base_epoch.get(),
            realm.next_rules_epoch.get(),
            realm.persons.get()
        ),
        (0, 0, 0)
    );
    // no epoch of decisions is known yet
    assert_eq!(realm.voted.map(|voted| voted.epoch.get()), [NO_EPOCH; 2]);
    for lane in 0..4u8 {
        assert_eq!(realm.treasuries[usize::from(lane)], community.treasury(lane));
    }
    assert_eq!(community.world.raw(&community.realm).data.len(), REALM_LEN);
}

#[test]
fn a_real_realm_is_created_at_its_floors_and_says_so() {
    let community = Community::empty(0, gov::real_parameters(), false);
    assert_eq!(community.realm_state().rehearsal, 0);
    assert_eq!(
        community.world.raw(&community.realm).data[10],
        0,
        "the flag is at the offset other programs read"
    );
}

#[test]
fn a_realm_cannot_be_created_again() {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let instruction = community.create_realm_instruction();
    // the system program's «already in use»
    community.world.fails_with(instruction, &[&founder], 0);
}

#[test]
fn a_mint_with_a_freeze_authority_is_refused() {
    let mut community = Community::with_attestors(0, 0);
    community.mint = community.world.mint("freezable", 6);
    community.name_hash = hash("refused");
    let founder = community.founder.insecure_clone();
    let instruction = community.create_realm_instruction();
    community
        .world
        .fails_with(instruction, &[&founder], error(GovernanceError::MintFreezable));
}

#[test]
fn mints_whose_extensions_endanger_stakes_are_refused() {
    let extensions = [
        MintExtension::TransferFee {
            basis_points: 1,
            maximum_atoms: 1,
        },
        MintExtension::PermanentDelegate,
        MintExtension::Pausable,
        MintExtension::DefaultFrozen,
        MintExtension::MintClose,
        MintExtension::NonTransferable,
    ];
    let mut community = Community::with_attestors(0, 0);
    for (index, extension) in extensions.into_iter().enumerate() {
        community.mint = community.world.mint_2022(&format!("mint {index}"), 6, &[extension]);
        community.name_hash = hash("refused");
        let founder = community.founder.insecure_clone();
        let instruction = community.create_realm_instruction();
        community
            .world
            .fails_with(instruction, &[&founder], error(GovernanceError::MintRefused));
    }
}

#[test]
fn a_hooked_mint_is_refused() {
    let mut community = Community::with_attestors(0, 0);
    community.mint.address = commonweal_tests::fixtures::escrow::hooked_mint(&mut community.world, "hooked");
    community.name_hash = hash("refused");
    let founder = community.founder.insecure_clone();
    let instruction = community.create_realm_instruction();
    community
        .world
        .fails_with(instruction, &[&founder], error(GovernanceError::MintRefused));
}

#[test]
fn a_token_account_is_not_a_governing_mint() {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let mint = community.mint.clone();
    community.mint.address = community.world.token_account(&mint, &founder.pubkey());
    community.name_hash = hash("refused");
    let instruction = community.create_realm_instruction();
    community
        .world
        .fails_with(instruction, &[&founder], error(GovernanceError::MintRefused));
}

#[test]
fn a_real_realm_refuses_rehearsal_delays_one_second_below_each_floor() {
    let changes: [fn(&mut RealmParameters); 8] = [
        |p| p.epoch_s -= 1,
        |p| p.voting_s -= 1,
        |p| p.extension_s -= 1,
        |p| p.late_window_s -= 1,
        |p| p.challenge_s -= 1,
        |p| p.timelock_s -= 1,
        |p| p.upgrade_timelock_s -= 1,
        |p| p.execution_window_s -= 1,
    ];
    for change in changes {
        refuse(change, false, GovernanceError::DelayOutOfBounds);
    }
    refuse(|p| p.review_s -= 1, false, GovernanceError::DelayOutOfBounds);
}

#[test]
fn delays_beyond_ninety_days_or_a_late_window_beyond_the_vote_are_refused() {
    refuse(
        |p| p.timelock_s = MAX_DELAY_S + 1,
        true,
        GovernanceError::DelayOutOfBounds,
    );
    refuse(|p| p.epoch_s = MAX_DELAY_S + 1, true, GovernanceError::DelayOutOfBounds);
    refuse(
        |p| p.late_window_s = p.voting_s + 1,
        true,
        GovernanceError::DelayOutOfBounds,
    );
    refuse(|p| p.review_s = p.epoch_s, true, GovernanceError::DelayOutOfBounds);
    let ceilings: [fn(&mut RealmParameters); 6] = [
        |p| p.voting_s = MAX_DELAY_S + 1,
        |p| p.extension_s = MAX_DELAY_S + 1,
        |p| p.challenge_s = MAX_DELAY_S + 1,
        |p| p.upgrade_timelock_s = MAX_DELAY_S + 1,
        |p| p.execution_window_s = MAX_DELAY_S + 1,
        // an upgrade never waits less than a payment
        |p| p.upgrade_timelock_s = p.timelock_s - 1,
    ];
    for change in ceilings {
        refuse(change, true, GovernanceError::DelayOutOfBounds);
    }
}

#[test]
fn an_epoch_must_hold_voting_extension_and_challenge() {
    refuse(|p| p.epoch_s = 59, true, GovernanceError::EpochTooShort);
}

#[test]
fn parameters_that_would_brick_or_bend_the_realm_are_refused() {
    refuse(|p| p.base_credits = 0, true, GovernanceError::CreditsOutOfBounds);
    refuse(
        |p| p.base_credits = MAX_BASE_CREDITS + 1,
        true,
        GovernanceError::CreditsOutOfBounds,
    );
    refuse(|p| p.max_bonus_credits = 801, true, GovernanceError::CreditsOutOfBounds);
    refuse(
        |p| p.stake_atoms_per_credit = 0,
        true,
        GovernanceError::CreditsOutOfBounds,
    );
    refuse(|p| p.min_persons = 0, true, GovernanceError::QuorumOutOfBounds);
    refuse(|p| p.min_persons = 4, false, GovernanceError::QuorumOutOfBounds);
    refuse(
        |p| p.quorum_persons_ppm = 500_001,
        true,
        GovernanceError::QuorumOutOfBounds,
    );
    refuse(
        |p| p.quorum_credits_ppm = 9_999,
        false,
        GovernanceError::QuorumOutOfBounds,
    );
    refuse(
        |p| p.normal_threshold_ppm = 499_999,
        true,
        GovernanceError::ThresholdOutOfBounds,
    );
    refuse(
        |p| p.high_threshold_ppm = 599_999,
        true,
        GovernanceError::ThresholdOutOfBounds,
    );
    refuse(
        |p| p.high_threshold_ppm = 670_001,
        true,
        GovernanceError::ThresholdOutOfBounds,
    );
    refuse(
        |p| p.identity_cost_lamports = 0,
        true,
        GovernanceError::LimitOutOfBounds,
    );
    refuse(
        |p| p.cohort_floor_votes = MAX_COHORT_FLOOR_VOTES + 1,
        true,
        GovernanceError::LimitOutOfBounds,
    );
    refuse(
        |p| p.quorum_persons_ppm = 9_999,
        false,
        GovernanceError::QuorumOutOfBounds,
    );
    refuse(
        |p| p.quorum_credits_ppm = 500_001,
        true,
        GovernanceError::QuorumOutOfBounds,
    );
    refuse(
        |p| p.min_persons = MAX_MIN_PERSONS + 1,
        true,
        GovernanceError::QuorumOutOfBounds,
    );
    refuse(
        |p| p.normal_threshold_ppm = 670_001,
        true,
        GovernanceError::ThresholdOutOfBounds,
    );
    refuse(|p| p.cohort_floor_votes = 0, true, GovernanceError::LimitOutOfBounds);
    refuse(
        |p| p.proposal_bond_lamports = MAX_BOND_LAMPORTS + 1,
        true,
        GovernanceError::LimitOutOfBounds,
    );
    refuse(|p| p.attestations = 0, true, GovernanceError::AttestationsOutOfBounds);
    refuse(|p| p.attestations = 1, false, GovernanceError::AttestationsOutOfBounds);
    refuse(|p| p.attestations = 9, true, GovernanceError::AttestationsOutOfBounds);
}

#[test]
fn sunsets_lie_ahead_and_within_a_year() {
    for (founder_days, guardian_days) in [(0, 300), (300, 0), (366, 300), (300, 366)] {
        let mut community = Community::with_attestors(0, 0);
        let now = community.world.now();
        let choice = RealmChoice {
            rehearsal: true,
            nullifier_scheme: 0,
            cluster: [2; 32],
            chambers: ChamberChoice::default(),
            guardian: [1; 32],
            founder_sunset_ts: now + founder_days * 86_400,
            guardian_sunset_ts: now + guardian_days * 86_400,
            parameters: rehearsal_parameters(),
        };
        let founder = community.founder.insecure_clone();
        let instruction = gov::create_realm(&founder.pubkey(), &community.mint.address, hash("refused"), choice);
        community
            .world
            .fails_with(instruction, &[&founder], error(GovernanceError::SunsetOutOfBounds));
    }
}

#[test]
fn a_realm_at_another_address_than_its_name_is_refused() {
    let mut community = Community::with_attestors(0, 0);
    community.name_hash = hash("another");
    let founder = community.founder.insecure_clone();
    let mut instruction = community.create_realm_instruction();
    instruction.accounts[1].pubkey = gov::realm_address(&hash("yet another"));
    community
        .world
        .fails_with(instruction, &[&founder], InstructionError::InvalidSeeds);
}

#[test]
fn what_earns_seats_is_kept() {
    let mut community = Community::with_attestors(0, 0);
    community.name_hash = hash("with chambers");
    community.chambers = ChamberChoice {
        liquidity_config: [3; 32],
        escrow_config_number: 4,
    };
    let founder = community.founder.insecure_clone();
    let instruction = community.create_realm_instruction();
    community.world.succeeds(instruction, &[&founder]);
    let realm: Realm = community.world.state(&gov::realm_address(&community.name_hash));
    assert_eq!(
        (realm.liquidity_config.to_bytes(), realm.escrow_config_number.get()),
        ([3; 32], 4)
    );
}

#[test]
fn the_founder_signs() {
    let mut community = Community::with_attestors(0, 0);
    community.name_hash = hash("unsigned");
    let mut instruction = community.create_realm_instruction();
    instruction.accounts[0].is_signer = false;
    community
        .world
        .fails_with(instruction, &[], InstructionError::MissingRequiredSignature);
}
