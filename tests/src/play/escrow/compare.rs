//! The chain is as the model has it, and the invariants hold on the real balances.

use {
    super::Game,
    crate::{
        fixtures::escrow::{self as real, state_code::*},
        model::escrow::{lease_code, Book, Job, Lease, Now},
    },
    compute_escrow::state,
    solana_address::Address,
    solana_instruction::Instruction,
};

const NOBODY: Address = Address::new_from_array([0; 32]);

fn moment(ts: anchor_lang::prelude::PodI64, slot: anchor_lang::prelude::PodU64) -> (i64, u64) {
    (ts.get(), slot.get())
}

fn of(now: Now) -> (i64, u64) {
    (now.ts, now.slot)
}

impl Game {
    /// Everything (or everything an instruction names) is on the chain as the model has it.
    pub fn compare(&self, named: Option<&Instruction>) {
        let concerns = |address: &Address| {
            named.is_none_or(|instruction| instruction.accounts.iter().any(|meta| meta.pubkey == *address))
        };
        macro_rules! each {
            ($map:ident, $compare:ident) => {
                for address in self.book.$map.keys().filter(|address| concerns(address)) {
                    self.$compare(address);
                }
            };
        }
        for (address, lamports) in self.book.lamports.iter().filter(|(address, _)| concerns(address)) {
            assert_eq!(self.world.lamports(address), *lamports, "lamports of {address}");
        }
        let holdings = self.book.tokens.holdings.iter();
        for (address, holding) in holdings.filter(|(address, _)| concerns(address)) {
            assert_eq!(self.world.tokens(address), holding.atoms, "atoms of {address}");
        }
        each!(jobs, compare_job);
        each!(slots, compare_slot);
        each!(payouts, compare_payout);
        each!(providers, compare_provider);
        each!(bids, compare_bid);
        each!(parts, compare_part);
        each!(leases, compare_lease);
        each!(gangs, compare_gang);
        each!(challenges, compare_challenge);
        each!(jurors, compare_juror);
        each!(disputes, compare_dispute);
        each!(seats, compare_seat);
        each!(attestations, compare_attestation);
        for jury in self.book.juries.values().filter(|jury| concerns(&jury.address)) {
            let state: state::Jury = self.world.state(&jury.address);
            assert_eq!(
                [state.places, state.jurors].map(|n| n.get()),
                [jury.places, jury.jurors],
                "jury"
            );
        }
        for config in self.book.configs.values().filter(|config| concerns(&config.address)) {
            let state: real::EscrowConfig = self.world.state(&config.address);
            assert_eq!((state.authority, state.treasury), (config.authority, config.treasury));
            assert_eq!(state.fee_ppm.get(), config.fee_ppm);
            assert!(config.fee_ppm <= 50_000, "E7");
            assert_eq!(state.crank_bounty_lamports.get(), config.bounty);
            assert_eq!(state.min_bond_lamports.get(), config.min_bond);
            let count = usize::from(state.payment_mint_count);
            let listed = &state.payment_mints[..count];
            assert!(count == config.mints.len() && listed.iter().all(|m| config.mints.contains(&m.mint)));
            let court = &config.court;
            assert_eq!(state.court.seat_fee_lamports.get(), court.seat_fee_lamports);
            assert_eq!(state.court.juror_stake_lamports.get(), court.juror_stake_lamports);
            assert_eq!(state.court.attestors, court.attestors);
        }
        // E1 of lamports: whatever came in is somewhere
        assert_eq!(
            self.book.lamports.values().sum::<u64>(),
            self.lamports_in,
            "lamports of the book"
        );
    }

    fn compare_provider(&self, address: &Address) {
        let provider = &self.book.providers[address];
        let state: real::Provider = self.world.state(address);
        assert_eq!(
            (state.authority, state.session_key, state.slot_count.get()),
            (provider.authority, provider.session, provider.slots)
        );
        assert_eq!(state.person, provider.person.unwrap_or(NOBODY));
        let score = (state.score_q32.get(), state.score_ts.get());
        assert_eq!(score, (provider.score.q32, provider.score.ts), "folded reputation");
        assert_eq!(
            [state.jobs_completed, state.jobs_failed].map(|n| n.get()),
            provider.folded
        );
    }

    fn compare_job(&self, address: &Address) {
        let job = &self.book.jobs[address];
        let state: real::Job = self.world.state(address);
        assert_eq!(state.state, job.state, "state");
        assert_eq!(state.slot, job.slot.unwrap_or(NOBODY), "slot of the job");
        assert_eq!((state.uid, state.result), (job.uid, job.result));
        assert_eq!(moment(state.entered_ts, state.entered_slot), of(job.entered));
        assert_eq!(moment(state.created_ts, state.created_slot), of(job.created));
        assert_eq!(
            (state.client, state.rent_payer, state.mint),
            (job.client, job.payer, job.mint)
        );
        let amounts = [
            state.price_atoms.get(),
            state.bond_lamports.get(),
            u64::from(state.crank_reserve_lamports.get()),
        ];
        assert_eq!(amounts, [job.price, job.terms.bond_lamports, job.reserve]);
        let counts = [state.commitments, state.reveals, state.joined, state.resolved];
        assert_eq!(counts, job.counts, "counts");
        assert_eq!(
            (state.challenges_open, state.milestones_accepted),
            (job.challenges, job.accepted)
        );
        assert_eq!(state.flags & (4 | 8 | 16 | 32), job.flags, "flags");
        // E1 of tokens: until it is paid the vault holds what nobody has got
        let shares = if job.terms.kind == 2 {
            job.price / u64::from(job.terms.redundancy_n) * u64::from(job.counts[3])
        } else {
            0
        };
        let owed = if job.state == FINAL {
            0
        } else {
            job.remaining() - shares
        };
        assert!(self.world.tokens(&job.vault) >= owed, "E1");
        assert!(
            self.world.lamports(address) >= self.book.rents[1] + job.reserve,
            "the reserve is there"
        );
        let challenges = self.book.challenges.values();
        let open = challenges.filter(|challenge| challenge.job == *address).count();
        assert_eq!(open, usize::from(job.challenges), "open challenges");
    }

    fn compare_slot(&self, address: &Address) {
        let slot = &self.book.slots[address];
        let state: real::Slot = self.world.state(address);
        assert_eq!(
            [
                state.bond_lamports,
                state.locked_lamports,
                state.slashed_lamports,
                state.burnt_lamports,
                state.deposited_lamports,
                state.withdrawn_lamports,
                state.bonded_slot,
                state.receipt_seq,
                state.score_q32,
                state.unfolded_gain_q32,
                state.measured_score,
            ]
            .map(|n| n.get()),
            [
                slot.bond,
                slot.locked,
                slot.slashed,
                slot.burnt,
                slot.deposited,
                slot.withdrawn,
                slot.bonded_slot,
                slot.seq,
                slot.score.q32,
                slot.unfolded.0,
                slot.measured.0,
            ],
            "slot"
        );
        assert_eq!(
            (state.score_ts.get(), state.unfolded_faults),
            (slot.score.ts, slot.unfolded.1)
        );
        assert_eq!(state.current_job, slot.current.unwrap_or(NOBODY));
        assert_eq!(state.receipt_head, slot.head, "receipts");
        assert_eq!(
            [state.locked_jobs, state.jobs_completed, state.jobs_failed].map(|n| n.get()),
            [slot.locked_jobs, slot.completed, slot.failed]
        );
        // E4 on the real account, and the locked part is what its orders hold
        assert_eq!(slot.deposited, slot.bond + slot.slashed + slot.withdrawn, "E4");
        assert!(slot.locked <= slot.bond, "E4");
        assert!(
            self.world.lamports(address) >= self.world.rent(336) + slot.bond + slot.burnt,
            "E4"
        );
        let (holding, live) = self.book.held_by(address);
        assert_eq!(holding, (slot.locked, slot.locked_jobs), "E4: what holds the bond");
        assert_eq!(live, slot.current.into_iter().collect::<Vec<_>>(), "E8");
    }

    fn compare_payout(&self, address: &Address) {
        let payout = &self.book.payouts[address];
        let state: real::Payout = self.world.state(address);
        assert_eq!(
            [state.claimable_atoms, state.earned_atoms, state.withdrawn_atoms].map(|n| n.get()),
            payout.provider_atoms
        );
        assert_eq!(
            [state.fee_due_atoms, state.fees_atoms, state.swept_atoms].map(|n| n.get()),
            payout.fee_atoms
        );
        for [due, ever, out] in [payout.provider_atoms, payout.fee_atoms] {
            assert_eq!(due + out, ever, "E1");
        }
        let due = payout.provider_atoms[0] + payout.fee_atoms[0];
        assert!(self.world.tokens(&payout.vault) >= due, "E1");
    }

    fn compare_bid(&self, address: &Address) {
        let bid = &self.book.bids[address];
        let state: state::Bid = self.world.state(address);
        assert_eq!(
            (state.uid, state.slot, state.commitment),
            (bid.uid, bid.slot, bid.commitment)
        );
        assert_eq!(state.price_atoms.get(), bid.price.unwrap_or(0));
        assert_eq!(state.bond_lamports.get(), bid.bond);
    }

    fn compare_part(&self, address: &Address) {
        let part = &self.book.parts[address];
        let state: state::Contribution = self.world.state(address);
        assert_eq!(
            (state.uid, state.slot, state.state, state.hash),
            (part.uid, part.slot, part.state, part.hash)
        );
        assert!(self.book.jobs.contains_key(&part.job), "E3: a part outlives its job");
    }

    fn compare_lease(&self, address: &Address) {
        let lease = &self.book.leases[address];
        let state: state::Lease = self.world.state(address);
        assert_eq!(state.state, lease.state, "state");
        assert_eq!(state.slot, lease.slot.unwrap_or(lease.terms.slot), "slot of the lease");
        assert_eq!((state.uid, state.usage_root), (lease.uid, lease.usage));
        assert_eq!(moment(state.entered_ts, state.entered_slot), of(lease.entered));
        assert_eq!(
            [
                state.deposit_atoms,
                state.paid_atoms,
                state.cumulative_atoms,
                state.voucher_seq,
                state.active_seconds
            ]
            .map(|n| n.get()),
            [
                lease.deposit,
                lease.paid,
                lease.voucher.0,
                lease.voucher.1,
                lease.seconds
            ]
        );
        assert_eq!(state.bounties_left, lease.bounties);
        assert!(lease.paid <= lease.deposit, "E5");
        assert!(lease.paid <= lease.funded() * lease.terms.rate_per_second_atoms, "E5");
        assert!(self.world.tokens(&lease.vault) >= lease.deposit - lease.paid, "E1");
        let reserve = u64::from(lease.bounties) * lease.bounty;
        assert!(self.world.lamports(address) >= self.book.rents[1] + reserve);
    }

    fn compare_gang(&self, address: &Address) {
        let gang = &self.book.gangs[address];
        let state: state::Gang = self.world.state(address);
        assert_eq!(
            [state.size, state.leases, state.joined, state.is_active],
            [gang.size, gang.leases, gang.joined, u8::from(gang.is_active)]
        );
        assert_eq!(moment(state.entered_ts, state.entered_slot), of(gang.entered));
        let leases = self.book.leases.values();
        let mine = leases.filter(|lease| lease.gang == Some(*address) && lease.state != lease_code::REFUNDABLE);
        assert_eq!(mine.count(), usize::from(gang.leases), "leases of the gang");
    }

    fn compare_challenge(&self, address: &Address) {
        let challenge = &self.book.challenges[address];
        let state: state::Challenge = self.world.state(address);
        assert_eq!((state.state, state.uid), (challenge.state, challenge.uid));
        assert_eq!(
            [state.challenger, state.challenger_agent],
            challenge.challenger,
            "challenger"
        );
        let defender = challenge.defender.unwrap_or([NOBODY; 2]);
        assert_eq!([state.defender, state.defender_agent], defender, "defender");
        assert_eq!(state.terms.bond_lamports.get(), challenge.terms.bond);
        let bonds = if challenge.state == 2 { 2 } else { 1 };
        let least = self.world.rent(368) + bonds * challenge.terms.bond;
        assert!(self.world.lamports(address) >= least, "bonds of the challenge");
    }

    fn compare_juror(&self, address: &Address) {
        let juror = &self.book.jurors[address];
        let state: state::Juror = self.world.state(address);
        assert_eq!(
            [
                state.stake_lamports,
                state.held_lamports,
                state.slashed_lamports,
                state.enrolled_slot
            ]
            .map(|n| n.get()),
            [juror.stake, juror.held, juror.slashed, juror.enrolled],
            "juror"
        );
        assert_eq!((state.index.get(), state.seats.get()), (juror.place, juror.seats));
        assert!(juror.held <= juror.stake);
        assert!(self.world.lamports(address) >= self.world.rent(176) + juror.stake);
        let mine = self.book.seats.values().filter(|seat| seat.juror == *address);
        assert_eq!(mine.count(), juror.seats as usize, "seats of the juror");
    }

    fn compare_dispute(&self, address: &Address) {
        let case = &self.book.disputes[address];
        let state: state::Dispute = self.world.state(address);
        assert_eq!(
            [
                state.phase,
                state.round,
                state.attempt,
                state.panel,
                state.seated,
                state.committed,
                state.revealed,
                state.outcome,
                state.has_verdict
            ],
            [
                case.phase,
                case.round,
                case.attempt,
                case.panel,
                case.seated,
                case.committed,
                case.votes.len() as u8,
                case.outcome,
                u8::from(case.has_verdict)
            ],
            "case"
        );
        assert_eq!(moment(state.entered_ts, state.entered_slot), of(case.entered));
        assert_eq!(
            (
                state.verdict_ppm.get(),
                state.costs_lamports.get(),
                state.seats_open.get()
            ),
            (case.ppm, case.costs, case.seats)
        );
        assert_eq!(state.next_draw.get(), case.next_draw);
        for (at, (_, side, lamports)) in case.deposits.iter().enumerate() {
            assert_eq!(
                (usize::from(state.sides[at]), state.deposits[at].get()),
                (*side, *lamports)
            );
        }
        let deposits: u64 = case.deposits.iter().map(|(.., lamports)| lamports).sum();
        let least = self.world.rent(844) + deposits - case.costs;
        assert!(
            self.world.lamports(address) >= least,
            "the case holds what it has not paid"
        );
        let mine = self.book.seats.values().filter(|seat| seat.dispute == *address);
        assert_eq!(mine.count(), usize::from(case.seats), "seats of the case");
    }

    fn compare_seat(&self, address: &Address) {
        let seat = &self.book.seats[address];
        let state: state::JurorSeat = self.world.state(address);
        assert_eq!(
            (state.state, (state.round, state.attempt), state.commitment),
            (seat.state, seat.drawn, seat.commitment)
        );
    }

    fn compare_attestation(&self, address: &Address) {
        let said = &self.book.attestations[address];
        let state: state::Attestation = self.world.state(address);
        assert_eq!(
            (state.kind, state.score.get(), state.expires_ts.get()),
            (said.kind, u64::from(said.score), said.expires_ts)
        );
    }
}

fn holds_bond(job: &Job) -> bool {
    let has_worker = (CLAIMED..=CHALLENGEABLE).contains(&job.state) || [DISPUTED, AWARDED].contains(&job.state);
    job.terms.kind != 2 && has_worker
}

fn is_at(lease: &Lease) -> bool {
    (lease_code::JOINED..=lease_code::RECLAIMING).contains(&lease.state)
}

impl Book {
    /// What holds a slot's bond (lamports, orders), and the orders it is at.
    fn held_by(&self, slot: &Address) -> ((u64, u32), Vec<Address>) {
        let jobs = || self.jobs.values().filter(|job| job.slot == Some(*slot));
        let parts = || self.parts.values().filter(|part| part.slot == *slot);
        let leases = || self.leases.values().filter(|lease| lease.slot == Some(*slot));
        let bids = self.bids.values().filter(|bid| bid.slot == *slot);
        let bonds: Vec<u64> = jobs()
            .filter(|job| holds_bond(job))
            .map(|job| job.terms.bond_lamports)
            .chain(parts().map(|part| self.jobs[&part.job].terms.bond_lamports))
            .chain(
                leases()
                    .filter(|lease| lease.has_slot())
                    .map(|lease| lease.terms.bond_lamports),
            )
            .chain(bids.map(|bid| bid.bond))
            .collect();
        let works = |job: &&Job| job.terms.kind != 2 && [CLAIMED, RUNNING].contains(&job.state);
        let live = jobs()
            .filter(works)
            .map(|job| job.address)
            .chain(parts().filter(|part| part.state == 1).map(|part| part.job))
            .chain(leases().filter(|lease| is_at(lease)).map(|lease| lease.address))
            .collect();
        ((bonds.iter().sum(), bonds.len() as u32), live)
    }
}
