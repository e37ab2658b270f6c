//! Files by email as they come in and as they are answered: from a Maildir folder, by the operator's commands, and out again
//! to a mail server.

mod command;
mod killed;
mod maildir;
mod replies;

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{
    channel::Channel,
    email::Intake as Fate,
    grant::Terms,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{RoleWish, Wish},
};
use server::{channels::email::Intake, operate::config::Config};
use store::access::email::messages::{self, Message, MessageQuery};
use tempfile::TempDir;
use testkit::{MAIL_DOMAIN, Portal, SERVICE};

/// Who sends files.
pub const NIAMH: &str = "niamh.adeyemi@health.example";

/// The mail server whose word counts.
const MAIL_SERVER: &str = "mx.health.example";

/// The file of most mails.
const FILE: &str = "LocalID,ODSCode,FirstName,LastName\r\n9001,RIV,Ada,Bright\r\n9002,RIV,Ann,Lee\r\n";

/// Makes Niamh a Connector of the trust by email.
pub async fn connector(portal: &Portal) -> Actor {
    let actor = portal.person(NIAMH).await;
    let grant = Wish::Role(
        actor.account().unwrap(),
        RoleWish::Grant {
            role: Role::Connector,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            terms: Terms {
                channels: vec![Channel::EmailCsv],
                ..Terms::default()
            },
        },
    );
    portal.gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
    actor
}

/// A mail of Niamh's as her mail server delivers it: she has signed in there, and a staff list is attached.
fn mail(number: &str) -> Vec<u8> {
    mail_with(number, FILE)
}

/// The same with another file.
fn mail_with(number: &str, file: &str) -> Vec<u8> {
    let mail = format!(
        "Return-Path: <{NIAMH}>\n\
         Delivered-To: connector.data@health.example\n\
         Authentication-Results: {MAIL_SERVER}; auth=pass smtp.auth={NIAMH} smtp.mailfrom={NIAMH}\n\
         Received: from desk.health.example (desk.health.example [192.0.2.7])\n\
         \tby {MAIL_SERVER} (Postfix) with ESMTPSA id 4gK{number}; Sat, 21 Nov 2026 11:58:00 +0000 (GMT)\n\
         From: Niamh Adeyemi <{NIAMH}>\n\
         To: connector.data@health.example\n\
         Subject: Staff list\n\
         Date: Sat, 21 Nov 2026 11:57:59 +0000\n\
         Message-ID: <{number}@desk.health.example>\n\
         MIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"=_part\"\n\
         \n\
         --=_part\n\
         Content-Type: text/plain; charset=utf-8\n\
         \n\
         Our list of today.\n\
         --=_part\n\
         Content-Type: text/csv; name=\"staff.csv\"\n\
         Content-Disposition: attachment; filename=\"staff.csv\"\n\
         \n"
    );
    format!("{}{file}\r\n--=_part--\r\n", mail.replace('\n', "\r\n")).into_bytes()
}

fn config() -> Config {
    Config {
        mail_domain: MAIL_DOMAIN.to_owned(),
        email_authserv_ids: MAIL_SERVER.to_owned(),
        ..Config::default()
    }
}

fn intake() -> Intake {
    Intake::of(&config()).unwrap()
}

/// All mails that were kept, the newest first.
async fn kept(portal: &Portal) -> Vec<Message> {
    let all = MessageQuery {
        sender: None,
        set_aside: false,
        before: None,
        limit: 1_000,
    };
    messages::list(portal.gate.store().reader(), &all).await.unwrap()
}

/// What became of all mails, the oldest first.
async fn fates(portal: &Portal) -> Vec<Fate> {
    kept(portal).await.iter().rev().map(|mail| mail.mail.intake).collect()
}

/// Asserts that so many mails are kept, each as a submission of its own.
async fn each_is_taken_once(portal: &Portal, mails: usize) {
    let kept = kept(portal).await;
    let mut submissions: Vec<_> = kept.iter().filter_map(|mail| mail.mail.submission.clone()).collect();
    submissions.sort();
    submissions.dedup();
    let taken = kept.iter().filter(|mail| mail.mail.intake == Fate::Taken).count();
    assert_eq!((kept.len(), taken, submissions.len()), (mails, mails, mails));
}

/// A Maildir folder.
struct Folder(TempDir);

impl Folder {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["tmp", "new", "cur"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn part(&self, part: &str) -> PathBuf {
        self.path().join(part)
    }

    /// Delivers a mail as a mail server does: written beside, and moved when it is whole.
    fn deliver(&self, name: &str, mail: &[u8]) {
        let unfinished = self.part("tmp").join(name);
        fs::write(&unfinished, mail).unwrap();
        fs::rename(unfinished, self.part("new").join(name)).unwrap();
    }

    /// The names in one of its parts.
    fn names(&self, part: &str) -> Vec<String> {
        let entries = fs::read_dir(self.part(part)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}
