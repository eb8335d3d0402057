//! Actions: adding them to a draft, reading them, executing them.

use {
    super::{action_address, book_address, calls, instruction, metas, ActionCall, Member, Proposal, PROGRAM},
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    commonweal_interface::ids,
    quadratic_governance::state::{ActionAccount, Message, ProposalAction, FLAG_SIGNER, FLAG_WRITABLE},
    solana_program::instruction::{AccountMeta, Instruction},
};

/// Bytes of an action's accounts (33 each) and data that one transaction carries beside its own accounts.
const FIRST_BYTES: usize = 640;
/// Bytes of an action's data that must be in its first part, if it has so many.
const LEAST_FIRST_BYTES: usize = 16;
/// Bytes of a further part.
pub const PART_BYTES: usize = 800;

/// An instruction that a choice executes when it wins.
#[derive(Clone, Debug)]
pub struct Action {
    /// The choice it belongs to.
    pub choice: u8,
    /// The lane that signs.
    pub lane: u8,
    /// The instruction.
    pub call: Instruction,
    /// Lamports that may leave the lane.
    pub outflow_lamports: u64,
    /// Mint of tokens that may leave; zero for none.
    pub outflow_mint: Address,
    /// Atoms of it that may leave.
    pub outflow_atoms: u64,
}

impl Action {
    /// An action out of which nothing leaves the lane.
    pub fn plain(choice: u8, lane: u8, call: Instruction) -> Self {
        Self {
            choice,
            lane,
            call,
            outflow_lamports: 0,
            outflow_mint: Address::default(),
            outflow_atoms: 0,
        }
    }

    /// An action out of which lamports leave the lane.
    pub fn paying(choice: u8, lane: u8, call: Instruction, outflow_lamports: u64) -> Self {
        Self {
            outflow_lamports,
            ..Self::plain(choice, lane, call)
        }
    }

    fn accounts(&self) -> Vec<ActionAccount> {
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        self.call
            .accounts
            .iter()
            .map(|meta| ActionAccount {
                address: meta.pubkey.to_bytes(),
                flags: flag(meta.is_writable, FLAG_WRITABLE) | flag(meta.is_signer, FLAG_SIGNER),
            })
            .collect()
    }

    /// How much of the data goes with the action's accounts.
    fn first_len(&self) -> usize {
        let room = FIRST_BYTES.saturating_sub(self.call.accounts.len().saturating_mul(33));
        self.call.data.len().min(room.max(LEAST_FIRST_BYTES))
    }
}

impl Member {
    /// Binds `call` to a choice of a draft as its action number `index`; nothing may leave the lane but what is declared. What
    /// follows the first instruction are parts of long data, one to a transaction, in order.
    pub fn add_action(&self, proposal: Address, index: u8, action: &Action) -> Vec<Instruction> {
        let accounts = metas::AddAction {
            authority: self.wallet,
            person: self.person,
            realm: self.realm,
            proposal,
            action: action_address(&proposal, index),
            system_program: ids::SYSTEM,
        };
        let data = &action.call.data;
        let (first, rest) = data.split_at_checked(action.first_len()).unwrap_or((data, &[]));
        let call = ActionCall {
            choice: action.choice,
            lane: action.lane,
            program: action.call.program_id.to_bytes(),
            outflow_lamports: action.outflow_lamports,
            outflow_mint: action.outflow_mint.to_bytes(),
            outflow_atoms: action.outflow_atoms,
            // longer data is refused by the program, with its reason
            data_len: u16::try_from(data.len()).unwrap_or(u16::MAX),
            accounts: action.accounts(),
            data: first.to_vec(),
        };
        let mut made = vec![instruction(accounts, calls::AddAction { call })];
        let parts = rest.chunks(PART_BYTES);
        made.extend(parts.map(|part| self.append_action(proposal, index, part.to_vec())));
        made
    }

    /// Adds the next part of an action's data to a draft.
    pub fn append_action(&self, proposal: Address, index: u8, part: Vec<u8>) -> Instruction {
        let accounts = metas::AppendAction {
            authority: self.wallet,
            person: self.person,
            proposal,
            action: action_address(&proposal, index),
        };
        instruction(accounts, calls::AppendAction { part })
    }

    /// Pins an upgrade to its buffer's hash and to the program's last deployment.
    pub fn pin_upgrade(&self, proposal: Address, index: u8, program_data: Address, buffer: Address) -> Instruction {
        let accounts = metas::PinUpgrade {
            authority: self.wallet,
            person: self.person,
            proposal,
            action: action_address(&proposal, index),
            program_data,
            buffer,
        };
        instruction(accounts, calls::PinUpgrade {})
    }
}

/// An action's account and the instruction it will be.
pub async fn action(rpc: &Rpc, address: Address) -> Result<(ProposalAction, Instruction)> {
    let state = rpc.existing(&address, "an action").await?;
    let action: ProposalAction = accounts::decode(&PROGRAM, &address, &state)?;
    let message = Message::read(&state.data, action.account_count, action.data_len.get()).map_err(|error| {
        let remedy = "Use a client of the program's version";
        Error::account(address, "an action with its message", format!("{error:?}"), remedy)
    })?;
    let accounts = message
        .accounts()
        .map(|(key, flags)| AccountMeta {
            pubkey: Address::from(<[u8; 32]>::try_from(key).unwrap_or_default()),
            is_signer: flags & FLAG_SIGNER != 0,
            is_writable: flags & FLAG_WRITABLE != 0,
        })
        .collect();
    let call = Instruction {
        program_id: action.program,
        accounts,
        data: message.data.to_vec(),
    };
    Ok((action, call))
}

/// Executes an action as it was voted, read from its account.
pub async fn execute_action(rpc: &Rpc, address: Address) -> Result<Instruction> {
    let (action, call) = action(rpc, address).await?;
    let proposal: Proposal = accounts::fetch(rpc, &PROGRAM, &action.proposal).await?;
    let pays_tokens = action.outflow_atoms.get() != 0;
    let accounts = metas::ExecuteAction {
        realm: proposal.realm,
        proposal: action.proposal,
        action: address,
        treasury: action.treasury,
        program: action.program,
        book: pays_tokens.then(|| book_address(&proposal.realm, action.lane, &action.outflow_mint)),
    };
    let mut instruction = instruction(accounts, calls::ExecuteAction {});
    // the lane signs inside, never the executor
    instruction
        .accounts
        .extend(call.accounts.into_iter().map(|meta| AccountMeta {
            is_signer: false,
            ..meta
        }));
    Ok(instruction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member() -> Member {
        let [person, wallet, realm, mint] = [1u8, 2, 3, 4].map(|byte| Address::from([byte; 32]));
        Member {
            person,
            wallet,
            realm,
            mint,
            token_program: ids::TOKEN,
        }
    }

    fn action(accounts: usize, data: usize) -> Action {
        let metas = vec![AccountMeta::new(Address::from([9; 32]), false); accounts];
        let call = Instruction {
            program_id: Address::from([8; 32]),
            accounts: metas,
            data: vec![7; data],
        };
        Action::plain(1, 0, call)
    }

    #[test]
    fn short_data_goes_with_its_action_and_long_data_follows_in_parts() {
        let proposal = Address::from([5; 32]);
        assert_eq!(member().add_action(proposal, 0, &action(3, 100)).len(), 1);
        // 24 accounts leave no room: sixteen bytes go first, 1,008 follow in two parts
        assert_eq!(member().add_action(proposal, 0, &action(24, 1_024)).len(), 3);
        let made = member().add_action(proposal, 0, &action(2, 1_024));
        assert_eq!(made.len(), 2);
        let carried: usize = made.iter().map(|instruction| instruction.data.len()).sum();
        assert!(carried > 1_024);
    }
}
