//! People and histories as files to take away: CSV for spreadsheets, cards for address books.

pub(crate) mod audit;
mod card;
pub(crate) mod connectors;
mod date;
mod trail;

use std::collections::HashMap;

use app::{
    routes,
    searches::people::{Column, MOST_EXPORTED, Search},
};
use axum::{
    extract::{Path, Query},
    http::HeaderValue,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, MANY},
    event::Event,
    organisation::OrganisationCode,
    subscription::Seat,
};
use formats::{Format, Table};
use gate::{GateError, PersonKind, Whom, calendar};

use self::date::date;
use crate::{
    files::downloads::{
        csv,
        draft::{Drafting, Portions},
        held,
    },
    http::asker::{Asker, named},
};

/// Columns that an export of accounts begins with: with them it can be changed and uploaded again.
const FIRST_OF_ACCOUNTS: [Column; 6] = [
    Column::Attribute(Attribute::AccountId),
    Column::Attribute(Attribute::LocalId),
    Column::Attribute(Attribute::Organisation),
    Column::Attribute(Attribute::FirstName),
    Column::Attribute(Attribute::LastName),
    Column::Attribute(Attribute::EmailAddress),
];

/// The same of contacts.
const FIRST_OF_CONTACTS: [Column; 5] = [
    Column::Attribute(Attribute::AccountId),
    Column::Attribute(Attribute::Organisation),
    Column::Attribute(Attribute::FirstName),
    Column::Attribute(Attribute::LastName),
    Column::Attribute(Attribute::EmailAddress),
];

/// The heading of the column that accounts have where there are customers, whose people hold seats.
const SEATS: &str = "Seats";

/// An account, and the seats that its person holds.
type Seated = (Account, Vec<Seat>);

/// The format whose headings an export of accounts has.
const HEADINGS_OF: &str = "new";

/// `GET /people/export.csv`: what a search finds, with the columns that it shows.
pub(crate) async fn people(asker: Asker) -> Response {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(&asker.parts.uri);
    let search = Search::read(asked.map(|Query(parts)| parts).unwrap_or_default());
    // A file cannot say that it holds more than was asked for. The page can.
    if search.unknown.sentence().is_some() {
        let query = asker.parts.uri.query().unwrap_or_default();
        return Redirect::to(&format!("{}?{query}", routes::PEOPLE)).into_response();
    }
    let made = async {
        match search.kind {
            PersonKind::Account => those(&asker, &Whom::Search(search.whole(asker.gate().now())), &search).await,
            PersonKind::Contact => contacts(&asker, &search).await,
        }
    };
    asker.answer(made).await
}

/// Some accounts, with the columns that a search shows.
pub(crate) async fn those(asker: &Asker, whom: &Whom, search: &Search) -> Result<Response, GateError> {
    let columns = columns(&FIRST_OF_ACCOUNTS, search);
    let format = asker.gate().formats().get(HEADINGS_OF);
    let mut headings: Vec<_> = columns
        .iter()
        .map(|column| heading(*column, format).to_owned())
        .collect();
    let visit = asker.visit();
    let has_seats = visit.sees_customers().await?;
    if has_seats {
        headings.push(SEATS.to_owned());
    }
    let drafting = Drafting::begin(asker.busy(), move |into, mut accounts: Portions<Seated>| {
        let mut table = Table::begin(into, headings.iter().map(String::as_str))?;
        while let Some((account, seats)) = accounts.next() {
            let mut cells: Vec<_> = columns.iter().map(|column| of_account(&account, *column)).collect();
            if has_seats {
                cells.push(in_a_cell(&seats));
            }
            table.line(cells.iter().map(String::as_str))?;
        }
        table.finish()
    });
    let drafting = drafting.await?;
    let (seen, making) = (&visit, &drafting);
    let hand_over = |accounts: Vec<Account>| async move {
        let mut held = match has_seats {
            true => {
                seen.seats_of_many(&accounts.iter().map(|account| account.id).collect::<Vec<_>>())
                    .await?
            }
            false => HashMap::new(),
        };
        let seated = accounts.into_iter().map(|account| {
            let seats = held.remove(&account.id).unwrap_or_default();
            (account, seats)
        });
        making.hand()(seated.collect()).await
    };
    let gone_through = visit.each_of(whom, MOST_EXPORTED, hand_over).await;
    Ok(csv("accounts.csv", drafting.finish(gone_through).await?)?)
}

/// Seats in a cell: `Collaboration and mail (69051); Traveler (69053)`.
fn in_a_cell(seats: &[Seat]) -> String {
    let seats = seats
        .iter()
        .map(|seat| format!("{} ({})", seat.offering.name(), seat.subscription));
    seats.collect::<Vec<_>>().join(MANY)
}

async fn contacts(asker: &Asker, search: &Search) -> Result<Response, GateError> {
    let columns = columns(&FIRST_OF_CONTACTS, search);
    let drafting = Drafting::begin(asker.busy(), move |into, mut contacts: Portions<Contact>| {
        let mut table = Table::begin(into, columns.iter().map(|column| column.name()))?;
        while let Some(contact) = contacts.next() {
            let cells: Vec<_> = columns.iter().map(|column| of_contact(&contact, *column)).collect();
            table.line(cells.iter().map(String::as_str))?;
        }
        table.finish()
    });
    let drafting = drafting.await?;
    let visit = asker.visit();
    let gone_through = visit
        .each_contact(&search.whole(asker.gate().now()), MOST_EXPORTED, drafting.hand())
        .await;
    Ok(csv("contacts.csv", drafting.finish(gone_through).await?)?)
}

fn columns(first: &[Column], search: &Search) -> Vec<Column> {
    let shown = search.columns().into_iter().filter(|column| !first.contains(column));
    first.iter().copied().chain(shown).collect()
}

/// A column's heading: the format's, so that the file can be uploaded again, else what pages call it.
fn heading(column: Column, format: Option<&Format>) -> &str {
    let attribute = match column {
        Column::Attribute(attribute) => attribute,
        Column::Starts => Attribute::StartDate,
        Column::Leaving => Attribute::EndDate,
        Column::Status | Column::Away => return column.name(),
    };
    let known = format.and_then(|format| format.columns.iter().find(|known| known.attribute == attribute));
    known.map_or(attribute.name(), |known| &known.heading)
}

fn of_account(account: &Account, column: Column) -> String {
    match column {
        Column::Status => account.status.name().to_owned(),
        Column::Away => away(account).unwrap_or_default(),
        Column::Starts => account.starts_at.map(date).unwrap_or_default(),
        Column::Leaving => account.leaving_at.map(date).unwrap_or_default(),
        Column::Attribute(Attribute::AccountId) => account.id.to_string(),
        Column::Attribute(Attribute::Organisation) => account.organisation.to_string(),
        Column::Attribute(attribute) => account.attributes.text(attribute).to_owned(),
    }
}

/// When somebody is away.
fn away(account: &Account) -> Option<String> {
    account.absence.as_ref()?.told(calendar::day)
}

fn of_contact(contact: &Contact, column: Column) -> String {
    match column {
        Column::Status => match contact.deleted_at {
            None => AccountStatus::Active.name().to_owned(),
            Some(_) => AccountStatus::Deleted.name().to_owned(),
        },
        Column::Away | Column::Starts | Column::Leaving => String::new(),
        Column::Attribute(Attribute::AccountId) => contact.id.to_string(),
        Column::Attribute(Attribute::Organisation) => contact.organisation.to_string(),
        Column::Attribute(attribute) => contact.attributes.text(attribute).to_owned(),
    }
}

/// `GET /accounts/{id}/history.csv`.
pub(crate) async fn account_history(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let (account, events) = asker.visit().account_trail(named(&id)?).await?;
        history(&asker, account.full_name(), events).await
    };
    asker.answer(made).await
}

async fn history(asker: &Asker, name: String, events: Vec<Event>) -> Result<Response, GateError> {
    let drafting = Drafting::begin(asker.busy(), move |into, mut events: Portions<Event>| {
        trail::of_person(into, &name, std::iter::from_fn(move || events.next()))
    });
    let drafting = drafting.await?;
    let handed = drafting.hand()(events).await;
    Ok(csv("history.csv", drafting.finish(handed).await?)?)
}

/// `GET /contacts/{id}/history.csv`.
pub(crate) async fn contact_history(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let (contact, events) = asker.visit().contact_trail(named(&id)?).await?;
        history(&asker, contact.full_name(), events).await
    };
    asker.answer(made).await
}

/// `GET /organisations/{id}/history.csv`.
pub(crate) async fn organisation_history(asker: Asker, Path(code): Path<String>) -> Response {
    let made = async {
        let code = OrganisationCode::parse(&code).map_err(|_| GateError::NotFound)?;
        let draft = trail::of_organisation(&asker, &code).await?;
        Ok(csv(&format!("history-{code}.csv"), draft)?)
    };
    asker.answer(made).await
}

/// `GET /directory/{id}/card.vcf`.
pub(crate) async fn card(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let entry = asker.visit().entry(named(&id)?).await?;
        let kind = HeaderValue::from_static("text/vcard; charset=utf-8");
        let name = format!("{}.vcf", entry.name);
        Ok(held(&name, kind, card::written(&entry).into_bytes()))
    };
    asker.answer(made).await
}

#[cfg(test)]
mod tests {
    use domain::subscription::Offering;
    use formats::{Formats, Sheet};

    use super::*;

    #[test]
    fn every_column_of_an_export_is_known_to_an_upload() {
        let formats = Formats::shipped();
        let offered = Column::offered(PersonKind::Account);
        let slugs = offered.iter().map(|column| column.slug()).collect::<Vec<_>>().join(" ");
        let columns = columns(&FIRST_OF_ACCOUNTS, &Search::read([("columns", slugs)]));
        let headings = columns.iter().map(|column| heading(*column, formats.get(HEADINGS_OF)));
        let mut table = Table::begin(vec![], headings).unwrap();
        table.line(columns.iter().map(|_| "x")).unwrap();
        let sheet = Sheet::open(&formats, &table.finish().unwrap()).unwrap();
        let unread = sheet.layout.columns.iter().filter(|(_, held)| held.is_none());
        let unread: Vec<_> = unread.map(|(heading, _)| heading.as_str()).collect();
        assert_eq!(unread, ["Status", "Absence"]);
    }

    #[test]
    fn an_export_can_be_uploaded_again() {
        let formats = Formats::shipped();
        let search = Search::read([("columns", "unit job-title work-area".to_owned())]);
        let columns = columns(&FIRST_OF_ACCOUNTS, &search);
        let headings = columns.iter().map(|column| heading(*column, formats.get(HEADINGS_OF)));
        let mut table = Table::begin(vec![], headings).unwrap();
        let row = ["", "1001", "RIV", "=Jane", "Smith", "", "Medicine", "Nurse", "Wards"];
        assert_eq!(row.len(), columns.len());
        table.line(row).unwrap();
        let sheet = Sheet::open(&formats, &table.finish().unwrap()).unwrap();
        assert_eq!((sheet.format.as_str(), sheet.requests().count()), (HEADINGS_OF, 1));
    }

    #[test]
    fn seats_stand_in_a_cell_with_their_subscriptions() {
        let seat = |number: &str, offering| Seat {
            id: "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11".parse().unwrap(),
            subscription: number.parse().unwrap(),
            offering,
            active: true,
            collab_extra_gb: 0,
            mail_extra_gb: 0,
        };
        let seats = [seat("69051", Offering::Bundle), seat("69053", Offering::Traveler)];
        assert_eq!(in_a_cell(&seats), "Collaboration and mail (69051); Traveler (69053)");
        assert_eq!(in_a_cell(&[]), "");
    }

    #[test]
    fn a_column_stands_once() {
        let columns = columns(&FIRST_OF_ACCOUNTS, &Search::default());
        let local_ids = columns
            .iter()
            .filter(|column| **column == Column::Attribute(Attribute::LocalId));
        assert_eq!(local_ids.count(), 1);
        assert_eq!(columns.last(), Some(&Column::Status));
    }
}
