//! The first and the last day of somebody, as a file gives them.

use super::*;
use crate::{
    absence::{Absence, Stay},
    event::{AccountFact, Event, Fact},
    plan::{DayChange, undoing},
    values::ids::SubmissionId,
};

const DAY: i64 = 86_400_000;

fn jem() -> Account {
    account(
        1,
        "RIV",
        &[
            (Attribute::FirstName, "Jem"),
            (Attribute::LastName, "Larkspur"),
            (Attribute::LocalId, "7"),
        ],
    )
}

fn starting() -> Account {
    Account {
        status: AccountStatus::Pending,
        activated: false,
        starts_at: at(9),
        ..jem()
    }
}

fn at(day: i64) -> Option<Timestamp> {
    Some(Timestamp(day * DAY))
}

/// What a row with these days comes to; the tests' calendar begins on 1 January 1970, which is today.
fn read_through(channel: Channel, existing: Vec<Account>, starts: &str, leaves: &str) -> PlannedRow {
    let world = snapshot(channel, existing, vec![]);
    let texts = [
        (Attribute::FirstName, "Jem"),
        (Attribute::LastName, "Larkspur"),
        (Attribute::LocalId, "7"),
        (Attribute::Organisation, "RIV"),
        (Attribute::StartDate, starts),
        (Attribute::EndDate, leaves),
    ];
    plan(&world, &[row(2, Wish::AccountInFile(Cells::of(texts)))])
        .rows
        .remove(0)
}

fn in_file(existing: Vec<Account>, starts: &str, leaves: &str) -> PlannedRow {
    read_through(Channel::PortalCsv, existing, starts, leaves)
}

fn stay(planned: &PlannedRow) -> Stay {
    match &planned.step {
        Step::CreateAccount { stay, .. } => *stay,
        other => panic!("{other:?}"),
    }
}

/// The problems of a row, each with the attribute of its cell.
fn wrong(planned: &PlannedRow) -> Vec<(Option<Attribute>, Kind)> {
    let problems = planned.step.problems().iter();
    problems
        .map(|problem| (problem.place.attribute(), problem.kind.clone()))
        .collect()
}

fn remarks(planned: &PlannedRow) -> Vec<Kind> {
    planned.warnings.iter().map(|warning| warning.kind.clone()).collect()
}

fn last_day(before: Option<Timestamp>, after: Option<Timestamp>) -> DayChange {
    DayChange {
        attribute: Attribute::EndDate,
        before,
        after,
    }
}

#[test]
fn a_files_days_are_those_of_somebody_new() {
    let both = in_file(vec![], "10/01/1970", "1970-01-20");
    assert_eq!((stay(&both).starts, stay(&both).leaves), (at(9), at(19)));
    assert!(both.warnings.is_empty());
    let never = in_file(vec![], "", "31/12/4712");
    assert_eq!(stay(&never), Stay::default());
    let (attribute, word) = (Attribute::EndDate, "31/12/4712".to_owned());
    assert_eq!(remarks(&never), [Kind::ReadAsEmpty { attribute, word }]);
    assert_eq!(stay(&in_file(vec![], "NULL", "n/a")), Stay::default());
}

#[test]
fn a_day_that_cannot_be_meant_is_a_problem_at_its_cell() {
    let end = Some(Attribute::EndDate);
    let planned = in_file(vec![], "01/13/1970", "31/02/1970");
    assert_eq!(
        wrong(&planned),
        [(Some(Attribute::StartDate), Kind::NotADay), (end, Kind::NotADay)]
    );
    for existing in [vec![], vec![jem()]] {
        let planned = in_file(existing, "", "31/12/1969");
        assert_eq!(wrong(&planned), [(end, Kind::LastDayPassed)]);
    }
    assert_eq!(
        wrong(&in_file(vec![], "20/01/1970", "20/01/1970")),
        [(end, Kind::LeavesBeforeStart)]
    );
    assert_eq!(
        wrong(&in_file(vec![jem()], "", "01/06/1972")),
        [(end, Kind::DateTooFar { days: 366 })]
    );
}

#[test]
fn a_first_day_that_has_passed_is_told_and_today_is_not() {
    let planned = in_file(vec![], "25/12/1969", "");
    assert_eq!(stay(&planned), Stay::default());
    let told = remarks(&planned);
    assert!(matches!(told[..], [Kind::StartInPast { .. }]), "{told:?}");
    assert!(planned.warnings[0].is_remark());
    assert!(remarks(&in_file(vec![], "01/01/1970", "")).is_empty());
}

#[test]
fn a_last_day_of_somebody_who_is_here_is_set_and_taken_back() {
    let set = in_file(vec![jem()], "01/04/1969", "20/01/1970");
    assert_eq!(set.step.days(), [last_day(None, at(19))]);
    assert!(set.step.changes().is_empty() && set.warnings.is_empty());
    let leaving = || Account {
        leaving_at: at(19),
        ..jem()
    };
    assert_eq!(
        in_file(vec![leaving()], "", "20/01/1970").step.kind(),
        RowKind::NoChange
    );
    assert_eq!(in_file(vec![leaving()], "", "").step.kind(), RowKind::NoChange);
    let back = in_file(vec![leaving()], "", "(clear)");
    assert_eq!(back.step.days(), [last_day(at(19), None)]);
}

#[test]
fn a_last_day_within_an_absence_is_a_problem_at_its_cell() {
    let away = Account {
        absence: Some(Absence {
            from: at(15),
            until: at(25),
            reason: "leave".to_owned(),
        }),
        ..jem()
    };
    let told = wrong(&in_file(vec![away], "", "20/01/1970"));
    assert!(
        matches!(told[..], [(Some(Attribute::EndDate), Kind::LeavesWhileAway { .. })]),
        "{told:?}"
    );
}

#[test]
fn a_machine_does_not_say_when_somebody_leaves() {
    let planned = read_through(Channel::EmailCsv, vec![jem()], "", "20/01/1970");
    assert_eq!(
        (planned.step.kind(), remarks(&planned)),
        (RowKind::NoChange, vec![Kind::LastDayByMachine])
    );
}

#[test]
fn another_first_day_is_for_those_who_have_not_started() {
    let later = in_file(vec![starting()], "15/01/1970", "");
    let change = DayChange {
        attribute: Attribute::StartDate,
        before: at(9),
        after: at(14),
    };
    assert_eq!(later.step.days(), [change]);
    let passed = wrong(&in_file(vec![starting()], "25/12/1969", ""));
    assert_eq!(passed, [(Some(Attribute::StartDate), Kind::FirstDayPassed)]);
    let begun = in_file(vec![jem()], "15/01/1970", "");
    assert_eq!(
        (begun.step.kind(), remarks(&begun)),
        (RowKind::NoChange, vec![Kind::StartNotUsed])
    );
    assert!(begun.warnings[0].is_remark());
    let leaving = Account {
        leaving_at: at(12),
        ..starting()
    };
    let late = wrong(&in_file(vec![leaving], "15/01/1970", ""));
    assert_eq!(late, [(Some(Attribute::StartDate), Kind::LeavesBeforeStart)]);
}

#[test]
fn a_first_day_of_who_has_begun_is_told_only_where_it_lies_ahead() {
    let pending = || Account {
        starts_at: None,
        ..starting()
    };
    for existing in [jem(), pending()] {
        let told = |starts| remarks(&in_file(vec![existing.clone()], starts, ""));
        assert_eq!(told("15/01/1970"), [Kind::StartNotUsed]);
        assert!(told("01/01/1970").is_empty() && told("25/12/1969").is_empty());
    }
}

#[test]
fn a_first_day_after_the_last_is_a_problem_also_of_who_is_here() {
    let before = [(Some(Attribute::EndDate), Kind::LeavesBeforeStart)];
    let leaving = |account: Account| Account {
        leaving_at: at(19),
        ..account
    };
    for existing in [jem(), leaving(jem()), starting(), leaving(starting())] {
        assert_eq!(wrong(&in_file(vec![existing], "25/01/1970", "20/01/1970")), before);
    }
    let in_order = in_file(vec![leaving(jem())], "01/06/1969", "20/01/1970");
    assert_eq!((in_order.step.kind(), remarks(&in_order)), (RowKind::NoChange, vec![]));
}

#[test]
fn days_that_a_row_changed_go_back_with_its_details() {
    let (account, organisation) = (jem().id, code("RIV"));
    let facts = [
        Fact::Account(
            account,
            organisation.clone(),
            AccountFact::Changed {
                changes: vec![Change {
                    attribute: Attribute::JobTitle,
                    before: None,
                    after: Some(Value::stored("Nurse".to_owned())),
                }],
            },
        ),
        Fact::Account(
            account,
            organisation,
            AccountFact::LeavingPlanned {
                before: None,
                after: at(19),
            },
        ),
    ];
    let event = |fact| Event {
        at: Timestamp(0),
        submission: SubmissionId::parse("7Q4K9TZM2X").unwrap(),
        row: RowNumber(2),
        actor: None,
        actor_name: "Ben".to_owned(),
        channel: Channel::PortalCsv,
        fact,
    };
    let done: Vec<_> = (1..).zip(facts.map(event)).collect();
    let wish = undoing(&done).unwrap();
    let existing = Account {
        leaving_at: at(19),
        attributes: attributes(&[(Attribute::FirstName, "Jem"), (Attribute::JobTitle, "Nurse")]),
        ..jem()
    };
    let mut world = snapshot(Channel::Undo, vec![existing], vec![]);
    world.past.insert(account, done);
    let planned = plan(&world, &[row(2, wish)]).rows.remove(0);
    assert_eq!(planned.step.days(), [last_day(at(19), None)], "{planned:?}");
    assert_eq!(planned.step.changes().len(), 1);
}
