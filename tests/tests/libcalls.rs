//! The 128-bit arithmetic of the VM against that of the host.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

use {
    commonweal_libcalls::words,
    commonweal_tests::world::program_bytes,
    libcalls_probe::{fold, FUNCTIONS, NAMES},
    litesvm::LiteSVM,
    solana_address::Address,
    solana_compute_budget::compute_budget::ComputeBudget,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::Message,
    solana_signer::Signer,
    solana_transaction::Transaction,
};

/// Vectors per function, over several seeds.
const SEEDS: u64 = 4;
const VECTORS_PER_SEED: u64 = 260_000;
const _: () = assert!(SEEDS * VECTORS_PER_SEED >= 1_000_000);

#[test]
fn a_million_vectors_of_each_function_agree_between_host_and_vm() {
    let mut budget = ComputeBudget::new_with_defaults(true);
    budget.compute_unit_limit = u64::MAX / 2;
    let mut svm = LiteSVM::new().with_compute_budget(budget);
    let id = Address::new_from_array([7; 32]);
    svm.add_program(id, &program_bytes("libcalls_probe")).unwrap();
    let payer = Keypair::new();
    svm.airdrop(&payer.pubkey(), 1_000_000_000).unwrap();
    for function in 0..FUNCTIONS {
        for seed in 0..SEEDS {
            let mut data = vec![function];
            data.extend(seed.to_le_bytes());
            data.extend(VECTORS_PER_SEED.to_le_bytes());
            let instruction = Instruction {
                program_id: id,
                accounts: vec![],
                data,
            };
            let message = Message::new(&[instruction], Some(&payer.pubkey()));
            let outcome = svm
                .send_transaction(Transaction::new(&[&payer], message, svm.latest_blockhash()))
                .unwrap();
            let in_vm = u64::from_le_bytes(outcome.return_data.data.try_into().unwrap());
            let on_host = fold(function, seed, VECTORS_PER_SEED);
            assert_eq!(
                in_vm,
                on_host,
                "{} differs with seed {seed}",
                NAMES[usize::from(function)]
            );
        }
    }
}

#[test]
fn the_same_words_on_the_host_agree_with_native_integers_at_every_pair_of_edges() {
    let mut edges: Vec<u128> = vec![
        0,
        1,
        2,
        3,
        10,
        u128::MAX,
        u128::MAX - 1,
        i128::MIN as u128,
        i128::MAX as u128,
    ];
    for shift in 0..128 {
        let power = 1u128 << shift;
        edges.extend([power, power.wrapping_sub(1), power.wrapping_add(1), !power]);
    }
    for &n in &edges {
        for &d in &edges {
            assert_eq!(
                words::join(words::mul(words::split(n), words::split(d))),
                n.wrapping_mul(d)
            );
            if d == 0 {
                continue;
            }
            let (q, r) = words::div_rem(words::split(n), words::split(d));
            assert_eq!((words::join(q), words::join(r)), (n / d, n % d), "{n} / {d}");
            let (n, d) = (n as i128, d as i128);
            assert_eq!(words::div_signed(n, d), n.wrapping_div(d), "{n} / {d}");
            assert_eq!(words::rem_signed(n, d), n.wrapping_rem(d), "{n} % {d}");
        }
    }
}
