use {
    super::expect::ANCHOR_NOT_WRITABLE,
    commonweal_tests::fixtures::pool::{code, ramp_amplification, stable_terms, usual_terms, Ground, AMPLIFICATION},
    liquidity_pool::{
        errors::PoolError,
        events::AmplificationRamped,
        state::{ConfigTerms, PoolConfig},
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

const DAY: i64 = 86_400;

fn config(ground: &Ground) -> PoolConfig {
    ground.world.state(&ground.config)
}

fn starting_at(amplification: u32) -> Ground {
    Ground::under(0, |authority: Address, treasury: Address| ConfigTerms {
        amplification,
        ..stable_terms(authority, treasury)
    })
}

#[track_caller]
fn ramp(ground: &mut Ground, target: u32, end_ts: i64) -> AmplificationRamped {
    let authority = ground.authority.insecure_clone();
    let instruction = ramp_amplification(&authority.pubkey(), &ground.config, target, end_ts);
    let receipt = ground.world.succeeds(instruction, &[&authority]);
    receipt.events::<AmplificationRamped>()[0]
}

#[track_caller]
fn refuses(ground: &mut Ground, target: u32, end_ts: i64, error: PoolError) {
    let authority = ground.authority.insecure_clone();
    let instruction = ramp_amplification(&authority.pubkey(), &ground.config, target, end_ts);
    ground.world.fails_with(instruction, &[&authority], code(error));
}

/// ⌊from + (to − from)·t/whole⌋, by Euclid's division so that it is a floor in both directions.
fn on_the_line(from: i128, to: i128, elapsed: i128, whole: i128) -> u32 {
    (from + ((to - from) * elapsed).div_euclid(whole)) as u32
}

#[test]
fn a_ramp_is_a_straight_line_rounded_down_in_both_directions() {
    for (from, to) in [(200u32, 1_999u32), (1_999, 200), (1, 10), (10, 1), (1_000_000, 100_000)] {
        let mut ground = starting_at(from);
        let start = ground.world.now();
        let whole = DAY + 12_345;
        let event = ramp(&mut ground, to, start + whole);
        assert_eq!((event.from, event.to, event.sequence), (from, to, 1));
        assert_eq!(
            (event.config, event.start_ts, event.end_ts),
            (ground.config, start, start + whole)
        );
        let config = config(&ground);
        for elapsed in [0, 1, 2, 59, 43_200, DAY, whole - 1, whole] {
            assert_eq!(
                config.amplification_at(start + elapsed),
                on_the_line(from.into(), to.into(), elapsed.into(), whole.into()),
                "{from} to {to} after {elapsed}"
            );
        }
        assert_eq!(config.amplification_at(start + whole + 1), to);
        assert_eq!(config.amplification_at(i64::MAX), to);
        // a clock that has stepped back
        assert_eq!(config.amplification_at(start - 1), from);
        assert_eq!(config.amplification_at(i64::MIN), from);
    }
}

#[test]
fn a_config_that_never_ramped_has_its_first_amplification() {
    let ground = starting_at(77);
    for now in [i64::MIN, -1, 0, 1, i64::MAX] {
        assert_eq!(config(&ground).amplification_at(now), 77);
    }
}

#[test]
fn a_ramp_goes_at_most_ten_times_up_or_down() {
    let end = |ground: &Ground| ground.world.now() + DAY;
    for (target, is_allowed) in [(2_000, true), (2_001, false), (20, true), (19, false), (0, false)] {
        let mut ground = starting_at(AMPLIFICATION);
        let end_ts = end(&ground);
        if is_allowed {
            ramp(&mut ground, target, end_ts);
        } else {
            refuses(&mut ground, target, end_ts, PoolError::AmplificationOutOfRange);
        }
    }
    let mut ground = starting_at(1_000_000);
    let end_ts = end(&ground);
    refuses(&mut ground, 1_000_001, end_ts, PoolError::AmplificationOutOfRange);
    refuses(&mut ground, u32::MAX, end_ts, PoolError::AmplificationOutOfRange);
    ramp(&mut ground, 1_000_000, end_ts);
    // ⌊15 / 10⌋ = 1 is below a tenth
    let mut ground = starting_at(15);
    refuses(&mut ground, 1, end_ts, PoolError::AmplificationOutOfRange);
    ramp(&mut ground, 2, end_ts);
}

#[test]
fn a_ramp_takes_a_day_at_least_and_a_year_at_most() {
    let mut ground = starting_at(AMPLIFICATION);
    let now = ground.world.now();
    for end_ts in [i64::MIN, 0, now, now + DAY - 1, now + 365 * DAY + 1, i64::MAX] {
        refuses(&mut ground, 300, end_ts, PoolError::RampTimeOutOfRange);
    }
    ramp(&mut ground, 300, now + DAY);
    let mut ground = starting_at(AMPLIFICATION);
    ramp(&mut ground, 300, now + 365 * DAY);
}

#[test]
fn no_ramp_starts_while_one_runs() {
    let mut ground = starting_at(AMPLIFICATION);
    let start = ground.world.now();
    ramp(&mut ground, 1_000, start + 2 * DAY);
    ground.world.warp_to(start + DAY);
    // half way: 600
    refuses(&mut ground, 601, start + 3 * DAY, PoolError::RampInProgress);
    refuses(&mut ground, 1_000, start + 3 * DAY, PoolError::RampInProgress);
    refuses(&mut ground, AMPLIFICATION, start + 3 * DAY, PoolError::RampInProgress);
    ground.world.warp_to(start + 2 * DAY);
    let event = ramp(&mut ground, 10_000, start + 3 * DAY);
    assert_eq!((event.from, event.to, event.sequence), (1_000, 10_000, 2));
}

#[test]
fn a_ramp_is_stopped_where_it_stands() {
    for target in [0, 600] {
        let mut ground = starting_at(AMPLIFICATION);
        let start = ground.world.now();
        ramp(&mut ground, 1_000, start + 2 * DAY);
        ground.world.warp_to(start + DAY);
        // no end matters for a stop; a day has passed
        let event = ramp(&mut ground, target, i64::MIN);
        assert_eq!((event.from, event.to, event.sequence), (600, 600, 2));
        assert_eq!((event.start_ts, event.end_ts), (start, start + DAY));
        assert_eq!(config(&ground).amplification_at(start + 2 * DAY), 600);
        // and a new ramp may start at once, from there
        ramp(&mut ground, 6_000, start + 2 * DAY);
    }
}

#[test]
fn ramping_and_stopping_by_turns_is_no_way_around_a_day() {
    let mut ground = starting_at(AMPLIFICATION);
    let start = ground.world.now();
    ramp(&mut ground, 2_000, start + DAY);
    ground.world.warp_to(start + DAY / 2);
    let event = ramp(&mut ground, 0, 0);
    assert_eq!((event.from, event.to, event.end_ts), (1_100, 1_100, start + DAY));
    refuses(&mut ground, 11_000, start + 3 * DAY, PoolError::RampInProgress);
    assert_eq!(config(&ground).amplification_at(start + DAY - 1), 1_100);
    ground.world.warp_to(start + DAY);
    ramp(&mut ground, 11_000, start + 3 * DAY);
}

#[test]
fn only_the_authority_ramps() {
    let mut ground = starting_at(AMPLIFICATION);
    let end_ts = ground.world.now() + DAY;
    let stranger = ground.world.actor("stranger");
    let theirs = ramp_amplification(&stranger.pubkey(), &ground.config, 300, end_ts);
    ground
        .world
        .fails_with(theirs, &[&stranger], code(PoolError::NotTheAuthority));
    let mut unsigned = ramp_amplification(&ground.authority.pubkey(), &ground.config, 300, end_ts);
    unsigned.accounts[0].is_signer = false;
    ground
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let authority = ground.authority.insecure_clone();
    let mut read_only = ramp_amplification(&authority.pubkey(), &ground.config, 300, end_ts);
    read_only.accounts[1].is_writable = false;
    ground.world.fails_with(read_only, &[&authority], ANCHOR_NOT_WRITABLE);
}

#[test]
fn a_constant_product_has_no_amplification_to_ramp() {
    let mut ground = Ground::under(0, usual_terms);
    let end_ts = ground.world.now() + DAY;
    for target in [0, 1, 100] {
        refuses(&mut ground, target, end_ts, PoolError::NotAStableCurve);
    }
}

#[test]
fn a_ramp_changes_nothing_but_itself() {
    let mut ground = starting_at(AMPLIFICATION);
    let mut expected = config(&ground);
    let now = ground.world.now();
    ramp(&mut ground, 300, now + DAY);
    expected.amplification_to = 300u32.into();
    expected.ramp_start_ts = now.into();
    expected.ramp_end_ts = (now + DAY).into();
    expected.sequence = 1u64.into();
    assert_eq!(bytemuck::bytes_of(&config(&ground)), bytemuck::bytes_of(&expected));
}
