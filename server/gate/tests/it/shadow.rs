//! A connector that is only tried out: its program is answered from what it has tried, and the directory stays as it is.

use std::collections::BTreeSet;

use domain::{
    account::AccountStatus,
    connector::{ConnectorSettings, Deletes, TrialKind},
    dictionary::Attribute,
    life::Turn,
    lookup::{Addresses, Condition, Match},
    policy::Actor,
    request::{AccountWish, Wish},
    values::ids::AccountId,
};
use gate::{GateError, KnownKey, SyncOutcome, SyncQuery, SyncRefusal, SyncStart, SyncWish, Synced, TrialSummary};
use testkit::{Portal, SERVICE, on_both};

use crate::syncing::{Program, active, connector, edit, newcomer, refusal};

const FINTAN: &str = "fintan.gillespie@health.example";
const PERRIN: &str = "perrin.holloway@health.example";

/// Jem, only tried out, with what becomes of deletions.
async fn tried(portal: &Portal, may_disable: bool, deletes: Deletes) -> Actor {
    let jem = connector(portal, may_disable, None).await;
    set(portal, &jem, true, deletes).await;
    jem
}

async fn set(portal: &Portal, connector: &Actor, shadow: bool, deletes: Deletes) {
    let priya = portal.persona("Priya").await;
    let settings = ConnectorSettings {
        deletes,
        shadow,
        ..ConnectorSettings::default()
    };
    let of = connector.account().unwrap();
    portal
        .gate
        .on_behalf_of(&priya)
        .set_connector(of, settings)
        .await
        .unwrap();
}

async fn summary(portal: &Portal, connector: &Actor) -> TrialSummary {
    let priya = portal.persona("Priya").await;
    let visit = portal.gate.on_behalf_of(&priya);
    visit.shadow_summary(connector.account().unwrap()).await.unwrap()
}

/// How many there are of each kind, in the order of the kinds.
async fn counts(portal: &Portal, connector: &Actor) -> [u64; 6] {
    let summary = summary(portal, connector).await;
    TrialKind::ALL.map(|kind| summary.count(kind))
}

/// Of whom something of a kind was tried, and why it is refused.
async fn people(portal: &Portal, connector: &Actor, kind: TrialKind) -> Vec<(String, String)> {
    let priya = portal.persona("Priya").await;
    let visit = portal.gate.on_behalf_of(&priya);
    let page = visit
        .shadow_people(connector.account().unwrap(), kind, None)
        .await
        .unwrap();
    page.people
        .into_iter()
        .map(|person| (person.name, person.said))
        .collect()
}

async fn events(program: &Program<'_>) -> i64 {
    let visit = program.portal.gate.on_behalf_of(&program.actor);
    visit.sync_mark().await.unwrap()
}

fn title(person: &Synced) -> &str {
    person.account.attributes.text(Attribute::JobTitle)
}

fn changed(outcome: SyncOutcome) -> Synced {
    match outcome {
        SyncOutcome::Changed(now) => *now,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn somebody_tried_is_read_found_changed_and_not_there(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, true, Deletes::Propose).await).await;
        let (mark, everybody) = (events(&program).await, portal.everybody().await.len());
        let made = program.made(&newcomer("OQuennell", Some("emp-7"))).await;
        let id = made.account.id;
        let read = program.reads(id).await.unwrap();
        assert_eq!((&read.account, &read.link), (&made.account, &made.link));
        assert_eq!(read.account.attributes.text(Attribute::EmailAddress), "ottilie.quennell@health.example");
        assert_eq!((read.account.status, read.link.external_id.as_deref()), (AccountStatus::Pending, Some("emp-7")));
        assert!(!read.organisation_name.is_empty() && read.display_name_is_made);
        for condition in [
            Condition::UserName(Match::Is("oquennell".into())),
            Condition::UserName(Match::Starts("OQuenn".into())),
            Condition::ExternalId("emp-7".into()),
            Condition::FamilyName(Match::Is("QUENNELL".into())),
            Condition::DisplayName("quennell, ott".into()),
            Condition::Email { address: Match::Is("ottilie.quennell@health.example".into()), among: Addresses::Present },
            Condition::Id(Some(id.0)),
        ] {
            assert_eq!(program.lists(vec![condition.clone()]).await, [id], "{condition:?}");
        }
        let known = |key| SyncRefusal::Known { key, id };
        assert_eq!(refusal(program.creates(&newcomer("other", Some("emp-7"))).await), known(KnownKey::ExternalId));
        assert_eq!(refusal(program.creates(&newcomer("OQUENNELL", None)).await), known(KnownKey::UserName));

        let now = changed(program.changes(id, &edit(Attribute::JobTitle, "Nurse")).await);
        assert_eq!((title(&now), now.link.version > made.link.version), ("Nurse", true));
        let off = changed(program.changes(id, &active(false)).await);
        assert_eq!((title(&off), off.account.status), ("Nurse", AccountStatus::Disabled));
        assert_eq!(program.lists(vec![Condition::Active(false), Condition::ExternalId("emp-7".into())]).await, [id]);
        let emptied = changed(program.changes(id, &edit(Attribute::JobTitle, "(clear)")).await);
        assert_eq!(title(&emptied), "");
        assert_eq!(counts(&portal, &program.actor).await, [1, 0, 0, 0, 0, 2]);

        let visit = portal.gate.on_behalf_of(&program.actor);
        let gone = visit.sync_delete(&program.to, &emptied).await.unwrap();
        assert!(matches!(gone, SyncOutcome::Hidden), "{gone:?}");
        assert!(matches!(program.reads(id).await, Err(GateError::NotFound)));
        assert_eq!(program.lists(vec![Condition::ExternalId("emp-7".into())]).await, []);
        assert_eq!((events(&program).await, portal.everybody().await.len()), (mark, everybody));
        portal.adds_up().await;
    }

    async fn somebody_there_is_shown_as_they_would_be(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, true, Deletes::Propose).await).await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        let (mark, as_it_was) = (events(&program).await, portal.standing(fintan).await);
        let before = program.reads(fintan).await.unwrap();
        let wish = SyncWish { external_id: Some(Some("emp-1".into())), ..edit(Attribute::JobTitle, "Astronomer") };
        let now = changed(program.changes(fintan, &wish).await);
        assert_eq!((title(&now), now.link.external_id.as_deref()), ("Astronomer", Some("emp-1")));
        assert_eq!(title(&program.reads(fintan).await.unwrap()), "Astronomer");
        assert_eq!(program.lists(vec![Condition::ExternalId("emp-1".into())]).await, [fintan]);
        let again = program.changes(fintan, &wish).await;
        assert!(matches!(again, SyncOutcome::Unchanged(_)), "{again:?}");
        let visit = portal.gate.on_behalf_of(&program.actor);
        let late = visit.sync_change(&program.to, &before, &wish).await;
        assert!(matches!(late, Err(GateError::Stale)), "{late:?}");

        let off = changed(program.changes(fintan, &active(false)).await);
        assert_eq!((title(&off), off.account.status), ("Astronomer", AccountStatus::Disabled));
        assert_eq!(counts(&portal, &program.actor).await, [0, 0, 1, 0, 0, 0]);
        let on = changed(program.changes(fintan, &active(true)).await);
        assert_eq!(on.account.status, AccountStatus::Active);
        assert_eq!(counts(&portal, &program.actor).await, [0, 1, 0, 0, 0, 0]);

        let seen = program.reads(perrin).await.unwrap();
        visit.sync_delete(&program.to, &seen).await.unwrap();
        assert!(matches!(program.reads(perrin).await, Err(GateError::NotFound)));
        assert_eq!(counts(&portal, &program.actor).await, [0, 1, 0, 0, 1, 0]);
        assert_eq!(portal.standing(fintan).await, as_it_was);
        assert_eq!(events(&program).await, mark);
        portal.adds_up().await;
    }

    async fn somebody_disabled_and_then_deleted_is_told_as_both_and_is_one(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, true, Deletes::Propose).await).await;
        let perrin = portal.account(PERRIN).await;
        let off = changed(program.changes(perrin, &active(false)).await);
        let visit = portal.gate.on_behalf_of(&program.actor);
        visit.sync_delete(&program.to, &off).await.unwrap();
        assert!(matches!(program.reads(perrin).await, Err(GateError::NotFound)));
        assert_eq!(counts(&portal, &program.actor).await, [0, 0, 1, 0, 1, 0]);
        assert_eq!(summary(&portal, &program.actor).await.would_change(), 1);
        for kind in [TrialKind::Disable, TrialKind::Delete] {
            let told = people(&portal, &program.actor, kind).await;
            assert_eq!(told, [("Perrin Holloway".to_owned(), String::new())], "{kind:?}");
        }
        // Their name sent again brings them back as they were: without access.
        let known = SyncRefusal::Known { key: KnownKey::UserName, id: perrin };
        assert_eq!(refusal(program.creates(&newcomer(PERRIN, None)).await), known);
        assert_eq!(program.reads(perrin).await.unwrap().account.status, AccountStatus::Disabled);
        assert_eq!(counts(&portal, &program.actor).await, [0, 0, 1, 0, 0, 1]);
        portal.adds_up().await;
    }

    async fn what_is_refused_is_remembered_once_for_each_key(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, false, Deletes::Refuse).await).await;
        let ben = portal.account("ben.cartwright@health.example").await;
        let mut new = newcomer("again", Some("emp-2"));
        new.cells.texts.insert(Attribute::LocalId, "2".into());
        let known = SyncRefusal::Known { key: KnownKey::EmployeeNumber, id: ben };
        for _ in 0..2 {
            assert_eq!(refusal(program.creates(&new).await), known);
        }
        assert_eq!(refusal(program.creates(&newcomer("gwen.ashcombe@health.example", None)).await), SyncRefusal::Taken);
        let fintan = portal.account(FINTAN).await;
        assert_eq!(refusal(program.changes(fintan, &active(false)).await), SyncRefusal::MayNotDisable);
        let visit = portal.gate.on_behalf_of(&program.actor);
        let perrin = program.reads(portal.account(PERRIN).await).await.unwrap();
        assert_eq!(refusal(visit.sync_delete(&program.to, &perrin).await.unwrap()), SyncRefusal::NoDelete);
        let said: BTreeSet<_> = people(&portal, &program.actor, TrialKind::Collide).await.into_iter().collect();
        let expected = [
            ("Fintan Gillespie", "The connector may not disable accounts."),
            ("Ottilie Quennell", "An account with this local ID exists already."),
            ("Ottilie Quennell", "This username or email address is not available."),
            ("Perrin Holloway", "Requests to delete are refused."),
        ];
        let expected = expected.map(|(name, said)| (name.to_owned(), said.to_owned()));
        assert_eq!(said, BTreeSet::from(expected));
        assert_eq!(counts(&portal, &program.actor).await, [0, 0, 0, 0, 0, 4]);
        let priya = portal.persona("Priya").await;
        assert_eq!(portal.gate.on_behalf_of(&priya).proposal_count().await.unwrap(), 0, "nobody is asked yet");
        // What can be done at last is no refusal any more.
        program.made(&newcomer("again", Some("emp-2"))).await;
        assert_eq!(counts(&portal, &program.actor).await, [1, 0, 0, 0, 0, 3]);
    }

    async fn pages_hold_everybody_once_with_those_who_were_tried(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, true, Deletes::Propose).await).await;
        let visit = portal.gate.on_behalf_of(&program.actor);
        let mut expected: BTreeSet<_> = program.lists(vec![]).await.into_iter().collect();
        let perrin = program.reads(portal.account(PERRIN).await).await.unwrap();
        visit.sync_delete(&program.to, &perrin).await.unwrap();
        expected.remove(&perrin.account.id);
        program.changes(portal.account(FINTAN).await, &edit(Attribute::JobTitle, "Astronomer")).await;
        for name in ["one", "two", "three"] {
            expected.insert(program.made(&newcomer(name, None)).await.account.id);
        }
        for count in [7, 20, 1_000] {
            let (mut by_cursor, mut start) = (Vec::new(), SyncStart::First);
            loop {
                let asked = SyncQuery { start, count, with_total: true, ..SyncQuery::default() };
                let page = visit.synced_accounts(&program.to, &asked).await.unwrap();
                assert_eq!(page.total, Some(expected.len() as u64));
                by_cursor.extend(page.people.iter().map(|found| found.account.id));
                let Some((key, id)) = page.next else { break };
                assert!(!id.is_nil(), "such a place is a list's first");
                start = SyncStart::After(key, id);
            }
            let mut by_index: Vec<AccountId> = Vec::new();
            loop {
                let first = u32::try_from(by_index.len()).unwrap() + 1;
                let asked = SyncQuery { start: SyncStart::Index(first), count, ..SyncQuery::default() };
                let page = visit.synced_accounts(&program.to, &asked).await.unwrap();
                if page.people.is_empty() {
                    break;
                }
                by_index.extend(page.people.iter().map(|found| found.account.id));
            }
            for listed in [by_cursor, by_index] {
                assert_eq!(listed.len(), expected.len(), "{count}");
                assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected, "{count}");
            }
        }
    }

    async fn an_erased_person_leaves_nothing_that_was_tried(portal: Portal) {
        let program = Program::of(&portal, tried(&portal, false, Deletes::Propose).await).await;
        let fintan = portal.account(FINTAN).await;
        changed(program.changes(fintan, &edit(Attribute::JobTitle, "Astronomer")).await);
        assert_eq!(refusal(program.changes(fintan, &active(false)).await), SyncRefusal::MayNotDisable);
        assert_eq!(counts(&portal, &program.actor).await, [0, 1, 0, 0, 0, 1]);
        for wish in [AccountWish::Turn(Turn::Delete), AccountWish::Erase] {
            let wish = Wish::Account(fintan, wish);
            portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
        }
        assert_eq!(counts(&portal, &program.actor).await, [0; 6]);
    }

    async fn going_live_forgets_what_was_tried_and_it_is_done_when_sent_again(portal: Portal) {
        let jem = tried(&portal, true, Deletes::Refuse).await;
        let of = jem.account().unwrap();
        let program = Program::of(&portal, jem.clone()).await;
        let id = program.made(&newcomer("oquennell", Some("emp-7"))).await.account.id;
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        for denied in [visit.shadow_summary(of).await.map(drop), visit.go_live(of).await, visit.clear_trial(of).await] {
            assert!(matches!(denied, Err(GateError::Denied)), "{denied:?}");
        }
        let gwen = portal.persona("Gwen").await;
        let elsewhere = portal.gate.on_behalf_of(&gwen).shadow_summary(of).await;
        assert!(elsewhere.is_err(), "{elsewhere:?}");

        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        assert_eq!(people(&portal, &jem, TrialKind::Create).await, [("Ottilie Quennell".to_owned(), String::new())]);
        visit.clear_trial(of).await.unwrap();
        assert_eq!(counts(&portal, &jem).await, [0; 6]);
        assert!(matches!(program.reads(id).await, Err(GateError::NotFound)));
        assert!(summary(&portal, &jem).await.is_on);
        program.made(&newcomer("oquennell", Some("emp-7"))).await;

        visit.go_live(of).await.unwrap();
        let after = summary(&portal, &jem).await;
        assert_eq!((after.is_on, after.would_change()), (false, 0));
        let live = Program::of(&portal, jem.clone()).await;
        assert_eq!(live.lists(vec![Condition::ExternalId("emp-7".into())]).await, []);
        let made = live.made(&newcomer("oquennell", Some("emp-7"))).await;
        assert_eq!(portal.standing(made.account.id).await.attributes.text(Attribute::UserName), "oquennell");
        // Another trial begins with the directory as it is.
        set(&portal, &jem, true, Deletes::Refuse).await;
        let again = Program::of(&portal, jem).await;
        assert_eq!(again.lists(vec![Condition::ExternalId("emp-7".into())]).await, [made.account.id]);
        portal.adds_up().await;
    }
}
