//! A line of a summary list: what it is, and its value.

use leptos::prelude::*;

/// The line.
pub fn summary_line(what: &'static str, value: impl IntoAny) -> AnyView {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{what}</dt>
            <dd class="nhsuk-summary-list__value">{value.into_any()}</dd>
        </div>
    }
    .into_any()
}
