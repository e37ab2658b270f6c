//! What a password must be (H, raised to today's advice [ours]): long enough, without its person's name, and not one that is
//! guessed first: the same few characters, a row of the keyboard, little more than a common word or a name that everybody
//! knows. The server also compares it with a long list of common passwords, which no browser should have to load.

mod common;

use serde::{Deserialize, Serialize};

use crate::{
    dictionary::{Attribute, Attributes},
    organisation::Organisation,
    problem::Kind,
    values::text::{self, composed, fold},
};

/// The shortest password, in characters [ours; H says 10].
pub const SHORTEST: usize = 12;
/// The longest password, in characters: the dictionary says it.
pub const LONGEST: usize = Attribute::Password.entry().limit;

/// Fewer different characters than this make no password, however long it is.
const FEWEST_DIFFERENT: usize = 4;

/// What people type along, forwards and backwards: straight, zigzag and down, and with each digit twice.
const ROWS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "0011223344556677889900",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
];

/// Characters of a row that nobody has side by side by chance.
const SHORTEST_RUN: usize = 4;

/// The product's name, folded.
const PRODUCT: &str = "staffbook";

/// Letters of a name that say something by themselves.
const SHORTEST_WORD: usize = 4;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// It has a character that no keyboard types into a field, such as a line end.
    Unprintable,
    /// It contains the person's first or last name.
    ContainsName,
    /// It is one character, or a few, over and over.
    Repeats,
    /// At least half of it goes along the alphabet, the digits or the keyboard.
    Runs,
    /// It is one or two common words with little added.
    Common,
    /// At least half of it is the name of the person's address, of their organisation or of the product.
    KnownName,
}

impl WeakPassword {
    /// What is said of a password that is refused so.
    #[must_use]
    pub fn kind(self, password: &str) -> Kind {
        match self {
            Self::TooShort => Kind::PasswordTooShort { least: SHORTEST },
            Self::TooLong => Kind::TooLong {
                attribute: Attribute::Password,
                limit: LONGEST,
                length: normalised(password).chars().count(),
            },
            Self::Unprintable => Kind::Unprintable {
                attribute: Attribute::Password,
            },
            Self::ContainsName => Kind::PasswordContainsName,
            Self::Repeats => Kind::PasswordRepeats,
            Self::Runs => Kind::PasswordRuns,
            Self::Common => Kind::PasswordTooCommon,
            Self::KnownName => Kind::PasswordKnownName,
        }
    }
}

/// What is kept of the one-time password that a file's row gives: never its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OneTimePassword {
    /// It cannot be used.
    Refused(Kind),
    /// It can be used, and is hashed once its row is known to make an account.
    Sound,
    /// Its hash, in PHC's text form.
    Hashed(String),
    /// Its row was rejected, so nothing of it is kept: an account that the row makes after all gets an activation link.
    Dropped,
}

impl OneTimePassword {
    /// Whether an account is made with it.
    #[must_use]
    pub const fn is_used(&self) -> bool {
        matches!(self, Self::Sound | Self::Hashed(_))
    }
}

/// A password in the one form in which it is measured, compared and hashed (NFC): a letter with an accent may be typed as one
/// character or as two. Spaces stay as they are.
#[must_use]
pub fn normalised(password: &str) -> String {
    composed(password)
}

/// What people who guess somebody's password try first; folded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guesses {
    /// The person's names, which must not stand in it at all.
    names: Vec<String>,
    /// Names that must not be most of it.
    words: Vec<String>,
}

impl Guesses {
    /// Of a person of whom no more than the name is known. Names of one or two letters stand in most passwords by chance.
    #[must_use]
    pub fn of_name(first_name: &str, last_name: &str) -> Self {
        let long = [first_name, last_name]
            .into_iter()
            .filter(|name| name.chars().count() > 2);
        let names = long.map(|name| fold(name).replace(' ', ""));
        Self {
            names: names.filter(|name| !name.is_empty()).collect(),
            words: vec![PRODUCT.to_owned()],
        }
    }

    /// Of a person who is here, in their organisation.
    #[must_use]
    pub fn of(person: &Attributes, home: &Organisation) -> Self {
        let [first, last, address] =
            [Attribute::FirstName, Attribute::LastName, Attribute::EmailAddress].map(|name| person.text(name));
        let own = address.split('@').next().unwrap_or_default();
        Self::of_name(first, last)
            .with(&own.replace(['.', '-', '_'], " "))
            .at(home)
    }

    /// The same, with the names of the organisation that the person belongs to.
    #[must_use]
    pub fn at(self, home: &Organisation) -> Self {
        self.with(&fold(&home.name)).with(&fold(&home.short_name))
    }

    /// The same, with the words of a name.
    fn with(mut self, name: &str) -> Self {
        // An address may have a number behind its name.
        let words = name
            .split(' ')
            .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
        let words = words.filter(|word| word.len() >= SHORTEST_WORD).map(ToOwned::to_owned);
        self.words.extend(words);
        self.words.sort();
        self.words.dedup();
        // The longest first: within it a shorter one says nothing more.
        self.words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        self
    }
}

/// Checks a password of the person of whom these are the guesses.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, guesses: &Guesses) -> Result<(), WeakPassword> {
    let password = normalised(password);
    check_folded(&password, &fold(&password).replace(' ', ""), guesses)
}

/// As [`check`], for the browser, which goes without the tables of every script that folding needs: it knows plain letters
/// only, and the server has the last word.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_plainly(password: &str, guesses: &Guesses) -> Result<(), WeakPassword> {
    let password = &normalised(password);
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_');
    let plain: String = password.to_ascii_lowercase().chars().filter(is_kept).collect();
    check_folded(password, &plain, guesses)
}

/// How many different characters a password has; capitals are none.
#[must_use]
pub fn different(password: &str) -> usize {
    let mut characters: Vec<_> = text::small(password).chars().collect();
    characters.sort_unstable();
    characters.dedup();
    characters.len()
}

fn check_folded(password: &str, folded: &str, guesses: &Guesses) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if password.chars().any(char::is_control) {
        return Err(WeakPassword::Unprintable);
    }
    if length < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    if guesses.names.iter().any(|name| folded.contains(name)) {
        return Err(WeakPassword::ContainsName);
    }
    if different(password) < FEWEST_DIFFERENT {
        return Err(WeakPassword::Repeats);
    }
    let small = text::small(password);
    if in_runs(&small.chars().collect::<Vec<_>>()) * 2 >= length {
        return Err(WeakPassword::Runs);
    }
    if common::is_common(&small) {
        return Err(WeakPassword::Common);
    }
    if in_words(folded, &guesses.words) * 2 >= length {
        return Err(WeakPassword::KnownName);
    }
    Ok(())
}

/// How many characters stand in runs that go along a row, or stay where they are.
fn in_runs(mut text: &[char]) -> usize {
    let mut found = 0;
    while !text.is_empty() {
        let run = run(text);
        if run >= SHORTEST_RUN {
            found += run;
            text = text.get(run..).unwrap_or_default();
        } else {
            text = text.get(1..).unwrap_or_default();
        }
    }
    found
}

/// How many characters go on in the same way from the first.
fn run(text: &[char]) -> usize {
    let along = |goes_on: &dyn Fn(char, char) -> bool| {
        let steps = text.windows(2).take_while(|pair| goes_on(pair[0], pair[1]));
        steps.count() + 1
    };
    let next_to =
        |row: &str, one: char, other: char| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (one, other));
    let rows = ROWS.into_iter().flat_map(|row| {
        [
            along(&|one, other| next_to(row, one, other)),
            along(&|one, other| next_to(row, other, one)),
        ]
    });
    let stays = along(&|one, other| one == other);
    rows.chain([stays]).max().unwrap_or_default()
}

/// How many characters of a folded password belong to these words.
fn in_words(folded: &str, words: &[String]) -> usize {
    let mut rest = folded.to_owned();
    for word in words {
        // What stood left and right of a word does not make another one.
        rest = rest.replace(word.as_str(), " ");
    }
    folded.len() - rest.chars().filter(|c| *c != ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dictionary::Value,
        organisation::{OrganisationCode, OrganisationPath, OrganisationStatus},
    };

    /// Of Jane O'Neill, of Riverside Hospitals Trust.
    fn guesses() -> Guesses {
        let code = OrganisationCode::parse("RIV").unwrap();
        let home = Organisation {
            path: OrganisationPath::below(None, &code),
            code,
            name: "Riverside Hospitals Trust".to_owned(),
            short_name: "Riverside".to_owned(),
            status: OrganisationStatus::Open,
            sites: vec![],
            units: vec![],
        };
        let person: Attributes = [
            (Attribute::FirstName, "Jane"),
            (Attribute::LastName, "O'Neill"),
            (Attribute::EmailAddress, "jane.harcourt2@health.example"),
        ]
        .into_iter()
        .map(|(attribute, text)| (attribute, Value::stored(text.to_owned())))
        .collect();
        Guesses::of(&person, &home)
    }

    #[test]
    fn each_rule_refuses_what_breaks_it() {
        for (password, verdict) in [
            ("short1!", Err(WeakPassword::TooShort)),
            ("eleven-char", Err(WeakPassword::TooShort)),
            ("teapot lantern", Ok(())),
            (" teapot lantern ", Ok(())),
            ("teapot\nlantern", Err(WeakPassword::Unprintable)),
            ("x".repeat(129).as_str(), Err(WeakPassword::TooLong)),
            // 128 characters in twice as many bytes.
            (
                "лампа и чай ночью"
                    .repeat(8)
                    .chars()
                    .take(128)
                    .collect::<String>()
                    .as_str(),
                Ok(()),
            ),
            ("xxJANExx99!!", Err(WeakPassword::ContainsName)),
            ("o'neill-2026!", Err(WeakPassword::ContainsName)),
            ("aaaaaaaaaaaa", Err(WeakPassword::Repeats)),
            ("abababABABAB", Err(WeakPassword::Repeats)),
            ("abcdefghijkl", Err(WeakPassword::Runs)),
            ("87654321-oki", Err(WeakPassword::Runs)),
            ("123456789012", Err(WeakPassword::Runs)),
            ("Qwertyuiop!!", Err(WeakPassword::Runs)),
            ("aaaa1111bbbb2222", Err(WeakPassword::Runs)),
            ("1q2w3e4r5t6y", Err(WeakPassword::Runs)),
            ("zaq12wsxcde3", Err(WeakPassword::Runs)),
            ("112233445566", Err(WeakPassword::Runs)),
            ("password2026", Err(WeakPassword::Common)),
            ("P@ssw0rd2026", Err(WeakPassword::Common)),
            ("iloveyou2026", Err(WeakPassword::Common)),
            ("Welcome-2026", Err(WeakPassword::Common)),
            ("Summer-2026!", Err(WeakPassword::Common)),
            ("nursenurse12", Err(WeakPassword::Common)),
            ("Staffbook2026!", Err(WeakPassword::KnownName)),
            ("Riverside-2026", Err(WeakPassword::KnownName)),
            ("harcourt!2026", Err(WeakPassword::KnownName)),
            ("trust-riverside", Err(WeakPassword::KnownName)),
            ("teapot-lantern-9", Ok(())),
            ("staffbook-teapot-lantern", Ok(())),
            ("teapot1234lantern", Ok(())),
            ("correct-horse-battery", Ok(())),
            ("purple-kettle-monday", Ok(())),
        ] {
            assert_eq!(check(password, &guesses()), verdict, "{password}");
        }
    }

    #[test]
    fn the_browser_comes_to_the_same_verdict_for_plain_letters() {
        let guesses = Guesses::of_name("Zoë", "O'Neill");
        for password in [
            "short1!",
            "xxZOExx99!!",
            "o'neill-2026!",
            "Password1234",
            "P@ssw0rd2026",
            "Summer-2026!",
            "aaaaaaaaaaaa",
            "Staffbook2026!",
            "teapot-lantern-9",
        ] {
            assert_eq!(
                check_plainly(password, &guesses),
                check(password, &guesses),
                "{password}"
            );
        }
    }

    #[test]
    fn both_spellings_of_a_letter_are_one_password_of_one_length() {
        let (one, two) = ("caf\u{E9}-teapot-9", "cafe\u{301}-teapot-9");
        assert_eq!(normalised(one), normalised(two));
        assert_eq!(normalised(two).chars().count(), 13);
        // Eleven characters, however they are typed.
        assert_eq!(check("e\u{301}toile-nuit", &guesses()), Err(WeakPassword::TooShort));
    }

    #[test]
    fn a_name_that_folds_to_nothing_keeps_nobody_from_choosing() {
        assert_eq!(check("teapot-lantern-9", &Guesses::of_name("---", "Li")), Ok(()));
    }
}
