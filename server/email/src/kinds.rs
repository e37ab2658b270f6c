//! What a file may be: by its name, and where that says nothing, by what is in it. The type that a mail announces never
//! decides alone: programs call the same list `application/vnd.ms-excel`, `application/octet-stream` or `text/plain`.

/// Bytes that are looked at.
pub(crate) const START: usize = 8192;

/// Lines that are looked at.
const LINES: usize = 50;

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A list, or a spreadsheet: the portal's reader says what is wrong with it, if anything is.
    List,
    /// A ZIP file, which may have a list in it.
    Zip,
    /// What Outlook packs attachments into.
    Winmail,
    /// An encrypted file.
    Encrypted,
    /// Another mail.
    Mail,
    /// What comes with many mails and is never a list: pictures, signatures, cards, appointments, pages.
    Ignored,
    /// Anything else.
    Other,
}

/// By the name: its ending, in small letters, and the whole.
fn by_name(name: &str, ending: &str) -> Option<Kind> {
    let kind = match ending {
        "csv" | "tsv" | "tab" | "xlsx" | "xlsm" | "xltx" | "xltm" | "xlsb" | "xls" | "xlt" | "ods" | "ots" | "fods"
        | "numbers" => Kind::List,
        "zip" => Kind::Zip,
        "p7m" | "pgp" | "gpg" | "rpmsg" | "aes" => Kind::Encrypted,
        "eml" | "msg" | "mht" | "mhtml" => Kind::Mail,
        "vcf" | "vcard" | "p7s" | "p7b" | "p7c" | "cer" | "crt" | "asc" | "sig" | "key" | "ics" | "ical" | "ifb"
        | "html" | "htm" | "xhtml" | "css" | "gif" | "png" | "jpg" | "jpeg" | "jpe" | "bmp" | "svg" | "webp"
        | "tif" | "tiff" | "ico" | "heic" | "avif" | "emz" | "wmz" | "emf" | "wmf" => Kind::Ignored,
        "dat" if is_winmail(name) => Kind::Winmail,
        _ => return None,
    };
    Some(kind)
}

fn is_winmail(name: &str) -> bool {
    ["winmail.dat", "win.dat"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether mail servers call footers so: `ATT00001.txt`.
fn is_footer(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let digits = stem
        .get(..3)
        .filter(|start| start.eq_ignore_ascii_case("att"))
        .map(|_| &stem[3..]);
    digits.is_some_and(|digits| digits.len() >= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a type is one that lists are announced by.
fn is_of_lists(media: &str) -> bool {
    matches!(
        media,
        "text/csv"
            | "text/x-csv"
            | "application/csv"
            | "application/x-csv"
            | "text/comma-separated-values"
            | "text/x-comma-separated-values"
            | "text/tab-separated-values"
    )
}

/// Whether a type is one of what programs add to mails by themselves.
fn is_by_the_way(media: &str) -> bool {
    const KINDS: [&str; 4] = ["image/", "audio/", "video/", "message/"];
    KINDS.iter().any(|kind| media.starts_with(kind))
        || matches!(
            media,
            "text/html"
                | "text/x-amp-html"
                | "text/calendar"
                | "application/ics"
                | "text/vcard"
                | "text/x-vcard"
                | "text/directory"
                | "text/rfc822-headers"
                | "application/pkcs7-signature"
                | "application/x-pkcs7-signature"
                | "application/pgp-signature"
                | "application/pgp-keys"
        )
}

/// What a file may be. Of its bytes only the beginning is needed.
pub(crate) fn of(name: Option<&str>, media: &str, start: &[u8]) -> Kind {
    let ending = name.map(crate::names::ending).unwrap_or_default();
    if let Some(kind) = name.and_then(|name| by_name(name, &ending)) {
        return kind;
    }
    match by_content(start) {
        Kind::Other if name.is_none() && is_of_lists(media) && is_text(start) => Kind::List,
        Kind::Other if name.is_some_and(is_footer) => Kind::Ignored,
        Kind::Other if matches!(media, "application/ms-tnef" | "application/vnd.ms-tnef") => Kind::Winmail,
        Kind::Other if name.is_none() && is_by_the_way(media) => Kind::Ignored,
        kind => kind,
    }
}

/// By what is in it.
fn by_content(start: &[u8]) -> Kind {
    const PICTURES: [&[u8]; 6] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\x01\0"];
    let begins = |sign: &[u8]| start.starts_with(sign);
    if start.is_empty() || PICTURES.iter().any(|sign| begins(sign)) {
        Kind::Ignored
    } else if begins(b"PK\x03\x04") {
        Kind::Zip
    } else if begins(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Kind::List
    } else if begins(&crate::winmail::SIGN) {
        Kind::Winmail
    } else if begins(b"-----BEGIN PGP MESSAGE") {
        Kind::Encrypted
    } else if is_table(start) {
        Kind::List
    } else if begins(b"BM") || begins(b"RIFF") || begins(b"-----BEGIN PGP") {
        Kind::Ignored
    } else {
        Kind::Other
    }
}

fn is_text(start: &[u8]) -> bool {
    !readable(start).contains('\0')
}

/// The beginning of a text, as well as it can be read: zeros are left out where each letter has one, as in UTF-16.
fn readable(start: &[u8]) -> String {
    let start = start.get(..START).unwrap_or(start);
    let is_wide = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") || {
        let zeros = start.iter().filter(|byte| **byte == 0).count();
        zeros * 5 > start.len() * 2
    };
    let kept: Vec<u8> = start.iter().copied().filter(|byte| !(is_wide && *byte == 0)).collect();
    String::from_utf8_lossy(&kept).into_owned()
}

/// Whether a text looks like a table: its first lines have the same separators.
fn is_table(start: &[u8]) -> bool {
    let text = readable(start);
    if text.contains('\0') || text.trim_start().starts_with('<') {
        return false;
    }
    has_headings(&text) || has_rows(&text, 2)
}

/// Whether a file is packed into a text as programs did before MIME: `begin 644 staff.csv`, and lines of capitals and signs.
pub(crate) fn is_uuencoded(start: &[u8]) -> bool {
    let text = readable(start);
    let lines: Vec<_> = text.lines().collect();
    lines.windows(2).any(|two| match two {
        [first, second] => is_beginning(first) && is_packed(second),
        _ => false,
    })
}

fn is_beginning(line: &str) -> bool {
    let rest = line.strip_prefix("begin ").and_then(|rest| rest.split_once(' '));
    rest.is_some_and(|(mode, name)| {
        let is_mode = matches!(mode.len(), 3 | 4) && mode.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
        is_mode && !name.trim().is_empty()
    })
}

fn is_packed(line: &str) -> bool {
    line.len() > 1 && line.bytes().all(|byte| (b' '..=b'`').contains(&byte))
}

/// Whether a mail's own text has a list in it.
pub(crate) fn is_pasted(text: &[u8]) -> bool {
    let text = readable(text);
    // What was answered to has marks before each line, and does not count.
    let own: Vec<_> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'))
        .collect();
    let own = own.join("\n");
    has_headings(&own) || has_rows(&own, 3)
}

/// Whether a mail's own text, as a page, has a list in it: by its headings alone, for styles have rows of their own.
pub(crate) fn is_pasted_page(page: &[u8]) -> bool {
    let page = String::from_utf8_lossy(page);
    let texts = page.split('<').filter_map(|rest| rest.split_once('>'));
    let text: Vec<_> = texts.map(|(_, text)| text.trim()).collect();
    has_headings(&text.join(" "))
}

/// Whether some line names columns that every list has.
fn has_headings(text: &str) -> bool {
    const HEADINGS: [&str; 5] = ["localid", "odscode", "firstname", "lastname", "surname"];
    text.lines().take(LINES).any(|line| {
        let line: String = line
            .chars()
            .filter(|sign| !sign.is_whitespace() && *sign != '_')
            .collect();
        let line = line.to_lowercase();
        HEADINGS.iter().filter(|heading| line.contains(**heading)).count() >= 2
    })
}

/// Whether lines in a row have equally many separators: one is enough for those that sentences seldom have. In sentences a
/// space follows them. Where three rows are asked for, so are more columns: signatures have two.
fn has_rows(text: &str, rows: usize) -> bool {
    let lines: Vec<_> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    [(',', 2), (';', 1), ('\t', 1), ('|', 1)]
        .map(|(separator, least)| (separator, least.max(rows - 1)))
        .iter()
        .any(|(separator, least)| {
            let spaced = format!("{separator} ");
            let counts = lines
                .iter()
                .map(|line| line.matches(*separator).count() - line.matches(&spaced).count());
            let (mut before, mut together) = (0, 0);
            counts.into_iter().any(|count| {
                together = match count {
                    count if count < *least => 0,
                    count if count == before => together + 1,
                    _ => 1,
                };
                before = count;
                together >= rows
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[u8] = b"LocalID,ODSCode,FirstName,LastName\n1,RIV,Jo,Fenn\n";

    #[test]
    fn names_decide_before_contents_and_types() {
        for (name, kind) in [
            ("staff.CSV", Kind::List),
            ("staff.xlsx", Kind::List),
            ("logo.png", Kind::Ignored),
            ("card.vcf", Kind::Ignored),
            ("smime.p7s", Kind::Ignored),
            ("smime.p7m", Kind::Encrypted),
            ("staff.csv.pgp", Kind::Encrypted),
            ("fwd.eml", Kind::Mail),
            ("WINMAIL.DAT", Kind::Winmail),
            ("lists.zip", Kind::Zip),
        ] {
            for start in [LIST, b"\x89PNG\r\n", b""] {
                assert_eq!(of(Some(name), "text/plain", start), kind, "{name}");
            }
        }
    }

    #[test]
    fn contents_decide_where_names_say_nothing() {
        let wide: Vec<u8> = "\u{FEFF}A;B\r\n1;2\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (start, kind) in [
            (LIST, Kind::List),
            (&wide, Kind::List),
            (b"Name\tWard\nJo\t7\n", Kind::List),
            (b"PK\x03\x04rest", Kind::Zip),
            (b"\x78\x9F\x3E\x22", Kind::Winmail),
            (b"\xFF\xD8\xFF\xE0", Kind::Ignored),
            (b"%PDF-1.7", Kind::Other),
            (
                b"This email, and any file, is confidential.\nPlease, if it is not for you, delete it.",
                Kind::Other,
            ),
            (b"<html><table>", Kind::Other),
            (b"", Kind::Ignored),
        ] {
            for name in [None, Some("scan"), Some("Scan_0001.dat"), Some("list.txt")] {
                assert_eq!(of(name, "application/octet-stream", start), kind, "{name:?} {start:?}");
            }
        }
    }

    #[test]
    fn files_packed_before_mime_are_known_and_sentences_are_not() {
        let packed = "Our list:\r\n\r\nbegin 644 staff.csv\r\n#0V%T\r\n`\r\nend\r\n";
        assert!(is_uuencoded(packed.as_bytes()));
        for text in [
            "begin 644 staff.csv",
            "We begin 644 new people\nTomorrow, we hope.",
            "begin 644 new\nrows tomorrow",
            "begin now please\nTHANKS",
        ] {
            assert!(!is_uuencoded(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn type_of_lists_counts_for_a_text_without_a_name() {
        assert_eq!(of(None, "text/csv", b"LocalID\n1\n"), Kind::List);
        assert_eq!(of(None, "text/csv", b"\x89PNG\r\n"), Kind::Ignored);
        assert_eq!(of(None, "text/csv", b"\0\x01\x02binary"), Kind::Other);
        assert_eq!(of(Some("photo.jpg"), "text/csv", LIST), Kind::Ignored);
        assert_eq!(of(Some("ATT00001.txt"), "text/plain", b"Confidential."), Kind::Ignored);
    }

    #[test]
    fn lists_in_a_text_are_known_and_sentences_are_not() {
        assert!(is_pasted_page(
            b"<style>\na { b: c; }\n</style><table><td>LocalID</td>\n<td>ODS Code</td></table>"
        ));
        assert!(!is_pasted_page(
            b"<style>\np { a: b; }\nq { a: b; }\nr { a: b; }\n</style><p>Our list.</p>"
        ));
        assert!(!is_pasted(
            b"Regards\nTel:\t01632 960123\nMobile:\t07700 900123\nFax:\t01632 960124\n"
        ));
        assert!(is_pasted(
            b"Hello,\n\nLocalID, ODSCode, First name, Last name\n1, RIV, Jo, Fenn\n"
        ));
        assert!(is_pasted(b"Jo;Fenn;7\nAl;Venn;8\nBo;Winn;9\n"));
        assert!(!is_pasted(
            b"Hello, here is the list, as promised.\nThanks, Dana, Riverside\n"
        ));
        assert!(!is_pasted(b"> LocalID,ODSCode,FirstName\n> 1,RIV,Jo\nThanks\n"));
    }
}
