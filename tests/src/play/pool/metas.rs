//! Accounts of the pool's instructions, in the order of the IDL, spoiled by a twist.

use {
    super::{Game, Twist},
    commonweal_interface::ids,
    solana_address::Address,
    solana_instruction::AccountMeta,
    solana_signer::Signer,
};

impl Game {
    /// The accounts of `deposit` (with the config) or `withdraw` (without), in the order of the IDL.
    pub fn share_metas(&self, pool: usize, actor: usize, with_config: bool, twist: Twist) -> Vec<AccountMeta> {
        let state = &self.model.pools[pool];
        let payer = if twist == Twist::StrangerPays {
            (actor + 1) % self.actors.len()
        } else {
            actor
        };
        let read = |address: Address| AccountMeta::new_readonly(address, false);
        let write = |address: Address| AccountMeta::new(address, false);
        let mut metas = vec![
            AccountMeta::new_readonly(self.actors[actor].pubkey(), twist != Twist::Unsigned),
            self.pool_meta(pool, twist),
        ];
        if with_config {
            metas.push(self.config_meta(pool, twist));
        }
        metas.extend([
            write(if twist == Twist::OtherLpMint {
                self.other_mint(pool)
            } else {
                state.lp_mint
            }),
            write(if twist == Twist::ForeignVault {
                self.foreign(actor)
            } else {
                state.vaults[0]
            }),
            write(state.vaults[1]),
            write(self.wallets[payer][state.mint_ids[0]]),
            write(self.wallets[payer][state.mint_ids[1]]),
            write(self.shares_account(if with_config { actor } else { payer }, pool)),
            read(state.mints[0]),
            read(if twist == Twist::WrongMint {
                state.mints[0]
            } else {
                state.mints[1]
            }),
            read(if twist == Twist::WrongProgram {
                ids::TOKEN_2022
            } else {
                ids::TOKEN
            }),
        ]);
        if self.needs_trailing(pool) && twist != Twist::NoTrailing {
            metas.push(read(ids::TOKEN_2022));
        }
        metas
    }

    /// Whether any mint of the pool belongs to Token-2022.
    pub fn needs_trailing(&self, pool: usize) -> bool {
        let ids_of = self.model.pools[pool].mint_ids;
        ids_of.iter().any(|mint| self.program_of(*mint) == ids::TOKEN_2022)
    }

    /// Whether the mints of the pool belong to different programs.
    pub fn is_mixed(&self, pool: usize) -> bool {
        let [a, b] = self.model.pools[pool].mint_ids;
        self.program_of(a) != self.program_of(b)
    }

    /// The accounts of a swap, in the order of the IDL.
    pub fn swap_metas(&self, pool: usize, actor: usize, input: usize, twist: Twist) -> Vec<AccountMeta> {
        let state = &self.model.pools[pool];
        let output = 1 - input;
        let payer = if twist == Twist::StrangerPays {
            (actor + 1) % self.actors.len()
        } else {
            actor
        };
        let read = |address: Address| AccountMeta::new_readonly(address, false);
        let write = |address: Address| AccountMeta::new(address, false);
        let program = self.program_of(state.mint_ids[input]);
        let wrong = if program == ids::TOKEN {
            ids::TOKEN_2022
        } else {
            ids::TOKEN
        };
        let mut metas = vec![
            AccountMeta::new_readonly(self.actors[actor].pubkey(), twist != Twist::Unsigned),
            self.pool_meta(pool, twist),
            self.config_meta(pool, twist),
            write(state.vaults[input]),
            write(if twist == Twist::ForeignVault {
                self.foreign(actor)
            } else {
                state.vaults[output]
            }),
            write(self.wallets[payer][state.mint_ids[input]]),
            write(self.wallets[actor][state.mint_ids[output]]),
            read(state.mints[input]),
            read(if twist == Twist::WrongMint {
                state.mints[input]
            } else {
                state.mints[output]
            }),
            read(if twist == Twist::WrongProgram { wrong } else { program }),
        ];
        if self.is_mixed(pool) && twist != Twist::NoTrailing {
            metas.push(read(self.program_of(state.mint_ids[output])));
        }
        metas
    }

    pub(super) fn pool_meta(&self, pool: usize, twist: Twist) -> AccountMeta {
        let state = &self.model.pools[pool];
        match twist {
            Twist::ReadOnlyPool => AccountMeta::new_readonly(state.address, false),
            Twist::ConfigAsPool => AccountMeta::new(self.other_config(state.config), false),
            _ => AccountMeta::new(state.address, false),
        }
    }

    pub(super) fn config_meta(&self, pool: usize, twist: Twist) -> AccountMeta {
        let config = self.model.pools[pool].config;
        let address = if twist == Twist::OtherConfig {
            self.other_config(config)
        } else {
            self.model.configs[config].address
        };
        AccountMeta::new_readonly(address, false)
    }

    fn other_config(&self, config: usize) -> Address {
        self.model.configs[(config + 1) % self.model.configs.len()].address
    }

    /// A mint that is none of the pool's.
    fn other_mint(&self, pool: usize) -> Address {
        let ids_of = self.model.pools[pool].mint_ids;
        let other = (0..).find(|mint| !ids_of.contains(mint)).unwrap();
        self.mints[other].address
    }

    /// A token account that is nobody's vault and not part of the instruction.
    pub(super) fn foreign(&self, actor: usize) -> Address {
        let stranger = (actor + 2) % self.actors.len();
        self.wallets[stranger][0]
    }
}
