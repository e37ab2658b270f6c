//! The letters about connectors whose programs need a look.

use domain::values::{ids::Timestamp, numbers::thousands};

use super::{
    part::Part,
    phrases::{button, hello, paragraph},
};
use crate::calendar::{day, moment_in_a_sentence as moment};

/// What the reader calls the connector, within a sentence.
fn called(connector: Option<&str>) -> String {
    connector.map_or_else(|| "your connector".to_owned(), |name| format!("the connector {name}"))
}

/// What ends the letter: the connector's page for those who see it, and whom to turn to for the connector itself.
fn end(connector: Option<&str>, link: Option<&str>, not_needed: bool) -> Vec<Part> {
    let page = link.map(|link| button("See the connector", link));
    let then = match (connector, not_needed) {
        (None, true) => {
            "If the connector is no longer needed, revoke its API token and tell your Primary Local Administrator."
        }
        (None, false) => "If you need help, tell your Primary Local Administrator.",
        (Some(_), true) => "If the connector is no longer needed, revoke its role.",
        (Some(_), false) => "The connector’s page lists the reasons and what to do about each.",
    };
    page.into_iter().chain([paragraph(then)]).collect()
}

/// A program has stopped sending.
pub(super) fn silent(
    first_name: &str,
    connector: Option<&str>,
    (since, usual_days): (Timestamp, u32),
    link: Option<&str>,
) -> (String, Vec<Part>) {
    let who = called(connector);
    let usually = match usual_days {
        0 | 1 => "every day".to_owned(),
        days => format!("every {days} days"),
    };
    let mut parts = vec![
        hello(first_name),
        paragraph(format!(
            "Staffbook usually hears from {who} {usually}. The last time was {}.",
            moment(since)
        )),
        paragraph("Until it sends again, changes made in the connected system do not reach Staffbook."),
        paragraph("Check that the connected system is running, and that its API token has not expired."),
    ];
    parts.extend(end(connector, link, true));
    let subject = match connector {
        Some(name) => format!("The connector {name} has stopped sending"),
        None => "Your connector has stopped sending".to_owned(),
    };
    (subject, parts)
}

/// A program disabled many people, and others wait for an administrator.
pub(super) fn braked(
    first_name: &str,
    connector: Option<&str>,
    people: u32,
    link: Option<&str>,
) -> (String, Vec<Part>) {
    let who = called(connector);
    let others = match people {
        1 => "1 more person keeps their access until an administrator decides.".to_owned(),
        many => format!(
            "{} more people keep their access until an administrator decides.",
            thousands(many)
        ),
    };
    let mut parts = vec![
        hello(first_name),
        paragraph(format!(
            "A system connected by {who} disabled many people within a day."
        )),
        paragraph(others),
    ];
    match link {
        Some(link) => {
            parts.push(paragraph(
                "Check whether these people should lose their access. Then accept or decline the proposals.",
            ));
            parts.push(button("See the proposals", link));
        }
        None => parts.push(paragraph(
            "Administrators have been asked. If these people should keep their access, correct the connected system.",
        )),
    }
    let subject = match connector {
        Some(name) => format!("The connector {name} has disabled many people"),
        None => "Your connector has disabled many people".to_owned(),
    };
    (subject, parts)
}

/// Most of what a program sent on a day came to nothing: `counts` are its requests, those refused, and those too fast.
pub(super) fn failing(
    first_name: &str,
    connector: Option<&str>,
    (on, reason): (Timestamp, Option<&str>),
    counts: [u32; 3],
    link: Option<&str>,
) -> (String, Vec<Part>) {
    let [requests, refused, throttled] = counts.map(thousands);
    let mut parts = vec![
        hello(first_name),
        paragraph(format!(
            "Many requests from {} failed on {}. They changed nothing.",
            called(connector),
            day(on)
        )),
        Part::Facts(vec![
            ("Requests", requests),
            ("Refused", refused),
            ("Sent too fast", throttled),
        ]),
    ];
    parts.extend(reason.map(|reason| paragraph(format!("The latest reason: {reason}"))));
    parts.push(paragraph(
        "Correct the settings of the connected system, or the values that it sends.",
    ));
    parts.extend(end(connector, link, false));
    let subject = match connector {
        Some(name) => format!("Many requests from the connector {name} failed"),
        None => "Many requests from your connector failed".to_owned(),
    };
    (subject, parts)
}
