//! What the tests of undoing share: asking for one thing for many people and for its undo, and looking at what came of it.

use domain::{
    account::Account,
    policy::Actor,
    values::ids::{AccountId, SubmissionId},
};
use gate::{Act, TrailQuery, Whom};
use testkit::{Kind, Portal};

pub(crate) const JEM: &str = "jem.larkspur@health.example";
pub(crate) const HECTOR: &str = "hector.trelawny@health.example";

/// Asks for one thing for many people, and has it looked at.
pub(crate) async fn asked(portal: &Portal, actor: &Actor, whom: &Whom, act: Act) -> SubmissionId {
    let visit = portal.gate.on_behalf_of(actor);
    let id = visit
        .ask_for_many("Test", whom, &act)
        .await
        .expect("it may be asked for");
    portal.work().await;
    id
}

/// Asks for an undo, and has it looked at.
pub(crate) async fn undo(portal: &Portal, actor: &Actor, id: &SubmissionId) -> SubmissionId {
    let asked = portal.gate.on_behalf_of(actor).undo(id).await;
    portal.work().await;
    asked.expect("it can be undone")
}

pub(crate) async fn somebody(portal: &Portal, id: AccountId) -> Account {
    let grace = portal.persona("Grace").await;
    portal.gate.on_behalf_of(&grace).account(id).await.unwrap().0
}

/// What the audit log says, the newest first.
pub(crate) async fn sentences(portal: &Portal) -> Vec<String> {
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let page = visit.trail(&TrailQuery::default(), None, 200).await.unwrap();
    let said = page.entries.iter().map(|entry| entry.sentence(gate::calendar::day));
    said.collect()
}

/// Holds the directory against its events, and the audit log against its chain.
pub(crate) async fn adds_up(portal: &Portal, kind: Kind) {
    let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
    let rebuilt = Portal::empty(kind).await;
    let tx = rebuilt.gate.store().begin().await.unwrap();
    store::directory::apply::replay(&tx, &events).await.unwrap();
    tx.commit().await.unwrap();
    let truth = store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap();
    let replayed = store::directory::apply::state(rebuilt.gate.store().reader())
        .await
        .unwrap();
    assert_eq!(truth, replayed);
    assert_eq!(portal.gate.verify_trail(&[]).await.unwrap().faults, vec![]);
}
