//! Random play of the liquidity pool.

mod collections;
mod configs;
mod drain;
mod extras;
mod farms;
mod loans;
mod locks;
mod seats;
mod shares;
mod trades;

use {collections::*, configs::*, drain::*, extras::*, farms::*, loans::*, locks::*, seats::*, shares::*, trades::*};
use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{associated_account, config_address, usual_terms},
        model::{
            code,
            pool::{first_shares, refusal, Config, Oracle, Pool, Ramp, Trade, Update, Vesting, Volatility, PAUSE},
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
const SEEDS: std::ops::Range<u64> = 0..36;
const STEPS: u64 = 3_000;
/// Anchor's codes.
const CONSTRAINT_MUT: u32 = 2_000;
const CONSTRAINT_ADDRESS: u32 = 2_012;
/// The runtime's list of a transaction's instructions.
const INSTRUCTIONS: Address = Address::from_str_const("Sysvar1nstructions1111111111111111111111111");

#[test]
fn the_pool_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("liquidity-pool");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        initialize_config(&mut game, &mut play, Some(0));
        initialize_config(&mut game, &mut play, Some(1));
        while game.model.pools.len() < 3 {
            create_pool(&mut game, &mut play);
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            match game.world.rng.random_range(0..201) {
                0..2 => initialize_config(&mut game, &mut play, None),
                2..7 => update_config(&mut game, &mut play),
                7..10 => ramp_amplification(&mut game, &mut play),
                10..14 => create_pool(&mut game, &mut play),
                14..32 => deposit(&mut game, &mut play),
                32..52 => withdraw(&mut game, &mut play),
                52..78 => swap(&mut game, &mut play, true),
                78..95 => swap(&mut game, &mut play, false),
                95..101 => deposit_one_side(&mut game, &mut play),
                101..107 => quote(&mut game, &mut play),
                107..113 => collect(&mut game, &mut play),
                113..117 => donate(&mut game, &mut play),
                117..121 => skim(&mut game, &mut play),
                121..124 => burn(&mut game, &mut play),
                124..128 => freeze_and_thaw(&mut game, &mut play),
                128..130 => change_transfer_fee(&mut game, &mut play),
                130..132 => sync_mint_risk(&mut game, &mut play),
                132..138 => flash(&mut game, &mut play),
                138..143 => lock_liquidity(&mut game, &mut play),
                143..147 => unlock_liquidity(&mut game, &mut play),
                147..150 => claim_lock_fees(&mut game, &mut play),
                150..152 => transfer_lock(&mut game, &mut play),
                152..156 => claim_deferred(&mut game, &mut play),
                156..159 => change_person(&mut game, &mut play),
                159..161 => create_farm(&mut game, &mut play),
                161..165 => fund_farm(&mut game, &mut play),
                165..170 => stake(&mut game, &mut play),
                170..173 => unstake(&mut game, &mut play),
                173..178 => harvest(&mut game, &mut play),
                178..183 => take_seat(&mut game, &mut play),
                183..185 => end_seat(&mut game, &mut play, true),
                185..186 => end_seat(&mut game, &mut play, false),
                186..188 => reclaim_rewards(&mut game, &mut play),
                188..191 => read_mean(&mut game, &mut play),
                _ => let_time_pass(&mut game, &mut play),
            }
            if play.steps_played().is_multiple_of(64) {
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

/// The address is not the one that the seeds make.
fn invalid_seeds() -> Refusal {
    Refusal::Instruction(InstructionError::InvalidSeeds)
}

/// One way to spoil an instruction, and how it is refused then.
enum Spoil {
    /// The account at this place does not sign.
    Unsigned(usize),
    /// The account at this place is read-only.
    ReadOnly(usize),
    /// Another account stands there.
    Other(usize, Address, Refusal),
}

/// Now and then spoils an instruction in one of these ways; the refusal to expect then.
fn spoil(game: &mut Game, metas: &mut [AccountMeta], ways: Vec<Spoil>) -> Option<Refusal> {
    if !chance(&mut game.world.rng, 10) {
        return None;
    }
    Some(match pick(&mut game.world.rng, &ways) {
        Spoil::Unsigned(place) => {
            metas[*place].is_signer = false;
            Refusal::Instruction(InstructionError::MissingRequiredSignature)
        }
        Spoil::ReadOnly(place) => {
            metas[*place].is_writable = false;
            code(CONSTRAINT_MUT)
        }
        Spoil::Other(place, address, refusal) => {
            metas[*place].pubkey = *address;
            refusal.clone()
        }
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

/// Usually somebody who has shares of the pool.
fn some_holder(game: &Game, pool: usize, actor: usize) -> usize {
    let mut others = (0..game.actors.len()).map(|offset| (actor + offset) % game.actors.len());
    let holder = others.find(|holder| game.model.tokens.atoms(&game.shares_account(*holder, pool)) > 0);
    holder.unwrap_or(actor)
}

/// The pool as it is now.
fn pool_of<'g>(game: &'g Game, before: &Pool) -> &'g Pool {
    let mut pools = game.model.pools.iter();
    pools.find(|pool| pool.address == before.address).unwrap()
}

/// P3 since a state of a pool: with what vests and is burnt at both moments as of now.
fn assert_p3(game: &Game, before: &Pool) {
    let now = game.now();
    let config = &game.model.configs[before.config];
    let (mut before, mut after) = (before.clone(), pool_of(game, before).clone());
    before.vesting.decay(now.slot);
    after.vesting.decay(now.slot);
    let supplies = (before.recorded_supply, after.recorded_supply);
    before.assert_p3(supplies.0, &after, supplies.1, config.amplification_at(now.ts));
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
    let (seconds, slots) = match rng.random_range(0..10) {
        0 => (0, 1),
        1 => (magnitude(rng, 40_000_000) as i64, 1),
        2 => (0, magnitude(rng, 10_000)),
        3 => (-rng.random_range(1..10i64), 1),
        4..7 => (rng.random_range(1..4_000), rng.random_range(1..9_000)),
        _ => (rng.random_range(1..90), rng.random_range(1..200)),
    };
    let epochs = u64::from(chance(rng, 30));
    play.step(format!("{seconds} s, {slots} slots, {epochs} epochs pass"));
    game.world.warp(seconds, slots);
    let mut clock = game.world.clock();
    clock.epoch += epochs;
    game.world.svm.set_sysvar(&clock);
    play.agreed("warp", None);
}
