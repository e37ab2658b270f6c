//! The change feed: tokens, requests and answers (draft-sehgal-scim-delta-query-02, experimental).

use domain::values::ids::Timestamp;
use serde_json::{Map, Value, json};

use crate::{
    error::{ScimError, ScimType},
    list::{ListResponse, Paging, Search},
    moment,
    patch::field,
};

/// The schema of tokens.
pub const DELTA_TOKEN: &str = "urn:ietf:params:scim:api:messages:2.0:delta:token";

/// The schema of requests.
pub const DELTA_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:delta:request";

/// The schema of one change.
pub const DELTA_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:delta:response";

/// A token and until when it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the client brings back.
    pub value: String,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Token {
    fn parts(&self) -> Value {
        let mut parts = json!({"value": self.value});
        if let Some(at) = moment::written(self.ends_at) {
            parts["expiry"] = json!(at);
        }
        parts
    }

    /// The answer to `GET .deltaToken`.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = self.parts();
        body["schemas"] = json!([DELTA_TOKEN]);
        body
    }
}

/// `POST .delta`, as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct DeltaRequest {
    /// The token that says since when.
    pub token: String,
    /// Filter, projection and page; it pages by cursor alone.
    pub search: Search,
}

impl DeltaRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// A token that is missing, paging by index, or what [`Search::of_body`] refuses.
    pub fn parse(body: &Value) -> Result<Self, ScimError> {
        let object = body.as_object().ok_or_else(ScimError::not_json)?;
        let token = field(object, "deltaToken").and_then(Value::as_str);
        let Some(token) = token.map(str::trim).filter(|token| !token.is_empty()) else {
            let said = match field(object, "cursor") {
                None => "deltaToken is missing. Get one from .deltaToken.",
                Some(_) => "deltaToken is missing. Send the one that you began with, together with each nextCursor.",
            };
            return Err(ScimError::of(ScimType::InvalidDeltaToken, said));
        };
        if field(object, "startIndex").is_some() {
            let said = "Changes are paged by cursor: leave startIndex out, and send each nextCursor.";
            return Err(ScimError::of(ScimType::InvalidCursor, said));
        }
        if field(object, "sortBy").is_some() {
            return Err(ScimError::of(
                ScimType::InvalidValue,
                "Changes come in their own order: leave sortBy out.",
            ));
        }
        let mut by_cursor = object.clone();
        by_cursor.entry("cursor").or_insert_with(|| json!(""));
        Ok(Self {
            token: token.to_owned(),
            search: Search::of_body(&Value::Object(by_cursor))?,
        })
    }

    /// Where the page begins; `None` for the first.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        match &self.search.paging {
            Paging::Cursor { cursor, .. } => cursor.as_deref(),
            Paging::Index { .. } => None,
        }
    }
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new, or came into the scope.
    Created(Map<String, Value>),
    /// It is otherwise; this is how it is now.
    Updated(Map<String, Value>),
    /// It is gone, or left the scope.
    Deleted,
}

/// One resource that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// What it is: `User` or `Contact`.
    pub resource_type: &'static str,
    /// Its ID.
    pub id: String,
    /// What happened.
    pub change: Change,
}

impl Changed {
    fn json(self) -> Value {
        let (change, data) = match self.change {
            Change::Created(data) => ("create", Some(data)),
            Change::Updated(data) => ("update", Some(data)),
            Change::Deleted => ("delete", None),
        };
        let mut told = json!({
            "schemas": [DELTA_RESPONSE],
            "resourceType": self.resource_type,
            "changeType": change,
            "changedResourceId": self.id,
        });
        if let Some(data) = data {
            told["data"] = Value::Object(data);
        }
        told
    }
}

/// Whether there is more to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onward {
    /// Another page, by this cursor.
    Page(String),
    /// Nothing now; later, from this token.
    Done(Token),
}

/// The answer to `POST .delta`. The next token is on the last page only.
#[must_use]
pub fn body(changes: Vec<Changed>, onward: Onward) -> Value {
    let resources: Vec<_> = changes.into_iter().map(Changed::json).collect();
    let (next_cursor, token) = match onward {
        Onward::Page(cursor) => (Some(cursor), None),
        Onward::Done(token) => (None, Some(token)),
    };
    let list = ListResponse {
        next_cursor,
        resources,
        ..ListResponse::default()
    };
    let mut body = list.body();
    if let Some(token) = token {
        body["nextDeltaToken"] = token.parts();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::LIST_RESPONSE;

    fn token() -> Token {
        Token {
            value: "AQJk".to_owned(),
            ends_at: Timestamp(1_764_494_100_250),
        }
    }

    #[test]
    fn a_token_says_until_when_it_is_good() {
        assert_eq!(
            token().body(),
            json!({"schemas": [DELTA_TOKEN], "value": "AQJk", "expiry": "2025-11-30T09:15:00.250Z"})
        );
    }

    #[test]
    fn a_request_holds_a_token_and_pages_by_cursor() {
        let body = json!({
            "schemas": [DELTA_REQUEST], "deltaToken": "AQJk", "count": 50, "attributes": ["userName"],
            "filter": "userName sw \"jo\"",
        });
        let request = DeltaRequest::parse(&body).expect("a request");
        assert_eq!((request.token.as_str(), request.cursor()), ("AQJk", None));
        assert_eq!(
            request.search.paging,
            Paging::Cursor {
                cursor: None,
                count: 50
            }
        );
        let alone = DeltaRequest::parse(&json!({"cursor": "abc"})).expect_err("refused");
        assert!(alone.said.ends_with("together with each nextCursor."), "{}", alone.said);
        let next = DeltaRequest::parse(&json!({"deltaToken": "AQJk", "cursor": "abc"})).expect("a request");
        assert_eq!(next.cursor(), Some("abc"));
        for (body, scim_type) in [
            (json!({}), ScimType::InvalidDeltaToken),
            (json!({"deltaToken": " "}), ScimType::InvalidDeltaToken),
            (json!({"deltaToken": "a", "startIndex": 1}), ScimType::InvalidCursor),
            (json!({"deltaToken": "a", "sortBy": "userName"}), ScimType::InvalidValue),
            (
                json!({"deltaToken": "a", "filter": "title pr"}),
                ScimType::InvalidFilter,
            ),
            (json!([]), ScimType::InvalidSyntax),
        ] {
            assert_eq!(
                DeltaRequest::parse(&body).expect_err("refused").scim_type,
                Some(scim_type),
                "{body}"
            );
        }
    }

    #[test]
    fn changes_are_told_with_the_next_token_on_the_last_page_only() {
        let data = Map::from_iter([("id".to_owned(), json!("1"))]);
        let changed = |id: &str, change| Changed {
            resource_type: "User",
            id: id.to_owned(),
            change,
        };
        let changes = vec![changed("1", Change::Created(data)), changed("2", Change::Deleted)];
        let page = body(changes.clone(), Onward::Page("abc".to_owned()));
        assert_eq!(
            page,
            json!({
                "schemas": [LIST_RESPONSE], "itemsPerPage": 2, "nextCursor": "abc",
                "Resources": [
                    {"schemas": [DELTA_RESPONSE], "resourceType": "User", "changeType": "create", "changedResourceId": "1",
                     "data": {"id": "1"}},
                    {"schemas": [DELTA_RESPONSE], "resourceType": "User", "changeType": "delete", "changedResourceId": "2"},
                ],
            })
        );
        let last = body(changes, Onward::Done(token()));
        assert_eq!(
            last["nextDeltaToken"],
            json!({"value": "AQJk", "expiry": "2025-11-30T09:15:00.250Z"})
        );
        assert!(last.get("nextCursor").is_none());
    }
}
