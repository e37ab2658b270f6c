//! A whole name in one cell, split into first and last name: `Smith, Jane`, `Jane Smith`, `Dr Anna van der Berg (Annie)`.

use super::{bare, is_suffix, is_title, parts};

/// A whole name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The titles in front; empty if there are none.
    pub title: String,
    /// The first names.
    pub first: String,
    /// The last name, with the small words that belong to it.
    pub last: String,
}

/// Words before a last name that belong to it, in small letters.
const PARTICLES: [&str; 30] = [
    "van", "von", "vom", "zum", "zur", "de", "der", "den", "des", "del", "della", "delle", "dello", "di", "dos", "du",
    "la", "le", "las", "los", "al", "el", "bin", "ibn", "bint", "binti", "ap", "ferch", "mac", "mc",
];

/// The same, where they are written in small letters only: in capitals they may be names.
const SMALL_PARTICLES: [&str; 12] = [
    "ab", "af", "av", "da", "das", "do", "st", "te", "ten", "ter", "ul", "zu",
];

/// Words that join two last names.
const JOINING: [&str; 4] = ["y", "e", "-", "–"];

/// Letters of a word in capitals that is a last name beside words that are not, as in `SMITH Jane`.
const LEAST_CAPITALS: usize = 3;

/// Splits a whole name: at its comma, behind which the first names are, else before its last word and the small words that
/// belong to it. `None` if it has one word only, or more commas than one.
#[must_use]
pub fn split(text: &str) -> Option<Whole> {
    let name = parts(text).name;
    let Some((last, first)) = name.split_once(',') else {
        let words: Vec<_> = name.split_whitespace().collect();
        let (first, last) = by_words(&words)?;
        return whole(titles(text), &first, last);
    };
    let title = match titles(text) {
        none if none.is_empty() => titles(first),
        title => title,
    };
    whole(title, &bare(first), last.trim().to_owned())
}

/// Whether a whole name has a comma behind its last name.
#[must_use]
pub fn has_comma(text: &str) -> bool {
    parts(text).name.contains(',')
}

/// What of a text is in no part of the whole name that it was split into, such as a nickname in brackets or `RGN`.
#[must_use]
pub fn dropped(text: &str, whole: &Whole) -> String {
    let kept: Vec<_> = [&whole.title, &whole.first, &whole.last]
        .into_iter()
        .flat_map(|part| part.split_whitespace())
        .collect();
    let left = text
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| word.chars().any(char::is_alphanumeric) && !kept.contains(word))
        // `Dr.Anna` has no space behind its title.
        .map(|word| kept.iter().find_map(|kept| word.strip_suffix(*kept)).unwrap_or(word));
    left.collect::<Vec<_>>().join(" ")
}

fn whole(title: String, first: &str, last: String) -> Option<Whole> {
    let is_name = |part: &str| part.chars().any(char::is_alphabetic) && !part.contains(',');
    let are_names = is_name(first) && is_name(&last) && !is_suffix(first);
    let first = first.to_owned();
    are_names.then_some(Whole { title, first, last })
}

/// The titles that a text begins with.
fn titles(text: &str) -> String {
    let titles = text.split_whitespace().take_while(|word| is_title(word));
    titles.collect::<Vec<_>>().join(" ")
}

fn by_words(words: &[&str]) -> Option<(String, String)> {
    if words.len() < 2 {
        return None;
    }
    let (first, last) = match capitals_in_front(words) {
        Some(capitals) => (&words[capitals..], &words[..capitals]),
        None => words.split_at(last_begins(words)),
    };
    Some((first.join(" "), last.join(" ")))
}

/// How many words in capitals stand in front of others that are not.
fn capitals_in_front(words: &[&str]) -> Option<usize> {
    let is_capitals = |word: &&&str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters >= LEAST_CAPITALS && !word.chars().any(char::is_lowercase)
    };
    let capitals = words.iter().take_while(is_capitals).count();
    let has_others = words[capitals..]
        .first()
        .is_some_and(|word| word.chars().any(char::is_lowercase));
    (capitals > 0 && has_others).then_some(capitals)
}

/// The place at which the last name begins; a word at least is left for the first name.
fn last_begins(words: &[&str]) -> usize {
    let mut begins = words.len() - 1;
    if begins > 1 && is_suffix(words[begins]) {
        begins -= 1;
    }
    while begins > 1 {
        let before = words[begins - 1];
        if begins > 2 && JOINING.contains(&before) {
            begins -= 2;
        } else if is_particle(before) {
            begins -= 1;
        } else {
            break;
        }
    }
    begins
}

fn is_particle(word: &str) -> bool {
    // `O’ Brien` and `St. John` are typed so, too.
    let small = word.to_lowercase();
    let is_written_apart = small == "st." || (small.ends_with(['\'', '’']) && small.chars().count() == 2);
    is_written_apart || PARTICLES.contains(&small.as_str()) || SMALL_PARTICLES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_is_split_at_its_comma_or_before_its_last_name() {
        for (text, title, first, last) in [
            ("Smith, Jane", "", "Jane", "Smith"),
            ("Smith,Jane Ann", "", "Jane Ann", "Smith"),
            ("van der Berg, Anna", "", "Anna", "van der Berg"),
            ("Smith, Dr Jane (Janey)", "Dr", "Jane", "Smith"),
            ("Dr Smith, Jane", "Dr", "Jane", "Smith"),
            ("Jane Smith", "", "Jane", "Smith"),
            ("Jane Smith, RGN", "", "Jane", "Smith"),
            ("Dr Jane Smith-Jones (Janey)", "Dr", "Jane", "Smith-Jones"),
            ("Prof. Sir Jane Smith", "Prof. Sir", "Jane", "Smith"),
            ("Mary Ann Smith", "", "Mary Ann", "Smith"),
            ("Anna van der Berg", "", "Anna", "van der Berg"),
            ("Jan DE VRIES", "", "Jan", "DE VRIES"),
            ("Nasser Al Fayed", "", "Nasser", "Al Fayed"),
            ("Yusuf bin Omar", "", "Yusuf", "bin Omar"),
            ("Nasser al-Fayed", "", "Nasser", "al-Fayed"),
            ("Rhys ap Gwilym", "", "Rhys", "ap Gwilym"),
            ("Nia ferch Owain", "", "Nia", "ferch Owain"),
            ("Angus Mac Donald", "", "Angus", "Mac Donald"),
            ("Joan St. John", "", "Joan", "St. John"),
            ("Maeve O' Brien", "", "Maeve", "O' Brien"),
            ("Maeve O’Brien", "", "Maeve", "O’Brien"),
            ("Van Morrison", "", "Van", "Morrison"),
            ("José Ortega y Gasset", "", "José", "Ortega y Gasset"),
            ("Jane Smith - Jones", "", "Jane", "Smith - Jones"),
            ("John Smith Jr", "", "John", "Smith Jr"),
            ("SMITH Jane", "", "Jane", "SMITH"),
            ("JANE SMITH", "", "JANE", "SMITH"),
            ("JP Smith", "", "JP", "Smith"),
        ] {
            let found = split(text).map(|whole| (whole.title, whole.first, whole.last));
            assert_eq!(
                found,
                Some((title.to_owned(), first.to_owned(), last.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_in_neither_name_nor_title_was_dropped() {
        for (text, left_out) in [
            ("Jones, Alan (Bank)", "(Bank)"),
            ("Jones,Alan (Night Staff)", "(Night Staff)"),
            ("Jane Smith, RGN", "RGN"),
            ("Dr.Anna Smith", "Dr."),
            ("Dr Smith, Jane", ""),
            ("Smith, Dr Jane", ""),
            ("Mary Ann van der Berg", ""),
            ("Smith - Jones, Jane", ""),
        ] {
            let whole = split(text).unwrap();
            assert_eq!(dropped(text, &whole), left_out, "{text}");
        }
        assert!(has_comma("Jones, Alan (Bank)") && !has_comma("Jane Smith, RGN") && !has_comma("Jane Smith"));
    }

    #[test]
    fn what_is_one_word_or_has_more_commas_is_not_split() {
        for text in [
            "Suharti",
            "Dr Smith",
            "Smith,",
            ", Jane",
            "Smith, Jr",
            "Smith, Jane, Ann",
            "",
            "- -",
            "(Janey)",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
