//! Statements that attestors sign, off-line if they are told everything.

use {
    super::attestors::nullifier,
    crate::{
        app::{App, Outcome},
        args::{Attest, AttestSign, Said, Vouching},
        output,
    },
    commonweal_client::{
        accounts,
        governance::{
            self,
            statement::{precompile, Signed, Terms},
            Act, Attestor, Person, Proof,
        },
        job::wasm::hex,
        keys, Address, Error,
    },
    commonweal_interface::ids,
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    std::{
        fs,
        path::{Path, PathBuf},
        time::{SystemTime, UNIX_EPOCH},
    },
};

/// Carries a verb of `gov attest` out. The statement goes to standard output, what it says to standard error.
pub async fn run(app: &App, verb: Attest) -> Outcome {
    match verb {
        Attest::Sign(options) => {
            let attestor = app.signer()?;
            let terms = terms(app, &options, &attestor.pubkey()).await?;
            print(&terms.sign(&attestor));
        }
        Attest::Countersign { statement } => {
            let attestor = app.signer()?;
            print(&read(&statement)?.terms.sign(&attestor));
        }
        Attest::Show { statement } => {
            let signed = read(&statement)?;
            let mut facts = said(&signed.terms);
            facts.push(("signed by", signed.key.to_string()));
            output::facts(&facts, app.global.json);
        }
    }
    Ok(())
}

fn print(signed: &Signed) {
    for (name, value) in said(&signed.terms) {
        eprintln!("{name}: {value}");
    }
    say!("{}", signed.to_text());
}

fn act_name(act: Act) -> &'static str {
    match act {
        Act::Register => "registers a person",
        Act::Renew => "renews a registration",
        Act::Revoke => "revokes a registration",
        Act::Reinstate => "takes a revocation or suspension back",
        Act::Recover => "gives a person another wallet after an epoch",
        Act::Suspend => "lets a person rest for two epochs",
    }
}

fn said(terms: &Terms) -> Vec<(&'static str, String)> {
    let expires = match terms.expires_ts {
        0 => "unchanged".to_owned(),
        unix_ts => unix_ts.to_string(),
    };
    vec![
        ("says", act_name(terms.act).to_owned()),
        ("realm", terms.realm.to_string()),
        ("wallet", terms.wallet.to_string()),
        ("nullifier", hex(&terms.nullifier)),
        ("cohort", terms.bucket.to_string()),
        ("registration ends", expires),
        ("usable until", terms.deadline_ts.to_string()),
        ("number", terms.nonce.to_string()),
        ("cluster", Address::from(terms.cluster).to_string()),
    ]
}

/// The act of a word.
pub fn act_of(said: Said) -> Act {
    match said {
        Said::Register => Act::Register,
        Said::Renew => Act::Renew,
        Said::Revoke => Act::Revoke,
        Said::Reinstate => Act::Reinstate,
        Said::Recover => Act::Recover,
        Said::Suspend => Act::Suspend,
    }
}

/// What is to be signed; the cluster is asked only for what was not given.
async fn terms(app: &App, options: &AttestSign, attestor: &Address) -> Outcome<Terms> {
    let (realm, act) = (app.realm(), act_of(options.act));
    let nullifier = nullifier(&options.nullifier)?;
    let cluster = match &options.cluster {
        Some(text) => text
            .parse::<Address>()
            .map_err(|_| {
                Error::refused(
                    format!("`{text}` is no genesis hash"),
                    "Copy it from `commonweal status`",
                )
            })?
            .to_bytes(),
        None => governance::realm(&app.rpc, &realm).await?.cluster,
    };
    let person = governance::person_address(&realm, &nullifier);
    let known: Option<Person> = match (act, options.slot, options.nonce) {
        (Act::Register, ..) | (_, Some(_), Some(_)) => None,
        _ => Some(governance::person(&app.rpc, &person).await?),
    };
    let bucket = match (options.slot, &known) {
        (Some(slot), _) => slot,
        (None, Some(person)) => person.bucket,
        (None, None) => {
            let address = governance::attestor_address(&realm, attestor);
            let state: Attestor = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
            state.slot
        }
    };
    let nonce = match (options.nonce, &known) {
        (Some(nonce), _) => nonce,
        (None, Some(person)) => person.next_nonce(),
        (None, None) => 1,
    };
    let is_offline = options.cluster.is_some() && options.slot.is_some() && options.nonce.is_some();
    let now_ts = if is_offline {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or(0)
    } else {
        app.rpc.clock().await?.unix_ts
    };
    let after = |seconds: u64| now_ts.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
    let ends = matches!(act, Act::Register | Act::Renew);
    Ok(Terms {
        act,
        cluster,
        realm,
        nullifier,
        wallet: options.wallet,
        bucket,
        expires_ts: match options.expires {
            Some(unix_ts) => unix_ts,
            None if ends => after(options.valid_for),
            None => 0,
        },
        deadline_ts: options.deadline.unwrap_or_else(|| after(options.usable_for)),
        nonce,
    })
}

fn read(path: &Path) -> Outcome<Signed> {
    let text = fs::read_to_string(path).map_err(|error| {
        Error::local(
            format!("the statement {}", path.display()),
            error,
            "Name a readable file",
        )
    })?;
    Ok(Signed::parse(&text)?)
}

/// Attestors who vouch, and how.
pub struct Vouched {
    /// Their proofs; the first one's slot is the cohort of whom they register.
    pub proofs: Vec<Proof>,
    /// The keys that sign the transaction.
    pub keys: Vec<Keypair>,
    /// The instruction that verifies what was signed before.
    pub precompile: Option<Instruction>,
    /// What the statements say.
    pub terms: Option<Terms>,
}

impl Vouched {
    /// Reads keypairs and statements; statements must be about `act` in the realm at hand. `wallet` is whose credentials count.
    pub async fn read(app: &App, vouching: &Vouching, act: Act, wallet: Option<Address>) -> Outcome<Self> {
        let realm = app.realm();
        let keys = read_all(&vouching.attestors)?;
        let signed: Vec<Signed> = vouching
            .statements
            .iter()
            .map(|path| read(path))
            .collect::<Outcome<_>>()?;
        let terms = signed.first().map(|signed| signed.terms);
        if let Some(terms) = terms {
            if terms.realm != realm {
                let fact = format!("the statement is about realm {}, not {realm}", terms.realm);
                return Err(Error::refused(fact, "Pass --realm").into());
            }
            if terms.act != act {
                let fact = format!("the statement {}, which is something else", act_name(terms.act));
                return Err(Error::refused(fact, "Use the verb of what it says").into());
            }
        }
        let mut proofs: Vec<Proof> = keys.iter().map(|key| Proof::Signs(key.pubkey())).collect();
        proofs.extend(signed.iter().map(|signed| Proof::Stated(signed.key)));
        for issuer in &vouching.credentials {
            let address = governance::attestor_address(&realm, issuer);
            let state: Attestor = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
            let wallet = wallet.or(terms.map(|terms| terms.wallet)).ok_or_else(|| {
                Error::refused("nobody knows whose credential counts", "Name the wallet with --wallet")
            })?;
            proofs.push(Proof::Credential {
                issuer: *issuer,
                attestation: governance::credential_address(issuer, &state.schema, &wallet),
            });
        }
        if let Some(terms) = terms.filter(|terms| terms.act == Act::Register) {
            put_first(app, &mut proofs, terms.bucket).await?;
        }
        let precompile = if signed.is_empty() {
            None
        } else {
            Some(precompile(&signed)?)
        };
        Ok(Self {
            proofs,
            keys,
            precompile,
            terms,
        })
    }

    /// The instructions: the verification, if there is one, just before what it is for.
    pub fn before(self, instruction: Instruction) -> (Vec<Instruction>, Vec<Keypair>) {
        (self.precompile.into_iter().chain([instruction]).collect(), self.keys)
    }
}

/// The attestor whose slot the statements name as cohort comes first.
async fn put_first(app: &App, proofs: &mut Vec<Proof>, bucket: u8) -> Outcome {
    for place in 0..proofs.len() {
        let Some(proof) = proofs.get(place).copied() else { break };
        let address = governance::attestor_address(&app.realm(), &proof.key());
        let state: Attestor = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
        if state.slot == bucket {
            let first = proofs.remove(place);
            proofs.insert(0, first);
            return Ok(());
        }
    }
    let fact = format!("the statement names cohort {bucket}, which none of these attestors has");
    Err(Error::refused(fact, "Add the statement of that cohort's attestor").into())
}

/// Reads keypair files.
pub fn read_all(paths: &[PathBuf]) -> Outcome<Vec<Keypair>> {
    Ok(paths.iter().map(|path| keys::read(path)).collect::<Result<_, _>>()?)
}
