//! Attestors and what they say about persons.

use {
    super::{
        attestor_address, ballot_address, calls, instruction, metas, person_address, pool_address, proposal_address,
        wallet_address, AttestorChoice, DelegatePool, Person, PersonAct, Realm,
    },
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    commonweal_interface::ids,
    quadratic_governance::constants::ATTESTATION_SERVICE,
    solana_program::{
        instruction::{AccountMeta, Instruction},
        sysvar,
    },
};

/// How an attestor proves what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Its key signs the transaction.
    Signs(Address),
    /// Its key signed a statement, which the Ed25519 instruction just before verifies.
    Stated(Address),
    /// It is an issuer, and this account its credential.
    Credential {
        /// The issuer's key: its credential account at the attestation service.
        issuer: Address,
        /// The attestation.
        attestation: Address,
    },
}

impl Proof {
    /// The attestor's key.
    pub fn key(&self) -> Address {
        match self {
            Self::Signs(key) | Self::Stated(key) => *key,
            Self::Credential { issuer, .. } => *issuer,
        }
    }

    fn account(&self) -> Address {
        match self {
            Self::Signs(key) | Self::Stated(key) => *key,
            Self::Credential { attestation, .. } => *attestation,
        }
    }

    fn signs(&self) -> bool {
        matches!(self, Self::Signs(_))
    }
}

/// Where the attestation service keeps an issuer's attestation of a schema for a wallet.
pub fn credential_address(issuer: &Address, schema: &Address, wallet: &Address) -> Address {
    let seeds: [&[u8]; 4] = [b"attestation", issuer.as_ref(), schema.as_ref(), wallet.as_ref()];
    Address::find_program_address(&seeds, &ATTESTATION_SERVICE).0
}

/// Gives a slot to an attestor's key: by the founder, or as an action of lane 0.
pub fn add_attestor(authority: Address, realm: Address, key: Address, choice: AttestorChoice) -> Instruction {
    let accounts = metas::AddAttestor {
        authority,
        realm,
        attestor: attestor_address(&realm, &key),
        instructions: sysvar::instructions::ID,
        system_program: ids::SYSTEM,
    };
    instruction(
        accounts,
        calls::AddAttestor {
            key: key.to_bytes(),
            choice,
        },
    )
}

/// Disables an attestor.
pub fn disable_attestor(authority: Address, realm: Address, key: Address, rent_payer: Address) -> Instruction {
    let accounts = metas::DisableAttestor {
        authority,
        realm,
        attestor: attestor_address(&realm, &key),
        rent_payer,
        instructions: sysvar::instructions::ID,
    };
    instruction(accounts, calls::DisableAttestor {})
}

fn first_of(proofs: &[Proof]) -> Result<(&Proof, &[Proof])> {
    proofs.split_first().ok_or_else(|| {
        Error::refused(
            "nobody vouches",
            "Name attestors: --attestor KEYPAIR, --statement FILE or --credential ISSUER",
        )
    })
}

/// Marks the first attestor's proof as a signer where it is one, and lists the further attestors in pairs.
fn with_proofs(mut instruction: Instruction, realm: &Address, first: &Proof, further: &[Proof]) -> Instruction {
    if first.signs() {
        for meta in instruction
            .accounts
            .iter_mut()
            .filter(|meta| meta.pubkey == first.account())
        {
            meta.is_signer = true;
        }
    }
    for proof in further {
        let attestor = attestor_address(realm, &proof.key());
        instruction.accounts.push(AccountMeta::new(attestor, false));
        instruction
            .accounts
            .push(AccountMeta::new_readonly(proof.account(), proof.signs()));
    }
    instruction
}

/// Registers a person. The first attestor's slot is the person's cohort.
pub fn register_person(
    payer: Address,
    wallet: Address,
    realm: Address,
    proofs: &[Proof],
    nullifier: [u8; 32],
    expires_ts: i64,
    deadline_ts: i64,
) -> Result<Instruction> {
    let (first, further) = first_of(proofs)?;
    let accounts = metas::RegisterPerson {
        payer,
        wallet,
        realm,
        attestor: attestor_address(&realm, &first.key()),
        attestor_key: first.account(),
        person: person_address(&realm, &nullifier),
        person_by_wallet: wallet_address(&realm, &wallet),
        instructions: sysvar::instructions::ID,
        system_program: ids::SYSTEM,
    };
    let call = calls::RegisterPerson {
        nullifier,
        expires_ts,
        deadline_ts,
    };
    Ok(with_proofs(instruction(accounts, call), &realm, first, further))
}

/// Renews, revokes, reinstates, recovers or suspends a person. `wallet` is the person's, or for a recovery the one to be, which
/// signs.
pub fn act_on_person(
    realm: Address,
    person: Address,
    wallet: Address,
    proofs: &[Proof],
    act: PersonAct,
    expires_ts: i64,
    deadline_ts: i64,
) -> Result<Instruction> {
    let (first, further) = first_of(proofs)?;
    let accounts = metas::ActOnPerson {
        realm,
        person,
        wallet,
        attestor: attestor_address(&realm, &first.key()),
        attestor_key: first.account(),
        instructions: sysvar::instructions::ID,
    };
    let call = calls::ActOnPerson {
        act,
        expires_ts,
        deadline_ts,
    };
    let mut made = with_proofs(instruction(accounts, call), &realm, first, further);
    if act == PersonAct::Recover {
        for meta in made.accounts.iter_mut().filter(|meta| meta.pubkey == wallet) {
            meta.is_signer = true;
        }
    }
    Ok(made)
}

/// Takes an expired person out of the realm's counts. Anybody may.
pub fn retire_person(realm: Address, person: Address) -> Instruction {
    instruction(metas::RetirePerson { realm, person }, calls::RetirePerson {})
}

/// Leaves an attestor's bucket out of a decision: by the guardian, or by attestors of other buckets, who all sign.
pub fn exclude_bucket(
    authority: Address,
    realm: Address,
    proposal: Address,
    slot: u8,
    attestor_keys: &[Address],
) -> Instruction {
    let accounts = metas::ExcludeBucket {
        authority,
        realm,
        proposal,
        instructions: sysvar::instructions::ID,
    };
    let mut made = instruction(accounts, calls::ExcludeBucket { slot });
    for key in attestor_keys {
        made.accounts
            .push(AccountMeta::new_readonly(attestor_address(&realm, key), false));
        made.accounts.push(AccountMeta::new_readonly(*key, true));
    }
    made
}

/// Takes a revoked or expired person's votes out of a proposal. Anybody may.
pub fn strip_votes(realm: Address, person: Address, epoch: u32, proposal: Address) -> Instruction {
    let accounts = metas::StripVotes {
        person,
        ballot: ballot_address(&realm, &person, epoch),
        proposal,
    };
    instruction(accounts, calls::StripVotes {})
}

/// Ends a person's delegation: by its wallet, or by anybody where the person is revoked or expired. Reads which proposals hold
/// votes of the pool.
pub async fn leave_for(
    rpc: &Rpc,
    authority: Address,
    person_at: Address,
    person: &Person,
    at_epoch_end: bool,
) -> Result<Instruction> {
    let realm = person.realm;
    let pool = pool_address(&realm, &person.delegate);
    let accounts = metas::LeaveDelegate {
        authority,
        realm,
        person: person_at,
        pool,
    };
    let mut made = instruction(accounts, calls::LeaveDelegate { at_epoch_end });
    let state: Realm = accounts::fetch(rpc, &super::PROGRAM, &realm).await?;
    let now_ts = rpc.clock().await?.unix_ts;
    let epoch = super::standing::epoch_of(&realm, &state, now_ts)?;
    let lent: Option<DelegatePool> = accounts::find(rpc, &super::PROGRAM, &pool).await?;
    let Some(lent) = lent else {
        return Ok(made);
    };
    let counts = lent.epoch == epoch
        && person.delegates_in(epoch)
        && person.delegate_generation == lent.generation
        && (!at_epoch_end || person.is_strippable(now_ts));
    if counts {
        let live = lent.entries.iter().filter(|entry| entry.share_q16.get() != 0);
        made.accounts
            .extend(live.map(|entry| AccountMeta::new(proposal_address(&realm, entry.proposal_index.get()), false)));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(byte: u8) -> Address {
        Address::from([byte; 32])
    }

    #[test]
    fn who_proves_by_a_statement_or_a_credential_does_not_sign() {
        let credential = Proof::Credential {
            issuer: address(5),
            attestation: address(6),
        };
        let proofs = [Proof::Stated(address(4)), credential, Proof::Signs(address(7))];
        let made = register_person(address(1), address(2), address(3), &proofs, [9; 32], 10, 11);
        let signers: Vec<Address> = made
            .iter()
            .flat_map(|made| &made.accounts)
            .filter(|meta| meta.is_signer)
            .map(|meta| meta.pubkey)
            .collect();
        assert_eq!(signers, [address(1), address(2), address(7)]);
        let by_key = register_person(
            address(1),
            address(2),
            address(3),
            &[Proof::Signs(address(4))],
            [9; 32],
            10,
            11,
        );
        assert!(by_key
            .iter()
            .flat_map(|made| &made.accounts)
            .any(|meta| meta.pubkey == address(4) && meta.is_signer));
    }

    #[test]
    fn nobody_is_registered_by_nobody() {
        assert!(register_person(address(1), address(2), address(3), &[], [9; 32], 10, 11).is_err());
    }
}
