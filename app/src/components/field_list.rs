//! Names as programs write them, each with what it means.

use leptos::prelude::*;

/// The list.
#[component]
pub fn FieldList(fields: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let lines = fields
        .iter()
        .map(|(name, says)| {
            view! {
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key"><code>{*name}</code></dt>
                    <dd class="nhsuk-summary-list__value">{*says}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="nhsuk-summary-list">{lines}</dl> }
}
