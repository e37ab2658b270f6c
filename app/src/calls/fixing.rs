//! Fixing a row of an uploaded file: what its sender writes into the cells, or decides about the row as a whole.

use std::fmt::Display;

use domain::{
    dictionary::Attribute,
    values::{
        ids::{RowNumber, SubmissionId},
        numbers::thousands,
    },
};
use gate::{GateError, Mend, RowDecision, Surplus};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    left_open,
    submissions::{NOTHING_SEEN, moved_on},
};
use crate::{
    forms::{ALSO, BACK, DECIDE, EVERYWHERE, FormState, KEEP, MENDED, OVERRULE, SEEN, SURPLUS, UNCHANGED, was},
    routes,
    visitor::Visitor,
};

/// Where a row's cells, and decisions about it, are posted to.
pub fn row_of(submission: &impl Display, row: impl Display) -> String {
    about::<FixRow>(submission).replace("{row}", &row.to_string())
}

/// Write into the cells that the form has, or decide about the row, and come back to the rows that were shown.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/rows/{row}", protocol = HtmlForm)]
pub async fn fix_row(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let (id, row): (String, String) = left_open().await?;
    let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
    let row = RowNumber(row.parse().map_err(|_| GateError::NotFound)?);
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    if let Some(decision) = RowDecision::from_slug(said.text(DECIDE)) {
        let seen = said.text(SEEN).parse().unwrap_or(NOTHING_SEEN);
        return match visit.decide(&id, row, decision, seen).await {
            Ok(changed) => Ok(to_rows(&said, &id, row, changed.then_some(0))),
            Err(error) => moved_on(&visit, &id, error).await,
        };
    }
    let cells = typed(&said);
    let long = too_long(&cells, visitor.gate.formats().limits().cell);
    if !long.is_empty() {
        return Ok(again(&id, row, &cells, long));
    }
    let mended = match visit.mend(&id, mend(&said, row, &cells)).await {
        Ok(mended) => mended,
        Err(error) => return moved_on(&visit, &id, error).await,
    };
    if !mended.overtaken.is_empty() {
        let told = mended.overtaken.into_iter();
        let told = told.map(|(attribute, now)| (attribute, written_meanwhile(attribute, &now)));
        return Ok(again(&id, row, &cells, told.collect()));
    }
    Ok(to_rows(&said, &id, row, mended.changed.then_some(mended.others)))
}

/// What was written into the cells that the form has.
fn typed(said: &Fields) -> Vec<(Attribute, String)> {
    let typed = |attribute: Attribute| match attribute {
        Attribute::Password => said.as_typed(attribute.slug()),
        _ => said.given(attribute.slug()),
    };
    let cells = Attribute::ALL
        .into_iter()
        .filter(|attribute| !attribute.is_of_change_files())
        .filter_map(|attribute| Some((attribute, typed(attribute)?.to_owned())))
        // What was left as it was shown is no wish: somebody may have mended it meanwhile.
        .filter(|(attribute, text)| said.given(&was(*attribute)) != Some(text.as_str()));
    cells.collect()
}

/// The cells that hold more than a file's may, each with what is wrong.
fn too_long(cells: &[(Attribute, String)], most: usize) -> Vec<(Attribute, String)> {
    let long = cells.iter().filter(|(_, text)| text.chars().nth(most).is_some());
    long.map(|(attribute, text)| (*attribute, is_too_long(*attribute, text)))
        .collect()
}

fn mend(said: &Fields, row: RowNumber, cells: &[(Attribute, String)]) -> Mend {
    let everywhere = said.joined(EVERYWHERE);
    let overruling = [(OVERRULE, true), (KEEP, false)];
    let overruling = overruling
        .into_iter()
        .filter_map(|(field, overrules)| Some((Attribute::from_slug(said.text(field))?, overrules)));
    Mend {
        row,
        overruling: overruling.collect(),
        shown: cells
            .iter()
            .filter_map(|(attribute, _)| Some((*attribute, said.given(&was(*attribute))?.to_owned())))
            .collect(),
        cells: cells.to_vec(),
        everywhere: everywhere.split(' ').filter_map(Attribute::from_slug).collect(),
        surplus: match said.text(SURPLUS) {
            "" => Surplus::Stays,
            _ => Surplus::PassedOver,
        },
    }
}

/// Back to the rows that were shown, where it is said what came of the row: in how many others the same was written, or that
/// nothing was changed.
fn to_rows(said: &Fields, id: &SubmissionId, row: RowNumber, also: Option<u32>) -> Answer {
    let row = row.to_string();
    let also = also.map_or_else(|| UNCHANGED.to_owned(), |also| also.to_string());
    let back = BACK.iter().map(|name| (*name, said.text(name)));
    let query: Vec<_> = back.chain([(MENDED, row.as_str()), (ALSO, also.as_str())]).collect();
    let page = routes::with_query(&routes::submission(id), &query);
    Answer::Go(format!("{page}#{MENDED}"))
}

/// All cells of the row, with what was typed into them and what is wrong with that.
fn again(id: &SubmissionId, row: RowNumber, typed: &[(Attribute, String)], wrong: Vec<(Attribute, String)>) -> Answer {
    let mut form = FormState::default();
    for (attribute, text) in typed.iter().filter(|(attribute, _)| *attribute != Attribute::Password) {
        form.keep(attribute.slug(), text);
    }
    for (attribute, message) in wrong {
        form.problem(attribute.slug(), &message);
    }
    Answer::again(row_of(id, row), form)
}

fn is_too_long(attribute: Attribute, text: &str) -> String {
    let length = thousands(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    let name = attribute.name();
    format!("{name}: this text has {length} characters, which is too long. Shorten it.")
}

fn written_meanwhile(attribute: Attribute, now: &str) -> String {
    let now = match now {
        "" => "empty".to_owned(),
        now => format!("“{}”", now.chars().take(100).collect::<String>()),
    };
    format!(
        "{}: this was changed to {now} after you opened the row. What you typed is in the field. Check the row again \
         to use it.",
        attribute.name()
    )
}
