//! Files by email, sent by real mail programs' mails through real mail servers, and the answers in the senders' mailboxes.
//!
//! swaks → Postfix, with rspamd → Dovecot → Maildir or IMAP → the portal → Postfix → Dovecot → the sender's Maildir.

mod mailbox;
mod running;
mod story;

use std::{fs, time::Duration};

use domain::{
    email::{Distrust, Intake, Why},
    submission::State,
};
use store::access::email::messages::Message;

use self::{
    running::{Outside, folder},
    story::{CONNECTOR, GONE, JEM, LISTS, OLWEN, RITA, SEREN, STRANGER, Story, TEGAN},
};

/// The mail server of an organisation that signs its mail.
const RIVERSIDE: Outside = Outside {
    address: "203.0.113.25",
    name: "mail.riverside.example",
};
/// A mail server of somebody else.
const ELSEWHERE: Outside = Outside {
    address: "198.51.100.7",
    name: "mail.elsewhere.example",
};

/// The subjects of letters, as far as they are the same in all.
const RECEIPT: &str = "Your file was received and checked";
const RESULT: &str = "Your file was applied";
const NOTE: &str = "An email in your name was not processed";

/// Message-IDs of the mails of `mails`, without brackets.
const OUTLOOK: &str = "DB7PR01MB5083A1D4@DB7PR01MB5083.example";
const OUTLOOK_WEB: &str = "LO2P265MB0477B2E5@LO2P265MB0477.example";
const THUNDERBIRD: &str = "5c7e0f0a-7f4a-4a6a-9c55-3f0f7a0c1d21@health.example";
const APPLE_MAIL: &str = "0C6B1B1F-6A39-4F6D-9D5B-2E0F8B7A9C10@health.example";
const PYTHON: &str = "176458140000.2718.3141592653589793238@hr-server.mill-lane.example";
const GMAIL: &str = "CAJ7p0fXy3kN1sTqQw=hospice@mail.gmail.example";
const SCANNER: &str = "20261130093320.0001.MFP2EAST@mfp-2-east.health.example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_through_real_mail_servers_and_answers_come_back() {
    let Some(mut story) = Story::begin().await else {
        eprintln!("NOT TRIED: Postfix must be started as root");
        return;
    };
    story.serve(&story.by_maildir()).await;
    a_file_is_answered_by_what_the_run_will_do(&story).await;
    files_of_other_mail_programs_are_taken(&story).await;
    what_is_forged_is_set_aside(&story).await;
    what_programs_answer_is_not_answered(&story).await;
    nothing_is_applied_before_the_run(&story).await;
    the_run_applies_the_latest_files(&story).await;
    nobody_else_is_written_to(&story).await;

    story.serve(&story.by_imap()).await;
    let first = a_file_is_taken_by_imap(&story, "9871").await;
    // The folder is remembered, so what lies in it is not taken again.
    story.serve(&story.by_imap()).await;
    let second = a_file_is_taken_by_imap(&story, "9872").await;
    assert_eq!(story.messages().await.len(), usize::try_from(second.seq).unwrap());
    assert_eq!(second.seq, first.seq + 1);
    // The folder is numbered anew: what lay in it is noted, and what comes now is taken.
    story.stop();
    number_anew(&story);
    // Mail servers say by the second when a mail came in.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    story.serve(&story.by_imap()).await;
    let third = a_file_is_taken_by_imap(&story, "9873").await;
    let messages = story.messages().await;
    let again = messages
        .iter()
        .filter(|message| message.seq > second.seq && message.seq < third.seq);
    let again: Vec<_> = again.map(|message| message.mail.intake).collect();
    assert!(
        again.len() >= 2 && again.iter().all(|intake| *intake == Intake::Old),
        "{again:?}"
    );
    assert_eq!(third.mail.intake, Intake::Taken);
}

/// Has Dovecot forget the numbers of the mailbox that is read by IMAP.
fn number_anew(story: &Story) {
    for entry in fs::read_dir(story.servers.maildir(LISTS)).expect("the mailbox") {
        let path = entry.expect("a file").path();
        let is_dovecots = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("dovecot"));
        if is_dovecots && path.is_file() {
            fs::remove_file(path).expect("it can be removed");
        }
    }
}

/// A mail of a mail program.
fn mail(name: &str) -> String {
    fs::read_to_string(folder("mails").join(name)).expect("a mail")
}

/// A mail with a short list and nothing else, with fields as given.
fn plain(message_id: &str, from: &str, fields: &str) -> String {
    format!(
        "From: {from}\nTo: {CONNECTOR}\nSubject: Staff list\nDate: Mon, 30 Nov 2026 10:00:00 +0000\n\
         Message-ID: <{message_id}>\n{fields}MIME-Version: 1.0\nContent-Type: text/csv; name=\"staff.csv\"\n\
         Content-Disposition: attachment; filename=\"staff.csv\"\n\n\
         LocalID,ODSCode,FirstName,LastName\n9899,RIV,Mallory,Intruder\n"
    )
}

async fn a_file_is_answered_by_what_the_run_will_do(story: &Story) {
    story.servers.submit(JEM, JEM, CONNECTOR, &mail("outlook.eml")).unwrap();
    let receipt = story.answer_to(JEM, OUTLOOK, RECEIPT).await;
    assert_eq!(receipt.from, CONNECTOR);
    let bounces = receipt.return_path.trim_matches(['<', '>']);
    assert!(bounces.starts_with("connector.data+bounce-"), "{bounces}");
    assert_eq!(receipt.auto_submitted, "auto-replied");
    assert!(receipt.references.contains(OUTLOOK), "{}", receipt.references);
    for said in [
        "Riverside staff.csv",
        "create 1 account",
        "change 1 account",
        "change nothing for 1 row",
        "reject 1 row with problems",
        "NOSUCH",
    ] {
        assert!(receipt.text.contains(said), "{said}: {}", receipt.text);
    }
    let [(name, marked)] = receipt.files.as_slice() else {
        panic!("one file is attached: {:?}", receipt.files);
    };
    assert!(name.starts_with("Riverside staff"), "{name}");
    assert!(
        marked.contains("Fothergilly") && marked.contains("Wanderer"),
        "{marked}"
    );
}

async fn files_of_other_mail_programs_are_taken(story: &Story) {
    let servers = &story.servers;
    servers.submit(JEM, JEM, CONNECTOR, &mail("outlook-web.eml")).unwrap();
    servers.submit(JEM, JEM, CONNECTOR, &mail("thunderbird.eml")).unwrap();
    servers
        .submit(SEREN, SEREN, CONNECTOR, &mail("apple-mail.eml"))
        .unwrap();
    servers.submit(OLWEN, OLWEN, CONNECTOR, &mail("python.eml")).unwrap();
    // Gmail sends by the mail server of the address, too.
    servers.submit(TEGAN, TEGAN, CONNECTOR, &mail("gmail.eml")).unwrap();
    // Nobody has a mailbox where the scanner's answers go.
    servers.submit(GONE, GONE, CONNECTOR, &mail("scanner.eml")).unwrap();

    let receipt = story.answer_to(JEM, OUTLOOK_WEB, RECEIPT).await;
    for said in ["Riverside – corrected.csv", "This file replaces", "Riverside staff.csv"] {
        assert!(receipt.text.contains(said), "{said}: {}", receipt.text);
    }
    for (sender, message_id, file, created) in [
        (JEM, THUNDERBIRD, "community.csv", "create 1 account"),
        (SEREN, APPLE_MAIL, "children.csv", "create 1 account"),
        (OLWEN, PYTHON, "export_20261130.csv", "create 2 accounts"),
        (TEGAN, GMAIL, "hospice.csv", "create 1 account"),
    ] {
        let receipt = story.answer_to(sender, message_id, RECEIPT).await;
        for said in [file, created] {
            assert!(receipt.text.contains(said), "{said}: {}", receipt.text);
        }
    }
    assert_eq!(story.message(SCANNER).await.mail.intake, Intake::Taken);
    // A scan is no list, and the letter about it comes back, and that is the end of it.
    let returned = |message: &Message| message.mail.from.starts_with("mailer-daemon@");
    let returned = story.message_that("is returned", returned).await;
    assert_eq!(returned.mail.intake, Intake::Automatic);
}

async fn what_is_forged_is_set_aside(story: &Story) {
    let servers = &story.servers;
    let in_name_of_jem = format!("Jem Larkspur <{JEM}>");
    let in_name_of_rita = format!("Rita Elsewhere <{RITA}>");
    // Our own mail server's words, and the way that a mail takes which somebody has signed in for.
    let pass = format!("Authentication-Results: mx.health.example; auth=pass smtp.auth={JEM} smtp.mailfrom={JEM}\n");
    let way = "Received: from vm (unknown [127.0.0.1])\n by mx.health.example (Postfix) with ESMTPSA id 8E4D59EE012;\n \
               Mon, 30 Nov 2026 10:36:58 +0000 (UTC)\n";
    let twice = format!("{pass}{way}{pass}");

    let refused = servers.submit(OLWEN, JEM, CONNECTOR, &plain("envelope@x.example", &in_name_of_jem, ""));
    assert!(refused.is_err_and(|said| said.contains("not owned by user")));
    let refused = servers.send_from_outside(
        ELSEWHERE,
        JEM,
        CONNECTOR,
        &plain("outside@x.example", &in_name_of_jem, ""),
    );
    assert!(refused.is_err_and(|said| said.contains("Sender address rejected")));

    // A login of Jem's in the envelope, where rspamd would copy it into a comment.
    let written = |domain: &str| format!("\"x) ; auth=pass smtp.auth={JEM} ; a=b (y\"@{domain}");
    let mail = plain("envelope-login@x.example", &in_name_of_jem, "");
    for refused in [
        servers.send_from_outside(ELSEWHERE, &written("elsewhere.example"), CONNECTOR, &mail),
        servers.send_from_inside(&written("elsewhere.example"), CONNECTOR, &mail),
        servers.submit(OLWEN, &written("health.example"), CONNECTOR, &mail),
    ] {
        assert!(refused.is_err_and(|said| said.contains("Sender address rejected")));
    }

    let outside = |id: &str, from: &str, fields: &str| {
        let mail = plain(id, from, fields);
        servers
            .send_from_outside(ELSEWHERE, STRANGER, CONNECTOR, &mail)
            .unwrap();
    };
    outside("plain@x.example", &in_name_of_jem, "");
    outside("words@x.example", &in_name_of_jem, &pass);
    outside("twice@x.example", &in_name_of_jem, &twice);
    outside("rita@x.example", &in_name_of_rita, "");
    let signed = servers.signed(
        "elsewhere.example",
        &plain("by-another@x.example", &in_name_of_rita, ""),
    );
    servers
        .send_from_outside(ELSEWHERE, STRANGER, CONNECTOR, &signed)
        .unwrap();
    // Rita sends it, and nobody here knows Rita.
    let signed = servers.signed("riverside.example", &plain("known@x.example", &in_name_of_rita, ""));
    servers.send_from_outside(RIVERSIDE, RITA, CONNECTOR, &signed).unwrap();
    // Postfix looks at the envelope alone.
    let mail = plain("login@x.example", &in_name_of_jem, &twice);
    servers.submit(OLWEN, OLWEN, CONNECTOR, &mail).unwrap();

    for (id, why) in [
        ("plain@x.example", Distrust::NotSignedIn),
        ("words@x.example", Distrust::NotSignedIn),
        ("twice@x.example", Distrust::NotSignedIn),
        ("rita@x.example", Distrust::NotAligned),
        ("by-another@x.example", Distrust::NotAligned),
        ("known@x.example", Distrust::Unknown),
        ("login@x.example", Distrust::AnotherLogin),
    ] {
        let message = story.message(id).await;
        assert_eq!(message.mail.intake, Intake::NotProved, "{id}");
        assert_eq!(message.mail.why, Some(Why::Distrust(why)), "{id}");
    }
    story.letter_to(JEM, NOTE).await;
}

async fn what_programs_answer_is_not_answered(story: &Story) {
    let receipt = story.answer_to(JEM, OUTLOOK, RECEIPT).await;
    let bounces = receipt.return_path.trim_matches(['<', '>']);
    let absent = |id: &str, fields: &str| {
        format!(
            "From: Jem Larkspur <{JEM}>\nTo: {CONNECTOR}\nSubject: Automatic reply: {}\nMessage-ID: <{id}>\n\
             Date: Mon, 30 Nov 2026 10:01:00 +0000\n{fields}MIME-Version: 1.0\nContent-Type: text/plain\n\nI am away.\n",
            receipt.subject
        )
    };
    let servers = &story.servers;
    let by_rule = absent("absent-1@x.example", "Auto-Submitted: auto-replied\n");
    servers.send_from_inside("<>", bounces, &by_rule).unwrap();
    let by_outlook = absent(
        "absent-2@x.example",
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n",
    );
    servers.submit(JEM, "<>", CONNECTOR, &by_outlook).unwrap();
    // A program that answers as if it were a person, to where returned mail goes.
    servers
        .submit(JEM, JEM, bounces, &absent("absent-3@x.example", ""))
        .unwrap();
    for id in ["absent-1@x.example", "absent-2@x.example", "absent-3@x.example"] {
        assert_eq!(story.message(id).await.mail.intake, Intake::Automatic, "{id}");
    }
}

async fn nothing_is_applied_before_the_run(story: &Story) {
    let printed = story.command(&["connector", "run", "--dry-run"]);
    assert!(!printed.is_empty());
    assert_eq!(story.state(OUTLOOK_WEB).await, State::Planned);
    assert_eq!(story.job_title("9801").await, None);
}

async fn the_run_applies_the_latest_files(story: &Story) {
    story.command(&["connector", "run"]);
    let result = story.answer_to(JEM, OUTLOOK_WEB, RESULT).await;
    assert_eq!(
        (result.from.as_str(), result.auto_submitted.as_str()),
        (CONNECTOR, "auto-replied")
    );
    for said in ["Accounts created: 1", "Accounts changed: 1", "Rows rejected: 0"] {
        assert!(result.text.contains(said), "{said}: {}", result.text);
    }
    let is_marked = |(_, text): &(String, String)| text.contains("Fothergilly") && text.contains("Result");
    assert!(result.files.iter().any(is_marked), "{:?}", result.files);
    story.answer_to(JEM, THUNDERBIRD, RESULT).await;
    story.answer_to(SEREN, APPLE_MAIL, RESULT).await;
    story.answer_to(OLWEN, PYTHON, RESULT).await;
    story.answer_to(TEGAN, GMAIL, RESULT).await;

    assert_eq!(story.state(OUTLOOK_WEB).await, State::Applied);
    assert_eq!(story.state(OUTLOOK).await, State::Superseded);
    for (local_id, job_title) in [
        ("9801", "Head porter"),
        ("1003", "Lead pharmacist"),
        ("9803", "Health visitor"),
        ("9804", "Play specialist"),
        ("9805", "Practice nurse"),
        ("9806", "Receptionist"),
        ("9807", "Chaplain"),
    ] {
        assert_eq!(
            story.job_title(local_id).await.as_deref(),
            Some(job_title),
            "{local_id}"
        );
    }
    assert_eq!(story.job_title("9899").await, None, "what was forged is not applied");
}

/// Long after all of it: no mail has been answered twice, and nobody who did not sign in has been answered at all.
async fn nobody_else_is_written_to(story: &Story) {
    let count = story.messages().await.len();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(story.messages().await.len(), count, "no answer has been answered");
    for mailbox in [STRANGER, RITA] {
        assert!(story.letters(mailbox).is_empty(), "{mailbox}");
    }
    let letters = story.letters(JEM);
    let answers = letters.iter().filter(|letter| !letter.in_reply_to.is_empty());
    assert_eq!(answers.count(), 5, "{letters:#?}");
    let to_jem: Vec<_> = letters.into_iter().map(|letter| letter.subject).collect();
    for (subject, times) in [(RECEIPT, 3), (RESULT, 2), (NOTE, 1)] {
        let found = to_jem.iter().filter(|found| found.starts_with(subject)).count();
        assert_eq!(found, times, "{subject}: {to_jem:?}");
    }
}

/// Sends somebody's details to the other address, whose mailbox is read by IMAP, and gives the mail as it was taken.
async fn a_file_is_taken_by_imap(story: &Story, local_id: &str) -> Message {
    let id = format!("{local_id}@x.example");
    let row = format!("{local_id},RIV02,Ida,Mapleton");
    let mail = plain(&id, JEM, "").replace("9899,RIV,Mallory,Intruder", &row);
    story.servers.submit(JEM, JEM, LISTS, &mail).unwrap();
    let receipt = story.answer_to(JEM, &id, RECEIPT).await;
    assert_eq!(receipt.from, LISTS);
    let message = story.message(&id).await;
    // Dovecot's own list begins with a line that has the folder's number.
    let list = fs::read_to_string(story.servers.maildir(LISTS).join("dovecot-uidlist")).expect("Dovecot's list");
    let validity = list.split_whitespace().find_map(|word| word.strip_prefix('V'));
    let validity = validity.expect("the number of the folder");
    assert!(
        message.mail.source_key.contains(validity),
        "{validity}: {}",
        message.mail.source_key
    );
    message
}
