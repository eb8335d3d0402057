//! What farms move and call. All of it is out of line: no instruction of a farm is hot enough to pay for copies.

use {
    super::{create_derived, find_bump, vault_atoms},
    crate::{
        errors::PoolError,
        state::{own::same, Farm, Own},
    },
    anchor_lang::{prelude::*, AnchorAccount},
    commonweal_interface::{
        cpi::{initialize_account3, Call, Role},
        ids,
        token::{TokenState, ACCOUNT_LEN},
    },
    pinocchio::cpi::{Seed, Signer as PdaSigner},
};

/// A transfer of staked shares or of rewards, both of mints that keep no transfer fee.
pub struct FarmTransfer<'a> {
    /// The mint's token program.
    pub token_program: &'a Address,
    /// The mint.
    pub mint: &'a AccountView,
    /// Debited.
    pub from: &'a AccountView,
    /// Credited.
    pub to: &'a AccountView,
    /// Atoms debited and credited.
    pub amount_atoms: u64,
    /// The mint's decimals.
    pub decimals: u8,
}

impl FarmTransfer<'_> {
    /// From somebody's account into a vault, where exactly that must arrive; `owner` signed the transaction.
    #[inline(never)]
    pub fn pull(&self, owner: &AccountView) -> Result<()> {
        let before = vault_atoms(self.to)?;
        self.send(owner, None)?;
        let arrived = vault_atoms(self.to)?.checked_sub(before);
        require!(arrived == Some(self.amount_atoms), PoolError::ArrivalMismatch);
        Ok(())
    }

    /// From a vault of the farm to somebody's account; nothing happens for zero.
    #[inline(never)]
    pub fn push(&self, farm: &Own<Farm>) -> Result<()> {
        if self.amount_atoms == 0 {
            return Ok(());
        }
        self.send(farm.account(), Some(farm))
    }

    #[inline(never)]
    fn send(&self, authority: &AccountView, farm: Option<&Own<Farm>>) -> Result<()> {
        let mut data = [12u8; 10];
        let (_, rest) = data.split_at_mut(1);
        let (amount, decimals) = rest.split_at_mut(8);
        amount.copy_from_slice(&self.amount_atoms.to_le_bytes());
        decimals.fill(self.decimals);
        let call = Call {
            program: self.token_program,
            accounts: &[
                (self.from, Role::Write),
                (self.mint, Role::Read),
                (self.to, Role::Write),
                (authority, Role::Sign),
            ],
            data: &data,
            signers: &[],
        };
        match farm {
            Some(farm) => invoke_as_farm(&call, farm),
            None => call.invoke(),
        }
    }
}

#[inline(never)]
fn invoke_as_farm(call: &Call, farm: &Own<Farm>) -> Result<()> {
    let (index, bump) = (u16::to_le_bytes(farm.index.get()), [farm.bump]);
    let seeds = farm.seeds(&index, &bump).map(Seed::from);
    Call {
        program: call.program,
        accounts: call.accounts,
        data: call.data,
        signers: &[PdaSigner::from(&seeds)],
    }
    .invoke()
}

/// What a vault of a new farm is made of.
pub struct NewFarmVault<'a> {
    /// Pays the rent.
    pub payer: &'a AccountView,
    /// The vault's address.
    pub vault: &'a AccountView,
    /// Its mint, which demands no extension of its accounts.
    pub mint: &'a AccountView,
    /// The mint's token program.
    pub token_program: &'a Address,
    /// The farm, its owner.
    pub farm: &'a Address,
}

impl NewFarmVault<'_> {
    /// Creates the vault at the address derived from `seed` and the farm, whether or not somebody has sent lamports there.
    #[inline(never)]
    pub fn create(&self, seed: &[u8]) -> Result<()> {
        let seeds: [&[u8]; 2] = [seed, self.farm.as_ref()];
        let bump = find_bump(self.vault, &seeds)?;
        create_derived(
            self.payer,
            self.vault,
            &seeds,
            bump,
            ACCOUNT_LEN as u64,
            self.token_program,
        )?;
        initialize_account3(self.token_program, self.vault, self.mint, self.farm)
    }
}

/// Destroys shares in a vault of the farm.
pub fn burn_staked(farm: &Own<Farm>, lp_mint: &AccountView, vault: &AccountView, amount_atoms: u64) -> Result<()> {
    let mut data = [8u8; 9];
    let (_, amount) = data.split_at_mut(1);
    amount.copy_from_slice(&amount_atoms.to_le_bytes());
    let call = Call {
        program: &ids::TOKEN,
        accounts: &[
            (vault, Role::Write),
            (lp_mint, Role::Write),
            (farm.account(), Role::Sign),
        ],
        data: &data,
        signers: &[],
    };
    invoke_as_farm(&call, farm)
}

/// Closes an empty vault of the farm; its lamports go to the funder.
#[inline(never)]
pub fn close_vault(
    farm: &Own<Farm>,
    token_program: &Address,
    vault: &AccountView,
    destination: &AccountView,
) -> Result<()> {
    let call = Call {
        program: token_program,
        accounts: &[
            (vault, Role::Write),
            (destination, Role::Write),
            (farm.account(), Role::Sign),
        ],
        data: &[9],
        signers: &[],
    };
    invoke_as_farm(&call, farm)
}

/// Whether an account is a token account of that mint and owner.
#[inline(never)]
pub fn is_token_account(account: &AccountView, program: &Address, mint: &Address, owner: &Address) -> bool {
    // SAFETY: the bytes are only read, and nothing else runs meanwhile.
    let data = unsafe { account.borrow_unchecked() };
    account.owned_by(program)
        && TokenState::read(program, data).is_ok_and(|state| same(&state.owner, owner) && same(&state.mint, mint))
}
