//! What spreadsheets and scripts leave behind in cells: marks around a text, numbers as they keep them, words for nothing.
//! What is certain is taken off; what has lost something is a problem; what may be meant is asked about.

use std::borrow::Cow;

use super::{Attribute, reading::Reading};
use crate::{
    problem::Kind,
    values::{day::Day, email_address::EmailAddress, text},
};

/// Words that databases, statistics packages and scripts write for nothing; in small letters.
const NOTHING: [&str; 17] = [
    "null",
    "(null)",
    "<null>",
    "[null]",
    "\\n",
    "nil",
    "none",
    "<none>",
    "nan",
    "nat",
    "<na>",
    "undefined",
    "n/a",
    "n.a.",
    "(blank)",
    "tbc",
    "tba",
];

/// What also stands for nothing in a number, an address or a code.
const NOTHING_IN_CODES: [&str; 6] = ["na", "unknown", "not known", "missing", "no", "."];

/// Errors that spreadsheets show in a cell.
const ERRORS: [&str; 11] = [
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#num!",
    "#null!",
    "#spill!",
    "#calc!",
    "#error!",
    "#getting_data",
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl Attribute {
    /// The text of a cell without what a spreadsheet or a script put around it.
    ///
    /// # Errors
    /// Where what stands there is no value, or has lost a part of it.
    pub(super) fn unwrapped(self, raw: &str) -> Result<Cow<'_, str>, Kind> {
        if self == Self::Password {
            return Ok(Cow::Borrowed(raw));
        }
        let text = self.without_marks(raw);
        if let Some(error) = error(&text) {
            return Err(Kind::CellError { error });
        }
        if !self.is_code() {
            return Ok(text);
        }
        // What stands in a list is looked up there first.
        if !self.is_many() && !self.is_day() && stands_for_nothing(&text, self) {
            return Err(Kind::StandsForNothing { attribute: self });
        }
        if has_lost_digits(&text, self) {
            return Err(Kind::DigitsLost { attribute: self });
        }
        match whole_number(&text).filter(|_| self.is_written_in_whole_numbers()) {
            Some(whole) => Ok(Cow::Owned(whole.to_owned())),
            None => Ok(text),
        }
    }

    /// The text without `="…"` around it, and without an apostrophe before it where it can be no part of it. What is taken
    /// off may stand there twice.
    fn without_marks(self, raw: &str) -> Cow<'_, str> {
        let is_code = self.is_code();
        let mut text = match is_code {
            true => Cow::Owned(self.tidied(raw)),
            false => Cow::Borrowed(text::trimmed(raw)),
        };
        let takes_apostrophe = is_code || matches!(self, Self::JobTitle | Self::Department);
        loop {
            let rest = || unmarked(&text).filter(|_| takes_apostrophe).map(str::to_owned);
            let Some(inside) = as_text(&text).or_else(rest) else {
                return text;
            };
            text = Cow::Owned(inside);
        }
    }

    /// A code, number or address without unseen characters and doubled spaces, and with plain hyphens.
    fn tidied(self, raw: &str) -> String {
        let seen = text::seen(raw);
        let seen = if seen.is_ascii() { seen } else { text::composed(&seen) };
        let plain = match self.entry().reading {
            // Names of places are written as their organisation writes them.
            Reading::Reference => seen,
            _ => text::with_plain_hyphens(&seen),
        };
        let is_space = |c: char| c.is_whitespace() && !text::is_line_end(c);
        let words = plain.split(is_space).filter(|word| !word.is_empty());
        text::trimmed(&words.collect::<Vec<_>>().join(" ")).to_owned()
    }

    /// Whether its text follows a form of its own, so that a spreadsheet's marks can be no part of it.
    const fn is_code(self) -> bool {
        match self.entry().reading {
            Reading::Key
            | Reading::Address
            | Reading::Telephone
            | Reading::Pager
            | Reading::Fax
            | Reading::Mobile
            | Reading::YesOrNo
            | Reading::WebPage
            | Reading::Choices(_)
            | Reading::Quota
            | Reading::Day => true,
            Reading::Reference => !matches!(self, Self::Sites | Self::Units),
            Reading::Line | Reading::Name | Reading::Lines | Reading::UserName | Reading::Secret => false,
            // `NO` is a country, and `na` a language.
            Reading::Language | Reading::Country | Reading::TimeZone | Reading::Federation => false,
        }
    }

    /// Whether a telephone, a pager or a fax is called by it.
    const fn is_telephone(self) -> bool {
        matches!(
            self.entry().reading,
            Reading::Telephone | Reading::Pager | Reading::Fax | Reading::Mobile
        )
    }

    const fn is_written_in_whole_numbers(self) -> bool {
        matches!(
            self,
            Self::LocalId
                | Self::HideMobile
                | Self::Quota
                | Self::Organisation
                | Self::Site
                | Self::Code
                | Self::Parent
        )
    }

    /// A key's text as rows are compared by it: as it would be read, else as it stands there without what cannot be seen.
    /// None where nothing stands there that could be one.
    #[must_use]
    pub(crate) fn compared(self, raw: &str) -> Option<String> {
        let cell = self.unwrapped(raw).ok()?;
        let key = match self.entry().reading {
            Reading::Address => match EmailAddress::read(&cell) {
                Ok(address) => address.to_string(),
                Err(_) => cell.to_lowercase(),
            },
            _ => cell.into_owned(),
        };
        (!text::is_blank(&key)).then_some(key)
    }

    /// The local ID that a text is read as, where a script wrote it with `.0` behind.
    #[must_use]
    pub fn read_without_fraction(self, raw: &str) -> Option<String> {
        let text = self.without_marks(raw);
        let whole = whole_number(&text).filter(|_| self == Self::LocalId);
        whole.map(str::to_owned)
    }

    /// Whether a local ID looks like a date, as spreadsheets make of numbers such as 3-12.
    #[must_use]
    pub fn looks_like_a_date(self, raw: &str) -> bool {
        self == Self::LocalId && is_date(&self.without_marks(raw))
    }

    /// Whether a word for nothing in its cell is as good as an empty cell: a row can do without it, and finds nobody by it.
    #[must_use]
    pub const fn may_be_nothing(self) -> bool {
        let is_key = matches!(
            self,
            Self::AccountId | Self::LocalId | Self::EmailAddress | Self::UserName
        );
        let is_name = matches!(self.entry().reading, Reading::Name);
        // In change files an empty cell is one, and a word is what it says.
        let may_not = is_key || is_name || self.is_of_change_files() || matches!(self, Self::Password);
        !self.entry().required && !may_not
    }

    /// Whether a file's text is as good as an empty cell, whatever the lists hold: nobody needs to say what it means.
    #[must_use]
    pub fn is_nothing(self, raw: &str) -> bool {
        self.may_be_nothing() && stands_for_nothing(&self.without_marks(raw), self)
    }

    /// The word for nothing that a cell of plain text or of a day holds. Elsewhere reading it is refused.
    #[must_use]
    pub fn word_for_nothing(self, raw: &str) -> Option<String> {
        let is_plain = matches!(
            self,
            Self::Title | Self::Initials | Self::DisplayName | Self::JobTitle | Self::Department | Self::Notes
        );
        let text = self.without_marks(raw);
        let is_nothing = (is_plain || self.is_day()) && stands_for_nothing(&text, self);
        (is_nothing || self.is_no_end(&text)).then(|| text.into_owned())
    }

    /// Whether it is a day of the calendar.
    const fn is_day(self) -> bool {
        matches!(self.entry().reading, Reading::Day)
    }

    /// Whether a text is a day that stands for an end which is not known.
    fn is_no_end(self, text: &str) -> bool {
        self == Self::EndDate && Day::read(text).is_some_and(Day::is_never)
    }

    /// Whether a cell of a day holds none.
    pub(super) fn is_no_day(self, text: &str) -> bool {
        stands_for_nothing(text, self) || self.is_no_end(text)
    }
}

/// `="00451"` is the text 00451, as it is written to keep a spreadsheet from taking it for a number.
fn as_text(text: &str) -> Option<String> {
    let inside = text.strip_prefix("=\"")?.strip_suffix('"')?;
    let is_one = !inside.replace("\"\"", "").contains('"');
    is_one.then(|| text::trimmed(&inside.replace("\"\"", "\"")).to_owned())
}

/// What stands behind an apostrophe that marks a text; none where it may be a part of it.
fn unmarked(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'').or_else(|| text.strip_prefix('’'))?;
    let begins = rest.starts_with(|c: char| c.is_alphanumeric() || "+(=".contains(c));
    (begins && !rest.contains(['\'', '’'])).then_some(rest)
}

fn error(text: &str) -> Option<String> {
    if !text.starts_with(['#', 'E', 'e']) {
        return None;
    }
    let small = text.to_ascii_lowercase();
    let too_narrow = text.len() > 2 && text.bytes().all(|byte| byte == b'#');
    let of_open_document = small
        .strip_prefix("err:")
        .is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
    (too_narrow || of_open_document || ERRORS.contains(&small.as_str())).then(|| text.to_owned())
}

/// Whether a text is a word that stands for nothing.
pub(super) fn stands_for_nothing(text: &str, attribute: Attribute) -> bool {
    const LONGEST: usize = 12;
    if text.len() > LONGEST {
        return false;
    }
    let small = text::small(text);
    let are_dashes = !text.is_empty() && text.chars().all(|c| "-–—?".contains(c));
    let more = match attribute.entry().reading {
        Reading::Key | Reading::Address | Reading::WebPage | Reading::Quota | Reading::Day => true,
        _ => attribute.is_telephone(),
    };
    are_dashes || NOTHING.contains(&small.as_str()) || (more && NOTHING_IN_CODES.contains(&small.as_str()))
}

/// `1.23457E+11`: a number of which a spreadsheet shows the first digits only.
fn has_lost_digits(text: &str, attribute: Attribute) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-') {
        return false;
    }
    let small = text.to_ascii_lowercase();
    let Some((number, power)) = small.split_once('e') else {
        return false;
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let is_number = are_digits(whole.trim_start_matches(['+', '-'])) && fraction.is_none_or(are_digits);
    let digits = power.trim_start_matches(['+', '-']);
    // `1E5` may be a code; with a fraction or a sign it is not one.
    let is_certain = attribute.is_telephone() || fraction.is_some() || digits.len() < power.len();
    is_number && whole.len() <= 2 && are_digits(digits) && digits.len() <= 3 && is_certain
}

/// The whole number before `.0`, as scripts write it.
fn whole_number(text: &str) -> Option<&str> {
    let (whole, fraction) = text.split_once('.')?;
    let are_digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let is_none = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    (are_digits && is_none).then_some(whole)
}

/// A day, with or without its time: `2027-03-01 00:00:00`, `01/03/2027`, `12-Mar`, `Mar-27`.
fn is_date(text: &str) -> bool {
    let ends_day = |(at, c): &(usize, char)| match c {
        ' ' => true,
        'T' => text[..*at].ends_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let day = &text[..text.char_indices().find(ends_day).map_or(text.len(), |(at, _)| at)];
    let parts: Vec<_> = day.split(['-', '/', '.']).collect();
    let is_time = text[day.len()..]
        .chars()
        .all(|c| c.is_ascii_digit() || " T:.Z".contains(c));
    let month = |part: &str| MONTHS.iter().any(|month| part.eq_ignore_ascii_case(month));
    let number = |part: &str, most: u32| {
        let is_short = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_short && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let year = |part: &str| part.len() == 4 && number(part, 2999) && part.starts_with(['1', '2']);
    let short_year = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = match parts.as_slice() {
        [one, two, three] if year(one) => number(two, 12) && number(three, 31) && two.len() == 2 && three.len() == 2,
        [one, two, three] if year(three) || (short_year(three) && day.contains('/')) => {
            number(one, 31) && (number(two, 31) || month(two)) && one.len() <= 2 && two.len() <= 3
        }
        [one, two, three] => number(one, 31) && month(two) && short_year(three),
        [one, two] => (number(one, 31) && month(two)) || (month(one) && (short_year(two) || year(two))),
        _ => false,
    };
    is_day && is_time
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrapped(attribute: Attribute, raw: &str) -> Result<String, Kind> {
        attribute.unwrapped(raw).map(Cow::into_owned)
    }

    #[test]
    fn a_text_that_a_spreadsheet_was_told_to_keep_is_taken_out_of_its_marks() {
        for raw in [
            "=\"00451\"",
            "'00451",
            "’00451",
            " '00451\u{A0}",
            "=\"'00451\"",
            "'=\"00451\"",
            "'\u{AD}00451",
        ] {
            assert_eq!(unwrapped(Attribute::LocalId, raw).as_deref(), Ok("00451"), "{raw}");
        }
        for (attribute, raw, text) in [
            (Attribute::Mobile, "'07700 900461", "07700 900461"),
            (Attribute::Mobile, "'+44 7700 900461", "+44 7700 900461"),
            (Attribute::EmailAddress, "'jane@a.example", "jane@a.example"),
            (Attribute::LastName, "=\"O'Neill\"", "O'Neill"),
            (Attribute::LastName, "'t Hooftman", "'t Hooftman"),
            (Attribute::LastName, "'Abd", "'Abd"),
            (Attribute::JobTitle, "'Nurse", "Nurse"),
            (Attribute::JobTitle, "'Friends' coordinator", "'Friends' coordinator"),
            (Attribute::Notes, "'x", "'x"),
            (Attribute::Notes, "=\"a\"&\"b\"", "=\"a\"&\"b\""),
            (Attribute::Quota, "4.0", "4"),
            (Attribute::HideMobile, "1.0", "1"),
            (Attribute::Organisation, "=\"RIV\"", "RIV"),
            (Attribute::LocalId, "1012.0", "1012"),
            (Attribute::LocalId, "10.05", "10.05"),
            (Attribute::Notes, "4.0", "4.0"),
        ] {
            assert_eq!(unwrapped(attribute, raw).as_deref(), Ok(text), "{attribute:?} {raw}");
        }
        assert_eq!(
            Attribute::LocalId.read_without_fraction("'1012.00").as_deref(),
            Some("1012")
        );
        assert_eq!(Attribute::LocalId.read_without_fraction("1012"), None);
        assert_eq!(Attribute::Quota.read_without_fraction("4.0"), None);
    }

    #[test]
    fn a_number_that_a_spreadsheet_has_shortened_has_lost_its_digits() {
        for attribute in [Attribute::LocalId, Attribute::Mobile, Attribute::Pager] {
            for raw in [
                "1.23457E+11",
                "7.7009e+09",
                "1,23457E+11",
                "1E+11",
                "1.2E5",
                "=\"1.23457E+11\"",
            ] {
                assert_eq!(unwrapped(attribute, raw), Err(Kind::DigitsLost { attribute }), "{raw}");
            }
        }
        for raw in ["1E5", "12E4", "E5", "1.2", "100E5", "ABE+1"] {
            assert_eq!(unwrapped(Attribute::LocalId, raw).as_deref(), Ok(raw));
        }
        assert_eq!(unwrapped(Attribute::Organisation, "5E1").as_deref(), Ok("5E1"));
        assert_eq!(unwrapped(Attribute::JobTitle, "1.2E+05").as_deref(), Ok("1.2E+05"));
    }

    #[test]
    fn words_for_nothing_are_no_codes_and_errors_are_no_values() {
        for raw in [
            "NULL",
            "(null)",
            "nan",
            "None",
            "undefined",
            "-",
            "--",
            "n/a",
            "N/A",
            "\\N",
            "NA",
            "tbc",
            " NULL\u{A0}",
        ] {
            for attribute in [Attribute::LocalId, Attribute::Mobile, Attribute::EmailAddress] {
                assert_eq!(
                    unwrapped(attribute, raw),
                    Err(Kind::StandsForNothing { attribute }),
                    "{raw}"
                );
            }
            assert!(unwrapped(Attribute::LastName, raw).is_ok());
        }
        assert_eq!(unwrapped(Attribute::HideMobile, "no").as_deref(), Ok("no"));
        assert_eq!(Attribute::JobTitle.word_for_nothing(" 'NULL ").as_deref(), Some("NULL"));
        for (attribute, raw) in [
            (Attribute::JobTitle, "NA"),
            (Attribute::Notes, "None of it"),
            (Attribute::LastName, "Null"),
        ] {
            assert_eq!(attribute.word_for_nothing(raw), None);
        }
        assert!(Attribute::Unit.is_nothing(" n/a") && Attribute::Role.is_nothing("TBC"));
        assert!(!Attribute::Unit.is_nothing("Ward 7") && !Attribute::Organisation.is_nothing("n/a"));
        let needed: Vec<_> = Attribute::ALL.into_iter().filter(|own| !own.may_be_nothing()).collect();
        assert_eq!(
            needed,
            [
                Attribute::AccountId,
                Attribute::WholeName,
                Attribute::FirstName,
                Attribute::LastName,
                Attribute::EmailAddress,
                Attribute::UserName,
                Attribute::LocalId,
                Attribute::Organisation,
                Attribute::Password,
                Attribute::Language,
                Attribute::TimeZone,
                Attribute::Country,
                Attribute::PostalAddress,
                Attribute::AlternateEmail,
                Attribute::FederationType,
                Attribute::NotesTemplate,
                Attribute::NotesName,
            ]
        );
        for raw in ["#N/A", "#REF!", "#div/0!", "#####", "Err:502"] {
            for attribute in [Attribute::LastName, Attribute::LocalId, Attribute::Notes] {
                let error = raw.to_owned();
                assert_eq!(unwrapped(attribute, raw), Err(Kind::CellError { error }));
            }
        }
        assert_eq!(
            unwrapped(Attribute::Notes, "#1 on the list").as_deref(),
            Ok("#1 on the list")
        );
    }

    #[test]
    fn dates_are_told_from_numbers_with_signs() {
        for raw in [
            "2027-03-01",
            "2027-03-01 00:00:00",
            "2027-03-01T00:00:00Z",
            "01/03/2027",
            "1/3/27",
            "12-Mar",
            "Mar-27",
            "12-Mar-2027",
            "12-mar-27",
            "01.03.2027",
            "OCT-27",
        ] {
            assert!(Attribute::LocalId.looks_like_a_date(raw), "{raw}");
        }
        for raw in [
            "4711",
            "3-12",
            "2012/0345",
            "12-34-56",
            "00-451",
            "AB-12",
            "mar-abc",
            "10.0",
            "1.2.3",
            "",
        ] {
            assert!(!Attribute::LocalId.looks_like_a_date(raw), "{raw}");
        }
        assert!(!Attribute::JobTitle.looks_like_a_date("12-Mar"));
    }
}
