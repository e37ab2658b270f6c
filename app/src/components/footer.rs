//! The footer.

use leptos::prelude::*;

use crate::{routes, visitor::Visitor};

/// The pages that everybody may read, and what this is; help with uploads for those who have to do with them.
#[component]
pub fn Footer() -> impl IntoView {
    let uploads = use_context::<Visitor>().is_some_and(|visitor| visitor.sees.uploads);
    let pages = [
        (true, "Help", routes::HELP),
        (uploads, "What a file must look like", routes::FORMATS),
        (true, "Contact", routes::CONTACT),
        (true, "Privacy", routes::PRIVACY),
        (true, "Accessibility", routes::ACCESSIBILITY),
    ];
    let item = |(_, label, path): (bool, &'static str, &'static str)| {
        view! { <li class="app-footer__item"><a class="app-footer__link" href=path>{label}</a></li> }
    };
    let items = pages.into_iter().filter(|(open, ..)| *open).map(item).collect_view();
    view! {
        <footer class="app-footer">
            <div class="nhsuk-width-container">
                <ul class="app-footer__list">{items}</ul>
                <p class="app-footer__note">"Staffbook: each organisation manages its own people in one directory."</p>
            </div>
        </footer>
    }
}
