//! Lists and searches: filters, pages by index and by cursor, and what is returned of each resource.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::on_both;

use super::{ask, assert_refused, created, jem, read};
use crate::{api::connector, browser::Site};

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn ids(page: &Value) -> Vec<String> {
    let resources = page["Resources"].as_array().unwrap();
    resources
        .iter()
        .map(|found| found["id"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn filters_find_people_and_what_they_cannot_ask_is_refused(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        for (filter, found) in [
            ("userName eq \"OTTILIE\"", 1),
            ("externalId eq \"key of ottilie\"", 1),
            ("userName eq \"ottilie\" and active eq true", 1),
            ("name.familyName sw \"quenn\"", 1),
            ("emails.value eq \"ottilie.quennell@health.example\"", 1),
            ("userName eq \"gwen.ashcombe@health.example\"", 0),
        ] {
            let list = ask(&site, &jem.token, &format!("GET /scim/v2/Users?filter={}", encoded(filter)), &[], "").await;
            let list = read(&list);
            assert_eq!((&list["totalResults"], ids(&list).len()), (&json!(found), found), "{filter}: {list:#}");
            let body = json!({"filter": filter, "attributes": ["userName"]}).to_string();
            for path in ["/scim/v2/Users/.search", "/scim/v2/.search"] {
                let searched = read(&ask(&site, &jem.token, &format!("POST {path}"), &[], &body).await);
                assert_eq!(ids(&searched), ids(&list), "{path} {filter}");
                if found == 1 {
                    let shown = searched["Resources"][0].as_object().unwrap();
                    assert_eq!((shown.len(), &shown["userName"]), (3, &made["userName"]), "{searched:#}");
                }
            }
        }
        for (filter, path) in [("title co \"nurse\"", "Users"), ("userName pr", "Users"), ("userName eq \"a\"", "Contacts")] {
            let line = format!("GET /scim/v2/{path}?filter={}", encoded(filter));
            assert_refused(&ask(&site, &jem.token, &line, &[], "").await, 400, Some("invalidFilter"));
        }
        let far = ask(&site, &jem.token, "GET /scim/v2/Users?startIndex=10001", &[], "").await;
        assert_refused(&far, 400, Some("invalidValue"));
    }

    async fn pages_by_index_and_by_cursor_tell_the_same_people(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        for path in ["Users", "Contacts"] {
            let all = read(&ask(&site, &jem.token, &format!("GET /scim/v2/{path}?count=1000"), &[], "").await);
            let everybody: BTreeSet<_> = ids(&all).into_iter().collect();
            assert_eq!(all["totalResults"], json!(everybody.len()));
            let (mut told, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let line = format!("GET /scim/v2/{path}?count=7&cursor={cursor}");
                let page = read(&ask(&site, &jem.token, &line, &[], "").await);
                assert!(page.get("startIndex").is_none(), "{page:#}");
                // Without the next cursor, a client that keeps to the standard expects the number (RFC 9865, section 2).
                let total = page["nextCursor"].is_null().then(|| json!(everybody.len()));
                assert_eq!(page.get("totalResults"), total.as_ref(), "{page:#}");
                told.extend(ids(&page));
                pages += 1;
                match page["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            assert_eq!((told.len(), pages), (everybody.len(), everybody.len().div_ceil(7).max(1)), "{path}");
            assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), everybody);
        }
    }

    async fn a_cursor_is_good_for_its_list_and_its_connector_alone(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let lowri = connector(&site, "lowri.umar@health.example", "RIV").await;
        let page = read(&ask(&site, &jem.token, "GET /scim/v2/Users?count=2&cursor=", &[], "").await);
        let cursor = page["nextCursor"].as_str().unwrap();
        let line = format!("GET /scim/v2/Users?count=2&cursor={cursor}");
        // Another process on the same database reads it, too.
        let other = Site::over(site.portal.again_by(&site.portal.url).await);
        assert_eq!(ids(&read(&ask(&other, &jem.token, &line, &[], "").await)).len(), 2);
        assert_refused(&ask(&site, &lowri.token, &line, &[], "").await, 400, Some("invalidCursor"));
        let filtered = format!("{line}&filter={}", encoded("active eq true"));
        assert_refused(&ask(&site, &jem.token, &filtered, &[], "").await, 400, Some("invalidCursor"));
        let bound = line.replace("/scim/v2/Users", "/scim/v2/organisations/RIV01/Users");
        assert_refused(&ask(&site, &jem.token, &bound, &[], "").await, 400, Some("invalidCursor"));
        assert_refused(&ask(&site, &jem.token, "GET /scim/v2/Users?cursor=none", &[], "").await, 400, Some("invalidCursor"));
        site.portal.pass_seconds(scim::schema::CURSOR_SECONDS + 1);
        assert_refused(&ask(&site, &jem.token, &line, &[], "").await, 400, Some("expiredCursor"));
    }

    async fn the_root_search_tells_users_and_then_contacts(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let total = async |path: &str| {
            let line = format!("GET /scim/v2/{path}?count=0");
            read(&ask(&site, &jem.token, &line, &[], "").await)["totalResults"].as_u64().unwrap()
        };
        let (users, contacts) = (total("Users").await, total("Contacts").await);
        assert!(users > 1 && contacts > 0);
        let body = json!({"startIndex": users, "count": 2}).to_string();
        let both = read(&ask(&site, &jem.token, "POST /scim/v2/.search", &[], &body).await);
        assert_eq!(both["totalResults"], json!(users + contacts));
        let kinds: Vec<_> = both["Resources"].as_array().unwrap().iter().map(|one| one["meta"]["resourceType"].clone()).collect();
        assert_eq!(kinds, [json!("User"), json!("Contact")]);
        let (mut told, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let body = json!({"count": 10, "cursor": cursor}).to_string();
            let page = read(&ask(&site, &jem.token, "POST /scim/v2/.search", &[], &body).await);
            told.extend(ids(&page));
            match page["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => {
                    assert_eq!(page["totalResults"], json!(users + contacts));
                    break;
                }
            }
        }
        assert_eq!(told.len() as u64, users + contacts);
        for count in [0, 1000] {
            let body = json!({"count": count, "cursor": ""}).to_string();
            let page = read(&ask(&site, &jem.token, "POST /scim/v2/.search", &[], &body).await);
            assert_eq!(page["totalResults"], json!(users + contacts), "{count}");
        }
    }

    async fn the_schemas_are_those_of_the_token_that_asks(portal: Portal) {
        let site = Site::over(portal);
        let wide = jem(&site).await;
        let narrow = connector(&site, "olwen.adeyemi@health.example", "G7H8J").await;
        let values = async |token: &str, line: &str| {
            let schema = read(&ask(&site, token, line, &[], "").await);
            let attributes = schema["attributes"].as_array().unwrap().clone();
            let organisation = attributes.into_iter().find(|one| one["name"] == "organisation").unwrap();
            organisation["canonicalValues"].as_array().unwrap().len()
        };
        let line = "GET /scim/v2/Schemas/urn:staffbook:scim:schemas:2.0:Account";
        assert!(values(&wide.token, line).await > 1);
        assert_eq!(values(&narrow.token, line).await, 1);
        let bound = line.replace("/scim/v2", "/scim/v2/organisations/RIV01");
        assert_eq!(values(&wide.token, &bound).await, 1);
    }
}
