//! A ballot: one person's credits of one epoch.

use {
    crate::{constants::*, errors::GovernanceError, math::credits},
    anchor_lang::prelude::*,
};

/// A person's votes on one proposal. Zero votes: free.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct BallotEntry {
    /// Index of the proposal in the realm.
    pub proposal_index: PodU32,
    /// Votes; they cost their square. The largest budget buys 3,000.
    pub votes: PodU16,
    /// The option voted for; 0 is "none".
    pub option: u8,
    /// Zero, for growth.
    pub reserved: u8,
}

const _: () = assert!(core::mem::size_of::<BallotEntry>() == 8);

/// One person's budget and votes of one epoch. Closed after the epoch; rent returns to whoever paid it.
///
/// Seeds: `ballot`, realm, person, epoch. G1: Σ v² + free = budget. It has no key of its own: the person's wallet of the moment
/// casts and closes, so that a wallet that was moved away from is dead at once.
#[account]
pub struct Ballot {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// The person's cohort bucket.
    pub bucket: u8,
    /// Bit i is set when the epoch's dividend i is claimed.
    pub dividends_claimed: u8,
    /// The epoch.
    pub epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The person.
    pub person: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// End of the epoch, Unix time in seconds; the ballot can be closed from then on.
    pub closable_from_ts: PodI64,
    /// Unix time in seconds from which anybody can close it.
    pub closable_by_all_from_ts: PodI64,
    /// Atoms of stake the budget counts.
    pub stake_atoms: PodU64,
    /// Credits of the epoch.
    pub budget_credits: PodU32,
    /// Credits spent: the sum of the squares of the entries' votes.
    pub spent_credits: PodU32,
    /// Votes, one entry for each proposal.
    pub entries: [BallotEntry; 16],
    /// Zero, for growth.
    pub reserved: [u8; 8],
}

/// Bytes of a `Ballot` account: its rent stays below 0.003 SOL.
pub const BALLOT_LEN: usize = 280;
const _: () = assert!(core::mem::size_of::<Ballot>() == BALLOT_LEN - 8);
// the IDL wants a literal in the struct; this holds it to the constant
const _: fn(&Ballot) -> &[BallotEntry; BALLOT_ENTRIES] = |ballot| &ballot.entries;

/// What a cast changes: the entry before, and what is spent after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CastChange {
    /// Place of the entry.
    pub place: usize,
    /// Option voted for before.
    pub old_option: u8,
    /// Votes before.
    pub old_votes: u32,
    /// Option voted for now.
    pub new_option: u8,
    /// Votes now.
    pub new_votes: u32,
    /// Credits spent after.
    pub spent_credits: u32,
}

impl Ballot {
    /// The entry of a proposal, else a free one.
    fn place_of(&self, proposal_index: u32) -> Option<(usize, u8, u32)> {
        let mut free = None;
        for (place, entry) in self.entries.iter().enumerate() {
            if entry.votes.is_zero() {
                free = free.or(Some(place));
            } else if entry.proposal_index == proposal_index {
                return Some((place, entry.option, u32::from(entry.votes.get())));
            }
        }
        free.map(|place| (place, NONE_OPTION, 0))
    }

    /// Works out what setting `votes` for `option` on a proposal changes, within the budget.
    #[inline(never)]
    pub fn validate_cast(&self, proposal_index: u32, option: u8, votes: u32) -> Result<CastChange> {
        let (place, old_option, old_votes) = self.place_of(proposal_index).ok_or(GovernanceError::BallotFull)?;
        require!(old_votes != 0 || votes != 0, GovernanceError::NothingToChange);
        let spent_credits = credits::respend(self.budget_credits.get(), self.spent_credits.get(), old_votes, votes)?;
        // an entry taken out moves within its old option
        let (old_option, new_option) = match (old_votes, votes) {
            (0, _) => (option, option),
            (_, 0) => (old_option, old_option),
            _ => (old_option, option),
        };
        Ok(CastChange {
            place,
            old_option,
            old_votes,
            new_option,
            new_votes: votes,
            spent_credits,
        })
    }

    /// Writes a cast; an entry without votes is free again.
    #[inline(never)]
    pub fn apply_cast(&mut self, proposal_index: u32, change: &CastChange) -> Result<()> {
        let entry = self.entries.get_mut(change.place).ok_or(GovernanceError::BallotFull)?;
        if change.new_votes == 0 {
            *entry = bytemuck::Zeroable::zeroed();
        } else {
            entry.proposal_index = proposal_index.into();
            entry.votes = u16::try_from(change.new_votes)
                .map_err(|_| GovernanceError::BudgetExceeded)?
                .into();
            entry.option = change.new_option;
        }
        self.spent_credits = change.spent_credits.into();
        Ok(())
    }

    /// G1: what is spent is the sum of the squares of the votes, and within the budget.
    pub fn invariant(&self) -> Result<()> {
        let mut squares = 0u32;
        for entry in &self.entries {
            let cost = credits::cost(u32::from(entry.votes.get()))?;
            squares = squares.checked_add(cost).ok_or(GovernanceError::InvariantViolated)?;
        }
        let holds = squares == self.spent_credits.get() && self.spent_credits <= self.budget_credits;
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }

    /// Works out what taking this ballot's votes out of a proposal changes.
    pub fn validate_strip(&self, proposal_index: u32) -> Result<CastChange> {
        match self.place_of(proposal_index) {
            Some((_, _, votes)) if votes != 0 => self.validate_cast(proposal_index, NONE_OPTION, 0),
            _ => Err(GovernanceError::NothingToStrip.into()),
        }
    }

    /// Whether this signer may close the ballot now; `wallet` is the person's.
    pub fn validate_close(&self, closer: &Address, wallet: &Address, now_ts: i64) -> Result<()> {
        require!(
            now_ts >= self.closable_from_ts.get(),
            GovernanceError::BallotEpochNotOver
        );
        require!(
            closer == wallet || now_ts >= self.closable_by_all_from_ts.get(),
            GovernanceError::BallotGraceNotOver
        );
        Ok(())
    }

    /// Marks the epoch's dividend of that number claimed.
    pub fn apply_dividend(&mut self, index: u8) -> Result<()> {
        let bit = 1u8
            .checked_shl(u32::from(index))
            .ok_or(GovernanceError::DividendMismatch)?;
        require!(
            self.dividends_claimed & bit == 0,
            GovernanceError::DividendClaimedAlready
        );
        self.dividends_claimed |= bit;
        Ok(())
    }
}
