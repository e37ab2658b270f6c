//! Absences, and the first and last day of somebody new: what can be asked for, and what becomes of it with other turns.

use super::*;
use crate::{
    absence::{Absence, Stay},
    event::{AccountFact, Event, Fact},
    life::Turn,
    plan::undoing,
    values::ids::SubmissionId,
};

const DAY: i64 = 86_400_000;

fn jem() -> Account {
    account(1, "RIV", &JEM)
}

fn absence(from: Option<i64>, until: Option<i64>) -> Absence {
    Absence {
        from: from.map(|day| Timestamp(day * DAY)),
        until: until.map(|day| Timestamp(day * DAY)),
        reason: "parental leave".to_owned(),
    }
}

fn of(status: AccountStatus, absence: Option<Absence>) -> Account {
    Account {
        status,
        absence,
        ..jem()
    }
}

fn asked(existing: Account, wish: Wish) -> Step {
    let world = snapshot(Channel::Portal, vec![existing], vec![]);
    plan(&world, &[row(1, wish)]).rows.remove(0).step
}

fn away(existing: Account, absence: Option<Absence>) -> Step {
    let account = existing.id;
    asked(existing, Wish::Account(account, AccountWish::Absence(absence)))
}

fn turn(existing: Account, turn: Turn) -> Step {
    let account = existing.id;
    asked(existing, Wish::Account(account, AccountWish::Turn(turn)))
}

/// The absence that ends with a turn, and the one that holds after it.
fn ends_and_holds(step: &Step) -> (Option<Absence>, Option<Absence>) {
    match step {
        Step::Account(_, AccountStep::Turn { back, away, .. }) => (back.clone(), away.clone()),
        other => panic!("{other:?}"),
    }
}

fn kinds(step: &Step) -> Vec<&Kind> {
    step.problems().iter().map(|problem| &problem.kind).collect()
}

#[test]
fn from_today_an_account_is_disabled_and_from_a_day_ahead_it_is_planned() {
    let now = absence(None, Some(200));
    let step = away(jem(), Some(now.clone()));
    assert_eq!(ends_and_holds(&step), (None, Some(now)));
    let planned = absence(Some(12), Some(200));
    match away(jem(), Some(planned.clone())) {
        Step::Account(_, AccountStep::PlanAbsence { before, after }) => {
            assert_eq!((before, after), (None, Some(planned)))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_planned_absence_is_changed_and_taken_back() {
    use AccountStatus::Active;
    let planned = absence(Some(12), None);
    let is_planned = || of(Active, Some(planned.clone()));
    let is_nothing = |step: Step| matches!(step, Step::Nothing { .. });
    assert!(is_nothing(away(is_planned(), Some(planned.clone()))));
    let later = absence(Some(20), Some(30));
    match away(is_planned(), Some(later.clone())) {
        Step::Account(_, AccountStep::PlanAbsence { before, after }) => {
            assert_eq!((before, after), (Some(planned.clone()), Some(later)));
        }
        other => panic!("{other:?}"),
    }
    match away(is_planned(), None) {
        Step::Account(_, AccountStep::PlanAbsence { before, after }) => {
            assert_eq!((before, after), (Some(planned.clone()), None))
        }
        other => panic!("{other:?}"),
    }
    assert!(is_nothing(away(jem(), None)));
}

#[test]
fn who_is_away_gets_another_day_of_return_and_no_first_day() {
    use AccountStatus::Disabled;
    let under_way = || of(Disabled, Some(absence(None, Some(30))));
    let changed = |existing: Account, absence: Absence| {
        let account = existing.id;
        asked(existing, Wish::Account(account, AccountWish::ChangeAbsence(absence)))
    };
    match changed(under_way(), absence(None, Some(60))) {
        Step::Account(_, AccountStep::PlanAbsence { after, .. }) => assert_eq!(after, Some(absence(None, Some(60)))),
        other => panic!("{other:?}"),
    }
    let same = changed(under_way(), absence(None, Some(30)));
    assert!(matches!(same, Step::Nothing { .. }), "{same:?}");
    let back = changed(jem(), absence(None, Some(60)));
    assert!(matches!(kinds(&back)[..], [Kind::CannotTurn { .. }]), "{back:?}");
    // Disabled once more, with others, they keep their own day and reason.
    let again = away(under_way(), Some(absence(None, Some(60))));
    assert!(matches!(again, Step::Nothing { .. }), "{again:?}");
    let step = away(under_way(), Some(absence(Some(5), Some(60))));
    assert!(matches!(kinds(&step)[..], [Kind::CannotTurn { .. }]), "{step:?}");
    // It cannot be taken back: it is ended by enabling.
    assert!(matches!(away(under_way(), None), Step::Nothing { .. }));
    assert_eq!(
        ends_and_holds(&turn(under_way(), Turn::Enable)),
        (Some(absence(None, Some(30))), None)
    );
}

#[test]
fn who_cannot_be_disabled_cannot_be_planned_away() {
    use AccountStatus::{Deleted, Leaver};
    let step = away(of(Deleted, None), Some(absence(Some(5), None)));
    assert!(matches!(kinds(&step)[..], [Kind::CannotTurn { .. }]), "{step:?}");
    let step = away(of(Leaver, None), Some(absence(Some(5), None)));
    assert!(matches!(kinds(&step)[..], [Kind::LeaverCannotPlan { .. }]), "{step:?}");
    let odd = away(jem(), Some(absence(Some(0), Some(-3))));
    assert_eq!(kinds(&odd), [&Kind::AbsenceInPast, &Kind::BackBeforeAway]);
    let mut world = snapshot(Channel::Portal, vec![jem()], vec![]);
    world.own = Some(jem().id);
    let absence = Some(absence(Some(5), None));
    let account = jem().id;
    let own = plan(&world, &[row(1, Wish::Account(account, AccountWish::Absence(absence)))])
        .rows
        .remove(0);
    assert_eq!(kinds(&own.step), [&Kind::OwnAccount]);
}

#[test]
fn a_planned_absence_ends_with_what_decides_on_it_and_outlives_the_rest() {
    use AccountStatus::{Active, Locked};
    let planned = absence(Some(12), Some(200));
    for ending in [Turn::MarkLeaver, Turn::Delete] {
        let step = turn(of(Active, Some(planned.clone())), ending);
        assert_eq!(ends_and_holds(&step), (Some(planned.clone()), None), "{ending:?}");
    }
    let step = turn(of(Locked, Some(planned.clone())), Turn::Unlock);
    assert_eq!(ends_and_holds(&step), (None, None));
    // Disabled by hand before the day: the day of return and the reason stay.
    let step = turn(of(Active, Some(planned.clone())), Turn::Disable);
    assert_eq!(ends_and_holds(&step), (Some(planned), Some(absence(None, Some(200)))));
}

#[test]
fn a_day_of_return_that_has_passed_brings_nobody_back() {
    let odd = Absence {
        until: Some(Timestamp(-DAY)),
        ..absence(Some(12), None)
    };
    let step = turn(of(AccountStatus::Active, Some(odd)), Turn::Disable);
    assert_eq!(ends_and_holds(&step).1, Some(absence(None, None)));
}

/// What undoing the first of these facts comes to; each was somebody else's submission.
fn undone(now: Account, facts: Vec<Fact>) -> Step {
    let events: Vec<_> = facts
        .into_iter()
        .zip(["7Q4K9TZM2X", "7Q4K9TZM2Y"])
        .enumerate()
        .map(|(number, (fact, submission))| {
            let event = Event {
                at: Timestamp(0),
                submission: SubmissionId::parse(submission).unwrap(),
                row: RowNumber(2),
                actor: None,
                actor_name: "Ben".to_owned(),
                channel: Channel::Portal,
                fact,
            };
            (i64::try_from(number).unwrap(), event)
        })
        .collect();
    let wish = undoing(&events[..1]).unwrap();
    let account = now.id;
    let mut world = snapshot(Channel::Undo, vec![now], vec![]);
    world.past = HashMap::from([(account, events)]);
    plan(&world, &[row(2, wish)]).rows.remove(0).step
}

fn turned(turn: Turn, before: AccountStatus, after: AccountStatus, back: Option<Absence>) -> Fact {
    of_first(AccountFact::Turned {
        turn,
        before,
        after,
        leaving: None,
        back,
        away: None,
    })
}

#[test]
fn an_absence_that_ended_with_a_turn_comes_back_with_its_undoing() {
    use AccountStatus::{Active, Disabled, Leaver};
    let under_way = absence(None, Some(200));
    let enabled = turned(Turn::Enable, Disabled, Active, Some(under_way.clone()));
    let step = undone(jem(), vec![enabled]);
    assert_eq!(ends_and_holds(&step), (None, Some(under_way)));
    let planned = absence(Some(12), Some(200));
    let marked = turned(Turn::MarkLeaver, Active, Leaver, Some(planned.clone()));
    let step = undone(of(Leaver, None), vec![marked]);
    assert_eq!(ends_and_holds(&step), (None, Some(planned)));
    // One whose day has come meanwhile is not planned again.
    let past = turned(Turn::MarkLeaver, Active, Leaver, Some(absence(Some(0), Some(200))));
    let step = undone(of(Leaver, None), vec![past]);
    assert_eq!(ends_and_holds(&step), (None, None));
}

#[test]
fn a_planned_absence_goes_back_while_nobody_has_decided_since() {
    use AccountStatus::Active;
    let planned = absence(Some(12), None);
    let fact =
        |before: Option<Absence>, after: Option<Absence>| of_first(AccountFact::AbsencePlanned { before, after });
    let first = || fact(None, Some(planned.clone()));
    match undone(of(Active, Some(planned.clone())), vec![first()]) {
        Step::Account(_, AccountStep::PlanAbsence { before, after }) => {
            assert_eq!((before, after), (Some(planned.clone()), None))
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(undone(jem(), vec![first()]), Step::Nothing { .. }));
    let later = absence(Some(20), None);
    let second = fact(Some(planned.clone()), Some(later.clone()));
    let step = undone(of(Active, Some(later)), vec![first(), second]);
    assert_eq!(step.kind(), RowKind::Kept, "{step:?}");
}

#[test]
fn an_absence_that_is_not_over_on_the_leaving_date_is_refused() {
    let leaves = |existing: Account| Account {
        leaving_at: Some(Timestamp(10 * DAY)),
        ..existing
    };
    let away_until = |until| {
        kinds(&away(leaves(jem()), Some(absence(Some(5), until))))
            .into_iter()
            .cloned()
            .collect()
    };
    let told = Kind::AwayAfterLeaving {
        leaves: format!("day {}", 10 * DAY),
    };
    let refused: Vec<Kind> = away_until(Some(11));
    assert_eq!(refused, std::slice::from_ref(&told));
    let refused: Vec<Kind> = away_until(Some(10));
    assert!(refused.is_empty());
    let now = away(leaves(jem()), Some(absence(None, Some(11))));
    assert_eq!(kinds(&now), [&told]);
    let longer = Wish::Account(jem().id, AccountWish::ChangeAbsence(absence(None, Some(11))));
    let existing = leaves(of(AccountStatus::Disabled, Some(absence(None, Some(9)))));
    assert_eq!(kinds(&asked(existing, longer)), [&told]);
}

#[test]
fn a_leaving_date_within_an_absence_is_refused() {
    let leaving = |existing: Account, day: i64| {
        let (account, at) = (existing.id, Some(Timestamp(day * DAY)));
        asked(existing, Wish::Account(account, AccountWish::Leaving(at)))
    };
    let planned = || of(AccountStatus::Active, Some(absence(Some(5), Some(20))));
    let told = Kind::LeavesWhileAway {
        away: format!("from day {} until day {}", 5 * DAY, 20 * DAY),
    };
    assert_eq!(kinds(&leaving(planned(), 10)), [&told]);
    assert_eq!(kinds(&leaving(planned(), 4)), [&told]);
    assert!(matches!(
        leaving(planned(), 20),
        Step::Account(_, AccountStep::PlanLeaving { .. })
    ));
    let for_good = of(AccountStatus::Disabled, Some(absence(None, None)));
    assert!(matches!(
        leaving(for_good, 10),
        Step::Account(_, AccountStep::PlanLeaving { .. })
    ));
}

#[test]
fn somebody_new_has_a_first_and_a_last_day_that_make_sense() {
    let created = |starts: Option<i64>, leaves: Option<i64>| {
        let mut cells = person("RIV", "");
        cells.stay = Stay {
            starts: starts.map(|day| Timestamp(day * DAY)),
            leaves: leaves.map(|day| Timestamp(day * DAY)),
        };
        let world = snapshot(Channel::Portal, vec![], vec![]);
        plan(&world, &[row(1, Wish::NewAccount(cells))]).rows.remove(0).step
    };
    let stay = |step: &Step| match step {
        Step::CreateAccount { stay, .. } => *stay,
        other => panic!("{other:?}"),
    };
    let both = created(Some(7), Some(90));
    assert_eq!(stay(&both).starts, Some(Timestamp(7 * DAY)));
    assert_eq!(stay(&both).leaves, Some(Timestamp(90 * DAY)));
    // Who has started already is sent the link at once, which is told.
    assert_eq!(stay(&created(Some(-2), None)), Stay::default());
    assert_eq!(kinds(&created(Some(9), Some(9))), [&Kind::LeavesBeforeStart]);
    assert_eq!(kinds(&created(None, Some(-1))), [&Kind::DateInPast]);
    assert_eq!(kinds(&created(Some(400), None)), [&Kind::StartTooFar { days: 366 }]);
}
