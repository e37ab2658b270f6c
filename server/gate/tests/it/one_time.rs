//! One-time passwords in files: hashed when the file is checked, in clear nowhere afterwards, good as long as a link; and how
//! long files are kept.

use std::time::Duration;

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    password::OneTimePassword,
    plan::Step,
    policy::Actor,
    request::{AccountWish, Wish},
    submission::{Outcome, State},
    values::ids::{RowNumber, SubmissionId},
};
use gate::{Arriving, GateError, LookingAt, Mend, Report, SignIn, Worker};
use testkit::{Kind, Portal, SERVICE, on_both};

use crate::{
    apply,
    columns::saying,
    confirm,
    lifecycle::done,
    proving::{guesses, status_becomes},
    review,
};

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName,Mobile,Password";
const ADA: &str = "ada.bright@health.example";
const DAY: i64 = 86_400;

fn file(rows: &[&str]) -> String {
    format!("{HEADINGS}\n{}\n", rows.join("\n"))
}

/// Hands a file over that nobody has checked yet.
async fn arrived(portal: &Portal, sender: &Actor, text: &str) -> SubmissionId {
    let arriving = Arriving {
        channel: domain::channel::Channel::PortalCsv,
        file_name: "staff list.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    portal.gate.on_behalf_of(sender).submit(arriving).await.unwrap()
}

async fn mend(portal: &Portal, sender: &Actor, id: &SubmissionId, row: u32, cells: &[(Attribute, &str)]) {
    let cells = cells.iter().map(|(attribute, text)| (*attribute, (*text).to_owned()));
    let mend = Mend {
        row: RowNumber(row),
        cells: cells.collect(),
        shown: vec![],
        everywhere: vec![],
        overruling: vec![],
        surplus: gate::Surplus::Stays,
    };
    portal.gate.on_behalf_of(sender).mend(id, mend).await.unwrap();
}

/// What is kept of the passwords of all rows.
async fn kept(portal: &Portal, actor: &Actor, id: &SubmissionId) -> Vec<Option<OneTimePassword>> {
    let rows = review(portal, actor, id).await.rows;
    let of = |row: &gate::Row| gate::cells_of(&row.request).and_then(|cells| cells.one_time.clone());
    rows.iter().map(of).collect()
}

fn is_hashed(password: &Option<OneTimePassword>) -> bool {
    matches!(password, Some(OneTimePassword::Hashed(hash)) if hash.starts_with("$argon2id$"))
}

/// What is wrong with a row.
async fn problems(portal: &Portal, actor: &Actor, id: &SubmissionId, row: usize) -> Vec<String> {
    let row = review(portal, actor, id).await.rows.remove(row);
    row.planned.step.problems().iter().map(ToString::to_string).collect()
}

/// Every byte of the database's files.
fn bytes_of(portal: &Portal) -> Vec<u8> {
    let path = portal.url.trim_start_matches("sqlite://").split('?').next().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    bytes
}

/// Asserts that no secret stands in the database's files.
pub fn assert_nowhere(portal: &Portal, secrets: &[&str]) {
    let bytes = bytes_of(portal);
    for secret in secrets {
        let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "“{secret}” stands in the database");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_of_a_file_stand_nowhere_in_the_database_once_it_is_checked() {
    let portal = Portal::open(Kind::Sqlite).await;
    let ben = portal.persona("Ben").await;
    let secrets = [
        " violet anchor 7 ",
        "copper-heron-62",
        "password2026",
        "Ada-and-the-maple",
        "walnut ferry 31",
    ];
    let id = portal
        .upload(
            &ben,
            &file(&[
                "t1,RIV,Ada,Bright,, violet anchor 7 ",
                "t2,RIV,Bea,Bright,0770,copper-heron-62",
                "t3,RIV,Cal,Bright,,password2026",
                "t4,RIV,Ada,Clear,,Ada-and-the-maple",
            ]),
        )
        .await;
    assert_nowhere(&portal, &secrets);
    let passwords = kept(&portal, &ben, &id).await;
    assert!(is_hashed(&passwords[0]), "{passwords:?}");
    assert_eq!(
        passwords[1],
        Some(OneTimePassword::Dropped),
        "a rejected row keeps none"
    );
    assert!(matches!(
        passwords[2..],
        [Some(OneTimePassword::Refused(_)), Some(OneTimePassword::Refused(_))]
    ));
    mend(&portal, &ben, &id, 3, &[(Attribute::Mobile, "")]).await;
    mend(&portal, &ben, &id, 4, &[(Attribute::Password, "walnut ferry 31")]).await;
    mend(&portal, &ben, &id, 5, &[(Attribute::Password, "(clear)")]).await;
    assert_nowhere(&portal, &secrets);
    let shown = review(&portal, &ben, &id).await;
    let with: Vec<_> = shown.rows.iter().map(|row| row.planned.needs_password()).collect();
    assert_eq!(with, [true, false, true, false]);
    apply(&portal, &ben, &id).await;
    assert_eq!(
        review(&portal, &ben, &id).await.submission.totals.with(Outcome::Done),
        4
    );
    assert_eq!(kept(&portal, &ben, &id).await, [None, None, None, None]);
    assert_nowhere(&portal, &secrets);
    // Both spaces are part of it.
    assert_eq!(portal.sign_in(ADA, "violet anchor 7").await, SignIn::Refused);
    let ada = portal.account(ADA).await;
    assert_eq!(portal.sign_in(ADA, " violet anchor 7 ").await, SignIn::MustChoose(ada));
    let cal = portal.account("cal.bright@health.example").await;
    assert_eq!(
        portal.sign_in("cal.bright@health.example", "walnut ferry 31").await,
        SignIn::MustChoose(cal)
    );
    let visit = portal.gate.on_behalf_of(&ben);
    let (_, result) = visit.report(&id, Report::Result).await.unwrap();
    let result = String::from_utf8(result).unwrap();
    assert!(
        result.contains("t1,RIV,Ada,Bright,,,Created ada.bright@health.example."),
        "{result}"
    );
    let digest = visit.submission(&id).await.unwrap().file_sha256;
    let sent = file(&[
        "t1,RIV,Ada,Bright,, violet anchor 7 ",
        "t2,RIV,Bea,Bright,0770,copper-heron-62",
        "t3,RIV,Cal,Bright,,password2026",
        "t4,RIV,Ada,Clear,,Ada-and-the-maple",
    ]);
    let again = portal.upload(&ben, &sent).await;
    assert_eq!(
        visit.submission(&again).await.unwrap().file_sha256,
        digest,
        "it is that of what was sent"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_discarded_before_or_after_its_check_keeps_no_password() {
    let portal = Portal::open(Kind::Sqlite).await;
    let ben = portal.persona("Ben").await;
    let visit = portal.gate.on_behalf_of(&ben);
    let unchecked = arrived(&portal, &ben, &file(&["t1,RIV,Ada,Bright,,copper-heron-62"])).await;
    visit.decline(&unchecked).await.unwrap();
    let broken = portal
        .upload(&ben, &format!("\"{}", file(&["t1,RIV,Ada,Bright,,walnut-ferry-31"])))
        .await;
    assert_eq!(visit.submission(&broken).await.unwrap().state, State::Unreadable);
    for id in [&unchecked, &broken] {
        assert!(visit.submission(id).await.unwrap().file_gone);
        assert!(matches!(visit.report(id, Report::Result).await, Err(GateError::Gone)));
    }
    let checked = portal
        .upload(&ben, &file(&["t1,RIV,Ada,Bright,,maple-window-31"]))
        .await;
    assert!(is_hashed(&kept(&portal, &ben, &checked).await[0]));
    visit.decline(&checked).await.unwrap();
    assert_eq!(kept(&portal, &ben, &checked).await, [Some(OneTimePassword::Dropped)]);
    assert!(visit.report(&checked, Report::Problems).await.is_ok());
    assert_nowhere(&portal, &["copper-heron-62", "walnut-ferry-31", "maple-window-31"]);
}

on_both! {
    async fn one_password_for_several_people_is_a_problem_of_each(portal: Portal) {
        let ben = portal.persona("Ben").await;
        // The same in both spellings of its letter.
        let id = portal.upload(&ben, &file(&[
            "t1,RIV,Ada,Bright,,caf\u{E9} lantern 9",
            "t2,RIV,Bea,Bright,,maple-window-31",
            "t3,RIV,Cal,Bright,,cafe\u{301} lantern 9",
        ])).await;
        assert_eq!(
            problems(&portal, &ben, &id, 0).await,
            ["The file gives row 4 the same password. Give each person a different password. If you leave the cell empty, they get an activation link."]
        );
        let place = review(&portal, &ben, &id).await.rows[2].planned.step.problems()[0].place;
        assert_eq!(place.attribute(), Some(Attribute::Password));
        mend(&portal, &ben, &id, 2, &[(Attribute::Password, "maple-window-31")]).await;
        assert!(problems(&portal, &ben, &id, 0).await[0].starts_with("The file gives row 3 the same password."));
        mend(&portal, &ben, &id, 2, &[(Attribute::Password, "copper-heron-62")]).await;
        mend(&portal, &ben, &id, 4, &[(Attribute::Password, "(clear)")]).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.totals.with_problems(), 0);
    }

    async fn the_name_of_the_organisation_is_no_password(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,riverside hospitals"])).await;
        let passwords = kept(&portal, &ben, &id).await;
        assert_eq!(passwords, [Some(OneTimePassword::Refused(domain::problem::Kind::PasswordKnownName))]);
    }

    async fn a_password_is_checked_against_the_list_wherever_it_is_given(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,liverpool2019"])).await;
        let said = problems(&portal, &ben, &id, 0).await;
        assert!(said[0].starts_with("The password is little more than a"), "{said:?}");
        let own = portal.gate.on_behalf_of(&ben).check_password("liverpool2019").await.unwrap();
        assert!(matches!(own, Err(gate::WrongPassword::Weak(_))), "{own:?}");
        let length = portal.gate.on_behalf_of(&ben).check_password("eleven-char").await.unwrap();
        assert!(matches!(length, Err(gate::WrongPassword::Weak(_))), "{length:?}");
        assert_eq!(portal.gate.on_behalf_of(&ben).check_password(" violet anchor 7").await.unwrap(), Ok(()));
    }

    async fn either_spelling_of_a_letter_signs_in(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = ben.account().unwrap();
        let address = "ben.cartwright@health.example";
        let visit = portal.gate.on_behalf_of(&ben);
        assert_eq!(visit.choose_password("cafe\u{301} lantern 9").await.unwrap(), Ok(()));
        for spelling in ["caf\u{E9} lantern 9", "cafe\u{301} lantern 9"] {
            assert_eq!(portal.sign_in(address, spelling).await, SignIn::Welcome(account));
        }
        assert_eq!(visit.check_password("caf\u{E9} lantern 9").await.unwrap(), Err(gate::WrongPassword::UsedBefore));
        assert_eq!(portal.sign_in(address, "cafe lantern 9").await, SignIn::Refused);
        // No day comes by itself on which it must be changed.
        portal.pass_seconds(25 * DAY);
        assert_eq!(visit.own_record().await.unwrap().password_until, None);
    }

    async fn a_worker_cut_off_while_it_hashes_leaves_what_is_hashed_to_the_next(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..60).map(|n| format!("h{n},RIV,Pat,Patient,,window-{n}-maple-ferry")).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = arrived(&portal, &ben, &file(&rows)).await;
        let worker = Worker::new(portal.gate.clone());
        let working = tokio::spawn(async move { worker.work_all().await });
        let visit = portal.gate.on_behalf_of(&ben);
        let submission = loop {
            let submission = visit.submission(&id).await.unwrap();
            if submission.hashing && submission.progress >= 40 {
                break submission;
            }
            assert_eq!(submission.state, State::Received);
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        working.abort();
        let _ = working.await;
        assert_eq!((submission.state, submission.expected_rows), (State::Received, 60));
        let before = kept(&portal, &ben, &id).await;
        assert!(before[..40].iter().all(is_hashed), "{before:?}");
        for _ in 0..100 {
            portal.pass_seconds(60);
            portal.work().await;
            if visit.submission(&id).await.unwrap().state == State::Planned {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let submission = visit.submission(&id).await.unwrap();
        assert_eq!((submission.state, submission.hashing, submission.expected_rows), (State::Planned, false, 60));
        let after = review(&portal, &ben, &id).await;
        assert_eq!(after.submission.totals.of(domain::plan::RowKind::Create), 60);
        assert_eq!(kept(&portal, &ben, &id).await[..40], before[..40], "nothing is hashed twice");
    }

    async fn a_one_time_password_is_good_as_long_as_a_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,copper-heron-62"])).await;
        apply(&portal, &ben, &id).await;
        let ada = portal.account(ADA).await;
        portal.pass_seconds(14 * DAY - 1);
        assert_eq!(portal.sign_in(ADA, "copper-heron-62").await, SignIn::MustChoose(ada));
        portal.pass_seconds(1);
        assert_eq!(portal.sign_in(ADA, "copper-heron-62").await, SignIn::Expired);
        assert_eq!(portal.sign_in(ADA, "copper-heron-63").await, SignIn::Refused);
    }

    async fn an_account_whose_one_time_password_is_guessed_at_is_locked(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,copper-heron-62", "t2,RIV,Bea,Bright,,"])).await;
        apply(&portal, &ben, &id).await;
        let bea = "bea.bright@health.example";
        for address in [ADA, bea] {
            guesses(&portal, address, 10).await;
        }
        assert!(status_becomes(&portal, ADA, AccountStatus::Locked).await);
        // Nobody guesses a link, so nobody is kept from using theirs.
        assert!(status_becomes(&portal, bea, AccountStatus::Pending).await);
        let account = portal.account(ADA).await;
        done(&portal, &portal.persona("Hamid").await, Wish::Account(account, AccountWish::Turn(Turn::Unlock))).await;
        assert!(status_becomes(&portal, ADA, AccountStatus::Pending).await);
        assert_eq!(portal.sign_in(ADA, "copper-heron-62").await, SignIn::MustChoose(account));
    }

    async fn files_are_deleted_thirty_days_after_they_are_done_with(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,"])).await;
        apply(&portal, &ben, &id).await;
        let unexplained = portal.upload(&ben, "Payroll no,Trust,Forename,Surname\n1,RIV,Ada,Bright\n").await;
        let sweep = async || portal.gate.sweep(&SERVICE).await.unwrap();
        sweep().await;
        assert!(visit.columns(&unexplained, &LookingAt::Likely).await.is_ok());
        portal.pass_seconds(DAY);
        sweep().await;
        let told = visit.submission(&unexplained).await.unwrap();
        assert!(told.file_gone && told.trouble.is_some_and(|why| why.contains("Upload it again")));
        assert!(matches!(visit.columns(&unexplained, &LookingAt::Likely).await, Err(GateError::NotFound)));
        portal.pass_seconds(29 * DAY - 1);
        visit.note_use().await.unwrap();
        sweep().await;
        assert!(visit.report(&id, Report::Result).await.is_ok());
        portal.pass_seconds(1);
        sweep().await;
        assert!(matches!(visit.report(&id, Report::Result).await, Err(GateError::Gone)));
        assert_eq!(review(&portal, &ben, &id).await.rows.len(), 1, "what became of each row stays");
    }

    async fn a_file_goes_when_somebody_in_it_is_forgotten(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,,", "t2,RIV,Bea,Bright,,"])).await;
        let other = portal.upload(&ben, &file(&["t3,RIV,Cal,Clear,,"])).await;
        apply(&portal, &ben, &id).await;
        confirm(&portal, &ben, &other).await;
        portal.work().await;
        let account = portal.account(ADA).await;
        let service = portal.gate.on_behalf_of(&SERVICE);
        service.establish(vec![Wish::Account(account, AccountWish::Turn(Turn::Delete))]).await.unwrap();
        service.establish(vec![Wish::Account(account, AccountWish::Erase)]).await.unwrap();
        assert!(matches!(visit.report(&id, Report::Result).await, Err(GateError::Gone)));
        assert!(visit.report(&other, Report::Result).await.is_ok());
    }

    async fn passwords_of_a_column_explained_later_are_hashed_and_blanked_then(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let text = "Payroll no;Trust;Forename;Surname;First go\nn1;RIV;Ada;Bright; violet anchor 7 \n\nn2;RIV;Bea;Bright;\n";
        let id = portal.upload(&ben, text).await;
        let held = [Attribute::LocalId, Attribute::Organisation, Attribute::FirstName, Attribute::LastName, Attribute::Password];
        visit.choose_columns(&id, &saying(&held.map(Some))).await.unwrap().unwrap();
        portal.work().await;
        let bytes = store::submissions::bytes(portal.gate.store().reader(), &id).await.unwrap().unwrap();
        assert!(!String::from_utf8(bytes).unwrap().contains("anchor"));
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateAccount { with_password, .. } = shown.rows[0].planned.step else { panic!("{shown:?}") };
        assert!(with_password && shown.rows[1].planned.row == RowNumber(4));
        apply(&portal, &ben, &id).await;
        let ada = portal.account(ADA).await;
        assert_eq!(portal.sign_in(ADA, " violet anchor 7 ").await, SignIn::MustChoose(ada));
        let (_, result) = visit.report(&id, Report::Result).await.unwrap();
        let result = String::from_utf8(result).unwrap();
        assert!(result.contains("n1;RIV;Ada;Bright;;Created") && result.contains("First go"), "{result}");
    }
}
