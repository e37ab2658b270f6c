//! Change files as the gate takes and applies them: their sequence, what stops them, whom they write to, and new addresses.

mod letters;
mod renames;
mod sequence;
mod showing;
mod stopping;

use domain::{
    change_file::FileName,
    policy::Actor,
    request::{AccountWish, Wish},
    rules::{AccessBrake, Threshold},
    submission::LookAlikes,
    values::ids::SubmissionId,
};
use gate::{ArrivedChangeFile, Asked, Confirmation, TakenFile, ToReport, seen, to_type};
use testkit::{Portal, change_files::TestCustomer};

/// People of Riverside who are active and hold no role.
const FINTAN: &str = "fintan.gillespie@health.example";
const MAREK: &str = "marek.garside@health.example";
const LOWRI: &str = "lowri.umar@health.example";
const NIAMH: &str = "niamh.adeyemi@health.example";

/// A file that gives somebody a job title.
fn titled(person: &str, title: &str) -> String {
    format!("EmailAddress,Action,JobTitle\n{person},Update,{title}\n")
}

/// A file that asks for one action for each of these people.
fn each(action: &str, people: &[&str]) -> String {
    let rows: String = people.iter().map(|person| format!("{person},{action}\n")).collect();
    format!("EmailAddress,Action\n{rows}")
}

/// The same portal, where no number of changes is too many.
fn unlimited(portal: Portal) -> Portal {
    let none = u32::MAX;
    portal.ruled(|rules| {
        rules.access_brake = AccessBrake {
            people: none,
            percent: none,
        };
        rules.threshold = Threshold {
            percent: none,
            accounts: none,
        };
        rules.new_by_machine = rules.threshold;
    })
}

/// Hands a file to the gate under a name; nobody works on it yet.
async fn bring(portal: &Portal, customer: &TestCustomer, name: &str, text: &str) -> TakenFile {
    portal.bring_change_file(customer, name, text.as_bytes(), false).await
}

/// A file that was begun.
fn begun(taken: TakenFile) -> String {
    match taken {
        TakenFile::Begun(id) => id,
        other => panic!("{other:?}"),
    }
}

/// A file that is not reported yet.
async fn open(portal: &Portal, customer: &TestCustomer, id: &str) -> ToReport {
    let open = portal.gate.unreported_change_files(customer.number).await.unwrap();
    open.into_iter().find(|file| file.id == id).expect("it is not reported")
}

/// The submission of a file that is not reported yet.
async fn submission(portal: &Portal, customer: &TestCustomer, id: &str) -> SubmissionId {
    open(portal, customer, id).await.submission.expect("a submission")
}

/// The results and codes of a report, a line each: `2 Done`, `3 Rejected state`.
async fn told(portal: &Portal, id: &str) -> Vec<String> {
    let report = portal.gate.change_file_report(id).await.unwrap();
    let mut lines: Vec<_> = report.csv.lines().skip(1).map(str::to_owned).collect();
    lines.pop();
    let told = |line: String| {
        let cells: Vec<_> = line.split(',').collect();
        format!("{} {} {}", cells[0], cells[3], cells[4]).trim_end().to_owned()
    };
    lines.into_iter().map(told).collect()
}

/// Confirms what waits, as an administrator.
async fn confirmed(portal: &Portal, by: &Actor, id: &SubmissionId) {
    let visit = portal.gate.on_behalf_of(by);
    let shown = visit.submission(id).await.unwrap();
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: to_type(&shown),
    };
    visit.confirm(id, said).await.unwrap();
}

/// Has somebody do one thing to an account, by form.
async fn by_form(portal: &Portal, by: &Actor, address: &str, wish: AccountWish) {
    let account = portal.account(address).await;
    let asked = portal
        .gate
        .on_behalf_of(by)
        .ask("A test", Wish::Account(account, wish))
        .await;
    let Ok(Asked::Planned(id)) = asked else {
        panic!("{asked:?}")
    };
    confirmed(portal, by, &id).await;
}

/// A file as it arrives.
fn arrived(customer: &TestCustomer, name: &str, text: &str) -> ArrivedChangeFile {
    ArrivedChangeFile {
        customer: customer.number,
        name: FileName::read(name).unwrap(),
        file_name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
        rehearsal: false,
    }
}
