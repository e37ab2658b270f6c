//! What is set for a customer, or of a subscription, and what it becomes: a line for each answer that changes.

use domain::{
    customer::Customer,
    plan::Step,
    subscription::Subscription,
    values::{day::Day, ids::AccountId},
};
use gate::{GateError, Visit, calendar};
use leptos::prelude::*;

use super::around::Around;
use crate::{
    components::changes::{Answered, AskedIn, BeforeAfter},
    forms::{customer as fields, subscription as parts},
    words::{self, thousands},
};

/// An answer: what it is called, its field, and its text. `None` if nothing is set.
type Answer = (&'static str, &'static str, Option<String>);

/// A customer's settings that change.
pub(super) fn customer(
    before: Option<&Customer>,
    after: &Customer,
    around: &Around,
    asked: Option<AskedIn>,
) -> AnyView {
    let before = before.map(|before| of_customer(before, around));
    let lines = changed(before, of_customer(after, around));
    view! { <Answered lines asked/> }.into_any()
}

/// What changes of a subscription.
pub(super) fn subscription(before: Option<&Subscription>, after: &Subscription, asked: Option<AskedIn>) -> AnyView {
    let lines = changed(before.map(of_subscription), of_subscription(after));
    view! { <Answered lines asked/> }.into_any()
}

/// Before → after, of those that differ. Both have the same answers in the same order.
fn changed(before: Option<Vec<Answer>>, after: Vec<Answer>) -> Vec<(BeforeAfter, &'static str)> {
    let before = before.unwrap_or_default().into_iter().map(|(_, _, text)| text);
    let pairs = before.chain(std::iter::repeat(None)).zip(after);
    let differ = pairs.filter(|(before, (_, _, after))| before != after);
    let line = |(before, (what, field, after)): (Option<String>, Answer)| (BeforeAfter { what, before, after }, field);
    differ.map(line).collect()
}

fn of_customer(customer: &Customer, around: &Around) -> Vec<Answer> {
    let connector = customer.connector.map(|account| around.connector(account));
    let pairs = customer.compatible.iter().map(|(from, to)| format!("{from} > {to}"));
    vec![
        (
            "Organisation",
            fields::ORGANISATION,
            Some(around.place(&customer.organisation)),
        ),
        (
            "Federation",
            fields::FEDERATION,
            Some(customer.federation.name().to_owned()),
        ),
        ("Mail domains", fields::DOMAINS, listed(customer.domains.clone())),
        ("Takes change files", fields::TAKES, yes_or_no(customer.change_files)),
        ("Connector", fields::CONNECTOR, connector),
        (
            "Contact for problems",
            fields::CONTACT,
            customer.contact.as_ref().map(ToString::to_string),
        ),
        (
            "People confirm their email address",
            fields::VERIFIES,
            yes_or_no(customer.verifies_email),
        ),
        (
            "Terms of use accepted for everybody",
            fields::ACCEPTS,
            yes_or_no(customer.accepts_terms),
        ),
        ("Hybrid mail", fields::HYBRID, yes_or_no(customer.hybrid)),
        ("Language", fields::LANGUAGE, customer.language.clone()),
        ("Time zone", fields::TIME_ZONE, customer.time_zone.clone()),
        ("Seats that can change", fields::COMPATIBLE, listed(pairs.collect())),
        ("Mail templates", fields::TEMPLATES, listed(customer.templates.clone())),
    ]
}

fn of_subscription(of: &Subscription) -> Vec<Answer> {
    let day = |day: Option<Day>| day.and_then(calendar::begins).map(words::day);
    let some = |number: u32| (number > 0).then(|| thousands(number));
    vec![
        ("Name", parts::NAME, Some(of.name.clone())),
        ("For", parts::OFFERING, Some(of.offering.name().to_owned())),
        ("Seats", parts::SEATS, some(of.seats)),
        ("Gigabytes", parts::GIGABYTES, some(of.gigabytes)),
        (
            "Part number",
            parts::PART,
            Some(of.part.clone()).filter(|part| !part.is_empty()),
        ),
        (
            "Part of subscription",
            parts::PARENT,
            of.parent.map(|parent| parent.to_string()),
        ),
        ("State", parts::STATE, Some(of.state.name().to_owned())),
        ("First day", parts::STARTS.day, day(of.starts_on)),
        ("Last day", parts::ENDS.day, day(of.ends_on)),
    ]
}

fn yes_or_no(is_so: bool) -> Option<String> {
    Some(if is_so { "Yes" } else { "No" }.to_owned())
}

fn listed(all: Vec<String>) -> Option<String> {
    (!all.is_empty()).then(|| all.join(", "))
}

/// The connectors that a step names, by their names.
pub(super) async fn connectors(visit: &Visit<'_>, step: &Step) -> Result<Vec<(AccountId, String)>, GateError> {
    let Step::Customer { before, after } = step else {
        return Ok(vec![]);
    };
    let before = before.as_ref().and_then(|before| before.connector);
    let mut named = Vec::new();
    for account in before.into_iter().chain(after.connector) {
        match visit.account(account).await {
            Ok((found, _)) => named.push((account, found.full_name())),
            Err(GateError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> Subscription {
        let stored = r#"{"number":69051,"customer":7,"name":"Staff","offering":"bundle","seats":50}"#;
        serde_json::from_str(stored).unwrap()
    }

    #[test]
    fn only_what_changes_of_a_subscription_is_told() {
        let before = staff();
        let after = Subscription {
            seats: 1_200,
            starts_on: Day::of(2027, 4, 1),
            ..staff()
        };
        let lines = changed(Some(of_subscription(&before)), of_subscription(&after));
        let told: Vec<_> = lines
            .iter()
            .map(|(line, field)| (line.what, line.before.as_deref(), line.after.as_deref(), *field))
            .collect();
        assert_eq!(
            told,
            [
                ("Seats", Some("50"), Some("1,200"), parts::SEATS),
                ("First day", None, Some("1 April 2027"), parts::STARTS.day),
            ]
        );
    }

    #[test]
    fn of_a_new_subscription_all_that_is_set_is_told() {
        let lines = changed(None, of_subscription(&staff()));
        let told: Vec<_> = lines.iter().map(|(line, _)| line.what).collect();
        assert_eq!(told, ["Name", "For", "Seats", "State"]);
    }
}
