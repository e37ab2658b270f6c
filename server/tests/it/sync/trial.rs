//! A connector that is only tried out, as its program and its administrators meet it.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::on_both;

use super::{ask, assert_refused, created, jem, newcomer, path_of, read};
use crate::browser::Site;

fn retitled(title: &str) -> String {
    let operations = json!([{"op": "replace", "path": "title", "value": title}]);
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}).to_string()
}

on_both! {
    async fn what_is_tried_is_read_back_and_made_after_going_live(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let page = format!("/connectors/{}", jem.actor.account().unwrap());
        let trial = format!("{page}/trial");
        let priya = site.sign_in("Priya").await;
        let set = priya.post(&page, "dialect=tolerant&deletes=propose&shadow=yes").await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
        assert!(priya.get(&trial).await.body.contains("Nothing was tried yet."));

        let made = created(&site, &jem.token, "ottilie").await;
        let path = path_of(&made);
        let get = async |line: &str| ask(&site, &jem.token, line, &[], "").await;
        assert_eq!(read(&get(&format!("GET {path}")).await), made);
        let filter = "GET /scim/v2/Users?filter=userName%20eq%20%22ottilie%22";
        let found = read(&get(filter).await);
        assert_eq!((&found["totalResults"], &found["Resources"][0]), (&json!(1), &made));
        let again = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &newcomer("ottilie").to_string()).await;
        assert_refused(&again, 409, Some("uniqueness"));
        let patch = format!("PATCH {path}");
        let rehearsed = ask(&site, &jem.token, &patch, &[("prefer", "rehearse")], &retitled("Matron")).await;
        assert_eq!(rehearsed.status, StatusCode::OK, "{}", rehearsed.body);
        assert_eq!(read(&get(&format!("GET {path}")).await), made);
        let patched = read(&ask(&site, &jem.token, &patch, &[], &retitled("Matron")).await);
        assert_eq!(patched["title"], "Matron");
        assert_ne!(patched["meta"]["version"], made["meta"]["version"]);
        assert_eq!(read(&get(&format!("GET {path}")).await), patched);
        let listed = read(&get("GET /scim/v2/Users?count=1000").await);
        let all = listed["Resources"].as_array().unwrap();
        assert_eq!(all.iter().filter(|user| user["id"] == made["id"]).count(), 1);
        assert_eq!(listed["totalResults"], json!(all.len()));

        let shown = priya.get(&trial).await.body;
        for words in [
            "1 account would be created",
            "1 request would be refused",
            "create 1 account",
            "Going live sends nothing and changes nobody.",
            "Ottilie Quennell",
            "Matron",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        // What cannot be read would be refused as well.
        let mut wrong = newcomer("perdita");
        wrong["phoneNumbers"] = json!([{"type": "work", "value": "nonsense"}]);
        let unread = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &wrong.to_string()).await;
        assert_refused(&unread, 400, Some("invalidValue"));
        let moved = json!([{"op": "replace", "path": "urn:staffbook:scim:schemas:2.0:Account:organisation", "value": "RIV02"}]);
        let moved = json!({"Operations": moved}).to_string();
        assert_refused(&ask(&site, &jem.token, &patch, &[], &moved).await, 400, Some("mutability"));
        assert!(priya.get(&trial).await.body.contains("3 requests would be refused"));
        let refused = priya.get(&format!("{trial}?kind=collide")).await.body;
        assert!(refused.contains("An account with this key of the other system exists already."), "{refused}");
        assert!(refused.contains("organisation: People are moved") && !refused.contains("urn:staffbook"), "{refused}");
        // Other settings do not end it.
        priya.post(&page, "dialect=tolerant&deletes=refuse").await;
        assert_eq!(read(&get(&format!("GET {path}")).await), patched);

        for wrong in ["", "number=7", "number=one"] {
            let wrong = priya.post(&trial, wrong).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
        }
        let live = priya.post(&trial, "number=1").await;
        assert_eq!((live.status, live.location()), (StatusCode::SEE_OTHER, format!("{page}?live=yes").as_str()));
        let said = priya.get(live.location()).await.body;
        assert!(said.contains("is live. What the other system sends from now on is applied."), "{said}");
        assert_refused(&get(&format!("GET {path}")).await, 404, None);
        let after: Value = created(&site, &jem.token, "ottilie").await;
        assert_ne!(after["id"], made["id"]);
        assert!(priya.get(&trial).await.body.contains("The connector is live"));
        site.portal.adds_up().await;
    }
}
