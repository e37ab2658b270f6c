//! Which headings of files are the same, and which columns are the product's own.

use domain::{dictionary::Attribute, layout::Layout};

/// Columns that this product adds to the files it gives back; they are read over when such a file is sent again.
const OURS: [&str; 2] = ["Result", "Problems"];

pub(crate) fn is_ours(heading: &str) -> bool {
    OURS.iter().any(|own| same(own, heading))
}

/// The headings of the columns that a file has and that nothing is read from, without those that this product added to it.
#[must_use]
pub fn left_out(layout: &Layout) -> Vec<&str> {
    let is_left_out = |(heading, held): &&(String, Option<Attribute>)| {
        held.is_none() && !heading.trim().is_empty() && !is_ours(heading)
    };
    let columns = layout.columns.iter().filter(is_left_out);
    columns.map(|(heading, _)| heading.as_str()).collect()
}

/// Columns that lists of people are given out with and that nothing is read from.
const SHOWN_ONLY: [&str; 5] = ["Status", "Leaving date", "Absence", "Last sign-in", "Last used"];

/// Whether a column is the portal's own: known, and not read unless the format has such a column.
pub(crate) fn is_shown_only(heading: &str) -> bool {
    SHOWN_ONLY.iter().any(|own| same(own, heading))
}

/// Whether two headings of files are one. Those without any letter or digit are, where they are the same signs.
pub(crate) fn is_alike(one: &str, other: &str) -> bool {
    let has_letters = one.chars().any(char::is_alphanumeric);
    same(one, other) && (has_letters || one.trim() == other.trim())
}

/// Headings are the same whatever their case, spacing and punctuation.
pub(crate) fn same(one: &str, other: &str) -> bool {
    signs(one).eq(signs(other))
}

/// A heading as it is compared.
pub(crate) fn plain(heading: &str) -> String {
    signs(heading).collect()
}

fn signs(heading: &str) -> impl Iterator<Item = char> {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}
