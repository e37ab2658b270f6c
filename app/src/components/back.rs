//! The way back to a list: as it was searched, where somebody comes from there.

use axum::http::{Uri, header, request::Parts};
use leptos::prelude::*;

/// The link above a page's heading. `list` is the list's path; `plain` is where it leads where nothing is known of a search.
#[component]
pub fn BackToList(list: &'static str, plain: String, label: &'static str) -> impl IntoView {
    let href = came_from(list).unwrap_or(plain);
    view! { <a class="nhsuk-back-link" href=href>{label}</a> }
}

/// The list as the visitor's browser says that it was shown right before. It says so of pages of the portal only.
fn came_from(list: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let from = parts.headers.get(header::REFERER)?.to_str().ok()?;
    searched(list, from)
}

/// Path and query of an address, where it is that of the list. Whatever else it says, it leads nowhere else.
fn searched(list: &str, from: &str) -> Option<String> {
    let from: Uri = from.parse().ok()?;
    let query = from.query()?;
    (from.path() == list).then(|| format!("{list}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::searched;

    #[test]
    fn one_comes_back_to_the_list_as_it_was_searched_and_to_no_other_place() {
        let back = |from: &str| searched("/people", from);
        assert_eq!(
            back("https://portal.example/people?words=zo%C3%AB&status=Active").as_deref(),
            Some("/people?words=zo%C3%AB&status=Active")
        );
        assert_eq!(
            back("https://evil.example/people?words=x").as_deref(),
            Some("/people?words=x")
        );
        for other in [
            "https://portal.example/people",
            "https://portal.example/people/upcoming?days=7",
            "https://portal.example/accounts/1",
            "not an address",
            "",
        ] {
            assert_eq!(back(other), None, "{other}");
        }
    }
}
