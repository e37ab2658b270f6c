//! Letters about a changed address, a move to another organisation, and roles.

use domain::values::numbers::thousands;

use crate::{
    calendar::day,
    service::letters::{
        MoveNews, RoleEnd, RoleNews, RoleTurn, SendsByEmail,
        part::Part,
        phrases::{button, hello, paragraph},
    },
};

/// The subject, and the parts in their order.
type Said = (String, Vec<Part>);

/// To a former address: a link to choose a password went to the present one.
pub(super) fn link_sent(first_name: &str, by: &str, sent_to: &str) -> Said {
    (
        "A link to choose a password for your account was sent".to_owned(),
        vec![
            hello(first_name),
            paragraph(format!(
                "{by} asked for a link to choose a password for your account. We sent it to {sent_to}."
            )),
            paragraph(
                "We are also writing to this address because it was the email address of your account until recently.",
            ),
            paragraph("If you did not ask for this, tell your local administrator at once."),
        ],
    )
}

/// To both addresses.
pub(super) fn address_changed(first_name: &str, by: &str, before: &str, after: &str) -> Said {
    (
        "The email address of your account was changed".to_owned(),
        vec![
            hello(first_name),
            paragraph(format!("{by} has changed the email address of your account.")),
            Part::Facts(vec![
                ("Old email address", before.to_owned()),
                ("New email address", after.to_owned()),
            ]),
            paragraph("Use the new address to sign in. We have sent this email to both addresses."),
            paragraph("If you did not agree to this change, tell your local administrator at once."),
        ],
    )
}

/// To the person whose account went to another organisation.
pub(super) fn account_moved(
    first_name: &str,
    how: MoveNews,
    (from, to): (&str, &str),
    by: &str,
    roles: &[RoleNews],
) -> Said {
    let what = match how {
        MoveNews::TakenIn => format!(
            "{by} has taken over your account for {to}. You are no longer marked as leaving {from}, and your account will \
             not be deleted."
        ),
        MoveNews::Transferred => format!("{by} has transferred your account from {from} to {to}."),
    };
    let mut parts = vec![
        hello(first_name),
        paragraph(what),
        paragraph("Your email address and your password stay the same."),
    ];
    parts.extend(lost(roles));
    parts.push(paragraph(match how {
        MoveNews::TakenIn => {
            format!("If you are not joining {to}, tell your local administrator at {from} at once.")
        }
        MoveNews::Transferred => format!("If this is wrong, tell your local administrator at {to}."),
    }));
    (format!("Your account is now with {to}"), parts)
}

/// To the administrators of the organisation that people have left.
pub(super) fn people_moved(
    first_name: &str,
    how: MoveNews,
    (from, to): (&str, &str),
    by: &str,
    (people, others): (&[String], u32),
) -> Said {
    let count = thousands(u32::try_from(people.len()).unwrap_or(u32::MAX).saturating_add(others));
    let who = match people {
        [one] if others == 0 => one.clone(),
        _ => format!("{count} people"),
    };
    let (subject, what, then) = match how {
        MoveNews::TakenIn => (
            format!("{to} has taken over the account of {who}"),
            format!("{by} has taken over an account for {to} that was marked as leaving {from}."),
            format!("If they are not joining {to}, tell {by} and a Global Administrator at once."),
        ),
        MoveNews::Transferred => (
            format!("Transferred from {from} to {to}: {who}"),
            format!("{by} has transferred accounts from {from} to {to}."),
            format!("You no longer manage them. If this is wrong, tell {by}."),
        ),
    };
    let mut parts = vec![hello(first_name), paragraph(what), Part::List(people.to_vec())];
    parts.extend(and_others(others));
    parts.push(paragraph(then));
    (subject, parts)
}

/// To the person who was given roles, or has lost them.
pub(super) fn own_roles(
    first_name: &str,
    by: Option<&str>,
    roles: &[RoleNews],
    by_email: Option<&SendsByEmail>,
) -> Said {
    let is_given = |news: &RoleNews| matches!(news.turn, RoleTurn::Given { .. });
    let subject = match roles {
        [one] if is_given(one) => format!("You have a new role: {}", one.role.name()),
        [one] => format!("Your role has ended: {}", one.role.name()),
        all if all.iter().all(is_given) => "You have new roles".to_owned(),
        all if all.iter().any(is_given) => "Your roles have changed".to_owned(),
        _ => "Your roles have ended".to_owned(),
    };
    let mut parts = vec![hello(first_name)];
    parts.push(paragraph(match by {
        Some(by) => format!("{by} has changed your roles."),
        None => "Your roles have changed.".to_owned(),
    }));
    parts.push(Part::List(roles.iter().map(own_line).collect()));
    if let Some(SendsByEmail { address, help }) = by_email {
        parts.push(paragraph(format!(
            "As a Connector with the channel email you send the staff list of these organisations as a file attached to an \
             email. Send it to {address}, from the email address of your account."
        )));
        parts.push(button("How to send a file by email", help));
    }
    parts.push(paragraph("If you did not expect this, tell your local administrator."));
    (subject, parts)
}

/// To the colleagues of those who were given roles, or have lost them.
pub(super) fn roles_changed(first_name: &str, by: Option<&str>, (roles, others): (&[RoleNews], u32)) -> Said {
    let subject = match roles {
        [one] if others == 0 => match one.turn {
            RoleTurn::Given { .. } => format!("{} has a new role: {}", one.holder, one.role.name()),
            RoleTurn::Ended(_) => format!("{} no longer has a role: {}", one.holder, one.role.name()),
        },
        _ => "Roles in your organisation have changed".to_owned(),
    };
    let mut parts = vec![
        hello(first_name),
        paragraph(match by {
            Some(by) => format!("{by} has changed who has roles in your organisation."),
            None => "Roles in your organisation have changed.".to_owned(),
        }),
        Part::List(roles.iter().map(line).collect()),
    ];
    parts.extend(and_others(others));
    parts.push(paragraph(match by {
        Some(by) => format!("If this is wrong, ask {by}, or change it on the page Administrators."),
        None => "If this is wrong, change it on the page Administrators.".to_owned(),
    }));
    (subject, parts)
}

/// The roles that ended with something else that a letter tells of.
pub(super) fn lost(roles: &[RoleNews]) -> Vec<Part> {
    if roles.is_empty() {
        return vec![];
    }
    vec![
        paragraph("These roles of yours have ended:"),
        Part::List(roles.iter().map(named).collect()),
    ]
}

pub(super) fn and_others(others: u32) -> Option<Part> {
    (others > 0).then(|| paragraph(format!("And {} more.", thousands(others))))
}

/// `Local Helpdesk, Riverside Hospitals Trust`.
fn named(news: &RoleNews) -> String {
    format!("{}, {}", news.role.name(), news.place)
}

/// `Local Helpdesk, Riverside Hospitals Trust, until 3 March 2027`.
fn own_line(news: &RoleNews) -> String {
    match news.turn {
        RoleTurn::Given { .. } => format!("{}{}", named(news), dates(news.turn)),
        RoleTurn::Ended(why) => format!("{}: ended{}", named(news), because(why)),
    }
}

/// `Hamid Noorzai: now Local Helpdesk, Riverside Hospitals Trust, until 3 March 2027`.
fn line(news: &RoleNews) -> String {
    let (holder, role) = (&news.holder, named(news));
    match news.turn {
        RoleTurn::Given { from: None, .. } => format!("{holder}: now {role}{}", dates(news.turn)),
        RoleTurn::Given { from: Some(_), .. } => format!("{holder}: {role}{}", dates(news.turn)),
        RoleTurn::Ended(why) => format!("{holder}: no longer {role}{}", because(why)),
    }
}

/// From when until when a role is held, where it says so.
fn dates(turn: RoleTurn) -> String {
    let RoleTurn::Given { from, until, leaving } = turn else {
        return String::new();
    };
    let until = until.filter(|_| leaving.is_none());
    let from = from.map(|from| format!(", from {}", day(from)));
    let until = until.map(|until| format!(", until {}", day(until)));
    let leaving = leaving.map(|at| format!(", until the leaving date, {}", day(at)));
    from.into_iter().chain(until).chain(leaving).collect()
}

const fn because(why: RoleEnd) -> &'static str {
    match why {
        RoleEnd::Revoked => "",
        RoleEnd::Expired => ", because its end date has passed",
        RoleEnd::Disabled => ", because the account was disabled",
        RoleEnd::Leaver => ", because they were marked as a leaver",
        RoleEnd::Deleted => ", because the account was deleted",
        RoleEnd::Moved => ", because the account moved to another organisation",
    }
}
