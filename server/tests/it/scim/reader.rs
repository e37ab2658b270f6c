//! A stranger's client reads a hundred thousand people by cursor while another program writes.

use std::collections::{BTreeMap, BTreeSet};

use demo::federation::{self, Size};
use domain::account::{Account, AccountStatus};
use reqwest::{Method, header};
use serde_json::json;
use testkit::{Kind, PASSWORD, Portal, SERVICE};

use super::{BASE, Machine, SETTINGS, TOLERANT, patch, script};
use crate::under_fire::process::{Running, free_address};

/// People of the made-up federation, of whom three quarters are in its only trust.
const SIZE: Size = Size {
    people: 142_000,
    organisations: 10,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_reads_a_hundred_thousand_people_while_others_write() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    federation::establish(&portal.gate, &SERVICE, SIZE, PASSWORD)
        .await
        .unwrap();
    let people = of_the_trust(&portal).await;
    assert!(people.len() >= 100_000, "{}", people.len());
    let before: BTreeSet<_> = people.iter().map(|account| account.id.to_string()).collect();
    // The first one administers the trust, and no program touches them.
    let active = people.iter().filter(|account| account.status == AccountStatus::Active);
    let known: Vec<_> = active.map(|account| account.id.to_string()).skip(1).collect();
    let reader = Machine::made(&portal, "arun.thackeray@health.example", "R0000", TOLERANT).await;
    let writer = Machine::made(&portal, "jem.bassey@health.example", "R0000", TOLERANT).await;
    let address = free_address();
    let _running = Running::serve(&portal.url, address, &SETTINGS).await;

    let url = format!("http://{address}{BASE}");
    let reading = tokio::task::spawn_blocking(move || script("compliance", "reader.py", &url, &reader.token));
    let client = reqwest::Client::new();
    let mut changed = BTreeSet::new();
    let mut writes = 0;
    while !reading.is_finished() {
        // All over the list, behind and before where the reader is; and now and then somebody new.
        let (method, path, body, status) = if writes % 10 == 9 {
            let person = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": format!("new.{writes}"),
                "name": {"familyName": "Newcomer", "givenName": "Zola"},
                "urn:staffbook:scim:schemas:2.0:Account": {"organisation": "R0000"},
            });
            (Method::POST, "/Users".to_owned(), person, 201)
        } else {
            let id = known[writes * 7_919 % known.len()].as_str();
            changed.insert(id);
            let title = json!([{"op": "replace", "path": "title", "value": format!("Porter {writes}")}]);
            (Method::PATCH, format!("/Users/{id}"), patch(&title), 200)
        };
        let sent = client
            .request(method, format!("http://{address}{BASE}{path}"))
            .bearer_auth(&writer.token)
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(body.to_string())
            .send();
        let answer = sent.await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        writes += 1;
    }
    let read = reading.await.expect("the reader comes to an end");
    let mut seen = BTreeMap::<&str, usize>::new();
    for id in read.lines() {
        *seen.entry(id).or_default() += 1;
    }
    println!("{} people read while {writes} writes were made", seen.len());
    assert!(writes >= 100, "{writes}");
    assert_eq!(before.iter().find(|id| !seen.contains_key(id.as_str())), None);
    for (id, times) in &seen {
        let has_changed = changed.contains(id);
        assert!(*times == 1 || has_changed, "{id} came {times} times and did not change");
    }
}

/// Everybody in the trust who is not deleted, in the order of their IDs.
async fn of_the_trust(portal: &Portal) -> Vec<Account> {
    let mut people = portal.everybody().await;
    people.retain(|account| account.organisation.as_str() == "R0000" && account.status != AccountStatus::Deleted);
    people.sort_by_key(|account| account.id.0);
    people
}
