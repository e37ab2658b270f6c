//! What is kept of files by email: mails, runs, what became of rows, and accounts that are proposed.

use std::collections::BTreeMap;

use domain::{
    channel::Channel,
    connector::ProposalKind,
    dictionary::Attribute,
    email::{Distrust, Intake, Refusal, Why},
    life::Turn,
    organisation::OrganisationCode,
    plan::RowKind,
    policy::{Actor, Scope},
    problem::Problem,
    request::{AccountWish, Cells, Wish},
    submission::{Outcome, State, Touched},
    trail::Action,
    values::ids::{SubmissionId, Timestamp},
};
use gate::{ListedProposal, ProposalQuery, ProposalSubject, Proposed, ProposedFor};
use store::{
    StoreError, Transaction,
    access::{
        email::{
            folders, keys,
            messages::{self, MessageQuery, NewMessage},
            notes, replies,
            runs::{self, RunCounts},
        },
        proposals,
    },
    submissions::{self, rows},
};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::{apply, file, grants::DAY, review, sweeping::mentions, tokens::connector};

const FINTAN: &str = "fintan.gillespie@health.example";

/// Everything.
fn all() -> Scope {
    Scope {
        everything: true,
        parts: vec![],
    }
}

fn code(text: &str) -> OrganisationCode {
    OrganisationCode::parse(text).unwrap()
}

/// A mail that was taken in.
pub fn mail(key: &str) -> NewMessage {
    NewMessage {
        source_key: key.to_owned(),
        received_at: NOON,
        size: 2_048,
        intake: Intake::Taken,
        why: None,
        sender: None,
        from: FINTAN.to_owned(),
        proof: String::new(),
        message_id: Some("one@outlook.example".to_owned()),
        references: vec![],
        subject: "Staff list".to_owned(),
        authserv_ids: vec!["mx.health.example".to_owned()],
        no_receipt: false,
        file_name: Some("staff.csv".to_owned()),
        file_sha256: Some("ab12".to_owned()),
        submission: None,
        duplicate_of: None,
    }
}

/// One that was refused, or set aside.
fn set_aside(key: &str, intake: Intake, why: Why) -> NewMessage {
    NewMessage {
        intake,
        why: Some(why),
        file_name: None,
        file_sha256: None,
        ..mail(key)
    }
}

async fn begin(portal: &Portal) -> Transaction {
    portal.gate.store().begin().await.unwrap()
}

/// Keeps a mail, and gives back its number.
async fn keep(portal: &Portal, new: &NewMessage) -> i64 {
    let tx = begin(portal).await;
    let seq = messages::insert(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    seq
}

/// An upload, which waits for its sender, as the file of a mail.
async fn keep_with(portal: &Portal, key: &str, id: &SubmissionId, codes: &[&str]) -> i64 {
    let new = NewMessage {
        submission: Some(id.clone()),
        ..mail(key)
    };
    let seq = keep(portal, &new).await;
    let codes: Vec<_> = codes.iter().map(|text| code(text)).collect();
    let tx = begin(portal).await;
    messages::set_organisations(&tx, seq, &codes).await.unwrap();
    tx.commit().await.unwrap();
    seq
}

/// The mails that wait, by their numbers, with the organisations that they speak for.
async fn waiting(portal: &Portal, up_to: Option<i64>, run: Option<i64>) -> Vec<(i64, Vec<String>)> {
    let found = messages::waiting(portal.gate.store().reader(), up_to, run)
        .await
        .unwrap();
    let told = found.into_iter().map(|(message, codes)| {
        let codes = codes.iter().map(ToString::to_string).collect();
        (message.seq, codes)
    });
    told.collect()
}

/// Who is to have an account, as a file has them.
fn newcomer(first: &str, last: &str, local_id: &str) -> BTreeMap<Attribute, String> {
    let cells = [
        (Attribute::Organisation, "RIV"),
        (Attribute::FirstName, first),
        (Attribute::LastName, last),
        (Attribute::LocalId, local_id),
    ];
    cells.map(|(attribute, text)| (attribute, text.to_owned())).into()
}

/// Has a connector propose an account.
async fn propose(portal: &Portal, by: &Actor, asked: BTreeMap<Attribute, String>) {
    let proposed = Proposed {
        subject: ProposalSubject::NewAccount,
        organisation: code("RIV"),
        unit: None,
        kind: ProposalKind::Create,
        asked,
    };
    let tx = begin(portal).await;
    proposals::put_open(&tx, by.account().unwrap(), proposed, portal.gate.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn proposed(portal: &Portal, by: &str) -> Vec<ListedProposal> {
    let person = portal.persona(by).await;
    let visit = portal.gate.on_behalf_of(&person);
    visit.proposals(ProposalQuery::default()).await.unwrap().proposals
}

/// The accounts that somebody decides on: of whom, and how often they were proposed.
async fn listed(portal: &Portal, by: &str) -> Vec<(String, u32)> {
    let told = proposed(portal, by).await.into_iter().map(|listed| {
        assert_eq!(
            (listed.kind, listed.connector_name.as_str()),
            (ProposalKind::Create, "Jem Larkspur")
        );
        let ProposedFor::NewAccount { name, organisation } = listed.subject else {
            panic!("only accounts to be created are proposed")
        };
        assert_eq!(organisation, code("RIV"));
        (name, listed.times)
    });
    told.collect()
}

on_both! {
    async fn a_mail_is_kept_once_however_often_it_is_delivered(portal: Portal) {
        let fintan = portal.account(FINTAN).await;
        let db = portal.gate.store().reader();
        let new = NewMessage {
            sender: Some((fintan, "Fintan Gillespie".to_owned())),
            references: vec!["a@b.example".to_owned()],
            ..mail("maildir:1")
        };
        assert!(!messages::knows(db, "maildir:1").await.unwrap());
        let seq = keep(&portal, &new).await;
        assert!(messages::knows(db, "maildir:1").await.unwrap());
        let tx = begin(&portal).await;
        let again = messages::insert(&tx, &new).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        tx.rollback().await.unwrap();
        let kept = messages::get(db, seq).await.unwrap().unwrap();
        assert_eq!((kept.mail.sender, kept.mail.references), (new.sender.clone(), new.references.clone()));
        assert_eq!((kept.mail.received_at, kept.mail.size, kept.mail.intake, kept.run), (NOON, 2_048, Intake::Taken, None));
        let later = keep(&portal, &mail("maildir:2")).await;
        assert!(later > seq);
        assert_eq!(messages::last_of(db, fintan).await.unwrap().map(|last| last.seq), Some(seq));
    }

    async fn a_mail_is_the_same_by_its_sender_message_id_and_file(portal: Portal) {
        let fintan = portal.account(FINTAN).await;
        let db = portal.gate.store().reader();
        let new = NewMessage { sender: Some((fintan, "Fintan Gillespie".to_owned())), ..mail("imap:7") };
        let seq = keep(&portal, &new).await;
        let same = async |sender, id: &str, hash: &str| {
            let found = messages::same(db, sender, id, hash).await.unwrap();
            found.map(|found| found.seq)
        };
        assert_eq!(same(fintan, "one@outlook.example", "ab12").await, Some(seq));
        assert_eq!(same(fintan, "two@outlook.example", "ab12").await, None, "sent anew");
        assert_eq!(same(fintan, "one@outlook.example", "cd34").await, None, "another file");
        assert_eq!(same(portal.account("ben.cartwright@health.example").await, "one@outlook.example", "ab12").await, None);
    }

    async fn mails_wait_while_their_files_are_planned_newest_first(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let mut seqs = Vec::new();
        for (key, codes) in [("1", vec!["RIV01", "RIV"]), ("2", vec!["RIV02"]), ("3", vec![])] {
            let id = portal.upload(&ben, &file(&["1001,RIV,,,07700 902001"])).await;
            seqs.push((keep_with(&portal, key, &id, &codes).await, id));
        }
        let [(one, first), (two, _), (three, _)] = &seqs[..] else { panic!("three") };
        let (first_waits, second_waits) =
            ((*one, vec!["RIV".to_owned(), "RIV01".to_owned()]), (*two, vec!["RIV02".to_owned()]));
        assert_eq!(waiting(&portal, None, None).await, [(*three, vec![]), second_waits.clone(), first_waits.clone()]);
        assert_eq!(waiting(&portal, Some(*two), None).await, [second_waits.clone(), first_waits.clone()]);
        let db = portal.gate.store().reader();
        let found = messages::of_submission(db, first).await.unwrap();
        assert_eq!(found.map(|found| found.seq), Some(*one));
        assert_eq!(messages::organisations(db, *one).await.unwrap(), [code("RIV"), code("RIV01")]);
        // What a run has decided on belongs to it, whatever becomes of it.
        let tx = begin(&portal).await;
        messages::set_run(&tx, *one, 7).await.unwrap();
        tx.commit().await.unwrap();
        apply(&portal, &ben, first).await;
        assert_eq!(waiting(&portal, Some(*two), None).await, std::slice::from_ref(&second_waits));
        assert_eq!(waiting(&portal, Some(*two), Some(7)).await, [second_waits, first_waits]);
        // What is applied counts against older mails that are about the same organisations.
        for (after, codes, found) in [
            (0, vec!["RIV02", "RIV01"], vec![*one]),
            (0, vec!["RIV02", "G7H8J"], vec![]),
            (*one, vec!["RIV01"], vec![]),
            (0, vec![], vec![]),
        ] {
            let codes: Vec<_> = codes.into_iter().map(code).collect();
            let applied = messages::applied_after(db, after, &codes).await.unwrap();
            assert_eq!(applied.iter().map(|(message, _)| message.seq).collect::<Vec<_>>(), found);
            assert!(applied.iter().all(|(_, names)| *names == [code("RIV"), code("RIV01")]));
        }
        assert!(!messages::unchecked(db, *three).await.unwrap());
        let id = portal.hand_over(&ben, &file(&["1002,RIV,,,07700 902002"])).await;
        let four = keep_with(&portal, "4", &id, &[]).await;
        assert!(messages::unchecked(db, four).await.unwrap());
        assert!(!messages::unchecked(db, *three).await.unwrap());
    }

    async fn mails_are_counted_by_what_became_of_them_and_why(portal: Portal) {
        let several = |name: &str| Why::Refusal(Refusal::Several { names: vec![name.to_owned(), "b.csv".to_owned()] });
        let unknown = Why::Distrust(Distrust::Unknown);
        for (key, intake, why) in [
            ("1", Intake::Refused, several("a.csv")),
            ("2", Intake::Refused, several("c.csv")),
            ("3", Intake::NotProved, unknown.clone()),
        ] {
            keep(&portal, &set_aside(key, intake, why)).await;
        }
        let ids = vec!["mx.health.example".to_owned(), "relay.example".to_owned()];
        keep(&portal, &NewMessage { authserv_ids: ids, ..mail("4") }).await;
        keep(&portal, &NewMessage { received_at: Timestamp(NOON.0 - 1), ..mail("5") }).await;
        let db = portal.gate.store().reader();
        let counted = messages::counts(db, NOON).await.unwrap();
        assert_eq!(counted, [(Intake::Taken, 1), (Intake::Refused, 2), (Intake::NotProved, 1)]);
        let reasons = messages::reasons(db, NOON).await.unwrap();
        assert_eq!(reasons, [(several("a.csv").unnamed(), 2), (unknown, 1)]);
        assert_eq!(reasons[0].0.to_operator(), "The email has several files attached.", "no file is named for others");
        let names = messages::authserv_ids(db, NOON).await.unwrap();
        assert_eq!(names, [("mx.health.example".to_owned(), 4), ("relay.example".to_owned(), 1)]);
    }

    async fn what_was_set_aside_is_swept_after_its_time(portal: Portal) {
        let mut seqs = Vec::new();
        for (key, intake, at) in [
            ("1", Intake::Refused, NOON),
            ("2", Intake::NotProved, NOON),
            ("3", Intake::NotProved, NOON.plus_seconds(1)),
            ("4", Intake::Taken, NOON),
        ] {
            let why = Why::Distrust(Distrust::NoResults);
            let seq = keep(&portal, &NewMessage { received_at: at, ..set_aside(key, intake, why) }).await;
            let tx = begin(&portal).await;
            messages::keep_source(&tx, seq, b"From: a\r\n".to_vec()).await.unwrap();
            tx.commit().await.unwrap();
            seqs.push(seq);
        }
        let db = portal.gate.store().reader();
        let asked = MessageQuery { sender: None, set_aside: true, before: None, limit: 10 };
        let list = async |query: &MessageQuery| {
            let found = messages::list(db, query).await.unwrap();
            found.into_iter().map(|message| message.seq).collect::<Vec<_>>()
        };
        assert_eq!(list(&asked).await, [seqs[2], seqs[1], seqs[0]]);
        assert_eq!(list(&MessageQuery { before: Some(seqs[2]), limit: 1, ..asked.clone() }).await, [seqs[1]]);
        let tx = begin(&portal).await;
        assert_eq!(messages::sweep(&tx, NOON.plus_seconds(1)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(list(&asked).await, [seqs[2], seqs[0]], "the sender of the first is proved");
        let mut sources = Vec::new();
        for seq in &seqs {
            sources.push(messages::source(db, *seq).await.unwrap().is_some());
        }
        assert_eq!(sources, [false, false, true, true]);
    }

    async fn the_sweep_deletes_mails_set_aside_once_their_days_are_over(portal: Portal) {
        let seq = keep(&portal, &set_aside("1", Intake::NotProved, Why::Distrust(Distrust::Unknown))).await;
        let db = portal.gate.store().reader();
        let days = i64::from(portal.gate.rules().email.set_aside_days);
        portal.pass_seconds(days * DAY);
        portal.sweep().await;
        assert!(messages::get(db, seq).await.unwrap().is_some(), "its last second");
        portal.pass_seconds(1);
        portal.sweep().await;
        assert!(messages::get(db, seq).await.unwrap().is_none());
    }

    async fn there_is_one_run_at_a_time_and_one_of_each_day(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let by = (grace.account(), grace.name());
        let seq = keep(&portal, &mail("1")).await;
        let db = portal.gate.store().reader();
        let tx = begin(&portal).await;
        let run = runs::begin(&tx, Some(20_778), (None, "Automatic"), NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((run.cutoff, run.day, run.finished_at), (seq, Some(20_778), None));
        assert_eq!(runs::unfinished(db).await.unwrap(), Some(run.clone()));
        let tx = begin(&portal).await;
        let second = runs::begin(&tx, None, by, NOON).await;
        assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
        tx.rollback().await.unwrap();
        let counts = RunCounts { applied: 2, superseded: 1, held: 0 };
        let tx = begin(&portal).await;
        runs::finish(&tx, run.id, counts, NOON.plus_seconds(5)).await.unwrap();
        tx.commit().await.unwrap();
        let ended = runs::last(db).await.unwrap().unwrap();
        assert_eq!((ended.counts, ended.finished_at), (counts, Some(NOON.plus_seconds(5))));
        assert!(runs::of_day(db, 20_778).await.unwrap() && !runs::of_day(db, 20_779).await.unwrap());
        let tx = begin(&portal).await;
        let same_day = runs::begin(&tx, Some(20_778), (None, "Automatic"), NOON).await;
        assert!(matches!(same_day, Err(StoreError::Conflict)), "{same_day:?}");
        tx.rollback().await.unwrap();
        let tx = begin(&portal).await;
        let asked_for = runs::begin(&tx, None, by, NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((asked_for.by, asked_for.by_name.as_str()), (grace.account(), "Grace Lindholm"));
    }

    async fn folders_replies_notes_and_keys_are_remembered(portal: Portal) {
        let fintan = portal.account(FINTAN).await;
        let db = portal.gate.store().reader();
        let tx = begin(&portal).await;
        let read = |validity, uid, newest| folders::Progress { validity, uid, newest, stale: None };
        let second = folders::Progress { stale: Some(NOON), ..read(2, 3, Some(NOON.plus_seconds(5))) };
        for progress in [read(1, 10, Some(NOON)), second] {
            folders::set(&tx, "mx/INBOX", progress).await.unwrap();
        }
        folders::set(&tx, "mx/Empty", read(1, 1, None)).await.unwrap();
        assert_eq!(replies::count(&tx, "A@b.example", 5).await.unwrap(), 1);
        assert_eq!(replies::count(&tx, "a@B.example", 5).await.unwrap(), 2);
        assert_eq!(replies::count(&tx, "a@b.example", 6).await.unwrap(), 1);
        assert!(notes::first_today(&tx, fintan, 9).await.unwrap());
        assert!(!notes::first_today(&tx, fintan, 9).await.unwrap());
        assert!(notes::first_today(&tx, fintan, 10).await.unwrap());
        keys::set(&tx, fintan, Some("first".to_owned()), NOON).await.unwrap();
        keys::set(&tx, fintan, Some("second".to_owned()), NOON.plus_seconds(1)).await.unwrap();
        replies::sweep(&tx, 6).await.unwrap();
        notes::sweep(&tx, 10).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(folders::of(db, "mx/INBOX").await.unwrap(), Some(second));
        assert_eq!(folders::newest(db).await.unwrap(), second.newest);
        assert_eq!(folders::of(db, "mx/Other").await.unwrap(), None);
        assert_eq!(keys::of(db, fintan).await.unwrap().as_deref(), Some("second"));
        assert_eq!(keys::made_at(db, fintan).await.unwrap(), Some(NOON.plus_seconds(1)));
        let tx = begin(&portal).await;
        assert_eq!(replies::count(&tx, "a@b.example", 5).await.unwrap(), 1, "forgotten");
        assert!(notes::first_today(&tx, fintan, 9).await.unwrap(), "forgotten");
        keys::set(&tx, fintan, None, NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(keys::of(db, fintan).await.unwrap(), None);
    }

    async fn a_file_speaks_for_the_organisations_that_its_rows_name(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = [
            "9001,RIV,Zora,Quillfeather,",
            "9002,RIV01,Tobin,Marchbanks,",
            "1001,RIV,,,07700 902001",
            // Ben has nothing to do with Mill Lane: nobody there is spoken for.
            "9003,G7H8J,Ilse,Vantongeren,",
            // No last name.
            "9004,RIV02,Orrin,,",
            // No change.
            "1002,RIV,,,",
        ];
        let id = portal.upload(&ben, &file(&rows)).await;
        let db = portal.gate.store().reader();
        let found = rows::organisations(db, &id).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [code("RIV"), code("RIV01"), code("RIV02")]);
        let supersede = async |codes: &[OrganisationCode]| {
            let tx = begin(&portal).await;
            let superseded = rows::supersede(&tx, &id, codes).await.unwrap();
            tx.commit().await.unwrap();
            superseded
        };
        assert_eq!(supersede(&[code("RIV")]).await, 3);
        assert_eq!(supersede(&[code("RIV")]).await, 0, "they are not open any more");
        assert_eq!(supersede(&[code("G7H8J"), code("RIV02")]).await, 2);
        let totals = rows::totals(db, &id).await.unwrap();
        assert_eq!((totals.with(Outcome::Superseded), totals.with(Outcome::Waiting)), (5, 1));
        assert_eq!((totals.skipped(), totals.rejected()), (0, 0));
        let left = review(&portal, &ben, &id).await;
        let open = left.rows.iter().find(|row| row.outcome.is_open()).unwrap();
        assert_eq!((open.planned.row.0, open.planned.step.kind()), (3, RowKind::Create));
    }

    async fn what_waits_for_the_run_waits_for_no_administrator(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["1001,RIV,,,07700 902001"])).await;
        let mut sent = portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap();
        sent.channel = Channel::EmailCsv;
        let held = async |sent: &submissions::Submission| {
            let tx = begin(&portal).await;
            submissions::save(&tx, sent).await.unwrap();
            tx.commit().await.unwrap();
            let db = portal.gate.store().reader();
            let listed = submissions::held(db, &all(), 10).await.unwrap().len();
            assert_eq!(submissions::held_since(db, portal.gate.now(), 10).await.unwrap().len(), listed);
            listed
        };
        assert_eq!(sent.state, State::Planned);
        assert_eq!((sent.waits_for_the_run(), sent.is_held(), held(&sent).await), (true, false, 0));
        sent.touches = vec![Touched { organisation: Some(code("RIV")), changed: 60, created: 0, all: 200, lost: 0 }];
        assert_eq!((sent.waits_for_the_run(), sent.is_held(), held(&sent).await), (false, true, 1));
        sent.state = State::Applied;
        assert_eq!((sent.waits_for_the_run(), sent.is_held(), held(&sent).await), (false, false, 0));
    }

    async fn of_who_is_erased_no_mail_says_a_name(portal: Portal) {
        let (fintan, grace) = (portal.account(FINTAN).await, portal.persona("Grace").await);
        let names = vec!["Fintan Gillespie.csv".to_owned(), "b.csv".to_owned()];
        let theirs = NewMessage {
            sender: Some((fintan, "Fintan Gillespie".to_owned())),
            proof: format!("signed in as {FINTAN}"),
            message_id: Some("fintan@laptop.example".to_owned()),
            subject: "Fintan’s list".to_owned(),
            file_name: Some("fintan.csv".to_owned()),
            ..set_aside("1", Intake::Refused, Why::Refusal(Refusal::Several { names }))
        };
        let from_them = set_aside("2", Intake::NotProved, Why::Distrust(Distrust::NotSignedIn));
        let others = NewMessage {
            sender: grace.account().map(|account| (account, "Grace Lindholm".to_owned())),
            from: "grace.lindholm@health.example".to_owned(),
            ..mail("3")
        };
        let mut seqs = Vec::new();
        for new in [&theirs, &from_them, &others] {
            let seq = keep(&portal, new).await;
            let tx = begin(&portal).await;
            messages::keep_source(&tx, seq, b"From: Fintan\r\n".to_vec()).await.unwrap();
            tx.commit().await.unwrap();
            seqs.push(seq);
        }
        let tx = begin(&portal).await;
        keys::set(&tx, fintan, Some("hash".to_owned()), NOON).await.unwrap();
        runs::begin(&tx, None, (Some(fintan), "Fintan Gillespie"), NOON).await.unwrap();
        tx.commit().await.unwrap();
        for wish in [AccountWish::Turn(Turn::Delete), AccountWish::Erase] {
            let wish = Wish::Account(fintan, wish);
            portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
        }
        let columns =
            ["sender_name", "from_address", "proof", "subject", "file_name", "message_id", "why", "reference_ids"];
        for word in ["fintan", "gillespie"] {
            assert_eq!(mentions(&portal, "mail_message", &columns, word).await, 0, "{word}");
            assert_eq!(mentions(&portal, "mail_run", &["by_name"], word).await, 0, "{word}");
        }
        let db = portal.gate.store().reader();
        let mut sources = Vec::new();
        for seq in &seqs {
            sources.push(messages::source(db, *seq).await.unwrap().is_some());
        }
        assert_eq!(sources, [false, false, true]);
        let left = messages::get(db, seqs[0]).await.unwrap().unwrap();
        assert_eq!((left.mail.intake, left.mail.sender, left.mail.received_at), (Intake::Refused, Some((fintan, String::new())), NOON));
        let grace_s = messages::get(db, seqs[2]).await.unwrap().unwrap();
        assert_eq!((grace_s.mail.from, grace_s.mail.subject), (others.from, others.subject));
        assert_eq!(keys::of(db, fintan).await.unwrap(), None);
    }

    async fn accounts_are_proposed_one_by_one_and_created_once_accepted(portal: Portal) {
        let jem = connector(&portal).await;
        propose(&portal, &jem, newcomer("Zora", "Quillfeather", "z-1")).await;
        propose(&portal, &jem, newcomer("Zora", "Quillfeather", "Z-1")).await;
        portal.pass_seconds(1);
        propose(&portal, &jem, newcomer("Tobin", "Marchbanks", "z-2")).await;
        let both = [("Zora Quillfeather".to_owned(), 2), ("Tobin Marchbanks".to_owned(), 1)];
        for name in ["Ben", "Priya", "Grace"] {
            assert_eq!(listed(&portal, name).await, both, "{name}");
        }
        for name in ["Hamid", "Una", "Gwen"] {
            assert!(listed(&portal, name).await.is_empty(), "{name}");
        }
        let ben = portal.persona("Ben").await;
        let ids: Vec<_> = proposed(&portal, "Ben").await.iter().map(|listed| listed.id).collect();
        let id = portal.gate.on_behalf_of(&ben).accept_proposals(&ids).await.unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.submission.state, shown.submission.totals.of(RowKind::Create)), (State::Planned, 2));
        propose(&portal, &jem, newcomer("Zora", "Quillfeather", "Z-1")).await;
        assert!(listed(&portal, "Ben").await.is_empty(), "it is being decided");
        apply(&portal, &ben, &id).await;
        assert_eq!(mentions(&portal, "proposal", &["asked"], "quillfeather").await, 0, "the submission has it");
        for address in ["zora.quillfeather@health.example", "tobin.marchbanks@health.example"] {
            portal.account(address).await;
        }
        let entries = store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let accepted = entries.iter().filter(|entry| entry.action == Some(Action::ProposalAccepted));
        let told: Vec<_> = accepted.map(|entry| (entry.organisation.clone(), entry.person)).collect();
        assert_eq!(told, [(Some(code("RIV")), None), (Some(code("RIV")), None)]);
        portal.adds_up().await;
    }

    async fn who_may_be_here_already_is_shown_before_a_proposed_account_is_created(portal: Portal) {
        let jem = connector(&portal).await;
        propose(&portal, &jem, newcomer("Fintan", "Gillespie", "z-1")).await;
        let ben = portal.persona("Ben").await;
        let ids: Vec<_> = proposed(&portal, "Ben").await.iter().map(|listed| listed.id).collect();
        let id = portal.gate.on_behalf_of(&ben).accept_proposals(&ids).await.unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.rows.len(), shown.submission.totals.warned()), (1, 1));
        let said: Vec<_> = shown.rows[0].planned.questions().map(Problem::message).collect();
        assert!(said[0].contains("Fintan Gillespie"), "{said:?}");
    }

    async fn a_proposed_account_goes_once_it_is_there_or_is_not_said_any_more(portal: Portal) {
        let jem = connector(&portal).await;
        let ben = portal.persona("Ben").await;
        let asked = newcomer("Zora", "Quillfeather", "z-1");
        propose(&portal, &jem, asked.clone()).await;
        let only = proposed(&portal, "Ben").await[0].id;
        portal.gate.on_behalf_of(&ben).decline_proposal(only).await.unwrap();
        portal.pass_seconds(30 * DAY);
        let mut otherwise = asked.clone();
        otherwise.insert(Attribute::JobTitle, "Porter".to_owned());
        propose(&portal, &jem, otherwise).await;
        assert!(listed(&portal, "Ben").await.is_empty(), "declined, however it is written");
        assert_eq!(mentions(&portal, "proposal", &["asked"], "quillfeather").await, 0);
        let tx = begin(&portal).await;
        let later = portal.gate.now().plus_seconds(1);
        proposals::creations_gone(&tx, jem.account().unwrap(), &[code("RIV01")], later).await.unwrap();
        tx.commit().await.unwrap();
        propose(&portal, &jem, asked.clone()).await;
        assert!(listed(&portal, "Ben").await.is_empty(), "that was said of another organisation");
        let tx = begin(&portal).await;
        proposals::creations_gone(&tx, jem.account().unwrap(), &[code("RIV")], later).await.unwrap();
        tx.commit().await.unwrap();
        propose(&portal, &jem, asked.clone()).await;
        assert_eq!(listed(&portal, "Ben").await.len(), 1, "it was not said for a while");
        let cells = Cells::of(asked.iter().map(|(attribute, text)| (*attribute, text.as_str())));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![Wish::NewAccount(cells)]).await.unwrap();
        assert!(listed(&portal, "Ben").await.is_empty(), "the account is there");
    }
}
