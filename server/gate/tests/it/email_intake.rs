//! Mails come in: whose they are, what becomes of them, and what their senders are told.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    email::{Attach, Automatic, Distrust, Intake, Refusal, Why},
    grant::Terms,
    life::Turn,
    plan::RowKind,
    policy::{Actor, Role},
    request::{AccountWish, Cells, RoleWish, Wish},
    rules::Threshold,
    submission::{Outcome, State},
    trail::Action,
    values::ids::SubmissionId,
};
use email::{Attachment, Claim, Limits, Mail, Outline, Proof};
use futures::future::join_all;
use gate::{
    Arrived, GateError, TrailQuery,
    service::letters::{self, Composed, WrittenOut},
};
use store::access::email::{
    messages::{self, Message, MessageQuery},
    runs,
};
use testkit::{Portal, on_both};

use crate::{
    apply, file,
    grants::{self, DAY, wish},
    lifecycle,
};

const JEM: &str = "jem.larkspur@health.example";
const RECEIVED: &str = "Your file was received and checked: ";

/// Gives somebody the role Connector with the channel email.
pub async fn sends_by_email(portal: &Portal, address: &str, organisation: &str) -> Actor {
    let person = portal.person(address).await;
    let granted = wish(person.account().unwrap(), Role::Connector, organisation, None);
    let Wish::Role(
        account,
        RoleWish::Grant {
            role,
            organisation,
            unit,
            terms,
        },
    ) = granted
    else {
        panic!("a grant")
    };
    let terms = Terms {
        channels: vec![Channel::EmailCsv],
        ..terms
    };
    let grant = RoleWish::Grant {
        role,
        organisation,
        unit,
        terms,
    };
    let grace = portal.persona("Grace").await;
    grants::done(portal, &grace, Wish::Role(account, grant)).await;
    // What is told of the role is none of the tests' business.
    sent(portal).await;
    person
}

/// A mail of somebody who has signed in to the mail server, with a file.
pub fn mail(from: &str, message_id: &str, text: &str) -> Mail {
    Mail {
        from: vec![from.to_owned()],
        message_id: Some(message_id.to_owned()),
        references: vec!["earlier@health.example".to_owned()],
        subject: "Staff list".to_owned(),
        to: vec!["connector.data@health.example".to_owned()],
        authserv_ids: vec!["mx.health.example".to_owned()],
        no_receipt: false,
        automatic: None,
        sender: Ok(Claim {
            from: from.to_owned(),
            proof: Proof::Login(from.to_owned()),
        }),
        file: Ok(Attachment {
            name: "staff list.csv".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }),
    }
}

/// The same without proof of who sent it.
fn unproved(from: &str, message_id: &str, why: Distrust) -> Mail {
    Mail {
        sender: Err(why),
        ..mail(from, message_id, "")
    }
}

/// Hands a mail in, as the adapters do. Nobody checks its file yet.
pub async fn deliver(portal: &Portal, source_key: &str, mail: Mail) {
    let gate = &portal.gate;
    if gate.knows_mail(source_key).await.unwrap() {
        return;
    }
    let arrived = Arrived {
        source_key: source_key.to_owned(),
        received: gate.now(),
        size: 2_000,
        outline: Outline::of(b"From: somebody\r\n\r\nA mail.", &Limits::STANDARD),
    };
    if let Some(automatic) = mail.automatic {
        let why = Why::Automatic(automatic);
        return gate.set_mail_aside(arrived, &mail, why).await.unwrap();
    }
    match gate.mail_sender(&mail).await.unwrap() {
        Ok((account, proof)) => {
            let sender = Actor::person(account.id, account.full_name());
            let visit = gate.on_behalf_of(&sender);
            visit.receive_mail(arrived, mail, &proof).await.unwrap();
        }
        Err(why) => gate.set_mail_aside(arrived, &mail, Why::Distrust(why)).await.unwrap(),
    }
}

/// Hands a mail in and has its file checked.
pub async fn receive(portal: &Portal, source_key: &str, mail: Mail) {
    deliver(portal, source_key, mail).await;
    portal.work().await;
}

/// Takes all letters that wait, each with its address.
pub async fn sent(portal: &Portal) -> Vec<(String, Composed)> {
    portal.pass_seconds(60);
    let mut sent = Vec::new();
    while let Some((mail, written)) = letters::claim(&portal.gate, "a test").await.unwrap() {
        match written {
            WrittenOut::Whole(letter) => sent.push((mail.address, letter)),
            WrittenOut::NotNeeded => {}
            WrittenOut::Unreadable(why) => panic!("{why}"),
        }
    }
    sent
}

/// The only letter that waits.
pub async fn only(portal: &Portal) -> (String, Composed) {
    let mut sent = sent(portal).await;
    let subjects: Vec<_> = sent
        .iter()
        .map(|(to, letter)| format!("{to}: {}", letter.subject))
        .collect();
    assert_eq!(sent.len(), 1, "{subjects:?}");
    sent.remove(0)
}

/// All mails, the first first.
pub async fn kept(portal: &Portal) -> Vec<Message> {
    let query = MessageQuery {
        sender: None,
        set_aside: false,
        before: None,
        limit: 10_000,
    };
    let mut kept = messages::list(portal.gate.store().reader(), &query).await.unwrap();
    kept.reverse();
    kept
}

pub async fn intakes(portal: &Portal) -> Vec<Intake> {
    kept(portal)
        .await
        .into_iter()
        .map(|message| message.mail.intake)
        .collect()
}

/// The submission of the mail that came last.
pub async fn latest(portal: &Portal) -> SubmissionId {
    let last = kept(portal).await.pop().expect("a mail");
    last.mail.submission.expect("a submission")
}

/// What a text says, on one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Has a letter say all of these.
pub fn says(letter: &Composed, said: &[&str]) {
    let text = words(&letter.text);
    for said in said {
        assert!(text.contains(said), "{said}: {}", letter.text);
    }
    assert!(letter.html.contains("</html>"));
}

on_both! {
    async fn a_file_of_a_proved_sender_is_checked_and_waits_for_the_run(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        receive(&portal, "maildir:1", mail(JEM, "1@health.example", &file(&["9001,RIV,Ada,Bright,"]))).await;
        let id = latest(&portal).await;
        let submission = portal.gate.on_behalf_of(&jem).submission(&id).await.unwrap();
        assert_eq!((submission.state, submission.channel), (State::Planned, Channel::EmailCsv));
        assert_eq!(submission.actor, jem);
        assert!(submission.waits_for_the_run() && !submission.is_held());
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap(), before);
        let message = kept(&portal).await.remove(0);
        assert_eq!((message.mail.intake, message.mail.sender), (Intake::Taken, jem.account().map(|own| (own, "Jem Larkspur".to_owned()))));
        assert_eq!(message.mail.proof, "Signed in to the mail server as jem.larkspur@health.example");
        let speaks_for = messages::organisations(portal.gate.store().reader(), message.seq).await.unwrap();
        assert_eq!(speaks_for.iter().map(ToString::to_string).collect::<Vec<_>>(), ["RIV"]);
        let (to, letter) = only(&portal).await;
        assert_eq!((to.as_str(), letter.subject), (JEM, format!("{RECEIVED}{id}")));
        let reply = letter.reply.unwrap();
        assert_eq!(reply.in_reply_to.as_deref(), Some("1@health.example"));
        assert_eq!((reply.references.len(), reply.mail), (2, message.seq));
        // The silence alarm counts mails, too.
        portal.gate.write_noted().await.unwrap();
        let health = portal.gate.on_behalf_of(&jem).connector_health(jem.account().unwrap()).await.unwrap();
        assert!(health.last_contact.is_some());
    }

    async fn the_receipt_is_the_preview_of_the_run(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "maildir:1", mail(JEM, "1@health.example", &file(&["9001,RIV,Ada,Bright,"]))).await;
        sent(&portal).await;
        let earlier = latest(&portal).await;
        portal.pass_seconds(3600);
        let rows = [
            "9001,RIV,Ada,Bright,",
            "1001,RIV,,,07700 900011",
            "1003,RIV,Perrin,Holloway,",
            "9002,RIV,Cleo,,",
            "9003,RIV,Otto,Winterbourne,0123",
            ",RIV01,Ben,Cartwright,",
        ];
        receive(&portal, "maildir:2", mail(JEM, "2@health.example", &file(&rows))).await;
        let id = latest(&portal).await;
        let (_, letter) = only(&portal).await;
        insta::assert_snapshot!(letter.text.replace(id.as_str(), "REFERENCE").replace(earlier.as_str(), "EARLIER"));
        let [marked] = &letter.attachments[..] else { panic!("{:?}", letter.attachments) };
        assert_eq!((marked.name.as_str(), marked.content_type), ("staff list-checked.csv", "text/csv; charset=utf-8"));
        let text = String::from_utf8(marked.bytes.clone()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 1 + rows.len(), "{text}");
        assert!(lines[0].ends_with(",Result"), "{text}");
        assert!(lines[1].contains("Not applied yet. This row would create an account."), "{text}");
        assert!(lines[2].contains("Not applied yet. This row would change: Mobile."), "{text}");
        assert!(lines[3].contains("No changes needed."), "{text}");
        assert!(lines[4].contains("Rejected. ") && lines[5].contains("Rejected. "), "{text}");
        assert!(lines[6].contains("Will not be applied: this row needs a decision."), "{text}");
    }

    async fn what_comes_while_a_run_is_under_way_is_told_of_the_next(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let run_at = gate::calendar::next_at_minute(portal.gate.now(), 19 * 60);
        portal.pass_until(run_at.plus_seconds(-10));
        deliver(&portal, "1", mail(JEM, "1", &file(&["9001,RIV,Ada,Bright,"]))).await;
        portal.pass_until(run_at);
        let tx = portal.gate.store().begin().await.unwrap();
        runs::begin(&tx, Some(20_778), (None, ""), run_at).await.unwrap();
        tx.commit().await.unwrap();
        deliver(&portal, "2", mail(JEM, "2", &file(&["9002,RIV,Cleo,Dusk,"]))).await;
        portal.work().await;
        let letters = sent(&portal).await;
        says(&letters[0].1, &["The run on 21 November 2026 at 7:00pm will:"]);
        says(&letters[1].1, &["The run on 22 November 2026 at 7:00pm will:"]);
    }

    async fn the_same_mail_again_is_linked_and_not_answered(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let text = file(&["9001,RIV,Ada,Bright,"]);
        for key in ["maildir:1", "maildir:1", "maildir:2", "imap:3"] {
            receive(&portal, key, mail(JEM, "1@health.example", &text)).await;
        }
        assert_eq!(intakes(&portal).await, [Intake::Taken, Intake::Duplicate, Intake::Duplicate]);
        let messages = kept(&portal).await;
        assert!(messages[1..].iter().all(|again| again.mail.duplicate_of == Some(messages[0].seq)));
        assert_eq!(messages[2].mail.submission, messages[0].mail.submission);
        assert_eq!(sent(&portal).await.len(), 1);
        // Another file under the same Message-ID is another file: an ID alone suppresses nothing.
        receive(&portal, "maildir:4", mail(JEM, "1@health.example", &file(&["9002,RIV,Cleo,Dusk,"]))).await;
        // And the same file, sent anew, is the latest.
        receive(&portal, "maildir:5", mail(JEM, "5@health.example", &text)).await;
        assert_eq!(intakes(&portal).await[3..], [Intake::Taken, Intake::Taken]);
        let letters = sent(&portal).await;
        assert_eq!(letters.len(), 2);
        says(&letters[1].1, &["This file replaces:", "staff list.csv, sent on 21 November 2026"]);
    }

    async fn an_earlier_file_of_somebody_else_is_named_with_its_sender(portal: Portal) {
        for address in [JEM, "perrin.holloway@health.example"] {
            sends_by_email(&portal, address, "RIV").await;
        }
        receive(&portal, "1", mail(JEM, "1@health.example", &file(&["9001,RIV,Ada,Bright,"]))).await;
        sent(&portal).await;
        let perrin = mail("perrin.holloway@health.example", "2@health.example", &file(&["9002,RIV,Cleo,Dusk,"]));
        receive(&portal, "2", perrin).await;
        let (to, letter) = only(&portal).await;
        assert_eq!(to, "perrin.holloway@health.example");
        says(&letter, &["staff list.csv, sent by Jem Larkspur on 21 November 2026", "(Riverside Hospitals Trust)"]);
        // A file that cannot be read replaces nothing.
        receive(&portal, "3", mail(JEM, "3@health.example", "Nonsense\nx\n")).await;
        let (to, letter) = only(&portal).await;
        assert_eq!((to.as_str(), letter.subject.split(':').next()), (JEM, Some("Your file cannot be read")));
        says(&letter, &["does not replace a file that you sent before", "staff list.csv"]);
        let waiting = messages::waiting(portal.gate.store().reader(), None, None).await.unwrap();
        assert_eq!(waiting.len(), 2);
    }

    async fn strangers_are_never_answered_and_the_named_account_once_a_day(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let stranger = || unproved("stranger@elsewhere.example", "s@elsewhere.example", Distrust::NotAligned);
        receive(&portal, "1", stranger()).await;
        receive(&portal, "2", mail("nobody@health.example", "n@health.example", "x")).await;
        let several = Mail { from: vec![JEM.to_owned(), "ben.cartwright@health.example".to_owned()], ..unproved(JEM, "m", Distrust::SeveralFrom) };
        receive(&portal, "3", several).await;
        assert!(sent(&portal).await.is_empty());
        for key in ["4", "5"] {
            receive(&portal, key, unproved(JEM, key, Distrust::NotSignedIn)).await;
        }
        let (to, letter) = only(&portal).await;
        assert_eq!((to.as_str(), letter.subject.as_str()), (JEM, "An email in your name was not processed"));
        says(&letter, &["The sender did not sign in to the mail server.", "at most once a day"]);
        assert_eq!(letter.reply, None);
        portal.pass_seconds(DAY);
        receive(&portal, "6", unproved(JEM, "6", Distrust::NoResults)).await;
        let (_, letter) = only(&portal).await;
        assert!(!letter.text.contains("PORTAL_"), "{}", letter.text);
        assert_eq!(intakes(&portal).await, [Intake::NotProved; 6]);
        let source = messages::source(portal.gate.store().reader(), kept(&portal).await[0].seq).await.unwrap();
        assert!(source.is_some());
    }

    async fn a_sender_is_the_account_by_which_they_signed_in(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let claims = |from: &str, proof: Proof| Mail {
            sender: Ok(Claim { from: from.to_owned(), proof }),
            ..mail(from, "1@health.example", "x")
        };
        let told = async |mail: Mail| portal.gate.mail_sender(&mail).await.unwrap().map(|(account, _)| Some(account.id));
        let login = |address: &str| Proof::Login(address.to_owned());
        assert_eq!(told(claims(JEM, login(JEM))).await, Ok(jem.account()));
        assert_eq!(told(claims(JEM, Proof::Domain("dmarc"))).await, Ok(jem.account()));
        assert_eq!(told(claims(JEM, login("perrin.holloway@health.example"))).await, Err(Distrust::AnotherLogin));
        assert_eq!(told(claims(JEM, login("nobody@health.example"))).await, Err(Distrust::AnotherLogin));
        assert_eq!(told(claims("nobody@health.example", login("nobody@health.example"))).await, Err(Distrust::Unknown));
        // A former address is one of the same account.
        let (priya, new) = (portal.persona("Priya").await, "jem.heron@health.example");
        let cells = Cells::of([(Attribute::EmailAddress, new)]);
        lifecycle::done(&portal, &priya, Wish::Account(jem.account().unwrap(), AccountWish::Edit(cells))).await;
        assert_eq!(told(claims(JEM, login(new))).await, Ok(jem.account()));
        portal.turn(new, Turn::Disable).await;
        assert_eq!(told(claims(JEM, login(new))).await, Err(Distrust::NotActive));
    }

    async fn what_cannot_be_used_is_refused_with_what_to_do(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let names = vec!["a.csv".to_owned(), "a.csv".to_owned()];
        let refusals = [
            Refusal::NoFile, Refusal::Pasted, Refusal::Several { names: names.clone() }, Refusal::Winmail, Refusal::Encrypted,
            Refusal::Forwarded, Refusal::ZipEncrypted, Refusal::ZipEmpty, Refusal::ZipSeveral { names },
            Refusal::ZipTooLarge { limit_mib: 50 }, Refusal::ZipBroken, Refusal::FileTooLarge { limit_mib: 10 },
            Refusal::MailTooLarge { limit_mib: 25 }, Refusal::TooManyParts, Refusal::HeadersTooLong,
        ];
        for (number, why) in refusals.iter().enumerate() {
            let refused = Mail { file: Err(why.clone()), ..mail(JEM, &number.to_string(), "") };
            receive(&portal, &number.to_string(), refused).await;
            let (to, letter) = only(&portal).await;
            assert_eq!((to.as_str(), letter.subject.as_str()), (JEM, "Your email was not processed"));
            says(&letter, &[&why.sentence(), why.cure()]);
            assert_eq!(letter.reply.unwrap().in_reply_to, Some(number.to_string()));
        }
        // Who may send nothing by email is told so first; nothing of their file is said.
        receive(&portal, "hamid", mail("hamid.noorzai@health.example", "h", &file(&["9001,RIV,Ada,Bright,"]))).await;
        let (to, letter) = only(&portal).await;
        assert_eq!(to, "hamid.noorzai@health.example");
        says(&letter, &["You do not have permission to send files by email."]);
        let messages = kept(&portal).await;
        assert!(messages.iter().all(|message| message.mail.intake == Intake::Refused && message.mail.submission.is_none()));
        assert_eq!(messages.last().unwrap().mail.why, Some(Why::Refusal(Refusal::NoGrant)));
    }

    async fn automatic_mail_is_set_aside_without_an_answer(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let automatic = Mail { automatic: Some(Automatic::AutoSubmitted), ..mail(JEM, "1", &file(&["9001,RIV,Ada,Bright,"])) };
        receive(&portal, "1", automatic).await;
        assert_eq!(intakes(&portal).await, [Intake::Automatic]);
        assert!(sent(&portal).await.is_empty());
    }

    async fn who_has_set_a_key_is_believed_only_with_it(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        let (visit, ben) = (portal.gate.on_behalf_of(&jem), portal.persona("Ben").await);
        assert!(matches!(portal.gate.on_behalf_of(&ben).make_email_key().await, Err(GateError::Denied)));
        assert!(matches!(portal.gate.on_behalf_of(&ben).email_key().await, Err(GateError::Denied)));
        assert_eq!(visit.email_key().await.unwrap(), None);
        let key = visit.make_email_key().await.unwrap();
        assert_eq!(visit.email_key().await.unwrap(), Some(portal.gate.now()));
        let (to, letter) = only(&portal).await;
        assert_eq!((to.as_str(), letter.subject.as_str()), (JEM, "A key for your files by email was made"));
        assert!(!letter.text.contains(&key));
        let new = |number: u32| mail(JEM, &number.to_string(), &file(&[&format!("900{number},RIV,Ada,Bright,")]));
        let with_subject = |number: u32, subject: String| Mail { subject, ..new(number) };
        receive(&portal, "1", new(1)).await;
        receive(&portal, "2", with_subject(2, format!("Staff list {key}x"))).await;
        receive(&portal, "3", with_subject(3, format!("Staff list {}", key.to_uppercase()))).await;
        let tagged = vec![format!("connector.data+{key}@health.example")];
        receive(&portal, "4", Mail { to: tagged, ..new(4) }).await;
        assert_eq!(intakes(&portal).await, [Intake::Refused, Intake::Refused, Intake::Taken, Intake::Taken]);
        assert_eq!(kept(&portal).await[2].mail.subject, "Staff list …");
        says(&sent(&portal).await[0].1, &["Your email does not have your key."]);
        let other = visit.make_email_key().await.unwrap();
        assert_ne!(other, key);
        receive(&portal, "5", with_subject(5, format!("Staff list {key}"))).await;
        visit.drop_email_key().await.unwrap();
        visit.drop_email_key().await.unwrap();
        receive(&portal, "6", new(6)).await;
        assert_eq!(intakes(&portal).await[4..], [Intake::Refused, Intake::Taken]);
        let grace = portal.persona("Grace").await;
        let query = TrailQuery { action: Some(Action::EmailKeySet), ..TrailQuery::default() };
        let page = portal.gate.on_behalf_of(&grace).trail(&query, None, 50).await.unwrap();
        let told: Vec<_> = page.entries.iter().map(|entry| entry.sentence(gate::calendar::day)).collect();
        let (made, removed) = ("Made a key for files sent by email", "Removed the key for files sent by email");
        assert_eq!(told, [removed, made, made]);
    }

    async fn who_sends_very_much_is_sent_a_few_replies_and_then_one_more(portal: Portal) {
        let portal = portal.ruled(|rules| rules.email.replies_an_hour = 2);
        sends_by_email(&portal, JEM, "RIV").await;
        let refused = |number: u32| Mail { file: Err(Refusal::NoFile), ..mail(JEM, &number.to_string(), "") };
        for number in 0..5 {
            receive(&portal, &number.to_string(), refused(number)).await;
        }
        let letters = sent(&portal).await;
        let subjects: Vec<_> = letters.iter().map(|(_, letter)| letter.subject.as_str()).collect();
        let not_processed = "Your email was not processed";
        assert_eq!(subjects, [not_processed, not_processed, "No more replies for now"]);
        assert_eq!(intakes(&portal).await, [Intake::Refused; 5]);
        portal.pass_seconds(3600);
        receive(&portal, "later", refused(9)).await;
        assert_eq!(only(&portal).await.1.subject, not_processed);
    }

    async fn who_asks_for_no_receipt_is_sent_none(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let quiet = Mail { no_receipt: true, ..mail(JEM, "1", &file(&["9001,RIV,Ada,Bright,"])) };
        receive(&portal, "1", quiet).await;
        assert_eq!(intakes(&portal).await, [Intake::Taken]);
        assert!(sent(&portal).await.is_empty());
    }

    async fn files_are_attached_only_where_they_may_go(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let rows = file(&["9003,RIV,Otto,Winterbourne,07000 nope"]);
        for (number, attach, is_attached) in [(1, Attach::Internal, true), (2, Attach::Always, true), (3, Attach::Never, false)] {
            let gate = portal.again_by(&portal.url).await.ruled(|rules| rules.email.attach = attach);
            receive(&gate, &number.to_string(), mail(JEM, &number.to_string(), &rows)).await;
            let (_, letter) = only(&gate).await;
            assert_eq!(letter.attachments.len(), usize::from(is_attached), "{attach:?}");
            // A mail server to which it is too large gets the same without the file.
            let without = letter.without_files.as_ref().map(|less| less.text.contains("You can download your file"));
            assert_eq!(without, is_attached.then_some(true), "{attach:?}");
            assert_eq!(letter.text.contains("Your file is attached"), is_attached, "{}", letter.text);
            assert_eq!(letter.text.contains("You can download your file"), !is_attached, "{}", letter.text);
            // Nor does the letter say what stands in cells.
            assert_eq!(letter.text.contains("nope"), is_attached, "{}", letter.text);
        }
        let elsewhere = portal.again_by(&portal.url).await;
        receive(&elsewhere, "4", mail(JEM, "4", &rows)).await;
        let outside = elsewhere.ruled(|rules| {
            rules.mail_domain = domain::values::email_address::MailDomain::parse("nhs.example").unwrap();
        });
        assert!(only(&outside).await.1.attachments.is_empty());
    }

    async fn rows_of_an_organisation_that_is_not_the_senders_are_problems(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let rows = ["9001,RIV,Ada,Bright,", "9002,G7H8J,Cleo,Dusk,", "9003,XXXXX,Otto,Winterbourne,"];
        receive(&portal, "1", mail(JEM, "1", &file(&rows))).await;
        let (grace, id) = (portal.persona("Grace").await, latest(&portal).await);
        let totals = portal.gate.on_behalf_of(&grace).submission(&id).await.unwrap().totals;
        assert_eq!((totals.of(RowKind::Create), totals.of(RowKind::Problem)), (1, 2));
        let (_, letter) = only(&portal).await;
        says(&letter, &["create 1 account", "reject 2 rows with problems", "Organisations: Riverside Hospitals Trust"]);
        assert!(!letter.text.contains("Mill Lane Surgery"), "{}", letter.text);
        let speaks_for = messages::organisations(portal.gate.store().reader(), kept(&portal).await[0].seq).await.unwrap();
        assert_eq!(speaks_for.len(), 1, "nobody's file takes the place of another's");
    }

    async fn a_role_that_was_revoked_before_the_check_changes_nothing(portal: Portal) {
        let jem = sends_by_email(&portal, JEM, "RIV").await;
        deliver(&portal, "1", mail(JEM, "1", &file(&["9001,RIV,Ada,Bright,"]))).await;
        let grace = portal.persona("Grace").await;
        let found = portal.gate.on_behalf_of(&grace).administrators(Some(Role::Connector)).await.unwrap();
        let held = found.grants.iter().find(|listed| Some(listed.granted.holder.id) == jem.account()).unwrap();
        grants::done(&portal, &grace, grants::revoke(held)).await;
        portal.work().await;
        let submission = portal.gate.on_behalf_of(&grace).submission(&latest(&portal).await).await.unwrap();
        assert_eq!((submission.state, submission.totals.of(RowKind::Create)), (State::Planned, 0));
        assert_eq!(submission.totals.with_problems(), 1);
        let speaks_for = messages::organisations(portal.gate.store().reader(), kept(&portal).await[0].seq).await.unwrap();
        assert!(speaks_for.is_empty());
        // And nothing more is taken.
        receive(&portal, "2", mail(JEM, "2", &file(&["9002,RIV,Cleo,Dusk,"]))).await;
        assert_eq!(kept(&portal).await[1].mail.why, Some(Why::Refusal(Refusal::NoGrant)));
    }

    async fn a_file_that_changes_very_many_says_that_it_waits_for_an_administrator(portal: Portal) {
        let few = Threshold { percent: 1, accounts: 1 };
        let portal = portal.ruled(|rules| rules.threshold = few);
        sends_by_email(&portal, JEM, "RIV").await;
        let rows = ["1001,RIV,,,07700 900011", "1003,RIV,,,07700 900012"];
        receive(&portal, "1", mail(JEM, "1", &file(&rows))).await;
        let (ben, id) = (portal.persona("Ben").await, latest(&portal).await);
        let letters = sent(&portal).await;
        let to_jem = letters.iter().find(|(to, _)| to == JEM).unwrap();
        says(&to_jem.1, &["It waits until an administrator applies or discards it.", "change 2 accounts", "2 of "]);
        let held = letters.iter().filter(|(_, letter)| letter.subject == "Changes from Jem Larkspur are waiting for you");
        assert_eq!(held.count(), 2, "Ben and Priya decide");
        assert!(portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap().is_held());
        apply(&portal, &ben, &id).await;
        let applied = portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap();
        assert_eq!((applied.state, applied.totals.with(Outcome::Done)), (State::Applied, 2));
        let letters = sent(&portal).await;
        let result: Vec<_> = letters.iter().filter(|(_, letter)| letter.subject == format!("Your file was applied: {id}")).collect();
        let [(to, letter)] = &result[..] else { panic!("{}", result.len()) };
        assert_eq!(to, JEM);
        says(letter, &["Accounts changed: 2", "Your file is attached with the result of each row."]);
        let names: Vec<_> = letter.attachments.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["staff list-result.csv"]);
        portal.adds_up().await;
    }

    async fn five_hundred_mails_at_once_are_one_submission_each(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let new = |number: u32| mail(JEM, &number.to_string(), &file(&[&format!("m{number},RIV,Ada,Bright,")]));
        // Some are delivered by two processes at the same moment.
        let numbers = (0..500).chain(0..50);
        join_all(numbers.map(|number| {
            let (portal, key) = (&portal, format!("maildir:{number}"));
            async move { deliver(portal, &key, new(number)).await }
        }))
        .await;
        let messages = kept(&portal).await;
        assert_eq!(messages.len(), 500);
        assert!(messages.iter().all(|message| message.mail.intake == Intake::Taken));
        let mut submissions: Vec<_> = messages.iter().filter_map(|message| message.mail.submission.clone()).collect();
        submissions.sort();
        submissions.dedup();
        assert_eq!(submissions.len(), 500);
    }
}
