//! Contacts: created, given other details, deleted, restored, transferred or offered to another organisation.

use domain::{
    channel::Operation,
    contact::Contact,
    dictionary::Attribute,
    organisation::OrganisationCode,
    problem::{Kind, Problem},
    request::{Cells, ContactWish, Wish},
    values::ids::RowNumber,
};
use gate::{GateError, Visit};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    details,
    form::{Fields, HtmlForm},
    named,
    reply::Reply,
};
use crate::{
    forms::{FROM, Subject},
    routes,
    visitor::Visitor,
};

/// The fields of the form for a contact's way.
const TRANSFER: [&str; 4] = ["way", "organisation", "unit", "to"];

/// Create a contact.
///
/// # Errors
/// Where the caller may create none, or the server cannot do it.
#[server(prefix = "/contacts", endpoint = "new", protocol = HtmlForm)]
pub async fn create_contact(
    /// What the form says.
    #[server(flatten)]
    sent: Fields,
) -> Result<Answer, Refused> {
    details::create(Subject::NewContact, Wish::NewContact, &sent).await
}

/// Give a contact other details.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/contacts", endpoint = "{id}/edit", protocol = HtmlForm)]
pub async fn edit_contact(
    /// What the form says.
    #[server(flatten)]
    sent: Fields,
) -> Result<Answer, Refused> {
    details::edit(Subject::Contact(named().await?), &sent).await
}

/// Delete a contact.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/contacts", endpoint = "{id}/deletion", protocol = HtmlForm)]
pub async fn delete_contact() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let contact = contact(&visit).await?;
    let title = format!("Delete the contact {}", contact.full_name());
    ask_about(&visit, &contact, &title, Wish::Contact(contact.id, ContactWish::Delete)).await
}

/// Restore a contact.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/contacts", endpoint = "{id}/restoration", protocol = HtmlForm)]
pub async fn restore_contact() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let contact = contact(&visit).await?;
    let title = format!("Restore the contact {}", contact.full_name());
    ask_about(
        &visit,
        &contact,
        &title,
        Wish::Contact(contact.id, ContactWish::Restore),
    )
    .await
}

async fn ask_about(visit: &Visit<'_>, contact: &Contact, title: &str, wish: Wish) -> Result<Answer, Refused> {
    let page = routes::contact(&contact.id);
    Reply::at(visit, &page, &page).ask(title, wish, |_| None).await
}

/// Transfer a contact to an organisation that the caller manages, or offer it to another.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/contacts", endpoint = "{id}/transfer", protocol = HtmlForm)]
pub async fn transfer_contact(
    /// Where the contact goes.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let contact = contact(&visit).await?;
    visit.allowed(Operation::TransferContact).await?;
    let form_page = about::<TransferContact>(&contact.id);
    let mut reply = Reply::at(&visit, &form_page, &routes::contact(&contact.id));
    reply.keep(&said, &TRANSFER);
    match said.text("way") {
        "own" => to_own(&visit, &contact, &said, reply).await,
        "offer" if said.text("to").is_empty() => Ok(reply.again("to", "Enter the code of the organisation.")),
        "offer" => {
            let to = said.text("to").to_owned();
            let title = format!("Offer the contact {} to {}", contact.full_name(), to.to_uppercase());
            let field = |problem: &Problem| {
                let is_code = problem.place.attribute() == Some(Attribute::Organisation);
                is_code.then_some("to")
            };
            let contact = contact.id;
            reply
                .ask(&title, Wish::Contact(contact, ContactWish::Offer(to)), field)
                .await
        }
        _ => Ok(reply.again("way", "Choose where the contact goes.")),
    }
}

/// Directly, in two steps where there are units to choose from.
async fn to_own(visit: &Visit<'_>, contact: &Contact, said: &Fields, mut reply: Reply<'_>) -> Result<Answer, Refused> {
    let Ok(code) = OrganisationCode::parse(said.text("organisation")) else {
        return Ok(reply.again("organisation", "Choose an organisation."));
    };
    let (organisation, whole) = match visit.organisation_for(Operation::TransferContact, &code).await {
        Err(GateError::NotFound) => {
            let message = "Choose an organisation from the list.";
            return Ok(reply.again("organisation", message));
        }
        found => found?,
    };
    if organisation.code == contact.organisation {
        let name = organisation.name;
        let there = Problem::in_row(RowNumber(1), Kind::ContactThereAlready { name });
        return Ok(reply.again("organisation", &there.to_string()));
    }
    let has_units = !organisation.units.is_empty() || !whole;
    if has_units && said.text("placed").is_empty() {
        let query = [("organisation", code.as_str()), (FROM, said.text(FROM))];
        return Ok(Answer::Go(routes::with_query(&reply.form_page, &query)));
    }
    reply.form_page = routes::with_query(&reply.form_page, &[("organisation", code.as_str())]);
    let title = format!("Transfer the contact {} to {}", contact.full_name(), organisation.name);
    let cells = Cells::of([
        (Attribute::Organisation, code.as_str()),
        (Attribute::Unit, said.text("unit")),
    ]);
    let contact = contact.id;
    reply
        .ask(&title, Wish::Contact(contact, ContactWish::Move(cells)), |_| None)
        .await
}

/// The contact that the address names.
async fn contact(visit: &Visit<'_>) -> Result<Contact, GateError> {
    Ok(visit.contact(named().await?).await?.0)
}
