//! Every bound of the program, with its unit and the reason for its value.

use anchor_lang::prelude::*;

/// First seed of a `PoolConfig`; followed by its id (u64, little-endian).
#[constant]
pub const CONFIG_SEED: &[u8] = b"config";
/// First seed of a `Pool`; followed by config, mint A, mint B, creator and index (u16, little-endian).
#[constant]
pub const POOL_SEED: &[u8] = b"pool";
/// First seed of a vault; followed by pool and mint.
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";
/// First seed of an LP mint; followed by the pool.
#[constant]
pub const LP_MINT_SEED: &[u8] = b"lp";

/// Layout version this program writes.
pub const LAYOUT_VERSION: u8 = 1;

/// One, in parts per million: the unit of every rate.
#[constant]
pub const PPM: u32 = 1_000_000;

/// Highest ceiling a config may set for its base fee, in ppm (10 %).
#[constant]
pub const MAX_BASE_FEE_PPM: u32 = 100_000;

/// Highest ceiling a config may set for the protocol's share of a fee, in ppm (25 %): most of a fee is the providers'.
#[constant]
pub const MAX_PROTOCOL_SHARE_PPM: u32 = 250_000;

/// Highest ceiling a config may set for the fee added for volatility, in ppm (10 %).
#[constant]
pub const MAX_DYNAMIC_FEE_CAP_PPM: u32 = 100_000;

/// Highest ceiling a config may set for the fee of a new pool, in ppm (50 %).
#[constant]
pub const MAX_LAUNCH_FEE_PPM: u32 = 500_000;

/// Most that the ceilings of base, dynamic and launch fee may add up to, in ppm: the 60 % at which the fee arithmetic was
/// examined.
#[constant]
pub const MAX_FEES_PPM: u32 = 600_000;

/// Highest ceiling a config may set for the fee of flash loans, in ppm (10 %).
#[constant]
pub const MAX_FLASH_FEE_PPM: u32 = 100_000;

/// Steepest dynamic fee, in ppm: as much fee as the price has moved.
#[constant]
pub const MAX_DYNAMIC_FEE_SLOPE_PPM: u32 = 1_000_000;

/// Highest threshold below which a price move leaves the volatility's reference where it is, in ppm (10 %).
#[constant]
pub const MAX_VOLATILITY_THRESHOLD_PPM: u32 = 100_000;

/// Seconds after which volatility is forgotten and its reference follows the price.
#[constant]
pub const VOLATILITY_RESET_SECONDS: u32 = 3_600;

/// Longest decay of a launch fee, in seconds: a day.
#[constant]
pub const MAX_LAUNCH_SECONDS: u32 = 86_400;

/// Longest vesting of a fee, in slots: about an hour, so that those who leave lose little and those who come for one trade
/// gain little.
#[constant]
pub const MAX_VESTING_SLOTS: u32 = 9_000;

/// Fastest capped oracle, in ppm a minute (10 %).
#[constant]
pub const MAX_ORACLE_STEP_PPM: u32 = 100_000;

/// Highest amplification of a stable curve, at which its arithmetic was examined.
#[constant]
pub const MAX_AMPLIFICATION: u32 = 1_000_000;

/// Most an amplification may be multiplied or divided by in one ramp.
#[constant]
pub const MAX_RAMP_FACTOR: u32 = 10;

/// Shortest ramp of an amplification, in seconds: a day, in which whoever dislikes it can leave.
#[constant]
pub const MIN_RAMP_SECONDS: i64 = 86_400;

/// Longest ramp of an amplification, in seconds: 365 days.
#[constant]
pub const MAX_RAMP_SECONDS: i64 = 31_536_000;

/// Shares that exist for ever and belong to nobody.
///
/// They keep both reserves above zero when everybody has left, and make the inflation of a first share's price cost its
/// author a thousand times what it can take from the next provider.
#[constant]
pub const VIRTUAL_SHARES: u64 = 1_000;

/// Decimal places of every LP mint.
#[constant]
pub const LP_DECIMALS: u8 = 9;

/// Observations the oracle ring holds: 48 minutes at the fastest rate of one a minute, days in a quiet pool.
pub const OBSERVATIONS: usize = 48;

/// Curve number of the constant product x·y = k.
#[constant]
pub const CURVE_CONSTANT_PRODUCT: u8 = 0;
/// Curve number of the stable curve, for tokens that are worth the same.
#[constant]
pub const CURVE_STABLE: u8 = 1;

/// Pause bit: no new pools.
#[constant]
pub const PAUSE_CREATE: u8 = 1;
/// Pause bit: no deposits.
#[constant]
pub const PAUSE_DEPOSIT: u8 = 2;
/// Pause bit: no swaps.
#[constant]
pub const PAUSE_SWAP: u8 = 4;
/// Pause bit: no flash loans.
#[constant]
pub const PAUSE_FLASH: u8 = 8;
/// Every bit that means something. None of them concerns what pays somebody out (P8).
pub const PAUSE_ALL: u8 = 15;

/// Bit of `legs`: token A is paid.
#[constant]
pub const LEG_A: u8 = 1;
/// Bit of `legs`: token B is paid.
#[constant]
pub const LEG_B: u8 = 2;
/// `legs` that pay both tokens, the only ones of a withdrawal.
#[constant]
pub const LEGS_BOTH: u8 = 3;

/// Mint-risk flag: somebody can freeze accounts of the mint.
#[constant]
pub const RISK_FREEZE_AUTHORITY: u16 = 1;
/// Mint-risk flag: somebody can create more of the mint.
#[constant]
pub const RISK_MINT_AUTHORITY: u16 = 2;
/// Mint-risk flag: somebody can move every holder's tokens. No pool is created over such a mint.
#[constant]
pub const RISK_PERMANENT_DELEGATE: u16 = 4;
/// Mint-risk flag: a program of somebody's choice runs in every transfer. No pool is created over such a mint.
#[constant]
pub const RISK_TRANSFER_HOOK: u16 = 8;
/// Mint-risk flag: transfers keep a part back, and somebody may be able to raise it.
#[constant]
pub const RISK_TRANSFER_FEE: u16 = 16;
/// Mint-risk flag: somebody can close the mint. No pool is created over such a mint.
#[constant]
pub const RISK_CLOSE_AUTHORITY: u16 = 32;
/// Mint-risk flag: the mint no longer passes the policy it passed when the pool was created, or cannot be read at all.
#[constant]
pub const RISK_REFUSED: u16 = 64;

/// The program that derives and creates a wallet's associated token accounts.
pub const ASSOCIATED_TOKEN: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// The runtime's account that holds the instructions of the running transaction.
pub const INSTRUCTIONS_SYSVAR: Address = Address::from_str_const("Sysvar1nstructions1111111111111111111111111");
/// First byte of `flash_borrow`.
pub const FLASH_BORROW: u8 = 12;
/// First byte of `flash_repay`.
pub const FLASH_REPAY: u8 = 13;
/// Accounts that borrowing and repaying list.
pub const FLASH_ACCOUNTS: usize = 11;
/// Where the pool stands among them.
pub const FLASH_POOL: usize = 1;

/// First seed of a `LiquidityLock`; followed by pool, first owner and index (u16, little-endian).
#[constant]
pub const LOCK_SEED: &[u8] = b"lock";
/// First seed of the token account that holds a pool's locked shares; followed by the pool.
#[constant]
pub const LOCK_VAULT_SEED: &[u8] = b"lock_vault";
/// Time that stands for ever.
#[constant]
pub const FOREVER_TS: i64 = i64::MAX;
/// Longest lock with an end, in seconds: 100 years of 365 days. Beyond it nobody means a date.
pub const MAX_LOCK_SECONDS: i64 = 3_153_600_000;

/// First seed of a `Claim`; followed by pool, owner and mint.
#[constant]
pub const CLAIM_SEED: &[u8] = b"claim";

/// First seed of a `Farm`; followed by pool, reward mint, funder and index (u16, little-endian).
///
/// The funder is in it, so nobody can occupy another's.
#[constant]
pub const FARM_SEED: &[u8] = b"farm";
/// First seed of a `FarmPosition`; followed by farm and owner.
#[constant]
pub const POSITION_SEED: &[u8] = b"position";
/// First seed of a `Seat`; followed by farm and person.
#[constant]
pub const SEAT_SEED: &[u8] = b"seat";
/// First seed of a farm's account of staked shares; followed by the farm.
#[constant]
pub const STAKE_VAULT_SEED: &[u8] = b"stake_vault";
/// First seed of a farm's account of rewards; followed by the farm.
#[constant]
pub const REWARD_VAULT_SEED: &[u8] = b"reward_vault";

/// Largest part of a farm's funding the plural lane may have, in ppm (90 %): the open lane's pay is what κ is measured by.
#[constant]
pub const MAX_PLURAL_SHARE_PPM: u32 = 900_000;

/// Highest κ: the plural lane's pay of a position in multiples of the open lane's. Beyond it the cap would bind nobody.
#[constant]
pub const MAX_PLURAL_CAP_MULTIPLE: u16 = 1_000;

/// Shortest farm, in seconds (an hour): a shorter one pays whoever is fastest.
#[constant]
pub const MIN_FARM_SECONDS: i64 = 3_600;

/// Latest end of a farm, in seconds from now (five years of 365 days): what is funded is out of reach until then.
#[constant]
pub const MAX_FARM_SECONDS: i64 = 157_680_000;
