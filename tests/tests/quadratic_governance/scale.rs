//! Ten thousand persons vote on eight proposals: every account made by the program's own instructions, tallies held against a model
//! that knows nothing but who voted what.

use {
    crate::prelude::*,
    num_bigint::BigUint,
    rand::Rng,
    sha2::{Digest, Sha256},
    std::time::Instant,
};

/// Fewer by `COMMONWEAL_SCALE_PERSONS`.
const PERSONS: usize = 10_000;
const PROPOSALS: usize = 8;
const CHOICES: u8 = 2;
const ATTESTORS: u8 = 16;
/// 0.003 SOL.
const MOST_RENT_LAMPORTS: u64 = 3_000_000;

/// A voter: nothing but addresses, since nobody's signature is verified here.
struct Voter {
    wallet: Address,
    person: Address,
    bucket: usize,
    registered_epoch: u32,
}

struct Town {
    community: Community,
    voters: Vec<Voter>,
}

/// What the tallies must be.
#[derive(Default)]
struct Model {
    votes: [[[u64; 16]; 3]; PROPOSALS],
    voters: [u32; PROPOSALS],
    credits: [u64; PROPOSALS],
}

fn address_of(kind: &str, number: usize) -> Address {
    let mut hasher = Sha256::new();
    hasher.update(kind);
    hasher.update(number.to_le_bytes());
    Address::new_from_array(hasher.finalize().into())
}

/// Every second person is one attestor's, the others are of fifteen others: that one's votes are beyond what counts in full.
fn bucket_of(number: usize) -> usize {
    if number.is_multiple_of(2) {
        0
    } else {
        1 + number / 2 % 15
    }
}

impl Town {
    /// Registers as many as may in each epoch, until there are that many.
    fn grow(persons: usize) -> Self {
        let parameters = RealmParameters {
            cohort_floor_votes: 100,
            ..rehearsal_parameters()
        };
        let world = commonweal_tests::world::World::without_signatures(0);
        let mut community = Community::empty_in(world, parameters, true);
        for slot in 0..ATTESTORS {
            community.add_attestor(slot, u32::MAX);
        }
        let keys: Vec<Address> = (0..ATTESTORS)
            .map(|slot| community.attestor_key(slot).pubkey())
            .collect();
        let mut town = Self {
            community,
            voters: Vec::with_capacity(persons),
        };
        for epoch in 0.. {
            town.community.to_epoch(epoch);
            // ten persons, or a twentieth of those who were there when the epoch began
            let growth = (town.voters.len() / 20).max(10);
            for _ in 0..growth.min(persons - town.voters.len()) {
                town.register(epoch, &keys);
            }
            if town.voters.len() == persons {
                break;
            }
            let refused = town.registration(town.voters.len(), &keys).0;
            let outcome = town.community.world.send_unsigned(&[refused]);
            assert_eq!(
                outcome.failure(),
                Some(&error(GovernanceError::GrowthExhausted)),
                "epoch {epoch}"
            );
        }
        town
    }

    fn registration(&self, number: usize, keys: &[Address]) -> (Instruction, Address, [u8; 32]) {
        let realm = self.community.realm;
        let wallet = address_of("wallet", number);
        let nullifier = address_of("nullifier", number).to_bytes();
        let payer = self.community.world.keypair("sponsor").pubkey();
        let now = self.community.world.now();
        let signers = [keys[bucket_of(number)]];
        let instruction = gov::register_person(
            &realm,
            &payer,
            &wallet,
            &signers,
            nullifier,
            now + 365 * 86_400,
            now + 3_600,
        );
        (instruction, wallet, nullifier)
    }

    fn register(&mut self, epoch: u32, keys: &[Address]) {
        let number = self.voters.len();
        if number == 0 {
            let sponsor = self.community.world.actor("sponsor").pubkey();
            self.community.world.airdrop(&sponsor, 1_000_000_000_000_000);
        }
        let (instruction, wallet, _) = self.registration(number, keys);
        let person = instruction.accounts[5].pubkey;
        self.community.world.send_unsigned(&[instruction]).succeeded();
        self.voters.push(Voter {
            wallet,
            person,
            bucket: bucket_of(number),
            registered_epoch: epoch,
        });
    }

    /// Eight proposals of the first person, submitted in the epoch after the last registration.
    fn propose(&mut self) -> (u32, Vec<Address>) {
        let epoch = self.voters.last().unwrap().registered_epoch + 1;
        self.community.to_epoch(epoch);
        let realm = self.community.realm;
        let (wallet, person) = (self.voters[0].wallet, self.voters[0].person);
        self.community.world.airdrop(&wallet, 1_000_000_000_000);
        let proposals = (0..PROPOSALS as u32)
            .map(|index| {
                let proposal = gov::proposal_address(&realm, index);
                let create = gov::create_proposal(&realm, &wallet, &person, index, hash("text"), CHOICES);
                let submit = gov::submit_proposal(&realm, &wallet, &person, &proposal);
                self.community.world.send_unsigned(&[create, submit]).succeeded();
                proposal
            })
            .collect();
        (epoch + 1, proposals)
    }

    /// Opens a person's ballot and casts on all eight proposals, in one transaction. Compute units of each cast.
    fn vote(&mut self, number: usize, epoch: u32, proposals: &[Address], model: &mut Model) -> Vec<u64> {
        let realm = self.community.realm;
        let payer = self.community.world.keypair("sponsor").pubkey();
        let choices = choices_of(number, &mut self.community.world.rng);
        let voter = &self.voters[number];
        let ballot = gov::ballot_address(&realm, &voter.person, epoch);
        let mut instructions = vec![gov::open_ballot(
            &realm,
            &payer,
            &voter.wallet,
            &voter.person,
            None,
            epoch,
        )];
        for (place, (option, votes)) in choices.into_iter().enumerate() {
            let cast = gov::cast_votes(&voter.wallet, &voter.person, &ballot, &proposals[place], option, votes);
            instructions.push(cast);
            model.votes[place][usize::from(option)][voter.bucket] += u64::from(votes);
            model.voters[place] += 1;
            model.credits[place] += u64::from(votes).pow(2);
        }
        let receipt = self.community.world.send_unsigned(&instructions).succeeded();
        consumed(&receipt.logs)[1..].to_vec()
    }
}

/// Option and votes for each proposal, at most a hundred credits together.
fn choices_of(number: usize, rng: &mut impl Rng) -> Vec<(u8, u32)> {
    (0..PROPOSALS)
        .map(|place| match (place, bucket_of(number)) {
            // the large cohort is of one mind on the first proposal; 64 + 7 · 4 credits
            (0, 0) => (2, 8),
            (0, _) => (1, rng.random_range(5..=8)),
            _ => (rng.random_range(0..=CHOICES), rng.random_range(1..=2)),
        })
        .collect()
}

/// Compute units of each instruction of a transaction that calls nothing but this program and, inside it, the system program.
fn consumed(logs: &[String]) -> Vec<u64> {
    let own = format!("Program {} consumed ", ids::QUADRATIC_GOVERNANCE);
    logs.iter()
        .filter_map(|line| line.strip_prefix(&own))
        .map(|rest| rest.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

/// f of the cohort discount, in Q16.
fn discounted(votes: u64, cap: u64) -> BigUint {
    let (votes, cap) = (BigUint::from(votes), BigUint::from(cap));
    if votes <= cap {
        votes
    } else {
        (votes * cap).sqrt()
    }
}

impl Model {
    /// Holds a proposal's tallies; `sizes`: persons of each bucket when the submission's epoch began.
    fn assert_holds(&self, place: usize, state: &Proposal, sizes: &[u64; 16]) {
        assert_eq!(
            (state.voters.get(), state.spent_credits.get()),
            (self.voters[place], self.credits[place])
        );
        for (option, row) in self.votes[place].iter().enumerate() {
            let mut total = BigUint::default();
            for (bucket, votes) in row.iter().enumerate() {
                assert_eq!(
                    state.buckets_q16[option][bucket].get(),
                    votes << 16,
                    "S[{option}][{bucket}]"
                );
                // a quarter of ten votes a person, a hundred at least
                let cap = (sizes[bucket] * 10 * 65_536 / 4).max(100 << 16);
                total += discounted(votes << 16, cap);
            }
            assert_eq!(BigUint::from(state.totals_q16[option].get()), total, "T[{option}]");
        }
    }
}

fn median(mut numbers: Vec<u64>) -> u64 {
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

#[test]
fn ten_thousand_persons_vote_on_eight_proposals() {
    let persons = std::env::var("COMMONWEAL_SCALE_PERSONS").map_or(PERSONS, |number| number.parse().unwrap());
    let began = Instant::now();
    let mut town = Town::grow(persons);
    let grown = began.elapsed();
    let (epoch, proposals) = town.propose();
    let realm = town.community.realm_state();
    assert_eq!(realm.persons.get() as usize, persons);
    let mut sizes = [0u64; 16];
    for voter in &town.voters {
        sizes[voter.bucket] += 1;
    }

    town.community.to_epoch(epoch);
    let mut model = Model::default();
    let before = town
        .community
        .world
        .lamports(&town.community.world.keypair("sponsor").pubkey());
    let units: Vec<Vec<u64>> = (0..persons)
        .map(|number| town.vote(number, epoch, &proposals, &mut model))
        .collect();
    let voted = began.elapsed();
    let sponsor = town.community.world.keypair("sponsor").pubkey();
    let rent = (before - town.community.world.lamports(&sponsor)) / persons as u64;
    assert!(rent <= MOST_RENT_LAMPORTS, "{rent} lamports of rent a voter");
    assert_flat(&units);

    for (place, proposal) in proposals.iter().enumerate() {
        model.assert_holds(place, &town.community.proposal_state(*proposal), &sizes);
    }
    assert_cohort_is_discounted(&town.community.proposal_state(proposals[0]), &model);
    town.community.to_second_of(epoch, 60);
    for (place, proposal) in proposals.iter().enumerate() {
        let finalize = gov::finalize(&town.community.realm, proposal);
        town.community.world.send_unsigned(&[finalize]).succeeded();
        model.assert_holds(place, &town.community.proposal_state(*proposal), &sizes);
    }
    assert_rent_returns(&mut town, epoch, rent);
    println!(
        "{persons} persons in {} epochs: registered in {:.1?}, {} casts in {:.1?}, all in {:.1?}; {rent} lamports of rent a voter",
        epoch - 1,
        grown,
        persons * PROPOSALS,
        voted - grown,
        began.elapsed()
    );
}

/// A cast costs the last thousand voters' votes what it cost the first ones'.
fn assert_flat(units: &[Vec<u64>]) {
    let few = 125.min(units.len() / 2);
    let of = |voters: &[Vec<u64>], place: usize| voters.iter().map(|casts| casts[place]).collect::<Vec<u64>>();
    let (first, last) = (&units[..few], &units[units.len() - few..]);
    for place in 0..PROPOSALS {
        let (early, late) = (of(first, place), of(last, place));
        println!(
            "proposal {place}: first thousand {} CU in the middle, {} at most; last thousand {} and {}",
            median(early.clone()),
            early.iter().max().unwrap(),
            median(late.clone()),
            late.iter().max().unwrap()
        );
        // on the first proposal the late votes are beyond what counts in full, and take roots
        if place > 0 {
            assert_eq!(median(early.clone()), median(late.clone()), "proposal {place}");
            assert!(late.iter().max() <= early.iter().max(), "proposal {place}");
        }
    }
}

/// 10,000 sybils from one attestor: half of all persons with eight votes each count for far less than they cast.
fn assert_cohort_is_discounted(state: &Proposal, model: &Model) {
    let cast = model.votes[0][2][0];
    let counted = state.totals_q16[2].get() >> 16;
    println!("the large cohort cast {cast} votes on one option, {counted} count");
    // eight votes of each over a bound of two and a half: √(2.5 · 8) = 4.5 each
    assert!(counted * 100 <= cast * 57, "{counted} of {cast} count");
}

/// A sample of ballots is closed in the next epoch; the payer has all of their rent again.
fn assert_rent_returns(town: &mut Town, epoch: u32, rent: u64) {
    town.community.to_epoch(epoch + 1);
    let sponsor = town.community.world.keypair("sponsor").pubkey();
    let before = town.community.world.lamports(&sponsor);
    let sample: Vec<usize> = (0..town.voters.len()).step_by(10).collect();
    for number in &sample {
        let voter = &town.voters[*number];
        let ballot = gov::ballot_address(&town.community.realm, &voter.person, epoch);
        let close = gov::close_ballot(&voter.wallet, &voter.person, &ballot, &sponsor);
        town.community.world.send_unsigned(&[close]).succeeded();
        assert!(!town.community.world.exists(&ballot));
    }
    let returned = town.community.world.lamports(&sponsor) - before;
    assert_eq!(returned, rent * sample.len() as u64);
}
