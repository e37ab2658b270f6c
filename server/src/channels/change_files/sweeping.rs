//! What the portal has written or put away for a customer long ago: it names people who may have been erased since.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
    time::{Duration, SystemTime},
};

use super::{
    folders::{Folders, Part},
    stamp::Stamp,
    writing::remove,
};

/// Removes reports, and files that were processed or refused, once they have been there for so long.
pub(super) fn sweep(folders: &Folders, kept: Duration, now: SystemTime) -> io::Result<()> {
    let is_old = |stamp: Stamp| now.duration_since(stamp.changed_at()).is_ok_and(|age| age > kept);
    [Part::Reports, Part::Done, Part::Refused]
        .iter()
        .try_for_each(|part| remove_old(&folders.part(*part), &is_old))
}

/// Removes what is old in a folder and the folders in it. No link is followed.
fn remove_old(folder: &Path, is_old: &dyn Fn(Stamp) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // What is being written, or out of reach.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let found = match entry.metadata() {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let path = entry.path();
        if found.is_dir() {
            remove_old(&path, is_old)?;
            if is_old(Stamp::of(&found)) {
                // Only one that is empty can be removed.
                drop(fs::remove_dir(path));
            }
        } else if is_old(Stamp::of(&found)) {
            remove(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use domain::customer::CustomerNumber;

    use super::*;

    const A_DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn what_was_kept_for_long_enough_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::of(root.path(), CustomerNumber::new(30_020_506).unwrap());
        folders.make().unwrap();
        let month = folders.done_in("2026-11").unwrap();
        let secret = root.path().join("secret");
        fs::write(&secret, "x").unwrap();
        let own = [
            folders.part(Part::Reports).join("7_PRV_1.report.csv"),
            month.join("7_PRV_1.csv"),
            folders.part(Part::Refused).join("staff.csv"),
        ];
        let dropped = [
            folders.part(Part::In).join("7_PRV_2.csv"),
            folders.part(Part::Check).join("7_PRV_3.csv"),
        ];
        for path in own.iter().chain(&dropped) {
            fs::write(path, "x").unwrap();
        }
        symlink(&secret, folders.part(Part::Refused).join("link.csv")).unwrap();
        let now = SystemTime::now();
        sweep(&folders, A_DAY, now + Duration::from_secs(86_000)).unwrap();
        assert!(own.iter().all(|path| path.exists()));
        let later = now + Duration::from_secs(90_000);
        sweep(&folders, A_DAY, later).unwrap();
        assert!(!own.iter().any(|path| path.exists()));
        assert!(!folders.part(Part::Refused).join("link.csv").is_symlink());
        assert!(secret.exists() && dropped.iter().all(|path| path.exists()));
        // The month goes with its last file, or the time after; what files are dropped in stays.
        sweep(&folders, A_DAY, later).unwrap();
        assert!(!month.exists() && folders.part(Part::Reports).exists());
    }
}
