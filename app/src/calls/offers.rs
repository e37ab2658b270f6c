//! Offers of contacts: accepted, declined, withdrawn.

use domain::{
    dictionary::Attribute,
    offer::OfferEnd,
    request::{Cells, Wish},
    values::ids::OfferId,
};
use gate::{GateError, Visit};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    named,
    reply::Reply,
};
use crate::{routes, visitor::Visitor};

/// Accept an offer: the contact is taken in.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/offers", endpoint = "{id}/acceptance", protocol = HtmlForm)]
pub async fn accept_offer(
    /// The unit that the contact goes to.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let (offer, name) = received(&visit).await?;
    // The page of an offer that is over is not there; why it is over is said among all of them.
    let form_page = match name {
        Some(_) => routes::offer(&offer),
        None => routes::OFFERS.to_owned(),
    };
    let mut reply = Reply::at(&visit, &form_page, routes::OFFERS);
    reply.keep(&said, &["unit"]);
    let cells = Cells::of([(Attribute::Unit, said.text("unit"))]);
    let title = titled("Accept the contact", name);
    reply.ask(&title, Wish::AcceptOffer(offer, cells), |_| None).await
}

/// Decline an offer: the contact stays where it is.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/offers", endpoint = "{id}/refusal", protocol = HtmlForm)]
pub async fn decline_offer() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let (offer, name) = received(&visit).await?;
    let title = titled("Decline the offer of", name);
    end_offer(&visit, offer, OfferEnd::Declined, &title).await
}

/// Withdraw an offer, by the side that made it.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/offers", endpoint = "{id}/withdrawal", protocol = HtmlForm)]
pub async fn withdraw_offer() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let (offer, name) = sent(&visit).await?;
    let title = titled("Withdraw the offer of", name);
    end_offer(&visit, offer, OfferEnd::Withdrawn, &title).await
}

async fn end_offer(visit: &Visit<'_>, offer: OfferId, end: OfferEnd, title: &str) -> Result<Answer, Refused> {
    let reply = Reply::at(visit, routes::OFFERS, routes::OFFERS);
    reply.ask(title, Wish::EndOffer(offer, end), |_| None).await
}

/// The offer that the address names, and the name of its contact while it waits for the caller's answer.
async fn received(visit: &Visit<'_>) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = named().await?;
    match visit.received_offer(id).await {
        Ok((_, contact, _)) => Ok((id, Some(contact.full_name()))),
        Err(GateError::NotFound) => Ok((id, None)),
        Err(error) => Err(error),
    }
}

/// As [`received`], for an offer that the caller's side made.
async fn sent(visit: &Visit<'_>) -> Result<(OfferId, Option<String>), GateError> {
    let id: OfferId = named().await?;
    let offered = visit.offers().await?.sent;
    let own = offered.into_iter().find(|listed| listed.offer.id == id);
    let contact = own.and_then(|listed| listed.contact);
    Ok((id, contact.map(|contact| contact.full_name())))
}

fn titled(what: &str, name: Option<String>) -> String {
    format!("{what} {}", name.unwrap_or_else(|| "a contact".to_owned()))
}
