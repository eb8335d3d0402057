//! The parameters one community of clients and providers works under.

use {
    super::{checked, is_none, require_step, Step},
    crate::{constants::*, errors::EscrowError},
    anchor_lang::{bytemuck, prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// A mint that jobs may be paid in.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
pub struct PaymentMint {
    /// The mint's address; zero where the place is free.
    pub mint: Address,
    /// The mint's decimals.
    pub decimals: u8,
    /// Bit 0: somebody can freeze accounts of this mint, so payments may be delayed.
    pub flags: u8,
    /// Zero.
    pub reserved: [u8; 14],
}

/// Bit of [`PaymentMint::flags`] and [`crate::state::Job::flags`]: the mint has a freeze authority.
pub const FLAG_FREEZABLE: u8 = 1;

/// The parameters that `update_config` sets together.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct ConfigParams {
    /// Protocol fee in parts per million of the price; at most 50,000.
    pub fee_ppm: u32,
    /// Lamports a crank earns; every job sets this much aside.
    pub crank_bounty_lamports: u64,
    /// Least bond a job may demand of its worker, in lamports.
    pub min_bond_lamports: u64,
    /// Owner of the token accounts that fees are swept to.
    pub treasury: Address,
}

/// Attestors one config can list.
pub const MAX_ATTESTORS: usize = 3;

/// The court's parameters, which `update_court` sets together. Disputes keep those of their opening.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct CourtParams {
    /// Lamports a juror earns for revealing a vote; an absent one loses as much.
    pub seat_fee_lamports: u64,
    /// Least stake of a juror in lamports.
    pub juror_stake_lamports: u64,
    /// A challenge to its answer, in seconds.
    pub answer_seconds: u32,
    /// Each of the parties' commitments and reveals of randomness, in seconds; also the time for drawing a panel.
    pub seed_seconds: u32,
    /// Time for jurors to commit, in seconds.
    pub vote_seconds: u32,
    /// Time for jurors to reveal, in seconds.
    pub reveal_seconds: u32,
    /// Time to appeal, in seconds; the last appeal names its proposal within it.
    pub appeal_seconds: u32,
    /// Time for the quadratic vote to rule, in seconds.
    pub ruling_seconds: u32,
    /// Keys whose countersignature a job may ask for, and who measure slots; zero where the place is free.
    pub attestors: [Address; MAX_ATTESTORS],
}

impl CourtParams {
    /// What a new config starts with, in a rehearsal or for real.
    pub fn initial(is_rehearsal: bool) -> Self {
        let seconds = |rehearsal: u32, real: u32| if is_rehearsal { rehearsal } else { real };
        Self {
            seat_fee_lamports: INITIAL_SEAT_FEE_LAMPORTS,
            juror_stake_lamports: INITIAL_JUROR_STAKE_LAMPORTS,
            answer_seconds: seconds(10, 86_400),
            seed_seconds: seconds(10, 43_200),
            vote_seconds: seconds(20, 259_200),
            reveal_seconds: seconds(20, 86_400),
            appeal_seconds: seconds(20, 259_200),
            ruling_seconds: seconds(600, INITIAL_RULING_SECONDS),
            attestors: [super::NO_ADDRESS; MAX_ATTESTORS],
        }
    }

    /// Checks the parameters against their bounds.
    pub fn validate(&self, is_rehearsal: bool) -> Step {
        let least = |real: u32| if is_rehearsal { MIN_REHEARSAL_SECONDS } else { real };
        let steps = [
            self.answer_seconds,
            self.seed_seconds,
            self.vote_seconds,
            self.reveal_seconds,
            self.appeal_seconds,
        ];
        let fits = steps
            .iter()
            .all(|seconds| (least(MIN_COURT_SECONDS)..=MAX_COURT_SECONDS).contains(seconds))
            && (least(MIN_RULING_SECONDS)..=MAX_RULING_SECONDS).contains(&self.ruling_seconds)
            && (MIN_SEAT_FEE_LAMPORTS..=MAX_SEAT_FEE_LAMPORTS).contains(&self.seat_fee_lamports)
            && self.juror_stake_lamports >= self.seat_fee_lamports
            && self.juror_stake_lamports <= MAX_JUROR_STAKE_LAMPORTS;
        require_step(fits, EscrowError::CourtOutOfBounds)
    }
}

/// The court's parameters as a config stores them.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
pub struct Court {
    /// Lamports a juror earns for revealing a vote; an absent one loses as much.
    pub seat_fee_lamports: PodU64,
    /// Least stake of a juror in lamports.
    pub juror_stake_lamports: PodU64,
    /// A challenge to its answer, in seconds.
    pub answer_seconds: PodU32,
    /// Each of the parties' commitments and reveals of randomness, in seconds; also the time for drawing a panel.
    pub seed_seconds: PodU32,
    /// Time for jurors to commit, in seconds.
    pub vote_seconds: PodU32,
    /// Time for jurors to reveal, in seconds.
    pub reveal_seconds: PodU32,
    /// Time to appeal, in seconds; the last appeal names its proposal within it.
    pub appeal_seconds: PodU32,
    /// Time for the quadratic vote to rule, in seconds.
    pub ruling_seconds: PodU32,
    /// Keys whose countersignature a job may ask for, and who measure slots; zero where the place is free.
    pub attestors: [Address; MAX_ATTESTORS],
}

impl Court {
    /// Sets checked parameters.
    #[inline(never)]
    pub fn apply(&mut self, params: &CourtParams) {
        *self = Self {
            seat_fee_lamports: params.seat_fee_lamports.into(),
            juror_stake_lamports: params.juror_stake_lamports.into(),
            answer_seconds: params.answer_seconds.into(),
            seed_seconds: params.seed_seconds.into(),
            vote_seconds: params.vote_seconds.into(),
            reveal_seconds: params.reveal_seconds.into(),
            appeal_seconds: params.appeal_seconds.into(),
            ruling_seconds: params.ruling_seconds.into(),
            attestors: params.attestors,
        };
    }

    /// The bond of either party in the first instance: five seat fees, and thirty bounties for whoever moves the case on. Each
    /// appeal doubles it.
    pub fn bond_lamports(&self, bounty_lamports: u64) -> Option<u64> {
        self.seat_fee_lamports
            .get()
            .checked_mul(5)?
            .checked_add(bounty_lamports.checked_mul(30)?)
    }

    /// Whether anybody can countersign a result.
    pub fn has_attestors(&self) -> bool {
        self.attestors.iter().any(|listed| !is_none(listed))
    }

    /// Whether a key is a listed attestor.
    #[inline(never)]
    pub fn is_attestor(&self, key: &Address) -> bool {
        !is_none(key) && self.attestors.iter().any(|listed| super::same(listed, key))
    }
}

/// Parameters of the escrow, owned by governance. Jobs copy what they need at posting: no change reaches them (E7).
#[account]
pub struct EscrowConfig {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// 1 if times may be as short as seconds (for rehearsals of the whole story), else 0.
    pub is_rehearsal: u8,
    /// Mints listed.
    pub payment_mint_count: u8,
    /// Number of this config.
    pub id: PodU16,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// Who may change the parameters: the governance program's treasury lane, or a multisig.
    pub authority: Address,
    /// Owner of the token accounts that fees are swept to.
    pub treasury: Address,
    /// The realm this config belongs to.
    pub realm: Address,
    /// Zero; a later two-step handover of `authority`.
    pub pending_authority: Address,
    /// Genesis hash of the cluster, set once: vouchers of one cluster are void on another.
    pub genesis_hash: [u8; 32],
    /// Protocol fee in parts per million of the price.
    pub fee_ppm: PodU32,
    /// Zero.
    pub reserved_b: [u8; 4],
    /// Lamports a crank earns.
    pub crank_bounty_lamports: PodU64,
    /// Least bond a job may demand of its worker, in lamports.
    pub min_bond_lamports: PodU64,
    /// Mints that jobs may be paid in; the first `payment_mint_count` are set.
    pub payment_mints: [PaymentMint; MAX_PAYMENT_MINTS],
    /// The court's parameters.
    pub court: Court,
    /// Zero.
    pub reserved: [u8; 32],
    /// Zero.
    pub reserved_tail: [u8; 8],
}

impl EscrowConfig {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Checks a set of parameters against their ceilings.
    #[inline(never)]
    pub fn validate_params(params: &ConfigParams) -> Step {
        require!(params.fee_ppm <= MAX_FEE_PPM, EscrowError::FeeAboveCeiling);
        require!(
            (MIN_CRANK_BOUNTY_LAMPORTS..=MAX_CRANK_BOUNTY_LAMPORTS).contains(&params.crank_bounty_lamports),
            EscrowError::BountyOutOfBounds
        );
        require!(
            params.min_bond_lamports <= MAX_MIN_BOND_LAMPORTS,
            EscrowError::MinBondAboveCeiling
        );
        require!(!is_none(&params.treasury), EscrowError::ZeroAddress);
        Ok(())
    }

    /// Sets a checked set of parameters.
    #[inline(never)]
    pub fn apply_params(&mut self, params: &ConfigParams) {
        self.fee_ppm = params.fee_ppm.into();
        self.crank_bounty_lamports = params.crank_bounty_lamports.into();
        self.min_bond_lamports = params.min_bond_lamports.into();
        self.treasury = params.treasury;
    }

    fn listed(&self) -> &[PaymentMint] {
        self.payment_mints
            .get(..usize::from(self.payment_mint_count))
            .unwrap_or(&[])
    }

    /// The entry of a listed mint.
    #[inline(never)]
    pub fn payment_mint(&self, mint: &Address) -> Option<&PaymentMint> {
        self.listed().iter().find(|entry| crate::state::same(&entry.mint, mint))
    }

    /// Adds a mint that passed the policy.
    #[inline(never)]
    pub fn allow_mint(&mut self, entry: PaymentMint) -> Step {
        require!(
            self.payment_mint(&entry.mint).is_none(),
            EscrowError::MintAlreadyAllowed
        );
        let place = self.payment_mints.get_mut(usize::from(self.payment_mint_count));
        *place.ok_or(EscrowError::MintListFull)? = entry;
        self.payment_mint_count = checked(self.payment_mint_count.checked_add(1))?;
        Ok(())
    }

    /// Removes a mint; the last entry takes its place.
    pub fn disallow_mint(&mut self, mint: &Address) -> Step {
        let index = self
            .listed()
            .iter()
            .position(|entry| crate::state::same(&entry.mint, mint));
        let index = index.ok_or(EscrowError::MintNotAllowed)?;
        let last = checked(self.payment_mint_count.checked_sub(1))?;
        self.payment_mints.swap(index, usize::from(last));
        if let Some(entry) = self.payment_mints.get_mut(usize::from(last)) {
            *entry = bytemuck::Zeroable::zeroed();
        }
        self.payment_mint_count = last;
        Ok(())
    }

    /// E7: the fee is at most its ceiling; the list is within its bounds.
    pub fn invariant(&self) -> Step {
        require!(self.fee_ppm.get() <= MAX_FEE_PPM, EscrowError::InvariantViolated);
        require!(
            usize::from(self.payment_mint_count) <= MAX_PAYMENT_MINTS,
            EscrowError::InvariantViolated
        );
        Ok(())
    }
}

const _: () = assert!(EscrowConfig::SIZE == 760);
