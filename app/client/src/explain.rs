//! From error codes and logs to a sentence with a remedy.

use {
    crate::{programs, Address},
    solana_program::instruction::InstructionError,
    solana_transaction_error::TransactionError,
    std::fmt,
};

/// One error of one of the three programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramError {
    /// The program's package name.
    pub program: &'static str,
    /// The custom code it returns.
    pub code: u32,
    /// The variant's name: the fact.
    pub name: &'static str,
    /// The variant's message: the remedy.
    pub remedy: &'static str,
}

/// Every error of the three programs, read from their sources when this crate was built.
pub const PROGRAM_ERRORS: &[ProgramError] = include!(concat!(env!("OUT_DIR"), "/program_errors.rs"));

/// Codes of the framework: the account checks that stand before a handler.
const FRAMEWORK_ERRORS: &[(u32, &str, &str)] = &[
    (
        2000,
        "an account that must be writable was passed read-only",
        "Mark it writable",
    ),
    (
        2003,
        "an account failed a check of its content",
        "Compare the accounts with the program's README",
    ),
    (
        2005,
        "an account does not hold its rent",
        "Fund it up to the rent of its size",
    ),
    (
        2007,
        "an account that must be a program is none",
        "Pass the program's address",
    ),
    (
        2012,
        "an account is not the one its owner's record names",
        "Pass the address that the config, pool, realm or job stores",
    ),
    (2013, "an account that must be new has data", "Use a fresh address"),
    (
        2019,
        "an account has another size than its kind",
        "Check that the account is of this program's current version",
    ),
    (2020, "an account that is needed was left out", "Pass it"),
    (
        2040,
        "one account was passed twice where both are written",
        "Pass two different accounts",
    ),
    (
        2500,
        "a requirement of the program does not hold",
        "Read the program's log below",
    ),
];

/// Custom codes of the token programs.
const TOKEN_ERRORS: &[(u32, &str, &str)] = &[
    (
        0,
        "the account would fall below its rent",
        "Leave enough lamports in it, or close it",
    ),
    (
        1,
        "the token account does not hold enough",
        "Fund it, or use a smaller amount",
    ),
    (2, "the mint is not valid", "Pass the mint of the token account"),
    (
        3,
        "the token account belongs to another mint",
        "Pass an account of the right mint",
    ),
    (4, "the signer does not own the token account", "Sign with its owner"),
    (6, "the account is already initialised", "Use a fresh address"),
    (11, "the token account still holds tokens", "Empty it before closing it"),
    (14, "the amount overflows", "Use a smaller amount"),
    (
        17,
        "the token account is frozen",
        "Ask the mint's freeze authority, or use another account",
    ),
    (18, "the decimals are not those of the mint", "Read them from the mint"),
];

/// Custom codes of the system program.
const SYSTEM_ERRORS: &[(u32, &str, &str)] = &[
    (
        0,
        "an account with this address exists already",
        "Use another address, index or nonce",
    ),
    (1, "the payer has too little SOL", "Fund the payer"),
];

/// Custom codes of the signature precompiles.
const PRECOMPILE_ERRORS: &[(u32, &str, &str)] = &[
    (0, "a key is none", "Let the right key sign again"),
    (
        2,
        "a signature is not of that key and these bytes",
        "Let the right key sign again",
    ),
    (
        3,
        "its offsets point outside of its data",
        "Use a client of the program's version",
    ),
    (4, "its data is too short", "Use a client of the program's version"),
];

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The fact, with program and code where there are any.
    pub fact: String,
    /// What to do.
    pub remedy: String,
    /// The program's custom code.
    pub code: Option<u32>,
    /// The last lines of the program's log.
    pub logs: Vec<String>,
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.fact, self.remedy.trim_end_matches('.'))
    }
}

/// Name and remedy of an error of one of the three programs.
pub fn program_error(code: u32) -> Option<&'static ProgramError> {
    PROGRAM_ERRORS.iter().find(|known| known.code == code)
}

/// Explains why a transaction failed; `logs` are its log lines, `program_of` names the program of an instruction by index.
pub fn transaction_error(
    error: &TransactionError,
    logs: &[String],
    program_of: impl Fn(usize) -> Option<Address>,
) -> Explained {
    let (fact, remedy, code) = match error {
        TransactionError::InstructionError(index, error) => {
            let failed = failing_program(logs).or_else(|| program_of(usize::from(*index)));
            instruction_error(error, failed)
        }
        TransactionError::BlockhashNotFound => (
            "the cluster does not know the transaction's blockhash".to_owned(),
            "Run the command again; it takes a fresh one".to_owned(),
            None,
        ),
        TransactionError::AccountNotFound => (
            "the account that pays does not exist".to_owned(),
            "Fund it with SOL".to_owned(),
            None,
        ),
        TransactionError::InsufficientFundsForFee => (
            "the account that pays cannot pay the fee".to_owned(),
            "Fund it with SOL".to_owned(),
            None,
        ),
        TransactionError::InsufficientFundsForRent { account_index } => (
            format!("account {account_index} of the transaction would be left below its rent"),
            "Leave it its rent, or empty it wholly".to_owned(),
            None,
        ),
        TransactionError::AlreadyProcessed => (
            "this very transaction has been processed already".to_owned(),
            "Look it up by its signature instead of sending it again".to_owned(),
            None,
        ),
        other => (other.to_string(), "See the transaction's log".to_owned(), None),
    };
    Explained {
        fact,
        remedy,
        code,
        logs: logs.to_vec(),
    }
}

/// The program that failed first, as the log tells it: the innermost one of a chain of calls.
fn failing_program(logs: &[String]) -> Option<Address> {
    logs.iter().find_map(|line| {
        let (address, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
        rest.starts_with("failed: ").then(|| address.parse().ok()).flatten()
    })
}

fn instruction_error(error: &InstructionError, program: Option<Address>) -> (String, String, Option<u32>) {
    let name = program.map_or_else(
        || "a program".to_owned(),
        |program| programs::name_of(&program).map_or_else(|| format!("program {program}"), str::to_owned),
    );
    let InstructionError::Custom(code) = error else {
        let (fact, remedy) = plain_instruction_error(error);
        return (format!("{name} refused it: {fact}"), remedy.to_owned(), None);
    };
    if let Some(known) = PROGRAM_ERRORS
        .iter()
        .find(|known| known.code == *code && known.program == name)
    {
        return (
            format!("{name}: {} (code {code})", known.name),
            known.remedy.to_owned(),
            Some(*code),
        );
    }
    let table = match name.as_str() {
        "SPL Token" | "Token-2022" => TOKEN_ERRORS,
        "the system program" => SYSTEM_ERRORS,
        "the Ed25519 precompile" => PRECOMPILE_ERRORS,
        _ => FRAMEWORK_ERRORS,
    };
    match table.iter().find(|(known, _, _)| known == code) {
        Some((_, fact, remedy)) => (
            format!("{name}: {fact} (code {code})"),
            (*remedy).to_owned(),
            Some(*code),
        ),
        None => (
            format!("{name} returned code {code}, which this client does not know"),
            "Compare the versions of program and client".to_owned(),
            Some(*code),
        ),
    }
}

fn plain_instruction_error(error: &InstructionError) -> (String, &'static str) {
    let (fact, remedy) = match error {
        InstructionError::MissingRequiredSignature => (
            "a signature is missing",
            "Sign with the account that the instruction names",
        ),
        InstructionError::InvalidSeeds => (
            "an account is not at the address its seeds derive",
            "Derive the address from the right accounts",
        ),
        InstructionError::IllegalOwner | InstructionError::InvalidAccountOwner => (
            "an account belongs to another program",
            "Pass an account of the right program",
        ),
        InstructionError::InvalidAccountData => (
            "an account is of another kind or empty",
            "Check that it exists and is of the kind the instruction needs",
        ),
        InstructionError::UninitializedAccount | InstructionError::AccountDataTooSmall => (
            "an account it needs does not exist",
            "Create that account first, or check that it was not closed",
        ),
        InstructionError::InsufficientFunds => ("an account holds too little", "Fund it"),
        InstructionError::ComputationalBudgetExceeded => (
            "the compute limit was used up",
            "Run the command again; the limit is measured anew",
        ),
        InstructionError::InvalidInstructionData => (
            "it does not know this instruction or its arguments",
            "Use a client of the program's version",
        ),
        InstructionError::MissingAccount => ("an account is missing", "Use a client of the program's version"),
        InstructionError::ArithmeticOverflow => ("an amount overflows", "Use a smaller amount"),
        InstructionError::UnsupportedProgramId => {
            ("the program is not on this cluster", "Run `commonweal deploy` first")
        }
        other => return (other.to_string(), "See the transaction's log"),
    };
    (fact.to_owned(), remedy)
}

#[cfg(test)]
mod tests {
    use {super::*, commonweal_interface::ids};

    fn explain_custom(program: Address, code: u32) -> Explained {
        transaction_error(
            &TransactionError::InstructionError(2, InstructionError::Custom(code)),
            &[],
            |_| Some(program),
        )
    }

    #[test]
    fn every_error_of_the_programs_has_a_remedy_and_a_code_of_its_own() {
        for (position, error) in PROGRAM_ERRORS.iter().enumerate() {
            assert!(!error.remedy.trim().is_empty(), "{} has no remedy", error.name);
            assert!(
                PROGRAM_ERRORS
                    .iter()
                    .skip(position.saturating_add(1))
                    .all(|other| other.code != error.code),
                "code {} is used twice",
                error.code
            );
        }
    }

    #[test]
    fn the_code_of_a_program_becomes_its_name_and_its_remedy() {
        for error in PROGRAM_ERRORS {
            let Some(program) = programs::ALL.iter().find(|program| program.name == error.program) else {
                continue;
            };
            let explained = explain_custom(program.id, error.code);
            assert!(explained.fact.contains(error.name), "{explained}");
            assert_eq!(explained.remedy, error.remedy);
            assert_eq!(explained.code, Some(error.code));
        }
    }

    #[test]
    fn the_log_tells_which_program_of_a_chain_of_calls_failed() {
        let logs = [
            format!("Program {} invoke [1]", ids::COMPUTE_ESCROW),
            format!("Program {} invoke [2]", ids::TOKEN),
            format!("Program {} failed: custom program error: 0x1", ids::TOKEN),
            format!("Program {} failed: custom program error: 0x1", ids::COMPUTE_ESCROW),
        ];
        let explained = transaction_error(
            &TransactionError::InstructionError(0, InstructionError::Custom(1)),
            &logs,
            |_| Some(ids::COMPUTE_ESCROW),
        );
        assert!(
            explained
                .fact
                .starts_with("SPL Token: the token account does not hold enough"),
            "{explained}"
        );
    }

    #[test]
    fn the_same_code_means_what_its_program_says() {
        assert_ne!(explain_custom(ids::TOKEN, 0).fact, explain_custom(ids::SYSTEM, 0).fact);
    }

    #[test]
    fn a_forged_signature_is_told_as_one() {
        let told = explain_custom(compute_escrow::constants::ED25519_PROGRAM, 2).fact;
        assert!(told.starts_with("the Ed25519 precompile: a signature is not"), "{told}");
    }

    #[test]
    fn an_unknown_code_is_said_to_be_unknown() {
        assert!(explain_custom(ids::LIQUIDITY_POOL, 123_456)
            .fact
            .contains("does not know"));
    }
}
