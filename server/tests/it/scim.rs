//! The SCIM service as strangers meet it: judges of the standard, identity providers in their dialects, many at once.

mod canaille;
mod cursors;
mod dialects;
mod feed;
mod judges;
mod killed;
mod many;
mod okta;
mod reader;
mod scope;
mod shapes;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
};
use domain::{
    channel::Channel,
    connector::{ConnectorSettings, Deletes, WhichDialect},
    grant::Terms,
    organisation::OrganisationCode,
    policy::Role,
    request::{RoleWish, Wish},
};
use serde_json::Value;
use testkit::{Portal, SERVICE};

use crate::{browser::Site, under_fire::process::Setting};

/// Where the service is.
const BASE: &str = "/scim/v2";

/// What the processes are started with: judges and many at once are in more haste than an identity provider.
const SETTINGS: [Setting<'_>; 1] = [("PORTAL_SYNC_REQUESTS_PER_SECOND", "0")];

/// As connectors are at first.
const TOLERANT: ConnectorSettings = ConnectorSettings {
    dialect: WhichDialect::Tolerant,
    deletes: Deletes::Refuse,
    shadow: false,
};

/// A connector that may disable accounts, with its token.
struct Machine {
    token: String,
}

impl Machine {
    async fn made(portal: &Portal, address: &str, organisation: &str, settings: ConnectorSettings) -> Self {
        let actor = portal.person(address).await;
        let account = actor.account().expect("a person");
        let grant = RoleWish::Grant {
            role: Role::Connector,
            organisation: OrganisationCode::parse(organisation).expect("a code"),
            unit: None,
            terms: Terms {
                channels: vec![Channel::Api],
                may_disable: true,
                ..Terms::default()
            },
        };
        let service = portal.gate.on_behalf_of(&SERVICE);
        let granted = service.establish(vec![Wish::Role(account, grant)]).await;
        granted.expect("the role can be granted");
        let tx = portal.gate.store().begin().await.expect("a transaction");
        let set = store::access::connectors::set(&tx, account, settings, portal.gate.now()).await;
        set.expect("the settings are kept");
        tx.commit().await.expect("a transaction");
        let made = portal.gate.on_behalf_of(&actor).make_token("Staff system", 30).await;
        let made = made.expect("the database answers");
        let token = made.unwrap_or_else(|problems| panic!("{problems:?}")).secret;
        Self { token }
    }
}

/// A connector that sends to a portal of this process.
struct Provider<'a> {
    site: &'a Site,
    machine: Machine,
    base: String,
}

/// What came back.
struct Told {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl<'a> Provider<'a> {
    /// Of Mill Lane Surgery, which is one organisation.
    async fn of_mill_lane(site: &'a Site) -> Self {
        Self::of(site, "jem.bassey@health.example", "G7H8J").await
    }

    /// Of an organisation, and those below it.
    async fn of(site: &'a Site, address: &str, organisation: &str) -> Self {
        let machine = Machine::made(&site.portal, address, organisation, TOLERANT).await;
        let base = BASE.to_owned();
        Self { site, machine, base }
    }

    /// The same connector, by the addresses of one organisation.
    fn within(mut self, organisation: &str) -> Self {
        self.base = format!("{BASE}/organisations/{organisation}");
        self
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Told {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.machine.token))
            .header(header::ACCEPT, "application/scim+json");
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/scim+json; charset=utf-8")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let answer = self.site.nobody().raw(request.expect("a request")).await;
        let kind = answer.headers.get(header::CONTENT_TYPE);
        if !answer.body.is_empty() {
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            assert!(
                kind.starts_with("application/scim+json"),
                "{method} {path}: {kind} {}",
                answer.body
            );
        }
        Told {
            status: answer.status.as_u16(),
            body: serde_json::from_str(&answer.body).unwrap_or_default(),
            headers: answer.headers,
        }
    }

    async fn get(&self, path: &str) -> Told {
        self.send("GET", path, None).await
    }

    async fn post(&self, path: &str, body: &Value) -> Told {
        self.send("POST", path, Some(body)).await
    }

    async fn put(&self, path: &str, body: &Value) -> Told {
        self.send("PUT", path, Some(body)).await
    }

    /// Sends operations, as they stand.
    async fn patch(&self, path: &str, operations: &Value) -> Told {
        self.send("PATCH", path, Some(&patch(operations))).await
    }

    /// Whom a filter finds.
    async fn find(&self, filter: &str) -> Value {
        let path = format!("/Users?filter={}", encoded(filter));
        let found = self.get(&path).await.with(200);
        assert_eq!(
            found["totalResults"].as_u64(),
            found["Resources"].as_array().map(|all| all.len() as u64),
            "{filter}: {found:#}"
        );
        found
    }

    /// How many a filter finds.
    async fn count(&self, filter: &str) -> u64 {
        self.find(filter).await["totalResults"].as_u64().expect("a number")
    }
}

impl Told {
    /// The body, where the answer has this status.
    fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        no_nulls(&self.body);
        self.body
    }

    /// A header, as text.
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The error, where the answer is one of this status and type.
    fn refused(self, status: u16, scim_type: Option<&str>) -> String {
        let body = self.with(status);
        let schemas = serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
        assert_eq!(
            (&body["schemas"], body["status"].as_str(), body["scimType"].as_str()),
            (&schemas, Some(status.to_string().as_str()), scim_type),
            "{body:#}"
        );
        body["detail"].as_str().expect("a sentence").to_owned()
    }
}

/// Operations as the body of a PATCH.
fn patch(operations: &Value) -> Value {
    serde_json::json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// A text as a parameter's value.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What is not there is left out: identity providers stumble over null.
fn no_nulls(value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(values) => values.iter().for_each(no_nulls),
        Value::Object(parts) => {
            for (name, part) in parts {
                assert!(!part.is_null(), "{name} is null: {value:#}");
                no_nulls(part);
            }
        }
        _ => {}
    }
}

/// An ID as it stands in a resource.
fn id_of(resource: &Value) -> String {
    resource["id"].as_str().expect("an ID").to_owned()
}

/// Runs a script of `end2end/judges` in its environment against the service of a process, and gives what it prints.
fn script(environment: &str, name: &str, url: &str, token: &str) -> String {
    let folder = std::env::var("TEST_JUDGES").expect(
        "TEST_JUDGES is not set: run the tests with `make test`, or run `end2end/setup.sh judges` and set it to the whole path of target/judges",
    );
    let python = PathBuf::from(folder).join(environment).join("bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../end2end/judges")
        .join(name);
    let done = Command::new(&python)
        .arg(script)
        .env("SCIM_URL", url)
        .env("SCIM_TOKEN", token)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    let done = done.unwrap_or_else(|error| panic!("{} cannot be run: {error}", python.display()));
    let (said, complained) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    // Shown where the test fails.
    println!("{complained}");
    assert!(done.status.success(), "{name} broke off:\n{said}\n{complained}");
    said.into_owned()
}
