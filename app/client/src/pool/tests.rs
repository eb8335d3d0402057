//! The calls against the program's list of instructions.

use {
    super::*,
    bytemuck::Zeroable,
    farm::{FarmTerms, NewFarm},
    serde_json::Value,
    std::collections::BTreeMap,
};

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

/// A pool of two mints of SPL Token.
fn located() -> Located {
    let mut pool = Pool::zeroed();
    (pool.config, pool.mint_a, pool.mint_b, pool.creator) = (key(2), key(3), key(4), key(5));
    (pool.vault_a, pool.vault_b, pool.lp_mint) = (key(6), key(7), key(8));
    Located { address: key(1), pool }
}

fn shares_and_trades(located: &Located, me: Address) -> Vec<Instruction> {
    let [a, b] = [Side::A, Side::B].map(|side| located.token(side));
    let terms = plain_terms(true, me, me, 1, 1, 1, 1);
    let one_side = OneSide {
        side: Side::B,
        sold: 1,
        most: 2,
        least_shares: 1,
    };
    vec![
        initialize_config(me, key(9), 7, terms),
        update_config(me, key(2), ConfigUpdate::default()),
        create_pool(me, key(2), [a, b], 0, [1, 1], 9),
        located.deposit(me, 1, [1, 1], 9),
        located.withdraw(me, 1, [1, 1], 9, 3),
        located.swap_exact_in(me, Side::A, 1, 1, 9),
        located.swap_exact_out(me, Side::A, 1, 1, 9),
        located.collect_protocol_fees([key(10), key(11)], 3),
        located.deposit_one_side(me, one_side, 9),
        located.quote_call(Ask::Deposit { shares: 1 }),
        ramp_amplification(me, key(2), 5, 9),
        located.skim(),
        located.sync_mint_risk(),
        located.claim_deferred(me, Side::A, me, None),
    ]
}

fn locks(located: &Located, me: Address) -> Vec<Instruction> {
    let mut lock = LiquidityLock::zeroed();
    (lock.owner, lock.lock_vault, lock.rent_payer) = (me, key(12), me);
    vec![
        lock_liquidity(me, located.address, key(2), 0, 1, LockTime::Forever),
        unlock_liquidity(located, key(13), &lock, 1),
        claim_lock_fees(located, key(13), &lock),
        transfer_lock(located, key(13), &lock, key(14)),
    ]
}

fn farms(located: &Located, me: Address) -> Vec<Instruction> {
    let new = NewFarm {
        pool: located,
        reward: located.token(Side::A),
        funder: me,
        index: 0,
        terms: FarmTerms {
            start_ts: 1,
            end_ts: 2,
            plural_share_ppm: 3,
            plural_cap_multiple: 4,
        },
    };
    let farm = farm::Located {
        address: new.address(),
        farm: farm::Farm::zeroed(),
    };
    let mut all = new.create(1);
    all.extend([
        farm.stake(me, 1, Some(key(15))),
        farm.unstake(me, 1, Some(key(15))),
        farm.harvest(me, Some((key(15), key(16)))),
        farm.take_seat(me, key(16)),
        farm.sync_seat(me, key(16)),
        farm.leave_seat(me, key(16)),
        farm.reclaim(),
    ]);
    all
}

#[test]
fn every_instruction_of_the_program_has_a_call_with_its_accounts() {
    let (located, me) = (located(), key(20));
    let mut calls = shares_and_trades(&located, me);
    calls.extend(locks(&located, me));
    calls.extend(farms(&located, me));
    calls.extend(located.flash(me, [1, 0], Vec::new()));
    let made: BTreeMap<u64, &Instruction> = calls
        .iter()
        .map(|call| (u64::from(*call.data.first().unwrap()), call))
        .collect();

    let idl: Value = serde_json::from_str(include_str!("../../../idl/liquidity_pool.json")).unwrap();
    let listed = idl["instructions"].as_array().unwrap();
    assert_eq!(made.len(), listed.len());
    for instruction in listed {
        let call = made[&instruction["discriminator"][0].as_u64().unwrap()];
        let accounts = instruction["accounts"].as_array().unwrap();
        assert_eq!(call.accounts.len(), accounts.len(), "{}", instruction["name"]);
        for (meta, account) in call.accounts.iter().zip(accounts) {
            let flag = |name: &str| account[name].as_bool().unwrap_or(false);
            assert_eq!(
                (meta.is_signer, meta.is_writable),
                (flag("signer"), flag("writable")),
                "{} of {}",
                account["name"],
                instruction["name"]
            );
        }
    }
}

#[test]
fn a_leg_that_is_not_paid_names_its_claim_and_who_pays_for_it() {
    let (located, me) = (located(), key(20));
    let whole = located.withdraw(me, 1, [1, 1], 9, 3).accounts;
    let [claim_a, claim_b] = [Side::A, Side::B].map(|side| AccountMeta::new(located.claim_address(&me, side), false));
    let system = AccountMeta::new_readonly(ids::SYSTEM, false);
    for (legs, claims) in [
        (1u8, vec![claim_b.clone()]),
        (2, vec![claim_a.clone()]),
        (0, vec![claim_a, claim_b]),
    ] {
        let accounts = located.withdraw(me, 1, [1, 1], 9, legs).accounts;
        assert!(accounts.first().unwrap().is_writable);
        let trailing = [claims, vec![system.clone()]].concat();
        assert_eq!(accounts[whole.len()..], trailing);
    }
}
