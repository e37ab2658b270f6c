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
        <p><a href=routes::HOME>"Go to the first page"</a></p>
        <p class="nhsuk-hint">"Reference for your helpdesk: " {reference}</p>
    }
}
