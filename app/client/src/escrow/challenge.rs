//! Challenging a revealed result, answering, and what follows without a court.

use {
    super::{
        calls, config_address, find, instruction, metas, Challenge, Order, Provider, Slot, Worker, CHALLENGE_SEED,
        PROGRAM,
    },
    crate::{accounts, rpc::Rpc, Address, Result},
    commonweal_interface::ids,
    compute_escrow::{constants::INCINERATOR, instructions::CanaryProof, state::KIND_REDUNDANT},
    solana_program::instruction::Instruction,
};

/// Where the job stands in a challenge's bytes, for filters.
const CHALLENGE_JOB_OFFSET: usize = 16;

/// A challenger's challenge of a job.
pub fn challenge_address(job: &Address, challenger: &Address) -> Address {
    find(&[CHALLENGE_SEED, job.as_ref(), challenger.as_ref()]).0
}

/// The challenges of a job's address.
pub async fn challenges(rpc: &Rpc, job: &Address) -> Result<Vec<(Address, Challenge)>> {
    accounts::list(rpc, &PROGRAM, &[(CHALLENGE_JOB_OFFSET, job.as_ref().to_vec())]).await
}

impl Order {
    fn challenging(&self, challenger: Address, attestor: Option<Address>) -> metas::ChallengeResult {
        metas::ChallengeResult {
            challenger,
            config: config_address(self.job.config_id.get()),
            job: self.address,
            challenge: challenge_address(&self.address, &challenger),
            attestor,
            system_program: ids::SYSTEM,
        }
    }

    /// Challenges the revealed result with a bond; `agent` acts for the challenger before the court.
    pub fn challenge_result(&self, challenger: Address, claimed_result: [u8; 32], agent: Address) -> Instruction {
        let call = calls::ChallengeResult {
            uid: self.job.uid,
            claimed_result,
            agent,
        };
        instruction(self.challenging(challenger, None), call)
    }

    /// Challenges the result by a wrong canary; with an attestor's signature no court is needed.
    pub fn prove_canary(&self, challenger: Address, attestor: Option<Address>, proof: CanaryProof) -> Instruction {
        let call = calls::ProveCanary {
            uid: self.job.uid,
            proof,
        };
        instruction(self.challenging(challenger, attestor), call)
    }

    /// Answers a challenge with as large a deposit, by the authority of the provider that worked. Of a redundant order, `part` is
    /// the worker's, whose result has won.
    pub fn answer_challenge(
        &self,
        worker: &Worker,
        part: Option<Address>,
        challenge: Address,
        agent: Address,
    ) -> Instruction {
        let accounts = metas::AnswerChallenge {
            authority: worker.key,
            provider: worker.provider,
            job: self.address,
            challenge,
            slot: worker.slot,
            contribution: part,
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::AnswerChallenge { agent })
    }

    /// Ends a challenge that a verdict on its job has decided. Anyone may.
    pub async fn resolve_challenge(&self, rpc: &Rpc, address: Address, challenge: &Challenge) -> Result<Instruction> {
        let work = match self.job.kind {
            KIND_REDUNDANT => None,
            _ => {
                let slot: Slot = accounts::fetch(rpc, &PROGRAM, &self.job.slot).await?;
                let provider: Provider = accounts::fetch(rpc, &PROGRAM, &slot.provider).await?;
                Some((slot.provider, provider.authority))
            }
        };
        let defender = if challenge.defender != Address::default() {
            challenge.defender
        } else {
            // of a redundant order the part of a defender is burnt
            work.map_or(self.job.client, |(_, authority)| authority)
        };
        let accounts = metas::ResolveChallenge {
            job: self.address,
            challenge: address,
            challenger: challenge.challenger,
            defender,
            slot: work.is_some().then_some(self.job.slot),
            provider: work.map(|(provider, _)| provider),
            incinerator: INCINERATOR,
        };
        Ok(instruction(accounts, calls::ResolveChallenge {}))
    }

    /// Countersigns the evidence of an attested job's result.
    pub fn attest_result(&self, attestor: Address, evidence_hash: [u8; 32]) -> Instruction {
        let accounts = metas::AttestResult {
            attestor,
            config: config_address(self.job.config_id.get()),
            job: self.address,
        };
        let uid = self.job.uid;
        instruction(accounts, calls::AttestResult { uid, evidence_hash })
    }
}

/// What a worker who cheats must expect to lose for cheating not to pay: with gain g and inspection probability p it is
/// g·(1 − p)/p, rounded up. None where nobody inspects.
pub fn deterring_bond_ceil(gain: u64, inspection_ppm: u32) -> Option<u64> {
    const PPM: u128 = 1_000_000;
    let missed = PPM.checked_sub(u128::from(inspection_ppm))?;
    let product = u128::from(gain).checked_mul(missed)?;
    let inspected = u128::from(inspection_ppm);
    let whole = product.checked_div(inspected)?;
    let rest = product.checked_rem(inspected)?;
    u64::try_from(whole.checked_add(u128::from(rest > 0))?).ok()
}

/// From which inspection probability on, in parts per million and rounded up, a bond makes cheating unprofitable: g/(g + bond).
pub fn deterring_inspection_ppm_ceil(gain: u64, bond: u64) -> Option<u32> {
    let whole = u128::from(gain).checked_add(u128::from(bond))?;
    let product = u128::from(gain).checked_mul(1_000_000)?;
    let ppm = product.checked_div(whole)?;
    let rest = product.checked_rem(whole)?;
    u32::try_from(ppm.checked_add(u128::from(rest > 0))?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_deters_when_what_is_lost_outweighs_what_is_won() {
        // one in ten is looked at: nine gains must be at stake
        assert_eq!(deterring_bond_ceil(120, 100_000), Some(1_080));
        // one in three: 2/3 of the time it is won, rounded up
        assert_eq!(deterring_bond_ceil(100, 333_333), Some(201));
        assert_eq!(deterring_bond_ceil(100, 1_000_000), Some(0));
        assert_eq!(deterring_bond_ceil(100, 0), None);
        assert_eq!(deterring_bond_ceil(u64::MAX, 1), None);
    }

    #[test]
    fn the_inspection_that_a_bond_needs_is_the_inverse() {
        assert_eq!(deterring_inspection_ppm_ceil(120, 1_080), Some(100_000));
        assert_eq!(deterring_inspection_ppm_ceil(0, 0), None);
        assert_eq!(deterring_inspection_ppm_ceil(1, 0), Some(1_000_000));
        for (gain, bond) in [(7u64, 100u64), (1_000, 1), (3, 3), (999, 12_345)] {
            let ppm = deterring_inspection_ppm_ceil(gain, bond).unwrap();
            assert!(deterring_bond_ceil(gain, ppm).unwrap() <= bond);
            assert!(deterring_bond_ceil(gain, ppm.saturating_sub(1)).is_none_or(|needed| needed > bond));
        }
    }
}
