//! A customer with subscriptions, and its change files as the watcher of its folder brings them to the gate.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::{
    change_file::FileName,
    channel::Channel,
    customer::{Customer, CustomerNumber, Federation},
    grant::Terms,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{RoleWish, Wish},
    subscription::{Offering, Subscription, SubscriptionNumber, SubscriptionState},
    values::{email_address::EmailAddress, ids::SubmissionId},
};
use gate::{ArrivedChangeFile, ChangeFileReport, TakenFile};

use crate::{Portal, SERVICE};

/// The number of the tests' customer.
pub const CUSTOMER: i64 = 30_020_506;
/// The domain that it owns.
pub const CUSTOMER_DOMAIN: &str = "riverside.example";
/// Who sends its files.
pub const SENDER: &str = "jem.larkspur@health.example";

/// Its subscription of collaboration.
pub const COLLAB: i64 = 69_050;
/// Of collaboration and mail.
pub const BUNDLE: i64 = 69_051;
/// Of mail.
pub const MAIL: i64 = 69_052;
/// Of Traveler.
pub const TRAVELER: i64 = 69_053;
/// Of more collaboration, with one seat only.
pub const PLUS: i64 = 69_055;
/// Of Docs.
pub const DOCS: i64 = 69_056;
/// Of Retention.
pub const RETENTION: i64 = 69_057;
/// Of 50 GB of collaboration storage.
pub const COLLAB_STORAGE: i64 = 69_058;
/// Of 30 GB of mail storage.
pub const MAIL_STORAGE: i64 = 69_059;
/// Of mail, suspended.
pub const OLD_MAIL: i64 = 69_060;

/// What it has subscribed to: number, part, name, offering, seats, gigabytes.
const SUBSCRIPTIONS: [(i64, &str, &str, Offering, u32, u32); 10] = [
    (COLLAB, "C1", "Collaboration", Offering::Collab, 4, 0),
    (BUNDLE, "B1", "Bundle", Offering::Bundle, 3, 0),
    (MAIL, "M1", "Mail", Offering::Mail, 4, 0),
    (TRAVELER, "T1", "Traveler", Offering::Traveler, 2, 0),
    (PLUS, "C2", "Collaboration Plus", Offering::Collab, 1, 0),
    (DOCS, "D1", "Docs", Offering::Docs, 2, 0),
    (RETENTION, "R1", "Retention", Offering::Retention, 2, 0),
    (
        COLLAB_STORAGE,
        "S1",
        "Collaboration storage",
        Offering::CollabStorage,
        0,
        50,
    ),
    (MAIL_STORAGE, "S2", "Mail storage", Offering::MailStorage, 0, 30),
    (OLD_MAIL, "M0", "Old mail", Offering::Mail, 5, 0),
];

/// Which of its seats may become which, by their parts.
const COMPATIBLE: [(&str, &str); 6] = [
    ("C1", "C2"),
    ("C2", "C1"),
    ("B1", "C1"),
    ("B1", "M1"),
    ("C1", "B1"),
    ("M1", "B1"),
];

/// A customer whose files a test sends.
pub struct TestCustomer {
    /// Its number.
    pub number: CustomerNumber,
    /// In whose name its files are applied.
    pub connector: Actor,
    /// The number of its last file.
    last: AtomicI64,
}

impl TestCustomer {
    /// The name of its next file, of the source *hr*.
    #[must_use]
    pub fn next_name(&self) -> String {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        format!("{}_hr_PRV_{number}.csv", self.number)
    }

    /// The same customer, whose further files somebody else brings.
    #[must_use]
    pub fn sent_by(&self, sender: Actor) -> Self {
        Self {
            number: self.number,
            connector: sender,
            last: AtomicI64::new(self.last.load(Ordering::SeqCst)),
        }
    }
}

/// A change file that was taken, and its report.
#[derive(Debug)]
pub struct ChangeFileDone {
    /// Its name.
    pub file_name: String,
    /// Its ID.
    pub id: String,
    /// What it was checked and applied as; none where it failed whole.
    pub submission: Option<SubmissionId>,
    /// Its report, log and trace.
    pub report: ChangeFileReport,
}

/// One line of a report. The ID of the account is left out: it is another one each time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportedLine {
    /// The line of the file.
    pub line: String,
    /// The person's address.
    pub address: String,
    /// The action, as written.
    pub action: String,
    /// What became of it.
    pub result: String,
    /// The code of what is said.
    pub code: String,
    /// What is said.
    pub message: String,
    /// What was done.
    pub steps: String,
}

impl ReportedLine {
    /// All of it, as one line of a text.
    #[must_use]
    pub fn told(&self) -> String {
        let parts = [
            &self.line,
            &self.address,
            &self.action,
            &self.result,
            &self.code,
            &self.message,
            &self.steps,
        ];
        let parts: Vec<_> = parts.into_iter().map(String::as_str).collect();
        parts.join(" | ")
    }
}

impl ChangeFileDone {
    /// The lines of its report, without the summary.
    #[must_use]
    pub fn lines(&self) -> Vec<ReportedLine> {
        let rows = records(&self.report.csv).into_iter().skip(1);
        let rows = rows.filter(|row| row.first().is_some_and(|line| line != "#"));
        rows.map(|row| {
            let [line, address, action, result, code, message, _, steps] =
                <[String; 8]>::try_from(row).expect("eight cells in each line");
            ReportedLine {
                line,
                address,
                action,
                result,
                code,
                message,
                steps,
            }
        })
        .collect()
    }

    /// The summary: its last row.
    #[must_use]
    pub fn summary(&self) -> String {
        let last = records(&self.report.csv).pop().expect("a summary");
        assert_eq!(last[..4], ["#", "", "", "Summary"], "{}", self.report.csv);
        last[5].clone()
    }

    /// The results of its rows, in order, without notices.
    #[must_use]
    pub fn results(&self) -> Vec<String> {
        let lines = self.lines().into_iter().filter(|line| line.result != "Notice");
        lines.map(|line| line.result).collect()
    }
}

impl Portal {
    /// Riverside and all below it as a customer with subscriptions of each offering, whose files Jem sends; with what else is
    /// so of it.
    pub async fn customer(&self, set: impl FnOnce(&mut Customer)) -> TestCustomer {
        self.customer_of(SENDER, set).await
    }

    /// As [`Self::customer`], with files that somebody else sends, who has no role yet.
    pub async fn customer_of(&self, sender: &str, set: impl FnOnce(&mut Customer)) -> TestCustomer {
        let connector = self.person(sender).await;
        let riverside = OrganisationCode::parse("RIV").expect("a code");
        let account = connector.account().expect("a person");
        let grant = RoleWish::Grant {
            role: Role::Connector,
            organisation: riverside.clone(),
            unit: None,
            terms: Terms {
                channels: vec![Channel::ChangeFile],
                ..Terms::default()
            },
        };
        let mut customer = Customer {
            number: CustomerNumber::new(CUSTOMER).expect("a number"),
            organisation: riverside,
            federation: Federation::Partial,
            verifies_email: false,
            accepts_terms: true,
            hybrid: false,
            change_files: true,
            language: None,
            time_zone: None,
            domains: vec![CUSTOMER_DOMAIN.to_owned()],
            connector: Some(account),
            contact: EmailAddress::parse("it@riverside.example").ok(),
            compatible: COMPATIBLE
                .iter()
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                .collect(),
            templates: vec!["StdR85Mail,8.5,en_GB".to_owned()],
        };
        set(&mut customer);
        let number = customer.number;
        self.make_so(vec![Wish::Role(account, grant)]).await;
        self.make_so(vec![Wish::Customer(Box::new(customer))]).await;
        let subscriptions = SUBSCRIPTIONS.iter().map(|of| subscription(number, *of));
        let subscriptions = subscriptions.map(|one| Wish::Subscription(Box::new(one)));
        self.make_so(subscriptions.collect()).await;
        TestCustomer {
            number,
            connector,
            last: AtomicI64::new(0),
        }
    }

    /// Changes what is so of a customer.
    pub async fn change_customer(&self, customer: &TestCustomer, set: impl FnOnce(&mut Customer)) {
        let reader = self.gate.store().reader();
        let known = store::directory::customers::of(reader, customer.number).await;
        let mut known = known.expect("the database answers").expect("a customer");
        set(&mut known);
        self.make_so(vec![Wish::Customer(Box::new(known))]).await;
    }

    /// Brings a change file to the gate; nobody works on it yet.
    pub async fn bring_change_file(
        &self,
        customer: &TestCustomer,
        file_name: &str,
        bytes: &[u8],
        rehearsal: bool,
    ) -> TakenFile {
        let arrived = ArrivedChangeFile {
            customer: customer.number,
            name: FileName::read(file_name).expect("a name"),
            file_name: file_name.to_owned(),
            bytes: bytes.to_vec(),
            rehearsal,
        };
        let visit = self.gate.on_behalf_of(&customer.connector);
        visit.take_change_file(arrived).await.expect("the file is taken")
    }

    /// Takes a change file under a name, works on it and has its report written.
    pub async fn change_file_named(
        &self,
        customer: &TestCustomer,
        file_name: &str,
        bytes: &[u8],
        rehearsal: bool,
    ) -> ChangeFileDone {
        let taken = self.bring_change_file(customer, file_name, bytes, rehearsal).await;
        self.work().await;
        let id = match taken {
            TakenFile::Again(id) => {
                let report = self.gate.change_file_report_again(&id).await.expect("a report");
                return ChangeFileDone {
                    file_name: file_name.to_owned(),
                    id,
                    submission: None,
                    report,
                };
            }
            TakenFile::Begun(id) | TakenFile::Failed(id) | TakenFile::Refused(id) => id,
            TakenFile::NotYet => panic!("{file_name} has to wait"),
        };
        let submission = self.change_file_submission(customer, &id).await;
        let report = self.change_file_report(&id).await;
        self.say_reported(&id, &report).await;
        ChangeFileDone {
            file_name: file_name.to_owned(),
            id,
            submission,
            report,
        }
    }

    /// Takes the customer's next change file, applies it and has its report written.
    pub async fn change_file(&self, customer: &TestCustomer, text: &str) -> ChangeFileDone {
        let name = customer.next_name();
        self.change_file_named(customer, &name, text.as_bytes(), false).await
    }

    /// Tries a change file out.
    pub async fn rehearse_change_file(&self, customer: &TestCustomer, text: &str) -> ChangeFileDone {
        let name = format!("{}_hr_PRV_0.csv", customer.number);
        self.change_file_named(customer, &name, text.as_bytes(), true).await
    }

    /// The report of a change file as it is now.
    pub async fn change_file_report(&self, id: &str) -> ChangeFileReport {
        let report = self.gate.change_file_report(id).await;
        report.expect("a report")
    }

    /// Says that a report is written.
    pub async fn say_reported(&self, id: &str, report: &ChangeFileReport) {
        let said = self.gate.change_file_reported(id, &report.name).await;
        said.expect("the report is noted");
    }

    /// What a change file that is not reported yet is checked and applied as.
    async fn change_file_submission(&self, customer: &TestCustomer, id: &str) -> Option<SubmissionId> {
        let open = self.gate.unreported_change_files(customer.number).await;
        let mut open = open.expect("the database answers").into_iter();
        open.find(|file| file.id == id).and_then(|file| file.submission)
    }

    /// Has the service do what is wished.
    pub async fn make_so(&self, wishes: Vec<Wish>) {
        let done = self.gate.on_behalf_of(&SERVICE).establish(wishes).await;
        done.expect("it can be done");
    }
}

fn subscription(
    customer: CustomerNumber,
    (number, part, name, offering, seats, gigabytes): (i64, &str, &str, Offering, u32, u32),
) -> Subscription {
    Subscription {
        number: SubscriptionNumber::new(number).expect("a number"),
        customer,
        name: name.to_owned(),
        part: part.to_owned(),
        offering,
        parent: None,
        seats,
        gigabytes,
        state: match number {
            OLD_MAIL => SubscriptionState::Suspended,
            _ => SubscriptionState::Active,
        },
        starts_on: None,
        ends_on: None,
    }
}

/// The records of a CSV text with commas, and quotation marks around what needs them.
fn records(csv: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let (mut record, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = csv.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            sign => cell.push(sign),
        }
    }
    records
}
