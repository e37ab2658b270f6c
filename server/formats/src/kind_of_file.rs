//! What kind of file some bytes are, judged by what is in them: names and announced types are often wrong.
//!
//! Only kinds that cannot be read are told here, each by a problem of its own that says what to do. What is left is a
//! workbook or text.

use domain::problem::Kind;

/// Bytes that are looked at for the signs of a kind of text.
const START: usize = 8192;

/// The beginning of a ZIP archive, as newer workbooks are.
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";

/// The beginning of an older office file, or of a newer one with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Beginnings of files that are never a staff list, with their kind.
static BEGINNINGS: [(&[u8], Kind); 14] = [
    (b"%PDF-", Kind::Pdf),
    (b"\xEF\xBB\xBF%PDF-", Kind::Pdf),
    (b"{\\rtf", Kind::RichText),
    (b"\x89PNG\r\n\x1A\n", Kind::Picture),
    (b"\xFF\xD8\xFF", Kind::Picture),
    (b"GIF87a", Kind::Picture),
    (b"GIF89a", Kind::Picture),
    (b"II*\0", Kind::Picture),
    (b"MM\0*", Kind::Picture),
    (b"\x1F\x8B", Kind::Archive),
    (b"7z\xBC\xAF\x27\x1C", Kind::Archive),
    (b"Rar!\x1A\x07", Kind::Archive),
    (b"PK\x05\x06", Kind::Archive),
    (b"\x09\x08\x10\0", Kind::OldWorkbook),
];

/// The kind of a file that cannot be read; None where it may be a workbook or text.
pub(crate) fn refused(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(COMPOUND) {
        return Some(compound(bytes));
    }
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    if let Some((_, kind)) = known {
        return Some(kind.clone());
    }
    if is_picture(bytes) {
        return Some(Kind::Picture);
    }
    marked_up(&start(bytes))
}

/// An archive's files, as far as they say what it is.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// The names of its files, with `/` between folders, in small letters.
    pub(crate) names: Vec<String>,
    /// What an OpenDocument says that it is.
    pub(crate) media_type: String,
    /// Whether an OpenDocument's files cannot be read without a password.
    pub(crate) is_locked: bool,
}

/// A workbook that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workbook {
    /// Excel's.
    Excel,
    /// OpenDocument's.
    OpenDocument,
}

impl Archive {
    /// Which workbook it is.
    ///
    /// # Errors
    /// The kind of what it is instead.
    pub(crate) fn workbook(&self) -> Result<Workbook, Kind> {
        let has = |name: &str| self.names.iter().any(|other| other == name);
        let has_within = |folder: &str| self.names.iter().any(|other| other.starts_with(folder));
        if has("xl/workbook.bin") {
            return Err(Kind::BinaryWorkbook);
        }
        if has("xl/workbook.xml") || has_within("xl/worksheets/") {
            return Ok(Workbook::Excel);
        }
        if self.is_locked || has("encrypted-package") {
            return Err(Kind::LockedWorkbook);
        }
        if has("content.xml") {
            return match self.media_type.strip_prefix("application/vnd.oasis.opendocument.") {
                Some(kind) if kind.starts_with("text") => Err(Kind::TextDocument),
                Some(kind) if kind.starts_with("spreadsheet") => Ok(Workbook::OpenDocument),
                Some(_) => Err(Kind::NotText),
                None => Ok(Workbook::OpenDocument),
            };
        }
        if has_within("word/") {
            return Err(Kind::TextDocument);
        }
        if has_within("ppt/") {
            return Err(Kind::NotText);
        }
        if has("index.zip") || self.names.iter().any(|name| name.ends_with(".iwa")) {
            return Err(Kind::AppleNumbers);
        }
        Err(Kind::Archive)
    }
}

/// What an older office file holds, by the names in its directory.
fn compound(bytes: &[u8]) -> Kind {
    static NAMES: [(&str, Kind); 4] = [
        ("WordDocument", Kind::TextDocument),
        ("EncryptedPackage", Kind::LockedWorkbook),
        ("Workbook", Kind::OldWorkbook),
        ("Book", Kind::OldWorkbook),
    ];
    // An entry has 128 bytes: 64 for its name, two a letter and a zero, and then how many of them are the name's.
    let (entries, _) = bytes.as_chunks::<128>();
    let is_named = |entry: &[u8; 128], name: &str| {
        let letters = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
        usize::from(entry[64]) == 2 * (name.len() + 1) && letters.zip(entry).all(|(letter, byte)| letter == *byte)
    };
    let kind = |entry: &[u8; 128]| NAMES.iter().find(|(name, _)| is_named(entry, name));
    let found = entries.iter().find_map(kind);
    found.map_or(Kind::OldWorkbook, |(_, kind)| kind.clone())
}

/// Pictures that are not known by their first bytes alone.
fn is_picture(bytes: &[u8]) -> bool {
    let at = |place: usize, sign: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(sign));
    let is_bitmap = || {
        let said = bytes.get(2..6).and_then(|size| <[u8; 4]>::try_from(size).ok());
        bytes.starts_with(b"BM") && said.map(u32::from_le_bytes).map(u64::from) == Some(bytes.len() as u64)
    };
    let is_of_a_telephone = || {
        ["heic", "heix", "mif1", "avif"]
            .iter()
            .any(|kind| at(8, kind.as_bytes()))
    };
    (at(0, b"RIFF") && at(8, b"WEBP")) || (at(4, b"ftyp") && is_of_a_telephone()) || is_bitmap()
}

/// The beginning of what may be text, in small letters: without zeros, so that UTF-16 reads like UTF-8.
fn start(bytes: &[u8]) -> String {
    let start: Vec<u8> = bytes.iter().take(START).copied().filter(|byte| *byte != 0).collect();
    let is_before = |c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{FFFD}');
    let text = String::from_utf8_lossy(&start).to_ascii_lowercase();
    text.trim_start_matches(is_before).to_owned()
}

/// The kind of a text that is marked up: a web page, a spreadsheet of 2003 or other XML.
fn marked_up(start: &str) -> Option<Kind> {
    const OF_PAGES: [&str; 7] = ["<html", "<!doctype html", "<head", "<body", "<table", "<meta", "<div"];
    let has = |sign: &str| start.contains(sign);
    // A page in one file, as browsers and spreadsheets save it.
    if start.starts_with("mime-version:") && has("multipart/related") {
        return Some(Kind::WebPage);
    }
    if !start.starts_with('<') {
        return None;
    }
    let is_xml = start.starts_with("<?xml");
    let is_page = OF_PAGES.iter().any(|tag| has(tag));
    if has("progid=\"excel.sheet\"") || (has("urn:schemas-microsoft-com:office:spreadsheet") && !has("<html")) {
        Some(Kind::XmlWorkbook)
    } else if is_page && (!is_xml || has("<html")) {
        Some(Kind::WebPage)
    } else if has("<svg") {
        Some(Kind::Picture)
    } else {
        is_xml.then_some(Kind::OtherXml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(names: &[&str], media_type: &str) -> Result<Workbook, Kind> {
        let names = names.iter().map(ToString::to_string).collect();
        Archive {
            names,
            media_type: media_type.to_owned(),
            is_locked: false,
        }
        .workbook()
    }

    /// A file of the older kind whose directory has these names.
    fn compound_of(names: &[&str]) -> Vec<u8> {
        let mut bytes = COMPOUND.to_vec();
        bytes.resize(512, 0);
        for name in names {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let length = entry.len() as u8 + 2;
            entry.resize(128, 0);
            entry[64] = length;
            bytes.extend(entry);
        }
        bytes
    }

    #[test]
    fn older_office_files_are_told_apart_by_what_they_hold() {
        assert_eq!(
            refused(&compound_of(&["Root Entry", "Workbook"])),
            Some(Kind::OldWorkbook)
        );
        assert_eq!(refused(&compound_of(&["Root Entry", "Book"])), Some(Kind::OldWorkbook));
        assert_eq!(
            refused(&compound_of(&["Root Entry", "WordDocument"])),
            Some(Kind::TextDocument)
        );
        let locked = compound_of(&["Root Entry", "EncryptionInfo", "EncryptedPackage"]);
        assert_eq!(refused(&locked), Some(Kind::LockedWorkbook));
    }

    #[test]
    fn web_pages_and_spreadsheets_of_2003_are_known_in_any_encoding() {
        let page =
            "\r\n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>LocalID</td></tr></table>";
        let wide: Vec<u8> = format!("\u{FEFF}{page}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let parts = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n";
        for bytes in [
            page.as_bytes(),
            &wide,
            b"<!-- HR --><TABLE><TR>",
            b"\xEF\xBB\xBF<!DOCTYPE HTML>",
            parts.as_bytes(),
        ] {
            assert_eq!(refused(bytes), Some(Kind::WebPage));
        }
        let of_2003 = "<?xml version=\"1.0\"?><ss:Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        assert_eq!(refused(of_2003.as_bytes()), Some(Kind::XmlWorkbook));
        assert_eq!(refused(b"<?xml version=\"1.0\"?><people/>"), Some(Kind::OtherXml));
    }

    #[test]
    fn pictures_documents_and_archives_each_have_their_kind() {
        assert_eq!(refused(b"%PDF-1.7 ..."), Some(Kind::Pdf));
        assert_eq!(refused(b"{\\rtf1\\ansi LocalID,"), Some(Kind::RichText));
        assert_eq!(refused(b"\xFF\xD8\xFF\xE0..JFIF"), Some(Kind::Picture));
        assert_eq!(refused(b"\0\0\0\x18ftypheic...."), Some(Kind::Picture));
        assert_eq!(refused(b"Rar!\x1A\x07\x01\0"), Some(Kind::Archive));
        assert_eq!(
            archive(&["xl/workbook.bin", "xl/worksheets/sheet1.bin"], ""),
            Err(Kind::BinaryWorkbook)
        );
        assert_eq!(archive(&["word/document.xml"], ""), Err(Kind::TextDocument));
        let text = "application/vnd.oasis.opendocument.text";
        assert_eq!(archive(&["mimetype", "content.xml"], text), Err(Kind::TextDocument));
        assert_eq!(archive(&["index/document.iwa"], ""), Err(Kind::AppleNumbers));
        assert_eq!(archive(&["staff.csv"], ""), Err(Kind::Archive));
        assert_eq!(archive(&["xl/workbook.xml"], ""), Ok(Workbook::Excel));
    }

    #[test]
    fn text_with_odd_beginnings_is_still_text() {
        for text in [
            "LocalID,ODSCode\n",
            "<LocalID>,<ODSCode>\n1,RIV\n",
            "BMI,LocalID\n",
            "ID;Payroll;Name\n",
            "",
        ] {
            assert_eq!(refused(text.as_bytes()), None, "{text:?}");
        }
    }
}
