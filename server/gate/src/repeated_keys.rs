//! What several rows of one file share: keys, and private addresses. Found before anything is planned.

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

/// Rows that give the same key as another: the file's own duplicates, found before anything is planned. Of each key only a
/// number is kept, made with secrets of this run; in a file of 200,000 rows no two keys have the same by chance.
pub(crate) fn repeated_keys(
    requests: impl IntoIterator<Item = impl Borrow<ChangeRequest>>,
) -> HashMap<RowNumber, (Attribute, RowNumber)> {
    const KEYS: [Attribute; 3] = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];
    let halves = [RandomState::new(), RandomState::new()];
    let mut given: Vec<([u64; 2], RowNumber, usize)> = Vec::new();
    for request in requests {
        let request = request.borrow();
        let Wish::Account(cells) = &request.wish else { continue };
        for (place, key) in KEYS.into_iter().enumerate() {
            let Some(text) = cells.key(key) else { continue };
            let text = match key {
                Attribute::LocalId => {
                    let home = cells.key(Attribute::Organisation).unwrap_or_default();
                    format!("{} {text}", home.to_uppercase())
                }
                _ => text.to_lowercase(),
            };
            let number = halves.each_ref().map(|half| half.hash_one((place, &text)));
            given.push((number, request.row, place));
        }
    }
    given.sort_unstable();
    let mut repeated: Vec<(RowNumber, usize, RowNumber)> = Vec::new();
    for same in given
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|same| same.len() > 1)
    {
        let first = same[0].1;
        repeated.push((first, same[0].2, same[1].1));
        repeated.extend(same[1..].iter().map(|(_, row, place)| (*row, *place, first)));
    }
    // Of several keys that a row shares, the strongest is told of.
    repeated.sort_unstable();
    let mut told = HashMap::new();
    for (row, place, other) in repeated {
        told.entry(row).or_insert((KEYS[place], other));
    }
    told
}

/// Rows that give the same private address as another, each with the first other row that does. Of each address only a
/// number is kept, as of keys ([`repeated_keys`]).
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
