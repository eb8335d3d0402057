//! `ramp_amplification`.

use {
    crate::{
        events::{log, AmplificationRamped},
        instructions::{clock_before, UpdateConfig},
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - only the config's authority signs, and only a config of the stable curve ramps
/// - the amplification moves in a straight line from its present value to `target`, which is at most ten times it or a tenth
/// - the ramp takes at least a day, so that whoever dislikes it can leave, and at most 365 days
/// - no ramp starts while one runs; a `target` of 0 or of the present value stops that one where it stands, whatever `end_ts`;
///   the next may start a day after the stopped one's start
/// - a share's value in D moves with the amplification: P3 holds apart from ramps
pub fn handle_ramp_amplification(ctx: &mut Context<UpdateConfig>, target: u32, end_ts: i64) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let config = &mut ctx.accounts.config;
    config.validate_version()?;
    config.ramp(target, end_ts, clock.unix_timestamp)?;

    log(AmplificationRamped {
        config: *config.address(),
        sequence: config.sequence.get(),
        start_ts: config.ramp_start_ts.get(),
        end_ts: config.ramp_end_ts.get(),
        from: config.amplification_from.get(),
        to: config.amplification_to.get(),
    });
    Ok(())
}
