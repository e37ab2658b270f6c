//! What an undo goes back on, what it keeps, and what cannot go back.

use super::*;
use crate::{
    absence::Stay,
    channel::Operation,
    event::{AccountFact, Event, Fact, RoleFact},
    grant::Terms,
    life::Turn,
    plan::undoing,
    policy::Role,
    problem::Kind,
    values::ids::{GrantId, SubmissionId},
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
    of_first(AccountFact::Changed { changes })
}

fn created() -> Fact {
    of_first(AccountFact::Created {
        status: AccountStatus::Pending,
        attributes: attributes(&JEM),
        stay: Stay::default(),
    })
}

fn turned(turn: Turn) -> Fact {
    of_first(AccountFact::Turned {
        turn,
        before: AccountStatus::Pending,
        after: AccountStatus::Deleted,
        leaving: None,
        back: None,
        away: None,
    })
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
    // The first is what is undone, with what belongs to the same row.
    let own = |(_, event): &&(i64, Event)| event.submission == past[0].1.submission;
    let row_of: Vec<_> = past.iter().take_while(own).cloned().collect();
    let wish = undoing(&row_of).unwrap();
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
        "Job title has changed since then, by Ada on day 1."
    );

    let elsewhere = Fact::Account(
        AccountId(Uuid::from_u128(1)),
        code("HLD01"),
        AccountFact::Changed {
            changes: edit.changes().to_vec(),
        },
    );
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
    assert!(matches!(
        row.step,
        Step::Account(_, AccountStep::Turn { turn: Turn::Delete, .. })
    ));
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
        Step::Account(
            _,
            AccountStep::Turn {
                after: AccountStatus::Pending,
                ..
            }
        )
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
        Step::Account(
            _,
            AccountStep::Turn {
                after: AccountStatus::Deleted,
                ..
            }
        )
    ));
}

/// A turn that Ben's submission took.
fn taken(turn: Turn, before: AccountStatus, after: AccountStatus, leaving: Option<Timestamp>) -> Fact {
    of_first(AccountFact::Turned {
        turn,
        before,
        after,
        leaving,
        back: None,
        away: None,
    })
}

fn dated(before: Option<i64>, after: Option<i64>) -> Fact {
    of_first(AccountFact::LeavingPlanned {
        before: before.map(Timestamp),
        after: after.map(Timestamp),
    })
}

fn standing(status: AccountStatus) -> Account {
    Account { status, ..jem() }
}

/// Where a turn of an undo leads, and the leaving date that comes back with it.
fn leads(row: &PlannedRow) -> Option<(Turn, AccountStatus, Option<Timestamp>)> {
    match row.step {
        Step::Account(
            _,
            AccountStep::Turn {
                turn, after, leaves_on, ..
            },
        ) => Some((turn, after, leaves_on)),
        _ => None,
    }
}

#[test]
fn a_turn_goes_back_to_the_status_before() {
    use AccountStatus::{Active, Deleted, Disabled, Inactive, Leaver};
    for (turn, before, after, back, goes_back_to) in [
        (Turn::Disable, Active, Disabled, Turn::Enable, Active),
        (Turn::Disable, Leaver, Disabled, Turn::Enable, Leaver),
        (Turn::Enable, Disabled, Active, Turn::Disable, Disabled),
        (Turn::MarkLeaver, Inactive, Leaver, Turn::KeepOn, Active),
        (Turn::MarkLeaver, Disabled, Leaver, Turn::KeepOn, Disabled),
        (Turn::KeepOn, Leaver, Active, Turn::MarkLeaver, Leaver),
        (Turn::Delete, Active, Deleted, Turn::Restore, Active),
        (Turn::Delete, Disabled, Deleted, Turn::Restore, Disabled),
        (Turn::Delete, Leaver, Deleted, Turn::Restore, Leaver),
    ] {
        let row = undone(standing(after), vec![("Ben", taken(turn, before, after, None))]);
        assert_eq!(
            leads(&row),
            Some((back, goes_back_to, None)),
            "{turn:?} from {before:?}"
        );
        let row = undone(
            standing(goes_back_to),
            vec![
                ("Ben", taken(turn, before, after, None)),
                ("Ada", taken(back, after, goes_back_to, None)),
            ],
        );
        assert_eq!(row.step.kind(), RowKind::NoChange, "{turn:?} from {before:?}: {row:?}");
    }
}

#[test]
fn a_leaving_date_ended_by_a_leaver_mark_comes_back_while_ahead() {
    use AccountStatus::{Active, Leaver};
    let ahead = Timestamp(i64::MAX);
    let marked = |leaving| vec![("Ben", taken(Turn::MarkLeaver, Active, Leaver, Some(leaving)))];
    let row = undone(standing(Leaver), marked(ahead));
    assert_eq!(leads(&row), Some((Turn::KeepOn, Active, Some(ahead))));
    let row = undone(standing(Leaver), marked(Timestamp(-1)));
    assert_eq!(leads(&row), Some((Turn::KeepOn, Active, None)));
}

#[test]
fn a_turn_that_somebody_took_since_is_kept_and_a_role_given_since_too() {
    use AccountStatus::{Active, Disabled, Leaver, Locked};
    let disabled = taken(Turn::Disable, Active, Disabled, None);
    let left = taken(Turn::MarkLeaver, Disabled, Leaver, None);
    let row = undone(standing(Leaver), vec![("Ben", disabled.clone()), ("Ada", left)]);
    assert_eq!((kinds(&row), row.step.kind()), (vec![&by("Ada", 1)], RowKind::Kept));
    // What comes of using an account is nobody's decision.
    let locked = taken(Turn::Lock, Active, Locked, None);
    let enabled = taken(Turn::Enable, Disabled, Active, None);
    let row = undone(standing(Locked), vec![("Ben", enabled.clone()), ("Ada", locked)]);
    assert_eq!(leads(&row), Some((Turn::Disable, Disabled, None)));
    let given = Fact::Role {
        grant: GrantId(Uuid::from_u128(5)),
        account: AccountId(Uuid::from_u128(1)),
        role: Role::LocalHelpdesk,
        organisation: code("RIV"),
        unit: None,
        what: RoleFact::Granted {
            terms: Terms::default(),
        },
    };
    let row = undone(jem(), vec![("Ben", enabled), ("Ada", given)]);
    assert_eq!(kinds(&row), [&by("Ada", 1)]);
}

#[test]
fn undoing_a_leaver_mark_says_which_roles_do_not_come_back() {
    let marked = taken(Turn::MarkLeaver, AccountStatus::Active, AccountStatus::Leaver, None);
    let ended = Fact::Role {
        grant: GrantId(Uuid::from_u128(5)),
        account: AccountId(Uuid::from_u128(1)),
        role: Role::LocalHelpdesk,
        organisation: code("RIV"),
        unit: None,
        what: RoleFact::Ended { reason: String::new() },
    };
    let row = undone(standing(AccountStatus::Leaver), vec![("Ben", marked), ("Ben", ended)]);
    assert_eq!(leads(&row), Some((Turn::KeepOn, AccountStatus::Active, None)));
    let said: Vec<_> = row.warnings.iter().map(Problem::to_string).collect();
    assert_eq!(
        said,
        ["These roles have ended and do not come back: Local Helpdesk of RIV. Give them again if they are needed."]
    );
}

#[test]
fn a_leaving_date_goes_back_to_the_one_before() {
    let now = |leaving: Option<i64>| Account {
        leaving_at: leaving.map(Timestamp),
        ..jem()
    };
    let date = |row: &PlannedRow| match row.step {
        Step::Account(_, AccountStep::PlanLeaving { before, after }) => Some((before, after)),
        _ => None,
    };
    let row = undone(now(Some(900)), vec![("Ben", dated(None, Some(900)))]);
    assert_eq!(date(&row), Some((Some(Timestamp(900)), None)));
    let row = undone(now(Some(900)), vec![("Ben", dated(Some(-5), Some(900)))]);
    assert_eq!(
        date(&row),
        Some((Some(Timestamp(900)), None)),
        "a day that has passed is none"
    );
    let row = undone(
        now(None),
        vec![("Ben", dated(None, Some(900))), ("Ada", dated(Some(900), None))],
    );
    assert_eq!(row.step.kind(), RowKind::NoChange);
    let others = vec![("Ben", dated(None, Some(900))), ("Ada", dated(Some(900), Some(950)))];
    let row = undone(now(Some(950)), others);
    assert_eq!((kinds(&row), row.step.kind()), (vec![&by("Ada", 1)], RowKind::Kept));
}

#[test]
fn a_transfer_goes_back_with_the_place_and_the_number_before() {
    let moved = of_first(AccountFact::Moved {
        from: code("RIV01"),
        before: AccountStatus::Active,
        changes: vec![change(Attribute::LocalId, "old", "")],
        leaving: Some(Timestamp(i64::MAX)),
    });
    let mut here = jem();
    here.attributes.set(Attribute::LocalId, None);
    let row = undone(here.clone(), vec![("Ben", moved.clone())]);
    match &row.step {
        Step::Account(
            _,
            AccountStep::Move {
                to, changes, leaves_on, ..
            },
        ) => {
            assert_eq!((to.as_str(), *leaves_on), ("RIV01", Some(Timestamp(i64::MAX))));
            assert!(changes.contains(&change(Attribute::LocalId, "", "old")), "{changes:?}");
        }
        other => panic!("{other:?}"),
    }
    // Who manages only where they are now cannot send them back.
    let mut world = snapshot(Channel::Undo, vec![here], vec![]);
    world.organisations.remove(&code("RIV01"));
    let row = undone_in(&mut world, vec![("Ben", moved)]);
    assert_eq!(kinds(&row), [&Kind::CannotGoBack]);
}

#[test]
fn a_leaving_date_that_ended_with_a_turn_goes_back_with_the_turn() {
    let own = |number, fact| event(number, "Ben", fact);
    let deleted = own(
        1,
        taken(Turn::Delete, AccountStatus::Active, AccountStatus::Deleted, None),
    );
    let wish = undoing(&[own(0, dated(Some(1), None)), deleted]);
    assert!(matches!(
        wish,
        Some(Wish::Account(
            _,
            AccountWish::Undo {
                event: 1,
                operation: Operation::DeleteOrRestoreAccount
            }
        ))
    ));
    let alone = undoing(&[own(0, dated(None, Some(1)))]);
    assert!(matches!(
        alone,
        Some(Wish::Account(
            _,
            AccountWish::Undo {
                event: 0,
                operation: Operation::MarkLeaver
            }
        ))
    ));
    let unlocked = taken(Turn::Unlock, AccountStatus::Locked, AccountStatus::Active, None);
    assert_eq!(undoing(&[own(0, unlocked)]), None);
}
