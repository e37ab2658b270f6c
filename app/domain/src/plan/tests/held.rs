//! Accounts that are held, and seats that end with what is done to an account as a whole.

use super::*;
use crate::{
    account::Held,
    life::Turn,
    subscription::{Offering, Seat, SeatEnd, SubscriptionNumber},
    values::ids::SeatId,
};

fn held() -> Account {
    Account {
        held: Some(Held {
            reason: "merger".to_owned(),
            by: "Priya Example".to_owned(),
            since: Timestamp(5),
        }),
        ..account(1, "RIV", &JEM)
    }
}

fn seat() -> Seat {
    Seat {
        id: SeatId(Uuid::from_u128(9)),
        subscription: SubscriptionNumber::new(69_052).unwrap(),
        offering: Offering::Mail,
        active: true,
        collab_extra_gb: 0,
        mail_extra_gb: 5,
    }
}

#[test]
fn a_held_account_is_changed_by_forms_alone() {
    let new_title = || {
        let cells = Cells::of([(Attribute::JobTitle, "Nurse")]);
        Wish::Account(held().id, AccountWish::Edit(cells))
    };
    let planned = |channel, account, wish| {
        plan(&snapshot(channel, vec![account], vec![]), &[row(1, wish)])
            .rows
            .remove(0)
    };
    for channel in [Channel::Api, Channel::EmailCsv, Channel::ChangeFile, Channel::PortalCsv] {
        let row = planned(channel, held(), new_title());
        let kinds: Vec<_> = row.step.problems().iter().map(|problem| &problem.kind).collect();
        let kind = Kind::Held {
            name: "Jem Larkspur".to_owned(),
            reason: "merger".to_owned(),
            since: Timestamp(5),
        };
        assert_eq!(kinds, [&kind], "{channel:?}");
        assert_eq!(
            row.step.problems()[0].message(),
            "Jem Larkspur is held (merger).",
            "{channel:?}"
        );
        let free = planned(channel, account(1, "RIV", &JEM), new_title());
        assert!(free.step.problems().is_empty(), "{channel:?}");
    }
    for channel in [Channel::Portal, Channel::System] {
        let row = planned(channel, held(), new_title());
        assert!(
            matches!(row.step, Step::Account(_, AccountStep::Update { .. })),
            "{channel:?}"
        );
    }
    // What is so already is no change.
    let same = Cells::of([(Attribute::FirstName, "Jem")]);
    let row = planned(Channel::Api, held(), Wish::Account(held().id, AccountWish::Edit(same)));
    assert!(matches!(row.step, Step::Nothing { .. }));
}

#[test]
fn who_is_deleted_gives_their_seats_back() {
    let mut world = snapshot(Channel::Portal, vec![account(1, "RIV", &JEM)], vec![]);
    let jem = world.accounts[0].id;
    world.seats.insert(jem, vec![seat()]);
    let ends = |turn| {
        let planned = plan(&world, &[row(1, Wish::Account(jem, AccountWish::Turn(turn)))]);
        planned.rows[0].step.seat_ends().to_vec()
    };
    let end = SeatEnd {
        seat: seat(),
        content_to: None,
    };
    assert_eq!(ends(Turn::Delete), [end]);
    assert!(ends(Turn::Disable).is_empty());
}

#[test]
fn who_goes_to_another_tree_gives_their_seats_back() {
    let mut world = snapshot(Channel::Portal, vec![account(1, "RIV", &JEM)], vec![]);
    let jem = world.accounts[0].id;
    world.seats.insert(jem, vec![seat()]);
    let ends = |to| {
        let cells = Cells::of([(Attribute::Organisation, to)]);
        let planned = plan(&world, &[row(1, Wish::Account(jem, AccountWish::Move(cells)))]);
        assert!(planned.rows[0].step.problems().is_empty(), "{planned:?}");
        planned.rows[0].step.seat_ends().len()
    };
    assert_eq!((ends("HLD01"), ends("RIV01")), (1, 0));
}

#[test]
fn what_is_so_of_a_customers_people_stays_behind_in_its_tree() {
    let of_customers = [
        (Attribute::AlternateEmail, "jem@home.example"),
        (Attribute::FederationType, "federated"),
        (Attribute::NotesTemplate, "StdR85Mail,8.5,en_GB"),
        (Attribute::NotesName, "Jem Example"),
    ];
    let own = [&JEM[..], &of_customers[..]].concat();
    let world = snapshot(Channel::Portal, vec![account(1, "RIV", &own)], vec![]);
    let lost = |to| {
        let cells = Cells::of([(Attribute::Organisation, to)]);
        let wish = Wish::Account(world.accounts[0].id, AccountWish::Move(cells));
        let planned = plan(&world, &[row(1, wish)]);
        let changes = planned.rows[0].step.changes().iter();
        let lost = changes.filter(|change| change.after.is_none());
        lost.map(|change| change.attribute).collect::<Vec<_>>()
    };
    for (attribute, _) in of_customers {
        assert!(lost("HLD01").contains(&attribute), "{attribute:?}");
        assert!(!lost("RIV01").contains(&attribute), "{attribute:?}");
    }
}
