//! The two chambers: those with liquidity locked, those with GPUs at work.

use {
    super::{calls, instruction, metas, seat_address, ChamberSeat, Member},
    crate::Address,
    commonweal_interface::ids,
    quadratic_governance::constants::{LIQUIDITY_CHAMBER, PROVIDER_CHAMBER},
    solana_program::instruction::Instruction,
};

/// One of the two chambers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chamber {
    /// Locked liquidity; it can veto what touches the liquidity pool.
    Liquidity,
    /// Working GPU providers; it can veto what touches the compute escrow.
    Providers,
}

impl Chamber {
    /// Its number in the program.
    pub fn number(self) -> u8 {
        match self {
            Self::Liquidity => LIQUIDITY_CHAMBER,
            Self::Providers => PROVIDER_CHAMBER,
        }
    }

    /// The name of a number.
    pub fn name_of(number: u8) -> &'static str {
        if number == LIQUIDITY_CHAMBER {
            "liquidity"
        } else {
            "providers"
        }
    }
}

impl Member {
    /// This person's seat in a chamber.
    pub fn seat(&self, chamber: Chamber) -> Address {
        seat_address(&self.realm, chamber.number(), &self.person)
    }

    /// Takes a seat: by a lock and its pool, or a slot and its provider.
    pub fn enroll_chamber(&self, chamber: Chamber, evidence: Address, parent: Address) -> Instruction {
        let accounts = metas::EnrollChamber {
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            seat: self.seat(chamber),
            evidence,
            parent,
            system_program: ids::SYSTEM,
        };
        let chamber = chamber.number();
        instruction(accounts, calls::EnrollChamber { chamber })
    }

    /// Vetoes a proposal in its timelock, with a seat's voice.
    pub fn veto_as_chamber(&self, chamber: Chamber, evidence: Address, proposal: Address) -> Instruction {
        let accounts = metas::VetoAsChamber {
            wallet: self.wallet,
            realm: self.realm,
            person: self.person,
            seat: self.seat(chamber),
            evidence,
            proposal,
        };
        instruction(accounts, calls::VetoAsChamber {})
    }

    /// Calls a vote over a veto.
    pub fn override_veto(&self, proposal: Address) -> Instruction {
        let accounts = metas::OverrideVeto {
            wallet: self.wallet,
            person: self.person,
            realm: self.realm,
            proposal,
        };
        instruction(accounts, calls::OverrideVeto {})
    }
}

/// Looks at the jobs of a provider's seat. Anybody may.
pub fn refresh_seat(address: Address, seat: &ChamberSeat) -> Instruction {
    let accounts = metas::RefreshSeat {
        realm: seat.realm,
        seat: address,
        evidence: seat.evidence,
    };
    instruction(accounts, calls::RefreshSeat {})
}

/// Closes a seat: by its person, or by anybody where it is not earned any more.
pub fn close_seat(authority: Address, address: Address, seat: &ChamberSeat) -> Instruction {
    let accounts = metas::CloseSeat {
        authority,
        realm: seat.realm,
        person: seat.person,
        seat: address,
        evidence: seat.evidence,
        rent_payer: seat.rent_payer,
    };
    instruction(accounts, calls::CloseSeat {})
}
