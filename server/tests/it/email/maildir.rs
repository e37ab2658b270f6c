//! A Maildir folder: whatever cuts a process off, each mail is taken once, and none is lost.

use std::{fs, os::unix::fs::symlink};

use domain::{
    email::{Intake as Fate, Refusal, Why},
    submission::State,
};
use gate::Gate;
use server::{
    channels::email::{Intake, maildir::Maildir, receive},
    operate::config::Config,
};
use store::submissions;
use testkit::{Portal, on_both};

use super::{Folder, config, connector, each_is_taken_once, fates, intake, kept, mail, mail_with};

async fn look(folder: &Folder, portal: &Portal) {
    look_with(folder, portal, &intake()).await;
}

async fn look_with(folder: &Folder, portal: &Portal, intake: &Intake) {
    let mut maildir = Maildir::open(folder.path()).unwrap();
    assert!(!maildir.look(&portal.gate, intake).await.unwrap());
}

/// Looks into a folder until nothing waits there.
async fn empty(folder: &Folder, gate: Gate) {
    let (mut maildir, intake) = (Maildir::open(folder.path()).unwrap(), intake());
    while !folder.names("new").is_empty() {
        maildir.look(&gate, &intake).await.unwrap();
    }
}

on_both! {
    async fn a_mail_that_waits_is_taken_and_moved_to_cur(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        folder.deliver("1795262380.M1P2.mx,S=1", &mail("1"));
        look(&folder, &portal).await;
        assert_eq!(folder.names("new"), Vec::<String>::new());
        assert_eq!(folder.names("cur"), ["1795262380.M1P2.mx,S=1:2,S"]);
        each_is_taken_once(&portal, 1).await;
        assert_eq!(kept(&portal).await[0].mail.source_key, "maildir:1795262380.M1P2.mx,S=1");
        look(&folder, &portal).await;
        each_is_taken_once(&portal, 1).await;
    }

    async fn a_mail_kept_by_a_process_that_died_is_only_moved(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        folder.deliver("1.a.mx", &mail("1"));
        receive(&portal.gate, &intake(), "maildir:1.a.mx", None, mail("1")).await.unwrap();
        look(&folder, &portal).await;
        assert_eq!(folder.names("cur"), ["1.a.mx:2,S"]);
        each_is_taken_once(&portal, 1).await;
    }

    async fn a_mail_moved_before_its_file_was_checked_is_checked_by_another(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        folder.deliver("1.a.mx", &mail("1"));
        look(&folder, &portal).await;
        let other = portal.again_by(&portal.url).await;
        other.work().await;
        look(&folder, &other).await;
        other.work().await;
        each_is_taken_once(&portal, 1).await;
        let id = kept(&portal).await[0].mail.submission.clone().unwrap();
        let submission = submissions::hold(portal.gate.store().reader(), &id).await.unwrap().unwrap();
        assert_eq!(submission.state, State::Planned);
    }

    async fn the_same_mail_delivered_twice_is_taken_once(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        for name in ["1.a.mx", "2.b.mx"] {
            folder.deliver(name, &mail("1"));
            look(&folder, &portal).await;
        }
        assert_eq!(fates(&portal).await, [Fate::Taken, Fate::Duplicate]);
        assert_eq!(kept(&portal).await[0].mail.duplicate_of, Some(kept(&portal).await[1].seq));
        assert_eq!(folder.names("cur").len(), 2);
    }

    async fn two_processes_on_one_folder_take_each_mail_once(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        for number in 0..30 {
            let number = format!("{number:02}");
            folder.deliver(&format!("{number}.a.mx"), &mail(&number));
        }
        let other = portal.again_by(&portal.url).await;
        tokio::join!(empty(&folder, portal.gate.clone()), empty(&folder, other.gate.clone()));
        each_is_taken_once(&portal, 30).await;
        assert_eq!(folder.names("cur").len(), 30);
    }

    async fn a_mail_that_is_too_large_is_refused_by_its_headers(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        let config = Config {
            email_mail_mib: 1,
            ..config()
        };
        let file = "x".repeat(1024 * 1024);
        folder.deliver("1.a.mx", &mail_with("1", &file));
        look_with(&folder, &portal, &Intake::of(&config).unwrap()).await;
        let kept = kept(&portal).await;
        assert_eq!(kept[0].mail.intake, Fate::Refused);
        assert_eq!(kept[0].mail.why, Some(Why::Refusal(Refusal::MailTooLarge { limit_mib: 1 })));
        assert!(kept[0].mail.size > 1024 * 1024);
        assert_eq!(folder.names("cur"), ["1.a.mx:2,S"]);
    }

    async fn links_and_folders_are_left_alone_and_odd_names_are_taken(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        fs::write(folder.path().join("elsewhere"), mail("1")).unwrap();
        symlink(folder.path().join("elsewhere"), folder.part("new").join("link")).unwrap();
        fs::create_dir(folder.part("new").join("folder")).unwrap();
        fs::write(folder.part("new").join(".hidden"), mail("2")).unwrap();
        for (number, name) in ["Staff list – März.eml", "a:2,FS", ":2,"].iter().enumerate() {
            folder.deliver(name, &mail(&format!("odd{number}")));
        }
        look(&folder, &portal).await;
        each_is_taken_once(&portal, 3).await;
        assert_eq!(folder.names("new"), [".hidden", "folder", "link"]);
        assert_eq!(folder.names("cur"), [":2,:2,S", "Staff list – März.eml:2,S", "a:2,S"]);
    }

    async fn a_folder_that_takes_nothing_loses_nothing(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        let mut maildir = Maildir::open(folder.path()).unwrap();
        folder.deliver("1.a.mx", &mail("1"));
        folder.deliver("2.a.mx", &mail("2"));
        // As when it is full or read-only: nothing can be moved there.
        fs::rename(folder.part("cur"), folder.part("away")).unwrap();
        for _ in 0..3 {
            let why = maildir.look(&portal.gate, &intake()).await.unwrap_err();
            assert!(format!("{why:#}").starts_with("2 files of the Maildir folder cannot be read or moved"), "{why:#}");
        }
        each_is_taken_once(&portal, 2).await;
        assert_eq!(folder.names("new").len(), 2);
        fs::rename(folder.part("away"), folder.part("cur")).unwrap();
        assert!(!maildir.look(&portal.gate, &intake()).await.unwrap());
        each_is_taken_once(&portal, 2).await;
        assert_eq!(folder.names("cur").len(), 2);
    }

    async fn mails_are_taken_in_the_order_in_which_they_came(portal: Portal) {
        connector(&portal).await;
        let folder = Folder::make();
        for name in ["9.first", "5.second", "7.third"] {
            folder.deliver(name, &mail(name));
            // A file system may count its moments in hundredths of a second.
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        look(&folder, &portal).await;
        let keys: Vec<_> = kept(&portal).await.into_iter().rev().map(|mail| mail.mail.source_key).collect();
        assert_eq!(keys, ["maildir:9.first", "maildir:5.second", "maildir:7.third"]);
    }

    async fn a_mail_that_is_not_proved_is_set_aside_and_moved(portal: Portal) {
        let folder = Folder::make();
        let forged = String::from_utf8(mail("1")).unwrap().replace("mx.health.example; auth", "mx.elsewhere.example; auth");
        folder.deliver("1.a.mx", forged.as_bytes());
        look(&folder, &portal).await;
        assert_eq!(fates(&portal).await, [Fate::NotProved]);
        assert_eq!(folder.names("cur"), ["1.a.mx:2,S"]);
    }
}
