//! `/Contacts`: contacts, which are only read here. What a client would change of one is kept for the administrators.

use axum::http::{StatusCode, header};
use domain::{
    connector::{ProposalKind, ProposalState},
    values::ids::ContactId,
};
use gate::{SyncSubject, SyncedContact};
use scim::{
    contact_edit,
    error::{ScimError, Wrong},
    refusal::Refusal,
};
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
    let refusal = match how {
        Some(how) if !is_tried(call) => asked(call, &seen, how).await?,
        Some(_) => with(Refusal::Contact.error(), &["It is only tried out.".to_owned()]),
        None => with(
            Refusal::Contact.error(),
            &["Contacts are deleted in the portal only.".to_owned()],
        ),
    };
    let refused = Failed::from(refusal).about(id.to_string());
    Err(refused.header(header::ALLOW, "GET"))
}

/// Asks the administrators for what a body says of a contact, and says in the refusal whether it did.
async fn asked(call: &Call, seen: &SyncedContact, how: How) -> Result<ScimError, Failed> {
    let nobody = Refusal::Contact.error();
    let body = match call.json() {
        Ok(body) => body,
        Err(error) => return Ok(with(nobody, &[error.said])),
    };
    let (attributes, rules) = (&seen.contact.attributes, call.gate.rules());
    let said = match how {
        How::Put => contact_edit::of_put(&body, attributes, rules),
        How::Patch => contact_edit::of_patch(&body, attributes, rules),
    };
    if !said.wrongs.is_empty() {
        let wrongs: Vec<_> = said.wrongs.iter().map(Wrong::sentence).collect();
        return Ok(with(nobody, &wrongs));
    }
    if said.asked.is_empty() {
        return Ok(with(nobody, &["It names nothing that a contact has.".to_owned()]));
    }
    let (subject, kind) = (SyncSubject::Contact(seen), ProposalKind::EditContact);
    let state = call.visit().sync_propose(&call.to, subject, kind, said.asked).await?;
    Ok(match state {
        None => with(nobody, &["The contact has these values already.".to_owned()]),
        Some(ProposalState::Declined) => Refusal::ContactDeclined.error(),
        Some(_) => Refusal::ContactAsked.error(),
    })
}

/// The refusal with why nobody was asked.
fn with(refusal: ScimError, reasons: &[String]) -> ScimError {
    let said = format!(
        "{} Nobody was asked about this request: {}",
        refusal.said,
        reasons.join(" ")
    );
    ScimError { said, ..refusal }
}
