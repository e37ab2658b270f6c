//! Staff lists made at random, and what the directory must say once they are applied.

use std::collections::{BTreeMap, BTreeSet};

use domain::{account::Account, dictionary::Attribute};
use rand::{Rng, rngs::StdRng};

/// The people whom one sender's files are about, by local ID, with the last digits of their mobile numbers.
#[derive(Clone)]
pub struct Staff {
    prefix: char,
    /// What the next newcomer's ID ends with.
    next: usize,
    mobiles: BTreeMap<String, u32>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Created,
    Updated,
    Same,
    LeftOut,
}

/// A file, and what it comes to.
pub struct File {
    /// What is sent.
    pub text: String,
    fates: Vec<Fate>,
    after: Staff,
}

impl Staff {
    /// Nobody yet; local IDs will begin with this letter.
    pub fn nobody(prefix: char) -> Self {
        Self {
            prefix,
            next: 0,
            mobiles: BTreeMap::new(),
        }
    }

    /// A file of so many rows: newcomers, other numbers for those who are there, some as they are, some with a mistake.
    pub fn file(&self, rows: usize, random: &mut StdRng) -> File {
        let mut text = "LocalID,ODSCode,FirstName,LastName,Mobile\n".to_owned();
        let (mut after, mut fates) = (self.clone(), Vec::new());
        let mut here: Vec<_> = self.mobiles.keys().cloned().collect();
        for _ in 0..rows {
            let is_known = !here.is_empty() && random.random_bool(0.5);
            let id = if is_known {
                here.swap_remove(random.random_range(0..here.len()))
            } else {
                after.next += 1;
                format!("{}{}", self.prefix, after.next)
            };
            let before = self.mobiles.get(&id).copied();
            let mobile = match before {
                Some(before) => another(before, random),
                None => random.random_range(0..1000),
            };
            let (fate, mobile) = match before {
                _ if random.random_bool(0.05) => (Fate::LeftOut, None),
                Some(before) if random.random_bool(0.2) => (Fate::Same, Some(before)),
                Some(_) => (Fate::Updated, Some(mobile)),
                None => (Fate::Created, Some(mobile)),
            };
            let number = mobile.map_or("12".to_owned(), |mobile| format!("07700 900{mobile:03}"));
            text += &format!("{id},RIV,Ada,{},{number}\n", last_name(&id));
            if let Some(mobile) = mobile {
                after.mobiles.insert(id, mobile);
            }
            fates.push(fate);
        }
        File { text, fates, after }
    }

    /// Somebody whom a hand may change, and the number that it gives them.
    pub fn anybody(&self, random: &mut StdRng) -> Option<(String, u32)> {
        let place = random.random_range(0..self.mobiles.len().max(1));
        let (id, before) = self.mobiles.iter().nth(place)?;
        Some((id.clone(), another(*before, random)))
    }

    /// Notes what a hand has changed.
    pub fn note(&mut self, id: &str, mobile: u32) {
        self.mobiles.insert(id.to_owned(), mobile);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.mobiles.len()
    }

    /// Compares everybody of this prefix with what the files and hands have made of them.
    pub fn assert_kept(&self, accounts: &[Account]) {
        let text = |account: &Account, attribute| account.attributes.text(attribute).to_owned();
        let own = accounts
            .iter()
            .filter(|account| text(account, Attribute::LocalId).starts_with(self.prefix));
        let mut found = BTreeMap::new();
        for account in own {
            let mobile = text(account, Attribute::Mobile);
            let twice = found.insert(text(account, Attribute::LocalId), mobile);
            assert_eq!(twice, None, "somebody is there twice: {account:?}");
        }
        let expected = self
            .mobiles
            .iter()
            .map(|(id, mobile)| (id.clone(), format!("+447700900{mobile:03}")));
        assert_eq!(found, expected.collect());
    }
}

impl File {
    /// How many rows are done, those that are as they were included.
    pub fn done(&self) -> usize {
        self.fates.iter().filter(|fate| **fate != Fate::LeftOut).count()
    }

    /// Whom there is once it is applied.
    pub fn after(self) -> Staff {
        self.after
    }

    /// Each row has exactly what the file says as its result.
    pub fn assert_reported(&self, report: &str) {
        let lines: Vec<_> = report.lines().skip(1).collect();
        assert_eq!(lines.len(), self.fates.len(), "{report}");
        for (place, (line, fate)) in lines.iter().zip(&self.fates).enumerate() {
            let result = line.splitn(6, ',').nth(5).unwrap_or_default().trim_start_matches('"');
            let expected = match fate {
                Fate::Created => "Created ",
                Fate::Updated => "Updated: Mobile.",
                Fate::Same => "No changes needed.",
                Fate::LeftOut => "Rejected. ",
            };
            assert!(
                result.starts_with(expected),
                "row {}: {line}, not {expected}",
                place + 2
            );
        }
    }

    /// Each row that changed something is recorded once, and no other.
    pub fn assert_recorded(&self, rows: Vec<u32>) {
        let changed = (2..)
            .zip(&self.fates)
            .filter(|(_, fate)| [Fate::Created, Fate::Updated].contains(fate));
        let expected: BTreeSet<u32> = changed.map(|(row, _)| row).collect();
        assert_eq!(rows.len(), expected.len(), "a row is recorded twice, or not at all");
        assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    /// The directory says what it should after this file.
    pub fn assert_kept(&self, accounts: &[Account]) {
        self.after.assert_kept(accounts);
    }
}

/// Another number than somebody has, and for a long time none that they had: a file that says again what a hand has changed
/// would not overrule it.
fn another(before: u32, random: &mut StdRng) -> u32 {
    (before + random.random_range(1..4)) % 1000
}

/// A name that no other is like: letters made of an ID, twice.
fn last_name(id: &str) -> String {
    let number: usize = id[1..].parse().unwrap_or_default();
    let letter = |part: usize| char::from(b'a' + u8::try_from(part % 26).unwrap_or_default());
    let letters = [letter(number / 676), letter(number / 26), letter(number)];
    let half: String = letters.into_iter().chain(id.chars().take(1)).collect();
    format!("{}{half}{half}", half[..1].to_uppercase())
}
