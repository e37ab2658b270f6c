//! What is shown when a page cannot be: what happened, what to do, and the reference for whoever helps.

use axum::http::StatusCode;
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
    let (status, title, what) = match failure {
        Failure::NotFound => (
            StatusCode::NOT_FOUND,
            "Page not found",
            "There is no such page, or it is not one of yours. Check the address, or begin again from the first page.",
        ),
        Failure::Denied => (
            StatusCode::FORBIDDEN,
            "You cannot do this",
            "Your roles do not allow it, or not for this organisation or unit. Nothing was done.",
        ),
        Failure::FromElsewhere => (
            StatusCode::FORBIDDEN,
            "This did not come from Staffbook",
            "Nothing was done, because what you sent did not come from one of our own pages. Go to the first page, and do it \
             from there.",
        ),
        Failure::Unread => (
            StatusCode::BAD_REQUEST,
            "We could not read what you sent",
            "Nothing was done. Go back, load the page again, and fill it in once more.",
        ),
        Failure::Trouble => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Sorry, that did not work",
            "Nothing that you have sent is lost. Try again in a few minutes; if it still does not work, tell your helpdesk.",
        ),
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
    let reference = use_context::<Visitor>()
        .map(|visitor| visitor.reference)
        .unwrap_or_default();
    view! {
        <Title text=title/>
        <h1>{title}</h1>
        <p class="nhsuk-lede-text">{what}</p>
        {(failure == Failure::Denied).then(|| view! { <WhoMay/> })}
        <p><a href=routes::HOME>"Go to the first page"</a></p>
        <p class="nhsuk-hint">"Reference for your helpdesk: " {reference}</p>
    }
}

/// Which roles do what, and whom to ask.
#[component]
fn WhoMay() -> impl IntoView {
    view! {
        <ul>
            <li>"Primary Local Administrators and Local Administrators create, change, transfer, end and restore accounts and contacts, and upload files."</li>
            <li>"A Local Helpdesk changes details, disables and enables accounts, unlocks them and resets passwords."</li>
            <li>"Audit looks at people and histories."</li>
        </ul>
        <p>
            "Ask an administrator of your organisation to do it for you, or a Primary Local Administrator for the role. "
            <a href=routes::OWN>"Your record"</a>
            " shows which roles you hold, and who looks after your details."
        </p>
    }
}
