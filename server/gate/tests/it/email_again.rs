//! Mails that come again, as when a mailbox is numbered anew, and letters that would bring too much.

use domain::email::{Intake, Refusal, Why};
use email::{Limits, Mail, Outline};
use gate::Arrived;
use store::access::email::messages;
use testkit::on_both;

use crate::{
    email_intake::{intakes, kept, mail, only, receive, says, sends_by_email, sent},
    file,
};

const JEM: &str = "jem.larkspur@health.example";

on_both! {
    async fn files_beyond_what_a_letter_may_bring_are_not_attached(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let portal = portal.ruled(|rules| rules.email.attach_mib = 0);
        receive(&portal, "1", mail(JEM, "1", &file(&["9003,RIV,Otto,Winterbourne,07000 nope"]))).await;
        let (_, letter) = only(&portal).await;
        assert_eq!((letter.attachments.len(), &letter.without_files), (0, &None));
        says(&letter, &["You can download your file"]);
    }

    async fn a_refused_mail_that_comes_again_stays_refused(portal: Portal) {
        let text = file(&["9001,RIV,Ada,Bright,"]);
        let first = || mail(JEM, "1@health.example", &text);
        let second = || Mail { file: Err(Refusal::NoFile), ..mail(JEM, "2@health.example", "") };
        receive(&portal, "imap:1/1", first()).await;
        sends_by_email(&portal, JEM, "RIV").await;
        receive(&portal, "imap:1/2", second()).await;
        assert_eq!(only(&portal).await.1.subject, "Your email was not processed");
        // The mailbox is numbered anew. Now the sender may send files.
        receive(&portal, "imap:2/1", first()).await;
        receive(&portal, "imap:2/2", second()).await;
        let messages = kept(&portal).await;
        let again: Vec<_> = messages[2..].iter().map(|again| (again.mail.intake, again.mail.duplicate_of)).collect();
        let same = |number: usize| (Intake::Duplicate, Some(messages[number].seq));
        assert_eq!(again, [same(0), same(1)]);
        assert!(sent(&portal).await.is_empty());
        // Refused for another reason, it is another mail; and a file that is sent anew is taken.
        let pasted = Mail { file: Err(Refusal::Pasted), ..second() };
        receive(&portal, "imap:2/3", pasted).await;
        receive(&portal, "imap:2/4", mail(JEM, "4@health.example", &text)).await;
        assert_eq!(intakes(&portal).await[4..], [Intake::Refused, Intake::Taken]);
    }

    async fn an_old_mail_is_noted_without_a_word_to_anybody(portal: Portal) {
        sends_by_email(&portal, JEM, "RIV").await;
        let arrived = Arrived {
            source_key: "imap:2/1".to_owned(),
            received: portal.gate.now(),
            size: 2_000,
            outline: Outline::of(b"From: somebody\r\n\r\n", &Limits::STANDARD),
        };
        let old = mail(JEM, "1@health.example", &file(&["9001,RIV,Ada,Bright,"]));
        portal.gate.set_mail_aside(arrived, &old, Why::Old).await.unwrap();
        let noted = kept(&portal).await.remove(0);
        assert_eq!((noted.mail.intake, noted.mail.why, noted.mail.submission), (Intake::Old, Some(Why::Old), None));
        assert_eq!(messages::source(portal.gate.store().reader(), noted.seq).await.unwrap(), None);
        assert!(portal.gate.knows_mail("imap:2/1").await.unwrap());
        assert!(sent(&portal).await.is_empty());
    }
}
