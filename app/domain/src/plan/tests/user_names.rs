//! Names to sign in with: whose they are, and what address somebody new gets by one.

use super::*;
use crate::{policy::Touch, values::email_address::EmailAddress};

const ADA: [(Attribute, &str); 3] = [
    (Attribute::Organisation, "RIV"),
    (Attribute::FirstName, "Ada"),
    (Attribute::LastName, "Bright"),
];

fn new(name: &str) -> ChangeRequest {
    let texts = [ADA.as_slice(), &[(Attribute::UserName, name)]].concat();
    row(1, Wish::NewAccount(Cells::of(texts)))
}

fn renamed(number: u128, name: &str) -> ChangeRequest {
    let cells = Cells::of([(Attribute::UserName, name)]);
    row(
        1,
        Wish::Account(AccountId(Uuid::from_u128(number)), AccountWish::Edit(cells)),
    )
}

fn planned(world: &Snapshot, request: ChangeRequest) -> PlannedRow {
    plan(world, &[request]).rows.remove(0)
}

fn created(planned: &PlannedRow) -> &Attributes {
    match &planned.step {
        Step::CreateAccount { attributes, .. } => attributes,
        other => panic!("{other:?}"),
    }
}

fn is_taken(planned: &PlannedRow) -> bool {
    let problems = planned.step.problems();
    problems.len() == 1
        && problems[0].kind == Kind::UserNameTaken
        && problems[0].place.attribute() == Some(Attribute::UserName)
}

#[test]
fn a_username_is_kept_as_written_and_the_address_is_made_from_the_name() {
    let world = snapshot(Channel::Api, vec![], vec![]);
    let row = planned(&world, new(" Riv-ABright "));
    let attributes = created(&row);
    assert_eq!(attributes.text(Attribute::UserName), "Riv-ABright");
    assert_eq!(attributes.text(Attribute::EmailAddress), "ada.bright@health.example");
}

#[test]
fn a_username_that_is_an_address_here_asks_for_that_address() {
    let mut world = snapshot(Channel::Api, vec![], vec![]);
    let row = planned(&world, new("A.Bright@Health.example"));
    assert_eq!(created(&row).text(Attribute::EmailAddress), "a.bright@health.example");
    let elsewhere = planned(&world, new("a.bright@council.example"));
    assert_eq!(
        created(&elsewhere).text(Attribute::EmailAddress),
        "ada.bright@health.example"
    );
    assert!(is_taken(&planned(&world, new("postmaster@health.example"))));
    let held = EmailAddress::parse("a.bright@health.example").unwrap();
    world.held_addresses.insert(held, None);
    let row = planned(&world, new("A.Bright@Health.example"));
    assert!(is_taken(&row));
    let told = row.step.problems()[0].to_string();
    assert_eq!(
        told,
        "This username is not available. Enter another username, or leave it empty to use the email address."
    );
}

#[test]
fn a_username_of_somebody_else_is_taken_in_any_case() {
    let mut world = snapshot(Channel::Api, vec![account(1, "RIV", &JEM)], vec![]);
    world.held_user_names.insert("abright".to_owned(), None);
    assert!(is_taken(&planned(&world, new("ABright"))));
    assert!(is_taken(&planned(&world, renamed(1, "aBRIGHT"))));
    let own = Some(AccountId(Uuid::from_u128(1)));
    world.held_user_names.insert("abright".to_owned(), own);
    assert!(planned(&world, renamed(1, "aBRIGHT")).step.problems().is_empty());
}

#[test]
fn two_of_one_plan_do_not_get_one_username() {
    let world = snapshot(Channel::Api, vec![], vec![]);
    let (mut first, mut second) = (new("abright"), new("ABright"));
    (first.row, second.row) = (RowNumber(1), RowNumber(2));
    let rows = plan(&world, &[first, second]).rows;
    assert_eq!(created(&rows[0]).text(Attribute::UserName), "abright");
    assert!(is_taken(&rows[1]));
}

#[test]
fn another_username_changes_no_address_and_touches_its_person() {
    let world = snapshot(Channel::Portal, vec![account(1, "RIV", &JEM)], vec![]);
    let row = planned(&world, renamed(1, "jem@health.example"));
    let changed: Vec<_> = row.step.changes().iter().map(|change| change.attribute).collect();
    assert_eq!(changed, [Attribute::UserName]);
    assert!(row.step.changes_sign_in_address());
    assert_eq!(Touch::of(&row.step), Touch::ChangeUserName);
}
