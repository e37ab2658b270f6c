//! What is kept of people in files by email that are not applied, and who is shown and sent what of them.

use domain::{
    dictionary::Attribute,
    email::{Intake, Refusal, Why},
    password::OneTimePassword,
    policy::{Actor, Role},
    request::{AccountWish, Cells, Wish},
    submission::{Outcome, State},
    values::ids::SubmissionId,
};
use gate::{GateError, Report, service::letters::Composed};
use store::{access::email::messages, jobs};
use testkit::{Portal, SERVICE, mail::TestMail, on_both};

use crate::{
    email_intake::{intakes, kept, latest, mail, receive, says, sends_by_email, sent},
    email_runs::{evening, revoke_all},
    file,
    grants::{DAY, done, wish},
    lifecycle, review,
};

const JEM: &str = "jem.larkspur@health.example";
const HAMID: &str = "hamid.noorzai@health.example";
const SECRET: &str = "violet anchor 7";

/// A file with a one-time password and a private address for a new person, and a new number for somebody who is here.
fn with_secrets() -> String {
    format!(
        "LocalID,ODSCode,FirstName,LastName,Mobile,Password,ActivationEmail\n\
         9001,RIV,Ada,Bright,,{SECRET},\n\
         9002,RIV,Tamsin,Oakes,,,tamsin@home.example\n\
         1002,RIV,,,07700 900111,,\n"
    )
}

/// The only letter with a subject that begins so.
fn called<'l>(letters: &'l [(String, Composed)], subject: &str) -> &'l Composed {
    let mut found = letters.iter().filter(|(_, letter)| letter.subject.starts_with(subject));
    let (_, letter) = found.next().unwrap_or_else(|| panic!("no letter “{subject}”"));
    assert!(found.next().is_none(), "two letters “{subject}”");
    letter
}

/// Whether a row of a submission holds a password or a private address.
async fn holds_secrets(portal: &Portal, id: &SubmissionId) -> bool {
    let grace = portal.persona("Grace").await;
    let rows = review(portal, &grace, id).await.rows;
    rows.iter().filter_map(|row| gate::cells_of(&row.request)).any(|cells| {
        let is_hashed = matches!(cells.one_time, Some(OneTimePassword::Hashed(_)));
        is_hashed || !cells.text(Attribute::ActivationEmail).is_empty()
    })
}

/// A report of a submission.
async fn report(portal: &Portal, id: &SubmissionId, report: Report) -> String {
    let grace = portal.persona("Grace").await;
    let (_, bytes) = portal.gate.on_behalf_of(&grace).report(id, report).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Gives the trust's account with the local ID 1002 another number.
async fn change_number(portal: &Portal, number: &str) {
    let everybody = portal.everybody().await;
    let mut found = everybody.iter().filter(|account| {
        account.attributes.text(Attribute::LocalId) == "1002" && account.organisation.as_str() == "RIV"
    });
    let account = found.next().unwrap().id;
    let cells = Cells::of([(Attribute::Mobile, number)]);
    let priya = portal.persona("Priya").await;
    lifecycle::done(portal, &priya, Wish::Account(account, AccountWish::Edit(cells))).await;
}

on_both! {
    async fn what_is_not_taken_leaves_neither_files_nor_keys(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let key = portal.gate.on_behalf_of(&jem).make_email_key().await.unwrap();
        let to_key = TestMail {
            subject: format!("Staff key:{key} list"),
            to: format!("connector.data+{key}@health.example"),
            headers: vec![format!("Delivered-To: connector.data+{key}@health.example"), "Cc: ada@x.example".to_owned()],
            ..TestMail::of(JEM, &with_secrets())
        };
        portal.send_mail(&to_key.clone().unproved()).await;
        portal.send_mail(&TestMail { headers: vec!["Auto-Submitted: auto-replied".to_owned()], ..to_key.clone() }).await;
        portal.send_mail(&TestMail { from: HAMID.to_owned(), login: Some(HAMID.to_owned()), ..to_key.clone() }).await;
        portal.send_mail(&TestMail::of(JEM, &with_secrets())).await;
        assert_eq!(intakes(&portal).await, [Intake::NotProved, Intake::Automatic, Intake::Refused, Intake::Refused]);
        for message in kept(&portal).await {
            let source = messages::source(portal.gate.store().reader(), message.seq).await.unwrap().expect("a source");
            let source = String::from_utf8(source).unwrap();
            assert!(source.contains("Authentication-Results: mx.health.example;"), "{source}");
            assert!(source.contains("- text/csv, “staff list.csv”, "), "{source}");
            let (_, below) = source.split_once("\r\n\r\n").unwrap();
            assert!(below.lines().skip(1).all(|line| line.starts_with("- ")), "{below}");
            assert!(!source.contains(&key) && !source.contains("ada@x.example"), "{source}");
            assert!(!message.mail.subject.contains(&key), "{}", message.mail.subject);
        }
        assert_eq!(kept(&portal).await[0].mail.subject, "Staff key:… list");
        // What is taken is not told with its key either.
        portal.send_mail(&to_key).await;
        let taken = kept(&portal).await.pop().unwrap();
        assert_eq!((taken.mail.intake, taken.mail.subject.as_str()), (Intake::Taken, "Staff key:… list"));
    }

    async fn a_file_that_one_program_sends_again_counts_again(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let (one, two) = (file(&["1002,RIV,,,07700 900111"]), file(&["1002,RIV,,,07700 900222"]));
        for (key, text) in [("1", &one), ("2", &two), ("3", &one), ("4", &one)] {
            receive(&portal, key, mail(JEM, "always@health.example", text)).await;
        }
        let expected = [Intake::Taken, Intake::Taken, Intake::Taken, Intake::Duplicate];
        assert_eq!(intakes(&portal).await, expected);
        assert_eq!(kept(&portal).await[3].mail.duplicate_of, Some(kept(&portal).await[2].seq));
        // Mails with IDs of their own stay known, whatever came after them.
        for (key, id, text) in [("5", "a", &one), ("6", "b", &two), ("7", "a", &one)] {
            receive(&portal, key, mail(JEM, id, text)).await;
        }
        assert_eq!(intakes(&portal).await[4..], [Intake::Taken, Intake::Taken, Intake::Duplicate]);
    }

    async fn rows_that_moved_can_be_sent_again_and_keep_no_secret(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "1", mail(JEM, "1", &file(&["1002,RIV,,,07700 900111", "1003,RIV,,,07700 900112"]))).await;
        let id = latest(&portal).await;
        change_number(&portal, "07700 900555").await;
        evening(&portal).await;
        let shown = review(&portal, &portal.persona("Grace").await, &id).await.submission;
        assert_eq!((shown.state, shown.totals.with(Outcome::Stale)), (State::Applied, 1));
        for which in [Report::Result, Report::Problems] {
            let text = report(&portal, &id, which).await;
            assert!(text.contains("something changed after the file was checked"), "{text}");
            assert!(!text.contains("Review it again"), "{text}");
        }
        assert_eq!(report(&portal, &id, Report::Problems).await.lines().count(), 2, "the headings and the row");
        let letters = sent(&portal).await;
        let result = called(&letters, "Your file was applied");
        says(result, &["Rows for which something changed meanwhile: 1", "as a file of their own"]);
        assert_eq!(result.attachments.len(), 2);
        assert!(!result.text.contains("Your role"), "{}", result.text);
    }

    async fn a_lost_role_is_told_and_nothing_secret_is_kept(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "1", mail(JEM, "1", &with_secrets())).await;
        let id = latest(&portal).await;
        assert!(holds_secrets(&portal, &id).await, "until it is applied");
        sent(&portal).await;
        revoke_all(&portal, &jem).await;
        evening(&portal).await;
        let shown = review(&portal, &portal.persona("Grace").await, &id).await.submission;
        assert_eq!((shown.state, shown.totals.with(Outcome::LeftOut)), (State::Declined, 3));
        assert!(shown.is_barred() && shown.file_gone);
        assert!(!holds_secrets(&portal, &id).await);
        let letters = sent(&portal).await;
        let result = called(&letters, "Your file was not applied");
        says(result, &["was not applied. Nothing has changed", "Rows not applied: 3", "has ended since you sent it"]);
        // Whose role has ended is sent no files any more, and no link to a page that they cannot open.
        assert!(result.attachments.is_empty());
        let page = format!("/submissions/{id}");
        assert!(!result.text.contains(&page) && !result.text.contains("send them again"), "{}", result.text);
        assert!(matches!(portal.gate.on_behalf_of(&jem).submission(&id).await, Err(GateError::NotFound)));
    }

    async fn a_receipt_has_no_file_for_who_lost_the_role_before_it_went(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "1", mail(JEM, "1", &file(&["1002,RIV,,,07700 900111"]))).await;
        revoke_all(&portal, &jem).await;
        let letters = sent(&portal).await;
        let receipt = called(&letters, "Your file was received and checked");
        assert!(receipt.attachments.is_empty());
        says(receipt, &["You can download your file"]);
    }

    async fn a_replaced_file_keeps_no_private_address_or_password(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "1", mail(JEM, "1", &with_secrets())).await;
        let older = latest(&portal).await;
        receive(&portal, "2", mail(JEM, "2", &file(&["1003,RIV,,,07700 900112"]))).await;
        evening(&portal).await;
        let shown = review(&portal, &portal.persona("Grace").await, &older).await.submission;
        assert_eq!((shown.state, shown.file_gone), (State::Superseded, true));
        assert!(!holds_secrets(&portal, &older).await);
        let file = store::submissions::bytes(portal.gate.store().files(), &older).await.unwrap();
        assert_eq!(file, None);
    }

    async fn a_file_that_is_given_up_keeps_no_password(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let text = format!("LocalID,ODSCode,FirstName,LastName,Mobile,Password\n9001,RIV,Ada,Bright,,{SECRET}\n");
        receive(&portal, "1", mail(JEM, "1", &text)).await;
        let id = latest(&portal).await;
        assert!(holds_secrets(&portal, &id).await, "until it is applied");
        portal.pass_until(portal.gate.next_email_run());
        while portal.gate.tick_email(&SERVICE).await.unwrap() {}
        // Workers that begin with it die, again and again.
        for _ in 0..5 {
            let now = portal.gate.now();
            let tx = portal.gate.store().begin().await.unwrap();
            assert!(jobs::claim(&tx, "a worker that dies", now, now).await.unwrap().is_some());
            tx.commit().await.unwrap();
        }
        portal.work().await;
        let shown = review(&portal, &portal.persona("Grace").await, &id).await.submission;
        assert_eq!((shown.state, shown.totals.with(Outcome::LeftOut)), (State::Applied, 1));
        assert!(!holds_secrets(&portal, &id).await);
        says(called(&sent(&portal).await, "Your file was not applied"), &["Rows skipped: 1"]);
    }

    async fn mails_about_organisations_of_others_are_counted_and_not_shown(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let (priya, grace) = (portal.persona("Priya").await, portal.persona("Grace").await);
        let account = jem.account().unwrap();
        let refused = email::Mail { file: Err(Refusal::NoFile), ..mail(JEM, "1", "") };
        receive(&portal, "1", refused).await;
        let shown = async |actor: &Actor| {
            let emails = portal.gate.on_behalf_of(actor).connector_emails(account).await.unwrap();
            (emails.mails.len(), emails.elsewhere)
        };
        assert_eq!(shown(&priya).await, (1, 0), "she sees all that Jem sends for");
        done(&portal, &grace, wish(account, Role::Connector, "G7H8J", None)).await;
        for (actor, seen) in [(&priya, (0, 1)), (&grace, (1, 0)), (&jem, (1, 0))] {
            assert_eq!(shown(actor).await, seen, "{}", actor.name());
        }
        assert_eq!(kept(&portal).await[0].mail.why, Some(Why::Refusal(Refusal::NoFile)));
    }

    async fn what_refused_mails_said_is_forgotten_after_their_days(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let names = vec!["Fintan Gillespie.csv".to_owned(), "b.csv".to_owned()];
        let several = email::Mail { file: Err(Refusal::Several { names }), ..mail(JEM, "1", "") };
        receive(&portal, "1", several).await;
        let days = i64::from(portal.gate.rules().email.set_aside_days);
        portal.pass_seconds(days * DAY + 1);
        for _ in 0..2 {
            portal.sweep().await;
            let left = kept(&portal).await.remove(0);
            let unnamed = Refusal::Several { names: vec!["…".to_owned(); 2] };
            assert_eq!((left.mail.subject.as_str(), left.mail.why), ("", Some(Why::Refusal(unnamed))));
            let source = messages::source(portal.gate.store().reader(), left.seq).await.unwrap();
            assert_eq!((left.mail.intake, source), (Intake::Refused, None));
        }
    }

    async fn a_key_that_is_removed_is_told_by_letter(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let visit = portal.gate.on_behalf_of(&jem);
        visit.make_email_key().await.unwrap();
        visit.drop_email_key().await.unwrap();
        // There is nothing to remove, and nothing to tell.
        visit.drop_email_key().await.unwrap();
        let letters = sent(&portal).await;
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(|(to, _)| to == JEM));
        says(called(&letters, "The key for your files by email was removed"), &["If this was not you"]);
        let ben = portal.persona("Ben").await;
        assert!(matches!(portal.gate.on_behalf_of(&ben).drop_email_key().await, Err(GateError::Denied)));
    }
}
