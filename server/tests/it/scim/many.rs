//! A hundred at once who ask for one person, and two connectors whose keys are equal.

use futures::future::join_all;
use reqwest::header;
use serde_json::{Value, json};
use testkit::{Kind, Portal, on_both};

use super::{BASE, Machine, Provider, SETTINGS, TOLERANT, id_of};
use crate::{
    browser::Site,
    under_fire::process::{Running, free_address},
};

const MANY: usize = 100;

fn person(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": format!("key of {name}"),
        "userName": name,
        "name": {"familyName": "Fenn", "givenName": "Jo"},
    })
}

async fn a_hundred_at_once(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    let address = free_address();
    let _running = Running::serve(&portal.url, address, &SETTINGS).await;
    let machine = Machine::made(&portal, "jem.bassey@health.example", "G7H8J", TOLERANT).await;
    let before = portal.everybody().await.len();
    let client = reqwest::Client::new();
    let body = person("jo.fenn").to_string();
    let sending = (0..MANY).map(|_| {
        let request = client
            .post(format!("http://{address}{BASE}/Users"))
            .bearer_auth(&machine.token)
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(body.clone());
        tokio::spawn(async move {
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            let body: Value = serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
            (status, body)
        })
    });
    let answers: Vec<_> = join_all(sending)
        .await
        .into_iter()
        .map(|answer| answer.expect("no panic"))
        .collect();
    let made: Vec<_> = answers.iter().filter(|(status, _)| *status == 201).collect();
    assert_eq!(made.len(), 1, "{answers:#?}");
    for (status, body) in answers.iter().filter(|(status, _)| *status != 201) {
        assert_eq!((*status, &body["scimType"]), (409, &json!("uniqueness")), "{body:#}");
    }
    assert_eq!(portal.everybody().await.len(), before + 1);
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_who_post_one_person_at_once_make_one_on_sqlite() {
    a_hundred_at_once(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_who_post_one_person_at_once_make_one_on_postgres() {
    a_hundred_at_once(Kind::Postgres).await;
}

on_both! {
    async fn two_connectors_may_use_one_key_for_two_people(portal: Portal) {
        let site = Site::over(portal);
        // One organisation, two who feed it.
        let first = Provider::of_mill_lane(&site).await;
        let second = Provider::of(&site, "arun.thackeray@health.example", "G7H8J").await;
        let made = |name: &str| {
            let mut person = person(name);
            person["externalId"] = json!("4711");
            person
        };
        let one = first.post("/Users", &made("jo.fenn")).await.with(201);
        let other = second.post("/Users", &made("sam.moor")).await.with(201);
        assert_ne!(one["id"], other["id"]);
        for (connector, own, foreign) in [(&first, &one, &other), (&second, &other, &one)] {
            let found = connector.find("externalId eq \"4711\"").await;
            assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &own["id"]));
            // The same person read by the other has no key yet, and may get one that the first does not learn of.
            let path = format!("/Users/{}", id_of(foreign));
            assert!(connector.get(&path).await.with(200).get("externalId").is_none());
            let taken = json!([{"op": "replace", "path": "externalId", "value": "4711"}]);
            connector.patch(&path, &taken).await.refused(409, Some("uniqueness"));
            let free = json!([{"op": "replace", "path": "externalId", "value": "0815"}]);
            assert_eq!(connector.patch(&path, &free).await.with(200)["externalId"], json!("0815"));
        }
        assert_eq!(first.get(&format!("/Users/{}", id_of(&one))).await.with(200)["externalId"], json!("4711"));
        // Taken away, it finds nobody.
        let path = format!("/Users/{}", id_of(&one));
        let cleared = first.patch(&path, &json!([{"op": "remove", "path": "externalId"}])).await.with(200);
        assert!(cleared.get("externalId").is_none());
        assert_eq!((first.count("externalId eq \"4711\"").await, second.count("externalId eq \"4711\"").await), (0, 1));
        site.portal.adds_up().await;
    }
}
