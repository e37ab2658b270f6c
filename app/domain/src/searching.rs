//! What a search looks for: words anywhere in what is known of somebody, and digits as the end of a telephone number,
//! however it is written.
//!
//! A number is kept for searching as it is dialled here: `07700900123`, `0033123456789`, or an extension's `4512`.

use crate::values::text::{fold, is_unseen};

/// Fewer digits than these are no number.
const FEWEST_DIGITS: usize = 3;

/// From so many digits on, the end of a number is enough; fewer must be all of it, such as a bleep's.
const FEWEST_OF_AN_END: usize = 4;

/// More digits than these are in no number.
const MOST_DIGITS: usize = 20;

/// Digits of a UK number behind `44`, at least.
const FEWEST_NATIONAL: usize = 9;

/// Letters of a word that is worth looking up by itself.
const FEWEST_LETTERS: usize = 3;

/// More things than these nobody looks for at the same time; what is typed behind them is left out.
const MOST_SOUGHT: usize = 32;

/// What people write before a number.
const BEFORE_A_NUMBER: [&str; 12] = [
    "bleep",
    "ext",
    "extension",
    "extn",
    "fax",
    "mob",
    "mobile",
    "pager",
    "phone",
    "tel",
    "telephone",
    "x",
];

/// One thing that everybody who is found must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A word, anywhere in what is searched.
    Word(String),
    /// Digits: they may be a telephone number, or words like any other, such as a local ID.
    Digits {
        /// The words that they are, if they are no number.
        words: Vec<String>,
        /// The number that they are.
        number: SoughtNumber,
    },
}

/// A telephone number as far as it is given, with its last digit first: so its end is looked up as a beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoughtNumber {
    /// All of it.
    Whole(String),
    /// Its end.
    End(String),
}

impl Sought {
    /// Whether it is too short to be looked up in an index of words.
    #[must_use]
    pub fn is_short(&self) -> bool {
        match self {
            Self::Word(word) => is_short(word),
            Self::Digits { .. } => false,
        }
    }
}

impl SoughtNumber {
    /// Whether a number, as [`numbers_in`] gives it, is the one or ends so.
    #[must_use]
    pub fn fits(&self, number: &str) -> bool {
        let number = backwards(number);
        match self {
            Self::Whole(digits) => number == *digits,
            Self::End(digits) => number.starts_with(digits),
        }
    }
}

/// Whether a word is too short to be looked up by itself.
#[must_use]
pub fn is_short(word: &str) -> bool {
    word.chars().count() < FEWEST_LETTERS
}

/// Returns what somebody looks for who types this; nothing where there are only signs that nobody's name has.
#[must_use]
pub fn sought(text: &str) -> Vec<Sought> {
    // Whatever comes along unseen when something is copied stands for nothing, not even for a space.
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let folded = fold(&seen);
    let (mut sought, mut run) = (Vec::new(), Vec::new());
    for word in folded.split_whitespace() {
        if is_digits(word) {
            run.push(word);
            continue;
        }
        end_run(&mut run, &mut sought);
        match behind_its_mark(word) {
            Some(digits) => sought.push(as_digits(vec![word.to_owned()], digits)),
            None => sought.push(Sought::Word(word.to_owned())),
        }
    }
    end_run(&mut run, &mut sought);
    sought.truncate(MOST_SOUGHT);
    sought
}

/// Returns the numbers that a value of the directory holds, as they are dialled here: the number, and its extension.
#[must_use]
pub fn numbers_in(kept: &str) -> Vec<String> {
    let parts = kept.split(|c: char| !c.is_ascii_digit() && c != '+');
    let dialled = parts.map(|part| match (part.strip_prefix("+44"), part.strip_prefix('+')) {
        (Some(national), _) => format!("0{national}"),
        (None, Some(foreign)) => format!("00{foreign}"),
        (None, None) => part.to_owned(),
    });
    dialled
        .filter(|digits| is_digits(digits) && could_be_a_number(digits))
        .collect()
}

/// A text with its last character first.
#[must_use]
pub fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

/// Words of digits that stand side by side are one number: people part them as they like.
fn end_run(run: &mut Vec<&str>, sought: &mut Vec<Sought>) {
    let words: Vec<_> = run.drain(..).map(ToOwned::to_owned).collect();
    let digits = words.concat();
    if !could_be_a_number(&digits) {
        sought.extend(words.into_iter().map(Sought::Word));
        return;
    }
    if let Some(Sought::Word(before)) = sought.last()
        && BEFORE_A_NUMBER.contains(&before.as_str())
    {
        sought.pop();
    }
    let words = match words.iter().all(|word| is_short(word)) {
        true => vec![digits.clone()],
        false => words,
    };
    sought.push(as_digits(words, &digits));
}

fn as_digits(words: Vec<String>, digits: &str) -> Sought {
    let dialled = as_dialled(digits);
    let number = match dialled.len() >= FEWEST_OF_AN_END {
        true => SoughtNumber::End(backwards(&dialled)),
        false => SoughtNumber::Whole(backwards(&dialled)),
    };
    Sought::Digits { words, number }
}

/// The digits behind `x` or `ext`, where a word is written so.
fn behind_its_mark(word: &str) -> Option<&str> {
    let mut marks = BEFORE_A_NUMBER.iter();
    marks.find_map(|mark| {
        word.strip_prefix(*mark)
            .filter(|digits| is_digits(digits) && could_be_a_number(digits))
    })
}

/// A number of this country without its prefix; the zero that is written in brackets behind it goes, too.
fn as_dialled(digits: &str) -> String {
    let is_long = |rest: &&str| rest.len() >= FEWEST_NATIONAL;
    let national = digits.strip_prefix("0044").or_else(|| digits.strip_prefix("44"));
    match national.filter(is_long) {
        Some(national) => format!("0{}", national.strip_prefix('0').unwrap_or(national)),
        None => digits.to_owned(),
    }
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn could_be_a_number(digits: &str) -> bool {
    (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Sought {
        Sought::Word(word.to_owned())
    }

    /// What is looked for among numbers, read forwards.
    fn numbers(text: &str) -> Vec<String> {
        let number = |sought| match sought {
            Sought::Word(_) => None,
            Sought::Digits { number, .. } => Some(match number {
                SoughtNumber::Whole(digits) => format!("={}", backwards(&digits)),
                SoughtNumber::End(digits) => backwards(&digits),
            }),
        };
        sought(text).into_iter().filter_map(number).collect()
    }

    #[test]
    fn every_way_of_writing_a_number_looks_for_the_same() {
        for text in [
            "07700 900123",
            "07700900123",
            "+44 7700 900123",
            "+447700900123",
            "447700900123",
            "0044 7700 900123",
            "+44 (0)7700 900123",
            "(07700) 900-123",
            "07700.900.123",
            "07700\u{2011}900\u{2011}123",
            "\u{202A}07700\u{A0}900\u{200B}123\u{202C}",
            "tel:+447700900123",
            "Mobile 07700 900 123",
        ] {
            assert_eq!(numbers(text), ["07700900123"], "{text}");
        }
        assert_eq!(numbers("900123"), ["900123"]);
        assert_eq!(numbers("012345"), ["012345"]);
        assert_eq!(numbers("+33 1 23 45 67 89"), ["33123456789"]);
    }

    #[test]
    fn an_extension_is_a_number_of_its_own() {
        for text in ["ext 4512", "ext. 4512", "Extension 4512", "x4512", "ext4512", "4512"] {
            assert_eq!(numbers(text), ["4512"], "{text}");
            assert_eq!(sought(text).len(), 1, "{text}");
        }
        assert_eq!(numbers("01632 960123 ext 4512"), ["01632960123", "4512"]);
        assert_eq!(numbers("bleep 451"), ["=451"]);
    }

    #[test]
    fn digits_are_words_too_and_few_of_them_only_words() {
        let with_name = sought("1001 bright");
        assert!(matches!(&with_name[0], Sought::Digits { words, .. } if *words == ["1001"]));
        assert_eq!(sought("Ward 7"), [word("ward"), word("7")]);
        assert_eq!(sought("O’Neill-Smith"), [word("oneill"), word("smith")]);
        let short = sought("01 63 29");
        assert!(matches!(&short[0], Sought::Digits { words, .. } if *words == ["016329"]));
    }

    #[test]
    fn signs_that_nobody_has_look_for_nothing() {
        for text in ["%", "\\", "\"", "*", "'", "\u{200B}"] {
            assert_eq!(sought(text), [], "{text:?}");
        }
        assert_eq!(sought("_"), [word("_")]);
    }

    #[test]
    fn unseen_characters_in_a_search_part_no_word() {
        for c in [
            '\u{7}',
            '\u{7F}',
            '\u{AD}',
            '\u{200B}',
            '\u{202C}',
            '\u{2060}',
            '\u{FE0F}',
            '\u{FEFF}',
            '\u{E0041}',
        ] {
            assert_eq!(
                sought(&format!("{c}Jan{c}et Lee{c}")),
                [word("janet"), word("lee")],
                "{c:?}"
            );
        }
        for space in ['\t', '\u{A0}', '\u{3000}'] {
            assert_eq!(sought(&format!("Jan{space}et")), [word("jan"), word("et")], "{space:?}");
        }
    }

    #[test]
    fn kept_numbers_are_looked_up_as_they_are_dialled() {
        assert_eq!(numbers_in("+447700900123"), ["07700900123"]);
        assert_eq!(numbers_in("+33123456789"), ["0033123456789"]);
        assert_eq!(numbers_in("+441632960123 ext 4512"), ["01632960123", "4512"]);
        assert_eq!(numbers_in("ext. 4512"), ["4512"]);
        assert_eq!(numbers_in(""), [""; 0]);
    }
}
