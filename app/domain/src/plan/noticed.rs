//! What a file's cells are read as, where that is not plain from what stands in them; and what is noticed about names.

use super::{Change, Step, sheet::Sheet};
use crate::{
    account::{Account, AccountStatus},
    dictionary::{Attribute, Attributes},
    names,
    problem::{Kind, Problem},
};

const NAMES: [Attribute; 2] = [Attribute::FirstName, Attribute::LastName];

impl Sheet<'_> {
    /// Asks about a local ID that a script or a spreadsheet has changed.
    pub(super) fn ask_about_local_id(&mut self) {
        let attribute = Attribute::LocalId;
        let text = self.cells.text(attribute);
        if self.given.get(attribute).is_none() {
            return;
        }
        let kind = match attribute.read_without_fraction(text) {
            Some(read) => Kind::ReadWithoutFraction { attribute, read },
            None if attribute.looks_like_a_date(text) => Kind::LooksLikeADate { attribute },
            None => return,
        };
        self.warn(attribute, kind);
    }

    /// A database's or a script's word for nothing is an empty cell: what is there stays.
    pub(super) fn empty_words_for_nothing(&mut self) {
        let given: Vec<_> = self.given.iter().map(|(attribute, _)| attribute).collect();
        for attribute in given {
            if let Some(word) = attribute.word_for_nothing(self.cells.text(attribute)) {
                self.given.set(attribute, None);
                self.warn(attribute, Kind::ReadAsEmpty { attribute, word });
            }
        }
    }

    /// Tells what is noticed about the names that a step gives somebody.
    pub(super) fn notice_names(&mut self, step: Option<&Step>) {
        for attribute in NAMES {
            let given = match step {
                Some(Step::CreateAccount { attributes, .. } | Step::CreateContact { attributes, .. }) => {
                    text_of(attributes, attribute)
                }
                Some(Step::UpdateAccount { changes, .. } | Step::UpdateContact { changes, .. }) => {
                    after(changes, attribute)
                }
                _ => None,
            };
            if let Some((noticed, meant)) = given.as_deref().and_then(names::noticed) {
                self.warn(
                    attribute,
                    Kind::NameAsTyped {
                        attribute,
                        noticed,
                        meant,
                    },
                );
            }
        }
    }

    /// Says that an activation link goes nowhere else once somebody is here: who waits for it may be expected to get it.
    pub(super) fn notice_private_address(&mut self, existing: &Account) {
        let is_given = !self.cells.text(Attribute::ActivationEmail).trim().is_empty();
        if is_given && existing.status == AccountStatus::Pending {
            // The address itself is not kept beside the row.
            let remark = Problem::in_cell(self.row, Attribute::ActivationEmail, "", Kind::PrivateNotUsed);
            self.warnings.push(remark);
        }
    }

    /// Where a name is missing and the other may hold both.
    pub(super) fn both_names(&self, missing: Attribute) -> Option<Kind> {
        let other = match missing {
            Attribute::FirstName => Attribute::LastName,
            Attribute::LastName => Attribute::FirstName,
            _ => return None,
        };
        let (first, last) = names::both(self.given.get(other)?.as_str())?;
        Some(Kind::BothNamesInOne {
            attribute: missing,
            first,
            last,
        })
    }

    fn warn(&mut self, attribute: Attribute, kind: Kind) {
        let text = self.cells.text(attribute);
        self.warnings.push(Problem::in_cell(self.row, attribute, text, kind));
    }
}

fn text_of(attributes: &Attributes, attribute: Attribute) -> Option<String> {
    attributes.get(attribute).map(ToString::to_string)
}

fn after(changes: &[Change], attribute: Attribute) -> Option<String> {
    let change = changes.iter().find(|change| change.attribute == attribute)?;
    change.after.as_ref().map(ToString::to_string)
}
