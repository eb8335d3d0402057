//! Leases: a slot rented by the second.

use {
    super::{
        calls, config_address, find, instruction, metas, payout_address, vault_address, JobToken, Worker, PROGRAM,
    },
    crate::{
        accounts::{self, DISCRIMINATOR_LEN},
        rpc::Rpc,
        tokens::associated,
        Address, Result,
    },
    commonweal_interface::ids,
    compute_escrow::{
        constants::{GANG_SEED, INSTRUCTIONS_SYSVAR, LEASE_SEED, VAULT_SEED},
        math::deadline::Moment,
    },
    solana_program::instruction::Instruction,
    std::mem::offset_of,
};

pub use compute_escrow::state::{Gang, Lease, LeaseState, LeaseTerms};

/// Where the client stands in a lease's bytes, for filters.
const LEASE_CLIENT: usize = DISCRIMINATOR_LEN + offset_of!(Lease, client);
/// Where the slot stands in a lease's bytes, for filters.
const LEASE_SLOT: usize = DISCRIMINATOR_LEN + offset_of!(Lease, slot);

/// A client's lease.
pub fn lease_address(client: &Address, nonce: u64) -> Address {
    find(&[LEASE_SEED, client.as_ref(), &nonce.to_le_bytes()]).0
}

/// A client's gang.
pub fn gang_address(client: &Address, nonce: u64) -> Address {
    find(&[GANG_SEED, client.as_ref(), &nonce.to_le_bytes()]).0
}

/// A lease's state in a word.
pub fn lease_state_name(state: u8) -> &'static str {
    match state {
        1 => "open",
        2 => "joined",
        3 => "active",
        4 => "paused",
        5 => "reclaiming",
        6 => "settling",
        7 => "refundable",
        _ => "unknown",
    }
}

/// Whose lease is posted, and out of what it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenancy {
    /// Who rents and pays the deposit.
    pub client: Address,
    /// Pays rent and reserve.
    pub payer: Address,
    /// Number of the config.
    pub config: u16,
    /// What it is paid in.
    pub token: JobToken,
    /// The client's token account.
    pub client_token: Address,
    /// Number of the client's gang that it joins.
    pub gang: Option<u64>,
}

/// Rents a slot by the second.
pub fn post_lease(of: &Tenancy, nonce: u64, terms: LeaseTerms) -> Instruction {
    let (lease, lease_bump) = find(&[LEASE_SEED, of.client.as_ref(), &nonce.to_le_bytes()]);
    let (vault, vault_bump) = find(&[VAULT_SEED, lease.as_ref()]);
    let accounts = metas::PostLease {
        client: of.client,
        payer: of.payer,
        config: config_address(of.config),
        lease,
        vault,
        client_token: of.client_token,
        gang: of.gang.map(|number| gang_address(&of.client, number)),
        mint: of.token.mint,
        token_program: of.token.program,
        system_program: ids::SYSTEM,
    };
    let call = calls::PostLease {
        nonce,
        lease_bump,
        vault_bump,
        terms,
    };
    instruction(accounts, call)
}

/// Opens a gang: `size` leases that begin together or not at all.
pub fn open_gang(
    client: Address,
    payer: Address,
    config: u16,
    nonce: u64,
    size: u8,
    gather_seconds: u32,
) -> Instruction {
    let accounts = metas::OpenGang {
        client,
        payer,
        config: config_address(config),
        gang: gang_address(&client, nonce),
        system_program: ids::SYSTEM,
    };
    let call = calls::OpenGang {
        nonce,
        size,
        gather_seconds,
    };
    instruction(accounts, call)
}

/// Closes a gang without leases: its client at any time, anybody once the gathering is over.
pub fn close_gang(closer: Address, address: Address, gang: &Gang) -> Instruction {
    let accounts = metas::CloseGang {
        closer,
        gang: address,
        rent_payer: gang.rent_payer,
    };
    instruction(accounts, calls::CloseGang {})
}

/// How long a lease is funded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runway {
    /// Seconds counted so far.
    pub counted: u64,
    /// Seconds that all deposits pay for.
    pub funded: u64,
    /// When the funds end, Unix seconds, if the lease runs and the cluster does.
    pub until_ts: Option<i64>,
}

impl Runway {
    /// Seconds that are paid and not used.
    pub fn left(&self) -> u64 {
        self.funded.saturating_sub(self.counted)
    }
}

/// The runway of a lease.
pub fn runway(lease: &Lease, now: Moment) -> Runway {
    let counted = lease.counted_seconds(now);
    let funded = lease
        .deposit_atoms
        .get()
        .checked_div(lease.rate_per_second_atoms.get())
        .unwrap_or(0);
    let left = i64::try_from(funded.saturating_sub(counted)).unwrap_or(i64::MAX);
    Runway {
        counted,
        funded,
        until_ts: lease.is_running().then(|| now.ts.saturating_add(left)),
    }
}

/// Whether anybody can move a lease on now; `gang` is its gang's state, if it has one.
pub fn is_due(lease: &Lease, gang: Option<&Gang>, now: Moment) -> bool {
    if lease.is(LeaseState::Joined) {
        return gang.is_some_and(|gang| gang.has_failed(now).unwrap_or(false));
    }
    if lease.is(LeaseState::Active) {
        return lease.has_run_empty(now);
    }
    lease.is(LeaseState::Refundable) || lease.is_overdue(now).unwrap_or(false)
}

/// A lease with its address and what its instructions name.
#[derive(Clone, Copy)]
pub struct Rental {
    /// Where.
    pub address: Address,
    /// What.
    pub lease: Lease,
    /// The mint it is paid in.
    pub token: JobToken,
    /// The provider of its slot, zero while it has none.
    pub provider: Address,
}

impl Rental {
    /// Fetches a lease.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        let lease: Lease = accounts::fetch(rpc, &PROGRAM, &address).await?;
        let token = JobToken::fetch(rpc, &lease.mint).await?;
        let provider = if lease.has_slot() {
            super::slot(rpc, &lease.slot).await?.provider
        } else {
            Address::default()
        };
        Ok(Self {
            address,
            lease,
            token,
            provider,
        })
    }

    /// Its vault.
    pub fn vault(&self) -> Address {
        vault_address(&self.address)
    }

    /// The client's canonical token account.
    pub fn client_token(&self) -> Address {
        associated(&self.lease.client, &self.token.mint, &self.token.program)
    }

    /// Its gang, while it counts there.
    pub fn gang(&self) -> Option<Address> {
        let counts = self.lease.is_in_gang() && !self.lease.is(LeaseState::Refundable);
        counts.then(|| gang_address(&self.lease.client, self.lease.gang_nonce.get()))
    }

    fn work(&self, worker: &Worker) -> metas::WorkOnLease {
        metas::WorkOnLease {
            worker: worker.key,
            provider: worker.provider,
            slot: worker.slot,
            lease: self.address,
            gang: self.gang(),
        }
    }

    /// Takes the lease for a slot.
    pub fn accept(&self, worker: &Worker) -> Instruction {
        let uid = self.lease.uid;
        instruction(self.work(worker), calls::AcceptLease { uid })
    }

    /// Goes on with a paused lease that is funded again, by its worker.
    pub fn resume(&self, worker: &Worker) -> Instruction {
        instruction(self.work(worker), calls::ResumeLease {})
    }

    /// Announces that the provider takes its slot back.
    pub fn notice(&self, worker: &Worker) -> Instruction {
        instruction(self.work(worker), calls::ReclaimNotice {})
    }

    /// Starts the lease of a complete gang. Anyone may.
    pub fn start(&self, signer: Address) -> Instruction {
        let worker = Worker {
            key: signer,
            provider: self.provider,
            slot: self.lease.slot,
        };
        instruction(self.work(&worker), calls::StartLease {})
    }

    /// Puts more in. Anyone may.
    pub fn top_up(&self, funder: Address, funder_token: Address, atoms: u64) -> Instruction {
        let accounts = metas::TopUp {
            funder,
            funder_token,
            lease: self.address,
            vault: self.vault(),
            mint: self.token.mint,
            token_program: self.token.program,
        };
        let uid = self.lease.uid;
        instruction(accounts, calls::TopUp { uid, atoms })
    }

    fn leave(&self, signer: Address, client_token: Address, provider: Option<Address>) -> metas::LeaveLease {
        metas::LeaveLease {
            signer,
            lease: self.address,
            vault: self.vault(),
            client: self.lease.client,
            rent_payer: self.lease.rent_payer,
            client_token,
            provider,
            slot: self.lease.has_slot().then_some(self.lease.slot),
            gang: self.gang(),
            mint: self.token.mint,
            token_program: self.token.program,
        }
    }

    /// Ends the lease, by its client: an open one and a delayed refund return to `destination` at once.
    pub fn close_by_client(&self, destination: Address) -> Instruction {
        let accounts = self.leave(self.lease.client, destination, None);
        instruction(accounts, calls::CloseLease {})
    }

    /// Ends the lease at once, by its provider's authority or session key. Redeem the last voucher first.
    pub fn close_by_provider(&self, key: Address) -> Instruction {
        let accounts = self.leave(key, self.client_token(), Some(self.provider));
        instruction(accounts, calls::CloseLease {})
    }

    /// Moves a lease on whose deadline has passed. Anyone may, for the bounty.
    pub fn crank(&self, cranker: Address) -> Instruction {
        let accounts = self.leave(cranker, self.client_token(), None);
        instruction(accounts, calls::CrankLease {})
    }

    /// Pays what the precompile's instruction just before it proves. Anyone may.
    pub(super) fn redeem(&self) -> Instruction {
        let payout = payout_address(&self.lease.slot, &self.token.mint);
        let accounts = metas::RedeemVoucher {
            lease: self.address,
            vault: self.vault(),
            provider: self.provider,
            slot: self.lease.slot,
            payout,
            payout_vault: vault_address(&payout),
            mint: self.token.mint,
            token_program: self.token.program,
            instructions: INSTRUCTIONS_SYSVAR,
        };
        instruction(accounts, calls::RedeemVoucher {})
    }
}

/// All leases, or those of one client, or at one slot.
pub async fn leases(rpc: &Rpc, client: Option<Address>, slot: Option<Address>) -> Result<Vec<(Address, Lease)>> {
    let of = |place: usize, key: Option<Address>| key.map(|key| (place, key.as_ref().to_vec()));
    let filters: Vec<_> = [of(LEASE_CLIENT, client), of(LEASE_SLOT, slot)]
        .into_iter()
        .flatten()
        .collect();
    accounts::list(rpc, &PROGRAM, &filters).await
}

/// Fetches a gang, if it is there.
pub async fn gang(rpc: &Rpc, address: &Address) -> Result<Option<Gang>> {
    accounts::find(rpc, &PROGRAM, address).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn running() -> Lease {
        let mut lease = Lease::zeroed();
        lease.state = LeaseState::Active as u8;
        lease.rate_per_second_atoms = 3u64.into();
        lease.deposit_atoms = 310u64.into();
        lease.entered_ts = 1_000i64.into();
        lease.entered_slot = 50u64.into();
        lease
    }

    #[test]
    fn the_runway_is_what_is_paid_and_not_used() {
        let now = Moment { ts: 1_040, slot: 150 };
        // ⌊310 / 3⌋ seconds are paid, 40 have passed
        let found = runway(&running(), now);
        assert_eq!((found.counted, found.funded, found.left()), (40, 103, 63));
        assert_eq!(found.until_ts, Some(1_103));
        let mut paused = running();
        paused.state = LeaseState::Paused as u8;
        assert_eq!(runway(&paused, now).until_ts, None);
    }

    #[test]
    fn a_lease_is_due_when_its_funds_have_ended() {
        let lease = running();
        assert!(!is_due(&lease, None, Moment { ts: 1_102, slot: 400 }));
        assert!(is_due(&lease, None, Moment { ts: 1_103, slot: 400 }));
        // the clock alone does not end it
        assert!(!is_due(&lease, None, Moment { ts: 9_999, slot: 60 }));
    }

    #[test]
    fn filters_look_where_the_fields_are() {
        assert_eq!(LEASE_CLIENT, 16);
        // behind eight bytes of small fields: four keys, eight numbers, a short one, genesis hash and uid
        assert_eq!(LEASE_SLOT, 8 + 8 + 4 * 32 + 8 * 8 + 4 + 2 * 32);
    }
}
