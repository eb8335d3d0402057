//! Random play of the liquidity pool.

use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{associated_account, config_address, usual_terms},
        model::{
            code,
            pool::{first_shares, refusal, Config, Pool, Update, PAUSE},
            tokens::Fee,
            Refusal,
        },
        play::{
            self, chance, hostile, magnitude, pick,
            pool::{deadline, Game, Model, Twist, TWISTS},
            Play, Tally,
        },
    },
    liquidity_pool::{constants::ASSOCIATED_TOKEN, errors::PoolError},
    rand::Rng,
    solana_address::Address,
    solana_instruction::{error::InstructionError, AccountMeta, Instruction},
    solana_signer::Signer,
    spl_token_2022_interface::{extension::transfer_fee, instruction as token},
};

/// Each seed is a world of its own; some are rich in transfer fees, some hardly have any.
const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 2_500;
/// Anchor's codes.
const CONSTRAINT_MUT: u32 = 2_000;
const CONSTRAINT_ADDRESS: u32 = 2_012;

#[test]
fn the_pool_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("liquidity-pool");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        initialize_config(&mut game, &mut play, true);
        initialize_config(&mut game, &mut play, true);
        while game.model.pools.len() < 3 {
            create_pool(&mut game, &mut play);
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            match game.world.rng.random_range(0..100) {
                0..2 => initialize_config(&mut game, &mut play, false),
                2..6 => update_config(&mut game, &mut play),
                6..10 => create_pool(&mut game, &mut play),
                10..28 => deposit(&mut game, &mut play),
                28..46 => withdraw(&mut game, &mut play),
                46..68 => swap(&mut game, &mut play, true),
                68..88 => swap(&mut game, &mut play, false),
                88..91 => donate(&mut game, &mut play),
                91..93 => burn(&mut game, &mut play),
                93..95 => freeze_and_thaw(&mut game, &mut play),
                95..96 => change_transfer_fee(&mut game, &mut play),
                _ => let_time_pass(&mut game, &mut play),
            }
            if play.steps_played() % 64 == 0 {
                game.compare(None);
            }
        }
        drain(&mut game, &mut play);
    }
    tally.finish();
}

fn data(discriminator: u8, arguments: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![discriminator];
    bytes.extend(arguments.concat());
    bytes
}

fn instruction(accounts: Vec<AccountMeta>, data: Vec<u8>) -> Instruction {
    Instruction {
        program_id: liquidity_pool::ID,
        accounts,
        data,
    }
}

fn some_twist(game: &mut Game) -> Twist {
    if chance(&mut game.world.rng, 88) {
        return Twist::None;
    }
    *pick(&mut game.world.rng, &TWISTS)
}

/// What Anchor refuses before the handler runs.
fn refused_early(twist: Twist, has_addresses: bool) -> Option<Refusal> {
    Some(match twist {
        Twist::Unsigned => Refusal::Instruction(InstructionError::MissingRequiredSignature),
        Twist::ReadOnlyPool => code(CONSTRAINT_MUT),
        // a config is smaller than a pool, and size is looked at before the discriminator
        Twist::ConfigAsPool => Refusal::Instruction(InstructionError::AccountDataTooSmall),
        Twist::OtherConfig => code(CONSTRAINT_ADDRESS),
        Twist::OtherLpMint | Twist::WrongProgram if has_addresses => code(CONSTRAINT_ADDRESS),
        Twist::ForeignVault if has_addresses => refusal(PoolError::VaultMismatch),
        Twist::WrongMint if has_addresses => refusal(PoolError::MintMismatch),
        _ => return None,
    })
}

fn expired(game: &Game, deadline_ts: i64) -> Result<(), Refusal> {
    if game.world.now() > deadline_ts {
        return Err(refusal(PoolError::DeadlineExpired));
    }
    Ok(())
}

fn paused(game: &Game, config: usize, bit: u8) -> Result<(), Refusal> {
    if game.model.configs[config].pause & bit != 0 {
        return Err(refusal(PoolError::Paused));
    }
    Ok(())
}

fn initialize_config(game: &mut Game, play: &mut Play, must_succeed: bool) {
    let payer = game.world.rng.random_range(0..game.actors.len());
    let authority = game.world.rng.random_range(0..game.actors.len());
    let rng = &mut game.world.rng;
    let spoil = if must_succeed { 9 } else { rng.random_range(0..12) };
    let is_rehearsal = chance(rng, 50);
    let max_fee = *pick(rng, &[0u32, 1, 3_000, 99_999, 100_000]);
    let max_share = *pick(rng, &[0u32, 1, 200_000, 250_000]);
    let treasury = Address::new_from_array(rng.random());
    let (fee, share) = (rng.random_range(0..=max_fee), rng.random_range(0..=max_share));
    let mut id = rng.random::<u64>();
    let mut terms = usual_terms(game.actors[authority].pubkey(), treasury);
    terms.rehearsal = is_rehearsal;
    (terms.base_fee_ppm, terms.max_base_fee_ppm) = (fee, max_fee);
    (terms.protocol_share_ppm, terms.max_protocol_share_ppm) = (share, max_share);
    let mut realm = game.realms[usize::from(is_rehearsal)];
    let mut expected = None;
    match spoil {
        0 => {
            terms.max_base_fee_ppm = 100_001;
            expected = Some(PoolError::CeilingTooHigh);
        }
        1 => {
            terms.base_fee_ppm = max_fee + 1;
            expected = Some(PoolError::FeeAboveCeiling);
        }
        2 => {
            terms.protocol_share_ppm = max_share + 1;
            expected = Some(PoolError::ProtocolShareAboveCeiling);
        }
        3 => {
            terms.treasury = Address::default();
            expected = Some(PoolError::ZeroAddress);
        }
        4 => {
            realm = game.realms[usize::from(!is_rehearsal)];
            expected = Some(PoolError::RehearsalMismatch);
        }
        5 => {
            realm = game.mints[0].address;
            expected = Some(PoolError::NotARealm);
        }
        6 => {
            terms.vesting_slots = 1;
            expected = Some(PoolError::VestingNotSupported);
        }
        _ => {}
    }
    let mut prediction = expected.map_or(Ok(()), |error| Err(refusal(error)));
    if spoil == 7 && !game.model.configs.is_empty() {
        // the id is taken: the system program refuses a second account at the address
        let taken: liquidity_pool::state::PoolConfig = game.world.state(&game.model.configs[0].address);
        id = taken.id.get();
        prediction = Err(code(0));
    }
    play.step(format!(
        "initialize_config id {id} by {payer}, spoiled {spoil}, {terms:?}"
    ));
    let at = config_address(id).0;
    let ix = commonweal_tests::fixtures::pool::initialize_config(&game.actors[payer].pubkey(), &realm, id, terms);
    let prediction = prediction.map(|()| {
        let mut next = game.model.clone();
        next.configs.push(Config {
            address: at,
            authority: terms.authority,
            treasury: terms.treasury,
            fee: terms.base_fee_ppm,
            max_fee: terms.max_base_fee_ppm,
            share: terms.protocol_share_ppm,
            max_share: terms.max_protocol_share_ppm,
            pause: 0,
            sequence: 0,
        });
        *next.lamports.get_mut(&game.actors[payer].pubkey()).unwrap() -= game.world.rent(280);
        next
    });
    let refused = game.run(&ix, payer, prediction);
    play.agreed("initialize_config", refused);
}

fn update_config(game: &mut Game, play: &mut Play) {
    let config = game.world.rng.random_range(0..game.model.configs.len());
    let state = game.model.configs[config].clone();
    let stranger = game.world.rng.random_range(0..game.actors.len());
    let heir = game.world.rng.random_range(0..game.actors.len());
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
            0 => 8,
            1 => 255,
            2..6 => *pick(rng, &PAUSE),
            _ => 0,
        });
    }
    if chance(rng, 10) {
        update.authority = Some(game.actors[heir].pubkey());
    }
    if chance(rng, 10) {
        update.treasury = Some(if chance(rng, 20) {
            Address::default()
        } else {
            Address::new_from_array(rng.random())
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

fn update_config_to(game: &mut Game, play: &mut Play, config: usize, signer: usize, update: &Update) {
    let at = game.model.configs[config].address;
    play.step(format!("update_config {config} by {signer}: {update:?}"));
    let option = |value: Option<&[u8]>| value.map_or(vec![0], |bytes| [&[1], bytes].concat());
    let bytes = data(
        1,
        &[
            &option(update.fee.map(u32::to_le_bytes).as_ref().map(|b| &b[..])),
            &option(update.share.map(u32::to_le_bytes).as_ref().map(|b| &b[..])),
            &option(update.pause.map(|bits| [bits]).as_ref().map(|b| &b[..])),
            &option(update.authority.as_ref().map(|a| a.as_ref())),
            &option(update.treasury.as_ref().map(|a| a.as_ref())),
        ],
    );
    let authority = game.actors[signer].pubkey();
    let metas = vec![
        AccountMeta::new_readonly(authority, true),
        AccountMeta::new(at, false),
    ];
    let mut next = game.model.clone();
    let prediction = next.configs[config].update(&authority, update).map(|()| next);
    let refused = game.run(&instruction(metas, bytes), signer, prediction);
    play.agreed("update_config", refused);
}

fn create_pool(game: &mut Game, play: &mut Play) {
    let actors = game.actors.len();
    let (actor, config) = (
        game.world.rng.random_range(0..actors),
        game.world.rng.random_range(0..game.model.configs.len()),
    );
    let deadline_ts = deadline(&mut game.world);
    let epoch = game.epoch();
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
        let (received, shares) = first_shares(&next.tokens, &mints, epoch, amounts)?;
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
            next.tokens.transfer(&wallet, &vault, &owner, amounts[side], epoch)?;
        }
        next.tokens.open(shares_account, lp_mint.0, owner);
        next.tokens.mint_to(&shares_account, shares)?;
        next.pools.push(Pool {
            address: pool,
            config,
            mint_ids,
            mints,
            vaults: vaults.map(|vault| vault.0),
            lp_mint: lp_mint.0,
            reserves: received,
            owed: [0, 0],
            recorded_supply: shares,
            sequence: 1,
        });
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

/// One of the pools, the younger ones more often; an actor; how the instruction is spoiled.
fn some_scene(game: &mut Game) -> (usize, usize, Twist) {
    let pools = game.model.pools.len();
    let rng = &mut game.world.rng;
    let first = if chance(rng, 75) { pools.saturating_sub(5) } else { 0 };
    let pool = rng.random_range(first..pools);
    let actor = rng.random_range(0..game.actors.len());
    let twist = some_twist(game);
    (pool, actor, twist)
}

/// Whether the instruction fails before its arithmetic; shared by deposit and withdrawal.
fn refused_shares(game: &Game, pool: usize, twist: Twist, deadline_ts: i64, legs: Option<u8>) -> Result<(), Refusal> {
    let early = refused_early(twist, true);
    // withdraw reads no config
    if let Some(refusal) = early.filter(|_| legs.is_none() || twist != Twist::OtherConfig) {
        return Err(refusal);
    }
    expired(game, deadline_ts)?;
    if legs.is_some_and(|legs| legs != 3) {
        return Err(refusal(PoolError::LegsNotSupported));
    }
    if twist == Twist::NoTrailing && game.needs_trailing(pool) {
        return Err(refusal(PoolError::TokenProgramMissing));
    }
    if legs.is_none() {
        paused(game, game.model.pools[pool].config, PAUSE[1])?;
    }
    Ok(())
}

/// The accounts of A, B and shares in metas of `deposit` (offset 6) or `withdraw` (offset 5).
fn user_accounts(metas: &[AccountMeta], offset: usize) -> [Address; 3] {
    [0, 1, 2].map(|i| metas[offset + i].pubkey)
}

fn deposit(game: &mut Game, play: &mut Play) {
    let (pool, actor, twist) = some_scene(game);
    let deadline_ts = deadline(&mut game.world);
    let epoch = game.epoch();
    let state = game.model.pools[pool].clone();
    let supply = game.model.tokens.supply[&state.lp_mint];
    // shares that what the actor holds could pay for, roughly
    let affordable = [0, 1].map(|side| {
        let held = game.model.tokens.atoms(&game.wallets[actor][state.mint_ids[side]]);
        u128::from(held) * Pool::effective_shares(supply) / u128::from(state.reserves[side])
    });
    let affordable = u64::try_from(affordable[0].min(affordable[1]) / 2).unwrap_or(u64::MAX / 2);
    let rng = &mut game.world.rng;
    let shares = if chance(rng, 8) {
        hostile(rng, affordable)
    } else {
        magnitude(rng, affordable.max(1))
    };
    let legs = state.deposit(&game.model.tokens, epoch, shares);
    let exact = legs.as_ref().map_or([u64::MAX; 2], |legs| legs.sent);
    let most = match rng.random_range(0..10) {
        0..6 => [u64::MAX; 2],
        6..9 => exact,
        _ => [exact[0], exact[1].saturating_sub(1)],
    };
    play.step(format!(
        "deposit by {actor} into pool {pool} {:?}: {shares} shares of {supply}, at most {most:?}, deadline {deadline_ts}, \
         {twist:?}",
        state.reserves
    ));
    let metas = game.share_metas(pool, actor, true, twist);
    let accounts = user_accounts(&metas, 6);
    let predict = || -> Result<Model, Refusal> {
        refused_shares(game, pool, twist, deadline_ts, None)?;
        let legs = legs?;
        if legs.sent[0] > most[0] || legs.sent[1] > most[1] {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        let mut next = game.model.clone();
        next.deposit(
            pool,
            &legs,
            shares,
            accounts.each_ref(),
            &game.actors[actor].pubkey(),
            epoch,
        )?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        3,
        &[
            &shares.to_le_bytes(),
            &most[0].to_le_bytes(),
            &most[1].to_le_bytes(),
            &deadline_ts.to_le_bytes(),
        ],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        game.assert_p3(pool, state.reserves, supply);
        // P4: what would be paid for the new shares at once is at most what they cost
        let now = &game.model.pools[pool];
        let back = now.withdraw(&game.model.tokens, epoch, shares).unwrap_or_default();
        assert!(
            (0..2).all(|i| back.sent[i] <= now.reserves[i] - state.reserves[i]),
            "P4"
        );
    }
    play.agreed("deposit", refused);
}

fn withdraw(game: &mut Game, play: &mut Play) {
    let (pool, mut actor, twist) = some_scene(game);
    // usually somebody who has shares
    if let Some(holder) = (0..game.actors.len())
        .map(|offset| (actor + offset) % game.actors.len())
        .find(|holder| game.model.tokens.atoms(&game.shares_account(*holder, pool)) > 0)
    {
        actor = holder;
    }
    let deadline_ts = deadline(&mut game.world);
    let held = game.model.tokens.atoms(&game.shares_account(actor, pool));
    let rng = &mut game.world.rng;
    let shares = if chance(rng, 8) {
        hostile(rng, held)
    } else {
        magnitude(rng, held).max(held.min(1))
    };
    let legs_mask = if chance(rng, 3) { rng.random_range(0..5u8) } else { 3 };
    let legs = game.model.pools[pool].withdraw(&game.model.tokens, game.epoch(), shares);
    let exact = legs.map_or([0; 2], |legs| legs.received);
    let wanted = match game.world.rng.random_range(0..10) {
        0..6 => [0; 2],
        6..9 => exact,
        _ => [exact[0], exact[1].saturating_add(1)],
    };
    withdraw_shares(game, play, (pool, actor, twist), shares, wanted, (deadline_ts, legs_mask));
}

fn withdraw_shares(
    game: &mut Game,
    play: &mut Play,
    (pool, actor, twist): (usize, usize, Twist),
    shares: u64,
    wanted: [u64; 2],
    (deadline_ts, legs_mask): (i64, u8),
) {
    let epoch = game.epoch();
    let state = game.model.pools[pool].clone();
    let supply = game.model.tokens.supply[&state.lp_mint];
    let legs = state.withdraw(&game.model.tokens, epoch, shares);
    play.step(format!(
        "withdraw by {actor} from pool {pool} {:?}: {shares} shares of {supply}, at least {wanted:?}, deadline \
         {deadline_ts}, legs {legs_mask}, {twist:?}",
        state.reserves
    ));
    let metas = game.share_metas(pool, actor, false, twist);
    let accounts = user_accounts(&metas, 5);
    let predict = || -> Result<Model, Refusal> {
        refused_shares(game, pool, twist, deadline_ts, Some(legs_mask))?;
        let legs = legs?;
        let mut next = game.model.clone();
        let owner = game.actors[actor].pubkey();
        next.withdraw(pool, &legs, shares, accounts.each_ref(), &owner, epoch)?;
        // what arrived is measured, so this is the last thing that can fail
        if legs.received[0] < wanted[0] || legs.received[1] < wanted[1] {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        4,
        &[
            &shares.to_le_bytes(),
            &wanted[0].to_le_bytes(),
            &wanted[1].to_le_bytes(),
            &deadline_ts.to_le_bytes(),
            &[legs_mask],
        ],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        game.assert_p3(pool, state.reserves, supply);
    }
    play.agreed("withdraw", refused);
}

/// P8: everything is paused, and everybody leaves with everything. What stays is the dust of shares that belong to nobody.
fn drain(game: &mut Game, play: &mut Play) {
    for config in 0..game.model.configs.len() {
        let all = Update {
            pause: Some(7),
            ..Update::default()
        };
        let authority = game.model.configs[config].authority;
        let signer = game.actors.iter().position(|actor| actor.pubkey() == authority).unwrap();
        update_config_to(game, play, config, signer, &all);
    }
    for pool in 0..game.model.pools.len() {
        for actor in 0..game.actors.len() {
            let shares = game.model.tokens.atoms(&game.shares_account(actor, pool));
            if shares > 0 {
                withdraw_shares(game, play, (pool, actor, Twist::None), shares, [0; 2], (i64::MAX, 3));
            }
            let left = game.model.tokens.atoms(&game.shares_account(actor, pool));
            let worth = game.model.pools[pool].withdraw(&game.model.tokens, game.epoch(), left);
            assert!(left == 0 || worth.is_err(), "shares of worth are held back");
        }
    }
    game.compare(None);
}

fn refused_swap(game: &Game, pool: usize, twist: Twist, deadline_ts: i64) -> Result<(), Refusal> {
    if let Some(refusal) = refused_early(twist, false) {
        return Err(refusal);
    }
    expired(game, deadline_ts)?;
    paused(game, game.model.pools[pool].config, PAUSE[2])?;
    match twist {
        Twist::WrongMint => Err(refusal(PoolError::MintMismatch)),
        Twist::ForeignVault => Err(refusal(PoolError::VaultMismatch)),
        Twist::WrongProgram => Err(refusal(PoolError::TokenProgramMismatch)),
        Twist::NoTrailing if game.is_mixed(pool) => Err(refusal(PoolError::TokenProgramMissing)),
        _ => Ok(()),
    }
}

fn swap(game: &mut Game, play: &mut Play, is_exact_in: bool) {
    let (pool, actor, twist) = some_scene(game);
    let deadline_ts = deadline(&mut game.world);
    let epoch = game.epoch();
    let input = usize::from(chance(&mut game.world.rng, 50));
    let state = game.model.pools[pool].clone();
    let config = game.model.configs[state.config].clone();
    let supply = game.model.tokens.supply[&state.lp_mint];
    let (x, y) = (state.reserves[input], state.reserves[1 - input]);
    let held = game.model.tokens.atoms(&game.wallets[actor][state.mint_ids[input]]);
    let rng = &mut game.world.rng;
    let bound = if is_exact_in {
        held.min(x.saturating_mul(3))
    } else {
        // what the purse can buy at most, without fees
        let out = u128::from(y) * u128::from(held) / (u128::from(x) + u128::from(held)).max(1);
        (out as u64).min(y - 1)
    };
    let amount = match rng.random_range(0..100) {
        0..4 => hostile(rng, if is_exact_in { held } else { y }),
        4..8 => hostile(rng, bound),
        8..40 => (bound / 4).max(1),
        _ => magnitude(rng, bound).max(1),
    };
    let trade = if is_exact_in {
        state.exact_in(&game.model.tokens, epoch, &config, input, amount)
    } else {
        state.exact_out(&game.model.tokens, epoch, &config, input, amount)
    };
    let limit = match (rng.random_range(0..10), is_exact_in, &trade) {
        (0..6, true, _) => 0,
        (0..6, false, _) => u64::MAX,
        (6..9, true, Ok(trade)) => trade.delivered,
        (6..9, false, Ok(trade)) => trade.sent,
        (_, true, Ok(trade)) => trade.delivered.saturating_add(1),
        (_, false, Ok(trade)) => trade.sent - 1,
        (_, _, Err(_)) => 1,
    };
    let name = if is_exact_in { "swap_exact_in" } else { "swap_exact_out" };
    play.step(format!(
        "{name} by {actor} in pool {pool} {:?} side {input}: {amount}, limit {limit}, fee {} share {}, deadline \
         {deadline_ts}, {twist:?}",
        state.reserves, config.fee, config.share
    ));
    let metas = game.swap_metas(pool, actor, input, twist);
    let accounts = [metas[5].pubkey, metas[6].pubkey];
    let predict = || -> Result<Model, Refusal> {
        refused_swap(game, pool, twist, deadline_ts)?;
        let trade = trade.clone()?;
        let is_beyond = if is_exact_in {
            trade.delivered < limit
        } else {
            trade.sent > limit
        };
        if is_beyond {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        let mut next = game.model.clone();
        next.trade(
            pool,
            input,
            &trade,
            accounts.each_ref(),
            &game.actors[actor].pubkey(),
            epoch,
        )?;
        Ok(next)
    };
    let prediction = predict();
    let bytes = data(
        if is_exact_in { 5 } else { 6 },
        &[&amount.to_le_bytes(), &limit.to_le_bytes(), &deadline_ts.to_le_bytes()],
    );
    let refused = game.run(&instruction(metas, bytes), actor, prediction);
    if refused.is_none() {
        let trade = trade.unwrap();
        game.assert_p3(pool, state.reserves, supply);
        // P2 on the stored reserves, the providers' fee taken out; and one atom more out would have broken it
        let net = u128::from(trade.received - trade.lp_fee - trade.protocol);
        let out = u128::from(y - game.model.pools[pool].reserves[1 - input]);
        assert!(state.keeps_product(input, net, out), "P2");
        if is_exact_in {
            assert!(
                !state.keeps_product(input, net, out + 1),
                "P2: a larger output was possible"
            );
        }
        // P7: what is owed to the treasury never leaves here
        assert!((0..2).all(|i| game.model.pools[pool].owed[i] >= state.owed[i]), "P7");
    }
    play.agreed(name, refused);
}

/// Tokens sent to a vault past the program: they are nobody's reserve.
fn donate(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let side = usize::from(chance(&mut game.world.rng, 50));
    let state = game.model.pools[pool].clone();
    let mint = game.mints[state.mint_ids[side]].clone();
    let from = game.wallets[actor][state.mint_ids[side]];
    let held = game.model.tokens.atoms(&from);
    let amount = magnitude(&mut game.world.rng, held / 8);
    play.step(format!("donation of {amount} to side {side} of pool {pool} by {actor}"));
    let ix = token::transfer_checked(
        &mint.program,
        &from,
        &mint.address,
        &state.vaults[side],
        &game.actors[actor].pubkey(),
        &[],
        amount,
        mint.decimals,
    )
    .unwrap();
    let mut next = game.model.clone();
    let owner = game.actors[actor].pubkey();
    let moved = next
        .tokens
        .transfer(&from, &state.vaults[side], &owner, amount, game.epoch());
    let refused = game.run(&ix, actor, moved.map(|()| next));
    play.agreed("donate", refused);
}

/// Shares burned past the program: they belong to those who stay.
fn burn(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let account = game.shares_account(actor, pool);
    let held = game.model.tokens.atoms(&account);
    let amount = magnitude(&mut game.world.rng, held / 2);
    play.step(format!("{amount} shares of pool {pool} burned by {actor}"));
    let lp_mint = game.model.pools[pool].lp_mint;
    let owner = game.actors[actor].pubkey();
    let ix = token::burn_checked(&ids::TOKEN, &account, &lp_mint, &owner, &[], amount, 9).unwrap();
    let mut next = game.model.clone();
    let burned = next.tokens.burn(&account, &owner, amount);
    let refused = game.run(&ix, actor, burned.map(|()| next));
    play.agreed("burn", refused);
}

/// An issuer freezes a vault or a wallet for one instruction: it is refused, nothing moves, and then goes on.
fn freeze_and_thaw(game: &mut Game, play: &mut Play) {
    let (pool, actor, _) = some_scene(game);
    let side = usize::from(chance(&mut game.world.rng, 50));
    let state = game.model.pools[pool].clone();
    let account = if chance(&mut game.world.rng, 50) {
        state.vaults[side]
    } else {
        game.wallets[actor][state.mint_ids[side]]
    };
    let mint = game.mints[state.mint_ids[side]].clone();
    play.step(format!("{account} frozen, side {side} of pool {pool}"));
    game.world.freeze(&mint, &account);
    game.model.tokens.holdings.get_mut(&account).unwrap().is_frozen = true;
    play.agreed("freeze", None);
    match game.world.rng.random_range(0..3) {
        0 => swap(game, play, true),
        1 => withdraw(game, play),
        _ => deposit(game, play),
    }
    game.world.thaw(&mint, &account);
    game.model.tokens.holdings.get_mut(&account).unwrap().is_frozen = false;
}

/// The issuer of a mint sets another transfer fee, which holds from the epoch after the next.
fn change_transfer_fee(game: &mut Game, play: &mut Play) {
    let mint = game.mints[*pick(&mut game.world.rng, &[3, 4])].clone();
    let rng = &mut game.world.rng;
    let basis_points = *pick(rng, &[0u16, 1, 30, 500, 9_999, 10_000]);
    let maximum = *pick(rng, &[0u64, 1, 1_000, 1 << 50, u64::MAX]);
    play.step(format!(
        "transfer fee of {} becomes {basis_points} bps, at most {maximum}",
        mint.address
    ));
    let authority = game.world.mint_authority(&mint);
    let ix = transfer_fee::instruction::set_transfer_fee(
        &mint.program,
        &mint.address,
        &authority.pubkey(),
        &[],
        basis_points,
        maximum,
    )
    .unwrap();
    game.world.succeeds(ix, &[&authority]);
    let epoch = game.epoch();
    let fees = game.model.tokens.fees.get_mut(&mint.address).unwrap();
    fees.set(Fee { basis_points, maximum }, epoch);
    play.agreed("set_transfer_fee", None);
}

/// Seconds without slots, slots without seconds, moments, years, epochs.
fn let_time_pass(game: &mut Game, play: &mut Play) {
    let rng = &mut game.world.rng;
    let (seconds, slots) = match rng.random_range(0..6) {
        0 => (0, 1),
        1 => (rng.random_range(1..100_000_000), 1),
        2 => (0, rng.random_range(1..1_000)),
        3 => (-rng.random_range(1..10i64), 1),
        _ => (rng.random_range(1..3), 3),
    };
    let epochs = u64::from(chance(rng, 30));
    play.step(format!("{seconds} s, {slots} slots, {epochs} epochs pass"));
    game.world.warp(seconds, slots);
    let mut clock = game.world.clock();
    clock.epoch += epochs;
    game.world.svm.set_sysvar(&clock);
    play.agreed("warp", None);
}
