//! What is posted about the lives of contacts: deleted, restored, transferred, and offered to other organisations.

use app::routes;
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    channel::Operation,
    contact::Contact,
    dictionary::Attribute,
    ids::OfferId,
    offer::OfferEnd,
    organisation::OrganisationCode,
    policy::Actor,
    problem::Problem,
    request::{Cells, Wish},
};
use gate::{Gate, GateError, Visit};

use super::{Reply, Said, read};
use crate::{render::Renderer, submissions::failed};

/// The fields of the form for a contact's way.
const TRANSFER: [&str; 4] = ["way", "organisation", "unit", "to"];

/// `POST /contacts/{id}/deletion`.
pub(crate) async fn delete(
    gate: State<Gate>,
    renderer: State<Renderer>,
    actor: Extension<Actor>,
    id: Path<String>,
    request: Request,
) -> Response {
    let wish = |contact: &Contact| {
        let title = format!("Delete the contact {}", contact.full_name());
        (title, Wish::DeleteContact { contact: contact.id })
    };
    ask_about(gate, renderer, actor, id, request, wish).await
}

/// `POST /contacts/{id}/restoration`.
pub(crate) async fn restore(
    gate: State<Gate>,
    renderer: State<Renderer>,
    actor: Extension<Actor>,
    id: Path<String>,
    request: Request,
) -> Response {
    let wish = |contact: &Contact| {
        let title = format!("Restore the contact {}", contact.full_name());
        (title, Wish::RestoreContact { contact: contact.id })
    };
    ask_about(gate, renderer, actor, id, request, wish).await
}

async fn ask_about(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
    wish: fn(&Contact) -> (String, Wish),
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = gate.on_behalf_of(&actor);
    let contact = match contact(&visit, &id).await {
        Ok(contact) => contact,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let (title, wish) = wish(&contact);
    let asked = visit.ask(&title, wish).await;
    let page = routes::contact(&contact.id);
    Reply::at(&renderer, parts, &page, &page).to(asked, |_| None).await
}

/// `POST /contacts/{id}/transfer`: to an organisation of one's own at once, to another as an offer.
pub(crate) async fn transfer(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let contact = match contact(&visit, &id).await {
        Ok(contact) => contact,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    if let Err(error) = visit.allowed(Operation::TransferContact).await {
        return failed(&renderer, parts, &error).await;
    }
    let form_page = routes::contact_part(&contact.id, "transfer");
    let person = routes::contact(&contact.id);
    let mut reply = Reply::at(&renderer, parts, &form_page, &person);
    reply.keep(&said, &TRANSFER);
    match said.text("way") {
        "own" => to_own(&visit, &contact, &said, reply).await,
        "offer" if said.text("to").is_empty() => reply.again("to", "Enter the code of the organisation.").await,
        "offer" => {
            let to = said.text("to").to_owned();
            let title = format!("Offer the contact {} to {}", contact.full_name(), to.to_uppercase());
            let wish = Wish::OfferContact {
                contact: contact.id,
                to,
            };
            let asked = visit.ask(&title, wish).await;
            let field = |problem: &Problem| {
                let is_code = problem.place.attribute() == Some(Attribute::Organisation);
                is_code.then_some("to")
            };
            reply.to(asked, field).await
        }
        _ => reply.again("way", "Choose where the contact goes.").await,
    }
}

/// Directly, in two steps where there are units to choose from.
async fn to_own(visit: &Visit<'_>, contact: &Contact, said: &Said, mut reply: Reply<'_>) -> Response {
    let Ok(code) = OrganisationCode::parse(said.text("organisation")) else {
        return reply.again("organisation", "Choose an organisation.").await;
    };
    let (organisation, whole) = match visit.organisation_for(Operation::TransferContact, &code).await {
        Ok(found) => found,
        Err(GateError::NotFound) => {
            return reply
                .again("organisation", "Choose an organisation from the list.")
                .await;
        }
        Err(error) => return failed(reply.renderer, reply.parts, &error).await,
    };
    let second_step = routes::with_query(&reply.form_page, &[("organisation", code.as_str())]);
    let has_units = !organisation.units.is_empty() || !whole;
    if has_units && said.text("placed").is_empty() {
        return Redirect::to(&second_step).into_response();
    }
    reply.form_page = second_step;
    let title = format!("Transfer the contact {} to {}", contact.full_name(), organisation.name);
    let cells = Cells::of([
        (Attribute::Organisation, code.as_str()),
        (Attribute::Unit, said.text("unit")),
    ]);
    let wish = Wish::MoveContact {
        contact: contact.id,
        cells,
    };
    let asked = visit.ask(&title, wish).await;
    reply.to(asked, |_| None).await
}

/// `POST /offers/{id}/acceptance`: the contact is taken in.
pub(crate) async fn accept(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let (id, name) = match received(&visit, &id).await {
        Ok(found) => found,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    // The page of an offer that is over is not there; why it is over is said among all of them.
    let form_page = match name {
        Some(_) => routes::offer(&id),
        None => routes::OFFERS.to_owned(),
    };
    let mut reply = Reply::at(&renderer, parts, &form_page, routes::OFFERS);
    reply.keep(&said, &["unit"]);
    let wish = Wish::AcceptOffer {
        offer: id,
        cells: Cells::of([(Attribute::Unit, said.text("unit"))]),
    };
    let asked = visit.ask(&titled("Accept the contact", name), wish).await;
    reply.to(asked, |_| None).await
}

/// `POST /offers/{id}/refusal`: the contact stays where it is.
pub(crate) async fn refuse(
    gate: State<Gate>,
    renderer: State<Renderer>,
    actor: Extension<Actor>,
    id: Path<String>,
    request: Request,
) -> Response {
    end_offer(gate, renderer, actor, id, request, OfferEnd::Declined).await
}

/// `POST /offers/{id}/withdrawal`: by the side that made the offer.
pub(crate) async fn withdraw(
    gate: State<Gate>,
    renderer: State<Renderer>,
    actor: Extension<Actor>,
    id: Path<String>,
    request: Request,
) -> Response {
    end_offer(gate, renderer, actor, id, request, OfferEnd::Withdrawn).await
}

async fn end_offer(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
    end: OfferEnd,
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = gate.on_behalf_of(&actor);
    let (what, found) = if end == OfferEnd::Withdrawn {
        ("Withdraw the offer of", sent(&visit, &id).await)
    } else {
        ("Decline the offer of", received(&visit, &id).await)
    };
    let (offer, name) = match found {
        Ok(found) => found,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let asked = visit.ask(&titled(what, name), Wish::EndOffer { offer, end }).await;
    let reply = Reply::at(&renderer, parts, routes::OFFERS, routes::OFFERS);
    reply.to(asked, |_| None).await
}

async fn contact(visit: &Visit<'_>, id: &str) -> Result<Contact, GateError> {
    let id = id.parse().map_err(|_| GateError::NotFound)?;
    Ok(visit.contact(id).await?.0)
}

/// An offer's ID, and the name of its contact while it waits for the actor's answer.
async fn received(visit: &Visit<'_>, id: &str) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = id.parse().map_err(|_| GateError::NotFound)?;
    match visit.received_offer(id).await {
        Ok((_, contact, _)) => Ok((id, Some(contact.full_name()))),
        Err(GateError::NotFound) => Ok((id, None)),
        Err(error) => Err(error),
    }
}

/// As [`received`], for an offer that the actor's side made.
async fn sent(visit: &Visit<'_>, id: &str) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = id.parse().map_err(|_| GateError::NotFound)?;
    let offered = visit.offers().await?.sent;
    let own = offered.into_iter().find(|listed| listed.offer.id == id);
    let contact = own.and_then(|listed| listed.contact);
    Ok((id, contact.map(|contact| contact.full_name())))
}

fn titled(what: &str, name: Option<String>) -> String {
    format!("{what} {}", name.unwrap_or_else(|| "a contact".to_owned()))
}
