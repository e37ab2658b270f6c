//! From bytes to text: UTF-8 with or without its mark, UTF-16, and what older programs save. Each line is UTF-8 if it can
//! be; those that cannot are read in the old encoding that all of them together look most like.

mod twice;

use std::ops::Range;

use domain::{
    layout::OldEncoding,
    problem::{Kind, Problem},
    values::text::trimmed,
};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

pub(crate) use self::twice::meant;

/// Places at which guessed and other lines alternate, at most; behind them all are said to be guessed.
const MOST_RANGES: usize = 100_000;

/// Lines by which an old encoding is told.
const TELLING_LINES: usize = 10_000;

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) guessed: Option<Guessed>,
}

/// What of a text was read in an old encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guessed {
    pub(crate) encoding: OldEncoding,
    /// Where such lines stand in the text, in their order. All that is not ASCII there was guessed.
    pub(crate) lines: Vec<Range<usize>>,
}

/// The file's text.
///
/// # Errors
/// A file that is empty, or is not text at all (a workbook, a picture).
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, Problem> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (without_mark(bytes), 0));
    let body = without_marks(&bytes[mark..]);
    let decoded = match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Decoded {
            text: text.into_owned(),
            guessed: None,
        },
        None if encoding == UTF_8 => by_line(body),
        None => return Err(Problem::in_file(Kind::NotText)),
    };
    let text = &decoded.text;
    if trimmed(text).is_empty() {
        return Err(Problem::in_file(Kind::Empty));
    }
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9F}');
    // A stray control character is a cell's problem; a file full of them, or with a zero, is no text.
    let controls = text.chars().take(4096).filter(|c| is_binary(*c)).count();
    if text.contains('\0') || controls > 20 {
        return Err(Problem::in_file(Kind::NotText));
    }
    Ok(decoded)
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

/// A line that does not begin with the marks of UTF-8: each program that a file goes through may have put one there.
fn without_marks(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix("\u{FEFF}".as_bytes()) {
        line = rest;
    }
    line
}

fn by_line(body: &[u8]) -> Decoded {
    let lines = || body.split_inclusive(|byte| matches!(*byte, b'\r' | b'\n'));
    let foreign = lines().filter(|line| std::str::from_utf8(line).is_err());
    let (encoding, known_as) = likeliest(foreign.take(TELLING_LINES));
    let mut text = String::with_capacity(body.len() + body.len() / 8);
    let mut guessed: Vec<Range<usize>> = Vec::new();
    // Lines of plain ASCII are in every encoding: they part no two that were guessed.
    let mut goes_on = false;
    for line in lines() {
        let start = text.len();
        if let Ok(sound) = std::str::from_utf8(line) {
            text.push_str(sound);
            goes_on &= sound.is_ascii() || guessed.len() == MOST_RANGES;
            continue;
        }
        text.push_str(&encoding.decode_without_bom_handling(without_marks(line)).0);
        match guessed.last_mut() {
            Some(range) if goes_on => range.end = text.len(),
            _ => guessed.push(start..text.len()),
        }
        goes_on = true;
    }
    Decoded {
        text,
        guessed: Some(Guessed {
            encoding: known_as,
            lines: guessed,
        }),
    }
}

/// The old encoding in which lines look most like what people write.
fn likeliest<'b>(lines: impl Iterator<Item = &'b [u8]>) -> (&'static Encoding, OldEncoding) {
    let (mut windows, mut macintosh) = (0, 0);
    for line in lines {
        windows += likeliness(&WINDOWS_1252.decode_without_bom_handling(line).0);
        macintosh += likeliness(&MACINTOSH.decode_without_bom_handling(line).0);
    }
    match macintosh > windows {
        true => (MACINTOSH, OldEncoding::MacRoman),
        false => (WINDOWS_1252, OldEncoding::Windows1252),
    }
}

/// Letters and signs with which names and notes of western Europe are written.
const USUAL: &str = "éèêëáàâäãåæçíìîïñóòôöõøœúùûüýÿßšžÉÈÊËÁÀÂÄÃÅÆÇÍÌÎÏÑÓÒÔÖØŒÚÙÛÜÝŠŽ";

/// How much a text looks like what people write: its letters stand where letters do, and its signs do not.
fn likeliness(text: &str) -> i64 {
    let mut score = 0;
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            score += likeliness_of(before, c, after);
        }
        before = c;
    }
    score
}

fn likeliness_of(before: char, c: char, after: char) -> i64 {
    let is_within = before.is_alphabetic() && after.is_alphabetic();
    match c {
        // No such character is in the encoding.
        _ if c.is_control() => -4,
        '’' if is_within => 2,
        '“' if after.is_alphanumeric() && !before.is_alphabetic() => 2,
        '”' if !after.is_alphabetic() => 2,
        '’' | '–' | '—' | '…' | '£' | '€' | '°' | '½' | '\u{A0}' if !is_within => 1,
        // No word goes on in capitals.
        _ if c.is_uppercase() && before.is_lowercase() => -3,
        _ if c.is_lowercase() && after.is_uppercase() => -2,
        _ if c.is_alphabetic() && !before.is_alphabetic() && !after.is_alphabetic() => 0,
        _ if USUAL.contains(c) => 2,
        _ if c.is_alphabetic() => 0,
        _ if before.is_alphabetic() || after.is_alphabetic() => -2,
        _ => -1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(bytes: &[u8]) -> (String, OldEncoding, Vec<Range<usize>>) {
        let decoded = decode(bytes).unwrap();
        let guessed = decoded.guessed.unwrap();
        (decoded.text, guessed.encoding, guessed.lines)
    }

    #[test]
    fn every_common_encoding_gives_the_same_text() {
        let utf16 = |bytes: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for bytes in [
            "Zoë".as_bytes(),
            "\u{FEFF}Zoë".as_bytes(),
            "\u{FEFF}\u{FEFF}Zoë".as_bytes(),
            &utf16(u16::to_le_bytes, "\u{FEFF}Zoë"),
            &utf16(u16::to_be_bytes, "\u{FEFF}Zoë"),
            &utf16(u16::to_le_bytes, "Zoë"),
            &utf16(u16::to_be_bytes, "Zoë"),
        ] {
            let text = "Zoë".to_owned();
            assert_eq!(decode(bytes).unwrap(), Decoded { text, guessed: None });
        }
        let (text, encoding, lines) = guessed(b"Zo\xEB");
        assert_eq!((text.as_str(), encoding), ("Zoë", OldEncoding::Windows1252));
        assert_eq!(lines.as_slice(), std::slice::from_ref(&(0..4)));
    }

    #[test]
    fn each_line_is_unicode_if_it_can_be() {
        let (text, encoding, lines) =
            guessed(b"Zo\xC3\xAB\nRen\xE9\nAnn\nFran\xE7ois\nNa\xC3\xAFve\n\xEF\xBB\xBFBj\xF6rn\n");
        assert_eq!(text, "Zoë\nRené\nAnn\nFrançois\nNaïve\nBjörn\n");
        assert_eq!(encoding, OldEncoding::Windows1252);
        let told: Vec<_> = lines.into_iter().map(|range| &text[range]).collect();
        assert_eq!(told, ["René\nAnn\nFrançois\n", "Björn\n"]);
    }

    #[test]
    fn a_file_of_an_old_macintosh_is_told_by_all_its_lines() {
        for (bytes, text) in [
            (
                &b"Ren\x8Ee,Dubourdieu\rFran\x8Dois\rZo\x91,Foy\r"[..],
                "Renée,Dubourdieu\rFrançois\rZoë,Foy\r",
            ),
            (&b"O\xD5Neill\nM\x9Fller\n"[..], "O’Neill\nMüller\n"),
            (&b"\x83mile Zola\n"[..], "Émile Zola\n"),
            (&b"Bj\x9Arn \xD0 ward 7\n"[..], "Björn – ward 7\n"),
            (&b"O\xD5Neill, \xD2Bunty\xD3\n"[..], "O’Neill, “Bunty”\n"),
        ] {
            let (read, encoding, _) = guessed(bytes);
            assert_eq!((read.as_str(), encoding), (text, OldEncoding::MacRoman));
        }
        for (bytes, text) in [
            (&b"REN\xC9E\nM\xFCller\n"[..], "RENÉE\nMüller\n"),
            (&b"O\x92Neill\n"[..], "O’Neill\n"),
            (
                &b"\x93Bunty\x94 on ward 7 \x96 north\n"[..],
                "“Bunty” on ward 7 – north\n",
            ),
            (&b"\xC9mile, \xA350 \x96 paid\n"[..], "Émile, £50 – paid\n"),
            (
                &b"Jos\xE9 N\xFA\xF1ez, S\xF8ren \xC5berg\n"[..],
                "José Núñez, Søren Åberg\n",
            ),
            (&b"\x8Eana \x8Aimi\xE6\n"[..], "Žana Šimiæ\n"),
        ] {
            let (read, encoding, _) = guessed(bytes);
            assert_eq!((read.as_str(), encoding), (text, OldEncoding::Windows1252));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let kind = |bytes: &[u8]| decode(bytes).unwrap_err().kind;
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"\xEF\xBB\xBF \r\n"), Kind::Empty);
        assert_eq!(kind("\u{200B}\r\n\u{A0}".as_bytes()), Kind::Empty);
        assert_eq!(kind(b"a,b\0c"), Kind::NotText);
    }
}
