//! The letters about what machines send.

use domain::{
    channel::Channel,
    values::{ids::Timestamp, numbers::thousands},
};

use super::{
    ConnectorDigest,
    part::Part,
    phrases::{button, hello, paragraph},
};
use crate::calendar::{day, moment_in_a_sentence as moment};

/// The way that a submission came, within a sentence.
const fn way(channel: Channel) -> &'static str {
    match channel {
        Channel::Api => "the API",
        Channel::EmailCsv => "email",
        Channel::ChangeFile => "change files",
        other => other.name(),
    }
}

/// A submission waits for an administrator.
pub(super) fn held(
    first_name: &str,
    (sender, channel): (&str, Channel),
    changes: &[String],
    discarded_on: Option<Timestamp>,
    link: &str,
) -> (String, Vec<Part>) {
    let mut parts = vec![
        hello(first_name),
        paragraph(format!(
            "{sender} sent changes through {}. They change or create more accounts than usual, so they were not applied.",
            way(channel)
        )),
    ];
    parts.extend(changes.iter().cloned().map(paragraph));
    parts.push(paragraph("Check the changes. Then apply or discard them."));
    parts.push(button("Check the changes", link));
    parts.push(match discarded_on {
        Some(discarded_on) => paragraph(format!(
            "If no administrator decides, the changes are discarded on {}.",
            day(discarded_on)
        )),
        None => paragraph("The changes wait until an administrator decides."),
    });
    (format!("Changes from {sender} are waiting for you"), parts)
}

/// A submission was discarded.
pub(super) fn discarded(
    first_name: &str,
    (channel, sent_at): (Channel, Timestamp),
    by: Option<&str>,
    applied: u32,
    link: &str,
) -> (String, Vec<Part>) {
    let (subject, which) = match applied {
        0 => ("Changes that you sent were discarded", "the changes"),
        _ => ("Some changes that you sent were discarded", "the rest of the changes"),
    };
    let what = format!("{which} that you sent through {} on {}", way(channel), moment(sent_at));
    let (said, then) = match by {
        Some(by) => (
            format!("{by} discarded {what}."),
            format!("If you do not know why, ask {by}."),
        ),
        None => (
            format!("Nobody decided on {what} in time, so they were discarded."),
            "If they are still needed, send them again and tell your local administrator.".to_owned(),
        ),
    };
    let was_applied = (applied > 0).then(|| match applied {
        1 => paragraph("1 change was applied before that."),
        many => paragraph(format!("{} changes were applied before that.", thousands(many))),
    });
    let parts = [Some(hello(first_name)), Some(paragraph(said)), was_applied];
    let parts = parts.into_iter().flatten();
    let parts = parts.chain([button("See the changes", link), paragraph(then)]);
    (subject.to_owned(), parts.collect())
}

/// What machines changed since the last digest.
pub(super) fn digest(first_name: &str, connectors: &[ConnectorDigest], more: u32, link: &str) -> (String, Vec<Part>) {
    let mut parts = vec![
        hello(first_name),
        paragraph("Since the last email like this, connectors made these changes in organisations you manage:"),
    ];
    parts.extend(connectors.iter().map(|connector| {
        let ConnectorDigest {
            name,
            organisations,
            created,
            changed,
            rejected,
        } = connector;
        let rejected = match rejected {
            0 => String::new(),
            rejected => format!(", {} rejected", counted(*rejected, "row")),
        };
        paragraph(format!(
            "{name} ({organisations}): {} created, {} changed{rejected}.",
            counted(*created, "account"),
            thousands(*changed),
        ))
    }));
    if more > 0 {
        parts.push(paragraph(format!("And {} more.", counted(more, "connector"))));
    }
    parts.push(button("See what connectors sent", link));
    parts.push(paragraph(
        "If any of this is wrong, undo it there. To stop a connector, revoke its token or its role.",
    ));
    ("Changes made by connectors".to_owned(), parts)
}

fn counted(number: u32, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(number))
}
