//! Names as people type them: all in capitals or in small letters, with a title in front or a nickname in brackets. They are
//! kept as they are typed; what is noticed is told, and an address is made of the name alone.

mod nobody;
mod slight;
mod whole;

use serde::{Deserialize, Serialize};

pub use self::{
    nobody::{as_a_name, is_nobody, is_vacant, may_be_nobody},
    slight::{Slight, slight},
    whole::{Whole, dropped, has_comma, split},
};

/// What is noticed about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noticed {
    /// It is all in capital letters.
    Capitals,
    /// It is all in small letters.
    SmallLetters,
    /// It begins with a title.
    Title,
    /// It holds another name in brackets or quotation marks.
    OtherName,
    /// It ends with letters for an honour or a qualification.
    Letters,
    /// It holds a comma, as where both names stand in one cell.
    Comma,
}

/// Titles, in small letters and without their dot.
const TITLES: [&str; 18] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "doctor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "revd",
    "reverend",
    "sr",
    "fr",
];

/// Letters behind a name, as they are written.
const LETTERS: [&str; 16] = [
    "OBE", "MBE", "CBE", "KBE", "DBE", "PhD", "MBBS", "RGN", "RMN", "RN", "FRCS", "MRCS", "FRCP", "MRCP", "BSc", "MSc",
];

/// A name's parts.
struct Parts {
    has_title: bool,
    has_other_name: bool,
    has_letters: bool,
    name: String,
}

/// The name alone: without a title, another name in brackets, and letters behind it. What is nothing else stays.
#[must_use]
pub fn bare(name: &str) -> String {
    let parts = parts(name);
    if parts.name.is_empty() {
        name.trim().to_owned()
    } else {
        parts.name
    }
}

/// What is noticed about a name, the first of it, and the name that may be meant.
#[must_use]
pub fn noticed(name: &str) -> Option<(Noticed, String)> {
    let parts = parts(name);
    let all = [
        (Noticed::Title, parts.has_title),
        (Noticed::OtherName, parts.has_other_name),
        (Noticed::Letters, parts.has_letters),
        (Noticed::Comma, parts.name.contains(',') && both(&parts.name).is_some()),
    ];
    let found = all.into_iter().find(|(_, is_so)| *is_so).map(|(noticed, _)| noticed);
    let style = case_of(&parts.name);
    let meant = match style {
        Some(_) => capitalised(&parts.name),
        None => parts.name,
    };
    found.or(style).map(|noticed| (noticed, meant))
}

/// The two names in one cell, first and last: `Okonkwo, Nerys`, or `Nerys Okonkwo` parted at its last space.
#[must_use]
pub fn both(text: &str) -> Option<(String, String)> {
    let parted = match text.split_once(',') {
        Some((last, first)) => (first, last),
        None => text.trim().rsplit_once(' ')?,
    };
    let (first, last) = (parted.0.trim(), parted.1.trim());
    let is_name = |part: &str| part.chars().any(char::is_alphabetic) && !part.contains(',');
    let are_names = is_name(first) && is_name(last) && !LETTERS.contains(&first) && !is_suffix(first);
    are_names.then(|| (first.to_owned(), last.to_owned()))
}

/// `Smith, Jr` is one name.
fn is_suffix(text: &str) -> bool {
    let plain = text.trim_end_matches('.');
    ["jr", "snr", "junior", "senior", "ii", "iii"]
        .iter()
        .any(|suffix| plain.eq_ignore_ascii_case(suffix))
}

fn parts(name: &str) -> Parts {
    let (without, has_other_name) = without_other_name(name);
    let mut rest = without.split_whitespace().collect::<Vec<_>>();
    let letters = rest.iter().rev().take_while(|word| is_letters(word)).count();
    // A name of nothing but letters is a name.
    let has_letters = letters > 0 && letters < rest.len();
    if has_letters {
        rest.truncate(rest.len() - letters);
    }
    let titles = rest
        .iter()
        .take(rest.len().saturating_sub(1))
        .take_while(|word| is_title(word))
        .count();
    let joined = rest[titles..].join(" ");
    // `Dr.Xanthe` has no space behind its title.
    let glued = joined.split_once('.').filter(|(start, behind)| {
        let is_name = behind.chars().filter(|c| c.is_alphabetic()).count() > 1;
        is_title(start) && is_name && !behind.starts_with(' ')
    });
    let alone = glued.map_or(joined.as_str(), |(_, behind)| behind);
    Parts {
        has_title: titles > 0 || glued.is_some(),
        has_other_name,
        has_letters,
        name: alone.trim_end_matches([',', ' ']).to_owned(),
    }
}

fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    TITLES.iter().any(|title| word.eq_ignore_ascii_case(title))
}

fn is_letters(word: &str) -> bool {
    LETTERS.contains(&word.trim_end_matches(','))
}

/// A name without what stands in brackets or quotation marks behind or between its words.
fn without_other_name(name: &str) -> (String, bool) {
    for (open, close) in [('(', ')'), ('[', ']'), ('"', '"'), ('“', '”'), ('‘', '’'), ('\'', '\'')] {
        let Some((before, rest)) = name.split_once(open) else {
            continue;
        };
        let Some((inside, behind)) = rest.split_once(close) else {
            continue;
        };
        // An apostrophe within a word, such as O'Neill's, opens nothing.
        let stands_apart = before.is_empty() || before.ends_with(' ');
        let ends_apart = behind.is_empty() || behind.starts_with([' ', ',']);
        if stands_apart
            && ends_apart
            && inside.chars().any(char::is_alphabetic)
            && !(before.is_empty() && behind.is_empty())
        {
            return (format!("{} {}", before.trim_end(), behind.trim_start()), true);
        }
    }
    (name.to_owned(), false)
}

/// Whether a name is all in capitals or all in small letters. Initials are, too, and do not count.
fn case_of(name: &str) -> Option<Noticed> {
    let (mut capitals, mut small) = (0, 0);
    for c in name.chars() {
        capitals += usize::from(c.is_uppercase());
        small += usize::from(c.is_lowercase());
    }
    match (capitals, small) {
        (3.., 0) => Some(Noticed::Capitals),
        (0, 2..) => Some(Noticed::SmallLetters),
        _ => None,
    }
}

/// `Nerys O’Neill-McDonald` for the same in capitals.
fn capitalised(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut begins = true;
    for c in name.chars() {
        match begins {
            true => written.extend(c.to_uppercase()),
            false => written.extend(c.to_lowercase()),
        }
        // The letter behind Mc is a capital.
        let word = written.rsplit([' ', '-']).next().unwrap_or_default();
        begins = !c.is_alphabetic() || word == "Mc";
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> (Option<Noticed>, String) {
        match noticed(name) {
            Some((noticed, meant)) => (Some(noticed), meant),
            None => (None, String::new()),
        }
    }

    #[test]
    fn what_is_typed_otherwise_than_a_name_is_noticed_with_the_name_meant() {
        for (name, noticed, meant) in [
            ("NERYS", Noticed::Capitals, "Nerys"),
            ("O’NEILL-MCDONALD", Noticed::Capitals, "O’Neill-McDonald"),
            ("nerys", Noticed::SmallLetters, "Nerys"),
            ("van der berg", Noticed::SmallLetters, "Van Der Berg"),
            ("Dr Xanthe", Noticed::Title, "Xanthe"),
            ("dr. Xanthe", Noticed::Title, "Xanthe"),
            ("Dr.Xanthe", Noticed::Title, "Xanthe"),
            ("PROF. SIR XANTHE", Noticed::Title, "Xanthe"),
            ("Xanthe (Xan)", Noticed::OtherName, "Xanthe"),
            ("Xanthe “Xan” Mary", Noticed::OtherName, "Xanthe Mary"),
            ("Xanthe 'Xan'", Noticed::OtherName, "Xanthe"),
            ("Thomas OBE", Noticed::Letters, "Thomas"),
            ("Thomas, RGN", Noticed::Letters, "Thomas"),
            ("Okonkwo, Nerys", Noticed::Comma, "Okonkwo, Nerys"),
        ] {
            assert_eq!(told(name), (Some(noticed), meant.to_owned()), "{name}");
        }
        for name in [
            "Nerys",
            "McDonald",
            "van der Berg",
            "de la Cruz-O’Neill",
            "JP",
            "AJ",
            "J.",
            "李",
            "محمد",
            "Null",
            "True",
            "Sir",
            "’t Hooftman",
            "'s-Gravenhage",
            "Dr",
            "Drew",
            "Mary Ann",
            "Missy",
            "Lord-Jones",
            "Ní Dhomhnaill",
            "",
        ] {
            assert_eq!(told(name), (None, String::new()), "{name}");
        }
    }

    #[test]
    fn the_bare_name_is_what_an_address_is_made_of() {
        for (name, alone) in [
            ("Dr Xanthe", "Xanthe"),
            ("Mary (Molly)", "Mary"),
            ("Thomas MBE", "Thomas"),
            ("NERYS", "NERYS"),
            ("Dr", "Dr"),
            ("(Molly)", "(Molly)"),
            ("'t Hooft", "'t Hooft"),
            ("RN", "RN"),
            ("O'Neill", "O'Neill"),
        ] {
            assert_eq!(bare(name), alone, "{name}");
        }
    }

    #[test]
    fn two_names_in_one_cell_are_told_apart() {
        let both = |text| both(text).map(|(first, last)| format!("{first}/{last}"));
        assert_eq!(both("Okonkwo, Nerys").as_deref(), Some("Nerys/Okonkwo"));
        assert_eq!(both("Nerys Mary Okonkwo").as_deref(), Some("Nerys Mary/Okonkwo"));
        for one in ["Okonkwo", "Smith, Jr", "Okonkwo,", ", Nerys", "a, b, c", "- -"] {
            assert_eq!(both(one), None, "{one}");
        }
    }
}
