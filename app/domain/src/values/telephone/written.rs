//! How telephone numbers are written: labels in front, signs between, extensions behind.

use crate::values::text::{plain_sign, seen, trimmed};

/// Words that stand in front of a number, longest first.
const LABELS: [&str; 11] = [
    "telephone",
    "mobile",
    "bleep",
    "pager",
    "phone",
    "tel",
    "mob",
    "fax",
    "blp",
    "no.",
    "no",
];

/// Marks of an extension, those first that hold others.
const MARKS: [&str; 6] = [";ext=", "extension", "extn", "ext", "x", "#"];

/// A text without what cannot be seen, with plain digits and hyphens, and without a label or a script's `.0`.
pub(super) fn plain(raw: &str) -> String {
    let text: String = seen(raw).chars().map(plain_sign).collect();
    without_fraction(unlabelled(trimmed(&text))).to_owned()
}

/// `tel:` and the like, and single letters with a colon: `T: 01632 960123`.
fn unlabelled(mut text: &str) -> &str {
    loop {
        let label = LABELS.iter().find(|label| {
            let Some((start, rest)) = text.split_at_checked(label.len()) else {
                return false;
            };
            start.eq_ignore_ascii_case(label) && rest.chars().next().is_some_and(|c| !c.is_alphabetic())
        });
        let letter = || {
            let mut signs = text.chars();
            signs.next().is_some_and(|c| c.is_ascii_alphabetic()) && signs.next() == Some(':')
        };
        text = match label {
            Some(label) => &text[label.len()..],
            None if letter() => &text[1..],
            None => return text.trim_start_matches('#'),
        };
        text = text.trim_start_matches(|c: char| c.is_whitespace() || ".:#-".contains(c));
    }
}

/// Scripts write whole numbers with `.0` behind them.
fn without_fraction(text: &str) -> &str {
    let whole = text.split_once('.').filter(|(whole, fraction)| {
        let digits = whole.strip_prefix('+').unwrap_or(whole);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number && !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0')
    });
    whole.map_or(text, |(whole, _)| whole)
}

/// A number without the signs between its digits, and without the zero in brackets of `+44 (0)`.
pub(super) fn compact(text: &str) -> String {
    let is_between = |c: char| c.is_whitespace() || "-.()/".contains(c);
    text.replace("(0)", "").chars().filter(|c| !is_between(*c)).collect()
}

/// Whether two numbers stand there.
pub(super) fn several(text: &str) -> bool {
    let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    let parts = text
        .split(['/', ',', ';', '&', '|', '\n'])
        .flat_map(|part| part.split(" or "));
    parts.filter(|part| digits(part) >= 6).count() > 1 && digits(text) > 15
}

/// A number with what stands behind the mark of an extension.
pub(super) enum Extended<'a> {
    /// There is no such mark.
    Plain,
    /// There is one.
    With {
        /// What stands before it; empty where nothing does.
        number: &'a str,
        /// What stands behind it.
        extension: &'a str,
    },
}

pub(super) fn extended(text: &str) -> Extended<'_> {
    let small = text.to_ascii_lowercase();
    let found = MARKS.iter().find_map(|mark| Some((mark, small.rfind(mark)?)));
    let Some((mark, place)) = found else {
        return Extended::Plain;
    };
    let is_between = |c: char| c.is_whitespace() || ".,:;=-#(".contains(c);
    let number = text[..place].trim_end_matches(is_between);
    // A letter before the mark makes it part of a word.
    if number.len() == place && number.ends_with(char::is_alphabetic) {
        return Extended::Plain;
    }
    let extension = text[place + mark.len()..].trim_start_matches(is_between);
    Extended::With {
        number,
        extension: extension.trim_end_matches(|c: char| c.is_whitespace() || c == ')'),
    }
}
