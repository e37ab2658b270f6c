//! The audit trail as a file: CSV with a line for each attribute that a change touched, JSON Lines with an object for each
//! entry. What it holds is what its reader sees.

use app::{forms::FormState, routes, trail_search::TrailSearch};
use axum::{extract::Query, http::HeaderValue, response::Response};
use domain::{
    policy::Right,
    trail::{Action, Entry, Told},
};
use formats::Table;
use gate::{GateError, TrailPage, TrailQuery, Visit, calendar};
use serde_json::{Value, json};

use super::trail::touched;
use crate::{
    asker::Asker,
    downloads::{attachment, csv},
};

/// Entries that a file taken away by a page holds.
const MOST: usize = 200_000;

/// The columns.
const HEADINGS: [&str; 16] = [
    "Entry",
    "Moment",
    "Action",
    "What",
    "Who",
    "Who (ID)",
    "By right of",
    "Organisation",
    "Person",
    "Person (ID)",
    "Channel",
    "Submission",
    "Attribute",
    "Before",
    "After",
    "Hash",
];

/// `GET /audit/export.csv`.
pub(crate) async fn as_csv(asker: Asker) -> Response {
    let made = async {
        let query = match asked(&asker).await? {
            Ok(query) => query,
            Err(answer) => return Ok(answer),
        };
        let table = table(&asker.visit(), &query, MOST).await?;
        Ok(csv("audit-trail.csv", table.finish()))
    };
    asker.answer(made).await
}

/// `GET /audit/export.jsonl`.
pub(crate) async fn as_json_lines(asker: Asker) -> Response {
    let made = async {
        let query = match asked(&asker).await? {
            Ok(query) => query,
            Err(answer) => return Ok(answer),
        };
        let text = json_lines(&asker.visit(), &query, MOST).await?;
        let kind = HeaderValue::from_static("application/jsonl; charset=utf-8");
        Ok(attachment("audit-trail.jsonl", kind, text.into_bytes()))
    };
    asker.answer(made).await
}

/// What is asked for; where a day of it is none, the answer that says so.
async fn asked(asker: &Asker) -> Result<Result<TrailQuery, Response>, GateError> {
    let parts = Query::<Vec<(String, String)>>::try_from_uri(&asker.parts.uri);
    let search = TrailSearch::read(parts.map(|Query(parts)| parts).unwrap_or_default());
    if search.problems().is_empty() {
        return Ok(Ok(search.query()));
    }
    // Whoever may read none of it is told that first.
    asker.visit().audited_organisations(1).await?;
    let page = search.address(routes::AUDIT, None);
    Ok(Err(asker.form_again(&page, FormState::default()).await))
}

/// Entries as a table.
pub(crate) async fn table(visit: &Visit<'_>, query: &TrailQuery, most: usize) -> Result<Table, GateError> {
    let mut table = Table::new(HEADINGS);
    visit
        .each_entry(query, most, |entry, page| write(&mut table, entry, page))
        .await?;
    Ok(table)
}

/// Entries as JSON Lines.
pub(crate) async fn json_lines(visit: &Visit<'_>, query: &TrailQuery, most: usize) -> Result<String, GateError> {
    let mut lines = String::new();
    visit
        .each_entry(query, most, |entry, _| {
            lines += &line(entry).to_string();
            lines.push('\n');
        })
        .await?;
    Ok(lines)
}

/// One entry as JSON: for files, and for handing on to other systems.
pub(crate) fn line(entry: &Entry) -> Value {
    let mut line = json!({
        "entry": entry.number,
        "at": calendar::iso_8601(entry.at),
        "action": entry.action.map(Action::slug),
        "what": entry.sentence(calendar::day),
        "who": entry.actor_name,
        "who_id": entry.actor,
        "rights": entry.rights,
        "organisation": entry.organisation,
        "person_id": entry.person,
        "hash": entry.hash,
    });
    match &entry.told {
        Told::Change(event) => {
            line["channel"] = json!(event.channel);
            line["submission"] = json!(event.submission);
            line["row"] = json!(event.row);
            line["fact"] = json!(event.fact);
        }
        Told::Happening(happening) => line["happening"] = json!(happening),
        Told::Nothing => {}
    }
    line
}

fn write(table: &mut Table, entry: &Entry, page: &TrailPage) {
    let id = |id: Option<String>| id.unwrap_or_default();
    let person = entry.person.and_then(|person| page.names.get(&person));
    let (channel, submission, touched) = match &entry.told {
        Told::Change(event) => (event.channel.name(), event.submission.to_string(), touched(&event.fact)),
        Told::Happening(_) | Told::Nothing => ("", String::new(), vec![]),
    };
    let fixed = [
        entry.number.to_string(),
        calendar::iso_8601(entry.at),
        entry.action.map_or("", Action::name).to_owned(),
        entry.sentence(calendar::day),
        entry.actor_name.clone(),
        id(entry.actor.map(|actor| actor.to_string())),
        entry.rights.iter().map(right).collect::<Vec<_>>().join("; "),
        id(entry.organisation.as_ref().map(ToString::to_string)),
        person.map_or(String::new(), |person| person.name.clone()),
        id(entry.person.map(|person| person.to_string())),
        channel.to_owned(),
        submission,
    ];
    let mut line = |attribute: &str, before: &str, after: &str| {
        let fixed = fixed.iter().map(String::as_str);
        table.line(fixed.chain([attribute, before, after, entry.hash.as_str()]));
    };
    if touched.is_empty() {
        line("", "", "");
    }
    for (attribute, before, after) in &touched {
        line(attribute, before, after);
    }
}

fn right(right: &Right) -> String {
    match right {
        Right::Own => "own account".to_owned(),
        Right::Service => "the service".to_owned(),
        Right::Role {
            role,
            organisation,
            unit: None,
        } => format!("{} of {organisation}", role.name()),
        Right::Role {
            role,
            organisation,
            unit: Some(unit),
        } => format!("{} of {unit}, {organisation}", role.name()),
    }
}
