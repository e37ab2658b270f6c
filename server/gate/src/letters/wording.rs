//! What each letter says.

use domain::{ids::Timestamp, numbers::thousands, offer::OfferEnd};
use jiff::{Zoned, tz::TimeZone};

use super::{FactorNews, Letter, Part};

/// The end of a letter about something that somebody else has done.
const IF_WRONG: &str = "If this is wrong, tell your local administrator.";

/// The subject, and the parts in their order. `url` is that of the letter's one-time link, for a letter that has one.
pub(super) fn say(letter: &Letter, url: &str) -> (String, Vec<Part>) {
    match letter {
        Letter::Activation {
            first_name,
            organisation,
            address,
            link,
        } => (
            "Choose a password for your new account".to_owned(),
            vec![
                hello(first_name),
                paragraph(format!("{organisation} has made an account for you.")),
                Part::Facts(vec![("Your e-mail address", address.clone())]),
                paragraph(format!(
                    "Choose a password to take the account up. The link works once, until {}.",
                    moment(link.expires)
                )),
                button("Choose a password", url),
                paragraph("If you did not expect this, or the link has expired, tell your local administrator."),
            ],
        ),
        Letter::PasswordReset { first_name, by, link } => (
            "Choose a new password".to_owned(),
            vec![
                hello(first_name),
                paragraph(format!("{by} has reset the password of your account.")),
                paragraph(format!(
                    "Choose a new one. The link works once, until {}.",
                    moment(link.expires)
                )),
                button("Choose a new password", url),
                paragraph("If you did not ask for this, or the link has expired, tell your local administrator."),
            ],
        ),
        Letter::PasswordChanged { first_name } => (
            "Your password was changed".to_owned(),
            vec![
                hello(first_name),
                paragraph("The password of your account was changed."),
                paragraph("If you did this, all is well. If you did not, tell your local administrator at once."),
            ],
        ),
        Letter::AccountLocked { first_name } => (
            "Your account is locked".to_owned(),
            vec![
                hello(first_name),
                paragraph("Too many tries to sign in to your account have failed, so it is locked."),
                paragraph("Ask your local administrator or helpdesk to unlock it. Your password stays as it is."),
                paragraph("If it was not you who tried, tell them so."),
            ],
        ),
        Letter::SecondFactor { first_name, news } => second_factor(first_name, news),
        Letter::LeaverMarked {
            first_name,
            organisation,
            by,
            deleted_on,
        } => (
            format!("You are marked as leaving {organisation}"),
            vec![
                hello(first_name),
                paragraph(format!("{by} has marked you as leaving {organisation}.")),
                paragraph(match deleted_on {
                    Some(deleted_on) => format!(
                        "Your account stays as it is until {0}. Then it will be deleted, unless another \
                         organisation takes it over first. If you move to one, ask its local administrator to do so.",
                        day(*deleted_on)
                    ),
                    None => "If you move to another organisation, ask its local administrator to take your account \
                             over."
                        .to_owned(),
                }),
                paragraph("If you are not leaving, tell your local administrator."),
            ],
        ),
        Letter::LeaverUndone {
            first_name,
            organisation,
        } => (
            format!("You are no longer marked as leaving {organisation}"),
            vec![
                hello(first_name),
                paragraph(format!(
                    "You are no longer marked as leaving {organisation}. Your account will not be deleted."
                )),
                paragraph(IF_WRONG),
            ],
        ),
        Letter::AccountEnding { first_name, deleted_on } => (
            format!("Your account will be deleted on {}", day(*deleted_on)),
            vec![
                hello(first_name),
                paragraph(format!(
                    "You have not used your account for a while. It will be deleted on {}.",
                    day(*deleted_on)
                )),
                paragraph("To keep it, sign in before then. If you cannot, tell your local administrator."),
            ],
        ),
        Letter::OfferReceived {
            first_name,
            contact,
            from,
            to,
            by,
            lapses_on,
            link,
        } => (
            format!("{from} offers a contact to {to}: {contact}"),
            vec![
                hello(first_name),
                paragraph(format!("{by} offers a contact of {from} to {to}.")),
                Part::Facts(vec![
                    ("Contact", contact.clone()),
                    ("From", from.clone()),
                    ("To", to.clone()),
                    ("Answer by", day(*lapses_on)),
                ]),
                paragraph(format!(
                    "The contact stays with {from} until an administrator of {to} accepts."
                )),
                button("Answer the offer", link),
                paragraph(format!(
                    "If the contact has nothing to do with {to}, decline the offer."
                )),
            ],
        ),
        Letter::OfferEnded {
            first_name,
            contact,
            to,
            how,
            by,
            link,
        } => (
            format!("The offer of {contact} to {to} {}", how.name()),
            vec![
                hello(first_name),
                paragraph(ending(*how, contact, to, by.as_deref())),
                button("See the offers", link),
                match by {
                    Some(by) => paragraph(format!("If this is wrong, ask {by}.")),
                    None => paragraph("If it is still wanted, it must be offered again."),
                },
            ],
        ),
        Letter::UploadFinished {
            first_name,
            file_name,
            created,
            updated,
            no_change,
            left_out,
            back_to_review,
            link,
        } => {
            let subject = if *back_to_review > 0 {
                format!("Your file {file_name} needs another look")
            } else {
                format!("Your file {file_name} was applied")
            };
            let counts = [
                ("Accounts created", created),
                ("Accounts changed", updated),
                ("Rows that changed nothing", no_change),
                ("Rows left out", left_out),
                ("Rows to look at again", back_to_review),
            ];
            let facts = counts.map(|(name, count)| (name, thousands(*count))).to_vec();
            let again = (*back_to_review > 0).then(|| {
                paragraph(
                    "The rows to look at again were not applied, because somebody had changed those accounts \
                     meanwhile. They wait for you.",
                )
            });
            let out = (*left_out > 0).then(|| {
                paragraph(
                    "The rows left out are in a file with what is wrong with each. Correct it and upload it as it is.",
                )
            });
            let parts = [
                Some(hello(first_name)),
                Some(paragraph(format!("Your file {file_name} was applied."))),
                Some(Part::Facts(facts)),
                again,
                out,
                Some(button("See the result", link)),
                Some(paragraph(
                    "If you did not upload this file, tell a Primary Local Administrator of your organisation at once.",
                )),
            ];
            (subject, parts.into_iter().flatten().collect())
        }
    }
}

/// What became of somebody's second factors, and what to do about it.
fn second_factor(first_name: &str, news: &FactorNews) -> (String, Vec<Part>) {
    let not_you = "If you did this, all is well. If you did not, tell your local administrator at once.";
    let (subject, what, then) = match news {
        FactorNews::Added { name } => (
            "A second factor was set up for your account",
            format!("{name} was set up as a second factor. It is asked for from now on when you sign in."),
            not_you,
        ),
        FactorNews::Removed { name } => (
            "A second factor of your account was removed",
            format!("{name} was removed. It is no longer asked for when you sign in."),
            not_you,
        ),
        FactorNews::CodeUsed { left } => (
            "A recovery code of your account was used",
            format!("Somebody signed in with one of your recovery codes. You have {left} left."),
            not_you,
        ),
        FactorNews::Reset { by } => (
            "The second factor of your account was reset",
            format!("{by} has removed what you prove who you are with besides your password."),
            "If you did not ask for this, tell your local administrator at once.",
        ),
    };
    (
        subject.to_owned(),
        vec![hello(first_name), paragraph(what), paragraph(then)],
    )
}

/// How an offer ended, and where the contact is now. Whoever made it is told of the answer, and those it was made to that
/// there is none to give any more.
fn ending(how: OfferEnd, contact: &str, to: &str, by: Option<&str>) -> String {
    let by = by.unwrap_or("Somebody");
    match how {
        OfferEnd::Accepted => {
            format!("{by} has accepted your offer of {contact} to {to}. The contact is with {to} now.")
        }
        OfferEnd::Declined => {
            format!("{by} has declined your offer of {contact} to {to}. The contact stays where it is.")
        }
        OfferEnd::Withdrawn => {
            format!("{by} has taken back the offer of {contact} to {to}. There is nothing left to answer.")
        }
        OfferEnd::Lapsed => {
            format!("Nobody has answered your offer of {contact} to {to} in time. The contact stays where it is.")
        }
        OfferEnd::ContactDeleted => {
            format!("The offer of {contact} to {to} has ended, because {by} has deleted the contact.")
        }
        OfferEnd::ContactMoved => {
            format!("The offer of {contact} to {to} has ended, because {by} has moved the contact elsewhere.")
        }
    }
}

fn hello(first_name: &str) -> Part {
    match first_name.trim() {
        "" => paragraph("Hello,"),
        name => paragraph(format!("Hello {name},")),
    }
}

fn paragraph(text: impl Into<String>) -> Part {
    Part::Paragraph(text.into())
}

fn button(label: &'static str, url: &str) -> Part {
    Part::Button {
        label,
        url: url.to_owned(),
    }
}

/// `3 March 2027`.
fn day(at: Timestamp) -> String {
    local(at).strftime("%-d %B %Y").to_string()
}

/// `3 March 2027 at 2:05pm`.
fn moment(at: Timestamp) -> String {
    local(at).strftime("%-d %B %Y at %-I:%M%P").to_string()
}

/// A moment by the clocks of the United Kingdom.
fn local(at: Timestamp) -> Zoned {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    jiff::Timestamp::from_millisecond(at.0)
        .unwrap_or_default()
        .to_zoned(zone)
}
