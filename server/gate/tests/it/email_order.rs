//! Files by email count from when they came, however late they are read; and receipts say what the run does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    request::{RoleWish, Wish},
    submission::State,
    values::ids::{SubmissionId, Timestamp},
};
use gate::{Confirmation, Gate, GateError, ProposalQuery, seen, service::letters::Composed};
use store::{
    access::email::{messages, runs},
    jobs,
};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::{
    HEADINGS, apply,
    columns::saying,
    confirm,
    email_intake::{says, sent},
    email_runs::{GWEN, JEM, called, evening, letters, mobile, revoke_all, run, sender, standing},
    email_store::mail,
    file,
    grants::done,
    review,
};

const PERRIN: &str = "perrin.holloway@health.example";

/// Has no worker check a file until [`check`].
async fn put_off(portal: &Portal, id: &SubmissionId) {
    let tx = portal.gate.store().begin().await.unwrap();
    jobs::pause(&tx, id).await.unwrap();
    tx.commit().await.unwrap();
}

/// Has a file checked that was put off.
async fn check(portal: &Portal, id: &SubmissionId) {
    let tx = portal.gate.store().begin().await.unwrap();
    jobs::resume(&tx, id, portal.gate.now()).await.unwrap();
    tx.commit().await.unwrap();
    portal.work().await;
}

/// Somebody who may send files by email for a unit of the trust, and those below it.
async fn sender_of_unit(portal: &Portal, address: &str, unit: &str) -> Actor {
    let grace = portal.persona("Grace").await;
    let actor = portal.person(address).await;
    let grant = RoleWish::Grant {
        role: Role::Connector,
        organisation: OrganisationCode::parse("RIV").unwrap(),
        unit: Some(UnitPath::parse(unit)),
        terms: Terms {
            channels: vec![Channel::EmailCsv],
            reason: "Sends the ward’s list".into(),
            ..Terms::default()
        },
    };
    done(portal, &grace, Wish::Role(actor.account().unwrap(), grant)).await;
    actor
}

/// The same portal, by a clock that goes on by a millisecond whenever somebody looks at it.
fn ticking(mut portal: Portal) -> Portal {
    let old = portal.gate.clone();
    let (store, formats, rules) = (old.store().clone(), old.formats().clone(), old.rules().clone());
    let looks = AtomicI64::new(0);
    let clock = move || Timestamp(old.now().0 + looks.fetch_add(1, Ordering::SeqCst));
    portal.gate = Gate::new(store, rules, formats, Arc::new(clock));
    portal
}

/// New mobile numbers for most of the trust: more than 50 accounts, and more than 20 percent.
pub fn most_of_the_trust() -> String {
    let rows = (1001..=1062).map(|id| format!("{id},RIV,,,07700 90{}", id + 1000));
    format!("{HEADINGS}\n{}\n", rows.collect::<Vec<_>>().join("\n"))
}

/// A newcomer of a ward.
fn of_the_ward(local_id: &str, last_name: &str) -> String {
    format!("LocalID,ODSCode,OrganisationalUnit,FirstName,LastName\n{local_id},RIV,Ward 7,Tabitha,{last_name}\n")
}

/// The letter to an address, among those that were sent, whose subject begins so.
fn letter<'l>(sent: &'l [(String, Composed)], address: &str, subject: &str) -> &'l Composed {
    let mut found = sent
        .iter()
        .filter(|(to, letter)| to == address && letter.subject.starts_with(subject));
    &found.next().expect("such a letter").1
}

fn receipt_of(id: &SubmissionId) -> String {
    format!("Your file was received and checked: {id}")
}

on_both! {
    async fn a_file_explained_days_later_does_not_undo_a_newer_one(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, "Payroll no,Trust,Forename,Surname,Work mobile\n1002,RIV,,,07700 900111\n").await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        assert_eq!(standing(&portal, &older).await.0, State::Unreadable);
        evening(&portal).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        let columns = [Attribute::LocalId, Attribute::Organisation, Attribute::FirstName, Attribute::LastName, Attribute::Mobile];
        let visit = portal.gate.on_behalf_of(&jem);
        visit.choose_columns(&older, &saying(&columns.map(Some))).await.unwrap().unwrap();
        portal.work().await;
        assert_eq!(standing(&portal, &older).await, (State::Planned, 0, 0));
        let told = sent(&portal).await;
        let receipt = letter(&told, JEM, &receipt_of(&older));
        says(receipt, &["change nothing", "A later file replaces this one already:", "staff list.csv, sent on 21 November 2026"]);
        let shown = visit.email_of(&older).await.unwrap().unwrap();
        assert!(shown.is_replaced);
        assert_eq!(shown.replaced_by.map(|file| file.id), Some(newer));
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Superseded, 0, 1));
        assert_eq!(mobile(&portal, "1002").await, "+447700900222");
    }

    async fn a_file_applied_early_replaces_an_older_one_still_being_checked(portal: Portal) {
        let (jem, priya) = (sender(&portal, JEM, "RIV").await, portal.persona("Priya").await);
        let older = portal.mail_unchecked(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        put_off(&portal, &older).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        apply(&portal, &priya, &newer).await;
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &older).await.0, State::Received);
        check(&portal, &older).await;
        let told = sent(&portal).await;
        let receipt = letter(&told, JEM, &receipt_of(&older));
        says(receipt, &["A later file replaces this one already:", "(Riverside Hospitals Trust)"]);
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 1));
        assert_eq!((mobile(&portal, "1002").await, called(&portal, "Quickly").await), ("+447700900222".into(), 1));
    }

    async fn a_slow_check_holds_nobody_up_and_loses_no_place(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let slow = portal.mail_unchecked(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        put_off(&portal, &slow).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let practice = portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await;
        let slow_too = portal.mail_unchecked(&gwen, &file(&["e2,G7H8J,Otto,Winterbourne,"])).await;
        put_off(&portal, &slow_too).await;
        portal.pass_until(portal.gate.next_email_run());
        assert!(portal.gate.tick_email(&SERVICE).await.unwrap(), "the run has begun, and waits for the checks");
        portal.pass_seconds(30 * 60 - 1);
        assert!(!portal.gate.tick_email(&SERVICE).await.unwrap());
        portal.pass_seconds(1);
        run(&portal).await;
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &practice).await, (State::Applied, 1, 0));
        for id in [&slow, &slow_too] {
            assert_eq!(standing(&portal, id).await.0, State::Received);
            check(&portal, id).await;
            let told = sent(&portal).await;
            let address = if id == &slow { JEM } else { GWEN };
            says(letter(&told, address, &receipt_of(id)), &["The run on 22 November 2026 at 7:00pm will:"]);
        }
        evening(&portal).await;
        assert_eq!(standing(&portal, &slow).await, (State::Superseded, 0, 1), "the newer one is applied");
        assert_eq!(standing(&portal, &slow_too).await, (State::Applied, 1, 0), "it is the newer one");
        assert_eq!(mobile(&portal, "1002").await, "+447700900222");
    }

    async fn receipts_of_a_ward_and_its_hospital_say_what_the_run_does(portal: Portal) {
        let (jem, perrin) = (sender(&portal, JEM, "RIV").await, sender_of_unit(&portal, PERRIN, "Medicine").await);
        let hospital = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let ward = portal.mail(&perrin, &of_the_ward("w1", "Quickly")).await;
        let told = sent(&portal).await;
        let receipt = letter(&told, PERRIN, &receipt_of(&ward));
        assert!(!receipt.text.contains("This file replaces") && !receipt.text.contains("Larkspur"), "{}", receipt.text);
        evening(&portal).await;
        for id in [&hospital, &ward] {
            assert_eq!(standing(&portal, id).await, (State::Applied, 1, 0));
        }
        let ward = portal.mail(&perrin, &of_the_ward("w2", "Winterbourne")).await;
        let hospital = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let told = sent(&portal).await;
        let receipt = letter(&told, JEM, &receipt_of(&hospital));
        says(receipt, &["This file replaces:", "staff list.csv, sent by Perrin Holloway on"]);
        evening(&portal).await;
        assert_eq!(standing(&portal, &ward).await, (State::Superseded, 0, 1));
        assert_eq!(standing(&portal, &hospital).await, (State::Applied, 1, 0));
        // A ward does not learn whose file it was that is about more than the ward.
        let told = sent(&portal).await;
        let replaced = letter(&told, PERRIN, "Your file was replaced by a later file");
        says(replaced, &["A file, sent by another sender on"]);
        assert!(!replaced.text.contains("Larkspur"), "{}", replaced.text);
    }

    async fn what_no_receipt_has_said_is_told_when_a_file_is_replaced(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let rows = [file(&["1002,RIV,,,07700 900111"]), file(&["1002,RIV,,,07700 900222"])];
        let replaced = "Your file was replaced by a later file";
        for rows in &rows {
            portal.mail(&jem, rows).await;
        }
        evening(&portal).await;
        assert_eq!(letters(&portal, JEM, replaced).await, 0, "the receipt has said so");
        let portal = portal.ruled(|rules| rules.email.replies_an_hour = 1);
        for rows in &rows {
            portal.mail(&jem, rows).await;
        }
        assert_eq!(letters(&portal, JEM, "No more replies for now").await, 1);
        evening(&portal).await;
        assert_eq!(letters(&portal, JEM, replaced).await, 1);
    }

    async fn rows_that_went_back_to_an_administrator_wait_for_one(portal: Portal) {
        let (jem, priya) = (sender(&portal, JEM, "RIV").await, portal.persona("Priya").await);
        let held = portal.mail(&jem, &format!("{}e1,RIV01,Tabitha,Quickly,\n", most_of_the_trust())).await;
        let namesake = portal.upload(&priya, &file(&["e9,RIV,Tabitha,Quickly,"])).await;
        apply(&portal, &priya, &namesake).await;
        apply(&portal, &priya, &held).await;
        let went_back = review(&portal, &priya, &held).await.submission;
        assert!(went_back.is_held(), "its last row has moved");
        portal.mail(&jem, &file(&["1002,RIV,,,07700 900333"])).await;
        for _ in 0..2 {
            evening(&portal).await;
            assert!(review(&portal, &priya, &held).await.submission.is_held());
            assert_eq!(called(&portal, "Quickly").await, 1);
        }
        confirm(&portal, &priya, &held).await;
        portal.work().await;
        assert_eq!(standing(&portal, &held).await.0, State::Applied);
        assert_eq!(called(&portal, "Quickly").await, 2);
    }

    async fn the_receipt_of_a_held_file_says_what_is_left_out_for_good(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let held = portal.mail(&jem, &most_of_the_trust()).await;
        let told = sent(&portal).await;
        says(letter(&told, JEM, &receipt_of(&held)), &["If you withdraw it before the next run", "leaves that file out for good"]);
        evening(&portal).await;
        portal.gate.on_behalf_of(&jem).decline(&held).await.unwrap();
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Superseded, 0, 1));
    }

    async fn rows_that_need_a_decision_are_proposed_while_time_passes(portal: Portal) {
        let portal = ticking(portal);
        let (jem, priya) = (sender(&portal, JEM, "RIV").await, portal.persona("Priya").await);
        for (rows, proposed) in [
            (&[",RIV,Hector,Trelawny,", "1002,RIV,,,07700 900111"][..], 1),
            (&[",RIV,Hector,Trelawny,"], 1),
            (&["1002,RIV,,,07700 900222"], 0),
        ] {
            portal.mail(&jem, &file(rows)).await;
            portal.pass_until(portal.gate.next_email_run());
            // Part of the last second is not over.
            portal.pass_seconds(1);
            run(&portal).await;
            let found = portal.gate.on_behalf_of(&priya).proposals(ProposalQuery::default()).await.unwrap();
            assert_eq!(found.proposals.len(), proposed, "{rows:?}");
        }
    }

    async fn an_older_file_that_is_applied_early_gives_way_to_a_newer(portal: Portal) {
        let (jem, priya) = (sender(&portal, JEM, "RIV").await, portal.persona("Priya").await);
        let before = mobile(&portal, "1002").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        apply(&portal, &priya, &older).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 1));
        assert_eq!((mobile(&portal, "1002").await, called(&portal, "Quickly").await), (before, 1));
        evening(&portal).await;
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!(mobile(&portal, "1002").await, "+447700900222");
    }

    async fn a_file_of_which_newer_ones_leave_nothing_cannot_be_applied(portal: Portal) {
        let (jem, priya) = (sender(&portal, JEM, "RIV").await, portal.persona("Priya").await);
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let visit = portal.gate.on_behalf_of(&priya);
        assert!(visit.email_of(&older).await.unwrap().unwrap().may_apply);
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        assert!(!visit.email_of(&older).await.unwrap().unwrap().may_apply);
        let said = Confirmation {
            seen: seen(&review(&portal, &priya, &older).await.submission),
            ..Confirmation::default()
        };
        let refused = visit.confirm(&older, said).await;
        assert!(matches!(refused, Err(GateError::Stale)));
        assert_eq!(standing(&portal, &older).await, (State::Planned, 0, 0));
        portal.gate.on_behalf_of(&jem).decline(&newer).await.unwrap();
        apply(&portal, &priya, &older).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 0));
    }

    async fn a_newer_file_with_every_row_rejected_replaces_nothing(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let good = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let rejected = portal.mail(&jem, &file(&["1002,RIV,,,no number"])).await;
        let told = sent(&portal).await;
        let receipt = letter(&told, JEM, &receipt_of(&rejected));
        assert!(!receipt.text.contains("This file replaces"), "{}", receipt.text);
        evening(&portal).await;
        assert_eq!(standing(&portal, &good).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &rejected).await, (State::Applied, 0, 0));
        // One that waits for a decision does, and one that was rejected is replaced.
        let rejected = portal.mail(&jem, &file(&["1002,RIV,,,no number"])).await;
        let undecided = portal.mail(&jem, &file(&[",RIV,Hector,Trelawny,"])).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &rejected).await, (State::Superseded, 0, 1));
        assert_eq!(standing(&portal, &undecided).await, (State::Applied, 0, 0));
    }

    async fn a_receipt_names_only_files_that_counted_until_then(portal: Portal) {
        let (jem, perrin) = (sender(&portal, JEM, "RIV").await, sender(&portal, PERRIN, "RIV").await);
        let mut files = vec![];
        for by in [&jem, &jem, &jem, &perrin, &jem, &jem] {
            let row = format!("1002,RIV,,,07700 90011{}", files.len());
            files.push(portal.mail(by, &file(&[row.as_str()])).await);
        }
        let told = sent(&portal).await;
        // After somebody else's, their own that it replaced are named once more: nobody has told them of it.
        let expected: [(&str, &[usize]); 6] =
            [(JEM, &[]), (JEM, &[0]), (JEM, &[1]), (PERRIN, &[2]), (JEM, &[0, 1, 2, 3]), (JEM, &[4])];
        for (own, (address, replaced)) in expected.into_iter().enumerate() {
            let text = &letter(&told, address, &receipt_of(&files[own])).text;
            let is_named = |other: &usize| text.contains(&format!(", reference {}", files[*other]));
            let named: Vec<_> = (0..files.len()).filter(is_named).collect();
            assert_eq!(named, replaced, "{own}: {text}");
        }
    }

    async fn a_file_whose_sender_may_send_no_longer_is_not_called_applied(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let barred = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let practice = portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await;
        revoke_all(&portal, &jem).await;
        let would = portal.gate.would_run_email().await.unwrap();
        let codes = |codes: &[OrganisationCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let told: Vec<_> = would.iter().map(|one| (&one.submission, codes(&one.applied), codes(&one.barred))).collect();
        let expected = [
            (&practice, "G7H8J".to_owned(), String::new()),
            (&barred, String::new(), "RIV".to_owned()),
        ];
        assert_eq!(told, expected);
        evening(&portal).await;
        let last = runs::last(portal.gate.store().reader()).await.unwrap().unwrap();
        assert_eq!((last.counts.applied, last.counts.superseded, last.counts.held), (1, 0, 0));
        assert_eq!(standing(&portal, &practice).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &barred).await, (State::Declined, 0, 0));
    }

    async fn a_run_that_begins_beside_a_mail_takes_it_up(portal: Portal) {
        let tx = portal.gate.store().begin().await.unwrap();
        let seq = messages::insert(&tx, &mail("beside")).await.unwrap();
        let begins = async {
            let tx = portal.gate.store().begin().await.unwrap();
            let run = runs::begin(&tx, None, (None, ""), NOON).await.unwrap();
            tx.commit().await.unwrap();
            run.cutoff
        };
        let comes_in = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            tx.commit().await.unwrap();
        };
        let (cutoff, ()) = tokio::join!(begins, comes_in);
        assert_eq!(cutoff, seq);
    }
}
