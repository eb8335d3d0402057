//! Token accounts as the token programs keep them: balances, freezing, transfer fees.

use {
    super::{code, Refusal},
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// Error numbers of SPL Token.
pub const INSUFFICIENT_FUNDS: u32 = 1;
/// The accounts are of different mints.
pub const MINT_MISMATCH: u32 = 3;
/// The signer may not move these tokens.
pub const OWNER_MISMATCH: u32 = 4;
/// One of the accounts is frozen.
pub const ACCOUNT_FROZEN: u32 = 17;

/// What a mint keeps of each transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// Ten-thousandths of the amount, rounded up.
    pub basis_points: u16,
    /// At most this.
    pub maximum: u64,
}

impl Fee {
    /// The part of a transfer of `amount` that does not arrive.
    pub fn of(&self, amount: u64) -> u64 {
        let part = (BigUint::from(amount) * self.basis_points + 9_999u32) / 10_000u32;
        part.to_u64().unwrap().min(self.maximum)
    }

    /// What arrives of a transfer of `amount`.
    pub fn arriving(&self, amount: u64) -> u64 {
        amount - self.of(amount)
    }
}

/// The two fees of a mint: the newer one from its epoch on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fees {
    older: Fee,
    newer: Fee,
    newer_epoch: u64,
}

impl Fees {
    /// The same fee from the beginning on.
    pub fn constant(fee: Fee) -> Self {
        Self {
            older: fee,
            newer: fee,
            newer_epoch: 0,
        }
    }

    /// The fee in force.
    pub fn at(&self, epoch: u64) -> Fee {
        if epoch >= self.newer_epoch {
            self.newer
        } else {
            self.older
        }
    }

    /// A new fee is set; it holds from the epoch after the next on, so that nobody is surprised by it.
    pub fn set(&mut self, fee: Fee, epoch: u64) {
        self.older = self.at(epoch);
        self.newer = fee;
        self.newer_epoch = epoch + 2;
    }
}

/// One token account.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Its mint.
    pub mint: Address,
    /// Who may move it.
    pub owner: Address,
    /// Its balance.
    pub atoms: u64,
    /// Whether it is frozen.
    pub is_frozen: bool,
}

/// All token accounts and mints of a play.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// Every account by its address.
    pub holdings: BTreeMap<Address, Holding>,
    /// Transfer fees of the mints that have them.
    pub fees: BTreeMap<Address, Fees>,
    /// Atoms in existence of each mint, what its fees keep included.
    pub supply: BTreeMap<Address, u64>,
    /// The mints that belong to Token-2022.
    pub of_token_2022: BTreeSet<Address>,
}

impl Tokens {
    /// A new, empty account.
    pub fn open(&mut self, address: Address, mint: Address, owner: Address) {
        self.holdings.insert(
            address,
            Holding {
                mint,
                owner,
                atoms: 0,
                is_frozen: false,
            },
        );
    }

    /// Atoms in an account, 0 where there is none.
    pub fn atoms(&self, account: &Address) -> u64 {
        self.holdings.get(account).map_or(0, |holding| holding.atoms)
    }

    /// The fee that a mint keeps.
    pub fn fee(&self, mint: &Address, epoch: u64) -> Fee {
        self.fees.get(mint).map(|fees| fees.at(epoch)).unwrap_or_default()
    }

    /// New atoms.
    pub fn mint_to(&mut self, account: &Address, atoms: u64) -> Result<(), Refusal> {
        let holding = self.holdings.get_mut(account).unwrap();
        if holding.is_frozen {
            return Err(code(ACCOUNT_FROZEN));
        }
        holding.atoms += atoms;
        *self.supply.entry(holding.mint).or_default() += atoms;
        Ok(())
    }

    /// Atoms cease to exist.
    pub fn burn(&mut self, account: &Address, signer: &Address, atoms: u64) -> Result<(), Refusal> {
        let holding = self.holdings.get_mut(account).unwrap();
        if holding.is_frozen {
            return Err(code(ACCOUNT_FROZEN));
        }
        if holding.atoms < atoms {
            return Err(code(INSUFFICIENT_FUNDS));
        }
        if holding.owner != *signer {
            return Err(code(OWNER_MISMATCH));
        }
        holding.atoms -= atoms;
        *self.supply.get_mut(&holding.mint).unwrap() -= atoms;
        Ok(())
    }

    /// Atoms move, less the mint's fee; what the fee keeps stays withheld at the destination.
    pub fn transfer(
        &mut self,
        from: &Address,
        to: &Address,
        signer: &Address,
        atoms: u64,
        epoch: u64,
    ) -> Result<(), Refusal> {
        let (source, destination) = (&self.holdings[from], &self.holdings[to]);
        let is_2022 = self.of_token_2022.contains(&source.mint);
        if source.is_frozen || (destination.is_frozen && !is_2022) {
            return Err(code(ACCOUNT_FROZEN));
        }
        if source.atoms < atoms {
            return Err(code(INSUFFICIENT_FUNDS));
        }
        if source.mint != destination.mint {
            return Err(code(MINT_MISMATCH));
        }
        if source.owner != *signer {
            return Err(code(OWNER_MISMATCH));
        }
        // Token-2022 looks at the destination last
        if destination.is_frozen {
            return Err(code(ACCOUNT_FROZEN));
        }
        let arriving = self.fee(&source.mint, epoch).arriving(atoms);
        self.holdings.get_mut(from).unwrap().atoms -= atoms;
        self.holdings.get_mut(to).unwrap().atoms += arriving;
        Ok(())
    }
}
