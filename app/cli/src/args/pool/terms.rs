//! Verbs of `pool config`.

use {
    crate::args::span,
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `pool config`.
#[derive(Subcommand)]
pub enum PoolConfig {
    /// Show a config.
    Show {
        /// Its number.
        #[arg(long, default_value_t = 0)]
        id: u64,
    },
    /// List the realm's configs.
    List,
    /// Create a config of the realm; its ceilings can never be raised.
    Create(CreatePoolConfig),
    /// Change a config inside its ceilings, by its authority. Where that is governance: `gov action pool-config`.
    Update {
        /// Its number.
        #[arg(long, default_value_t = 0)]
        id: u64,
        /// What changes.
        #[command(flatten)]
        change: ConfigChange,
    },
    /// Move a stable config's amplification in a straight line, by its authority.
    Ramp {
        /// Its number.
        #[arg(long, default_value_t = 0)]
        id: u64,
        /// Where it ends, within ten times the present value either way; 0 stops the ramp that runs.
        #[arg(long)]
        target: u32,
        /// How long it takes, more than a day and at most a year.
        #[arg(long = "over", value_parser = span::seconds, default_value = "2d")]
        over: u64,
    },
}

/// What an update of a config changes.
#[derive(Args, Clone)]
#[group(required = true, multiple = true)]
pub struct ConfigChange {
    /// New swap fee in parts per million.
    #[arg(long)]
    pub fee_ppm: Option<u32>,
    /// New part of the treasury in it, in parts per million.
    #[arg(long)]
    pub protocol_share_ppm: Option<u32>,
    /// What is paused, all of it: any of create, deposit, swap, flash, joined by commas, or `nothing`.
    #[arg(long, value_parser = pause_bits)]
    pub pause: Option<u8>,
    /// New authority; the old one loses its power at once.
    #[arg(long)]
    pub new_authority: Option<Pubkey>,
    /// New owner of the accounts protocol fees are paid to.
    #[arg(long)]
    pub new_treasury: Option<Pubkey>,
    /// New highest fee added for volatility, in parts per million.
    #[arg(long)]
    pub dynamic_fee_ppm: Option<u32>,
    /// New fee per unit of volatility, in parts per million.
    #[arg(long)]
    pub slope_ppm: Option<u32>,
    /// New least price move that counts as volatility, in parts per million.
    #[arg(long)]
    pub threshold_ppm: Option<u32>,
    /// New fee added at a pool's creation, for pools still to be created.
    #[arg(long)]
    pub launch_fee_ppm: Option<u32>,
    /// New fee of flash loans, in parts per million.
    #[arg(long)]
    pub flash_fee_ppm: Option<u32>,
}

/// The bits of what can be paused, by name.
pub const PAUSABLE: [(u8, &str); 4] = [(1, "create"), (2, "deposit"), (4, "swap"), (8, "flash")];

/// Reads `swap,flash`.
fn pause_bits(text: &str) -> Result<u8, String> {
    if text == "nothing" {
        return Ok(0);
    }
    text.split(',').try_fold(0u8, |bits, name| {
        PAUSABLE
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(bit, _)| bits | bit)
            .ok_or_else(|| format!("`{name}` cannot be paused: write create, deposit, swap, flash or nothing"))
    })
}

/// Options of `pool config create`. Rates are parts per million.
#[derive(Args)]
pub struct CreatePoolConfig {
    /// Its number, any that is free.
    #[arg(long)]
    pub id: u64,
    /// Swap fee.
    #[arg(long)]
    pub fee_ppm: u32,
    /// Highest swap fee it can ever have.
    #[arg(long)]
    pub max_fee_ppm: u32,
    /// The treasury's part of the fee.
    #[arg(long)]
    pub protocol_share_ppm: u32,
    /// Highest such part it can ever have.
    #[arg(long)]
    pub max_protocol_share_ppm: u32,
    /// Who may update it (default: the realm's first treasury lane).
    #[arg(long)]
    pub authority: Option<Pubkey>,
    /// Amplification of a stable curve, 1 to 1,000,000; without it the curve is the constant product.
    #[arg(long)]
    pub stable: Option<u32>,
    /// Slots in which fees vest to the providers, against liquidity that comes for one trade; at most 9,000, fixed.
    #[arg(long, default_value_t = 0)]
    pub vesting_slots: u32,
    /// Highest fee added for volatility.
    #[arg(long, default_value_t = 0)]
    pub dynamic_fee_ppm: u32,
    /// Highest value of that it can ever have (default: the same).
    #[arg(long)]
    pub max_dynamic_fee_ppm: Option<u32>,
    /// Fee per unit of volatility.
    #[arg(long, default_value_t = 0)]
    pub slope_ppm: u32,
    /// Least price move that counts as volatility; needed with a dynamic fee.
    #[arg(long, default_value_t = 0)]
    pub threshold_ppm: u32,
    /// Fee added at a pool's creation, decaying to nothing; wholly to the treasury.
    #[arg(long, default_value_t = 0)]
    pub launch_fee_ppm: u32,
    /// Highest value of that it can ever have (default: the same).
    #[arg(long)]
    pub max_launch_fee_ppm: Option<u32>,
    /// How long the launch fee decays, at most a day; fixed.
    #[arg(long, value_parser = span::seconds)]
    pub launch_for: Option<u64>,
    /// Fee of flash loans.
    #[arg(long, default_value_t = 0)]
    pub flash_fee_ppm: u32,
    /// Highest value of that it can ever have (default: the same).
    #[arg(long)]
    pub max_flash_fee_ppm: Option<u32>,
    /// Most the capped oracle follows the price in a minute; fixed.
    #[arg(long, default_value_t = 10_000)]
    pub oracle_step_ppm: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pause_bits_are_read_by_name() {
        assert_eq!(pause_bits("nothing"), Ok(0));
        assert_eq!(pause_bits("swap"), Ok(4));
        assert_eq!(pause_bits("create,flash"), Ok(9));
        assert_eq!(pause_bits("create,deposit,swap,flash"), Ok(15));
        for text in ["", "withdraw", "swap,", "swap,nothing", "Swap"] {
            assert!(pause_bits(text).is_err(), "{text:?} was accepted");
        }
    }
}
