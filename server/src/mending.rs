//! `POST /submissions/{id}/rows/{row}`: what somebody writes into the cells of a file that they uploaded, or decides about the
//! row as a whole.

use app::{
    forms::{ALSO, BACK, DECIDE, EVERYWHERE, FormState, KEEP, MENDED, OVERRULE, SEEN, SURPLUS, was},
    routes,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    dictionary::Attribute,
    ids::{RowNumber, SubmissionId},
    numbers::thousands,
};
use gate::{GateError, Mend, RowDecision, Surplus};

use crate::{
    asker::{Asker, Posted, Said},
    submissions::{NOTHING_SEEN, moved_on},
};

/// Writes into the cells that the form has, and comes back to the rows that were shown.
pub(crate) async fn mend(
    asker: Asker,
    Path((id, row)): Path<(String, String)>,
    Posted(said): Posted<Said>,
) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let row = RowNumber(row.parse().map_err(|_| GateError::NotFound)?);
        if let Some(decision) = RowDecision::from_slug(said.text(DECIDE)) {
            let seen = said.text(SEEN).parse().unwrap_or(NOTHING_SEEN);
            return match asker.visit().decide(&id, row, decision, seen).await {
                Ok(changed) => Ok(to_rows(&said, &id, changed.then_some((row, 0)))),
                Err(error) => moved_on(&id, error),
            };
        }
        let typed = |attribute: Attribute| match attribute {
            Attribute::Password => said.as_typed(attribute.slug()),
            _ => said.given(attribute.slug()),
        };
        let cells = Attribute::ALL
            .into_iter()
            .filter_map(|attribute| Some((attribute, typed(attribute)?.to_owned())))
            // What was left as it was shown is no wish: somebody may have mended it meanwhile.
            .filter(|(attribute, text)| said.given(&was(*attribute)) != Some(text.as_str()));
        let cells: Vec<_> = cells.collect();
        let most = asker.gate().formats().limits().cell;
        let is_long = |text: &str| text.chars().nth(most).is_some();
        let long = cells.iter().filter(|(_, text)| is_long(text));
        let long: Vec<_> = long
            .map(|(attribute, text)| (*attribute, too_long(*attribute, text)))
            .collect();
        if !long.is_empty() {
            return Ok(again(&asker, &id, row, &cells, long).await);
        }
        let everywhere = said.all(EVERYWHERE);
        let overruling = [(OVERRULE, true), (KEEP, false)];
        let overruling = overruling
            .into_iter()
            .filter_map(|(field, overrules)| Some((Attribute::from_slug(said.text(field))?, overrules)));
        let mend = Mend {
            row,
            overruling: overruling.collect(),
            shown: cells
                .iter()
                .filter_map(|(attribute, _)| Some((*attribute, said.given(&was(*attribute))?.to_owned())))
                .collect(),
            cells: cells.clone(),
            everywhere: everywhere.split(' ').filter_map(Attribute::from_slug).collect(),
            surplus: match said.text(SURPLUS) {
                "" => Surplus::Stays,
                _ => Surplus::PassedOver,
            },
        };
        let mended = match asker.visit().mend(&id, mend).await {
            Ok(mended) => mended,
            Err(error) => return moved_on(&id, error),
        };
        if !mended.overtaken.is_empty() {
            let told = mended.overtaken.into_iter();
            let told = told.map(|(attribute, now)| (attribute, written_meanwhile(attribute, &now)));
            return Ok(again(&asker, &id, row, &cells, told.collect()).await);
        }
        Ok(to_rows(&said, &id, mended.changed.then_some((row, mended.others))))
    };
    asker.answer(made).await
}

/// Back to the rows that were shown; with the row that was changed, and in how many others the same was written.
fn to_rows(said: &Said, id: &SubmissionId, changed: Option<(RowNumber, u32)>) -> Response {
    let changed = changed.map(|(row, also)| (row.to_string(), also.to_string()));
    let mut query: Vec<_> = BACK.iter().map(|name| (*name, said.text(name))).collect();
    if let Some((row, also)) = &changed {
        query.extend([(MENDED, row.as_str()), (ALSO, also.as_str())]);
    }
    let place = if changed.is_some() { MENDED } else { "rows" };
    let page = routes::with_query(&routes::submission(id), &query);
    Redirect::to(&format!("{page}#{place}")).into_response()
}

/// All cells of the row, with what was typed into them and what is wrong with that.
async fn again(
    asker: &Asker,
    id: &SubmissionId,
    row: RowNumber,
    typed: &[(Attribute, String)],
    wrong: Vec<(Attribute, String)>,
) -> Response {
    let mut form = FormState::default();
    for (attribute, text) in typed.iter().filter(|(attribute, _)| *attribute != Attribute::Password) {
        form.keep(attribute.slug(), text);
    }
    for (attribute, message) in wrong {
        form.problem(attribute.slug(), &message);
    }
    asker.form_again(&routes::submission_row(id, row), form).await
}

fn too_long(attribute: Attribute, text: &str) -> String {
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
        "{}: since you looked, this was made {now}, here or in another window. What you typed is in the field: check the row again to have that.",
        attribute.name()
    )
}
