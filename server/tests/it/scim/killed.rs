//! A server that dies between its commit and its answer: who sends the request again finds the account of the first.
//!
//! `KILLS` says how often (4).

use std::time::Duration;

use domain::values::ids::AccountId;
use rand::{Rng, SeedableRng, rngs::StdRng};
use reqwest::header;
use serde_json::{Value, json};
use testkit::{Kind, Portal};

use super::{BASE, Machine, SETTINGS, TOLERANT};
use crate::under_fire::{
    number,
    process::{Running, free_address},
};

/// The account with an address, once it is committed; `None` if it is not there in time.
async fn committed(portal: &Portal, address: &str) -> Option<AccountId> {
    for _ in 0..2_000 {
        let found = portal.gate.account_by_address(address).await;
        if let Some(account) = found.expect("the database answers") {
            return Some(account.id);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    None
}

async fn killed_before_it_answers(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    let address = free_address();
    let mut running = Running::serve(&portal.url, address, &SETTINGS).await;
    let machine = Machine::made(&portal, "jem.bassey@health.example", "G7H8J", TOLERANT).await;
    let before = portal.everybody().await.len();
    let client = reqwest::Client::new();
    let send = |body: &Value| {
        client
            .post(format!("http://{address}{BASE}/Users"))
            .bearer_auth(&machine.token)
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(body.to_string())
            .send()
    };
    let mut random = StdRng::seed_from_u64(number("FIRE_SEED", 20_261_130));
    let kills = number("KILLS", 4);
    for turn in 0..kills {
        let letter = char::from(b'a' + u8::try_from(turn % 26).expect("a letter"));
        let mailbox = format!("jo.fenn{letter}{turn}@health.example");
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "externalId": format!("key {turn}"),
            "userName": mailbox,
            "name": {"familyName": format!("Fenn{letter}"), "givenName": "Jo"},
        });
        let sending = tokio::spawn(send(&body));
        // Half of them die at the commit, the others wherever they are.
        if turn % 2 == 0 {
            committed(&portal, &mailbox).await.expect("it is committed");
        } else {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..60))).await;
        }
        running.kill();
        // Whether it was answered, nobody knows who sent it.
        drop(sending.await);
        let first = portal
            .gate
            .account_by_address(&mailbox)
            .await
            .expect("the database answers");
        running = Running::serve(&portal.url, address, &SETTINGS).await;
        let again = send(&body).await.expect("an answer");
        let status = again.status().as_u16();
        let told: Value = serde_json::from_str(&again.text().await.expect("a body")).expect("JSON");
        match first {
            Some(first) => {
                assert_eq!((status, &told["scimType"]), (409, &json!("uniqueness")), "{told:#}");
                let said = told["detail"].as_str().unwrap_or_default();
                assert!(said.contains(&first.id.to_string()), "{said}");
            }
            // A commit on its way may still have come through.
            None => assert!([201, 409].contains(&status), "{told:#}"),
        }
        assert_eq!(
            portal.everybody().await.len(),
            before + usize::try_from(turn).expect("a number") + 1
        );
    }
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_before_it_answers_makes_one_account_on_sqlite() {
    killed_before_it_answers(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_before_it_answers_makes_one_account_on_postgres() {
    killed_before_it_answers(Kind::Postgres).await;
}
