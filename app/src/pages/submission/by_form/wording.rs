//! What a form's steps are called: on the button that does them, and once they are done. And what follows from them.

use domain::{
    absence::{Absence, Stay},
    account::AccountStatus,
    dictionary::Attribute,
    ids::Timestamp,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    plan::Step,
    policy::Role,
    problem::in_sentence,
    request::Cells,
    rules::Rules,
};
use gate::Act;

use crate::words::{self, counted};

/// The act's name, on the button that does it. `status` is the account's at this moment.
pub(super) const fn act(step: &Step, status: Option<AccountStatus>) -> &'static str {
    match step {
        Step::CreateAccount { .. } => "Create account",
        Step::CreateContact { .. } => "Create contact",
        Step::UpdateAccount { .. } | Step::UpdateContact { .. } => "Save changes",
        Step::TurnAccount { turn, .. } => match turn {
            Turn::Unlock => "Unlock account",
            Turn::Disable => "Disable account",
            Turn::Enable => "Enable account",
            Turn::MarkLeaver => "Mark as leaver",
            Turn::KeepOn => "Undo the leaving",
            Turn::Delete => "Delete account",
            Turn::Restore => "Restore account",
            Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => "Confirm",
        },
        Step::PlanAbsence { after: Some(_), .. } => "Save the absence",
        Step::PlanAbsence { after: None, .. } => "Cancel the absence",
        Step::PlanLeaving { after: Some(_), .. } => "Set the leaving date",
        Step::PlanLeaving { after: None, .. } => "Cancel the leaving date",
        Step::MoveAccount {
            before: AccountStatus::Leaver,
            ..
        } => "Take in",
        Step::MoveAccount { .. } => "Transfer account",
        Step::MoveContact {
            offer: Some((_, OfferEnd::Accepted)),
            ..
        } => "Accept contact",
        Step::MoveContact { .. } => "Transfer contact",
        Step::ResetPassword { .. } if matches!(status, Some(AccountStatus::Pending)) => "Send the link",
        Step::ResetPassword { .. } => "Reset password",
        Step::ResetFactors { .. } => "Reset second factor",
        Step::OfferContact { .. } => "Make offer",
        Step::EndOffer {
            end: OfferEnd::Declined,
            ..
        } => "Decline offer",
        Step::EndOffer {
            end: OfferEnd::Withdrawn,
            ..
        } => "Withdraw offer",
        Step::DeleteContact { .. } => "Delete contact",
        Step::RestoreContact { .. } => "Restore contact",
        Step::EraseAccount { .. } => "Permanently delete account",
        Step::EraseContact { .. } => "Permanently delete contact",
        Step::GrantRole { .. } => "Give role",
        Step::RevokeRole { .. } => "Revoke role",
        _ => "Confirm",
    }
}

/// What was done, as a heading.
pub(super) const fn done(step: &Step) -> &'static str {
    match step {
        Step::CreateAccount { .. } => "Account created",
        Step::CreateContact { .. } => "Contact created",
        Step::UpdateAccount { .. } | Step::UpdateContact { .. } => "Changes saved",
        Step::TurnAccount { turn, .. } => match turn {
            Turn::Unlock => "Account unlocked",
            Turn::Disable => "Account disabled",
            Turn::Enable => "Account enabled",
            Turn::MarkLeaver => "Marked as leaver",
            Turn::KeepOn => "Not a leaver any more",
            Turn::Delete => "Account deleted",
            Turn::Restore => "Account restored",
            Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => "Done",
        },
        Step::PlanAbsence { after: Some(_), .. } => "Absence saved",
        Step::PlanAbsence { after: None, .. } => "Absence cancelled",
        Step::PlanLeaving { after: Some(_), .. } => "Leaving date set",
        Step::PlanLeaving { after: None, .. } => "Leaving date cancelled",
        Step::MoveAccount {
            before: AccountStatus::Leaver,
            ..
        } => "Taken in",
        Step::MoveAccount { .. } => "Account transferred",
        Step::MoveContact {
            offer: Some((_, OfferEnd::Accepted)),
            ..
        } => "Contact accepted",
        Step::MoveContact { .. } => "Contact transferred",
        Step::ResetPassword {
            link: LinkFor::Activation,
            ..
        } => "Activation link given out",
        Step::ResetPassword { .. } => "Password reset link sent",
        Step::ResetFactors { .. } => "Second factor reset",
        Step::OfferContact { .. } => "Offer made",
        Step::EndOffer {
            end: OfferEnd::Declined,
            ..
        } => "Offer declined",
        Step::EndOffer {
            end: OfferEnd::Withdrawn,
            ..
        } => "Offer withdrawn",
        Step::DeleteContact { .. } => "Contact deleted",
        Step::RestoreContact { .. } => "Contact restored",
        Step::GrantRole { .. } => "Role given",
        Step::RevokeRole { .. } => "Role revoked",
        Step::Nothing { .. } | Step::LeaveOut { .. } => "Nothing was changed",
        _ => "Done",
    }
}

/// The style of an ordinary button.
pub(super) const PLAIN: &str = "nhsuk-button";

/// The style of a button that ends or deletes something.
pub(super) const WARNING: &str = "nhsuk-button nhsuk-button--warning";

/// Whether the step ends something or takes somebody away, now or on a day that is set, so that its button warns.
pub(super) const fn takes_away(step: &Step) -> bool {
    match step {
        Step::DeleteContact { .. }
        | Step::EraseAccount { .. }
        | Step::EraseContact { .. }
        | Step::RevokeRole { .. }
        | Step::PlanLeaving { after: Some(_), .. } => true,
        // Other dates or another reason for an absence disable nobody who was not to be disabled.
        Step::PlanAbsence { before, after, .. } => before.is_none() && after.is_some(),
        Step::TurnAccount { turn, .. } => turn.ends_rights(),
        _ => false,
    }
}

/// What is done to many, on the button that does it: `Disable 12 accounts`.
pub(super) fn to_many(act: &Act, many: u32) -> String {
    let accounts = counted(many, "account", "accounts");
    let leavers = if many == 1 { "leaver" } else { "leavers" };
    match act {
        Act::Turn(Turn::MarkLeaver) => format!("Mark {accounts} as {leavers}"),
        Act::Turn(Turn::KeepOn) => format!("Undo the leaving of {accounts}"),
        Act::Turn(turn) => format!("{} {accounts}", turn.name()),
        Act::Leave(at) => format!("Mark {accounts} as {leavers} on {}", words::day(*at)),
        Act::Away(_) => format!("{} {accounts}", Turn::Disable.name()),
        Act::Move(_) => format!("Transfer {accounts}"),
        Act::Change(cells) => format!("Change {} for {accounts}", changed(cells)),
    }
}

/// The details that are changed, within a sentence.
fn changed(cells: &Cells) -> String {
    let names: Vec<_> = cells.texts.keys().map(|attribute| in_sentence(*attribute)).collect();
    names.join(" and ")
}

/// Whether what is done to many ends or deletes something, so that its button warns.
pub(super) const fn ends_many(act: &Act) -> bool {
    match act {
        Act::Turn(turn) => turn.ends_rights(),
        Act::Leave(_) | Act::Away(_) => true,
        Act::Move(_) | Act::Change(_) => false,
    }
}

/// Who is given the one-time link of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkGoes {
    /// Its person by email, and whoever asks for it, once.
    ToAskerToo,
    /// Its person alone: whoever was shown it could take their role up.
    ByEmailAlone,
}

/// What else follows from the step, in sentences. `status` and the leaving date are the account's at this moment.
pub(super) fn follows(
    step: &Step,
    (status, leaves_on, goes): (Option<AccountStatus>, Option<Timestamp>, LinkGoes),
    rules: &Rules,
    now: Timestamp,
) -> Vec<String> {
    let timers = &rules.timers;
    let link_days = counted(timers.link_days, "day", "days");
    let deleted_days = counted(timers.deleted_days, "day", "days");
    let says = |sentence: &str| vec![sentence.to_owned()];
    match step {
        Step::CreateAccount {
            with_password: false,
            stay,
            ..
        } => created(*stay, &link_days),
        Step::ResetPassword { .. } => {
            let seen = match goes {
                LinkGoes::ToAskerToo => "You see a second link once, to pass on",
                LinkGoes::ByEmailAlone => "You do not see it, because they hold a role or joined you in the last 7 days",
            };
            let sent = match status {
                Some(AccountStatus::Pending) => {
                    "An activation link is sent to the private email address given for the person, if there is one, and else \
                     to their own"
                }
                _ => "A password reset link is sent to the person’s email address",
            };
            let link = format!("{sent}. It works for {link_days}. {seen}. Earlier links stop working.");
            match status {
                Some(AccountStatus::Pending) => vec![link],
                _ => vec![
                    link,
                    "Their current password stops working, and they are signed out everywhere.".to_owned(),
                ],
            }
        }
        Step::ResetFactors { .. } => vec![
            "Check the request is genuine: call them back on a number you know.".to_owned(),
            "Their authenticator apps, passkeys and recovery codes stop working, and they are signed out everywhere. They \
             are told by email, and sign in with their password alone until they set up another."
                .to_owned(),
        ],
        Step::TurnAccount {
            turn,
            before,
            after,
            leaving,
            leaves_on,
            away,
            ..
        } => match turn {
            Turn::MarkLeaver => {
                let deleted = words::day_after(now, timers.leaver_days);
                let unless = "unless another organisation takes it in or you undo the leaving.";
                let (told, used) = match (before, deleted) {
                    (AccountStatus::Disabled, Some(deleted)) => (
                        "The person is told by email at once.",
                        format!(
                            "Nobody can sign in to it until its password is reset. On {deleted} it is deleted, {unless}"
                        ),
                    ),
                    (AccountStatus::Disabled, None) => (
                        "The person is told by email at once.",
                        "Nobody can sign in to it until its password is reset.".to_owned(),
                    ),
                    (_, Some(deleted)) => (
                        "The person is told by email at once. Their sessions and tokens end.",
                        format!("They can use the account until {deleted}. Then it is deleted, {unless}"),
                    ),
                    (_, None) => (
                        "The person is told by email at once. Their sessions and tokens end.",
                        "They can go on using the account, which is not deleted automatically.".to_owned(),
                    ),
                };
                vec![told.to_owned(), used]
            }
            Turn::KeepOn => says("The person is told by email. Roles that ended do not come back."),
            Turn::Disable if leaves_on.is_some() => vec![
                "Nobody can sign in to it, and sessions and tokens end.".to_owned(),
                format!(
                    "The person still leaves: the account is a leaver’s again on {}, and nobody can sign in to it then \
                     either.",
                    words::day(leaves_on.unwrap_or(now))
                ),
            ],
            // Whoever comes back on a day is not deleted before then.
            Turn::Disable if away.as_ref().is_some_and(|away| away.until.is_some()) => {
                says("Nobody can sign in to it, and sessions and tokens end. Roles that end do not come back.")
            }
            // What comes after a leaving date is that of a leaver.
            Turn::Disable if leaving.is_some() => says("Nobody can sign in to it, and sessions and tokens end."),
            Turn::Disable if timers.disabled_months == 0 => {
                says("Nobody can sign in to it, and sessions and tokens end. It stays disabled until it is enabled.")
            }
            Turn::Disable => vec![format!(
                "Nobody can sign in to it, and sessions and tokens end. After {} it is deleted, unless it is enabled \
                 before then.",
                counted(timers.disabled_months, "month", "months")
            )],
            Turn::Delete => vec![format!(
                "Nobody can sign in to it, and it is no longer in the directory. It can be restored for {deleted_days}; then \
                 it is deleted for good."
            )],
            Turn::Restore if *after == AccountStatus::Pending => vec![format!(
                "Nobody has signed in to it yet, and the earlier activation link no longer works. A new one is sent by \
                 email. It works for {link_days}. You see a second link once, to pass on."
            )],
            Turn::Enable | Turn::Restore => says("Roles that ended do not come back."),
            Turn::Unlock | Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => vec![],
        },
        Step::PlanAbsence { after: Some(after), .. } => absent(after, now),
        Step::PlanLeaving { after: Some(_), .. } => vec![format!(
            "On that day the account becomes a leaver’s: the person is told by email, their roles end, and {} later it is \
             deleted, unless another organisation takes it in.",
            counted(timers.leaver_days, "day", "days")
        )],
        Step::UpdateAccount { changes, .. } if changes.iter().any(|change| change.attribute == Attribute::EmailAddress) => {
            says("We will write to both addresses, the old one and the new one, to say that it was changed.")
        }
        Step::UpdateAccount { days, .. } => {
            let starts = days.iter().filter(|day| day.attribute == Attribute::StartDate);
            let sent = starts.filter_map(|day| Some(format!("The activation link is sent on {}.", words::day(day.after?))));
            sent.collect()
        }
        Step::MoveAccount {
            before: AccountStatus::Leaver,
            ..
        } => vec![
            "The account is active from then on. The address and the mailbox stay, and the password if there is one."
                .to_owned(),
            "We will write to the person, and to the administrators of the organisation that they leave.".to_owned(),
        ],
        Step::MoveAccount { .. } => vec![
            "The address and the mailbox stay, and the password if there is one.".to_owned(),
            "We will write to the person.".to_owned(),
        ],
        Step::GrantRole { role, terms, .. } => {
            let ends = leaves_on.filter(|at| terms.until.is_none_or(|until| *at < until));
            let ends = ends.map(|at| {
                format!(
                    "They leave on {}. The role ends then, unless the leaving date is cancelled.",
                    words::day(at)
                )
            });
            ends.into_iter().chain([told_of(*role).to_owned()]).collect()
        }
        Step::RevokeRole { held, .. } => says(told_of(held.role)),
        Step::DeleteContact { offer, .. } => {
            let ends = offer.as_ref().map(|offer| format!("The offer to {} ends.", offer.to));
            let restorable = format!("It can be restored for {deleted_days}; then it is deleted for good.");
            std::iter::once(restorable).chain(ends).collect()
        }
        Step::OfferContact { to_name, .. } => vec![format!(
            "The administrators of {to_name} are told by email. The contact stays here until one of them accepts; the \
             offer lapses after {}.",
            counted(timers.offer_days, "day", "days")
        )],
        Step::MoveContact {
            offer: Some((_, OfferEnd::Accepted)),
            ..
        } => says("The person who offered it is told by email."),
        Step::MoveContact {
            offer: Some((offer, _)),
            ..
        } => vec![format!("The offer to {} ends.", offer.to)],
        Step::EndOffer {
            end: OfferEnd::Declined,
            ..
        } => says("The person who offered it is told by email. The contact stays where it is."),
        Step::EndOffer { offer, .. } => vec![format!(
            "The administrators of {} are told by email. The contact stays where it is.",
            offer.to
        )],
        _ => vec![],
    }
}

/// What follows from creating an account: when the link is sent, and when its person leaves.
fn created(stay: Stay, link_days: &str) -> Vec<String> {
    let link = match stay.starts {
        None => format!(
            "An activation link is sent to the new email address. It works for {link_days}. You see a second link once, to \
             pass on."
        ),
        Some(starts) => format!(
            "An activation link is sent to the new email address on {}. It works for {link_days}. Nobody can sign in before \
             then.",
            words::day(starts)
        ),
    };
    let leaves = stay.leaves.map(|leaves| {
        format!(
            "They leave on {}. On that day the account becomes a leaver’s, if they have activated it.",
            words::day(leaves)
        )
    });
    std::iter::once(link).chain(leaves).collect()
}

/// That the activation link of somebody who is restored before their first day is sent on that day.
pub(super) fn sent_later(starts: Timestamp) -> String {
    format!(
        "Nobody has signed in to it yet. An activation link is sent on {}.",
        words::day(starts)
    )
}

/// What follows from an absence that is planned or changed.
fn absent(absence: &Absence, now: Timestamp) -> Vec<String> {
    let begins = absence.from.filter(|from| *from > now).map(|from| {
        format!(
            "On {} the account is disabled: nobody can sign in to it, and roles, sessions and tokens end. Roles do not come \
             back.",
            words::day(from)
        )
    });
    let ends = match absence.until {
        Some(until) => format!("The account is enabled again automatically on {}.", words::day(until)),
        None => "It stays disabled until somebody enables it, or until it is deleted automatically.".to_owned(),
    };
    let has_day = absence.from.is_some() || absence.until.is_some();
    let told =
        has_day.then(|| "We will write to the person, and to the administrators of their organisation.".to_owned());
    begins.into_iter().chain([ends]).chain(told).collect()
}

/// Who is told that a role was given or has ended.
const fn told_of(role: Role) -> &'static str {
    match role {
        Role::GlobalAdministrator | Role::GlobalHelpdesk => {
            "We will write to the person, and to the other Global Administrators."
        }
        Role::PrimaryLocalAdministrator
        | Role::LocalAdministrator
        | Role::LocalHelpdesk
        | Role::Connector
        | Role::Audit => "We will write to the person, and to the organisation’s Primary Local Administrators.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_is_done_to_how_many_and_warns_if_it_ends() {
        for (act, label, warns) in [
            (Act::Turn(Turn::Delete), "Delete 49 accounts", true),
            (Act::Turn(Turn::Disable), "Disable 49 accounts", true),
            (Act::Turn(Turn::MarkLeaver), "Mark 49 accounts as leavers", true),
            (Act::Turn(Turn::Enable), "Enable 49 accounts", false),
            (Act::Turn(Turn::Restore), "Restore 49 accounts", false),
            (Act::Turn(Turn::KeepOn), "Undo the leaving of 49 accounts", false),
            (Act::Away(Absence::default()), "Disable 49 accounts", true),
        ] {
            assert_eq!((to_many(&act, 49).as_str(), ends_many(&act)), (label, warns));
        }
        assert_eq!(to_many(&Act::Turn(Turn::Delete), 1), "Delete 1 account");
    }
}
