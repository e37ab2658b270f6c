//! ZIP files with one list in them. One level is opened; newer spreadsheets are ZIP files themselves, and stay whole.

use std::io::{Cursor, Read};

use domain::email::Refusal;
use zip::ZipArchive;

use crate::{
    kinds::{self, Kind, START},
    limits::Limits,
    names,
};

/// Files in a ZIP file at most.
const MOST_FILES: usize = 1000;

/// What each file in a ZIP file begins with in its list of contents.
const LISTED: &[u8] = b"PK\x01\x02";

/// What a ZIP file is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// A spreadsheet or another document, which is one file.
    Document,
    /// The one file in it, with its name.
    File(Option<String>, Vec<u8>),
}

/// Opens a ZIP file.
///
/// # Errors
/// Not exactly one file in it can be used, or it cannot be opened.
pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Refusal> {
    let too_large = || Refusal::ZipTooLarge {
        limit_mib: limits.unpacked_mib,
    };
    // Counted before anything is made for each of them.
    let listed = bytes.windows(LISTED.len()).filter(|window| *window == LISTED);
    if listed.take(MOST_FILES + 1).count() > MOST_FILES {
        return Err(too_large());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::ZipBroken)?;
    let mut listed = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index_raw(place).map_err(|_| Refusal::ZipBroken)?;
        let path = file.name().map_err(|_| Refusal::ZipBroken)?.replace('\\', "/");
        listed.push(Listed {
            place,
            is_encrypted: file.encrypted(),
            is_file: file.is_file(),
            path,
        });
    }
    if listed.iter().any(Listed::is_of_a_document) {
        return Ok(Opened::Document);
    }
    let mut left = limits.unpacked_bytes(bytes.len());
    let mut found: Vec<(Option<String>, Vec<u8>)> = Vec::new();
    let mut is_encrypted = false;
    for file in listed.into_iter().filter(|file| file.is_file && !file.is_of_a_system()) {
        let name = names::cleaned(&file.path);
        // By its name alone: a name that says nothing is judged when its bytes are there.
        let is_useless = |start: &[u8]| kinds::of(name.as_deref(), "", start) != Kind::List;
        if is_useless(LIKE_A_LIST) {
            continue;
        }
        if file.is_encrypted {
            is_encrypted = true;
            continue;
        }
        let unpacked = unpack(&mut archive, file.place, left)?.ok_or_else(too_large)?;
        left -= unpacked.len();
        let start = unpacked.get(..START).unwrap_or(&unpacked);
        if !is_useless(start) {
            found.push((name, unpacked));
        }
    }
    if is_encrypted {
        return Err(Refusal::ZipEncrypted);
    }
    match found.len() {
        0 => Err(Refusal::ZipEmpty),
        1 => {
            let (name, unpacked) = found.swap_remove(0);
            Ok(Opened::File(name, unpacked))
        }
        _ => Err(Refusal::ZipSeveral {
            names: named(found.into_iter().map(|(name, _)| name)),
        }),
    }
}

/// Bytes that would make a list of any file whose name does not speak against it.
const LIKE_A_LIST: &[u8] = b"a;b\n1;2\n";

/// A file in a ZIP file.
struct Listed {
    place: usize,
    is_encrypted: bool,
    is_file: bool,
    path: String,
}

impl Listed {
    /// Whether only spreadsheets and other documents have such a file.
    fn is_of_a_document(&self) -> bool {
        let path = self.path.to_ascii_lowercase();
        let path = path.trim_start_matches('/');
        matches!(
            path,
            "content.xml" | "encryptedpackage" | "index.zip" | "[content_types].xml"
        ) || ["xl/", "word/", "ppt/"].iter().any(|folder| path.starts_with(folder))
            || path.ends_with(".iwa")
    }

    /// Whether an operating system has put it there.
    fn is_of_a_system(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("__MACOSX/")
            || name.starts_with('.')
            || ["thumbs.db", "desktop.ini"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
    }
}

/// A file's bytes; `None` if they are too many. What the ZIP file says of their number is not believed.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, place: usize, most: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let file = archive.by_index(place).map_err(|_| Refusal::ZipBroken)?;
    let mut unpacked = Vec::new();
    let mut bounded = file.take(most as u64 + 1);
    bounded.read_to_end(&mut unpacked).map_err(|_| Refusal::ZipBroken)?;
    Ok((unpacked.len() <= most).then_some(unpacked))
}

/// Each file's name, or that it has none.
pub(crate) fn named(names: impl Iterator<Item = Option<String>>) -> Vec<String> {
    names
        .map(|name| name.unwrap_or_else(|| "a file without a name".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const LIST: &[u8] = b"LocalID,ODSCode,FirstName,LastName\n1,RIV,Jo,Fenn\n";

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn opened(files: &[(&str, &[u8])]) -> Result<Opened, Refusal> {
        open(&zipped(files), &Limits::STANDARD)
    }

    #[test]
    fn one_list_in_a_zip_file_is_taken_out() {
        let is_list = Ok(Opened::File(Some("staff.csv".to_owned()), LIST.to_vec()));
        for files in [
            &[("staff.csv", LIST)][..],
            &[("../../lists/staff.csv", LIST)],
            &[("staff.csv", LIST), ("__MACOSX/._staff.csv", LIST), (".DS_Store", b"x")],
            &[("logo.png", b"\x89PNG"), ("staff.csv", LIST), ("read me.txt", b"Hello")],
        ] {
            assert_eq!(opened(files), is_list);
        }
        let unnamed = opened(&[("staff", LIST)]);
        assert_eq!(unnamed, Ok(Opened::File(Some("staff".to_owned()), LIST.to_vec())));
    }

    #[test]
    fn spreadsheets_are_not_opened() {
        assert_eq!(opened(&[("xl/workbook.xml", b"<x/>")]), Ok(Opened::Document));
        assert_eq!(
            opened(&[("mimetype", b"x"), ("content.xml", b"<x/>")]),
            Ok(Opened::Document)
        );
    }

    #[test]
    fn zip_files_without_one_list_are_refused() {
        assert_eq!(opened(&[]), Err(Refusal::ZipEmpty));
        assert_eq!(opened(&[("a.png", b"x")]), Err(Refusal::ZipEmpty));
        // One level only.
        let inner = zipped(&[("staff.csv", LIST)]);
        assert_eq!(opened(&[("inner.zip", &inner)]), Err(Refusal::ZipEmpty));
        let names = vec!["a.csv".to_owned(), "a.csv".to_owned()];
        assert_eq!(
            opened(&[("x/a.csv", LIST), ("y/a.csv", LIST)]),
            Err(Refusal::ZipSeveral { names })
        );
        let whole = zipped(&[("staff.csv", LIST)]);
        assert_eq!(
            open(&whole[..whole.len() - 30], &Limits::STANDARD),
            Err(Refusal::ZipBroken)
        );
        assert_eq!(open(b"PK\x03\x04", &Limits::STANDARD), Err(Refusal::ZipBroken));
    }

    #[test]
    fn zip_files_with_passwords_are_refused_as_such() {
        let mut bytes = zipped(&[("staff.csv", LIST)]);
        // Bit 0 of the flags, in the list of contents and before the file.
        let listed = bytes.windows(4).position(|window| window == LISTED).unwrap();
        bytes[listed + 8] |= 1;
        bytes[6] |= 1;
        assert_eq!(open(&bytes, &Limits::STANDARD), Err(Refusal::ZipEncrypted));
    }

    #[test]
    fn zip_bombs_are_refused_before_they_unpack() {
        let limits = Limits {
            unpacked_mib: 2,
            ..Limits::STANDARD
        };
        let too_large = Err(Refusal::ZipTooLarge { limit_mib: 2 });
        let zeros = vec![b' '; 3 * 1024 * 1024];
        assert_eq!(open(&zipped(&[("a.csv", &zeros)]), &limits), too_large);
        // By what they unpack to together, and for each byte.
        let many: Vec<_> = (0..4)
            .map(|number| (format!("{number}.csv"), vec![b' '; 600 * 1024]))
            .collect();
        let many: Vec<_> = many
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        assert_eq!(open(&zipped(&many), &limits), too_large);
        let dense = zipped(&[("a.csv", &zeros[..2 * 1024 * 1024 - 1])]);
        assert!(dense.len() * 100 < 1024 * 1024);
        assert_eq!(open(&dense, &limits), too_large);
        let listed = LISTED.repeat(MOST_FILES + 1);
        assert_eq!(open(&listed, &limits), too_large);
    }
}
