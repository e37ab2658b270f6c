//! Files that the portal writes beside those of customers: each is whole and on the disk before it has its name.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::{Duration, SystemTime},
};

/// The most files of one name.
const MOST: u32 = 10_000;

/// The longest name that is written, without what tells files of one name apart.
const LONGEST: usize = 150;

/// After so long what was begun beside a file was left behind by a process that died.
pub(super) const LEFT_BEHIND: Duration = Duration::from_secs(3_600);

/// A name that is safe in any folder and on any system, whatever it was made from; its ending stays.
pub(super) fn safe(name: &str) -> String {
    let plain = |sign: char| match sign {
        '.' | '_' | '-' => sign,
        _ if sign.is_ascii_alphanumeric() => sign,
        _ => '_',
    };
    let name: String = name.chars().map(plain).collect();
    let name = &name[name.len().saturating_sub(LONGEST)..];
    match name.trim_start_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// The name of the file of a number among those of one name: `a.report.csv`, `a.report.2.csv`.
pub(super) fn numbered(name: &str, number: u32) -> String {
    match number {
        1 => name.to_owned(),
        _ => told_apart(name, &number.to_string()),
    }
}

/// A name with something before its ending.
pub(super) fn told_apart(name: &str, by: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{by}.{ending}"),
        None => format!("{name}.{by}"),
    }
}

/// The number under which some files can be written: the first under which none is there but what is written again, because
/// a process died behind it. What is older than `since` is none of those.
pub(super) fn free(folder: &Path, files: &[(&str, &[u8])], since: Option<SystemTime>) -> io::Result<u32> {
    for number in 1..=MOST {
        let mut is_free = true;
        for (name, bytes) in files {
            is_free &= is_there(&folder.join(numbered(name, number)), bytes, since)? != There::Other;
        }
        if is_free {
            return Ok(number);
        }
    }
    Err(io::Error::from(ErrorKind::AlreadyExists))
}

/// What there is under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    Same,
    Other,
}

/// Whether a file is there, and is the one that would be written.
pub(super) fn is_there(path: &Path, bytes: &[u8], since: Option<SystemTime>) -> io::Result<There> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(There::Nothing),
        Err(error) => return Err(error),
    };
    let is_old = match since {
        Some(since) => found.modified()? < since,
        None => false,
    };
    if is_old || !found.is_file() || found.len() != bytes.len() as u64 {
        return Ok(There::Other);
    }
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)?;
    let mut there = Vec::new();
    file.take(bytes.len() as u64 + 1).read_to_end(&mut there)?;
    Ok(if there == bytes { There::Same } else { There::Other })
}

/// Writes a file: whole beside it, then under its name, and both on the disk.
pub(super) fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = folder.join(format!(".{name}.{:08x}.tmp", rand::random::<u32>()));
    let written = write(&beside, bytes).and_then(|()| fs::rename(&beside, folder.join(name)));
    if written.is_err() {
        // On a disk that is full every byte counts.
        drop(fs::remove_file(&beside));
    }
    written?;
    sync(folder)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o640).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Moves a file into a folder of the same disk, under its name or with a number. Nothing that is there is overwritten.
pub(super) fn put_away(from: &Path, folder: &Path, name: &str) -> io::Result<()> {
    let mut names = (1..=MOST).map(|number| folder.join(numbered(name, number)));
    let free = names.find(|path| fs::symlink_metadata(path).is_err());
    let free = free.ok_or_else(|| io::Error::from(ErrorKind::AlreadyExists))?;
    match fs::rename(from, free) {
        // Another process was quicker.
        Err(_) if fs::symlink_metadata(from).is_err() => Ok(()),
        moved => moved.and_then(|()| sync(folder)),
    }
}

/// Removes a file, unless another process was quicker.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Has what was done in a folder on the disk.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes what processes have begun to write in a folder and left behind when they died.
pub(super) fn tidy(folder: &Path, now: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.as_encoded_bytes().starts_with(b".") && name.as_encoded_bytes().ends_with(b".tmp");
        let Ok(metadata) = entry.metadata() else { continue };
        let is_old = || {
            let begun = metadata.modified().unwrap_or(now);
            now.duration_since(begun).is_ok_and(|age| age > LEFT_BEHIND)
        };
        if is_ours && metadata.is_file() && is_old() {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_name_is_safe_whatever_it_was_made_from() {
        for (name, expected) in [
            ("30020506_hr_PRV_1.report.csv", "30020506_hr_PRV_1.report.csv"),
            ("../../etc/passwd", "_.._etc_passwd"),
            (".hidden", "hidden"),
            ("a\u{202e}b\\xff.csv", "a_b_xff.csv"),
            ("...", "file"),
            ("", "file"),
        ] {
            assert_eq!(safe(name), expected, "{name}");
        }
        let long = safe(&format!("{}.report.csv", "x".repeat(300)));
        assert!(long.len() == LONGEST && long.ends_with("x.report.csv"), "{long}");
    }

    #[test]
    fn a_second_file_of_one_name_has_a_number_before_its_ending() {
        assert_eq!(numbered("7_PRV_1.report.csv", 1), "7_PRV_1.report.csv");
        assert_eq!(numbered("7_PRV_1.report.csv", 2), "7_PRV_1.report.2.csv");
        assert_eq!(told_apart("7_PRV_1.csv", "check"), "7_PRV_1.check.csv");
    }

    #[test]
    fn a_file_is_whole_before_it_has_its_name() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "a.csv", b"one").unwrap();
        put(folder.path(), "a.csv", b"two").unwrap();
        assert_eq!(names(folder.path()), ["a.csv"]);
        let path = folder.path().join("a.csv");
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o137, 0);
        // A link in its place is replaced, and not followed.
        fs::write(folder.path().join("elsewhere"), "secret").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(folder.path().join("elsewhere"), &path).unwrap();
        put(folder.path(), "a.csv", b"three").unwrap();
        assert_eq!(fs::read(folder.path().join("elsewhere")).unwrap(), b"secret");
        assert!(put(&folder.path().join("gone"), "a.csv", b"one").is_err());
    }

    #[test]
    fn what_a_process_wrote_before_it_died_is_written_again_under_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let free = |files: &[(&str, &[u8])]| free(folder.path(), files, None).unwrap();
        let first: [(&str, &[u8]); 2] = [("a.report.csv", b"1"), ("a.log.txt", b"at noon")];
        let second: [(&str, &[u8]); 2] = [("a.report.csv", b"1"), ("a.log.txt", b"at one")];
        assert_eq!(free(&first), 1);
        put(folder.path(), "a.log.txt", b"at noon").unwrap();
        assert_eq!((free(&first), free(&second)), (1, 2));
        put(folder.path(), "a.report.csv", b"1").unwrap();
        assert_eq!((free(&first), free(&second)), (1, 2));
        put(folder.path(), "a.report.2.csv", b"else").unwrap();
        assert_eq!((free(&first), free(&second)), (1, 3));
        // The same as long ago is another one.
        let later = SystemTime::now() + Duration::from_secs(60);
        assert_eq!(super::free(folder.path(), &first, Some(later)).unwrap(), 3);
    }

    #[test]
    fn a_file_that_is_put_away_overwrites_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let away = folder.path().join("refused");
        fs::create_dir(&away).unwrap();
        let from = folder.path().join("bad.csv");
        for text in ["first", "second"] {
            fs::write(&from, text).unwrap();
            put_away(&from, &away, "bad.csv").unwrap();
        }
        assert_eq!(names(&away), ["bad.2.csv", "bad.csv"]);
        assert_eq!(fs::read_to_string(away.join("bad.csv")).unwrap(), "first");
        // Another process was quicker.
        put_away(&from, &away, "bad.csv").unwrap();
        remove(&from).unwrap();
    }

    #[test]
    fn what_was_left_behind_is_removed_after_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".a.csv.1.tmp", "b.tmp", ".c"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let now = SystemTime::now();
        tidy(folder.path(), now).unwrap();
        assert_eq!(names(folder.path()).len(), 3);
        tidy(folder.path(), now + Duration::from_secs(3_700)).unwrap();
        assert_eq!(names(folder.path()), [".c", "b.tmp"]);
    }
}
