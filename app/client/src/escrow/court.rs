//! Typed calls of the court: the jury, disputes, panels, rulings.

mod draw;
mod jury;

pub use {
    draw::{places, simulate, Candidate},
    jury::{enroll_juror, leave_jury, open_jury, person_link, Bench},
};

use {
    super::{
        calls, challenge::challenge_address, config_address, find, instruction, metas, payout_address, vault_address,
        CaseOutcome, Challenge, CourtParams, Dispute, JurorSeat, Moment, Order, Phase, PROGRAM,
    },
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    commonweal_interface::ids,
    compute_escrow::{
        constants::*,
        hash::{seed_commitment, vote_commitment},
        math::deadline::slots_ceil,
        state::KIND_REDUNDANT,
    },
    solana_program::instruction::{AccountMeta, Instruction},
};

/// Where the jury stands in a juror's bytes, and the dispute in a seat's, for filters.
const PARENT_OFFSET: usize = 16;

/// The jury of a config.
pub fn jury_address(config: &Address) -> Address {
    find(&[JURY_SEED, config.as_ref()]).0
}

/// A place of a jury.
pub fn juror_address(jury: &Address, index: u32) -> Address {
    find(&[JUROR_SEED, jury.as_ref(), &index.to_le_bytes()]).0
}

/// The dispute of a job.
pub fn dispute_address(job: &Address) -> Address {
    find(&[DISPUTE_SEED, job.as_ref()]).0
}

/// A person's seat in a dispute.
pub fn juror_seat_address(dispute: &Address, person: &Address) -> Address {
    find(&[SEAT_SEED, dispute.as_ref(), person.as_ref()]).0
}

/// What ties a person to the escrow.
pub fn link_address(person: &Address) -> Address {
    find(&[LINK_SEED, person.as_ref()]).0
}

/// Sets the court's parameters, by the config's authority.
pub fn update_court(config: Address, authority: Address, params: CourtParams) -> Instruction {
    instruction(metas::UpdateConfig { config, authority }, calls::UpdateCourt { params })
}

/// Brings a challenge before the court. Anyone may: an answered one begins a case; one that nobody answered in time, or that an
/// attestor has countersigned, is decided as it opens.
pub fn open_dispute(payer: Address, order: &Order, challenge: &Challenge) -> Instruction {
    let accounts = metas::OpenDispute {
        payer,
        job: order.address,
        challenge: challenge_address(&order.address, &challenge.challenger),
        challenger: challenge.challenger,
        dispute: dispute_address(&order.address),
        jury: jury_address(&config_address(order.job.config_id.get())),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::OpenDispute {})
}

/// Ends a challenge that cannot be answered any more, in one transaction: its case opens decided, is executed and closed.
pub fn convict(payer: Address, order: &Order, challenge: &Challenge) -> Vec<Instruction> {
    let mut dispute: Dispute = bytemuck::Zeroable::zeroed();
    dispute.parties = [challenge.challenger, challenge.challenger];
    dispute.rent_payer = payer;
    let case = Case {
        address: dispute_address(&order.address),
        dispute,
    };
    vec![
        open_dispute(payer, order, challenge),
        case.execute_ruling(payer, order, false),
        case.close(),
    ]
}

/// Rules after the last appeal: what a proposal does, by the config's authority.
pub fn rule(authority: Address, job: &Address, uid: [u8; 32], config: Address, provider_ppm: u32) -> Instruction {
    let accounts = metas::MoveCase {
        actor: authority,
        dispute: dispute_address(job),
        aux: Some(config),
    };
    instruction(accounts, calls::Rule { uid, provider_ppm })
}

/// A dispute with its address.
#[derive(Clone, Copy)]
pub struct Case {
    /// Where.
    pub address: Address,
    /// What.
    pub dispute: Dispute,
}

impl Case {
    /// The dispute of a job.
    pub async fn of_job(rpc: &Rpc, job: &Address) -> Result<Self> {
        let address = dispute_address(job);
        let dispute = accounts::find(rpc, &PROGRAM, &address).await?.ok_or_else(|| {
            let remedy = "Challenge the result, and when it is answered open the dispute: `commonweal court open`";
            Error::account(address, format!("the dispute of job {job}"), "nothing", remedy)
        })?;
        Ok(Self { address, dispute })
    }

    /// All disputes.
    pub async fn all(rpc: &Rpc) -> Result<Vec<Self>> {
        let found = accounts::list::<Dispute>(rpc, &PROGRAM, &[]).await?;
        Ok(found
            .into_iter()
            .map(|(address, dispute)| Self { address, dispute })
            .collect())
    }

    fn step(&self, actor: Address, aux: Option<Address>) -> metas::MoveCase {
        metas::MoveCase {
            actor,
            dispute: self.address,
            aux,
        }
    }

    /// Whether the dispute is in a phase.
    pub fn is_in(&self, phase: Phase) -> bool {
        self.dispute.phase == phase as u8
    }

    /// Commits a party's secret.
    pub fn commit_seed(&self, actor: Address, side: u8, secret: &[u8; 32]) -> Instruction {
        let commitment = seed_commitment(secret, &self.dispute.uid, self.dispute.round, side);
        instruction(self.step(actor, None), calls::CommitSeed { commitment })
    }

    /// Reveals a party's secret.
    pub fn reveal_seed(&self, actor: Address, secret: [u8; 32]) -> Instruction {
        instruction(self.step(actor, None), calls::RevealSeed { secret })
    }

    /// Pins the first slot hash after both commitments. Anyone may.
    pub fn pin_seed(&self, actor: Address) -> Instruction {
        let sysvar = solana_program::sysvar::slot_hashes::ID;
        instruction(self.step(actor, Some(sysvar)), calls::PinSeed {})
    }

    /// Appeals for the side that lost.
    pub fn appeal(&self, actor: Address) -> Instruction {
        instruction(self.step(actor, Some(ids::SYSTEM)), calls::Appeal {})
    }

    /// What an appeal costs now, in lamports: twice the bond of the instance before.
    pub fn appeal_lamports(&self) -> u64 {
        let round = u32::from(self.dispute.round).saturating_add(1);
        let factor = 1u64.checked_shl(round).unwrap_or(u64::MAX);
        self.dispute.terms.bond_lamports.get().saturating_mul(factor)
    }

    /// Names the proposal of the last appeal.
    pub fn link_proposal(&self, actor: Address, proposal: Address) -> Instruction {
        instruction(self.step(actor, Some(proposal)), calls::LinkProposal {})
    }

    /// Moves a dispute on whose time has passed, or whose proposal has ended. Anyone may.
    pub fn crank(&self, actor: Address) -> Instruction {
        let aux = self.is_in(Phase::Ruling).then_some(self.dispute.proposal);
        instruction(self.step(actor, aux), calls::CrankDispute {})
    }

    fn vote(&self, wallet: Address, person: Address) -> metas::Vote {
        metas::Vote {
            wallet,
            dispute: self.address,
            seat: juror_seat_address(&self.address, &person),
            person,
        }
    }

    /// Commits to a vote, by the wallet of a seat's person.
    pub fn commit_vote(&self, wallet: Address, person: Address, ppm: u32, salt: &[u8; 32]) -> Instruction {
        let accounts = self.vote(wallet, person);
        let commitment = vote_commitment(ppm, salt, &accounts.seat, &self.dispute.uid, self.dispute.round);
        instruction(accounts, calls::CommitVote { commitment })
    }

    /// Reveals that vote.
    pub fn reveal_vote(&self, wallet: Address, person: Address, ppm: u32, salt: [u8; 32]) -> Instruction {
        instruction(self.vote(wallet, person), calls::RevealVote { ppm, salt })
    }

    fn end_seat(&self, actor: Address, seat: &JurorSeat) -> metas::EndSeat {
        metas::EndSeat {
            actor,
            dispute: self.address,
            seat: juror_seat_address(&self.address, &seat.person),
            juror: seat.juror,
            rent_payer: seat.rent_payer,
            incinerator: INCINERATOR,
        }
    }

    /// Shows a vote before its time. Anyone may who knows it.
    pub fn report_leak(&self, actor: Address, seat: &JurorSeat, ppm: u32, salt: [u8; 32]) -> Instruction {
        instruction(self.end_seat(actor, seat), calls::ReportLeak { ppm, salt })
    }

    /// Closes a seat of an ended dispute. Anyone may.
    pub fn close_seat(&self, actor: Address, seat: &JurorSeat) -> Instruction {
        instruction(self.end_seat(actor, seat), calls::CloseSeat {})
    }

    /// The seats that are not closed.
    pub async fn seats(&self, rpc: &Rpc) -> Result<Vec<(Address, JurorSeat)>> {
        accounts::list(rpc, &PROGRAM, &[(PARENT_OFFSET, self.address.as_ref().to_vec())]).await
    }

    /// Gives the job what was ruled. Anyone may. `has_payout`: the slot's payout in the job's mint is open.
    pub fn execute_ruling(&self, cranker: Address, order: &Order, has_payout: bool) -> Instruction {
        let has_slot = order.job.kind != KIND_REDUNDANT;
        let payout = payout_address(&order.job.slot, &order.token.mint);
        let accounts = metas::ExecuteRuling {
            cranker,
            dispute: self.address,
            job: order.address,
            vault: vault_address(&order.address),
            slot: has_slot.then_some(order.job.slot),
            payout: has_payout.then_some(payout),
            payout_vault: has_payout.then(|| vault_address(&payout)),
            client: order.job.client,
            challenger: self.dispute.parties[0],
            mint: order.token.mint,
            token_program: order.token.program,
        };
        instruction(accounts, calls::ExecuteRuling {})
    }

    /// Divides the deposits and closes the dispute. Anyone may.
    pub fn close(&self) -> Instruction {
        let [challenger, defender] = self.dispute.parties;
        let accounts = metas::CloseDispute {
            dispute: self.address,
            challenger,
            defender,
            rent_payer: self.dispute.rent_payer,
            incinerator: INCINERATOR,
        };
        let mut made = instruction(accounts, calls::CloseDispute {});
        let owners = self
            .dispute
            .appellants
            .iter()
            .filter(|owner| **owner != Address::default());
        made.accounts
            .extend(owners.map(|owner| AccountMeta::new(*owner, false)));
        made
    }

    /// When the present phase's time is over, by the clock and by slots; none where it has no time.
    pub fn deadline(&self) -> Option<Moment> {
        let terms = &self.dispute.terms;
        let seconds = match self.dispute.phase {
            1 | 3 | 4 => terms.seed_seconds,
            5 => terms.vote_seconds,
            6 => terms.reveal_seconds,
            7 | 8 => terms.appeal_seconds,
            9 => terms.ruling_seconds,
            _ => return None,
        }
        .get();
        Some(Moment {
            ts: self.dispute.entered_ts.get().saturating_add(i64::from(seconds)),
            slot: self.dispute.entered_slot.get().saturating_add(slots_ceil(seconds)),
        })
    }

    /// Whether the present phase's time is over.
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.dispute.is_overdue(now).unwrap_or(false)
    }

    /// The phase in words.
    pub fn phase_name(&self) -> &'static str {
        match self.dispute.phase {
            1 => "the parties commit to seeds",
            2 => "a slot hash is to be pinned",
            3 => "the parties reveal their seeds",
            4 => "the panel is being drawn",
            5 => "the jurors commit to votes",
            6 => "the jurors reveal their votes",
            7 => "decided, unless somebody appeals",
            8 => "the last appeal names its proposal",
            9 => "the quadratic vote decides",
            10 => "ended; the ruling is to be executed",
            11 => "executed; seats and deposits are to be closed",
            _ => "unknown",
        }
    }

    /// How it ended, in words.
    pub fn outcome_name(&self) -> &'static str {
        match self.dispute.outcome {
            s if s == CaseOutcome::Verdict as u8 => "by a verdict",
            s if s == CaseOutcome::Default as u8 => "by default: nobody judged",
            s if s == CaseOutcome::Forfeited as u8 => "forfeited: the defender was silent",
            _ => "not yet",
        }
    }

    /// What is to be done now, as a command.
    pub fn next(&self, now: Moment) -> String {
        let job = self.dispute.job;
        if self.is_overdue(now) {
            return format!("its time is over, anyone moves it on for the bounty: `commonweal court crank {job}`");
        }
        match self.dispute.phase {
            1 => format!("each party: `commonweal court seed commit {job}`; a defender who does not loses"),
            2 => format!("anyone, for the bounty: `commonweal court pin {job}`"),
            3 => format!(
                "`commonweal court seed reveal {job}`: the challenger in the first half of the time, then the defender, who \
                 loses without"
            ),
            4 => format!("anyone, for the bounties: `commonweal court draw {job}`"),
            5 => format!("each juror drawn: `commonweal court vote commit {job} --provider-percent …`"),
            6 => format!("each juror: `commonweal court vote reveal {job}`, and is paid"),
            7 => format!(
                "whoever holds the verdict for wrong: `commonweal court appeal {job}` ({} SOL)",
                crate::amount::sol(self.appeal_lamports())
            ),
            8 => format!(
                "the appellant: `commonweal court link {job} <proposal>`, whose action is `gov action escrow-rule`"
            ),
            9 => format!("members vote on proposal {}", self.dispute.proposal),
            10 => format!("anyone, for the bounty: `commonweal court execute {job}`"),
            11 => format!("anyone: `commonweal court close {job}`"),
            _ => "use a client of the program's version".to_owned(),
        }
    }
}
