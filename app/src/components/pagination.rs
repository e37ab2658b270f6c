//! On to the next page, or back to the first; lists are long and are read onwards.

use leptos::prelude::*;

/// `first` where this is not the first page, `next` where there is more.
#[component]
pub fn Pagination(first: Option<String>, next: Option<String>) -> impl IntoView {
    let is_alone = first.is_none() && next.is_none();
    let link = |side: &'static str, href: String, label: &'static str| {
        view! {
            <li class=format!("nhsuk-pagination-item--{side}")>
                <a class=format!("nhsuk-pagination__link nhsuk-pagination__link--{}", if side == "next" { "next" } else { "prev" }) href=href>
                    <span class="nhsuk-pagination__title">{label}</span>
                </a>
            </li>
        }
    };
    (!is_alone).then(move || {
        view! {
            <nav class="nhsuk-pagination" aria-label="Pages">
                <ul class="nhsuk-list nhsuk-pagination__list">
                    {first.map(|href| link("previous", href, "First page"))}
                    {next.map(|href| link("next", href, "Next page"))}
                </ul>
            </nav>
        }
    })
}
