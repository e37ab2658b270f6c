//! What lies in a folder that customers write into. No link is followed.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    fs,
    io::{self, ErrorKind},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use domain::{
    change_file::{FileFault, FileName},
    customer::CustomerNumber,
};

use super::{content, stamp::Stamp};

/// The most files of a folder that are looked at in one go.
const LISTED: usize = 100_000;

/// How programs call files that they are still uploading.
const UNFINISHED: [&str; 4] = [".filepart", ".part", ".tmp", ".partial"];

/// Something in a folder.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name on the disk.
    pub(super) name: OsString,
    /// Its name as it is shown and kept.
    pub(super) shown: String,
    /// What its name says.
    pub(super) says: Result<FileName, FileFault>,
    /// By what it is told whether it has changed.
    pub(super) stamp: Stamp,
}

/// What lies in a folder, but for folders, and for what is still being uploaded by its name. Of very many files the next ones
/// of each source.
pub(super) fn list(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for name in next_of_each(names(folder)?, LISTED) {
        // It follows no link. What has gone meanwhile was another process's.
        match fs::symlink_metadata(folder.join(&name)) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => found.push(entry_of(name, Stamp::of(&metadata))),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The names of all that lies in a folder and is looked at, in the order of the disk.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !is_passed_over(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// So many of these names: the lowest numbers of each source, and as many of those that cannot be read. Were the lowest left
/// out, it would be too low once another was taken.
fn next_of_each(names: Vec<OsString>, most: usize) -> Vec<OsString> {
    if names.len() <= most {
        return names;
    }
    type Source = Option<(CustomerNumber, String)>;
    let mut sources: HashMap<Source, Vec<(i64, OsString)>> = HashMap::new();
    for name in names {
        let (source, number) = match FileName::read(&shown(&name)) {
            Ok(says) => (Some((says.customer, says.source)), says.number),
            Err(_) => (None, 0),
        };
        sources.entry(source).or_default().push((number, name));
    }
    let mut ranked = Vec::new();
    for mut own in sources.into_values() {
        own.sort();
        ranked.extend(own.into_iter().enumerate().map(|(rank, (_, name))| (rank, name)));
    }
    ranked.sort();
    ranked.into_iter().take(most).map(|(_, name)| name).collect()
}

fn entry_of(name: OsString, stamp: Stamp) -> Entry {
    let shown = shown(&name);
    let says = if stamp.is_file {
        FileName::read(&shown)
    } else {
        Err(FileFault::NotAFile)
    };
    Entry {
        name,
        shown,
        says,
        stamp,
    }
}

/// Whether nothing of this name is looked at: hidden, or still being uploaded.
fn is_passed_over(name: &OsStr) -> bool {
    let name = name.as_bytes().to_ascii_lowercase();
    name.starts_with(b".") || UNFINISHED.iter().any(|ending| name.ends_with(ending.as_bytes()))
}

/// A name as it is shown and kept: one with signs that cannot be seen, or turn what is beside them round, has them spelt out.
pub(super) fn shown(name: &OsStr) -> String {
    match name.to_str() {
        Some(text) if text.chars().all(is_seen) => text.to_owned(),
        _ => name.as_bytes().escape_ascii().to_string(),
    }
}

fn is_seen(sign: char) -> bool {
    let is_hidden = matches!(
        sign,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !sign.is_control() && !is_hidden
}

/// Where something lies that is shown so and holds just this; `None` if it has gone or is another by now.
pub(super) fn find(folder: &Path, wanted: &str, sha256: &str, largest: u64) -> io::Result<Option<PathBuf>> {
    if wanted.is_empty() || wanted.contains('/') || is_passed_over(OsStr::new(wanted)) {
        return Ok(None);
    }
    let mut alike = vec![OsString::from(wanted)];
    // It may be a name that was spelt out, and several are spelt out alike.
    if wanted.contains('\\') {
        let others = names(folder)?.into_iter().filter(|name| name != wanted);
        alike.extend(others.filter(|name| shown(name) == wanted));
    }
    for name in alike {
        let path = folder.join(name);
        // Folders are not looked at.
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
        if !is_folder && content::read(&path, largest)?.is_some_and(|content| content.sha256 == sha256) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const LARGEST: u64 = 100;

    #[test]
    fn only_names_of_finished_files_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "30020506_PRV_1.csv",
            ".30020506_PRV_2.csv",
            "30020506_PRV_3.csv.filepart",
            "30020506_PRV_4.csv.PART",
            "30020506_PRV_5.tmp",
            "30020506_PRV_6.csv.partial",
            "30020506_PROFILES_7.csv",
        ] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        fs::create_dir(folder.path().join("30020506_PRV_8.csv")).unwrap();
        symlink("/etc/passwd", folder.path().join("30020506_PRV_9.csv")).unwrap();
        let mut listed = list(folder.path()).unwrap();
        listed.sort_by(|one, other| one.shown.cmp(&other.shown));
        let said: Vec<_> = listed
            .iter()
            .map(|entry| (entry.shown.as_str(), entry.says.as_ref().err()))
            .collect();
        assert_eq!(
            said,
            [
                ("30020506_PROFILES_7.csv", Some(&FileFault::Type)),
                ("30020506_PRV_1.csv", None),
                ("30020506_PRV_9.csv", Some(&FileFault::NotAFile)),
            ]
        );
    }

    #[test]
    fn names_with_signs_that_cannot_be_seen_are_spelt_out() {
        for (name, expected) in [
            (&b"30020506_PRV_1.csv"[..], "30020506_PRV_1.csv"),
            ("30020506_März_PRV_1.csv".as_bytes(), "30020506_März_PRV_1.csv"),
            (
                "30020506_\u{202e}PRV_1.csv".as_bytes(),
                "30020506_\\xe2\\x80\\xaePRV_1.csv",
            ),
            (b"30020506_PRV_1\n.csv", "30020506_PRV_1\\n.csv"),
            (b"30020506_\xff_PRV_1.csv", "30020506_\\xff_PRV_1.csv"),
        ] {
            assert_eq!(shown(OsStr::from_bytes(name)), expected);
        }
        for odd in [
            "30020506_..\\..\\_PRV_1.csv",
            "30020506_\\x00_PRV_1.csv",
            "30020506_\\xff_PRV_1.csv",
        ] {
            assert!(matches!(FileName::read(odd), Err(FileFault::Name { .. })), "{odd}");
        }
    }

    #[test]
    fn a_file_is_found_by_its_name_and_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let odd = OsStr::from_bytes(b"a\xffb.csv");
        fs::write(folder.path().join(odd), "one").unwrap();
        fs::write(folder.path().join("plain.csv"), "one").unwrap();
        let plain = content::read(&folder.path().join("plain.csv"), LARGEST).unwrap();
        let sha256 = plain.unwrap().sha256;
        let find = |name: &str, sha256: &str| find(folder.path(), name, sha256, LARGEST).unwrap();
        assert_eq!(find("plain.csv", &sha256), Some(folder.path().join("plain.csv")));
        assert_eq!(find("a\\xffb.csv", &sha256), Some(folder.path().join(odd)));
        for (name, hash) in [
            ("plain.csv", "00"),
            ("gone.csv", &sha256),
            ("../plain.csv", &sha256),
            ("", &sha256),
        ] {
            assert_eq!(find(name, hash), None, "{name}");
        }
        // A folder that is really called as the other is shown hides it from nobody, and neither does a file.
        fs::create_dir(folder.path().join("a\\xffb.csv")).unwrap();
        assert_eq!(find("a\\xffb.csv", &sha256), Some(folder.path().join(odd)));
        fs::remove_dir(folder.path().join("a\\xffb.csv")).unwrap();
        fs::write(folder.path().join("a\\xffb.csv"), "two").unwrap();
        assert_eq!(find("a\\xffb.csv", &sha256), Some(folder.path().join(odd)));
    }

    #[test]
    fn of_too_many_names_the_lowest_of_each_source_are_kept() {
        let names = (1..=1_000)
            .rev()
            .map(|number| OsString::from(format!("7_hr_PRV_{number}.csv")));
        let others = ["7_PRV_9223372036854775807.csv", "staff.csv", "other.csv"].map(OsString::from);
        let mut kept = next_of_each(names.chain(others).collect(), 5);
        kept.sort();
        let expected = [
            "7_PRV_9223372036854775807.csv",
            "7_hr_PRV_1.csv",
            "7_hr_PRV_2.csv",
            "other.csv",
            "staff.csv",
        ];
        assert_eq!(kept, expected.map(OsString::from));
    }
}
