//! The end of a file: its report is written, what is kept of it is put where it belongs, and the file itself is removed. Each
//! step may be done twice: whoever dies in between is followed by another who begins anew.

use std::{io, path::Path, time::SystemTime};

use domain::values::ids::Timestamp;
use gate::{ChangeFileReport, calendar};

use super::{
    aside::{Finished, clear, put_aside, put_back},
    content::{self, Bytes},
    folders::{Folders, Part, told},
    writing::{There, free, is_there, numbered, put, put_away, remove, safe, told_apart},
};

/// Writes a file's report and puts the file away; gives the report's name.
///
/// # Errors
/// When a folder cannot be written; then it is to be done again.
pub(super) fn finish(
    folders: &Folders,
    file: &Finished,
    report: &ChangeFileReport,
    largest: u64,
) -> io::Result<String> {
    let name = write_report(&folders.part(Part::Reports), report, file.since)?;
    keep(folders, file, report, largest)?;
    Ok(name)
}

/// Writes the report of a file that waits for a person, unless it is there, and puts the file away: it may wait for days, and
/// has passwords in it. Gives the report's name.
///
/// # Errors
/// When a folder cannot be written; then it is to be done again.
pub(super) fn tell_of_waiting(
    folders: &Folders,
    file: &Finished,
    report: &ChangeFileReport,
    largest: u64,
) -> io::Result<String> {
    let (folder, name) = (folders.part(Part::Reports), safe(&report.name));
    // Whenever it was written: only its log says when.
    let number = free(&folder, &[(name.as_str(), report.csv.as_bytes())], None)?;
    let name = numbered(&name, number);
    let name = match is_there(&folder.join(&name), report.csv.as_bytes(), None)? {
        There::Same => name,
        There::Nothing | There::Other => write_report(&folder, report, None)?,
    };
    keep(folders, file, report, largest)?;
    Ok(name)
}

/// Puts a file away that is in hand, received at a moment: it may be worked on for long, and has passwords in it.
///
/// # Errors
/// When a folder cannot be written; then it is to be done again.
pub(super) fn put_away_taken(
    folders: &Folders,
    file: &Finished,
    received_at: Timestamp,
    largest: u64,
) -> io::Result<()> {
    keep_in(folders, file, &folders.done_in(&month(received_at))?, None, largest)
}

/// Writes the report, with log and trace; the report itself at last, because it is waited for.
fn write_report(folder: &Path, report: &ChangeFileReport, since: Option<SystemTime>) -> io::Result<String> {
    let (name, log, trace) = (safe(&report.name), safe(&report.log_name), safe(&report.trace_name));
    let files = [
        (trace.as_str(), report.trace.as_bytes()),
        (log.as_str(), report.log.as_bytes()),
        (name.as_str(), report.csv.as_bytes()),
    ];
    let written = || {
        let number = free(folder, &files, since)?;
        let put_all = || {
            files
                .iter()
                .try_for_each(|(name, bytes)| put(folder, &numbered(name, number), bytes))
        };
        put_all().inspect_err(|_| {
            // Some would be in the way of the next attempt, which may tell of another moment.
            for (name, bytes) in files {
                let path = folder.join(numbered(name, number));
                if matches!(is_there(&path, bytes, None), Ok(There::Same)) {
                    drop(remove(&path));
                }
            }
        })?;
        Ok(number)
    };
    let number = written().map_err(|error: io::Error| told(folder, &error, error.kind()))?;
    Ok(numbered(&name, number))
}

/// Keeps what may be kept of a file, and removes the file.
fn keep(folders: &Folders, file: &Finished, report: &ChangeFileReport, largest: u64) -> io::Result<()> {
    let folder = if report.refused {
        folders.part(Part::Refused)
    } else {
        folders.done_in(&month(report.received_at))?
    };
    keep_in(folders, file, &folder, report.blanked.as_deref(), largest)
}

/// Keeps in a folder what may be kept of a file: its text without passwords where that is known.
fn keep_in(folders: &Folders, file: &Finished, folder: &Path, blanked: Option<&str>, largest: u64) -> io::Result<()> {
    let mut name = safe(&file.file_name);
    if file.rehearsal {
        // What is done was not only rehearsed.
        name = told_apart(&name, "check");
    }
    let original = put_aside(folders, file, largest)?;
    let kept = match (blanked, &original) {
        (Some(text), original) => put_once(folder, &name, text.as_bytes()).and_then(|()| match original {
            Some(original) => remove(original),
            None => Ok(()),
        }),
        (None, Some(original)) => keep_unread(original, folder, &name, largest),
        (None, None) => Ok(()),
    };
    for part in file.lies_in {
        if let (Err(_), Some(original)) = (&kept, &original)
            && original.starts_with(folders.aside(*part))
        {
            put_back(original, &folders.part(*part))?;
        }
        clear(folders, *part);
    }
    kept.map_err(|error| told(folder, &error, error.kind()))
}

/// Keeps a file that the gate has not read. What looks like passwords in it is taken out all the same; of one that is too
/// large to be looked through nothing is kept.
fn keep_unread(original: &Path, folder: &Path, name: &str, largest: u64) -> io::Result<()> {
    match content::read(original, largest)?.map(|content| content.bytes) {
        Some(Bytes::TooLarge) => remove(original),
        Some(Bytes::Whole(bytes)) => {
            let text = formats::change_file::blanked(&bytes);
            put_once(folder, name, text.as_bytes()).and_then(|()| remove(original))
        }
        // Nobody else can read them, or there is nothing to read.
        Some(Bytes::Forbidden | Bytes::NotAFile) | None => put_away(original, folder, name),
    }
}

/// Writes a file unless it is there already.
fn put_once(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let name = numbered(name, free(folder, &[(name, bytes)], None)?);
    match is_there(&folder.join(&name), bytes, None)? {
        There::Same => Ok(()),
        There::Nothing | There::Other => put(folder, &name, bytes),
    }
}

/// The month in which a file came, such as `2026-11`.
fn month(received_at: Timestamp) -> String {
    let day = calendar::day_at(received_at).map(|day| day.to_string());
    day.and_then(|day| day.get(..7).map(ToOwned::to_owned))
        .unwrap_or_else(|| "undated".to_owned())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use domain::customer::CustomerNumber;
    use gate::ChangeFileStage;

    use super::*;

    const LARGEST: u64 = 1_000;
    const NAME: &str = "30020506_hr_PRV_12.csv";
    const FILE: &str = "EmailAddress,Action,Password\r\na@b.example,Add,hunter2-hunter2\r\n";

    fn folders() -> (tempfile::TempDir, Folders) {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::of(root.path(), CustomerNumber::new(30_020_506).unwrap());
        folders.make().unwrap();
        (root, folders)
    }

    fn report(log: &str) -> ChangeFileReport {
        ChangeFileReport {
            name: "30020506_hr_PRV_12.report.csv".to_owned(),
            log_name: "30020506_hr_PRV_12.log.txt".to_owned(),
            trace_name: "30020506_hr_PRV_12.trace.jsonl".to_owned(),
            csv: "Line,EmailAddress\r\n".to_owned(),
            log: log.to_owned(),
            trace: "{}\n".to_owned(),
            blanked: Some(FILE.replace("hunter2-hunter2", "•••")),
            refused: false,
            // 21 November 2026, 12:00 UTC.
            received_at: Timestamp(1_795_262_400_000),
            stage: ChangeFileStage::Ready,
        }
    }

    fn finished(folders: &Folders) -> Finished {
        fs::write(folders.part(Part::In).join(NAME), FILE).unwrap();
        let content = content::read(&folders.part(Part::In).join(NAME), LARGEST)
            .unwrap()
            .unwrap();
        Finished {
            file_name: NAME.to_owned(),
            sha256: content.sha256,
            lies_in: &[Part::In],
            rehearsal: false,
            since: None,
        }
    }

    fn names(folder: PathBuf) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_kept_without_its_passwords() {
        let (_root, folders) = folders();
        let file = finished(&folders);
        for _ in 0..2 {
            let name = finish(&folders, &file, &report("at noon"), LARGEST).unwrap();
            assert_eq!(name, "30020506_hr_PRV_12.report.csv");
        }
        let reports = names(folders.part(Part::Reports));
        assert_eq!(
            reports,
            [
                "30020506_hr_PRV_12.log.txt",
                "30020506_hr_PRV_12.report.csv",
                "30020506_hr_PRV_12.trace.jsonl"
            ]
        );
        let done = folders.part(Part::Done).join("2026-11");
        assert_eq!(names(done.clone()), [NAME]);
        let kept = fs::read_to_string(done.join(NAME)).unwrap();
        assert!(kept.contains(",•••\r\n") && !kept.contains("hunter2"), "{kept}");
        assert!(names(folders.part(Part::In)).is_empty());
    }

    #[test]
    fn whoever_dies_at_any_step_is_followed_by_another() {
        for broken in [Part::Reports, Part::Done] {
            let (_root, folders) = folders();
            let file = finished(&folders);
            // As if the process died just there.
            fs::remove_dir(folders.part(broken)).unwrap();
            fs::write(folders.part(broken), "").unwrap();
            assert!(finish(&folders, &file, &report("at noon"), LARGEST).is_err());
            assert_eq!(names(folders.part(Part::In)), [NAME], "{broken:?}");
            fs::remove_file(folders.part(broken)).unwrap();
            folders.make().unwrap();
            finish(&folders, &file, &report("at noon"), LARGEST).unwrap();
            assert_eq!(names(folders.part(Part::Reports)).len(), 3, "{broken:?}");
            assert!(names(folders.part(Part::In)).is_empty());
        }
    }

    #[test]
    fn a_second_report_of_one_number_has_a_number_of_its_own() {
        let (_root, folders) = folders();
        for (log, name) in [
            ("at noon", "30020506_hr_PRV_12.report.csv"),
            ("at one", "30020506_hr_PRV_12.report.2.csv"),
            ("at two", "30020506_hr_PRV_12.report.3.csv"),
        ] {
            let file = finished(&folders);
            assert_eq!(finish(&folders, &file, &report(log), LARGEST).unwrap(), name);
        }
        assert!(names(folders.part(Part::Reports)).contains(&"30020506_hr_PRV_12.log.2.txt".to_owned()));
    }

    #[test]
    fn a_file_that_waits_is_reported_once_and_put_away_without_its_passwords() {
        let (_root, folders) = folders();
        let file = finished(&folders);
        let waits = |log: &str| ChangeFileReport {
            csv: "Line,EmailAddress\r\n0,\r\n".to_owned(),
            ..report(log)
        };
        for log in ["at noon", "at one"] {
            let name = tell_of_waiting(&folders, &file, &waits(log), LARGEST).unwrap();
            assert_eq!(name, "30020506_hr_PRV_12.report.csv");
        }
        assert_eq!(names(folders.part(Part::Reports)).len(), 3);
        assert!(names(folders.part(Part::In)).is_empty());
        let done = folders.part(Part::Done).join("2026-11");
        let kept = fs::read_to_string(done.join(NAME)).unwrap();
        assert!(kept.contains("•••") && !kept.contains("hunter2"), "{kept}");
        let name = finish(&folders, &file, &report("at two"), LARGEST).unwrap();
        assert_eq!(name, "30020506_hr_PRV_12.report.2.csv");
        assert_eq!(names(done), [NAME]);
    }

    #[test]
    fn a_file_in_hand_is_put_away_as_it_is_kept_at_its_end() {
        let (_root, folders) = folders();
        let file = finished(&folders);
        for _ in 0..2 {
            put_away_taken(&folders, &file, report("at noon").received_at, LARGEST).unwrap();
        }
        assert!(names(folders.part(Part::In)).is_empty());
        assert!(names(folders.part(Part::Refused)).is_empty());
        let done = folders.part(Part::Done).join("2026-11");
        let kept = fs::read_to_string(done.join(NAME)).unwrap();
        assert_eq!(Some(kept), report("at noon").blanked);
        finish(&folders, &file, &report("at noon"), LARGEST).unwrap();
        assert_eq!(names(done), [NAME]);
    }

    #[test]
    fn a_file_that_replaced_another_meanwhile_stays() {
        let (_root, folders) = folders();
        let file = finished(&folders);
        fs::write(folders.part(Part::In).join(NAME), "EmailAddress,Action\r\n").unwrap();
        finish(&folders, &file, &report("at noon"), LARGEST).unwrap();
        assert_eq!(names(folders.part(Part::In)), [NAME]);
        assert_eq!(names(folders.part(Part::Done).join("2026-11")), [NAME]);
    }

    #[test]
    fn a_file_that_is_refused_is_kept_without_its_passwords_too() {
        let (_root, folders) = folders();
        let unread = ChangeFileReport {
            blanked: None,
            refused: true,
            ..report("at noon")
        };
        for _ in 0..2 {
            finish(&folders, &finished(&folders), &unread, LARGEST).unwrap();
        }
        let refused = folders.part(Part::Refused);
        assert_eq!(names(refused.clone()), [NAME]);
        let kept = fs::read_to_string(refused.join(NAME)).unwrap();
        assert!(
            kept.contains("a@b.example,Add,•••") && !kept.contains("hunter2"),
            "{kept}"
        );
        // Of what is too large to be looked through nothing is kept.
        let mut large = finished(&folders);
        let content = content::read(&folders.part(Part::In).join(NAME), 10).unwrap().unwrap();
        large.sha256 = content.sha256;
        finish(&folders, &large, &unread, 10).unwrap();
        assert_eq!(names(refused), [NAME]);
        assert!(names(folders.part(Part::In)).is_empty());
        assert!(names(folders.part(Part::Done)).is_empty());
    }

    #[test]
    fn what_was_only_rehearsed_is_not_called_done() {
        let (_root, folders) = folders();
        let file = Finished {
            rehearsal: true,
            ..finished(&folders)
        };
        finish(&folders, &file, &report("at noon"), LARGEST).unwrap();
        let done = names(folders.part(Part::Done).join("2026-11"));
        assert_eq!(done, ["30020506_hr_PRV_12.check.csv"]);
    }
}
