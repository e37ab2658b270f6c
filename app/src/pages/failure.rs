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
        <p><a href=routes::HOME>"Go to the first page"</a></p>
        <p class="nhsuk-hint">"Reference for your helpdesk: " {reference}</p>
    }
}
