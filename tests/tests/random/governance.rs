//! Random play of quadratic governance.

use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::governance as real,
        model::{
            code,
            governance::{refusal, Action, Ballot, Book, Deed, Person, Proposal, Stake, Status, CONSTRAINT_ADDRESS},
            Refusal,
        },
        play::{self, chance, governance::Game, hostile, magnitude, pick, Play, Tally},
    },
    quadratic_governance::{
        errors::GovernanceError,
        state::{ActionAccount, RealmParameters},
        ActionCall,
    },
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeMap,
};

const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: u64 = 1_500;

#[test]
fn governance_does_what_its_model_says_whatever_is_played() {
    let mut tally = Tally::new("quadratic-governance");
    for seed in play::seeds(SEEDS) {
        let mut game = Game::new(seed);
        let mut play = Play::new(&mut tally, seed);
        // some realms begin with a rush, up to the growth of an epoch and beyond
        if seed % 3 == 0 {
            for _ in 0..4 {
                add_attestor(&mut game, &mut play);
            }
            for _ in 0..18 {
                register_person(&mut game, &mut play);
            }
        }
        let steps = play::steps(STEPS);
        while play.steps_played() < steps {
            one_step(&mut game, &mut play);
            if play.steps_played() % 64 == 0 {
                game.compare(None);
            }
        }
        drain(&mut game, &mut play);
    }
    tally.finish();
}

fn one_step(game: &mut Game, play: &mut Play) {
    match game.world.rng.random_range(0..200) {
        0..2 => create_realm(game, play),
        2..6 => add_attestor(game, play),
        6..8 => disable_attestor(game, play),
        8..16 => register_person(game, play),
        16..20 => open_stake(game, play),
        20..27 => stake(game, play),
        27..33 => unstake(game, play),
        33..35 => close_stake(game, play),
        35..52 => open_ballot(game, play),
        52..58 => close_ballot(game, play),
        58..66 => create_proposal(game, play),
        66..74 => add_action(game, play),
        74..82 => submit_proposal(game, play),
        82..84 => cancel_proposal(game, play),
        84..134 => cast_votes(game, play),
        134..146 => finalize(game, play),
        146..158 => execute_action(game, play),
        158..162 => expire_proposal(game, play),
        162..168 => close_action(game, play),
        168..174 => close_proposal(game, play),
        174..176 => donate(game, play),
        _ => let_time_pass(game, play),
    }
}

// ---- choosing ----

fn some<T: Clone>(game: &mut Game, items: &[T]) -> Option<T> {
    (!items.is_empty()).then(|| pick(&mut game.world.rng, items).clone())
}

fn some_person(game: &mut Game, wanted: impl Fn(&Person) -> bool) -> Option<Person> {
    let wild = is_wild(game);
    let all: Vec<Person> = game
        .book
        .persons
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_stake(game: &mut Game, wanted: impl Fn(&Stake) -> bool) -> Option<Stake> {
    let wild = is_wild(game);
    let all: Vec<Stake> = game
        .book
        .stakes
        .values()
        .filter(|s| wild || wanted(s))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_ballot(game: &mut Game, wanted: impl Fn(&Ballot) -> bool) -> Option<Ballot> {
    let wild = is_wild(game);
    let all: Vec<Ballot> = game
        .book
        .ballots
        .values()
        .filter(|b| wild || wanted(b))
        .cloned()
        .collect();
    some(game, &all)
}

fn some_proposal(game: &mut Game, wanted: impl Fn(&Proposal) -> bool) -> Option<Proposal> {
    let wild = is_wild(game);
    let all: Vec<Proposal> = game
        .book
        .proposals
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

fn is_wild(game: &mut Game) -> bool {
    chance(&mut game.world.rng, 7)
}

/// The right key, or now and then a stranger's.
fn signer(game: &mut Game, right: Address) -> Address {
    if chance(&mut game.world.rng, 4) {
        return *pick(&mut game.world.rng, &game.voters.clone());
    }
    right
}

/// Runs an instruction against what becomes of a copy of the book.
fn attempt(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: Instruction,
    change: impl FnOnce(&mut Book) -> Result<(), Refusal>,
) -> bool {
    let mut next = game.book.clone();
    let prediction = change(&mut next).map(|()| next);
    let refused = game.run(instruction, prediction);
    let is_accepted = refused.is_none();
    play.agreed(action, refused);
    is_accepted
}

// ---- realm, attestors, persons ----

/// A second realm with parameters at and beyond their bounds; it is not played on.
fn create_realm(game: &mut Game, play: &mut Play) {
    let founder = game.key("founder");
    let now = game.now();
    let mint = game.mint.address;
    let rng = &mut game.world.rng;
    let name_hash: [u8; 32] = rng.random();
    let mut choice = game.choice;
    let mut p: RealmParameters = play::governance::parameters(rng);
    (choice.founder_sunset_ts, choice.guardian_sunset_ts) = (now + 1, now + 365 * 86_400);
    let mut expected = None;
    let spoil = rng.random_range(0..16);
    match spoil {
        0 => (p.epoch_s, expected) = (7, Some(GovernanceError::DelayOutOfBounds)),
        1 => {
            p.epoch_s = p.voting_s + p.extension_s + p.challenge_s - 1;
            p.review_s = 0;
            expected = Some(GovernanceError::EpochTooShort);
        }
        2 => (p.base_credits, expected) = (0, Some(GovernanceError::CreditsOutOfBounds)),
        3 => {
            p.max_bonus_credits = p.base_credits * 8 + 1;
            expected = Some(GovernanceError::CreditsOutOfBounds);
        }
        4 => (p.quorum_persons_ppm, expected) = (500_001, Some(GovernanceError::QuorumOutOfBounds)),
        5 => (p.normal_threshold_ppm, expected) = (499_999, Some(GovernanceError::ThresholdOutOfBounds)),
        6 => (p.attestations, expected) = (9, Some(GovernanceError::AttestationsOutOfBounds)),
        7 => (choice.founder_sunset_ts, expected) = (now, Some(GovernanceError::SunsetOutOfBounds)),
        8 => (p.late_window_s, expected) = (p.voting_s + 1, Some(GovernanceError::DelayOutOfBounds)),
        9 => (p.proposal_bond_lamports, expected) = (10_000_000_001, Some(GovernanceError::LimitOutOfBounds)),
        _ => {}
    }
    choice.parameters = p;
    play.step(format!("create_realm, spoiled {spoil}, {p:?}"));
    let address = real::realm_address(&name_hash);
    let rent = game.world.rent(1_012);
    let instruction = real::create_realm(&founder, &mint, name_hash, choice);
    attempt(game, play, "create_realm", instruction, |book| {
        if let Some(error) = expected {
            return Err(refusal(error));
        }
        book.create(&founder, &address, rent);
        Ok(())
    });
}

fn add_attestor(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let founder = game.key("founder");
    let free: Vec<Address> = game.attestor_keys.clone();
    let free: Vec<Address> = free
        .into_iter()
        .filter(|key| !game.book.attestors.contains_key(key))
        .collect();
    let wild = chance(&mut game.world.rng, 10);
    let key = match some(game, &free) {
        Some(key) if !wild => key,
        _ => *pick(&mut game.world.rng, &game.attestor_keys.clone()),
    };
    let is_over = now >= game.book.powers[0].1 && chance(&mut game.world.rng, 97);
    if (free.is_empty() && !wild) || is_over {
        return let_time_pass(game, play);
    }
    let by = signer(game, founder);
    let taken: Vec<u8> = game.book.attestors.values().map(|attestor| attestor.slot).collect();
    let rng = &mut game.world.rng;
    let slot = match rng.random_range(0..20) {
        0 => rng.random_range(0..=255),
        1..3 => rng.random_range(0..16),
        _ => (0..16).find(|slot| !taken.contains(slot)).unwrap(),
    };
    let quota = *pick(rng, &[0u32, 1, 3, 100, 100, 100, 100]);
    play.step(format!("add_attestor {key} in slot {slot} with quota {quota} by {by}"));
    let realm = game.book.realm;
    let address = real::attestor_address(&realm, &key);
    let rent = game.world.rent(188);
    let instruction = real::add_attestor(&realm, &by, &key, slot, quota);
    attempt(game, play, "add_attestor", instruction, |book| {
        book.add_attestor(&by, &key, slot, quota, now)?;
        book.create(&by, &address, rent);
        Ok(())
    });
}

fn disable_attestor(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let live: Vec<Address> = game.book.attestors.keys().copied().collect();
    if live.len() < 3 {
        return add_attestor(game, play);
    }
    let key = *pick(&mut game.world.rng, &live);
    let power = *pick(&mut game.world.rng, &game.book.powers.clone());
    if now >= power.1 && chance(&mut game.world.rng, 95) {
        return let_time_pass(game, play);
    }
    let by = signer(game, power.0);
    play.step(format!("disable_attestor {key} by {by}"));
    let realm = game.book.realm;
    let payer = game.book.attestors[&key].rent_payer;
    let address = real::attestor_address(&realm, &key);
    let instruction = real::disable_attestor(&realm, &by, &key, &payer);
    attempt(game, play, "disable_attestor", instruction, |book| {
        book.disable_attestor(&by, &key, &address, now)
    });
}

fn register_person(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let need = usize::from(game.book.rules.attestations);
    let live: Vec<Address> = game.book.attestors.keys().copied().collect();
    if live.len() < need {
        return add_attestor(game, play);
    }
    let known: Vec<Address> = game.book.persons.values().map(|person| person.wallet).collect();
    let fresh: Vec<Address> = game
        .voters
        .iter()
        .filter(|voter| !known.contains(voter))
        .copied()
        .collect();
    if fresh.is_empty() && chance(&mut game.world.rng, 90) {
        return cast_votes(game, play);
    }
    let wild = chance(&mut game.world.rng, 8);
    let wallet = match some(game, &fresh) {
        Some(wallet) if !wild => wallet,
        _ => *pick(&mut game.world.rng, &game.voters.clone()),
    };
    let payer = if chance(&mut game.world.rng, 50) {
        wallet
    } else {
        game.key("sponsor")
    };
    let rng = &mut game.world.rng;
    let count = if chance(rng, 4) && live.len() > need {
        need + 1
    } else {
        need
    };
    let first = rng.random_range(0..live.len());
    let keys: Vec<Address> = (0..count).map(|n| live[(first + n) % live.len()]).collect();
    let epoch_s = i64::from(game.book.rules.epoch_s);
    let expires_ts = now
        + match rng.random_range(0..14) {
            0 => *pick(rng, &[0, -1, 730 * 86_400 + 1]),
            1 => 730 * 86_400,
            2 => epoch_s * 6,
            _ => 86_400 * 300,
        };
    let nullifier = real::hash(&format!("nullifier of {wallet}"));
    let realm = game.book.realm;
    let address = real::person_address(&realm, &nullifier);
    play.step(format!(
        "register_person {address} of {wallet} by {keys:?}, payer {payer}, until {expires_ts}"
    ));
    let link = real::wallet_address(&realm, &wallet);
    let rents = [game.world.rent(280), game.world.rent(160)];
    let instruction = real::register_person(&realm, &payer, &wallet, &keys, nullifier, expires_ts);
    attempt(game, play, "register_person", instruction, |book| {
        if book.persons.contains_key(&address) {
            return Err(code(0));
        }
        let person = Person {
            address,
            wallet,
            bucket: 0,
            registered: 0,
            expires_ts,
            ballots: Vec::new(),
        };
        book.register(person, &keys, now)?;
        book.create(&payer, &address, rents[0]);
        book.create(&payer, &link, rents[1]);
        Ok(())
    });
}

// ---- stakes and ballots ----

fn open_stake(game: &mut Game, play: &mut Play) {
    let staked: Vec<Address> = game.book.stakes.values().map(|stake| stake.person).collect();
    let Some(person) = some_person(game, |person| !staked.contains(&person.address)) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    play.step(format!("open_stake of {} by {by}", person.address));
    let (realm, mint) = (game.book.realm, game.mint.clone());
    let address = real::stake_address(&realm, &person.address);
    let vault = real::vault_address(&address);
    let rents = [game.world.rent(244), game.world.rent(165)];
    let instruction = real::open_stake(&realm, &by, &person.address, &mint);
    attempt(game, play, "open_stake", instruction, |book| {
        if book.stakes.contains_key(&address) {
            return Err(code(0));
        }
        if by != person.wallet {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        book.stakes.insert(
            address,
            Stake {
                address,
                vault,
                person: person.address,
                depositor: by,
                deposits: Vec::new(),
            },
        );
        book.tokens.open(vault, mint.address, address);
        book.create(&by, &address, rents[0]);
        book.create(&by, &vault, rents[1]);
        Ok(())
    });
}

fn stake(game: &mut Game, play: &mut Play) {
    let Some(stake) = some_stake(game, |_| true) else {
        return open_stake(game, play);
    };
    let by = signer(game, stake.depositor);
    let source = game.wallet(&by);
    let held = game.book.tokens.atoms(&source);
    let rng = &mut game.world.rng;
    let atoms = if chance(rng, 10) {
        hostile(rng, held)
    } else {
        magnitude(rng, held / 4)
    };
    play.step(format!("stake {atoms} of {held} into {} by {by}", stake.address));
    let (realm, mint, now) = (game.book.realm, game.mint.clone(), game.now());
    let instruction = real::stake_tokens(&realm, &by, &stake.address, &source, &mint, atoms);
    attempt(game, play, "stake", instruction, |book| {
        book.deposit(&by, &stake.address, &source, atoms, now)
    });
}

fn unstake(game: &mut Game, play: &mut Play) {
    let epoch = game.epoch();
    let voting: Vec<Address> = game
        .book
        .persons
        .values()
        .filter(|p| p.ballots.contains(&epoch))
        .map(|p| p.address)
        .collect();
    let Some(stake) = some_stake(game, |s| s.atoms() > 0 && !voting.contains(&s.person)) else {
        return stake(game, play);
    };
    let by = signer(game, stake.depositor);
    let stranger = *pick(&mut game.world.rng, &game.voters.clone());
    let owner = if chance(&mut game.world.rng, 4) { stranger } else { by };
    let to = game.wallet(&owner);
    let held = stake.atoms();
    let rng = &mut game.world.rng;
    let atoms = match rng.random_range(0..10) {
        0 => hostile(rng, held),
        1..4 => held,
        _ => magnitude(rng, held),
    };
    play.step(format!(
        "unstake {atoms} of {held} from {} by {by} to {to}",
        stake.address
    ));
    let (realm, mint, now) = (game.book.realm, game.mint.clone(), game.now());
    let instruction = real::unstake_tokens(&realm, &by, &stake.person, &to, &mint, atoms);
    attempt(game, play, "unstake", instruction, |book| {
        book.unstake(&by, &stake.address, &to, atoms, now)
    });
}

fn close_stake(game: &mut Game, play: &mut Play) {
    let Some(stake) = some_stake(game, |s| s.atoms() == 0) else {
        return unstake(game, play);
    };
    let by = signer(game, stake.depositor);
    let to = game.wallet(&by);
    play.step(format!("close_stake {} by {by}", stake.address));
    let instruction = real::close_stake(&by, &stake.address, &to, &game.mint.clone());
    attempt(game, play, "close_stake", instruction, |book| {
        book.close_stake(&by, &stake.address, &to)
    });
}

fn open_ballot(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let fits = |p: &Person| epoch >= p.registered + 2 && !p.ballots.contains(&epoch) && now < p.expires_ts;
    let Some(person) = some_person(game, fits) else {
        return let_time_pass(game, play);
    };
    let by = signer(game, person.wallet);
    let payer = if chance(&mut game.world.rng, 50) {
        by
    } else {
        game.key("sponsor")
    };
    let own = real::stake_address(&game.book.realm, &person.address);
    let all: Vec<Address> = game.book.stakes.keys().copied().collect();
    let rng = &mut game.world.rng;
    let stake = match rng.random_range(0..20) {
        0 => None,
        1 if !all.is_empty() => Some(*pick(rng, &all)),
        _ => all.contains(&own).then_some(own),
    };
    let of = match rng.random_range(0..25) {
        0 => epoch + 1,
        1 => epoch.saturating_sub(1),
        _ => epoch,
    };
    play.step(format!(
        "open_ballot of {} in {of} by {by}, payer {payer}, stake {stake:?}",
        person.address
    ));
    let realm = game.book.realm;
    let address = real::ballot_address(&realm, &person.address, of);
    let rent = game.world.rent(392);
    let instruction = real::open_ballot(&realm, &payer, &by, &person.address, stake, of);
    attempt(game, play, "open_ballot", instruction, |book| {
        let ballot = Ballot {
            address,
            epoch: of,
            bucket: 0,
            voter: by,
            rent_payer: payer,
            budget: 0,
            votes: BTreeMap::new(),
        };
        book.open_ballot(ballot, &person.address, stake.as_ref(), now)?;
        book.create(&payer, &address, rent);
        Ok(())
    });
}

fn close_ballot(game: &mut Game, play: &mut Play) {
    let epoch = game.epoch();
    let Some(ballot) = some_ballot(game, |b| b.epoch < epoch) else {
        return;
    };
    let by = signer(game, ballot.voter);
    play.step(format!("close_ballot {} of {} by {by}", ballot.address, ballot.epoch));
    let now = game.now();
    let instruction = real::close_ballot(&by, &ballot.address, &ballot.rent_payer);
    attempt(game, play, "close_ballot", instruction, |book| {
        book.close_ballot(&by, &ballot.address, now)
    });
}

// ---- proposals ----

fn create_proposal(game: &mut Game, play: &mut Play) {
    let now = game.now();
    // few at a time, so that votes meet
    let live = game
        .book
        .proposals
        .values()
        .filter(|p| p.status <= Status::Submitted)
        .count();
    if live >= 4 && chance(&mut game.world.rng, 95) {
        return cast_votes(game, play);
    }
    let Some(person) = some_person(game, |p| now < p.expires_ts) else {
        return register_person(game, play);
    };
    let by = signer(game, person.wallet);
    let choices = if chance(&mut game.world.rng, 8) {
        *pick(&mut game.world.rng, &[0, 8, 9, 255])
    } else {
        game.world.rng.random_range(1..4)
    };
    let realm = game.book.realm;
    let index = game.book.made.len() as u32;
    let address = real::proposal_address(&realm, index);
    play.step(format!("create_proposal {index} with {choices} choices by {by}"));
    let rent = game.world.rent(1_836);
    let instruction = real::create_proposal(&realm, &by, &person.address, index, [7; 32], choices);
    let created_epoch = game.epoch();
    attempt(game, play, "create_proposal", instruction, |book| {
        let proposal = Proposal {
            address,
            index,
            authority: by,
            choices,
            status: Status::Draft,
            created_epoch,
            actions: Vec::new(),
            action_count: 0,
            vote_epoch: None,
            starts_ts: 0,
            caps: [0; 16],
            quorum: (0, 0),
            votes: BTreeMap::new(),
            late: None,
            extension: None,
            winner: None,
            executable: (0, 0),
        };
        let bond = book.propose(proposal, &person.address, now)?;
        book.create(&by, &address, rent);
        book.move_lamports(&by, &address, bond);
        Ok(())
    });
}

/// A payment of lamports (sometimes of more than it declares), or an attestor's addition.
fn some_call(game: &mut Game, choice: u8) -> (ActionCall, Deed) {
    let lane = game.world.rng.random_range(0..4u8);
    let realm = game.book.realm;
    if chance(&mut game.world.rng, 12) {
        let live: Vec<Address> = game.book.attestors.keys().copied().collect();
        let all = game.attestor_keys.clone();
        let fresh = all
            .iter()
            .copied()
            .find(|key| !live.contains(key) && chance(&mut game.world.rng, 80));
        let key = fresh.unwrap_or(*pick(&mut game.world.rng, &all));
        let slot = game.world.rng.random_range(0..16);
        let declared = game.world.rent(188);
        let instruction = real::add_attestor(&realm, &game.book.lanes[0], &key, slot, 9);
        let accounts = instruction.accounts.iter().map(|meta| ActionAccount {
            address: meta.pubkey.to_bytes(),
            flags: u8::from(meta.is_writable) | (u8::from(meta.is_signer) << 1),
        });
        let call = ActionCall {
            choice,
            lane: 0,
            program: quadratic_governance::ID.to_bytes(),
            outflow_lamports: declared,
            outflow_mint: [0; 32],
            outflow_atoms: 0,
            accounts: accounts.collect(),
            data: instruction.data.clone(),
        };
        return (call, Deed::AddAttestor { key, slot });
    }
    let to = *pick(&mut game.world.rng, &game.voters.clone());
    let rng = &mut game.world.rng;
    let lamports: u64 = if chance(rng, 3) {
        rng.random_range(1 << 33..1 << 36)
    } else {
        rng.random_range(1..4_000_000_000)
    };
    let declared = if chance(rng, 3) {
        lamports - 1
    } else {
        lamports + rng.random_range(0..2)
    };
    let mut data = vec![2, 0, 0, 0];
    data.extend_from_slice(&lamports.to_le_bytes());
    let call = ActionCall {
        choice,
        lane,
        program: ids::SYSTEM.to_bytes(),
        outflow_lamports: declared,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        accounts: vec![
            ActionAccount {
                address: game.book.lanes[usize::from(lane)].to_bytes(),
                flags: 3,
            },
            ActionAccount {
                address: to.to_bytes(),
                flags: 1,
            },
        ],
        data,
    };
    (call, Deed::Pay { to, lamports })
}

fn add_action(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft && p.action_count < 8) else {
        return create_proposal(game, play);
    };
    let by = signer(game, proposal.authority);
    let choice = if chance(&mut game.world.rng, 80) {
        1
    } else {
        game.world.rng.random_range(0..=proposal.choices + 1)
    };
    let (mut call, deed) = some_call(game, choice);
    let spoil = game.world.rng.random_range(0..40);
    let mut expected = None;
    match spoil {
        0 => (call.lane, expected) = (4, Some(GovernanceError::LaneOutOfBounds)),
        1 => {
            call.accounts[1].flags = 4;
            expected = Some(GovernanceError::ActionFlagUnknown);
        }
        2 => {
            call.accounts[1].flags = 3;
            expected = Some(GovernanceError::ActionSignerRefused);
        }
        3 => {
            call.program = quadratic_governance::ID.to_bytes();
            call.data = vec![16];
            expected = Some(GovernanceError::SelfCallRefused);
        }
        _ => {}
    }
    play.step(format!(
        "add_action to {} for {choice} by {by}, spoiled {spoil}: {deed:?}",
        proposal.index
    ));
    let realm = game.book.realm;
    let address = real::action_address(&proposal.address, proposal.action_count);
    let rent = game.world.rent(280 + 33 * call.accounts.len() + call.data.len());
    let (lane, declared) = (call.lane, call.outflow_lamports);
    let instruction = real::add_action(&realm, &by, &proposal.address, proposal.action_count, call);
    attempt(game, play, "add_action", instruction, |book| {
        let state = book.proposals.get_mut(&proposal.address).unwrap();
        if by != state.authority {
            return Err(code(CONSTRAINT_ADDRESS));
        }
        if let Some(error) = expected {
            return Err(refusal(error));
        }
        if state.status != Status::Draft {
            return Err(refusal(GovernanceError::ProposalIsNotDraft));
        }
        if state.action_count == 8 {
            return Err(refusal(GovernanceError::TooManyActions));
        }
        if choice == 0 || choice > state.choices {
            return Err(refusal(GovernanceError::ActionChoiceInvalid));
        }
        state.actions.push(Action {
            address,
            index: state.action_count,
            choice,
            lane,
            declared,
            deed,
            is_executed: false,
        });
        state.action_count += 1;
        book.create(&by, &address, rent);
        Ok(())
    });
}

fn submit_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Draft) else {
        return create_proposal(game, play);
    };
    if proposal.action_count == 0 && chance(&mut game.world.rng, 75) {
        return add_action(game, play);
    }
    let by = signer(game, proposal.authority);
    play.step(format!("submit_proposal {} by {by}", proposal.index));
    let (realm, now) = (game.book.realm, game.now());
    let instruction = real::submit_proposal(&realm, &by, &proposal.address);
    attempt(game, play, "submit_proposal", instruction, |book| {
        book.submit(&by, &proposal.address, now)
    });
}

fn cancel_proposal(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_before = |p: &Proposal| p.status == Status::Draft || (p.status == Status::Submitted && now < p.starts_ts);
    let Some(proposal) = some_proposal(game, is_before) else {
        return;
    };
    let by = signer(game, proposal.authority);
    play.step(format!("cancel_proposal {} by {by}", proposal.index));
    let instruction = real::cancel_proposal(&by, &proposal.address);
    attempt(game, play, "cancel_proposal", instruction, |book| {
        book.cancel(&by, &proposal.address, now)
    });
}

fn cast_votes(game: &mut Game, play: &mut Play) {
    let (now, epoch) = (game.now(), game.epoch());
    let open: Vec<Address> = (game.book.proposals.values())
        .filter(|p| p.status == Status::Submitted && p.starts_ts <= now && now < game.book.ends(p)[1])
        .map(|p| p.address)
        .collect();
    if open.is_empty() && !is_wild(game) {
        return if chance(&mut game.world.rng, 50) {
            submit_proposal(game, play)
        } else {
            let_time_pass(game, play)
        };
    }
    let Some(proposal) = some_proposal(game, |p| open.contains(&p.address)) else {
        return open_ballot(game, play);
    };
    let Some(ballot) = some_ballot(game, |b| b.epoch == epoch) else {
        return open_ballot(game, play);
    };
    let by = signer(game, ballot.voter);
    let old = ballot.votes.get(&proposal.index).map_or(0, |(_, votes)| *votes);
    let free = ballot.budget - ballot.spent() + u64::from(old).pow(2);
    let most = (0..)
        .take_while(|votes: &u64| votes * votes <= free)
        .last()
        .unwrap_or(0);
    let rng = &mut game.world.rng;
    let votes = match rng.random_range(0..30) {
        0 => most + 1,
        1 => *pick(rng, &[65_535u64, 65_536, u64::from(u32::MAX)]),
        2 => 0,
        3..8 => most,
        _ => magnitude(rng, most.max(1)),
    };
    let votes = votes as u32;
    let option = match rng.random_range(0..20) {
        0 => proposal.choices + 1,
        1..5 => 0,
        5..8 => rng.random_range(0..=proposal.choices),
        _ => 1,
    };
    play.step(format!(
        "cast {votes} for {option} of proposal {} with {} ({} of {} spent) by {by}",
        proposal.index,
        ballot.address,
        ballot.spent(),
        ballot.budget
    ));
    let instruction = real::cast_votes(&by, &ballot.address, &proposal.address, option, votes);
    attempt(game, play, "cast_votes", instruction, |book| {
        book.cast(&by, &ballot.address, &proposal.address, option, votes, now)
    });
}

/// Lets time pass to a moment, if it lies ahead.
fn reach(game: &mut Game, play: &mut Play, ts: i64) {
    let seconds = ts - game.now();
    if seconds > 0 {
        play.step(format!("{seconds} s pass"));
        game.world.warp(seconds, 1);
        play.agreed("warp", None);
    }
}

fn finalize(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Submitted && p.starts_ts <= now) else {
        return cast_votes(game, play);
    };
    let end = game.book.ends(&proposal)[2];
    if now < end && chance(&mut game.world.rng, 80) {
        return cast_votes(game, play);
    }
    play.step(format!("finalize {}", proposal.index));
    let instruction = real::finalize(&proposal.address);
    attempt(game, play, "finalize", instruction, |book| {
        book.finalize(&proposal.address, now)
    });
}

fn execute_action(game: &mut Game, play: &mut Play) {
    let now = game.now();
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.executable.1;
    if !game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 97) {
        return cast_votes(game, play);
    }
    let Some(proposal) = some_proposal(game, is_ready) else {
        return cast_votes(game, play);
    };
    let next = proposal
        .actions
        .iter()
        .position(|a| Some(a.choice) == proposal.winner && !a.is_executed);
    let wild = is_wild(game);
    let index = match next {
        Some(index) if !wild => index,
        _ if proposal.actions.is_empty() => return,
        _ => game.world.rng.random_range(0..proposal.actions.len()),
    };
    if !wild {
        reach(game, play, proposal.executable.0);
    }
    let now = game.now();
    let action = proposal.actions[index].clone();
    play.step(format!(
        "execute_action {} of {}: {:?}",
        action.index, proposal.index, action.deed
    ));
    let realm = game.book.realm;
    let bytes = game.world.raw(&action.address).data;
    let instruction = real::execute_action(&realm, &proposal.address, &action.address, &bytes);
    let attestor = match action.deed {
        Deed::AddAttestor { key, .. } => real::attestor_address(&realm, &key),
        Deed::Pay { to, .. } => to,
    };
    let rent = game.world.rent(188);
    attempt(game, play, "execute_action", instruction, |book| {
        book.execute(&proposal.address, index, &attestor, rent, now)
    });
}

fn expire_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.status == Status::Succeeded) else {
        return;
    };
    let end = proposal.executable.1;
    if proposal.status == Status::Succeeded && chance(&mut game.world.rng, 25) {
        reach(game, play, end);
    }
    if game.now() < end && proposal.status == Status::Succeeded && chance(&mut game.world.rng, 90) {
        return execute_action(game, play);
    }
    play.step(format!("expire_proposal {}", proposal.index));
    let now = game.now();
    let instruction = real::expire_proposal(&proposal.address);
    attempt(game, play, "expire_proposal", instruction, |book| {
        book.expire(&proposal.address, now)
    });
}

fn close_action(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.is_finished() && !p.actions.is_empty()) else {
        return;
    };
    if proposal.actions.is_empty() {
        return;
    }
    let index = game.world.rng.random_range(0..proposal.actions.len());
    let action = proposal.actions[index].address;
    play.step(format!("close_action {action} of {}", proposal.index));
    let instruction = real::close_action(&proposal.address, &action, &proposal.authority);
    attempt(game, play, "close_action", instruction, |book| {
        book.close_action(&proposal.address, index)
    });
}

fn close_proposal(game: &mut Game, play: &mut Play) {
    let Some(proposal) = some_proposal(game, |p| p.is_finished() && p.actions.is_empty()) else {
        return;
    };
    play.step(format!("close_proposal {}", proposal.index));
    let instruction = real::close_proposal(&proposal.address, &proposal.authority);
    attempt(game, play, "close_proposal", instruction, |book| {
        book.close_proposal(&proposal.address)
    });
}

// ---- the world around ----

/// Tokens sent to a stake's vault past the program, or lamports to a lane.
fn donate(game: &mut Game, play: &mut Play) {
    let stake = some_stake(game, |_| true);
    let from = *pick(&mut game.world.rng, &game.voters.clone());
    let wallet = game.wallet(&from);
    if let Some(stake) = stake.filter(|_| game.book.tokens.atoms(&wallet) >= 5) {
        play.step(format!("5 atoms donated to {}", stake.vault));
        let (mint, owner) = (game.mint.clone(), game.keys[&from].insecure_clone());
        game.world.transfer(&mint, &wallet, &stake.vault, &owner, 5);
        game.book.tokens.transfer(&wallet, &stake.vault, &from, 5, 0).unwrap();
    } else {
        let lane = *pick(&mut game.world.rng, &game.book.lanes);
        play.step(format!("a lamport donated to {lane}"));
        game.world.svm.expire_blockhash();
        game.world.airdrop(&lane, 1);
        *game.book.lamports.get_mut(&lane).unwrap() += 1;
        game.lamports_in += 1;
    }
    play.agreed("donate", None);
}

/// Moments, boundaries of proposals and their neighbours, the next epoch, many epochs, and slots without seconds.
fn let_time_pass(game: &mut Game, play: &mut Play) {
    let now = game.now();
    // while a vote is open most wait for it
    let is_open = |p: &Proposal| p.status == Status::Submitted && p.starts_ts <= now && now < game.book.ends(p)[1];
    if game.book.proposals.values().any(is_open) && chance(&mut game.world.rng, 75) {
        return cast_votes(game, play);
    }
    // and whoever has won executes in time
    let is_ready = |p: &Proposal| p.status == Status::Succeeded && now < p.executable.1;
    if game.book.proposals.values().any(is_ready) && chance(&mut game.world.rng, 40) {
        return execute_action(game, play);
    }
    let mut moments = vec![game.book.starts(game.epoch() + 1)];
    for proposal in game
        .book
        .proposals
        .values()
        .filter(|p| p.vote_epoch.is_some() && !p.is_finished())
    {
        let ends = game.book.ends(proposal);
        moments.extend([proposal.starts_ts, ends[0] - i64::from(game.book.rules.late_window_s)]);
        moments.extend(ends);
        moments.extend([proposal.executable.0, proposal.executable.1]);
    }
    moments.retain(|moment| *moment > now);
    let nearest = moments.iter().min().copied().unwrap_or(now + 1);
    let rng = &mut game.world.rng;
    let seconds = match rng.random_range(0..40) {
        0..12 => nearest - now,
        12..16 => nearest - now - 1,
        16..18 => *pick(rng, &moments) - now,
        18 => i64::from(game.book.rules.epoch_s) * rng.random_range(1..12),
        19..22 => 0,
        _ => rng.random_range(1..5),
    };
    play.step(format!("{seconds} s pass"));
    game.world.warp(seconds, 1);
    play.agreed("warp", None);
}

/// Liveness: time and cranks end every proposal, and everything held returns to whoever it belongs to.
fn drain(game: &mut Game, play: &mut Play) {
    let farthest = i64::from(game.book.rules.epoch_s) * 12;
    game.world.warp(farthest, 1);
    for proposal in game.book.proposals.values().cloned().collect::<Vec<_>>() {
        let at = proposal.address;
        if proposal.status == Status::Draft {
            play.step(format!("last cancel_proposal {}", proposal.index));
            let (by, now) = (proposal.authority, game.now());
            again(game, play, "cancel_proposal", &real::cancel_proposal(&by, &at), |book| book.cancel(&by, &at, now));
        }
        if proposal.status == Status::Submitted {
            play.step(format!("last finalize {}", proposal.index));
            let now = game.now();
            again(game, play, "finalize", &real::finalize(&at), |book| book.finalize(&at, now));
        }
        if game.book.proposals[&at].status == Status::Succeeded {
            let end = game.book.proposals[&at].executable.1;
            reach(game, play, end);
            play.step(format!("last expire_proposal {}", proposal.index));
            let now = game.now();
            again(game, play, "expire_proposal", &real::expire_proposal(&at), |book| book.expire(&at, now));
        }
        while let Some(action) = game.book.proposals[&at].actions.first().map(|action| action.address) {
            play.step(format!("last close_action {action}"));
            let close = real::close_action(&at, &action, &proposal.authority);
            again(game, play, "close_action", &close, |book| book.close_action(&at, 0));
        }
        play.step(format!("last close_proposal {}", proposal.index));
        let close = real::close_proposal(&at, &proposal.authority);
        again(game, play, "close_proposal", &close, |book| book.close_proposal(&at));
    }
    for ballot in game.book.ballots.values().cloned().collect::<Vec<_>>() {
        // long after its epoch anybody may
        let (by, at, now) = (game.key("sponsor"), ballot.address, game.now());
        play.step(format!("last close_ballot {at}"));
        let close = real::close_ballot(&by, &at, &ballot.rent_payer);
        again(game, play, "close_ballot", &close, |book| book.close_ballot(&by, &at, now));
    }
    for stake in game.book.stakes.values().cloned().collect::<Vec<_>>() {
        let (by, at, realm, mint) = (stake.depositor, stake.address, game.book.realm, game.mint.clone());
        let (to, atoms, now) = (game.wallet(&by), stake.atoms(), game.now());
        if atoms > 0 {
            play.step(format!("last unstake {atoms} from {at}"));
            let unstake = real::unstake_tokens(&realm, &by, &stake.person, &to, &mint, atoms);
            again(game, play, "unstake", &unstake, |book| book.unstake(&by, &at, &to, atoms, now));
        }
        play.step(format!("last close_stake {at}"));
        let close = real::close_stake(&by, &at, &to, &mint);
        again(game, play, "close_stake", &close, |book| book.close_stake(&by, &at, &to));
    }
    game.compare(None);
    // every atom is back in a wallet, and nothing but what lives for ever holds lamports
    let held: u64 = game.book.tokens.holdings.values().map(|holding| holding.atoms).sum();
    assert_eq!((game.book.tokens.holdings.len(), held), (game.voters.len(), game.world.supply(&game.mint.address)));
}

/// Runs an instruction until its signer does not forget to sign; it must succeed then.
fn again(
    game: &mut Game,
    play: &mut Play,
    action: &'static str,
    instruction: &Instruction,
    change: impl Fn(&mut Book) -> Result<(), Refusal>,
) {
    let mut check = game.book.clone();
    assert_eq!(change(&mut check), Ok(()), "an exit is closed");
    while !attempt(game, play, action, instruction.clone(), &change) {}
}
