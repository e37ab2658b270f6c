//! Names that a file writes otherwise than they are here, and worse: in capitals, without accents, with a title in front.

use serde::{Deserialize, Serialize};

use super::parts;
use crate::values::text;

/// How a name in a file differs from the same name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slight {
    /// It is all in capital letters, or all in small ones.
    Case,
    /// It has a title in front.
    Title,
    /// It is without accents.
    Accents,
    /// Apostrophes, hyphens or spaces are typed in another way, or are missing.
    Signs,
}

/// How a name in a file is the name that is here, only written with less care. `None` if it is another name, the very same,
/// or written with more care.
#[must_use]
pub fn slight(here: &str, in_file: &str) -> Option<Slight> {
    if here == in_file {
        return None;
    }
    let (own, file) = (parts(here), parts(in_file));
    let has_title = file.has_title && !own.has_title && !file.has_other_name && !file.has_letters;
    let written = if has_title { file.name } else { in_file.to_owned() };
    let (own, file) = (plainly_signed(here), plainly_signed(&written));
    let is_shouted = is_in_one_case(&file);
    let is_same = |own: &str, file: &str| own == file || (is_shouted && own.to_lowercase() == file.to_lowercase());
    if is_same(&own, &file) {
        return Some(match (has_title, own == file) {
            (true, _) => Slight::Title,
            (false, true) => Slight::Signs,
            (false, false) => Slight::Case,
        });
    }
    let (plain_own, plain_file) = (text::plain_letters(&own)?, text::plain_letters(&file)?);
    if care(&file) >= care(&own) {
        return None;
    }
    if is_same(&plain_own, &plain_file) {
        return Some(Slight::Accents);
    }
    is_same(&letters(&plain_own), &letters(&plain_file)).then_some(Slight::Signs)
}

/// The name with the signs of a plain keyboard, and without characters that cannot be seen.
fn plainly_signed(name: &str) -> String {
    let sign = |c: char| match c {
        '`' => '\'',
        c => text::plain_sign(c),
    };
    let signs: String = name.chars().filter(|c| !text::is_unseen(*c)).map(sign).collect();
    signs.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name is all in capitals, more than one, or all in small letters.
fn is_in_one_case(name: &str) -> bool {
    let capitals = name.chars().filter(|c| c.is_uppercase()).count();
    let small = name.chars().filter(|c| c.is_lowercase()).count();
    matches!((capitals, small), (2.., 0) | (0, 1..))
}

/// How much of a name would be lost on a plain keyboard, or in a system that keeps letters only. A space counts for less
/// than what it replaces.
fn care(name: &str) -> usize {
    let worth = |c: char| match c {
        ' ' => 1,
        '\'' | '-' => 2,
        c if c.is_ascii() => 0,
        _ => 2,
    };
    name.chars().map(worth).sum()
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphabetic()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_written_with_less_care_is_the_name_that_is_here() {
        for (here, in_file, how) in [
            ("Lowri", "LOWRI", Slight::Case),
            ("Lowri", "lowri", Slight::Case),
            ("Jo", "JO", Slight::Case),
            ("de Souza", "DE SOUZA", Slight::Case),
            ("McDonald", "MCDONALD", Slight::Case),
            ("Leif", "Dr Leif", Slight::Title),
            ("Leif", "DR LEIF", Slight::Title),
            ("O’Brien", "O'Brien", Slight::Signs),
            ("O'Brien", "O’Brien", Slight::Signs),
            ("O’Brien", "OBrien", Slight::Signs),
            ("O’Brien", "O Brien", Slight::Signs),
            ("O’Brien", "O'BRIEN", Slight::Case),
            ("Smith-Jones", "Smith\u{2011}Jones", Slight::Signs),
            ("Smith-Jones", "Smith Jones", Slight::Signs),
            ("Smith-Jones", "SMITHJONES", Slight::Signs),
            ("Mary Ann", "MaryAnn", Slight::Signs),
            ("Zoë", "Zoe", Slight::Accents),
            ("Zoë", "ZOE", Slight::Accents),
            ("Ødegaard", "Odegaard", Slight::Accents),
            ("Zoë", "Mrs Zoe", Slight::Accents),
        ] {
            assert_eq!(slight(here, in_file), Some(how), "{here} {in_file}");
        }
    }

    #[test]
    fn another_name_or_one_written_with_more_care_is_a_change() {
        for (here, in_file) in [
            ("Mcdonald", "McDonald"),
            ("McDonald", "Mcdonald"),
            ("LOWRI", "Lowri"),
            ("lowri", "Lowri"),
            ("j", "J"),
            ("Dr Leif", "Leif"),
            ("Zoe", "Zoë"),
            ("OBrien", "O’Brien"),
            ("Smith Jones", "Smith-Jones"),
            ("Smith", "Smith-Jones"),
            ("Smith-Jones", "Smith"),
            ("Smith", "SMYTH"),
            ("Leif", "Dr Lena"),
            ("Leif", "Leif (Lee)"),
            ("Anna", "Анна"),
            ("李", "Li"),
            ("Lowri", "Lowri"),
            ("Zoé", "Zoè"),
        ] {
            assert_eq!(slight(here, in_file), None, "{here} {in_file}");
        }
    }
}
