//! What the columns of a file may hold whose headings are those of no format: by the usual headings, which are data, and by
//! what stands in the cells. Each attribute is guessed once.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{day::Day, dictionary::Attribute, email_address::EmailAddress, rules::Rules, telephone::Telephone};
use serde::Deserialize;

use crate::definition::{Formats, is_ours, is_shown_only, same};

/// The usual headings of personnel systems, each as it is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headings {
    /// Headings of what is read, as they are written.
    pub(crate) read: Vec<String>,
    /// Headings of what is never read.
    left_out: HashSet<String>,
    /// What headings mean, and how surely.
    meant: HashMap<String, Vec<(Attribute, i32)>>,
    /// The same without the words that say only whose it is.
    shortened: HashMap<String, Vec<(Attribute, i32)>>,
}

/// The usual headings as their file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    leave_out: Vec<String>,
    #[serde(rename = "heading")]
    usual: Vec<Usual>,
}

/// The usual headings of one attribute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    attribute: Attribute,
    /// Best first.
    names: Vec<String>,
    /// Headings that count where no column has one of the names.
    #[serde(default)]
    instead: Vec<String>,
}

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

impl Headings {
    pub(crate) fn read(text: &str) -> Result<Self, toml::de::Error> {
        let written: Written = toml::from_str(text)?;
        let mut headings = Self {
            left_out: written.leave_out.iter().map(|heading| compared(heading)).collect(),
            ..Self::default()
        };
        for Usual {
            attribute,
            names,
            instead,
        } in written.usual
        {
            headings.read.extend(names.iter().chain(&instead).cloned());
            for (name, score) in names.iter().zip((0..=USUAL).rev()) {
                headings
                    .meant
                    .entry(compared(name))
                    .or_default()
                    .push((attribute, score));
                let short = headings.shortened.entry(shortened(name)).or_default();
                short.push((attribute, score - SHORTENED));
            }
            for (name, score) in instead.iter().zip((0..=INSTEAD).rev()) {
                headings
                    .meant
                    .entry(compared(name))
                    .or_default()
                    .push((attribute, score));
            }
        }
        Ok(headings)
    }

    /// What a heading usually means, and how surely.
    fn meanings(&self, heading: &str) -> impl Iterator<Item = (Attribute, i32)> {
        let short = shortened(heading);
        let short = Some(short).filter(|short| !short.is_empty());
        let short = short.and_then(|short| self.shortened.get(&short));
        let meant = self.meant.get(&compared(heading));
        meant.into_iter().chain(short).flatten().copied()
    }
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
        self.headings().left_out.contains(&compared(heading)) && !is_of_format()
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
/// A usual heading.
const USUAL: i32 = 1_000;
/// One that counts where there is no better.
const INSTEAD: i32 = 500;
/// How much less a heading says of which words had to be left out.
const SHORTENED: i32 = 300;

/// The words of a heading in small letters: `AssignmentNo`, `assignment_no.` and `Assignment Number` are the same two.
fn words(heading: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for sign in heading.chars() {
        let begins = !before.is_alphanumeric() || (before.is_lowercase() && sign.is_uppercase());
        if sign.is_alphanumeric() {
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(sign.to_lowercase()),
                None => words.push(sign.to_lowercase().collect()),
            }
        } else if sign == '#' {
            words.push("number".to_owned());
        }
        before = sign;
    }
    let whole = |word: String| match word.as_str() {
        "no" | "nr" | "num" | "nbr" => "number".to_owned(),
        "tel" | "phone" => "telephone".to_owned(),
        "mob" => "mobile".to_owned(),
        "org" | "organization" => "organisation".to_owned(),
        "dept" => "department".to_owned(),
        "emp" => "employee".to_owned(),
        "addr" => "address".to_owned(),
        _ => word,
    };
    words.into_iter().map(whole).collect()
}

/// A heading as it is compared.
fn compared(heading: &str) -> String {
    words(heading).concat()
}

/// A heading without the words that say only whose it is.
fn shortened(heading: &str) -> String {
    const WHOSE: [&str; 15] = [
        "employee",
        "employees",
        "staff",
        "person",
        "people",
        "worker",
        "work",
        "business",
        "office",
        "primary",
        "main",
        "current",
        "hr",
        "esr",
        "the",
    ];
    let mut words = words(heading);
    words.retain(|word| !WHOSE.contains(&word.as_str()));
    words.concat()
}

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
            Attribute::AccountId => Some(self.share(|cell| cell.parse::<domain::ids::AccountId>().is_ok())),
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
            .is_some_and(|list| self.share(|cell| domain::lists::find(list, first(cell)).is_some()) < 50)
    }
}

/// The first of several values in a cell.
fn first(cell: &str) -> &str {
    cell.split([';', ',']).next().unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use domain::email_address::MailDomain;

    use super::*;

    fn headings(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    fn by_headings(line: &str) -> Vec<Option<Attribute>> {
        Formats::shipped().guess_columns(&headings(line), None)
    }

    fn by_cells(line: &str, rows: &[&str]) -> Vec<Option<Attribute>> {
        let rules = Rules::standard(MailDomain::parse("health.example").unwrap());
        let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<HashSet<_>>();
        let (codes, local_ids) = (set(&["RIV", "RIV01"]), set(&["1001", "1003"]));
        let cells: Vec<_> = rows.iter().map(|row| headings(row)).collect();
        let known = Known {
            rules: &rules,
            codes: &codes,
            local_ids: &local_ids,
        };
        Formats::shipped().guess_columns(&headings(line), Some(FirstRows { cells: &cells, known }))
    }

    #[test]
    fn headings_of_personnel_systems_are_guessed_once_each() {
        use Attribute::{
            Department, EmailAddress, FirstName, JobTitle, LastName, LocalId, Mobile, Organisation, Site, StartDate,
            Unit,
        };
        let line = "Assignment No,Surname,Forename,Preferred Name,Position Title,Org,Work Email,Mobile No,Start Date,Cost Centre,Ward,Base,Dept.";
        let held = [
            Some(LocalId),
            Some(LastName),
            Some(FirstName),
            None,
            Some(JobTitle),
            Some(Organisation),
            Some(EmailAddress),
            Some(Mobile),
            Some(StartDate),
            None,
            Some(Unit),
            Some(Site),
            Some(Department),
        ];
        assert_eq!(by_headings(line), held);
    }

    #[test]
    fn notes_that_everybody_reads_are_never_guessed_from_comments() {
        for heading in ["Comments", "Comment", "REMARKS", "Remark", "Note"] {
            assert_eq!(by_headings(heading), [None], "{heading}");
            assert_eq!(by_cells(heading, &["Private: clinic", "on leave"]), [None], "{heading}");
        }
        assert_eq!(by_headings("Notes"), [Some(Attribute::Notes)]);
    }

    #[test]
    fn a_whole_name_is_guessed_only_where_no_column_has_a_name_of_its_own() {
        let (whole, organisation) = (Some(Attribute::WholeName), Some(Attribute::Organisation));
        for heading in ["Name", "Full name", "EMPLOYEE NAME", "Staff Name", "Whole name"] {
            assert_eq!(
                by_headings(&format!("{heading},Trust")),
                [whole, organisation],
                "{heading}"
            );
        }
        assert_eq!(by_headings("Name,Surname"), [None, Some(Attribute::LastName)]);
        assert_eq!(by_headings("Full name,Maiden name"), [whole, None]);
    }

    #[test]
    fn short_forms_case_spacing_and_whose_it_is_do_not_matter() {
        let local_id = Some(Attribute::LocalId);
        for heading in [
            "EMPLOYEE NUMBER",
            "Employee_No.",
            "employeeNo",
            "Emp No",
            "Employee #",
            "ESR Assignment Number",
        ] {
            assert_eq!(by_headings(heading), [local_id], "{heading}");
        }
        for (heading, held) in [
            ("Employee First Name", Some(Attribute::FirstName)),
            ("Staff Mobile", Some(Attribute::Mobile)),
            ("Primary E-mail", Some(Attribute::EmailAddress)),
            ("Known as", Some(Attribute::FirstName)),
            ("Personal Email", Some(Attribute::ActivationEmail)),
            ("HOME_E-MAIL ADDR.", Some(Attribute::ActivationEmail)),
            ("Employee start date", Some(Attribute::StartDate)),
            ("Hire Date", Some(Attribute::StartDate)),
            ("Commencement date", Some(Attribute::StartDate)),
            ("Contract end", Some(Attribute::EndDate)),
            ("Leaving date", None),
            ("Shoe size", None),
            ("Status", None),
            ("Result", None),
            ("", None),
        ] {
            assert_eq!(by_headings(heading), [held], "{heading}");
        }
    }

    #[test]
    fn what_other_headings_mean_is_guessed_once_each() {
        let line = "Payroll number,Forename,SURNAME,Trust,Shoe size,Family name,Work phone,,E-mail";
        let held = [
            Some(Attribute::LocalId),
            Some(Attribute::FirstName),
            Some(Attribute::LastName),
            Some(Attribute::Organisation),
            None,
            None,
            Some(Attribute::Telephone),
            None,
            Some(Attribute::EmailAddress),
        ];
        assert_eq!(by_headings(line), held);
    }

    #[test]
    fn cells_tell_what_headings_do_not() {
        let held = by_cells(
            "A,B,C,D,E,F",
            &[
                "1001,RIV,jane@health.example,07700 900123,01632 960123,Nurse",
                "1003,riv01,ann@health.example,07700900124,+441632960124,Porter",
                "1009,RIV,,,,",
            ],
        );
        let guessed = [
            Some(Attribute::LocalId),
            Some(Attribute::Organisation),
            Some(Attribute::EmailAddress),
            Some(Attribute::Mobile),
            Some(Attribute::Telephone),
            None,
        ];
        assert_eq!(held, guessed);
    }

    #[test]
    fn cells_decide_between_columns_with_headings_of_one_meaning() {
        let line = "Staff ID,Employee No,Trust,Org code,Email,Work email,Role";
        let row = "x1,1001,Riverside Hospitals Trust,RIV,jane@home.example,jane@health.example,Ward sister";
        let held = by_cells(line, &[row]);
        let guessed = [
            None,
            Some(Attribute::LocalId),
            None,
            Some(Attribute::Organisation),
            None,
            Some(Attribute::EmailAddress),
            Some(Attribute::JobTitle),
        ];
        assert_eq!(held, guessed);
        let private = ["a@home.example", "b@home.example", "c@home.example"];
        assert_eq!(by_cells("Email", &private), [None]);
        assert_eq!(by_cells("Id", &["x1", "x2"]), [Some(Attribute::LocalId)]);
        let role = by_cells("Role", &["Nurse", "Consultant;Manager"]);
        assert_eq!(role, [Some(Attribute::Role)]);
    }

    #[test]
    fn work_and_private_addresses_go_to_their_own_columns() {
        let (work, private) = (Some(Attribute::EmailAddress), Some(Attribute::ActivationEmail));
        for line in [
            "Work email,Personal email",
            "Email,Home Email Address",
            "E-mail address,Private e-mail",
        ] {
            assert_eq!(by_headings(line), [work, private], "{line}");
            let row = "jane@health.example,jane@home.example";
            assert_eq!(by_cells(line, &[row]), [work, private], "{line}");
        }
        assert_eq!(by_headings("Private email,NHS email"), [private, work]);
        // Addresses of the mail domain are nobody's private ones.
        let rows = ["jane@home.example,jane@health.example"];
        assert_eq!(by_cells("Email,Personal email", &rows), [None, work]);
    }

    #[test]
    fn dates_and_numbers_of_other_things_are_nobodys_local_id() {
        let held = by_cells(
            "Start date,NI number,Cost centre",
            &["1001,1003,RIV", "1003,1001,RIV01"],
        );
        assert_eq!(held, [None, None, None]);
    }

    #[test]
    fn a_column_of_days_is_told_from_one_of_numbers_under_its_heading() {
        let held = by_cells("Start date,End date", &["01/04/2024,31/12/4712", "2027-03-01,"]);
        assert_eq!(held, [Some(Attribute::StartDate), Some(Attribute::EndDate)]);
        // Days as a spreadsheet counts them, and numbers that are none.
        assert_eq!(by_cells("End date", &["46112", "46113"]), [Some(Attribute::EndDate)]);
        assert_eq!(by_cells("End date", &["146112", "4613"]), [None]);
    }
}
