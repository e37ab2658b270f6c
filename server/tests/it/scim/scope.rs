//! What is out of a connector's scope does not exist for it: by ID, by any key, in lists, counts and bulk requests.

use domain::account::AccountStatus;
use serde_json::{Value, json};
use testkit::on_both;

use super::{Provider, encoded, id_of, patch};
use crate::browser::Site;

/// Well formed, and nobody's.
const NOBODY: &str = "0193f3a1-0000-7000-8000-000000000000";

/// A sentence without the ID that it is about.
fn without(said: &str, id: &str) -> String {
    said.replace(id, "…")
}

on_both! {
    async fn an_account_out_of_scope_is_not_found_whatever_is_asked(portal: Portal) {
        let site = Site::over(portal);
        let provider = Provider::of_mill_lane(&site).await;
        let ben = site.portal.account("ben.cartwright@health.example").await;
        let before = site.portal.standing(ben).await;
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ben", "name": {"familyName": "Cartwright", "givenName": "Ben"},
        });
        let disable = patch(&json!([{"op": "replace", "path": "active", "value": false}]));
        let (foreign, nobody) = (ben.to_string(), NOBODY.to_owned());
        for (method, sent) in [("GET", None), ("PUT", Some(&body)), ("PATCH", Some(&disable)), ("DELETE", None)] {
            let mut told = Vec::new();
            for id in [&foreign, &nobody] {
                let answer = provider.send(method, &format!("/Users/{id}"), sent).await;
                told.push((without(&answer.refused(404, None), id), method));
            }
            assert_eq!(told[0], told[1], "one answer for whom there is and for whom there is not");
        }
        // In a bulk request, each operation.
        let operations: Vec<Value> = [&foreign, &nobody].into_iter().flat_map(|id| [
            json!({"method": "PUT", "path": format!("/Users/{id}"), "bulkId": format!("put {id}"), "data": body}),
            json!({"method": "PATCH", "path": format!("/Users/{id}"), "bulkId": format!("patch {id}"), "data": disable}),
        ]).collect();
        let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations});
        let told = provider.post("/Bulk", &bulk).await.with(200);
        let outcomes = told["Operations"].as_array().expect("outcomes");
        assert_eq!(outcomes.len(), 4, "{told:#}");
        // Its address is the one that was asked for, whoever is there.
        let of = |id: &str| {
            let those = outcomes.iter().filter(|outcome| outcome.to_string().contains(id));
            those.map(|outcome| without(&outcome.to_string(), id)).collect::<Vec<_>>()
        };
        assert_eq!(of(&foreign), of(&nobody));
        assert!(outcomes.iter().all(|outcome| outcome["status"] == "404"), "{told:#}");
        assert_eq!(site.portal.standing(ben).await, before);
    }

    async fn whom_a_connector_may_not_see_is_neither_found_nor_counted(portal: Portal) {
        let site = Site::over(portal);
        let provider = Provider::of_mill_lane(&site).await;
        let ben = site.portal.account("ben.cartwright@health.example").await;
        for filter in [
            format!("id eq \"{ben}\""),
            "userName eq \"ben.cartwright@health.example\"".to_owned(),
            "emails.value eq \"ben.cartwright@health.example\"".to_owned(),
            "emails[type eq \"work\"].value eq \"ben.cartwright@health.example\"".to_owned(),
            // Gwen has the local ID 1 here as Priya has it elsewhere; Ben has 2, which nobody has here.
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"2\"".to_owned(),
            "name.familyName eq \"Cartwright\"".to_owned(),
            "name.familyName sw \"Cartw\"".to_owned(),
            "urn:staffbook:scim:schemas:2.0:Account:organisation eq \"RIV\"".to_owned(),
        ] {
            assert_eq!(provider.count(&filter).await, 0, "{filter}");
            let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter});
            for path in ["/Users/.search", "/.search"] {
                assert_eq!(provider.post(path, &body).await.with(200)["totalResults"], json!(0), "{path} {filter}");
            }
        }
        let own = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"1\"";
        assert_eq!(provider.count(own).await, 1);
        // Everybody of the organisation but the deleted, page by page and in all.
        let everybody = site.portal.everybody().await;
        let here = |of: &str| {
            let of = everybody.iter().filter(|account| account.organisation.as_str() == of);
            let mut ids: Vec<_> = of.filter(|account| account.status != AccountStatus::Deleted).map(|account| account.id.to_string()).collect();
            ids.sort();
            ids
        };
        let list = provider.get("/Users?count=1000").await.with(200);
        let mut listed: Vec<_> = list["Resources"].as_array().unwrap().iter().map(id_of).collect();
        listed.sort();
        assert_eq!((listed, list["totalResults"].as_u64()), (here("G7H8J"), Some(here("G7H8J").len() as u64)));
        assert_eq!(provider.get("/Users?count=0").await.with(200)["totalResults"], list["totalResults"]);
        let filter = encoded("meta.lastModified gt \"2000-01-01T00:00:00Z\"");
        let later = provider.get(&format!("/Users?count=1&filter={filter}")).await.with(200);
        assert_eq!(later["totalResults"], list["totalResults"]);
    }

    async fn the_addresses_of_one_organisation_show_no_other(portal: Portal) {
        let site = Site::over(portal);
        let wide = Provider::of(&site, "jem.larkspur@health.example", "RIV").await;
        let ben = site.portal.account("ben.cartwright@health.example").await;
        let seren = site.portal.account("seren.wolstenholme@health.example").await;
        for id in [ben, seren] {
            wide.get(&format!("/Users/{id}")).await.with(200);
        }
        let all = wide.get("/Users?count=0").await.with(200)["totalResults"].as_u64().unwrap();
        let bound = wide.within("RIV01");
        let read = bound.get(&format!("/Users/{seren}")).await.with(200);
        let location = read["meta"]["location"].as_str().unwrap();
        assert!(location.ends_with(&format!("/scim/v2/organisations/RIV01/Users/{seren}")), "{location}");
        bound.get(&format!("/Users/{ben}")).await.refused(404, None);
        assert_eq!(bound.count(&format!("id eq \"{ben}\"")).await, 0);
        let some = bound.get("/Users?count=0").await.with(200)["totalResults"].as_u64().unwrap();
        assert!(0 < some && some < all, "{some} of {all}");
        // An organisation out of the scope, and one that does not exist.
        let mut bound = bound;
        for code in ["G7H8J", "NOSUCH"] {
            bound = bound.within(code);
            for path in ["/Users", "/ServiceProviderConfig", "/Schemas"] {
                bound.get(path).await.refused(404, None);
            }
        }
    }
}
