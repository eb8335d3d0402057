//! What was about to be sent, on disk before it leaves.
//!
//! One JSON object a line, appended and synced: first the intent with the signed bytes, then each change of what is known.
//! After a crash the lines without an end say which transactions may still land; the same bytes can be sent again without
//! harm, since a signature is processed once at most.

use {
    crate::{Error, Result},
    serde::{Deserialize, Serialize},
    solana_signature::Signature,
    std::{
        collections::{BTreeMap, BTreeSet},
        fs::{self, File, OpenOptions},
        io::{Read, Seek, SeekFrom, Write},
        path::{Path, PathBuf},
        sync::Mutex,
    },
};

/// How every line begins: `signature` is the first field of [`Entry`].
const SIGNATURE_PREFIX: &str = "{\"signature\":\"";

/// A transition of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Transition {
    /// Signed, and about to be sent.
    Intent {
        /// What it does, for people.
        label: String,
        /// The signed transaction, base64.
        transaction: String,
        /// The last block height at which it can land.
        last_valid_block_height: u64,
    },
    /// Confirmed without error.
    Confirmed {
        /// Where.
        slot: u64,
    },
    /// On chain with an error.
    Failed {
        /// Where.
        slot: u64,
        /// The error.
        error: String,
    },
    /// Proven never to land.
    Expired,
    /// Given up waiting; it may still land.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Transition {
    /// Whether nothing can change after it.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Confirmed { .. } | Self::Failed { .. } | Self::Expired)
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The transaction.
    pub signature: String,
    /// Its transition.
    #[serde(flatten)]
    pub transition: Transition,
}

/// A transaction whose end is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The transaction.
    pub signature: Signature,
    /// What it does.
    pub label: String,
    /// The signed bytes, base64.
    pub transaction: String,
    /// The last block height at which it can land.
    pub last_valid_block_height: u64,
}

/// The journal of one cluster.
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens or creates the journal at `path`. A last line cut short by a crash is dropped: its bytes were never sent, since
    /// sending waits for the whole line to be on disk.
    pub fn open(path: &Path) -> Result<Self> {
        let fail = |reason: std::io::Error| {
            Error::local(
                format!("journal {}", path.display()),
                reason,
                "Check the folder's permissions and the disk",
            )
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(fail)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(fail)?;
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |position| position.saturating_add(1));
        if whole < text.len() {
            file.set_len(u64::try_from(whole).unwrap_or(u64::MAX)).map_err(fail)?;
            file.sync_all().map_err(fail)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file: Mutex::new(file),
        })
    }

    fn fail(&self, reason: impl ToString) -> Error {
        Error::local(
            format!("journal {}", self.path.display()),
            reason,
            "Nothing is sent without a journal: repair or move the file away",
        )
    }

    /// Appends entries with one sync: when this returns they survive a crash.
    pub fn append(&self, entries: &[Entry]) -> Result<()> {
        let text = self.lines(entries)?;
        let mut file = self.file.lock().map_err(|_| self.fail("another writer failed"))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_data())
            .map_err(|error| self.fail(error))
    }

    /// Appends intents unless one of their signatures is known already; says which are.
    ///
    /// The same order signed twice on one blockhash is the same transaction, which the cluster carries out once. Whoever gave
    /// the order twice means it twice, so the sender makes the second one different. The file is locked meanwhile: two commands
    /// that run at once see each other's intents.
    pub fn reserve(&self, entries: &[Entry]) -> Result<BTreeSet<String>> {
        let guard = self.file.lock().map_err(|_| self.fail("another writer failed"))?;
        guard.lock().map_err(|error| self.fail(error))?;
        let done = self.reserve_locked(&guard, entries);
        guard.unlock().map_err(|error| self.fail(error))?;
        done
    }

    fn reserve_locked(&self, mut file: &File, entries: &[Entry]) -> Result<BTreeSet<String>> {
        let mut wanted = BTreeSet::new();
        let mut known: BTreeSet<String> = entries
            .iter()
            .filter(|entry| !wanted.insert(&entry.signature))
            .map(|entry| entry.signature.clone())
            .collect();
        let mut text = String::new();
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.read_to_string(&mut text))
            .map_err(|error| self.fail(error))?;
        for line in text.lines() {
            // only the signature is looked at: a journal of a long deployment has many lines
            let signature = line
                .strip_prefix(SIGNATURE_PREFIX)
                .and_then(|rest| rest.split('"').next());
            known.extend(
                signature
                    .filter(|signature| wanted.contains(&(*signature).to_owned()))
                    .map(str::to_owned),
            );
        }
        if known.is_empty() {
            file.write_all(self.lines(entries)?.as_bytes())
                .and_then(|()| file.sync_data())
                .map_err(|error| self.fail(error))?;
        }
        Ok(known)
    }

    fn lines(&self, entries: &[Entry]) -> Result<String> {
        let mut text = String::new();
        for entry in entries {
            text.push_str(&serde_json::to_string(entry).map_err(|error| self.fail(error))?);
            text.push('\n');
        }
        Ok(text)
    }

    /// Transactions whose end no line tells, oldest first.
    pub fn pending(&self) -> Result<Vec<Pending>> {
        let mut text = String::new();
        {
            let mut file = self.file.lock().map_err(|_| self.fail("another writer failed"))?;
            file.seek(SeekFrom::Start(0))
                .and_then(|_| file.read_to_string(&mut text))
                .map_err(|error| self.fail(error))?;
        }
        let mut open: BTreeMap<usize, Pending> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let shown = number.saturating_add(1);
            let entry: Entry =
                serde_json::from_str(line).map_err(|error| self.fail(format!("line {shown}: {error}")))?;
            let signature: Signature = entry
                .signature
                .parse()
                .map_err(|_| self.fail(format!("line {shown}: not a signature")))?;
            match entry.transition {
                Transition::Intent {
                    label,
                    transaction,
                    last_valid_block_height,
                } => {
                    open.insert(
                        number,
                        Pending {
                            signature,
                            label,
                            transaction,
                            last_valid_block_height,
                        },
                    );
                }
                transition if transition.is_final() => open.retain(|_, pending| pending.signature != signature),
                _ => {}
            }
        }
        Ok(open.into_values().collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("commonweal-journal-{}-{name}", std::process::id()));
        let _ = fs::remove_file(&path);
        path
    }

    fn signature(byte: u8) -> Signature {
        Signature::from([byte; 64])
    }

    fn intent(byte: u8) -> Entry {
        Entry {
            signature: signature(byte).to_string(),
            transition: Transition::Intent {
                label: format!("step {byte}"),
                transaction: "AAAA".to_owned(),
                last_valid_block_height: 7,
            },
        }
    }

    fn ended(byte: u8, transition: Transition) -> Entry {
        Entry {
            signature: signature(byte).to_string(),
            transition,
        }
    }

    fn pending_bytes(journal: &Journal) -> Vec<Signature> {
        journal
            .pending()
            .unwrap()
            .into_iter()
            .map(|pending| pending.signature)
            .collect()
    }

    #[test]
    fn an_intent_survives_reopening_until_its_end_is_known() {
        let path = scratch("reopen");
        Journal::open(&path)
            .unwrap()
            .append(&[intent(1), intent(2), intent(3), intent(4)])
            .unwrap();
        let journal = Journal::open(&path).unwrap();
        assert_eq!(pending_bytes(&journal), [1, 2, 3, 4].map(signature));
        journal
            .append(&[
                ended(2, Transition::Confirmed { slot: 5 }),
                ended(3, Transition::Expired),
            ])
            .unwrap();
        journal
            .append(&[ended(
                4,
                Transition::Failed {
                    slot: 5,
                    error: "no".to_owned(),
                },
            )])
            .unwrap();
        assert_eq!(pending_bytes(&Journal::open(&path).unwrap()), [signature(1)]);
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_signature_is_reserved_once_also_by_two_commands_at_once() {
        let path = scratch("reserve");
        let (one, other) = (Journal::open(&path).unwrap(), Journal::open(&path).unwrap());
        assert!(one.reserve(&[intent(1), intent(2)]).unwrap().is_empty());
        assert_eq!(
            other.reserve(&[intent(2), intent(3)]).unwrap(),
            [signature(2).to_string()].into()
        );
        assert_eq!(
            pending_bytes(&other),
            [1, 2].map(signature),
            "nothing is written when one is known"
        );
        assert_eq!(
            other.reserve(&[intent(4), intent(4)]).unwrap(),
            [signature(4).to_string()].into()
        );
        assert!(other.reserve(&[intent(3)]).unwrap().is_empty());
        assert_eq!(pending_bytes(&one), [1, 2, 3].map(signature));
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn unknown_is_not_an_end() {
        let path = scratch("unknown");
        let journal = Journal::open(&path).unwrap();
        journal
            .append(&[
                intent(1),
                ended(
                    1,
                    Transition::Unknown {
                        reason: "the line went dead".to_owned(),
                    },
                ),
            ])
            .unwrap();
        assert_eq!(pending_bytes(&journal), [signature(1)]);
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_line_cut_short_by_a_crash_is_dropped_and_the_rest_is_kept() {
        let path = scratch("cut");
        Journal::open(&path).unwrap().append(&[intent(1), intent(2)]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for cut in 1..60 {
            fs::write(&path, text.get(..text.len().saturating_sub(cut)).unwrap()).unwrap();
            let journal = Journal::open(&path).unwrap();
            assert_eq!(pending_bytes(&journal), [signature(1)], "cut {cut}");
            journal.append(&[intent(3)]).unwrap();
            assert_eq!(pending_bytes(&journal), [1, 3].map(signature), "cut {cut}");
        }
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_line_that_cannot_be_read_stops_everything_rather_than_be_skipped() {
        let path = scratch("damaged");
        Journal::open(&path).unwrap().append(&[intent(1)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"what is this\n").unwrap();
        assert!(Journal::open(&path).unwrap().pending().is_err());
        fs::remove_file(path).unwrap();
    }
}
