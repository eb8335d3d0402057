//! The three programs: names, addresses, files. The addresses come from one place, `commonweal_interface::ids`.

use {crate::Address, commonweal_interface::ids};

/// The upgradeable loader.
pub const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// One program of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its package name.
    pub name: &'static str,
    /// Its address.
    pub id: Address,
    /// The file of its bytecode in the deploy folder.
    pub file: &'static str,
}

/// All three, in the order they are deployed.
pub const ALL: [Program; 3] = [
    Program {
        name: "quadratic-governance",
        id: ids::QUADRATIC_GOVERNANCE,
        file: "quadratic_governance.so",
    },
    Program {
        name: "liquidity-pool",
        id: ids::LIQUIDITY_POOL,
        file: "liquidity_pool.so",
    },
    Program {
        name: "compute-escrow",
        id: ids::COMPUTE_ESCROW,
        file: "compute_escrow.so",
    },
];

/// The name of a program that appears in logs, if it is known.
pub fn name_of(id: &Address) -> Option<&'static str> {
    ALL.iter()
        .find(|program| &program.id == id)
        .map(|program| program.name)
        .or_else(|| {
            [
                (ids::TOKEN, "SPL Token"),
                (ids::TOKEN_2022, "Token-2022"),
                (ids::SYSTEM, "the system program"),
                (LOADER, "the upgradeable loader"),
                (compute_escrow::constants::ED25519_PROGRAM, "the Ed25519 precompile"),
            ]
            .into_iter()
            .find(|(known, _)| known == id)
            .map(|(_, name)| name)
        })
}
