//! Every sentence that a report has for a row, each said by a row that earns it.

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    change_file::{Action, Field, Taken, taken},
    customer::Federation,
    life::Turn,
    policy::Actor,
    request::{AccountWish, Wish},
    submission::LookAlikes,
    values::ids::SubmissionId,
};
use gate::{Asked, Confirmation, seen, to_type};
use testkit::{Portal, change_files::TestCustomer, on_both};

use self::rows::{
    CODES, Case, OF_FIELDS, OF_PEOPLE, OF_SEATS, OF_THE_REST, WHERE_ADDRESSES_ARE_VERIFIED, WHERE_MAIL_IS_HYBRID,
    WHERE_NOBODY_IS_FEDERATED,
};
use crate::change_file_walks::{self, seats_add_up};

pub fn full(text: &str) -> String {
    text.replace("@H", "@health.example")
        .replace("@R", "@riverside.example")
}

/// A file of rows written as in [`Case`].
fn file(rows: &[&str]) -> String {
    let row = |text: &&str| {
        let text = full(text);
        let mut parts = text.split('|');
        let action = parts.next().unwrap_or_default().to_owned();
        let address = parts.next().unwrap_or_default().to_owned();
        let fields = parts.map(|part| {
            let (word, value) = part.split_once('=').expect("a field and its value");
            (Field::read(word).expect("a field"), value.to_owned())
        });
        let mut row: BTreeMap<_, _> = fields.collect();
        row.insert(Field::Action, action);
        row.insert(Field::EmailAddress, address);
        row.retain(|field, text| !text.is_empty() || !matches!(field, Field::Action | Field::EmailAddress));
        row
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    change_file_walks::file(&rows)
}

/// Whether a message is what is expected; `…` stands for any text.
pub fn is_said(message: &str, expected: &str) -> bool {
    let expected = full(expected);
    let parts: Vec<_> = expected.split('…').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    match parts.len() {
        1 => message == *first,
        _ => message.starts_with(first) && message.ends_with(last) && parts.iter().all(|part| message.contains(part)),
    }
}

/// Tries each case out, and notes its code.
async fn each_is_said(portal: &Portal, customer: &TestCustomer, cases: &[Case], codes: &mut BTreeSet<String>) {
    for (rows, code, expected) in cases {
        let text = file(rows);
        let done = portal.rehearse_change_file(customer, &text).await;
        let last = (rows.len() + 1).to_string();
        let lines: Vec<_> = done.lines().into_iter().filter(|line| line.line == last).collect();
        let found = lines
            .iter()
            .any(|line| line.code == *code && is_said(&line.message, expected));
        assert!(found, "{code}: {expected}\n{text}\n{lines:#?}");
        // What comes before is fine.
        let before = done.lines().into_iter().filter(|line| line.line != last);
        let wrong: Vec<_> = before
            .filter(|line| matches!(line.result.as_str(), "Rejected" | "Held"))
            .collect();
        assert!(wrong.is_empty(), "{code}: {wrong:#?}");
        codes.insert((*code).to_owned());
    }
}

/// Has somebody do one thing to an account, by form.
async fn by_form(portal: &Portal, actor: &Actor, address: &str, wish: AccountWish) {
    let account = portal.account(address).await;
    let visit = portal.gate.on_behalf_of(actor);
    let asked = visit.ask("Test", Wish::Account(account, wish)).await;
    let id = match asked {
        Ok(Asked::Planned(id)) => id,
        Ok(_) => panic!("it cannot be done"),
        Err(error) => panic!("{error:?}"),
    };
    confirmed(portal, actor, &id).await;
}

pub async fn confirmed(portal: &Portal, actor: &Actor, id: &SubmissionId) {
    let visit = portal.gate.on_behalf_of(actor);
    let shown = visit.submission(id).await.expect("a submission");
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: to_type(&shown),
    };
    visit.confirm(id, said).await.expect("it can be confirmed");
    portal.work().await;
}

on_both! {
    async fn every_sentence_of_a_row_is_said_by_a_row(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let priya = portal.persona("Priya").await;
        let held = AccountWish::Hold("Merger under way".to_owned());
        by_form(&portal, &priya, "perrin.holloway@health.example", held).await;
        by_form(&portal, &priya, "niamh.adeyemi@health.example", AccountWish::Turn(Turn::Disable)).await;
        let mut codes = BTreeSet::new();
        for cases in [OF_FIELDS, OF_PEOPLE, OF_SEATS, OF_THE_REST] {
            each_is_said(&portal, &customer, cases, &mut codes).await;
        }
        portal.change_customer(&customer, |customer| customer.hybrid = true).await;
        each_is_said(&portal, &customer, WHERE_MAIL_IS_HYBRID, &mut codes).await;
        portal.change_customer(&customer, |customer| customer.verifies_email = true).await;
        each_is_said(&portal, &customer, WHERE_ADDRESSES_ARE_VERIFIED, &mut codes).await;
        portal.change_customer(&customer, |customer| customer.federation = Federation::NonFederated).await;
        each_is_said(&portal, &customer, WHERE_NOBODY_IS_FEDERATED, &mut codes).await;

        let long = format!("{}@riverside.example", "a".repeat(240));
        for (text, code, expected) in [
            ("EmailAddress,Action\nfintan.gillespie@health.example,Suspend,x\n".to_owned(), "cells", "This row has 3 values, the header has 2."),
            (format!("EmailAddress,Action\n{long},Suspend\n"), "email.long", "EmailAddress may have 254 characters; this has 258."),
            (
                "EmailAddress,Action,JobTitle\nfintan.gillespie@health.example,Update,\"Ward\" manager\n".to_owned(),
                "quotes",
                "The quotation marks of a value in this row do not match. Close each one, or write it twice in a value.",
            ),
        ] {
            let lines = portal.rehearse_change_file(&customer, &text).await.lines();
            assert!(lines.iter().any(|line| line.code == code && line.message == expected), "{lines:#?}");
        }
        codes.extend(["cells", "email.long", "quotes"].map(str::to_owned));
        assert_eq!(codes, CODES.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>());
        seats_add_up(&portal, &customer).await;
    }

    async fn every_action_takes_its_fields_and_no_others(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        // A text for each field that is fine where the field is taken.
        let text = |field: Field| match field {
            Field::SubscriptionId | Field::SubscriptionId2 => "69050",
            Field::Language => "en",
            Field::TimeZone => "Europe/London",
            Field::Password => "Kettle-painted-harbour",
            Field::AltEmailAddress => "new@home.example",
            Field::NotesTemplate => "StdR85Mail,8.5,en_GB",
            Field::NotesMigration => "false",
            Field::AssignTo => "lowri.umar@health.example",
            Field::Country => "GB",
            Field::Telephone | Field::Fax => "01632 960123",
            Field::Mobile => "07700 900123",
            Field::SuppressInvitation => "SUPPRESS_NONE",
            Field::FederationType => "NON_FEDERATED",
            Field::CollabExtraStorage | Field::MailExtraStorage => "1",
            Field::Activation => "FORCE_ACTIVATION",
            _ => "Quill",
        };
        for action in Action::ALL {
            for field in Field::ALL {
                if matches!(field, Field::EmailAddress | Field::Action) {
                    continue;
                }
                let row = format!("{}|marek.garside@H|{}={}", action.word(), field.word(), text(field));
                let lines = portal.rehearse_change_file(&customer, &file(&[row.as_str()])).await.lines();
                let refused = lines.iter().any(|line| {
                    line.code == "field.not_taken" && line.message.starts_with(&format!("{} does not take {}.", action.word(), field.word()))
                });
                let expected = taken(action, field) == Taken::Not;
                assert_eq!(refused, expected, "{} and {}: {lines:#?}", action.word(), field.word());
            }
        }
    }
}
