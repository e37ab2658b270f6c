//! The footer.

use leptos::prelude::*;

use crate::routes;

/// Help, and what this is.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="app-footer">
            <div class="nhsuk-width-container">
                <ul class="app-footer__list">
                    <li class="app-footer__item"><a class="app-footer__link" href=routes::FORMATS>"What a file must look like"</a></li>
                </ul>
                <p class="app-footer__note">"Staffbook: each organisation looks after its own people in one directory."</p>
            </div>
        </footer>
    }
}
