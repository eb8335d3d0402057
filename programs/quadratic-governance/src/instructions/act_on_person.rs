//! `act_on_person`

use {
    crate::{
        attestation::{Act, Counting, Hearing, Statement},
        constants::*,
        errors::GovernanceError,
        events::{log, PersonChanged},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        math::epoch,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// What attestors do with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub enum PersonAct {
    /// It lasts until another time.
    Renew,
    /// It is revoked: no vote, no delegation, no dividend from now on; until the appeal window ends it can be taken back.
    Revoke,
    /// A revocation within its appeal window, or a suspension, is taken back.
    Reinstate,
    /// The person gets another wallet, an epoch from now; until then the present wallet can cancel.
    Recover,
    /// One attestor lets the person rest for the next two epochs.
    Suspend,
}

impl PersonAct {
    fn as_act(self) -> Act {
        match self {
            Self::Renew => Act::Renew,
            Self::Revoke => Act::Revoke,
            Self::Reinstate => Act::Reinstate,
            Self::Recover => Act::Recover,
            Self::Suspend => Act::Suspend,
        }
    }
}

/// Accounts of `act_on_person`, followed by a pair (attestor, proof) for each attestor beyond the first.
#[derive(Accounts)]
pub struct ActOnPerson {
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person.
    #[account(mut)]
    pub person: Own<Person>,
    /// The person's wallet; for `Recover` the one to be, which signs.
    pub wallet: UncheckedAccount,
    /// The first attestor.
    #[account(mut)]
    pub attestor: UncheckedAccount,
    /// Its proof: its key, which signs here or is verified by the Ed25519 instruction just before, or (to renew) its credential.
    pub attestor_key: UncheckedAccount,
    /// The transaction's instructions: the precompile's, and to refuse a durable nonce.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
}

/// Specification:
/// - exactly the realm's number of distinct live attestors prove the statement (one is enough to suspend); it is good once, on
///   one cluster, before its deadline
/// - a renewal ends later than the registration did
/// - revoking and suspending count on each attestor: at most 1 % of the persons in an epoch, at least one
/// - a revoked person leaves the realm's counts at once, a renewed one that was retired enters them again
/// - a revocation can be taken back within its appeal window, a suspension until it ends
/// - a recovery waits one epoch, in which the present wallet can cancel it
pub(crate) fn handler(
    ctx: &mut Context<ActOnPerson>,
    further: &[AccountView],
    act: PersonAct,
    expires_ts: i64,
    deadline_ts: i64,
) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    let wallet = *accounts.wallet.address();
    if act == PersonAct::Recover {
        require!(
            accounts.wallet.account().is_signer(),
            ProgramError::MissingRequiredSignature
        );
    } else {
        require!(same(&wallet, &accounts.person.wallet), GovernanceError::WalletMismatch);
    }
    let is_lone = act == PersonAct::Suspend;
    let counting = match act {
        PersonAct::Revoke | PersonAct::Suspend => Counting::Revocation(accounts.realm.persons.get()),
        _ => Counting::Nothing,
    };
    Hearing {
        statement: Statement {
            act: act.as_act(),
            cluster: &accounts.realm.cluster,
            realm: accounts.realm.address(),
            nullifier: &accounts.person.nullifier,
            wallet: &wallet,
            bucket: accounts.person.bucket,
            expires_ts,
            deadline_ts,
            nonce: accounts.person.next_nonce(),
        },
        needed: if is_lone {
            1
        } else {
            usize::from(accounts.realm.rules.attestations)
        },
        counting,
        current_epoch,
        now_ts: now,
        sysvar: accounts.instructions.account(),
    }
    .hear([accounts.attestor.account(), accounts.attestor_key.account()], further)?;

    accounts.person.count_statement()?;
    match act {
        PersonAct::Renew => accounts.renew(expires_ts, now)?,
        PersonAct::Revoke => accounts.revoke(now)?,
        PersonAct::Reinstate => accounts.reinstate(current_epoch, now)?,
        PersonAct::Recover => {
            accounts.person.validate_active(now)?;
            let from = epoch::later(now, accounts.realm.epoch_s.get())?;
            accounts.person.recovery_wallet = wallet;
            accounts.person.recovery_from_ts = from.into();
        }
        PersonAct::Suspend => {
            accounts.person.validate_active(now)?;
            accounts.person.apply_suspension(current_epoch)?;
        }
    }
    accounts.realm.invariant()?;
    announce_person(&accounts.person, act as u8);
    Ok(())
}

impl ActOnPerson {
    fn renew(&mut self, expires_ts: i64, now_ts: i64) -> Result<()> {
        require!(self.person.revoked_at_ts.is_zero(), GovernanceError::PersonRevoked);
        Person::validate_expiry(expires_ts, now_ts)?;
        // a credential says nothing of the new end, and whoever sends it must not be able to end a registration
        require!(
            expires_ts > self.person.expires_ts.get(),
            GovernanceError::ExpiryOutOfBounds
        );
        self.person.expires_ts = expires_ts.into();
        self.count()
    }

    fn count(&mut self) -> Result<()> {
        if self.person.counted == 0 {
            self.person.counted = 1;
            self.realm.count_person(self.person.bucket)?;
        }
        Ok(())
    }

    fn revoke(&mut self, now_ts: i64) -> Result<()> {
        require!(
            self.person.revoked_at_ts.is_zero(),
            GovernanceError::PersonRevokedAlready
        );
        self.person.revoked_at_ts = now_ts.into();
        self.person.recovery_wallet = Address::default();
        discount(&mut self.realm, &mut self.person)
    }

    fn reinstate(&mut self, current_epoch: u32, now_ts: i64) -> Result<()> {
        let appeal_s = Floors::of(self.realm.is_rehearsal()).appeal_s;
        let was_revoked = self.person.apply_reinstatement(current_epoch, now_ts, appeal_s)?;
        if was_revoked && now_ts < self.person.expires_ts.get() {
            self.count()?;
        }
        Ok(())
    }
}

/// Takes a person out of the realm's counts, if it is in them.
pub(crate) fn discount(realm: &mut Realm, person: &mut Person) -> Result<()> {
    if person.counted != 0 {
        person.counted = 0;
        realm.discount_person(person.bucket)?;
    }
    Ok(())
}

/// Says how a person stands after a change: 0 renewed, 1 revoked, 2 reinstated, 3 recovery begun, 4 suspended, 5 retired,
/// 6 moved, 7 recovery cancelled.
#[inline(never)]
pub(crate) fn announce_person(person: &Own<Person>, act: u8) {
    log(PersonChanged {
        person: *person.address(),
        wallet: person.wallet,
        recovery_wallet: person.recovery_wallet,
        expires_ts: person.expires_ts,
        revoked_at_ts: person.revoked_at_ts,
        recovery_from_ts: person.recovery_from_ts,
        nonce: person.nonce,
        suspended_from_epoch: person.suspended_from_epoch,
        suspended_until_epoch: person.suspended_until_epoch,
        act,
        counted: person.counted,
    });
}
