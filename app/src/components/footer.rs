//! The footer.

use leptos::prelude::*;

use crate::{routes, visitor::Visitor};

/// What this is; help with uploads for those who have to do with them.
#[component]
pub fn Footer() -> impl IntoView {
    let uploads = use_context::<Visitor>().is_some_and(|visitor| visitor.sees.uploads);
    let help = uploads.then(|| {
        view! {
            <ul class="app-footer__list">
                <li class="app-footer__item"><a class="app-footer__link" href=routes::FORMATS>"What a file must look like"</a></li>
            </ul>
        }
    });
    view! {
        <footer class="app-footer">
            <div class="nhsuk-width-container">
                {help}
                <p class="app-footer__note">"Staffbook: each organisation manages its own people in one directory."</p>
            </div>
        </footer>
    }
}
