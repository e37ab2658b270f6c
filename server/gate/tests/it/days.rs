//! First and last days in files, another first day by a form, and the letters about absences.

use domain::{
    absence::Absence,
    account::AccountStatus,
    dictionary::Attribute,
    plan::RowKind,
    policy::Actor,
    problem::Kind,
    request::{AccountWish, Wish},
    values::ids::Timestamp,
};
use gate::{Asked, calendar};
use testkit::{Portal, SERVICE, on_both};

use crate::{apply, lifecycle::done, review};

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName,StartDate,EndDate\n";
const ADA: &str = "ada.bright@health.example";
const JEM: &str = "jem.larkspur@health.example";
const PRIYA: &str = "priya.ramanathan@health.example";

fn day(year: i16, month: i8, day: i8) -> Option<Timestamp> {
    calendar::day_begins(year, month, day)
}

/// Uploads one row, and applies it if it can be; says what it comes to.
async fn uploaded(portal: &Portal, sender: &Actor, row: &str) -> (RowKind, Vec<Kind>) {
    let id = portal.upload(sender, &format!("{HEADINGS}{row}\n")).await;
    let shown = review(portal, sender, &id).await;
    let step = &shown.rows[0].planned.step;
    if step.kind().changes_something() {
        apply(portal, sender, &id).await;
    }
    let problems = step.problems().iter().map(|problem| problem.kind.clone());
    (step.kind(), problems.collect())
}

on_both! {
    async fn a_file_sets_first_and_last_days_and_changes_them_once(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let row = "d1,RIV,Ada,Bright,07/12/2026,31 March 2027";
        assert_eq!(uploaded(&portal, &ben, row).await, (RowKind::Create, vec![]));
        let account = portal.account(ADA).await;
        let found = portal.standing(account).await;
        // Clocks go forward on 28 March: the last day begins at 23:00 UTC of the day before.
        assert_eq!((found.starts_at, found.leaving_at), (day(2026, 12, 7), day(2027, 3, 31)));
        assert!(portal.letters_to(ADA).await.is_empty(), "the link waits for the first day");
        assert_eq!(uploaded(&portal, &ben, row).await, (RowKind::NoChange, vec![]));

        let later = "d1,RIV,Ada,Bright,2026-12-14,2027-04-30";
        assert_eq!(uploaded(&portal, &ben, later).await, (RowKind::Update, vec![]));
        let found = portal.standing(account).await;
        assert_eq!((found.starts_at, found.leaving_at), (day(2026, 12, 14), day(2027, 4, 30)));
        assert_eq!(uploaded(&portal, &ben, later).await, (RowKind::NoChange, vec![]));
        for same in ["14-Dec-26,30th April 2027", "14/12/26 09:30,46507", "46370,30/04/2027 17:00"] {
            let row = format!("d1,RIV,Ada,Bright,{same}");
            assert_eq!(uploaded(&portal, &ben, &row).await, (RowKind::NoChange, vec![]), "{same}");
        }
        portal.pass_until(day(2026, 12, 14).unwrap());
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(portal.letters_to(ADA).await.len(), 1);
        portal.adds_up().await;
    }

    async fn a_last_day_in_the_past_ends_nobody(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(JEM).await;
        for (row, kind) in [
            ("1001,RIV,,,01/04/2020,31/10/2026", Kind::LastDayPassed),
            ("1001,RIV,,,,31/02/2027", Kind::NotADay),
            ("1001,RIV,,,,31/12/2090", Kind::DateTooFar { days: 366 }),
        ] {
            assert_eq!(uploaded(&portal, &ben, row).await, (RowKind::Problem, vec![kind]), "{row}");
        }
        assert_eq!(uploaded(&portal, &ben, "1001,RIV,,,01/04/2020,31/12/4712").await, (RowKind::NoChange, vec![]));
        let found = portal.standing(jem).await;
        assert_eq!((found.status, found.leaving_at), (AccountStatus::Active, None));
    }

    async fn another_first_day_by_a_form_moves_the_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        uploaded(&portal, &ben, "d1,RIV,Ada,Bright,07/12/2026,").await;
        let account = portal.account(ADA).await;
        let version = portal.standing(account).await.version;
        let visit = portal.gate.on_behalf_of(&ben);
        let form = [(Attribute::StartDate, "2026-12-09".to_owned())];
        let Asked::Planned(id) = visit.ask_to_edit_account(account, version, &form).await.unwrap() else {
            panic!("the day can be changed")
        };
        apply(&portal, &ben, &id).await;
        assert_eq!(portal.standing(account).await.starts_at, day(2026, 12, 9));
        let history = visit.account_history(account).await.unwrap().unwrap();
        assert_eq!(history[0].fact.sentence(calendar::day), "First day changed");
        portal.pass_until(day(2026, 12, 7).unwrap());
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert!(portal.letters_to(ADA).await.is_empty());
        portal.pass_until(day(2026, 12, 9).unwrap());
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(portal.letters_to(ADA).await.len(), 1);
        portal.adds_up().await;
    }

    async fn an_absence_and_its_end_are_told_to_the_person_and_administrators(portal: Portal) {
        let portal = portal.ruled(|rules| rules.timers.inactive_days = 0);
        let ben = portal.persona("Ben").await;
        let account = portal.account(JEM).await;
        let (from, back) = (day(2026, 12, 3), day(2026, 12, 20));
        let absence = Absence {
            from,
            until: back,
            reason: "parental leave".to_owned(),
        };
        done(&portal, &ben, Wish::Account(account, AccountWish::Absence(Some(absence)))).await;
        assert_eq!(portal.letters_to(JEM).await, ["Your account will be disabled on 3 December 2026"]);
        let away = "Jem Larkspur is away from 3 December 2026 until 20 December 2026".to_owned();
        assert!(portal.letters_to(PRIYA).await.contains(&away));
        portal.pass_until(from.unwrap());
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(portal.letters_to(JEM).await.len(), 1, "that it begins was told before");
        portal.pass_until(back.unwrap());
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(portal.letters_to(JEM).await[1], "Your account is enabled again");
        assert!(portal.letters_to(PRIYA).await.contains(&"Jem Larkspur is back".to_owned()));
    }
}
