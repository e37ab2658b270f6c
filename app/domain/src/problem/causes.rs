//! The catalogue of causes: what exactly keeps a text from being an address, a number or a name, and what to do about it.

use super::Kind;
use crate::values::{
    email_address::AddressFault,
    names::{Noticed, Slight},
    telephone::NumberFault,
    text,
};

impl Kind {
    /// The kind without what only one row has, as rows share it.
    pub(super) fn in_general(&self) -> Self {
        let mut kind = self.clone();
        match &mut kind {
            Self::Unseen { spot, .. } => *spot = None,
            Self::ReadWithoutFraction { read, .. } => "…".clone_into(read),
            Self::ReadAsNames { first, last, dropped } => {
                "…".clone_into(first);
                "…".clone_into(last);
                if !dropped.is_empty() {
                    "…".clone_into(dropped);
                }
            }
            Self::StartInPast { on } => "…".clone_into(on),
            Self::LeavesWhileAway { away } => "…".clone_into(away),
            _ => {}
        }
        kind
    }
}

/// What a character is called that cannot be kept.
pub(super) fn unseen(sign: char) -> String {
    match sign {
        '\u{FFFD}' => "a character that was lost (�)".to_owned(),
        sign if text::is_line_end(sign) => "a line break".to_owned(),
        sign => format!("an invisible character (U+{:04X})", u32::from(sign)),
    }
}

/// What is done about one.
pub(super) const fn about_unseen(sign: char) -> &'static str {
    match sign {
        '\u{FFFD}' => "Type the character that was there.",
        sign if text::is_line_end(sign) => "Write it on one line.",
        _ => "Type it again instead of pasting it.",
    }
}

/// A sign; one beyond the Latin letters, which may look like one of them, with its number.
fn sign(c: char) -> String {
    match c {
        '\0'..='\u{24F}' => format!("“{c}”"),
        c => format!("“{c}” (U+{:04X})", u32::from(c)),
    }
}

impl AddressFault {
    /// Why it is no address, after a colon.
    pub(crate) fn cause(self) -> String {
        match self {
            Self::Several => "it is more than one address".into(),
            Self::NoAt => "the @ is missing".into(),
            Self::ManyAts => "it has more than one @".into(),
            Self::NothingBefore => "nothing comes before the @".into(),
            Self::NothingBehind => "nothing comes after the @".into(),
            Self::Space => "it has a space in it".into(),
            Self::Comma => "it has a comma in it".into(),
            Self::Letter { letter } => format!("email addresses cannot have the letter {}", sign(letter)),
            Self::Sign { sign: c } => format!("email addresses cannot have the character {}", sign(c)),
            Self::TwoDots => "it has two dots together".into(),
            Self::DotAtEnd => "it has a dot at the start or end, or next to the @".into(),
            Self::HyphenAtEnd => "a part after the @ starts or ends with a hyphen".into(),
            Self::NoDot => "the part after the @ has no dot".into(),
            Self::TooLong { length } => format!("the part before the @ has {length} characters; the most is 64"),
            Self::Other => "the part after the @ is not a domain name".into(),
        }
    }

    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Several => "Enter one of them only.",
            Self::NoAt | Self::ManyAts | Self::NothingBefore => "Enter the whole address, like jane.smith@example.org.",
            Self::NothingBehind | Self::NoDot => {
                "Enter the whole address with its ending, like jane.smith@example.org."
            }
            Self::Space => "Take the space out, or enter a dot in its place.",
            Self::Comma => "Enter a dot in its place.",
            Self::Letter { .. } => "Enter the plain letter, as in the person’s mailbox settings.",
            Self::Sign { .. } | Self::TwoDots | Self::DotAtEnd | Self::HyphenAtEnd => "Take it out.",
            Self::TooLong { .. } => "Check the address with the person.",
            Self::Other => "Enter one address like jane.smith@example.org.",
        }
    }
}

impl NumberFault {
    pub(super) fn cause(self) -> String {
        match self {
            Self::NoDigits => "it has no digits".into(),
            Self::Letter { letter } => format!("it has the letter {} in it", sign(letter)),
            Self::Sign { sign: c } => format!("it has the character {} in it", sign(c)),
            Self::TooFew { digits: 1 } => "it has only 1 digit".into(),
            Self::TooFew { digits } => format!("it has only {digits} digits"),
            Self::TooMany { digits } => format!("it has {digits} digits, which is too many"),
            Self::NoSuchRange => "no number starts like this".into(),
            Self::Several => "it is more than one number".into(),
            Self::Extension => "the extension is not 2 to 6 digits".into(),
        }
    }
}

impl Slight {
    /// What is said of a name in a file.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Case => "differs from the name here only in capital letters",
            Self::Title => "differs from the name here only by a title",
            Self::Accents => "is the name here without its accents",
            Self::Signs => "differs from the name here only in apostrophes, hyphens or spaces",
        }
    }
}

impl Noticed {
    /// What is said of a name.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Capitals => "is in capital letters",
            Self::SmallLetters => "is in small letters",
            Self::Title => "starts with a title",
            Self::OtherName => "has another name in brackets or quotation marks",
            Self::Letters => "ends with letters for an honour or a qualification",
            Self::Comma => "has a comma, so it may hold both names",
        }
    }

    /// What can be done about it.
    pub(super) fn hint(self, meant: &str) -> String {
        match self {
            Self::Capitals | Self::SmallLetters => {
                format!("It is kept as typed. Enter {meant} if that is how the name is written.")
            }
            Self::Title => format!(
                "It is kept as typed, and a new email address is made without the title. Enter {meant} here and the title in its \
                 own column."
            ),
            Self::OtherName | Self::Letters => {
                format!("It is kept as typed, and a new email address is made from {meant} only.")
            }
            Self::Comma => "It is kept as typed. Check that each name is in its own column.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(unseen('\u{AD}'), "an invisible character (U+00AD)");
        assert_eq!(unseen('\u{E0041}'), "an invisible character (U+E0041)");
        assert_eq!(unseen('\n'), "a line break");
    }
}
