//! The jury: who sits on it.

use {
    super::{juror_address, jury_address, link_address, PARENT_OFFSET},
    crate::{
        accounts,
        escrow::{calls, instruction, metas, Juror, Jury, PersonLink, PROGRAM},
        rpc::Rpc,
        Address, Error, Result,
    },
    commonweal_interface::ids,
    solana_program::instruction::Instruction,
};

/// Opens the jury of a config. Anyone may.
pub fn open_jury(payer: Address, config: Address) -> Instruction {
    let accounts = metas::OpenJury {
        payer,
        config,
        jury: jury_address(&config),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::OpenJury {})
}

/// Puts a person on the jury, by its wallet.
pub fn enroll_juror(wallet: Address, person: Address, config: Address, index: u32, stake_lamports: u64) -> Instruction {
    let jury = jury_address(&config);
    let accounts = metas::EnrollJuror {
        wallet,
        config,
        jury,
        person,
        link: link_address(&person),
        juror: juror_address(&jury, index),
        system_program: ids::SYSTEM,
    };
    instruction(accounts, calls::EnrollJuror { index, stake_lamports })
}

/// Takes a juror off the jury; `wallet` is its person's.
pub fn leave_jury(signer: Address, juror: &Juror, wallet: Address) -> Instruction {
    let accounts = metas::LeaveJury {
        signer,
        jury: juror.jury,
        juror: juror_address(&juror.jury, juror.index.get()),
        person: juror.person,
        link: link_address(&juror.person),
        wallet,
        rent_payer: juror.rent_payer,
    };
    instruction(accounts, calls::LeaveJury {})
}

/// A jury with its jurors.
pub struct Bench {
    /// Its address.
    pub address: Address,
    /// The jury.
    pub jury: Jury,
    /// Who sits in it.
    pub jurors: Vec<(Address, Juror)>,
}

impl Bench {
    /// Reads it.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        let jury: Jury = accounts::find(rpc, &PROGRAM, &address).await?.ok_or_else(|| {
            let remedy = "Open it, anyone may: `commonweal court open-jury`";
            Error::account(address, "the jury of the config", "nothing", remedy)
        })?;
        let mut jurors = accounts::list::<Juror>(rpc, &PROGRAM, &[(PARENT_OFFSET, address.as_ref().to_vec())]).await?;
        jurors.sort_unstable_by_key(|(_, juror)| juror.index.get());
        Ok(Self { address, jury, jurors })
    }

    /// The place the next juror takes: the first empty one, else a new one.
    pub fn free_place(&self) -> u32 {
        let taken = |index: &u32| self.jurors.iter().any(|(_, juror)| juror.index.get() == *index);
        let places = self.jury.places.get();
        (0..places).find(|index| !taken(index)).unwrap_or(places)
    }

    /// The juror of a person.
    pub fn juror_of(&self, person: &Address) -> Option<&Juror> {
        let found = self.jurors.iter().find(|(_, juror)| &juror.person == person);
        found.map(|(_, juror)| juror)
    }
}

/// A person's ties to the escrow, if it has any.
pub async fn person_link(rpc: &Rpc, person: &Address) -> Result<Option<PersonLink>> {
    accounts::find(rpc, &PROGRAM, &link_address(person)).await
}
