//! Telephone numbers: read in any common UK or international way of writing, kept as E.164 (`+441632960123`).

use std::fmt;

/// A telephone number in E.164: a plus sign and 8 to 15 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone(String);

/// The text is not a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATelephone;

impl Telephone {
    /// Reads a number. Without an international prefix it is taken for a UK number.
    ///
    /// A number whose leading zero a spreadsheet has eaten (`7700900123`, `1632960123`) is understood too.
    ///
    /// # Errors
    /// `NotATelephone` when there are letters, too few or too many digits, or no such UK number range.
    pub fn parse(raw: &str) -> Result<Self, NotATelephone> {
        let written = raw.trim().replace("(0)", "");
        let separator = |c: char| c.is_whitespace() || "-–.()/".contains(c);
        let compact: String = written.chars().filter(|&c| !separator(c)).collect();
        let (international, digits) = match compact.strip_prefix('+').or_else(|| compact.strip_prefix("00")) {
            Some(rest) => (true, rest),
            None => (false, compact.as_str()),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotATelephone);
        }
        match (international, digits.strip_prefix("44")) {
            (true, Some(national)) => Self::uk(national.strip_prefix('0').unwrap_or(national)),
            (true, None) if (8..=15).contains(&digits.len()) && !digits.starts_with('0') => {
                Ok(Self(format!("+{digits}")))
            }
            (true, None) => Err(NotATelephone),
            (false, Some(national)) if digits.len() == 12 => Self::uk(national),
            (false, _) => Self::uk(digits.strip_prefix('0').unwrap_or(digits)),
        }
    }

    /// `national`: the digits behind +44. Nine or ten of them, in a range that Ofcom's national numbering plan assigns.
    fn uk(national: &str) -> Result<Self, NotATelephone> {
        let long_enough = matches!(national.len(), 9 | 10);
        let assigned = national.starts_with(['1', '2', '3', '5', '7', '8', '9']);
        if long_enough && assigned {
            Ok(Self(format!("+44{national}")))
        } else {
            Err(NotATelephone)
        }
    }

    /// Whether this is a UK mobile: +44 7 and nine digits, personal (70) and pager (76, but 7624) numbers left out.
    #[must_use]
    pub fn is_uk_mobile(&self) -> bool {
        self.0.strip_prefix("+447").is_some_and(|rest| {
            rest.len() == 9 && !rest.starts_with('0') && (!rest.starts_with('6') || rest.starts_with("624"))
        })
    }

    /// The number in E.164.
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

/// A number kept as E.164 as people in the United Kingdom write it: `07700 900123`. One of another country, and what is no
/// number, stays as it is.
#[must_use]
pub fn as_written(kept: &str) -> String {
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
mod tests {
    use super::*;

    #[test]
    fn every_common_way_of_writing_is_the_same_number() {
        let ways = [
            "07700 900123",
            "(07700) 900-123",
            "+44 7700 900123",
            "+44 (0)7700 900123",
            "0044 7700 900123",
            "447700900123",
            "7700900123",
            "+4407700900123",
            "07700.900.123",
            " 07700\u{A0}900123 ",
        ];
        for way in ways {
            assert_eq!(Telephone::parse(way).unwrap().as_str(), "+447700900123", "{way}");
        }
        assert_eq!(Telephone::parse("01632 960123").unwrap().as_str(), "+441632960123");
        assert_eq!(Telephone::parse("+33 1 23 45 67 89").unwrap().as_str(), "+33123456789");
    }

    #[test]
    fn uk_numbers_are_shown_as_people_write_them() {
        let numbers = [
            ("+447700900123", "07700 900123"),
            ("+441632960123", "01632 960123"),
            ("+442079460123", "020 7946 0123"),
            ("+441214960123", "0121 496 0123"),
            ("+441174960123", "0117 496 0123"),
            ("+443069990123", "0306 999 0123"),
            ("+448081570123", "0808 157 0123"),
            ("+449098790123", "0909 879 0123"),
            ("+445612345678", "056 1234 5678"),
            ("+44800123456", "0800 123456"),
            ("+44169772345", "01697 72345"),
        ];
        for (kept, shown) in numbers {
            assert_eq!(as_written(kept), shown);
            assert_eq!(Telephone::parse(shown).unwrap().as_str(), kept);
        }
        for other in ["+33123456789", "+44", "+44é", "", "ext 42"] {
            assert_eq!(as_written(other), other);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for raw in [
            "",
            "ext 42",
            "0123",
            "+44",
            "0632 960 12345678",
            "+1 23",
            "++447700900123",
            "07700x900123",
            "+0123456789",
        ] {
            assert_eq!(Telephone::parse(raw), Err(NotATelephone), "{raw}");
        }
    }

    #[test]
    fn only_uk_mobiles_are_uk_mobiles() {
        let mobile = |raw: &str| Telephone::parse(raw).unwrap().is_uk_mobile();
        assert!(mobile("07700 900123") && mobile("07624 900123"));
        assert!(
            !mobile("01632 960123") && !mobile("07000 900123") && !mobile("07600 900123") && !mobile("+33 612345678")
        );
    }
}
