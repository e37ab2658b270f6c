//! Whether files are complete: whoever looks again and again sees neither a rename nor the end of an upload, only that a file
//! stands still.

use std::{
    collections::HashMap,
    ffi::OsString,
    time::{Duration, Instant, SystemTime},
};

use super::{found::Entry, stamp::Stamp};

/// For so long a file that ends within a line is waited for.
const GOES_ON_FOR: Duration = Duration::from_secs(300);

/// What was seen in one folder.
#[derive(Debug, Default)]
pub(super) struct Settling {
    entries: Vec<Entry>,
    seen: HashMap<OsString, Seen>,
    looked: Option<Instant>,
}

/// Since when something stands still.
#[derive(Clone, Copy, Debug)]
struct Seen {
    stamp: Stamp,
    since: Instant,
    looks: u32,
}

impl Settling {
    /// Whether it is time to look into the folder again.
    pub(super) fn is_due(&self, now: Instant, every: Duration) -> bool {
        self.looked
            .is_none_or(|looked| now.saturating_duration_since(looked) >= every)
    }

    /// Takes in what lies in the folder now.
    pub(super) fn look(&mut self, entries: Vec<Entry>, now: Instant) {
        let mut before = std::mem::take(&mut self.seen);
        for entry in &entries {
            let known = before.remove(&entry.name).filter(|seen| seen.stamp == entry.stamp);
            let seen = known.map_or(
                Seen {
                    stamp: entry.stamp,
                    since: now,
                    looks: 1,
                },
                |seen| Seen {
                    looks: seen.looks.saturating_add(1),
                    ..seen
                },
            );
            self.seen.insert(entry.name.clone(), seen);
        }
        self.entries = entries;
        self.looked = Some(now);
    }

    /// What was seen at the last look.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether something has stood still for so long, by two looks or more.
    pub(super) fn stands_still(&self, entry: &Entry, now: Instant, settle: Duration) -> bool {
        self.seen.get(&entry.name).is_some_and(|seen| {
            seen.stamp == entry.stamp && seen.looks > 1 && now.saturating_duration_since(seen.since) >= settle
        })
    }

    /// Whether a file that ends within a line is old enough to be taken as it is. Its own time counts if it is longer ago than
    /// it has been watched, because uploads write it at their end.
    pub(super) fn goes_on_no_more(&self, entry: &Entry, now: (Instant, SystemTime)) -> bool {
        self.watched(entry, now.0).max(entry.stamp.age(now.1)) >= GOES_ON_FOR
    }

    /// Whether something has been watched for as long as a file is waited for, whatever its own time says.
    pub(super) fn has_waited(&self, entry: &Entry, now: Instant) -> bool {
        self.watched(entry, now) >= GOES_ON_FOR
    }

    fn watched(&self, entry: &Entry, now: Instant) -> Duration {
        let seen = self.seen.get(&entry.name);
        seen.map_or(Duration::ZERO, |seen| now.saturating_duration_since(seen.since))
    }

    /// Leaves out what was put away since the last look.
    pub(super) fn forget(&mut self, shown: &str) {
        self.entries.retain(|entry| entry.shown != shown);
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{super::found::list, *};

    const SETTLE: Duration = Duration::from_secs(10);

    fn second(of: Instant, number: u64) -> Instant {
        of + Duration::from_secs(number)
    }

    /// Looks into a folder at a moment; whether its one file is complete by then.
    fn look(settling: &mut Settling, folder: &Path, now: Instant) -> bool {
        settling.look(list(folder).unwrap(), now);
        let entry = settling.entries()[0].clone();
        settling.stands_still(&entry, now, SETTLE)
    }

    #[test]
    fn a_file_is_complete_once_it_has_stood_still() {
        let folder = tempfile::tempdir().unwrap();
        let (path, start) = (folder.path().join("30020506_PRV_1.csv"), Instant::now());
        let mut settling = Settling::default();
        assert!(settling.is_due(start, SETTLE));
        fs::write(&path, "EmailAddress,Act").unwrap();
        assert!(!look(&mut settling, folder.path(), start));
        assert!(!look(&mut settling, folder.path(), second(start, 9)));
        // It goes on in the tenth second.
        fs::write(&path, "EmailAddress,Action\n").unwrap();
        assert!(!look(&mut settling, folder.path(), second(start, 10)));
        assert!(!look(&mut settling, folder.path(), second(start, 19)));
        assert!(look(&mut settling, folder.path(), second(start, 20)));
        assert!(!settling.is_due(second(start, 21), Duration::from_secs(2)));
        assert!(settling.is_due(second(start, 22), Duration::from_secs(2)));
    }

    #[test]
    fn one_look_is_never_enough() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("30020506_PRV_1.csv"), "x\n").unwrap();
        let (mut settling, start) = (Settling::default(), Instant::now());
        settling.look(list(folder.path()).unwrap(), start);
        let entry = settling.entries()[0].clone();
        assert!(!settling.stands_still(&entry, second(start, 60), Duration::ZERO));
        settling.look(list(folder.path()).unwrap(), start);
        assert!(settling.stands_still(&entry, start, Duration::ZERO));
        settling.forget("30020506_PRV_1.csv");
        assert!(settling.entries().is_empty());
    }

    #[test]
    fn a_file_that_ends_within_a_line_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("30020506_PRV_1.csv"), "a,Sus").unwrap();
        let (mut settling, start, now) = (Settling::default(), Instant::now(), SystemTime::now());
        settling.look(list(folder.path()).unwrap(), start);
        let entry = settling.entries()[0].clone();
        assert!(!settling.goes_on_no_more(&entry, (second(start, 299), now)));
        assert!(settling.goes_on_no_more(&entry, (second(start, 300), now)));
        // It was written long before the process began to watch.
        assert!(settling.goes_on_no_more(&entry, (start, now + Duration::from_secs(302))));
        assert!(!settling.has_waited(&entry, second(start, 299)));
        assert!(settling.has_waited(&entry, second(start, 300)));
    }
}
