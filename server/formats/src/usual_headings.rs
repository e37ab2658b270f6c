//! The usual headings of personnel systems: data that says what other systems call what is known of a person.

use std::collections::{HashMap, HashSet};

use domain::dictionary::Attribute;
use serde::Deserialize;

/// The usual headings of personnel systems, each as it is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headings {
    /// Headings of what is read, as they are written.
    pub(crate) read: Vec<String>,
    /// Headings of what is never read.
    left_out: HashSet<String>,
    /// What headings mean, and how surely.
    meant: HashMap<String, Vec<(Attribute, i32)>>,
    /// The same without the words that say only whose it is.
    shortened: HashMap<String, Vec<(Attribute, i32)>>,
}

/// The usual headings as their file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    leave_out: Vec<String>,
    #[serde(rename = "heading")]
    usual: Vec<Usual>,
}

/// The usual headings of one attribute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    attribute: Attribute,
    /// Best first.
    names: Vec<String>,
    /// Headings that count where no column has one of the names.
    #[serde(default)]
    instead: Vec<String>,
}

/// A usual heading.
pub(crate) const USUAL: i32 = 1_000;
/// One that counts where there is no better.
const INSTEAD: i32 = 500;
/// How much less a heading says of which words had to be left out.
const SHORTENED: i32 = 300;

impl Headings {
    pub(crate) fn read(text: &str) -> Result<Self, toml::de::Error> {
        let written: Written = toml::from_str(text)?;
        let mut headings = Self {
            left_out: written.leave_out.iter().map(|heading| compared(heading)).collect(),
            ..Self::default()
        };
        for Usual {
            attribute,
            names,
            instead,
        } in written.usual
        {
            headings.read.extend(names.iter().chain(&instead).cloned());
            for (name, score) in names.iter().zip((0..=USUAL).rev()) {
                headings
                    .meant
                    .entry(compared(name))
                    .or_default()
                    .push((attribute, score));
                let short = headings.shortened.entry(shortened(name)).or_default();
                short.push((attribute, score - SHORTENED));
            }
            for (name, score) in instead.iter().zip((0..=INSTEAD).rev()) {
                headings
                    .meant
                    .entry(compared(name))
                    .or_default()
                    .push((attribute, score));
            }
        }
        Ok(headings)
    }

    /// What a heading usually means, and how surely.
    pub(crate) fn meanings(&self, heading: &str) -> impl Iterator<Item = (Attribute, i32)> {
        let short = shortened(heading);
        let short = Some(short).filter(|short| !short.is_empty());
        let short = short.and_then(|short| self.shortened.get(&short));
        let meant = self.meant.get(&compared(heading));
        meant.into_iter().chain(short).flatten().copied()
    }

    /// Whether a heading says that nothing is to be read from its column.
    pub(crate) fn leaves_out(&self, heading: &str) -> bool {
        self.left_out.contains(&compared(heading))
    }
}

/// The words of a heading in small letters: `AssignmentNo`, `assignment_no.` and `Assignment Number` are the same two.
fn words(heading: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for sign in heading.chars() {
        let begins = !before.is_alphanumeric() || (before.is_lowercase() && sign.is_uppercase());
        if sign.is_alphanumeric() {
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(sign.to_lowercase()),
                None => words.push(sign.to_lowercase().collect()),
            }
        } else if sign == '#' {
            words.push("number".to_owned());
        }
        before = sign;
    }
    let whole = |word: String| match word.as_str() {
        "no" | "nr" | "num" | "nbr" => "number".to_owned(),
        "tel" | "phone" => "telephone".to_owned(),
        "mob" => "mobile".to_owned(),
        "org" | "organization" => "organisation".to_owned(),
        "dept" => "department".to_owned(),
        "emp" => "employee".to_owned(),
        "addr" => "address".to_owned(),
        _ => word,
    };
    words.into_iter().map(whole).collect()
}

/// A heading as it is compared.
fn compared(heading: &str) -> String {
    words(heading).concat()
}

/// A heading without the words that say only whose it is.
fn shortened(heading: &str) -> String {
    const WHOSE: [&str; 15] = [
        "employee",
        "employees",
        "staff",
        "person",
        "people",
        "worker",
        "work",
        "business",
        "office",
        "primary",
        "main",
        "current",
        "hr",
        "esr",
        "the",
    ];
    let mut words = words(heading);
    words.retain(|word| !WHOSE.contains(&word.as_str()));
    words.concat()
}
