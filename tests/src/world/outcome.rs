//! What became of a transaction.

use {
    anchor_lang::Discriminator,
    base64::{engine::general_purpose::STANDARD, Engine},
    litesvm::types::TransactionResult,
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
};

/// Why a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An instruction ended with an error, whichever of the transaction it was.
    Instruction(InstructionError),
    /// The transaction was refused before or around its instructions.
    Transaction(TransactionError),
}

impl From<u32> for Failure {
    fn from(code: u32) -> Self {
        Self::Instruction(InstructionError::Custom(code))
    }
}

impl From<InstructionError> for Failure {
    fn from(error: InstructionError) -> Self {
        Self::Instruction(error)
    }
}

impl From<TransactionError> for Failure {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::InstructionError(_, error) => Self::Instruction(error),
            other => Self::Transaction(other),
        }
    }
}

macro_rules! failure_from_program_error {
    ($($error:ty),*) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                let error: anchor_lang::Error = error.into();
                // the numbering of builtin errors is shared by the two types
                Self::Instruction(InstructionError::from(u64::from(error)))
            }
        }
    )*};
}
failure_from_program_error!(anchor_lang::Error, anchor_lang::ErrorCode);

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Compute units of the whole transaction.
    pub compute_units: u64,
    /// What the programs logged.
    pub logs: Vec<String>,
    /// What the last program returned.
    pub return_data: Vec<u8>,
}

impl Receipt {
    /// The events of one type, in the order they were emitted.
    pub fn events<T: bytemuck::AnyBitPattern + Discriminator>(&self) -> Vec<T> {
        self.logs
            .iter()
            .filter_map(|line| line.strip_prefix("Program data: "))
            .filter_map(|data| STANDARD.decode(data).ok())
            .filter_map(|bytes| bytes.strip_prefix(T::DISCRIMINATOR).map(bytemuck::pod_read_unaligned))
            .collect()
    }
}

/// What became of a transaction.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was executed.
    Succeeded(Receipt),
    /// It was not; nothing but the fee changed.
    Failed {
        /// Why.
        failure: Failure,
        /// What the programs logged before.
        logs: Vec<String>,
    },
}

impl Outcome {
    pub(crate) fn from_svm(result: TransactionResult) -> Self {
        match result {
            Ok(meta) => Self::Succeeded(Receipt {
                compute_units: meta.compute_units_consumed,
                logs: meta.logs,
                return_data: meta.return_data.data,
            }),
            Err(failed) => Self::Failed {
                failure: failed.err.into(),
                logs: failed.meta.logs,
            },
        }
    }

    /// The receipt; the test ends here if there is none.
    #[track_caller]
    pub fn succeeded(self) -> Receipt {
        match self {
            Self::Succeeded(receipt) => receipt,
            Self::Failed { failure, logs } => panic!("failed: {failure:?}; logs:\n{}", logs.join("\n")),
        }
    }

    /// The failure, if it failed.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Succeeded(_) => None,
            Self::Failed { failure, .. } => Some(failure),
        }
    }
}
