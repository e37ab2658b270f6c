//! `/Users`: accounts, read and written.

use axum::http::{StatusCode, header};
use domain::values::ids::AccountId;
use scim::{projection::Projection, resource::Person};
use serde_json::Value;

use super::{
    answers::{Answer, Answered},
    call::Call,
    headers::{PREFERENCE_APPLIED, REHEARSE},
    people,
    searching::{Kind, list as search},
    writing::{self, Done, How, Shown},
};

/// `GET /Users`.
pub(crate) async fn list(call: Call) -> Answer {
    search(&call, &call.search()?, &[Kind::Users]).await
}

/// `GET /Users/{id}`.
pub(crate) async fn one(call: Call) -> Answer {
    let id: AccountId = call.id()?;
    let projection = call.search()?.projection;
    let person = people::person(&call.visit().synced_account(&call.to, id).await?);
    if !call.conditions().is_news(&person.version)? {
        let same = Answered::bare(StatusCode::NOT_MODIFIED);
        return Ok(same.header(header::ETAG, person.version.to_string()));
    }
    Ok(shown(&call, &person, &projection))
}

/// `POST /Users`.
pub(crate) async fn create(call: Call) -> Answer {
    let projection = call.search()?.projection;
    let done = writing::create(&call, &call.json()?).await?;
    Ok(told(&call, done, &projection))
}

/// `PUT /Users/{id}`.
pub(crate) async fn replace(call: Call) -> Answer {
    change(&call, How::Put).await
}

/// `PATCH /Users/{id}`.
pub(crate) async fn patch(call: Call) -> Answer {
    change(&call, How::Patch).await
}

/// `DELETE /Users/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    let done = writing::delete(&call, call.id()?, &call.conditions()).await?;
    Ok(told(&call, done, &Projection::default()))
}

async fn change(call: &Call, how: How) -> Answer {
    let id = call.id()?;
    let projection = call.search()?.projection;
    let body = call.json()?;
    let done = writing::change(call, id, (how, &body), &call.conditions()).await?;
    Ok(told(call, done, &projection))
}

/// The answer to a write.
fn told(call: &Call, done: Done, projection: &Projection) -> Answered {
    let answered = match done.shown {
        Shown::Nothing => Answered::bare(done.status),
        Shown::Rehearsal(body) => Answered::with(body)
            .status(done.status)
            .header(PREFERENCE_APPLIED, REHEARSE),
        Shown::Person(person) => {
            let answered = shown(call, &person, projection).status(done.status);
            match done.status {
                StatusCode::CREATED => answered.header(header::LOCATION, address(call, person.id)),
                _ => answered,
            }
        }
    };
    if done.is_change { answered.changed() } else { answered }
}

fn shown(call: &Call, person: &Person, projection: &Projection) -> Answered {
    let body = Value::Object(people::user(call, person, projection));
    Answered::with(body).header(header::ETAG, person.version.to_string())
}

/// The address of a user.
pub(super) fn address(call: &Call, id: AccountId) -> String {
    format!("{}/Users/{id}", call.base)
}
