//! Quotes: the program's own `quote` instruction, rehearsed for what it returns. No formula of a trade stands here.

use {
    super::{calls, instruction, metas, Located, PoolConfig, Side, PROGRAM},
    crate::{accounts, rpc::Rpc, send, Address, Error, Result},
    commonweal_interface::math::mul_div_floor,
    liquidity_pool::{
        constants::{CURVE_STABLE, VIRTUAL_SHARES},
        instructions::Quote as Answer,
        math::{
            oracle,
            stable::{self, StableTerms},
        },
    },
    solana_program::instruction::Instruction,
};

/// How often an amount is corrected by another quote.
const ROUNDS: usize = 8;
/// A one-sided deposit is near enough to what was wanted when a millionth of it is left.
const NEAR: u64 = 1_000_000;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Selling exactly this much.
    ExactIn {
        /// The side that is sold.
        input: Side,
        /// Atoms that leave the trader.
        atoms: u64,
    },
    /// Buying exactly this much of the other side.
    ExactOut {
        /// The side that pays.
        input: Side,
        /// Atoms that reach the trader.
        atoms: u64,
    },
    /// Depositing both tokens for this many shares.
    Deposit {
        /// Shares wanted.
        shares: u64,
    },
    /// Withdrawing this many shares.
    Withdraw {
        /// Shares burned.
        shares: u64,
    },
    /// Depositing one token.
    OneSide {
        /// The side that is deposited.
        side: Side,
        /// Atoms of it that are sold for the other; what is deposited beside them follows.
        sold: u64,
    },
}

impl Ask {
    /// The instruction's mode, side and amount.
    fn arguments(self) -> (u8, Side, u64) {
        match self {
            Self::ExactIn { input, atoms } => (0, input, atoms),
            Self::ExactOut { input, atoms } => (1, input, atoms),
            Self::Deposit { shares } => (2, Side::A, shares),
            Self::Withdraw { shares } => (3, Side::A, shares),
            Self::OneSide { side, sold } => (4, side, sold),
        }
    }

    /// The side that is sold, where something is.
    pub fn swapped(self) -> Option<Side> {
        match self {
            Self::ExactIn { input, .. } | Self::ExactOut { input, .. } => Some(input),
            Self::OneSide { side, .. } => Some(side),
            Self::Deposit { .. } | Self::Withdraw { .. } => None,
        }
    }
}

/// The parts of a swap's fee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeParts {
    /// The config's, in ppm of what arrives.
    pub base_ppm: u32,
    /// Added for volatility, in ppm.
    pub dynamic_ppm: u32,
    /// Added for a young pool, in ppm.
    pub launch_ppm: u32,
    /// What the providers get.
    pub lp_atoms: u64,
    /// What the treasury gets.
    pub protocol_atoms: u64,
}

impl FeeParts {
    /// All of it, in ppm.
    pub fn total_ppm(&self) -> u32 {
        self.base_ppm
            .saturating_add(self.dynamic_ppm)
            .saturating_add(self.launch_ppm)
    }
}

/// What the program says it would do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What would leave the wallet, of token A and token B.
    pub sent: [u64; 2],
    /// What would reach the wallet, of token A and token B.
    pub received: [u64; 2],
    /// Shares minted or burned.
    pub shares: u64,
    /// The fee, where something is swapped.
    pub fee: FeeParts,
    /// The reserves afterwards.
    pub reserves_after: [u64; 2],
    /// Unix time of the quote.
    pub quoted_ts: i64,
    /// Slot of the quote.
    pub quoted_slot: u64,
}

/// The argument that stands for a side.
pub(super) fn number(side: Side) -> u8 {
    match side {
        Side::A => 0,
        Side::B => 1,
    }
}

impl From<&Answer> for Quote {
    fn from(answer: &Answer) -> Self {
        let (sent, received) = (
            [answer.sent_a_atoms, answer.sent_b_atoms],
            [answer.received_a_atoms, answer.received_b_atoms],
        );
        // the program tells of each leg what is debited and what is credited; here it is the wallet's part of it
        let of_side = |amounts: [u64; 2], is_input: bool| {
            let [a, b] = amounts;
            if (answer.side == number(Side::A)) == is_input {
                [a, 0]
            } else {
                [0, b]
            }
        };
        let (sent, received) = match answer.mode {
            2 => (sent, [0, 0]),
            3 => ([0, 0], received),
            4 => (of_side(sent, true), [0, 0]),
            _ => (of_side(sent, true), of_side(received, false)),
        };
        Self {
            sent,
            received,
            shares: answer.lp_atoms,
            fee: FeeParts {
                base_ppm: answer.base_fee_ppm,
                dynamic_ppm: answer.dynamic_fee_ppm,
                launch_ppm: answer.launch_fee_ppm,
                lp_atoms: answer.lp_fee_atoms,
                protocol_atoms: answer.protocol_fee_atoms,
            },
            reserves_after: [answer.reserve_a_after_atoms, answer.reserve_b_after_atoms],
            quoted_ts: answer.quoted_ts,
            quoted_slot: answer.quoted_slot,
        }
    }
}

fn of([a, b]: [u64; 2], side: Side) -> u64 {
    match side {
        Side::A => a,
        Side::B => b,
    }
}

impl Quote {
    /// What would leave the wallet of a side.
    pub fn sent_of(&self, side: Side) -> u64 {
        of(self.sent, side)
    }

    /// What would reach the wallet of a side.
    pub fn received_of(&self, side: Side) -> u64 {
        of(self.received, side)
    }
}

impl Located {
    /// The instruction that asks. It needs nobody's signature and writes nothing; beside an instruction it tells what that one
    /// will do.
    pub fn quote_call(&self, ask: Ask) -> Instruction {
        let accounts = metas::GetQuote {
            pool: self.address,
            config: self.pool.config,
            mint_a: self.pool.mint_a,
            mint_b: self.pool.mint_b,
            lp_mint: self.pool.lp_mint,
        };
        let (mode, side, amount_atoms) = ask.arguments();
        let side = number(side);
        instruction(
            accounts,
            calls::Quote {
                mode,
                side,
                amount_atoms,
            },
        )
    }

    /// Reads the answer. Zeros at its end may be missing.
    pub fn read_quote(&self, bytes: &[u8]) -> Result<Quote> {
        let mut whole = [0; size_of::<Answer>()];
        let part = whole.get_mut(..bytes.len()).ok_or_else(|| {
            Error::refused(
                format!("the quote of pool {} has {} bytes", self.address, bytes.len()),
                "Use a client of the program's version",
            )
        })?;
        part.copy_from_slice(bytes);
        Ok(Quote::from(&bytemuck::pod_read_unaligned::<Answer>(&whole)))
    }

    /// Asks the program. `payer` is any account that could pay a fee; it pays none.
    pub async fn quote(&self, rpc: &Rpc, payer: &Address, ask: Ask) -> Result<Quote> {
        let label = format!("the quote of pool {}", self.address);
        let call = self.quote_call(ask);
        let bytes = send::returned(rpc, &label, payer, &call, size_of::<Answer>()).await?;
        self.read_quote(&bytes)
    }

    /// The price of two reserves under the pool's curve, by the program's own functions: Q64.64 of B atoms per A atom. Of none
    /// where the curve has no solution.
    pub fn price_of(&self, config: &PoolConfig, [a, b]: [u64; 2], now_ts: i64) -> Option<u128> {
        if self.pool.curve != CURVE_STABLE {
            return oracle::price_q64(a, b).ok();
        }
        let (scale_in, scale_out) = stable::scales(self.pool.decimals_a, self.pool.decimals_b).ok()?;
        let terms = StableTerms {
            amplification: config.amplification_at(now_ts),
            scale_in,
            scale_out,
            invariant: 0,
            solved_amplification: 0,
        };
        let invariant = terms.current_invariant(a, b).ok()?;
        stable::price_q64(&terms, invariant, a, b).ok()
    }

    /// The price of the stored reserves.
    pub fn price(&self, config: &PoolConfig, now_ts: i64) -> Option<u128> {
        let reserves = [self.pool.reserve_a_atoms.get(), self.pool.reserve_b_atoms.get()];
        self.price_of(config, reserves, now_ts)
    }

    /// The terms of the pool.
    pub async fn config(&self, rpc: &Rpc) -> Result<PoolConfig> {
        accounts::fetch(rpc, &PROGRAM, &self.pool.config).await
    }

    /// How much of a one-sided deposit to sell so that at most `most` atoms are paid in all, and the quote: found by the
    /// program's own quotes. Less than a millionth of `most`, or than the rounds reach, stays in the wallet.
    pub async fn one_side_for(&self, rpc: &Rpc, payer: &Address, side: Side, most: u64) -> Result<(u64, Quote)> {
        let mut best: Option<(u64, Quote)> = None;
        // about half of it is sold; the larger the pool, the nearer
        let mut sold = (most / 2).max(1);
        for _ in 0..ROUNDS {
            let quote = self.quote(rpc, payer, Ask::OneSide { side, sold }).await?;
            let sent = quote.sent_of(side);
            if sent <= most && best.is_none_or(|(before, _)| sold > before) {
                best = Some((sold, quote));
                if most.saturating_sub(sent) <= most / NEAR {
                    break;
                }
            }
            let next = mul_div_floor(sold, most, sent).unwrap_or(sold);
            if next == sold || next == 0 {
                break;
            }
            sold = next;
        }
        best.ok_or_else(|| {
            Error::refused(
                "the amount is too small for these reserves",
                "Use a larger amount, or deposit both tokens",
            )
        })
    }

    /// The most shares that cost at most `max` of both tokens, and their quote: found from the stored reserves, then corrected
    /// by the program's own quotes until they fit.
    pub async fn shares_for(&self, rpc: &Rpc, payer: &Address, max: [u64; 2]) -> Result<(u64, Quote)> {
        let pool = &self.pool;
        let effective = pool
            .lp_supply_atoms
            .get()
            .saturating_add(VIRTUAL_SHARES)
            .saturating_add(pool.vesting_shares.get());
        let mut shares = [Side::A, Side::B]
            .into_iter()
            .map(|side| mul_div_floor(of(max, side), effective, pool.reserve_atoms(side)).unwrap_or(u64::MAX))
            .fold(u64::MAX, u64::min);
        for _ in 0..ROUNDS {
            if shares == 0 {
                break;
            }
            let quote = self.quote(rpc, payer, Ask::Deposit { shares }).await?;
            let Some(fewer) = fewer(shares, quote.sent, max) else {
                return Ok((shares, quote));
            };
            shares = fewer;
        }
        Err(Error::refused(
            "the amounts are too small for these reserves or this transfer fee",
            "Use larger amounts",
        ))
    }
}

/// Fewer shares, in the proportion by which `sent` is too much; none if it is not.
fn fewer(shares: u64, sent: [u64; 2], max: [u64; 2]) -> Option<u64> {
    let scaled = sent
        .into_iter()
        .zip(max)
        .filter(|(sent, max)| sent > max)
        .filter_map(|(sent, max)| mul_div_floor(shares, max, sent))
        .min()?;
    // at least one fewer, also where the quotient rounds to as many
    Some(scaled.min(shares.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_that_cost_too_much_become_fewer_and_others_stay() {
        assert_eq!(fewer(100, [10, 20], [10, 20]), None);
        assert_eq!(fewer(100, [10, 40], [10, 20]), Some(50));
        assert_eq!(fewer(100, [20, 40], [10, 30]), Some(50));
        assert_eq!(fewer(1_000_000, [1_000_001, 5], [1_000_000, 5]), Some(999_999));
        assert_eq!(fewer(10, [3_000_000_000, 5], [2_999_999_999, 5]), Some(9));
        assert_eq!(fewer(1, [2, 2], [1, 2]), Some(0));
    }

    fn answer(mode: u8, side: u8) -> Answer {
        Answer {
            sent_a_atoms: 1,
            received_a_atoms: 2,
            sent_b_atoms: 3,
            received_b_atoms: 4,
            mode,
            side,
            ..Answer::default()
        }
    }

    #[test]
    fn of_each_leg_the_wallets_part_is_told() {
        let told = |mode, side| {
            let quote = Quote::from(&answer(mode, side));
            (quote.sent, quote.received)
        };
        assert_eq!(told(0, 0), ([1, 0], [0, 4]));
        assert_eq!(told(1, 1), ([0, 3], [2, 0]));
        assert_eq!(told(2, 0), ([1, 3], [0, 0]));
        assert_eq!(told(3, 0), ([0, 0], [2, 4]));
        assert_eq!(told(4, 0), ([1, 0], [0, 0]));
        assert_eq!(told(4, 1), ([0, 3], [0, 0]));
    }

    #[test]
    fn an_answer_is_read_also_where_its_last_zeros_are_missing_and_never_where_it_is_longer() {
        let located = Located {
            address: Address::default(),
            pool: bytemuck::Zeroable::zeroed(),
        };
        let whole = bytemuck::bytes_of(&answer(0, 0)).to_vec();
        let short = whole.get(..100).map(|bytes| located.read_quote(bytes).ok());
        assert_eq!(short.flatten(), located.read_quote(&whole).ok());
        assert!(located.read_quote(&[whole, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_fee_is_the_sum_of_its_parts() {
        let fee = FeeParts {
            base_ppm: 3_000,
            dynamic_ppm: 200,
            launch_ppm: 10,
            ..FeeParts::default()
        };
        assert_eq!(fee.total_ppm(), 3_210);
    }
}
