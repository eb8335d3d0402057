//! What a fault costs the slot that committed it.

/// How a job's bond is divided after a fault. The four parts make the bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slash {
    /// Lamports to the client: what it stated, no more, so that impossible jobs farm no bonds.
    pub compensation_lamports: u64,
    /// Lamports to whoever cranked.
    pub bounty_lamports: u64,
    /// Lamports taken from the slot for nobody.
    pub burnt_lamports: u64,
    /// Lamports that become free again.
    pub released_lamports: u64,
}

impl Slash {
    /// Lamports the slot loses.
    pub fn taken_lamports(&self) -> Option<u64> {
        self.compensation_lamports
            .checked_add(self.bounty_lamports)?
            .checked_add(self.burnt_lamports)
    }
}

/// The worker never started: compensation and bounty are taken, the rest of the bond is released.
pub fn slash_for_not_starting(bond: u64, compensation: u64, bounty: u64) -> Option<Slash> {
    let taken = compensation.checked_add(bounty)?;
    Some(Slash {
        compensation_lamports: compensation,
        bounty_lamports: bounty,
        burnt_lamports: 0,
        released_lamports: bond.checked_sub(taken)?,
    })
}

/// The worker started and brought no result: the whole bond is taken; what neither client nor cranker gets is burnt.
pub fn slash_whole_bond(bond: u64, compensation: u64, bounty: u64) -> Option<Slash> {
    let paid = compensation.checked_add(bounty)?;
    Some(Slash {
        compensation_lamports: compensation,
        bounty_lamports: bounty,
        burnt_lamports: bond.checked_sub(paid)?,
        released_lamports: 0,
    })
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    #[test]
    fn not_starting_costs_what_the_client_stated_and_the_bounty() {
        let slash = slash_for_not_starting(10_000_000, 2_000_000, 10_000).unwrap();
        assert_eq!(slash.taken_lamports(), Some(2_010_000));
        assert_eq!(slash.released_lamports, 7_990_000);
        assert_eq!(slash.burnt_lamports, 0);
    }

    #[test]
    fn a_missing_result_costs_the_whole_bond() {
        let slash = slash_whole_bond(10_000_000, 2_000_000, 10_000).unwrap();
        assert_eq!(slash.burnt_lamports, 7_990_000);
        assert_eq!(slash.taken_lamports(), Some(10_000_000));
    }

    #[test]
    fn a_bond_that_does_not_cover_the_payments_is_refused() {
        assert_eq!(slash_for_not_starting(5, 5, 1), None);
        assert_eq!(slash_whole_bond(5, 5, 1), None);
        assert_eq!(slash_whole_bond(5, u64::MAX, 1), None);
    }

    proptest! {
        #[test]
        fn the_parts_make_the_bond(bond in any::<u64>(), compensation in any::<u64>(), bounty in any::<u64>()) {
            for slash in [slash_for_not_starting(bond, compensation, bounty), slash_whole_bond(bond, compensation, bounty)] {
                if let Some(s) = slash {
                    let sum = u128::from(s.compensation_lamports) + u128::from(s.bounty_lamports)
                        + u128::from(s.burnt_lamports) + u128::from(s.released_lamports);
                    prop_assert_eq!(sum, u128::from(bond));
                } else {
                    prop_assert!(u128::from(compensation) + u128::from(bounty) > u128::from(bond));
                }
            }
        }
    }
}
