//! What an action would do, in a sentence: voters must not have to read bytes.
//!
//! Only calls whose every byte is understood are described; anything else is said to be unknown, with its program.

use {
    crate::{amount, programs, Address},
    borsh::BorshDeserialize,
    commonweal_interface::ids,
    solana_program::instruction::AccountMeta,
};

/// Arguments of the pool's `update_config` (discriminator 1), as Borsh lays them out.
#[derive(BorshDeserialize)]
struct PoolUpdate {
    base_fee_ppm: Option<u32>,
    protocol_share_ppm: Option<u32>,
    pause_bits: Option<u8>,
    authority: Option<[u8; 32]>,
    treasury: Option<[u8; 32]>,
    dynamic_fee_cap_ppm: Option<u32>,
    dynamic_fee_slope_ppm: Option<u32>,
    volatility_threshold_ppm: Option<u32>,
    launch_fee_ppm: Option<u32>,
    flash_fee_ppm: Option<u32>,
}

/// Arguments of the pool's `ramp_amplification` (discriminator 10).
#[derive(BorshDeserialize)]
struct PoolRamp {
    target: u32,
    end_ts: i64,
}

/// Arguments of the escrow's `update_config` (discriminator 1).
#[derive(BorshDeserialize)]
struct EscrowUpdate {
    fee_ppm: u32,
    crank_bounty_lamports: u64,
    min_bond_lamports: u64,
    treasury: [u8; 32],
}

/// Arguments of governance's `add_attestor` (discriminator 1).
#[derive(BorshDeserialize)]
struct AttestorAdded {
    key: [u8; 32],
    slot: u8,
    quota_per_epoch: u32,
}

fn arguments<T: BorshDeserialize>(data: &[u8], discriminator: u8) -> Option<T> {
    // `try_from_slice` refuses bytes that are left over
    T::try_from_slice(data.strip_prefix(&[discriminator])?).ok()
}

fn named(bytes: [u8; 32]) -> String {
    Address::from(bytes).to_string()
}

fn pool(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let config = accounts.get(1)?.pubkey;
    if let Some(PoolRamp { target, end_ts }) = arguments(data, 10) {
        return Some(match target {
            0 => format!("pool config {config}: stops the ramp of the amplification"),
            _ => format!("pool config {config}: moves the amplification to {target} by Unix time {end_ts}"),
        });
    }
    let update: PoolUpdate = arguments(data, 1)?;
    let paused = |bits: u8| match bits {
        0 => "resumes everything".to_owned(),
        bits => {
            let names = [
                (1u8, "creating"),
                (2, "depositing"),
                (4, "swapping"),
                (8, "flash loans"),
            ];
            let paused: Vec<&str> = names
                .iter()
                .filter(|(bit, _)| bits & bit != 0)
                .map(|(_, name)| *name)
                .collect();
            format!("pauses {} (withdrawing cannot be paused)", paused.join(", "))
        }
    };
    let changes: Vec<String> = [
        update.base_fee_ppm.map(|ppm| format!("sets the swap fee to {ppm} ppm")),
        update
            .protocol_share_ppm
            .map(|ppm| format!("sets the treasury's share of it to {ppm} ppm")),
        update.pause_bits.map(paused),
        update
            .authority
            .map(|key| format!("hands all power over it to {}", named(key))),
        update.treasury.map(|key| format!("lets fees go to {}", named(key))),
        update
            .dynamic_fee_cap_ppm
            .map(|ppm| format!("caps the volatility fee at {ppm} ppm")),
        update
            .dynamic_fee_slope_ppm
            .map(|ppm| format!("sets the volatility fee's slope to {ppm} ppm")),
        update
            .volatility_threshold_ppm
            .map(|ppm| format!("sets the volatility's threshold to {ppm} ppm")),
        update
            .launch_fee_ppm
            .map(|ppm| format!("sets the launch fee of new pools to {ppm} ppm")),
        update
            .flash_fee_ppm
            .map(|ppm| format!("sets the fee of flash loans to {ppm} ppm")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let changes = if changes.is_empty() {
        "changes nothing".to_owned()
    } else {
        changes.join(", ")
    };
    Some(format!("pool config {config}: {changes}"))
}

fn escrow(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let update: EscrowUpdate = arguments(data, 1)?;
    Some(format!(
        "escrow config {}: sets the fee to {} ppm, the crank bounty to {} SOL, the least bond to {} SOL; fees go to {}",
        accounts.first()?.pubkey,
        update.fee_ppm,
        amount::sol(update.crank_bounty_lamports),
        amount::sol(update.min_bond_lamports),
        named(update.treasury)
    ))
}

fn governance(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    if data == [quadratic_governance::DISABLE_ATTESTOR] {
        return Some(format!("disables the attestor of account {}", accounts.get(2)?.pubkey));
    }
    let added: AttestorAdded = arguments(data, quadratic_governance::ADD_ATTESTOR)?;
    Some(format!(
        "lets {} vouch for {} persons an epoch, in slot {}",
        named(added.key),
        added.quota_per_epoch,
        added.slot
    ))
}

fn system(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let lamports: u64 = u64::try_from_slice(data.strip_prefix(&[2, 0, 0, 0])?).ok()?;
    Some(format!(
        "pays {} SOL to {}",
        amount::sol(lamports),
        accounts.get(1)?.pubkey
    ))
}

fn token(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let (atoms, decimals): (u64, u8) = arguments(data, 12)?;
    Some(format!(
        "pays {} of mint {} to token account {}",
        amount::format(atoms, decimals),
        accounts.get(1)?.pubkey,
        accounts.get(2)?.pubkey
    ))
}

/// What calling `program` with these accounts and bytes does.
pub fn call(program: &Address, accounts: &[AccountMeta], data: &[u8]) -> String {
    let described = match *program {
        ids::LIQUIDITY_POOL => pool(accounts, data),
        ids::COMPUTE_ESCROW => escrow(accounts, data),
        ids::QUADRATIC_GOVERNANCE => governance(accounts, data),
        ids::SYSTEM => system(accounts, data),
        ids::TOKEN | ids::TOKEN_2022 => token(accounts, data),
        _ => None,
    };
    described.unwrap_or_else(|| {
        let name = programs::name_of(program).map_or_else(|| program.to_string(), str::to_owned);
        format!(
            "an instruction of {name} that this client cannot read ({} bytes): look into it before you vote",
            data.len()
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        crate::{escrow as escrow_calls, governance as governance_calls, pool as pool_calls},
        solana_program::instruction::Instruction,
    };

    fn sentence(instruction: &Instruction) -> String {
        call(&instruction.program_id, &instruction.accounts, &instruction.data)
    }

    fn address(byte: u8) -> Address {
        Address::from([byte; 32])
    }

    #[test]
    fn the_programs_arguments_are_borsh_byte_for_byte() {
        let update = pool_calls::ConfigUpdate {
            base_fee_ppm: Some(2_500),
            treasury: Some(address(9)),
            flash_fee_ppm: Some(900),
            ..Default::default()
        };
        let instruction = pool_calls::update_config(address(1), address(2), update);
        let golden = borsh::to_vec(&(
            1u8,
            (
                Some(2_500u32),
                None::<u32>,
                None::<u8>,
                None::<[u8; 32]>,
                Some([9u8; 32]),
                (None::<u32>, None::<u32>, None::<u32>, None::<u32>, Some(900u32)),
            ),
        ));
        assert_eq!(instruction.data, golden.unwrap());
        let instruction = governance_calls::add_attestor(address(1), address(2), address(3), 4, 5);
        assert_eq!(instruction.data, borsh::to_vec(&(1u8, [3u8; 32], 4u8, 5u32)).unwrap());
    }

    #[test]
    fn every_call_a_vote_can_make_of_the_suite_is_a_sentence() {
        let fee = pool_calls::ConfigUpdate {
            base_fee_ppm: Some(2_500),
            ..Default::default()
        };
        assert_eq!(
            sentence(&pool_calls::update_config(address(1), address(2), fee)),
            format!("pool config {}: sets the swap fee to 2500 ppm", address(2))
        );
        let pause = pool_calls::ConfigUpdate {
            pause_bits: Some(5),
            ..Default::default()
        };
        assert!(
            sentence(&pool_calls::update_config(address(1), address(2), pause)).contains("pauses creating, swapping")
        );
        let add = governance_calls::add_attestor(address(1), address(2), address(3), 4, 5);
        assert_eq!(
            sentence(&add),
            format!("lets {} vouch for 5 persons an epoch, in slot 4", address(3))
        );
        let disable = governance_calls::disable_attestor(address(1), address(2), address(3), address(4));
        assert!(sentence(&disable).starts_with("disables the attestor"));
        let pay = solana_system_interface::instruction::transfer(&address(1), &address(2), 1_500_000_000);
        assert_eq!(sentence(&pay), format!("pays 1.5 SOL to {}", address(2)));
        let params = escrow_calls::ConfigParams {
            fee_ppm: 1,
            crank_bounty_lamports: 2,
            min_bond_lamports: 3,
            treasury: address(4),
        };
        assert!(
            sentence(&escrow_calls::update_config(address(1), address(2), params)).contains("sets the fee to 1 ppm")
        );
    }

    #[test]
    fn bytes_that_are_not_wholly_understood_are_said_to_be_unknown() {
        let fee = pool_calls::ConfigUpdate {
            base_fee_ppm: Some(2_500),
            ..Default::default()
        };
        let mut instruction = pool_calls::update_config(address(1), address(2), fee);
        instruction.data.push(0);
        assert!(sentence(&instruction).contains("cannot read"));
        assert!(call(&address(7), &[], &[1, 2, 3]).contains("cannot read (3 bytes)"));
    }
}
