//! One person, from beginning to end, as a connector meets them.

use axum::http::{StatusCode, header};
use domain::{connector::ProposalKind, dictionary::Attribute};
use futures::future::join_all;
use gate::ProposalQuery;
use serde_json::{Value, json};
use testkit::on_both;

use super::{ask, assert_refused, created, jem, newcomer, path_of, read};
use crate::browser::Site;

fn patch(operations: &Value) -> String {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}).to_string()
}

on_both! {
    async fn somebody_is_created_read_patched_and_put(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let answer = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &newcomer("ottilie").to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let made = read(&answer);
        assert_eq!(answer.location(), made["meta"]["location"].as_str().unwrap());
        assert_eq!(answer.headers[header::ETAG], made["meta"]["version"].as_str().unwrap());
        assert!(answer.location().ends_with(&path_of(&made)), "{}", answer.location());
        assert_eq!((&made["userName"], &made["active"]), (&json!("ottilie"), &json!(true)));
        assert_eq!(made["phoneNumbers"], json!([{"type": "work", "value": "01632 960123"}]));
        assert_eq!(made["emails"][0]["value"], "ottilie.quennell@health.example");
        let path = path_of(&made);
        assert_eq!(read(&ask(&site, &jem.token, &format!("GET {path}"), &[], "").await), made);

        let operations = json!([{"op": "replace", "path": "title", "value": "Matron"}, {"op": "remove", "path": "phoneNumbers"}]);
        let patched = ask(&site, &jem.token, &format!("PATCH {path}"), &[], &patch(&operations)).await;
        assert_eq!(patched.status, StatusCode::OK, "{}", patched.body);
        let patched = read(&patched);
        assert_eq!((&patched["title"], patched.get("phoneNumbers")), (&json!("Matron"), None));
        assert_ne!(patched["meta"]["version"], made["meta"]["version"]);
        // What is so already changes nothing.
        let again = ask(&site, &jem.token, &format!("PATCH {path}"), &[], &patch(&operations)).await;
        assert_eq!(read(&again), patched);

        let mut whole = newcomer("ottilie");
        whole["title"] = Value::Null;
        whole["name"]["familyName"] = json!("Larkspur");
        let put = ask(&site, &jem.token, &format!("PUT {path}?attributes=title,name"), &[], &whole.to_string()).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        let put = read(&put);
        assert_eq!((&put["name"]["familyName"], put.get("title"), put.get("userName")), (&json!("Larkspur"), None, None));

        let id = domain::values::ids::AccountId(made["id"].as_str().unwrap().parse().unwrap());
        let kept = site.portal.standing(id).await;
        assert_eq!(kept.attributes.text(Attribute::LastName), "Larkspur");
        assert_eq!(kept.attributes.text(Attribute::Telephone), "+441632960123");
        site.portal.adds_up().await;
    }

    async fn who_is_there_already_is_named_and_not_merged(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let again = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &newcomer("ottilie").to_string()).await;
        assert_refused(&again, 409, Some("uniqueness"));
        let place = again.headers[header::CONTENT_LOCATION].to_str().unwrap();
        assert!(place.ends_with(&path_of(&made)), "{place}");
        assert!(again.body.contains(made["id"].as_str().unwrap()), "{}", again.body);
    }

    async fn versions_save_reading_again_and_guard_what_was_not_seen(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let (path, version) = (path_of(&made), made["meta"]["version"].as_str().unwrap().to_owned());
        let get = format!("GET {path}");
        let same = ask(&site, &jem.token, &get, &[("if-none-match", version.as_str())], "").await;
        assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(same.headers[header::ETAG], version.as_str());
        let body = |title: &str| patch(&json!([{"op": "replace", "path": "title", "value": title}]));
        let patch_line = format!("PATCH {path}");
        let first = ask(&site, &jem.token, &patch_line, &[("if-match", version.as_str())], &body("Matron")).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        let late = ask(&site, &jem.token, &patch_line, &[("if-match", version.as_str())], &body("Surgeon")).await;
        assert_refused(&late, 412, None);
        // What is none of our tags, or no tag at all, names nothing that is there.
        for wrong in ["W/\"3b8c0d9e\"", "nonsense", "1.1", "W/1.1", "", "\""] {
            let refused = ask(&site, &jem.token, &patch_line, &[("if-match", wrong)], &body("Cook")).await;
            assert_refused(&refused, 412, None);
        }
        let any = ask(&site, &jem.token, &patch_line, &[("if-match", "*")], &body("Surgeon")).await;
        assert_eq!(any.status, StatusCode::OK, "{}", any.body);
        let news = ask(&site, &jem.token, &get, &[("if-none-match", version.as_str())], "").await;
        assert_eq!((news.status, &read(&news)["title"]), (StatusCode::OK, &json!("Surgeon")));
    }

    async fn what_a_connector_may_not_do_is_said_with_the_page_where_it_is_done(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let page = format!("/accounts/{}", made["id"].as_str().unwrap());
        let disable = patch(&json!([{"op": "replace", "path": "active", "value": false}]));
        let refused = ask(&site, &jem.token, &format!("PATCH {}", path_of(&made)), &[], &disable).await;
        assert_refused(&refused, 403, None);
        assert!(refused.body.contains(&page), "{}", refused.body);
        let refused = ask(&site, &jem.token, &format!("DELETE {}", path_of(&made)), &[], "").await;
        assert_refused(&refused, 405, None);
        assert_eq!(refused.headers[header::ALLOW], "GET, PUT, PATCH");
        assert!(refused.body.contains(&page), "{}", refused.body);
        let moved = json!([{"op": "replace", "path": "urn:staffbook:scim:schemas:2.0:Account:organisation", "value": "RIV01"}]);
        let refused = ask(&site, &jem.token, &format!("PATCH {}", path_of(&made)), &[], &patch(&moved)).await;
        assert_refused(&refused, 400, Some("mutability"));
        let ben = site.actor("Ben").await;
        let asked = site.portal.gate.on_behalf_of(&ben).proposals(ProposalQuery::default()).await.unwrap().proposals;
        let mut kinds: Vec<_> = asked.iter().map(|proposal| proposal.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, [ProposalKind::Delete, ProposalKind::Disable, ProposalKind::Move]);
        let moved = asked.iter().find(|proposal| proposal.kind == ProposalKind::Move).unwrap();
        assert_eq!(moved.asked[&Attribute::Organisation], "RIV01");
        // Nobody is told whose scope an account lies in.
        let mut elsewhere = newcomer("somebody");
        elsewhere["urn:staffbook:scim:schemas:2.0:Account"]["organisation"] = json!("G7H8J");
        let refused = ask(&site, &jem.token, "POST /scim/v2/Users", &[], &elsewhere.to_string()).await;
        assert_refused(&refused, 400, Some("invalidValue"));
    }

    async fn many_who_patch_one_person_at_once_all_get_their_turn(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let line = format!("PATCH {}", path_of(&made));
        let writes = (0..20).map(|number| {
            let (site, token, line) = (&site, &jem.token, &line);
            async move {
                let body = patch(&json!([{"op": "replace", "path": "title", "value": format!("Nurse {number}")}]));
                ask(site, token, line, &[], &body).await.status
            }
        });
        assert_eq!(join_all(writes).await, [StatusCode::OK; 20]);
    }

    async fn a_move_is_asked_for_in_the_scope_and_taken_back_by_staying(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let made = created(&site, &jem.token, "ottilie").await;
        let ben = site.actor("Ben").await;
        let visit = site.portal.gate.on_behalf_of(&ben);
        let waiting = async || visit.proposals(ProposalQuery::default()).await.unwrap().proposals.len();
        let line = format!("PUT {}", path_of(&made));
        let there = async |code: &str, headers: &[(&str, &str)]| {
            let mut whole = newcomer("ottilie");
            whole["urn:staffbook:scim:schemas:2.0:Account"]["organisation"] = json!(code);
            ask(&site, &jem.token, &line, headers, &whole.to_string()).await
        };
        let (none, rehearse): (&[(&str, &str)], _) = (&[], [("prefer", "rehearse")]);
        let mut said = Vec::new();
        // Out of the scope and of no organisation, the answer is the same, and nobody is asked; nor where it is only tried.
        for (code, headers) in [("G7H8J", none), ("NOSUCH", none), ("RIV01", rehearse.as_slice())] {
            let refused = there(code, headers).await;
            assert_refused(&refused, 400, Some("mutability"));
            said.push(refused.body);
            assert_eq!(waiting().await, 0, "{code}");
        }
        let refused = there("riv01", none).await;
        assert_refused(&refused, 400, Some("mutability"));
        said.push(refused.body);
        assert_eq!((waiting().await, said[0] == said[1]), (1, true));
        assert!(said[0].contains("nobody was asked") && !said[2].contains("asked"), "{said:?}");
        assert!(said[3].contains("Administrators have been asked to move this account."), "{}", said[3]);
        assert_eq!(there("riv", none).await.status, StatusCode::OK);
        assert_eq!(waiting().await, 0);
    }

    async fn a_rehearsal_tells_what_would_come_of_it_and_does_nothing(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let rehearse = [("prefer", "rehearse")];
        let told = ask(&site, &jem.token, "POST /scim/v2/Users", &rehearse, &newcomer("ottilie").to_string()).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        assert_eq!(told.headers["preference-applied"], "rehearse");
        assert_eq!(read(&told)["result"], "create");
        let made = created(&site, &jem.token, "ottilie").await;
        let (line, title) = (format!("PATCH {}", path_of(&made)), json!([{"op": "replace", "path": "title", "value": "Matron"}]));
        let told = read(&ask(&site, &jem.token, &line, &rehearse, &patch(&title)).await);
        assert_eq!(told["result"], "update", "{told:#}");
        assert_eq!(told["changes"], json!([{"path": "title", "before": "Porter", "after": "Matron"}]));
        assert_eq!(read(&ask(&site, &jem.token, &format!("GET {}", path_of(&made)), &[], "").await), made);
        // A bad request answers as the request would.
        let wrong = json!([{"op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "12"}]);
        for headers in [&rehearse[..], &[]] {
            let refused = ask(&site, &jem.token, &line, headers, &patch(&wrong)).await;
            assert_refused(&refused, 400, Some("invalidValue"));
        }
        // What only looks like a rehearsal does nothing.
        for near in ["rehearse=true", "rehearsal", "\"rehearse\""] {
            let refused = ask(&site, &jem.token, &line, &[("prefer", near)], &patch(&title)).await;
            assert_refused(&refused, 400, Some("invalidValue"));
        }
        assert_eq!(read(&ask(&site, &jem.token, &format!("GET {}", path_of(&made)), &[], "").await), made);
        // Whoever asks for them is given the problems one by one.
        let refused = ask(&site, &jem.token, &line, &[("prefer", "problems")], &patch(&wrong)).await;
        let problems = &read(&refused)["urn:staffbook:scim:api:messages:2.0:Problems"]["problems"];
        assert_eq!(problems.as_array().map(Vec::len), Some(1), "{}", refused.body);
    }

    async fn all_that_is_wrong_is_told_at_once_also_what_the_directory_says(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let mut wrong = newcomer("ottilie");
        wrong["title"] = json!({});
        wrong["phoneNumbers"] = json!([{"type": "work", "value": "none"}, {"type": "fax", "value": "nothing"}]);
        wrong["urn:staffbook:scim:schemas:2.0:Account"]["organisation"] = json!("ZZZ");
        wrong["urn:staffbook:scim:schemas:2.0:Account"]["mobileHidden"] = json!("q");
        let told = async |line: &str, body: &Value| {
            let refused = ask(&site, &jem.token, line, &[("prefer", "problems")], &body.to_string()).await;
            assert_refused(&refused, 400, Some("invalidValue"));
            let problems = read(&refused)["urn:staffbook:scim:api:messages:2.0:Problems"]["problems"].clone();
            let problems = problems.as_array().unwrap().iter();
            problems.map(|problem| problem["path"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let paths = told("POST /scim/v2/Users", &wrong).await;
        for path in [":organisation", ":mobileHidden", "[type eq \"work\"].value", "[type eq \"fax\"].value"] {
            assert!(paths.iter().any(|told| told.ends_with(path)), "{path}: {paths:?}");
        }
        let made = created(&site, &jem.token, "perdita").await;
        let mut wrong = newcomer("perdita");
        wrong["phoneNumbers"] = json!([{"type": "work", "value": "none"}]);
        wrong["urn:staffbook:scim:schemas:2.0:Account"]["unit"] = json!("zzz");
        let paths = told(&format!("PUT {}", path_of(&made)), &wrong).await;
        for path in [":unit", "[type eq \"work\"].value"] {
            assert!(paths.iter().any(|told| told.ends_with(path)), "{path}: {paths:?}");
        }
    }

    async fn a_put_of_few_attributes_keeps_what_others_have_entered(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let id = site.portal.account("fintan.gillespie@health.example").await;
        let path = format!("/scim/v2/Users/{id}");
        let before = site.portal.standing(id).await.attributes;
        let seen = read(&ask(&site, &jem.token, &format!("GET {path}"), &[], "").await);
        let mut few = json!({"userName": seen["userName"], "name": seen["name"], "active": true, "externalId": "emp-9"});
        few["title"] = json!("Ward manager");
        let put = async |body: &Value, headers: &[(&str, &str)]| {
            let answer = ask(&site, &jem.token, &format!("PUT {path}"), headers, &body.to_string()).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            read(&answer)
        };
        put(&few, &[]).await;
        let mut expected = before.clone();
        expected.set(Attribute::JobTitle, Some(domain::dictionary::Value::stored("Ward manager".to_owned())));
        assert_eq!(site.portal.standing(id).await.attributes, expected);
        // What the connector gave and names no longer is cleared, and a rehearsal says so; its key stays.
        few.as_object_mut().unwrap().remove("title");
        few.as_object_mut().unwrap().remove("externalId");
        let told = put(&few, &[("prefer", "rehearse")]).await;
        let warned = told["warnings"].as_array().unwrap();
        assert!(warned.iter().any(|warning| warning["path"] == "title" && warning["code"] == "not-named"), "{told:#}");
        let after = put(&few, &[]).await;
        assert_eq!((after.get("title"), &after["externalId"]), (None, &json!("emp-9")));
    }
}
