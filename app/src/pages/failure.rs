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
            "Your role does not allow it. If you think it should, ask a Primary Local Administrator of your organisation.",
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
        <p><a href=routes::HOME>"Go to the first page"</a></p>
        <p class="nhsuk-hint">"Reference for your helpdesk: " {reference}</p>
    }
}
