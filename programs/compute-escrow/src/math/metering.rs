//! What a lease costs: seconds, atoms, and how any number of payments makes what one would.

use {
    super::{
        deadline::Moment,
        price::{split_price_floor, PriceSplit},
    },
    core::cmp::min,
};

/// Seconds between two moments that a lease counts: by the clock, but not more than ⌊slots·4/5⌋.
///
/// A healthy cluster produces 2.5 slots a second, so slots bind only where it stands still or its clock jumps: an outage accrues
/// nothing. A clock that steps back counts nothing.
pub fn elapsed_seconds(since: Moment, now: Moment) -> u64 {
    let by_clock = u64::try_from(now.ts.saturating_sub(since.ts)).unwrap_or(0);
    let slots = now.slot.saturating_sub(since.slot);
    // ⌊4n/5⌋ = n − ⌈n/5⌉, without overflow
    let by_slots = slots.saturating_sub(slots.div_ceil(5));
    min(by_clock, by_slots)
}

/// What is payable altogether: what both have signed for, but not more than the time that was counted, nor than was put in.
pub fn payable_atoms(
    cumulative_atoms: u64,
    rate_per_second_atoms: u64,
    active_seconds: u64,
    deposit_atoms: u64,
) -> u64 {
    let by_time = rate_per_second_atoms.saturating_mul(active_seconds);
    min(min(cumulative_atoms, by_time), deposit_atoms)
}

/// Divides what a total adds to what was paid before: the difference of the divided totals, so that any number of payments makes
/// exactly what one does (E6). `None` if the total is below what was paid.
pub fn split_increase(paid_atoms: u64, total_atoms: u64, fee_ppm: u32) -> Option<PriceSplit> {
    let before = split_price_floor(paid_atoms, fee_ppm)?;
    let after = split_price_floor(total_atoms, fee_ppm)?;
    Some(PriceSplit {
        provider_atoms: after.provider_atoms.checked_sub(before.provider_atoms)?,
        fee_atoms: after.fee_atoms.checked_sub(before.fee_atoms)?,
    })
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    const START: Moment = Moment { ts: 1_000, slot: 500 };

    fn after(seconds: i64, slots: u64) -> Moment {
        Moment {
            ts: START.ts + seconds,
            slot: START.slot + slots,
        }
    }

    #[test]
    fn the_clock_counts_as_far_as_slots_confirm_it() {
        // 100 s of a healthy cluster are 250 slots
        assert_eq!(elapsed_seconds(START, after(100, 250)), 100);
        // the least that confirms 100 s: 125 slots
        assert_eq!(elapsed_seconds(START, after(100, 125)), 100);
        assert_eq!(elapsed_seconds(START, after(100, 124)), 99);
        // 5 slots confirm 4 s, 4 slots 3
        assert_eq!(elapsed_seconds(START, after(100, 5)), 4);
        assert_eq!(elapsed_seconds(START, after(100, 4)), 3);
        assert_eq!(elapsed_seconds(START, after(100, 1)), 0);
    }

    #[test]
    fn a_halted_cluster_accrues_nothing() {
        assert_eq!(elapsed_seconds(START, after(1_000_000, 0)), 0);
        assert_eq!(elapsed_seconds(START, after(1_000_000, 10)), 8);
    }

    #[test]
    fn a_clock_or_slots_that_step_back_count_nothing() {
        assert_eq!(elapsed_seconds(START, after(-5, 100)), 0);
        assert_eq!(elapsed_seconds(START, Moment { ts: 2_000, slot: 1 }), 0);
        let ages = Moment { ts: i64::MIN, slot: 0 };
        assert_eq!(
            elapsed_seconds(
                ages,
                Moment {
                    ts: i64::MAX,
                    slot: u64::MAX
                }
            ),
            i64::MAX as u64
        );
    }

    #[test]
    fn the_least_of_signatures_time_and_deposit_is_payable() {
        assert_eq!(payable_atoms(99, 10, 10, 1_000), 99);
        assert_eq!(payable_atoms(101, 10, 10, 1_000), 100);
        assert_eq!(payable_atoms(101, 10, 10, 42), 42);
        assert_eq!(payable_atoms(u64::MAX, u64::MAX, u64::MAX, 7), 7);
    }

    #[test]
    fn a_total_below_the_paid_is_refused() {
        assert_eq!(split_increase(2, 1, 20_000), None);
    }

    #[test]
    fn a_million_one_second_settlements_pay_what_one_does() {
        for (rate, fee_ppm) in [(1, 20_000), (3, 1), (7, 49_999), (333, 50_000)] {
            let (mut paid, mut provider, mut fee) = (0, 0, 0);
            for second in 1..=1_000_000 {
                let part = split_increase(paid, rate * second, fee_ppm).unwrap();
                paid += part.provider_atoms + part.fee_atoms;
                provider += part.provider_atoms;
                fee += part.fee_atoms;
            }
            let total = rate * 1_000_000;
            // by hand: the provider's part of the whole, rounded down once
            let kept = u128::from(total) * (1_000_000 - u128::from(fee_ppm)) / 1_000_000;
            assert_eq!((paid, u128::from(provider)), (total, kept));
            assert_eq!(fee, total - provider);
        }
    }

    proptest! {
        #[test]
        fn payments_in_between_change_nothing(
            a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), fee_ppm in 0u32..=50_000,
        ) {
            let mut totals = [a, b, c];
            totals.sort_unstable();
            let mut paid = 0;
            let mut sums = (0u64, 0u64);
            for total in totals {
                let part = split_increase(paid, total, fee_ppm).unwrap();
                sums = (sums.0 + part.provider_atoms, sums.1 + part.fee_atoms);
                paid = total;
            }
            let once = split_increase(0, totals[2], fee_ppm).unwrap();
            prop_assert_eq!(sums, (once.provider_atoms, once.fee_atoms));
        }

        #[test]
        fn counted_seconds_are_within_clock_and_slots(seconds in 0i64..1 << 40, slots in 0u64..1 << 40) {
            let counted = u128::from(elapsed_seconds(START, after(seconds, slots)));
            prop_assert_eq!(counted, (seconds as u128).min(u128::from(slots) * 4 / 5));
        }
    }
}
