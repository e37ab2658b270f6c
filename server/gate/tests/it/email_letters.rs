//! The letters about files by email, as `letters.rs` shows and checks them.

use domain::{
    email::{Distrust, Refusal},
    values::ids::{SubmissionId, Timestamp},
};
use gate::{
    Report,
    service::letters::{
        AttachedFile, EmailNoMoreReplies, EmailReceipt, EmailRefused, EmailResult, EmailSuperseded, EmailUnreadable,
        Foreseen, Letter, Replaced, Reply,
    },
};

/// 3 March 2027, 14:05 in London.
const THEN: Timestamp = Timestamp(1_804_082_700_000);

/// The run of that day.
const RUN: Timestamp = Timestamp(1_804_100_400_000);

fn reference() -> SubmissionId {
    SubmissionId::parse("7Q4K9TZM2X").unwrap()
}

fn reply(files: &[Report]) -> Reply {
    let file = |report: &Report| AttachedFile {
        submission: reference(),
        report: *report,
    };
    Reply {
        message_id: Some("staff-1@health.example".to_owned()),
        references: vec!["staff-0@health.example".to_owned()],
        mail: 7,
        files: files.iter().map(file).collect(),
    }
}

fn link() -> String {
    "https://staffbook.example/submissions/7Q4K9TZM2X".to_owned()
}

fn replaced(sender: Option<&str>) -> Replaced {
    Replaced {
        reference: None,
        file_name: "staff list.csv".to_owned(),
        sent_at: THEN.plus_seconds(-3600),
        sender: sender.map(ToOwned::to_owned),
        organisations: vec!["Riverside Hospitals Trust".to_owned()],
    }
}

fn receipt(first_name: &str) -> EmailReceipt {
    EmailReceipt {
        first_name: first_name.to_owned(),
        reference: reference(),
        file_name: "staff list.csv".to_owned(),
        size: 48_000,
        rows: 1_216,
        format: "New format".to_owned(),
        organisations: vec!["Riverside Hospitals Trust".to_owned(), "Zoë O’Neill Clinic".to_owned()],
        run_at: RUN,
        foreseen: Foreseen {
            created: 12,
            changed: 1,
            no_change: 1_200,
            rejected: 2,
            undecided: 1,
        },
        problems: vec![
            "E7: “0123” is not a UK mobile number. Write it as 07700 900123.".to_owned(),
            "Row 9: The first name is missing. Write it.".to_owned(),
        ],
        replaces: vec![replaced(None), replaced(Some("Ben Cartwright"))],
        later: vec![],
        held: vec![],
        link: link(),
        reply: reply(&[Report::Result]),
    }
}

fn result(first_name: &str) -> EmailResult {
    EmailResult {
        first_name: first_name.to_owned(),
        reference: reference(),
        file_name: "staff list.csv".to_owned(),
        sent_at: THEN,
        done: Foreseen {
            created: 12,
            changed: 1,
            no_change: 1_200,
            rejected: 2,
            undecided: 1,
        },
        changed_since: 3,
        role_lost: false,
        role_ended: None,
        replaced: 40,
        skipped: 0,
        link: Some(link()),
        reply: reply(&[Report::Result, Report::Problems]),
    }
}

/// Every letter about files by email, for somebody with a name of one's choice.
pub fn letters(first_name: &str) -> Vec<(&'static str, Letter)> {
    let nothing_else = EmailReceipt {
        foreseen: Foreseen::default(),
        problems: vec![],
        replaces: vec![],
        later: vec![replaced(Some("Ben Cartwright"))],
        organisations: vec![],
        reply: reply(&[]),
        ..receipt(first_name)
    };
    let held = EmailReceipt {
        held: vec!["Riverside Hospitals Trust: 60 of 120 accounts changed".to_owned()],
        replaces: vec![replaced(None)],
        ..receipt(first_name)
    };
    let all_done = EmailResult {
        done: Foreseen {
            rejected: 0,
            undecided: 0,
            ..result(first_name).done
        },
        changed_since: 0,
        replaced: 0,
        reply: reply(&[]),
        ..result(first_name)
    };
    let role_lost = EmailResult {
        done: Foreseen::default(),
        changed_since: 800,
        role_lost: true,
        replaced: 0,
        link: None,
        reply: reply(&[]),
        ..result(first_name)
    };
    let role_ended = EmailResult {
        done: Foreseen::default(),
        changed_since: 0,
        role_ended: Some(1_216),
        replaced: 0,
        link: None,
        reply: reply(&[]),
        ..result(first_name)
    };
    let to_decide = EmailResult {
        done: Foreseen {
            rejected: 0,
            ..result(first_name).done
        },
        changed_since: 0,
        replaced: 0,
        ..result(first_name)
    };
    let mut letters = vec![
        ("Email receipt", Letter::EmailReceipt(Box::new(receipt(first_name)))),
        (
            "Email receipt for nothing",
            Letter::EmailReceipt(Box::new(nothing_else)),
        ),
        ("Email receipt of what is held", Letter::EmailReceipt(Box::new(held))),
        ("Email result", Letter::EmailResult(Box::new(result(first_name)))),
        ("Email result as a link", Letter::EmailResult(Box::new(all_done))),
        ("Email result without a role", Letter::EmailResult(Box::new(role_lost))),
        ("Email not applied", Letter::EmailResult(Box::new(role_ended))),
        ("Email result to decide on", Letter::EmailResult(Box::new(to_decide))),
    ];
    letters.extend(of_what_is_not_processed(first_name));
    letters
}

fn of_what_is_not_processed(first_name: &str) -> Vec<(&'static str, Letter)> {
    let first_name = || first_name.to_owned();
    let unreadable = EmailUnreadable {
        first_name: first_name(),
        reference: reference(),
        file_name: "staff list.csv".to_owned(),
        size: 700,
        problems: vec!["It has no rows. Add rows below the headings.".to_owned()],
        asks_columns: false,
        link: link(),
        reply: reply(&[]),
    };
    let other_headings = EmailUnreadable {
        problems: vec!["Its headings are not those of a known format.".to_owned()],
        asks_columns: true,
        ..unreadable.clone()
    };
    let refused = |why: &Refusal| {
        let letter = EmailRefused {
            first_name: first_name(),
            subject: "Staff list for November".to_owned(),
            file_name: matches!(why, Refusal::NoKey).then(|| "staff list.csv".to_owned()),
            sent_at: THEN,
            reason: why.sentence(),
            cure: why.cure().to_owned(),
            help: "https://staffbook.example/help/email".to_owned(),
            reply: reply(&[]),
        };
        ("Email refused", Letter::EmailRefused(Box::new(letter)))
    };
    let superseded = EmailSuperseded {
        first_name: first_name(),
        file_name: "staff list.csv".to_owned(),
        sent_at: THEN.plus_seconds(-7200),
        by: vec![Replaced {
            reference: Some(reference()),
            ..replaced(Some("Ben Cartwright"))
        }],
        nothing_counts: false,
        link: Some(link()),
        reply: reply(&[]),
    };
    let by_another = EmailSuperseded {
        by: vec![replaced(Some("another sender"))],
        ..superseded.clone()
    };
    let nothing_counts = EmailSuperseded {
        nothing_counts: true,
        ..superseded.clone()
    };
    let no_more = EmailNoMoreReplies {
        first_name: first_name(),
        limit: 20,
        link: "https://staffbook.example/me/tokens".to_owned(),
        reply: reply(&[]),
    };
    let names = vec!["staff.csv".to_owned(), "staff.csv".to_owned()];
    vec![
        ("Email unreadable", Letter::EmailUnreadable(Box::new(unreadable))),
        (
            "Email with other headings",
            Letter::EmailUnreadable(Box::new(other_headings)),
        ),
        refused(&Refusal::NoGrant),
        refused(&Refusal::NoKey),
        refused(&Refusal::Several { names }),
        refused(&Refusal::Winmail),
        ("Email superseded", Letter::EmailSuperseded(Box::new(superseded))),
        (
            "Email superseded by another sender",
            Letter::EmailSuperseded(Box::new(by_another)),
        ),
        (
            "Email for which nothing counts",
            Letter::EmailSuperseded(Box::new(nothing_counts)),
        ),
        ("No more replies", Letter::EmailNoMoreReplies(Box::new(no_more))),
        (
            "Email key made",
            Letter::EmailKeySet {
                first_name: first_name(),
                made: true,
            },
        ),
        (
            "Email key removed",
            Letter::EmailKeySet {
                first_name: first_name(),
                made: false,
            },
        ),
        (
            "Email not proved",
            Letter::EmailNotProved {
                first_name: first_name(),
                sent_at: THEN,
                subject: "Staff list for November".to_owned(),
                file_name: Some("staff list.csv".to_owned()),
                reason: Distrust::NotSignedIn.sentence().to_owned(),
                cure: Distrust::NotSignedIn.cure().to_owned(),
            },
        ),
    ]
}

#[test]
fn a_letter_that_answers_a_mail_continues_its_thread() {
    let composed = Letter::EmailReceipt(Box::new(receipt("Dana"))).compose("");
    let reply = composed.reply.expect("it answers");
    assert_eq!(reply.in_reply_to.as_deref(), Some("staff-1@health.example"));
    assert_eq!(reply.references, ["staff-0@health.example", "staff-1@health.example"]);
    assert_eq!(reply.mail, 7);
    for (name, letter) in letters("Zoë") {
        let composed = letter.compose("");
        let is_reply = !matches!(name, "Email not proved" | "Email key made" | "Email key removed");
        assert_eq!(composed.reply.is_some(), is_reply, "{name}");
        assert!(!composed.subject.contains("staff list"), "{name}: {}", composed.subject);
    }
}
