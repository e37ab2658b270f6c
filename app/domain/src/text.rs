//! Plain text as people type and paste it, made uniform before any rule looks at it.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// Why a text cannot be kept as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Control characters or direction overrides: invisible, and able to make a name look like another.
    Unprintable,
    /// More characters than the limit; carries how many there are.
    TooLong(usize),
}

/// Cleans one line of text: composed characters (NFC), single spaces, none at the ends.
///
/// # Errors
/// Refuses control characters, direction overrides, and more than `limit` characters.
pub fn line(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed = composed(raw);
    if composed.chars().any(is_unprintable) {
        return Err(TextProblem::Unprintable);
    }
    let text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    within(text, limit)
}

/// Cleans a text that may have several lines: as [`line`], but line ends stay.
///
/// # Errors
/// As [`line`].
pub fn lines(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed: String = composed(raw).replace("\r\n", "\n").replace('\r', "\n");
    if composed.chars().any(|c| c != '\n' && is_unprintable(c)) {
        return Err(TextProblem::Unprintable);
    }
    let tidy = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = composed.lines().map(tidy).collect::<Vec<_>>().join("\n");
    within(text.trim().to_owned(), limit)
}

/// The text with composed characters (NFC).
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn composed(raw: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    raw.nfc().collect()
}

/// The same by what the browser has for it: the tables would be a fifth of what it has to load.
#[cfg(target_arch = "wasm32")]
pub(crate) fn composed(raw: &str) -> String {
    js_sys::JsString::from(raw).normalize("NFC").into()
}

fn within(text: String, limit: usize) -> Result<String, TextProblem> {
    match text.chars().count() {
        length if length > limit => Err(TextProblem::TooLong(length)),
        _ => Ok(text),
    }
}

fn is_unprintable(c: char) -> bool {
    let is_tab = c == '\t';
    let is_direction_mark = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_invisible = matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFD}');
    (c.is_control() && !is_tab) || is_direction_mark || is_invisible
}

/// Whether somebody could be called so: with a letter, and without digits and the signs of formulas and markup.
#[must_use]
pub fn could_be_a_name(text: &str) -> bool {
    let is_foreign = |c: char| c.is_ascii_digit() || "<>=@{}[]|\\^~#$%*+\"".contains(c);
    text.chars().any(char::is_alphabetic) && !text.contains(is_foreign)
}

/// The signs of a text that stand in nobody's name, each once: all but letters of any script, their marks, spaces, hyphens,
/// apostrophes and what else names are written with.
#[must_use]
pub fn no_signs_of_names(text: &str) -> String {
    each_once(text, |c| !is_written_in_names(c))
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
    let is_letter = (c.is_alphabetic() || is_combining_mark(c)) && !is_picture(c);
    is_letter || is_joiner || " '’‘`´-‐‑–.,()/·・".contains(c)
}

/// Pictures, and letters that are drawn as one: the blocks of Unicode that hold little else, and places for private use.
const fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{20D0}'..='\u{20FF}'
        | '\u{2190}'..='\u{2BFF}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{FE0F}'
        | '\u{1D400}'..='\u{1D7FF}'
        | '\u{1F000}'..='\u{1FAFF}'
        | '\u{E0000}'..='\u{E007F}'
        | '\u{F0000}'..='\u{10FFFF}')
}

/// Folds a name to what it is compared and searched by: plain small ASCII letters, digits and single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let ascii = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(any_ascii::any_ascii(text)),
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
        for raw in ["a\u{0}b", "evil\u{202E}gpj", "a\u{200B}b", "bell\u{7}", "two\nlines"] {
            assert_eq!(line(raw, 20), Err(TextProblem::Unprintable), "{raw:?}");
        }
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
        }
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
