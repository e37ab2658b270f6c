//! Histories as tables: one line for each attribute that a change touched.

use std::io::{self, Write};

use domain::{
    absence::Absence,
    account::AccountStatus,
    dictionary::{Attribute, Value},
    event::{AccountFact, ContactFact, Event, Fact},
    organisation::OrganisationCode,
    subscription::{Seat, Side},
    values::ids::Timestamp,
};
use formats::Table;
use gate::{GateError, Visit, calendar};

use super::date::date;
use crate::{
    files::downloads::draft::{Draft, Drafting, Portions},
    http::asker::Asker,
};

/// The columns.
const HEADINGS: [&str; 12] = [
    "Moment",
    "Who",
    "Who (ID)",
    "Channel",
    "Submission",
    "Row",
    "Person",
    "Person (ID)",
    "What",
    "Attribute",
    "Before",
    "After",
];

/// Events that an export of an organisation's history holds.
const MOST: usize = 200_000;

/// Events read at once.
const AT_ONCE: u64 = 1000;

/// What happened to somebody.
pub(super) fn of_person<W: Write>(into: W, name: &str, events: impl IntoIterator<Item = Event>) -> io::Result<W> {
    let mut table = Table::begin(into, HEADINGS)?;
    for event in events {
        write(&mut table, name, &event, &event.fact.sentence(calendar::day))?;
    }
    table.finish()
}

/// What happened in an organisation, newest first.
pub(super) async fn of_organisation(asker: &Asker, code: &OrganisationCode) -> Result<Draft, GateError> {
    let of = code.clone();
    let drafting = Drafting::begin(asker.busy(), move |into, mut events: Portions<(Event, String)>| {
        let mut table = Table::begin(into, HEADINGS)?;
        while let Some((event, name)) = events.next() {
            write(&mut table, &name, &event, &event.fact.sentence_in(&of, calendar::day))?;
        }
        table.finish()
    });
    let drafting = drafting.await?;
    let handed = hand_over(&asker.visit(), code, drafting.hand()).await;
    drafting.finish(handed).await
}

/// Hands over an organisation's events, each with the name of the person that it is about.
async fn hand_over<F: Future<Output = Result<(), GateError>>>(
    visit: &Visit<'_>,
    code: &OrganisationCode,
    mut take: impl FnMut(Vec<(Event, String)>) -> F,
) -> Result<(), GateError> {
    let (mut before, mut written) = (None, 0);
    loop {
        let page = visit.organisation_history(code, before, AT_ONCE).await?;
        written += page.events.len();
        before = page.events.last().map(|(last, _)| *last);
        let named = page.events.into_iter().map(|(_, event)| {
            let person = event.fact.person().and_then(|id| page.names.get(&id));
            let name = person.map(|person| person.name.clone()).unwrap_or_default();
            (event, name)
        });
        take(named.collect()).await?;
        if before.is_none() || written >= MOST {
            return Ok(());
        }
    }
}

/// One event, which says what happened: a line for each attribute, or a single one where it touched none.
fn write<W: Write>(table: &mut Table<W>, name: &str, event: &Event, what: &str) -> io::Result<()> {
    let who = event.actor.map(|actor| actor.to_string()).unwrap_or_default();
    let person = event.fact.person().map(|person| person.to_string()).unwrap_or_default();
    let (moment, row) = (calendar::iso_8601(event.at), event.row.to_string());
    let mut line = |attribute: &str, before: &str, after: &str| {
        table.line([
            moment.as_str(),
            &event.actor_name,
            &who,
            event.channel.name(),
            event.submission.as_str(),
            &row,
            name,
            &person,
            what,
            attribute,
            before,
            after,
        ])
    };
    let touched = touched(&event.fact);
    if touched.is_empty() {
        line("", "", "")?;
    }
    for (attribute, before, after) in &touched {
        line(attribute, before, after)?;
    }
    Ok(())
}

/// What a fact touched: each thing with what it was and what it became.
pub(super) fn touched(fact: &Fact) -> Vec<(&'static str, String, String)> {
    let mut touched = Vec::new();
    let mut tell = |what, before: &str, after: &str| touched.push((what, before.to_owned(), after.to_owned()));
    let day = |at: &Option<Timestamp>| at.map(date).unwrap_or_default();
    let organisation = Attribute::Organisation.name();
    match fact {
        Fact::Account(_, code, AccountFact::Created { attributes, .. })
        | Fact::Contact(_, code, ContactFact::Created { attributes }) => {
            tell(organisation, "", code.as_str());
            for (attribute, value) in attributes.iter() {
                tell(attribute.name(), "", shown(attribute, value));
            }
        }
        Fact::Account(_, to, what) => match what {
            AccountFact::Turned {
                before,
                after,
                back,
                away,
                ..
            } => {
                tell("Status", before.name(), after.name());
                for (what, before, after) in absences(back.as_ref(), away.as_ref()) {
                    tell(what, &before, &after);
                }
            }
            AccountFact::AbsencePlanned { before, after } => {
                for (what, before, after) in absences(before.as_ref(), after.as_ref()) {
                    tell(what, &before, &after);
                }
            }
            AccountFact::LeavingPlanned { before, after } => tell("Leaving date", &day(before), &day(after)),
            AccountFact::StartPlanned { before, after } => tell("First day", &day(before), &day(after)),
            AccountFact::Moved { from, before, .. } => {
                tell(organisation, from.as_str(), to.as_str());
                if *before == AccountStatus::Leaver {
                    tell("Status", before.name(), AccountStatus::Active.name());
                }
            }
            AccountFact::SeatAssigned { seat } => tell(SEAT, "", &in_words(seat)),
            AccountFact::SeatChanged { before, after } => tell(SEAT, &in_words(before), &in_words(after)),
            AccountFact::SeatRevoked { seat, .. } => tell(SEAT, &in_words(seat), ""),
            AccountFact::Held { reason } => tell("Held", "", reason),
            _ => {}
        },
        Fact::Contact(_, to, ContactFact::Moved { from, .. }) => tell(organisation, from.as_str(), to.as_str()),
        _ => {}
    }
    for change in fact.changes() {
        let text = |value: &Option<Value>| {
            let value = value.as_ref().map(|value| shown(change.attribute, value));
            value.unwrap_or_default().to_owned()
        };
        tell(change.attribute.name(), &text(&change.before), &text(&change.after));
    }
    touched
}

/// What a file that is taken away has of a value: a private address is in none.
fn shown(attribute: Attribute, value: &Value) -> &str {
    match attribute.is_private() {
        true => "•••",
        false => value.as_str(),
    }
}

const SEAT: &str = "Seat";

/// A seat with its extra storage: `Mail (69052), 25 GB extra mail storage`.
fn in_words(seat: &Seat) -> String {
    let extra = |gigabytes: u32, side: Side| match gigabytes {
        0 => String::new(),
        gigabytes => format!(", {gigabytes} GB extra {} storage", side.name()),
    };
    format!(
        "{} ({}){}{}",
        seat.offering.name(),
        seat.subscription,
        extra(seat.collab_extra_gb, Side::Collab),
        extra(seat.mail_extra_gb, Side::Mail)
    )
}

/// An absence before and after: its days and its reason, those only that are set.
fn absences(before: Option<&Absence>, after: Option<&Absence>) -> Vec<(&'static str, String, String)> {
    let day = |at: Option<Timestamp>| at.map(calendar::iso_8601).unwrap_or_default();
    let parts = |absence: Option<&Absence>| match absence {
        Some(absence) => [day(absence.from), day(absence.until), absence.reason.clone()],
        None => [String::new(), String::new(), String::new()],
    };
    let named = ["Disabled from", "Enabled again on", "Reason"];
    let lines = named.into_iter().zip(parts(before)).zip(parts(after));
    lines
        .map(|((what, before), after)| (what, before, after))
        .filter(|(_, before, after)| !(before.is_empty() && after.is_empty()))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{
        channel::Channel,
        plan::Change,
        subscription::{Offering, SubscriptionNumber},
        values::ids::{AccountId, RowNumber, SeatId, SubmissionId},
    };

    use super::*;

    fn event(fact: Fact) -> Event {
        Event {
            at: Timestamp(1_795_262_400_000),
            submission: SubmissionId::parse("7Q4K9TZM2X").unwrap(),
            row: RowNumber(3),
            actor: None,
            actor_name: "Staffbook".to_owned(),
            channel: Channel::System,
            fact,
        }
    }

    #[test]
    fn a_leaving_date_is_the_day_that_was_chosen_in_summer_too() {
        let (summer, winter) = (calendar::day_begins(2027, 7, 1), calendar::day_begins(2027, 12, 1));
        let planned = Fact::Account(
            AccountId(Default::default()),
            OrganisationCode::parse("RIV").unwrap(),
            AccountFact::LeavingPlanned {
                before: summer,
                after: winter,
            },
        );
        let days = ("Leaving date", "2027-07-01".to_owned(), "2027-12-01".to_owned());
        assert_eq!(touched(&planned), [days]);
    }

    #[test]
    fn a_private_address_is_told_of_and_not_taken_away() {
        let change = Change {
            attribute: Attribute::AlternateEmail,
            before: None,
            after: Some(Value::stored("jane@home.example".to_owned())),
        };
        let changed = Fact::Account(
            AccountId(Default::default()),
            OrganisationCode::parse("RIV").unwrap(),
            AccountFact::Changed { changes: vec![change] },
        );
        let told = ("Alternative email address", String::new(), "•••".to_owned());
        assert_eq!(touched(&changed), [told]);
    }

    #[test]
    fn a_seat_is_told_with_its_extra_storage() {
        let seat = Seat {
            id: SeatId(Default::default()),
            subscription: SubscriptionNumber::new(69052).unwrap(),
            offering: Offering::Mail,
            active: true,
            collab_extra_gb: 0,
            mail_extra_gb: 25,
        };
        let revoked = Fact::Account(
            AccountId(Default::default()),
            OrganisationCode::parse("RIV").unwrap(),
            AccountFact::SeatRevoked { seat, content_to: None },
        );
        let told = (SEAT, "Mail (69052), 25 GB extra mail storage".to_owned(), String::new());
        assert_eq!(touched(&revoked), [told]);
    }

    #[test]
    fn each_attribute_is_a_line_and_none_runs_in_a_spreadsheet() {
        let code = OrganisationCode::parse("RIV").unwrap();
        let account = AccountId(Default::default());
        let change = |attribute, after: &str| Change {
            attribute,
            before: None,
            after: Some(Value::stored(after.to_owned())),
        };
        let changed = Fact::Account(
            account,
            code.clone(),
            AccountFact::Changed {
                changes: vec![
                    change(Attribute::JobTitle, "=1+1"),
                    change(Attribute::Mobile, "+447700900123"),
                ],
            },
        );
        let reset = Fact::Account(
            account,
            code,
            AccountFact::PasswordReset {
                link: domain::life::LinkFor::AnotherPassword,
            },
        );
        let table = of_person(vec![], "Jane Smith", [event(changed), event(reset)]).unwrap();
        let text = String::from_utf8(table).unwrap();
        let lines: Vec<_> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 4);
        let begins =
            "2026-11-21T12:00:00Z,Staffbook,,automatic,7Q4K9TZM2X,3,Jane Smith,00000000-0000-0000-0000-000000000000,";
        assert_eq!(lines[1], format!("{begins}2 details changed,Job title,,'=1+1"));
        assert_eq!(lines[2], format!("{begins}2 details changed,Mobile,,+447700900123"));
        assert_eq!(
            lines[3],
            format!("{begins}Password reset: a link to choose a new one was made,,,")
        );
    }
}
