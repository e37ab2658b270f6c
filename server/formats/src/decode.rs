//! From bytes to text: UTF-8 with or without its mark, UTF-16, and Windows-1252 as older spreadsheets save it.

use domain::{
    layout::ReadAs,
    problem::{Kind, Problem},
};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The file's text.
///
/// # Errors
/// A file that is empty, or is not text at all (a workbook, a picture).
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, ReadAs), Problem> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (without_mark(bytes), 0));
    let body = &bytes[mark..];
    let mut read_as = ReadAs::Unicode;
    let text = match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => text,
        None if encoding == UTF_8 => {
            read_as = ReadAs::Windows1252;
            WINDOWS_1252.decode_without_bom_handling(body).0
        }
        None => return Err(Problem::in_file(Kind::NotText)),
    };
    if text.trim().is_empty() {
        return Err(Problem::in_file(Kind::Empty));
    }
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9F}');
    // A stray control character is a cell's problem; a file full of them, or with a zero, is no text.
    let controls = text.chars().take(4096).filter(|c| is_binary(*c)).count();
    if text.contains('\0') || controls > 20 {
        return Err(Problem::in_file(Kind::NotText));
    }
    Ok((text.into_owned(), read_as))
}

/// The encoding of text that has no mark: UTF-16 where each letter of the headings has a zero beside it, else UTF-8.
fn without_mark(bytes: &[u8]) -> &'static Encoding {
    let start: Vec<_> = bytes.chunks_exact(2).take(32).collect();
    let has = |place: usize| !start.is_empty() && start.iter().all(|pair| pair[place] == 0 && pair[1 - place] != 0);
    match (has(1), has(0)) {
        (true, _) => UTF_16LE,
        (_, true) => UTF_16BE,
        _ => UTF_8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_encoding_gives_the_same_text() {
        let utf16 = |bytes: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for bytes in [
            "Zoë".as_bytes(),
            "\u{FEFF}Zoë".as_bytes(),
            &utf16(u16::to_le_bytes, "\u{FEFF}Zoë"),
            &utf16(u16::to_be_bytes, "\u{FEFF}Zoë"),
            &utf16(u16::to_le_bytes, "Zoë"),
            &utf16(u16::to_be_bytes, "Zoë"),
        ] {
            assert_eq!(decode(bytes).unwrap(), ("Zoë".to_owned(), ReadAs::Unicode));
        }
        assert_eq!(decode(b"Zo\xEB").unwrap(), ("Zoë".to_owned(), ReadAs::Windows1252));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let kind = |bytes: &[u8]| decode(bytes).unwrap_err().kind;
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"\xEF\xBB\xBF \r\n"), Kind::Empty);
        assert_eq!(kind(b"a,b\0c"), Kind::NotText);
    }
}
