//! What the columns of a file may hold whose headings are those of no format: by the usual headings, which are data, and by
//! what stands in the cells. Each attribute is guessed once.

use std::collections::{BTreeMap, HashSet};

use domain::{
    dictionary::Attribute,
    rules::Rules,
    values::{day::Day, email_address::EmailAddress, telephone::Telephone},
};

use crate::{
    definition::Formats,
    headings::{is_ours, is_shown_only, same},
    usual_headings::USUAL,
};

/// What is known of a sender's directory, to recognise cells by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// The mail domain, and the lists that values are chosen from.
    pub rules: &'k Rules,
    /// Codes of organisations among the cells, in capitals.
    pub codes: &'k HashSet<String>,
    /// Local IDs of people who are here among the cells.
    pub local_ids: &'k HashSet<String>,
}

/// The first rows of a file, to guess by.
#[derive(Clone, Copy, Debug)]
pub struct FirstRows<'r> {
    /// Their cells as they stand in the file.
    pub cells: &'r [Vec<String>],
    /// What they are recognised by.
    pub known: Known<'r>,
}

impl Formats {
    /// What each column may hold, from left to right: by its heading in any format, by what else people call it, and by the
    /// cells of the first rows where these are given.
    #[must_use]
    pub fn guess_columns(&self, headings: &[String], rows: Option<FirstRows<'_>>) -> Vec<Option<Attribute>> {
        let Some(format) = self.for_any_headings() else {
            return vec![None; headings.len()];
        };
        let columns: Vec<_> = (0..headings.len()).map(|place| Column::of(place, rows)).collect();
        let mut guesses = Vec::new();
        for (place, heading) in headings.iter().enumerate() {
            if is_ours(heading) || is_shown_only(heading) || self.is_left_out(heading) {
                continue;
            }
            let (column, meant) = (&columns[place], self.by_heading(heading));
            // Under a heading of days, numbers are nobody's number.
            let is_of_days = meant.contains_key(&Attribute::StartDate) || meant.contains_key(&Attribute::EndDate);
            for attribute in format.offered() {
                let by_heading = meant.get(&attribute).copied();
                if by_heading.is_some() && column.contradicts(attribute) {
                    continue;
                }
                let score = match by_heading {
                    Some(score) => score + column.support(attribute),
                    None if is_of_days => 0,
                    None => column.alone(attribute).unwrap_or(0),
                };
                if score > 0 {
                    guesses.push((score, place, attribute));
                }
            }
        }
        // The surest first; of equal ones the left column.
        guesses.sort_by_key(|(score, place, _)| (std::cmp::Reverse(*score), *place));
        let mut held = vec![None; headings.len()];
        for (_, place, attribute) in guesses {
            if held[place].is_none() && !held.contains(&Some(attribute)) {
                held[place] = Some(attribute);
            }
        }
        // Names in columns of their own say more than both in one.
        let has_names = [Attribute::FirstName, Attribute::LastName]
            .iter()
            .any(|name| held.contains(&Some(*name)));
        for holds in held.iter_mut().filter(|_| has_names) {
            *holds = holds.filter(|attribute| *attribute != Attribute::WholeName);
        }
        held
    }

    fn is_left_out(&self, heading: &str) -> bool {
        let is_of_format = || self.iter().any(|format| format.column(heading).is_some());
        self.headings().leaves_out(heading) && !is_of_format()
    }

    /// What a heading means in any format or as people call it, and how surely.
    fn by_heading(&self, heading: &str) -> BTreeMap<Attribute, i32> {
        let mut meant: BTreeMap<Attribute, i32> = BTreeMap::new();
        let mut note = |attribute, score: i32| {
            let best = meant.entry(attribute).or_insert(score);
            *best = score.max(*best);
        };
        for (attribute, score) in self.headings().meanings(heading) {
            note(attribute, score);
        }
        for column in self.iter().flat_map(|format| &format.columns) {
            if same(&column.heading, heading) || column.also.iter().any(|also| same(also, heading)) {
                note(column.attribute, OF_FORMAT);
            } else if same(column.attribute.name(), heading) {
                note(column.attribute, OF_FORMAT - 1);
            }
        }
        meant
    }
}

/// As sure as a heading can be: that of a format.
const OF_FORMAT: i32 = 2_000;
/// What stands in the first cells of a column, each text once.
struct Column<'r> {
    known: Option<Known<'r>>,
    cells: Vec<&'r str>,
}

/// How many of a column's cells must look like something, in percent, for it to be guessed by them alone.
const MOST_OF_THEM: usize = 80;

impl<'r> Column<'r> {
    fn of(place: usize, rows: Option<FirstRows<'r>>) -> Self {
        let Some(FirstRows { cells, known }) = rows else {
            return Self {
                known: None,
                cells: vec![],
            };
        };
        let cells = cells.iter().filter_map(|cells| cells.get(place));
        let mut seen = HashSet::new();
        let cells = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty() && seen.insert(*cell));
        Self {
            known: Some(known),
            cells: cells.collect(),
        }
    }

    /// How many of its cells are so, in percent.
    fn share(&self, is_so: impl Fn(&str) -> bool) -> usize {
        let found = self.cells.iter().filter(|cell| is_so(cell)).count();
        (found * 100).checked_div(self.cells.len()).unwrap_or(0)
    }

    /// How many of its cells look like an attribute's, in percent; none where they do not tell.
    fn looks_like(&self, attribute: Attribute) -> Option<usize> {
        let known = self.known.filter(|_| !self.cells.is_empty())?;
        match attribute {
            Attribute::Organisation => Some(self.share(|cell| known.codes.contains(&cell.to_uppercase()))),
            Attribute::LocalId => Some(self.share(|cell| known.local_ids.contains(cell))),
            Attribute::EmailAddress => Some(self.share(|cell| {
                let address = EmailAddress::parse(cell);
                address.is_ok_and(|address| known.rules.mail_domain.holds(&address))
            })),
            Attribute::Mobile => {
                Some(self.share(|cell| Telephone::parse(cell).is_ok_and(|number| number.is_uk_mobile())))
            }
            Attribute::Telephone => Some(self.share(|cell| {
                let is_written_so = cell.starts_with(['0', '+', '(']);
                is_written_so && Telephone::parse(cell).is_ok_and(|number| !number.is_uk_mobile())
            })),
            Attribute::AccountId => Some(self.share(|cell| cell.parse::<domain::values::ids::AccountId>().is_ok())),
            _ => None,
        }
    }

    /// What its cells add to what its heading says.
    fn support(&self, attribute: Attribute) -> i32 {
        i32::try_from(self.looks_like(attribute).unwrap_or(0) * 10).unwrap_or(0)
    }

    /// How surely it holds an attribute whatever its heading; none where that is no guess.
    fn alone(&self, attribute: Attribute) -> Option<i32> {
        let share = self.looks_like(attribute)?;
        let needed = match attribute {
            // Of those who are to be created nobody's number is here.
            Attribute::LocalId if self.cells.len() >= 2 => 30,
            Attribute::LocalId => return None,
            _ => MOST_OF_THEM,
        };
        // Codes and addresses of this directory stand in no other column by chance.
        let sure = match attribute {
            Attribute::Organisation | Attribute::EmailAddress => USUAL,
            _ => 0,
        };
        let score = i32::try_from(share).ok()? + sure;
        (share >= needed).then_some(score)
    }

    /// Whether its cells show that it does not hold what its heading says.
    fn contradicts(&self, attribute: Attribute) -> bool {
        let Some(known) = self.known.filter(|_| !self.cells.is_empty()) else {
            return false;
        };
        if attribute == Attribute::AccountId {
            return self.looks_like(attribute) == Some(0);
        }
        let are_addresses = || self.share(|cell| EmailAddress::parse(cell).is_ok()) >= MOST_OF_THEM;
        if attribute == Attribute::EmailAddress {
            // One stray address shows nothing yet.
            return self.cells.len() >= 3 && are_addresses() && self.looks_like(attribute) == Some(0);
        }
        if attribute == Attribute::ActivationEmail {
            // A link to a new mailbox must not be sent into that mailbox.
            return self.looks_like(Attribute::EmailAddress) >= Some(MOST_OF_THEM);
        }
        if matches!(attribute, Attribute::StartDate | Attribute::EndDate) {
            return self.share(|cell| Day::read(cell).is_some()) == 0;
        }
        // A list's values are chosen, so a column with hardly any of them holds something else.
        attribute
            .choices(known.rules)
            .is_some_and(|list| self.share(|cell| domain::values::lists::find(list, first(cell)).is_some()) < 50)
    }
}

/// The first of several values in a cell.
fn first(cell: &str) -> &str {
    cell.split([';', ',']).next().unwrap_or(cell)
}

#[cfg(test)]
mod tests;
