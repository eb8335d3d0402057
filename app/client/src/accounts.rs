//! Reading accounts of the three programs: their own zero-copy structs, checked for owner, kind and version.

use {
    crate::{
        programs,
        rpc::{AccountState, Rpc},
        Address, Error, Result,
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
};

/// Bytes before an account's struct: its discriminator.
pub const DISCRIMINATOR_LEN: usize = 8;
/// The layout version this client reads.
const VERSION: u8 = 1;

/// The kind's name, for people.
fn kind<T>() -> &'static str {
    std::any::type_name::<T>().rsplit("::").next().unwrap_or("account")
}

/// Reads an account of `program` as a `T`. The structs have alignment 1, every byte pattern is one, and their first byte is the
/// layout version.
pub fn decode<T: Pod + Discriminator>(program: &Address, address: &Address, state: &AccountState) -> Result<T> {
    let refuse = |found: String, remedy: &str| {
        let expected = format!(
            "a {} of {}",
            kind::<T>(),
            programs::name_of(program).unwrap_or("the program")
        );
        Error::account(*address, expected, found, remedy)
    };
    let remedy = "Check the address and the cluster (--url)";
    if &state.owner != program {
        return Err(refuse(format!("an account of {}", state.owner), remedy));
    }
    let Some(body) = state.data.strip_prefix(T::DISCRIMINATOR) else {
        return Err(refuse("an account of another kind".to_owned(), remedy));
    };
    match body.first() {
        Some(&VERSION) => {}
        found => {
            return Err(refuse(
                format!("layout version {found:?}"),
                "Use a client of the program's version",
            ))
        }
    }
    let header = body.get(..std::mem::size_of::<T>());
    header
        .and_then(|bytes| bytemuck::try_pod_read_unaligned(bytes).ok())
        .ok_or_else(|| {
            refuse(
                format!("{} bytes", state.data.len()),
                "Use a client of the program's version",
            )
        })
}

/// Fetches an account of `program` as a `T`.
pub async fn fetch<T: Pod + Discriminator>(rpc: &Rpc, program: &Address, address: &Address) -> Result<T> {
    let state = rpc.existing(address, kind::<T>()).await?;
    decode(program, address, &state)
}

/// Fetches an account that need not exist.
pub async fn find<T: Pod + Discriminator>(rpc: &Rpc, program: &Address, address: &Address) -> Result<Option<T>> {
    rpc.account(address)
        .await?
        .map(|state| decode(program, address, &state))
        .transpose()
}

/// Lists the `T`s of `program` whose bytes at the given offsets (from the account's start) are the given ones.
pub async fn list<T: Pod + Discriminator>(
    rpc: &Rpc,
    program: &Address,
    filters: &[(usize, Vec<u8>)],
) -> Result<Vec<(Address, T)>> {
    let mut all = vec![(0, T::DISCRIMINATOR.to_vec())];
    all.extend_from_slice(filters);
    let found = rpc.program_accounts(program, &all).await?;
    found
        .into_iter()
        .map(|(address, state)| Ok((address, decode(program, &address, &state)?)))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        commonweal_interface::ids,
        liquidity_pool::state::{Pool, PoolConfig},
    };

    fn state(owner: Address, data: Vec<u8>) -> AccountState {
        AccountState {
            lamports: 1,
            owner,
            data,
            executable: false,
        }
    }

    fn config_bytes() -> Vec<u8> {
        let mut data = PoolConfig::DISCRIMINATOR.to_vec();
        data.push(VERSION);
        data.resize(DISCRIMINATOR_LEN.saturating_add(std::mem::size_of::<PoolConfig>()), 0);
        data
    }

    #[test]
    fn an_account_reads_as_its_own_kind_only() {
        let at = Address::default();
        let good = state(ids::LIQUIDITY_POOL, config_bytes());
        assert_eq!(
            decode::<PoolConfig>(&ids::LIQUIDITY_POOL, &at, &good).unwrap().version,
            VERSION
        );
        assert!(decode::<Pool>(&ids::LIQUIDITY_POOL, &at, &good).is_err());
        let foreign = state(ids::SYSTEM, config_bytes());
        assert!(decode::<PoolConfig>(&ids::LIQUIDITY_POOL, &at, &foreign).is_err());
    }

    #[test]
    fn a_layout_of_another_version_or_size_is_refused() {
        let at = Address::default();
        let mut newer = config_bytes();
        if let Some(version) = newer.get_mut(DISCRIMINATOR_LEN) {
            *version = VERSION.saturating_add(1);
        }
        assert!(decode::<PoolConfig>(&ids::LIQUIDITY_POOL, &at, &state(ids::LIQUIDITY_POOL, newer)).is_err());
        let mut short = config_bytes();
        short.truncate(20);
        assert!(decode::<PoolConfig>(&ids::LIQUIDITY_POOL, &at, &state(ids::LIQUIDITY_POOL, short)).is_err());
    }
}
