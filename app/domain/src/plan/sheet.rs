//! One row's cells while they are looked at: what could be read of them, and all that is wrong with them so far.

use super::{Change, PlannedRow, Step, matching::World};
use crate::{
    account::{self, Account},
    dictionary::{Attribute, Attributes, Value},
    hand_edit::Kept,
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    problem::{Kind, Place, Problem},
    request::{BrokenQuotes, CLEAR, CellMark, Cells},
    values::{ids::RowNumber, text},
};

/// A row while it is looked at.
pub(super) struct Sheet<'a> {
    pub(super) row: RowNumber,
    pub(super) cells: &'a Cells,
    pub(super) given: Attributes,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    pub(super) kept: Vec<Kept>,
    pub(super) overwrites: Vec<Kept>,
}

/// Whether somebody is in the organisation already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coming {
    /// They are, and only their details change.
    StaysHere,
    /// They come in, and must be given a place that is managed.
    ComesIn,
}

impl<'a> Sheet<'a> {
    /// Reads every cell by the dictionary.
    pub(super) fn read(world: &World<'_>, row: RowNumber, cells: &'a Cells) -> Self {
        let mut sheet = Self {
            row,
            cells,
            given: Attributes::default(),
            problems: vec![],
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
        };
        if let Some((found, headings)) = cells.surplus {
            sheet
                .problems
                .push(Problem::in_row(row, Kind::TooManyCells { found, headings }));
        }
        if let Some(broken) = &cells.broken {
            sheet.problems.push(broken_quotes(row, broken));
        }
        for (&attribute, mark) in &cells.marks {
            sheet.cell_problem(attribute, not_believed(mark));
        }
        for (&attribute, text) in &cells.texts {
            if cells.marks.contains_key(&attribute) {
                continue;
            }
            if cells.clears(attribute) {
                let is_emptied = attribute.is_kept() || attribute == Attribute::EndDate;
                // A display name that somebody takes away is made again.
                let is_always_there = attribute.is_made_by_service() && attribute != Attribute::DisplayName;
                if attribute.entry().required || !is_emptied || is_always_there {
                    sheet.cell_problem(attribute, Kind::CannotClear { attribute });
                }
                continue;
            }
            // A password was looked at before: its text is not for plans.
            if attribute == Attribute::Password || text::is_blank(text) {
                continue;
            }
            match attribute.parse(text, cells.separator, &world.snapshot.rules) {
                Ok(value) => sheet.given.set(attribute, Some(value)),
                // It is no code, however long it is: shortening it would not make it one.
                Err(_) if attribute == Attribute::Organisation => {
                    sheet.cell_problem(attribute, world.no_organisation(text));
                }
                Err(kind) => sheet.cell_problem(attribute, kind),
            }
        }
        sheet.split_whole_name(&world.snapshot.rules);
        sheet
    }

    pub(super) fn cell_problem(&mut self, attribute: Attribute, kind: Kind) {
        self.problems.push(Problem::in_cell(
            self.row,
            attribute,
            self.cells.as_written(attribute),
            kind,
        ));
    }

    pub(super) fn has_problem(&self, attribute: Attribute) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.place.attribute() == Some(attribute))
    }

    pub(super) fn require(&mut self, attribute: Attribute) {
        let is_name = matches!(attribute, Attribute::FirstName | Attribute::LastName);
        let is_told = self.has_problem(attribute) || (is_name && self.has_problem(Attribute::WholeName));
        if self.given.get(attribute).is_none() && !is_told {
            let kind = self.both_names(attribute).unwrap_or(Kind::Missing { attribute });
            self.cell_problem(attribute, kind);
        }
    }

    pub(super) fn check_required(&mut self) {
        for attribute in Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.entry().required)
        {
            self.require(attribute);
        }
    }

    /// The organisation that the row names, with its site and unit checked. One out of scope is one that is not there.
    pub(super) fn organisation<'w>(&mut self, world: &World<'w>) -> Option<&'w Organisation> {
        let code = self.given.get(Attribute::Organisation)?;
        let known = OrganisationCode::parse(code.as_str())
            .ok()
            .and_then(|code| world.snapshot.organisations.get(&code));
        let Some(known) = known else {
            let kind = world.no_organisation(self.cells.text(Attribute::Organisation));
            self.cell_problem(Attribute::Organisation, kind);
            return None;
        };
        if known.organisation.status == OrganisationStatus::Closed {
            let name = known.organisation.name.clone();
            self.cell_problem(Attribute::Organisation, Kind::ClosedOrganisation { name });
        }
        Some(&known.organisation)
    }

    /// Site and unit are the organisation's own; where only units are managed, the unit is one of them.
    pub(super) fn check_place(&mut self, world: &World<'_>, home: &Organisation, coming: Coming) {
        let organisation = home.code.clone();
        let known = world.snapshot.organisations.get(&home.code);
        let whole = known.is_some_and(|known| known.whole);
        if self
            .given
            .get(Attribute::Site)
            .is_some_and(|site| home.site(site.as_str()).is_none())
        {
            self.cell_problem(
                Attribute::Site,
                Kind::UnknownSite {
                    organisation: organisation.clone(),
                },
            );
        }
        if self
            .given
            .get(Attribute::Unit)
            .is_some_and(|unit| home.unit(unit.as_str()).is_none())
        {
            let needs_one = !whole;
            self.cell_problem(
                Attribute::Unit,
                Kind::UnknownUnit {
                    organisation,
                    needs_one,
                },
            );
        }
        if whole {
            return;
        }
        match coming {
            Coming::StaysHere if self.cells.clears(Attribute::Unit) => {
                let attribute = Attribute::Unit;
                self.cell_problem(attribute, Kind::CannotClear { attribute });
            }
            Coming::StaysHere => {}
            Coming::ComesIn => self.require(Attribute::Unit),
        }
    }

    /// Writes site and unit in the organisation's own spelling.
    pub(super) fn settle_place(&self, home: &Organisation, attributes: &mut Attributes) {
        if let Some(site) = home.site(self.given.text(Attribute::Site)) {
            attributes.set(Attribute::Site, Some(Value::stored(site.code.clone())));
        }
        if let Some(unit) = self
            .given
            .get(Attribute::Unit)
            .and_then(|unit| home.unit(unit.as_str()))
        {
            attributes.set(Attribute::Unit, Some(Value::stored(unit.as_str().to_owned())));
        }
    }

    /// What a person has once these cells are written over it.
    pub(super) fn applied_to(&self, before: &Attributes) -> Attributes {
        let mut after = before.clone();
        for (attribute, value) in self.given.iter().filter(|(attribute, _)| attribute.is_kept()) {
            after.set(attribute, Some(value.clone()));
        }
        for attribute in self.cells.texts.keys().copied() {
            if self.cells.clears(attribute) {
                after.set(attribute, None);
            }
        }
        after
    }

    /// What somebody changed by hand stays, where the file has what was there before and does not overrule it.
    pub(super) fn keep_hand_edits(&mut self, existing: &Account, after: &mut Attributes) {
        for (&attribute, edit) in &existing.by_hand {
            let stays = existing.attributes.get(attribute).cloned();
            let in_file = after.get(attribute).cloned();
            if in_file == stays || self.cells.overruling.contains(&attribute) {
                continue;
            }
            let is_new = in_file != edit.before;
            let cell = Kept {
                attribute,
                stays,
                in_file,
                at: edit.at,
                by: edit.by,
            };
            // A new value in the file is what it says today; that it ends a change by hand is said beside it.
            if is_new {
                self.overwrites.push(cell);
            } else {
                after.set(attribute, cell.stays.clone());
                self.kept.push(cell);
            }
        }
    }

    /// A display name that nobody chose follows the name it was made from (H); so does one that is taken away.
    pub(super) fn follow_name(
        &self,
        world: &World<'_>,
        before: &Attributes,
        home: &Organisation,
        after: &mut Attributes,
    ) {
        let names = [Attribute::FirstName, Attribute::LastName, Attribute::Title];
        let renamed = names.iter().any(|name| before.get(*name) != after.get(*name));
        let old = account::display_name(before, home, &world.snapshot.rules);
        let was_made = before.get(Attribute::DisplayName) == Some(&old);
        let follows = renamed && was_made && self.given.get(Attribute::DisplayName).is_none();
        let is_gone = self.cells.clears(Attribute::DisplayName) && after.get(Attribute::DisplayName).is_none();
        if follows || is_gone {
            let made = account::display_name(after, home, &world.snapshot.rules);
            after.set(Attribute::DisplayName, Some(made));
        }
    }

    /// The name as written, to tell the row by.
    pub(super) fn name(&self) -> String {
        let read = account::full_name(&self.given);
        if !read.is_empty() {
            return read;
        }
        let names = [Attribute::WholeName, Attribute::FirstName, Attribute::LastName];
        let written = names.map(|name| text::trimmed(self.cells.text(name)));
        written
            .join(" ")
            .trim()
            .chars()
            .filter(|c| !c.is_control() && !text::is_unseen(*c))
            .take(80)
            .collect()
    }

    pub(super) fn finish(self, name: String, step: Option<Step>) -> PlannedRow {
        let Self {
            row,
            cells,
            mut problems,
            warnings,
            kept,
            overwrites,
            ..
        } = self;
        match step {
            Some(step) if problems.is_empty() => PlannedRow {
                row,
                name,
                step,
                warnings,
                kept,
                overwrites,
                matched: None,
            },
            _ => {
                // What stands behind a broken cell is not known: that it is missing would be false.
                if cells.broken.is_some() {
                    problems.retain(|problem| matches!(problem.kind, Kind::BrokenQuotes { .. }));
                }
                problems.sort_by_key(|problem| match problem.place {
                    Place::File | Place::Row { .. } => None,
                    Place::Cell { attribute, .. } => Some(attribute),
                });
                PlannedRow::bare(row, name, Step::LeaveOut { problems })
            }
        }
    }
}

/// What is wrong with a row whose quotation marks do not match.
pub(super) fn broken_quotes(row: RowNumber, broken: &BrokenQuotes) -> Problem {
    let BrokenQuotes { swallowed, apart } = broken.clone();
    Problem::in_row(row, Kind::BrokenQuotes { swallowed, apart })
}

/// Why a cell's text is not read.
pub(super) fn not_believed(mark: &CellMark) -> Kind {
    match mark {
        CellMark::Error(error) => Kind::CellError { error: error.clone() },
        CellMark::NotCalculated => Kind::NotCalculated,
    }
}

pub(super) fn kept(attributes: Attributes) -> Attributes {
    attributes
        .iter()
        .filter(|(attribute, _)| attribute.is_kept())
        .map(|(attribute, value)| (attribute, value.clone()))
        .collect()
}

/// What differs between two states of a person, in the form's order.
pub(super) fn changes(before: &Attributes, after: &Attributes) -> Vec<Change> {
    let differs = Attribute::ALL
        .into_iter()
        .filter(|attribute| before.get(*attribute) != after.get(*attribute));
    differs
        .map(|attribute| Change {
            attribute,
            before: before.get(attribute).cloned(),
            after: after.get(attribute).cloned(),
        })
        .collect()
}

/// Of a form's texts, those that differ from what a person had when the form was shown; an emptied one becomes
/// [`CLEAR`]. A form says all it holds, but asks only for what was changed in it.
#[must_use]
pub fn cells_that_differ(before: &Attributes, form: &[(Attribute, String)]) -> Cells {
    let normal = |text: &str| text::trimmed(&text.replace("\r\n", "\n")).to_owned();
    let changed = form.iter().filter_map(|(attribute, text)| {
        let (text, had) = (normal(text), before.text(*attribute));
        let asked = match (text.is_empty(), had.is_empty()) {
            (true, true) => return None,
            (true, false) => CLEAR.to_owned(),
            _ if text == normal(had) => return None,
            _ => text,
        };
        Some((*attribute, asked))
    });
    Cells {
        texts: changed.collect(),
        ..Cells::of([])
    }
}
