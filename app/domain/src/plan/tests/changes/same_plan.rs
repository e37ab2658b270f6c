//! Where a row and a form wish the same, they come to one plan.

use super::*;
use crate::{life::Turn, request::SeatWish};

/// What a row comes to, and what a form comes to.
fn both(world: &Snapshot, action: &str, fields: &[(Field, &str)], wish: AccountWish) -> [Step; 2] {
    let by_row = one(world, &change(1, action, JANE, fields));
    let by_form = one(world, &row(1, Wish::Account(jane().id, wish)));
    [by_row.step, by_form.step]
}

#[test]
fn a_row_and_a_form_with_one_wish_come_to_one_step() {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    world.customers[0].federation = Federation::Federated;
    let seat = |number| SeatId(Uuid::from_u128(number));
    let cells = |attribute, text| AccountWish::Edit(Cells::of([(attribute, text)]));
    let new = "jane.jones@river.example";
    let fields = |field, text| vec![(field, text)];
    for (action, fields, wish) in [
        (
            "Update",
            fields(Field::JobTitle, "Nurse"),
            cells(Attribute::JobTitle, "Nurse"),
        ),
        (
            "Rename",
            fields(Field::AltEmailAddress, new),
            cells(Attribute::EmailAddress, new),
        ),
        ("Suspend", vec![], AccountWish::Turn(Turn::Disable)),
        ("Remove", vec![], AccountWish::Turn(Turn::Delete)),
        (
            "AssignSeat",
            fields(Field::SubscriptionId, DOCS),
            AccountWish::Seats(SeatWish::Assign(number(DOCS))),
        ),
        (
            "RevokeSeat",
            fields(Field::SubscriptionId, "collab"),
            AccountWish::Seats(SeatWish::Revoke(seat(11))),
        ),
        (
            "ChangeStorage",
            fields(Field::CollabExtraStorage, "5"),
            AccountWish::Seats(SeatWish::Storage {
                seat: seat(11),
                collab: 5,
                mail: 0,
            }),
        ),
    ] {
        let [by_row, by_form] = both(&world, action, &fields, wish);
        assert!(by_row.operation().is_some(), "{action} {by_row:?}");
        assert_eq!(by_row, by_form, "{action}");
    }
    let world = with_seats(vec![Seat {
        mail_extra_gb: 5,
        ..super::seat(13, BUNDLE, Offering::Bundle)
    }]);
    let fields = [(Field::SubscriptionId, COLLAB), (Field::SubscriptionId2, "DELETEMAIL")];
    let wish = SeatWish::Change {
        seat: seat(13),
        to: number(COLLAB),
    };
    let [by_row, by_form] = both(&world, "ChangeSeat", &fields, AccountWish::Seats(wish));
    assert!(by_row.operation().is_some(), "{by_row:?}");
    assert_eq!(by_row, by_form);
}

#[test]
fn what_is_wrong_with_a_seat_is_told_to_a_form_without_words_of_files() {
    let held = vec![
        super::seat(11, COLLAB, Offering::Collab),
        super::seat(12, MAIL, Offering::Mail),
        super::seat(14, TRAVELER, Offering::Traveler),
    ];
    let mut world = Snapshot {
        channel: Channel::Portal,
        ..with_seats(held)
    };
    let told = |world: &Snapshot, wish| {
        let planned = one(world, &row(1, Wish::Account(jane().id, AccountWish::Seats(wish))));
        let told = planned.step.problems().iter().map(Problem::message);
        told.collect::<Vec<_>>()
    };
    let seat = |number| SeatId(Uuid::from_u128(number));
    let change = |from, to| SeatWish::Change {
        seat: seat(from),
        to: number(to),
    };
    assert_eq!(
        told(&world, change(11, BUNDLE)),
        ["jane.smith@river.example already has a mail seat (Staff mail). Revoke it first."]
    );
    assert_eq!(
        told(&world, SeatWish::Assign(number(MAIL))),
        ["jane.smith@river.example already has a mail seat (Staff mail). Change or revoke that seat instead."]
    );
    let held = vec![
        super::seat(13, BUNDLE, Offering::Bundle),
        super::seat(14, TRAVELER, Offering::Traveler),
    ];
    world.seats.insert(jane().id, held);
    assert_eq!(
        told(&world, change(13, COLLAB)),
        ["Traveler needs the mail seat. Revoke it first."]
    );
}
