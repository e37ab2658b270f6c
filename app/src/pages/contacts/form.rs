//! Creating a contact, and changing one; as with accounts, whose page holds what both share.

use domain::{
    channel::Operation,
    values::ids::{ContactId, SubmissionId},
};
use gate::GateError;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    forms::{FROM, FormState, Subject},
    pages::{
        accounts::form::{Edited, edit_person, new_person},
        asked,
    },
    visitor::Visitor,
};

/// The form for a new contact.
#[component]
pub fn NewContactPage() -> impl IntoView {
    new_person(Subject::NewContact)
}

/// The form for other details of a contact.
#[component]
pub fn EditContactPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = use_query_map().get_untracked().get(FROM);
    let from = from.and_then(|from| SubmissionId::parse(&from));
    asked(async move {
        let id: ContactId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (contact, home) = visit.contact(id).await?;
        let unit = contact.unit();
        if !visit.may(Operation::EditContact, &home, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        let person = Edited {
            subject: Subject::Contact(id),
            name: contact.full_name(),
            is_deleted: contact.deleted_at.is_some(),
            version: contact.version,
            attributes: contact.attributes,
            home: contact.organisation,
            starts_at: None,
        };
        edit_person(&visitor, &visit, person, form, from).await
    })
}
