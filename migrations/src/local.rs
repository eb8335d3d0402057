//! What a local network is made of, by name: the rehearsal realm, its configs and its mints.

use {
    commonweal_client::{escrow, governance, governance::RealmParameters, keys, pool, Address},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// The rehearsal realm's name.
pub const REALM_NAME: &str = "rehearsal";
/// Number of the local pool config.
pub const POOL_CONFIG_ID: u64 = 0;
/// Number of the local escrow config.
pub const ESCROW_CONFIG_ID: u16 = 0;
/// Decimal places of the local mints.
pub const MINT_DECIMALS: u8 = 6;

/// A swap pays 0.3 % at first, a tenth of it to the treasury; governance may move the fee up to 1 %, the share up to a quarter.
pub const POOL_FEE_PPM: u32 = 3_000;
/// See [`POOL_FEE_PPM`].
pub const POOL_MAX_FEE_PPM: u32 = 10_000;
/// See [`POOL_FEE_PPM`].
pub const POOL_PROTOCOL_SHARE_PPM: u32 = 100_000;
/// See [`POOL_FEE_PPM`].
pub const POOL_MAX_PROTOCOL_SHARE_PPM: u32 = 250_000;
/// A job pays 2 % to the treasury.
pub const ESCROW_FEE_PPM: u32 = 20_000;
/// A crank earns twenty base fees: worth a stranger's while.
pub const CRANK_BOUNTY_LAMPORTS: u64 = 100_000;
/// The least bond: 0.01 SOL.
pub const MIN_BOND_LAMPORTS: u64 = 10_000_000;

/// Seconds of the rehearsal's epoch: long enough for a busy machine to send a vote's transactions and to strip votes in its
/// challenge, short enough to wait for.
pub const EPOCH_SECONDS: u32 = 34;
/// What faking a person costs on a local network: 0.1 SOL, so that three voters can let 0.3 SOL out of a lane in an epoch.
pub const IDENTITY_COST_LAMPORTS: u64 = 100_000_000;

/// The rehearsal's parameters. Vote, extension and challenge fill the epoch but for three seconds.
pub fn realm_parameters() -> RealmParameters {
    RealmParameters {
        epoch_s: EPOCH_SECONDS,
        voting_s: 20,
        extension_s: 4,
        late_window_s: 2,
        challenge_s: 7,
        review_s: 1,
        timelock_s: 3,
        // the people who do not want the new code have two seconds more than for anything else
        upgrade_timelock_s: 5,
        execution_window_s: 600,
        base_credits: 100,
        max_bonus_credits: 300,
        // one credit for each whole token staked
        stake_atoms_per_credit: 1_000_000,
        min_persons: 3,
        quorum_persons_ppm: 400_000,
        quorum_credits_ppm: 100_000,
        normal_threshold_ppm: 500_000,
        high_threshold_ppm: 600_000,
        cohort_floor_votes: 100,
        proposal_bond_lamports: 10_000_000,
        identity_cost_lamports: IDENTITY_COST_LAMPORTS,
        attestations: 2,
    }
}

/// The addresses of a local network whose SOL `funder` owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The rehearsal realm.
    pub realm: Address,
    /// Its first treasury lane: authority of both configs, owner of fees.
    pub treasury: Address,
    /// The pool config.
    pub pool_config: Address,
    /// The escrow config.
    pub escrow_config: Address,
    /// The governing mint.
    pub governing_mint: Address,
    /// The mint jobs are paid in.
    pub payment_mint: Address,
}

/// The key of a local mint.
pub fn mint_key(funder: &Keypair, name: &str) -> Keypair {
    keys::derive(funder, &[b"mint", name.as_bytes()])
}

/// The key of the governing mint.
pub fn governing_mint_key(funder: &Keypair) -> Keypair {
    mint_key(funder, "governing")
}

/// The key of the payment mint.
pub fn payment_mint_key(funder: &Keypair) -> Keypair {
    mint_key(funder, "payment")
}

/// The addresses that do not depend on who funded the network, and those that do.
pub fn addresses(funder: &Keypair) -> Addresses {
    let realm = governance::realm_address(REALM_NAME);
    Addresses {
        realm,
        treasury: governance::treasury_address(&realm, 0),
        pool_config: pool::config_address(POOL_CONFIG_ID),
        escrow_config: escrow::config_address(ESCROW_CONFIG_ID),
        governing_mint: governing_mint_key(funder).pubkey(),
        payment_mint: payment_mint_key(funder).pubkey(),
    }
}
