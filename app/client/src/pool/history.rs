//! A wallet's deposits and withdrawals, from the events of its own transactions, and all places where its shares are.

use {
    super::{
        farm, locks, log,
        position::{constant_product_liquidity, Flow, Pair},
        LiquidityLock, Located, PoolConfig,
    },
    crate::{rpc::Rpc, tokens, Address, Result},
    liquidity_pool::{
        constants::CURVE_STABLE,
        events::{Deposited, PoolCreated, WithdrawalDeferred, Withdrawn},
        math::stable,
    },
    num_bigint::BigUint,
};

/// The flows of `wallet` in the events of one transaction of `pool`, in order.
fn flows_of(pool: &Address, mints: [Address; 2], wallet: &Address, events: &[Vec<u8>]) -> Vec<Flow> {
    let mut flows = Vec::new();
    // what a withdrawal defers is told before the withdrawal itself
    let mut deferred: Pair = [0, 0];
    for bytes in events {
        if let Some(event) = log::read::<PoolCreated>(bytes) {
            if event.pool == *pool && event.creator == *wallet {
                flows.push(Flow::Deposit {
                    shares: event.lp_atoms,
                    atoms: [event.reserve_a_atoms, event.reserve_b_atoms],
                });
            }
        } else if let Some(event) = log::read::<Deposited>(bytes) {
            if event.pool == *pool && event.provider == *wallet {
                flows.push(Flow::Deposit {
                    shares: event.lp_atoms,
                    atoms: [event.sent_a_atoms, event.sent_b_atoms],
                });
            }
        } else if let Some(event) = log::read::<WithdrawalDeferred>(bytes) {
            if event.pool == *pool && event.owner == *wallet {
                for (atoms, mint) in deferred.iter_mut().zip(mints) {
                    if mint == event.mint {
                        *atoms = atoms.saturating_add(event.deferred_atoms);
                    }
                }
            }
        } else if let Some(event) = log::read::<Withdrawn>(bytes) {
            if event.pool == *pool && event.provider == *wallet {
                let [a, b] = std::mem::take(&mut deferred);
                flows.push(Flow::Withdrawal {
                    shares: event.lp_atoms,
                    atoms: [
                        event.received_a_atoms.saturating_add(a),
                        event.received_b_atoms.saturating_add(b),
                    ],
                });
            }
        }
    }
    flows
}

impl Located {
    /// A wallet's flows, oldest first, from the transactions that name its canonical account of shares.
    ///
    /// Errors: a refusal if there are more than `limit`, or where the node's history does not reach that far.
    pub async fn flows(&self, rpc: &Rpc, wallet: &Address, limit: usize) -> Result<Vec<Flow>> {
        let mints = [self.pool.mint_a, self.pool.mint_b];
        let mut flows = Vec::new();
        for (_, landed) in rpc.history(&self.shares_of(wallet), limit).await? {
            let events = log::events(&landed.logs)?;
            flows.extend(flows_of(&self.address, mints, wallet, &events));
        }
        Ok(flows)
    }

    /// The measure of two amounts under the pool's curve, at the amplification of one moment: the root of their product, or the
    /// stable curve's invariant as the program solves it. Two amounts it cannot solve measure nothing.
    pub fn liquidity_measure(&self, config: &PoolConfig, now_ts: i64) -> impl Fn(Pair) -> BigUint {
        let amplification = config.amplification_at(now_ts);
        let scales = stable::scales(self.pool.decimals_a, self.pool.decimals_b).ok();
        let stable = scales.filter(|_| self.pool.curve == CURVE_STABLE);
        move |[a, b]| {
            let Some((scale_a, scale_b)) = stable else {
                return constant_product_liquidity([a, b]);
            };
            // 64 bits each
            let scaled = |atoms: u64, scale: u64| u128::from(atoms).saturating_mul(u128::from(scale));
            stable::invariant(scaled(a, scale_a), scaled(b, scale_b), amplification, 0)
                .map_or(BigUint::ZERO, BigUint::from)
        }
    }

    /// Where a wallet's shares are now.
    pub async fn whereabouts(&self, rpc: &Rpc, wallet: &Address, now_ts: i64) -> Result<Whereabouts> {
        let in_wallet = tokens::balance(rpc, &self.shares_of(wallet)).await?;
        let mut staked = Vec::new();
        for found in farm::list(rpc, Some(self.address)).await? {
            if let Some(holding) = found.holding(rpc, wallet, now_ts).await? {
                staked.push((found, holding));
            }
        }
        let locked = locks(rpc, Some(self.address), Some(*wallet)).await?;
        Ok(Whereabouts {
            in_wallet,
            staked,
            locked,
        })
    }
}

/// All shares of a wallet in one pool.
pub struct Whereabouts {
    /// In its canonical account.
    pub in_wallet: u64,
    /// Staked in farms.
    pub staked: Vec<(farm::Located, farm::Holding)>,
    /// In locks.
    pub locked: Vec<(Address, LiquidityLock)>,
}

impl Whereabouts {
    /// Their sum.
    pub fn shares(&self) -> u64 {
        let staked = self
            .staked
            .iter()
            .map(|(_, holding)| holding.position.stake_atoms.get());
        let locked = self.locked.iter().map(|(_, lock)| lock.lp_atoms.get());
        staked
            .chain(locked)
            .fold(self.in_wallet, |sum, shares| sum.saturating_add(shares))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {super::*, anchor_lang::Discriminator, bytemuck::Zeroable};

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn bytes<T: bytemuck::Pod + Discriminator>(event: &T) -> Vec<u8> {
        [T::DISCRIMINATOR, bytemuck::bytes_of(event)].concat()
    }

    fn deposited(provider: u8, lp_atoms: u64) -> Vec<u8> {
        let mut event = Deposited::zeroed();
        (event.pool, event.provider) = (key(1), key(provider));
        (event.lp_atoms, event.sent_a_atoms, event.sent_b_atoms) = (lp_atoms, 10, 20);
        bytes(&event)
    }

    #[test]
    fn the_wallets_own_flows_are_read_and_nobody_elses() {
        let mut created = PoolCreated::zeroed();
        (created.pool, created.creator) = (key(1), key(7));
        (created.lp_atoms, created.reserve_a_atoms, created.reserve_b_atoms) = (5, 6, 7);
        let mut elsewhere = Withdrawn::zeroed();
        (elsewhere.pool, elsewhere.provider, elsewhere.lp_atoms) = (key(2), key(7), 99);
        let events = [
            bytes(&created),
            deposited(8, 1),
            deposited(7, 3),
            bytes(&elsewhere),
            vec![1, 2, 3],
        ];
        let expected = [
            Flow::Deposit {
                shares: 5,
                atoms: [6, 7],
            },
            Flow::Deposit {
                shares: 3,
                atoms: [10, 20],
            },
        ];
        assert_eq!(flows_of(&key(1), [key(3), key(4)], &key(7), &events), expected);
    }

    #[test]
    fn what_a_withdrawal_deferred_belongs_to_it() {
        let mut deferred = WithdrawalDeferred::zeroed();
        (deferred.pool, deferred.owner, deferred.mint) = (key(1), key(7), key(4));
        deferred.deferred_atoms = 40;
        let mut withdrawn = Withdrawn::zeroed();
        (withdrawn.pool, withdrawn.provider) = (key(1), key(7));
        (withdrawn.lp_atoms, withdrawn.received_a_atoms) = (9, 30);
        let events = [bytes(&deferred), bytes(&withdrawn), bytes(&withdrawn)];
        let flows = flows_of(&key(1), [key(3), key(4)], &key(7), &events);
        let expected = |atoms| Flow::Withdrawal { shares: 9, atoms };
        assert_eq!(flows, [expected([30, 40]), expected([30, 0])]);
    }
}
