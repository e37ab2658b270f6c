//! The change feed: what it tells of random changes makes the first reading equal to a second one.

use std::collections::BTreeMap;

use domain::{
    life::Turn,
    request::{AccountWish, Wish},
    values::ids::AccountId,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use testkit::{SERVICE, on_both};

use super::{Provider, id_of};
use crate::browser::Site;

const CHANGES: usize = 1_000;

/// What a client of the feed keeps.
type Kept = BTreeMap<String, Value>;

/// Everybody, by index.
async fn read(provider: &Provider<'_>) -> Kept {
    let mut copy = Kept::new();
    for start in (1..).step_by(50) {
        let page = provider
            .get(&format!("/Users?count=50&startIndex={start}"))
            .await
            .with(200);
        let people = page["Resources"].as_array().expect("people");
        copy.extend(people.iter().map(|person| (id_of(person), person.clone())));
        if people.len() < 50 {
            break;
        }
    }
    copy
}

/// Brings a copy up to date, page by page, and gives the token for the next time.
async fn follow(provider: &Provider<'_>, token: &str, copy: &mut Kept) -> String {
    let mut cursor = String::new();
    loop {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:delta:request"],
            "deltaToken": token, "count": 20, "cursor": cursor,
        });
        let page = provider.post("/Users/.delta", &body).await.with(200);
        for change in page["Resources"].as_array().expect("changes") {
            assert_eq!(change["resourceType"], json!("User"));
            let id = change["changedResourceId"].as_str().expect("an ID").to_owned();
            match change["changeType"].as_str() {
                Some("create" | "update") => drop(copy.insert(id, change["data"].clone())),
                Some("delete") => drop(copy.remove(&id)),
                _ => panic!("{change:#}"),
            }
        }
        match (page["nextCursor"].as_str(), page["nextDeltaToken"]["value"].as_str()) {
            (Some(next), None) => next.clone_into(&mut cursor),
            (None, Some(token)) => return token.to_owned(),
            _ => panic!("a page has a cursor, and the last one a token: {page:#}"),
        }
    }
}

/// One change at random: by the connector, or by somebody in the portal.
async fn change(provider: &Provider<'_>, turn: usize, known: &mut Vec<String>, random: &mut StdRng) {
    let pick = random.random_range(0..known.len());
    let path = format!("/Users/{}", known[pick]);
    match random.random_range(0..20) {
        0..6 => {
            let letters: String = turn
                .to_string()
                .bytes()
                .map(|digit| char::from(digit - b'0' + b'a'))
                .collect();
            let person = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "externalId": format!("key {turn}"),
                "userName": format!("person.{turn}"),
                "name": {"familyName": format!("Fenn{letters}"), "givenName": "Zola"},
                "phoneNumbers": [{"type": "work", "value": "01632 960123"}],
            });
            known.push(id_of(&provider.post("/Users", &person).await.with(201)));
        }
        6..18 => {
            let title = format!("Title {}", random.random_range(0..1000));
            let operations = json!([{"op": "replace", "path": "title", "value": title}]);
            provider.patch(&path, &operations).await.with(200);
        }
        // In the portal somebody is deleted, as far as anybody can be: then they are gone here.
        _ => {
            let account = AccountId(known[pick].parse().expect("an ID"));
            let service = provider.site.portal.gate.on_behalf_of(&SERVICE);
            let delete = Wish::Account(account, AccountWish::Turn(Turn::Delete));
            service.establish(vec![delete]).await.expect("they can be deleted");
            known.swap_remove(pick);
        }
    }
}

on_both! {
    async fn the_feed_of_random_changes_equals_a_second_reading(portal: Portal) {
        let site = Site::over(portal);
        let provider = Provider::of_mill_lane(&site).await;
        let token = provider.get("/Users/.deltaToken").await.with(200);
        let mut token = token["value"].as_str().expect("a token").to_owned();
        let mut copy = read(&provider).await;
        // Whoever holds a role, the connector itself among them, stays.
        let mut known = Vec::new();
        for (number, given) in ["Ada", "Bea", "Cai", "Dot", "Eve", "Fay", "Gus", "Hal", "Ivo", "Jan"].into_iter().enumerate() {
            let person = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": format!("first.{number}"),
                "name": {"familyName": "First", "givenName": given},
            });
            known.push(id_of(&provider.post("/Users", &person).await.with(201)));
        }
        let mut random = StdRng::seed_from_u64(20_261_130);
        for turn in 0..CHANGES {
            change(&provider, turn, &mut known, &mut random).await;
            site.portal.pass_seconds(1);
            // Now and then it is followed, so that tokens are brought back and not the first one alone.
            if turn % 120 == 119 {
                token = follow(&provider, &token, &mut copy).await;
            }
        }
        let last = follow(&provider, &token, &mut copy).await;
        let whole = read(&provider).await;
        for (id, person) in &whole {
            assert_eq!(copy.get(id), Some(person), "{id}");
        }
        assert_eq!(copy.len(), whole.len());
        assert!(known.iter().all(|id| whole.contains_key(id)));
        // Nothing more has changed, so there is nothing to tell.
        follow(&provider, &last, &mut copy).await;
        assert_eq!(copy, whole);
        // Another connector's token says nothing to this one.
        let other = Provider::of(&site, "arun.thackeray@health.example", "G7H8J").await;
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:delta:request"], "deltaToken": last});
        other.post("/Users/.delta", &body).await.refused(400, Some("invalidDeltaToken"));
        site.portal.adds_up().await;
    }
}
