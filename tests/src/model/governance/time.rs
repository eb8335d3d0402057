//! Epochs: each span of parameters has its own length of them.

use super::*;

/// Parameters and the epoch they begin with.
#[derive(Clone, Debug)]
pub struct Era {
    /// Their first epoch.
    pub from: u32,
    /// Its first moment.
    pub starts_ts: i64,
    /// The parameters.
    pub rules: RealmParameters,
    /// How often b₀, b_max or γ have changed.
    pub version: u32,
}

impl Book {
    fn era(&self, epoch: u32) -> &Era {
        self.eras.iter().rev().find(|era| era.from <= epoch).unwrap()
    }

    /// Parameters of an epoch.
    pub fn rules(&self, epoch: u32) -> RealmParameters {
        self.era(epoch).rules
    }

    /// Version of an epoch's budgets.
    pub fn version(&self, epoch: u32) -> u32 {
        self.era(epoch).version
    }

    /// The epoch of a moment.
    pub fn epoch(&self, ts: i64) -> u32 {
        let begun = self.eras.iter().rev().find(|era| era.starts_ts <= ts);
        let era = begun.unwrap_or(&self.eras[0]);
        era.from + ((ts - era.starts_ts).max(0) / i64::from(era.rules.epoch_s)) as u32
    }

    /// The first moment of an epoch.
    pub fn starts(&self, epoch: u32) -> i64 {
        let era = self.era(epoch);
        era.starts_ts + i64::from(epoch - era.from) * i64::from(era.rules.epoch_s)
    }

    /// Parameters of a moment.
    pub fn rules_at(&self, ts: i64) -> RealmParameters {
        self.rules(self.epoch(ts))
    }

    /// Persons who counted when an epoch began, of one cohort or of all.
    pub fn counted_before(&self, epoch: u32, bucket: Option<u8>) -> u64 {
        let before = self.counts.iter().filter(|(of, _, _)| *of < epoch);
        let theirs = before.filter(|(_, of, _)| bucket.is_none_or(|bucket| bucket == *of));
        u64::try_from(theirs.map(|(_, _, change)| change).sum::<i64>()).unwrap()
    }

    /// Persons who count now.
    pub fn counted(&self) -> u64 {
        self.persons.values().filter(|person| person.is_counted).count() as u64
    }

    /// Ballots opened in an epoch.
    pub fn ballots_of(&self, epoch: u32) -> u64 {
        let voters = self.persons.values().filter(|person| person.ballots.contains(&epoch));
        voters.count() as u64
    }
}
