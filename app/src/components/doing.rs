//! What a step does, in a sentence: for previews and for what became of it.

use domain::{
    absence::Absence,
    account::AccountStatus,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    plan::{
        AccountRef, AccountStep, ContactRef, ContactStep, HeldRole, Provision, RoleStep, SeatStep, Step, TokenStep,
    },
    subscription::{NewSeat, Offering, Seat, SubscriptionNumber},
};

use crate::words;

/// The step in words; empty where its changes say it all.
#[must_use]
pub fn doing(step: &Step) -> String {
    match step {
        Step::Account(of, step) => doing_to_account(of, step),
        Step::Contact(of, step) => doing_to_contact(of, step),
        Step::CreateContact { organisation, .. } => format!("New contact in {organisation}."),
        Step::FreeAddresses { .. } => "Reserved email addresses can be used again.".to_owned(),
        Step::Role(_, RoleStep::Grant { role, organisation, .. }) => format!("Made {} of {organisation}.", role.name()),
        Step::Role(_, RoleStep::Revoke { held, .. }) => {
            format!("No longer {} of {}.", held.role.name(), held.organisation)
        }
        Step::Token(TokenStep::Make { token, .. }) => format!("API token {token} is made."),
        Step::Token(TokenStep::Revoke { token, .. }) => format!("API token {token} is revoked."),
        Step::CreateAccount { provision, .. } => provided(provision),
        Step::Customer { before, after } => match before {
            None => format!("Customer {} is added.", after.number),
            Some(_) => format!("Customer {} is changed.", after.number),
        },
        Step::Subscription { before, after, .. } => match before {
            None => format!("Subscription {} ({}) is added.", after.number, after.name),
            Some(_) => format!("Subscription {} ({}) is changed.", after.number, after.name),
        },
        Step::Organisation(_) | Step::Nothing { .. } | Step::LeaveOut { .. } => String::new(),
    }
}

fn doing_to_account(of: &AccountRef, step: &AccountStep) -> String {
    match step {
        AccountStep::Turn {
            turn, before, after, ..
        } => format!("{}: {} → {}", turn.name(), before.name(), after.name()),
        AccountStep::PlanAbsence { after: Some(after), .. } => format!("Absence: {}.", days_of(after)),
        AccountStep::PlanAbsence { after: None, .. } => "The planned absence is cancelled.".to_owned(),
        AccountStep::PlanLeaving { after: Some(at), .. } => format!("Leaves on {}.", words::day(*at)),
        AccountStep::PlanLeaving { after: None, .. } => "The leaving date is cancelled.".to_owned(),
        AccountStep::Move {
            to,
            before: AccountStatus::Leaver,
            ..
        } => format!("Joins {to} from {}.", of.organisation),
        AccountStep::Move { to, .. } => format!("Transferred from {} to {to}.", of.organisation),
        AccountStep::ResetPassword {
            link: LinkFor::Activation,
        } => "An activation link is given out. Earlier links stop working.".to_owned(),
        AccountStep::ResetPassword { .. } => "A password reset link is made and sent.".to_owned(),
        AccountStep::ResetFactors => "The second factor is reset.".to_owned(),
        AccountStep::ChoosePassword => "A password is chosen.".to_owned(),
        AccountStep::Erase { .. } => "Permanently deleted.".to_owned(),
        AccountStep::Update { .. } => String::new(),
        AccountStep::Seats { seats, .. } => seats.iter().map(doing_to_seat).collect::<Vec<_>>().join(" "),
        AccountStep::Hold { reason } => format!("Held: files and programs cannot change it. Reason: {reason}"),
        AccountStep::Release => "Released: files and programs change it again.".to_owned(),
        AccountStep::AskRename { to } => {
            format!("A link is sent to {to}. The email address changes when the person uses it.")
        }
        AccountStep::Invite => "The activation link is sent again. Earlier links stop working.".to_owned(),
    }
}

/// What a new account gets besides its details.
fn provided(provision: &Provision) -> String {
    let seats = provision.seats.iter().map(assigned);
    let status = provision
        .status
        .map(|status| format!("Its status is {}.", status.name()));
    let invitation = provision.suppressed.then(|| "No activation link is sent.".to_owned());
    seats.chain(status).chain(invitation).collect::<Vec<_>>().join(" ")
}

fn doing_to_seat(step: &SeatStep) -> String {
    match step {
        SeatStep::Assign(new) => assigned(new),
        SeatStep::Change { from, to, .. } => {
            format!(
                "Seat changed: {} → {}.",
                of_seat(from),
                named(to.offering, to.subscription)
            )
        }
        SeatStep::Revoke(end) if end.content_to.is_some() => {
            format!("Seat revoked: {}. Another person gets its content.", of_seat(&end.seat))
        }
        SeatStep::Revoke(end) => format!("Seat revoked: {}.", of_seat(&end.seat)),
        SeatStep::Storage { seat, collab, mail } => format!(
            "Extra storage of the seat {}: {collab} GB for collaboration, {mail} GB for mail.",
            of_seat(seat)
        ),
    }
}

fn assigned(new: &NewSeat) -> String {
    format!("Seat assigned: {}.", named(new.offering, new.subscription))
}

fn of_seat(seat: &Seat) -> String {
    named(seat.offering, seat.subscription)
}

/// A seat by what it is for, and its subscription: `Mail (69052)`.
fn named(offering: Offering, subscription: SubscriptionNumber) -> String {
    format!("{} ({subscription})", offering.name())
}

/// The seats that end with a step, in a sentence; none where none ends.
#[must_use]
pub fn seats_ending(step: &Step) -> Option<String> {
    let seats: Vec<_> = step.seat_ends().iter().map(|end| of_seat(&end.seat)).collect();
    match seats.as_slice() {
        [] => None,
        [only] => Some(format!("This seat ends: {only}.")),
        many => Some(format!("These seats end: {}.", many.join("; "))),
    }
}

fn doing_to_contact(of: &ContactRef, step: &ContactStep) -> String {
    match step {
        ContactStep::Move { to, .. } => format!("Transferred from {} to {to}.", of.organisation),
        ContactStep::Offer { to, to_name } => format!("Offered to {to_name} ({to})."),
        ContactStep::EndOffer { offer, end } => match end {
            OfferEnd::Declined => format!("The offer to {} is declined.", offer.to),
            OfferEnd::Withdrawn => format!("The offer to {} is withdrawn.", offer.to),
            end => format!("The offer to {} {}.", offer.to, end.name()),
        },
        ContactStep::Delete { .. } => "The contact is deleted.".to_owned(),
        ContactStep::Restore => "The contact is restored.".to_owned(),
        ContactStep::Erase => "Permanently deleted.".to_owned(),
        ContactStep::Update { .. } => String::new(),
    }
}

/// From when until when somebody is away: `from 3 December 2026, back on 7 June 2027`.
#[must_use]
pub fn days_of(absence: &Absence) -> String {
    let from = absence.from.map(|from| format!("from {}", words::day(from)));
    let back = match absence.until {
        Some(until) => format!("back on {}", words::day(until)),
        None => "no day of return".to_owned(),
    };
    from.map_or(back.clone(), |from| format!("{from}, {back}"))
}

/// What becomes of an absence with a step that turns an account, in a sentence; `None` if it has nothing to do with it.
#[must_use]
pub fn absence(step: &Step) -> Option<String> {
    let Some(AccountStep::Turn { turn, back, away, .. }) = step.of_account() else {
        return None;
    };
    let planned = back.as_ref().filter(|absence| absence.is_planned());
    match (turn, away, planned) {
        (_, Some(away), _) if away.is_planned() => {
            Some(format!("The planned absence is set again: {}.", days_of(away)))
        }
        (Turn::Disable, Some(away), _) => away
            .until
            .map(|until| format!("The account is enabled again automatically on {}.", words::day(until))),
        (_, None, Some(planned)) => Some(format!("The planned absence ({}) is cancelled.", days_of(planned))),
        _ => None,
    }
}

/// Why somebody is disabled with a step, or away from a day ahead, in a sentence; none where nobody said.
#[must_use]
pub fn reason_again(step: &Step) -> Option<String> {
    let away = step.away().filter(|away| !away.reason.is_empty())?;
    Some(format!("Reason: {}", away.reason))
}

/// What becomes of a leaving date that lies ahead, in a sentence; none where there is none, or where the step has nothing
/// to do with it.
#[must_use]
pub fn leaving_date(step: &Step) -> Option<String> {
    // Of a leaver who is disabled it is told what follows, not the date alone.
    let is_disabled = matches!(
        step.of_account(),
        Some(AccountStep::Turn {
            turn: Turn::Disable,
            ..
        })
    );
    if let Some(again) = step.leaves_on().filter(|_| !is_disabled) {
        return Some(format!("The leaving date {} is set again.", words::day(again)));
    }
    let day = words::day(step.leaving()?);
    Some(match step.of_account()? {
        AccountStep::Move { .. } => format!(
            "The leaving date {day} is removed, because it was set for the organisation that the person leaves now."
        ),
        AccountStep::Turn {
            turn: Turn::Disable, ..
        } => format!(
            "The leaving date {day} stays. On that day the account becomes a leaver’s, and still nobody can sign in to it."
        ),
        AccountStep::Turn { turn: Turn::Enable, .. } => format!("The leaving date {day} stays."),
        AccountStep::Turn { turn, .. } if turn.keeps_leaving_date() => return None,
        AccountStep::Turn {
            turn: Turn::MarkLeaver, ..
        } => format!("The person leaves now, and not on {day}."),
        _ => format!("The leaving date {day} is removed."),
    })
}

/// The roles that end with a step, in a sentence; none where none ends.
#[must_use]
pub fn ending(step: &Step) -> Option<String> {
    let role = |held: &HeldRole| match &held.unit {
        None => format!("{} of {}", held.role.name(), held.organisation),
        Some(unit) => format!("{} of {unit} in {}", held.role.name(), held.organisation),
    };
    let roles: Vec<_> = step.ends().iter().map(role).collect();
    match roles.as_slice() {
        [] => None,
        [only] => Some(format!("This role ends: {only}.")),
        many => Some(format!("These roles end: {}.", many.join("; "))),
    }
}
