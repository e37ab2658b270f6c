//! What is posted about the lives of contacts: deleted, restored, transferred, and offered to other organisations.

use app::{forms::FROM, routes};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    channel::Operation,
    contact::Contact,
    dictionary::Attribute,
    ids::{OfferId, RowNumber},
    offer::OfferEnd,
    organisation::OrganisationCode,
    problem::{Kind, Problem},
    request::{Cells, Wish},
};
use gate::{GateError, Visit};

use super::Reply;
use crate::asker::{Asker, Posted, Said, named};

/// The fields of the form for a contact's way.
const TRANSFER: [&str; 4] = ["way", "organisation", "unit", "to"];

/// `POST /contacts/{id}/deletion`.
pub(crate) async fn delete(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let contact = contact(&asker.visit(), &id).await?;
        let title = format!("Delete the contact {}", contact.full_name());
        ask_about(&asker, &contact, &title, Wish::DeleteContact { contact: contact.id }).await
    };
    asker.answer(made).await
}

/// `POST /contacts/{id}/restoration`.
pub(crate) async fn restore(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let contact = contact(&asker.visit(), &id).await?;
        let title = format!("Restore the contact {}", contact.full_name());
        ask_about(&asker, &contact, &title, Wish::RestoreContact { contact: contact.id }).await
    };
    asker.answer(made).await
}

async fn ask_about(asker: &Asker, contact: &Contact, title: &str, wish: Wish) -> Result<Response, GateError> {
    let page = routes::contact(&contact.id);
    Reply::at(asker, &page, &page).ask(title, wish, |_| None).await
}

/// `POST /contacts/{id}/transfer`: to an organisation of one's own at once, to another as an offer.
pub(crate) async fn transfer(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        let contact = contact(&visit, &id).await?;
        visit.allowed(Operation::TransferContact).await?;
        let form_page = routes::contact_part(&contact.id, "transfer");
        let mut reply = Reply::at(&asker, &form_page, &routes::contact(&contact.id));
        reply.keep(&said, &TRANSFER);
        match said.text("way") {
            "own" => to_own(&visit, &contact, &said, reply).await,
            "offer" if said.text("to").is_empty() => Ok(reply.again("to", "Enter the code of the organisation.").await),
            "offer" => {
                let to = said.text("to").to_owned();
                let title = format!("Offer the contact {} to {}", contact.full_name(), to.to_uppercase());
                let field = |problem: &Problem| {
                    let is_code = problem.place.attribute() == Some(Attribute::Organisation);
                    is_code.then_some("to")
                };
                let contact = contact.id;
                reply.ask(&title, Wish::OfferContact { contact, to }, field).await
            }
            _ => Ok(reply.again("way", "Choose where the contact goes.").await),
        }
    };
    asker.answer(made).await
}

/// Directly, in two steps where there are units to choose from.
async fn to_own(
    visit: &Visit<'_>,
    contact: &Contact,
    said: &Said,
    mut reply: Reply<'_>,
) -> Result<Response, GateError> {
    let Ok(code) = OrganisationCode::parse(said.text("organisation")) else {
        return Ok(reply.again("organisation", "Choose an organisation.").await);
    };
    let (organisation, whole) = match visit.organisation_for(Operation::TransferContact, &code).await {
        Err(GateError::NotFound) => {
            let message = "Choose an organisation from the list.";
            return Ok(reply.again("organisation", message).await);
        }
        found => found?,
    };
    if organisation.code == contact.organisation {
        let name = organisation.name;
        let there = Problem::in_row(RowNumber(1), Kind::ContactThereAlready { name });
        return Ok(reply.again("organisation", &there.to_string()).await);
    }
    let has_units = !organisation.units.is_empty() || !whole;
    if has_units && said.text("placed").is_empty() {
        let query = [("organisation", code.as_str()), (FROM, said.text(FROM))];
        return Ok(Redirect::to(&routes::with_query(&reply.form_page, &query)).into_response());
    }
    reply.form_page = routes::with_query(&reply.form_page, &[("organisation", code.as_str())]);
    let title = format!("Transfer the contact {} to {}", contact.full_name(), organisation.name);
    let cells = Cells::of([
        (Attribute::Organisation, code.as_str()),
        (Attribute::Unit, said.text("unit")),
    ]);
    let contact = contact.id;
    reply.ask(&title, Wish::MoveContact { contact, cells }, |_| None).await
}

/// `POST /offers/{id}/acceptance`: the contact is taken in.
pub(crate) async fn accept(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let (offer, name) = received(&asker.visit(), &id).await?;
        // The page of an offer that is over is not there; why it is over is said among all of them.
        let form_page = match name {
            Some(_) => routes::offer(&offer),
            None => routes::OFFERS.to_owned(),
        };
        let mut reply = Reply::at(&asker, &form_page, routes::OFFERS);
        reply.keep(&said, &["unit"]);
        let cells = Cells::of([(Attribute::Unit, said.text("unit"))]);
        let title = titled("Accept the contact", name);
        reply.ask(&title, Wish::AcceptOffer { offer, cells }, |_| None).await
    };
    asker.answer(made).await
}

/// `POST /offers/{id}/refusal`: the contact stays where it is.
pub(crate) async fn refuse(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let (offer, name) = received(&asker.visit(), &id).await?;
        let title = titled("Decline the offer of", name);
        end_offer(&asker, offer, OfferEnd::Declined, &title).await
    };
    asker.answer(made).await
}

/// `POST /offers/{id}/withdrawal`: by the side that made the offer.
pub(crate) async fn withdraw(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let (offer, name) = sent(&asker.visit(), &id).await?;
        let title = titled("Withdraw the offer of", name);
        end_offer(&asker, offer, OfferEnd::Withdrawn, &title).await
    };
    asker.answer(made).await
}

async fn end_offer(asker: &Asker, offer: OfferId, end: OfferEnd, title: &str) -> Result<Response, GateError> {
    let reply = Reply::at(asker, routes::OFFERS, routes::OFFERS);
    reply.ask(title, Wish::EndOffer { offer, end }, |_| None).await
}

async fn contact(visit: &Visit<'_>, id: &str) -> Result<Contact, GateError> {
    Ok(visit.contact(named(id)?).await?.0)
}

/// An offer's ID, and the name of its contact while it waits for the actor's answer.
async fn received(visit: &Visit<'_>, id: &str) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = named(id)?;
    match visit.received_offer(id).await {
        Ok((_, contact, _)) => Ok((id, Some(contact.full_name()))),
        Err(GateError::NotFound) => Ok((id, None)),
        Err(error) => Err(error),
    }
}

/// As [`received`], for an offer that the actor's side made.
async fn sent(visit: &Visit<'_>, id: &str) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = named(id)?;
    let offered = visit.offers().await?.sent;
    let own = offered.into_iter().find(|listed| listed.offer.id == id);
    let contact = own.and_then(|listed| listed.contact);
    Ok((id, contact.map(|contact| contact.full_name())))
}

fn titled(what: &str, name: Option<String>) -> String {
    format!("{what} {}", name.unwrap_or_else(|| "a contact".to_owned()))
}
