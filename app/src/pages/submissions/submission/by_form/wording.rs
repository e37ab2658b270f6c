//! What a form's steps are called: on the button that does them, and once they are done. And what follows from them.

use domain::{
    absence::{Absence, Stay},
    account::AccountStatus,
    dictionary::Attribute,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    plan::{AccountStep, ContactStep, RoleStep, SeatStep, Step},
    policy::Role,
    problem::in_sentence,
    request::{AccountWish, Cells, Wish},
    rules::Rules,
    subscription::Side,
    values::ids::Timestamp,
};
use gate::Act;

use crate::words::{self, counted};

/// The act's name, on the button that does it. `status` is the account's at this moment.
pub(super) const fn act(step: &Step, status: Option<AccountStatus>) -> &'static str {
    match step {
        Step::CreateAccount { .. } => "Create account",
        Step::CreateContact { .. } => "Create contact",
        Step::Account(_, step) => match step {
            AccountStep::Update { .. } => "Save changes",
            AccountStep::Turn { turn, .. } => match turn {
                Turn::Unlock => "Unlock account",
                Turn::Disable => "Disable account",
                Turn::Enable => "Enable account",
                Turn::MarkLeaver => "Mark as leaver",
                Turn::KeepOn => "Undo the leaving",
                Turn::Delete => "Delete account",
                Turn::Restore => "Restore account",
                Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => "Confirm",
            },
            AccountStep::PlanAbsence { after: Some(_), .. } => "Save the absence",
            AccountStep::PlanAbsence { after: None, .. } => "Cancel the absence",
            AccountStep::PlanLeaving { after: Some(_), .. } => "Set the leaving date",
            AccountStep::PlanLeaving { after: None, .. } => "Cancel the leaving date",
            AccountStep::Move {
                before: AccountStatus::Leaver,
                ..
            } => "Take in",
            AccountStep::Move { .. } => "Transfer account",
            AccountStep::ResetPassword { .. } if matches!(status, Some(AccountStatus::Pending)) => "Send the link",
            AccountStep::ResetPassword { .. } => "Reset password",
            AccountStep::ResetFactors => "Reset second factor",
            AccountStep::Erase { .. } => "Permanently delete account",
            AccountStep::ChoosePassword => "Confirm",
            AccountStep::Seats { seats, .. } => match seats.as_slice() {
                [SeatStep::Assign(_)] => "Assign seat",
                [SeatStep::Change { .. }] => "Change seat",
                [SeatStep::Revoke(_)] => "Revoke seat",
                [SeatStep::Storage { .. }] => "Set extra storage",
                _ => "Change seats",
            },
            AccountStep::Hold { .. } => "Hold account",
            AccountStep::Release => "Release account",
            AccountStep::AskRename { .. } => "Send the link",
            AccountStep::Invite => "Send the activation link again",
        },
        Step::Contact(_, step) => match step {
            ContactStep::Update { .. } => "Save changes",
            ContactStep::Move {
                offer: Some((_, OfferEnd::Accepted)),
                ..
            } => "Accept contact",
            ContactStep::Move { .. } => "Transfer contact",
            ContactStep::Offer { .. } => "Make offer",
            ContactStep::EndOffer {
                end: OfferEnd::Declined,
                ..
            } => "Decline offer",
            ContactStep::EndOffer {
                end: OfferEnd::Withdrawn,
                ..
            } => "Withdraw offer",
            ContactStep::EndOffer { .. } => "Confirm",
            ContactStep::Delete { .. } => "Delete contact",
            ContactStep::Restore => "Restore contact",
            ContactStep::Erase => "Permanently delete contact",
        },
        Step::Customer { before: None, .. } => "Add customer",
        Step::Subscription { before: None, .. } => "Add subscription",
        Step::Customer { .. } | Step::Subscription { .. } => "Save changes",
        Step::Role(_, RoleStep::Grant { .. }) => "Give role",
        Step::Role(_, RoleStep::Revoke { .. }) => "Revoke role",
        _ => "Confirm",
    }
}

/// What was done, as a heading.
pub(super) const fn done(step: &Step) -> &'static str {
    match step {
        Step::CreateAccount { .. } => "Account created",
        Step::CreateContact { .. } => "Contact created",
        Step::Account(_, step) => match step {
            AccountStep::Update { .. } => "Changes saved",
            AccountStep::Turn { turn, .. } => match turn {
                Turn::Unlock => "Account unlocked",
                Turn::Disable => "Account disabled",
                Turn::Enable => "Account enabled",
                Turn::MarkLeaver => "Marked as leaver",
                Turn::KeepOn => "No longer a leaver",
                Turn::Delete => "Account deleted",
                Turn::Restore => "Account restored",
                Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => "Done",
            },
            AccountStep::PlanAbsence { after: Some(_), .. } => "Absence saved",
            AccountStep::PlanAbsence { after: None, .. } => "Absence cancelled",
            AccountStep::PlanLeaving { after: Some(_), .. } => "Leaving date set",
            AccountStep::PlanLeaving { after: None, .. } => "Leaving date cancelled",
            AccountStep::Move {
                before: AccountStatus::Leaver,
                ..
            } => "Taken in",
            AccountStep::Move { .. } => "Account transferred",
            AccountStep::ResetPassword {
                link: LinkFor::Activation,
            } => "Activation link given out",
            AccountStep::ResetPassword { .. } => "Password reset link sent",
            AccountStep::ResetFactors => "Second factor reset",
            AccountStep::ChoosePassword | AccountStep::Erase { .. } => "Done",
            AccountStep::Seats { seats, .. } => match seats.as_slice() {
                [SeatStep::Assign(_)] => "Seat assigned",
                [SeatStep::Change { .. }] => "Seat changed",
                [SeatStep::Revoke(_)] => "Seat revoked",
                [SeatStep::Storage { .. }] => "Extra storage set",
                _ => "Seats changed",
            },
            AccountStep::Hold { .. } => "Account held",
            AccountStep::Release => "Account released",
            AccountStep::AskRename { .. } => "Link sent",
            AccountStep::Invite => "Activation link sent again",
        },
        Step::Contact(_, step) => match step {
            ContactStep::Update { .. } => "Changes saved",
            ContactStep::Move {
                offer: Some((_, OfferEnd::Accepted)),
                ..
            } => "Contact accepted",
            ContactStep::Move { .. } => "Contact transferred",
            ContactStep::Offer { .. } => "Offer made",
            ContactStep::EndOffer {
                end: OfferEnd::Declined,
                ..
            } => "Offer declined",
            ContactStep::EndOffer {
                end: OfferEnd::Withdrawn,
                ..
            } => "Offer withdrawn",
            ContactStep::Delete { .. } => "Contact deleted",
            ContactStep::Restore => "Contact restored",
            ContactStep::EndOffer { .. } | ContactStep::Erase => "Done",
        },
        Step::Customer { before: None, .. } => "Customer added",
        Step::Subscription { before: None, .. } => "Subscription added",
        Step::Customer { .. } | Step::Subscription { .. } => "Changes saved",
        Step::Role(_, RoleStep::Grant { .. }) => "Role given",
        Step::Role(_, RoleStep::Revoke { .. }) => "Role revoked",
        Step::Nothing { .. } | Step::LeaveOut { .. } => "Nothing was changed",
        _ => "Done",
    }
}

/// The style of an ordinary button.
pub(super) const PLAIN: &str = "nhsuk-button";

/// The style of a button that ends or deletes something.
pub(super) const WARNING: &str = "nhsuk-button nhsuk-button--warning";

/// Whether the step ends something or takes somebody away, now or on a day that is set, so that its button warns.
pub(super) fn takes_away(step: &Step) -> bool {
    match step {
        Step::Account(_, step) => match step {
            AccountStep::Turn { turn, .. } => turn.ends_rights(),
            AccountStep::PlanLeaving { after, .. } => after.is_some(),
            // Other dates or another reason for an absence disable nobody who was not to be disabled.
            AccountStep::PlanAbsence { before, after } => before.is_none() && after.is_some(),
            AccountStep::Erase { .. } => true,
            AccountStep::Seats { seats, .. } => seats
                .iter()
                .any(|seat| matches!(seat, SeatStep::Revoke(_)) || !seat.deletes().is_empty()),
            _ => false,
        },
        Step::Contact(_, ContactStep::Delete { .. } | ContactStep::Erase) => true,
        Step::Role(_, RoleStep::Revoke { .. }) => true,
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

/// The same where what is asked for differs from one to another, as accepted proposals do: `Change 3 contacts`.
pub(super) fn to_several(asked: &Wish, many: u32) -> String {
    let accounts = counted(many, "account", "accounts");
    match asked {
        Wish::Account(_, AccountWish::Turn(turn)) => format!("{} {accounts}", turn.name()),
        Wish::Account(_, AccountWish::Move(_)) => format!("Transfer {accounts}"),
        Wish::Account(..) => format!("Change {accounts}"),
        wish if wish.is_about_a_contact() => format!("Change {}", counted(many, "contact", "contacts")),
        _ => format!("Change {}", counted(many, "person", "people")),
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
    match step {
        Step::CreateAccount {
            with_password: false,
            stay,
            ..
        } => created(*stay, &counted(rules.timers.link_days, "day", "days")),
        Step::Account(_, step) => follows_for_account(step, (status, goes), rules, now),
        Step::Contact(_, step) => follows_for_contact(step, rules),
        Step::Role(_, RoleStep::Grant { role, terms, .. }) => {
            let ends = leaves_on.filter(|at| terms.until.is_none_or(|until| *at < until));
            let ends = ends.map(|at| {
                format!(
                    "They leave on {}. The role ends then, unless the leaving date is cancelled.",
                    words::day(at)
                )
            });
            ends.into_iter().chain([told_of(*role).to_owned()]).collect()
        }
        Step::Role(_, RoleStep::Revoke { held, .. }) => vec![told_of(held.role).to_owned()],
        _ => vec![],
    }
}

fn follows_for_account(
    step: &AccountStep,
    (status, goes): (Option<AccountStatus>, LinkGoes),
    rules: &Rules,
    now: Timestamp,
) -> Vec<String> {
    let timers = &rules.timers;
    let link_days = counted(timers.link_days, "day", "days");
    let deleted_days = counted(timers.deleted_days, "day", "days");
    let says = |sentence: &str| vec![sentence.to_owned()];
    match step {
        AccountStep::ResetPassword { .. } => {
            let seen = match goes {
                LinkGoes::ToAskerToo => "You see a second link once, to pass on",
                LinkGoes::ByEmailAlone => {
                    "You do not see it, because they hold a role or joined you in the last 7 days"
                }
            };
            let sent = match status {
                Some(AccountStatus::Pending) => {
                    "An activation link is sent to the private email address given for the person. If there is none, \
                     it goes to their own address"
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
        AccountStep::ResetFactors => vec![
            "Check the request is genuine: call them back on a number you know.".to_owned(),
            "Their authenticator apps, passkeys and recovery codes stop working, and they are signed out everywhere. \
             They are told by email. They sign in with only their password until they set up another."
                .to_owned(),
        ],
        AccountStep::Turn {
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
                "Nobody can sign in to it, and it is no longer in the directory. It can be restored for \
                 {deleted_days}; then it is permanently deleted."
            )],
            Turn::Restore if *after == AccountStatus::Pending => vec![format!(
                "Nobody has signed in to it yet, and the earlier activation link no longer works. A new one is sent by \
                 email. It works for {link_days}. You see a second link once, to pass on."
            )],
            Turn::Enable | Turn::Restore => says("Roles that ended do not come back."),
            Turn::Unlock | Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => vec![],
        },
        AccountStep::PlanAbsence { after: Some(after), .. } => absent(after, now),
        AccountStep::PlanLeaving { after: Some(_), .. } => vec![format!(
            "On that day the account becomes a leaver’s. The person is told by email, and their roles end. {} later \
             it is deleted, unless another organisation takes it in.",
            counted(timers.leaver_days, "day", "days")
        )],
        AccountStep::Update { changes, .. }
            if changes.iter().any(|change| change.attribute == Attribute::EmailAddress) =>
        {
            says("We will write to both addresses, the old one and the new one, to say that it was changed.")
        }
        AccountStep::Update { days, .. } => {
            let starts = days.iter().filter(|day| day.attribute == Attribute::StartDate);
            let sent =
                starts.filter_map(|day| Some(format!("The activation link is sent on {}.", words::day(day.after?))));
            sent.collect()
        }
        AccountStep::Move {
            before: AccountStatus::Leaver,
            ..
        } => vec![
            "The account is active from then on. The address and the mailbox stay, and the password if there is one."
                .to_owned(),
            "We will write to the person, and to the administrators of the organisation that they leave.".to_owned(),
        ],
        AccountStep::Move { .. } => vec![
            "The address and the mailbox stay, and the password if there is one.".to_owned(),
            "We will write to the person.".to_owned(),
        ],
        AccountStep::Seats { seats, .. } => {
            let sides = seats.iter().flat_map(SeatStep::deletes);
            sides.map(|side| content_goes(side).to_owned()).collect()
        }
        _ => vec![],
    }
}

/// What is deleted with a seat of one side, or half of a bundle.
const fn content_goes(side: Side) -> &'static str {
    match side {
        Side::Mail => "Mail is deleted.",
        Side::Collab => "Collaboration content is deleted.",
    }
}

fn follows_for_contact(step: &ContactStep, rules: &Rules) -> Vec<String> {
    let timers = &rules.timers;
    match step {
        ContactStep::Delete { offer } => {
            let ends = offer.as_ref().map(|offer| format!("The offer to {} ends.", offer.to));
            let restorable = format!(
                "It can be restored for {}; then it is permanently deleted.",
                counted(timers.deleted_days, "day", "days")
            );
            std::iter::once(restorable).chain(ends).collect()
        }
        ContactStep::Offer { to_name, .. } => vec![format!(
            "The administrators of {to_name} are told by email. The contact stays here until one of them accepts; the \
             offer expires after {}.",
            counted(timers.offer_days, "day", "days")
        )],
        ContactStep::Move {
            offer: Some((_, OfferEnd::Accepted)),
            ..
        } => vec!["The person who offered it is told by email.".to_owned()],
        ContactStep::Move {
            offer: Some((offer, _)),
            ..
        } => vec![format!("The offer to {} ends.", offer.to)],
        ContactStep::EndOffer {
            end: OfferEnd::Declined,
            ..
        } => vec!["The person who offered it is told by email. The contact stays where it is.".to_owned()],
        ContactStep::EndOffer { offer, .. } => vec![format!(
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
        None => "It stays disabled until you enable it, or until it is deleted automatically.".to_owned(),
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
    use domain::{
        request::ContactWish,
        values::ids::{AccountId, ContactId},
    };

    use super::*;

    #[test]
    fn a_button_says_what_is_done_where_it_differs_from_person_to_person() {
        let account = AccountId(Default::default());
        let moved = Wish::Account(account, AccountWish::Move(Cells::of([])));
        assert_eq!(to_several(&moved, 3), "Transfer 3 accounts");
        let contact = Wish::Contact(ContactId(Default::default()), ContactWish::Edit(Cells::of([])));
        assert_eq!(to_several(&contact, 3), "Change 3 contacts");
        assert_eq!(to_several(&contact, 1), "Change 1 contact");
    }

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
