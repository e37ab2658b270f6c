//! Seats, pools and addresses over random change files: whatever a customer sends, they add up, and so do the events.

use std::collections::BTreeMap;

use domain::{
    change_file::{Action, Field},
    policy::Actor,
    rules::{AccessBrake, Threshold},
    submission::LookAlikes,
    subscription::{Offering, Seat, Side},
    values::ids::SubmissionId,
};
use gate::{Confirmation, TakenFile, seen, to_type};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use store::directory::customers;
use testkit::{
    Kind, Portal,
    change_files::{BUNDLE, COLLAB, DOCS, MAIL, OLD_MAIL, PLUS, RETENTION, TRAVELER, TestCustomer},
};

/// Files that each walk sends, one after the other.
const FILES: usize = 15;

/// The most rows of a file.
const ROWS: usize = 25;

/// People who are here from the beginning, of whom nobody holds a role.
const HERE: [&str; 5] = [
    "fintan.gillespie@health.example",
    "perrin.holloway@health.example",
    "marek.garside@health.example",
    "lowri.umar@health.example",
    "niamh.adeyemi@health.example",
];

/// What is written into files; empty is `""`, what is missing is nothing between two commas.
type Row = BTreeMap<Field, String>;

/// A file with these rows: its header has every field that one of them has.
pub fn file(rows: &[Row]) -> String {
    let is_used = |field: &Field| {
        let is_needed = matches!(field, Field::EmailAddress | Field::Action);
        is_needed || rows.iter().any(|row| row.contains_key(field))
    };
    let header: Vec<_> = Field::ALL.into_iter().filter(is_used).collect();
    let line = |row: &Row| {
        let cells = header.iter().map(|field| match row.get(field) {
            Some(text) => format!("\"{}\"", text.replace('"', "\"\"")),
            None => String::new(),
        });
        cells.collect::<Vec<_>>().join(",") + "\n"
    };
    let words: Vec<_> = header.iter().map(|field| field.word()).collect();
    words.join(",") + "\n" + &rows.iter().map(line).collect::<String>()
}

/// Somebody who is here, or who may be added.
fn anybody(random: &mut StdRng) -> String {
    match random.random_bool(0.4) {
        true => (*HERE.choose(random).expect("people")).to_owned(),
        false => format!("walker{}@riverside.example", random.random_range(0..8)),
    }
}

fn one_of(random: &mut StdRng, texts: &[&str]) -> String {
    (*texts.choose(random).expect("texts")).to_owned()
}

fn number_of(random: &mut StdRng, numbers: &[i64]) -> String {
    numbers.choose(random).expect("numbers").to_string()
}

/// A row that is fine more often than not.
fn row(random: &mut StdRng, serial: usize) -> Row {
    let action = *Action::ALL.choose(random).expect("actions");
    let mut row = Row::from([
        (Field::EmailAddress, anybody(random)),
        (Field::Action, action.word().to_owned()),
    ]);
    let private = format!("walker{serial}@home.example");
    match action {
        Action::Add => added(random, serial, &mut row),
        Action::Update => {
            row.insert(Field::JobTitle, one_of(random, &["Porter", "Nurse", ""]));
            if random.random_bool(0.3) {
                row.insert(Field::FamilyName, one_of(random, &["Bright", "O’Neill", "Grün"]));
            }
        }
        Action::AssignSeat => {
            let of = [COLLAB, PLUS, BUNDLE, MAIL, MAIL, TRAVELER, DOCS, RETENTION, OLD_MAIL];
            let of = *of.choose(random).expect("subscriptions");
            row.insert(Field::SubscriptionId, of.to_string());
            if matches!(of, BUNDLE | MAIL) {
                row.insert(Field::AltEmailAddress, private);
            }
        }
        Action::ChangeSeat => {
            row.insert(Field::SubscriptionId, number_of(random, &[COLLAB, PLUS, BUNDLE, MAIL]));
            if random.random_bool(0.4) {
                row.insert(Field::SubscriptionId2, one_of(random, &["DELETEMAIL", "deletecollab"]));
            }
            if random.random_bool(0.3) {
                row.insert(Field::AltEmailAddress, private);
            }
        }
        Action::RevokeSeat => {
            let what = ["COLLAB", "MAIL", "BUNDLE", "TRAVELER", "IBM_DOCS", "RETENTION", "69050"];
            if random.random_bool(0.8) {
                row.insert(Field::SubscriptionId, one_of(random, &what));
            }
            if random.random_bool(0.2) {
                row.insert(Field::AssignTo, anybody(random));
            }
        }
        Action::Remove if random.random_bool(0.3) => {
            row.insert(Field::AssignTo, anybody(random));
        }
        Action::Rename => {
            let address = format!("renamed{}@riverside.example", random.random_range(0..8));
            row.insert(Field::AltEmailAddress, address);
        }
        Action::ChangeStorage => {
            if random.random_bool(0.7) {
                row.insert(Field::CollabExtraStorage, random.random_range(0..30).to_string());
            }
            if random.random_bool(0.5) {
                row.insert(Field::MailExtraStorage, random.random_range(0..20).to_string());
            }
        }
        Action::Suspend | Action::Resume | Action::Remove | Action::ResendInvitation => {}
    }
    if random.random_bool(0.05) {
        row.insert(Field::Department, "Estates".to_owned());
        row.insert(Field::AssignTo, HERE[0].to_owned());
    }
    row
}

/// A new person, perhaps with a seat.
fn added(random: &mut StdRng, serial: usize, row: &mut Row) {
    row.insert(
        Field::EmailAddress,
        format!("walker{}@riverside.example", random.random_range(0..8)),
    );
    row.insert(Field::GivenName, one_of(random, &["Ada", "Zoë", "Mary Ann"]));
    row.insert(Field::FamilyName, one_of(random, &["Bright", "O’Neill", "Grün"]));
    match random.random_range(0..10) {
        0..5 => {
            row.insert(Field::SubscriptionId, number_of(random, &[COLLAB, PLUS]));
        }
        // A password takes a while to be hashed, so there are few.
        5 => {
            row.insert(Field::SubscriptionId, number_of(random, &[BUNDLE, MAIL]));
            row.insert(Field::AltEmailAddress, format!("walker{serial}@home.example"));
            row.insert(Field::Password, format!("Kettle-{serial}-painted-harbour"));
        }
        _ => {}
    }
    if random.random_bool(0.4) {
        row.insert(
            Field::FederationType,
            one_of(random, &["FEDERATED", "federated", "NON_FEDERATED"]),
        );
    }
    if random.random_bool(0.2) {
        row.insert(Field::Activation, "FORCE_ACTIVATION".to_owned());
    }
    if random.random_bool(0.3) {
        row.insert(Field::SuppressInvitation, "SUPPRESS_ALL".to_owned());
    }
}

/// Asserts what holds of seats and storage at any moment.
pub async fn seats_add_up(portal: &Portal, customer: &TestCustomer) {
    let db = portal.gate.store().reader();
    let subscriptions = customers::subscriptions(db, customer.number).await.unwrap();
    let everybody: Vec<_> = portal.everybody().await.into_iter().map(|account| account.id).collect();
    let held = customers::seats_of(db, &everybody).await.unwrap();
    for known in &subscriptions {
        let of = &known.subscription;
        let live = held.values().flatten().filter(|seat| seat.subscription == of.number);
        assert_eq!(live.count(), known.taken as usize, "{}", of.name);
        assert!(known.taken <= of.seats, "{}", of.name);
    }
    for (account, seats) in &held {
        for side in Side::ALL {
            let of_side = seats.iter().filter(|seat| seat.covers(side)).count();
            assert!(of_side <= 1, "{account:?} has {of_side} seats of {}", side.name());
        }
        for seat in seats {
            let same = seats.iter().filter(|other| other.offering == seat.offering).count();
            assert_eq!(same, 1, "{account:?}: {seats:?}");
            let has_what_it_needs = |side| seats.iter().any(|other| other.covers(side));
            assert!(
                seat.offering.needs().is_none_or(has_what_it_needs),
                "{account:?}: {seats:?}"
            );
        }
    }
    let extra = |of: fn(&Seat) -> u32| held.values().flatten().map(of).sum::<u32>();
    let used = (extra(|seat| seat.collab_extra_gb), extra(|seat| seat.mail_extra_gb));
    assert_eq!(customers::storage_used(db, customer.number).await.unwrap(), used);
    let pool = |offering| {
        let of = subscriptions
            .iter()
            .filter(|known| known.subscription.offering == offering);
        of.map(|known| known.subscription.gigabytes).sum::<u32>()
    };
    assert!(
        used.0 <= pool(Offering::CollabStorage) && used.1 <= pool(Offering::MailStorage),
        "{used:?}"
    );
}

/// Undoes what can be undone of a file; says whether anything was.
async fn undone(portal: &Portal, by: &Actor, file: &SubmissionId) -> bool {
    let visit = portal.gate.on_behalf_of(by);
    let Ok(undo) = visit.undo(file).await else { return false };
    portal.work().await;
    let shown = visit.submission(&undo).await.unwrap();
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::LeaveOut),
        typed: to_type(&shown),
    };
    let confirmed = visit.confirm(&undo, said).await.is_ok();
    portal.work().await;
    confirmed
}

async fn random_change_files_add_up(kind: Kind) {
    let none = u32::MAX;
    let portal = Portal::open(kind).await.ruled(|rules| {
        rules.access_brake = AccessBrake {
            people: none,
            percent: none,
        };
        rules.threshold = Threshold {
            percent: none,
            accounts: none,
        };
        rules.new_by_machine = rules.threshold;
    });
    let customer = portal.customer(|_| {}).await;
    let priya = portal.persona("Priya").await;
    let reader = portal.gate.store().reader();
    // Another walk: WALK_SEED=7 in front of the test's command.
    let seed = std::env::var("WALK_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut random = StdRng::seed_from_u64(seed.unwrap_or(20_261_130));
    let (mut done, mut undos, mut serial) = (BTreeMap::<String, usize>::new(), 0, 0);
    for number in 0..FILES {
        let rows: Vec<_> = (0..random.random_range(1..=ROWS))
            .map(|_| {
                serial += 1;
                row(&mut random, serial)
            })
            .collect();
        let text = file(&rows);
        let before = store::directory::apply::state(reader).await.unwrap();
        let would = portal.rehearse_change_file(&customer, &text).await;
        assert_eq!(store::directory::apply::state(reader).await.unwrap(), before, "{text}");
        let did = portal.change_file(&customer, &text).await;
        let (would, lines) = (would.lines(), did.lines());
        assert_eq!(would, lines, "the rehearsal and the run of\n{text}");
        let said: Vec<_> = lines
            .iter()
            .filter(|line| line.result != "Notice")
            .map(|line| &line.line)
            .collect();
        assert!(
            (2..rows.len() + 2).all(|line| said.contains(&&line.to_string())),
            "{text}\n{lines:?}"
        );
        for line in lines
            .into_iter()
            .filter(|line| matches!(line.result.as_str(), "Done" | "Accepted"))
        {
            *done.entry(line.action).or_default() += 1;
        }
        seats_add_up(&portal, &customer).await;
        if number % 4 == 1 {
            // The same file again does nothing.
            let before = store::directory::apply::state(reader).await.unwrap();
            let again = portal
                .bring_change_file(&customer, &did.file_name, text.as_bytes(), false)
                .await;
            assert!(matches!(again, TakenFile::Again(_)), "{again:?}");
            portal.work().await;
            assert_eq!(store::directory::apply::state(reader).await.unwrap(), before, "{text}");
        }
        if number % 3 == 2 {
            undos += usize::from(undone(&portal, &priya, did.submission.as_ref().expect("a submission")).await);
            seats_add_up(&portal, &customer).await;
        }
        // Invitations are sent again only after an hour.
        portal.pass_seconds(2 * 3_600);
    }
    assert!(done.len() >= 9, "{done:?}");
    assert!(undos > 0, "nothing was undone");
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_change_files_add_up_on_sqlite() {
    random_change_files_add_up(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_change_files_add_up_on_postgres() {
    random_change_files_add_up(Kind::Postgres).await;
}
