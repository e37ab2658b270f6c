//! What an undo goes back on, what it keeps, and what cannot go back.

use super::*;
use crate::{
    event::{Event, Fact},
    ids::SubmissionId,
    life::Turn,
    plan::undoing,
    problem::Kind,
};

const JEM: [(Attribute, &str); 5] = [
    (Attribute::FirstName, "Jem"),
    (Attribute::LastName, "Larkspur"),
    (Attribute::LocalId, "new"),
    (Attribute::Mobile, "+447700900111"),
    (Attribute::JobTitle, "Porter"),
];

fn jem() -> Account {
    account(1, "RIV", &JEM)
}

fn change(attribute: Attribute, before: &str, after: &str) -> Change {
    let value = |text: &str| (!text.is_empty()).then(|| Value::stored(text.to_owned()));
    Change {
        attribute,
        before: value(before),
        after: value(after),
    }
}

/// What the upload made of Jem.
fn upload() -> Fact {
    changed(vec![
        change(Attribute::LocalId, "old", "new"),
        change(Attribute::Mobile, "", "+447700900111"),
        change(Attribute::JobTitle, "Nurse", "Porter"),
    ])
}

fn changed(changes: Vec<Change>) -> Fact {
    Fact::AccountChanged {
        account: AccountId(Uuid::from_u128(1)),
        organisation: code("RIV"),
        changes,
    }
}

fn created() -> Fact {
    Fact::AccountCreated {
        account: AccountId(Uuid::from_u128(1)),
        organisation: code("RIV"),
        status: AccountStatus::Pending,
        attributes: attributes(&JEM),
    }
}

fn turned(turn: Turn) -> Fact {
    Fact::AccountTurned {
        account: AccountId(Uuid::from_u128(1)),
        organisation: code("RIV"),
        turn,
        before: AccountStatus::Pending,
        after: AccountStatus::Deleted,
    }
}

fn event(number: i64, by: &str, fact: Fact) -> (i64, Event) {
    let event = Event {
        at: Timestamp(number),
        submission: SubmissionId::from_random_bits(u64::from(by != "Ben")),
        row: RowNumber(2),
        actor: Some(AccountId(Uuid::from_u128(9))),
        actor_name: by.to_owned(),
        channel: Channel::PortalCsv,
        fact,
    };
    (number, event)
}

/// What undoing the first of these events comes to, where they are what happened to the account as it is now.
fn undone(now: Account, facts: Vec<(&str, Fact)>) -> PlannedRow {
    let mut world = snapshot(Channel::Undo, vec![now], vec![]);
    undone_in(&mut world, facts)
}

fn undone_in(world: &mut Snapshot, facts: Vec<(&str, Fact)>) -> PlannedRow {
    let numbered = facts.into_iter().enumerate();
    let past: Vec<_> = numbered
        .map(|(number, (by, fact))| event(number as i64, by, fact))
        .collect();
    let wish = undoing(0, &past[0].1).unwrap();
    world.past = HashMap::from([(AccountId(Uuid::from_u128(1)), past)]);
    plan(world, &[row(2, wish)]).rows.remove(0)
}

fn kinds(row: &PlannedRow) -> Vec<&Kind> {
    row.step.problems().iter().map(|problem| &problem.kind).collect()
}

fn by(name: &str, day: i64) -> Kind {
    Kind::EditedSince {
        by: name.to_owned(),
        on: format!("day {day}"),
    }
}

#[test]
fn details_that_are_still_the_uploads_go_back() {
    let row = undone(jem(), vec![("Ben", upload())]);
    let back = [
        change(Attribute::LocalId, "new", "old"),
        change(Attribute::JobTitle, "Porter", "Nurse"),
        change(Attribute::Mobile, "+447700900111", ""),
    ];
    assert_eq!(row.step.changes().len(), 3, "{row:?}");
    assert!(back.iter().all(|change| row.step.changes().contains(change)), "{row:?}");
    assert!(row.warnings.is_empty());
    assert_eq!(row.step.kind(), RowKind::Update);
}

#[test]
fn a_detail_edited_since_is_kept_and_the_others_go_back() {
    let mut now = jem();
    now.attributes
        .set(Attribute::JobTitle, Some(Value::stored("Matron".to_owned())));
    let edit = changed(vec![change(Attribute::JobTitle, "Porter", "Matron")]);
    let row = undone(now.clone(), vec![("Ben", upload()), ("Ada", edit.clone())]);
    assert_eq!(row.step.changes().len(), 2);
    assert_eq!(row.warnings.len(), 1);
    assert_eq!(
        row.warnings[0].message(),
        "Job title was changed since, by Ada on day 1."
    );

    let elsewhere = Fact::AccountChanged {
        account: AccountId(Uuid::from_u128(1)),
        organisation: code("HLD01"),
        changes: edit.changes().to_vec(),
    };
    let row = undone(now.clone(), vec![("Ben", upload()), ("Ada", elsewhere)]);
    assert_eq!(row.warnings[0].kind, by("somebody at another organisation", 1));

    let only_title = changed(vec![change(Attribute::JobTitle, "Nurse", "Porter")]);
    let row = undone(now, vec![("Ben", only_title), ("Ada", edit)]);
    assert_eq!((kinds(&row), row.step.kind()), (vec![&by("Ada", 1)], RowKind::Kept));
}

#[test]
fn what_is_as_it_was_before_is_so_already() {
    let mut now = jem();
    for (attribute, text) in [(Attribute::LocalId, "old"), (Attribute::JobTitle, "Nurse")] {
        now.attributes.set(attribute, Some(Value::stored(text.to_owned())));
    }
    now.attributes.set(Attribute::Mobile, None);
    let row = undone(now, vec![("Ben", upload())]);
    assert_eq!(row.step.kind(), RowKind::NoChange);
}

#[test]
fn what_somebody_else_has_by_now_stays_and_does_not_hold_up_the_rest() {
    let mut world = snapshot(Channel::Undo, vec![jem()], vec![]);
    // Somebody out of sight: who it is, is not said.
    world.held_local_ids.insert(("RIV".to_owned(), "old".to_owned()), None);
    let row = undone_in(&mut world, vec![("Ben", upload())]);
    assert_eq!(row.step.changes().len(), 2, "{row:?}");
    assert_eq!(row.warnings[0].kind, Kind::TakenSince);
    assert_eq!(row.warnings[0].value, "old");

    let only_id = changed(vec![change(Attribute::LocalId, "old", "new")]);
    let row = undone_in(&mut world, vec![("Ben", only_id)]);
    assert_eq!(
        (kinds(&row), row.step.kind()),
        (vec![&Kind::TakenSince], RowKind::Problem)
    );
}

#[test]
fn who_has_gone_was_deleted_or_works_where_all_is_closed_stays_as_they_are() {
    let elsewhere = account(1, "RIV01", &JEM);
    for fact in [upload(), created()] {
        let row = undone(elsewhere.clone(), vec![("Ben", fact)]);
        let name = "Riverside Children’s".to_owned();
        assert_eq!(kinds(&row), [&Kind::MovedSince { name }]);
    }
    let deleted = Account {
        status: AccountStatus::Deleted,
        ..jem()
    };
    assert_eq!(kinds(&undone(deleted, vec![("Ben", upload())])), [&Kind::DeletedSince]);
    let mut world = snapshot(Channel::Undo, vec![jem()], vec![]);
    let home = world.organisations.get_mut(&code("RIV")).unwrap();
    home.organisation.status = OrganisationStatus::Closed;
    let row = undone_in(&mut world, vec![("Ben", upload())]);
    assert!(matches!(kinds(&row)[..], [Kind::ClosedSince { .. }]));
    // Who is out of sight is not told apart from who is not there at all.
    let mut nobody = snapshot(Channel::Undo, vec![], vec![]);
    let row = undone_in(&mut nobody, vec![("Ben", upload())]);
    assert_eq!((kinds(&row), row.name.as_str()), (vec![&Kind::GoneSince], ""));
}

#[test]
fn an_account_that_an_upload_made_is_deleted_unless_somebody_changed_it_or_uses_it() {
    let pending = Account {
        status: AccountStatus::Pending,
        ..jem()
    };
    let row = undone(pending.clone(), vec![("Ben", created())]);
    assert!(matches!(row.step, Step::TurnAccount { turn: Turn::Delete, .. }));
    let row = undone(pending, vec![("Ben", created()), ("Ada", upload())]);
    assert_eq!((kinds(&row), row.step.kind()), (vec![&by("Ada", 1)], RowKind::Kept));
    let used = vec![("Ben", created()), ("Jem", turned(Turn::Activate))];
    let row = undone(jem(), used);
    let on = "day 1".to_owned();
    assert_eq!(kinds(&row), [&Kind::TakenUpSince { on }]);
    let deleted = Account {
        status: AccountStatus::Deleted,
        ..jem()
    };
    let row = undone(deleted, vec![("Ben", created()), ("Ada", turned(Turn::Delete))]);
    assert_eq!(row.step.kind(), RowKind::NoChange);
}

#[test]
fn what_an_undo_took_away_comes_back_and_can_go_again() {
    let deleted = Account {
        status: AccountStatus::Deleted,
        activated: false,
        ..jem()
    };
    let row = undone(deleted, vec![("Ben", turned(Turn::Delete))]);
    assert!(matches!(
        row.step,
        Step::TurnAccount {
            after: AccountStatus::Pending,
            ..
        }
    ));
    // Somebody has brought it back already.
    let row = undone(
        jem(),
        vec![("Ben", turned(Turn::Delete)), ("Ada", turned(Turn::Restore))],
    );
    assert_eq!(row.step.kind(), RowKind::NoChange);
    let row = undone(jem(), vec![("Ben", turned(Turn::Restore))]);
    assert!(matches!(
        row.step,
        Step::TurnAccount {
            after: AccountStatus::Deleted,
            ..
        }
    ));
}

#[test]
fn what_only_follows_from_something_else_is_not_undone_by_itself() {
    let fact = Fact::LeavingPlanned {
        account: AccountId(Uuid::from_u128(1)),
        organisation: code("RIV"),
        before: Some(Timestamp(1)),
        after: None,
    };
    assert_eq!(undoing(0, &event(0, "Ben", fact).1), None);
}
