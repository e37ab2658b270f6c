//! What authentik, Rauthy and scripts send.

use serde_json::{Value, json};
use testkit::Kind;

use super::{Provider, id_of};
use crate::browser::Site;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn of_authentik() -> Value {
    json!({
        "schemas": [USER, "urn:goauthentik.io:scim:schemas:2.0:Shoe"],
        "externalId": "1f7c6d2a44e9f3c65ab27a2bff1f8f8d",
        "userName": "jo.fenn",
        "name": {"formatted": "Jo Fenn", "familyName": "Fenn", "givenName": "Jo"},
        "displayName": "Jo Fenn",
        "photos": [{"value": "https://photos.example/jo.png", "type": "photo"}],
        "locale": "en",
        "active": true,
        "emails": [{"value": "jo@mill-lane.example", "type": "other", "primary": true}],
        "groups": [],
        "urn:goauthentik.io:scim:schemas:2.0:Shoe": {"size": 42},
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authentik_posts_and_puts_and_its_hourly_put_changes_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    let authentik = Provider::of_mill_lane(&site).await;
    let made = authentik.post("/Users", &of_authentik()).await.with(201);
    let path = format!("/Users/{}", id_of(&made));
    let events = || async {
        store::trail::events::all(site.portal.gate.store().reader())
            .await
            .unwrap()
            .len()
    };
    let before = events().await;
    for _ in 0..3 {
        let told = authentik.put(&path, &of_authentik()).await;
        assert_eq!(told.header("etag"), made["meta"]["version"].as_str().unwrap());
        assert_eq!(told.with(200), made);
    }
    assert_eq!(events().await, before, "nothing was submitted");
    let mut married = of_authentik();
    married["name"]["familyName"] = json!("Moor");
    let after = authentik.put(&path, &married).await.with(200);
    assert_eq!(
        (&after["name"]["familyName"], &after["id"]),
        (&json!("Moor"), &made["id"])
    );
    // Whom it would delete is told of, not deleted.
    let said = authentik.send("DELETE", &path, None).await;
    assert_eq!(said.header("allow"), "GET, PUT, PATCH");
    assert!(said.refused(405, None).contains(&id_of(&made)));
    assert_eq!(authentik.get(&path).await.with(200)["active"], json!(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rauthy_looks_by_both_keys_and_calls_people_by_their_email_addresses() {
    let site = Site::open(Kind::Sqlite).await;
    let rauthy = Provider::of_mill_lane(&site).await;
    let person = |given: &str| {
        json!({
            "schemas": [USER],
            "externalId": "2PYV3STNz3MN7VnPjJVcPQap",
            "userName": "jo@mill-lane.example",
            "name": {"familyName": "Fenn", "givenName": given},
            "displayName": "Jo Fenn",
            "preferredLanguage": "en",
            "active": true,
            "emails": [{"value": "jo@mill-lane.example", "primary": true}],
        })
    };
    for filter in [
        "externalId eq \"2PYV3STNz3MN7VnPjJVcPQap\"",
        "userName eq \"jo@mill-lane.example\"",
    ] {
        assert_eq!(rauthy.count(filter).await, 0);
    }
    let made = rauthy.post("/Users", &person("Jo")).await.with(201);
    for filter in [
        "externalId eq \"2PYV3STNz3MN7VnPjJVcPQap\"",
        "userName eq \"jo@mill-lane.example\"",
    ] {
        assert_eq!(rauthy.find(filter).await["Resources"][0], made, "{filter}");
    }
    let after = rauthy
        .put(&format!("/Users/{}", id_of(&made)), &person("Joanna"))
        .await
        .with(200);
    assert_eq!(after["name"]["givenName"], json!("Joanna"));
    // The name to sign in with is another's domain; the mailbox is one of this.
    assert_eq!(
        (&after["userName"], &after["emails"]),
        (&json!("jo@mill-lane.example"), &made["emails"])
    );
    assert_eq!(made["emails"][0]["value"], json!("jo.fenn@health.example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_name_in_the_mail_domain_asks_for_that_address() {
    let site = Site::open(Kind::Sqlite).await;
    let script = Provider::of_mill_lane(&site).await;
    let person =
        |name: &str| json!({"schemas": [USER], "userName": name, "name": {"familyName": "Fenn", "givenName": "Jo"}});
    let made = script
        .post("/Users", &person("jo.of.mill.lane@health.example"))
        .await
        .with(201);
    assert_eq!(made["emails"][0]["value"], json!("jo.of.mill.lane@health.example"));
    // Another name later is another name only.
    let path = format!("/Users/{}", id_of(&made));
    let renamed = json!([{"op": "replace", "path": "userName", "value": "jo.fenn@health.example"}]);
    let after = script.patch(&path, &renamed).await.with(200);
    assert_eq!(
        (&after["userName"], &after["emails"]),
        (&json!("jo.fenn@health.example"), &made["emails"])
    );
    // A name that somebody out of the scope signs in with is not told of.
    let said = script.post("/Users", &person("ben.cartwright@health.example")).await;
    let said = said.refused(409, Some("uniqueness"));
    assert_eq!(said, "This user name or address is not available.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_that_is_not_served_is_refused_and_never_empty() {
    let site = Site::open(Kind::Sqlite).await;
    let script = Provider::of_mill_lane(&site).await;
    for filter in ["title co \"nurse\"", "shoeSize eq 42", "userName eq \"a\" or title pr"] {
        let path = format!("/Users?filter={}", super::encoded(filter));
        script.get(&path).await.refused(400, Some("invalidFilter"));
    }
    let body =
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName eq \"nobody\""});
    assert_eq!(
        script.post("/Users/.search", &body).await.with(200)["totalResults"],
        json!(0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_display_name_that_is_removed_is_made_of_the_names_again() {
    let site = Site::open(Kind::Sqlite).await;
    let script = Provider::of_mill_lane(&site).await;
    let made = script.post("/Users", &of_authentik()).await.with(201);
    assert_eq!(made["displayName"], json!("Jo Fenn"));
    let path = format!("/Users/{}", id_of(&made));
    let removed =
        json!([{"op": "remove", "path": "displayName"}, {"op": "replace", "path": "title", "value": "Porter"}]);
    let after = script.patch(&path, &removed).await.with(200);
    assert_eq!((after.get("displayName"), &after["title"]), (None, &json!("Porter")));
    let shown = &after["urn:staffbook:scim:schemas:2.0:Account"]["addressBookName"];
    assert!(shown.as_str().is_some_and(|name| name.contains("FENN")), "{after:#}");
}
