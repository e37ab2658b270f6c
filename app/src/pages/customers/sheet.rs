//! What the forms about customers and subscriptions have in common.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::error_summary::ErrorSummary,
    forms::{FormState, WHOLE},
};

/// A form, what leads back from it, and where it is sent.
pub(super) struct Sheet {
    pub(super) heading: &'static str,
    pub(super) back: (String, String),
    pub(super) action: String,
}

/// The form around its fields.
pub(super) fn sheet(of: Sheet, form: FormState, fields: impl IntoView) -> impl IntoView {
    let Sheet { heading, back, action } = of;
    let (back, above) = back;
    let error = if form.is_sound() { "" } else { "Error: " };
    let carried = form.carried();
    view! {
        <Title text=format!("{error}{heading}")/>
        <a class="nhsuk-back-link app-break" href=back>{above}</a>
        <ErrorSummary form/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>{heading}</h1>
            <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=action novalidate>
                {carried}
                {fields}
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            </form>
            <p>"You can check everything before anything is done."</p>
        </div></div>
    }
}
