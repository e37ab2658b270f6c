//! Invariants 5 and 6 over random files: the events add up to the directory; what is applied twice changes nothing.

use domain::{
    dictionary::Attribute, plan::RowKind, policy::Actor, request::Wish, submission::State, values::ids::SubmissionId,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use testkit::{Kind, Portal, SERVICE};

use crate::{HEADINGS, apply, review};

/// Files each run tries, each applied on top of the others.
const FILES: usize = 12;

/// A row that may create, change, leave as it is, look alike, clash or be wrong.
fn row() -> impl Strategy<Value = String> {
    let local_id = prop_oneof![4 => (1000u32..1070).prop_map(|id| id.to_string()), 4 => (1u32..40).prop_map(|id| format!("n{id}")), 1 => Just(String::new())];
    let code = prop::sample::select(vec!["RIV", "RIV", "RIV", "RIV01", "RIV09", "G7H8J", ""]);
    let first = prop::sample::select(vec!["Ada", "Zoë", "", "Ben", "(clear)", "Mary Ann"]);
    let last = prop::sample::select(vec!["Bright", "O’Neill", "", "Cartwright", "Grün"]);
    let mobile = prop::sample::select(vec![
        "",
        "07700 900123",
        "07700 900456",
        "(clear)",
        "12",
        "+44 7700 900789",
    ]);
    (local_id, code, first, last, mobile)
        .prop_map(|(id, code, first, last, mobile)| format!("{id},{code},{first},{last},{mobile}"))
}

/// Undoes an upload; asked again, there is nothing left to reverse. Then undoes that.
async fn undone_twice(portal: &Portal, ben: &Actor, upload: &SubmissionId) {
    let visit = portal.gate.on_behalf_of(ben);
    let mut undos = Vec::new();
    for _ in 0..2 {
        // What changed nothing has nothing to undo.
        let Ok(undo) = visit.undo(upload).await else { return };
        portal.work().await;
        apply(portal, ben, &undo).await;
        undos.push(review(portal, ben, &undo).await.submission);
    }
    assert_eq!(undos[1].totals.of(RowKind::Update), 0, "{:?}", undos[1]);
    if let Ok(redo) = visit.undo(&undos[0].id).await {
        portal.work().await;
        apply(portal, ben, &redo).await;
    }
}

async fn events_add_up(kind: Kind) {
    let portal = Portal::open(kind).await;
    let ben = portal.persona("Ben").await;
    let mut runner = TestRunner::deterministic();
    let mut applied = 0;
    for _ in 0..FILES {
        let rows = prop::collection::vec(row(), 1..30)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let text = format!("{HEADINGS}\n{}\n", rows.join("\n"));
        let id = portal.upload(&ben, &text).await;
        if review(&portal, &ben, &id).await.submission.state == State::Unreadable {
            continue;
        }
        apply(&portal, &ben, &id).await;
        assert_eq!(
            review(&portal, &ben, &id).await.submission.state,
            State::Applied,
            "{text}"
        );
        applied += 1;
        // Invariant 6: rows that found their account by a key change nothing when they come again.
        let again = portal.upload(&ben, &text).await;
        let second = review(&portal, &ben, &again).await;
        let changed: Vec<_> = second
            .rows
            .iter()
            .filter(|row| row.planned.step.kind() == RowKind::Update)
            .collect();
        assert!(changed.is_empty(), "{text}\n{changed:?}");
        let created = second
            .rows
            .iter()
            .filter(|row| row.planned.step.kind() == RowKind::Create);
        for row in created {
            let Wish::AccountInFile(cells) = &row.request.wish else {
                panic!("{row:?}")
            };
            assert_eq!(cells.text(Attribute::LocalId), "", "{text}");
        }
        if applied % 3 == 0 {
            undone_twice(&portal, &ben, &id).await;
        }
    }
    assert!(applied > FILES / 2);

    // Invariant 5.
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaying_the_events_rebuilds_the_directory_on_sqlite() {
    events_add_up(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaying_the_events_rebuilds_the_directory_on_postgres() {
    events_add_up(Kind::Postgres).await;
}

#[tokio::test]
async fn the_service_is_recorded_as_the_one_who_established() {
    let portal = Portal::open(Kind::Sqlite).await;
    let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
    assert!(
        events
            .iter()
            .all(|event| event.actor.is_none() && event.actor_name == SERVICE.name())
    );
}
