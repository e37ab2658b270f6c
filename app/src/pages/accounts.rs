//! One person: what is known of them, and what happened. Reading only.

use domain::{
    account::{self, AccountStatus},
    contact,
    dictionary::{Attribute, Attributes},
    email_address::EmailAddress,
    event::Event,
    ids::{AccountId, ContactId},
    organisation::Organisation,
};
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{tags, timeline::Timeline},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// An account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let history = visit.account_history(id).await?;
        let shown = Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.is_kept())
            .collect();
        let status = account.status;
        Ok(view! {
            <Person
                name=account.full_name()
                attributes=account.attributes
                aliases=account.aliases
                shown
                organisation
                status=Some(status)
                id=id.to_string()
                history
            />
        })
    })
}

/// A contact.
#[component]
pub fn ContactPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id: ContactId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (found, organisation) = visit.contact(id).await?;
        let history = visit.contact_history(id).await?;
        Ok(view! {
            <Person
                name=account::full_name(&found.attributes)
                attributes=found.attributes
                aliases=vec![]
                shown=contact::ATTRIBUTES.to_vec()
                organisation
                status=None
                id=id.to_string()
                history
            />
        })
    })
}

#[component]
fn Person(
    name: String,
    attributes: Attributes,
    aliases: Vec<EmailAddress>,
    shown: Vec<Attribute>,
    organisation: Organisation,
    status: Option<AccountStatus>,
    id: String,
    history: Option<Vec<Event>>,
) -> impl IntoView {
    let line = |attribute: Attribute| {
        let value = attributes.get(attribute)?.to_string();
        Some(summary_line(attribute.name(), value))
    };
    let known = shown.into_iter().filter_map(line).collect_view();
    let aliases = (!aliases.is_empty()).then(|| {
        let all = aliases.iter().map(EmailAddress::as_str).collect::<Vec<_>>().join(", ");
        summary_line("Earlier addresses", all)
    });
    let people = routes::with_query(routes::PEOPLE, &[("organisation", organisation.code.as_str())]);
    let history = history.map(|events| {
        view! {
            <section>
                <h2>"History"</h2>
                {if events.is_empty() {
                    view! { <p>"Nothing is recorded here."</p> }.into_any()
                } else {
                    view! { <Timeline events/> }.into_any()
                }}
            </section>
        }
    });
    let kind = if status.is_some() { "Account" } else { "Contact" };
    view! {
        <Title text=name.clone()/>
        <a class="nhsuk-back-link" href=routes::PEOPLE>"People"</a>
        <h1><span class="nhsuk-caption-l">{kind}</span> " " {name}</h1>
        <dl class="nhsuk-summary-list">
            {status.map(|status| view! {
                <div class="nhsuk-summary-list__row"><dt class="nhsuk-summary-list__key">"Status"</dt><dd class="nhsuk-summary-list__value">{tags::status(status)}</dd></div>
            })}
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Organisation"</dt>
                <dd class="nhsuk-summary-list__value"><a href=people>{organisation.name}</a> " " {organisation.code.to_string()}</dd>
            </div>
            {known}
            {aliases}
            {summary_line("ID", id)}
        </dl>
        {history}
    }
}

fn summary_line(key: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{key}</dt>
            <dd class="nhsuk-summary-list__value app-break">{value}</dd>
        </div>
    }
}
