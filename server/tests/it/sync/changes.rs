//! Many writes in one request, and what has changed since a client knew everything.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::on_both;

use super::{ask, assert_refused, created, jem, newcomer, path_of, read};
use crate::{api::connector, browser::Site};

const BULK: &str = "POST /scim/v2/Bulk";

fn bulk(fail_on_errors: u32, operations: &Value) -> String {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    json!({"schemas": schemas, "failOnErrors": fail_on_errors, "Operations": operations}).to_string()
}

fn statuses(told: &Value) -> Vec<&str> {
    let operations = told["Operations"].as_array().unwrap();
    operations
        .iter()
        .map(|outcome| outcome["status"].as_str().unwrap())
        .collect()
}

on_both! {
    async fn each_operation_of_a_bulk_is_answered_as_it_would_be_alone(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let path = path_of(&made).replace("/scim/v2", "");
        let title = json!({"Operations": [{"op": "replace", "path": "title", "value": "Matron"}]});
        let mut other = newcomer("perdita");
        other["name"]["givenName"] = json!("Perdita");
        let operations = json!([
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": other},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": newcomer("ottilie")},
            {"method": "PATCH", "path": path, "version": made["meta"]["version"], "data": title},
            {"method": "PATCH", "path": path, "version": made["meta"]["version"], "data": {"Operations": [{"op": "remove", "path": "title"}]}},
            {"method": "DELETE", "path": path},
            {"method": "PUT", "path": "/Contacts/1", "data": {}},
        ]);
        let answer = ask(&site, &jem.token, BULK, &[], &bulk(10, &operations)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let told = read(&answer);
        assert_eq!(statuses(&told), ["201", "409", "200", "412", "405", "405"], "{told:#}");
        assert_eq!((&told["Operations"][0]["bulkId"], &told["Operations"][1]["response"]["scimType"]), (&json!("a"), &json!("uniqueness")));
        let location = told["Operations"][0]["location"].as_str().unwrap();
        assert!(location.contains("/scim/v2/Users/"), "{location}");
        let failed: Vec<_> = told["Operations"].as_array().unwrap().iter().skip(3).map(|outcome| &outcome["location"]).collect();
        let own = location.rsplit_once("/Users/").unwrap().0;
        let (user, contact) = (json!(format!("{own}{path}")), json!(format!("{own}/Contacts/1")));
        assert_eq!(failed, [&user, &user, &contact], "{told:#}");
        let patched = read(&ask(&site, &jem.token, &format!("GET {}", path_of(&made)), &[], "").await);
        assert_eq!((&patched["title"], &patched["meta"]["version"]), (&json!("Matron"), &told["Operations"][2]["version"]));
        // After so many failures the rest is left alone.
        let again = read(&ask(&site, &jem.token, BULK, &[], &bulk(1, &operations)).await);
        assert_eq!(statuses(&again), ["409"]);
        let rehearsed = json!([
            {"method": "POST", "path": "/Users", "bulkId": "c", "data": newcomer("rosalind")},
            {"method": "POST", "path": "/Users", "bulkId": "d", "data": newcomer("rosalind")},
        ]);
        let told = ask(&site, &jem.token, BULK, &[("prefer", "rehearse")], &bulk(2, &rehearsed)).await;
        assert_eq!(told.headers["preference-applied"], "rehearse");
        let told = read(&told);
        assert_eq!(told["Operations"][0]["response"]["result"], "create", "{told:#}");
        assert_eq!(statuses(&told), ["200", "409"], "{told:#}");
        let nobody = read(&ask(&site, &jem.token, "GET /scim/v2/Users?filter=userName%20eq%20%22rosalind%22", &[], "").await);
        assert_eq!(nobody["totalResults"], json!(0));
        site.portal.adds_up().await;
    }

    async fn what_has_changed_since_a_token_is_told_page_by_page(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let token = read(&ask(&site, &jem.token, "GET /scim/v2/Users/.deltaToken", &[], "").await);
        assert!(token["expiry"].is_string(), "{token:#}");
        let token = token["value"].as_str().unwrap().to_owned();
        let mut made = Vec::new();
        for (name, given) in [("ottilie", "Ottilie"), ("perdita", "Perdita"), ("rosalind", "Rosalind")] {
            let mut body = newcomer(name);
            body["name"]["givenName"] = json!(given);
            let answer = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &body.to_string()).await;
            made.push(read(&answer)["id"].as_str().unwrap().to_owned());
        }
        let line = "POST /scim/v2/Users/.delta";
        // A page of nobody goes on at the same place.
        let nobody = json!({"deltaToken": token, "count": 0}).to_string();
        let nobody = read(&ask(&site, &jem.token, line, &[], &nobody).await);
        assert_eq!((&nobody["Resources"], &nobody["nextDeltaToken"]), (&json!([]), &Value::Null), "{nobody:#}");
        let (mut told, mut cursor) = (Vec::new(), nobody["nextCursor"].as_str().unwrap().to_owned());
        let next = loop {
            let body = json!({"deltaToken": token, "count": 1, "cursor": cursor}).to_string();
            let page = read(&ask(&site, &jem.token, line, &[], &body).await);
            for change in page["Resources"].as_array().unwrap() {
                assert_eq!((&change["resourceType"], &change["changeType"]), (&json!("User"), &json!("create")), "{page:#}");
                assert_eq!(change["data"]["id"], change["changedResourceId"]);
                told.push(change["changedResourceId"].as_str().unwrap().to_owned());
            }
            match (page["nextCursor"].as_str(), page["nextDeltaToken"]["value"].as_str()) {
                (Some(next), None) => next.clone_into(&mut cursor),
                (None, Some(token)) => break token.to_owned(),
                _ => panic!("{page:#}"),
            }
        };
        told.dedup();
        assert_eq!(told, made);
        let nothing = read(&ask(&site, &jem.token, line, &[], &json!({"deltaToken": next}).to_string()).await);
        assert_eq!(nothing["Resources"], json!([]));
        // It is good for this query, this scope, and this connector, and not for ever.
        let body = json!({"deltaToken": next}).to_string();
        let other = ask(&site, &jem.token, "POST /scim/v2/Contacts/.delta", &[], &body).await;
        assert_refused(&other, 400, Some("invalidDeltaToken"));
        let narrower = ask(&site, &jem.token, "POST /scim/v2/organisations/RIV01/Users/.delta", &[], &body).await;
        assert_refused(&narrower, 400, Some("expiredDeltaToken"));
        let lowri = connector(&site, "lowri.umar@health.example", "RIV").await;
        assert_refused(&ask(&site, &lowri.token, line, &[], &body).await, 400, Some("invalidDeltaToken"));
        let filtered = json!({"deltaToken": next, "filter": "active eq true"}).to_string();
        assert_refused(&ask(&site, &jem.token, line, &[], &filtered).await, 400, Some("invalidFilter"));
        site.portal.pass_seconds(scim::schema::DELTA_SECONDS + 1);
        // Its own token has ended by then, too.
        let made = site.portal.gate.on_behalf_of(&jem.actor).make_token("Later", 30).await.unwrap();
        let later = made.unwrap_or_else(|problems| panic!("{problems:?}")).secret;
        assert_refused(&ask(&site, &later, line, &[], &body).await, 400, Some("expiredDeltaToken"));
    }
}
