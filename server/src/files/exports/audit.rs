//! The audit log as a file: CSV with a line for each attribute that a change touched, JSON Lines with an object for each
//! entry. What it holds is what its reader sees.

use std::io::{self, Write};

use app::{forms::FormState, routes, searches::trail::TrailSearch};
use axum::{extract::Query, http::HeaderValue, response::Response};
use domain::{
    event::{AccountFact, Event},
    policy::Right,
    trail::{Action, Entry, Told},
};
use formats::Table;
use gate::{GateError, TrailPage, TrailQuery, calendar};
use serde_json::{Value, json};

use super::trail::touched;
use crate::{
    files::downloads::{
        attachment, csv,
        draft::{Draft, Drafting, Portions},
    },
    http::asker::Asker,
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
    "Acting as",
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
        let drafting = Drafting::begin(asker.busy(), |into, mut pages: Portions<TrailPage>| {
            let mut table = begin(into)?;
            while let Some(page) = pages.next() {
                write(&mut table, &page)?;
            }
            table.finish()
        });
        Ok(csv("audit-log.csv", drafted(&asker, &query, drafting.await?).await?)?)
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
        let drafting = Drafting::begin(asker.busy(), |mut into: Draft, mut pages: Portions<TrailPage>| {
            while let Some(page) = pages.next() {
                write_lines(&mut into, &page)?;
            }
            Ok(into)
        });
        let draft = drafted(&asker, &query, drafting.await?).await?;
        let kind = HeaderValue::from_static("application/jsonl; charset=utf-8");
        Ok(attachment("audit-log.jsonl", kind, draft)?)
    };
    asker.answer(made).await
}

async fn drafted(asker: &Asker, query: &TrailQuery, drafting: Drafting<TrailPage>) -> Result<Draft, GateError> {
    let hand = drafting.hand();
    let one_page = move |page| hand(vec![page]);
    let gone_through = asker.visit().each_entry(query, MOST, one_page).await;
    drafting.finish(gone_through).await
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

/// Begins a table of entries.
pub(crate) fn begin<W: Write>(into: W) -> io::Result<Table<W>> {
    Table::begin(into, HEADINGS)
}

/// Writes a page of entries into a table.
pub(crate) fn write<W: Write>(table: &mut Table<W>, page: &TrailPage) -> io::Result<()> {
    page.entries
        .iter()
        .try_for_each(|entry| write_entry(table, entry, page))
}

/// Writes a page of entries as JSON Lines.
pub(crate) fn write_lines(into: &mut impl Write, page: &TrailPage) -> io::Result<()> {
    let mut lines = page.entries.iter().map(line);
    lines.try_for_each(|line| writeln!(into, "{line}"))
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
            line["fact"] = fact_of(event);
        }
        Told::Happening(happening) => line["happening"] = json!(happening),
        Told::Nothing => {}
    }
    line
}

/// What changed, as JSON. A first day or a leaving date is the day that was chosen, not the moment when it begins.
fn fact_of(event: &Event) -> Value {
    let mut told = json!(event.fact);
    if let Some(AccountFact::LeavingPlanned { before, after } | AccountFact::StartPlanned { before, after }) =
        event.fact.of_account()
    {
        for (name, day) in [("before", before), ("after", after)] {
            told[name] = json!(day.map(super::date));
        }
    }
    told
}

fn write_entry<W: Write>(table: &mut Table<W>, entry: &Entry, page: &TrailPage) -> io::Result<()> {
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
        table.line(fixed.chain([attribute, before, after, entry.hash.as_str()]))
    };
    if touched.is_empty() {
        line("", "", "")?;
    }
    for (attribute, before, after) in &touched {
        line(attribute, before, after)?;
    }
    Ok(())
}

fn right(right: &Right) -> String {
    match right {
        Right::Own => "own account".to_owned(),
        Right::Service => "Staffbook".to_owned(),
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

#[cfg(test)]
mod tests {
    use domain::{
        channel::Channel,
        organisation::OrganisationCode,
        values::ids::{AccountId, RowNumber, SubmissionId, Timestamp},
    };

    use domain::event::Fact;

    use super::*;

    #[test]
    fn a_leaving_date_is_the_day_that_was_chosen_as_json_too() {
        let event = Event {
            at: Timestamp(1_795_262_400_000),
            submission: SubmissionId::parse("7Q4K9TZM2X").unwrap(),
            row: RowNumber(1),
            actor: None,
            actor_name: "Staffbook".to_owned(),
            channel: Channel::Portal,
            fact: Fact::Account(
                AccountId(Default::default()),
                OrganisationCode::parse("RIV").unwrap(),
                AccountFact::LeavingPlanned {
                    before: None,
                    after: calendar::day_begins(2027, 7, 1),
                },
            ),
        };
        let told = fact_of(&event);
        assert_eq!(told["fact"], "leaving-planned");
        assert_eq!((&told["before"], &told["after"]), (&Value::Null, &json!("2027-07-01")));
    }
}
