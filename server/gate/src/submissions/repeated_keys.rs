//! What several rows of one file share: keys, private addresses, one-time passwords. Found before anything is planned, in
//! one pass. Of each text only a number is kept, made with secrets of this run; in a file of 200,000 rows no two texts have
//! the same by chance.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use domain::{
    dictionary::Attribute,
    password::normalised,
    request::{ChangeRequest, Wish},
    values::ids::RowNumber,
};

/// What points at somebody, the strongest first.
const KEYS: [Attribute; 3] = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];

/// Texts that may be the same in several rows.
#[derive(Default)]
pub(crate) struct Texts {
    halves: [RandomState; 2],
    given: Vec<([u64; 2], RowNumber)>,
}

impl Texts {
    fn add(&mut self, row: RowNumber, text: &str) {
        self.given
            .push((self.halves.each_ref().map(|half| half.hash_one(text)), row));
    }

    /// The rows that share a text, each with the first other row that has it.
    fn shared(mut self) -> HashMap<RowNumber, RowNumber> {
        self.given.sort_unstable();
        let mut shared = HashMap::new();
        for same in self
            .given
            .chunk_by(|one, next| one.0 == next.0)
            .filter(|same| same.len() > 1)
        {
            let first = same[0].1;
            shared.insert(first, same[1].1);
            shared.extend(same[1..].iter().map(|(_, row)| (*row, first)));
        }
        shared
    }
}

/// What the rows of a file give, while it is gone through.
#[derive(Default)]
pub(crate) struct Given {
    keys: [Texts; 3],
    private: Texts,
    passwords: Texts,
}

/// What its rows share.
pub(crate) struct Shared {
    /// Rows that give the same key as another: which, and the first other row that does.
    pub(crate) keys: HashMap<RowNumber, (Attribute, RowNumber)>,
    /// Rows that give the same private address as another.
    pub(crate) private: HashMap<RowNumber, RowNumber>,
    /// Rows that give the same password as another.
    pub(crate) passwords: HashMap<RowNumber, RowNumber>,
}

impl Given {
    /// What these rows give, but for their passwords.
    pub(crate) fn of<'a>(requests: impl IntoIterator<Item = &'a ChangeRequest>) -> Self {
        let mut given = Self::default();
        for request in requests {
            given.add(request);
        }
        given
    }

    /// A row, which is used up: its password is taken out of it.
    pub(crate) fn use_up(&mut self, mut request: ChangeRequest) {
        self.add(&request);
        if let Wish::AccountInFile(cells) = &mut request.wish
            && let Some(password) = cells.take_password()
        {
            self.passwords.add(request.row, &normalised(&password));
        }
    }

    fn add(&mut self, request: &ChangeRequest) {
        let Wish::AccountInFile(cells) = &request.wish else {
            return;
        };
        for (texts, key) in self.keys.iter_mut().zip(KEYS) {
            let Some(text) = cells.key(key) else { continue };
            match key {
                Attribute::LocalId => {
                    let home = cells.key(Attribute::Organisation).unwrap_or_default();
                    texts.add(request.row, &format!("{} {text}", home.to_uppercase()));
                }
                _ => texts.add(request.row, &text.to_lowercase()),
            }
        }
        if let Some(text) = cells.key(Attribute::ActivationEmail) {
            self.private.add(request.row, &text.to_lowercase());
        }
    }

    /// What of it several rows give.
    pub(crate) fn shared(self) -> Shared {
        let mut keys = HashMap::new();
        // Of several keys that a row shares, the strongest is told.
        for (texts, key) in self.keys.into_iter().zip(KEYS) {
            for (row, other) in texts.shared() {
                keys.entry(row).or_insert((key, other));
            }
        }
        Shared {
            keys,
            private: self.private.shared(),
            passwords: self.passwords.shared(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::request::Cells;

    use super::*;

    fn row(number: u32, texts: &[(Attribute, &str)]) -> ChangeRequest {
        ChangeRequest {
            row: RowNumber(number),
            wish: Wish::AccountInFile(Cells::of(texts.iter().copied())),
            promised: None,
        }
    }

    fn rows<const N: usize>(pairs: [(u32, u32); N]) -> HashMap<RowNumber, RowNumber> {
        HashMap::from(pairs.map(|(row, other)| (RowNumber(row), RowNumber(other))))
    }

    #[test]
    fn rows_with_one_private_address_name_each_other() {
        let row = |number, address: &str| row(number, &[(Attribute::ActivationEmail, address)]);
        let all = [
            row(2, "jo@home.example"),
            row(3, "al@home.example"),
            row(4, " <JO@home.example>"),
            row(5, ""),
            row(6, ""),
            row(7, "jo@home.example"),
        ];
        assert_eq!(Given::of(&all).shared().private, rows([(2, 4), (4, 2), (7, 2)]));
    }

    #[test]
    fn keys_and_passwords_of_rows_are_found_in_one_pass() {
        let all = [
            row(2, &[(Attribute::LocalId, "7"), (Attribute::Organisation, "riv")]),
            row(3, &[(Attribute::LocalId, "7"), (Attribute::Organisation, "RIV")]),
            row(4, &[(Attribute::LocalId, "7"), (Attribute::Organisation, "HLD01")]),
            row(5, &[(Attribute::Password, "violet lamp 5 river")]),
            row(6, &[(Attribute::Password, "violet lamp 5 river")]),
        ];
        let mut given = Given::default();
        for request in all {
            given.use_up(request);
        }
        let shared = given.shared();
        let keys = [(2, 3), (3, 2)].map(|(row, other)| (RowNumber(row), (Attribute::LocalId, RowNumber(other))));
        assert_eq!(shared.keys, HashMap::from(keys));
        assert_eq!(shared.passwords, rows([(5, 6), (6, 5)]));
        assert!(shared.private.is_empty());
    }
}
