//! Words that fill the cell of a name and are nobody's, and names that look like one of them: people are called Null.

/// Nobody is called so; in small letters.
const NEVER: [&str; 31] = [
    "(null)",
    "<null>",
    "[null]",
    "(none)",
    "<none>",
    "<na>",
    "(blank)",
    "\\n",
    "undefined",
    "n/a",
    "n.a.",
    "n.a",
    "n\\a",
    "tbc",
    "tba",
    "tbd",
    "t.b.c.",
    "t.b.a.",
    "to be confirmed",
    "to be advised",
    "to follow",
    "unknown",
    "not known",
    "not given",
    "not applicable",
    "not available",
    "missing",
    "no name",
    "no surname",
    "vacant",
    "vacancy",
];

/// Words of machines that are names, too: as machines write them they are nobody's, as names are written they may be.
const OF_MACHINES: [&str; 5] = ["null", "none", "nan", "nil", "na"];

/// What people type to try something out, or where they know nothing. All are names, too.
const OF_PEOPLE: [&str; 3] = ["test", "dummy", "blank"];

/// Whether a text in the place of a name is certainly nobody's.
#[must_use]
pub fn is_nobody(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let are_crosses = small.len() > 1 && small.bytes().all(|byte| byte == b'x');
    are_crosses || NEVER.contains(&small.as_str()) || as_a_name(text).is_some()
}

/// Whether a text in the place of a name says that nobody has the post, such as “Vacant Post”.
#[must_use]
pub fn is_vacant(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| word.eq_ignore_ascii_case("vacant") || word.eq_ignore_ascii_case("vacancy"))
}

/// Whether a text may be somebody's name, and may as well stand there for want of one.
#[must_use]
pub fn may_be_nobody(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    OF_PEOPLE.contains(&small.as_str()) || (OF_MACHINES.contains(&small.as_str()) && !is_nobody(text))
}

/// The name that a machine's word is when it is written as one: `Null` for `NULL`. `None` if the text is no such word.
#[must_use]
pub fn as_a_name(text: &str) -> Option<String> {
    let small = text.to_ascii_lowercase();
    let mut letters = small.chars();
    let name: String = letters.next()?.to_uppercase().chain(letters).collect();
    (OF_MACHINES.contains(&small.as_str()) && name != text).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_machines_are_nobody_and_names_like_them_are_asked_about() {
        for text in [
            "NULL",
            "null",
            "NaN",
            "nan",
            "NONE",
            "none",
            "nil",
            "NA",
            "N/A",
            "n/a",
            "TBC",
            "tba",
            "Unknown",
            "xxx",
            "XX",
            "Not known",
            "Vacant",
            "(blank)",
            "\\N",
        ] {
            assert!(is_nobody(text) && !may_be_nobody(text), "{text}");
        }
        for text in ["Null", "None", "Nan", "Na", "Nil", "Test", "TEST", "Blank"] {
            assert!(!is_nobody(text) && may_be_nobody(text), "{text}");
        }
        for text in [
            "Tan", "An", "O", "X", "No", "Nat", "True", "Nancy", "Nilsson", "Tester", "Noname", "",
        ] {
            assert!(!is_nobody(text) && !may_be_nobody(text), "{text}");
        }
        assert!(is_vacant("Vacant Post") && is_vacant("POST (VACANCY)") && !is_vacant("Vacantina"));
        assert_eq!(as_a_name("NULL").as_deref(), Some("Null"));
        assert_eq!(as_a_name("Null"), None);
    }
}
