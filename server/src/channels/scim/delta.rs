//! The change feed: a token that says until when a client knows everything, and what has changed since.

use domain::values::ids::Timestamp;
use gate::{SyncChange, SyncChanged};
use scim::{
    cursor::Position,
    delta::{Change, Changed, DeltaRequest, Onward, Token, body},
    error::{ScimError, ScimType},
    list::Paging,
    projection::Projection,
};

use super::{
    answers::{Answer, Answered, Failed},
    call::Call,
    people,
    places::Places,
};

/// Whose changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Users,
    Contacts,
    All,
}

/// `GET /Users/.deltaToken`.
pub(crate) async fn token_of_users(call: Call) -> Answer {
    token(&call, Of::Users).await
}

/// `GET /Contacts/.deltaToken`.
pub(crate) async fn token_of_contacts(call: Call) -> Answer {
    token(&call, Of::Contacts).await
}

/// `GET /.deltaToken`.
pub(crate) async fn token_of_all(call: Call) -> Answer {
    token(&call, Of::All).await
}

/// `POST /Users/.delta`.
pub(crate) async fn of_users(call: Call) -> Answer {
    changes(&call, Of::Users).await
}

/// `POST /Contacts/.delta`.
pub(crate) async fn of_contacts(call: Call) -> Answer {
    changes(&call, Of::Contacts).await
}

/// `POST /.delta`.
pub(crate) async fn of_all(call: Call) -> Answer {
    changes(&call, Of::All).await
}

impl Of {
    /// What tokens and cursors are bound to.
    const fn asked(self) -> &'static str {
        match self {
            Self::Users => "changes of User",
            Self::Contacts => "changes of Contact",
            Self::All => "changes",
        }
    }

    const fn tells(self, change: &SyncChange) -> bool {
        let is_contact = matches!(
            change,
            SyncChange::CreatedContact(_) | SyncChange::UpdatedContact(_) | SyncChange::DeletedContact
        );
        match self {
            Self::All => true,
            Self::Users => !is_contact,
            Self::Contacts => is_contact,
        }
    }
}

async fn token(call: &Call, of: Of) -> Answer {
    let places = Places::of(&call.gate, &call.keys, &call.to).await?;
    let mark = call.visit().sync_mark().await?;
    Ok(Answered::with(token_at(&places, of, mark).body()))
}

fn token_at(places: &Places, of: Of, mark: i64) -> Token {
    let ends_at: Timestamp = places.token_ends();
    Token {
        value: places.seal(of.asked()).delta_token(Position::Event(mark), ends_at),
        ends_at,
    }
}

/// The events that a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    since: i64,
    /// `None` on the first page: up to now.
    until: Option<i64>,
    after: i64,
}

async fn changes(call: &Call, of: Of) -> Answer {
    let request = DeltaRequest::parse(&call.json()?)?;
    if !request.search.query.conditions.is_empty() {
        let said = "Changes are told of everybody in your scope: leave filter out.";
        return Err(ScimError::of(ScimType::InvalidFilter, said).into());
    }
    let places = Places::of(&call.gate, &call.keys, &call.to).await?;
    let span = span(&places, of, &request)?;
    let count = match request.search.paging {
        Paging::Cursor { count, .. } | Paging::Index { count, .. } => count,
    };
    let page_at = |until: i64, after: i64| {
        let here = Position::Events {
            since: span.since,
            until,
            after,
        };
        Onward::Page(places.seal(of.asked()).cursor(here, places.cursor_ends()))
    };
    if count == 0 {
        let until = match span.until {
            Some(until) => until,
            None => call.visit().sync_mark().await?,
        };
        return Ok(Answered::with(body(vec![], page_at(until, span.after))));
    }
    let feed = call.visit().sync_feed(&call.to, span.until, span.after, count).await?;
    let told = feed.changes.into_iter().filter(|changed| of.tells(&changed.change));
    let told = told
        .map(|changed| shown(call, changed, &request.search.projection))
        .collect();
    let onward = if feed.is_last {
        Onward::Done(token_at(&places, of, feed.until))
    } else {
        page_at(feed.until, feed.after)
    };
    Ok(Answered::with(body(told, onward)))
}

/// Where a page begins and ends: until when the client knows everything, and how far it has read since.
fn span(places: &Places, of: Of, request: &DeltaRequest) -> Result<Span, Failed> {
    let seal = places.seal(of.asked());
    let Position::Event(since) = seal.open_delta_token(&request.token, places.now)? else {
        let said = "The delta token is not one of this service. Get one from .deltaToken.";
        return Err(ScimError::of(ScimType::InvalidDeltaToken, said).into());
    };
    let Some(cursor) = request.cursor() else {
        return Ok(Span {
            since,
            until: None,
            after: since,
        });
    };
    let afresh = |error: ScimError| {
        let said = "The cursor is not one of this query, or is too old. Begin again without a cursor.";
        ScimError {
            said: said.to_owned(),
            ..error
        }
    };
    match seal.open_cursor(cursor, places.now).map_err(afresh)? {
        Position::Events {
            since: begun,
            until,
            after,
        } if begun == since => Ok(Span {
            since,
            until: Some(until),
            after,
        }),
        _ => {
            let said = "The cursor is not one of this query. Begin again without a cursor.";
            Err(ScimError::of(ScimType::InvalidCursor, said).into())
        }
    }
}

fn shown(call: &Call, changed: SyncChanged, projection: &Projection) -> Changed {
    let user = |seen| people::user(call, &people::person(&seen), projection);
    let contact = |seen| people::contact(call, seen, projection).1;
    let (resource_type, change) = match changed.change {
        SyncChange::CreatedAccount(seen) => ("User", Change::Created(user(*seen))),
        SyncChange::UpdatedAccount(seen) => ("User", Change::Updated(user(*seen))),
        SyncChange::DeletedAccount => ("User", Change::Deleted),
        SyncChange::CreatedContact(seen) => ("Contact", Change::Created(contact(*seen))),
        SyncChange::UpdatedContact(seen) => ("Contact", Change::Updated(contact(*seen))),
        SyncChange::DeletedContact => ("Contact", Change::Deleted),
    };
    Changed {
        resource_type,
        id: changed.id.to_string(),
        change,
    }
}
