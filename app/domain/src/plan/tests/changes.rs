//! Rows of change files.

mod adding;
mod order;
mod people;
mod renaming;
mod same_plan;
mod seats;

use super::*;
use crate::{
    change_file::{ChangeRow, Field, report_lines},
    customer::{Customer, CustomerNumber, Federation},
    password::OneTimePassword,
    submission::Outcome,
    subscription::{
        KnownSubscription, NewSeat, Offering, Seat, SeatEnd, Side, Subscription, SubscriptionNumber, SubscriptionState,
    },
    values::{email_address::EmailAddress, ids::SeatId},
};

pub(super) const COLLAB: &str = "69054";
const COLLAB_PLUS: &str = "69055";
const MAIL: &str = "69052";
const BUNDLE: &str = "69051";
const TRAVELER: &str = "69053";
const DOCS: &str = "69056";
const COLLAB_POOL: &str = "69061";
const MAIL_POOL: &str = "69062";

const JANE: &str = "jane.smith@river.example";

pub(super) fn number(text: &str) -> SubscriptionNumber {
    text.parse().unwrap()
}

fn riverside() -> CustomerNumber {
    CustomerNumber::new(7).unwrap()
}

pub(super) fn customer() -> Customer {
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    Customer {
        number: riverside(),
        organisation: code("RIV"),
        federation: Federation::NonFederated,
        verifies_email: true,
        accepts_terms: false,
        hybrid: false,
        change_files: true,
        language: Some("en-GB".to_owned()),
        time_zone: None,
        domains: vec!["river.example".to_owned()],
        connector: None,
        contact: None,
        compatible: vec![pair("B1", "C1"), pair("B1", "M1"), pair("C1", "B1"), pair("M1", "B1")],
        templates: vec![],
    }
}

fn subscription(id: &str, offering: Offering, part: &str, name: &str) -> (SubscriptionNumber, KnownSubscription) {
    let subscription = Subscription {
        number: number(id),
        customer: riverside(),
        name: name.to_owned(),
        part: part.to_owned(),
        offering,
        parent: None,
        seats: if offering.is_storage() { 0 } else { 10 },
        gigabytes: if offering.is_storage() { 20 } else { 0 },
        state: SubscriptionState::Active,
        starts_on: None,
        ends_on: None,
    };
    (number(id), KnownSubscription { subscription, taken: 1 })
}

/// Riverside as a customer with subscriptions of every kind, each with nine of ten seats free.
pub(super) fn world(accounts: Vec<Account>) -> Snapshot {
    let mut world = snapshot(Channel::ChangeFile, accounts, vec![]);
    world.customers = vec![customer()];
    world.subscriptions = HashMap::from([
        subscription(COLLAB, Offering::Collab, "C1", "Staff files"),
        subscription(COLLAB_PLUS, Offering::Collab, "C2", "Staff files plus"),
        subscription(MAIL, Offering::Mail, "M1", "Staff mail"),
        subscription(BUNDLE, Offering::Bundle, "B1", "Staff bundle"),
        subscription(TRAVELER, Offering::Traveler, "T1", "Staff telephones"),
        subscription(DOCS, Offering::Docs, "D1", "Staff documents"),
        subscription(COLLAB_POOL, Offering::CollabStorage, "S1", "More files"),
        subscription(MAIL_POOL, Offering::MailStorage, "S2", "More mail"),
    ]);
    for pool in [COLLAB_POOL, MAIL_POOL] {
        world.subscriptions.get_mut(&number(pool)).unwrap().taken = 0;
    }
    world.storage_used.insert(riverside(), (0, 0));
    world
}

/// Jane Smith of Riverside, who has activated her account.
fn jane() -> Account {
    account(
        1,
        "RIV",
        &[
            (Attribute::FirstName, "Jane"),
            (Attribute::LastName, "Smith"),
            (Attribute::EmailAddress, JANE),
        ],
    )
}

pub(super) fn seat(id: u128, subscription: &str, offering: Offering) -> Seat {
    Seat {
        id: SeatId(Uuid::from_u128(id)),
        subscription: number(subscription),
        offering,
        active: true,
        collab_extra_gb: 0,
        mail_extra_gb: 0,
    }
}

/// A world of Jane with these seats.
fn with_seats(seats: Vec<Seat>) -> Snapshot {
    let mut world = world(vec![jane()]);
    world.seats.insert(jane().id, seats);
    world
}

fn change_row(action: &str, email: &str, fields: &[(Field, &str)]) -> ChangeRow {
    let own = [(Field::EmailAddress, email)];
    ChangeRow::of(riverside(), action, own.into_iter().chain(fields.iter().copied()))
}

/// A row of a change file.
fn change(line: u32, action: &str, email: &str, fields: &[(Field, &str)]) -> ChangeRequest {
    row(line, Wish::ChangeRow(Box::new(change_row(action, email, fields))))
}

/// The same with a one-time password.
fn with_password(mut request: ChangeRequest) -> ChangeRequest {
    if let Wish::ChangeRow(row) = &mut request.wish {
        row.one_time = Some(OneTimePassword::Hashed("$argon2id$".to_owned()));
    }
    request
}

/// New people’s names.
const NAMED: [(Field, &str); 2] = [(Field::GivenName, "Jane"), (Field::FamilyName, "Smith")];

fn named<'a>(fields: &[(Field, &'a str)]) -> Vec<(Field, &'a str)> {
    NAMED.into_iter().chain(fields.iter().copied()).collect()
}

/// What the one row comes to.
fn one(world: &Snapshot, request: &ChangeRequest) -> PlannedRow {
    plan(world, std::slice::from_ref(request)).rows.remove(0)
}

/// What the report says of rows: `2 Done create account` and `3 Rejected update.empty This row changes nothing.`
fn reported(world: &mut Snapshot, requests: &[ChangeRequest]) -> Vec<String> {
    let plan = plan_chunk(world, requests);
    let rows = requests.iter().zip(&plan.rows);
    rows.flat_map(|(request, row)| report_lines(request, row, Outcome::Done))
        .map(|line| {
            let parts = [
                line.line.to_string(),
                line.result.word().to_owned(),
                line.code,
                line.message,
                line.steps,
            ];
            let told: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            told.join(" ")
        })
        .collect()
}

/// The same for one row, in line 2, without its number.
fn told(world: &Snapshot, action: &str, email: &str, fields: &[(Field, &str)]) -> Vec<String> {
    let mut world = world.clone();
    let lines = reported(&mut world, &[change(2, action, email, fields)]);
    lines
        .into_iter()
        .map(|line| line.strip_prefix("2 ").unwrap_or(&line).to_owned())
        .collect()
}

#[test]
fn a_row_without_an_action_or_with_too_few_values_says_so() {
    let world = world(vec![]);
    assert_eq!(
        told(&world, "", "", &[]),
        [
            "Rejected action.missing This row has no Action. Actions are Add, Update, Suspend, Resume, Remove, AssignSeat, \
             ChangeSeat, RevokeSeat, Rename, ResendInvitation and ChangeStorage.",
            "Rejected email.missing This row has no EmailAddress.",
        ]
    );
    let unknown = told(&world, "Delete", JANE, &[]);
    assert!(unknown[0].starts_with("Rejected action.unknown Delete is not an action. Actions are Add, "));
    let mut short = change_row("Add", JANE, &[]);
    short.surplus = Some((3, 5));
    let planned = one(&world, &row(2, Wish::ChangeRow(Box::new(short))));
    let [problem] = planned.step.problems() else {
        panic!("{planned:?}")
    };
    assert_eq!(problem.to_string(), "This row has 3 values, the header has 5.");
}

#[test]
fn an_address_that_is_none_or_too_long_is_told() {
    let world = world(vec![]);
    assert_eq!(
        told(&world, "Suspend", "jane.smith", &[]),
        ["Rejected email.bad jane.smith in EmailAddress is not an email address: the @ is missing."]
    );
    let long = format!("{}@river.example", "a".repeat(250));
    assert_eq!(
        told(&world, "Suspend", &long, &[]),
        ["Rejected email.long EmailAddress may have 254 characters; this has 264."]
    );
    assert_eq!(
        told(&world, "Suspend", "", &[]),
        ["Rejected email.missing This row has no EmailAddress."]
    );
}

#[test]
fn a_control_character_rejects_its_row() {
    let world = world(vec![jane()]);
    for (title, number) in [("Por\u{7}ter", "0007"), ("Porter\0", "0000")] {
        assert_eq!(
            told(&world, "Update", JANE, &[(Field::JobTitle, title)]),
            [format!(
                "Rejected value JobTitle has a sign that cannot be seen (U+{number}). Remove it."
            )]
        );
    }
    let address = told(&world, "Update", JANE, &[(Field::Address, "1 High St\r\nLeeds")]);
    assert!(!address[0].contains("U+"), "{address:?}");
}

#[test]
fn a_customer_that_is_not_there_refuses_every_row() {
    let mut world = world(vec![]);
    world.customers.clear();
    assert_eq!(
        told(&world, "Suspend", JANE, &[]),
        ["Rejected customer.unknown There is no customer 7. Check the number in the file name."]
    );
}
