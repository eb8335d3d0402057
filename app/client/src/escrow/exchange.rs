//! Paying for a job in another token: a pool's swap and the order in one transaction, so that either both are done or neither.

use {
    super::{post_job, JobTerms, JobToken},
    crate::{
        pool::{Located, Side},
        tokens::{associated, create_associated},
        Address, Error, Result,
    },
    solana_program::instruction::Instruction,
};

/// How the price is bought, and the worst that is accepted. Beyond it the transaction does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purchase {
    /// Exactly the price, for at most so many atoms.
    Buy {
        /// The most that is paid.
        max_input_atoms: u64,
    },
    /// Exactly so many atoms are sold for at least the price; what is bought beyond it stays with the client.
    Sell {
        /// What is sold.
        input_atoms: u64,
    },
}

/// A pool through which a client pays.
pub struct Exchange<'a> {
    pool: &'a Located,
    input: Side,
}

impl<'a> Exchange<'a> {
    /// Pays with `pays` for jobs whose price is in `price_mint`: the two mints of the pool.
    pub fn new(pool: &'a Located, pays: &Address, price_mint: &Address) -> Result<Self> {
        let input = pool.side(pays)?;
        if pool.side(price_mint)? == input {
            return Err(Error::refused(
                format!("the price is in {pays} already"),
                "Leave the pool out, or pay with its other mint",
            ));
        }
        Ok(Self { pool, input })
    }

    /// The side that is sold.
    pub fn input(&self) -> Side {
        self.input
    }

    /// The token of the price.
    pub fn price_token(&self) -> JobToken {
        let token = self.pool.token(self.input.other());
        JobToken {
            mint: token.mint,
            program: token.program,
        }
    }

    /// Swaps in the client's canonical accounts and orders a job from them; `payer` pays rent and reserve, also of the client's
    /// account of the price's token where there is none. To be sent as one transaction.
    pub fn post_job(
        &self,
        (purchase, deadline_ts): (Purchase, i64),
        client: Address,
        payer: Address,
        config: Address,
        nonce: u64,
        terms: JobTerms,
    ) -> Vec<Instruction> {
        let (token, input, price) = (self.price_token(), self.input, terms.price_atoms);
        let swap = match purchase {
            Purchase::Buy { max_input_atoms } => {
                self.pool
                    .swap_exact_out(client, input, price, max_input_atoms, deadline_ts)
            }
            Purchase::Sell { input_atoms } => self.pool.swap_exact_in(client, input, input_atoms, price, deadline_ts),
        };
        let from = associated(&client, &token.mint, &token.program);
        vec![
            create_associated(&payer, &client, &token.mint, &token.program),
            swap,
            post_job(client, payer, config, &token, from, nonce, terms),
        ]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use {
        super::*,
        crate::{escrow::Eligibility, pool::Pool},
        bytemuck::Zeroable,
        commonweal_interface::ids,
        solana_compute_budget_interface::ComputeBudgetInstruction,
        solana_message::Message,
        solana_transaction::Transaction,
    };

    const PRICE: u64 = 0x0102_0304_0506;
    const DEADLINE: i64 = 1_700_000_000;

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn located() -> Located {
        let mut pool = Pool::zeroed();
        (pool.config, pool.mint_a, pool.mint_b) = (key(2), key(3), key(4));
        (pool.vault_a, pool.vault_b) = (key(6), key(7));
        Located { address: key(1), pool }
    }

    fn terms() -> JobTerms {
        JobTerms {
            kind: 0,
            verification: 1,
            price_atoms: PRICE,
            bond_lamports: 1,
            compensation_lamports: 0,
            max_fee_ppm: 0,
            open_seconds: 60,
            start_seconds: 60,
            run_seconds: 60,
            reveal_seconds: 300,
            challenge_seconds: 3_600,
            spec_hash: [1; 32],
            module_hash: [2; 32],
            input_hash: [3; 32],
            eligibility: Eligibility::default(),
            redundancy_k: 0,
            redundancy_n: 0,
            milestone_bps: [0; 8],
        }
    }

    fn composed(purchase: Purchase) -> Vec<Instruction> {
        let pool = located();
        let exchange = Exchange::new(&pool, &key(3), &key(4)).unwrap();
        exchange.post_job((purchase, DEADLINE), key(10), key(11), key(12), 5, terms())
    }

    /// The three numbers of a swap's data, behind its first byte.
    fn numbers(swap: &Instruction) -> [u64; 3] {
        [1usize, 9, 17].map(|at| {
            let bytes = &swap.data[at..at.checked_add(8).unwrap()];
            u64::from_le_bytes(bytes.try_into().unwrap())
        })
    }

    #[test]
    fn the_swap_brings_at_least_the_price_to_where_the_order_takes_it_from() {
        let from = associated(&key(10), &key(4), &ids::TOKEN);
        let deadline = u64::try_from(DEADLINE).unwrap();
        for (purchase, expected) in [
            (Purchase::Sell { input_atoms: 900 }, [900, PRICE, deadline]),
            (Purchase::Buy { max_input_atoms: 901 }, [PRICE, 901, deadline]),
        ] {
            let [open, swap, post] = composed(purchase).try_into().unwrap();
            assert_eq!(numbers(&swap), expected, "{purchase:?}");
            assert_eq!(
                (swap.program_id, post.program_id),
                (ids::LIQUIDITY_POOL, ids::COMPUTE_ESCROW)
            );
            assert_eq!(open.accounts[1].pubkey, from);
            for instruction in [&swap, &post] {
                assert!(instruction
                    .accounts
                    .iter()
                    .any(|meta| meta.pubkey == from && meta.is_writable));
                let client = instruction.accounts.iter().find(|meta| meta.pubkey == key(10));
                assert!(client.is_some_and(|meta| meta.is_signer));
            }
        }
        // one for the other of the two kinds of swap
        let first = |purchase| composed(purchase)[1].data[0];
        assert_ne!(
            first(Purchase::Sell { input_atoms: 1 }),
            first(Purchase::Buy { max_input_atoms: 1 })
        );
    }

    #[test]
    fn both_fit_one_transaction() {
        let mut instructions = vec![
            ComputeBudgetInstruction::set_compute_unit_limit(1),
            ComputeBudgetInstruction::set_compute_unit_price(1),
        ];
        instructions.extend(composed(Purchase::Sell { input_atoms: 1 }));
        let message = Message::new(&instructions, Some(&key(11)));
        let bytes = wincode::serialize(&Transaction::new_unsigned(message)).unwrap();
        assert!(bytes.len() <= 1_232, "{} bytes", bytes.len());
    }

    #[test]
    fn the_pool_must_have_both_mints_and_they_must_differ() {
        let pool = located();
        let input = |pays, price| Exchange::new(&pool, &key(pays), &key(price)).map(|exchange| exchange.input());
        assert_eq!(input(3, 4).unwrap(), Side::A);
        assert_eq!(input(4, 3).unwrap(), Side::B);
        for (pays, price) in [(3, 3), (4, 4), (3, 9), (9, 4)] {
            assert!(input(pays, price).is_err(), "{pays} {price}");
        }
    }
}
