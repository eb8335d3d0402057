use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
};

#[test]
fn the_court_keeps_every_parameter_it_is_given() {
    let mut e = Escrow::configured(0);
    let keys = [e.key("one"), e.key("two"), e.key("three")];
    e.run(update_court(e.config, e.key("admin"), &court(&keys)), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    let court = config.court;
    assert_eq!(
        (court.seat_fee_lamports.get(), court.juror_stake_lamports.get()),
        (2_000_001, 30_000_002)
    );
    assert_eq!(
        [
            court.answer_seconds.get(),
            court.seed_seconds.get(),
            court.vote_seconds.get(),
            court.reveal_seconds.get(),
            court.appeal_seconds.get(),
            court.ruling_seconds.get()
        ],
        [7_203, 7_204, 7_205, 7_206, 7_207, 3_000_008]
    );
    assert_eq!(court.attestors, keys);
    // nothing else of the config has changed
    assert_eq!((config.fee_ppm.get(), config.authority), (FEE_PPM, e.key("admin")));
}

#[test]
fn a_new_config_has_a_court_within_its_own_bounds() {
    for e in [Escrow::ready(0), Escrow::rehearsal(0)] {
        let config: EscrowConfig = e.world.state(&e.config);
        let court = config.court;
        let params = CourtParams {
            seat_fee_lamports: court.seat_fee_lamports.get(),
            juror_stake_lamports: court.juror_stake_lamports.get(),
            answer_seconds: court.answer_seconds.get(),
            seed_seconds: court.seed_seconds.get(),
            vote_seconds: court.vote_seconds.get(),
            reveal_seconds: court.reveal_seconds.get(),
            appeal_seconds: court.appeal_seconds.get(),
            ruling_seconds: court.ruling_seconds.get(),
            attestors: court.attestors,
        };
        assert_eq!(
            (params.seat_fee_lamports, params.juror_stake_lamports),
            (5_000_000, 50_000_000)
        );
        assert_eq!(
            params.answer_seconds,
            if config.is_rehearsal == 1 { 10 } else { 86_400 }
        );
        let mut e = e;
        e.run(update_court(e.config, e.key("admin"), &params), &["admin"]);
    }
}

#[test]
fn only_the_configs_authority_changes_the_court() {
    let mut e = Escrow::configured(0);
    let params = court(&[]);
    let by_stranger = update_court(e.config, e.key("stranger"), &params);
    e.fails_as(by_stranger, &["stranger"], builtin::ADDRESS);
    let unsigned = ix::unsigned(update_court(e.config, e.key("admin"), &params), 1);
    e.fails_as(unsigned, &[], builtin::MissingRequiredSignature);
}

/// The edges of a parameter: the first two are outside, the others inside.
type Edge = (fn(&mut CourtParams, u64), [u64; 4]);

const DAY: u64 = 86_400;
const STEP_EDGES: [u64; 4] = [3_599, 14 * DAY + 1, 3_600, 14 * DAY];

#[test]
fn every_parameter_of_the_court_has_two_edges() {
    let edges: [Edge; 8] = [
        (
            |p, v| {
                p.juror_stake_lamports = 10_000_000_000;
                p.seat_fee_lamports = v;
            },
            [999_999, 1_000_000_001, 1_000_000, 1_000_000_000],
        ),
        (
            |p, v| p.juror_stake_lamports = v,
            [2_000_000, 10_000_000_001, 2_000_001, 10_000_000_000],
        ),
        (|p, v| p.answer_seconds = v as u32, STEP_EDGES),
        (|p, v| p.seed_seconds = v as u32, STEP_EDGES),
        (|p, v| p.vote_seconds = v as u32, STEP_EDGES),
        (|p, v| p.reveal_seconds = v as u32, STEP_EDGES),
        (|p, v| p.appeal_seconds = v as u32, STEP_EDGES),
        (
            |p, v| p.ruling_seconds = v as u32,
            [30 * DAY - 1, 365 * DAY + 1, 30 * DAY, 365 * DAY],
        ),
    ];
    let mut e = Escrow::configured(0);
    for (set, values) in edges {
        for (at, value) in values.into_iter().enumerate() {
            let mut params = court(&[]);
            set(&mut params, value);
            let update = update_court(e.config, e.key("admin"), &params);
            if at < 2 {
                e.fails(update, &["admin"], EscrowError::CourtOutOfBounds);
            } else {
                e.run(update, &["admin"]);
            }
        }
    }
}

#[test]
fn a_rehearsals_court_takes_two_seconds_and_no_less() {
    let mut e = Escrow::rehearsal(0);
    let of = |step: u32, ruling: u32| CourtParams {
        answer_seconds: step,
        ruling_seconds: ruling,
        ..court(&[])
    };
    e.run(update_court(e.config, e.key("admin"), &of(2, 2)), &["admin"]);
    for params in [of(1, 2), of(2, 1)] {
        let update = update_court(e.config, e.key("admin"), &params);
        e.fails(update, &["admin"], EscrowError::CourtOutOfBounds);
    }
}
