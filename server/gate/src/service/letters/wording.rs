//! What each letter says, in plain English (GOV.UK and NHS style).

mod absences;
mod change_files;
mod changes;
mod email;

use domain::{
    offer::OfferEnd,
    values::{ids::Timestamp, numbers::thousands},
};

use super::{
    FactorNews, Letter, alarms, machines,
    part::Part,
    phrases::{IF_WRONG, button, hello, paragraph},
};
use crate::calendar::{day, moment_in_a_sentence as moment};

/// The end of a letter about something that only the person themself should have done.
const NOT_YOU: &str =
    "If this was you, you do not need to do anything. If it was not, tell your local administrator at once.";

/// The subject, and the parts in their order. `url` is that of the letter's one-time link, for a letter that has one.
pub(super) fn say(letter: &Letter, url: &str) -> (String, Vec<Part>) {
    match letter {
        Letter::Activation {
            first_name,
            organisation,
            address,
            link,
        } => (
            "Activate your account".to_owned(),
            vec![
                hello(first_name),
                paragraph(format!("{organisation} has created an account for you.")),
                Part::Facts(vec![("Your email address", address.clone())]),
                paragraph(format!(
                    "Choose a password to activate your account. The activation link works once, until {}.",
                    moment(link.expires)
                )),
                button("Activate your account", url),
                paragraph("If you did not expect this email, or the link has expired, tell your local administrator."),
            ],
        ),
        Letter::PasswordReset { first_name, by, link } => (
            "Choose a new password".to_owned(),
            vec![
                hello(first_name),
                paragraph(format!(
                    "{by} has reset the password of your account. Your old password no longer works."
                )),
                paragraph(format!(
                    "Choose a new password. The password reset link works once, until {}.",
                    moment(link.expires)
                )),
                button("Choose a new password", url),
                paragraph("If you did not ask for this, or the link has expired, tell your local administrator."),
            ],
        ),
        Letter::LinkReplaced { first_name, link } => (
            "Choose a new password".to_owned(),
            vec![
                hello(first_name),
                paragraph(
                    "You have a new role. Earlier links and one-time passwords for your account no longer work, \
                     because others may have seen them.",
                ),
                paragraph(format!(
                    "Choose a new password. The password reset link works once, until {}.",
                    moment(link.expires)
                )),
                button("Choose a new password", url),
                paragraph("If you did not expect this, tell your local administrator."),
            ],
        ),
        Letter::TokenRevoked { first_name, name, by } => (
            format!("Your API token “{name}” was revoked"),
            vec![
                hello(first_name),
                paragraph(format!("{by} has revoked your API token “{name}”. It no longer works.")),
                paragraph(format!(
                    "If a program still uses it, ask {by} why it was revoked, then make a new token."
                )),
            ],
        ),
        Letter::LinkSent {
            first_name,
            by,
            sent_to,
        } => changes::link_sent(first_name, by, sent_to),
        Letter::AddressChanged {
            first_name,
            by,
            before,
            after,
        } => changes::address_changed(first_name, by, before, after),
        Letter::AccountMoved {
            first_name,
            how,
            from,
            to,
            by,
            roles,
        } => changes::account_moved(first_name, *how, (from.as_str(), to.as_str()), by, roles),
        Letter::PeopleMoved {
            first_name,
            how,
            from,
            to,
            by,
            people,
            others,
        } => changes::people_moved(
            first_name,
            *how,
            (from.as_str(), to.as_str()),
            by,
            (people.as_slice(), *others),
        ),
        Letter::OwnAbsence { first_name, by, news } => absences::own_absence(first_name, by.as_deref(), *news),
        Letter::Absences {
            first_name,
            organisation,
            by,
            people,
            others,
        } => absences::absences(first_name, organisation, by.as_deref(), (people.as_slice(), *others)),
        Letter::OwnRoles {
            first_name,
            by,
            roles,
            by_email,
        } => changes::own_roles(first_name, by.as_deref(), roles, by_email.as_ref()),
        Letter::RolesChanged {
            first_name,
            by,
            roles,
            others,
        } => changes::roles_changed(first_name, by.as_deref(), (roles.as_slice(), *others)),
        Letter::PasswordChanged { first_name } => (
            "Your password was changed".to_owned(),
            vec![
                hello(first_name),
                paragraph("The password of your account was changed."),
                paragraph(NOT_YOU),
            ],
        ),
        Letter::AccountLocked { first_name, way_back } => account_locked(first_name, way_back),
        Letter::WayBackIn {
            first_name,
            locked,
            link,
        } => way_back_in(first_name, *locked, link.expires, url),
        Letter::SecondFactor { first_name, news } => second_factor(first_name, news),
        Letter::LeaverMarked {
            first_name,
            organisation,
            by,
            deleted_on,
            roles,
        } => {
            let mut parts = vec![
                hello(first_name),
                paragraph(format!("{by} has marked you as leaving {organisation}.")),
                paragraph(match deleted_on {
                    Some(deleted_on) => format!(
                        "You can use your account until {}. It will then be deleted, unless another organisation takes \
                         it over. If you are moving to one, ask its local administrator to take over your account.",
                        day(*deleted_on)
                    ),
                    None => "If you are moving to another organisation, ask its local administrator to take over your \
                             account."
                        .to_owned(),
                }),
            ];
            parts.extend(changes::lost(roles));
            parts.push(paragraph("If you are not leaving, tell your local administrator."));
            (format!("You are marked as leaving {organisation}"), parts)
        }
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
                paragraph("To keep it, sign in before then. If you cannot sign in, tell your local administrator."),
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
                paragraph(format!("{by} is offering a contact of {from} to {to}.")),
                Part::Facts(vec![
                    ("Contact", contact.clone()),
                    ("From", from.clone()),
                    ("To", to.clone()),
                    ("Answer by", day(*lapses_on)),
                ]),
                paragraph(format!(
                    "The contact stays with {from} until an administrator of {to} accepts the offer."
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
                    None => paragraph("If you still want to offer the contact, make a new offer."),
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
            skipped,
            back_to_review,
            link,
        } => {
            let rejected = left_out.saturating_sub(*skipped);
            let subject = if *back_to_review > 0 {
                format!("Check some rows of your file {file_name} again")
            } else {
                format!("Your file {file_name} was applied")
            };
            let counts = [
                ("Accounts created", created),
                ("Accounts changed", updated),
                ("Rows that needed no change", no_change),
                ("Rows rejected", &rejected),
                ("Rows skipped", skipped),
                ("Rows to check again", back_to_review),
            ];
            let facts = counts.map(|(name, count)| (name, thousands(*count))).to_vec();
            let again = (*back_to_review > 0).then(|| {
                paragraph(
                    "The rows to check again were not applied, because those accounts changed after you checked the \
                     file. They are waiting for you.",
                )
            });
            let out = (*left_out > 0).then(|| {
                paragraph(
                    "You can download the rows that were not applied, with the reason for each. Correct them and upload \
                     that file.",
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
        Letter::MachineHeld {
            first_name,
            sender,
            channel,
            changes,
            discarded_on,
            link,
        } => machines::held(first_name, (sender, *channel), changes, *discarded_on, link),
        Letter::MachineDiscarded {
            first_name,
            channel,
            sent_at,
            by,
            applied,
            link,
        } => machines::discarded(first_name, (*channel, *sent_at), by.as_deref(), *applied, link),
        Letter::MachineDigest {
            first_name,
            connectors,
            more,
            link,
        } => machines::digest(first_name, connectors, *more, link),
        Letter::ConnectorSilent {
            first_name,
            connector,
            since,
            usual_days,
            link,
        } => alarms::silent(first_name, connector.as_deref(), (*since, *usual_days), link.as_deref()),
        Letter::ConnectorFailing {
            first_name,
            connector,
            day,
            requests,
            refused,
            throttled,
            reason,
            link,
        } => alarms::failing(
            first_name,
            connector.as_deref(),
            (*day, reason.as_deref()),
            [*requests, *refused, *throttled],
            link.as_deref(),
        ),
        Letter::EmailReceipt(letter) => email::receipt(letter),
        Letter::EmailUnreadable(letter) => email::unreadable(letter),
        Letter::EmailResult(letter) => email::result(letter),
        Letter::EmailRefused(letter) => email::refused(letter),
        Letter::EmailSuperseded(letter) => email::superseded(letter),
        Letter::EmailNoMoreReplies(letter) => email::no_more_replies(letter),
        Letter::EmailNotProved {
            first_name,
            sent_at,
            subject,
            file_name,
            reason,
            cure,
        } => email::not_proved(first_name, *sent_at, (subject, file_name.as_deref()), (reason, cure)),
        Letter::ChangeFile(letter) => change_files::say(letter, url),
        Letter::EmailKeySet { first_name, made } => email::key_set(first_name, *made),
        Letter::ConnectorBraked {
            first_name,
            connector,
            people,
            link,
        } => alarms::braked(first_name, connector.as_deref(), *people, link.as_deref()),
        Letter::GlobalRecovery {
            first_name,
            name,
            address,
            until,
        } => (
            format!("The operator has made {name} a Global Administrator"),
            vec![
                hello(first_name),
                paragraph(format!(
                    "The operator of the service has made {name} a Global Administrator with the recovery command."
                )),
                Part::Facts(vec![
                    ("Their email address", address.clone()),
                    ("The role ends on", moment(*until)),
                ]),
                paragraph(
                    "If you expected this, you do not need to do anything. If you did not, call the operator at once. \
                     You can revoke the role on the page Administrators.",
                ),
            ],
        ),
    }
}

/// A lock is no emergency: its person unlocks the account alone.
fn account_locked(first_name: &str, way_back: &str) -> (String, Vec<Part>) {
    let asking = (!way_back.is_empty()).then(|| {
        [
            paragraph("You can unlock your account yourself. Ask for a link, and we send it to this mailbox."),
            button("Ask for a link", way_back),
        ]
    });
    let parts = [
        hello(first_name),
        paragraph("Somebody tried to sign in to your account too many times, so it is locked."),
        paragraph(
            "Nobody can sign in to it with a password until it is unlocked. If you are signed in already, you stay signed \
             in. Your password has not changed.",
        ),
    ];
    let end = paragraph(
        "Your local administrator or helpdesk can unlock it too. If it was not you who tried to sign in, tell them.",
    );
    let parts = parts.into_iter().chain(asking.into_iter().flatten()).chain([end]);
    ("Your account is locked".to_owned(), parts.collect())
}

/// A link that somebody asked for who could not sign in.
fn way_back_in(first_name: &str, locked: bool, expires: Timestamp, url: &str) -> (String, Vec<Part>) {
    let (subject, what) = match locked {
        true => (
            "Unlock your account",
            "Your account is locked, because somebody tried to sign in too many times. With this link you can unlock it, \
             or choose a new password.",
        ),
        false => ("Choose a new password", "You can choose a new password with this link."),
    };
    let label = match locked {
        true => "Unlock your account",
        false => "Choose a new password",
    };
    let parts = vec![
        hello(first_name),
        paragraph("Someone asked for a link to get back into your account."),
        paragraph(what),
        paragraph(format!("The link works once, until {}.", moment(expires))),
        button(label, url),
        paragraph(
            "If you did not ask for this, you do not need to do anything: nothing has changed. Do not give the link to \
             anybody.",
        ),
    ];
    (subject.to_owned(), parts)
}

/// What became of somebody's second factors, and what to do about it.
fn second_factor(first_name: &str, news: &FactorNews) -> (String, Vec<Part>) {
    let (subject, what, then) = match news {
        FactorNews::Added { name } => (
            "A second factor was set up for your account",
            format!("{name} was set up as a second factor. You will be asked for it when you sign in."),
            NOT_YOU,
        ),
        FactorNews::Removed { name } => (
            "A second factor of your account was removed",
            format!("{name} was removed. You will no longer be asked for it when you sign in."),
            NOT_YOU,
        ),
        FactorNews::CodeUsed { left } => (
            "A recovery code of your account was used",
            format!("Somebody signed in with one of your recovery codes. You have {left} left."),
            NOT_YOU,
        ),
        FactorNews::Reset { by } => (
            "The second factor of your account was reset",
            format!(
                "{by} has reset the second factor of your account. Your authenticator apps, passkeys and recovery codes no \
                 longer work."
            ),
            "Sign in with your password, then set up a new second factor. If you did not ask for this, tell your local \
             administrator at once.",
        ),
    };
    (
        subject.to_owned(),
        vec![hello(first_name), paragraph(what), paragraph(then)],
    )
}

/// How an offer ended, and where the contact is now. Its sender is told the answer, its recipients that none is needed.
fn ending(how: OfferEnd, contact: &str, to: &str, by: Option<&str>) -> String {
    let by = by.unwrap_or("Somebody");
    match how {
        OfferEnd::Accepted => {
            format!("{by} has accepted your offer of {contact} to {to}. The contact is now with {to}.")
        }
        OfferEnd::Declined => {
            format!("{by} has declined your offer of {contact} to {to}. The contact stays where it is.")
        }
        OfferEnd::Withdrawn => {
            format!("{by} has withdrawn the offer of {contact} to {to}. You do not need to answer it.")
        }
        OfferEnd::Lapsed => {
            format!("Nobody answered your offer of {contact} to {to} in time. The contact stays where it is.")
        }
        OfferEnd::ContactDeleted => {
            format!("The offer of {contact} to {to} has ended because {by} deleted the contact.")
        }
        OfferEnd::ContactMoved => {
            format!("The offer of {contact} to {to} has ended because {by} moved the contact elsewhere.")
        }
    }
}
