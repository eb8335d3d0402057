//! What a proposal can do: from the command line to an action.

use {
    super::{attestors, court, members::hexadecimal},
    crate::{
        app::{App, Outcome},
        args::{Act, Chambers, IdentityCost, Parameters, PayTokens, Raw, Upgrade},
        cmd::{job::config as escrow_config, pool::wanted},
        output,
    },
    anchor_lang::prelude::ProgramError,
    clap::Args,
    commonweal_client::{
        accounts, amount, deploy,
        explain::program_error,
        governance::{
            self,
            upgrade::{self, code_address},
            Action, ChamberChoice, RealmParameters,
        },
        pool::{self, ConfigUpdate},
        tokens, Address, Error,
    },
    commonweal_interface::ids,
    solana_keypair::Keypair,
    solana_program::instruction::{AccountMeta, Instruction},
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    std::fs,
};

/// An action and what must come before and after it in its draft.
pub struct Made {
    /// The action; its choice is set by whoever binds it.
    pub action: Action,
    /// Instructions before: a book is opened, a buffer is handed over.
    pub before: Vec<Instruction>,
    /// The code account and the buffer of an upgrade, to be pinned.
    pub pin: Option<(Address, Address)>,
}

impl Made {
    fn plain(lane: u8, call: Instruction) -> Self {
        Self::of(Action::plain(1, lane, call))
    }

    fn of(action: Action) -> Self {
        Self {
            action,
            before: Vec::new(),
            pin: None,
        }
    }
}

/// Makes an action; where it goes is returned beside it.
pub async fn make<W: Args>(app: &App, signer: &Keypair, act: Act<W>) -> Outcome<(W, Made)> {
    let realm = app.realm();
    let lane_0 = governance::treasury_address(&realm, 0);
    Ok(match act {
        Act::PoolFee(of) => {
            let update = ConfigUpdate {
                base_fee_ppm: Some(of.what.fee_ppm),
                ..ConfigUpdate::default()
            };
            let call = pool::update_config(lane_0, pool::config_address(of.what.config), update);
            (of.to, Made::plain(0, call))
        }
        Act::PoolConfig(of) => {
            let config = pool::config_address(of.what.config);
            (
                of.to,
                Made::plain(0, pool::update_config(lane_0, config, wanted(&of.what.change))),
            )
        }
        Act::PoolRamp(of) => {
            let config = pool::config_address(of.what.config);
            let call = pool::ramp_amplification(lane_0, config, of.what.target, of.what.end);
            (of.to, Made::plain(0, call))
        }
        Act::EscrowConfig(of) => {
            let call = escrow_config::changed(app, lane_0, &of.what).await?;
            (of.to, Made::plain(0, call))
        }
        Act::EscrowCourt(of) => (of.to, Made::plain(0, court::change(app, lane_0, of.what).await?)),
        Act::EscrowRule(of) => (of.to, Made::plain(0, court::rule(app, lane_0, of.what).await?)),
        Act::Pay(of) => {
            let lamports = amount::parse(&of.what.amount, amount::SOL_DECIMALS)?;
            let from = governance::treasury_address(&realm, of.what.lane);
            let call = system::transfer(&from, &of.what.recipient, lamports);
            (of.to, Made::of(Action::paying(1, of.what.lane, call, lamports)))
        }
        Act::PayTokens(of) => (of.to, pay_tokens(app, signer, of.what).await?),
        Act::Parameters(of) => {
            let parameters = parameters(app, of.what).await?;
            (of.to, Made::plain(0, governance::set_parameters(realm, parameters)))
        }
        Act::Chambers(of) => {
            let chambers = chambers(app, &of.what).await?;
            (of.to, Made::plain(0, governance::set_chambers(realm, chambers)))
        }
        Act::IdentityCost(of) => (of.to, identity_cost(app, signer, of.what).await?),
        Act::AddAttestor(of) => {
            let choice = attestors::choice(app, &of.what.terms).await?;
            let call = governance::add_attestor(lane_0, realm, of.what.key, choice);
            // lane 0 pays the account's rent
            let space = 8usize.saturating_add(std::mem::size_of::<governance::Attestor>());
            let rent = app.rpc.rent_lamports(space).await?;
            (of.to, Made::of(Action::paying(1, 0, call, rent)))
        }
        Act::DisableAttestor(of) => {
            let address = governance::attestor_address(&realm, &of.what.key);
            let state: governance::Attestor = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
            let call = governance::disable_attestor(lane_0, realm, of.what.key, state.rent_payer);
            (of.to, Made::plain(0, call))
        }
        Act::Upgrade(of) => (of.to, new_code(app, signer, of.what).await?),
        Act::Raw(of) => (of.to, Made::of(raw(app, of.what).await?)),
    })
}

/// The instruction that opens a book, where there is none.
async fn missing_book(app: &App, payer: &Keypair, lane: u8, mint: Address) -> Outcome<Vec<Instruction>> {
    let realm = app.realm();
    let book = governance::book_address(&realm, lane, &mint);
    let open = governance::open_book(payer.pubkey(), realm, lane, mint);
    Ok(match app.rpc.account(&book).await? {
        Some(_) => Vec::new(),
        None => vec![open],
    })
}

async fn pay_tokens(app: &App, signer: &Keypair, options: PayTokens) -> Outcome<Made> {
    let mint = tokens::mint(&app.rpc, &options.mint).await?;
    let atoms = amount::parse(&options.amount, mint.state.decimals)?;
    let lane = governance::treasury_address(&app.realm(), options.lane);
    let account = |wallet: &Address| tokens::associated(wallet, &mint.address, &mint.token_program);
    let call = tokens::transfer(
        &account(&lane),
        &mint.address,
        &account(&options.recipient),
        &lane,
        atoms,
        mint.state.decimals,
        &mint.token_program,
    )?;
    let action = Action {
        outflow_mint: mint.address,
        outflow_atoms: atoms,
        ..Action::plain(1, options.lane, call)
    };
    Ok(Made {
        before: missing_book(app, signer, options.lane, mint.address).await?,
        ..Made::of(action)
    })
}

async fn identity_cost(app: &App, signer: &Keypair, options: IdentityCost) -> Outcome<Made> {
    let mint = tokens::mint(&app.rpc, &options.mint).await?;
    let atoms = amount::parse(&options.amount, mint.state.decimals)?;
    let book = governance::book_address(&app.realm(), options.lane, &mint.address);
    let call = governance::set_identity_cost(app.realm(), book, atoms);
    Ok(Made {
        before: missing_book(app, signer, options.lane, mint.address).await?,
        ..Made::plain(0, call)
    })
}

/// The parameters in force, or those that wait for their epoch, with what the options change.
async fn parameters(app: &App, options: Parameters) -> Outcome<RealmParameters> {
    let realm = governance::realm(&app.rpc, &app.realm()).await?;
    let old = if realm.next_rules_epoch.get() == 0 {
        governance::parameters_of(&realm.rules, realm.epoch_s.get())
    } else {
        governance::parameters_of(&realm.next_rules, realm.next_epoch_s.get())
    };
    let sol = |text: Option<String>, old: u64| match text {
        Some(text) => amount::parse(&text, amount::SOL_DECIMALS),
        None => Ok(old),
    };
    let new = RealmParameters {
        epoch_s: options.epoch_s.unwrap_or(old.epoch_s),
        voting_s: options.voting_s.unwrap_or(old.voting_s),
        extension_s: options.extension_s.unwrap_or(old.extension_s),
        late_window_s: options.late_window_s.unwrap_or(old.late_window_s),
        challenge_s: options.challenge_s.unwrap_or(old.challenge_s),
        review_s: options.review_s.unwrap_or(old.review_s),
        timelock_s: options.timelock_s.unwrap_or(old.timelock_s),
        upgrade_timelock_s: options.upgrade_timelock_s.unwrap_or(old.upgrade_timelock_s),
        execution_window_s: options.execution_window_s.unwrap_or(old.execution_window_s),
        base_credits: options.base_credits.unwrap_or(old.base_credits),
        max_bonus_credits: options.max_bonus_credits.unwrap_or(old.max_bonus_credits),
        stake_atoms_per_credit: options.stake_atoms_per_credit.unwrap_or(old.stake_atoms_per_credit),
        min_persons: options.min_persons.unwrap_or(old.min_persons),
        quorum_persons_ppm: options.quorum_persons_ppm.unwrap_or(old.quorum_persons_ppm),
        quorum_credits_ppm: options.quorum_credits_ppm.unwrap_or(old.quorum_credits_ppm),
        normal_threshold_ppm: options.normal_threshold_ppm.unwrap_or(old.normal_threshold_ppm),
        high_threshold_ppm: options.high_threshold_ppm.unwrap_or(old.high_threshold_ppm),
        cohort_floor_votes: options.cohort_floor_votes.unwrap_or(old.cohort_floor_votes),
        proposal_bond_lamports: sol(options.bond, old.proposal_bond_lamports)?,
        identity_cost_lamports: sol(options.identity_cost, old.identity_cost_lamports)?,
        attestations: options.attestations.unwrap_or(old.attestations),
    };
    if new == old {
        return Err(Error::refused("nothing would change", "Name a parameter, such as --voting-s").into());
    }
    // the program says so at execution; said now it saves a vote
    new.validate(realm.is_rehearsal()).map_err(|error| {
        let known = match error {
            ProgramError::Custom(code) => program_error(code),
            _ => None,
        };
        known.map_or_else(
            || {
                Error::refused(
                    format!("the program would refuse it: {error:?}"),
                    "Compare with its README",
                )
            },
            |known| Error::refused(known.name, known.remedy),
        )
    })?;
    Ok(new)
}

async fn chambers(app: &App, options: &Chambers) -> Outcome<ChamberChoice> {
    let realm = governance::realm(&app.rpc, &app.realm()).await?;
    let number = |text: &str| {
        text.parse::<u64>().map_err(|_| {
            Error::refused(
                format!("`{text}` is no number of a config"),
                "Write a number, or `none`",
            )
        })
    };
    let liquidity_config = match options.pool_config.as_deref() {
        None => realm.liquidity_config.to_bytes(),
        Some("none") => [0; 32],
        Some(text) => pool::config_address(number(text)?).to_bytes(),
    };
    let escrow_config_number = match options.escrow_config.as_deref() {
        None => realm.escrow_config_number.get(),
        Some("none") => 0,
        Some(text) => u16::try_from(number(text)?)
            .map(|number| u32::from(number).saturating_add(1))
            .map_err(|_| Error::refused("the escrow config's number is too large", "Numbers go up to 65,535"))?,
    };
    Ok(ChamberChoice {
        liquidity_config,
        escrow_config_number,
    })
}

async fn new_code(app: &App, signer: &Keypair, options: Upgrade) -> Outcome<Made> {
    let (realm, program) = (app.realm(), options.program);
    let lane = governance::treasury_address(&realm, options.lane);
    let deployed = deploy::deployed(&app.rpc, &program)
        .await?
        .ok_or_else(|| Error::account(program, "a program", "nothing", "Check its address"))?;
    if deployed.upgrade_authority != Some(lane) {
        let found = deployed
            .upgrade_authority
            .map_or_else(|| "nobody: it is final".to_owned(), |found| found.to_string());
        let remedy = "Its authority hands it over with `commonweal gov hand-over`, or name another --lane";
        let expected = format!("a program that lane {} ({lane}) may upgrade", options.lane);
        return Err(Error::account(program, expected, found, remedy).into());
    }
    let at = match (options.buffer, options.bytecode) {
        (Some(buffer), _) => buffer,
        (None, Some(file)) => {
            if app.global.dry_run || app.global.unsigned {
                let remedy = "Run it once without --dry-run, then name the buffer with --buffer";
                return Err(Error::refused("writing a buffer is many transactions", remedy).into());
            }
            let code = fs::read(&file)
                .map_err(|error| Error::local(format!("the code {}", file.display()), error, "Name a readable file"))?;
            let bar = output::bar(app.global.json);
            bar.set_message("writing the buffer");
            let progress = |done: usize, all: usize| {
                bar.set_length(u64::try_from(all).unwrap_or(u64::MAX));
                bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
            };
            let buffer = deploy::write_buffer(&app.sender().await?, signer, &program, &code, &progress).await;
            bar.finish_and_clear();
            buffer?
        }
        (None, None) => return Err(Error::refused("no new code is named", "Pass --buffer or --bytecode").into()),
    };
    let buffer = upgrade::buffer(&app.rpc, &at).await?;
    if buffer.bytecode.len() > deployed.capacity {
        let fact = format!(
            "the new code has {} bytes, the program room for {}",
            buffer.bytecode.len(),
            deployed.capacity
        );
        return Err(Error::refused(fact, "Extend the program first (`solana program extend`); anybody may").into());
    }
    let before = match buffer.authority {
        Some(authority) if authority == lane => Vec::new(),
        Some(authority) if authority == signer.pubkey() || app.global.unsigned => {
            vec![upgrade::hand_over_buffer(&at, &authority, &realm, options.lane)]
        }
        other => {
            let found = other.map_or_else(|| "nobody's".to_owned(), |found| format!("{found}'s"));
            let remedy = "Sign with its authority, or let that hand it to the lane";
            return Err(Error::account(at, "a buffer of yours or the lane's", found, remedy).into());
        }
    };
    let spill = options.spill.unwrap_or_else(|| signer.pubkey());
    let call = upgrade::upgrade(&realm, options.lane, &program, &at, &spill);
    Ok(Made {
        action: Action::plain(1, options.lane, call),
        before,
        pin: Some((code_address(&program), at)),
    })
}

async fn raw(app: &App, options: Raw) -> Outcome<Action> {
    let accounts = options
        .accounts
        .iter()
        .map(|text| meta(text))
        .collect::<Outcome<Vec<_>>>()?;
    let call = Instruction {
        program_id: options.program,
        accounts,
        data: hexadecimal(&options.data)?,
    };
    let (outflow_mint, outflow_atoms) = match options.outflow_mint {
        None => (Address::default(), 0),
        Some(mint) => {
            let decimals = tokens::mint(&app.rpc, &mint).await?.state.decimals;
            (mint, amount::parse(&options.outflow_tokens, decimals)?)
        }
    };
    Ok(Action {
        choice: 1,
        lane: options.lane,
        call,
        outflow_lamports: amount::parse(&options.outflow, amount::SOL_DECIMALS)?,
        outflow_mint,
        outflow_atoms,
    })
}

/// Reads `ADDRESS[:w][:s]`.
fn meta(text: &str) -> Outcome<AccountMeta> {
    let mut parts = text.split(':');
    let refuse = || {
        Error::refused(
            format!("`{text}` is not an account"),
            "Write ADDRESS, ADDRESS:w, ADDRESS:s or ADDRESS:w:s",
        )
    };
    let address = parts.next().and_then(|part| part.parse().ok()).ok_or_else(refuse)?;
    let mut meta = AccountMeta::new_readonly(address, false);
    for flag in parts {
        match flag {
            "w" => meta.is_writable = true,
            "s" => meta.is_signer = true,
            _ => return Err(refuse().into()),
        }
    }
    Ok(meta)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_account_of_an_action_says_whether_it_is_written_and_signs() {
        let address = Address::new_unique();
        assert_eq!(
            meta(&format!("{address}")).unwrap(),
            AccountMeta::new_readonly(address, false)
        );
        assert_eq!(meta(&format!("{address}:w")).unwrap(), AccountMeta::new(address, false));
        assert_eq!(
            meta(&format!("{address}:s:w")).unwrap(),
            AccountMeta::new(address, true)
        );
        assert!(meta(&format!("{address}:x")).is_err());
        assert!(meta("nobody").is_err());
    }
}
