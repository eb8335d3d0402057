//! The substitutions.

use {
    crate::{idl::IdlAccount, scenario::Scenario},
    commonweal_interface::ids,
    solana_account::Account,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// One way of passing the wrong account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The signer did not sign.
    Unsigned,
    /// The account is passed read-only.
    ReadOnly,
    /// The same bytes at the same address, owned by another program.
    WrongOwner,
    /// The same bytes and owner at an address that nobody derived: a look-alike.
    LookAlike,
    /// The corresponding account of a stranger's own, valid instruction.
    Strangers,
    /// The right address and owner, but another kind of account: a flipped discriminator, or an uninitialised token account.
    WrongType,
    /// Another account of the same instruction and owner, passed twice.
    Duplicated,
    /// Another program where a program is expected.
    FakeProgram,
    /// The program's own id, which stands for «none» in optional slots.
    Sentinel,
}

impl Mutation {
    /// All of them, in the order of the committed files.
    pub const ALL: [Self; 9] = [
        Self::Unsigned,
        Self::ReadOnly,
        Self::WrongOwner,
        Self::LookAlike,
        Self::Strangers,
        Self::WrongType,
        Self::Duplicated,
        Self::FakeProgram,
        Self::Sentinel,
    ];

    /// Its name in the committed files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::ReadOnly => "read_only",
            Self::WrongOwner => "wrong_owner",
            Self::LookAlike => "look_alike",
            Self::Strangers => "strangers",
            Self::WrongType => "wrong_type",
            Self::Duplicated => "duplicated",
            Self::FakeProgram => "fake_program",
            Self::Sentinel => "sentinel",
        }
    }

    /// Applies it to account `index`; `None` where it has no meaning there (a program has no discriminator, an address that
    /// does not exist yet has no owner).
    pub fn apply(self, victim: &mut Scenario, stranger: &Scenario, described: &IdlAccount, index: usize) -> Option<()> {
        let meta = victim.instruction.accounts[index].clone();
        // an address may sign although only a called program asks for it, as the key of a new account does
        let signs = described.signer || meta.is_signer;
        let account = victim
            .world
            .svm
            .get_account(&meta.pubkey)
            .filter(|account| account.lamports > 0);
        let is_program = described.address.is_some() || account.as_ref().is_some_and(|account| account.executable);
        // nobody writes a sysvar or owns it
        let is_sysvar = |account: &Account| account.owner == solana_program::sysvar::ID;
        let has_data = account
            .as_ref()
            .is_some_and(|account| !account.data.is_empty() && !is_sysvar(account));
        match self {
            Self::Unsigned => {
                signs.then_some(())?;
                victim.instruction.accounts[index].is_signer = false;
                victim.signers.retain(|signer| signer.pubkey() != meta.pubkey);
            }
            Self::ReadOnly => {
                described.writable.then_some(())?;
                victim.instruction.accounts[index].is_writable = false;
            }
            Self::WrongOwner => {
                (has_data && !is_program).then_some(())?;
                let mut account = account?;
                account.owner = if account.owner == ids::TOKEN_2022 {
                    ids::SYSTEM
                } else {
                    foreign(&account.owner)
                };
                victim.world.set_raw(meta.pubkey, account);
            }
            Self::LookAlike => {
                (!is_program && !signs).then_some(())?;
                let elsewhere = victim.world.keypair("look-alike").pubkey();
                if let Some(account) = account {
                    victim.world.set_raw(elsewhere, account);
                }
                victim.instruction.accounts[index].pubkey = elsewhere;
            }
            Self::Strangers => {
                let theirs = stranger.instruction.accounts[index].pubkey;
                (!is_program && theirs != meta.pubkey).then_some(())?;
                adopt(victim, stranger);
                victim.instruction.accounts[index].pubkey = theirs;
                if signs {
                    victim.signers.retain(|signer| signer.pubkey() != meta.pubkey);
                    let key = stranger.signers.iter().find(|signer| signer.pubkey() == theirs)?;
                    victim.signers.push(key.insecure_clone());
                }
            }
            Self::WrongType => {
                (has_data && !is_program).then_some(())?;
                let mut account = account?;
                if account.owner == ids::TOKEN || account.owner == ids::TOKEN_2022 {
                    account.data.fill(0);
                } else {
                    account.data.iter_mut().take(8).for_each(|byte| *byte = !*byte);
                }
                victim.world.set_raw(meta.pubkey, account);
            }
            Self::Duplicated => {
                (has_data && !is_program && !signs).then_some(())?;
                let owner = account?.owner;
                let other = twin(victim, index, &owner)?;
                victim.instruction.accounts[index].pubkey = other;
            }
            Self::FakeProgram => {
                is_program.then_some(())?;
                let fake = if meta.pubkey == ids::LIQUIDITY_POOL {
                    ids::COMPUTE_ESCROW
                } else {
                    ids::LIQUIDITY_POOL
                };
                victim.instruction.accounts[index].pubkey = fake;
            }
            Self::Sentinel => {
                described.optional.then_some(())?;
                (meta.pubkey != victim.instruction.program_id).then_some(())?;
                victim.instruction.accounts[index].pubkey = victim.instruction.program_id;
                victim.instruction.accounts[index].is_writable = false;
            }
        }
        // an account that may sign but need not (a key of its owner's choice): the substitute has no key here
        let substitute = &mut victim.instruction.accounts[index];
        substitute.is_signer &= described.signer || substitute.pubkey == meta.pubkey;
        Some(())
    }
}

/// An owner that is a program but not the right one.
fn foreign(owner: &Address) -> Address {
    if owner == &ids::TOKEN {
        ids::SYSTEM
    } else {
        ids::TOKEN
    }
}

/// Puts every account of the stranger's instruction into the victim's world, except those the victim's has itself.
fn adopt(victim: &mut Scenario, stranger: &Scenario) {
    let own: Vec<Address> = victim.instruction.accounts.iter().map(|meta| meta.pubkey).collect();
    for meta in &stranger.instruction.accounts {
        if own.contains(&meta.pubkey) {
            continue;
        }
        if let Some(account) = stranger.world.account(&meta.pubkey) {
            if !account.executable && account.lamports > 0 {
                let account: Account = account;
                victim.world.set_raw(meta.pubkey, account);
            }
        }
    }
}

/// Another account of the instruction with the same owner and data of the same length.
fn twin(victim: &Scenario, index: usize, owner: &Address) -> Option<Address> {
    let length = victim.world.raw(&victim.instruction.accounts[index].pubkey).data.len();
    let this = victim.instruction.accounts[index].pubkey;
    victim.instruction.accounts.iter().map(|meta| meta.pubkey).find(|key| {
        *key != this
            && victim
                .world
                .account(key)
                .is_some_and(|account| account.owner == *owner && account.data.len() == length)
    })
}

/// The signers that a mutated instruction still asks for.
pub fn needed_signers(scenario: &Scenario) -> Vec<Keypair> {
    scenario
        .signers
        .iter()
        .filter(|signer| {
            scenario
                .instruction
                .accounts
                .iter()
                .any(|meta| meta.is_signer && meta.pubkey == signer.pubkey())
        })
        .map(Keypair::insecure_clone)
        .collect()
}
