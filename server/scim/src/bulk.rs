//! Bulk requests (RFC 7644, 3.7): up to a thousand operations on users in one request, each with its own outcome. References
//! by bulkId are refused: no attribute of a user names another resource.

use std::collections::HashSet;

use domain::values::{ids::AccountId, text::composed};
use serde_json::{Map, Value, json};

use crate::{
    error::{ScimError, ScimType},
    etag::ETag,
    patch::field,
};

/// The schema of requests.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// The schema of answers.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// The most operations.
pub const MOST: usize = 1_000;

/// The most characters of an address that an answer repeats.
const LONGEST_PATH: usize = 200;

/// The most bytes.
pub const LARGEST: usize = 1_048_576;

/// A bulk request that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// With so many failures the rest is not tried; `None` tries all.
    pub fail_on_errors: Option<u64>,
    /// In the order in which they are done.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The method, as the answer repeats it.
    pub method: String,
    /// What the client calls it.
    pub bulk_id: Option<String>,
    /// The address of the user that it is about, below that of the service; empty if it names none.
    pub path: String,
    /// The version that it is about.
    pub version: Option<ETag>,
    /// What it asks for, or why that cannot be asked.
    pub task: Result<Task, ScimError>,
}

/// What an operation asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// A new user.
    Post(Value),
    /// Another body for a user.
    Put(AccountId, Value),
    /// Changes to a user.
    Patch(AccountId, Value),
    /// A user taken away; the connector's setting says what becomes of it.
    Delete(AccountId),
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The method.
    pub method: String,
    /// What the client calls it.
    pub bulk_id: Option<String>,
    /// The address of the user, where there is one.
    pub location: Option<String>,
    /// The user's version after it.
    pub version: Option<ETag>,
    /// The status that it would have been answered with alone.
    pub status: u16,
    /// The body of an error, or of what the client asked to see.
    pub response: Option<Value>,
}

impl Bulk {
    /// Reads a body of so many bytes.
    ///
    /// # Errors
    /// 413 if it is too large or has too many operations, and what is wrong with its shape. What is wrong with one operation
    /// stands in it.
    pub fn parse(body: &Value, bytes: usize) -> Result<Self, ScimError> {
        if bytes > LARGEST {
            let said = format!("A bulk request has at most {LARGEST} bytes; this one has {bytes}.");
            return Err(ScimError::plain(413, said));
        }
        let body = body.as_object().ok_or_else(ScimError::not_json)?;
        let Some(operations) = field(body, "Operations").and_then(Value::as_array) else {
            return Err(ScimError::of(
                ScimType::InvalidSyntax,
                "A bulk request has a list “Operations”.",
            ));
        };
        if operations.len() > MOST {
            let said = format!(
                "A bulk request has at most {MOST} operations; this one has {}.",
                operations.len()
            );
            return Err(ScimError::plain(413, said));
        }
        let fail_on_errors = match field(body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(most) => {
                let most = most.as_u64().filter(|most| *most > 0);
                let said = "failOnErrors is a whole number from 1.";
                Some(most.ok_or_else(|| ScimError::of(ScimType::InvalidValue, said))?)
            }
        };
        let mut known = HashSet::new();
        let operations = operations.iter().map(|operation| Operation::of(operation, &mut known));
        Ok(Self {
            fail_on_errors,
            operations: operations.collect(),
        })
    }

    /// Whether another operation is tried after so many failures.
    #[must_use]
    pub fn goes_on(&self, failures: u64) -> bool {
        self.fail_on_errors.is_none_or(|most| failures < most)
    }
}

impl Operation {
    fn of(operation: &Value, known: &mut HashSet<String>) -> Self {
        let empty = Map::new();
        let object = operation.as_object();
        let operation = object.unwrap_or(&empty);
        let text = |name: &str| field(operation, name).and_then(Value::as_str);
        let version = field(operation, "version").filter(|version| !version.is_null());
        let tag = version.and_then(Value::as_str).and_then(ETag::parse);
        let refused = |said: &str| Err(ScimError::of(ScimType::InvalidSyntax, said));
        let method = text("method").unwrap_or_default().trim().to_uppercase();
        let bulk_id = text("bulkId").map(ToOwned::to_owned);
        let is_first = bulk_id.as_ref().is_none_or(|id| known.insert(id.clone()));
        let task = match (object, is_first) {
            (None, _) => refused("An operation is an object."),
            (Some(_), false) => refused("Another operation has the same bulkId."),
            (Some(_), true) if version.is_some() && tag.is_none() => {
                refused("“version” is a version in quotes, as an answer has it: W/\"1.1\". Nothing was done.")
            }
            (Some(_), true) => task(operation, &method, bulk_id.is_some()),
        };
        let path = text("path").unwrap_or_default().trim_matches('/');
        Self {
            path: path.chars().take(LONGEST_PATH).collect(),
            version: tag,
            method: method.chars().take(10).collect(),
            bulk_id,
            task,
        }
    }

    /// The address of what it is about, below that of the service. A POST has none yet (RFC 7644, 3.7.3).
    #[must_use]
    pub fn location(&self, base: &str) -> Option<String> {
        let is_there = self.method != "POST" && !self.path.is_empty();
        is_there.then(|| format!("{base}/{}", self.path))
    }

    /// The keys that a new user is sent with: of two users with one of them, the second is refused.
    #[must_use]
    pub fn keys(&self) -> Vec<(&'static str, String)> {
        let Ok(Task::Post(Value::Object(data))) = &self.task else {
            return vec![];
        };
        let text = |name: &str| {
            field(data, name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let own = text("externalId").map(|key| ("externalId", key.to_owned()));
        let name = text("userName").map(|name| ("userName", composed(name.trim()).to_lowercase()));
        own.into_iter().chain(name).collect()
    }

    /// What became of it.
    #[must_use]
    pub fn outcome(&self, status: u16) -> Outcome {
        Outcome {
            method: self.method.clone(),
            bulk_id: self.bulk_id.clone(),
            location: None,
            version: None,
            status,
            response: None,
        }
    }
}

fn task(operation: &Map<String, Value>, method: &str, has_bulk_id: bool) -> Result<Task, ScimError> {
    let syntax = |said: &str| ScimError::of(ScimType::InvalidSyntax, said);
    let path = field(operation, "path").and_then(Value::as_str).unwrap_or_default();
    let data = || {
        let data = field(operation, "data").filter(|data| data.is_object());
        data.cloned().ok_or_else(|| syntax("“data” is an object."))
    };
    if path.to_lowercase().contains("bulkid:") || field(operation, "data").is_some_and(|data| refers(data, 0)) {
        let said = "References by bulkId are not supported. Send what depends on another operation in a later request.";
        return Err(ScimError::of(ScimType::InvalidValue, said));
    }
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let id = match parts.as_slice() {
        ["Users"] => None,
        ["Users", id] => Some(id.parse::<AccountId>().map_err(|_| ScimError::not_found())?),
        ["Contacts", ..] => {
            return Err(ScimError::plain(
                405,
                "Contacts are read only here. They are changed in the portal.",
            ));
        }
        ["Groups", ..] => return Err(ScimError::no_groups()),
        _ => return Err(ScimError::not_found()),
    };
    match (method, id) {
        ("POST", None) if !has_bulk_id => Err(syntax("POST needs a bulkId.")),
        ("POST", None) => data().map(Task::Post),
        ("PUT", Some(id)) => data().map(|data| Task::Put(id, data)),
        ("PATCH", Some(id)) => data().map(|data| Task::Patch(id, data)),
        ("DELETE", Some(id)) => Ok(Task::Delete(id)),
        ("POST" | "PUT" | "PATCH" | "DELETE", _) => {
            Err(ScimError::plain(405, format!("{path} does not take {method}.")))
        }
        _ => Err(syntax("“method” is POST, PUT, PATCH or DELETE.")),
    }
}

/// Whether a value refers to what another operation makes.
fn refers(value: &Value, depth: usize) -> bool {
    const DEEPEST: usize = 16;
    match value {
        Value::String(text) => text
            .get(..7)
            .is_some_and(|begins| begins.eq_ignore_ascii_case("bulkId:")),
        Value::Array(values) if depth < DEEPEST => values.iter().any(|value| refers(value, depth + 1)),
        Value::Object(values) if depth < DEEPEST => values.values().any(|value| refers(value, depth + 1)),
        _ => false,
    }
}

impl Outcome {
    /// An operation that was refused.
    #[must_use]
    pub fn refused(operation: &Operation, error: &ScimError, base: &str) -> Self {
        Self {
            location: operation.location(base),
            response: Some(error.body()),
            ..operation.outcome(error.status)
        }
    }

    /// Whether it counts as a failure.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        self.status >= 400
    }

    fn json(self) -> Value {
        let mut told = json!({"method": self.method, "status": self.status.to_string()});
        for (name, value) in [
            ("bulkId", self.bulk_id.map(Value::String)),
            ("location", self.location.map(Value::String)),
            ("version", self.version.map(|version| json!(version.to_string()))),
            ("response", self.response),
        ] {
            if let Some(value) = value {
                told[name] = value;
            }
        }
        told
    }
}

/// The body of the answer.
#[must_use]
pub fn body(outcomes: Vec<Outcome>) -> Value {
    let operations: Vec<_> = outcomes.into_iter().map(Outcome::json).collect();
    json!({"schemas": [BULK_RESPONSE], "Operations": operations})
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11";

    fn read(operations: Value) -> Bulk {
        let body = json!({"schemas": [BULK_REQUEST], "failOnErrors": 2, "Operations": operations});
        Bulk::parse(&body, 100).expect("a bulk request")
    }

    fn refusal(operation: Value) -> (u16, String) {
        let bulk = read(json!([operation]));
        let error = bulk.operations[0].task.clone().expect_err("refused");
        (error.status, error.said)
    }

    #[test]
    fn operations_are_read_in_order_with_methods_in_any_case() {
        let data = json!({"userName": "jo"});
        let id: AccountId = ID.parse().expect("an ID");
        let bulk = read(json!([
            {"method": "post", "path": "/Users", "bulkId": "q1", "data": data},
            {"METHOD": "PUT", "path": format!("/Users/{ID}"), "version": "W/\"3\"", "data": data},
            {"method": "PATCH", "path": format!("Users/{ID}"), "data": data},
            {"method": "DELETE", "path": format!("/Users/{ID}")},
        ]));
        let tasks: Vec<_> = bulk
            .operations
            .iter()
            .map(|operation| operation.task.clone().expect("a task"))
            .collect();
        let expected = [
            Task::Post(data.clone()),
            Task::Put(id, data.clone()),
            Task::Patch(id, data),
            Task::Delete(id),
        ];
        assert_eq!(tasks, expected);
        assert_eq!(bulk.operations[0].bulk_id.as_deref(), Some("q1"));
        assert_eq!(bulk.operations[1].version, Some(ETag::of("3")));
        assert_eq!((bulk.goes_on(1), bulk.goes_on(2)), (true, false));
    }

    #[test]
    fn what_is_wrong_with_one_operation_stands_in_it() {
        let data = json!({"userName": "jo"});
        let reference = json!({"manager": {"value": "bulkId:q1"}});
        for (operation, status, said) in [
            (
                json!({"method": "POST", "path": "/Users", "data": data}),
                400,
                "POST needs a bulkId.",
            ),
            (
                json!({"method": "POST", "path": "/Users", "bulkId": "a"}),
                400,
                "“data” is an object.",
            ),
            (
                json!({"method": "GET", "path": "/Users"}),
                400,
                "“method” is POST, PUT, PATCH or DELETE.",
            ),
            (
                json!({"method": "PUT", "path": "/Users", "data": data}),
                405,
                "/Users does not take PUT.",
            ),
            (
                json!({"method": "PUT", "path": "/Contacts/1", "data": data}),
                405,
                "Contacts are read only here.",
            ),
            (
                json!({"method": "POST", "path": "/Groups", "bulkId": "a", "data": data}),
                404,
                "Groups are not synchronised.",
            ),
            (
                json!({"method": "PATCH", "path": "/Users/1", "data": data}),
                404,
                "There is no such",
            ),
            (
                json!({"method": "POST", "path": "/Users", "bulkId": "a", "data": reference}),
                400,
                "References by bulkId are not supported.",
            ),
            (
                json!({"method": "PATCH", "path": "/Users/bulkId:q1", "data": data}),
                400,
                "References by bulkId are not supported.",
            ),
            (json!(5), 400, "An operation is an object."),
            (
                json!({"method": "DELETE", "path": format!("/Users/{ID}"), "version": "1.1"}),
                400,
                "“version” is a version in quotes",
            ),
        ] {
            let (found, sentence) = refusal(operation.clone());
            assert_eq!(found, status, "{operation}");
            assert!(sentence.starts_with(said), "{operation}: {sentence}");
        }
        let twice = read(json!([
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": data},
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": data},
        ]));
        assert!(twice.operations[0].task.is_ok() && twice.operations[1].task.is_err());
    }

    #[test]
    fn new_users_have_the_keys_that_they_are_sent_with() {
        let bulk = read(json!([
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": " Zoe\u{308} ", "externalId": "K 1"}},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"USERNAME": "jo", "externalId": ""}},
            {"method": "PUT", "path": format!("/Users/{ID}"), "data": {"userName": "jo"}},
        ]));
        let keys: Vec<_> = bulk.operations.iter().map(Operation::keys).collect();
        let key = |name, key: &str| (name, key.to_owned());
        assert_eq!(keys[0], [key("externalId", "K 1"), key("userName", "zoë")]);
        assert_eq!(
            (keys[1].as_slice(), keys[2].len()),
            ([key("userName", "jo")].as_slice(), 0)
        );
    }

    #[test]
    fn a_request_that_is_too_large_is_refused_whole() {
        let parse = |operations: Value, bytes| {
            let refused = Bulk::parse(&json!({"Operations": operations}), bytes);
            refused.map(drop).map_err(|error| error.status)
        };
        assert_eq!(parse(json!([]), LARGEST), Ok(()));
        assert_eq!(parse(json!([]), LARGEST + 1), Err(413));
        assert_eq!(parse(json!(vec![0; MOST + 1]), 100), Err(413));
        assert_eq!(parse(json!("none"), 100), Err(400));
        assert!(Bulk::parse(&json!({"Operations": [], "failOnErrors": 0}), 100).is_err());
    }

    #[test]
    fn an_answer_tells_each_operation() {
        let bulk = read(json!([
            {"method": "POST", "path": "/Users", "bulkId": "q1", "data": {}},
            {"method": "GET", "path": "/Users"},
        ]));
        let created = Outcome {
            location: Some(format!("https://portal.example/scim/v2/Users/{ID}")),
            version: Some(ETag::of("1")),
            ..bulk.operations[0].outcome(201)
        };
        let error = bulk.operations[1].task.clone().expect_err("no task");
        let base = "https://portal.example/scim/v2";
        let refused = Outcome::refused(&bulk.operations[1], &error, base);
        assert_eq!((created.is_failure(), refused.is_failure()), (false, true));
        let body = body(vec![created, refused]);
        assert_eq!(
            body["Operations"][0],
            json!({
                "method": "POST", "bulkId": "q1", "version": "W/\"1\"", "status": "201",
                "location": format!("https://portal.example/scim/v2/Users/{ID}"),
            })
        );
        assert_eq!(body["Operations"][1]["status"], "400");
        assert_eq!(
            body["Operations"][1]["location"],
            "https://portal.example/scim/v2/Users"
        );
        assert_eq!(bulk.operations[0].location(base), None);
        assert_eq!(body["Operations"][1]["response"]["scimType"], "invalidSyntax");
    }
}
