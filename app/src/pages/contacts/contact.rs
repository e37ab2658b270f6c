//! A contact: whether it is deleted or offered to somebody, and what the visitor may do with it now.

use domain::{
    channel::Operation,
    contact::{self, Contact},
    dictionary::Attribute,
    offer::Offer,
    values::ids::ContactId,
};
use gate::{GateError, Visit, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{
        about,
        contacts::{DeleteContact, RestoreContact},
        offers::WithdrawOffer,
    },
    components::{
        about_person::{History, Known, NothingChanged, nothing_changed},
        actions::{Actions, button, link, warning_button},
        back::BackToList,
        error_summary::ErrorSummary,
    },
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page; again with what is wrong, where somebody asked for what cannot be done.
#[component]
pub fn ContactPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let nothing = nothing_changed();
    asked(async move {
        let id: ContactId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (found, organisation) = visit.contact(id).await?;
        let events = visit.contact_history(id).await?;
        let offer = visit.open_offer(&found).await?;
        let unit = found.unit();
        let may = Rights {
            edit: visit.may(Operation::EditContact, &organisation, unit.as_ref()).await?,
            transfer: visit
                .may(Operation::TransferContact, &organisation, unit.as_ref())
                .await?,
            delete: visit
                .may(Operation::DeleteContact, &organisation, unit.as_ref())
                .await?,
        };
        let mut lines = Vec::new();
        if let Some(at) = found.deleted_at {
            let deleted = words::day(at);
            let days = visitor.gate.rules().timers.deleted_days;
            let until = calendar::days_after(at, days).filter(|_| days > 0);
            lines.push(match until.map(|until| words::day(until.max(visitor.gate.now()))) {
                None => format!("Deleted on {deleted}. Can be restored."),
                Some(until) => {
                    format!("Deleted on {deleted}. Can be restored until {until}; then it is permanently deleted.")
                }
            });
        }
        if let Some(offer) = &offer {
            lines.push(offered(&visit, offer).await?);
        }
        let actions = actions(&found, offer.as_ref(), &may);
        let name = found.full_name();
        let title = if form.is_sound() {
            name.clone()
        } else {
            format!("Error: {name}")
        };
        Ok(view! {
            <Title text=title/>
            <BackToList list=routes::PEOPLE plain=routes::PEOPLE_CONTACTS.to_owned() label="Contacts"/>
            <ErrorSummary form/>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Contact"</span> " " {name}</h1>
            {nothing.then(|| view! { <NothingChanged/> })}
            <Standing lines actions/>
            <Known
                attributes=found.attributes
                shown=shown()
                aliases=vec![]
                organisation
                more=vec![("ID", id.to_string())]
            />
            <History events file=Some(routes::contact_part(&id, "history.csv"))/>
        })
    })
}

/// What the visitor may do with contacts of this place.
struct Rights {
    edit: bool,
    transfer: bool,
    delete: bool,
}

/// The contact's own attributes, and the unit that keeps it.
fn shown() -> Vec<Attribute> {
    let mut shown = vec![Attribute::Unit];
    shown.extend(contact::ATTRIBUTES);
    shown
}

#[component]
fn Standing(lines: Vec<String>, actions: Vec<AnyView>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    let is_empty = lines.is_empty() && actions.is_empty();
    (!is_empty).then(|| {
        view! {
            <section class="app-sheet app-status" aria-label="Status">
                {lines}
                <Actions actions/>
            </section>
        }
    })
}

/// To whom it is offered, and until when that stands.
async fn offered(visit: &Visit<'_>, offer: &Offer) -> Result<String, GateError> {
    let named = visit.named(std::slice::from_ref(&offer.to)).await?;
    let to = named.into_iter().next().map_or_else(
        || offer.to.to_string(),
        |organisation| format!("{} ({})", organisation.name, organisation.code),
    );
    Ok(format!(
        "Offered to {to} by {} on {}. They can answer until {}. The contact stays here until they accept.",
        offer.by_name,
        words::day(offer.offered_at),
        words::day(visit.lapses_at(offer))
    ))
}

fn actions(contact: &Contact, offer: Option<&Offer>, may: &Rights) -> Vec<AnyView> {
    let to = |part: &str| routes::contact_part(&contact.id, part);
    if contact.deleted_at.is_some() {
        let restore = may
            .delete
            .then(|| button("Restore", about::<RestoreContact>(&contact.id), None));
        return restore.into_iter().collect();
    }
    let mut actions = Vec::new();
    if may.edit {
        actions.push(link("Change details", to("edit")));
    }
    if may.transfer {
        actions.push(link("Transfer to another organisation", to("transfer")));
        let withdraw = offer.map(|offer| button("Withdraw the offer", about::<WithdrawOffer>(&offer.id), None));
        actions.extend(withdraw);
    }
    if may.delete {
        actions.push(warning_button("Delete", about::<DeleteContact>(&contact.id), None));
    }
    actions
}
