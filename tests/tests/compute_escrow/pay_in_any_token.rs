//! A job paid in another token of a pool: the swap and the order are one transaction of two programs, all or nothing.

use {
    super::builtin,
    commonweal_tests::{
        fixtures::{
            escrow::{ix, *},
            pool::{code, Holder, PoolWorld, NEVER_TS},
        },
        world::{Receipt, World},
    },
    liquidity_pool::{
        errors::PoolError,
        state::{Pool, Side},
    },
    solana_instruction::Instruction,
    solana_keypair::Keypair,
};

/// What the client sells: 1,000,000 atoms of token A.
const SOLD: u64 = 1_000_000;
/// What that buys of token B in the fresh pool, 10⁹ : 2·10¹⁵ at 0.3 %: ⌊997,000 · 2·10¹⁵ / 1,000,997,000⌋.
const BOUGHT: u64 = 1_992_013_962_079;
/// What the client owns of token A at the start; of token B nothing.
const CLIENT_A: u64 = 5_000_000;

/// An escrow whose payment mint is token B of a pool, and a client who has token A.
struct Market {
    e: Escrow,
    pool: PoolWorld,
    client: Holder,
    nonce: u64,
}

impl Market {
    fn new() -> Self {
        let mut pool = PoolWorld::new(0);
        let client = pool.holder("client", CLIENT_A, 0);
        let world = std::mem::replace(&mut pool.world, World::idle());
        let mut e = Escrow::ready_in(world);
        e.run(
            ix::allow_mint(e.config, e.key("admin"), pool.mint_b.address),
            &["admin"],
        );
        e.mint = pool.mint_b.clone();
        e.client_token = client.b;
        Self {
            nonce: e.next_nonce,
            e,
            pool,
            client,
        }
    }

    fn terms(price_atoms: u64) -> JobTerms {
        JobTerms { price_atoms, ..terms() }
    }

    /// The order at a price, of token B.
    fn post(&self, price_atoms: u64) -> Instruction {
        self.e.post_job(self.nonce, &Self::terms(price_atoms))
    }

    /// Sells exactly so much of A for at least `min` of B.
    fn sell(&self, atoms: u64, min: u64) -> Instruction {
        self.pool.swap_in(&self.client, Side::A, atoms, min)
    }

    fn keys(&self) -> [Keypair; 2] {
        [self.e.world.keypair("client"), self.e.world.keypair("payer")]
    }

    #[track_caller]
    fn succeeds(&mut self, instructions: &[Instruction]) -> Receipt {
        let [client, payer] = self.keys();
        let order = self.e.order(self.nonce);
        self.e.orders.push(order);
        let receipt = self.e.world.all_succeed(instructions, &[&client, &payer]);
        self.e.check();
        receipt
    }

    /// The whole transaction fails with this code; no account of either instruction has changed, and there is no job.
    #[track_caller]
    fn fails(&mut self, instructions: &[Instruction], error: impl Into<commonweal_tests::world::Failure>) {
        let [client, payer] = self.keys();
        let before = self.balances();
        self.e.world.all_fail_with(instructions, &[&client, &payer], error);
        let order = self.e.order(self.nonce);
        assert!(!self.e.world.exists(&order.job) && !self.e.world.exists(&order.vault));
        assert_eq!(self.balances(), before);
    }

    /// Somebody else sells A first, so that B becomes dearer.
    fn price_moves(&mut self, sold: u64) {
        let swap = self.pool.swap_in(&self.pool.creator, Side::A, sold, 0);
        let creator = self.pool.creator.key.insecure_clone();
        self.e.world.succeeds(swap, &[&creator]);
    }

    /// The client's A and B, and the pool's reserves.
    fn balances(&self) -> (u64, u64, u64, u64) {
        let pool: Pool = self.e.world.state(&self.pool.at.pool.0);
        (
            self.e.world.tokens(&self.client.a),
            self.e.world.tokens(&self.client.b),
            pool.reserve_a_atoms.get(),
            pool.reserve_b_atoms.get(),
        )
    }
}

#[test]
fn a_swap_and_an_order_in_one_transaction() {
    let mut m = Market::new();
    let (swap, post) = (m.sell(SOLD, BOUGHT), m.post(BOUGHT));
    m.succeeds(&[swap, post]);
    // fee 3,000, of which 600 leave the reserve for the treasury; the price is bought to the atom
    let reserves = (1_000_999_400, 2_000_000_000_000_000 - BOUGHT);
    assert_eq!(m.balances(), (CLIENT_A - SOLD, 0, reserves.0, reserves.1));
    let order = m.e.orders[0];
    let job = m.e.job(&order);
    assert_eq!(m.e.world.tokens(&order.vault), BOUGHT);
    assert_eq!((job.state, job.price_atoms.get()), (state_code::OPEN, BOUGHT));
    assert_eq!((job.mint, job.decimals), (m.pool.mint_b.address, 9));
    // the order is like any other: taken back, it returns the token it is priced in
    m.e.world.warp(0, 1);
    m.e.run(m.e.cancel(&order), &["client"]);
    assert_eq!(m.e.world.tokens(&m.client.b), BOUGHT);
}

#[test]
fn what_is_bought_beyond_the_price_stays_with_the_client() {
    let mut m = Market::new();
    // somebody sold 100,000 A before: fee 300 (60 of it the treasury's), out ⌊99,700 · 2·10¹⁵ / 1,000,099,700⌋ = 199,380,121,801;
    // reserves 1,000,099,940 : 1,999,800,619,878,199, so that 1,000,000 A buy ⌊997,000 · y / (x + 997,000)⌋ = 1,991,616,534,177
    m.price_moves(100_000);
    // half a percent of slippage: the price is what must be there
    let price = 1_982_000_000_000;
    let (swap, post) = (m.sell(SOLD, price), m.post(price));
    m.succeeds(&[swap, post]);
    let surplus = 1_991_616_534_177 - price;
    assert_eq!(
        m.balances(),
        (CLIENT_A - SOLD, surplus, 1_001_099_340, 1_997_809_003_344_022)
    );
    assert_eq!(m.e.world.tokens(&m.e.orders[0].vault), price);
}

#[test]
fn a_price_that_moved_beyond_the_bound_undoes_both() {
    let mut m = Market::new();
    m.price_moves(1_000);
    let transaction = [m.sell(SOLD, BOUGHT), m.post(BOUGHT)];
    m.fails(&transaction, code(PoolError::SlippageExceeded));
    // at a price it still reaches, the same client succeeds
    let transaction = [m.sell(SOLD, BOUGHT - 10_000_000), m.post(BOUGHT - 10_000_000)];
    m.succeeds(&transaction);
}

#[test]
fn the_exact_price_is_bought_for_at_most_what_the_client_said() {
    let mut m = Market::new();
    // ⌈10⁹ · Δy / (2·10¹⁵ − Δy)⌉ = 995,992 before the fee, ⌈995,992 / 0.997⌉ = 998,989 with it
    let price = 1_990_000_000_000;
    let buy = |m: &Market, max| m.pool.swap_out(&m.client, Side::A, price, max);
    let transaction = [buy(&m, 998_988), m.post(price)];
    m.fails(&transaction, code(PoolError::SlippageExceeded));
    let transaction = [buy(&m, 998_989), m.post(price)];
    m.succeeds(&transaction);
    let (a, b, ..) = m.balances();
    assert_eq!((a, b), (CLIENT_A - 998_989, 0));
    assert_eq!(m.e.world.tokens(&m.e.orders[0].vault), price);
}

#[test]
fn an_order_that_is_refused_undoes_the_swap() {
    let mut m = Market::new();
    let dear = JobTerms {
        max_fee_ppm: FEE_PPM - 1,
        ..Market::terms(BOUGHT)
    };
    let transaction = [m.sell(SOLD, BOUGHT), m.e.post_job(m.nonce, &dear)];
    m.fails(&transaction, err(EscrowError::FeeAboveLimit));
    // a mint that governance has taken off the list
    m.e.run(
        ix::disallow_mint(m.e.config, m.e.key("admin"), m.pool.mint_b.address),
        &["admin"],
    );
    let transaction = [m.sell(SOLD, BOUGHT), m.post(BOUGHT)];
    m.fails(&transaction, err(EscrowError::MintNotAllowed));
}

#[test]
fn a_bound_below_the_price_posts_nothing_that_is_not_paid() {
    let mut m = Market::new();
    let transaction = [m.sell(SOLD, BOUGHT), m.post(BOUGHT + 1)];
    m.fails(&transaction, builtin::TOKEN_INSUFFICIENT);
    // the order first: nothing is lent for the length of a transaction
    let transaction = [m.post(BOUGHT), m.sell(SOLD, BOUGHT)];
    m.fails(&transaction, builtin::TOKEN_INSUFFICIENT);
}

#[test]
fn a_swap_that_comes_too_late_posts_nothing() {
    let mut m = Market::new();
    let (now, post) = (m.e.world.now(), m.post(BOUGHT));
    let swap = |m: &Market, deadline| m.pool.swap_in_before(&m.client, Side::A, SOLD, BOUGHT, deadline);
    let transaction = [swap(&m, now - 1), post.clone()];
    m.fails(&transaction, code(PoolError::DeadlineExpired));
    let transaction = [swap(&m, NEVER_TS), post];
    m.succeeds(&transaction);
}
