//! What a file's cells are read as, where that is not plain from what stands in them; and what is noticed about names.

use super::{AccountStep, Change, ContactStep, Step, sheet::Sheet};
use crate::{
    account::{Account, AccountStatus},
    dictionary::{Attribute, Attributes, Value},
    problem::{Kind, Problem},
    rules::Rules,
    values::{
        names::{self, Whole},
        text,
    },
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

    /// A database's or a script's word for nothing is an empty cell, whichever detail it stands for: what is there stays.
    pub(super) fn empty_words_for_nothing(&mut self) {
        let cells = self.cells;
        for (&attribute, text) in &cells.texts {
            let is_refused = self.problems.iter().any(|problem| {
                let is_here = problem.place.attribute() == Some(attribute);
                is_here && matches!(problem.kind, Kind::StandsForNothing { .. })
            });
            let word = match is_refused {
                true if attribute.may_be_nothing() => Some(text::trimmed(text).to_owned()),
                false if !self.has_problem(attribute) => attribute.word_for_nothing(text),
                _ => None,
            };
            if let Some(word) = word {
                self.problems
                    .retain(|problem| problem.place.attribute() != Some(attribute));
                self.given.set(attribute, None);
                self.warn(attribute, Kind::ReadAsEmpty { attribute, word });
            }
        }
    }

    /// Splits a whole name into the names that have no cells of their own.
    pub(super) fn split_whole_name(&mut self, rules: &Rules) {
        let attribute = Attribute::WholeName;
        let Some(text) = self.given.get(attribute).map(ToString::to_string) else {
            return;
        };
        self.given.set(attribute, None);
        if !self.cells.needs_whole_name() {
            return;
        }
        let Some(whole) = names::split(&text) else {
            return self.cell_problem(attribute, Kind::NotSplit);
        };
        for (name, text) in [(Attribute::FirstName, whole.first), (Attribute::LastName, whole.last)] {
            if self.cells.texts.contains_key(&name) {
                continue;
            }
            match name.parse_single(&text, rules) {
                Ok(value) => self.given.set(name, Some(value)),
                Err(kind) => self.cell_problem(attribute, kind),
            }
        }
    }

    /// The title in front of a whole name, where the row has no other.
    pub(super) fn title_of_whole_name(&self) -> Option<Value> {
        let is_free = self.cells.needs_whole_name() && !self.cells.texts.contains_key(&Attribute::Title);
        let whole = names::split(self.cells.text(Attribute::WholeName)).filter(|_| is_free)?;
        (!whole.title.is_empty()).then(|| Value::stored(whole.title))
    }

    /// Tells how a whole name was split, where that gives somebody a name and could have been done otherwise, or where
    /// something of it was left out.
    pub(super) fn tell_whole_name(&mut self, step: Option<&Step>) {
        let gives_name = NAMES.iter().any(|name| given_by(step, *name).is_some());
        if !gives_name || !self.cells.needs_whole_name() {
            return;
        }
        let text = self.cells.text(Attribute::WholeName);
        let Some(whole) = names::split(text) else { return };
        let dropped = names::dropped(text, &whole);
        // With a comma behind the last name there is one way to read it.
        if dropped.is_empty() && names::has_comma(text) {
            return;
        }
        let Whole { first, last, .. } = whole;
        self.warn(Attribute::WholeName, Kind::ReadAsNames { first, last, dropped });
    }

    /// Tells what is noticed about the names that a step gives somebody.
    pub(super) fn notice_names(&mut self, step: Option<&Step>) {
        for attribute in NAMES {
            let given = given_by(step, attribute).unwrap_or_default();
            if let Some((noticed, meant)) = names::noticed(&given) {
                let kind = Kind::NameAsTyped {
                    attribute,
                    noticed,
                    meant,
                };
                self.warn_of_name(attribute, &given, kind);
            }
        }
    }

    /// Says that an activation link goes nowhere else once somebody is here: who waits for it may be expected to get it.
    pub(super) fn notice_private_address(&mut self, existing: &Account) {
        let is_given = self.given.get(Attribute::ActivationEmail).is_some();
        let kind = match existing.status {
            _ if !is_given => return,
            AccountStatus::Pending => Kind::PrivateNotUsed,
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => Kind::PrivateNotNeeded,
            // What is shut takes no changes, or its person leaves.
            AccountStatus::Disabled | AccountStatus::Leaver | AccountStatus::Deleted => return,
        };
        // The address itself is not kept beside the row.
        let remark = Problem::in_cell(self.row, Attribute::ActivationEmail, "", kind);
        self.warnings.push(remark);
    }

    /// Asks about a name that a step gives somebody and that may stand there for want of one.
    pub(super) fn ask_about_names(&mut self, step: Option<&Step>) {
        for attribute in NAMES {
            let given = given_by(step, attribute).unwrap_or_default();
            if names::may_be_nobody(&given) {
                self.warn_of_name(attribute, &given, Kind::MayBeNobody { attribute });
            }
        }
    }

    /// A file that writes a name with less care than it is written here does not overwrite it. What its sender has typed
    /// into the row themselves does.
    pub(super) fn keep_names(&mut self, existing: &Account) {
        for attribute in NAMES {
            let place = match self.cells.texts.contains_key(&attribute) {
                true => attribute,
                false => Attribute::WholeName,
            };
            let is_typed = self.cells.mended.contains_key(&place) || self.cells.overruling.contains(&attribute);
            let here = existing.attributes.get(attribute);
            let Some((stays, given)) = here.zip(self.given.get(attribute)).filter(|_| !is_typed) else {
                continue;
            };
            let Some(how) = names::slight(stays.as_str(), given.as_str()) else {
                continue;
            };
            let (stays, given) = (stays.to_string(), given.to_string());
            self.given.set(attribute, None);
            self.warn_of_name(attribute, &given, Kind::NameKept { attribute, stays, how });
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

    /// As [`Self::warn`] of a name, which may stand in the cell of a whole name.
    fn warn_of_name(&mut self, attribute: Attribute, name: &str, kind: Kind) {
        let cells = self.cells;
        let (place, text) = match cells.texts.get(&attribute) {
            Some(own) => (attribute, own.as_str()),
            None if cells.needs_whole_name() => (Attribute::WholeName, name),
            None => (attribute, name),
        };
        self.warnings.push(Problem::in_cell(self.row, place, text, kind));
    }

    fn warn(&mut self, attribute: Attribute, kind: Kind) {
        let text = self.cells.text(attribute);
        self.warnings.push(Problem::in_cell(self.row, attribute, text, kind));
    }
}

/// The text that a step gives somebody, where it does.
fn given_by(step: Option<&Step>, attribute: Attribute) -> Option<String> {
    match step? {
        Step::CreateAccount { attributes, .. } | Step::CreateContact { attributes, .. } => {
            text_of(attributes, attribute)
        }
        Step::Account(_, AccountStep::Update { changes, .. }) | Step::Contact(_, ContactStep::Update { changes }) => {
            after(changes, attribute)
        }
        _ => None,
    }
}

fn text_of(attributes: &Attributes, attribute: Attribute) -> Option<String> {
    attributes.get(attribute).map(ToString::to_string)
}

fn after(changes: &[Change], attribute: Attribute) -> Option<String> {
    let change = changes.iter().find(|change| change.attribute == attribute)?;
    change.after.as_ref().map(ToString::to_string)
}
