//! What is shown when a page cannot be: what happened, what to do, and the reference for whoever helps.

use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use crate::{
    routes,
    visitor::{Failure, Visitor},
};

/// No such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <FailurePage failure=Failure::NotFound/> }
}

/// The page for a failure, with its status.
#[component]
pub fn FailurePage(failure: Failure) -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(failure.status());
    }
    let reference = use_context::<Visitor>()
        .map(|visitor| visitor.reference)
        .unwrap_or_default();
    view! {
        <Title text=failure.title()/>
        <h1>{failure.title()}</h1>
        <p class="nhsuk-lede-text">{failure.advice()}</p>
        {(failure == Failure::Denied).then(|| view! { <WhoMay/> })}
        <p><a href=routes::HOME>"Go to the home page"</a></p>
        <p class="nhsuk-hint">"Reference for your helpdesk: " {reference}</p>
    }
}

/// Which roles do what, and whom to ask.
#[component]
fn WhoMay() -> impl IntoView {
    view! {
        <ul>
            <li>"Primary Local Administrators and Local Administrators create, change, transfer, delete and restore accounts and contacts, and upload files."</li>
            <li>"A Local Helpdesk changes details, disables and enables accounts, unlocks them and resets passwords."</li>
            <li>"Primary Local Administrators give and end the roles Primary Local Administrator, Local Administrator, Local Helpdesk, Audit and Connector. Global Administrators also give and end the roles Global Administrator and Global Helpdesk."</li>
            <li>"A Connector sends changes through the API or by email, and finds them under “Your record”."</li>
            <li>"The role Audit lets you see people and histories."</li>
        </ul>
        <p>
            <a href=routes::CONTACT>"Ask an administrator of your organisation"</a>
            " to do it for you, or a Primary Local Administrator for the role. "
            <a href=routes::OWN>"Your record"</a>
            " shows which roles you hold, and who manages your details."
        </p>
    }
}
