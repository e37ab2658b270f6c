//! Files that are put out of their customer's reach before they are removed: whoever uploads a newer one under the same name at
//! that moment shall not lose it.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    content,
    folders::{Folders, Part, told},
    found::find,
    stamp::Stamp,
    writing::{LEFT_BEHIND, remove},
};

/// How often a file is tried to be moved while others remove the folder for it.
const TRIES: u32 = 5;

/// A file that is at its end.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    /// Its name, as it is shown.
    pub(super) file_name: String,
    /// What it held.
    pub(super) sha256: String,
    /// Where it may lie.
    pub(super) lies_in: &'static [Part],
    /// Whether it was only rehearsed.
    pub(super) rehearsal: bool,
    /// Before when no report can be its own: for one that was sent again.
    pub(super) since: Option<SystemTime>,
}

/// Puts a file out of reach, and only then makes sure that it is the one; gives where it is. `None` if it was removed before, or
/// replaced by another, which stays.
pub(super) fn put_aside(folders: &Folders, file: &Finished, largest: u64) -> io::Result<Option<PathBuf>> {
    for part in file.lies_in {
        let (folder, aside) = (folders.part(*part), folders.aside(*part));
        let find = |folder: &Path| {
            let found = find(folder, &file.file_name, &file.sha256, largest);
            found.map_err(|error| told(folder, &error, error.kind()))
        };
        // A process may have died behind it.
        if aside.is_dir()
            && let Some(path) = find(&aside)?
        {
            return Ok(Some(path));
        }
        let Some(path) = find(&folder)? else { continue };
        let out_of_reach = match move_aside(folders, *part, &path) {
            Ok(Some(out_of_reach)) => out_of_reach,
            // Another process was quicker.
            Ok(None) => continue,
            // The operator has put the folders on several disks.
            Err(error) if error.kind() == ErrorKind::CrossesDevices => return Ok(Some(path)),
            Err(error) => return Err(told(&path, &error, error.kind())),
        };
        let is_it = content::read(&out_of_reach, largest)?.is_some_and(|content| content.sha256 == file.sha256);
        if is_it {
            return Ok(Some(out_of_reach));
        }
        put_back(&out_of_reach, &folder)?;
    }
    Ok(None)
}

/// Moves a file out of reach; `None` if it has gone.
fn move_aside(folders: &Folders, part: Part, path: &Path) -> io::Result<Option<PathBuf>> {
    for _ in 0..TRIES {
        let aside = folders.make_aside(part)?;
        let Some(name) = path.file_name() else { break };
        let out_of_reach = aside.join(name);
        match fs::rename(path, &out_of_reach) {
            Ok(()) => return Ok(Some(out_of_reach)),
            // Either the file has gone, or the folder: another process may remove it while it is empty.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Puts a file back where it was dropped. Where there is another one by now, its customer has replaced it.
pub(super) fn put_back(path: &Path, folder: &Path) -> io::Result<()> {
    let Some(name) = path.file_name() else { return Ok(()) };
    let back = folder.join(name);
    match fs::symlink_metadata(&back) {
        Ok(_) => remove(path),
        Err(error) if error.kind() == ErrorKind::NotFound => match fs::rename(path, &back) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            moved => moved,
        },
        Err(error) => Err(error),
    }
}

/// Puts back what processes have put out of reach and left there when they died, and removes the folders for it.
pub(super) fn tidy(folders: &Folders, now: SystemTime) -> io::Result<()> {
    for part in [Part::In, Part::Check] {
        let aside = folders.aside(part);
        let entries = match fs::read_dir(&aside) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                continue;
            };
            let moved = Stamp::of(&metadata).changed_at();
            if now.duration_since(moved).is_ok_and(|age| age > LEFT_BEHIND) {
                put_back(&path, &folders.part(part))?;
            }
        }
        clear(folders, part);
    }
    Ok(())
}

/// Removes the folder for files out of reach, unless there are any.
pub(super) fn clear(folders: &Folders, part: Part) {
    // Another process may have a file there.
    drop(fs::remove_dir(folders.aside(part)));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::customer::CustomerNumber;

    use super::*;

    const LARGEST: u64 = 1_000;
    const NAME: &str = "30020506_PRV_1.csv";

    fn folders() -> (tempfile::TempDir, Folders) {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::of(root.path(), CustomerNumber::new(30_020_506).unwrap());
        folders.make().unwrap();
        (root, folders)
    }

    fn drop_file(folders: &Folders, text: &str) -> Finished {
        let path = folders.part(Part::In).join(NAME);
        fs::write(&path, text).unwrap();
        Finished {
            file_name: NAME.to_owned(),
            sha256: content::read(&path, LARGEST).unwrap().unwrap().sha256,
            lies_in: &[Part::In],
            rehearsal: false,
            since: None,
        }
    }

    #[test]
    fn a_file_is_out_of_reach_before_it_is_removed() {
        let (_root, folders) = folders();
        let file = drop_file(&folders, "one");
        for _ in 0..2 {
            let path = put_aside(&folders, &file, LARGEST).unwrap().unwrap();
            assert_eq!(path, folders.aside(Part::In).join(NAME));
            // A newer one comes under its name, and stays there.
            fs::write(folders.part(Part::In).join(NAME), "two").unwrap();
            assert_eq!(fs::read_to_string(path).unwrap(), "one");
        }
        assert_eq!(fs::read_to_string(folders.part(Part::In).join(NAME)).unwrap(), "two");
    }

    #[test]
    fn another_file_of_the_name_stays_where_it_is() {
        let (_root, folders) = folders();
        let file = drop_file(&folders, "one");
        fs::write(folders.part(Part::In).join(NAME), "two").unwrap();
        assert_eq!(put_aside(&folders, &file, LARGEST).unwrap(), None);
        assert_eq!(fs::read_to_string(folders.part(Part::In).join(NAME)).unwrap(), "two");
    }

    #[test]
    fn a_file_comes_back_unless_a_newer_one_is_there() {
        let (_root, folders) = folders();
        let aside = folders.make_aside(Part::In).unwrap().join(NAME);
        let place = folders.part(Part::In).join(NAME);
        fs::write(&aside, "one").unwrap();
        put_back(&aside, &folders.part(Part::In)).unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "one");
        fs::write(&aside, "older").unwrap();
        put_back(&aside, &folders.part(Part::In)).unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "one");
        assert!(!aside.exists());
    }

    #[test]
    fn what_was_left_out_of_reach_comes_back_after_an_hour() {
        let (_root, folders) = folders();
        let file = drop_file(&folders, "one");
        put_aside(&folders, &file, LARGEST).unwrap().unwrap();
        let now = SystemTime::now();
        tidy(&folders, now).unwrap();
        assert!(!folders.part(Part::In).join(NAME).exists());
        tidy(&folders, now + Duration::from_secs(3_700)).unwrap();
        assert_eq!(fs::read_to_string(folders.part(Part::In).join(NAME)).unwrap(), "one");
        assert!(!folders.aside(Part::In).exists());
    }
}
