//! What can go wrong in a task, as sentences with a remedy.

/// A failed task.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A tool that a task needs is not there.
    #[error("`{tool}` is missing: {why}. Install it with: {remedy}")]
    MissingTool {
        /// The tool's name.
        tool: String,
        /// What it is needed for.
        why: String,
        /// The command that installs it.
        remedy: String,
    },
    /// A command ran and failed.
    #[error("`{command}` failed with {status}")]
    CommandFailed {
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A check of the house failed.
    #[error("{0}")]
    Check(String),
}

/// What every task returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Names the file in an input or output error.
pub fn at<T>(path: &std::path::Path, result: std::io::Result<T>) -> Result<T> {
    result.map_err(|source| Error::File {
        path: path.display().to_string(),
        source,
    })
}
