//! Change files: how far sources are, which files came in, renames that wait, and who has lost access.

use domain::{
    change_file::{ChangeRow, Field, FileFault},
    organisation::OrganisationCode,
    password::OneTimePassword,
    plan::{PlannedRow, Step},
    request::{ChangeRequest, Wish},
    submission::Outcome,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber, Timestamp},
    },
};
use store::{
    StoreError, Transaction,
    access::change_files::{
        files::{self, FileState, NewFile},
        losses::{self, Loss},
        renames::{self, Rename},
        sources::{self, Source},
    },
    submissions::rows::{self, Filter, Row},
};
use testkit::{NOON, Portal, on_both};

use crate::customers::customer_number;

const BEN: &str = "ben.cartwright@health.example";
const FINTAN: &str = "fintan.gillespie@health.example";

/// A file that was taken, under a number.
pub fn new_file(number: i64) -> NewFile {
    NewFile {
        customer: customer_number(),
        source: "hr".to_owned(),
        number: Some(number),
        file_name: format!("30020506_HR_PRV_{number}.csv"),
        sha256: format!("sha-{number}"),
        size: 2_048,
        received_at: later(number),
        rehearsal: false,
        state: FileState::Taken,
        why: None,
        submission: None,
    }
}

fn later(milliseconds: i64) -> Timestamp {
    Timestamp(NOON.0 + milliseconds)
}

async fn begin(portal: &Portal) -> Transaction {
    portal.gate.store().begin().await.unwrap()
}

fn source(number: i64, sha256: &str) -> Source {
    Source {
        customer: customer_number(),
        source: "hr".to_owned(),
        number,
        sha256: sha256.to_owned(),
        at: NOON,
    }
}

async fn keep(portal: &Portal, new: NewFile) -> String {
    let tx = begin(portal).await;
    let id = files::insert(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn advance(portal: &Portal, seen: Option<&Source>, new: &Source) -> Result<(), StoreError> {
    let tx = begin(portal).await;
    sources::hold(&tx, customer_number()).await?;
    sources::advance(&tx, seen, new).await?;
    tx.commit().await
}

on_both! {
    async fn a_source_goes_on_from_where_it_was_seen(portal: Portal) {
        let db = portal.gate.store().reader();
        assert_eq!(sources::last(db, customer_number(), "hr").await.unwrap(), None);
        let (one, two, three) = (source(1, "a"), source(2, "b"), source(2, "c"));
        advance(&portal, None, &one).await.unwrap();
        assert!(matches!(advance(&portal, None, &two).await, Err(StoreError::Conflict)));
        advance(&portal, Some(&one), &two).await.unwrap();
        // Whoever has seen less takes the same number for another file.
        assert!(matches!(advance(&portal, Some(&one), &three).await, Err(StoreError::Conflict)));
        advance(&portal, Some(&two), &three).await.unwrap();
        assert_eq!(sources::last(db, customer_number(), "hr").await.unwrap(), Some(three.clone()));
        assert_eq!(sources::last(db, customer_number(), "").await.unwrap(), None);
        assert_eq!(sources::list(db, customer_number()).await.unwrap(), [three]);
    }

    async fn files_are_found_by_what_was_sent_and_by_what_is_to_be_told(portal: Portal) {
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(keep(&portal, new_file(number)).await);
        }
        let check = NewFile { rehearsal: true, ..new_file(4) };
        let check = keep(&portal, check).await;
        let db = portal.gate.store().reader();
        let unreported = files::unreported(db, customer_number()).await.unwrap();
        assert_eq!(unreported.len(), 4);
        assert_eq!((&unreported[0].id, unreported[0].number), (&ids[0], Some(1)));

        let tx = begin(&portal).await;
        files::set_reported(&tx, &ids[0], "30020506_HR_PRV_1.report.csv", later(9)).await.unwrap();
        files::set_reported(&tx, &ids[1], "30020506_HR_PRV_2.report.csv", later(9)).await.unwrap();
        files::report_again(&tx, &ids[1]).await.unwrap();
        tx.commit().await.unwrap();
        let open: Vec<_> = files::unreported(db, customer_number()).await.unwrap();
        let open: Vec<_> = open.into_iter().map(|file| file.id).collect();
        assert_eq!(open, [ids[1].clone(), ids[2].clone(), check.clone()]);
        let again = files::get(db, &ids[1]).await.unwrap().unwrap();
        assert_eq!(again.report_name.as_deref(), Some("30020506_HR_PRV_2.report.csv"));

        let page = files::list(db, customer_number(), None, 2).await.unwrap();
        let newest: Vec<_> = page.iter().map(|file| &file.id).collect();
        assert_eq!(newest, [&check, &ids[2]]);
        let position = page.last().map(|file| (file.received_at, file.id.clone()));
        let rest = files::list(db, customer_number(), position.as_ref(), 9).await.unwrap();
        assert_eq!(rest.iter().map(|file| &file.id).collect::<Vec<_>>(), [&ids[1], &ids[0]]);

        let same = files::same(db, customer_number(), "hr", 2, "sha-2").await.unwrap();
        assert_eq!(same.map(|file| file.id), Some(ids[1].clone()));
        assert_eq!(files::same(db, customer_number(), "hr", 2, "sha-3").await.unwrap(), None);
        assert_eq!(files::same(db, customer_number(), "hr", 4, "sha-4").await.unwrap(), None, "it was only checked");
    }

    async fn a_refused_file_is_found_until_its_report_is_written(portal: Portal) {
        let refused = NewFile { state: FileState::Refused, number: None, file_name: "x.ldif".to_owned(), ..new_file(1) };
        let id = keep(&portal, refused).await;
        let db = portal.gate.store().reader();
        let found = files::refused_alike(db, customer_number(), "x.ldif", "sha-1").await.unwrap();
        assert_eq!(found.map(|file| file.id), Some(id.clone()));
        let tx = begin(&portal).await;
        files::set_reported(&tx, &id, "x.ldif.report.csv", NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(files::refused_alike(db, customer_number(), "x.ldif", "sha-1").await.unwrap(), None);
    }

    async fn old_files_are_forgotten_but_for_the_last_of_a_source(portal: Portal) {
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(keep(&portal, new_file(number)).await);
        }
        advance(&portal, None, &source(2, "sha-2")).await.unwrap();
        let tx = begin(&portal).await;
        for id in &ids[..2] {
            files::set_reported(&tx, id, "report.csv", later(4)).await.unwrap();
        }
        files::sweep(&tx, later(9)).await.unwrap();
        tx.commit().await.unwrap();
        let left = files::list(portal.gate.store().reader(), customer_number(), None, 9).await.unwrap();
        let left: Vec<_> = left.iter().map(|file| &file.id).collect();
        assert_eq!(left, [&ids[2], &ids[1]], "one is not reported yet, one is the last of its source");
    }

    async fn files_behind_one_that_is_not_done_with_wait(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,Mobile\nL1,RIV,Zora,Quillfeather,\n";
        let id = portal.hand_over(&ben, text).await;
        // A file that nothing is applied of waits for nobody.
        keep(&portal, NewFile { state: FileState::Failed, ..new_file(1) }).await;
        let file = keep(&portal, NewFile { submission: Some(id.clone()), ..new_file(2) }).await;
        let db = portal.gate.store().reader();
        let open = |source| files::unfinished(db, customer_number(), source);
        for source in [None, Some("hr")] {
            let open = open(source).await.unwrap();
            assert_eq!(open.iter().map(|open| &open.id).collect::<Vec<_>>(), [&file]);
        }
        assert!(open(Some("")).await.unwrap().is_empty());
        assert_eq!(files::of_submission(db, &id).await.unwrap().map(|file| file.number), Some(Some(2)));
        portal.work().await;
        assert_eq!(open(None).await.unwrap().len(), 1, "it waits for a person");
        portal.gate.on_behalf_of(&ben).decline(&id).await.unwrap();
        assert!(open(None).await.unwrap().is_empty());
    }

    async fn nobody_waits_for_a_file_that_is_only_checked_or_done_with(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,Mobile\nL1,RIV,Zora,Quillfeather,\n";
        let id = portal.hand_over(&ben, text).await;
        keep(&portal, NewFile { rehearsal: true, submission: Some(id.clone()), ..new_file(1) }).await;
        let db = portal.gate.store().reader();
        assert!(files::unfinished(db, customer_number(), None).await.unwrap().is_empty());
        let file = keep(&portal, NewFile { submission: Some(id), ..new_file(2) }).await;
        assert_eq!(files::unfinished(db, customer_number(), None).await.unwrap().len(), 1);
        let tx = begin(&portal).await;
        files::end(&tx, &file, later(9)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(files::unfinished(db, customer_number(), None).await.unwrap().is_empty());
    }

    async fn a_file_that_failed_for_the_same_reason_is_found_for_a_day(portal: Portal) {
        let customer = customer_number();
        let off = FileFault::CustomerOff { customer };
        keep(&portal, NewFile { state: FileState::Failed, why: Some(off.clone()), ..new_file(1) }).await;
        let line = |line| FileFault::Encoding { line };
        let failed = NewFile { state: FileState::Failed, why: Some(line(3)), ..new_file(2) };
        let second = keep(&portal, failed).await;
        let db = portal.gate.store().reader();
        for (why, since, is_known) in [
            (&off, 1, true),
            (&off, 2, false),
            // Whatever line it was.
            (&line(9), 1, true),
            (&FileFault::Empty, 0, false),
        ] {
            let known = files::failed_alike(db, customer, why, later(since)).await.unwrap();
            assert_eq!(known, is_known, "{why:?}");
        }
        let latest = async |number| files::latest(db, customer, "hr", number).await.unwrap();
        assert_eq!(latest(2).await.map(|file| file.id), Some(second));
        assert_eq!(latest(3).await, None);
    }

    async fn the_passwords_of_many_rows_left_out_are_all_dropped(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,Mobile\nL1,RIV,Zora,Quillfeather,\n";
        let id = portal.hand_over(&ben, text).await;
        let row = |number: u32| {
            let mut asked = ChangeRow::of(customer_number(), "Add", [(Field::EmailAddress, "zoe@riverside.example")]);
            asked.one_time = Some(OneTimePassword::Hashed(format!("hash-{number}")));
            let row = RowNumber(number);
            Row {
                request: ChangeRequest { row, wish: Wish::ChangeRow(Box::new(asked)), promised: None },
                planned: PlannedRow {
                    row,
                    name: String::new(),
                    step: Step::LeaveOut { problems: vec![] },
                    warnings: vec![],
                    kept: vec![],
                    overwrites: vec![],
                    matched: None,
                },
                outcome: Outcome::Waiting,
                subject: None,
                address: None,
            }
        };
        let all: Vec<_> = (2..=1_202).map(row).collect();
        let requests: Vec<_> = all.iter().map(|row| row.request.clone()).collect();
        let planned: Vec<_> = all.iter().map(|row| row.planned.clone()).collect();
        let tx = begin(&portal).await;
        rows::insert(&tx, &id, &requests, &planned).await.unwrap();
        rows::keep_hashes(&tx, &id, &all).await.unwrap();
        let password = |row: &Row| row.request.wish.change_row().and_then(|row| row.one_time.clone());
        let kept = rows::page(&tx, &id, Filter::default(), 2_000).await.unwrap();
        assert!(kept.iter().all(|row| {
            password(row) == Some(OneTimePassword::Hashed(format!("hash-{}", row.planned.row.0)))
        }));
        rows::close_all(&tx, &id, Outcome::LeftOut).await.unwrap();
        rows::drop_passwords(&tx, &id).await.unwrap();
        let left = rows::page(&tx, &id, Filter::default(), 2_000).await.unwrap();
        assert_eq!(left.len(), all.len());
        assert!(left.iter().all(|row| password(row) == Some(OneTimePassword::Dropped)));
        assert!(left.iter().all(|row| row.request.row == row.planned.row));
        tx.commit().await.unwrap();
    }

    async fn one_rename_waits_until_its_link_is_used_or_works_no_longer(portal: Portal) {
        let ben = portal.account(BEN).await;
        let rename = |address: &str, expires_at| Rename {
            account: ben,
            address: EmailAddress::parse(address).unwrap(),
            before: BEN.to_owned(),
            customer: customer_number(),
            asked_at: NOON,
            expires_at,
        };
        let first = rename("b.cartwright@river.example", later(10));
        let db = portal.gate.store().reader();
        let tx = begin(&portal).await;
        renames::ask(&tx, &first, "one", NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(renames::by_token(db, "one", NOON).await.unwrap(), Some(first.clone()));
        assert_eq!(renames::of(db, ben, later(9)).await.unwrap(), Some(first.clone()));
        assert!(renames::waiting(db, &[ben], NOON).await.unwrap().contains(&ben));
        assert_eq!(renames::by_token(db, "one", later(10)).await.unwrap(), None, "it is too late");
        assert!(renames::waiting(db, &[ben], later(10)).await.unwrap().is_empty());

        let second = rename("ben@river.example", later(20));
        let tx = begin(&portal).await;
        let too_early = renames::ask(&tx, &second, "two", NOON).await;
        assert!(matches!(too_early, Err(StoreError::Conflict)), "{too_early:?}");
        drop(tx);
        let tx = begin(&portal).await;
        renames::ask(&tx, &second, "two", later(10)).await.unwrap();
        assert!(renames::end(&tx, ben).await.unwrap());
        assert!(!renames::end(&tx, ben).await.unwrap());
        renames::ask(&tx, &first, "three", NOON).await.unwrap();
        renames::sweep(&tx, later(10)).await.unwrap();
        assert_eq!(renames::by_token(&tx, "three", NOON).await.unwrap(), None);
        tx.commit().await.unwrap();
    }

    async fn losses_of_access_count_once_for_each_person_and_connector(portal: Portal) {
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        let loss = |account: AccountId, at| Loss { account, organisation: OrganisationCode::parse("RIV").unwrap(), at };
        let tx = begin(&portal).await;
        losses::note(&tx, ben, &[loss(fintan, NOON), loss(ben, later(1))]).await.unwrap();
        losses::note(&tx, ben, &[loss(fintan, later(2))]).await.unwrap();
        tx.commit().await.unwrap();
        let db = portal.gate.store().reader();
        assert_eq!(losses::since(db, ben, NOON).await.unwrap(), [loss(ben, later(1)), loss(fintan, later(2))]);
        assert_eq!(losses::since(db, ben, later(2)).await.unwrap(), [loss(fintan, later(2))]);
        assert!(losses::since(db, fintan, NOON).await.unwrap().is_empty());
        losses::sweep(db, later(2)).await.unwrap();
        assert_eq!(losses::since(db, ben, NOON).await.unwrap().len(), 1);
    }
}
