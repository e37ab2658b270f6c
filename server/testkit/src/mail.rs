//! Mails with files: as a mail server writes them down, and brought to the gate as the server brings them.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{email::Why, policy::Actor, values::ids::SubmissionId};
use email::{Limits, Mail, Outline, Trust};
use gate::Arrived;
use store::access::email::messages::{self, MessageQuery};

use crate::{MAIL_DOMAIN, Portal};

/// The name by which the tests' mail server signs Authentication-Results.
pub const MAIL_SERVER: &str = "mx.health.example";

/// What stands between the parts of a mail.
const BOUNDARY: &str = "=_a_part_of_a_test";

/// Whose word counts in tests.
#[must_use]
pub fn trust() -> Trust {
    let own = format!("connector.data@{MAIL_DOMAIN}");
    Trust {
        authserv_ids: vec![MAIL_SERVER.to_owned()],
        received_by: vec![MAIL_SERVER.to_owned()],
        own_hops: 1,
        mail_domain: MAIL_DOMAIN.to_owned(),
        results_below_received: false,
        submission_enforces_sender: false,
        arc_sealers: vec![],
        own_addresses: vec![own],
        bounce_prefix: "connector.data+bounce-".to_owned(),
    }
}

/// A mail with one file.
#[derive(Clone, Debug)]
pub struct TestMail {
    /// The address in From.
    pub from: String,
    /// Who signed in to the mail server to send it; nobody, if nothing proves who sent it.
    pub login: Option<String>,
    /// Where it is sent to.
    pub to: String,
    /// The Message-ID, without brackets.
    pub message_id: String,
    /// The subject.
    pub subject: String,
    /// The name of the attached file.
    pub file_name: String,
    /// The attached file.
    pub file: Vec<u8>,
    /// Further header fields, a line each.
    pub headers: Vec<String>,
}

impl TestMail {
    /// A mail that its sender has signed in for, with a Message-ID of its own.
    #[must_use]
    pub fn of(from: &str, file: &str) -> Self {
        Self {
            from: from.to_owned(),
            login: Some(from.to_owned()),
            to: format!("connector.data@{MAIL_DOMAIN}"),
            message_id: format!("{:016x}@{MAIL_DOMAIN}", rand::random::<u64>()),
            subject: "Staff list".to_owned(),
            file_name: "staff list.csv".to_owned(),
            file: file.as_bytes().to_vec(),
            headers: vec![],
        }
    }

    /// The same mail, whose sender did not sign in.
    #[must_use]
    pub fn unproved(mut self) -> Self {
        self.login = None;
        self
    }

    /// The mail by RFC 5322, as the mail server hands it over.
    #[must_use]
    pub fn raw(&self) -> Vec<u8> {
        let proof = match &self.login {
            Some(login) => format!("auth=pass smtp.auth={login} smtp.mailfrom={login}"),
            None => "auth=none".to_owned(),
        };
        let mut lines = vec![
            format!("Return-Path: <{}>", self.from),
            format!("Authentication-Results: {MAIL_SERVER};"),
            format!(" {proof}"),
            format!("Received: from client.{MAIL_DOMAIN} by {MAIL_SERVER} with ESMTPSA;"),
            " Sat, 21 Nov 2026 12:00:00 +0000".to_owned(),
            format!("From: <{}>", self.from),
            format!("To: <{}>", self.to),
            format!("Subject: {}", self.subject),
            format!("Message-ID: <{}>", self.message_id),
            "Date: Sat, 21 Nov 2026 12:00:00 +0000".to_owned(),
            "MIME-Version: 1.0".to_owned(),
        ];
        lines.extend(self.headers.iter().cloned());
        lines.extend([
            format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\""),
            String::new(),
            format!("--{BOUNDARY}"),
            "Content-Type: text/plain; charset=utf-8".to_owned(),
            String::new(),
            "The list of today is attached.".to_owned(),
            format!("--{BOUNDARY}"),
            format!("Content-Type: text/csv; name=\"{}\"", self.file_name),
            format!("Content-Disposition: attachment; filename=\"{}\"", self.file_name),
            "Content-Transfer-Encoding: base64".to_owned(),
            String::new(),
        ]);
        lines.extend(base64(&self.file));
        lines.push(format!("--{BOUNDARY}--"));
        (lines.join("\r\n") + "\r\n").into_bytes()
    }
}

impl Portal {
    /// Brings a mail to the gate as the server does: known ones are passed over, and who sent it must be proved.
    pub async fn receive_mail(&self, source_key: &str, raw: &[u8]) {
        let gate = &self.gate;
        let known = gate.knows_mail(source_key).await;
        if known.expect("the database answers") {
            return;
        }
        let mail = Mail::read(raw, None, &Limits::STANDARD, &trust());
        let arrived = Arrived {
            source_key: source_key.to_owned(),
            received: gate.now(),
            size: raw.len() as u64,
            outline: Outline::of(raw, &Limits::STANDARD),
        };
        if let Some(automatic) = mail.automatic {
            let kept = gate.set_mail_aside(arrived, &mail, Why::Automatic(automatic)).await;
            kept.expect("the mail is set aside");
            return;
        }
        let sender = gate.mail_sender(&mail).await;
        match sender.expect("the database answers") {
            Err(distrust) => {
                let kept = gate.set_mail_aside(arrived, &mail, Why::Distrust(distrust)).await;
                kept.expect("the mail is set aside");
            }
            Ok((account, proof)) => {
                let actor = Actor::person(account.id, account.full_name());
                let taken = gate.on_behalf_of(&actor).receive_mail(arrived, mail, &proof).await;
                taken.expect("the mail is received");
            }
        }
    }

    /// Sends a mail, under a source key of its own; nobody checks its file yet.
    pub async fn send_mail(&self, mail: &TestMail) {
        let key = format!("test:{:016x}", rand::random::<u64>());
        self.receive_mail(&key, &mail.raw()).await;
    }

    /// Sends a file by email as somebody and has it checked. Gives back the submission that it has become.
    pub async fn mail(&self, sender: &Actor, file: &str) -> SubmissionId {
        let id = self.mail_unchecked(sender, file).await;
        self.work().await;
        id
    }

    /// Sends a file by email as somebody; nobody checks it yet.
    pub async fn mail_unchecked(&self, sender: &Actor, file: &str) -> SubmissionId {
        let account = sender.account().expect("a person");
        let from = crate::address_of(&self.standing(account).await);
        self.send_mail(&TestMail::of(&from, file)).await;
        let last = MessageQuery {
            sender: Some(account),
            set_aside: false,
            before: None,
            limit: 1,
        };
        let sent = messages::list(self.gate.store().reader(), &last).await;
        let last = sent.expect("the database answers").into_iter().next();
        last.and_then(|message| message.mail.submission)
            .expect("the mail has become a submission")
    }
}

/// Bytes in lines of 76 letters.
fn base64(bytes: &[u8]) -> Vec<String> {
    let letters = STANDARD.encode(bytes).into_bytes();
    let lines = letters.chunks(76);
    lines.map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}
