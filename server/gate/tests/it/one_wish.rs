//! Invariant 12 over random wishes: what is asked by a form, in a file, through the sync service and in a change file comes to
//! one plan.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    change_file::Field,
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::OrganisationCode,
    plan::Step,
    policy::{Actor, Role},
    problem::Problem,
    request::{AccountWish, Cells, RoleWish, Wish},
    values::ids::AccountId,
};
use gate::{Asked, SyncOutcome, SyncRefusal, SyncWish};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use testkit::{Portal, SERVICE, change_files::TestCustomer, on_both};

use crate::{change_file_walks, review};

/// Wishes each run tries, of new people and of changes.
const WISHES: usize = 30;

/// The attributes that each way can ask for, with the headings of a file.
const COLUMNS: [(Attribute, &str); 16] = [
    (Attribute::LocalId, "LocalID"),
    (Attribute::Organisation, "ODSCode"),
    (Attribute::Title, "Title"),
    (Attribute::FirstName, "FirstName"),
    (Attribute::Initials, "Initials"),
    (Attribute::LastName, "LastName"),
    (Attribute::Site, "SiteCode"),
    (Attribute::Unit, "OrganisationalUnit"),
    (Attribute::JobTitle, "JobTitle"),
    (Attribute::Department, "Department"),
    (Attribute::Telephone, "Telephone"),
    (Attribute::Mobile, "Mobile"),
    (Attribute::ClinicalSpecialty, "ClinicalSpecialty"),
    (Attribute::Role, "Role"),
    (Attribute::Notes, "Notes"),
    (Attribute::EmailAddress, "EmailAddress"),
];

/// The attributes that change files ask for, too.
const OF_CHANGE_FILES: [Attribute; 6] = [
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::Telephone,
    Attribute::Mobile,
];

/// The attributes that only change files give: what the customer has for people of whom nothing is said.
const ONLY_OF_CHANGE_FILES: [Attribute; 4] = [
    Attribute::Language,
    Attribute::TimeZone,
    Attribute::FederationType,
    Attribute::NotesName,
];

type Texts = BTreeMap<Attribute, String>;

/// What a way of asking comes to.
#[derive(Debug, PartialEq)]
enum Came {
    /// This is done.
    Does(Box<Step>),
    /// It is so already.
    Nothing,
    /// It cannot be done, because of these.
    Wrong(BTreeSet<String>),
}

impl Came {
    fn of(step: Step) -> Self {
        match step {
            Step::Nothing { .. } => Self::Nothing,
            Step::LeaveOut { problems } => Self::wrong(&problems),
            step => Self::Does(Box::new(step)),
        }
    }

    /// Where a problem is said to be is each way's own.
    fn wrong(problems: &[Problem]) -> Self {
        Self::Wrong(problems.iter().map(|problem| format!("{:?}", problem.kind)).collect())
    }
}

/// The same three who ask: an administrator by form and file, and a connector of the same organisation.
struct Ways<'a> {
    portal: &'a Portal,
    ben: Actor,
    jem: Actor,
}

impl<'a> Ways<'a> {
    async fn of(portal: &'a Portal) -> Self {
        let ben = portal.persona("Ben").await;
        let jem = portal.person("jem.larkspur@health.example").await;
        let grant = RoleWish::Grant {
            role: Role::Connector,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            terms: Terms {
                channels: vec![Channel::Api],
                may_disable: true,
                ..Terms::default()
            },
        };
        let grant = Wish::Role(jem.account().unwrap(), grant);
        portal.gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
        Self { portal, ben, jem }
    }

    async fn by_form(&self, wish: Wish) -> Came {
        let visit = self.portal.gate.on_behalf_of(&self.ben);
        match visit.ask("Test", wish).await.unwrap() {
            Asked::Wrong(problems) => Came::wrong(&problems),
            Asked::Nothing => Came::Nothing,
            Asked::Planned(id) => {
                let mut rows = review(self.portal, &self.ben, &id).await.rows;
                visit.decline(&id).await.unwrap();
                Came::of(rows.remove(0).planned.step)
            }
        }
    }

    async fn by_file(&self, texts: &Texts) -> Came {
        let headings: Vec<_> = COLUMNS.iter().map(|(_, heading)| *heading).collect();
        let cells = COLUMNS.map(|(attribute, _)| {
            let text = texts.get(&attribute).map_or("", String::as_str);
            format!("\"{}\"", text.replace('"', "\"\""))
        });
        let text = format!("{}\n{}\n", headings.join(","), cells.join(","));
        let id = self.portal.upload(&self.ben, &text).await;
        let mut shown = review(self.portal, &self.ben, &id).await;
        assert_eq!(shown.rows.len(), 1, "{text}");
        self.portal.gate.on_behalf_of(&self.ben).decline(&id).await.unwrap();
        Came::of(shown.rows.remove(0).planned.step)
    }

    /// Of a person who is there, or a new one.
    async fn by_sync(&self, person: Option<AccountId>, cells: Cells) -> Came {
        let visit = self.portal.gate.on_behalf_of(&self.jem);
        let to = visit.connect(None).await.unwrap();
        let wish = SyncWish {
            cells,
            ..SyncWish::default()
        };
        let outcome = match person {
            None => visit.rehearse_create(&to, &wish).await.unwrap(),
            Some(person) => {
                let seen = visit.synced_account(&to, person).await.unwrap();
                visit.rehearse_change(&to, &seen, &wish).await.unwrap()
            }
        };
        match outcome {
            SyncOutcome::Would { step, .. } => Came::of(*step),
            SyncOutcome::Unchanged(_) => Came::Nothing,
            SyncOutcome::Refused(SyncRefusal::Problems(problems)) => Came::wrong(&problems),
            other => panic!("{other:?}"),
        }
    }
}

/// By a change file that is tried out: what its only row comes to.
async fn by_change_file(portal: &Portal, customer: &TestCustomer, action: &str, texts: &Texts) -> Came {
    let fields = texts
        .iter()
        .map(|(attribute, text)| (Field::of(*attribute).expect("a field"), text.clone()));
    let mut row: BTreeMap<_, _> = fields.collect();
    row.insert(Field::Action, action.to_owned());
    let text = change_file_walks::file(&[row]);
    let done = portal.rehearse_change_file(customer, &text).await;
    let id = done.submission.expect("a submission");
    let mut shown = review(portal, &customer.connector, &id).await;
    assert_eq!(shown.rows.len(), 1, "{text}");
    Came::of(shown.rows.remove(0).planned.step).without_what_is_only_of_change_files()
}

impl Came {
    fn without_what_is_only_of_change_files(self) -> Self {
        match self {
            Self::Does(mut step) => {
                if let Step::CreateAccount { attributes, .. } = &mut *step {
                    for attribute in ONLY_OF_CHANGE_FILES {
                        attributes.set(attribute, None);
                    }
                }
                Self::Does(step)
            }
            other => other,
        }
    }

    /// The same, where it is wrong: change files say what is wrong in sentences of their own.
    fn in_general(self) -> Self {
        match self {
            Self::Wrong(_) => Self::Wrong(BTreeSet::new()),
            other => other,
        }
    }
}

fn one_of(texts: &[&str]) -> impl Strategy<Value = String> + use<> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    prop::sample::select(texts)
}

/// What somebody may write into a cell: most of it is fine, some of it is wrong, and some is written as people write it. A
/// word for nothing, such as "none", is not among it: it empties a cell in files alone.
fn texts() -> impl Strategy<Value = Texts> {
    let sometimes = |attribute: Attribute, texts: &[&str]| {
        prop::option::of(one_of(texts)).prop_map(move |text| (attribute, text.unwrap_or_default()))
    };
    let parts = (
        sometimes(Attribute::Title, &["Dr", "Ms", "mr"]),
        sometimes(Attribute::Initials, &["J", "J K", "7"]),
        sometimes(Attribute::Site, &["RIVG", "RIVN", "rivg", "NOSUCH"]),
        sometimes(Attribute::Unit, &["Medicine", "Medicine / Ward 7", "No such unit"]),
        sometimes(
            Attribute::JobTitle,
            &["Staff nurse", "  Ward   manager ", "Porter, \"nights\""],
        ),
        sometimes(Attribute::Department, &["Surgery", "Medicine & care"]),
        sometimes(
            Attribute::Telephone,
            &["01632 960123", "+44 1632 960124", "01632960125 ext 12", "12"],
        ),
        sometimes(
            Attribute::Mobile,
            &["07700 900123", "+447700900124", "01632 960123", "0770"],
        ),
        sometimes(
            Attribute::ClinicalSpecialty,
            &["Cardiology", "cardiology; Orthopaedics", "Astrology"],
        ),
        sometimes(Attribute::Role, &["Nurse", "Administrator", "Wizard"]),
        sometimes(Attribute::Notes, &["On nights.", "Two\nlines"]),
    );
    parts.prop_map(|(one, two, three, four, five, six, seven, eight, nine, ten, eleven)| {
        let all = [one, two, three, four, five, six, seven, eight, nine, ten, eleven];
        all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    })
}

fn names() -> impl Strategy<Value = (String, String)> {
    let first = one_of(&["Ada", "Zoë", "Mary Ann", "Seán", "B3n"]);
    let last = one_of(&["Bright", "O’Neill", "Grün-Moor", "Fenn", "de la Tour"]);
    (first, last)
}

fn cells(texts: &Texts) -> Cells {
    Cells::of(texts.iter().map(|(attribute, text)| (*attribute, text.as_str())))
}

on_both! {
    async fn one_wish_of_somebody_new_gives_one_plan_on_every_channel(portal: Portal) {
        let ways = Ways::of(&portal).await;
        let mut runner = TestRunner::deterministic();
        let mut done = 0;
        for number in 0..WISHES {
            let (mut texts, (first, last)) = (texts(), names()).new_tree(&mut runner).unwrap().current();
            texts.insert(Attribute::Organisation, "RIV".to_owned());
            texts.insert(Attribute::LocalId, format!("wish {number}"));
            texts.insert(Attribute::FirstName, first);
            texts.insert(Attribute::LastName, last);
            let form = ways.by_form(Wish::NewAccount(cells(&texts))).await;
            let file = ways.by_file(&texts).await;
            let sync = ways.by_sync(None, cells(&texts)).await;
            assert_eq!(form, file, "form and file: {texts:?}");
            assert_eq!(form, sync, "form and sync: {texts:?}");
            done += usize::from(matches!(form, Came::Does(_)));
        }
        assert!((3..WISHES).contains(&done), "{done} of {WISHES} can be done");
    }

    async fn one_wish_of_a_change_gives_one_plan_on_every_channel(portal: Portal) {
        let ways = Ways::of(&portal).await;
        let everybody = portal.everybody().await;
        let mut runner = TestRunner::deterministic();
        let mut done = 0;
        for number in 0..WISHES {
            let local_id = (1001 + number).to_string();
            let found = everybody.iter().find(|account| account.attributes.text(Attribute::LocalId) == local_id);
            let person = found.expect("somebody of the demonstration");
            let mut texts = texts().new_tree(&mut runner).unwrap().current();
            // Now and then something that is so already.
            if number % 3 == 0 {
                texts.clear();
                texts.insert(Attribute::JobTitle, person.attributes.text(Attribute::JobTitle).to_owned());
            }
            let edit = Wish::Account(person.id, AccountWish::Edit(cells(&texts)));
            let form = ways.by_form(edit).await;
            let sync = ways.by_sync(Some(person.id), cells(&texts)).await;
            let mut row = texts.clone();
            row.insert(Attribute::LocalId, local_id);
            row.insert(Attribute::Organisation, "RIV".to_owned());
            let file = ways.by_file(&row).await;
            assert_eq!(form, file, "form and file: {texts:?}");
            assert_eq!(form, sync, "form and sync: {texts:?}");
            done += usize::from(matches!(form, Came::Does(_)));
        }
        assert!((3..WISHES).contains(&done), "{done} of {WISHES} can be done");
    }

    async fn one_wish_of_a_change_file_gives_the_plan_of_a_csv_file_and_of_the_sync_service(portal: Portal) {
        let ways = Ways::of(&portal).await;
        let customer = portal.customer_of("hector.trelawny@health.example", |_| {}).await;
        let everybody = portal.everybody().await;
        let mut runner = TestRunner::deterministic();
        let mut done = 0;
        for number in 0..WISHES {
            let (mut texts, (first, last)) = (texts(), names()).new_tree(&mut runner).unwrap().current();
            texts.retain(|attribute, _| OF_CHANGE_FILES.contains(attribute));
            let address = match number % 2 {
                0 => format!("wish.{number}@health.example"),
                _ => {
                    let local_id = (1001 + number).to_string();
                    let found = everybody.iter().find(|account| account.attributes.text(Attribute::LocalId) == local_id);
                    found.expect("somebody of the demonstration").attributes.text(Attribute::EmailAddress).to_owned()
                }
            };
            let person = everybody.iter().find(|account| account.attributes.text(Attribute::EmailAddress) == address);
            if person.is_none() {
                texts.insert(Attribute::FirstName, first);
                texts.insert(Attribute::LastName, last);
            } else if texts.is_empty() {
                // An Update of nothing is a problem of its own.
                texts.insert(Attribute::JobTitle, "Staff nurse".to_owned());
            }
            let mut asked = texts.clone();
            if person.is_none() {
                asked.insert(Attribute::Organisation, "RIV".to_owned());
                asked.insert(Attribute::EmailAddress, address.clone());
            }
            let sync = ways.by_sync(person.map(|person| person.id), cells(&asked)).await.in_general();
            asked.insert(Attribute::Organisation, "RIV".to_owned());
            asked.insert(Attribute::EmailAddress, address.clone());
            let file = ways.by_file(&asked).await.in_general();
            texts.insert(Attribute::EmailAddress, address);
            let action = if person.is_none() { "Add" } else { "Update" };
            let changed = by_change_file(&portal, &customer, action, &texts).await.in_general();
            assert_eq!(file, changed, "file and change file: {texts:?}");
            assert_eq!(sync, changed, "sync and change file: {texts:?}");
            done += usize::from(matches!(changed, Came::Does(_)));
        }
        assert!((3..WISHES).contains(&done), "{done} of {WISHES} can be done");
    }
}
