//! The folders of one customer, below the root that is set: where files are dropped, and where their reports are found.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use domain::customer::CustomerNumber;

/// One of a customer's folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Files to process are dropped here.
    In,
    /// Files to rehearse are dropped here.
    Check,
    /// What became of each file.
    Reports,
    /// Files that were processed, without passwords, by month.
    Done,
    /// Files that were not.
    Refused,
}

impl Part {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [Self::In, Self::Check, Self::Reports, Self::Done, Self::Refused];

    /// What it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Check => "check",
            Self::Reports => "reports",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Who may do what in it: its group, which whoever uploads belongs to, drops files into two of them and reads the others.
    const fn mode(self) -> u32 {
        match self {
            Self::In | Self::Check => 0o770,
            Self::Reports | Self::Done | Self::Refused => READ_BY_GROUP,
        }
    }
}

/// The mode of a folder that its group may read.
const READ_BY_GROUP: u32 = 0o750;

/// The mode of a folder that is the portal's alone.
const OWN: u32 = 0o700;

/// The bit by which what is made in a folder belongs to the folder's group.
const SET_GROUP: u32 = 0o2000;

/// The folders of one customer.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    home: PathBuf,
}

/// Held while one process works at one of a customer's folders.
pub(super) struct Lock {
    /// The lock ends when it is closed.
    _folder: File,
}

impl Folders {
    /// The folders of a customer.
    pub(super) fn of(root: &Path, customer: CustomerNumber) -> Self {
        Self {
            home: root.join(customer.to_string()),
        }
    }

    /// Whether the customer has any.
    pub(super) fn are_there(&self) -> bool {
        self.home.is_dir()
    }

    /// One of them.
    pub(super) fn part(&self, part: Part) -> PathBuf {
        self.home.join(part.name())
    }

    /// Makes those that are missing. That of the customer may be a link of the operator's; within it there are none, because
    /// customers may write there.
    pub(super) fn make(&self) -> io::Result<()> {
        if !self.are_there() {
            make(&self.home, READ_BY_GROUP)?;
        }
        Part::ALL
            .iter()
            .try_for_each(|part| make(&self.part(*part), part.mode()))
    }

    /// The folder for what was processed in a month, such as `2026-11`.
    pub(super) fn done_in(&self, month: &str) -> io::Result<PathBuf> {
        let folder = self.part(Part::Done).join(month);
        make(&folder, READ_BY_GROUP)?;
        Ok(folder)
    }

    /// Where files that were dropped in a folder are put out of its users' reach, if it is there: beside those that were
    /// refused, because the customer may not write there.
    pub(super) fn aside(&self, part: Part) -> PathBuf {
        self.part(Part::Refused).join(format!(".{}", part.name()))
    }

    /// Makes the folder where files that were dropped in a folder are put out of its users' reach.
    pub(super) fn make_aside(&self, part: Part) -> io::Result<PathBuf> {
        let folder = self.aside(part);
        make(&folder, OWN)?;
        Ok(folder)
    }

    /// A lock on one of them among the processes of this machine; `None` while another has it. The gate takes each file once
    /// without it, too: it spares them the same work.
    pub(super) fn lock(&self, part: Part) -> io::Result<Option<Lock>> {
        let folder = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_DIRECTORY)
            .open(self.part(part))?;
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            // Not every file system has locks.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Lock { _folder: folder })),
        }
    }
}

/// Makes a folder unless it is there.
fn make(folder: &Path, mode: u32) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return Err(told(folder, &"it is no folder", ErrorKind::NotADirectory)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(told(folder, &error, error.kind())),
    }
    match make_new(folder, mode) {
        // Another process was quicker.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(told(folder, &format!("it cannot be made: {error}"), error.kind())),
        Ok(()) => Ok(()),
    }
}

fn make_new(folder: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(folder)?;
    let made = fs::symlink_metadata(folder)?.mode();
    // If the portal is not in the folder's group, setting the mode clears SET_GROUP, so it is set only where it must be.
    if made & 0o777 == mode {
        return Ok(());
    }
    // The process's umask is stricter.
    fs::set_permissions(folder, Permissions::from_mode(mode | (made & SET_GROUP)))
}

/// An error with the path that it is about.
pub(super) fn told(path: &Path, why: &dyn std::fmt::Display, kind: ErrorKind) -> io::Error {
    io::Error::new(kind, format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn folders() -> (tempfile::TempDir, Folders) {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::of(root.path(), CustomerNumber::new(30_020_506).unwrap());
        (root, folders)
    }

    fn mode(folder: &Path) -> u32 {
        fs::metadata(folder).unwrap().mode() & 0o7777
    }

    #[test]
    fn folders_are_made_for_their_group_and_nobody_else() {
        let (root, folders) = folders();
        fs::set_permissions(root.path(), Permissions::from_mode(0o2755)).unwrap();
        let inherited = mode(root.path()) & SET_GROUP;
        assert!(!folders.are_there());
        for _ in 0..2 {
            folders.make().unwrap();
        }
        assert_eq!(folders.part(Part::In), root.path().join("30020506/in"));
        for (part, expected) in [
            (Part::In, 0o770),
            (Part::Check, 0o770),
            (Part::Reports, 0o750),
            (Part::Done, 0o750),
            (Part::Refused, 0o750),
        ] {
            assert_eq!(mode(&folders.part(part)), expected | inherited, "{part:?}");
        }
        let month = folders.done_in("2026-11").unwrap();
        assert_eq!(mode(&month), 0o750 | inherited);
        assert_eq!(month, root.path().join("30020506/done/2026-11"));
    }

    #[test]
    fn a_link_in_the_place_of_a_folder_is_refused() {
        let (root, folders) = folders();
        folders.make().unwrap();
        fs::remove_dir(folders.part(Part::Reports)).unwrap();
        symlink(root.path(), folders.part(Part::Reports)).unwrap();
        let why = folders.make().unwrap_err().to_string();
        assert!(why.ends_with("30020506/reports: it is no folder"), "{why}");
        fs::remove_dir(folders.part(Part::In)).unwrap();
        symlink(root.path(), folders.part(Part::In)).unwrap();
        assert!(folders.lock(Part::In).is_err());
    }

    #[test]
    fn one_process_at_a_time_has_the_lock() {
        let (_root, folders) = folders();
        folders.make().unwrap();
        let first = folders.lock(Part::In).unwrap();
        assert!(first.is_some() && folders.lock(Part::In).unwrap().is_none());
        assert!(folders.lock(Part::Check).unwrap().is_some());
        drop(first);
        assert!(folders.lock(Part::In).unwrap().is_some());
    }
}
