//! What Okta sends: its published test of eight requests, and a whole object by PUT.

use serde_json::{Value, json};
use testkit::{Kind, on_both};

use super::{Provider, encoded, id_of};
use crate::browser::Site;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn person() -> Value {
    json!({
        "schemas": [USER],
        "userName": "runscope300fenn@atko.example",
        "name": {"givenName": "Jo", "familyName": "Fenn"},
        "emails": [{"primary": true, "value": "runscope300fenn@atko.example", "type": "work"}],
        "displayName": "Jo Fenn",
        "active": true,
    })
}

on_both! {
    async fn okta_passes_its_eight_requests(portal: Portal) {
        let site = Site::over(portal);
        let okta = Provider::of_mill_lane(&site).await;
        // 1: there are people, and everything about them that it looks for.
        let list = okta.get("/Users?count=2&startIndex=1").await.with(200);
        assert_eq!(list["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        assert_eq!((&list["itemsPerPage"], &list["startIndex"]), (&json!(2), &json!(1)));
        assert!(list["totalResults"].as_u64().is_some_and(|all| all > 2), "{list:#}");
        let first = &list["Resources"][0];
        for name in ["id", "userName"] {
            assert!(first[name].is_string(), "{name}: {first:#}");
        }
        for name in ["givenName", "familyName"] {
            assert!(first["name"][name].is_string(), "{name}: {first:#}");
        }
        assert!(first["active"].is_boolean() && first["emails"][0]["value"].is_string(), "{first:#}");
        assert_eq!(okta.get(&format!("/Users/{}", id_of(first))).await.with(200)["id"], first["id"]);
        // 2: groups are optional, and none here.
        okta.get("/Groups?count=100&startIndex=1").await.refused(404, None);
        // 4: nobody has the name yet. 5: nor the ID.
        let filter = encoded("userName eq \"runscope300fenn@atko.example\"");
        let find = format!("/Users?count=100&filter={filter}&startIndex=1");
        let none = okta.get(&find).await.with(200);
        assert_eq!((&none["totalResults"], &none["startIndex"]), (&json!(0), &json!(1)));
        assert!(!okta.get("/Users/010101001010101011001010101011").await.refused(404, None).is_empty());
        // 6 and 7: the person is made, and read.
        let made = okta.post("/Users", &person()).await.with(201);
        for resource in [&made, &okta.get(&format!("/Users/{}", id_of(&made))).await.with(200)] {
            assert_eq!(resource["active"], json!(true));
            for name in ["userName", "name", "displayName", "schemas"] {
                let sent = &person()[name];
                let is_there = match sent {
                    Value::Object(parts) => parts.iter().all(|(part, value)| resource[name][part] == *value),
                    Value::Array(values) => values.iter().all(|value| resource[name].as_array().unwrap().contains(value)),
                    _ => resource[name] == *sent,
                };
                assert!(is_there, "{name}: {resource:#}");
            }
        }
        assert_eq!(okta.get(&find).await.with(200)["totalResults"], json!(1));
        // 8: the person leaves.
        let path = format!("/Users/{}", id_of(&made));
        let left = okta.patch(&path, &json!([{"op": "replace", "value": {"active": false}}])).await.with(200);
        assert_eq!((&left["active"], &left["id"]), (&json!(false), &made["id"]));
        site.portal.adds_up().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn okta_puts_a_whole_object_and_without_active_nobody_is_disabled() {
    let site = Site::open(Kind::Sqlite).await;
    let okta = Provider::of_mill_lane(&site).await;
    let made = okta.post("/Users", &person()).await.with(201);
    let path = format!("/Users/{}", id_of(&made));
    let mut whole = person();
    whole["id"] = made["id"].clone();
    whole["meta"] = made["meta"].clone();
    whole["title"] = json!("Staff nurse");
    let after = okta.put(&path, &whole).await.with(200);
    assert_eq!(
        (&after["title"], &after["active"]),
        (&json!("Staff nurse"), &json!(true))
    );
    // What it does not say is cleared, but for what it cannot mean to take away.
    whole.as_object_mut().unwrap().remove("active");
    whole.as_object_mut().unwrap().remove("title");
    whole.as_object_mut().unwrap().remove("emails");
    let after = okta.put(&path, &whole).await.with(200);
    assert_eq!((after.get("title"), &after["active"]), (None, &json!(true)));
    assert_eq!(after["emails"], made["emails"]);
    // Somebody who is disabled stays so.
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    assert_eq!(okta.patch(&path, &off).await.with(200)["active"], json!(false));
    whole["title"] = json!("Porter");
    let after = okta.put(&path, &whole).await.with(200);
    assert_eq!((&after["title"], &after["active"]), (&json!("Porter"), &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn okta_imports_everybody_page_by_page() {
    let site = Site::open(Kind::Sqlite).await;
    let okta = Provider::of_mill_lane(&site).await;
    let all = okta.get("/Users?count=200&startIndex=1").await.with(200);
    let everybody = all["Resources"].as_array().unwrap().clone();
    assert_eq!(all["totalResults"].as_u64(), Some(everybody.len() as u64));
    let mut found = Vec::new();
    for start in (1..=everybody.len()).step_by(5) {
        let page = okta.get(&format!("/Users?count=5&startIndex={start}")).await.with(200);
        found.extend(page["Resources"].as_array().unwrap().iter().map(id_of));
    }
    assert_eq!(found, everybody.iter().map(id_of).collect::<Vec<_>>());
    let behind = okta.get("/Users?count=5&startIndex=1000").await.with(200);
    assert_eq!(
        (&behind["totalResults"], &behind["Resources"]),
        (&all["totalResults"], &json!([]))
    );
}
