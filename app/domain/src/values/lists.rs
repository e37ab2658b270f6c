//! The lists that clinical specialty, role and work area are chosen from. They are data: an operator replaces them.

use serde::{Deserialize, Serialize};

/// One list of allowed values for each many-valued attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    /// For clinical specialty.
    pub clinical_specialties: Vec<String>,
    /// For role.
    pub roles: Vec<String>,
    /// For work area.
    pub work_areas: Vec<String>,
}

impl Lists {
    /// The lists as shipped.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            clinical_specialties: read(include_str!("lists/clinical_specialties.txt")),
            roles: read(include_str!("lists/roles.txt")),
            work_areas: read(include_str!("lists/work_areas.txt")),
        }
    }
}

/// A list from its text: a value a line.
#[must_use]
pub fn read(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The entry that a person meant, in its own spelling; case and spacing do not matter.
#[must_use]
pub fn find<'a>(list: &'a [String], text: &str) -> Option<&'a String> {
    let wanted = crate::values::text::fold(text);
    list.iter().find(|entry| crate::values::text::fold(entry) == wanted)
}

/// The entry nearest to a misspelt one, where one is near enough to be offered.
#[must_use]
pub fn nearest<'a>(list: &'a [String], text: &str) -> Option<&'a String> {
    let wanted = crate::values::text::fold(text);
    let likeness = |entry: &String| strsim::jaro_winkler(&crate::values::text::fold(entry), &wanted);
    let best = list.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.85).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_hold_each_value_once_and_no_separator() {
        let lists = Lists::shipped();
        for list in [&lists.clinical_specialties, &lists.roles, &lists.work_areas] {
            assert!(list.len() > 10);
            for entry in list {
                assert_eq!(find(list, &entry.to_uppercase()), Some(entry));
                assert!(!entry.contains(';'));
            }
        }
    }

    #[test]
    fn a_misspelt_value_is_offered_its_nearest() {
        let lists = Lists::shipped();
        assert_eq!(
            nearest(&lists.clinical_specialties, "Cardiolgy").map(String::as_str),
            Some("Cardiology")
        );
        assert_eq!(nearest(&lists.clinical_specialties, "Beekeeping"), None);
    }
}
