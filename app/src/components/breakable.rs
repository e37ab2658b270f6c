//! Long words that break where people would break them.

use leptos::prelude::*;

use crate::islands::breakable;

/// A text that is long by nature, such as an email address, on its own.
#[component]
pub fn Breakable(
    /// Shown as it is, with places to break.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class="app-break" inner_html=breakable(&text)></span> }
}
