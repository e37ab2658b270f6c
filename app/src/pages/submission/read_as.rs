//! What a person should know of how their file was read, before they trust what became of it.

use std::collections::BTreeMap;

use domain::{
    dictionary::Attribute,
    layout::{Layout, Notice, ReadAs, column_letters},
    problem::in_sentence,
};
use gate::{Submission, asks_for_columns};
use leptos::prelude::*;

use crate::{
    forms::texts_table,
    routes,
    words::{counted, thousands},
};

/// Says what was guessed or passed over; nothing where nothing was.
#[component]
pub(super) fn ReadNote(submission: Submission, is_mine: bool) -> impl IntoView {
    let layout = &submission.layout;
    let said: Vec<_> = left_out(layout)
        .into_iter()
        .chain(for_all(layout))
        .chain(meanings(layout))
        .chain(how(layout))
        .chain(zeros(layout))
        .chain(layout.notices.iter().map(Notice::sentence))
        .collect();
    let note = (!said.is_empty()).then(|| {
        view! {
            <div class="nhsuk-inset-text app-break">
                {said.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </div>
        }
    });
    let change = (is_mine && asks_for_columns(&submission)).then(|| {
        let columns = routes::submission_part(&submission.id, "columns");
        view! { <p><a href=columns>"Change what the columns hold"</a></p> }
    });
    view! { {note} {change} }
}

/// Names in a file that are not known here: the way to say what they mean, for this file and the next. Once no row has a
/// problem, there is nothing to say.
#[component]
pub(super) fn UnknownNames(submission: Submission, is_mine: bool) -> impl IntoView {
    let unknown = &submission.layout.unknown;
    let many = unknown.values().fold(0, |all: u32, many| all.saturating_add(*many));
    let is_asked = is_mine && asks_for_columns(&submission) && submission.totals.with_problems() > 0;
    let table = unknown.keys().next().filter(|_| is_asked).copied();
    table.map(|first| {
        let columns = routes::submission_part(&submission.id, "columns");
        let button = match many {
            1 => "Say what this name means".to_owned(),
            many => format!("Say what these {} mean", counted(many, "name", "names")),
        };
        view! {
            <div class="nhsuk-inset-text">
                <p><strong>{counted(many, "name in your file is", "names in your file are")} " not known here: "</strong> {told(unknown)}</p>
                <p>"Say once what they mean. The rows with them are then checked again, and the next file is read the same way."</p>
                <a class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0" href=format!("{columns}#{}", texts_table(first))>{button}</a>
            </div>
        }
    })
}

/// What unknown names are of, such as “2 for the organisation and 1 for the role”.
fn told(unknown: &BTreeMap<Attribute, u32>) -> String {
    let each = unknown
        .iter()
        .map(|(attribute, many)| format!("{} for the {}", thousands(*many), in_sentence(*attribute)));
    let each: Vec<_> = each.collect();
    match each.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}.", before.join(", ")),
        Some((only, _)) => format!("{only}."),
        None => String::new(),
    }
}

/// What every row has, as was said of the file.
fn for_all(layout: &Layout) -> Option<String> {
    let said = layout.for_all.iter();
    let said: Vec<_> = said
        .map(|(attribute, value)| format!("{} {value}", in_sentence(*attribute)))
        .collect();
    (!said.is_empty()).then(|| format!("Every row has: {}.", said.join(", ")))
}

/// Texts that are named before the others are only counted.
const MOST_NAMED: usize = 10;

/// What texts of the file are read as.
fn meanings(layout: &Layout) -> Option<String> {
    let told = |(text, meaning): (&String, &String)| match meaning.as_str() {
        "" => format!("“{text}” as an empty cell"),
        meaning => format!("“{text}” as {meaning}"),
    };
    let all: Vec<_> = layout.values.values().flatten().map(told).collect();
    let more = match all.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named: Vec<_> = all.iter().take(MOST_NAMED).cloned().collect();
    (!all.is_empty()).then(|| format!("Texts are read as was said: {}{more}.", named.join(", ")))
}

/// Which columns of a file are not read; and that somebody said what the others hold, where they did.
fn left_out(layout: &Layout) -> Option<String> {
    let named: Vec<_> = formats::left_out(layout)
        .into_iter()
        .map(|heading| format!("“{heading}”"))
        .collect();
    let named = named.join(", ");
    match (layout.is_chosen, named.is_empty()) {
        (true, true) => Some(SAID.to_owned()),
        (true, false) => Some(format!("{SAID} Left out: {named}.")),
        (false, true) => None,
        // What is known and not read in a file with the headings of a format is what lists of people are given out with.
        (false, false) => Some(format!("Left out: {named}. An upload does not change these details.")),
    }
}

/// How the columns of a file are known that has the headings of no format.
const SAID: &str = "The columns are read as somebody in your organisation said.";

fn how(layout: &Layout) -> Option<String> {
    let is_named = layout.part.sheet.is_some();
    match &layout.read_as {
        ReadAs::Windows1252 => Some(
            "This file is not saved as UTF-8, so it was read as Windows-1252, as older spreadsheets save it. Check that \
             names with accents look right."
                .to_owned(),
        ),
        ReadAs::Excel { sheet, is_only: false } | ReadAs::OpenDocument { sheet, is_only: false } if is_named => {
            Some(format!("Only the sheet “{sheet}” was read. The others were passed over."))
        }
        ReadAs::Excel { sheet, is_only: false } | ReadAs::OpenDocument { sheet, is_only: false } => Some(format!(
            "Only the sheet “{sheet}” was read. The other sheets were passed over."
        )),
        ReadAs::Unicode | ReadAs::Excel { .. } | ReadAs::OpenDocument { .. } => None,
    }
}

/// A spreadsheet drops the zeros in front of a number, and a local ID is then another one.
fn zeros(layout: &Layout) -> Option<String> {
    let column = layout.position(Attribute::LocalId)?;
    let heading = layout.heading(Attribute::LocalId)?;
    layout.plain_numbers.contains(&column).then(|| {
        format!(
            "Column {} ({heading}) holds numbers, from which spreadsheets drop zeros at the front. If an ID should begin \
             with 0, format the column as text in your spreadsheet and type the ID again.",
            column_letters(column)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_guessed_or_passed_over_is_said() {
        let sheet = |is_only| ReadAs::Excel {
            sheet: "Staff".into(),
            is_only,
        };
        let how = |read_as| {
            super::how(&Layout {
                read_as,
                ..Layout::default()
            })
        };
        assert_eq!(how(ReadAs::Unicode), None);
        assert_eq!(how(sheet(true)), None);
        assert!(how(sheet(false)).unwrap().contains("“Staff”"));
        assert!(how(ReadAs::Windows1252).unwrap().contains("accents"));
        let columns = vec![
            ("FirstName".to_owned(), Some(Attribute::FirstName)),
            ("LocalID".to_owned(), Some(Attribute::LocalId)),
        ];
        let with = |plain_numbers| Layout {
            columns: columns.clone(),
            plain_numbers,
            ..Layout::default()
        };
        assert_eq!(left_out(&with(vec![])), None);
        let mut narrow = with(vec![]);
        narrow.is_chosen = true;
        assert!(left_out(&narrow).unwrap().ends_with("said."));
        for heading in ["Shoe size", "", "Problems"] {
            narrow.columns.push((heading.to_owned(), None));
        }
        assert!(left_out(&narrow).unwrap().ends_with("Left out: “Shoe size”."));
        let mut export = with(vec![]);
        for heading in ["Status", "Absence", "Result"] {
            export.columns.push((heading.to_owned(), None));
        }
        assert_eq!(
            left_out(&export).unwrap(),
            "Left out: “Status”, “Absence”. An upload does not change these details."
        );
        let mut said = with(vec![]);
        said.for_all = [(Attribute::Organisation, "RIV".to_owned())].into();
        let ward = [
            ("ward 7b".to_owned(), "Medicine / Ward 7".to_owned()),
            ("bank".to_owned(), String::new()),
        ];
        said.values = [(Attribute::Unit, ward.into())].into();
        assert_eq!(for_all(&said).unwrap(), "Every row has: organisation RIV.");
        assert_eq!(
            meanings(&said).unwrap(),
            "Texts are read as was said: “bank” as an empty cell, “ward 7b” as Medicine / Ward 7."
        );
        assert_eq!((for_all(&with(vec![])), meanings(&with(vec![]))), (None, None));
        let unknown = [(Attribute::Organisation, 2), (Attribute::Unit, 1)];
        let sentence = "2 for the organisation and 1 for the organisational unit.";
        assert_eq!(told(&unknown.into()), sentence);
        assert_eq!(told(&[(Attribute::Role, 1)].into()), "1 for the role.");
        assert_eq!(zeros(&with(vec![0])), None);
        assert!(
            zeros(&with(vec![1]))
                .unwrap()
                .starts_with("Column B (LocalID) holds numbers")
        );
    }
}
