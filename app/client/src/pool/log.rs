//! Reading the pool's events out of a transaction's log.

use {
    crate::{Address, Error, Result},
    anchor_lang::Discriminator,
    base64::{engine::general_purpose::STANDARD, Engine},
    bytemuck::AnyBitPattern,
    commonweal_interface::ids,
};

/// The line that says the runtime stopped writing.
const TRUNCATED: &str = "Log truncated";

/// What the pool itself logged, in order: the bytes of each event, discriminator first. What other programs log in the same
/// transaction, and what they would like to pass off as the pool's, is left out.
///
/// Errors: a refusal where the runtime cut the log short.
pub fn events(logs: &[String]) -> Result<Vec<Vec<u8>>> {
    events_of(&ids::LIQUIDITY_POOL, logs)
}

/// The same of any program.
pub fn events_of(program: &Address, logs: &[String]) -> Result<Vec<Vec<u8>>> {
    let program = program.to_string();
    let mut running: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    for line in logs {
        if line == TRUNCATED {
            return Err(Error::refused(
                "the log of a transaction was cut short",
                "Ask a node that keeps whole logs (--url)",
            ));
        }
        if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last() == Some(&program.as_str()) {
                events.extend(STANDARD.decode(data).ok());
            }
            continue;
        }
        let Some((name, what)) = line.strip_prefix("Program ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        if what.starts_with("invoke [") {
            running.push(name);
        } else if (what == "success" || what.starts_with("failed")) && running.last() == Some(&name) {
            running.pop();
        }
    }
    Ok(events)
}

/// What the pool returned in a transaction, in order, as the log tells it.
pub fn returns(logs: &[String]) -> Vec<Vec<u8>> {
    let prefix = format!("Program return: {} ", ids::LIQUIDITY_POOL);
    logs.iter()
        .filter_map(|line| STANDARD.decode(line.strip_prefix(&prefix)?).ok())
        .collect()
}

/// An event of one kind, if the bytes are one.
pub fn read<T: AnyBitPattern + Discriminator>(bytes: &[u8]) -> Option<T> {
    let body = bytes.strip_prefix(T::DISCRIMINATOR)?;
    bytemuck::try_pod_read_unaligned(body).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn line(bytes: &[u8]) -> String {
        format!("Program data: {}", STANDARD.encode(bytes))
    }

    #[test]
    fn only_what_the_pool_itself_logs_counts() {
        let pool = ids::LIQUIDITY_POOL;
        let logs = vec![
            format!("Program {} invoke [1]", ids::COMPUTE_ESCROW),
            line(b"not the pool's"),
            format!("Program {pool} invoke [2]"),
            format!("Program {} invoke [3]", ids::TOKEN),
            line(b"not the pool's either"),
            format!("Program log: Program {pool} invoke [1]"),
            format!("Program {} consumed 105 of 200000 compute units", ids::TOKEN),
            format!("Program {} success", ids::TOKEN),
            line(b"the first"),
            format!("Program {pool} success"),
            line(b"again not"),
            format!("Program {} success", ids::COMPUTE_ESCROW),
            format!("Program {pool} invoke [1]"),
            line(b"the second"),
            format!("Program {pool} success"),
        ];
        assert_eq!(
            events(&logs).unwrap(),
            vec![b"the first".to_vec(), b"the second".to_vec()]
        );
    }

    #[test]
    fn what_the_pool_returned_is_found_and_what_others_did_is_not() {
        let logs = vec![
            format!("Program return: {} {}", ids::TOKEN, STANDARD.encode([1])),
            format!("Program return: {} {}", ids::LIQUIDITY_POOL, STANDARD.encode([2, 3])),
        ];
        assert_eq!(returns(&logs), vec![vec![2, 3]]);
    }

    #[test]
    fn a_log_that_was_cut_short_is_refused() {
        assert!(events(&[TRUNCATED.to_owned()]).is_err());
    }
}
