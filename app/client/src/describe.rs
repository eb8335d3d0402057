//! What an action would do, in a sentence: voters must not have to read bytes.
//!
//! Only calls whose every byte is understood are described; anything else is said to be unknown, with its program.

mod escrow;
mod governance;

pub use governance::parameter_changes;

use {
    crate::{amount, job::wasm::hex, programs, Address},
    borsh::BorshDeserialize,
    commonweal_interface::ids,
    quadratic_governance::state::{ProposalAction, CLASS_UPGRADE},
    solana_program::instruction::{AccountMeta, Instruction},
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

/// The upgradeable loader's `Upgrade` (3, and whether the buffer is closed) and `SetAuthority` (4), 4-byte tags.
fn loader(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    let key = |place: usize| accounts.get(place).map(|meta| meta.pubkey);
    match data {
        [3, 0, 0, 0] | [3, 0, 0, 0, 0 | 1] => {
            let rest = if data.last() == Some(&1) {
                format!("; what the buffer holds goes to {}", key(3)?)
            } else {
                String::new()
            };
            // the loader itself refuses a code account that is not the program's
            Some(format!(
                "replaces the code of {} by that of buffer {}{rest}",
                known(&key(1)?),
                key(2)?
            ))
        }
        [4, 0, 0, 0] => Some(match key(2) {
            Some(new) => format!("hands the power over code account {} to {new}", key(0)?),
            None => format!("makes code account {} final: nobody can upgrade it again", key(0)?),
        }),
        _ => None,
    }
}

/// A program's name and address.
fn known(program: &Address) -> String {
    programs::name_of(program).map_or_else(|| program.to_string(), |name| format!("{name} ({program})"))
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
    if let Some(atoms) = arguments::<u64>(data, 3) {
        return Some(format!(
            "pays {atoms} atoms from token account {} to token account {}",
            accounts.first()?.pubkey,
            accounts.get(1)?.pubkey
        ));
    }
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
        ids::COMPUTE_ESCROW => escrow::sentence(accounts, data),
        ids::QUADRATIC_GOVERNANCE => governance::sentence(accounts, data),
        ids::SYSTEM => system(accounts, data),
        ids::TOKEN | ids::TOKEN_2022 => token(accounts, data),
        programs::LOADER => loader(accounts, data),
        _ => None,
    };
    described.unwrap_or_else(|| {
        format!(
            "an instruction of {} that this client cannot read ({} bytes: {}): look into it before you vote",
            known(program),
            data.len(),
            hex(data)
        )
    })
}

/// What an action does: its call, and for an upgrade the code it is pinned to.
pub fn action(action: &ProposalAction, call: &Instruction) -> String {
    let sentence = self::call(&call.program_id, &call.accounts, &call.data);
    if action.data_written != action.data_len {
        let (written, len) = (action.data_written.get(), action.data_len.get());
        return format!("not complete: {written} of {len} bytes of its data are there");
    }
    if action.pinned != 0 {
        let pinned = hex(&action.pinned_hash);
        let slot = action.pinned_slot.get();
        return format!("{sentence}; pinned to the buffer with sha256 {pinned} and the program as of slot {slot}");
    }
    if action.class == CLASS_UPGRADE {
        return format!("{sentence}; not pinned yet");
    }
    sentence
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        crate::{escrow as escrow_calls, governance as governance_calls, pool as pool_calls},
        quadratic_governance::instructions::AttestorChoice,
    };

    fn attestor(kind: u8, label: &[u8]) -> AttestorChoice {
        let mut name = [0u8; 32];
        if let Some(space) = name.get_mut(..label.len()) {
            space.copy_from_slice(label);
        }
        AttestorChoice {
            slot: 4,
            kind,
            quota_per_epoch: 5,
            enabled_until_ts: 77,
            schema: [kind.wrapping_mul(6); 32],
            label: name,
        }
    }

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
        let instruction = governance_calls::add_attestor(address(1), address(2), address(3), attestor(1, b"town"));
        let mut label = [0u8; 32];
        label.get_mut(..4).unwrap().copy_from_slice(b"town");
        let golden = borsh::to_vec(&(1u8, [3u8; 32], (4u8, 1u8, 5u32, 77i64, [6u8; 32], label)));
        assert_eq!(instruction.data, golden.unwrap());
    }

    #[test]
    fn an_upgrade_names_the_program_and_the_buffer() {
        let upgrade =
            governance_calls::upgrade::upgrade(&address(1), 1, &ids::LIQUIDITY_POOL, &address(2), &address(3));
        let told = sentence(&upgrade);
        assert!(
            told.starts_with("replaces the code of liquidity-pool (") && told.contains(&address(2).to_string()),
            "{told}"
        );
    }

    #[test]
    fn an_upgrade_says_what_it_is_pinned_to() {
        let call = governance_calls::upgrade::upgrade(&address(1), 1, &address(7), &address(2), &address(3));
        let mut state: ProposalAction = bytemuck::Zeroable::zeroed();
        state.class = CLASS_UPGRADE;
        assert!(action(&state, &call).ends_with("not pinned yet"));
        state.pinned = 1;
        state.pinned_slot = 12u64.into();
        state.pinned_hash = [0xab; 32];
        let told = action(&state, &call);
        assert!(told.contains(&"ab".repeat(32)) && told.ends_with("slot 12"), "{told}");
        state.data_len = 4u16.into();
        assert!(action(&state, &call).starts_with("not complete: 0 of 4"));
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
        let add = governance_calls::add_attestor(address(1), address(2), address(3), attestor(0, b"town hall"));
        assert_eq!(
            sentence(&add),
            format!(
                "lets {} vouch as \"town hall\" for 5 persons an epoch until Unix time 77, in slot 4",
                address(3)
            )
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
        assert!(call(&address(7), &[], &[1, 2, 3]).contains("cannot read (3 bytes: 010203)"));
    }
}
