//! Absences and other days that somebody has set: the sweep follows them to the second, ends nobody because a date is odd,
//! and the events rebuild all of it.

use domain::{
    absence::{Absence, Stay},
    account::AccountStatus,
    life::{Then, Turn},
    policy::Touch,
    problem::Kind,
    request::{AccountWish, Wish},
    rules::Brake,
    values::ids::{AccountId, Timestamp},
};
use gate::{Act, Asked, Swept, Upcoming, Whom, calendar};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::lifecycle::{done, new_person, refused};

const DAY: i64 = 86_400;
const JEM: &str = "jem.larkspur@health.example";
const HAMID: &str = "hamid.noorzai@health.example";
const ADA: &str = "ada.bright@health.example";
const REASON: &str = "parental leave";

fn day(year: i16, month: i8, day: i8) -> Option<Timestamp> {
    calendar::day_begins(year, month, day)
}

fn absence(from: Option<Timestamp>, until: Option<Timestamp>) -> Absence {
    Absence {
        from,
        until,
        reason: REASON.to_owned(),
    }
}

fn away(account: AccountId, from: Option<Timestamp>, until: Option<Timestamp>) -> Wish {
    let absence = Some(absence(from, until));
    Wish::Account(account, AccountWish::Absence(absence))
}

/// Nothing happens a second before the moment, and at the moment the account is in a status.
async fn turns(portal: &Portal, id: AccountId, at: Timestamp, after: AccountStatus) {
    portal.pass_until(at.plus_seconds(-1));
    portal.sweep().await;
    assert_ne!(portal.standing(id).await.status, after, "a second before");
    portal.pass_until(at);
    portal.sweep().await;
    assert_eq!(portal.standing(id).await.status, after, "at its moment");
}

/// Ada, who has just been created with a first and a last day.
async fn newcomer(portal: &Portal, starts: Option<Timestamp>, leaves: Option<Timestamp>) -> AccountId {
    let ben = portal.persona("Ben").await;
    let Wish::NewAccount(mut cells) = new_person("Ada", "Bright", "n1") else {
        panic!("a new person is a new account")
    };
    cells.stay = Stay { starts, leaves };
    let links = done(portal, &ben, Wish::NewAccount(cells)).await;
    assert_eq!(links.is_empty(), starts.is_some());
    portal.account(ADA).await
}

on_both! {
    async fn an_absence_begins_and_ends_on_its_days_across_summer_time(portal: Portal) {
        let portal = portal.ruled(|rules| rules.timers.inactive_days = 0);
        let priya = portal.persona("Priya").await;
        let account = portal.account(HAMID).await;
        // Clocks go forward on 28 March 2027: the day of return begins at 23:00 UTC of the 28th.
        let (from, back) = (day(2026, 12, 3).unwrap(), day(2027, 3, 29).unwrap());
        assert_eq!((back.0 - from.0) % (DAY * 1000), 23 * 3_600_000);
        done(&portal, &priya, away(account, Some(from), Some(back))).await;
        let planned = portal.standing(account).await;
        assert_eq!((planned.status, planned.absence), (AccountStatus::Active, Some(absence(Some(from), Some(back)))));
        let due = portal.gate.on_behalf_of(&priya).upcoming(30).await.unwrap();
        let own = due.into_iter().filter_map(|due| match due.what {
            Upcoming::Account(found, then) if found.id == account => Some((due.at, then)),
            _ => None,
        });
        assert!(own.collect::<Vec<_>>().contains(&(from, Then::Turn(Turn::Disable))));

        turns(&portal, account, from, AccountStatus::Disabled).await;
        let begun = portal.standing(account).await;
        assert_eq!(begun.absence, Some(absence(None, Some(back))));
        let state = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let held = |line: &&String| line.starts_with("role_grant") && line.contains(&account.to_string());
        assert_eq!(state.iter().filter(held).count(), 0);
        let history = portal.gate.on_behalf_of(&priya).account_history(account).await.unwrap().unwrap();
        let said: Vec<_> = history.iter().map(|event| event.fact.sentence(calendar::day)).collect();
        let disabled = "Account disabled: Active → Disabled, back on 29 March 2027. Reason: parental leave";
        assert!(said.iter().any(|said| said == disabled), "{said:?}");
        let planned = "Absence planned, from 3 December 2026, back on 29 March 2027. Reason: parental leave";
        assert!(said.iter().any(|said| said == planned), "{said:?}");

        turns(&portal, account, back, AccountStatus::Active).await;
        assert_eq!(portal.standing(account).await.absence, None);
        portal.adds_up().await;
    }

    async fn who_comes_back_on_a_day_is_not_deleted_before_it(portal: Portal) {
        let portal = portal.ruled(|rules| rules.timers.inactive_days = 0);
        let ben = portal.persona("Ben").await;
        let account = portal.account(JEM).await;
        // 18 months are up on 21 May 2028; the day of return lies a few days behind that.
        let back = day(2028, 5, 29).unwrap();
        done(&portal, &ben, away(account, None, Some(back))).await;
        let (found, home) = portal.gate.on_behalf_of(&ben).account(account).await.unwrap();
        assert_eq!(found.status, AccountStatus::Disabled);
        let prospects = portal.gate.on_behalf_of(&ben).prospects(&found, &home).await.unwrap();
        assert_eq!(prospects.next, None);
        turns(&portal, account, back, AccountStatus::Active).await;
    }

    async fn an_absence_that_is_over_before_a_sweep_ran_disables_nobody(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account(JEM).await;
        done(&portal, &ben, away(account, day(2026, 11, 24), day(2026, 11, 26))).await;
        portal.pass_until(day(2026, 12, 1).unwrap());
        portal.sweep().await;
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.absence), (AccountStatus::Active, None));
        let history = portal.gate.on_behalf_of(&ben).account_history(account).await.unwrap().unwrap();
        assert_eq!(history[0].fact.sentence(calendar::day), "Absence cancelled");
        assert_eq!(portal.sweep().await, Swept::default());
    }

    async fn a_planned_absence_is_changed_taken_back_and_ended_by_other_turns(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account(JEM).await;
        let (from, back) = (day(2026, 12, 3), day(2026, 12, 20));
        let planned = async || portal.standing(account).await.absence;
        done(&portal, &ben, away(account, from, None)).await;
        done(&portal, &ben, away(account, day(2026, 12, 4), back)).await;
        assert_eq!(planned().await, Some(absence(day(2026, 12, 4), back)));
        done(&portal, &ben, Wish::Account(account, AccountWish::Absence(None))).await;
        assert_eq!(planned().await, None);
        for (ending, undone) in [(Turn::MarkLeaver, Turn::KeepOn), (Turn::Delete, Turn::Restore)] {
            done(&portal, &ben, away(account, from, back)).await;
            done(&portal, &ben, Wish::Account(account, AccountWish::Turn(ending))).await;
            assert_eq!(planned().await, None, "{ending:?}");
            done(&portal, &ben, Wish::Account(account, AccountWish::Turn(undone))).await;
        }
        done(&portal, &ben, away(account, None, back)).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Enable))).await;
        assert_eq!(planned().await, None);
        portal.pass_until(day(2026, 12, 21).unwrap());
        portal.sweep().await;
        assert_ne!(portal.standing(account).await.status, AccountStatus::Disabled);
        portal.adds_up().await;
    }

    async fn odd_dates_are_refused_and_end_nobody(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account(JEM).await;
        let (yesterday, far) = (NOON.plus_seconds(-DAY), NOON.plus_seconds(400 * DAY));
        let from = day(2026, 12, 3);
        for (wish, kind) in [
            (away(account, Some(yesterday), None), Kind::AbsenceInPast),
            (away(account, Some(far), None), Kind::AbsenceTooFar { days: 366 }),
            (away(account, from, day(2026, 12, 2)), Kind::BackBeforeAway),
            (away(account, from, from), Kind::BackBeforeAway),
            (away(account, None, Some(yesterday)), Kind::BackBeforeAway),
            (away(account, None, Some(Timestamp(i64::MAX))), Kind::BackTooLate { months: 18 }),
        ] {
            assert_eq!(refused(&portal, &ben, wish).await, [kind]);
        }
        let absence = Some(Absence { from, until: None, reason: "x".repeat(201) });
        let long = refused(&portal, &ben, Wish::Account(account, AccountWish::Absence(absence))).await;
        assert_eq!(long, [Kind::ReasonTooLong { limit: 200, length: 201 }]);
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.absence), (AccountStatus::Active, None));
    }

    async fn only_who_could_end_every_role_plans_the_absence_of_its_holder(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account(HAMID).await;
        let why = refused(&portal, &ben, away(account, day(2026, 12, 3), None)).await;
        assert!(matches!(why[..], [Kind::HoldsRole { touch: Touch::PlanAbsence, .. }]), "{why:?}");
        let gwen = portal.persona("Gwen").await;
        let asked = portal.gate.on_behalf_of(&gwen).ask("Test", away(account, day(2026, 12, 3), None)).await;
        assert!(!matches!(asked, Ok(Asked::Planned(_))), "{asked:?}");
    }

    async fn many_are_disabled_for_one_reason_and_who_is_away_keeps_theirs(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (jem, hector) = (portal.account(JEM).await, portal.account("hector.trelawny@health.example").await);
        done(&portal, &ben, away(jem, None, day(2026, 12, 20))).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let closed = Absence { reason: "the ward is closed".to_owned(), ..Absence::default() };
        let whom = Whom::These(vec![jem, hector]);
        let id = visit.ask_for_many("Test", &whom, &Act::Away(closed.clone())).await.unwrap();
        portal.work().await;
        crate::apply(&portal, &ben, &id).await;
        let found = portal.standing(hector).await;
        assert_eq!((found.status, found.absence), (AccountStatus::Disabled, Some(closed)));
        assert_eq!(portal.standing(jem).await.absence, Some(absence(None, day(2026, 12, 20))));
        let longer = absence(None, day(2027, 1, 9));
        done(&portal, &ben, Wish::Account(jem, AccountWish::ChangeAbsence(longer.clone()))).await;
        assert_eq!(portal.standing(jem).await.absence, Some(longer));
    }

    async fn absences_that_begin_are_counted_by_the_brake(portal: Portal) {
        let portal = portal.ruled(|rules| rules.brake = Brake::STANDARD);
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let from = day(2026, 12, 3);
        let mut planned = Vec::new();
        for account in portal.everybody().await {
            if account.status != AccountStatus::Active || planned.len() == 11 {
                continue;
            }
            let wish = away(account.id, from, None);
            let asked = portal.gate.on_behalf_of(&ben).ask("Test", wish.clone()).await;
            if matches!(asked, Ok(Asked::Planned(_))) {
                done(&portal, &ben, wish).await;
                planned.push(account.id);
            }
        }
        assert_eq!(planned.len(), 11);
        portal.pass_until(from.unwrap());
        assert_eq!(portal.sweep().await.held, Some(11));
        assert_eq!(portal.standing(planned[0]).await.status, AccountStatus::Active);
        let held = portal.gate.on_behalf_of(&grace).held_back().await.unwrap().unwrap();
        assert_eq!(held.of.disabled, 11);
    }

    async fn an_activation_link_is_sent_on_the_first_day(portal: Portal) {
        let first = day(2026, 12, 7).unwrap();
        let account = newcomer(&portal, Some(first), None).await;
        assert_eq!(portal.letters_to(ADA).await.len(), 0);
        portal.pass_until(first.plus_seconds(-1));
        portal.sweep().await;
        assert_eq!(portal.letters_to(ADA).await.len(), 0);
        portal.pass_until(first);
        portal.sweep().await;
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.starts_at), (AccountStatus::Pending, None));
        assert_eq!(portal.letters_to(ADA).await.len(), 1);
        portal.sweep().await;
        assert_eq!(portal.letters_to(ADA).await.len(), 1);
        portal.adds_up().await;
    }

    async fn a_link_that_was_sent_before_the_first_day_is_not_sent_again(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let first = day(2026, 12, 7).unwrap();
        let account = newcomer(&portal, Some(first), None).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!((portal.letters_to(ADA).await.len(), portal.standing(account).await.starts_at), (1, None));
        portal.pass_until(first);
        portal.sweep().await;
        assert_eq!(portal.letters_to(ADA).await.len(), 1);
    }

    async fn who_is_deleted_and_restored_before_the_first_day_is_sent_no_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let first = day(2026, 12, 7).unwrap();
        let account = newcomer(&portal, Some(first), None).await;
        for turn in [Turn::Delete, Turn::Restore] {
            done(&portal, &ben, Wish::Account(account, AccountWish::Turn(turn))).await;
        }
        assert_eq!((portal.letters_to(ADA).await.len(), portal.standing(account).await.starts_at), (0, Some(first)));
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Delete))).await;
        portal.pass_until(first);
        portal.sweep().await;
        assert_eq!(portal.letters_to(ADA).await.len(), 0);
        // Restored after it, they are sent the link at once.
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Restore))).await;
        assert_eq!((portal.letters_to(ADA).await.len(), portal.standing(account).await.starts_at), (1, None));
        portal.adds_up().await;
    }

    async fn temporary_staff_leave_on_their_last_day_if_they_ever_came(portal: Portal) {
        let last = day(2026, 12, 10).unwrap();
        let account = newcomer(&portal, None, Some(last)).await;
        assert_eq!(portal.standing(account).await.leaving_at, Some(last));
        portal.pass_until(last);
        let swept = portal.sweep().await;
        let told = "Ada Bright: Ada Bright is pending, so “Mark as leaver” is not possible.";
        assert!(swept.left.iter().any(|left| left.starts_with(told)), "{swept:?}");
        assert_eq!(portal.standing(account).await.status, AccountStatus::Pending);
        // Whoever activates it then leaves with the next run.
        let activate = Wish::Account(account, AccountWish::Turn(Turn::Activate));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![activate]).await.unwrap();
        let swept = portal.sweep().await;
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.leaving_at, swept.left), (AccountStatus::Leaver, None, vec![]));
        portal.adds_up().await;
    }
}
