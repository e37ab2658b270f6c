//! Plain text as people type and paste it, made uniform before any rule looks at it.

mod tables;
mod unseen;

use std::borrow::Cow;

pub(crate) use self::tables::small;
pub use self::{
    tables::composed,
    unseen::{Unseen, is_blank, is_unseen, seen, trimmed},
};
use self::{
    tables::{decomposed, is_mark},
    unseen::is_picture,
};

/// Why a text cannot be kept as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// A character that cannot be seen, and could make a name look like another; or a line end where there is one line.
    Unprintable(Unseen),
    /// More characters than the limit; carries how many there are.
    TooLong(usize),
}

/// Cleans one line of text: composed characters (NFC), single spaces, nothing unseen at the ends.
///
/// # Errors
/// Refuses characters that cannot be seen, line ends, and more than `limit` characters.
pub fn line(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed = composed(trimmed(raw));
    let is_space = |c: char| c == '\t' || !c.is_control();
    if let Some(unseen) = unseen::first_unseen(&composed, is_space) {
        return Err(TextProblem::Unprintable(unseen));
    }
    let text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    within(text, limit)
}

/// Cleans a text that may have several lines: as [`line`], but line ends stay.
///
/// # Errors
/// As [`line`].
pub fn lines(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed = composed(trimmed(raw)).replace("\r\n", "\n").replace(is_line_end, "\n");
    let is_space = |c: char| matches!(c, '\t' | '\n') || !c.is_control();
    if let Some(unseen) = unseen::first_unseen(&composed, is_space) {
        return Err(TextProblem::Unprintable(unseen));
    }
    let tidy = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = composed.lines().map(tidy).collect::<Vec<_>>().join("\n");
    within(text.trim().to_owned(), limit)
}

/// Whether a character ends a line: of text, in a cell (U+000B), or in Unicode.
pub(crate) const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Letters without their accents, as they are typed on a plain keyboard; none where a letter has no such form. It needs
/// none of the tables of [`fold`], which no browser should have to load.
#[must_use]
pub fn plain_letters(text: &str) -> Option<String> {
    let plain = |c: char| {
        Some(match c {
            'ß' => "ss",
            'æ' => "ae",
            'Æ' => "AE",
            'œ' => "oe",
            'Œ' => "OE",
            'ø' => "o",
            'Ø' => "O",
            'ł' => "l",
            'Ł' => "L",
            'đ' | 'ð' => "d",
            'Đ' | 'Ð' => "D",
            'þ' => "th",
            'Þ' => "Th",
            'ı' => "i",
            _ => return None,
        })
    };
    let mut written = String::with_capacity(text.len());
    for c in decomposed(text).chars() {
        match plain(c) {
            _ if c.is_ascii() => written.push(c),
            _ if is_mark(c) => {}
            Some(letters) => written += letters,
            None => return None,
        }
    }
    Some(written)
}

/// The sign of a plain keyboard that a sign stands for, where no other can be meant: of full width, a curly apostrophe, a
/// hyphen that does not break, a digit of another script.
pub(crate) fn plain_sign(c: char) -> char {
    match c {
        '‘' | '’' | '‛' | '′' | 'ʼ' | '´' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{3002}' | '\u{FF61}' => '.',
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => ascii(c, 0xFEE0),
        '\u{660}'..='\u{669}' => ascii(c, 0x630),
        '\u{6F0}'..='\u{6F9}' => ascii(c, 0x6C0),
        c => c,
    }
}

/// The character so far below another one.
fn ascii(c: char, below: u32) -> char {
    char::from_u32(u32::from(c) - below).unwrap_or(c)
}

fn within(text: String, limit: usize) -> Result<String, TextProblem> {
    match text.chars().count() {
        length if length > limit => Err(TextProblem::TooLong(length)),
        _ => Ok(text),
    }
}

/// Whether somebody could be called so: with a letter, and without digits and the signs of formulas and markup.
#[must_use]
pub fn could_be_a_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.contains(is_foreign)
}

/// Whether a text is a name but for a few signs in it, such as a digit; not an address, a formula or markup.
#[must_use]
pub fn is_mostly_a_name(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let foreign = text.chars().filter(|c| is_foreign(*c)).count();
    letters > 1 && letters > 2 * foreign && !text.contains(['@', '=', '<', '>'])
}

/// Whether a text only fills the place of a name: a dash, a dot.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let is_filler = |c: char| ".-–—?/_*'’`,".contains(c);
    (1..=3).contains(&text.chars().count()) && text.chars().all(is_filler)
}

/// What stands in formulas, markup and numbers, but in no name.
fn is_foreign(c: char) -> bool {
    c.is_ascii_digit() || "<>=@{}[]|\\^~#$%*+\"".contains(c)
}

/// The signs of a text that stand in nobody's name, each once: all but letters of any script, their marks, spaces, hyphens,
/// apostrophes and what else names are written with.
#[must_use]
pub fn no_signs_of_names(text: &str) -> String {
    each_once(text, |c| !is_written_in_names(c))
}

/// A code with plain hyphens: one that does not break looks the same, and is another character.
#[must_use]
pub fn with_plain_hyphens(text: &str) -> String {
    text.replace(['\u{2010}', '\u{2011}'], "-")
}

/// The pictures in a text, such as emoji, each once.
#[must_use]
pub fn pictures(text: &str) -> String {
    each_once(text, is_picture)
}

fn each_once(text: &str, is_meant: impl Fn(char) -> bool) -> String {
    let mut found = String::new();
    for c in text.chars().filter(|c| is_meant(*c)) {
        if !found.contains(c) {
            found.push(c);
        }
    }
    found
}

fn is_written_in_names(c: char) -> bool {
    // A joiner that cannot be seen parts letters of Persian and Indian names.
    let is_joiner = matches!(c, '\u{200C}' | '\u{200D}');
    let is_letter = (c.is_alphabetic() || is_mark(c)) && !is_picture(c);
    is_letter || is_joiner || " '’‘`´-‐‑–.,()/·・".contains(c)
}

/// Folds a name to what it is compared and searched by: plain small ASCII letters, digits and single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let ascii = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(any_ascii::any_ascii(&seen(text))),
    };
    let mut folded = String::with_capacity(ascii.len());
    let mut is_parted = false;
    for c in ascii.chars().map(|c| c.to_ascii_lowercase()) {
        match c {
            '\'' | '`' | '.' => {}
            'a'..='z' | '0'..='9' | '@' | '_' => {
                if is_parted && !folded.is_empty() {
                    folded.push(' ');
                }
                is_parted = false;
                folded.push(c);
            }
            _ => is_parted = true,
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_made_single_and_characters_composed() {
        assert_eq!(
            line("  Ame\u{301}lie\t  Smith \u{A0}", 20),
            Ok("Amélie Smith".to_owned())
        );
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for (raw, sign, after) in [
            ("a\u{0}b", '\0', 1),
            ("evil\u{202E}gpj", '\u{202E}', 4),
            (" a\u{200B}b", '\u{200B}', 1),
            ("be\u{AD}ll", '\u{AD}', 2),
            ("two\nlines", '\n', 3),
            ("Ren\u{FFFD}e", '\u{FFFD}', 3),
        ] {
            let problem = TextProblem::Unprintable(Unseen { sign, after });
            assert_eq!(line(raw, 20), Err(problem), "{raw:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_at_the_ends_is_taken_off() {
        assert_eq!(line("\u{200B}Jane\u{FEFF}\u{A0}\u{7}", 20), Ok("Jane".to_owned()));
        assert_eq!(lines("\u{200E}one\u{B}two\u{200B}\n", 20), Ok("one\ntwo".to_owned()));
        assert_eq!(line("\u{200B}", 20), Ok(String::new()));
    }

    #[test]
    fn letters_with_accents_have_plain_ones() {
        assert_eq!(plain_letters("renée.groß@ø").as_deref(), Some("renee.gross@o"));
        assert_eq!(plain_letters("Łukasz.Nuñez").as_deref(), Some("Lukasz.Nunez"));
        assert_eq!(plain_letters("анна"), None);
    }

    #[test]
    fn signs_of_other_keyboards_stand_for_plain_ones() {
        let plain = |text: &str| text.chars().map(plain_sign).collect::<String>();
        assert_eq!(plain("o’m‑a＠ｈ．ｅ。x٠٧۰۷"), "o'm-a@h.e.x0707");
    }

    #[test]
    fn unseen_characters_are_trimmed_with_the_white_space() {
        for c in [
            '\0',
            '\u{7}',
            '\u{AD}',
            '\u{180E}',
            '\u{200B}',
            '\u{202E}',
            '\u{2060}',
            '\u{FEFF}',
            '\u{E0041}',
        ] {
            assert!(is_unseen(c), "{c:?}");
            assert_eq!(trimmed(&format!("{c} \u{A0}Jane Lee\t{c}")), "Jane Lee", "{c:?}");
        }
        assert!(!is_unseen(' ') && !is_unseen('\n') && !is_unseen('é'));
        assert_eq!(trimmed("\u{A0}\u{200B} "), "");
    }

    #[test]
    fn names_have_letters_and_no_formulas() {
        for name in [
            "Jane",
            "O’Neill",
            "van der Berg",
            "Ní-Dhomhnaill",
            "J.",
            "李",
            "Mary (Molly)",
        ] {
            assert!(could_be_a_name(name), "{name}");
        }
        for name in ["12345", "07700 900123", "=1+1", "<b>Bold</b>", "a@b.example", "🎈", "-"] {
            assert!(!could_be_a_name(name), "{name}");
            assert!(!is_mostly_a_name(name), "{name}");
        }
        assert!(is_mostly_a_name("Jane1") && is_mostly_a_name("Xanthe \"Xan\""));
        assert!(["-", ".", "--", "–", "?"].into_iter().all(is_placeholder));
        assert!(!["李", "J.", "", "🎈", "...."].into_iter().any(is_placeholder));
    }

    #[test]
    fn names_are_written_with_letters_of_any_script_and_no_pictures() {
        for name in [
            "Renée O'Neill-D’Arcy, Jr.",
            "Þórdís Ægisdóttir",
            "محمدرضا",
            "علی\u{200C}رضا",
            "प्रिया",
            "நந்தினி",
            "Nguyễn Thị Ánh",
            "A\u{30A}ke",
            "李",
            "S/O Raman",
            "Gal·la",
        ] {
            assert_eq!(no_signs_of_names(name), "", "{name}");
            assert_eq!(pictures(name), "", "{name}");
        }
        assert_eq!(no_signs_of_names("Jane 😀😀 ♥"), "😀♥");
        assert_eq!(no_signs_of_names("Jane; Smith?"), ";?");
        assert_eq!(no_signs_of_names("𝓙𝓪ne Ⓢmith"), "𝓙𝓪Ⓢ");
    }

    #[test]
    fn pictures_are_found_among_any_other_signs() {
        assert_eq!(pictures("Ward 7 & A&E (Riverside) – Café / 50% № 3 £ © ™"), "");
        assert_eq!(pictures("Ward ❤️ 7 👩‍⚕️"), "❤\u{FE0F}👩⚕");
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert_eq!(line("éééé", 4), Ok("éééé".to_owned()));
        assert_eq!(line("ééééé", 4), Err(TextProblem::TooLong(5)));
    }

    #[test]
    fn several_lines_keep_their_ends() {
        assert_eq!(lines("one \r\n two\rthree\n", 20), Ok("one\ntwo\nthree".to_owned()));
    }

    #[test]
    fn names_fold_to_what_they_sound_like() {
        assert_eq!(fold("Zoë  O’Neill-Smith"), "zoe oneill smith");
        assert_eq!(fold("Łukasz Groß"), "lukasz gross");
    }
}
