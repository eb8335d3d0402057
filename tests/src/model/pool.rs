//! The liquidity pool as its design describes it.

use {
    super::{code, greatest, least, tokens::Tokens, Refusal},
    liquidity_pool::errors::PoolError,
    num_bigint::BigUint,
    solana_address::Address,
};

/// Pause bits.
pub const PAUSE: [u8; 3] = [1, 2, 4];
/// Shares that belong to nobody.
const VIRTUAL: u64 = 1_000;
const MILLION: u128 = 1_000_000;
const U64: u128 = u64::MAX as u128;
/// Anchor's code of an account that is named twice as writable.
const NAMED_TWICE: u32 = 2_040;

/// An error of the pool as a refusal.
pub fn refusal(error: PoolError) -> Refusal {
    code(6_000 + error as u32)
}

fn big(number: u128) -> BigUint {
    BigUint::from(number)
}

/// A config.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its address.
    pub address: Address,
    /// Who may change it.
    pub authority: Address,
    /// Where protocol fees go.
    pub treasury: Address,
    /// Fee in ppm.
    pub fee: u32,
    /// Its ceiling.
    pub max_fee: u32,
    /// The protocol's part of the fee in ppm.
    pub share: u32,
    /// Its ceiling.
    pub max_share: u32,
    /// What is paused.
    pub pause: u8,
    /// Updates so far.
    pub sequence: u64,
}

/// Changes of a config, in the order of the IDL.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// Fee in ppm.
    pub fee: Option<u32>,
    /// Protocol share in ppm.
    pub share: Option<u32>,
    /// Pause bits.
    pub pause: Option<u8>,
    /// Authority.
    pub authority: Option<Address>,
    /// Treasury.
    pub treasury: Option<Address>,
}

impl Config {
    /// An update signed by `signer`.
    pub fn update(&mut self, signer: &Address, update: &Update) -> Result<(), Refusal> {
        if *signer != self.authority {
            return Err(refusal(PoolError::NotTheAuthority));
        }
        let some_address = [update.authority, update.treasury];
        if update.fee.is_none()
            && update.share.is_none()
            && update.pause.is_none()
            && some_address.iter().all(Option::is_none)
        {
            return Err(refusal(PoolError::NothingToUpdate));
        }
        if update.fee.is_some_and(|fee| fee > self.max_fee) {
            return Err(refusal(PoolError::FeeAboveCeiling));
        }
        if update.share.is_some_and(|share| share > self.max_share) {
            return Err(refusal(PoolError::ProtocolShareAboveCeiling));
        }
        if update.pause.is_some_and(|bits| bits > 15) {
            return Err(refusal(PoolError::UnknownPauseBit));
        }
        if some_address
            .iter()
            .flatten()
            .any(|address| *address == Address::default())
        {
            return Err(refusal(PoolError::ZeroAddress));
        }
        self.fee = update.fee.unwrap_or(self.fee);
        self.share = update.share.unwrap_or(self.share);
        self.pause = update.pause.unwrap_or(self.pause);
        self.authority = update.authority.unwrap_or(self.authority);
        self.treasury = update.treasury.unwrap_or(self.treasury);
        self.sequence += 1;
        Ok(())
    }
}

/// A pool; index 0 is token A.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its address.
    pub address: Address,
    /// Index of its config.
    pub config: usize,
    /// Indices of its mints among the play's.
    pub mint_ids: [usize; 2],
    /// Its mints.
    pub mints: [Address; 2],
    /// Its vaults.
    pub vaults: [Address; 2],
    /// Mint of its shares.
    pub lp_mint: Address,
    /// What belongs to the providers.
    pub reserves: [u64; 2],
    /// What belongs to the treasury.
    pub owed: [u64; 2],
    /// Protocol fees of all trades so far.
    pub accrued: [u128; 2],
    /// What the treasury has been paid so far, before what mints keep of transfers.
    pub collected: [u128; 2],
    /// Shares as of the last deposit or withdrawal.
    pub recorded_supply: u64,
    /// Changes so far.
    pub sequence: u64,
}

/// What a swap moves.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Leaves the trader.
    pub sent: u64,
    /// Arrives in the vault.
    pub received: u64,
    /// Leaves the vault.
    pub out: u64,
    /// Arrives at the trader.
    pub delivered: u64,
    /// Goes to the treasury.
    pub protocol: u64,
    /// Is the providers'.
    pub lp_fee: u64,
}

/// What a deposit or withdrawal moves, per token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Legs {
    /// Leaves its source.
    pub sent: [u64; 2],
    /// Arrives.
    pub received: [u64; 2],
}

/// The least amount to send so that `wanted` arrive.
fn sending(tokens: &Tokens, mint: &Address, epoch: u64, wanted: u64) -> Result<u64, Refusal> {
    let fee = tokens.fee(mint, epoch);
    let found = least(u128::from(wanted), U64, |sent| fee.arriving(sent as u64) >= wanted);
    found
        .map(|sent| sent as u64)
        .ok_or_else(|| refusal(PoolError::TransferFeeUnbounded))
}

fn narrow(number: u128) -> Result<u64, Refusal> {
    u64::try_from(number).map_err(|_| refusal(PoolError::Overflow))
}

/// The fee of `gross`, rounded against the trader.
fn fee_ceil(gross: u128, ppm: u32) -> u128 {
    (gross * u128::from(ppm)).div_ceil(MILLION)
}

/// The first deposit: the shares of what arrives of `sent`.
pub fn first_shares(
    tokens: &Tokens,
    mints: &[Address; 2],
    epoch: u64,
    sent: [u64; 2],
) -> Result<([u64; 2], u64), Refusal> {
    if sent.contains(&0) {
        return Err(refusal(PoolError::ZeroAmount));
    }
    let received = [0, 1].map(|i| tokens.fee(&mints[i], epoch).arriving(sent[i]));
    let product = u128::from(received[0]) * u128::from(received[1]);
    // ⌊√p⌋ is the greatest number whose square is at most p
    let root = greatest(U64, |root| big(root) * root <= big(product));
    if root <= u128::from(VIRTUAL) {
        return Err(refusal(PoolError::FirstDepositTooSmall));
    }
    Ok((received, root as u64 - VIRTUAL))
}

impl Pool {
    /// S_eff for a supply of the LP mint.
    pub fn effective_shares(supply: u64) -> u128 {
        u128::from(supply) + u128::from(VIRTUAL)
    }

    fn settle_trade(&self, input: usize, gross: u64, out: u64, config: &Config) -> Result<(u64, u64), Refusal> {
        let fee = fee_ceil(u128::from(gross), config.fee) as u64;
        let protocol = (u128::from(fee) * u128::from(config.share) / MILLION) as u64;
        narrow(u128::from(self.reserves[input]) + u128::from(gross) - u128::from(protocol))?;
        debug_assert!(out < self.reserves[1 - input]);
        Ok((fee - protocol, protocol))
    }

    /// Whether x·y is kept when `net` comes in and `out` goes out.
    pub fn keeps_product(&self, input: usize, net: u128, out: u128) -> bool {
        let (x, y) = (u128::from(self.reserves[input]), u128::from(self.reserves[1 - input]));
        out <= y && big(x + net) * (y - out) >= big(x) * y
    }

    /// A sale of exactly `sent`.
    pub fn exact_in(
        &self,
        tokens: &Tokens,
        epoch: u64,
        config: &Config,
        input: usize,
        sent: u64,
    ) -> Result<Trade, Refusal> {
        if sent == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let received = tokens.fee(&self.mints[input], epoch).arriving(sent);
        let net = u128::from(received) - fee_ceil(u128::from(received), config.fee);
        let reserve_out = u128::from(self.reserves[1 - input]);
        let out = greatest(reserve_out, |out| self.keeps_product(input, net, out)) as u64;
        let delivered = tokens.fee(&self.mints[1 - input], epoch).arriving(out);
        narrow(u128::from(self.reserves[input]) + net)?;
        if delivered == 0 {
            return Err(refusal(PoolError::NothingOut));
        }
        let (lp_fee, protocol) = self.settle_trade(input, received, out, config)?;
        Ok(Trade {
            sent,
            received,
            out,
            delivered,
            protocol,
            lp_fee,
        })
    }

    /// A purchase of exactly `wanted`.
    pub fn exact_out(
        &self,
        tokens: &Tokens,
        epoch: u64,
        config: &Config,
        input: usize,
        wanted: u64,
    ) -> Result<Trade, Refusal> {
        if wanted == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let out = sending(tokens, &self.mints[1 - input], epoch, wanted)?;
        if out >= self.reserves[1 - input] {
            return Err(refusal(PoolError::InsufficientLiquidity));
        }
        let net = least(1, u128::MAX >> 1, |net| self.keeps_product(input, net, u128::from(out))).unwrap();
        let gross = least(net, U64, |gross| gross - fee_ceil(gross, config.fee) >= net);
        let gross = gross.ok_or_else(|| refusal(PoolError::Overflow))? as u64;
        let sent = sending(tokens, &self.mints[input], epoch, gross)?;
        let received = tokens.fee(&self.mints[input], epoch).arriving(sent);
        let (lp_fee, protocol) = self.settle_trade(input, received, out, config)?;
        Ok(Trade {
            sent,
            received,
            out,
            delivered: tokens.fee(&self.mints[1 - input], epoch).arriving(out),
            protocol,
            lp_fee,
        })
    }

    /// What `shares` cost.
    pub fn deposit(&self, tokens: &Tokens, epoch: u64, shares: u64) -> Result<Legs, Refusal> {
        if shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let supply = tokens.supply[&self.lp_mint];
        let all = Self::effective_shares(supply);
        let mut legs = Legs::default();
        for side in [0, 1] {
            let owed = big(u128::from(self.reserves[side])) * shares;
            let received = narrow(least(0, u128::MAX >> 1, |a| big(a) * all >= owed).unwrap())?;
            legs.sent[side] = sending(tokens, &self.mints[side], epoch, received)?;
            legs.received[side] = tokens.fee(&self.mints[side], epoch).arriving(legs.sent[side]);
            narrow(u128::from(self.reserves[side]) + u128::from(legs.received[side]))?;
        }
        narrow(all + u128::from(shares))?;
        Ok(legs)
    }

    /// What `shares` are paid.
    pub fn withdraw(&self, tokens: &Tokens, epoch: u64, shares: u64) -> Result<Legs, Refusal> {
        if shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let supply = tokens.supply[&self.lp_mint];
        if shares > supply {
            return Err(refusal(PoolError::Overflow));
        }
        let all = Self::effective_shares(supply);
        let mut legs = Legs::default();
        for side in [0, 1] {
            let due = big(u128::from(self.reserves[side])) * shares;
            legs.sent[side] = greatest(U64, |a| big(a) * all <= due) as u64;
            legs.received[side] = tokens.fee(&self.mints[side], epoch).arriving(legs.sent[side]);
        }
        if legs.sent == [0, 0] {
            return Err(refusal(PoolError::NothingOut));
        }
        Ok(legs)
    }

    /// What a collection of these legs takes of each vault.
    pub fn collection(&self, legs: u8) -> Result<[u64; 2], Refusal> {
        let chosen = match legs {
            1 => [true, false],
            2 => [false, true],
            3 => [true, true],
            _ => return Err(refusal(PoolError::UnknownLegs)),
        };
        let taken = [0, 1].map(|side| if chosen[side] { self.owed[side] } else { 0 });
        if taken == [0, 0] {
            return Err(refusal(PoolError::NothingOwed));
        }
        Ok(taken)
    }

    /// Refuses a collection that names an account twice as writable, before anything else is looked at.
    pub fn named_once(&self, destinations: &[Address; 2]) -> Result<(), Refusal> {
        let written = [self.vaults[0], self.vaults[1], self.address];
        if destinations[0] == destinations[1] || destinations.iter().any(|account| written.contains(account)) {
            return Err(code(NAMED_TWICE));
        }
        Ok(())
    }
}
