//! Private addresses that several rows of one file give: found before anything is planned, so that each row is asked about.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use domain::{
    dictionary::Attribute,
    ids::RowNumber,
    request::{ChangeRequest, Wish},
};

/// Rows that give the same private address as another, each with the first other row that does. Of each address only a
/// number is kept, as of keys ([`crate::check::repeated_keys`]).
pub(crate) fn shared_private(
    requests: impl IntoIterator<Item = impl Borrow<ChangeRequest>>,
) -> HashMap<RowNumber, RowNumber> {
    let halves = [RandomState::new(), RandomState::new()];
    let mut given: Vec<([u64; 2], RowNumber)> = Vec::new();
    for request in requests {
        let request = request.borrow();
        let Wish::Account(cells) = &request.wish else { continue };
        let Some(text) = cells.key(Attribute::ActivationEmail) else {
            continue;
        };
        let text = text.to_lowercase();
        given.push((halves.each_ref().map(|half| half.hash_one(&text)), request.row));
    }
    given.sort_unstable();
    let mut shared = HashMap::new();
    for same in given
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|same| same.len() > 1)
    {
        let first = same[0].1;
        shared.insert(first, same[1].1);
        shared.extend(same[1..].iter().map(|(_, row)| (*row, first)));
    }
    shared
}

#[cfg(test)]
mod tests {
    use domain::request::Cells;

    use super::*;

    #[test]
    fn rows_with_one_private_address_name_each_other() {
        let row = |number, address: &str| ChangeRequest {
            row: RowNumber(number),
            wish: Wish::Account(Cells::of([(Attribute::ActivationEmail, address)])),
            promised: None,
        };
        let rows = [
            row(2, "jo@home.example"),
            row(3, "al@home.example"),
            row(4, " <JO@home.example>"),
            row(5, ""),
            row(6, ""),
            row(7, "jo@home.example"),
        ];
        let expected = [(2, 4), (4, 2), (7, 2)].map(|(row, other)| (RowNumber(row), RowNumber(other)));
        assert_eq!(shared_private(&rows), HashMap::from(expected));
    }
}
