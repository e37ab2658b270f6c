//! By what it is told whether a file has changed.

use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// By what it is told whether a file has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    place: (u64, u64),
    /// Whether it is a regular file.
    pub(super) is_file: bool,
    pub(super) size: u64,
    modified: (i64, i64),
    /// When it was last written to, renamed or moved; whoever uploads it cannot say otherwise.
    pub(super) changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            place: (metadata.dev(), metadata.ino()),
            is_file: metadata.is_file(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// How long ago it was last written to, as far as the clocks agree.
    pub(super) fn age(&self, now: SystemTime) -> Duration {
        let written = u64::try_from(self.modified.0).unwrap_or_default();
        let written = UNIX_EPOCH + Duration::from_secs(written.min(u64::from(u32::MAX)));
        now.duration_since(written).unwrap_or_default()
    }

    /// When it last changed, by the clock of the file system.
    pub(super) fn changed_at(&self) -> SystemTime {
        let seconds = u64::try_from(self.changed.0)
            .unwrap_or_default()
            .min(u64::from(u32::MAX));
        let rest = u32::try_from(self.changed.1).unwrap_or_default();
        UNIX_EPOCH + Duration::new(seconds, rest)
    }
}
