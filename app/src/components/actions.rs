//! What can be done with somebody: links to forms, and buttons that ask for one thing. Each leads to a page that says what
//! will happen, and there it is confirmed.

use leptos::prelude::*;

use crate::forms::WHOLE;

/// The actions side by side; nothing where there is none. Why one of them cannot be done leads here.
#[component]
pub fn Actions(
    /// As [`link`], [`button`] and [`warning_button`] make them.
    actions: Vec<AnyView>,
) -> impl IntoView {
    (!actions.is_empty()).then(|| view! { <div class="app-actions" id=WHOLE tabindex="-1">{actions}</div> })
}

/// A link to a form.
pub fn link(label: impl Into<String>, href: String) -> AnyView {
    let label = label.into();
    view! { <a class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" href=href>{label}</a> }.into_any()
}

/// A button that posts to a path, with a field where the path needs one.
pub fn button(label: impl Into<String>, path: String, field: Option<(&'static str, &'static str)>) -> AnyView {
    post(
        label.into(),
        path,
        field,
        "nhsuk-button nhsuk-button--secondary nhsuk-button--small",
    )
}

/// The same for what takes somebody away.
pub fn warning_button(label: impl Into<String>, path: String, field: Option<(&'static str, &'static str)>) -> AnyView {
    post(
        label.into(),
        path,
        field,
        "nhsuk-button nhsuk-button--warning nhsuk-button--small",
    )
}

fn post(label: String, path: String, field: Option<(&'static str, &'static str)>, class: &'static str) -> AnyView {
    let field = field.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! { <form class="app-actions__form" method="post" action=path>{field} <button class=class>{label}</button></form> }
        .into_any()
}
