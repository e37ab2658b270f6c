//! Organisations in a file: founded, or changed where they are already here. All rows are looked at together, because a
//! parent may stand in any of them.
//!
//! Closing one that has people, merging, and moving one in the tree are more than a row of a file can ask for yet.

mod tree;

use std::collections::{HashMap, HashSet};

use self::tree::{Above, Place, Standing, places};
use super::{
    Change, OrganisationStep, PlannedRow, Snapshot, Step,
    sheet::{broken_quotes, not_believed},
};
use crate::{
    dictionary::{Attribute, MANY, Value},
    organisation::{Organisation, OrganisationCode, OrganisationStatus, Site, UnitPath},
    problem::{Kind, Problem},
    request::{Cells, ChangeRequest, Wish},
    values::{ids::RowNumber, text},
};

/// What each row that is about an organisation comes to.
pub(super) fn in_file(snapshot: &Snapshot, requests: &[ChangeRequest]) -> HashMap<RowNumber, PlannedRow> {
    let cells = requests.iter().filter_map(|request| match &request.wish {
        Wish::OrganisationInFile(cells) => Some((request.row, cells)),
        _ => None,
    });
    let mut rows: Vec<_> = cells.map(|(row, cells)| Row::read(snapshot, row, cells)).collect();
    refuse_repeated(&mut rows);
    let standing: Vec<_> = rows.iter().map(Row::standing).collect();
    let places = places(snapshot, &standing);
    let planned = rows.into_iter().zip(places);
    planned
        .map(|(row, place)| (row.number, row.planned(snapshot, place)))
        .collect()
}

/// A row while it is looked at.
struct Row<'a> {
    number: RowNumber,
    cells: &'a Cells,
    code: Option<OrganisationCode>,
    name: Option<String>,
    short_name: Option<String>,
    above: Above,
    status: Option<OrganisationStatus>,
    sites: Vec<Site>,
    units: Vec<UnitPath>,
    problems: Vec<Problem>,
}

impl<'a> Row<'a> {
    /// Reads every cell, and says what is wrong with it by itself.
    fn read(snapshot: &Snapshot, number: RowNumber, cells: &'a Cells) -> Self {
        let mut row = Self {
            number,
            cells,
            code: None,
            name: None,
            short_name: None,
            above: Above::Unsaid,
            status: None,
            sites: vec![],
            units: vec![],
            problems: vec![],
        };
        if let Some((found, headings)) = cells.surplus {
            row.problems
                .push(Problem::in_row(number, Kind::TooManyCells { found, headings }));
        }
        if let Some(broken) = &cells.broken {
            row.problems.push(broken_quotes(number, broken));
        }
        row.code = row
            .text(snapshot, Attribute::Code)
            .and_then(|text| row.code_in(Attribute::Code, &text));
        if row.code.is_none() && text::is_blank(cells.text(Attribute::Code)) {
            let attribute = Attribute::Code;
            row.wrong(attribute, Kind::Missing { attribute });
        }
        row.name = row.text(snapshot, Attribute::Name);
        row.short_name = row.text(snapshot, Attribute::ShortName);
        if let Some(text) = row.text(snapshot, Attribute::Parent) {
            row.above = match row.code_in(Attribute::Parent, &text) {
                Some(code) => Above::Code(code),
                None => Above::Wrong,
            };
        }
        if let Some(text) = row.text(snapshot, Attribute::Status) {
            row.status = OrganisationStatus::parse(&text);
            if row.status.is_none() {
                row.wrong(Attribute::Status, Kind::NotAStatus);
            }
        }
        row.read_sites(snapshot);
        row.read_units(snapshot);
        // A new one must have a name.
        let is_here = row
            .code
            .as_ref()
            .is_some_and(|code| snapshot.organisations.contains_key(code));
        let attribute = Attribute::Name;
        if row.code.is_some() && !is_here && row.name.is_none() && !row.has_problem(attribute) {
            row.wrong(attribute, Kind::Missing { attribute });
        }
        row
    }

    /// A cell's text, cleaned; none if it is empty or wrong.
    fn text(&mut self, snapshot: &Snapshot, attribute: Attribute) -> Option<String> {
        let text = self.cells.text(attribute);
        if text::is_blank(text) {
            return None;
        }
        if let Some(mark) = self.cells.marks.get(&attribute) {
            self.wrong(attribute, not_believed(mark));
            return None;
        }
        if self.cells.clears(attribute) {
            self.wrong(attribute, Kind::CannotClear { attribute });
            return None;
        }
        match attribute.parse_single(text, &snapshot.rules) {
            Ok(value) => Some(value.to_string()).filter(|text| !text.is_empty()),
            Err(kind) => {
                self.wrong(attribute, kind);
                None
            }
        }
    }

    fn code_in(&mut self, attribute: Attribute, text: &str) -> Option<OrganisationCode> {
        let code = OrganisationCode::parse(text).ok();
        if code.is_none() {
            self.wrong(attribute, Kind::NotACode);
        }
        code
    }

    fn read_sites(&mut self, snapshot: &Snapshot) {
        let Some(text) = self.text(snapshot, Attribute::Sites) else {
            return;
        };
        for part in parts(&text, self.cells.separator) {
            let Some(site) = Site::parse(part) else {
                let part = shortened(part);
                return self.wrong(Attribute::Sites, Kind::NotASite { part });
            };
            let same = |other: &&Site| other.code.eq_ignore_ascii_case(&site.code);
            match self.sites.iter().find(same) {
                None => self.sites.push(site),
                Some(other) if other.name == site.name => {}
                Some(_) => return self.wrong(Attribute::Sites, Kind::SiteTwice { code: site.code }),
            }
        }
    }

    fn read_units(&mut self, snapshot: &Snapshot) {
        let Some(text) = self.text(snapshot, Attribute::Units) else {
            return;
        };
        let mut seen = HashSet::new();
        for part in parts(&text, self.cells.separator) {
            let unit = UnitPath::parse(part);
            if unit.as_str().is_empty() || unit.as_str().chars().count() > UnitPath::LONGEST {
                let part = shortened(part);
                return self.wrong(Attribute::Units, Kind::NotAUnit { part });
            }
            let new = unit.with_those_above();
            self.units
                .extend(new.filter(|unit| seen.insert(unit.as_str().to_lowercase())));
        }
    }

    fn wrong(&mut self, attribute: Attribute, kind: Kind) {
        let text = self.cells.text(attribute);
        self.problems.push(Problem::in_cell(self.number, attribute, text, kind));
    }

    fn has_problem(&self, attribute: Attribute) -> bool {
        let mut places = self.problems.iter().map(|problem| problem.place.attribute());
        places.any(|place| place == Some(attribute))
    }

    /// What of it says where its organisation stands.
    fn standing(&self) -> Standing<'_> {
        Standing {
            number: self.number,
            code: self.code.as_ref(),
            above: &self.above,
            is_sound: self.problems.is_empty(),
        }
    }

    fn planned(mut self, snapshot: &Snapshot, place: Place) -> PlannedRow {
        let known = self.code.as_ref().and_then(|code| snapshot.organisations.get(code));
        let known = known.map(|known| &known.organisation);
        let named = self.name.clone().or_else(|| known.map(|known| known.name.clone()));
        let named = named.unwrap_or_else(|| shortened(self.cells.text(Attribute::Code).trim()));
        let path = match place {
            Place::At(path) => Some(path),
            Place::Wrong(kind) => {
                self.wrong(Attribute::Parent, kind);
                None
            }
            Place::Unknown => None,
        };
        let code = self.code.clone();
        let step = match (known, code, path) {
            (Some(known), ..) => Some(self.change(snapshot, known)),
            (None, Some(code), Some(path)) => Some(Step::Organisation(OrganisationStep::Found(Organisation {
                code,
                name: named.clone(),
                short_name: self.short_name.clone().unwrap_or_else(|| named.clone()),
                status: self.status.unwrap_or(OrganisationStatus::Open),
                path,
                sites: self.sites.clone(),
                units: self.units.clone(),
            }))),
            (None, ..) => None,
        };
        let mut problems = self.problems;
        // What stands behind a broken cell is not known: that it is missing would be false.
        if self.cells.broken.is_some() {
            problems.retain(|problem| matches!(problem.kind, Kind::BrokenQuotes { .. }));
        }
        problems.sort_by_key(|problem| problem.place.attribute());
        let step = match step {
            Some(step) if problems.is_empty() => step,
            _ => Step::LeaveOut { problems },
        };
        PlannedRow::bare(self.number, named, step)
    }

    /// What the row changes of an organisation that is here; what cannot be changed becomes a problem.
    fn change(&mut self, snapshot: &Snapshot, known: &Organisation) -> Step {
        let mut changes = Vec::new();
        let value = |text: &str| Some(Value::stored(text.to_owned()));
        for (attribute, before, after) in [
            (Attribute::Name, &known.name, &self.name),
            (Attribute::ShortName, &known.short_name, &self.short_name),
        ] {
            if let Some(after) = after.as_ref().filter(|after| *after != before) {
                changes.push(Change {
                    attribute,
                    before: value(before),
                    after: value(after),
                });
            }
        }
        if let Above::Code(parent) = &self.above
            && known.path.parent() != Some(parent.as_str())
        {
            let parent = known.path.parent().and_then(|code| OrganisationCode::parse(code).ok());
            self.wrong(Attribute::Parent, Kind::CannotMoveOrganisation { parent });
        }
        if let Some(after) = self.status.filter(|after| *after != known.status) {
            if after == OrganisationStatus::Closed && snapshot.peopled.contains(&known.code) {
                self.wrong(Attribute::Status, Kind::ClosedWithPeople);
            }
            changes.push(Change {
                attribute: Attribute::Status,
                before: value(known.status.name()),
                after: value(after.name()),
            });
        }
        changes.extend(changed_sites(known, &self.sites));
        changes.extend(added_units(known, &self.units));
        match changes.is_empty() {
            true => Step::Nothing { account: None },
            false => Step::Organisation(OrganisationStep::Update {
                organisation: known.code.clone(),
                changes,
            }),
        }
    }
}

/// Two rows with one code are problems both: neither is right by being first.
fn refuse_repeated(rows: &mut [Row<'_>]) {
    let mut by_code: HashMap<OrganisationCode, Vec<usize>> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        if let Some(code) = &row.code {
            by_code.entry(code.clone()).or_default().push(place);
        }
    }
    for same in by_code.into_values().filter(|same| same.len() > 1) {
        let (first, second) = (rows[same[0]].number, rows[same[1]].number);
        for place in same {
            let other = if rows[place].number == first { second } else { first };
            let attribute = Attribute::Code;
            rows[place].wrong(attribute, Kind::TwiceInFile { attribute, other });
        }
    }
}

/// The sites that are new or have another name, with the names that these had.
fn changed_sites(known: &Organisation, sites: &[Site]) -> Option<Change> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for site in sites {
        let same = known
            .sites
            .iter()
            .find(|other| other.code.eq_ignore_ascii_case(&site.code));
        match same {
            Some(other) if other.name == site.name => {}
            Some(other) => {
                before.push(other.to_string());
                // A site keeps the spelling of its code: its people are found by it.
                after.push(
                    Site {
                        code: other.code.clone(),
                        name: site.name.clone(),
                    }
                    .to_string(),
                );
            }
            None => after.push(site.to_string()),
        }
    }
    let text = |sites: Vec<String>| (!sites.is_empty()).then(|| Value::stored(sites.join(MANY)));
    let after = text(after)?;
    Some(Change {
        attribute: Attribute::Sites,
        before: text(before),
        after: Some(after),
    })
}

/// The units that are new.
fn added_units(known: &Organisation, units: &[UnitPath]) -> Option<Change> {
    let spelt = |unit: &UnitPath| (unit.as_str().to_lowercase(), unit.as_str().to_owned());
    let mut here: HashMap<_, _> = known.units.iter().map(spelt).collect();
    let mut new = Vec::new();
    for unit in units {
        let folded = unit.as_str().to_lowercase();
        if here.contains_key(&folded) {
            continue;
        }
        // What is above it keeps the spelling that it has here.
        let spelt = match unit.as_str().rsplit_once(" / ") {
            Some((above, last)) => {
                let known = here.get(&above.to_lowercase()).map_or(above, String::as_str);
                format!("{known} / {last}")
            }
            None => unit.as_str().to_owned(),
        };
        here.insert(folded, spelt.clone());
        new.push(spelt);
    }
    (!new.is_empty()).then(|| Change {
        attribute: Attribute::Units,
        before: None,
        after: Some(Value::stored(new.join(MANY))),
    })
}

fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests;
