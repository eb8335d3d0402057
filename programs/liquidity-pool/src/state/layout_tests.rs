//! The pool's layout against the offsets that readers outside this program use.

use {
    super::{
        pool::{Observation, POOL_SPACE},
        Pool,
    },
    crate::constants::LAYOUT_VERSION,
    anchor_lang::Discriminator,
    commonweal_interface::twap::{self, offsets},
    core::mem::{offset_of, size_of},
};

#[test]
fn readers_of_mean_prices_find_what_the_pool_writes() {
    let pairs = [
        (offsets::VERSION, offset_of!(Pool, version)),
        (offsets::CURVE, offset_of!(Pool, curve)),
        (offsets::RESERVE_A, offset_of!(Pool, reserve_a_atoms)),
        (offsets::RESERVE_B, offset_of!(Pool, reserve_b_atoms)),
        (offsets::FLASH_OWED_A, offset_of!(Pool, flash_owed_a_atoms)),
        (offsets::FLASH_OWED_B, offset_of!(Pool, flash_owed_b_atoms)),
        (offsets::ORACLE_TS, offset_of!(Pool, oracle_ts)),
        (offsets::PRICE_SECONDS, offset_of!(Pool, price_seconds)),
        (offsets::CAPPED_PRICE_SECONDS, offset_of!(Pool, capped_price_seconds)),
        (offsets::CAPPED_PRICE, offset_of!(Pool, capped_price_q64)),
        (offsets::LAST_PRICE, offset_of!(Pool, last_price_q64)),
        (offsets::OBSERVATION_NEXT, offset_of!(Pool, observation_next)),
        (offsets::OBSERVATION_COUNT, offset_of!(Pool, observation_count)),
        (offsets::OBSERVATIONS, offset_of!(Pool, observations)),
    ];
    for (read, written) in pairs {
        assert_eq!(read, written + 8);
    }
    assert_eq!(offsets::OBSERVATION_SPACE, size_of::<Observation>());
    assert_eq!(offset_of!(Observation, price_seconds), 4);
    assert_eq!(offset_of!(Observation, capped_price_seconds), 20);
    assert_eq!(
        (twap::POOL_SPACE, twap::OBSERVATIONS),
        (POOL_SPACE, crate::constants::OBSERVATIONS)
    );
    assert_eq!(twap::POOL_DISCRIMINATOR.as_slice(), Pool::DISCRIMINATOR);
    assert_eq!(LAYOUT_VERSION, 1);
}
