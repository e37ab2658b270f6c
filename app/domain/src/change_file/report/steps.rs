//! What a step is called in a report.

use crate::{
    dictionary::{Attribute, Change},
    life::Turn,
    plan::{AccountStep, PlannedRow, Provision, SeatStep, Step},
    problem::in_sentence,
    subscription::{NewSeat, Seat, SeatEnd},
};

/// What a row does, part by part: `create account; assign Collaboration (69054)`. `suppressed`: it says that nobody is written
/// to.
pub(super) fn said(planned: &PlannedRow, suppressed: bool) -> String {
    let mut parts = match &planned.step {
        Step::CreateAccount {
            with_password,
            provision,
            ..
        } => created(*with_password, provision),
        Step::Account(_, step) => of_account(step),
        _ => vec![],
    };
    let gives_seats = matches!(planned.step, Step::Account(_, AccountStep::Seats { .. }));
    if gives_seats && planned.invites(suppressed) {
        parts.push("send invitation".to_owned());
    }
    parts.join("; ")
}

fn created(with_password: bool, provision: &Provision) -> Vec<String> {
    let mut parts = vec!["create account".to_owned()];
    parts.extend(provision.seats.iter().map(assigned));
    if with_password {
        parts.push("one-time password".to_owned());
    }
    let is_active = provision.status.is_some();
    if is_active {
        parts.push("activate account".to_owned());
    } else if !provision.suppressed {
        parts.push("send invitation".to_owned());
    }
    parts
}

fn of_account(step: &AccountStep) -> Vec<String> {
    match step {
        AccountStep::Update { changes, .. } => changed(changes),
        AccountStep::Turn { turn, seats, .. } => {
            let mut parts: Vec<_> = seats.iter().flat_map(ended).collect();
            parts.push(turned(*turn));
            parts
        }
        AccountStep::Seats { seats, changes } => {
            let mut parts: Vec<_> = seats.iter().flat_map(of_seat).collect();
            parts.extend(changed(changes));
            parts
        }
        AccountStep::AskRename { to } => vec![format!("send link to {to}")],
        AccountStep::Invite => vec!["send invitation".to_owned()],
        AccountStep::Hold { .. } => vec!["hold account".to_owned()],
        AccountStep::Release => vec!["release account".to_owned()],
        AccountStep::Move { .. } => vec!["transfer account".to_owned()],
        AccountStep::PlanAbsence { .. }
        | AccountStep::PlanLeaving { .. }
        | AccountStep::ResetPassword { .. }
        | AccountStep::ResetFactors
        | AccountStep::ChoosePassword
        | AccountStep::Erase { .. } => vec![],
    }
}

fn turned(turn: Turn) -> String {
    match turn {
        Turn::Disable => "disable account".to_owned(),
        Turn::Enable => "enable account".to_owned(),
        Turn::Delete => "delete account".to_owned(),
        other => other.name().to_lowercase(),
    }
}

/// What changes, by its names alone: a report tells nobody's details.
fn changed(changes: &[Change]) -> Vec<String> {
    if changes.is_empty() {
        return vec![];
    }
    if changes.iter().any(|change| change.attribute == Attribute::EmailAddress) {
        return vec!["set email address".to_owned()];
    }
    let names: Vec<_> = changes.iter().map(|change| in_sentence(change.attribute)).collect();
    vec![format!("change {}", names.join(", "))]
}

fn of_seat(step: &SeatStep) -> Vec<String> {
    match step {
        SeatStep::Assign(seat) => vec![assigned(seat)],
        SeatStep::Change { from, to, .. } => vec![format!(
            "change {} to {} ({})",
            held(from),
            to.offering.name(),
            to.subscription
        )],
        SeatStep::Revoke(end) => ended(end),
        SeatStep::Storage { seat, collab, mail } => vec![format!(
            "set extra storage of {} to {collab} GB collaboration, {mail} GB mail",
            held(seat)
        )],
    }
}

fn assigned(seat: &NewSeat) -> String {
    format!("assign {} ({})", seat.offering.name(), seat.subscription)
}

fn held(seat: &Seat) -> String {
    format!("{} ({})", seat.offering.name(), seat.subscription)
}

fn ended(end: &SeatEnd) -> Vec<String> {
    let mut parts = vec![format!("revoke {}", held(&end.seat))];
    if end.content_to.is_some() {
        parts.push("reassign its content".to_owned());
    }
    parts
}
