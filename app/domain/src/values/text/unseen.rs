//! Characters that cannot be seen: one definition for blank cells, for both ends of every value, and for what stands inside.

/// Whether a character leaves no mark that anybody could see: default-ignorable code points, format characters (Cf) and
/// control characters (Cc) of Unicode 16. White space is not among them. The few format characters that are drawn, such as
/// the Arabic number sign, are not either; the empty braille pattern is.
#[must_use]
pub const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}'
        | '\u{E}'..='\u{1F}'
        | '\u{7F}'..='\u{84}'
        | '\u{86}'..='\u{9F}'
        | '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether an unseen character shapes the one before it, and so is part of how a text is written: joiners in the scripts
/// that need them and between pictures, and the variants of pictures and of characters far from Latin.
const fn shapes(c: char, before: char) -> bool {
    match c {
        '\u{200C}' | '\u{200D}' => is_picture(before) || is_written_with_joiners(before),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}' => {
            !is_unseen(before) && (before >= '\u{1000}' || matches!(before, '0'..='9' | '#' | '*' | '©' | '®'))
        }
        _ => false,
    }
}

/// Pictures, and letters that are drawn as one: the blocks of Unicode that hold little else, and places for private use.
pub(super) const fn is_picture(c: char) -> bool {
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

/// Arabic, Syriac, the scripts of India and their neighbours, Mongolian: from U+0600 to U+1CFF, and the later blocks of the
/// same scripts.
const fn is_written_with_joiners(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{10FF}'
        | '\u{1700}'..='\u{1CFF}'
        | '\u{A800}'..='\u{ABFF}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{10A00}'..='\u{11FFF}')
        && !is_unseen(c)
}

/// The text without white space of any kind and unseen characters at both ends. What shapes the last letter stays.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    while let Some(last) = rest.chars().next_back() {
        let shorter = &rest[..rest.len() - last.len_utf8()];
        let before = shorter.chars().next_back();
        let is_shape = || before.is_some_and(|before| shapes(last, before));
        if !last.is_whitespace() && (!is_unseen(last) || is_shape()) {
            break;
        }
        rest = shorter;
    }
    rest
}

/// Whether there is nothing to see.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_unseen(c))
}

/// The text without the unseen characters that shape nothing: for addresses, numbers and codes, where none can be meant.
#[must_use]
pub fn seen(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        let is_shape = || kept.chars().next_back().is_some_and(|before| shapes(c, before));
        if !is_unseen(c) || is_shape() {
            kept.push(c);
        }
    }
    kept
}

/// A character that a text cannot keep, and how many characters stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The character: one that cannot be seen, a line end where there is one line, or the sign that stands for one that was
    /// lost (U+FFFD).
    pub sign: char,
    /// Characters before it.
    pub after: usize,
}

/// The first character that a text cannot keep; `is_space` says which white space it can.
pub(super) fn first_unseen(text: &str, is_space: impl Fn(char) -> bool) -> Option<Unseen> {
    let mut before = None;
    for (after, sign) in text.chars().enumerate() {
        let is_shape = || before.is_some_and(|before| shapes(sign, before));
        let is_kept = match sign {
            '\u{FFFD}' => false,
            sign if sign.is_whitespace() => is_space(sign),
            sign => !is_unseen(sign) || is_shape(),
        };
        if !is_kept {
            return Some(Unseen { sign, after });
        }
        before = Some(sign);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A character of every kind that cannot be seen.
    const KINDS: [char; 24] = [
        '\0',
        '\u{7}',
        '\u{1F}',
        '\u{7F}',
        '\u{80}',
        '\u{AD}',
        '\u{34F}',
        '\u{61C}',
        '\u{115F}',
        '\u{17B4}',
        '\u{180E}',
        '\u{200B}',
        '\u{200E}',
        '\u{202C}',
        '\u{202D}',
        '\u{2060}',
        '\u{2066}',
        '\u{206F}',
        '\u{2800}',
        '\u{3164}',
        '\u{FEFF}',
        '\u{FFF9}',
        '\u{1D173}',
        '\u{E0041}',
    ];

    #[test]
    fn every_kind_of_unseen_character_is_blank_trimmed_and_taken_out() {
        for c in KINDS {
            assert!(is_unseen(c) && !c.is_whitespace(), "{c:?}");
            assert!(is_blank(&format!(" {c}\u{A0}{c}")), "{c:?}");
            assert_eq!(trimmed(&format!("{c} \u{3000}Jane{c}\t{c}")), "Jane", "{c:?}");
            assert_eq!(seen(&format!("RI{c}V")), "RIV", "{c:?}");
            let found = first_unseen(&format!("Jan{c}e"), |c| c == ' ');
            assert_eq!(found, Some(Unseen { sign: c, after: 3 }), "{c:?}");
        }
        assert!(is_blank("") && is_blank("\u{2028}\u{85}\u{202F}") && !is_blank("\u{200B}."));
    }

    #[test]
    fn what_shapes_a_letter_or_a_picture_is_kept() {
        for text in [
            "علی\u{200C}رضا",
            "ക\u{D4D}\u{200D}",
            "葛\u{E0100}",
            "❤\u{FE0F}",
            "👩\u{200D}⚕\u{FE0F}",
            "1\u{FE0F}",
        ] {
            assert_eq!(first_unseen(text, |_| false), None, "{text:?}");
            assert_eq!((trimmed(text), seen(text).as_str()), (text, text));
        }
        for text in [
            "Jo\u{200D}hn",
            "A\u{FE0F}b",
            "\u{200C}علی",
            "ع\u{200C}\u{200C}ل",
            "葛\u{E0100}\u{E0101}b",
        ] {
            assert!(first_unseen(text, |_| false).is_some(), "{text:?}");
        }
    }
}
