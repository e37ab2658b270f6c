mod absence;
mod broken_rows;
mod changes;
mod crowds;
mod customers;
mod days;
mod held;
mod noticed;
mod review;
mod undo;
mod user_names;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use super::*;
use crate::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes, Value},
    event::{AccountFact, Fact},
    hand_edit::HandEdits,
    organisation::{OrganisationCode, OrganisationPath, OrganisationStatus},
    policy::{Actor, Authority, Holders},
    request::{BrokenQuotes, Cells},
    rules::Rules,
    values::{
        email_address::MailDomain,
        ids::{AccountId, ContactId, Timestamp},
    },
};

fn code(text: &str) -> OrganisationCode {
    OrganisationCode::parse(text).unwrap()
}

/// What happened to the first account, in RIV.
fn of_first(what: AccountFact) -> Fact {
    Fact::Account(AccountId(Uuid::from_u128(1)), code("RIV"), what)
}

fn organisation(path: &str, name: &str) -> (OrganisationCode, KnownOrganisation) {
    let own = code(path.trim_matches('/').rsplit('/').next().unwrap_or_default());
    let organisation = Organisation {
        code: own.clone(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        status: OrganisationStatus::Open,
        path: OrganisationPath::stored(path.to_owned()),
        sites: vec![],
        units: vec![],
    };
    (
        own,
        KnownOrganisation {
            organisation,
            whole: true,
        },
    )
}

fn attributes(texts: &[(Attribute, &str)]) -> Attributes {
    let values = texts
        .iter()
        .map(|(attribute, text)| (*attribute, Value::stored((*text).to_owned())));
    values.collect()
}

fn account(number: u128, home: &str, texts: &[(Attribute, &str)]) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        organisation: code(home),
        status: AccountStatus::Active,
        since: Timestamp(0),
        leaving_at: None,
        absence: None,
        starts_at: None,
        activated: true,
        version: 1,
        attributes: attributes(texts),
        aliases: vec![],
        by_hand: HandEdits::new(),
        held: None,
        disabled_by: None,
    }
}

fn contact(number: u128, home: &str, address: &str) -> Contact {
    Contact {
        id: ContactId(Uuid::from_u128(number)),
        organisation: code(home),
        deleted_at: None,
        version: 1,
        attributes: attributes(&[
            (Attribute::FirstName, "Wanda"),
            (Attribute::LastName, "Outside"),
            (Attribute::EmailAddress, address),
        ]),
    }
}

/// A trust with a children’s hospital, and a hospice of another tree.
fn snapshot(channel: Channel, accounts: Vec<Account>, contacts: Vec<Contact>) -> Snapshot {
    let places = [
        organisation("/RIV/", "Riverside"),
        organisation("/RIV/RIV01/", "Riverside Children’s"),
        organisation("/HLD01/", "Hillside Hospice"),
    ];
    Snapshot {
        rules: Arc::new(Rules::standard(MailDomain::parse("health.example").unwrap())),
        channel,
        organisations: HashMap::from(places),
        accounts,
        names: vec![],
        held_addresses: HashMap::new(),
        held_user_names: HashMap::new(),
        held_local_ids: HashMap::new(),
        private_here: HashMap::new(),
        file: FileKeys::default(),
        now: Timestamp(0),
        own: None,
        contacts,
        offers: vec![],
        asker: Authority::new(Actor::System, vec![]),
        holders: Holders::default(),
        last_grants: HashSet::new(),
        leavers: vec![],
        tokens: vec![],
        elsewhere: HashMap::new(),
        reserved: vec![],
        past: HashMap::new(),
        peopled: HashSet::new(),
        customers: vec![],
        subscriptions: HashMap::new(),
        seats: HashMap::new(),
        renaming: HashSet::new(),
        promised: HashMap::new(),
        storage_used: HashMap::new(),
        day: |at| format!("day {}", at.0),
        begins: |day| {
            // Months of 31 days: tests need days in their order, not a calendar.
            let (year, month, day) = day.parts();
            let days = (i64::from(year) - 1970) * 372 + (i64::from(month) - 1) * 31 + i64::from(day) - 1;
            Some(Timestamp(days * 86_400_000))
        },
    }
}

fn row(number: u32, wish: Wish) -> ChangeRequest {
    ChangeRequest {
        row: RowNumber(number),
        wish,
        promised: None,
    }
}

fn person(home: &str, mobile: &str) -> Cells {
    Cells::of([
        (Attribute::FirstName, "Jem"),
        (Attribute::LastName, "Larkspur"),
        (Attribute::Organisation, home),
        (Attribute::Mobile, mobile),
    ])
}

/// The warnings of each row, as they are said.
fn said(planned: &Plan) -> Vec<String> {
    let warnings = planned.rows.iter().flat_map(|row| &row.warnings);
    warnings.map(Problem::message).collect()
}

const JEM: [(Attribute, &str); 4] = [
    (Attribute::FirstName, "Jem"),
    (Attribute::LastName, "Larkspur"),
    (Attribute::EmailAddress, "jem.larkspur@health.example"),
    (Attribute::Mobile, "+447700900123"),
];

#[test]
fn a_namesake_of_another_organisation_is_asked_about_with_the_organisation_named() {
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &JEM)], vec![]);
    let told = said(&plan(&world, &[row(2, Wish::AccountInFile(person("RIV01", "")))]));
    assert_eq!(
        told,
        ["Jem Larkspur, jem.larkspur@health.example, is already at Riverside."]
    );
    let told = said(&plan(&world, &[row(2, Wish::AccountInFile(person("RIV", "")))]));
    assert_eq!(told, ["Jem Larkspur, jem.larkspur@health.example, is already here."]);
}

#[test]
fn in_another_tree_a_namesake_is_asked_about_only_where_something_else_is_shared() {
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &JEM)], vec![]);
    let asked = |mobile| said(&plan(&world, &[row(2, Wish::AccountInFile(person("HLD01", mobile)))]));
    assert_eq!(asked(""), Vec::<String>::new());
    assert_eq!(asked("07700 900124"), Vec::<String>::new());
    assert_eq!(
        asked("07700 900123"),
        ["Jem Larkspur, jem.larkspur@health.example, is already at Riverside."]
    );
}

#[test]
fn those_of_the_same_organisation_are_named_first() {
    let here = account(2, "RIV01", &JEM);
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &JEM), here], vec![]);
    let planned = plan(&world, &[row(2, Wish::AccountInFile(person("RIV01", "")))]);
    let places: Vec<_> = planned.rows[0]
        .warnings
        .iter()
        .map(|warning| match &warning.kind {
            Kind::LooksLike { organisation, .. } => organisation.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, [None, Some("Riverside".to_owned())]);
}

#[test]
fn one_person_in_two_rows_of_a_file_is_asked_about_across_organisations() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let rows = [
        row(2, Wish::AccountInFile(person("RIV", "07700 900123"))),
        row(3, Wish::AccountInFile(person("RIV01", ""))),
    ];
    let first = plan(&world, &rows);
    assert_eq!(
        said(&first),
        ["Jem Larkspur in row 2, for Riverside, looks like the same person."]
    );
    // So it is for a later chunk of the file.
    for row in &first.rows {
        world.file.remember(row, &world.organisations);
    }
    let later = plan(&world, &[row(4, Wish::AccountInFile(person("HLD01", "07700 900123")))]);
    assert_eq!(
        said(&later),
        ["Jem Larkspur in row 2, for Riverside, looks like the same person."]
    );
}

#[test]
fn a_contact_of_another_organisation_with_the_same_address_is_asked_about() {
    let held = vec![contact(1, "HLD01", "wanda@council.example")];
    let world = snapshot(Channel::Portal, vec![], held);
    let new = |home| {
        Wish::NewContact(Cells::of([
            (Attribute::FirstName, "Wendy"),
            (Attribute::LastName, "Else"),
            (Attribute::EmailAddress, "Wanda@Council.example"),
            (Attribute::Organisation, home),
        ]))
    };
    assert_eq!(
        said(&plan(&world, &[row(1, new("RIV"))])),
        ["Wanda Outside is a contact of Hillside Hospice with this address already."]
    );
    assert_eq!(
        said(&plan(&world, &[row(1, new("HLD01"))])),
        ["Wanda Outside is a contact with this address already."]
    );
    // One whose organisation is out of sight, such as an offered one, is not spoken of.
    let mut elsewhere = world.clone();
    elsewhere.organisations.remove(&code("HLD01"));
    assert_eq!(said(&plan(&elsewhere, &[row(1, new("RIV"))])), Vec::<String>::new());
}

#[test]
fn a_contact_with_the_name_of_another_is_asked_about_as_accounts_are() {
    let held = vec![
        contact(1, "RIV01", "wanda@council.example"),
        contact(2, "RIV", "w.outside@charity.example"),
        contact(3, "HLD01", "wanda.outside@hospice.example"),
        Contact {
            deleted_at: Some(Timestamp(0)),
            ..contact(4, "RIV", "gone@charity.example")
        },
    ];
    let world = snapshot(Channel::Portal, vec![], held);
    let new = |first, address| {
        Wish::NewContact(Cells::of([
            (Attribute::FirstName, first),
            (Attribute::LastName, "Outside"),
            (Attribute::EmailAddress, address),
            (Attribute::Organisation, "RIV"),
        ]))
    };
    let asked = |first, address| said(&plan(&world, &[row(1, new(first, address))]));
    let here = "Wanda Outside, w.outside@charity.example, is already a contact here.";
    let elsewhere = "Wanda Outside, wanda@council.example, is already a contact of Riverside Children’s.";
    assert_eq!(asked("Wanda", "wanda@new.example"), [here, elsewhere]);
    assert_eq!(asked("Wand", "wanda@new.example"), [here]);
    assert_eq!(asked("Wendy", "wanda@new.example"), Vec::<String>::new());
    // Who has the address too is asked about once.
    assert_eq!(
        asked("Wanda", "w.outside@charity.example"),
        ["Wanda Outside is a contact with this address already.", elsewhere]
    );
}

#[test]
fn a_taken_local_id_is_told_in_the_same_way_to_everybody() {
    let (jem, ada) = (account(1, "RIV", &JEM), account(2, "RIV", &[]));
    let edited = ada.id;
    let key = ("RIV".to_owned(), "7".to_owned());
    let mut world = snapshot(Channel::Portal, vec![jem.clone(), ada], vec![]);
    let own = [(Attribute::LocalId, "7")];
    let new = [
        (Attribute::FirstName, "Ada"),
        (Attribute::LastName, "Bright"),
        (Attribute::Organisation, "RIV"),
    ];
    let wishes = [
        Wish::NewAccount(Cells::of(new.into_iter().chain(own))),
        Wish::Account(edited, AccountWish::Edit(Cells::of(own))),
    ];
    for (holder, name) in [(Some(jem.id), "Jem Larkspur"), (None, "another person")] {
        world.held_local_ids.insert(key.clone(), holder);
        for wish in wishes.clone() {
            let planned = plan(&world, &[row(1, wish)]);
            let told: Vec<_> = planned.rows[0].step.problems().iter().map(Problem::to_string).collect();
            let expected = format!("Local unique ID “7” belongs to {name}. Enter the person’s own local ID.");
            assert_eq!(told, [expected]);
        }
    }
}

#[test]
fn a_row_with_a_broken_cell_has_that_problem_only() {
    let world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let cells = Cells {
        broken: Some(BrokenQuotes {
            swallowed: vec![RowNumber(3), RowNumber(4), RowNumber(7)],
            apart: Some(RowNumber(8)),
        }),
        ..Cells::of([(Attribute::Organisation, "RIV"), (Attribute::FirstName, "Jem")])
    };
    let planned = plan(&world, &[row(2, Wish::AccountInFile(cells))]);
    let said: Vec<_> = planned.rows[0].step.problems().iter().map(Problem::message).collect();
    assert_eq!(
        said,
        [
            "The quotation marks in this row do not match: a cell is never closed, or goes on after its closing mark. \
             Rows 3, 4 and 7 may be part of that cell and were not read. The rows from row 8 on were read separately."
        ]
    );
}
