//! What anybody, or the guardian, does with a proposal.

use {
    super::{calls, instruction, metas, treasury_address, Proposal},
    crate::Address,
    solana_program::{instruction::Instruction, sysvar},
};

/// Decides a proposal whose challenge is over. Anybody may.
pub fn finalize(realm: Address, proposal: Address) -> Instruction {
    instruction(metas::Finalize { realm, proposal }, calls::Finalize {})
}

/// Ends a proposal whose execution window has passed.
pub fn expire_proposal(proposal: Address) -> Instruction {
    instruction(metas::ExpireProposal { proposal }, calls::ExpireProposal {})
}

/// Closes an action of a finished proposal.
pub fn close_action(proposal: Address, action: Address, rent_payer: Address) -> Instruction {
    let accounts = metas::CloseAction {
        proposal,
        action,
        rent_payer,
    };
    instruction(accounts, calls::CloseAction {})
}

/// Closes a finished proposal without actions; rent and bond return, or the bond goes to the treasury where it was spam.
pub fn close_proposal(address: Address, proposal: &Proposal) -> Instruction {
    let accounts = metas::CloseProposal {
        realm: proposal.realm,
        proposal: address,
        person: proposal.proposer,
        authority: proposal.authority,
        treasury: treasury_address(&proposal.realm, 0),
    };
    instruction(accounts, calls::CloseProposal {})
}

/// Vetoes a proposal, by the guardian.
pub fn veto(guardian: Address, realm: Address, proposal: Address, as_spam: bool) -> Instruction {
    let accounts = metas::Veto {
        guardian,
        realm,
        proposal,
        instructions: sysvar::instructions::ID,
    };
    instruction(accounts, calls::Veto { as_spam })
}

/// Ends the guardian's power for good.
pub fn resign_guardian(guardian: Address, realm: Address) -> Instruction {
    instruction(metas::ResignGuardian { guardian, realm }, calls::ResignGuardian {})
}
