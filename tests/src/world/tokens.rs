//! Real SPL Token and Token-2022 mints and accounts, made by real instructions.

use {
    super::{MintExtension, World},
    commonweal_interface::{ids, token::TokenState},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    spl_token_2022_interface::{extension::ExtensionType, instruction as token, state::Mint as MintLayout},
};

/// A mint of the test's own.
#[derive(Clone, Debug)]
pub struct Mint {
    /// Its address.
    pub address: Address,
    /// Its decimals.
    pub decimals: u8,
    /// SPL Token or Token-2022.
    pub program: Address,
    /// The name of the actor who may mint and freeze.
    authority: String,
    extensions: Vec<MintExtension>,
}

impl Mint {
    /// A mint that the test did not make, of SPL Token: a pool's shares.
    pub fn of_token(address: Address, decimals: u8) -> Self {
        Self {
            address,
            decimals,
            program: ids::TOKEN,
            authority: String::new(),
            extensions: vec![],
        }
    }
}

impl World {
    /// A new SPL Token mint; `name` is its key, and its authority the actor `"<name> authority"`.
    pub fn mint(&mut self, name: &str, decimals: u8) -> Mint {
        self.mint_of(ids::TOKEN, name, decimals, &[], true)
    }

    /// A new SPL Token mint without freeze authority.
    pub fn mint_without_freeze(&mut self, name: &str, decimals: u8) -> Mint {
        self.mint_of(ids::TOKEN, name, decimals, &[], false)
    }

    /// A new Token-2022 mint with extensions.
    pub fn mint_2022(&mut self, name: &str, decimals: u8, extensions: &[MintExtension]) -> Mint {
        self.mint_of(ids::TOKEN_2022, name, decimals, extensions, true)
    }

    fn mint_of(
        &mut self,
        program: Address,
        name: &str,
        decimals: u8,
        extensions: &[MintExtension],
        with_freeze: bool,
    ) -> Mint {
        let authority_name = format!("{name} authority");
        let authority = self.actor(&authority_name);
        let key = self.keypair(name);
        let kinds: Vec<ExtensionType> = extensions
            .iter()
            .filter(|extension| !extension.is_added_later())
            .map(|extension| extension.kind())
            .collect();
        let space = ExtensionType::try_calculate_account_len::<MintLayout>(&kinds).unwrap();
        // descriptions are added to the finished mint, which has to pay their rent already
        let is_described = extensions.iter().any(|extension| extension.is_added_later());
        let rent = self.rent(space + if is_described { 1_000 } else { 0 });
        let mut instructions = vec![system::create_account(
            &authority.pubkey(),
            &key.pubkey(),
            rent,
            space as u64,
            &program,
        )];
        instructions.extend(
            extensions
                .iter()
                .filter(|extension| !extension.is_added_later())
                .map(|extension| extension.initialize(&program, &key.pubkey(), authority.pubkey())),
        );
        let freeze = with_freeze.then(|| authority.pubkey());
        instructions.push(
            token::initialize_mint2(&program, &key.pubkey(), &authority.pubkey(), freeze.as_ref(), decimals).unwrap(),
        );
        self.all_succeed(&instructions, &[&authority, &key]);
        let mint = Mint {
            address: key.pubkey(),
            decimals,
            program,
            authority: authority_name,
            extensions: extensions.to_vec(),
        };
        for extension in extensions.iter().filter(|extension| extension.is_added_later()) {
            self.describe(&mint, *extension);
        }
        mint
    }

    /// Adds a description to a finished mint: its metadata, a group, or a member of that group.
    pub fn describe(&mut self, mint: &Mint, extension: MintExtension) {
        let authority = self.mint_authority(mint);
        let groups = self.keypair("groups' authority");
        let instruction = extension.add(&mint.program, &mint.address, authority.pubkey(), groups.pubkey());
        match extension {
            MintExtension::GroupMember { .. } => self.succeeds(instruction, &[&authority, &groups]),
            _ => self.succeeds(instruction, &[&authority]),
        };
    }

    /// Two mints whose addresses are in ascending order, as a pool wants them.
    pub fn mint_pair(&mut self, name: &str, decimals: (u8, u8)) -> (Mint, Mint) {
        let mut attempt = 0;
        loop {
            let (first, second) = (format!("{name} a{attempt}"), format!("{name} b{attempt}"));
            if self.keypair(&first).pubkey() < self.keypair(&second).pubkey() {
                return (self.mint(&first, decimals.0), self.mint(&second, decimals.1));
            }
            attempt += 1;
        }
    }

    /// The actor who may mint and freeze.
    pub fn mint_authority(&mut self, mint: &Mint) -> Keypair {
        self.actor(&mint.authority)
    }

    /// A token account of `owner` at the key named after both; made on the first call.
    pub fn token_account(&mut self, mint: &Mint, owner: &Address) -> Address {
        self.token_account_named(mint, owner, &format!("token account {} {owner}", mint.address))
    }

    /// A token account of `owner` at the key of that name; made on the first call.
    pub fn token_account_named(&mut self, mint: &Mint, owner: &Address, name: &str) -> Address {
        let key = self.keypair(name);
        if self.exists(&key.pubkey()) {
            return key.pubkey();
        }
        let needed: Vec<ExtensionType> = mint
            .extensions
            .iter()
            .flat_map(|extension| extension.demanded_of_accounts())
            .copied()
            .collect();
        let space =
            ExtensionType::try_calculate_account_len::<spl_token_2022_interface::state::Account>(&needed).unwrap();
        let rent = self.rent(space);
        let payer = self.fee_payer.insecure_clone();
        let instructions = [
            system::create_account(&payer.pubkey(), &key.pubkey(), rent, space as u64, &mint.program),
            token::initialize_account3(&mint.program, &key.pubkey(), &mint.address, owner).unwrap(),
        ];
        self.all_succeed(&instructions, &[&key]);
        key.pubkey()
    }

    /// A token account of `owner` with that many atoms in it.
    pub fn funded(&mut self, mint: &Mint, owner: &Address, amount_atoms: u64) -> Address {
        let account = self.token_account(mint, owner);
        self.mint_into(mint, &account, amount_atoms);
        account
    }

    /// Mints atoms into a token account.
    pub fn mint_into(&mut self, mint: &Mint, account: &Address, amount_atoms: u64) {
        if amount_atoms == 0 {
            return;
        }
        let authority = self.mint_authority(mint);
        let instruction = token::mint_to(
            &mint.program,
            &mint.address,
            account,
            &authority.pubkey(),
            &[],
            amount_atoms,
        )
        .unwrap();
        self.succeeds(instruction, &[&authority]);
    }

    /// Moves tokens between two accounts by their owner, as a wallet does.
    pub fn transfer(&mut self, mint: &Mint, from: &Address, to: &Address, owner: &Keypair, amount_atoms: u64) {
        let instruction = token::transfer_checked(
            &mint.program,
            from,
            &mint.address,
            to,
            &owner.pubkey(),
            &[],
            amount_atoms,
            mint.decimals,
        )
        .unwrap();
        self.succeeds(instruction, &[owner]);
    }

    /// Freezes a token account by its mint's authority.
    pub fn freeze(&mut self, mint: &Mint, account: &Address) {
        let authority = self.mint_authority(mint);
        let instruction =
            token::freeze_account(&mint.program, account, &mint.address, &authority.pubkey(), &[]).unwrap();
        self.succeeds(instruction, &[&authority]);
    }

    /// Thaws a token account by its mint's authority.
    pub fn thaw(&mut self, mint: &Mint, account: &Address) {
        let authority = self.mint_authority(mint);
        let instruction = token::thaw_account(&mint.program, account, &mint.address, &authority.pubkey(), &[]).unwrap();
        self.succeeds(instruction, &[&authority]);
    }

    /// The base state of a token account.
    pub fn token_state(&self, account: &Address) -> TokenState {
        let raw = self.raw(account);
        TokenState::read(&raw.owner, &raw.data).unwrap_or_else(|error| panic!("{account}: {error:?}"))
    }

    /// Atoms in a token account, 0 where there is none.
    pub fn tokens(&self, account: &Address) -> u64 {
        match self.account(account) {
            Some(raw) if raw.lamports > 0 => {
                TokenState::read(&raw.owner, &raw.data).map_or(0, |state| state.amount_atoms)
            }
            _ => 0,
        }
    }

    /// Atoms of a mint in existence.
    pub fn supply(&self, mint: &Address) -> u64 {
        let raw = self.raw(mint);
        commonweal_interface::token::MintState::read(&raw.owner, &raw.data)
            .unwrap()
            .supply_atoms
    }
}
