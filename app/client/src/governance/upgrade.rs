//! Upgrades of programs by vote: the loader's call, and handing a buffer or a program to a lane.

use {
    super::treasury_address,
    crate::{programs::LOADER, rpc::Rpc, Address, Error, Result},
    sha2::{Digest, Sha256},
    solana_loader_v3_interface::{get_program_data_address, instruction as loader, state::UpgradeableLoaderState},
    solana_program::instruction::Instruction,
};

/// Replaces a program's code by a buffer's: an action of the lane that is its upgrade authority. What the buffer holds in
/// lamports goes to `spill`.
pub fn upgrade(realm: &Address, lane: u8, program: &Address, buffer: &Address, spill: &Address) -> Instruction {
    // the authority signs inside, by the lane
    loader::upgrade(program, buffer, &treasury_address(realm, lane), spill, true)
}

/// Where a program's code is.
pub fn code_address(program: &Address) -> Address {
    get_program_data_address(program)
}

/// Hands a buffer to a lane, so that nobody can write to it any more.
pub fn hand_over_buffer(buffer: &Address, authority: &Address, realm: &Address, lane: u8) -> Instruction {
    loader::set_buffer_authority(buffer, authority, &treasury_address(realm, lane))
}

/// Hands the power to upgrade a program to a lane.
pub fn hand_over_program(program: &Address, authority: &Address, realm: &Address, lane: u8) -> Instruction {
    loader::set_upgrade_authority(program, authority, Some(&treasury_address(realm, lane)))
}

/// A buffer on chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Who may write to it.
    pub authority: Option<Address>,
    /// The code in it.
    pub bytecode: Vec<u8>,
    /// SHA-256 of the whole account as the program pins it.
    pub pinned_hash: [u8; 32],
}

/// Reads a buffer.
pub async fn buffer(rpc: &Rpc, address: &Address) -> Result<Buffer> {
    let state = rpc.existing(address, "a buffer of the upgradeable loader").await?;
    let header_len = UpgradeableLoaderState::size_of_buffer_metadata();
    let refuse = |found: String| {
        let remedy = "Let `commonweal gov propose upgrade --bytecode FILE` write one";
        Error::account(*address, "a buffer of the upgradeable loader", found, remedy)
    };
    if state.owner != LOADER {
        return Err(refuse(format!("an account of {}", state.owner)));
    }
    let header = state
        .data
        .get(..header_len)
        .and_then(|header| wincode::deserialize(header).ok());
    match (header, state.data.get(header_len..)) {
        (Some(UpgradeableLoaderState::Buffer { authority_address }), Some(bytecode)) => Ok(Buffer {
            authority: authority_address,
            bytecode: bytecode.to_vec(),
            pinned_hash: Sha256::digest(&state.data).into(),
        }),
        _ => Err(refuse("another account of the loader".to_owned())),
    }
}
