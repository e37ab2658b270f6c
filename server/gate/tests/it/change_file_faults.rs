//! Every sentence that a report has for a file as a whole, each said by a file that earns it.

use std::collections::BTreeSet;

use domain::{
    change_file::{FileFault, FileName},
    rules::Threshold,
};
use gate::{ArrivedChangeFile, TakenFile};
use testkit::{
    Portal,
    change_files::{ChangeFileDone, ReportedLine, TestCustomer},
    on_both,
};

use crate::change_file_sentences::{confirmed, full, is_said};

const FINE: &str = "EmailAddress,Action,JobTitle\nfintan.gillespie@health.example,Update,Porter\n";

/// What a report says of the file as a whole: result, code and sentence.
fn of_the_file(done: &ChangeFileDone) -> Vec<(String, String, String)> {
    let lines = done.lines().into_iter().filter(|line| line.line == "0");
    lines.map(|line| (line.result, line.code, line.message)).collect()
}

/// A file that only suspends some people.
fn suspends(people: &[&str]) -> String {
    let rows: Vec<_> = people.iter().map(|person| format!("{person},Suspend\n")).collect();
    format!("EmailAddress,Action\n{}", full(&rows.concat()))
}

/// The codes that reports have said.
#[derive(Default)]
struct Said(BTreeSet<String>);

impl Said {
    /// Asserts that a report says something of the file as a whole.
    fn by(&mut self, done: &ChangeFileDone, result: &str, code: &str, expected: &str) {
        let said = of_the_file(done);
        let is_it = |(one, other, message): &(String, String, String)| {
            one == result && other == code && is_said(message, expected)
        };
        assert!(
            said.iter().any(is_it),
            "{code}: {expected}\n{said:#?}\n{}",
            done.report.csv
        );
        self.0.insert(code.to_owned());
    }
}

/// What is wrong with a file's content: its number counts, and the next file is taken.
async fn of_content(portal: &Portal, customer: &TestCustomer, said: &mut Said) {
    for (text, code, expected) in [
        (
            "Action,JobTitle\nUpdate,Porter\n",
            "header.missing",
            "The header has no EmailAddress. Add it to the first line.",
        ),
        (
            "EmailAddress,JobTitle\na@b.example,Porter\n",
            "header.missing",
            "The header has no Action. Add it to the first line.",
        ),
        (
            "EmailAddress,Action,GivenNmae\na@b.example,Update,Ida\n",
            "header.unknown",
            "There is no field GivenNmae. Did you mean GivenName?",
        ),
        (
            "EmailAddress,Action,Zzz\na@b.example,Update,x\n",
            "header.unknown",
            "There is no field Zzz. Correct the heading, or delete its column.",
        ),
        (
            "EmailAddress;Action;JobTitle\na@b.example;Update;x\n",
            "header.unknown",
            "Separate the values with commas. This header has semicolons or tabs between them.",
        ),
        (
            "EmailAddress\tAction\na@b.example\tSuspend\n",
            "header.unknown",
            "Separate the values with commas. This header has semicolons or tabs between them.",
        ),
        (
            "EmailAddress,Action,Fax,fax\na@b.example,Update,1,2\n",
            "header.twice",
            "The header has Fax more than once. Keep one of them.",
        ),
        ("EmailAddress,Action\n", "empty", "The file has no rows."),
        (
            "\"EmailAddress\"x,Action\na@b.example,Suspend\n",
            "quotes",
            "The quotation marks of the value that begins in line 1 do not match. Close each one, or write it twice in a value.",
        ),
    ] {
        let done = portal.change_file(customer, text).await;
        assert_eq!(done.submission, None, "{text}");
        said.by(&done, "Rejected", code, expected);
    }
    let name = customer.next_name();
    let latin = b"EmailAddress,Action,JobTitle\na@b.example,Update,Caf\xe9\n";
    let done = portal.change_file_named(customer, &name, latin, false).await;
    said.by(
        &done,
        "Rejected",
        "encoding",
        "The file is not UTF-8 (line 2). Save it as CSV UTF-8, and send it again.",
    );

    let rows = "a@b.example,Suspend\n".repeat(200_001);
    let done = portal
        .change_file(customer, &format!("EmailAddress,Action\n{rows}"))
        .await;
    said.by(
        &done,
        "Rejected",
        "rows",
        "The file has more than 200,000 rows. Split it into smaller files.",
    );
}

/// What is wrong with a file's number.
async fn of_the_sequence(portal: &Portal, customer: &TestCustomer, said: &mut Said) {
    let number = customer.number;
    let first = format!("{number}_seq_PRV_7.csv");
    let done = portal.change_file_named(customer, &first, FINE.as_bytes(), false).await;
    assert_eq!(done.results(), ["Done"]);
    let other = FINE.replace("Porter", "Nurse");
    let done = portal
        .change_file_named(customer, &first, other.as_bytes(), false)
        .await;
    assert!(done.results().contains(&"Done".to_owned()), "{}", done.report.csv);
    said.by(
        &done,
        "Notice",
        "seq.repeated",
        "Number 7 was processed before, with other content. This file was processed as well.",
    );
    let done = portal
        .change_file_named(customer, &first, other.as_bytes(), false)
        .await;
    said.by(
        &done,
        "Notice",
        "seq.same",
        "This file was processed before as number 7. Its report is written again.",
    );
    let lower = format!("{number}_SEQ_prv_6.CSV");
    let done = portal.change_file_named(customer, &lower, FINE.as_bytes(), false).await;
    assert!(done.report.refused, "{}", done.report.csv);
    said.by(
        &done,
        "Rejected",
        "seq.low",
        "Number 6 is lower than 7, the last one processed for seq. Send it again with a higher number.",
    );
    let highest = format!("{number}_seq_PRV_{}.csv", i64::MAX);
    portal
        .change_file_named(customer, &highest, FINE.as_bytes(), false)
        .await;
    let zero = format!("{number}_seq_PRV_0.csv");
    let done = portal.change_file_named(customer, &zero, FINE.as_bytes(), false).await;
    said.by(
        &done,
        "Rejected",
        "seq.zero_after_max",
        "After 9223372036854775807 the next number must be 1 or higher.",
    );
    let one = format!("{number}_seq_PRV_1.csv");
    let done = portal.change_file_named(customer, &one, other.as_bytes(), false).await;
    assert_eq!(of_the_file(&done), vec![], "{}", done.report.csv);
}

/// What is wrong with a file's name, and what the watcher finds.
async fn of_names(portal: &Portal, customer: &TestCustomer, said: &mut Said) {
    let number = customer.number;
    for (name, code, expected) in [
        (
            "staff.csv",
            "name",
            "The file name must read customerId_sourceId_PRV_number.csv. PRV is missing before the number.",
        ),
        (
            "30020506_PRV_9223372036854775808.csv",
            "name",
            "The file name must read … Its number is not a whole number from 0 to 9223372036854775807.",
        ),
        (
            "030020506_PRV_7.csv",
            "name",
            "The file name must read … The number of the customer must not begin with 0.",
        ),
        ("30020506_a/b_PRV_7.csv", "name", "The file name must read …"),
        ("30020506_\u{202e}vsc_PRV_7.csv", "name", "The file name must read …"),
        (
            "30020506_medicine_PROFILES_7.csv",
            "type",
            "This service takes PRV files. …",
        ),
        (
            "30020506_medicine_PRV_7.ldif",
            "type",
            "This service takes PRV files. …",
        ),
    ] {
        let why = FileName::read(name).expect_err("no change file's name");
        let id = portal
            .gate
            .refuse_change_file(number, (name, false), &"0".repeat(64), why)
            .await
            .unwrap();
        let done = reported(portal, name, id).await;
        said.by(&done, "Rejected", code, expected);
    }
    let foreign = "30020507_PRV_7.csv";
    let done = portal
        .change_file_named(customer, foreign, FINE.as_bytes(), false)
        .await;
    said.by(
        &done,
        "Rejected",
        "customer.foreign",
        "The name says customer 30020507; this folder belongs to customer 30020506.",
    );
    let found_by_the_watcher = [
        FileFault::TooLarge { limit_mib: 100 },
        FileFault::NotAFile,
        FileFault::Unreadable,
        FileFault::CustomerUnknown { customer: number },
    ];
    for (place, why) in found_by_the_watcher.into_iter().enumerate() {
        let (name, code, expected) = (format!("{number}_found_PRV_{place}.csv"), why.code(), why.sentence());
        let id = portal
            .gate
            .refuse_change_file(number, (name.as_str(), false), &"1".repeat(64), why)
            .await
            .unwrap();
        let done = reported(portal, &name, id).await;
        said.by(&done, "Rejected", code, &expected);
    }
}

/// What is wrong with who sends a file.
async fn of_senders(portal: &Portal, customer: &TestCustomer, said: &mut Said) {
    let number = customer.number;
    portal
        .change_customer(customer, |customer| customer.change_files = false)
        .await;
    let done = portal.change_file(customer, FINE).await;
    said.by(
        &done,
        "Rejected",
        "customer.off",
        "Customer 30020506 does not use change files. A Global Administrator can turn them on.",
    );
    portal
        .change_customer(customer, |customer| customer.change_files = true)
        .await;
    let name = customer.next_name();
    let arrived = ArrivedChangeFile {
        customer: number,
        name: FileName::read(&name).expect("a name"),
        file_name: name.clone(),
        bytes: FINE.as_bytes().to_vec(),
        rehearsal: false,
    };
    let failed = portal
        .gate
        .fail_change_file(arrived, FileFault::NoConnector { customer: number })
        .await
        .unwrap();
    let TakenFile::Failed(id) = &failed else {
        panic!("{failed:?}")
    };
    let done = reported(portal, &name, id.clone()).await;
    said.by(
        &done,
        "Rejected",
        "grant.none",
        "No account may send change files for 30020506. A Global Administrator can name one.",
    );
    let grace = portal.persona("Grace").await;
    let done = portal.change_file(&customer.sent_by(grace), FINE).await;
    said.by(
        &done,
        "Rejected",
        "grant.gone",
        "The account … may not send change files for 30020506.",
    );
}

on_both! {
    async fn every_sentence_of_a_file_is_said_by_a_file(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let mut said = Said::default();
        of_content(&portal, &customer, &mut said).await;
        of_the_sequence(&portal, &customer, &mut said).await;
        of_names(&portal, &customer, &mut said).await;
        of_senders(&portal, &customer, &mut said).await;
        let untold: Vec<_> = FileFault::examples()
            .into_iter()
            .map(|fault| fault.code())
            .filter(|code| !said.0.contains(*code) && !SAID_ELSEWHERE.contains(code))
            .collect();
        assert!(untold.is_empty(), "{untold:?}");
        portal.adds_up().await;
    }

    async fn a_file_beyond_the_threshold_waits_and_says_so(portal: Portal) {
        let portal = portal.ruled(|rules| rules.threshold = Threshold { percent: 1, accounts: 2 });
        let customer = portal.customer(|_| {}).await;
        let people = ["fintan.gillespie@H", "marek.garside@H", "lowri.umar@H", "niamh.adeyemi@H"];
        let held = portal.change_file(&customer, &suspends(&people)).await;
        let said = of_the_file(&held);
        let link = held.submission.as_ref().expect("a submission").to_string();
        let is_told = |(result, code, message): &(String, String, String)| {
            result == "NotAttempted" && code == "threshold" && message.contains(&link)
        };
        assert!(said.iter().any(is_told), "{said:#?}");
        assert_eq!(attempted(&held), 0, "{}", held.report.csv);
        let next = portal.bring_change_file(&customer, &customer.next_name(), FINE.as_bytes(), false).await;
        assert!(matches!(next, TakenFile::NotYet), "{next:?}");
        let id = held.submission.expect("a submission");
        confirmed(&portal, &portal.persona("Priya").await, &id).await;
        let after = reported(&portal, &held.file_name, held.id).await;
        assert_eq!(after.results(), ["Done"; 4], "{}", after.report.csv);
    }

    async fn a_file_that_takes_access_from_too_many_stops_and_says_so(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 2);
        let customer = portal.customer(|_| {}).await;
        let people = ["fintan.gillespie@H", "marek.garside@H", "lowri.umar@H", "niamh.adeyemi@H"];
        let held = portal.change_file(&customer, &suspends(&people)).await;
        let said = of_the_file(&held);
        assert!(said.iter().any(|(_, code, _)| code == "brake"), "{said:#?}");
        assert_eq!(attempted(&held), 2, "{}", held.report.csv);
        let priya = portal.persona("Priya").await;
        let id = held.submission.expect("a submission");
        portal.gate.on_behalf_of(&priya).decline(&id).await.unwrap();
        portal.work().await;
        let after = reported(&portal, &held.file_name, held.id).await;
        let said = of_the_file(&after);
        let discarded = FileFault::Discarded.sentence();
        assert!(said.iter().any(|(_, code, message)| code == "discarded" && *message == discarded), "{said:#?}");
        assert_eq!(attempted(&after), 2, "{}", after.report.csv);
        portal.adds_up().await;
    }
}

/// The codes that the tests of the threshold and of the brake earn.
const SAID_ELSEWHERE: [&str; 3] = ["brake", "threshold", "discarded"];

/// Rows that were done.
fn attempted(done: &ChangeFileDone) -> usize {
    let is_done = |line: &ReportedLine| line.line != "0" && line.result == "Done";
    done.lines().iter().filter(|line| is_done(line)).count()
}

/// The report of a file as it is now.
async fn reported(portal: &Portal, file_name: &str, id: String) -> ChangeFileDone {
    let report = portal.change_file_report(&id).await;
    portal.say_reported(&id, &report).await;
    ChangeFileDone {
        file_name: file_name.to_owned(),
        id,
        submission: None,
        report,
    }
}
