//! Configs and new pools.

use super::*;
use liquidity_pool::state::ConfigTerms;

/// Terms within every bound, most mechanisms on.
fn some_terms(game: &mut Game, authority: Address, treasury: Address, curve: u8) -> ConfigTerms {
    let rng = &mut game.world.rng;
    let mut terms = usual_terms(authority, treasury);
    terms.max_base_fee_ppm = *pick(rng, &[0u32, 1, 3_000, 99_999, 100_000]);
    terms.max_protocol_share_ppm = *pick(rng, &[0u32, 1, 200_000, 250_000]);
    terms.base_fee_ppm = rng.random_range(0..=terms.max_base_fee_ppm);
    terms.protocol_share_ppm = rng.random_range(0..=terms.max_protocol_share_ppm);
    if chance(rng, 70) {
        terms.max_dynamic_fee_cap_ppm = *pick(rng, &[1u32, 50_000, 100_000]);
        terms.dynamic_fee_cap_ppm = rng.random_range(0..=terms.max_dynamic_fee_cap_ppm);
        terms.dynamic_fee_slope_ppm = *pick(rng, &[0u32, 1, 100_000, 1_000_000]);
        terms.volatility_threshold_ppm = *pick(rng, &[1u32, 1_000, 100_000]);
    }
    if chance(rng, 60) {
        let most = 600_000 - terms.max_base_fee_ppm - terms.max_dynamic_fee_cap_ppm;
        terms.max_launch_fee_ppm = *pick(rng, &[1u32, 300_000, most.min(500_000)]);
        terms.launch_fee_ppm = rng.random_range(0..=terms.max_launch_fee_ppm);
        terms.launch_seconds = *pick(rng, &[1u32, 3_600, 86_400]);
    }
    terms.max_flash_fee_ppm = *pick(rng, &[0u32, 900, 100_000]);
    terms.flash_fee_ppm = rng.random_range(0..=terms.max_flash_fee_ppm);
    terms.vesting_slots = *pick(rng, &[0u32, 1, 150, 4_500, 9_000]);
    terms.oracle_step_ppm = *pick(rng, &[1u32, 10_000, 100_000]);
    terms.curve = curve;
    if curve == 1 {
        terms.amplification = *pick(rng, &[1u32, 10, 200, 5_000, 1_000_000]);
    }
    terms
}

/// One of the ways terms are out of bounds, and how they are refused.
fn spoil_terms(terms: &mut ConfigTerms, way: u32) -> Option<PoolError> {
    Some(match way {
        0 => {
            terms.max_base_fee_ppm = 100_001;
            PoolError::CeilingTooHigh
        }
        1 => {
            terms.base_fee_ppm = terms.max_base_fee_ppm + 1;
            PoolError::FeeAboveCeiling
        }
        2 => {
            terms.protocol_share_ppm = terms.max_protocol_share_ppm + 1;
            PoolError::ProtocolShareAboveCeiling
        }
        3 => {
            terms.treasury = Address::default();
            PoolError::ZeroAddress
        }
        4 => {
            terms.vesting_slots = 9_001;
            PoolError::VestingNotSupported
        }
        5 => {
            terms.curve = 2;
            PoolError::CurveNotSupported
        }
        6 => {
            terms.amplification = if terms.curve == 1 { 1_000_001 } else { 1 };
            PoolError::AmplificationNotSupported
        }
        7 => {
            terms.oracle_step_ppm = 0;
            PoolError::OracleStepOutOfRange
        }
        8 => {
            terms.launch_seconds = if terms.max_launch_fee_ppm > 0 { 0 } else { 1 };
            PoolError::LaunchTermsOutOfRange
        }
        9 => {
            terms.volatility_threshold_ppm = if terms.max_dynamic_fee_cap_ppm > 0 { 0 } else { 1 };
            PoolError::DynamicFeeTermsOutOfRange
        }
        10 => {
            terms.flash_fee_ppm = terms.max_flash_fee_ppm + 1;
            PoolError::FeeAboveCeiling
        }
        _ => return None,
    })
}

/// A new config; of this curve, if it must succeed.
pub(super) fn initialize_config(game: &mut Game, play: &mut Play, needed: Option<u8>) {
    let payer = game.world.rng.random_range(0..game.actors.len());
    let authority = game.world.rng.random_range(0..game.actors.len());
    let treasury = Address::new_from_array(game.world.rng.random());
    let curve = needed.unwrap_or_else(|| game.world.rng.random_range(0..=1));
    let authority = game.actors[authority].pubkey();
    let mut terms = some_terms(game, authority, treasury, curve);
    let rng = &mut game.world.rng;
    let spoilt = if needed.is_some() { 99 } else { rng.random_range(0..28) };
    let is_rehearsal = chance(rng, 50);
    let mut id = rng.random::<u64>();
    terms.rehearsal = is_rehearsal;
    let mut realm = game.realms[usize::from(is_rehearsal)];
    let mut expected = spoil_terms(&mut terms, spoilt);
    match spoilt {
        20 => {
            realm = game.realms[usize::from(!is_rehearsal)];
            expected = Some(PoolError::RehearsalMismatch);
        }
        21 => {
            realm = game.mints[0].address;
            expected = Some(PoolError::NotARealm);
        }
        _ => {}
    }
    let mut prediction = expected.map_or(Ok(()), |error| Err(refusal(error)));
    if spoilt == 22 && !game.model.configs.is_empty() {
        // the id is taken: the system program refuses a second account at the address
        let taken: liquidity_pool::state::PoolConfig = game.world.state(&game.model.configs[0].address);
        id = taken.id.get();
        prediction = Err(code(0));
    }
    play.step(format!(
        "initialize_config id {id} by {payer}, spoilt {spoilt}, {terms:?}"
    ));
    let at = config_address(id).0;
    let ix = commonweal_tests::fixtures::pool::initialize_config(&game.actors[payer].pubkey(), &realm, id, terms);
    let prediction = prediction.map(|()| {
        let mut next = game.model.clone();
        next.configs.push(config_of(&terms, at, realm));
        next.spend(&game.actors[payer].pubkey(), game.world.rent(280));
        next
    });
    let refused = game.run(&ix, payer, prediction);
    play.agreed("initialize_config", refused);
}

fn config_of(terms: &ConfigTerms, address: Address, realm: Address) -> Config {
    Config {
        address,
        realm,
        authority: terms.authority,
        treasury: terms.treasury,
        curve: terms.curve,
        fee: terms.base_fee_ppm,
        max_fee: terms.max_base_fee_ppm,
        share: terms.protocol_share_ppm,
        max_share: terms.max_protocol_share_ppm,
        dynamic_cap: terms.dynamic_fee_cap_ppm,
        max_dynamic_cap: terms.max_dynamic_fee_cap_ppm,
        slope: terms.dynamic_fee_slope_ppm,
        threshold: terms.volatility_threshold_ppm,
        launch_fee: terms.launch_fee_ppm,
        max_launch_fee: terms.max_launch_fee_ppm,
        launch_seconds: terms.launch_seconds,
        flash_fee: terms.flash_fee_ppm,
        max_flash_fee: terms.max_flash_fee_ppm,
        vesting_slots: terms.vesting_slots,
        oracle_step: terms.oracle_step_ppm,
        ramp: Ramp {
            from: terms.amplification,
            to: terms.amplification,
            start: 0,
            end: 0,
        },
        pause: 0,
        sequence: 0,
    }
}

pub(super) fn update_config(game: &mut Game, play: &mut Play) {
    let config = game.world.rng.random_range(0..game.model.configs.len());
    let state = game.model.configs[config].clone();
    let stranger = game.world.rng.random_range(0..game.actors.len());
    let heir = game.world.rng.random_range(0..game.actors.len());
    let some_pool = pick(&mut game.world.rng, &game.model.pools).address;
    let rng = &mut game.world.rng;
    let mut update = Update::default();
    if chance(rng, 40) {
        update.fee = Some(if chance(rng, 10) {
            state.max_fee + 1
        } else {
            rng.random_range(0..=state.max_fee)
        });
    }
    if chance(rng, 40) {
        let over = chance(rng, 10);
        update.share = Some(if over {
            state.max_share + 1
        } else {
            rng.random_range(0..=state.max_share)
        });
    }
    if chance(rng, 60) {
        update.pause = Some(match rng.random_range(0..20) {
            0 => 16,
            1 => 255,
            2..6 => *pick(rng, &PAUSE),
            _ => 0,
        });
    }
    if chance(rng, 10) {
        update.authority = Some(game.actors[heir].pubkey());
    }
    if chance(rng, 10) {
        update.treasury = Some(match rng.random_range(0..10) {
            0..2 => Address::default(),
            // one who trades himself, or a pool
            2..4 => game.actors[heir].pubkey(),
            4 => some_pool,
            _ => Address::new_from_array(rng.random()),
        });
    }
    let is_stranger = chance(rng, 8);
    let signer = if is_stranger {
        stranger
    } else {
        game.actors
            .iter()
            .position(|actor| actor.pubkey() == state.authority)
            .unwrap()
    };
    update_config_to(game, play, config, signer, &update);
}

pub(super) fn update_config_to(game: &mut Game, play: &mut Play, config: usize, signer: usize, update: &Update) {
    let at = game.model.configs[config].address;
    play.step(format!("update_config {config} by {signer}: {update:?}"));
    let option = |value: Option<&[u8]>| value.map_or(vec![0], |bytes| [&[1], bytes].concat());
    let number = |value: Option<u32>| option(value.map(u32::to_le_bytes).as_ref().map(|b| &b[..]));
    let bytes = data(
        1,
        &[
            &number(update.fee),
            &number(update.share),
            &option(update.pause.map(|bits| [bits]).as_ref().map(|b| &b[..])),
            &option(update.authority.as_ref().map(|a| a.as_ref())),
            &option(update.treasury.as_ref().map(|a| a.as_ref())),
            &number(update.dynamic_cap),
            &number(update.slope),
            &number(update.threshold),
            &number(update.launch_fee),
            &number(update.flash_fee),
            // the terms of dynamic, launch and flash fees
            &[0; 5],
        ],
    );
    let authority = game.actors[signer].pubkey();
    let metas = vec![AccountMeta::new_readonly(authority, true), AccountMeta::new(at, false)];
    let mut next = game.model.clone();
    let prediction = next.configs[config].update(&authority, update).map(|()| next);
    let refused = game.run(&instruction(metas, bytes), signer, prediction);
    play.agreed("update_config", refused);
}

/// The config's authority ramps an amplification, or stops a ramp.
pub(super) fn ramp_amplification(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let all = 0..game.model.configs.len();
    let stable: Vec<usize> = all.filter(|config| game.model.configs[*config].curve == 1).collect();
    let config = if stable.is_empty() || chance(&mut game.world.rng, 4) {
        0
    } else {
        *pick(&mut game.world.rng, &stable)
    };
    let state = game.model.configs[config].clone();
    let present = state.amplification_at(now.ts);
    let is_running = now.ts < state.ramp.end;
    let rng = &mut game.world.rng;
    let target = match rng.random_range(0..20) {
        0 => 0,
        1 => present.saturating_mul(10) + 1,
        2 => 1_000_001,
        3 => present.div_ceil(10).saturating_sub(1),
        4 => present,
        5..13 if is_running => *pick(rng, &[0, present]),
        _ => rng.random_range(present.div_ceil(10)..=(present * 10).min(1_000_000)),
    };
    let end = now.ts
        + match rng.random_range(0..20) {
            0 => 86_399,
            1 => 365 * 86_400 + 1,
            2 => -5,
            3 => 365 * 86_400,
            4..8 => 86_400,
            _ => rng.random_range(86_400..1_000_000),
        };
    let stranger = rng.random_range(0..game.actors.len());
    let is_stranger = chance(rng, 5);
    let authority = game
        .actors
        .iter()
        .position(|actor| actor.pubkey() == state.authority)
        .unwrap();
    let signer = if is_stranger { stranger } else { authority };
    play.step(format!(
        "ramp of config {config} {:?} from {present} to {target} until {end} by {signer}",
        state.ramp
    ));
    let key = game.actors[signer].pubkey();
    let metas = vec![
        AccountMeta::new_readonly(key, true),
        AccountMeta::new(state.address, false),
    ];
    let mut next = game.model.clone();
    let prediction = next.configs[config].ramp(&key, target, end, now.ts).map(|()| next);
    let refused = game.run(
        &instruction(metas, data(10, &[&target.to_le_bytes(), &end.to_le_bytes()])),
        signer,
        prediction,
    );
    play.agreed("ramp_amplification", refused);
}

pub(super) fn create_pool(game: &mut Game, play: &mut Play) {
    let actors = game.actors.len();
    let (actor, config) = (
        game.world.rng.random_range(0..actors),
        game.world.rng.random_range(0..game.model.configs.len()),
    );
    let deadline_ts = deadline(&mut game.world);
    let now = game.now();
    let rng = &mut game.world.rng;
    let mut mint_ids = [rng.random_range(0..5usize), rng.random_range(0..4usize)];
    if mint_ids[1] >= mint_ids[0] {
        mint_ids[1] += 1;
    }
    let in_order = !chance(rng, 6);
    mint_ids.sort_unstable_by_key(|mint| game.mints[*mint].address);
    if !in_order {
        mint_ids.reverse();
        if chance(rng, 50) {
            mint_ids[0] = mint_ids[1];
        }
    }
    // an earlier index now and then: the address is taken
    let index: u16 = if chance(rng, 4) {
        0
    } else {
        rng.random_range(1..=u16::MAX)
    };
    let is_bump_wrong = chance(rng, 3);
    let holdings = mint_ids.map(|mint| game.model.tokens.atoms(&game.wallets[actor][mint]));
    let kind = rng.random_range(0..10);
    let small_side = rng.random_range(0..2usize);
    let amounts = [0, 1].map(|side| match kind {
        _ if chance(rng, 5) => hostile(rng, holdings[side]),
        // both near the least a pool can begin with
        0..3 => rng.random_range(970..1_100).min(holdings[side]),
        // a few atoms of one token
        3..5 if side == small_side => rng.random_range(1..=30),
        3..5 => magnitude(rng, holdings[side] / 4).max(rng.random_range(40_000..2_000_000)),
        _ => magnitude(rng, holdings[side] / 4).max(rng.random_range(1_000..5_000)),
    });
    let mints = mint_ids.map(|mint| game.mints[mint].address);
    let owner = game.actors[actor].pubkey();
    let at_config = game.model.configs[config].address;
    let find = |seeds: &[&[u8]]| Address::find_program_address(seeds, &liquidity_pool::ID);
    let seeds: [&[u8]; 6] = [
        b"pool",
        at_config.as_ref(),
        mints[0].as_ref(),
        mints[1].as_ref(),
        owner.as_ref(),
        &index.to_le_bytes(),
    ];
    let pool = find(&seeds).0;
    let vaults = mints.map(|mint| find(&[b"vault", pool.as_ref(), mint.as_ref()]));
    let lp_mint = find(&[b"lp", pool.as_ref()]);
    let vault_a_bump = if is_bump_wrong { vaults[0].1 ^ 1 } else { vaults[0].1 };
    play.step(format!(
        "create_pool by {actor}, config {config}, mints {mint_ids:?}, index {index}, amounts {amounts:?}, deadline \
         {deadline_ts}, wrong bump {is_bump_wrong}"
    ));
    let read = |address: Address| AccountMeta::new_readonly(address, false);
    let write = |address: Address| AccountMeta::new(address, false);
    let shares_account = associated_account(&owner, &lp_mint.0);
    let metas = vec![
        AccountMeta::new(owner, true),
        read(at_config),
        read(mints[0]),
        read(mints[1]),
        write(pool),
        write(vaults[0].0),
        write(vaults[1].0),
        write(lp_mint.0),
        write(game.wallets[actor][mint_ids[0]]),
        write(game.wallets[actor][mint_ids[1]]),
        write(shares_account),
        read(game.mints[mint_ids[0]].program),
        read(game.mints[mint_ids[1]].program),
        read(ids::TOKEN),
        read(ASSOCIATED_TOKEN),
        read(ids::SYSTEM),
    ];
    let bytes = data(
        2,
        &[
            &index.to_le_bytes(),
            &amounts[0].to_le_bytes(),
            &amounts[1].to_le_bytes(),
            &deadline_ts.to_le_bytes(),
            &[vault_a_bump, vaults[1].1, lp_mint.1],
        ],
    );
    let predict = || -> Result<Model, Refusal> {
        if mints[0] == mints[1] {
            // vaults and wallets are one account each, named twice as writable
            return Err(code(2_040));
        }
        if game.model.pools.iter().any(|known| known.address == pool) {
            return Err(code(0));
        }
        expired(game, deadline_ts)?;
        paused(game, config, PAUSE[0])?;
        if mints[0] >= mints[1] {
            return Err(refusal(PoolError::WrongMintOrder));
        }
        let mut next = game.model.clone();
        let decimals = mint_ids.map(|mint| game.mints[mint].decimals);
        let terms = next.configs[config].clone();
        let (received, shares) = first_shares(&next.tokens, &terms, &mints, decimals, &now, amounts)?;
        if is_bump_wrong {
            // seeds that make no address, or another than the one to sign for
            let seeds: [&[u8]; 4] = [b"vault", pool.as_ref(), mints[0].as_ref(), &[vault_a_bump]];
            return Err(Refusal::Instruction(
                match Address::create_program_address(&seeds, &liquidity_pool::ID) {
                    Ok(_) => InstructionError::PrivilegeEscalation,
                    Err(_) => InstructionError::ProgramFailedToComplete,
                },
            ));
        }
        for side in [0, 1] {
            let vault = vaults[side].0;
            next.tokens.open(vault, mints[side], pool);
            let wallet = game.wallets[actor][mint_ids[side]];
            next.tokens
                .transfer(&wallet, &vault, &owner, amounts[side], now.epoch)?;
        }
        next.tokens.open(shares_account, lp_mint.0, owner);
        next.tokens.mint_to(&shares_account, shares)?;
        let mut new = Pool {
            address: pool,
            config,
            mint_ids,
            mints,
            decimals,
            vaults: vaults.map(|vault| vault.0),
            lp_mint: lp_mint.0,
            curve: terms.curve,
            created_ts: now.ts,
            launch_fee: terms.launch_fee,
            launch_seconds: terms.launch_seconds,
            reserves: received,
            owed: [0, 0],
            deferred: [0, 0],
            accrued: [0, 0],
            collected: [0, 0],
            recorded_supply: shares,
            locked: [0, 0],
            lock_count: 0,
            vesting: Vesting {
                slot: now.slot,
                ..Vesting::default()
            },
            volatility: Volatility::default(),
            oracle: Oracle::open(now.ts, 0),
            oracle_step: terms.oracle_step,
            solved: if terms.curve == 1 {
                terms.amplification_at(now.ts)
            } else {
                0
            },
            risk_checked_ts: now.ts,
            sequence: 1,
        };
        new.oracle = Oracle::open(now.ts, new.price(terms.amplification_at(now.ts)));
        next.pools.push(new);
        // the vault of a mint with a transfer fee has the extension's 13 bytes
        let vault_bytes = |mint: usize| if mint >= 3 { 178 } else { 165 };
        let sizes = [2_304, vault_bytes(mint_ids[0]), vault_bytes(mint_ids[1]), 82, 165];
        let rent: u64 = sizes.iter().map(|size| game.world.rent(*size)).sum();
        *next.lamports.get_mut(&owner).unwrap() -= rent;
        Ok(next)
    };
    let prediction = predict();
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        game.open_shares_accounts();
    }
    play.agreed("create_pool", refused);
}
