//! Counting what came of connectors' requests, in memory, until it is written.

use std::collections::{BTreeMap, HashMap};

use domain::values::ids::{AccountId, Timestamp};
use store::access::counts::{Day, RefusalGroup};

use crate::calendar::day_number;

/// Reasons of refusals that are kept of one connector between two writes; the rest is counted under [`OTHERS`].
const REASONS_KEPT: usize = 500;

/// The reason of refusals for more reasons than are kept.
const OTHERS: &str = "Other reasons, too many at once to be listed.";

/// Characters of a reason that are kept.
const LONGEST: usize = 500;

/// Characters of a key that are kept of somebody whom a refusal was about.
const LONGEST_KEY: usize = 100;

/// What has come of a connector's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Something was read, or was so already.
    Read,
    /// Something was changed.
    Changed,
    /// It was refused.
    Refused {
        /// The status that it was answered with.
        status: u16,
        /// The reason, without anybody's name.
        sentence: String,
        /// What helps.
        hint: String,
        /// Whom it was about: the account's ID, or the key sent.
        example: String,
    },
    /// It came too fast.
    Throttled,
}

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(super) days: HashMap<(AccountId, i64), Day>,
    pub(super) refusals: HashMap<AccountId, BTreeMap<String, RefusalGroup>>,
    pub(super) swept_on: Option<i64>,
}

impl Counts {
    pub(super) fn note(&mut self, connector: AccountId, outcome: Noted, now: Timestamp) {
        let number = day_number(now);
        let day = self.days.entry((connector, number)).or_insert_with(|| Day {
            day: number,
            requests: 0,
            changes: 0,
            refused: 0,
            throttled: 0,
            last_at: now,
        });
        day.requests += 1;
        day.last_at = now;
        match outcome {
            Noted::Read => {}
            Noted::Changed => day.changes += 1,
            Noted::Throttled => day.throttled += 1,
            Noted::Refused {
                status,
                sentence,
                hint,
                example,
            } => {
                day.refused += 1;
                let example: String = example.chars().take(LONGEST_KEY).collect();
                let groups = self.refusals.entry(connector).or_default();
                let mut sentence: String = sentence.chars().take(LONGEST).collect();
                if groups.len() >= REASONS_KEPT && !groups.contains_key(&sentence) {
                    OTHERS.clone_into(&mut sentence);
                }
                if let Some(group) = groups.get_mut(&sentence) {
                    group.times += 1;
                    (group.status, group.hint, group.example, group.last) = (status, hint, example, now);
                } else {
                    let group = RefusalGroup {
                        sentence: sentence.clone(),
                        hint,
                        status,
                        times: 1,
                        first: now,
                        last: now,
                        example,
                    };
                    groups.insert(sentence, group);
                }
            }
        }
    }

    /// Puts back what could not be written, beside what was counted meanwhile.
    pub(super) fn put_back(&mut self, days: Vec<(AccountId, Day)>, refusals: Vec<(AccountId, RefusalGroup)>) {
        for (connector, day) in days {
            let counted = self.days.entry((connector, day.day)).or_insert_with(|| Day {
                requests: 0,
                changes: 0,
                refused: 0,
                throttled: 0,
                ..day.clone()
            });
            counted.requests += day.requests;
            counted.changes += day.changes;
            counted.refused += day.refused;
            counted.throttled += day.throttled;
            counted.last_at = counted.last_at.max(day.last_at);
        }
        for (connector, group) in refusals {
            let groups = self.refusals.entry(connector).or_default();
            if let Some(later) = groups.get_mut(&group.sentence) {
                later.times += group.times;
                later.first = group.first;
            } else {
                groups.insert(group.sentence.clone(), group);
            }
        }
    }
}
