//! The main job: a staff list, what it will do, the good rows applied, the bad ones mended and sent again.

use demo::PRACTICE_FILE;
use domain::{
    plan::RowKind,
    submission::{Outcome, State},
};
use gate::{Confirmation, Filter, GateError, Report, seen};
use store::submissions;
use testkit::on_both;

use crate::{apply, file, review, told};

on_both! {
    async fn a_staff_list_is_applied_but_for_its_mistakes_which_are_mended_and_sent_again(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        let counts = RowKind::ALL.map(|kind| totals.of(kind));
        assert_eq!(counts, [5, 30, 12, 3, 0, 0], "problem, create, update, no change, kept, skipped");

        apply(&portal, &ben, &id).await;
        let done = review(&portal, &ben, &id).await.submission;
        assert_eq!((done.state, done.totals.with(Outcome::Done), done.totals.with(Outcome::LeftOut)), (State::Applied, 45, 5));

        let visit = portal.gate.on_behalf_of(&ben);
        let (name, problems) = visit.report(&id, Report::Problems).await.unwrap();
        assert_eq!(name, "staff list-problems.csv");
        let problems = String::from_utf8(problems).unwrap();
        assert_eq!(problems.lines().count(), 6);
        let mended = problems
            .replace("Cardiolgy", "Cardiology")
            .replace(",RVI,", ",RIV,")
            .replace("01632 960555,", "07700 900555,");
        let again = portal.upload(&ben, &mended).await;
        let totals = review(&portal, &ben, &again).await.submission.totals;
        assert_eq!((totals.of(RowKind::Problem), totals.of(RowKind::Create)), (2, 3));
    }

    async fn sending_an_applied_file_again_changes_nothing(portal: Portal) {
        let ben = portal.persona("Ben").await;
        for changes in [42, 0] {
            let id = portal.upload(&ben, PRACTICE_FILE).await;
            let totals = review(&portal, &ben, &id).await.submission.totals;
            assert_eq!(totals.count(|tally| tally.kind.changes_something()), changes);
            apply(&portal, &ben, &id).await;
        }
    }

    async fn every_problem_of_a_row_is_said_at_once_in_its_cell(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = ["4711,NOPE,,O’Neill,12", "1041,RIV,Marek,Maddern,07700 900141", "1001,RIV01,,,", "4712,RIV09,Ann,Lee,", "4713,RIV,Ann,Lee,(clear)"];
        let id = portal.upload(&ben, &file(&rows)).await;
        insta::assert_snapshot!(told(&review(&portal, &ben, &id).await));
    }

    async fn a_disabled_person_is_no_problem_where_nothing_differs(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["1041,RIV,Marek,Maddern,"])).await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.of(RowKind::Problem), totals.of(RowKind::NoChange)), (0, 1));
    }

    async fn people_who_look_alike_must_be_looked_at_before_they_are_created(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&[",RIV,Ben,Cartwright,", ",RIV,Tabitha,Quickly,", ",RIV,Tabitha,Quickly,"])).await;
        let shown = review(&portal, &ben, &id).await;
        insta::assert_snapshot!(told(&shown));
        let visit = portal.gate.on_behalf_of(&ben);
        let said = Confirmation { seen: seen(&shown.submission), look_alikes: None, typed: None };
        assert!(matches!(visit.confirm(&id, said).await, Err(GateError::Unanswered)));
        let said = Confirmation { look_alikes: Some(domain::submission::LookAlikes::LeaveOut), ..said };
        visit.confirm(&id, said).await.unwrap();
        portal.work().await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.with(Outcome::Done), totals.with(Outcome::LeftOut)), (1, 2));
        let (_, problems) = visit.report(&id, Report::Problems).await.unwrap();
        assert_eq!(String::from_utf8(problems).unwrap().lines().count(), 3);
    }

    async fn a_file_that_cannot_be_read_says_all_that_is_wrong_with_its_headings(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, "LocalID,FirstName,Shoe size\n1,Jane,38\n").await;
        let submission = review(&portal, &ben, &id).await.submission;
        assert_eq!(submission.state, State::Unreadable);
        let said: Vec<_> = submission.problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(said.join("\n"), @r#"The headings do not match a file format. Missing: “ODSCode”, “LastName”; not known: “Shoe size”. Change the headings in the first row to those of the format, and upload the file again."#);
        let report = portal.gate.on_behalf_of(&ben).report(&id, Report::Result).await;
        assert!(matches!(report, Err(GateError::NotFound)));
    }

    async fn a_large_file_is_kept_in_pieces_and_read_and_replaced_whole(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let row = format!("1,RIV,Jane,Smith,{}\n", "x".repeat(9_000));
        let large = format!("LocalID,ODSCode,FirstName,LastName,Shoe size\n{}", row.repeat(300));
        assert!(large.len() > 2 * submissions::PIECE);
        let id = portal.upload(&ben, &large).await;
        let submission = portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap();
        assert_eq!((submission.state, submission.file_size), (State::Unreadable, large.len() as u64));
        let store = portal.gate.store();
        let kept = async || submissions::bytes(store.files(), &id).await.unwrap();
        assert!(kept().await.is_some_and(|kept| kept == large.as_bytes()));
        for other in [large.replace('x', ""), large.replace('x', "y")] {
            let tx = store.begin().await.unwrap();
            submissions::replace_file(&tx, &id, other.clone().into_bytes()).await.unwrap();
            tx.commit().await.unwrap();
            assert!(kept().await.is_some_and(|kept| kept == other.as_bytes()));
        }
        let tx = store.begin().await.unwrap();
        let mut held = submissions::hold(&tx, &id).await.unwrap().unwrap();
        submissions::drop_file(&tx, &mut held).await.unwrap();
        submissions::save(&tx, &held).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(kept().await, None);
    }

    async fn a_plan_that_is_thrown_away_changes_nothing_and_cannot_be_confirmed_any_more(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let visit = portal.gate.on_behalf_of(&ben);
        visit.decline(&id).await.unwrap();
        let said = Confirmation { seen: 0, look_alikes: None, typed: None };
        assert!(matches!(visit.confirm(&id, said).await, Err(GateError::Stale)));
        portal.work().await;
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap(), before);
    }

    async fn rows_that_would_clash_with_each_other_are_told_apart_before_anything_is_applied(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,EmailAddress\n\
            5001,RIV,Ada,Bright,\n5001,RIV01,Bea,Clark,\n1001,RIV,,,dora.evans@health.example\n5002,RIV,Dora,Evans,\n\
            5003,RIV,Eve,Frost,eve@health.example\n5004,RIV,Fay,Green,eve@health.example\n";
        let id = portal.upload(&ben, text).await;
        insta::assert_snapshot!(told(&review(&portal, &ben, &id).await));
        apply(&portal, &ben, &id).await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.with(Outcome::Done), totals.with(Outcome::LeftOut)), (2, 4));
    }

    async fn rows_are_shown_fifty_at_a_time_and_by_kind(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..120).map(|number| format!("5{number:03},RIV,Person,Number{},", letters(number))).collect();
        let id = portal.upload(&ben, &file(&rows.iter().map(String::as_str).collect::<Vec<_>>())).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let mut filter = Filter { kind: Some(RowKind::Create), ..Filter::default() };
        let mut sizes = Vec::new();
        loop {
            let page = visit.review(&id, filter.clone()).await.unwrap();
            sizes.push(page.rows.len());
            if !page.more {
                break;
            }
            filter.after = page.rows.last().map(|row| row.planned.row);
        }
        assert_eq!(sizes, [50, 50, 20]);
        let problems = Filter { kind: Some(RowKind::Problem), ..Filter::default() };
        assert!(visit.review(&id, problems).await.unwrap().rows.is_empty());
    }
}

/// A number in letters, so that no two names look alike by one digit.
fn letters(number: usize) -> String {
    let letter = |digit: usize| char::from(b'a' + (digit % 26) as u8).to_string();
    (letter(number / 26) + &letter(number)).repeat(2)
}
