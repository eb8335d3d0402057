//! Random play of the compute escrow.

use {
    commonweal_tests::{
        fixtures::escrow::{ix, sha, state_code::*, ConfigParams, EscrowError, JobTerms, SlotOffer},
        model::{
            code,
            escrow::{refusal, Book, Config, Job, Now, Payout, Provider, Slot, Spoil, CONSTRAINT_ADDRESS},
            Refusal,
        },
        play::{
            self, chance,
            escrow::{Game, CLIENTS, HELD_MINTS, PROVIDERS},
            hostile, magnitude, pick, Play, Tally,
        },
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::{error::InstructionError, Instruction},
};

const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 2_000;
const SPOILS: [Spoil; 4] = [Spoil::Unsigned, Spoil::Vault, Spoil::Mint, Spoil::Program];
/// The salt every worker uses.
const SALT: [u8; 32] = [0x5A; 32];

#[test]
fn the_escrow_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("compute-escrow");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        // two rehearsals (their lives are short) and a real one
        for number in 0..3u16 {
            initialize_config(&mut game, &mut play, Some((number, number < 2)));
        }
        for name in PROVIDERS {
            register_provider(&mut game, &mut play, Some(name));
        }
        for _ in 0..6 {
            add_slot(&mut game, &mut play);
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            one_step(&mut game, &mut play);
            if play.steps_played() % 64 == 0 {
                game.compare(None);
                game.assert_atoms();
            }
        }
        drain(&mut game, &mut play);
    }
    tally.finish();
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..200) {
        0..2 => initialize_config(game, play, None),
        2..6 => update_config(game, play),
        6..10 => allow_mint(game, play),
        10..14 => disallow_mint(game, play),
        14..16 => register_provider(game, play, None),
        16..19 => rotate_session_key(game, play),
        19..21 => add_slot(game, play),
        21..25 => update_slot(game, play),
        25..33 => deposit_bond(game, play),
        33..39 => withdraw_bond(game, play),
        39..43 => open_payout(game, play),
        43..46 => close_payout(game, play),
        46..66 => post_job(game, play),
        66..86 => claim_job(game, play),
        86..90 => work(game, play, "decline_job", CLAIMED),
        90..106 => work(game, play, "start_job", CLAIMED),
        106..119 => work(game, play, "commit_result", RUNNING),
        119..131 => work(game, play, "reveal_result", COMMITTED),
        131..141 => settle(game, play),
        141..146 => withdraw_payout(game, play),
        146..150 => sweep_fees(game, play),
        150..153 => refund_by_client(game, play, OPEN),
        153..157 => refund_by_client(game, play, REFUNDABLE),
        157..164 => close_job(game, play),
        164..174 => crank(game, play),
        174..178 => donate(game, play),
        178..183 => freeze_or_thaw(game, play),
        _ => let_time_pass(game, play),
    }
}

// ---- choosing ----

fn some<T: Clone>(game: &mut Game, items: &[T]) -> Option<T> {
    (!items.is_empty()).then(|| pick(&mut game.world.rng, items).clone())
}

fn some_actor(game: &mut Game) -> Address {
    let all: Vec<Address> = game.keys.keys().copied().collect();
    *pick(&mut game.world.rng, &all)
}

fn some_config(game: &mut Game) -> Config {
    let all: Vec<Config> = game.book.configs.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_slot(game: &mut Game) -> Slot {
    let all: Vec<Slot> = game.book.slots.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_provider(game: &mut Game) -> Provider {
    let all: Vec<Provider> = game.book.providers.values().cloned().collect();
    pick(&mut game.world.rng, &all).clone()
}

fn some_job(game: &mut Game, wanted: impl Fn(&Job) -> bool) -> Option<Job> {
    let all: Vec<Job> = game.book.jobs.values().filter(|job| wanted(job)).cloned().collect();
    some(game, &all)
}

fn some_spoil(game: &mut Game) -> Spoil {
    if chance(&mut game.world.rng, 93) {
        return Spoil::None;
    }
    *pick(&mut game.world.rng, &SPOILS)
}

fn is_wild(game: &mut Game) -> bool {
    chance(&mut game.world.rng, 18)
}

/// Runs an instruction against what becomes of a copy of the book.
fn attempt(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    early: Option<Refusal>,
    change: impl FnOnce(&mut Book) -> Result<(), Refusal>,
) -> bool {
    let mut next = game.book.clone();
    let prediction = match early {
        Some(refusal) => Err(refusal),
        None => change(&mut next).map(|()| next),
    };
    let refused = game.run(instruction, prediction);
    let is_accepted = refused.is_none();
    play.agreed(action, refused);
    is_accepted
}

fn create(book: &mut Book, payer: &Address, account: &Address, rent: u64) -> Result<(), Refusal> {
    let there = book.lamports.get(account).copied().unwrap_or(0);
    let missing = rent.saturating_sub(there);
    *book.lamports.get_mut(payer).unwrap() -= missing;
    *book.lamports.entry(*account).or_default() += missing;
    Ok(())
}

// ---- configs ----

fn params(game: &mut Game) -> (ConfigParams, Option<EscrowError>) {
    let treasury = some_actor(game);
    let rng = &mut game.world.rng;
    let mut params = ConfigParams {
        fee_ppm: *pick(rng, &[0u32, 1, 333, 20_000, 49_999, 50_000]),
        crank_bounty_lamports: *pick(rng, &[10_000u64, 10_001, 77_777, 10_000_000]),
        min_bond_lamports: *pick(rng, &[0u64, 1, 1_000_000, 50_000_000]),
        treasury,
    };
    let expected = match rng.random_range(0..24) {
        0 => {
            params.fee_ppm = 50_001;
            Some(EscrowError::FeeAboveCeiling)
        }
        1 => {
            params.crank_bounty_lamports = *pick(rng, &[0, 9_999, 10_000_001, u64::MAX]);
            Some(EscrowError::BountyOutOfBounds)
        }
        2 => {
            params.min_bond_lamports = 10_000_000_001;
            Some(EscrowError::MinBondAboveCeiling)
        }
        3 => {
            params.treasury = Address::default();
            Some(EscrowError::ZeroAddress)
        }
        _ => None,
    };
    (params, expected)
}

fn initialize_config(game: &mut Game, play: &mut Play, fixed: Option<(u16, bool)>) {
    let (payer, admin) = (game.key("payer"), game.key("admin"));
    let (mut params, mut expected) = params(game);
    let rng = &mut game.world.rng;
    let ids = if chance(rng, 30) { 4 } else { u16::MAX };
    let id = rng.random_range(0..ids);
    let is_rehearsal = chance(rng, 50);
    let mut mint = game.mints[rng.random_range(0..HELD_MINTS)].address;
    let mut realm = game.realms[usize::from(is_rehearsal)];
    let mut authority = admin;
    let (mut id, mut is_rehearsal) = (id, is_rehearsal);
    let spoil = rng.random_range(0..12);
    if let Some((number, rehearsal)) = fixed {
        (id, is_rehearsal, expected) = (number, rehearsal, None);
        realm = game.realms[usize::from(rehearsal)];
        params = ConfigParams {
            fee_ppm: 20_000,
            crank_bounty_lamports: 10_000,
            min_bond_lamports: 1_000_000,
            treasury: game.key("treasurer"),
        };
    } else {
        match spoil {
            0 => {
                authority = Address::default();
                expected = Some(EscrowError::ZeroAddress);
            }
            1 => {
                mint = game.refused_mint.address;
                expected = expected.or(Some(EscrowError::MintRefused));
            }
            2 => {
                realm = game.realms[usize::from(!is_rehearsal)];
                expected = Some(EscrowError::RehearsalMismatch);
            }
            3 => {
                realm = mint;
                expected = Some(EscrowError::NotARealm);
            }
            _ => {}
        }
    }
    play.step(format!(
        "initialize_config {id}, rehearsal {is_rehearsal}, spoiled {spoil}, to fail {}",
        expected.is_some()
    ));
    let taken = game.book.configs.contains_key(&id).then(|| code(0));
    let early = taken.or(expected.map(refusal));
    let instruction = ix::initialize_config(payer, id, is_rehearsal, authority, &params, realm, mint);
    let rent = game.world.rent(760);
    attempt(game, play, "initialize_config", &instruction, early, |book| {
        let address = ix::config(id).0;
        book.configs.insert(
            id,
            Config {
                address,
                id,
                authority,
                is_rehearsal,
                fee_ppm: params.fee_ppm,
                bounty: params.crank_bounty_lamports,
                min_bond: params.min_bond_lamports,
                treasury: params.treasury,
                mints: vec![mint],
            },
        );
        create(book, &payer, &address, rent)
    });
}

/// The config's authority, or now and then somebody else.
fn authority_or_not(game: &mut Game, config: &Config) -> (Address, Option<Refusal>) {
    let stranger = some_actor(game);
    if chance(&mut game.world.rng, 6) && stranger != config.authority {
        return (stranger, Some(code(CONSTRAINT_ADDRESS)));
    }
    (config.authority, None)
}

fn update_config(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let (params, expected) = params(game);
    play.step(format!(
        "update_config {} by {by}, fee {}, to fail {}",
        config.id,
        params.fee_ppm,
        expected.is_some()
    ));
    let instruction = ix::update_config(config.address, by, &params);
    let early = early.or(expected.map(refusal));
    attempt(game, play, "update_config", &instruction, early, |book| {
        let config = book.configs.get_mut(&config.id).unwrap();
        config.fee_ppm = params.fee_ppm;
        config.bounty = params.crank_bounty_lamports;
        config.min_bond = params.min_bond_lamports;
        config.treasury = params.treasury;
        Ok(())
    });
}

fn allow_mint(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let rng = &mut game.world.rng;
    let index = rng.random_range(0..game.mints.len());
    // usually the first that is missing
    let missing = game
        .mints
        .iter()
        .map(|mint| mint.address)
        .find(|mint| !config.mints.contains(mint));
    let mint = match rng.random_range(0..10) {
        0 => game.refused_mint.address,
        1..3 => game.mints[index].address,
        _ => missing.unwrap(),
    };
    play.step(format!("allow_mint {mint} in {} by {by}", config.id));
    let instruction = ix::allow_mint(config.address, by, mint);
    let refused = game.refused_mint.address;
    attempt(game, play, "allow_mint", &instruction, early, |book| {
        let mints = &mut book.configs.get_mut(&config.id).unwrap().mints;
        if mint == refused {
            return Err(refusal(EscrowError::MintRefused));
        }
        if mints.contains(&mint) {
            return Err(refusal(EscrowError::MintAlreadyAllowed));
        }
        if mints.len() == 8 {
            return Err(refusal(EscrowError::MintListFull));
        }
        mints.push(mint);
        Ok(())
    });
}

fn disallow_mint(game: &mut Game, play: &mut Play) {
    let config = some_config(game);
    let (by, early) = authority_or_not(game, &config);
    let rng = &mut game.world.rng;
    let index = rng.random_range(0..game.mints.len());
    let mint = match rng.random_range(0..10) {
        0 => game.mints[index].address,
        1 if !config.mints.is_empty() => *pick(rng, &config.mints),
        // the mints that jobs are paid in mostly stay
        _ => {
            let coins = game.mints[HELD_MINTS..].iter().map(|mint| mint.address);
            let mut listed = coins.filter(|coin| config.mints.contains(coin));
            listed.next().unwrap_or(game.mints[0].address)
        }
    };
    play.step(format!("disallow_mint {mint} in {} by {by}", config.id));
    let instruction = ix::disallow_mint(config.address, by, mint);
    attempt(game, play, "disallow_mint", &instruction, early, |book| {
        let mints = &mut book.configs.get_mut(&config.id).unwrap().mints;
        let index = mints.iter().position(|known| *known == mint);
        let index = index.ok_or_else(|| refusal(EscrowError::MintNotAllowed))?;
        mints.remove(index);
        Ok(())
    });
}

// ---- providers and slots ----

fn register_provider(game: &mut Game, play: &mut Play, fixed: Option<&str>) {
    let authority = match fixed {
        Some(name) => game.key(name),
        None => some_actor(game),
    };
    let session = match fixed {
        Some(name) => game.key(&format!("{name} session")),
        None if chance(&mut game.world.rng, 10) => Address::default(),
        None => some_actor(game),
    };
    play.step(format!("register_provider {authority} with {session}"));
    let address = ix::provider(&authority).0;
    let early = game.book.providers.contains_key(&address).then(|| code(0));
    let is_zero = session == Address::default();
    let early = early.or(is_zero.then(|| refusal(EscrowError::ZeroAddress)));
    let instruction = ix::register_provider(authority, session, 276);
    let rent = game.world.rent(264);
    attempt(game, play, "register_provider", &instruction, early, |book| {
        book.providers.insert(
            address,
            Provider {
                address,
                authority,
                session,
                slots: 0,
            },
        );
        create(book, &authority, &address, rent)
    });
}

fn rotate_session_key(game: &mut Game, play: &mut Play) {
    let provider = some_provider(game);
    let stranger = some_actor(game);
    let is_strange = chance(&mut game.world.rng, 10);
    let by = if is_strange { stranger } else { provider.authority };
    let session = if chance(&mut game.world.rng, 10) {
        Address::default()
    } else {
        some_actor(game)
    };
    play.step(format!(
        "rotate_session_key of {} to {session} by {by}",
        provider.address
    ));
    let instruction = ix::rotate_session_key(provider.address, by, session);
    attempt(game, play, "rotate_session_key", &instruction, None, |book| {
        if by != provider.authority {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        if session == Address::default() {
            return Err(refusal(EscrowError::ZeroAddress));
        }
        book.providers.get_mut(&provider.address).unwrap().session = session;
        Ok(())
    });
}

fn offer(game: &mut Game) -> (SlotOffer, bool) {
    let rng = &mut game.world.rng;
    let ask = magnitude(rng, u64::MAX);
    let is_wrong = chance(rng, 10) && ask < u64::MAX;
    let offer = SlotOffer {
        is_paused: chance(rng, 8),
        ask_mint: game.mints[0].address,
        ask_per_second_atoms: ask,
        off_peak_ask_per_second_atoms: if is_wrong { ask + 1 } else { rng.random_range(0..=ask) },
        off_peak_mask: rng.random(),
    };
    (offer, is_wrong)
}

fn add_slot(game: &mut Game, play: &mut Play) {
    let provider = some_provider(game);
    // mostly under the first config, so that jobs and slots meet
    let config = if chance(&mut game.world.rng, 60) {
        game.book.configs[&0].clone()
    } else {
        some_config(game)
    };
    let (offer, is_wrong) = offer(game);
    let address = ix::slot(&provider.address, provider.slots).0;
    if chance(&mut game.world.rng, 10) {
        game.donate_lamports(&address, 1_000_000_000);
    }
    play.step(format!(
        "add_slot {} of {} under {}",
        provider.slots, provider.address, config.id
    ));
    let instruction = ix::add_slot(provider.authority, provider.slots, config.address, &offer);
    let early = is_wrong.then(|| refusal(EscrowError::OffPeakAboveAsk));
    let rent = game.world.rent(336);
    attempt(game, play, "add_slot", &instruction, early, |book| {
        book.providers.get_mut(&provider.address).unwrap().slots += 1;
        book.slots.insert(
            address,
            Slot {
                address,
                provider: provider.address,
                config_id: config.id,
                is_paused: offer.is_paused,
                ..Slot::default()
            },
        );
        create(book, &provider.authority, &address, rent)
    });
}

/// A slot, the provider account and the signer an instruction names: nearly always the right ones.
fn scene(game: &mut Game, slot: &Slot, only_authority: bool) -> (Provider, Address) {
    let mut provider = game.book.providers[&slot.provider].clone();
    if chance(&mut game.world.rng, 4) {
        provider = some_provider(game);
    }
    let stranger = some_actor(game);
    let rng = &mut game.world.rng;
    let by = match rng.random_range(0..20) {
        0 => stranger,
        1..10 if !only_authority => provider.session,
        _ => provider.authority,
    };
    (provider, by)
}

fn update_slot(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let (provider, by) = scene(game, &slot, false);
    let (offer, is_wrong) = offer(game);
    play.step(format!("update_slot {} by {by}", slot.address));
    let instruction = ix::update_slot(by, provider.address, slot.address, &offer);
    attempt(game, play, "update_slot", &instruction, None, |book| {
        if by != provider.authority && by != provider.session {
            return Err(refusal(EscrowError::NotTheProvider));
        }
        if slot.provider != provider.address {
            return Err(refusal(EscrowError::SlotOfAnotherProvider));
        }
        if is_wrong {
            return Err(refusal(EscrowError::OffPeakAboveAsk));
        }
        book.slots.get_mut(&slot.address).unwrap().is_paused = offer.is_paused;
        Ok(())
    });
}

fn deposit_bond(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let (provider, by) = scene(game, &slot, true);
    let rng = &mut game.world.rng;
    let lamports = if chance(rng, 8) {
        hostile(rng, 1 << 30)
    } else {
        rng.random_range(1..3_000_000_000)
    };
    play.step(format!("deposit_bond {lamports} into {} by {by}", slot.address));
    let instruction = ix::deposit_bond(by, provider.address, slot.address, lamports);
    let now = game.now();
    attempt(game, play, "deposit_bond", &instruction, None, |book| {
        book.deposit_bond(&by, &provider.address, &slot.address, lamports, now)
    });
}

fn withdraw_bond(game: &mut Game, play: &mut Play) {
    let slots: Vec<Slot> = game
        .book
        .slots
        .values()
        .filter(|slot| slot.bond > slot.locked)
        .cloned()
        .collect();
    let Some(slot) = some(game, &slots) else { return };
    let (provider, by) = scene(game, &slot, true);
    let free = slot.bond - slot.locked;
    let rng = &mut game.world.rng;
    let lamports = if chance(rng, 20) {
        hostile(rng, free)
    } else {
        magnitude(rng, free)
    };
    play.step(format!(
        "withdraw_bond {lamports} of {free} from {} by {by}",
        slot.address
    ));
    let instruction = ix::withdraw_bond(by, provider.address, slot.address, lamports);
    attempt(game, play, "withdraw_bond", &instruction, None, |book| {
        book.withdraw_bond(&by, &provider.address, &slot.address, lamports)
    });
}

// ---- payouts ----

fn open_payout(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let payer = some_actor(game);
    let index = game.world.rng.random_range(0..HELD_MINTS);
    let (mint, program) = match game.world.rng.random_range(0..12) {
        0 => (game.refused_mint.address, game.refused_mint.program),
        _ => (game.mints[index].address, game.mints[index].program),
    };
    open_payout_of(game, play, &slot, payer, mint, program);
}

fn open_payout_of(game: &mut Game, play: &mut Play, slot: &Slot, payer: Address, mint: Address, program: Address) {
    play.step(format!("open_payout of {} in {mint} by {payer}", slot.address));
    let address = game.payout_of(&slot.address, &mint);
    let vault = ix::vault(&address).0;
    let instruction = ix::open_payout(payer, slot.address, mint, program);
    let taken = game.book.payouts.contains_key(&address).then(|| code(0));
    let is_refused = mint == game.refused_mint.address;
    let early = taken.or(is_refused.then(|| refusal(EscrowError::MintRefused)));
    let rents = [game.world.rent(256), game.world.rent(165)];
    attempt(game, play, "open_payout", &instruction, early, |book| {
        book.payouts.insert(
            address,
            Payout {
                address,
                vault,
                slot: slot.address,
                provider: slot.provider,
                config_id: slot.config_id,
                mint,
                rent_payer: payer,
                provider_atoms: [0; 3],
                fee_atoms: [0; 3],
            },
        );
        book.tokens.open(vault, mint, address);
        create(book, &payer, &address, rents[0])?;
        create(book, &payer, &vault, rents[1])
    });
}

fn some_payout(game: &mut Game, wanted: impl Fn(&Payout) -> bool) -> Option<Payout> {
    let wild = is_wild(game);
    let all: Vec<Payout> = game
        .book
        .payouts
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

fn close_payout(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.provider_atoms[0] == 0 && p.fee_atoms[0] == 0) else {
        return;
    };
    let slot = game.book.slots[&payout.slot].clone();
    let (provider, by) = scene(game, &slot, true);
    close_payout_of(game, play, &payout, &provider, by);
}

fn close_payout_of(game: &mut Game, play: &mut Play, payout: &Payout, provider: &Provider, by: Address) {
    let spoil = some_spoil(game);
    let to = game.wallet(&payout.mint, &provider.authority);
    play.step(format!("close_payout {} by {by}, {spoil:?}", payout.address));
    let program = game.program(&payout.mint);
    let instruction = ix::close_payout(by, payout.slot, to, payout.rent_payer, payout.mint, program);
    let instruction = ix::with(instruction, 1, provider.address);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(6), Some(7)]);
    attempt(game, play, "close_payout", &instruction, early, |book| {
        book.close_payout(&by, &provider.address, &payout.address, &to, spoil)
    });
}

fn withdraw_payout(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.provider_atoms[0] > 0) else {
        return;
    };
    let slot = game.book.slots[&payout.slot].clone();
    let (provider, by) = scene(game, &slot, true);
    let owner = some_actor(game);
    let to = game.wallet(&payout.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!("withdraw_payout {} by {by} to {to}, {spoil:?}", payout.address));
    let program = game.program(&payout.mint);
    let instruction = ix::withdraw_payout(by, payout.slot, to, payout.mint, program);
    let instruction = ix::with(instruction, 1, provider.address);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(5), Some(6)]);
    attempt(game, play, "withdraw_payout", &instruction, early, |book| {
        book.withdraw_payout(&by, &provider.address, &payout.address, &to, spoil)
    });
}

fn sweep_fees(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.fee_atoms[0] > 0) else {
        return;
    };
    let config = match game.world.rng.random_range(0..20) {
        0 => some_config(game),
        _ => game.book.configs[&payout.config_id].clone(),
    };
    let owner = match game.world.rng.random_range(0..20) {
        0 => some_actor(game),
        _ => config.treasury,
    };
    let to = game.wallet(&payout.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!(
        "sweep_fees of {} under {} to {to}, {spoil:?}",
        payout.address, config.id
    ));
    let program = game.program(&payout.mint);
    let instruction = ix::sweep_fees(config.address, payout.slot, to, payout.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(2), Some(4), Some(5)]);
    attempt(game, play, "sweep_fees", &instruction, early, |book| {
        book.sweep(config.id, &payout.address, &to, spoil)
    });
}

// ---- jobs ----

fn terms(game: &mut Game, config: &Config, purse: u64) -> JobTerms {
    let rng = &mut game.world.rng;
    let verification = rng.random_range(0..2);
    let (least, spread) = if config.is_rehearsal {
        ([2u32; 5], 40)
    } else {
        ([60, 60, 60, 300, 3_600], 4_000)
    };
    let mut seconds = least.map(|low| low + rng.random_range(0..spread));
    if verification == 0 && chance(rng, 50) {
        seconds[4] = rng.random_range(0..3);
    }
    let compensation = *pick(rng, &[0u64, 1_000_000, 1_000_001, 5_000_000]);
    let needed = config.min_bond.max(compensation + config.bounty);
    let mut terms = JobTerms {
        kind: 0,
        verification,
        price_atoms: magnitude(rng, purse / 16).max(1),
        bond_lamports: needed
            + if chance(rng, 50) {
                0
            } else {
                rng.random_range(0..50_000_000)
            },
        compensation_lamports: compensation,
        max_fee_ppm: if chance(rng, 50) { config.fee_ppm } else { 50_000 },
        open_seconds: seconds[0],
        start_seconds: seconds[1],
        run_seconds: seconds[2],
        reveal_seconds: seconds[3],
        challenge_seconds: seconds[4],
        spec_hash: rng.random(),
        module_hash: rng.random(),
        input_hash: rng.random(),
    };
    match rng.random_range(0..90) {
        0 => terms.kind = rng.random_range(1..=255),
        1 => terms.verification = rng.random_range(2..=255),
        2 => terms.price_atoms = 0,
        3 => terms.price_atoms = hostile(rng, purse),
        4 => terms.max_fee_ppm = config.fee_ppm.saturating_sub(1),
        5 => terms.open_seconds = *pick(rng, &[0, least[0] - 1, 2_592_000, 2_592_001, u32::MAX]),
        6 => terms.start_seconds = *pick(rng, &[0, least[1] - 1, 86_400, 86_401, u32::MAX]),
        7 => terms.run_seconds = *pick(rng, &[0, least[2] - 1, 2_592_000, 2_592_001, u32::MAX]),
        8 => terms.reveal_seconds = *pick(rng, &[0, least[3] - 1, 86_400, 86_401, u32::MAX]),
        9 => terms.challenge_seconds = *pick(rng, &[0, least[4] - 1, 604_800, 604_801, u32::MAX]),
        10 => terms.compensation_lamports = *pick(rng, &[1, 999_999]),
        11 => terms.compensation_lamports = *pick(rng, &[u64::MAX, u64::MAX - 10_000]),
        12 => terms.bond_lamports = needed.saturating_sub(1),
        13 => terms.bond_lamports = 0,
        14 => terms.spec_hash = [0; 32],
        15 => terms.module_hash = [0; 32],
        16 => terms.input_hash = [0; 32],
        _ => {}
    }
    terms
}

fn post_job(game: &mut Game, play: &mut Play) {
    let who = game.world.rng.random_range(0..2usize);
    let client = game.key(CLIENTS[who]);
    let payer = if chance(&mut game.world.rng, 30) {
        client
    } else {
        game.key("payer")
    };
    let config = if chance(&mut game.world.rng, 60) {
        game.book.configs[&0].clone()
    } else {
        some_config(game)
    };
    let held: Vec<Address> = game.mints[..HELD_MINTS].iter().map(|mint| mint.address).collect();
    let listed: Vec<Address> = held
        .iter()
        .filter(|mint| config.mints.contains(mint))
        .copied()
        .collect();
    let wild = chance(&mut game.world.rng, 4) || listed.is_empty();
    let mint = *pick(&mut game.world.rng, if wild { &held } else { &listed });
    let from = game.wallet(&mint, &client);
    let purse = game.book.tokens.atoms(&from);
    let terms = terms(game, &config, purse);
    // an address whose job is over may live again, under another uid
    let old: Vec<u64> = game
        .old_nonces
        .iter()
        .filter(|(owner, _)| *owner == who)
        .map(|(_, nonce)| *nonce)
        .collect();
    let nonce = match game.world.rng.random_range(0..20) {
        0 => game.nonces[who].saturating_sub(1),
        1..5 => some(game, &old).unwrap_or(game.nonces[who]),
        _ => game.nonces[who],
    };
    let address = ix::job(&client, nonce).0;
    let vault = ix::vault(&address).0;
    if !game.book.jobs.contains_key(&address) && chance(&mut game.world.rng, 8) {
        let lamports = *pick(&mut game.world.rng, &[1u64, 890_880, 2_000_000, 50_000_000]);
        let to = if chance(&mut game.world.rng, 50) {
            address
        } else {
            vault
        };
        game.donate_lamports(&to, lamports.max(1_000_000));
    }
    let spoil = match some_spoil(game) {
        Spoil::Vault | Spoil::Mint => Spoil::None,
        other => other,
    };
    play.step(format!(
        "post_job {address} (nonce {nonce}) by {client}, payer {payer}, config {}, mint {mint}, price {}, bond {}, \
         compensation {}, times {:?}, {spoil:?}",
        config.id,
        terms.price_atoms,
        terms.bond_lamports,
        terms.compensation_lamports,
        [
            terms.open_seconds,
            terms.start_seconds,
            terms.run_seconds,
            terms.reveal_seconds,
            terms.challenge_seconds
        ]
    ));
    let program = game.program(&mint);
    let instruction = ix::post_job(client, payer, config.address, from, mint, program, nonce, &terms);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), None, None, Some(7)]);
    let now = game.now();
    let job = Job {
        address,
        vault,
        client,
        payer,
        config_id: config.id,
        mint,
        terms,
        fee_ppm: 0,
        bounty: 0,
        reserve: 0,
        uid: [0; 32],
        state: OPEN,
        slot: None,
        created: now,
        entered: now,
        result: [0; 32],
    };
    if attempt(game, play, "post_job", &instruction, early, |book| {
        book.post(job, &from, spoil, now)
    }) {
        game.nonces[who] = game.nonces[who].max(nonce + 1);
        game.old_nonces.retain(|old| *old != (who, nonce));
        game.nonce_of.insert(address, (who, nonce));
        game.ghosts.retain(|ghost| *ghost != address);
    }
}

fn claim_job(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let fits = |slot: &Slot, job: &Job| {
        slot.config_id == job.config_id
            && !slot.is_paused
            && slot.current.is_none()
            && slot.bonded_slot < job.entered.slot
            && slot.bond - slot.locked >= job.terms.bond_lamports
    };
    let pairs: Vec<(Job, Slot)> = (game.book.jobs.values())
        .filter(|job| job.state == OPEN && !job.is_overdue(now))
        .flat_map(|job| game.book.slots.values().map(move |slot| (job, slot)))
        .filter(|(job, slot)| fits(slot, job))
        .map(|(job, slot)| (job.clone(), slot.clone()))
        .collect();
    let wild = is_wild(game);
    let (job, slot) = match some(game, &pairs) {
        Some(pair) if !wild => pair,
        _ if wild => {
            let slot = some_slot(game);
            let Some(job) = some_job(game, |job| job.state == OPEN).or_else(|| some_job(game, |_| true)) else {
                return;
            };
            (job, slot)
        }
        // orders that nobody can take yet are not piled up
        _ if game.book.jobs.len() < 12 => return post_job(game, play),
        _ => return crank(game, play),
    };
    let (provider, by) = scene(game, &slot, false);
    let uid = if chance(&mut game.world.rng, 3) {
        [9; 32]
    } else {
        job.uid
    };
    play.step(format!(
        "claim_job {} by slot {}, signed by {by}",
        job.address, slot.address
    ));
    let mut instruction = ix::claim_job(by, provider.address, slot.address, job.address, &uid);
    let mut early = None;
    if let Some(ghost) = some(game, &game.ghosts.clone()).filter(|_| chance(&mut game.world.rng, 2)) {
        // closed: the address is empty
        instruction = ix::with(instruction, 3, ghost);
        early = Some(Refusal::Instruction(InstructionError::AccountDataTooSmall));
    }
    attempt(game, play, "claim_job", &instruction, early, |book| {
        book.claim(&by, &provider.address, &slot.address, &job.address, &uid, now)
    });
}

/// What a worker does with a claimed, running or committed job.
fn work(game: &mut Game, play: &mut Play, action: &'static str, from: u8) {
    let now = game.now();
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| wild || (job.state == from && !job.is_overdue(now))) else {
        return claim_job(game, play);
    };
    let slot = match job.slot {
        Some(slot) if !wild || chance(&mut game.world.rng, 60) => game.book.slots[&slot].clone(),
        _ => some_slot(game),
    };
    let (provider, by) = scene(game, &slot, false);
    let is_wrong = chance(&mut game.world.rng, 5);
    play.step(format!(
        "{action} {} by slot {}, signed by {by}, wrong {is_wrong}",
        job.address, slot.address
    ));
    let (at, own, p) = (job.address, slot.address, provider.address);
    let result = sha(&[b"result of", &job.uid]);
    let right = sha(&[b"commonweal:res:1", &result, &SALT, own.as_ref(), &job.uid]);
    match action {
        "decline_job" => {
            let instruction = ix::decline_job(by, p, own, at);
            attempt(game, play, action, &instruction, None, |book| {
                book.decline(&by, &p, &own, &at, now)
            });
        }
        "start_job" => {
            let input = if is_wrong { [1; 32] } else { job.terms.input_hash };
            let instruction = ix::start_job(by, p, own, at, &input);
            attempt(game, play, action, &instruction, None, |book| {
                book.start(&by, &p, &own, &at, &input, now)
            });
        }
        "commit_result" => {
            let hash = if is_wrong {
                *pick(&mut game.world.rng, &[[0; 32], [3; 32]])
            } else {
                right
            };
            let instruction = ix::commit_result(by, p, own, at, &hash);
            attempt(game, play, action, &instruction, None, |book| {
                book.commit(&by, &p, &own, &at, &hash, now)
            });
        }
        _ => {
            let parts = [if is_wrong { [4; 32] } else { result }, SALT];
            let instruction = ix::reveal_result(by, p, own, at, &parts[0], &parts[1]);
            attempt(game, play, action, &instruction, None, |book| {
                book.reveal(&by, &p, &own, &at, &parts, now)
            });
        }
    }
}

/// Lets time pass until a job's deadline, exactly.
fn reach(game: &mut Game, play: &mut Play, job: &Job) {
    let now = game.now();
    if let Some(deadline) = job.deadline().filter(|_| !job.is_overdue(now)) {
        let (seconds, slots) = (deadline.ts - now.ts, deadline.slot.saturating_sub(now.slot));
        play.step(format!(
            "{seconds} s and {slots} slots, to the deadline of {}",
            job.address
        ));
        game.world.warp(seconds.max(0), slots.max(1));
        play.agreed("warp", None);
    }
}

fn settle(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| job.state == CHALLENGEABLE || (wild && job.slot.is_some())) else {
        return work(game, play, "reveal_result", COMMITTED);
    };
    if !wild {
        reach(game, play, &job);
    }
    settle_job(game, play, &job);
}

fn settle_job(game: &mut Game, play: &mut Play, job: &Job) {
    let slot = game.book.slots[&job.slot.unwrap()].clone();
    let mut payout = game.payout_of(&slot.address, &job.mint);
    let program = game.program(&job.mint);
    if !game.book.payouts.contains_key(&payout) {
        let payer = game.key("cranker");
        open_payout_of(game, play, &slot, payer, job.mint, program);
    }
    let now = game.now();
    let mut spoil = some_spoil(game);
    let mut instruction = ix::settle(job.address, slot.address, job.mint, program);
    let wrong = game
        .book
        .payouts
        .values()
        .find(|other| other.address != payout)
        .cloned();
    if let Some(other) = wrong.filter(|_| chance(&mut game.world.rng, 4)) {
        spoil = Spoil::None;
        payout = other.address;
        instruction = ix::with(ix::with(instruction, 3, payout), 4, other.vault);
    }
    play.step(format!("settle {} into {payout}, {spoil:?}", job.address));
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(1), Some(5), Some(6)]);
    attempt(game, play, "settle", &instruction, early, |book| {
        book.settle(&job.address, &slot.address, &payout, spoil, now)
    });
}

fn refund_by_client(game: &mut Game, play: &mut Play, from: u8) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| wild || job.state == from) else {
        return let_time_pass(game, play);
    };
    let stranger = some_actor(game);
    let owner = some_actor(game);
    let rng = &mut game.world.rng;
    let by = if chance(rng, 6) { stranger } else { job.client };
    // to an account of the client, or of anybody the client names
    let to_owner = if chance(rng, 50) { owner } else { job.client };
    let to = game.wallet(&job.mint, &to_owner);
    let spoil = some_spoil(game);
    let (tag, action) = if from == OPEN {
        (21, "cancel_job")
    } else {
        (22, "claim_refund")
    };
    play.step(format!("{action} {} by {by} to {to}, {spoil:?}", job.address));
    let program = game.program(&job.mint);
    let instruction = ix::refund_by_client(tag, by, job.address, to, job.payer, job.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(5), Some(6)]);
    let now = game.now();
    attempt(game, play, action, &instruction, early, |book| {
        book.refund_by_client(&by, &job.address, &to, from, spoil, now)
    });
}

fn close_job(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let Some(job) = some_job(game, |job| wild || job.state == FINAL) else {
        return;
    };
    let stranger = some_actor(game);
    let client_token = match game.world.rng.random_range(0..10) {
        0..2 => None,
        2 => Some(game.wallet(&job.mint, &stranger)),
        _ => Some(game.wallet(&job.mint, &job.client)),
    };
    let spoil = some_spoil(game);
    play.step(format!("close_job {} with {client_token:?}, {spoil:?}", job.address));
    let program = game.program(&job.mint);
    let instruction = ix::close_job(job.address, job.payer, client_token, job.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(1), Some(4), Some(5)]);
    attempt(game, play, "close_job", &instruction, early, |book| {
        book.close(&job.address, client_token.as_ref(), spoil)
    });
}

fn crank(game: &mut Game, play: &mut Play) {
    let wild = is_wild(game);
    let is_for_crank = |job: &Job| wild || ![CHALLENGEABLE, FINAL].contains(&job.state);
    let now = game.now();
    let overdue = some_job(game, |job| is_for_crank(job) && job.is_overdue(now));
    let Some(job) = overdue.or_else(|| some_job(game, is_for_crank)) else {
        return;
    };
    if !wild {
        reach(game, play, &job);
    }
    crank_job(game, play, &job);
}

fn crank_job(game: &mut Game, play: &mut Play, job: &Job) {
    let by = some_actor(game);
    let stranger = some_actor(game);
    let other = some_slot(game).address;
    let rng = &mut game.world.rng;
    let slot = match rng.random_range(0..30) {
        0 => None,
        1 => Some(other),
        _ => job.slot,
    };
    let owner = if chance(rng, 4) { stranger } else { job.client };
    let client_token = game.wallet(&job.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!(
        "crank {} in state {} by {by} with slot {slot:?}, token account {client_token}, {spoil:?}",
        job.address, job.state
    ));
    let program = game.program(&job.mint);
    let instruction = ix::crank(
        by,
        job.address,
        job.client,
        job.payer,
        client_token,
        slot,
        job.mint,
        program,
    );
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(2), Some(7), Some(8)]);
    let now = game.now();
    attempt(game, play, "crank", &instruction, early, |book| {
        book.crank(&by, &job.address, &client_token, slot.as_ref(), spoil, now)
    });
}

// ---- the world around ----

/// Tokens or lamports sent past the program.
fn donate(game: &mut Game, play: &mut Play) {
    let Some(job) = some_job(game, |_| true) else { return };
    if chance(&mut game.world.rng, 40) {
        let to = *pick(&mut game.world.rng, &[job.address, job.vault]);
        let to = job.slot.filter(|_| chance(&mut game.world.rng, 30)).unwrap_or(to);
        play.step(format!("1,000,000 lamports donated to {to}"));
        game.donate_lamports(&to, 1_000_000);
        return play.agreed("donate", None);
    }
    let from = game.wallet(&job.mint, &job.client);
    let payout = job.slot.map(|slot| game.payout_of(&slot, &job.mint));
    let payout = payout
        .and_then(|payout| game.book.payouts.get(&payout))
        .map(|payout| payout.vault);
    let to = payout.filter(|_| chance(&mut game.world.rng, 40)).unwrap_or(job.vault);
    let is_frozen = |account: &Address| game.book.tokens.holdings[account].is_frozen;
    if game.book.tokens.atoms(&from) < 3 || is_frozen(&from) || is_frozen(&to) {
        return;
    }
    play.step(format!("3 atoms donated to {to}"));
    let mint = game.mints.iter().find(|mint| mint.address == job.mint).unwrap().clone();
    let owner = game.keys[&job.client].insecure_clone();
    game.world.transfer(&mint, &from, &to, &owner, 3);
    game.book.tokens.transfer(&from, &to, &job.client, 3, 0).unwrap();
    play.agreed("donate", None);
}

/// An issuer freezes an account that matters to a job, or lets one go.
fn freeze_or_thaw(game: &mut Game, play: &mut Play) {
    let frozen = game
        .book
        .tokens
        .holdings
        .iter()
        .filter(|(_, holding)| holding.is_frozen);
    let frozen: Vec<Address> = frozen.map(|(address, _)| *address).collect();
    if let Some(account) = some(game, &frozen).filter(|_| chance(&mut game.world.rng, 70)) {
        play.step(format!("{account} thawed"));
        thaw(game, &account);
        return play.agreed("thaw", None);
    }
    let Some(job) = some_job(game, |_| true) else { return };
    let account = if chance(&mut game.world.rng, 75) {
        game.wallet(&job.mint, &job.client)
    } else {
        job.vault
    };
    if game.book.tokens.holdings[&account].is_frozen {
        return;
    }
    play.step(format!("{account} frozen"));
    let mint = game.mints.iter().find(|mint| mint.address == job.mint).unwrap().clone();
    game.world.freeze(&mint, &account);
    game.book.tokens.holdings.get_mut(&account).unwrap().is_frozen = true;
    play.agreed("freeze", None);
}

fn thaw(game: &mut Game, account: &Address) {
    let holding = game.book.tokens.holdings.get_mut(account).unwrap();
    holding.is_frozen = false;
    let mint = holding.mint;
    let mint = game.mints.iter().find(|known| known.address == mint).unwrap().clone();
    game.world.thaw(&mint, account);
}

/// Moments, a halted cluster, slots without seconds, the neighbours of a deadline, days.
fn let_time_pass(game: &mut Game, play: &mut Play) {
    let job = some_job(game, |job| job.deadline().is_some());
    let now = game.now();
    let rng = &mut game.world.rng;
    let (seconds, slots) = match (rng.random_range(0..40), job) {
        (0..2, _) => (rng.random_range(1..200_000), 1),
        (2..5, _) => (0, rng.random_range(1..500)),
        (5, _) => (200_000, 400_000),
        (6..14, Some(job)) => {
            let deadline: Now = job.deadline().unwrap();
            let (seconds, slots) = (deadline.ts - now.ts, deadline.slot.saturating_sub(now.slot));
            (
                (seconds - rng.random_range(0..2)).max(0),
                slots.saturating_sub(rng.random_range(0..2)).max(1),
            )
        }
        _ => (rng.random_range(0..4), rng.random_range(1..8)),
    };
    play.step(format!("{seconds} s and {slots} slots pass"));
    game.world.warp(seconds, slots);
    play.agreed("warp", None);
}

/// Liveness: whatever the state, time and cranks return everything. Nothing held remains but what was burnt.
fn drain(game: &mut Game, play: &mut Play) {
    let frozen = game
        .book
        .tokens
        .holdings
        .iter()
        .filter(|(_, holding)| holding.is_frozen);
    for account in frozen.map(|(address, _)| *address).collect::<Vec<_>>() {
        thaw(game, &account);
    }
    for _ in 0..5_000 {
        let Some(job) = some_job(game, |_| true) else { break };
        reach(game, play, &job);
        match job.state {
            CHALLENGEABLE => settle_job(game, play, &job),
            FINAL => close_job(game, play),
            _ => crank_job(game, play, &job),
        }
    }
    let left = game.book.jobs.len();
    assert_eq!(left, 0, "jobs that time and cranks cannot end");
    for payout in game.book.payouts.values().cloned().collect::<Vec<_>>() {
        let provider = game.book.providers[&payout.provider].clone();
        let (by, program) = (provider.authority, game.program(&payout.mint));
        let to = game.wallet(&payout.mint, &by);
        if payout.provider_atoms[0] > 0 {
            play.step(format!("last withdraw_payout {}", payout.address));
            let instruction = ix::withdraw_payout(by, payout.slot, to, payout.mint, program);
            attempt(game, play, "withdraw_payout", &instruction, None, |book| {
                book.withdraw_payout(&by, &provider.address, &payout.address, &to, Spoil::None)
            });
        }
        if payout.fee_atoms[0] > 0 {
            play.step(format!("last sweep_fees {}", payout.address));
            let config = game.book.configs[&payout.config_id].clone();
            let to = game.wallet(&payout.mint, &config.treasury);
            let instruction = ix::sweep_fees(config.address, payout.slot, to, payout.mint, program);
            attempt(game, play, "sweep_fees", &instruction, None, |book| {
                book.sweep(config.id, &payout.address, &to, Spoil::None)
            });
        }
        while game.book.payouts.contains_key(&payout.address) {
            close_payout_of(game, play, &payout, &provider, by);
        }
    }
    for slot in game.book.slots.values().cloned().collect::<Vec<_>>() {
        assert_eq!((slot.locked, slot.locked_jobs), (0, 0), "a bond is held by no job");
        if slot.bond > 0 {
            let provider = game.book.providers[&slot.provider].clone();
            let by = provider.authority;
            play.step(format!("last withdraw_bond {}", slot.address));
            let instruction = ix::withdraw_bond(by, provider.address, slot.address, slot.bond);
            attempt(game, play, "withdraw_bond", &instruction, None, |book| {
                book.withdraw_bond(&by, &provider.address, &slot.address, slot.bond)
            });
        }
    }
    game.compare(None);
    game.assert_atoms();
}
