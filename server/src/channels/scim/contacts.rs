//! `/Contacts`: contacts, which are only read here. What a client would change of one is kept for the administrators.

use axum::http::{StatusCode, header};
use domain::{connector::ProposalKind, values::ids::ContactId};
use gate::SyncSubject;
use scim::{contact_edit, refusal::Refusal};
use serde_json::Value;

use super::{
    answers::{Answer, Answered, Failed},
    call::Call,
    people,
    searching::{Kind, list as search},
    writing::{How, is_tried},
};

/// `GET /Contacts`.
pub(crate) async fn list(call: Call) -> Answer {
    search(&call, &call.search()?, &[Kind::Contacts]).await
}

/// `GET /Contacts/{id}`.
pub(crate) async fn one(call: Call) -> Answer {
    let id: ContactId = call.id()?;
    let projection = call.search()?.projection;
    let seen = call.visit().synced_contact(&call.to, id).await?;
    let (version, shown) = people::contact(&call, seen, &projection);
    let answered = match call.conditions().is_news(&version)? {
        true => Answered::with(Value::Object(shown)),
        false => Answered::bare(StatusCode::NOT_MODIFIED),
    };
    Ok(answered.header(header::ETAG, version.to_string()))
}

/// `PUT /Contacts/{id}`.
pub(crate) async fn replace(call: Call) -> Answer {
    refused(&call, Some(How::Put)).await
}

/// `PATCH /Contacts/{id}`.
pub(crate) async fn patch(call: Call) -> Answer {
    refused(&call, Some(How::Patch)).await
}

/// `DELETE /Contacts/{id}`. Contacts end in the portal only, so nobody is asked.
pub(crate) async fn delete(call: Call) -> Answer {
    refused(&call, None).await
}

/// Refuses a write to a contact that the connector sees, and asks the administrators for what can be read of it.
async fn refused(call: &Call, how: Option<How>) -> Answer {
    let id: ContactId = call.id()?;
    let visit = call.visit();
    let seen = visit.synced_contact(&call.to, id).await?;
    if let (Some(how), Ok(body), false) = (how, call.json(), is_tried(call)) {
        let (attributes, rules) = (&seen.contact.attributes, call.gate.rules());
        let said = match how {
            How::Put => contact_edit::of_put(&body, attributes, rules),
            How::Patch => contact_edit::of_patch(&body, attributes, rules),
        };
        let subject = SyncSubject::Contact(&seen);
        visit
            .sync_propose(&call.to, subject, ProposalKind::EditContact, said)
            .await?;
    }
    Err(Failed::from(Refusal::Contact).about(id.to_string()))
}
