//! Deploying and upgrading through the upgradeable loader, by the same pipeline that sends everything else.
//!
//! The bytes go to a buffer account in chunks, many at once; then the loader verifies and installs them. It is idempotent:
//! what is on chain already is compared first, and an interrupted upload continues in the same buffer, whose key is derived
//! from the payer's and the bytecode's hash.

pub mod small;

use {
    crate::{
        job::wasm::{hex, sha256},
        keys,
        programs::{Program, LOADER},
        rpc::Rpc,
        send::{Compute, Plan, Sender},
        Address, Error, Result,
    },
    solana_hash::Hash,
    solana_keypair::Keypair,
    solana_loader_v3_interface::{get_program_data_address, instruction as loader, state::UpgradeableLoaderState},
    solana_signer::Signer,
};

/// Bytecode bytes of one write: what fits a transaction beside one signature, five keys and the loader's header.
const CHUNK_BYTES: usize = 900;
/// Compute of a write: the loader's flat 2,370 and the compute budget instruction's 150, rounded up.
const WRITE_COMPUTE_UNITS: u32 = 4_000;
/// Room left for growth at the first deployment, in percent of the bytecode: upgrades within it need no extension.
const GROWTH_PERCENT: usize = 50;
/// Genesis hashes of the public clusters: mainnet-beta, devnet, testnet.
const PUBLIC_CLUSTERS: [(&str, &str); 3] = [
    ("mainnet-beta", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"),
    ("devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
    ("testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
];

/// The name of a public cluster by its genesis hash.
pub fn public_cluster(genesis: &Hash) -> Option<&'static str> {
    let text = genesis.to_string();
    PUBLIC_CLUSTERS
        .iter()
        .find(|(_, hash)| *hash == text)
        .map(|(name, _)| *name)
}

/// Whether an RPC address is this machine's.
pub fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    // what stands before an @ is a user's name, however much it looks like a host
    let host = authority.rsplit('@').next().unwrap_or("");
    ["127.0.0.1", "localhost", "[::1]"].into_iter().any(|name| {
        host.strip_prefix(name)
            .is_some_and(|port| port.is_empty() || port.starts_with(':'))
    })
}

/// Refuses keys that everybody knows anywhere but on a local network.
pub async fn require_local(rpc: &Rpc) -> Result<()> {
    let genesis = rpc.genesis_hash().await?;
    let remedy =
        "Give the keys of your own deployment with --program-keys, and its addresses in programs/interface/src/ids.rs";
    if let Some(name) = public_cluster(&genesis) {
        return Err(Error::refused(
            format!("the committed program keys are for local networks; this is {name} (genesis {genesis})"),
            remedy,
        ));
    }
    if !is_loopback(rpc.url()) {
        return Err(Error::refused(
            format!(
                "the committed program keys are for local networks; {} is not on this machine",
                rpc.url()
            ),
            remedy,
        ));
    }
    Ok(())
}

/// What is deployed at a program's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Who may upgrade it, if anybody.
    pub upgrade_authority: Option<Address>,
    /// The slot it was last changed in.
    pub slot: u64,
    /// Bytes it has room for.
    pub capacity: usize,
    /// Its bytecode, with trailing zeros up to the capacity.
    pub bytecode: Vec<u8>,
}

impl Deployed {
    /// Whether it is this bytecode (the rest of its room being zero).
    pub fn is(&self, bytecode: &[u8]) -> bool {
        self.bytecode.get(..bytecode.len()) == Some(bytecode)
            && self
                .bytecode
                .get(bytecode.len()..)
                .is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
    }

    /// Its [`bytecode_hash`].
    pub fn hash(&self) -> String {
        bytecode_hash(&self.bytecode)
    }
}

/// The SHA-256 of bytecode without trailing zeros, as explorers and verifiers compute it.
pub fn bytecode_hash(bytecode: &[u8]) -> String {
    let end = bytecode
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    hex(&sha256(bytecode.get(..end).unwrap_or(&[])))
}

/// Reads what is deployed at `program`.
pub async fn deployed(rpc: &Rpc, program: &Address) -> Result<Option<Deployed>> {
    let Some(account) = rpc.account(program).await? else {
        return Ok(None);
    };
    if account.owner != LOADER || !account.executable {
        return Err(Error::account(
            *program,
            "a program of the upgradeable loader",
            format!("an account of {} with {} bytes", account.owner, account.data.len()),
            "Use another program address",
        ));
    }
    let address = get_program_data_address(program);
    let data = rpc.existing(&address, "the program's data account").await?.data;
    let header_len = UpgradeableLoaderState::size_of_programdata_metadata();
    let state = data
        .get(..header_len)
        .and_then(|header| wincode::deserialize(header).ok());
    match (state, data.get(header_len..)) {
        (
            Some(UpgradeableLoaderState::ProgramData {
                slot,
                upgrade_authority_address,
            }),
            Some(bytecode),
        ) => Ok(Some(Deployed {
            upgrade_authority: upgrade_authority_address,
            slot,
            capacity: bytecode.len(),
            bytecode: bytecode.to_vec(),
        })),
        _ => Err(Error::account(
            address,
            "a program's data account",
            "other data",
            "Report this: it should not happen",
        )),
    }
}

/// What a deployment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployment {
    /// The same bytecode was there.
    Unchanged,
    /// It was not there.
    Deployed,
    /// Other bytecode was there.
    Upgraded,
}

/// The buffer of this payer for this bytecode: the same again after an interruption.
fn buffer_key(payer: &Keypair, program: &Program, bytecode: &[u8]) -> Keypair {
    keys::derive(payer, &[b"buffer", program.id.as_ref(), bytecode])
}

/// Brings `bytecode` to `program`. `payer` pays and is (or becomes) the upgrade authority; `program_key` is needed for a first
/// deployment only. `progress` is told how many chunks of how many are written.
pub async fn deploy(
    sender: &Sender,
    payer: &Keypair,
    program: &Program,
    program_key: Option<&Keypair>,
    bytecode: &[u8],
    progress: &dyn Fn(usize, usize),
) -> Result<Deployment> {
    let existing = deployed(&sender.rpc, &program.id).await?;
    match &existing {
        Some(deployed) if deployed.is(bytecode) => return Ok(Deployment::Unchanged),
        Some(Deployed { upgrade_authority, .. }) if *upgrade_authority != Some(payer.pubkey()) => {
            let found = upgrade_authority.map_or_else(|| "nobody (it is final)".to_owned(), |found| found.to_string());
            return Err(Error::account(
                program.id,
                format!("{} with upgrade authority {}", program.name, payer.pubkey()),
                format!("upgrade authority {found}"),
                "Sign with that authority, or propose the upgrade to it",
            ));
        }
        _ => {}
    }
    let buffer = buffer_key(payer, program, bytecode);
    upload(sender, payer, program.name, &buffer, bytecode, progress).await?;
    match existing {
        Some(deployed) => {
            upgrade(sender, payer, program, &buffer, bytecode.len(), deployed.capacity).await?;
            Ok(Deployment::Upgraded)
        }
        None => {
            let key = program_key.filter(|key| key.pubkey() == program.id).ok_or_else(|| {
                Error::refused(
                    format!(
                        "{} is not deployed, and the key of its address {} is not given",
                        program.name, program.id
                    ),
                    "Pass the folder of the program keys with --program-keys",
                )
            })?;
            install(sender, payer, program, key, &buffer, bytecode.len()).await?;
            Ok(Deployment::Deployed)
        }
    }
}

async fn install(
    sender: &Sender,
    payer: &Keypair,
    program: &Program,
    program_key: &Keypair,
    buffer: &Keypair,
    len: usize,
) -> Result<()> {
    let room = len.saturating_mul(GROWTH_PERCENT.saturating_add(100)).div_ceil(100);
    let rent = sender
        .rpc
        .rent_lamports(UpgradeableLoaderState::size_of_program())
        .await?;
    let label = format!("deploy {}", program.name);
    let who = payer.pubkey();
    let instructions = loader::deploy_with_max_program_len(&who, &program.id, &buffer.pubkey(), &who, rent, room, true)
        .map_err(|error| Error::Build {
            label: label.clone(),
            reason: error.to_string(),
        })?;
    sender
        .run(&Plan::new(label, instructions, &[payer, program_key]))
        .await?;
    Ok(())
}

async fn upgrade(
    sender: &Sender,
    payer: &Keypair,
    program: &Program,
    buffer: &Keypair,
    len: usize,
    capacity: usize,
) -> Result<()> {
    let who = payer.pubkey();
    if let Some(missing) = len.checked_sub(capacity).filter(|missing| *missing > 0) {
        // the loader extends by 10,240 bytes at least
        let more = u32::try_from(missing.max(10_240)).unwrap_or(u32::MAX);
        let extend = loader::extend_program(&program.id, Some(&who), more);
        sender
            .run(&Plan::new(format!("extend {}", program.name), vec![extend], &[payer]))
            .await?;
    }
    let instruction = loader::upgrade(&program.id, &buffer.pubkey(), &who, &who, true);
    sender
        .run(&Plan::new(
            format!("upgrade {}", program.name),
            vec![instruction],
            &[payer],
        ))
        .await?;
    Ok(())
}

/// Writes code that a vote is to bring to `program` into a buffer of the payer's, the same again after an interruption.
pub async fn write_buffer(
    sender: &Sender,
    payer: &Keypair,
    program: &Address,
    bytecode: &[u8],
    progress: &dyn Fn(usize, usize),
) -> Result<Address> {
    let buffer = keys::derive(payer, &[b"buffer", program.as_ref(), bytecode]);
    upload(sender, payer, &program.to_string(), &buffer, bytecode, progress).await?;
    Ok(buffer.pubkey())
}

/// Creates the buffer if it is not there and writes what it lacks.
async fn upload(
    sender: &Sender,
    payer: &Keypair,
    name: &str,
    buffer: &Keypair,
    bytecode: &[u8],
    progress: &dyn Fn(usize, usize),
) -> Result<()> {
    let who = payer.pubkey();
    let at = buffer.pubkey();
    let mut held = sender.rpc.account(&at).await?;
    if held.is_none() {
        let rent = sender
            .rpc
            .rent_lamports(UpgradeableLoaderState::size_of_buffer(bytecode.len()))
            .await?;
        let label = format!("create the buffer of {name}");
        let instructions =
            loader::create_buffer(&who, &at, &who, rent, bytecode.len()).map_err(|error| Error::Build {
                label: label.clone(),
                reason: error.to_string(),
            })?;
        sender.run(&Plan::new(label, instructions, &[payer, buffer])).await?;
        held = sender.rpc.account(&at).await?;
    }
    let header_len = UpgradeableLoaderState::size_of_buffer_metadata();
    let held = held
        .and_then(|account| account.data.get(header_len..).map(<[u8]>::to_vec))
        .unwrap_or_default();
    let mut plans = Vec::new();
    let mut offset = 0usize;
    for chunk in bytecode.chunks(CHUNK_BYTES) {
        let end = offset.saturating_add(chunk.len());
        if held.get(offset..end) != Some(chunk) {
            let start =
                u32::try_from(offset).map_err(|_| Error::refused("the bytecode is too large", "Make it smaller"))?;
            plans.push(Plan {
                label: format!("write {name} at {offset}"),
                instructions: vec![loader::write(&at, &who, start, chunk.to_vec())],
                signers: vec![payer],
                compute: Compute::Fixed(WRITE_COMPUTE_UNITS),
            });
        }
        offset = end;
    }
    let total = plans.len();
    let mut written = 0usize;
    progress(written, total);
    // a batch shares one blockhash and one journal sync; larger ones would outlive it on a slow line
    for batch in plans.chunks(96) {
        sender.run_many(batch).await?;
        written = written.saturating_add(batch.len());
        progress(written, total);
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_a_loopback_address() {
        for url in [
            "http://127.0.0.1:8899",
            "http://localhost",
            "http://localhost:8899/",
            "ws://[::1]:9/x",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://api.devnet.solana.com",
            "http://127.0.0.1.example.com:8899",
            "http://localhost.example.com",
            "http://127.0.0.1:8899@example.com/",
            "http://example.com/127.0.0.1",
            "http://example.com#@127.0.0.1",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn the_public_clusters_are_known_by_their_genesis() {
        for (name, hash) in PUBLIC_CLUSTERS {
            assert_eq!(public_cluster(&hash.parse().unwrap()), Some(name));
        }
        assert_eq!(public_cluster(&Hash::default()), None);
    }

    #[test]
    fn bytecode_is_compared_with_the_room_after_it() {
        let deployed = |bytecode: &[u8]| Deployed {
            upgrade_authority: None,
            slot: 0,
            capacity: bytecode.len(),
            bytecode: bytecode.to_vec(),
        };
        assert!(deployed(&[1, 2, 3, 0, 0]).is(&[1, 2, 3]));
        assert!(!deployed(&[1, 2, 3, 4, 0]).is(&[1, 2, 3]));
        assert!(!deployed(&[1, 2]).is(&[1, 2, 3]));
        assert_eq!(deployed(&[1, 2, 0, 0]).hash(), deployed(&[1, 2]).hash());
    }

    #[test]
    fn the_buffer_of_an_interrupted_upload_is_found_again() {
        let payer = Keypair::new();
        let [program, other, _] = &crate::programs::ALL;
        let key = |program, bytecode| buffer_key(&payer, program, bytecode).pubkey();
        assert_eq!(key(program, b"code"), key(program, b"code"));
        assert_ne!(key(program, b"code"), key(program, b"edoc"));
        assert_ne!(key(program, b"code"), key(other, b"code"));
    }
}
