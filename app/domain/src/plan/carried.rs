//! Rows that build on one another: what earlier rows of a file come to is carried on, so that a later one is planned as if
//! they had been applied.
//!
//! A file is planned run by run. Within a run nobody is named twice, so each of its rows meets the people as the runs before
//! have left them; seats and storage are counted on from row to row.

mod taking;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

pub(super) use self::taking::Taking;
use super::PlannedRow;
use crate::{
    account::Account,
    change_file::{ChangeFault, ChangeRow},
    dictionary::{Attribute, Value},
    problem::{Kind, Problem},
    request::ChangeRequest,
    subscription::Seat,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};

/// What planned rows have come to, of people and of what they take.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Accounts as the rows leave them, new ones too.
    pub(super) accounts: HashMap<AccountId, Account>,
    /// Who answers to an address.
    pub(super) by_address: HashMap<String, AccountId>,
    /// Their seats.
    pub(super) seats: HashMap<AccountId, Vec<Seat>>,
    /// Who has been asked whether another address is theirs.
    pub(super) renaming: HashSet<AccountId>,
    /// The addresses that they were asked about.
    pub(super) promised: HashMap<EmailAddress, AccountId>,
    /// About which address each of them was asked last.
    pub(super) asked: HashMap<AccountId, EmailAddress>,
    /// Whose rename is over that waited before the file.
    pub(super) renaming_over: HashSet<AccountId>,
    /// Who was invited when, by earlier rows and before the file.
    pub(super) invited: HashMap<AccountId, Timestamp>,
    /// Whom earlier rows have made: they come with the file, and are no news to it.
    pub(super) made: HashSet<AccountId>,
    /// What is taken of seats and of extra storage.
    pub(super) taking: Taking,
    /// The addresses that the file names more than once. `None` if that is not known: everybody is kept.
    pub(super) again: Option<HashSet<String>>,
}

/// The rows of a file, run by run: consecutive ones in which no address is named twice.
#[must_use]
pub fn runs(requests: &[ChangeRequest]) -> Vec<Range<usize>> {
    let mut runs = vec![];
    let (mut start, mut named) = (0, HashSet::new());
    for (place, request) in requests.iter().enumerate() {
        let addresses = addresses(request);
        if addresses.iter().any(|address| named.contains(address)) {
            runs.push(start..place);
            start = place;
            named.clear();
        }
        named.extend(addresses);
    }
    if start < requests.len() {
        runs.push(start..requests.len());
    }
    runs
}

/// How many of a run's planned rows may be applied together: those before the first that is about somebody whom an earlier
/// one changes, or gives them the content of another. Somebody may be named by two of their addresses.
#[must_use]
pub fn applied_together(rows: &[PlannedRow]) -> usize {
    let mut changed = HashSet::new();
    for (place, row) in rows.iter().enumerate() {
        let about = row
            .step
            .account()
            .or(row.matched.as_ref().map(|matched| matched.account));
        let is_met = about
            .into_iter()
            .chain(row.step.heirs())
            .any(|account| changed.contains(&account));
        // Who is refused as heir may be somebody to whom an earlier row gives what is missing, and an address may be promised
        // to somebody whose rename an earlier row ends.
        let may_be_met = !changed.is_empty() && row.step.problems().iter().any(is_about_another);
        if is_met || may_be_met {
            return place;
        }
        if row.step.operation().is_some() {
            changed.extend(about);
        }
    }
    rows.len()
}

fn is_about_another(problem: &Problem) -> bool {
    let kind = &problem.kind;
    matches!(
        kind,
        Kind::Change(
            ChangeFault::AssignToNone { .. }
                | ChangeFault::AssignToNoCollab { .. }
                | ChangeFault::AddressPromised { .. }
        )
    )
}

/// The addresses that a row names.
pub(super) fn addresses(request: &ChangeRequest) -> Vec<String> {
    request.wish.change_row().map(ChangeRow::addresses).unwrap_or_default()
}

impl Carried {
    /// The seconds within which nobody is invited twice.
    pub const BETWEEN_INVITATIONS: i64 = 3_600;

    /// For a whole file: people whom it names once are not kept, so that a long file needs little room.
    #[must_use]
    pub fn of_file(requests: &[ChangeRequest]) -> Self {
        let (mut once, mut again) = (HashSet::new(), HashSet::new());
        for address in requests.iter().flat_map(addresses) {
            if !once.insert(address.clone()) {
                again.insert(address);
            }
        }
        Self {
            again: Some(again),
            ..Self::default()
        }
    }

    /// Notes an invitation that was sent before the file: another within the hour is not sent.
    pub fn note_invitation(&mut self, account: AccountId, at: Timestamp) {
        self.invited.insert(account, at);
    }

    /// Notes somebody whom an earlier row of the file has made.
    pub fn note_made(&mut self, account: AccountId) {
        self.made.insert(account);
    }

    /// When somebody was invited last, as far as that is known.
    pub(super) fn invited(&self, account: AccountId) -> Option<Timestamp> {
        self.invited.get(&account).copied()
    }

    /// What earlier rows of the file have taken of seats and of extra storage.
    pub(super) const fn taking(&self) -> &Taking {
        &self.taking
    }

    /// Whether a person may be named by a further row.
    pub(super) fn may_come_again(&self, account: &Account) -> bool {
        let Some(again) = &self.again else { return true };
        names_of(account).any(|name| again.contains(name))
    }
}

/// The addresses to which somebody answers.
pub(super) fn names_of(account: &Account) -> impl Iterator<Item = &str> {
    let own = account.attributes.get(Attribute::EmailAddress).map(Value::as_str);
    own.into_iter().chain(account.aliases.iter().map(EmailAddress::as_str))
}
