//! Seats of one person: assigned, changed, revoked, and given extra storage. Each becomes a submission of one row that waits
//! to be confirmed.

use domain::{
    change_file::ChangeFault,
    channel::Operation,
    problem::{Kind, Problem},
    request::{AccountWish, SeatWish, Wish},
    subscription::{Side, SubscriptionNumber},
    values::ids::SeatId,
};
use gate::{GateError, SeatShown};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    named,
    reply::Reply,
};
use crate::{
    forms::{SEAT, SEAT_COLLAB, SEAT_DOES, SEAT_MAIL, SEAT_OF, SeatForm, WHOLE},
    routes,
    visitor::Visitor,
};

/// Change the seats of somebody.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/seats", protocol = HtmlForm)]
pub async fn change_seats(
    /// What is done with which seat.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let (account, organisation) = visit.account(named().await?).await?;
    let (operation, unit) = (Operation::SeatsAndStorage, account.unit());
    if !visit.may(operation, &organisation, unit.as_ref()).await? {
        return Err(GateError::Denied.into());
    }
    let held = visit.seats(account.id).await?;
    let page = about::<ChangeSeats>(&account.id);
    let seat = said.text(SEAT);
    let mut reply = Reply::at(
        &visit,
        &routes::with_query(&page, &[(SEAT, seat)]),
        &routes::account(&account.id),
    );
    reply.keep(&said, &[SEAT_DOES, SEAT, SEAT_OF, SEAT_COLLAB, SEAT_MAIL]);
    let Some(form) = SeatForm::from_slug(said.text(SEAT_DOES)) else {
        let message = "Choose what you want to do: assign, change or revoke a seat, or change its extra storage.";
        return Ok(reply.again(WHOLE, message));
    };
    let wish = match read(form, &said, &held) {
        Ok(wish) => wish,
        Err(wrong) => return Ok(reply.again_with(wrong)),
    };
    let title = title(form, &account.full_name());
    reply
        .ask(&title, Wish::Account(account.id, AccountWish::Seats(wish)), field)
        .await
}

/// What is asked for, or what is wrong with it.
fn read(form: SeatForm, said: &Fields, seats: &[SeatShown]) -> Result<SeatWish, Vec<(&'static str, String)>> {
    let wrong = |field: &'static str, message: &str| Err(vec![(field, message.to_owned())]);
    let held = said.text(SEAT).parse().ok();
    let held = held.filter(|seat: &SeatId| seats.iter().any(|shown| shown.seat.id == *seat));
    let subscription: Option<SubscriptionNumber> = said.text(SEAT_OF).parse().ok();
    match (form, held, subscription) {
        (SeatForm::Assign, _, Some(subscription)) => Ok(SeatWish::Assign(subscription)),
        (SeatForm::Assign, _, None) => wrong(SEAT_OF, "Choose a subscription."),
        (_, None, _) => wrong(
            WHOLE,
            "This seat has been changed or revoked since you opened the page. Check the seats below, and choose again.",
        ),
        (SeatForm::Change, Some(seat), Some(to)) => Ok(SeatWish::Change { seat, to }),
        (SeatForm::Change, Some(_), None) => wrong(SEAT_OF, "Choose the subscription that the seat changes to."),
        (SeatForm::Revoke, Some(seat), _) => Ok(SeatWish::Revoke(seat)),
        (SeatForm::Storage, Some(seat), _) => {
            let now = seats
                .iter()
                .find(|shown| shown.seat.id == seat)
                .map(|shown| &shown.seat);
            // An empty box takes nothing away: none is 0.
            let gigabytes = |field: &'static str, now: u32| match said.text(field) {
                "" => Ok(now),
                typed => typed.replace(',', "").parse::<u32>().map_err(|_| {
                    let message = "Enter the gigabytes in whole numbers, like 50. Enter 0 for no extra storage.";
                    (field, message.to_owned())
                }),
            };
            let (collab, mail) = now.map_or((0, 0), |now| (now.collab_extra_gb, now.mail_extra_gb));
            match (gigabytes(SEAT_COLLAB, collab), gigabytes(SEAT_MAIL, mail)) {
                (Ok(collab), Ok(mail)) => Ok(SeatWish::Storage { seat, collab, mail }),
                (collab, mail) => Err(collab.err().into_iter().chain(mail.err()).collect()),
            }
        }
    }
}

fn title(form: SeatForm, name: &str) -> String {
    match form {
        SeatForm::Assign => format!("Assign a seat to {name}"),
        SeatForm::Change => format!("Change a seat of {name}"),
        SeatForm::Revoke => format!("Revoke a seat of {name}"),
        SeatForm::Storage => format!("Change the extra storage of {name}"),
    }
}

/// The field of a problem. `None` if it is about the seat as a whole.
const fn field(problem: &Problem) -> Option<&'static str> {
    let Kind::Change(fault) = &problem.kind else {
        return None;
    };
    match fault {
        ChangeFault::SubscriptionNone { .. }
        | ChangeFault::SubscriptionInactive { .. }
        | ChangeFault::SubscriptionStorage { .. }
        | ChangeFault::SeatsFull { .. }
        | ChangeFault::SecondSeat { .. }
        | ChangeFault::SecondAccessory { .. }
        | ChangeFault::SeatNeeds { .. }
        | ChangeFault::SeatNeeded { .. }
        | ChangeFault::ChangeIncompatible { .. }
        | ChangeFault::ChangeSame { .. } => Some(SEAT_OF),
        ChangeFault::StoragePool { side: Side::Collab, .. } => Some(SEAT_COLLAB),
        ChangeFault::StoragePool { side: Side::Mail, .. } => Some(SEAT_MAIL),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        subscription::{Offering, Seat, Subscription},
        values::ids::RowNumber,
    };

    use super::*;

    const HELD: &str = "00000000-0000-0000-0000-000000000001";

    fn held() -> Vec<SeatShown> {
        let stored = r#"{"number":69051,"customer":7,"name":"Staff","offering":"bundle","seats":50}"#;
        let subscription: Subscription = serde_json::from_str(stored).unwrap();
        let seat = Seat {
            id: HELD.parse().unwrap(),
            subscription: subscription.number,
            offering: Offering::Bundle,
            active: true,
            collab_extra_gb: 0,
            mail_extra_gb: 5,
        };
        vec![SeatShown { seat, subscription }]
    }

    #[test]
    fn a_form_about_a_seat_asks_for_what_it_says() {
        let seat: SeatId = HELD.parse().unwrap();
        let to: SubscriptionNumber = "69052".parse().unwrap();
        let asked = |form, fields: &[(&str, &str)]| read(form, &Fields::of(fields), &held()).unwrap();
        assert_eq!(asked(SeatForm::Assign, &[(SEAT_OF, "69052")]), SeatWish::Assign(to));
        let both = [(SEAT, HELD), (SEAT_OF, "69052")];
        assert_eq!(asked(SeatForm::Change, &both), SeatWish::Change { seat, to });
        assert_eq!(asked(SeatForm::Revoke, &[(SEAT, HELD)]), SeatWish::Revoke(seat));
        let (collab, mail) = (1_000, 0);
        assert_eq!(
            asked(
                SeatForm::Storage,
                &[(SEAT, HELD), (SEAT_COLLAB, "1,000"), (SEAT_MAIL, "0")]
            ),
            SeatWish::Storage { seat, collab, mail }
        );
    }

    #[test]
    fn an_empty_box_for_storage_takes_none_away() {
        let seat: SeatId = HELD.parse().unwrap();
        let fields = [(SEAT, HELD), (SEAT_COLLAB, "10"), (SEAT_MAIL, "")];
        let (collab, mail) = (10, 5);
        assert_eq!(
            read(SeatForm::Storage, &Fields::of(&fields), &held()),
            Ok(SeatWish::Storage { seat, collab, mail })
        );
    }

    #[test]
    fn what_the_gate_finds_wrong_with_a_seat_is_told_at_its_field() {
        let at = |fault| field(&Problem::in_row(RowNumber(1), Kind::Change(fault)));
        let (name, seats) = ("Staff".to_owned(), 50);
        assert_eq!(at(ChangeFault::SeatsFull { name, seats }), Some(SEAT_OF));
        let pool = |side| ChangeFault::StoragePool {
            side,
            needed: 2,
            free: 1,
        };
        assert_eq!(
            (at(pool(Side::Collab)), at(pool(Side::Mail))),
            (Some(SEAT_COLLAB), Some(SEAT_MAIL))
        );
        let (email, what) = ("jem@river.example".to_owned(), "mail".to_owned());
        assert_eq!(at(ChangeFault::SeatNotHeld { email, what }), None);
    }

    #[test]
    fn what_is_wrong_with_a_form_about_a_seat_is_told_at_its_field() {
        let fields = |form, fields: &[(&str, &str)]| -> Vec<&'static str> {
            let wrong = read(form, &Fields::of(fields), &held()).unwrap_err();
            wrong.into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields(SeatForm::Assign, &[]), [SEAT_OF]);
        assert_eq!(fields(SeatForm::Change, &[(SEAT, HELD)]), [SEAT_OF]);
        // A seat that somebody else has.
        let other = "00000000-0000-0000-0000-000000000002";
        assert_eq!(fields(SeatForm::Revoke, &[(SEAT, other)]), [WHOLE]);
        let storage = [(SEAT, HELD), (SEAT_COLLAB, "-1"), (SEAT_MAIL, "1.5")];
        assert_eq!(fields(SeatForm::Storage, &storage), [SEAT_COLLAB, SEAT_MAIL]);
    }
}
