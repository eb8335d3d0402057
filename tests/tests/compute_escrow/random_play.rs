//! Random sequences of valid and invalid instructions against a model written from the design, not from the code.

use {
    commonweal_tests::{
        fixtures::escrow::{ix, state_code::*, *},
        world::Failure,
    },
    num_bigint::BigUint,
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeMap,
};

const SEQUENCES: u64 = 40;
const STEPS: usize = 220;

/// A moment: seconds and slot number.
type Moment = (i64, u64);

#[derive(Clone)]
struct ModelJob {
    order: Order,
    terms: JobTerms,
    state: u8,
    worker: Option<usize>,
    created: Moment,
    entered: Moment,
}

#[derive(Clone, Default)]
struct ModelSlot {
    bond: u64,
    locked: u64,
    burnt: u64,
    slashed: u64,
    withdrawn: u64,
    deposited: u64,
    live: Option<Address>,
    bonded_slot: u64,
    claimable: u64,
    fee_due: u64,
}

struct Worker {
    signer: &'static str,
    authority: &'static str,
    provider: Address,
    slot: Address,
}

struct Model {
    jobs: Vec<ModelJob>,
    slots: [ModelSlot; 2],
    client_atoms: u64,
    /// Lamports by actor.
    lamports: BTreeMap<&'static str, u64>,
}

struct Play {
    e: Escrow,
    model: Model,
    workers: [Worker; 2],
    accepted: BTreeMap<&'static str, (u32, u32)>,
}

type Verdict = Result<(), Failure>;

fn refuse(error: EscrowError) -> Verdict {
    Err(err(error))
}

/// Over when the seconds have passed and 5/4 slots for each of them.
fn over(start: Moment, seconds: u32, now: Moment) -> bool {
    let seconds = u64::from(seconds);
    now.0 >= start.0 + seconds as i64 && 4 * (now.1 - start.1) >= 5 * seconds
}

impl ModelJob {
    fn overdue(&self, now: Moment) -> bool {
        match self.state {
            OPEN => over(self.created, self.terms.open_seconds, now),
            CLAIMED => over(self.entered, self.terms.start_seconds, now),
            RUNNING => over(self.entered, self.terms.run_seconds, now),
            COMMITTED => over(self.entered, self.terms.reveal_seconds, now),
            _ => over(self.entered, self.terms.challenge_seconds, now),
        }
    }
}

impl Play {
    fn new(seed: u64) -> Self {
        let mut e = Escrow::rehearsal(seed);
        e.rival("rival");
        let rival_provider = ix::provider(&e.key("rival")).0;
        let rival_slot = ix::slot(&rival_provider, 0).0;
        e.run(
            ix::open_payout(e.key("payer"), rival_slot, e.mint.address, e.mint.program),
            &["payer"],
        );
        let workers = [
            Worker {
                signer: "session",
                authority: "provider",
                provider: e.provider,
                slot: e.slot,
            },
            Worker {
                signer: "rival",
                authority: "rival",
                provider: rival_provider,
                slot: rival_slot,
            },
        ];
        let slots = [0, 1].map(|index: usize| {
            let state: Slot = e.world.state(&workers[index].slot);
            ModelSlot {
                bond: DEPOSIT,
                deposited: DEPOSIT,
                bonded_slot: state.bonded_slot.get(),
                ..ModelSlot::default()
            }
        });
        let lamports = ["client", "payer", "cranker", "provider", "rival"]
            .into_iter()
            .map(|name| (name, e.world.lamports(&e.key(name))))
            .collect();
        let model = Model {
            jobs: Vec::new(),
            slots,
            client_atoms: CLIENT_ATOMS,
            lamports,
        };
        Self {
            e,
            model,
            workers,
            accepted: BTreeMap::new(),
        }
    }

    fn now(&self) -> Moment {
        (self.e.world.now(), self.e.world.clock().slot)
    }

    fn pick(&mut self, bound: usize) -> usize {
        self.e.world.rng.random_range(0..bound)
    }

    fn pay(&mut self, name: &'static str, lamports: u64) {
        *self.model.lamports.get_mut(name).unwrap() += lamports;
    }

    /// Runs an instruction whose verdict the model has given.
    fn run(&mut self, action: &'static str, instruction: Instruction, by: &[&str], verdict: Verdict) -> bool {
        let (all, good) = self.accepted.entry(action).or_default();
        *all += 1;
        *good += u32::from(verdict.is_ok());
        match verdict {
            Ok(()) => {
                self.e.run(instruction, by);
                true
            }
            Err(failure) => {
                self.e.fails_as(instruction, by, failure);
                false
            }
        }
    }

    fn post(&mut self) {
        let rng = &mut self.e.world.rng;
        let t = JobTerms {
            verification: rng.random_range(0..3),
            price_atoms: rng.random_range(0..50),
            bond_lamports: rng.random_range(9..120) * 1_000_000,
            compensation_lamports: [0, 1_000_000, 5_000_000][rng.random_range(0..3)],
            open_seconds: rng.random_range(2..60),
            start_seconds: rng.random_range(2..20),
            run_seconds: rng.random_range(2..20),
            reveal_seconds: rng.random_range(2..20),
            challenge_seconds: rng.random_range(2..10),
            ..terms()
        };
        let verdict = if t.verification > 1 {
            refuse(EscrowError::VerificationNotAvailable)
        } else if t.price_atoms == 0 {
            refuse(EscrowError::ZeroAmount)
        } else if t.bond_lamports < MIN_BOND {
            refuse(EscrowError::BondTooSmall)
        } else {
            Ok(())
        };
        let nonce = self.e.next_nonce;
        self.e.next_nonce += 1;
        let order = self.e.order(nonce);
        self.e.orders.push(order);
        let now = self.now();
        let instruction = self.e.post_job(nonce, &t);
        if self.run("post_job", instruction, &["client", "payer"], verdict) {
            self.model.client_atoms -= t.price_atoms;
            let cost = self.e.world.rent(436) + self.e.world.rent(165) + BOUNTY;
            *self.model.lamports.get_mut("payer").unwrap() -= cost;
            let job = ModelJob {
                order,
                terms: t,
                state: OPEN,
                worker: None,
                created: now,
                entered: now,
            };
            self.model.jobs.push(job);
        }
    }

    /// A step of a worker: claim, decline, start, commit or reveal.
    fn work(&mut self, action: usize, job: usize, worker: usize) {
        let now = self.now();
        let (j, s) = (self.model.jobs[job].clone(), self.model.slots[worker].clone());
        let w = &self.workers[worker];
        let (signer, provider, slot) = (w.signer, w.provider, w.slot);
        let key = self.e.key(signer);
        let needed = [OPEN, CLAIMED, CLAIMED, RUNNING, COMMITTED][action];
        let mut verdict = Ok(());
        if j.state != needed {
            verdict = refuse(EscrowError::WrongJobState);
        } else if action > 0 && j.worker != Some(worker) {
            verdict = refuse(EscrowError::NotTheAssignedSlot);
        } else if j.overdue(now) {
            verdict = refuse(EscrowError::DeadlinePassed);
        } else if action == 0 {
            if s.live.is_some() {
                verdict = refuse(EscrowError::SlotBusy);
            } else if s.bonded_slot >= j.entered.1 {
                verdict = refuse(EscrowError::BondTooRecent);
            } else if s.bond - s.locked < j.terms.bond_lamports {
                verdict = refuse(EscrowError::BondNotCovered);
            }
        }
        let (address, uid) = (j.order.job, j.order.uid);
        let (name, instruction) = match action {
            0 => ("claim_job", ix::claim_job(key, provider, slot, address, &uid)),
            1 => ("decline_job", ix::decline_job(key, provider, slot, address)),
            2 => ("start_job", ix::start_job(key, provider, slot, address, &INPUT)),
            3 => (
                "commit_result",
                ix::commit_result(key, provider, slot, address, &commitment(&RESULT, &SALT, &slot, &uid)),
            ),
            _ => (
                "reveal_result",
                ix::reveal_result(key, provider, slot, address, &RESULT, &SALT),
            ),
        };
        if !self.run(name, instruction, &[signer], verdict) {
            return;
        }
        let (j, s) = (&mut self.model.jobs[job], &mut self.model.slots[worker]);
        j.entered = now;
        j.state = [CLAIMED, OPEN, RUNNING, COMMITTED, CHALLENGEABLE][action];
        match action {
            0 => {
                j.worker = Some(worker);
                s.live = Some(address);
                s.locked += j.terms.bond_lamports;
            }
            1 => {
                j.worker = None;
                s.live = None;
                s.locked -= j.terms.bond_lamports;
            }
            3 => s.live = None,
            _ => {}
        }
    }

    fn settle(&mut self, job: usize) {
        let (now, j) = (self.now(), self.model.jobs[job].clone());
        let Some(worker) = j.worker else { return };
        let verdict = if j.state != CHALLENGEABLE {
            refuse(EscrowError::WrongJobState)
        } else if !j.overdue(now) {
            refuse(EscrowError::TooEarly)
        } else {
            Ok(())
        };
        let slot = self.workers[worker].slot;
        let instruction = ix::settle(j.order.job, slot, self.e.mint.address, self.e.mint.program);
        if self.run("settle", instruction, &[], verdict) {
            let part = BigUint::from(j.terms.price_atoms) * BigUint::from(980_000u32) / BigUint::from(1_000_000u32);
            let part = u64::try_from(part).unwrap();
            let s = &mut self.model.slots[worker];
            s.claimable += part;
            s.fee_due += j.terms.price_atoms - part;
            s.locked -= j.terms.bond_lamports;
            self.model.jobs[job].state = FINAL;
        }
    }

    /// Closes a job in the model: rent and what is left of the reserve go back.
    fn end(&mut self, job: usize, refunded: bool, reserve: u64) {
        let j = self.model.jobs.remove(job);
        if refunded {
            self.model.client_atoms += j.terms.price_atoms;
        }
        let rent = self.e.world.rent(436) + self.e.world.rent(165);
        self.pay("payer", rent + reserve);
        assert!(!self.e.world.exists(&j.order.job) && !self.e.world.exists(&j.order.vault));
    }

    fn cancel(&mut self, job: usize) {
        let (now, j) = (self.now(), self.model.jobs[job].clone());
        let verdict = if j.state != OPEN {
            refuse(EscrowError::WrongJobState)
        } else if now.1 == j.created.1 {
            refuse(EscrowError::SameSlot)
        } else {
            Ok(())
        };
        let instruction = self.e.cancel(&j.order);
        if self.run("cancel_job", instruction, &["client"], verdict) {
            self.end(job, true, BOUNTY);
        }
    }

    fn close(&mut self, job: usize) {
        let j = self.model.jobs[job].clone();
        let verdict = if j.state == FINAL {
            Ok(())
        } else {
            refuse(EscrowError::WrongJobState)
        };
        let instruction = self.e.close(&j.order);
        if self.run("close_job", instruction, &[], verdict) {
            self.end(job, false, BOUNTY);
        }
    }

    fn crank(&mut self, job: usize) {
        let (now, j) = (self.now(), self.model.jobs[job].clone());
        let verdict = if j.state >= CHALLENGEABLE {
            refuse(EscrowError::NothingToCrank)
        } else if !j.overdue(now) {
            refuse(EscrowError::TooEarly)
        } else {
            Ok(())
        };
        let instruction = self.e.crank(&j.order);
        if !self.run("crank", instruction, &["cranker"], verdict) {
            return;
        }
        self.pay("cranker", BOUNTY);
        let Some(worker) = j.worker else {
            return self.end(job, true, 0);
        };
        self.pay("client", j.terms.compensation_lamports);
        let (bond, paid) = (j.terms.bond_lamports, j.terms.compensation_lamports + BOUNTY);
        let s = &mut self.model.slots[worker];
        s.locked -= bond;
        if j.state != COMMITTED {
            s.live = None;
        }
        if j.state == CLAIMED {
            s.bond -= paid;
            s.slashed += paid;
            let j = &mut self.model.jobs[job];
            (j.state, j.worker, j.entered) = (OPEN, None, now);
        } else {
            s.bond -= bond;
            s.slashed += bond;
            s.burnt += bond - paid;
            self.end(job, true, BOUNTY);
        }
    }

    fn bond(&mut self, worker: usize) {
        let slot_number = self.now().1;
        let w = &self.workers[worker];
        let (name, provider, slot) = (w.authority, w.provider, w.slot);
        let key = self.e.key(name);
        if self.pick(4) == 0 {
            let lamports = 20_000_000 * self.pick(8) as u64;
            let verdict = if lamports == 0 {
                refuse(EscrowError::ZeroAmount)
            } else {
                Ok(())
            };
            if self.run(
                "deposit_bond",
                ix::deposit_bond(key, provider, slot, lamports),
                &[name],
                verdict,
            ) {
                let s = &mut self.model.slots[worker];
                s.bond += lamports;
                s.deposited += lamports;
                s.bonded_slot = slot_number;
                *self.model.lamports.get_mut(name).unwrap() -= lamports;
            }
        } else {
            let s = self.model.slots[worker].clone();
            let lamports = 1 + self.pick(40_000_000) as u64;
            let verdict = if lamports > s.bond - s.locked {
                refuse(EscrowError::BondLocked)
            } else {
                Ok(())
            };
            if self.run(
                "withdraw_bond",
                ix::withdraw_bond(key, provider, slot, lamports),
                &[name],
                verdict,
            ) {
                let s = &mut self.model.slots[worker];
                s.bond -= lamports;
                s.withdrawn += lamports;
                self.pay(name, lamports);
            }
        }
    }

    fn wait(&mut self) {
        let seconds = self.pick(7) as i64;
        let slots = match self.pick(4) {
            0 => self.pick(3) as u64,
            _ => seconds.unsigned_abs() * 5 / 2,
        };
        self.e.world.warp(seconds, slots);
    }

    /// The chain is what the model says, to the atom and the lamport.
    fn compare(&self) {
        let world = &self.e.world;
        assert_eq!(world.tokens(&self.e.client_token), self.model.client_atoms);
        for (name, lamports) in &self.model.lamports {
            assert_eq!(world.lamports(&self.e.key(name)), *lamports, "lamports of {name}");
        }
        for (worker, s) in self.workers.iter().zip(&self.model.slots) {
            let slot: Slot = world.state(&worker.slot);
            assert_eq!(slot.bond_lamports.get(), s.bond);
            assert_eq!(slot.locked_lamports.get(), s.locked);
            assert_eq!(slot.slashed_lamports.get(), s.slashed);
            assert_eq!(slot.burnt_lamports.get(), s.burnt);
            assert_eq!(slot.withdrawn_lamports.get(), s.withdrawn);
            assert_eq!(slot.deposited_lamports.get(), s.deposited);
            assert_eq!(slot.current_job, s.live.unwrap_or_default());
            assert_eq!(world.lamports(&worker.slot), world.rent(336) + s.bond + s.burnt);
            let payout: Payout = world.state(&ix::payout(&worker.slot, &self.e.mint.address).0);
            assert_eq!(
                (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
                (s.claimable, s.fee_due)
            );
            assert_eq!(world.tokens(&payout.vault), s.claimable + s.fee_due);
        }
        for j in &self.model.jobs {
            let job: Job = world.state(&j.order.job);
            let slot = j.worker.map_or(Address::default(), |worker| self.workers[worker].slot);
            assert_eq!(
                (job.state, job.slot, job.entered_ts.get()),
                (j.state, slot, job.entered_ts.get())
            );
            assert_eq!(
                world.tokens(&j.order.vault),
                if j.state == FINAL { 0 } else { j.terms.price_atoms }
            );
        }
    }

    fn step(&mut self) {
        let action = self.pick(16);
        if self.model.jobs.is_empty() || (action == 0 && self.model.jobs.len() < 5) {
            return self.post();
        }
        let job = self.pick(self.model.jobs.len());
        // mostly what a job is waiting for, sometimes anything
        let state = self.model.jobs[job].state;
        let overdue = state < CHALLENGEABLE && self.model.jobs[job].overdue(self.now());
        let assigned = self.model.jobs[job].worker;
        let worker = match assigned {
            Some(worker) if self.pick(5) > 0 => worker,
            _ => self.pick(2),
        };
        match action {
            1 | 2 => self.wait(),
            3 => self.bond(worker),
            4 | 5 if overdue || self.pick(10) == 0 => self.crank(job),
            6 if state == OPEN || self.pick(20) == 0 => self.cancel(job),
            7 if state == CLAIMED => self.work(1, job, worker),
            8 if self.pick(3) == 0 => {
                let any = self.pick(5);
                self.work(any, job, worker);
            }
            9 if self.pick(8) == 0 => self.settle(job),
            10 if self.pick(4) == 0 => self.close(job),
            _ => match state {
                OPEN => self.work(0, job, worker),
                CLAIMED => self.work(2, job, worker),
                RUNNING => self.work(3, job, worker),
                COMMITTED => self.work(4, job, worker),
                CHALLENGEABLE if self.model.jobs[job].overdue(self.now()) || self.pick(10) == 0 => self.settle(job),
                CHALLENGEABLE => self.wait(),
                _ => self.close(job),
            },
        }
    }

    /// From wherever the play stopped, time and strangers bring everything to rest.
    fn drain(&mut self) {
        while !self.model.jobs.is_empty() {
            self.e.world.warp_seconds(100);
            match self.model.jobs[0].state {
                CHALLENGEABLE => self.settle(0),
                FINAL => self.close(0),
                _ => self.crank(0),
            }
            self.compare();
        }
        assert!(self.model.slots.iter().all(|s| s.locked == 0 && s.live.is_none()));
    }
}

#[test]
fn random_play_agrees_with_the_model_and_everything_can_be_drained() {
    let mut accepted = BTreeMap::<&str, (u32, u32)>::new();
    for seed in 0..SEQUENCES {
        let mut play = Play::new(seed);
        for _ in 0..STEPS {
            play.step();
            play.compare();
        }
        play.drain();
        for (action, (all, good)) in play.accepted {
            let sum = accepted.entry(action).or_default();
            sum.0 += all;
            sum.1 += good;
        }
    }
    for (action, (all, good)) in &accepted {
        println!("{action}: {good} of {all}");
        assert!(
            10 * good >= 3 * all,
            "{action}: {good} of {all} accepted: the play is vacuous"
        );
    }
    assert_eq!(accepted.len(), 12, "{accepted:?}");
}
