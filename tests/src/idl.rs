//! The committed IDLs, as far as tests read them.

use serde::Deserialize;

/// An IDL.
#[derive(Deserialize)]
pub struct Idl {
    /// The instructions.
    pub instructions: Vec<IdlInstruction>,
    /// The account types.
    #[serde(default)]
    pub accounts: Vec<IdlName>,
    /// Definitions of all named types.
    #[serde(default)]
    pub types: Vec<IdlTypeDef>,
    /// The program's events.
    #[serde(default)]
    pub events: Vec<IdlEvent>,
    /// The program's errors.
    #[serde(default)]
    pub errors: Vec<IdlError>,
}

/// An instruction of an IDL.
#[derive(Deserialize)]
pub struct IdlInstruction {
    /// Its name in snake case.
    pub name: String,
    /// The bytes its data begins with.
    pub discriminator: Vec<u8>,
    /// What follows them.
    pub args: Vec<IdlField>,
    /// What it expects, in order.
    pub accounts: Vec<IdlAccount>,
}

/// An account that an instruction expects.
#[derive(Clone, Deserialize)]
pub struct IdlAccount {
    /// Its name.
    pub name: String,
    /// Whether it may be changed.
    #[serde(default)]
    pub writable: bool,
    /// Whether it must sign.
    #[serde(default)]
    pub signer: bool,
    /// Whether the program's id may stand in for it.
    #[serde(default)]
    pub optional: bool,
    /// Its only address, if it has one.
    pub address: Option<String>,
}

/// A named value of the wire.
#[derive(Deserialize)]
pub struct IdlField {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: serde_json::Value,
}

/// An event of a program.
#[derive(Deserialize)]
pub struct IdlEvent {
    /// Its name, that of the type of its fields too.
    pub name: String,
    /// The bytes it begins with.
    pub discriminator: Vec<u8>,
}

/// Something with a name.
#[derive(Deserialize)]
pub struct IdlName {
    /// The name.
    pub name: String,
}

/// An error of a program.
#[derive(Deserialize)]
pub struct IdlError {
    /// Its number.
    pub code: u32,
    /// Its name.
    pub name: String,
}

/// A named type.
#[derive(Deserialize)]
pub struct IdlTypeDef {
    /// The name.
    pub name: String,
    /// Its shape.
    #[serde(rename = "type")]
    pub shape: serde_json::Value,
}

/// The programs whose IDLs there are: package underscored.
pub const PROGRAMS: [&str; 3] = ["liquidity_pool", "quadratic_governance", "compute_escrow"];

/// Reads the committed IDL of a program.
pub fn read(program: &str) -> Idl {
    let path = format!("{}/../app/idl/{program}.json", env!("CARGO_MANIFEST_DIR"));
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; `cargo xtask gen` makes it"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}
