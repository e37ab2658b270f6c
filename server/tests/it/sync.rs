//! The service for synchronisation at its doors: who is let in, what each address takes, and the form of every answer.

mod changes;
mod contacts;
mod lists;
mod trial;
mod users;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    life::Turn,
    request::{AccountWish, Wish},
};
use serde_json::{Value, json};
use server::operate::config::Config;
use testkit::{Kind, Portal, SERVICE, on_both};

use crate::{
    api::{Connector, connector},
    assert_approved,
    browser::{Answer, Site},
};

const JSON: &str = "application/scim+json";

/// Sends a request as a connector's program would, with a body where it is not empty.
async fn ask(site: &Site, token: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header(header::CONTENT_TYPE, JSON);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answer = site.nobody().raw(request).await;
    assert!(!answer.headers.contains_key(header::SET_COOKIE), "{line}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{line}");
    if !answer.body.is_empty() {
        assert_eq!(answer.headers[header::CONTENT_TYPE], JSON, "{line}: {}", answer.body);
    }
    answer
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// That an answer is an error of a status, in the form of SCIM.
fn assert_refused(answer: &Answer, status: u16, scim_type: Option<&str>) {
    let body = read(answer);
    assert_eq!(answer.status.as_u16(), status, "{body:#}");
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(body["status"], status.to_string());
    assert_eq!(body["scimType"].as_str(), scim_type, "{body:#}");
    assert!(body["detail"].as_str().is_some_and(|said| !said.is_empty()), "{body:#}");
}

/// Jem, the connector of Riverside and all below it.
async fn jem(site: &Site) -> Connector {
    connector(site, "jem.larkspur@health.example", "RIV").await
}

/// Somebody new, of the trust itself.
fn newcomer(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": format!("key of {name}"),
        "userName": name,
        "name": {"givenName": "Ottilie", "familyName": "Quennell"},
        "title": "Porter",
        "phoneNumbers": [{"type": "work", "value": "01632 960123"}],
        "urn:staffbook:scim:schemas:2.0:Account": {"organisation": "RIV"},
    })
}

/// Has somebody new created, and gives the resource.
async fn created(site: &Site, token: &str, name: &str) -> Value {
    let answer = ask(site, token, "POST /scim/v2/Users", &[], &newcomer(name).to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    read(&answer)
}

fn path_of(user: &Value) -> String {
    format!("/scim/v2/Users/{}", user["id"].as_str().unwrap())
}

/// The addresses, to every kind of token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connectors_are_answered_as_approved() {
    let site = Site::open(Kind::Sqlite).await;
    let wide = jem(&site).await;
    let other = connector(&site, "olwen.adeyemi@health.example", "G7H8J").await;
    let left = connector(&site, "perrin.holloway@health.example", "RIV").await;
    let leave = Wish::Account(left.actor.account().unwrap(), AccountWish::Turn(Turn::MarkLeaver));
    let service = site.portal.gate.on_behalf_of(&SERVICE);
    service.establish(vec![leave]).await.unwrap();
    let user = site.portal.account("ben.cartwright@health.example").await.to_string();
    let ben = site.actor("Ben").await;
    let visit = site.portal.gate.on_behalf_of(&ben);
    let contacts = visit.contacts(&gate::Query::default()).await.unwrap();
    let contact = contacts.people[0].person.id.to_string();
    let mut slip = wide.token.clone();
    slip.pop();
    let tokens = [
        ("none", ""),
        ("slip", slip.as_str()),
        ("leaver", left.token.as_str()),
        ("own", wide.token.as_str()),
        ("other", other.token.as_str()),
    ];
    let mut table = format!("{:<50}", "");
    for (name, _) in tokens {
        table += &format!(" {name:<7}");
    }
    table = table.trim_end().to_owned() + "\n";
    let schema = "urn:ietf:params:scim:schemas:core:2.0:User";
    for line in [
        "GET /ServiceProviderConfig",
        "POST /ServiceProviderConfig",
        "GET /ResourceTypes",
        "GET /ResourceTypes/User",
        "GET /ResourceTypes/Group",
        "PUT /ResourceTypes/User",
        "GET /Schemas",
        "GET /Schemas/{schema}",
        "GET /Schemas/none",
        "DELETE /Schemas",
        "GET /Users",
        "GET /Users/{user}",
        "GET /Users/none",
        "POST /Users/{user}",
        "PUT /Users",
        "PATCH /Users/{user}",
        "DELETE /Users/{user}",
        "POST /Users/.search",
        "GET /Users/.search",
        "GET /Users/.deltaToken",
        "POST /Users/.delta",
        "GET /Contacts",
        "GET /Contacts/{contact}",
        "POST /Contacts",
        "PUT /Contacts/{contact}",
        "PATCH /Contacts/{contact}",
        "DELETE /Contacts/{contact}",
        "POST /Contacts/.search",
        "GET /Contacts/.deltaToken",
        "POST /.search",
        "GET /.deltaToken",
        "POST /Bulk",
        "GET /Groups",
        "GET /Me",
        "POST /Elsewhere",
        "GET /",
        "GET /organisations/RIV/Users",
        "GET /organisations/RIV01/Users",
        "GET /organisations/RIV01/Users/{user}",
        "GET /organisations/G7H8J/Users",
        "GET /organisations/NOSUCH/ServiceProviderConfig",
        "GET /organisations/RIV/Elsewhere",
        "GET /organisations/RIV",
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let mut shown = format!("{method:<6} {path:<43}");
        let path = path
            .replace("{user}", &user)
            .replace("{contact}", &contact)
            .replace("{schema}", schema);
        for (_, token) in tokens {
            let body = if method == "GET" || method == "DELETE" {
                ""
            } else {
                "{}"
            };
            let answer = ask(&site, token, &format!("{method} /scim/v2{path}"), &[], body).await;
            if answer.status.is_client_error() || answer.status.is_server_error() {
                let body = read(&answer);
                assert_eq!(body["status"], answer.status.as_u16().to_string(), "{line}");
            }
            let lists_methods = answer.headers.contains_key(header::ALLOW);
            assert!(
                lists_methods || answer.status != StatusCode::METHOD_NOT_ALLOWED,
                "{line}"
            );
            shown += &format!(" {:<7}", answer.status.as_u16());
        }
        table += shown.trim_end();
        table.push('\n');
    }
    assert_approved("scim.txt", &table);
}

on_both! {
    async fn who_has_no_good_token_is_told_how_to_prove_it(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        for token in ["", "pat_none", "pat_aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbcccccc"] {
            let refused = ask(&site, token, "GET /scim/v2/Users", &[], "").await;
            assert_refused(&refused, 401, None);
            assert!(refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
        }
        // A session proves nothing here.
        let page = ben.get("/scim/v2/Users").await;
        assert_refused(&page, 401, None);
        let other = ask(&site, "", "GET /scim/v2/Users", &[("authorization", "Basic amVtOnNlY3JldA==")], "").await;
        assert_refused(&other, 401, None);
    }

    async fn what_cannot_be_read_is_refused_in_the_form_of_scim(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let large = format!("{{\"title\": \"{}\"}}", "x".repeat(scim::bulk::LARGEST));
        let none: &[(&str, &str)] = &[];
        let (csv, packed) = ([("content-type", "text/csv")], [("content-encoding", "gzip")]);
        for (headers, body, status, scim_type) in [
            (none, "{", 400, Some("invalidSyntax")),
            (none, "[]", 400, Some("invalidSyntax")),
            (none, "\"text\"", 400, Some("invalidSyntax")),
            (csv.as_slice(), "{}", 415, None),
            (packed.as_slice(), "{}", 415, None),
            (none, large.as_str(), 413, None),
        ] {
            for path in ["/scim/v2/Users", "/scim/v2/Bulk", "/scim/v2/Users/.search"] {
                let answer = ask(&site, &jem.token, &format!("POST {path}"), headers, body).await;
                assert_refused(&answer, status, scim_type);
            }
        }
        let utf_16 = [("content-type", "application/json; charset=utf-16")];
        assert_refused(&ask(&site, &jem.token, "POST /scim/v2/Users", &utf_16, "{}").await, 415, None);
        for path in ["ServiceProviderConfig", "ResourceTypes", "ResourceTypes/User", "Schemas"] {
            let line = format!("GET /scim/v2/{path}?Filter=id%20pr");
            assert_refused(&ask(&site, &jem.token, &line, &[], "").await, 403, None);
        }
        let twice = ask(&site, &jem.token, "GET /scim/v2/Users?count=1&Count=2", &[], "").await;
        assert_refused(&twice, 400, Some("invalidValue"));
        let plain = ask(&site, &jem.token, "POST /scim/v2/Users", &[("content-type", "application/json")], "{}").await;
        assert_refused(&plain, 400, Some("invalidValue"));
        // From a browser, a page of another site, or a browser itself: the same form.
        let asked = [("accept", "text/html")];
        let page = ask(&site, "", "GET /scim/v2/Elsewhere", &asked, "").await;
        assert_refused(&page, 401, None);
        let foreign = [("sec-fetch-site", "cross-site")];
        let refused = ask(&site, &jem.token, "POST /scim/v2/Users", &foreign, "{}").await;
        assert_refused(&refused, 403, None);
    }
}

#[tokio::test]
async fn a_connector_that_sends_too_much_waits_and_others_do_not() {
    let config = Config {
        sync_requests_per_second: 1,
        sync_burst: 3,
        // The limit of other programs is lower, and does not count here.
        requests_per_minute: 1,
        requests_burst: 1,
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    let jem = jem(&site).await;
    let other = connector(&site, "olwen.adeyemi@health.example", "G7H8J").await;
    let line = "GET /scim/v2/ServiceProviderConfig";
    // One a second comes back meanwhile, on a machine that is slow.
    let mut answers = Vec::new();
    while answers.len() < 20 && answers.last().is_none_or(|last: &Answer| last.status == StatusCode::OK) {
        answers.push(ask(&site, &jem.token, line, &[], "").await);
    }
    assert!(answers.len() > 3, "a burst is let through");
    let refused = answers.last().unwrap();
    assert_refused(refused, 429, None);
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    assert_eq!(ask(&site, &other.token, line, &[], "").await.status, StatusCode::OK);
}
