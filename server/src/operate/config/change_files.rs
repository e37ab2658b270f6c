//! The settings of change files.

use std::{path::PathBuf, time::Duration};

use super::Config;

/// How change files are taken.
#[derive(Clone, Debug)]
pub(crate) struct ChangeFileSettings {
    /// The folder of all customers.
    pub(crate) folder: PathBuf,
    /// How often it is looked into.
    pub(crate) every: Duration,
    /// For how long a file must stand still.
    pub(crate) settle: Duration,
    /// The largest file, in MiB.
    pub(crate) file_mib: u32,
    /// For how long reports, and files that were processed or refused, stay.
    pub(crate) kept: Duration,
}

impl ChangeFileSettings {
    /// The largest file, in bytes.
    pub(crate) fn largest(&self) -> u64 {
        u64::from(self.file_mib) * 1024 * 1024
    }
}

impl Config {
    /// How change files are taken; `None` if none are.
    pub(crate) fn change_files(&self) -> Option<ChangeFileSettings> {
        let folder = self.change_files_folder.clone()?;
        if folder.as_os_str().is_empty() {
            return None;
        }
        let kept_days = match self.change_files_kept_days {
            0 => self.timers.file_days,
            days => days,
        };
        Some(ChangeFileSettings {
            folder,
            every: Duration::from_secs(self.change_files_poll_seconds.into()),
            settle: Duration::from_secs(self.change_files_settle_seconds.into()),
            file_mib: self.change_file_mib,
            kept: Duration::from_secs(u64::from(kept_days) * 86_400),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_files_are_taken_where_a_folder_is_set() {
        assert!(Config::default().change_files().is_none());
        let set = |folder: &str| Config {
            change_files_folder: Some(folder.into()),
            ..Config::default()
        };
        assert!(set("").change_files().is_none());
        let settings = set("/srv/change-files").change_files().unwrap();
        assert_eq!((settings.every.as_secs(), settings.settle.as_secs()), (2, 10));
        assert_eq!(settings.largest(), 104_857_600);
    }

    #[test]
    fn files_stay_as_long_as_uploads_unless_it_is_set() {
        for (days, expected) in [(0, 30), (7, 7), (3_660, 3_660)] {
            let config = Config {
                change_files_folder: Some("/srv/change-files".into()),
                change_files_kept_days: days,
                ..Config::default()
            };
            assert!(config.rules().is_ok());
            let kept = config.change_files().unwrap().kept;
            assert_eq!(kept.as_secs(), expected * 86_400);
        }
        let too_long = Config {
            change_files_kept_days: 3_661,
            ..Config::default()
        };
        let why = too_long.rules().unwrap_err().to_string();
        assert!(why.contains("PORTAL_CHANGE_FILES_KEPT_DAYS=3661"), "{why}");
    }
}
