//! What is set for a customer, or of a subscription, and what it becomes: a line for each answer that changes.

use domain::{
    customer::Customer,
    plan::Step,
    subscription::Subscription,
    values::{day::Day, ids::AccountId},
};
use gate::{CustomerGaps, GateError, Visit, calendar};
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
    // Of what it is for, none is told too.
    let size = |is_its: bool, number: u32| (is_its || number > 0).then(|| thousands(number));
    let is_storage = of.offering.is_storage();
    vec![
        ("Name", parts::NAME, Some(of.name.clone())),
        ("For", parts::OFFERING, Some(of.offering.name().to_owned())),
        ("Seats", parts::SEATS, size(!is_storage, of.seats)),
        ("Gigabytes", parts::GIGABYTES, size(is_storage, of.gigabytes)),
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

/// What a customer still needs before everything that is set for it works.
pub(super) async fn gaps(visit: &Visit<'_>, step: &Step) -> Result<Vec<String>, GateError> {
    match step {
        Step::Customer { after, .. } => Ok(told(after, &visit.customer_gaps(after).await?)),
        _ => Ok(vec![]),
    }
}

fn told(customer: &Customer, gaps: &CustomerGaps) -> Vec<String> {
    let connector = match (customer.change_files, customer.connector, gaps.connector_fails) {
        (true, None, _) => Some("No connector is named. No change files are applied until you choose one.".to_owned()),
        (_, _, true) => Some(
            "The connector does not have the role Connector with the channel change file for the whole organisation. \
             Every change file will fail until it has the role."
                .to_owned(),
        ),
        _ => None,
    };
    let parts = match gaps.parts.as_slice() {
        [] => None,
        [part] => Some(format!(
            "No subscription of this customer has the part number {part} yet."
        )),
        parts => Some(format!(
            "No subscriptions of this customer have the part numbers {} yet.",
            parts.join(", ")
        )),
    };
    let parts = parts.map(|parts| format!("{parts} Check “Seats that can change”, or add the subscriptions."));
    connector.into_iter().chain(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> Subscription {
        let stored = r#"{"number":69051,"customer":7,"name":"Staff","offering":"bundle","seats":50}"#;
        serde_json::from_str(stored).unwrap()
    }

    #[test]
    fn what_a_customer_still_needs_is_told_before_it_is_set() {
        let stored = r#"{"number":7,"organisation":"RIV","change_files":true}"#;
        let customer: Customer = serde_json::from_str(stored).unwrap();
        let gaps = |connector_fails, parts: &[&str]| CustomerGaps {
            connector_fails,
            parts: parts.iter().map(|part| (*part).to_owned()).collect(),
        };
        let nobody = told(&customer, &gaps(false, &[]));
        assert_eq!(
            nobody,
            ["No connector is named. No change files are applied until you choose one."]
        );
        let named = Customer {
            connector: Some(AccountId(Default::default())),
            ..customer
        };
        assert_eq!(told(&named, &gaps(false, &[])), Vec::<String>::new());
        let both = told(&named, &gaps(true, &["A100", "B200"]));
        assert!(
            both[0].starts_with("The connector does not have the role Connector"),
            "{both:?}"
        );
        assert!(
            both[1].starts_with("No subscriptions of this customer have the part numbers A100, B200 yet."),
            "{both:?}"
        );
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
        let empty = Subscription { seats: 0, ..staff() };
        let lines = changed(None, of_subscription(&empty));
        let seats = lines.iter().find(|(line, _)| line.what == "Seats");
        assert_eq!(seats.and_then(|(line, _)| line.after.as_deref()), Some("0"));
    }
}
