//! Programs so small that their code fits one transaction: as instructions, for whoever sends them.

use {
    crate::{rpc::Rpc, Address, Error, Result},
    solana_loader_v3_interface::{instruction as loader, state::UpgradeableLoaderState},
    solana_program::instruction::{Instruction, InstructionError},
};

fn failed(label: &str, error: &InstructionError) -> Error {
    Error::Build {
        label: label.to_owned(),
        reason: error.to_string(),
    }
}

/// Creates a buffer of `payer`'s and writes the code into it. Payer and buffer sign.
pub async fn buffer(rpc: &Rpc, payer: &Address, buffer: &Address, bytecode: &[u8]) -> Result<Vec<Instruction>> {
    let space = UpgradeableLoaderState::size_of_buffer(bytecode.len());
    let rent = rpc.rent_lamports(space).await?;
    let mut made = loader::create_buffer(payer, buffer, payer, rent, bytecode.len())
        .map_err(|error| failed("create a buffer", &error))?;
    made.push(loader::write(buffer, payer, 0, bytecode.to_vec()));
    Ok(made)
}

/// Deploys a buffer's code of `len` bytes at `program`, with `payer` as upgrade authority. Payer and program sign.
pub async fn install(
    rpc: &Rpc,
    payer: &Address,
    program: &Address,
    buffer: &Address,
    len: usize,
) -> Result<Vec<Instruction>> {
    let rent = rpc.rent_lamports(UpgradeableLoaderState::size_of_program()).await?;
    loader::deploy_with_max_program_len(payer, program, buffer, payer, rent, len, true)
        .map_err(|error| failed("deploy a program", &error))
}
