//! From bytes to text: UTF-8 with or without its mark, UTF-16, and Windows-1252 as older spreadsheets save it.

use domain::problem::{Kind, Problem};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The file's text.
///
/// # Errors
/// A file that is empty, or is not text at all (a workbook, a picture).
pub fn decode(bytes: &[u8]) -> Result<String, Problem> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let body = &bytes[mark..];
    let text = match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => text,
        None if encoding == UTF_8 => WINDOWS_1252.decode_without_bom_handling(body).0,
        None => return Err(Problem::in_file(Kind::NotText)),
    };
    if text.trim().is_empty() {
        return Err(Problem::in_file(Kind::Empty));
    }
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9F}');
    // A stray control character is a cell's problem; a file full of them, or with a zero, is no text.
    let controls = text.chars().take(4096).filter(|c| is_binary(*c)).count();
    if text.starts_with("PK\u{3}\u{4}") || text.contains('\0') || controls > 20 {
        return Err(Problem::in_file(Kind::NotText));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_encoding_gives_the_same_text() {
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("Zoë".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in ["Zoë".as_bytes(), "\u{FEFF}Zoë".as_bytes(), b"Zo\xEB", &utf16] {
            assert_eq!(decode(bytes).unwrap(), "Zoë");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let kind = |bytes: &[u8]| decode(bytes).unwrap_err().kind;
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"\xEF\xBB\xBF \r\n"), Kind::Empty);
        assert_eq!(kind(b"PK\x03\x04\x14\x00\x06\x00"), Kind::NotText);
        assert_eq!(kind(b"a,b\0c"), Kind::NotText);
    }
}
