//! Telephone numbers: read in any common UK or international way of writing, kept as E.164 (`+441632960123`).
//!
//! Behind a number there may be an extension: `+441632960123 ext 4512`, which [`address`] turns into what telephones can call
//! (RFC 3966). One that is reached from within an organisation only is kept as `ext 4512`, and a pager that is called by a
//! few digits (a bleep) as these digits.

mod written;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::written::{Extended, compact, extended, plain, several};

/// A telephone number in E.164: a plus sign and 8 to 15 digits. An extension may stand behind it, or alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone(String);

/// Why a text is not a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberFault {
    /// There is no digit in it.
    NoDigits,
    /// It has a letter.
    Letter {
        /// The first.
        letter: char,
    },
    /// It has a sign that no number is written with.
    Sign {
        /// The first.
        sign: char,
    },
    /// It has too few digits.
    TooFew {
        /// How many there are.
        digits: usize,
    },
    /// It has too many digits.
    TooMany {
        /// How many there are.
        digits: usize,
    },
    /// No number begins so.
    NoSuchRange,
    /// It is more than one number.
    Several,
    /// What stands behind its extension's mark is not a few digits.
    Extension,
}

/// Most signs of a number with its extension, the mark between them not counted (S2, table 3).
const LONGEST: usize = 20;

/// Digits of an extension.
const EXTENSION: std::ops::RangeInclusive<usize> = 2..=6;

/// Digits of an extension that stands alone and without a mark, and of a bleep.
const FEW: std::ops::RangeInclusive<usize> = 3..=6;

impl Telephone {
    /// Reads a number. Without an international prefix it is taken for a UK number.
    ///
    /// A number whose leading zero a spreadsheet has eaten (`7700900123`, `1632960123`) is understood too.
    ///
    /// # Errors
    /// What keeps it from being a number, the first that is found.
    pub fn parse(raw: &str) -> Result<Self, NumberFault> {
        Self::whole(&plain(raw))
    }

    /// Reads a number that may have an extension, or an extension alone: `01632 960123 ext 4512`, `x4512`, `4512`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_extended(raw: &str) -> Result<Self, NumberFault> {
        let text = plain(raw);
        let read = match extended(&text) {
            Extended::Plain => match few_digits(&text) {
                Some(extension) => Self(format!("ext {extension}")),
                None => Self::whole(&text)?,
            },
            Extended::With { number, extension } => {
                let extension = compact(extension);
                // A word that only looks like a mark.
                if number.is_empty() && !extension.contains(|c: char| c.is_ascii_digit()) {
                    return Err(NumberFault::NoDigits);
                }
                let is_one = extension.bytes().all(|byte| byte.is_ascii_digit());
                if !is_one || !EXTENSION.contains(&extension.len()) {
                    return Err(NumberFault::Extension);
                }
                match number {
                    "" => Self(format!("ext {extension}")),
                    number => Self(format!("{} ext {extension}", Self::whole(number)?)),
                }
            }
        };
        let digits = read.0.bytes().filter(u8::is_ascii_digit).count();
        if digits < LONGEST {
            Ok(read)
        } else {
            Err(NumberFault::TooMany { digits })
        }
    }

    /// Reads a number without an extension, from which labels and unseen characters are taken away.
    fn whole(text: &str) -> Result<Self, NumberFault> {
        if several(text) {
            return Err(NumberFault::Several);
        }
        let compact = compact(text);
        let (international, digits) = match compact.strip_prefix('+').or_else(|| compact.strip_prefix("00")) {
            Some(rest) => (true, rest),
            None => (false, compact.as_str()),
        };
        if let Some(sign) = digits.chars().find(|c| !c.is_ascii_digit()) {
            let letter = sign;
            return Err(match sign.is_alphabetic() {
                true if !digits.contains(|c: char| c.is_ascii_digit()) => NumberFault::NoDigits,
                true => NumberFault::Letter { letter },
                false => NumberFault::Sign { sign },
            });
        }
        let many = digits.len();
        match (international, digits.strip_prefix("44")) {
            _ if digits.is_empty() => Err(NumberFault::NoDigits),
            (true, Some(national)) => Self::uk(national.strip_prefix('0').unwrap_or(national), many),
            (true, None) if many < 8 => Err(NumberFault::TooFew { digits: many }),
            (true, None) if many > 15 => Err(NumberFault::TooMany { digits: many }),
            (true, None) if digits.starts_with('0') => Err(NumberFault::NoSuchRange),
            (true, None) => Ok(Self(format!("+{digits}"))),
            (false, Some(national)) if many == 12 => Self::uk(national, many),
            (false, _) => Self::uk(digits.strip_prefix('0').unwrap_or(digits), many),
        }
    }

    /// `national`: the digits behind +44. Nine or ten of them, in a range that Ofcom's national numbering plan assigns.
    /// `digits`: as many as were written.
    fn uk(national: &str, digits: usize) -> Result<Self, NumberFault> {
        match national.len() {
            ..9 => Err(NumberFault::TooFew { digits }),
            11.. => Err(NumberFault::TooMany { digits }),
            _ if national.starts_with(['1', '2', '3', '5', '7', '8', '9']) => Ok(Self(format!("+44{national}"))),
            _ => Err(NumberFault::NoSuchRange),
        }
    }

    /// Whether this is a UK mobile: +44 7 and nine digits, personal (70) and pager (76, but 7624) numbers left out.
    #[must_use]
    pub fn is_uk_mobile(&self) -> bool {
        self.0.strip_prefix("+447").is_some_and(|rest| {
            rest.len() == 9 && !rest.starts_with('0') && (!rest.starts_with('6') || rest.starts_with("624"))
        })
    }

    /// The number as it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads what a pager is called by: 3 to 6 digits with every zero kept (`0028`), or a telephone number.
///
/// # Errors
/// As [`Telephone::parse`].
pub fn parse_pager(raw: &str) -> Result<String, NumberFault> {
    let text = plain(raw);
    match few_digits(&text) {
        Some(bleep) => Ok(bleep),
        None => Telephone::whole(&text).map(|number| number.0),
    }
}

fn few_digits(text: &str) -> Option<String> {
    let digits = compact(text);
    let are_few = FEW.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_few.then_some(digits)
}

/// The number that may be meant by one with letters for digits, as people write it: `01632` for `O1632`.
#[must_use]
pub fn meant(raw: &str) -> Option<String> {
    let digit = |c: char| match c {
        'O' | 'o' => '0',
        'I' | 'l' | '|' => '1',
        c => c,
    };
    let number = Telephone::parse(&raw.chars().map(digit).collect::<String>());
    number.ok().map(|number| as_written(number.as_str()))
}

/// The address by which a kept number can be called (RFC 3966); none where it is reached from within an organisation only.
#[must_use]
pub fn address(kept: &str) -> Option<String> {
    kept.starts_with('+')
        .then(|| format!("tel:{}", kept.replace(" ext ", ";ext=")))
}

/// A kept number as people in the United Kingdom write it: `07700 900123`, `01632 960123 ext 4512`. One of another country,
/// and what is no number, stays as it is.
#[must_use]
pub fn as_written(kept: &str) -> String {
    if let Some((number, extension)) = kept.split_once(" ext ") {
        return format!("{} ext {extension}", as_written(number));
    }
    let national = kept.strip_prefix("+44").filter(|digits| digits.is_ascii());
    let Some(digits) = national.filter(|digits| matches!(digits.len(), 9 | 10)) else {
        return kept.to_owned();
    };
    // Where Ofcom's national numbering plan ends the area code, and parts the number behind it.
    let (code, first) = match digits.as_bytes() {
        [b'2' | b'5', ..] if digits.len() == 10 => (2, 4),
        [b'3' | b'8' | b'9', ..] | [b'1', b'1', ..] | [b'1', _, b'1', ..] if digits.len() == 10 => (3, 3),
        [b'5' | b'8', ..] => (3, 6),
        _ => (4, 6),
    };
    let (area, local) = digits.split_at(code);
    match local.split_at_checked(first) {
        Some((first, last)) if !last.is_empty() => format!("0{area} {first} {last}"),
        _ => format!("0{area} {local}"),
    }
}

#[cfg(test)]
mod tests;
