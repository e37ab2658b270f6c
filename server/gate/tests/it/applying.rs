//! Applying under fire: truth that moves, rights that go, two files at once, workers that die.

use std::time::Duration;

use demo::PRACTICE_FILE;
use domain::{
    dictionary::Attribute,
    life::Turn,
    plan::RowKind,
    problem::Problem,
    request::{AccountWish, Cells, Wish},
    submission::{Outcome, State},
    values::ids::AccountId,
};
use gate::{Confirmation, GateError, Worker, seen};
use testkit::{SERVICE, on_both};

use crate::{apply, confirm, file, lifecycle::done, review, told};

on_both! {
    async fn a_row_whose_account_has_changed_goes_back_to_review_and_the_others_apply(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["1001,RIV,,,07700 900111", "1002,RIV,,,07700 900222"])).await;
        let stale_page = review(&portal, &ben, &id).await;
        let other = portal.upload(&ben, &file(&["1001,RIV,,,07700 900333"])).await;
        apply(&portal, &ben, &other).await;

        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await;
        assert_eq!(again.submission.state, State::Planned);
        insta::assert_snapshot!(told(&again));

        let said = Confirmation { seen: seen(&stale_page.submission), look_alikes: None, typed: None };
        let late = portal.gate.on_behalf_of(&ben).confirm(&id, said).await;
        assert!(matches!(late, Err(GateError::Stale)), "a tab that shows the first plan confirms nothing");
        apply(&portal, &ben, &id).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
    }

    async fn a_right_lost_before_its_turn_is_lost(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        confirm(&portal, &ben, &id).await;
        let account = ben.account().unwrap();
        let disable = Wish::Account(account, AccountWish::Turn(Turn::Disable));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![disable]).await.unwrap();
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap().len();
        portal.work().await;
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap().len(), before);
        let grace = portal.persona("Grace").await;
        let left = review(&portal, &grace, &id).await.submission;
        assert_eq!((left.state, left.totals.with(Outcome::Done)), (State::Planned, 0));
    }

    async fn a_newcomer_who_looks_alike_and_came_in_meanwhile_is_shown_first(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&[",RIV,Tabitha,Quickly,"])).await;
        let other = portal.upload(&ben, &file(&["77,RIV,Tabitha,Quickly,"])).await;
        apply(&portal, &ben, &other).await;
        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await;
        assert_eq!((again.submission.state, again.submission.totals.warned()), (State::Planned, 1));
    }

    async fn a_change_that_would_now_make_somebody_says_whom_it_was_about(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let first = portal.upload(&ben, &file(&["he2,RIV,Barnabas,Inkpen,"])).await;
        apply(&portal, &ben, &first).await;
        let account = AccountId(review(&portal, &ben, &first).await.rows[0].subject.unwrap());
        let id = portal.upload(&ben, &file(&["he2,RIV,Barnabas,Inkpen,07700 900222"])).await;
        let cells = Cells::of([(Attribute::LocalId, "he9"), (Attribute::LastName, "Quillfeather")]);
        done(&portal, &priya, Wish::Account(account, AccountWish::Edit(cells))).await;
        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await;
        assert_eq!((again.submission.state, again.submission.totals.warned()), (State::Planned, 1));
        let planned = &again.rows[0].planned;
        assert_eq!(planned.step.kind(), RowKind::Create);
        let said: Vec<_> = planned.warnings.iter().map(Problem::message).collect();
        assert_eq!(said, ["Barnabas Quillfeather, local ID he9, is already here."]);
        apply(&portal, &ben, &id).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
    }

    async fn the_same_file_uploaded_and_applied_ten_times_at_once_makes_nobody_twice(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..40).map(|number| format!("6{number:03},RIV,Sam,Same,")).collect();
        let text = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let mut ids = Vec::new();
        for _ in 0..10 {
            ids.push(portal.upload(&ben, &text).await);
        }
        for id in &ids {
            confirm(&portal, &ben, id).await;
        }
        let workers = [(); 4].map(|()| Worker::new(portal.gate.clone()));
        let work = |worker: Worker| async move { while worker.work_once().await.unwrap_or(true) {} };
        let [a, b, c, d] = workers.map(work);
        tokio::join!(a, b, c, d);
        let search = gate::Query { words: "sam same".into(), ..gate::Query::default() };
        let people = portal.gate.on_behalf_of(&ben).accounts(&search).await.unwrap().people;
        assert_eq!(people.len(), 40);
        let mut addresses: Vec<_> = people.iter().map(|listed| {
            listed.person.attributes.text(domain::dictionary::Attribute::EmailAddress).to_owned()
        }).collect();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), 40);
    }

    async fn a_worker_cut_off_while_applying_loses_and_doubles_nothing(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..1200).map(|number| format!("8{number:04},RIV,Pat,Patient,")).collect();
        let id = portal.upload(&ben, &file(&rows.iter().map(String::as_str).collect::<Vec<_>>())).await;
        confirm(&portal, &ben, &id).await;
        for milliseconds in [1, 20, 150, 400] {
            let worker = Worker::new(portal.gate.clone());
            let _ = tokio::time::timeout(Duration::from_millis(milliseconds), worker.work_all()).await;
            portal.pass_seconds(60);
        }
        let mut done = review(&portal, &ben, &id).await.submission;
        for _ in 0..100 {
            portal.work().await;
            done = review(&portal, &ben, &id).await.submission;
            if done.state != State::Applying {
                break;
            }
            // PostgreSQL is still at what the last worker was cut off from, and holds its job.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!((done.state, done.totals.with(Outcome::Done)), (State::Applied, 1200));
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.submission == id).count(), 1200);
    }

    async fn a_one_time_password_is_hashed_and_no_copy_stays_in_the_row(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, "LocalID,ODSCode,FirstName,LastName,Password\n95,RIV,Ada,Bright,teapot-lantern-9\n96,RIV,Ann,Lee,short\n").await;
        assert_eq!(review(&portal, &ben, &id).await.submission.totals.of(RowKind::Problem), 1);
        apply(&portal, &ben, &id).await;
        let ada = portal.account("ada.bright@health.example").await;
        let credential = store::access::credentials::get(portal.gate.store().reader(), ada).await.unwrap().unwrap();
        assert!(credential.one_time);
        assert!(gate::verify_password("teapot-lantern-9".into(), Some(credential.password_hash)).await.unwrap());
        let row = &review(&portal, &ben, &id).await.rows[0];
        assert!(!format!("{row:?}").contains("teapot"));
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert!(!format!("{events:?}").contains("teapot"));
    }

    async fn a_file_may_be_empty_cells_keep_and_the_word_clear_clears(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["1001,RIV,,,(clear)"])).await;
        apply(&portal, &ben, &id).await;
        let account = review(&portal, &ben, &id).await.rows[0].subject.unwrap();
        let (person, _) = portal.gate.on_behalf_of(&ben).account(domain::values::ids::AccountId(account)).await.unwrap();
        assert!(person.attributes.get(domain::dictionary::Attribute::Mobile).is_none());
        assert!(person.attributes.get(domain::dictionary::Attribute::Telephone).is_some());
    }

    async fn a_change_of_address_keeps_the_old_one_as_an_alias_for_good(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let account = portal.account("ben.cartwright@health.example").await;
        let address = |new: &str| format!("LocalID,ODSCode,FirstName,LastName,EmailAddress\n2,RIV,,,{new}\n");
        let id = portal.upload(&priya, &address("b.cartwright@health.example")).await;
        apply(&portal, &priya, &id).await;
        let (person, _) = portal.gate.on_behalf_of(&priya).account(account).await.unwrap();
        assert_eq!(person.aliases.len(), 1);
        let other = portal.upload(&priya, "LocalID,ODSCode,FirstName,LastName,EmailAddress\n99,RIV,Ben,Other,ben.cartwright@health.example\n").await;
        insta::assert_snapshot!(told(&review(&portal, &priya, &other).await));
        let back = portal.upload(&priya, &address("ben.cartwright@health.example")).await;
        assert_eq!(review(&portal, &priya, &back).await.submission.totals.of(RowKind::NoChange), 1);
    }

    async fn rows_that_change_different_details_each_change_only_theirs(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let before = portal.everybody().await;
        let file = "LocalID,ODSCode,FirstName,LastName,EmailAddress,Mobile,JobTitle\n\
                    1001,RIV,,,jem.lark@health.example,,\n\
                    1003,RIV,,,perrin.holl@health.example,07700 900077,\n\
                    1002,RIV,,,,,Porter\n";
        let id = portal.upload(&ben, file).await;
        apply(&portal, &ben, &id).await;
        let after = portal.everybody().await;
        let of = |all: &[domain::account::Account], local_id: &str| {
            let own = all.iter().find(|account| account.attributes.text(Attribute::LocalId) == local_id);
            own.cloned().unwrap()
        };
        for (local_id, changed) in [
            ("1001", &[(Attribute::EmailAddress, "jem.lark@health.example")][..]),
            ("1003", &[(Attribute::EmailAddress, "perrin.holl@health.example"), (Attribute::Mobile, "+447700900077")]),
            ("1002", &[(Attribute::JobTitle, "Porter")]),
        ] {
            let (was, is) = (of(&before, local_id), of(&after, local_id));
            for attribute in Attribute::ALL {
                let new = changed.iter().find(|(own, _)| *own == attribute).map(|(_, text)| *text);
                let expected = new.unwrap_or(was.attributes.text(attribute));
                assert_eq!(is.attributes.text(attribute), expected, "{local_id}: {attribute:?}");
            }
            let moved = changed.iter().any(|(own, _)| *own == Attribute::EmailAddress);
            let earlier = was.attributes.text(Attribute::EmailAddress);
            let aliases: Vec<_> = is.aliases.iter().map(ToString::to_string).collect();
            assert_eq!(aliases, if moved { vec![earlier.to_owned()] } else { vec![] }, "{local_id}");
        }
        portal.adds_up().await;
    }

    async fn only_the_service_establishes(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let cells = Cells::of([(domain::dictionary::Attribute::FirstName, "Eve")]);
        let tried = portal.gate.on_behalf_of(&grace).establish(vec![Wish::AccountInFile(cells)]).await;
        assert!(matches!(tried, Err(GateError::Denied)));
    }
}
